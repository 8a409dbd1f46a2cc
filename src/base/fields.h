#pragma once

/*
 * Structs and JSON, both ways, by table.
 *
 *     static const struct field trim_fields[] = {
 *         FIELD_INT(struct trim, in_us,  "inUs",  .required = true, .min = 0, .max = MEDIA_US_MAX),
 *         FIELD_ENUM(struct trim, shape, "shape", shape_names),
 *         FIELDS_END
 *     };
 *
 * The macros refuse a member of the wrong type at compile time. Decoding checks everything a table
 * can say (type, range, length, UTF-8, the words of an enum, unknown members) and names the member
 * at fault by its path ("scenes[2].trim.inUs"). Enums are `int` members with a NULL-ended table of
 * names; index 0 is "not set" and is written as nothing. All other defaults are zero unless
 * `preset` says otherwise.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scoped.h"
#include "base/task.h"
#include "base/text.h"

enum field_kind {
    FIELD_KIND_END = 0,
    FIELD_KIND_TEXT,         /* const char *, in the arena; absent is "" */
    FIELD_KIND_INT,          /* int64_t */
    FIELD_KIND_NUMBER,       /* double, finite */
    FIELD_KIND_BOOL,         /* bool */
    FIELD_KIND_ENUM,         /* int, index into names */
    FIELD_KIND_OBJECT,       /* a struct in place, by table */
    FIELD_KIND_OBJECTS,      /* pointer + size_t count, by table */
    FIELD_KIND_TEXTS,        /* const char ** + size_t count */
    FIELD_KIND_INTS,         /* int64_t * + size_t count */
    FIELD_KIND_NUMBERS,      /* double * + size_t count */
};

struct field {
    enum field_kind      kind;
    const char          *name;             /* as written in JSON, camelCase */
    size_t               offset;
    size_t               count_offset;     /* lists: where the size_t count lives */
    size_t               item_size;        /* objects: sizeof one */
    const struct field  *fields;           /* objects: their table */
    const char *const   *names;            /* enums */
    bool                 required;
    bool                 keep_empty;       /* text: write "" instead of leaving it out */
    double               min, max;         /* numbers; both 0 for no range */
    size_t               count_max;        /* lists; 0 for LIST_ITEMS_MAX */
    size_t               bytes_max;        /* text; 0 for PROMPT_BYTES_MAX */
    double               preset;           /* numbers, enums: the value when absent */
};

#define FIELD_AT(type, member, wanted) \
    .offset = offsetof(type, member) + 0 * sizeof(char[_Generic(((type *)0)->member, wanted: 1)])

#define FIELD_TEXT(type, member, json, ...) \
    { .kind = FIELD_KIND_TEXT, .name = json, FIELD_AT(type, member, const char *), __VA_ARGS__ }
#define FIELD_INT(type, member, json, ...) \
    { .kind = FIELD_KIND_INT, .name = json, FIELD_AT(type, member, int64_t), __VA_ARGS__ }
#define FIELD_NUMBER(type, member, json, ...) \
    { .kind = FIELD_KIND_NUMBER, .name = json, FIELD_AT(type, member, double), __VA_ARGS__ }
#define FIELD_BOOL(type, member, json, ...) \
    { .kind = FIELD_KIND_BOOL, .name = json, FIELD_AT(type, member, bool), __VA_ARGS__ }
#define FIELD_ENUM(type, member, json, table, ...)                                                 \
    {                                                                                              \
        .kind = FIELD_KIND_ENUM, .name = json, FIELD_AT(type, member, int), .names = table,        \
        __VA_ARGS__                                                                                \
    }
#define FIELD_OBJECT(type, member, json, table, ...)                                    \
    { .kind = FIELD_KIND_OBJECT, .name = json, .offset = offsetof(type, member),        \
      .item_size = sizeof(((type *)0)->member), .fields = table, __VA_ARGS__ }
#define FIELD_OBJECTS(type, member, count, json, table, ...)                            \
    { .kind = FIELD_KIND_OBJECTS, .name = json, .offset = offsetof(type, member),       \
      .count_offset = offsetof(type, count), .item_size = sizeof(*((type *)0)->member), \
      .fields = table, __VA_ARGS__ }
#define FIELD_TEXTS(type, member, count, json, ...)                                     \
    { .kind = FIELD_KIND_TEXTS, .name = json, FIELD_AT(type, member, const char **),    \
      .count_offset = offsetof(type, count), __VA_ARGS__ }
#define FIELD_INTS(type, member, count, json, ...)                                      \
    { .kind = FIELD_KIND_INTS, .name = json, FIELD_AT(type, member, int64_t *),         \
      .count_offset = offsetof(type, count), __VA_ARGS__ }
#define FIELD_NUMBERS(type, member, count, json, ...)                                   \
    { .kind = FIELD_KIND_NUMBERS, .name = json, FIELD_AT(type, member, double *),       \
      .count_offset = offsetof(type, count), __VA_ARGS__ }
#define FIELDS_END { .kind = FIELD_KIND_END }

static inline void json_scoped(json_t **json)
{
    json_decref(*json);
}

/*
 * Fill *out (zeroed by the caller or not: every listed member is written) from a JSON object.
 * Everything it points to is in t->arena. Errors: INVALID with fault.field set to the path.
 */
enum err fields_decode(struct task *t, const struct field *fields, const json_t *object, void *out);

/* The same from text of `bytes` bytes: INVALID also for malformed JSON, LIMIT past
 * JSON_BYTES_MAX. */
enum err fields_decode_text(struct task *t, const struct field *fields, const char *text,
                            size_t bytes, void *out);

/*
 * Of a record, which a newer program may have written: members that no table knows, at any depth,
 * are no error. *out_newer (NULL: not wanted) is the text when there are any, else "":
 * fields_encode_record() carries them over into what is written in its place. A word that an enum
 * does not know is an error still.
 */
enum err fields_decode_record(struct task *t, const struct field *fields, const char *text,
                              void *out, const char **out_newer);

/* As fields_encode_text(), with the unknown members of `newer` (NULL or "" for none). */
char *fields_encode_record(struct arena *a, const struct field *fields, const void *in,
                           const char *newer);

/* A new JSON object (the caller owns the reference); members at their zero value are left out. */
json_t *fields_encode(const struct field *fields, const void *in);

/* The same as compact text in the arena, members in the order of the table: fit to be hashed. */
char *fields_encode_text(struct arena *a, const struct field *fields, const void *in);

/*
 * A struct as plain text for hashing, "place=bridge;cast=[name=4:Mara;...]": members at their zero
 * value are left out, texts carry their length, so different structs never read alike. Several
 * times faster than JSON.
 */
void fields_spell(struct text *out, const struct field *fields, const void *in);

/* Any JSON as compact text in the arena. */
char *json_text(struct arena *a, const json_t *json);

/* Index of `name` in a NULL-ended table, or -1. */
int names_index(const char *const *names, const char *name);

/* The name in the table closest to what was typed, for "did you mean"; NULL when nothing is
 * near. */
const char *names_nearest(const char *const *names, const char *typed);

/* "a, b or c", in the arena. */
char *names_list(struct arena *a, const char *const *names);
