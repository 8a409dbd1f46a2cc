/* Away from the ground: space, the sky, and pure shapes. */

#include "draw/set.h"

#include <math.h>

static void void_of_space(struct painter *p)
{
    const struct palette *c = &p->scene->palette;
    enum hue clouds_of[] = { HUE_ACCENT, HUE_WATER, HUE_ACCENT2, HUE_CLOTH };

    box(p, p->left, p->top, p->right - p->left, p->bottom - p->top);
    fill_sunk(p, HUE_NONE, 0.0, 0.07);
    for (int i = 0; i < 9; i++)
        glow_wide(p, between(p, p->left, p->right), between(p, p->top, p->bottom),
                  between(p, 0.2, 0.5), between(p, 0.08, 0.24),
                  palette_plain(c, clouds_of[i % 4], 0.4), 0.42);
    for (int i = 0; i < 420; i++) {
        double size = 0.0008 + 0.003 * pow(between(p, 0, 1), 5);
        oval(p, between(p, p->left, p->right), between(p, p->top, p->bottom), size, size);
        ink_colour(p, i % 5 ? (struct colour){ 1, 0.98, 0.94 } : c->neon[1], between(p, 0.3, 1));
        cairo_fill(p->cr);
    }
}

static void star_glints(struct painter *p)
{
    for (int i = 0; i < 16; i++) {
        double x = between(p, p->left, p->right), y = between(p, p->top, p->bottom),
               size = between(p, 0.008, 0.026);
        for (int arm = 0; arm < 2; arm++) {
            leaf(p, x - (arm ? 0 : size), y - (arm ? size : 0), size * 2, arm ? M_PI / 2 : 0,
                 size * 0.10);
            fill_shining(p, (struct colour){ 1, 1, 0.97 }, 0.9);
        }
        glow(p, x, y, size * 1.6, p->scene->palette.neon[i & 1], 0.5);
    }
}

static void planet(struct painter *p, double x, double y, double size, enum hue hue, bool ring)
{
    double side = lit_side(p);

    glow(p, x, y, size * 1.7, palette_plain(&p->scene->palette, hue, 0.6), 0.45);
    cairo_save(p->cr);
    oval(p, x, y, size, size);
    cairo_clip(p->cr);
    box(p, x - size, y - size, size * 2, size * 2);
    ink(p, hue, 0.5);
    cairo_fill(p->cr);
    for (int i = 0; i < 7; i++) {
        double at = y - size + 2 * size * (i + between(p, 0, 0.7)) / 7,
               tall = size * between(p, 0.06, 0.2);
        blob(p, x + between(p, -0.4, 0.4) * size, at, size * 1.4, tall, 0.12);
        ink_alpha(p, hue, 0.5 + (i % 2 ? 0.12 : -0.12), 0.8);
        cairo_fill(p->cr);
    }
    /* the night side */
    oval(p, x + side * size * 0.45, y - size * 0.25, size * 1.12, size * 1.12);
    box(p, x - size * 2, y - size * 2, size * 4, size * 4);
    cairo_set_fill_rule(p->cr, CAIRO_FILL_RULE_EVEN_ODD);
    ink_alpha(p, HUE_NONE, 0.0, 0.62);
    cairo_fill(p->cr);
    cairo_restore(p->cr);
    if (!ring)
        return;
    cairo_save(p->cr);
    cairo_translate(p->cr, x, y);
    cairo_rotate(p->cr, -0.32);
    cairo_scale(p->cr, 1, 0.24);
    for (int i = 0; i < 3; i++) {
        cairo_new_sub_path(p->cr);
        cairo_arc(p->cr, 0, 0, size * (1.45 + 0.18 * i), -0.18 * M_PI, 1.18 * M_PI);
        ink(p, i % 2 ? HUE_NONE : HUE_ACCENT2, 0.7);
        cairo_set_line_width(p->cr, size * 0.10);
        cairo_stroke(p->cr);
    }
    cairo_restore(p->cr);
}

static void planets(struct painter *p)
{
    double half = p->scene->half_width, side = free_side(p);

    planet(p, side * half * 0.5, -0.22, 0.17, chance(p, 0.5) ? HUE_ACCENT : HUE_CLOTH, true);
    planet(p, -side * half * 0.82, -0.42, 0.05, HUE_WATER, false);
    planet(p, -side * half * 0.35, -0.50, 0.022, HUE_ACCENT2, false);
}

