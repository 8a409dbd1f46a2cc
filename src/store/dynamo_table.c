/*
 * The table as it should be: looked at part by part, and each part made when it is missing. What
 * may be repeated is repeated, so that an interrupted `init` is run again.
 */
#include "store/store_dynamo.h"

#include <string.h>

#include "base/text.h"
#include "store/dynamo.h"

#define READY_US   (120 * SECOND_US)  /* a table is there within seconds */
#define LOOK_US    (SECOND_US / 2)

struct survey {
    struct dynamo *dynamo;
    bool change;
    struct table_finding *findings;
    size_t *count;
};

static void found(struct survey *s, const char *what, const char *state, bool fine)
{
    s->findings[(*s->count)++] = (struct table_finding){ what, state, fine };
}

/* One call on the table; a refusal is an error but for `tolerated`, which ends up in out->code. */
static enum err ask(struct survey *s, struct task *t, const char *operation, json_t *request,
                    const char *tolerated, struct dynamo_reply *out)
{
    enum err e = dynamo_call(s->dynamo, t, operation, request, true, out);
    if (e || !*out->code || text_equal(out->code, tolerated))
        return e;
    return dynamo_refusal(s->dynamo, t, out, operation);
}

static const char *member(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}

/* ---- the table itself ---- */

static json_t *key_schema(const char *partition, const char *sort)
{
    return json_pack("[{ssss}{ssss}]", "AttributeName", partition, "KeyType", "HASH",
                     "AttributeName", sort, "KeyType", "RANGE");
}

