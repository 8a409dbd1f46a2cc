/*
 * A schema is shown flat: allOf is merged, a reference to an object is a link to its own table, and
 * a reference to anything smaller is written out where it is used, so that a reader of a member
 * sees its limits at once.
 */
#include "api/reference_schema.h"

#include <string.h>

#include "api/reference_words.h"

enum { REFERENCES_MAX = 8, EXAMPLE_DEPTH_MAX = 6 };

const char *contract_words(const json_t *object, const char *member)
{
    const char *words = json_string_value(json_object_get(object, member));
    return words ? words : "";
}

static const json_t *follow(const struct contract *c, const char *reference)
{
    if (!text_starts(reference, "#/"))
        return NULL;
    const json_t *at = c->document;
    for (const char *name = reference + 2; at && name;) {
        const char *slash = strchr(name, '/');
        size_t bytes = slash ? (size_t)(slash - name) : strlen(name);
        at = json_object_getn(at, name, bytes);
        name = slash ? slash + 1 : NULL;
    }
    return at;
}

const json_t *contract_resolve(const struct contract *c, const json_t *json)
{
    for (int i = 0; i < REFERENCES_MAX; i++) {
        const char *reference = contract_words(json, "$ref");
        if (!*reference)
            return json;
        json = follow(c, reference);
    }
    return NULL;
}

static void merge_lists(json_t *into, const char *name, const json_t *from)
{
    json_t *list = json_object_get(into, name);
    if (list)
        json_array_extend(list, (json_t *)from);
    else
        json_object_set_new(into, name, json_copy((json_t *)from));
}

static void merge(const struct contract *c, json_t *into, const json_t *schema)
{
    const char *name;
    json_t *value;
    size_t i;
    json_array_foreach(json_object_get(schema, "allOf"), i, value)
        merge(c, into, contract_flat(c, value));
    json_object_foreach((json_t *)schema, name, value)
    {
        json_t *there = json_object_get(into, name);
        if (text_equal(name, "required"))
            merge_lists(into, name, value);
        else if (text_equal(name, "properties") && there)
            json_object_update(there, value);
        else if (text_equal(name, "properties"))
            json_object_set_new(into, name, json_copy(value));
        else if (!text_equal(name, "allOf"))
            json_object_set(into, name, value);
    }
}

const json_t *contract_flat(const struct contract *c, const json_t *schema)
{
    const json_t *whole = contract_resolve(c, schema);
    if (!json_object_get(whole, "allOf"))
        return whole;
    json_t *merged = json_object();
    merge(c, merged, whole);
    json_array_append_new(c->made, merged);
    return merged;
}

/* ---- in words ---- */

/* "Scene" for {"$ref": ".../schemas/Scene"} and for {"allOf": [that], ...}; NULL for anything else.
 */
static const char *schema_name(const json_t *schema)
{
    const json_t *all = json_object_get(schema, "allOf");
    if (json_array_size(all) == 1)
        schema = json_array_get(all, 0);
    const char *reference = contract_words(schema, "$ref"), *slash = strrchr(reference, '/');
    return slash ? slash + 1 : NULL;
}

static bool is_object(const json_t *schema)
{
    return json_object_get(schema, "properties") != NULL;
}

static void write_value(struct text *out, const json_t *value)
{
    if (json_is_string(value))
        html_text(out, json_string_value(value));
    else
        html_text(out, json_text(out->arena, value));
}

static void write_choices(struct text *out, const json_t *choices)
{
    size_t i;
    json_t *choice;
    json_array_foreach(choices, i, choice)
    {
        text_append(out, i ? " · <code>" : "<code>");
        write_value(out, choice);
        text_append(out, "</code>");
    }
}

/* "string", "number or null". */
static void write_type(struct text *out, const json_t *type)
{
    size_t i;
    json_t *word;
    if (json_is_string(type))
        html_text(out, json_string_value(type));
    json_array_foreach(type, i, word)
    {
        text_append(out, i ? " or " : "");
        html_text(out, json_string_value(word) ? json_string_value(word) : "");
    }
}

/* `before` and the value with `after`; nothing when it is not there. */
static void write_limit(struct text *out, const char *before, const json_t *value,
                        const char *after)
{
    if (!value)
        return;
    text_append(out, before);
    write_value(out, value);
    text_append(out, after);
}

/* ", 1 to 200 characters", ", at least 1", ", at most 64". */
static void write_range(struct text *out, const json_t *least, const json_t *most, const char *unit)
{
    write_limit(out, most ? ", " : ", at least ", least, "");
    write_limit(out, least ? " to " : ", at most ", most, "");
    if (least || most)
        text_append(out, unit);
}

