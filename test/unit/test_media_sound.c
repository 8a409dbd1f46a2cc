/*
 * Sound in, sound out. A signal with marks at known samples is encoded in every form we accept and decoded
 * again: its length is the same to the sample and its marks stay where they were.
 */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../sound_file.h"
#include "base/scoped.h"
#include "media/media_fields.h"
#include "media/media_op.h"
#include "media/sound_decode.h"

static const struct sound_file forms[] = {
    { "wav", "pcm_s16le", 48000, 2 },
    { "wav", "pcm_s16le", 44100, 2 },
    { "wav", "pcm_f32le", 96000, 1 },
    { "wav", "pcm_s16le", 8000, 1 },
    { "flac", "flac", 48000, 2 },
    { "flac", "flac", 44100, 2 },
    { "ipod", "aac", 48000, 2, 192000, "movie_timescale", "48000" },
    { "ipod", "aac", 44100, 2, 192000, "movie_timescale", "44100" },
    { "mp4", "aac", 48000, 1, 96000, "movie_timescale", "48000" },
    { "mov", "aac", 48000, 2, 192000, "movie_timescale", "48000" },
    { "matroska", "flac", 48000, 2 },
    { "mp3", "libmp3lame", 48000, 2, 192000 },
    { "mp3", "libmp3lame", 44100, 2, 192000 },
    { "ogg", "libvorbis", 48000, 2, 192000 },
    { "ogg", "libvorbis", 44100, 2, 192000 },
    { "ogg", "libopus", 48000, 2, 128000 },
    { "webm", "libopus", 48000, 2, 128000 },
};

/* Noise-like but low, so that codecs keep it: a chirp whose every moment is unlike every other. */
static struct signal chirp(struct task *t, int64_t samples)
{
    struct signal s = signal_new(t, (double)samples / 48000);
    for (int64_t i = 0; i < s.count; i++) {
        double x = (double)i / 8000;
        float v  = (float)(0.5 * sin(2 * M_PI * (60 * x + 45 * x * x)));
        s.stereo[2 * i] = s.stereo[2 * i + 1] = v;
    }
    return s;
}

static float at(const struct signal *s, double sample)
{
    int64_t i = (int64_t)floor(sample);
    float part = (float)(sample - (double)i);
    if (i < 0 || i + 1 >= s->count)
        return 0;
    return s->stereo[2 * i] * (1 - part) + s->stereo[2 * (i + 1)] * part;
}

/* How many samples `got` (at 48 kHz) is late against `was` (at rate_hz): the peak of their correlation. */
static double lateness(const struct signal *was, const struct signal *got, int rate_hz, int64_t from, int64_t to)
{
    double best = -1e9, where = 0, scale = rate_hz / 48000.0;
    for (double shift = -32; shift <= 32; shift += 0.25) {
        double sum = 0;
        for (int64_t i = from; i < to; i += 3)
            sum += got->stereo[2 * i] * at(was, ((double)i - shift) * scale);
        if (sum > best) {
            best  = sum;
            where = shift;
        }
    }
    return where;
}

static void every_form_keeps_length_and_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct task t;
        task_init(&t, "test");
        const struct sound_file *form = &forms[i];
        struct signal was = chirp(&t, form->rate_hz + 777);
        scoped(fd) int fd = sound_file_make(&t, &was, form);
        struct signal got = sound_file_read(&t, fd);
        double start = lateness(&was, &got, form->rate_hz, 100, 12000);
        double end   = lateness(&was, &got, form->rate_hz, got.count - 12000, got.count - 100);
        if (got.count != llround((double)was.count * 48000 / form->rate_hz) || fabs(start) > 1 || fabs(end) > 1)
            test_failed("%s in %s at %d Hz: %lld samples became %lld, late by %.2f and %.2f", form->encoder,
                        form->muxer, form->rate_hz, (long long)was.count, (long long)got.count, start, end);
        task_done(&t);
    }
}

