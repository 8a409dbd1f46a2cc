/* What grows, lies and drifts about. */

#include "draw/brush.h"

#include <math.h>

static void trunk(struct painter *p, double x, double y, double height, double width, double tone)
{
    smooth(p,
           (const struct point[]){ { x - width, y },
                                   { x - width * 0.5, y - height * 0.4 },
                                   { x - width * 0.4, y - height },
                                   { x + width * 0.4, y - height },
                                   { x + width * 0.5, y - height * 0.4 },
                                   { x + width, y } },
           6, true);
    fill_turned(p, HUE_WOOD, tone * 0.7, 0.12);
}

/* A crown is a dark mass with lighter clumps towards the light. */
void tree_round(struct painter *p, double x, double y, double size, double tone)
{
    double crown = size * between(p, 0.30, 0.38), top = y - size * 0.66, side = lit_side(p);

    trunk(p, x, y, size * 0.55, size * 0.035, tone);
    for (int i = 0; i < 5; i++) {
        double angle = M_PI * (0.1 + 0.2 * i) + between(p, -0.15, 0.15);
        blob(p, x - cos(angle) * crown * 0.62, top - sin(angle) * crown * 0.42, crown * 0.62,
             crown * 0.56, 0.08);
        fill_turned(p, HUE_FOLIAGE, tone - 0.07, 0.06);
    }
    blob(p, x, top, crown * 0.9, crown * 0.75, 0.06);
    fill_turned(p, HUE_FOLIAGE, tone, 0.14);
    for (int i = 0; i < 4; i++) {
        double dx = side * crown * between(p, 0.0, 0.5), dy = -crown * between(p, 0.05, 0.6);
        blob(p, x + dx, top + dy, crown * between(p, 0.2, 0.34), crown * between(p, 0.14, 0.22),
             0.12);
        ink_alpha(p, HUE_FOLIAGE, tone + 0.10, 0.75);
        cairo_fill(p->cr);
    }
}

void tree_pine(struct painter *p, double x, double y, double size, double tone)
{
    int tiers = 4;

    trunk(p, x, y, size * 0.3, size * 0.025, tone);
    for (int i = 0; i < tiers; i++) {
        double share = (double)i / tiers, half = size * 0.23 * (1 - share * 0.78);
        double foot = y - size * (0.12 + 0.70 * share),
               tip = foot - size * 0.34 * (1 - share * 0.3);
        cairo_move_to(p->cr, x, tip);
        cairo_curve_to(p->cr, x + half * 0.25, foot - size * 0.1, x + half * 0.6,
                       foot - size * 0.03, x + half, foot);
        cairo_curve_to(p->cr, x + half * 0.4, foot + size * 0.03, x - half * 0.4,
                       foot + size * 0.03, x - half, foot);
        cairo_curve_to(p->cr, x - half * 0.6, foot - size * 0.03, x - half * 0.25,
                       foot - size * 0.1, x, tip);
        fill_turned(p, HUE_PINE, tone + 0.03 * i, 0.12);
    }
}

static void branch(struct painter *p, double x, double y, double length, double angle, double width,
                   int depth)
{
    double tip_x = x + length * cos(angle), tip_y = y + length * sin(angle);

    line(p, x, y, tip_x, tip_y, width);
    if (depth == 0)
        return;
    for (int i = -1; i <= 1; i++)
        if (i != 0 || depth % 2 == 0)
            branch(p, tip_x, tip_y, length * between(p, 0.6, 0.78),
                   angle + i * between(p, 0.3, 0.6), width * 0.62, depth - 1);
}

void tree_bare(struct painter *p, double x, double y, double size, double tone)
{
    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    ink(p, HUE_WOOD, tone * 0.6);
    branch(p, x, y, size * 0.32, -M_PI / 2 + between(p, -0.08, 0.08), size * 0.05, 5);
}

void leaf(struct painter *p, double x, double y, double length, double angle, double width)
{
    cairo_save(p->cr);
    cairo_translate(p->cr, x, y);
    cairo_rotate(p->cr, angle);
    cairo_move_to(p->cr, 0, 0);
    cairo_curve_to(p->cr, length * 0.25, -width, length * 0.7, -width * 0.8, length, 0);
    cairo_curve_to(p->cr, length * 0.7, width * 0.5, length * 0.25, width * 0.6, 0, 0);
    cairo_close_path(p->cr);
    cairo_restore(p->cr);
}

