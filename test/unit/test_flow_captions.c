/*
 * What is read along: the words of a voice share its time by letters, a sentence or a glance at a time; lines of scenes
 * wait for it; nothing overlaps, nothing is lost, nothing is past the film's end.
 */
#include "test.h"

#include <string.h>

#include "base/text.h"
#include "flow/captions.h"
#include "flow/graph.h"

static struct project project_that_says(const char *words, int64_t frames)
{
    return (struct project){ .captions = "burned", .voice = { .words = words, .model = "", .frames = frames } };
}

static struct scene scene_of(int64_t sequence, int64_t frames, const char *line)
{
    return (struct scene){ .sequence = sequence, .used_frames = frames, .line = line };
}

static const struct {
    const char *words, *read[6];
} voices[] = {
    { "", { 0 } },
    { "Ember. Warm before the sun is up.", { "Ember. Warm before the sun is up." } },
    { "One kettle for the whole house! Is it red? It is, and it sings at 3.5 bars.",
      { "One kettle for the whole house!", "Is it red? It is, and it sings at 3.5 bars." } },
    { "She said: \"Carry me over the water.\" Nobody answered her... The river did, in time.",
      { "She said: \"Carry me over the water.\"", "Nobody answered her...", "The river did, in time." } },
    { "This sentence goes on for much longer than anybody can read at a glance, because whoever wrote it liked its sound.",
      { "This sentence goes on for much longer than anybody can read", "at a glance, because whoever wrote it liked its sound." } },
    { "夜明け前の台所。赤いやかんが歌い出す。", { "夜明け前の台所。", "赤いやかんが歌い出す。" } },
    { "  two \n lines  ", { "two lines" } },
};

static void a_voice_is_read_in_glances(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof voices / sizeof *voices; i++) {
        struct task t;
        size_t count, wanted = 0;
        task_init(&t, "test");
        struct project p = project_that_says(voices[i].words, 240);
        struct scene scenes[] = { scene_of(1, 120, ""), scene_of(2, 240, "") };
        struct film_caption *got = film_captions(&t, &p, scenes, 2, &count);
        int64_t end = 0;
        for (; wanted < count; wanted++) {
            if (!voices[i].read[wanted] || !text_equal(got[wanted].words, voices[i].read[wanted]))
                test_failed("\"%s\": %zu is \"%s\"", voices[i].words, wanted, got[wanted].words);
            assert_int_equal(got[wanted].at_frame, end);
            end += got[wanted].frame_count;
        }
        assert_null(voices[i].read[wanted]);
        assert_int_equal(end, count ? 240 : 0);
        task_done(&t);
    }
}

static void a_voice_that_is_not_there_yet_takes_as_long_as_reading_it(void **state)
{
    struct task t;
    size_t count;
    (void)state;
    task_init(&t, "test");
    struct project p = project_that_says("Ember. Warm before the sun is up.", 0);
    struct scene scene = scene_of(1, 2400, "");
    struct film_caption *got = film_captions(&t, &p, &scene, 1, &count);
    assert_int_equal(got[0].frame_count, (int64_t)(project_sound_seconds(&p, ARTIFACT_VOICE) * 24 + 0.5));
    task_done(&t);
}

static void lines_of_scenes_wait_for_the_voice(void **state)
{
    struct task t;
    size_t count;
    (void)state;
    task_init(&t, "test");
    struct project p = project_that_says("Twenty letters are here.", 100);
    struct scene scenes[] = { scene_of(1, 48, "unheard"), scene_of(2, 60, "gone too soon"), scene_of(3, 48, "la"),
                              scene_of(4, 24, "") };
    struct film_caption *got = film_captions(&t, &p, scenes, 4, &count);
    assert_int_equal(count, 2);
    assert_true(got[0].at_frame == 0 && got[0].frame_count == 100);
    assert_true(got[1].at_frame == 108 && got[1].frame_count == 48 && text_equal(got[1].words, "la"));
    scenes[1].used_frames = 90;
    got = film_captions(&t, &p, scenes, 4, &count);
    assert_int_equal(count, 3);
    assert_true(got[1].at_frame == 100 && got[1].frame_count == 38);
    p.voice.frames = 4000;                                          /* longer than the film */
    got = film_captions(&t, &p, scenes, 4, &count);
    assert_true(count == 1 && got[0].frame_count == 48 + 90 + 48 + 24);
    task_done(&t);
}

static void a_scene_sees_what_is_read_in_its_time(void **state)
{
    static const struct film_caption all[] = { { 0, 30, "a" }, { 30, 30, "b" }, { 90, 20, "c" } };
    struct task t;
    size_t count;
    (void)state;
    task_init(&t, "test");
    struct film_caption *in = captions_within(&t, all, 3, 20, 75, &count);
    assert_string_equal(captions_text(&t, in, count), "0+10 a\n10+30 b\n70+5 c\n");
    captions_within(&t, all, 3, 60, 30, &count);
    assert_int_equal(count, 0);
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_voice_is_read_in_glances),
        cmocka_unit_test(a_voice_that_is_not_there_yet_takes_as_long_as_reading_it),
        cmocka_unit_test(lines_of_scenes_wait_for_the_voice),
        cmocka_unit_test(a_scene_sees_what_is_read_in_its_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
