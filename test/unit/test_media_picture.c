/*
 * Pictures in, pictures out: files that are pictures and files that are not, stills and strips that show the frames
 * they should, animatics that are the same bytes every time, hashes and checks of films.
 */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "film_fixture.h"
#include "media/media_fields.h"
#include "media/media_op.h"
#include "media/mp4.h"
#include "media/picture_load.h"

static enum err run_on(struct task *t, const struct media_op *op, const void *request, int in, int out, void *reply)
{
    struct media_files files = { .in = &in, .in_count = 1, .out = out };
    return op->run(t, request, &files, reply);
}

enum { CARD_WIDTH = 61, CARD_HEIGHT = 40 };

/* Left half red, right half blue, upper left corner white. */
static struct draw_picture card(struct task *t)
{
    uint32_t *pixels = arena_array(t->arena, uint32_t, CARD_WIDTH * CARD_HEIGHT);
    for (int y = 0; y < CARD_HEIGHT; y++) {
        for (int x = 0; x < CARD_WIDTH; x++)
            pixels[y * CARD_WIDTH + x] = x < 8 && y < 8 ? 0xffffffff : x < CARD_WIDTH / 2 ? 0xffff0000 : 0xff0000ff;
    }
    return (struct draw_picture){ .width_px = CARD_WIDTH, .height_px = CARD_HEIGHT, .pixels = pixels };
}

static int card_png(struct task *t)
{
    struct draw_picture p = card(t);
    int fd = fixture_out();
    assert_ok(t, picture_write_png(t, &p, fd));
    return fd;
}

static void a_png_comes_back_as_it_was(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct draw_picture wanted = card(&t), got;
    struct picture_info info;
    assert_ok(&t, picture_load(&t, card_png(&t), 0, &got, &info));
    assert_string_equal(info.format, "png");
    assert_int_equal(info.width_px, CARD_WIDTH);
    assert_int_equal(info.height_px, CARD_HEIGHT);
    assert_false(info.has_alpha);
    assert_memory_equal(got.pixels, wanted.pixels, CARD_WIDTH * CARD_HEIGHT * 4);
    assert_ok(&t, picture_load(&t, card_png(&t), 30, &got, &info));
    assert_int_equal(got.width_px, 30);
    assert_int_equal(got.height_px, 19);
    assert_int_equal(info.width_px, CARD_WIDTH);
    task_done(&t);
}

