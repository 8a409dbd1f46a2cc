/*
 * What drawing costs beside the encoder that has to run anyway: CPU time of drawing and encoding a few scenes at
 * 720p, against encoding the very same pictures, drawn before, at the same settings. Both are run in turn in one
 * process; the ratio is the median over the rounds.
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "draw/draw.h"
#include "media/av_encode.h"

enum { WIDTH = 1280, HEIGHT = 720, FRAMES = 72, ROUNDS = 5, BEAT_FRAMES = 12 };
#define PROMISED 1.6

/* What a plan asks for: places open and closed, figures near and far, weather, a product, a card. */
static const struct bench_scene {
    const char *name;
    int         place, time, weather, shot, move, figure, action;
    bool        end_card;
} scenes[] = {
    { "street in the rain", PLACE_CITY_STREET, TIME_NIGHT, WEATHER_RAIN, SHOT_WIDE, MOVE_DOLLY_RIGHT, FIGURE_PERSON,
      ACTION_WALK },
    { "forest in fog", PLACE_FOREST, TIME_DAWN, WEATHER_FOG, SHOT_FULL, MOVE_PUSH_IN, FIGURE_PERSON, ACTION_RUN },
    { "singer on a stage", PLACE_STAGE, TIME_NIGHT, WEATHER_CLEAR, SHOT_CLOSE_UP, MOVE_HANDHELD, FIGURE_PERSON,
      ACTION_SING },
    { "kettle in a kitchen", PLACE_KITCHEN, TIME_GOLDEN_HOUR, WEATHER_CLEAR, SHOT_DETAIL, MOVE_ORBIT, FIGURE_PRODUCT,
      ACTION_STAND },
    { "skyline at dusk", PLACE_SKYLINE, TIME_DUSK, WEATHER_WIND, SHOT_EXTREME_WIDE, MOVE_CRANE_UP, FIGURE_BIRD,
      ACTION_FLY },
    { "end card", PLACE_STUDIO, TIME_DAY, WEATHER_CLEAR, SHOT_MEDIUM, MOVE_STATIC, FIGURE_PRODUCT, ACTION_STAND, true },
};
enum { SCENES = sizeof scenes / sizeof *scenes };

static const struct look_grade grade = {
    .shade = 0x14202e, .mid = 0x3f6274, .light = 0xd9c8a4, .paper = 0xf4ead7, .accent = 0xf2a93b, .accent2 = 0xc8452f,
    .grain = 0.35, .vignette = 0.4, .contrast = 1, .saturation = 1, .glow = 0.5, .camera = 1, .texture = 0.5,
    .font = "Inter",
};

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static struct draw_spec spec_of(struct task *t, const struct bench_scene *s)
{
    struct look_cast *cast = arena_one(t->arena, struct look_cast);
    *cast = (struct look_cast){
        .name = "Mara", .kind = s->figure, .action = s->action, .skin = COLOUR_NOT_SET, .hair_colour = COLOUR_NOT_SET,
        .garment_colour = 0xf6b62c, .appearance_seed = 7, .picture_index = -1, .sings = s->action == ACTION_SING,
    };
    struct draw_spec spec = {
        .width_px = WIDTH, .height_px = HEIGHT, .frame_count = FRAMES, .seed = 7, .grade = grade, .energy = 0.6,
        .look = { .place = s->place, .time = s->time, .weather = s->weather, .shot = s->shot, .move = s->move,
                  .mood = MOOD_DREAMY, .cast = cast, .cast_count = 1 },
        .words = { "Ember", "The first cup warms your hands", "Order yours", "", "", "" }, .end_card = s->end_card,
        .beat_frames = arena_array(t->arena, int64_t, FRAMES / BEAT_FRAMES), .beat_count = FRAMES / BEAT_FRAMES,
    };
    for (size_t i = 0; i < spec.beat_count; i++)
        spec.beat_frames[i] = (int64_t)i * BEAT_FRAMES;
    return spec;
}

static struct draw_target target_of(AVFrame *frame)
{
    return (struct draw_target){
        .plane = { frame->data[0], frame->data[1], frame->data[2] },
        .stride = { frame->linesize[0], frame->linesize[1], frame->linesize[2] },
    };
}

