/*
 * The money sweep. Two scenes are bought from the fake provider by a process that is killed at its k-th call to the
 * store, the queue, the files or the provider, for every k, before or after that call took effect; another process
 * finishes. Under every plan of the provider's own troubles. Then the books are audited: what was billed is what the
 * ledger says, nothing was bought twice, every job has ended.
 *
 * Built a second time with the protection switched off (PAID_UNPROTECTED), the same sweep must show duplicates: so it
 * would notice. MONEY_STRIDE=1 walks every k; by default every 31st is taken, from another beginning for
 * each plan. test/money does the same to the whole program.
 */
#include "paid_fixture.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "blob/blob_driver.h"
#include "queue/queue_driver.h"
#include "store/store_driver.h"

#ifndef PAID_UNPROTECTED
#define PAID_UNPROTECTED 0
#endif

enum victim { STORE, STORE_AFTER, QUEUE, QUEUE_AFTER, BLOBS, BLOBS_AFTER, PROVIDER, VICTIMS };
enum { TURNS_MAX = 400 };

static const struct troubles {
    const char     *name;
    enum fake_fault faults[4];
    int64_t         lag_us;
    int             blind;
} plans[] = {
    { "all is well", { 0 }, 0, 0 },
    { "lost answers, and a list that lags", { FAKE_DROP_AFTER, FAKE_BROKEN_AFTER }, 35 * SECOND_US, 1 },
    { "never arrived, and too many requests", { FAKE_DROP_BEFORE, FAKE_RATE }, 35 * SECOND_US, 0 },
    { "busy, then a broken download", { FAKE_BUSY, FAKE_CUT_OFF }, 0, 0 },
    { "refused, and gone too early", { FAKE_CONTENT, FAKE_GONE }, 0, 0 },
};

static struct {
    int jobs, kills, billed, twice;
} tally;

static void die(void)
{
    raise(SIGKILL);
}

/* The process that is to be killed: k 0 lets it live. */
static void live(struct paid_fixture *f, enum victim victim, int k)
{
    struct store_flaky store;
    struct queue_flaky queue;
    struct blob_flaky blobs;
    paid_open(f, "the victim");
    f->flow.store = store_flaky_init(&store, f->flow.store, victim / 2 == STORE / 2 ? k : 0, ERR_UNAVAILABLE);
    f->flow.queue = queue_flaky_init(&queue, f->flow.queue, victim / 2 == QUEUE / 2 ? k : 0, ERR_UNAVAILABLE);
    f->flow.blobs = blob_flaky_init(&blobs, f->flow.blobs, victim / 2 == BLOBS / 2 ? k : 0, ERR_UNAVAILABLE);
    store.after = queue.after = blobs.after = victim % 2 == 1;
    store.end = queue.end = blobs.end = die;
    fake_provider->ops    = 0;
    fake_provider->end_at = victim == PROVIDER ? k : 0;
    fake_provider->end    = die;
    paid_start(f);
    paid_work(f, TURNS_MAX);
    _exit(0);
}

/* True when it was killed on the way. */
static bool run_victim(struct paid_fixture *f, enum victim victim, int k)
{
    int status;
    paid_close(f);
    pid_t child = fork();
    if (child == 0)
        live(f, victim, k);
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    fake_provider->end_at = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
        test_failed("the process ended with %d", WEXITSTATUS(status));
    paid_open(f, "the next");
    return WIFSIGNALED(status);
}

static bool run(const struct troubles *plan, enum victim victim, int k)
{
    struct paid_fixture f;
    paid_begin_on_disk(&f);
    memcpy(fake_provider->faults, plan->faults, sizeof plan->faults);
    fake_provider->lag_us = plan->lag_us;
    fake_provider->blind  = plan->blind;
    paid_project(&f, 10);
    bool killed = run_victim(&f, victim, k);
    paid_start(&f);
    paid_work(&f, TURNS_MAX);
    tally.jobs   += PAID_SCENES;
    tally.kills  += killed;
    tally.billed += fake_billed();
    tally.twice  += PAID_UNPROTECTED ? paid_count_twice() : paid_audit(&f);
    paid_end(&f);
    return killed;
}

static int stride(void)
{
    const char *set = getenv("MONEY_STRIDE");
    int wanted = set ? (int)strtol(set, NULL, 10) : 31;
    return wanted > 0 ? wanted : 1;
}

/* The long walk takes minutes: how far it is. */
static void tell(const struct troubles *plan, enum victim victim, int calls)
{
    static const char *const places[VICTIMS] = { "before the store", "after the store", "before the queue",
                                                 "after the queue", "before the files", "after the files",
                                                 "at the provider" };
    if (stride() > 1)
        return;
    print_message("# %s, %s: killed at each of %d calls; %d kills, %d charges, %d bought twice\n", plan->name,
                  places[victim], calls, tally.kills, tally.billed, tally.twice);
    fflush(stdout);
}

static void sweep(const struct troubles *plan, int plan_index)
{
    for (int victim = 0; victim < VICTIMS; victim++) {
        int k = 1 + 7 * plan_index % stride();
        while (run(plan, victim, k))
            k += stride();
        tell(plan, victim, k - 1);
    }
}

static void wherever_it_is_killed_the_books_are_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        if (!PAID_UNPROTECTED || plans[i].lag_us > 0)
            sweep(&plans[i], (int)i);
    }
    print_message("# %d jobs, %d kills, %d charges, %d bought twice\n", tally.jobs, tally.kills, tally.billed,
                  tally.twice);
    if (PAID_UNPROTECTED)
        assert_true(tally.twice > 0);
    else
        assert_int_equal(tally.twice, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wherever_it_is_killed_the_books_are_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
