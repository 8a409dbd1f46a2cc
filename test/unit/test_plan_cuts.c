/*
 * The cut: properties that hold for any song (whole length, lengths that can be filmed, on the beat wherever there is
 * one, the same again), on a few hundred random grids; the cheapest of all cuts on grids small enough to try them
 * all; and refusals that say what can be had.
 */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "plan/plan.h"

static int64_t veo_frames[] = { 96, 144, 192 };

struct grid {
    struct song_map  song;
    struct cut_request request;
};

/* A song of `seconds` with beats at a tempo, off by a little, from a pick-up on; sections of eight bars. */
static struct song_map song_make(struct arena *a, struct rng *r, double seconds, double bpm)
{
    size_t most = (size_t)(seconds * bpm / 60) + 2;
    struct song_map s = { .duration_us = (int64_t)(seconds * 1e6), .tempo_bpm = bpm };
    s.beats_us = arena_array(a, int64_t, most);
    s.strong   = arena_array(a, int64_t, most);
    s.energy   = arena_array(a, double, most);
    s.sections = arena_array(a, struct song_section, SECTIONS_MAX);
    double at = rng_between(r, 0.05, 1.5);
    for (size_t i = 0; i < most && at < seconds; i++, at += 60 / bpm) {
        s.beats_us[i] = (int64_t)(at * 1e6 + rng_between(r, -4000, 4000));
        s.strong[i]   = i % 4 == 0 ? 80 : i % 4 == 2 ? 40 : 15;
        s.energy[i]   = rng_unit(r);
        s.beat_count  = i + 1;
    }
    s.strong_count = s.energy_count = s.beat_count;
    for (size_t i = 0; i * 32 < s.beat_count && s.section_count < SECTIONS_MAX; i++) {
        size_t next = (i + 1) * 32;
        s.sections[s.section_count++] = (struct song_section){
            .start_us = i ? s.beats_us[i * 32] : 0,
            .end_us   = next < s.beat_count ? s.beats_us[next] : s.duration_us,
            .label    = "verse",
        };
    }
    return s;
}

static struct cut_request request_make(const struct song_map *song, int64_t frame_count)
{
    return (struct cut_request){
        .frame_count = frame_count, .song = song,
        .lengths = { .allowed_frames = veo_frames, .allowed_count = 3, .min_frames = 96, .max_frames = 192 },
        .shot_seconds = 4.5, .shot_seconds_min = 2, .shot_seconds_max = 8, .rhythm = 0.6,
    };
}

static bool on_beat(const struct song_map *song, int64_t frame)
{
    for (size_t i = 0; i < song->beat_count; i++) {
        if (frames_from_us(song->beats_us[i]) == frame)
            return true;
    }
    return false;
}

static void assert_cuts_hold(const struct cut_request *r, const struct cut *cuts, size_t count)
{
    int64_t at = 0;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(cuts[i].start_frame, at);
        assert_true(cuts[i].frame_count >= SHOT_FRAMES_MIN || count == 1);
        assert_true(cuts[i].film_frames >= cuts[i].frame_count);
        assert_int_equal(cuts[i].film_frames, film_length_for(&r->lengths, cuts[i].frame_count));
        if (at > 0 && r->song && !on_beat(r->song, at))
            assert_true(cut_may_leave_beat(r->song, &r->lengths, r->frame_count, at));
        at += cuts[i].frame_count;
    }
    assert_int_equal(at, r->frame_count);
}

static void any_song_is_cut_by_the_rules(void **state)
{
    (void)state;
    struct rng r = rng_new(7);
    for (int i = 0; i < 300; i++) {
        struct task t;
        task_init(&t, "test");
        double seconds = rng_between(&r, 1, 240);
        struct song_map song = song_make(t.arena, &r, seconds, rng_between(&r, 50, 190));
        struct cut_request request = request_make(&song, frames_from_us(song.duration_us));
        request.rhythm = rng_unit(&r);
        request.shot_seconds = rng_between(&r, 2, 9);
        struct cut *cuts, *again;
        size_t count, count_again;
        assert_ok(&t, plan_cuts(&t, &request, &cuts, &count));
        assert_cuts_hold(&request, cuts, count);
        assert_ok(&t, plan_cuts(&t, &request, &again, &count_again));
        assert_int_equal(count, count_again);
        assert_memory_equal(cuts, again, count * sizeof *cuts);
        task_done(&t);
    }
}

