#pragma once

/*
 * Records in one table, as on DynamoDB: an item is a JSON document under a partition key and a sort
 * key, with a version that every change names. The drivers (memory, sqlite, later dynamo) keep the
 * same promises, and one contract suite holds them to it.
 *
 * Promises  OK from store_write() means durable and all-or-nothing. A stale version is CONFLICT and
 *           changes nothing, and so is creating what exists or changing what is not there. After
 *           any other error the write may or may not have happened (the answer can be lost on the
 *           way): read again before deciding. Reads see every write that was acknowledged before
 *           them. Listings are in byte order of the sort key.
 * Keys      1..KEY_BYTES_MAX bytes of UTF-8 without control characters; NULL stands for "" where ""
 *           is allowed.
 * Errors    NOT_FOUND, CONFLICT; INVALID keys or documents out of form, or one item twice in a
 *           transaction; LIMIT an item (keys and document) past RECORD_BYTES_MAX, more than
 *           STORE_WRITES_MAX writes or STORE_WRITE_BYTES_MAX bytes; FULL the disk; FORBIDDEN it may
 *           not be written; UNAVAILABLE the store is owned by another process or the disk has
 *           failed
 * Threads   any; a store serialises its own writes.
 */

#include "base/limits.h"
#include "base/task.h"

struct store;

/* One transaction: DynamoDB's ceilings, kept on every store. */
enum { STORE_WRITES_MAX = 100, STORE_WRITE_BYTES_MAX = 4 << 20 };

struct item {
    const char *pk, *sk;
    int64_t     version;              /* 1 for a new item, raised by one by every write */
    const char *index_pk, *index_sk;  /* the status index (gsi1); "" when not in it */
    const char *document;             /* a JSON object as compact text */
};

enum item_change {
    ITEM_CREATE = 1,                  /* must not exist */
    ITEM_UPDATE,                      /* must exist at `version` */
    ITEM_PUT,  /* whatever is there is replaced: for records that are pure functions of content */
    ITEM_DELETE,                      /* must exist at `version` */
    ITEM_CHECK,                       /* must exist at `version`; not changed */
};

struct item_write {
    enum item_change change;
    struct item      item;            /* document and index keys are not read by DELETE and CHECK */
};

enum err store_get(struct store *s, struct task *t, const char *pk, const char *sk,
                   struct item *out);

/* All changes or none; no changes are OK. */
enum err store_write(struct store *s, struct task *t, const struct item_write *writes,
                     size_t count);

struct store_query {
    const char *pk;
    const char *sk_prefix;            /* "" for all */
    const char *after_sk;             /* exclusive; "" from the beginning */
    int64_t     limit;                /* 0: LIST_ITEMS_MAX */
    bool        newest_first;         /* descending */
};
enum err store_list(struct store *s, struct task *t, const struct store_query *query,
                    struct item **out, size_t *out_count);

/*
 * By index_pk, in order of (index_sk, pk, sk); `after` is the last item of the page before, or
 * NULL.
 */
struct store_index_query {
    const char        *index_pk;
    const struct item *after;
    int64_t            limit;
    bool               newest_first;
};
enum err store_list_index(struct store *s, struct task *t, const struct store_index_query *query,
                          struct item **out, size_t *out_count);

/*
 * Every record, a page of at most `limit` (0: LIST_ITEMS_MAX) at a time: `after` is the last item
 * of the page before, or NULL; an empty page is the end. The order is the store's own and the same
 * each time. What is written meanwhile may be missed. For moving house, not for work.
 */
enum err store_walk(struct store *s, struct task *t, const struct item *after, int64_t limit,
                    struct item **out, size_t *out_count);

void store_close(struct store *s);    /* NULL is fine */
