#pragma once

/*
 * The hand that paints sets: ink, shapes and the things many places share. Inside the room only.
 *
 * A layer is painted once for its surfaces and, if it has lights, once more for what shines: in
 * that pass surfaces rub out what lies behind them, so a lamp behind a house stays behind it.
 * Painters need not know which pass it is.
 */

#include <cairo.h>

#include "base/rng.h"
#include "draw/scene.h"

struct painter {
    cairo_t            *cr;
    const struct scene *scene;
    struct rng          rng;                       /* of this layer: same layout in both passes */
    /* all that may ever be seen, in the set's units */
    double              left, right, top, bottom;
    double              depth;
    double              ground, adult;             /* GROUND and ADULT at this depth */
    double              haze;                      /* 0..1, how far this layer fades into the air */
    bool                shining;                   /* the pass of lights */
};

struct point {
    double x, y;
};

/* Ink: what the next fill or stroke uses. Tone 0 darkest .. 1 lightest. */
void ink(struct painter *p, enum hue hue, double tone);
void ink_alpha(struct painter *p, enum hue hue, double tone, double alpha);
void ink_colour(struct painter *p, struct colour c, double alpha);
void ink_air(struct painter *p, double alpha);                 /* the haze itself */

/* Fill the path with a soft turn from the lit side to the shaded one, `turn` tones apart; upright
 * or sideways. */
void fill_turned(struct painter *p, enum hue hue, double tone, double turn);
void fill_sunk(struct painter *p, enum hue hue, double tone_top, double tone_bottom);

/* What shines: drawn dimmed in the surface pass, bright in the pass of lights. */
void fill_shining(struct painter *p, struct colour c, double alpha);
void glow(struct painter *p, double x, double y, double radius, struct colour c, double strength);
void glow_wide(struct painter *p, double x, double y, double radius_x, double radius_y,
               struct colour c, double strength);
/* A cone of light from (x, y) towards (to_x, to_y). */
void beam(struct painter *p, double x, double y, double to_x, double to_y, double width,
          struct colour c, double strength);

/* Paths. */
void box(struct painter *p, double x, double y, double width, double height);
void box_round(struct painter *p, double x, double y, double width, double height, double radius);
void oval(struct painter *p, double x, double y, double radius_x, double radius_y);
/* strokes at once */
void line(struct painter *p, double x0, double y0, double x1, double y1, double width);
void polygon(struct painter *p, const struct point *points, int count);
void smooth(struct painter *p, const struct point *points, int count, bool closed);
void blob(struct painter *p, double x, double y, double radius_x, double radius_y, double unrest);

/* A silhouette from edge to edge with the ground below it filled to the bottom: leaves the path. */
void hills(struct painter *p, double y, double height, double wave);
void ridge(struct painter *p, double y, double height, double wave, double rough);
void flat(struct painter *p, double y);

double between(struct painter *p, double low, double high);
int    below(struct painter *p, int count);
bool   chance(struct painter *p, double share);
bool   is_dark(const struct painter *p);           /* lamps are on */
double lit_side(const struct painter *p);          /* -1 or 1: where the key light comes from */
/* -1 or 1: the side where the hero does not stand */
double free_side(const struct painter *p);

/* Growing things; (x, y) is where they stand, `size` their height. */
void tree_round(struct painter *p, double x, double y, double size, double tone);
void tree_pine(struct painter *p, double x, double y, double size, double tone);
void tree_bare(struct painter *p, double x, double y, double size, double tone);
void tree_palm(struct painter *p, double x, double y, double size, double tone);
void tree_poplar(struct painter *p, double x, double y, double size, double tone);
void bush(struct painter *p, double x, double y, double size, double tone);
void cactus(struct painter *p, double x, double y, double size, double tone);
void grass(struct painter *p, double x0, double x1, double y, double size, double tone, int count);
void flower(struct painter *p, double x, double y, double size, enum hue hue);
void leaf(struct painter *p, double x, double y, double length, double angle, double width);
void rock(struct painter *p, double x, double y, double size, double tone);
void plant_pot(struct painter *p, double x, double y, double size);
void cloud(struct painter *p, double x, double y, double width, double tone, double alpha);

/* Built things. */
struct facade {
    double   x, base, width, height;
    enum hue hue;
    double   tone;
    double   storey;                /* height of one floor */
    double   lit;                   /* share of lit windows when it is dark */
    int      kind;                  /* 0 grid, 1 tall panes, 2 bands, 3 house with sills */
};
void building(struct painter *p, const struct facade *f);
void lamp_post(struct painter *p, double x, double y, double size);
void pendant(struct painter *p, double x, double top, double y, double size);
void sign(struct painter *p, double x, double y, double width, double height, struct colour c);
void awning(struct painter *p, double x, double y, double width, double depth, enum hue hue);
void crate(struct painter *p, double x, double y, double size);
void window_view(struct painter *p, double x, double y, double width, double height, int panes);
void picture_frame(struct painter *p, double x, double y, double width, double height);
void shelf(struct painter *p, double x, double y, double width, double height, int boards);
void curtain(struct painter *p, double x, double y, double width, double height, enum hue hue,
             double tone);
void table(struct painter *p, double x, double y, double width, double height, enum hue hue,
           double tone);
void chair(struct painter *p, double x, double y, double size, double facing, enum hue hue,
           double tone);
void stool(struct painter *p, double x, double y, double size, enum hue hue, double tone);
void bottle(struct painter *p, double x, double y, double size, enum hue hue, double tone);
void cable(struct painter *p, double x0, double y0, double x1, double y1, double sag, double width);
void parked_car(struct painter *p, double x, double y, double size, enum hue hue, double tone);

/* Floors and walls of rooms. */
void wall(struct painter *p, double y_floor, enum hue hue, double tone);
/* boards running into the distance */
void planks(struct painter *p, double y, enum hue hue, double tone);
void tiles(struct painter *p, double y, enum hue hue, double tone_a, double tone_b);
void wash(struct painter *p, double y0, double y1, struct colour c, double alpha0, double alpha1);

/* The sky, whole: gradient, sun or moon, stars. */
void sky(struct painter *p);
void clouds(struct painter *p);
