/*
 * One walk over a table per direction. The decoder carries the path of the member it is looking at,
 * so that a refusal three levels down still names it in full.
 */
#include "base/fields.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fields_read.h"
#include "base/limits.h"
#include "base/text.h"

struct path {
    const struct path *parent;
    const char        *name;
    int                index;          /* list position; -1 for a plain member */
};

static void path_write(const struct path *p, struct text *out)
{
    if (!p)
        return;
    path_write(p->parent, out);
    if (p->name)
        text_printf(out, "%s%s", out->length ? "." : "", p->name);
    if (p->index >= 0)
        text_printf(out, "[%d]", p->index);
}

static const char *path_text(struct task *t, const struct path *p)
{
    struct text out = text_new(t->arena);
    path_write(p, &out);
    return text_end(&out);
}

__attribute__((format(printf, 3, 4)))
static enum err wrong(struct task *t, const struct path *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *why = arena_format_v(t->arena, format, args);
    va_end(args);
    const char *where = path_text(t, p);
    enum err e = fail(t, ERR_INVALID, "%s %s", *where ? where : "the document", why);
    return *where ? fail_at(t, e, where) : e;
}

static enum err decode_object(struct task *t, const struct field *fields, const json_t *object,
                              const struct path *path, void *out);

static enum err check_range(struct task *t, const struct field *f, const struct path *p,
                            double value)
{
    if (f->min == 0 && f->max == 0)
        return OK;
    if (value < f->min || value > f->max)
        return wrong(t, p, "must be between %.15g and %.15g", f->min, f->max);
    return OK;
}

static enum err decode_text(struct task *t, const struct field *f, const json_t *json,
                            const struct path *p, const char **out)
{
    if (!json_is_string(json))
        return wrong(t, p, "must be text");
    size_t bytes = json_string_length(json), most = f->bytes_max ? f->bytes_max : PROMPT_BYTES_MAX;
    if (bytes > most)
        return wrong(t, p, "is %zu bytes long; at most %zu are accepted", bytes, most);
    if (strlen(json_string_value(json)) != bytes)
        return wrong(t, p, "must not contain a zero byte");
    if (f->required && bytes == 0)
        return wrong(t, p, "must not be empty");
    *out = arena_copy_n(t->arena, json_string_value(json), bytes);
    return OK;
}

static enum err decode_int(struct task *t, const struct field *f, const json_t *json,
                           const struct path *p, int64_t *out)
{
    if (!json_is_integer(json))
        return wrong(t, p, "must be a whole number");
    enum err e = check_range(t, f, p, (double)json_integer_value(json));
    if (e)
        return e;
    *out = json_integer_value(json);
    return OK;
}

static enum err decode_number(struct task *t, const struct field *f, const json_t *json,
                              const struct path *p, double *out)
{
    if (!json_is_number(json) || !isfinite(json_number_value(json)))
        return wrong(t, p, "must be a number");
    enum err e = check_range(t, f, p, json_number_value(json));
    if (e)
        return e;
    *out = json_number_value(json);
    return OK;
}

static enum err decode_enum(struct task *t, const struct field *f, const json_t *json,
                            const struct path *p, int *out)
{
    if (!json_is_string(json))
        return wrong(t, p, "must be one of %s", names_list(t->arena, f->names));
    int index = names_index(f->names, json_string_value(json));
    if (index < 0)
        return wrong(t, p, "must be one of %s", names_list(t->arena, f->names));
    *out = index;
    return OK;
}

static size_t item_size(const struct field *f)
{
    switch (f->kind) {
    case FIELD_KIND_OBJECTS: return f->item_size;
    case FIELD_KIND_TEXTS:   return sizeof(const char *);
    case FIELD_KIND_INTS:    return sizeof(int64_t);
    default:                 return sizeof(double);
    }
}

