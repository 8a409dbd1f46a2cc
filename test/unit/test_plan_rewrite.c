/*
 * A scene in other words: every scene of every kind of film stays one that plan_check() accepts, its people and product
 * keep their wording byte for byte, what happens in it is not touched, and an instruction is done or said.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "plan/plan.h"

#define HERO    "a young night courier with a dark bob, in a yellow raincoat. She smiles rarely"
#define PRODUCT "the Ember kettle, copper, with a wooden handle"

struct fixture {
    struct task         task;
    struct mode         mode;
    struct style        style, *styles;
    size_t              style_count;
    struct plan_request film;
    struct plan         plan;
};

static void use_style(struct fixture *f, const char *style)
{
    struct data_folders folders = { .shipped = getenv("STORYREEL_SOURCE") };
    assert_ok(&f->task, style_load(&f->task, &folders, style, &f->style));
}

static void begin(struct fixture *f, const char *mode, const char *style)
{
    struct data_folders folders = { .shipped = getenv("STORYREEL_SOURCE") };
    *f = (struct fixture){ 0 };
    task_init(&f->task, "test");
    assert_ok(&f->task, mode_load(&f->task, &folders, mode, &f->mode));
    assert_ok(&f->task, style_list(&f->task, &folders, &f->styles, &f->style_count));
    use_style(f, style);
    f->film = (struct plan_request){
        .mode = &f->mode, .style = &f->style, .concept = "A courier races the dawn through a rainy city",
        .character = HERO, .product = text_equal(mode, "ad-creative") ? PRODUCT : "", .product_name = "",
        .call_to_action = "", .lyrics = "", .frame_count = 960,
        .lengths = { .min_frames = 12, .max_frames = 720 }, .seed = 7,
    };
    assert_ok(&f->task, plan_draft(&f->task, &planner_offline, &f->film, &f->plan));
}

static struct planned_scene rewritten_in(struct fixture *f, size_t index, const char *wish, int64_t seed)
{
    struct planned_scene out;
    const struct rewrite_request request = {
        .film = &f->film, .instruction = wish, .scenes = f->plan.scenes, .scene_count = f->plan.scene_count,
        .index = index, .styles = f->styles, .style_count = f->style_count, .seed = seed,
    };
    assert_ok(&f->task, plan_rewrite(&f->task, &planner_offline, &request, &out));
    return out;
}

/* By itself, whatever else there is. */
static struct planned_scene rewritten(struct fixture *f, const struct planned_scene *scene, const char *wish,
                                      int64_t seed)
{
    struct planned_scene alone = *scene;
    const struct plan plan = f->plan;
    f->plan = (struct plan){ .scenes = &alone, .scene_count = 1 };
    struct planned_scene out = rewritten_in(f, 0, wish, seed);
    f->plan = plan;
    return out;
}

static void assert_has(const char *prompt, const char *words)
{
    if (!strstr(prompt, words))
        test_failed("\"%s\" is not in \"%s\"", words, prompt);
}

static const struct {
    const char *mode, *style, *later;      /* the style of the plan, and of today */
} films[] = {
    { "music-video", "noir", "noir" }, { "music-video", "anime", "wes-anderson" },
    { "ad-creative", "storyreel", "storyreel" }, { "ad-creative", "product-reveal", "hype-williams" },
};

/* Every scene in its turn is replaced by its other words; the plan stays one that may be filmed. */
static void a_plan_stays_a_plan(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof films / sizeof *films; i++) {
        struct fixture f;
        begin(&f, films[i].mode, films[i].style);
        use_style(&f, films[i].later);
        for (size_t k = 0; k < f.plan.scene_count; k++) {
            struct planned_scene was = f.plan.scenes[k];
            struct planned_scene now = rewritten_in(&f, k, "", 3);
            assert_string_not_equal(now.prompt, was.prompt);
            assert_string_equal(now.title, was.title);
            assert_string_equal(now.action, was.action);
            if (strstr(was.prompt, HERO))
                assert_has(now.prompt, HERO);
            if (strstr(was.prompt, PRODUCT))
                assert_has(now.prompt, PRODUCT);
            assert_has(now.prompt, f.style.words[f.style.word_count - 1]);
            f.plan.scenes[k] = now;
            assert_ok(&f.task, plan_check(&f.task, &f.film, &f.plan));
        }
        task_done(&f.task);
    }
}

