/*
 * What a store on DynamoDB does beyond store.h: it is shared and can be made and checked, and what
 * happens on the way (answers that get lost, throttling, wrong keys, a missing table) is borne or
 * told as it is. The server checks signatures and makes the trouble.
 */
#include "suite.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "cloud_gate.h"
#include "store/store_driver.h"
#include "store/store_dynamo.h"

static struct cloud_gate gate;

struct bench {
    struct task t;
    const char *table;
    struct store *s;
};

static const char *new_table(struct bench *b)
{
    static int number;
    struct aws_findings findings = { 0 };
    const char *name = arena_format(b->t.arena, "reels-%d", ++number);
    assert_ok(&b->t, store_dynamo_table(&b->t, gate.account, name, true, &findings));
    return name;
}

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    task_init(&b->t, "test");
    b->table = new_table(b);
    assert_ok(&b->t, store_dynamo_open(&b->t, gate.account, b->table, &b->s));
    cloud_gate_seen(&gate, "");
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    cloud_gate_faults(&gate, "[]");
    store_close(b->s);
    task_done(&b->t);
    free(b);
    return 0;
}

static enum err change(struct bench *b, enum item_change kind, int64_t version,
                       const char *document)
{
    struct item_write w = { kind,
                            { .pk = "P", .sk = "A", .version = version, .document = document } };
    return store_write(b->s, &b->t, &w, 1);
}

static enum err change_two(struct bench *b, enum item_change kind, int64_t version)
{
    const struct item_write both[] = {
        { kind, { .pk = "P", .sk = "A", .version = version, .document = "{}" } },
        { kind, { .pk = "P", .sk = "B", .version = version, .document = "{}" } },
    };
    return store_write(b->s, &b->t, both, 2);
}

static int64_t version_of(struct bench *b, const char *sk)
{
    struct item item = { 0 };
    enum err e = store_get(b->s, &b->t, "P", sk, &item);
    return e ? -(int64_t)e : item.version;
}

/* ---- the table ---- */

static void assert_fine(const struct aws_findings *findings, size_t wanted)
{
    assert_int_equal(findings->count, wanted);
    for (size_t i = 0; i < findings->count; i++) {
        const struct aws_finding *f = &findings->at[i];
        if (!f->fine)
            print_error("%s: %s\n", f->what, f->state);
        assert_true(f->fine);
    }
}

static struct aws_findings look(struct bench *b, bool change)
{
    struct aws_findings findings = { 0 };
    assert_ok(&b->t, store_dynamo_table(&b->t, gate.account, "fresh", change, &findings));
    return findings;
}

static void a_table_is_made_once_and_checked(void **state)
{
    struct bench *b = *state;
    struct aws_findings findings = look(b, false);
    assert_int_equal(findings.count, 1);
    assert_false(findings.at[0].fine);
    for (int i = 0; i < 2; i++) {
        findings = look(b, true);
        assert_fine(&findings, 5);
        assert_string_equal(findings.at[0].state, i ? "there" : "made");
        assert_string_equal(findings.at[4].state, i ? "on" : "switched on");
    }
    findings = look(b, false);
    assert_fine(&findings, 5);
}

static void what_cannot_be_opened_says_why(void **state)
{
    struct bench *b = *state;
    struct store *s = NULL;
    assert_err(store_dynamo_open(&b->t, gate.account, "nowhere", &s), ERR_UNAVAILABLE);
    assert_non_null(strstr(b->t.fault.message, "\"nowhere\""));
    assert_non_null(strstr(b->t.fault.next, "storyreel store init"));
    assert_err(store_dynamo_open(&b->t, gate.account, "a/b", &s), ERR_INVALID);
    struct aws_account *thief = cloud_account(&gate, "guessed");
    assert_err(store_dynamo_open(&b->t, thief, b->table, &s), ERR_AUTH);
    aws_account_close(thief);
}

/* ---- answers that get lost ---- */

