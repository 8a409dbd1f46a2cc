/*
 * Ink and shapes. Every fill passes through here, so that the hour, the haze and the pass of lights
 * are kept in one place and painters only say what a thing is made of and how light it is.
 */

#include "draw/brush.h"

#include <math.h>

enum { RIDGE_STEPS = 160, HALO_PX = 96, HALO_RIM = 2 };

static struct colour surface(const struct painter *p, enum hue hue, double tone)
{
    return colour_between(palette_surface(&p->scene->palette, hue, tone), p->scene->palette.haze,
                          p->haze);
}

/* In the pass of lights a surface only rubs out. */
static void source(struct painter *p, struct colour c, double alpha)
{
    cairo_set_operator(p->cr, p->shining ? CAIRO_OPERATOR_DEST_OUT : CAIRO_OPERATOR_OVER);
    cairo_set_source_rgba(p->cr, c.r, c.g, c.b, alpha);
}

void ink(struct painter *p, enum hue hue, double tone)
{
    ink_alpha(p, hue, tone, 1);
}

void ink_alpha(struct painter *p, enum hue hue, double tone, double alpha)
{
    source(p, surface(p, hue, tone), alpha);
}

void ink_colour(struct painter *p, struct colour c, double alpha)
{
    source(p, colour_between(c, p->scene->palette.haze, p->haze), alpha);
}

void ink_air(struct painter *p, double alpha)
{
    source(p, p->scene->palette.haze, p->shining ? 0 : alpha);
}

static void fill_gradient(struct painter *p, cairo_pattern_t *pattern, struct colour from,
                          struct colour to)
{
    if (p->shining) {
        source(p, from, 1);
    } else {
        cairo_set_operator(p->cr, CAIRO_OPERATOR_OVER);
        cairo_pattern_add_color_stop_rgb(pattern, 0, from.r, from.g, from.b);
        cairo_pattern_add_color_stop_rgb(pattern, 1, to.r, to.g, to.b);
        cairo_set_source(p->cr, pattern);
    }
    cairo_fill(p->cr);
    cairo_pattern_destroy(pattern);
}

void fill_turned(struct painter *p, enum hue hue, double tone, double turn)
{
    double x0, y0, x1, y1, side = lit_side(p);

    cairo_path_extents(p->cr, &x0, &y0, &x1, &y1);
    fill_gradient(p, cairo_pattern_create_linear(side < 0 ? x0 : x1, y0, side < 0 ? x1 : x0, y1),
                  surface(p, hue, tone + turn / 2), surface(p, hue, tone - turn / 2));
}

void fill_sunk(struct painter *p, enum hue hue, double tone_top, double tone_bottom)
{
    double x0, y0, x1, y1;

    cairo_path_extents(p->cr, &x0, &y0, &x1, &y1);
    fill_gradient(p, cairo_pattern_create_linear(0, y0, 0, y1), surface(p, hue, tone_top),
                  surface(p, hue, tone_bottom));
}

void fill_shining(struct painter *p, struct colour c, double alpha)
{
    struct colour shown = colour_between(c, p->scene->palette.haze, p->haze * 0.6);

    cairo_set_operator(p->cr, CAIRO_OPERATOR_OVER);
    if (p->shining)
        shown = colour_lighter(shown, 0.06);
    cairo_set_source_rgba(p->cr, shown.r, shown.g, shown.b, alpha);
    cairo_fill(p->cr);
}

void glow(struct painter *p, double x, double y, double radius, struct colour c, double strength)
{
    glow_wide(p, x, y, radius, radius, c, strength);
}

/* A halo of radius 1 about (0, 0): bright in the middle, gone at the rim. */
static cairo_pattern_t *halo_new(struct colour c, double most)
{
    static const double stops[][2] = { { 0, 1 },       { 0.12, 0.72 }, { 0.3, 0.40 },
                                       { 0.55, 0.15 }, { 0.8, 0.03 },  { 1, 0 } };
    cairo_pattern_t *halo = cairo_pattern_create_radial(0, 0, 0, 0, 0, 1);

    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
        cairo_pattern_add_color_stop_rgba(halo, stops[i][0], c.r, c.g, c.b, most * stops[i][1]);
    return halo;
}

