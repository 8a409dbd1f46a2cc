/* The program itself: health, numbers, the contract, sessions, media and pages. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/pages.h"
#include "api/range.h"
#include "api/routes.h"
#include "api/server.h"
#include "api/shapes.h"
#include "base/rng.h"
#include "base/text.h"
#include "flow/hints.h"
#include "flow/pictures.h"

#define CHECK_US (5 * SECOND_US)

/* ---- sessions ---- */

enum err sign_in(struct exchange *x)
{
    struct token_body body;
    enum err e = exchange_body(x, token_fields, &body);
    if (e)
        return e;
    if (*x->api->token && !door_token_is(x->api, body.token))
        return fail_at(&x->task, fail(&x->task, ERR_AUTH, "this is not the token"), "token");
    x->reply.cookie = door_session(x->api, &x->task);
    return reply_empty(x, 204);
}

enum err sign_out(struct exchange *x)
{
    x->reply.cookie = "storyreel_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict";
    return reply_empty(x, 204);
}

/* ---- word from providers ---- */

/* Digits alone; -1 for anything else, which no signature is made for. */
static int64_t timestamp_of(const char *text)
{
    size_t digits = text ? strspn(text, "0123456789") : 0;
    return digits > 0 && digits < 16 && !text[digits] ? strtoll(text, NULL, 10) : -1;
}

enum err receive_hint(struct exchange *x)
{
    const char *id = exchange_header(x, "webhook-id"),
               *signatures = exchange_header(x, "webhook-signature"),
               *ticket = json_string_value(json_object_get(x->body, "id"));
    int64_t timestamp_s = timestamp_of(exchange_header(x, "webhook-timestamp"));
    if (!id || !signatures || timestamp_s < 0)
        return fail(&x->task, ERR_INVALID,
                    "a message has webhook-id, webhook-timestamp and webhook-signature");
    const struct hint hint = {
        .token = x->args[0],
        .message = { id, timestamp_s, x->raw },
        .signatures = signatures,
        .ticket = ticket ? ticket : "",
    };
    enum err e = hint_take(x->flow, &x->task, &hint);
    if (e)
        return e;
    exchange_nudge(x);
    return reply_empty(x, 204);
}

/* ---- the contract ---- */

enum err get_contract(struct exchange *x)
{
    x->reply.etag = x->api->contract_tag;
    if (etag_listed(exchange_header(x, "If-None-Match"), x->api->contract_tag))
        return reply_empty(x, 304);
    return reply_text(x, 200, "application/yaml", x->api->contract);
}

enum err get_reference_page(struct exchange *x)
{
    x->reply.csp = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    x->reply.etag = x->api->contract_tag;
    if (etag_listed(exchange_header(x, "If-None-Match"), x->api->contract_tag))
        return reply_empty(x, 304);
    return reply_text(x, 200, "text/html; charset=utf-8", x->api->reference);
}

/* ---- health and numbers ---- */

enum err get_health(struct exchange *x)
{
    return reply_json(x, 200, json_pack("{ss ss sb}", "status", "ok", "version", x->api->version,
                                        "emulated", x->api->emulated));
}