static void a_lost_answer_is_no_conflict(void **state)
{
    struct bench *b = *state;
    static const char *const modes[] = { "drop", "drop-after" };
    for (int i = 0; i < 2; i++) {
        cloud_gate_faults(&gate, arena_format(b->t.arena, "[{\"target\":\"DynamoDB_20120810.PutItem\","
                                              "\"count\":1,\"mode\":\"%s\"}]", modes[i]));
        assert_ok(&b->t, change(b, ITEM_CREATE, 0, "{\"n\":1}"));
        assert_int_equal(version_of(b, "A"), 1);
        cloud_gate_faults(&gate, arena_format(b->t.arena, "[{\"target\":\"DynamoDB_20120810.PutItem\","
                                              "\"count\":1,\"mode\":\"%s\"}]", modes[i]));
        assert_ok(&b->t, change(b, ITEM_UPDATE, 1, "{\"n\":2}"));
        assert_int_equal(version_of(b, "A"), 2);
        cloud_gate_faults(&gate, arena_format(b->t.arena,
                                              "[{\"target\":\"DynamoDB_20120810.DeleteItem\","
                                              "\"count\":1,\"mode\":\"%s\"}]", modes[i]));
        assert_ok(&b->t, change(b, ITEM_DELETE, 2, NULL));
        assert_int_equal(version_of(b, "A"), -ERR_NOT_FOUND);
    }
}

static void a_transaction_whose_answer_got_lost_is_made_once(void **state)
{
    struct bench *b = *state;
    cloud_gate_faults(&gate, "[{\"target\":\"DynamoDB_20120810.TransactWriteItems\",\"count\":2,"
                             "\"mode\":\"drop-after\"}]");
    assert_ok(&b->t, change_two(b, ITEM_CREATE, 0));
    assert_int_equal(version_of(b, "A"), 1);
    assert_int_equal(version_of(b, "B"), 1);
}

/* ---- refusals that pass, and that do not ---- */

#define THROTTLED "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"

static void throttling_is_waited_for_with_few_requests(void **state)
{
    struct bench *b = *state;
    cloud_gate_faults(&gate, "[{\"target\":\"DynamoDB_20120810.PutItem\",\"count\":2,\"status\":400,"
                             "\"type\":\"" THROTTLED "\"}]");
    assert_ok(&b->t, change(b, ITEM_CREATE, 0, "{}"));
    assert_int_equal(cloud_gate_seen(&gate, "DynamoDB_20120810.PutItem"), 3);
}

static void passing_trouble_of_transactions_is_borne(void **state)
{
    struct bench *b = *state;
    static const char *const types[] = { "TransactionConflictException",
                                         "TransactionInProgressException", "InternalServerError" };
    for (int i = 0; i < 3; i++) {
        cloud_gate_faults(&gate, arena_format(b->t.arena,
            "[{\"target\":\"DynamoDB_20120810.%s\",\"count\":1,\"status\":%d,"
            "\"type\":\"com.amazonaws.dynamodb.v20120810#%s\"}]",
            i ? "TransactWriteItems" : "PutItem", i == 2 ? 500 : 400, types[i]));
        assert_ok(&b->t, i ? change_two(b, ITEM_PUT, 0) : change(b, ITEM_PUT, 0, "{}"));
    }
    assert_int_equal(version_of(b, "A"), 3);
}

static void a_call_that_is_over_stops_waiting(void **state)
{
    struct bench *b = *state;
    cloud_gate_faults(&gate, "[{\"target\":\"*\",\"count\":100,\"status\":400,\"type\":\"" THROTTLED
                             "\"}]");
    b->t.deadline_us = clock_monotonic_us(b->t.clock) + SECOND_US / 10;
    enum err e = change(b, ITEM_CREATE, 0, "{}");
    b->t.deadline_us = INT64_MAX;
    assert_true(e == ERR_TIMEOUT || e == ERR_RATE);
}

static void names_of_the_store_are_not_for_documents(void **state)
{
    struct bench *b = *state;
    assert_err(change(b, ITEM_CREATE, 0, "{\"_version\":7}"), ERR_INVALID);
    assert_err(change(b, ITEM_CREATE, 0, "{\"PK\":\"Q\"}"), ERR_INVALID);
    assert_ok(&b->t, change(b, ITEM_CREATE, 0, "{\"pk\":{\"_version\":7,\"PK\":\"Q\"}}"));
}

