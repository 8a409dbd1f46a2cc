#pragma once

/*
 * One table of DynamoDB, or of a server that speaks its protocol: its operations as JSON, and what
 * its refusals mean.
 *
 * Source   "DynamoDB API reference", 2012-08-10
 * Threads  any
 */

#include "net/aws_json.h"

struct dynamo {
    struct aws *aws;
    char *table;
};

/* INVALID a name that is none. dynamo_done() also after a failure. */
enum err dynamo_open(struct task *t, struct aws_account *account, const char *table,
                     struct dynamo *out);
void dynamo_done(struct dynamo *d);

/* OK whenever there was an answer. Takes `request`, to which the table's name is added when
 * `named`. */
enum err dynamo_call(struct dynamo *d, struct task *t, const char *operation, json_t *request,
                     bool named, struct aws_json_reply *out);

/*
 * What a refusal means for who keeps things in it: LIMIT an item or a request too large;
 * UNAVAILABLE no such table; AUTH, FORBIDDEN, RATE, UNAVAILABLE as aws_refusal(); INTERNAL every
 * other.
 */
enum err dynamo_refusal(struct dynamo *d, struct task *t, const struct aws_json_reply *reply,
                        const char *what);

/* {"S":text} and {"N":"12"}, the caller's. */
json_t *dynamo_text(const char *text);
json_t *dynamo_number(int64_t n);

/* Back again: "" or `otherwise` where an item has no such attribute. */
const char *dynamo_text_of(const json_t *attributes, const char *name);
int64_t dynamo_number_of(const json_t *attributes, const char *name, int64_t otherwise);

/* What an expression of a request calls attributes and values: "#v" and ":v". Takes `typed`. */
void dynamo_name(json_t *request, const char *placeholder, const char *attribute);
void dynamo_value(json_t *request, const char *placeholder, json_t *typed);
