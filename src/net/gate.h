#pragma once

/*
 * When a service may be called. There is one gate a service and key, and every call goes through
 * it:
 *
 *   limits    so many calls a minute, as the service publishes them; who comes too early is given a
 *             turn, each one a later one
 *   wishes    a service that asked to be left alone (429, Retry-After) is, by all callers
 *   breaker   ten failures in a row, or half of the last twenty, close it; then one caller every
 *             quarter of a minute may try, and the first answer opens it again
 *
 * Nobody waits here: who may not call is told how long to stay away, in fault.wait_us.
 *
 * Clock    t->clock, monotonic
 * Threads  any
 */

#include "base/task.h"

enum gate_kind {
    GATE_ASK,  /* calls that may be repeated */
    GATE_MAKE, /* calls that make something */
    GATE_KINDS
};

#define GATE_PROBE_US     (15 * SECOND_US)
#define GATE_WISH_MAX_US  (300 * SECOND_US) /* longer wishes are the caller's own to obey */
#define GATE_WISH_US      (2 * SECOND_US)   /* of a 429 that does not say how long */
enum { GATE_FAILURES_MAX = 10, GATE_WINDOW = 20 };

struct gate;

struct gate *gate_new(void);
void gate_free(struct gate *g); /* NULL is fine */

/* So many a minute, at most `burst` of them at once; 0: any number. Before its first use. */
void gate_limit(struct gate *g, enum gate_kind kind, int per_minute, int burst);

/*
 * OK: call now, and say with gate_tell() what came of it. RATE, UNAVAILABLE: not now; `title` is
 * what the service is called.
 */
enum err gate_enter(struct gate *g, struct task *t, const char *title, enum gate_kind kind);

/* Would gate_enter() let one in? Takes nothing. */
enum err gate_check(struct gate *g, struct task *t, const char *title, enum gate_kind kind);

enum gate_news {
    GATE_ANSWERED = 1, /* whatever it said */
    GATE_FAILED,       /* no answer, or one that says that the service is broken */
    GATE_UNHEARD,      /* the caller went away before an answer came */
};
void gate_tell(struct gate *g, struct task *t, enum gate_news news);

/* It asked to be left alone; -1 when it did not say how long. */
void gate_wish(struct gate *g, struct task *t, enum gate_kind kind, int64_t wait_us);
