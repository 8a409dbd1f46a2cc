/*
 * A face is a few shapes placed on a turned ball.
 *
 * Features sit at longitudes of a sphere, so turning the head slides and narrows them together.
 * Faces never turn to a full profile: three quarters keeps both eyes, which is where the eye of the
 * viewer goes first.
 */

#include "draw/figure_face.h"

#include <math.h>

#include "base/rng.h"

enum { FULL_EYES_PX = 34 }; /* half a head, from which eyes have whites, irises and lids */

static double unit_of(const struct look_cast *cast, const char *use)
{
    struct rng r = rng_fork((uint64_t)cast->appearance_seed, use);
    return rng_unit(&r);
}

/* Eyes close for an eighth of a second every few seconds, each person in their own time. */
static double blink(const struct look_cast *cast, double seconds)
{
    double period = 2.6 + 2.2 * unit_of(cast, "blink period");
    double at = fmod(seconds + period * unit_of(cast, "blink phase"), period);
    return at < 0.16 ? sin(TURN / 2 * at / 0.16) : 0;
}

double figure_eyes_open(const struct look_cast *cast)
{
    double seconds = 0.4;
    while (blink(cast, seconds) > 0)
        seconds += 0.1;
    return seconds;
}

struct face face_of(const struct look_cast *cast, const struct figure_moment *moment, double yaw,
                    double nod)
{
    bool speaks = cast->sings || cast->action == ACTION_SING;
    struct face f = { .cast = cast, .yaw = yaw, .nod = clamp(nod, -0.6, 0.6), .smile = 0.45 };

    f.mouth = speaks ? clamp(moment->mouth, 0, 1) : 0;
    f.lids = fmax(blink(cast, moment->seconds), nod > 0.2 ? 0.55 : 0);
    f.brows = 0.15 + 0.5 * f.mouth;
    f.sway = 0.10 * sin(TURN * 0.21 * moment->seconds);
    switch (cast->action) {
    case ACTION_SLEEP:
        f.lids = 1;
        f.smile = 0.2;
        break;
    case ACTION_RUN:
        f.smile = 0.1;
        f.sway = -0.45;
        f.brows = -0.2;
        break;
    case ACTION_WALK:
        f.sway += 0.10 * sin(moment->travel * 15);
        break;
    case ACTION_DANCE:
    case ACTION_JUMP:
    case ACTION_WAVE:
        f.smile = 0.9;
        f.sway += 0.25 * sin(TURN / 2 * (moment->beat_index + moment->beat_phase));
        break;
    case ACTION_FALL:
        f.smile = -0.4;
        f.brows = 0.9;
        f.sway = 0.3;
        break;
    case ACTION_LOOK_AWAY:
        f.smile = 0;
        f.brows = -0.3;
        break;
    case ACTION_PLAY_DRUMS:
    case ACTION_PLAY_GUITAR:
        f.lids = fmax(f.lids, 0.3 * moment->energy);
        break;
    case ACTION_SING:
        f.lids = fmax(f.lids, f.mouth > 0.75 ? 0.6 : 0.12);
        break;
    default:
        break;
    }
    return f;
}

/* ---- on the ball ---- */

static double at_longitude(const struct face *f, double longitude, double radius)
{
    return sin(f->yaw + longitude) * radius;
}

static double at_height(const struct face *f, double y)
{
    return y + f->nod * 0.42 * sqrt(fmax(0, 1 - y * y * 0.7));
}

/* ---- skull and ears ---- */

static void draw_skull(const struct pen *pen, const struct face *f, struct paint skin)
{
    double s = fabs(sin(f->yaw)), g = f->yaw < 0 ? -1 : 1, jaw = 0.10 * f->mouth,
           round = unit_of(f->cast, "jaw");
    double cheek = f->cast->kind == FIGURE_CHILD ? 0.80 : mix(0.70, 0.77, round),
           wide = mix(0.44, 0.56, round);
    struct point p[] = {
        { -0.10 * s, -1.00 },
        { 0.46, -0.90 },
        { 0.73, -0.54 },
        { 0.79 - 0.05 * s, -0.12 },
        { cheek + 0.03 * s, 0.26 },
        { wide + 0.10 * s, 0.68 + jaw * 0.7 },
        { 0.24 + 0.24 * s, 0.95 + jaw },
        { 0.36 * s, 1.01 + jaw },
        { -0.24 + 0.32 * s, 0.95 + jaw },
        { -wide + 0.18 * s, 0.68 + jaw * 0.7 },
        { -cheek - 0.02 * s, 0.26 },
        { -0.79 - 0.10 * s, -0.12 },
        { -0.75 - 0.18 * s, -0.54 },
        { -0.48 - 0.14 * s, -0.90 },
    };
    enum { COUNT = sizeof p / sizeof *p };

    for (int i = 0; i < COUNT; i++)
        p[i].x *= g;
    pen_blob(pen, p, COUNT, skin, 0.15);
}

