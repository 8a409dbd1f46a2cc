/* What happens next: the computed plan turned into jobs, and a project settled when there is
 * nothing left to do. */
#include "flow/flow.h"

#include <string.h>

#include "base/text.h"
#include "flow/jobs.h"
#include "flow/paid.h"
#include "flow/quote.h"
#include "flow/states.h"
#include "flow/steps.h"
#include "flow/webhooks.h"

enum { SETTLE_TRIES = 8 };

static const struct planner_driver *planner_named(const struct flow *f, const char *name)
{
    for (size_t i = 0; f->planners[i]; i++) {
        if (text_equal(f->planners[i]->name, name))
            return f->planners[i];
    }
    return NULL;
}

enum err flow_planner(const struct flow *f, struct task *t, const char *name,
                      const struct planner_driver **out, const char **out_model)
{
    struct model model = { .driver = name, .remote = "" };
    enum err e = OK;
    if (!text_equal(name, planner_offline.name))
        e = model_load_of(t, &f->models, MAKES_TEXT, name, &model);
    if (e == ERR_NOT_FOUND)
        return refuse(t, ERR_INVALID, "use --planner offline, or a text model: storyreel models lists them",
                      "there is no planner \"%s\"", name);
    if (e)
        return e;
    *out = planner_named(f, model.driver);
    *out_model = model.remote;
    return *out ? OK
                : refuse(t, ERR_INVALID, "use --planner offline, or a model of another driver",
                         "this program has no driver \"%s\" for text models", model.driver);
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

enum err flow_planner_usd(const struct flow *f, struct task *t, const char *name, double *out)
{
    struct model model;
    *out = 0;
    if (text_equal(name, planner_offline.name))
        return OK;
    enum err e = model_load_of(t, &f->models, MAKES_TEXT, name, &model);
    if (!e)
        *out = model.usd_each;
    return e == ERR_NOT_FOUND ? OK : e; /* whoever is to plan with it says so */
}

/* ---- lip-sync ---- */

/* The names of all lip-sync models, for people. */
static const char *lipsync_names(struct task *t, const struct model *all, size_t count)
{
    const char **names = arena_array(t->arena, const char *, count + 1);
    for (size_t i = 0, kept = 0; i < count; i++) {
        if (all[i].makes == MAKES_LIPSYNC)
            names[kept++] = all[i].name;
    }
    return names_list(t->arena, names);
}

enum err flow_lipsync_model(const struct flow *f, struct task *t, const char *name,
                            struct model *out)
{
    struct model *all;
    size_t count;
    const struct model *found = NULL;
    enum err e = model_list(t, &f->models, &all, &count);
    for (size_t i = 0; i < count && !e; i++) {
        bool by_name = text_equal(all[i].name, name);
        if (all[i].makes == MAKES_LIPSYNC &&
            (by_name || (!found && text_equal(all[i].driver, name))))
            found = &all[i];
    }
    if (e)
        return e;
    if (!found)
        return refuse(t, ERR_INVALID,
                      arena_format(t->arena, "choose one of %s", lipsync_names(t, all, count)),
                      "there is no lip-sync model \"%s\"", name);
    *out = *found;
    return OK;
}

enum err flow_lipsync_driver(const struct flow *f, struct task *t, const char *name,
                             const struct lipsync_driver **out)
{
    for (size_t i = 0; f->lipsyncs && f->lipsyncs[i]; i++) {
        if (text_equal(f->lipsyncs[i]->name, name)) {
            *out = f->lipsyncs[i];
            return OK;
        }
    }
    return refuse(t, ERR_INVALID, "use a lip-sync model of another driver",
                  "this program has no driver \"%s\" for lip-sync models", name);
}

enum err flow_sound_driver(const struct flow *f, struct task *t, int makes, const char *name,
                           const struct sound_driver **out)
{
    for (size_t i = 0; f->sounds && f->sounds[i]; i++) {
        if (f->sounds[i]->makes == makes && text_equal(f->sounds[i]->name, name)) {
            *out = f->sounds[i];
            return OK;
        }
    }
    return refuse(t, ERR_INVALID, "storyreel models lists those there are",
                  "no driver \"%s\" makes %s here", name, model_makes_names[makes]);
}

static enum err load_sound(const struct flow *f, struct task *t, const struct sound_wish *wish,
                           enum model_makes makes, const struct model **out)
{
    const struct sound_driver *driver;
    struct model *m = arena_one(t->arena, struct model);
    *out = NULL;
    if (text_is_empty(wish->words))
        return OK;
    enum err e = model_load_of(t, &f->models, makes, wish->model, m);
    if (!e)
        e = flow_sound_driver(f, t, makes, m->driver, &driver);
    if (!e)
        *out = m;
    if (e == ERR_NOT_FOUND)
        t->fault.code = e = ERR_INVALID;
    return e ? fail_at(t, e, makes == MAKES_MUSIC ? "musicModel" : "voiceModel") : OK;
}

enum err flow_sounds_load(const struct flow *f, struct task *t, const struct project *p,
                          const struct model **out_music, const struct model **out_voice)
{
    enum err e = load_sound(f, t, &p->music, MAKES_MUSIC, out_music);
    return e ? e : load_sound(f, t, &p->voice, MAKES_VOICE, out_voice);
}

static enum err sound_remote(const struct flow *f, struct task *t, int kind, const char *driver,
                             const struct video_remote **out)
{
    const struct sound_driver *sound;
    int makes = kind == ARTIFACT_MUSIC ? MAKES_MUSIC : MAKES_VOICE;
    enum err e = flow_sound_driver(f, t, makes, driver, &sound);
    if (!e)
        *out = sound->remote;
    return e;
}

enum err flow_remote(const struct flow *f, struct task *t, int kind, const char *driver,
                     const struct video_remote **out)
{
    const struct lipsync_driver *lips;
    const struct video_driver *video;
    if (kind == ARTIFACT_MUSIC || kind == ARTIFACT_VOICE)
        return sound_remote(f, t, kind, driver, out);
    enum err e = kind == ARTIFACT_LIPSYNC ? flow_lipsync_driver(f, t, driver, &lips)
                                          : flow_video_driver(f, t, driver, &video);
    if (!e)
        *out = kind == ARTIFACT_LIPSYNC ? lips->remote : video->remote;
    return e;
}

enum err flow_fallbacks_load(const struct flow *f, struct task *t, const struct project *p,
                             struct model **out, size_t *out_count)
{
    const struct video_driver *driver;
    const char *list = p->fallbacks ? p->fallbacks : "";
    *out = arena_array(t->arena, struct model, strlen(list) / 2 + 1);
    *out_count = 0;
    while (*list) {
        size_t bytes = strcspn(list, ",");
        struct model *m = &(*out)[(*out_count)++];
        enum err e = model_load(t, &f->models, arena_copy_n(t->arena, list, bytes), m);
        if (!e)
            e = flow_video_driver(f, t, m->driver, &driver);
        if (e)
            return e;
        list += bytes + (list[bytes] == ',');
    }
    return OK;
}

static bool is_among(const struct model *models, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(models[i].name, name))
            return true;
    }
    return false;
}

