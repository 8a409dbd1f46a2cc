#pragma once

/*
 * How each kind of artifact is made: claim -> read the records -> is it still wanted -> is it in
 * the cache -> make -> publish. A step is idempotent: run twice it gives the same blobs under the
 * same keys.
 */

#include "flow/jobs.h"

/*
 * Run one attempt of a claimed job and publish its result. On failure the fault is in t and the job
 * is still claimed: the worker gives it up. `progress` may be NULL.
 */
enum err step_run(const struct flow *f, struct task *t, struct claimed_job *c,
                  media_progress *progress);
