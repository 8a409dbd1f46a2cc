/*
 * Hints are worth little and cost little: whoever cannot sign them gets no further than one HMAC,
 * and whoever can only makes us ask the provider a little earlier.
 */
#include "flow/hints.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "flow/jobs.h"
#include "flow/paid.h"
#include "gen/replicate.h"
#include "net/net.h"

enum { SEEN_MAX = 1024, HINT_TRIES = 8 };
#define KEY_AGE_US  (60 * SECOND_US) /* one that is younger is not asked for again */
#define KEY_AWAY_US (10 * SECOND_US) /* and so is one that could not be had */

struct hints {
    char *url, *host;
    pthread_mutex_t lock; /* guards what follows */
    unsigned char key[WEBHOOK_KEY_BYTES_MAX];
    size_t key_bytes; /* 0: not fetched yet */
    int64_t rest_until_us; /* it is not asked for before, by the monotonic clock */
    char seen[SEEN_MAX][HASH_TEXT_BYTES]; /* ids, the oldest is overwritten first */
    size_t seen_count;
};

enum err hints_open(struct task *t, const char *public_url, struct hints **out)
{
    const char *host;
    enum err e = net_own_address(t, public_url, &host);
    if (e)
        return e;
    struct hints *h = calloc(1, sizeof *h);
    if (!h)
        abort();
    h->url = strdup(public_url);
    h->host = strdup(host);
    if (!h->url || !h->host)
        abort();
    for (size_t n = strlen(h->url); n > 0 && h->url[n - 1] == '/'; n--)
        h->url[n - 1] = '\0';
    pthread_mutex_init(&h->lock, NULL);
    *out = h;
    return OK;
}

void hints_close(struct hints *h)
{
    if (!h)
        return;
    explicit_bzero(h->key, sizeof h->key);
    pthread_mutex_destroy(&h->lock);
    free(h->url);
    free(h->host);
    free(h);
}

const char *hints_host(const struct hints *h)
{
    return h->host;
}

const char *hints_address(const struct hints *h, struct task *t, const char *token)
{
    return h ? arena_format(t->arena, "%s/api/webhooks/replicate/%s", h->url, token) : "";
}

/* ---- is it from who it says ---- */

/* A copy of the key; false when there is none. */
static bool key_copy(struct hints *h, struct task *t, struct bytes *out)
{
    pthread_mutex_lock(&h->lock);
    *out = (struct bytes){ arena_copy_n(t->arena, (const char *)h->key, h->key_bytes),
                           h->key_bytes };
    pthread_mutex_unlock(&h->lock);
    return out->size > 0;
}

/* Anybody may send us something to check: that makes us call out no more often than this. Those who
 * come while the first of them is asking ask, too: they are few, and may be signed. */
static bool may_fetch(struct hints *h, const struct task *t)
{
    pthread_mutex_lock(&h->lock);
    bool may = clock_monotonic_us(t->clock) >= h->rest_until_us;
    pthread_mutex_unlock(&h->lock);
    return may;
}

/* `key` is empty where it could not be had. */
static void key_keep(struct hints *h, const struct task *t, struct bytes key)
{
    int64_t rest_us = key.size > 0 ? KEY_AGE_US : KEY_AWAY_US;
    pthread_mutex_lock(&h->lock);
    if (key.size > 0) {
        memcpy(h->key, key.at, key.size);
        h->key_bytes = key.size;
    }
    h->rest_until_us = clock_monotonic_us(t->clock) + rest_us;
    pthread_mutex_unlock(&h->lock);
}

static enum err key_fetch(const struct flow *f, struct task *t, struct bytes *out)
{
    const char *secret;
    enum err e = f->services ? replicate_webhook_secret(f->services, t, &secret)
                             : fail(t, ERR_UNAVAILABLE, "no service may be called here");
    if (!e)
        e = webhook_key(t, secret, out);
    key_keep(f->hints, t, e ? (struct bytes){ "", 0 } : *out);
    return e ? fail(t, ERR_UNAVAILABLE, "the key that hints are signed with cannot be had: %s",
                    t->fault.message)
             : OK;
}

static enum err check_signature(const struct flow *f, struct task *t, const struct hint *hint)
{
    struct bytes key;
    bool may = may_fetch(f->hints, t), kept = key_copy(f->hints, t, &key); /* in this order */
    enum err e = kept ? webhook_check(t, key, &hint->message, hint->signatures) : ERR_FORBIDDEN;
    if (e != ERR_FORBIDDEN)
        return e;
    if (!may)
        return kept ? e
                    : fail(t, ERR_UNAVAILABLE,
                           "the key that hints are signed with could not be had a moment ago");
    e = key_fetch(f, t, &key); /* another was issued meanwhile, maybe */
    return e ? e : webhook_check(t, key, &hint->message, hint->signatures);
}

/* ---- once ---- */

static const char *seen_name(struct task *t, const struct hint *hint)
{
    struct hash h = hash_new("hint");
    hash_add(&h, "id", hint->message.id);
    return hash_end(&h, t->arena);
}

static bool is_seen(struct hints *h, const char *name)
{
    bool found = false;
    pthread_mutex_lock(&h->lock);
    for (size_t i = 0; i < SEEN_MAX && !found; i++)
        found = strcmp(h->seen[i], name) == 0;
    pthread_mutex_unlock(&h->lock);
    return found;
}

static void remember(struct hints *h, const char *name)
{
    pthread_mutex_lock(&h->lock);
    memcpy(h->seen[h->seen_count++ % SEEN_MAX], name, HASH_TEXT_BYTES);
    pthread_mutex_unlock(&h->lock);
}

/* ---- waking ---- */

static enum err find_open(const struct flow *f, struct task *t, const char *token,
                          struct spend *out)
{
    struct spend *open;
    size_t count;
    enum err e = spends_open(f->store, t, &open, &count);
    for (size_t i = 0; i < count && !e; i++) {
        if (!text_is_empty(token) && text_equal(open[i].token, token)) {
            *out = open[i];
            return OK;
        }
    }
    return e ? e : ERR_NOT_FOUND;
}

static enum err take_once(const struct flow *f, struct task *t, const struct hint *hint)
{
    struct spend s;
    enum err e = find_open(f, t, hint->token, &s);
    if (e)
        return e == ERR_NOT_FOUND ? OK : e; /* it has ended, and we know */
    if (s.state == SPEND_BOUND && !text_equal(s.remote_id, hint->ticket)) {
        log_line(LOG_WARN, t, "a hint names another run than its call", "spend=%s", s.spend_id);
        return OK;
    }
    return paid_hint(f, t, &s, replicate_is_id(hint->ticket) ? hint->ticket : "");
}

enum err hint_take(const struct flow *f, struct task *t, const struct hint *hint)
{
    if (!f->hints)
        return refuse(t, ERR_NOT_FOUND, "set STORYREEL_PUBLIC_URL to where the world reaches it",
                      "this server takes no word from providers");
    enum err e = check_signature(f, t, hint);
    const char *name = seen_name(t, hint);
    if (e || is_seen(f->hints, name))
        return e;
    e = ERR_CONFLICT;
    for (int i = 0; i < HINT_TRIES && e == ERR_CONFLICT; i++)
        e = take_once(f, t, hint);
    if (!e)
        remember(f->hints, name);
    return e;
}
