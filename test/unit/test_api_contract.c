/*
 * The tables that read requests and the contract say the same: members, kinds, which are required,
 * how long, how many, how large. Whoever changes one is told here to change the other.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "api/reference_schema.h"
#include "api/shapes.h"
#include "base/limits.h"
#include "base/yaml.h"

#define FRAME_SECONDS (1.0 / 24) /* nothing in a film is shorter */

static const struct {
    const char *schema;
    const struct field *fields;
    const char *files; /* members that are files, which no table reads */
} bodies[] = {
    { "ProjectNew", project_new_fields, "" },
    { "ProjectForm", project_new_fields, " audio images characterImage productImage " },
    { "ProjectEdit", project_edit_fields, "" },
    { "PlanRequest", draft_fields, "" },
    { "DecisionRequest", decision_fields, "" },
    { "GenerateRequest", scenes_body_fields, "" },
    { "SceneOrder", order_fields, "" },
    { "SceneNew", idea_fields, "" },
    { "SceneEdit", scene_edit_fields, "" },
    { "SceneRemake", remake_fields, "" },
    { "SceneRewrite", rewrite_fields, "" },
    { "TrimRequest", trim_fields, "" },
    { "ComposeRequest", compose_fields, "" },
    { "LipSyncRequest", lipsync_fields, "" },
    { "VideoForm", no_fields, " video " },
    { "ReferenceRequest", wish_fields, "" },
    { "ReferenceFetch", picture_fetch_fields, "" },
    { "ReferenceForm", picture_upload_fields, " image " },
    { "AudioFetch", url_fields, "" },
    { "AudioForm", no_fields, " audio " },
    { "MusicRequest", music_fields, "" },
    { "SignIn", token_fields, "" },
};

static struct task t;
static struct contract contract;

static int read_contract(void **state)
{
    (void)state;
    struct bytes text;
    json_t *document;
    const char *root = getenv("STORYREEL_SOURCE");
    task_init(&t, "test");
    const char *path = arena_format(t.arena, "%s/api/openapi.yaml", root ? root : ".");
    assert_ok(&t, file_read(&t, path, 1 << 20, &text));
    assert_ok(&t, yaml_read(&t, path, text, &document));
    contract = (struct contract){ document, json_array() };
    return 0;
}

static int forget_contract(void **state)
{
    (void)state;
    json_decref((json_t *)contract.document);
    json_decref(contract.made);
    task_done(&t);
    return 0;
}

static const json_t *schema_named(const char *name)
{
    const json_t *components = json_object_get(contract.document, "components");
    const json_t *schema = json_object_get(json_object_get(components, "schemas"), name);
    if (!schema)
        test_failed("the contract has no schema %s", name);
    return contract_flat(&contract, schema);
}

/* ---- one member ---- */

static const char *const kind_types[] = {
    [FIELD_KIND_TEXT] = "string",   [FIELD_KIND_INT] = "integer", [FIELD_KIND_NUMBER] = "number",
    [FIELD_KIND_BOOL] = "boolean",  [FIELD_KIND_ENUM] = "string", [FIELD_KIND_OBJECT] = "object",
    [FIELD_KIND_OBJECTS] = "array", [FIELD_KIND_TEXTS] = "array", [FIELD_KIND_INTS] = "array",
    [FIELD_KIND_NUMBERS] = "array",
};

static void same_number(const char *where, const char *what, const json_t *promised, double kept)
{
    if (!promised || json_number_value(promised) != kept)
        test_failed("%s: the contract says %s %s, the table %g", where, what,
                    promised ? json_text(t.arena, promised) : "nothing of", kept);
}

/* More than 0 is what a contract can say; a table says the same with anything below a frame. */
static void same_range(const char *where, const json_t *schema, const struct field *f)
{
    const json_t *above = json_object_get(schema, "exclusiveMinimum");
    const json_t *least = json_object_get(schema, "minimum");
    if (f->min == 0 && f->max == 0) {
        if (above || least || json_object_get(schema, "maximum"))
            test_failed("%s: the contract has a range, the table none", where);
        return;
    }
    if (!above)
        same_number(where, "minimum", least, f->min);
    else if (json_number_value(above) != 0 || f->min <= 0 || f->min >= FRAME_SECONDS)
        test_failed("%s: more than %s is not from %g", where, json_text(t.arena, above), f->min);
    same_number(where, "maximum", json_object_get(schema, "maximum"), f->max);
}

static void same_table(const char *where, const json_t *schema, const struct field *fields,
                       const char *files);

