/*
 * What people do, as data: a pose for each action, the waves that keep it alive, and a few true cycles.
 *
 * A wave adds a sine to one number of the pose, on the clock of seconds, of beats or of the way travelled. Walking
 * and running plant their feet, and dancing goes from key pose to key pose on the beat, so those are functions.
 */

#include "draw/figure_pose.h"

#include <math.h>
#include <stddef.h>

enum { WAVES_MAX = 7 };

enum tempo { SECONDS, BEATS };

struct wave {
    size_t     member;           /* offset of a double in struct pose; 0 with amount 0 ends the list */
    enum tempo tempo;
    double     cycles;           /* per second or per beat */
    double     amount;
    double     phase;            /* in cycles */
};

typedef void cycle(struct pose *pose, const struct look_cast *cast, const struct figure_moment *moment);

struct action {
    struct pose pose;
    enum prop   prop;
    double      facing_least;    /* turned at least this far, to be read */
    struct wave wave[WAVES_MAX];
    cycle      *cycle;           /* optional: replaces parts of the pose */
};

#define OF(member) offsetof(struct pose, member)

/* Arms at rest, feet under the hips. */
#define HANGING { { 0.034, -0.262, 0.030 }, { 0.034, -0.262, 0.030 } }
#define PLANTED { { 0.012, 0, 0.000 }, { 0.012, 0, 0.012 } }

/* ---- cycles ---- */

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
        *toe    = u < 0.14 ? 0.42 * (1 - u / 0.14) : -1.0 * off;
        return;
    }
    double u = (phase - 0.6) / 0.4;
    foot->z = length * (-0.5 + ease(u));
    foot->y = 0.075 * (1 - u) * (1 - u) + 0.075 * sin(u * TURN / 2);
    *toe    = mix(-1.0, 0.42, ease(u * 1.15));
}

static void walk(struct pose *p, const struct look_cast *cast, const struct figure_moment *m)
{
    double swing  = cast->build == BUILD_OLD ? 0.7 : 1;
    double stride = 0.84 * swing * (cast->kind == FIGURE_CHILD ? 0.56 : 1);
    double at     = fraction(m->travel / stride);

    for (int side = 0; side < 2; side++) {
        double phase = fraction(at + 0.5 * side), arm = -cos(TURN * phase) * swing;
        step(&p->foot[side], &p->toe[side], phase, 0.50 * swing);
        p->hand[side] = (struct vec){ 0.040, -0.256 + 0.034 * fmax(arm, 0), 0.035 + 0.155 * arm };
    }
    p->hips.y = -0.024 - 0.016 * cos(2 * TURN * at);
    p->hips.x = 0.010 * cos(TURN * (at - 0.25));
    p->sway   = 0.03 * cos(TURN * (at - 0.25));
    p->twist  = -0.16 * cos(TURN * at);
    p->lean   = 0.045;
    p->nod    = 0.03 * cos(2 * TURN * at);
}

static void stride(struct vec *foot, double *toe, double phase)
{
    if (phase < 0.34) {
        double u = phase / 0.34;
        foot->z = mix(0.20, -0.26, u);
        foot->y = 0.07 * u * u;
        *toe    = mix(0.15, -0.9, u * u);
        return;
    }
    double u = (phase - 0.34) / 0.66;
    foot->z = mix(-0.26, 0.20, ease(u)) - 0.12 * sin(TURN / 2 * clamp(u * 2, 0, 1));
    foot->y = 0.07 * (1 - u) + 0.23 * pow(sin(TURN / 2 * u), 0.8) * (1 - 0.35 * u);
    *toe    = mix(-1.1, 0.15, ease(u));
}

static void run(struct pose *p, const struct look_cast *cast, const struct figure_moment *m)
{
    double at = fraction(m->travel / (cast->kind == FIGURE_CHILD ? 0.95 : 1.55));

    for (int side = 0; side < 2; side++) {
        double phase = fraction(at + 0.5 * side), arm = -cos(TURN * (phase + 0.03));
        stride(&p->foot[side], &p->toe[side], phase);
        p->hand[side]  = (struct vec){ 0.045 - 0.05 * fmax(arm, 0), -0.145 + 0.085 * arm, 0.075 + 0.150 * arm };
        p->elbow[side] = 0.1;
    }
    p->hips.y = -0.035 + 0.035 * sin(2 * TURN * (at - 0.08));
    p->twist  = -0.28 * cos(TURN * at);
    p->lean   = 0.24;
    p->nod    = -0.10;
}

