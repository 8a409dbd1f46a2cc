#pragma once

/*
 * A store that several processes share tells each of them what the others have changed: what event
 * streams of a server are fed from when the work is done elsewhere.
 *
 * Every process collects the projects its own writes have changed and adds them to the store a few
 * times a second; those that listen read what was added, once a second. So a change is heard within
 * FEED_SEND_US + FEED_LOOK_US and the store's own time. It is news, not truth: a process that dies
 * may take the last quarter second of its news along, and nothing but event streams may depend on
 * it.
 *
 *     news      CHANGES#seconds/10   ulid#worker   which projects; forgotten after an hour
 *
 * Clocks of the machines may differ by FEED_SKEW_S seconds; beyond that news is missed.
 */

#include "store/store_watch.h"

struct store_feed;

#define FEED_SEND_US (SECOND_US / 4)
#define FEED_LOOK_US SECOND_US
enum { FEED_SKEW_S = 10 };

/*
 * A store in place of `under` (taken; closed with it, and at once on failure) whose changes are
 * told to the others. `worker` names this process. *out_feed ends with the store.
 */
enum err store_feed_open(struct task *t, struct store *under, const char *worker,
                         struct store **out, struct store_feed **out_feed);

/*
 * From now on the listener hears what others change, as writes of a project's METADATA or of one of
 * its records, without documents; called from one thread.
 */
void store_feed_listen(struct store_feed *f, store_listener *listener, void *context);

/* Both halves at once, without waiting: for tests, and before leaving. */
enum err store_feed_send(struct store_feed *f, struct task *t);
enum err store_feed_look(struct store_feed *f, struct task *t);
