#pragma once

/*
 * A clip as a piece of film: pictures of one encoder, one every 1/24 s, none hidden, none missing.
 *
 * Only such clips are cut by copying. What an MP4 file may do otherwise (other rates, several
 * edits, rotation, odd pixels, other codecs) is not an error here but a reason, in words, why it
 * must be encoded again first.
 */

#include "media/avc.h"
#include "media/media.h"
#include "media/mp4.h"

struct film_clip {
    int               fd;
    struct mp4        mp4;
    /* its pictures; `key` is true for samples decoding can start from only */
    struct mp4_track *track;
    struct avc_config config;
    /* per sample in decoding order: its frame number in the clip */
    int32_t          *shown;
    size_t            frame_count;
    int               delay;              /* frames: how far decoding must run ahead of showing */
};

/*
 * Look at `fd`. On OK either *out_reason is NULL and *out is usable, or it says why the clip cannot
 * be copied.
 * Errors   MEDIA no MP4 file at all, or a damaged one
 */
enum err film_clip_read(struct task *t, int fd, struct film_clip *out, const char **out_reason);

/* The first `size` bytes of a sample. */
enum err film_sample_read(struct task *t, const struct film_clip *clip, size_t i, void *into,
                          size_t size);
