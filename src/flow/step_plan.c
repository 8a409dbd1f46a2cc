/*
 * Listening and planning: the song becomes its map, and the map and the prompt become scenes. A
 * plan is drafted once and kept as a blob before anything points at it: what was paid for is not
 * asked for again.
 */
#include "flow/step.h"

#include <string.h>

#include "base/text.h"
#include "flow/checks.h"
#include "flow/planning.h"

/* ---- song map ---- */

enum err song_map_make(struct work *w, struct task *t, struct product *out)
{
    scoped(fd) int song = -1;
    struct song_map map;
    enum err e = blob_open(w->flow->blobs, t, w->board.project.audio_key, &song);
    if (!e)
        e = media_song_map(w->flow->media, t, song, &map);
    if (e)
        return e;
    const char *text = fields_encode_text(t->arena, song_map_fields, &map);
    out->key = step_project_key(t, w, "audio/map-", ".json");
    out->info = "";
    return blob_put_bytes(w->flow->blobs, t, out->key, (struct bytes){ text, strlen(text) });
}

enum err song_map_record(struct work *w, struct task *t, const struct product *p,
                         struct item_write *writes, size_t *count)
{
    struct song_map map;
    struct project project;
    enum err e = song_map_read(w->flow, t, p->key, &map);
    if (!e)
        e = step_project(w, t, &project);
    if (e)
        return e;
    project.song_map = step_made(w, p);
    if (project.target_frames == 0)
        project.film_frames = (map.sample_count + SAMPLES_PER_FRAME / 2) / SAMPLES_PER_FRAME;
    writes[(*count)++] = project_write(t, &project);
    return OK;
}

/* ---- plan ---- */

static enum err plan_keep(struct work *w, struct task *t, const struct planner_driver *planner,
                          const struct plan_request *request, const char *key)
{
    struct plan plan;
    enum err e = plan_draft(t, planner, request, &plan);
    if (e)
        return e;
    const char *text = fields_encode_text(t->arena, plan_fields, &plan);
    return blob_put_bytes(w->flow->blobs, t, key, (struct bytes){ text, strlen(text) });
}

/* A plan that was paid for and kept before the program ended is not asked for again. */
static enum err plan_buy(struct work *w, struct task *t, const struct planner_driver *planner,
                         struct plan_request *request, const char *key)
{
    struct planner_till till;
    const struct spend_wish wish = {
        .project = &w->board.project,
        .kind = w->job->kind,
        .job_hash = w->job->hash,
        .provider = planner->name,
        .attempt = w->job->attempt,
    };
    enum err e = w->artifact->usd == 0 ? ERR_NOT_FOUND : planner_kept(w->flow, t, key);
    if (e != ERR_NOT_FOUND)
        return e;
    e = planner_till_open(w->flow, t, &wish, request, &till);
    if (e)
        return e;
    till.key = key;
    e = planner_till_close(&till, t, plan_keep(w, t, planner, request, key));
    return e == ERR_CONFLICT ? planner_kept(w->flow, t, key) : e;
}

enum err plan_make(struct work *w, struct task *t, struct product *out)
{
    const struct project *p = &w->board.project;
    const struct planner_driver *planner;
    struct mode mode;
    struct song_map song;
    struct plan_picture pictures[2];
    const char *model;
    bool has_song = *p->audio_key;
    enum err e = flow_planner(w->flow, t, p->planner, &planner, &model);
    if (!e)
        e = mode_load(t, &w->flow->styles, p->mode, &mode);
    if (!e && has_song)
        e = song_map_read(w->flow, t, p->song_map.key, &song);
    if (e)
        return e;
    struct plan_request request = {
        .mode = &mode,
        .style = &w->board.style,
        .song = has_song ? &song : NULL,
        .services = w->flow->services,
        .model = model,
    };
    planning_fill(t, p, &w->board.model, &w->board.card, &request);
    out->key = step_project_key(t, w, "plan-", ".json");
    out->info = "";
    if (planner != &planner_offline)
        e = planning_pictures(w->flow, t, p, pictures, &request);
    return e ? e : plan_buy(w, t, planner, &request, out->key);
}

static enum err plan_read(struct work *w, struct task *t, const char *key, struct plan *out)
{
    scoped(fd) int file = -1;
    struct bytes text;
    enum err e = blob_open(w->flow->blobs, t, key, &file);
    if (!e)
        e = file_read_fd(t, file, "the plan", JSON_BYTES_MAX, &text);
    if (!e)
        e = fields_decode_record(t, plan_fields, arena_copy_n(t->arena, text.at, text.size), out,
                                 NULL);
    return e;
}

/*
 * Scenes are written in batches before the project names them in its order, under numbers that are
 * nobody's yet: who looks sees the plan of before, whole, until the new one is. Each batch holds
 * only while the project is as it was read, so that whoever was overtaken writes into no plan that
 * was published meanwhile. A crash leaves scenes that the next plan writes again.
 */
static enum err scenes_write(struct work *w, struct task *t, const struct project *project,
                             const struct plan *plan, const struct song_map *song)
{
    struct item_write batch[STORE_WRITES_MAX] = { project_unchanged(t, project) };
    size_t count = 1;
    for (size_t i = 0; i < plan->scene_count; i++) {
        int64_t sequence = project->next_sequence + (int64_t)i;
        struct scene s = scene_from_plan(t, &plan->scenes[i], song, sequence,
                                         project_seed(&w->board.project));
        batch[count] = scene_write(t, w->job->project_id, &s);
        batch[count++].change = ITEM_PUT;
        if (count < STORE_WRITES_MAX && i + 1 < plan->scene_count)
            continue;
        enum err e = store_write(w->flow->store, t, batch, count);
        if (e)
            return e;
        count = 1;
    }
    return OK;
}

static void project_take_plan(struct project *p, struct task *t, const struct plan *plan)
{
    p->order = arena_array(t->arena, int64_t, plan->scene_count);
    p->order_count = plan->scene_count;
    for (size_t i = 0; i < plan->scene_count; i++)
        p->order[i] = p->next_sequence + (int64_t)i;
    p->next_sequence += (int64_t)plan->scene_count;
    p->logline = plan->logline;
    if (text_is_empty(p->title))
        p->title = plan->title;
}

/* Scenes of an earlier plan leave the board with the order, and their records after that; their
 * takes stay in the store. */
enum err plan_record(struct work *w, struct task *t, const struct product *p,
                     struct item_write *writes, size_t *count)
{
    struct plan plan;
    struct song_map song;
    struct project project;
    enum err e = plan_read(w, t, p->key, &plan);
    if (!e)
        e = step_project(w, t, &project);
    bool has_song = !e && *project.audio_key;
    if (has_song)
        e = song_map_read(w->flow, t, project.song_map.key, &song);
    if (!e)
        e = scenes_write(w, t, &project, &plan, has_song ? &song : NULL);
    if (e)
        return e;
    w->note = leftover_new(t, project.project_id);
    project.plan = step_made(w, p);
    project_take_plan(&project, t, &plan);
    writes[(*count)++] = project_write(t, &project);
    writes[(*count)++] = leftover_write(t, &w->note);
    return OK;
}
