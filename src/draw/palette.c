/*
 * From a director's six colours to everything in the picture.
 *
 * Lightness always comes from the style's ramp, so that a style keeps its own distribution of dark
 * and light. The hue of a surface is the ramp's, pulled towards what the thing is made of: grass
 * stays greener than sand in every style, but it is that style's green. The hour then tints and
 * dims, and distance fades to the haze.
 */

#include "draw/palette.h"

#include <math.h>

#include "base/rng.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* Grades for those who give none: six colours each, as in struct look_grade. */
static const look_colour presets[][6] = {
    { 0x15233B, 0x3B5B75, 0xA8BDB6, 0xF4EBDA, 0xE4572E, 0xF3B54A },
    { 0x251737, 0x66406F, 0xCF92A2, 0xF9E6D8, 0xF25F5C, 0xFFB86B },
    { 0x12281F, 0x3F6249, 0xA9BB8A, 0xF5EED5, 0xD9482B, 0xF0B441 },
    { 0x2B151A, 0x803534, 0xE09562, 0xFAE8CB, 0x2F7F8A, 0xFFB91F },
    { 0x0D2D35, 0x2C757A, 0x9DD2C5, 0xF7F2E5, 0xFF6B57, 0xFFC857 },
    { 0x15153D, 0x403F91, 0x9CAAE3, 0xF3F1FF, 0xFF78B4, 0xFFD166 },
    { 0x2B211F, 0x7D5847, 0xD6AC8C, 0xF8ECDC, 0x2580A0, 0xE27C3B },
    { 0x1A2433, 0x51627A, 0xB4BFC9, 0xF5F2EC, 0xD7403F, 0xF0A31F },
};

static const look_colour hue_hints[HUE_COUNT] = {
    [HUE_FOLIAGE] = 0x6E9440,  [HUE_PINE] = 0x2F6B52,  [HUE_STRAW] = 0xD3A94A,
    [HUE_EARTH] = 0x80583A,    [HUE_SAND] = 0xDDB479,  [HUE_ROCK] = 0x7B7377,
    [HUE_SNOW] = 0xBFD6EA,     [HUE_WATER] = 0x2E7F9F, [HUE_BRICK] = 0xB0573F,
    [HUE_CONCRETE] = 0x8E8F91, [HUE_GLASS] = 0x6FA3B8, [HUE_METAL] = 0x8393A3,
    [HUE_WOOD] = 0xA66E3F,     [HUE_CLOTH] = 0x9A5D6E,
};

/* How far a surface is pulled from the ramp towards its own hue. */
static const double hue_pull[HUE_COUNT] = {
    [HUE_FOLIAGE] = 0.62, [HUE_PINE] = 0.6,      [HUE_STRAW] = 0.65, [HUE_EARTH] = 0.55,
    [HUE_SAND] = 0.65,    [HUE_ROCK] = 0.4,      [HUE_SNOW] = 0.6,   [HUE_WATER] = 0.62,
    [HUE_BRICK] = 0.55,   [HUE_CONCRETE] = 0.35, [HUE_GLASS] = 0.5,  [HUE_METAL] = 0.45,
    [HUE_WOOD] = 0.6,     [HUE_CLOTH] = 0.4,
};

struct hour {
    look_colour tint;
    double      tint_share, dimming;       /* of surfaces */
    look_colour top, low, sun;             /* hints for the sky */
    double      top_tone, low_tone;        /* its lightness */
    /* how far the sky follows its hint rather than the ramp */
    double      pull;
    double      daylight, sun_height;
};

static const struct hour hours[TIME_COUNT] = {
    [TIME_DAWN] = { 0xF2B6A8, 0.16, 0.93, 0x8FB4D6, 0xFAD2B4, 0xFFE2B8, 0.70, 0.90, 0.66, 0.7,
                    0.10 },
    [TIME_DAY] = { 0xFFF6E0, 0.04, 1.00, 0x4FA3E0, 0xE4F2F5, 0xFFF8E0, 0.74, 0.97, 0.60, 1.0,
                   0.62 },
    [TIME_GOLDEN_HOUR] = { 0xFFA04A, 0.19, 0.97, 0xF0945A, 0xFFE0A0, 0xFFF3CC, 0.74, 0.96, 0.72,
                           0.8, 0.14 },
    [TIME_DUSK] = { 0x6C4B94, 0.28, 0.68, 0x3D3A78, 0xF08A72, 0xFFB48A, 0.36, 0.74, 0.66, 0.3,
                    0.03 },
    [TIME_NIGHT] = { 0x2A4480, 0.40, 0.56, 0x0C1638, 0x36548A, 0xF4F1DC, 0.17, 0.44, 0.62, 0.0,
                     0.70 },
};

static const struct lab *ramp_entry(const struct palette *p, double tone, double *share)
{
    static const double stops[4] = { 0.0, 0.36, 0.74, 1.0 };
    int i = tone < stops[1] ? 0 : tone < stops[2] ? 1 : 2;

    *share = (tone - stops[i]) / (stops[i + 1] - stops[i]);
    return &p->ramp[i];
}

static struct lab ramp_at(const struct palette *p, double tone)
{
    double share;
    const struct lab *low = ramp_entry(p, tone, &share);
    return lab_mix(low[0], low[1], share);
}

/* An accent keeps its own lightness at tone 0.5 and moves half-way with the tone. */
static struct lab accent_at(const struct lab *accent, double tone)
{
    struct lab c = *accent;
    double away  = fabs(tone - 0.5);

    c.l += (tone - 0.5) * 0.6;
    c.a *= 1 - 0.5 * away;
    c.b *= 1 - 0.5 * away;
    return c;
}

