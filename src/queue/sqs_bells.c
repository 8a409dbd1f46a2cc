/*
 * Bells are sent and answered ten at a time, which costs as much as one. A process takes no more
 * off the queue than it has workers who wait, so that the others' workers are woken too; what it
 * has taken when they are busy after all, it puts back.
 *
 * Whatever fails here is written to the log now and then, and makes up for itself: the list is
 * looked at every now and then without a bell (queue_sqs.c).
 */
#include "queue/sqs_bells.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fields.h"
#include "base/log.h"
#include "base/text.h"

enum { BATCH = 10, PENDING_MAX = 1000, POLL_S = 20, RING_TRIES = 3, POLL_TRIES = 1 };
enum { KEY_SHOWN_BYTES = 600, NAME_BYTES = 80 };
#define FIRST_PAUSE_US SECOND_US
#define LAST_PAUSE_US  (20 * SECOND_US)
#define CLOSING_US     (2 * SECOND_US)
#define TOLD_US        (60 * SECOND_US)

struct bell {
    enum queue_lane lane;
    int delay_s;
    char key[KEY_SHOWN_BYTES];
};

/* One lane's queue, and who listens at it. */
struct door {
    struct sqs_bells *bells;
    enum queue_lane lane;
    char queue[NAME_BYTES + 8];
    pthread_t thread;
    atomic_bool attended;
    char *url;                        /* guarded by the bells' lock; NULL until it is known */
    int idle;                         /* the same */
};

struct sqs_bells {
    struct sqs ringing, polling;
    struct door doors[LANE_COUNT];
    struct sqs_listener listener;     /* set while no thread listens */
    pthread_t ringer;
    atomic_bool hushed;               /* the listeners are to end */
    atomic_bool closing;
    _Atomic int64_t told_us;          /* when a failure was last written down */

    pthread_mutex_t lock;             /* guards what follows */
    pthread_cond_t changed;
    bool listening, has_ringer;
    struct bell *pending;
    size_t count;
};

/* Once a minute is often enough. */
static void tell(struct sqs_bells *b, struct task *t, const char *what)
{
    int64_t now_us = clock_monotonic_us(&clock_real), told_us = atomic_load(&b->told_us);
    if (now_us - told_us < TOLD_US ||
        !atomic_compare_exchange_strong(&b->told_us, &told_us, now_us))
        return;
    log_line(LOG_WARN, t, what, "error=\"%s\"", t->fault.message);
}

/* ---- the queues ---- */

/* In t->arena. */
static enum err find(struct door *d, struct task *t, struct sqs *sqs, const char **out)
{
    enum err e = sqs_find(sqs, t, d->queue, out);
    if (!e && !**out)
        e = refuse(t, ERR_UNAVAILABLE, "make it with: storyreel store init",
                   "there is no queue \"%s\" at %s", d->queue, aws_endpoint(sqs->aws));
    return e;
}

/* The same, looked for once. */
static enum err url_of(struct door *d, struct task *t, struct sqs *sqs, const char **out)
{
    struct sqs_bells *b = d->bells;
    const char *url = NULL;
    pthread_mutex_lock(&b->lock);
    if (d->url)
        url = arena_copy(t->arena, d->url);
    pthread_mutex_unlock(&b->lock);
    if (url) {
        *out = url;
        return OK;
    }
    enum err e = find(d, t, sqs, &url);
    if (e)
        return e;
    pthread_mutex_lock(&b->lock);
    if (!d->url)
        d->url = strdup(url);
    pthread_mutex_unlock(&b->lock);
    *out = url;
    return OK;
}

/* A queue that was deleted, and perhaps made again: its address is looked for anew. */
static void forget_url(struct door *d)
{
    pthread_mutex_lock(&d->bells->lock);
    free(d->url);
    d->url = NULL;
    pthread_mutex_unlock(&d->bells->lock);
}

