/* The Hann window makes neighbouring bins overlap enough that a note between two bins is not
 * lost. */
#include "media/spectrum.h"

#include <libavutil/mem.h>
#include <libavutil/tx.h>
#include <math.h>

struct spectrum {
    int           size;
    AVTXContext  *context;
    av_tx_fn      transform;
    float        *window;            /* av_malloc: the transform wants aligned memory */
    float        *windowed;
    AVComplexFloat *bins;            /* size / 2 + 1 */
};

enum err spectrum_new(struct task *t, int size, struct spectrum **out)
{
    struct spectrum *s = arena_one(t->arena, struct spectrum);
    float scale = 1;

    s->size = size;
    if (av_tx_init(&s->context, &s->transform, AV_TX_FLOAT_RDFT, 0, size, &scale, 0) < 0)
        return fail(t, ERR_INTERNAL, "no spectrum of %d samples", size);
    s->window   = av_malloc_array((size_t)size, sizeof *s->window);
    s->windowed = av_malloc_array((size_t)size, sizeof *s->windowed);
    s->bins     = av_malloc_array((size_t)size / 2 + 1, sizeof *s->bins);
    if (!s->window || !s->windowed || !s->bins) {
        spectrum_free(s);
        return fail(t, ERR_INTERNAL, "no memory for a spectrum");
    }
    /* 4 / size: a sine of amplitude 1 has half its height in each half, and the window halves it
     * again. */
    for (int i = 0; i < size; i++)
        s->window[i] = (float)((0.5 - 0.5 * cos(2 * M_PI * i / size)) * 4 / size);
    *out = s;
    return OK;
}

void spectrum_free(struct spectrum *s)
{
    if (!s)
        return;
    av_tx_uninit(&s->context);
    av_freep(&s->window);
    av_freep(&s->windowed);
    av_freep(&s->bins);
}

void spectrum_power(struct spectrum *s, const float *samples, float *out_power)
{
    for (int i = 0; i < s->size; i++)
        s->windowed[i] = samples[i] * s->window[i];
    s->transform(s->context, s->bins, s->windowed, sizeof(float));
    for (int i = 0; i < s->size / 2; i++)
        out_power[i] = s->bins[i].re * s->bins[i].re + s->bins[i].im * s->bins[i].im;
}
