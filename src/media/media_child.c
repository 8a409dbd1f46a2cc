/*
 * The child's whole life: be forked with the libraries loaded, read one request, give up all that
 * its operation will not need, run it, answer, end.
 *
 * It is started with an empty environment, so nothing here may depend on one: texts are UTF-8 by
 * decree, fontconfig uses the system's fonts and cache.
 */
#include "media/media_op.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdalign.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "media/confine.h"
#include "media/media_wire.h"
#include "media/media_zygote.h"

static const struct media_op *const ops[] = {
    &media_op_probe,
    &media_op_picture,
    &media_op_render,
    &media_op_trim,
    &media_op_caption,
    &media_op_compose,
    &media_op_film_check,
    &media_op_still,
    &media_op_filmstrip,
    &media_op_sheet,
    &media_op_card,
    &media_op_frame_hashes,
    &media_op_loudness,
    &media_op_waveform,
    &media_op_sound_cut,
    &media_op_voice,
    &media_op_song_map,
    &media_op_track,
};

/* address space: an 8K film with sixteen references fits */
enum { MEMORY_BYTES_MAX = 1536 << 20 };

struct session {
    int               socket;
    struct wire_start start;
    int              *files;                /* inputs, then the output */
    size_t            file_count;
    struct bytes      request;
};

/* ---- nobody listens any more ---- */

static void end_when_hung_up(int signal)
{
    (void)signal;
    int kept = errno;
    struct pollfd socket = { .fd = WIRE_SOCKET };
    if (poll(&socket, 1, 0) == 1 && (socket.revents & POLLHUP))
        _exit(1);
    errno = kept;
}

/* Whoever asked may be killed at any moment, and a child in the middle of a long operation must
 * not outlive it. PR_SET_PDEATHSIG is no help: to the kernel, our parent is the one *thread* that
 * happened to start the zygote, and that thread may end while others still wait for us. */
static void end_with_the_caller(void)
{
    const struct sigaction look = { .sa_handler = end_when_hung_up, .sa_flags = SA_RESTART };
    sigaction(SIGIO, &look, NULL);
    fcntl(WIRE_SOCKET, F_SETOWN, getpid());
    fcntl(WIRE_SOCKET, F_SETFL, fcntl(WIRE_SOCKET, F_GETFL) | O_ASYNC);
    end_when_hung_up(SIGIO);
}

/* ---- limits ---- */

static void limit_set(int resource, rlim_t most)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max = limit.rlim_max < most ? limit.rlim_max : most;
    setrlimit(resource, &limit);
}

static void set_limits(void)
{
    limit_set(RLIMIT_CORE, 0);
    limit_set(RLIMIT_NOFILE, CLIPS_MAX + 64);
/* whose shadows alone are larger */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    limit_set(RLIMIT_AS, MEMORY_BYTES_MAX);
#endif
}

/* Descriptors that came with a read; more than were announced are closed at once. */
static void files_keep(struct session *s, const struct msghdr *message, size_t announced)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c;
         c = CMSG_NXTHDR((struct msghdr *)message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
            if (s->file_count < announced)
                s->files[s->file_count++] = fd;
            else
                close(fd);
        }
    }
}

static enum err session_read(struct task *t, struct session *s, void *into, size_t size)
{
    char *at = into;
    while (size > 0) {
        alignas(struct cmsghdr) char control[CMSG_SPACE(WIRE_FILES_MAX * sizeof(int))];
        struct iovec piece = { .iov_base = at, .iov_len = size };
        struct msghdr message = {
            .msg_iov = &piece,
            .msg_iovlen = 1,
            .msg_control = control,
            .msg_controllen = sizeof control,
        };
        ssize_t got = recvmsg(s->socket, &message, MSG_CMSG_CLOEXEC);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(t, errno, "read", "the request");
        if (got == 0 || (message.msg_flags & MSG_CTRUNC))
            return fail(t, ERR_INTERNAL, "the request broke off");
        files_keep(s, &message, CLIPS_MAX + 2);
        at   += got;
        size -= (size_t)got;
    }
    return OK;
}

static enum err session_read_start(struct task *t, struct session *s)
{
    struct wire_head head;
    enum err e = session_read(t, s, &head, sizeof head);
    if (e)
        return e;
    if (head.kind != WIRE_START || head.bytes != sizeof s->start)
        return fail(t, ERR_INTERNAL, "the request does not begin as it should");
    e = session_read(t, s, &s->start, sizeof s->start);
    s->start.op[sizeof s->start.op - 1] = '\0';
    return e;
}

static enum err session_read_request(struct task *t, struct session *s)
{
    struct wire_head head;
    enum err e;
    do
        e = session_read(t, s, &head, sizeof head);
    while (!e && head.kind == WIRE_FILES && head.bytes == 0);
    if (e)
        return e;
    if (head.kind != WIRE_REQUEST || head.bytes > JSON_BYTES_MAX)
        return fail(t, ERR_INTERNAL, "the request is not one");
    char *text = arena_alloc(t->arena, head.bytes + 1);
    s->request = (struct bytes){ .at = text, .size = head.bytes };
    e = session_read(t, s, text, head.bytes);
    if (!e && s->file_count != (size_t)s->start.in_count + s->start.out_count)
        return fail(t, ERR_INTERNAL, "%zu descriptors came instead of %u", s->file_count,
                    s->start.in_count + s->start.out_count);
    return e;
}

