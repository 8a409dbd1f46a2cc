#pragma once

/*
 * How high the wave goes between its samples, which is what a converter will make of it.
 * Source  ITU-R BS.1770-5, annex 2: four times oversampling.
 */

#include "base/task.h"

enum { TRUE_PEAK_BLOCK_MAX = 1024, TRUE_PEAK_DELAY = 6 };

struct true_peak;

struct true_peak *true_peak_new(struct task *t);

/*
 * For each of `count` <= TRUE_PEAK_BLOCK_MAX stereo samples, the larger channel's height at the
 * sample TRUE_PEAK_DELAY before it and up to the next; linear, 1 is full scale.
 */
void true_peak_run(struct true_peak *p, const float *stereo, int count, float *out_heights);
