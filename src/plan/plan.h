#pragma once

/*
 * An idea becomes scenes.
 *
 * plan_cuts() decides where the film is cut, a planner decides what is seen between the cuts,
 * plan_check() decides whether that may be filmed. All lengths here are frames of the film
 * (FILM_RATE_HZ), so that the scenes of a plan add up to the film exactly.
 */

#include "base/file.h"
#include "media/media.h"
#include "plan/style.h"

/* What the chosen video model can film. Either a list of lengths or a range. */
struct film_lengths {
    int64_t *allowed_frames;          /* ascending; generation lengths, e.g. 96, 144, 192 */
    size_t   allowed_count;           /* 0: any length within the range */
    int64_t  min_frames, max_frames;  /* of what is generated */
};

/* ---- the cut ------------------------------------------------------------------------------ */

struct cut_request {
    int64_t                 frame_count;          /* the whole film */
    const struct song_map  *song;                 /* NULL: cuts may fall anywhere */
    struct film_lengths     lengths;
    /* of the last shot, where another makes it; NULL: as all */
    const struct film_lengths *last_lengths;
    int64_t                 scene_count;          /* 0: chosen from the style */
    /* from the style */
    double                  shot_seconds, shot_seconds_min, shot_seconds_max, rhythm;
    /* without a song: story beats' shares to aim cuts at; may be NULL */
    const double           *shares;
    size_t                  share_count;
};

struct cut {
    int64_t start_frame, frame_count;             /* used */
    /* to be generated: shortest allowed >= frame_count */
    int64_t film_frames;
};

/* No shot is shorter than half a second, however fast the style (a film shorter than that is one
 * shot). */
enum { SHOT_FRAMES_MIN = FILM_RATE_HZ / 2 };

/*
 * Cut the film by dynamic programming: on beats, best on strong ones and on the borders of
 * sections, within what can be filmed, near the wanted pace, least footage bought and thrown away.
 * Inner cuts fall on the frame nearest to a beat. The first cut starts at 0, pick-up or not, and
 * the last ends with the film.
 * Where beats lie further apart than can be filmed in one take, and only there, cuts fall between
 * them on half seconds (cut_may_leave_beat()). Without a song all cuts fall on half seconds.
 * Deterministic; O(beats x window), times the scene count when that is given.
 * Errors   IMPOSSIBLE the count or the lengths cannot be met; the message says which counts and
 *          lengths can
 */
enum err plan_cuts(struct task *t, const struct cut_request *request, struct cut **out,
                   size_t *out_count);

/* May an inner cut at this frame be off the beat, because no beat is near enough to be filmed
 * to? */
bool cut_may_leave_beat(const struct song_map *song, const struct film_lengths *lengths,
                        int64_t frame_count, int64_t frame);

/* What must be generated for a used length: the shortest that can be filmed; -1 when none is long
 * enough. */
int64_t film_length_for(const struct film_lengths *lengths, int64_t frame_count);

/* ---- the plan ----------------------------------------------------------------------------- */

/* The user's pictures as look.cast[].picture_index numbers them. */
enum { PICTURE_CHARACTER = 0, PICTURE_PRODUCT = 1 };

/* A picture of the user's, for planners that can look. */
struct plan_picture {
    const char   *what;               /* "character", "product" */
    struct bytes  file;
};

struct services;

/*
 * Where planners that cost money pay. Each asking of a language model is one call of a service: the
 * till is opened with the most that it can use before anything is sent, and closed with what came
 * of it. What the till refuses is not asked.
 */
struct plan_asking {
    int64_t tokens_in_max, tokens_out_max;        /* thoughts are among what comes out */
};
struct plan_answer {
    int64_t tokens_in, tokens_out;    /* as it says; 0: it was lost, or does not say */
    bool    unmade;                   /* surely nothing was made of it: nothing is charged */
};
struct plan_till {
    enum err (*open)(struct plan_till *till, struct task *t, const struct plan_asking *asking);
    /* `came` is how the asking ended, with its fault in t; given back, or what it means now:
     * RECONCILE a person decides. */
    enum err (*close)(struct plan_till *till, struct task *t, const struct plan_answer *answer,
                      enum err came);
};

