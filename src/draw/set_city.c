/*
 * The city. Streets are dioramas: blocks on both sides at several depths leave a canyon towards the
 * vanishing point, so that a push-in walks down the street and a dolly opens it.
 */

#include "draw/set.h"

#include <math.h>

static const enum hue wall_hues[] = { HUE_BRICK, HUE_CONCRETE, HUE_NONE,
                                      HUE_CLOTH, HUE_BRICK,    HUE_SAND };

/* Half the width of the street where the hero stands. */
static double street_half(const struct painter *p)
{
    return 0.24 + 0.86 * p->scene->half_width;
}

static struct facade a_house(struct painter *p, double x, double width, double floors, double tone)
{
    return (struct facade){
        .x = x,
        .base = p->ground,
        .width = width,
        .height = floors * p->adult * 1.7,
        .hue = wall_hues[below(p, 6)],
        .tone = tone + between(p, -0.07, 0.07),
        .storey = p->adult * 1.7,
        .lit = 0.42,
        .kind = below(p, 4),
    };
}

/* Outwards from the canyon on both sides, so that its edges are where they should be. */
static void canyon(struct painter *p, double floors_low, double floors_high, double tone)
{
    double gap = street_half(p) * p->depth, width = p->adult * 5;

    for (double x = gap; x < p->right + width;) {
        double w = width * between(p, 0.7, 1.3);
        struct facade f = a_house(p, x, w, between(p, floors_low, floors_high), tone);
        building(p, &f);
        x += w;
    }
    for (double x = -gap; x > p->left - width;) {
        double w = width * between(p, 0.7, 1.3);
        struct facade f = a_house(p, x - w, w, between(p, floors_low, floors_high), tone);
        building(p, &f);
        x -= w;
    }
}

/* The far city: heights as the eye sees them, highest about the middle. */
static void towers(struct painter *p)
{
    double middle = between(p, -0.4, 0.4) * p->scene->half_width;

    for (double x = p->left - 0.1; x < p->right + 0.1;) {
        double w = between(p, 0.035, 0.10), near = exp(-pow((x - middle) / 0.45, 2));
        struct facade f = { x,
                            p->ground,
                            w,
                            between(p, 0.07, 0.17) + near * between(p, 0.04, 0.30),
                            wall_hues[below(p, 6)],
                            0.52 + between(p, -0.06, 0.06),
                            0.024,
                            0.4,
                            below(p, 3) };
        building(p, &f);
        x += w * between(p, 0.98, 1.25);
    }
    flat(p, p->ground - 0.005);
    ink(p, HUE_CONCRETE, 0.5);
    cairo_fill(p->cr);
}

static void block_far(struct painter *p)
{
    canyon(p, 5, 11, 0.46);
}

static void shop(struct painter *p, double x, double width)
{
    double floor = p->adult * 1.75, y = p->ground;
    bool dark = is_dark(p);

    box(p, x, y - floor, width, floor);
    ink(p, HUE_NONE, 0.14);
    cairo_fill(p->cr);
    box(p, x + width * 0.06, y - floor * 0.72, width * 0.56, floor * 0.55);
    if (dark)
        fill_shining(p, p->scene->palette.lamp, 0.9);
    else
        fill_sunk(p, HUE_GLASS, 0.72, 0.5);
    box(p, x + width * 0.7, y - floor * 0.7, width * 0.22, floor * 0.7);
    ink(p, HUE_WOOD, 0.36);
    cairo_fill(p->cr);
    if (dark)
        glow_wide(p, x + width * 0.34, y, width * 0.6, floor * 0.5, p->scene->palette.lamp, 0.4);
    awning(p, x + width * 0.02, y - floor * 0.86, width * 0.66, floor * 0.18,
           chance(p, 0.5) ? HUE_ACCENT : HUE_ACCENT2);
}

static void block_near(struct painter *p)
{
    double gap = street_half(p) * p->depth, width = p->adult * 4.4;

    canyon(p, 4, 7, 0.38);
    for (int side = -1; side <= 1; side += 2)
        for (int i = 0; i < 4; i++) {
            double x = side > 0 ? gap + i * width : -gap - (i + 1) * width;
            shop(p, x + width * 0.05, width * 0.9);
            sign(p, side > 0 ? x - p->adult * 0.1 : x + width - p->adult * 0.5,
                 p->ground - p->adult * between(p, 3.2, 4.2), p->adult * 0.6,
                 p->adult * between(p, 1.2, 2.0), p->scene->palette.neon[i & 1]);
        }
}