static void mono_is_as_loud_on_both_sides(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct signal was = signal_new(&t, 0.2);
    signal_sine(&was, 440, 0.5);
    scoped(fd) int fd = sound_file_make(&t, &was, &(struct sound_file){ "wav", "pcm_f32le", 48000, 1 });
    struct signal got = sound_file_read(&t, fd);
    for (int64_t i = 0; i < got.count; i++) {
        assert_float_equal(got.stereo[2 * i], was.stereo[2 * i], 1e-6);
        assert_float_equal(got.stereo[2 * i + 1], was.stereo[2 * i], 1e-6);
    }
    task_done(&t);
}

static void skipping_lands_on_the_sample(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct signal was = chirp(&t, 60000);
    scoped(fd) int fd = sound_file_make(&t, &was, &(struct sound_file){ "wav", "pcm_f32le", 48000, 2 });
    for (int64_t skip = 0; skip < 60000; skip += 9973) {
        scoped(sound) struct sound *s = NULL;
        struct sound_block b;
        assert_ok(&t, sound_open(&t, fd, SONG_US_MAX, &s));
        sound_skip(s, skip);
        assert_ok(&t, sound_read(s, &b));
        assert_true(b.count > 0);
        assert_float_equal(b.stereo[0], was.stereo[2 * skip], 1e-6);
    }
    task_done(&t);
}

/* ---- what is not a song ------------------------------------------------------------------- */

static enum err read_all(struct task *t, int fd, int64_t most_us, int64_t *out_count)
{
    scoped(sound) struct sound *s = NULL;
    enum err e = sound_open(t, fd, most_us, &s);
    *out_count = 0;
    for (struct sound_block b = { .count = 1 }; !e && b.count > 0; *out_count += b.count) {
        b.count = 0;
        e = sound_read(s, &b);
    }
    return e;
}

static void truncated_files_are_read_as_far_as_they_go(void **state)
{
    (void)state;
    static const struct sound_file cut[] = {
        { "wav", "pcm_s16le", 48000, 2 },       { "flac", "flac", 48000, 2 },
        { "mp3", "libmp3lame", 48000, 2, 192000 }, { "ogg", "libvorbis", 48000, 2, 192000 },
        { "ipod", "aac", 48000, 2, 192000, "movflags", "faststart" },
    };
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        struct task t;
        task_init(&t, "test");
        struct signal was = signal_new(&t, 5);
        signal_noise(&was, 0.3, 1);
        scoped(fd) int whole = sound_file_make(&t, &was, &cut[i]);
        scoped(fd) int half  = file_head(whole, lseek(whole, 0, SEEK_END) * 6 / 10);
        int64_t count;
        enum err e = read_all(&t, half, SONG_US_MAX, &count);
        if (e || count < 96000 || count > 200000)
            test_failed("60 %% of a %s file gave %lld of 240000 samples: %s", cut[i].muxer, (long long)count,
                        t.fault.message);
        task_done(&t);
    }
}

static void what_is_not_sound_is_named(void **state)
{
    (void)state;
    static const uint8_t png[] = { 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D', 'R',
                                   0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xDE };
    static const char text[] = "Dear Sir or Madam, this is a letter and not a song. It goes on for a while.\n";
    char noise[6000];
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)(i * i * 31 + i / 7);
    const struct { const void *bytes; size_t size; const char *says; } cases[] = {
        { "", 0, "empty" }, { png, sizeof png, "picture" }, { text, sizeof text, "" }, { noise, sizeof noise, "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct task t;
        task_init(&t, "test");
        scoped(fd) int fd = file_of(cases[i].bytes, cases[i].size);
        int64_t count;
        assert_err(read_all(&t, fd, SONG_US_MAX, &count), ERR_MEDIA);
        assert_non_null(strstr(t.fault.message, cases[i].says));
        task_done(&t);
    }
}

