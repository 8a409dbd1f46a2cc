/* Places by and under water. */

#include "draw/set.h"

#include <math.h>

/* Short bright strokes that thicken towards the viewer; brightest under the sun or moon. */
static void glitter(struct painter *p, double y0, double y1, int count)
{
    const struct palette *c = &p->scene->palette;
    double sun_x = c->key_from * p->scene->half_width * 0.62;

    for (int i = 0; i < count; i++) {
        double t = pow(between(p, 0, 1), 1.4), y = y0 + t * (y1 - y0), under = i % 2;
        double x =
            under ? sun_x + between(p, -1, 1) * (0.04 + 0.26 * t) : between(p, p->left, p->right);
        double w = between(p, 0.015, 0.06) * (0.4 + 1.6 * t);
        box_round(p, x - w / 2, y, w, 0.0018 + 0.005 * t, 0.0009 + 0.0024 * t);
        ink_colour(p, under ? c->sun : c->sky_low, under ? 0.7 : 0.3);
        cairo_fill(p->cr);
    }
}

static void sea(struct painter *p)
{
    flat(p, 0.0);
    fill_sunk(p, HUE_WATER, 0.56, 0.34);
    for (int i = 0; i < 7; i++) {
        double y = 0.01 + 0.16 * pow(i / 7.0, 1.7);
        hills(p, y + 0.012, 0.008 + 0.004 * i, 0.16 + 0.07 * i);
        ink_alpha(p, HUE_WATER, 0.52 - 0.035 * i, 0.55);
        cairo_fill(p->cr);
    }
    glitter(p, 0.004, 0.18, 130);
}

static void sails(struct painter *p)
{
    int count = 1 + below(p, 3);

    for (int i = 0; i < count; i++) {
        double x = between(p, -0.9, 0.9) * p->scene->half_width, size = between(p, 0.05, 0.1),
               y = 0.012;
        polygon(p,
                (const struct point[]){
                    { x, y - size }, { x + size * 0.45, y - size * 0.12 }, { x, y - size * 0.12 } },
                3);
        polygon(p,
                (const struct point[]){ { x - size * 0.04, y - size * 0.85 },
                                        { x - size * 0.3, y - size * 0.12 },
                                        { x - size * 0.04, y - size * 0.12 } },
                3);
        ink(p, HUE_NONE, 0.95);
        cairo_fill(p->cr);
        polygon(p,
                (const struct point[]){ { x - size * 0.35, y - size * 0.09 },
                                        { x + size * 0.45, y - size * 0.09 },
                                        { x + size * 0.3, y },
                                        { x - size * 0.25, y } },
                4);
        ink(p, HUE_ACCENT, 0.5);
        cairo_fill(p->cr);
    }
}

static void lighthouse(struct painter *p)
{
    double x = free_side(p) * p->scene->half_width * between(p, 0.55, 0.8), y = 0.02, size = 0.30,
           w = 0.024;

    blob(p, x, y + 0.01, 0.17, 0.045, 0.12);
    fill_turned(p, HUE_ROCK, 0.40, 0.12);
    for (int i = 0; i < 5; i++) {
        double a = y - size * i / 5, b = y - size * (i + 1) / 5, wa = w * (1.25 - 0.1 * i),
               wb = w * (1.15 - 0.1 * i);
        polygon(
            p, (const struct point[]){ { x - wa, a }, { x + wa, a }, { x + wb, b }, { x - wb, b } },
            4);
        fill_turned(p, i % 2 ? HUE_ACCENT : HUE_NONE, i % 2 ? 0.5 : 0.93, 0.14);
    }
    box(p, x - w * 0.5, y - size - 0.035, w, 0.035);
    fill_shining(p, p->scene->palette.lamp, 1);
    polygon(p,
            (const struct point[]){ { x - w * 0.75, y - size - 0.034 },
                                    { x + w * 0.75, y - size - 0.034 },
                                    { x, y - size - 0.065 } },
            3);
    ink(p, HUE_ACCENT, 0.36);
    cairo_fill(p->cr);
    glow(p, x, y - size - 0.018, 0.16, p->scene->palette.lamp, 0.6);
    if (is_dark(p))
        beam(p, x, y - size - 0.018, x - free_side(p) * 1.2, y - size - 0.10, 0.24,
             p->scene->palette.lamp, 0.7);
}

static void surf(struct painter *p)
{
    double y = p->ground * 0.86;

    for (int i = 0; i < 3; i++) {
        hills(p, y - 0.035 + 0.02 * i, 0.014, 0.34 + 0.1 * i);
        if (i == 2)
            fill_sunk(p, HUE_SAND, 0.78, 0.62);
        else
            fill_sunk(p, i ? HUE_SNOW : HUE_WATER, i ? 0.96 : 0.66, i ? 0.9 : 0.6);
    }
    ink_alpha(p, HUE_EARTH, 0.5, 0.3);
    for (int i = 0; i < 60; i++) {
        oval(p, between(p, p->left, p->right), y + between(p, 0.02, 0.2), between(p, 0.002, 0.005),
             0.0015);
        cairo_fill(p->cr);
    }
    for (int i = 0; i < 5; i++) {
        double x = between(p, p->left, p->right), at = y + between(p, 0.04, 0.15);
        leaf(p, x, at, 0.02, between(p, 0, 6), 0.008);
        ink(p, i % 2 ? HUE_ACCENT : HUE_NONE, 0.7);
        cairo_fill(p->cr);
    }
}

