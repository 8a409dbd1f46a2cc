/*
 * What a language model is told, and how its answer is read: the brief holds all that the film, its style and its song
 * say, the schema binds every member, and an answer's JSON is found among thoughts and fences. And what a turn may cost:
 * it is asked of the till before, and told to it after.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "plan/talk.h"

static struct plan_request request_make(struct task *t, const char *mode_name)
{
    struct data_folders folders = { .shipped = getenv("STORYREEL_SOURCE") };
    struct mode *mode = arena_one(t->arena, struct mode);
    struct style *style = arena_one(t->arena, struct style);
    static int64_t allowed[] = { 96, 144, 192 };
    assert_ok(t, mode_load(t, &folders, mode_name, mode));
    assert_ok(t, style_load(t, &folders, "anime", style));
    return (struct plan_request){
        .mode = mode, .style = style, .concept = "Say \"no\" to {rain}\n```", .character = "Mara in yellow",
        .product = "Ember, a red kettle", .product_name = "Ember", .call_to_action = "", .lyrics = "la la\nlo lo",
        .frame_count = 360, .lengths = { .allowed_frames = allowed, .allowed_count = 3, .max_frames = 192 }, .seed = 1,
    };
}

static json_t *brief_of(struct task *t, const struct plan_request *request)
{
    struct film *f;
    assert_ok(t, film_begin(t, request, &f));
    char *brief = talk_brief(f), *from = strstr(brief, "```json\n");
    assert_non_null(from);
    json_t *json = json_loads(from + 8, JSON_DISABLE_EOF_CHECK, NULL);
    assert_non_null(json);
    assert_int_equal(json_array_size(json_object_get(json, "scenes")), f->scene_count);
    return json;
}

static const char *text_of(const json_t *json, const char *name)
{
    return json_string_value(json_object_get(json, name));
}

static void a_brief_holds_the_film(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct plan_request r = request_make(&t, "ad-creative");
    scoped(json) json_t *json = brief_of(&t, &r);
    json_t *scenes = json_object_get(json, "scenes");
    json_t *last = json_array_get(scenes, json_array_size(scenes) - 1);
    bool product = false;
    double seconds = 0;
    size_t i;
    json_t *scene;
    json_array_foreach (scenes, i, scene) {
        product = product || json_is_true(json_object_get(scene, "productMustBeSeen"));
        seconds += json_number_value(json_object_get(scene, "seconds"));
        assert_int_equal(json_integer_value(json_object_get(scene, "number")), i + 1);
        assert_true(strlen(text_of(scene, "step")) > 0 && strlen(text_of(scene, "purpose")) > 0);
    }
    assert_true(product && json_is_true(json_object_get(last, "endCard")));
    assert_true(seconds > 14.9 && seconds < 15.1);
    assert_string_equal(text_of(json, "concept"), r.concept);       /* whatever stands in it, it stays a text */
    assert_string_equal(text_of(json, "character"), r.character);
    assert_string_equal(text_of(json, "product"), r.product);
    assert_null(json_object_get(json, "promptCharactersMax"));
    assert_null(json_object_get(json, "callToAction"));
    assert_null(json_object_get(json, "song"));
    assert_int_equal(json_array_size(json_object_get(json, "takeSeconds")), 3);
    assert_int_equal(json_array_size(json_object_get(json_object_get(json, "style"), "light")), r.style->light_count);
    task_done(&t);
}

static void a_model_that_reads_so_many_characters_is_named(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct plan_request r = request_make(&t, "ad-creative");
    r.prompt_chars_max = 2048;
    scoped(json) json_t *json = brief_of(&t, &r);
    assert_int_equal(json_integer_value(json_object_get(json, "promptCharactersMax")), 2048);
    assert_non_null(strstr(talk_system, "promptCharactersMax"));
    task_done(&t);
}

