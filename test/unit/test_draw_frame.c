/*
 * The renderer keeps its promises: the same description gives the same bytes in any order of frames, every place
 * draws in every hour, weather and shot, bad descriptions are refused with the field at fault, and the two sets of
 * kernels agree bit by bit.
 */

#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "draw/draw.h"
#include "draw/kernels.h"

enum { WIDTH = 112, HEIGHT = 64, FRAMES = 10, FRAME_BYTES = WIDTH * HEIGHT * 3 / 2, GUARD = 0xA5 };

static struct look_cast singer(int kind, int action)
{
    return (struct look_cast){ .name = "", .kind = kind, .action = action, .skin = -1, .hair_colour = -1,
                               .garment_colour = -1, .appearance_seed = 5, .picture_index = -1, .sings = true };
}

static struct draw_spec small_spec(struct look_cast *cast)
{
    static int64_t beats[] = { 1, 6 };
    static double mouth[FRAMES] = { 0, 0.5, 1, 0.5 };

    return (struct draw_spec){
        .width_px = WIDTH, .height_px = HEIGHT, .frame_count = FRAMES, .seed = 42,
        .look = { .place = PLACE_CITY_STREET, .time = TIME_DUSK, .weather = WEATHER_RAIN, .shot = SHOT_WIDE,
                  .move = MOVE_HANDHELD, .cast = cast, .cast_count = 1 },
        .grade = { COLOUR_NOT_SET, COLOUR_NOT_SET, COLOUR_NOT_SET, COLOUR_NOT_SET, COLOUR_NOT_SET, COLOUR_NOT_SET,
                   .letterbox = 2.39, .grain = 0.4, .vignette = 0.4, .contrast = 1.1, .saturation = 1, .glow = 0.5,
                   .tilt_degrees = 3, .camera = 1, .texture = 0.5, .font = "" },
        .words = { "", "", "", "", "", "" },
        .beat_frames = beats, .beat_count = 2, .energy = 0.8, .mouth = mouth, .mouth_count = FRAMES,
    };
}

/* One frame into exactly as many bytes as it has, guarded on both sides. */
static void frame_into(struct drawing *d, int index, int width, int height, uint8_t *out)
{
    size_t bytes = (size_t)(width * height * 3 / 2);
    uint8_t *memory = malloc(bytes + 2);
    uint8_t *y = memory + 1, *u = y + width * height, *v = u + width * height / 4;

    memset(memory, GUARD, bytes + 2);
    draw_frame(d, index, &(struct draw_target){ { y, u, v }, { width, width / 2, width / 2 } });
    assert_int_equal(memory[0], GUARD);
    assert_int_equal(memory[bytes + 1], GUARD);
    if (out)
        memcpy(out, y, bytes);
    free(memory);
}

static void same_bytes_in_any_order(void **state)
{
    static const int order[FRAMES] = { 7, 0, 9, 3, 3, 8, 1, 6, 2, 5 };
    static uint8_t straight[FRAMES][FRAME_BYTES], shuffled[FRAME_BYTES];
    struct look_cast cast = singer(FIGURE_PERSON, ACTION_WALK);
    struct draw_spec spec = small_spec(&cast);
    struct drawing *first = NULL, *second = NULL;
    struct task t;
    (void)state;

    task_init(&t, "test");
    assert_ok(&t, draw_open(&t, &spec, &first));
    assert_ok(&t, draw_open(&t, &spec, &second));
    for (int i = 0; i < FRAMES; i++)
        frame_into(first, i, WIDTH, HEIGHT, straight[i]);
    for (int i = 0; i < FRAMES; i++) {
        frame_into(second, order[i], WIDTH, HEIGHT, shuffled);
        assert_memory_equal(shuffled, straight[order[i]], FRAME_BYTES);
    }
    assert_memory_not_equal(straight[0], straight[5], FRAME_BYTES);
    draw_close(first);
    draw_close(second);
    task_done(&t);
}

static void draw_once(struct task *t, const struct draw_spec *spec)
{
    struct drawing *d = NULL;

    assert_ok(t, draw_open(t, spec, &d));
    frame_into(d, (int)spec->frame_count - 1, (int)spec->width_px, (int)spec->height_px, NULL);
    draw_close(d);
}

static int pick(int n, int count)
{
    return 1 + n % (count - 1);
}

/* Every place in every hour, the other words taking turns; figures and sizes too. */
static void every_place_draws(void **state)
{
    static const int sizes[][2] = { { 112, 64 }, { 64, 112 }, { 80, 80 }, { 86, 66 } };
    int turn = 0;
    (void)state;

    for (int place = 1; place < PLACE_COUNT; place++)
        for (int time = 1; time < TIME_COUNT; time++, turn++) {
            struct look_cast cast = singer(pick(turn, FIGURE_COUNT), pick(turn * 3, ACTION_COUNT));
            struct draw_spec spec = small_spec(&cast);
            struct task t;
            spec.width_px  = sizes[turn % 4][0];
            spec.height_px = sizes[turn % 4][1];
            spec.seed      = turn;
            spec.look.place   = place;
            spec.look.time    = time;
            spec.look.weather = pick(turn, WEATHER_COUNT);
            spec.look.shot    = pick(turn * 5, SHOT_COUNT);
            spec.look.move    = pick(turn * 7, MOVE_COUNT);
            spec.look.mood    = pick(turn, MOOD_COUNT);
            spec.end_card     = turn % 29 == 0;
            task_init(&t, "test");
            draw_once(&t, &spec);
            task_done(&t);
        }
}

