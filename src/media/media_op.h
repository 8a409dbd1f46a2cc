#pragma once

/*
 * For those who implement operations: one descriptor an operation, listed once in media_child.c.
 *
 * An operation runs in the child, confined (confine.h): single task, a few descriptors, no paths.
 * It decodes nothing it was not given, returns faults like any other function, and may be called
 * directly by unit tests.
 */

#include "media/media.h"

struct media_files {
    const int *in;
    size_t     in_count;
    int        out;                       /* -1 when the operation writes no file */
    void     (*progress)(void *state, int permille);      /* may be NULL */
    void      *progress_state;
};

struct media_op {
    const char         *name;             /* on the wire: "probe", "trim", ... */
    size_t              in_min, in_max;   /* how many inputs it takes; checked before run() */
    bool                writes;           /* whether it wants an output */
    /* whether it sets text, and so reads the system's fonts */
    bool                draws;
    /* a table with no members where there is nothing to ask */
    const struct field *request_fields;
    size_t              request_size;
    const struct field *reply_fields;
    size_t              reply_size;
    enum err (*run)(struct task *t, const void *request, const struct media_files *files,
                    void *reply);
};

extern const struct media_op media_op_probe, media_op_song_map, media_op_loudness,
    media_op_waveform, media_op_sound_cut, media_op_voice, media_op_track, media_op_picture,
    media_op_render, media_op_trim, media_op_caption, media_op_compose, media_op_film_check,
    media_op_still, media_op_filmstrip, media_op_sheet, media_op_card, media_op_frame_hashes;

/* The life of the zygote and of every child it forks: read one request, run it, answer. Returns the
 * exit status. */
int media_child_main(void);