static void a_song_is_told_by_its_sections(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct plan_request r = request_make(&t, "music-video");
    static int64_t beats[30], strong[30];
    static double energy[30];
    struct song_section sections[] = { { 0, 7500000, "verse", 0.3 }, { 7500000, 15000000, "chorus", 0.9 } };
    for (int i = 0; i < 30; i++) {
        beats[i] = i * 500000;
        strong[i] = i % 4 ? 20 : 90;
        energy[i] = i < 15 ? 0.3 : 0.9;
    }
    struct song_map song = {
        .duration_us = 15000000, .tempo_bpm = 120, .beats_us = beats, .beat_count = 30, .strong = strong,
        .strong_count = 30, .energy = energy, .energy_count = 30, .sections = sections, .section_count = 2,
    };
    r.song = &song;
    scoped(json) json_t *json = brief_of(&t, &r);
    json_t *told = json_object_get(json_object_get(json, "song"), "sections");
    assert_string_equal(text_of(json_array_get(told, 1), "label"), "chorus");
    json_t *scene = json_array_get(json_object_get(json, "scenes"), 0);
    assert_string_equal(text_of(scene, "section"), "verse");
    size_t i, sung = 0;
    json_array_foreach (json_object_get(json, "scenes"), i, scene)
        sung += json_object_get(scene, "lyric") != NULL;
    assert_int_equal(sung, 2);
    task_done(&t);
}

/* Engines differ; what all of them bind is objects that require every member and allow no other. */
static void assert_bound(const json_t *schema)
{
    const char *name;
    json_t *property;
    const json_t *properties = json_object_get(schema, "properties");
    assert_true(json_is_false(json_object_get(schema, "additionalProperties")));
    assert_int_equal(json_array_size(json_object_get(schema, "required")), json_object_size(properties));
    json_object_foreach ((json_t *)properties, name, property) {
        const json_t *items = json_object_get(property, "items");
        assert_non_null(json_object_get(property, "type"));
        if (items)
            assert_bound(items);
    }
}

static void a_schema_binds_every_member(void **state)
{
    (void)state;
    scoped(json) json_t *schema = talk_schema();
    assert_bound(schema);
    const json_t *scene = json_object_get(json_object_get(json_object_get(schema, "properties"), "scenes"), "items");
    const json_t *place = json_object_get(json_object_get(scene, "properties"), "place");
    assert_int_equal(json_array_size(json_object_get(place, "enum")), PLACE_COUNT - 1);
}

static void an_answer_is_found_among_thoughts_and_fences(void **state)
{
    (void)state;
    static const struct {
        const char *answer, *json;
    } cases[] = {
        { "{\"a\":1}", "{\"a\":1}" },
        { " \n```json\n{\"a\":{}}\n```\n", "{\"a\":{}}" },
        { "<think>\n{perhaps}\n</think>\n{\"a\":1}", "{\"a\":1}" },
        { "Gladly!", "" },
        { "}{", "" },
        { "", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bytes found = talk_json(cases[i].answer);
        assert_int_equal(found.size, strlen(cases[i].json));
        assert_memory_equal(found.at, cases[i].json, found.size);
    }
}

/* ---- what a turn may cost ---- */

static void an_answer_is_as_long_as_its_scenes_need(void **state)
{
    static const struct {
        size_t scenes;
        struct plan_limits limits;
        int64_t tokens;
    } cases[] = {
        { 1, { 0 }, 17000 },
        { 10, { 0 }, 26000 },
        { 60, { 0 }, 50000 },                                          /* the driver's ceiling */
        { 60, { .answer_tokens = 8000 }, 8000 },                       /* the descriptor's */
        { 4, { .answer_tokens = 60000, .thought_tokens = 2000 }, 6000 },
    };
    const struct talker who = { .answer_tokens_max = 50000 };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct plan_request request = { .limits = cases[i].limits };
        assert_int_equal(talk_answer_tokens(&request, &who, cases[i].scenes), cases[i].tokens);
    }
}

/* No text has more tokens than bytes; pictures are what their service says. */
static void no_turn_uses_more_than_is_asked_for(void **state)
{
    (void)state;
    scoped(json) json_t *schema = json_pack("{ss}", "type", "object");      /* 17 bytes */
    struct plan_request request = { .limits = { .picture_tokens = 500 } };
    struct talk talk = { .system = "sys", .brief = "brief", .schema = schema, .picture_count = 2, .answer_tokens = 900 };
    struct plan_asking most = talk_most(&request, &talk);
    assert_int_equal(most.tokens_in_max, 3 + 5 + 17 + 2 * 500 + 1000);
    assert_int_equal(most.tokens_out_max, 900);
    talk.answer = "\xE9\x9B\xA8";                                          /* one character, three bytes */
    talk.complaint = "no";
    assert_int_equal(talk_most(&request, &talk).tokens_in_max, most.tokens_in_max + 3 + 2);
}

