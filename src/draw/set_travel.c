/* On the way: the road, the train, the car. */

#include "draw/set.h"

#include <math.h>

static void road_hills(struct painter *p)
{
    ridge(p, 0.02, 0.13, 1.0, 0.4);
    fill_sunk(p, HUE_ROCK, 0.50, 0.56);
    hills(p, 0.025, 0.05, 0.8);
    fill_sunk(p, HUE_FOLIAGE, 0.48, 0.54);
}

static void road(struct painter *p)
{
    double y = 0.022, low = p->bottom + 0.05, half = 0.55 + 0.5 * p->scene->half_width,
           bend = p->scene->framing.hero_x * 0.12;

    flat(p, y);
    fill_sunk(p, HUE_STRAW, 0.56, 0.42);
    for (int i = 0; i < 60; i++) {
        double t = pow(between(p, 0, 1), 1.5), x = between(p, p->left, p->right);
        grass(p, x - 0.01, x + 0.01, y + 0.02 + t * 0.34, 0.012 + 0.03 * t, 0.46, 3);
    }
    cairo_move_to(p->cr, bend - 0.006, y);
    cairo_line_to(p->cr, bend + 0.006, y);
    cairo_curve_to(p->cr, bend + 0.04, y + 0.04, half * 0.4, low * 0.5, half, low);
    cairo_line_to(p->cr, -half, low);
    cairo_curve_to(p->cr, -half * 0.4, low * 0.5, bend - 0.04, y + 0.04, bend - 0.006, y);
    fill_sunk(p, HUE_NONE, 0.36, 0.22);
    for (int i = 0; i < 9; i++) {
        double a = pow(i / 9.0, 2.1), b = pow((i + 0.5) / 9.0, 2.1), wa = 0.001 + 0.018 * a,
               wb = 0.001 + 0.018 * b;
        double xa = bend * (1 - a), xb = bend * (1 - b);
        polygon(p,
                (const struct point[]){ { xa - wa, y + a * low },
                                        { xa + wa, y + a * low },
                                        { xb + wb, y + b * low },
                                        { xb - wb, y + b * low } },
                4);
    }
    ink(p, HUE_ACCENT2, 0.6);
    cairo_fill(p->cr);
}

static void poles(struct painter *p)
{
    double side = free_side(p), last_x = 0, last_y = 0;

    for (int i = 0; i < 6; i++) {
        double near = pow(0.62, i), x = side * (0.06 + p->scene->half_width * 0.86 * near),
               y = 0.02 + 0.16 * near, tall = 0.50 * near;
        ink(p, HUE_WOOD, 0.22);
        line(p, x, y, x, y - tall, 0.014 * near + 0.001);
        line(p, x - 0.07 * near, y - tall * 0.92, x + 0.07 * near, y - tall * 0.92,
             0.009 * near + 0.001);
        for (int wire = -1; wire <= 1 && i; wire += 2)
            cable(p, last_x + wire * 0.06 * near / 0.62, last_y, x + wire * 0.06 * near,
                  y - tall * 0.93, 0.03 * near, 0.0022);
        last_x = x;
        last_y = y - tall * 0.93;
    }
}

static void road_signs(struct painter *p)
{
    double x = -free_side(p) * p->scene->half_width * 0.92, y = p->ground * 0.8,
           size = p->adult * 0.9;

    ink(p, HUE_METAL, 0.4);
    line(p, x, y, x, y - size, 0.008);
    cairo_save(p->cr);
    cairo_translate(p->cr, x, y - size);
    cairo_rotate(p->cr, M_PI / 4);
    box_round(p, -size * 0.2, -size * 0.2, size * 0.4, size * 0.4, size * 0.04);
    cairo_restore(p->cr);
    fill_turned(p, HUE_ACCENT2, 0.58, 0.1);
    ink(p, HUE_NONE, 0.1);
    cairo_set_line_width(p->cr, size * 0.035);
    cairo_move_to(p->cr, x, y - size * 0.86);
    cairo_curve_to(p->cr, x, y - size, x + size * 0.1, y - size, x + size * 0.04, y - size * 1.14);
    cairo_stroke(p->cr);
    for (int i = -1; i <= 1; i += 2) {
        bush(p, i * p->scene->half_width * between(p, 0.8, 1.1), p->ground, 0.06, 0.40);
        rock(p, i * p->scene->half_width * between(p, 0.6, 0.9), p->ground * 1.1, 0.03, 0.46);
    }
}

/* The country outside a window, running past: drawn wide, drifting. */
static void passing_far(struct painter *p)
{
    hills(p, 0.06, 0.14, 0.9);
    fill_sunk(p, HUE_PINE, 0.48, 0.54);
    for (double x = p->left; x < p->right; x += between(p, 0.1, 0.4))
        tree_poplar(p, x, 0.05, between(p, 0.07, 0.13), 0.42);
}

