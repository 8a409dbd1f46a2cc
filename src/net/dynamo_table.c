#include "net/dynamo_table.h"

#include "base/fields.h"
#include "base/text.h"

#define READY_US   (120 * SECOND_US)  /* a table is there within seconds */
#define LOOK_US    (SECOND_US / 2)

enum err dynamo_ask(struct dynamo *d, struct task *t, const char *operation, json_t *request,
                    const char *tolerated, struct aws_json_reply *out)
{
    enum err e = dynamo_call(d, t, operation, request, true, out);
    if (e || !*out->code || text_equal(out->code, tolerated))
        return e;
    return dynamo_refusal(d, t, out, operation);
}

json_t *dynamo_attribute_definitions(const char *const *names)
{
    json_t *out = json_array();
    for (; *names; names++)
        json_array_append_new(out, json_pack("{ssss}", "AttributeName", *names, "AttributeType",
                                             "S"));
    return out;
}

json_t *dynamo_key_schema(const char *partition, const char *sort)
{
    return json_pack("[{ssss}{ssss}]", "AttributeName", partition, "KeyType", "HASH",
                     "AttributeName", sort, "KeyType", "RANGE");
}

bool dynamo_has_keys(const json_t *holder, const char *partition, const char *sort)
{
    scoped(json) json_t *wanted = dynamo_key_schema(partition, sort);
    return json_equal(json_object_get(holder, "KeySchema"), wanted);
}

const json_t *dynamo_index_of(const json_t *table, const char *kind, const char *name)
{
    size_t i;
    json_t *index;
    json_array_foreach(json_object_get(table, kind), i, index) {
        if (text_equal(aws_json_text(index, "IndexName"), name))
            return index;
    }
    return NULL;
}

static enum err describe(struct dynamo *d, struct task *t, struct aws_json_reply *out)
{
    return dynamo_ask(d, t, "DescribeTable", json_object(), "ResourceNotFoundException", out);
}

static bool is_ready(const struct aws_json_reply *description)
{
    const json_t *table = json_object_get(description->json, "Table");
    bool ready = text_equal(aws_json_text(table, "TableStatus"), "ACTIVE");
    size_t i;
    json_t *index;
    json_array_foreach(json_object_get(table, "GlobalSecondaryIndexes"), i, index)
        ready = ready && text_equal(aws_json_text(index, "IndexStatus"), "ACTIVE");
    return ready;
}

static enum err wait_until_ready(struct dynamo *d, struct task *t, struct aws_json_reply *out)
{
    int64_t until_us = clock_monotonic_us(t->clock) + READY_US;
    for (;;) {
        scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
        enum err e = describe(d, t, &reply);
        if (e)
            return e;
        if (is_ready(&reply)) {
            *out = reply;
            reply.json = NULL;
            return OK;
        }
        if (clock_monotonic_us(t->clock) > until_us)
            return refuse(t, ERR_TIMEOUT, "run storyreel store init again",
                          "the table %s is not ready yet", d->table);
        e = task_pause(t, LOOK_US);
        if (e)
            return e;
    }
}

static enum err make(struct dynamo *d, struct task *t, const json_t *definition)
{
    scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
    return dynamo_ask(d, t, "CreateTable", json_deep_copy(definition), "ResourceInUseException",
                      &reply);
}

enum err dynamo_table_find(struct dynamo *d, struct task *t, json_t *definition,
                           struct dynamo_table *out)
{
    scoped(json) json_t *owned = definition;
    scoped(aws_json_reply) struct aws_json_reply first = { 0 };
    struct dynamo_table found = { 0 };
    enum err e = describe(d, t, &first);
    bool there = !e && !*first.code;
    found.made = !e && !there && definition;
    if (found.made)
        e = make(d, t, owned);
    if (!e && (there || found.made))
        e = wait_until_ready(d, t, &found.reply);
    if (e)
        return e;
    found.description = json_object_get(found.reply.json, "Table");
    *out = found;
    return OK;
}

/* ---- time to live ---- */

static enum err look_at_life(struct dynamo *d, struct task *t, bool *out_on)
{
    scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
    enum err e = dynamo_ask(d, t, "DescribeTimeToLive", json_object(), "", &reply);
    const char *status =
        aws_json_text(json_object_get(reply.json, "TimeToLiveDescription"), "TimeToLiveStatus");
    *out_on = text_equal(status, "ENABLED") || text_equal(status, "ENABLING");
    return e;
}

enum err dynamo_see_to_life(struct dynamo *d, struct task *t, bool change, const char *what,
                            struct aws_findings *out)
{
    bool on = false;
    enum err e = look_at_life(d, t, &on);
    bool switch_on = !e && !on && change;
    if (switch_on) {
        scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
        e = dynamo_ask(d, t, "UpdateTimeToLive",
                       json_pack("{s{sb ss}}", "TimeToLiveSpecification", "Enabled", true,
                                 "AttributeName", "_expires"),
                       "", &reply);
    }
    if (!e)
        aws_found(out, what, on ? "on" : switch_on ? "switched on" : "off: nothing expires",
                  on || switch_on);
    return e;
}