static void crossing(struct painter *p, double y, double tall, double half)
{
    for (int i = -6; i <= 6; i++) {
        double x = i * half / 5.5, w = half / 13;
        polygon(p,
                (const struct point[]){ { x - w, y },
                                        { x + w, y },
                                        { (x + w) * 1.22, y + tall },
                                        { (x - w) * 1.22, y + tall } },
                4);
    }
    ink_alpha(p, HUE_NONE, 0.86, 0.75);
    cairo_fill(p->cr);
}

static void street_floor(struct painter *p)
{
    double half = street_half(p), y = 0.012, deep = p->bottom + 0.05, out = deep / GROUND * half;

    flat(p, y);
    fill_sunk(p, HUE_CONCRETE, 0.46, 0.40);
    polygon(
        p,
        (const struct point[]){
            { -half * 0.04, y }, { half * 0.04, y }, { out * 0.72, deep }, { -out * 0.72, deep } },
        4);
    fill_sunk(p, HUE_NONE, 0.30, 0.16);
    for (int i = 0; i < 5; i++) {
        double a = y + 0.008 + deep * pow(i / 5.0, 2.2), b = a + 0.006 + 0.05 * pow(i / 4.0, 2);
        polygon(p,
                (const struct point[]){
                    { -a * 0.025, a }, { a * 0.025, a }, { b * 0.025, b }, { -b * 0.025, b } },
                4);
    }
    ink_alpha(p, HUE_ACCENT2, 0.6, 0.9);
    cairo_fill(p->cr);
    crossing(p, 0.30, 0.045, half * 0.8);
    if (p->scene->look.weather == WEATHER_RAIN || is_dark(p))
        for (int i = 0; i < 9; i++) {
            double x = between(p, -half, half);
            glow_wide(p, x, between(p, 0.14, 0.36), between(p, 0.05, 0.16), 0.016,
                      p->scene->palette.neon[i & 1], 0.5);
        }
}

static void street_props(struct painter *p)
{
    double edge = street_half(p) * 0.70;

    lamp_post(p, edge, p->ground * 0.92, p->adult * 2.5);
    lamp_post(p, -edge * 1.04, p->ground * 0.92, p->adult * 2.5);
    if (chance(p, 0.6))
        tree_round(p, -edge * 0.86, p->ground * 0.9, p->adult * 1.9, 0.4);
    if (chance(p, 0.7))
        parked_car(p, edge * 0.95, p->ground * 0.96, p->adult * 2.3,
                   chance(p, 0.5) ? HUE_ACCENT : HUE_WATER, 0.42);
}

/* Three lamps, one of them lit: which one is up to the scene. */
static void traffic_light(struct painter *p, double x, double y, double width, double height)
{
    int lit = below(p, 2) * 2;

    box_round(p, x, y, width, height, width * 0.2);
    ink(p, HUE_METAL, 0.08);
    cairo_fill(p->cr);
    for (int i = 0; i < 3; i++) {
        double middle_x = x + width / 2, middle_y = y + height * (0.19 + 0.31 * i),
               radius = fmin(width * 0.30, height * 0.13);
        oval(p, middle_x, middle_y, radius, radius);
        if (i == lit) {
            struct colour c = lit ? p->scene->palette.neon[1]
                                  : palette_plain(&p->scene->palette, HUE_ACCENT2, 0.6);
            fill_shining(p, c, 1);
            glow(p, middle_x, middle_y, radius * 3, c, 0.5);
        } else {
            ink(p, HUE_METAL, 0.17);
            cairo_fill(p->cr);
        }
    }
}

static void street_frame(struct painter *p)
{
    double side = free_side(p), edge = p->scene->half_width * side,
           size = fmin(1, 0.2 + p->scene->half_width);

    box(p, edge - side * 0.045 - 0.02, p->top, 0.04, p->bottom - p->top);
    ink(p, HUE_METAL, 0.07);
    cairo_fill(p->cr);
    traffic_light(p, edge - side * (0.065 + 0.075 * size) - 0.05 * size, -0.42, 0.10 * size,
                  0.24 * size);
    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    ink(p, HUE_METAL, 0.05);
    cable(p, p->left, -0.47, p->right, -0.40, 0.06, 0.004);
    cable(p, p->left, -0.43, p->right, -0.46, 0.08, 0.003);
}

