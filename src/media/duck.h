#pragma once

/*
 * Music that steps back while somebody speaks.
 *
 * All speech is heard first. From then on the gain of what plays under it is known for every sample
 * of the film: DUCK_DB while somebody speaks, on half cosines (of decibels) down to it just before
 * the first sound and up again right after the last. Breath between words is part of the speech, so
 * that the music does not pump.
 */

#include "base/task.h"

#define DUCK_DB (-11.0)
enum {
    DUCK_DOWN = 7200,   /* 0.15 s, over when the speech begins */
    DUCK_UP = 19200,    /* 0.40 s, from where it ends */
    DUCK_PAUSE = 33600, /* 0.70 s: shorter silence is breath */
};

struct duck;

/* For a film of that many samples. */
struct duck *duck_new(struct task *t, int64_t samples);

/* The speech as it lies on the film, from its first sample on, in pieces of any size. */
void duck_hear(struct duck *d, const float *stereo, int count);

/* All of it was heard. */
void duck_plan(struct duck *d);

/* Factors for `count` samples of the film from `at` on. After duck_plan(); pure. */
void duck_gains(const struct duck *d, int64_t at, int count, float *out);
