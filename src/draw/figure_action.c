/*
 * What people do, as data: a pose for each action, the waves that keep it alive, and a few true
 * cycles.
 *
 * A wave adds a sine to one number of the pose, on the clock of seconds, of beats or of the way
 * travelled. Walking and running plant their feet, and dancing goes from key pose to key pose on
 * the beat, so those are functions.
 */

#include "draw/figure_pose.h"

#include <math.h>
#include <stddef.h>

enum { WAVES_MAX = 7 };

enum tempo { SECONDS, BEATS };

struct wave {
    size_t member; /* offset of a double in struct pose; 0 with amount 0 ends the list */
    enum tempo tempo;
    double cycles; /* per second or per beat */
    double amount;
    double phase; /* in cycles */
};

struct action {
    struct pose pose;
    enum prop prop;
    double facing_least; /* turned at least this far, to be read */
    struct wave wave[WAVES_MAX];
    pose_cycle *cycle; /* optional: replaces parts of the pose */
};

#define OF(member) offsetof(struct pose, member)

/* Arms at rest, feet under the hips. */
#define HANGING                                                                                    \
    {                                                                                              \
        { 0.034, -0.262, 0.030 },                                                                  \
        {                                                                                          \
            0.034, -0.262, 0.030                                                                   \
        }                                                                                          \
    }
#define PLANTED                                                                                    \
    {                                                                                              \
        { 0.012, 0, 0.000 },                                                                       \
        {                                                                                          \
            0.012, 0, 0.012                                                                        \
        }                                                                                          \
    }

/* ---- the table ---- */

#define BREATHING                                                                                  \
    {                                                                                              \
        OF(shrug), SECONDS, 0.27, 0.0035                                                           \
    }

