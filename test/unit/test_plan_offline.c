/*
 * The offline planner over many ideas, styles, lengths and both modes: every plan passes plan_check(), says the same
 * twice, keeps the user's wording byte for byte, and reads clean (no doubled words, no leftover slots). Odd ideas
 * (other languages, emoji, punctuation, a page of text) still give films.
 */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "plan/plan.h"

static const char *const concepts[] = {
    "A night courier crosses a rainy city by bicycle with one last parcel. She rides past the market as it closes and "
    "over the long bridge, sleeps through her stop on an empty train, loses the address to the wind on a rooftop, and "
    "runs the last street at dawn to a lit kitchen, where someone has kept a red kettle warm for her.",
    "A lonely robot learns to dance on a rooftop in the rain",
    "neon city love story at night",
    "Two lovers run through Tokyo at night",
    "An astronaut finds a piano in the desert",
    "A girl dancing alone in a laundromat",
    "A music video about a man who lost his shadow and searches the city for it",
    "Freedom",
    "\xE9\x9B\xA8\xE3\x81\xAE\xE5\xA4\x9C\xE3\x80\x81\xE3\x83\xAD\xE3\x83\x9C\xE3\x83\x83\xE3\x83\x88",
    "\xF0\x9F\x8C\x8A\xF0\x9F\x8F\x84\xF0\x9F\x8C\x85",
    "!!!",
    "Una mujer baila sola en la azotea bajo la lluvia",
    "an old fisherman and the sea",
    "In a flooded city, a boy rows a boat through the streets looking for his dog",
    "\"Don't look back,\" she said, and walked into the snow",
    "The last light in a dying city refuses to go out",
    "A cat steals a red balloon, climbs to the roof and floats away over the market",
    "Three friends drive an old car across the desert to see the ocean for the first time.",
    "My grandmother cooks dinner for ghosts every night",
    "Sunset over Lisbon, no people, just birds and rooftops",
    "A woman in a red coat walks through a snowy forest, following a fox",
    "breakup song: he packs his records, she keeps the dog, the apartment empties room by room",
    "A black horse runs along the beach",
    "An old car crosses the desert alone",
    "the {hero} [runs] with 100% of %s and a | bar",
};
enum { CONCEPTS = sizeof concepts / sizeof *concepts };

static const char *const styles[] = { "wes-anderson", "hype-williams", "david-lean", "noir" };

static const char character[] = "Mara, a young night courier with a dark bob, in a yellow hooded raincoat";
static const char product[] = "Ember, a red enamel kettle with white flecks, black rims and a beech handle";

static struct song_map song_make(struct arena *a, double seconds)
{
    static const char *const labels[] = { "intro", "verse", "chorus", "verse", "chorus", "bridge", "chorus", "outro" };
    static const double energies[] = { 0.2, 0.4, 0.8, 0.5, 0.85, 0.3, 1, 0.2 };
    struct song_map s = { .duration_us = (int64_t)(seconds * 1e6), .tempo_bpm = 118 };
    size_t most = (size_t)(seconds * 118 / 60) + 2;
    s.beats_us = arena_array(a, int64_t, most);
    s.strong   = arena_array(a, int64_t, most);
    s.energy   = arena_array(a, double, most);
    s.sections = arena_array(a, struct song_section, 8);
    for (double at = 0.31; at < seconds; at += 60.0 / 118, s.beat_count++) {
        s.beats_us[s.beat_count] = (int64_t)(at * 1e6);
        s.strong[s.beat_count]   = s.beat_count % 4 ? 25 : 90;
        s.energy[s.beat_count]   = energies[(int)(at / seconds * 8)];
    }
    s.strong_count = s.energy_count = s.beat_count;
    for (int i = 0; i < 8; i++)
        s.sections[i] = (struct song_section){ s.duration_us * i / 8, s.duration_us * (i + 1) / 8, labels[i], energies[i] };
    s.section_count = 8;
    return s;
}

static struct plan_request request_make(struct task *t, const char *mode_name, const char *style_name, double seconds,
                                        const char *concept)
{
    struct data_folders folders = { .shipped = getenv("STORYREEL_SOURCE") };
    struct mode *mode = arena_one(t->arena, struct mode);
    struct style *style = arena_one(t->arena, struct style);
    struct song_map *song = arena_one(t->arena, struct song_map);
    assert_ok(t, mode_load(t, &folders, mode_name, mode));
    assert_ok(t, style_load(t, &folders, style_name, style));
    *song = song_make(t->arena, seconds);
    return (struct plan_request){
        .mode = mode, .style = style, .concept = concept, .character = "", .product = "", .product_name = "",
        .call_to_action = "", .lyrics = "", .song = mode->needs_song ? song : NULL,
        .frame_count = frames_from_us(song->duration_us), .lengths = { .min_frames = 12, .max_frames = 240 }, .seed = 1,
    };
}

