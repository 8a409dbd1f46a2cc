/*
 * The product: the picture that was given, standing on its set, or else a designed object that its
 * name suggests.
 *
 * Most objects are turned on a lathe: layers of rings in a table. The few that are not have a
 * function each. A name that says nothing is answered by seed, so the same product is the same
 * object in every scene.
 */

#include "draw/figure_kinds.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/rng.h"

enum role { ROLE_END, BODY, DARK, PALE, METAL, ACCENT, GLASS, GLOW };

enum { LAYER_RINGS = 8, LAYERS = 7 };

/* Rings from bottom to top around x = 0; a layer ends with r = 0. */
struct layer {
    enum role role;
    struct ring ring[LAYER_RINGS];
    struct ends ends;
};

struct turned {
    struct layer layer[LAYERS];
    double shine_x, shine_low, shine_top; /* a highlight along the lit side; shine_top 0 for none */
};

static struct paint role_paint(const struct pen *pen, enum role role, look_colour base)
{
    switch (role) {
    case DARK:
        return pen_paint(pen, colour_scale(base, 0.55));
    case PALE:
        return pen_paint(pen, 0xF6EFE2);
    case METAL:
        return pen_paint(pen, 0xA9AEB8);
    case ACCENT:
        return pen_paint(pen, colour_luma(base) > 0.45 ? 0xC8452F : 0xF2C14E);
    case GLASS:
        return pen_paint(pen, colour_mix(base, 0xDDF0F0, 0.70));
    case GLOW:
        return pen_glow(pen, 0xFFE7A8);
    default:
        return pen_paint(pen, base);
    }
}

static const struct turned bottle = {
    { { BODY,
        { { 0, -0.005, 0.130 },
          { 0, -0.06, 0.150 },
          { 0, -0.30, 0.152 },
          { 0, -0.48, 0.150 },
          { 0, -0.60, 0.090 },
          { 0, -0.66, 0.052 },
          { 0, -0.76, 0.050 } },
        { 0.10, 0 } },
      { PALE, { { 0, -0.14, 0.1515 }, { 0, -0.42, 0.1520 } }, { 0.08, 0.08 } },
      { ACCENT, { { 0, -0.235, 0.152 }, { 0, -0.265, 0.152 } }, { 0.08, 0.08 } },
      { DARK, { { 0, -0.745, 0.058 }, { 0, -0.85, 0.056 } }, { 0.2, 0.2 } } },
    -0.090,
    -0.46,
    -0.10
};

static const struct turned jar = {
    { { GLASS,
        { { 0, -0.005, 0.180 }, { 0, -0.06, 0.205 }, { 0, -0.34, 0.205 }, { 0, -0.42, 0.175 } },
        { 0.12, 0 } },
      { BODY, { { 0, -0.015, 0.165 }, { 0, -0.06, 0.188 }, { 0, -0.29, 0.190 } }, { 0.12, 0.12 } },
      { PALE, { { 0, -0.11, 0.206 }, { 0, -0.27, 0.206 } }, { 0.08, 0.08 } },
      { ACCENT, { { 0, -0.41, 0.188 }, { 0, -0.52, 0.186 } }, { 0.14, 0.16 } } },
    -0.140,
    -0.40,
    -0.08
};

static const struct turned can = {
    { { METAL,
        { { 0, -0.005, 0.125 }, { 0, -0.03, 0.145 }, { 0, -0.56, 0.145 }, { 0, -0.60, 0.122 } },
        { 0.12, 0.14 } },
      { BODY, { { 0, -0.035, 0.146 }, { 0, -0.55, 0.146 } }, { 0.12, 0.12 } },
      { PALE, { { 0, -0.20, 0.1465 }, { 0, -0.30, 0.1465 }, { 0, -0.38, 0.1465 } }, { 0.2, 0.6 } },
      { ACCENT, { { 0, -0.27, 0.055 }, { 0, -0.31, 0.055 } }, { 0.7, 0.7 } } },
    -0.098,
    -0.52,
    -0.08
};