static const struct action actions[ACTION_COUNT] = {
    [ACTION_STAND] = { .pose = { .hips = { 0.012, -0.006, 0 },
                                 .sway = -0.025,
                                 .tilt = 0.02,
                                 .hand = HANGING,
                                 .foot = PLANTED },
                       .wave = { BREATHING,
                                 { OF(sway), SECONDS, 0.11, 0.012 },
                                 { OF(look), SECONDS, 0.07, 0.12 } } },
    [ACTION_WALK] = { .pose = { .hand = HANGING, .foot = PLANTED },
                      .facing_least = 0.3,
                      .cycle = cycle_walk },
    [ACTION_RUN] = { .pose = { .hand = HANGING, .foot = PLANTED },
                     .facing_least = 0.45,
                     .cycle = cycle_run },
    [ACTION_DANCE] = { .pose = { .hand = HANGING, .foot = PLANTED }, .cycle = cycle_dance },
    [ACTION_SING] = { .pose = { .hips = { 0.015, -0.010, 0 },
                                .sway = -0.04,
                                .nod = -0.06,
                                .tilt = 0.07,
                                .hand = { { 0.150, -0.060, 0.120 }, { -0.088, 0.000, 0.108 } },
                                .elbow = { 0.6, -0.15 },
                                .foot = { { 0.03, 0, 0.02 }, { 0.03, 0, -0.01 } } },
                      .prop = PROP_MICROPHONE,
                      .wave = { BREATHING,
                                { OF(hand[0].y), BEATS, 0.25, 0.075 },
                                { OF(hand[0].x), BEATS, 0.125, 0.045, 0.25 },
                                { OF(sway), BEATS, 0.5, 0.05 },
                                { OF(hips.x), BEATS, 0.5, 0.018 },
                                { OF(tilt), BEATS, 0.25, 0.06 },
                                { OF(hips.y), BEATS, 1, 0.006 } } },
    [ACTION_PLAY_GUITAR] = { .pose = { .hips = { 0, -0.014, 0 },
                                       .lean = 0.04,
                                       .nod = 0.14,
                                       .tilt = 0.05,
                                       .hand = { { -0.020, -0.190, 0.135 },
                                                 { 0.140, -0.075, 0.120 } },
                                       .elbow = { 0.9, 0.2 },
                                       .foot = { { 0.05, 0, 0.02 }, { 0.05, 0, -0.02 } } },
                             .prop = PROP_GUITAR,
                             .cycle = cycle_strum,
                             .wave = { { OF(sway), BEATS, 0.5, 0.05 },
                                       { OF(nod), BEATS, 1, 0.07 },
                                       { OF(hips.x), BEATS, 0.5, 0.015 } } },
    [ACTION_PLAY_DRUMS] = { .pose = { .hips = { 0, -0.200, 0 },
                                      .lean = 0.10,
                                      .nod = 0.08,
                                      .hand = { { 0.055, -0.165, 0.190 },
                                                { 0.055, -0.165, 0.190 } },
                                      .elbow = { 0.7, 0.7 },
                                      .foot = { { 0.09, 0, 0.17 }, { 0.09, 0, 0.17 } } },
                            .prop = PROP_DRUMS,
                            .cycle = cycle_drum,
                            .wave = { { OF(sway), BEATS, 0.5, 0.05 } } },
    [ACTION_SIT] = { .pose = { .hips = { 0, -0.205, 0 },
                               .lean = 0.06,
                               .hand = { { -0.015, -0.185, 0.165 }, { -0.005, -0.185, 0.165 } },
                               .elbow = { 0.3, 0.3 },
                               .foot = { { 0.015, 0, 0.195 }, { 0.02, 0, 0.165 } } },
                     .prop = PROP_STOOL,
                     .facing_least = 0.4,
                     .wave = { BREATHING, { OF(look), SECONDS, 0.09, 0.14 } } },
    [ACTION_LOOK_UP] = { .pose = { .hips = { 0.01, -0.004, 0 },
                                   .lean = -0.09,
                                   .nod = -0.55,
                                   .tilt = 0.03,
                                   .hand = HANGING,
                                   .foot = PLANTED },
                         .wave = { BREATHING, { OF(look), SECONDS, 0.06, 0.10 } } },
    [ACTION_LOOK_AWAY] = { .pose = { .hips = { 0.012, -0.006, 0 },
                                     .sway = -0.02,
                                     .twist = 0.20,
                                     .look = 0.80,
                                     .nod = 0.04,
                                     .hand = { { 0.034, -0.262, 0.03 }, { -0.02, -0.10, 0.11 } },
                                     .elbow = { 0, 0.4 },
                                     .foot = PLANTED },
                           .wave = { BREATHING, { OF(look), SECONDS, 0.08, 0.10 } } },
    [ACTION_REACH] = { .pose = { .hips = { 0.02, 0.004, 0.02 },
                                 .lean = 0.12,
                                 .sway = 0.06,
                                 .nod = -0.20,
                                 .look = 0.25,
                                 .hand = { { 0.050, -0.245, -0.02 }, { 0.080, 0.150, 0.225 } },
                                 .elbow = { 0, 0.2 },
                                 .foot = { { 0.01, 0.02, -0.09 }, { 0.02, 0, 0.06 } },
                                 .toe = { -0.5, 0 } },
                       .facing_least = 0.2,
                       .wave = { BREATHING,
                                 { OF(hand[1].y), SECONDS, 0.3, 0.018 },
                                 { OF(lean), SECONDS, 0.3, 0.02 } } },
    [ACTION_HOLD] = { .pose = { .hips = { 0.01, -0.006, 0 },
                                .nod = 0.10,
                                .hand = { { -0.032, -0.110, 0.170 }, { -0.032, -0.110, 0.170 } },
                                .elbow = { 0.35, 0.35 },
                                .foot = PLANTED },
                      .prop = PROP_PARCEL,
                      .wave = { BREATHING,
                                { OF(hand[0].y), SECONDS, 0.2, 0.006 },
                                { OF(hand[1].y), SECONDS, 0.2, 0.006 } } },
    [ACTION_DRINK] = { .pose = { .hips = { 0.012, -0.006, 0 },
                                 .sway = -0.03,
                                 .nod = -0.14,
                                 .hand = { { 0.034, -0.255, 0.03 }, { -0.052, 0.048, 0.148 } },
                                 .elbow = { 0, 0.05 },
                                 .foot = PLANTED },
                       .prop = PROP_CUP,
                       .wave = { BREATHING,
                                 { OF(hand[1].y), SECONDS, 0.16, 0.022 },
                                 { OF(nod), SECONDS, 0.16, -0.07 } } },
    [ACTION_DRIVE] = { .pose = { .hips = { 0, -0.255, 0 },
                                 .lean = -0.12,
                                 .hand = { { -0.01, -0.065, 0.215 }, { -0.01, -0.065, 0.215 } },
                                 .elbow = { 0.35, 0.35 },
                                 .foot = { { 0.02, 0.05, 0.36 }, { 0.02, 0.05, 0.36 } },
                                 .toe = { 0.6, 0.5 } },
                       .prop = PROP_WHEEL,
                       .facing_least = 0.55,
                       .wave = { { OF(hand[0].y), SECONDS, 0.31, 0.016 },
                                 { OF(hand[1].y), SECONDS, 0.31, -0.016 },
                                 { OF(hips.y), SECONDS, 2.3, 0.002 },
                                 { OF(look), SECONDS, 0.12, 0.12 } } },
    [ACTION_RIDE] = { .pose = { .hips = { 0, 0.085, -0.13 },
                                .lean = 0.75,
                                .nod = -0.60,
                                .hand = { { 0.020, -0.027, 0.270 }, { 0.020, -0.027, 0.270 } },
                                .elbow = { 0.25, 0.25 } },
                      .prop = PROP_BICYCLE,
                      .facing_least = 0.9,
                      .cycle = cycle_ride },
    [ACTION_SLEEP] = { .pose = { .hips = { 0, -0.425, 0 },
                                 .roll = -1.47,
                                 .lean = 0.10,
                                 .nod = 0.10,
                                 .hand = { { -0.05, -0.13, 0.13 }, { 0.03, -0.24, 0.03 } },
                                 .elbow = { 0.3, 0.2 },
                                 .foot = { { 0, -0.410, 0.015 }, { 0.02, -0.345, 0.075 } },
                                 .toe = { 0.35, 0.1 } },
                       .prop = PROP_PILLOW,
                       .facing_least = 0.75,
                       .wave = { { OF(shrug), SECONDS, 0.2, 0.007 } } },
    [ACTION_JUMP] = { .pose = { .hand = { { 0.06, -0.21, 0.02 }, { 0.06, -0.21, 0.02 } },
                                .elbow = { 0.4, 0.4 },
                                .foot = PLANTED },
                      .cycle = cycle_jump },
    [ACTION_FALL] = { .pose = { .hips = { 0, 0.16, 0 },
                                .roll = -0.75,
                                .lean = -0.25,
                                .nod = -0.1,
                                .hand = { { 0.16, 0.185, 0.06 }, { 0.17, 0.15, 0.10 } },
                                .elbow = { 0.5, 0.5 },
                                .foot = { { 0.05, 0.24, 0.22 }, { 0.07, 0.20, 0.02 } },
                                .toe = { -0.6, -0.8 } },
                      .facing_least = 0.4,
                      .wave = { { OF(hand[0].y), SECONDS, 1.1, 0.03 },
                                { OF(hand[1].y), SECONDS, 1.3, 0.03, 0.3 },
                                { OF(foot[0].y), SECONDS, 0.9, 0.03 },
                                { OF(foot[1].y), SECONDS, 1.0, 0.03, 0.4 },
                                { OF(roll), SECONDS, 0.2, 0.12 } } },
    [ACTION_FLY] = { .pose = { .hips = { 0, 0.06, 0 },
                               .roll = 1.15,
                               .lean = -0.14,
                               .nod = -0.62,
                               .hand = { { 0.03, -0.22, -0.07 }, { 0.00, 0.270, 0.04 } },
                               .elbow = { 0.2, 0.2 },
                               .foot = { { -0.01, 0.06, -0.02 }, { 0, 0.15, 0.08 } },
                               .toe = { -1.3, -1.3 } },
                     .facing_least = 0.7,
                     .wave = { { OF(hips.y), SECONDS, 0.35, 0.022 },
                               { OF(roll), SECONDS, 0.22, 0.05 },
                               { OF(foot[0].z), SECONDS, 0.7, 0.02 } } },
    [ACTION_SWIM] = { .pose = { .hips = { 0, 0.00, 0 },
                                .roll = 1.38,
                                .lean = -0.10,
                                .nod = -0.66,
                                .hand = { { 0.03, 0.05, 0.10 }, { 0.03, 0.05, 0.10 } },
                                .elbow = { 0.7, 0.7 },
                                .foot = { { 0, 0.03, 0 }, { 0, 0.03, 0 } },
                                .toe = { -1.2, -1.2 } },
                      .facing_least = 0.75,
                      .wave = { { OF(hand[0].y), SECONDS, 0.5, 0.21 },
                                { OF(hand[0].z), SECONDS, 0.5, 0.12, 0.25 },
                                { OF(hand[1].y), SECONDS, 0.5, 0.21, 0.5 },
                                { OF(hand[1].z), SECONDS, 0.5, 0.12, 0.75 },
                                { OF(foot[0].z), SECONDS, 1.4, 0.07 },
                                { OF(foot[1].z), SECONDS, 1.4, 0.07, 0.5 } } },
    [ACTION_TURN] = { .pose = { .hips = { 0, -0.008, 0 },
                                .hand = { { 0.075, -0.245, 0.02 }, { 0.075, -0.245, 0.02 } },
                                .elbow = { 0.4, 0.4 },
                                .foot = PLANTED },
                      .wave = { BREATHING,
                                { OF(twist), SECONDS, 0.3, 0.3 },
                                { OF(look), SECONDS, 0.3, 0.35, 0.06 } } },
    [ACTION_POINT] = { .pose = { .hips = { 0.015, -0.008, 0 },
                                 .twist = 0.15,
                                 .sway = 0.03,
                                 .look = 0.20,
                                 .hand = { { 0.020, -0.150, 0.05 }, { 0.200, 0.040, 0.190 } },
                                 .elbow = { 0.9, 0.2 },
                                 .foot = { { 0.03, 0, -0.03 }, { 0.02, 0, 0.03 } } },
                       .facing_least = 0.2,
                       .wave = { BREATHING, { OF(hand[1].y), BEATS, 0.5, 0.012 } } },
    [ACTION_READ] = { .pose = { .hips = { 0.01, -0.006, 0 },
                                .nod = 0.34,
                                .hand = { { -0.030, -0.085, 0.165 }, { -0.030, -0.085, 0.165 } },
                                .elbow = { 0.35, 0.35 },
                                .foot = PLANTED },
                      .prop = PROP_BOOK,
                      .wave = { BREATHING, { OF(look), SECONDS, 0.35, 0.05 } } },
    [ACTION_COOK] = { .pose = { .hips = { 0.01, -0.006, 0 },
                                .lean = 0.08,
                                .nod = 0.30,
                                .hand = { { 0.01, -0.165, 0.165 }, { 0.02, -0.120, 0.190 } },
                                .elbow = { 0.4, 0.5 },
                                .foot = PLANTED },
                      .prop = PROP_PAN,
                      .facing_least = 0.3,
                      .wave = { BREATHING,
                                { OF(hand[1].y), SECONDS, 1.1, 0.014 },
                                { OF(hand[1].z), SECONDS, 1.1, 0.020, 0.25 } } },
    [ACTION_TYPE] = { .pose = { .hips = { 0, -0.205, 0 },
                                .lean = 0.12,
                                .nod = 0.20,
                                .hand = { { -0.02, -0.135, 0.205 }, { -0.02, -0.135, 0.205 } },
                                .elbow = { 0.35, 0.35 },
                                .foot = { { 0.015, 0, 0.16 }, { 0.02, 0, 0.20 } } },
                      .prop = PROP_LAPTOP,
                      .facing_least = 0.6,
                      .wave = { BREATHING,
                                { OF(hand[0].y), SECONDS, 3.1, 0.007 },
                                { OF(hand[1].y), SECONDS, 2.7, 0.007, 0.4 } } },
    [ACTION_WAVE] = { .pose = { .hips = { -0.012, -0.006, 0 },
                                .sway = 0.04,
                                .tilt = 0.07,
                                .hand = { { 0.034, -0.262, 0.03 }, { 0.130, 0.175, 0.06 } },
                                .elbow = { 0, 0.8 },
                                .foot = PLANTED },
                      .wave = { BREATHING,
                                { OF(hand[1].x), SECONDS, 1.5, 0.050 },
                                { OF(sway), SECONDS, 0.75, 0.012 } } },
};

