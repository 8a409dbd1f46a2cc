#pragma once

/*
 * Calls to one DynamoDB table, and items in its words. Inside the room only.
 *
 * An item is the document's own members as attributes, so that any client reads projects and scenes
 * by the names of api/openapi.yaml, and beside them:
 *
 *     PK, SK           the keys
 *     GSI1PK, GSI1SK   the index "status-createdAt", when the record is in it; GSI1SK is the
 *                      record's own index key, its PK and its SK, with tabs between: so that equals
 *                      have an order, and a page begins at an exact place
 *     _version         raised by every write
 *     _write           the write that made it so: a write whose answer got lost knows its own
 *     _expires         seconds; for what may be forgotten (time to live)
 *
 * Source  "DynamoDB API reference", 2012-08-10
 */

#include <jansson.h>

#include "base/fields.h"
#include "net/aws.h"
#include "store/store_driver.h"

#define DYNAMO_INDEX "status-createdAt"

struct dynamo {
    struct aws *aws;
    char *table;
};

struct dynamo_reply {
    json_t *json;        /* the caller's: scoped(dynamo_reply) */
    const char *code;    /* "" for success; else as in aws_reply */
    struct aws_reply aws;
};
static inline void dynamo_reply_scoped(struct dynamo_reply *r) { json_decref(r->json); }

/* INVALID a name that is none. dynamo_done() also after a failure. */
enum err dynamo_open(struct task *t, struct aws_account *account, const char *table,
                     struct dynamo *out);
void dynamo_done(struct dynamo *d);

/* OK whenever there was an answer. Takes `request`, to which the table's name is added when `named`. */
enum err dynamo_call(struct dynamo *d, struct task *t, const char *operation, json_t *request,
                     bool named, struct dynamo_reply *out);

/*
 * What a refusal means for a store: LIMIT an item or a request too large; UNAVAILABLE no such table;
 * AUTH, FORBIDDEN, RATE, UNAVAILABLE as aws_refusal(); INTERNAL every other.
 */
enum err dynamo_refusal(struct dynamo *d, struct task *t, const struct dynamo_reply *reply,
                        const char *what);

/* {"PK":{"S":pk},"SK":{"S":sk}} */
json_t *dynamo_key(const char *pk, const char *sk);

/* {"S":text} */
json_t *dynamo_text(const char *text);

/* INVALID when the document has members of the names above. The result is the caller's. */
enum err dynamo_item(struct task *t, const struct item *item, int64_t version, const char *write_id,
                     json_t **out);

/* Back again, in t->arena. INTERNAL when it is no item of ours. */
enum err dynamo_read_item(struct task *t, const json_t *attributes, struct item *out);

/* The GSI1SK of an item. */
const char *dynamo_index_key(struct task *t, const struct item *item);

/* _version of an item, 0 without one. */
int64_t dynamo_version(const json_t *attributes);