static void palms(struct painter *p)
{
    double side = free_side(p), x = side * p->scene->half_width;

    tree_palm(p, x * 0.92, p->ground * 0.95, 0.66, 0.30);
    tree_palm(p, x * 0.66, p->ground * 0.90, 0.48, 0.34);
    grass(p, fmin(x * 0.6, x * 1.1), fmax(x * 0.6, x * 1.1), p->ground * 0.98, 0.05, 0.40, 26);
}

static void far_shore(struct painter *p)
{
    ridge(p, 0.01, 0.16, 0.8, 0.5);
    fill_sunk(p, HUE_ROCK, 0.50, 0.56);
    hills(p, 0.012, 0.05, 0.5);
    fill_sunk(p, HUE_PINE, 0.42, 0.46);
}

/* Still water: the far shore again, upside down and paler. */
static void lake(struct painter *p)
{
    flat(p, 0.012);
    fill_sunk(p, HUE_WATER, 0.62, 0.34);
    wash(p, 0.012, 0.14, p->scene->palette.sky_low, 0.55, 0.0);
    cairo_save(p->cr);
    box(p, p->left, 0.012, p->right - p->left, 0.5);
    cairo_clip(p->cr);
    cairo_translate(p->cr, 0, 0.024);
    cairo_scale(p->cr, 1, -0.8);
    for (double x = p->left; x < p->right; x += between(p, 0.06, 0.16)) {
        double tall = between(p, 0.05, 0.12);
        polygon(p, (const struct point[]){ { x - 0.03, 0.012 }, { x, -tall }, { x + 0.03, 0.012 } },
                3);
        ink_alpha(p, HUE_PINE, 0.34, 0.3);
        cairo_fill(p->cr);
    }
    cairo_restore(p->cr);
    glitter(p, 0.02, 0.22, 90);
}

static void shore_pines(struct painter *p)
{
    double side = free_side(p);

    for (int i = 0; i < 12; i++) {
        double x = side * p->scene->half_width * between(p, 0.25, 1.3);
        tree_pine(p, x, 0.03, between(p, 0.10, 0.20), 0.36);
    }
    blob(p, side * p->scene->half_width * 0.9, 0.045, p->scene->half_width * 0.75, 0.02, 0.06);
    fill_sunk(p, HUE_PINE, 0.36, 0.28);
}

static void jetty(struct painter *p)
{
    double y = p->ground * 0.80, half = 0.30 + 0.35 * p->scene->half_width,
           x = p->scene->framing.hero_x * 0.7;
    double far = 0.42, low = p->bottom + 0.05;

    ink(p, HUE_WOOD, 0.20);
    for (int i = -1; i <= 1; i += 2) {
        line(p, x + i * half * far, y - 0.05, x + i * half * far, y + 0.1, 0.014);
        line(p, x + i * half * 0.8, y + 0.0, x + i * half * 0.8, p->bottom + 0.1, 0.024);
    }
    polygon(p,
            (const struct point[]){ { x - half * far, y },
                                    { x + half * far, y },
                                    { x + half * 1.25, low },
                                    { x - half * 1.25, low } },
            4);
    fill_sunk(p, HUE_WOOD, 0.56, 0.40);
    ink_alpha(p, HUE_WOOD, 0.26, 0.8);
    for (int i = 0; i < 11; i++) {
        double t = pow(i / 11.0, 1.5), at = y + t * (low - y), w = half * (far + t * (1.25 - far));
        line(p, x - w, at, x + w, at, 0.003 + 0.003 * t);
    }
}

static void reeds(struct painter *p)
{
    double side = free_side(p), edge = side * p->scene->half_width;

    for (int i = 0; i < 30; i++) {
        double x = edge - side * between(p, -0.05, 0.5) * between(p, 0.2, 1),
               tall = between(p, 0.2, 0.5);
        leaf(p, x, 0.6, tall, -M_PI / 2 + between(p, -0.2, 0.2), 0.010);
        ink(p, HUE_PINE, between(p, 0.08, 0.2));
        cairo_fill(p->cr);
        if (i % 4 == 0) {
            box_round(p, x - 0.008, 0.6 - tall * 1.02, 0.016, 0.06, 0.008);
            ink(p, HUE_EARTH, 0.16);
            cairo_fill(p->cr);
        }
    }
}

static void deep(struct painter *p)
{
    box(p, p->left, p->top, p->right - p->left, p->bottom - p->top);
    fill_sunk(p, HUE_WATER, 0.86, 0.14);
    glow_wide(p, p->scene->palette.key_from * 0.3, p->top + 0.08, p->scene->half_width, 0.5,
              colour_lighter(palette_surface(&p->scene->palette, HUE_WATER, 0.9), 0.05), 0.7);
}

