/*
 * Spans of clips: frame-exact for every in and out point, the middle untouched where it can be, everything else
 * turned into film; trimmed and untrimmed clips still join.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "film_fixture.h"
#include "media/media_fields.h"
#include "media/media_op.h"
#include "media/mp4.h"

static const struct film_shape shape = { FIXTURE_WIDTH, FIXTURE_HEIGHT };

static enum err trim_to(struct task *t, int in, int64_t from, int64_t to, struct film_shape s, int out,
                        struct clip_info *info)
{
    struct clip_span span = { .in_frame = from, .out_frame = to, .shape = s };
    struct media_files files = { .in = &in, .in_count = 1, .out = out };
    return media_op_trim.run(t, &span, &files, info);
}

static int trimmed(struct task *t, int in, int64_t from, int64_t to)
{
    int out = fixture_out();
    struct clip_info info;
    assert_ok(t, trim_to(t, in, from, to, shape, out, &info));
    assert_int_equal(info.frame_count, to - from);
    struct clip_info probed;
    struct media_files files = { .in = &out, .in_count = 1, .out = -1 };
    assert_ok(t, media_op_probe.run(t, NULL, &files, &probed));
    assert_string_equal(fields_encode_text(t->arena, clip_info_fields, &info),
                        fields_encode_text(t->arena, clip_info_fields, &probed));
    return out;
}

/* How many of the frames are the source's own, bit for bit. */
static size_t assert_is_span(struct task *t, int clip, int source, int64_t from, int64_t to)
{
    struct fixture_frame *got, *wanted;
    size_t got_count, wanted_count, same = 0;
    fixture_read(t, clip, &got, &got_count);
    fixture_read(t, source, &wanted, &wanted_count);
    assert_int_equal(got_count, to - from);
    for (size_t i = 0; i < got_count; i++) {
        if (got[i].number != from + (int64_t)i || got[i].id != wanted[0].id)
            test_failed("frame %zu of [%d,%d) is %d", i, (int)from, (int)to, got[i].number);
        assert_true(llabs(got[i].pts_us - us_from_frames((int64_t)i)) <= 1);
        same += strcmp(got[i].hash, wanted[from + (int64_t)i].hash) == 0;
    }
    return same;
}

