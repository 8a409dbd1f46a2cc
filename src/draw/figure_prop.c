/*
 * What people hold, play and sit on, placed by their joints so that it follows every pose and every
 * view.
 */

#include "draw/figure_kinds.h"

#include <math.h>

static struct paint colour(const struct person *p, look_colour c)
{
    return pen_paint(p->pen, c);
}

static struct joint middle(struct joint a, struct joint b)
{
    return (struct joint){ (a.x + b.x) / 2, (a.y + b.y) / 2, (a.depth + b.depth) / 2 };
}

/* Where the palm closes, between wrist and knuckles. */
static struct joint grip(const struct person *p, int side)
{
    const struct joint *w = &p->bones.wrist[side], *t = &p->bones.knuckle[side];
    return (struct joint){ mix(w->x, t->x, 0.7), mix(w->y, t->y, 0.7), w->depth };
}

static void bar(const struct person *p, double x0, double y0, double x1, double y1, double r,
                struct paint paint)
{
    pen_bar(p->pen, x0, y0, x1, y1, r, paint);
}

/* ---- in one hand ---- */

/* Held at the mouth end up, along the way from the hand to the lips. */
static void draw_microphone(const struct person *p, int side)
{
    struct joint g = grip(p, side);
    double mouth_x = p->bones.head.x + sin(p->bones.head_yaw) * p->body.head * 0.75,
           mouth_y = p->bones.head.y + p->body.head * 1.02;
    double dx = mouth_x - g.x, dy = mouth_y - g.y, length = fmax(hypot(dx, dy), 1e-4),
           reach = fmin(length * 0.72, 0.075);
    double ux = dx / length, uy = dy / length;

    bar(p, g.x - ux * 0.050, g.y - uy * 0.050, g.x + ux * reach * 0.8, g.y + uy * reach * 0.8,
        0.0105, colour(p, 0x2A2730));
    pen_disc(p->pen, g.x + ux * reach, g.y + uy * reach, 0.0225, 0.0225, colour(p, 0xB9B7BE), 0.3);
}

static void draw_cup(const struct person *p, int side)
{
    struct joint g = grip(p, side);
    double away = p->bones.body_yaw < 0 ? -1 : 1;
    struct ring cup[] = { { g.x + away * 0.006, g.y + 0.042, 0.024 },
                          { g.x, g.y - 0.010, 0.031 },
                          { g.x - away * 0.006, g.y - 0.042, 0.034 } };

    pen_path_ellipse(p->pen, g.x + away * 0.036, g.y, 0.019, 0.022);
    pen_line(p->pen, colour(p, 0xF2ECE0).dark, 0.007);
    pen_loft(p->pen, cup, 3, (struct ends){ 0.15, 0.12 }, colour(p, 0xF2ECE0), 0.28);
}

static void draw_stick(const struct person *p, int side)
{
    struct joint w = p->bones.wrist[side], t = p->bones.knuckle[side];
    double dx = t.x - w.x, dy = t.y - w.y;
    bar(p, w.x, w.y, w.x + dx * 3.3, w.y + dy * 3.3 + 0.02, 0.0045, colour(p, 0xD9B27A));
}

static void draw_pan(const struct person *p, int side)
{
    double g = p->bones.body_yaw < 0 ? -1 : 1;
    struct joint at = grip(p, side);
    double x = at.x + g * 0.135, y = at.y + 0.012;
    struct ring pan[] = { { x - 0.062, y, 0.004 },
                          { x - 0.040, y + 0.008, 0.016 },
                          { x + 0.040, y + 0.008, 0.016 },
                          { x + 0.062, y, 0.004 } };

    bar(p, at.x - g * 0.02, at.y, x - g * 0.05, y - 0.004, 0.008, colour(p, 0x2B2828));
    pen_disc(p->pen, x, y - 0.010, 0.036, 0.012, colour(p, 0xE7A94A), 0.2);
    pen_loft(p->pen, pan, 4, (struct ends){ 1, 1 }, colour(p, 0x3A3840), 0.3);
}

void prop_in_hand(const struct person *p, int side)
{
    switch (p->stance.prop) {
    case PROP_MICROPHONE:
        if (side == p->stance.hand)
            draw_microphone(p, side);
        break;
    case PROP_CUP:
        if (side == p->stance.hand)
            draw_cup(p, side);
        break;
    case PROP_PAN:
        if (side == p->stance.hand)
            draw_pan(p, side);
        break;
    case PROP_DRUMS:
        draw_stick(p, side);
        break;
    default:
        break;
    }
}