static void moon_ground(struct painter *p)
{
    double y = p->ground * 0.84;

    ridge(p, y, 0.09, 0.7, 0.5);
    fill_sunk(p, HUE_ROCK, 0.34, 0.26);
    hills(p, y + 0.05, 0.05, 1.1);
    fill_sunk(p, HUE_ROCK, 0.48, 0.24);
    for (int i = 0; i < 12; i++) {
        double x = between(p, p->left, p->right), at = y + between(p, 0.05, 0.24),
               r = between(p, 0.02, 0.07) * (0.5 + at);
        oval(p, x, at, r, r * 0.24);
        ink(p, HUE_ROCK, 0.22);
        cairo_fill(p->cr);
        oval(p, x - lit_side(p) * r * 0.08, at + r * 0.05, r * 0.92, r * 0.2);
        ink(p, HUE_ROCK, 0.36);
        cairo_fill(p->cr);
    }
}

static void asteroids(struct painter *p)
{
    double side = free_side(p), x = side * p->scene->half_width;

    for (int i = 0; i < 5; i++) {
        blob(p, x - side * between(p, -0.05, 0.35), between(p, -0.55, 0.5), between(p, 0.03, 0.10),
             between(p, 0.025, 0.07), 0.22);
        fill_turned(p, HUE_ROCK, 0.16, 0.14);
    }
}

static void cloud_floor(struct painter *p)
{
    for (int row = 0; row < 3; row++)
        for (double x = p->left - 0.3; x < p->right + 0.4; x += between(p, 0.16, 0.34)) {
            double y = 0.10 + 0.10 * row + between(p, -0.03, 0.03), size = between(p, 0.10, 0.19);
            blob(p, x, y + size * 0.7, size * 1.3, size, 0.08);
            fill_sunk(p, HUE_SNOW, 0.97 - 0.05 * row, 0.72 - 0.06 * row);
        }
    flat(p, 0.44);
    fill_sunk(p, HUE_SNOW, 0.76, 0.7);
}

static void high_clouds(struct painter *p)
{
    for (double x = p->left; x < p->right; x += between(p, 0.22, 0.5))
        cloud(p, x, between(p, -0.42, 0.08), between(p, 0.2, 0.5), is_dark(p) ? 0.5 : 0.9, 0.9);
}

static void balloon(struct painter *p, double x, double y, double size, enum hue hue)
{
    for (int i = -2; i <= 2; i++) {
        double left = (i - 0.5) * size * 0.26, right = (i + 0.5) * size * 0.26;
        cairo_move_to(p->cr, x, y - size);
        cairo_curve_to(p->cr, x + left * 1.35, y - size, x + left * 1.25, y - size * 0.32,
                       x + left * 0.3, y);
        cairo_line_to(p->cr, x + right * 0.3, y);
        cairo_curve_to(p->cr, x + right * 1.25, y - size * 0.32, x + right * 1.35, y - size, x,
                       y - size);
        ink(p, i % 2 ? HUE_NONE : hue, i % 2 ? 0.92 : 0.52);
        cairo_fill(p->cr);
    }
    ink(p, HUE_WOOD, 0.2);
    line(p, x - size * 0.14, y, x - size * 0.08, y + size * 0.2, size * 0.012);
    line(p, x + size * 0.14, y, x + size * 0.08, y + size * 0.2, size * 0.012);
    box_round(p, x - size * 0.1, y + size * 0.2, size * 0.2, size * 0.14, size * 0.03);
    fill_turned(p, HUE_WOOD, 0.4, 0.16);
}

static void balloons(struct painter *p)
{
    double half = p->scene->half_width, side = free_side(p);

    balloon(p, side * half * 0.6, -0.10, 0.20, HUE_ACCENT);
    balloon(p, -side * half * 0.75, -0.28, 0.10, HUE_ACCENT2);
    balloon(p, side * half * 0.15, -0.36, 0.06, HUE_WATER);
    ink(p, HUE_NONE, 0.25);
    for (int i = 0; i < 5; i++) {      /* birds */
        double x = -side * half * 0.3 + 0.05 * i * side, y = -0.16 - 0.02 * fabs(i - 2.0),
               w = 0.016;
        cairo_set_line_width(p->cr, 0.003);
        cairo_move_to(p->cr, x - w, y - w * 0.5);
        cairo_curve_to(p->cr, x - w * 0.4, y - w * 0.8, x, y, x, y);
        cairo_curve_to(p->cr, x, y, x + w * 0.4, y - w * 0.8, x + w, y - w * 0.5);
        cairo_stroke(p->cr);
    }
}

static void cloud_frame(struct painter *p)
{
    double side = free_side(p), x = side * p->scene->half_width;

    cloud(p, x - side * 0.05, 0.56, 0.8, 0.9, 0.85);
    cloud(p, -x, 0.60, 0.5, 0.86, 0.8);
}

