#include "base/clock.h"

#include <time.h>

#include "base/arena.h"

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

static int64_t real_monotonic_us(const struct clock *c)
{
    (void)c;
    return read_clock(CLOCK_BOOTTIME);
}

static int64_t real_wall_us(const struct clock *c)
{
    (void)c;
    return read_clock(CLOCK_REALTIME);
}

const struct clock clock_real = { .monotonic_us = real_monotonic_us, .wall_us = real_wall_us };

static int64_t fake_us(const struct clock *c)
{
    return c->now_us;
}

struct clock clock_fake(int64_t now_us)
{
    return (struct clock){ .monotonic_us = fake_us, .wall_us = fake_us, .now_us = now_us };
}

int64_t clock_monotonic_us(const struct clock *c)
{
    return c->monotonic_us(c);
}

int64_t clock_wall_us(const struct clock *c)
{
    return c->wall_us(c);
}

char *time_iso8601(struct arena *a, int64_t wall_us)
{
    time_t seconds = (time_t)(wall_us / SECOND_US);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    return arena_format(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900,
                        utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                        (int)(wall_us % SECOND_US / 1000));
}

static int digits(const char *at, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++)
        number = number * 10 + (at[i] - '0');
    return number;
}

int64_t time_read_iso8601(const char *text)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd";
    for (size_t i = 0; form[i]; i++) {
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return 0;
    }
    struct tm when = {
        .tm_year = digits(text, 4) - 1900,
        .tm_mon = digits(text + 5, 2) - 1,
        .tm_mday = digits(text + 8, 2),
        .tm_hour = digits(text + 11, 2),
        .tm_min = digits(text + 14, 2),
        .tm_sec = digits(text + 17, 2),
    };
    return (int64_t)timegm(&when) * SECOND_US;
}

char *time_clock_text(struct arena *a, int64_t duration_us)
{
    int64_t seconds = duration_us > 0 ? (duration_us + SECOND_US / 2) / SECOND_US : 0;
    int hours = (int)(seconds / 3600), minutes = (int)(seconds / 60 % 60),
        rest = (int)(seconds % 60);
    if (hours > 0)
        return arena_format(a, "%d:%02d:%02d", hours, minutes, rest);
    return arena_format(a, "%d:%02d", minutes, rest);
}