static void alley_wall(struct painter *p, int side)
{
    double gap = (0.10 + 0.40 * p->scene->half_width) * (0.35 + p->depth),
           far = side * (p->scene->half_width + 1.5);
    double storey = p->adult * 1.8, tone = 0.16 + 0.34 * (1 - p->depth);

    polygon(p,
            (const struct point[]){ { side * gap, p->top - 0.1 },
                                    { far, p->top - 0.1 },
                                    { far, p->ground + 0.4 },
                                    { side * gap, p->ground } },
            4);
    fill_turned(p, HUE_BRICK, tone, 0.14);
    ink_alpha(p, HUE_BRICK, tone - 0.08, 0.5);
    for (double y = p->ground; y > p->top; y -= p->adult * 0.14)
        line(p, side * gap, y, far, y + 0.02, 0.0025);
    for (double y = p->ground - storey; y > p->top - storey; y -= storey) {
        double x = side * (gap + p->adult * 0.5), w = side * p->adult * 0.8;
        box(p, fmin(x, x + w), y - storey * 0.35, fabs(w), storey * 0.5);
        if (is_dark(p) && chance(p, 0.4))
            fill_shining(p, p->scene->palette.lamp, 0.85);
        else
            fill_turned(p, HUE_GLASS, tone + 0.02, 0.1);
        cairo_fill(p->cr);
    }
}

static void fire_escape(struct painter *p, double x, double width)
{
    double storey = p->adult * 1.8;

    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_BUTT);
    ink(p, HUE_METAL, 0.08);
    for (double y = p->ground - storey; y > p->top; y -= storey) {
        box(p, x, y, width, p->adult * 0.05);
        cairo_fill(p->cr);
        line(p, x, y - p->adult * 0.4, x + width, y - p->adult * 0.4, p->adult * 0.02);
        for (int i = 0; i <= 6; i++)
            line(p, x + width * i / 6, y, x + width * i / 6, y - p->adult * 0.4, p->adult * 0.014);
        line(p, x + width * 0.1, y, x + width * 0.8, y + storey, p->adult * 0.035);
    }
}

static void alley_deep(struct painter *p)
{
    alley_wall(p, -1);
    alley_wall(p, 1);
    ink(p, HUE_METAL, 0.3);
    for (int i = 0; i < 3; i++)
        cable(p, p->left, -0.3 - 0.1 * i, p->right, -0.28 - 0.12 * i, 0.06, 0.003);
}

static void alley_near(struct painter *p)
{
    double gap = (0.10 + 0.40 * p->scene->half_width) * (0.35 + p->depth);

    alley_wall(p, -1);
    alley_wall(p, 1);
    fire_escape(p, gap - p->adult * 0.3, p->adult * 1.2);
    sign(p, -gap - p->adult * 0.05, p->ground - p->adult * 2.5, p->adult * 0.45, p->adult * 1.3,
         p->scene->palette.neon[0]);
    sign(p, gap - p->adult * 0.55, p->ground - p->adult * 2.0, p->adult * 0.5, p->adult * 0.7,
         p->scene->palette.neon[1]);
    for (int i = 0; i < 3; i++)
        crate(p, -gap - p->adult * (0.1 + 0.45 * i), p->ground + 0.02, p->adult * 0.5);
}

static void alley_floor(struct painter *p)
{
    flat(p, 0.03);
    fill_sunk(p, HUE_CONCRETE, 0.34, 0.14);
    for (int i = 0; i < 7; i++) {
        double y = between(p, 0.12, 0.36), x = between(p, -0.6, 0.6) * p->scene->half_width,
               w = between(p, 0.06, 0.2);
        blob(p, x, y, w, w * 0.12, 0.1);
        ink_colour(p, p->scene->palette.sky_low, 0.45);
        cairo_fill(p->cr);
        glow_wide(p, x, y, w, w * 0.16, p->scene->palette.neon[i & 1], 0.5);
    }
}

