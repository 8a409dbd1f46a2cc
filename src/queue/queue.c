/*
 * The front door: keys, lanes and lengths of time are checked here once, and "now" is read from the
 * task's clock.
 */
#include "queue/queue_driver.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

const char *const queue_lane_names[LANE_COUNT] = { NULL, "light", "cpu", "wait" };

static enum err check_lane(struct task *t, enum queue_lane lane)
{
    if (lane < LANE_LIGHT || lane >= LANE_COUNT)
        return fail(t, ERR_INVALID, "there is no lane %d", (int)lane);
    return task_over(t);
}

static enum err check_key(struct task *t, const char *key)
{
    size_t bytes = key ? strlen(key) : 0;
    if (bytes == 0 || bytes > KEY_BYTES_MAX || !text_is_clean_utf8(key, bytes) ||
        strpbrk(key, "\t\r\n"))
        return fail(t, ERR_INVALID, "the key of a message must be 1 to %d bytes of plain text",
                    KEY_BYTES_MAX);
    return OK;
}

static enum err check_lease(struct task *t, int64_t lease_us)
{
    if (lease_us < 1 || lease_us > LEASE_US_MAX)
        return fail(t, ERR_INVALID, "a lease of %lld us is not between 1 us and a day",
                    (long long)lease_us);
    return OK;
}

static enum err check_message(struct task *t, const struct queue_message *m)
{
    enum err e = check_key(t, m->key);
    if (!e && m->receipt < 1)
        e = fail(t, ERR_INVALID, "the message %s was not claimed", m->key);
    return e ? e : check_lane(t, m->lane);
}

static enum err check_due(struct task *t, int64_t *due_us)
{
    if (*due_us < 0)
        return fail(t, ERR_INVALID, "a message cannot be due at %lld", (long long)*due_us);
    if (*due_us == 0)
        *due_us = clock_wall_us(t->clock);
    return OK;
}

enum err queue_push(struct queue *q, struct task *t, enum queue_lane lane, const char *key,
                    int64_t due_us)
{
    enum err e = check_key(t, key);
    if (!e)
        e = check_due(t, &due_us);
    if (!e)
        e = check_lane(t, lane);
    return e ? e : q->driver->push(q, t, lane, key, due_us);
}

enum err queue_claim(struct queue *q, struct task *t, enum queue_lane lane, int64_t lease_us,
                     struct queue_message *out)
{
    enum err e = check_lease(t, lease_us);
    if (!e)
        e = check_lane(t, lane);
    return e ? e : q->driver->claim(q, t, lane, lease_us, out);
}

enum err queue_renew(struct queue *q, struct task *t, const struct queue_message *m,
                     int64_t lease_us)
{
    enum err e = check_lease(t, lease_us);
    if (!e)
        e = check_message(t, m);
    return e ? e : q->driver->renew(q, t, m, lease_us);
}

enum err queue_finish(struct queue *q, struct task *t, const struct queue_message *m)
{
    enum err e = check_message(t, m);
    return e ? e : q->driver->finish(q, t, m);
}

enum err queue_give_back(struct queue *q, struct task *t, const struct queue_message *m,
                         int64_t due_us)
{
    enum err e = check_due(t, &due_us);
    if (!e)
        e = check_message(t, m);
    return e ? e : q->driver->give_back(q, t, m, due_us);
}

enum err queue_next_due(struct queue *q, struct task *t, enum queue_lane lane, int64_t *out_us)
{
    enum err e = check_lane(t, lane);
    return e ? e : q->driver->next_due(q, t, lane, out_us);
}

enum err queue_stats(struct queue *q, struct task *t, enum queue_lane lane, struct queue_stats *out)
{
    enum err e = check_lane(t, lane);
    return e ? e : q->driver->stats(q, t, lane, out);
}

enum err queue_check(struct queue *q, struct task *t)
{
    struct queue_stats stats;
    enum err e = queue_stats(q, t, LANE_LIGHT, &stats);
    return e || !q->driver->check ? e : q->driver->check(q, t);
}

void queue_listen(struct queue *q, const struct queue_ear *ear)
{
    if (q->driver->listen)
        q->driver->listen(q, ear);
}

void queue_idle(struct queue *q, enum queue_lane lane, int change)
{
    if (q->driver->idle)
        q->driver->idle(q, lane, change);
}

void queue_close(struct queue *q)
{
    if (q)
        q->driver->close(q);
}

enum err fail_nothing_due(struct task *t)
{
    return fail(t, ERR_NOT_FOUND, "no message is due");
}

enum err fail_lease_lost(struct task *t, const struct queue_message *m)
{
    return fail(t, ERR_CONFLICT, "the lease on %s has passed to another worker", m->key);
}
