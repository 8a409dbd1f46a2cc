/* A table of places by the hash of the name: a name has one place, and whoever comes later takes
 * it. */
#include "api/reply.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "base/text.h"

enum { NAME_MAX_BYTES = 64 };

struct place {
    char name[NAME_MAX_BYTES];
    struct reply_stamp stamp;
    struct reply_body *body;
};

struct reply_cache {
    pthread_mutex_t lock; /* guards the places */
    size_t count;
    struct place places[];
};

static void write_tag(struct reply_body *b)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_Digest(b->bytes, b->size, digest, NULL, EVP_sha256(), NULL);
    b->etag[0] = '"';
    for (int i = 0; i < 16; i++)
        snprintf(b->etag + 1 + 2 * i, 3, "%02x", digest[i]);
    memcpy(b->etag + 33, "\"", 2);
}

struct reply_body *reply_body_new(const void *bytes, size_t size)
{
    struct reply_body *b = malloc(sizeof *b + size);
    if (!b)
        abort();
    atomic_init(&b->references, 1);
    b->size = size;
    memcpy(b->bytes, bytes, size);
    write_tag(b);
    return b;
}

struct reply_body *reply_body_hold(struct reply_body *b)
{
    atomic_fetch_add(&b->references, 1);
    return b;
}

void reply_body_drop(struct reply_body *b)
{
    if (b && atomic_fetch_sub(&b->references, 1) == 1)
        free(b);
}

struct reply_cache *reply_cache_new(size_t places)
{
    struct reply_cache *c = calloc(1, sizeof *c + places * sizeof *c->places);
    if (!c)
        abort();
    c->count = places;
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

void reply_cache_free(struct reply_cache *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->count; i++)
        reply_body_drop(c->places[i].body);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static struct place *place_of(struct reply_cache *c, const char *name)
{
    return &c->places[rng_seed_from_text(name) % c->count];
}

struct reply_body *reply_cache_find(struct reply_cache *c, const char *name,
                                    struct reply_stamp stamp)
{
    struct reply_body *found = NULL;
    pthread_mutex_lock(&c->lock);
    const struct place *p = place_of(c, name);
    if (p->body && p->stamp.revision == stamp.revision && p->stamp.epoch == stamp.epoch &&
        text_equal(p->name, name))
        found = reply_body_hold(p->body);
    pthread_mutex_unlock(&c->lock);
    return found;
}

void reply_cache_keep(struct reply_cache *c, const char *name, struct reply_stamp stamp,
                      struct reply_body *body)
{
    if (strlen(name) >= NAME_MAX_BYTES)
        return;
    pthread_mutex_lock(&c->lock);
    struct place *p = place_of(c, name);
    struct reply_body *old = p->body;
    snprintf(p->name, sizeof p->name, "%s", name);
    p->stamp = stamp;
    p->body = reply_body_hold(body);
    pthread_mutex_unlock(&c->lock);
    reply_body_drop(old);
}
