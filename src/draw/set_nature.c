/* Open country: what grows, and the ground it grows on. */

#include "draw/set.h"

#include <math.h>

/* Trees side by side along the layer's ground, with gaps. */
static void tree_row(struct painter *p,
                     void (*tree)(struct painter *, double, double, double, double), double y,
                     double size, double gap, double tone)
{
    for (double x = p->left - size; x < p->right + size; x += gap * between(p, 0.6, 1.5))
        tree(p, x, y + between(p, -0.01, 0.02), size * between(p, 0.75, 1.25),
             tone + between(p, -0.05, 0.05));
}

static void far_range(struct painter *p)
{
    ridge(p, 0.02, 0.20, 0.9, 0.6);
    fill_sunk(p, HUE_ROCK, 0.52, 0.60);
}

static void far_hills(struct painter *p)
{
    hills(p, 0.02, 0.10, 0.8);
    fill_sunk(p, HUE_PINE, 0.50, 0.58);
}

/* A trunk that leaves the picture at its top: bark, roots, a lit side. */
static void tall_trunk(struct painter *p, double x, double y, double width, double tone)
{
    double top = p->top - 0.05, lean = between(p, -0.5, 0.5) * width, side = lit_side(p);

    cairo_move_to(p->cr, x - width * 0.42 + lean, top);
    cairo_curve_to(p->cr, x - width * 0.45, y - 0.3, x - width * 0.5, y - 0.1, x - width * 0.95, y);
    cairo_line_to(p->cr, x + width * 0.95, y);
    cairo_curve_to(p->cr, x + width * 0.5, y - 0.1, x + width * 0.45, y - 0.3,
                   x + width * 0.42 + lean, top);
    cairo_close_path(p->cr);
    fill_turned(p, HUE_WOOD, tone, 0.16);
    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    ink_alpha(p, HUE_WOOD, tone - 0.10, 0.7);
    for (int i = 0; i < 9; i++) {
        double at = x + width * between(p, -0.34, 0.34), from = between(p, top, y - 0.1);
        line(p, at, from, at + lean * 0.1, from + between(p, 0.03, 0.12), width * 0.035);
    }
    ink_alpha(p, HUE_WOOD, tone + 0.16, 0.5);
    line(p, x + side * width * 0.36 + lean * 0.8, top, x + side * width * 0.42, y - 0.12,
         width * 0.06);
}

static void forest_far(struct painter *p)
{
    tree_row(p, tree_pine, p->ground + 0.02, 0.42, 0.07, 0.50);
    flat(p, p->ground + 0.01);
    fill_sunk(p, HUE_FOLIAGE, 0.52, 0.46);
}

static void forest_middle(struct painter *p)
{
    double y = p->ground;

    for (double x = p->left; x < p->right; x += between(p, 0.10, 0.24))
        tall_trunk(p, x, y + between(p, -0.01, 0.02), between(p, 0.02, 0.045), 0.36);
    hills(p, y + 0.015, 0.03, 0.5);
    fill_sunk(p, HUE_FOLIAGE, 0.44, 0.36);
    for (int i = 0; i < 16; i++)
        bush(p, between(p, p->left, p->right), y + between(p, -0.005, 0.03), between(p, 0.03, 0.06),
             0.40);
}

static void light_shafts(struct painter *p)
{
    struct colour c =
        p->scene->palette.daylight > 0.4 ? p->scene->palette.sun : p->scene->palette.sky_low;
    double from = lit_side(p) * (p->scene->half_width + 0.25);

    for (int i = 0; i < 7; i++) {
        double x = from * between(p, 0.1, 1.0), reach = between(p, 0.5, 0.9);
        beam(p, x, -0.72, x - lit_side(p) * reach * 0.6, 0.30, between(p, 0.08, 0.22), c, 0.30);
    }
}

