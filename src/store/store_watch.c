/* Every call is passed on; a write that succeeded is told. */
#include "store/store_watch.h"

#include <stdlib.h>

#include "store/store_driver.h"

struct watched {
    struct store store;
    struct store *under;
    store_listener *listener;
    void *context;
};

static struct watched *watched(struct store *s)
{
    return (struct watched *)s;
}

static enum err watch_get(struct store *s, struct task *t, const char *pk, const char *sk,
                          struct item *out)
{
    return store_get(watched(s)->under, t, pk, sk, out);
}

static enum err watch_write(struct store *s, struct task *t, const struct item_write *writes,
                            size_t count)
{
    struct watched *w = watched(s);
    enum err e = store_write(w->under, t, writes, count);
    if (!e)
        w->listener(w->context, writes, count);
    return e;
}

static enum err watch_list(struct store *s, struct task *t, const struct store_query *query,
                           struct item **out, size_t *out_count)
{
    return store_list(watched(s)->under, t, query, out, out_count);
}

static enum err watch_list_index(struct store *s, struct task *t,
                                 const struct store_index_query *query, struct item **out,
                                 size_t *out_count)
{
    return store_list_index(watched(s)->under, t, query, out, out_count);
}

static enum err watch_walk(struct store *s, struct task *t, const struct item *after,
                           int64_t limit, struct item **out, size_t *out_count)
{
    return store_walk(watched(s)->under, t, after, limit, out, out_count);
}

static void watch_close(struct store *s)
{
    store_close(watched(s)->under);
    free(s);
}

static const struct store_driver watch_driver = {
    .name = "watch",
    .get = watch_get,
    .write = watch_write,
    .list = watch_list,
    .list_index = watch_list_index,
    .walk = watch_walk,
    .close = watch_close,
};

enum err store_watch_open(struct task *t, struct store *under, store_listener *listener,
                          void *context, struct store **out)
{
    struct watched *w = calloc(1, sizeof *w);
    if (!w) {
        store_close(under);
        return fail(t, ERR_INTERNAL, "there is no memory for watching the store");
    }
    *w = (struct watched){ { &watch_driver }, under, listener, context };
    *out = &w->store;
    return OK;
}
