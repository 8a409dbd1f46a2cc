/*
 * The trunk and its clothes: one loft along the spine, then what makes it a shirt, a coat or a
 * suit.
 *
 * Decorations are drawn on the front of the trunk and slide with the turn of the body, like the
 * features of a face.
 */

#include "draw/figure_kinds.h"

#include <math.h>

/* A width seen from an angle: the trunk is an ellipse. */
static double seen(const struct person *p, double half_width)
{
    double c = cos(p->bones.body_yaw), s = sin(p->bones.body_yaw) * p->body.depth;
    return half_width * sqrt(c * c + s * s);
}

static double roomy(const struct person *p)
{
    switch (p->cast->garment) {
    case GARMENT_COAT:
        return 1.12;
    case GARMENT_HOODIE:
        return 1.14;
    case GARMENT_JACKET:
        return 1.10;
    case GARMENT_SUIT:
        return 1.06;
    default:
        return 1.0;
    }
}

struct trunk {
    struct ring ring[8];
    int count;
    struct point up, across; /* of the chest, unit vectors on the picture */
    struct point middle;     /* of the chest, inside it */
};

static struct ring along(struct joint a, struct joint b, double share, double r)
{
    return (struct ring){ mix(a.x, b.x, share), mix(a.y, b.y, share), r };
}

static struct trunk trunk_of(const struct person *p)
{
    const struct skeleton *s = &p->bones;
    const struct body *b = &p->body;
    double k = roomy(p), loose = p->cast->garment == GARMENT_DRESS   ? 0.92
                                 : p->cast->garment == GARMENT_SHIRT ? 1.06
                                                                     : 1.12;
    double dx = s->chest.x - s->waist.x, dy = s->chest.y - s->waist.y,
           length = fmax(hypot(dx, dy), 1e-4);
    struct trunk t = { .up = { dx / length, dy / length }, .count = 7 };

    t.across = (struct point){ -t.up.y, t.up.x };
    t.ring[0] = along(s->pelvis, s->waist, -0.30, seen(p, b->seat * k * 0.97));
    t.ring[1] = along(s->pelvis, s->waist, 0.10, seen(p, b->seat * k));
    t.ring[2] = along(s->pelvis, s->waist, 0.85, seen(p, b->waist * k * loose));
    t.ring[3] = along(s->waist, s->chest, 0.48, seen(p, b->chest * k * 0.98));
    t.ring[4] = along(s->waist, s->chest, 0.82, seen(p, b->shoulder * 1.14 * mix(1, k, 0.6)));
    t.ring[5] = along(s->waist, s->chest, 1.00, seen(p, b->shoulder * 0.86));
    t.ring[6] = along(s->waist, s->chest, 1.13, seen(p, 0.046));
    t.middle = (struct point){ s->chest.x, s->chest.y };
    return t;
}

/* A point of the front, wrapped around the trunk: `across` from side to side, `down` in spine
 * lengths from the collar. */
static struct point front_at(const struct person *p, const struct trunk *t, double across,
                             double down)
{
    double around = across * 1.15, yaw = p->bones.body_yaw, low = p->body.spine * down;
    double wide =
        p->body.chest * (sin(around) * cos(yaw) + cos(around) * sin(yaw) * p->body.depth * 0.92);
    return (struct point){ t->middle.x + t->across.x * wide - t->up.x * low,
                           t->middle.y + t->across.y * wide - t->up.y * low };
}

static void fill_front(const struct person *p, const struct trunk *t, const struct point *at,
                       int count, struct tint tint)
{
    for (int i = 0; i < count; i++) {
        struct point q = front_at(p, t, at[i].x, at[i].y);
        if (i)
            cairo_line_to(p->pen->cr, q.x, q.y);
        else
            cairo_move_to(p->pen->cr, q.x, q.y);
    }
    cairo_close_path(p->pen->cr);
    pen_fill(p->pen, tint);
}

