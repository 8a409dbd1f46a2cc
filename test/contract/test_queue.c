/*
 * What queue.h promises, kept by every driver: the same functions run over the table at the end, on
 * a clock that only the tests move. What only a queue on a disk does is in test_queue_sqlite.c.
 */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/rng.h"
#include "base/text.h"
#include "cloud_gate.h"
#include "queue/queue_driver.h"
#include "queue/queue_sqs.h"
#include "redis_server.h"
#include "scratch.h"

struct driver {
    const char *name;
    enum err (*open)(struct task *t, const char *folder, struct queue **out);
};

struct bench {
    struct scratch scratch;
    struct task    t;
    struct clock   clock;
    struct queue  *q;
};

enum { START_US = 1000000, LEASE_US = 100 };

static int set_up(void **state)
{
    const struct driver *driver = *state;
    struct bench *b = calloc(1, sizeof *b);
    b->scratch = scratch_new();
    b->clock   = clock_fake(START_US);
    task_init(&b->t, "test");
    b->t.clock = &b->clock;
    *state = b;
    return driver->open(&b->t, scratch_path(&b->scratch, "data"), &b->q) ? -1 : 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    queue_close(b->q);
    task_done(&b->t);
    scratch_done(&b->scratch);
    free(b);
    return 0;
}

/* ---- short words for the tests below ---- */

static void push(struct bench *b, const char *key, int64_t due_us)
{
    assert_ok(&b->t, queue_push(b->q, &b->t, LANE_CPU, key, due_us));
}

static struct queue_message claim(struct bench *b, const char *wanted)
{
    struct queue_message m = { 0 };
    assert_ok(&b->t, queue_claim(b->q, &b->t, LANE_CPU, LEASE_US, &m));
    assert_string_equal(m.key, wanted);
    assert_int_equal(m.lane, LANE_CPU);
    return m;
}

static void assert_nothing_due(struct bench *b, enum queue_lane lane)
{
    struct queue_message m;
    assert_err(queue_claim(b->q, &b->t, lane, LEASE_US, &m), ERR_NOT_FOUND);
}

static int64_t next_due(struct bench *b)
{
    int64_t due_us = -1;
    assert_ok(&b->t, queue_next_due(b->q, &b->t, LANE_CPU, &due_us));
    return due_us;
}

static void assert_stats(struct bench *b, int64_t waiting, int64_t leased, int64_t oldest_due_us)
{
    struct queue_stats stats;
    assert_ok(&b->t, queue_stats(b->q, &b->t, LANE_CPU, &stats));
    assert_int_equal(stats.waiting, waiting);
    assert_int_equal(stats.leased, leased);
    assert_int_equal(stats.oldest_due_us, oldest_due_us);
}

/* ---- the life of a message ---- */

static void an_empty_queue_says_so(void **state)
{
    struct bench *b = *state;
    assert_nothing_due(b, LANE_CPU);
    assert_int_equal(next_due(b), INT64_MAX);
    assert_stats(b, 0, 0, INT64_MAX);
}

static void a_message_is_claimed_once_and_finished(void **state)
{
    struct bench *b = *state;
    push(b, "PROJECT#1/JOB#\xC3\xA9", 0);
    assert_stats(b, 1, 0, START_US);
    struct queue_message m = claim(b, "PROJECT#1/JOB#\xC3\xA9");
    assert_int_equal(m.deliveries, 1);
    assert_true(m.receipt > 0);
    assert_nothing_due(b, LANE_CPU);
    assert_stats(b, 0, 1, INT64_MAX);
    assert_ok(&b->t, queue_finish(b->q, &b->t, &m));
    b->clock.now_us += 10 * LEASE_US;
    assert_nothing_due(b, LANE_CPU);
    assert_stats(b, 0, 0, INT64_MAX);
}

static void messages_come_in_due_order(void **state)
{
    struct bench *b = *state;
    push(b, "late", START_US - 1);
    push(b, "early", START_US - 3);
    push(b, "middle", START_US - 2);
    push(b, "now 1", 0);
    push(b, "now 2", 0);
    push(b, "a third", START_US);
    push(b, "future", START_US + 1);
    assert_int_equal(next_due(b), START_US - 3);
    static const char *const order[] = { "early", "middle", "late", "now 1", "now 2", "a third" };
    for (size_t i = 0; i < SUITE_COUNT(order); i++)
        claim(b, order[i]);
    assert_nothing_due(b, LANE_CPU);
    assert_int_equal(next_due(b), START_US + 1);
    b->clock.now_us++;
    claim(b, "future");
}