static struct lab surface_lab(const struct palette *p, enum hue hue, double tone)
{
    struct lab c = ramp_at(p, tone), hint;

    if (hue == HUE_NONE)
        return c;
    if (hue == HUE_ACCENT || hue == HUE_ACCENT2)
        return accent_at(&p->accents[hue - HUE_ACCENT], tone);
    hint   = colour_lab(colour_of(hue_hints[hue]));
    hint.l = c.l;
    return lab_mix(c, hint, hue_pull[hue]);
}

struct colour palette_plain(const struct palette *p, enum hue hue, double tone)
{
    return colour_from_lab(surface_lab(p, hue, tone));
}

struct colour palette_surface(const struct palette *p, enum hue hue, double tone)
{
    struct lab c = surface_lab(p, hue, tone), tint = p->ambient;

    c.l *= p->dimming;
    tint.l = c.l;
    return colour_from_lab(lab_mix(c, tint, p->ambient_share));
}

/* Lightness that a style's middle tone keeps at night: dark styles are dark enough by
 * themselves. */
static const double dimmest = 0.33;

static look_colour or_preset(look_colour given, look_colour preset)
{
    return given == COLOUR_NOT_SET ? preset : given;
}

static void ramp_fill(struct palette *p, const struct look_grade *g, int64_t seed)
{
    struct rng r = rng_fork((uint64_t)seed, "palette");
    const look_colour *preset = presets[rng_below(&r, LENGTH(presets))];
    const look_colour six[6] = { g->shade, g->mid, g->light, g->paper, g->accent, g->accent2 };

    for (int i = 0; i < 6; i++) {
        struct lab c = colour_lab(colour_of(or_preset(six[i], preset[i])));
        *(i < 4 ? &p->ramp[i] : &p->accents[i - 4]) = c;
    }
}

static struct colour sky_colour(const struct palette *p, look_colour hint, double tone, double pull)
{
    struct lab c = ramp_at(p, tone), h = colour_lab(colour_of(hint));

    h.l = c.l * 0.6 + h.l * 0.4;
    return colour_from_lab(lab_mix(c, h, pull));
}

static void sky_fill(struct palette *p, const struct hour *hour, int weather)
{
    bool grey = weather == WEATHER_CLOUDY || weather == WEATHER_RAIN || weather == WEATHER_STORM
        || weather == WEATHER_SNOW || weather == WEATHER_FOG;
    struct colour flat =
        palette_plain(p, HUE_CONCRETE, hour->low_tone * (weather == WEATHER_STORM ? 0.55 : 0.82));

    p->sky_top = sky_colour(p, hour->top, hour->top_tone, hour->pull);
    p->sky_low = sky_colour(p, hour->low, hour->low_tone, hour->pull);
    if (grey) {
        p->sky_top = colour_between(p->sky_top, flat, 0.62);
        p->sky_low = colour_between(p->sky_low, flat, 0.45);
    }
    if (weather == WEATHER_DUST)
        p->sky_low =
            colour_between(p->sky_low, palette_plain(p, HUE_SAND, hour->low_tone * 0.9), 0.6);
    p->haze = colour_between(p->sky_low, p->sky_top, 0.25);
}

static void light_fill(struct palette *p, const struct hour *hour)
{
    struct colour warm = { 1.0, 0.80, 0.46 };

    p->sun     = colour_between(colour_of(hour->sun), colour_from_lab(p->accents[1]), 0.12);
    p->lamp    = colour_between(warm, colour_from_lab(p->accents[1]), 0.25);
    p->neon[0] = colour_lighter(colour_from_lab(p->accents[0]), 0.08);
    p->neon[1] = colour_lighter(colour_from_lab(p->accents[1]), 0.05);
    p->shadow  = colour_lighter(colour_from_lab(p->ramp[0]), -0.05);
}

struct palette palette_for(const struct look_grade *grade, const struct look *look, bool indoors,
                           int64_t seed)
{
    const struct hour *hour = &hours[look->time];
    struct rng r = rng_fork((uint64_t)seed, "light");
    struct palette p = { .daylight = hour->daylight, .sun_height = hour->sun_height };

    ramp_fill(&p, grade, seed);
    p.ambient =
        lab_mix(colour_lab(colour_of(hour->tint)), p.ramp[0], hour->daylight < 0.5 ? 0.3 : 0.0);
    p.ambient_share = hour->tint_share * (indoors ? 0.5 : 1);
    p.dimming       = indoors ? 0.45 + 0.55 * hour->dimming : hour->dimming;
    p.key_from      = (rng_below(&r, 2) ? 1 : -1) * rng_between(&r, 0.45, 0.9);
    p.dimming       = fmax(p.dimming, fmin(1, dimmest / p.ramp[1].l));
    sky_fill(&p, hour, look->weather);
    light_fill(&p, hour);
    return p;
}

struct look_grade palette_grade(const struct palette *p, const struct look_grade *grade)
{
    struct look_grade g = *grade;

    g.shade   = or_preset(g.shade, colour_hex(colour_from_lab(p->ramp[0])));
    g.mid     = or_preset(g.mid, colour_hex(colour_from_lab(p->ramp[1])));
    g.light   = or_preset(g.light, colour_hex(colour_from_lab(p->ramp[2])));
    g.paper   = or_preset(g.paper, colour_hex(colour_from_lab(p->ramp[3])));
    g.accent  = or_preset(g.accent, colour_hex(colour_from_lab(p->accents[0])));
    g.accent2 = or_preset(g.accent2, colour_hex(colour_from_lab(p->accents[1])));
    return g;
}
