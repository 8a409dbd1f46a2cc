/* What handlers use to read a request and to answer it. */
#include "api/exchange.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "api/advice.h"
#include "api/range.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"
#include "flow/projects.h"

/* ---- reading ---- */

const char *exchange_query(struct exchange *x, const char *name)
{
    return MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, name);
}

const char *exchange_header(struct exchange *x, const char *name)
{
    return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

/* A whole number of at most 15 digits; false for anything else. */
static bool read_int(const char *text, int64_t *out)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 15 || text[digits])
        return false;
    *out = strtoll(text, NULL, 10);
    return true;
}

enum err exchange_query_int(struct exchange *x, const char *name, int64_t min, int64_t max,
                            int64_t preset, int64_t *out)
{
    const char *given = exchange_query(x, name);
    *out = preset;
    if (!given || (read_int(given, out) && *out >= min && *out <= max))
        return OK;
    struct task *t = &x->task;
    return fail_at(t,
                   fail(t, ERR_INVALID, "%s must be a whole number from %lld to %lld", name,
                        (long long)min, (long long)max),
                   name);
}

enum err exchange_arg_int(struct exchange *x, size_t index, int64_t *out)
{
    if (read_int(x->args[index], out) && *out > 0)
        return OK;
    return fail(&x->task, ERR_NOT_FOUND, "there is no \"%s\" here; it is a number from 1",
                text_shorten(x->task.arena, x->args[index], 60));
}

/* A form's members are texts: those the table wants as numbers or truth values are turned. */
static enum err turn_text(struct task *t, json_t *body, const struct field *f)
{
    const char *text = json_string_value(json_object_get(body, f->name));
    if (!text)
        return OK;
    char *end = NULL;
    double number = strtod(text, &end);
    bool is_number = *text && !*end, is_true = text_equal(text, "true");
    switch (f->kind) {
    case FIELD_KIND_INT:
    case FIELD_KIND_NUMBER:
        if (!is_number)
            return fail_at(t, fail(t, ERR_INVALID, "%s must be a number", f->name), f->name);
        json_object_set_new(body, f->name,
                            f->kind == FIELD_KIND_INT && number == (double)(int64_t)number
                                ? json_integer((json_int_t)number)
                                : json_real(number));
        return OK;
    case FIELD_KIND_BOOL:
        if (!is_true && !text_equal(text, "false"))
            return fail_at(t, fail(t, ERR_INVALID, "%s must be true or false", f->name), f->name);
        json_object_set_new(body, f->name, json_boolean(is_true));
        return OK;
    default:
        return OK;
    }
}

/* Records take null for "not there"; in a request it may as well be meant as "take it away". */
static enum err refuse_null(struct task *t, const json_t *body)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)body, name, value) {
        if (json_is_null(value))
            return fail_at(t,
                           refuse(t, ERR_INVALID, "leave it out to keep it as it is",
                                  "%s is null", name),
                           name);
    }
    return OK;
}

enum err exchange_body(struct exchange *x, const struct field *fields, void *out)
{
    struct task *t = &x->task;
    if (!x->body)
        x->body = json_object();
    enum err refused = refuse_null(t, x->body);
    if (refused)
        return refused;
    for (const struct field *f = fields; x->from_form && f->kind; f++) {
        enum err e = turn_text(t, x->body, f);
        if (e)
            return e;
    }
    return fields_decode(t, fields, x->body, out);
}

enum err exchange_body_empty(struct exchange *x)
{
    static const struct field nothing[] = { FIELDS_END };
    return exchange_body(x, nothing, NULL);
}

void exchange_nudge(struct exchange *x)
{
    if (x->workers)
        workers_nudge(x->workers);
}

bool exchange_has(const struct exchange *x, const char *member)
{
    return json_object_get(x->body, member) != NULL;
}

struct source_file exchange_file(struct exchange *x, const char *part, size_t n)
{
    for (size_t i = 0; i < x->upload_count; i++) {
        const struct upload *u = &x->uploads[i];
        if (text_equal(u->part, part) && n-- == 0)
            return (struct source_file){ .fd = u->draft.fd, .name = u->name };
    }
    return (struct source_file){ .fd = -1, .name = "" };
}

/* ---- answering ---- */

static void reply_begin(struct exchange *x, int status, const char *type)
{
    x->reply.status = status;
    x->reply.type = type;
}

enum err reply_text(struct exchange *x, int status, const char *type, const char *text)
{
    reply_begin(x, status, type);
    x->reply.bytes = text;
    x->reply.size = strlen(text);
    return OK;
}

enum err reply_json(struct exchange *x, int status, json_t *json)
{
    const char *text = json_text(x->task.arena, json);
    json_decref(json);
    return reply_text(x, status, "application/json", text);
}