static void line_front(const struct person *p, const struct trunk *t, struct point a,
                       struct point b, struct tint tint, double width)
{
    struct point from = front_at(p, t, a.x, a.y), to = front_at(p, t, b.x, b.y);
    cairo_move_to(p->pen->cr, from.x, from.y);
    cairo_line_to(p->pen->cr, to.x, to.y);
    pen_line(p->pen, tint, width);
}

#define FRONT(p, t, tint, ...)                                                                     \
    fill_front((p), (t), (const struct point[]){ __VA_ARGS__ },                                    \
               (int)(sizeof((const struct point[]){ __VA_ARGS__ }) / sizeof(struct point)),        \
               (tint))

/* ---- garments ---- */

static void draw_collar_round(const struct person *p, const struct trunk *t)
{
    struct point l = front_at(p, t, -0.50, -0.10), m = front_at(p, t, 0, 0.075),
                 r = front_at(p, t, 0.50, -0.10);
    cairo_move_to(p->pen->cr, l.x, l.y);
    cairo_curve_to(p->pen->cr, l.x, m.y, r.x, m.y, r.x, r.y);
    cairo_close_path(p->pen->cr);
    pen_fill(p->pen, p->wear.skin.dark);
}

static void draw_shirt(const struct person *p, const struct trunk *t)
{
    struct tint dark = p->wear.top.dark, pale = p->wear.inner.lit;

    FRONT(p, t, p->wear.skin.dark, { -0.34, -0.10 }, { 0.34, -0.10 }, { 0, 0.16 });
    FRONT(p, t, p->wear.trim.lit, { -0.50, -0.10 }, { -0.30, -0.12 }, { 0.02, 0.16 },
          { -0.30, 0.17 });
    FRONT(p, t, p->wear.trim.lit, { 0.50, -0.10 }, { 0.30, -0.12 }, { -0.02, 0.16 },
          { 0.30, 0.17 });
    line_front(p, t, (struct point){ 0, 0.16 }, (struct point){ 0, 1.08 }, dark, 0.0045);
    for (int i = 0; i < 4; i++) {
        struct point b = front_at(p, t, 0, 0.27 + 0.21 * i);
        pen_path_ellipse(p->pen, b.x, b.y, 0.0042, 0.0042);
        pen_fill(p->pen, pale);
    }
}

static void draw_belt(const struct person *p, const struct trunk *t)
{
    struct ring seat[2] = { along(p->bones.pelvis, p->bones.waist, -0.42, t->ring[0].r * 0.98),
                            along(p->bones.pelvis, p->bones.waist, 0.10, t->ring[1].r * 1.01) };
    pen_loft(p->pen, seat, 2, (struct ends){ 0.1, 0 }, p->wear.bottom, 0.2);
    struct ring belt[2] = { along(p->bones.pelvis, p->bones.waist, 0.02, t->ring[1].r * 0.985),
                            along(p->bones.pelvis, p->bones.waist, 0.22, t->ring[1].r * 0.975) };
    pen_loft(p->pen, belt, 2, (struct ends){ 0, 0 }, p->wear.shoe, 0.2);
}

static void draw_lapels(const struct person *p, const struct trunk *t, double low)
{
    FRONT(p, t, p->wear.inner.lit, { -0.40, -0.11 }, { 0.40, -0.11 }, { 0.02, low });
    FRONT(p, t, p->wear.skin.dark, { -0.26, -0.11 }, { 0.26, -0.11 }, { 0, 0.07 });
    FRONT(p, t, p->wear.trim.lit, { -0.42, -0.12 }, { -0.72, 0.10 }, { -0.50, 0.20 },
          { -0.54, 0.28 }, { 0.02, low }, { -0.20, 0.10 });
    FRONT(p, t, p->wear.trim.lit, { 0.42, -0.12 }, { 0.72, 0.10 }, { 0.50, 0.20 }, { 0.54, 0.28 },
          { 0.02, low }, { 0.20, 0.10 });
    line_front(p, t, (struct point){ 0.02, low }, (struct point){ 0.10, 1.18 }, p->wear.top.dark,
               0.0055);
}