static void draw_ear(const struct pen *pen, const struct face *f, struct paint skin, int side)
{
    double x = (side ? 1 : -1) * 0.80 * cos(f->yaw * 1.05) - 0.06 * sin(f->yaw),
           y = at_height(f, 0.06);
    double wide = 0.13 + 0.05 * fabs(sin(f->yaw));

    pen_disc(pen, x, y, wide, 0.21, skin, 0);
    if (pen->px < FULL_EYES_PX)
        return;
    pen_path_ellipse(pen, x, y + 0.01, wide * 0.55, 0.12);
    pen_fill(pen, skin.dark);
}

static void draw_cheeks(const struct pen *pen, const struct face *f)
{
    struct paint blush = pen_paint(pen, colour_mix(f->cast->skin, 0xE0584A, 0.75));
    for (int side = -1; side <= 1; side += 2) {
        double longitude = side * 0.60, wide = 0.17 * cos(f->yaw + longitude);
        if (wide < 0.08)
            continue;
        pen_path_ellipse(pen, at_longitude(f, longitude, 0.80), at_height(f, 0.32), wide, 0.11);
        pen_set(pen, blush.lit, 0.30);
        cairo_fill(pen->cr);
    }
}

/* The nose is its own shadow: a wedge on the side away from the light, or away from where the face
 * looks. */
static void draw_nose(const struct pen *pen, const struct face *f, struct paint skin)
{
    double g = fabs(f->yaw) > 0.16 ? (f->yaw < 0 ? -1 : 1) : pen->light->key_from > 0 ? -1 : 1;
    double tip = at_longitude(f, 0, 1.02), root = at_longitude(f, 0, 0.80),
           size = 0.9 + 0.3 * unit_of(f->cast, "nose");
    double top = at_height(f, -0.06), low = at_height(f, 0.22 + 0.06 * size);
    struct point p[] = {
        { root + g * 0.02, top },       { mix(root, tip, 0.6) + g * 0.04, mix(top, low, 0.55) },
        { tip + g * 0.10 * size, low }, { tip - g * 0.02, low + 0.09 },
        { tip - g * 0.10, low + 0.04 }, { mix(root, tip, 0.5) - g * 0.01, mix(top, low, 0.5) }
    };

    pen_path_closed(pen, p, 6);
    pen_fill(pen, skin.dark);
}

/* ---- eyes ---- */

struct eye {
    double x, y, wide, high; /* middle and half sizes of the opening */
    double out;              /* -1 or 1: where the temple is */
};

static struct eye eye_of(const struct face *f, int side)
{
    double child = f->cast->kind == FIGURE_CHILD ? 1.18 : 1, longitude = side * 0.41;
    double size = (0.92 + 0.2 * unit_of(f->cast, "eyes")) * child;

    return (struct eye){ .x = at_longitude(f, longitude, 0.80),
                         .y = at_height(f, f->cast->kind == FIGURE_CHILD ? 0.10 : 0.03),
                         .wide = 0.175 * size * fmax(cos(f->yaw + longitude * 0.9), 0.3),
                         .high = 0.112 * size,
                         .out = side };
}

static void eye_path(const struct pen *pen, const struct eye *e, double open)
{
    cairo_t *cr = pen->cr;
    double h = e->high * open, o = e->out;

    cairo_move_to(cr, e->x - o * e->wide, e->y + 0.025);
    cairo_curve_to(cr, e->x - o * e->wide * 0.6, e->y - h * 1.35, e->x + o * e->wide * 0.5,
                   e->y - h * 1.5, e->x + o * e->wide, e->y - 0.012);
    cairo_curve_to(cr, e->x + o * e->wide * 0.6, e->y + h * 1.05, e->x - o * e->wide * 0.4,
                   e->y + h * 1.15, e->x - o * e->wide, e->y + 0.025);
    cairo_close_path(cr);
}

