/*
 * The table as it should be: looked at part by part, and each part made when it is missing. What
 * may be repeated is repeated, so that an interrupted `init` is run again.
 */
#include "store/store_dynamo.h"

#include "base/text.h"
#include "net/dynamo_table.h"
#include "store/dynamo.h"

struct survey {
    struct dynamo *dynamo;
    bool change;
    struct aws_findings *findings;
};

static void found(struct survey *s, const char *what, const char *state, bool fine)
{
    aws_found(s->findings, what, state, fine);
}

/* ---- the table itself ---- */

static json_t *table_definition(void)
{
    static const char *const keys[] = { "PK", "SK", "GSI1PK", "GSI1SK", NULL };
    json_t *index = json_pack("{ss so s{ss}}", "IndexName", DYNAMO_INDEX, "KeySchema",
                              dynamo_key_schema("GSI1PK", "GSI1SK"), "Projection",
                              "ProjectionType", "ALL");
    return json_pack("{ss so so s[o]}", "BillingMode", "PAY_PER_REQUEST", "AttributeDefinitions",
                     dynamo_attribute_definitions(keys), "KeySchema",
                     dynamo_key_schema("PK", "SK"), "GlobalSecondaryIndexes", index);
}

static void judge_table(struct survey *s, const json_t *table, const char *state)
{
    const json_t *index = dynamo_index_of(table, "GlobalSecondaryIndexes", DYNAMO_INDEX);
    const char *billing = aws_json_text(json_object_get(table, "BillingModeSummary"),
                                        "BillingMode");
    const char *held = aws_json_text(json_object_get(index, "Projection"), "ProjectionType");
    bool keys = dynamo_has_keys(table, "PK", "SK"),
         by_request = text_equal(billing, "PAY_PER_REQUEST");
    bool whole = index && dynamo_has_keys(index, "GSI1PK", "GSI1SK") && text_equal(held, "ALL");
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
    scoped(dynamo_table) struct dynamo_table table = { 0 };
    enum err e = dynamo_table_find(s->dynamo, t, s->change ? table_definition() : NULL, &table);
    *out_there = table.description != NULL;
    if (!e && !*out_there)
        found(s, "table", "missing: storyreel store init makes it", false);
    else if (!e)
        judge_table(s, table.description, table.made ? "made" : "there");
    return e;
}

/* ---- what is switched on ---- */

static bool recovers(const struct aws_json_reply *reply)
{
    const json_t *all = json_object_get(reply->json, "ContinuousBackupsDescription");
    const json_t *recovery = json_object_get(all, "PointInTimeRecoveryDescription");
    return text_equal(aws_json_text(recovery, "PointInTimeRecoveryStatus"), "ENABLED");
}

/* Servers that only speak like DynamoDB have no backups, as a rule. */
static enum err survey_recovery(struct survey *s, struct task *t)
{
    static const char unknown[] = "UnknownOperationException";
    scoped(aws_json_reply) struct aws_json_reply now = { 0 }, changed = { 0 };
    enum err e =
        dynamo_ask(s->dynamo, t, "DescribeContinuousBackups", json_object(), unknown, &now);
    bool none = !e && text_equal(now.code, unknown), on = !e && !none && recovers(&now);
    bool switch_on = !e && !none && !on && s->change;
    if (switch_on)
        e = dynamo_ask(s->dynamo, t, "UpdateContinuousBackups",
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
                            bool change, struct aws_findings *out)
{
    struct dynamo dynamo = { 0 };
    bool there = false;
    enum err e = dynamo_open(t, account, table, &dynamo);
    struct survey s = { &dynamo, change, out };
    if (!e)
        e = survey_table(&s, t, &there);
    if (!e && there)
        e = dynamo_see_to_life(&dynamo, t, change, "time to live", out);
    if (!e && there)
        e = survey_recovery(&s, t);
    dynamo_done(&dynamo);
    return e;
}
