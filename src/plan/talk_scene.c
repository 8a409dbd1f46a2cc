/*
 * One scene by a language model. It gets the brief of a film that has this scene alone, what stands before and after
 * it, and how it is now; it answers as for a whole film. Wordings go out as their marks, so that they come back byte
 * for byte.
 */
#include "plan/talk.h"

#include "base/text.h"

static const char rewrite_task[] =
    "The film is written and cut already; only the one scene in the list is to be written anew. `now` is how it is "
    "told now, `before` and `after` are its neighbours, which stay as they are. Keep what happens, who is seen and "
    "where, unless `instruction` says otherwise; do what `instruction` says; find other words, another way to frame, "
    "light and move. Write that one scene, numbered 1.";

/* ---- the brief ---- */

static const char *hero_wording(const struct film *f)
{
    return text_is_empty(f->request->character) ? f->premise.hero.full : f->request->character;
}

static const char *with_marks(const struct film *f, const char *text)
{
    text = text_replace(f->arena, text, hero_wording(f), "{character}");
    return f->premise.has_product ? text_replace(f->arena, text, f->premise.product.full, "{product}") : text;
}

static json_t *told_json(const struct film *f, const struct planned_scene *s)
{
    return json_pack("{ss ss ss ss}", "title", s->title, "prompt", with_marks(f, s->prompt), "camera", s->camera,
                     "action", s->action);
}

static void put_scene(const struct film *f, json_t *brief, const char *name, const struct planned_scene *s)
{
    json_object_set_new(brief, name, told_json(f, s));
}

static const char *rewrite_brief(const struct film *f, const struct rewrite_request *r)
{
    scoped(json) json_t *json = talk_brief_json(f);
    if (r->index > 0)
        put_scene(f, json, "before", &r->scenes[r->index - 1]);
    put_scene(f, json, "now", &r->scenes[r->index]);
    if (r->index + 1 < r->scene_count)
        put_scene(f, json, "after", &r->scenes[r->index + 1]);
    if (!text_is_empty(r->instruction))
        json_object_set_new(json, "instruction", json_string(r->instruction));
    char *text = json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
    const char *brief = arena_format(f->arena, "The brief:\n```json\n%s\n```\n%s", text, rewrite_task);
    free(text);
    return brief;
}

/* ---- the answer ---- */

struct rewriting {
    const struct rewrite_request *request;
    struct planned_scene *out;
};

/* Its words are taken; what the scene is for, and who is in it, is not the model's to change. */
static enum err read_rewrite(const struct film *f, void *how, const char *answer, const char **out_reasons)
{
    struct rewriting *w = how;
    struct plan plan;
    enum err e = talk_read(f, answer, &plan, out_reasons);
    if (e)
        return e;
    const struct planned_scene *told = &plan.scenes[0];
    struct planned_scene s = w->request->scenes[w->request->index];
    s.prompt = told->prompt;
    s.negative_prompt = told->negative_prompt;
    s.camera = told->camera;
    s.action = text_is_empty(told->action) ? s.action : told->action;
    s.look.time = told->look.time;
    s.look.weather = told->look.weather;
    s.look.shot = told->look.shot;
    s.look.move = told->look.move;
    e = plan_check_scene(f->task, f->request, &s);
    if (e == ERR_INVALID)
        *out_reasons = arena_copy(f->arena, f->task->fault.message);
    if (!e)
        *w->out = s;
    return e;
}

enum err talk_rewrite(struct task *t, const struct rewrite_request *request, talk_ask *ask,
                      struct planned_scene *out)
{
    struct film *f;
    struct rewriting rewriting = { request, out };
    if (!request->film->services)
        return fail(t, ERR_UNAVAILABLE, "this planner is a service, and none may be called here");
    enum err e = film_of_scene(t, request->film, &request->scenes[request->index], &f);
    if (e)
        return e;
    scoped(json) json_t *schema = talk_schema();
    struct talk talk = {
        .system = talk_system,
        .brief = rewrite_brief(f, request),
        .schema = schema,
        .pictures = request->film->pictures,
        .picture_count = request->film->picture_count,
        .seed = request->seed & 0x7FFFFFFF,
        .attended = true,
    };
    return talk_converse(f, ask, &talk, read_rewrite, &rewriting);
}