static void what_is_no_picture_is_refused(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int png = card_png(&t), film = fixture_clip(&t, 1, 24), jpeg = fixture_out();
    struct picture_info info;
    assert_ok(&t, run_on(&t, &media_op_still, &(struct still_request){ 0 }, film, jpeg, &info));
    const struct {
        int         fd;
        const char *words;
    } rows[] = {
        { film, "not a picture: it is" },
        { fixture_track(&t, 9600), "not a picture: it is" },
        { fixture_bytes("", 0), "empty" },
        { fixture_bytes("GIF89a\1\0\1\0\0\0\0;                  ", 32), "not" },
        { fixture_cut(png, file_bytes(png) / 2), "" },
        { fixture_damaged(png, file_bytes(png) / 2), "" },
        { fixture_cut(jpeg, file_bytes(jpeg) / 2), "" },
        { fixture_cut(jpeg, 100), "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (run_on(&t, &media_op_picture, NULL, rows[i].fd, -1, &info) != ERR_MEDIA)
            test_failed("row %zu was taken for a picture", i);
        if (!strstr(t.fault.message, rows[i].words) || !*t.fault.next)
            test_failed("row %zu: \"%s\"", i, t.fault.message);
    }
    assert_ok(&t, run_on(&t, &media_op_picture, NULL, png, -1, &info));
    assert_ok(&t, run_on(&t, &media_op_picture, NULL, jpeg, -1, &info));
    assert_string_equal(info.format, "jpeg");
    task_done(&t);
}

static void a_still_shows_the_frame_asked_for(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int film = fixture_clip(&t, 3, 150);
    int thirty = fixture_foreign(&t, &(struct foreign){ .id = 3, .frames = 60, .rate_num = 30, .rate_den = 1 });
    const struct {
        int     fd;
        int64_t frame, shown;
    } rows[] = {
        { film, 0, 0 }, { film, 1, 1 }, { film, 77, 77 }, { film, 149, 149 }, { film, 5000, 149 }, { thirty, 24, 30 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int out = fixture_out();
        struct picture_info info;
        struct fixture_frame *frames;
        size_t count;
        assert_ok(&t, run_on(&t, &media_op_still, &(struct still_request){ .frame = rows[i].frame }, rows[i].fd, out,
                             &info));
        fixture_read(&t, out, &frames, &count);
        assert_int_equal(count, 1);
        assert_int_equal(frames[0].number, rows[i].shown);
        assert_int_equal(info.width_px, FIXTURE_WIDTH);
    }
    struct picture_info info;
    struct still_request small = { .width_px = 100, .height_px = 30 };
    assert_ok(&t, run_on(&t, &media_op_still, &small, film, fixture_out(), &info));
    assert_int_equal(info.width_px, 50);
    assert_int_equal(info.height_px, 30);
    task_done(&t);
}

static void a_strip_shows_frames_spread_evenly(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int film = fixture_clip(&t, 0, 240), out = fixture_out();
    struct picture_info info;
    assert_ok(&t, run_on(&t, &media_op_filmstrip, &(struct strip_request){ .count = 4, .height_px = FIXTURE_HEIGHT },
                         film, out, &info));
    assert_int_equal(info.width_px, 4 * FIXTURE_WIDTH);
    static uint8_t luma[FIXTURE_HEIGHT][4 * FIXTURE_WIDTH];
    fixture_first_luma(&t, out, &luma[0][0], 4 * FIXTURE_WIDTH, FIXTURE_HEIGHT);
    for (int cell = 0; cell < 4; cell++) {
        int number = 0;
        for (int bit = 0; bit < 12; bit++)
            number |= (luma[8][cell * FIXTURE_WIDTH + bit * 8 + 4] > 125) << bit;
        assert_int_equal(number, 30 + 60 * cell);
    }
    assert_err(run_on(&t, &media_op_filmstrip, &(struct strip_request){ .count = 200, .height_px = 1080 }, film,
                      fixture_out(), &info), ERR_LIMIT);
    task_done(&t);
}

static void a_sheet_has_a_cell_for_every_picture(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int film = fixture_clip(&t, 1, 2), still = fixture_out(), out = fixture_out();
    struct picture_info info;
    assert_ok(&t, run_on(&t, &media_op_still, &(struct still_request){ 0 }, film, still, &info));
    struct sheet_cell cells[3] = { { "1", "Dawn", "4 s", "static" }, { "2", "Noon", "6 s", "pan" }, { "3", "Dusk", "8 s", "" } };
    struct sheet_request request = { .title = "A day", .subtitle = "", .cells = cells, .cell_count = 3 };
    struct media_files files = { .in = (int[]){ still, card_png(&t), still }, .in_count = 3, .out = out };
    assert_ok(&t, media_op_sheet.run(&t, &request, &files, &info));
    struct draw_picture sheet;
    struct picture_info read;
    assert_ok(&t, picture_load(&t, out, 0, &sheet, &read));
    assert_string_equal(read.format, "png");
    assert_int_equal(read.width_px, info.width_px);
    assert_true(info.width_px > 400 && info.height_px > 100);

    files.in_count = 2;
    assert_err(media_op_sheet.run(&t, &request, &files, &info), ERR_INVALID);
    files = (struct media_files){ .in = (int[]){ still, film, still }, .in_count = 3, .out = out };
    assert_err(media_op_sheet.run(&t, &request, &files, &info), ERR_MEDIA);
    assert_non_null(strstr(t.fault.message, "picture 2"));
    task_done(&t);
}

static void an_animatic_is_the_same_bytes_every_time(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    const char *text = "{\"width\":160,\"height\":96,\"frames\":30,\"seed\":7,\"look\":{\"place\":\"city-street\"}}";
    struct draw_spec spec;
    assert_ok(&t, fields_decode_text(&t, draw_spec_fields, text, strlen(text), &spec));
    int out[2];
    int64_t bytes[2];
    for (int i = 0; i < 2; i++) {
        struct media_files files = { .out = out[i] = fixture_out() };
        struct clip_info info;
        assert_ok(&t, media_op_render.run(&t, &spec, &files, &info));
        assert_int_equal(info.frame_count, 30);
        assert_int_equal(info.width_px, 160);
        assert_int_equal(info.rate_num, 24);
        assert_int_equal(info.duration_us, 1250000);
        assert_string_equal(info.video_codec, "h264");
        assert_false(info.has_audio);
        bytes[i] = info.bytes;
    }
    assert_int_equal(bytes[0], bytes[1]);
    scoped(heap) uint8_t *first = malloc((size_t)bytes[0]), *second = malloc((size_t)bytes[1]);
    assert_int_equal(pread(out[0], first, (size_t)bytes[0], 0), bytes[0]);
    assert_int_equal(pread(out[1], second, (size_t)bytes[1], 0), bytes[1]);
    assert_memory_equal(first, second, (size_t)bytes[0]);
    struct mp4 mp4;
    assert_ok(&t, mp4_read(&t, out[0], &mp4));
    assert_true(mp4.is_fast_start);
    task_done(&t);
}

static void hashes_tell_frames_apart(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int film = fixture_clip(&t, 1, 20);
    struct frame_hashes a = { 0 }, b = { 0 }, c = { 0 };
    assert_ok(&t, run_on(&t, &media_op_frame_hashes, NULL, film, -1, &a));
    assert_ok(&t, run_on(&t, &media_op_frame_hashes, NULL, fixture_clip(&t, 1, 20), -1, &b));
    assert_ok(&t, run_on(&t, &media_op_frame_hashes, NULL, fixture_clip(&t, 2, 20), -1, &c));
    assert_int_equal(a.hash_count, 20);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(strlen(a.hashes[i]), 64);
        assert_string_equal(a.hashes[i], b.hashes[i]);
        assert_string_not_equal(a.hashes[i], c.hashes[i]);
        assert_true(i == 0 || strcmp(a.hashes[i], a.hashes[i - 1]) != 0);
    }
    assert_err(run_on(&t, &media_op_frame_hashes, NULL, fixture_track(&t, 9600), -1, &c), ERR_MEDIA);
    task_done(&t);
}

static void a_film_is_checked(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int in[2] = { fixture_clip(&t, 1, 48), fixture_track(&t, 48 * SAMPLES_PER_FRAME) }, out = fixture_out();
    struct media_files files = { .in = in, .in_count = 2, .out = out };
    struct film_info info;
    assert_ok(&t, media_op_compose.run(&t, &(struct compose_request){ .with_track = true }, &files, &info));
    struct film_check check;
    assert_ok(&t, run_on(&t, &media_op_film_check, NULL, out, -1, &check));
    assert_int_equal(check.frame_count, 48);
    assert_int_equal(check.sample_count, 48 * SAMPLES_PER_FRAME);
    assert_true(check.fast_start);
    assert_false(check.silent);
    assert_true(check.loudness_lufs > -20 && check.loudness_lufs < -5);
    assert_true(check.black_share == 0);

    assert_ok(&t, run_on(&t, &media_op_film_check, NULL, in[0], -1, &check));
    assert_true(check.silent);
    assert_int_equal(check.sample_count, 0);
    assert_ok(&t, run_on(&t, &media_op_film_check, NULL, fixture_black_clip(&t, 30), -1, &check));
    assert_true(check.black_share == 1);
    assert_int_equal(check.frame_count, 30);
    assert_err(run_on(&t, &media_op_film_check, NULL, fixture_bytes("nothing", 7), -1, &check), ERR_MEDIA);
    assert_err(run_on(&t, &media_op_film_check, NULL, fixture_cut(out, file_bytes(out) / 2), -1, &check), ERR_MEDIA);
    task_done(&t);
}

/* As telephones film: on a raster of sixty a second, a picture when there is light enough for one. */
static void a_probe_measures_pictures_that_come_unevenly(void **state)
{
    (void)state;
    static const int times[] = { 0,  2,  5,  11, 14, 20, 24, 26, 33, 38, 45, 49, 55,
                                 60, 61, 66, 74, 77, 85, 90, 96, 101, 108, 115, 120 };
    static const struct {
        const char *container;
        int64_t     us;
    } rows[] = { { "mp4", 2 * SECOND_US }, { "matroska", 1933000 } }; /* which does not know how long the last one is */
    struct task t;
    task_init(&t, "test");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct foreign f = { .frames = 24, .rate_num = 60, .rate_den = 1, .times = times,
                                   .x264_params = "bframes=0", .container = rows[i].container };
        struct clip_info info;
        assert_ok(&t, run_on(&t, &media_op_probe, NULL, fixture_foreign(&t, &f), -1, &info));
        assert_int_equal(info.frame_count, 24);
        assert_true(llabs(info.video_us - rows[i].us) <= 2000);
        assert_int_equal(info.duration_us, info.video_us);
    }
    task_done(&t);
}

