/* The check: a good plan passes; each rule, broken alone, is refused with the scene and field it was broken in. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

static const char character[] = "Mara, a courier in a yellow raincoat";
static const char product[] = "Ember, a red enamel kettle";

struct world {
    struct task         t;
    struct mode         mode;
    struct style        style;
    struct song_map     song;
    int64_t             beats_us[400];
    int64_t             allowed[3];
    struct plan_request request;
    struct plan         plan;
};

static void world_make(struct world *w, const char *mode)
{
    *w = (struct world){ .allowed = { 96, 144, 192 } };
    task_init(&w->t, "test");
    struct data_folders folders = { .shipped = getenv("STORYREEL_SOURCE") };
    assert_ok(&w->t, mode_load(&w->t, &folders, mode, &w->mode));
    assert_ok(&w->t, style_load(&w->t, &folders, "storyreel", &w->style));
    for (size_t i = 0; i < 80; i++)
        w->beats_us[i] = (int64_t)i * 500000;
    w->song = (struct song_map){ .duration_us = 40000000, .beats_us = w->beats_us, .beat_count = 80 };
    w->request = (struct plan_request){
        .mode = &w->mode, .style = &w->style, .concept = "A courier loses a red kite in the city", .character = character,
        .product = w->mode.needs_song ? "" : product, .product_name = "", .call_to_action = "", .lyrics = "",
        .song = w->mode.needs_song ? &w->song : NULL, .frame_count = w->mode.needs_song ? 960 : 480,
        .lengths = { .allowed_frames = w->allowed, .allowed_count = 3, .min_frames = 96, .max_frames = 192 },
    };
    assert_ok(&w->t, plan_draft(&w->t, &planner_offline, &w->request, &w->plan));
}

/* The first scene from 1 on with the hero (or the product) in it. */
static size_t scene_with(const struct world *w, bool with_product)
{
    for (size_t i = 1; i < w->plan.scene_count; i++) {
        const struct planned_scene *s = &w->plan.scenes[i];
        if (with_product ? s->product_shot : s->look.cast_count > 0 && strcmp(s->look.cast[0].name, "Mara") == 0)
            return i;
    }
    test_failed("nobody is in the plan");
    return 0;
}

/* ---- one broken rule each ----------------------------------------------------------------- */

static void no_scenes(struct world *w)            { w->plan.scene_count = 0; }
static void one_scene_short(struct world *w)      { w->plan.scene_count--; }
static void gap(struct world *w)                  { w->plan.scenes[1].cut.start_frame++; }
static void off_the_beat(struct world *w)
{
    w->plan.scenes[0].cut.frame_count += 5;
    w->plan.scenes[1].cut.start_frame += 5;
    w->plan.scenes[1].cut.frame_count -= 5;
    w->plan.scenes[0].cut.film_frames = 192;
}
static void take_nobody_films(struct world *w)    { w->plan.scenes[2].cut.film_frames = 100; }
static void take_too_short(struct world *w)       { w->plan.scenes[2].cut.film_frames = w->plan.scenes[2].cut.frame_count - 1; }
static void wrong_count(struct world *w)          { w->request.scene_count = 3; }
static void no_prompt(struct world *w)            { w->plan.scenes[1].prompt = "   "; }
static void missing_prompt(struct world *w)       { w->plan.scenes[1].prompt = NULL; }
static void bad_utf8(struct world *w)             { w->plan.scenes[1].prompt = "a prompt that is long enough \xC3\x28"; }
static void no_title(struct world *w)             { w->plan.scenes[1].title = ""; }
static void long_title(struct world *w)
{
    char *title = arena_alloc(w->t.arena, NAME_BYTES_MAX + 2);
    memset(title, 'a', NAME_BYTES_MAX + 1);
    w->plan.scenes[1].title = title;
}
static void long_prompt(struct world *w)
{
    char *prompt = arena_alloc(w->t.arena, PROMPT_BYTES_MAX + 2);
    memset(prompt, 'a', PROMPT_BYTES_MAX + 1);
    w->plan.scenes[1].prompt = prompt;
}
/* In characters: what the model reads is not counted in bytes. */
static void more_than_the_model_reads(struct world *w)
{
    char *prompt = arena_alloc(w->t.arena, 2 * 1601 + 1);
    for (int i = 0; i < 1601; i++)
        memcpy(prompt + 2 * i, "\xc3\xa4", 2);
    prompt[2 * 1601] = 0;
    w->request.prompt_chars_max = 1600;
    w->plan.scenes[1].prompt = prompt;
}
static void same_title(struct world *w)
{
    w->plan.scenes[2].title = arena_format(w->t.arena, " %s ", w->plan.scenes[1].title);
}
static void same_prompt(struct world *w)
{
    w->plan.scenes[2].prompt          = w->plan.scenes[1].prompt;
    w->plan.scenes[2].look.cast_count = 0;
    w->plan.scenes[2].lips_move       = false;
}
static void same_picture(struct world *w)
{
    const char *prompt = w->plan.scenes[1].prompt;
    w->plan.scenes[2].look   = w->plan.scenes[1].look;
    w->plan.scenes[2].prompt = arena_format(w->t.arena, "%s Again.", prompt);
}
static void no_place(struct world *w)             { w->plan.scenes[1].look.place = PLACE_NOT_SET; }
static void other_words_for_her(struct world *w)
{
    w->plan.scenes[scene_with(w, false)].prompt = "Wide shot of the street: a courier in a raincoat runs past the market.";
}
static void other_words_for_it(struct world *w)
{
    w->plan.scenes[scene_with(w, true)].prompt = "Mara, a courier in a yellow raincoat, with a red kettle in both hands.";
}
static void ghost_singer(struct world *w)
{
    w->plan.scenes[1].lips_move = true;
    w->plan.scenes[1].look.cast_count = 0;
}
static void no_product(struct world *w)
{
    for (size_t i = 0; i < w->plan.scene_count; i++)
        w->plan.scenes[i].product_shot = false;
}
static void early_end_card(struct world *w)       { w->plan.scenes[1].end_card = true; }
static void no_end_card(struct world *w)          { w->plan.scenes[w->plan.scene_count - 1].end_card = false; }
static void nameless_end_card(struct world *w)    { w->plan.scenes[w->plan.scene_count - 1].card_title = ""; }

