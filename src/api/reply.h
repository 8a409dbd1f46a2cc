#pragma once

/* Replies that are kept: bytes shared by the exchanges that send them, and a cache of those by
 * name. */

#include <stdatomic.h>

#include "base/task.h"

struct reply_body {
    atomic_int references;
    char etag[40];
    size_t size;
    char bytes[];
};

/* A copy with its entity tag; one reference, the caller's. */
struct reply_body *reply_body_new(const void *bytes, size_t size);
struct reply_body *reply_body_hold(struct reply_body *b);
void reply_body_drop(struct reply_body *b); /* NULL is fine */

/*
 * Replies by name ("project 01J..."), each good for as long as what it was made from has the same
 * stamps. Threads: any.
 */
struct reply_cache;
struct reply_stamp {
    int64_t revision, epoch;
};

struct reply_cache *reply_cache_new(size_t places);
void reply_cache_free(struct reply_cache *c);

/* A reference for the caller, or NULL. */
struct reply_body *reply_cache_find(struct reply_cache *c, const char *name,
                                    struct reply_stamp stamp);
void reply_cache_keep(struct reply_cache *c, const char *name, struct reply_stamp stamp,
                      struct reply_body *body);
