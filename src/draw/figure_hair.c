/*
 * Hair and headwear, in three layers: behind the body, over the skull, and before the shoulders.
 *
 * Outlines are tables for a head that looks right: `turned` is how far a point moves when the head
 * turns all the way. A head that looks left is the same table mirrored.
 */

#include "draw/figure_face.h"

#include <math.h>

#include "base/rng.h"

struct outline {
    double x, turned, y;
};

static void draw_outline(const struct pen *pen, const struct face *f, const struct outline *o,
                         int count, struct paint paint, double shadow)
{
    struct point p[PEN_POINTS_MAX];
    double s = fabs(sin(f->yaw)), g = f->yaw < 0 ? -1 : 1;

    for (int i = 0; i < count; i++)
        p[i] = (struct point){ g * (o[i].x + o[i].turned * s), o[i].y + f->nod * 0.10 };
    pen_patch(pen, p, count, paint, shadow);
}

#define DRAW_OUTLINE(pen, face, table, paint, shadow)                                              \
    draw_outline((pen), (face), (table), (int)(sizeof(table) / sizeof *(table)), (paint), (shadow))

static struct paint hair_paint(const struct pen *pen, const struct face *f)
{
    return pen_paint(pen, f->cast->hair_colour);
}

/* ---- tables ---- */

static const struct outline short_cap[] = {
    { 0.84, -0.04, -0.06 },  { 0.93, -0.02, -0.55 },  { 0.74, 0, -1.02 },
    { 0.22, 0, -1.27 },      { -0.42, -0.08, -1.20 }, { -0.86, -0.16, -0.82 },
    { -0.95, -0.20, -0.32 }, { -0.88, -0.10, 0.16 },  { -0.76, 0.18, 0.14 },
    { -0.74, 0.28, -0.22 },  { -0.58, 0.24, -0.56 },  { -0.16, 0.12, -0.50 },
    { 0.28, 0.10, -0.58 },   { 0.64, 0.06, -0.50 },   { 0.75, 0.01, -0.30 },
};

static const struct outline curtain[] = {
    { 0.88, -0.06, 0.30 },   { 0.97, -0.03, -0.30 },  { 0.80, 0, -0.94 },
    { 0.26, 0, -1.22 },      { -0.40, -0.08, -1.20 }, { -0.88, -0.16, -0.82 },
    { -1.02, -0.18, -0.20 }, { -0.98, -0.10, 0.42 },  { -0.80, 0.10, 0.34 },
    { -0.78, 0.24, -0.10 },  { -0.56, 0.26, -0.52 },  { -0.10, 0.22, -0.84 },
    { 0.16, 0.18, -0.88 },   { 0.52, 0.10, -0.56 },   { 0.74, 0.03, -0.14 },
};

static const struct outline bob_cap[] = {
    { 0.84, -0.16, 0.78 },   { 1.02, -0.08, 0.10 },   { 0.92, -0.02, -0.66 },
    { 0.48, 0, -1.16 },      { -0.20, -0.06, -1.24 }, { -0.84, -0.16, -0.92 },
    { -1.06, -0.18, -0.20 }, { -1.04, -0.12, 0.62 },  { -0.80, -0.02, 0.82 },
    { -0.70, 0.22, 0.28 },   { -0.66, 0.26, -0.28 },  { -0.28, 0.18, -0.36 },
    { 0.28, 0.10, -0.38 },   { 0.66, 0.05, -0.26 },   { 0.73, -0.02, 0.24 },
};

static const struct outline pulled_back[] = {
    { 0.82, -0.05, -0.14 },  { 0.90, -0.02, -0.56 },  { 0.68, 0, -1.00 },
    { 0.16, 0, -1.18 },      { -0.44, -0.10, -1.12 }, { -0.86, -0.18, -0.74 },
    { -0.92, -0.20, -0.22 }, { -0.84, 0.00, 0.14 },   { -0.76, 0.24, 0.00 },
    { -0.66, 0.28, -0.40 },  { -0.28, 0.22, -0.70 },  { 0.20, 0.12, -0.78 },
    { 0.60, 0.06, -0.56 },
};