static enum err decode_item(struct task *t, const struct field *f, const json_t *json,
                            const struct path *p, void *item)
{
    switch (f->kind) {
    case FIELD_KIND_OBJECTS: return decode_object(t, f->fields, json, p, item);
    case FIELD_KIND_TEXTS:   return decode_text(t, f, json, p, item);
    case FIELD_KIND_INTS:    return decode_int(t, f, json, p, item);
    default:                 return decode_number(t, f, json, p, item);
    }
}

static enum err decode_list(struct task *t, const struct field *f, const json_t *json,
                            const struct path *p, void *out)
{
    if (!json_is_array(json))
        return wrong(t, p, "must be a list");
    size_t count = json_array_size(json), most = f->count_max ? f->count_max : LIST_ITEMS_MAX;
    if (count > most)
        return wrong(t, p, "has %zu items; at most %zu are accepted", count, most);

    char *items = arena_alloc(t->arena, count * item_size(f));
    for (size_t i = 0; i < count; i++) {
        struct path here = { .parent = p, .index = (int)i };
        enum err e = decode_item(t, f, json_array_get(json, i), &here, items + i * item_size(f));
        if (e)
            return e;
    }
    *(void **)((char *)out + f->offset)        = items;
    *(size_t *)((char *)out + f->count_offset) = count;
    return OK;
}

static enum err decode_member(struct task *t, const struct field *f, const json_t *json,
                              const struct path *p, void *out)
{
    void *member = (char *)out + f->offset;
    switch (f->kind) {
    case FIELD_KIND_TEXT:   return decode_text(t, f, json, p, member);
    case FIELD_KIND_INT:    return decode_int(t, f, json, p, member);
    case FIELD_KIND_NUMBER: return decode_number(t, f, json, p, member);
    case FIELD_KIND_ENUM:   return decode_enum(t, f, json, p, member);
    case FIELD_KIND_OBJECT: return decode_object(t, f->fields, json, p, member);
    case FIELD_KIND_BOOL:
        if (!json_is_boolean(json))
            return wrong(t, p, "must be true or false");
        *(bool *)member = json_is_true(json);
        return OK;
    default:
        return decode_list(t, f, json, p, out);
    }
}

static enum err set_absent(struct task *t, const struct field *f, const struct path *p, void *out)
{
    if (f->required)
        return wrong(t, p, "is missing");
    void *member = (char *)out + f->offset;
    switch (f->kind) {
    case FIELD_KIND_TEXT:   *(const char **)member = ""; return OK;
    case FIELD_KIND_INT:    *(int64_t *)member = (int64_t)f->preset; return OK;
    case FIELD_KIND_NUMBER: *(double *)member = f->preset; return OK;
    case FIELD_KIND_BOOL:   *(bool *)member = f->preset != 0; return OK;
    case FIELD_KIND_ENUM:   *(int *)member = (int)f->preset; return OK;
    case FIELD_KIND_OBJECT: {
        scoped(json) json_t *empty = json_object();
        return decode_object(t, f->fields, empty, p, member);
    }
    default:
        *(void **)member = NULL;
        *(size_t *)((char *)out + f->count_offset) = 0;
        return OK;
    }
}

static bool field_known(const struct field *fields, const char *name)
{
    for (const struct field *f = fields; f->kind; f++) {
        if (strcmp(f->name, name) == 0)
            return true;
    }
    return false;
}

static enum err refuse_unknown(struct task *t, const struct field *fields, const json_t *object,
                               const struct path *path)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value) {
        struct path here = { .parent = path, .name = name, .index = -1 };
        if (!field_known(fields, name))
            return wrong(t, &here, "is not a known field");
    }
    return OK;
}

static enum err decode_object(struct task *t, const struct field *fields, const json_t *object,
                              const struct path *path, void *out)
{
    if (!json_is_object(object))
        return wrong(t, path, "must be an object");
    enum err e = OK;
    size_t known = 0;
    for (const struct field *f = fields; f->kind && !e; f++) {
        struct path here = { .parent = path, .name = f->name, .index = -1 };
        const json_t *json = json_object_get(object, f->name);
        known += json != NULL;
        e = json && !json_is_null(json) ? decode_member(t, f, json, &here, out)
                                        : set_absent(t, f, &here, out);
    }
    /* Every member was asked for by name: only if there are more is one of them unknown. */
    return e || known == json_object_size(object) ? e : refuse_unknown(t, fields, object, path);
}

