#pragma once

/*
 * What every part of flow/ works with: the rooms below, opened once in app/, borrowed here for as
 * long as it lives.
 */

#include "blob/blob.h"
#include "flow/graph.h"
#include "gen/image.h"
#include "flow/states.h"
#include "gen/lipsync.h"
#include "gen/sound.h"
#include "gen/video.h"
#include "net/service.h"
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
    const struct lipsync_driver *const *lipsyncs; /* NULL-ended; NULL: lips rest */
    const struct sound_driver *const *sounds;     /* NULL-ended; NULL: neither music nor voices */
    const struct planner_driver *const *planners; /* NULL-ended */
    const struct image_driver *const *images;     /* NULL-ended; the first is taken by default */
    const struct services *services; /* NULL: nobody else makes anything */
    double day_cap_usd;       /* what all projects may cost together in a day; 0: no cap */
    int64_t settle_us;        /* how long after its listing began a call is surely not in it; 0:
                               * PAID_SETTLE_US; more than three times what the list lags behind */
    int64_t lease_us;         /* how long a worker is believed in without a word; 0: JOB_LEASE_US */
    /* how soon a provider is asked how a call is doing; 0: PAID_LOOK_US */
    int64_t look_us;
    struct hints *hints;      /* NULL: providers are asked, and cannot tell; see hints.h */
    const struct net *net;    /* NULL: nothing is fetched and nobody is told */
    const char *webhook_secret; /* "whsec_..."; NULL: nobody is told; see webhooks.h */
    const char *worker;       /* this process: host, pid, start; on every claim */
    /* where we own the store, leave the jobs of all others alone; NULL for none */
    const char *only_project;
    bool owns_store;          /* nobody else can be running jobs of this store */
    bool remote;              /* store or queue is a server: when it is away, it is waited for */
};

/*
 * Who plans under that name: a driver of its own ("offline"), or the driver that speaks to the text
 * model of that name, with the provider's name for it in *out_model ("" for its default). INVALID
 * names those there are.
 */
enum err flow_planner(const struct flow *f, struct task *t, const char *name,
                      const struct planner_driver **out, const char **out_model);

/* What it asks for a plan, about; -1 unknown. */
enum err flow_planner_usd(const struct flow *f, struct task *t, const char *name, double *out);

/* The text model it is; one of a driver of its own ("offline") costs nothing. */
enum err flow_planner_model(const struct flow *f, struct task *t, const char *name,
                            struct model *out);

/* The driver of that name; INVALID names those there are. */
enum err flow_video_driver(const struct flow *f, struct task *t, const char *name,
                           const struct video_driver **out);

/* Who draws end cards, whoever films the rest: the free animatic; see scene_maker(). */
enum err flow_card_model(const struct flow *f, struct task *t, struct model *out);

/*
 * The lip-sync model of that name, or the first of the driver of that name ("animatic"). INVALID
 * names the field and those there are.
 */
enum err flow_lipsync_model(const struct flow *f, struct task *t, const char *name,
                            struct model *out);
enum err flow_lipsync_driver(const struct flow *f, struct task *t, const char *name,
                             const struct lipsync_driver **out);

/* Who makes an artifact of this kind for money, NULL where it is made here: the protocol of its
 * calls. `driver` is what the model's descriptor says. */
enum err flow_remote(const struct flow *f, struct task *t, int kind, const char *driver,
                     const struct video_remote **out);

/* Those that project.fallbacks names, in order. INVALID a name that is none. */
enum err flow_fallbacks_load(const struct flow *f, struct task *t, const struct project *p,
                             struct model **out, size_t *out_count);

/* Every lip-sync model that the project or one of these scenes names. */
enum err flow_lipsyncs_load(const struct flow *f, struct task *t, const struct project *p,
                            const struct scene *scenes, size_t count, struct model **out,
                            size_t *out_count);

/* Who makes its music and its voice; NULL where none is wanted. INVALID names "musicModel" or
 * "voiceModel", and those there are. */
enum err flow_sounds_load(const struct flow *f, struct task *t, const struct project *p,
                          const struct model **out_music, const struct model **out_voice);

/* The driver of a music or voice model. */
enum err flow_sound_driver(const struct flow *f, struct task *t, int makes, const char *name,
                           const struct sound_driver **out);

