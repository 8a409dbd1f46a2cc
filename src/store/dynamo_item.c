/*
 * JSON as DynamoDB types it, {"n":1} as {"n":{"N":"1"}}, and back. Numbers are texts there, so that
 * nothing is lost on the way; 2.0 comes back as 2, which is the same number in JSON.
 */
#include "store/dynamo.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/text.h"

#define NUMBER_MIN 1e-130          /* what is nearer to zero, the service refuses */

/* Records that may be forgotten, by the beginning of their partition key, and after how long. */
static const struct {
    const char *prefix;
    int64_t kept_s;
} expiring[] = {
    { "ONCE#", 8 * 24 * 3600 },    /* a day longer than once_sweep() leaves them */
    { "CHANGES#", 3600 },
    { "LEASE#", 3600 },
};

static json_t *typed(const char *type, json_t *value)
{
    json_t *out = json_object();
    json_object_set_new(out, type, value);
    return out;
}

json_t *dynamo_key(const char *pk, const char *sk)
{
    json_t *key = json_object();
    json_object_set_new(key, "PK", dynamo_text(pk));
    json_object_set_new(key, "SK", dynamo_text(sk));
    return key;
}

static json_t *each(const json_t *array, json_t *turned(const json_t *))
{
    json_t *out = json_array();
    size_t i;
    json_t *element;
    json_array_foreach(array, i, element)
        json_array_append_new(out, turned(element));
    return out;
}

static json_t *typed_value(const json_t *value);

static json_t *typed_members(const json_t *object)
{
    json_t *out = json_object();
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)object, name, member)
        json_object_set_new(out, name, typed_value(member));
    return out;
}

static json_t *typed_real(double n)
{
    return typed("N", json_sprintf("%.17g", fabs(n) < NUMBER_MIN ? 0 : n));
}

static json_t *typed_value(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: return typed("M", typed_members(value));
    case JSON_ARRAY: return typed("L", each(value, typed_value));
    case JSON_STRING: return typed("S", json_incref((json_t *)value));
    case JSON_INTEGER: return dynamo_number(json_integer_value(value));
    case JSON_REAL: return typed_real(json_real_value(value));
    case JSON_TRUE:
    case JSON_FALSE: return typed("BOOL", json_incref((json_t *)value));
    default: return typed("NULL", json_true());
    }
}

/* ---- whole items ---- */

static bool is_ours(const char *name)
{
    return *name == '_' || text_equal(name, "PK") || text_equal(name, "SK") ||
           text_equal(name, "GSI1PK") || text_equal(name, "GSI1SK");
}

const char *dynamo_index_key(struct task *t, const struct item *item)
{
    return arena_format(t->arena, "%s\t%s\t%s", item->index_sk, item->pk, item->sk);
}

static void add_own(struct task *t, const struct item *item, int64_t version, const char *write_id,
                    json_t *out)
{
    json_object_update_new(out, dynamo_key(item->pk, item->sk));
    json_object_set_new(out, "_version", dynamo_number(version));
    json_object_set_new(out, "_write", dynamo_text(write_id));
    if (*item->index_pk) {
        json_object_set_new(out, "GSI1PK", dynamo_text(item->index_pk));
        json_object_set_new(out, "GSI1SK", dynamo_text(dynamo_index_key(t, item)));
    }
    for (size_t i = 0; i < sizeof expiring / sizeof *expiring; i++) {
        if (text_starts(item->pk, expiring[i].prefix))
            json_object_set_new(out, "_expires",
                                dynamo_number(clock_wall_us(t->clock) / SECOND_US +
                                              expiring[i].kept_s));
    }
}

enum err dynamo_item(struct task *t, const struct item *item, int64_t version, const char *write_id,
                     json_t **out)
{
    scoped(json) json_t *document = json_loads(item->document, 0, NULL);
    const char *name;
    json_t *member;
    json_object_foreach(document, name, member) {
        if (is_ours(name))
            return fail(t, ERR_INVALID,
                        "the record %s %s has a member \"%s\", which is the store's", item->pk,
                        item->sk, name);
    }
    *out = typed_members(document);
    add_own(t, item, version, write_id, *out);
    return OK;
}

/* ---- back ---- */

static json_t *plain_value(const json_t *value);

static json_t *plain_number(const char *text)
{
    return strpbrk(text, ".eE") ? json_real(strtod(text, NULL))
                                : json_integer(strtoll(text, NULL, 10));
}

/* Those whose names are the store's own are left out of the outermost object. */
static json_t *plain_members(const json_t *members, bool outermost)
{
    json_t *out = json_object();
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)members, name, member) {
        if (!outermost || !is_ours(name))
            json_object_set_new(out, name, plain_value(member));
    }
    return out;
}

/* NULL, which no object takes, for a type we never write. */
static json_t *plain_value(const json_t *value)
{
    const char *type = json_object_iter_key(json_object_iter((json_t *)value));
    const json_t *inner = type ? json_object_get(value, type) : NULL;
    if (!type)
        return NULL;
    if (text_equal(type, "S") || text_equal(type, "BOOL"))
        return json_incref((json_t *)inner);
    if (text_equal(type, "N") && json_is_string(inner))
        return plain_number(json_string_value(inner));
    if (text_equal(type, "M"))
        return plain_members(inner, false);
    if (text_equal(type, "L"))
        return each(inner, plain_value);
    return text_equal(type, "NULL") ? json_null() : NULL;
}

static const char *text_of(struct task *t, const json_t *attributes, const char *name)
{
    return arena_copy(t->arena, dynamo_text_of(attributes, name));
}

int64_t dynamo_version(const json_t *attributes)
{
    return dynamo_number_of(attributes, "_version", 0);
}

static const char *compact(struct task *t, const json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    const char *copy = arena_copy(t->arena, text);
    free(text);
    return copy;
}

enum err dynamo_read_item(struct task *t, const json_t *attributes, struct item *out)
{
    scoped(json) json_t *document = plain_members(attributes, true);
    const char *index_key = text_of(t, attributes, "GSI1SK");
    struct item item = {
        .pk = text_of(t, attributes, "PK"),
        .sk = text_of(t, attributes, "SK"),
        .version = dynamo_version(attributes),
        .index_pk = text_of(t, attributes, "GSI1PK"),
        .index_sk = arena_copy_n(t->arena, index_key, strcspn(index_key, "\t")),
        .document = compact(t, document),
    };
    if (!*item.pk || !*item.sk || item.version < 1)
        return fail(t, ERR_INTERNAL, "the table holds an item \"%s\" \"%s\" that is not ours",
                    item.pk, item.sk);
    *out = item;
    return OK;
}
