/*
 * One scene of an idea: the idea's words as they were written, who the film is about in the film's wording, framed as
 * the words ask, placed where they say or where the scene before was, and the same every time.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "plan/plan.h"

#define HERO    "a young night courier with a dark bob, in a yellow raincoat"
#define PRODUCT "the Ember kettle, copper, with a wooden handle"

struct fixture {
    struct task         task;
    struct mode         mode;
    struct style        style;
    struct plan_request film;
};

static void begin(struct fixture *f, const char *mode)
{
    *f = (struct fixture){ 0 };
    task_init(&f->task, "test");
    struct data_folders folders = { .shipped = getenv("STORYREEL_SOURCE") };
    assert_ok(&f->task, mode_load(&f->task, &folders, mode, &f->mode));
    assert_ok(&f->task, style_load(&f->task, &folders, "storyreel", &f->style));
    f->film = (struct plan_request){
        .mode = &f->mode, .style = &f->style, .concept = "A courier races the dawn through a rainy city", .character = HERO,
        .product = text_equal(mode, "ad-creative") ? PRODUCT : "", .product_name = "", .call_to_action = "", .lyrics = "",
        .frame_count = 480, .lengths = { .min_frames = 12, .max_frames = 720 }, .seed = 1,
    };
}

static const struct look near_look = { .place = PLACE_BRIDGE, .time = TIME_NIGHT, .weather = WEATHER_RAIN };

static struct planned_scene scene_of(struct fixture *f, const char *idea)
{
    static const char *const titles[] = { "A tram passes" };
    struct planned_scene s;
    struct idea_request request = {
        .film = &f->film, .idea = idea, .cut = { .start_frame = 96, .frame_count = 72, .film_frames = 72 },
        .story_beat = "", .section = "verse", .energy = 0.4, .near = &near_look, .titles = titles, .title_count = 1,
    };
    assert_ok(&f->task, plan_idea(&f->task, &planner_offline, &request, &s));
    return s;
}

static void the_idea_stands_as_it_was_written(void **state)
{
    (void)state;
    static const char *const ideas[] = {
        "The courier finds a letter under the old bridge, and reads it twice", "she laughs", "Nothing. Only rain",
        "Vampire im Regen: ein Hund bellt \xE2\x80\x9Eleise\xE2\x80\x9C", "x", "1234 !!", "A {hero} [runs] <fast>",
    };
    for (size_t i = 0; i < sizeof ideas / sizeof *ideas; i++) {
        struct fixture f;
        begin(&f, i % 2 ? "ad-creative" : "music-video");
        struct planned_scene one = scene_of(&f, ideas[i]), two = scene_of(&f, ideas[i]);
        if (!strstr(one.prompt, ideas[i]))
            test_failed("\"%s\" is not in \"%s\"", ideas[i], one.prompt);
        assert_string_equal(one.prompt, two.prompt);
        assert_string_equal(one.title, two.title);
        assert_true(*one.title && *one.camera && *one.negative_prompt && *one.action);
        assert_true(one.look.place && one.look.shot && one.look.move && one.look.time);
        assert_true(one.cut.frame_count == 72 && !one.end_card);
        task_done(&f.task);
    }
}

static void who_it_is_about_is_called_as_everywhere(void **state)
{
    (void)state;
    static const struct {
        const char *mode, *idea;
        bool        hero, product;
    } rows[] = {
        { "music-video", "The courier sleeps in a doorway", true, false },
        { "music-video", "close-up of her hand on a red door", true, false },
        { "music-video", "A tram passes, empty", false, false },
        { "ad-creative", "The kettle steams on a window sill", false, true },
        { "ad-creative", "The courier lifts the kettle", true, true },
        { "ad-creative", "Snow falls on the roofs", false, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture f;
        begin(&f, rows[i].mode);
        struct planned_scene s = scene_of(&f, rows[i].idea);
        bool hero = false, product = false;
        for (size_t k = 0; k < s.look.cast_count; k++) {
            hero |= text_equal(s.look.cast[k].name, plan_hero_name(&f.task, &f.film));
            product |= s.look.cast[k].kind == FIGURE_PRODUCT;
        }
        if (hero != rows[i].hero || product != rows[i].product || (strstr(s.prompt, HERO) != NULL) != rows[i].hero ||
            (strstr(s.prompt, PRODUCT) != NULL) != rows[i].product || s.product_shot != rows[i].product)
            test_failed("\"%s\" became \"%s\"", rows[i].idea, s.prompt);
        task_done(&f.task);
    }
}

static void what_it_does_not_say_is_as_before(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, "music-video");
    struct planned_scene s = scene_of(&f, "She stops and looks back");
    assert_int_equal(s.look.place, PLACE_BRIDGE);
    assert_int_equal(s.look.time, TIME_NIGHT);
    assert_int_equal(s.look.weather, WEATHER_RAIN);
    s = scene_of(&f, "She dances in a desert at noon");
    assert_int_equal(s.look.place, PLACE_DESERT);
    assert_int_equal(s.look.time, TIME_DAY);
    assert_int_equal(s.look.cast[0].action, ACTION_DANCE);
    assert_string_not_equal(scene_of(&f, "A tram passes").title, "A tram passes");       /* that title is taken */
    task_done(&f.task);
}

static void words_frame_the_picture(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        int         shot, move;
    } rows[] = {
        { "Close-up, slow push in", SHOT_CLOSE_UP, MOVE_PUSH_IN },
        { "EXTREME CLOSE UP of an eye", SHOT_EXTREME_CLOSE_UP, 0 },
        { "an extreme wide shot, crane up", SHOT_EXTREME_WIDE, MOVE_CRANE_UP },
        { "wide", SHOT_WIDE, 0 },
        { "medium shot, hand-held", SHOT_MEDIUM, MOVE_HANDHELD },
        { "the camera pans left", 0, MOVE_PAN_LEFT },
        { "a widely known street, he closes the door", 0, 0 },
        { "", 0, 0 },
    };
    struct task t;
    task_init(&t, "test");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct framing said = framing_from_text(&t, rows[i].words);
        if (said.shot != rows[i].shot || said.move != rows[i].move)
            test_failed("\"%s\" is shot %d, move %d", rows[i].words, said.shot, said.move);
    }
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_idea_stands_as_it_was_written),
        cmocka_unit_test(who_it_is_about_is_called_as_everywhere),
        cmocka_unit_test(what_it_does_not_say_is_as_before),
        cmocka_unit_test(words_frame_the_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
