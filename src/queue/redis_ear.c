/*
 * The thread sleeps in poll() on two descriptors: the server's, and one that says that it is to
 * end. hiredis alone would either wait for ever or give up a connection on which nothing is said.
 */
#include "queue/redis_ear.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "base/text.h"

enum { AGAIN_MS = 100, AWAY_MS = 2000 }; /* after a connection that broke; after none */

struct redis_ear {
    struct redis_link *link;
    char *channels[REDIS_CHANNELS_MAX];
    int channel_count;
    void (*heard)(void *context);
    void *context;
    int end; /* readable when it is to end */
    pthread_t thread;
};

/* So long, or until it is to end: true then. */
static bool ends_within(const struct redis_ear *e, int ms)
{
    struct pollfd end = { .fd = e->end, .events = POLLIN };
    return poll(&end, 1, ms) > 0;
}

static void context_scoped(redisContext **context)
{
    if (*context)
        redisFree(*context);
}

static bool subscribe(const struct redis_ear *e, redisContext *c)
{
    const char *words[REDIS_CHANNELS_MAX + 1] = { "SUBSCRIBE" };
    for (int i = 0; i < e->channel_count; i++)
        words[i + 1] = e->channels[i];
    scoped(redis_reply) redisReply *reply = redisCommandArgv(c, e->channel_count + 1, words, NULL);
    return reply && reply->type == REDIS_REPLY_ARRAY;
}

static bool is_message(const redisReply *r)
{
    return r->type == REDIS_REPLY_ARRAY && r->elements == 3 && r->element[0]->str &&
           text_equal(r->element[0]->str, "message");
}

/* What has come; false when the connection broke. However many bells, they are one. */
static bool read_words(const struct redis_ear *e, redisContext *c)
{
    bool any = false;
    if (redisBufferRead(c) != REDIS_OK)
        return false;
    for (;;) {
        scoped(redis_reply) redisReply *reply = NULL;
        if (redisGetReplyFromReader(c, (void **)&reply) != REDIS_OK)
            return false;
        if (!reply)
            break;
        any = any || is_message(reply);
    }
    if (any)
        e->heard(e->context);
    return true;
}

/* Until the connection breaks or it is to end. */
static void listen_on(const struct redis_ear *e, redisContext *c)
{
    struct pollfd from[2] = { { .fd = c->fd, .events = POLLIN },
                              { .fd = e->end, .events = POLLIN } };
    e->heard(e->context); /* for what was said before */
    while (poll(from, 2, -1) >= 0 && !from[1].revents) {
        if (from[0].revents && !read_words(e, c))
            return;
    }
}

/* Whether the server was there. */
static bool listen_once(const struct redis_ear *e)
{
    scoped(context) redisContext *c = NULL;
    struct task t;
    task_init(&t, "ear");
    bool connected = redis_link_connect(e->link, &t, &c) == OK; /* who asks it says what is wrong */
    task_done(&t);
    if (!connected || !subscribe(e, c))
        return false;
    listen_on(e, c);
    return true;
}

static void *ear_main(void *argument)
{
    const struct redis_ear *e = argument;
    int rest_ms;
    do
        rest_ms = listen_once(e) ? AGAIN_MS : AWAY_MS;
    while (!ends_within(e, rest_ms));
    return NULL;
}

static char *keep(const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        abort();
    return copy;
}

struct redis_ear *redis_ear_new(struct redis_link *link, const char *const *channels, int count,
                                void (*heard)(void *context), void *context)
{
    struct redis_ear *e = calloc(1, sizeof *e);
    if (!e)
        abort();
    *e = (struct redis_ear){ .link = link, .channel_count = count, .heard = heard,
                             .context = context, .end = eventfd(0, EFD_CLOEXEC) };
    for (int i = 0; i < count; i++)
        e->channels[i] = keep(channels[i]);
    if (e->end < 0 || pthread_create(&e->thread, NULL, ear_main, e) != 0)
        abort();
    return e;
}

void redis_ear_free(struct redis_ear *e)
{
    if (!e)
        return;
    if (eventfd_write(e->end, 1) != 0)
        abort();
    pthread_join(e->thread, NULL);
    close(e->end);
    for (int i = 0; i < e->channel_count; i++)
        free(e->channels[i]);
    free(e);
}