static void lanes_do_not_meet(void **state)
{
    struct bench *b = *state;
    struct queue_message m;
    push(b, "same", 0);
    assert_ok(&b->t, queue_push(b->q, &b->t, LANE_WAIT, "same", 0));
    assert_nothing_due(b, LANE_LIGHT);
    claim(b, "same");
    assert_nothing_due(b, LANE_CPU);
    assert_ok(&b->t, queue_claim(b->q, &b->t, LANE_WAIT, LEASE_US, &m));
    assert_string_equal(m.key, "same");
    assert_int_equal(m.lane, LANE_WAIT);
}

static void the_same_key_twice_is_one_message(void **state)
{
    struct bench *b = *state;
    push(b, "a", START_US + 50);
    push(b, "a", START_US + 20);
    push(b, "a", START_US + 90);
    assert_stats(b, 1, 0, START_US + 20);
    b->clock.now_us += 20;
    struct queue_message m = claim(b, "a");
    assert_ok(&b->t, queue_finish(b->q, &b->t, &m));
    b->clock.now_us += 1000;
    assert_nothing_due(b, LANE_CPU);
}

static void a_push_during_a_lease_is_not_lost(void **state)
{
    struct bench *b = *state;
    push(b, "a", 0);
    struct queue_message m = claim(b, "a");
    push(b, "a", START_US + 30);
    push(b, "a", START_US + 10);
    push(b, "a", START_US + 60);
    assert_nothing_due(b, LANE_CPU);                   /* one worker at a time */
    assert_ok(&b->t, queue_finish(b->q, &b->t, &m));
    assert_int_equal(next_due(b), START_US + 10);
    b->clock.now_us += 10;
    m = claim(b, "a");
    assert_int_equal(m.deliveries, 1);                 /* a new message, not a failed one */
    assert_ok(&b->t, queue_finish(b->q, &b->t, &m));
    b->clock.now_us += 1000;
    assert_nothing_due(b, LANE_CPU);
}

/* ---- leases ---- */

static void a_lapsed_lease_returns(void **state)
{
    struct bench *b = *state;
    push(b, "a", 0);
    struct queue_message first = claim(b, "a");
    assert_int_equal(next_due(b), START_US + LEASE_US);
    b->clock.now_us += LEASE_US - 1;
    assert_nothing_due(b, LANE_CPU);
    b->clock.now_us += 1;
    assert_stats(b, 1, 0, START_US + LEASE_US);
    struct queue_message second = claim(b, "a");
    assert_int_equal(second.deliveries, 2);
    assert_int_not_equal(first.receipt, second.receipt);
    assert_err(queue_finish(b->q, &b->t, &first), ERR_CONFLICT);
    assert_err(queue_renew(b->q, &b->t, &first, LEASE_US), ERR_CONFLICT);
    assert_err(queue_give_back(b->q, &b->t, &first, 0), ERR_CONFLICT);
    assert_ok(&b->t, queue_finish(b->q, &b->t, &second));
    assert_err(queue_finish(b->q, &b->t, &second), ERR_CONFLICT);
}

static void a_receipt_of_the_past_fits_nothing_new(void **state)
{
    struct bench *b = *state;
    push(b, "a", 0);
    struct queue_message old = claim(b, "a");
    assert_ok(&b->t, queue_finish(b->q, &b->t, &old));
    push(b, "a", 0);
    assert_err(queue_finish(b->q, &b->t, &old), ERR_CONFLICT);
    struct queue_message new = claim(b, "a");
    assert_true(new.receipt > old.receipt);
    assert_err(queue_finish(b->q, &b->t, &old), ERR_CONFLICT);
    assert_ok(&b->t, queue_finish(b->q, &b->t, &new));
}

static void renewing_keeps_a_lease(void **state)
{
    struct bench *b = *state;
    push(b, "a", 0);
    struct queue_message m = claim(b, "a");
    for (int i = 0; i < 5; i++) {
        b->clock.now_us += LEASE_US - 1;
        assert_ok(&b->t, queue_renew(b->q, &b->t, &m, LEASE_US));
        assert_nothing_due(b, LANE_CPU);
    }
    b->clock.now_us += LEASE_US;
    assert_ok(&b->t, queue_renew(b->q, &b->t, &m, LEASE_US));  /* lapsed, but nobody has taken it */
    assert_nothing_due(b, LANE_CPU);
    assert_ok(&b->t, queue_finish(b->q, &b->t, &m));
}

