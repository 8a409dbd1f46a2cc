/* What flies and swims: rocket, hot-air balloon, bird, and a shoal of fish. */

#include "draw/figure_kinds.h"

#include <math.h>

#include "base/rng.h"

static struct rng stream(const struct sitter *s, const char *use)
{
    return rng_fork((uint64_t)s->cast->appearance_seed, use);
}

/* ---- rocket ---- */

static void draw_flame(const struct pen *pen, double seconds, double power)
{
    static const look_colour colours[] = { 0xE8562A, 0xF6A63A, 0xFFF0C0 };
    for (int i = 0; i < 3; i++) {
        double flick = 1 + 0.12 * sin(seconds * 31 + i) + 0.08 * sin(seconds * 47 + 2 * i),
               l = power * flick * (0.62 - 0.17 * i), w = 0.150 - 0.042 * i;
        struct ring r[] = { { 0, -0.17, w * 0.7 },
                            { 0.01 * sin(seconds * 23), -0.17 + l * 0.35, w },
                            { 0.015 * sin(seconds * 29), -0.17 + l * 0.72, w * 0.6 },
                            { 0, -0.17 + l, w * 0.12 } };
        pen_loft(pen, r, 4, (struct ends){ 0.3, 1 }, pen_glow(pen, colours[i]), 0);
    }
}

static void draw_fin(const struct pen *pen, double g, struct paint paint)
{
    struct point fin[] = { { g * 0.20, -0.78 },
                           { g * 0.40, -0.48 },
                           { g * 0.46, -0.08 },
                           { g * 0.36, -0.14 },
                           { g * 0.18, -0.26 } };
    pen_blob(pen, fin, 5, paint, 0.2);
}

bool rocket_flies(int action)
{
    return action != ACTION_STAND && action != ACTION_SLEEP && action != ACTION_SIT;
}

void rocket_draw(const struct pen *pen, const struct sitter *s)
{
    bool flies = rocket_flies(s->cast->action);
    double t = s->moment->seconds, y = flies ? -0.75 + 0.03 * sin(TURN * 0.3 * t) : -0.10,
           lean = flies ? s->moment->facing * 0.45 : 0;
    struct pen body = pen_enter(pen, flies ? 0.008 * sin(t * 40) : 0, y, lean, 1);
    struct paint shell = pen_paint(pen, 0xF1EBDF), red = pen_paint(pen, s->cast->garment_colour),
                 metal = pen_paint(pen, 0x5A5E6A);
    struct ring hull[] = { { 0, -0.20, 0.17 },  { 0, -0.60, 0.245 }, { 0, -1.00, 0.255 },
                           { 0, -1.35, 0.185 }, { 0, -1.62, 0.075 }, { 0, -1.72, 0.012 } };
    struct ring nose[] = {
        { 0, -1.36, 0.186 }, { 0, -1.50, 0.130 }, { 0, -1.62, 0.078 }, { 0, -1.74, 0.012 }
    };
    struct ring band[] = { { 0, -0.44, 0.226 }, { 0, -0.36, 0.206 } };

    if (flies)
        draw_flame(&body, t, 1 + 0.25 * s->moment->beat_pulse * s->moment->energy);
    draw_fin(&body, -1, red);
    draw_fin(&body, 1, red);
    struct ring bell[] = { { 0, -0.22, 0.09 }, { 0, -0.12, 0.14 } };
    pen_loft(&body, bell, 2, (struct ends){ 0, 0.1 }, metal, 0.25);
    pen_loft(&body, hull, 6, (struct ends){ 0.1, 0.5 }, shell, 0.24);
    pen_loft(&body, nose, 4, (struct ends){ 0.1, 0.5 }, red, 0.24);
    pen_loft(&body, band, 2, (struct ends){ 0.06, 0.06 }, red, 0.24);
    pen_disc(&body, 0, -1.02, 0.125, 0.125, metal, 0.2);
    pen_disc(&body, 0, -1.02, 0.095, 0.095, pen_paint(pen, 0x8FC7D6), 0.3);
    pen_path_ellipse(&body, -0.03, -1.05, 0.03, 0.04);
    pen_set(&body, pen_glow(pen, 0xFFFFFF).lit, 0.6);
    cairo_fill(body.cr);
    struct ring fin[] = { { 0, -0.60, 0.018 }, { 0, -0.10, 0.026 } };
    pen_loft(&body, fin, 2, (struct ends){ 1, 1 }, red, 0.3);
    pen_leave(&body);
}

