/*
 * Three steps a sample. The gain a peak needs is held over the whole look-ahead before it (a
 * sliding minimum); it may rise again only slowly; and its mean over the look-ahead is what is
 * applied. Every value in that mean is at most what the peak needs, so the mean is too, and yet it
 * never jumps.
 */
#include "media/limiter.h"

#include <math.h>
#include <string.h>

#include "media/media.h"
#include "media/true_peak.h"

enum {
    LOOK       = 240,                             /* 5 ms */
    /* a peak between samples is made by those around it */
    MARGIN     = 2 * TRUE_PEAK_DELAY,
    HOLD       = LIMITER_DELAY + 1,
    RING       = 512,                             /* a power of two, more than any window here */
    RELEASE_MS = 120,
};
_Static_assert(LIMITER_DELAY == LOOK + 2 * MARGIN, "the header says what the windows add up to");

struct limiter {
    double            ceiling, release;
    struct true_peak *peak;
    float             sound[2 * RING];            /* the last RING samples */
    /* held and released, the last LOOK of which are averaged */
    double            gains[RING];
    double            sum;                        /* of those */
    double            gain;                       /* the newest */
    struct {
        int64_t at;
        double  need;
    /* rising needs: the first is the minimum of the window */
    } held[RING];
    int               held_first, held_count;
    int64_t           now;
};

struct limiter *limiter_new(struct task *t, double ceiling)
{
    struct limiter *l = arena_one(t->arena, struct limiter);

    *l = (struct limiter){
        .ceiling = ceiling, .peak = true_peak_new(t), .gain = 1, .sum = LOOK,
        .release = 1 - exp(-1000.0 / (RELEASE_MS * (double)SOUND_RATE_HZ)),
    };
    for (int i = 0; i < RING; i++)
        l->gains[i] = 1;
    return l;
}

/* The least gain any peak of the last HOLD samples needs. */
static double hold(struct limiter *l, double need)
{
    while (l->held_count > 0 && l->held[(l->held_first + l->held_count - 1) % RING].need >= need)
        l->held_count--;
    int last = (l->held_first + l->held_count++) % RING;
    l->held[last].at   = l->now;
    l->held[last].need = need;
    if (l->held[l->held_first].at <= l->now - HOLD) {
        l->held_first = (l->held_first + 1) % RING;
        l->held_count--;
    }
    return l->held[l->held_first].need;
}

static double smooth(struct limiter *l, double held)
{
    l->gain = held < l->gain ? held : l->gain + (held - l->gain) * l->release;
    if (l->gain > 1 - 1e-9)
        l->gain = 1;
    l->sum += l->gain - l->gains[(l->now - LOOK) & (RING - 1)];
    l->gains[l->now & (RING - 1)] = l->gain;
    if (l->gain == 1 && l->sum > LOOK - 1e-6)
        l->sum = LOOK;                            /* exactly, and rounding never adds up */
    return l->sum / LOOK;
}

static void limit_one(struct limiter *l, float *stereo, float height)
{
    double need = height > l->ceiling ? l->ceiling / height : 1;
    double gain = smooth(l, hold(l, need));
    float *in  = &l->sound[2 * (l->now & (RING - 1))];
    float *out = &l->sound[2 * ((l->now - LIMITER_DELAY) & (RING - 1))];

    in[0] = stereo[0];
    in[1] = stereo[1];
    stereo[0] = (float)(out[0] * gain);
    stereo[1] = (float)(out[1] * gain);
    l->now++;
}

void limiter_run(struct limiter *l, float *stereo, int count)
{
    float heights[TRUE_PEAK_BLOCK_MAX];

    while (count > 0) {
        int some = count < TRUE_PEAK_BLOCK_MAX ? count : TRUE_PEAK_BLOCK_MAX;
        true_peak_run(l->peak, stereo, some, heights);
        for (int i = 0; i < some; i++)
            limit_one(l, stereo + 2 * i, heights[i]);
        stereo += 2 * some;
        count -= some;
    }
}
