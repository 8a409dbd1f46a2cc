/*
 * Reading words: what a text shows (look_from_text), who it is about, what happens in it, and how descriptions keep
 * their wording. One row a rule.
 */
#include "test.h"

#include <string.h>

#include "base/text.h"
#include "plan/premise.h"
#include "plan/story_fill.h"

static void words_become_what_can_be_seen(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int         place, time, weather, mood, kind, action;
    } cases[] = {
        { "A lonely robot dances on a rooftop in the rain at night", PLACE_ROOFTOP, TIME_NIGHT, WEATHER_RAIN,
          MOOD_MELANCHOLY, FIGURE_ROBOT, ACTION_DANCE },
        { "dancers ran through snowy fields at dawn", PLACE_SNOW_FIELD, TIME_DAWN, WEATHER_SNOW, 0, FIGURE_CROWD, ACTION_RUN },
        { "An old man is sleeping on the night train", PLACE_TRAIN, TIME_NIGHT, 0, 0, FIGURE_PERSON, ACTION_SLEEP },
        { "no rain, never any snow, a street without fog", PLACE_CITY_STREET, 0, 0, 0, 0, 0 },
        { "A SNOWFIELD", PLACE_SNOW_FIELD, 0, 0, 0, 0, 0 },
        { "the horses galloped along the beach, stormy skies", PLACE_SEA_SHORE, 0, WEATHER_STORM, 0, FIGURE_HORSE, ACTION_RIDE },
        { "she drives down the highway in late afternoon", PLACE_ROAD, TIME_GOLDEN_HOUR, 0, 0, 0, 0 },
        { "a swimming pool", PLACE_LAKE, 0, 0, 0, 0, 0 },
        { "night market", PLACE_MARKET, TIME_NIGHT, 0, 0, 0, 0 },
        { "an astronaut floats in space", PLACE_SPACE, 0, 0, 0, FIGURE_ASTRONAUT, ACTION_FLY },
        { "the singer sings in a jazz club", PLACE_CLUB, 0, 0, 0, FIGURE_PERSON, ACTION_SING },
        { "caring kings ringing things", 0, 0, 0, 0, FIGURE_PERSON, 0 },
        { "", 0, 0, 0, 0, 0, 0 },
        { "\xE9\x9B\xA8\xE3\x81\xAE\xE5\xA4\x9C \xF0\x9F\x8C\x8A \xFF", 0, 0, 0, 0, 0, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct task t;
        task_init(&t, "test");
        struct look l;
        assert_ok(&t, look_from_text(&t, cases[i].text, &l));
        bool right = l.place == cases[i].place && l.time == cases[i].time && l.weather == cases[i].weather &&
                     l.mood == cases[i].mood && (l.cast_count ? l.cast[0].kind : 0) == cases[i].kind &&
                     (l.cast_count ? l.cast[0].action : 0) == cases[i].action;
        if (!right)
            test_failed("\"%s\": %s, %s, %s, %s, %s, %s", cases[i].text, look_place_names[l.place],
                        look_time_names[l.time], look_weather_names[l.weather], look_mood_names[l.mood],
                        l.cast_count ? look_figure_names[l.cast[0].kind] : "nobody",
                        l.cast_count ? look_action_names[l.cast[0].action] : "");
        task_done(&t);
    }
}

static void descriptions_become_looks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int         hair, garment, build;
        int64_t     hair_colour, garment_colour;
    } cases[] = {
        { "a tall woman with long red hair in a green coat", HAIR_LONG, GARMENT_COAT, BUILD_TALL, 0xC62828, 0x2E8B57 },
        { "Mara, a night courier with a dark bob, in a yellow hooded raincoat", HAIR_BOB, GARMENT_COAT, 0, 0x2B2024, 0xF2C230 },
        { "an old man with a white beard and a navy suit", 0, GARMENT_SUIT, BUILD_OLD, 0xF4F4F2, 0x1B2A52 },
        { "a blond boy in a black hoodie", 0, GARMENT_HOODIE, 0, 0xE3BE73, 0x17171B },
        { "a copper robot", 0, 0, 0, COLOUR_NOT_SET, 0xC25B2E },
        { "a woman with short hair", HAIR_SHORT, 0, 0, COLOUR_NOT_SET, COLOUR_NOT_SET },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct task t;
        task_init(&t, "test");
        struct look_cast c = subject_from_description(t.arena, cases[i].text, "the hero").cast;
        bool right = c.hair == cases[i].hair && c.garment == cases[i].garment && c.build == cases[i].build &&
                     c.hair_colour == cases[i].hair_colour && c.garment_colour == cases[i].garment_colour;
        if (!right)
            test_failed("\"%s\": hair %s %06llx, %s %06llx, %s", cases[i].text, look_hair_names[c.hair],
                        (unsigned long long)c.hair_colour, look_garment_names[c.garment],
                        (unsigned long long)c.garment_colour, look_build_names[c.build]);
        task_done(&t);
    }
}