/* The same as a small picture: enlarging one costs a tenth of asking a gradient for every pixel. */
static cairo_pattern_t *halo_picture(cairo_pattern_t *halo)
{
    cairo_surface_t *small = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, HALO_PX, HALO_PX);
    cairo_t *cr = cairo_create(small);
    cairo_matrix_t m;

    cairo_translate(cr, HALO_PX / 2.0, HALO_PX / 2.0);
    cairo_scale(cr, HALO_PX / 2.0 - HALO_RIM, HALO_PX / 2.0 - HALO_RIM);
    cairo_set_source(cr, halo);
    cairo_paint(cr);
    cairo_get_matrix(cr, &m);
    cairo_destroy(cr);
    cairo_pattern_destroy(halo);
    halo = cairo_pattern_create_for_surface(small);
    cairo_pattern_set_matrix(halo, &m);
    cairo_pattern_set_filter(halo, CAIRO_FILTER_BILINEAR);
    cairo_surface_destroy(small);
    return halo;
}

static bool spans(cairo_t *cr, double px)
{
    double x = 1, y = 0, x1 = 0, y1 = 1;

    cairo_user_to_device_distance(cr, &x, &y);
    cairo_user_to_device_distance(cr, &x1, &y1);
    return hypot(x, y) >= px && hypot(x1, y1) >= px;
}

void glow_wide(struct painter *p, double x, double y, double radius_x, double radius_y,
               struct colour c, double strength)
{
    double most = strength * (0.45 + 0.8 * p->scene->spec->grade.glow) * (p->shining ? 1 : 0.45);
    cairo_pattern_t *halo = halo_new(c, most > 1 ? 1 : most);

    cairo_save(p->cr);
    cairo_translate(p->cr, x, y);
    cairo_scale(p->cr, radius_x, radius_y);
    if (spans(p->cr, HALO_PX / 2.0))
        halo = halo_picture(halo);
    cairo_set_operator(p->cr, CAIRO_OPERATOR_OVER);
    cairo_set_source(p->cr, halo);
    cairo_rectangle(p->cr, -1, -1, 2, 2);
    cairo_fill(p->cr);
    cairo_restore(p->cr);
    cairo_pattern_destroy(halo);
}

void beam(struct painter *p, double x, double y, double to_x, double to_y, double width,
          struct colour c, double strength)
{
    double length = hypot(to_x - x, to_y - y), across_x = (to_y - y) / length,
           across_y = -(to_x - x) / length;
    cairo_pattern_t *fade = cairo_pattern_create_linear(x, y, to_x, to_y);

    if (!p->shining)
        strength *= 0.35;
    for (int wide = 3; wide >= 1; wide--) {      /* three cones, one in the other: soft edges */
        double half = width / 2 * wide / 3;
        polygon(p,
                (const struct point[]){ { x - across_x * half * 0.15, y - across_y * half * 0.15 },
                                        { x + across_x * half * 0.15, y + across_y * half * 0.15 },
                                        { to_x + across_x * half, to_y + across_y * half },
                                        { to_x - across_x * half, to_y - across_y * half } },
                4);
        cairo_pattern_destroy(fade);
        fade = cairo_pattern_create_linear(x, y, to_x, to_y);
        cairo_pattern_add_color_stop_rgba(fade, 0, c.r, c.g, c.b, strength * 0.5);
        cairo_pattern_add_color_stop_rgba(fade, 1, c.r, c.g, c.b, 0);
        cairo_set_operator(p->cr, CAIRO_OPERATOR_OVER);
        cairo_set_source(p->cr, fade);
        cairo_fill(p->cr);
    }
    cairo_pattern_destroy(fade);
}

void box(struct painter *p, double x, double y, double width, double height)
{
    cairo_rectangle(p->cr, x, y, width, height);
}

void box_round(struct painter *p, double x, double y, double width, double height, double radius)
{
    cairo_new_sub_path(p->cr);
    cairo_arc(p->cr, x + width - radius, y + radius, radius, -M_PI / 2, 0);
    cairo_arc(p->cr, x + width - radius, y + height - radius, radius, 0, M_PI / 2);
    cairo_arc(p->cr, x + radius, y + height - radius, radius, M_PI / 2, M_PI);
    cairo_arc(p->cr, x + radius, y + radius, radius, M_PI, 1.5 * M_PI);
    cairo_close_path(p->cr);
}

void oval(struct painter *p, double x, double y, double radius_x, double radius_y)
{
    cairo_save(p->cr);
    cairo_translate(p->cr, x, y);
    cairo_scale(p->cr, radius_x, radius_y);
    cairo_new_sub_path(p->cr);
    cairo_arc(p->cr, 0, 0, 1, 0, 2 * M_PI);
    cairo_close_path(p->cr);
    cairo_restore(p->cr);
}

void line(struct painter *p, double x0, double y0, double x1, double y1, double width)
{
    cairo_set_line_width(p->cr, width);
    cairo_move_to(p->cr, x0, y0);
    cairo_line_to(p->cr, x1, y1);
    cairo_stroke(p->cr);
}

