#include "base/id.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char *ulid_new(struct task *t)
{
    unsigned char random[16];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        abort();
    uint64_t ms = (uint64_t)(clock_wall_us(t->clock) / 1000);
    char *id = arena_alloc(t->arena, 27);
    for (int i = 9; i >= 0; i--, ms >>= 5)
        id[i] = digits[ms & 31];
    for (int i = 0; i < 16; i++)
        id[10 + i] = digits[random[i] & 31];
    return id;
}

bool ulid_is(const char *text)
{
    return strlen(text) == 26 && strspn(text, digits) == 26;
}
