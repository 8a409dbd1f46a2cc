/* What people make: houses, lamps, furniture. */

#include "draw/brush.h"

#include <math.h>

static bool window_lit(struct painter *p, const struct facade *f)
{
    return chance(p, f->lit) && is_dark(p);
}

/* Glass by day takes the sky; by night it is dark or lit. */
static void pane(struct painter *p, const struct facade *f, double x, double y, double width,
                 double height)
{
    bool lit = window_lit(p, f);
    double shade = between(p, -0.05, 0.05);

    box(p, x, y, width, height);
    if (lit) {
        fill_shining(p,
                     colour_between(p->scene->palette.lamp, p->scene->palette.neon[below(p, 2)],
                                    0.12 + shade),
                     0.94);
        return;
    }
    below(p, 2);
    ink(p, HUE_GLASS, (is_dark(p) ? f->tone - 0.14 : f->tone + 0.17) + shade);
    cairo_fill(p->cr);
}

static void windows(struct painter *p, const struct facade *f, double gap_x, double pane_width,
                    double pane_height)
{
    int columns = (int)((f->width - gap_x) / (pane_width + gap_x)),
        rows = (int)(f->height / f->storey);
    double inset = (f->width - columns * (pane_width + gap_x) + gap_x) / 2;

    for (int row = 0; row < rows - 1; row++)
        for (int column = 0; column < columns; column++)
            pane(p, f, f->x + inset + column * (pane_width + gap_x),
                 f->base - f->height + f->storey * (row + 0.35), pane_width, pane_height);
}

static void bands(struct painter *p, const struct facade *f)
{
    int rows = (int)(f->height / f->storey);

    for (int row = 0; row < rows - 1; row++) {
        double y = f->base - f->height + f->storey * (row + 0.3), x = f->x + f->width * 0.06;
        while (x < f->x + f->width * 0.9) {
            double width = f->width * between(p, 0.12, 0.3);
            if (x + width > f->x + f->width * 0.94)
                width = f->x + f->width * 0.94 - x;
            pane(p, f, x, y, width, f->storey * 0.5);
            x += width + f->width * 0.012;
        }
    }
}

static void cornice(struct painter *p, const struct facade *f)
{
    box(p, f->x - f->width * 0.02, f->base - f->height, f->width * 1.04, f->storey * 0.16);
    ink(p, f->hue, f->tone + 0.1);
    cairo_fill(p->cr);
    if (chance(p, 0.45)) {      /* a water tank, the city's own hat */
        double x = f->x + f->width * between(p, 0.2, 0.7), y = f->base - f->height,
               w = f->storey * 0.5;
        box(p, x, y - w * 1.6, w, w * 1.1);
        polygon(p,
                (const struct point[]){ { x - w * 0.1, y - w * 1.6 },
                                        { x + w * 1.1, y - w * 1.6 },
                                        { x + w / 2, y - w * 2.1 } },
                3);
        box(p, x + w * 0.1, y - w * 0.6, w * 0.1, w * 0.6);
        box(p, x + w * 0.8, y - w * 0.6, w * 0.1, w * 0.6);
        ink(p, HUE_WOOD, f->tone * 0.8);
        cairo_fill(p->cr);
    }
}

void building(struct painter *p, const struct facade *f)
{
    box(p, f->x, f->base - f->height, f->width, f->height + 0.02);
    fill_turned(p, f->hue, f->tone, 0.10);
    if (f->kind == 0)
        windows(p, f, f->storey * 0.28, f->storey * 0.32, f->storey * 0.5);
    else if (f->kind == 1)
        windows(p, f, f->storey * 0.16, f->storey * 0.22, f->storey * 0.72);
    else if (f->kind == 2)
        bands(p, f);
    else
        windows(p, f, f->storey * 0.5, f->storey * 0.45, f->storey * 0.55);
    if (f->kind != 2)
        cornice(p, f);
}