/* A till that writes down what happens: "o" opened, "c" closed; and a talker whose n-th answer is as it is told to be. */
struct desk {
    struct plan_till till;
    char log[16];
    int opened, closed;
    bool shut;                    /* from the second asking on */
    struct plan_answer last;
};

static struct {
    enum err came[4];
    bool unmade, final;
    int asked;
} service;

static enum err desk_open(struct plan_till *till, struct task *t, const struct plan_asking *asking)
{
    struct desk *d = (struct desk *)till;
    assert_true(asking->tokens_in_max > 0 && asking->tokens_out_max > 0);
    if (d->shut && d->opened)
        return fail(t, ERR_BUDGET, "no more");
    d->log[d->opened++ + d->closed] = 'o';
    return OK;
}

static enum err desk_close(struct plan_till *till, struct task *t, const struct plan_answer *answer, enum err came)
{
    struct desk *d = (struct desk *)till;
    (void)t;
    d->log[d->opened + d->closed++] = 'c';
    d->last = *answer;
    return came;
}

static enum err service_ask(struct task *t, const struct plan_request *request, const struct talk *talk,
                            struct talk_reply *out)
{
    enum err came = service.came[service.asked++];
    (void)request, (void)talk;
    *out = (struct talk_reply){ "said", { came ? 0 : 7, came ? 0 : 9, service.unmade }, !service.unmade && !service.final };
    return came ? fail(t, came, "it ended so") : OK;
}

static const struct {
    enum err came[4];
    bool unmade, final, attended, shut;
    enum err given;
    const char *log;
} turns[] = {
    { { OK }, .given = OK, .log = "oc" },
    { { ERR_TIMEOUT, OK }, .given = OK, .log = "ococ" },                                /* each of them is paid for */
    { { ERR_TIMEOUT, ERR_TIMEOUT, OK }, .given = ERR_RECONCILE, .log = "ococ" },
    { { ERR_TIMEOUT, OK }, .attended = true, .given = ERR_TIMEOUT, .log = "oc" },
    { { ERR_TIMEOUT, OK }, .final = true, .given = ERR_TIMEOUT, .log = "oc" },
    { { ERR_RATE, OK }, .unmade = true, .given = ERR_RATE, .log = "oc" },
    { { ERR_LIMIT, OK }, .given = ERR_LIMIT, .log = "oc" },                             /* it was answered */
    { { ERR_TIMEOUT, OK }, .shut = true, .given = ERR_BUDGET, .log = "oc" },
};

static void each_asking_is_paid_at_the_till(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        struct task t;
        struct desk desk = { .till = { desk_open, desk_close }, .shut = turns[i].shut };
        scoped(json) json_t *schema = json_object();
        const struct talker who = { service_ask, 1000 };
        const struct plan_request request = { .till = &desk.till };
        const struct talk talk = { .system = "", .brief = "", .schema = schema, .answer_tokens = 10,
                                   .attended = turns[i].attended };
        const char *said;
        task_init(&t, "test");
        memcpy(service.came, turns[i].came, sizeof service.came);
        service.unmade = turns[i].unmade;
        service.final  = turns[i].final;
        service.asked  = 0;
        enum err e = talk_turn(&t, &request, &who, &talk, &said);
        if (e != turns[i].given || strcmp(desk.log, turns[i].log) != 0)
            test_failed("case %zu: %s, %s", i, err_name(e), desk.log);
        assert_int_equal(desk.last.unmade, turns[i].unmade);
        assert_int_equal(desk.last.tokens_in, e ? 0 : 7);
        task_done(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_brief_holds_the_film),
        cmocka_unit_test(a_model_that_reads_so_many_characters_is_named),
        cmocka_unit_test(a_song_is_told_by_its_sections),
        cmocka_unit_test(a_schema_binds_every_member),
        cmocka_unit_test(an_answer_is_found_among_thoughts_and_fences),
        cmocka_unit_test(an_answer_is_as_long_as_its_scenes_need),
        cmocka_unit_test(no_turn_uses_more_than_is_asked_for),
        cmocka_unit_test(each_asking_is_paid_at_the_till),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
