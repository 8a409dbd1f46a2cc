/*
 * What became of an interaction is said in several shapes: a status, a list of errors, an error of
 * one step, or a video that is simply not there. They become one answer here. Any member may be
 * missing or of another type.
 */
#include "gen/interaction.h"

#include <string.h>

#include "base/base64.h"
#include "base/fields.h"
#include "base/text.h"
#include "net/gemini.h"

enum { ID_BYTES_MAX = 200 };
#define FETCH_US (300 * SECOND_US)

static const struct service *service_of(const struct services *all)
{
    return &all->at[SERVICE_GEMINI];
}

static const char *text_in(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* Ids become part of paths and keys of records. */
static bool is_id(const char *id, size_t bytes)
{
    static const char chars[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=.";
    return bytes > 0 && bytes <= ID_BYTES_MAX && id[0] != '.' && strspn(id, chars) >= bytes;
}

/* ---- reading ---- */

/* ".../v1beta/files/{id}:download?alt=media", ".../files/{id}", "files/{id}": the id. */
static const char *file_in(struct task *t, const char *uri)
{
    static const char folder[] = "files/";
    const char *at = NULL;
    for (const char *next = uri; (next = strstr(next, folder)); next += strlen(folder))
        at = next + strlen(folder);
    size_t bytes = at ? strcspn(at, ":?/") : 0;
    return is_id(at ? at : "", bytes) ? arena_copy_n(t->arena, at, bytes) : "";
}

/* The first content of that type, whichever step it is of; NULL for none. */
static const json_t *content_of(const json_t *interaction, const char *type)
{
    size_t i, k;
    json_t *step, *content;
    json_array_foreach(json_object_get(interaction, "steps"), i, step) {
        if (text_equal(text_in(step, "type"), "user_input"))
            continue;
        json_array_foreach(json_object_get(step, "content"), k, content) {
            if (text_equal(text_in(content, "type"), type))
                return content;
        }
    }
    return NULL;
}

static const json_t *media_of(const json_t *interaction)
{
    const json_t *video = content_of(interaction, "video");
    return video ? video : content_of(interaction, "audio");
}

/* The first error it names, of itself or of a step. */
static const json_t *error_of(const json_t *interaction)
{
    size_t i;
    json_t *step;
    const json_t *error = json_array_get(json_object_get(interaction, "errors"), 0);
    if (!error)
        error = json_object_get(interaction, "error");
    json_array_foreach(json_object_get(interaction, "steps"), i, step) {
        if (!error)
            error = json_object_get(step, "error");
    }
    return error;
}

static enum interaction_state state_in(const json_t *json)
{
    static const struct {
        const char *word;
        enum interaction_state state;
    } known[] = {
        { "completed", INTERACTION_COMPLETED },  { "failed", INTERACTION_ENDED },
        { "cancelled", INTERACTION_ENDED },      { "incomplete", INTERACTION_ENDED },
        { "budget_exceeded", INTERACTION_ENDED },
    };
    const char *status = text_in(json, "status");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (text_equal(known[i].word, status))
            return known[i].state;
    }
    return INTERACTION_RUNNING;
}

static enum err class_of(const json_t *json)
{
    if (gemini_is_blocked(text_in(error_of(json), "code")))
        return ERR_REFUSED;
    return text_equal(text_in(json, "status"), "cancelled") ? ERR_TIMEOUT : ERR_UPSTREAM;
}

static struct interaction interaction_in(struct task *t, const json_t *json)
{
    const json_t *media = media_of(json);
    const json_t *error = error_of(json);
    const json_t *tokens = json_object_get(json_object_get(json, "usage"), "total_output_tokens");
    const char *said = text_in(content_of(json, "text"), "text");
    return (struct interaction){
        .state = state_in(json),
        .file = file_in(t, text_in(media, "uri")),
        .inline_media = json_string_length(json_object_get(media, "data")) > 0,
        .words = arena_copy(t->arena, error ? text_in(error, "message") : said),
        .error = class_of(json),
        .charged = json_number_value(tokens) > 0,
        .updated_us = time_read_iso8601(text_in(json, "updated")),
    };
}

/* ---- calls ---- */

static bool is_success(const struct net_reply *reply)
{
    return reply->status >= 200 && reply->status < 300;
}

static enum err get_json(const struct services *all, struct task *t, const char *path, json_t **out)
{
    struct net_reply reply;
    const struct service_call call = { .method = "GET", .path = path };
    enum err e = service_call(all, t, SERVICE_GEMINI, &call, &reply);
    if (!e && !is_success(&reply))
        e = gemini_refusal(t, service_of(all), &reply);
    return e ? e : service_json(t, service_of(all), &reply, out);
}

static const char *path_of(struct task *t, const char *id, const char *verb)
{
    return arena_format(t->arena, "/v1beta/interactions/%s%s", id, verb);
}

/* An answer of success that does not say what was made: it was made all the same. */
static enum err read_created(const struct services *all, struct task *t,
                             const struct net_reply *reply, enum net_outcome *outcome,
                             const char **out_id)
{
    scoped(json) json_t *json = NULL;
    enum err e = service_json(t, service_of(all), reply, &json);
    const char *id = text_in(json, "id");
    if (!e && is_id(id, strlen(id))) {
        *out_id = arena_copy(t->arena, id);
        return OK;
    }
    *outcome = NET_AMBIGUOUS;
    return e ? e : fail(t, ERR_UPSTREAM, "Gemini did not say what it made");
}

enum err interaction_create(const struct services *all, struct task *t, const char *body,
                            int64_t timeout_us, enum net_outcome *outcome, const char **out_id)
{
    static const char *const headers[] = { "Content-Type: application/json", NULL };
    const struct service_call call = {
        .method = "POST",
        .path = "/v1beta/interactions",
        .headers = headers,
        .body = { body, strlen(body) },
        .timeout_us = timeout_us,
    };
    struct net_reply reply;
    enum err e = service_create(all, t, SERVICE_GEMINI, &call, outcome, &reply);
    if (e)
        return e;
    return *outcome == NET_CREATED ? read_created(all, t, &reply, outcome, out_id)
                                   : gemini_refusal(t, service_of(all), &reply);
}

enum err interaction_look(const struct services *all, struct task *t, const char *id,
                          struct interaction *out)
{
    scoped(json) json_t *json = NULL;
    enum err e = get_json(all, t, path_of(t, id, ""), &json);
    if (!e)
        *out = interaction_in(t, json);
    return e;
}

enum err interaction_cancel(const struct services *all, struct task *t, const char *id)
{
    static const char *const headers[] = { "Content-Type: application/json", NULL };
    struct net_reply reply;
    const struct service_call call = {
        .method = "POST",
        .path = path_of(t, id, "/cancel"),
        .headers = headers,
        .body = { "{}", 2 },
    };
    enum err e = service_call(all, t, SERVICE_GEMINI, &call, &reply);
    if (e)
        return e;
    bool comes_and_goes = reply.status == 401 || reply.status == 403 || reply.status == 429;
    if (is_success(&reply) || (reply.status < 500 && !comes_and_goes))
        return OK; /* it has ended already, or cannot be cancelled, or there is none */
    return gemini_refusal(t, service_of(all), &reply);
}

/* ---- files ---- */

enum err interaction_file(const struct services *all, struct task *t, const char *file,
                          bool *out_ready)
{
    scoped(json) json_t *json = NULL;
    enum err e = get_json(all, t, arena_format(t->arena, "/v1beta/files/%s", file), &json);
    if (e)
        return e;
    const char *state = text_in(json, "state");
    if (text_equal(state, "FAILED"))
        return fail(t, ERR_UPSTREAM, "Gemini filmed it and could not keep the file: %s",
                    text_in(json_object_get(json, "error"), "message"));
    *out_ready = text_equal(state, "ACTIVE");
    return OK;
}

enum err interaction_fetch_file(const struct services *all, struct task *t, const char *file,
                                int64_t bytes_max, int out)
{
    struct net_reply reply;
    const struct service_call call = {
        .method = "GET",
        .path = arena_format(t->arena, "/v1beta/files/%s:download?alt=media", file),
        .timeout_us = FETCH_US,
        .bytes_max = bytes_max,
        .to_file = true,
        .out = out,
    };
    enum err e = service_call(all, t, SERVICE_GEMINI, &call, &reply);
    return e || is_success(&reply) ? e : gemini_refusal(t, service_of(all), &reply);
}

enum err interaction_fetch_inline(const struct services *all, struct task *t, const char *id,
                                  int out)
{
    scoped(json) json_t *json = NULL;
    struct bytes video;
    enum err e = get_json(all, t, path_of(t, id, ""), &json);
    const json_t *data = e ? NULL : json_object_get(media_of(json), "data");
    if (!e && !json_is_string(data))
        e = fail(t, ERR_NOT_FOUND, "what was made is not there any more");
    if (!e)
        e = base64_decode(t, json_string_value(data), json_string_length(data), &video);
    return e ? e : file_write_all(t, out, video.at, video.size);
}
