/* Dog, cat and horse: heads, tails and manes over the shared four-legged skeleton. */

#include "draw/figure_beast.h"

#include <math.h>

#include "base/rng.h"

static double trait(const struct sitter *s, const char *use)
{
    struct rng r = rng_fork((uint64_t)s->cast->appearance_seed, use);
    return rng_unit(&r);
}

static bool eyes_closed(const struct sitter *s)
{
    double period = 3.0 + 2 * trait(s, "blink");
    return s->cast->action == ACTION_SLEEP ||
           fmod(s->moment->seconds + period * 0.4, period) < 0.13;
}

static void draw_eye(const struct pen *pen, const struct sitter *s, double x, double y, double r,
                     look_colour iris)
{
    struct tint dark = pen_paint(pen, 0x1B1416).lit;
    if (eyes_closed(s)) {
        cairo_arc(pen->cr, x, y - r * 0.3, r, 0.15 * TURN / 2, 0.85 * TURN / 2);
        pen_line(pen, dark, r * 0.45);
        return;
    }
    pen_path_ellipse(pen, x, y, r, r * 1.08);
    pen_fill(pen, pen_paint(pen, iris).lit);
    pen_path_ellipse(pen, x + r * 0.12, y, r * 0.66, r * 0.74);
    pen_fill(pen, dark);
    pen_path_ellipse(pen, x + r * 0.36, y - r * 0.38, r * 0.28, r * 0.28);
    pen_fill(pen, pen_glow(pen, 0xFFFFFF).lit);
}

static void draw_tail(const struct pen *pen, struct point root, double angle, double length,
                      double from, double to, double curl, struct paint coat)
{
    struct ring r[5];
    double x = root.x, y = root.y, a = angle;
    for (int i = 0; i < 5; i++) {
        r[i] = (struct ring){ x, y, mix(from, to, i / 4.0) };
        x -= cos(a) * length / 4, y += sin(a) * length / 4;
        a -= curl / 4;
    }
    pen_loft(pen, r, 5, (struct ends){ 0.3, 1 }, coat, 0.2);
}

/* ---- dog ---- */

/* Units are half a skull; the origin is the middle of the skull. */
static void draw_dog_head(const struct pen *pen, const struct sitter *s, double nod)
{
    const struct look_cast *c = s->cast;
    struct paint coat = pen_paint(pen, c->garment_colour),
                 ear = pen_paint(pen, colour_scale(c->garment_colour, 0.66));
    struct paint pale = pen_paint(pen, colour_mix(c->garment_colour, 0xFBF2E2, 0.65)),
                 nose = pen_paint(pen, 0x241A1C);
    bool pants =
        c->action == ACTION_RUN || c->action == ACTION_SIT || c->action == ACTION_DANCE || c->sings;
    double open = fmax(pants ? 0.35 + 0.15 * sin(TURN * 2.2 * s->moment->seconds) : 0.05,
                       c->sings ? s->moment->mouth : 0);
    double flop = 0.25 * sin(TURN * (s->moment->beat_index + s->moment->beat_phase)) *
                      (c->action == ACTION_RUN) -
                  nod * 0.2;

    struct point jaw[] = { { 0.30, 0.42 },
                           { 1.10, 0.48 + 0.28 * open },
                           { 1.72, 0.42 + 0.62 * open },
                           { 1.66, 0.62 + 0.66 * open },
                           { 1.00, 0.82 + 0.3 * open },
                           { 0.2, 0.82 } };
    struct ring tongue[] = { { 1.15, 0.52 + 0.30 * open, 0.15 },
                             { 1.62, 0.62 + 0.62 * open, 0.16 },
                             { 1.78, 0.85 + 0.95 * open, 0.15 } };
    struct point head[] = { { -0.95, 0.10 }, { -0.86, -0.62 }, { -0.20, -1.00 }, { 0.48, -0.86 },
                            { 0.80, -0.34 }, { 1.36, -0.16 },  { 1.90, -0.12 },  { 2.06, 0.16 },
                            { 1.86, 0.46 },  { 1.20, 0.58 },   { 0.66, 0.84 },   { -0.20, 0.92 },
                            { -0.80, 0.70 } };
    struct point muzzle[] = { { 1.10, -0.10 }, { 1.86, -0.08 }, { 2.00, 0.18 }, { 1.82, 0.43 },
                              { 1.14, 0.54 },  { 0.72, 0.50 },  { 0.84, 0.14 } };
    struct ring flap[] = { { -0.32, -0.66, 0.26 },
                           { -0.62 - flop * 0.2, -0.20, 0.38 },
                           { -0.66 - flop * 0.6, 0.36, 0.34 },
                           { -0.56 - flop, 0.78 - fabs(flop) * 0.3, 0.16 } };

    pen_blob(pen, jaw, 6, pen_paint(pen, colour_scale(c->garment_colour, 0.8)), 0);
    if (open > 0.2)
        pen_loft(pen, tongue, 3, (struct ends){ 0.5, 1 }, pen_paint(pen, 0xD86A70), 0.2);
    pen_blob(pen, head, 13, coat, 0.14);
    pen_path_closed(pen, muzzle, 7);
    pen_fill(pen, pale.lit);
    pen_disc(pen, 1.96, -0.04, 0.19, 0.15, nose, 0);
    cairo_move_to(pen->cr, 1.90, 0.30);
    cairo_curve_to(pen->cr, 1.6, 0.50, 1.2, 0.54, 0.86, 0.42);
    pen_line(pen, nose.lit, 0.06);
    draw_eye(pen, s, 0.52, -0.26, 0.165, 0x5A3A1E);
    if (trait(s, "ears") < 0.35) {
        struct point up[] = {
            { -0.62, -0.62 }, { -0.60, -1.34 }, { -0.40, -1.56 }, { -0.02, -1.12 }, { 0.10, -0.74 }
        };
        pen_patch(pen, up, 5, ear, 0.2);
    } else {
        pen_loft(pen, flap, 4, (struct ends){ 0.8, 1 }, ear, 0.2);
    }
}

