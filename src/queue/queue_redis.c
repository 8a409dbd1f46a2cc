/*
 * Messages on a Redis server that any number of machines share. Every operation is one run of one
 * script (redis_script.h), so that no worker ever sees half of another's. Time is the caller's, as
 * for every queue: machines whose clocks differ by seconds only claim so much earlier or later, and
 * the job's record decides who works on it.
 *
 * What the server loses (a flush, a power cut with appendfsync everysec) are hints: the sweep over
 * the job records pushes them again, and a receipt from before fits nothing new.
 */
#include "queue/queue_driver.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "queue/redis_ear.h"
#include "queue/redis_link.h"
#include "queue/redis_script.h"

enum { KEYS = 6, ARGUMENTS_MAX = 6 };
/* what the script's numbers hold exactly: year 2255 */
#define TIME_US_MAX ((INT64_C(1) << 53) - 1)

struct redis_queue {
    struct queue       queue;
    struct redis_link *link;
    struct redis_ear  *ear;           /* NULL: nobody listens */
    struct queue_ear   listener;
    char               name[100], consumer[100];
};

static struct redis_queue *redis_queue(struct queue *q)
{
    return (struct redis_queue *)q;
}

/* The braces keep the keys of a lane in one slot of a cluster. */
static void keys_of(struct redis_queue *r, struct task *t, enum queue_lane lane, const char **out)
{
    static const char *const parts[KEYS] = {
        "due", "leased", "book", "counters", "stream", "dead"
    };
    for (int i = 0; i < KEYS; i++)
        out[i] = arena_format(t->arena, "{%s:%s}:%s", r->name, queue_lane_names[lane], parts[i]);
}

static const char *number(struct task *t, int64_t n)
{
    return arena_format(t->arena, "%" PRId64, n < TIME_US_MAX ? n : TIME_US_MAX);
}

/* One operation of the script; `arguments` end with NULL. */
static enum err run(struct queue *q, struct task *t, enum queue_lane lane, const char *operation,
                    const char *const *arguments, redisReply **out)
{
    struct redis_queue *r = redis_queue(q);
    const char *keys[KEYS], *words[ARGUMENTS_MAX + 2];
    int count = 0;
    words[count++] = operation;
    words[count++] = number(t, clock_wall_us(t->clock));
    for (int i = 0; i < ARGUMENTS_MAX && arguments[i]; i++)
        words[count++] = arguments[i];
    keys_of(r, t, lane, keys);
    return redis_link_run(r->link, t,
                          &(struct redis_call){ .keys = keys, .key_count = KEYS,
                                                .arguments = words, .argument_count = count },
                          out);
}

static enum err unexpected(struct task *t, const char *operation)
{
    return fail(t, ERR_INTERNAL, "the queue's answer to %s is not of the form it should be",
                operation);
}

/* Element `i` of an answer as a number; -1 when it is none. */
static int64_t element(const redisReply *reply, size_t i)
{
    const redisReply *e = reply->element[i];
    if (e->type != REDIS_REPLY_STRING || e->len == 0 || e->str[0] == '-')
        return -1;
    return strtoll(e->str, NULL, 10);
}

static bool is_list_of(const redisReply *reply, size_t count)
{
    return reply->type == REDIS_REPLY_ARRAY && reply->elements == count;
}

static enum err redis_push(struct queue *q, struct task *t, enum queue_lane lane, const char *key,
                           int64_t due_us)
{
    scoped(redis_reply) redisReply *reply = NULL;
    return run(q, t, lane, "push", (const char *const[]){ key, number(t, due_us), NULL }, &reply);
}

static enum err redis_claim(struct queue *q, struct task *t, enum queue_lane lane, int64_t lease_us,
                            struct queue_message *out)
{
    scoped(redis_reply) redisReply *reply = NULL;
    const char *const arguments[] = { number(t, lease_us), redis_queue(q)->consumer, NULL };
    enum err e = run(q, t, lane, "claim", arguments, &reply);
    if (e)
        return e;
    if (reply->type == REDIS_REPLY_NIL)
        return fail_nothing_due(t);
    if (!is_list_of(reply, 3) || reply->element[0]->type != REDIS_REPLY_STRING)
        return unexpected(t, "claim");
    *out = (struct queue_message){
        .key = arena_copy_n(t->arena, reply->element[0]->str, reply->element[0]->len),
        .lane = lane,
        .receipt = element(reply, 1),
        .deliveries = element(reply, 2),
    };
    return OK;
}

/* An operation on a lease: the answer 0 says that it has passed on. */
static enum err run_leased(struct queue *q, struct task *t, const struct queue_message *m,
                           const char *operation, const char *more)
{
    scoped(redis_reply) redisReply *reply = NULL;
    const char *const arguments[] = { m->key, arena_format(t->arena, "%" PRId64, m->receipt), more,
                                      redis_queue(q)->consumer, NULL };
    enum err e = run(q, t, m->lane, operation, arguments, &reply);
    if (e)
        return e;
    if (reply->type != REDIS_REPLY_INTEGER)
        return unexpected(t, operation);
    return reply->integer ? OK : fail_lease_lost(t, m);
}

