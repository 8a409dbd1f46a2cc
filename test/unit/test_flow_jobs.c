/*
 * Jobs on the memory drivers, with a clock that the test moves: one job for one input, claims that fence each other,
 * back-off that ends, and a worker that died.
 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "flow/jobs.h"
#include "queue/queue_driver.h"
#include "store/store_driver.h"

struct fixture {
    struct task  task;
    struct clock clock;
    struct flow  flow;
};

static void begin(struct fixture *f)
{
    *f = (struct fixture){ .clock = clock_fake(1000 * SECOND_US) };
    task_init(&f->task, "test");
    f->task.clock = &f->clock;
    f->flow.worker = "one";
    assert_ok(&f->task, store_memory_open(&f->task, &f->flow.store));
    assert_ok(&f->task, queue_memory_open(&f->task, &f->flow.queue));
}

static void end(struct fixture *f)
{
    store_close(f->flow.store);
    queue_close(f->flow.queue);
    task_done(&f->task);
}

static struct artifact take_of_scene(int64_t sequence, const char *hash)
{
    return (struct artifact){ .kind = ARTIFACT_TAKE, .sequence = sequence, .hash = hash };
}

static struct job read_job(struct fixture *f, const char *hash)
{
    struct job j;
    assert_ok(&f->task, job_load(f->flow.store, &f->task, "P", job_sk(&f->task, "take", 1, hash), &j));
    return j;
}

static void one_input_is_one_job(void **state)
{
    (void)state;
    struct fixture f;
    struct claimed_job c;
    begin(&f);
    struct artifact art = take_of_scene(1, "aaaaaaaaaaaaaaaa");
    assert_ok(&f.task, job_enqueue(&f.flow, &f.task, "P", &art, false));
    assert_ok(&f.task, job_enqueue(&f.flow, &f.task, "P", &art, false));
    assert_ok(&f.task, job_claim(&f.flow, &f.task, LANE_CPU, &c));
    assert_int_equal(c.job.attempt, 1);
    assert_err(job_claim(&f.flow, &f.task, LANE_CPU, &c), ERR_NOT_FOUND);
    end(&f);
}

static void a_finished_job_publishes_all_or_nothing(void **state)
{
    (void)state;
    struct fixture f;
    struct claimed_job c;
    begin(&f);
    struct artifact art = take_of_scene(1, "aaaaaaaaaaaaaaaa");
    assert_ok(&f.task, job_enqueue(&f.flow, &f.task, "P", &art, false));
    assert_ok(&f.task, job_claim(&f.flow, &f.task, LANE_CPU, &c));
    struct item_write bad = { .change = ITEM_UPDATE, .item = { .pk = "PROJECT#P", .sk = "SCENE#001", .version = 3,
                              .index_pk = "", .index_sk = "", .document = "{}" } };
    assert_err(job_finish(&f.flow, &f.task, &c, &bad, 1), ERR_CONFLICT);
    assert_int_equal(read_job(&f, art.hash).state, JOB_RUNNING);
    assert_ok(&f.task, job_finish(&f.flow, &f.task, &c, NULL, 0));
    assert_int_equal(read_job(&f, art.hash).state, JOB_DONE);
    end(&f);
}

static void a_lapsed_lease_is_taken_over_and_fences_the_old_worker(void **state)
{
    (void)state;
    struct fixture f;
    struct claimed_job old, new;
    begin(&f);
    struct artifact art = take_of_scene(1, "aaaaaaaaaaaaaaaa");
    assert_ok(&f.task, job_enqueue(&f.flow, &f.task, "P", &art, false));
    assert_ok(&f.task, job_claim(&f.flow, &f.task, LANE_CPU, &old));

    struct flow two = f.flow;
    two.worker = "two";
    assert_ok(&f.task, jobs_recover(&two, &f.task, "P"));
    assert_err(job_claim(&two, &f.task, LANE_CPU, &new), ERR_NOT_FOUND);      /* the lease still holds */
    f.clock.now_us += JOB_LEASE_US + 1;
    assert_ok(&f.task, jobs_recover(&two, &f.task, "P"));
    assert_ok(&f.task, job_claim(&two, &f.task, LANE_CPU, &new));
    assert_true(new.job.epoch > old.job.epoch);
    assert_err(job_renew(&f.flow, &f.task, &old), ERR_CONFLICT);
    assert_err(job_finish(&f.flow, &f.task, &old, NULL, 0), ERR_CONFLICT);
    assert_ok(&f.task, job_finish(&two, &f.task, &new, NULL, 0));
    end(&f);
}

