/*
 * A reference card is laid out for two readers. A person picks one of four, so neighbours differ in
 * ground, turn and pose. A renderer cuts a head out of it and dresses the body below by the colours
 * of the lower edge, so the face is large and central, the shoulders reach the edge, and what else
 * there is stays in the corners.
 */
#include "draw/draw.h"

#include <math.h>

#include "draw/figure.h"
#include "draw/palette.h"

enum { SIDE_MIN_PX = 256, SIDE_MAX_PX = 4096, VARIANTS = 4 };

/* One of the four ways to show the same figure. */
struct variant {
    double facing, small_facing;
    int action;                  /* of the small full figure */
    /* of a thing shown whole: its size, and how high the block under it is */
    double zoom, block;
};

static const struct variant variants[VARIANTS] = {
    { -0.30, 0.35, ACTION_STAND, 1.00, 0 },
    { 0.42, -0.60, ACTION_WALK, 0.86, 0.10 },
    { 0.00, 0.00, ACTION_WAVE, 1.14, 0 },
    { -0.62, 0.80, ACTION_RUN, 0.76, 0.22 },
};

/* All in shares of the smaller side, which is the unit of the page; the page's middle is 0. */
struct page {
    cairo_t *cr;
    const struct draw_card *card;
    const struct variant *variant;
    struct palette palette;
    struct colour ground, floor;
    struct figure_light light;
    double half_width, half_height;
};

static void set_colour(cairo_t *cr, struct colour c, double alpha)
{
    cairo_set_source_rgba(cr, c.r, c.g, c.b, alpha);
}

static struct colour between(look_colour a, look_colour b, double share_of_b)
{
    return colour_between(colour_of(a), colour_of(b), share_of_b);
}

static struct colour ground_of(const struct look_grade *g, int variant)
{
    switch (variant) {
    case 1:
        return between(g->paper, g->accent2, 0.45);
    case 2:
        return between(g->light, g->mid, 0.55);
    case 3:
        return between(g->paper, g->accent, 0.40);
    default:
        return between(g->paper, g->light, 0.35);
    }
}

static struct figure_light studio_light(const struct page *p)
{
    return (struct figure_light){
        .key = 0xFFF6E8,
        .shade = colour_hex(colour_lighter(p->ground, -0.45)),
        .rim = 0xFFFFFF,
        .key_from = -0.6,
        .ambient = 0.9,
        .rim_strength = 0.30,
        .haze_colour = colour_hex(p->ground),
        .outline = p->card->grade.outline,
    };
}

static struct page page_open(cairo_surface_t *surface, const struct draw_card *card)
{
    const struct look studio = { .place = PLACE_STUDIO,
                                 .time = TIME_DAY,
                                 .weather = WEATHER_CLEAR };
    int variant = (int)((uint64_t)card->variant % VARIANTS);
    double unit = (double)(card->width_px < card->height_px ? card->width_px : card->height_px);
    struct page p = { .cr = cairo_create(surface), .card = card, .variant = &variants[variant] };
    struct look_grade grade;

    p.palette = palette_for(&card->grade, &studio, true, card->variant);
    grade = palette_grade(&p.palette, &card->grade);
    p.ground = ground_of(&grade, variant);
    p.floor = colour_lighter(p.ground, -0.10);
    p.light = studio_light(&p);
    p.half_width = (double)card->width_px / unit / 2;
    p.half_height = (double)card->height_px / unit / 2;
    cairo_scale(p.cr, unit, unit);
    cairo_translate(p.cr, p.half_width, p.half_height);
    return p;
}

/* A pool of light behind the head, the rest falling off a little. */
static void paint_ground(const struct page *p)
{
    struct colour lit = colour_lighter(p->ground, 0.07), dim = colour_lighter(p->ground, -0.07);
    cairo_pattern_t *pool = cairo_pattern_create_radial(-0.08, -0.14, 0.05, 0, 0, 0.85);

    cairo_pattern_add_color_stop_rgb(pool, 0, lit.r, lit.g, lit.b);
    cairo_pattern_add_color_stop_rgb(pool, 1, dim.r, dim.g, dim.b);
    cairo_set_source(p->cr, pool);
    cairo_paint(p->cr);
    cairo_pattern_destroy(pool);
}

