/*
 * A crowd: rows of people seen from behind, the far rows paler and higher. Few flat shapes each,
 * because there are many of them; arms go up and down with the song, everyone a little early or
 * late.
 */

#include "draw/figure_kinds.h"

#include <math.h>

#include "base/rng.h"

enum { ROWS = 3, ROW_PEOPLE = 6 };

struct fan {
    double x, y, scale, phase, far;
    look_colour skin, hair, cloth;
    int cut; /* which hair */
    bool raises;
};

static struct fan fan_of(const struct look_cast *cast, int row, int place)
{
    struct look_cast extra = { .name = "",
                               .kind = FIGURE_PERSON,
                               .skin = COLOUR_NOT_SET,
                               .hair_colour = COLOUR_NOT_SET,
                               .garment_colour = COLOUR_NOT_SET,
                               .picture_index = -1 };
    struct rng r = rng_fork((uint64_t)cast->appearance_seed, "crowd");
    struct fan f;

    for (int i = 0; i <= row * ROW_PEOPLE + place; i++)
        extra.appearance_seed = (int64_t)(rng_next(&r) >> 1);
    struct rng own = rng_new((uint64_t)extra.appearance_seed);
    extra = figure_complete(&extra);
    f.far = 1 - row / (ROWS - 1.0);
    f.x = (place - (ROW_PEOPLE - 1) / 2.0) * 0.36 + (row % 2 ? 0.14 : -0.04) +
          rng_between(&own, -0.06, 0.06);
    f.y = -0.20 * f.far;
    f.scale = mix(1.0, 0.80, f.far) * rng_between(&own, 0.93, 1.05);
    f.phase = rng_between(&own, -0.12, 0.12);
    f.raises = rng_unit(&own) < 0.6;
    f.skin = extra.skin, f.hair = extra.hair_colour, f.cut = extra.hair;
    f.cloth = place % 3 == 1 ? cast->garment_colour : extra.garment_colour;
    return f;
}

/* How high the arms are, 0..1, at this moment. */
static double raised(const struct sitter *s, const struct fan *f)
{
    const struct figure_moment *m = s->moment;
    bool lively = s->cast->action == ACTION_DANCE || s->cast->action == ACTION_SING ||
                  s->cast->action == ACTION_WAVE || s->cast->action == ACTION_JUMP;
    if (!lively || !f->raises)
        return 0;
    return (0.55 + 0.45 * sin(TURN * (0.5 * (m->beat_index + m->beat_phase) + f->phase))) *
           (0.4 + 0.6 * m->energy);
}

static double bob(const struct sitter *s, const struct fan *f)
{
    const struct figure_moment *m = s->moment;
    double size = s->cast->action == ACTION_STAND ? 0.004 : 0.030 * m->energy;
    if (s->cast->action == ACTION_WALK || s->cast->action == ACTION_RUN)
        return 0.018 * fabs(sin(TURN / 2 * (m->travel * 2.4 + f->phase * 8)));
    return size * fabs(sin(TURN / 2 * (m->beat_index + m->beat_phase + f->phase)));
}

static void draw_raised_arm(const struct pen *pen, const struct fan *f, double up, int side)
{
    double shoulder = side * 0.090, elbow_x = side * mix(0.125, 0.165, up),
           elbow_y = mix(-0.66, -0.86, up);
    double hand_x = side * mix(0.115, 0.125, up), hand_y = mix(-0.53, -1.06, up);
    struct paint cloth = pen_paint(pen, f->cloth), skin = pen_paint(pen, f->skin);
    struct ring arm[] = { { shoulder, -0.785, 0.036 },
                          { elbow_x, elbow_y, 0.030 },
                          { hand_x, hand_y, 0.021 } };

    pen_disc(pen, hand_x, hand_y + (up > 0.4 ? -0.02 : 0.02), 0.024, 0.028, skin, 0);
    pen_loft(pen, arm, 3, (struct ends){ 0.8, 0.3 }, cloth, 0.2);
}

static void draw_fan_head(const struct pen *pen, const struct fan *f)
{
    struct paint hair = pen_paint(pen, f->hair), skin = pen_paint(pen, f->skin);
    struct ring mane[] = {
        { 0, -0.97, 0.060 }, { 0, -0.90, 0.088 }, { 0, -0.80, 0.086 }, { 0, -0.71, 0.060 }
    };

    pen_bar(pen, 0, -0.86, 0, -0.79, 0.030, skin);
    switch (f->cut) {
    case HAIR_LONG:
    case HAIR_BOB:
        pen_loft(pen, mane, f->cut == HAIR_LONG ? 4 : 3, (struct ends){ 0.9, 0.5 }, hair, 0.2);
        break;
    case HAIR_BALD:
        pen_disc(pen, 0, -0.905, 0.072, 0.086, skin, 0.2);
        break;
    case HAIR_CURLY:
        pen_disc(pen, 0, -0.920, 0.104, 0.100, hair, 0.2);
        break;
    case HAIR_BUN:
        pen_disc(pen, 0, -1.005, 0.036, 0.034, hair, 0);
        pen_disc(pen, 0, -0.905, 0.076, 0.090, hair, 0.2);
        break;
    default:
        pen_disc(pen, 0, -0.890, 0.070, 0.080, skin, 0);
        pen_disc(pen, 0, -0.918, 0.078, 0.082, hair, 0.2);
        break;
    }
}

static void draw_fan(const struct pen *pen, const struct sitter *s, const struct fan *f)
{
    struct pen one = pen_enter(pen, f->x, f->y - bob(s, f), 0, f->scale);
    double up = raised(s, f);
    struct paint cloth = pen_paint(pen, f->cloth),
                 legs = pen_paint(pen, colour_mix(f->cloth, 0x22242E, 0.75));
    struct ring trunk[] = { { 0, -0.47, 0.098 },
                            { 0, -0.60, 0.092 },
                            { 0, -0.74, 0.116 },
                            { 0, -0.80, 0.090 },
                            { 0, -0.835, 0.040 } };

    for (int side = -1; side <= 1; side += 2)
        pen_bar(&one, side * 0.05, -0.48, side * 0.062, -0.03, 0.040, legs);
    for (int side = -1; side <= 1; side += 2)
        draw_raised_arm(&one, f, up, side);
    pen_loft(&one, trunk, 5, (struct ends){ 0.1, 0.3 }, cloth, 0.2);
    draw_fan_head(&one, f);
    pen_leave(&one);
}

void crowd_draw(const struct pen *pen, const struct sitter *s)
{
    struct figure_light light = *pen->light;
    struct pen row_pen = *pen;

    row_pen.light = &light;
    for (int row = 0; row < ROWS; row++) {
        double far = 1 - row / (ROWS - 1.0);
        light.ambient = pen->light->ambient * mix(1, 0.72, far);
        light.haze = mix(pen->light->haze, 1, 0.22 * far);
        row_pen.flat = row == 0;
        for (int place = 0; place < ROW_PEOPLE; place++) {
            struct fan f = fan_of(s->cast, row, place);
            draw_fan(&row_pen, s, &f);
        }
    }
}