/* Of the language model that is asked; 0 is as usual. */
struct plan_limits {
    int64_t answer_tokens;  /* the longest answer it may be asked for, thoughts among it */
    int64_t thought_tokens; /* room for thoughts, beside what the scenes need */
    int64_t picture_tokens; /* the most that looking at a picture takes */
};

struct plan_request {
    const struct mode      *mode;
    const struct style     *style;
    const char             *concept;              /* the user's words, never rewritten */
    const char             *character;            /* description; "" for none */
    const char             *product;              /* description; "" for none */
    /* for the end card; "" takes it from the description */
    const char             *product_name;
    const char             *call_to_action;       /* "" lets the planner choose */
    const char             *lyrics;               /* plain or LRC; "" for none */
    /* pictures 0.. in this order */
    bool                    has_character_picture, has_product_picture;
    const struct song_map  *song;                 /* NULL when there is none */
    int64_t                 frame_count;          /* film length: the song's, or the target */
    int64_t                 scene_count;          /* 0: chosen */
    struct film_lengths     lengths;
    /* of the end card, where another makes it; NULL: as all */
    const struct film_lengths *card_lengths;
    int64_t                 seed;
    int64_t                 prompt_chars_max;     /* that the video model reads; 0: not known */

    /* For planners that are services; see net/service.h. */
    const struct services  *services;
    /* the provider's name for the one to ask; "" for its default */
    const char             *model;
    const struct plan_picture *pictures;
    size_t                  picture_count;
    struct plan_limits      limits;
    struct plan_till       *till;                 /* NULL: nobody counts */
};

struct planned_scene {
    const char  *title;               /* a few words, specific: "The last tram leaves" */
    /* as a video model wants it: subject, action, setting, light, lens, camera, mood, style */
    const char  *prompt;
    const char  *negative_prompt;
    const char  *camera;              /* "medium shot, slow push in, 35 mm" */
    const char  *action;              /* one sentence: who does what */
    const char  *story_beat;          /* the mode's word: "hook", "climax" */
    const char  *section;             /* the song's: "chorus"; "" without a song */
    const char  *line;                /* the lyric or spoken line over it; "" */
    struct cut   cut;
    struct look  look;                /* what the animatic draws; also who and what is in it */
    double       energy;              /* 0..1 of the song here */
    bool         lips_move;
    bool         product_shot;
    bool         end_card;
    const char  *card_title, *card_line, *card_action;       /* on the end card */
};

struct plan {
    const char           *title;      /* of the film */
    const char           *logline;    /* one sentence */
    struct planned_scene *scenes;
    size_t                scene_count;
};

extern const struct field plan_fields[];          /* struct plan as JSON, both ways */

/*
 * The name under which the described character stands in look.cast; "" when the request describes
 * none. Planners use it, so that plan_check() can tell whose prompts must carry the description.
 */
const char *plan_hero_name(struct task *t, const struct plan_request *request);

/*
 * Is this a plan that can be filmed? Lengths the model can make, total exact, inner cuts on beats
 * (one frame), every prompt there and within PROMPT_BYTES_MAX, clean UTF-8, no two scenes alike
 * (titles, prompts, and the picture: place + shot + move + action), character and product wording
 * byte for byte in every prompt of theirs, modes' demands (ads: product seen, end card last).
 * Errors   INVALID, with the scene ("scenes[3].prompt") in the fault's field and the reason in its
 *          message
 */
enum err plan_check(struct task *t, const struct plan_request *request, const struct plan *plan);

/* The same for the words and the picture of one scene of a film that has its plan; INVALID names
 * "scenes[0].prompt". */