static double clock_of(const struct figure_moment *m, enum tempo tempo)
{
    return tempo == BEATS ? m->beat_index + m->beat_phase : m->seconds;
}

static void add_waves(struct pose *p, const struct wave *wave, const struct figure_moment *m)
{
    for (int i = 0; i < WAVES_MAX && wave[i].amount != 0; i++) {
        double size = wave[i].tempo == BEATS ? 0.35 + 0.65 * m->energy : 1;
        double *at = (double *)((char *)p + wave[i].member);
        *at += wave[i].amount * size *
               sin(TURN * (wave[i].cycles * clock_of(m, wave[i].tempo) + wave[i].phase));
    }
}

/* Turned far enough to be read, to the side it leans to already; by seed when it faces the camera.
 */
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

/* Poses are written for someone who faces right; who faces left does the same with the other hand.
 */
static void mirror(struct pose *p)
{
    swap_vec(&p->hand[0], &p->hand[1]);
    swap_vec(&p->foot[0], &p->foot[1]);
    swap(&p->elbow[0], &p->elbow[1]);
    swap(&p->toe[0], &p->toe[1]);
    p->hips.x = -p->hips.x;
    p->sway = -p->sway;
    p->twist = -p->twist;
    p->tilt = -p->tilt;
    p->look = -p->look;
}

struct stance stance_of(const struct look_cast *cast, const struct figure_moment *moment)
{
    int id = cast->action > 0 && cast->action < ACTION_COUNT ? cast->action : ACTION_STAND;
    const struct action *a = &actions[id];
    struct stance s = { a->pose, a->prop, readable_facing(cast, moment->facing, a->facing_least),
                        1 };

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