static const struct turned cup = {
    { { BODY,
        { { 0, -0.005, 0.125 }, { 0, -0.06, 0.165 }, { 0, -0.24, 0.190 }, { 0, -0.38, 0.196 } },
        { 0.14, 0.16 } },
      { DARK, { { 0, -0.365, 0.178 }, { 0, -0.380, 0.178 } }, { 0.10, 0.14 } },
      { PALE, { { 0, -0.155, 0.1785 }, { 0, -0.185, 0.1825 } }, { 0.10, 0.10 } } },
    -0.128,
    -0.34,
    -0.10
};

static const struct turned lamp = {
    { { DARK, { { 0, -0.005, 0.150 }, { 0, -0.030, 0.140 } }, { 0.20, 0.3 } },
      { METAL, { { 0, -0.03, 0.016 }, { 0, -0.52, 0.014 } }, { 0, 0 } },
      { BODY,
        { { 0, -0.05, 0.040 }, { 0, -0.16, 0.085 }, { 0, -0.28, 0.060 }, { 0, -0.36, 0.026 } },
        { 0.3, 0.3 } },
      { GLOW, { { 0, -0.490, 0.205 }, { 0, -0.515, 0.205 } }, { 0.22, 0.1 } },
      { ACCENT,
        { { 0, -0.50, 0.230 }, { 0, -0.66, 0.180 }, { 0, -0.80, 0.125 } },
        { 0.16, 0.14 } } },
    0,
    0,
    0
};

static const struct turned perfume = {
    { { GLASS,
        { { 0, -0.005, 0.155 },
          { 0, -0.04, 0.180 },
          { 0, -0.34, 0.180 },
          { 0, -0.40, 0.120 },
          { 0, -0.43, 0.05 } },
        { 0.06, 0.1 } },
      { BODY, { { 0, -0.03, 0.145 }, { 0, -0.06, 0.158 }, { 0, -0.26, 0.158 } }, { 0.06, 0.05 } },
      { PALE, { { 0, -0.14, 0.080 }, { 0, -0.24, 0.080 } }, { 0, 0 } },
      { METAL, { { 0, -0.42, 0.050 }, { 0, -0.47, 0.050 } }, { 0, 0.1 } },
      { ACCENT, { { 0, -0.47, 0.075 }, { 0, -0.59, 0.078 } }, { 0.1, 0.12 } } },
    -0.130,
    -0.36,
    -0.08
};

static void draw_shine(const struct pen *pen, double x, double low, double top)
{
    double lit = pen->light->key_from > 0 ? -x : x;
    struct ring r[] = { { lit, low, 0.011 }, { lit, top, 0.011 } };
    struct paint white = pen_glow(pen, 0xFFFFFF);

    cairo_push_group(pen->cr);
    struct pen flat = *pen;
    flat.flat = true;
    pen_loft(&flat, r, 2, (struct ends){ 1, 1 }, white, 0);
    cairo_pop_group_to_source(pen->cr);
    cairo_paint_with_alpha(pen->cr, 0.45);
}

static void draw_turned(const struct pen *pen, const struct turned *t, look_colour base)
{
    for (int i = 0; i < LAYERS && t->layer[i].role; i++) {
        const struct layer *l = &t->layer[i];
        int count = 0;
        while (count < LAYER_RINGS && l->ring[count].r > 0)
            count++;
        pen_loft(pen, l->ring, count, l->ends, role_paint(pen, l->role, base),
                 l->role == GLOW ? 0 : 0.26);
    }
}

/* ---- objects that are not turned ---- */

static void draw_bottle(const struct pen *pen, look_colour base)
{
    draw_turned(pen, &bottle, base);
}

static void draw_jar(const struct pen *pen, look_colour base)
{
    draw_turned(pen, &jar, base);
}

static void draw_can(const struct pen *pen, look_colour base)
{
    draw_turned(pen, &can, base);
}

static void draw_lamp(const struct pen *pen, look_colour base)
{
    draw_turned(pen, &lamp, base);
}

static void draw_perfume(const struct pen *pen, look_colour base)
{
    draw_turned(pen, &perfume, base);
}