static void giving_back_sets_a_new_time(void **state)
{
    struct bench *b = *state;
    push(b, "a", 0);
    struct queue_message m = claim(b, "a");
    assert_ok(&b->t, queue_give_back(b->q, &b->t, &m, START_US + 40));
    assert_nothing_due(b, LANE_CPU);
    assert_stats(b, 1, 0, START_US + 40);
    b->clock.now_us += 40;
    m = claim(b, "a");
    assert_int_equal(m.deliveries, 2);
    push(b, "a", START_US + 45);
    assert_ok(&b->t, queue_give_back(b->q, &b->t, &m, START_US + 90));
    assert_int_equal(next_due(b), START_US + 45);      /* the earlier of the two wishes */
    b->clock.now_us += 5;
    m = claim(b, "a");
    assert_ok(&b->t, queue_give_back(b->q, &b->t, &m, 0));
    claim(b, "a");
}

/* ---- the front door ---- */

static void calls_out_of_form_are_refused(void **state)
{
    struct bench *b = *state;
    char *long_key = arena_alloc(b->t.arena, KEY_BYTES_MAX + 2);
    memset(long_key, 'k', KEY_BYTES_MAX + 1);
    const char *const bad_keys[] = { NULL, "", "a\nb", "\xFF", long_key };
    for (size_t i = 0; i < SUITE_COUNT(bad_keys); i++)
        assert_err(queue_push(b->q, &b->t, LANE_CPU, bad_keys[i], 0), ERR_INVALID);
    static const enum queue_lane bad_lanes[] = { (enum queue_lane)0, LANE_COUNT,
                                                 (enum queue_lane)99 };
    for (size_t i = 0; i < SUITE_COUNT(bad_lanes); i++) {
        struct queue_message m;
        struct queue_stats stats;
        int64_t due_us;
        assert_err(queue_push(b->q, &b->t, bad_lanes[i], "a", 0), ERR_INVALID);
        assert_err(queue_claim(b->q, &b->t, bad_lanes[i], LEASE_US, &m), ERR_INVALID);
        assert_err(queue_next_due(b->q, &b->t, bad_lanes[i], &due_us), ERR_INVALID);
        assert_err(queue_stats(b->q, &b->t, bad_lanes[i], &stats), ERR_INVALID);
    }
    push(b, "a", 0);
    static const int64_t bad_leases[] = { 0, -1, LEASE_US_MAX + 1 };
    struct queue_message m = claim(b, "a"), unclaimed = { .key = "a", .lane = LANE_CPU };
    for (size_t i = 0; i < SUITE_COUNT(bad_leases); i++) {
        assert_err(queue_claim(b->q, &b->t, LANE_CPU, bad_leases[i], &m), ERR_INVALID);
        assert_err(queue_renew(b->q, &b->t, &m, bad_leases[i]), ERR_INVALID);
    }
    assert_err(queue_finish(b->q, &b->t, &unclaimed), ERR_INVALID);
    assert_err(queue_push(b->q, &b->t, LANE_CPU, "a", -1), ERR_INVALID);
    assert_err(queue_give_back(b->q, &b->t, &m, -1), ERR_INVALID);
    assert_ok(&b->t, queue_finish(b->q, &b->t, &m));
}

/* ---- many at once ---- */

enum { WORKERS = 8, MESSAGES = 64 };

struct crowd {
    struct queue       *queue;
    const struct clock *clock;
    atomic_int          seen[MESSAGES], failures;
};

static void work_until_empty(int number, void *shared)
{
    (void)number;
    struct crowd *crowd = shared;
    for (enum err e = OK; !e;) {
        struct task t;
        task_init(&t, "worker");
        t.clock = crowd->clock;
        struct queue_message m;
        e = queue_claim(crowd->queue, &t, LANE_CPU, LEASE_US, &m);
        if (!e) {
            atomic_fetch_add(&crowd->seen[strtol(m.key, NULL, 10)], 1);
            e = queue_finish(crowd->queue, &t, &m);
        }
        if (e && e != ERR_NOT_FOUND)
            atomic_fetch_add(&crowd->failures, 1);
        task_done(&t);
    }
}

static void many_workers_share_without_meeting(void **state)
{
    struct bench *b = *state;
    for (int i = 0; i < MESSAGES; i++)
        push(b, arena_format(b->t.arena, "%d", i), 0);
    struct crowd crowd = { .queue = b->q, .clock = &b->clock };
    threads_run(WORKERS, work_until_empty, &crowd);
    assert_int_equal(crowd.failures, 0);
    for (int i = 0; i < MESSAGES; i++)
        assert_int_equal(crowd.seen[i], 1);
    assert_stats(b, 0, 0, INT64_MAX);
}

/* ---- against the simplest driver ---- */

enum { HELD_MAX = 6 };

struct both {
    struct queue        *queues[2];
    struct queue_message held[2][HELD_MAX];
};

