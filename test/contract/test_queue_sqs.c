/*
 * What the queue on SQS does beyond queue.h: it is shared, can be made and checked, wakes who waits
 * elsewhere and asks nobody while nothing happens; bells that are lost, doubled or somebody else's,
 * answers that get lost, throttling and an SQS that is away stop nobody. The server checks
 * signatures and makes the trouble.
 */
#include "suite.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fields.h"
#include "base/text.h"
#include "cloud_gate.h"
#include "queue/queue_driver.h"
#include "queue/queue_sqs.h"
#include "queue/sqs.h"

static struct cloud_gate gate;

struct bench {
    struct task  t;
    struct clock clock;
    const char  *name;
    struct queue *q;
};

enum { START_US = 1000000, LEASE_US = 100, LAPSES_MAX = 16, TRY_US = 2000, TRIES = 2500 };

static const char *new_name(struct bench *b)
{
    static int number;
    struct aws_findings findings = { 0 };
    const char *name = arena_format(b->t.arena, "night-%d", ++number);
    assert_ok(&b->t, queue_sqs_see_to(&b->t, gate.account, name, true, &findings));
    return name;
}

static struct queue *open_named(struct bench *b, const char *name)
{
    struct queue *q = NULL;
    assert_ok(&b->t, queue_sqs_open(&b->t, gate.account, name, &q));
    return q;
}

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    b->clock = clock_fake(START_US);
    task_init(&b->t, "test");
    b->t.clock = &b->clock;
    b->name = new_name(b);
    b->q = open_named(b, b->name);
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    cloud_gate_faults(&gate, "[]");
    queue_close(b->q);
    task_done(&b->t);
    free(b);
    return 0;
}

/* ---- short words ---- */

static void push(struct bench *b, struct queue *q, const char *key, int64_t due_us)
{
    assert_ok(&b->t, queue_push(q, &b->t, LANE_CPU, key, due_us));
}

static struct queue_message claim(struct bench *b, struct queue *q)
{
    struct queue_message m = { 0 };
    assert_ok(&b->t, queue_claim(q, &b->t, LANE_CPU, LEASE_US, &m));
    return m;
}

static void assert_nothing_due(struct bench *b, struct queue *q)
{
    struct queue_message m;
    assert_err(queue_claim(q, &b->t, LANE_CPU, LEASE_US, &m), ERR_NOT_FOUND);
}

static struct queue_stats stats_of(struct bench *b, struct queue *q)
{
    struct queue_stats stats;
    assert_ok(&b->t, queue_stats(q, &b->t, LANE_CPU, &stats));
    return stats;
}

/* One operation on the bell of LANE_CPU, past the driver. */
static json_t *tell_bell(struct bench *b, const char *operation, json_t *request)
{
    struct sqs sqs = { 0 };
    struct aws_json_reply reply = { 0 };
    const char *url, *queue = arena_format(b->t.arena, "%s-cpu", b->name);
    assert_ok(&b->t, sqs_open(&b->t, gate.account, 0, &sqs));
    assert_ok(&b->t, sqs_find(&sqs, &b->t, queue, &url));
    json_object_set_new(request, "QueueUrl", json_string(url));
    assert_ok(&b->t, sqs_call(&sqs, &b->t, operation, request, &reply));
    assert_string_equal(reply.code, "");
    sqs_done(&sqs);
    return reply.json;
}

/* How many bells lie in the queue, heard and not. */
static int bells_left(struct bench *b)
{
    scoped(json) json_t *reply =
        tell_bell(b, "GetQueueAttributes", json_pack("{s[s]}", "AttributeNames", "All"));
    const json_t *all = json_object_get(reply, "Attributes");
    return (int)(strtol(aws_json_text(all, "ApproximateNumberOfMessages"), NULL, 10) +
                 strtol(aws_json_text(all, "ApproximateNumberOfMessagesNotVisible"), NULL, 10));
}

static void assert_bells_come_to(struct bench *b, int wanted)
{
    int left = -1;
    for (int i = 0; i < TRIES && (left = bells_left(b)) != wanted; i++)
        usleep(TRY_US);
    assert_int_equal(left, wanted);
}

