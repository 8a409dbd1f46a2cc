#pragma once

/*
 * A scene description becomes a moving picture.
 *
 * draw_open() paints what does not change from frame to frame once (sky, layers of the set, light,
 * vignette, grain) and keeps it as planes; draw_frame() composes them for one frame under the
 * camera of that moment, draws what moves (figures, particles, light that follows the song) and
 * hands out a finished picture in the encoder's own layout.
 *
 * Pure: the same description gives the same pixels, for any order of frames, in any process.
 * Threads  one drawing is used by one thread at a time; different drawings are independent.
 * Cost     at 1280x720, draw_frame() is meant to stay below 5 ms on one core (./do bench measures
 *          it).
 */

#include "base/task.h"
#include "draw/look.h"

enum {
    DRAW_RATE_HZ     = 24,         /* frames a second of every animatic */
    DRAW_FRAMES_MAX  = 24 * 60,
    DRAW_BEATS_MAX   = 1024,
};

/* A decoded picture: premultiplied native-endian ARGB32, rows of width_px * 4 bytes. Borrowed. */
struct draw_picture {
    int             width_px, height_px;
    const uint32_t *pixels;
};

/* Words on the picture; any may be "". */
struct draw_words {
    const char *title;             /* end card: product or film name */
    const char *line;              /* end card: one line under it */
    const char *action;            /* end card: call to action, set as a button */
    const char *overlay_number;    /* storyboard overlay: "07" */
    const char *overlay_title;
    const char *overlay_camera;
};

struct draw_spec {
    int64_t             width_px, height_px;      /* even, 64..FRAME_SIDE_MAX_PX */
    int64_t             frame_count;              /* 1..DRAW_FRAMES_MAX */
    int64_t             seed;
    struct look         look;
    struct look_grade   grade;
    struct draw_words   words;
    bool                end_card;                 /* product and words take the picture over */
    /* ascending, relative to frame 0 of the scene; may be empty */
    int64_t            *beat_frames;
    size_t              beat_count;
    /* 0..1: the song's energy here; drives amplitude */
    double              energy;
    /* per frame 0 (closed) .. 1 (open); empty: mouths rest */
    double             *mouth;
    size_t              mouth_count;
    /* what look.cast[].picture_index points at; not in the fields */
    struct draw_picture *pictures;
    size_t              picture_count;
};

/* The description as JSON, both ways; `pictures` travel beside it. */
extern const struct field draw_spec_fields[];

/* Where a frame goes: 8-bit 4:2:0, BT.709, limited range. Planes are the caller's. */
struct draw_target {
    uint8_t *plane[3];
    int      stride[3];
};

struct drawing;

/*
 * Errors   INVALID a size, count or picture index out of range, with the field at fault
 * The drawing borrows the spec and its pictures until draw_close().
 */
enum err draw_open(struct task *t, const struct draw_spec *spec, struct drawing **out);
void     draw_frame(struct drawing *d, int frame_index, const struct draw_target *target);
void     draw_close(struct drawing *d);         /* NULL is fine */

/*
 * A storyboard sheet: one picture per scene with its number, title, length and camera note, in a
 * grid that someone would pin to a wall. Pictures are fitted, never cropped or stretched.
 */
struct draw_sheet_cell {
    struct draw_picture picture;
    const char         *number, *title, *length, *note;
};

struct draw_sheet {
    const char             *title, *subtitle;
    struct draw_sheet_cell *cells;
    size_t                  cell_count;      /* 1..SCENES_MAX */
    /* 0: chosen from the count and the shape of the pictures */
    int                     columns;
};

/* The sheet as a picture in t->arena (pixels included). LIMIT when it would pass
 * FRAME_PIXELS_MAX. */
enum err draw_sheet(struct task *t, const struct draw_sheet *sheet, struct draw_picture *out);

/*
 * A reference card: one figure on a plain ground in the style's colours, to be recognised again by
 * whoever films it. Who has a face is shown close, with a small full figure in a corner; anything
 * else is shown whole. There are no words on it: what films from a card would film them too.
 */
struct draw_card {
    int64_t           width_px, height_px;   /* 256..4096 */
    struct look_cast  cast;
    struct look_grade grade;
    /* ground, turn and pose: four that follow each other are unlike */
    int64_t           variant;
};

extern const struct field draw_card_fields[];

/* The card as opaque pixels in t->arena. INVALID a size out of range. */
enum err draw_card(struct task *t, const struct draw_card *card, struct draw_picture *out);

/*
 * Give back what the text libraries keep for the whole process (fonts, their caches). For programs
 * that are about to end and want to show that nothing else was left behind; no drawing or sheet may
 * be open.
 */
void draw_forget(void);
