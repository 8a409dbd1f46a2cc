#pragma once

/*
 * What may happen to projects and scenes, as a table: anything not listed is a CONFLICT.
 *
 *     pending -> processing -> completed | failed;  failed -> processing on retry;
 *     completed -> processing when something is made again
 *
 * A project at rest is
 *     completed   when it has a film. An edit afterwards does not change that: the film's own state
 *                 says that it is stale, and why. Neither does filming single scenes.
 *     failed      when the last thing asked for failed; `problem` says why
 *     pending     when it has no film and nothing is under way: it was just made, its scenes were
 *                 drafted, some of them filmed, or making it was cancelled
 */

#include "store/records.h"

enum flow_event {
    EVENT_START = 1,
    EVENT_COMPLETE, /* at rest, with a film */
    EVENT_FAIL,
    EVENT_REST, /* at rest, without one */
};

/* The status after `event`, or CONFLICT with a sentence naming both. `what` is "project" or "scene
 * 3". */
enum err status_after(struct task *t, const char *what, int status, enum flow_event event,
                      int *out);