static void draw_cup(const struct pen *pen, look_colour base)
{
    double t = pen->moment->seconds;

    pen_path_ellipse(pen, 0.205, -0.21, 0.085, 0.095);
    pen_line(pen, pen_paint(pen, base).dark, 0.036);
    draw_turned(pen, &cup, base);
    for (int i = -1; i <= 1; i += 2) {
        double sway = 0.018 * sin(TURN * (0.35 * t + i * 0.2));
        cairo_move_to(pen->cr, i * 0.045, -0.44);
        cairo_curve_to(pen->cr, i * 0.045 + 0.05 + sway, -0.50, i * 0.045 - 0.05 + sway, -0.56,
                       i * 0.045 + sway, -0.64);
        pen_set(pen, pen_glow(pen, 0xFFFFFF).lit, 0.45);
        cairo_set_line_width(pen->cr, 0.022);
        cairo_set_line_cap(pen->cr, CAIRO_LINE_CAP_ROUND);
        cairo_stroke(pen->cr);
    }
}

static void draw_kettle(const struct pen *pen, look_colour base)
{
    struct paint body = pen_paint(pen, base), dark = pen_paint(pen, 0x2B2830),
                 metal = pen_paint(pen, 0xC9CCD2);
    struct ring pot[] = { { 0, -0.03, 0.205 },
                          { 0, -0.10, 0.225 },
                          { 0, -0.26, 0.200 },
                          { 0, -0.40, 0.145 },
                          { 0, -0.45, 0.115 } };
    struct ring spout[] = { { 0.13, -0.20, 0.050 },
                            { 0.25, -0.28, 0.034 },
                            { 0.31, -0.38, 0.024 },
                            { 0.365, -0.42, 0.020 } };
    struct ring lid[] = { { 0, -0.445, 0.118 }, { 0, -0.485, 0.090 }, { 0, -0.50, 0.03 } };
    struct ring base_plate[] = { { 0, -0.005, 0.200 }, { 0, -0.040, 0.205 } };

    pen_path_open(pen,
                  (const struct point[]){ { -0.12, -0.42 },
                                          { -0.26, -0.46 },
                                          { -0.335, -0.34 },
                                          { -0.29, -0.18 },
                                          { -0.20, -0.14 } },
                  5);
    pen_line(pen, dark.lit, 0.048);
    pen_loft(pen, spout, 4, (struct ends){ -0.5, 0.1 }, body, 0.24);
    pen_loft(pen, base_plate, 2, (struct ends){ 0.15, 0.1 }, dark, 0.2);
    pen_loft(pen, pot, 5, (struct ends){ 0.15, 0.15 }, body, 0.24);
    pen_loft(pen, lid, 3, (struct ends){ 0.1, 0.5 }, metal, 0.24);
    pen_disc(pen, 0, -0.525, 0.030, 0.028, dark, 0.2);
    draw_shine(pen, -0.125, -0.34, -0.14);
}

static void draw_headphones(const struct pen *pen, look_colour base)
{
    struct paint body = pen_paint(pen, base), dark = pen_paint(pen, 0x2B2830),
                 metal = pen_paint(pen, 0xC9CCD2);

    cairo_new_path(pen->cr);
    cairo_arc(pen->cr, 0, -0.36, 0.275, TURN / 2 - 0.05, TURN + 0.05);
    pen_line(pen, body.dark, 0.075);
    cairo_arc(pen->cr, 0, -0.362, 0.285, TURN / 2 - 0.02, TURN + 0.02);
    pen_line(pen, body.lit, 0.050);
    for (int side = -1; side <= 1; side += 2) {
        struct ring cup_shell[] = { { side * 0.30, -0.36, 0.060 },
                                    { side * 0.315, -0.25, 0.088 },
                                    { side * 0.30, -0.13, 0.064 } };
        struct ring pad[] = { { side * 0.235, -0.36, 0.042 },
                              { side * 0.225, -0.25, 0.058 },
                              { side * 0.235, -0.13, 0.042 } };
        pen_bar(pen, side * 0.279, -0.42, side * 0.292, -0.34, 0.016, metal);
        pen_loft(pen, pad, 3, (struct ends){ 1, 1 }, dark, 0.25);
        pen_loft(pen, cup_shell, 3, (struct ends){ 1, 1 }, body, 0.25);
        pen_disc(pen, side * 0.325, -0.25, 0.034, 0.052, metal, 0.2);
    }
}