/* ---- in both hands ---- */

static void draw_book(const struct person *p)
{
    struct joint l = grip(p, 0), r = grip(p, 1), m = middle(l, r);
    double half = fmax(fabs(l.x - r.x) / 2 + 0.012, 0.030), h = 0.062, y = m.y - 0.030;
    struct point left[] = { { m.x, y - h * 0.82 },
                            { m.x - half - 0.014, y - h },
                            { m.x - half - 0.008, y + h * 0.62 },
                            { m.x, y + h * 0.74 } };
    struct point right[] = { { m.x, y - h * 0.82 },
                             { m.x + half + 0.014, y - h },
                             { m.x + half + 0.008, y + h * 0.62 },
                             { m.x, y + h * 0.74 } };
    look_colour cover = colour_mix(p->cast->garment_colour, 0xC8452F, 0.6);

    pen_polygon(p->pen, left, 4, colour(p, cover));
    pen_polygon(p->pen, right, 4, colour(p, colour_scale(cover, 0.82)));
    cairo_move_to(p->pen->cr, m.x, y - h * 0.82);
    cairo_line_to(p->pen->cr, m.x, y + h * 0.74);
    pen_line(p->pen, colour(p, cover).dark, 0.006);
}

static void draw_parcel(const struct person *p)
{
    struct joint l = grip(p, 0), r = grip(p, 1), m = middle(l, r);
    double half = fmax(fabs(l.x - r.x) / 2, 0.052), top = m.y - 0.072;

    pen_panel(p->pen, m.x - half, top, half * 2, 0.100, 0.006, colour(p, 0xD9A566), 0.28);
    pen_panel(p->pen, m.x - 0.010, top, 0.020, 0.100, 0, colour(p, 0xC24A38), 0);
    pen_panel(p->pen, m.x - half, top + 0.034, half * 2, 0.018, 0, colour(p, 0xC24A38), 0.2);
}

static void draw_guitar(const struct person *p)
{
    struct joint fret = grip(p, p->stance.hand), strum = grip(p, !p->stance.hand);
    double dx = fret.x - strum.x, dy = fret.y - strum.y, angle = atan2(dy, dx),
           length = fmax(hypot(dx, dy), 0.16);
    struct pen pen = pen_enter(p->pen, strum.x, strum.y + 0.010, angle, 1);
    struct paint wood = pen_paint(&pen, colour_mix(0xC9702E, p->cast->garment_colour, 0.2)),
                 dark = pen_paint(&pen, 0x3A241A);
    struct ring neck[] = { { 0.04, 0, 0.0105 }, { length + 0.085, 0, 0.009 } },
                head[] = { { length + 0.085, 0, 0.014 }, { length + 0.135, 0, 0.017 } };
    struct point body[] = { { -0.150, 0.000 }, { -0.125, -0.082 }, { -0.055, -0.094 },
                            { 0.010, -0.060 }, { 0.062, -0.072 },  { 0.112, -0.034 },
                            { 0.112, 0.034 },  { 0.062, 0.072 },   { 0.010, 0.060 },
                            { -0.055, 0.094 }, { -0.125, 0.082 } };

    pen_loft(&pen, neck, 2, (struct ends){ 0, 0 }, dark, 0.2);
    pen_loft(&pen, head, 2, (struct ends){ 0.2, 0.3 }, dark, 0.2);
    pen_blob(&pen, body, 11, wood, 0.22);
    pen_disc(&pen, 0.030, 0, 0.032, 0.032, dark, 0);
    pen_panel(&pen, -0.095, -0.022, 0.014, 0.044, 0.004, dark, 0);
    cairo_move_to(pen.cr, -0.09, -0.003);
    cairo_line_to(pen.cr, length + 0.09, -0.002);
    cairo_move_to(pen.cr, -0.09, 0.004);
    cairo_line_to(pen.cr, length + 0.09, 0.003);
    pen_line(&pen, pen_paint(&pen, 0xE8DDC8).lit, 0.0022);
    pen_leave(&pen);
}

