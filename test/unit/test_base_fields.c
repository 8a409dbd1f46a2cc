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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip_keeps_everything),
        cmocka_unit_test(absent_members_get_their_presets),
        cmocka_unit_test(refusals_name_the_path),
        cmocka_unit_test(nearest_word_is_suggested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
