/*
 * The film's track: as long as the film to the sample, everything at its place, at the wanted level, never
 * over the ceiling, the same bytes every time, and copied rather than encoded where that is possible.
 */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../sound_file.h"
#include "base/hash.h"
#include "base/scoped.h"
#include "media/limiter.h"
#include "media/media_op.h"
#include "media/mp4.h"
#include "media/true_peak.h"

static const struct sound_file wav = { "wav", "pcm_f32le", 48000, 2 };

static enum err make(struct task *t, const struct track_request *r, const int *in, size_t in_count, int out,
                     struct track_info *info)
{
    struct media_files files = { .in = in, .in_count = in_count, .out = out };
    return media_op_track.run(t, r, &files, info);
}

/* A track of one sound, decoded again. */
static struct signal track_of(struct task *t, int in, const struct track_request *r, struct track_info *info)
{
    scoped(fd) int out = file_of("", 0);
    assert_ok(t, make(t, r, &in, 1, out, info));
    struct signal got = sound_file_read(t, out);
    assert_int_equal(info->sample_count, r->frame_count * 2000);
    assert_int_equal(got.count, r->frame_count * 2000);
    return got;
}

static struct signal music(struct task *t, double seconds)
{
    static const int roots[] = { 57, 53, 48, 55 };
    struct signal s = signal_new(t, seconds);
    for (int bar = 0; bar * 2 < seconds; bar++)
        signal_bar(&s, bar * 2, 0.5, roots[bar % 4], BAND_KICK | BAND_SNARE | BAND_HATS | BAND_BASS | BAND_LEAD);
    return s;
}

static double rms(const struct signal *s, int64_t from, int64_t to)
{
    double sum = 0;
    for (int64_t i = 2 * from; i < 2 * to; i++)
        sum += s->stereo[i] * s->stereo[i];
    return sqrt(sum / (double)(2 * (to - from)));
}

/* How late `got` is, in samples, by correlation around `at`. */
static int lateness(const struct signal *was, const struct signal *got, int64_t at, int64_t length)
{
    double best = -1e9;
    int where = 0;
    for (int shift = -40; shift <= 40; shift++) {
        double sum = 0;
        for (int64_t i = at; i < at + length; i++)
            if (i + shift >= 0 && i + shift < got->count && i < was->count)
                sum += was->stereo[2 * i] * got->stereo[2 * (i + shift)];
        if (sum > best) {
            best  = sum;
            where = shift;
        }
    }
    return where;
}

static void a_silent_film_has_a_silent_track(void **state)
{
    (void)state;
    static const int64_t frames[] = { 1, 24, 37, 100 };
    for (size_t i = 0; i < 4; i++) {
        struct task t;
        struct track_info info;
        task_init(&t, "test");
        struct signal got = track_of(&t, -1, &(struct track_request){ .frame_count = frames[i] }, &info);
        int64_t where = 0;
        assert_true(signal_peak(&got, &where) < 1e-4);
        assert_float_equal(info.loudness_lufs, -70, 0);
        task_done(&t);
    }
}

static void every_sample_stays_at_its_place(void **state)
{
    (void)state;
    struct task t;
    struct track_info info;
    struct mp4 mp4;
    task_init(&t, "test");
    struct signal was = music(&t, 6);
    scoped(fd) int in = sound_file_make(&t, &was, &wav);
    struct track_request r = { .parts = &(struct track_part){ 0 }, .part_count = 1, .frame_count = 6 * 24 };
    scoped(fd) int out = file_of("", 0);
    assert_ok(&t, make(&t, &r, &in, 1, out, &info));
    struct signal got = sound_file_read(&t, out);
    assert_int_equal(got.count, 6 * 48000);
    for (int second = 0; second < 6; second++)
        assert_int_equal(lateness(&was, &got, second * 48000, 9600), 0);
    assert_ok(&t, mp4_read(&t, out, &mp4));
    assert_true(mp4.is_fast_start);
    assert_int_equal(mp4.track_count, 1);
    assert_int_equal(mp4.tracks[0].edit_count, 1);
    assert_int_equal(mp4.tracks[0].media_time, 1024);
    task_done(&t);
}