static void draw_watch(const struct pen *pen, look_colour base)
{
    struct paint strap = pen_paint(pen, base), metal = pen_paint(pen, 0xD8C28A),
                 face = pen_paint(pen, 0xF7F1E4), dark = pen_paint(pen, 0x2B2830);
    struct ring up[] = { { 0, -0.50, 0.118 }, { 0, -0.66, 0.098 }, { 0, -0.80, 0.086 } },
                down[] = { { 0, -0.28, 0.118 }, { 0, -0.13, 0.098 }, { 0, -0.005, 0.086 } };
    double t = pen->moment->seconds, minute = TURN * (0.15 + t / 90), second = TURN * floor(t) / 60;

    pen_loft(pen, up, 3, (struct ends){ 0, 0.3 }, strap, 0.24);
    pen_loft(pen, down, 3, (struct ends){ 0, 0.3 }, strap, 0.24);
    pen_bar(pen, 0.195, -0.39, 0.225, -0.39, 0.022, metal);
    pen_disc(pen, 0, -0.39, 0.200, 0.200, metal, 0.26);
    pen_disc(pen, 0, -0.39, 0.160, 0.160, face, 0.12);
    for (int i = 0; i < 12; i++) {
        double a = TURN * i / 12, in = i % 3 ? 0.132 : 0.118;
        cairo_move_to(pen->cr, sin(a) * in, -0.39 - cos(a) * in);
        cairo_line_to(pen->cr, sin(a) * 0.146, -0.39 - cos(a) * 0.146);
    }
    pen_line(pen, dark.lit, 0.008);
    pen_bar(pen, 0, -0.39, sin(TURN * 0.83) * 0.075, -0.39 - cos(TURN * 0.83) * 0.075, 0.009, dark);
    pen_bar(pen, 0, -0.39, sin(minute) * 0.118, -0.39 - cos(minute) * 0.118, 0.0065, dark);
    cairo_move_to(pen->cr, 0, -0.39);
    cairo_line_to(pen->cr, sin(second) * 0.130, -0.39 - cos(second) * 0.130);
    pen_line(pen, pen_paint(pen, 0xC8452F).lit, 0.006);
}

static void draw_chair(const struct pen *pen, look_colour base)
{
    struct paint wood = pen_paint(pen, 0x9A6A42), cloth = pen_paint(pen, base);
    struct point back[] = { { -0.25, -0.86 }, { 0, -0.90 }, { 0.25, -0.86 },  { 0.27, -0.62 },
                            { 0.21, -0.46 },  { 0, -0.44 }, { -0.21, -0.46 }, { -0.27, -0.62 } };
    struct ring seat[] = { { -0.27, -0.375, 0.045 },
                           { 0, -0.380, 0.058 },
                           { 0.27, -0.375, 0.045 } };

    for (int side = -1; side <= 1; side += 2) {
        pen_bar(pen, side * 0.17, -0.36, side * 0.20, -0.06, 0.016,
                (struct paint){ wood.dark, wood.dark, wood.rim });
        pen_bar(pen, side * 0.19, -0.46, side * 0.20, -0.36, 0.016, wood);
    }
    pen_blob(pen, back, 8, cloth, 0.2);
    for (int side = -1; side <= 1; side += 2)
        pen_bar(pen, side * 0.23, -0.36, side * 0.285, -0.012, 0.018, wood);
    pen_loft(pen, seat, 3, (struct ends){ 1, 1 }, cloth, 0.3);
}

