#pragma once

/*
 * Heads: skull, ears, face and hair, the same at thirty pixels and at a thousand; detail grows with
 * size.
 *
 * Units are half the height of the head, the origin its middle, x to the right, y down.
 */

#include "draw/figure_pen.h"

struct face {
    const struct look_cast *cast; /* complete */
    double yaw;                   /* radians, > 0 looks right; meant for -1..1 */
    double nod;                   /* > 0 looks down */
    double mouth;                 /* 0 closed .. 1 open */
    double lids;                  /* 0 eyes open .. 1 closed */
    double brows;                 /* -1 worried .. 1 raised */
    double smile;                 /* -1..1 */
    double sway;                  /* of loose hair, in head units */
};

/* Everything about the expression from the moment and the action. */
struct face face_of(const struct look_cast *cast, const struct figure_moment *moment, double yaw,
                    double nod);

void face_draw_behind(const struct pen *pen,
                      const struct face *face); /* hair that falls behind the body */
void face_draw(const struct pen *pen, const struct face *face); /* the head */
void face_draw_before(const struct pen *pen,
                      const struct face *face); /* locks that fall over the shoulders */

/* Hair alone, for figure_face.c. */
void hair_behind(const struct pen *pen, const struct face *face);
void hair_over(const struct pen *pen, const struct face *face);
void hair_before(const struct pen *pen, const struct face *face);