static struct beast dog_measures(const struct look_cast *c)
{
    return (struct beast){ .height = 0.320,
                           .length = 0.31,
                           .leg = 0.76,
                           .paw = 0.0165,
                           .thigh = 0.058,
                           .forearm = 0.042,
                           .girth = { 0.060, 0.062, 0.070, 0.082, 0.074 },
                           .stride = 0.36,
                           .coat = c->garment_colour,
                           .paws = colour_mix(c->garment_colour, 0xFBF2E2, 0.65) };
}

static void dog_wag(const struct pen *pen, const struct beast *b, const struct beast_pose *p,
                    const struct sitter *s, struct paint coat)
{
    double wag = s->cast->action == ACTION_SLEEP ? 0 : 0.35 * sin(TURN * 1.8 * s->moment->seconds);
    struct point root = { p->rump.x - b->girth[0] * 0.55, p->rump.y + b->girth[0] * 0.35 };
    draw_tail(pen, root, -0.75 + p->tail + wag, 0.20, 0.016, 0.008, 0.9, coat);
}

void dog_draw(const struct pen *pen, const struct sitter *s)
{
    struct figure_light light;
    struct pen side = pen_mirror(pen, s->moment->facing, &light);
    struct beast b = dog_measures(s->cast);
    struct beast_pose p = beast_pose_of(&b, s);
    struct paint coat = pen_paint(&side, b.coat);
    double down = clamp(p.nod, -0.6, 0.7), hx = p.withers.x + 0.080 - 0.02 * down,
           hy = p.withers.y - 0.085 + 0.13 * fmax(down, 0);
    struct ring neck[] = { { p.withers.x - 0.012, p.withers.y + 0.060, 0.072 },
                           { mix(p.withers.x, hx, 0.55), mix(p.withers.y + 0.03, hy, 0.55), 0.058 },
                           { hx - 0.01, hy, 0.050 } };
    struct ring collar[] = {
        { mix(neck[1].x, neck[2].x, 0.1), mix(neck[1].y, neck[2].y, 0.1), 0.0585 },
        { mix(neck[1].x, neck[2].x, 0.45), mix(neck[1].y, neck[2].y, 0.45), 0.0560 }
    };

    dog_wag(&side, &b, &p, s, coat);
    beast_far_legs(&side, &b, &p);
    beast_body(&side, &b, &p, coat);
    beast_near_legs(&side, &b, &p);
    pen_loft(&side, neck, 3, (struct ends){ -0.6, 0.5 }, coat, 0.2);
    pen_loft(&side, collar, 2, (struct ends){ 0, 0 }, pen_paint(&side, 0xC8402F), 0.25);
    struct pen head = pen_enter(&side, hx, hy, p.nod, 0.064);
    draw_dog_head(&head, s, p.nod);
    pen_leave(&head);
    pen_leave(&side);
}

