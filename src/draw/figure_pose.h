#pragma once

/*
 * A body in a pose: proportions, actions as data, and the skeleton that comes out.
 *
 * A pose is said in the body's own space: x outward from the middle, y up, z forward, lengths of an
 * average adult. The solver fits it to the build, bends knees and elbows, turns the body to where
 * it faces and projects it.
 */

#include "draw/figure_pen.h"

struct vec {
    double x, y, z;
};

/* Lengths in units, of the build of one person. */
struct body {
    double thigh, shin, ankle;
    double upper_arm, forearm, hand;
    double spine, neck;
    double head;               /* half its height */
    double shoulder, hip;      /* half widths between the joints */
    double chest, waist, seat; /* half widths of the trunk */
    double depth;              /* trunk seen from the side, as a share of its width */
    double limb;               /* thickness of arms and legs, 1 for average */
    double stoop;              /* radians the spine leans by itself */
};

struct body body_of(const struct look_cast *cast);

/* Sides: 0 is on the left of the picture when the figure faces the camera. Only doubles: poses are
 * mixed. */
struct pose {
    struct vec hips;          /* from where they are when standing */
    double lean, sway, twist; /* forward, sideways, chest against hips; radians */
    double nod, tilt, look;   /* head: down, sideways, turned; radians */
    double roll;              /* the whole body, clockwise when it faces right */
    struct vec hand[2];       /* from the shoulder, turned with the chest */
    double elbow[2];          /* 0 hangs down and back, 1 points outward */
    struct vec foot[2];       /* from below the hip joint, on the ground */
    double toe[2];            /* pitch of the foot; positive lifts the toes */
    double shrug;
};

enum prop {
    PROP_NONE,
    PROP_MICROPHONE,
    PROP_GUITAR,
    PROP_DRUMS,
    PROP_STOOL,
    PROP_BOOK,
    PROP_CUP,
    PROP_PAN,
    PROP_LAPTOP,
    PROP_WHEEL,
    PROP_PARCEL,
    PROP_PILLOW,
    PROP_BICYCLE,
};

struct stance {
    struct pose pose;
    enum prop prop;
    double facing; /* after what the action needs to be read */
    int hand;      /* the side that acts: 1, or 0 when the pose was mirrored */
};

/* The pose of one moment of an action, breathing, cycles and the beat included. */
struct stance stance_of(const struct look_cast *cast, const struct figure_moment *moment);

/* Cycles replace parts of a pose; for the table of actions. */
typedef void pose_cycle(struct pose *pose, const struct look_cast *cast,
                        const struct figure_moment *moment);

pose_cycle cycle_walk, cycle_run, cycle_dance, cycle_drum, cycle_strum, cycle_jump, cycle_ride;

/* A joint on the picture; depth grows towards the camera. */
struct joint {
    double x, y, depth;
};

struct skeleton {
    struct joint pelvis, waist, chest, neck, head;
    struct joint shoulder[2], elbow[2], wrist[2], knuckle[2];
    struct joint hip[2], knee[2], ankle[2], toe[2], heel[2];
    double body_yaw, head_yaw, head_nod, head_tilt; /* radians; yaw > 0 looks right */
    double roll;
};

struct skeleton skeleton_of(const struct body *body, const struct pose *pose, double facing);
