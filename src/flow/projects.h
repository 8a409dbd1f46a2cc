#pragma once

/*
 * Making, editing and leaving projects: the operations behind the command line and the API. Each
 * checks everything before it writes anything, and a refused request leaves no record and no blob
 * behind. Fields at fault are named as the API spells them ("conceptPrompt", "targetDuration").
 *
 * `once` is an id under which a thing is made at most once ("" or NULL for none): done again under
 * the same id, the operation finds it done and answers the same. See flow/once.h.
 */

#include "flow/flow.h"

/* Descriptors are open for reading, or -1; borrowed. Names are for messages. */
struct source_file {
    int fd;
    const char *name;
};

/* Texts that are "" or NULL are not given. */
struct project_request {
    const char *once;                           /* becomes the project's id */
    const char *mode, *style, *planner, *video; /* "" for the defaults */
    const char *fallbacks; /* video models for when `video` fails, in order: "a,b"; "" for none */
    const char *lipsync; /* who moves the lips of scenes that sing; "" or "none" for nobody */
    const char *music, *music_model; /* the song is made of these words; "" for the usual model */
    const char *voice_over, *voice_model; /* spoken over the film */
    const char *title;                          /* "" lets the planner find one */
    const char *concept, *character, *product, *product_name, *call_to_action, *lyrics;
    const char *aspect, *size; /* "16:9", "720p"; "" for these */
    double seconds;            /* 0: the song's, or the mode's shortest */
    int64_t scene_count;       /* 0: chosen */
    int64_t seed;
    bool overlay;
    const char *captions; /* "track", or "none" or "" */
    double budget_usd; /* what making it may cost; below 0: no limit */
    const char *webhook_url;
    struct source_file audio, character_picture, product_picture;
    /* The same as blobs of the library, instead of files; copied. The hash, where given, is
     * what the bytes must have. */
    const char *audio_key, *audio_hash, *audio_name;
    const char *character_picture_key, *character_picture_hash;
    const char *product_picture_key, *product_picture_hash;
    const char *output_path;
};

/*
 * Check the request, listen into the files (in the media child), store them and make the project,
 * pending. Errors   INVALID with the field at fault ("directorConfig", "audio", ...); MEDIA;
 * IMPOSSIBLE; LIMIT
 */
enum err project_create(const struct flow *f, struct task *t, const struct project_request *request,
                        struct project *out);

/* What is to be another; NULL, -1 and descriptors of -1 leave things as they are. */
struct project_edit {
    const char *title, *concept, *style, *character, *product, *product_name, *call_to_action,
        *lyrics, *aspect, *size, *planner, *video, *fallbacks, *lipsync, *webhook_url, *music,
        *music_model, *voice_over, *voice_model, *captions;
    double seconds;      /* 0: the song's */
    int64_t scene_count; /* 0: chosen */
    double budget_usd;   /* read where sets_budget; below 0: no limit */
    bool sets_budget;
    int64_t seed;
    int overlay; /* 0, 1; -1: as it is */
    struct source_file audio, character_picture, product_picture;
    int64_t version; /* 0: whatever it is */
};

/* An edit that changes nothing, to begin with. */
struct project_edit project_edit_none(void);

/* Errors   CONFLICT while it is being made, or when `version` is not the project's; else as for
 * project_create() */
enum err project_edit(const struct flow *f, struct task *t, const char *project_id,
                      const struct project_edit *edit, struct project *out);

/* All records and media under a new id, as far as it was made. CONFLICT while it is being made. */
enum err project_duplicate(const struct flow *f, struct task *t, const char *project_id,
                           const char *once, struct project *out);

/* The project, its records and its media. CONFLICT while it is being made. */
enum err project_delete(const struct flow *f, struct task *t, const char *project_id);

/* ---- making ------------------------------------------------------------------------------- */

/*
 * Draft the scenes. Where there are scenes, only `again`: then the new ones replace them, under
 * new sequence numbers; takes of the old ones stay in the store. A draft that fails or is cancelled
 * leaves the scenes as they were. Errors   CONFLICT being made, or scenes are there and not `again`
 */
enum err project_draft(const struct flow *f, struct task *t, const char *project_id, bool again);

/* Texts that are "" or NULL and a length of 0 leave what the project says. */
struct song_wish {
    const char *words, *model; /* what the song is like; who makes it */
    double seconds;            /* how long: the film's length, too */
};

/*
 * Have the project's song made and listened to, and nothing else: it is bought once for its words,
 * model, length and seed, and is the project's song from then on. One that is there already costs
 * nothing. Errors   CONFLICT being made; INVALID, LIMIT, IMPOSSIBLE name "musicPrompt",
 *                   "musicModel",
 * "targetDuration"; BUDGET
 */
enum err project_make_song(const struct flow *f, struct task *t, const char *project_id,
                           const struct song_wish *wish);

/*
 * Film what is not current: all scenes and then the film (count 0), or only the takes of these
 * scenes. Errors   INVALID a scene that is not there ("scenes[1]"); CONFLICT before there are
 * scenes to choose from, or while it is being planned or cut; LIMIT a prompt is longer than its
 * model reads; BUDGET
 */
enum err project_generate(const struct flow *f, struct task *t, const char *project_id,
                          const int64_t *sequences, size_t count);

/*
 * Cut the film of the takes that are there, current or not; films nothing and buys nothing. A
 * `partial` cut has cards in the place of scenes without a take, and says which (project.missing).
 * Errors   CONFLICT names the scenes that have no take; CONFLICT while it is being made
 */
enum err project_compose(const struct flow *f, struct task *t, const char *project_id,
                         bool partial);

/*
 * Stop: nothing new starts, what runs is cancelled (within a second or two), and a scene that was
 * being filmed again is as it was. Jobs that are left of a project at rest are called off, too.
 * Errors   CONFLICT nothing is being made
 */
enum err project_cancel(const struct flow *f, struct task *t, const char *project_id);

/* ---- editing the board -------------------------------------------------------------------- */

/* `order` names every scene once, by sequence: INVALID says which are missing, doubled or unknown.
 * One write. */
enum err project_reorder(const struct flow *f, struct task *t, const char *project_id,
                         const int64_t *order, size_t count);

/* ---- reading and taking away -------------------------------------------------------------- */

/* The newest project that is not completed; NOT_FOUND when there is none. */
enum err project_unfinished(const struct flow *f, struct task *t, struct project *out);

/* "01J..." or the beginning of an id, if only one project begins so. */
enum err project_find(const struct flow *f, struct task *t, const char *id_or_prefix,
                      struct project *out);

/* What was heard in the project's song. NOT_FOUND without a song, CONFLICT before it was listened
 * to. */
enum err project_song_map(const struct flow *f, struct task *t, const struct project *p,
                          struct song_map *out);

/* The finished film, copied to `path` in one step. CONFLICT when there is none that shows the
 * board as it is. */
enum err project_export(const struct flow *f, struct task *t, const char *project_id,
                        const char *path);

/* A storyboard sheet of all scenes as PNG at `path`. */
enum err project_sheet(const struct flow *f, struct task *t, const char *project_id,
                       const char *path, struct picture_info *info);

/* Width and height of a film by its words; INVALID names the field and the nearest word. */
enum err film_shape_from_words(struct task *t, const char *aspect, const char *size,
                               struct film_shape *out);