static void any_possible_count_is_hit_exactly(void **state)
{
    (void)state;
    struct rng r = rng_new(11);
    for (int i = 0; i < 60; i++) {
        struct task t;
        task_init(&t, "test");
        struct song_map song = song_make(t.arena, &r, rng_between(&r, 20, 90), rng_between(&r, 70, 150));
        struct cut_request request = request_make(&song, frames_from_us(song.duration_us));
        request.scene_count = request.frame_count / 192 + 2 + rng_below(&r, 8);
        struct cut *cuts;
        size_t count;
        assert_ok(&t, plan_cuts(&t, &request, &cuts, &count));
        assert_int_equal(count, request.scene_count);
        assert_cuts_hold(&request, cuts, count);
        task_done(&t);
    }
}

static void songs_with_few_beats_leave_the_beat_only_where_they_must(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int64_t beats[] = { 20000000, 21000000, 22000000, 23000000, 24000000, 25000000, 26000000, 55000000 };
    struct song_map song = { .duration_us = 70000000, .beats_us = beats, .beat_count = 8 };
    struct cut_request request = request_make(&song, frames_from_us(song.duration_us));
    struct cut *cuts;
    size_t count, off = 0;
    assert_ok(&t, plan_cuts(&t, &request, &cuts, &count));
    assert_cuts_hold(&request, cuts, count);
    for (size_t i = 1; i < count; i++) {
        int64_t at = cuts[i].start_frame;
        off += !on_beat(&song, at);
        assert_true(on_beat(&song, at) || at < 480 || at > 624);
    }
    assert_int_equal(off, 2 + 3 + 1);      /* 20 s, 29 s and 15 s in takes of at most 8 s */
    task_done(&t);
}

static void films_without_a_song_are_cut_on_half_seconds_at_the_story(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    double shares[] = { 2, 3, 4, 3, 2, 1 };
    struct cut_request request = request_make(NULL, 15 * 24);
    request.shares = shares;
    request.share_count = 6;
    request.scene_count = 6;
    struct cut *cuts;
    size_t count;
    assert_ok(&t, plan_cuts(&t, &request, &cuts, &count));
    assert_cuts_hold(&request, cuts, count);
    static const int64_t starts[] = { 0, 48, 120, 216, 288, 336 };
    for (size_t i = 0; i < count; i++)
        assert_int_equal(cuts[i].start_frame, starts[i]);
    task_done(&t);
}

/* The last shot is another's: neither rounded up to what the others can film, nor bound to it. */
static void the_last_shot_may_have_lengths_of_its_own(void **state)
{
    (void)state;
    const struct film_lengths drawn = { .min_frames = 12, .max_frames = 720 };
    for (int64_t seconds = 3; seconds <= 60; seconds++) {
        struct task t;
        task_init(&t, "test");
        struct cut_request request = request_make(NULL, seconds * 24);
        request.last_lengths = &drawn;
        struct cut *cuts;
        size_t count;
        assert_ok(&t, plan_cuts(&t, &request, &cuts, &count));
        for (size_t i = 0; i + 1 < count; i++)
            assert_int_equal(cuts[i].film_frames, film_length_for(&request.lengths, cuts[i].frame_count));
        assert_int_equal(cuts[count - 1].film_frames, cuts[count - 1].frame_count);
        task_done(&t);
    }
    struct task t;
    task_init(&t, "test");
    struct cut_request request = request_make(NULL, 20 * 24);
    struct cut *cuts;
    size_t count;
    request.scene_count = 1;
    assert_err(plan_cuts(&t, &request, &cuts, &count), ERR_IMPOSSIBLE);     /* of 8 s at most */
    request.last_lengths = &drawn;
    assert_ok(&t, plan_cuts(&t, &request, &cuts, &count));
    assert_int_equal(cuts[0].film_frames, 20 * 24);
    task_done(&t);
}

/* ---- against all cuts there are ----------------------------------------------------------- */

/* The cost of a given cut, by asking for the film cut at exactly these beats. */
struct search {
    struct task          *t;
    struct cut_request    request;
    const int64_t        *frames;
    size_t                frame_count;
    double                best;
    int                   kept[16], best_kept[16];
    size_t                kept_count, best_count;
};

/* The plain part of the cost, said again here in its own words: pace, weakness, waste. */
static double plain_cost(const struct cut_request *r, int64_t from, int64_t to, double strong)
{
    double seconds = (double)(to - from) / 24, ratio = log(seconds / r->shot_seconds), cost = 6 * ratio * ratio;
    if (seconds < r->shot_seconds_min)
        cost += 40 * log(seconds / r->shot_seconds_min) * log(seconds / r->shot_seconds_min);
    if (seconds > r->shot_seconds_max)
        cost += 40 * log(seconds / r->shot_seconds_max) * log(seconds / r->shot_seconds_max);
    int64_t generated = to - from <= 96 ? 96 : to - from <= 144 ? 144 : 192;
    return cost + 0.9 * (1 - strong) + 0.25 * (double)(generated - (to - from)) / 24;
}

