/*
 * Records in one DynamoDB table, shared by any number of processes on any number of machines.
 *
 * A write of one record is one conditional PutItem or DeleteItem; several are one
 * TransactWriteItems. Answers get lost, so every write can be sent twice: a put also accepts what
 * itself has written (_write), a transaction has a token. What the service cannot do in one call is
 * replacing a record of unknown version (ITEM_PUT): its version is read first, and the write made
 * again when that has changed.
 *
 * Reads of the table are strongly consistent. The index follows a moment later, as it does there;
 * and a listing that runs beside a transaction may see part of it, as it does there: whoever
 * decides by what he read writes under its version.
 */
#include "store/store_dynamo.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/rng.h"
#include "base/text.h"
#include "store/dynamo.h"

enum { WRITE_TRIES = 12 };
#define FIRST_WAIT_US (SECOND_US / 20)

struct dynamo_store {
    struct store store;
    struct dynamo dynamo;
};

static struct dynamo *dynamo_of(struct store *s)
{
    return &((struct dynamo_store *)s)->dynamo;
}

static void value_text(json_t *request, const char *placeholder, const char *text)
{
    dynamo_value(request, placeholder, dynamo_text(text));
}

/* ---- one record ---- */

/* Its attributes, borrowed from the reply; NULL when there is none. */
static enum err get_attributes(struct dynamo *d, struct task *t, const char *pk, const char *sk,
                               bool version_only, struct aws_json_reply *reply, const json_t **out)
{
    json_t *request = json_pack("{so sb}", "Key", dynamo_key(pk, sk), "ConsistentRead", true);
    if (version_only) {
        json_object_set_new(request, "ProjectionExpression", json_string("#v"));
        dynamo_name(request, "#v", "_version");
    }
    enum err e = dynamo_call(d, t, "GetItem", request, true, reply);
    if (e)
        return e;
    if (*reply->code)
        return dynamo_refusal(d, t, reply, "read a record");
    *out = json_object_get(reply->json, "Item");
    return OK;
}

static enum err dynamo_get(struct store *s, struct task *t, const char *pk, const char *sk,
                           struct item *out)
{
    scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
    const json_t *attributes = NULL;
    enum err e = get_attributes(dynamo_of(s), t, pk, sk, false, &reply, &attributes);
    if (e)
        return e;
    return attributes ? dynamo_read_item(t, attributes, out) : fail_no_item(t, pk, sk);
}

/* 0 when it is not there. */
static enum err version_now(struct dynamo *d, struct task *t, const struct item *item,
                            int64_t *out)
{
    scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
    const json_t *attributes = NULL;
    enum err e = get_attributes(d, t, item->pk, item->sk, true, &reply, &attributes);
    if (!e)
        *out = attributes ? dynamo_version(attributes) : 0;
    return e;
}

/* ---- writing ---- */

/* A change as it is sent: what must be there, and what is there afterwards. */
struct planned {
    const struct item_write *write;
    int64_t expects; /* version; 0: must not be there */
};

static bool is_put(const struct planned *p)
{
    return p->write->change != ITEM_DELETE && p->write->change != ITEM_CHECK;
}

static void add_condition(json_t *request, const struct planned *p, const char *write_id)
{
    const char *held = p->expects ? "#v = :v" : "attribute_not_exists(PK)";
    bool own = is_put(p);
    json_object_set_new(request, "ConditionExpression",
                        json_sprintf("%s%s", held, own ? " OR #w = :w" : ""));
    if (p->expects) {
        dynamo_name(request, "#v", "_version");
        dynamo_value(request, ":v", dynamo_number(p->expects));
    }
    if (own) {
        dynamo_name(request, "#w", "_write");
        value_text(request, ":w", write_id);
    }
}

/* The body of a PutItem, DeleteItem or ConditionCheck. */
static enum err request_of(struct task *t, const struct planned *p, const char *write_id,
                           json_t **out)
{
    const struct item *item = &p->write->item;
    json_t *request = json_object();
    enum err e = OK;
    if (is_put(p)) {
        json_t *attributes = NULL;
        e = dynamo_item(t, item, p->expects + 1, write_id, &attributes);
        json_object_set_new(request, "Item", e ? json_null() : attributes);
    } else {
        json_object_set_new(request, "Key", dynamo_key(item->pk, item->sk));
    }
    add_condition(request, p, write_id);
    *out = request;
    return e;
}

