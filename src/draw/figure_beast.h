#pragma once

/*
 * Four-legged animals: one skeleton with gaits, and measures that make it a dog, a cat or a horse.
 *
 * Drawn facing right in profile; lengths in units, the ground at y = 0. For figure_*.c only.
 */

#include "draw/figure_kinds.h"

struct beast {
    double height;         /* of the withers when standing */
    double length;         /* from rump to withers */
    double leg;            /* of that height, how much is leg; 0..1 */
    double paw;            /* half thickness of a foot */
    double thigh, forearm; /* half thickness where the legs leave the body */
    double girth[5];       /* half widths of the body from rump to chest */
    double stride;         /* travel of one walking cycle */
    look_colour coat, paws;
    bool hooves;
};

struct beast_pose {
    struct point rump, withers;
    struct point paw[4]; /* near hind, near fore, far hind, far fore */
    double lift[4];      /* 0 on the ground .. 1 highest: feet hang */
    double tail;         /* radians, 0 straight back, negative up */
    double nod;          /* radians the head goes down */
    double bounce;
    bool folded; /* lying: legs are under the body */
    bool seated; /* the hind legs are folded, the fore legs stand */
};

struct beast_pose beast_pose_of(const struct beast *b, const struct sitter *sitter);

/* Far legs, body, near legs; head and tail are the animal's own. */
void beast_far_legs(const struct pen *pen, const struct beast *b, const struct beast_pose *p);
void beast_body(const struct pen *pen, const struct beast *b, const struct beast_pose *p,
                struct paint coat);
void beast_near_legs(const struct pen *pen, const struct beast *b, const struct beast_pose *p);
