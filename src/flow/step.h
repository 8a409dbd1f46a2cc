#pragma once

/* For those who make artifacts: what a step is given and what it hands back. See steps.h. */

#include "flow/jobs.h"
#include "flow/leftovers.h"

/* What a step works with, read afresh for each attempt. */
struct work {
    const struct flow *flow;
    struct claimed_job *claimed;
    const struct job *job;
    const struct artifact *artifact;
    const struct model *model; /* of takes and lip-syncs: who makes it, or was paid for it */
    struct board board;  /* steps of one scene: with that scene alone */
    struct scene *scene; /* NULL for project steps */
    media_progress *progress;
    const struct step *step;
    bool wanted; /* it is still what the records ask for */
    bool there;  /* the records have it already: who queued the job had read them before they did */
    /* Of paid jobs: why that, and the board's graph, could not be computed; NULL: it could. A model
     * or a style that the project names is gone. */
    const struct fault *unknown;

    /* Rows that go with the product's into the transaction that finishes the job; NULL for none.
     * They are made again after a lost race. */
    enum err (*also)(struct work *w, struct task *t, struct item_write *writes, size_t *count);
    void *also_of; /* whose they are */

    /* Written by the step beside its rows: cleared when those are. Of id NULL: there is none. */
    struct leftover note;
};

/* What a step made. `info` is JSON that its record step understands, kept in the cache beside the
 * key. */
struct product {
    const char *key, *info;
    bool reused;
    bool there; /* the records have it: none is written */
};

struct step {
    int kind;         /* enum artifact_kind */
    bool whole_board; /* reads all scenes */
    bool cached;      /* the bytes may be reused by other projects */
    enum err (*make)(struct work *w, struct task *t, struct product *out);
    /* Fill `writes` (room for STORE_WRITES_MAX - 2) with the records that now point at the product.
     */
    enum err (*record)(struct work *w, struct task *t, const struct product *p,
                       struct item_write *writes, size_t *count);

    /* Of what may be bought: is it what was asked for? MEDIA says what is wrong with it; then it is
     * kept as a take that is not shown, by the second. NULL for all else. */
    enum err (*verify)(struct work *w, struct task *t, const struct clip_info *info);
    enum err (*record_aside)(struct work *w, struct task *t, const struct product *p,
                             struct item_write *writes, size_t *count);
};


/* What is there already, or the same bytes made for another project; NOT_FOUND when there are
 * none. */
enum err step_cached(struct work *w, struct task *t, struct product *out);

/* The product's records and the finished job, in one transaction. */
enum err step_publish(struct work *w, struct task *t, const struct product *p);

struct made step_made(const struct work *w, const struct product *p);

/* A key of this job's scene: ".../scenes/003/NAME<hash>ENDING". */
const char *step_scene_key(struct task *t, const struct work *w, const char *name,
                           const char *ending);

/* A key for this job's take: ".../scenes/003/<hash>TAG/original.mp4", or of a lip-sync
 * ".../scenes/003/lipsync-<hash>TAG.mp4"; of music and voices see sound_key(). */
const char *step_take_key(struct task *t, const struct work *w, const char *tag);

/* A key of this job's project: "mv/projects/ID/FOLDER<hash>ENDING". */
const char *step_project_key(struct task *t, const struct work *w, const char *folder,
                             const char *ending);

/* The project and the scene again, as they are now: the one changed record is written with the
 * job. */
enum err step_project(struct work *w, struct task *t, struct project *out);
enum err step_scene(struct work *w, struct task *t, struct scene *out);

/* ---- listening and planning (step_plan.c) ---- */

enum err song_map_make(struct work *w, struct task *t, struct product *out);
enum err song_map_record(struct work *w, struct task *t, const struct product *p,
                         struct item_write *writes, size_t *count);
enum err plan_make(struct work *w, struct task *t, struct product *out);
enum err plan_record(struct work *w, struct task *t, const struct product *p,
                     struct item_write *writes, size_t *count);

/* ---- the cut (step_cut.c) ---- */

enum err clip_make(struct work *w, struct task *t, struct product *out);
enum err clip_record(struct work *w, struct task *t, const struct product *p,
                     struct item_write *writes, size_t *count);
enum err poster_make(struct work *w, struct task *t, struct product *out);
enum err poster_record(struct work *w, struct task *t, const struct product *p,
                       struct item_write *writes, size_t *count);
enum err track_make(struct work *w, struct task *t, struct product *out);
enum err track_record(struct work *w, struct task *t, const struct product *p,
                      struct item_write *writes, size_t *count);
enum err film_make(struct work *w, struct task *t, struct product *out);
enum err film_record(struct work *w, struct task *t, const struct product *p,
                     struct item_write *writes, size_t *count);

/* ---- takes (step_take.c) ---- */

/* The scene's reference pictures, open. */
struct references {
    int fds[2];
    const char *words[2]; /* what each shows: "character", "product" */
    size_t count;
};

static inline void references_scoped(struct references *r)
{
    for (size_t i = 0; i < r->count; i++)
        fd_scoped(&r->fds[i]);
}

/* What the scene asks of its video model. A reference picture that cannot be read stops the scene
 * instead of being left out quietly. `refs` must outlive the request. */
enum err take_request(struct work *w, struct task *t, struct references *refs,
                      struct video_request *out);

enum err take_make(struct work *w, struct task *t, struct product *out);
enum err take_record(struct work *w, struct task *t, const struct product *p,
                     struct item_write *writes, size_t *count);

/* It is shorter than the scene. */
enum err take_verify(struct work *w, struct task *t, const struct clip_info *info);

/* Rows of a take that is kept but not shown: it is not what was asked for. */
enum err take_record_aside(struct work *w, struct task *t, const struct product *p,
                           struct item_write *writes, size_t *count);

/* The take's row as far as it says the same of every kind. */
struct take take_of(struct work *w, struct task *t, const struct scene *s, const struct product *p,
                    const struct clip_info *info);

/* Has the clip the film's size, rate and codec? */
bool take_matches_film(const struct clip_info *info, const struct project *p);

/* ---- music and voices (step_sound.c) ---- */

/* The input of the paid call. */
enum err sound_ask(struct work *w, struct task *t, const struct sound_driver *driver,
                   const char **out_input);

/* ".../audio/music-<hash>TAG.mp3" */
const char *sound_key(struct task *t, const struct work *w, const char *tag);

enum err sound_make(struct work *w, struct task *t, struct product *out);
enum err sound_record(struct work *w, struct task *t, const struct product *p,
                      struct item_write *writes, size_t *count);

/* It must be heard, and be about as long as was asked for. */
enum err sound_verify(struct work *w, struct task *t, const struct clip_info *info);
enum err sound_record_aside(struct work *w, struct task *t, const struct product *p,
                            struct item_write *writes, size_t *count);

/* ---- lip-syncs (step_lipsync.c) ---- */

/* The input of the paid call; clip and sound are cut and uploaded for it. */
enum err lipsync_ask(struct work *w, struct task *t, const char **out_input);

enum err lipsync_make(struct work *w, struct task *t, struct product *out);
enum err lipsync_record(struct work *w, struct task *t, const struct product *p,
                        struct item_write *writes, size_t *count);

/* It must be as long as the scene and of the shape that was sent. */
enum err lipsync_verify(struct work *w, struct task *t, const struct clip_info *info);
enum err lipsync_record_aside(struct work *w, struct task *t, const struct product *p,
                              struct item_write *writes, size_t *count);