static void a_dead_process_of_an_owned_store_is_not_waited_for(void **state)
{
    (void)state;
    struct fixture f;
    struct claimed_job c;
    begin(&f);
    struct artifact art = take_of_scene(1, "aaaaaaaaaaaaaaaa");
    assert_ok(&f.task, job_enqueue(&f.flow, &f.task, "P", &art, false));
    assert_ok(&f.task, job_claim(&f.flow, &f.task, LANE_CPU, &c));
    struct flow next = f.flow;
    next.worker     = "the next process";
    next.owns_store = true;
    queue_close(f.flow.queue);                                                /* hints may be lost */
    assert_ok(&f.task, queue_memory_open(&f.task, &f.flow.queue));
    next.queue = f.flow.queue;
    assert_ok(&f.task, jobs_recover(&next, &f.task, "P"));
    assert_ok(&f.task, job_claim(&next, &f.task, LANE_CPU, &c));
    assert_int_equal(c.job.crashes, 1);
    end(&f);
}

/* Nobody else waits for the wake-ups of a store that is one's own; those of a shared one are everybody's. */
static void who_waits_for_one_film_takes_no_wake_up_from_others(void **state)
{
    (void)state;
    for (int shared = 0; shared < 2; shared++) {
        struct fixture f;
        struct claimed_job c;
        struct queue_stats stats;
        begin(&f);
        struct artifact art = take_of_scene(1, "aaaaaaaaaaaaaaaa");
        assert_ok(&f.task, job_enqueue(&f.flow, &f.task, "P", &art, false));
        struct flow helper = f.flow;
        helper.worker       = "a helper";
        helper.only_project = "Q";
        helper.owns_store   = !shared;
        if (shared)
            assert_ok(&f.task, job_claim(&helper, &f.task, LANE_CPU, &c));
        else
            assert_err(job_claim(&helper, &f.task, LANE_CPU, &c), ERR_NOT_FOUND);
        assert_ok(&f.task, queue_stats(f.flow.queue, &f.task, LANE_CPU, &stats));
        assert_int_equal(stats.leased, shared);
        assert_int_equal(read_job(&f, art.hash).state, shared ? JOB_RUNNING : JOB_QUEUED);
        if (shared) {                                                         /* its own film is done: it goes */
            assert_ok(&f.task, job_put_back(&helper, &f.task, &c));
            assert_ok(&f.task, job_claim(&f.flow, &f.task, LANE_CPU, &c));
        }
        end(&f);
    }
}

static void three_crashes_set_a_job_aside_until_asked_again(void **state)
{
    (void)state;
    struct fixture f;
    struct claimed_job c;
    begin(&f);
    struct artifact art = take_of_scene(1, "aaaaaaaaaaaaaaaa");
    assert_ok(&f.task, job_enqueue(&f.flow, &f.task, "P", &art, false));
    for (int crash = 0; crash < 3; crash++) {
        assert_ok(&f.task, job_claim(&f.flow, &f.task, LANE_CPU, &c));
        f.clock.now_us += JOB_LEASE_US + 1;
        struct flow next = f.flow;
        next.worker = "next";
        assert_ok(&f.task, jobs_recover(&next, &f.task, "P"));
    }
    assert_int_equal(read_job(&f, art.hash).state, JOB_FAILED);
    assert_ok(&f.task, job_enqueue(&f.flow, &f.task, "P", &art, false));
    assert_int_equal(read_job(&f, art.hash).state, JOB_FAILED);
    assert_ok(&f.task, job_enqueue(&f.flow, &f.task, "P", &art, true));
    assert_int_equal(read_job(&f, art.hash).state, JOB_QUEUED);
    end(&f);
}

static void failures_back_off_and_end(void **state)
{
    (void)state;
    struct fixture f;
    struct claimed_job c;
    begin(&f);
    struct artifact art = take_of_scene(1, "aaaaaaaaaaaaaaaa");
    assert_ok(&f.task, job_enqueue(&f.flow, &f.task, "P", &art, false));
    int attempts = 0;
    for (; attempts < 20; attempts++) {
        enum err e = job_claim(&f.flow, &f.task, LANE_CPU, &c);
        if (e == ERR_NOT_FOUND && read_job(&f, art.hash).state == JOB_FAILED)
            break;
        while (e == ERR_NOT_FOUND) {
            f.clock.now_us += SECOND_US;
            e = job_claim(&f.flow, &f.task, LANE_CPU, &c);
        }
        assert_ok(&f.task, e);
        assert_err(fail(&f.task, ERR_TIMEOUT, "it took too long"), ERR_TIMEOUT);
        assert_ok(&f.task, job_give_up(&f.flow, &f.task, &c));
    }
    assert_int_equal(attempts, JOB_ATTEMPTS_MAX);
    assert_string_equal(read_job(&f, art.hash).problem.message, "it took too long");
    end(&f);
}

