/* Where people look at other people: the club, the stage, the studio, the gallery. */

#include "draw/set.h"

#include <math.h>

static void dark_hall(struct painter *p)
{
    box(p, p->left, p->top, p->right - p->left, p->bottom - p->top);
    fill_sunk(p, HUE_NONE, 0.05, 0.20);
    glow_wide(p, 0, 0.05, p->scene->half_width, 0.5, p->scene->palette.neon[0], 0.55);
}

/* A wall of lamps that answers the song. */
static void lamp_wall(struct painter *p)
{
    int columns = (int)(p->scene->half_width * 18), rows = 8;
    double step = p->scene->half_width * 1.7 / columns;

    for (int row = 0; row < rows; row++)
        for (int column = 0; column < columns; column++) {
            double x = (column - (columns - 1) / 2.0) * step, y = -0.34 + row * 0.052;
            double wave = sin(column * 0.55 + sin(row * 0.8) * 1.4);
            oval(p, x, y, 0.011, 0.011);
            if (wave > 0.25)
                fill_shining(p, p->scene->palette.neon[wave > 0.75], 1);
            else
                ink(p, HUE_NONE, 0.16);
            cairo_fill(p->cr);
            if (wave > 0.75)
                glow(p, x, y, 0.05, p->scene->palette.neon[1], 0.6);
        }
}

static void speakers(struct painter *p, double x, double y, double size)
{
    box_round(p, x - size * 0.3, y - size, size * 0.6, size, size * 0.03);
    fill_turned(p, HUE_NONE, 0.10, 0.06);
    for (int i = 0; i < 3; i++) {
        double r = size * (i ? 0.15 : 0.09), at = y - size * (0.84 - 0.29 * i);
        oval(p, x, at, r, r);
        ink(p, HUE_METAL, 0.24);
        cairo_fill(p->cr);
        oval(p, x, at, r * 0.55, r * 0.55);
        ink(p, HUE_NONE, 0.05);
        cairo_fill(p->cr);
    }
}

static void club_floor(struct painter *p)
{
    double y = 0.10, vanish = -0.12, last = y;

    flat(p, y);
    fill_sunk(p, HUE_NONE, 0.12, 0.06);
    for (int row = 0; last < p->bottom + 0.05 && row < 14; row++) {
        double next = vanish + (last - vanish) * 1.14, near = (next - vanish) / (y - vanish),
               far = (last - vanish) / (y - vanish);
        for (int column = -9; column < 9; column++) {
            double x0 = 0.11 * column + 0.006, x1 = x0 + 0.098;
            polygon(p,
                    (const struct point[]){ { x0 * far, last },
                                            { x1 * far, last },
                                            { x1 * near, next - 0.003 },
                                            { x0 * near, next - 0.003 } },
                    4);
            if (below(p, 5) == 0)
                fill_shining(p, p->scene->palette.neon[below(p, 2)], 0.75);
            else
                ink(p, HUE_NONE, 0.16 + 0.04 * below(p, 3));
            cairo_fill(p->cr);
        }
        last = next;
    }
}

static void mirror_ball(struct painter *p, double x, double y, double size)
{
    ink(p, HUE_METAL, 0.2);
    line(p, x, p->top, x, y, 0.004);
    oval(p, x, y, size, size);
    fill_turned(p, HUE_METAL, 0.5, 0.5);
    for (int row = -4; row <= 4; row++)
        for (int column = -4; column <= 4; column++) {
            double v = row / 5.0, u = column / 5.0 * sqrt(1 - v * v);
            box(p, x + u * size - size * 0.07, y + v * size - size * 0.07, size * 0.13,
                size * 0.13);
            ink_alpha(p, below(p, 4) ? HUE_METAL : HUE_NONE, between(p, 0.3, 1), 0.9);
            cairo_fill(p->cr);
        }
    glow(p, x - size * 0.3, y - size * 0.3, size * 2.2, p->scene->palette.neon[1], 0.5);
}

static void club_booth(struct painter *p)
{
    double half = p->scene->half_width, y = p->ground;

    speakers(p, -half * 0.92, y + 0.02, 0.42);
    speakers(p, half * 0.92, y + 0.02, 0.42);
    mirror_ball(p, free_side(p) * half * 0.3, -0.30, 0.075);
    box_round(p, free_side(p) * half * 0.42 - 0.17, y - 0.13, 0.34, 0.15, 0.012);
    fill_turned(p, HUE_NONE, 0.16, 0.06);
    for (int i = 0; i < 9; i++) {
        box(p, free_side(p) * half * 0.42 - 0.15 + 0.034 * i, y - 0.02 - 0.02 * below(p, 5), 0.02,
            0.09);
        fill_shining(p, p->scene->palette.neon[i & 1], 0.9);
    }
}