static void alley_laundry(struct painter *p)
{
    double y = -0.40;

    ink(p, HUE_METAL, 0.05);
    cable(p, p->left, y, p->right, y + 0.03, 0.07, 0.003);
    for (int i = 0; i < 6; i++) {
        double x = p->left + (p->right - p->left) * (i + 0.5) / 6 + between(p, -0.05, 0.05),
               w = between(p, 0.05, 0.09);
        box_round(p, x, y + 0.045, w, w * between(p, 1.0, 1.6), 0.008);
        fill_turned(p, i % 3 == 0 ? HUE_ACCENT : i % 3 == 1 ? HUE_CLOTH : HUE_NONE, 0.3, 0.1);
    }
}

static void low_city(struct painter *p)
{
    for (double x = p->left - 0.1; x < p->right + 0.1;) {
        double w = between(p, 0.10, 0.22);
        struct facade f = { x,
                            0.5,
                            w,
                            0.5 + between(p, -0.10, 0.12),
                            wall_hues[below(p, 6)],
                            0.36 + between(p, -0.06, 0.06),
                            0.05,
                            0.4,
                            below(p, 4) };
        building(p, &f);
        x += w;
    }
}

static void antenna(struct painter *p, double x, double y, double size)
{
    ink(p, HUE_METAL, 0.12);
    line(p, x, y, x, y - size, size * 0.03);
    for (int i = 0; i < 4; i++)
        line(p, x - size * (0.22 - 0.03 * i), y - size * (0.6 + 0.12 * i),
             x + size * (0.22 - 0.03 * i), y - size * (0.6 + 0.12 * i), size * 0.02);
}

static void water_tower(struct painter *p, double x, double y, double size)
{
    ink(p, HUE_WOOD, 0.16);
    for (int i = -1; i <= 1; i++)
        line(p, x + i * size * 0.26, y, x + i * size * 0.2, y - size * 0.42, size * 0.04);
    line(p, x - size * 0.26, y, x + size * 0.2, y - size * 0.42, size * 0.02);
    box(p, x - size * 0.3, y - size * 0.9, size * 0.6, size * 0.5);
    fill_turned(p, HUE_WOOD, 0.34, 0.2);
    polygon(p,
            (const struct point[]){ { x - size * 0.34, y - size * 0.88 },
                                    { x + size * 0.34, y - size * 0.88 },
                                    { x, y - size * 1.12 } },
            3);
    fill_turned(p, HUE_METAL, 0.26, 0.2);
}

static void roof_deck(struct painter *p)
{
    double y = p->ground * 0.62, side = free_side(p), half = p->scene->half_width;

    water_tower(p, side * half * 0.72, y, p->adult * 2.0);
    antenna(p, -side * half * 0.9, y, p->adult * 1.1);
    box(p, -side * half * 0.66 - 0.12, y - p->adult * 0.5, 0.24, p->adult * 0.5);
    fill_turned(p, HUE_METAL, 0.36, 0.14);
    box(p, p->left - 0.1, y - p->adult * 0.22, p->right - p->left + 0.2, p->adult * 0.24);
    fill_sunk(p, HUE_BRICK, 0.36, 0.26);
    box(p, p->left - 0.1, y - p->adult * 0.26, p->right - p->left + 0.2, p->adult * 0.06);
    ink(p, HUE_CONCRETE, 0.56);
    cairo_fill(p->cr);
    flat(p, y);
    fill_sunk(p, HUE_CONCRETE, 0.34, 0.24);
    ink_alpha(p, HUE_CONCRETE, 0.18, 0.5);
    for (int i = -9; i <= 9; i++)
        line(p, i * 0.16, y, i * 0.34, p->bottom + 0.1, 0.003);
}

static void roof_lights(struct painter *p)
{
    double y = -0.26;

    ink(p, HUE_METAL, 0.05);
    cable(p, p->left, y, p->right, y - 0.05, 0.12, 0.003);
    for (int i = 1; i < 16; i++) {
        double t = i / 16.0, x = p->left + (p->right - p->left) * t,
               at = y - 0.05 * t + 0.36 * t * (1 - t);
        oval(p, x, at + 0.012, 0.008, 0.010);
        fill_shining(p, p->scene->palette.lamp, 1);
        glow(p, x, at + 0.012, 0.06, p->scene->palette.lamp, 0.55);
    }
}