/* Key poses of the dance, one a beat. */
static const struct pose dance_keys[] = {
    { .hips = { -0.045, -0.050, 0 }, .sway = 0.10, .twist = 0.25, .tilt = -0.12,
      .hand = { { 0.160, 0.080, 0.06 }, { 0.060, -0.150, 0.16 } }, .elbow = { 0.9, 0.7 },
      .foot = { { 0.06, 0, 0 }, { 0.10, 0.02, 0.03 } }, .toe = { 0, -0.5 } },
    { .hips = { 0.050, -0.030, 0 }, .sway = -0.12, .twist = -0.20, .tilt = 0.12,
      .hand = { { 0.060, -0.150, 0.16 }, { 0.150, 0.160, 0.04 } }, .elbow = { 0.7, 0.9 },
      .foot = { { 0.10, 0.03, 0.03 }, { 0.06, 0, 0 } }, .toe = { -0.6, 0 } },
    { .hips = { 0.000, -0.075, 0 }, .lean = 0.10, .nod = 0.10,
      .hand = { { 0.190, -0.080, 0.10 }, { 0.190, -0.080, 0.10 } }, .elbow = { 1, 1 },
      .foot = { { 0.09, 0, 0.02 }, { 0.09, 0, -0.02 } } },
    { .hips = { 0.010, 0.010, 0 }, .lean = -0.10, .nod = -0.22, .tilt = 0.05,
      .hand = { { 0.110, 0.240, 0.05 }, { 0.110, 0.240, 0.05 } }, .elbow = { 0.8, 0.8 },
      .foot = { { 0.03, 0.03, 0.04 }, { 0.05, 0, 0 } }, .toe = { -0.5, 0 } },
    { .hips = { 0.040, -0.060, 0 }, .sway = -0.14, .twist = 0.35, .tilt = -0.1,
      .hand = { { -0.060, -0.040, 0.18 }, { 0.270, 0.030, 0.02 } }, .elbow = { 0.8, 0.3 },
      .foot = { { 0.16, 0, 0.02 }, { 0.04, 0, 0 } }, .toe = { 0.1, 0 } },
    { .hips = { -0.040, -0.060, 0 }, .sway = 0.14, .twist = -0.35, .tilt = 0.1,
      .hand = { { 0.270, 0.030, 0.02 }, { -0.060, -0.040, 0.18 } }, .elbow = { 0.3, 0.8 },
      .foot = { { 0.04, 0, 0 }, { 0.16, 0, 0.02 } }, .toe = { 0, 0.1 } },
    { .hips = { 0.000, 0.000, 0 }, .lean = 0.05, .twist = 0.3,
      .hand = { { 0.240, 0.120, -0.04 }, { 0.030, -0.180, 0.16 } }, .elbow = { 0.4, 0.9 },
      .foot = { { 0.02, 0.20, 0.10 }, { 0.02, 0, 0 } }, .toe = { -0.7, 0 } },
    { .hips = { 0.000, -0.040, 0 }, .lean = -0.04, .twist = -0.3, .nod = -0.1,
      .hand = { { 0.030, -0.180, 0.16 }, { 0.240, 0.120, -0.04 } }, .elbow = { 0.9, 0.4 },
      .foot = { { 0.05, 0, 0 }, { 0.02, 0.16, 0.10 } }, .toe = { 0, -0.7 } },
};

enum { DANCE_KEYS = sizeof dance_keys / sizeof *dance_keys, POSE_NUMBERS = sizeof(struct pose) / sizeof(double) };

static struct pose pose_mix(const struct pose *a, const struct pose *b, double share_of_b)
{
    struct pose   out;
    const double *from = (const double *)a, *to = (const double *)b;

