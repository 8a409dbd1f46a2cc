#pragma once

/*
 * People, animals, vehicles and things, drawn with cairo. Inside the room only.
 *
 * Everything is drawn in units of a standing adult's height, with the origin on the ground between
 * the feet. As in cairo y grows downwards, so the top of a head is near (0, -1). The caller has set
 * the transform.
 */

#include <cairo.h>

#include "draw/look.h"

/* The light and the colours a set lends to what stands in it. Colours 0xRRGGBB. */
struct figure_light {
    look_colour key, shade, rim; /* lit side, shadow side, edge light */
    double key_from;             /* -1 light from the left .. 1 from the right */
    double ambient;              /* 0 silhouette .. 1 fully lit */
    double rim_strength;         /* 0..1 */
    double haze;                 /* 0..1, how far towards `haze_colour` distance pulls it */
    look_colour haze_colour;
    bool outline; /* ink lines (look_grade.outline) */
};

/* The moment that is drawn. */
struct figure_moment {
    double seconds;    /* since the scene began */
    double beat_phase; /* 0..1 between the last beat and the next */
    double beat_pulse; /* 1 on a beat, falling to 0 before the next */
    int beat_index;    /* beats since the scene began; alternates left and right */
    double energy;     /* 0..1 amplitude */
    double mouth;      /* 0 closed .. 1 open */
    double facing;     /* -1 left, 0 camera, 1 right */
    double travel;     /* units walked or driven since the scene began: drives legs and wheels */
};

/* Whether a picture is paper already: cut and bordered, with its shoulders or as a head alone. */
enum figure_paper { PAPER_NOT, PAPER_BUST, PAPER_HEAD };

/* A picture to be cut into the figure; NULL for none. Premultiplied ARGB32. */
struct figure_picture {
    int width_px, height_px;
    const uint32_t *pixels;
    enum figure_paper paper; /* set by figure_picture_cut() */
    look_colour skin, cloth; /* with `paper`: what the body below it wears, or COLOUR_NOT_SET */
};

/*
 * The picture as this figure will show it, made once so that every frame is cheap: scaled down with
 * care, and for people cut out as paper. Any picture may be drawn without this, slowly.
 *
 * unit_px   device pixels of one unit, as figure_draw() or, for a portrait, figure_draw_portrait()
 * will have Result    pixels of its own: free() them
 */
struct figure_picture figure_picture_cut(const struct look_cast *cast,
                                         const struct figure_picture *picture, double unit_px,
                                         bool portrait);

struct figure_box {
    double x, y, width, height; /* all that figure_draw() can touch, at any moment */
};

struct figure_box figure_bounds(const struct look_cast *cast);

void figure_draw(cairo_t *cr, const struct look_cast *cast, const struct figure_light *light,
                 const struct figure_moment *moment, const struct figure_picture *picture);

/* Whole head and shoulders, larger and with more face, for close-ups: same units, drawn so that the
 * face fills [-0.5, 0.5]. */
void figure_draw_portrait(cairo_t *cr, const struct look_cast *cast,
                          const struct figure_light *light, const struct figure_moment *moment,
                          const struct figure_picture *picture);

/* A moment, in seconds, at which a person of this appearance does not blink: for still pictures. */
double figure_eyes_open(const struct look_cast *cast);

/* What is not set in `cast` filled in from its appearance_seed (and the kind): same seed, same
 * person. */
struct look_cast figure_complete(const struct look_cast *cast);