static void fern(struct painter *p, double x, double y, double size, double tone)
{
    for (int i = 0; i < 7; i++) {
        leaf(p, x, y, size * between(p, 0.7, 1.0), -M_PI / 2 + (i - 3) * 0.42, size * 0.11);
        fill_turned(p, HUE_FOLIAGE, tone + between(p, -0.04, 0.06), 0.12);
    }
}

static void forest_near(struct painter *p)
{
    double y = p->ground * 0.8, half = p->scene->half_width;

    tall_trunk(p, -free_side(p) * half * 1.02, y + 0.02, 0.075, 0.26);
    tall_trunk(p, free_side(p) * half * between(p, 0.52, 0.75), y, 0.085, 0.24);
    hills(p, y + 0.012, 0.03, 0.6);
    fill_sunk(p, HUE_FOLIAGE, 0.36, 0.22);
    for (int i = 0; i < 22; i++)
        fern(p, between(p, p->left, p->right), y + between(p, -0.004, 0.03), between(p, 0.04, 0.08),
             0.36);
    for (int i = 0; i < 9; i++)
        rock(p, between(p, p->left, p->right), y + between(p, 0.02, 0.10), between(p, 0.012, 0.03),
             0.40);
    grass(p, p->left, p->right, y + 0.16, 0.04, 0.30, 120);
}

static void leaf_frame(struct painter *p)
{
    double side = free_side(p), x = side * p->scene->half_width;

    for (int i = 0; i < 26; i++) {
        double along = between(p, 0, 1), angle = M_PI / 2 + between(p, -0.9, 0.9) + side * 0.5;
        leaf(p, x - side * along * 0.55, -0.54 + along * along * 0.06 + between(p, -0.02, 0.06),
             between(p, 0.09, 0.2), angle, between(p, 0.02, 0.04));
        fill_turned(p, HUE_PINE, 0.10 + between(p, -0.03, 0.04), 0.05);
    }
    for (int i = 0; i < 16; i++) {
        leaf(p, -x + side * between(p, -0.1, 0.3), 0.56, between(p, 0.14, 0.3),
             -M_PI / 2 + between(p, -0.7, 0.7), between(p, 0.02, 0.045));
        fill_turned(p, HUE_PINE, 0.08 + between(p, -0.02, 0.04), 0.05);
    }
}

static void mesa(struct painter *p, double x, double width, double height)
{
    double y = 0.03;

    polygon(p,
            (const struct point[]){ { x - width * 0.75, y + 0.02 },
                                    { x - width * 0.52, y - height * 0.45 },
                                    { x - width * 0.46, y - height * 0.55 },
                                    { x - width * 0.42, y - height },
                                    { x + width * 0.40, y - height * 1.03 },
                                    { x + width * 0.45, y - height * 0.6 },
                                    { x + width * 0.54, y - height * 0.42 },
                                    { x + width * 0.8, y + 0.02 } },
            8);
    fill_turned(p, HUE_BRICK, 0.52, 0.16);
    for (int i = 0; i < 3; i++) {
        double at = y - height * (0.62 + 0.13 * i);
        box(p, x - width * 0.42, at, width * 0.84, height * 0.035);
        ink_alpha(p, HUE_BRICK, 0.40, 0.5);
        cairo_fill(p->cr);
    }
}

static void mesas(struct painter *p)
{
    for (double x = p->left; x < p->right; x += between(p, 0.35, 0.7))
        mesa(p, x, between(p, 0.12, 0.3), between(p, 0.10, 0.24));
    flat(p, 0.03);
    fill_sunk(p, HUE_SAND, 0.66, 0.60);
}