/* ---- balloon ---- */

static void draw_gores(const struct pen *pen, look_colour base, look_colour stripe)
{
    static const double edges[] = { -1, -0.78, -0.34, 0.34, 0.78, 1 };
    struct paint a = pen_paint(pen, base), b = pen_paint(pen, stripe);

    for (int i = 0; i < 5; i++) {
        double l = edges[i], r = edges[i + 1];
        cairo_move_to(pen->cr, 0, -2.44);
        cairo_curve_to(pen->cr, l * 0.92, -2.42, l * 0.92, -1.36, l * 0.15, -0.98);
        cairo_line_to(pen->cr, r * 0.15, -0.98);
        cairo_curve_to(pen->cr, r * 0.92, -1.36, r * 0.92, -2.42, 0, -2.44);
        cairo_close_path(pen->cr);
        bool shaded = pen->light->key_from <= 0 ? i > 2 : i < 2;
        struct paint p = i % 2 ? b : a;
        pen_fill(pen, shaded ? p.dark : p.lit);
    }
}

void balloon_draw(const struct pen *pen, const struct sitter *s)
{
    double t = s->moment->seconds, lift = 0.06 * sin(TURN * 0.12 * t),
           swing = 0.03 * sin(TURN * 0.1 * t + 1);
    struct pen pod = pen_enter(pen, 0, lift - 0.10, swing, 1);
    struct paint rope = pen_paint(pen, 0x6A5140), wicker = pen_paint(pen, 0xA9713F),
                 rim = pen_paint(pen, 0x7A4E2C);
    struct rng r = stream(s, "gores");
    look_colour stripe =
        rng_below(&r, 2) ? 0xF4E6C8 : colour_mix(s->cast->garment_colour, 0xF2C14E, 0.75);
    struct point skin[] = { { 0, -2.45 },     { 0.46, -2.30 },  { 0.70, -1.90 },  { 0.58, -1.46 },
                            { 0.28, -1.12 },  { 0.15, -0.97 },  { -0.15, -0.97 }, { -0.28, -1.12 },
                            { -0.58, -1.46 }, { -0.70, -1.90 }, { -0.46, -2.30 } };

    for (int side = -1; side <= 1; side++)
        pen_bar(&pod, side * 0.13, -0.98, side * 0.15, -0.30, 0.007, rope);
    double glow = 0.5 + 0.5 * sin(t * 2.2) * sin(t * 0.7);
    struct ring fire[] = { { 0, -0.66, 0.022 },
                           { 0, -0.74 - 0.05 * glow, 0.030 },
                           { 0, -0.84 - 0.10 * glow, 0.006 } };
    pen_loft(&pod, fire, 3, (struct ends){ 1, 1 }, pen_glow(pen, 0xFFB347), 0);
    pen_path_closed(&pod, skin, 11);
    pen_ink(&pod);
    pen_fill(&pod, pen_paint(pen, s->cast->garment_colour).dark);
    draw_gores(&pod, s->cast->garment_colour, stripe);
    cairo_save(pod.cr);
    cairo_rectangle(pod.cr, -0.5, -1.3, 1.0, 1.03);
    cairo_clip(pod.cr);
    rider_draw(&pod, s, ACTION_WAVE, 0, -0.20);
    cairo_restore(pod.cr);
    pen_panel(&pod, -0.17, -0.30, 0.34, 0.28, 0.05, wicker, 0.28);
    for (int i = 1; i < 4; i++) {
        cairo_move_to(pod.cr, -0.165, -0.30 + 0.07 * i);
        cairo_line_to(pod.cr, 0.165, -0.30 + 0.07 * i);
    }
    pen_line(&pod, rim.lit, 0.008);
    pen_panel(&pod, -0.185, -0.325, 0.37, 0.045, 0.02, rim, 0.28);
    pen_leave(&pod);
}

