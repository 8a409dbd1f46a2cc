#pragma once

/*
 * ULIDs: 26 characters that sort by time of making; the names of projects, jobs and ledger rows.
 * Source  github.com/ulid/spec: 48 bits of milliseconds, 80 random bits, Crockford base 32.
 */

#include <stdbool.h>

#include "base/task.h"

/* in t->arena; time from t->clock, randomness from the kernel */
char *ulid_new(struct task *t);
bool  ulid_is(const char *text);
