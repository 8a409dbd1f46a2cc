/* What happens next: the computed plan turned into jobs, and a project settled when there is
 * nothing left to do. */
#include "flow/flow.h"

#include "base/log.h"
#include "base/text.h"
#include "flow/checks.h"
#include "flow/goal.h"
#include "flow/jobs.h"
#include "flow/paid.h"
#include "flow/quote.h"
#include "flow/stand_in.h"
#include "flow/steps.h"

enum { SETTLE_TRIES = 8 };

/* Is this part of what was asked for? Scenes that exist are never planned away unless a new plan
 * was; see add_plan() in graph.c. */
static bool is_wanted(const struct board *b, const struct artifact *art)
{
    const struct project *p = &b->project;
    bool of_scene = art->kind >= ARTIFACT_TAKE && art->kind <= ARTIFACT_CLIP;
    if (art->kind == ARTIFACT_POSTER)
        return false;
    if (p->goal == GOAL_SCENES)
        return of_scene && goal_names_scene(p, art->sequence);
    if (p->goal == GOAL_PLAN)
        return art->kind <= ARTIFACT_PLAN;
    if (p->goal == GOAL_SONG)
        return art->kind <= ARTIFACT_SONG_MAP;
    return art->kind != ARTIFACT_PLAN || b->scene_count == 0;
}

static bool is_lacking(const struct board *b, const struct artifact *art)
{
    bool lacking = art->state == ARTIFACT_MISSING || art->state == ARTIFACT_STALE;
    return lacking && is_wanted(b, art);
}

static bool to_be_made(const struct board *b, const struct artifact *art)
{
    return art->ready && is_lacking(b, art);
}

/* What is made last of a goal that is not single scenes. */
static int last_of(int goal)
{
    switch (goal) {
    case GOAL_SONG: return ARTIFACT_SONG_MAP;
    case GOAL_PLAN: return ARTIFACT_PLAN;
    default:        return ARTIFACT_FILM;
    }
}

/* Is everything there that was asked for? */
static bool is_reached(const struct board *b)
{
    if (b->project.goal != GOAL_SCENES) {
        const struct artifact *art = graph_find(&b->graph, last_of(b->project.goal), 0);
        return art && art->state == ARTIFACT_CURRENT;
    }
    for (size_t i = 0; i < b->graph.artifact_count; i++) {
        const struct artifact *art = &b->graph.artifacts[i];
        if (is_wanted(b, art) && art->state != ARTIFACT_CURRENT)
            return false;
    }
    return true;
}

static const struct artifact *first_in_state(const struct board *b, enum artifact_state state)
{
    for (size_t i = 0; i < b->graph.artifact_count; i++) {
        const struct artifact *art = &b->graph.artifacts[i];
        if (art->state == (int)state && is_wanted(b, art))
            return art;
    }
    return NULL;
}

static const char *stage_of(const struct board *b)
{
    static const char *const stages[ARTIFACT_KIND_COUNT] = {
        [ARTIFACT_MUSIC] = "composing",    [ARTIFACT_VOICE] = "speaking",
        [ARTIFACT_SONG_MAP] = "listening", [ARTIFACT_PLAN] = "planning",
        [ARTIFACT_TAKE] = "filming",       [ARTIFACT_LIPSYNC] = "syncing",
        [ARTIFACT_CLIP] = "cutting",
        [ARTIFACT_TRACK] = "mixing",       [ARTIFACT_FILM] = "cutting",
    };
    const struct artifact *running = first_in_state(b, ARTIFACT_RUNNING);
    return running ? stages[running->kind] : "";
}

static struct problem problem_of(struct task *t, const struct artifact *failed)
{
    const char *what = artifact_kind_names[failed->kind];
    const char *where =
        failed->sequence ? arena_format(t->arena, "the %s of scene %lld failed", what,
                                        (long long)failed->sequence)
                         : arena_format(t->arena, "the %s failed", what);
    return (struct problem){
        .code = text_is_empty(failed->code) ? err_name(ERR_INTERNAL) : failed->code,
        .message = arena_format(t->arena, "%s: %s", where, failed->cause),
        .next = failed->next,
    };
}

static enum err settle(const struct flow *f, struct task *t, const struct board *b)
{
    const struct artifact *failed = first_in_state(b, ARTIFACT_FAILED);
    if (is_reached(b))
        return goal_stop(f, t, &b->project,
                            &(struct goal_change){ .event = EVENT_REST, .stage = "" });
    if (!failed || first_in_state(b, ARTIFACT_RUNNING))
        return OK;
    const struct goal_change c = {
        .event = EVENT_FAIL, .stage = "", .problem = problem_of(t, failed), .undo = true
    };
    return goal_stop(f, t, &b->project, &c);
}

/* Takes and lip-syncs of models elsewhere are reserved for in the same transaction; see paid.h. */
static enum err enqueue(const struct flow *f, struct task *t, const struct board *b,
                        const struct artifact *art, bool again)
{
    const struct video_remote *remote = NULL;
    bool elsewhere =
        art->model && flow_remote(f, t, art->kind, art->model->driver, &remote) == OK && remote;
    return elsewhere ? paid_enqueue(f, t, b, art, again)
                     : job_enqueue(f, t, b->project.project_id, art, again);
}

/* All or nothing: what does not fit the budget as a whole is not begun. What will be made of what
 * is made now is counted, too. */