static void draw_phone(const struct pen *pen, look_colour base)
{
    struct pen tilt = pen_enter(pen, 0.02, -0.012, 0.06, 1);
    double t = pen->moment->seconds;
    struct paint glow = pen_glow(pen, colour_mix(base, 0x2A3350, 0.45)),
                 pale = pen_glow(pen, 0xF6EFE2), warm = pen_glow(pen, 0xF2C14E);

    pen_panel(&tilt, -0.175, -0.72, 0.35, 0.71, 0.045, pen_paint(pen, 0x23222A), 0);
    pen_panel(&tilt, -0.155, -0.70, 0.31, 0.67, 0.032, glow, 0);
    pen_panel(&tilt, -0.05, -0.688, 0.10, 0.022, 0.011, pen_paint(pen, 0x23222A), 0);
    pen_panel(&tilt, -0.125, -0.61, 0.25, 0.24, 0.03, pen_glow(pen, colour_scale(base, 1.3)), 0);
    pen_disc(&tilt, 0.03, -0.50, 0.06, 0.06, warm, 0);
    for (int i = 0; i < 3; i++)
        pen_panel(&tilt, -0.125, -0.33 + 0.065 * i, 0.25 - 0.06 * i, 0.026, 0.013, pale, 0);
    pen_panel(&tilt, -0.125, -0.10, 0.25, 0.014, 0.007, pen_glow(pen, colour_scale(base, 0.6)), 0);
    pen_panel(&tilt, -0.125, -0.10, 0.25 * (0.2 + 0.7 * fmod(t / 8, 1)), 0.014, 0.007, warm, 0);
    pen_leave(&tilt);
}

static void draw_book(const struct pen *pen, look_colour base)
{
    struct paint cover = pen_paint(pen, base), pages = pen_paint(pen, 0xF4ECDC);
    struct point side[] = { { 0.22, -0.66 }, { 0.285, -0.63 }, { 0.285, -0.03 }, { 0.22, -0.005 } };

    pen_polygon(pen, side, 4, (struct paint){ pages.dark, pages.dark, pages.rim });
    pen_panel(pen, -0.24, -0.67, 0.47, 0.665, 0.012, cover, 0.12);
    pen_panel(pen, -0.24, -0.67, 0.055, 0.665, 0.010,
              (struct paint){ cover.dark, cover.dark, cover.rim }, 0);
    pen_panel(pen, -0.13, -0.56, 0.30, 0.13, 0.008, pages, 0);
    pen_bar(pen, -0.09, -0.515, 0.13, -0.515, 0.010, cover);
    pen_bar(pen, -0.05, -0.475, 0.09, -0.475, 0.006, cover);
    pen_disc(pen, 0.02, -0.22, 0.085, 0.085, pen_paint(pen, 0xF2C14E), 0.25);
}

static void draw_backpack(const struct pen *pen, look_colour base)
{
    struct paint cloth = pen_paint(pen, base), dark = pen_paint(pen, colour_scale(base, 0.68)),
                 leather = pen_paint(pen, 0x8A5A34);
    struct point bag[] = { { -0.23, -0.01 }, { -0.26, -0.30 }, { -0.23, -0.58 },
                           { -0.12, -0.71 }, { 0.12, -0.71 },  { 0.23, -0.58 },
                           { 0.26, -0.30 },  { 0.23, -0.01 },  { 0, 0.005 } };
    struct point flap[] = { { -0.245, -0.48 }, { -0.20, -0.64 }, { 0, -0.72 },  { 0.20, -0.64 },
                            { 0.245, -0.48 },  { 0.12, -0.40 },  { 0, -0.385 }, { -0.12, -0.40 } };

    cairo_new_path(pen->cr);
    cairo_arc(pen->cr, 0, -0.71, 0.055, TURN / 2, TURN);
    pen_line(pen, leather.lit, 0.024);
    pen_blob(pen, bag, 9, cloth, 0.2);
    pen_panel(pen, -0.17, -0.27, 0.34, 0.22, 0.05, dark, 0.2);
    pen_blob(pen, flap, 8, dark, 0.18);
    for (int side = -1; side <= 1; side += 2) {
        pen_bar(pen, side * 0.105, -0.52, side * 0.105, -0.33, 0.016, leather);
        pen_panel(pen, side * 0.105 - 0.024, -0.355, 0.048, 0.036, 0.008, pen_paint(pen, 0xD8C28A),
                  0.2);
    }
}

