#pragma once

/*
 * Projects, scenes, takes, jobs: what an item's document holds, as structs.
 *
 * A record is loaded with the version it was read at and saved only if that is still the version:
 * whoever loses the race gets CONFLICT, reads again and decides again. Attributes that the API
 * shows unchanged have its names; record_fields.c lists them all.
 *
 *     project   PROJECT#id   METADATA           index: status, createdAt
 *     scene     PROJECT#id   SCENE#001          its sequence: immutable, never reused
 *     take      PROJECT#id   TAKE#001#0001      scene, take; never changed once written
 *     job       PROJECT#id   JOB#kind#001#hash  one job per kind, target and input hash, for ever
 *     cut       PROJECT#id   CUT#hash           a film that was made; the hash of its inputs
 *     cache     CACHE#hash   ARTIFACT           what was made from these inputs, in any project
 *
 * All times in records are UTC ISO-8601 text; all positions are frames of the film (24 a second).
 */

#include "base/fields.h"
#include "draw/look.h"
#include "store/store.h"

/* Something made: the hash of its inputs, where its bytes are, and the inputs' own short hashes for
 * saying what changed. */
struct made {
    const char *hash;   /* "" while nothing was made */
    const char *key;    /* blob key */
    const char *parts; /* "prompt:1f0c9a2b seed:...", in the order they were hashed */
};
extern const struct field made_fields[];

enum project_status {
    PROJECT_NOT_SET,
    PROJECT_PENDING,
    PROJECT_PROCESSING,
    PROJECT_COMPLETED,
    PROJECT_FAILED
};
extern const char *const project_status_names[];

enum project_goal {
    GOAL_NOTHING,
    GOAL_PLAN,   /* the scenes */
    GOAL_FILM,   /* everything, to the finished film */
    GOAL_SCENES, /* the takes and clips of project.goal_scenes */
    GOAL_CUT,    /* the film of the takes that are there */
    GOAL_SONG,   /* the song that is to be made, and what is heard in it */
};
extern const char *const project_goal_names[];

struct problem { /* the last refusal, as the person saw it */
    const char *code, *message, *next;
};

/* A sound that a model is to make; without words none is wanted. */
struct sound_wish {
    const char *words, *model;
    struct made made;
    int64_t frames; /* how long what was made is; 0: not known */
};

struct project {
    const char *project_id;
    const char *title;
    int status;        /* enum project_status; scenes use the same words */
    const char *stage; /* "listening", "planning", "filming", "mixing", "cutting"; "" at rest */
    const char *mode, *style, *planner, *video;
    /* video models to film with where `video` fails: "gemini-omni,animatic"; "" */
    const char *fallbacks;
    const char *lipsync; /* the lip-sync model of scenes whose lips move; "": their lips rest */
    const char *concept, *character, *product, *product_name, *call_to_action, *lyrics;
    const char *aspect, *size;
    int64_t width_px, height_px;
    int64_t target_frames; /* 0: as long as the song */
    int64_t wanted_scenes; /* 0: chosen */
    int64_t seed;
    int64_t drafts; /* how often a new plan was asked for */
    bool overlay; /* storyboard marks on the animatic */
    const char *captions; /* "track", "burned" (flow/captions.h); "": the film has none */
    double budget_usd; /* what making it may cost; below 0: no limit */
    const char *webhook_url; /* who is told when it is done; "" for nobody */
    double target_lufs;
    const char *audio_key, *audio_hash, *audio_name;
    struct sound_wish music; /* the song is made of these words; its bytes are then audio_key's */
    struct sound_wish voice; /* spoken over the film */
    const char *character_picture_key, *character_picture_hash;
    const char *product_picture_key, *product_picture_hash;
    int64_t next_sequence; /* of the next scene; starts at 1 */
    int64_t *order;     /* scenes by sequence in display order, so that a reorder is one write; */
    size_t order_count; /* scenes not named follow by sequence */
    struct made song_map, plan, track, film;
    int64_t cut_frames, cut_width_px, cut_height_px; /* of the film that is there */
    int64_t *missing; /* scenes of it that had no take and are cards, by sequence: a partial cut */
    size_t missing_count;
    int64_t film_frames; /* of the song map's song, once known; else the target */
    const char *logline;
    const char *output_path; /* where `make` wants the film; "" for nowhere */
    int goal; /* enum project_goal: what workers carry on towards until it is there */
    int64_t *goal_scenes; /* of GOAL_SCENES, by sequence */
    size_t goal_scene_count;
    struct problem problem;
    const char *created_at, *updated_at;
    int64_t version;   /* not in the document */
    const char *newer; /* members of a newer program; see fields_decode_record() */
};
extern const struct field project_fields[];

