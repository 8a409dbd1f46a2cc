/*
 * Structs and JSON by table: both ways, every kind, and refusals that name the member by its path.
 */
#include "test.h"

#include <string.h>

#include "base/fields.h"

static const char *const shape_names[] = { "", "round", "square", NULL };

struct leg {
    int64_t length;
};

struct chair {
    const char  *name;
    int          shape;
    double       weight;
    bool         folds;
    struct leg  *legs;
    size_t       leg_count;
    const char **tags;
    size_t       tag_count;
    struct leg   spare;
};

static const struct field leg_fields[] = {
    FIELD_INT(struct leg, length, "length", .min = 1, .max = 200),
    FIELDS_END
};

static const struct field chair_fields[] = {
    FIELD_TEXT(struct chair, name, "name", .required = true, .bytes_max = 12),
    FIELD_ENUM(struct chair, shape, "shape", shape_names),
    FIELD_NUMBER(struct chair, weight, "weight", .preset = 4.5),
    FIELD_BOOL(struct chair, folds, "folds"),
    FIELD_OBJECTS(struct chair, legs, leg_count, "legs", leg_fields, .count_max = 4),
    FIELD_TEXTS(struct chair, tags, tag_count, "tags", .count_max = 3),
    FIELD_OBJECT(struct chair, spare, "spare", leg_fields, .required = false),
    FIELDS_END
};

static enum err decode(struct task *t, const char *text, struct chair *out)
{
    return fields_decode_text(t, chair_fields, text, strlen(text), out);
}

static void round_trip_keeps_everything(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    const char *text = "{\"name\":\"stool\",\"shape\":\"round\",\"weight\":2.25,\"folds\":true,"
                       "\"legs\":[{\"length\":40},{\"length\":41}],\"tags\":[\"oak\",\"\\u00e9\"],"
                       "\"spare\":{\"length\":39}}";
    struct chair c;
    assert_ok(&t, decode(&t, text, &c));
    assert_int_equal(c.legs[1].length, 41);
    assert_string_equal(c.tags[1], "\xC3\xA9");
    assert_int_equal(c.spare.length, 39);
    char *again = fields_encode_text(t.arena, chair_fields, &c);
    struct chair second;
    assert_ok(&t, decode(&t, again, &second));
    assert_string_equal(again, fields_encode_text(t.arena, chair_fields, &second));
    task_done(&t);
}

static void absent_members_get_their_presets(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct chair c;
    memset(&c, 0xAA, sizeof c);
    assert_ok(&t, decode(&t, "{\"name\":\"a\"}", &c));
    assert_true(c.weight == 4.5 && c.shape == 0 && !c.folds && c.leg_count == 0 &&
                c.spare.length == 0);
    task_done(&t);
}

