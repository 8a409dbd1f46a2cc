/*
 * The n-th call to the store or the queue fails, for every n, before or after it took effect, while a job is queued,
 * claimed and finished with a record of its own. Whatever happens, the next process finds the job and ends it once:
 * the record is there exactly when the job is done.
 */
#include "../unit/test.h"

#include "flow/jobs.h"
#include "queue/queue_driver.h"
#include "store/store_driver.h"

static const struct artifact take = { .kind = ARTIFACT_TAKE, .sequence = 1, .hash = "aaaaaaaaaaaaaaaa" };

static struct item_write result_write(void)
{
    return (struct item_write){ .change = ITEM_CREATE,
                                .item = { .pk = "PROJECT#P", .sk = "RESULT", .document = "{}",
                                          .index_pk = "", .index_sk = "" } };
}

static enum err make_it(const struct flow *f, struct task *t)
{
    struct claimed_job c;
    struct item_write result = result_write();
    enum err e = job_enqueue(f, t, "P", &take, false);
    if (!e)
        e = job_claim(f, t, LANE_CPU, &c);
    return e ? e : job_finish(f, t, &c, &result, 1);
}

static bool is_done(const struct flow *f, struct task *t)
{
    struct job j;
    enum err e = job_load(f->store, t, "P", job_sk(t, "take", 1, take.hash), &j);
    return !e && j.state == JOB_DONE;
}

static bool has_result(const struct flow *f, struct task *t)
{
    struct item item;
    return store_get(f->store, t, "PROJECT#P", "RESULT", &item) == OK;
}

/* What the next process does with what it finds, once the leases of the first have lapsed. */
static void carry_on(const struct flow *under, struct task *t)
{
    struct clock later = clock_fake(t->clock->now_us + JOB_LEASE_US + 1);
    t->clock = &later;
    struct flow next = *under;
    next.worker = "the next process";
    assert_ok(t, jobs_recover(&next, t, "P"));
    if (!is_done(&next, t))
        assert_ok(t, make_it(&next, t));
    assert_true(is_done(&next, t));
    assert_true(has_result(&next, t));
    t->clock = &clock_real;
}

/* Returns how many calls the faulty side saw. */
static int run(int store_fails, int queue_fails, bool after)
{
    struct task t;
    struct flow under = { .worker = "first", .owns_store = true };
    struct clock clock = clock_fake(1000 * SECOND_US);
    task_init(&t, "test");
    t.clock = &clock;
    assert_ok(&t, store_memory_open(&t, &under.store));
    assert_ok(&t, queue_memory_open(&t, &under.queue));

    struct store_flaky flaky_store;
    struct queue_flaky flaky_queue;
    struct flow faulty = under;
    faulty.store      = store_flaky_init(&flaky_store, under.store, store_fails, ERR_UNAVAILABLE);
    faulty.queue      = queue_flaky_init(&flaky_queue, under.queue, queue_fails, ERR_UNAVAILABLE);
    flaky_store.after = flaky_queue.after = after;

    enum err e = make_it(&faulty, &t);
    assert_true(is_done(&under, &t) == has_result(&under, &t));
    if (!e)
        assert_true(is_done(&under, &t));
    carry_on(&under, &t);

    int calls = store_fails ? flaky_store.calls : flaky_queue.calls;
    store_close(under.store);
    queue_close(under.queue);
    task_done(&t);
    return calls;
}

static void every_store_call_may_fail(void **state)
{
    (void)state;
    for (int after = 0; after < 2; after++) {
        for (int n = 1; run(n, 0, after) >= n; n++) {
        }
    }
}

static void every_queue_call_may_fail(void **state)
{
    (void)state;
    for (int after = 0; after < 2; after++) {
        for (int n = 1; run(0, n, after) >= n; n++) {
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_store_call_may_fail),
        cmocka_unit_test(every_queue_call_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