static void each_broken_rule_is_refused_where_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *mode, *field;
        void      (*mutate)(struct world *w);
    } cases[] = {
        { "music-video", "scenes", no_scenes },
        { "music-video", "scenes", one_scene_short },
        { "music-video", "scenes[1].cut.startFrame", gap },
        { "music-video", "scenes[1].cut.startFrame", off_the_beat },
        { "music-video", "scenes[2].cut.filmFrames", take_nobody_films },
        { "music-video", "scenes[2].cut.filmFrames", take_too_short },
        { "music-video", "scenes", wrong_count },
        { "music-video", "scenes[1].prompt", no_prompt },
        { "music-video", "scenes[1].prompt", missing_prompt },
        { "music-video", "scenes[1].prompt", bad_utf8 },
        { "music-video", "scenes[1].prompt", long_prompt },
        { "music-video", "scenes[1].prompt", more_than_the_model_reads },
        { "music-video", "scenes[1].title", no_title },
        { "music-video", "scenes[1].title", long_title },
        { "music-video", "scenes[2].title", same_title },
        { "music-video", "scenes[2].prompt", same_prompt },
        { "music-video", "scenes[2].look", same_picture },
        { "music-video", "scenes[1].look", no_place },
        { "music-video", ".prompt", other_words_for_her },
        { "music-video", "scenes[1].lipsMove", ghost_singer },
        { "ad-creative", ".prompt", other_words_for_it },
        { "ad-creative", "scenes", no_product },
        { "ad-creative", "scenes[1].endCard", early_end_card },
        { "ad-creative", ".endCard", no_end_card },
        { "ad-creative", ".cardTitle", nameless_end_card },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w;
        world_make(&w, cases[i].mode);
        assert_ok(&w.t, plan_check(&w.t, &w.request, &w.plan));
        cases[i].mutate(&w);
        enum err e = plan_check(&w.t, &w.request, &w.plan);
        if (e != ERR_INVALID || !strstr(w.t.fault.field, cases[i].field))
            test_failed("case %zu gave %s at \"%s\": %s", i, err_name(e), w.t.fault.field, w.t.fault.message);
        task_done(&w.t);
    }
}

static void cuts_may_leave_the_beat_where_there_is_none(void **state)
{
    (void)state;
    struct world w;
    world_make(&w, "music-video");
    w.song.beat_count = 2;      /* 0 s and 0.5 s: the rest has to be cut without a beat */
    assert_ok(&w.t, plan_check(&w.t, &w.request, &w.plan));
    task_done(&w.t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_broken_rule_is_refused_where_it_is),
        cmocka_unit_test(cuts_may_leave_the_beat_where_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
