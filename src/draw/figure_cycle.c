/*
 * What cannot be said with sines: feet that stay where they are planted, dances that arrive on the
 * beat, sticks that fall on it, leaps.
 */

#include "draw/figure_pose.h"

#include <math.h>

static double fraction(double x)
{
    return x - floor(x);
}

/* One foot of a walk: on the ground for 0.6 of the cycle, then swung forward. */
static void step(struct vec *foot, double *toe, double phase, double length)
{
    if (phase < 0.6) {
        double u = phase / 0.6, off = clamp((u - 0.62) / 0.38, 0, 1);
        foot->z = length * (0.5 - u);
        foot->y = 0.075 * off * off;
        *toe = u < 0.14 ? 0.42 * (1 - u / 0.14) : -1.0 * off;
        return;
    }
    double u = (phase - 0.6) / 0.4;
    foot->z = length * (-0.5 + ease(u));
    foot->y = 0.075 * (1 - u) * (1 - u) + 0.075 * sin(u * TURN / 2);
    *toe = mix(-1.0, 0.42, ease(u * 1.15));
}

void cycle_walk(struct pose *p, const struct look_cast *cast, const struct figure_moment *m)
{
    double swing = cast->build == BUILD_OLD ? 0.7 : 1;
    double stride = 0.84 * swing * (cast->kind == FIGURE_CHILD ? 0.56 : 1);
    double at = fraction(m->travel / stride);

    for (int side = 0; side < 2; side++) {
        double phase = fraction(at + 0.5 * side), arm = -cos(TURN * phase) * swing;
        step(&p->foot[side], &p->toe[side], phase, 0.50 * swing);
        p->hand[side] = (struct vec){ 0.040, -0.256 + 0.034 * fmax(arm, 0), 0.035 + 0.155 * arm };
    }
    p->hips.y = -0.024 - 0.016 * cos(2 * TURN * at);
    p->hips.x = 0.010 * cos(TURN * (at - 0.25));
    p->sway = 0.03 * cos(TURN * (at - 0.25));
    p->twist = -0.16 * cos(TURN * at);
    p->lean = 0.045;
    p->nod = 0.03 * cos(2 * TURN * at);
}

static void stride(struct vec *foot, double *toe, double phase)
{
    if (phase < 0.34) {
        double u = phase / 0.34;
        foot->z = mix(0.20, -0.26, u);
        foot->y = 0.07 * u * u;
        *toe = mix(0.15, -0.9, u * u);
        return;
    }
    double u = (phase - 0.34) / 0.66;
    foot->z = mix(-0.26, 0.20, ease(u)) - 0.12 * sin(TURN / 2 * clamp(u * 2, 0, 1));
    foot->y = 0.07 * (1 - u) + 0.23 * pow(sin(TURN / 2 * u), 0.8) * (1 - 0.35 * u);
    *toe = mix(-1.1, 0.15, ease(u));
}

void cycle_run(struct pose *p, const struct look_cast *cast, const struct figure_moment *m)
{
    double at = fraction(m->travel / (cast->kind == FIGURE_CHILD ? 0.95 : 1.55));

    for (int side = 0; side < 2; side++) {
        double phase = fraction(at + 0.5 * side), arm = -cos(TURN * (phase + 0.03));
        stride(&p->foot[side], &p->toe[side], phase);
        p->hand[side] =
            (struct vec){ 0.045 - 0.05 * fmax(arm, 0), -0.145 + 0.085 * arm, 0.075 + 0.150 * arm };
        p->elbow[side] = 0.1;
    }
    p->hips.y = -0.035 + 0.035 * sin(2 * TURN * (at - 0.08));
    p->twist = -0.28 * cos(TURN * at);
    p->lean = 0.24;
    p->nod = -0.10;
}

/* Key poses of the dance, one a beat. */
static const struct pose dance_keys[] = {
    { .hips = { -0.045, -0.050, 0 },
      .sway = 0.10,
      .twist = 0.25,
      .tilt = -0.12,
      .hand = { { 0.160, 0.080, 0.06 }, { 0.060, -0.150, 0.16 } },
      .elbow = { 0.9, 0.7 },
      .foot = { { 0.06, 0, 0 }, { 0.10, 0.02, 0.03 } },
      .toe = { 0, -0.5 } },
    { .hips = { 0.050, -0.030, 0 },
      .sway = -0.12,
      .twist = -0.20,
      .tilt = 0.12,
      .hand = { { 0.060, -0.150, 0.16 }, { 0.150, 0.160, 0.04 } },
      .elbow = { 0.7, 0.9 },
      .foot = { { 0.10, 0.03, 0.03 }, { 0.06, 0, 0 } },
      .toe = { -0.6, 0 } },
    { .hips = { 0.000, -0.075, 0 },
      .lean = 0.10,
      .nod = 0.10,
      .hand = { { 0.190, -0.080, 0.10 }, { 0.190, -0.080, 0.10 } },
      .elbow = { 1, 1 },
      .foot = { { 0.09, 0, 0.02 }, { 0.09, 0, -0.02 } } },
    { .hips = { 0.010, 0.010, 0 },
      .lean = -0.10,
      .nod = -0.22,
      .tilt = 0.05,
      .hand = { { 0.110, 0.240, 0.05 }, { 0.110, 0.240, 0.05 } },
      .elbow = { 0.8, 0.8 },
      .foot = { { 0.03, 0.03, 0.04 }, { 0.05, 0, 0 } },
      .toe = { -0.5, 0 } },
    { .hips = { 0.040, -0.060, 0 },
      .sway = -0.14,
      .twist = 0.35,
      .tilt = -0.1,
      .hand = { { -0.060, -0.040, 0.18 }, { 0.270, 0.030, 0.02 } },
      .elbow = { 0.8, 0.3 },
      .foot = { { 0.16, 0, 0.02 }, { 0.04, 0, 0 } },
      .toe = { 0.1, 0 } },
    { .hips = { -0.040, -0.060, 0 },
      .sway = 0.14,
      .twist = -0.35,
      .tilt = 0.1,
      .hand = { { 0.270, 0.030, 0.02 }, { -0.060, -0.040, 0.18 } },
      .elbow = { 0.3, 0.8 },
      .foot = { { 0.04, 0, 0 }, { 0.16, 0, 0.02 } },
      .toe = { 0, 0.1 } },
    { .hips = { 0.000, 0.000, 0 },
      .lean = 0.05,
      .twist = 0.3,
      .hand = { { 0.240, 0.120, -0.04 }, { 0.030, -0.180, 0.16 } },
      .elbow = { 0.4, 0.9 },
      .foot = { { 0.02, 0.20, 0.10 }, { 0.02, 0, 0 } },
      .toe = { -0.7, 0 } },
    { .hips = { 0.000, -0.040, 0 },
      .lean = -0.04,
      .twist = -0.3,
      .nod = -0.1,
      .hand = { { 0.030, -0.180, 0.16 }, { 0.240, 0.120, -0.04 } },
      .elbow = { 0.9, 0.4 },
      .foot = { { 0.05, 0, 0 }, { 0.02, 0.16, 0.10 } },
      .toe = { 0, -0.7 } },
};