/* A dune: one long curve, a sharp crest, its lee side in shadow. */
static void dune(struct painter *p, double crest_x, double y, double height, double reach,
                 double tone)
{
    double side = lit_side(p), foot = p->bottom + 0.05;

    cairo_move_to(p->cr, crest_x - reach, foot);
    cairo_curve_to(p->cr, crest_x - reach * 0.7, y, crest_x - reach * 0.3, y - height * 0.6,
                   crest_x, y - height);
    cairo_curve_to(p->cr, crest_x + reach * 0.3, y - height * 0.5, crest_x + reach * 0.7, y,
                   crest_x + reach, foot);
    cairo_close_path(p->cr);
    fill_sunk(p, HUE_SAND, tone + 0.05, tone - 0.08);
    cairo_move_to(p->cr, crest_x, y - height);
    cairo_curve_to(p->cr, crest_x - side * reach * 0.3, y - height * 0.5,
                   crest_x - side * reach * 0.7, y, crest_x - side * reach, foot);
    cairo_line_to(p->cr, crest_x - side * reach * 0.06, foot);
    cairo_curve_to(p->cr, crest_x - side * reach * 0.22, y, crest_x + side * reach * 0.05,
                   y - height * 0.4, crest_x, y - height);
    ink_alpha(p, HUE_EARTH, tone - 0.20, 0.42);
    cairo_fill(p->cr);
}

static void dunes_far(struct painter *p)
{
    for (double x = p->left - 0.2; x < p->right + 0.4; x += between(p, 0.3, 0.6))
        dune(p, x, 0.10, between(p, 0.04, 0.12), between(p, 0.5, 0.8), 0.66);
}

static void dunes_near(struct painter *p)
{
    dune(p, free_side(p) * p->scene->half_width * 0.7, 0.20, 0.16, 1.5, 0.62);
    flat(p, p->ground * 0.90);
    fill_sunk(p, HUE_SAND, 0.66, 0.48);
    ink_alpha(p, HUE_EARTH, 0.42, 0.25);
    for (int i = 0; i < 26; i++) {
        double y = p->ground * 0.93 + 0.17 * pow(i / 26.0, 1.4), x = between(p, p->left, p->right),
               w = between(p, 0.1, 0.3);
        cairo_move_to(p->cr, x, y);
        cairo_curve_to(p->cr, x + w * 0.3, y - 0.006, x + w * 0.6, y + 0.008, x + w, y);
        cairo_set_line_width(p->cr, 0.003);
        cairo_stroke(p->cr);
    }
    for (int i = -1; i <= 1; i += 2)
        cactus(p, i * p->scene->half_width * between(p, 0.62, 0.92), p->ground * 0.93,
               p->adult * between(p, 0.8, 1.5), 0.36);
    for (int i = 0; i < 6; i++)
        rock(p, between(p, p->left, p->right), p->ground * 1.12, between(p, 0.01, 0.035), 0.48);
}

static void stone_frame(struct painter *p)
{
    double side = free_side(p), x = side * p->scene->half_width;

    for (int i = 0; i < 4; i++)
        rock(p, x - side * (0.04 + 0.11 * i), 0.60, between(p, 0.10, 0.18) * (1 - 0.16 * i), 0.14);
    grass(p, fmin(x, x - side * 0.5), fmax(x, x - side * 0.5), 0.52, 0.13, 0.14, 26);
}

/* A peak with snow running down its gullies. */
static void peak(struct painter *p, double x, double y, double height, double reach, double tone,
                 bool snow)
{
    double side = lit_side(p), lean = between(p, -0.15, 0.15) * reach;
    struct point tip = { x + lean, y - height };

    polygon(p,
            (const struct point[]){ { x - reach, y },
                                    { x - reach * 0.45 + lean, y - height * 0.52 },
                                    tip,
                                    { x + reach * 0.4 + lean, y - height * 0.55 },
                                    { x + reach, y } },
            5);
    ink(p, HUE_ROCK, tone + 0.05);
    cairo_fill(p->cr);
    polygon(p,
            (const struct point[]){ tip,
                                    { tip.x - side * reach * 0.1, y - height * 0.6 },
                                    { tip.x + side * reach * 0.08, y - height * 0.35 },
                                    { tip.x - side * reach * 0.12, y },
                                    { x - side * reach, y },
                                    { x - side * reach * 0.43 + lean, y - height * 0.53 } },
            6);
    ink(p, HUE_ROCK, tone - 0.12);
    cairo_fill(p->cr);
    if (!snow)
        return;
    polygon(p,
            (const struct point[]){ tip,
                                    { tip.x + reach * 0.17, y - height * 0.74 },
                                    { tip.x + reach * 0.10, y - height * 0.70 },
                                    { tip.x + reach * 0.06, y - height * 0.60 },
                                    { tip.x - reach * 0.01, y - height * 0.72 },
                                    { tip.x - reach * 0.07, y - height * 0.62 },
                                    { tip.x - reach * 0.12, y - height * 0.72 },
                                    { tip.x - reach * 0.19, y - height * 0.73 } },
            8);
    fill_turned(p, HUE_SNOW, 0.92, 0.20);
}

