/*
 * Rooms people live, cook, work and eat in: a wall seen straight on, what stands before it, and
 * something near.
 */

#include "draw/set.h"

#include <math.h>

/* Light from the window lying on the floor: a leaning pane. */
static void window_light(struct painter *p, double x, double width)
{
    const struct palette *c = &p->scene->palette;
    struct colour light = is_dark(p) ? c->sky_low : c->sun;
    double y = p->ground, lean = -lit_side(p) * 0.3;

    for (int i = 0; i < 2; i++) {
        double x0 = x + width * (0.05 + 0.5 * i), x1 = x0 + width * 0.4;
        polygon(p,
                (const struct point[]){ { x0 + lean * 0.3, y + 0.02 },
                                        { x1 + lean * 0.3, y + 0.02 },
                                        { x1 * 1.15 + lean, y + 0.17 },
                                        { x0 * 1.15 + lean, y + 0.17 } },
                4);
        ink_colour(p, light, is_dark(p) ? 0.14 : 0.34);
        cairo_fill(p->cr);
    }
}

static void sofa(struct painter *p, double x, double y, double size, enum hue hue, double tone)
{
    double half = size * 1.0;

    box_round(p, x - half, y - size * 0.62, half * 2, size * 0.5, size * 0.12);
    fill_turned(p, hue, tone, 0.12);
    for (int i = -1; i <= 0; i++) {
        box_round(p, x + i * half * 0.86, y - size * 0.36, half * 0.84, size * 0.2, size * 0.06);
        fill_turned(p, hue, tone + 0.07, 0.10);
    }
    for (int side = -1; side <= 1; side += 2) {
        box_round(p, x + side * half - size * 0.14, y - size * 0.46, size * 0.28, size * 0.42,
                  size * 0.1);
        fill_turned(p, hue, tone + 0.03, 0.14);
        box(p, x + side * half * 0.88 - size * 0.03, y - size * 0.06, size * 0.06, size * 0.07);
        ink(p, HUE_WOOD, 0.2);
        cairo_fill(p->cr);
    }
    box_round(p, x + half * 0.3, y - size * 0.54, size * 0.3, size * 0.28, size * 0.05);
    fill_turned(p, HUE_ACCENT2, 0.56, 0.14);
}

static void floor_lamp(struct painter *p, double x, double y, double size)
{
    const struct palette *c = &p->scene->palette;

    ink(p, HUE_METAL, 0.16);
    line(p, x, y, x, y - size * 0.8, size * 0.02);
    oval(p, x, y, size * 0.12, size * 0.02);
    cairo_fill(p->cr);
    polygon(p,
            (const struct point[]){ { x - size * 0.10, y - size },
                                    { x + size * 0.10, y - size },
                                    { x + size * 0.18, y - size * 0.76 },
                                    { x - size * 0.18, y - size * 0.76 } },
            4);
    fill_shining(p, colour_between(c->lamp, palette_surface(c, HUE_ACCENT2, 0.8), 0.3), 1);
    glow(p, x, y - size * 0.84, size * 0.9, c->lamp, is_dark(p) ? 0.75 : 0.3);
}

static void rug(struct painter *p, double x, double y, double half, enum hue hue)
{
    oval(p, x, y, half, half * 0.13);
    fill_turned(p, hue, 0.48, 0.08);
    oval(p, x, y, half * 0.86, half * 0.108);
    ink(p, HUE_NONE, 0.86);
    cairo_set_line_width(p->cr, half * 0.012);
    cairo_stroke(p->cr);
}

static void room_wall(struct painter *p)
{
    double half = p->scene->half_width, side = -free_side(p), y = p->ground,
           w = fmin(0.46, half * 0.8);
    double x = -side * half * 0.42 - w / 2;

    wall(p, y, chance(p, 0.5) ? HUE_CLOTH : HUE_WATER, 0.66);
    planks(p, y, HUE_WOOD, 0.5);
    window_view(p, x, -0.36, w, 0.36, 2);
    curtain(p, x - w * 0.2, -0.42, w * 0.24, 0.52, HUE_ACCENT, 0.5);
    curtain(p, x + w * 0.96, -0.42, w * 0.24, 0.52, HUE_ACCENT, 0.5);
    shelf(p, side * half * 0.74 - 0.14, -0.30, 0.28, y + 0.30, 5);
    for (int i = 0; i < 3; i++)
        picture_frame(p, side * (0.06 + 0.14 * i) - 0.05 + between(p, -0.01, 0.01),
                      -0.30 + 0.05 * (i & 1), 0.10, 0.13);
    window_light(p, x, w);
}

