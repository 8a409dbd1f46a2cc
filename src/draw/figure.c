/*
 * The front door of the figures: a kind is looked up, completed from its seed, and drawn.
 */

#include "draw/figure_kinds.h"

#include <math.h>

typedef struct figure_box box_of(const struct look_cast *complete);

/* What a close view of a thing shows: a square around x, y, for one that faces right. */
struct focus {
    double x, y, size;
};

struct kind {
    figure_drawer *draw;
    figure_drawer *portrait; /* NULL: the drawing itself, seen near `focus` */
    struct figure_box bounds;
    box_of *bounds_of; /* where they depend on the action; replaces `bounds` */
    struct focus focus;
};

/* How far people reach in an action: to either side, up and down. Measured over builds, views and
 * time, and a little. */
struct reach {
    double side, up, down;
};

static const struct reach reaches[ACTION_COUNT] = {
    [ACTION_STAND] = { 0.26, 1.17, 0.06 },      [ACTION_WALK] = { 0.44, 1.17, 0.10 },
    [ACTION_RUN] = { 0.44, 1.18, 0.10 },        [ACTION_DANCE] = { 0.54, 1.24, 0.11 },
    [ACTION_SING] = { 0.46, 1.17, 0.07 },       [ACTION_PLAY_GUITAR] = { 0.52, 1.17, 0.07 },
    [ACTION_PLAY_DRUMS] = { 0.74, 0.97, 0.09 }, [ACTION_SIT] = { 0.42, 0.96, 0.09 },
    [ACTION_LOOK_UP] = { 0.26, 1.18, 0.06 },    [ACTION_LOOK_AWAY] = { 0.29, 1.17, 0.06 },
    [ACTION_REACH] = { 0.52, 1.18, 0.10 },      [ACTION_HOLD] = { 0.33, 1.17, 0.06 },
    [ACTION_DRINK] = { 0.33, 1.17, 0.06 },      [ACTION_DRIVE] = { 0.60, 0.92, 0.07 },
    [ACTION_RIDE] = { 0.60, 1.20, 0.06 },       [ACTION_SLEEP] = { 0.72, 0.50, 0.08 },
    [ACTION_JUMP] = { 0.38, 1.52, 0.07 },       [ACTION_FALL] = { 0.74, 1.46, 0.03 },
    [ACTION_FLY] = { 0.74, 1.12, 0.00 },        [ACTION_SWIM] = { 0.72, 0.98, -0.05 },
    [ACTION_TURN] = { 0.33, 1.17, 0.07 },       [ACTION_POINT] = { 0.54, 1.17, 0.07 },
    [ACTION_READ] = { 0.31, 1.17, 0.06 },       [ACTION_COOK] = { 0.56, 1.17, 0.06 },
    [ACTION_TYPE] = { 0.66, 0.96, 0.08 },       [ACTION_WAVE] = { 0.42, 1.20, 0.06 },
};

static struct figure_box person_box(const struct look_cast *c)
{
    const struct reach *r = &reaches[c->action];
    return (struct figure_box){ -r->side, -r->up, 2 * r->side, r->up + r->down };
}

static struct figure_box bird_box(const struct look_cast *c)
{
    return bird_stands(c->action) ? (struct figure_box){ -0.27, -0.40, 0.54, 0.43 }
                                  : (struct figure_box){ -0.36, -1.46, 0.72, 0.80 };
}

static struct figure_box bicycle_box(const struct look_cast *c)
{
    double top = c->action == ACTION_RIDE ? 1.16 : 0.68;
    return (struct figure_box){ -0.62, -top, 1.24, top + 0.05 };
}

static struct figure_box rocket_box(const struct look_cast *c)
{
    return rocket_flies(c->action) ? (struct figure_box){ -0.86, -2.60, 1.72, 2.66 }
                                   : (struct figure_box){ -0.54, -1.92, 1.08, 1.95 };
}

static struct figure_box product_box(const struct look_cast *c)
{
    return c->picture_index >= 0 ? (struct figure_box){ -0.57, -0.97, 1.14, 1.17 }
                                 : (struct figure_box){ -0.50, -0.95, 1.00, 1.01 };
}

#define PEOPLE                                                                                     \
    {                                                                                              \
        person_draw, person_portrait, .bounds_of = person_box                                      \
    }