static void a_header_may_lie_about_the_length(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct signal was = chirp(&t, 24000);
    scoped(fd) int fd = sound_file_make(&t, &was, &(struct sound_file){ "wav", "pcm_s16le", 48000, 2 });
    uint32_t two_hours = 2u * 3600 * 48000 * 4;
    int64_t count, size = lseek(fd, 0, SEEK_END);
    assert_int_equal(pwrite(fd, &two_hours, 4, size - 24000 * 4 - 4), 4);
    assert_ok(&t, read_all(&t, fd, SONG_US_MAX, &count));
    assert_int_equal(count, 24000);
    assert_err(read_all(&t, fd, 400000, &count), ERR_LIMIT);
    task_done(&t);
}

static void cancelling_stops_it(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    atomic_bool cancelled = false;
    struct signal was = chirp(&t, 480000);
    scoped(fd) int fd = sound_file_make(&t, &was, &(struct sound_file){ "flac", "flac", 48000, 2 });
    scoped(sound) struct sound *s = NULL;
    struct sound_block b;
    t.cancelled = &cancelled;
    assert_ok(&t, sound_open(&t, fd, SONG_US_MAX, &s));
    assert_ok(&t, sound_read(s, &b));
    cancelled = true;
    enum err e = OK;
    for (int reads = 0; !e && reads < 20; reads++)
        e = sound_read(s, &b);
    assert_int_equal(e, ERR_CANCELLED);
    sound_close(take(s));
    task_done(&t);
}

/* ---- the operations ----------------------------------------------------------------------- */

static enum err run(struct task *t, const struct media_op *op, const void *request, int in, int out, void *reply)
{
    struct media_files files = { .in = &in, .in_count = 1, .out = out };
    return op->run(t, request, &files, reply);
}

static void a_sine_is_as_loud_as_the_standard_says(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct signal was = signal_new(&t, 4);
    signal_sine(&was, 997, 0.1);                    /* -20 dBFS in both channels: -20.0 LUFS */
    scoped(fd) int fd = sound_file_make(&t, &was, &(struct sound_file){ "flac", "flac", 48000, 2 });
    struct loudness got;
    assert_ok(&t, run(&t, &media_op_loudness, NULL, fd, -1, &got));
    assert_float_equal(got.integrated_lufs, -20, 0.1);
    assert_float_equal(got.true_peak_dbtp, -20, 0.1);
    assert_float_equal(got.range_lu, 0, 0.2);
    task_done(&t);
}

static void the_outline_has_each_peak_in_its_bin(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct signal was = signal_new(&t, 3);
    static const struct { int64_t sample; double height; } peaks[] = {
        { 1000, 0.5 }, { 48000, 0.25 }, { 100000, 0.75 }, { 143000, 1 },
    };
    for (size_t i = 0; i < 4; i++)
        was.stereo[2 * peaks[i].sample + 1] = -(float)peaks[i].height;
    scoped(fd) int fd = sound_file_make(&t, &was, &(struct sound_file){ "wav", "pcm_f32le", 48000, 2 });
    static const int64_t bins[] = { 1, 7, 300, 20000 };
    for (size_t b = 0; b < 4; b++) {
        struct waveform_reply got = { 0 };
        assert_ok(&t, run(&t, &media_op_waveform, &(struct waveform_request){ bins[b] }, fd, -1, &got));
        assert_int_equal(got.peak_count, bins[b]);
        for (size_t i = 0; i < 4 && bins[b] > 4; i++)
            assert_float_equal(got.peaks[((peaks[i].sample + 1) * bins[b] + was.count - 1) / was.count - 1],
                               peaks[i].height, 1e-6);
    }
    task_done(&t);
}