static void river(struct painter *p)
{
    const struct palette *c = &p->scene->palette;

    flat(p, 0.015);
    fill_sunk(p, HUE_WATER, 0.5, 0.26);
    for (int i = 0; i < 70; i++) {
        double t = between(p, 0, 1), y = 0.02 + t * t * 0.36,
               w = between(p, 0.02, 0.14) * (0.4 + t);
        box_round(p, between(p, p->left, p->right), y, w, 0.002 + 0.004 * t, 0.001);
        ink_colour(p, i % 3 ? c->sky_low : c->sun, 0.35);
        cairo_fill(p->cr);
    }
    if (is_dark(p))
        for (int i = 0; i < 26; i++)
            glow_wide(p, between(p, p->left, p->right), between(p, 0.03, 0.16), 0.012,
                      between(p, 0.02, 0.09), i % 3 ? c->lamp : c->neon[i & 1], 0.8);
}

static void skyline_mid(struct painter *p)
{
    for (double x = p->left - 0.1; x < p->right + 0.1;) {
        double w = between(p, 0.05, 0.13),
               near = 1 - fmin(1, fabs(x) / (p->scene->half_width + 0.2));
        struct facade f = { x,
                            0.03,
                            w,
                            between(p, 0.08, 0.16) + near * between(p, 0.05, 0.3),
                            wall_hues[below(p, 6)],
                            0.36 + between(p, -0.06, 0.06),
                            0.026,
                            0.5,
                            below(p, 3) };
        building(p, &f);
        if (f.height > 0.3)
            antenna(p, x + w / 2, 0.03 - f.height, 0.07);
        x += w * between(p, 1.0, 1.3);
    }
}

static void promenade(struct painter *p)
{
    double y = p->ground * 0.84;

    ink(p, HUE_METAL, 0.10);
    for (double x = p->left - 0.1; x < p->right + 0.1; x += 0.09)
        line(p, x, y, x, y - p->adult * 0.5, 0.006);
    line(p, p->left, y - p->adult * 0.5, p->right, y - p->adult * 0.5, 0.012);
    line(p, p->left, y - p->adult * 0.28, p->right, y - p->adult * 0.28, 0.005);
    flat(p, y);
    fill_sunk(p, HUE_CONCRETE, 0.34, 0.2);
    for (int i = -2; i <= 2; i++)
        if (i)
            lamp_post(p, i * 0.62 + between(p, -0.06, 0.06), y, p->adult * 1.9);
}

static void span_cables(struct painter *p)
{
    double half = p->scene->half_width, tower = half * 0.62, top = -0.46, deck = p->ground * 0.55;

    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_BUTT);
    for (int side = -1; side <= 1; side += 2)
        for (int i = 1; i <= 22; i++) {
            double x = side * tower + (i - 11.5) * 0.075, t = fabs(x - side * tower) / 0.9;
            ink(p, HUE_METAL, 0.3);
            line(p, x, deck, x, top + 0.52 * fmin(1, t * t + t * 0.25), 0.0022);
        }
    for (int side = -1; side <= 1; side += 2) {
        double x = side * tower;
        ink(p, HUE_BRICK, 0.30);
        cable(p, x, top, x + 1.3, deck - 0.02, 0.12, 0.010);
        cable(p, x, top, x - 1.3, deck - 0.02, 0.12, 0.010);
        for (int leg = -1; leg <= 1; leg += 2) {
            polygon(p,
                    (const struct point[]){ { x + leg * 0.035 - 0.014, top - 0.03 },
                                            { x + leg * 0.035 + 0.014, top - 0.03 },
                                            { x + leg * 0.055 + 0.02, 0.6 },
                                            { x + leg * 0.055 - 0.02, 0.6 } },
                    4);
            fill_turned(p, HUE_BRICK, 0.40, 0.16);
        }
        for (int i = 0; i < 4; i++) {
            box(p, x - 0.045, top + i * 0.15, 0.09, 0.022);
            ink(p, HUE_BRICK, 0.34);
            cairo_fill(p->cr);
        }
        oval(p, x, top - 0.045, 0.007, 0.007);
        fill_shining(p, p->scene->palette.neon[0], 1);
        glow(p, x, top - 0.045, 0.07, p->scene->palette.neon[0], 0.6);
    }
}

