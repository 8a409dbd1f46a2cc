#pragma once

/*
 * Pictures become H.264, always in the same way, so that what was encoded today joins what was
 * encoded last week.
 *
 * High profile 4:2:0, constant quality, closed groups of 48 frames, a fixed pattern of B-frames, no
 * encoder names or dates: the same pictures give the same bytes. Parameter sets carry an id that
 * depends on the colour tags alone (1 for the BT.709 of all our own pictures), so encodes of one
 * size have either the same sets or different ids.
 */

#include "media/avc.h"
#include "media/media.h"
#include "media/scoped_av.h"

/* How the numbers in a picture are to be read as colours: what is written into the stream. */
struct colour_tags {
    enum AVColorPrimaries              primaries;
    enum AVColorTransferCharacteristic transfer;
    enum AVColorSpace                  space;
};

static const struct colour_tags colour_bt709 = { AVCOL_PRI_BT709, AVCOL_TRC_BT709,
                                                 AVCOL_SPC_BT709 };

/* Whether an encode with these tags has a parameter set id of its own; if not, convert to
 * colour_bt709. */
bool colour_tags_known(const struct colour_tags *tags);

struct encoder {
    AVCodecContext   *codec;
    AVPacket         *packet;
    struct avc_config config;            /* the parameter sets of everything it encodes */
    int64_t           frames_in, frames_out;
    bool              draining;
};

/* One coded picture in the form of an MP4 sample, valid until the next call. */
struct coded {
    struct bytes bytes;
    int64_t      pts, dts;               /* frames; dts starts at 0 */
    bool         key;
};

/* Scenes are encoded side by side, which is faster than threads inside one; a single cut that
 * someone waits for is not. */
enum encoder_haste { ENCODER_ALONE = 2, ENCODER_AMONG_OTHERS = 1 };

/* The struct lives in t->arena. */
enum err encoder_open(struct task *t, const struct film_shape *shape,
                      const struct colour_tags *tags, enum encoder_haste haste,
                      struct encoder **out);
void     encoder_close(struct encoder *e);
static inline void encoder_scoped(struct encoder **e) { encoder_close(*e); }

/* A yuv420p frame of the shape; NULL once, after the last. The frame's pts is set to its number. */
enum err encoder_send(struct task *t, struct encoder *e, AVFrame *frame);

/* *out_got is false when more frames are wanted first, or after the last. */
enum err encoder_next(struct task *t, struct encoder *e, struct coded *out, bool *out_got);

/* A writable frame for encoder_send(), planes allocated. */
enum err encoder_frame_new(struct task *t, const struct film_shape *shape, AVFrame **out);
