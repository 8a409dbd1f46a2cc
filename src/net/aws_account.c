/*
 * What was found is kept as one value with a count of its holders: who holds it may go on using it
 * while it is replaced. One thread at a time looks for new ones; the others wait only when there
 * are none that still hold.
 */
#include "net/aws_account.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "net/aws_source.h"

#define EARLY_US   (5 * 60 * SECOND_US)   /* before they expire */
#define AGAIN_US   (15 * 60 * SECOND_US)  /* those that do not say when */
#define PATIENT_US (30 * SECOND_US)       /* after a refresh that failed */

struct kept_keys {
    struct aws_keys keys; /* first: aws_keys_done() goes back from it */
    atomic_int holders;
    char *id, *source;
    struct secret *key, *token;
};

struct aws_account {
    const struct net *net;
    char *region;
    char *endpoint; /* the profile's */
    pthread_mutex_t looking;
    pthread_mutex_t lock; /* guards all below */
    struct kept_keys *kept;
    int64_t look_again_us; /* wall clock */
};

/* ---- settings ---- */

static const char *first_set(const char *const *variables)
{
    for (; *variables; variables++) {
        const char *value = getenv(*variables);
        if (value && *value)
            return value;
    }
    return NULL;
}

static char *heap_copy(const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        abort();
    return copy;
}

enum err aws_account_open(struct task *t, const struct net *net, struct aws_account **out)
{
    static const char *const regions[] = { "AWS_REGION", "AWS_DEFAULT_REGION", NULL };
    struct aws_profile profile;
    enum err e = aws_profile_read(t, &profile);
    if (e)
        return e;
    const char *region = first_set(regions);
    struct aws_account *a = calloc(1, sizeof *a);
    if (!a)
        abort();
    a->net = net;
    a->region = heap_copy(region ? region : aws_profile_get(t->arena, &profile, "region"));
    a->endpoint = heap_copy(aws_profile_get(t->arena, &profile, "endpoint_url"));
    pthread_mutex_init(&a->looking, NULL);
    pthread_mutex_init(&a->lock, NULL);
    aws_profile_wipe(&profile);
    *out = a;
    return OK;
}

const char *aws_account_region(const struct aws_account *a)
{
    return a->region;
}

const struct net *aws_account_net(const struct aws_account *a)
{
    return a->net;
}

