/* The graph beside the jobs: what of it is running, what failed, what waits for something that
 * failed. */
#include "flow/graph.h"

#include <inttypes.h>

#include "base/text.h"

/* So many jobs are read one by one; more than that are cheaper all together, which on a table
 * elsewhere is a few pages instead of a request for each scene. */
enum { JOBS_ONE_BY_ONE = 8 };

static void attach(struct artifact *art, const struct job *job)
{
    if (job->state == JOB_QUEUED || job->state == JOB_RUNNING) {
        art->state = ARTIFACT_RUNNING;
        art->permille = job->state == JOB_RUNNING ? (int)job->permille : 0;
    } else if (job->state == JOB_FAILED) { /* one that was cancelled is as if it had not been */
        art->state = ARTIFACT_FAILED;
        art->code = job->problem.code;
        art->cause = job->problem.message;
        art->next = job->problem.next;
    }
}

/* Without its inputs nothing has a job, and what is there needs none. */
static bool may_have_job(const struct artifact *art)
{
    return art->state != ARTIFACT_CURRENT && art->ready;
}

static enum err attach_each(struct store *s, struct task *t, const char *project_id,
                            struct graph *g)
{
    for (size_t i = 0; i < g->artifact_count; i++) {
        struct artifact *art = &g->artifacts[i];
        struct job job;
        if (!may_have_job(art))
            continue;
        const char *sk = job_sk(t, artifact_kind_names[art->kind], art->sequence, art->hash);
        enum err e = job_load(s, t, project_id, sk, &job);
        if (!e)
            attach(art, &job);
        else if (e != ERR_NOT_FOUND)
            return e;
    }
    return OK;
}

static const struct job *job_of(const struct artifact *art, const struct job *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (jobs[i].sequence == art->sequence && text_equal(jobs[i].hash, art->hash) &&
            text_equal(jobs[i].kind, artifact_kind_names[art->kind]))
            return &jobs[i];
    }
    return NULL;
}

static enum err attach_all(struct store *s, struct task *t, const char *project_id, struct graph *g)
{
    struct job *jobs;
    size_t count;
    enum err e = jobs_load(s, t, project_id, &jobs, &count);
    for (size_t i = 0; i < g->artifact_count && !e; i++) {
        struct artifact *art = &g->artifacts[i];
        const struct job *job = may_have_job(art) ? job_of(art, jobs, count) : NULL;
        if (job)
            attach(art, job);
    }
    return e;
}

static void block(struct graph *g, int kind, int64_t sequence, const char *cause, const char *next)
{
    for (size_t i = 0; i < g->artifact_count; i++) {
        struct artifact *art = &g->artifacts[i];
        bool waits = art->kind == kind &&
                     (kind == ARTIFACT_FILM || kind == ARTIFACT_PLAN || art->sequence == sequence);
        if (waits && (art->state == ARTIFACT_MISSING || art->state == ARTIFACT_STALE)) {
            art->state = ARTIFACT_BLOCKED;
            art->cause = cause;
            art->next = next;
        }
    }
}

/* A failure blocks what is made from it, and so on to the film. */
static void spread_failures(struct task *t, struct graph *g)
{
    for (size_t i = 0; i < g->artifact_count; i++) {
        const struct artifact *art = &g->artifacts[i];
        if (art->state != ARTIFACT_FAILED || art->kind == ARTIFACT_POSTER ||
            art->kind == ARTIFACT_FILM)
            continue;
        const char *what = artifact_kind_names[art->kind];
        const char *cause =
            art->sequence
                ? arena_format(t->arena, "the %s of scene %" PRId64 " failed", what, art->sequence)
                : arena_format(t->arena, "the %s failed", what);
        if (art->kind == ARTIFACT_MUSIC || art->kind == ARTIFACT_VOICE)
            block(g, ARTIFACT_TRACK, 0, cause, art->next);
        if (art->kind == ARTIFACT_MUSIC || art->kind == ARTIFACT_SONG_MAP)
            block(g, ARTIFACT_PLAN, 0, cause, art->next);
        if (art->kind == ARTIFACT_TAKE)
            block(g, ARTIFACT_LIPSYNC, art->sequence, cause, art->next);
        if (art->kind == ARTIFACT_TAKE || art->kind == ARTIFACT_LIPSYNC)
            block(g, ARTIFACT_CLIP, art->sequence, cause, art->next);
        block(g, ARTIFACT_FILM, 0, cause, art->next);
    }
}

enum err graph_attach_jobs(struct store *s, struct task *t, const char *project_id, struct graph *g)
{
    size_t wanted = 0;
    for (size_t i = 0; i < g->artifact_count; i++)
        wanted += may_have_job(&g->artifacts[i]);
    enum err e = wanted > JOBS_ONE_BY_ONE ? attach_all(s, t, project_id, g)
                                          : attach_each(s, t, project_id, g);
    if (!e)
        spread_failures(t, g);
    return e;
}

/* Of the artifacts from a scene's take to its clip. */
static int scene_status(const struct artifact *from, const struct artifact *clip)
{
    int status = clip->state == ARTIFACT_CURRENT ? PROJECT_COMPLETED : PROJECT_PENDING;
    for (const struct artifact *art = from; art <= clip; art++) {
        if (art->state == ARTIFACT_RUNNING)
            return PROJECT_PROCESSING;
        if (art->state == ARTIFACT_FAILED)
            status = PROJECT_FAILED;
    }
    return status;
}

/* Takes, lip-syncs and clips stand together, in the order of the scenes. */
void graph_set_statuses(const struct graph *g, struct scene *scenes, size_t count)
{
    const struct artifact *from = NULL;
    for (size_t i = 0, scene = 0; i < g->artifact_count && scene < count; i++) {
        const struct artifact *art = &g->artifacts[i];
        if (art->kind == ARTIFACT_TAKE)
            from = art;
        if (art->kind == ARTIFACT_CLIP) {
            scenes[scene++].status = scene_status(from ? from : art, art);
            from = NULL;
        }
    }
}