/* Where something stands: a soft dark ellipse. */
static void paint_contact(const struct page *p, double x, double y, double half)
{
    struct colour dark = colour_lighter(p->ground, -0.5);
    cairo_pattern_t *soft = cairo_pattern_create_radial(0, 0, 0, 0, 0, 1);

    cairo_pattern_add_color_stop_rgba(soft, 0, dark.r, dark.g, dark.b, 0.55);
    cairo_pattern_add_color_stop_rgba(soft, 1, dark.r, dark.g, dark.b, 0);
    cairo_save(p->cr);
    cairo_translate(p->cr, x, y);
    cairo_scale(p->cr, half, half * 0.16);
    cairo_set_source(p->cr, soft);
    cairo_arc(p->cr, 0, 0, 1, 0, 2 * M_PI);
    cairo_fill(p->cr);
    cairo_restore(p->cr);
    cairo_pattern_destroy(soft);
}

static struct figure_moment moment_of(double seconds, double facing)
{
    return (struct figure_moment){
        .seconds = seconds, .beat_phase = 0.3, .energy = 0.35, .facing = facing, .travel = 0.18,
    };
}

static void paint_portrait(const struct page *p)
{
    double seconds = figure_eyes_open(&p->card->cast);
    struct figure_moment moment = moment_of(seconds, p->variant->facing);

    cairo_save(p->cr);
    cairo_translate(p->cr, -0.02, -0.03);
    cairo_scale(p->cr, 0.50, 0.50);
    figure_draw_portrait(p->cr, &p->card->cast, &p->light, &moment, NULL);
    cairo_restore(p->cr);
}

/* The whole figure, standing on the lower edge of the box. */
static void paint_whole(const struct page *p, const struct look_cast *cast, struct figure_box room,
                        double facing)
{
    struct figure_box b = figure_bounds(cast);
    struct figure_moment moment = moment_of(figure_eyes_open(cast), facing);
    double scale = fmin(room.width / b.width, room.height / b.height);
    double x = room.x + room.width / 2, feet = room.y + room.height;

    if (b.y + b.height > 0)
        paint_contact(p, x, feet, fmin(b.width, 1.4) * scale * 0.45);
    else
        feet -= (room.height - b.height * scale) / 2 - (b.y + b.height) * scale;
    cairo_save(p->cr);
    cairo_translate(p->cr, x - (b.x + b.width / 2) * scale, feet);
    cairo_scale(p->cr, scale, scale);
    figure_draw(p->cr, cast, &p->light, &moment, NULL);
    cairo_restore(p->cr);
}

static void slip_path(cairo_t *cr, struct figure_box b, double corner)
{
    cairo_new_sub_path(cr);
    cairo_arc(cr, b.x + b.width - corner, b.y + corner, corner, -M_PI / 2, 0);
    cairo_arc(cr, b.x + b.width - corner, b.y + b.height - corner, corner, 0, M_PI / 2);
    cairo_arc(cr, b.x + corner, b.y + b.height - corner, corner, M_PI / 2, M_PI);
    cairo_arc(cr, b.x + corner, b.y + corner, corner, M_PI, 3 * M_PI / 2);
    cairo_close_path(cr);
}

/* A slip of paper in the lower right corner, with the whole figure on it. */
static void paint_inset(const struct page *p)
{
    struct figure_box slip = { p->half_width - 0.235, p->half_height - 0.475, 0.21, 0.45 };
    /* Bounds hold every moment of a pose; in one moment people are narrower than that. */
    struct figure_box room = { slip.x - 0.10, slip.y + 0.02, slip.width + 0.20,
                               slip.height - 0.05 };
    struct look_cast whole = p->card->cast;

    whole.action = p->variant->action;
    cairo_save(p->cr);
    cairo_translate(p->cr, 0.004, 0.008);
    slip_path(p->cr, slip, 0.018);
    set_colour(p->cr, colour_lighter(p->ground, -0.5), 0.35);
    cairo_fill(p->cr);
    cairo_restore(p->cr);
    slip_path(p->cr, slip, 0.018);
    set_colour(p->cr, colour_lighter(p->ground, 0.12), 1);
    cairo_fill_preserve(p->cr);
    cairo_save(p->cr);
    cairo_clip(p->cr);
    paint_whole(p, &whole, room, p->variant->small_facing);
    cairo_restore(p->cr);
}

