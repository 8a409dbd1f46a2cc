#pragma once

/*
 * A Redis server, and one script that is run there. Connections are made when they are needed and
 * kept for the next call; one that broke, or leads to a node that may not write (any more), is made
 * anew and the call repeated once, so what a script does must bear being done twice.
 *
 * Errors   UNAVAILABLE the server cannot be reached, is loading or may not write; AUTH it wants
 *          another password; INTERNAL it finds fault with the script
 * Threads  any; a connection serves one call at a time
 */

#include <hiredis/hiredis.h>

#include "base/scoped.h"
#include "base/task.h"

struct redis_place {
    const char *host;
    int         port, database;
    const char *user, *password;      /* "" for none */
    const char *name;                 /* what all keys begin with: several queues on one server */
};

/*
 * redis://[[user]:password@]host[:port][/database][?name=NAME], percent escapes as in any URL. A
 * password that should not be seen in the URL is taken from `password` (NULL: none). INVALID says
 * what is wrong, and never repeats the password.
 */
enum err redis_place_read(struct task *t, const char *url, const char *password,
                          struct redis_place *out);

struct redis_link;

/* `script` is borrowed for ever; nothing is connected yet. */
struct redis_link *redis_link_new(const struct redis_place *place, const char *script);
void redis_link_free(struct redis_link *l); /* NULL is fine */

struct redis_call {
    const char *const *keys, *const *arguments; /* zero-ended texts */
    int key_count, argument_count;
};

/* The script's answer; *out is the caller's: scoped(redis_reply). */
enum err redis_link_run(struct redis_link *l, struct task *t, const struct redis_call *call,
                        redisReply **out);

/* A connection for who listens, greeted and the caller's: redisFree(). */
enum err redis_link_connect(struct redis_link *l, struct task *t, redisContext **out);

static inline void redis_reply_scoped(redisReply **reply)
{
    if (*reply)
        freeReplyObject(*reply);
}
