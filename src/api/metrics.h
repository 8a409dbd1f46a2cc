#pragma once

/*
 * What the operator sees at /metrics. Counters are atomics in tables by route.
 * Source   Prometheus text exposition format 0.0.4
 */

#include "base/task.h"
#include "base/text.h"

struct metrics;

struct metrics *metrics_new(size_t route_count);
void metrics_free(struct metrics *m);

/* One request has been answered; route -1: none matched. */
void metrics_request(struct metrics *m, int route, int status, int64_t took_us);

/* The counters of requests as text; `operation(route)` names the routes. */
void metrics_write(const struct metrics *m, struct text *out,
                   const char *(*operation)(size_t route));
