/*
 * News is kept by tens of seconds, so that reading it is two or three short listings whatever has
 * happened before. Which entries were heard is remembered by their keys and not by a position: an
 * entry of a machine whose clock is behind sorts before one that was heard already.
 */
#include "store/store_feed.h"

#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fields.h"
#include "base/id.h"
#include "base/log.h"
#include "base/rng.h"
#include "base/text.h"
#include "store/store_driver.h"

enum { BUCKET_S = 10, ONE_PK_BYTES = 64, STATUS_BYTES = 24, WORKER_BYTES = 128 };
enum { NEWS_MAX = 500, HEARD_MAX = 4096 };

struct news {
    char pk[ONE_PK_BYTES], status[STATUS_BYTES];
    bool itself, deleted; /* its own record was written; or deleted */
};

struct store_feed {
    struct store store; /* a driver that passes everything on */
    struct store *under;
    char worker[WORKER_BYTES];
    pthread_t thread;
    store_listener *listener; /* set before it is used, under the lock */
    void *context;

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t ending;
    bool ends, listens;
    struct news news[NEWS_MAX];
    size_t news_count;

    pthread_mutex_t hearing; /* guards what follows, and is held while the listener is told */
    uint64_t heard[HEARD_MAX]; /* the keys heard, in a ring */
    size_t heard_next;
};

/* ---- collecting ---- */

static struct news *news_of(struct store_feed *f, const char *pk)
{
    for (size_t i = 0; i < f->news_count; i++) {
        if (text_equal(f->news[i].pk, pk))
            return &f->news[i];
    }
    if (f->news_count == NEWS_MAX)
        return NULL; /* others hear of these 500 first, and of the rest with the next change */
    struct news *n = &f->news[f->news_count++];
    *n = (struct news){ 0 };
    snprintf(n->pk, sizeof n->pk, "%s", pk);
    return n;
}

static void collect_one(struct store_feed *f, const struct item_write *w)
{
    if (w->change == ITEM_CHECK || !text_starts(w->item.pk, "PROJECT#") ||
        strlen(w->item.pk) >= ONE_PK_BYTES)
        return;
    struct news *n = news_of(f, w->item.pk);
    if (!n || !text_equal(w->item.sk, "METADATA"))
        return;
    n->itself = true;
    n->deleted = w->change == ITEM_DELETE;
    snprintf(n->status, sizeof n->status, "%s", n->deleted ? "" : w->item.index_pk);
}

static void collect(struct store_feed *f, const struct item_write *writes, size_t count)
{
    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; i < count; i++)
        collect_one(f, &writes[i]);
    pthread_mutex_unlock(&f->lock);
}

/* ---- sending ---- */

static const char *bucket_pk(struct task *t, int64_t seconds)
{
    return arena_format(t->arena, "CHANGES#%" PRId64, seconds / BUCKET_S);
}

static json_t *news_json(const struct news *news, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{ss ss sb sb}", "project", news[i].pk, "status",
                                              news[i].status, "itself", news[i].itself, "deleted",
                                              news[i].deleted));
    return json_pack("{so}", "changed", list);
}

static size_t take_news(struct store_feed *f, struct task *t, struct news **out)
{
    pthread_mutex_lock(&f->lock);
    size_t count = f->news_count;
    *out = arena_array(t->arena, struct news, count);
    if (count)
        memcpy(*out, f->news, count * sizeof **out);
    f->news_count = 0;
    pthread_mutex_unlock(&f->lock);
    return count;
}

/* What could not be sent is news still, unless it changed again meanwhile. */
static void put_news_back(struct store_feed *f, const struct news *news, size_t count)
{
    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; i < count; i++) {
        struct news *n = news_of(f, news[i].pk);
        if (n && !n->itself)
            *n = news[i];
    }
    pthread_mutex_unlock(&f->lock);
}

