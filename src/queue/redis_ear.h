#pragma once

/*
 * Listens to channels of a Redis server, with a thread and a connection of its own. What is said
 * while it is not connected is missed; so whoever listens is told once when it is (again), and may
 * not rely on it.
 */

#include "queue/redis_link.h"

struct redis_ear;

enum { REDIS_CHANNELS_MAX = 8 };

/* `heard` is called from the thread. `link` is borrowed; the names are copied. */
struct redis_ear *redis_ear_new(struct redis_link *link, const char *const *channels, int count,
                                void (*heard)(void *context), void *context);

/* Nothing is called any more when it returns. NULL is fine. */
void redis_ear_free(struct redis_ear *e);