/* What the codec leaves wrong, packet by packet, is no larger where two encoders meet (packets 480 to 496). */
static void the_joint_between_encoders_cannot_be_heard(void **state)
{
    (void)state;
    struct task t;
    struct track_info info;
    task_init(&t, "test");
    struct signal was = signal_new(&t, 17);
    signal_pad(&was, -1, 19, 57, 0.3);
    scoped(fd) int in = sound_file_make(&t, &was, &wav);
    struct track_request r = { .parts = &(struct track_part){ 0 }, .part_count = 1, .frame_count = 17 * 24 };
    struct signal got = track_of(&t, in, &r, &info), wrong = got;
    for (int64_t i = 0; i < 2 * got.count; i++)
        wrong.stereo[i] = got.stereo[i] - was.stereo[i];
    double worst = 0, joint = 0;
    for (int64_t p = 20; p < 780; p++) {
        double here = rms(&wrong, p * 1024, (p + 1) * 1024);
        if (p >= 478 && p <= 497)
            joint = fmax(joint, here);
        else
            worst = fmax(worst, here);
    }
    if (joint > 1.2 * worst || worst > 0.01)
        test_failed("the error is %.5f at the joint, %.5f at most elsewhere", joint, worst);
    task_done(&t);
}

static void the_level_is_the_one_asked_for(void **state)
{
    (void)state;
    static const struct { double gain, target; } cases[] = { { 0.05, -14 }, { 0.9, -14 }, { 0.9, -23 } };
    for (size_t i = 0; i < 3; i++) {
        struct task t;
        struct track_info info;
        struct loudness heard;
        task_init(&t, "test");
        struct signal was = music(&t, 5);
        for (int64_t k = 0; k < 2 * was.count; k++)
            was.stereo[k] *= (float)cases[i].gain;
        scoped(fd) int in = sound_file_make(&t, &was, &wav), out = file_of("", 0);
        struct track_request r = { .parts = &(struct track_part){ 0 }, .part_count = 1, .frame_count = 5 * 24,
                                   .target_lufs = cases[i].target };
        assert_ok(&t, make(&t, &r, &in, 1, out, &info));
        struct media_files files = { .in = &out, .in_count = 1, .out = -1 };
        assert_ok(&t, media_op_loudness.run(&t, NULL, &files, &heard));
        if (fabs(heard.integrated_lufs - info.loudness_lufs) > 0.3 || info.true_peak_dbtp > -0.99
            || heard.true_peak_dbtp > -0.3
            || fabs(heard.integrated_lufs - cases[i].target) > 0.5)
            test_failed("%g LUFS wanted: %.2f LUFS and %.2f dBTP said, %.2f and %.2f heard", cases[i].target,
                        info.loudness_lufs, info.true_peak_dbtp, heard.integrated_lufs, heard.true_peak_dbtp);
        task_done(&t);
    }
}

static void parts_lie_where_they_were_put(void **state)
{
    (void)state;
    struct task t;
    struct track_info info;
    task_init(&t, "test");
    struct signal tone = signal_new(&t, 2);
    signal_sine(&tone, 1000, 0.4);
    scoped(fd) int in = sound_file_make(&t, &tone, &wav);
    struct track_part parts[] = {
        { .at_sample = 24000, .sample_count = 24000, .fade_in_samples = 12000 },
        { .at_sample = 96000, .in_sample = 48000, .gain_db = -6.0206 },      /* to its end: one second */
    };
    struct track_request r = { .parts = parts, .part_count = 2, .frame_count = 96 };
    struct signal got = track_of(&t, in, &r, &info);
    assert_true(rms(&got, 0, 22000) < 1e-3);
    assert_float_equal(rms(&got, 30500, 31500), 0.2828 * 0.5 * (1 - cos(M_PI * 7000 / 12000)), 0.03);
    assert_float_equal(rms(&got, 38000, 46000), 0.2828, 0.01);
    assert_true(rms(&got, 50000, 94000) < 1e-3);
    assert_float_equal(rms(&got, 100000, 140000), 0.1414, 0.005);
    assert_true(rms(&got, 146000, 190000) < 1e-3);
    task_done(&t);
}

/* ---- speech over music -------------------------------------------------------------------- */

/* How loud one tone is in a stretch of sound: its share of it alone. */
static double tone_rms(const struct signal *s, double hz, double from_s, double to_s)
{
    double re = 0, im = 0;
    int64_t from = (int64_t)(from_s * 48000), to = (int64_t)(to_s * 48000);
    for (int64_t i = from; i < to; i++) {
        double phase = 2 * M_PI * hz * (double)i / 48000;
        re += s->stereo[2 * i] * cos(phase);
        im += s->stereo[2 * i] * sin(phase);
    }
    return sqrt(2 * (re * re + im * im)) / (double)(to - from);
}

