/* What happens next: the computed plan turned into jobs, and a project settled when there is
 * nothing left to do. */
#include "flow/flow.h"

#include <string.h>

#include "base/text.h"
#include "flow/jobs.h"
#include "flow/states.h"
#include "flow/steps.h"

enum { SETTLE_TRIES = 8 };

enum err flow_planner(const struct flow *f, struct task *t, const char *name,
                      const struct planner_driver **out)
{
    struct text known = text_new(t->arena);
    for (size_t i = 0; f->planners[i]; i++) {
        if (text_equal(f->planners[i]->name, name)) {
            *out = f->planners[i];
            return OK;
        }
        text_printf(&known, " %s", f->planners[i]->name);
    }
    return refuse(t, ERR_INVALID, arena_format(t->arena, "there are:%s", text_end(&known)),
                  "there is no planner \"%s\"", name);
}

enum err flow_video_driver(const struct flow *f, struct task *t, const char *name,
                           const struct video_driver **out)
{
    for (size_t i = 0; f->videos[i]; i++) {
        if (text_equal(f->videos[i]->name, name)) {
            *out = f->videos[i];
            return OK;
        }
    }
    return refuse(t, ERR_INVALID, "use --video animatic, or a model of another driver",
                  "this program has no driver \"%s\" for video models", name);
}

enum err board_load(const struct flow *f, struct task *t, const char *project_id, struct board *out)
{
    enum err e = project_load(f->store, t, project_id, &out->project);
    if (!e)
        e = style_load(t, &f->styles, out->project.style, &out->style);
    if (!e)
        e = model_load(t, &f->models, out->project.video, &out->model);
    if (!e)
        e = scenes_load(f->store, t, &out->project, &out->scenes, &out->scene_count);
    if (e)
        return e;
    struct graph_input input = { &out->project, out->scenes, out->scene_count, &out->style,
                                 &out->model };
    e = graph_compute(t, &input, &out->graph);
    return e ? e : graph_attach_jobs(f->store, t, project_id, &out->graph);
}

const struct scene *board_scene(const struct board *b, int64_t sequence)
{
    for (size_t i = 0; i < b->scene_count; i++) {
        if (b->scenes[i].sequence == sequence)
            return &b->scenes[i];
    }
    return NULL;
}

/* ---- changing a project under change-if-version ---- */

struct change {
    enum flow_event event; /* 0: keep the status */
    int goal;              /* enum project_goal */
    const char *stage;
    struct problem problem;
};

static enum err change_once(const struct flow *f, struct task *t, const char *project_id,
                            const struct change *c)
{
    struct project p;
    enum err e = project_load(f->store, t, project_id, &p);
    if (!e && c->event)
        e = status_after(t, "the project", p.status, c->event, &p.status);
    if (e)
        return e;
    p.goal = c->goal;
    p.stage = c->stage;
    p.problem = c->problem;
    p.updated_at = time_iso8601(t->arena, clock_wall_us(t->clock));
    struct item_write write = project_write(t, &p);
    return store_write(f->store, t, &write, 1);
}

static enum err change(const struct flow *f, struct task *t, const char *project_id,
                       struct change c)
{
    enum err e = OK;
    for (int i = 0; i < SETTLE_TRIES; i++) {
        e = change_once(f, t, project_id, &c);
        if (e != ERR_CONFLICT)
            return e;
    }
    return e;
}

/* ---- what to do next ---- */

static bool belongs_to_film(const struct artifact *art)
{
    return art->kind != ARTIFACT_POSTER;
}

/* Scenes that exist are never planned away by a changed concept; see add_plan() in graph.c. */
static bool to_be_made(const struct board *b, const struct artifact *art)
{
    if (!belongs_to_film(art) || !art->ready)
        return false;
    if (b->project.goal == GOAL_PLAN && art->kind > ARTIFACT_PLAN)
        return false;
    if (art->kind == ARTIFACT_PLAN && b->scene_count > 0)
        return false;
    return art->state == ARTIFACT_MISSING || art->state == ARTIFACT_STALE;
}

struct outlook {
    bool under_way, goal_current;
    const struct artifact *failed; /* the first, with its reason */
};

static struct outlook outlook_of(const struct graph *g, int goal)
{
    struct outlook o = { 0 };
    for (size_t i = 0; i < g->artifact_count; i++) {
        const struct artifact *art = &g->artifacts[i];
        if (!belongs_to_film(art))
            continue;
        o.under_way |= art->state == ARTIFACT_RUNNING;
        if (art->state == ARTIFACT_FAILED && !o.failed)
            o.failed = art;
        if (art->kind == (goal == GOAL_PLAN ? ARTIFACT_PLAN : ARTIFACT_FILM))
            o.goal_current = art->state == ARTIFACT_CURRENT;
    }
    return o;
}