/* ---- cat ---- */

/* A cat looks at you: the head is drawn from the front, a little turned. */
static void draw_cat_head(const struct pen *pen, const struct sitter *s)
{
    static const look_colour irises[] = { 0xC9B83E, 0x7FA650, 0x6FA8B8, 0xD08A30 };
    look_colour base = s->cast->garment_colour;
    struct paint coat = pen_paint(pen, base), inner = pen_paint(pen, 0xD99A94),
                 pale = pen_paint(pen, colour_mix(base, 0xFFF7EA, 0.75));
    struct tint dark = pen_paint(pen, 0x241A1C).lit;
    double open = s->cast->sings ? s->moment->mouth : 0,
           twitch = 0.06 * sin(TURN * 0.31 * s->moment->seconds);

    for (int side = -1; side <= 1; side += 2) {
        struct point ear[] = { { side * 0.92 + 0.1, -0.24 },
                               { side * (0.92 + twitch) + 0.1, -1.30 },
                               { side * 0.18 + 0.1, -0.72 } };
        struct point in[] = { { side * 0.78 + 0.1, -0.46 },
                              { side * (0.82 + twitch) + 0.1, -1.04 },
                              { side * 0.36 + 0.1, -0.72 } };
        pen_polygon(pen, ear, 3, coat);
        pen_polygon(pen, in, 3, (struct paint){ inner.lit, inner.dark, inner.rim });
    }
    struct point head[] = { { 0.10, -0.86 }, { 0.78, -0.68 }, { 1.14, -0.06 },
                            { 1.06, 0.42 },  { 0.60, 0.80 },  { 0.14, 0.88 + 0.1 * open },
                            { -0.34, 0.80 }, { -0.92, 0.42 }, { -1.00, -0.06 },
                            { -0.62, -0.68 } };
    pen_blob(pen, head, 10, coat, 0.16);
    for (int i = -1; i <= 1; i++) {
        cairo_move_to(pen->cr, 0.12 + i * 0.24, -0.82 + 0.06 * abs(i));
        cairo_line_to(pen->cr, 0.12 + i * 0.19, -0.48);
        pen_line(pen, pen_paint(pen, colour_scale(base, 0.62)).lit, 0.08);
    }
    pen_path_ellipse(pen, 0.20, 0.44, 0.46, 0.32);
    pen_fill(pen, pale.lit);
    for (int side = -1; side <= 1; side += 2)
        draw_eye(pen, s, 0.16 + side * 0.44, -0.02, 0.22, irises[(int)(trait(s, "iris") * 4)]);
    struct point nose[] = { { 0.10, 0.24 }, { 0.34, 0.24 }, { 0.22, 0.38 } };
    pen_polygon(pen, nose, 3, pen_paint(pen, 0xC8706C));
    if (open > 0.05) {
        pen_path_ellipse(pen, 0.22, 0.56 + 0.1 * open, 0.16, 0.04 + 0.20 * open);
        pen_fill(pen, pen_paint(pen, 0x6A2428).lit);
    }
    cairo_move_to(pen->cr, -0.04, 0.48);
    cairo_curve_to(pen->cr, 0.06, 0.58, 0.18, 0.56, 0.22, 0.42);
    cairo_curve_to(pen->cr, 0.26, 0.56, 0.38, 0.58, 0.48, 0.48);
    pen_line(pen, dark, 0.05);
    for (int i = 0; i < 4; i++) {
        double g = i < 2 ? -1 : 1, y = 0.40 + 0.12 * (i % 2);
        cairo_move_to(pen->cr, 0.2 + g * 0.44, y);
        cairo_line_to(pen->cr, 0.2 + g * 1.12, y - 0.10 + 0.22 * (i % 2));
        pen_line(pen, pale.lit, 0.03);
    }
}

static struct beast cat_measures(const struct look_cast *c)
{
    return (struct beast){ .height = 0.215,
                           .length = 0.235,
                           .leg = 0.74,
                           .paw = 0.0115,
                           .thigh = 0.040,
                           .forearm = 0.024,
                           .girth = { 0.040, 0.042, 0.045, 0.048, 0.044 },
                           .stride = 0.24,
                           .coat = c->garment_colour,
                           .paws = colour_mix(c->garment_colour, 0xFFF7EA, 0.75) };
}