static void lid_path(const struct pen *pen, const struct eye *e, double open)
{
    double h = e->high * (open * 2 - 1), o = e->out;

    cairo_move_to(pen->cr, e->x - o * e->wide, e->y + 0.025);
    cairo_curve_to(pen->cr, e->x - o * e->wide * 0.6, e->y - h * 1.35, e->x + o * e->wide * 0.5,
                   e->y - h * 1.5, e->x + o * e->wide * 1.06, e->y - 0.02);
}

static look_colour iris_colour(const struct look_cast *cast)
{
    static const look_colour irises[] = { 0x4A2E1C, 0x5B3A21, 0x3B2A20, 0x6B5A2E,
                                          0x3F5E4A, 0x3E5F7E, 0x4A2E1C };
    int pale = colour_luma(cast->skin) > 0.55 ? 7 : 3;
    return irises[(int)(unit_of(cast, "iris") * pale)];
}

static void draw_iris(const struct pen *pen, const struct face *f, const struct eye *e)
{
    double x = e->x + 0.045 * sin(f->yaw), y = e->y - 0.012 + 0.03 * f->nod, r = e->high * 0.92;

    pen_path_ellipse(pen, x, y, r * 0.95, r);
    pen_fill(pen, pen_paint(pen, iris_colour(f->cast)).lit);
    pen_path_ellipse(pen, x, y, r * 0.52, r * 0.55);
    pen_fill(pen, pen_paint(pen, 0x120C0E).lit);
    double g = pen->light->key_from < 0 ? -1 : 1;
    pen_path_ellipse(pen, x + g * r * 0.36, y - r * 0.40, r * 0.26, r * 0.26);
    pen_fill(pen, pen_glow(pen, 0xFFFFFF).lit);
}

static bool has_lashes(const struct look_cast *cast)
{
    if (cast->male)
        return false;
    return cast->female || cast->garment == GARMENT_DRESS || cast->hair == HAIR_LONG ||
           cast->hair == HAIR_BUN || cast->hair == HAIR_BOB;
}

static void draw_lashes(const struct pen *pen, const struct eye *e, double open, struct tint dark)
{
    double o = e->out, y = e->y - 0.02 - e->high * 0.15 * open;
    cairo_move_to(pen->cr, e->x + o * e->wide * 0.95, y + 0.01);
    cairo_line_to(pen->cr, e->x + o * (e->wide + 0.075), y - 0.055);
    pen_line(pen, dark, 0.040);
}

static void draw_eye_fully(const struct pen *pen, const struct face *f, const struct eye *e,
                           struct paint skin)
{
    double open = 1 - f->lids;
    struct tint dark = pen_paint(pen, 0x1E1416).lit;

    if (open > 0.42) {
        cairo_save(pen->cr);
        eye_path(pen, e, open);
        cairo_set_source_rgb(pen->cr, 0, 0, 0);
        cairo_clip_preserve(pen->cr);
        pen_fill(pen, pen_paint(pen, 0xF6F0E8).lit);
        draw_iris(pen, f, e);
        cairo_restore(pen->cr);
        cairo_save(pen->cr);
        cairo_translate(pen->cr, 0, -0.055);
        lid_path(pen, e, open);
        cairo_restore(pen->cr);
        pen_line(pen, skin.dark, 0.022);
    }
    lid_path(pen, e, open > 0.42 ? open : 0.1);
    pen_line(pen, dark, has_lashes(f->cast) ? 0.052 : 0.040);
    if (has_lashes(f->cast))
        draw_lashes(pen, e, open, dark);
}

static void draw_eye_small(const struct pen *pen, const struct face *f, const struct eye *e)
{
    struct tint dark = pen_paint(pen, 0x1E1416).lit;
    if (f->lids > 0.5) {
        lid_path(pen, e, 1 - f->lids);
        pen_line(pen, dark, 0.06);
        return;
    }
    pen_path_ellipse(pen, e->x + 0.03 * sin(f->yaw), e->y, e->wide * 0.52,
                     e->high * 1.05 * (1 - f->lids));
    pen_fill(pen, dark);
}

static void draw_brow(const struct pen *pen, const struct face *f, const struct eye *e)
{
    double o = e->out, lift = 0.05 * f->brows, y = e->y - e->high - 0.125 - lift,
           thick = 0.055 + 0.035 * unit_of(f->cast, "brow");
    double worry = f->brows < 0 ? 0.05 * f->brows : 0;
    struct paint hair =
        pen_paint(pen, colour_scale(f->cast->hair_colour,
                                    colour_luma(f->cast->hair_colour) > 0.5 ? 0.72 : 0.8));

    if (has_lashes(f->cast))
        thick *= 0.72;
    cairo_move_to(pen->cr, e->x - o * e->wide * 0.95, y + 0.035 - worry);
    cairo_curve_to(pen->cr, e->x - o * e->wide * 0.2, y - 0.05, e->x + o * e->wide * 0.6, y - 0.06,
                   e->x + o * e->wide * 1.25, y + 0.045);
    pen_line(pen, hair.lit, thick);
}