void polygon(struct painter *p, const struct point *points, int count)
{
    cairo_move_to(p->cr, points[0].x, points[0].y);
    for (int i = 1; i < count; i++)
        cairo_line_to(p->cr, points[i].x, points[i].y);
    cairo_close_path(p->cr);
}

static struct point point_at(const struct point *points, int count, int i, bool closed)
{
    if (closed)
        return points[(i + count) % count];
    return points[i < 0 ? 0 : i >= count ? count - 1 : i];
}

/* Catmull-Rom through the points, as cubic curves. */
void smooth(struct painter *p, const struct point *points, int count, bool closed)
{
    cairo_move_to(p->cr, points[0].x, points[0].y);
    for (int i = 0; i < (closed ? count : count - 1); i++) {
        struct point a = point_at(points, count, i - 1, closed),
                     b = point_at(points, count, i, closed);
        struct point c = point_at(points, count, i + 1, closed),
                     d = point_at(points, count, i + 2, closed);
        cairo_curve_to(p->cr, b.x + (c.x - a.x) / 6, b.y + (c.y - a.y) / 6, c.x - (d.x - b.x) / 6,
                       c.y - (d.y - b.y) / 6, c.x, c.y);
    }
    if (closed)
        cairo_close_path(p->cr);
}

void blob(struct painter *p, double x, double y, double radius_x, double radius_y, double unrest)
{
    struct point points[9];

    for (int i = 0; i < 9; i++) {
        double angle = 2 * M_PI * i / 9, reach = 1 + between(p, -unrest, unrest);
        points[i] =
            (struct point){ x + radius_x * reach * cos(angle), y + radius_y * reach * sin(angle) };
    }
    smooth(p, points, 9, true);
}

static void close_below(struct painter *p)
{
    cairo_line_to(p->cr, p->right + 0.05, p->bottom + 0.05);
    cairo_line_to(p->cr, p->left - 0.05, p->bottom + 0.05);
    cairo_close_path(p->cr);
}

/* Waves of three lengths; phases from the layer's own stream. */
static double waves(double x, double wave, const double phase[3])
{
    return 0.6 * sin(x / wave * 2 * M_PI + phase[0]) +
           0.3 * sin(x / wave * 2 * M_PI * 2.3 + phase[1]) +
           0.1 * sin(x / wave * 2 * M_PI * 5.1 + phase[2]);
}

void hills(struct painter *p, double y, double height, double wave)
{
    double phase[3] = { between(p, 0, 7), between(p, 0, 7), between(p, 0, 7) }, step = wave / 14;

    cairo_move_to(p->cr, p->left - 0.05, y);
    for (double x = floor((p->left - 0.05) / step) * step; x <= p->right + 0.05 + step; x += step)
        cairo_line_to(p->cr, x, y - height * (0.5 + 0.5 * waves(x, wave, phase)));
    close_below(p);
}

static double tent(double x)
{
    double part = x - floor(x);
    return part < 0.5 ? 2 * part : 2 - 2 * part;
}

/* Mountains: tents of shrinking width on top of each other. */
void ridge(struct painter *p, double y, double height, double wave, double rough)
{
    double phase[4] = { between(p, 0, 1), between(p, 0, 1), between(p, 0, 1), between(p, 0, 1) };
    double from = p->left - 0.05, step = (p->right - p->left + 0.1) / RIDGE_STEPS;

    cairo_move_to(p->cr, from, p->bottom + 0.05);
    for (int i = 0; i <= RIDGE_STEPS; i++) {
        double x = (from + i * step) / wave;
        double rise = 0.55 * tent(x + phase[0]) + 0.35 * tent(2.13 * x + phase[1])
            + rough * (0.22 * tent(5.3 * x + phase[2]) + 0.1 * tent(13.7 * x + phase[3]));
        cairo_line_to(p->cr, from + i * step, y - height * rise);
    }
    close_below(p);
}

void flat(struct painter *p, double y)
{
    box(p, p->left - 0.05, y, p->right - p->left + 0.1, p->bottom - y + 0.05);
}

double between(struct painter *p, double low, double high)
{
    return rng_between(&p->rng, low, high);
}

int below(struct painter *p, int count)
{
    return rng_below(&p->rng, count);
}

bool chance(struct painter *p, double share)
{
    return rng_unit(&p->rng) < share;
}

bool is_dark(const struct painter *p)
{
    return p->scene->palette.daylight < 0.5;
}

double lit_side(const struct painter *p)
{
    return p->scene->palette.key_from < 0 ? -1 : 1;
}

double free_side(const struct painter *p)
{
    return p->scene->framing.hero_x > 0 ? -1 : 1;
}
