/*
 * Replicate over HTTP. What it answers is read with suspicion: any member may be missing or of
 * another type, and words nobody knows yet mean that a run goes on.
 */
#include "gen/replicate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/fields.h"
#include "base/limits.h"
#include "base/text.h"
#include "net/form.h"

enum {
    ID_BYTES_MAX = 80,
    INLINE_BYTES_MAX = 256 << 10,  /* larger ones are to be uploaded, says the reference */
    UPLOAD_BYTES_MAX = 99 << 20,
    PAGES_MAX = 50,                /* of 100 runs; more in five minutes is not ours */
};
#define FETCH_US (300 * SECOND_US)

static const struct service *service_of(const struct services *all)
{
    return &all->at[SERVICE_REPLICATE];
}

/* ---- reading ---- */

static const char *text_in(struct task *t, const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? arena_copy(t->arena, text) : "";
}

static int64_t time_in(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? time_read_iso8601(text) : 0;
}

bool replicate_is_id(const char *id)
{
    size_t bytes = strlen(id);
    return bytes > 0 && bytes <= ID_BYTES_MAX &&
           strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == bytes;
}

static enum replicate_state state_in(const json_t *run)
{
    static const char *const words[] = { "", "", "succeeded", "failed", "canceled", "aborted",
                                         NULL };
    const char *status = json_string_value(json_object_get(run, "status"));
    int index = status && *status ? names_index(words, status) : -1;
    return index > 0 ? (enum replicate_state)index : REPLICATE_RUNNING;
}

static const char *output_in(struct task *t, const json_t *run)
{
    const json_t *output = json_object_get(run, "output");
    if (json_is_array(output))
        output = json_array_get(output, 0);
    const char *text = json_string_value(output);
    return text && strlen(text) < NET_URL_BYTES_MAX ? arena_copy(t->arena, text) : "";
}

static struct replicate_run run_in(struct task *t, const json_t *run)
{
    return (struct replicate_run){
        .id = text_in(t, run, "id"),
        .state = state_in(run),
        .output = output_in(t, run),
        .removed = json_is_true(json_object_get(run, "data_removed")),
        .error = text_in(t, run, "error"),
        .created_us = time_in(run, "created_at"),
        .completed_us = time_in(run, "completed_at"),
    };
}

/* ---- refusals ---- */

/* "... resets in ~7s." */
static int64_t wait_in(const json_t *body)
{
    const json_t *wait = json_object_get(body, "retry_after");
    if (json_is_number(wait))
        return (int64_t)(json_number_value(wait) * SECOND_US);
    const char *detail = json_string_value(json_object_get(body, "detail"));
    const char *about = detail ? strchr(detail, '~') : NULL;
    long seconds = about ? strtol(about + 1, NULL, 10) : 0;
    return seconds > 0 ? seconds * SECOND_US : -1;
}

static enum err refused(const struct services *all, struct task *t, const struct net_reply *reply)
{
    json_error_t error;
    scoped(json) json_t *body = json_loadb(reply->body.at, reply->body.size, 0, &error);
    int64_t wait_us = net_retry_after_us(reply);
    return service_refusal(t, service_of(all), reply, text_in(t, body, "detail"),
                           wait_us >= 0 ? wait_us : wait_in(body));
}

static bool is_success(const struct net_reply *reply)
{
    return reply->status >= 200 && reply->status < 300;
}

static enum err call_json(const struct services *all, struct task *t,
                          const struct service_call *call, json_t **out, struct net_reply *reply)
{
    enum err e = service_call(all, t, SERVICE_REPLICATE, call, reply);
    if (!e && !is_success(reply))
        e = refused(all, t, reply);
    return e ? e : service_json(t, service_of(all), reply, out);
}

enum err replicate_error_class(const char *words)
{
    static const struct {
        const char *word;
        enum err code;
    } known[] = {
        { "E005", ERR_REFUSED },          { "sensitive", ERR_REFUSED },
        { "flagged", ERR_REFUSED },       { "safety", ERR_REFUSED },
        { "Input validation", ERR_IMPOSSIBLE }, { "cannot identify image", ERR_IMPOSSIBLE },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strstr(words, known[i].word))
            return known[i].code;
    }
    return ERR_UPSTREAM;
}

/* ---- making ---- */

/* Official models have a path of their own; others are run by their version. */
static const char *create_path(struct task *t, const char *model)
{
    return strchr(model, ':') ? "/v1/predictions"
                              : arena_format(t->arena, "/v1/models/%s/predictions", model);
}

static json_t *create_body(const struct replicate_order *o)
{
    json_t *body = json_pack("{sO}", "input", o->input);
    if (strchr(o->model, ':'))
        json_object_set_new(body, "version", json_string(o->model));
    if (!text_is_empty(o->webhook)) {
        json_object_set_new(body, "webhook", json_string(o->webhook));
        json_object_set_new(body, "webhook_events_filter", json_pack("[s]", "completed"));
    }
    return body;
}

