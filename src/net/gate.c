/*
 * Two states and a few times; whoever asks moves them on, there is no thread behind it.
 */
#include "net/gate.h"

#include <pthread.h>
#include <stdlib.h>


/* Calls spread evenly: the next one is due an interval after the last, some may come before. */
struct bucket {
    int64_t interval_us, tolerance_us; /* 0: no limit */
    int64_t due_us;                    /* when the next call is due */
    int64_t promised_us;               /* the last turn that was given out */
    int64_t quiet_until_us;            /* the service's own wish */
};

struct gate {
    pthread_mutex_t lock; /* guards all below */
    struct bucket buckets[GATE_KINDS];
    uint32_t failures; /* of the last calls, the latest in the lowest bit */
    int calls, in_a_row;
    bool closed;
    int64_t probe_us; /* closed: when one may try again */
};

struct gate *gate_new(void)
{
    struct gate *g = calloc(1, sizeof *g);
    if (!g)
        abort();
    pthread_mutex_init(&g->lock, NULL);
    return g;
}

void gate_free(struct gate *g)
{
    if (!g)
        return;
    pthread_mutex_destroy(&g->lock);
    free(g);
}

void gate_limit(struct gate *g, enum gate_kind kind, int per_minute, int burst)
{
    struct bucket *b = &g->buckets[kind];
    b->interval_us = per_minute > 0 ? 60 * SECOND_US / per_minute : 0;
    b->tolerance_us = b->interval_us * (burst - 1);
}

/* ---- turns ---- */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* 0: it is this caller's turn; else how long to stay away. */
static int64_t bucket_wait(struct bucket *b, int64_t now_us)
{
    int64_t quiet_us = b->quiet_until_us - now_us;
    if (quiet_us > 0)
        return quiet_us;
    int64_t open_us = b->due_us - b->tolerance_us;
    if (!b->interval_us || open_us <= now_us)
        return 0;
    int64_t turn_us = later(b->promised_us, open_us);
    b->promised_us = turn_us + b->interval_us;
    return turn_us - now_us;
}

static void bucket_take(struct bucket *b, int64_t now_us)
{
    if (b->due_us <= now_us)
        b->promised_us = now_us; /* nobody was in a hurry: turns that were given out are over */
    b->due_us = later(b->due_us, now_us) + b->interval_us;
}

static enum err say_wait(struct task *t, enum err code, const char *title, int64_t wait_us)
{
    long long seconds = (wait_us + SECOND_US - 1) / SECOND_US;
    enum err e = code == ERR_RATE
                     ? refuse(t, code, "wait a little and try again",
                              "%s is not to be called again for %lld s", title, seconds)
                     : refuse(t, code, "what waits goes on by itself; or try again later",
                              "%s does not answer; it is tried again in %lld s", title, seconds);
    t->fault.wait_us = wait_us;
    return e;
}

/* Under the lock. `take`: a caller that is let in counts. */
static enum err admit(struct gate *g, struct task *t, const char *title, enum gate_kind kind,
                      bool take)
{
    int64_t now_us = clock_monotonic_us(t->clock);
    if (g->closed && now_us < g->probe_us)
        return say_wait(t, ERR_UNAVAILABLE, title, g->probe_us - now_us);
    int64_t wait_us = bucket_wait(&g->buckets[kind], now_us);
    if (wait_us > 0)
        return say_wait(t, ERR_RATE, title, wait_us);
    if (take && g->closed)
        g->probe_us = now_us + GATE_PROBE_US; /* this one tries; the others wait for its news */
    if (take)
        bucket_take(&g->buckets[kind], now_us);
    return OK;
}

enum err gate_enter(struct gate *g, struct task *t, const char *title, enum gate_kind kind)
{
    pthread_mutex_lock(&g->lock);
    enum err e = admit(g, t, title, kind, true);
    pthread_mutex_unlock(&g->lock);
    return e;
}

enum err gate_check(struct gate *g, struct task *t, const char *title, enum gate_kind kind)
{
    pthread_mutex_lock(&g->lock);
    enum err e = admit(g, t, title, kind, false);
    pthread_mutex_unlock(&g->lock);
    return e;
}

/* ---- news ---- */

static void note(struct gate *g, bool failed)
{
    g->failures = (g->failures << 1 | failed) & ((1u << GATE_WINDOW) - 1);
    g->calls += g->calls < GATE_WINDOW;
    g->in_a_row = failed ? g->in_a_row + 1 : 0;
}

static bool has_failed_enough(const struct gate *g)
{
    return g->in_a_row >= GATE_FAILURES_MAX ||
           (g->calls == GATE_WINDOW && __builtin_popcount(g->failures) * 2 >= GATE_WINDOW);
}

static void open_again(struct gate *g)
{
    g->closed = false;
    g->failures = 0;
    g->calls = g->in_a_row = 0;
}

/* Programs that share a service do not all try at the same moment: 15 s, give or take one. */
static int64_t probe_after(int64_t now_us)
{
    return now_us + GATE_PROBE_US - SECOND_US + now_us % (2 * SECOND_US);
}

void gate_tell(struct gate *g, struct task *t, enum gate_news news)
{
    int64_t now_us = clock_monotonic_us(t->clock);
    pthread_mutex_lock(&g->lock);
    if (news == GATE_UNHEARD && g->closed)
        g->probe_us = now_us; /* another may try */
    if (news == GATE_ANSWERED && g->closed)
        open_again(g);
    if (news != GATE_UNHEARD)
        note(g, news == GATE_FAILED);
    if (news == GATE_FAILED && (g->closed || has_failed_enough(g))) {
        g->closed = true;
        g->probe_us = probe_after(now_us);
    }
    pthread_mutex_unlock(&g->lock);
}

void gate_wish(struct gate *g, struct task *t, enum gate_kind kind, int64_t wait_us)
{
    int64_t wish_us = wait_us < 0                  ? GATE_WISH_US
                      : wait_us > GATE_WISH_MAX_US ? GATE_WISH_MAX_US
                                                   : wait_us;
    struct bucket *b = &g->buckets[kind];
    pthread_mutex_lock(&g->lock);
    b->quiet_until_us = later(b->quiet_until_us, clock_monotonic_us(t->clock) + wish_us);
    pthread_mutex_unlock(&g->lock);
}