void lamp_post(struct painter *p, double x, double y, double size)
{
    double side = lit_side(p), arm = size * 0.16, top = y - size;

    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    ink(p, HUE_METAL, 0.12);
    line(p, x, y, x, top + arm, size * 0.022);
    cairo_move_to(p->cr, x, top + arm);
    cairo_curve_to(p->cr, x, top, x - side * arm * 0.4, top, x - side * arm, top + arm * 0.3);
    cairo_set_line_width(p->cr, size * 0.018);
    cairo_stroke(p->cr);
    polygon(p,
            (const struct point[]){ { x - side * arm - size * 0.05, top + arm * 0.52 },
                                    { x - side * arm + size * 0.05, top + arm * 0.52 },
                                    { x - side * arm + size * 0.025, top + arm * 0.25 },
                                    { x - side * arm - size * 0.025, top + arm * 0.25 } },
            4);
    cairo_fill(p->cr);
    if (!is_dark(p))
        return;
    oval(p, x - side * arm, top + arm * 0.54, size * 0.042, size * 0.022);
    fill_shining(p, p->scene->palette.lamp, 1);
    glow(p, x - side * arm, top + arm * 0.55, size * 0.5, p->scene->palette.lamp, 0.6);
    beam(p, x - side * arm, top + arm * 0.55, x - side * arm, y, size * 0.6, p->scene->palette.lamp,
         0.28);
    glow_wide(p, x - side * arm, y, size * 0.42, size * 0.07, p->scene->palette.lamp, 0.5);
}

void pendant(struct painter *p, double x, double top, double y, double size)
{
    ink(p, HUE_METAL, 0.1);
    line(p, x, top, x, y - size * 0.5, size * 0.04);
    oval(p, x, y, size * 0.34, size * 0.1);
    fill_shining(p, p->scene->palette.lamp, 1);
    cairo_move_to(p->cr, x - size * 0.5, y);
    cairo_curve_to(p->cr, x - size * 0.46, y - size * 0.5, x - size * 0.12, y - size * 0.5,
                   x - size * 0.08, y - size * 0.6);
    cairo_line_to(p->cr, x + size * 0.08, y - size * 0.6);
    cairo_curve_to(p->cr, x + size * 0.12, y - size * 0.5, x + size * 0.46, y - size * 0.5,
                   x + size * 0.5, y);
    cairo_close_path(p->cr);
    fill_turned(p, HUE_ACCENT, 0.45, 0.2);
    glow(p, x, y + size * 0.1, size * 2.4, p->scene->palette.lamp, 0.5);
}

void sign(struct painter *p, double x, double y, double width, double height, struct colour c)
{
    box_round(p, x, y, width, height, fmin(width, height) * 0.18);
    ink(p, HUE_NONE, 0.08);
    cairo_fill(p->cr);
    for (int i = 0; i < 3; i++) {
        double share = height > width ? (i + 0.5) / 3 : 0.5;
        double w = width * (height > width ? 0.56 : 0.22),
               h = height > width ? height * 0.16 : height * 0.5;
        double at_x = height > width ? x + width / 2 : x + width * (0.22 + 0.28 * i);
        if (below(p, 2))
            box_round(p, at_x - w / 2, y + height * share - h / 2, w, h, fmin(w, h) * 0.3);
        else
            oval(p, at_x, y + height * share, w / 2, h / 2);
    }
    fill_shining(p, c, 0.95);
    glow_wide(p, x + width / 2, y + height / 2, width * 1.7 + height * 0.5,
              height * 1.3 + width * 0.4, c, is_dark(p) ? 0.55 : 0.15);
}

void awning(struct painter *p, double x, double y, double width, double depth, enum hue hue)
{
    int stripes = 8;
    double w = width / stripes;

    for (int i = 0; i < stripes; i++) {
        double x0 = x + i * w;
        cairo_move_to(p->cr, x0 + width * 0.04, y);
        cairo_line_to(p->cr, x0 + w + width * 0.04 * (i < stripes - 1), y);
        cairo_line_to(p->cr, x0 + w, y + depth);
        cairo_arc(p->cr, x0 + w / 2, y + depth, w / 2, 0, M_PI);
        cairo_close_path(p->cr);
        fill_sunk(p, i % 2 ? HUE_NONE : hue, i % 2 ? 0.92 : 0.55, i % 2 ? 0.8 : 0.42);
    }
}

void crate(struct painter *p, double x, double y, double size)
{
    box(p, x, y - size * 0.7, size, size * 0.7);
    fill_turned(p, HUE_WOOD, 0.45, 0.1);
    ink_alpha(p, HUE_WOOD, 0.25, 0.8);
    for (int i = 1; i < 3; i++)
        line(p, x, y - size * 0.7 * i / 3, x + size, y - size * 0.7 * i / 3, size * 0.03);
    for (int i = 0; i < 5; i++) {
        oval(p, x + size * (0.14 + 0.18 * i), y - size * 0.72, size * 0.12, size * 0.12);
        ink(p,
            i % 3 == 0   ? HUE_ACCENT2
            : i % 3 == 1 ? HUE_ACCENT
                         : HUE_FOLIAGE,
            0.52 + 0.04 * (i % 2));
        cairo_fill(p->cr);
    }
}