static enum err check_price(const struct flow *f, struct task *t, const struct board *b)
{
    double usd = 0;
    for (size_t i = 0; i < b->graph.artifact_count; i++) {
        const struct artifact *art = &b->graph.artifacts[i];
        if (!is_lacking(b, art))
            continue;
        usd = art->usd < 0 || usd < 0 ? -1 : usd + art->usd;
    }
    return usd == 0 ? OK : quote_check(f, t, b, usd);
}

/* What is asked for is more than its model reads: said before any of it is bought. */
static enum err check_prompts(struct task *t, const struct board *b)
{
    enum err e = OK;
    for (size_t i = 0; i < b->graph.artifact_count && !e; i++) {
        const struct artifact *art = &b->graph.artifacts[i];
        if (art->kind == ARTIFACT_TAKE && is_lacking(b, art))
            e = check_take_prompt(t, b, art);
    }
    return e;
}

/* The budget, a key that is missing, words that are too many: nothing was sent, and nothing will be
 * before that is seen to. */
static enum err pause_unpaid(const struct flow *f, struct task *t, const char *project_id)
{
    const struct problem problem = {
        .code = err_name(t->fault.code),
        .message = arena_copy(t->arena, t->fault.message),
        .next = arena_copy(t->arena, t->fault.next),
    };
    return flow_stop(f, t, project_id, EVENT_REST, &problem);
}

static bool is_unpaid(enum err e)
{
    return e == ERR_BUDGET || e == ERR_AUTH || e == ERR_LIMIT;
}

static enum err enqueue_all(const struct flow *f, struct task *t, struct board *b,
                            size_t *out_count)
{
    *out_count = 0;
    enum err unpaid = check_prompts(t, b);
    if (!unpaid)
        unpaid = check_price(f, t, b);
    if (unpaid)
        return unpaid;
    for (size_t i = 0; i < b->graph.artifact_count; i++) {
        struct artifact *art = &b->graph.artifacts[i];
        if (!to_be_made(b, art))
            continue;
        enum err e = enqueue(f, t, b, art, false);
        if (e)
            return e;
        art->state = ARTIFACT_RUNNING;
        (*out_count)++;
    }
    return OK;
}

static enum err show_stage(const struct flow *f, struct task *t, const struct board *b)
{
    const struct project *p = &b->project;
    const char *stage = stage_of(b);
    if (text_equal(stage, p->stage))
        return OK;
    const struct goal_change c = { .goal = p->goal,
                                   .scenes = p->goal_scenes,
                                   .scene_count = p->goal_scene_count,
                                   .stage = stage };
    return goal_change_read(f, t, p, &c);
}

static enum err advance_once(const struct flow *f, struct task *t, const char *project_id)
{
    struct board b;
    size_t count;
    enum err e = board_load(f, t, project_id, &b);
    if (e || !b.project.goal)
        return e;
    e = stand_ins_keep(f, t, &b, is_wanted);
    if (e)
        return e;
    e = enqueue_all(f, t, &b, &count);
    if (is_unpaid(e))
        return pause_unpaid(f, t, project_id);
    if (e)
        return e;
    return count > 0 ? show_stage(f, t, &b) : settle(f, t, &b);
}

enum err flow_advance(const struct flow *f, struct task *t, const char *project_id)
{
    enum err e = ERR_CONFLICT;
    for (int i = 0; i < SETTLE_TRIES && e == ERR_CONFLICT; i++)
        e = advance_once(f, t, project_id);
    return e;
}

/* What is wrong with one film, not with where films are kept. */
static bool is_its_own(enum err e)
{
    return e == ERR_INVALID || e == ERR_IMPOSSIBLE || e == ERR_LIMIT || e == ERR_NOT_FOUND;
}

enum err flow_go_on(const struct flow *f, struct task *t, const char *project_id)
{
    enum err e = flow_advance(f, t, project_id);
    if (is_its_own(e)) {
        const struct problem problem = problem_of_fault(t);
        e = flow_stop(f, t, project_id, EVENT_FAIL, &problem);
        if (!e)
            log_line(LOG_WARN, t, "a film cannot go on", "project=%s error=\"%s\"", project_id,
                     problem.message);
    }
    return e == ERR_NOT_FOUND || e == ERR_CONFLICT ? OK : e; /* it changed or went meanwhile */
}

enum err flow_begin(const struct flow *f, struct task *t, const char *project_id)
{
    struct board b;
    enum err e = board_load(f, t, project_id, &b);
    for (size_t i = 0; !e && i < b.graph.artifact_count; i++) {
        const struct artifact *art = &b.graph.artifacts[i];
        if (art->state == ARTIFACT_FAILED && is_wanted(&b, art))
            e = enqueue(f, t, &b, art, true);
    }
    if (is_unpaid(e))
        return pause_unpaid(f, t, project_id);
    return e ? e : flow_advance(f, t, project_id);
}

enum err flow_want(const struct flow *f, struct task *t, const char *project_id,
                   enum project_goal goal)
{
    const struct goal_change c = { .event = EVENT_START, .goal = goal, .stage = "" };
    enum err e = goal_change(f, t, project_id, &c);
    return e ? e : flow_begin(f, t, project_id);
}

enum err flow_want_scenes(const struct flow *f, struct task *t, const char *project_id,
                          const int64_t *sequences, size_t count)
{
    enum err e = ERR_CONFLICT;
    for (int i = 0; i < SETTLE_TRIES && e == ERR_CONFLICT; i++) {
        struct project p;
        e = project_load(f->store, t, project_id, &p);
        if (!e)
            e = goal_add_scenes(t, &p, sequences, count);
        if (!e) {
            struct item_write write = project_write(t, &p);
            e = store_write(f->store, t, &write, 1);
        }
    }
    return e ? e : flow_begin(f, t, project_id);
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