enum err store_feed_send(struct store_feed *f, struct task *t)
{
    struct news *news;
    size_t count = take_news(f, t, &news);
    if (count == 0)
        return OK;
    scoped(json) json_t *json = news_json(news, count);
    scoped(heap) char *text = json_dumps(json, JSON_COMPACT);
    struct item_write write = {
        ITEM_CREATE,
        { .pk = bucket_pk(t, clock_wall_us(t->clock) / SECOND_US),
          .sk = arena_format(t->arena, "%s#%s", ulid_new(t), f->worker),
          .document = arena_copy(t->arena, text) },
    };
    enum err e = store_write(f->under, t, &write, 1);
    if (e)
        put_news_back(f, news, count);
    return e;
}

/* ---- hearing ---- */

static bool heard_before(struct store_feed *f, const char *sk)
{
    uint64_t print = rng_seed_from_text(sk);
    for (size_t i = 0; i < HEARD_MAX; i++) {
        if (f->heard[i] == print)
            return true;
    }
    f->heard[f->heard_next++ % HEARD_MAX] = print;
    return false;
}

static void pass_on(struct store_feed *f, const json_t *one)
{
    const char *pk = json_string_value(json_object_get(one, "project"));
    const char *status = json_string_value(json_object_get(one, "status"));
    bool itself = json_is_true(json_object_get(one, "itself"));
    bool deleted = json_is_true(json_object_get(one, "deleted"));
    if (!pk)
        return;
    const struct item_write write = {
        deleted ? ITEM_DELETE : ITEM_PUT,
        { .pk = pk, .sk = itself ? "METADATA" : "CHANGED", .index_pk = status ? status : "",
          .index_sk = "", .document = "" },
    };
    f->listener(f->context, &write, 1);
}

static void hear(struct store_feed *f, const struct item *entry, bool tell)
{
    const char *sender = strchr(entry->sk, '#');
    bool own = sender && text_equal(sender + 1, f->worker);
    if (heard_before(f, entry->sk) || own || !tell)
        return;
    scoped(json) json_t *json = json_loads(entry->document, 0, NULL);
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(json, "changed"), i, one)
        pass_on(f, one);
}

/* The tens of seconds that clocks within the skew may be writing into. */
static enum err look_through(struct store_feed *f, struct task *t, bool tell)
{
    int64_t now_s = clock_wall_us(t->clock) / SECOND_US;
    int64_t first = (now_s - FEED_SKEW_S) / BUCKET_S, last = (now_s + FEED_SKEW_S) / BUCKET_S;
    for (int64_t bucket = first; bucket <= last; bucket++) {
        struct item *entries;
        size_t count;
        const struct store_query query = { .pk = bucket_pk(t, bucket * BUCKET_S) };
        enum err e = store_list(f->under, t, &query, &entries, &count);
        if (e)
            return e;
        for (size_t i = 0; i < count; i++)
            hear(f, &entries[i], tell);
    }
    return OK;
}

static enum err look(struct store_feed *f, struct task *t, bool tell)
{
    pthread_mutex_lock(&f->hearing);
    enum err e = look_through(f, t, tell);
    pthread_mutex_unlock(&f->hearing);
    return e;
}

enum err store_feed_look(struct store_feed *f, struct task *t)
{
    return look(f, t, true);
}

/* ---- the thread ---- */

static bool pause_for(struct store_feed *f, int64_t us, bool *out_listens)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t at_us = (int64_t)until.tv_sec * SECOND_US + until.tv_nsec / 1000 + us;
    until = (struct timespec){ .tv_sec = at_us / SECOND_US, .tv_nsec = at_us % SECOND_US * 1000 };
    pthread_mutex_lock(&f->lock);
    while (!f->ends && pthread_cond_timedwait(&f->ending, &f->lock, &until) == 0) {
    }
    bool ends = f->ends;
    *out_listens = f->listens;
    pthread_mutex_unlock(&f->lock);
    return !ends;
}

/* Says once that news does not get through, and once that it does again. */
static void note_trouble(struct task *t, enum err e, bool *troubled)
{
    if (e && !*troubled)
        log_line(LOG_WARN, t, "news of other processes does not get through", "error=\"%s\"",
                 t->fault.message);
    else if (!e && *troubled)
        log_line(LOG_INFO, t, "news of other processes gets through again", "after=%s", "trouble");
    *troubled = e != OK;
}