enum {
    DANCE_KEYS = sizeof dance_keys / sizeof *dance_keys,
    POSE_NUMBERS = sizeof(struct pose) / sizeof(double)
};

static struct pose pose_mix(const struct pose *a, const struct pose *b, double share_of_b)
{
    struct pose out;
    const double *from = (const double *)a, *to = (const double *)b;

    for (int i = 0; i < POSE_NUMBERS; i++)
        ((double *)&out)[i] = mix(from[i], to[i], share_of_b);
    return out;
}

/* Arrives on the beat: slow away from the last key, quick into the next. */
void cycle_dance(struct pose *p, const struct look_cast *cast, const struct figure_moment *m)
{
    int first = (int)((uint64_t)cast->appearance_seed % DANCE_KEYS);
    int key = (first + m->beat_index % DANCE_KEYS + DANCE_KEYS) % DANCE_KEYS;
    struct pose now = pose_mix(&dance_keys[key], &dance_keys[(key + 1) % DANCE_KEYS],
                               pow(ease(m->beat_phase), 1.4));
    struct pose rest = *p;

    *p = pose_mix(&rest, &now, 0.55 + 0.45 * m->energy);
    p->hips.y -= 0.030 * m->beat_pulse * m->energy;
}

/* Sticks fall in turn, each on its beat, and the right hand also between the beats when the song is
 * loud. */
void cycle_drum(struct pose *p, const struct look_cast *cast, const struct figure_moment *m)
{
    (void)cast;
    for (int side = 0; side < 2; side++) {
        double phase = (m->beat_index + side) % 2 ? 0.5 + 0.5 * m->beat_phase : 0.5 * m->beat_phase;
        double lift = pow(sin(TURN / 2 * clamp(phase, 0, 1)), 0.7) * (0.5 + 0.5 * m->energy);
        p->hand[side].y += 0.16 * lift;
        p->hand[side].z -= 0.03 * lift;
    }
    p->nod += 0.14 * m->beat_pulse * m->energy;
}

void cycle_strum(struct pose *p, const struct look_cast *cast, const struct figure_moment *m)
{
    (void)cast;
    double stroke = cos(TURN * 2 * m->beat_phase) * (0.4 + 0.6 * m->energy);
    p->hand[0].y += 0.022 * stroke;
    p->hand[0].x += 0.006 * stroke;
    p->hand[1].x += 0.02 * sin(TURN * 0.125 * (m->beat_index % 8));
}

/* Crouch, leap and land once in two beats. */
void cycle_jump(struct pose *p, const struct look_cast *cast, const struct figure_moment *m)
{
    (void)cast;
    double u = fraction(((m->beat_index & 1) + m->beat_phase) / 2),
           air = clamp((u - 0.22) / 0.6, 0, 1);
    double height = 4 * air * (1 - air) * (0.16 + 0.10 * m->energy),
           crouch = 1 - ease(fabs(u < 0.5 ? u : 1 - u) / 0.2);

    p->hips.y = height - 0.12 * crouch;
    for (int side = 0; side < 2; side++) {
        p->foot[side].y = height * 1.15 + 0.04 * (height > 0.02);
        p->foot[side].z = side ? -0.10 * height / 0.2 : 0.10 * height / 0.2;
        p->toe[side] = -0.9 * clamp(height / 0.08, 0, 1);
        p->hand[side].y += 0.36 * clamp(height / 0.14, 0, 1) - 0.05 * crouch;
        p->hand[side].x += 0.10 * clamp(height / 0.14, 0, 1);
    }
    p->lean = 0.16 * crouch - 0.06 * clamp(height / 0.2, 0, 1);
}

/* Pedals: feet on a circle, opposite each other. */
void cycle_ride(struct pose *p, const struct look_cast *cast, const struct figure_moment *m)
{
    (void)cast;
    for (int side = 0; side < 2; side++) {
        double angle = m->travel * 3.2 + side * TURN / 2;
        p->foot[side].z = 0.060 + 0.075 * cos(angle);
        p->foot[side].y = 0.115 - 0.075 * sin(angle);
        p->toe[side] = -0.25 - 0.2 * sin(angle);
    }
}