static void a_probe_tells_what_is_there(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    const struct {
        struct foreign f;
        const char    *container, *codec;
    } rows[] = {
        { { .frames = 50, .with_sound = true }, "mp4", "h264" },
        { { .frames = 50, .with_sound = true, .container = "matroska" }, "matroska", "h264" },
        { { .frames = 60, .rate_num = 30, .rate_den = 1, .codec = "mpeg4" }, "mp4", "mpeg4" },
        { { .frames = 50, .rate_num = 25, .rate_den = 1, .width_px = 64, .height_px = 48 }, "mp4", "h264" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct clip_info info;
        assert_ok(&t, run_on(&t, &media_op_probe, NULL, fixture_foreign(&t, &rows[i].f), -1, &info));
        int64_t rate = rows[i].f.rate_num ? rows[i].f.rate_num : 24;
        assert_string_equal(info.container, rows[i].container);
        assert_string_equal(info.video_codec, rows[i].codec);
        assert_int_equal(info.frame_count, rows[i].f.frames);
        assert_int_equal(info.rate_num / info.rate_den, rate);
        assert_int_equal(info.width_px, rows[i].f.width_px ? rows[i].f.width_px : FIXTURE_WIDTH);
        assert_int_equal(info.has_audio, rows[i].f.with_sound);
        assert_true(llabs(info.duration_us - rows[i].f.frames * SECOND_US / rate) < 25000);
        if (info.has_audio)
            assert_true(llabs(info.sample_count - rows[i].f.frames * SAMPLES_PER_FRAME) <= 1024);
    }
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_probe_measures_pictures_that_come_unevenly),
        cmocka_unit_test(a_png_comes_back_as_it_was),
        cmocka_unit_test(what_is_no_picture_is_refused),
        cmocka_unit_test(a_still_shows_the_frame_asked_for),
        cmocka_unit_test(a_strip_shows_frames_spread_evenly),
        cmocka_unit_test(a_sheet_has_a_cell_for_every_picture),
        cmocka_unit_test(an_animatic_is_the_same_bytes_every_time),
        cmocka_unit_test(hashes_tell_frames_apart),
        cmocka_unit_test(a_film_is_checked),
        cmocka_unit_test(a_probe_tells_what_is_there),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    draw_forget();
    return failed;
}