enum err flow_lipsyncs_load(const struct flow *f, struct task *t, const struct project *p,
                            const struct scene *scenes, size_t count, struct model **out,
                            size_t *out_count)
{
    struct model *models = arena_array(t->arena, struct model, count + 1);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const char *name = scene_lipsync_model(p, &scenes[i]);
        if (text_is_empty(name) || is_among(models, kept, name))
            continue;
        enum err e = model_load_of(t, &f->models, MAKES_LIPSYNC, name, &models[kept++]);
        if (e)
            return e;
    }
    *out = models;
    *out_count = kept;
    return OK;
}

/* ---- the board ---- */

static enum err board_read(const struct flow *f, struct task *t, const char *project_id,
                           bool as_filmed, struct board *out)
{
    double plan_usd = 0;
    enum err e = project_load(f->store, t, project_id, &out->project);
    if (!e)
        e = flow_planner_usd(f, t, out->project.planner, &plan_usd);
    if (!e)
        e = style_load(t, &f->styles, out->project.style, &out->style);
    if (!e)
        e = model_load(t, &f->models, out->project.video, &out->model);
    if (!e)
        e = scenes_load(f->store, t, &out->project, &out->scenes, &out->scene_count);
    if (!e)
        e = flow_fallbacks_load(f, t, &out->project, &out->videos, &out->video_count);
    if (!e)
        e = flow_lipsyncs_load(f, t, &out->project, out->scenes, out->scene_count, &out->lipsyncs,
                               &out->lipsync_count);
    if (!e)
        e = flow_sounds_load(f, t, &out->project, &out->music, &out->voice);
    if (e)
        return e;
    struct graph_input input = {
        .project = &out->project,
        .scenes = out->scenes,
        .scene_count = out->scene_count,
        .style = &out->style,
        .model = &out->model,
        .videos = out->videos,
        .video_count = out->video_count,
        .lipsyncs = out->lipsyncs,
        .lipsync_count = out->lipsync_count,
        .plan_usd = plan_usd,
        .music = out->music,
        .voice = out->voice,
        .as_filmed = as_filmed || out->project.goal == GOAL_CUT,
    };
    e = graph_compute(t, &input, &out->graph);
    if (!e)
        e = graph_attach_jobs(f->store, t, project_id, &out->graph);
    if (!e)
        graph_set_statuses(&out->graph, out->scenes, out->scene_count);
    return e;
}

