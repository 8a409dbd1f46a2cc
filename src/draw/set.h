#pragma once

/*
 * Places as tables: a set is a stack of layers, far to near, each with the function that paints it.
 * Inside the room only. Families of places live in set_*.c; set_of() finds one.
 *
 * Layers nearer than FRAME_DEPTH frame the picture: they are painted in screen units (the frame is
 * 1 high, (0, 0) its middle) and do not grow with the shot, so that they keep framing it.
 */

#include "draw/brush.h"

#define FRAME_DEPTH 1.2

enum { SET_LAYERS_MAX = 12 };

/* How the lights of a layer live. */
enum pulse {
    PULSE_NONE,                    /* the layer has no lights */
    PULSE_STEADY, PULSE_BREATHE, PULSE_FLICKER,
    PULSE_BEAT, PULSE_EVEN, PULSE_ODD,          /* on beats; on every second one */
};

struct set_layer {
    double     depth;
    void     (*paint)(struct painter *p);
    enum pulse lights;
    bool       only_lights;
    double     mist;               /* 0..1: air gathering at its foot */
    double     drift;              /* frame heights a second, sideways */
    bool       soft;               /* no edges worth keeping: painted at quarter size */
    bool       bare;               /* no paper edge and shadow: glass, light, air */
};

struct set {
    enum look_place  place;
    bool             indoors;
    bool             floating;     /* nobody stands on the ground here */
    bool             seated;       /* the hero is behind something: no feet, no contact shadow */
    double           air;          /* how much distance fades here, 1 is an open landscape */
    struct set_layer layers[SET_LAYERS_MAX];      /* ends with paint NULL */
};

const struct set *set_of(enum look_place place);

/* Behind an end card: a studio of the style's colours with a lit plinth. */
extern const struct set set_end_card;

/* The families; each ends with PLACE_NOT_SET. */
extern const struct set sets_city[], sets_nature[], sets_water[], sets_travel[], sets_home[],
    sets_shows[], sets_beyond[];
