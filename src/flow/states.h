#pragma once

/*
 * What may happen to projects and scenes, as a table: anything not listed is a CONFLICT.
 *
 *     pending -> processing -> completed | failed;  failed -> processing on retry;
 *     completed -> processing when something is made again
 */

#include "store/records.h"

enum flow_event { EVENT_START = 1, EVENT_COMPLETE, EVENT_FAIL };

/* The status after `event`, or CONFLICT with a sentence naming both. `what` is "project" or "scene
 * 3". */
enum err status_after(struct task *t, const char *what, int status, enum flow_event event,
                      int *out);