/* Somebody who waits for work at a queue. */
struct waiter {
    struct queue *q;
    atomic_int    rung;
};

static void on_ring(void *context)
{
    atomic_fetch_add(&((struct waiter *)context)->rung, 1);
}

static void wait_for_ring(struct waiter *w, int wanted)
{
    for (int i = 0; i < TRIES && atomic_load(&w->rung) < wanted; i++)
        usleep(TRY_US);
    assert_true(atomic_load(&w->rung) >= wanted);
}

/* Until a look has been kept: then a poll is under way, and the next claim asks nobody. */
static void settle(struct bench *b, struct queue *q)
{
    int asked = 1;
    for (int i = 0; i < TRIES && asked; i++) {
        usleep(TRY_US);
        cloud_gate_seen(&gate, "");
        assert_nothing_due(b, q);
        asked = cloud_gate_seen(&gate, "DynamoDB_20120810.Query");
    }
    assert_int_equal(asked, 0);
}

static void begin_waiting(struct bench *b, struct waiter *w, struct queue *q)
{
    *w = (struct waiter){ .q = q };
    queue_listen(q, &(struct queue_ear){ on_ring, w });
    queue_idle(q, LANE_CPU, 1);
    settle(b, q);
}

/* ---- the table and the queues ---- */

static void assert_fine(struct bench *b, const char *name, bool change, const char *state)
{
    struct aws_findings found = { 0 };
    assert_ok(&b->t, queue_sqs_see_to(&b->t, gate.account, name, change, &found));
    assert_int_equal(found.count, 6);
    for (size_t i = 0; i < found.count; i++) {
        if (!found.at[i].fine)
            print_error("%s: %s\n", found.at[i].what, found.at[i].state);
        assert_true(found.at[i].fine);
    }
    assert_string_equal(found.at[0].state, state);
}

static void everything_is_made_once_and_checked(void **state)
{
    struct bench *b = *state;
    struct aws_findings found = { 0 };
    assert_ok(&b->t, queue_sqs_see_to(&b->t, gate.account, "fresh", false, &found));
    assert_int_equal(found.count, 5);                  /* a table, four queues */
    for (size_t i = 0; i < found.count; i++)
        assert_non_null(strstr(found.at[i].state, "storyreel store init"));
    assert_fine(b, "fresh", true, "made");
    assert_fine(b, "fresh", true, "there");
    assert_fine(b, "fresh", false, "there");
}

static void what_somebody_has_changed_is_found_and_set_right(void **state)
{
    struct bench *b = *state;
    struct aws_findings found = { 0 };
    json_decref(tell_bell(b, "SetQueueAttributes",
                          json_pack("{s{ss}}", "Attributes", "VisibilityTimeout", "900")));
    assert_ok(&b->t, queue_sqs_see_to(&b->t, gate.account, b->name, false, &found));
    int bad = 0;
    for (size_t i = 0; i < found.count; i++) {
        bad += !found.at[i].fine;
        if (!found.at[i].fine)
            assert_string_equal(found.at[i].state, "its VisibilityTimeout is not as it should be");
    }
    assert_int_equal(bad, 1);
    assert_fine(b, b->name, true, "there");
    assert_fine(b, b->name, false, "there");
}

static void what_cannot_be_opened_says_why(void **state)
{
    struct bench *b = *state;
    struct queue *q = NULL;
    assert_err(queue_sqs_open(&b->t, gate.account, "no name", &q), ERR_INVALID);
    assert_err(queue_sqs_open(&b->t, gate.account, "nowhere", &q), ERR_UNAVAILABLE);
    assert_non_null(strstr(b->t.fault.message, "no table \"nowhere-queue\""));
    assert_non_null(strstr(b->t.fault.next, "storyreel store init"));
    json_decref(tell_bell(b, "DeleteQueue", json_object()));
    assert_err(queue_sqs_open(&b->t, gate.account, b->name, &q), ERR_UNAVAILABLE);
    assert_non_null(strstr(b->t.fault.message, arena_format(b->t.arena, "no queue \"%s-cpu\"",
                                                            b->name)));
    struct aws_account *thief = cloud_account(&gate, "guessed");
    assert_err(queue_sqs_open(&b->t, thief, b->name, &q), ERR_AUTH);
    assert_null(strstr(b->t.fault.message, "guessed"));
    aws_account_close(thief);
    cloud_gate_faults(&gate, "[{\"target\":\"AmazonSQS.GetQueueUrl\",\"count\":9,\"status\":403,"
                             "\"type\":\"com.amazon.coral.service#AccessDeniedException\"}]");
    assert_err(queue_sqs_open(&b->t, gate.account, b->name, &q), ERR_FORBIDDEN);
}