/* Small numbers in a list take more room there than as text: the service has the last word. */
static void what_is_too_large_there_is_told(void **state)
{
    struct bench *b = *state;
    struct text document = text_new(b->t.arena);
    text_append(&document, "{\"n\":[1");
    for (int i = 0; i < 140000; i++)
        text_append(&document, ",1");
    text_append(&document, "]}");
    assert_err(change(b, ITEM_CREATE, 0, text_end(&document)), ERR_LIMIT);
    assert_non_null(strstr(b->t.fault.message, "400 KB"));
}

/* ---- values ---- */

static void every_kind_of_value_comes_back(void **state)
{
    struct bench *b = *state;
    static const char all[] =
        "{\"array\":[1,[],{}],\"big\":9223372036854775807,\"empty\":\"\",\"false\":false,"
        "\"half\":0.5,\"least\":-9223372036854775808,\"null\":null,\"object\":{\"a\":{\"b\":[\"c\"]}},"
        "\"tiny\":1.0000000000000001e-16,\"true\":true,\"\xE2\x98\x83\":\"\xF0\x9F\x8E\xAC \\\"\\\\\"}";
    struct item item;
    assert_ok(&b->t, change(b, ITEM_CREATE, 0, all));
    assert_ok(&b->t, store_get(b->s, &b->t, "P", "A", &item));
    json_t *sent = json_loads(all, 0, NULL), *got = json_loads(item.document, 0, NULL);
    assert_true(json_equal(sent, got));
    json_decref(sent);
    json_decref(got);
}

/* ---- many ---- */

enum { MANY = 1000 };

static void write_many(struct bench *b)
{
    struct item_write writes[STORE_WRITES_MAX];
    const char *text = arena_format(b->t.arena, "{\"prompt\":\"%01500d\"}", 7);
    for (int i = 0; i < MANY; i += STORE_WRITES_MAX) {
        for (int k = 0; k < STORE_WRITES_MAX; k++)
            writes[k] = (struct item_write){
                ITEM_CREATE,
                { .pk = "PROJECT#1", .sk = arena_format(b->t.arena, "SCENE#%03d", i + k + 1),
                  .document = text },
            };
        assert_ok(&b->t, store_write(b->s, &b->t, writes, STORE_WRITES_MAX));
    }
}

/* 1.5 MB in two pages of the one query; SCENE#1000 is there although it sorts before SCENE#101. */
static void a_thousand_scenes_are_one_query(void **state)
{
    struct bench *b = *state;
    struct item *items;
    size_t count;
    write_many(b);
    cloud_gate_seen(&gate, "");
    assert_ok(&b->t, store_list(b->s, &b->t, &(struct store_query){ .pk = "PROJECT#1",
                                                                    .sk_prefix = "SCENE#" },
                                &items, &count));
    assert_int_equal(count, MANY);
    assert_string_equal(items[100].sk, "SCENE#1000");
    assert_true(cloud_gate_seen(&gate, "DynamoDB_20120810.Query") <= 2);
}

int main(void)
{
    static const struct suite_test tests[] = {
        SUITE_TEST(a_table_is_made_once_and_checked),
        SUITE_TEST(what_cannot_be_opened_says_why),
        SUITE_TEST(a_lost_answer_is_no_conflict),
        SUITE_TEST(a_transaction_whose_answer_got_lost_is_made_once),
        SUITE_TEST(throttling_is_waited_for_with_few_requests),
        SUITE_TEST(passing_trouble_of_transactions_is_borne),
        SUITE_TEST(a_call_that_is_over_stops_waiting),
        SUITE_TEST(names_of_the_store_are_not_for_documents),
        SUITE_TEST(what_is_too_large_there_is_told),
        SUITE_TEST(every_kind_of_value_comes_back),
        SUITE_TEST(a_thousand_scenes_are_one_query),
    };
    static const char *const driver[] = { "dynamodb" };
    if (!cloud_gate_start(&gate))
        return 77;
    int failed = suite_run("store on DynamoDB", tests, SUITE_COUNT(tests), driver, sizeof *driver,
                           1, set_up, tear_down);
    cloud_gate_stop(&gate);
    return failed;
}
