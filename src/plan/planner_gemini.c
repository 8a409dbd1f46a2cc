/* Plans by Gemini: one call of generateContent a turn, the answer bound to the schema. */
#include "net/gemini.h"
#include "plan/talk.h"

#include "base/text.h"

enum { ANSWER_TOKENS_MAX = 60000 };    /* today's models end at 65,536 */

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
    return json_pack("{s{s[{ss}]} so s{sI sI ss sO}}", "systemInstruction", "parts", "text",
                     talk->system, "contents", contents, "generationConfig", "maxOutputTokens",
                     (json_int_t)talk->answer_tokens, "seed", (json_int_t)talk->seed,
                     "responseMimeType", "application/json", "responseJsonSchema", talk->schema);
}

static enum err ask(struct task *t, const struct plan_request *request, const struct talk *talk,
                    struct talk_reply *out)
{
    scoped(json) json_t *body = body_of(talk);
    json_t *first = json_array_get(json_object_get(body, "contents"), 0);
    struct gemini_answer answer = { .text = "" };
    enum net_outcome outcome = NET_NOT_CREATED;
    const char *model = text_is_empty(request->model) ? "gemini-3.8-flash" : request->model;
    enum err e = add_pictures(t, talk, json_object_get(first, "parts"));
    if (!e)
        e = gemini_generate(request->services, t, model, body, &outcome, &answer);
    *out = (struct talk_reply){
        .text = answer.text,
        .used = { answer.tokens_in, answer.tokens_out, .unmade = outcome == NET_NOT_CREATED },
        .ask_again = outcome != NET_NOT_CREATED,
    };
    return e;
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

const struct planner_driver planner_gemini = {
    .name = "gemini", .draft = draft, .idea = idea, .rewrite = rewrite,
};
