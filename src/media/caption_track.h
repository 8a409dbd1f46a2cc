#pragma once

/*
 * Lines as a track of timed text (3GPP TS 26.245, `tx3g`), which players show where they are told
 * to.
 *
 * Its samples follow each other without gaps, an empty one wherever nobody speaks. They are small,
 * and lie together in `payload`; their offsets count from its first byte.
 */

#include "media/media.h"
#include "media/mp4.h"

struct caption_track {
    struct mp4_track track; /* sample_count 0: there are no lines */
    struct bytes payload;
};

/*
 * For a film of `frames` frames and this size. Lines ascend and do not overlap; what is past the
 * end is left out. Errors   INVALID a line before the one in front of it ends, or longer than a
 * sample can be
 */
enum err caption_track_make(struct task *t, const struct film_caption *lines, size_t count,
                            int64_t frames, int width_px, int height_px, struct caption_track *out);