    for (int i = 0; i < POSE_NUMBERS; i++)
        ((double *)&out)[i] = mix(from[i], to[i], share_of_b);
    return out;
}

/* Arrives on the beat: slow away from the last key, quick into the next. */
static void dance(struct pose *p, const struct look_cast *cast, const struct figure_moment *m)
{
    int         first = (int)((uint64_t)cast->appearance_seed % DANCE_KEYS);
    int         key   = (first + m->beat_index % DANCE_KEYS + DANCE_KEYS) % DANCE_KEYS;
    struct pose now   = pose_mix(&dance_keys[key], &dance_keys[(key + 1) % DANCE_KEYS], pow(ease(m->beat_phase), 1.4));
    struct pose rest  = *p;

    *p = pose_mix(&rest, &now, 0.55 + 0.45 * m->energy);
    p->hips.y -= 0.030 * m->beat_pulse * m->energy;
}

/* Sticks fall in turn, each on its beat, and the right hand also between the beats when the song is loud. */
static void drum(struct pose *p, const struct look_cast *cast, const struct figure_moment *m)
{
    (void)cast;
    for (int side = 0; side < 2; side++) {
        double phase = (m->beat_index + side) % 2 ? 0.5 + 0.5 * m->beat_phase : 0.5 * m->beat_phase;
        double lift  = pow(sin(TURN / 2 * clamp(phase, 0, 1)), 0.7) * (0.5 + 0.5 * m->energy);
        p->hand[side].y += 0.16 * lift;
        p->hand[side].z -= 0.03 * lift;
    }
    p->nod += 0.14 * m->beat_pulse * m->energy;
}

static void strum(struct pose *p, const struct look_cast *cast, const struct figure_moment *m)
{
    (void)cast;
    double stroke = cos(TURN * 2 * m->beat_phase) * (0.4 + 0.6 * m->energy);
    p->hand[0].y += 0.022 * stroke;
    p->hand[0].x += 0.006 * stroke;
    p->hand[1].x += 0.02 * sin(TURN * 0.125 * (m->beat_index % 8));
}

/* Crouch, leap and land once in two beats. */
static void jump(struct pose *p, const struct look_cast *cast, const struct figure_moment *m)
{
    (void)cast;
    double u = fraction(((m->beat_index & 1) + m->beat_phase) / 2), air = clamp((u - 0.22) / 0.6, 0, 1);
    double height = 4 * air * (1 - air) * (0.16 + 0.10 * m->energy), crouch = 1 - ease(fabs(u < 0.5 ? u : 1 - u) / 0.2);

    p->hips.y = height - 0.12 * crouch;
    for (int side = 0; side < 2; side++) {
        p->foot[side].y = height * 1.15 + 0.04 * (height > 0.02);
        p->foot[side].z = side ? -0.10 * height / 0.2 : 0.10 * height / 0.2;
        p->toe[side]    = -0.9 * clamp(height / 0.08, 0, 1);
        p->hand[side].y += 0.36 * clamp(height / 0.14, 0, 1) - 0.05 * crouch;
        p->hand[side].x += 0.10 * clamp(height / 0.14, 0, 1);
    }
    p->lean = 0.16 * crouch - 0.06 * clamp(height / 0.2, 0, 1);
}

/* Pedals: feet on a circle, opposite each other. */
static void ride(struct pose *p, const struct look_cast *cast, const struct figure_moment *m)
{
    (void)cast;
    for (int side = 0; side < 2; side++) {
        double angle = m->travel * 3.2 + side * TURN / 2;
        p->foot[side].z = 0.060 + 0.075 * cos(angle);
        p->foot[side].y = 0.115 - 0.075 * sin(angle);
        p->toe[side]    = -0.25 - 0.2 * sin(angle);
    }
}

/* ---- the table ---- */

#define BREATHING { OF(shrug), SECONDS, 0.27, 0.0035 }

