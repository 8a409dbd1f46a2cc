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

/* counter_close() of a call to a planner, at what its answers used where that is known. */
enum err planning_close(struct counter *c, struct task *t, const struct project *p,
                        const struct plan_usage *used, enum err came);
