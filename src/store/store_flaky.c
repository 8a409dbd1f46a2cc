/*
 * A store that fails once, at a chosen call: before the call reaches the store below, or after it
 * was done there and only the answer is lost (for a call that only reads, the two are one). Whoever
 * is above must cope with both; and with a pause there, in which others may do anything.
 */
#include "store/store_driver.h"

static struct store_flaky *self(struct store *s)
{
    return (struct store_flaky *)s;
}

static bool strikes_now(struct store_flaky *f)
{
    return __atomic_add_fetch(&f->calls, 1, __ATOMIC_RELAXED) == f->fail_at;
}

static enum err lost(struct task *t, const struct store_flaky *f)
{
    if (f->end)
        f->end();
    return fail(t, f->error, "call %d to the store was made to fail", f->fail_at);
}

/* What the chosen call meets. */
static enum err meet(struct task *t, const struct store_flaky *f, bool strikes)
{
    if (!strikes)
        return OK;
    if (!f->pause)
        return lost(t, f);
    f->pause();
    return OK;
}

static enum err flaky_get(struct store *s, struct task *t, const char *pk, const char *sk,
                          struct item *out)
{
    struct store_flaky *f = self(s);
    enum err e = meet(t, f, strikes_now(f));
    return e ? e : f->under->driver->get(f->under, t, pk, sk, out);
}

static enum err flaky_write(struct store *s, struct task *t, const struct item_write *writes,
                            size_t count)
{
    struct store_flaky *f = self(s);
    bool strikes = strikes_now(f);
    enum err e = meet(t, f, strikes && !f->after);
    if (e)
        return e;
    e = f->under->driver->write(f->under, t, writes, count);
    enum err met = meet(t, f, strikes && f->after);
    return met ? met : e;
}

static enum err flaky_list(struct store *s, struct task *t, const struct store_query *query,
                           struct item **out, size_t *out_count)
{
    struct store_flaky *f = self(s);
    enum err e = meet(t, f, strikes_now(f));
    return e ? e : f->under->driver->list(f->under, t, query, out, out_count);
}

static enum err flaky_list_index(struct store *s, struct task *t,
                                 const struct store_index_query *query, struct item **out,
                                 size_t *out_count)
{
    struct store_flaky *f = self(s);
    enum err e = meet(t, f, strikes_now(f));
    return e ? e : f->under->driver->list_index(f->under, t, query, out, out_count);
}

static enum err flaky_walk(struct store *s, struct task *t, const struct item *after,
                           int64_t limit, struct item **out, size_t *out_count)
{
    struct store_flaky *f = self(s);
    enum err e = meet(t, f, strikes_now(f));
    return e ? e : f->under->driver->walk(f->under, t, after, limit, out, out_count);
}

static void flaky_close(struct store *s)
{
    (void)s;       /* the store below is borrowed */
}

static const struct store_driver flaky_driver = {
    .name       = "flaky",
    .get        = flaky_get,
    .write      = flaky_write,
    .list       = flaky_list,
    .list_index = flaky_list_index,
    .walk       = flaky_walk,
    .close      = flaky_close,
};

struct store *store_flaky_init(struct store_flaky *f, struct store *under, int fail_at,
                               enum err error)
{
    *f = (struct store_flaky){
        .store = { &flaky_driver }, .under = under, .fail_at = fail_at, .error = error,
    };
    return &f->store;
}