static void write_limits(struct text *out, const json_t *schema)
{
    static const struct {
        const char *least, *most, *unit;
    } ranges[] = { { "minimum", "maximum", "" },
                   { "minLength", "maxLength", " characters" },
                   { "minItems", "maxItems", " of them" } };
    write_limit(out, ", more than ", json_object_get(schema, "exclusiveMinimum"), "");
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        write_range(out, json_object_get(schema, ranges[i].least),
                    json_object_get(schema, ranges[i].most), ranges[i].unit);
    if (json_object_get(schema, "contentMediaType"))
        text_append(out, ", a file");
    write_limit(out, "; otherwise <code>", json_object_get(schema, "default"), "</code>");
}

void schema_type(const struct contract *c, struct text *out, const json_t *schema)
{
    const json_t *whole = contract_flat(c, schema), *items = json_object_get(whole, "items");
    const char *name = schema_name(schema);
    const json_t *choices = json_object_get(whole, "enum"), *only = json_object_get(whole, "const");
    if (is_object(whole) && name) {
        text_append(out, "<a href=\"#schema-");
        html_text(out, html_anchor(out->arena, name));
        text_append(out, "\">");
        html_text(out, name);
        text_append(out, "</a>");
    } else if (items) {
        text_append(out, "list of ");
        schema_type(c, out, items);
        write_limits(out, whole);
    } else if (choices || only) {
        choices ? write_choices(out, choices) : write_value(out, only);
        write_limits(out, whole);
    } else {
        write_type(out, json_object_get(whole, "type"));
        write_limits(out, whole);
    }
}

static bool is_required(const json_t *schema, const char *name)
{
    size_t i;
    json_t *required;
    json_array_foreach(json_object_get(schema, "required"), i,
                       required) if (text_equal(json_string_value(required), name)) return true;
    return false;
}

void schema_members(const struct contract *c, struct text *out, const json_t *schema)
{
    const json_t *whole = contract_flat(c, schema);
    if (!is_object(whole))
        return;
    const char *name;
    json_t *member;
    text_append(out, "<table class=\"members\">\n");
    json_object_foreach(json_object_get(whole, "properties"), name, member)
    {
        text_append(out, "<tr><td><code>");
        html_text(out, name);
        text_append(out, "</code>");
        if (is_required(whole, name))
            text_append(out, " <b class=\"required\">required</b>");
        text_append(out, "</td><td><span class=\"type\">");
        schema_type(c, out, member);
        text_append(out, "</span>");
        const char *description = contract_words(contract_flat(c, member), "description");
        if (*description) {
            text_append(out, "<br>");
            html_line(out, description);
        }
        text_append(out, "</td></tr>\n");
    }
    text_append(out, "</table>\n");
}

/* ---- an example ---- */

static json_t *example(const struct contract *c, const json_t *schema, int depth);

static json_t *example_object(const struct contract *c, const json_t *schema, int depth)
{
    const char *name;
    json_t *member, *made = json_object();
    json_object_foreach(json_object_get(schema, "properties"), name,
                        member) if (is_required(schema, name) ||
                                    json_object_get(contract_flat(c, member), "example"))
        json_object_set_new(made, name, example(c, member, depth + 1));
    return made;
}

static json_t *example_list(const struct contract *c, const json_t *schema, int depth)
{
    json_t *list = json_array();
    json_array_append_new(list, example(c, json_object_get(schema, "items"), depth + 1));
    return list;
}

static json_t *example_number(const json_t *schema, bool whole)
{
    const json_t *least = json_object_get(schema, "minimum");
    double value = least ? json_number_value(least) : 1;
    return whole ? json_integer((json_int_t)value) : json_real(value);
}

/* What the schema itself offers; NULL when nothing. Borrowed. */
static const json_t *example_given(const json_t *schema)
{
    static const char *const members[] = { "example", "const", "default" };
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const json_t *given = json_object_get(schema, members[i]);
        if (given)
            return given;
    }
    return json_array_get(json_object_get(schema, "enum"), 0);
}

static json_t *example(const struct contract *c, const json_t *schema, int depth)
{
    const json_t *whole = contract_flat(c, schema), *given = example_given(whole);
    if (given)
        return json_deep_copy(given);
    if (depth > EXAMPLE_DEPTH_MAX)
        return json_object();
    const json_t *types = json_object_get(whole, "type");
    const char *type = json_is_array(types) ? json_string_value(json_array_get(types, 0))
                                            : json_string_value(types);
    if (is_object(whole))
        return example_object(c, whole, depth);
    if (!type || text_equal(type, "object"))
        return json_object();
    if (text_equal(type, "array"))
        return example_list(c, whole, depth);
    if (text_equal(type, "integer") || text_equal(type, "number"))
        return example_number(whole, *type == 'i');
    if (text_equal(type, "boolean"))
        return json_false();
    return json_string("…");
}

json_t *schema_example(const struct contract *c, const json_t *schema)
{
    return example(c, schema, 0);
}
