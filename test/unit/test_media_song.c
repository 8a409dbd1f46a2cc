/*
 * The song map on songs whose truth is known because they are made here: where the beats are, at what tempo,
 * where bars and sections begin, and what is said of sounds that have no beat.
 */
#include "test.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sound_file.h"
#include "base/rng.h"
#include "base/scoped.h"
#include "media/media_op.h"
#include "media/pulse.h"

static void map_of(struct task *t, const struct signal *s, struct song_map *out)
{
    scoped(fd) int fd = sound_file_make(t, s, &(struct sound_file){ "wav", "pcm_s16le", 48000, 2 });
    struct media_files files = { .in = &fd, .in_count = 1, .out = -1 };
    assert_ok(t, media_op_song_map.run(t, NULL, &files, out));
}

/* ---- beats -------------------------------------------------------------------------------- */

enum kind { CLICKS, KICKS, SNARES, BAND, DRUMS_LATE };

static void play(struct signal *s, enum kind kind, double bpm, double offset)
{
    static const int roots[] = { 57, 53, 48, 55 };
    double beat = 60 / bpm, end = (double)s->count / 48000;

    if (kind >= BAND) {
        for (int bar = 0; offset + 4 * bar * beat < end; bar++) {
            bool bare = kind == DRUMS_LATE && bar < 5;
            signal_bar(s, offset + 4 * bar * beat, beat, roots[bar % 4],
                       bare ? BAND_PAD | BAND_LEAD : BAND_KICK | BAND_SNARE | BAND_HATS | BAND_BASS | BAND_PAD);
        }
        return;
    }
    for (double at = offset; at < end; at += beat)
        (kind == CLICKS ? signal_click : kind == KICKS ? signal_kick : signal_snare)(s, at, 0.6);
}

static const struct {
    enum kind kind;
    double    bpm, offset_s, seconds;
} steady[] = {
    { CLICKS, 60, 0.3, 20 },     { CLICKS, 90, 0.45, 20 },     { CLICKS, 120, 0.1, 20 },
    { CLICKS, 140, 0.3, 20 },    { CLICKS, 174, 0.2, 20 },     { KICKS, 97, 0.123, 20 },
    { SNARES, 103, 0.2, 20 },    { BAND, 82, 0.7, 24 },        { BAND, 97.3, 0.33, 20 },
    { BAND, 118, 2.31, 20 },     { BAND, 133, 0.05, 20 },      { DRUMS_LATE, 112, 1, 26 },
};

static void steady_beats_are_where_they_are_heard(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof steady / sizeof *steady; i++) {
        struct task t;
        task_init(&t, "test");
        struct signal s = signal_new(&t, steady[i].seconds);
        struct song_map map;
        double beat = 60 / steady[i].bpm, worst = 0;
        play(&s, steady[i].kind, steady[i].bpm, steady[i].offset_s);
        map_of(&t, &s, &map);
        for (size_t b = 0; b < map.beat_count; b++) {
            double off = remainder((double)map.beats_us[b] / 1e6 - steady[i].offset_s, beat);
            worst = fmax(worst, fabs(off));
        }
        if (fabs(map.tempo_bpm - steady[i].bpm) > 0.01 || worst > 0.003 || map.confidence < 0.8
            || llabs((long long)map.beat_count - llround(steady[i].seconds / beat)) > 1)
            test_failed("%g BPM: heard %.4f, %zu beats, the worst %.1f ms off, confidence %.2f", steady[i].bpm,
                        map.tempo_bpm, map.beat_count, worst * 1e3, map.confidence);
        task_done(&t);
    }
}

static void a_tempo_that_drifts_is_followed(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct signal s = signal_new(&t, 50);
    double truth[200], at = 0.5, worst = 0;
    size_t count = 0, matched = 0;
    while (at < 50) {
        double beat = 60 / (96 + 0.32 * at);                        /* 96 to 112 BPM */
        (count % 2 ? signal_snare : signal_kick)(&s, at, 0.5);
        signal_hat(&s, at, 0.12);
        signal_hat(&s, at + beat / 2, 0.12);
        signal_note(&s, at, beat, 45, 0.15);
        truth[count++] = at;
        at += beat;
    }
    struct song_map map;
    map_of(&t, &s, &map);
    for (size_t i = 0; i < count; i++) {
        double nearest = 1;
        for (size_t b = 0; b < map.beat_count; b++)
            nearest = fmin(nearest, fabs((double)map.beats_us[b] / 1e6 - truth[i]));
        worst = fmax(worst, nearest);
        matched += nearest < 0.01;
    }
    if (worst > 0.015 || matched * 100 < count * 95 || map.beat_count > count + 2 || map.confidence < 0.5)
        test_failed("%zu of %zu drifting beats within 10 ms, the worst %.1f ms off, %zu found, confidence %.2f", matched,
                    count, worst * 1e3, map.beat_count, map.confidence);
    task_done(&t);
}

