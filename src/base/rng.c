#include "base/rng.h"

struct rng rng_new(uint64_t seed)
{
    return (struct rng){ seed };
}

struct rng rng_fork(uint64_t seed, const char *use)
{
    struct rng r = { seed ^ rng_seed_from_text(use) };
    rng_next(&r);
    return r;
}

uint64_t rng_next(struct rng *r)
{
    uint64_t z = (r->state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

double rng_unit(struct rng *r)
{
    return (double)(rng_next(r) >> 11) * 0x1.0p-53;
}

double rng_between(struct rng *r, double low, double high)
{
    return low + (high - low) * rng_unit(r);
}

int rng_below(struct rng *r, int count)
{
    return (int)(((rng_next(r) >> 32) * (uint64_t)count) >> 32);
}

uint64_t rng_seed_from_text(const char *text)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001B3u;
    return hash;
}
