/* A queue that fails once, at a chosen call; store_flaky.c tells the story. */
#include "queue/queue_driver.h"

static struct queue_flaky *self(struct queue *q)
{
    return (struct queue_flaky *)q;
}

static bool fails_now(struct queue_flaky *f)
{
    return __atomic_add_fetch(&f->calls, 1, __ATOMIC_RELAXED) == f->fail_at;
}

static enum err lost(struct task *t, const struct queue_flaky *f)
{
    if (f->end)
        f->end();
    return fail(t, f->error, "call %d to the queue was made to fail", f->fail_at);
}

static enum err flaky_push(struct queue *q, struct task *t, enum queue_lane lane, const char *key,
                           int64_t due_us)
{
    struct queue_flaky *f = self(q);
    bool fails = fails_now(f);
    if (fails && !f->after)
        return lost(t, f);
    enum err e = f->under->driver->push(f->under, t, lane, key, due_us);
    return fails ? lost(t, f) : e;
}

static enum err flaky_claim(struct queue *q, struct task *t, enum queue_lane lane, int64_t lease_us,
                            struct queue_message *out)
{
    struct queue_flaky *f = self(q);
    bool fails = fails_now(f);
    if (fails && !f->after)
        return lost(t, f);
    struct queue_message unseen;
    enum err e = f->under->driver->claim(f->under, t, lane, lease_us, fails ? &unseen : out);
    return fails ? lost(t, f) : e;
}

static enum err flaky_renew(struct queue *q, struct task *t, const struct queue_message *m,
                            int64_t lease_us)
{
    struct queue_flaky *f = self(q);
    bool fails = fails_now(f);
    if (fails && !f->after)
        return lost(t, f);
    enum err e = f->under->driver->renew(f->under, t, m, lease_us);
    return fails ? lost(t, f) : e;
}

static enum err flaky_finish(struct queue *q, struct task *t, const struct queue_message *m)
{
    struct queue_flaky *f = self(q);
    bool fails = fails_now(f);
    if (fails && !f->after)
        return lost(t, f);
    enum err e = f->under->driver->finish(f->under, t, m);
    return fails ? lost(t, f) : e;
}

static enum err flaky_give_back(struct queue *q, struct task *t, const struct queue_message *m,
                                int64_t due_us)
{
    struct queue_flaky *f = self(q);
    bool fails = fails_now(f);
    if (fails && !f->after)
        return lost(t, f);
    enum err e = f->under->driver->give_back(f->under, t, m, due_us);
    return fails ? lost(t, f) : e;
}

static enum err flaky_next_due(struct queue *q, struct task *t, enum queue_lane lane,
                               int64_t *out_us)
{
    struct queue_flaky *f = self(q);
    if (fails_now(f))
        return lost(t, f);
    return f->under->driver->next_due(f->under, t, lane, out_us);
}

static enum err flaky_stats(struct queue *q, struct task *t, enum queue_lane lane,
                            struct queue_stats *out)
{
    struct queue_flaky *f = self(q);
    if (fails_now(f))
        return lost(t, f);
    return f->under->driver->stats(f->under, t, lane, out);
}

static void flaky_close(struct queue *q)
{
    (void)q;       /* the queue below is borrowed */
}

static const struct queue_driver flaky_driver = {
    .name      = "flaky",
    .push      = flaky_push,
    .claim     = flaky_claim,
    .renew     = flaky_renew,
    .finish    = flaky_finish,
    .give_back = flaky_give_back,
    .next_due  = flaky_next_due,
    .stats     = flaky_stats,
    .close     = flaky_close,
};

struct queue *queue_flaky_init(struct queue_flaky *f, struct queue *under, int fail_at,
                               enum err error)
{
    *f = (struct queue_flaky){
        .queue = { &flaky_driver }, .under = under, .fail_at = fail_at, .error = error,
    };
    return &f->queue;
}
