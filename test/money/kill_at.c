/*
 * Loaded before the C library (LD_PRELOAD), this ends the process at its k-th call of one kind, as a power cut would:
 *
 *     KILL_AT=send:17      before the seventeenth send takes effect
 *     KILL_AT=sync:4+      after the fourth sync did
 *
 * Kinds: write, sync, send, receive, link, rename. Calls of all threads count together. Children that are started with
 * an environment of their own (the media child) are left alone.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { WRITE, SYNC, SEND, RECEIVE, LINK, RENAME, KINDS };
static const char *const kind_names[KINDS] = { "write", "sync", "send", "receive", "link", "rename" };

static struct {
    int kind; /* KINDS: nothing is counted */
    long at;
    int after;
    atomic_long seen;
} plan = { .kind = KINDS };

__attribute__((constructor)) static void read_plan(void)
{
    const char *set = getenv("KILL_AT");
    const char *colon = set ? strchr(set, ':') : NULL;
    for (int i = 0; colon && i < KINDS; i++) {
        if (strncmp(set, kind_names[i], (size_t)(colon - set)) == 0)
            plan.kind = i;
    }
    if (colon) {
        plan.at = strtol(colon + 1, NULL, 10);
        plan.after = set[strlen(set) - 1] == '+';
    }
}

/* Is this the call? Before it the process ends here. */
static int strikes(enum kind kind)
{
    int now = plan.kind == (int)kind && atomic_fetch_add(&plan.seen, 1) + 1 == plan.at;
    if (now && !plan.after)
        raise(SIGKILL);
    return now;
}

/* A function of the C library, counted: WRAP(kind, result, name, (parameters), (arguments)). */
#define WRAP(kind, result, name, parameters, arguments)                                                                \
    __attribute__((visibility("default"))) result name parameters                                                      \
    {                                                                                                                  \
        static result(*real) parameters;                                                                               \
        if (!real)                                                                                                     \
            real = (result(*) parameters)dlsym(RTLD_NEXT, #name);                                                      \
        int last = strikes(kind);                                                                                      \
        result made = real arguments;                                                                                  \
        if (last)                                                                                                      \
            raise(SIGKILL);                                                                                            \
        return made;                                                                                                   \
    }

WRAP(WRITE, ssize_t, write, (int fd, const void *at, size_t size), (fd, at, size))
WRAP(WRITE, ssize_t, pwrite, (int fd, const void *at, size_t size, off_t to), (fd, at, size, to)) /* is pwrite64 here */
WRAP(WRITE, ssize_t, writev, (int fd, const struct iovec *at, int count), (fd, at, count))
WRAP(SYNC, int, fsync, (int fd), (fd))
WRAP(SYNC, int, fdatasync, (int fd), (fd))
WRAP(SEND, ssize_t, send, (int fd, const void *at, size_t size, int flags), (fd, at, size, flags))
WRAP(SEND, ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags))
WRAP(RECEIVE, ssize_t, recv, (int fd, void *at, size_t size, int flags), (fd, at, size, flags))
WRAP(RECEIVE, ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags))
WRAP(LINK, int, link, (const char *from, const char *to), (from, to))
WRAP(LINK, int, linkat, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags))
WRAP(RENAME, int, rename, (const char *from, const char *to), (from, to))
WRAP(RENAME, int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
WRAP(RENAME, int, renameat2, (int a, const char *from, int b, const char *to, unsigned flags), (a, from, b, to, flags))