/* ---- sharing ---- */

static void two_processes_share_it_and_two_names_do_not(void **state)
{
    struct bench *b = *state;
    struct queue *same = open_named(b, b->name), *other = open_named(b, new_name(b));
    push(b, b->q, "a", 0);
    assert_int_equal(stats_of(b, other).waiting, 0);
    struct queue_message m = claim(b, same);
    assert_nothing_due(b, b->q);
    assert_ok(&b->t, queue_finish(b->q, &b->t, &m));
    queue_close(same);
    queue_close(other);
}

enum { WORKERS = 4, MESSAGES = 24 };

struct crowd {
    struct queue *queues[2];
    const struct clock *clock;
    atomic_int seen[MESSAGES], failures;
};

static void work_until_empty(int number, void *shared)
{
    struct crowd *crowd = shared;
    struct queue *q = crowd->queues[number % 2];
    for (enum err e = OK; !e;) {
        struct task t;
        struct queue_message m;
        task_init(&t, "worker");
        t.clock = crowd->clock;
        e = queue_claim(q, &t, LANE_CPU, LEASE_US, &m);
        if (!e) {
            atomic_fetch_add(&crowd->seen[strtol(m.key, NULL, 10)], 1);
            e = queue_finish(q, &t, &m);
        }
        if (e && e != ERR_NOT_FOUND)
            atomic_fetch_add(&crowd->failures, 1);
        task_done(&t);
    }
}

static void two_processes_never_hold_one_message(void **state)
{
    struct bench *b = *state;
    struct crowd crowd = { .queues = { b->q, open_named(b, b->name) }, .clock = &b->clock };
    for (int i = 0; i < MESSAGES; i++)
        push(b, b->q, arena_format(b->t.arena, "%d", i), 0);
    threads_run(WORKERS, work_until_empty, &crowd);
    assert_int_equal(crowd.failures, 0);
    for (int i = 0; i < MESSAGES; i++)
        assert_int_equal(crowd.seen[i], 1);
    queue_close(crowd.queues[1]);
}

/* ---- bells ---- */

static void a_push_elsewhere_rings_and_nothing_else_is_asked(void **state)
{
    struct bench *b = *state;
    struct queue *elsewhere = open_named(b, b->name);
    struct waiter w;
    begin_waiting(b, &w, b->q);
    for (int i = 0; i < 50; i++) {
        int64_t due_us;
        assert_nothing_due(b, b->q);
        assert_ok(&b->t, queue_next_due(b->q, &b->t, LANE_CPU, &due_us));
        assert_int_equal(due_us, INT64_MAX);
    }
    assert_int_equal(cloud_gate_seen(&gate, "DynamoDB_20120810.Query"), 0);
    push(b, elsewhere, "a", 0);
    wait_for_ring(&w, 1);
    struct queue_message m = claim(b, b->q);
    assert_ok(&b->t, queue_finish(b->q, &b->t, &m));
    assert_bells_come_to(b, 0);                        /* answered */
    queue_listen(b->q, NULL);
    queue_close(elsewhere);
}

/* What nobody here can do is left for others, also when it has already been heard. */
static void a_bell_heard_by_the_busy_is_put_back(void **state)
{
    struct bench *b = *state;
    struct queue *elsewhere = open_named(b, b->name);
    struct waiter busy, free_one;
    begin_waiting(b, &busy, b->q);
    queue_idle(b->q, LANE_CPU, -1);                    /* its poll is under way all the same */
    push(b, elsewhere, "a", 0);
    wait_for_ring(&busy, 1);
    assert_bells_come_to(b, 1);
    free_one = (struct waiter){ .q = elsewhere };
    queue_listen(elsewhere, &(struct queue_ear){ on_ring, &free_one });
    queue_idle(elsewhere, LANE_CPU, 1);
    wait_for_ring(&free_one, 1);
    assert_bells_come_to(b, 0);
    queue_listen(b->q, NULL);
    queue_close(elsewhere);
}