/* One operation on a door's queue. Takes `request`. */
static enum err ask(struct door *d, struct task *t, struct sqs *sqs, const char *operation,
                    json_t *request, struct aws_json_reply *out)
{
    scoped(json) json_t *owned = request;
    const char *url;
    enum err e = url_of(d, t, sqs, &url);
    if (e)
        return e;
    json_object_set_new(owned, "QueueUrl", json_string(url));
    e = sqs_call(sqs, t, operation, json_incref(owned), out);
    if (e || !*out->code)
        return e;
    if (sqs_says_missing(out))
        forget_url(d);
    return sqs_refusal(sqs, t, out, operation, d->queue);
}

/* ---- ringing ---- */

/* Those of the first one's lane, at most a batch; taken out of the list. */
static size_t take_batch(struct sqs_bells *b, struct bell *out)
{
    size_t taken = 0, kept = 0;
    for (size_t i = 0; i < b->count; i++) {
        if (taken < BATCH && b->pending[i].lane == b->pending[0].lane)
            out[taken++] = b->pending[i];
    }
    if (!taken)
        return 0;
    size_t skip = taken;
    enum queue_lane lane = out[0].lane;
    for (size_t i = 0; i < b->count; i++) {
        if (skip && b->pending[i].lane == lane)
            skip--;
        else
            b->pending[kept++] = b->pending[i];
    }
    b->count = kept;
    return taken;
}

static json_t *ring_request(struct task *t, const struct bell *bells, size_t count)
{
    json_t *entries = json_array();
    for (size_t i = 0; i < count; i++) {
        scoped(json) json_t *body = json_pack("{ss ss}", "lane", queue_lane_names[bells[i].lane],
                                              "job", bells[i].key);
        scoped(heap) char *text = json_dumps(body, JSON_COMPACT);
        json_array_append_new(entries,
                              json_pack("{ss ss si}", "Id", arena_format(t->arena, "%zu", i),
                                        "MessageBody", text, "DelaySeconds", bells[i].delay_s));
    }
    return json_pack("{so}", "Entries", entries);
}

static void ring_batch(struct sqs_bells *b, const struct bell *bells, size_t count)
{
    struct task t;
    scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
    task_init(&t, "bell");
    if (atomic_load(&b->closing))
        t.deadline_us = clock_monotonic_us(t.clock) + CLOSING_US;
    enum err e = ask(&b->doors[bells->lane], &t, &b->ringing, "SendMessageBatch",
                     ring_request(&t, bells, count), &reply);
    json_t *failed = json_object_get(reply.json, "Failed");
    if (!e && json_array_size(failed))
        e = fail(&t, ERR_UPSTREAM, "SQS took %zu of %zu: %s", count - json_array_size(failed),
                 count, aws_json_text(json_array_get(failed, 0), "Message"));
    if (e)
        tell(b, &t, "workers elsewhere are not woken and will look by themselves");
    task_done(&t);
}

static void *ringer_main(void *argument)
{
    struct sqs_bells *b = argument;
    struct bell *batch = calloc(BATCH, sizeof *batch);
    int64_t until_us = INT64_MAX;
    for (;;) {
        pthread_mutex_lock(&b->lock);
        while (!b->count && !atomic_load(&b->closing))
            pthread_cond_wait(&b->changed, &b->lock);
        size_t count = batch ? take_batch(b, batch) : 0;
        pthread_mutex_unlock(&b->lock);
        if (atomic_load(&b->closing) && until_us == INT64_MAX)
            until_us = clock_monotonic_us(&clock_real) + CLOSING_US;
        if (!count || clock_monotonic_us(&clock_real) > until_us)
            break;
        ring_batch(b, batch, count);
    }
    free(batch);
    return NULL;
}

/* Under the lock. */
static bool want_ringer(struct sqs_bells *b)
{
    if (!b->has_ringer)
        b->has_ringer = pthread_create(&b->ringer, NULL, ringer_main, b) == 0;
    if (!b->pending)
        b->pending = calloc(PENDING_MAX, sizeof *b->pending);
    return b->has_ringer && b->pending && b->count < PENDING_MAX;
}