/* "the the", and what templates leave behind when they break. */
static void assert_reads_clean(const char *text)
{
    static const char *const debris[] = { "[", "]", "{", "}", "<", ">", "  ", " ,", " .", "..", ",,", "(null)", ";;", ": :" };
    for (size_t i = 0; i < sizeof debris / sizeof *debris; i++) {
        if (strstr(text, debris[i]))
            test_failed("\"%s\" in: %s", debris[i], text);
    }
    for (const char *p = text; *p; p += strcspn(p, " "), p += *p == ' ') {
        size_t bytes = strcspn(p, " ");
        if (bytes > 1 && p[bytes] == ' ' && strncmp(p, p + bytes + 1, bytes + 1) == 0)
            test_failed("doubled \"%.*s\" in: %s", (int)bytes, p, text);
    }
}

static void assert_plan_holds(struct task *t, const struct plan_request *r, bool clean)
{
    struct plan plan;
    if (plan_draft(t, &planner_offline, r, &plan))
        test_failed("%s / %s, %lld frames, \"%.60s\": %s (%s)", r->mode->name, r->style->name, (long long)r->frame_count,
                    r->concept, t->fault.message, t->fault.field);
    const struct cut *last = &plan.scenes[plan.scene_count - 1].cut;
    if (r->card_lengths)
        assert_int_equal(last->film_frames, last->frame_count);
    for (size_t i = 0; clean && i < plan.scene_count; i++) {
        assert_reads_clean(plan.scenes[i].prompt);
        assert_reads_clean(plan.scenes[i].action);
        assert_reads_clean(plan.scenes[i].title);
    }
}

static void every_idea_becomes_a_film_in_both_modes(void **state)
{
    (void)state;
    static const double lengths[] = { 6, 15, 42, 181 };
    static const struct film_lengths drawn = { .min_frames = 12, .max_frames = 720 };
    int64_t veo[] = { 96, 144, 192 };
    for (size_t c = 0; c < CONCEPTS; c++) {
        for (size_t s = c % 2; s < sizeof styles / sizeof *styles; s += 2) {
            struct task t;
            task_init(&t, "test");
            bool clean = !strchr(concepts[c], '{') && !strchr(concepts[c], '"');
            struct plan_request film = request_make(&t, "music-video", styles[s], lengths[(c / 2 + s) % 4], concepts[c]);
            film.character = c % 3 == 0 ? character : "";
            assert_plan_holds(&t, &film, clean);
            struct plan_request ad = request_make(&t, "ad-creative", styles[s], s / 2 ? 15 : 30, concepts[c]);
            ad.product = c % 2 ? product : "";
            if (c % 2) {                              /* filmed in some lengths only, its card drawn in any */
                ad.lengths = (struct film_lengths){ .allowed_frames = veo, .allowed_count = 3, .max_frames = 192 };
                ad.card_lengths = &drawn;
            }
            ad.character = c % 3 == 0 ? character : "";
            assert_plan_holds(&t, &ad, clean);
            task_done(&t);
        }
    }
}

static void a_page_of_text_is_planned(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct text page = text_new(t.arena);
    for (int i = 0; page.length < PROMPT_BYTES_MAX - 80; i++)
        text_printf(&page, "Then a dancer number %d crosses the old market and finds a door. ", i);
    struct plan_request r = request_make(&t, "music-video", "anime", 60, text_end(&page));
    assert_plan_holds(&t, &r, false);
    task_done(&t);
}

static void three_minutes_give_twenty_to_fortyfive_scenes_in_every_style(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct data_folders folders = { .shipped = getenv("STORYREEL_SOURCE") };
    struct style *all;
    size_t count;
    assert_ok(&t, style_list(&t, &folders, &all, &count));
    assert_true(count >= 14);
    for (size_t i = 0; i < count; i++) {
        struct plan_request r = request_make(&t, "music-video", all[i].name, 180, concepts[(i + 1) % CONCEPTS]);
        struct plan plan;
        assert_ok(&t, plan_draft(&t, &planner_offline, &r, &plan));
        if (plan.scene_count < 20 || plan.scene_count > 45)
            test_failed("%s makes %zu scenes of three minutes", all[i].name, plan.scene_count);
    }
    task_done(&t);
}

static void the_same_request_gives_the_same_plan(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct plan_request r = request_make(&t, "music-video", "noir", 60, concepts[0]);
    struct plan a, b, c;
    assert_ok(&t, plan_draft(&t, &planner_offline, &r, &a));
    assert_ok(&t, plan_draft(&t, &planner_offline, &r, &b));
    char *first = fields_encode_text(t.arena, plan_fields, &a);
    assert_string_equal(first, fields_encode_text(t.arena, plan_fields, &b));
    r.seed = 2;
    assert_ok(&t, plan_draft(&t, &planner_offline, &r, &c));
    assert_string_not_equal(first, fields_encode_text(t.arena, plan_fields, &c));
    task_done(&t);
}