static void peaks_far(struct painter *p)
{
    for (double x = p->left - 0.2; x < p->right + 0.3; x += between(p, 0.16, 0.30))
        peak(p, x, 0.08, between(p, 0.18, 0.34), between(p, 0.18, 0.30), 0.54, true);
}

static void peaks_near(struct painter *p)
{
    for (double x = p->left - 0.2; x < p->right + 0.4; x += between(p, 0.42, 0.75))
        peak(p, x, 0.12, between(p, 0.22, 0.44), between(p, 0.34, 0.5), 0.42, true);
    hills(p, 0.10, 0.05, 0.5);
    fill_sunk(p, HUE_PINE, 0.42, 0.40);
}

static void alp_forest(struct painter *p)
{
    hills(p, p->ground + 0.01, 0.05, 0.9);
    fill_sunk(p, HUE_PINE, 0.36, 0.34);
    tree_row(p, tree_pine, p->ground + 0.03, 0.13, 0.05, 0.34);
}

static void meadow(struct painter *p)
{
    double y = p->ground * 0.82;

    hills(p, y + 0.01, 0.035, 1.1);
    fill_sunk(p, HUE_FOLIAGE, 0.52, 0.34);
    for (int i = 0; i < 9; i++)
        rock(p, between(p, p->left, p->right), y + between(p, 0.01, 0.1), between(p, 0.015, 0.045),
             0.52);
    grass(p, p->left, p->right, y + 0.13, 0.045, 0.44, 160);
    for (int i = 0; i < 26; i++)
        flower(p, between(p, p->left, p->right), y + between(p, 0.03, 0.15),
               between(p, 0.006, 0.012), i % 2 ? HUE_ACCENT : HUE_ACCENT2);
}

static void field_far(struct painter *p)
{
    hills(p, 0.03, 0.07, 1.0);
    fill_sunk(p, HUE_FOLIAGE, 0.56, 0.60);
    tree_row(p, tree_poplar, 0.03, 0.11, 0.22, 0.42);
    tree_row(p, tree_round, 0.035, 0.07, 0.30, 0.46);
}

static void barn(struct painter *p, double x, double y, double size)
{
    double half = size * 0.55;

    box(p, x - half, y - size * 0.55, half * 2, size * 0.55);
    fill_turned(p, HUE_ACCENT, 0.48, 0.14);
    polygon(p,
            (const struct point[]){ { x - half * 1.1, y - size * 0.53 },
                                    { x - half * 0.75, y - size * 0.85 },
                                    { x, y - size },
                                    { x + half * 0.75, y - size * 0.85 },
                                    { x + half * 1.1, y - size * 0.53 } },
            5);
    fill_turned(p, HUE_METAL, 0.36, 0.16);
    box(p, x - half * 0.28, y - size * 0.34, half * 0.56, size * 0.34);
    ink(p, HUE_WOOD, 0.18);
    cairo_fill(p->cr);
    box(p, x - half * 0.14, y - size * 0.72, half * 0.28, size * 0.14);
    if (is_dark(p))
        fill_shining(p, p->scene->palette.lamp, 1);
    else
        ink(p, HUE_WOOD, 0.2);
    cairo_fill(p->cr);
}