/* When nobody listens any more there is nothing left to do. */
static void session_send(const struct session *s, enum wire_kind kind, const void *bytes,
                         size_t size)
{
    struct wire_head head = { .kind = kind, .bytes = (uint32_t)size };
    struct iovec pieces[2] = {
        { .iov_base = &head, .iov_len = sizeof head },
        { .iov_base = (void *)bytes, .iov_len = size },
    };
    struct msghdr message = { .msg_iov = pieces, .msg_iovlen = 2 };
    while (pieces[0].iov_len + pieces[1].iov_len > 0) {
        ssize_t sent = sendmsg(s->socket, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            _exit(1);
        for (int i = 0; i < 2; i++) {
            size_t part = (size_t)sent < pieces[i].iov_len ? (size_t)sent : pieces[i].iov_len;
            pieces[i].iov_base  = (char *)pieces[i].iov_base + part;
            pieces[i].iov_len  -= part;
            sent               -= (ssize_t)part;
        }
    }
}

static void progress_send(void *state, int permille)
{
    uint32_t value = (uint32_t)permille;
    session_send(state, WIRE_PROGRESS, &value, sizeof value);
}

static const struct media_op *op_find(const char *name)
{
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        if (strcmp(ops[i]->name, name) == 0)
            return ops[i];
    }
    return NULL;
}

static enum err op_choose(struct task *t, const struct session *s, const struct media_op **out)
{
    const struct media_op *op = op_find(s->start.op);
    if (!op)
        return fail(t, ERR_INTERNAL, "there is no media operation \"%s\"", s->start.op);
    if (s->start.in_count < op->in_min || s->start.in_count > op->in_max)
        return fail(t, ERR_INVALID, "%u files were given; it takes %zu to %zu", s->start.in_count,
                    op->in_min, op->in_max);
    if (op->writes != (s->start.out_count == 1))
        return fail(t, ERR_INTERNAL,
                    op->writes ? "no file was given to write to" : "it writes no file");
    *out = op;
    return OK;
}

static enum err session_run(struct task *t, struct session *s, const char **out_reply)
{
    const struct media_op *op;
    enum err e = op_choose(t, s, &op);
    if (e)
        return e;
    confine_self(op->draws ? CONFINE_READS_FONTS : CONFINE_READS_NOTHING);
    void *request = arena_alloc(t->arena, op->request_size);
    void *reply   = arena_alloc(t->arena, op->reply_size);
    e = fields_decode_text(t, op->request_fields, s->request.at, s->request.size, request);
    if (e)
        return e;
    struct media_files files = {
        .in = s->files,
        .in_count = s->start.in_count,
        .out = s->start.out_count ? s->files[s->start.in_count] : -1,
        .progress = progress_send,
        .progress_state = s,
    };
    e = op->run(t, request, &files, reply);
    if (e)
        return e;
    *out_reply = fields_encode_text(t->arena, op->reply_fields, reply);
    return strlen(*out_reply) <= JSON_BYTES_MAX ? OK : fail(t, ERR_LIMIT, "the answer is too long");
}

static enum err session_serve(struct task *t, struct session *s, const char **out_reply)
{
    enum err e = session_read_start(t, s);
    if (e)
        return e;
    limit_set(RLIMIT_CPU, s->start.cpu_seconds);
    e = session_read_request(t, s);
    return e ? e : session_run(t, s, out_reply);
}

static void session_send_fault(struct task *t, const struct session *s)
{
    struct wire_fault fault = {
        .code = err_name(t->fault.code),
        .message = t->fault.message,
        .next = t->fault.next,
        .field = t->fault.field,
    };
    const char *text = fields_encode_text(t->arena, wire_fault_fields, &fault);
    session_send(s, WIRE_FAULT, text, strlen(text));
}

int media_child_main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    if (!zygote_serve())
        return 0;
    end_with_the_caller();
    set_limits();
    struct task t;
    task_init(&t, "media-child");
    struct session s = { .socket = WIRE_SOCKET, .files = arena_array(t.arena, int, CLIPS_MAX + 2) };
    const char *reply = NULL;
    if (session_serve(&t, &s, &reply) == OK)
        session_send(&s, WIRE_REPLY, reply, strlen(reply));
    else
        session_send_fault(&t, &s);
    draw_forget();
    task_done(&t);
/* The leak checker knows the zygote's threads, not those of a fork it was not told of, and finds
 * leaks where there are none. The operations are checked for leaks by their own tests. */
#ifdef __SANITIZE_ADDRESS__
    _exit(0);
#endif
    return 0;
}
