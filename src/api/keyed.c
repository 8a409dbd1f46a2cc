/*
 * Idempotency-Key: what is asked for twice under one key is done once, and answered alike. The
 * record is flow/once.h's; here is what belongs to HTTP: what makes two requests the same, and
 * which of them are on their way at this moment.
 */
#include "api/server.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "flow/once.h"

/* Method, path, the members of the body in the order of their names, and the bytes of its files. */
static enum err hash_request(struct exchange *x, const char **out)
{
    struct hash h = hash_new("request");
    hash_add(&h, "method", x->method);
    hash_add(&h, "path", x->path);
    char *body = json_dumps(x->body, JSON_SORT_KEYS | JSON_COMPACT);
    hash_add(&h, "body", body ? body : "{}");
    free(body);
    for (size_t i = 0; i < x->upload_count; i++) {
        char hex[HASH_TEXT_BYTES];
        int64_t bytes;
        enum err e = hash_file(&x->task, x->uploads[i].draft.fd, hex, &bytes);
        if (e)
            return e;
        hash_add(&h, x->uploads[i].part, hex);
    }
    *out = hash_end(&h, x->task.arena);
    return OK;
}

/* ---- keys on their way ---- */

/* The lock is held. */
static size_t find_busy(const struct busy_keys *b, const char *key_hash)
{
    size_t i = 0;
    while (i < BUSY_KEYS_MAX && !text_equal(b->keys[i], key_hash))
        i++;
    return i;
}

static enum err busy_begin(struct busy_keys *b, struct task *t, const char *key_hash)
{
    pthread_mutex_lock(&b->lock);
    bool twin = find_busy(b, key_hash) < BUSY_KEYS_MAX;
    size_t place = find_busy(b, "");
    if (!twin && place < BUSY_KEYS_MAX)
        snprintf(b->keys[place], sizeof b->keys[place], "%s", key_hash);
    pthread_mutex_unlock(&b->lock);
    if (twin)
        return refuse(t, ERR_CONFLICT, "wait for its answer, then send it again",
                      "the same request is still being worked on");
    return place < BUSY_KEYS_MAX ? OK : fail(t, ERR_UNAVAILABLE, "too much is asked for at once");
}

static void busy_end(struct busy_keys *b, const char *key_hash)
{
    pthread_mutex_lock(&b->lock);
    size_t place = find_busy(b, key_hash);
    if (place < BUSY_KEYS_MAX)
        b->keys[place][0] = '\0';
    pthread_mutex_unlock(&b->lock);
}

/* ---- one keyed request ---- */

static enum err replay(struct exchange *x, const struct once *o)
{
    json_t *json = *o->body ? json_loads(o->body, 0, NULL) : NULL;
    const char *location = json_string_value(json_object_get(json, "location"));
    json_t *body = json_object_get(json, "reply");
    if (!body) {
        json_decref(json);
        return x->route->handle(x); /* too large to keep: what was made is found and shown again */
    }
    x->reply.location = arena_copy(x->task.arena, location);
    json_incref(body);
    json_decref(json);
    return reply_json(x, (int)o->status, body);
}

/* Only what succeeded is kept: a refusal made nothing, and may be mended. */
static enum err run_once(struct exchange *x, const struct once *o)
{
    x->once = o->id;
    enum err e = x->route->handle(x);
    if (e) {
        struct fault why = x->task.fault;
        enum err forgotten = err_may_retry(e) ? OK : once_forget(x->flow->store, &x->task, o);
        x->task.fault = why;
        return forgotten == ERR_FULL ? forgotten : e;
    }
    json_t *kept = json_pack("{so* ss*}", "reply",
                             json_loadb(x->reply.bytes, x->reply.size, 0, NULL), "location",
                             x->reply.location);
    const char *text = kept ? json_text(x->task.arena, kept) : "";
    json_decref(kept);
    return once_answer(x->flow->store, &x->task, o, x->reply.status, text);
}

enum err keyed_handle(struct exchange *x)
{
    const char *key = exchange_header(x, "Idempotency-Key"), *request_hash;
    struct once o;
    if (!key)
        return x->route->handle(x);
    enum err e = hash_request(x, &request_hash);
    if (!e)
        e = once_begin(x->flow->store, &x->task, key, request_hash, &o);
    if (e)
        return e;
    if (o.answered)
        return replay(x, &o);
    e = busy_begin(&x->api->busy, &x->task, o.key_hash);
    if (e)
        return e;
    e = run_once(x, &o);
    busy_end(&x->api->busy, o.key_hash);
    return e;
}