enum err fields_decode(struct task *t, const struct field *fields, const json_t *object, void *out)
{
    return decode_object(t, fields, object, NULL, out);
}

enum err fields_decode_text(struct task *t, const struct field *fields, const char *text,
                            size_t bytes, void *out)
{
    if (bytes > JSON_BYTES_MAX)
        return fail(t, ERR_LIMIT, "the document is %zu bytes; at most %d are accepted", bytes,
                    JSON_BYTES_MAX);
    if (fields_read(t->arena, fields, text, bytes, out))
        return OK;
    json_error_t error;
    scoped(json) json_t *json =
        json_loadb(text, bytes, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (!json)
        return fail(t, ERR_INVALID, "this is not JSON: %s (line %d, column %d)", error.text,
                    error.line, error.column);
    return fields_decode(t, fields, json, out);
}

static json_t *encode_item(const struct field *f, const void *item)
{
    switch (f->kind) {
    case FIELD_KIND_OBJECTS: return fields_encode(f->fields, item);
    case FIELD_KIND_TEXTS:
        return json_string(*(const char *const *)item ? *(const char *const *)item : "");
    case FIELD_KIND_INTS:    return json_integer(*(const int64_t *)item);
    default:                 return json_real(*(const double *)item);
    }
}

static json_t *encode_list(const struct field *f, const void *in)
{
    const char *items = *(char *const *)((const char *)in + f->offset);
    size_t count = *(const size_t *)((const char *)in + f->count_offset);
    if (count == 0)
        return NULL;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, encode_item(f, items + i * item_size(f)));
    return list;
}

static json_t *encode_text(const struct field *f, const char *value)
{
    if (!value)
        value = "";
    return *value || f->keep_empty ? json_string(value) : NULL;
}

static json_t *encode_nonempty_object(const struct field *f, const void *member)
{
    json_t *object = fields_encode(f->fields, member);
    if (json_object_size(object) > 0)
        return object;
    json_decref(object);
    return NULL;
}

/* NULL for a member at its default, which is left out. */
static json_t *encode_member(const struct field *f, const void *in)
{
    const void *member = (const char *)in + f->offset;
    switch (f->kind) {
    case FIELD_KIND_TEXT:
        return encode_text(f, *(const char *const *)member);
    case FIELD_KIND_INT: {
        int64_t value = *(const int64_t *)member;
        return value != (int64_t)f->preset ? json_integer(value) : NULL;
    }
    case FIELD_KIND_NUMBER: {
        double value = *(const double *)member;
        return value != f->preset ? json_real(value) : NULL;
    }
    case FIELD_KIND_BOOL: {
        bool value = *(const bool *)member;
        return value != (f->preset != 0) ? json_boolean(value) : NULL;
    }
    case FIELD_KIND_ENUM: {
        int value = *(const int *)member;
        return value > 0 && value != (int)f->preset ? json_string(f->names[value]) : NULL;
    }
    case FIELD_KIND_OBJECT:
        return encode_nonempty_object(f, member);
    default:
        return encode_list(f, in);
    }
}

json_t *fields_encode(const struct field *fields, const void *in)
{
    json_t *object = json_object();
    for (const struct field *f = fields; f->kind; f++) {
        json_t *value = encode_member(f, in);
        if (value)
            json_object_set_new(object, f->name, value);
    }
    return object;
}

char *json_text(struct arena *a, const json_t *json)
{
    scoped(heap) char *text =
        json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    return arena_copy(a, text ? text : "null");
}

char *fields_encode_text(struct arena *a, const struct field *fields, const void *in)
{
    scoped(json) json_t *object = fields_encode(fields, in);
    return json_text(a, object);
}