/* Beams of one colour; both fans together cross over the hall. */
static void fan(struct painter *p, int which)
{
    double half = p->scene->half_width;
    struct colour c = p->scene->palette.neon[which];

    for (int i = 0; i < 4; i++) {
        double x = (i - 1.5 + (which ? 0.5 : 0)) * half * 0.62,
               lean = (which ? -1 : 1) * (0.30 - 0.14 * i);
        beam(p, x, -0.64, x + lean + between(p, -0.1, 0.1), 0.34, 0.24, c, 0.85);
        glow(p, x, -0.56, 0.12, c, 0.9);
    }
}

static void fan_even(struct painter *p)
{
    fan(p, 0);
}

static void fan_odd(struct painter *p)
{
    fan(p, 1);
}

/* The backs of heads and raised arms: the crowd between us and the show. */
static void crowd_front(struct painter *p)
{
    double half = p->scene->half_width;

    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    for (double x = -half - 0.1; x < half + 0.1; x += between(p, 0.085, 0.13)) {
        double hero = fabs(x - p->scene->framing.hero_x) < 0.16 ? 0.07 : 0,
               y = 0.47 + hero + between(p, -0.02, 0.03), r = between(p, 0.032, 0.042);
        ink(p, HUE_NONE, 0.035 + 0.02 * below(p, 3));
        oval(p, x, y, r, r * 1.15);
        box_round(p, x - r * 1.9, y + r * 0.95, r * 3.8, 0.3, r);
        cairo_fill(p->cr);
        if (chance(p, 0.45) && hero == 0) {
            double tip = x + between(p, -0.04, 0.04);
            line(p, x + r * 1.3, y + r * 1.6, tip + r, y - 0.10, r * 0.5);
            oval(p, tip + r, y - 0.11, r * 0.32, r * 0.4);
            cairo_fill(p->cr);
        }
    }
}

static void stage_back(struct painter *p)
{
    double half = p->scene->half_width;

    box(p, p->left, p->top, p->right - p->left, p->bottom - p->top);
    fill_sunk(p, HUE_NONE, 0.05, 0.16);
    oval(p, 0, -0.14, 0.30, 0.30);
    fill_shining(p,
                 colour_between(p->scene->palette.neon[1],
                                palette_plain(&p->scene->palette, HUE_NONE, 0.3), 0.25),
                 0.9);
    oval(p, 0, -0.14, 0.255, 0.255);
    ink(p, HUE_NONE, 0.12);
    cairo_fill(p->cr);
    oval(p, 0, -0.14, 0.19, 0.19);
    fill_shining(p, p->scene->palette.neon[0], 0.9);
    glow(p, 0, -0.14, 0.6, p->scene->palette.neon[1], 0.6);
    for (int side = -1; side <= 1; side += 2)
        curtain(p, side > 0 ? half * 0.62 : -half * 0.62 - 0.7, p->top, 0.7, 0.16 - p->top,
                HUE_ACCENT, 0.26);
}

static void truss(struct painter *p)
{
    double y = -0.46;

    ink(p, HUE_METAL, 0.24);
    line(p, p->left, y, p->right, y, 0.007);
    line(p, p->left, y + 0.05, p->right, y + 0.05, 0.007);
    for (double x = floor(p->left / 0.06) * 0.06; x < p->right; x += 0.06) {
        line(p, x, y, x + 0.03, y + 0.05, 0.003);
        line(p, x + 0.03, y + 0.05, x + 0.06, y, 0.003);
    }
    for (int i = -3; i <= 3; i++) {
        double x = i * p->scene->half_width * 0.3;
        box_round(p, x - 0.022, y + 0.045, 0.044, 0.06, 0.01);
        ink(p, HUE_NONE, 0.06);
        cairo_fill(p->cr);
        oval(p, x, y + 0.107, 0.019, 0.008);
        fill_shining(p, p->scene->palette.neon[i & 1], 1);
        glow(p, x, y + 0.107, 0.10, p->scene->palette.neon[i & 1], 0.8);
    }
}