static void water_beams(struct painter *p)
{
    struct colour c = colour_lighter(palette_surface(&p->scene->palette, HUE_WATER, 0.95), 0.05);

    for (int i = 0; i < 8; i++) {
        double x = (i - 3.5) * 0.28 + between(p, -0.1, 0.1);
        beam(p, x * 0.6, -0.8, x * 1.3, 0.42, between(p, 0.08, 0.22), c, 0.34);
    }
}

static void reef_far(struct painter *p)
{
    for (double x = p->left; x < p->right; x += between(p, 0.14, 0.3))
        blob(p, x, 0.10, between(p, 0.08, 0.16), between(p, 0.05, 0.14), 0.2);
    fill_sunk(p, HUE_WATER, 0.42, 0.34);
    for (int i = 0; i < 22; i++) {       /* a shoal */
        double x = 0.25 * free_side(p) + between(p, -0.24, 0.24), y = -0.22 + between(p, -0.1, 0.1),
               size = between(p, 0.012, 0.02);
        leaf(p, x, y, size * 2, 0, size * 0.6);
        polygon(p,
                (const struct point[]){ { x + size * 0.2, y },
                                        { x - size * 0.6, y - size * 0.5 },
                                        { x - size * 0.6, y + size * 0.5 } },
                3);
        ink(p, HUE_ACCENT2, 0.5);
        cairo_fill(p->cr);
    }
}

static void coral(struct painter *p, double x, double y, double size, enum hue hue, double tone)
{
    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    ink(p, hue, tone);
    for (int i = 0; i < 6; i++) {
        double bend = (i - 2.5) * 0.2 * size, tall = size * between(p, 0.6, 1);
        cairo_move_to(p->cr, x, y);
        cairo_curve_to(p->cr, x, y - tall * 0.5, x + bend, y - tall * 0.4, x + bend * 1.2,
                       y - tall);
        cairo_set_line_width(p->cr, size * 0.1);
        cairo_stroke(p->cr);
    }
}

static void kelp(struct painter *p, double x, double y, double size, double tone)
{
    double sway = between(p, -0.06, 0.06);

    for (int i = 0; i < 9; i++) {
        double t = i / 9.0, at_x = x + sway * sin(t * 4) * 2, at_y = y - size * t;
        leaf(p, at_x, at_y, size * 0.16, -M_PI / 2 + (i % 2 ? 0.8 : -0.8), size * 0.026);
        fill_turned(p, HUE_PINE, tone + 0.05 * t, 0.1);
    }
    cairo_move_to(p->cr, x, y);
    for (int i = 1; i <= 9; i++)
        cairo_line_to(p->cr, x + sway * sin(i / 9.0 * 4) * 2, y - size * i / 9.0);
    ink(p, HUE_PINE, tone);
    cairo_set_line_width(p->cr, size * 0.012);
    cairo_stroke(p->cr);
}

static void sea_bed(struct painter *p)
{
    double y = p->ground;

    for (int i = 0; i < 9; i++)
        kelp(p, between(p, p->left, p->right), y + 0.03, between(p, 0.24, 0.55), 0.30);
    hills(p, y + 0.02, 0.05, 0.8);
    fill_sunk(p, HUE_SAND, 0.56, 0.34);
    for (int i = 0; i < 14; i++) {
        double x = between(p, p->left, p->right);
        if (i % 3 == 0)
            rock(p, x, y + 0.03, between(p, 0.03, 0.07), 0.32);
        coral(p, x, y + between(p, 0.01, 0.06), between(p, 0.05, 0.13),
              i % 2 ? HUE_ACCENT : HUE_ACCENT2, between(p, 0.36, 0.54));
    }
}

static void kelp_frame(struct painter *p)
{
    double side = free_side(p), x = side * p->scene->half_width;

    for (int i = 0; i < 4; i++)
        kelp(p, x - side * (0.02 + 0.09 * i), 0.6, 0.95 - 0.18 * i, 0.10);
}

const struct set sets_water[] = {
    { PLACE_SEA_SHORE, .air = 1,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.05, clouds, .drift = 0.005 },
                  { 0.10, sails, .mist = 0.3 },
                  { 0.16, sea, .bare = true },
                  { 0.22, lighthouse, .lights = PULSE_BEAT },
                  { 0.86, surf },
                  { 1.1, palms } } },
    { PLACE_LAKE, .air = 1.1,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.05, clouds, .drift = 0.003 },
                  { 0.12, far_shore, .mist = 0.6 },
                  { 0.20, lake, .bare = true },
                  { 0.30, shore_pines, .mist = 0.3 },
                  { 0.90, jetty },
                  { 1.5, reeds } } },
    { PLACE_UNDERWATER, .floating = true, .air = 1.2,
      .layers = { { 0.00, deep, .bare = true },
                  { 0.25, reef_far, .mist = 0.3 },
                  { 0.35, water_beams, .lights = PULSE_BEAT, .only_lights = true, .soft = true,
                    .bare = true },
                  { 0.75, sea_bed, .mist = 0.2 },
                  { 1.5, kelp_frame } } },
    { PLACE_NOT_SET },
};
