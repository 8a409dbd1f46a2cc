#pragma once

/* FFmpeg's error numbers and log lines, turned into ours; they never leave the room. */

#include "base/task.h"

/*
 * `doing` is a verb with its object, "read the clip". Broken or unknown data is MEDIA, refused
 * memory LIMIT, a full disk FULL, an interrupted read what task_over() says, anything else MEDIA
 * too: the file is the likeliest cause. The last complaint FFmpeg logged on this thread is added to
 * the sentence and forgotten.
 */
enum err err_from_av(struct task *t, int rc, const char *doing);

/* Keep FFmpeg off standard error: its complaints are remembered for err_from_av() instead. Cheap,
 * repeatable. */
void av_log_to_faults(void);