static void lost_bells_are_made_up_for_by_a_look_now_and_then(void **state)
{
    struct bench *b = *state;
    struct queue *elsewhere = open_named(b, b->name);
    struct waiter w;
    begin_waiting(b, &w, b->q);
    cloud_gate_faults(&gate, "[{\"target\":\"AmazonSQS.SendMessageBatch\",\"count\":99,"
                             "\"status\":400,\"type\":\"com.amazonaws.sqs#InvalidAddress\"}]");
    push(b, elsewhere, "a", 0);
    queue_close(elsewhere);                            /* whatever it had to ring has been rung */
    assert_true(cloud_gate_seen(&gate, "AmazonSQS.SendMessageBatch") >= 1);
    assert_nothing_due(b, b->q);
    b->clock.now_us += 21 * SECOND_US;
    claim(b, b->q);
    queue_listen(b->q, NULL);
}

static void doubled_strange_and_purged_bells_do_no_harm(void **state)
{
    struct bench *b = *state;
    struct waiter w;
    begin_waiting(b, &w, b->q);
    for (int i = 0; i < 3; i++)
        json_decref(tell_bell(b, "SendMessage", json_pack("{ss}", "MessageBody", "knock knock")));
    wait_for_ring(&w, 1);
    assert_bells_come_to(b, 0);
    queue_listen(b->q, NULL);
    assert_nothing_due(b, b->q);
    push(b, b->q, "a", 0);
    assert_bells_come_to(b, 1);
    json_decref(tell_bell(b, "PurgeQueue", json_object()));
    assert_int_equal(stats_of(b, b->q).waiting, 1);    /* nothing of worth was in there */
    struct queue_message m = claim(b, b->q);
    assert_ok(&b->t, queue_finish(b->q, &b->t, &m));
}

static void without_sqs_the_list_is_looked_at(void **state)
{
    struct bench *b = *state;
    cloud_gate_faults(&gate, "[{\"target\":\"AmazonSQS.GetQueueUrl\",\"count\":99,\"mode\":\"drop\"},"
                             "{\"target\":\"AmazonSQS.ReceiveMessage\",\"count\":99,\"mode\":\"drop\"},"
                             "{\"target\":\"AmazonSQS.SendMessageBatch\",\"count\":99,"
                             "\"mode\":\"drop\"}]");
    struct queue *late = open_named(b, b->name);       /* it is away: no reason not to start */
    struct waiter w = { .q = late };
    queue_listen(late, &(struct queue_ear){ on_ring, &w });
    queue_idle(late, LANE_CPU, 1);
    wait_for_ring(&w, 1);                              /* a failure says: look */
    assert_err(queue_check(late, &b->t), ERR_UPSTREAM);
    for (int i = 0; i < 3; i++) {
        assert_nothing_due(b, late);
        push(b, b->q, "a", 0);
        struct queue_message m = claim(b, late);
        assert_ok(&b->t, queue_finish(late, &b->t, &m));
    }
    cloud_gate_faults(&gate, "[]");
    assert_ok(&b->t, queue_check(late, &b->t));
    queue_close(late);
}

/* What this process gave back it fetches in time; to others' it comes a second later, in case they
 * do not. */
static void who_gave_back_comes_first(void **state)
{
    struct bench *b = *state;
    struct waiter w;
    int64_t due_us;
    push(b, b->q, "a", 0);
    struct queue_message m = claim(b, b->q);
    assert_ok(&b->t, queue_give_back(b->q, &b->t, &m, START_US + 5000));
    begin_waiting(b, &w, b->q);
    assert_ok(&b->t, queue_next_due(b->q, &b->t, LANE_CPU, &due_us));
    assert_int_equal(due_us, START_US + 5000);
    push(b, b->q, "b", START_US + 3000);               /* nobody's yet */
    settle(b, b->q);
    assert_ok(&b->t, queue_next_due(b->q, &b->t, LANE_CPU, &due_us));
    assert_int_equal(due_us, START_US + 3000 + SECOND_US);
    queue_listen(b->q, NULL);
}