static void refusals_name_the_path(void **state)
{
    (void)state;
    static const struct {
        const char *text, *field;
    } cases[] = {
        { "{}", "name" },
        { "{\"name\":\"\"}", "name" },
        { "{\"name\":7}", "name" },
        { "{\"name\":\"a\\u0000b\"}", "name" },
        { "{\"name\":\"thirteen byte\"}", "name" },
        { "{\"name\":\"a\",\"shape\":\"oval\"}", "shape" },
        { "{\"name\":\"a\",\"legs\":[{\"length\":4},{\"length\":0}]}", "legs[1].length" },
        { "{\"name\":\"a\",\"legs\":[{},{},{},{},{}]}", "legs" },
        { "{\"name\":\"a\",\"spare\":{\"length\":201}}", "spare.length" },
        { "{\"name\":\"a\",\"colour\":\"red\"}", "colour" },
        { "{\"name\":\"a\",\"folds\":1}", "folds" },
        { "[]", "" },
        { "{\"name\":\"a\"", "" },
        { "{\"name\":\"a\",\"name\":\"b\"}", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct task t;
        task_init(&t, "test");
        struct chair c;
        assert_err(decode(&t, cases[i].text, &c), ERR_INVALID);
        assert_string_equal(t.fault.field, cases[i].field);
        task_done(&t);
    }
}

static void nearest_word_is_suggested(void **state)
{
    (void)state;
    assert_string_equal(names_nearest(shape_names, "suqare"), "square");
    assert_null(names_nearest(shape_names, "elephant"));
}

/*
 * Most documents are read straight into place, the others through a tree of values. Whatever the spelling, both must
 * say the same: the same struct, or both no.
 */
static void both_ways_of_reading_agree(void **state)
{
    (void)state;
    static const char *const documents[] = {
        "{\"name\":\"a\"}", " { \"name\" : \"a\" , \"weight\" : 1 } \n", "{\"weight\":-0.5,\"name\":\"a\"}",
        "{\"name\":\"a\",\"weight\":1e3}", "{\"name\":\"a\",\"weight\":1e999}", "{\"name\":\"a\",\"weight\":01}",
        "{\"name\":\"a\",\"weight\":1.}", "{\"name\":\"a\",\"weight\":.5}", "{\"name\":\"a\",\"weight\":+1}",
        "{\"name\":\"a\",\"weight\":-}", "{\"name\":\"a\",\"weight\":1e}", "{\"name\":\"a\",\"weight\":0x10}",
        "{\"name\":\"a\",\"weight\":\"1\"}", "{\"name\":\"a\",\"weight\":true}", "{\"name\":\"a\",\"weight\":null}",
        "{\"name\":\"a\",\"folds\":true}", "{\"name\":\"a\",\"folds\": false}", "{\"name\":\"a\",\"folds\":truex}",
        "{\"name\":\"a\",\"folds\":1}", "{\"name\":\"a\",\"shape\":\"round\"}", "{\"name\":\"a\",\"shape\":\"\"}",
        "{\"name\":\"a\",\"shape\":\"roun\"}", "{\"name\":\"a\",\"shape\":\"r\\u006fund\"}",
        "{\"name\":\"a\",\"legs\":[]}", "{\"name\":\"a\",\"legs\":[{\"length\":1},{\"length\":200}]}",
        "{\"name\":\"a\",\"legs\":[{\"length\":0}]}", "{\"name\":\"a\",\"legs\":[{}]}", "{\"name\":\"a\",\"legs\":[{},]}",
        "{\"name\":\"a\",\"legs\":[{},{},{},{}]}", "{\"name\":\"a\",\"legs\":[{},{},{},{},{}]}", "{\"name\":\"a\",\"legs\":{}}",
        "{\"name\":\"a\",\"tags\":[\"x\",\"y\"]}", "{\"name\":\"a\",\"tags\":[\"x\" \"y\"]}", "{\"name\":\"a\",\"tags\":[1]}",
        "{\"name\":\"a\",\"spare\":{\"length\":7}}", "{\"name\":\"a\",\"spare\":{\"length\":7,\"length\":7}}",
        "{\"name\":\"a\",\"spare\":{\"length\":9223372036854775807}}", "{\"name\":\"a\",\"spare\":{\"length\":1.0}}",
        "{\"name\":\"a\",\"spare\":{\"length\":99999999999999999999}}", "{\"name\":\"a\",\"spare\":{\"length\":-1}}",
        "{\"name\":\"a\",\"spare\":{\"length\":007}}", "{\"name\":\"a\",\"spare\":{\"length\":-0}}", "{\"name\":\"a\",\"spare\":[]}",
        "{\"name\":\"\"}", "{}", "{\"name\":1}", "{\"name\":\"twelve bytes\"}", "{\"name\":\"thirteen byte\"}",
        "{\"name\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", "{\"name\":\"\\u00e9\"}", "{\"name\":\"\\ud83d\\ude00\"}",
        "{\"name\":\"\\ud83d\"}", "{\"name\":\"\\u0000\"}", "{\"name\":\"\\x\"}", "{\"name\":\"\\", "{\"name\":\"a\\\"}",
        "{\"name\":\"\xC3\xA9\"}", "{\"name\":\"\xC3\"}", "{\"name\":\"\xED\xA0\x80\"}", "{\"name\":\"\x7F\"}", "{\"name\":\"\x01\"}",
        "{\"name\":\"a\nb\"}", "{\"name\":\"a\"}}", "{\"name\":\"a\"}x", "{\"name\":\"a\",}", "{,\"name\":\"a\"}",
        "{\"name\" \"a\"}", "{name:\"a\"}", "{\"name\":\"a\" \"folds\":true}", "{\"name\":\"a\",\"name\":\"a\"}",
        "{\"name\":\"a\",\"other\":1}", "{\"n\\u0061me\":\"a\"}", "[\"name\"]", "", " ", "null", "{\"name\":\"a\"", "{\"name\":\"a",
    };
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct task t;
        struct chair straight, through_tree;
        task_init(&t, "test");
        size_t bytes = strlen(documents[i]);
        memset(&straight, 0xAA, sizeof straight);
        memset(&through_tree, 0x55, sizeof through_tree);
        enum err one = fields_decode_text(&t, chair_fields, documents[i], bytes, &straight);
        scoped(json) json_t *tree = json_loadb(documents[i], bytes, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
        enum err other = tree ? fields_decode(&t, chair_fields, tree, &through_tree) : ERR_INVALID;
        if (one != other)
            test_failed("%s: %s straight, %s through a tree", documents[i], err_name(one), err_name(other));
        if (!one)
            assert_string_equal(fields_encode_text(t.arena, chair_fields, &straight),
                                fields_encode_text(t.arena, chair_fields, &through_tree));
        task_done(&t);
    }
}

/* What a newer program has written goes through this one: at the top, in a part that this one leaves out as empty, in a
 * list; and what this one changes is changed. */
static void members_of_a_newer_program_are_kept(void **state)
{
    (void)state;
    static const char text[] = "{\"name\":\"a\",\"swivels\":{\"axis\":[1,2]},\"legs\":[{\"length\":1},{\"length\":2,\"foot\":\"ball\"}],"
                               "\"spare\":{\"where\":\"attic\"}}";
    struct task t;
    struct chair c;
    const char *newer;
    task_init(&t, "test");
    assert_err(fields_decode_text(&t, chair_fields, text, strlen(text), &c), ERR_INVALID);
    assert_ok(&t, fields_decode_record(&t, chair_fields, text, &c, &newer));
    assert_string_equal(c.name, "a");
    c.name = "b";
    scoped(json) json_t *out = json_loads(fields_encode_record(t.arena, chair_fields, &c, newer), 0, NULL);
    scoped(json) json_t *wanted = json_loads("{\"name\":\"b\",\"swivels\":{\"axis\":[1,2]},\"legs\":[{\"length\":1},{\"length\":2,"
                                             "\"foot\":\"ball\"}],\"spare\":{\"where\":\"attic\"}}", 0, NULL);
    if (!json_equal(out, wanted))
        test_failed("%s", json_text(t.arena, out));

    /* What is wrong by the tables stays wrong, and what is all known is its own keeper. */
    assert_err(fields_decode_record(&t, chair_fields, "{\"name\":1,\"swivels\":2}", &c, &newer), ERR_INVALID);
    assert_string_equal(t.fault.field, "name");
    assert_ok(&t, fields_decode_record(&t, chair_fields, "{\"name\":\"a\"}", &c, &newer));
    assert_string_equal(newer, "");
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_of_a_newer_program_are_kept),
        cmocka_unit_test(both_ways_of_reading_agree),
        cmocka_unit_test(round_trip_keeps_everything),
        cmocka_unit_test(absent_members_get_their_presets),
        cmocka_unit_test(refusals_name_the_path),
        cmocka_unit_test(nearest_word_is_suggested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