enum err plan_check_scene(struct task *t, const struct plan_request *request,
                          const struct planned_scene *scene);

/*
 * What words say can be seen: place, time, weather, figures, actions, moods; 0 where they say
 * nothing. English; other languages say nothing. Negated words ("no rain", "without snow") count as
 * not said. Figures are named by their noun phrase ("old man") and carry what adjectives say of
 * them ("in a red coat", "blond"). Deterministic.
 */
enum err look_from_text(struct task *t, const char *text, struct look *out);

/*
 * The one figure a description describes, as planners read it ("a young courier in a yellow
 * raincoat"); of a product, the thing its words name. What the words leave open is not set.
 */
struct look_cast plan_describe(struct task *t, const char *description, bool product);

/* How words ask for a picture to be taken: "extreme close-up, slow push in"; 0 where they say
 * nothing. English. */
struct framing {
    int shot, move;                   /* enum look_shot, enum look_move */
};
struct framing framing_from_text(struct task *t, const char *text);

/*
 * One more scene for a film that has its plan, from an idea of a sentence or two: the idea's own
 * words, never rewritten (but by planners that are language models), framed, lit and worded as the
 * style would; whoever the film is about is called what they are called everywhere. What the idea
 * does not say (place, hour, weather) is as in the scene before it. Deterministic.
 */
struct idea_request {
    const struct plan_request *film;
    const char                *idea;
    struct cut                 cut;
    const char                *story_beat, *section;     /* of the scene before; "" for none */
    double                     energy;
    const struct look         *near;                     /* of the scene before; NULL for none */
    const char *const         *titles;                   /* taken by other scenes */
    size_t                     title_count;
    /* where it will stand; NULL at either end */
    const struct planned_scene *before, *after;
};

/*
 * A scene of the film in other words. What happens in it, where, and everyone's own wording stay;
 * shot, camera, light and the style's words are put anew, another seed in another way. The
 * instruction is the user's: what shall be otherwise. `out` is the scene with prompt,
 * negative_prompt, camera, action and look changed and all else as it was.
 */
struct rewrite_request {
    const struct plan_request  *film;
    const char                 *instruction;             /* "" for none */
    const struct planned_scene *scenes;                  /* all of the film, in order */
    size_t                      scene_count, index;      /* which of them */
    const struct style         *styles;                  /* whose phrases may stand in its prompt */
    size_t                      style_count;
    int64_t                     seed;
};

/* ---- planners ----------------------------------------------------------------------------- */

struct planner_driver {
    const char *name;                 /* "offline", "gemini", "openai" */
    enum err  (*draft)(struct task *t, const struct plan_request *request, struct plan *out);
    enum err (*idea)(struct task *t, const struct idea_request *request, struct planned_scene *out);
    enum err (*rewrite)(struct task *t, const struct rewrite_request *request,
                        struct planned_scene *out);
};

extern const struct planner_driver planner_offline;

/*
 * Language models: what the film is cut into, what each scene is for and what is sung there is
 * decided here; the model writes what is seen. Its answer is bound to a schema, checked by
 * plan_check(), and once sent back with the reasons.
 * Errors   IMPOSSIBLE the second answer was no better (with the reasons); LIMIT cut off; REFUSED by
 *          a filter; UPSTREAM empty or no answer at all; those of net/service.h; those of the till
 */
extern const struct planner_driver planner_gemini, planner_openai;

/* Draft with a driver and check the result: OK means plan_check() accepted it. */
enum err plan_draft(struct task *t, const struct planner_driver *planner,
                    const struct plan_request *request, struct plan *out);

/* The same for a scene from an idea and for other words of one: OK means plan_check_scene()
 * accepted it. */
enum err plan_idea(struct task *t, const struct planner_driver *planner,
                   const struct idea_request *request, struct planned_scene *out);
enum err plan_rewrite(struct task *t, const struct planner_driver *planner,
                      const struct rewrite_request *request, struct planned_scene *out);
