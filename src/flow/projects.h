#pragma once

/*
 * Making and editing projects: the operations behind the command line and, later, the API. Each
 * checks everything before it writes anything, and a refused request leaves no record and no blob
 * behind.
 */

#include "flow/flow.h"

/* Descriptors are open for reading, or -1; borrowed. Names are for messages. */
struct source_file {
    int fd;
    const char *name;
};

struct project_request {
    const char *mode, *style, *planner, *video; /* "" for the defaults */
    const char *concept, *character, *product, *product_name, *call_to_action, *lyrics;
    const char *aspect, *size; /* "16:9", "720p"; "" for these */
    double seconds;            /* 0: the song's, or the mode's shortest */
    int64_t scene_count;       /* 0: chosen */
    int64_t seed;
    bool overlay;
    struct source_file audio, character_picture, product_picture;
    const char *output_path;
};

/*
 * Check the request, listen into the files (in the media child), store them and make the project,
 * pending. Errors   INVALID with the field at fault ("style", "audio", ...); MEDIA; IMPOSSIBLE;
 * LIMIT
 */
enum err project_create(const struct flow *f, struct task *t, const struct project_request *request,
                        struct project *out);

/* The newest project that is not completed; NOT_FOUND when there is none. */
enum err project_unfinished(const struct flow *f, struct task *t, struct project *out);

/* "01J..." or the beginning of an id, if only one project begins so. */
enum err project_find(const struct flow *f, struct task *t, const char *id_or_prefix,
                      struct project *out);

/* `order` names every scene once, by sequence: INVALID says which are missing, doubled or unknown.
 * One write. */
enum err project_reorder(const struct flow *f, struct task *t, const char *project_id,
                         const int64_t *order, size_t count);

/* Use frames [in, out) of the selected take; out 0 goes back to the planned length. INVALID outside
 * the take. */
enum err scene_trim(const struct flow *f, struct task *t, const char *project_id, int64_t sequence,
                    int64_t in, int64_t out);

/* New words and/or a new seed: what the take is made from changes, the take that is there stays
 * until then. */
struct scene_remake {
    const char *prompt; /* "": as it is */
    int64_t seed;       /* 0: the next one */
};
enum err scene_regenerate(const struct flow *f, struct task *t, const char *project_id,
                          int64_t sequence, const struct scene_remake *remake);

/* Put an earlier take back on the board; it stays until another is chosen or the scene is made
 * again. */
enum err scene_select_take(const struct flow *f, struct task *t, const char *project_id,
                           int64_t sequence, int64_t take);

/* The project, its records and its media. CONFLICT while it is being made. */
enum err project_delete(const struct flow *f, struct task *t, const char *project_id);

/* The finished film, copied to `path` in one step. CONFLICT when there is none that is current. */
enum err project_export(const struct flow *f, struct task *t, const char *project_id,
                        const char *path);

/* A storyboard sheet of all scenes as PNG at `path`. */
enum err project_sheet(const struct flow *f, struct task *t, const char *project_id,
                       const char *path, struct picture_info *info);

/* Width and height of a film by its words; INVALID names the field and the nearest word. */
enum err film_shape_from_words(struct task *t, const char *aspect, const char *size,
                               struct film_shape *out);