/* A window of a room: the sky outside, the frame, the light it lets in. */
void window_view(struct painter *p, double x, double y, double width, double height, int panes)
{
    const struct palette *c = &p->scene->palette;
    cairo_pattern_t *sky_gradient = cairo_pattern_create_linear(0, y, 0, y + height);
    double bar = width * 0.028;

    box(p, x - bar * 2, y - bar * 2, width + bar * 4, height + bar * 4);
    fill_turned(p, HUE_WOOD, 0.86, 0.08);
    cairo_pattern_add_color_stop_rgb(sky_gradient, 0, c->sky_top.r, c->sky_top.g, c->sky_top.b);
    cairo_pattern_add_color_stop_rgb(sky_gradient, 1, c->sky_low.r, c->sky_low.g, c->sky_low.b);
    box(p, x, y, width, height);
    cairo_set_operator(p->cr, CAIRO_OPERATOR_OVER);
    cairo_set_source(p->cr, sky_gradient);
    cairo_fill(p->cr);
    cairo_pattern_destroy(sky_gradient);

    cairo_save(p->cr);
    box(p, x, y, width, height);
    cairo_clip(p->cr);
    for (int i = 0; i < 5; i++) {
        struct facade f = { x + width * (i * 0.22 - 0.05),
                            y + height,
                            width * 0.2,
                            height * between(p, 0.2, 0.55),
                            HUE_CONCRETE,
                            is_dark(p) ? 0.12 : 0.62,
                            height * 0.09,
                            0.35,
                            below(p, 3) };
        building(p, &f);
    }
    cairo_restore(p->cr);
    ink(p, HUE_WOOD, 0.84);
    for (int i = 1; i < panes; i++)
        line(p, x + width * i / panes, y, x + width * i / panes, y + height, bar);
    line(p, x, y + height * 0.36, x + width, y + height * 0.36, bar);
    box(p, x - bar * 4, y + height + bar, width + bar * 8, bar * 2.4);
    fill_sunk(p, HUE_WOOD, 0.92, 0.78);
}

void picture_frame(struct painter *p, double x, double y, double width, double height)
{
    double rim = fmin(width, height) * 0.07;
    enum hue hues[] = { HUE_ACCENT, HUE_ACCENT2, HUE_WATER, HUE_FOLIAGE };

    box(p, x, y, width, height);
    ink(p, HUE_WOOD, 0.3);
    cairo_fill(p->cr);
    box(p, x + rim, y + rim, width - 2 * rim, height - 2 * rim);
    ink(p, HUE_NONE, 0.93);
    cairo_fill(p->cr);
    cairo_save(p->cr);
    box(p, x + rim, y + rim, width - 2 * rim, height - 2 * rim);
    cairo_clip(p->cr);
    for (int i = 0; i < 3; i++) {
        blob(p, x + width * between(p, 0.2, 0.8), y + height * between(p, 0.3, 0.85),
             width * between(p, 0.15, 0.35), height * between(p, 0.12, 0.35), 0.12);
        ink(p, hues[below(p, 4)], between(p, 0.35, 0.65));
        cairo_fill(p->cr);
    }
    cairo_restore(p->cr);
}

void shelf(struct painter *p, double x, double y, double width, double height, int boards)
{
    enum hue hues[] = { HUE_ACCENT, HUE_NONE, HUE_ACCENT2, HUE_CLOTH, HUE_WATER, HUE_NONE };
    double gap = height / boards;

    box(p, x, y, width, height);
    fill_turned(p, HUE_WOOD, 0.28, 0.05);
    for (int board = 0; board < boards; board++) {
        double foot = y + gap * (board + 1) - gap * 0.08, at = x + width * 0.03;
        while (at < x + width * 0.92) {
            double thick = width * between(p, 0.02, 0.05), tall = gap * between(p, 0.5, 0.82);
            if (chance(p, 0.12)) {
                at += width * 0.09;
                continue;
            }
            box(p, at, foot - tall, thick, tall);
            ink(p, hues[below(p, 6)], between(p, 0.35, 0.7));
            cairo_fill(p->cr);
            at += thick * 1.08;
        }
        box(p, x, foot, width, gap * 0.08);
        ink(p, HUE_WOOD, 0.5);
        cairo_fill(p->cr);
    }
}