/* A project with its scenes and its computed plan, read together. */
struct board {
    struct project project;
    struct scene *scenes; /* in display order; their status is that of graph_set_statuses() */
    size_t scene_count;
    struct style style;
    struct model model, card; /* who films it, and who draws its end card: flow_card_model() */
    struct model *videos; /* see flow_fallbacks_load() */
    size_t video_count;
    struct model *lipsyncs; /* see flow_lipsyncs_load() */
    size_t lipsync_count;
    const struct model *music, *voice; /* see flow_sounds_load() */
    double plan_usd;                   /* see flow_planner_usd() */
    /* scenes whose fallback is not in their records yet: no key */
    int64_t *stood_in;
    size_t stood_in_count;
    struct graph graph;                /* jobs attached */
};
enum err board_load(const struct flow *f, struct task *t, const char *project_id,
                    struct board *out);

const struct scene *board_scene(const struct board *b,
                                int64_t sequence); /* NULL when there is none */

/* The same as the film is cut from takes that are there, current or not. */
enum err board_load_as_filmed(const struct flow *f, struct task *t, const char *project_id,
                              struct board *out);

/* What of its graph is computed. */
enum board_view {
    BOARD_AS_ASKED = 0,
    BOARD_AS_FILMED = 1,       /* see graph_input.as_filmed */
    BOARD_WITHOUT_POSTERS = 2, /* see graph_input.without_posters */
};

/* The rest of a board whose project and scenes, or one of them, are there: who makes it, and the
 * graph, without jobs. One whose goal is its cut is seen as filmed. */
enum err board_compute(const struct flow *f, struct task *t, enum board_view view,
                       struct board *b);

/* The graph alone, of what the board holds. */
enum err board_graph(struct task *t, enum board_view view, struct board *b);

/*
 * Bring a project a step on: everything its goal asks for that is not current, ready and not yet
 * under way becomes a job. Settles the project (see states.h) when nothing is left to do. Does
 * nothing without a project.goal. Called when something is asked for, after each job, and at
 * start-up; any number of callers may overlap.
 */
enum err flow_advance(const struct flow *f, struct task *t, const char *project_id);

/*
 * The same, for those who look after the films of others: one whose board cannot be computed (its
 * style or model file is broken, or gone) fails with that reason, as it would for whoever opens it.
 * Errors are those of the store.
 */
enum err flow_go_on(const struct flow *f, struct task *t, const char *project_id);

/*
 * Ask for the film, its plan or its cut: the project is processing, jobs of that goal that had
 * failed for today's inputs are tried again. CONFLICT when the status table forbids it.
 */
enum err flow_want(const struct flow *f, struct task *t, const char *project_id,
                   enum project_goal goal);

/* Ask for the takes and clips of these scenes, beside those already asked for. A film that is
 * under way includes them. */
enum err flow_want_scenes(const struct flow *f, struct task *t, const char *project_id,
                          const int64_t *sequences, size_t count);

/* Changes the project record so that this is asked for, as flow_want() does; for operations that
 * change more of it in the same write. */
enum err project_start(struct task *t, struct project *p, enum project_goal goal);

/* Changes the project record so that these scenes are asked for; for operations that change a scene
 * in the same transaction. CONFLICT while it is being planned or cut. */
enum err goal_add_scenes(struct task *t, struct project *p, const int64_t *sequences, size_t count);

/* Set to work on a goal that is in the record: jobs of it that had failed are tried again. */
enum err flow_begin(const struct flow *f, struct task *t, const char *project_id);

/*
 * Stop asking: the project is at rest with this problem. Scenes that were to be filmed again are as
 * they were before, and so is a plan that was to be drafted again. Jobs that run are left alone.
 * `event` is EVENT_FAIL, or EVENT_REST, which is EVENT_COMPLETE for a project with a film.
 */
enum err flow_stop(const struct flow *f, struct task *t, const char *project_id,
                   enum flow_event event, const struct problem *problem);

/* Stop wanting it. Jobs that run are left to finish; nothing new is started. */
enum err flow_pause(const struct flow *f, struct task *t, const char *project_id);

/* Posters of all scenes that have a clip, made now if need be, in the caller's thread. */
enum err flow_make_posters(const struct flow *f, struct task *t, const char *project_id);