static void *feed_main(void *argument)
{
    struct store_feed *f = argument;
    bool listens = false, troubled = false;
    for (int64_t round = 0; pause_for(f, FEED_SEND_US, &listens); round++) {
        struct task t;
        task_init(&t, "feed");
        enum err e = store_feed_send(f, &t);
        if (!e && listens && round % (FEED_LOOK_US / FEED_SEND_US) == 0)
            e = store_feed_look(f, &t);
        note_trouble(&t, e, &troubled);
        task_done(&t);
    }
    return NULL;
}

/* ---- a store like any other ---- */

static struct store_feed *feed_of(struct store *s)
{
    return (struct store_feed *)s;
}

static enum err feed_get(struct store *s, struct task *t, const char *pk, const char *sk,
                         struct item *out)
{
    return store_get(feed_of(s)->under, t, pk, sk, out);
}

static enum err feed_write(struct store *s, struct task *t, const struct item_write *writes,
                           size_t count)
{
    enum err e = store_write(feed_of(s)->under, t, writes, count);
    if (!e)
        collect(feed_of(s), writes, count);
    return e;
}

static enum err feed_list(struct store *s, struct task *t, const struct store_query *query,
                          struct item **out, size_t *out_count)
{
    return store_list(feed_of(s)->under, t, query, out, out_count);
}

static enum err feed_list_index(struct store *s, struct task *t,
                                const struct store_index_query *query, struct item **out,
                                size_t *out_count)
{
    return store_list_index(feed_of(s)->under, t, query, out, out_count);
}

static enum err feed_walk(struct store *s, struct task *t, const struct item *after, int64_t limit,
                          struct item **out, size_t *out_count)
{
    return store_walk(feed_of(s)->under, t, after, limit, out, out_count);
}

static void feed_close(struct store *s)
{
    struct store_feed *f = feed_of(s);
    struct task t;
    pthread_mutex_lock(&f->lock);
    f->ends = true;
    pthread_cond_broadcast(&f->ending);
    pthread_mutex_unlock(&f->lock);
    pthread_join(f->thread, NULL);
    task_init(&t, "feed");
    if (store_feed_send(f, &t) != OK)
        log_line(LOG_WARN, &t, "the last news was not sent", "error=\"%s\"", t.fault.message);
    task_done(&t);
    store_close(f->under);
    pthread_cond_destroy(&f->ending);
    pthread_mutex_destroy(&f->lock);
    pthread_mutex_destroy(&f->hearing);
    free(f);
}

static const struct store_driver feed_driver = {
    .name = "feed",
    .get = feed_get,
    .write = feed_write,
    .list = feed_list,
    .list_index = feed_list_index,
    .walk = feed_walk,
    .close = feed_close,
};

static void locks_init(struct store_feed *f)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&f->ending, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&f->lock, NULL);
    pthread_mutex_init(&f->hearing, NULL);
}

enum err store_feed_open(struct task *t, struct store *under, const char *worker,
                         struct store **out, struct store_feed **out_feed)
{
    struct store_feed *f = calloc(1, sizeof *f);
    if (!f)
        abort();
    f->store.driver = &feed_driver;
    f->under = under;
    snprintf(f->worker, sizeof f->worker, "%s", worker);
    locks_init(f);
    if (pthread_create(&f->thread, NULL, feed_main, f) != 0) {
        store_close(under);
        free(f);
        return fail(t, ERR_INTERNAL, "the thread that tells others of changes cannot be started");
    }
    *out = &f->store;
    *out_feed = f;
    return OK;
}

/* What was written before is not news: it is noted as heard before the thread begins to listen. */
void store_feed_listen(struct store_feed *f, store_listener *listener, void *context)
{
    struct task t;
    task_init(&t, "feed");
    f->listener = listener;
    f->context = context;
    if (look(f, &t, false) != OK)
        log_line(LOG_WARN, &t, "what others changed before is told now", "error=\"%s\"",
                 t.fault.message);
    task_done(&t);
    pthread_mutex_lock(&f->lock);
    f->listens = true;
    pthread_mutex_unlock(&f->lock);
}
