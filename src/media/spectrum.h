#pragma once

/* The power spectrum of short windows of sound: a real transform (libavutil's) behind a Hann
 * window. */

#include "base/task.h"

struct spectrum;

/* `size` is a power of two, 64..16384. Lives in t->arena; its transform is freed by
 * spectrum_free(). */
enum err spectrum_new(struct task *t, int size, struct spectrum **out);
void     spectrum_free(struct spectrum *s);                        /* NULL is fine */
static inline void spectrum_scoped(struct spectrum **s) { spectrum_free(*s); }

/*
 * Power of size / 2 bins (0 is the constant, bin k is k * rate / size). `samples` has `size` of
 * them. A full-scale sine gives about 1 at its bin, whatever the size.
 */
void spectrum_power(struct spectrum *s, const float *samples, float *out_power);
