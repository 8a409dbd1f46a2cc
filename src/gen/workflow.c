#include "gen/workflow.h"

#include <string.h>

#include "base/fields.h"
#include "base/limits.h"
#include "base/text.h"

static const char OPEN[] = "{{", CLOSE[] = "}}";

/* ---- reading ---- */

/* The editor's own form has lists of nodes and links; it cannot be run. */
static enum err check_form(struct task *t, const char *name, const json_t *graph)
{
    const char *id;
    json_t *node;
    if (json_is_array(json_object_get(graph, "nodes")))
        return refuse(t, ERR_INVALID, "export it in ComfyUI with File, Export (API)",
                      "the workflow of %s is in the editor's form", name);
    json_object_foreach((json_t *)graph, id, node) {
        if (!json_is_string(json_object_get(node, "class_type")))
            return refuse(t, ERR_INVALID, "export it in ComfyUI with File, Export (API)",
                          "node \"%.40s\" in the workflow of %s has no class_type", id, name);
    }
    if (json_object_size(graph) == 0)
        return refuse(t, ERR_INVALID, "export it in ComfyUI with File, Export (API)",
                      "the workflow of %s has no nodes", name);
    return OK;
}

enum err workflow_read(struct task *t, const char *name, const char *text, json_t **out)
{
    json_error_t error;
    scoped(json) json_t *graph = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(graph))
        return refuse(t, ERR_INVALID, "export it in ComfyUI with File, Export (API)",
                      "the workflow of %s is no JSON object (line %d)", name, error.line);
    enum err e = check_form(t, name, graph);
    if (!e)
        *out = json_incref(graph);
    return e;
}

/* ---- filling ---- */

/* The placeholder at the beginning of a text and where it ends; NULL when there is none. */
static const char *token_at(struct task *t, const char *text, const char **out_end)
{
    const char *close = text_starts(text, OPEN) ? strstr(text, CLOSE) : NULL;
    if (!close)
        return NULL;
    *out_end = close + strlen(CLOSE);
    return text_tidy(t->arena, arena_copy_n(t->arena, text + strlen(OPEN),
                                            (size_t)(close - text) - strlen(OPEN)));
}

static enum err value_of(struct task *t, const json_t *values, const char *token,
                         const json_t **out)
{
    const char *names[64] = { NULL }, *name;
    size_t count = 0;
    json_t *value;
    *out = json_object_get(values, token);
    if (*out)
        return OK;
    json_object_foreach((json_t *)values, name, value) {
        if (count + 1 < sizeof names / sizeof *names)
            names[count++] = name;
    }
    return refuse(t, ERR_INVALID,
                  arena_format(t->arena, "there are %s; others can be given as `constants` of the "
                                         "model's descriptor",
                               names_list(t->arena, names)),
                  "the workflow has a placeholder {{%.40s}} that nothing is known for", token);
}

static void append_value(struct task *t, struct text *out, const json_t *value)
{
    text_append(out, json_is_string(value) ? json_string_value(value) : json_text(t->arena, value));
}

/* Placeholders inside a longer text. */
static enum err fill_inside(struct task *t, const char *text, const json_t *values, json_t **out)
{
    struct text filled = text_new(t->arena);
    while (*text) {
        const json_t *value;
        const char *end, *token = token_at(t, text, &end);
        enum err e = token ? value_of(t, values, token, &value) : OK;
        if (e)
            return e;
        if (token)
            append_value(t, &filled, value);
        else
            text_append_n(&filled, text, 1);
        text = token ? end : text + 1;
    }
    *out = json_string(text_end(&filled));
    return *out ? OK : fail(t, ERR_INVALID, "the scene's words are not clean text");
}

static enum err fill_text(struct task *t, const json_t *text, const json_t *values, json_t **out)
{
    const char *said = json_string_value(text), *end = "";
    const json_t *value;
    const char *token = token_at(t, said, &end);
    if (!token || *end)
        return fill_inside(t, said, values, out);
    enum err e = value_of(t, values, token, &value);
    if (!e)
        *out = json_deep_copy(value);
    return e;
}

static bool is_link(const json_t *value)
{
    return json_array_size(value) == 2 && json_is_string(json_array_get(value, 0)) &&
           json_is_integer(json_array_get(value, 1));
}

/* One level deep is enough for every node there is: an input, or the items of a list. */
static enum err fill_list(struct task *t, json_t *list, const json_t *values)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *filled;
        if (!json_is_string(json_array_get(list, i)))
            continue;
        enum err e = fill_text(t, json_array_get(list, i), values, &filled);
        if (e)
            return e;
        json_array_set_new(list, i, filled);
    }
    return OK;
}

static enum err fill_node(struct task *t, json_t *inputs, const json_t *values)
{
    const char *name;
    json_t *input;
    void *next;
    json_object_foreach_safe(inputs, next, name, input) {
        json_t *filled = NULL;
        enum err e = OK;
        if (json_is_string(input))
            e = fill_text(t, input, values, &filled);
        else if (json_is_array(input) && !is_link(input))
            e = fill_list(t, input, values);
        if (e)
            return e;
        if (filled)
            json_object_set_new(inputs, name, filled);
    }
    return OK;
}

enum err workflow_fill(struct task *t, json_t *graph, const json_t *values)
{
    const char *id;
    json_t *node;
    json_object_foreach(graph, id, node) {
        enum err e = fill_node(t, json_object_get(node, "inputs"), values);
        if (e)
            return e;
    }
    return OK;
}