static const struct action actions[ACTION_COUNT] = {
    [ACTION_STAND] = {
        .pose = { .hips = { 0.012, -0.006, 0 }, .sway = -0.025, .tilt = 0.02, .hand = HANGING, .foot = PLANTED },
        .wave = { BREATHING, { OF(sway), SECONDS, 0.11, 0.012 }, { OF(look), SECONDS, 0.07, 0.12 } } },
    [ACTION_WALK] = { .pose = { .hand = HANGING, .foot = PLANTED }, .facing_least = 0.3, .cycle = walk },
    [ACTION_RUN]  = { .pose = { .hand = HANGING, .foot = PLANTED }, .facing_least = 0.45, .cycle = run },
    [ACTION_DANCE] = { .pose = { .hand = HANGING, .foot = PLANTED }, .cycle = dance },
    [ACTION_SING] = {
        .pose = { .hips = { 0.015, -0.010, 0 }, .sway = -0.04, .nod = -0.06, .tilt = 0.07,
                  .hand = { { 0.150, -0.060, 0.120 }, { -0.062, 0.006, 0.138 } }, .elbow = { 0.6, 0.25 },
                  .foot = { { 0.03, 0, 0.02 }, { 0.03, 0, -0.01 } } },
        .prop = PROP_MICROPHONE,
        .wave = { BREATHING, { OF(hand[0].y), BEATS, 0.25, 0.075 }, { OF(hand[0].x), BEATS, 0.125, 0.045, 0.25 },
                  { OF(sway), BEATS, 0.5, 0.05 }, { OF(hips.x), BEATS, 0.5, 0.018 }, { OF(tilt), BEATS, 0.25, 0.06 },
                  { OF(hips.y), BEATS, 1, 0.006 } } },
    [ACTION_PLAY_GUITAR] = {
        .pose = { .hips = { 0, -0.014, 0 }, .lean = 0.04, .nod = 0.14, .tilt = 0.05,
                  .hand = { { -0.020, -0.190, 0.135 }, { 0.140, -0.075, 0.120 } }, .elbow = { 0.9, 0.2 },
                  .foot = { { 0.05, 0, 0.02 }, { 0.05, 0, -0.02 } } },
        .prop = PROP_GUITAR, .cycle = strum,
        .wave = { { OF(sway), BEATS, 0.5, 0.05 }, { OF(nod), BEATS, 1, 0.07 }, { OF(hips.x), BEATS, 0.5, 0.015 } } },
    [ACTION_PLAY_DRUMS] = {
        .pose = { .hips = { 0, -0.200, 0 }, .lean = 0.10, .nod = 0.08,
                  .hand = { { 0.055, -0.165, 0.190 }, { 0.055, -0.165, 0.190 } }, .elbow = { 0.7, 0.7 },
                  .foot = { { 0.09, 0, 0.17 }, { 0.09, 0, 0.17 } } },
        .prop = PROP_DRUMS, .cycle = drum, .wave = { { OF(sway), BEATS, 0.5, 0.05 } } },
    [ACTION_SIT] = {
        .pose = { .hips = { 0, -0.205, 0 }, .lean = 0.06, .hand = { { -0.015, -0.185, 0.165 }, { -0.005, -0.185, 0.165 } },
                  .elbow = { 0.3, 0.3 }, .foot = { { 0.015, 0, 0.195 }, { 0.02, 0, 0.165 } } },
        .prop = PROP_STOOL, .facing_least = 0.4, .wave = { BREATHING, { OF(look), SECONDS, 0.09, 0.14 } } },
    [ACTION_LOOK_UP] = {
        .pose = { .hips = { 0.01, -0.004, 0 }, .lean = -0.09, .nod = -0.55, .tilt = 0.03, .hand = HANGING, .foot = PLANTED },
        .wave = { BREATHING, { OF(look), SECONDS, 0.06, 0.10 } } },
    [ACTION_LOOK_AWAY] = {
        .pose = { .hips = { 0.012, -0.006, 0 }, .sway = -0.02, .twist = 0.20, .look = 0.80, .nod = 0.04,
                  .hand = { { 0.034, -0.262, 0.03 }, { -0.02, -0.10, 0.11 } }, .elbow = { 0, 0.4 }, .foot = PLANTED },
        .wave = { BREATHING, { OF(look), SECONDS, 0.08, 0.10 } } },
    [ACTION_REACH] = {
        .pose = { .hips = { 0.02, 0.004, 0.02 }, .lean = 0.12, .sway = 0.06, .nod = -0.20, .look = 0.25,
                  .hand = { { 0.050, -0.245, -0.02 }, { 0.080, 0.150, 0.225 } }, .elbow = { 0, 0.2 },
                  .foot = { { 0.01, 0.02, -0.09 }, { 0.02, 0, 0.06 } }, .toe = { -0.5, 0 } },
        .facing_least = 0.2,
        .wave = { BREATHING, { OF(hand[1].y), SECONDS, 0.3, 0.018 }, { OF(lean), SECONDS, 0.3, 0.02 } } },
    [ACTION_HOLD] = {
        .pose = { .hips = { 0.01, -0.006, 0 }, .nod = 0.10,
                  .hand = { { -0.032, -0.110, 0.170 }, { -0.032, -0.110, 0.170 } }, .elbow = { 0.35, 0.35 }, .foot = PLANTED },
        .prop = PROP_PARCEL, .wave = { BREATHING, { OF(hand[0].y), SECONDS, 0.2, 0.006 }, { OF(hand[1].y), SECONDS, 0.2, 0.006 } } },
    [ACTION_DRINK] = {
        .pose = { .hips = { 0.012, -0.006, 0 }, .sway = -0.03, .nod = -0.14,
                  .hand = { { 0.034, -0.255, 0.03 }, { -0.052, 0.048, 0.148 } }, .elbow = { 0, 0.05 }, .foot = PLANTED },
        .prop = PROP_CUP, .wave = { BREATHING, { OF(hand[1].y), SECONDS, 0.16, 0.022 }, { OF(nod), SECONDS, 0.16, -0.07 } } },
    [ACTION_DRIVE] = {
        .pose = { .hips = { 0, -0.255, 0 }, .lean = -0.12, .hand = { { -0.01, -0.065, 0.215 }, { -0.01, -0.065, 0.215 } },
                  .elbow = { 0.35, 0.35 }, .foot = { { 0.02, 0.05, 0.36 }, { 0.02, 0.05, 0.36 } }, .toe = { 0.6, 0.5 } },
        .prop = PROP_WHEEL, .facing_least = 0.55,
        .wave = { { OF(hand[0].y), SECONDS, 0.31, 0.016 }, { OF(hand[1].y), SECONDS, 0.31, -0.016 }, { OF(hips.y), SECONDS, 2.3, 0.002 },
                  { OF(look), SECONDS, 0.12, 0.12 } } },
    [ACTION_RIDE] = {
        .pose = { .hips = { 0, 0.085, -0.13 }, .lean = 0.75, .nod = -0.60, .hand = { { 0.020, -0.027, 0.270 }, { 0.020, -0.027, 0.270 } },
                  .elbow = { 0.25, 0.25 } },
        .prop = PROP_BICYCLE, .facing_least = 0.9, .cycle = ride },
    [ACTION_SLEEP] = {
        .pose = { .hips = { 0, -0.425, 0 }, .roll = -1.47, .lean = 0.10, .nod = 0.10, .hand = { { -0.05, -0.13, 0.13 }, { 0.03, -0.24, 0.03 } },
                  .elbow = { 0.3, 0.2 }, .foot = { { 0, -0.410, 0.015 }, { 0.02, -0.345, 0.075 } }, .toe = { 0.35, 0.1 } },
        .prop = PROP_PILLOW, .facing_least = 0.75, .wave = { { OF(shrug), SECONDS, 0.2, 0.007 } } },
    [ACTION_JUMP] = { .pose = { .hand = { { 0.06, -0.21, 0.02 }, { 0.06, -0.21, 0.02 } }, .elbow = { 0.4, 0.4 }, .foot = PLANTED },
        .cycle = jump },
    [ACTION_FALL] = {
        .pose = { .hips = { 0, 0.16, 0 }, .roll = -0.75, .lean = -0.25, .nod = -0.1, .hand = { { 0.16, 0.185, 0.06 }, { 0.17, 0.15, 0.10 } },
                  .elbow = { 0.5, 0.5 }, .foot = { { 0.05, 0.24, 0.22 }, { 0.07, 0.20, 0.02 } }, .toe = { -0.6, -0.8 } },
        .facing_least = 0.4,
        .wave = { { OF(hand[0].y), SECONDS, 1.1, 0.03 }, { OF(hand[1].y), SECONDS, 1.3, 0.03, 0.3 }, { OF(foot[0].y), SECONDS, 0.9, 0.03 },
                  { OF(foot[1].y), SECONDS, 1.0, 0.03, 0.4 }, { OF(roll), SECONDS, 0.2, 0.12 } } },
    [ACTION_FLY] = {
        .pose = { .hips = { 0, 0.06, 0 }, .roll = 1.15, .lean = -0.14, .nod = -0.62, .hand = { { 0.03, -0.22, -0.07 }, { 0.00, 0.270, 0.04 } },
                  .elbow = { 0.2, 0.2 }, .foot = { { -0.01, 0.06, -0.02 }, { 0, 0.15, 0.08 } }, .toe = { -1.3, -1.3 } },
        .facing_least = 0.7,
        .wave = { { OF(hips.y), SECONDS, 0.35, 0.022 }, { OF(roll), SECONDS, 0.22, 0.05 }, { OF(foot[0].z), SECONDS, 0.7, 0.02 } } },
    [ACTION_SWIM] = {
        .pose = { .hips = { 0, 0.00, 0 }, .roll = 1.38, .lean = -0.10, .nod = -0.66, .hand = { { 0.03, 0.05, 0.10 }, { 0.03, 0.05, 0.10 } },
                  .elbow = { 0.7, 0.7 }, .foot = { { 0, 0.03, 0 }, { 0, 0.03, 0 } }, .toe = { -1.2, -1.2 } },
        .facing_least = 0.75,
        .wave = { { OF(hand[0].y), SECONDS, 0.5, 0.21 }, { OF(hand[0].z), SECONDS, 0.5, 0.12, 0.25 }, { OF(hand[1].y), SECONDS, 0.5, 0.21, 0.5 },
                  { OF(hand[1].z), SECONDS, 0.5, 0.12, 0.75 }, { OF(foot[0].z), SECONDS, 1.4, 0.07 }, { OF(foot[1].z), SECONDS, 1.4, 0.07, 0.5 } } },
    [ACTION_TURN] = {
        .pose = { .hips = { 0, -0.008, 0 }, .hand = { { 0.075, -0.245, 0.02 }, { 0.075, -0.245, 0.02 } }, .elbow = { 0.4, 0.4 },
                  .foot = PLANTED },
        .wave = { BREATHING, { OF(twist), SECONDS, 0.3, 0.3 }, { OF(look), SECONDS, 0.3, 0.35, 0.06 } } },
    [ACTION_POINT] = {
        .pose = { .hips = { 0.015, -0.008, 0 }, .twist = 0.15, .sway = 0.03, .look = 0.20,
                  .hand = { { 0.020, -0.150, 0.05 }, { 0.200, 0.040, 0.190 } }, .elbow = { 0.9, 0.2 }, .foot = { { 0.03, 0, -0.03 }, { 0.02, 0, 0.03 } } },
        .facing_least = 0.2, .wave = { BREATHING, { OF(hand[1].y), BEATS, 0.5, 0.012 } } },
    [ACTION_READ] = {
        .pose = { .hips = { 0.01, -0.006, 0 }, .nod = 0.34, .hand = { { -0.030, -0.085, 0.165 }, { -0.030, -0.085, 0.165 } },
                  .elbow = { 0.35, 0.35 }, .foot = PLANTED },
        .prop = PROP_BOOK, .wave = { BREATHING, { OF(look), SECONDS, 0.35, 0.05 } } },
    [ACTION_COOK] = {
        .pose = { .hips = { 0.01, -0.006, 0 }, .lean = 0.08, .nod = 0.30, .hand = { { 0.01, -0.165, 0.165 }, { 0.02, -0.120, 0.190 } },
                  .elbow = { 0.4, 0.5 }, .foot = PLANTED },
        .prop = PROP_PAN, .facing_least = 0.3,
        .wave = { BREATHING, { OF(hand[1].y), SECONDS, 1.1, 0.014 }, { OF(hand[1].z), SECONDS, 1.1, 0.020, 0.25 } } },
    [ACTION_TYPE] = {
        .pose = { .hips = { 0, -0.205, 0 }, .lean = 0.12, .nod = 0.20, .hand = { { -0.02, -0.135, 0.205 }, { -0.02, -0.135, 0.205 } },
                  .elbow = { 0.35, 0.35 }, .foot = { { 0.015, 0, 0.16 }, { 0.02, 0, 0.20 } } },
        .prop = PROP_LAPTOP, .facing_least = 0.6,
        .wave = { BREATHING, { OF(hand[0].y), SECONDS, 3.1, 0.007 }, { OF(hand[1].y), SECONDS, 2.7, 0.007, 0.4 } } },
    [ACTION_WAVE] = {
        .pose = { .hips = { -0.012, -0.006, 0 }, .sway = 0.04, .tilt = 0.07,
                  .hand = { { 0.034, -0.262, 0.03 }, { 0.130, 0.175, 0.06 } }, .elbow = { 0, 0.8 }, .foot = PLANTED },
        .wave = { BREATHING, { OF(hand[1].x), SECONDS, 1.5, 0.050 }, { OF(sway), SECONDS, 0.75, 0.012 } } },
};