static void try_all(struct search *s, size_t next, int64_t from, double cost)
{
    int64_t end = s->request.frame_count;
    if (end - from <= 192 && end - from >= SHOT_FRAMES_MIN) {
        double whole = cost + plain_cost(&s->request, from, end, 1);
        if (whole < s->best) {
            s->best = whole;
            s->best_count = s->kept_count;
            memcpy(s->best_kept, s->kept, sizeof s->kept);
        }
    }
    for (size_t i = next; i < s->frame_count; i++) {
        int64_t to = s->frames[i];
        if (to - from > 192 || to - from < SHOT_FRAMES_MIN || s->kept_count == 16)
            continue;
        s->kept[s->kept_count++] = (int)to;
        try_all(s, i + 1, to, cost + plain_cost(&s->request, from, to, (double)s->request.song->strong[i] / 100));
        s->kept_count--;
    }
}

static void small_films_are_cut_as_well_as_can_be(void **state)
{
    (void)state;
    struct rng r = rng_new(3);
    for (int round = 0; round < 80; round++) {
        struct task t;
        task_init(&t, "test");
        int64_t beats[18], strong[18], frames[18], at = 0;
        size_t count = 6 + (size_t)rng_below(&r, 12);
        for (size_t i = 0; i < count; i++) {
            at += 10 + rng_below(&r, 60);
            frames[i] = at;
            beats[i]  = us_from_frames(at);
            strong[i] = rng_below(&r, 101);
        }
        struct song_map song = { .beats_us = beats, .beat_count = count, .strong = strong, .strong_count = count };
        struct cut_request request = request_make(&song, at + 20 + rng_below(&r, 60));
        request.rhythm = 0;
        struct search s = { .t = &t, .request = request, .frames = frames, .frame_count = count, .best = 1e9 };
        try_all(&s, 0, 0, 0);
        struct cut *cuts;
        size_t cut_count;
        assert_ok(&t, plan_cuts(&t, &request, &cuts, &cut_count));
        assert_int_equal(cut_count, s.best_count + 1);
        for (size_t i = 1; i < cut_count; i++)
            assert_int_equal(cuts[i].start_frame, s.best_kept[i - 1]);
        task_done(&t);
    }
}

/* ---- refusals ----------------------------------------------------------------------------- */

static void impossible_counts_say_what_is_possible(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct cut_request request = request_make(NULL, 60 * 24);
    struct cut *cuts;
    size_t count;
    request.scene_count = 3;
    assert_err(plan_cuts(&t, &request, &cuts, &count), ERR_IMPOSSIBLE);
    assert_non_null(strstr(t.fault.message, "8 to 120"));
    assert_non_null(strstr(t.fault.next, "targetDuration"));
    request.scene_count = 121;
    assert_err(plan_cuts(&t, &request, &cuts, &count), ERR_IMPOSSIBLE);
    request.scene_count = 120;
    assert_ok(&t, plan_cuts(&t, &request, &cuts, &count));
    request.scene_count = 8;
    assert_ok(&t, plan_cuts(&t, &request, &cuts, &count));
    request.frame_count = 0;
    assert_err(plan_cuts(&t, &request, &cuts, &count), ERR_IMPOSSIBLE);
    request = request_make(NULL, INT64_C(10) * 3600 * 24);
    assert_err(plan_cuts(&t, &request, &cuts, &count), ERR_LIMIT);
    task_done(&t);
}

static void long_films_are_cut_in_no_time(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct rng r = rng_new(5);
    struct song_map song = song_make(t.arena, &r, 3599, 128);
    struct cut_request request = request_make(&song, frames_from_us(song.duration_us));
    request.scene_count = 1000;
    int64_t before = clock_monotonic_us(&clock_real);
    struct cut *cuts;
    size_t count;
    assert_ok(&t, plan_cuts(&t, &request, &cuts, &count));
    assert_cuts_hold(&request, cuts, count);
    int64_t took = clock_monotonic_us(&clock_real) - before;
    print_message("# 1000 scenes over 3599 s: %lld ms\n", (long long)(took / 1000));
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_song_is_cut_by_the_rules),
        cmocka_unit_test(any_possible_count_is_hit_exactly),
        cmocka_unit_test(songs_with_few_beats_leave_the_beat_only_where_they_must),
        cmocka_unit_test(films_without_a_song_are_cut_on_half_seconds_at_the_story),
        cmocka_unit_test(the_last_shot_may_have_lengths_of_its_own),
        cmocka_unit_test(small_films_are_cut_as_well_as_can_be),
        cmocka_unit_test(impossible_counts_say_what_is_possible),
        cmocka_unit_test(long_films_are_cut_in_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