static void passing_near(struct painter *p)
{
    hills(p, 0.12, 0.06, 0.7);
    fill_sunk(p, HUE_FOLIAGE, 0.50, 0.40);
    for (double x = p->left; x < p->right; x += between(p, 0.15, 0.5))
        tree_round(p, x, 0.12, between(p, 0.14, 0.22), 0.40);
    ink(p, HUE_WOOD, 0.22);
    for (double x = p->left; x < p->right; x += 0.62) {
        line(p, x, 0.2, x, -0.5, 0.012);
        cable(p, x, -0.36, x + 0.62, -0.36, 0.05, 0.003);
    }
}

/* A wall with holes: everything but the panes. */
static void pane_holes(struct painter *p, double x, double y, double width, double height,
                       double radius)
{
    cairo_new_path(p->cr);
    box(p, p->left - 0.1, p->top - 0.1, p->right - p->left + 0.2, p->bottom - p->top + 0.2);
    for (double at = x - 4 * width * 1.18; at < p->right; at += width * 1.18)
        box_round(p, at, y, width, height, radius);
    cairo_set_fill_rule(p->cr, CAIRO_FILL_RULE_EVEN_ODD);
}

static double carriage_pane(const struct painter *p)
{
    return p->scene->half_width < 0.6 ? 0.46 : 0.66;
}

static void carriage(struct painter *p)
{
    double pane = carriage_pane(p), y = -0.36, tall = 0.40, x = free_side(p) * 0.1 - pane / 2;

    pane_holes(p, x, y, pane, tall, 0.035);
    fill_sunk(p, HUE_CLOTH, 0.58, 0.36);
    cairo_set_fill_rule(p->cr, CAIRO_FILL_RULE_WINDING);
    for (double at = x - 4 * pane * 1.18; at < p->right; at += pane * 1.18) {
        box_round(p, at, y, pane, tall, 0.035);
        ink(p, HUE_METAL, 0.72);
        cairo_set_line_width(p->cr, 0.014);
        cairo_stroke(p->cr);
        line(p, at, y + tall * 0.24, at + pane, y + tall * 0.24, 0.007);
        curtain(p, at + pane * 0.90, y, pane * 0.1, tall, HUE_ACCENT, 0.42);
        box(p, at - pane * 0.1, y - 0.1, pane * 0.02, 0.9);
        ink(p, HUE_WOOD, 0.34);
        cairo_fill(p->cr);
    }
    box(p, p->left, y - 0.13, p->right - p->left, 0.016);
    box(p, p->left, y + tall + 0.035, p->right - p->left, 0.014);
    ink(p, HUE_WOOD, 0.5);
    cairo_fill(p->cr);
    for (double at = x; at < p->right; at += pane * 1.18) {
        oval(p, at + pane / 2, y - 0.06, 0.03, 0.016);
        fill_shining(p, p->scene->palette.lamp, 1);
        glow(p, at + pane / 2, y - 0.05, 0.28, p->scene->palette.lamp, 0.4);
    }
    flat(p, 0.16);
    fill_sunk(p, HUE_WOOD, 0.34, 0.22);
}

static void seat(struct painter *p, double x, double facing)
{
    double y = p->ground, size = p->adult;

    box_round(p, x - size * 0.36, y - size * 0.44, size * 0.72, size * 0.2, size * 0.07);
    fill_turned(p, HUE_ACCENT, 0.42, 0.14);
    box_round(p, x - facing * size * 0.40 - size * 0.1, y - size * 1.02, size * 0.2, size * 0.76,
              size * 0.08);
    fill_turned(p, HUE_ACCENT, 0.48, 0.16);
    box_round(p, x - facing * size * 0.40 - size * 0.09, y - size * 1.02, size * 0.18, size * 0.2,
              size * 0.07);
    ink(p, HUE_NONE, 0.9);
    cairo_fill(p->cr);
    box(p, x - size * 0.3, y - size * 0.26, size * 0.6, size * 0.26);
    ink(p, HUE_METAL, 0.26);
    cairo_fill(p->cr);
}

static void seats(struct painter *p)
{
    double side = free_side(p), x = p->scene->framing.hero_x;

    seat(p, x + side * p->adult * 1.25, -side);
    seat(p, x + side * p->adult * 3.0, side);
    seat(p, x - side * p->adult * 1.2, side);
    table(p, x + side * p->adult * 1.8, p->ground, p->adult * 0.6, p->adult * 0.5, HUE_WOOD, 0.5);
}