static void room_things(struct painter *p)
{
    double half = p->scene->half_width, side = free_side(p), y = p->ground * 0.86;

    rug(p, 0, p->ground * 1.16, half * 0.62, HUE_ACCENT2);
    sofa(p, side * half * 0.46, y, p->adult * 0.8, HUE_WATER, 0.42);
    floor_lamp(p, side * half * 0.94, y, p->adult * 1.1);
    plant_pot(p, -side * half * 0.94, y + 0.02, p->adult * 0.7);
}

static void leaf_corner(struct painter *p)
{
    double side = free_side(p), x = side * (p->scene->half_width + 0.02);

    for (int i = 0; i < 9; i++) {
        leaf(p, x, 0.56, between(p, 0.25, 0.5), -M_PI / 2 - side * between(p, -0.2, 0.9),
             between(p, 0.04, 0.07));
        fill_turned(p, HUE_PINE, 0.14 + between(p, -0.04, 0.04), 0.08);
    }
}

static void kitchen_wall(struct painter *p)
{
    double half = p->scene->half_width, y = p->ground, side = free_side(p),
           w = fmin(0.34, half * 0.6);

    wall(p, y, HUE_SAND, 0.78);
    cairo_save(p->cr);                     /* the tiled strip behind the counter */
    box(p, p->left, -0.14, p->right - p->left, 0.16);
    ink(p, HUE_WATER, 0.82);
    cairo_fill(p->cr);
    ink(p, HUE_NONE, 0.97);
    for (double x = p->left; x < p->right; x += 0.045)
        line(p, x, -0.14, x, 0.02, 0.003);
    for (int i = 0; i < 5; i++)
        line(p, p->left, -0.14 + 0.04 * i, p->right, -0.14 + 0.04 * i, 0.003);
    cairo_restore(p->cr);
    window_view(p, side * half * 0.30 - w / 2, -0.44, w, 0.27, 2);
    for (int i = 0; i < 2; i++) {          /* open boards with crockery */
        double board_y = -0.30 + 0.12 * i, x = -side * half * 0.52 - 0.22;
        for (int n = 0; n < 8; n++) {
            double at = x + 0.03 + n * 0.05, tall = between(p, 0.03, 0.075);
            if (n % 3 == 0)
                bottle(p, at, board_y, tall * 1.2, n % 2 ? HUE_GLASS : HUE_FOLIAGE, 0.5);
            else {
                box_round(p, at - 0.018, board_y - tall * 0.6, 0.036, tall * 0.6, 0.008);
                fill_turned(p, n % 2 ? HUE_ACCENT : HUE_NONE, n % 2 ? 0.52 : 0.92, 0.12);
            }
        }
        box(p, x, board_y, 0.44, 0.014);
        fill_turned(p, HUE_WOOD, 0.5, 0.1);
    }
    tiles(p, y, HUE_NONE, 0.86, 0.66);
}

static void cupboards(struct painter *p, double y, double top)
{
    double w = 0.20;

    box(p, p->left, top, p->right - p->left, y - top);
    fill_sunk(p, HUE_FOLIAGE, 0.44, 0.36);
    for (double x = floor(p->left / w) * w; x < p->right; x += w) {
        box_round(p, x + 0.012, top + 0.02, w - 0.024, y - top - 0.05, 0.008);
        ink(p, HUE_FOLIAGE, 0.49);
        cairo_fill(p->cr);
        oval(p, x + w - 0.035, top + 0.05, 0.006, 0.006);
        ink(p, HUE_ACCENT2, 0.65);
        cairo_fill(p->cr);
    }
    box(p, p->left, top - 0.02, p->right - p->left, 0.026);
    fill_turned(p, HUE_WOOD, 0.62, 0.1);
}

static void kitchen_counter(struct painter *p)
{
    double y = p->ground * 0.94, top = y - p->adult * 0.52, side = free_side(p),
           x = side * p->scene->half_width * 0.55;

    cupboards(p, y, top);
    box_round(p, x - 0.14, top - 0.015, 0.28, y - top, 0.01);     /* the stove and its pot */
    fill_turned(p, HUE_METAL, 0.24, 0.08);
    box_round(p, x - 0.10, top + 0.05, 0.20, 0.09, 0.012);
    fill_shining(p,
                 colour_between(p->scene->palette.lamp,
                                palette_surface(&p->scene->palette, HUE_BRICK, 0.3), 0.5),
                 0.8);
    box_round(p, x - 0.06, top - 0.085, 0.12, 0.07, 0.014);
    fill_turned(p, HUE_ACCENT, 0.5, 0.2);
    box(p, x - 0.07, top - 0.09, 0.14, 0.012);
    ink(p, HUE_ACCENT, 0.36);
    cairo_fill(p->cr);
    plant_pot(p, -side * p->scene->half_width * 0.86, top - 0.018, p->adult * 0.4);
    for (int i = 0; i < 3; i++)
        bottle(p, -side * p->scene->half_width * (0.5 - 0.08 * i), top - 0.018,
               between(p, 0.08, 0.12), i % 2 ? HUE_FOLIAGE : HUE_ACCENT2, 0.5);
    pendant(p, -0.32 * p->scene->half_width, p->top, -0.30, 0.15);
    pendant(p, 0.32 * p->scene->half_width, p->top, -0.30, 0.15);
}