/* An answer of success that does not say what was made: it was made all the same. */
static enum err read_created(const struct services *all, struct task *t,
                             const struct net_reply *reply, enum net_outcome *outcome,
                             const char **out_id)
{
    scoped(json) json_t *run = NULL;
    enum err e = service_json(t, service_of(all), reply, &run);
    const char *id = e ? "" : text_in(t, run, "id");
    if (!e && replicate_is_id(id)) {
        *out_id = id;
        return OK;
    }
    *outcome = NET_AMBIGUOUS;
    return e ? e : fail(t, ERR_UPSTREAM, "Replicate did not say what it made");
}

enum err replicate_create(const struct services *all, struct task *t,
                          const struct replicate_order *order, enum net_outcome *outcome,
                          const char **out_id)
{
    scoped(json) json_t *body = create_body(order);
    struct net_reply reply;
    const char *cancel_after =
        arena_format(t->arena, "Cancel-After: %" PRId64 "s", order->cancel_after_s);
    const char *const headers[] = { order->cancel_after_s ? cancel_after : NULL, NULL };
    const struct service_call call = {
        .method = "POST",
        .path = create_path(t, order->model),
        .json = body,
        .headers = headers,
    };
    enum err e = service_create(all, t, SERVICE_REPLICATE, &call, outcome, &reply);
    if (e)
        return e;
    return *outcome == NET_CREATED ? read_created(all, t, &reply, outcome, out_id)
                                   : refused(all, t, &reply);
}

enum err replicate_look(const struct services *all, struct task *t, const char *id,
                        struct replicate_run *out)
{
    scoped(json) json_t *run = NULL;
    struct net_reply reply;
    const struct service_call call = {
        .method = "GET",
        .path = arena_format(t->arena, "/v1/predictions/%s", id),
    };
    enum err e = call_json(all, t, &call, &run, &reply);
    if (!e)
        *out = run_in(t, run);
    return e;
}

enum err replicate_webhook_secret(const struct services *all, struct task *t, const char **out)
{
    scoped(json) json_t *secret = NULL;
    struct net_reply reply;
    const struct service_call call = {
        .method = "GET",
        .path = "/v1/webhooks/default/secret",
    };
    enum err e = call_json(all, t, &call, &secret, &reply);
    if (!e)
        *out = text_in(t, secret, "key");
    return e;
}

enum err replicate_cancel(const struct services *all, struct task *t, const char *id)
{
    struct net_reply reply;
    const struct service_call call = {
        .method = "POST",
        .path = arena_format(t->arena, "/v1/predictions/%s/cancel", id),
    };
    enum err e = service_call(all, t, SERVICE_REPLICATE, &call, &reply);
    if (e)
        return e;
    bool comes_and_goes = reply.status == 401 || reply.status == 403 || reply.status == 429;
    if (is_success(&reply) || (reply.status < 500 && !comes_and_goes))
        return OK; /* it has ended already, or there is none */
    return refused(all, t, &reply);
}

/* ---- finding ---- */

static bool holds(const json_t *input, const json_t *wanted)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)wanted, name, value) {
        const json_t *other = json_object_get(input, name);
        bool same_number = json_is_number(value) && json_is_number(other) &&
                           json_number_value(value) == json_number_value(other);
        if (!same_number && !json_equal(value, other))
            return false;
    }
    return json_object_size(input) > 0;
}

static bool is_wanted(const json_t *run, const struct replicate_wanted *w)
{
    const char *webhook = json_string_value(json_object_get(run, "webhook"));
    const char *model = json_string_value(json_object_get(run, "model"));
    if (webhook && !text_is_empty(w->token) && strstr(webhook, w->token))
        return true;
    size_t bytes = strcspn(w->model, ":");
    bool same_model = model && strlen(model) == bytes && strncmp(model, w->model, bytes) == 0;
    return same_model && holds(json_object_get(run, "input"), w->input);
}

struct listing {
    struct replicate_run *runs;
    size_t count, capacity;
    int64_t clock_us;
};

/* One page; *next is where the following one is, "" after the last. */
static enum err read_page(const struct services *all, struct task *t,
                          const struct replicate_wanted *w, const char **next,
                          struct listing *list)
{
    scoped(json) json_t *page = NULL;
    struct net_reply reply;
    const char *since = time_iso8601(t->arena, w->since_us);
    const struct service_call call = {
        .method = "GET",
        .path = arena_format(t->arena, "/v1/predictions?created_after=%s", since),
        .url = **next ? *next : NULL,
    };
    enum err e = call_json(all, t, &call, &page, &reply);
    if (e)
        return e;
    const json_t *results = json_object_get(page, "results");
    if (!json_is_array(results))
        return fail(t, ERR_UPSTREAM, "Replicate's list of runs is none");
    size_t i;
    json_t *run;
    json_array_foreach((json_t *)results, i, run) {
        struct replicate_run read = run_in(t, run);
        if (replicate_is_id(read.id) && is_wanted(run, w))
            array_push(t->arena, list->runs, list->count, list->capacity, read);
    }
    list->clock_us = net_reply_date_us(&reply);
    *next = text_in(t, page, "next");
    if (**next && !service_owns(service_of(all), t, *next))
        return fail(t, ERR_UPSTREAM, "Replicate's list of runs leads elsewhere");
    return OK;
}

