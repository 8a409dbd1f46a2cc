/*
 * What is asked of a project, changed under change-if-version: begun, added to, stopped, and at
 * rest. Which events may follow which is states.h.
 */
#include "flow/goal.h"

#include "base/text.h"
#include "flow/webhooks.h"

enum { SETTLE_TRIES = 8 };

bool goal_names_scene(const struct project *p, int64_t sequence)
{
    for (size_t i = 0; i < p->goal_scene_count; i++) {
        if (p->goal_scenes[i] == sequence)
            return true;
    }
    return false;
}

/* At rest a project with a whole film is completed, whatever else was asked for; see states.h. */
static enum err apply_event(struct task *t, struct project *p, enum flow_event event)
{
    if (event == EVENT_REST && !text_is_empty(p->film.key) && p->missing_count == 0)
        event = EVENT_COMPLETE;
    return event ? status_after(t, "the project", p->status, event, &p->status) : OK;
}

static enum err apply(struct task *t, struct project *p, const struct goal_change *c)
{
    enum err e = apply_event(t, p, c->event);
    if (e)
        return e;
    p->goal = c->goal;
    p->goal_scenes = (int64_t *)c->scenes;
    p->goal_scene_count = c->scene_count;
    p->stage = c->stage;
    p->problem = c->problem;
    p->updated_at = time_iso8601(t->arena, clock_wall_us(t->clock));
    return OK;
}

static enum err change_once(const struct flow *f, struct task *t, const char *project_id,
                            const struct goal_change *c)
{
    struct project p;
    enum err e = project_load(f->store, t, project_id, &p);
    if (!e)
        e = apply(t, &p, c);
    if (e)
        return e;
    struct item_write write = project_write(t, &p);
    return store_write(f->store, t, &write, 1);
}

enum err goal_change(const struct flow *f, struct task *t, const char *project_id,
                     const struct goal_change *c)
{
    enum err e = OK;
    for (int i = 0; i < SETTLE_TRIES; i++) {
        e = change_once(f, t, project_id, c);
        if (e != ERR_CONFLICT)
            return e;
    }
    return e;
}

enum err goal_change_read(const struct flow *f, struct task *t, const struct project *read,
                          const struct goal_change *c)
{
    struct project p = *read;
    enum err e = apply(t, &p, c);
    if (e)
        return e;
    struct item_write write = project_write(t, &p);
    return store_write(f->store, t, &write, 1);
}

/* What keeps single scenes from being filmed beside it; NULL for what does not. */
static const char *busy_with(const struct project *p)
{
    switch (p->goal) {
    case GOAL_PLAN: return "planned";
    case GOAL_CUT:  return "cut";
    case GOAL_SONG: return "given its song";
    default:        return NULL;
    }
}

enum err goal_add_scenes(struct task *t, struct project *p, const int64_t *sequences, size_t count)
{
    const char *busy = busy_with(p);
    if (busy)
        return refuse(t, ERR_CONFLICT, "wait until it is done, or cancel it first",
                      "the project is being %s", busy);
    struct goal_change c = { .event = EVENT_START, .goal = GOAL_FILM, .stage = p->stage };
    if (p->goal != GOAL_FILM) {
        int64_t *all = arena_array(t->arena, int64_t, p->goal_scene_count + count);
        size_t known = 0;
        for (; known < p->goal_scene_count; known++)
            all[known] = p->goal_scenes[known];
        for (size_t i = 0; i < count; i++) {
            if (!goal_names_scene(p, sequences[i]))
                all[known++] = sequences[i];
        }
        c.goal = GOAL_SCENES;
        c.scenes = all;
        c.scene_count = known;
    }
    return apply(t, p, &c);
}

enum err project_start(struct task *t, struct project *p, enum project_goal goal)
{
    return apply(t, p, &(struct goal_change){ .event = EVENT_START, .goal = goal, .stage = "" });
}

/* ---- stopping ---- */

/* Some scenes of a transaction that has room for the project's own row and the news of it. */
enum { SCENES_AT_ONCE = STORE_WRITES_MAX - 2 };

static void scene_at_rest(struct scene *s, const struct goal_change *c)
{
    if (c->undo) {
        s->prompt = s->before.prompt;
        s->seed = s->before.seed;
        s->look = s->before.look;
        s->pinned = s->before.pinned;
        s->sync.wish = s->before.sync_wish;
        s->sync.options = s->before.sync_options;
        s->problem = c->problem;
    }
    s->before = (struct scene_before){ .prompt = "" };
}

/* Rows for scenes that were to be filmed again; *out_more when there are others. */
static enum err scenes_at_rest(const struct flow *f, struct task *t, const struct project *p,
                               const struct goal_change *c, struct item_write *writes,
                               size_t *out_count, bool *out_more)
{
    struct scene *scenes;
    size_t count;
    *out_count = 0;
    *out_more = false;
    enum err e = scenes_load(f->store, t, p, &scenes, &count);
    for (size_t i = 0; i < count && !e && !*out_more; i++) {
        if (!scenes[i].before.kept)
            continue;
        if (*out_count == SCENES_AT_ONCE) {
            *out_more = true;
            continue;
        }
        scene_at_rest(&scenes[i], c);
        writes[(*out_count)++] = scene_write(t, p->project_id, &scenes[i]);
    }
    return e;
}

/* The project's row goes with the last of the scenes, so that a crash cannot leave it half-way. */
static enum err stop_once(const struct flow *f, struct task *t, struct project *p,
                          const struct goal_change *c, bool *out_more)
{
    struct item_write writes[STORE_WRITES_MAX];
    size_t count;
    enum err e = scenes_at_rest(f, t, p, c, writes, &count, out_more);
    if (!e && !*out_more) {
        if (c->undo && p->goal == GOAL_PLAN && p->drafts > 0)
            p->drafts--; /* the plan that is there is the plan again */
        bool is_step = p->goal == GOAL_PLAN || p->goal == GOAL_SONG;
        bool is_news = c->event == EVENT_FAIL || (!c->undo && !is_step);
        e = apply(t, p, c);
        writes[count++] = project_write(t, p);
        count += is_news ? webhook_of_project(t, p, &writes[count]) : 0;
    }
    return e ? e : store_write(f->store, t, writes, count);
}

enum err goal_stop(const struct flow *f, struct task *t, const struct project *read,
                   const struct goal_change *c)
{
    bool more = true;
    enum err e = OK;
    while (more && !e) {
        struct project p = *read;
        e = stop_once(f, t, &p, c, &more);
    }
    return e;
}

enum err flow_stop(const struct flow *f, struct task *t, const char *project_id,
                   enum flow_event event, const struct problem *problem)
{
    const struct goal_change c = { .event = event, .stage = "", .problem = *problem, .undo = true };
    enum err e = ERR_CONFLICT;
    for (int i = 0; i < SETTLE_TRIES && e == ERR_CONFLICT; i++) {
        struct project p;
        e = project_load(f->store, t, project_id, &p);
        if (!e)
            e = goal_stop(f, t, &p, &c);
    }
    return e;
}

enum err flow_pause(const struct flow *f, struct task *t, const char *project_id)
{
    return goal_change(f, t, project_id, &(struct goal_change){ .stage = "" });
}