static void kitchen_front(struct painter *p)
{
    double side = free_side(p), x = side * p->scene->half_width * 0.62;

    box(p, p->left, 0.44, p->right - p->left, 0.2);
    fill_sunk(p, HUE_WOOD, 0.34, 0.2);
    oval(p, x, 0.425, 0.15, 0.03);
    fill_turned(p, HUE_NONE, 0.86, 0.2);
    for (int i = 0; i < 5; i++) {
        oval(p, x - 0.1 + 0.05 * i, 0.40 - 0.012 * (i & 1), 0.034, 0.034);
        fill_turned(p, i % 2 ? HUE_ACCENT : HUE_ACCENT2, 0.5, 0.2);
    }
}

static void bath_wall(struct painter *p)
{
    double half = p->scene->half_width, y = p->ground, side = free_side(p), x = side * half * 0.4;

    wall(p, y, HUE_WATER, 0.80);
    ink(p, HUE_NONE, 0.97);
    for (double at = floor(p->left / 0.06) * 0.06; at < p->right; at += 0.06)
        line(p, at, -0.10, at, y, 0.003);
    for (double at = y; at > -0.10; at -= 0.05)
        line(p, p->left, at, p->right, at, 0.003);
    box(p, p->left, -0.115, p->right - p->left, 0.02);
    ink(p, HUE_ACCENT, 0.5);
    cairo_fill(p->cr);
    oval(p, x, -0.20, 0.13, 0.165);
    fill_shining(p, colour_between(p->scene->palette.lamp, p->scene->palette.sky_low, 0.5), 0.9);
    oval(p, x, -0.20, 0.115, 0.15);
    fill_turned(p, HUE_GLASS, 0.84, 0.24);
    glow(p, x, -0.20, 0.36, p->scene->palette.lamp, 0.35);
    window_view(p, -side * half * 0.62 - 0.10, -0.46, 0.20, 0.24, 2);
    tiles(p, y, HUE_NONE, 0.92, 0.5);
}

static void bath_things(struct painter *p)
{
    double half = p->scene->half_width, side = free_side(p), y = p->ground * 0.9,
           x = -side * half * 0.62, w = p->adult * 1.1;
    double basin = side * half * 0.4;

    cairo_move_to(p->cr, x - w, y - p->adult * 0.5);
    cairo_curve_to(p->cr, x - w, y + 0.01, x - w * 0.8, y, x, y);
    cairo_curve_to(p->cr, x + w * 0.8, y, x + w, y + 0.01, x + w, y - p->adult * 0.5);
    cairo_close_path(p->cr);
    fill_turned(p, HUE_NONE, 0.92, 0.16);
    box_round(p, x - w * 1.06, y - p->adult * 0.53, w * 2.12, p->adult * 0.07, p->adult * 0.03);
    ink(p, HUE_NONE, 0.98);
    cairo_fill(p->cr);
    for (int i = 0; i < 16; i++) {       /* foam */
        double at = x + between(p, -0.85, 0.85) * w, r = between(p, 0.015, 0.04);
        oval(p, at, y - p->adult * 0.55, r, r * 0.8);
        ink(p, HUE_SNOW, between(p, 0.9, 1.0));
        cairo_fill(p->cr);
    }
    box_round(p, basin - 0.11, y - p->adult * 0.58, 0.22, 0.06, 0.03);
    fill_turned(p, HUE_NONE, 0.96, 0.14);
    box(p, basin - 0.022, y - p->adult * 0.46, 0.044, p->adult * 0.46);
    fill_turned(p, HUE_NONE, 0.86, 0.14);
    ink(p, HUE_METAL, 0.5);
    cairo_set_line_width(p->cr, 0.010);
    cairo_move_to(p->cr, basin, y - p->adult * 0.58);
    cairo_curve_to(p->cr, basin, y - p->adult * 0.76, basin - 0.05, y - p->adult * 0.76,
                   basin - 0.05, y - p->adult * 0.66);
    cairo_stroke(p->cr);
    plant_pot(p, side * half * 0.86, y, p->adult * 0.55);
}

