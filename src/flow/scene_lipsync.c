/* Asking for lips that move, and going back to the take before. */
#include "flow/scene_change.h"

#include <inttypes.h>

#include "base/text.h"
#include "flow/checks.h"
#include "flow/spend.h"

static enum err check_scene(struct scene_work *w, struct task *t)
{
    const struct scene *s = &w->scene;
    if (text_is_empty(w->project.audio_key))
        return refuse(t, ERR_IMPOSSIBLE, "give the project a song first",
                      "there is no sound that lips could move to");
    if (s->end_card)
        return refuse(t, ERR_IMPOSSIBLE, "choose a scene with somebody in it",
                      "scene %" PRId64 " is the end card; nobody speaks on it", s->sequence);
    if (text_is_empty(s->take.key))
        return refuse(t, ERR_CONFLICT, "film it first, or upload a clip for it",
                      "scene %" PRId64 " has no take yet", s->sequence);
    return scene_check_not_remade(t, s);
}

/* The one that was named, the project's, or what goes with the project's video model. */
static enum err choose_model(struct scene_work *w, struct task *t, const struct board *b,
                             const char *named, struct model *out)
{
    const struct flow *f = w->flow;
    if (!text_is_empty(named))
        return fail_at(t, flow_lipsync_model(f, t, named, out), "model");
    if (!text_is_empty(w->project.lipsync))
        return flow_lipsync_model(f, t, w->project.lipsync, out);
    enum err e = flow_lipsync_model(f, t, b->model.driver, out);
    return e == ERR_INVALID ? flow_lipsync_model(f, t, lipsync_replicate.name, out) : e;
}

static enum err check_wish(struct task *t, const struct model *m, const struct scene_lipsync *ask)
{
    const struct lipsync_wish wish = {
        .mode = sync_mode_names[ask->mode],
        .temperature = ask->temperature >= 0,
        .active_speaker = ask->active_speaker,
        .occlusion = ask->occlusion,
    };
    if (ask->temperature > 1)
        return fail_at(t,
                       refuse(t, ERR_INVALID, "use 0 (calm) to 1 (lively)",
                              "a temperature of %g is none", ask->temperature),
                       "temperature");
    return lipsync_check_wish(t, m, &wish);
}

/* Nothing of it may be under way, and there must be money for it. */
static enum err check_board(struct scene_work *w, struct task *t, const struct board *b,
                            const struct model *m)
{
    const struct scene *s = board_scene(b, w->scene.sequence);
    struct scene_span used = scene_used_span(&w->scene);
    if (s && s->status == PROJECT_PROCESSING)
        return refuse(t, ERR_CONFLICT, "wait until it is done, or cancel it first",
                      "scene %" PRId64 " is being made", s->sequence);
    return spend_check(w->flow, t, &w->project, graph_lipsync_usd(m, used.out - used.in));
}

static bool take_is_stale(const struct board *b, const struct scene *s)
{
    const struct artifact *take = graph_find(&b->graph, ARTIFACT_TAKE, s->sequence);
    return !take || take->state != ARTIFACT_CURRENT;
}

static enum err change_lipsync(struct scene_work *w, struct task *t, const void *how)
{
    const struct scene_lipsync *ask = how;
    struct scene *s = &w->scene;
    struct board b;
    struct model m;
    w->use = PROJECT_CHANGED;
    w->done = !text_is_empty(ask->once) && text_equal(ask->once, s->remake_once);
    if (w->done)
        return OK;
    enum err e = check_scene(w, t);
    if (!e)
        e = board_load(w->flow, t, w->project.project_id, &b);
    if (!e)
        e = choose_model(w, t, &b, ask->model, &m);
    if (!e)
        e = check_wish(t, &m, ask);
    if (!e)
        e = check_board(w, t, &b, &m);
    if (!e)
        e = goal_add_scenes(t, &w->project, &s->sequence, 1);
    if (e)
        return e;
    scene_keep_before(s);
    s->pinned = s->pinned || take_is_stale(&b, s); /* the take that is there is meant, as it is */
    s->sync.wish = SYNC_ASKED;
    s->sync.options = (struct sync_options){
        .model = m.name,
        .temperature = ask->temperature < 0 ? SYNC_TEMPERATURE : ask->temperature,
        .mode = ask->mode,
        .active_speaker = ask->active_speaker,
        .occlusion = ask->occlusion,
    };
    s->problem = (struct problem){ 0 };
    s->remake_once = or_nothing(ask->once);
    return OK;
}

enum err scene_lipsync_ask(const struct flow *f, struct task *t, const char *project_id,
                           int64_t sequence, const struct scene_lipsync *ask)
{
    return scene_change_run(f, t, project_id, sequence, change_lipsync, ask, NULL);
}

static enum err change_decline(struct scene_work *w, struct task *t, const void *how)
{
    struct scene *s = &w->scene;
    (void)how;
    enum err e = scene_check_not_remade(t, s);
    if (e)
        return e;
    s->selected_take = scene_footage_take(s);
    s->sync = (struct scene_sync){ .wish = SYNC_DECLINED };
    return OK;
}

enum err scene_lipsync_remove(const struct flow *f, struct task *t, const char *project_id,
                              int64_t sequence)
{
    return scene_change_run(f, t, project_id, sequence, change_decline, NULL, NULL);
}
