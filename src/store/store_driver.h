#pragma once

/*
 * For those who implement a store. The front door has checked keys, sizes and limits before a
 * driver is called, made absent texts "", and turned limits of 0 into LIST_ITEMS_MAX.
 */

#include "store/store.h"

struct store_driver {
    const char *name;                 /* "memory", "sqlite": the word in the configuration */
    enum err (*get)(struct store *s, struct task *t, const char *pk, const char *sk,
                    struct item *out);
    enum err (*write)(struct store *s, struct task *t, const struct item_write *writes,
                      size_t count);
    enum err (*list)(struct store *s, struct task *t, const struct store_query *query,
                     struct item **out, size_t *out_count);
    enum err (*list_index)(struct store *s, struct task *t, const struct store_index_query *query,
                           struct item **out, size_t *out_count);
    enum err (*walk)(struct store *s, struct task *t, const struct item *after, int64_t limit,
                     struct item **out, size_t *out_count);
    void     (*close)(struct store *s);
};

struct store {
    const struct store_driver *driver;            /* first member of every driver's own struct */
};

/* The sort keys a query asks for: low <= sk < high, in byte order. In t->arena. */
struct store_range {
    const char *low, *high;
};
struct store_range store_query_range(struct task *t, const struct store_query *query);

/* The refusals every driver words alike. */
enum err fail_no_item(struct task *t, const char *pk, const char *sk);

/* `version` is what is there now; 0 for nothing. */
enum err fail_item_changed(struct task *t, const struct item_write *w, int64_t version);

enum err store_memory_open(struct task *t, struct store **out);

/*
 * `folder`/storyreel.db, made when missing. One process owns it (a lock on
 * `folder`/storyreel.lock): UNAVAILABLE names the process that does. WAL, synchronous FULL, BEGIN
 * IMMEDIATE, one writing connection, quick_check at start (a damaged file is refused with what to
 * do, never overwritten).
 */
enum err store_sqlite_open(struct task *t, const char *folder, struct store **out);

/*
 * Fails the n-th call (counted from 1 over all calls that reach it) with `error`, then works again;
 * for tests.
 */
struct store_flaky {
    struct store  store;
    struct store *under;              /* borrowed */
    int           calls, fail_at;
    /* do the call first, then report failure: an acknowledgement that got lost */
    bool          after;
    enum err      error;
    void        (*end)(void);         /* called where it fails: the process may end there */
    void        (*pause)(void);       /* called instead of failing: the caller stands still there */
};
struct store *store_flaky_init(struct store_flaky *f, struct store *under, int fail_at,
                               enum err error);