static void draw_eyes(const struct pen *pen, const struct face *f, struct paint skin)
{
    for (int side = -1; side <= 1; side += 2) {
        struct eye e = eye_of(f, side);
        if (pen->px >= FULL_EYES_PX)
            draw_eye_fully(pen, f, &e, skin);
        else
            draw_eye_small(pen, f, &e);
        draw_brow(pen, f, &e);
    }
}

/* ---- the mouth ---- */

struct lips {
    double x, y, wide, up, down; /* up and down from the middle line: the opening */
    double curl;                 /* how far the corners rise */
};

/* Closed it smiles; a little open it is wide, fully open it is round. */
static struct lips lips_of(const struct face *f)
{
    double m = f->mouth, turn = fmax(cos(f->yaw), 0.45);
    return (struct lips){ .x = at_longitude(f, 0, 0.84),
                          .y = at_height(f, 0.53 + 0.03 * m),
                          .wide = turn * (m < 0.04 ? 0.23 + 0.05 * f->smile
                                                   : mix(0.27, 0.185, ease(m * 1.1 - 0.1))),
                          .up = 0.075 * m,
                          .down = 0.30 * m,
                          .curl = 0.055 * f->smile * (1 - 0.7 * m) };
}

static look_colour lip_colour(const struct look_cast *cast)
{
    return colour_mix(colour_scale(cast->skin, 0.82), 0xB0383C, has_lashes(cast) ? 0.55 : 0.22);
}

static void opening_path(const struct pen *pen, const struct lips *l, double grow)
{
    cairo_t *cr = pen->cr;
    double left = l->x - l->wide - grow, right = l->x + l->wide + grow, y = l->y - l->curl;

    cairo_move_to(cr, left, y);
    cairo_curve_to(cr, left + l->wide * 0.5, l->y - l->up * 1.5 - grow, right - l->wide * 0.5,
                   l->y - l->up * 1.5 - grow, right, y);
    cairo_curve_to(cr, right - l->wide * 0.12, l->y + l->down * 1.36 + grow, left + l->wide * 0.12,
                   l->y + l->down * 1.36 + grow, left, y);
    cairo_close_path(cr);
}

static void draw_open_mouth(const struct pen *pen, const struct face *f, const struct lips *l)
{
    opening_path(pen, l, 0.045);
    pen_fill(pen, pen_paint(pen, lip_colour(f->cast)).lit);
    opening_path(pen, l, 0);
    pen_fill(pen, pen_paint(pen, 0x4A1418).lit);
    if (pen->px < FULL_EYES_PX / 2)
        return;

    cairo_save(pen->cr);
    opening_path(pen, l, 0);
    cairo_clip(pen->cr);
    pen_path_ellipse(pen, l->x, l->y + l->down * 1.15, l->wide * 0.68, l->down * 0.55);
    pen_fill(pen, pen_paint(pen, 0xC4585A).lit);
    pen_path_ellipse(pen, l->x, l->y - l->up - l->curl * 0.4, l->wide * 0.86,
                     0.055 + 0.035 * f->mouth);
    pen_fill(pen, pen_paint(pen, 0xF7F1E6).lit);
    cairo_restore(pen->cr);
}

static void draw_closed_mouth(const struct pen *pen, const struct face *f, const struct lips *l)
{
    struct paint lip = pen_paint(pen, lip_colour(f->cast));
    double sag = 0.05 * f->smile;

    if (pen->px >= FULL_EYES_PX) {
        struct point p[] = { { l->x - l->wide, l->y - l->curl },
                             { l->x - l->wide * 0.35, l->y - 0.052 },
                             { l->x, l->y - 0.036 },
                             { l->x + l->wide * 0.35, l->y - 0.052 },
                             { l->x + l->wide, l->y - l->curl },
                             { l->x + l->wide * 0.42, l->y + 0.082 + sag },
                             { l->x - l->wide * 0.42, l->y + 0.082 + sag } };
        pen_path_closed(pen, p, 7);
        pen_fill(pen, lip.lit);
    }
    cairo_move_to(pen->cr, l->x - l->wide, l->y - l->curl);
    cairo_curve_to(pen->cr, l->x - l->wide * 0.4, l->y + sag, l->x + l->wide * 0.4, l->y + sag,
                   l->x + l->wide, l->y - l->curl);
    pen_line(pen, pen_paint(pen, colour_mix(colour_scale(f->cast->skin, 0.42), 0x501018, 0.4)).lit,
             0.035);
}

