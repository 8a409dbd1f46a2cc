#pragma once

/*
 * A look-ahead limiter: what would go over the ceiling is turned down a moment before it comes,
 * smoothly, and let up again slowly. Sound that stays under the ceiling passes bit for bit.
 */

#include "base/task.h"

enum { LIMITER_DELAY = 264 };         /* samples: what goes in comes out this much later */

struct limiter;

/* `ceiling` is a true peak, linear: 0.891 for -1 dB. Lives in t->arena. */
struct limiter *limiter_new(struct task *t, double ceiling);

/* In place, any number of stereo samples. */
void limiter_run(struct limiter *l, float *stereo, int count);