static void draw_shoe_product(const struct pen *pen, look_colour base)
{
    struct paint upper = pen_paint(pen, base), sole = pen_paint(pen, 0xF4EFE6),
                 dark = pen_paint(pen, colour_scale(base, 0.6));
    struct point shoe[] = { { -0.36, -0.07 }, { -0.38, -0.24 }, { -0.33, -0.36 }, { -0.22, -0.33 },
                            { -0.10, -0.35 }, { 0.02, -0.30 },  { 0.16, -0.20 },  { 0.34, -0.15 },
                            { 0.43, -0.09 },  { 0.42, -0.05 } };
    struct ring rubber[] = { { -0.37, -0.045, 0.040 },
                             { 0, -0.040, 0.036 },
                             { 0.42, -0.040, 0.034 } };
    struct point swoop[] = {
        { -0.30, -0.13 }, { -0.10, -0.13 }, { 0.10, -0.22 }, { 0.02, -0.26 }, { -0.10, -0.19 }
    };

    pen_patch(pen, shoe, 10, upper, 0.18);
    pen_path_closed(pen, swoop, 5);
    pen_fill(pen, pen_paint(pen, 0xF2C14E).lit);
    for (int i = 0; i < 4; i++)
        pen_bar(pen, -0.07 + 0.055 * i, -0.33 + 0.030 * i, -0.02 + 0.058 * i, -0.255 + 0.026 * i,
                0.009, sole);
    pen_bar(pen, -0.34, -0.34, -0.36, -0.22, 0.016, dark);
    pen_loft(pen, rubber, 3, (struct ends){ 1, 1 }, sole, 0.25);
}

static void draw_box(const struct pen *pen, look_colour base)
{
    struct paint front = pen_paint(pen, base), dark = pen_paint(pen, colour_scale(base, 0.66)),
                 pale = pen_paint(pen, 0xF6EFE2);
    struct point side[] = { { 0.16, -0.60 }, { 0.30, -0.64 }, { 0.30, -0.05 }, { 0.16, 0.0 } };
    struct point top[] = { { -0.26, -0.60 }, { -0.11, -0.65 }, { 0.30, -0.64 }, { 0.16, -0.60 } };

    pen_polygon(pen, side, 4, dark);
    pen_polygon(pen, top, 4, pen_paint(pen, colour_scale(base, 1.25)));
    pen_panel(pen, -0.26, -0.60, 0.42, 0.60, 0.006, front, 0);
    pen_disc(pen, -0.05, -0.36, 0.125, 0.125, pale, 0);
    pen_disc(pen, -0.05, -0.36, 0.070, 0.070, role_paint(pen, ACCENT, base), 0.25);
    pen_bar(pen, -0.16, -0.15, 0.06, -0.15, 0.012, pale);
    pen_bar(pen, -0.12, -0.10, 0.02, -0.10, 0.008, pale);
}

static void draw_camera(const struct pen *pen, look_colour base)
{
    struct paint body = pen_paint(pen, 0x2E2C34), skin = pen_paint(pen, base),
                 metal = pen_paint(pen, 0xC9CCD2);

    pen_panel(pen, -0.10, -0.50, 0.20, 0.12, 0.03, metal, 0.25);
    pen_panel(pen, 0.17, -0.455, 0.10, 0.06, 0.02, body, 0.2);
    pen_panel(pen, -0.33, -0.43, 0.66, 0.42, 0.045, metal, 0.2);
    pen_panel(pen, -0.33, -0.35, 0.66, 0.26, 0, skin, 0.2);
    pen_disc(pen, 0, -0.215, 0.168, 0.168, body, 0.25);
    pen_disc(pen, 0, -0.215, 0.122, 0.122, pen_paint(pen, 0x3F4C6A), 0.3);
    pen_disc(pen, 0, -0.215, 0.060, 0.060, pen_paint(pen, 0x14161F), 0);
    pen_disc(pen, -0.045, -0.26, 0.026, 0.026, pen_glow(pen, 0xEAF2F6), 0);
}

