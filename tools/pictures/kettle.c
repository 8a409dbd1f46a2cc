/*
 * The kettle, as a photographer would light it: one tall softbox on the left, a strip on the right edge, a warm table
 * that shines back from below. A body of revolution shades along x only, so each part is its outline filled with one
 * horizontal gradient, and then the lights are printed on it.
 */

#include "pictures.h"

#include <math.h>

#include "paper.h"

enum {
    ENAMEL_DARK = 0x5c0f14, ENAMEL = 0xc92f25, ENAMEL_LIGHT = 0xef6a4a,
    RIM = 0x23202a, RIM_LIGHT = 0x6a6676,
    WOOD_DARK = 0x7a4a26, WOOD = 0xc48a4f, WOOD_LIGHT = 0xe9bd84,
    STEEL_DARK = 0x4a4c55, STEEL = 0xb9bcc6, STEEL_LIGHT = 0xf4f6fa,
    TABLE = 0xffb27a,
};

#define MIDDLE 540.0

struct stop {
    double   at;
    uint32_t colour;
};

static const struct stop enamel[] = {
    { 0.00, 0x7a1518 }, { 0.07, 0x9c1f1c }, { 0.21, ENAMEL_LIGHT }, { 0.40, ENAMEL }, { 0.66, 0xa82420 },
    { 0.88, 0x741519 }, { 0.95, 0x8e2422 }, { 1.00, ENAMEL_DARK },
};
static const struct stop enamel_below[] = {
    { 0.00, 0x9c1f1c }, { 0.30, ENAMEL_LIGHT }, { 0.55, ENAMEL }, { 1.00, 0x741519 },
};
static const struct stop rim[] = {
    { 0.00, 0x14121a }, { 0.24, RIM_LIGHT }, { 0.36, RIM }, { 0.90, 0x1a181f }, { 0.96, 0x4a4654 }, { 1.00, 0x1a181f },
};
static const struct stop steel[] = {
    { 0.00, STEEL_DARK }, { 0.28, STEEL_LIGHT }, { 0.50, STEEL }, { 0.80, STEEL_DARK }, { 1.00, STEEL },
};
static const struct stop wood[] = {
    { 0.00, WOOD_LIGHT }, { 0.35, WOOD }, { 1.00, WOOD_DARK },
};