/* The first seven words of what happens; nothing of what another style says. */
static void what_happens_stays_and_the_old_style_goes(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, "music-video", "noir");
    const struct style noir = f.style;
    use_style(&f, "anime");
    for (size_t i = 0; i < f.plan.scene_count; i++) {
        const char *was = f.plan.scenes[i].prompt, *event = strchr(was, ':');
        struct planned_scene now = rewritten(&f, &f.plan.scenes[i], "", 3);
        assert_non_null(event);
        assert_has(now.prompt, arena_copy_n(f.task.arena, event, 40));
        for (size_t k = 0; k < noir.word_count; k++)
            assert_null(strstr(now.prompt, noir.words[k]));
        for (size_t k = 0; k < noir.light_count; k++)
            assert_null(strstr(now.prompt, noir.light[k]));
    }
    task_done(&f.task);
}

static void a_seed_is_a_proposal(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, "music-video", "noir");
    struct planned_scene scene = f.plan.scenes[1];
    assert_string_equal(rewritten(&f, &scene, "", 5).prompt, rewritten(&f, &scene, "", 5).prompt);
    assert_string_not_equal(rewritten(&f, &scene, "", 5).prompt, rewritten(&f, &scene, "", 6).prompt);
    size_t bytes = strlen(scene.prompt);
    for (int64_t seed = 1; seed < 20; seed++)
        scene = rewritten(&f, &scene, "", seed);
    assert_true(strlen(scene.prompt) < bytes + 120);      /* said twenty times, and once */
    task_done(&f.task);
}

static void an_instruction_is_done_or_said(void **state)
{
    (void)state;
    static const struct {
        const char *wish;
        int         shot, move, time, weather;      /* 0: whatever it is */
        const char *said;                           /* in the prompt; NULL for none of it */
    } rows[] = {
        { "close-up", SHOT_CLOSE_UP, 0, 0, 0, "lose-up" },
        { "Extreme wide shot, slow push in", SHOT_EXTREME_WIDE, MOVE_PUSH_IN, 0, 0, "xtreme wide shot" },
        { "at night", 0, 0, TIME_NIGHT, 0, "at night" },
        { "at dusk, in the snow", 0, 0, TIME_DUSK, WEATHER_SNOW, "at dusk in falling snow" },
        { "she laughs and turns round", 0, 0, 0, 0, "Direction: she laughs and turns round." },
        { "static, and then she drops the parcel on the wet stones", 0, MOVE_STATIC, 0, 0,
          "and then she drops the parcel on the wet stones" },
        { "mach es \xC3\xA4lter", 0, 0, 0, 0, "Direction: mach es \xC3\xA4lter." },
    };
    struct fixture f;
    begin(&f, "music-video", "noir");
    const struct planned_scene *scene = &f.plan.scenes[1];      /* "Medium shot, at dawn in the rain: the courier ..." */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct planned_scene now = rewritten(&f, scene, rows[i].wish, 1);
        assert_has(now.prompt, rows[i].said);
        assert_true(!rows[i].shot || now.look.shot == rows[i].shot);
        assert_true(!rows[i].move || now.look.move == rows[i].move);
        assert_true(!rows[i].time || (now.look.time == rows[i].time && !strstr(now.prompt, "at dawn")));
        assert_true(!rows[i].weather || (now.look.weather == rows[i].weather && !strstr(now.prompt, "in the rain")));
        assert_has(now.prompt, HERO);
    }
    int closer = rewritten(&f, scene, "closer", 1).look.shot, wider = rewritten(&f, scene, "wider", 1).look.shot;
    assert_true(closer == scene->look.shot + 1 && wider == scene->look.shot - 1);
    task_done(&f.task);
}

/* What nobody's rules know stays whole; a wording that looks like a style's phrase is nobody's phrase. */
static void prompts_of_people_stay_whole(void **state)
{
    (void)state;
    static const char *const prompts[] = {
        "Ein Hund bellt im Regen. Er ist leise.",
        "A dog runs. \xE2\x80\x9CStay.\xE2\x80\x9D he says! Why? 3.5 mm of rain.",
        "Nothing but a very long sentence about a dog that walks home without a full stop",
    };
    struct fixture f;
    begin(&f, "music-video", "noir");
    for (size_t i = 0; i < sizeof prompts / sizeof *prompts; i++) {
        struct planned_scene scene = f.plan.scenes[0];
        scene.prompt = prompts[i];
        scene.look.cast_count = 0;
        assert_has(rewritten(&f, &scene, "", 1).prompt, prompts[i]);
    }
    struct planned_scene scene = f.plan.scenes[1];
    f.film.character = "smoke in the beam";
    scene.prompt = "Smoke. Smoke in the beam. smoke in the beam. A dog runs along the river.";
    assert_has(rewritten(&f, &scene, "", 1).prompt, ". smoke in the beam. A dog runs");
    task_done(&f.task);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_stays_a_plan),
        cmocka_unit_test(what_happens_stays_and_the_old_style_goes),
        cmocka_unit_test(a_seed_is_a_proposal),
        cmocka_unit_test(an_instruction_is_done_or_said),
        cmocka_unit_test(prompts_of_people_stay_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