static void stage_floor(struct painter *p)
{
    double y = p->ground * 0.66, half = p->scene->half_width;

    speakers(p, -half * 0.95, y + 0.02, 0.30);
    speakers(p, half * 0.95, y + 0.02, 0.30);
    flat(p, y);
    fill_sunk(p, HUE_WOOD, 0.26, 0.16);
    ink_alpha(p, HUE_NONE, 0.04, 0.6);
    for (int i = -12; i <= 12; i++)
        line(p, i * 0.09, y, i * 0.22, p->bottom + 0.1, 0.003);
    glow_wide(p, p->scene->framing.hero_x, p->ground, 0.44, 0.07, p->scene->palette.neon[1], 0.9);
    for (int i = -1; i <= 1; i += 2) {     /* monitors */
        double x = i * half * 0.5, at = p->ground * 1.22;
        polygon(p,
                (const struct point[]){ { x - 0.07, at },
                                        { x - 0.05, at - 0.06 },
                                        { x + 0.05, at - 0.06 },
                                        { x + 0.07, at } },
                4);
        fill_turned(p, HUE_NONE, 0.08, 0.05);
    }
}

static void sweep(struct painter *p)
{
    double y = p->ground * 0.9, x = free_side(p) * 0.12;

    box(p, p->left, p->top, p->right - p->left, p->bottom - p->top);
    fill_sunk(p, HUE_NONE, 0.60, 0.72);
    wash(p, y - 0.10, y + 0.06, palette_surface(&p->scene->palette, HUE_NONE, 0.82), 0.0, 0.55);
    glow_wide(p, x, -0.10, 0.75, 0.55, palette_surface(&p->scene->palette, HUE_NONE, 1), 0.7);
    oval(p, x, -0.13, 0.32, 0.32);
    fill_turned(p, HUE_ACCENT, 0.54, 0.14);
}

static void softbox(struct painter *p, double x, double y, double size, double facing)
{
    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    ink(p, HUE_METAL, 0.12);
    line(p, x, y - size * 0.8, x, y - size * 0.1, size * 0.022);
    line(p, x, y - size * 0.16, x - size * 0.14, y, size * 0.018);
    line(p, x, y - size * 0.16, x + size * 0.14, y, size * 0.018);
    polygon(p,
            (const struct point[]){ { x - facing * size * 0.14, y - size * 0.95 },
                                    { x - facing * size * 0.14, y - size * 0.72 },
                                    { x + facing * size * 0.12, y - size * 0.58 },
                                    { x + facing * size * 0.12, y - size * 1.12 } },
            4);
    fill_turned(p, HUE_NONE, 0.10, 0.06);
    polygon(p,
            (const struct point[]){ { x + facing * size * 0.12, y - size * 1.12 },
                                    { x + facing * size * 0.155, y - size * 1.10 },
                                    { x + facing * size * 0.155, y - size * 0.60 },
                                    { x + facing * size * 0.12, y - size * 0.58 } },
            4);
    fill_shining(p, (struct colour){ 1, 0.98, 0.93 }, 1);
    glow_wide(p, x + facing * size * 0.16, y - size * 0.85, size * 0.5, size * 0.5,
              p->scene->palette.lamp, 0.5);
    beam(p, x + facing * size * 0.15, y - size * 0.85, x + facing * size * 1.2, y - size * 0.5,
         size * 0.8, p->scene->palette.lamp, 0.22);
}

static void studio_lights(struct painter *p)
{
    double half = p->scene->half_width, y = p->ground * 0.97;

    softbox(p, -half * 0.84, y, p->adult * 1.65, 1);
    softbox(p, half * 0.88, y, p->adult * 1.5, -1);
    box(p, free_side(p) * half * 0.56 - 0.06, y - p->adult * 0.26, 0.12, p->adult * 0.26);
    fill_turned(p, HUE_NONE, 0.9, 0.14);
}

static void camera_front(struct painter *p)
{
    double side = free_side(p), x = side * p->scene->half_width * 0.80, y = 0.36;

    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    ink(p, HUE_NONE, 0.05);
    for (int i = -1; i <= 1; i++)
        line(p, x, y + 0.04, x + i * 0.10, 0.64, 0.016);
    box_round(p, x - 0.09, y - 0.09, 0.18, 0.13, 0.014);
    cairo_fill(p->cr);
    box_round(p, x - side * 0.16 - 0.05, y - 0.06, 0.10, 0.075, 0.01);
    cairo_fill(p->cr);
    oval(p, x + 0.055, y - 0.065, 0.008, 0.008);
    fill_shining(p, p->scene->palette.neon[0], 1);
    glow(p, x + 0.055, y - 0.065, 0.05, p->scene->palette.neon[0], 0.6);
}