static const struct point body[] = {
    { 330, 470 }, { 330, 470 }, { 272, 540 }, { 218, 640 }, { 196, 740 }, { 206, 830 }, { 240, 892 }, { 240, 892 },
    { 330, 908 }, { 540, 916 }, { 750, 908 }, { 840, 892 }, { 840, 892 }, { 874, 830 }, { 884, 740 }, { 862, 640 },
    { 808, 540 }, { 750, 470 }, { 750, 470 }, { 650, 484 }, { 540, 488 }, { 430, 484 },
};
static const struct point foot[] = {
    { 240, 888 }, { 240, 888 }, { 330, 906 }, { 540, 914 }, { 750, 906 }, { 840, 888 }, { 840, 888 }, { 834, 916 },
    { 812, 930 }, { 700, 942 }, { 540, 946 }, { 380, 942 }, { 268, 930 }, { 246, 916 },
};
static const struct point spout[] = {
    { 300, 700 }, { 300, 700 }, { 220, 664 }, { 176, 600 }, { 150, 520 }, { 112, 462 }, { 60, 436 }, { 60, 436 },
    { 84, 400 }, { 84, 400 }, { 146, 412 }, { 206, 462 }, { 248, 524 }, { 300, 552 }, { 380, 570 }, { 380, 570 },
};
static const struct point lip[] = {
    { 52, 440 }, { 52, 440 }, { 62, 414 }, { 80, 392 }, { 80, 392 }, { 98, 394 }, { 98, 394 }, { 84, 420 },
    { 74, 446 }, { 74, 446 },
};
static const struct point collar[] = {
    { 322, 462 }, { 322, 462 }, { 430, 484 }, { 540, 489 }, { 650, 484 }, { 758, 462 }, { 758, 462 }, { 762, 480 },
    { 752, 492 }, { 660, 506 }, { 540, 511 }, { 420, 506 }, { 328, 492 }, { 318, 480 },
};
static const struct point lid[] = {
    { 334, 470 }, { 334, 470 }, { 350, 412 }, { 420, 372 }, { 500, 354 }, { 540, 352 }, { 580, 354 }, { 660, 372 },
    { 730, 412 }, { 746, 470 }, { 746, 470 }, { 650, 492 }, { 540, 496 }, { 430, 492 },
};
static const struct point softbox_body[] = {
    { 330, 604 }, { 300, 640 }, { 274, 710 }, { 268, 790 }, { 284, 842 }, { 308, 850 }, { 328, 838 }, { 330, 790 },
    { 332, 720 }, { 350, 656 }, { 374, 618 }, { 362, 600 },
};
static const struct point softbox_lid[] = {
    { 402, 430 }, { 404, 416 }, { 424, 396 }, { 452, 384 }, { 474, 380 }, { 480, 388 }, { 462, 402 }, { 448, 424 },
    { 440, 440 }, { 418, 442 },
};
static const struct point softbox_spout[] = {
    { 136, 440 }, { 160, 452 }, { 190, 484 }, { 216, 524 }, { 240, 552 }, { 234, 560 }, { 204, 540 }, { 172, 496 },
    { 138, 456 }, { 128, 444 },
};
static const struct point grip[] = {
    { 398, 118 }, { 398, 118 }, { 440, 98 }, { 540, 88 }, { 640, 98 }, { 682, 118 }, { 682, 118 }, { 692, 140 },
    { 680, 162 }, { 680, 162 }, { 636, 146 }, { 540, 138 }, { 444, 146 }, { 400, 162 }, { 400, 162 }, { 388, 140 },
};

/* Fill with a gradient between two points; uses the path up. */
static void fill_between(cairo_t *cr, struct point from, struct point to, const struct stop *stops, size_t count)
{
    cairo_pattern_t *fall = cairo_pattern_create_linear(from.x, from.y, to.x, to.y);
    for (size_t i = 0; i < count; i++)
        cairo_pattern_add_color_stop_rgb(fall, stops[i].at, (stops[i].colour >> 16 & 255) / 255.0,
                                         (stops[i].colour >> 8 & 255) / 255.0, (stops[i].colour & 255) / 255.0);
    cairo_set_source(cr, fall);
    cairo_pattern_destroy(fall);
    cairo_fill(cr);
}

#define turned(cr, from_x, to_x, stops) \
    fill_between(cr, (struct point){ from_x, 0 }, (struct point){ to_x, 0 }, stops, sizeof(stops) / sizeof *(stops))

/* Light that fades along a line, on what is there; uses the path up. */
static void print_fading(cairo_t *cr, struct point from, struct point to, uint32_t colour, double alpha)
{
    double r = (colour >> 16 & 255) / 255.0, g = (colour >> 8 & 255) / 255.0, b = (colour & 255) / 255.0;
    cairo_pattern_t *fall = cairo_pattern_create_linear(from.x, from.y, to.x, to.y);
    cairo_pattern_add_color_stop_rgba(fall, 0, r, g, b, alpha);
    cairo_pattern_add_color_stop_rgba(fall, 1, r, g, b, 0);
    cairo_save(cr);
    cairo_set_operator(cr, CAIRO_OPERATOR_ATOP);
    cairo_set_source(cr, fall);
    cairo_fill(cr);
    cairo_restore(cr);
    cairo_pattern_destroy(fall);
}

static void part(cairo_t *cr, struct outline o)
{
    outline_path(cr, o);
}

