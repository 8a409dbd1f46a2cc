#pragma once

/*
 * What every part of flow/ works with: the rooms below, opened once in app/, borrowed here for as
 * long as it lives.
 */

#include "blob/blob.h"
#include "flow/graph.h"
#include "gen/image.h"
#include "gen/video.h"
#include "plan/plan.h"
#include "queue/queue.h"
#include "store/records.h"

struct flow {
    struct store *store;
    struct blob_store *blobs;
    struct queue *queue;
    struct media *media;
    struct data_folders styles;
    struct model_folders models;
    const struct video_driver *const *videos;     /* NULL-ended */
    const struct planner_driver *const *planners; /* NULL-ended */
    const struct image_driver *const *images;     /* NULL-ended; the first is taken by default */
    const char *worker;       /* this process: host, pid, start; on every claim */
    const char *only_project; /* leave the jobs of all others alone; NULL for none */
    bool owns_store;          /* nobody else can be running jobs of this store */
};

/* The driver of that name; INVALID names those there are. */
enum err flow_planner(const struct flow *f, struct task *t, const char *name,
                      const struct planner_driver **out);
enum err flow_video_driver(const struct flow *f, struct task *t, const char *name,
                           const struct video_driver **out);

/* A project with its scenes and its computed plan, read together. */
struct board {
    struct project project;
    struct scene *scenes; /* in display order */
    size_t scene_count;
    struct style style;
    struct model model;
    struct graph graph; /* jobs attached */
};
enum err board_load(const struct flow *f, struct task *t, const char *project_id,
                    struct board *out);

const struct scene *board_scene(const struct board *b,
                                int64_t sequence); /* NULL when there is none */

/*
 * Bring a project a step on: everything of its film that is not current, ready and not yet under
 * way becomes a job. Settles the project (completed, failed) when nothing is left to do. Does
 * nothing without a project.goal. Called when a film is asked for, after each job, and at start-up;
 * any number of callers may overlap.
 */
enum err flow_advance(const struct flow *f, struct task *t, const char *project_id);

/*
 * Ask for the film, or only for its plan: the project is processing, jobs that had failed for
 * today's inputs are tried again. CONFLICT when the status table forbids it.
 */
enum err flow_want(const struct flow *f, struct task *t, const char *project_id,
                   enum project_goal goal);

/* Stop wanting it. Jobs that run are left to finish; nothing new is started. */
enum err flow_pause(const struct flow *f, struct task *t, const char *project_id);

/* Posters of all scenes that have a clip, made now if need be, in the caller's thread. */
enum err flow_make_posters(const struct flow *f, struct task *t, const char *project_id);