static enum err plan_write(struct dynamo *d, struct task *t, const struct item_write *w,
                           struct planned *out)
{
    *out = (struct planned){
        .write = w,
        .expects = w->change == ITEM_CREATE ? 0 : w->item.version,
    };
    return w->change == ITEM_PUT ? version_now(d, t, &w->item, &out->expects) : OK;
}

/* The condition of this one did not hold. */
static enum err explain(struct dynamo *d, struct task *t, const struct planned *p, bool *again)
{
    int64_t version = 0;
    *again = p->write->change == ITEM_PUT;
    if (*again)
        return OK;
    enum err e = version_now(d, t, &p->write->item, &version);
    return e ? e : fail_item_changed(t, p->write, version);
}

/* A delete whose answer got lost has done its work when it finds nothing. */
static enum err explain_single(struct dynamo *d, struct task *t, const struct planned *p,
                               const struct aws_json_reply *reply, bool *again)
{
    int64_t version = 1;
    *again = false;
    if (p->write->change == ITEM_DELETE && reply->aws.unsure) {
        enum err e = version_now(d, t, &p->write->item, &version);
        if (e || version == 0)
            return e;
    }
    return explain(d, t, p, again);
}

static enum err write_single(struct dynamo *d, struct task *t, const struct planned *p,
                             const char *write_id, bool *again)
{
    scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
    scoped(json) json_t *request = NULL;
    *again = false;
    enum err e = request_of(t, p, write_id, &request);
    if (!e)
        e = dynamo_call(d, t, is_put(p) ? "PutItem" : "DeleteItem", json_incref(request), true,
                        &reply);
    if (e || !*reply.code)
        return e;
    *again = text_equal(reply.code, "TransactionConflictException");
    if (*again)
        return OK;
    if (text_equal(reply.code, "ConditionalCheckFailedException"))
        return explain_single(d, t, p, &reply, again);
    return dynamo_refusal(d, t, &reply, "write a record");
}

static enum err check_single(struct dynamo *d, struct task *t, const struct item_write *w)
{
    int64_t version = 0;
    enum err e = version_now(d, t, &w->item, &version);
    return e || version == w->item.version ? e : fail_item_changed(t, w, version);
}

/* ---- several at once ---- */

static enum err add_to_transaction(struct dynamo *d, struct task *t, const struct planned *p,
                                   const char *write_id, json_t *list)
{
    json_t *request = NULL;
    enum err e = request_of(t, p, write_id, &request);
    const char *kind = is_put(p) ? "Put" : p->write->change == ITEM_CHECK ? "ConditionCheck"
                                                                        : "Delete";
    json_object_set_new(request, "TableName", json_string(d->table));
    json_array_append_new(list, json_pack("{so}", kind, request));
    return e;
}

static const char *reason_code(const json_t *reasons, size_t i)
{
    const char *code = json_string_value(json_object_get(json_array_get(reasons, i), "Code"));
    return code ? code : "None";
}

static bool passes(const char *code)
{
    return text_equal(code, "TransactionConflict") || text_equal(code, "ThrottlingError") ||
           text_equal(code, "ProvisionedThroughputExceeded");
}

/* Conditions that did not hold come before reasons that pass. */
static enum err explain_cancelled(struct dynamo *d, struct task *t, const struct planned *planned,
                                  size_t count, const struct aws_json_reply *reply, bool *again)
{
    const json_t *reasons = json_object_get(reply->json, "CancellationReasons");
    bool passing = false, replaced = false;
    for (size_t i = 0; i < count; i++) {
        const char *code = reason_code(reasons, i);
        passing = passing || passes(code);
        if (!text_equal(code, "ConditionalCheckFailed"))
            continue;
        bool put = false;
        enum err e = explain(d, t, &planned[i], &put);
        if (e)
            return e;
        replaced = replaced || put;
    }
    *again = passing || replaced;
    return *again ? OK : dynamo_refusal(d, t, reply, "write records together");
}