static void draw_suit(const struct person *p, const struct trunk *t)
{
    struct paint tie = pen_paint(p->pen, colour_mix(0xB23A3A, p->cast->hair_colour, 0.25));

    draw_lapels(p, t, 0.62);
    FRONT(p, t, tie.lit, { -0.09, 0.01 }, { 0.09, 0.01 }, { 0.06, 0.09 }, { 0.11, 0.46 },
          { 0.02, 0.58 }, { -0.08, 0.46 }, { -0.06, 0.09 });
    FRONT(p, t, p->wear.inner.lit, { -0.62, 0.36 }, { -0.38, 0.34 }, { -0.40, 0.39 },
          { -0.62, 0.41 });
}

static void draw_jacket(const struct person *p, const struct trunk *t)
{
    FRONT(p, t, p->wear.inner.lit, { -0.34, -0.08 }, { 0.34, -0.08 }, { 0.26, 1.10 },
          { -0.26, 1.10 });
    FRONT(p, t, p->wear.skin.dark, { -0.28, -0.10 }, { 0.28, -0.10 }, { 0, 0.07 });
    FRONT(p, t, p->wear.trim.lit, { -0.36, -0.14 }, { -0.64, 0.02 }, { -0.44, 0.24 },
          { -0.24, 0.16 });
    FRONT(p, t, p->wear.trim.lit, { 0.36, -0.14 }, { 0.64, 0.02 }, { 0.44, 0.24 }, { 0.24, 0.16 });
    line_front(p, t, (struct point){ -0.25, 0.14 }, (struct point){ -0.27, 1.12 },
               p->wear.trim.dark, 0.006);
    line_front(p, t, (struct point){ 0.25, 0.14 }, (struct point){ 0.27, 1.12 }, p->wear.trim.dark,
               0.006);
    struct ring hem[2] = { along(p->bones.pelvis, p->bones.waist, -0.30, t->ring[0].r * 1.01),
                           along(p->bones.pelvis, p->bones.waist, -0.05, t->ring[0].r * 1.04) };
    pen_loft(p->pen, hem, 2, (struct ends){ 0.06, 0 }, p->wear.trim, 0.22);
}

static void draw_hoodie(const struct person *p, const struct trunk *t)
{
    struct ring hem[2] = { along(p->bones.pelvis, p->bones.waist, -0.30, t->ring[0].r * 0.99),
                           along(p->bones.pelvis, p->bones.waist, -0.02, t->ring[0].r * 1.02) };

    pen_loft(p->pen, hem, 2, (struct ends){ 0.06, 0 }, p->wear.trim, 0.22);
    FRONT(p, t, p->wear.top.dark, { -0.58, 0.98 }, { -0.40, 0.66 }, { 0.40, 0.66 }, { 0.58, 0.98 });
    FRONT(p, t, p->wear.skin.dark, { -0.30, -0.10 }, { 0.30, -0.10 }, { 0.0, 0.06 });
    if (p->cast->hair != HAIR_HOOD) {
        FRONT(p, t, p->wear.trim.lit, { -0.34, -0.16 }, { -0.82, -0.04 }, { -0.56, 0.16 },
              { 0.02, 0.14 }, { -0.24, 0.02 });
        FRONT(p, t, p->wear.trim.lit, { 0.34, -0.16 }, { 0.82, -0.04 }, { 0.56, 0.16 },
              { -0.02, 0.14 }, { 0.24, 0.02 });
    }
    line_front(p, t, (struct point){ -0.16, 0.12 }, (struct point){ -0.19, 0.42 },
               p->wear.inner.lit, 0.006);
    line_front(p, t, (struct point){ 0.16, 0.12 }, (struct point){ 0.18, 0.38 }, p->wear.inner.lit,
               0.006);
}