static int earliest_first(const void *a, const void *b)
{
    const struct replicate_run *x = a, *y = b;
    return x->created_us < y->created_us ? -1 : x->created_us > y->created_us;
}

enum err replicate_find(const struct services *all, struct task *t,
                        const struct replicate_wanted *wanted, struct replicate_run **out,
                        size_t *out_count, int64_t *out_clock_us)
{
    struct listing list = { .clock_us = -1 };
    const char *next = "";
    int pages = 0;
    do {
        enum err e = read_page(all, t, wanted, &next, &list);
        if (e)
            return e;
    } while (*next && ++pages < PAGES_MAX);
    if (*next)
        return fail(t, ERR_LIMIT, "Replicate lists too many runs to be looked through");
    if (list.count > 0)
        qsort(list.runs, list.count, sizeof *list.runs, earliest_first);
    *out = list.runs;
    *out_count = list.count;
    *out_clock_us = list.clock_us >= 0 ? list.clock_us : clock_wall_us(t->clock);
    return OK;
}

/* ---- files ---- */

static enum err upload(const struct services *all, struct task *t, struct bytes file,
                       const char *type, const char **out_uri)
{
    const struct net_form form =
        net_form_make(t, "content", strchr(type, '/') + 1, type, file);
    const char *const headers[] = { form.header, NULL };
    const struct service_call call = {
        .method = "POST",
        .path = "/v1/files",
        .headers = headers,
        .body = form.body,
        .timeout_us = FETCH_US,
    };
    scoped(json) json_t *made = NULL;
    struct net_reply reply;
    enum err e = call_json(all, t, &call, &made, &reply);
    if (e)
        return e;
    *out_uri = text_in(t, json_object_get(made, "urls"), "get");
    return **out_uri ? OK : fail(t, ERR_UPSTREAM, "Replicate did not say where the file is");
}

enum err replicate_upload(const struct services *all, struct task *t, int file, const char *type,
                          const char **out_uri)
{
    struct bytes bytes;
    enum err e = file_read_fd(t, file, "the file", UPLOAD_BYTES_MAX, &bytes);
    return e ? e : upload(all, t, bytes, type, out_uri);
}

enum err replicate_picture(const struct services *all, struct task *t, int file,
                           const char **out_uri)
{
    struct bytes bytes;
    enum err e = file_read_fd(t, file, "the reference picture", UPLOAD_BYTES_MAX, &bytes);
    const char *type = e ? NULL : net_picture_type(bytes);
    if (!e && !type)
        e = refuse(t, ERR_IMPOSSIBLE, "give it as PNG, JPEG or WebP",
                   "the reference picture is of a type that Replicate does not take");
    if (e)
        return e;
    if (bytes.size > INLINE_BYTES_MAX)
        return upload(all, t, bytes, type, out_uri);
    *out_uri = arena_format(t->arena, "data:%s;base64,%s", type, base64_encode(t->arena, bytes));
    return OK;
}

/* ---- what came out ---- */

/* Where Replicate gives out files: addresses that may be shown the key if they ask for it. */
static bool is_delivery(const char *url)
{
    static const char scheme[] = "https://", host[] = "replicate.delivery";
    if (!text_starts(url, scheme))
        return false;
    const char *name = url + strlen(scheme);
    size_t bytes = strcspn(name, "/:?#@"), own = strlen(host);
    if (bytes < own || strncmp(name + bytes - own, host, own) != 0 || name[bytes] != '/')
        return false;
    return bytes == own || name[bytes - own - 1] == '.';
}

static enum err fetch_with(const struct services *all, struct task *t, const char *url,
                           int64_t bytes_max, int out, bool with_key, struct net_reply *reply)
{
    const struct service *s = service_of(all);
    bool own = service_owns(s, t, url);
    const struct net_call call = {
        .method = "GET",
        .url = url,
        .timeout_us = FETCH_US,
        .bytes_max = bytes_max,
        .out = out,
        .key = with_key && (own || is_delivery(url)) ? s->key : NULL,
        .key_header = s->key_header,
        .configured = own && !text_equal(s->url, s->public_url),
    };
    enum err e = net_call(all->net, t, &call, reply);
    service_hear(all, t, &call, e, reply);
    return e;
}

/* Without the key first: the documents say it is needed, and those who fetch say it is not. */
enum err replicate_fetch(const struct services *all, struct task *t, const char *url,
                         int64_t bytes_max, int out)
{
    struct net_reply reply;
    enum err e = fetch_with(all, t, url, bytes_max, out, false, &reply);
    if (!e && (reply.status == 401 || reply.status == 403))
        e = fetch_with(all, t, url, bytes_max, out, true, &reply);
    if (e || is_success(&reply))
        return e;
    return service_refusal(t, service_of(all), &reply, "the clip cannot be fetched", -1);
}
