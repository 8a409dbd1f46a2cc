#pragma once

/*
 * Deterministic variety: the same seed gives the same numbers on every machine.
 * Source  SplitMix64, Steele, Lea & Flood, "Fast splittable pseudorandom number generators", 2014.
 */

#include <stdint.h>

struct rng {
    uint64_t state;
};

struct rng rng_new(uint64_t seed);

/* An independent stream for a named use, so that adding one use does not shift the numbers of
 * another. */
struct rng rng_fork(uint64_t seed, const char *use);

uint64_t rng_next(struct rng *r);
double   rng_unit(struct rng *r);                               /* [0, 1) */
double   rng_between(struct rng *r, double low, double high);   /* [low, high) */
int      rng_below(struct rng *r, int count);                   /* 0..count-1; count >= 1 */

/* FNV-1a over a text: a seed from a name. */
uint64_t rng_seed_from_text(const char *text);