/* Furrows that run to one point on the horizon: the oldest perspective there is. */
static void furrows(struct painter *p)
{
    double y = 0.045, vanish = -0.01, low = p->bottom + 0.05,
           spread = (low - vanish) / (y - vanish);

    flat(p, y);
    fill_sunk(p, HUE_STRAW, 0.66, 0.52);
    for (int i = -30; i <= 30; i += 1) {
        double x0 = i * 0.062, x1 = x0 + 0.028;
        polygon(p,
                (const struct point[]){
                    { x0, y }, { x1, y }, { x1 * spread, low }, { x0 * spread, low } },
                4);
    }
    fill_sunk(p, HUE_EARTH, 0.54, 0.36);
    barn(p, free_side(p) * p->scene->half_width * between(p, 0.4, 0.7), y + 0.012, 0.16);
}

static void wheat(struct painter *p, double x, double y, double size, double tone)
{
    double lean = size * between(p, -0.12, 0.2), top = y - size;

    ink(p, HUE_STRAW, tone);
    line(p, x, y, x + lean, top, size * 0.022);
    for (int i = 0; i < 5; i++) {
        double at = top + i * size * 0.055;
        leaf(p, x + lean, at, size * 0.11, -M_PI / 2 + (i % 2 ? 0.5 : -0.5), size * 0.025);
        ink(p, HUE_STRAW, tone + 0.06);
        cairo_fill(p->cr);
    }
}

static void wheat_near(struct painter *p)
{
    hills(p, p->ground * 0.92, 0.012, 0.7);
    fill_sunk(p, HUE_STRAW, 0.56, 0.36);
    for (double x = p->left; x < p->right; x += 0.014)
        wheat(p, x + between(p, -0.006, 0.006), p->ground * between(p, 0.96, 1.15),
              between(p, 0.05, 0.09), between(p, 0.46, 0.68));
}

static void wheat_frame(struct painter *p)
{
    double half = p->scene->half_width;

    for (int i = 0; i < 34; i++) {
        double x = between(p, -1.1, 1.1),
               keep = fabs(x * half - p->scene->framing.hero_x) < 0.22 ? 0.35 : 1;
        wheat(p, x * half, 0.60, between(p, 0.18, 0.34) * keep, between(p, 0.14, 0.30));
    }
}

static void hedge(struct painter *p)
{
    double y = p->ground;

    tree_row(p, tree_round, y, 0.34, 0.26, 0.44);
    for (double x = p->left; x < p->right; x += 0.05)
        bush(p, x, y + 0.02, between(p, 0.035, 0.05), 0.40);
    flat(p, y + 0.01);
    fill_sunk(p, HUE_FOLIAGE, 0.54, 0.48);
}

/* Roses on an arch, the garden's gate. */
static void arch(struct painter *p, double x, double y, double size)
{
    double half = size * 0.42;

    ink(p, HUE_WOOD, 0.84);
    cairo_set_line_width(p->cr, size * 0.035);
    for (int i = 0; i < 2; i++) {
        double w = half * (1 - 0.16 * i);
        cairo_move_to(p->cr, x - w, y);
        cairo_line_to(p->cr, x - w, y - size * 0.62);
        cairo_curve_to(p->cr, x - w, y - size * 1.1, x + w, y - size * 1.1, x + w, y - size * 0.62);
        cairo_line_to(p->cr, x + w, y);
        cairo_stroke(p->cr);
    }
    for (int i = 0; i < 60; i++) {
        double t = between(p, 0, 1), angle = M_PI * (1.12 - 1.24 * t);
        double ax = x + cos(angle) * half,
               ay = y - size * 0.6 - fmax(-0.5, sin(angle)) * size * 0.36;
        leaf(p, ax + between(p, -0.02, 0.02), ay + between(p, -0.02, 0.02), size * 0.09,
             between(p, 0, 6.28), size * 0.03);
        ink(p, HUE_FOLIAGE, between(p, 0.32, 0.5));
        cairo_fill(p->cr);
        if (i % 3 == 0)
            flower(p, ax, ay, size * 0.032, i % 2 ? HUE_ACCENT : HUE_ACCENT2);
    }
}