/* ---- bird ---- */

struct plumage {
    struct paint back, belly, wing, beak, leg;
};

static struct plumage plumage_of(const struct pen *pen, look_colour base)
{
    return (struct plumage){ pen_paint(pen, base), pen_paint(pen, colour_mix(base, 0xFFF4E0, 0.70)),
                             pen_paint(pen, colour_scale(base, 0.70)), pen_paint(pen, 0xE59A34),
                             pen_paint(pen, 0xB5743A) };
}

static void draw_bird_head(const struct pen *pen, const struct sitter *s, const struct plumage *p,
                           double x, double y)
{
    double open = s->cast->sings || s->cast->action == ACTION_SING ? s->moment->mouth * 0.022 : 0;
    struct point upper[] = { { x + 0.034, y - 0.016 },
                             { x + 0.085, y + 0.004 - open * 0.4 },
                             { x + 0.034, y + 0.008 } };
    struct point lower[] = { { x + 0.034, y + 0.003 },
                             { x + 0.072, y + 0.009 + open },
                             { x + 0.030, y + 0.016 } };

    pen_polygon(pen, lower, 3, (struct paint){ p->beak.dark, p->beak.dark, p->beak.rim });
    pen_polygon(pen, upper, 3, p->beak);
    pen_disc(pen, x, y, 0.044, 0.041, p->back, 0.16);
    pen_path_ellipse(pen, x + 0.016, y - 0.008, 0.0085, 0.0092);
    pen_fill(pen, pen_paint(pen, 0x17120F).lit);
    pen_path_ellipse(pen, x + 0.019, y - 0.011, 0.0028, 0.0028);
    pen_fill(pen, pen_glow(pen, 0xFFFFFF).lit);
}

/* A wing from the shoulder; `beat` -1 down .. 1 up. Feathers are fingers of the trailing edge. */
static void draw_wing(const struct pen *pen, double x, double y, double beat, double span,
                      struct paint paint)
{
    double up = -beat;
    struct point tip = { x - 0.10 + 0.06 * fabs(beat), y + up * span },
                 elbow = { x + 0.035, y + up * span * 0.52 };
    struct point p[] = { { x + 0.050, y },
                         elbow,
                         tip,
                         { tip.x - 0.045, tip.y - up * span * 0.12 },
                         { tip.x - 0.040, tip.y - up * span * 0.28 },
                         { tip.x - 0.075, tip.y - up * span * 0.38 },
                         { tip.x - 0.045, tip.y - up * span * 0.58 },
                         { x - 0.120, y + up * span * 0.16 },
                         { x - 0.07, y + 0.01 } };
    pen_patch(pen, p, 9, paint, 0.2);
}

