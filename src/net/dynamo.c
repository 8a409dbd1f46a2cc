#include "net/dynamo.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/fields.h"
#include "base/text.h"

/* a page is a megabyte of items; typed, a few */
enum { REPLY_BYTES_MAX = 32 << 20, CALL_TRIES = 8 };
#define FIRST_WAIT_US (SECOND_US / 20)

static bool is_table_name(const char *table)
{
    size_t bytes = strlen(table);
    return bytes >= 3 && bytes <= 255 &&
           strspn(table, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") ==
               bytes;
}

enum err dynamo_open(struct task *t, struct aws_account *account, const char *table,
                     struct dynamo *out)
{
    const struct aws_options options = { .service = "dynamodb", .title = "DynamoDB",
                                         .wait_us = FIRST_WAIT_US, .tries = CALL_TRIES };
    if (!is_table_name(table))
        return refuse(t, ERR_INVALID, "write STORYREEL_STORE=dynamodb://TABLE",
                      "\"%.60s\" is no name of a DynamoDB table", table);
    enum err e = aws_open(t, account, &options, &out->aws);
    if (!e)
        out->table = strdup(table);
    return e;
}

void dynamo_done(struct dynamo *d)
{
    aws_close(d->aws);
    free(d->table);
    *d = (struct dynamo){ 0 };
}

enum err dynamo_call(struct dynamo *d, struct task *t, const char *operation, json_t *request,
                     bool named, struct aws_json_reply *out)
{
    scoped(json) json_t *owned = request;
    if (named)
        json_object_set_new(owned, "TableName", json_string(d->table));
    const struct aws_json_call call = {
        .target = arena_format(t->arena, "DynamoDB_20120810.%s", operation),
        .request = owned,
        .bytes_max = REPLY_BYTES_MAX,
    };
    return aws_json_call(d->aws, t, &call, out);
}

static bool is_about_size(const struct aws_json_reply *r)
{
    return strstr(r->aws.message, "tem size") || strstr(r->aws.message, "tem collection size") ||
           text_equal(r->code, "ItemCollectionSizeLimitExceededException") ||
           text_equal(r->code, "RequestEntityTooLarge") || r->aws.http.status == 413;
}

enum err dynamo_refusal(struct dynamo *d, struct task *t, const struct aws_json_reply *reply,
                        const char *what)
{
    if (text_equal(reply->code, "ResourceNotFoundException")) {
        enum err e = refuse(t, ERR_UNAVAILABLE, "make it with: storyreel store init",
                            "there is no table \"%s\" at %s", d->table, aws_endpoint(d->aws));
        t->fault.house = true;
        return e;
    }
    if (is_about_size(reply))
        return fail(t, ERR_LIMIT, "%s: the record is larger than the 400 KB that DynamoDB takes",
                    what);
    switch (aws_refusal(d->aws, t, &reply->aws, what)) {
    case ERR_AUTH:
    case ERR_FORBIDDEN:
    case ERR_RATE:
    case ERR_UNAVAILABLE:
    case ERR_UPSTREAM: return t->fault.code;
    default: return t->fault.code = ERR_INTERNAL;
    }
}

/* ---- attributes ---- */

static json_t *typed(const char *type, json_t *value)
{
    json_t *out = json_object();
    json_object_set_new(out, type, value);
    return out;
}

json_t *dynamo_text(const char *text)
{
    return typed("S", json_string(text));
}

json_t *dynamo_number(int64_t n)
{
    return typed("N", json_sprintf("%" PRId64, n));
}

const char *dynamo_text_of(const json_t *attributes, const char *name)
{
    return aws_json_text(json_object_get(attributes, name), "S");
}

int64_t dynamo_number_of(const json_t *attributes, const char *name, int64_t otherwise)
{
    const char *digits = aws_json_text(json_object_get(attributes, name), "N");
    return *digits ? strtoll(digits, NULL, 10) : otherwise;
}

static void set_in(json_t *request, const char *map, const char *placeholder, json_t *value)
{
    json_t *inner = json_object_get(request, map);
    if (!inner) {
        inner = json_object();
        json_object_set_new(request, map, inner);
    }
    json_object_set_new(inner, placeholder, value);
}

void dynamo_name(json_t *request, const char *placeholder, const char *attribute)
{
    set_in(request, "ExpressionAttributeNames", placeholder, json_string(attribute));
}

void dynamo_value(json_t *request, const char *placeholder, json_t *typed_value)
{
    set_in(request, "ExpressionAttributeValues", placeholder, typed_value);
}
