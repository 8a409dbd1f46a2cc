/* A blob store that fails once, at a chosen call; store_flaky.c tells the story. */
#include "blob/blob_driver.h"

#include <fcntl.h>

static struct blob_flaky *self(struct blob_store *b)
{
    return (struct blob_flaky *)b;
}

static bool fails_now(struct blob_flaky *f)
{
    return __atomic_add_fetch(&f->calls, 1, __ATOMIC_RELAXED) == f->fail_at;
}

static enum err lost(struct task *t, const struct blob_flaky *f)
{
    if (f->end)
        f->end();
    return fail(t, f->error, "call %d to the file store was made to fail", f->fail_at);
}

static enum err flaky_draft(struct blob_store *b, struct task *t, struct draft *out)
{
    struct blob_flaky *f = self(b);
    if (fails_now(f))
        return lost(t, f);
    return f->under->driver->draft(f->under, t, out);
}

/*
 * When the answer is lost the caller still has its draft, as with a remote store: a second
 * descriptor of it.
 */
static enum err flaky_put(struct blob_store *b, struct task *t, const char *key,
                          struct draft *draft)
{
    struct blob_flaky *f = self(b);
    bool fails = fails_now(f);
    if (fails && !f->after)
        return lost(t, f);
    scoped(fd) int kept = fails ? fcntl(draft->fd, F_DUPFD_CLOEXEC, 0) : -1;
    enum err e = f->under->driver->put(f->under, t, key, draft);
    if (!fails)
        return e;
    if (!e)
        *draft = (struct draft){ .fd = fd_take(&kept) };
    return lost(t, f);
}

static enum err flaky_open(struct blob_store *b, struct task *t, const char *key, int *out_fd)
{
    struct blob_flaky *f = self(b);
    if (fails_now(f))
        return lost(t, f);
    return f->under->driver->open(f->under, t, key, out_fd);
}

static enum err flaky_stat(struct blob_store *b, struct task *t, const char *key,
                           struct blob_info *out)
{
    struct blob_flaky *f = self(b);
    if (fails_now(f))
        return lost(t, f);
    return f->under->driver->stat(f->under, t, key, out);
}

static enum err flaky_list(struct blob_store *b, struct task *t, const char *prefix,
                           struct blob_info **out, size_t *out_count)
{
    struct blob_flaky *f = self(b);
    if (fails_now(f))
        return lost(t, f);
    return f->under->driver->list(f->under, t, prefix, out, out_count);
}

static enum err flaky_walk(struct blob_store *b, struct task *t, const char *after, size_t limit,
                           struct blob_info **out, size_t *out_count)
{
    struct blob_flaky *f = self(b);
    if (fails_now(f))
        return lost(t, f);
    return blob_walk(f->under, t, after, (int64_t)limit, out, out_count);
}

static enum err flaky_remove(struct blob_store *b, struct task *t, const char *key)
{
    struct blob_flaky *f = self(b);
    bool fails = fails_now(f);
    if (fails && !f->after)
        return lost(t, f);
    enum err e = f->under->driver->remove(f->under, t, key);
    return fails ? lost(t, f) : e;
}

static void flaky_close(struct blob_store *b)
{
    (void)b;       /* the store below is borrowed */
}

static const struct blob_driver flaky_driver = {
    .name   = "flaky",
    .draft  = flaky_draft,
    .put    = flaky_put,
    .open   = flaky_open,
    .stat   = flaky_stat,
    .list   = flaky_list,
    .remove = flaky_remove,
    .close  = flaky_close,
    .walk   = flaky_walk,
};

struct blob_store *blob_flaky_init(struct blob_flaky *f, struct blob_store *under, int fail_at,
                                   enum err error)
{
    *f = (struct blob_flaky){
        .store = { &flaky_driver }, .under = under, .fail_at = fail_at, .error = error,
    };
    return &f->store;
}