/* ---- names ---- */

struct object {
    const char *words; /* separated by spaces; the first match in the name wins */
    void (*draw)(const struct pen *pen, look_colour base);
    double half_width, height; /* as drawn; every object is then shown equally large */
};

static const struct object objects[] = {
    { "kettle teapot pot", draw_kettle, 0.37, 0.56 },
    { "headphones headphone earbuds headset speaker", draw_headphones, 0.41, 0.72 },
    { "watch clock timepiece", draw_watch, 0.26, 0.83 },
    { "lamp light lantern candle", draw_lamp, 0.25, 0.84 },
    { "chair stool seat sofa armchair", draw_chair, 0.32, 0.92 },
    { "phone smartphone tablet app device screen laptop computer game", draw_phone, 0.24, 0.75 },
    { "book novel notebook magazine album journal", draw_book, 0.30, 0.68 },
    { "backpack bag rucksack luggage purse", draw_backpack, 0.28, 0.79 },
    { "shoe shoes sneaker sneakers trainers boot boots", draw_shoe_product, 0.46, 0.40 },
    { "camera lens", draw_camera, 0.35, 0.51 },
    { "perfume fragrance cologne serum scent", draw_perfume, 0.20, 0.61 },
    { "jar cream honey jam candles balm spread", draw_jar, 0.22, 0.55 },
    { "cup mug coffee tea cocoa espresso", draw_cup, 0.31, 0.66 },
    { "can soda cola beer energy", draw_can, 0.16, 0.62 },
    { "bottle water juice wine shampoo oil sauce drink lotion gin whisky", draw_bottle, 0.17,
      0.87 },
    { "box cereal parcel package kit snack chocolate", draw_box, 0.32, 0.66 },
};

enum { OBJECTS = sizeof objects / sizeof *objects };

/* Whether `name` holds one of `words`, whole, ASCII case ignored. */
static bool names_one_of(const char *name, const char *words)
{
    char word[32];

    while (*name) {
        size_t n = 0;
        while (*name && !isalpha((unsigned char)*name))
            name++;
        for (; isalpha((unsigned char)*name); name++)
            if (n + 1 < sizeof word)
                word[n++] = (char)tolower((unsigned char)*name);
        word[n] = 0;
        for (const char *at = n ? strstr(words, word) : NULL; at; at = strstr(at + 1, word))
            if ((at == words || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
                return true;
    }
    return false;
}

static const struct object *object_of(const struct look_cast *c)
{
    for (int i = 0; i < OBJECTS; i++)
        if (names_one_of(c->name, objects[i].words))
            return &objects[i];
    struct rng r = rng_fork((uint64_t)c->appearance_seed, "object");
    return &objects[OBJECTS - 6 + rng_below(&r, 6)];
}

/* ---- drawing ---- */

/* As large as fits a box 2 * half_width wide and `height` high, standing on y = 0. */
static void draw_object(const struct pen *pen, const struct sitter *s, double half_width,
                        double height)
{
    const struct object *o = object_of(s->cast);
    double fit = fmin(half_width / o->half_width, height / o->height);
    double breathe = 1 + 0.012 * s->moment->beat_pulse * s->moment->energy;
    struct pen own = pen_enter(pen, 0, 0, 0, fit * breathe);

    o->draw(&own, s->cast->garment_colour);
    pen_leave(&own);
}

void product_draw(const struct pen *pen, const struct sitter *s)
{
    if (s->picture)
        picture_product(pen, s->picture, (struct figure_box){ -0.50, -0.92, 1.0, 0.92 });
    else
        draw_object(pen, s, 0.46, 0.88);
}

void product_portrait(const struct pen *pen, const struct sitter *s)
{
    if (s->picture) {
        picture_product(pen, s->picture, (struct figure_box){ -0.62, -0.62, 1.24, 1.24 });
        return;
    }
    struct pen near = pen_enter(pen, 0, 0.58, 0, 1);
    draw_object(&near, s, 0.72, 1.16);
    pen_leave(&near);
}