/* Frames go in, coded pictures come out and are counted: nothing is written, the index costs next to nothing. */
static enum err encode(struct task *t, struct encoder *e, AVFrame *frame, int64_t *bytes)
{
    enum err err = encoder_send(t, e, frame);
    for (bool got = true; !err && got;) {
        struct coded coded;
        err = encoder_next(t, e, &coded, &got);
        if (!err && got)
            *bytes += (int64_t)coded.bytes.size;
    }
    return err;
}

/* Encode FRAMES pictures; with a spec each is drawn first into the frame it is encoded from. */
static enum err run(struct task *t, const struct draw_spec *spec, AVFrame **frames, double *out_ms)
{
    static const struct film_shape shape = { WIDTH, HEIGHT };
    scoped(encoder) struct encoder *e = NULL;
    struct drawing *drawing = NULL;
    int64_t bytes = 0;

    double start = cpu_ms();
    enum err err = encoder_open(t, &shape, &colour_bt709, ENCODER_AMONG_OTHERS, &e);
    if (!err && spec)
        err = draw_open(t, spec, &drawing);
    for (int i = 0; !err && i < FRAMES; i++) {
        struct draw_target target = target_of(frames[i]);
        if (drawing)
            draw_frame(drawing, i, &target);
        err = encode(t, e, frames[i], &bytes);
    }
    if (!err)
        err = encode(t, e, NULL, &bytes);
    draw_close(drawing);
    *out_ms = cpu_ms() - start;
    return err || bytes ? err : fail(t, ERR_INTERNAL, "nothing was encoded");
}

/* One fresh task a run, so that memory does not grow over the rounds. */
static double timed(const struct bench_scene *scene, AVFrame **frames, bool draw)
{
    struct task t;
    double ms = 0;
    task_init(&t, "bench");
    struct draw_spec spec = spec_of(&t, scene);
    if (run(&t, draw ? &spec : NULL, frames, &ms)) {
        fprintf(stderr, "bench-animatic: %s: %s\n", scene->name, t.fault.message);
        exit(2);
    }
    task_done(&t);
    return ms;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, ascending);
    return values[count / 2];
}

struct result {
    double both_ms, encode_ms;        /* CPU, medians */
};

static struct result measure(const struct bench_scene *scene, AVFrame **frames)
{
    double both[ROUNDS], encode_only[ROUNDS];
    timed(scene, frames, true);                   /* draws the pictures that are encoded alone, and warms up */
    for (int i = 0; i < ROUNDS; i++) {
        if (i % 2)
            encode_only[i] = timed(scene, frames, false);
        both[i] = timed(scene, frames, true);
        if (i % 2 == 0)
            encode_only[i] = timed(scene, frames, false);
    }
    return (struct result){ median(both, ROUNDS), median(encode_only, ROUNDS) };
}

static void print_row(const char *name, struct result r)
{
    double seconds = FRAMES / (double)FILM_RATE_HZ;
    printf("  %-22s %6.1f ms  %6.1f ms  %5.2fx  %6.1fx real time\n", name, r.both_ms / FRAMES, r.encode_ms / FRAMES,
           r.both_ms / r.encode_ms, seconds * 1e3 / r.both_ms);
}

int main(void)
{
    struct task t;
    AVFrame *frames[FRAMES] = { 0 };
    struct film_shape shape = { WIDTH, HEIGHT };
    task_init(&t, "bench");
    for (int i = 0; i < FRAMES; i++)
        if (encoder_frame_new(&t, &shape, &frames[i]))
            return 2;

    printf("Drawing and encoding at 720p, CPU a frame, one core (promised: at most %.1fx the encode alone)\n", PROMISED);
    printf("  %-22s %9s  %9s  %6s\n", "", "both", "encode", "ratio");
    struct result all = { 0 };
    for (int i = 0; i < SCENES; i++) {
        struct result r = measure(&scenes[i], frames);
        print_row(scenes[i].name, r);
        all.both_ms += r.both_ms / SCENES;
        all.encode_ms += r.encode_ms / SCENES;
    }
    print_row("all", all);
    bool kept = all.both_ms <= PROMISED * all.encode_ms;
    printf("  %s\n", kept ? "kept" : "NOT KEPT");

    for (int i = 0; i < FRAMES; i++)
        av_frame_free(&frames[i]);
    task_done(&t);
    return kept ? 0 : 1;
}
