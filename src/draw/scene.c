/* What the description leaves open is chosen here, by seed, and the shot becomes numbers. */

#include "draw/scene.h"

#include <math.h>

#include "base/rng.h"
#include "draw/set.h"
#include "draw/words.h"

static int choose(struct rng *r, int given, const int *options, int count)
{
    /* always drawn, so that one choice does not move the next */
    int chosen = options[rng_below(r, count)];
    return given ? given : chosen;
}

#define CHOOSE(r, given, ...)                                                                      \
    choose((r), (given), (const int[]){ __VA_ARGS__ },                                             \
           sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int))

static struct look complete(const struct look *given, int64_t seed)
{
    struct rng r = rng_fork((uint64_t)seed, "look");
    struct look l = *given;

    l.place   = l.place ? l.place : 1 + rng_below(&r, PLACE_COUNT - 1);
    l.time = CHOOSE(&r, l.time, TIME_DAY, TIME_GOLDEN_HOUR, TIME_DUSK, TIME_NIGHT, TIME_DAWN,
                    TIME_GOLDEN_HOUR);
    l.weather = l.weather ? l.weather : WEATHER_CLEAR;
    l.shot    = CHOOSE(&r, l.shot, SHOT_WIDE, SHOT_FULL, SHOT_MEDIUM);
    l.move    = CHOOSE(&r, l.move, MOVE_PUSH_IN, MOVE_DOLLY_LEFT, MOVE_DOLLY_RIGHT, MOVE_STATIC);
    l.mood    = l.mood ? l.mood : MOOD_CALM;
    return l;
}

struct shot_size {
    /* height of a standing adult on the picture, or of a face in a portrait */
    double figure;
    double feet;                   /* screen y */
    double aside;                  /* how far towards the third the hero stands, 0..1 */
    double focus;
    bool   portrait;
    double set_scale;              /* portraits: of the set behind */
};

static const struct shot_size shot_sizes[SHOT_COUNT] = {
    [SHOT_EXTREME_WIDE]     = { 0.17, 0.31, 1.00, 0.00 },
    [SHOT_WIDE]             = { 0.40, 0.37, 1.00, 0.10 },
    [SHOT_FULL]             = { 0.70, 0.42, 0.85, 0.25 },
    [SHOT_MEDIUM]           = { 1.20, 0.86, 0.60, 0.55 },
    [SHOT_CLOSE_UP]         = { 0.60, 0.00, 0.42, 1.00, true, 3.0 },
    [SHOT_EXTREME_CLOSE_UP] = { 1.05, 0.00, 0.20, 1.00, true, 4.2 },
    [SHOT_DETAIL]           = { 1.30, 0.00, 0.30, 1.00, true, 4.6 },
};

/* An end card is laid out, not filmed: the product stands in the room that the words leave. */
static struct framing framing_for_card(const struct scene *s)
{
    const double unit = 1000;      /* the layout is in pixels: of a picture this high */
    struct words_area room = words_layout_card((int)(2 * s->half_width * unit), (int)unit).product;

    return (struct framing){
        .scale = 1,
        .hero_x = (room.x + room.width / 2) / unit - s->half_width,
        .feet = (room.y + room.height * 0.80) / unit - 0.5,
        .room = room.height * 0.68 / unit,
        .room_width = room.width * 0.72 / unit,
    };
}

/* Nothing to come close to: the set itself is what is looked at, whole and sharp. */
static const struct shot_size *size_of(const struct scene *s)
{
    bool empty = s->look.cast_count == 0 && s->look.shot > SHOT_FULL;
    return &shot_sizes[empty ? SHOT_FULL : s->look.shot];
}

static struct framing framing_for(const struct scene *s)
{
    const struct shot_size *size = size_of(s);
    struct rng r = rng_fork((uint64_t)s->seed, "framing");
    double side = rng_below(&r, 2) ? 1 : -1;
    double scale = size->portrait ? size->set_scale : size->figure / ADULT;

    if (s->spec->end_card)
        return framing_for_card(s);
    return (struct framing){
        .scale    = scale,
        .horizon  = size->portrait ? 0.12 : size->feet - scale * GROUND,
        .hero_x   = side * s->half_width / 3 * size->aside * (1 - s->spec->grade.symmetry),
        .feet     = size->feet,
        /* a set without figures is what is looked at */
        .focus    = s->look.cast_count ? size->focus : 0,
        .portrait = size->portrait,
    };
}

double scene_scale(const struct scene *s, double depth)
{
    return depth >= FRAME_DEPTH ? 1 : pow(s->framing.scale, fmin(1, 0.35 + 0.65 * depth));
}

struct grading scene_grading(const struct scene *s)
{
    return (struct grading){ s->grade.contrast, s->grade.saturation,
                             0.20 + 0.22 * s->palette.daylight };
}

void scene_init(struct scene *s, const struct draw_spec *spec, double half_width)
{
    *s = (struct scene){ .spec = spec, .half_width = half_width, .seed = spec->seed,
                         .seconds = (double)spec->frame_count / DRAW_RATE_HZ };
    s->look    = complete(&spec->look, spec->seed);
    s->palette = palette_for(&spec->grade, &s->look, set_of(s->look.place)->indoors, spec->seed);
    s->grade   = palette_grade(&s->palette, &spec->grade);
    s->framing = framing_for(s);
}