static enum err redis_renew(struct queue *q, struct task *t, const struct queue_message *m,
                            int64_t lease_us)
{
    return run_leased(q, t, m, "renew", number(t, lease_us));
}

static enum err redis_finish(struct queue *q, struct task *t, const struct queue_message *m)
{
    return run_leased(q, t, m, "finish", "");
}

static enum err redis_give_back(struct queue *q, struct task *t, const struct queue_message *m,
                                int64_t due_us)
{
    return run_leased(q, t, m, "give_back", number(t, due_us));
}

static enum err redis_next_due(struct queue *q, struct task *t, enum queue_lane lane,
                               int64_t *out_us)
{
    scoped(redis_reply) redisReply *reply = NULL;
    enum err e = run(q, t, lane, "next_due", (const char *const[]){ NULL }, &reply);
    if (e)
        return e;
    if (reply->type != REDIS_REPLY_NIL && reply->type != REDIS_REPLY_STRING)
        return unexpected(t, "next_due");
    *out_us = reply->type == REDIS_REPLY_NIL ? INT64_MAX : strtoll(reply->str, NULL, 10);
    return OK;
}

static enum err redis_stats(struct queue *q, struct task *t, enum queue_lane lane,
                            struct queue_stats *out)
{
    scoped(redis_reply) redisReply *reply = NULL;
    enum err e = run(q, t, lane, "stats", (const char *const[]){ NULL }, &reply);
    if (e)
        return e;
    if (!is_list_of(reply, 4))
        return unexpected(t, "stats");
    int64_t oldest_us = element(reply, 2);
    *out = (struct queue_stats){
        .waiting = element(reply, 0),
        .leased = element(reply, 1),
        .oldest_due_us = oldest_us < 0 ? INT64_MAX : oldest_us,
        .dead = element(reply, 3),
    };
    return OK;
}

/* ---- listening ---- */

static void heard(void *context)
{
    struct redis_queue *r = context;
    r->listener.ring(r->listener.context);
}

static void redis_listen(struct queue *q, const struct queue_ear *listener)
{
    struct redis_queue *r = redis_queue(q);
    char names[LANE_COUNT][128];
    const char *channels[LANE_COUNT];
    int count = 0;
    redis_ear_free(r->ear);
    r->ear = NULL;
    if (!listener)
        return;
    for (enum queue_lane lane = LANE_LIGHT; lane < LANE_COUNT; lane++, count++) {
        snprintf(names[count], sizeof names[count], "{%s:%s}:bell", r->name,
                 queue_lane_names[lane]);
        channels[count] = names[count];
    }
    r->listener = *listener;
    r->ear = redis_ear_new(r->link, channels, count, heard, r);
}

static void redis_close(struct queue *q)
{
    redis_listen(q, NULL);
    redis_link_free(redis_queue(q)->link);
    free(q);
}

static const struct queue_driver redis_driver = {
    .name      = "redis",
    .push      = redis_push,
    .claim     = redis_claim,
    .renew     = redis_renew,
    .finish    = redis_finish,
    .give_back = redis_give_back,
    .next_due  = redis_next_due,
    .stats     = redis_stats,
    .listen    = redis_listen,
    .close     = redis_close,
};

/* A server that is away for now is waited for by those who ask; one that refuses us is not. */
static enum err greet(struct queue *q, struct task *t)
{
    for (enum queue_lane lane = LANE_LIGHT; lane < LANE_COUNT; lane++) {
        scoped(redis_reply) redisReply *reply = NULL;
        enum err e = run(q, t, lane, "greet", (const char *const[]){ NULL }, &reply);
        if (e == ERR_UNAVAILABLE)
            log_line(LOG_WARN, t, "the queue is away", "error=\"%s\"", t->fault.message);
        if (e)
            return e == ERR_UNAVAILABLE ? OK : e;
    }
    return OK;
}

enum err queue_redis_open(struct task *t, const char *url, struct queue **out)
{
    struct redis_place place;
    char host[64] = "";
    enum err e = redis_place_read(t, url, getenv("STORYREEL_REDIS_PASSWORD"), &place);
    if (e)
        return e;
    struct redis_queue *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    gethostname(host, sizeof host - 1);
    r->queue.driver = &redis_driver;
    r->link = redis_link_new(&place, redis_script);
    snprintf(r->name, sizeof r->name, "%s", place.name);
    snprintf(r->consumer, sizeof r->consumer, "%s:%d", host, (int)getpid());
    e = greet(&r->queue, t);
    if (e) {
        redis_close(&r->queue);
        return e;
    }
    *out = &r->queue;
    return OK;
}