static void gallery_wall(struct painter *p)
{
    double y = p->ground, x = p->left - 0.3;

    wall(p, y, HUE_NONE, 0.90);
    while (x < p->right) {
        double w = between(p, 0.16, 0.42), tall = between(p, 0.2, 0.36), at = -0.13 - tall / 2;
        picture_frame(p, x, at, w, tall);
        glow_wide(p, x + w / 2, at + tall * 0.3, w * 0.8, tall * 0.9, p->scene->palette.lamp, 0.25);
        box(p, x + w + 0.02, 0.0, 0.022, 0.016);
        ink(p, HUE_NONE, 0.74);
        cairo_fill(p->cr);
        x += w + between(p, 0.14, 0.24);
    }
    ink(p, HUE_NONE, 0.2);
    line(p, p->left, -0.50, p->right, -0.50, 0.006);
    planks(p, y, HUE_WOOD, 0.62);
}

static void sculpture(struct painter *p)
{
    double x = free_side(p) * p->scene->half_width * 0.52, y = p->ground * 0.95,
           w = p->adult * 0.24, block = p->adult * 0.62;

    box(p, x - w, y - block, w * 2, block);
    fill_turned(p, HUE_NONE, 0.88, 0.16);
    for (int i = 0; i < 4; i++) {
        double at = y - block - p->adult * (0.10 + 0.16 * i), r = p->adult * (0.14 - 0.022 * i);
        blob(p, x + between(p, -0.012, 0.012), at, r * between(p, 0.8, 1.3), r * 0.8, 0.14);
        fill_turned(p, i % 2 ? HUE_ACCENT2 : HUE_ACCENT, 0.52, 0.26);
    }
    box_round(p, -x - p->adult * 0.6, y - p->adult * 0.24, p->adult * 1.2, p->adult * 0.08, 0.01);
    fill_turned(p, HUE_WOOD, 0.4, 0.1);
    box(p, -x - p->adult * 0.5, y - p->adult * 0.17, p->adult * 0.06, p->adult * 0.17);
    box(p, -x + p->adult * 0.44, y - p->adult * 0.17, p->adult * 0.06, p->adult * 0.17);
    ink(p, HUE_METAL, 0.2);
    cairo_fill(p->cr);
}

static void rope_front(struct painter *p)
{
    double half = p->scene->half_width;

    for (int i = -2; i <= 2; i++) {
        double x = i * half * 0.62;
        ink(p, HUE_ACCENT2, 0.36);
        line(p, x, 0.60, x, 0.36, 0.012);
        oval(p, x, 0.355, 0.014, 0.014);
        cairo_fill(p->cr);
        ink(p, HUE_ACCENT, 0.32);
        cable(p, x, 0.375, x + half * 0.62, 0.375, 0.08, 0.012);
    }
}

const struct set sets_shows[] = {
    { PLACE_CLUB, .indoors = true, .air = 0.1,
      .layers = { { 0.30, dark_hall, .lights = PULSE_BEAT, .bare = true },
                  { 0.42, lamp_wall, .lights = PULSE_BEAT, .bare = true },
                  { 0.60, club_floor, .lights = PULSE_ODD, .bare = true },
                  { 0.80, club_booth, .lights = PULSE_EVEN },
                  { 0.90, fan_even, .lights = PULSE_EVEN, .only_lights = true, .soft = true,
                    .bare = true },
                  { 0.92, fan_odd, .lights = PULSE_ODD, .only_lights = true, .soft = true,
                    .bare = true },
                  { 1.4, crowd_front } } },
    { PLACE_STAGE, .indoors = true, .air = 0.1,
      .layers = { { 0.30, stage_back, .lights = PULSE_BEAT, .bare = true },
                  { 0.50, truss, .lights = PULSE_BEAT },
                  { 0.78, stage_floor, .lights = PULSE_BEAT },
                  { 0.88, fan_even, .lights = PULSE_EVEN, .only_lights = true, .soft = true,
                    .bare = true },
                  { 0.90, fan_odd, .lights = PULSE_ODD, .only_lights = true, .soft = true,
                    .bare = true },
                  { 1.4, crowd_front } } },
    { PLACE_STUDIO, .indoors = true, .air = 0.1,
      .layers = { { 0.40, sweep, .bare = true },
                  { 0.90, studio_lights, .lights = PULSE_BEAT },
                  { 1.5, camera_front, .lights = PULSE_EVEN } } },
    { PLACE_GALLERY, .indoors = true, .air = 0.15,
      .layers = { { 0.62, gallery_wall, .lights = PULSE_BREATHE, .bare = true },
                  { 0.92, sculpture },
                  { 1.5, rope_front } } },
    { PLACE_NOT_SET },
};
