/*
 * Between two samples the wave is a weighted sum of its neighbours (a windowed sinc); three places
 * between them are looked at. The sums are laid out so that the compiler works on eight samples at
 * once.
 */
#include "media/true_peak.h"

#include <math.h>
#include <string.h>

enum { PLACES = 3, TAPS = 2 * TRUE_PEAK_DELAY };

struct true_peak {
    float weights[PLACES][TAPS];
    /* a channel each: the last TAPS samples, then the block */
    float rows[2][TAPS + TRUE_PEAK_BLOCK_MAX];
    float sums[TRUE_PEAK_BLOCK_MAX];
};

struct true_peak *true_peak_new(struct task *t)
{
    struct true_peak *p = arena_one(t->arena, struct true_peak);
    for (int place = 0; place < PLACES; place++) {
        double total = 0;
        for (int k = 0; k < TAPS; k++) {
            /* from the place to the sample */
            double x = k - (TRUE_PEAK_DELAY - 1) - (place + 1) / 4.0;
            double window = 0.5 + 0.5 * cos(M_PI * x / TRUE_PEAK_DELAY);
            p->weights[place][k] = (float)(sin(M_PI * x) / (M_PI * x) * window);
            total += p->weights[place][k];
        }
        for (int k = 0; k < TAPS; k++)
            p->weights[place][k] /= (float)total;
    }
    return p;
}

static void heights_at_samples(const float *row, int count, float *heights)
{
    for (int i = 0; i < count; i++) {
        float height = fabsf(row[i + TAPS - TRUE_PEAK_DELAY]);
        heights[i] = height > heights[i] ? height : heights[i];
    }
}

static void heights_between(struct true_peak *p, const float *row, int place, int count,
                            float *heights)
{
    memset(p->sums, 0, (size_t)count * sizeof *p->sums);
    for (int k = 0; k < TAPS; k++) {
        float weight = p->weights[place][k];
        const float *from = row + k + 1;
        for (int i = 0; i < count; i++)
            p->sums[i] += weight * from[i];
    }
    for (int i = 0; i < count; i++) {
        float height = fabsf(p->sums[i]);
        heights[i] = height > heights[i] ? height : heights[i];
    }
}

void true_peak_run(struct true_peak *p, const float *stereo, int count, float *out_heights)
{
    memset(out_heights, 0, (size_t)count * sizeof *out_heights);
    for (int c = 0; c < 2; c++) {
        float *row = p->rows[c];
        for (int i = 0; i < count; i++)
            row[TAPS + i] = stereo[2 * i + c];
        heights_at_samples(row, count, out_heights);
        for (int place = 0; place < PLACES; place++)
            heights_between(p, row, place, count, out_heights);
        memmove(row, row + count, TAPS * sizeof *row);
    }
}