static void draw_mouth(const struct pen *pen, const struct face *f)
{
    struct lips l = lips_of(f);
    if (f->mouth < 0.04)
        draw_closed_mouth(pen, f, &l);
    else
        draw_open_mouth(pen, f, &l);
}

/* ---- beard and glasses, for some ---- */

static bool has_beard(const struct look_cast *cast)
{
    return cast->kind != FIGURE_CHILD && !has_lashes(cast) && cast->garment != GARMENT_DRESS &&
           unit_of(cast, "beard") < 0.3;
}

static void draw_beard(const struct pen *pen, const struct face *f)
{
    double s = fabs(sin(f->yaw)), g = f->yaw < 0 ? -1 : 1, jaw = 0.10 * f->mouth,
           m = at_longitude(f, 0, 0.84) * g;
    double lip = at_height(f, 0.40), low = 0.30 * f->mouth;
    struct point p[] = {
        { 0.77 + 0.02 * s, 0.14 },
        { 0.58 + 0.14 * s, 0.74 + jaw },
        { 0.26 + 0.26 * s, 1.05 + jaw },
        { 0.36 * s, 1.12 + jaw },
        { -0.26 + 0.32 * s, 1.05 + jaw },
        { -0.58 + 0.18 * s, 0.74 + jaw },
        { -0.77 + 0.3 * s, 0.10 },
        { -0.62 + 0.32 * s, 0.36 },
        { m - 0.28, lip },
        { m, lip - 0.02 },
        { m + 0.28, lip },
        { 0.66 + 0.04 * s, 0.36 },
    };
    enum { COUNT = sizeof p / sizeof *p };

    for (int i = 0; i < COUNT; i++)
        p[i].x *= g;
    pen_patch(pen, p, COUNT, pen_paint(pen, f->cast->hair_colour), 0.16);
    struct lips l = lips_of(f);
    pen_path_ellipse(pen, l.x, l.y + low * 0.4, l.wide * 1.12, 0.095 + low * 0.8);
    pen_fill(pen, pen_paint(pen, f->cast->skin).lit);
}

static bool has_glasses(const struct look_cast *cast)
{
    return cast->kind == FIGURE_PERSON && unit_of(cast, "glasses") < 0.2;
}

static void draw_glasses(const struct pen *pen, const struct face *f)
{
    struct tint frame = pen_paint(pen, 0x241C1E).lit;
    struct eye left = eye_of(f, -1), right = eye_of(f, 1);

    for (int side = 0; side < 2; side++) {
        const struct eye *e = side ? &right : &left;
        pen_path_ellipse(pen, e->x, e->y + 0.03, fmax(e->wide * 1.45, 0.1), 0.22);
        pen_set(pen, pen_glow(pen, 0xFFFFFF).lit, 0.14);
        cairo_fill_preserve(pen->cr);
        pen_line(pen, frame, 0.045);
    }
    cairo_move_to(pen->cr, left.x + left.wide * 1.45, left.y);
    cairo_curve_to(pen->cr, left.x + left.wide * 1.7, left.y - 0.05, right.x - right.wide * 1.7,
                   right.y - 0.05, right.x - right.wide * 1.45, right.y);
    pen_line(pen, frame, 0.045);
}

/* ---- whole heads ---- */

void face_draw_behind(const struct pen *pen, const struct face *face)
{
    hair_behind(pen, face);
}

void face_draw(const struct pen *pen, const struct face *face)
{
    struct paint skin = pen_paint(pen, face->cast->skin);
    int near = face->yaw > 0 ? 0 : 1;
    struct pen soft = *pen;

    soft.rimless = face->cast->hair != HAIR_BALD;
    draw_ear(&soft, face, skin, !near);
    draw_skull(&soft, face, skin);
    if (has_beard(face->cast))
        draw_beard(pen, face);
    draw_cheeks(pen, face);
    draw_mouth(pen, face);
    draw_nose(pen, face, skin);
    draw_eyes(pen, face, skin);
    draw_ear(&soft, face, skin, near);
    if (has_glasses(face->cast))
        draw_glasses(pen, face);
    hair_over(pen, face);
}

void face_draw_before(const struct pen *pen, const struct face *face)
{
    hair_before(pen, face);
}
