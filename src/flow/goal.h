#pragma once

/*
 * What is asked of a project: its goal, status, stage and trouble, which change together. Those
 * who ask for something find their functions in flow.h; these are for flow.c, which settles what
 * was asked for.
 */

#include "flow/flow.h"

struct goal_change {
    enum flow_event event; /* 0: keep the status */
    int goal;              /* enum project_goal */
    const int64_t *scenes; /* of GOAL_SCENES */
    size_t scene_count;
    const char *stage;
    struct problem problem;
    bool undo; /* scenes that were to be filmed again are as they were; else as they are now */
};

/* The project as it is when it is written. CONFLICT when the status table forbids it. */
enum err goal_change(const struct flow *f, struct task *t, const char *project_id,
                     const struct goal_change *c);

/* The project as it was read: CONFLICT, too, when something else was asked for meanwhile. */
enum err goal_change_read(const struct flow *f, struct task *t, const struct project *read,
                          const struct goal_change *c);

/* The same, and the scenes that were to be filmed again are at rest. */
enum err goal_stop(const struct flow *f, struct task *t, const struct project *read,
                   const struct goal_change *c);

/* Is it one of the scenes of GOAL_SCENES? */
bool goal_names_scene(const struct project *p, int64_t sequence);
