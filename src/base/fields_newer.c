/*
 * What a newer program has written into a record goes through an older one unharmed: members that
 * no table knows are put aside when it is read, and back when it is written. The struct knows
 * nothing of them; the text they came in is their keeper.
 */
#include "base/fields.h"

#include <string.h>

#include "base/limits.h"

static const struct field *field_named(const struct field *fields, const char *name)
{
    for (const struct field *f = fields; f->kind; f++) {
        if (strcmp(f->name, name) == 0)
            return f;
    }
    return NULL;
}

/* Whether there were any. */
static bool drop_unknown(const struct field *fields, json_t *object)
{
    const char *name;
    json_t *value;
    void *next;
    bool dropped = false;
    json_object_foreach_safe(object, next, name, value) {
        const struct field *f = field_named(fields, name);
        size_t i;
        json_t *item;
        if (!f) {
            json_object_del(object, name);
            dropped = true;
        } else if (f->kind == FIELD_KIND_OBJECT) {
            dropped |= drop_unknown(f->fields, value);
        } else if (f->kind == FIELD_KIND_OBJECTS) {
            json_array_foreach(value, i, item)
                dropped |= drop_unknown(f->fields, item);
        }
    }
    return dropped;
}

enum err fields_decode_record(struct task *t, const struct field *fields, const char *text,
                              void *out, const char **out_newer)
{
    if (out_newer)
        *out_newer = "";
    enum err e = fields_decode_text(t, fields, text, strlen(text), out);
    if (e != ERR_INVALID)
        return e;
    struct fault why = t->fault;
    scoped(json) json_t *json = json_loads(text, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    if (!json || !json_is_object(json) || !drop_unknown(fields, json)) {
        t->fault = why;
        return e;
    }
    if (out_newer)
        *out_newer = arena_copy(t->arena, text);
    return fields_decode(t, fields, json, out);
}

/* Lists are matched by place, as long as they are equally long. */
static void take_over(const struct field *fields, json_t *into, const json_t *newer)
{
    const char *name;
    json_t *value, *item;
    size_t i;
    json_object_foreach((json_t *)newer, name, value) {
        const struct field *f = field_named(fields, name);
        json_t *own = json_object_get(into, name);
        if (!f) {
            json_object_set(into, name, value);
        } else if (f->kind == FIELD_KIND_OBJECT && json_is_object(value)) {
            scoped(json) json_t *part = own ? json_incref(own) : json_object();
            take_over(f->fields, part, value);
            if (json_object_size(part) > 0)
                json_object_set(into, name, part);
        } else if (f->kind == FIELD_KIND_OBJECTS &&
                   json_array_size(own) == json_array_size(value)) {
            json_array_foreach(own, i, item)
                take_over(f->fields, item, json_array_get(value, i));
        }
    }
}

char *fields_encode_record(struct arena *a, const struct field *fields, const void *in,
                           const char *newer)
{
    if (text_is_empty(newer))
        return fields_encode_text(a, fields, in);
    scoped(json) json_t *object = fields_encode(fields, in);
    scoped(json) json_t *before = json_loads(newer, JSON_ALLOW_NUL, NULL);
    if (before)
        take_over(fields, object, before);
    return json_text(a, object);
}
