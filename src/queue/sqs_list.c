/*
 * Every change is one conditional write of a whole message, small as it is: read, decided in
 * queue_sqs.c, and put in the place of exactly what was read. What two do at once, one does again.
 */
#include "queue/sqs_list.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/fields.h"
#include "base/text.h"
#include "net/dynamo_table.h"

#define KEPT_S (INT64_C(30) * 24 * 3600)
#define DEAD   "dead"

enum err sqs_list_open(struct task *t, struct aws_account *account, const char *name,
                       struct sqs_list *out)
{
    return dynamo_open(t, account, arena_format(t->arena, "%s-queue", name), &out->dynamo);
}

void sqs_list_done(struct sqs_list *l)
{
    dynamo_done(&l->dynamo);
}

/* ---- a message as an item ---- */

static json_t *item_key(enum queue_lane lane, const char *key)
{
    json_t *out = json_object();
    json_object_set_new(out, "lane", dynamo_text(queue_lane_names[lane]));
    json_object_set_new(out, "job", dynamo_text(key));
    return out;
}

static const char *due_text(struct task *t, const struct sqs_entry *m)
{
    const char *dead = m->dead ? DEAD "#" : "";
    return arena_format(t->arena, "%s%019" PRId64 "#%019" PRId64, dead, m->visible_us, m->order);
}

static json_t *item_of(struct task *t, enum queue_lane lane, const struct sqs_entry *m)
{
    json_t *out = item_key(lane, m->key);
    json_object_set_new(out, "due", dynamo_text(due_text(t, m)));
    json_object_set_new(out, "receipt", dynamo_number(m->receipt));
    json_object_set_new(out, "deliveries", dynamo_number(m->deliveries));
    json_object_set_new(out, "lapses", dynamo_number(m->lapses));
    json_object_set_new(out, "worker", dynamo_text(m->worker));
    json_object_set_new(out, "stamp", dynamo_number(m->stamp));
    json_object_set_new(out, "_expires", dynamo_number(m->visible_us / SECOND_US + KEPT_S));
    if (m->again_us != INT64_MAX)
        json_object_set_new(out, "again", dynamo_number(m->again_us));
    return out;
}

/* The texts live in t->arena. */
static enum err read_item(struct task *t, const json_t *item, struct sqs_entry *out)
{
    const char *due = dynamo_text_of(item, "due");
    bool dead = text_starts(due, DEAD "#");
    char *end;
    int64_t visible_us = strtoll(due + (dead ? strlen(DEAD "#") : 0), &end, 10);
    struct sqs_entry m = {
        .key = arena_copy(t->arena, dynamo_text_of(item, "job")),
        .worker = arena_copy(t->arena, dynamo_text_of(item, "worker")),
        .order = *end == '#' ? strtoll(end + 1, NULL, 10) : -1,
        .visible_us = visible_us,
        .again_us = dynamo_number_of(item, "again", INT64_MAX),
        .receipt = dynamo_number_of(item, "receipt", 0),
        .deliveries = dynamo_number_of(item, "deliveries", 0),
        .lapses = dynamo_number_of(item, "lapses", 0),
        .dead = dead,
        .stamp = dynamo_number_of(item, "stamp", 0),
    };
    if (!*m.key || m.order < 0 || m.stamp < 1)
        return fail(t, ERR_INTERNAL, "the queue's table holds an item \"%s\" that is not ours",
                    m.key);
    *out = m;
    return OK;
}

enum err sqs_list_get(struct sqs_list *l, struct task *t, enum queue_lane lane, const char *key,
                      struct sqs_entry *out)
{
    scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
    json_t *request = json_pack("{so sb}", "Key", item_key(lane, key), "ConsistentRead", true);
    enum err e = dynamo_ask(&l->dynamo, t, "GetItem", request, "", &reply);
    const json_t *item = json_object_get(reply.json, "Item");
    if (!e && item)
        return read_item(t, item, out);
    if (!e)
        *out = (struct sqs_entry){ .key = key, .worker = "", .again_us = INT64_MAX };
    return e;
}

/* ---- changing it ---- */

static void add_condition(json_t *request, const struct sqs_entry *old, const struct sqs_entry *now)
{
    const char *held = old->stamp ? "stamp = :o" : "attribute_not_exists(job)";
    const char *own = now ? " OR stamp = :n" : "";
    json_object_set_new(request, "ConditionExpression", json_sprintf("%s%s", held, own));
    if (old->stamp)
        dynamo_value(request, ":o", dynamo_number(old->stamp));
    if (now)
        dynamo_value(request, ":n", dynamo_number(now->stamp));
}

/* A deletion whose answer got lost has done its work when it finds nothing. */
static enum err was_deleted(struct sqs_list *l, struct task *t, enum queue_lane lane,
                            const char *key, bool *out)
{
    struct sqs_entry m;
    enum err e = sqs_list_get(l, t, lane, key, &m);
    if (!e)
        *out = m.stamp == 0;
    return e;
}

enum err sqs_list_swap(struct sqs_list *l, struct task *t, enum queue_lane lane,
                       const struct sqs_entry *old, const struct sqs_entry *now, bool *out_done)
{
    static const char refused[] = "ConditionalCheckFailedException";
    scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
    json_t *request = json_object();
    if (now)
        json_object_set_new(request, "Item", item_of(t, lane, now));
    else
        json_object_set_new(request, "Key", item_key(lane, old->key));
    add_condition(request, old, now);
    enum err e =
        dynamo_ask(&l->dynamo, t, now ? "PutItem" : "DeleteItem", request, refused, &reply);
    *out_done = !e && !*reply.code;
    return e || *out_done || now || !reply.aws.unsure
               ? e
               : was_deleted(l, t, lane, old->key, out_done);
}

