#pragma once

/*
 * Colours are mixed where mixing looks right: in OKLab. Inside the room only.
 * Source  Björn Ottosson, "A perceptual color space for image processing", 2020.
 */

#include "draw/look.h"

struct colour {
    double r, g, b;                /* sRGB, 0..1 */
};

struct lab {
    double l, a, b;                /* OKLab: lightness 0..1 */
};

struct colour colour_of(look_colour hex);
look_colour   colour_hex(struct colour c);
struct lab    colour_lab(struct colour c);
struct colour colour_from_lab(struct lab lab);       /* clipped to sRGB */

struct lab    lab_mix(struct lab a, struct lab b, double share_of_b);
struct colour colour_between(struct colour a, struct colour b, double share_of_b);
struct colour colour_lighter(struct colour c, double by);      /* by < 0 darkens */
