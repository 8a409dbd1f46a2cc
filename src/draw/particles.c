#include "draw/particles.h"

#include <math.h>

#include "base/rng.h"
#include "draw/set.h"

/* How a kind moves and looks: screen units, seconds. */
struct drift {
    int    count;
    double fall, fall_more, aside, sway, radius, radius_more, alpha;
};

static const struct drift drifts[] = {
    [DRIFT_RAIN]     = { 330, 1.60, 0.70, -0.22, 0.000, 0.0008, 0.0006, 0.34 },
    [DRIFT_SNOW]     = { 300, 0.09, 0.13, -0.03, 0.020, 0.0016, 0.0046, 0.85 },
    [DRIFT_DUST]     = { 170, 0.01, 0.03, -0.30, 0.020, 0.0012, 0.0030, 0.42 },
    [DRIFT_MOTES]    = { 80, -0.012, 0.02, 0.012, 0.030, 0.0011, 0.0024, 0.50 },
    [DRIFT_LEAVES]   = { 46, 0.10, 0.12, -0.34, 0.060, 0.0040, 0.0060, 0.95 },
    [DRIFT_BUBBLES]  = { 90, -0.10, -0.10, 0.000, 0.012, 0.0018, 0.0070, 0.34 },
    [DRIFT_CONFETTI] = { 120, 0.16, 0.14, 0.000, 0.050, 0.0030, 0.0036, 0.95 },
    [DRIFT_STREAKS]  = { 60, 0.00, 0.00, -1.50, 0.000, 0.0010, 0.0008, 0.24 },
};

static enum drift_kind kind_for(const struct look *l, const struct set *set)
{
    if (l->place == PLACE_UNDERWATER)
        return DRIFT_BUBBLES;
    if ((l->place == PLACE_STAGE || l->place == PLACE_CLUB) &&
        (l->mood == MOOD_TRIUMPHANT || l->mood == MOOD_JOYFUL))
        return DRIFT_CONFETTI;
    if (set->indoors)
        return DRIFT_MOTES;
    switch (l->weather) {
    case WEATHER_RAIN:
    case WEATHER_STORM: return DRIFT_RAIN;
    case WEATHER_SNOW:  return DRIFT_SNOW;
    case WEATHER_DUST:  return DRIFT_DUST;
    case WEATHER_WIND:  return DRIFT_LEAVES;
    default:            break;
    }
    return l->place == PLACE_SPACE || l->place == PLACE_SKY ? DRIFT_NONE : DRIFT_MOTES;
}

static void colour_fill(struct particles *p, int index, struct colour c, const struct look_grade *g)
{
    double y = 0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b;

    p->colour[index][0] = (uint8_t)lround(16 + 219 * fmin(1, y));
    p->colour[index][1] = (uint8_t)lround(128 + 224 * (c.b - y) / 1.8556 * fmin(1, g->saturation));
    p->colour[index][2] = (uint8_t)lround(128 + 224 * (c.r - y) / 1.5748 * fmin(1, g->saturation));
}

static void colours_fill(struct particles *p, const struct scene *s)
{
    const struct palette *c = &s->palette;
    struct colour pale = colour_between(palette_plain(c, HUE_NONE, 1), c->sky_low, 0.25);
    struct colour three[PARTICLE_COLOURS] = { pale, pale, pale };

    if (p->kind == DRIFT_LEAVES || p->kind == DRIFT_CONFETTI) {
        three[0] = palette_surface(c, HUE_ACCENT, 0.5);
        three[1] = palette_surface(c, HUE_ACCENT2, 0.55);
        three[2] = palette_surface(c, p->kind == DRIFT_LEAVES ? HUE_FOLIAGE : HUE_NONE,
                                   p->kind == DRIFT_LEAVES ? 0.4 : 0.95);
    } else if (p->kind == DRIFT_DUST) {
        three[0] = three[1] = three[2] = palette_surface(c, HUE_SAND, 0.8);
    } else if (p->kind == DRIFT_MOTES) {
        three[0] = three[1] = colour_between(c->sun, c->lamp, 0.5);
    }
    for (int i = 0; i < PARTICLE_COLOURS; i++)
        colour_fill(p, i, three[i], &s->spec->grade);
}

void particles_init(struct particles *p, const struct scene *scene)
{
    struct rng r = rng_fork((uint64_t)scene->seed, "particles");
    const struct drift *d;

    *p = (struct particles){ .half_width = scene->half_width };
    if (scene->spec->end_card)
        return;
    p->kind = kind_for(&scene->look, set_of(scene->look.place));
    d = &drifts[p->kind];
    p->count = (int)fmin(PARTICLES_MAX, d->count * (0.35 + 0.36 * 2 * scene->half_width));
    p->far   = p->count * 3 / 5;
    colours_fill(p, scene);
    for (int i = 0; i < p->count; i++) {
        double near = i < p->far ? rng_between(&r, 0.35, 0.85) : rng_between(&r, 1.0, 1.6);
        p->list[i] = (struct particle){
            .x = rng_unit(&r),
            .y = rng_unit(&r),
            .fall = (d->fall + d->fall_more * rng_unit(&r)) * near,
            .aside = d->aside * near * rng_between(&r, 0.7, 1.3),
            .sway = d->sway * rng_unit(&r),
            .sway_rate = rng_between(&r, 0.8, 2.4),
            .phase = rng_between(&r, 0, 2 * M_PI),
            .depth = near,
            .radius = (d->radius + d->radius_more * rng_unit(&r) * rng_unit(&r)) * near,
            .alpha = d->alpha * rng_between(&r, 0.5, 1),
            .colour = rng_below(&r, PARTICLE_COLOURS),
        };
    }
}