static void same_list(const char *where, const json_t *schema, const struct field *f)
{
    const json_t *items = contract_flat(&contract, json_object_get(schema, "items"));
    same_number(where, "maxItems", json_object_get(schema, "maxItems"), (double)f->count_max);
    if (f->kind == FIELD_KIND_OBJECTS)
        same_table(where, items, f->fields, "");
    if (f->kind == FIELD_KIND_INTS || f->kind == FIELD_KIND_NUMBERS)
        same_range(where, items, f);
}

static void same_names(const char *where, const json_t *schema, const struct field *f)
{
    size_t i, count = 0;
    json_t *word;
    while (f->names[count + 1]) /* 0 is "not set" */
        count++;
    if (json_array_size(json_object_get(schema, "enum")) != count)
        test_failed("%s: not the same words", where);
    json_array_foreach(json_object_get(schema, "enum"), i,
                       word) if (names_index(f->names, json_string_value(word)) < 1)
        test_failed("%s: the table does not know %s", where, json_string_value(word));
}

/* Words with a list of their own in the contract may be checked by flow/ instead of a length. */
static void same_length(const char *where, const json_t *schema, const struct field *f)
{
    size_t most = f->bytes_max ? f->bytes_max : PROMPT_BYTES_MAX;
    if (!json_object_get(schema, "enum"))
        same_number(where, "maxLength", json_object_get(schema, "maxLength"), (double)most);
}

static void same_member(const char *where, const json_t *schema, const struct field *f)
{
    const char *type = contract_words(schema, "type");
    if (!text_equal(type, kind_types[f->kind]))
        test_failed("%s is %s in the contract and %s in the table", where, type,
                    kind_types[f->kind]);
    switch (f->kind) {
    case FIELD_KIND_TEXT:
        same_length(where, schema, f);
        break;
    case FIELD_KIND_INT:
    case FIELD_KIND_NUMBER:
        same_range(where, schema, f);
        break;
    case FIELD_KIND_ENUM:
        same_names(where, schema, f);
        break;
    case FIELD_KIND_OBJECT:
        same_table(where, schema, f->fields, "");
        break;
    case FIELD_KIND_BOOL:
        break;
    default:
        same_list(where, schema, f);
    }
}

/* ---- one table ---- */

static bool is_required(const json_t *schema, const char *name)
{
    size_t i;
    json_t *required;
    json_array_foreach(json_object_get(schema, "required"), i,
                       required) if (text_equal(json_string_value(required), name)) return true;
    return false;
}

static const struct field *field_named(const struct field *fields, const char *name)
{
    for (; fields->kind != FIELD_KIND_END; fields++)
        if (text_equal(fields->name, name))
            return fields;
    return NULL;
}

static void same_table(const char *where, const json_t *schema, const struct field *fields,
                       const char *files)
{
    const char *name;
    json_t *member;
    const json_t *members = json_object_get(schema, "properties");
    if (!json_is_false(json_object_get(schema, "additionalProperties")))
        test_failed("%s lets members pass that nobody reads", where);
    for (const struct field *f = fields; f->kind != FIELD_KIND_END; f++)
        if (!json_object_get(members, f->name))
            test_failed("%s: the contract does not know %s", where, f->name);
    json_object_foreach((json_t *)members, name, member)
    {
        const struct field *f = field_named(fields, name);
        const char *path = arena_format(t.arena, "%s.%s", where, name);
        if (strstr(files, arena_format(t.arena, " %s ", name)))
            continue;
        if (!f)
            test_failed("%s: no table reads it", path);
        if (is_required(schema, name) != f->required)
            test_failed("%s: is it required?", path);
        same_member(path, contract_flat(&contract, member), f);
    }
}

static void tables_and_contract_say_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        same_table(bodies[i].schema, schema_named(bodies[i].schema), bodies[i].fields,
                   bodies[i].files);
}

/* A body the contract gains has to be listed above. */
static void every_body_is_looked_at(void **state)
{
    (void)state;
    const char *name;
    json_t *schema;
    const json_t *components = json_object_get(contract.document, "components");
    json_object_foreach(json_object_get(components, "schemas"), name, schema)
    {
        bool listed = text_equal(name, "TrimInput"); /* inside TrimRequest */
        for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
            listed = listed || text_equal(bodies[i].schema, name);
        if (!listed && json_object_get(schema, "additionalProperties"))
            test_failed("%s is a request, and no table is compared with it", name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tables_and_contract_say_the_same, read_contract,
                                        forget_contract),
        cmocka_unit_test_setup_teardown(every_body_is_looked_at, read_contract, forget_contract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