static void draw_flying_bird(const struct pen *pen, const struct sitter *s, const struct plumage *p)
{
    double t = s->moment->seconds, beat = sin(TURN * 1.7 * t),
           rise = -1.05 - 0.03 * cos(TURN * 1.7 * t) + 0.04 * sin(TURN * 0.2 * t);
    struct pen bird = pen_enter(pen, 0, rise, -0.06, 1);
    struct ring body[] = { { -0.17, 0.000, 0.020 },
                           { -0.09, 0.004, 0.050 },
                           { 0.01, 0.006, 0.062 },
                           { 0.09, -0.012, 0.046 },
                           { 0.13, -0.024, 0.036 } };
    struct ring tail[] = { { -0.14, 0.000, 0.022 },
                           { -0.22, -0.004, 0.034 },
                           { -0.29, 0.002, 0.044 } };
    struct ring belly[] = { { -0.10, 0.030, 0.016 },
                            { 0.00, 0.040, 0.026 },
                            { 0.09, 0.016, 0.018 } };
    struct paint far = p->wing;

    far.lit = far.dark;
    draw_wing(&bird, 0.01, -0.015, beat * 0.9 + 0.1, 0.24, far);
    pen_loft(&bird, tail, 3, (struct ends){ 0.2, 0.1 }, p->wing, 0.2);
    pen_loft(&bird, body, 5, (struct ends){ 1, 0.8 }, p->back, 0.18);
    pen_loft(&bird, belly, 3, (struct ends){ 1, 1 }, p->belly, 0);
    draw_bird_head(&bird, s, p, 0.155, -0.036);
    draw_wing(&bird, -0.01, -0.008, beat, 0.28, p->wing);
    pen_leave(&bird);
}

static void draw_standing_bird(const struct pen *pen, const struct sitter *s,
                               const struct plumage *p)
{
    double hop = s->cast->action == ACTION_DANCE || s->cast->action == ACTION_JUMP ||
                         s->cast->action == ACTION_WALK
                     ? 0.05 * fabs(sin(TURN / 2 * (s->moment->beat_index + s->moment->beat_phase)))
                     : 0;
    double peck = 0.010 * sin(TURN * 0.5 * s->moment->seconds);
    struct pen bird = pen_enter(pen, 0, -hop, 0, 1);
    struct ring body[] = { { -0.105, -0.105, 0.022 },
                           { -0.05, -0.125, 0.050 },
                           { 0.015, -0.150, 0.064 },
                           { 0.055, -0.195, 0.050 },
                           { 0.072, -0.230, 0.036 } };
    struct ring tail[] = { { -0.085, -0.112, 0.022 },
                           { -0.15, -0.085, 0.024 },
                           { -0.205, -0.058, 0.020 } };
    struct ring belly[] = { { -0.03, -0.098, 0.022 },
                            { 0.035, -0.120, 0.034 },
                            { 0.075, -0.175, 0.026 } };
    struct ring wing[] = { { 0.035, -0.175, 0.026 },
                           { -0.03, -0.145, 0.036 },
                           { -0.10, -0.105, 0.024 },
                           { -0.145, -0.080, 0.006 } };

    for (int i = 0; i < 2; i++)
        pen_bar(&bird, 0.01 + 0.025 * i, -0.09, 0.012 + 0.03 * i, -0.006, 0.0045, p->leg);
    for (int i = 0; i < 2; i++)
        pen_bar(&bird, 0.0 + 0.03 * i, -0.004, 0.035 + 0.03 * i, -0.004, 0.0042, p->leg);
    pen_loft(&bird, tail, 3, (struct ends){ 0.2, 0.3 }, p->wing, 0.2);
    pen_loft(&bird, body, 5, (struct ends){ 1, 0.8 }, p->back, 0.18);
    pen_loft(&bird, belly, 3, (struct ends){ 1, 1 }, p->belly, 0.15);
    pen_loft(&bird, wing, 4, (struct ends){ 0.9, 1 }, p->wing, 0.22);
    draw_bird_head(&bird, s, p, 0.090, -0.250 + peck);
    pen_leave(&bird);
}

bool bird_stands(int action)
{
    return action == ACTION_STAND || action == ACTION_WALK || action == ACTION_SING ||
           action == ACTION_SIT || action == ACTION_SLEEP || action == ACTION_LOOK_UP ||
           action == ACTION_LOOK_AWAY || action == ACTION_DANCE || action == ACTION_JUMP ||
           action == ACTION_DRINK;
}

