#include "draw/colour.h"

#include <math.h>

static double linear(double s)
{
    return s <= 0.04045 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4);
}

static double companded(double x)
{
    x = x < 0 ? 0 : x > 1 ? 1 : x;
    return x <= 0.0031308 ? 12.92 * x : 1.055 * pow(x, 1 / 2.4) - 0.055;
}

struct colour colour_of(look_colour hex)
{
    return (struct colour){ (double)(hex >> 16 & 255) / 255, (double)(hex >> 8 & 255) / 255,
                            (double)(hex & 255) / 255 };
}

look_colour colour_hex(struct colour c)
{
    return (look_colour)lround(c.r * 255) << 16 | (look_colour)lround(c.g * 255) << 8
        | (look_colour)lround(c.b * 255);
}

struct lab colour_lab(struct colour c)
{
    double r = linear(c.r), g = linear(c.g), b = linear(c.b);
    double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);

    return (struct lab){
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    };
}

struct colour colour_from_lab(struct lab lab)
{
    double l = lab.l + 0.3963377774 * lab.a + 0.2158037573 * lab.b;
    double m = lab.l - 0.1055613458 * lab.a - 0.0638541728 * lab.b;
    double s = lab.l - 0.0894841775 * lab.a - 1.2914855480 * lab.b;

    l = l * l * l;
    m = m * m * m;
    s = s * s * s;
    return (struct colour){
        companded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
        companded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
        companded(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s),
    };
}

struct lab lab_mix(struct lab a, struct lab b, double share_of_b)
{
    double t = share_of_b < 0 ? 0 : share_of_b > 1 ? 1 : share_of_b;
    return (struct lab){ a.l + (b.l - a.l) * t, a.a + (b.a - a.a) * t, a.b + (b.b - a.b) * t };
}

struct colour colour_between(struct colour a, struct colour b, double share_of_b)
{
    return colour_from_lab(lab_mix(colour_lab(a), colour_lab(b), share_of_b));
}

struct colour colour_lighter(struct colour c, double by)
{
    struct lab lab = colour_lab(c);
    lab.l += by;
    return colour_from_lab(lab);
}