/* A shadow of one part on another, inside the outline of the one it falls on. */
static void shadow_on(cairo_t *cr, struct outline below, double x, double y, double radius, double flatness)
{
    cairo_save(cr);
    part(cr, below);
    cairo_clip(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, 1, flatness);
    cairo_pattern_t *fall = cairo_pattern_create_radial(0, 0, 0, 0, 0, radius);
    cairo_pattern_add_color_stop_rgba(fall, 0.0, 0.16, 0.0, 0.04, 0.75);
    cairo_pattern_add_color_stop_rgba(fall, 0.7, 0.16, 0.0, 0.04, 0.55);
    cairo_pattern_add_color_stop_rgba(fall, 1.0, 0.16, 0.0, 0.04, 0.0);
    cairo_set_source(cr, fall);
    cairo_paint(cr);
    cairo_pattern_destroy(fall);
    cairo_restore(cr);
}

/* White flecks, as enamelware has them: scattered by a golden-angle spiral, so that no two are neighbours. */
static void draw_flecks(cairo_t *cr, struct outline o, struct point middle, double reach, int count)
{
    cairo_save(cr);
    part(cr, o);
    cairo_clip(cr);
    for (int i = 0; i < count; i++) {
        double angle = i * 2.39996323, away = reach * sqrt((i + 0.5) / count);
        double x = middle.x + away * cos(angle) + 9 * sin(i * 7.13), y = middle.y + away * sin(angle) + 9 * cos(i * 5.71);
        cairo_arc(cr, x, y, 1.5 + 1.5 * fabs(sin(i * 12.9898)), 0, 2 * M_PI);
        paper_print(cr, 0xffe9dc, 0.5);
    }
    cairo_restore(cr);
}

/* The bail: a bent rod with a beech grip, behind and above the lid. */
static void draw_handle(cairo_t *cr)
{
    static const struct { uint32_t colour; double width, shift; } strokes[] = {
        { STEEL_DARK, 22, 0 }, { STEEL, 15, -2 }, { STEEL_LIGHT, 5, -4 },
    };
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    for (size_t i = 0; i < sizeof strokes / sizeof *strokes; i++) {
        double shift = strokes[i].shift;
        cairo_move_to(cr, 312 + shift, 560);
        cairo_curve_to(cr, 262 + shift, 430, 286 + shift, 170 + shift, 410, 132 + shift);
        cairo_line_to(cr, 670, 124 + shift);
        cairo_curve_to(cr, 794 + shift, 170 + shift, 818 + shift, 430, 768 + shift, 560);
        colour_set(cr, strokes[i].colour, 1);
        cairo_set_line_width(cr, strokes[i].width);
        cairo_stroke(cr);
    }
    part(cr, outline_of(grip));
    fill_between(cr, (struct point){ 0, 92 }, (struct point){ 0, 160 }, wood, sizeof wood / sizeof *wood);
    for (int i = 0; i < 4; i++) {
        cairo_move_to(cr, 402, 118 + 9 * i);
        cairo_curve_to(cr, 470, 98 + 10 * i, 610, 96 + 11 * i, 680, 116 + 10 * i);
        paper_line(cr, WOOD_DARK, 0.28, 2);
    }
}

static void draw_ear(cairo_t *cr, double x)
{
    cairo_arc(cr, x, 560, 30, 0, 2 * M_PI);
    turned(cr, x - 30, x + 30, rim);
    cairo_arc(cr, x, 560, 13, 0, 2 * M_PI);
    turned(cr, x - 13, x + 13, steel);
}

static void draw_spout(cairo_t *cr)
{
    part(cr, outline_of(spout));
    fill_between(cr, (struct point){ 236, 490 }, (struct point){ 150, 610 }, enamel_below,
                 sizeof enamel_below / sizeof *enamel_below);
    draw_flecks(cr, outline_of(spout), (struct point){ 220, 560 }, 190, 44);
    part(cr, outline_of(softbox_spout));
    print_fading(cr, (struct point){ 130, 440 }, (struct point){ 250, 570 }, 0xffffff, 0.8);
    part(cr, outline_of(lip));
    fill_between(cr, (struct point){ 56, 400 }, (struct point){ 92, 440 }, rim, sizeof rim / sizeof *rim);
}

