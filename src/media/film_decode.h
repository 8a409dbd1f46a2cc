#pragma once

/*
 * A stretch of a clip, decoded from its own index: starts at the last IDR before it, skips what
 * nobody will see or refer to, stops at the last frame wanted. Nothing is held but the decoder's
 * own pictures.
 */

#include "media/film_clip.h"
#include "media/scoped_av.h"

struct film_decoder {
    const struct film_clip *clip;
    int64_t                 from, to;     /* frames wanted: [from, to) */
    size_t                  next, end;    /* samples still to be fed */
    AVCodecContext         *codec;
    AVPacket               *packet;
    size_t                  packet_bytes_max;
};

/* The last sample at or before frame `frame` from which decoding can start; MEDIA when there is
 * none. */
enum err film_start_before(struct task *t, const struct film_clip *clip, int64_t frame,
                           size_t *out_sample);

/* The first sample at or after frame `frame` that copying can start with; clip->frame_count when
 * there is none. */
size_t film_start_after(const struct film_clip *clip, int64_t frame);

enum err film_decoder_open(struct task *t, const struct film_clip *clip, int64_t from, int64_t to,
                           struct film_decoder **out);
void     film_decoder_close(struct film_decoder *d);
static inline void film_decoder_scoped(struct film_decoder **d) { film_decoder_close(*d); }

/* The next wanted frame in the order of showing; MEDIA when one cannot be decoded. *out_got false
 * after the last. */
enum err film_decoder_next(struct task *t, struct film_decoder *d, AVFrame *frame, bool *out_got);
