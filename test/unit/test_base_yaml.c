/* YAML as JSON values: every scalar of the core schema, and each refusal with its place. */
#include "test.h"

#include <string.h>

#include "base/fields.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/yaml.h"

static enum err read_text(struct task *t, const char *text, json_t **out)
{
    return yaml_read(t, "a.yaml", (struct bytes){ text, strlen(text) }, out);
}

static void scalars_get_their_types(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *json;
    } cases[] = {
        { "a: 1", "{\"a\":1}" },
        { "a: -12", "{\"a\":-12}" },
        { "a: +12", "{\"a\":12}" },
        { "a: 010", "{\"a\":10}" },
        { "a: 0o17", "{\"a\":15}" },
        { "a: 0xFf", "{\"a\":255}" },
        { "a: 0xZ", "{\"a\":\"0xZ\"}" },
        { "a: 1.5", "{\"a\":1.5}" },
        { "a: .5", "{\"a\":0.5}" },
        { "a: 1.", "{\"a\":1.0}" },
        { "a: 1e3", "{\"a\":1000.0}" },
        { "a: -2.5E-1", "{\"a\":-0.25}" },
        { "a: 1e", "{\"a\":\"1e\"}" },
        { "a: .", "{\"a\":\".\"}" },
        { "a: 12:30", "{\"a\":\"12:30\"}" },
        { "a: 1_000", "{\"a\":\"1_000\"}" },
        { "a: true", "{\"a\":true}" },
        { "a: False", "{\"a\":false}" },
        { "a: no", "{\"a\":\"no\"}" },
        { "a: on", "{\"a\":\"on\"}" },
        { "a: null", "{\"a\":null}" },
        { "a: ~", "{\"a\":null}" },
        { "a:", "{\"a\":null}" },
        { "a: ''", "{\"a\":\"\"}" },
        { "a: '7'", "{\"a\":\"7\"}" },
        { "a: \"true\"", "{\"a\":\"true\"}" },
        { "a: \"\\u00e9\"", "{\"a\":\"\xC3\xA9\"}" },
        { "a: |\n  x\n  y\n", "{\"a\":\"x\\ny\\n\"}" },
        { "a: >\n  x\n  y\n", "{\"a\":\"x y\\n\"}" },
        { "true: x", "{\"true\":\"x\"}" },
        { "# remark\na: [1, two, {b: 3}]\nc:\n  - d: 4\n",
          "{\"a\":[1,\"two\",{\"b\":3}],\"c\":[{\"d\":4}]}" },
        { "--- \njust text", "\"just text\"" },
        { "[]", "[]" },
        { "{}", "{}" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct task t;
        task_init(&t, "test");
        scoped(json) json_t *got = NULL;
        assert_ok(&t, read_text(&t, cases[i].yaml, &got));
        assert_string_equal(json_text(t.arena, got), cases[i].json);
        task_done(&t);
    }
}

static void refusals_name_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *place, *word;
    } cases[] = {
        { "", "a.yaml:1:1: ", "nothing" },
        { "# only a remark\n", "a.yaml:2:1: ", "nothing" },
        { "a: 1\nb: 2\na: 3\n", "a.yaml:3:1: ", "\"a\" is there twice" },
        { "a: &x 1\n", "a.yaml:1:4: ", "anchors (&x)" },
        { "a: &x [1]\nb: *x\n", "a.yaml:1:4: ", "anchors" },
        { "a: *x\n", "a.yaml:1:4: ", "aliases (*x)" },
        { "a: !!str 7\n", "a.yaml:1:4: ", "tags" },
        { "a: !secret {}\n", "a.yaml:1:4: ", "tags" },
        { "a: 1\n---\nb: 2\n", "a.yaml:2:1: ", "second document" },
        { "? [1, 2]\n: x\n", "a.yaml:1:3: ", "key" },
        { "'': x\n", "a.yaml:1:1: ", "key" },
        { "a: \"x\\0y\"\n", "a.yaml:1:4: ", "zero byte" },
        { "a: .inf\n", "a.yaml:1:4: ", "not a number" },
        { "a: -.INF\n", "a.yaml:1:4: ", "not a number" },
        { "a: .nan\n", "a.yaml:1:4: ", "not a number" },
        { "a: 9223372036854775808\n", "a.yaml:1:4: ", "too large" },
        { "a: 1e999\n", "a.yaml:1:4: ", "too large" },
        { "a: [1, 2\n", "a.yaml:2:1: ", "" },
        { "a: b: c\n", "a.yaml:1:5: ", "" },
        { "a:\n\t- b\n", "a.yaml:2:1: ", "" },
        { "a: \"\\ud800\"\n", "a.yaml:1:", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct task t;
        task_init(&t, "test");
        scoped(json) json_t *got = NULL;
        assert_err(read_text(&t, cases[i].yaml, &got), ERR_INVALID);
        assert_null(got);
        if (!text_starts(t.fault.message, cases[i].place) ||
            !strstr(t.fault.message, cases[i].word))
            test_failed("%s gave \"%s\"", cases[i].yaml, t.fault.message);
        task_done(&t);
    }
}

static void bytes_that_are_not_text_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = { "a: \xFF", "a: \xC0\xAF", "a: \x01", ("\xFF\xFE" "a\n") };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct task t;
        task_init(&t, "test");
        scoped(json) json_t *got = NULL;
        assert_err(read_text(&t, cases[i], &got), ERR_INVALID);
        task_done(&t);
    }
}

static enum err read_nested(struct task *t, int depth)
{
    struct text yaml = text_new(t->arena);
    for (int i = 0; i < depth; i++)
        text_append(&yaml, "[");
    for (int i = 0; i < depth; i++)
        text_append(&yaml, "]");
    scoped(json) json_t *got = NULL;
    return read_text(t, text_end(&yaml), &got);
}

static void depth_and_size_have_ceilings(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    assert_ok(&t, read_nested(&t, JSON_DEPTH_MAX));
    assert_err(read_nested(&t, JSON_DEPTH_MAX + 2), ERR_LIMIT);
    assert_err(read_nested(&t, YAML_BYTES_MAX / 4), ERR_LIMIT);
    assert_err(read_nested(&t, YAML_BYTES_MAX), ERR_LIMIT);
    task_done(&t);
}

struct lamp {
    const char *colour;
    double      watts;
};

static const struct field lamp_fields[] = {
    FIELD_TEXT(struct lamp, colour, "colour", .required = true),
    FIELD_NUMBER(struct lamp, watts, "watts", .min = 1, .max = 100),
    FIELDS_END
};

static void the_tables_of_fields_decode_it(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    scoped(json) json_t *got = NULL;
    assert_ok(&t, read_text(&t, "colour: red\nwatts: 40\n", &got));
    struct lamp lamp;
    assert_ok(&t, fields_decode(&t, lamp_fields, got, &lamp));
    assert_string_equal(lamp.colour, "red");
    assert_true(lamp.watts == 40);
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_get_their_types),
        cmocka_unit_test(refusals_name_their_place),
        cmocka_unit_test(bytes_that_are_not_text_are_refused),
        cmocka_unit_test(depth_and_size_have_ceilings),
        cmocka_unit_test(the_tables_of_fields_decode_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
