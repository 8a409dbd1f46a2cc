/*
 * Plans by any server that speaks OpenAI's chat completions: Ollama, llama-server, vLLM. What they
 * have in common is little; this keeps to it. Not every one binds its answer to the schema, so the
 * answer is taken as text.
 */
#include "net/service.h"
#include "plan/talk.h"

#include <string.h>

#include "base/base64.h"
#include "base/text.h"

enum { ANSWER_TOKENS_MAX = 32000 };    /* what servers at home are set up for is less still */

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* "error" is an object or a text; older servers put "message" at the top. */
static const char *words_of(const json_t *json)
{
    const json_t *error = json_object_get(json, "error");
    if (json_is_string(error))
        return json_string_value(error);
    return error ? text_of(error, "message") : text_of(json, "message");
}

static enum err judge(struct task *t, const struct service *s, const struct net_reply *reply,
                      json_t **out)
{
    if (reply->status == 200)
        return service_json(t, s, reply, out);
    scoped(json) json_t *json = json_loadb(reply->body.at, reply->body.size, 0, NULL);
    return service_refusal(t, s, reply, words_of(json), -1);
}

/* The model to ask: the one configured, or the first the server has. */
static enum err choose_model(const struct services *all, struct task *t, const char *wanted,
                             const char **out)
{
    scoped(json) json_t *json = NULL;
    *out = wanted;
    if (!text_is_empty(wanted))
        return OK;
    struct net_reply reply;
    const struct service_call list = { .method = "GET", .path = "/models" };
    enum err e = service_call(all, t, SERVICE_OPENAI, &list, &reply);
    if (!e)
        e = judge(t, &all->at[SERVICE_OPENAI], &reply, &json);
    if (e)
        return e;
    const char *first = text_of(json_array_get(json_object_get(json, "data"), 0), "id");
    *out = arena_copy(t->arena, first);
    if (!*first)
        return refuse(t, ERR_UNAVAILABLE, "install one there, for example: ollama pull qwen3:8b",
                      "the OpenAI-compatible server has no model");
    return OK;
}

/* ---- the request ---- */

static json_t *message(const char *role, const char *text)
{
    return json_pack("{ss ss}", "role", role, "content", text);
}

static const char *data_uri(struct arena *a, struct bytes file)
{
    bool png = file.size > 4 && memcmp(file.at, "\x89PNG", 4) == 0;
    bool webp = file.size > 4 && memcmp(file.at, "RIFF", 4) == 0;
    return arena_format(a, "data:image/%s;base64,%s",
                        png    ? "png"
                        : webp ? "webp"
                               : "jpeg",
                        base64_encode(a, file));
}

/* Text alone stays a plain string: some templates take no lists. */
static json_t *brief_message(struct task *t, const struct talk *talk)
{
    if (talk->picture_count == 0)
        return message("user", talk->brief);
    json_t *parts = json_pack("[{ss ss}]", "type", "text", "text", talk->brief);
    for (size_t i = 0; i < talk->picture_count; i++)
        json_array_append_new(parts, json_pack("{ss s{ss}}", "type", "image_url", "image_url",
                                               "url", data_uri(t->arena, talk->pictures[i].file)));
    return json_pack("{ss so}", "role", "user", "content", parts);
}

static json_t *body_of(struct task *t, const char *model, const struct talk *talk)
{
    json_t *messages = json_array();
    json_array_append_new(messages, message("system", talk->system));
    json_array_append_new(messages, brief_message(t, talk));
    if (talk->answer) {
        json_array_append_new(messages, message("assistant", talk->answer));
        json_array_append_new(messages, message("user", talk->complaint));
    }
    return json_pack("{ss sb sI sI so s{ss s{ss sb sO}}}", "model", model, "stream", 0, "seed",
                     (json_int_t)talk->seed, "max_tokens", (json_int_t)talk->answer_tokens,
                     "messages", messages, "response_format", "type", "json_schema", "json_schema",
                     "name", "film_plan", "strict", 1, "schema", talk->schema);
}

/* ---- the answer ---- */

static enum err read_choice(struct task *t, const json_t *json, const char **out)
{
    const json_t *choice = json_array_get(json_object_get(json, "choices"), 0);
    const json_t *said = json_object_get(choice, "message");
    const char *reason = text_of(choice, "finish_reason"), *refusal = text_of(said, "refusal");
    if (text_equal(reason, "length"))
        return refuse(t, ERR_LIMIT,
                      "ask for fewer scenes (--scenes), or give the server a larger context and "
                      "the model more room in its file (thoughtTokens, answerTokens)",
                      "the answer of the language model was cut off");
    if (text_equal(reason, "content_filter") || *refusal)
        return refuse(t, ERR_REFUSED, "change the wording and try again",
                      "the language model refused the content%s%s", *refusal ? ": " : "", refusal);
    *out = arena_copy(t->arena, text_of(said, "content"));
    return text_is_empty(*out) ? fail(t, ERR_UPSTREAM, "the language model answered with nothing")
                               : OK;
}

static struct plan_answer used_of(const json_t *json, enum net_outcome outcome)
{
    const json_t *usage = json_object_get(json, "usage");
    return (struct plan_answer){
        .tokens_in = json_integer_value(json_object_get(usage, "prompt_tokens")),
        .tokens_out = json_integer_value(json_object_get(usage, "completion_tokens")),
        .unmade = outcome == NET_NOT_CREATED,
    };
}

/* Sent once: whoever is behind the address may want money for it. One that is at home is asked
 * again by the job. */
static enum err ask(struct task *t, const struct plan_request *request, const struct talk *talk,
                    struct talk_reply *out)
{
    scoped(json) json_t *body = NULL, *json = NULL;
    const struct services *all = request->services;
    enum net_outcome outcome = NET_NOT_CREATED;
    struct net_reply reply;
    const char *model;
    out->used.unmade = true;
    enum err e = choose_model(all, t, request->model, &model);
    if (e)
        return e;
    body = body_of(t, model, talk);
    const struct service_call call = {
        .method = "POST",
        .path = "/chat/completions",
        .json = body,
        .timeout_us = SERVICE_THINK_US,
    };
    e = service_create(all, t, SERVICE_OPENAI, &call, &outcome, &reply);
    if (!e)
        e = judge(t, &all->at[SERVICE_OPENAI], &reply, &json);
    out->used = used_of(json, outcome);
    return e ? e : read_choice(t, json, &out->text);
}

static const struct talker talker = { ask, ANSWER_TOKENS_MAX };

static enum err draft(struct task *t, const struct plan_request *request, struct plan *out)
{
    return talk_plan(t, request, &talker, out);
}

static enum err rewrite(struct task *t, const struct rewrite_request *request,
                        struct planned_scene *out)
{
    return talk_rewrite(t, request, &talker, out);
}

static enum err idea(struct task *t, const struct idea_request *request, struct planned_scene *out)
{
    return talk_idea(t, request, &talker, out);
}

const struct planner_driver planner_openai = {
    .name = "openai", .draft = draft, .idea = idea, .rewrite = rewrite,
};
