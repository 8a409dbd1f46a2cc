/*
 * One call, seen from the program's side: have a child forked, send it the question, listen until
 * it has answered or must be stopped, see it off.
 *
 * The child has touched bytes from outside, so it is taken to be in enemy hands from its first
 * moment: lengths are bounded before anything is read, answers are checked by the operation's own
 * table, and its death is a normal event that is turned into a sentence. All waiting happens in
 * child_wait(), which looks at the socket and at the process and asks task_over() ten times a
 * second.
 */
#include "media/media_call.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/text.h"
#include "media/media_wire.h"

enum {
    WAIT_STEP_MS    = 100,
    FAREWELL_MS_MAX = 3000,         /* from its answer to its end */
};

struct child {
    pid_t   pid;                    /* 0: none, or already seen off */
    int     process, socket;        /* pidfd; our end */
    int64_t limit_at_us, limit_us;
    bool    dead;
};

struct answer {
    enum wire_kind kind;
    const char    *text;
    size_t         bytes;
};

int64_t media_call_limit_us(int64_t input_bytes, int64_t work_frames)
{
    int64_t seconds = 120 + input_bytes / (100 << 10) + work_frames / 2;
    int64_t most    = 6 * 3600;
    return (seconds < most ? seconds : most) * SECOND_US;
}

static void child_scoped(struct child *c)
{
    if (c->pid > 0) {
        kill(c->pid, SIGKILL);
        while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    fd_scoped(&c->process);
    fd_scoped(&c->socket);
}

static enum err child_start(struct media *m, struct task *t, struct child *c)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return fail_errno(t, errno, "start", "the media child");
    c->socket = ends[0];
    scoped(fd) int theirs = ends[1];
    enum err e = zygote_fork(&m->zygote, t, theirs, &c->pid);
    if (e)
        return e;
    c->process = pidfd_open(c->pid, 0);
    return c->process < 0 ? fail_errno(t, errno, "watch", "the media child") : OK;
}

/* Until the socket can be read or written (`events`) or the child is dead. */
static enum err child_wait(struct task *t, struct child *c, short events)
{
    for (;;) {
        enum err e = task_over(t);
        if (e)
            return e;
        if (clock_monotonic_us(&clock_real) > c->limit_at_us)
            return fail(t, ERR_TIMEOUT,
                        "working on this file took longer than %lld s and was stopped",
                        (long long)(c->limit_us / SECOND_US));
        struct pollfd sources[2] = { { .fd = c->socket, .events = events },
                                     { .fd = c->process, .events = POLLIN } };
        if (poll(sources, 2, WAIT_STEP_MS) <= 0)
            continue;
        if (sources[0].revents)
            return OK;
        if (sources[1].revents) {
            c->dead = true;
            return OK;
        }
    }
}

struct parcel {
    struct wire_head head;
    const void      *payload;
    const int       *files;
    size_t           file_count;
};

