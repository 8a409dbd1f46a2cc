#pragma once

/*
 * Wake-ups for durable jobs. The job record in the store is the truth; a message only says "look at
 * this job now".
 *
 * Promises  At least once: a message comes back when its lease lapses. The same key pushed twice to
 *           a lane while it waits is one message, due at the earlier of the two times; pushed while
 *           it is leased, it is due again after the lease is finished or given back. Due order
 *           within a lane, first pushed first among equals. A lost or doubled message is healed by
 *           the sweep over job records, so a queue may be wiped at any time.
 * Keys      1..KEY_BYTES_MAX bytes of UTF-8 without control characters.
 * Time      wall time of the task's clock, in microseconds.
 * Errors    NOT_FOUND nothing is due; CONFLICT the lease is someone else's by now; INVALID a key,
 *           lane or time out of form; FULL, FORBIDDEN the file, as for a store; UNAVAILABLE the
 *           file, or a server that is away; AUTH a server that does not let us in
 * Threads   any.
 */

#include "base/task.h"

struct queue;

enum queue_lane {
    LANE_LIGHT = 1,                   /* planning, assembling records: milliseconds */
    LANE_CPU,  /* rendering and encoding: as many at once as there are cores */
    LANE_WAIT,                        /* polling providers: short looks at long waits */
    LANE_COUNT,
};
extern const char *const queue_lane_names[LANE_COUNT]; /* "light", "cpu", "wait"; of 0: NULL */

/* longer than any step; a forgotten one heals in a day */
#define LEASE_US_MAX (INT64_C(24) * 3600 * 1000000)

struct queue_message {
    const char    *key;               /* the job: "PROJECT#id/JOB#ulid" */
    enum queue_lane lane;
    int64_t        receipt;  /* fences finish, renew and give back: stale ones are CONFLICT */
    int64_t        deliveries;        /* 1 the first time */
};

/* Due at wall time `due_us` (0: now). */
enum err queue_push(struct queue *q, struct task *t, enum queue_lane lane, const char *key,
                    int64_t due_us);

/*
 * One due message, invisible to others for lease_us (1..LEASE_US_MAX); NOT_FOUND when there is
 * none. Never waits.
 */
enum err queue_claim(struct queue *q, struct task *t, enum queue_lane lane, int64_t lease_us,
                     struct queue_message *out);

/*
 * The lease ends lease_us from now. A lapsed lease can be renewed until another claim takes the
 * message.
 */
enum err queue_renew(struct queue *q, struct task *t, const struct queue_message *m,
                     int64_t lease_us);
enum err queue_finish(struct queue *q, struct task *t, const struct queue_message *m);
enum err queue_give_back(struct queue *q, struct task *t, const struct queue_message *m,
                         int64_t due_us);

/*
 * When the next message of a lane is due, a lease that lapses included; INT64_MAX when there is
 * none.
 */
enum err queue_next_due(struct queue *q, struct task *t, enum queue_lane lane, int64_t *out_us);

struct queue_stats {
    int64_t waiting;                  /* not leased, or lapsed; due or not */
    int64_t leased;
    int64_t oldest_due_us;            /* of those waiting; INT64_MAX when none waits */
    int64_t dead;                     /* set aside: lease after lease lapsed; see queue_driver.h */
};
enum err queue_stats(struct queue *q, struct task *t, enum queue_lane lane,
                     struct queue_stats *out);

/* Whether all it stands on answers, also what it can do without for a while. */
enum err queue_check(struct queue *q, struct task *t);

/*
 * Word of what was pushed elsewhere, for queues that can tell: `ring` is called, from a thread of
 * the queue's own, when a message may be due that was not when somebody here last looked. One
 * listener at a time; NULL ends it, and afterwards nothing is called any more. Whoever listens to
 * nothing looks by himself, and whoever listens does so now and then all the same.
 */
struct queue_ear {
    void (*ring)(void *context);
    void  *context;
};
void queue_listen(struct queue *q, const struct queue_ear *ear);

/* So many workers more, or fewer, wait for this lane here: no more is listened for than they can
 * do. */
void queue_idle(struct queue *q, enum queue_lane lane, int change);

void queue_close(struct queue *q);    /* NULL is fine; nobody listens any more */
