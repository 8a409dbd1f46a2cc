#pragma once

/*
 * The pen every figure is drawn with: cut-paper shapes that know where the light is.
 *
 * Two kinds of shape are enough for people, animals and machines. A *blob* is a smooth closed
 * outline through a few points. A *loft* is a limb: a smooth tube around a centre line, given as
 * rings. Both are filled with the lit colour, then with a shadow side whose edge is made from the
 * outline itself (no clipping, which costs more than the shape), then with a thin edge of rim
 * light, and are inked first when the style wants outlines.
 */

#include <cairo.h>
#include <stdbool.h>

#include "draw/figure.h"

#define TURN (2 * 3.14159265358979323846)

enum { PEN_POINTS_MAX = 40, PEN_RINGS_MAX = 16 };

struct point {
    double x, y;
};

struct tint {
    double r, g, b;
};

/* A material under the light of the set. */
struct paint {
    struct tint lit, dark, rim;
};

struct pen {
    cairo_t *cr;
    const struct figure_light *light;
    const struct figure_moment *moment;
    double px;        /* device pixels of one unit, in the present transform */
    double figure_px; /* the same where the figure began: what ink is measured by */
    bool flat;        /* no shadow side: far away, or already in shadow */
    bool rimless;     /* no edge light: faces, and what lies inside a larger shape */
};

/* One ring of a loft: a point of the centre line and the tube's half width there. */
struct ring {
    double x, y, r;
};

/* How a loft ends: 0 is cut flat, 1 is round, more is pointed out; from < 0: its shadow fades in,
 * as on a shoulder. */
struct ends {
    double from, to;
};

struct pen pen_new(cairo_t *cr, const struct figure_light *light,
                   const struct figure_moment *moment);

/* save, move to x, y, turn and scale; units become `scale` times larger. The other half is
 * pen_leave(). */
struct pen pen_enter(const struct pen *pen, double x, double y, double angle, double scale);
void pen_leave(const struct pen *pen);

/* The pen for something drawn as it faces right: mirrored when it faces left, its light too.
 * pen_leave() ends it. */
struct pen pen_mirror(const struct pen *pen, double facing, struct figure_light *light);

look_colour colour_mix(look_colour a, look_colour b, double share_of_b);
/* Darker below 1, lighter above; hue is kept. */
look_colour colour_scale(look_colour c, double factor);
double colour_luma(look_colour c); /* 0..1 */

struct tint tint_mix(struct tint a, struct tint b, double share_of_b);

struct paint pen_paint(const struct pen *pen, look_colour colour);
/* Light of its own: screens, lamps, eyes' highlights. Only haze touches it. */
struct paint pen_glow(const struct pen *pen, look_colour colour);

void pen_set(const struct pen *pen, struct tint t, double alpha);
void pen_fill(const struct pen *pen, struct tint t); /* the present path, alpha 1 */
void pen_line(const struct pen *pen, struct tint t,
              double width); /* strokes the present path, round ends */
/* Ink around the present path, which is kept, when the style wants outlines. */
void pen_ink(const struct pen *pen);

/* Paths, without painting. */
void pen_path_closed(const struct pen *pen, const struct point *p, int count);
void pen_path_open(const struct pen *pen, const struct point *p,
                   int count); /* starts with a move_to */
void pen_path_ellipse(const struct pen *pen, double x, double y, double rx, double ry);

/* Painted shapes. `shadow` is how far the shadow side reaches: 0 none, 0.5 the half of it, 1 all.
 */
void pen_blob(const struct pen *pen, const struct point *p, int count, struct paint paint,
              double shadow);
/* A blob whose outline may bend inwards; costs a clip. */
void pen_patch(const struct pen *pen, const struct point *p, int count, struct paint paint,
               double shadow);
void pen_disc(const struct pen *pen, double x, double y, double rx, double ry, struct paint paint,
              double shadow);
void pen_loft(const struct pen *pen, const struct ring *rings, int count, struct ends ends,
              struct paint paint, double shadow);
void pen_bar(const struct pen *pen, double x0, double y0, double x1, double y1, double r,
             struct paint paint);
/* Straight edges with a corner radius. */
void pen_panel(const struct pen *pen, double x, double y, double width, double height,
               double corner, struct paint paint, double shadow);
/* A straight-sided outline. */
void pen_polygon(const struct pen *pen, const struct point *p, int count, struct paint paint);

double mix(double a, double b, double share_of_b);
double clamp(double x, double low, double high);
double ease(double x); /* smooth 0..1 for x in 0..1 */
struct point point_mix(struct point a, struct point b, double share_of_b);
