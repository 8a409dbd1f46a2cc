/* Sky, sun, moon, stars and clouds: the same for every open place, different by hour and
 * weather. */

#include "draw/brush.h"

#include <math.h>

static bool overcast(const struct painter *p)
{
    int w = p->scene->look.weather;
    return w == WEATHER_CLOUDY || w == WEATHER_RAIN || w == WEATHER_STORM || w == WEATHER_SNOW ||
           w == WEATHER_FOG;
}

static void stars(struct painter *p)
{
    double share = 1 - p->scene->palette.daylight * 1.6;
    int count = (int)((p->right - p->left) * 150 * share);

    for (int i = 0; i < count; i++) {
        double height = between(p, 0, 1), size = 0.0009 + 0.0022 * pow(between(p, 0, 1), 4);
        oval(p, between(p, p->left, p->right), p->top + (0.1 - p->top) * height * height, size,
             size);
        cairo_set_source_rgba(p->cr, 1, 0.98, 0.92, between(p, 0.3, 0.95) * (1 - height * 0.6));
        cairo_fill(p->cr);
    }
}

static void moon(struct painter *p, double x, double y)
{
    struct colour c = p->scene->palette.sun;
    double size = 0.062;

    glow(p, x, y, size * 5.5, c, 0.42);
    oval(p, x, y, size, size);
    cairo_set_source_rgb(p->cr, c.r, c.g, c.b);
    cairo_fill(p->cr);
    for (int i = 0; i < 4; i++) {
        oval(p, x + size * between(p, -0.5, 0.5), y + size * between(p, -0.5, 0.5),
             size * between(p, 0.08, 0.2), size * between(p, 0.08, 0.18));
        cairo_set_source_rgba(p->cr, c.r * 0.86, c.g * 0.87, c.b * 0.9, 0.8);
        cairo_fill(p->cr);
    }
}

static void sun(struct painter *p, double x, double y)
{
    const struct palette *c = &p->scene->palette;
    double size = c->sun_height < 0.3 ? 0.105 : 0.062, veil = overcast(p) ? 0.35 : 1;

    glow(p, x, y, 0.95, c->sun, 0.52 * veil);
    for (int ring = 3; ring > 0; ring--) {     /* the flat halos of a screen print */
        oval(p, x, y, size * (1 + 0.42 * ring), size * (1 + 0.42 * ring));
        cairo_set_source_rgba(p->cr, c->sun.r, c->sun.g, c->sun.b, 0.10 * veil);
        cairo_fill(p->cr);
    }
    oval(p, x, y, size, size);
    cairo_set_source_rgba(p->cr, c->sun.r, c->sun.g, c->sun.b, veil < 1 ? 0.5 : 1);
    cairo_fill(p->cr);
}

void sky(struct painter *p)
{
    const struct palette *c = &p->scene->palette;
    struct colour middle = colour_between(c->sky_top, c->sky_low, 0.55);
    cairo_pattern_t *fade = cairo_pattern_create_linear(0, fmax(p->top, -0.75), 0, 0.06);
    double x = c->key_from * p->scene->half_width * 0.62, y = -0.03 - c->sun_height * 0.62;

    cairo_pattern_add_color_stop_rgb(fade, 0, c->sky_top.r, c->sky_top.g, c->sky_top.b);
    cairo_pattern_add_color_stop_rgb(fade, 0.55, middle.r, middle.g, middle.b);
    cairo_pattern_add_color_stop_rgb(fade, 1, c->sky_low.r, c->sky_low.g, c->sky_low.b);
    cairo_set_source(p->cr, fade);
    cairo_paint(p->cr);
    cairo_pattern_destroy(fade);

    if (c->daylight < 0.5 && !overcast(p))
        stars(p);
    if (c->daylight > 0.05)
        sun(p, x, y);
    else if (!overcast(p))
        moon(p, x, y);
}

/* Long flat bars near the horizon, as dawn and dusk have them. */
static void cloud_bars(struct painter *p, int count)
{
    const struct palette *c = &p->scene->palette;

    for (int i = 0; i < count; i++) {
        double y = between(p, -0.34, -0.05), width = between(p, 0.3, 0.9),
               x = between(p, p->left, p->right), tall = between(p, 0.006, 0.02);
        struct colour lit = colour_between(c->sun, c->sky_low, 0.35 + 0.4 * -y);
        box_round(p, x - width / 2, y, width, tall, tall / 2);
        box_round(p, x - width * 0.3, y - tall * 0.8, width * 0.5, tall, tall / 2);
        ink_colour(p, colour_between(lit, c->sky_top, i % 2 ? 0.35 : 0), 0.55);
        cairo_fill(p->cr);
    }
}

void clouds(struct painter *p)
{
    int weather = p->scene->look.weather;
    double span = p->right - p->left, day = p->scene->palette.daylight;
    int heaps = (int)(span * (overcast(p) ? 5 : 1.6)) + 1;
    double tone = weather == WEATHER_STORM ? 0.22 + 0.2 * day
                  : overcast(p)            ? 0.36 + 0.4 * day
                                           : 0.42 + 0.52 * day;

    p->haze *= 0.3;                /* they are light themselves */
    if (!overcast(p) && day > 0.1 && day < 0.9)
        cloud_bars(p, (int)(span * 5));
    for (int i = 0; i < heaps; i++) {
        double height = between(p, 0, 1),
               width = between(p, 0.25, 0.55) * (0.6 + 0.7 * height) * (overcast(p) ? 1.5 : 1);
        cloud(p, p->left + span * (i + between(p, 0.1, 0.9)) / heaps, -0.12 - height * 0.45, width,
              tone + between(p, -0.05, 0.04), overcast(p) ? 0.8 : 0.5 + 0.42 * day);
    }
}