static void draw_stripes(const struct pen *pen, const struct beast *b, const struct beast_pose *p)
{
    struct tint dark = pen_paint(pen, colour_scale(b->coat, 0.64)).lit;
    for (int i = 0; i < 4; i++) {
        double u = 0.18 + 0.19 * i, x = mix(p->rump.x, p->withers.x, u),
               y = mix(p->rump.y, p->withers.y, u);
        cairo_move_to(pen->cr, x, y + 0.004);
        cairo_curve_to(pen->cr, x + 0.004, y + 0.018, x + 0.002, y + 0.03, x - 0.008, y + 0.044);
        pen_line(pen, dark, 0.009);
    }
}

void cat_draw(const struct pen *pen, const struct sitter *s)
{
    struct figure_light light;
    struct pen side = pen_mirror(pen, s->moment->facing, &light);
    struct beast b = cat_measures(s->cast);
    struct beast_pose p = beast_pose_of(&b, s);
    struct paint coat = pen_paint(&side, b.coat);
    double down = clamp(p.nod, -0.5, 0.7), hx = p.withers.x + 0.050,
           hy = p.withers.y - 0.045 + 0.11 * fmax(down, 0);
    double swish = 0.3 * sin(TURN * 0.45 * s->moment->seconds);
    struct ring neck[] = { { p.withers.x - 0.01, p.withers.y + 0.040, 0.042 },
                           { hx - 0.006, hy + 0.01, 0.036 } };

    draw_tail(&side, (struct point){ p.rump.x - 0.026, p.rump.y + 0.024 },
              -0.35 + p.tail * 1.3 + swish * 0.4, 0.27, 0.0135, 0.010, 1.7 + swish - p.tail, coat);
    beast_far_legs(&side, &b, &p);
    beast_body(&side, &b, &p, coat);
    if (trait(s, "tabby") < 0.6)
        draw_stripes(&side, &b, &p);
    beast_near_legs(&side, &b, &p);
    pen_loft(&side, neck, 2, (struct ends){ -0.8, 0.5 }, coat, 0.2);
    struct pen head = pen_enter(&side, hx, hy, p.nod * 0.3, 0.060);
    draw_cat_head(&head, s);
    pen_leave(&head);
    pen_leave(&side);
}

/* ---- horse ---- */

static struct beast horse_measures(const struct look_cast *c)
{
    return (struct beast){ .height = 0.86,
                           .length = 0.66,
                           .leg = 0.80,
                           .paw = 0.026,
                           .thigh = 0.105,
                           .forearm = 0.066,
                           .girth = { 0.138, 0.140, 0.146, 0.152, 0.132 },
                           .stride = 0.95,
                           .coat = c->garment_colour,
                           .paws = 0x2E2624,
                           .hooves = true };
}

/* Units are half the head's length; the origin is the poll, behind the ears; the head points down
 * to the right. */
static void draw_horse_head(const struct pen *pen, const struct sitter *s)
{
    look_colour base = s->cast->garment_colour;
    struct paint coat = pen_paint(pen, base), muzzle = pen_paint(pen, colour_scale(base, 0.55)),
                 blaze = pen_paint(pen, 0xF6EFE4);
    struct point head[] = { { -0.30, -0.16 }, { 0.10, -0.34 }, { 0.55, -0.30 }, { 1.20, -0.16 },
                            { 1.78, -0.06 },  { 2.02, 0.14 },  { 1.96, 0.38 },  { 1.70, 0.44 },
                            { 1.20, 0.36 },   { 0.72, 0.52 },  { 0.25, 0.60 },  { -0.22, 0.36 } };
    struct point nose[] = { { 1.62, -0.08 }, { 1.82, -0.04 }, { 2.02, 0.14 }, { 1.96, 0.38 },
                            { 1.70, 0.44 },  { 1.50, 0.38 },  { 1.48, 0.12 } };
    struct point strip[] = {
        { 0.42, -0.30 }, { 1.30, -0.14 }, { 1.55, -0.08 }, { 1.30, -0.05 }, { 0.44, -0.16 }
    };

    for (int far = 1; far >= 0; far--) {
        double x = far ? 0.20 : 0.02;
        struct point ear[] = { { x - 0.16, -0.24 }, { x - 0.06, -0.78 }, { x + 0.16, -0.28 } };
        pen_polygon(pen, ear, 3, far ? (struct paint){ coat.dark, coat.dark, coat.rim } : coat);
    }
    pen_blob(pen, head, 12, coat, 0.16);
    pen_path_closed(pen, nose, 7);
    pen_fill(pen, muzzle.lit);
    if (trait(s, "blaze") < 0.6) {
        pen_path_closed(pen, strip, 5);
        pen_fill(pen, blaze.lit);
    }
    pen_disc(pen, 1.86, 0.12, 0.07, 0.05, pen_paint(pen, 0x1A1214), 0);
    cairo_move_to(pen->cr, 1.92, 0.34);
    cairo_line_to(pen->cr, 1.60, 0.30);
    pen_line(pen, pen_paint(pen, 0x1A1214).lit, 0.04);
    draw_eye(pen, s, 0.52, -0.04, 0.115, 0x2E1E14);
}