static void draw_steering_wheel(const struct person *p)
{
    struct joint m = middle(grip(p, 0), grip(p, 1));
    double narrow = fmax(0.35, cos(p->bones.body_yaw));

    pen_path_ellipse(p->pen, m.x, m.y + 0.02, 0.100 * narrow, 0.100);
    pen_line(p->pen, colour(p, 0x26222A).lit, 0.016);
    bar(p, m.x - 0.095 * narrow, m.y + 0.02, m.x + 0.095 * narrow, m.y + 0.02, 0.010,
        colour(p, 0x3A3640));
}

/* ---- sat on and leant on ---- */

static void draw_stool(const struct person *p)
{
    struct joint s = p->bones.pelvis;
    double x = s.x, y = s.y + 0.060;
    struct ring seat[] = { { x - 0.105, y, 0.018 }, { x, y, 0.021 }, { x + 0.105, y, 0.018 } };
    struct paint wood = colour(p, 0x8A5A38);

    bar(p, x - 0.075, y, x - 0.100, -0.004, 0.010, wood);
    bar(p, x + 0.075, y, x + 0.100, -0.004, 0.010, wood);
    bar(p, x - 0.086, y * 0.45, x + 0.086, y * 0.45, 0.006, wood);
    pen_loft(p->pen, seat, 3, (struct ends){ 1, 1 }, colour(p, 0xA9744A), 0.3);
}

static void draw_desk(const struct person *p)
{
    struct joint m = middle(p->bones.knuckle[0], p->bones.knuckle[1]);
    double g = p->bones.body_yaw < 0 ? -1 : 1, x = m.x + g * 0.075, y = m.y + 0.020,
           near = x - g * 0.145, far = x + g * 0.235;
    struct paint wood = colour(p, 0xB98A5A), metal = colour(p, 0x8E939C);

    bar(p, near + g * 0.03, y + 0.02, near + g * 0.02, -0.004, 0.010, wood);
    bar(p, far - g * 0.03, y + 0.02, far - g * 0.02, -0.004, 0.010, wood);
    pen_panel(p->pen, fmin(near, far), y, fabs(far - near), 0.024, 0.006, wood, 0.3);
    bar(p, x - g * 0.070, y - 0.005, x + g * 0.065, y - 0.005, 0.0055, metal);
    bar(p, x + g * 0.070, y - 0.006, x + g * 0.118, y - 0.118, 0.0060, metal);
    pen_disc(p->pen, x + g * 0.097, y - 0.064, 0.0085, 0.0085, colour(p, 0xDFE3E8), 0);
}

static void draw_cymbal(const struct person *p, double x, double y, double tilt)
{
    struct pen pen = pen_enter(p->pen, x, y, tilt, 1);
    struct ring r[] = { { -0.100, 0, 0.002 }, { 0, -0.004, 0.011 }, { 0.100, 0, 0.002 } };
    pen_loft(&pen, r, 3, (struct ends){ 1, 1 }, pen_paint(&pen, 0xD9A83A), 0.3);
    pen_leave(&pen);
}

static void draw_drum(const struct person *p, double x, double top, double half, double height)
{
    look_colour shell = colour_mix(p->cast->garment_colour, 0xB5322E, 0.5);
    pen_panel(p->pen, x - half, top, half * 2, height, 0.012, colour(p, shell), 0.3);
    pen_disc(p->pen, x, top, half, half * 0.20, colour(p, 0xF0EADC), 0.1);
    bar(p, x - half, top + height, x + half, top + height, 0.005, colour(p, 0xBFC1C6));
}

static void draw_drum_kit(const struct person *p)
{
    double x = p->bones.pelvis.x + 0.26 * sin(p->bones.body_yaw), shake = 0.05 * p->face.brows;
    look_colour shell = colour_mix(p->cast->garment_colour, 0xB5322E, 0.5);
    struct paint metal = colour(p, 0xA9ACB4);

    bar(p, x - 0.31, -0.46, x - 0.29, -0.005, 0.005, metal);
    bar(p, x + 0.33, -0.52, x + 0.31, -0.005, 0.005, metal);
    draw_cymbal(p, x - 0.31, -0.46, 0.16 + shake);
    draw_cymbal(p, x + 0.33, -0.52, -0.20 - shake);
    draw_drum(p, x - 0.20, -0.335, 0.082, 0.12);
    draw_drum(p, x + 0.21, -0.30, 0.10, 0.26);
    pen_disc(p->pen, x, -0.155, 0.160, 0.158, colour(p, shell), 0.2);
    pen_disc(p->pen, x, -0.155, 0.132, 0.130, colour(p, 0xF0EADC), 0.18);
    pen_disc(p->pen, x, -0.155, 0.050, 0.050, colour(p, shell), 0);
}

