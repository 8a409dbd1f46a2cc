#pragma once

/* Tables of DynamoDB made and looked at. */

#include "net/aws_findings.h"
#include "net/dynamo.h"

/* One operation on the table; a refusal is an error but for `tolerated` ("" for none), which ends
 * up in out->code. Takes `request`. */
enum err dynamo_ask(struct dynamo *d, struct task *t, const char *operation, json_t *request,
                    const char *tolerated, struct aws_json_reply *out);

/* Parts of a table's definition, the caller's; `names` is NULL-ended, all are texts. */
json_t *dynamo_attribute_definitions(const char *const *names);
json_t *dynamo_key_schema(const char *partition, const char *sort);

/* Whether a table or an index has these keys. */
bool dynamo_has_keys(const json_t *holder, const char *partition, const char *sort);

/* The index of that name among a table's "GlobalSecondaryIndexes" or "LocalSecondaryIndexes"; NULL
 * when there is none. */
const json_t *dynamo_index_of(const json_t *table, const char *kind, const char *name);

struct dynamo_table {
    const json_t *description;        /* in `reply`; NULL when there is no table */
    bool made;
    struct aws_json_reply reply;
};
static inline void dynamo_table_scoped(struct dynamo_table *t) { aws_json_reply_scoped(&t->reply); }

/*
 * The table as it is; where there is none, made by `definition` (taken; NULL: nothing is made).
 * What was just made, or is changing, is waited for: TIMEOUT after two minutes.
 */
enum err dynamo_table_find(struct dynamo *d, struct task *t, json_t *definition,
                           struct dynamo_table *out);

/* Whether the attribute "_expires" is the table's time to live; made so with `change`. `what` is
 * what the finding calls it. */
enum err dynamo_see_to_life(struct dynamo *d, struct task *t, bool change, const char *what,
                            struct aws_findings *out);