static double decibels(double a, double b)
{
    return 20 * log10(a / b);
}

static void silence(struct signal *s, double from_s, double to_s)
{
    for (int64_t i = 2 * (int64_t)(from_s * 48000); i < 2 * (int64_t)(to_s * 48000) && i < 2 * s->count; i++)
        s->stereo[i] = 0;
}

/* Somebody speaks from 2.0 to 4.0 s, with a breath of 0.3 s, and from 6.0 to 6.5 s: a tone of 1 kHz. */
static struct signal speech(struct task *t, double gain)
{
    struct signal s = signal_new(t, 8);
    signal_sine(&s, 1000, gain);
    silence(&s, 0, 2);
    silence(&s, 2.9, 3.2);
    silence(&s, 4, 6);
    silence(&s, 6.5, 8);
    return s;
}

static struct signal spoken_track(struct task *t, double voice_gain, double target, struct track_info *info)
{
    struct signal tune = signal_new(t, 8), voice = speech(t, voice_gain);
    signal_sine(&tune, 400, 0.2);
    scoped(fd) int under = sound_file_make(t, &tune, &wav), over = sound_file_make(t, &voice, &wav), out = file_of("", 0);
    const int in[] = { under, over };
    struct track_part parts[] = { { .yields = true }, { .input_index = 1, .speaks = true } };
    struct track_request r = { .parts = parts, .part_count = 2, .frame_count = 8 * 24, .target_lufs = target };
    assert_ok(t, make(t, &r, in, 2, out, info));
    return sound_file_read(t, out);
}

static void music_steps_back_while_somebody_speaks(void **state)
{
    (void)state;
    static const struct { const char *when; double from, to, least, most; } stretches[] = {
        { "long before", 0.2, 1.0, -0.1, 0.1 },      { "just before it steps back", 1.6, 1.84, -0.1, 0.1 },
        { "from the first word on", 2.0, 2.1, -12, -10 }, { "during", 2.2, 2.8, -12, -10 },
        { "while breath is taken", 2.95, 3.15, -12, -10 }, { "to the last word", 3.9, 4.0, -12, -10 },
        { "on the way up", 4.15, 4.25, -8, -3 },     { "half a second after", 4.45, 4.95, -0.2, 0.2 },
        { "in the pause", 5.0, 5.8, -0.1, 0.1 },     { "the second time", 6.05, 6.45, -12, -10 },
        { "at the end", 7.0, 7.8, -0.1, 0.1 },
    };
    struct task t;
    struct track_info info;
    task_init(&t, "test");
    struct signal got = spoken_track(&t, 0.2, 0, &info);
    double alone = 0.2 / sqrt(2);
    for (size_t i = 0; i < sizeof stretches / sizeof *stretches; i++) {
        double db = decibels(tone_rms(&got, 400, stretches[i].from, stretches[i].to), alone);
        if (db < stretches[i].least || db > stretches[i].most)
            test_failed("%s the music is at %.2f dB", stretches[i].when, db);
    }
    task_done(&t);
}

/* Whatever the voice was recorded at, it stands above the music by as much as that steps back. */
static void a_voice_is_as_loud_as_the_music_was(void **state)
{
    (void)state;
    static const double gains[] = { 0.08, 0.2, 0.6 };
    for (size_t i = 0; i < 3; i++) {
        struct task t;
        struct track_info info;
        task_init(&t, "test");
        struct signal got = spoken_track(&t, gains[i], -20, &info), said = speech(&t, gains[i]);
        double over = decibels(tone_rms(&got, 1000, 2.2, 2.8), tone_rms(&got, 400, 2.2, 2.8));
        if (over < 9 || over > 13)
            test_failed("a voice of %g is %.2f dB above the music", gains[i], over);
        assert_float_equal(info.loudness_lufs, -20, 0.3);
        assert_int_equal(lateness(&said, &got, 2 * 48000 - 2400, 9600), 0);
        assert_int_equal(lateness(&said, &got, 6 * 48000 - 2400, 9600), 0);
        task_done(&t);
    }
}