static void plans_survive_being_written_down(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct plan_request r = request_make(&t, "ad-creative", "product-reveal", 15, concepts[1]);
    r.product = product;
    struct plan plan, read;
    assert_ok(&t, plan_draft(&t, &planner_offline, &r, &plan));
    char *text = fields_encode_text(t.arena, plan_fields, &plan);
    assert_ok(&t, fields_decode_text(&t, plan_fields, text, strlen(text), &read));
    assert_ok(&t, plan_check(&t, &r, &read));
    assert_string_equal(text, fields_encode_text(t.arena, plan_fields, &read));
    task_done(&t);
}

static void the_characters_wording_is_kept_byte_for_byte(void **state)
{
    (void)state;
    static const char *const described[] = {
        character, "A TALL man in a grey suit", "an old woman. She limps;  two spaces, a tab\tand a newline\nstay",
        "Zo\xC3\xAB", "\xF0\x9F\xA4\x96 robot, brass", "mit rotem Haar", "Two sisters in green dresses",
    };
    for (size_t i = 0; i < sizeof described / sizeof *described; i++) {
        struct task t;
        task_init(&t, "test");
        struct plan_request r = request_make(&t, "music-video", "storyreel", 60, concepts[i]);
        r.character = described[i];
        struct plan plan;
        assert_ok(&t, plan_draft(&t, &planner_offline, &r, &plan));
        size_t with = 0;
        const char *hero = plan_hero_name(&t, &r);
        for (size_t s = 0; s < plan.scene_count; s++) {
            if (plan.scenes[s].look.cast_count > 0 && text_equal(plan.scenes[s].look.cast[0].name, hero)) {
                assert_non_null(strstr(plan.scenes[s].prompt, described[i]));
                with++;
            }
        }
        if (with * 5 < plan.scene_count * 2)
            test_failed("%s is in %zu of %zu scenes", hero, with, plan.scene_count);
        task_done(&t);
    }
}

static void styles_change_the_cut_the_shots_and_the_words(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    size_t counts[4];
    double wides[4] = { 0 };
    const char *prompts[4];
    for (size_t s = 0; s < 4; s++) {
        struct plan_request r = request_make(&t, "music-video", styles[s], 180, concepts[1]);
        struct plan plan;
        assert_ok(&t, plan_draft(&t, &planner_offline, &r, &plan));
        counts[s]  = plan.scene_count;
        prompts[s] = plan.scenes[0].prompt;
        for (size_t i = 0; i < plan.scene_count; i++)
            wides[s] += plan.scenes[i].look.shot <= SHOT_WIDE ? 1.0 / (double)plan.scene_count : 0;
    }
    assert_true(counts[1] > counts[0] && counts[0] > counts[3] && counts[3] > counts[2]);
    assert_true(wides[2] > wides[1] + 0.2);
    for (size_t s = 1; s < 4; s++)
        assert_string_not_equal(prompts[s], prompts[0]);
    task_done(&t);
}

static void neighbours_never_share_a_shot_size(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    for (size_t s = 0; s < 4; s++) {
        struct plan_request r = request_make(&t, "music-video", styles[s], 120, concepts[3]);
        struct plan plan;
        assert_ok(&t, plan_draft(&t, &planner_offline, &r, &plan));
        for (size_t i = 1; i < plan.scene_count; i++)
            assert_true(plan.scenes[i].look.shot != plan.scenes[i - 1].look.shot);
    }
    task_done(&t);
}

static void lips_move_only_where_someone_can_be_seen_singing(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    size_t sung = 0;
    for (size_t c = 0; c < CONCEPTS; c++) {
        struct plan_request r = request_make(&t, "music-video", "storyreel", 90, concepts[c]);
        struct plan plan;
        assert_ok(&t, plan_draft(&t, &planner_offline, &r, &plan));
        for (size_t i = 0; i < plan.scene_count; i++) {
            const struct planned_scene *s = &plan.scenes[i];
            if (!s->lips_move)
                continue;
            sung++;
            assert_true(s->look.shot == SHOT_MEDIUM || s->look.shot == SHOT_CLOSE_UP);
            assert_true(s->look.cast_count > 0 && s->look.cast[0].sings && s->look.cast[0].kind < FIGURE_CROWD);
        }
    }
    assert_true(sung > CONCEPTS);
    task_done(&t);
}