static void bridge_deck(struct painter *p)
{
    double y = p->ground * 0.58, rail = p->adult * 0.46;

    ink(p, HUE_BRICK, 0.26);
    for (double x = p->left - 0.1; x < p->right + 0.1; x += 0.11) {
        line(p, x, y, x, y - rail, 0.007);
        line(p, x, y, x + 0.11, y - rail, 0.004);
    }
    line(p, p->left - 0.1, y - rail, p->right + 0.1, y - rail, 0.016);
    flat(p, y);
    fill_sunk(p, HUE_CONCRETE, 0.40, 0.22);
    ink_alpha(p, HUE_WOOD, 0.2, 0.6);
    for (int i = -14; i <= 14; i++)
        line(p, i * 0.1, y, i * 0.24, p->bottom + 0.1, 0.003);
    for (int i = -2; i <= 2; i++)
        if (i)
            lamp_post(p, i * 0.58, y, p->adult * 1.7);
}

static void bridge_frame(struct painter *p)
{
    double side = free_side(p), x = side * p->scene->half_width;

    for (int i = 0; i < 3; i++) {
        ink(p, HUE_METAL, 0.05);
        line(p, x - side * (0.02 + 0.05 * i), p->top, x - side * (0.16 + 0.05 * i), p->bottom,
             0.008);
    }
}

static void stall(struct painter *p, double x, double width)
{
    double y = p->ground, counter = p->adult * 0.55, roof = p->adult * 1.55;
    enum hue hue = chance(p, 0.5) ? HUE_ACCENT : chance(p, 0.5) ? HUE_ACCENT2 : HUE_WATER;

    box(p, x + width * 0.05, y - roof, width * 0.9, roof);
    ink(p, HUE_NONE, 0.16);
    cairo_fill(p->cr);
    if (is_dark(p)) {
        box(p, x + width * 0.05, y - roof, width * 0.9, roof - counter);
        fill_shining(p,
                     colour_between(p->scene->palette.lamp,
                                    palette_surface(&p->scene->palette, HUE_WOOD, 0.3), 0.35),
                     0.8);
    }
    for (int i = 0; i < 7; i++) {
        double at = x + width * (0.12 + 0.125 * i);
        line(p, at, y - roof, at, y - roof * 0.84, 0.002);
        oval(p, at, y - roof * 0.80, p->adult * 0.06, p->adult * between(p, 0.07, 0.13));
        ink(p, i % 2 ? HUE_STRAW : HUE_CLOTH, between(p, 0.35, 0.6));
        cairo_fill(p->cr);
    }
    ink(p, HUE_WOOD, 0.2);
    line(p, x + width * 0.04, y, x + width * 0.04, y - roof, p->adult * 0.04);
    line(p, x + width * 0.96, y, x + width * 0.96, y - roof, p->adult * 0.04);
    box(p, x, y - counter, width, counter);
    fill_sunk(p, HUE_WOOD, 0.46, 0.3);
    for (int i = 0; i < 3; i++)
        crate(p, x + width * (0.04 + 0.32 * i), y - counter + p->adult * 0.02, width * 0.28);
    awning(p, x - width * 0.06, y - roof - p->adult * 0.2, width * 1.12, p->adult * 0.3, hue);
}

static void stalls(struct painter *p)
{
    double width = p->adult * 2.3, side = p->scene->framing.hero_x > 0 ? 1 : -1;

    for (double x = p->left - width; x < p->right + width; x += width * between(p, 1.12, 1.3))
        stall(p, x + side * 0.02, width);
}

static void lanterns(struct painter *p)
{
    for (int rope = 0; rope < 2; rope++) {
        double y0 = -0.50 + 0.12 * rope, y1 = -0.44 + 0.06 * rope, sag = 0.10;
        ink(p, HUE_METAL, 0.08);
        cable(p, p->left, y0, p->right, y1, sag, 0.003);
        for (int i = 1; i < 9; i++) {
            double t = i / 9.0, x = p->left + (p->right - p->left) * t,
                   y = y0 + (y1 - y0) * t + 3 * sag * t * (1 - t);
            struct colour c = i % 3 ? p->scene->palette.neon[rope] : p->scene->palette.lamp;
            oval(p, x, y + 0.036, 0.026, 0.032);
            fill_shining(p, c, 1);
            box(p, x - 0.008, y + 0.002, 0.016, 0.006);
            box(p, x - 0.008, y + 0.066, 0.016, 0.006);
            ink(p, HUE_NONE, 0.12);
            cairo_fill(p->cr);
            glow(p, x, y + 0.036, 0.13, c, is_dark(p) ? 0.55 : 0.2);
        }
    }
}