/* ---- trouble on the way ---- */

static void lost_answers_and_throttling_are_borne(void **state)
{
    struct bench *b = *state;
    static const char *const targets[] = { "GetItem", "PutItem", "DeleteItem", "Query" };
    static const char *const troubles[] = {
        "\"mode\":\"drop\"", "\"mode\":\"drop-after\"",
        "\"status\":400,\"type\":\"com.amazonaws.dynamodb.v20120810#ThrottlingException\"",
        "\"status\":500,\"type\":\"com.amazonaws.dynamodb.v20120810#InternalServerError\"",
    };
    for (size_t i = 0; i < SUITE_COUNT(troubles); i++) {
        struct text faults = text_new(b->t.arena);
        for (size_t k = 0; k < SUITE_COUNT(targets); k++)
            text_printf(&faults, "%c{\"target\":\"DynamoDB_20120810.%s\",\"count\":1,%s}",
                        k ? ',' : '[', targets[k], troubles[i]);
        text_append(&faults, "]");
        cloud_gate_faults(&gate, text_end(&faults));
        push(b, b->q, "a", 0);
        struct queue_message m = claim(b, b->q);
        assert_int_equal(m.deliveries, 1);
        assert_ok(&b->t, queue_finish(b->q, &b->t, &m));
        struct queue_stats stats = stats_of(b, b->q);
        assert_int_equal(stats.waiting + stats.leased, 0);
    }
}

static void a_message_that_always_lapses_is_set_aside(void **state)
{
    struct bench *b = *state;
    push(b, b->q, "poison", 0);
    for (int i = 0; i <= LAPSES_MAX; i++) {
        assert_int_equal(claim(b, b->q).deliveries, i + 1);
        b->clock.now_us += LEASE_US;
    }
    assert_nothing_due(b, b->q);
    struct queue_stats stats = stats_of(b, b->q);
    assert_int_equal(stats.waiting + stats.leased, 0);
    assert_int_equal(stats.dead, 1);
    push(b, b->q, "poison", 0);                        /* the sweep, or an operator, tries again */
    assert_int_equal(claim(b, b->q).deliveries, 1);
    assert_int_equal(stats_of(b, b->q).dead, 0);
}

static void who_waits_on_purpose_is_never_set_aside(void **state)
{
    struct bench *b = *state;
    push(b, b->q, "patient", 0);
    for (int i = 0; i < LAPSES_MAX + 4; i++) {
        struct queue_message m = claim(b, b->q);
        assert_ok(&b->t, queue_give_back(b->q, &b->t, &m, 0));
    }
    assert_int_equal(claim(b, b->q).deliveries, LAPSES_MAX + 5);
}

int main(void)
{
    static const struct suite_test tests[] = {
        SUITE_TEST(everything_is_made_once_and_checked),
        SUITE_TEST(what_somebody_has_changed_is_found_and_set_right),
        SUITE_TEST(what_cannot_be_opened_says_why),
        SUITE_TEST(two_processes_share_it_and_two_names_do_not),
        SUITE_TEST(two_processes_never_hold_one_message),
        SUITE_TEST(a_push_elsewhere_rings_and_nothing_else_is_asked),
        SUITE_TEST(a_bell_heard_by_the_busy_is_put_back),
        SUITE_TEST(lost_bells_are_made_up_for_by_a_look_now_and_then),
        SUITE_TEST(doubled_strange_and_purged_bells_do_no_harm),
        SUITE_TEST(without_sqs_the_list_is_looked_at),
        SUITE_TEST(who_gave_back_comes_first),
        SUITE_TEST(lost_answers_and_throttling_are_borne),
        SUITE_TEST(a_message_that_always_lapses_is_set_aside),
        SUITE_TEST(who_waits_on_purpose_is_never_set_aside),
    };
    static const char *const driver[] = { "sqs" };
    if (!cloud_gate_start(&gate))
        return 0;
    int failed = suite_run("queue on SQS", tests, SUITE_COUNT(tests), driver, sizeof *driver, 1,
                           set_up, tear_down);
    cloud_gate_stop(&gate);
    return failed;
}