enum err reply_empty(struct exchange *x, int status)
{
    reply_begin(x, status, NULL);
    x->reply.bytes = "";
    return OK;
}

enum err reply_shared(struct exchange *x, struct reply_body *body)
{
    x->reply.etag = body->etag;
    x->reply.cache_control = "no-cache";
    x->reply.shared = body;
    if (etag_listed(exchange_header(x, "If-None-Match"), body->etag))
        return reply_empty(x, 304);
    reply_begin(x, 200, "application/json");
    return OK;
}

enum err reply_json_tagged(struct exchange *x, json_t *json)
{
    const char *text = json_text(x->task.arena, json);
    json_decref(json);
    return reply_shared(x, reply_body_new(text, strlen(text)));
}

enum err reply_cached(struct exchange *x, const char *name, const char *project_id,
                      reply_build *build)
{
    struct api *a = x->api;
    struct reply_stamp stamp = { changes_revision(a->changes, project_id),
                                 signer_epoch(&a->signer, clock_wall_us(x->task.clock)) };
    bool ours = x->flow->owns_store; /* else a record may change without our being told in time */
    struct reply_body *body = ours ? reply_cache_find(a->cache, name, stamp) : NULL;
    json_t *json;
    if (body)
        return reply_shared(x, body);
    if (!x->at_desk)
        return OK;
    enum err e = build(x, &json);
    if (e)
        return e;
    const char *text = json_text(x->task.arena, json);
    json_decref(json);
    body = reply_body_new(text, strlen(text));
    if (ours)
        reply_cache_keep(a->cache, name, stamp, body);
    return reply_shared(x, body);
}

enum err reply_file(struct exchange *x, int fd, const char *type, const char *tag)
{
    int64_t bytes = file_bytes(fd);
    const char *range = exchange_header(x, "Range");
    struct reply *r = &x->reply;
    r->etag = tag;
    if (etag_listed(exchange_header(x, "If-None-Match"), tag)) {
        close(fd);
        return reply_empty(x, 304);
    }
    struct range part = range_read(
        if_range_holds(exchange_header(x, "If-Range"), tag) ? range : NULL, bytes);
    if (part.kind == RANGE_OUTSIDE) {
        close(fd);
        r->content_range = arena_format(x->task.arena, "bytes */%lld", (long long)bytes);
        return fail(&x->task, ERR_RANGE, "the file has %lld bytes", (long long)bytes);
    }
    reply_begin(x, part.kind == RANGE_PART ? 206 : 200, type);
    r->fd = fd;
    r->file_offset = part.kind == RANGE_PART ? part.first : 0;
    r->file_bytes = part.kind == RANGE_PART ? part.last - part.first + 1 : bytes;
    r->accept_ranges = true;
    if (part.kind == RANGE_PART)
        r->content_range = arena_format(x->task.arena, "bytes %lld-%lld/%lld",
                                        (long long)part.first, (long long)part.last,
                                        (long long)bytes);
    return OK;
}

enum err reply_events(struct exchange *x, const char *project_id)
{
    const char *last = exchange_header(x, "Last-Event-ID");
    x->reply.events = changes_follow(x->api->changes, project_id,
                                     last ? last : exchange_query(x, "lastEventId"));
    x->reply.stream = true;
    x->reply.cache_control = "no-store";
    reply_begin(x, 200, "text/event-stream");
    return OK;
}

/* What clients are told of our own failures: nothing that helps only us. */
static bool is_ours(enum err code)
{
    return code == ERR_INTERNAL;
}

void reply_problem(struct exchange *x)
{
    const struct fault *f = &x->task.fault;
    int status = err_http_status(f->code);
    const char *detail =
        is_ours(f->code) ? "the request id finds it in the server's log" : f->message;
    json_t *json = json_pack("{ss ss si ss ss}", "type", "about:blank", "title", err_text(f->code),
                             "status", status, "detail", detail, "requestId", x->id);
    if (*f->field)
        json_object_set_new(json, "errors",
                            json_pack("[{ss ss}]", "field", f->field, "message", f->message));
    if (*f->next && !is_ours(f->code))
        json_object_set_new(json, "next", json_string(advice_over_http(f->next)));
    const char *text = json_text(x->task.arena, json);
    json_decref(json);
    x->reply.status = status;
    x->reply.type = "application/problem+json";
    x->reply.bytes = text;
    x->reply.size = strlen(text);
    x->reply.cache_control = "no-store";
    if (f->code == ERR_AUTH)
        x->reply.authenticate = "Bearer";
    if (f->code == ERR_RATE || f->code == ERR_UNAVAILABLE)
        x->reply.retry_after_s = 2;
}
