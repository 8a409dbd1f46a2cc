#pragma once

/*
 * The zygote: one process that loads the media libraries once (40 ms) and forks a child for every
 * call (2 ms), so that no call waits for the dynamic linker.
 *
 * It is started by the first call, never reads a byte from outside, and ends when the program does:
 * it sees the socket close. Its forks are made with CLONE_PARENT: the program is their parent and
 * sees them off itself, as if it had started them.
 *
 *     program -> zygote    one byte, with the child's socket (SCM_RIGHTS)
 *     zygote -> program    the child's pid, or -errno (int32)
 */

#include <pthread.h>

#include "base/task.h"

struct zygote {
    pthread_mutex_t lock;
    char           *program;                /* started as `program media-child` */
    pid_t           pid;                    /* 0: none yet */
    int             socket;
};

/* ---- the program's side; any thread ---- */

void zygote_init(struct zygote *z, const char *program);
/* Waits for it to end. Calls still under way are not its concern. */
void zygote_done(struct zygote *z);

/*
 * A child whose WIRE_SOCKET is `socket`, which is borrowed. The caller waits for *out_pid.
 * One that has died since the last call is replaced without a word.
 */
enum err zygote_fork(struct zygote *z, struct task *t, int socket, pid_t *out_pid);

/* ---- the zygote's ---- */

/* Returns once in every child, with true: WIRE_SOCKET is now its own. In the zygote false, when the
 * program has gone. Single-threaded, or the children lack the other threads. */
bool zygote_serve(void);