static const struct kind kinds[FIGURE_COUNT] = {
    [FIGURE_PERSON] = PEOPLE,
    [FIGURE_DANCER] = PEOPLE,
    [FIGURE_CHILD] = PEOPLE,
    [FIGURE_ASTRONAUT] = { astronaut_draw, astronaut_portrait, .bounds_of = person_box },
    [FIGURE_ROBOT] = { robot_draw, robot_portrait, .bounds_of = person_box },
    [FIGURE_CROWD] = { crowd_draw,
                       NULL,
                       { -1.38, -1.30, 2.76, 1.36 },
                       .focus = { 0.000, -0.860, 0.80 } },
    [FIGURE_DOG] = { dog_draw,
                     NULL,
                     { -0.46, -0.70, 0.92, 0.76 },
                     .focus = { 0.245, -0.395, 0.27 } },
    [FIGURE_CAT] = { cat_draw,
                     NULL,
                     { -0.48, -0.53, 0.96, 0.58 },
                     .focus = { 0.172, -0.262, 0.17 } },
    [FIGURE_BIRD] = { bird_draw, NULL, .bounds_of = bird_box, .focus = { 0.060, -0.215, 0.26 } },
    [FIGURE_HORSE] = { horse_draw,
                       NULL,
                       { -1.00, -1.62, 2.00, 1.68 },
                       .focus = { 0.600, -1.020, 0.52 } },
    [FIGURE_FISH] = { fish_draw,
                      NULL,
                      { -0.82, -1.26, 1.64, 1.16 },
                      .focus = { 0.000, -0.680, 1.15 } },
    [FIGURE_CAR] = { car_draw,
                     NULL,
                     { -1.54, -1.00, 3.08, 1.06 },
                     .focus = { 0.420, -0.460, 1.25 } },
    [FIGURE_BICYCLE] = { bicycle_draw, NULL, .bounds_of = bicycle_box,
                         .focus = { 0.050, -0.550, 1.15 } },
    [FIGURE_BOAT] = { boat_draw,
                      NULL,
                      { -1.13, -1.80, 2.26, 1.99 },
                      .focus = { 0.000, -0.800, 1.80 } },
    [FIGURE_ROCKET] = { rocket_draw, NULL, .bounds_of = rocket_box,
                        .focus = { 0.000, -1.100, 1.45 } },
    [FIGURE_BALLOON] = { balloon_draw,
                         NULL,
                         { -0.84, -2.70, 1.68, 2.72 },
                         .focus = { 0.000, -1.800, 1.55 } },
    [FIGURE_PRODUCT] = { product_draw, product_portrait, .bounds_of = product_box },
};

static const struct kind *kind_of(const struct look_cast *complete)
{
    const struct kind *k = &kinds[complete->kind];
    return k->draw ? k : &kinds[FIGURE_PERSON];
}

static const struct figure_picture *usable(const struct figure_picture *picture)
{
    return picture && picture->pixels && picture->width_px > 0 && picture->height_px > 0 ? picture
                                                                                         : NULL;
}

static void draw_with(figure_drawer *draw, cairo_t *cr, const struct look_cast *complete,
                      const struct figure_light *light, const struct figure_moment *moment,
                      const struct figure_picture *picture)
{
    struct pen pen = pen_new(cr, light, moment);
    struct sitter sitter = { complete, moment, usable(picture) };

    cairo_save(cr);
    draw(&pen, &sitter);
    cairo_restore(cr);
}

/* The focus fills the frame; animals stand still for it, so that their heads are where it is. */
static void draw_focus(cairo_t *cr, const struct kind *k, struct look_cast complete,
                       const struct figure_light *light, const struct figure_moment *moment)
{
    double side = moment->facing < 0 ? -1 : 1, scale = 1 / k->focus.size;
    bool stands = complete.kind == FIGURE_DOG || complete.kind == FIGURE_CAT ||
                  complete.kind == FIGURE_BIRD || complete.kind == FIGURE_HORSE;

    if (stands)
        complete.action = ACTION_STAND;
    if (complete.kind == FIGURE_ROCKET)
        complete.action = ACTION_STAND;
    cairo_save(cr);
    cairo_scale(cr, scale, scale);
    cairo_translate(cr, -k->focus.x * side, -k->focus.y);
    draw_with(k->draw, cr, &complete, light, moment, NULL);
    cairo_restore(cr);
}

struct figure_box figure_bounds(const struct look_cast *cast)
{
    struct look_cast complete = figure_complete(cast);
    const struct kind *k = kind_of(&complete);
    return k->bounds_of ? k->bounds_of(&complete) : k->bounds;
}

void figure_draw(cairo_t *cr, const struct look_cast *cast, const struct figure_light *light,
                 const struct figure_moment *moment, const struct figure_picture *picture)
{
    struct look_cast complete = figure_complete(cast);
    draw_with(kind_of(&complete)->draw, cr, &complete, light, moment, picture);
}

void figure_draw_portrait(cairo_t *cr, const struct look_cast *cast,
                          const struct figure_light *light, const struct figure_moment *moment,
                          const struct figure_picture *picture)
{
    struct look_cast complete = figure_complete(cast);
    const struct kind *k = kind_of(&complete);

    if (k->portrait)
        draw_with(k->portrait, cr, &complete, light, moment, picture);
    else
        draw_focus(cr, k, complete, light, moment);
}
