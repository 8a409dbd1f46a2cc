/*
 * Films joined from clips: every frame of every clip in order, once, at its exact time, for clips of one encoder and
 * of several; the track to the sample; refusals that name the clip.
 */
#include "test.h"

#include <libavformat/avformat.h>
#include <stdlib.h>
#include <string.h>

#include "film_fixture.h"
#include "media/media_fields.h"
#include "media/media_op.h"
#include "media/mp4.h"

static enum err compose(struct task *t, const int *in, size_t count, bool with_track, int out, struct film_info *info)
{
    struct compose_request request = { .with_track = with_track };
    struct media_files files = { .in = in, .in_count = count, .out = out };
    return media_op_compose.run(t, &request, &files, info);
}

/* Frames id*: 0..n-1 of each clip, one after the other, 1/24 s apart. */
static void assert_is_joined(struct task *t, int film, const int *ids, const int *lengths, size_t count)
{
    struct fixture_frame *frames;
    size_t frame_count, n = 0;
    fixture_read(t, film, &frames, &frame_count);
    for (size_t c = 0; c < count; c++) {
        for (int i = 0; i < lengths[c]; i++, n++) {
            assert_true(n < frame_count);
            if (frames[n].id != ids[c] || frames[n].number != i)
                test_failed("frame %zu is %d:%d, not %d:%d", n, frames[n].id, frames[n].number, ids[c], i);
            assert_true(llabs(frames[n].pts_us - us_from_frames((int64_t)n)) <= 1);
        }
    }
    assert_int_equal(n, frame_count);
}

static void our_clips_join(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    const int ids[] = { 3, 1, 2, 9 }, lengths[] = { 96, 1, 49, 120 };
    int clips[5], out = fixture_out();
    for (int i = 0; i < 4; i++)
        clips[i] = fixture_clip(&t, ids[i], lengths[i]);
    clips[4] = fixture_track(&t, 266 * SAMPLES_PER_FRAME);
    struct film_info info;
    assert_ok(&t, compose(&t, clips, 5, true, out, &info));
    assert_int_equal(info.frame_count, 266);
    assert_int_equal(info.sample_count, 266 * SAMPLES_PER_FRAME);
    assert_int_equal(info.bytes, file_bytes(out));
    assert_is_joined(&t, out, ids, lengths, 4);
    assert_int_equal(fixture_count_samples(&t, out), 266 * SAMPLES_PER_FRAME);

    struct mp4 mp4;
    assert_ok(&t, mp4_read(&t, out, &mp4));
    assert_true(mp4.is_fast_start);
    assert_int_equal(mp4.track_count, 2);
    assert_int_equal(mp4.tracks[0].edit_count, 1);
    task_done(&t);
}

/* The text of a track as any player reads it: what is shown when. */
struct shown {
    int64_t at_us, until_us;
    char    words[64];
};

