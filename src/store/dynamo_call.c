#include "store/dynamo.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { REPLY_BYTES_MAX = 32 << 20, CALL_TRIES = 8 }; /* a page is a megabyte of items; typed, a few */
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

static enum err read_json(struct dynamo *d, struct task *t, struct dynamo_reply *r)
{
    struct bytes body = r->aws.http.body;
    json_error_t where;
    r->json = json_loadb(body.at, body.size, 0, &where);
    return json_is_object(r->json) ? OK
                                   : fail(t, ERR_UPSTREAM, "%s does not answer as DynamoDB does: %s",
                                          aws_endpoint(d->aws), where.text);
}

enum err dynamo_call(struct dynamo *d, struct task *t, const char *operation, json_t *request,
                     bool named, struct dynamo_reply *out)
{
    scoped(json) json_t *owned = request;
    if (named)
        json_object_set_new(owned, "TableName", json_string(d->table));
    scoped(heap) char *body = json_dumps(owned, JSON_COMPACT);
    const struct sigv4_pair headers[] = {
        { "content-type", "application/x-amz-json-1.0" },
        { "x-amz-target", arena_format(t->arena, "DynamoDB_20120810.%s", operation) },
    };
    struct aws_request call = {
        .method = "POST",
        .path = "/",
        .headers = headers,
        .header_count = 2,
        .body = { body, strlen(body) },
        .bytes_max = REPLY_BYTES_MAX,
    };
    struct dynamo_reply reply = { 0 };
    enum err e = aws_call(d->aws, t, &call, &reply.aws);
    if (e)
        return e;
    reply.code = reply.aws.code;
    if (reply.aws.http.status != 200 && !*reply.code)
        reply.code = "an answer without a reason";
    if (!*reply.code || text_equal(reply.code, "TransactionCanceledException"))
        e = read_json(d, t, &reply);
    if (e) {
        json_decref(reply.json);
        return e;
    }
    *out = reply;
    return OK;
}

static bool is_about_size(const struct dynamo_reply *r)
{
    return strstr(r->aws.message, "tem size") || strstr(r->aws.message, "tem collection size") ||
           text_equal(r->code, "ItemCollectionSizeLimitExceededException") ||
           text_equal(r->code, "RequestEntityTooLarge") || r->aws.http.status == 413;
}

enum err dynamo_refusal(struct dynamo *d, struct task *t, const struct dynamo_reply *reply,
                        const char *what)
{
    if (text_equal(reply->code, "ResourceNotFoundException"))
        return refuse(t, ERR_UNAVAILABLE, "make it with: storyreel store init",
                      "there is no table \"%s\" at %s", d->table, aws_endpoint(d->aws));
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