static void frond(struct painter *p, double x, double y, double length, double side, double lift)
{
    cairo_move_to(p->cr, x, y);
    cairo_curve_to(p->cr, x + side * length * 0.35, y - length * lift, x + side * length * 0.8,
                   y - length * lift * 0.6, x + side * length, y + length * (0.45 - lift * 0.4));
    cairo_curve_to(p->cr, x + side * length * 0.75, y - length * lift * 0.2,
                   x + side * length * 0.4, y - length * (lift - 0.28), x, y);
    cairo_close_path(p->cr);
}

void tree_palm(struct painter *p, double x, double y, double size, double tone)
{
    double lean = between(p, -0.14, 0.14) * size, top_x = x + lean, top_y = y - size * 0.8;

    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    cairo_move_to(p->cr, x, y);
    cairo_curve_to(p->cr, x, y - size * 0.3, x + lean * 0.4, y - size * 0.6, top_x, top_y);
    ink(p, HUE_WOOD, tone * 0.75);
    cairo_set_line_width(p->cr, size * 0.035);
    cairo_stroke(p->cr);
    for (int i = 0; i < 9; i++) {
        double side = i % 2 ? 1 : -1;
        frond(p, top_x, top_y, size * between(p, 0.28, 0.4), side * (0.35 + 0.65 * (i / 8.0)),
              0.15 + 0.09 * (8 - i) / 2);
        fill_turned(p, HUE_FOLIAGE, tone + 0.02 * (i % 3), 0.1);
    }
}

void tree_poplar(struct painter *p, double x, double y, double size, double tone)
{
    double half = size * 0.1;

    trunk(p, x, y, size * 0.2, size * 0.018, tone);
    smooth(p,
           (const struct point[]){ { x, y - size },
                                   { x + half * 0.8, y - size * 0.62 },
                                   { x + half, y - size * 0.3 },
                                   { x, y - size * 0.1 },
                                   { x - half, y - size * 0.3 },
                                   { x - half * 0.8, y - size * 0.62 } },
           6, true);
    fill_turned(p, HUE_PINE, tone, 0.2);
}

void bush(struct painter *p, double x, double y, double size, double tone)
{
    for (int i = 0; i < 3; i++) {
        blob(p, x + (i - 1) * size * 0.62, y - size * (i == 1 ? 0.42 : 0.26), size * 0.55,
             size * (i == 1 ? 0.6 : 0.45), 0.1);
        fill_turned(p, HUE_FOLIAGE, tone + (i == 1 ? 0.03 : -0.03), 0.13);
    }
}

void cactus(struct painter *p, double x, double y, double size, double tone)
{
    double width = size * 0.15;

    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(p->cr, CAIRO_LINE_JOIN_ROUND);
    ink(p, HUE_PINE, tone);
    line(p, x, y, x, y - size, width);
    for (int side = -1; side <= 1; side += 2) {
        double at = y - size * between(p, 0.35, 0.6), up = at - size * between(p, 0.2, 0.32);
        cairo_move_to(p->cr, x, at);
        cairo_line_to(p->cr, x + side * size * 0.24, at);
        cairo_line_to(p->cr, x + side * size * 0.24, up);
        cairo_set_line_width(p->cr, width * 0.75);
        cairo_stroke(p->cr);
    }
    ink_alpha(p, HUE_PINE, tone + 0.12, 0.6);
    line(p, x + lit_side(p) * width * 0.22, y - size * 0.05, x + lit_side(p) * width * 0.22,
         y - size, width * 0.14);
}

void grass(struct painter *p, double x0, double x1, double y, double size, double tone, int count)
{
    for (int i = 0; i < count; i++) {
        double x = between(p, x0, x1), tall = size * between(p, 0.5, 1.1),
               lean = tall * between(p, -0.35, 0.35);
        double thick = size * 0.05;
        cairo_move_to(p->cr, x - thick, y + size * 0.1);
        cairo_curve_to(p->cr, x - thick, y - tall * 0.5, x + lean * 0.4, y - tall * 0.8, x + lean,
                       y - tall);
        cairo_curve_to(p->cr, x + lean * 0.5 + thick, y - tall * 0.6, x + thick, y - tall * 0.4,
                       x + thick, y + size * 0.1);
        ink(p, i % 4 ? HUE_FOLIAGE : HUE_STRAW, tone + between(p, -0.07, 0.09));
        cairo_fill(p->cr);
    }
}

