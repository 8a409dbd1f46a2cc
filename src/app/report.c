#include "app/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/progress.h"
#include "base/text.h"

#define LOOK_AGAIN_US (SECOND_US / 4)

/* ---- waiting ---- */

/* What the project stopped for, as itself. The command was understood, so it is no error of
 * usage. */
static enum err fail_like_project(struct task *t, const struct project *p)
{
    const struct problem *why = &p->problem;
    enum err code = text_is_empty(why->code) ? ERR_INTERNAL : err_from_name(why->code);
    if (code == ERR_INVALID)
        code = ERR_IMPOSSIBLE;
    return refuse(t, code, *why->next ? why->next : "storyreel make --resume tries again",
                  "%s", *why->message ? why->message : "the film could not be made");
}

/* One look at the project: *out_settled is set when there is nothing left to wait for. */
static enum err look_once(struct task *t, struct app *a, const char *project_id, struct progress *p,
                          bool *out_settled, enum err *out_result)
{
    struct task look;
    struct board b;
    struct fault fault;
    task_init(&look, t->id);
    enum err e = board_load(&a->flow, &look, project_id, &b);
    if (!e) {
        progress_show(p, &look, &b, a->workers);
        *out_settled = b.project.goal == GOAL_NOTHING;
        bool stopped = b.project.status == PROJECT_FAILED || !text_is_empty(b.project.problem.code);
        *out_result = *out_settled && stopped ? fail_like_project(t, &b.project) : OK;
    } else {
        t->fault = look.fault;
    }
    if (!e && workers_fault(a->workers, &fault)) {
        t->fault = fault;
        e = fault.code;
    }
    task_done(&look);
    return e;
}

enum err wait_for_project(struct task *t, struct app *a, const char *project_id, bool quiet)
{
    struct progress p;
    bool settled = false;
    enum err e = OK, result = OK;
    int64_t seen = 0;
    progress_begin(&p, quiet);
    while (!settled && !e) {
        if (atomic_load(&app_interrupted))
            e = refuse(t, ERR_CANCELLED,
                       arena_format(t->arena, "storyreel make --resume%s%s carries on",
                                    *a->data_folder ? " --data " : "", a->data_folder),
                       "stopped; what was finished is kept");
        if (!e)
            e = look_once(t, a, project_id, &p, &settled, &result);
        if (!settled && !e)
            seen = workers_wait(a->workers, seen, LOOK_AGAIN_US);
    }
    progress_end(&p);
    return e ? e : result;
}

/* ---- what was made ---- */

enum err tally_jobs(struct task *t, struct app *a, const char *project_id, const char *since_iso,
                    struct tally *out)
{
    struct job *jobs;
    size_t count;
    *out = (struct tally){ 0 };
    enum err e = jobs_load(a->flow.store, t, project_id, &jobs, &count);
    for (size_t i = 0; i < count && !e; i++) {
        int kind = names_index(artifact_kind_names, jobs[i].kind);
        if (kind < 0 || jobs[i].state != JOB_DONE || strcmp(jobs[i].finished_at, since_iso) < 0)
            continue;
        if (jobs[i].reused)
            out->reused[kind]++;
        else
            out->made[kind]++;
    }
    return e;
}

static const char *const kind_words[ARTIFACT_KIND_COUNT] = {
    [ARTIFACT_MUSIC] = "song",       [ARTIFACT_SONG_MAP] = "song map", [ARTIFACT_PLAN] = "plan",
    [ARTIFACT_TAKE] = "take",        [ARTIFACT_LIPSYNC] = "lip-sync",  [ARTIFACT_CLIP] = "clip",
    [ARTIFACT_POSTER] = "poster",    [ARTIFACT_VOICE] = "voice",       [ARTIFACT_TRACK] = "track",
    [ARTIFACT_FILM] = "film",
};

const char *tally_text(struct task *t, const int64_t counts[ARTIFACT_KIND_COUNT])
{
    struct text out = text_new(t->arena);
    for (int kind = 1; kind < ARTIFACT_KIND_COUNT; kind++) {
        if (counts[kind] > 0)
            text_printf(&out, "%s%" PRId64 " %s%s", out.length ? ", " : "", counts[kind],
                        kind_words[kind], counts[kind] > 1 ? "s" : "");
    }
    return out.length ? text_end(&out) : "nothing";
}

json_t *tally_json(const struct tally *tally)
{
    json_t *made = json_object(), *reused = json_object();
    for (int kind = 1; kind < ARTIFACT_KIND_COUNT; kind++) {
        json_object_set_new(made, artifact_kind_names[kind], json_integer(tally->made[kind]));
        json_object_set_new(reused, artifact_kind_names[kind], json_integer(tally->reused[kind]));
    }
    return json_pack("{so so}", "made", made, "reused", reused);
}

/* ---- the board ---- */

static double seconds(int64_t frames)
{
    return (double)frames / FILM_RATE_HZ;
}