static const struct outline beanie[] = {
    { 0.90, -0.05, -0.30 },  { 0.94, -0.03, -0.62 },  { 0.74, 0, -1.10 },
    { 0.20, -0.04, -1.38 },  { -0.44, -0.12, -1.30 }, { -0.92, -0.18, -0.86 },
    { -0.98, -0.20, -0.34 }, { -0.60, -0.10, -0.22 }, { 0.00, 0.00, -0.26 },
    { 0.60, 0.02, -0.26 },
};

static const struct outline hood_shell[] = {
    { 0.96, 0.00, 0.40 },    { 1.06, 0.00, -0.30 },   { 0.86, -0.02, -1.00 },
    { 0.24, -0.06, -1.36 },  { -0.52, -0.18, -1.28 }, { -1.08, -0.30, -0.80 },
    { -1.22, -0.32, -0.04 }, { -1.12, -0.24, 0.70 },  { -0.78, -0.10, 1.16 },
    { 0.00, 0.05, 1.34 },    { 0.70, 0.06, 1.10 },
};

static const struct outline hood_opening[] = {
    { 0.84, 0.02, 0.10 },   { 0.82, 0.02, -0.46 },  { 0.46, 0.04, -0.90 }, { -0.06, 0.08, -1.00 },
    { -0.56, 0.16, -0.80 }, { -0.86, 0.24, -0.30 }, { -0.88, 0.26, 0.26 }, { -0.66, 0.26, 0.80 },
    { -0.06, 0.30, 1.10 },  { 0.58, 0.16, 0.80 },
};

/* ---- loose hair ---- */

/* A lock as a loft that hangs from x, y; the end swings most. */
static void draw_lock(const struct pen *pen, const struct face *f, double x, double y,
                      double length, double width, double lean)
{
    struct pen soft = *pen;
    double sway = f->sway;
    struct ring r[] = { { x, y, width * 0.7 },
                        { x + lean * 0.35 + sway * 0.10, y + length * 0.30, width },
                        { x + lean * 0.75 + sway * 0.40, y + length * 0.65, width * 0.95 },
                        { x + lean * 0.90 + sway * 0.85, y + length * 0.90, width * 0.62 },
                        { x + lean * 0.70 + sway, y + length, width * 0.25 } };
    soft.rimless = true;
    pen_loft(&soft, r, 5, (struct ends){ 1, 1 }, hair_paint(pen, f), 0.22);
}

static void draw_mane(const struct pen *pen, const struct face *f, double length)
{
    double s = sin(f->yaw), sway = f->sway;
    struct paint hair = hair_paint(pen, f);
    struct ring r[] = { { -0.10 * s, -0.45, 0.84 },
                        { -0.16 * s, -0.1, 0.98 },
                        { -0.24 * s + sway * 0.1, 0.5, 1.06 },
                        { -0.34 * s + sway * 0.4, 0.5 + length * 0.5, 1.02 },
                        { -0.40 * s + sway * 0.8, 0.5 + length * 0.85, 0.80 },
                        { -0.42 * s + sway, 0.5 + length, 0.45 } };
    struct pen soft = *pen;

    hair.lit = hair.dark;
    soft.rimless = pen->light->rim_strength < 0.5;
    pen_loft(&soft, r, 6, (struct ends){ 0.6, 0.6 }, hair, 0);
}

/* ---- curls ---- */

static void draw_curls(const struct pen *pen, const struct face *f, int count, double radius,
                       double from, double to, double bite)
{
    struct rng r = rng_fork((uint64_t)f->cast->appearance_seed, "curls");
    struct paint hair = hair_paint(pen, f), deep = hair;
    struct pen soft = *pen;
    double s = sin(f->yaw);

    soft.rimless = bite >= 1; /* the curls before the face lie inside the others */

    deep = pen_paint(pen, colour_scale(f->cast->hair_colour, 0.82));
    for (int i = 0; i < count; i++) {
        double at = mix(from, to, (i + 0.5) / count), size = radius * rng_between(&r, 0.82, 1.18);
        double x = cos(at) * 0.92 - 0.22 * s * 1.0, y = -0.20 + sin(at) * 0.92 * bite;
        pen_disc(&soft, x, y, size, size, i % 3 == 1 ? deep : hair, 0.16);
    }
}