void curtain(struct painter *p, double x, double y, double width, double height, enum hue hue,
             double tone)
{
    int folds = 6;

    for (int i = 0; i < folds; i++) {
        double x0 = x + width * i / folds, w = width / folds;
        cairo_move_to(p->cr, x0, y);
        cairo_line_to(p->cr, x0 + w, y);
        cairo_curve_to(p->cr, x0 + w * 1.15, y + height * 0.5, x0 + w * 0.95, y + height * 0.8,
                       x0 + w, y + height);
        cairo_curve_to(p->cr, x0 + w * 0.6, y + height * 1.012, x0 + w * 0.4, y + height * 1.012,
                       x0, y + height);
        cairo_curve_to(p->cr, x0 - w * 0.05, y + height * 0.8, x0 + w * 0.15, y + height * 0.5, x0,
                       y);
        fill_turned(p, hue, tone + (i % 2 ? 0.04 : -0.03), 0.14);
    }
}

void table(struct painter *p, double x, double y, double width, double height, enum hue hue,
           double tone)
{
    double leg = width * 0.035;

    box(p, x + width * 0.07, y - height, leg, height);
    box(p, x + width * 0.93 - leg, y - height, leg, height);
    ink(p, hue, tone - 0.14);
    cairo_fill(p->cr);
    box_round(p, x, y - height, width, height * 0.09, height * 0.03);
    fill_turned(p, hue, tone + 0.06, 0.12);
}

void chair(struct painter *p, double x, double y, double size, double facing, enum hue hue,
           double tone)
{
    double seat = y - size * 0.48, back = x - facing * size * 0.2;

    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    ink(p, hue, tone - 0.1);
    line(p, x - size * 0.2, seat, x - size * 0.24, y, size * 0.035);
    line(p, x + size * 0.2, seat, x + size * 0.24, y, size * 0.035);
    line(p, back, seat, back - facing * size * 0.06, y - size, size * 0.035);
    box_round(p, x - size * 0.24, seat - size * 0.03, size * 0.48, size * 0.07, size * 0.03);
    fill_turned(p, hue, tone, 0.1);
    box_round(p, back - facing * size * 0.05 - size * 0.03, y - size, size * 0.06, size * 0.34,
              size * 0.03);
    fill_turned(p, hue, tone + 0.04, 0.1);
}

void stool(struct painter *p, double x, double y, double size, enum hue hue, double tone)
{
    ink(p, HUE_METAL, 0.4);
    line(p, x, y, x, y - size * 0.85, size * 0.06);
    oval(p, x, y, size * 0.22, size * 0.04);
    cairo_fill(p->cr);
    box_round(p, x - size * 0.28, y - size, size * 0.56, size * 0.18, size * 0.08);
    fill_turned(p, hue, tone, 0.2);
}

void bottle(struct painter *p, double x, double y, double size, enum hue hue, double tone)
{
    double half = size * 0.15;

    cairo_move_to(p->cr, x - half, y);
    cairo_line_to(p->cr, x - half, y - size * 0.55);
    cairo_curve_to(p->cr, x - half, y - size * 0.72, x - half * 0.4, y - size * 0.7, x - half * 0.4,
                   y - size);
    cairo_line_to(p->cr, x + half * 0.4, y - size);
    cairo_curve_to(p->cr, x + half * 0.4, y - size * 0.7, x + half, y - size * 0.72, x + half,
                   y - size * 0.55);
    cairo_line_to(p->cr, x + half, y);
    cairo_close_path(p->cr);
    fill_turned(p, hue, tone, 0.25);
}

void cable(struct painter *p, double x0, double y0, double x1, double y1, double sag, double width)
{
    cairo_move_to(p->cr, x0, y0);
    cairo_curve_to(p->cr, x0 + (x1 - x0) * 0.3, y0 + sag, x0 + (x1 - x0) * 0.7, y1 + sag, x1, y1);
    cairo_set_line_width(p->cr, width);
    cairo_stroke(p->cr);
}

