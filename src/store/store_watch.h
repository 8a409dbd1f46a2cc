#pragma once

/*
 * A store that tells one listener of every change it has made: what event streams are fed from.
 *
 * The listener is called in the writer's thread, after the write is durable and before the writer
 * learns of it; it must be quick, must not write to the store, and borrows what it is given.
 */

#include "store/store.h"

typedef void store_listener(void *context, const struct item_write *writes, size_t count);

/* Takes `under`, which is closed with it (and at once on failure). */
enum err store_watch_open(struct task *t, struct store *under, store_listener *listener,
                          void *context, struct store **out);
