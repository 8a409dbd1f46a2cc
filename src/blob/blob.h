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
 *           FORBIDDEN it may not be written, UNAVAILABLE the disk has failed; UPSTREAM or
 *           UNAVAILABLE a remote store
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

/* Removing what is not there is OK. */
enum err blob_remove(struct blob_store *b, struct task *t, const char *key);

void blob_close(struct blob_store *b);    /* NULL is fine */