void sqs_bells_ring(struct sqs_bells *b, enum queue_lane lane, const char *key, int64_t delay_us)
{
    pthread_mutex_lock(&b->lock);
    if (want_ringer(b)) {
        struct bell *one = &b->pending[b->count++];
        one->lane = lane;
        one->delay_s = delay_us <= 0 ? 0 : (int)((delay_us + SECOND_US - 1) / SECOND_US);
        snprintf(one->key, sizeof one->key, "%s", key);
        pthread_cond_broadcast(&b->changed);
    }
    pthread_mutex_unlock(&b->lock);
}

/* ---- listening ---- */

/* How many bells may be taken: as many as workers wait. */
static int idle_now(struct door *d)
{
    pthread_mutex_lock(&d->bells->lock);
    int idle = d->idle;
    pthread_mutex_unlock(&d->bells->lock);
    return idle > BATCH ? BATCH : idle;
}

/* Whether somebody waits; false when nobody listens any more. */
static bool wait_for_idle(struct door *d)
{
    struct sqs_bells *b = d->bells;
    pthread_mutex_lock(&b->lock);
    if (d->idle == 0)
        atomic_store(&d->attended, false);
    while (d->idle == 0 && !atomic_load(&b->hushed))
        pthread_cond_wait(&b->changed, &b->lock);
    pthread_mutex_unlock(&b->lock);
    return !atomic_load(&b->hushed);
}

static json_t *receipts(struct task *t, const json_t *messages, bool put_back)
{
    json_t *entries = json_array(), *message;
    size_t i;
    json_array_foreach(messages, i, message) {
        json_t *entry = json_pack("{ss ss}", "Id", arena_format(t->arena, "%zu", i),
                                  "ReceiptHandle", aws_json_text(message, "ReceiptHandle"));
        if (put_back)
            json_object_set_new(entry, "VisibilityTimeout", json_integer(0));
        json_array_append_new(entries, entry);
    }
    return json_pack("{so}", "Entries", entries);
}

/* Heard: gone, or someone else's when all workers here have found something to do meanwhile. */
static enum err answer(struct door *d, struct task *t, const json_t *messages)
{
    scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
    bool put_back = idle_now(d) == 0;
    d->bells->listener.heard(d->bells->listener.context, d->lane);
    return ask(d, t, &d->bells->polling,
               put_back ? "ChangeMessageVisibilityBatch" : "DeleteMessageBatch",
               receipts(t, messages, put_back), &reply);
}

static enum err poll_once(struct door *d, struct task *t)
{
    scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
    int idle = idle_now(d);
    json_t *request = json_pack("{si si}", "MaxNumberOfMessages", idle ? idle : 1,
                                "WaitTimeSeconds", POLL_S);
    const char *url;
    enum err e = url_of(d, t, &d->bells->polling, &url);
    atomic_store(&d->attended, !e);
    if (!e)
        e = ask(d, t, &d->bells->polling, "ReceiveMessage", json_incref(request), &reply);
    json_decref(request);
    const json_t *messages = json_object_get(reply.json, "Messages");
    return e || json_array_size(messages) == 0 ? e : answer(d, t, messages);
}

/* CANCELLED when nobody listens any more. */
static enum err pause_after_failure(struct door *d, struct task *t, int64_t pause_us)
{
    atomic_store(&d->attended, false);
    if (t->fault.code == ERR_CANCELLED)
        return ERR_CANCELLED;
    tell(d->bells, t, "wake-ups are not heard, so the list is looked at instead");
    d->bells->listener.heard(d->bells->listener.context, d->lane);
    return task_pause(t, pause_us);
}

/* One poll. *pause_us is how long to wait after the next failure. */
static enum err listen_once(struct door *d, int64_t *pause_us)
{
    struct task t;
    task_init(&t, "door");
    t.cancelled = &d->bells->hushed;
    enum err e = poll_once(d, &t);
    int64_t longer_us = *pause_us * 2 < LAST_PAUSE_US ? *pause_us * 2 : LAST_PAUSE_US;
    if (e)
        e = pause_after_failure(d, &t, *pause_us);
    else
        longer_us = FIRST_PAUSE_US;
    *pause_us = longer_us;
    task_done(&t);
    return e;
}

