/*
 * One function a kind makes the bytes, one writes the records; they are in step_*.c. Everything
 * around them is the same for all kinds and stands here: is the job still what the records ask for,
 * was it made before in any project, the transaction and its races.
 */
#include "flow/steps.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "flow/captions.h"
#include "flow/paid.h"
#include "flow/step.h"

enum { PUBLISH_TRIES = 64 }; /* the totals of a day are changed by many */

struct made step_made(const struct work *w, const struct product *p)
{
    return (struct made){ .hash = w->job->hash,
                          .key = p->key,
                          .parts = w->job->parts };
}

const char *step_project_key(struct task *t, const struct work *w, const char *folder,
                             const char *ending)
{
    return arena_format(t->arena, "mv/projects/%s/%s%.24s%s", w->job->project_id, folder,
                        w->job->hash, ending);
}

const char *step_scene_key(struct task *t, const struct work *w, const char *name,
                           const char *ending)
{
    return arena_format(t->arena, "mv/projects/%s/scenes/%03" PRId64 "/%s%.24s%s",
                        w->job->project_id, w->job->sequence, name, w->job->hash, ending);
}

const char *step_take_key(struct task *t, const struct work *w, const char *tag)
{
    if (w->step->kind == ARTIFACT_MUSIC || w->step->kind == ARTIFACT_VOICE)
        return sound_key(t, w, tag);
    if (w->step->kind == ARTIFACT_LIPSYNC)
        return step_scene_key(t, w, "lipsync-", arena_format(t->arena, "%s.mp4", tag));
    return step_scene_key(t, w, "", arena_format(t->arena, "%s/original.mp4", tag));
}

enum err step_project(struct work *w, struct task *t, struct project *p)
{
    return project_load(w->flow->store, t, w->job->project_id, p);
}

enum err step_scene(struct work *w, struct task *t, struct scene *s)
{
    return scene_load(w->flow->store, t, w->job->project_id, w->job->sequence, s);
}

/* ---- all of them ---- */

static const struct step steps[] = {
    { ARTIFACT_MUSIC, false, false, sound_make, sound_record, sound_verify, sound_record_aside },
    { ARTIFACT_VOICE, false, false, sound_make, sound_record, sound_verify, sound_record_aside },
    { ARTIFACT_SONG_MAP, false, true, song_map_make, song_map_record, NULL, NULL },
    { ARTIFACT_PLAN, true, false, plan_make, plan_record, NULL, NULL },
    { ARTIFACT_TAKE, false, true, take_make, take_record, take_verify, take_record_aside },
    { ARTIFACT_LIPSYNC, false, true, lipsync_make, lipsync_record, lipsync_verify,
      lipsync_record_aside },
    { ARTIFACT_CLIP, false, false, clip_make, clip_record, NULL, NULL },
    { ARTIFACT_POSTER, false, false, poster_make, poster_record, NULL, NULL },
    { ARTIFACT_TRACK, true, true, track_make, track_record, NULL, NULL },
    { ARTIFACT_FILM, true, false, film_make, film_record, NULL, NULL },
};

static const struct step *step_find(int kind)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i].kind == kind)
            return &steps[i];
    }
    return NULL;
}

/* Where a scene stands on the film matters to its lips, and to what is burned into it. */
static bool is_of_its_place(const struct project *p, const struct scene *s)
{
    return *scene_lipsync_model(p, s) || project_burns_captions(p);
}

/* All scenes, or just the step's own. */
static enum err work_load_scenes(struct work *w, struct task *t, const struct step *step)
{
    struct store *s = w->flow->store;
    struct board *b = &w->board;
    int64_t sequence = w->job->sequence;
    enum err e = OK;
    if (sequence > 0) {
        b->scenes = w->scene = arena_one(t->arena, struct scene);
        b->scene_count = 1;
        e = scene_load(s, t, w->job->project_id, sequence, w->scene);
    }
    bool alone = w->scene && !step->whole_board && !is_of_its_place(&b->project, w->scene);
    if (e || alone)
        return e;
    e = scenes_load(s, t, &b->project, &b->scenes, &b->scene_count);
    for (size_t i = 0; i < b->scene_count && !e; i++) {
        if (b->scenes[i].sequence == sequence)
            w->scene = &b->scenes[i];
    }
    return e;
}