void bird_draw(const struct pen *pen, const struct sitter *s)
{
    struct figure_light light;
    struct pen side = pen_mirror(pen, s->moment->facing, &light);
    struct plumage p = plumage_of(&side, s->cast->garment_colour);

    if (bird_stands(s->cast->action))
        draw_standing_bird(&side, s, &p);
    else
        draw_flying_bird(&side, s, &p);
    pen_leave(&side);
}

/* ---- fish ---- */

static void draw_one_fish(const struct pen *pen, look_colour base, double wave)
{
    struct paint coat = pen_paint(pen, base), fin = pen_paint(pen, colour_scale(base, 0.72)),
                 band = pen_paint(pen, colour_mix(base, 0xFFF6E6, 0.72));
    struct ring body[] = { { 0.62, -0.01, 0.10 },
                           { 0.42, 0, 0.25 },
                           { 0.06, 0.00 + 0.02 * wave, 0.34 },
                           { -0.30, 0.05 * wave, 0.20 },
                           { -0.56, 0.11 * wave, 0.075 } };
    struct ring stripe[] = { { 0.14, 0.01 * wave, 0.325 }, { 0.02, 0.02 * wave, 0.335 } };
    struct point tail[] = { { -0.52, 0.10 * wave - 0.03 },  { -0.86, -0.30 + 0.26 * wave },
                            { -0.94, -0.26 + 0.30 * wave }, { -0.78, 0.02 + 0.22 * wave },
                            { -0.94, 0.30 + 0.30 * wave },  { -0.86, 0.32 + 0.26 * wave },
                            { -0.52, 0.10 * wave + 0.05 } };
    struct point back[] = { { 0.30, -0.28 }, { 0.06, -0.54 }, { -0.26, -0.44 }, { -0.24, -0.20 } };
    struct point side[] = {
        { 0.16, 0.08 }, { -0.14, 0.10 + 0.05 * wave }, { -0.20, 0.30 + 0.06 * wave }, { 0.04, 0.24 }
    };

    pen_patch(pen, tail, 7, fin, 0.2);
    pen_blob(pen, back, 4, fin, 0.2);
    pen_loft(pen, body, 5, (struct ends){ 1, 0.5 }, coat, 0.22);
    pen_loft(pen, stripe, 2, (struct ends){ 0.08, 0.08 }, band, 0.2);
    pen_blob(pen, side, 4, fin, 0.2);
    pen_disc(pen, 0.47, -0.06, 0.070, 0.072, pen_paint(pen, 0xFBF6EA), 0);
    pen_disc(pen, 0.49, -0.06, 0.040, 0.044, pen_paint(pen, 0x15110F), 0);
}

/* Each fish keeps its place in the shoal and drifts around it; far ones are smaller and drawn
 * first. */
void fish_draw(const struct pen *pen, const struct sitter *s)
{
    enum { SHOAL = 8 };
    struct figure_light light;
    struct pen side = pen_mirror(pen, s->moment->facing, &light);
    struct rng r = stream(s, "shoal");
    double t = s->moment->seconds;

    for (int i = 0; i < SHOAL; i++) {
        double near = (i + 1.0) / SHOAL, size = mix(0.055, 0.135, near), phase = rng_unit(&r);
        double x = mix(-0.52, 0.52, (i * 3 % SHOAL + rng_unit(&r)) / SHOAL) +
                   0.06 * sin(TURN * (0.12 * t + phase)),
               y = rng_between(&r, -1.05, -0.28) + 0.03 * sin(TURN * (0.2 * t + phase));
        double wave = sin(TURN * ((0.9 + 0.4 * phase) * t + phase));
        look_colour c = colour_mix(i % 3 == 2 ? colour_mix(s->cast->garment_colour, 0xF6C453, 0.5)
                                              : s->cast->garment_colour,
                                   light.shade, 0.35 * (1 - near));
        struct pen fish = pen_enter(&side, x, y, 0.08 * wave, size);
        draw_one_fish(&fish, c, wave);
        pen_leave(&fish);
    }
    pen_leave(&side);
}