static int blend(int below, int colour, int share)
{
    return below + (((colour - below) * share + 128) >> 8);
}

/* A soft disc of one plane of the canvas; squash < 1 makes it a tumbling flake. */
static void disc(uint8_t *plane, int stride, int width, int height, double x, double y,
                 double radius, double squash, int colour, double alpha)
{
    int x0 = (int)fmax(0, floor(x - radius - 1)), x1 = (int)fmin(width - 1, ceil(x + radius + 1));
    int y0 = (int)fmax(0, floor(y - radius - 1)), y1 = (int)fmin(height - 1, ceil(y + radius + 1));

    double rim = (radius + 0.5) * (radius + 0.5);

    for (int at_y = y0; at_y <= y1; at_y++) {
        double down = (at_y + 0.5 - y) / squash;
        uint8_t *row = &plane[(ptrdiff_t)at_y * stride];
        for (int at_x = x0; at_x <= x1; at_x++) {
            double aside = at_x + 0.5 - x, away = aside * aside + down * down;
            if (away < rim)
                row[at_x] = (uint8_t)blend(row[at_x], colour,
                                           (int)(alpha * 256 * fmin(1, radius + 0.5 - sqrt(away))));
        }
    }
}

static void dot(struct canvas *c, double x, double y, double radius, double squash,
                const uint8_t colour[3], double alpha)
{
    /* below a pixel a dot grows fainter, not smaller */
    double faint = fmin(1, radius * radius);

    radius = fmax(radius, 0.7);
    disc(c->luma, c->stride, c->width, c->height, x, y, radius, squash, colour[0], alpha * faint);
    disc(c->u, c->stride_half, c->width / 2, c->height / 2, x / 2, y / 2, radius / 2, squash,
         colour[1], alpha * faint);
    disc(c->v, c->stride_half, c->width / 2, c->height / 2, x / 2, y / 2, radius / 2, squash,
         colour[2], alpha * faint);
}

/* A streak of rain, luma only: thin, along its own way, anti-aliased between neighbouring
 * columns. */
static void streak_down(struct canvas *c, double x, double y, double length, double slope,
                        double width, int luma, double alpha)
{
    int y0 = (int)fmax(0, floor(y)), y1 = (int)fmin(c->height, y + length);

    for (int at_y = y0; at_y < y1; at_y++) {
        double share = (at_y - y) / length, at = x + (at_y - y) * slope,
               fade = alpha * share * fmin(1, width);
        int left = (int)floor(at), part = (int)((at - left) * 256);
        uint8_t *row = c->luma + (ptrdiff_t)at_y * c->stride;
        if (left < 0 || left + 1 >= c->width)
            continue;
        row[left]     = (uint8_t)blend(row[left], luma, (int)(fade * (256 - part)));
        row[left + 1] = (uint8_t)blend(row[left + 1], luma, (int)(fade * part));
    }
}

static void streak_aside(struct canvas *c, double x, double y, double length, int luma,
                         double alpha)
{
    int x0 = (int)fmax(0, x), x1 = (int)fmin(c->width, x + length), row = (int)y;

    if (row < 0 || row >= c->height)
        return;
    for (int at = x0; at < x1; at++) {
        uint8_t *p = &c->luma[(ptrdiff_t)row * c->stride + at];
        *p = (uint8_t)blend(*p, luma, (int)(alpha * 256 * (1 - (at - x) / length)));
    }
}

static double wrap(double x)
{
    return x - floor(x);
}

static void draw_one(const struct particles *p, struct canvas *c, const struct particle *i,
                     double x, double y, double seconds, double pulse)
{
    const uint8_t *colour = p->colour[i->colour];
    double radius = i->radius * c->height, alpha = i->alpha;

    switch (p->kind) {
    case DRIFT_RAIN:
        streak_down(c, x, y, 0.055 * c->height * i->depth, i->aside / i->fall, radius, colour[0],
                    alpha);
        break;
    case DRIFT_STREAKS:
        streak_aside(c, x, y, 0.1 * c->height * i->depth, colour[0], alpha);
        break;
    case DRIFT_LEAVES:
    case DRIFT_CONFETTI:
        dot(c, x, y, radius, 0.25 + 0.75 * fabs(sin(seconds * i->sway_rate * 2.4 + i->phase)),
            colour, alpha);
        break;
    case DRIFT_MOTES:
        dot(c, x, y, radius, 1, colour,
            alpha * (0.35 + 0.35 * sin(seconds * i->sway_rate + i->phase) + 0.3 * pulse));
        break;
    default:
        dot(c, x, y, radius, 1, colour, alpha);
        break;
    }
}

void particles_draw(const struct particles *p, struct canvas *c, const struct camera *camera,
                    double seconds, double pulse, int begin, int end)
{
    double field_width = 2 * p->half_width + 0.2, field_height = 1.2;

    for (int n = begin; n < end; n++) {
        const struct particle *i = &p->list[n];
        double aside = i->aside * seconds + i->sway * sin(seconds * i->sway_rate + i->phase) -
                       camera->x * i->depth + camera->pan_x;
        double down = i->fall * seconds - camera->y * i->depth + camera->pan_y;
        double x = wrap(i->x + aside / field_width) * field_width - 0.1;
        double y = wrap(i->y + down / field_height) * field_height - 0.1;
        draw_one(p, c, i, x * c->height, y * c->height, seconds, pulse);
    }
}