static void spell_name(struct text *out, const struct field *f)
{
    text_append(out, f->name);
    text_append(out, "=");
}

static void spell_item(struct text *out, const struct field *f, const void *item)
{
    switch (f->kind) {
    case FIELD_KIND_OBJECTS: {
        text_append(out, "{");
        fields_spell(out, f->fields, item);
        text_append(out, "}");
        return;
    }
    case FIELD_KIND_TEXTS: {
        const char *value = *(const char *const *)item ? *(const char *const *)item : "";
        text_append_int(out, (int64_t)strlen(value));
        text_append(out, ":");
        text_append(out, value);
        text_append(out, ",");
        return;
    }
    case FIELD_KIND_INTS:
        text_append_int(out, *(const int64_t *)item);
        text_append(out, ",");
        return;
    default:
        text_printf(out, "%.17g,", *(const double *)item);
        return;
    }
}

static void spell_list(struct text *out, const struct field *f, const void *in)
{
    const char *items = *(char *const *)((const char *)in + f->offset);
    size_t count = *(const size_t *)((const char *)in + f->count_offset);
    if (count == 0)
        return;
    spell_name(out, f);
    text_append(out, "[");
    for (size_t i = 0; i < count; i++)
        spell_item(out, f, items + i * item_size(f));
    text_append(out, "];");
}

static void spell_text(struct text *out, const struct field *f, const char *value)
{
    if (!value || !*value)
        return;
    spell_name(out, f);
    text_append_int(out, (int64_t)strlen(value));
    text_append(out, ":");
    text_append(out, value);
    text_append(out, ";");
}

static void spell_member(struct text *out, const struct field *f, const void *in)
{
    const void *member = (const char *)in + f->offset;
    switch (f->kind) {
    case FIELD_KIND_TEXT:
        spell_text(out, f, *(const char *const *)member);
        return;
    case FIELD_KIND_INT:
        if (*(const int64_t *)member == (int64_t)f->preset)
            return;
        spell_name(out, f);
        text_append_int(out, *(const int64_t *)member);
        text_append(out, ";");
        return;
    case FIELD_KIND_NUMBER:
        if (*(const double *)member != f->preset)
            text_printf(out, "%s=%.17g;", f->name, *(const double *)member);
        return;
    case FIELD_KIND_BOOL:
        if (*(const bool *)member != (f->preset != 0))
            text_printf(out, "%s=%d;", f->name, *(const bool *)member);
        return;
    case FIELD_KIND_ENUM:
        if (*(const int *)member <= 0)
            return;
        spell_name(out, f);
        text_append(out, f->names[*(const int *)member]);
        text_append(out, ";");
        return;
    case FIELD_KIND_OBJECT:
        spell_name(out, f);
        text_append(out, "{");
        fields_spell(out, f->fields, member);
        text_append(out, "};");
        return;
    default:
        spell_list(out, f, in);
        return;
    }
}

void fields_spell(struct text *out, const struct field *fields, const void *in)
{
    for (const struct field *f = fields; f->kind; f++)
        spell_member(out, f, in);
}

int names_index(const char *const *names, const char *name)
{
    for (int i = 0; names[i]; i++) {
        if (names[i][0] && strcmp(names[i], name) == 0)
            return i;
    }
    return -1;
}

const char *names_nearest(const char *const *names, const char *typed)
{
    const char *nearest = NULL;
    int best = (int)strlen(typed) / 2 + 1;      /* further away than this is another word */
    for (int i = 0; names[i]; i++) {
        int distance = names[i][0] ? text_distance(names[i], typed) : best;
        if (distance < best) {
            best    = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

char *names_list(struct arena *a, const char *const *names)
{
    struct text out = text_new(a);
    for (int i = 0; names[i]; i++) {
        if (names[i][0])
            text_printf(&out, "%s%s",
                        out.length == 0 ? ""
                        : names[i + 1]  ? ", "
                                        : " or ",
                        names[i]);
    }
    return text_end(&out);
}