/* A record that is never there: the question is whether there is an answer. */
static enum err check_store(struct exchange *x)
{
    struct item item;
    enum err e = store_get(x->flow->store, &x->task, "HEALTH#", "CHECK", &item);
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err check_blobs(struct exchange *x)
{
    return blob_check(x->flow->blobs, &x->task);
}

static enum err check_queue(struct exchange *x)
{
    return queue_check(x->flow->queue, &x->task);
}

static enum err check_workers(struct exchange *x)
{
    if (x->workers && workers_fault(x->workers, &x->task.fault))
        return x->task.fault.code;
    return OK;
}

static enum err check_draining(struct exchange *x)
{
    return atomic_load(&x->api->draining)
               ? fail(&x->task, ERR_UNAVAILABLE, "the server is shutting down")
               : OK;
}

static const struct {
    const char *name;
    enum err (*run)(struct exchange *x);
} readiness[] = {
    { "store", check_store },     { "queue", check_queue },     { "blobs", check_blobs },
    { "workers", check_workers }, { "server", check_draining },
};

/* Who asks how we are does not wait long: what takes longer is not well. */
static enum err check_in_time(struct exchange *x, size_t i)
{
    struct task *t = &x->task;
    int64_t deadline_us = t->deadline_us;
    t->deadline_us = clock_monotonic_us(t->clock) + CHECK_US;
    enum err e = readiness[i].run(x);
    t->deadline_us = deadline_us;
    return e;
}

enum err get_readiness(struct exchange *x)
{
    bool well = true;
    json_t *checks = json_array();
    for (size_t i = 0; i < sizeof readiness / sizeof *readiness; i++) {
        enum err e = check_in_time(x, i);
        json_t *check = json_pack("{ss sb}", "name", readiness[i].name, "ok", e == OK);
        if (e)
            json_object_set_new(check, "detail", json_string(x->task.fault.message));
        json_array_append_new(checks, check);
        well &= e == OK;
    }
    x->reply.cache_control = "no-store";
    return reply_json(
        x, well ? 200 : 503,
        json_pack("{ss so}", "status", well ? "ready" : "not ready", "checks", checks));
}

static const char *operation_of(size_t route)
{
    return routes[route].operation;
}

/* What more workers would help with: how many wait, and since when the oldest does. A queue that
 * does not answer is left out, and found by who watches for it. */
static void write_queue(struct exchange *x, struct text *out)
{
    const char *const *lanes = queue_lane_names;
    int64_t now_us = clock_wall_us(x->task.clock);
    text_append(out, "# HELP storyreel_queue_jobs Wake-ups by lane: waiting (due or not), being "
                     "worked on, set aside.\n# TYPE storyreel_queue_jobs gauge\n"
                     "# HELP storyreel_queue_oldest_due_seconds For how long the oldest has been "
                     "due.\n"
                     "# TYPE storyreel_queue_oldest_due_seconds gauge\n");
    for (enum queue_lane lane = LANE_LIGHT; lane < LANE_COUNT; lane++) {
        struct queue_stats s;
        if (queue_stats(x->flow->queue, &x->task, lane, &s))
            return;
        int64_t due_us = s.oldest_due_us < now_us ? now_us - s.oldest_due_us : 0;
        text_printf(out,
                    "storyreel_queue_jobs{lane=\"%s\",state=\"waiting\"} %" PRId64 "\n"
                    "storyreel_queue_jobs{lane=\"%s\",state=\"running\"} %" PRId64 "\n"
                    "storyreel_queue_jobs{lane=\"%s\",state=\"dead\"} %" PRId64 "\n"
                    "storyreel_queue_oldest_due_seconds{lane=\"%s\"} %.3f\n",
                    lanes[lane], s.waiting, lanes[lane], s.leased, lanes[lane], s.dead, lanes[lane],
                    (double)due_us / 1e6);
    }
}

enum err get_metrics(struct exchange *x)
{
    struct text out = text_new(x->task.arena);
    struct running_job jobs[64];
    size_t running = workers_running(x->workers, jobs, sizeof jobs / sizeof *jobs);
    metrics_write(x->api->metrics, &out, operation_of);
    text_printf(&out,
                "# TYPE storyreel_event_streams gauge\nstoryreel_event_streams %" PRId64 "\n"
                "# TYPE storyreel_requests_under_way gauge\nstoryreel_requests_under_way %d\n"
                "# TYPE storyreel_jobs_running gauge\nstoryreel_jobs_running %zu\n",
                streams_count(x->api->streams), atomic_load(&x->api->under_way), running);
    write_queue(x, &out);
    x->reply.cache_control = "no-store";
    return reply_text(x, 200, "text/plain; version=0.0.4; charset=utf-8", text_end(&out));
}

/* ---- media ---- */

static const char *media_type(const char *key)
{
    static const char *const types[][2] = {
        { ".mp4", "video/mp4" },  { ".jpg", "image/jpeg" }, { ".jpeg", "image/jpeg" },
        { ".png", "image/png" },  { ".webp", "image/webp" }, { ".m4a", "audio/mp4" },
        { ".mp3", "audio/mpeg" }, { ".wav", "audio/wav" },  { ".flac", "audio/flac" },
        { ".ogg", "audio/ogg" },  { ".opus", "audio/ogg" }, { ".json", "application/json" },
        { ".webm", "video/webm" }, { ".mov", "video/quicktime" },
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (text_ends(key, types[i][0]))
            return types[i][1];
    }
    return "application/octet-stream";
}

/* A name to save under: letters, digits, '-', '_' and '.'; anything else is not used. */
static const char *disposition_name(struct exchange *x)
{
    const char *name = exchange_query(x, "download");
    size_t bytes = name ? strlen(name) : 0;
    bool plain =
        bytes > 0 && bytes <= 100 && *name != '.' &&
        strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == bytes;
    return plain ? name : NULL;
}

static const char *disposition(struct exchange *x)
{
    const char *name = disposition_name(x);
    return name ? arena_format(x->task.arena, "attachment; filename=\"%s\"", name) : NULL;
}

/* Keys never name other bytes later, so the key is the tag. */
static const char *tag_of_key(struct task *t, const char *key)
{
    return arena_format(t->arena, "\"%016" PRIx64 "\"", rng_seed_from_text(key));
}

/*
 * To the store's own address, which may be gone to for half of its life at least: the redirect may
 * be kept for half of that. Asking for credentials may take a moment.
 */
static enum err redirect_to_store(struct exchange *x, const char *key)
{
    const char *save_as = disposition_name(x), *url;
    const struct blob_url_wish wish = {
        .method = x->method,
        .seconds = (int)x->api->signer.url_seconds,
        .save_as = save_as ? save_as : "",
    };
    if (!x->at_desk)
        return OK;
    enum err e = picture_ready(x->flow, &x->task, key);
    if (!e)
        e = blob_url(x->flow->blobs, &x->task, key, &wish, &url);
    if (e == ERR_INVALID)
        return fail(&x->task, ERR_NOT_FOUND, "there is no such file");
    if (e)
        return e;
    x->reply.location = url;
    x->reply.cache_control =
        arena_format(x->task.arena, "private, max-age=%d", wish.seconds / 4);
    return reply_empty(x, 302);
}

enum err get_media(struct exchange *x)
{
    int fd;
    const char *key = x->args[0];
    enum err e = signer_check(&x->api->signer, &x->task, x->path, exchange_query(x, "e"),
                              exchange_query(x, "s"));
    if (e)
        return e;
    if (blob_has_urls(x->flow->blobs))
        return redirect_to_store(x, key);
    e = x->at_desk ? picture_open(x->flow, &x->task, key, &fd)
                   : blob_open(x->flow->blobs, &x->task, key, &fd);
    if (e == ERR_NOT_FOUND && !x->at_desk)
        return OK; /* a picture may have to be made: that takes a moment */
    if (e == ERR_NOT_FOUND || e == ERR_INVALID)
        return fail(&x->task, ERR_NOT_FOUND, "there is no such file");
    if (e)
        return e;
    x->reply.cache_control = "private, max-age=31536000, immutable";
    x->reply.disposition = disposition(x);
    return reply_file(x, fd, media_type(key), tag_of_key(&x->task, key));
}

/* ---- pages ---- */

static void append_escaped(struct text *out, const char *bytes, const char *plain)
{
    for (const unsigned char *at = (const unsigned char *)bytes; *at; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                      (*at >= '0' && *at <= '9');
        if (letter || strchr(plain, *at))
            text_append_n(out, (const char *)at, 1);
        else
            text_printf(out, "%%%02X", *at);
    }
}

static enum MHD_Result append_parameter(void *context, enum MHD_ValueKind kind, const char *name,
                                        const char *value)
{
    struct text *out = context;
    (void)kind;
    text_append(out, strchr(out->bytes, '?') ? "&" : "?");
    append_escaped(out, name, "-_.~");
    if (value) {
        text_append(out, "=");
        append_escaped(out, value, "-_.~");
    }
    return MHD_YES;
}

/* As an address again, with the query of this request. */
static const char *location_of(struct exchange *x, const char *path)
{
    struct text out = text_new(x->task.arena);
    append_escaped(&out, path, "-_.~/$");
    MHD_get_connection_values(x->connection, MHD_GET_ARGUMENT_KIND, append_parameter, &out);
    return text_end(&out);
}

enum err get_page(struct exchange *x)
{
    struct page_find found = pages_find(x->api->pages, x->task.arena, x->path);
    struct reply *r = &x->reply;
    if (found.location) {
        r->location = location_of(x, found.location);
        return reply_empty(x, found.status);
    }
    if (!found.page)
        return fail(&x->task, ERR_NOT_FOUND, "there is nothing at this address");
    const struct page *p = found.page;
    const char *encoding = exchange_header(x, "Accept-Encoding");
    bool gzip = p->gzip && encoding && strstr(encoding, "gzip");
    r->etag = p->etag;
    r->csp = p->csp;
    r->vary = p->gzip ? "Accept-Encoding" : NULL;
    r->cache_control = p->immutable ? "public, max-age=31536000, immutable" : "no-cache";
    if (found.status == 200 && etag_listed(exchange_header(x, "If-None-Match"), p->etag))
        return reply_empty(x, 304);
    r->status = found.status;
    r->type = p->type;
    r->encoding = gzip ? "gzip" : NULL;
    r->bytes = gzip ? p->gzip : p->bytes;
    r->size = gzip ? p->gzip_size : p->size;
    return OK;
}
