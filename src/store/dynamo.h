#pragma once

/*
 * Records as items of a DynamoDB table (net/dynamo.h). Inside the room only.
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
 */

#include "base/fields.h"
#include "net/dynamo.h"
#include "store/store_driver.h"

#define DYNAMO_INDEX "status-createdAt"

/* {"PK":{"S":pk},"SK":{"S":sk}} */
json_t *dynamo_key(const char *pk, const char *sk);

/* INVALID when the document has members of the names above. The result is the caller's. */
enum err dynamo_item(struct task *t, const struct item *item, int64_t version, const char *write_id,
                     json_t **out);

/* Back again, in t->arena. INTERNAL when it is no item of ours. */
enum err dynamo_read_item(struct task *t, const json_t *attributes, struct item *out);

/* The GSI1SK of an item. */
const char *dynamo_index_key(struct task *t, const struct item *item);

/* _version of an item, 0 without one. */
int64_t dynamo_version(const json_t *attributes);
