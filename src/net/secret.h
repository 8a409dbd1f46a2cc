#pragma once

/*
 * A key. What it says can be sent to the service it belongs to and nothing else: there is no way to
 * its text but through the calls of this room, which also blank it out of whatever is answered, so
 * it cannot reach a log line, a message, a record or a reply.
 *
 * Kept in a page of its own that is left out of core dumps, and wiped when it is freed.
 * Threads  any once made
 */

#include "base/task.h"

enum { SECRET_BYTES_MAX = 8000 }; /* session tokens of AWS: some 4,000 */

struct secret;

/* INVALID when it is empty, too long or holds what no header may hold; `name` is what it is
 * called. */
enum err secret_new(struct task *t, const char *name, const char *text, struct secret **out);
void secret_free(struct secret *s); /* NULL is fine */
