/*
 * A model's first answer is often nearly right: a title twice, a scene too few. It is told what is
 * wrong, all at once, and answers again; a model that does not manage then will not by asking more,
 * and each turn costs money.
 */
#include "plan/talk.h"

#include "base/text.h"

/* about the longest answer today's models write to its end */
enum { SCENES_A_TALK_MAX = 150 };

static enum err read_plan(const struct film *f, void *how, const char *answer,
                          const char **out_reasons)
{
    struct task *t = f->task;
    struct plan *out = how;
    enum err e = talk_read(f, answer, out, out_reasons);
    if (e)
        return e;
    e = plan_check(t, f->request, out);
    if (e == ERR_INVALID)
        *out_reasons = arena_copy(t->arena, t->fault.message);
    return e;
}

static enum err refuse_twice(struct task *t, const char *reasons)
{
    return refuse(t, ERR_IMPOSSIBLE,
                  "try another --seed, another model, or --planner offline, which needs none",
                  "the planner's answer cannot be filmed, and asked again it was no better: %s",
                  text_tidy(t->arena, reasons));
}

enum err talk_converse(const struct film *f, const struct talker *who, struct talk *talk,
                       talk_reader *read, void *how)
{
    struct task *t = f->task;
    const char *answer, *reasons = "";
    talk->answer_tokens = talk_answer_tokens(f->request, who, f->scene_count);
    for (int turn = 0; turn < 2; turn++) {
        enum err e = talk_turn(t, f->request, who, talk, &answer);
        if (!e)
            e = read(f, how, answer, &reasons);
        if (e != ERR_INVALID)
            return e;
        talk->answer = answer;
        talk->complaint = arena_format(t->arena,
                                       "This cannot be filmed:\n"
                                       "%s\n"
                                       "Mend exactly that, keep the rest, and "
                                       "answer with the whole JSON object again.", reasons);
    }
    return refuse_twice(t, reasons);
}

enum err talk_plan(struct task *t, const struct plan_request *request, const struct talker *who,
                   struct plan *out)
{
    struct film *f;
    if (!request->services)
        return fail(t, ERR_UNAVAILABLE, "this planner is a service, and none may be called here");
    enum err e = film_begin(t, request, &f);
    if (e)
        return e;
    if (f->scene_count > SCENES_A_TALK_MAX)
        return refuse(t, ERR_IMPOSSIBLE, "give --scenes, or use --planner offline",
                      "the film has %zu scenes; a language model is asked for %d at most",
                      f->scene_count, SCENES_A_TALK_MAX);
    scoped(json) json_t *schema = talk_schema();
    struct talk talk = {
        .system = talk_system,
        .brief = talk_brief(f),
        .schema = schema,
        .pictures = request->pictures,
        .picture_count = request->picture_count,
        .seed = (int64_t)(f->seed & 0x7FFFFFFF),
    };
    return talk_converse(f, who, &talk, read_plan, out);
}
