#pragma once

/*
 * Time, passed in so that leases, retries and due times are tested in microseconds.
 *
 * Two clocks, never mixed: `monotonic` for waits and deadlines inside the process, `wall` (UTC) for
 * what is written into records. Both in microseconds.
 */

#include <stdint.h>

struct arena;

struct clock {
    int64_t (*monotonic_us)(const struct clock *c);
    int64_t (*wall_us)(const struct clock *c);
    int64_t now_us;                 /* clock_fake only: what both readings give */
};

extern const struct clock clock_real;          /* CLOCK_BOOTTIME and CLOCK_REALTIME */

/* A clock that stands still until its now_us is moved by the test. */
struct clock clock_fake(int64_t now_us);

int64_t clock_monotonic_us(const struct clock *c);
int64_t clock_wall_us(const struct clock *c);

#define SECOND_US INT64_C(1000000)

/* "2031-05-01T12:00:00.000Z", in the arena. */
char *time_iso8601(struct arena *a, int64_t wall_us);

/* Of such a text, fractions of a second passed over; 0 for anything else. */
int64_t time_read_iso8601(const char *text);

/* "3:07", "1:02:45" for people; negative counts as zero. */
char *time_clock_text(struct arena *a, int64_t duration_us);