static size_t read_lines(int film, struct shown *out, size_t most)
{
    char path[64];
    size_t count = 0;
    AVFormatContext *input = NULL;
    AVPacket *packet = av_packet_alloc();
    snprintf(path, sizeof path, "/proc/self/fd/%d", film);
    assert_int_equal(avformat_open_input(&input, path, NULL, NULL), 0);
    assert_int_equal(avformat_find_stream_info(input, NULL) >= 0, 1);
    int text = av_find_best_stream(input, AVMEDIA_TYPE_SUBTITLE, -1, -1, NULL, 0);
    assert_true(text >= 0);
    AVStream *stream = input->streams[text];
    assert_int_equal(stream->codecpar->codec_id, AV_CODEC_ID_MOV_TEXT);
    while (av_read_frame(input, packet) >= 0) {
        int length = packet->stream_index == text ? packet->data[0] << 8 | packet->data[1] : 0;
        if (length > 0 && count < most) {
            struct shown *s = &out[count++];
            s->at_us    = av_rescale_q(packet->pts, stream->time_base, AV_TIME_BASE_Q);
            s->until_us = s->at_us + av_rescale_q(packet->duration, stream->time_base, AV_TIME_BASE_Q);
            snprintf(s->words, sizeof s->words, "%.*s", length, packet->data + 2);
        }
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    avformat_close_input(&input);
    return count;
}

static void lines_go_along_as_a_track_of_their_own(void **state)
{
    (void)state;
    static const struct film_caption lines[] = {
        { 24, 48, "Und der Regen hört auf" }, { 72, 24, "at once" }, { 120, 400, "to the end" }, { 600, 24, "past it" },
    };
    struct task t;
    struct shown shown[4];
    struct film_info info;
    task_init(&t, "test");
    const int ids[] = { 3, 1 }, lengths[] = { 96, 72 };
    int in[] = { fixture_clip(&t, 3, 96), fixture_clip(&t, 1, 72), fixture_track(&t, 168 * SAMPLES_PER_FRAME) };
    int out = fixture_out();
    struct compose_request request = { .with_track = true, .captions = lines, .caption_count = 4 };
    struct media_files files = { .in = in, .in_count = 3, .out = out };
    assert_ok(&t, media_op_compose.run(&t, &request, &files, &info));
    assert_int_equal(info.bytes, file_bytes(out));
    assert_is_joined(&t, out, ids, lengths, 2);
    assert_int_equal(fixture_count_samples(&t, out), 168 * SAMPLES_PER_FRAME);
    assert_int_equal(read_lines(out, shown, 4), 3);
    for (size_t i = 0; i < 3; i++) {
        int64_t end = lines[i].at_frame + lines[i].frame_count;
        assert_string_equal(shown[i].words, lines[i].words);
        assert_true(llabs(shown[i].at_us - us_from_frames(lines[i].at_frame)) <= 1);
        assert_true(llabs(shown[i].until_us - us_from_frames(end < 168 ? end : 168)) <= 1);
    }
    request.captions = (const struct film_caption[]){ { 24, 48, "one" }, { 60, 10, "over it" } };
    request.caption_count = 2;
    assert_err(media_op_compose.run(&t, &request, &files, &info), ERR_INVALID);
    task_done(&t);
}

static void clips_of_several_encoders_join(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    const int ids[] = { 1, 2, 3 }, lengths[] = { 50, 72, 31 };
    int clips[3] = {
        fixture_clip(&t, 1, 50),
        fixture_foreign(&t, &(struct foreign){ .id = 2, .frames = 72, .with_sound = true,
                                               .x264_params = "bframes=5:b-pyramid=normal:ref=4" }),
        fixture_foreign(&t, &(struct foreign){ .id = 3, .frames = 31, .x264_params = "sps-id=7:bframes=0:cabac=0" }),
    };
    int out = fixture_out();
    struct film_info info;
    assert_ok(&t, compose(&t, clips, 3, false, out, &info));
    assert_int_equal(info.frame_count, 153);
    assert_int_equal(info.sample_count, 0);
    assert_is_joined(&t, out, ids, lengths, 3);
    task_done(&t);
}

/* The pictures must be the very same, not merely alike. */
static void pictures_are_not_touched(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int clips[2] = { fixture_clip(&t, 1, 60), fixture_foreign(&t, &(struct foreign){ .id = 2, .frames = 40 }) };
    int out = fixture_out();
    struct film_info info;
    assert_ok(&t, compose(&t, clips, 2, false, out, &info));
    struct fixture_frame *film, *clip;
    size_t film_count, clip_count, n = 0;
    fixture_read(&t, out, &film, &film_count);
    for (int c = 0; c < 2; c++) {
        fixture_read(&t, clips[c], &clip, &clip_count);
        for (size_t i = 0; i < clip_count; i++)
            assert_string_equal(film[n++].hash, clip[i].hash);
    }
    assert_int_equal(n, film_count);
    task_done(&t);
}

static void a_track_of_another_length_is_cut_or_ends(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    static const struct {
        int64_t samples, heard;
    } rows[] = { { 500000, 48 * SAMPLES_PER_FRAME }, { 48 * SAMPLES_PER_FRAME, 48 * SAMPLES_PER_FRAME }, { 50001, 50001 } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int in[2] = { fixture_clip(&t, 1, 48), fixture_track(&t, rows[i].samples) }, out = fixture_out();
        struct film_info info;
        assert_ok(&t, compose(&t, in, 2, true, out, &info));
        assert_int_equal(info.sample_count, rows[i].heard);
        assert_int_equal(fixture_count_samples(&t, out), rows[i].heard);
    }
    task_done(&t);
}

static void what_does_not_match_is_refused_by_name(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int ours = fixture_clip(&t, 1, 24);
    const struct {
        int         fd;
        enum err    wanted;
        const char *words;
    } rows[] = {
        { fixture_clip_of(&t, 1, 24, (struct film_shape){ 64, 64 }), ERR_INVALID, "it is 64 x 64" },
        { fixture_foreign(&t, &(struct foreign){ .frames = 30, .rate_num = 30, .rate_den = 1 }), ERR_INVALID, "24 frames" },
        { fixture_foreign(&t, &(struct foreign){ .frames = 24, .x264_params = "sps-id=1" }), ERR_INVALID, "parameter set" },
        { fixture_foreign(&t, &(struct foreign){ .frames = 24, .codec = "mpeg4" }), ERR_INVALID, "not plain H.264" },
        { fixture_track(&t, 48000), ERR_INVALID, "no pictures" },
        { fixture_cut(ours, file_bytes(ours) - 100), ERR_MEDIA, "cut short" },
        { fixture_bytes("not a film at all", 17), ERR_MEDIA, "not an MP4" },
        { fixture_bytes("", 0), ERR_MEDIA, "not an MP4" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct film_info info;
        assert_err(compose(&t, (int[]){ ours, rows[i].fd }, 2, false, fixture_out(), &info), rows[i].wanted);
        if (!strstr(t.fault.message, rows[i].words) || !strstr(t.fault.message, "clip 2"))
            test_failed("row %zu: \"%s\"", i, t.fault.message);
    }
    struct film_info info;
    assert_err(compose(&t, (int[]){ ours, ours }, 2, true, fixture_out(), &info), ERR_INVALID);
    assert_non_null(strstr(t.fault.message, "no sound"));
    assert_err(compose(&t, (int[]){ ours }, 1, true, fixture_out(), &info), ERR_INVALID);
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_clips_join),
        cmocka_unit_test(lines_go_along_as_a_track_of_their_own),
        cmocka_unit_test(clips_of_several_encoders_join),
        cmocka_unit_test(pictures_are_not_touched),
        cmocka_unit_test(a_track_of_another_length_is_cut_or_ends),
        cmocka_unit_test(what_does_not_match_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