static void draw_mane(const struct pen *pen, const struct ring neck[3], struct paint hair,
                      double wind)
{
    for (int i = 0; i < 6; i++) {
        double u = i / 5.0, x = mix(neck[0].x, neck[2].x, u) - mix(0.085, 0.075, u),
               y = mix(neck[0].y - 0.13, neck[2].y - 0.02, u);
        struct ring lock[] = { { x + 0.03, y + 0.02, 0.034 },
                               { x - 0.030 - wind * 0.03, y + 0.045, 0.040 },
                               { x - 0.060 - wind * 0.08, y + 0.125, 0.012 } };
        pen_loft(pen, lock, 3, (struct ends){ 0.8, 1 }, hair, 0.2);
    }
}

static void draw_saddle(const struct pen *pen, const struct beast_pose *p, look_colour colour)
{
    double x = mix(p->rump.x, p->withers.x, 0.60), y = mix(p->rump.y, p->withers.y, 0.60);
    struct point pad[] = { { x - 0.12, y - 0.02 },
                           { x + 0.13, y - 0.02 },
                           { x + 0.11, y + 0.13 },
                           { x - 0.10, y + 0.13 } };
    pen_blob(pen, pad, 4, pen_paint(pen, colour), 0.2);
}

void horse_draw(const struct pen *pen, const struct sitter *s)
{
    struct figure_light light;
    struct pen side = pen_mirror(pen, s->moment->facing, &light);
    struct beast b = horse_measures(s->cast);
    struct beast_pose p = beast_pose_of(&b, s);
    struct paint coat = pen_paint(&side, b.coat),
                 hair = pen_paint(&side, colour_mix(colour_scale(b.coat, 0.42), 0x1C1414, 0.3));
    bool quick = s->cast->action == ACTION_RUN || s->cast->action == ACTION_RIDE;
    double wind = quick ? 0.7 + 0.3 * sin(TURN * 2 * s->moment->seconds)
                        : 0.1 * sin(TURN * 0.3 * s->moment->seconds);
    double down = p.nod * 0.5 + (quick ? 0.14 : 0), hx = p.withers.x + 0.235,
           hy = p.withers.y - 0.270 + 0.30 * down;
    struct ring neck[] = { { p.withers.x - 0.035, p.withers.y + 0.120, 0.148 },
                           { mix(p.withers.x, hx, 0.55), mix(p.withers.y + 0.02, hy, 0.5), 0.102 },
                           { hx, hy + 0.03, 0.072 } };

    draw_tail(&side, (struct point){ p.rump.x - 0.08, p.rump.y + 0.03 }, quick ? 0.25 : 0.95, 0.46,
              0.034, 0.040, (quick ? 0.2 : -0.5) - wind * 0.4, hair);
    beast_far_legs(&side, &b, &p);
    beast_body(&side, &b, &p, coat);
    beast_near_legs(&side, &b, &p);
    pen_loft(&side, neck, 3, (struct ends){ -0.7, 0.6 }, coat, 0.18);
    draw_mane(&side, neck, hair, wind);
    struct pen head = pen_enter(&side, hx, hy, 0.72 + p.nod * 0.4, 0.140);
    draw_horse_head(&head, s);
    pen_leave(&head);
    if (s->cast->action == ACTION_RIDE) {
        draw_saddle(&side, &p, 0x8A3B2E);
        rider_draw(&side, s, ACTION_SIT, mix(p.rump.x, p.withers.x, 0.58),
                   mix(p.rump.y, p.withers.y, 0.58) - 0.045);
    }
    pen_leave(&side);
}
