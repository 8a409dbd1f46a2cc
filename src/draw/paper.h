#pragma once

/*
 * What makes painted shapes look cut from paper: grain of the sheet, a lit edge, a shadow on what
 * lies behind, and the softness of what is out of focus. All work on ARGB32 surfaces in place.
 * Inside the room only.
 */

#include <cairo.h>
#include <stdint.h>

#include "draw/colour.h"

enum { PAPER_TILE = 256 };

/* A tile of paper: relative lightness -127..127 of each grain. */
struct paper {
    int8_t tile[PAPER_TILE][PAPER_TILE];
};

void paper_init(struct paper *p, int64_t seed);

/* `strength` 0..1; `light` -1 lit from the left, 1 from the right. */
void paper_lay(const struct paper *p, cairo_surface_t *sheet, double strength, double light);

/* A soft shadow under the sheet's shapes, thrown away from the light by `reach` pixels. */
void paper_shadow(cairo_surface_t *sheet, struct colour shadow, double strength, double reach,
                  double light);

/* Out of focus by about `radius` pixels (standard deviation). */
void paper_blur(cairo_surface_t *sheet, double radius);
