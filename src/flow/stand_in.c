/*
 * A scene is asked of a model that no key is there for: before anything is sent it goes to the next
 * that the project allows. Whoever reads the board sees it so, with that one's price; the record
 * changes when the scene is really asked for.
 */
#include "flow/stand_in.h"

#include "base/text.h"
#include "flow/paid.h"

/* The next after `model` that can be asked; NULL when there is none. */
static const struct model *able_after(const struct flow *f, struct task *t, const struct board *b,
                                      const struct scene *s, const char *model)
{
    const struct model *m = fallback_after(b->videos, b->video_count, &b->project, s, model);
    while (m && paid_check_access(f, t, ARTIFACT_TAKE, m) != OK)
        m = fallback_after(b->videos, b->video_count, &b->project, s, m->name);
    return m;
}

/* One take that is to be made: is its scene another model's now? Whatever else is wrong with the
 * first one is said when it is asked. */
static bool stand_in_one(const struct flow *f, struct task *t, const struct board *b,
                         const struct artifact *take, struct scene *s)
{
    if (paid_check_access(f, t, ARTIFACT_TAKE, take->model) != ERR_AUTH)
        return false;
    const char *why = arena_format(t->arena, "%s: %s", take->model->title, t->fault.message);
    const struct model *next = able_after(f, t, b, s, take->model->name);
    if (next)
        s->fallback = (struct fallback){ next->name, why };
    return next;
}

static struct scene *scene_of(struct board *b, const struct artifact *take)
{
    for (size_t i = 0; i < b->scene_count; i++) {
        if (b->scenes[i].sequence == take->sequence)
            return &b->scenes[i];
    }
    return NULL;
}

static bool to_be_made(const struct artifact *art)
{
    return art->kind == ARTIFACT_TAKE && art->model &&
           (art->state == ARTIFACT_MISSING || art->state == ARTIFACT_STALE);
}

void board_stand_in(const struct flow *f, struct task *t, struct board *b)
{
    const struct fault fault = t->fault;
    b->stood_in = arena_array(t->arena, int64_t, b->scene_count);
    b->stood_in_count = 0;
    for (size_t i = 0; i < b->graph.artifact_count && b->video_count > 0; i++) {
        const struct artifact *art = &b->graph.artifacts[i];
        struct scene *s = to_be_made(art) ? scene_of(b, art) : NULL;
        if (s && stand_in_one(f, t, b, art, s))
            b->stood_in[b->stood_in_count++] = s->sequence;
    }
    t->fault = fault;
}

enum err stand_ins_keep(const struct flow *f, struct task *t, const struct board *b,
                        stand_in_wanted *wanted)
{
    bool wrote = false;
    for (size_t i = 0; i < b->stood_in_count; i++) {
        const struct artifact *take = graph_find(&b->graph, ARTIFACT_TAKE, b->stood_in[i]);
        if (!take || !wanted(b, take))
            continue;
        struct item_write write =
            scene_write(t, b->project.project_id, board_scene(b, b->stood_in[i]));
        enum err e = store_write(f->store, t, &write, 1);
        if (e)
            return e;
        wrote = true;
    }
    return wrote ? fail(t, ERR_CONFLICT, "scenes were given to other models") : OK;
}
