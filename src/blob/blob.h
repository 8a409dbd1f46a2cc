#pragma once

/*
 * Bytes by key: media of all kinds, written once.
 *
 * Promises  A key is whole or absent, never half, and never names other bytes later; putting a key that exists is
 *           OK and changes nothing. OK from a put means durable.
 * Keys      1..KEY_BYTES_MAX bytes of letters, digits, '.', '_', '-' and '/', no empty, "." or ".." part.
 * Errors    NOT_FOUND, INVALID a bad key, FULL the disk, UPSTREAM or UNAVAILABLE a remote store
 * Threads   any.
 */

#include "base/file.h"
#include "base/task.h"

struct blob_store;

/* A file to write into, in the place from which it can be put without a copy. Nothing stays of it unless put. */
enum err blob_draft(struct blob_store *b, struct task *t, struct draft *out);

/* Give the draft's bytes their key. The draft is used up on success and kept on failure. */
enum err blob_put(struct blob_store *b, struct task *t, const char *key, struct draft *draft);

/* Small things in one call. */
enum err blob_put_bytes(struct blob_store *b, struct task *t, const char *key, struct bytes bytes);

/* Open for reading at any offset; the descriptor is the caller's. */
enum err blob_open(struct blob_store *b, struct task *t, const char *key, int *out_fd);

struct blob_info {
    const char *key;
    int64_t     bytes;
};
enum err blob_stat(struct blob_store *b, struct task *t, const char *key, struct blob_info *out);

/* Keys that begin with `prefix` (a whole number of parts: "mv/projects/ID/"), ascending. */
enum err blob_list(struct blob_store *b, struct task *t, const char *prefix, struct blob_info **out,
                   size_t *out_count);

/* Removing what is not there is OK. */
enum err blob_remove(struct blob_store *b, struct task *t, const char *key);

void blob_close(struct blob_store *b);