static void bath_front(struct painter *p)
{
    curtain(p, free_side(p) > 0 ? p->scene->half_width - 0.16 : -p->scene->half_width - 0.14, -0.56,
            0.3, 1.2, HUE_ACCENT2, 0.5);
}

static void office_wall(struct painter *p)
{
    double y = p->ground, w = 0.30;

    wall(p, y, HUE_CONCRETE, 0.62);
    for (double x = floor(p->left / w) * w; x < p->right; x += w) {
        window_view(p, x + 0.012, -0.40, w - 0.03, 0.40, 1);
        if (chance(p, 0.4))
            for (int i = 0; i < 6; i++) {
                box(p, x + 0.012, -0.40 + 0.028 * i, w - 0.03, 0.012);
                ink_alpha(p, HUE_NONE, 0.92, 0.9);
                cairo_fill(p->cr);
            }
    }
    box(p, p->left, p->top, p->right - p->left, -0.44 - p->top);
    ink(p, HUE_CONCRETE, 0.76);
    cairo_fill(p->cr);
    for (double x = floor(p->left / 0.5) * 0.5; x < p->right; x += 0.5) {
        box(p, x, -0.50, 0.34, 0.022);
        fill_shining(p, colour_between(p->scene->palette.lamp, (struct colour){ 1, 1, 1 }, 0.6),
                     0.95);
    }
    flat(p, y);
    fill_sunk(p, HUE_CONCRETE, 0.44, 0.34);
}

static void desk(struct painter *p, double x, double y, double size, double facing)
{
    const struct palette *c = &p->scene->palette;
    double top = y - size * 0.46;

    chair(p, x - facing * size * 0.5, y, size * 0.62, facing, HUE_ACCENT, 0.44);
    table(p, x - size * 0.5, y, size, size * 0.46, HUE_WOOD, 0.52);
    box_round(p, x - size * 0.13 + facing * size * 0.16, top - size * 0.32, size * 0.36,
              size * 0.23, size * 0.015);
    ink(p, HUE_NONE, 0.1);
    cairo_fill(p->cr);
    box(p, x - size * 0.115 + facing * size * 0.16, top - size * 0.305, size * 0.33, size * 0.2);
    fill_shining(p, colour_between(c->neon[1], c->sky_low, 0.55), 0.9);
    glow(p, x + facing * size * 0.2, top - size * 0.2, size * 0.5, c->neon[1], 0.25);
    box(p, x + facing * size * 0.2, top - size * 0.09, size * 0.03, size * 0.09);
    ink(p, HUE_NONE, 0.12);
    cairo_fill(p->cr);
    for (int i = 0; i < 3; i++) {
        box(p, x - facing * size * 0.34, top - size * 0.03 * (i + 1), size * 0.2, size * 0.026);
        ink(p, i % 2 ? HUE_ACCENT2 : HUE_NONE, 0.6 + 0.1 * i);
        cairo_fill(p->cr);
    }
}

static void desks(struct painter *p)
{
    double half = p->scene->half_width, side = free_side(p), y = p->ground * 0.86;

    desk(p, side * half * 0.48, y, p->adult * 1.35, -side);
    if (half > 0.5)
        desk(p, -side * half * 0.78, y - 0.01, p->adult * 1.2, side);
    plant_pot(p, side * half * 0.96, y + 0.02, p->adult * 0.85);
}

static void office_front(struct painter *p)
{
    double side = free_side(p), x = side * p->scene->half_width;

    box_round(p, fmin(x - side * 0.26, x + side * 0.1), 0.30, 0.36, 0.4, 0.012);
    fill_turned(p, HUE_METAL, 0.18, 0.08);
    box(p, p->left, 0.47, p->right - p->left, 0.2);
    fill_sunk(p, HUE_WOOD, 0.26, 0.14);
}

static void diner_wall(struct painter *p)
{
    double half = p->scene->half_width, y = p->ground, side = free_side(p),
           w = fmin(0.62, half * 1.1), x = side * half * 0.36 - w / 2;

    wall(p, y, HUE_NONE, 0.84);
    box(p, p->left, 0.02, p->right - p->left, y - 0.02);
    fill_sunk(p, HUE_ACCENT, 0.46, 0.38);
    for (int i = 0; i < 3; i++) {
        box(p, p->left, -0.005 + 0.012 * i, p->right - p->left, 0.006);
        ink(p, HUE_METAL, 0.8);
        cairo_fill(p->cr);
    }
    window_view(p, x, -0.36, w, 0.32, 3);
    sign(p, x + w * 0.2, -0.34, w * 0.6, 0.10, p->scene->palette.neon[0]);
    for (double at = p->left; at < p->right; at += 0.42)
        picture_frame(p, at - side * 0.04, -0.53, 0.13, 0.10);
    tiles(p, y, HUE_NONE, 0.93, 0.12);
}