enum err board_load(const struct flow *f, struct task *t, const char *project_id, struct board *out)
{
    return board_read(f, t, project_id, false, out);
}

enum err board_load_as_filmed(const struct flow *f, struct task *t, const char *project_id,
                              struct board *out)
{
    return board_read(f, t, project_id, true, out);
}

const struct scene *board_scene(const struct board *b, int64_t sequence)
{
    for (size_t i = 0; i < b->scene_count; i++) {
        if (b->scenes[i].sequence == sequence)
            return &b->scenes[i];
    }
    return NULL;
}

/* ---- asking and settling, under change-if-version ---- */

struct change {
    enum flow_event event; /* 0: keep the status */
    int goal;              /* enum project_goal */
    const int64_t *scenes; /* of GOAL_SCENES */
    size_t scene_count;
    const char *stage;
    struct problem problem;
    bool undo; /* scenes that were to be filmed again are as they were; else as they are now */
};

static bool names_scene(const struct project *p, int64_t sequence)
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

static enum err apply(struct task *t, struct project *p, const struct change *c)
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
                            const struct change *c)
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

enum err goal_add_scenes(struct task *t, struct project *p, const int64_t *sequences, size_t count)
{
    if (p->goal == GOAL_PLAN || p->goal == GOAL_CUT)
        return refuse(t, ERR_CONFLICT, "wait until it is done, or cancel it first",
                      "the project is being %s", p->goal == GOAL_PLAN ? "planned" : "cut");
    struct change c = { .event = EVENT_START, .goal = GOAL_FILM, .stage = p->stage };
    if (p->goal != GOAL_FILM) {
        int64_t *all = arena_array(t->arena, int64_t, p->goal_scene_count + count);
        size_t known = 0;
        for (; known < p->goal_scene_count; known++)
            all[known] = p->goal_scenes[known];
        for (size_t i = 0; i < count; i++) {
            if (!names_scene(p, sequences[i]))
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
    return apply(t, p, &(struct change){ .event = EVENT_START, .goal = goal, .stage = "" });
}

/* ---- stopping ---- */

/* Some scenes of a transaction that has room for the project's own row and the news of it. */
enum { SCENES_AT_ONCE = STORE_WRITES_MAX - 2 };

static void scene_at_rest(struct scene *s, const struct change *c)
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
                               const struct change *c, struct item_write *writes,
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
                          const struct change *c, bool *out_more)
{
    struct item_write writes[STORE_WRITES_MAX];
    size_t count;
    enum err e = scenes_at_rest(f, t, p, c, writes, &count, out_more);
    if (!e && !*out_more) {
        if (c->undo && p->goal == GOAL_PLAN && p->drafts > 0)
            p->drafts--; /* the plan that is there is the plan again */
        bool is_news = c->event == EVENT_FAIL || (!c->undo && p->goal != GOAL_PLAN);
        e = apply(t, p, c);
        writes[count++] = project_write(t, p);
        count += is_news ? webhook_of_project(t, p, &writes[count]) : 0;
    }
    return e ? e : store_write(f->store, t, writes, count);
}

/* From the project as it was read: CONFLICT when it changed since. */
static enum err stop_project(const struct flow *f, struct task *t, const struct project *read,
                             const struct change *c)
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
    const struct change c = { .event = event, .stage = "", .problem = *problem, .undo = true };
    enum err e = ERR_CONFLICT;
    for (int i = 0; i < SETTLE_TRIES && e == ERR_CONFLICT; i++) {
        struct project p;
        e = project_load(f->store, t, project_id, &p);
        if (!e)
            e = stop_project(f, t, &p, &c);
    }
    return e;
}