void flower(struct painter *p, double x, double y, double size, enum hue hue)
{
    int petals = 5 + below(p, 3);
    double turn = between(p, 0, 2);

    for (int i = 0; i < petals; i++) {
        double angle = turn + 2 * M_PI * i / petals;
        oval(p, x + cos(angle) * size * 0.5, y + sin(angle) * size * 0.42, size * 0.36,
             size * 0.32);
    }
    ink(p, hue, 0.58);
    cairo_fill(p->cr);
    oval(p, x, y, size * 0.26, size * 0.24);
    ink(p, hue == HUE_ACCENT2 ? HUE_ACCENT : HUE_ACCENT2, 0.6);
    cairo_fill(p->cr);
}

void rock(struct painter *p, double x, double y, double size, double tone)
{
    double a = between(p, 0.6, 0.9), b = between(p, 0.7, 1.0), side = lit_side(p);

    polygon(p,
            (const struct point[]){ { x - size, y },
                                    { x - size * 0.75, y - size * a * 0.7 },
                                    { x - size * 0.2, y - size * b },
                                    { x + size * 0.4, y - size * a * 0.85 },
                                    { x + size * 0.9, y - size * 0.35 },
                                    { x + size, y } },
            6);
    fill_turned(p, HUE_ROCK, tone, 0.14);
    polygon(p,
            (const struct point[]){ { x - size * 0.2, y - size * b },
                                    { x + size * 0.4, y - size * a * 0.85 },
                                    { x + side * size * 0.2, y - size * 0.4 } },
            3);
    ink_alpha(p, HUE_ROCK, tone + 0.14, 0.7);
    cairo_fill(p->cr);
}

void plant_pot(struct painter *p, double x, double y, double size)
{
    for (int i = 0; i < 7; i++) {
        leaf(p, x, y - size * 0.3, size * between(p, 0.45, 0.75), -M_PI / 2 + (i - 3) * 0.36,
             size * 0.11);
        fill_turned(p, HUE_FOLIAGE, 0.36 + 0.05 * (i % 3), 0.14);
    }
    polygon(p,
            (const struct point[]){ { x - size * 0.2, y - size * 0.34 },
                                    { x + size * 0.2, y - size * 0.34 },
                                    { x + size * 0.15, y },
                                    { x - size * 0.15, y } },
            4);
    fill_turned(p, HUE_BRICK, 0.55, 0.16);
}

/* A flat base, a heaped top: the shape clouds have when cut from paper. */
void cloud(struct painter *p, double x, double y, double width, double tone, double alpha)
{
    int heaps = 4 + below(p, 3);
    double half = width / 2;

    cairo_save(p->cr);
    box(p, x - width * 0.65, y - width * 0.45, width * 1.3, width * 0.5);
    cairo_clip(p->cr);             /* or the group would be as large as the sheet */
    cairo_push_group(p->cr);
    box_round(p, x - half, y - width * 0.07, width, width * 0.07, width * 0.034);
    ink(p, HUE_NONE, tone);
    cairo_fill(p->cr);
    for (int i = 0; i < heaps; i++) {
        double share = (i + 0.5) / heaps, bulge = sin(M_PI * share);
        double radius = width * (0.05 + 0.1 * bulge) * between(p, 0.85, 1.25);
        cairo_new_sub_path(p->cr);
        cairo_arc(p->cr, x - half + width * (0.1 + 0.8 * share), y - width * 0.035 - radius * 0.45,
                  radius, 0, 2 * M_PI);
    }
    fill_sunk(p, HUE_NONE, tone + 0.05, tone - 0.04);
    cairo_pop_group_to_source(p->cr);
    cairo_set_operator(p->cr, CAIRO_OPERATOR_OVER);
    cairo_paint_with_alpha(p->cr, alpha);
    cairo_restore(p->cr);
}