static void draw_pillow(const struct person *p)
{
    double x = p->bones.head.x, y = p->bones.head.y + 0.055;
    struct point pillow[] = { { x - 0.150, y + 0.010 }, { x - 0.120, y - 0.034 },
                              { x, y - 0.020 },         { x + 0.120, y - 0.034 },
                              { x + 0.150, y + 0.010 }, { x + 0.110, y + 0.044 },
                              { x, y + 0.050 },         { x - 0.110, y + 0.044 } };
    pen_blob(p->pen, pillow, 8, colour(p, 0xEDE6DA), 0.25);
}

/* What is under someone who drives and has no car around them. */
static void draw_car_seat(const struct person *p)
{
    double g = p->bones.body_yaw < 0 ? -1 : 1, x = p->bones.pelvis.x, y = p->bones.pelvis.y + 0.055;
    struct paint cloth = colour(p, 0x3A3C48), dark = colour(p, 0x2A2830);
    struct ring back[] = { { x - g * 0.075, y + 0.01, 0.050 },
                           { x - g * 0.125, y - 0.18, 0.052 },
                           { x - g * 0.170, y - 0.37, 0.040 } };
    struct ring rest[] = { { x - g * 0.178, y - 0.41, 0.034 },
                           { x - g * 0.192, y - 0.475, 0.030 } };
    struct ring seat[] = { { x - g * 0.09, y + 0.030, 0.050 },
                           { x + g * 0.06, y + 0.020, 0.048 },
                           { x + g * 0.20, y, 0.038 } };

    pen_panel(p->pen, fmin(x - g * 0.12, x + g * 0.17), y + 0.06, 0.29, fmax(-y - 0.062, 0.02),
              0.02, dark, 0.25);
    pen_loft(p->pen, rest, 2, (struct ends){ 0.8, 1 }, cloth, 0.25);
    pen_loft(p->pen, back, 3, (struct ends){ 1, 1 }, cloth, 0.25);
    pen_loft(p->pen, seat, 3, (struct ends){ 1, 1 }, cloth, 0.25);
}

/* ---- layers ---- */

static void draw_bicycle(const struct person *p)
{
    struct figure_light light;
    struct pen side = pen_mirror(p->pen, p->stance.facing, &light);
    double fit = (p->body.thigh + p->body.shin) / 0.475;
    struct pen sized = pen_enter(&side, 0, 0, 0, fit);
    look_colour frame = colour_mix(p->cast->garment_colour, 0x2F6F73, 0.75);

    bicycle_paint(&sized, frame, p->pen->moment->travel);
    pen_leave(&sized);
    pen_leave(&side);
}

void prop_behind(const struct person *p)
{
    if (p->close && p->stance.prop != PROP_PILLOW)
        return;
    switch (p->stance.prop) {
    case PROP_STOOL:
    case PROP_LAPTOP:
        draw_stool(p);
        break;
    case PROP_PILLOW:
        draw_pillow(p);
        break;
    case PROP_WHEEL:
        draw_car_seat(p);
        break;
    case PROP_BICYCLE:
        draw_bicycle(p);
        break;
    default:
        break;
    }
}

bool prop_is_held(const struct person *p)
{
    return p->stance.prop == PROP_BOOK || p->stance.prop == PROP_PARCEL;
}

void prop_held(const struct person *p)
{
    if (p->stance.prop == PROP_BOOK)
        draw_book(p);
    else
        draw_parcel(p);
}

void prop_before(const struct person *p)
{
    switch (p->stance.prop) {
    case PROP_GUITAR:
        draw_guitar(p);
        break;
    case PROP_WHEEL:
        draw_steering_wheel(p);
        break;
    case PROP_LAPTOP:
        draw_desk(p);
        break;
    case PROP_DRUMS:
        draw_drum_kit(p);
        break;
    default:
        break;
    }
}
