#pragma once

/*
 * Bytes by key: media of all kinds, written once.
 *
 * Promises  A key is whole or absent, never half, and never names other bytes later; putting a key
 *           that exists is OK and changes nothing. OK from a put means durable.
 * Keys      1..KEY_BYTES_MAX bytes of letters, digits, '.', '_', '-' and '/'. The parts between
 *           slashes have 1..KEY_PART_BYTES_MAX bytes and do not begin with '.'. No key is the
 *           folder of another: where "a/b" is, "a" is CONFLICT, and the other way round.
 * Errors    NOT_FOUND, INVALID a bad key, CONFLICT a key and a folder meet, FULL the disk,
 *           FORBIDDEN it may not be written, UNAVAILABLE the disk has failed; of a remote store
 *           also UPSTREAM, RATE, TIMEOUT, AUTH
 * Threads   any.
 */

#include "base/file.h"
#include "base/limits.h"
#include "base/task.h"

struct blob_store;

enum { KEY_PART_BYTES_MAX = 200 };      /* a file name, with room for a suffix of our own */

/*
 * A file to write into, in the place from which it can be put without a copy. Nothing stays of it
 * unless put. The caller closes it with draft_done(), after a put too.
 */
enum err blob_draft(struct blob_store *b, struct task *t, struct draft *out);

/* Give a draft of this store its key. The draft is used up on success and kept on failure. */
enum err blob_put(struct blob_store *b, struct task *t, const char *key, struct draft *draft);

/* Small things in one call. */
enum err blob_put_bytes(struct blob_store *b, struct task *t, const char *key, struct bytes bytes);

/*
 * Open for reading at any offset; the descriptor is the caller's, and stays good after
 * blob_remove().
 */
enum err blob_open(struct blob_store *b, struct task *t, const char *key, int *out_fd);

struct blob_info {
    const char *key;
    int64_t     bytes;
};
enum err blob_stat(struct blob_store *b, struct task *t, const char *key, struct blob_info *out);

/*
 * Keys that begin with `prefix` (a whole number of parts, "mv/projects/ID/", or "" for all),
 * ascending; LIMIT past LIST_ITEMS_MAX.
 */
enum err blob_list(struct blob_store *b, struct task *t, const char *prefix, struct blob_info **out,
                   size_t *out_count);

/*
 * Every blob, a page of at most `limit` (0: LIST_ITEMS_MAX) at a time, ascending: those after the
 * key `after`, or from the beginning ("" or NULL); an empty page is the end. What is put meanwhile
 * may be missed. For moving house, not for work.
 */
enum err blob_walk(struct blob_store *b, struct task *t, const char *after, int64_t limit,
                   struct blob_info **out, size_t *out_count);

/* Removing what is not there is OK. */
enum err blob_remove(struct blob_store *b, struct task *t, const char *key);

/* Many at once, in few requests where the store can. At a failure some are gone and some are
 * not. */
enum err blob_remove_all(struct blob_store *b, struct task *t, const char *const *keys,
                         size_t count);

/* A blob under a second key; without a detour where the store can. As blob_put(). */
enum err blob_copy(struct blob_store *b, struct task *t, const char *from, const char *to);

/*
 * Some of its bytes, in t->arena, and only those are fetched: fewer at its end, RANGE past it.
 * bytes is 1..BLOB_READ_BYTES_MAX.
 */
enum { BLOB_READ_BYTES_MAX = 64 << 20 };
enum err blob_read(struct blob_store *b, struct task *t, const char *key, int64_t offset,
                   int64_t bytes, struct bytes *out);

/*
 * Before long work whose result is to be put: not OK when the last put failed because the store is
 * away, and it still is. Asks nobody when the last one went well.
 */
enum err blob_ready(struct blob_store *b, struct task *t);

/* Does the store answer, and may it be read and written? Cheap; for those who ask how we are. */
enum err blob_check(struct blob_store *b, struct task *t);

void blob_close(struct blob_store *b);    /* NULL is fine */

/* ---- addresses, of stores that have their own ---- */

struct blob_url_wish {
    const char *method;       /* "GET", "HEAD" or "PUT", and no other can be made with it */
    int seconds;              /* how long it is good at most: 1..604800 */
    const char *content_type; /* of a put: what has to be sent; "" for none */
    int64_t bytes;            /* of a put: the size that has to be sent; 0 for any */
    const char *save_as;      /* of a get: the name under which a browser keeps it; "" for none */
};

/*
 * An address at which whoever has it may get or put this one key until it expires; "" when the
 * store has none, and whoever serves it serves the bytes. It stays the same for half of its life,
 * so that browsers can keep what it named, and is good for the other half at least.
 */
enum err blob_url(struct blob_store *b, struct task *t, const char *key,
                  const struct blob_url_wish *wish, const char **out);

bool blob_has_urls(const struct blob_store *b);

/* "https://host" of all its addresses; "" when it has none. In the arena. */
const char *blob_url_origin(struct blob_store *b, struct task *t);

/* ---- of stores elsewhere ---- */

/* "s3://bucket/prefix at https://..." and the like, for people; in the arena. */
const char *blob_describe(struct blob_store *b, struct task *t);

/*
 * Files that could not be sent and are kept on this machine until they are: they are tried again by
 * themselves. None where nothing is sent.
 */
enum err blob_waiting(struct blob_store *b, struct task *t, struct blob_info **out,
                      size_t *out_count);

/* Is this one of them? The fault in t stays what it was. */
bool blob_waits(struct blob_store *b, struct task *t, const char *key);