/* One who speaks alone, and music without speech, are left as they are. */
static void without_both_nothing_steps_back(void **state)
{
    (void)state;
    struct task t;
    struct track_info info;
    task_init(&t, "test");
    struct signal tune = signal_new(&t, 2);
    signal_sine(&tune, 400, 0.2);
    scoped(fd) int in = sound_file_make(&t, &tune, &wav);
    for (int speaks = 0; speaks < 2; speaks++) {
        struct track_part part = { .speaks = speaks, .yields = !speaks };
        struct track_request r = { .parts = &part, .part_count = 1, .frame_count = 48 };
        struct signal got = track_of(&t, in, &r, &info);
        assert_float_equal(rms(&got, 20000, 80000), 0.1414, 0.001);
    }
    task_done(&t);
}

static void a_long_song_fades_out(void **state)
{
    (void)state;
    struct task t;
    struct track_info info;
    task_init(&t, "test");
    struct signal tone = signal_new(&t, 4);
    signal_sine(&tone, 500, 0.4);
    scoped(fd) int in = sound_file_make(&t, &tone, &wav);
    struct track_request r = { .parts = &(struct track_part){ 0 }, .part_count = 1, .frame_count = 48,
                               .fade_out_samples = 48000 };
    struct signal got = track_of(&t, in, &r, &info);
    assert_float_equal(rms(&got, 20000, 44000), 0.2828, 0.01);
    assert_float_equal(rms(&got, 71000, 73000), 0.1414, 0.01);
    assert_true(rms(&got, 94000, 96000) < 0.01);
    task_done(&t);
}

static void aac_that_is_wanted_as_it_is_is_copied(void **state)
{
    (void)state;
    struct task t;
    struct track_info info;
    struct mp4 from, to;
    task_init(&t, "test");
    struct signal was = music(&t, 6);
    scoped(fd) int in = sound_file_make(&t, &was, &(struct sound_file){ "ipod", "aac", 48000, 2, 160000 });
    scoped(fd) int out = file_of("", 0);
    struct track_request r = { .parts = &(struct track_part){ 0 }, .part_count = 1, .frame_count = 131 };
    assert_ok(&t, make(&t, &r, &in, 1, out, &info));
    assert_ok(&t, mp4_read(&t, in, &from));
    assert_ok(&t, mp4_read(&t, out, &to));
    assert_int_equal(to.tracks[0].sample_count, (131 * 2000 + 1024 + 1023) / 1024);
    for (size_t i = 0; i < to.tracks[0].sample_count; i++) {
        uint8_t a[4096], b[4096];
        size_t bytes = to.tracks[0].samples[i].bytes;
        assert_int_equal(bytes, from.tracks[0].samples[i].bytes);
        assert_int_equal(pread(in, a, bytes, from.tracks[0].samples[i].offset), (ssize_t)bytes);
        assert_int_equal(pread(out, b, bytes, to.tracks[0].samples[i].offset), (ssize_t)bytes);
        assert_memory_equal(a, b, bytes);
    }
    struct signal got = sound_file_read(&t, out), whole = sound_file_read(&t, in);
    assert_int_equal(got.count, 131 * 2000);
    assert_memory_equal(got.stereo, whole.stereo, 2 * (size_t)got.count * sizeof(float));
    assert_true(info.loudness_lufs > -40 && info.true_peak_dbtp < 1);
    task_done(&t);
}

/* The last packet says it lasts ten seconds, and the edit believes it: there is no more sound for that. */
static void a_last_packet_that_lies_is_not_copied(void **state)
{
    (void)state;
    struct task t;
    struct track_info info;
    task_init(&t, "test");
    struct signal was = music(&t, 6);
    scoped(fd) int in = sound_file_make(&t, &was, &(struct sound_file){ "ipod", "aac", 48000, 2, 160000 });
    int64_t size = file_bytes(in);
    uint8_t *bytes = arena_alloc(t.arena, (size_t)size), longer[] = { 0, 7, 0x53, 0 };
    assert_int_equal(pread(in, bytes, (size_t)size, 0), size);
    uint8_t *stts = memmem(bytes, (size_t)size, "stts", 4), *elst = memmem(bytes, (size_t)size, "elst", 4);
    assert_true(stts && elst);
    memcpy(stts + 12 + 8 * (stts[11] - 1) + 4, longer, 4);
    memcpy(elst + 12, longer, 4);
    scoped(fd) int liar = file_of(bytes, (size_t)size);
    struct track_request r = { .parts = &(struct track_part){ 0 }, .part_count = 1, .frame_count = 200 };
    track_of(&t, liar, &r, &info);
    task_done(&t);
}

