/*
 * An unsorted array of messages behind one lock. One time tells the whole state of a message:
 * `visible_us` is when it may be claimed, its due time while it waits and the end of its lease
 * while it is leased.
 */
#include "queue/queue_driver.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct message {
    char           *key;
    enum queue_lane lane;
    int64_t         order;           /* of pushing */
    int64_t         visible_us;
    int64_t         again_us;        /* pushed while leased: due then; INT64_MAX for not */
    int64_t         receipt;         /* 0 while it waits */
    int64_t         deliveries;
};

struct memory_queue {
    struct queue    queue;
    pthread_mutex_t lock;            /* guards all below */
    struct message *messages;
    size_t          count, capacity;
    int64_t         next_order, next_receipt;
};

static struct memory_queue *locked(struct queue *q)
{
    struct memory_queue *m = (struct memory_queue *)q;
    pthread_mutex_lock(&m->lock);
    return m;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static struct message *find(struct memory_queue *m, enum queue_lane lane, const char *key)
{
    for (size_t i = 0; i < m->count; i++) {
        if (m->messages[i].lane == lane && text_equal(m->messages[i].key, key))
            return &m->messages[i];
    }
    return NULL;
}

/* The message a lease is on, or NULL when it has passed on. */
static struct message *find_leased(struct memory_queue *m, const struct queue_message *lease)
{
    struct message *found = find(m, lease->lane, lease->key);
    return found && found->receipt == lease->receipt ? found : NULL;
}

static void append(struct memory_queue *m, enum queue_lane lane, const char *key, int64_t due_us)
{
    if (m->count == m->capacity) {
        m->capacity = m->capacity ? m->capacity * 2 : 32;
        m->messages = realloc(m->messages, m->capacity * sizeof *m->messages);
        if (!m->messages)
            abort();
    }
    m->messages[m->count++] = (struct message){
        .key = strdup(key),
        .lane = lane,
        .order = m->next_order++,
        .visible_us = due_us,
        .again_us = INT64_MAX,
    };
}

static enum err memory_push(struct queue *q, struct task *t, enum queue_lane lane, const char *key,
                            int64_t due_us)
{
    (void)t;
    struct memory_queue *m = locked(q);
    struct message *there = find(m, lane, key);
    if (!there)
        append(m, lane, key, due_us);
    else if (there->receipt)
        there->again_us = earlier(there->again_us, due_us);
    else
        there->visible_us = earlier(there->visible_us, due_us);
    pthread_mutex_unlock(&m->lock);
    return OK;
}

static bool comes_before(const struct message *a, const struct message *b)
{
    return a->visible_us != b->visible_us ? a->visible_us < b->visible_us : a->order < b->order;
}

static struct message *first_due(struct memory_queue *m, enum queue_lane lane, int64_t now_us)
{
    struct message *first = NULL;
    for (size_t i = 0; i < m->count; i++) {
        struct message *one = &m->messages[i];
        if (one->lane == lane && one->visible_us <= now_us && (!first || comes_before(one, first)))
            first = one;
    }
    return first;
}

static enum err memory_claim(struct queue *q, struct task *t, enum queue_lane lane,
                             int64_t lease_us, struct queue_message *out)
{
    int64_t now_us = clock_wall_us(t->clock);
    struct memory_queue *m = locked(q);
    struct message *due = first_due(m, lane, now_us);
    if (due) {
        due->visible_us = now_us + lease_us;
        due->again_us   = INT64_MAX;       /* what was pushed before this claim is answered by it */
        due->receipt    = ++m->next_receipt;
        due->deliveries++;
        *out = (struct queue_message){ .key = arena_copy(t->arena, due->key), .lane = lane,
                                       .receipt = due->receipt, .deliveries = due->deliveries };
    }
    pthread_mutex_unlock(&m->lock);
    return due ? OK : fail_nothing_due(t);
}

static enum err memory_renew(struct queue *q, struct task *t, const struct queue_message *lease,
                             int64_t lease_us)
{
    int64_t now_us = clock_wall_us(t->clock);
    struct memory_queue *m = locked(q);
    struct message *leased = find_leased(m, lease);
    if (leased)
        leased->visible_us = now_us + lease_us;
    pthread_mutex_unlock(&m->lock);
    return leased ? OK : fail_lease_lost(t, lease);
}

static void wait_until(struct message *one, int64_t due_us)
{
    one->visible_us = due_us;
    one->again_us   = INT64_MAX;
    one->receipt    = 0;
}

static void finish(struct memory_queue *m, struct message *leased)
{
    if (leased->again_us != INT64_MAX) {
        wait_until(leased, leased->again_us);
        leased->deliveries = 0;
        return;
    }
    free(leased->key);
    *leased = m->messages[--m->count];
}

static enum err memory_finish(struct queue *q, struct task *t, const struct queue_message *lease)
{
    struct memory_queue *m = locked(q);
    struct message *leased = find_leased(m, lease);
    if (leased)
        finish(m, leased);
    pthread_mutex_unlock(&m->lock);
    return leased ? OK : fail_lease_lost(t, lease);
}

static enum err memory_give_back(struct queue *q, struct task *t, const struct queue_message *lease,
                                 int64_t due_us)
{
    struct memory_queue *m = locked(q);
    struct message *leased = find_leased(m, lease);
    if (leased)
        wait_until(leased, earlier(leased->again_us, due_us));
    pthread_mutex_unlock(&m->lock);
    return leased ? OK : fail_lease_lost(t, lease);
}

static enum err memory_next_due(struct queue *q, struct task *t, enum queue_lane lane,
                                int64_t *out_us)
{
    (void)t;
    int64_t next_us = INT64_MAX;
    struct memory_queue *m = locked(q);
    for (size_t i = 0; i < m->count; i++) {
        if (m->messages[i].lane == lane)
            next_us = earlier(next_us, m->messages[i].visible_us);
    }
    pthread_mutex_unlock(&m->lock);
    *out_us = next_us;
    return OK;
}

static enum err memory_stats(struct queue *q, struct task *t, enum queue_lane lane,
                             struct queue_stats *out)
{
    int64_t now_us = clock_wall_us(t->clock);
    struct queue_stats stats = { .oldest_due_us = INT64_MAX };
    struct memory_queue *m = locked(q);
    for (size_t i = 0; i < m->count; i++) {
        const struct message *one = &m->messages[i];
        if (one->lane != lane)
            continue;
        if (one->receipt && one->visible_us > now_us) {
            stats.leased++;
            continue;
        }
        stats.waiting++;
        stats.oldest_due_us = earlier(stats.oldest_due_us, one->visible_us);
    }
    pthread_mutex_unlock(&m->lock);
    *out = stats;
    return OK;
}

static void memory_close(struct queue *q)
{
    struct memory_queue *m = (struct memory_queue *)q;
    for (size_t i = 0; i < m->count; i++)
        free(m->messages[i].key);
    free(m->messages);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

static const struct queue_driver memory_driver = {
    .name      = "memory",
    .push      = memory_push,
    .claim     = memory_claim,
    .renew     = memory_renew,
    .finish    = memory_finish,
    .give_back = memory_give_back,
    .next_due  = memory_next_due,
    .stats     = memory_stats,
    .close     = memory_close,
};

enum err queue_memory_open(struct task *t, struct queue **out)
{
    (void)t;
    struct memory_queue *m = calloc(1, sizeof *m);
    if (!m)
        abort();
    m->queue.driver = &memory_driver;
    pthread_mutex_init(&m->lock, NULL);
    *out = &m->queue;
    return OK;
}