static void paint_floor(const struct page *p, double horizon)
{
    cairo_pattern_t *depth = cairo_pattern_create_linear(0, horizon, 0, p->half_height);
    struct colour near = colour_lighter(p->floor, 0.08);

    cairo_pattern_add_color_stop_rgb(depth, 0, p->floor.r, p->floor.g, p->floor.b);
    cairo_pattern_add_color_stop_rgb(depth, 1, near.r, near.g, near.b);
    cairo_rectangle(p->cr, -p->half_width, horizon, 2 * p->half_width, p->half_height);
    cairo_set_source(p->cr, depth);
    cairo_fill(p->cr);
    cairo_pattern_destroy(depth);
}

/* A round block to stand on: its side, lit from the left, and its top. */
static void paint_block(const struct page *p, double top, double half, double high)
{
    struct colour lit = colour_lighter(p->ground, 0.10), dim = colour_lighter(p->ground, -0.16);
    cairo_pattern_t *side = cairo_pattern_create_linear(-half, 0, half, 0);

    paint_contact(p, 0.03, top + high, half * 1.15);
    cairo_pattern_add_color_stop_rgb(side, 0.15, lit.r, lit.g, lit.b);
    cairo_pattern_add_color_stop_rgb(side, 0.95, dim.r, dim.g, dim.b);
    cairo_save(p->cr);
    cairo_translate(p->cr, 0, top);
    cairo_scale(p->cr, 1, 0.15);
    cairo_arc(p->cr, 0, high / 0.15, half, 0, M_PI);
    cairo_arc(p->cr, 0, 0, half, M_PI, 2 * M_PI);
    cairo_close_path(p->cr);
    cairo_set_source(p->cr, side);
    cairo_fill(p->cr);
    cairo_arc(p->cr, 0, 0, half, 0, 2 * M_PI);
    set_colour(p->cr, colour_lighter(p->ground, 0.16), 1);
    cairo_fill(p->cr);
    cairo_restore(p->cr);
    cairo_pattern_destroy(side);
}

/* Things stand on a floor or a block, whole; every other one is turned round. */
static void paint_thing(const struct page *p)
{
    const struct variant *v = p->variant;
    double ground = p->half_height - 0.12, top = ground - v->block;
    double high = fmin(0.80 * v->zoom, top + p->half_height - 0.06),
           wide = 1.8 * p->half_width * fmin(1, v->zoom);

    paint_floor(p, p->half_height - 0.26);
    if (v->block > 0)
        paint_block(p, top, 0.36, v->block);
    struct page turned = *p;
    cairo_save(p->cr);
    if (p->card->cast.kind == FIGURE_PRODUCT && v->block > 0) {
        cairo_scale(p->cr, -1, 1);
        turned.light.key_from = -p->light.key_from;      /* the light stays where it is */
    }
    paint_whole(&turned, &p->card->cast, (struct figure_box){ -wide / 2, top - high, wide, high },
                v->facing);
    cairo_restore(p->cr);
}

static bool has_portrait(int kind)
{
    return kind <= FIGURE_ROBOT;
}

enum err draw_card(struct task *t, const struct draw_card *card, struct draw_picture *out)
{
    if (card->width_px < SIDE_MIN_PX || card->height_px < SIDE_MIN_PX ||
        card->width_px > SIDE_MAX_PX || card->height_px > SIDE_MAX_PX)
        return fail_at(
            t,
            fail(t, ERR_INVALID, "a card has sides of %d to %d pixels", SIDE_MIN_PX, SIDE_MAX_PX),
            "width");
    int width = (int)card->width_px, height = (int)card->height_px;
    uint32_t *pixels = arena_array(t->arena, uint32_t, (size_t)width * (size_t)height);
    cairo_surface_t *surface = cairo_image_surface_create_for_data(
        (unsigned char *)pixels, CAIRO_FORMAT_ARGB32, width, height, width * 4);
    struct page p = page_open(surface, card);

    paint_ground(&p);
    if (has_portrait(card->cast.kind)) {
        paint_portrait(&p);
        paint_inset(&p);
    } else {
        paint_thing(&p);
    }
    cairo_destroy(p.cr);
    cairo_surface_flush(surface);
    cairo_surface_destroy(surface);
    *out = (struct draw_picture){ width, height, pixels };
    return OK;
}