static void lyrics_are_laid_where_they_are_sung(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct plan_request r = request_make(&t, "music-video", "storyreel", 60, concepts[4]);
    r.lyrics = "[ar: someone]\n[00:10.00]Sand in the strings\n[00:31.50]play it again\n[99:00]never\n";
    struct plan plan;
    assert_ok(&t, plan_draft(&t, &planner_offline, &r, &plan));
    size_t found = 0;
    for (size_t i = 0; i < plan.scene_count; i++) {
        const struct cut *c = &plan.scenes[i].cut;
        bool first = c->start_frame <= 240 && c->start_frame + c->frame_count > 240;
        assert_true(first == (strstr(plan.scenes[i].line, "Sand in the strings") != NULL));
        found += *plan.scenes[i].line != '\0';
    }
    assert_int_equal(found, 2);
    task_done(&t);
}

static void advertisements_have_their_steps_and_their_product(void **state)
{
    (void)state;
    for (size_t s = 0; s < 4; s++) {
        struct task t;
        task_init(&t, "test");
        struct plan_request r = request_make(&t, "ad-creative", styles[s], s % 2 ? 15 : 30, concepts[18]);
        r.product = product;
        r.call_to_action = "Put it on";
        struct plan plan;
        assert_ok(&t, plan_draft(&t, &planner_offline, &r, &plan));
        assert_true(plan.scene_count >= 5 && plan.scene_count <= 9);
        size_t shown = 0;
        for (size_t i = 0; i < plan.scene_count; i++) {
            shown += plan.scenes[i].product_shot;
            assert_true(!plan.scenes[i].product_shot || strstr(plan.scenes[i].prompt, product));
        }
        const struct planned_scene *last = &plan.scenes[plan.scene_count - 1];
        assert_true(shown >= 3 && last->end_card);
        assert_string_equal(last->card_title, "Ember");
        assert_string_equal(last->card_action, "Put it on");
        assert_string_equal(plan.scenes[0].story_beat, "hook");
        task_done(&t);
    }
}

/* "The kettle" of the concept is the product: called by its wording, and in the picture. */
static void what_the_product_does_shows_the_product(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct plan_request r = request_make(&t, "ad-creative", styles[0], 15,
                                         "A red kettle turns a grey morning into a warm one");
    r.product = product;
    struct plan plan;
    size_t told = 0;
    assert_ok(&t, plan_draft(&t, &planner_offline, &r, &plan));
    for (size_t i = 0; i < plan.scene_count; i++) {
        const struct planned_scene *s = &plan.scenes[i];
        if (!strstr(s->prompt, "turns a grey morning"))
            continue;
        told++;
        assert_non_null(strstr(s->prompt, product));
        assert_int_equal(s->look.cast_count, 1);
        assert_int_equal(s->look.cast[0].kind, FIGURE_PRODUCT);
        assert_true(s->product_shot);
    }
    assert_int_equal(told, 1);
    task_done(&t);
}

static void advertisements_of_many_scenes_have_one_end_card(void **state)
{
    (void)state;
    for (int64_t scenes = 6; scenes <= 30; scenes++) {
        struct task t;
        task_init(&t, "test");
        struct plan_request r = request_make(&t, "ad-creative", styles[scenes % 4], 60, concepts[18]);
        r.product = product;
        r.scene_count = scenes;
        struct plan plan;
        assert_ok(&t, plan_draft(&t, &planner_offline, &r, &plan));
        for (size_t i = 0; i < plan.scene_count; i++)
            assert_true(plan.scenes[i].end_card == (i + 1 == plan.scene_count));
        task_done(&t);
    }
}

static void a_feature_length_song_still_never_repeats(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct plan_request r = request_make(&t, "music-video", "anime", 3500, concepts[0]);
    r.scene_count = 900;
    int64_t before = clock_monotonic_us(&clock_real);
    assert_plan_holds(&t, &r, true);
    print_message("# 900 scenes planned in %lld ms\n", (long long)((clock_monotonic_us(&clock_real) - before) / 1000));
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_idea_becomes_a_film_in_both_modes),
        cmocka_unit_test(a_page_of_text_is_planned),
        cmocka_unit_test(three_minutes_give_twenty_to_fortyfive_scenes_in_every_style),
        cmocka_unit_test(the_same_request_gives_the_same_plan),
        cmocka_unit_test(plans_survive_being_written_down),
        cmocka_unit_test(the_characters_wording_is_kept_byte_for_byte),
        cmocka_unit_test(styles_change_the_cut_the_shots_and_the_words),
        cmocka_unit_test(neighbours_never_share_a_shot_size),
        cmocka_unit_test(lips_move_only_where_someone_can_be_seen_singing),
        cmocka_unit_test(lyrics_are_laid_where_they_are_sung),
        cmocka_unit_test(advertisements_have_their_steps_and_their_product),
        cmocka_unit_test(what_the_product_does_shows_the_product),
        cmocka_unit_test(advertisements_of_many_scenes_have_one_end_card),
        cmocka_unit_test(a_feature_length_song_still_never_repeats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