/* Foreign groups of 24 with B-frames: cuts on, just beside and far from key frames, and inside one group. */
static void every_cut_is_exact_and_the_middle_untouched(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int source = fixture_foreign(&t, &(struct foreign){ .id = 5, .frames = 100, .with_sound = true,
                                                        .x264_params = "bframes=3:b-pyramid=normal:scenecut=0" });
    static const struct {
        int64_t from, to, same_min;
    } rows[] = {
        { 0, 100, 100 }, { 24, 72, 48 }, { 24, 96, 72 }, { 23, 73, 48 }, { 25, 71, 20 }, { 1, 99, 72 }, { 0, 1, 1 },
        { 30, 40, 0 }, { 47, 49, 1 }, { 48, 50, 1 }, { 10, 61, 32 }, { 99, 100, 0 }, { 71, 100, 28 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int out = trimmed(&t, source, rows[i].from, rows[i].to);
        size_t same = assert_is_span(&t, out, source, rows[i].from, rows[i].to);
        if ((int64_t)same < rows[i].same_min)
            test_failed("[%d,%d): %zu frames untouched, not %d", (int)rows[i].from, (int)rows[i].to, same,
                        (int)rows[i].same_min);
        close(out);
    }
    task_done(&t);
}

static void every_out_point_is_exact(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int source = fixture_foreign(&t, &(struct foreign){ .id = 5, .frames = 60,
                                                        .x264_params = "bframes=5:b-pyramid=normal:b-adapt=0" });
    for (int64_t to = 25; to <= 60; to++) {
        int out = trimmed(&t, source, 24, to);
        assert_is_span(&t, out, source, 24, to);
        close(out);
    }
    task_done(&t);
}

static void our_own_clips_keep_one_parameter_set(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int source = fixture_clip(&t, 4, 120), out = trimmed(&t, source, 7, 111);
    assert_true(assert_is_span(&t, out, source, 7, 111) >= 60);
    struct mp4 whole, part;
    assert_ok(&t, mp4_read(&t, source, &whole));
    assert_ok(&t, mp4_read(&t, out, &part));
    assert_int_equal(whole.tracks[0].config.size, part.tracks[0].config.size);
    assert_memory_equal(whole.tracks[0].config.at, part.tracks[0].config.at, part.tracks[0].config.size);
    task_done(&t);
}

static void a_trimmed_clip_can_be_trimmed_and_joined(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int ours = fixture_clip(&t, 1, 70), foreign = fixture_foreign(&t, &(struct foreign){ .id = 2, .frames = 100 });
    int once = trimmed(&t, foreign, 10, 90), twice = trimmed(&t, once, 3, 77), out = fixture_out();
    int clips[] = { ours, foreign, once, twice, trimmed(&t, ours, 5, 65) };
    static const int ids[] = { 1, 2, 2, 2, 1 }, from[] = { 0, 0, 10, 13, 5 }, to[] = { 70, 100, 90, 87, 65 };
    struct compose_request request = { 0 };
    struct media_files files = { .in = clips, .in_count = 5, .out = out };
    struct film_info info;
    assert_ok(&t, media_op_compose.run(&t, &request, &files, &info));
    struct fixture_frame *frames;
    size_t count, n = 0;
    fixture_read(&t, out, &frames, &count);
    for (int c = 0; c < 5; c++) {
        for (int i = from[c]; i < to[c]; i++, n++) {
            assert_true(n < count);
            assert_int_equal(frames[n].id * 4096 + frames[n].number, ids[c] * 4096 + i);
        }
    }
    assert_int_equal(n, count);
    task_done(&t);
}

/* Two strangers who number their parameter sets alike cannot be joined; encoded by us they can. */
static void encoding_all_makes_any_clip_join(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int one = fixture_foreign(&t, &(struct foreign){ .id = 1, .frames = 30 });
    int two = fixture_foreign(&t, &(struct foreign){ .id = 2, .frames = 30, .x264_params = "cabac=0:bframes=0" });
    int out = fixture_out(), clips[2] = { one, two };
    struct compose_request request = { 0 };
    struct media_files files = { .in = clips, .in_count = 2, .out = out };
    struct film_info film;
    assert_err(media_op_compose.run(&t, &request, &files, &film), ERR_INVALID);

    struct clip_span span = { .shape = shape, .encode_all = true };
    struct media_files trim_files = { .in = &two, .in_count = 1, .out = clips[1] = fixture_out() };
    struct clip_info info;
    assert_ok(&t, media_op_trim.run(&t, &span, &trim_files, &info));
    assert_ok(&t, media_op_compose.run(&t, &request, &files, &film));
    assert_int_equal(film.frame_count, 60);
    task_done(&t);
}

/* What cannot be copied, and which frames of it the film then shows. */
static void anything_else_is_turned_into_film(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    static const struct {
        struct foreign f;
        int64_t        from, to;
        int64_t        frames;              /* that come out */
        int            numerator, denominator;      /* source frames a film frame */
    } rows[] = {
        { { .id = 1, .frames = 60, .rate_num = 30, .rate_den = 1 }, 0, 0, 48, 5, 4 },
        { { .id = 2, .frames = 60, .rate_num = 30, .rate_den = 1 }, 10, 30, 20, 5, 4 },
        { { .id = 8, .frames = 100, .rate_num = 50, .rate_den = 1 }, 0, 0, 48, 25, 12 },
        { { .id = 9, .frames = 120, .rate_num = 60, .rate_den = 1 }, 0, 0, 48, 5, 2 },
        { { .id = 3, .frames = 24, .rate_num = 12, .rate_den = 1 }, 0, 48, 48, 1, 2 },
        { { .id = 4, .frames = 48, .codec = "mpeg4" }, 5, 40, 35, 1, 1 },
        { { .id = 5, .frames = 48, .container = "matroska" }, 5, 40, 35, 1, 1 },
        { { .id = 6, .frames = 48, .x264_params = "sps-id=1" }, 5, 40, 35, 1, 1 },
        { { .id = 7, .frames = 200, .rate_num = 25, .rate_den = 1, .container = "matroska" }, 150, 180, 30, 25, 24 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int in = fixture_foreign(&t, &rows[i].f), out = fixture_out();
        struct clip_info info;
        assert_ok(&t, trim_to(&t, in, rows[i].from, rows[i].to, shape, out, &info));
        struct fixture_frame *frames;
        size_t count;
        fixture_read(&t, out, &frames, &count);
        assert_int_equal(count, rows[i].frames);
        assert_int_equal(info.frame_count, rows[i].frames);
        for (size_t n = 0; n < count; n++) {
            double wanted = (double)(rows[i].from + (int64_t)n) * rows[i].numerator / rows[i].denominator;
            if (frames[n].id != rows[i].f.id || abs(frames[n].number - (int)wanted) > 1)
                test_failed("row %zu: frame %zu shows %d, not %.1f", i, n, frames[n].number, wanted);
        }
        close(in);
        close(out);
    }
    task_done(&t);
}

/* A picture twice as wide as the film keeps its form between black bars: 160 x 80 in the middle of 160 x 96. */
static void other_shapes_get_bars(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int in = fixture_foreign(&t, &(struct foreign){ .id = 1, .frames = 24, .width_px = 320, .height_px = 160 });
    int out = fixture_out();
    struct clip_info info;
    assert_ok(&t, trim_to(&t, in, 0, 24, shape, out, &info));
    assert_int_equal(info.width_px, 160);
    assert_int_equal(info.height_px, 96);
    uint8_t luma[96][160];
    fixture_first_luma(&t, out, &luma[0][0], 160, 96);
    for (int x = 0; x < 160; x += 8) {
        assert_true(luma[1][x] < 24);
        assert_true(luma[94][x] < 24);
        assert_true(luma[60][x] > 40);
    }
    task_done(&t);
}

/* Nearly the film's shape, by the steps a model films in: it covers the film, without a dark edge. */
static void nearly_the_shape_covers_it(void **state)
{
    (void)state;
    static const struct {
        int width_px, height_px;
    } rows[] = { { 320, 188 }, { 312, 192 }, { 160, 94 }, { 156, 96 } };
    struct task t;
    task_init(&t, "test");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int in = fixture_foreign(&t, &(struct foreign){ .id = 1, .frames = 24, .width_px = rows[i].width_px,
                                                        .height_px = rows[i].height_px });
        int out = fixture_out();
        struct clip_info info;
        uint8_t luma[96][160];
        assert_ok(&t, trim_to(&t, in, 0, 24, shape, out, &info));
        fixture_first_luma(&t, out, &luma[0][0], 160, 96);
        for (int y = 60; y < 96; y++)
            assert_true(luma[y][0] > 40 && luma[y][159] > 40);
        for (int x = 0; x < 160; x += 8)
            assert_true(luma[95][x] > 40);
        close(in);
        close(out);
    }
    task_done(&t);
}

static void impossible_spans_are_refused(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int ours = fixture_clip(&t, 1, 48);
    int thirty = fixture_foreign(&t, &(struct foreign){ .frames = 60, .rate_num = 30, .rate_den = 1 });
    static const char text[] = "this is not a film";
    const struct {
        int         in;
        int64_t     from, to;
        enum err    wanted;
        const char *words;
    } rows[] = {
        { ours, 48, 0, ERR_INVALID, "outside the clip" },
        { ours, 0, 49, ERR_INVALID, "which has 48" },
        { ours, 10, 10, ERR_INVALID, "empty" },
        { ours, 10, 5, ERR_INVALID, "empty" },
        { thirty, 0, 60, ERR_INVALID, "has 48 frames" },
        { thirty, 100, 0, ERR_INVALID, "has 48 frames" },
        { fixture_bytes(text, sizeof text), 0, 0, ERR_MEDIA, "not sound, film" },
        { fixture_bytes("", 0), 0, 0, ERR_MEDIA, "empty" },
        { fixture_track(&t, 48000), 0, 0, ERR_MEDIA, "no pictures" },
        { fixture_cut(ours, 300), 0, 0, ERR_MEDIA, "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct clip_info info;
        assert_err(trim_to(&t, rows[i].in, rows[i].from, rows[i].to, shape, fixture_out(), &info), rows[i].wanted);
        if (!strstr(t.fault.message, rows[i].words))
            test_failed("row %zu: \"%s\"", i, t.fault.message);
    }
    struct clip_info info;
    assert_err(trim_to(&t, ours, 0, 10, (struct film_shape){ 101, 64 }, fixture_out(), &info), ERR_INVALID);
    task_done(&t);
}

/* Any byte may be wrong: the answer is frames or a fault, never a crash. */
static void damaged_clips_are_survived(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int source = fixture_foreign(&t, &(struct foreign){ .id = 1, .frames = 30, .with_sound = true });
    int64_t size = file_bytes(source);
    int refused = 0;
    for (int i = 0; i < 60; i++) {
        struct task inner;
        task_init(&inner, "inner");
        int in = i % 2 ? fixture_damaged(source, size * i / 60) : fixture_cut(source, size * i / 60), out = fixture_out();
        struct clip_info info;
        refused += trim_to(&inner, in, 3, 20, shape, out, &info) != OK;
        close(in);
        close(out);
        task_done(&inner);
    }
    assert_true(refused >= 20);
    task_done(&t);
}

/* How far the first frame's rows from `top` to `low` are from those of another clip, on the average. */
static double apart(struct task *t, int a, int b, int top, int low)
{
    uint8_t p[FIXTURE_WIDTH * FIXTURE_HEIGHT], q[FIXTURE_WIDTH * FIXTURE_HEIGHT];
    double sum = 0;
    fixture_first_luma(t, a, p, FIXTURE_WIDTH, FIXTURE_HEIGHT);
    fixture_first_luma(t, b, q, FIXTURE_WIDTH, FIXTURE_HEIGHT);
    for (int i = top * FIXTURE_WIDTH; i < low * FIXTURE_WIDTH; i++)
        sum += abs(p[i] - q[i]);
    return sum / ((low - top) * FIXTURE_WIDTH);
}

/* [from, to) of a clip, with one line over `frames` frames from `at` on. */
static int captioned(struct task *t, int in, int64_t from, int64_t to, int64_t at, int64_t frames)
{
    const struct film_caption line = { at, frames, "Carry me over" };
    const struct clip_span span = { .in_frame = from, .out_frame = to, .shape = shape, .captions = &line,
                                    .caption_count = 1 };
    struct media_files files = { .in = &in, .in_count = 1, .out = fixture_out() };
    struct clip_info info;
    assert_ok(t, media_op_caption.run(t, &span, &files, &info));
    assert_int_equal(info.frame_count, to - from);
    return files.out;
}

static void a_caption_is_over_the_frames_it_is_of(void **state)
{
    struct task t;
    (void)state;
    task_init(&t, "test");
    int half = FIXTURE_HEIGHT / 2, source = fixture_clip(&t, 1, 60), plain = trimmed(&t, source, 20, 50);
    struct film_caption crossed[] = { { 0, 10, "one" }, { 5, 10, "two" } };
    const struct clip_span wrong = { .out_frame = 60, .shape = shape, .captions = crossed, .caption_count = 2 };
    struct media_files files = { .in = &source, .in_count = 1, .out = fixture_out() };
    struct clip_info info;
    for (int at = 0; at <= 3; at += 3) {
        int clip = captioned(&t, source, 20, 50, at, 12);
        bool shown = apart(&t, clip, plain, half, FIXTURE_HEIGHT) > 1.5;
        if (shown != (at == 0) || apart(&t, clip, plain, 0, half) > 0.5)
            test_failed("a caption from frame %d on: the first is %g apart below and %g above", at,
                        apart(&t, clip, plain, half, FIXTURE_HEIGHT), apart(&t, clip, plain, 0, half));
    }
    assert_err(media_op_caption.run(&t, &wrong, &files, &info), ERR_INVALID);
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_caption_is_over_the_frames_it_is_of),
        cmocka_unit_test(every_cut_is_exact_and_the_middle_untouched),
        cmocka_unit_test(every_out_point_is_exact),
        cmocka_unit_test(our_own_clips_keep_one_parameter_set),
        cmocka_unit_test(a_trimmed_clip_can_be_trimmed_and_joined),
        cmocka_unit_test(encoding_all_makes_any_clip_join),
        cmocka_unit_test(anything_else_is_turned_into_film),
        cmocka_unit_test(other_shapes_get_bars),
        cmocka_unit_test(nearly_the_shape_covers_it),
        cmocka_unit_test(impossible_spans_are_refused),
        cmocka_unit_test(damaged_clips_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
