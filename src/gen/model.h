#pragma once

/*
 * Model descriptors: what a model makes, can and costs. Data, read from models/NAME.yaml, the
 * user's folder first and the shipped folder second; nothing here knows a provider. A model of a
 * protocol that is known needs a file and no new program.
 */

#include "base/fields.h"

/* What a provider calls the things we ask for; "" where the model takes no such input. */
struct model_inputs {
    const char *prompt, *negative, *seconds, *aspect, *size, *seed, *sound, *first_frame, *pictures;
    const char *video, *audio, *sync_mode, *temperature, *active_speaker, *occlusion; /* lip-sync */
};

enum model_makes {
    MAKES_NOT_SET, MAKES_VIDEO, MAKES_IMAGE, MAKES_TEXT, MAKES_LIPSYNC, MAKES_MUSIC, MAKES_VOICE
};
extern const char *const model_makes_names[];

/* An input that is the same for every call. */
struct model_constant {
    const char *name, *value;
};

/* What a second costs at one size, where that differs from the usual price. */
struct model_price {
    const char *size;
    double usd_per_second;
};

enum model_sound { SOUND_NEVER, SOUND_OPTIONAL, SOUND_ALWAYS }; /* is there sound to its clips? */
extern const char *const model_sound_names[];

struct model_folders {
    const char *user, *shipped; /* either may be NULL */
};

struct model {
    const char *name; /* file name without .yaml; what --video takes */
    const char *title;
    int makes;          /* enum model_makes; video where the file does not say */
    const char *driver; /* which protocol: "animatic", ... */
    const char
        *version; /* part of every take's input hash: raised when the model films differently */
    double
        *lengths; /* seconds it can film, ascending; empty: any from seconds_min to seconds_max */
    size_t length_count;
    double seconds_min, seconds_max;
    double usd_per_second; /* 0 is free; -1 unknown, which counts as over every cap */

    /* Of models at a provider; absent otherwise. */
    const char *remote; /* the provider's name for it: "google/veo-3.1" */
    struct model_inputs inputs;
    const char **aspects; /* ratios it films, "16:9"; empty: any */
    size_t aspect_count;
    const char **sizes; /* "720p"; empty: it is not told one */
    size_t size_count;
    int64_t prompt_chars_max; /* it reads this many characters of a prompt; 0: no limit is known */
    int sound;             /* enum model_sound */
    int64_t picture_count; /* reference pictures it takes at most */
    double picture_seconds;     /* with them it films this long only; 0: as long as ever */
    const char *picture_aspect; /* with them it films this ratio only; "": any */
    double usual_seconds;       /* it takes at most, as a rule */
    double keep_seconds;        /* results stay with the provider; 0: for ever */
    struct model_constant *constants; /* sent along as they are */
    size_t constant_count;
    double usd_each;            /* of models that are paid by the piece; -1 unknown */
    double usd_per_million_in, usd_per_million_out; /* tokens of models that write; -1 unknown */
    int64_t answer_tokens, thought_tokens, picture_tokens; /* plan/plan.h says; 0: as usual */
    const char *ending;         /* of the files that it makes, "mp3"; "" where there is one usual */
    struct model_price *prices; /* of sizes that cost something else than usd_per_second */
    size_t price_count;

    /* Of models that are a graph to be run; see workflow.h. */
    const char *workflow, *picture_workflow; /* files in workflows/ beside the descriptor; or "" */
    const char *graph, *picture_graph;       /* what is in them */
    double frames_per_second;
    int64_t frames_step; /* it films 1 + n * this many frames; 0: any number */
    int64_t side_step;   /* its pictures are multiples of this wide and high; 0: any size */
};

/* What is asked of a model for one scene. */
struct model_wish {
    double seconds; /* at least */
    const char *aspect;
    size_t picture_count;
    const char *size; /* of the film; NULL for the model's usual one */
};

/* Are the scene's pictures given as references, or (false) as its first frame or not at all? */
bool model_takes_pictures(const struct model *m, const struct model_wish *wish);

/* What is filmed: the shortest it can that is long enough, else the longest. */
double model_seconds(const struct model *m, const struct model_wish *wish);

/* The film's own ratio, or the one it films that the film can be cut out of with least loss. */
const char *model_aspect(const struct model *m, const char *wanted);

/* The film's own size, or the first of those it films. */
const char *model_size(const struct model *m, const char *wanted);

/* What that costs; -1 unknown. */
double model_usd(const struct model *m, const struct model_wish *wish);

/* LIMIT names the number of characters when the model does not read so many. `whose` begins the
 * sentence: "the prompt of scene 3". */
enum err model_check_prompt(struct task *t, const struct model *m, const char *whose,
                            const char *prompt);

/* The video model of that name. NOT_FOUND names the nearest and how to list them. */
enum err model_load(struct task *t, const struct model_folders *folders, const char *name,
                    struct model *out);

/* The same of models that make something else. */
enum err model_load_of(struct task *t, const struct model_folders *folders, enum model_makes makes,
                       const char *name, struct model *out);

/* All of them by name, whatever they make. */
enum err model_list(struct task *t, const struct model_folders *folders, struct model **out,
                    size_t *out_count);