static void assert_even_steps(const struct song_map *map)
{
    assert_float_equal(map->tempo_bpm, 0, 0);
    assert_float_equal(map->confidence, 0, 0);
    for (size_t i = 0; i < map->beat_count; i++)
        assert_int_equal(map->beats_us[i], (int64_t)i * 2000000);
}

static void what_has_no_pulse_gets_even_steps(void **state)
{
    (void)state;
    struct task t;
    struct song_map map;

    task_init(&t, "test");
    struct signal pad = signal_new(&t, 30);
    for (int i = 0; i < 5; i++)
        signal_pad(&pad, i * 5.7, 7, 57 + i * 2 % 5, 0.3);
    map_of(&t, &pad, &map);
    assert_even_steps(&map);
    assert_int_equal(map.beat_count, 15);

    struct signal noise = signal_new(&t, 20);
    signal_noise(&noise, 0.3, 7);
    map_of(&t, &noise, &map);
    assert_even_steps(&map);
    task_done(&t);
}

/* Rows that no music would give: nothing is read or written outside them, and beats ascend inside the song. */
static void any_row_of_numbers_is_survived(void **state)
{
    (void)state;
    for (int seed = 0; seed < 120; seed++) {
        struct task t;
        struct pulse p;
        struct rng r = rng_new((uint64_t)seed);
        size_t count = (size_t)rng_below(&r, seed % 3 ? 400 : 9000);
        int every = 1 + rng_below(&r, 300);
        task_init(&t, "test");
        float *flux = arena_array(t.arena, float, count + 1);
        for (size_t i = 0; i < count; i++)
            flux[i] = (float)(rng_unit(&r) * rng_unit(&r) + (i % (size_t)every == 0 ? 20 * rng_unit(&r) : 0));
        pulse_find(&t, flux, count, &p);
        for (size_t i = 1; i < p.beat_count; i++)
            assert_true(p.beats[i] > p.beats[i - 1] && p.beats[i] < (double)count);
        task_done(&t);
    }
}

static void silence_and_scraps_are_refused(void **state)
{
    (void)state;
    static const struct { double seconds, gain; const char *says; } cases[] = {
        { 5, 0, "silent" }, { 0.5, 0.3, "shorter" },
    };
    for (size_t i = 0; i < 2; i++) {
        struct task t;
        struct song_map map;
        task_init(&t, "test");
        struct signal s = signal_new(&t, cases[i].seconds);
        signal_sine(&s, 440, cases[i].gain);
        scoped(fd) int fd = sound_file_make(&t, &s, &(struct sound_file){ "wav", "pcm_s16le", 48000, 2 });
        struct media_files files = { .in = &fd, .in_count = 1, .out = -1 };
        assert_err(media_op_song_map.run(&t, NULL, &files, &map), ERR_MEDIA);
        assert_non_null(strstr(t.fault.message, cases[i].says));
        task_done(&t);
    }
}

/* ---- form --------------------------------------------------------------------------------- */

static const struct {
    int         bars, playing;
    const char *label;
} score[] = {
    { 4, BAND_PAD, "intro" },
    { 8, BAND_KICK | BAND_SNARE | BAND_BASS, "verse" },
    { 8, BAND_KICK | BAND_SNARE | BAND_HATS | BAND_BASS | BAND_PAD | BAND_LEAD, "chorus" },
    { 8, BAND_KICK | BAND_SNARE | BAND_BASS, "verse" },
    { 8, BAND_KICK | BAND_SNARE | BAND_HATS | BAND_BASS | BAND_PAD | BAND_LEAD, "chorus" },
    { 4, BAND_PAD | BAND_LEAD, "break" },
    { 8, BAND_KICK | BAND_SNARE | BAND_HATS | BAND_BASS | BAND_PAD | BAND_LEAD, "chorus" },
    { 4, BAND_PAD, "outro" },
};
enum { SCORE_PARTS = sizeof score / sizeof *score };

static struct signal play_score(struct task *t, double bpm, double offset_s)
{
    static const int roots[] = { 57, 53, 48, 55 };
    double bar = 240 / bpm, at = offset_s;
    int bars = 0;

    for (int i = 0; i < SCORE_PARTS; i++)
        bars += score[i].bars;
    struct signal s = signal_new(t, offset_s + bars * bar);
    for (int i = 0, n = 0; i < SCORE_PARTS; i++)
        for (int b = 0; b < score[i].bars; b++, n++, at += bar)
            signal_bar(&s, at, bar / 4, roots[n % 4], score[i].playing);
    return s;
}

