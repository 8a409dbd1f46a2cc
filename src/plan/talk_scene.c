/*
 * One scene by a language model. It gets the brief of a film that has this scene alone, what stands
 * before and after it, and how it is now; it answers as for a whole film. Wordings go out as their
 * marks, so that they come back byte for byte.
 */
#include "plan/talk.h"

#include "base/text.h"

static const char rewrite_task[] =
    "The film is written and cut already; only the one scene in the list is to be written anew. "
    "`now` is how it is told now, `before` and `after` are its neighbours, which stay as they "
    "are. Keep what happens, who is seen and where, unless `instruction` says otherwise; do what "
    "`instruction` says; find other words, another way to frame, light and move. Write that one "
    "scene, numbered 1.";

static const char idea_task[] =
    "The film is written and cut already; the one scene in the list is added to it. `idea` is "
    "what the user wants to be seen: show all of it, and nothing that speaks against it. "
    "`before` and `after` are its neighbours, which stay as they are: it follows from the one "
    "and leads to the other, and has another title and another picture than both. What the idea "
    "leaves open (place, hour, weather) is as in the scene before. Write that one scene, "
    "numbered 1.";

/* ---- the brief ---- */

static const char *hero_wording(const struct film *f)
{
    return text_is_empty(f->request->character) ? f->premise.hero.full : f->request->character;
}

static const char *with_marks(const struct film *f, const char *text)
{
    text = text_replace(f->arena, text, hero_wording(f), "{character}");
    return f->premise.has_product
               ? text_replace(f->arena, text, f->premise.product.full, "{product}")
               : text;
}

static json_t *told_json(const struct film *f, const struct planned_scene *s)
{
    return json_pack("{ss ss ss ss}", "title", s->title, "prompt", with_marks(f, s->prompt),
                     "camera", s->camera, "action", s->action);
}

static void put_scene(const struct film *f, json_t *brief, const char *name,
                      const struct planned_scene *s)
{
    json_object_set_new(brief, name, told_json(f, s));
}

static const char *brief_of(const struct film *f, const json_t *json, const char *wanted)
{
    char *text = json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
    const char *brief = arena_format(f->arena, "The brief:\n```json\n%s\n```\n%s", text, wanted);
    free(text);
    return brief;
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
    return brief_of(f, json, rewrite_task);
}

static const char *idea_brief(const struct film *f, const struct idea_request *r)
{
    scoped(json) json_t *json = talk_brief_json(f);
    if (r->before)
        put_scene(f, json, "before", r->before);
    json_object_set_new(json, "idea", json_string(r->idea));
    if (r->after)
        put_scene(f, json, "after", r->after);
    return brief_of(f, json, idea_task);
}

/* ---- the answer ---- */

struct rewriting {
    const struct rewrite_request *request;
    struct planned_scene *out;
};

/* Its words are taken; what the scene is for, and who is in it, is not the model's to change. */
static enum err read_rewrite(const struct film *f, void *how, const char *answer,
                             const char **out_reasons)
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

/* ---- a new one ---- */

struct invention {
    const struct idea_request *request;
    struct planned_scene *out;
};

static enum err check_title(const struct film *f, const struct idea_request *r, const char *title)
{
    for (size_t i = 0; i < r->title_count; i++) {
        if (text_equal_fold(r->titles[i], title))
            return fail(f->task, ERR_INVALID, "another scene is called \"%s\"", title);
    }
    return OK;
}

static enum err read_idea(const struct film *f, void *how, const char *answer,
                          const char **out_reasons)
{
    struct invention *i = how;
    struct plan plan;
    enum err e = talk_read(f, answer, &plan, out_reasons);
    if (e)
        return e;
    e = check_title(f, i->request, plan.scenes[0].title);
    if (!e)
        e = plan_check_scene(f->task, f->request, &plan.scenes[0]);
    if (e == ERR_INVALID)
        *out_reasons = arena_copy(f->arena, f->task->fault.message);
    if (!e)
        *i->out = plan.scenes[0];
    return e;
}

/* What is known of it before it is written: where it stands. */
static struct planned_scene place_of(const struct idea_request *r)
{
    return (struct planned_scene){
        .title = "", .prompt = "", .negative_prompt = "", .camera = "", .action = "", .line = "",
        .story_beat = r->story_beat, .section = r->section, .cut = r->cut, .energy = r->energy,
        .look = r->near ? *r->near : (struct look){ 0 },
    };
}

/* ---- the conversation ---- */

static enum err begin(struct task *t, const struct plan_request *film,
                      const struct planned_scene *scene, struct film **out)
{
    return film->services
               ? film_of_scene(t, film, scene, out)
               : fail(t, ERR_UNAVAILABLE, "this planner is a service, and none may be called here");
}

static struct talk talk_about(const struct plan_request *film, const char *brief, json_t *schema,
                              int64_t seed)
{
    return (struct talk){
        .system = talk_system,
        .brief = brief,
        .schema = schema,
        .pictures = film->pictures,
        .picture_count = film->picture_count,
        .seed = seed & 0x7FFFFFFF,
        .attended = true,
    };
}

enum err talk_idea(struct task *t, const struct idea_request *request, const struct talker *who,
                   struct planned_scene *out)
{
    struct film *f;
    struct invention invention = { request, out };
    const struct planned_scene place = place_of(request);
    enum err e = begin(t, request->film, &place, &f);
    if (e)
        return e;
    f->scenes[0].beat = film_idea_step(f, request->story_beat, false);
    scoped(json) json_t *schema = talk_schema();
    struct talk talk =
        talk_about(request->film, idea_brief(f, request), schema, request->film->seed);
    return talk_converse(f, who, &talk, read_idea, &invention);
}

enum err talk_rewrite(struct task *t, const struct rewrite_request *request,
                      const struct talker *who, struct planned_scene *out)
{
    struct film *f;
    struct rewriting rewriting = { request, out };
    enum err e = begin(t, request->film, &request->scenes[request->index], &f);
    if (e)
        return e;
    scoped(json) json_t *schema = talk_schema();
    struct talk talk = talk_about(request->film, rewrite_brief(f, request), schema, request->seed);
    return talk_converse(f, who, &talk, read_rewrite, &rewriting);
}
