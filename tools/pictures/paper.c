/*
 * The shadow of a sheet is its own outline, drawn many times over, a little wider and fainter each time: with the ATOP
 * operator it falls only where paper already lies. That is all the blur a cut-paper picture needs.
 */

#include "paper.h"

#include <math.h>
#include <stdbool.h>

enum { SHADOW_STEPS = 10 };

static bool same(struct point a, struct point b)
{
    return a.x == b.x && a.y == b.y;
}

/* Neighbour in the closed outline; a doubled point is its own neighbour, which is what makes it a corner. */
static struct point at(struct outline o, size_t index, double mirror_x)
{
    struct point p = o.points[index % o.count];
    return mirror_x >= 0 ? (struct point){ 2 * mirror_x - p.x, p.y } : p;
}

static void curve(cairo_t *cr, struct outline o, double mirror_x)
{
    const double pull = 1.0 / 6;                  /* Catmull-Rom as Bezier */

    struct point first = at(o, 0, mirror_x);
    cairo_new_sub_path(cr);
    cairo_move_to(cr, first.x, first.y);
    for (size_t i = 0; i < o.count; i++) {
        struct point before = at(o, i + o.count - 1, mirror_x), from = at(o, i, mirror_x);
        struct point to = at(o, i + 1, mirror_x), after = at(o, i + 2, mirror_x);
        if (same(from, to))
            continue;
        cairo_curve_to(cr, from.x + (to.x - before.x) * pull, from.y + (to.y - before.y) * pull,
                       to.x - (after.x - from.x) * pull, to.y - (after.y - from.y) * pull, to.x, to.y);
    }
    cairo_close_path(cr);
}

void outline_path(cairo_t *cr, struct outline o)
{
    curve(cr, o, -1);
}

void outline_mirrored(cairo_t *cr, struct outline o, double axis_x)
{
    curve(cr, o, axis_x);
}

void colour_set(cairo_t *cr, uint32_t colour, double alpha)
{
    cairo_set_source_rgba(cr, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0, (colour & 255) / 255.0,
                          alpha);
}

static void shadow(cairo_t *cr, const cairo_path_t *path, double lift_px)
{
    cairo_save(cr);
    cairo_set_operator(cr, CAIRO_OPERATOR_ATOP);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_translate(cr, lift_px * 0.45, lift_px * 0.9);
    colour_set(cr, 0x1a1230, 0.052);
    for (int i = 0; i < SHADOW_STEPS; i++) {
        cairo_new_path(cr);
        cairo_append_path(cr, path);
        cairo_fill_preserve(cr);
        cairo_set_line_width(cr, 0.5 + 2.4 * lift_px * i / SHADOW_STEPS);
        cairo_stroke(cr);
    }
    cairo_restore(cr);
}

/* The cut edge catches the light from the top left. */
static void edge(cairo_t *cr, const cairo_path_t *path)
{
    cairo_save(cr);
    cairo_new_path(cr);
    cairo_append_path(cr, path);
    cairo_clip(cr);
    cairo_translate(cr, 1.2, 1.6);
    cairo_append_path(cr, path);
    colour_set(cr, 0xffffff, 0.20);
    cairo_set_line_width(cr, 2.6);
    cairo_stroke(cr);
    cairo_restore(cr);
}

static void light(cairo_t *cr)
{
    cairo_pattern_t *fall = cairo_pattern_create_linear(200, 80, 860, 1000);
    cairo_pattern_add_color_stop_rgba(fall, 0.0, 1.0, 0.97, 0.86, 0.16);
    cairo_pattern_add_color_stop_rgba(fall, 0.45, 1.0, 0.97, 0.86, 0.0);
    cairo_pattern_add_color_stop_rgba(fall, 0.55, 0.12, 0.06, 0.22, 0.0);
    cairo_pattern_add_color_stop_rgba(fall, 1.0, 0.12, 0.06, 0.22, 0.24);
    cairo_set_source(cr, fall);
    cairo_pattern_destroy(fall);
}

void paper_lay(cairo_t *cr, uint32_t colour, double lift_px)
{
    cairo_path_t *path = cairo_copy_path(cr);
    shadow(cr, path, lift_px);
    cairo_new_path(cr);
    cairo_append_path(cr, path);
    colour_set(cr, colour, 1);
    cairo_fill_preserve(cr);
    light(cr);
    cairo_fill(cr);
    edge(cr, path);
    cairo_path_destroy(path);
}

void paper_print(cairo_t *cr, uint32_t colour, double alpha)
{
    cairo_save(cr);
    cairo_set_operator(cr, CAIRO_OPERATOR_ATOP);
    colour_set(cr, colour, alpha);
    cairo_fill(cr);
    cairo_restore(cr);
}

void paper_line(cairo_t *cr, uint32_t colour, double alpha, double width_px)
{
    cairo_save(cr);
    cairo_set_operator(cr, CAIRO_OPERATOR_ATOP);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cr, width_px);
    colour_set(cr, colour, alpha);
    cairo_stroke(cr);
    cairo_restore(cr);
}