/* ---- strands: fine lines that only large heads show ---- */

static void draw_strands(const struct pen *pen, const struct face *f)
{
    if (pen->px < 70)
        return;
    double s = sin(f->yaw), g = f->yaw < 0 ? -1 : 1;
    struct paint shine = pen_paint(pen, colour_mix(f->cast->hair_colour, 0xFFE9D0, 0.28));

    for (int i = 0; i < 7; i++) {
        double x = g * (0.30 - 0.17 * i) - 0.16 * s, top = -1.10 + 0.10 * x * x + 0.03 * abs(i - 2);
        if (fabs(x) > 0.62)
            continue;
        cairo_move_to(pen->cr, x * 0.9 + g * 0.06, top);
        cairo_curve_to(pen->cr, x - g * 0.10, top + 0.12, x * 1.15 - g * 0.16, top + 0.22,
                       x * 1.25 - g * 0.20, top + 0.36 + 0.03 * (i % 3));
        pen_set(pen, i % 2 ? hair_paint(pen, f).dark : shine.lit, 0.55);
        cairo_set_line_width(pen->cr, 0.018);
        cairo_set_line_cap(pen->cr, CAIRO_LINE_CAP_ROUND);
        cairo_stroke(pen->cr);
    }
}

/* ---- hats ---- */

static look_colour hat_colour(const struct look_cast *cast)
{
    static const look_colour felts[] = { 0x2B2A33, 0x7A3B2E, 0xC9A227, 0x2F4A4A, 0x8C6A4A };
    struct rng r = rng_fork((uint64_t)cast->appearance_seed, "hat");
    return felts[rng_below(&r, 5)];
}

static bool wears_brim(const struct look_cast *cast)
{
    struct rng r = rng_fork((uint64_t)cast->appearance_seed, "brim");
    return rng_below(&r, 2) && cast->kind != FIGURE_CHILD;
}

static void draw_brimmed_hat(const struct pen *pen, const struct face *f)
{
    double s = sin(f->yaw), x = -0.06 * s, y = -0.50 + f->nod * 0.2;
    struct paint felt = pen_paint(pen, hat_colour(f->cast)),
                 band = pen_paint(pen, colour_scale(hat_colour(f->cast), 0.55));
    struct point crown[] = { { x + 0.84, y },        { x + 0.80, y - 0.50 }, { x + 0.56, y - 0.86 },
                             { x + 0.08, y - 0.78 }, { x - 0.50, y - 0.88 }, { x - 0.80, y - 0.52 },
                             { x - 0.86, y },        { x, y + 0.12 } };
    struct ring brim[] = { { x - 1.42, y - 0.06, 0.04 },
                           { x - 0.80, y + 0.06, 0.12 },
                           { x, y + 0.10, 0.16 },
                           { x + 0.80, y + 0.06, 0.12 },
                           { x + 1.42, y - 0.06, 0.04 } };
    struct ring ribbon[] = { { x - 0.86, y - 0.10, 0.10 },
                             { x, y - 0.04, 0.11 },
                             { x + 0.85, y - 0.10, 0.10 } };

    pen_blob(pen, crown, 8, felt, 0.24);
    pen_loft(pen, ribbon, 3, (struct ends){ 0, 0 }, band, 0.2);
    pen_loft(pen, brim, 5, (struct ends){ 1, 1 }, felt, 0.30);
}

static void draw_beanie(const struct pen *pen, const struct face *f)
{
    double s = sin(f->yaw), y = -0.34 + f->nod * 0.10;
    struct paint wool = pen_paint(pen, hat_colour(f->cast)),
                 fold = pen_paint(pen, colour_scale(hat_colour(f->cast), 1.25));
    struct ring cuff[] = { { -0.93 - 0.15 * s, y, 0.15 },
                           { -0.06 * s, y + 0.06, 0.17 },
                           { 0.92 - 0.10 * s, y, 0.15 } };

    DRAW_OUTLINE(pen, f, beanie, wool, 0.24);
    pen_loft(pen, cuff, 3, (struct ends){ 0.5, 0.5 }, fold, 0.2);
}

