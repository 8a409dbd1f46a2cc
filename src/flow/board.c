/* A project, its scenes and its computed plan, read together. */
#include "flow/flow.h"

#include "flow/stand_in.h"

static enum err load_makers(const struct flow *f, struct task *t, struct board *b)
{
    enum err e = style_load(t, &f->styles, b->project.style, &b->style);
    if (!e)
        e = model_load(t, &f->models, b->project.video, &b->model);
    if (!e)
        e = flow_card_model(f, t, &b->card);
    if (!e)
        e = flow_fallbacks_load(f, t, &b->project, &b->videos, &b->video_count);
    if (!e)
        e = flow_lipsyncs_load(f, t, &b->project, b->scenes, b->scene_count, &b->lipsyncs,
                               &b->lipsync_count);
    return e ? e : flow_sounds_load(f, t, &b->project, &b->music, &b->voice);
}

enum err board_graph(struct task *t, enum board_view view, struct board *b)
{
    const struct graph_input input = {
        .project = &b->project,
        .scenes = b->scenes,
        .scene_count = b->scene_count,
        .style = &b->style,
        .model = &b->model,
        .card = &b->card,
        .videos = b->videos,
        .video_count = b->video_count,
        .lipsyncs = b->lipsyncs,
        .lipsync_count = b->lipsync_count,
        .plan_usd = b->plan_usd,
        .music = b->music,
        .voice = b->voice,
        .as_filmed = view & BOARD_AS_FILMED,
        .without_posters = view & BOARD_WITHOUT_POSTERS,
    };
    return graph_compute(t, &input, &b->graph);
}

enum err board_compute(const struct flow *f, struct task *t, enum board_view view, struct board *b)
{
    enum err e = flow_planner_usd(f, t, b->project.planner, &b->plan_usd);
    if (!e)
        e = load_makers(f, t, b);
    if (b->project.goal == GOAL_CUT)
        view |= BOARD_AS_FILMED;
    return e ? e : board_graph(t, view, b);
}

/* Where scenes go to other models, what is to be made of them is another thing. */
static enum err stand_in(const struct flow *f, struct task *t, enum board_view view,
                         struct board *b)
{
    board_stand_in(f, t, b);
    if (b->stood_in_count == 0)
        return OK;
    enum err e = board_graph(t, view, b);
    return e ? e : graph_attach_jobs(f->store, t, b->project.project_id, &b->graph);
}

static enum err board_read(const struct flow *f, struct task *t, const char *project_id,
                           enum board_view view, struct board *out)
{
    enum err e = project_load(f->store, t, project_id, &out->project);
    if (!e)
        e = scenes_load(f->store, t, &out->project, &out->scenes, &out->scene_count);
    if (!e)
        e = board_compute(f, t, view, out);
    if (!e)
        e = graph_attach_jobs(f->store, t, project_id, &out->graph);
    if (!e)
        e = stand_in(f, t, view, out);
    if (!e)
        graph_set_statuses(&out->graph, out->scenes, out->scene_count);
    return e;
}

enum err board_load(const struct flow *f, struct task *t, const char *project_id, struct board *out)
{
    return board_read(f, t, project_id, BOARD_AS_ASKED, out);
}

enum err board_load_as_filmed(const struct flow *f, struct task *t, const char *project_id,
                              struct board *out)
{
    return board_read(f, t, project_id, BOARD_AS_FILMED, out);
}

const struct scene *board_scene(const struct board *b, int64_t sequence)
{
    for (size_t i = 0; i < b->scene_count; i++) {
        if (b->scenes[i].sequence == sequence)
            return &b->scenes[i];
    }
    return NULL;
}
