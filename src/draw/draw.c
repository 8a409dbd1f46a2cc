/*
 * One drawing: the stage painted once, the cast and what drifts drawn at each moment, and the
 * finish of the picture.
 *
 * Nothing is carried from frame to frame but the sheets' pixels, which are functions of the moment
 * they show.
 */

#include "draw/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "draw/actors.h"
#include "draw/particles.h"
#include "draw/stage.h"
#include "draw/words.h"

enum {
    LAYERS_MAX  = STAGE_SHEETS_MAX + CAST_MAX,
    GRAIN_ROWS  = 128,
    GRAIN_SLACK = 256,             /* how far a frame's grain may start into its row */
};

static const double bars_most = 0.15;        /* of the frame's height, each */
/* a letterbox is for wide frames: it would eat an upright picture */
static const double wide_from = 1.2;

struct drawing {
    const struct draw_spec *spec;
    const struct kernels   *kernels;
    int                     width, height, bar;      /* bar: black rows at top and bottom */
    struct scene            scene;
    struct stage            stage;
    struct actors           actors;
    struct particles        particles;
    /* over everything; empty when nothing is said */
    struct plane            words;
    struct words_area       words_at;
    struct canvas           canvas;
    int16_t                *column_share;            /* vignette, 1/32768; full width, then half */
    int16_t                *row_share;
    int8_t                 *grain;                   /* GRAIN_ROWS rows; NULL for none */
};

static enum err check_count(struct task *t, bool good, const char *field, const char *what)
{
    if (good)
        return OK;
    (void)refuse(t, ERR_INVALID, "correct the scene's description", "%s", what);
    return fail_at(t, ERR_INVALID, field);
}

static bool side_good(int64_t px)
{
    return px >= 64 && px <= FRAME_SIDE_MAX_PX && px % 2 == 0;
}

static enum err check_beats(struct task *t, const struct draw_spec *s)
{
    for (size_t i = 1; i < s->beat_count; i++)
        if (s->beat_frames[i] <= s->beat_frames[i - 1])
            return check_count(t, false, "beatFrames", "the beats are not in ascending order");
    return check_count(t, s->beat_count <= DRAW_BEATS_MAX, "beatFrames",
                       "there are too many beats for one scene");
}

static bool within(int value, int count)
{
    return value >= 0 && value < count;
}

static enum err check_cast(struct task *t, const struct draw_spec *s)
{
    const struct look *l = &s->look;
    enum err e = check_count(t, l->cast_count <= CAST_MAX, "look.cast",
                             "there are more figures than a picture can hold");
    if (e)
        return e;
    for (size_t i = 0; i < l->cast_count; i++) {
        const struct look_cast *c = &l->cast[i];
        bool known = within(c->kind, FIGURE_COUNT) && within(c->action, ACTION_COUNT);
        e = check_count(t, known, "look.cast",
                        "a figure's kind or action is not one of the known words");
        if (e)
            return e;
        e = check_count(t, c->picture_index < 0 || (size_t)c->picture_index < s->picture_count,
                        "look.cast.picture", "a figure points at a picture that was not given");
        if (e)
            return e;
    }
    return OK;
}

