#pragma once

/*
 * Cut paper, drawn with cairo: shapes are smooth closed curves through a handful of points, laid on one another. Each
 * casts a soft shadow on what lies below it and on nothing else, so the background of a picture stays transparent.
 *
 * Colours are 0xRRGGBB, coordinates pixels of a 1024 x 1024 sheet.
 */

#include <cairo.h>
#include <stddef.h>
#include <stdint.h>

enum { SHEET_SIDE_PX = 1024 };

struct point {
    double x, y;
};

/* A closed outline. A point given twice is a corner; all others are passed smoothly. */
struct outline {
    const struct point *points;
    size_t              count;
};

#define outline_of(array) ((struct outline){ (array), sizeof(array) / sizeof *(array) })

/* Appends to the current path; outline_mirrored() swaps left and right about `axis_x`. */
void outline_path(cairo_t *cr, struct outline o);
void outline_mirrored(cairo_t *cr, struct outline o, double axis_x);

void colour_set(cairo_t *cr, uint32_t colour, double alpha);

/* Fill the current path as a sheet of paper: shadow below, colour, a little more light at the top left. Uses it up. */
void paper_lay(cairo_t *cr, uint32_t colour, double lift_px);

/* Fill the current path on top of what is there, without leaving it (light, shade, print). Uses it up. */
void paper_print(cairo_t *cr, uint32_t colour, double alpha);

/* The same along the path. */
void paper_line(cairo_t *cr, uint32_t colour, double alpha, double width_px);