static void draw_hat(const struct pen *pen, const struct face *f)
{
    DRAW_OUTLINE(pen, f, short_cap, hair_paint(pen, f), 0.2);
    if (wears_brim(f->cast))
        draw_brimmed_hat(pen, f);
    else
        draw_beanie(pen, f);
}

static void draw_hood(const struct pen *pen, const struct face *f)
{
    struct point shell[PEN_POINTS_MAX];
    double s = fabs(sin(f->yaw)), g = f->yaw < 0 ? -1 : 1;
    int outer = sizeof hood_shell / sizeof *hood_shell,
        hole = sizeof hood_opening / sizeof *hood_opening;

    /* A ring: the shell with the face's opening left out. */
    for (int i = 0; i < outer; i++)
        shell[i] =
            (struct point){ g * (hood_shell[i].x + hood_shell[i].turned * s), hood_shell[i].y };
    pen_path_closed(pen, shell, outer);
    for (int i = 0; i < hole; i++)
        shell[i] = (struct point){ g * (hood_opening[i].x + hood_opening[i].turned * s),
                                   hood_opening[i].y };
    pen_path_closed(pen, shell, hole);
    pen_ink(pen);
    cairo_set_fill_rule(pen->cr, CAIRO_FILL_RULE_EVEN_ODD);
    pen_fill(pen, pen_paint(pen, f->cast->garment_colour).lit);
    cairo_set_fill_rule(pen->cr, CAIRO_FILL_RULE_WINDING);
    pen_path_closed(pen, shell, hole);
    pen_line(pen, pen_paint(pen, f->cast->garment_colour).dark, 0.12);
}

/* ---- the three layers ---- */

void hair_behind(const struct pen *pen, const struct face *f)
{
    struct paint back = pen_paint(pen, colour_scale(f->cast->garment_colour, 0.62));
    switch (f->cast->hair) {
    case HAIR_LONG:
        draw_mane(pen, f, 1.55);
        break;
    case HAIR_BOB:
        draw_mane(pen, f, 0.30);
        break;
    case HAIR_CURLY:
        draw_curls(pen, f, 12, 0.46, -0.35 - TURN / 2, 0.35, 0.95);
        break;
    case HAIR_BUN:
        pen_disc(pen, -0.62 * sin(f->yaw), -1.16, 0.44, 0.42, hair_paint(pen, f), 0.24);
        break;
    case HAIR_HOOD:
        DRAW_OUTLINE(pen, f, hood_shell, back, 0);
        break;
    default:
        break;
    }
}

void hair_over(const struct pen *pen, const struct face *f)
{
    switch (f->cast->hair) {
    case HAIR_LONG:
        DRAW_OUTLINE(pen, f, curtain, hair_paint(pen, f), 0.18);
        draw_strands(pen, f);
        break;
    case HAIR_BOB:
        DRAW_OUTLINE(pen, f, bob_cap, hair_paint(pen, f), 0.18);
        draw_strands(pen, f);
        break;
    case HAIR_BUN:
        DRAW_OUTLINE(pen, f, pulled_back, hair_paint(pen, f), 0.18);
        draw_strands(pen, f);
        break;
    case HAIR_CURLY:
        draw_curls(pen, f, 8, 0.33, TURN / 2 + 0.05, TURN - 0.05, 1.0);
        break;
    case HAIR_BALD:
        break;
    case HAIR_HAT:
        draw_hat(pen, f);
        break;
    case HAIR_HOOD:
        DRAW_OUTLINE(pen, f, pulled_back, hair_paint(pen, f), 0);
        draw_hood(pen, f);
        break;
    default:
        DRAW_OUTLINE(pen, f, short_cap, hair_paint(pen, f), 0.18);
        draw_strands(pen, f);
        break;
    }
}

void hair_before(const struct pen *pen, const struct face *f)
{
    if (f->cast->hair != HAIR_LONG)
        return;
    double s = sin(f->yaw);
    for (int side = -1; side <= 1; side += 2) {
        double turned_away = side * s;
        if (turned_away > 0.35)
            continue;
        draw_lock(pen, f, side * 0.90 - 0.10 * s, 0.10, 1.75, 0.22, side * 0.10);
    }
}
