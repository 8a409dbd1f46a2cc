#pragma once

/*
 * Between the records and the planner: what a project asks of it, and how a planned scene becomes a
 * record. Inside the room only.
 */

#include "flow/counter.h"
#include "flow/flow.h"

/* What was heard, from the blob of that key. */
enum err song_map_read(const struct flow *f, struct task *t, const char *key, struct song_map *out);

/* Everything of the request but mode, style and song, which the caller has loaded and keeps. `card`
 * makes the end card; NULL: none is planned. */
void planning_fill(struct task *t, const struct project *p, const struct model *model,
                   const struct model *card, struct plan_request *request);

/* The user's pictures, for planners that look at them; `pictures` has room for two. */
enum err planning_pictures(const struct flow *f, struct task *t, const struct project *p,
                           struct plan_picture *pictures, struct plan_request *request);

/* What a model can film, in frames. */
struct film_lengths model_lengths(struct task *t, const struct model *m);

/* Every new plan that is asked for is another one. */
int64_t project_seed(const struct project *p);

/* `song` is NULL where there is none; `seed` the project's. */
struct scene scene_from_plan(struct task *t, const struct planned_scene *ps,
                             const struct song_map *song, int64_t sequence, int64_t seed);

/* The other way: a scene as planners and plan_check_scene() read it. */
struct planned_scene planned_from_scene(const struct scene *s);

/* Sets the beats the scene moves to from where it stands on the song. */
void scene_cue(struct task *t, const struct song_map *song, struct scene *s);

/*
 * The till of a project's planner: each asking is a call at the counter, reserved at the most it
 * can cost and closed at what its answer used, where the model's file and the service say. A model
 * that is paid by the piece is reserved, and closed, at that.
 *
 * The row of the last asking stays open until planner_till_close(), so that a twin does not buy
 * what was answered and is not kept yet.
 */
struct planner_till {
    struct plan_till till;
    const struct flow *flow;
    struct model model;
    struct spend_wish wish; /* the job's; its price is the asking's own */
    const char *key;        /* the blob of what is written; NULL: nowhere */
    struct counter counter; /* of the last asking */
    struct service_ears ears; /* what was said to it */
    bool answered;          /* it was, and its row is open still */
    int64_t micros;         /* of all askings that are closed */
};

/* The request asks at this till from now on. `wish` without prices and model; `out` stays where it
 * is. With a key set, an asking is CONFLICT, and released, when a twin has kept its answer
 * meanwhile. */
enum err planner_till_open(const struct flow *f, struct task *t, const struct spend_wish *wish,
                           struct plan_request *request, struct planner_till *out);

/* Is what was paid for kept under this key? UNAVAILABLE, of the house, while it waits on this
 * machine to be sent to the media store. */
enum err planner_kept(const struct flow *f, struct task *t, const char *key);

/* `came` is what became of all of it; given back, or what counter_close() makes of it. */
enum err planner_till_close(struct planner_till *p, struct task *t, enum err came);