static void random_step(struct bench *b, struct both *both, struct rng *r)
{
    int what = rng_below(r, 6), slot = rng_below(r, HELD_MAX);
    int64_t due_us = rng_below(r, 2) ? 0 : b->clock.now_us + rng_below(r, 80) - 20;
    const char *key = arena_format(b->t.arena, "k%d", rng_below(r, 4));
    enum queue_lane lane = rng_below(r, 2) ? LANE_CPU : LANE_WAIT;
    enum err results[2] = { OK, OK };
    for (int i = 0; i < 2; i++) {
        struct queue *q = both->queues[i];
        struct queue_message *m = &both->held[i][slot];
        switch (what) {
        case 0: results[i] = queue_push(q, &b->t, lane, key, due_us); break;
        case 1: results[i] = queue_claim(q, &b->t, lane, LEASE_US, m); break;
        case 2: results[i] = m->key ? queue_finish(q, &b->t, m) : OK; break;
        case 3: results[i] = m->key ? queue_give_back(q, &b->t, m, due_us) : OK; break;
        case 4: results[i] = m->key ? queue_renew(q, &b->t, m, LEASE_US) : OK; break;
        default: b->clock.now_us += i * rng_below(r, 60); break;
        }
    }
    assert_int_equal(results[0], results[1]);
    const struct queue_message *here = &both->held[0][slot], *there = &both->held[1][slot];
    assert_int_equal(here->deliveries, there->deliveries);
    assert_string_equal(here->key ? here->key : "", there->key ? there->key : "");
}

static void assert_same_state(struct bench *b, const struct both *both)
{
    for (enum queue_lane lane = LANE_CPU; lane <= LANE_WAIT; lane++) {
        struct queue_stats stats[2];
        int64_t due_us[2];
        for (int i = 0; i < 2; i++) {
            assert_ok(&b->t, queue_stats(both->queues[i], &b->t, lane, &stats[i]));
            assert_ok(&b->t, queue_next_due(both->queues[i], &b->t, lane, &due_us[i]));
        }
        assert_memory_equal(&stats[0], &stats[1], sizeof stats[0]);
        assert_int_equal(due_us[0], due_us[1]);
    }
}

static void it_does_as_the_memory_queue_does(void **state)
{
    struct bench *b = *state;
    struct both both = { .queues = { b->q } };
    assert_ok(&b->t, queue_memory_open(&b->t, &both.queues[1]));
    struct rng r = rng_new(7);
    for (int i = 0; i < 1500; i++) {
        random_step(b, &both, &r);
        assert_same_state(b, &both);
    }
    queue_close(both.queues[1]);
}

static enum err open_memory(struct task *t, const char *folder, struct queue **out)
{
    (void)folder;
    return queue_memory_open(t, out);
}

static struct redis_server redis;

static enum err open_redis(struct task *t, const char *folder, struct queue **out)
{
    (void)folder;
    redis_server_tell(&redis, "FLUSHALL");
    return queue_redis_open(t, redis.url, out);
}

static struct cloud_gate gate;

static enum err open_sqs(struct task *t, const char *folder, struct queue **out)
{
    static int number;
    struct aws_findings findings = { 0 };
    (void)folder;
    const char *name = arena_format(t->arena, "contract-%d", ++number);
    enum err e = queue_sqs_see_to(t, gate.account, name, true, &findings);
    return e ? e : queue_sqs_open(t, gate.account, name, out);
}

int main(void)
{
    static const struct driver drivers[] = { { "memory", open_memory },
                                             { "sqlite", queue_sqlite_open },
                                             { "redis", open_redis },
                                             { "sqs", open_sqs } };
    static const struct suite_test tests[] = {
        SUITE_TEST(an_empty_queue_says_so),
        SUITE_TEST(a_message_is_claimed_once_and_finished),
        SUITE_TEST(messages_come_in_due_order),
        SUITE_TEST(lanes_do_not_meet),
        SUITE_TEST(the_same_key_twice_is_one_message),
        SUITE_TEST(a_push_during_a_lease_is_not_lost),
        SUITE_TEST(a_lapsed_lease_returns),
        SUITE_TEST(a_receipt_of_the_past_fits_nothing_new),
        SUITE_TEST(renewing_keeps_a_lease),
        SUITE_TEST(giving_back_sets_a_new_time),
        SUITE_TEST(calls_out_of_form_are_refused),
        SUITE_TEST(many_workers_share_without_meeting),
        SUITE_TEST(it_does_as_the_memory_queue_does),
    };
    redis = redis_server_start(0, NULL);
    bool cloud = cloud_gate_start(&gate);
    int failed = suite_run("queue", tests, SUITE_COUNT(tests), drivers, sizeof *drivers,
                           SUITE_COUNT(drivers) - !cloud, set_up, tear_down);
    cloud_gate_stop(&gate);
    redis_server_stop(&redis);
    return failed;
}
