#pragma once

/*
 * A folder of whole files that may be lost at any time, by key, with a ceiling: what was used
 * longest ago goes first. Several processes may share it; each keeps the ceiling as it sees it.
 * What is open stays readable after it went. Inside the room only.
 *
 * Threads  any
 */

#include "base/file.h"
#include "base/task.h"

struct blob_cache;

/* bytes_max 0: keeps nothing. */
enum err blob_cache_open(struct task *t, const char *folder, int64_t bytes_max,
                         struct blob_cache **out);
void blob_cache_close(struct blob_cache *c); /* NULL is fine */

/* Open for reading, or -1 when it is not there. */
int blob_cache_get(struct blob_cache *c, struct task *t, const char *key);

/* Keeps the draft when it can; used up either way. Failing to keep it is no failure. */
void blob_cache_put(struct blob_cache *c, struct task *t, const char *key, struct draft *draft);

void blob_cache_drop(struct blob_cache *c, struct task *t, const char *key);
