#pragma once

/*
 * A program that says credentials: `credential_process` of a profile. Inside the room only.
 *
 * It is started by itself and never by a shell: its line is split into words at blanks, what stands
 * in quotes of either kind is one word, and outside single quotes a backslash takes the next
 * character as it is. Nothing else means anything: no variables, no ~, no pipes.
 *
 * Source  "Process credential provider", AWS SDKs and Tools Reference Guide
 */

#include "base/file.h"
#include "base/task.h"

#define AWS_PROCESS_US (60 * SECOND_US)

/* The words of a line, ending with NULL, in t->arena; INVALID a quote without its end, no word. */
enum err aws_process_words(struct task *t, const char *line, char ***out);

/*
 * What the program wrote to its standard output; its other words go where ours go. It is given
 * limit_us, and no longer than the task has: then it ends with all that it started.
 *
 * Errors  INVALID as above; AUTH it cannot be started or says that it failed; LIMIT it says too
 *         much; TIMEOUT, CANCELLED
 */
enum err aws_process_run(struct task *t, const char *line, int64_t limit_us, struct bytes *out);
