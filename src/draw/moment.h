#pragma once

/*
 * One moment of a scene: where the song is and where the camera is. Pure functions of the frame.
 * Inside the room only.
 */

#include "draw/scene.h"

struct beat {
    double phase;                  /* 0..1 from the last beat to the next */
    double pulse;                  /* 1 on the beat, falling to 0 */
    int    index;
};

struct beat beat_at(const struct draw_spec *spec, int frame_index);

/* Screen units; depth scales what is marked so. */
struct camera {
    double x, y;                   /* moved aside and down, at the hero's depth */
    double push;                   /* moved in, as a share of the hero's distance */
    double pan_x, pan_y;           /* everything shifts alike */
    double focus_x, focus_y;       /* the point a push aims at */
};

struct camera camera_at(const struct scene *s, int frame_index);

/* How far the hero walks while in the picture, and how much of it the camera follows; screen
 * units. */
struct journey {
    double speed;                  /* adult heights a second; 0 stands */
    double walked, followed;       /* over the whole scene */
    double direction;              /* -1 left, 1 right */
};

struct journey journey_of(const struct scene *s);

/* Where a sheet point lies on the screen: out = anchor + point * scale. */
struct lens {
    double scale, x, y;
};

struct lens lens_at(const struct camera *c, double depth);
