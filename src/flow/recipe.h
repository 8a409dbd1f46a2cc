#pragma once

/* The inputs of one artifact, gathered into the hash that names it; see graph.h. */

#include "base/hash.h"
#include "base/text.h"
#include "store/records.h"

struct recipe {
    struct arena *arena;
    struct hash whole;
    struct text parts; /* "prompt:1f0c9a2b seed:..." */
};

struct recipe recipe_new(struct arena *a, int kind); /* enum artifact_kind */

/* Parts are told apart by name; NULL is as "". */
void recipe_add(struct recipe *r, const char *name, const char *value);
void recipe_add_int(struct recipe *r, const char *name, int64_t value);

/* The artifact's hash; nothing is added afterwards. */
const char *recipe_end(struct recipe *r, int kind);

/* "the prompt changed, the seed changed": what differs from when it was made. */
const char *recipe_stale_cause(struct recipe *r, const struct made *made);
