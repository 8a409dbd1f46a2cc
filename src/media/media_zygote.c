#include "media/media_zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/spawn.h"
#include "media/media_wire.h"

enum { ANSWER_SECONDS_MAX = 60 };       /* loading its libraries from a slow disk included */

/* ---- one descriptor in one byte ---- */

struct letter {
    alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    char          byte;
    struct iovec  piece;
    struct msghdr message;
};

static struct msghdr *letter_blank(struct letter *l)
{
    *l = (struct letter){ 0 };
    l->piece   = (struct iovec){ .iov_base = &l->byte, .iov_len = 1 };
    l->message = (struct msghdr){
        .msg_iov = &l->piece,
        .msg_iovlen = 1,
        .msg_control = l->control,
        .msg_controllen = sizeof l->control,
    };
    return &l->message;
}

static bool send_descriptor(int socket, int fd)
{
    struct letter l;
    struct cmsghdr *c = CMSG_FIRSTHDR(letter_blank(&l));
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type  = SCM_RIGHTS;
    c->cmsg_len   = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(c), &fd, sizeof fd);
    ssize_t sent;
    do
        sent = sendmsg(socket, &l.message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == 1;
}

/* -1 when the other side has hung up. */
static int receive_descriptor(int socket)
{
    struct letter l;
    ssize_t got;
    do
        got = recvmsg(socket, letter_blank(&l), MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    struct cmsghdr *c = got == 1 ? CMSG_FIRSTHDR(&l.message) : NULL;
    int fd = -1;
    if (c && c->cmsg_type == SCM_RIGHTS)
        memcpy(&fd, CMSG_DATA(c), sizeof fd);
    return fd;
}

/* ---- starting it ---- */

/* 0 and 1 lead nowhere, 2 is ours, 3 is its socket, and there is nothing else. */
static int files_describe(posix_spawn_file_actions_t *files, int socket)
{
    int rc = posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0);
    if (!rc)
        rc = posix_spawn_file_actions_addopen(files, 1, "/dev/null", O_WRONLY, 0);
    if (!rc)
        rc = posix_spawn_file_actions_adddup2(files, socket, WIRE_SOCKET);
    return rc ? rc : posix_spawn_file_actions_addclosefrom_np(files, WIRE_SOCKET + 1);
}

static int spawn(const char *program, int socket, pid_t *out)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t manners;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&manners);
    int rc = files_describe(&files, socket);
    if (!rc)
        rc = spawn_manners(&manners);
    char *const words[]       = { "storyreel", "media-child", NULL };
    char *const environment[] = { NULL };
    if (!rc)
        rc = posix_spawn(out, program, &files, &manners, words, environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&manners);
    return rc;
}

static enum err zygote_start(struct zygote *z, struct task *t)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return fail_errno(t, errno, "start", "the media child");
    scoped(fd) int ours = ends[0];
    scoped(fd) int theirs = ends[1];
    const struct timeval patience = { .tv_sec = ANSWER_SECONDS_MAX };
    setsockopt(ours, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    /* dup2 onto itself would leave it close-on-exec in some C libraries, and it must survive
     * closefrom */
    scoped(fd) int high = fcntl(theirs, F_DUPFD_CLOEXEC, WIRE_SOCKET + 1);
    int rc = high < 0 ? errno : spawn(z->program, high, &z->pid);
    if (rc)
        return fail_errno(t, rc, "start", "the media child");
    z->socket = ours;
    ours = -1;
    return OK;
}

static void zygote_stop(struct zygote *z, bool at_once)
{
    if (z->pid == 0)
        return;
    fd_scoped(&z->socket);
    if (at_once)
        kill(z->pid, SIGKILL);
    while (waitpid(z->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    z->pid = 0;
}

void zygote_init(struct zygote *z, const char *program)
{
    *z = (struct zygote){ .program = strdup(program), .socket = -1 };
    if (!z->program || pthread_mutex_init(&z->lock, NULL) != 0)
        abort();
}

void zygote_done(struct zygote *z)
{
    zygote_stop(z, false);
    pthread_mutex_destroy(&z->lock);
    free(z->program);
}

/* ---- asking it ---- */

/* False: it is dead, or as good as dead. */
static bool ask(struct zygote *z, int socket, int32_t *out)
{
    if (!send_descriptor(z->socket, socket))
        return false;
    ssize_t got;
    do
        got = recv(z->socket, out, sizeof *out, MSG_WAITALL);
    while (got < 0 && errno == EINTR);
    return got == sizeof *out;
}

static enum err fork_locked(struct zygote *z, struct task *t, int socket, pid_t *out_pid)
{
    int32_t answer = 0;
    bool answered = z->pid > 0 && ask(z, socket, &answer);
    if (!answered) {
        zygote_stop(z, true);
        enum err e = zygote_start(z, t);
        if (e)
            return e;
        answered = ask(z, socket, &answer);
    }
    if (!answered) {
        zygote_stop(z, true);
        return fail(t, ERR_INTERNAL, "the media child does not start");
    }
    if (answer < 0)
        return fail_errno(t, -answer, "start", "the media child");
    *out_pid = answer;
    return OK;
}

enum err zygote_fork(struct zygote *z, struct task *t, int socket, pid_t *out_pid)
{
    pthread_mutex_lock(&z->lock);
    enum err e = fork_locked(z, t, socket, out_pid);
    pthread_mutex_unlock(&z->lock);
    return e;
}

/* ---- inside it ---- */

/* fork(), but the child's parent is ours. The C library keeps nothing about processes that its own
 * fork() would have to put right in a program of one thread. */
static pid_t fork_sibling(void)
{
    return (pid_t)syscall(SYS_clone, (unsigned long)CLONE_PARENT, NULL, NULL, NULL, NULL);
}

bool zygote_serve(void)
{
    for (;;) {
        int socket = receive_descriptor(WIRE_SOCKET);
        if (socket < 0)
            return false;
        pid_t pid = fork_sibling();
        if (pid == 0) {
            setpgid(0, 0);
            dup2(socket, WIRE_SOCKET);
            close(socket);
            return true;
        }
        int32_t answer = pid > 0 ? pid : -errno;
        close(socket);
        if (send(WIRE_SOCKET, &answer, sizeof answer, MSG_NOSIGNAL) != sizeof answer)
            return false;
    }
}