/* ---- looking through it ---- */

/* Those of a lane in due order: all, or without what was set aside. */
static json_t *query_of(enum queue_lane lane, bool with_dead)
{
    json_t *request = json_pack("{ss sb ss}", "IndexName", SQS_LIST_INDEX, "ConsistentRead", true,
                                "KeyConditionExpression",
                                with_dead ? "lane = :l" : "lane = :l AND due < :d");
    dynamo_value(request, ":l", dynamo_text(queue_lane_names[lane]));
    if (!with_dead)
        dynamo_value(request, ":d", dynamo_text(DEAD));
    return request;
}

enum err sqs_list_first(struct sqs_list *l, struct task *t, enum queue_lane lane, size_t max,
                        struct sqs_entry *out, size_t *out_count)
{
    scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
    json_t *request = query_of(lane, false), *item;
    json_object_set_new(request, "Limit", json_integer((json_int_t)max));
    enum err e = dynamo_ask(&l->dynamo, t, "Query", request, "", &reply);
    size_t i, count = 0;
    json_array_foreach(json_object_get(reply.json, "Items"), i, item) {
        if (!e && count < max)
            e = read_item(t, item, &out[count++]);
    }
    if (!e)
        *out_count = count;
    return e;
}

static void count_one(const struct sqs_entry *m, int64_t now_us, struct queue_stats *out)
{
    if (m->dead) {
        out->dead++;
    } else if (m->receipt && m->visible_us > now_us) {
        out->leased++;
    } else {
        out->waiting++;
        out->oldest_due_us =
            m->visible_us < out->oldest_due_us ? m->visible_us : out->oldest_due_us;
    }
}

static enum err count_page(struct task *t, const json_t *page, int64_t now_us,
                           struct queue_stats *out)
{
    size_t i;
    json_t *item;
    json_array_foreach(page, i, item) {
        struct sqs_entry m;
        enum err e = read_item(t, item, &m);
        if (e)
            return e;
        count_one(&m, now_us, out);
    }
    return OK;
}

enum err sqs_list_stats(struct sqs_list *l, struct task *t, enum queue_lane lane, int64_t now_us,
                        struct queue_stats *out)
{
    struct queue_stats stats = { .oldest_due_us = INT64_MAX };
    scoped(json) json_t *request = query_of(lane, true);
    for (;;) {
        scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
        enum err e = dynamo_ask(&l->dynamo, t, "Query", json_incref(request), "", &reply);
        if (!e)
            e = count_page(t, json_object_get(reply.json, "Items"), now_us, &stats);
        json_t *last = json_object_get(reply.json, "LastEvaluatedKey");
        if (!e && !last)
            *out = stats;
        if (e || !last)
            return e;
        json_object_set(request, "ExclusiveStartKey", last);
    }
}

/* ---- the table ---- */

static json_t *table_definition(void)
{
    static const char *const keys[] = { "lane", "job", "due", NULL };
    json_t *index = json_pack("{ss so s{ss}}", "IndexName", SQS_LIST_INDEX, "KeySchema",
                              dynamo_key_schema("lane", "due"), "Projection", "ProjectionType",
                              "ALL");
    return json_pack("{ss so so s[o]}", "BillingMode", "PAY_PER_REQUEST", "AttributeDefinitions",
                     dynamo_attribute_definitions(keys), "KeySchema",
                     dynamo_key_schema("lane", "job"), "LocalSecondaryIndexes", index);
}

static void judge(const char *what, const json_t *table, bool made, struct aws_findings *out)
{
    const json_t *index = dynamo_index_of(table, "LocalSecondaryIndexes", SQS_LIST_INDEX);
    const char *held = aws_json_text(json_object_get(index, "Projection"), "ProjectionType");
    bool keys = dynamo_has_keys(table, "lane", "job");
    bool whole = index && dynamo_has_keys(index, "lane", "due") && text_equal(held, "ALL");
    aws_found(out, what,
              !keys    ? "wrong: its keys must be lane and job; delete it, nothing in it is lost"
              : !whole ? "wrong: its local index due must hold whole items; delete it, nothing in "
                         "it is lost"
              : made   ? "made"
                       : "there",
              keys && whole);
}

enum err sqs_list_see_to(struct task *t, struct aws_account *account, const char *name, bool change,
                         struct aws_findings *out)
{
    scoped(dynamo_table) struct dynamo_table table = { 0 };
    struct sqs_list list = { 0 };
    enum err e = sqs_list_open(t, account, name, &list);
    if (!e)
        e = dynamo_table_find(&list.dynamo, t, change ? table_definition() : NULL, &table);
    const char *what = arena_format(t->arena, "table %s-queue", name);
    if (!e && !table.description)
        aws_found(out, what, "missing: storyreel store init makes it", false);
    else if (!e)
        judge(what, table.description, table.made, out);
    if (!e && table.description)
        e = dynamo_see_to_life(&list.dynamo, t, change,
                               "its time to live", out);
    sqs_list_done(&list);
    return e;
}
