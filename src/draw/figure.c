/*
 * The front door of the figures: a kind is looked up, completed from its seed, and drawn.
 */

#include "draw/figure_kinds.h"

#include <math.h>

struct kind {
    figure_drawer    *draw;
    figure_drawer    *portrait;
    struct figure_box bounds;
};

#define PEOPLE { person_draw, person_portrait, { -0.75, -1.45, 1.5, 1.6 } }

static const struct kind kinds[FIGURE_COUNT] = {
    [FIGURE_PERSON] = PEOPLE,
    [FIGURE_DANCER] = PEOPLE,
    [FIGURE_CHILD]  = PEOPLE,
};

static const struct kind *kind_of(const struct look_cast *complete)
{
    const struct kind *k = &kinds[complete->kind];
    return k->draw ? k : &kinds[FIGURE_PERSON];
}

static const struct figure_picture *usable(const struct figure_picture *picture)
{
    return picture && picture->pixels && picture->width_px > 0 && picture->height_px > 0 ? picture : NULL;
}

static void draw_with(figure_drawer *draw, cairo_t *cr, const struct look_cast *complete, const struct figure_light *light,
                      const struct figure_moment *moment, const struct figure_picture *picture)
{
    struct pen    pen    = pen_new(cr, light, moment);
    struct sitter sitter = { complete, moment, usable(picture) };

    cairo_save(cr);
    draw(&pen, &sitter);
    cairo_restore(cr);
}

struct figure_box figure_bounds(const struct look_cast *cast)
{
    struct look_cast complete = figure_complete(cast);
    return kind_of(&complete)->bounds;
}

void figure_draw(cairo_t *cr, const struct look_cast *cast, const struct figure_light *light, const struct figure_moment *moment,
                 const struct figure_picture *picture)
{
    struct look_cast complete = figure_complete(cast);
    draw_with(kind_of(&complete)->draw, cr, &complete, light, moment, picture);
}

void figure_draw_portrait(cairo_t *cr, const struct look_cast *cast, const struct figure_light *light,
                          const struct figure_moment *moment, const struct figure_picture *picture)
{
    struct look_cast complete = figure_complete(cast);
    draw_with(kind_of(&complete)->portrait, cr, &complete, light, moment, picture);
}
