#pragma once

/*
 * Music and spoken voices, made by models of providers: a sound file of a description, or of words.
 *
 * A driver puts the wish into a model's own input and has a `remote` part; its calls are sent,
 * found, looked at and fetched like those of gen/video.h, by the same protocol, and are sent once.
 * What is fetched is looked at: a sound, with its length in `duration_us`.
 *
 * Threads  any; drivers have no state.
 */

#include "gen/video.h"

struct sound_request {
    const struct model *model;
    const char *words; /* music: what it is like; voice: what is said */
    double seconds;    /* about how long: voices take as long as they take */
    int64_t seed;
};

struct sound_driver {
    const char *name;
    int makes; /* MAKES_MUSIC, MAKES_VOICE */

    /* Its describe() and prepare() are not used. */
    const struct video_remote *remote;

    /* The body of the call, canonical JSON. Pure. */
    enum err (*ask)(struct task *t, const struct sound_request *r, const char **out_input);
};

extern const struct sound_driver music_replicate, voice_gemini;

/* How long it takes to say this, by a calm reader. */
double sound_reading_seconds(const char *words);

/* What is asked for: at least so long, as far as the model goes. */
double sound_seconds(const struct sound_request *r);

/* What was fetched into `out` is a sound; MEDIA. */
enum err sound_look_at(struct media *m, struct task *t, int out, struct clip_info *info);