static void descriptions_have_short_names(void **state)
{
    (void)state;
    static const struct {
        const char  *text, *brief, *their;
        enum wording wording;
        bool         plural;
    } cases[] = {
        { "Mara, a night courier", "Mara", "their", WORDING_ANYWHERE, false },
        { "a tall man in a grey suit", "the man", "his", WORDING_ANYWHERE, false },
        { "A tall man in a grey suit", "the man", "his", WORDING_FIRST, false },
        { "two sisters in green", "the two sisters", "their", WORDING_ANYWHERE, true },
        { "Mara is 24. She limps.", "Mara", "her", WORDING_APART, false },
        { "a rusty robot", "the robot", "its", WORDING_ANYWHERE, false },
        { "Jean-Luc Moreau", "Jean-Luc Moreau", "their", WORDING_ANYWHERE, false },
        { "\xF0\x9F\xA4\x96", "the hero", "their", WORDING_APART, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct task t;
        task_init(&t, "test");
        struct subject s = subject_from_description(t.arena, cases[i].text, "the hero");
        if (!text_equal(s.brief, cases[i].brief) || !text_equal(s.their, cases[i].their) ||
            s.wording != cases[i].wording || s.plural != cases[i].plural)
            test_failed("\"%s\": %s, %s, wording %d, plural %d", cases[i].text, s.brief, s.their, s.wording, s.plural);
        assert_string_equal(s.full, cases[i].text);
        task_done(&t);
    }
}

static void the_same_name_looks_the_same(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct look_cast a = subject_from_description(t.arena, "Mara, a courier", "the hero").cast;
    struct look_cast b = subject_from_description(t.arena, "Mara, an old sailor", "the hero").cast;
    assert_int_equal(a.appearance_seed, b.appearance_seed);
    assert_true(a.appearance_seed >= 0 && a.picture_index == -1 && a.skin == COLOUR_NOT_SET);
    task_done(&t);
}

static void concepts_are_told_in_their_own_words(void **state)
{
    (void)state;
    static const struct {
        const char *concept, *hero, *points[4], *thing;
    } cases[] = {
        { "A lonely robot learns to dance on a rooftop in the rain", "a lonely robot",
          { "learns to dance on a rooftop in the rain" }, NULL },
        { "A courier comes home soaked and puts the kettle on. Steam fogs the window.", "a courier",
          { "comes home soaked", "puts the kettle on", "steam fogs the window" }, "the kettle" },
        { "A girl dancing alone in a laundromat", "a girl", { "dances alone in a laundromat" }, NULL },
        { "Two lovers run through Tokyo", "two lovers", { "runs through Tokyo" }, NULL },
        { "A music video about a man who lost his shadow and searches the city", "a man",
          { "loses his shadow", "searches the city" }, "his shadow" },
        { "In a flooded city, a boy rows a boat through the streets", "a boy",
          { "rows a boat through the streets" }, "a boat" },
        { "an old fisherman and the sea", "an old fisherman", { NULL }, NULL },
        { "A lighthouse keeper's daughter crosses a frozen sea", "a lighthouse keeper's daughter",
          { "crosses a frozen sea" }, NULL },
        { "A cat steals a red balloon, climbs to the roof and floats away", "a cat",
          { "steals a red balloon", "climbs to the roof", "floats away" }, "a red balloon" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct task t;
        task_init(&t, "test");
        struct mode mode = { 0 };
        struct plan_request r = { .mode = &mode, .concept = cases[i].concept, .character = "", .product = "" };
        struct premise p;
        assert_ok(&t, premise_read(&t, &r, &p));
        assert_string_equal(p.hero.full, cases[i].hero);
        for (size_t k = 0; k < 4 && (cases[i].points[k] || k < p.point_count); k++)
            assert_string_equal(k < p.point_count ? p.points[k].text : "nothing", cases[i].points[k]);
        assert_string_equal(p.has_thing ? p.thing.full : "nothing", cases[i].thing ? cases[i].thing : "nothing");
        task_done(&t);
    }
}

static void lines_agree_with_their_hero(void **state)
{
    (void)state;
    static const struct {
        const char *hero, *line, *full, *brief;
    } cases[] = {
        { "a tall man", "{hero} [catches] {their} breath {at}", "a tall man catches his breath on the roof",
          "The man catches his breath on the roof" },
        { "two sisters", "{hero} [tries] and [is] late", "two sisters try and are late", "The two sisters try and are late" },
        { "Mara, a courier", "{hero} [runs] and [has] {hero}'s bag", "Mara, a courier, runs and has Mara's bag",
          "Mara runs and has Mara's bag" },
        { "Mara, a courier", "past {hero}", "past Mara, a courier", "Past Mara" },
        { "A tall man", "rain on {hero}", "rain on the man", "Rain on the man" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct task t;
        task_init(&t, "test");
        struct subject hero = subject_from_description(t.arena, cases[i].hero, "the hero");
        struct fill f = { .arena = t.arena, .hero = &hero, .place = "the roof", .at = "on the roof" };
        char *apart;
        assert_string_equal(fill_full(&f, cases[i].line, &apart), cases[i].full);
        assert_string_equal(fill_brief(&f, cases[i].line), cases[i].brief);
        assert_string_equal(apart, i == 4 ? " The man: A tall man." : "");
        task_done(&t);
    }
}

static void verbs_bend_both_ways(void **state)
{
    (void)state;
    static const char *const verbs[][2] = { { "run", "runs" }, { "go", "goes" }, { "catch", "catches" }, { "try", "tries" },
        { "play", "plays" }, { "push", "pushes" }, { "lose", "loses" }, { "close", "closes" }, { "pass", "passes" },
        { "have", "has" }, { "lie", "lies" }, { "mix", "mixes" }, { "dance", "dances" }, { "breathe", "breathes" },
        { "squeeze", "squeezes" }, { "cross", "crosses" }, { "rise", "rises" } };
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        struct task t;
        task_init(&t, "test");
        assert_string_equal(verb_third_person(t.arena, verbs[i][0]), verbs[i][1]);
        assert_string_equal(verb_plural(t.arena, verbs[i][1]), verbs[i][0]);
        task_done(&t);
    }
}

/* Every written line can be filled for one and for many, and every verb in brackets is one that bends. */
static void check_lines(const struct story_line *lines)
{
    for (; lines && lines->kind; lines++) {
        struct task t;
        task_init(&t, "test");
        struct subject s = subject_from_description(t.arena, "two sisters", "the hero");
        struct fill f = { .arena = t.arena, .hero = &s, .other = &s, .thing = &s, .product = &s, .place = "it", .at = "there" };
        char *apart;
        const char *many = fill_full(&f, lines->text, &apart);
        if (strpbrk(many, "[]{}<>") || strpbrk(fill_brief(&f, lines->title), "[]{}"))
            test_failed("not filled: %s", many);
        for (const char *p = lines->text; (p = strchr(p, '[')); p++) {
            size_t bytes = strcspn(p, "]");
            if (p[bytes - 1] != 's')
                test_failed("\"%.*s]\" is not third person in: %s", (int)bytes, p, lines->text);
        }
        task_done(&t);
    }
}

static void every_written_line_can_be_filled(void **state)
{
    (void)state;
    for (int place = 1; place < PLACE_COUNT; place++) {
        assert_non_null(place_lore_of(place));
        check_lines(place_lore_of(place)->lines);
        for (int k = 0; k < PLACE_RELATED; k++)
            assert_non_null(place_lore_of(place_lore_of(place)->related[k]));
    }
    for (const struct arc *a = arcs; a->name; a++) {
        for (int phase = 0; phase < PHASE_COUNT; phase++)
            check_lines(a->lines[phase]);
    }
    for (const struct ad_lore *a = ad_lores; a->name; a++) {
        for (int step = 0; step < AD_STEPS; step++)
            check_lines(a->lines[step]);
    }
    check_lines(face_lines);
    check_lines(sing_lines);
    check_lines(quiet_sing_lines);
    check_lines(creature_lines);
    check_lines(vehicle_lines);
    check_lines(thing_lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_become_what_can_be_seen),
        cmocka_unit_test(descriptions_become_looks),
        cmocka_unit_test(descriptions_have_short_names),
        cmocka_unit_test(the_same_name_looks_the_same),
        cmocka_unit_test(concepts_are_told_in_their_own_words),
        cmocka_unit_test(lines_agree_with_their_hero),
        cmocka_unit_test(verbs_bend_both_ways),
        cmocka_unit_test(every_written_line_can_be_filled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