static void car_shell(struct painter *p)
{
    double half = p->scene->half_width, roof = -0.40, sill = 0.12;

    cairo_set_fill_rule(p->cr, CAIRO_FILL_RULE_EVEN_ODD);
    box(p, p->left - 0.1, p->top - 0.1, p->right - p->left + 0.2, p->bottom - p->top + 0.2);
    cairo_move_to(p->cr, -half * 0.80, roof);
    cairo_curve_to(p->cr, -half * 0.3, roof - 0.03, half * 0.3, roof - 0.03, half * 0.80, roof);
    cairo_curve_to(p->cr, half * 0.9, roof + 0.1, half * 0.98, sill - 0.1, half * 0.99, sill);
    cairo_line_to(p->cr, -half * 0.99, sill);
    cairo_curve_to(p->cr, -half * 0.98, sill - 0.1, -half * 0.9, roof + 0.1, -half * 0.80, roof);
    cairo_close_path(p->cr);
    fill_sunk(p, HUE_NONE, 0.24, 0.12);
    cairo_set_fill_rule(p->cr, CAIRO_FILL_RULE_WINDING);
    box_round(p, -0.10, roof - 0.01, 0.20, 0.055, 0.02);
    fill_turned(p, HUE_METAL, 0.20, 0.1);
    box_round(p, -0.09, roof, 0.18, 0.036, 0.014);
    ink_colour(p, p->scene->palette.sky_low, 0.9);
    cairo_fill(p->cr);
    ink(p, HUE_NONE, 0.10);
    line(p, 0.02, roof + 0.045, 0.02, roof + 0.11, 0.002);
    oval(p, 0.02, roof + 0.125, 0.014, 0.018);
    ink(p, HUE_ACCENT, 0.55);
    cairo_fill(p->cr);
    for (int i = -1; i <= 1; i += 2) {
        double x = i * fmax(0.24, fabs(p->scene->framing.hero_x));
        box_round(p, x - 0.16, 0.02, 0.32, 0.6, 0.06);
        fill_turned(p, HUE_CLOTH, 0.30, 0.1);
        box_round(p, x - 0.085, -0.10, 0.17, 0.14, 0.04);
        fill_turned(p, HUE_CLOTH, 0.34, 0.1);
    }
}

static void dashboard(struct painter *p)
{
    double y = 0.33, x = p->scene->framing.hero_x;

    cairo_move_to(p->cr, p->left - 0.1, y + 0.02);
    cairo_curve_to(p->cr, -0.4, y - 0.05, 0.4, y - 0.05, p->right + 0.1, y + 0.02);
    cairo_line_to(p->cr, p->right + 0.1, p->bottom + 0.1);
    cairo_line_to(p->cr, p->left - 0.1, p->bottom + 0.1);
    cairo_close_path(p->cr);
    fill_sunk(p, HUE_WOOD, 0.24, 0.10);
    oval(p, x, y + 0.10, 0.19, 0.17);
    ink(p, HUE_NONE, 0.06);
    cairo_set_line_width(p->cr, 0.026);
    cairo_stroke(p->cr);
    line(p, x - 0.18, y + 0.09, x + 0.18, y + 0.09, 0.024);
    for (int i = 0; i < 2; i++) {
        double at = x - free_side(p) * -0.36 + i * 0.13 * free_side(p);
        oval(p, at, y + 0.06, 0.045, 0.045);
        fill_shining(p, i ? p->scene->palette.neon[1] : p->scene->palette.lamp, 0.75);
        oval(p, at, y + 0.06, 0.037, 0.037);
        ink(p, HUE_NONE, 0.05);
        cairo_fill(p->cr);
        glow(p, at, y + 0.06, 0.12, p->scene->palette.neon[1], 0.4);
    }
}

/* Lamps and their pools sliding by in the dark; by day, light through trees. */
static void passing_lights(struct painter *p)
{
    struct colour c = is_dark(p) ? p->scene->palette.lamp : p->scene->palette.sun;

    for (double x = p->left; x < p->right; x += 0.8) {
        glow(p, x, -0.22, 0.16, c, is_dark(p) ? 0.9 : 0.35);
        glow(p, x + 0.4, 0.02, 0.07, p->scene->palette.neon[0], is_dark(p) ? 0.8 : 0);
    }
}

const struct set sets_travel[] = {
    { PLACE_ROAD, .air = 1,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.05, clouds, .drift = 0.006 },
                  { 0.14, road_hills, .mist = 0.6 },
                  { 0.50, road, .bare = true },
                  { 0.55, poles },
                  { 0.92, road_signs } } },
    { PLACE_TRAIN, .indoors = true, .air = 0.8,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.12, passing_far, .mist = 0.4, .drift = -0.10 },
                  { 0.30, passing_near, .mist = 0.2, .drift = -0.42 },
                  { 0.80, carriage, .lights = PULSE_FLICKER },
                  { 0.96, seats } } },
    { PLACE_CAR_INTERIOR, .indoors = true, .seated = true, .air = 0.8,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.12, passing_far, .mist = 0.4, .drift = 0.05 },
                  { 0.30, passing_near, .mist = 0.2, .drift = 0.30 },
                  { 0.32, passing_lights, .lights = PULSE_BEAT, .only_lights = true, .soft = true,
                    .drift = 0.5, .bare = true },
                  { 0.90, car_shell },
                  { 1.3, dashboard, .lights = PULSE_BEAT } } },
    { PLACE_NOT_SET },
};
