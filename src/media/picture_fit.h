#pragma once

/*
 * Any decoded picture, made upright and fitted into another size: never stretched, the rest black.
 * What nearly has the shape (FIT_NEARLY of each side) covers it, and what hangs over is cut off
 * evenly: 1280 x 704 has no edges in 1280 x 720.
 *
 * Pixel formats, colour matrices, ranges, oblong pixels and a display matrix (a telephone held
 * upright) are all dealt with here; out comes 8-bit 4:2:0.
 */

#include "base/task.h"
#include "media/scoped_av.h"

#define FIT_NEARLY 0.97

struct fit_target {
    int             width_px, height_px;      /* even */
    /* AVCOL_SPC_BT709 for film, AVCOL_SPC_SMPTE170M for JPEG */
    enum AVColorSpace space;
    bool            full_range;               /* JPEG */
};

/* Kept between the frames of one clip. */
struct fitter {
    struct fit_target  target;
    /* quarter turns clockwise until it is upright: 0..3 */
    int                turns;
    struct SwsContext *scaler;
    AVFrame           *scaled, *upright;
};

/* Quarter turns clockwise that a display matrix (nine 16.16 numbers, NULL for none) asks for. */
int fit_turns(const int32_t *matrix);

/* The display matrix of a stream, NULL when there is none. */
const int32_t *stream_matrix(AVStream *stream);

/* How large a picture is to be seen: oblong pixels made square, turned upright. */
struct fit_size {
    int width_px, height_px;
};
struct fit_size fit_seen(const AVFrame *frame, int turns);

/* The largest even size of that shape inside the box; a side of 0 does not bound. Never larger than
 * it is, if told. */
struct fit_size fit_into(struct fit_size seen, int box_width_px, int box_height_px, bool may_grow);

/* How the scaler is to understand a frame: its format by a plain name, its colour matrix
 * (SWS_CS_...), its range. */
struct fit_scaling {
    enum AVPixelFormat format;
    int                matrix;
    bool               full_range;
};
struct fit_scaling fit_scaling_of(const AVFrame *frame);

/* The struct lives in t->arena. */
enum err fitter_open(struct task *t, const struct fit_target *target, int turns,
                     struct fitter **out);
void     fitter_close(struct fitter *f);
static inline void fitter_scoped(struct fitter **f) { fitter_close(*f); }

/* *out is the fitter's own frame, valid until the next call. LIMIT when memory does not suffice. */
enum err fitter_fit(struct task *t, struct fitter *f, const AVFrame *frame, AVFrame **out);
