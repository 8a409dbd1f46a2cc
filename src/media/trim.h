#pragma once

/* The two ways to make a span of a clip fit a film; op_trim.c chooses. Inside the room. */

#include "media/clip_write.h"
#include "media/film_clip.h"
#include "media/media_op.h"

struct trim {
    const struct clip_span   *span;
    const struct media_files *files;
    int64_t                   frames_done;      /* for progress */
    int64_t                   frames_wanted;    /* 0 while it is not known */
};

void trim_progress(struct trim *trim, int64_t frames_more);

/*
 * Copy what can be copied, encode the ends. `clip` matches the span's shape and holds the span.
 * *out_reason is set, and the output is rubbish, when the encoded ends cannot live beside the
 * copied middle.
 */
enum err trim_by_copy(struct task *t, struct trim *trim, const struct film_clip *clip,
                      struct clip_info *out, const char **out_reason);

/* Decode anything, fit it, put it on the film's grid, lay the captions over it, encode it. */
enum err trim_by_encoding(struct task *t, struct trim *trim, struct clip_info *out);