static void colour_field(struct painter *p)
{
    box(p, p->left, p->top, p->right - p->left, p->bottom - p->top);
    fill_turned(p, HUE_NONE, 0.80, 0.20);
}

static enum hue abstract_hue(struct painter *p)
{
    static const enum hue hues[] = { HUE_ACCENT, HUE_ACCENT2, HUE_NONE, HUE_WATER, HUE_CLOTH };
    return hues[below(p, 5)];
}

static void big_shapes(struct painter *p)
{
    double half = p->scene->half_width;

    for (int i = 0; i < 5; i++) {
        double x = between(p, -1, 1) * half, y = between(p, -0.4, 0.3),
               size = between(p, 0.14, 0.34);
        enum hue hue = abstract_hue(p);
        double tone = hue == HUE_NONE ? between(p, 0.1, 0.5) : between(p, 0.42, 0.62);
        switch (i % 3) {
        case 0:  oval(p, x, y, size, size); break;
        case 1:  blob(p, x, y, size * 1.2, size * 0.8, 0.16); break;
        default: cairo_new_sub_path(p->cr);
                 cairo_arc(p->cr, x, y, size, M_PI, 2 * M_PI);
                 cairo_close_path(p->cr);
                 break;
        }
        fill_turned(p, hue, tone, 0.16);
    }
}

static void ribbons(struct painter *p)
{
    for (int i = 0; i < 4; i++) {
        double y = between(p, -0.3, 0.3), a = between(p, -0.3, 0.3), thick = between(p, 0.03, 0.09);
        enum hue hue = abstract_hue(p);
        cairo_move_to(p->cr, p->left, y);
        cairo_curve_to(p->cr, -0.3, y + a, 0.3, y - a, p->right, y + a * 0.4);
        cairo_line_to(p->cr, p->right, y + a * 0.4 + thick);
        cairo_curve_to(p->cr, 0.3, y - a + thick, -0.3, y + a + thick, p->left, y + thick);
        cairo_close_path(p->cr);
        fill_turned(p, hue, hue == HUE_NONE ? 0.24 : 0.5, 0.24);
    }
}

static void rings(struct painter *p)
{
    double x = p->scene->framing.hero_x;

    for (int i = 0; i < 6; i++) {
        double r = 0.12 + 0.085 * i;
        oval(p, x, -0.06, r, r);
        oval(p, x, -0.06, r - 0.012, r - 0.012);
        cairo_set_fill_rule(p->cr, CAIRO_FILL_RULE_EVEN_ODD);
        fill_shining(p, p->scene->palette.neon[i & 1], 0.85);
    }
    cairo_set_fill_rule(p->cr, CAIRO_FILL_RULE_WINDING);
    glow(p, x, -0.06, 0.5, p->scene->palette.neon[1], 0.4);
}

static void abstract_ground(struct painter *p)
{
    hills(p, p->ground * 0.98, 0.03, 1.7);
    fill_turned(p, HUE_NONE, 0.24, 0.10);
}

static void confetti_shapes(struct painter *p)
{
    double side = free_side(p), x = side * p->scene->half_width;

    for (int i = 0; i < 10; i++) {
        double at = x - side * between(p, -0.02, 0.3), y = between(p, -0.5, 0.5),
               size = between(p, 0.015, 0.05);
        if (i % 2)
            oval(p, at, y, size, size);
        else
            polygon(p,
                    (const struct point[]){
                        { at - size, y + size }, { at + size, y + size * 0.4 }, { at, y - size } },
                    3);
        fill_turned(p, abstract_hue(p), 0.4, 0.16);
    }
}

const struct set sets_beyond[] = {
    { PLACE_SPACE, .floating = true, .indoors = true, .air = 0,
      .layers = { { 0.00, void_of_space, .bare = true },
                  { 0.02, star_glints, .lights = PULSE_BEAT, .only_lights = true, .bare = true },
                  { 0.14, planets, .lights = PULSE_BREATHE },
                  { 0.80, moon_ground },
                  { 1.5, asteroids } } },
    { PLACE_SKY, .floating = true, .air = 1,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.08, high_clouds, .drift = 0.008 },
                  { 0.30, balloons },
                  { 0.60, cloud_floor, .mist = 0.4, .drift = 0.012 },
                  { 1.5, cloud_frame } } },
    { PLACE_ABSTRACT, .indoors = true, .air = 0.1,
      .layers = { { 0.00, colour_field, .bare = true },
                  { 0.20, big_shapes },
                  { 0.38, rings, .lights = PULSE_BEAT, .only_lights = true, .bare = true },
                  { 0.55, ribbons },
                  { 0.90, abstract_ground },
                  { 1.5, confetti_shapes } } },
    { PLACE_NOT_SET },
};