static void *door_main(void *argument)
{
    struct door *d = argument;
    int64_t pause_us = FIRST_PAUSE_US;
    while (wait_for_idle(d) && listen_once(d, &pause_us) == OK) {
    }
    atomic_store(&d->attended, false);
    return NULL;
}

static void end_listening(struct sqs_bells *b)
{
    if (!b->listening)
        return;
    atomic_store(&b->hushed, true);
    pthread_mutex_lock(&b->lock);
    pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->lock);
    for (enum queue_lane lane = LANE_LIGHT; lane < LANE_COUNT; lane++) {
        if (b->doors[lane].thread)
            pthread_join(b->doors[lane].thread, NULL);
        b->doors[lane].thread = 0;
    }
    b->listening = false;
}

void sqs_bells_listen(struct sqs_bells *b, const struct sqs_listener *listener)
{
    end_listening(b);
    if (!listener)
        return;
    b->listener = *listener;
    b->listening = true;
    atomic_store(&b->hushed, false);
    for (enum queue_lane lane = LANE_LIGHT; lane < LANE_COUNT; lane++) {
        struct door *d = &b->doors[lane];
        if (pthread_create(&d->thread, NULL, door_main, d) != 0)
            d->thread = 0;            /* nobody attends it: its list is looked at instead */
    }
}

void sqs_bells_idle(struct sqs_bells *b, enum queue_lane lane, int change)
{
    pthread_mutex_lock(&b->lock);
    b->doors[lane].idle += change;
    if (change > 0)
        pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->lock);
}

bool sqs_bells_attended(struct sqs_bells *b, enum queue_lane lane)
{
    return atomic_load(&b->doors[lane].attended);
}

/* ---- opening and closing ---- */

/* What is away for now is waited for; what is missing or refuses us is said at once. */
static enum err find_all(struct sqs_bells *b, struct task *t)
{
    for (enum queue_lane lane = LANE_LIGHT; lane < LANE_COUNT; lane++) {
        const char *url;
        enum err e = url_of(&b->doors[lane], t, &b->ringing, &url);
        bool away = e == ERR_UPSTREAM || e == ERR_TIMEOUT || e == ERR_RATE;
        if (away)
            tell(b, t, "SQS is away");
        if (e)
            return away ? OK : e;
    }
    return OK;
}

enum err sqs_bells_check(struct sqs_bells *b, struct task *t)
{
    const char *url;
    enum err e = OK;
    for (enum queue_lane lane = LANE_LIGHT; lane < LANE_COUNT && !e; lane++)
        e = find(&b->doors[lane], t, &b->ringing, &url);
    return e;
}

enum err sqs_bells_open(struct task *t, struct aws_account *account, const char *name,
                        struct sqs_bells **out)
{
    struct sqs_bells *b = calloc(1, sizeof *b);
    if (!b)
        abort();
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->changed, NULL);
    atomic_store(&b->told_us, -TOLD_US);
    for (enum queue_lane lane = LANE_LIGHT; lane < LANE_COUNT; lane++) {
        struct door *d = &b->doors[lane];
        d->bells = b;
        d->lane = lane;
        snprintf(d->queue, sizeof d->queue, "%s-%s", name, queue_lane_names[lane]);
    }
    enum err e = sqs_open(t, account, RING_TRIES, &b->ringing);
    if (!e)
        e = sqs_open(t, account, POLL_TRIES, &b->polling);
    if (!e)
        e = find_all(b, t);
    if (e) {
        sqs_bells_close(b);
        return e;
    }
    *out = b;
    return OK;
}

void sqs_bells_close(struct sqs_bells *b)
{
    if (!b)
        return;
    end_listening(b);
    pthread_mutex_lock(&b->lock);
    atomic_store(&b->closing, true);
    pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->lock);
    if (b->has_ringer)
        pthread_join(b->ringer, NULL);
    for (enum queue_lane lane = LANE_LIGHT; lane < LANE_COUNT; lane++)
        free(b->doors[lane].url);
    sqs_done(&b->ringing);
    sqs_done(&b->polling);
    pthread_cond_destroy(&b->changed);
    pthread_mutex_destroy(&b->lock);
    free(b->pending);
    free(b);
}