static enum err check_look(struct task *t, const struct look *l)
{
    const struct { int value, count; const char *field; } rows[] = {
        { l->place, PLACE_COUNT, "look.place" }, { l->time, TIME_COUNT, "look.time" },
        { l->weather, WEATHER_COUNT, "look.weather" }, { l->shot, SHOT_COUNT, "look.shot" },
        { l->move, MOVE_COUNT, "look.move" }, { l->mood, MOOD_COUNT, "look.mood" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum err e = check_count(t, within(rows[i].value, rows[i].count), rows[i].field,
                                 "it is not one of the known words");
        if (e)
            return e;
    }
    return OK;
}

static enum err check(struct task *t, const struct draw_spec *s)
{
    enum err e = check_count(t, side_good(s->width_px), "width",
                             "the picture's width must be even and between 64 and 8192");
    if (e)
        return e;
    e = check_count(t, side_good(s->height_px), "height",
                    "the picture's height must be even and between 64 and 8192");
    if (e)
        return e;
    e = check_count(t, s->width_px * s->height_px <= FRAME_PIXELS_MAX, "width",
                    "the picture has too many pixels");
    if (e)
        return e;
    e = check_count(t, s->frame_count >= 1 && s->frame_count <= DRAW_FRAMES_MAX, "frames",
                    "a scene has between 1 and 1440 frames");
    if (e)
        return e;
    e = check_look(t, &s->look);
    if (e)
        return e;
    e = check_cast(t, s);
    return e ? e : check_beats(t, s);
}

static int bar_height(const struct draw_spec *s)
{
    bool wide = (double)s->width_px >= wide_from * (double)s->height_px && !s->end_card;
    double picture = wide && s->grade.letterbox > 0 ? (double)s->width_px / s->grade.letterbox
                                                    : (double)s->height_px;
    double bar = ((double)s->height_px - picture) / 2;

    return bar <= 0 ? 0 : (int)fmin(bar, bars_most * (double)s->height_px) & ~1;
}

static void *heap(size_t bytes)
{
    void *p = calloc(1, bytes);
    if (!p)
        abort();
    return p;
}

/* Darkness towards the corners as a product of columns and rows: a round Gaussian, for the price of
 * one multiply. */
static void shares_fill(int16_t *shares, int count, double strength)
{
    for (int i = 0; i < count; i++) {
        double away = (i + 0.5) / count * 2 - 1;
        shares[i] = (int16_t)lround(32767 * exp(-0.42 * strength * away * away));
    }
}

static void vignette_open(struct drawing *d)
{
    int half = d->canvas.width / 2, rows = d->canvas.height;

    d->column_share = heap(sizeof(int16_t) * (size_t)(d->canvas.stride + d->canvas.stride_half));
    d->row_share    = heap(sizeof(int16_t) * (size_t)rows);
    shares_fill(d->column_share, d->canvas.width, d->spec->grade.vignette);
    shares_fill(d->column_share + d->canvas.stride, half, d->spec->grade.vignette);
    shares_fill(d->row_share, rows, d->spec->grade.vignette);
}

/* Grain as film has it: noise, a little clumped. */
static void grain_open(struct drawing *d)
{
    int stride = d->canvas.stride + GRAIN_SLACK;
    struct rng r = rng_fork((uint64_t)d->spec->seed, "grain");
    double strength = d->spec->grade.grain * 7, last = 0;

    if (strength < 0.3)
        return;
    d->grain = heap((size_t)stride * GRAIN_ROWS);
    for (int i = 0; i < stride * GRAIN_ROWS; i++) {
        double noise = rng_unit(&r) + rng_unit(&r) + rng_unit(&r) - 1.5;
        last        = 0.45 * last + noise;
        d->grain[i] = (int8_t)lround(fmax(-60, fmin(60, last * strength)));
    }
}

/* Words keep the style's colours as given: they have to be read, not graded. */
static void words_open(struct drawing *d)
{
    int width = d->canvas.width, height = d->canvas.height;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    cairo_t *cr = cairo_create(surface);
    struct window w;

    if (d->spec->end_card)
        words_draw_card(cr, width, height, &d->spec->words, &d->scene.grade);
    words_draw_overlay(cr, width, height, &d->spec->words, &d->scene.grade);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    w = plane_used(surface);
    if (w.width > 0) {
        plane_init(&d->words, w.width, w.height);
        plane_load(&d->words, surface, w, (struct grading){ 1, 1, 0.5 });
        d->words_at = (struct words_area){ w.x, w.y, w.width, w.height };
    }
    cairo_surface_destroy(surface);
}

static void words_over(struct drawing *d)
{
    struct layer words = { &d->words, { d->words_at.x, d->words_at.y, 1, GAIN_ONE } };

    if (d->words.memory)
        compose(&d->canvas, d->kernels, &words, 1);
}

enum err draw_open(struct task *t, const struct draw_spec *spec, struct drawing **out)
{
    struct drawing *d;
    enum err e = check(t, spec);
    if (e)
        return e;