static void flower_beds(struct painter *p)
{
    double y = p->ground * 0.78, half = p->scene->half_width;

    flat(p, y);
    fill_sunk(p, HUE_FOLIAGE, 0.56, 0.40);
    polygon(p,
            (const struct point[]){ { -0.05, y },
                                    { 0.05, y },
                                    { half * 0.9, p->bottom + 0.05 },
                                    { -half * 0.9, p->bottom + 0.05 } },
            4);
    fill_sunk(p, HUE_SAND, 0.74, 0.62);
    arch(p, free_side(p) * half * 0.45, y + 0.02, p->adult * 1.5);
    for (int side = -1; side <= 1; side += 2)
        for (int row = 0; row < 4; row++)
            for (int i = 0; i < 16; i++) {
                double t = row / 3.0, x = side * (0.12 + 0.2 * t + i * 0.07 * (0.6 + 0.6 * t)),
                       at = y + 0.015 + 0.035 * row + between(p, -0.006, 0.006);
                grass(p, x - 0.02, x + 0.02, at, 0.045, 0.38, 2);
                flower(p, x + between(p, -0.015, 0.015), at - between(p, 0.02, 0.045),
                       between(p, 0.008, 0.014), row % 2 ? HUE_ACCENT : HUE_ACCENT2);
            }
}

static void flower_frame(struct painter *p)
{
    double side = free_side(p), half = p->scene->half_width;

    for (int i = 0; i < 12; i++) {
        double x = side * half - side * between(p, -0.05, 0.45), y = 0.5 - between(p, 0.02, 0.18);
        ink(p, HUE_PINE, 0.16);
        line(p, x, 0.6, x, y, 0.006);
        leaf(p, x, y + 0.07, 0.1, -M_PI / 2 + between(p, -1.2, 1.2), 0.022);
        cairo_fill(p->cr);
        flower(p, x, y, between(p, 0.026, 0.046), i % 2 ? HUE_ACCENT : HUE_ACCENT2);
    }
}

static void snow_hills(struct painter *p)
{
    hills(p, 0.05, 0.10, 1.2);
    fill_sunk(p, HUE_SNOW, 0.84, 0.76);
    tree_row(p, tree_pine, 0.045, 0.13, 0.09, 0.46);
    hills(p, 0.07, 0.03, 0.7);
    fill_sunk(p, HUE_SNOW, 0.86, 0.80);
}

static void snowy_pine(struct painter *p, double x, double y, double size)
{
    tree_pine(p, x, y, size, 0.32);
    for (int i = 0; i < 4; i++) {
        double share = i / 4.0, half = size * 0.16 * (1 - share * 0.78),
               foot = y - size * (0.17 + 0.70 * share);
        blob(p, x + lit_side(p) * half * 0.45, foot - size * 0.02, half * 0.7, size * 0.025, 0.1);
        ink_alpha(p, HUE_SNOW, 0.94, 0.9);
        cairo_fill(p->cr);
    }
}

static void cabin(struct painter *p, double x, double y, double size)
{
    box(p, x - size * 0.5, y - size * 0.5, size, size * 0.5);
    fill_turned(p, HUE_WOOD, 0.34, 0.12);
    polygon(p,
            (const struct point[]){ { x - size * 0.65, y - size * 0.45 },
                                    { x, y - size },
                                    { x + size * 0.65, y - size * 0.45 } },
            3);
    fill_turned(p, HUE_SNOW, 0.92, 0.14);
    for (int i = -1; i <= 1; i += 2) {
        box(p, x + i * size * 0.24 - size * 0.1, y - size * 0.36, size * 0.2, size * 0.2);
        fill_shining(p, p->scene->palette.lamp, 1);
        glow(p, x + i * size * 0.24, y - size * 0.26, size * 0.7, p->scene->palette.lamp,
             is_dark(p) ? 0.6 : 0.2);
    }
}

