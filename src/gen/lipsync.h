#pragma once

/*
 * Lip-sync: a clip whose mouth moves to a sound, made of a clip and the sound. One driver a
 * protocol.
 *
 * What is handed over is exactly as long as what is wanted: the part of a take that the film uses,
 * and the part of the song that is heard with it, cut to the sample. A driver either makes it here
 * and now, in the caller's thread, or has a `remote` part: its calls are sent, found, looked at and
 * fetched like those of gen/video.h, by the same protocol, and are sent once.
 *
 * Threads  any; drivers have no state.
 */

#include "gen/video.h"

struct lipsync_request {
    const struct model *model;
    int64_t frame_count; /* of the film; the sound is this long, too */
    int sound;           /* WAV, open for reading; borrowed */
    int clip;            /* of remote ones: the clip, silent, in the film's shape; else -1 */

    /* For drivers that draw: the take's own scene, and where in it the clip begins. */
    struct draw_spec picture;
    int64_t in_frame;
    const int *pictures;
    size_t picture_count;
    int scratch; /* an empty file to work in; else -1 */

    /* What the model is not asked for is as it is by default. */
    double temperature;   /* 0..1: how far the mouth opens */
    const char *mode;     /* "loop", ...; "" for the model's own */
    bool active_speaker;  /* find the face that speaks */
    bool occlusion;       /* mind what is before the mouth */
};

struct lipsync_driver {
    const char *name;

    /* NULL: made here and now. Its describe() and prepare() are not used. */
    const struct video_remote *remote;

    /*
     * Remote: uploads clip and sound and gives the input of the call, canonical JSON. It names the
     * uploads, so no two calls have the same and a list tells them apart. Nothing is paid.
     */
    enum err (*ask)(const struct services *all, struct task *t, const struct lipsync_request *r,
                    const char **out_input);

    /* Here: the finished clip into `out` (a draft). */
    enum err (*make)(struct media *m, struct task *t, const struct lipsync_request *r, int out,
                     media_progress *progress, struct clip_info *info);
};

extern const struct lipsync_driver lipsync_animatic, lipsync_replicate;

/*
 * A wish that the model cannot fulfil is IMPOSSIBLE, with the field as the API spells it; NULL and
 * false ask for nothing.
 */
struct lipsync_wish {
    const char *mode;
    bool temperature, active_speaker, occlusion; /* it is asked for */
};
enum err lipsync_check_wish(struct task *t, const struct model *m, const struct lipsync_wish *wish);