static void the_same_request_gives_the_same_bytes(void **state)
{
    (void)state;
    struct task t;
    struct track_info info;
    task_init(&t, "test");
    struct signal was = music(&t, 6);
    scoped(fd) int in = sound_file_make(&t, &was, &wav);
    struct track_request r = { .parts = &(struct track_part){ 0 }, .part_count = 1, .frame_count = 6 * 24,
                               .target_lufs = -14 };
    char hashes[2][HASH_TEXT_BYTES];
    for (int i = 0; i < 2; i++) {
        scoped(fd) int out = file_of("", 0);
        int64_t bytes;
        assert_ok(&t, make(&t, &r, &in, 1, out, &info));
        assert_ok(&t, hash_file(&t, out, hashes[i], &bytes));
    }
    assert_string_equal(hashes[0], hashes[1]);
    task_done(&t);
}

static void what_cannot_be_mixed_is_refused(void **state)
{
    (void)state;
    struct task t;
    struct track_info info;
    task_init(&t, "test");
    scoped(fd) int text = file_of("not a sound at all", 18), out = file_of("", 0);
    struct track_part part = { .input_index = 1 };
    struct track_request r = { .parts = &part, .part_count = 1, .frame_count = 24 };
    assert_err(make(&t, &r, &text, 1, out, &info), ERR_INVALID);
    part = (struct track_part){ .at_sample = -1 };
    assert_err(make(&t, &r, &text, 1, out, &info), ERR_INVALID);
    part = (struct track_part){ 0 };
    assert_err(make(&t, &r, &text, 1, out, &info), ERR_MEDIA);
    r.frame_count = 10000000;
    assert_err(make(&t, &r, &text, 1, out, &info), ERR_LIMIT);
    task_done(&t);
}

/* ---- the limiter -------------------------------------------------------------------------- */

static void quiet_sound_passes_the_limiter_bit_for_bit(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct signal was = music(&t, 1), got = signal_new(&t, 1);
    for (int64_t i = 0; i < 2 * was.count; i++)
        got.stereo[i] = was.stereo[i] *= 0.5f;
    struct limiter *l = limiter_new(&t, 0.95);
    for (int64_t at = 0; at < got.count; at += 777)
        limiter_run(l, got.stereo + 2 * at, (int)(got.count - at < 777 ? got.count - at : 777));
    assert_memory_equal(got.stereo + 2 * LIMITER_DELAY, was.stereo,
                        2 * (size_t)(was.count - LIMITER_DELAY) * sizeof(float));
    task_done(&t);
}

static void nothing_passes_the_ceiling(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct signal s = music(&t, 2);
    signal_noise(&s, 0.4, 3);
    for (int64_t i = 0; i < 2 * s.count; i++)
        s.stereo[i] *= 4;
    limiter_run(limiter_new(&t, 0.8), s.stereo, (int)s.count);
    struct true_peak *p = true_peak_new(&t);
    float heights[1000], highest = 0;
    for (int64_t at = 0; at < s.count; at += 1000) {
        true_peak_run(p, s.stereo + 2 * at, 1000, heights);
        for (int i = 0; i < 1000; i++)
            highest = fmaxf(highest, heights[i]);
    }
    assert_true(highest > 0.7 && highest < 0.805);
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_silent_film_has_a_silent_track),
        cmocka_unit_test(every_sample_stays_at_its_place),
        cmocka_unit_test(the_joint_between_encoders_cannot_be_heard),
        cmocka_unit_test(the_level_is_the_one_asked_for),
        cmocka_unit_test(parts_lie_where_they_were_put),
        cmocka_unit_test(music_steps_back_while_somebody_speaks),
        cmocka_unit_test(a_voice_is_as_loud_as_the_music_was),
        cmocka_unit_test(without_both_nothing_steps_back),
        cmocka_unit_test(a_long_song_fades_out),
        cmocka_unit_test(aac_that_is_wanted_as_it_is_is_copied),
        cmocka_unit_test(a_last_packet_that_lies_is_not_copied),
        cmocka_unit_test(the_same_request_gives_the_same_bytes),
        cmocka_unit_test(what_cannot_be_mixed_is_refused),
        cmocka_unit_test(quiet_sound_passes_the_limiter_bit_for_bit),
        cmocka_unit_test(nothing_passes_the_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