static ssize_t parcel_push(int socket, const struct parcel *p, size_t done)
{
    alignas(struct cmsghdr) char control[CMSG_SPACE(WIRE_FILES_MAX * sizeof(int))] = { 0 };
    size_t head_left = done < sizeof p->head ? sizeof p->head - done : 0;
    size_t payload_done = done > sizeof p->head ? done - sizeof p->head : 0;
    struct iovec pieces[2] = {
        { .iov_base = (char *)&p->head + (sizeof p->head - head_left), .iov_len = head_left },
        { .iov_base = (char *)p->payload + payload_done, .iov_len = p->head.bytes - payload_done },
    };
    struct msghdr message = { .msg_iov = pieces, .msg_iovlen = p->head.bytes ? 2 : 1 };
    if (done == 0 && p->file_count > 0) {
        message.msg_control    = control;
        message.msg_controllen = CMSG_SPACE(p->file_count * sizeof(int));
        struct cmsghdr *c = CMSG_FIRSTHDR(&message);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type  = SCM_RIGHTS;
        c->cmsg_len   = CMSG_LEN(p->file_count * sizeof(int));
        memcpy(CMSG_DATA(c), p->files, p->file_count * sizeof(int));
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* A child that does not listen is dead or dying; that is for child_listen() to find out. */
static enum err child_send(struct task *t, struct child *c, const struct parcel *p)
{
    for (size_t done = 0; done < sizeof p->head + p->head.bytes && !c->dead;) {
        ssize_t sent = parcel_push(c->socket, p, done);
        if (sent >= 0) {
            done += (size_t)sent;
            continue;
        }
        if (errno == EPIPE || errno == ECONNRESET)
            return OK;
        if (errno != EAGAIN && errno != EINTR)
            return fail_errno(t, errno, "talk to", "the media child");
        enum err e = child_wait(t, c, POLLOUT);
        if (e)
            return e;
    }
    return OK;
}

static enum err child_ask(struct task *t, struct child *c, const struct media_call *call)
{
    size_t file_count = call->in_count + (call->out >= 0);
    int *files = arena_array(t->arena, int, file_count);
    for (size_t i = 0; i < call->in_count; i++)
        files[i] = call->in[i];
    if (call->out >= 0)
        files[call->in_count] = call->out;

    struct wire_start start = {
        .in_count = (uint32_t)call->in_count, .out_count = call->out >= 0,
        .cpu_seconds = (uint32_t)(c->limit_us / SECOND_US),
    };
    snprintf(start.op, sizeof start.op, "%s", call->op);
    size_t carried = file_count < WIRE_FILES_MAX ? file_count : WIRE_FILES_MAX;
    enum err e = child_send(t, c,
                            &(struct parcel){ .head = { WIRE_START, sizeof start },
                                              .payload = &start,
                                              .files = files,
                                              .file_count = carried });
    while (!e && carried < file_count) {
        size_t more = file_count - carried < WIRE_FILES_MAX ? file_count - carried : WIRE_FILES_MAX;
        e = child_send(t, c, &(struct parcel){
            .head = { WIRE_FILES, 0 }, .files = files + carried, .file_count = more });
        carried += more;
    }
    if (e)
        return e;
    const char *text = fields_encode_text(t->arena, call->request_fields, call->request);
    return child_send(
        t, c,
        &(struct parcel){ .head = { WIRE_REQUEST, (uint32_t)strlen(text) }, .payload = text });
}

/* All `size` bytes, or *out_closed when the child has hung up or died before. */
static enum err child_read(struct task *t, struct child *c, void *into, size_t size,
                           bool *out_closed)
{
    *out_closed = false;
    for (char *at = into; size > 0;) {
        ssize_t got = recv(c->socket, at, size, MSG_DONTWAIT);
        if (got > 0) {
            at   += got;
            size -= (size_t)got;
            continue;
        }
        if (got == 0 || errno == ECONNRESET || c->dead) {
            *out_closed = true;
            return OK;
        }
        if (errno != EAGAIN && errno != EINTR)
            return fail_errno(t, errno, "listen to", "the media child");
        enum err e = child_wait(t, c, POLLIN);
        if (e)
            return e;
    }
    return OK;
}

static enum err nonsense(struct task *t, const char *what)
{
    return fail(t, ERR_INTERNAL, "the media child broke the protocol: %s", what);
}

static enum err child_read_progress(struct task *t, struct child *c, const struct media_call *call,
                                    bool *out_closed)
{
    uint32_t permille;
    enum err e = child_read(t, c, &permille, sizeof permille, out_closed);
    if (e || *out_closed)
        return e;
    if (permille > 1000)
        return nonsense(t, "progress beyond the end");
    if (call->progress)
        atomic_store(call->progress, (int)permille);
    return OK;
}

static enum err child_read_answer(struct task *t, struct child *c, struct wire_head head,
                                  struct answer *out, bool *out_closed)
{
    if (head.bytes > JSON_BYTES_MAX)
        return nonsense(t, "an answer without end");
    char *text = arena_alloc(t->arena, (size_t)head.bytes + 1);
    *out = (struct answer){ .kind = head.kind, .text = text, .bytes = head.bytes };
    return child_read(t, c, text, head.bytes, out_closed);
}

/* Up to its answer; out->kind stays 0 when it ends without one. */
static enum err child_listen(struct task *t, struct child *c, const struct media_call *call,
                             struct answer *out)
{
    for (bool closed = false;;) {
        struct wire_head head;
        enum err e = child_read(t, c, &head, sizeof head, &closed);
        if (e || closed)
            return e;
        if (head.kind == WIRE_PROGRESS && head.bytes == sizeof(uint32_t))
            e = child_read_progress(t, c, call, &closed);
        else if (head.kind == WIRE_REPLY || head.kind == WIRE_FAULT)
            e = child_read_answer(t, c, head, out, &closed);
        else
            e = nonsense(t, "a message of no known kind");
        if (closed)
            *out = (struct answer){ 0 };
        if (e || closed || out->kind)
            return e;
    }
}

static enum err death_by_signal(struct task *t, int number)
{
    switch (number) {
    case SIGKILL:
        return refuse(t, ERR_LIMIT, "use a shorter or smaller version of it, or free some memory",
                      "working on this file took too much memory and was stopped");
    case SIGXCPU:
        return fail(t, ERR_TIMEOUT,
                    "working on this file took more computing time than one file may");
    case SIGXFSZ:
        return refuse(t, ERR_FULL, "raise the file size limit (ulimit -f)",
                      "the result is larger than a file may be");
    case SIGSYS:
        return fail(t, ERR_INTERNAL, "the media child tried something it must not");
    default:
        return refuse(t, ERR_MEDIA, "convert the file with another program and use the result",
                      "the decoder crashed on this file (%s)",
                      sigabbrev_np(number) ? sigabbrev_np(number) : "signal");
    }
}

/* Sees the child off. An answer counts only when it was followed by a clean end. */
static enum err child_end(struct task *t, struct child *c)
{
    struct pollfd process = { .fd = c->process, .events = POLLIN };
    int64_t until = clock_monotonic_us(&clock_real) + FAREWELL_MS_MAX * INT64_C(1000);
    while (poll(&process, 1, WAIT_STEP_MS) <= 0) {
        enum err e = task_over(t);
        if (e)
            return e;
        if (clock_monotonic_us(&clock_real) > until)
            return nonsense(t, "it does not end");
    }
    int status = 0;
    pid_t pid = c->pid;
    c->pid = 0;
    if (waitpid(pid, &status, 0) != pid)
        return fail_errno(t, errno, "see off", "the media child");
    if (WIFSIGNALED(status))
        return death_by_signal(t, WTERMSIG(status));
    return WEXITSTATUS(status) ? fail(t, ERR_INTERNAL, "the media child failed (exit status %d)",
                                      WEXITSTATUS(status))
                               : OK;
}

/* What the child says about itself, as if it had been said here; only known words and clean text
 * are repeated. */
static enum err fault_repeat(struct task *t, const struct answer *a)
{
    struct wire_fault f;
    if (fields_decode_text(t, wire_fault_fields, a->text, a->bytes, &f) != OK)
        return nonsense(t, "a fault that cannot be read");
    if (!text_is_clean_utf8(f.message, strlen(f.message)) ||
        !text_is_clean_utf8(f.next, strlen(f.next)))
        return nonsense(t, "a fault in unreadable words");
    enum err code = err_from_name(f.code);
    enum err e = refuse(t, code ? code : ERR_INTERNAL, f.next, "%s", f.message);
    return *f.field ? fail_at(t, e, f.field) : e;
}

static enum err answer_take(struct task *t, const struct media_call *call, const struct answer *a)
{
    if (a->kind == WIRE_FAULT)
        return fault_repeat(t, a);
    if (a->kind != WIRE_REPLY)
        return nonsense(t, "it ended without an answer");
    if (fields_decode_text(t, call->reply_fields, a->text, a->bytes, call->reply) != OK) {
        const char *why = arena_copy(t->arena, t->fault.message);
        return nonsense(t, why);
    }
    return OK;
}

static enum err inputs_check(struct task *t, const struct media_call *call, int64_t *out_bytes)
{
    *out_bytes = 0;
    if (call->in_count > CLIPS_MAX + 1)
        return fail(t, ERR_LIMIT, "%zu files at once; at most %d are accepted", call->in_count,
                    CLIPS_MAX);
    for (size_t i = 0; i < call->in_count; i++) {
        int64_t bytes = file_bytes(call->in[i]);
        *out_bytes += bytes > 0 ? bytes : 0;
    }
    return OK;
}

enum err media_call_run(struct media *m, struct task *t, const struct media_call *call)
{
    int64_t input_bytes;
    enum err e = inputs_check(t, call, &input_bytes);
    if (e)
        return e;
    scoped(child) struct child c = {
        .process = -1,
        .socket = -1,
        .limit_us = media_call_limit_us(input_bytes, call->work_frames),
    };
    c.limit_at_us = clock_monotonic_us(&clock_real) + c.limit_us;
    struct answer answer = { 0 };
    e = child_start(m, t, &c);
    if (!e)
        e = child_ask(t, &c, call);
    if (!e)
        e = child_listen(t, &c, call, &answer);
    if (!e)
        e = child_end(t, &c);
    return e ? e : answer_take(t, call, &answer);
}
