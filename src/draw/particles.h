#pragma once

/*
 * What falls, drifts and sparkles: rain, snow, dust, leaves, bubbles, confetti, drawn straight into
 * the canvas. Positions are functions of time, so any frame can be drawn first. Inside the room
 * only.
 */

#include "draw/compose.h"
#include "draw/moment.h"

enum { PARTICLES_MAX = 420, PARTICLE_COLOURS = 3 };

enum drift_kind {
    DRIFT_NONE,
    DRIFT_RAIN,
    DRIFT_SNOW,
    DRIFT_DUST,
    DRIFT_MOTES,
    DRIFT_LEAVES,
    DRIFT_BUBBLES,
    DRIFT_CONFETTI,
    DRIFT_STREAKS
};

struct particle {
    double x, y;                   /* 0..1 of the field at time 0 */
    double fall, aside;            /* screen units a second */
    double sway, sway_rate, phase;
    double depth, radius, alpha;   /* radius: screen units */
    int    colour;
};

struct particles {
    enum drift_kind kind;
    int             count, far;    /* the first `far` are behind the hero */
    double          half_width;
    struct particle list[PARTICLES_MAX];
    uint8_t         colour[PARTICLE_COLOURS][3];      /* Y, U, V */
};

void particles_init(struct particles *p, const struct scene *scene);

/* Those from `begin` to `end`. */
void particles_draw(const struct particles *p, struct canvas *c, const struct camera *camera,
                    double seconds, double pulse, int begin, int end);