static void draw_dress_top(const struct person *p, const struct trunk *t)
{
    struct ring sash[2] = { along(p->bones.pelvis, p->bones.waist, 0.66, t->ring[2].r * 1.05),
                            along(p->bones.pelvis, p->bones.waist, 0.96, t->ring[2].r * 1.04) };
    draw_collar_round(p, t);
    pen_loft(p->pen, sash, 2, (struct ends){ 0, 0 }, p->wear.trim, 0.22);
}

void dress_trunk(const struct person *p)
{
    struct trunk t = trunk_of(p);

    pen_loft(p->pen, t.ring, t.count, (struct ends){ 0.10, 0.2 }, p->wear.top, 0.20);
    if (cos(p->bones.body_yaw) < 0.12 && p->cast->garment != GARMENT_JACKET)
        return;
    switch (p->cast->garment) {
    case GARMENT_SHIRT:
        draw_shirt(p, &t);
        draw_belt(p, &t);
        break;
    case GARMENT_COAT:
        draw_lapels(p, &t, 0.46);
        break;
    case GARMENT_SUIT:
        draw_suit(p, &t);
        break;
    case GARMENT_JACKET:
        draw_jacket(p, &t);
        break;
    case GARMENT_HOODIE:
        draw_hoodie(p, &t);
        break;
    default:
        draw_dress_top(p, &t);
        break;
    }
}

/* ---- what hangs below the hips ---- */

/* The hem hangs around both knees, lags behind the walk and swings with the beat of the step. */
void dress_skirt(const struct person *p)
{
    const struct skeleton *s = &p->bones;
    bool coat = p->cast->garment == GARMENT_COAT;
    if (p->close || (!coat && p->cast->garment != GARMENT_DRESS))
        return;

    struct joint k0 = s->knee[0], k1 = s->knee[1];
    double low = coat ? 0.22 : 0.30, cx = (k0.x + k1.x) / 2, half = fabs(k0.x - k1.x) / 2;
    double a0x = mix(k0.x, s->ankle[0].x, low), a1x = mix(k1.x, s->ankle[1].x, low);
    double hem_y = fmax(mix(k0.y, s->ankle[0].y, low), mix(k1.y, s->ankle[1].y, low));
    double flare = (coat ? 0.062 : 0.085) * p->body.limb,
           lag = -0.035 * sin(s->body_yaw) * (half > 0.03);
    double hem_x = (a0x + a1x) / 2 * 0.5 + cx * 0.5 + lag + 0.012 * p->face.sway;
    double hem_r = fmax(half, fabs(a0x - a1x) / 2) + flare,
           seat = fmax(seen(p, p->body.seat) * (coat ? 1.20 : 1.08),
                       seen(p, p->body.hip) + 0.060 * p->body.limb);
    struct joint hem = { hem_x, hem_y, 0 };
    struct ring r[] = { along(s->pelvis, s->waist, 0.9, seen(p, p->body.waist) * 1.02),
                        along(s->pelvis, s->waist, 0.0, seat),
                        along(s->pelvis, hem, 0.45, mix(seat, hem_r, 0.55)),
                        along(s->pelvis, hem, 0.85, mix(seat, hem_r, 0.92)),
                        along(s->pelvis, hem, 1.0, hem_r) };
    pen_loft(p->pen, r, 5, (struct ends){ 0, 0.10 }, p->wear.top, 0.22);
    cairo_move_to(p->pen->cr,
                  s->pelvis.x + (hem_x - s->pelvis.x) * 0.2 + sin(s->body_yaw) * seat * 0.5,
                  mix(s->pelvis.y, hem_y, 0.15));
    cairo_line_to(p->pen->cr, hem_x + hem_r * (0.12 + 0.4 * sin(s->body_yaw)), hem_y);
    pen_line(p->pen, p->wear.top.dark, 0.007);
}