static enum err write_together(struct dynamo *d, struct task *t, const struct planned *planned,
                               size_t count, const char *write_id, bool *again)
{
    scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
    scoped(json) json_t *list = json_array();
    enum err e = OK;
    *again = false;
    for (size_t i = 0; i < count && !e; i++)
        e = add_to_transaction(d, t, &planned[i], write_id, list);
    if (e)
        return e;
    json_t *request = json_pack("{ss sO}", "ClientRequestToken", write_id, "TransactItems", list);
    e = dynamo_call(d, t, "TransactWriteItems", request, false, &reply);
    if (e || !*reply.code)
        return e;
    if (text_equal(reply.code, "TransactionCanceledException"))
        return explain_cancelled(d, t, planned, count, &reply, again);
    return dynamo_refusal(d, t, &reply, "write records together");
}

/* Anew, with versions read again and an id of its own. */
static enum err write_once(struct dynamo *d, struct task *t, const struct item_write *writes,
                           size_t count, bool *again)
{
    struct planned *planned = arena_array(t->arena, struct planned, count);
    const char *write_id = ulid_new(t);
    enum err e = OK;
    *again = false;
    for (size_t i = 0; i < count && !e; i++)
        e = plan_write(d, t, &writes[i], &planned[i]);
    if (e)
        return e;
    if (count > 1)
        return write_together(d, t, planned, count, write_id, again);
    return writes->change == ITEM_CHECK ? check_single(d, t, writes)
                                        : write_single(d, t, planned, write_id, again);
}

static enum err dynamo_write(struct store *s, struct task *t, const struct item_write *writes,
                             size_t count)
{
    int64_t wait_us = FIRST_WAIT_US;
    struct rng dice = rng_new(rng_seed_from_text(ulid_new(t)));
    for (int i = 0; i < WRITE_TRIES; i++) {
        bool again;
        enum err e = write_once(dynamo_of(s), t, writes, count, &again);
        if (e || !again)
            return e;
        e = task_pause(t, rng_below(&dice, (int)wait_us));
        if (e)
            return e;
        wait_us = wait_us < SECOND_US ? wait_us * 2 : wait_us;
    }
    return fail(t, ERR_RATE, "the record %s %s is written by too many at once", writes->item.pk,
                writes->item.sk);
}

/* ---- listings ---- */

struct listing {
    struct item *items;
    size_t count, capacity, limit;
    const char *skip; /* a sort key that is in the range but not wanted; or NULL */
};

static enum err collect(struct task *t, const json_t *page, struct listing *into)
{
    size_t i;
    json_t *attributes;
    json_array_foreach(page, i, attributes) {
        struct item item;
        enum err e = dynamo_read_item(t, attributes, &item);
        if (e)
            return e;
        if (into->count == into->limit)
            return OK;
        if (!into->skip || !text_equal(item.sk, into->skip))
            array_push(t->arena, into->items, into->count, into->capacity, item);
    }
    return OK;
}

/* Page after page, until there are enough or no more. `request` stays the caller's. */
static enum err query_all(struct dynamo *d, struct task *t, const char *operation,
                          json_t *request, struct listing *into)
{
    for (;;) {
        scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
        json_object_set_new(request, "Limit",
                            json_integer((json_int_t)(into->limit - into->count + !!into->skip)));
        enum err e = dynamo_call(d, t, operation, json_incref(request), true, &reply);
        if (!e && *reply.code)
            e = dynamo_refusal(d, t, &reply, "list records");
        if (!e)
            e = collect(t, json_object_get(reply.json, "Items"), into);
        json_t *last = json_object_get(reply.json, "LastEvaluatedKey");
        if (e || !last || into->count == into->limit)
            return e;
        json_object_set(request, "ExclusiveStartKey", last);
    }
}

/*
 * The sort keys of a query as an inclusive range. Keys hold no control characters, so one behind a
 * key gives the first text after it; and nothing sorts after the last character there is.
 */