static const char *stage_of(const struct graph *g)
{
    static const char *const stages[ARTIFACT_KIND_COUNT] = {
        [ARTIFACT_SONG_MAP] = "listening", [ARTIFACT_PLAN] = "planning",
        [ARTIFACT_TAKE] = "filming",       [ARTIFACT_CLIP] = "cutting",
        [ARTIFACT_TRACK] = "mixing",       [ARTIFACT_FILM] = "cutting",
    };
    for (size_t i = 0; i < g->artifact_count; i++) {
        if (belongs_to_film(&g->artifacts[i]) && g->artifacts[i].state == ARTIFACT_RUNNING)
            return stages[g->artifacts[i].kind];
    }
    return "";
}

static enum err settle(const struct flow *f, struct task *t, const struct board *b)
{
    struct outlook o = outlook_of(&b->graph, b->project.goal);
    const char *id = b->project.project_id;
    if (o.goal_current)
        return change(f, t, id, (struct change){ .event = EVENT_COMPLETE, .stage = "" });
    if (o.under_way || !o.failed)
        return OK;
    const char *what = artifact_kind_names[o.failed->kind];
    const char *where = o.failed->sequence ? arena_format(t->arena, "the %s of scene %lld failed",
                                                          what, (long long)o.failed->sequence)
                                           : arena_format(t->arena, "the %s failed", what);
    struct problem problem = {
        .code = err_name(ERR_INTERNAL),
        .message = arena_format(t->arena, "%s: %s", where, o.failed->cause),
        .next = o.failed->next,
    };
    return change(f, t, id,
                  (struct change){ .event = EVENT_FAIL, .stage = "", .problem = problem });
}

static enum err enqueue_all(const struct flow *f, struct task *t, struct board *b,
                            size_t *out_count)
{
    *out_count = 0;
    for (size_t i = 0; i < b->graph.artifact_count; i++) {
        struct artifact *art = &b->graph.artifacts[i];
        if (!to_be_made(b, art))
            continue;
        enum err e = job_enqueue(f, t, b->project.project_id, art, false);
        if (e)
            return e;
        art->state = ARTIFACT_RUNNING;
        (*out_count)++;
    }
    return OK;
}

enum err flow_advance(const struct flow *f, struct task *t, const char *project_id)
{
    struct board b;
    size_t count;
    enum err e = board_load(f, t, project_id, &b);
    if (e || !b.project.goal)
        return e;
    e = enqueue_all(f, t, &b, &count);
    if (e)
        return e;
    const char *stage = stage_of(&b.graph);
    if (count > 0 && !text_equal(stage, b.project.stage))
        return change(f, t, project_id, (struct change){ .goal = b.project.goal, .stage = stage });
    return count > 0 ? OK : settle(f, t, &b);
}

enum err flow_want(const struct flow *f, struct task *t, const char *project_id,
                   enum project_goal goal)
{
    struct board b;
    enum err e = change(f, t, project_id,
                        (struct change){ .event = EVENT_START, .goal = goal, .stage = "" });
    if (!e)
        e = board_load(f, t, project_id, &b);
    for (size_t i = 0; !e && i < b.graph.artifact_count; i++) {
        const struct artifact *art = &b.graph.artifacts[i];
        if (art->state == ARTIFACT_FAILED && belongs_to_film(art))
            e = job_enqueue(f, t, project_id, art, true);
    }
    return e ? e : flow_advance(f, t, project_id);
}

enum err flow_pause(const struct flow *f, struct task *t, const char *project_id)
{
    return change(f, t, project_id, (struct change){ .stage = "" });
}

/* ---- posters ---- */

static enum err make_now(const struct flow *f, struct task *t, const char *project_id,
                         const struct artifact *art)
{
    struct claimed_job c;
    enum err e = job_enqueue(f, t, project_id, art, true);
    while (!e) {
        e = job_claim(f, t, LANE_CPU, &c);
        if (e)
            break;
        bool ours = text_equal(c.job.kind, artifact_kind_names[art->kind]) &&
                    c.job.sequence == art->sequence;
        e = step_run(f, t, &c, NULL);
        if (e) {
            enum err given_up = job_give_up(f, t, &c);
            return given_up ? given_up : e;
        }
        if (ours)
            return OK;
    }
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err flow_make_posters(const struct flow *f, struct task *t, const char *project_id)
{
    struct board b;
    enum err e = board_load(f, t, project_id, &b);
    for (size_t i = 0; !e && i < b.graph.artifact_count; i++) {
        const struct artifact *art = &b.graph.artifacts[i];
        if (art->kind == ARTIFACT_POSTER && art->ready && art->state != ARTIFACT_CURRENT)
            e = make_now(f, t, project_id, art);
    }
    return e;
}