void parked_car(struct painter *p, double x, double y, double size, enum hue hue, double tone)
{
    double length = size, tall = size * 0.3;

    cairo_move_to(p->cr, x - length * 0.5, y - tall * 0.3);
    cairo_curve_to(p->cr, x - length * 0.5, y - tall * 0.62, x - length * 0.4, y - tall * 0.62,
                   x - length * 0.3, y - tall * 0.66);
    cairo_curve_to(p->cr, x - length * 0.2, y - tall * 1.1, x - length * 0.1, y - tall * 1.12,
                   x + length * 0.05, y - tall * 1.12);
    cairo_curve_to(p->cr, x + length * 0.18, y - tall * 1.1, x + length * 0.24, y - tall * 0.8,
                   x + length * 0.3, y - tall * 0.7);
    cairo_curve_to(p->cr, x + length * 0.48, y - tall * 0.62, x + length * 0.5, y - tall * 0.5,
                   x + length * 0.5, y - tall * 0.22);
    cairo_line_to(p->cr, x - length * 0.5, y - tall * 0.22);
    cairo_close_path(p->cr);
    fill_sunk(p, hue, tone + 0.1, tone - 0.08);
    polygon(p,
            (const struct point[]){ { x - length * 0.24, y - tall * 0.68 },
                                    { x - length * 0.13, y - tall * 1.02 },
                                    { x + length * 0.07, y - tall * 1.02 },
                                    { x + length * 0.19, y - tall * 0.68 } },
            4);
    ink(p, HUE_GLASS, is_dark(p) ? 0.2 : 0.75);
    cairo_fill(p->cr);
    for (int side = -1; side <= 1; side += 2) {
        oval(p, x + side * length * 0.28, y - tall * 0.2, tall * 0.24, tall * 0.24);
        ink(p, HUE_NONE, 0.06);
        cairo_fill(p->cr);
        oval(p, x + side * length * 0.28, y - tall * 0.2, tall * 0.11, tall * 0.11);
        ink(p, HUE_METAL, 0.6);
        cairo_fill(p->cr);
    }
    if (is_dark(p)) {
        oval(p, x + length * 0.49, y - tall * 0.45, length * 0.015, length * 0.02);
        fill_shining(p, p->scene->palette.lamp, 1);
        glow(p, x + length * 0.5, y - tall * 0.45, length * 0.3, p->scene->palette.lamp, 0.5);
    }
}

void wall(struct painter *p, double y_floor, enum hue hue, double tone)
{
    const struct palette *c = &p->scene->palette;

    box(p, p->left - 0.05, p->top - 0.05, p->right - p->left + 0.1, y_floor - p->top + 0.05);
    fill_turned(p, hue, tone, 0.10);
    if (!p->shining)
        glow_wide(p, c->key_from * p->scene->half_width * 0.7, -0.2, p->scene->half_width * 1.1,
                  0.7, colour_lighter(palette_surface(c, hue, tone), 0.12), 0.6);
    box(p, p->left - 0.05, y_floor - 0.022, p->right - p->left + 0.1, 0.022);
    ink(p, hue, tone + 0.14);
    cairo_fill(p->cr);
}

void planks(struct painter *p, double y, enum hue hue, double tone)
{
    double depth = p->bottom - y + 0.05, vanish = y - 0.25;

    flat(p, y);
    fill_sunk(p, hue, tone - 0.08, tone + 0.06);
    ink_alpha(p, hue, tone - 0.16, 0.55);
    for (double x = -6; x <= 6; x += 0.17) {
        double spread = (p->bottom + 0.05 - vanish) / (y - vanish);
        line(p, x, y, x * spread, p->bottom + 0.05, 0.004);
    }
    for (int i = 1; i < 9; i++) {
        double row = y + depth * (i / 9.0) * (i / 9.0);
        line(p, p->left, row, p->right, row, 0.0022);
    }
}

void tiles(struct painter *p, double y, enum hue hue, double tone_a, double tone_b)
{
    double vanish = y - 0.22, last = y;

    flat(p, y);
    ink(p, hue, tone_a);
    cairo_fill(p->cr);
    ink(p, hue, tone_b);
    for (int row = 0; last < p->bottom + 0.05 && row < 24; row++) {
        double next = vanish + (last - vanish) * 1.16, near = (next - vanish) / (y - vanish),
               far = (last - vanish) / (y - vanish);
        for (int column = -24; column < 24; column++) {
            double x0 = 0.14 * column, x1 = x0 + 0.14;
            if ((row + column) & 1)
                polygon(p,
                        (const struct point[]){ { x0 * far, last },
                                                { x1 * far, last },
                                                { x1 * near, next },
                                                { x0 * near, next } },
                        4);
        }
        last = next;
    }
    cairo_fill(p->cr);
}

void wash(struct painter *p, double y0, double y1, struct colour c, double alpha0, double alpha1)
{
    cairo_pattern_t *fade = cairo_pattern_create_linear(0, y0, 0, y1);

    cairo_pattern_add_color_stop_rgba(fade, 0, c.r, c.g, c.b, alpha0);
    cairo_pattern_add_color_stop_rgba(fade, 1, c.r, c.g, c.b, alpha1);
    cairo_set_operator(p->cr, CAIRO_OPERATOR_OVER);
    cairo_set_source(p->cr, fade);
    box(p, p->left - 0.05, fmin(y0, y1), p->right - p->left + 0.1, fabs(y1 - y0));
    if (p->shining)
        cairo_new_path(p->cr);
    else
        cairo_fill(p->cr);
    cairo_pattern_destroy(fade);
}
