/* Plans by Gemini: one call of generateContent a turn, the answer bound to the schema. */
#include "net/gemini.h"
#include "plan/talk.h"

#include "base/log.h"
#include "base/text.h"

enum { ANSWER_TOKENS_MAX = 60000 };    /* thoughts count too */

static json_t *turn(const char *role, const char *text)
{
    return json_pack("{ss s[{ss}]}", "role", role, "parts", "text", text);
}

static enum err add_pictures(struct task *t, const struct talk *talk, json_t *parts)
{
    enum err e = OK;
    for (size_t i = 0; i < talk->picture_count && !e; i++) {
        const struct plan_picture *p = &talk->pictures[i];
        json_t *part = NULL;
        e = gemini_inline(t, p->file, &part);
        if (e)
            break;
        json_array_append_new(parts, json_pack("{so}", "text", json_sprintf("The %s:", p->what)));
        json_array_append_new(parts, part);
    }
    return e;
}

static json_t *body_of(const struct talk *talk)
{
    json_t *contents = json_array();
    json_array_append_new(contents, turn("user", talk->brief));
    if (talk->answer) {
        json_array_append_new(contents, turn("model", talk->answer));
        json_array_append_new(contents, turn("user", talk->complaint));
    }
    return json_pack("{s{s[{ss}]} so s{si sI ss sO}}", "systemInstruction", "parts", "text",
                     talk->system, "contents", contents, "generationConfig", "maxOutputTokens",
                     ANSWER_TOKENS_MAX, "seed", (json_int_t)talk->seed, "responseMimeType",
                     "application/json", "responseJsonSchema", talk->schema);
}

/*
 * There is no list of what was asked before. A call that may have been paid for is repeated once,
 * and that is said; after that a person decides.
 */
static enum err ask_at_most_twice(struct task *t, const struct plan_request *request,
                                  const char *model, json_t *body, bool attended,
                                  struct gemini_answer *out)
{
    const struct services *all = request->services;
    enum net_outcome outcome;
    enum err e = gemini_generate(all, t, model, body, &outcome, out);
    if (e && outcome != NET_NOT_CREATED)
        talk_count(request, 0, 0);
    if (!e || attended || outcome == NET_NOT_CREATED || !err_may_retry(e))
        return e;
    log_line(LOG_WARN, t, "a plan is asked for a second time and may be paid for twice",
             "provider=gemini why=\"%s\"", t->fault.message);
    e = gemini_generate(all, t, model, body, &outcome, out);
    if (!e || outcome == NET_NOT_CREATED || !err_may_retry(e))
        return e;
    return refuse(t, ERR_RECONCILE, "run it again to ask once more; that may be paid for again",
                  "Gemini did not answer twice, and may have charged for it: %s",
                  arena_copy(t->arena, t->fault.message));
}

static enum err ask(struct task *t, const struct plan_request *request, const struct talk *talk,
                    const char **out)
{
    scoped(json) json_t *body = body_of(talk);
    json_t *first = json_array_get(json_object_get(body, "contents"), 0);
    struct gemini_answer answer;
    const char *model = text_is_empty(request->model) ? "gemini-3.8-flash" : request->model;
    enum err e = add_pictures(t, talk, json_object_get(first, "parts"));
    if (!e)
        e = ask_at_most_twice(t, request, model, body, talk->attended, &answer);
    if (e)
        return e;
    talk_count(request, answer.tokens_in, answer.tokens_out);
    *out = answer.text;
    return OK;
}

static enum err draft(struct task *t, const struct plan_request *request, struct plan *out)
{
    return talk_plan(t, request, ask, out);
}

static enum err rewrite(struct task *t, const struct rewrite_request *request,
                        struct planned_scene *out)
{
    return talk_rewrite(t, request, ask, out);
}

static enum err idea(struct task *t, const struct idea_request *request, struct planned_scene *out)
{
    return talk_idea(t, request, ask, out);
}

const struct planner_driver planner_gemini = {
    .name = "gemini", .draft = draft, .idea = idea, .rewrite = rewrite,
};
