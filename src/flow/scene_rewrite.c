/* A scene in other words, as a proposal. */
#include <inttypes.h>

#include "base/hash.h"
#include "base/text.h"
#include "flow/checks.h"
#include "flow/scene_words.h"
#include "flow/scenes.h"

static const struct field wording_fields[] = {
    FIELD_TEXT(struct scene_wording, prompt, "prompt"),
    FIELD_TEXT(struct scene_wording, negative_prompt, "negativePrompt"),
    FIELD_TEXT(struct scene_wording, camera, "camera"),
    FIELD_TEXT(struct scene_wording, action, "action"),
    FIELDS_END
};

const struct field scene_proposal_fields[] = {
    FIELD_INT(struct scene_proposal, sequence, "sequence"),
    FIELD_INT(struct scene_proposal, version, "version"),
    FIELD_TEXT(struct scene_proposal, planner, "planner"),
    FIELD_INT(struct scene_proposal, seed, "seed"),
    FIELD_OBJECT(struct scene_proposal, was, "was", wording_fields),
    FIELD_OBJECT(struct scene_proposal, proposed, "proposed", wording_fields),
    FIELDS_END
};

struct rewriting {
    const char *instruction;
    int64_t seed;
    struct planned_scene *scenes; /* all of the film */
    size_t index;
};

static enum err find_scene(const struct film_words *w, struct task *t, int64_t sequence,
                           struct rewriting *r)
{
    r->index = w->scene_count;
    r->scenes = arena_array(t->arena, struct planned_scene, w->scene_count);
    for (size_t i = 0; i < w->scene_count; i++) {
        r->scenes[i] = planned_from_scene(&w->scenes[i]);
        if (w->scenes[i].sequence == sequence)
            r->index = i;
    }
    return r->index < w->scene_count
               ? OK
               : refuse(t, ERR_NOT_FOUND, "storyreel project show lists the scenes",
                        "there is no scene %" PRId64, sequence);
}

static enum err write_anew(struct task *t, const struct film_words *w, const void *how,
                           struct planned_scene *out)
{
    const struct rewriting *r = how;
    struct style *styles;
    size_t count;
    enum err e = style_list(t, &w->flow->styles, &styles, &count);
    if (e)
        return e;
    const struct rewrite_request request = {
        .film = &w->request,
        .instruction = r->instruction,
        .scenes = r->scenes,
        .scene_count = w->scene_count,
        .index = r->index,
        .styles = styles,
        .style_count = count,
        .seed = r->seed,
    };
    return plan_rewrite(t, w->planner, &request, out);
}

static const char *hash_of(const struct film_words *w, struct task *t, const struct rewriting *r)
{
    struct hash h = film_words_hash(w, "rewrite");
    hash_add(&h, "instruction", r->instruction);
    hash_add_int(&h, "seed", r->seed);
    words_hash_scene(t, &h, &r->scenes[r->index]);
    if (r->index > 0)
        words_hash_scene(t, &h, &r->scenes[r->index - 1]);
    if (r->index + 1 < w->scene_count)
        words_hash_scene(t, &h, &r->scenes[r->index + 1]);
    return hash_end(&h, t->arena);
}

static enum err check_ask(struct task *t, const struct scene_rewrite *ask)
{
    enum err e =
        check_words(t, "instruction", "instruction", ask->instruction, PROMPT_BYTES_MAX / 4);
    if (!e && ask->seed < 0)
        e = fail_at(t, refuse(t, ERR_INVALID, "use a whole number above 0",
                              "%" PRId64 " is no seed", ask->seed), "seed");
    return e;
}

static struct scene_wording wording_of(const struct planned_scene *s)
{
    return (struct scene_wording){ s->prompt, s->negative_prompt, s->camera, s->action };
}

enum err scene_rewrite(const struct flow *f, struct task *t, const char *project_id,
                       int64_t sequence, const struct scene_rewrite *ask,
                       struct scene_proposal *out)
{
    struct film_words w;
    struct rewriting r = { .instruction = text_tidy(t->arena, or_nothing(ask->instruction)) };
    struct planned_scene said;
    double usd;
    enum err e = check_ask(t, ask);
    if (!e)
        e = film_words_load(f, t, project_id, &w);
    if (!e)
        e = find_scene(&w, t, sequence, &r);
    if (e)
        return e;
    const struct scene *scene = &w.scenes[r.index];
    r.seed = ask->seed ? ask->seed : scene->seed;
    const struct words_wish wish = {
        .kind = "rewrite",
        .sequence = sequence,
        .hash = hash_of(&w, t, &r),
        .write = write_anew,
        .how = &r,
    };
    e = words_ask(&w, t, &wish, &said, &usd);
    if (e)
        return e;
    *out = (struct scene_proposal){
        .sequence = sequence,
        .version = scene->version,
        .planner = w.project.planner,
        .seed = r.seed,
        .was = wording_of(&r.scenes[r.index]),
        .proposed = wording_of(&said),
        .usd = usd,
    };
    return OK;
}
