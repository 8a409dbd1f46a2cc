#pragma once

/*
 * Edits of one scene, inside the room. Each is a function on the scene as it was just read; around
 * it, the reading, the writing under change-if-version, and reading again when someone else was
 * faster, are the same for all.
 */

#include "flow/scenes.h"

/* What becomes of the project's record in the transaction that changes the scene. */
enum project_use { PROJECT_LEFT, PROJECT_CHECKED, PROJECT_CHANGED };

struct scene_work {
    const struct flow *flow;
    struct project project;
    struct scene scene;
    enum project_use use;
    bool done; /* there is nothing to write */
};
typedef enum err scene_change(struct scene_work *w, struct task *t, const void *how);

/* `out`, unless NULL, is the scene as it is then. A project whose record changed is set to work. */
enum err scene_change_run(const struct flow *f, struct task *t, const char *project_id,
                          int64_t sequence, scene_change *change, const void *how,
                          struct scene *out);

/* CONFLICT while it is being filmed or synced again. */
enum err scene_check_not_remade(struct task *t, const struct scene *s);

/* What it is now is what it will be again if that fails. */
void scene_keep_before(struct scene *s);
