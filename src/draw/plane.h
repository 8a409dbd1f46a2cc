#pragma once

/*
 * A plane: one sheet of the scene, painted once and kept in the encoder's own colours. Inside the
 * room only.
 *
 * Luma and full-size alpha at full resolution, chroma and its alpha at half. Colours are
 * premultiplied by alpha. A coarse map says which blocks are clear, solid or both, so that the
 * compositor touches nothing else. Memory is one block on the heap: planes are megabytes and the
 * arena keeps what it hands out for the whole task.
 */

#include <cairo.h>
#include <stdbool.h>
#include <stdint.h>

enum { BLOCK_WIDTH = 32, BLOCK_HEIGHT = 8 };

/* What a block holds; both bits: some of each. */
enum { BLOCK_HAS = 1, BLOCK_GAP = 2 };

/* One resolution of a plane: what its samples share. */
struct sheet {
    int          width, height, stride;
    int          block_columns, block_rows;
    uint8_t     *alpha;
    uint8_t     *blocks;           /* BLOCK_HAS and BLOCK_GAP */
};

struct plane {
    struct sheet full, half;
    uint8_t     *luma, *u, *v;     /* luma goes with `full`, u and v with `half` */
    bool         opaque;           /* alpha is 255 everywhere */
    void        *memory;
};

/* How colours become samples; `contrast` and `saturation` as in struct look_grade, `pivot` is the
 * grey that stays. */
struct grading {
    double contrast, saturation, pivot;
};

/* A window of an ARGB surface, even in size: what plane_load() reads. */
struct window {
    int x, y, width, height;
};

/* Room for a picture of this size (made even); contents undefined. */
void plane_init(struct plane *p, int width, int height);
void plane_done(struct plane *p);               /* a zeroed plane is fine */

/* Convert premultiplied ARGB32 (flushed) into the plane, which must have the window's size. */
void plane_load(struct plane *p, cairo_surface_t *from, struct window w, struct grading grading);

/* An even window of an even surface holding all that is not clear and a clear rim; width 0 when all
 * is clear. */
struct window plane_used(cairo_surface_t *surface);