    d          = heap(sizeof *d);
    d->spec    = spec;
    d->kernels = kernels_best();
    d->width   = (int)spec->width_px;
    d->height  = (int)spec->height_px;
    d->bar     = bar_height(spec);
    canvas_init(&d->canvas, d->width, d->height - 2 * d->bar, LAYERS_MAX);
    scene_init(&d->scene, spec, (double)d->width / (double)d->canvas.height / 2);
    stage_init(&d->stage, &d->scene, d->canvas.height);
    actors_init(&d->actors, &d->scene, d->canvas.height);
    particles_init(&d->particles, &d->scene);
    words_open(d);
    vignette_open(d);
    grain_open(d);
    *out = d;
    return OK;
}

/* How bright a sheet of lights is at a moment. */
static double brightness(enum pulse lights, const struct beat *beat, double energy, double seconds,
                         double phase)
{
    double most = 0.35 + 0.65 * energy, even = beat->index % 2 == 0 ? 1 : 0;

    switch (lights) {
    case PULSE_BREATHE: return 0.82 + 0.18 * sin(seconds * 1.3 + phase);
    case PULSE_FLICKER:
        return 0.80 + 0.12 * sin(seconds * 11 + phase) + 0.08 * sin(seconds * 17.3 + phase * 2);
    case PULSE_BEAT:    return 1 - 0.45 * most * (1 - beat->pulse);
    case PULSE_EVEN:    return 1 - 0.65 * most * (1 - beat->pulse * even);
    case PULSE_ODD:     return 1 - 0.65 * most * (1 - beat->pulse * (1 - even));
    default:            return 0.9;
    }
}

static int sheets_at(const struct drawing *d, const struct camera *camera, int frame_index,
                     int begin, int end, struct layer *layers)
{
    struct beat beat = beat_at(d->spec, frame_index);
    double seconds = (double)frame_index / DRAW_RATE_HZ;
    int count = 0;

    for (int i = begin; i < end; i++) {
        const struct sheet_use *s = &d->stage.sheets[i];
        struct layer *l = &layers[count++];
        *l = (struct layer){ &s->plane, stage_placing(&d->stage, s, camera, frame_index) };
        if (s->lights)
            l->at.gain =
                (int)lround(GAIN_ONE * brightness(s->lights, &beat, d->spec->energy, seconds, i));
    }
    return count;
}

static void finish_rows(const struct drawing *d, const struct draw_target *target, int plane,
                        int frame_index)
{
    const struct canvas *c = &d->canvas;
    int shrink = plane ? 2 : 1, width = c->width / shrink,
        stride = plane ? c->stride_half : c->stride;
    int grain_step = frame_index / 2, grain_stride = c->stride + GRAIN_SLACK;
    const uint8_t *from = plane == 0 ? c->luma : plane == 1 ? c->u : c->v;
    struct rng r = rng_new((uint64_t)grain_step + 77);
    int slide = rng_below(&r, GRAIN_SLACK), turn = rng_below(&r, GRAIN_ROWS);

    for (int y = 0; y < c->height / shrink; y++) {
        const int8_t *grain =
            d->grain && !plane
                ? d->grain + (ptrdiff_t)((y + turn) % GRAIN_ROWS) * grain_stride + slide
                : NULL;
        d->kernels->finish(target->plane[plane] +
                               (ptrdiff_t)(y + d->bar / shrink) * target->stride[plane],
                           from + (ptrdiff_t)y * stride, d->column_share + (plane ? c->stride : 0),
                           d->row_share[y * shrink], plane ? 128 : 16, grain, width);
    }
}

static void black_bars(const struct drawing *d, const struct draw_target *target, int plane)
{
    int shrink = plane ? 2 : 1, bar = d->bar / shrink, rows = d->height / shrink;

    for (int y = 0; y < bar; y++) {
        memset(target->plane[plane] + (ptrdiff_t)y * target->stride[plane], plane ? 128 : 16,
               (size_t)(d->width / shrink));
        memset(target->plane[plane] + (ptrdiff_t)(rows - 1 - y) * target->stride[plane],
               plane ? 128 : 16, (size_t)(d->width / shrink));
    }
}

/* Whoever stands nearest is drawn last. */
static int cast_at(struct drawing *d, const struct camera *camera, int frame_index,
                   struct layer *layers)
{
    int count = 0;

    for (int i = d->actors.count - 1; i >= 0; i--)
        layers[count++] = actors_at(&d->actors, i, camera, frame_index);
    return count;
}

void draw_frame(struct drawing *d, int frame_index, const struct draw_target *target)
{
    struct camera camera = camera_at(&d->scene, frame_index);
    double seconds = (double)frame_index / DRAW_RATE_HZ,
           pulse = beat_at(d->spec, frame_index).pulse;
    struct layer layers[LAYERS_MAX];
    int far = d->particles.far, count;

    count = sheets_at(d, &camera, frame_index, 0, d->stage.front, layers);
    compose(&d->canvas, d->kernels, layers, count);
    particles_draw(&d->particles, &d->canvas, &camera, seconds, pulse, 0, far);
    count = cast_at(d, &camera, frame_index, layers);
    count += sheets_at(d, &camera, frame_index, d->stage.front, d->stage.count, layers + count);
    compose(&d->canvas, d->kernels, layers, count);
    particles_draw(&d->particles, &d->canvas, &camera, seconds, pulse, far, d->particles.count);
    words_over(d);
    for (int plane = 0; plane < 3; plane++) {
        finish_rows(d, target, plane, frame_index);
        black_bars(d, target, plane);
    }
}

void draw_close(struct drawing *d)
{
    if (!d)
        return;
    stage_done(&d->stage);
    plane_done(&d->words);
    actors_done(&d->actors);
    canvas_done(&d->canvas);
    free(d->column_share);
    free(d->row_share);
    free(d->grain);
    free(d);
}
