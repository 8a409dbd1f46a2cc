/*
 * Speech is where ten milliseconds of it are not much softer than its loudest ten. What is heard is
 * kept as one number for each of them; from those come the spans, and from the spans the gain.
 */
#include "media/duck.h"

#include <math.h>

enum { WINDOW = 480 };

static const double floor_power = 1e-6;     /* -60 dB of full scale: room noise */
static const double below_loudest = 6.3e-4; /* -32 dB */

struct span {
    int64_t from, to; /* samples of the film */
};

struct duck {
    struct arena *arena;
    float *power; /* of each window, mean square of both channels */
    int64_t window_count, heard;
    double sum;         /* of the window that is being heard */
    struct span *spans; /* ascending, further apart than both ramps are long */
    size_t span_count;
};

struct duck *duck_new(struct task *t, int64_t samples)
{
    struct duck *d = arena_one(t->arena, struct duck);
    int64_t windows = (samples + WINDOW - 1) / WINDOW;

    *d = (struct duck){ .arena = t->arena,
                        .window_count = windows,
                        .power = arena_array(t->arena, float, (size_t)windows) };
    return d;
}

static void window_end(struct duck *d)
{
    int64_t window = (d->heard - 1) / WINDOW;

    if (window < d->window_count)
        d->power[window] = (float)(d->sum / (2 * WINDOW));
    d->sum = 0;
}

void duck_hear(struct duck *d, const float *stereo, int count)
{
    for (int i = 0; i < count; i++) {
        d->sum +=
            (double)stereo[2 * i] * stereo[2 * i] + (double)stereo[2 * i + 1] * stereo[2 * i + 1];
        if (++d->heard % WINDOW == 0)
            window_end(d);
    }
}

static double threshold_of(const struct duck *d)
{
    double loudest = 0;

    for (int64_t i = 0; i < d->window_count; i++)
        loudest = fmax(loudest, d->power[i]);
    return fmax(loudest * below_loudest, floor_power);
}

void duck_plan(struct duck *d)
{
    struct span *last = NULL;
    size_t capacity = 0;

    if (d->heard % WINDOW)
        window_end(d);
    double threshold = threshold_of(d);
    for (int64_t i = 0; i < d->window_count; i++) {
        if (d->power[i] <= threshold)
            continue;
        struct span here = { i * WINDOW, (i + 1) * WINDOW };
        if (last && here.from - last->to < DUCK_PAUSE)
            last->to = here.to;
        else
            array_push(d->arena, d->spans, d->span_count, capacity, here);
        last = &d->spans[d->span_count - 1];
    }
}

/* ---- the gain ----------------------------------------------------------------------------- */

/* How far down, 0..1, at a sample before which every span has long ended but this one. */
static double depth(const struct span *s, int64_t at)
{
    if (at < s->from - DUCK_DOWN || at >= s->to + DUCK_UP)
        return 0;
    if (at < s->from)
        return 0.5 - 0.5 * cos(M_PI * (double)(at - (s->from - DUCK_DOWN)) / DUCK_DOWN);
    if (at < s->to)
        return 1;
    return 0.5 + 0.5 * cos(M_PI * (double)(at - s->to) / DUCK_UP);
}

/* The first span whose music is not up again before `at`. */
static size_t span_at(const struct duck *d, int64_t at)
{
    size_t low = 0, high = d->span_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (d->spans[middle].to + DUCK_UP <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void duck_gains(const struct duck *d, int64_t at, int count, float *out)
{
    static const double decibel = M_LN10 / 20;
    size_t k = span_at(d, at);

    for (int i = 0; i < count; i++) {
        if (k < d->span_count && at + i >= d->spans[k].to + DUCK_UP)
            k++;
        double down = k < d->span_count ? depth(&d->spans[k], at + i) : 0;
        out[i] = down > 0 ? (float)exp(DUCK_DB * decibel * down) : 1;
    }
}
