#pragma once

/*
 * One context for everything that belongs together: every request and every job attempt is a struct
 * task.
 *
 * What it makes, when it must end, whether someone cancelled it, what to write on its log lines and
 * why it failed are one thing, passed as one pointer. A function that needs no task is pure; prize
 * it.
 */

#include <stdatomic.h>
#include <stdint.h>

#include "arena.h"
#include "clock.h"
#include "error.h"

struct fault {
    enum err code;
    char     message[600];       /* one sentence for the person who asked, no full stop */
    char     next[300];          /* what to do about it; "" when nothing useful can be said */
    /* the field or option at fault, as the caller spelled it; "" for none */
    char     field[80];
    /* how long the other side wants to be left alone; 0 when it did not say */
    int64_t  wait_us;
    /* what all work here stands on is away, records or media: it passes, however long */
    bool     house;
};

struct task {
    struct arena       *arena;         /* everything made for this task; gone when it ends */
    const char         *id;            /* request or job attempt; on every log line */
    const struct clock *clock;
    int64_t             deadline_us;   /* monotonic clock; INT64_MAX for none */
    const atomic_bool  *cancelled;     /* raised by another thread, never lowered; NULL for never */
    struct fault        fault;         /* why it failed; read by whoever answers */
};

/* In place, with an arena of its own, the real clock, no deadline and no cancel flag. `id` is
 * borrowed. */
void task_init(struct task *t, const char *id);
void task_done(struct task *t);

/* OK, or CANCELLED or TIMEOUT with the fault set: what every wait and every long loop asks. */
enum err task_over(struct task *t);

/* So long, unless the task is over before: then as task_over(). */
enum err task_pause(struct task *t, int64_t pause_us);

/*
 * Say why, and return the code: `return fail(t, ERR_MEDIA, "%s has no picture", name)`. The first
 * word is not capitalised and there is no full stop; the message is cut at its ceiling, never
 * refused.
 */
enum err fail(struct task *t, enum err code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, naming the next action: `refuse(t, ERR_INVALID, "use a WAV, MP3 ...", "%s is empty",
 * path)`. */
enum err refuse(struct task *t, enum err code, const char *next, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Names the field of a fault that has just been set, and hands its code back. */
enum err fail_at(struct task *t, enum err code, const char *field);

/* From errno: ENOSPC, EROFS, EDQUOT and EFBIG are FULL, ENOENT NOT_FOUND, EACCES FORBIDDEN, the
 * rest INTERNAL. */
enum err fail_errno(struct task *t, int error_number, const char *doing, const char *what);