static void market_floor(struct painter *p)
{
    flat(p, 0.05);
    fill_sunk(p, HUE_SAND, 0.5, 0.34);
    ink_alpha(p, HUE_SAND, 0.3, 0.4);
    for (int row = 0; row < 9; row++) {
        double y = 0.06 + 0.34 * pow(row / 8.0, 1.6), w = 0.05 + 0.12 * row / 8.0;
        for (double x = p->left + (row & 1) * w / 2; x < p->right; x += w)
            line(p, x, y, x, y + 0.02 + 0.03 * row / 8.0, 0.003);
        line(p, p->left, y, p->right, y, 0.003);
    }
}

const struct set sets_city[] = {
    { PLACE_CITY_STREET, .air = 1,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.04, clouds, .drift = 0.004 },
                  { 0.16, towers, .lights = PULSE_BREATHE, .mist = 0.7 },
                  { 0.34, block_far, .lights = PULSE_STEADY, .mist = 0.45 },
                  { 0.52, street_floor, .lights = PULSE_BEAT, .bare = true },
                  { 0.66, block_near, .lights = PULSE_BEAT, .mist = 0.2 },
                  { 0.90, street_props, .lights = PULSE_STEADY },
                  { 1.6, street_frame, .lights = PULSE_EVEN } } },
    { PLACE_ALLEY, .air = 0.9,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.14, towers, .lights = PULSE_STEADY, .mist = 0.7 },
                  { 0.30, alley_deep, .lights = PULSE_STEADY, .mist = 0.6 },
                  { 0.5, alley_floor, .lights = PULSE_BEAT, .bare = true },
                  { 0.55, alley_deep, .lights = PULSE_STEADY, .mist = 0.25 },
                  { 0.82, alley_near, .lights = PULSE_BEAT },
                  { 1.5, alley_laundry } } },
    { PLACE_ROOFTOP, .air = 1,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.04, clouds, .drift = 0.004 },
                  { 0.12, towers, .lights = PULSE_BREATHE, .mist = 0.6 },
                  { 0.36, low_city, .lights = PULSE_STEADY, .mist = 0.5 },
                  { 0.85, roof_deck, .bare = false },
                  { 1.45, roof_lights, .lights = PULSE_BEAT } } },
    { PLACE_SKYLINE, .air = 1,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.04, clouds, .drift = 0.005 },
                  { 0.12, towers, .lights = PULSE_BREATHE, .mist = 0.6 },
                  { 0.24, skyline_mid, .lights = PULSE_BEAT, .mist = 0.3 },
                  { 0.40, river, .lights = PULSE_BREATHE, .bare = true },
                  { 0.88, promenade, .lights = PULSE_STEADY } } },
    { PLACE_BRIDGE, .air = 1,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.04, clouds, .drift = 0.004 },
                  { 0.16, skyline_mid, .lights = PULSE_BREATHE, .mist = 0.6 },
                  { 0.30, river, .lights = PULSE_STEADY, .bare = true },
                  { 0.50, span_cables, .lights = PULSE_BEAT },
                  { 0.88, bridge_deck, .lights = PULSE_STEADY },
                  { 1.6, bridge_frame } } },
    { PLACE_MARKET, .air = 0.8,
      .layers = { { 0.00, sky, .bare = true },
                  { 0.22, towers, .lights = PULSE_STEADY, .mist = 0.6 },
                  { 0.40, block_far, .lights = PULSE_STEADY, .mist = 0.35 },
                  { 0.5, market_floor, .bare = true },
                  { 0.74, stalls, .lights = PULSE_STEADY },
                  { 1.45, lanterns, .lights = PULSE_BEAT } } },
    { PLACE_NOT_SET },
};