static void a_cut_is_exact_at_any_rate(void **state)
{
    (void)state;
    static const struct sound_cut cuts[] = {
        { 0, 4800, 48000, 2 }, { 12345, 20001, 48000, 2 }, { 12345, 20001, 16000, 1 }, { 777, 9999, 44100, 2 },
        { 90000, 12000, 48000, 1 },                  /* runs past the end: silence */
    };
    struct task t;
    task_init(&t, "test");
    struct signal was = chirp(&t, 96000);
    scoped(fd) int fd = sound_file_make(&t, &was, &(struct sound_file){ "wav", "pcm_f32le", 48000, 2 });
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        scoped(fd) int out = file_of("", 0);
        assert_ok(&t, run(&t, &media_op_sound_cut, &cuts[i], fd, out, NULL));
        struct signal got  = sound_file_read(&t, out);
        struct signal part = { was.stereo + 2 * cuts[i].start_sample, was.count - cuts[i].start_sample };
        int64_t written = cuts[i].sample_count * cuts[i].rate_hz / 48000;
        assert_int_equal(lseek(out, 0, SEEK_END), 44 + llround((double)cuts[i].sample_count * cuts[i].rate_hz / 48000)
                                                           * 2 * cuts[i].channels);
        assert_true(llabs(got.count - cuts[i].sample_count) <= 48000 / cuts[i].rate_hz);
        assert_true(fabs(lateness(&part, &got, 48000, 100, written < 6000 ? 4000 : 5500)) <= 0.5);
    }
    scoped(fd) int out = file_of("", 0);
    assert_err(run(&t, &media_op_sound_cut, &(struct sound_cut){ 96000, 10, 48000, 2 }, fd, out, NULL), ERR_INVALID);
    task_done(&t);
}

/* ---- a mouth for it ---- */

/* 300 Hz for half a second, silence for half a second, and so on: on one side, or in the middle. */
static struct signal syllables(struct task *t, double seconds, bool middle)
{
    struct signal s = signal_new(t, seconds);
    for (int64_t i = 0; i < s.count; i++) {
        bool sings = i / 24000 % 2 == 0;
        float v = sings ? (float)(0.4 * sin(2 * M_PI * 500 * (double)i / 48000)) : 0;
        s.stereo[2 * i] = v;
        s.stereo[2 * i + 1] = middle ? v : -v;
    }
    return s;
}

static struct voice_reply mouth_of(struct task *t, const struct signal *s, int64_t frames)
{
    struct voice_reply reply = { 0 };
    scoped(fd) int in = sound_file_make(t, s, &(struct sound_file){ "wav", "pcm_s16le", 48000, 2 });
    const struct media_files files = { .in = &in, .in_count = 1, .out = -1 };
    assert_ok(t, media_op_voice.run(t, &(struct voice_request){ frames }, &files, &reply));
    assert_int_equal(reply.open_count, frames);
    return reply;
}

static void a_mouth_opens_with_the_voice_and_closes_after_it(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct signal voice = syllables(&t, 2, true), aside = syllables(&t, 2, false), none = signal_new(&t, 1);
    struct voice_reply mouth = mouth_of(&t, &voice, 60); /* longer than the sound: closed behind it */
    assert_true(mouth.open[2] > 0.5 && mouth.open[30] > 0.5);
    assert_true(mouth.open[20] == 0 && mouth.open[44] == 0 && mouth.open[59] == 0);
    assert_true(mouth.open[12] < mouth.open[11]); /* it falls, and not at once */
    assert_true(mouth.open[13] > 0);
    struct voice_reply rests = mouth_of(&t, &aside, 48), silent = mouth_of(&t, &none, 24);
    for (int i = 0; i < 48; i++)
        assert_true(rests.open[i] == 0); /* what is only at the sides is no singer */
    for (int i = 0; i < 24; i++)
        assert_true(silent.open[i] == 0);
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_keeps_length_and_place),
        cmocka_unit_test(mono_is_as_loud_on_both_sides),
        cmocka_unit_test(skipping_lands_on_the_sample),
        cmocka_unit_test(truncated_files_are_read_as_far_as_they_go),
        cmocka_unit_test(what_is_not_sound_is_named),
        cmocka_unit_test(a_header_may_lie_about_the_length),
        cmocka_unit_test(cancelling_stops_it),
        cmocka_unit_test(a_sine_is_as_loud_as_the_standard_says),
        cmocka_unit_test(the_outline_has_each_peak_in_its_bin),
        cmocka_unit_test(a_cut_is_exact_at_any_rate),
        cmocka_unit_test(a_mouth_opens_with_the_voice_and_closes_after_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