/* The records a step reads. */
static enum err work_load(struct work *w, struct task *t)
{
    enum err e = project_load(w->flow->store, t, w->job->project_id, &w->board.project);
    return e ? e : work_load_scenes(w, t, w->step);
}

/* What they ask for. */
static enum err work_compute(struct work *w, struct task *t)
{
    bool poster = w->step->kind == ARTIFACT_POSTER;
    enum err e =
        board_compute(w->flow, t, poster ? BOARD_AS_ASKED : BOARD_WITHOUT_POSTERS, &w->board);
    if (e)
        return e;
    w->artifact = graph_find(&w->board.graph, w->step->kind, w->job->sequence);
    w->model = w->artifact ? w->artifact->model : NULL;
    bool fits = w->artifact && text_equal(w->artifact->hash, w->job->hash);
    w->wanted = fits && (w->board.project.goal || poster);
    w->there = fits && w->artifact->state == ARTIFACT_CURRENT;
    return OK;
}

/* Bytes made for another project are copied to a key of this one: each project owns its media. */
enum err step_cached(struct work *w, struct task *t, struct product *out)
{
    struct cached cached;
    struct blob_info there;
    if (w->there) {
        *out = (struct product){ .reused = w->job->reused, .there = true };
        return OK;
    }
    enum err e =
        w->step->cached ? cached_load(w->flow->store, t, w->job->hash, &cached) : ERR_NOT_FOUND;
    if (!e)
        e = blob_stat(w->flow->blobs, t, cached.key, &there);
    if (e)
        return e;
    const char *own = arena_format(t->arena, "mv/projects/%s/", w->job->project_id);
    *out = (struct product){ .key = cached.key, .info = cached.info, .reused = true };
    if (text_starts(cached.key, own))
        return OK;

    /* made before there was a project: "audio/..." */
    const char *rest = cached.key + strlen("mv/");
    if (text_starts(cached.key, "mv/projects/"))
        rest = strchr(cached.key + strlen("mv/projects/"), '/') + 1;
    if (w->job->sequence > 0)
        out->key = step_take_key(t, w, "");
    else
        out->key = arena_format(t->arena, "%s%s", own, rest);
    return blob_copy(w->flow->blobs, t, cached.key, out->key);
}

/* Still ours after a lost race? Then with the version that the record has now. */
static enum err still_ours(struct work *w, struct task *t)
{
    struct job now;
    struct claimed_job *c = w->claimed;
    enum err e = job_load(w->flow->store, t, c->job.project_id,
                          job_sk(t, c->job.kind, c->job.sequence, c->job.hash), &now);
    if (e)
        return e;
    if (now.state != JOB_RUNNING || now.epoch != c->job.epoch)
        return fail(t, ERR_CONFLICT, "another worker has taken this job over");
    pthread_mutex_lock(&c->lock);
    c->job.version = now.version;
    pthread_mutex_unlock(&c->lock);
    return OK;
}

static enum err product_rows(struct work *w, struct task *t, const struct product *p,
                             struct item_write *writes, size_t *count)
{
    enum err e = p->there ? OK : w->step->record(w, t, p, writes, count);
    if (!e && w->also)
        e = w->also(w, t, writes, count);
    if (e || p->there || p->reused || !w->step->cached)
        return e;
    struct cached cached = { .key = p->key, .info = p->info };
    writes[(*count)++] = cached_write(t, w->job->hash, &cached);
    return OK;
}