static bool range_of(struct task *t, const struct store_query *query, const char **low,
                     const char **high, const char **skip)
{
    *low = *query->sk_prefix ? query->sk_prefix : "\x01";
    *high = arena_format(t->arena, "%s\xF4\x8F\xBF\xBF", query->sk_prefix);
    *skip = NULL;
    if (!*query->after_sk)
        return true;
    const char *past = arena_format(t->arena, "%s\x01", query->after_sk);
    if (query->newest_first && strcmp(query->after_sk, *high) < 0)
        *high = *skip = query->after_sk;
    else if (!query->newest_first && strcmp(past, *low) > 0)
        *low = past;
    return strcmp(*low, *high) <= 0;
}

static enum err dynamo_list(struct store *s, struct task *t, const struct store_query *query,
                            struct item **out, size_t *out_count)
{
    struct listing found = { .limit = (size_t)query->limit };
    const char *low, *high;
    scoped(json) json_t *request = json_object();
    enum err e = OK;
    if (range_of(t, query, &low, &high, &found.skip)) {
        json_object_set_new(request, "ConsistentRead", json_true());
        json_object_set_new(request, "ScanIndexForward", json_boolean(!query->newest_first));
        json_object_set_new(request, "KeyConditionExpression",
                            json_string("PK = :p AND SK BETWEEN :l AND :h"));
        value_text(request, ":p", query->pk);
        value_text(request, ":l", low);
        value_text(request, ":h", high);
        e = query_all(dynamo_of(s), t, "Query", request, &found);
    }
    if (e)
        return e;
    *out = found.items;
    *out_count = found.count;
    return OK;
}

static enum err dynamo_list_index(struct store *s, struct task *t,
                                  const struct store_index_query *query, struct item **out,
                                  size_t *out_count)
{
    struct listing found = { .limit = (size_t)query->limit };
    scoped(json) json_t *request = json_object();
    const char *past = query->newest_first ? " AND GSI1SK < :a" : " AND GSI1SK > :a";
    json_object_set_new(request, "IndexName", json_string(DYNAMO_INDEX));
    json_object_set_new(request, "ScanIndexForward", json_boolean(!query->newest_first));
    json_object_set_new(request, "KeyConditionExpression",
                        json_sprintf("GSI1PK = :p%s", query->after ? past : ""));
    value_text(request, ":p", query->index_pk);
    if (query->after)
        value_text(request, ":a", dynamo_index_key(t, query->after));
    enum err e = query_all(dynamo_of(s), t, "Query", request, &found);
    if (e)
        return e;
    *out = found.items;
    *out_count = found.count;
    return OK;
}

/* In the order of the table's own hashes. */
static enum err dynamo_walk(struct store *s, struct task *t, const struct item *after,
                            int64_t limit, struct item **out, size_t *out_count)
{
    struct listing found = { .limit = (size_t)limit };
    scoped(json) json_t *request = json_pack("{sb}", "ConsistentRead", true);
    if (after)
        json_object_set_new(request, "ExclusiveStartKey", dynamo_key(after->pk, after->sk));
    enum err e = query_all(dynamo_of(s), t, "Scan", request, &found);
    if (e)
        return e;
    *out = found.items;
    *out_count = found.count;
    return OK;
}

/* ---- opening ---- */

static void dynamo_close(struct store *s)
{
    dynamo_done(dynamo_of(s));
    free(s);
}

static const struct store_driver dynamo_driver = {
    .name       = "dynamodb",
    .get        = dynamo_get,
    .write      = dynamo_write,
    .list       = dynamo_list,
    .list_index = dynamo_list_index,
    .walk       = dynamo_walk,
    .close      = dynamo_close,
};

enum err store_dynamo_open(struct task *t, struct aws_account *account, const char *table,
                           struct store **out)
{
    struct dynamo_store *self = calloc(1, sizeof *self);
    if (!self)
        abort();
    self->store.driver = &dynamo_driver;
    enum err e = dynamo_open(t, account, table, &self->dynamo);
    int64_t version;
    if (!e)
        e = version_now(&self->dynamo, t, &(struct item){ .pk = "STORE", .sk = "SCHEMA" },
                        &version);
    if (e) {
        dynamo_close(&self->store);
        return e;
    }
    *out = &self->store;
    return OK;
}