/* How lips are to be moved, and by whom. */
enum sync_mode {
    SYNC_MODE_NOT_SET,
    SYNC_LOOP,
    SYNC_BOUNCE,
    SYNC_CUT_OFF,
    SYNC_SILENCE,
    SYNC_REMAP
};
extern const char *const sync_mode_names[]; /* "", "loop", "bounce", "cut_off", ... */

#define SYNC_TEMPERATURE 0.5 /* where nothing is said */
struct sync_options {
    const char *model;   /* "": the project's */
    double temperature;  /* 0..1: how far the mouth opens */
    int mode;            /* enum sync_mode: where picture and sound are not equally long */
    bool active_speaker; /* find the face that speaks */
    bool occlusion;      /* mind hands and things before the mouth */
};

/* The part of a take that was synced, and where on the film it was then. Frames. */
struct sync_span {
    int64_t in, out, at;
};

enum sync_wish {
    SYNC_AS_PLANNED, /* where the plan says that lips move, and the project names a model */
    SYNC_ASKED,
    SYNC_DECLINED,
};
extern const char *const sync_wish_names[];

/* Lips that move to the song: a take made of another take. */
struct scene_sync {
    int wish; /* enum sync_wish */
    struct sync_options options;
    struct made made;      /* the last one made; it is shown while it is of today's take and trim */
    int64_t take;          /* its number; 0: none */
    int64_t made_from;     /* the take it is made of */
    struct sync_span span; /* what of that */
    bool foreign;          /* as take_foreign */
    int64_t width_px, height_px;
};

/* Who films a scene instead of the project's model, and what that failed of. */
struct fallback {
    const char *model; /* "": nobody has to */
    const char *why;   /* "Veo 3.1: high demand" */
};

/* What a scene was before it was to be filmed or synced again, in case that fails. */
struct scene_before {
    bool kept; /* false: nothing is under way */
    const char *prompt;
    int64_t seed;
    struct look look;
    bool pinned;
    int sync_wish;
    struct sync_options sync_options;
};

struct scene {
    int64_t sequence;
    int64_t display_sequence; /* derived from project.order; not in the document */
    int status;               /* enum project_status */
    const char *title, *prompt, *negative_prompt, *camera, *action, *story_beat, *section, *line;
    struct look look;
    int64_t used_frames;       /* as planned */
    int64_t film_frames;       /* to be generated */
    int64_t trim_in, trim_out; /* frames of the take; trim_out 0: not trimmed, 0..used_frames */
    int64_t start_frame;       /* on the song, as planned: what the picture moves to */
    int64_t *beat_frames;      /* relative to start_frame */
    size_t beat_count;
    double energy;
    bool lips_move, product_shot, end_card;
    const char *card_title, *card_line, *card_action;
    int64_t seed;
    bool pinned; /* the selected take was chosen by hand: it is current whatever the prompt says */
    int64_t selected_take; /* 0: none; a synced one while that is shown: then what follows is of the
                            * take it is made of, which is what a trim counts in */
    int64_t take_frames;   /* length of the selected take */
    int64_t take_width_px, take_height_px; /* 0: unknown, or of no use */
    bool take_matches;     /* the selected take was drawn for the film: whole and of its shape, it is
                            * the clip */
    bool take_foreign;     /* the selected take was uploaded: cut from it, all is encoded */
    int64_t next_take;     /* starts at 1 */
    struct made take, clip, poster;
    struct scene_sync sync;
    struct fallback fallback;
    struct problem problem;
    struct scene_before before;
    const char *once, *remake_once; /* the ids it was added and last filmed again under; or "" */
    int64_t version;   /* not in the document */
    const char *newer; /* members of a newer program; see fields_decode_record() */
};
extern const struct field scene_fields[];

struct take {
    int64_t sequence, take;
    const char *provider, *model, *prompt, *negative_prompt, *hash, *key,
        *source; /* source: "generated", "uploaded", "lip-sync" */
    int64_t seed, frames, width_px, height_px;

    const char *instead; /* filmed by a fallback: what failed before it, and of what; or "" */

    /* Of "lip-sync" ones. */
    int64_t made_from; /* the take it is made of */
    const char *parts; /* of its hash, see struct made */
    struct sync_options sync_options;
    struct sync_span sync_span;
    const char *once; /* the id it was uploaded under; or "" */
    const char *created_at;
    const char *newer; /* members of a newer program; see fields_decode_record() */
};
extern const struct field take_fields[];

/* Jobs: durable work. See flow/jobs.h for what the states mean. */
enum job_state { JOB_NOT_SET, JOB_QUEUED, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED };
extern const char *const job_state_names[];

