#pragma once

/*
 * One picture track written sample by sample into an MP4 with its index in front.
 *
 * Room for the index is left at the start of the file, since its size is bounded by the number of
 * frames; what is not needed becomes a `free` box. Writing is buffered in blocks.
 */

#include "media/av_encode.h"
#include "media/block_write.h"
#include "media/mp4.h"

struct clip_writer {
    struct block_writer file;
    int64_t          hole_bytes;          /* in front: ftyp, moov, free, the head of mdat */
    int64_t          end;                 /* where the next sample goes */
    struct mp4_track track;
    size_t           sample_capacity;
};

/* For at most `frames_max` frames of the shape. */
enum err clip_writer_start(struct task *t, int fd, const struct film_shape *shape,
                           size_t frames_max, struct clip_writer *w);

/* The next sample in decoding order. `shown` is its frame number in the clip. LIMIT past
 * frames_max. */
enum err clip_writer_add(struct task *t, struct clip_writer *w, struct bytes sample, int64_t shown,
                         bool key);

/* The same, with the bytes copied from another file. */
enum err clip_writer_copy(struct task *t, struct clip_writer *w, int from,
                          const struct mp4_sample *sample, int64_t shown, bool key);

/* Every packet the encoder has ready; its frame 0 is frame `first` of the clip. */
enum err clip_writer_drain(struct task *t, struct clip_writer *w, struct encoder *e, int64_t first);

/* Write the index. Every frame number from 0 up must have come exactly once. */
enum err clip_writer_end(struct task *t, struct clip_writer *w, const struct avc_config *config,
                         struct bytes colour);

/* What media_probe() would say of the clip that was written. */
void clip_writer_describe(const struct clip_writer *w, struct clip_info *out);

/* Body of the colr box for these tags, limited range. */
struct bytes colour_box(struct arena *a, const struct colour_tags *tags);