static const char *scene_state(const struct board *b, const struct scene *s)
{
    const struct artifact *clip = graph_find(&b->graph, ARTIFACT_CLIP, s->sequence);
    const struct artifact *take = graph_find(&b->graph, ARTIFACT_TAKE, s->sequence);
    const struct artifact *lips = graph_find(&b->graph, ARTIFACT_LIPSYNC, s->sequence);
    const struct artifact *telling = take && take->state != ARTIFACT_CURRENT   ? take
                                     : lips && lips->state != ARTIFACT_CURRENT ? lips
                                                                               : clip;
    return telling ? artifact_state_names[telling->state] : "missing";
}

void board_print(struct task *t, const struct board *b)
{
    const struct project *p = &b->project;
    printf("%s  %s\n%s, %s, %" PRId64 "x%" PRId64 ", %s, %s\n", p->project_id,
           *p->title ? p->title : "(not planned yet)", p->mode, p->style, p->width_px, p->height_px,
           time_clock_text(t->arena, us_from_frames(b->graph.film_frames ? b->graph.film_frames
                                                                         : p->film_frames)),
           project_status_names[p->status]);
    if (*p->logline)
        printf("%s\n", p->logline);
    if (*p->problem.message)
        printf("problem: %s\n", p->problem.message);
    if (p->missing_count > 0)
        printf("the film is a partial cut: %zu scene%s\n", p->missing_count,
               p->missing_count > 1 ? "s are cards" : " is a card");
    int64_t at = 0;
    for (size_t i = 0; i < b->scene_count; i++) {
        const struct scene *s = &b->scenes[i];
        struct scene_span used = scene_used_span(s);
        printf("%3" PRId64 "  scene %-3" PRId64 " %6s  %5.2f s  %-8s %-10s %s\n",
               s->display_sequence, s->sequence, time_clock_text(t->arena, us_from_frames(at)),
               seconds(used.out - used.in), scene_state(b, s), s->section, s->title);
        printf("              %s\n", s->camera);
        at += used.out - used.in;
    }
}

static json_t *problem_json(const struct problem *p)
{
    return *p->message
               ? json_pack("{ss ss ss}", "code", p->code, "message", p->message, "next", p->next)
               : json_null();
}

static json_t *scene_json(const struct board *b, const struct scene *s, int64_t at)
{
    struct scene_span used = scene_used_span(s);
    json_t *json = fields_encode(scene_fields, s);
    json_object_set_new(json, "displaySequence", json_integer(s->display_sequence));
    json_object_set_new(json, "filmStart", json_real(seconds(at)));
    json_object_set_new(json, "duration", json_real(seconds(used.out - used.in)));
    json_object_set_new(json, "trimPoints",
                        json_pack("{sf sf}", "in", seconds(used.in), "out", seconds(used.out)));
    json_object_set_new(json, "state", json_string(scene_state(b, s)));
    return json;
}

json_t *board_json(struct task *t, const struct board *b)
{
    (void)t;
    json_t *json = fields_encode(project_fields, &b->project), *scenes = json_array();
    int64_t at = 0;
    for (size_t i = 0; i < b->scene_count; i++) {
        struct scene_span used = scene_used_span(&b->scenes[i]);
        json_array_append_new(scenes, scene_json(b, &b->scenes[i], at));
        at += used.out - used.in;
    }
    json_object_set_new(json, "scenes", scenes);
    json_object_set_new(json, "duration", json_real(seconds(at)));
    json_object_set_new(json, "problem", problem_json(&b->project.problem));
    return json;
}

/* ---- the computed plan ---- */

static const char *artifact_name(struct task *t, const struct artifact *art)
{
    if (art->sequence == 0)
        return kind_words[art->kind];
    return arena_format(t->arena, "%s of scene %" PRId64, kind_words[art->kind], art->sequence);
}

static const char *usd_text(struct task *t, double usd)
{
    if (usd < 0)
        return "price unknown";
    return usd > 0 ? arena_format(t->arena, "$%.2f", usd) : "free";
}

void plan_print(struct task *t, const struct board *b)
{
    size_t current = 0;
    for (size_t i = 0; i < b->graph.artifact_count; i++) {
        const struct artifact *art = &b->graph.artifacts[i];
        if (art->state == ARTIFACT_CURRENT) {
            current++;
            continue;
        }
        printf("%-8s %-22s %s%s%s\n", artifact_state_names[art->state], artifact_name(t, art),
               art->model ? usd_text(t, art->usd) : "", *art->cause ? "  " : "",
               art->cause);
    }
    printf("%zu of %zu current; making the rest: %s\n", current, b->graph.artifact_count,
           usd_text(t, b->graph.usd));
}

json_t *plan_json(struct task *t, const struct board *b)
{
    (void)t;
    json_t *list = json_array();
    for (size_t i = 0; i < b->graph.artifact_count; i++) {
        const struct artifact *art = &b->graph.artifacts[i];
        json_array_append_new(list, json_pack("{ss sI ss ss ss ss ss sf}", "kind",
                                              artifact_kind_names[art->kind], "sequence",
                                              (json_int_t)art->sequence, "state",
                                              artifact_state_names[art->state], "cause", art->cause,
                                              "next", art->next, "hash", art->hash, "model",
                                              art->model ? art->model->name : "", "usd", art->usd));
    }
    return json_pack("{ss so sf}", "projectId", b->project.project_id, "artifacts", list, "usd",
                     b->graph.usd);
}