static void booth(struct painter *p, double x, double y, double size)
{
    for (int side = -1; side <= 1; side += 2) {
        double at = x + side * size * 0.72;
        box_round(p, at - size * 0.09, y - size * 0.95, size * 0.18, size * 0.9, size * 0.06);
        fill_turned(p, HUE_ACCENT, 0.46, 0.16);
        box_round(p, at - (side > 0 ? size * 0.34 : -size * 0.02) - size * 0.06, y - size * 0.44,
                  size * 0.44, size * 0.16, size * 0.06);
        fill_turned(p, HUE_ACCENT, 0.54, 0.14);
        box(p, at - size * 0.16, y - size * 0.3, size * 0.32, size * 0.3);
        ink(p, HUE_ACCENT, 0.28);
        cairo_fill(p->cr);
    }
    box(p, x - size * 0.03, y - size * 0.56, size * 0.06, size * 0.56);
    ink(p, HUE_METAL, 0.6);
    cairo_fill(p->cr);
    box_round(p, x - size * 0.36, y - size * 0.6, size * 0.72, size * 0.06, size * 0.02);
    fill_turned(p, HUE_NONE, 0.92, 0.12);
    bottle(p, x - size * 0.1, y - size * 0.6, size * 0.18, HUE_ACCENT, 0.5);
    bottle(p, x - size * 0.02, y - size * 0.6, size * 0.16, HUE_ACCENT2, 0.6);
    box_round(p, x + size * 0.1, y - size * 0.68, size * 0.09, size * 0.08, size * 0.015);
    ink(p, HUE_NONE, 0.98);
    cairo_fill(p->cr);
}

static void booths(struct painter *p)
{
    double half = p->scene->half_width, side = free_side(p), y = p->ground * 0.88;

    booth(p, side * half * 0.52, y, p->adult * 0.95);
    booth(p, -side * half * 0.95, y, p->adult * 0.95);
    pendant(p, side * half * 0.52, p->top, -0.26, 0.15);
    pendant(p, -side * half * 0.66, p->top, -0.26, 0.15);
}

static void diner_counter(struct painter *p)
{
    double side = free_side(p);

    box(p, p->left, 0.43, p->right - p->left, 0.2);
    fill_sunk(p, HUE_METAL, 0.5, 0.2);
    box(p, p->left, 0.415, p->right - p->left, 0.03);
    fill_turned(p, HUE_ACCENT, 0.4, 0.1);
    for (int i = 0; i < 2; i++)
        stool(p, side * p->scene->half_width * (0.5 + 0.32 * i), 0.66, 0.3, HUE_ACCENT2, 0.5);
    bottle(p, side * p->scene->half_width * 0.9, 0.42, 0.16, HUE_ACCENT, 0.42);
}

const struct set sets_home[] = {
    { PLACE_ROOM, .indoors = true, .air = 0.2,
      .layers = { { 0.62, room_wall, .lights = PULSE_STEADY, .bare = true },
                  { 0.86, room_things, .lights = PULSE_BEAT },
                  { 1.5, leaf_corner } } },
    { PLACE_KITCHEN, .indoors = true, .air = 0.2,
      .layers = { { 0.62, kitchen_wall, .lights = PULSE_STEADY, .bare = true },
                  { 0.84, kitchen_counter, .lights = PULSE_BEAT },
                  { 1.4, kitchen_front } } },
    { PLACE_BATHROOM, .indoors = true, .air = 0.2,
      .layers = { { 0.62, bath_wall, .lights = PULSE_BEAT, .bare = true },
                  { 0.86, bath_things },
                  { 1.5, bath_front } } },
    { PLACE_OFFICE, .indoors = true, .air = 0.2,
      .layers = { { 0.60, office_wall, .lights = PULSE_STEADY, .bare = true },
                  { 0.86, desks, .lights = PULSE_BEAT },
                  { 1.5, office_front } } },
    { PLACE_DINER, .indoors = true, .air = 0.2,
      .layers = { { 0.62, diner_wall, .lights = PULSE_BEAT, .bare = true },
                  { 0.86, booths, .lights = PULSE_STEADY },
                  { 1.45, diner_counter } } },
    { PLACE_NOT_SET },
};
