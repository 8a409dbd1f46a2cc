#pragma once

/*
 * What the parts of the renderer know of the scene being drawn. Inside the room only.
 *
 * Units of a set: the frame of a wide shot is 1 high; x 0 is the middle, y 0 the horizon (indoors:
 * eye level of the room), y grows downwards. Depth is parallax: 0 infinitely far, 1 where the hero
 * stands, above 1 in front. At depth d an adult is ADULT * d tall and stands on y = GROUND * d.
 */

#include "draw/draw.h"
#include "draw/palette.h"
#include "draw/plane.h"

#define ADULT  0.40
#define GROUND 0.24

/* How the shot frames the set. Screen units: 1 is the frame's height, (0, 0) its middle. */
struct framing {
    double scale;                  /* of the hero, against a wide shot */
    double horizon;                /* screen y of the set's y 0 */
    double hero_x, feet;           /* screen position of the hero's feet */
    double focus;                  /* 0 all sharp .. 1 only the hero is */
    bool   portrait;               /* head and shoulders fill the picture */
    double room, room_width;       /* end cards: how tall and wide the product may be */
};

struct scene {
    const struct draw_spec *spec;
    struct look             look;            /* nothing "not set" any more */
    struct look_grade       grade;           /* every colour set */
    struct palette          palette;
    struct framing          framing;
    double                  half_width;      /* of the frame, in frame heights */
    double                  seconds;         /* how long the scene runs */
    int64_t                 seed;
};

/* Scale of a plane at this depth against a wide shot: what is near grows most. */
double scene_scale(const struct scene *s, double depth);

/* How the scene's colours become samples: at night contrast turns about a darker grey, so that
 * shadows stay open. */
struct grading scene_grading(const struct scene *s);

/* Fill in what the description leaves open, by seed; `half_width` is of the picture without its
 * bars. */
void scene_init(struct scene *s, const struct draw_spec *spec, double half_width);
