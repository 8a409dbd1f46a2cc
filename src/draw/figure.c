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
    [FIGURE_ASTRONAUT] = { astronaut_draw, astronaut_portrait, { -0.8, -1.5, 1.6, 1.7 } },
    [FIGURE_ROBOT]     = { robot_draw, robot_portrait, { -0.8, -1.5, 1.6, 1.7 } },
    [FIGURE_CROWD]     = { crowd_draw, crowd_draw, { -1.3, -1.4, 2.6, 1.5 } },
    [FIGURE_DOG]       = { dog_draw, dog_draw, { -0.45, -0.65, 0.9, 0.7 } },
    [FIGURE_CAT]       = { cat_draw, cat_draw, { -0.4, -0.5, 0.8, 0.55 } },
    [FIGURE_BIRD]      = { bird_draw, bird_draw, { -0.4, -1.5, 0.8, 1.55 } },
    [FIGURE_HORSE]     = { horse_draw, horse_draw, { -1.0, -1.6, 2.0, 1.7 } },
    [FIGURE_FISH]      = { fish_draw, fish_draw, { -0.8, -1.3, 1.6, 1.4 } },
    [FIGURE_CAR]       = { car_draw, car_draw, { -1.4, -1.1, 2.8, 1.2 } },
    [FIGURE_BICYCLE]   = { bicycle_draw, bicycle_draw, { -0.6, -1.2, 1.2, 1.3 } },
    [FIGURE_BOAT]      = { boat_draw, boat_draw, { -1.1, -1.8, 2.2, 2.0 } },
    [FIGURE_ROCKET]    = { rocket_draw, rocket_draw, { -1.3, -2.7, 2.6, 2.8 } },
    [FIGURE_BALLOON]   = { balloon_draw, balloon_draw, { -0.9, -2.7, 1.8, 2.8 } },
    [FIGURE_PRODUCT]   = { product_draw, product_portrait, { -0.6, -1.0, 1.2, 1.2 } },
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