const char *aws_account_endpoint(const struct aws_account *a, struct task *t, const char *service)
{
    char *own = arena_format(t->arena, "AWS_ENDPOINT_URL_%s", service);
    for (char *c = own; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    const char *const variables[] = { own, "AWS_ENDPOINT_URL", NULL };
    const char *set = first_set(variables);
    return arena_copy(t->arena, set ? set : a->endpoint);
}

/* ---- keys ---- */

static struct kept_keys *kept_of(const struct aws_keys *k)
{
    return (struct kept_keys *)k;
}

void aws_keys_done(const struct aws_keys *k)
{
    if (!k || atomic_fetch_sub(&kept_of(k)->holders, 1) > 1)
        return;
    struct kept_keys *kept = kept_of(k);
    secret_free(kept->key);
    secret_free(kept->token);
    free(kept->id);
    free(kept->source);
    free(kept);
}

/* Made secret, with one holder. */
static enum err keep(struct task *t, const struct aws_found *found, const char *source,
                     struct kept_keys **out)
{
    struct secret *key = NULL, *token = NULL;
    enum err e = secret_new(t, "the AWS secret access key", found->key, &key);
    if (!e && *found->token)
        e = secret_new(t, "the AWS session token", found->token, &token);
    if (e) {
        secret_free(key);
        return e;
    }
    struct kept_keys *kept = calloc(1, sizeof *kept);
    if (!kept)
        abort();
    *kept = (struct kept_keys){
        .holders = 1,
        .id = heap_copy(found->id),
        .source = heap_copy(source),
        .key = key,
        .token = token,
    };
    kept->keys = (struct aws_keys){ kept->id, key, token, found->expires_us, kept->source };
    *out = kept;
    return OK;
}

static enum err fail_nowhere(struct task *t)
{
    return refuse(t, ERR_AUTH,
                  "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
                  "there are no AWS credentials: not in the environment, the profile, a web "
                  "identity, the container or the instance");
}

/* In a task of its own, so that what is found as text is gone when this returns. */
static enum err look(const struct aws_account *a, struct task *t, struct kept_keys **out)
{
    struct task own = *t;
    struct aws_profile profile;
    struct aws_found found = { 0 };
    const struct aws_source *s = aws_sources;
    own.arena = arena_new();
    enum err e = aws_profile_read(&own, &profile);
    for (; !e && s->name; s++) {
        e = s->look(&own, a->net, &profile, &found);
        if (e || found.id)
            break;
    }
    if (!e)
        e = found.id ? keep(&own, &found, s->name, out) : fail_nowhere(&own);
    t->fault = own.fault;
    arena_free(own.arena);
    return e;
}

static bool holds(const struct kept_keys *kept, int64_t now_us)
{
    return kept && kept->keys.expires_us > now_us;
}

/* NULL when there are none; else with one holder more. */
static struct kept_keys *hold(struct aws_account *a, int64_t now_us, bool *out_is_due)
{
    pthread_mutex_lock(&a->lock);
    struct kept_keys *kept = a->kept;
    *out_is_due = !holds(kept, now_us) || now_us >= a->look_again_us;
    if (kept)
        atomic_fetch_add(&kept->holders, 1);
    pthread_mutex_unlock(&a->lock);
    return kept;
}

static void replace(struct aws_account *a, struct kept_keys *fresh, int64_t now_us)
{
    pthread_mutex_lock(&a->lock);
    struct kept_keys *old = a->kept;
    a->kept = fresh;
    a->look_again_us = fresh->keys.expires_us == INT64_MAX ? now_us + AGAIN_US
                                                           : fresh->keys.expires_us - EARLY_US;
    if (a->look_again_us < now_us + SECOND_US)
        a->look_again_us = now_us + SECOND_US;
    pthread_mutex_unlock(&a->lock);
    aws_keys_done(old ? &old->keys : NULL);
}

static void postpone(struct aws_account *a, int64_t now_us)
{
    pthread_mutex_lock(&a->lock);
    a->look_again_us = now_us + PATIENT_US;
    pthread_mutex_unlock(&a->lock);
}

/* With a->looking held. */
static enum err look_if_due(struct aws_account *a, struct task *t, struct kept_keys **held)
{
    int64_t now_us = clock_wall_us(t->clock);
    bool is_due;
    struct kept_keys *fresh, *now = hold(a, now_us, &is_due);
    aws_keys_done(*held ? &(*held)->keys : NULL);
    *held = now;
    if (!is_due)
        return OK;
    enum err e = look(a, t, &fresh);
    if (e) {
        postpone(a, now_us);
        return holds(*held, now_us) ? OK : e;
    }
    aws_keys_done(*held ? &(*held)->keys : NULL);
    atomic_fetch_add(&fresh->holders, 1);
    replace(a, fresh, now_us);
    *held = fresh;
    return OK;
}

/* Nobody waits for another who looks while what there is still holds. */
static bool may_look(struct aws_account *a, bool good)
{
    if (good)
        return pthread_mutex_trylock(&a->looking) == 0;
    pthread_mutex_lock(&a->looking);
    return true;
}

enum err aws_account_keys(struct aws_account *a, struct task *t, const struct aws_keys **out)
{
    int64_t now_us = clock_wall_us(t->clock);
    bool is_due;
    enum err e = OK;
    struct kept_keys *held = hold(a, now_us, &is_due);
    if (is_due && may_look(a, holds(held, now_us))) {
        e = look_if_due(a, t, &held);
        pthread_mutex_unlock(&a->looking);
    }
    if (e)
        aws_keys_done(held ? &held->keys : NULL);
    else
        *out = &held->keys;
    return e;
}

void aws_account_renew(struct aws_account *a, const struct aws_keys *expired)
{
    pthread_mutex_lock(&a->lock);
    if (a->kept && &a->kept->keys == expired)
        a->look_again_us = 0;
    pthread_mutex_unlock(&a->lock);
}

void aws_account_close(struct aws_account *a)
{
    if (!a)
        return;
    aws_keys_done(a->kept ? &a->kept->keys : NULL);
    pthread_mutex_destroy(&a->looking);
    pthread_mutex_destroy(&a->lock);
    free(a->region);
    free(a->endpoint);
    free(a);
}