struct job {
    const char *project_id;
    /* "song-map", "plan", "take", "lip-sync", "clip", "poster", "track", "film" */
    const char *kind;
    int64_t sequence; /* the scene, 0 for the project */
    const char *hash; /* of the inputs */
    const char *parts; /* of the hash, see struct made */
    int state; /* enum job_state */
    const char *step, *ticket;
    const char *spend; /* of what is paid for: its row in the ledger; else "" */
    int64_t attempt, crashes;
    int64_t epoch;      /* raised by every claim; writes of an older claim are refused */
    const char *worker; /* who holds it */
    int64_t lease_until_us, due_us; /* wall time */
    int64_t permille; /* how far it was when its lease was last renewed */
    int64_t took_ms;
    bool reused; /* answered from the cache, nothing was made */
    struct problem problem;
    const char *created_at, *finished_at;
    int64_t version;   /* not in the document */
    const char *newer; /* members of a newer program; see fields_decode_record() */
};
extern const struct field job_fields[];

/* A film that was made. The project points at the newest one; those before it stay. */
struct film_cut {
    const char *hash, *key; /* of its inputs; its blob */
    int64_t frames, width_px, height_px, bytes;
    bool partial; /* some scenes were cards */
    const char *made_at;
};
extern const struct field film_cut_fields[];

struct cached {
    const char *key, *info; /* info: JSON text, what the maker wanted to remember */
};
extern const struct field cached_fields[];

/*
 * Reading. NOT_FOUND says what is missing in words ("there is no project ..."). A record with a
 * word that only a newer program knows is illegible here: INTERNAL, and nobody's fault. In lists of
 * films and of open paid calls it is left out, so that the others can be seen to.
 */
bool record_was_illegible(const struct task *t); /* is that why the last call failed? */

/* An item's document by a table; and the same of one of many, left out (false) where it is
 * illegible; `newer` as of fields_decode_record(). */
enum err record_decode(struct task *t, const struct item *item, const struct field *fields,
                       void *out, const char **newer);
bool record_is_legible(struct task *t, const struct item *item, const struct field *fields,
                       void *out, const char **newer);
enum err project_load(struct store *s, struct task *t, const char *project_id, struct project *out);
enum err scene_load(struct store *s, struct task *t, const char *project_id, int64_t sequence,
                    struct scene *out);
enum err job_load(struct store *s, struct task *t, const char *project_id, const char *sk,
                  struct job *out);
enum err cached_load(struct store *s, struct task *t, const char *hash, struct cached *out);

/* The project's scenes in its display order; display_sequence is set from it (1, 2, 3 ...). Records
 * of scenes that the order does not name are of another plan: one that was replaced and is not
 * cleared yet, or one that is just being written. */
enum err scenes_load(struct store *s, struct task *t, const struct project *p, struct scene **out,
                     size_t *out_count);
enum err takes_load(struct store *s, struct task *t, const char *project_id, int64_t sequence,
                    struct take **out, size_t *out_count);
enum err jobs_load(struct store *s, struct task *t, const char *project_id, struct job **out,
                   size_t *out_count);

/* Newest first. */
enum err film_cuts_load(struct store *s, struct task *t, const char *project_id,
                        struct film_cut **out, size_t *out_count);

/* Projects of one status, or of all (PROJECT_NOT_SET), newest first. */
enum err projects_load(struct store *s, struct task *t, int status, struct project **out,
                       size_t *out_count);

/*
 * A page of projects of one status, or of all (PROJECT_NOT_SET), newest first. `limit` 1..100;
 * `cursor` is "" for the first page, else what an earlier page gave: INVALID when it is none of
 * ours for this listing. *next_cursor is "" on the last page. The cost does not grow with the
 * number of projects. A project whose status changes between two pages may be on both or neither.
 */
enum err projects_page(struct store *s, struct task *t, int status, int64_t limit,
                       const char *cursor, struct project **out, size_t *out_count,
                       const char **next_cursor);

/* Writing: one row of a transaction each. version 0 creates, any other updates that version. */
struct item_write project_write(struct task *t, const struct project *p);
struct item_write scene_write(struct task *t, const char *project_id, const struct scene *s);
struct item_write take_write(struct task *t, const char *project_id, const struct take *k);
struct item_write job_write(struct task *t, const struct job *j);
/* Made again from the same inputs it is the newest again. */
struct item_write film_cut_write(struct task *t, const char *project_id, const struct film_cut *c);
struct item_write cached_write(struct task *t, const char *hash, const struct cached *c);

const char *project_pk(struct task *t, const char *project_id);
const char *job_sk(struct task *t, const char *kind, int64_t sequence, const char *hash);

/* Whose record it is by its sort key: the scene's number; 0 for other kinds. */
int64_t scene_of_sk(const char *sk);