/* What the product took the place of goes; when that fails the sweep does it later. */
static enum err clear_replaced(struct work *w, struct task *t)
{
    return w->note.id ? leftover_undo(w->flow, t, &w->note, OK) : OK;
}

enum err step_publish(struct work *w, struct task *t, const struct product *p)
{
    enum err e = OK;
    for (int i = 0; i < PUBLISH_TRIES; i++) {
        struct item_write writes[STORE_WRITES_MAX - 1];
        size_t count = 0;
        e = product_rows(w, t, p, writes, &count);
        if (e)
            return e;
        pthread_mutex_lock(&w->claimed->lock);
        w->claimed->job.reused = p->reused;
        pthread_mutex_unlock(&w->claimed->lock);
        e = job_finish(w->flow, t, w->claimed, writes, count);
        if (!e)
            return clear_replaced(w, t);
        if (e != ERR_CONFLICT)
            return e;
        e = still_ours(w, t);
        if (e)
            return e;
    }
    return fail(t, ERR_CONFLICT, "the records keep changing under this job");
}

/* Nothing is drawn while there is nowhere to put it. */
static enum err make(struct work *w, struct task *t, struct product *out)
{
    enum err e = blob_ready(w->flow->blobs, t);
    return e ? e : w->step->make(w, t, out);
}

/* The project or scene went while this was made for it: nothing will ever name the bytes. */
static enum err forget_product(struct work *w, struct task *t, const struct product *p)
{
    struct fault fault = t->fault;
    const char *own = arena_format(t->arena, "mv/projects/%s/", w->job->project_id);
    if (p->key && text_starts(p->key, own)) {
        enum err e = blob_remove(w->flow->blobs, t, p->key);
        (void)e; /* why there is nothing to publish matters more */
    }
    t->fault = fault;
    return ERR_NOT_FOUND;
}

static void note_time(struct work *w, struct task *t, int64_t started_us)
{
    pthread_mutex_lock(&w->claimed->lock);
    w->claimed->job.took_ms = (clock_monotonic_us(t->clock) - started_us) / 1000;
    pthread_mutex_unlock(&w->claimed->lock);
}

/* A kind that a newer program knows: such a one is at work here, too, and takes it in its turn. */
static enum err leave_to_newer(const struct flow *f, struct task *t, struct claimed_job *c)
{
    log_line(LOG_INFO, t, "a job is left to a newer program", "kind=%s", c->job.kind);
    const struct job_next next = { .step = c->job.step,
                                   .due_us = clock_wall_us(t->clock) + JOB_NEWER_LOOK_US };
    return job_park(f, t, c, &next, NULL, 0);
}

/* A call that is out goes on, whatever has become of the files its project was computed from. */
static enum err run_paid(struct work *w, struct task *t, enum err computed)
{
    const struct fault unknown = t->fault;
    w->unknown = computed ? &unknown : NULL;
    return paid_step(w, t);
}

enum err step_run(const struct flow *f, struct task *t, struct claimed_job *c,
                  media_progress *progress)
{
    struct work w = { .flow = f, .claimed = c, .job = &c->job, .progress = progress };
    w.step = step_find(names_index(artifact_kind_names, c->job.kind));
    if (!w.step)
        return leave_to_newer(f, t, c);

    int64_t started = clock_monotonic_us(t->clock);
    enum err e = work_load(&w, t);
    if (e)
        return e;
    e = work_compute(&w, t);
    if (!text_is_empty(c->job.spend))
        return run_paid(&w, t, e);
    if (e)
        return e;
    if (!w.wanted && !w.there)
        return job_supersede(f, t, c);

    struct product product = { 0 };
    e = step_cached(&w, t, &product);
    if (e == ERR_NOT_FOUND)
        e = make(&w, t, &product);
    if (!product.there)
        note_time(&w, t, started);
    if (!e)
        e = step_publish(&w, t, &product);
    return e == ERR_NOT_FOUND ? forget_product(&w, t, &product) : e;
}