static void a_job_outlasts_what_the_house_stands_on(void **state)
{
    (void)state;
    struct fixture f;
    struct claimed_job c;
    begin(&f);
    struct artifact art = take_of_scene(1, "aaaaaaaaaaaaaaaa");
    assert_ok(&f.task, job_enqueue(&f.flow, &f.task, "P", &art, false));
    for (int outage = 0; outage < 4 * JOB_ATTEMPTS_MAX; outage++) {
        f.clock.now_us += 10 * SECOND_US;
        assert_ok(&f.task, job_claim(&f.flow, &f.task, LANE_CPU, &c));
        assert_int_equal(c.job.attempt, 1);
        assert_err(fail(&f.task, ERR_RATE, "S3 wants to be left alone"), ERR_RATE);
        f.task.fault.house = true;
        assert_ok(&f.task, job_give_up(&f.flow, &f.task, &c));
    }
    assert_int_equal(read_job(&f, art.hash).state, JOB_QUEUED);
    assert_err(fail(&f.task, ERR_RATE, "somebody else does"), ERR_RATE);
    assert_false(f.task.fault.house);
    end(&f);
}

/* Of many machines, one whose disk is full fails nothing for good; alone, it is the reason to give. */
static void a_full_disk_among_many_machines_fails_no_job(void **state)
{
    (void)state;
    struct fixture f;
    struct claimed_job c;
    begin(&f);
    struct artifact art = take_of_scene(1, "aaaaaaaaaaaaaaaa");
    assert_ok(&f.task, job_enqueue(&f.flow, &f.task, "P", &art, false));
    for (int alone = false; alone <= true; alone++) {
        f.flow.remote = !alone;
        f.clock.now_us += 10 * SECOND_US;
        assert_ok(&f.task, job_claim(&f.flow, &f.task, LANE_CPU, &c));
        assert_err(fail_errno(&f.task, ENOSPC, "write", "a clip"), ERR_FULL);
        assert_ok(&f.task, job_give_up(&f.flow, &f.task, &c));
        assert_int_equal(read_job(&f, art.hash).state, alone ? JOB_FAILED : JOB_QUEUED);
    }
    end(&f);
}

static void what_cannot_be_helped_is_not_tried_again(void **state)
{
    (void)state;
    struct fixture f;
    struct claimed_job c;
    begin(&f);
    struct artifact art = take_of_scene(1, "aaaaaaaaaaaaaaaa");
    assert_ok(&f.task, job_enqueue(&f.flow, &f.task, "P", &art, false));
    assert_ok(&f.task, job_claim(&f.flow, &f.task, LANE_CPU, &c));
    assert_err(refuse(&f.task, ERR_MEDIA, "give another file", "it is not a song"), ERR_MEDIA);
    assert_ok(&f.task, job_give_up(&f.flow, &f.task, &c));
    struct job j = read_job(&f, art.hash);
    assert_int_equal(j.state, JOB_FAILED);
    assert_string_equal(j.problem.next, "give another file");
    end(&f);
}

/* Every call to a queue that is away fails; the records are written all the same. */
static void a_queue_that_is_away_undoes_nothing(void **state)
{
    (void)state;
    struct fixture f;
    struct claimed_job c;
    struct queue_flaky away;
    begin(&f);
    struct artifact other = take_of_scene(2, "bbbbbbbbbbbbbbbb");
    struct artifact art = take_of_scene(1, "aaaaaaaaaaaaaaaa");
    struct queue *there = f.flow.queue;
    f.flow.queue = queue_flaky_init(&away, there, 1, ERR_UNAVAILABLE);
    assert_err(job_enqueue(&f.flow, &f.task, "Q", &other, false), ERR_UNAVAILABLE);
    f.flow.remote = true;
    away.fail_at = 2;
    assert_ok(&f.task, job_enqueue(&f.flow, &f.task, "P", &art, false));
    assert_int_equal(away.calls, 2);
    assert_int_equal(read_job(&f, art.hash).state, JOB_QUEUED);
    assert_err(job_claim(&f.flow, &f.task, LANE_CPU, &c), ERR_NOT_FOUND);
    assert_ok(&f.task, jobs_recover(&f.flow, &f.task, "P"));            /* what the sweep does */
    assert_ok(&f.task, job_claim(&f.flow, &f.task, LANE_CPU, &c));
    away.fail_at = away.calls + 1;
    assert_ok(&f.task, job_finish(&f.flow, &f.task, &c, NULL, 0));
    assert_int_equal(away.calls, away.fail_at);
    assert_int_equal(read_job(&f, art.hash).state, JOB_DONE);
    f.flow.queue = there;
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_input_is_one_job),
        cmocka_unit_test(a_finished_job_publishes_all_or_nothing),
        cmocka_unit_test(a_lapsed_lease_is_taken_over_and_fences_the_old_worker),
        cmocka_unit_test(a_dead_process_of_an_owned_store_is_not_waited_for),
        cmocka_unit_test(who_waits_for_one_film_takes_no_wake_up_from_others),
        cmocka_unit_test(three_crashes_set_a_job_aside_until_asked_again),
        cmocka_unit_test(failures_back_off_and_end),
        cmocka_unit_test(a_full_disk_among_many_machines_fails_no_job),
        cmocka_unit_test(a_job_outlasts_what_the_house_stands_on),
        cmocka_unit_test(what_cannot_be_helped_is_not_tried_again),
        cmocka_unit_test(a_queue_that_is_away_undoes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
