#pragma once

/*
 * For those who implement a queue. Time comes from t->clock (wall), so leases are tested without
 * waiting. The front door has checked keys, lanes and lengths, and has turned a due time of 0 into
 * now.
 */

#include "queue/queue.h"

struct queue_driver {
    const char *name;                 /* "memory", "sqlite", "redis", "sqs" */
    enum err (*push)(struct queue *q, struct task *t, enum queue_lane lane, const char *key,
                     int64_t due_us);
    enum err (*claim)(struct queue *q, struct task *t, enum queue_lane lane, int64_t lease_us,
                      struct queue_message *out);
    enum err (*renew)(struct queue *q, struct task *t, const struct queue_message *m,
                      int64_t lease_us);
    enum err (*finish)(struct queue *q, struct task *t, const struct queue_message *m);
    enum err (*give_back)(struct queue *q, struct task *t, const struct queue_message *m,
                          int64_t due_us);
    enum err (*next_due)(struct queue *q, struct task *t, enum queue_lane lane, int64_t *out_us);
    enum err (*stats)(struct queue *q, struct task *t, enum queue_lane lane,
                      struct queue_stats *out);
    enum err (*check)(struct queue *q, struct task *t);            /* NULL: asking it is enough */
    void     (*listen)(struct queue *q, const struct queue_ear *ear);         /* NULL: it hears  */
    void     (*idle)(struct queue *q, enum queue_lane lane, int change);      /* from nowhere   */
    void     (*close)(struct queue *q);
};

struct queue {
    const struct queue_driver *driver;            /* first member of every driver's own struct */
};

/* The refusals every driver words alike. */
enum err fail_nothing_due(struct task *t);
enum err fail_lease_lost(struct task *t, const struct queue_message *m);

enum err queue_memory_open(struct task *t, struct queue **out);

/*
 * `folder`/queue.db under its own lock, `folder`/queue.lock; otherwise by the same rules as the
 * sqlite store, except that synchronous is NORMAL and a damaged file is begun anew: messages are
 * only hints, and the sweep over the job records pushes again what a power cut took. Opening frees
 * all leases: their holder is gone.
 */
enum err queue_sqlite_open(struct task *t, const char *folder, struct queue **out);

/*
 * A Redis server (5 or later, with --maxmemory-policy noeviction) at
 * redis://[:password@]host[:port] [/database][?name=NAME]; STORYREEL_REDIS_PASSWORD says the
 * password unseen. Shared by any number of processes. A server that is away now does not stop this
 * from opening; AUTH one that refuses us, INVALID an address out of form. A message of which 16
 * leases in a row lapsed is set aside in the stream "{NAME:lane}:dead" (the newest 1,000 are kept)
 * until the sweep pushes it again.
 */
enum err queue_redis_open(struct task *t, const char *url, struct queue **out);

/* Fails the n-th call; see store_flaky. */
struct queue_flaky {
    struct queue  queue;
    struct queue *under;
    int           calls, fail_at;
    bool          after;
    enum err      error;
    void        (*end)(void);         /* called where it fails: the process may end there */
};
struct queue *queue_flaky_init(struct queue_flaky *f, struct queue *under, int fail_at,
                               enum err error);