static double clock_of(const struct figure_moment *m, enum tempo tempo)
{
    return tempo == BEATS ? m->beat_index + m->beat_phase : m->seconds;
}

static void add_waves(struct pose *p, const struct wave *wave, const struct figure_moment *m)
{
    for (int i = 0; i < WAVES_MAX && wave[i].amount != 0; i++) {
        double size = wave[i].tempo == BEATS ? 0.35 + 0.65 * m->energy : 1;
        double *at  = (double *)((char *)p + wave[i].member);
        *at += wave[i].amount * size * sin(TURN * (wave[i].cycles * clock_of(m, wave[i].tempo) + wave[i].phase));
    }
}

/* Turned far enough to be read, to the side it leans to already; by seed when it faces the camera. */
static double readable_facing(const struct look_cast *cast, double facing, double least)
{
    double sign = facing != 0 ? facing : (cast->appearance_seed & 1) ? 1 : -1;
    return fabs(facing) >= least ? clamp(facing, -1, 1) : copysign(least, sign);
}

static void swap(double *a, double *b)
{
    double kept = *a;
    *a = *b;
    *b = kept;
}

static void swap_vec(struct vec *a, struct vec *b)
{
    struct vec kept = *a;
    *a = *b;
    *b = kept;
}

/* Poses are written for someone who faces right; who faces left does the same with the other hand. */
static void mirror(struct pose *p)
{
    swap_vec(&p->hand[0], &p->hand[1]);
    swap_vec(&p->foot[0], &p->foot[1]);
    swap(&p->elbow[0], &p->elbow[1]);
    swap(&p->toe[0], &p->toe[1]);
    p->hips.x = -p->hips.x;
    p->sway   = -p->sway;
    p->twist  = -p->twist;
    p->tilt   = -p->tilt;
    p->look   = -p->look;
}

struct stance stance_of(const struct look_cast *cast, const struct figure_moment *moment)
{
    int                  id = cast->action > 0 && cast->action < ACTION_COUNT ? cast->action : ACTION_STAND;
    const struct action *a  = &actions[id];
    struct stance        s  = { a->pose, a->prop, readable_facing(cast, moment->facing, a->facing_least), 1 };

    if (a->cycle)
        a->cycle(&s.pose, cast, moment);
    add_waves(&s.pose, a->wave, moment);
    if (s.facing < 0 && id != ACTION_TURN) {
        mirror(&s.pose);
        s.hand = 0;
    }
    if (id == ACTION_TURN)
        s.facing = clamp(s.facing + 0.8 * sin(TURN * 0.12 * moment->seconds), -1, 1);
    return s;
}