/* ---- what to do next ---- */

/* Is this part of what was asked for? Scenes that exist are never planned away unless a new plan
 * was; see add_plan() in graph.c. */
static bool is_wanted(const struct board *b, const struct artifact *art)
{
    const struct project *p = &b->project;
    bool of_scene = art->kind >= ARTIFACT_TAKE && art->kind <= ARTIFACT_CLIP;
    if (art->kind == ARTIFACT_POSTER)
        return false;
    if (p->goal == GOAL_SCENES)
        return of_scene && names_scene(p, art->sequence);
    if (p->goal == GOAL_PLAN)
        return art->kind <= ARTIFACT_PLAN;
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

/* Is everything there that was asked for? */
static bool is_reached(const struct board *b)
{
    int last = b->project.goal == GOAL_PLAN ? ARTIFACT_PLAN : ARTIFACT_FILM;
    if (b->project.goal != GOAL_SCENES) {
        const struct artifact *art = graph_find(&b->graph, last, 0);
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

/* The record of the board as it was read, changed: CONFLICT when something else was asked for
 * meanwhile. */
static enum err change_board(const struct flow *f, struct task *t, const struct board *b,
                             const struct change *c)
{
    struct project p = b->project;
    enum err e = apply(t, &p, c);
    if (e)
        return e;
    struct item_write write = project_write(t, &p);
    return store_write(f->store, t, &write, 1);
}

static enum err settle(const struct flow *f, struct task *t, const struct board *b)
{
    const struct artifact *failed = first_in_state(b, ARTIFACT_FAILED);
    if (is_reached(b))
        return stop_project(f, t, &b->project,
                            &(struct change){ .event = EVENT_REST, .stage = "" });
    if (!failed || first_in_state(b, ARTIFACT_RUNNING))
        return OK;
    const struct change c = {
        .event = EVENT_FAIL, .stage = "", .problem = problem_of(t, failed), .undo = true
    };
    return stop_project(f, t, &b->project, &c);
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

/* All or nothing: what does not fit the budget as a whole is not begun. What will be made of what is
 * made now is counted, too. */
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

/* The budget, or a key that is missing: nothing was sent, and nothing will be before that is seen
 * to. */
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
    return e == ERR_BUDGET || e == ERR_AUTH;
}

static enum err enqueue_all(const struct flow *f, struct task *t, struct board *b,
                            size_t *out_count)
{
    *out_count = 0;
    enum err price = check_price(f, t, b);
    if (price)
        return price;
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
    return change_board(f, t, b,
                        &(struct change){ .goal = p->goal,
                                          .scenes = p->goal_scenes,
                                          .scene_count = p->goal_scene_count,
                                          .stage = stage });
}

static enum err advance_once(const struct flow *f, struct task *t, const char *project_id)
{
    struct board b;
    size_t count;
    enum err e = board_load(f, t, project_id, &b);
    if (e || !b.project.goal)
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
    enum err e = change(f, t, project_id,
                        (struct change){ .event = EVENT_START, .goal = goal, .stage = "" });
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
