#pragma once

/*
 * Every colour of a set comes from here: the style's ramp, a hint of the thing's own hue, the light
 * of the hour and the air in between. Inside the room only.
 */

#include "draw/colour.h"

/* What a surface is made of: a hint of hue laid on the style's ramp. */
enum hue {
    HUE_NONE,                      /* the ramp alone */
    HUE_ACCENT, HUE_ACCENT2,       /* what the eye should find */
    HUE_FOLIAGE, HUE_PINE, HUE_STRAW, HUE_EARTH, HUE_SAND, HUE_ROCK, HUE_SNOW, HUE_WATER,
    HUE_BRICK, HUE_CONCRETE, HUE_GLASS, HUE_METAL, HUE_WOOD, HUE_CLOTH,
    HUE_COUNT
};

struct palette {
    struct lab    ramp[4];         /* shade, mid, light, paper */
    struct lab    accents[2];
    struct colour sky_top, sky_low;
    struct colour sun;             /* or moon */
    struct colour lamp;            /* lit windows, bulbs */
    struct colour neon[2];         /* the accents as light */
    struct colour haze;            /* what distance fades to */
    struct colour shadow;          /* what one sheet throws on the next */
    struct lab    ambient;         /* what the hour tints surfaces with */
    double        ambient_share, dimming;
    double        daylight;        /* 0 night .. 1 day */
    double        key_from;        /* -1 light from the left .. 1 from the right */
    double        sun_height;      /* 0 on the horizon .. 1 overhead */
};

/* `indoors` keeps the hour from dimming the room: lamps do the work there. */
struct palette palette_for(const struct look_grade *grade, const struct look *look, bool indoors,
                           int64_t seed);

/* The grade with every colour set: what was not given comes from the palette. */
struct look_grade palette_grade(const struct palette *p, const struct look_grade *grade);

/* A surface under the hour's light; tone 0 darkest .. 1 lightest. */
struct colour palette_surface(const struct palette *p, enum hue hue, double tone);

/* The same without the hour: for things that shine. */
struct colour palette_plain(const struct palette *p, enum hue hue, double tone);