static void draw_body(cairo_t *cr)
{
    part(cr, outline_of(body));
    turned(cr, 196, 884, enamel);
    part(cr, outline_of(body));
    print_fading(cr, (struct point){ 0, 930 }, (struct point){ 0, 740 }, 0x2a0408, 0.5);
    part(cr, outline_of(body));
    print_fading(cr, (struct point){ 0, 930 }, (struct point){ 0, 850 }, TABLE, 0.22);
    shadow_on(cr, outline_of(body), MIDDLE, 492, 240, 0.22);
    draw_flecks(cr, outline_of(body), (struct point){ MIDDLE, 700 }, 372, 230);
    part(cr, outline_of(softbox_body));
    print_fading(cr, (struct point){ 340, 590 }, (struct point){ 300, 860 }, 0xfff4ea, 0.88);
    part(cr, outline_of(foot));
    turned(cr, 240, 840, rim);
}

static void draw_edge_light(cairo_t *cr)
{
    cairo_move_to(cr, 812, 566);
    cairo_curve_to(cr, 850, 630, 872, 690, 870, 760);
    cairo_curve_to(cr, 868, 810, 854, 850, 838, 878);
    paper_line(cr, 0xffd9c4, 0.75, 7);
}

static void draw_lid(cairo_t *cr)
{
    part(cr, outline_of(lid));
    turned(cr, 334, 746, enamel);
    shadow_on(cr, outline_of(lid), MIDDLE, 366, 90, 0.5);
    draw_flecks(cr, outline_of(lid), (struct point){ MIDDLE, 430 }, 210, 70);
    part(cr, outline_of(softbox_lid));
    print_fading(cr, (struct point){ 430, 380 }, (struct point){ 430, 450 }, 0xffffff, 0.85);
    part(cr, outline_of(collar));
    turned(cr, 318, 762, rim);
}

static void draw_knob(cairo_t *cr)
{
    cairo_rectangle(cr, MIDDLE - 20, 330, 40, 28);
    turned(cr, MIDDLE - 20, MIDDLE + 20, steel);
    cairo_save(cr);
    cairo_translate(cr, MIDDLE, 300);
    cairo_scale(cr, 1, 0.86);
    cairo_arc(cr, 0, 0, 44, 0, 2 * M_PI);
    cairo_restore(cr);
    cairo_pattern_t *ball = cairo_pattern_create_radial(MIDDLE - 16, 284, 2, MIDDLE, 300, 50);
    cairo_pattern_add_color_stop_rgb(ball, 0.0, 1.0, 0.87, 0.68);
    cairo_pattern_add_color_stop_rgb(ball, 0.35, 0.80, 0.57, 0.34);
    cairo_pattern_add_color_stop_rgb(ball, 1.0, 0.42, 0.24, 0.12);
    cairo_set_source(cr, ball);
    cairo_fill(cr);
    cairo_pattern_destroy(ball);
}

/* It stands on the lower edge of the sheet, where whoever sets it on a table looks for its foot. */
static void stand(cairo_t *cr)
{
    cairo_translate(cr, SHEET_SIDE_PX / 2.0, SHEET_SIDE_PX - 8);
    cairo_scale(cr, 1.12, 1.12);
    cairo_translate(cr, -468, -946);
}

void kettle_draw(cairo_t *cr)
{
    stand(cr);
    draw_handle(cr);
    draw_spout(cr);
    draw_body(cr);
    draw_edge_light(cr);
    draw_lid(cr);
    draw_knob(cr);
    draw_ear(cr, 312);
    draw_ear(cr, 768);
}