static void assert_bars(const struct song_map *map, double bpm, double offset_s)
{
    for (size_t i = 0; i < map->bar_count; i++) {
        double off = remainder((double)map->bars_us[i] / 1e6 - offset_s, 240 / bpm);
        if (fabs(off) > 0.01)
            test_failed("bar %zu at %.3f s is %.3f s off", i, (double)map->bars_us[i] / 1e6, off);
    }
}

static void bars_and_sections_are_those_of_the_score(void **state)
{
    (void)state;
    static const struct { double bpm, offset_s; } cases[] = { { 118, 0 }, { 126, 0.7 } };
    for (size_t c = 0; c < 2; c++) {
        struct task t;
        struct song_map map;
        double bpm = cases[c].bpm, at = cases[c].offset_s;
        task_init(&t, "test");
        struct signal s = play_score(&t, bpm, at);
        map_of(&t, &s, &map);
        assert_bars(&map, bpm, cases[c].offset_s);
        assert_int_equal(map.section_count, SCORE_PARTS);
        for (size_t i = 0; i < map.section_count; i++) {
            if (i > 0)
                assert_float_equal((double)map.sections[i].start_us / 1e6, at, 0.01);
            assert_string_equal(map.sections[i].label, score[i].label);
            at += score[i].bars * 240 / bpm;
        }
        task_done(&t);
    }
}

/* The song of the examples is heard as it was written (tools/example_song.c). */
static void the_example_song_is_heard_as_it_was_written(void **state)
{
    (void)state;
    static const char *const labels[] = { "intro", "verse", "chorus", "break", "chorus", "outro" };
    struct task t;
    struct song_map map;
    task_init(&t, "test");
    const char *source = getenv("STORYREEL_SOURCE");
    assert_non_null(source);
    scoped(fd) int fd = open(arena_format(t.arena, "%s/examples/song.m4a", source), O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    struct media_files files = { .in = &fd, .in_count = 1, .out = -1 };
    assert_ok(&t, media_op_song_map.run(&t, NULL, &files, &map));
    assert_int_equal(map.duration_us, 50000000);
    assert_float_equal(map.tempo_bpm, 118, 0.02);
    assert_float_equal(map.loudness_lufs, -14, 0.5);
    assert_bars(&map, 118, 0);
    for (size_t i = 0; i < map.beat_count; i++)
        assert_float_equal(remainder((double)map.beats_us[i] / 1e6, 60.0 / 118), 0, 0.01);
    assert_int_equal(map.section_count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(map.sections[i].label, labels[i]);
        assert_float_equal((double)map.sections[i].start_us / 1e6, (double)i * 16 * 60 / 118, 0.01);
    }
    task_done(&t);
}

static void the_map_holds_together(void **state)
{
    (void)state;
    struct task t;
    struct song_map map, again;
    task_init(&t, "test");
    struct signal s = play_score(&t, 120, 0.25);
    map_of(&t, &s, &map);
    map_of(&t, &s, &again);
    assert_string_equal(fields_encode_text(t.arena, song_map_fields, &map),
                        fields_encode_text(t.arena, song_map_fields, &again));
    assert_int_equal(map.sample_count, s.count);
    assert_int_equal(map.strong_count, map.beat_count);
    assert_int_equal(map.energy_count, map.beat_count);
    assert_int_equal(map.sections[0].start_us, 0);
    assert_int_equal(map.sections[map.section_count - 1].end_us, map.duration_us);
    for (size_t i = 1; i < map.section_count; i++)
        assert_int_equal(map.sections[i].start_us, map.sections[i - 1].end_us);
    for (size_t i = 0; i < map.beat_count; i++) {
        int64_t at = map.beats_us[i], strong = map.strong[i];
        bool starts_section = at == map.bars_us[0], starts_bar = false;
        for (size_t k = 0; k < map.section_count; k++)
            starts_section |= map.sections[k].start_us == at;
        for (size_t k = 0; k < map.bar_count; k++)
            starts_bar |= map.bars_us[k] == at;
        assert_true(i == 0 || map.beats_us[i - 1] < at);
        assert_true(starts_section ? strong == 100 : starts_bar ? strong >= 60 && strong < 100 : strong < 60);
    }
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_beats_are_where_they_are_heard),
        cmocka_unit_test(a_tempo_that_drifts_is_followed),
        cmocka_unit_test(what_has_no_pulse_gets_even_steps),
        cmocka_unit_test(any_row_of_numbers_is_survived),
        cmocka_unit_test(silence_and_scraps_are_refused),
        cmocka_unit_test(bars_and_sections_are_those_of_the_score),
        cmocka_unit_test(the_example_song_is_heard_as_it_was_written),
        cmocka_unit_test(the_map_holds_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