static void snow_middle(struct painter *p)
{
    hills(p, p->ground, 0.05, 1.3);
    fill_sunk(p, HUE_SNOW, 0.90, 0.80);
    cabin(p, free_side(p) * p->scene->half_width * between(p, 0.4, 0.65), p->ground - 0.01, 0.17);
    for (int i = 0; i < 7; i++)
        snowy_pine(p, between(p, p->left, p->right), p->ground + between(p, 0.0, 0.03),
                   between(p, 0.16, 0.3));
}

static void snow_near(struct painter *p)
{
    hills(p, p->ground * 0.92, 0.03, 1.6);
    fill_sunk(p, HUE_SNOW, 0.96, 0.80);
    ink_alpha(p, HUE_WATER, 0.5, 0.16);
    for (int i = 0; i < 14; i++) {
        double x = between(p, p->left, p->right), y = p->ground * between(p, 0.96, 1.45);
        oval(p, x, y, between(p, 0.05, 0.16), 0.004);
        cairo_fill(p->cr);
    }
}

static void snow_frame(struct painter *p)
{
    double side = free_side(p), x = side * p->scene->half_width;

    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    for (int i = 0; i < 5; i++) {
        double y = -0.52 + 0.05 * i, reach = between(p, 0.2, 0.5);
        ink(p, HUE_WOOD, 0.12);
        line(p, x + side * 0.05, y, x - side * reach, y + 0.09, 0.010);
        ink(p, HUE_SNOW, 0.95);
        line(p, x + side * 0.05, y - 0.008, x - side * reach * 0.9, y + 0.074, 0.008);
    }
}

const struct set sets_nature[] = {
    { PLACE_FOREST, .air = 1.1,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.22, forest_far, .mist = 0.6 },
                  { 0.45, forest_middle, .mist = 0.4 },
                  { 0.60, light_shafts, .lights = PULSE_BREATHE, .only_lights = true, .soft = true,
                    .bare = true },
                  { 0.88, forest_near },
                  { 1.5, leaf_frame } } },
    { PLACE_DESERT, .air = 1,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.05, clouds, .drift = 0.004 },
                  { 0.18, mesas, .mist = 0.6 },
                  { 0.40, dunes_far, .mist = 0.3 },
                  { 0.85, dunes_near },
                  { 1.5, stone_frame } } },
    { PLACE_MOUNTAINS, .air = 1.1,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.05, clouds, .drift = 0.005 },
                  { 0.12, peaks_far, .mist = 0.7 },
                  { 0.28, peaks_near, .mist = 0.55 },
                  { 0.48, alp_forest, .mist = 0.4 },
                  { 0.88, meadow },
                  { 1.5, stone_frame } } },
    { PLACE_FIELD, .air = 1,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.05, clouds, .drift = 0.006 },
                  { 0.12, far_hills, .mist = 0.5 },
                  { 0.26, field_far, .mist = 0.45 },
                  { 0.60, furrows, .lights = PULSE_STEADY },
                  { 0.92, wheat_near },
                  { 1.4, wheat_frame } } },
    { PLACE_GARDEN, .air = 0.8,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.05, clouds, .drift = 0.004 },
                  { 0.14, far_hills, .mist = 0.5 },
                  { 0.42, hedge, .mist = 0.3 },
                  { 0.86, flower_beds },
                  { 1.5, flower_frame } } },
    { PLACE_SNOW_FIELD, .air = 1.1,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.05, clouds, .drift = 0.004 },
                  { 0.12, far_range, .mist = 0.7 },
                  { 0.26, snow_hills, .mist = 0.5 },
                  { 0.55, snow_middle, .lights = PULSE_FLICKER, .mist = 0.2 },
                  { 0.92, snow_near },
                  { 1.5, snow_frame } } },
    { PLACE_NOT_SET },
};
