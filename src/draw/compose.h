#pragma once

/*
 * Planes laid over each other into one frame, sub-pixel exact. Inside the room only.
 */

#include "draw/kernels.h"
#include "draw/plane.h"

/* Where a plane lies on the frame: its corner, and how many pixels of the frame one of its own
 * covers. */
struct placing {
    double x, y;
    double scale;                  /* >= 0.5 */
    int    gain;                   /* 0..GAIN_ONE */
};

struct layer {
    const struct plane *plane;
    struct placing      at;
};

/* A frame under composition: planar 4:2:0 with padded rows. One block on the heap. */
struct canvas {
    int      width, height, stride, stride_half;
    uint8_t *luma, *u, *v;
    uint8_t *scratch;              /* rows being mixed */
    struct sampler *samplers;      /* 2 a layer */
    int      layers_max;
    void    *memory;
};

void canvas_init(struct canvas *c, int width, int height, int layers_max);
void canvas_done(struct canvas *c);             /* a zeroed canvas is fine */

/* Bottom to top onto what is there. count <= layers_max. */
void compose(struct canvas *c, const struct kernels *k, const struct layer *layers, int count);
