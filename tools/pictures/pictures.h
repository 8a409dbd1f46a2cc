#pragma once

/* The two pictures of examples/, each on a transparent sheet of SHEET_SIDE_PX squared. */

#include <cairo.h>

/* A night courier in a yellow raincoat, head and shoulders. */
void courier_draw(cairo_t *cr);

/* An enamel kettle under studio light. */
void kettle_draw(cairo_t *cr);