static void nothing_said_is_enough(void **state)
{
    struct look_cast none = singer(0, 0);
    struct draw_spec spec = small_spec(&none);
    struct task t;
    (void)state;

    spec.look = (struct look){ 0 };
    spec.frame_count = 1;
    spec.beat_count = spec.mouth_count = 0;
    task_init(&t, "test");
    draw_once(&t, &spec);
    task_done(&t);
}

static void refused(const char *field, struct draw_spec spec)
{
    struct drawing *d = NULL;
    struct task t;

    task_init(&t, "test");
    assert_err(draw_open(&t, &spec, &d), ERR_INVALID);
    assert_string_equal(t.fault.field, field);
    assert_null(d);
    task_done(&t);
}

static void bad_descriptions_are_refused(void **state)
{
    struct look_cast cast = singer(FIGURE_PERSON, ACTION_WALK);
    int64_t backwards[] = { 5, 5 };
    struct draw_spec s;
    (void)state;

    s = small_spec(&cast), s.width_px = 101, refused("width", s);
    s = small_spec(&cast), s.width_px = 62, refused("width", s);
    s = small_spec(&cast), s.height_px = 1 << 20, refused("height", s);
    s = small_spec(&cast), s.width_px = s.height_px = 8192, refused("width", s);
    s = small_spec(&cast), s.frame_count = 0, refused("frames", s);
    s = small_spec(&cast), s.frame_count = DRAW_FRAMES_MAX + 1, refused("frames", s);
    s = small_spec(&cast), s.look.place = PLACE_COUNT, refused("look.place", s);
    s = small_spec(&cast), s.look.shot = -1, refused("look.shot", s);
    s = small_spec(&cast), s.look.cast_count = CAST_MAX + 1, refused("look.cast", s);
    s = small_spec(&cast), s.beat_frames = backwards, refused("beatFrames", s);
    cast.picture_index = 0;
    s = small_spec(&cast), refused("look.cast.picture", s);
    cast = singer(FIGURE_COUNT, 0);
    s = small_spec(&cast), refused("look.cast", s);
}

static void noise(struct rng *r, uint8_t *out, int count)
{
    for (int i = 0; i < count; i++)
        out[i] = (uint8_t)(rng_below(r, 8) ? rng_below(r, 256) : rng_below(r, 2) * 255);
}

static struct group random_group(struct rng *r)
{
    struct group g = { .base = { rng_below(r, 40), rng_below(r, 40) } };

    for (int i = 0; i < GROUP_SAMPLES; i++) {
        int share = rng_below(r, WEIGHT_ONE);
        g.pick[2 * i]       = (uint8_t)rng_below(r, 16);
        g.pick[2 * i + 1]   = (uint8_t)rng_below(r, 16);
        g.weight[2 * i]     = (uint8_t)(WEIGHT_ONE - share);
        g.weight[2 * i + 1] = (uint8_t)share;
    }
    return g;
}

static void kernels_agree_once(struct rng *r, const struct kernels *best, const struct kernels *plain)
{
    uint8_t a[128], b[128], one[128], two[128];
    int16_t columns[64];
    struct group groups[3] = { random_group(r), random_group(r), random_group(r) };
    struct rows rows = { a, a + 64 }, alpha = { b, b + 64 };
    int count = 1 + rng_below(r, 64), share = rng_below(r, WEIGHT_ONE), row_share = rng_below(r, 32768);
    int gain = rng_below(r, 2) ? GAIN_ONE : rng_below(r, GAIN_ONE + 1);

    noise(r, a, 128), noise(r, b, 128), noise(r, one, 128);
    for (int i = 0; i < 64; i++)
        columns[i] = (int16_t)rng_below(r, 32768);

    memcpy(two, one, 128);
    best->between(one, rows, share, count), plain->between(two, rows, share, count);
    assert_memory_equal(one, two, 128);
    best->across(one, a, groups, 3), plain->across(two, a, groups, 3);
    assert_memory_equal(one, two, 128);
    for (int i = 0, clear = rng_below(r, 2); i < 128; i++)
        b[i] = clear && i % 64 < STEP_SAMPLES ? 0 : b[i];
    best->mix(one, rows, alpha, share, gain, count), plain->mix(two, rows, alpha, share, gain, count);
    assert_memory_equal(one, two, 128);
    best->finish(one, a, columns, row_share, 16, (const int8_t *)b, count);
    plain->finish(two, a, columns, row_share, 16, (const int8_t *)b, count);
    assert_memory_equal(one, two, 128);
    best->finish(one, a, columns, row_share, 128, NULL, count), plain->finish(two, a, columns, row_share, 128, NULL, count);
    assert_memory_equal(one, two, 128);
}

static void kernels_agree(void **state)
{
    struct rng r = rng_new(9);
    (void)state;

    for (int i = 0; i < 2000; i++)
        kernels_agree_once(&r, kernels_best(), &kernels_plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bytes_in_any_order),   cmocka_unit_test(every_place_draws),
        cmocka_unit_test(nothing_said_is_enough),    cmocka_unit_test(bad_descriptions_are_refused),
        cmocka_unit_test(kernels_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