static json_t *table_definition(void)
{
    json_t *attributes = json_array();
    static const char *const keys[] = { "PK", "SK", "GSI1PK", "GSI1SK" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        json_array_append_new(attributes, json_pack("{ssss}", "AttributeName", keys[i],
                                                    "AttributeType", "S"));
    json_t *index = json_pack("{ss so s{ss}}", "IndexName", DYNAMO_INDEX, "KeySchema",
                              key_schema("GSI1PK", "GSI1SK"), "Projection", "ProjectionType",
                              "ALL");
    return json_pack("{ss so so s[o]}", "BillingMode", "PAY_PER_REQUEST", "AttributeDefinitions",
                     attributes, "KeySchema", key_schema("PK", "SK"), "GlobalSecondaryIndexes",
                     index);
}

static bool has_keys(const json_t *holder, const char *partition, const char *sort)
{
    scoped(json) json_t *wanted = key_schema(partition, sort);
    return json_equal(json_object_get(holder, "KeySchema"), wanted);
}

static const json_t *index_of(const json_t *table)
{
    size_t i;
    json_t *index;
    json_array_foreach(json_object_get(table, "GlobalSecondaryIndexes"), i, index) {
        if (text_equal(member(index, "IndexName"), DYNAMO_INDEX))
            return index;
    }
    return NULL;
}

static enum err make_table(struct survey *s, struct task *t)
{
    scoped(dynamo_reply) struct dynamo_reply reply = { 0 };
    return ask(s, t, "CreateTable", table_definition(), "ResourceInUseException", &reply);
}

static enum err describe(struct survey *s, struct task *t, struct dynamo_reply *out)
{
    return ask(s, t, "DescribeTable", json_object(), "ResourceNotFoundException", out);
}

static bool is_ready(const struct dynamo_reply *description)
{
    const json_t *table = json_object_get(description->json, "Table"), *index = index_of(table);
    return text_equal(member(table, "TableStatus"), "ACTIVE") &&
           (!index || text_equal(member(index, "IndexStatus"), "ACTIVE"));
}

static enum err wait_until_ready(struct survey *s, struct task *t)
{
    int64_t until_us = clock_monotonic_us(t->clock) + READY_US;
    for (;;) {
        scoped(dynamo_reply) struct dynamo_reply reply = { 0 };
        enum err e = describe(s, t, &reply);
        if (e || is_ready(&reply))
            return e;
        if (clock_monotonic_us(t->clock) > until_us)
            return refuse(t, ERR_TIMEOUT, "run storyreel store init again",
                          "the table %s is not ready yet", s->dynamo->table);
        e = task_pause(t, LOOK_US);
        if (e)
            return e;
    }
}

static void judge_table(struct survey *s, const json_t *table, const char *state)
{
    const json_t *index = index_of(table);
    const char *billing = member(json_object_get(table, "BillingModeSummary"), "BillingMode");
    bool keys = has_keys(table, "PK", "SK"), by_request = text_equal(billing, "PAY_PER_REQUEST");
    bool whole = index && has_keys(index, "GSI1PK", "GSI1SK") &&
                 text_equal(member(json_object_get(index, "Projection"), "ProjectionType"), "ALL");
    found(s, "table", keys ? state : "wrong: its keys must be PK and SK", keys);
    found(s, "index " DYNAMO_INDEX,
          whole    ? state
          : index  ? "wrong: it must be over GSI1PK and GSI1SK and hold whole items"
                   : "missing: listings by status need it",
          whole);
    found(s, "billing", by_request ? "by request" : "provisioned: throttles when it is short",
          true);
}

static enum err survey_table(struct survey *s, struct task *t, bool *out_there)
{
    scoped(dynamo_reply) struct dynamo_reply reply = { 0 };
    enum err e = describe(s, t, &reply);
    bool there = !e && !*reply.code;
    *out_there = there || s->change;
    if (!e && !there && s->change)
        e = make_table(s, t);
    if (!e && s->change)
        e = wait_until_ready(s, t);
    if (e)
        return e;
    if (!*out_there) {
        found(s, "table", "missing: storyreel store init makes it", false);
        return OK;
    }
    scoped(dynamo_reply) struct dynamo_reply now = { 0 };
    e = describe(s, t, &now);
    if (!e)
        judge_table(s, json_object_get(now.json, "Table"), there ? "there" : "made");
    return e;
}

/* ---- what is switched on ---- */

static enum err look_at_life(struct survey *s, struct task *t, bool *out_on)
{
    scoped(dynamo_reply) struct dynamo_reply reply = { 0 };
    enum err e = ask(s, t, "DescribeTimeToLive", json_object(), "", &reply);
    const char *status =
        member(json_object_get(reply.json, "TimeToLiveDescription"), "TimeToLiveStatus");
    *out_on = text_equal(status, "ENABLED") || text_equal(status, "ENABLING");
    return e;
}

static enum err survey_life(struct survey *s, struct task *t)
{
    bool on = false;
    enum err e = look_at_life(s, t, &on);
    bool switch_on = !e && !on && s->change;
    if (switch_on) {
        scoped(dynamo_reply) struct dynamo_reply reply = { 0 };
        e = ask(s, t, "UpdateTimeToLive",
                json_pack("{s{sb ss}}", "TimeToLiveSpecification", "Enabled", true,
                          "AttributeName", "_expires"),
                "", &reply);
    }
    if (!e)
        found(s, "time to live", on ? "on" : switch_on ? "switched on" : "off: nothing expires",
              on || switch_on);
    return e;
}

static bool recovers(const struct dynamo_reply *reply)
{
    const json_t *all = json_object_get(reply->json, "ContinuousBackupsDescription");
    return text_equal(member(json_object_get(all, "PointInTimeRecoveryDescription"),
                             "PointInTimeRecoveryStatus"),
                      "ENABLED");
}

/* Servers that only speak like DynamoDB have no backups, as a rule. */
static enum err survey_recovery(struct survey *s, struct task *t)
{
    static const char unknown[] = "UnknownOperationException";
    scoped(dynamo_reply) struct dynamo_reply now = { 0 }, changed = { 0 };
    enum err e = ask(s, t, "DescribeContinuousBackups", json_object(), unknown, &now);
    bool none = !e && text_equal(now.code, unknown), on = !e && !none && recovers(&now);
    bool switch_on = !e && !none && !on && s->change;
    if (switch_on)
        e = ask(s, t, "UpdateContinuousBackups",
                json_pack("{s{sb}}", "PointInTimeRecoverySpecification",
                          "PointInTimeRecoveryEnabled", true),
                "", &changed);
    if (!e)
        found(s, "point-in-time recovery",
              none        ? "this server has none"
              : on        ? "on"
              : switch_on ? "switched on"
                          : "off: a table that is lost is lost",
              none || on || switch_on);
    return e;
}

enum err store_dynamo_table(struct task *t, struct aws_account *account, const char *table,
                            bool change, struct table_finding *out, size_t *out_count)
{
    struct dynamo dynamo = { 0 };
    bool there = false;
    *out_count = 0;
    enum err e = dynamo_open(t, account, table, &dynamo);
    struct survey s = { &dynamo, change, out, out_count };
    if (!e)
        e = survey_table(&s, t, &there);
    if (!e && there)
        e = survey_life(&s, t);
    if (!e && there)
        e = survey_recovery(&s, t);
    dynamo_done(&dynamo);
    return e;
}
