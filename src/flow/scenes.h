#pragma once

/*
 * Making and editing scenes. Every operation checks everything before it writes anything, and a
 * refused request leaves no record and no blob behind. Fields at fault are named as the API spells
 * them.
 *
 * While a project is being made its words stay as they are: adding, editing and deleting scenes is
 * CONFLICT. What only chooses among what is there (trim, order, take, a clip of one's own) and
 * filming one more scene again may be done at any time: the build follows.
 *
 * `once` is an id under which a thing is made at most once ("" or NULL for none): done again under
 * the same id, the operation finds it done and answers the same.
 *
 * Errors  NOT_FOUND no such project or scene; CONFLICT being made, or `version` is not the
 *         scene's; INVALID names the field
 */

#include "flow/projects.h"

/* A scene from an idea, told by the project's planner in its style, with its character's and
 * product's own wording; paid for as scene_rewrite() where the planner is a service. */
struct scene_idea {
    const char *idea;
    int64_t after;  /* the scene before it, by sequence; -1: last; 0: first */
    double seconds; /* 0: chosen by the style's pace */
    const char *once;
};
enum err scene_add(const struct flow *f, struct task *t, const char *project_id,
                   const struct scene_idea *idea, struct scene *out);

/* New words; NULL, 0 and -1 leave things as they are. The picture follows the words where they say
 * what is seen. A take that is there stays until the scene is filmed again. */
struct scene_edit {
    const char *prompt, *negative_prompt, *title, *camera, *action, *line;
    int64_t seed;
    double seconds; /* of the film; within the take nothing is filmed again */
    int lips_move;  /* 0, 1; -1: as it is */
    int64_t version; /* 0: whatever it is */
};
enum err scene_edit(const struct flow *f, struct task *t, const char *project_id, int64_t sequence,
                    const struct scene_edit *edit, struct scene *out);

/*
 * Other words for a scene by the project's planner, as a proposal: nothing is changed until they
 * are given to scene_edit(), with its `version`. What happens, and everyone's own wording, stay;
 * the instruction says what shall be otherwise. The same instruction and seed for the same scene is
 * the same proposal; one that was paid for is kept and not asked for again.
 * Errors   BUDGET, RECONCILE as counter_open(); UNAVAILABLE the same is being asked for right now;
 *          those of the planner
 */
struct scene_rewrite {
    const char *instruction; /* "" or NULL for none */
    int64_t seed;            /* another seed, other words; 0: the scene's */
};
struct scene_wording {
    const char *prompt, *negative_prompt, *camera, *action;
};
struct scene_proposal {
    int64_t sequence, version; /* of the scene it was made from */
    const char *planner;
    int64_t seed;
    struct scene_wording was, proposed;
    /* what asking cost now: 0 for one that was kept, below 0 unknown; not in the table */
    double usd;
};
extern const struct field scene_proposal_fields[];
enum err scene_rewrite(const struct flow *f, struct task *t, const char *project_id,
                       int64_t sequence, const struct scene_rewrite *ask,
                       struct scene_proposal *out);

/* The scene, its takes and their media. CONFLICT for a project's only scene. */
enum err scene_delete(const struct flow *f, struct task *t, const char *project_id,
                      int64_t sequence);

/*
 * A clip of one's own as a new take, selected and kept until another is chosen. Its picture is
 * fitted into the film's shape, never stretched; its sound is not used. A clip shorter than the
 * scene makes the scene that short. Errors  MEDIA it has no pictures that can be decoded; LIMIT
 */
enum err scene_upload(const struct flow *f, struct task *t, const char *project_id,
                      int64_t sequence, const struct source_file *video, const char *once,
                      struct scene *out);

/* Use frames [in, out) of the selected take; both 0 goes back to the planned length. INVALID
 * outside the take. */
enum err scene_trim(const struct flow *f, struct task *t, const char *project_id, int64_t sequence,
                    int64_t in, int64_t out);

/*
 * Film a scene again, now: with new words and/or a new seed. The take that is there stays selected
 * until the new one is; when filming fails or is cancelled the scene is as it was before. CONFLICT
 * while this scene is being filmed.
 */
struct scene_remake {
    const char *prompt; /* "" or NULL: as it is */
    int64_t seed;       /* 0: the next one */
    const char *once;
};
enum err scene_regenerate(const struct flow *f, struct task *t, const char *project_id,
                          int64_t sequence, const struct scene_remake *remake);

/*
 * Move the lips of the take that is there to the song: the part of it that the film uses, and the
 * part of the song that is heard then. What comes is a take of its own, shown; when it fails or is
 * cancelled the scene is as it was before. Moved, trimmed or filmed again, it is stale and is
 * synced
 * again with the next film. Errors   CONFLICT no take, or being made; IMPOSSIBLE no song, or a wish
 * that the model does not know (its field is named); BUDGET
 */
struct scene_lipsync {
    const char *model;   /* "" or NULL: the project's, else what goes with its video model */
    double temperature;  /* 0..1: how far the mouth opens; below 0: SYNC_TEMPERATURE */
    int mode;            /* enum sync_mode */
    bool active_speaker; /* find the face that speaks */
    bool occlusion;      /* mind hands and things before the mouth */
    const char *once;
};
enum err scene_lipsync_ask(const struct flow *f, struct task *t, const char *project_id,
                           int64_t sequence, const struct scene_lipsync *ask);

/* Back to the take before, whose lips rest, also in the films to come. The synced one is kept. */
enum err scene_lipsync_remove(const struct flow *f, struct task *t, const char *project_id,
                              int64_t sequence);

/* Put an earlier take back on the board; it stays until another is chosen or the scene is made
 * again. */
enum err scene_select_take(const struct flow *f, struct task *t, const char *project_id,
                           int64_t sequence, int64_t take);
