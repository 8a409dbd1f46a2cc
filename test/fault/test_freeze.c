/*
 * A worker stands still (SIGSTOP, a machine that sleeps) at its k-th call to the records or to the provider, for longer
 * than its lease, while it buys two scenes; another worker on the same records takes over, does a few turns or all there
 * is to do, and then the first goes on where it was, as if nothing had happened. For every k. Then the books are audited.
 *
 * One moment cannot be guarded: between the last look at the clock and the first byte of the order. Who stands still
 * there for minutes buys what was bought again meanwhile; then the second call is cancelled at the provider, and the
 * ledger says so.
 */
#include "paid_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/store_driver.h"

enum { TURNS_MAX = 400 };
#define FREEZE_US (31 * SECOND_US) /* a lease is 30 s */

enum place { STORE, STORE_AFTER, PROVIDER, PLACES };

static const struct course {
    const char     *name;
    enum fake_fault faults[4];
    int64_t         lag_us;
    int             turns; /* that the other worker has */
} courses[] = {
    { "the other does everything", { 0 }, 0, TURNS_MAX },
    { "the other begins", { 0 }, 0, 1 },
    { "the other is half done", { 0 }, 0, 3 },
    { "lost answers, and a list that lags", { FAKE_DROP_AFTER, FAKE_BROKEN_AFTER }, 35 * SECOND_US, TURNS_MAX },
    { "the same, and the other is half done", { FAKE_DROP_AFTER }, 35 * SECOND_US, 3 },
};

static struct {
    struct paid_fixture *first;
    struct store *store;
    int turns;
    bool was;
} frozen;

static struct {
    int freezes, billed, late;
} tally;

/* What another worker does while the first stands still. */
static void another_works(void)
{
    struct paid_fixture *first = frozen.first, other = { .flow = first->flow };
    frozen.was = true;
    task_init(&other.task, "other");
    other.clock = clock_fake(first->clock.now_us + FREEZE_US);
    other.task.clock = &other.clock;
    other.flow.worker = "other";
    other.flow.store = frozen.store;
    paid_start(&other);
    paid_work(&other, frozen.turns);
    first->clock.now_us = other.clock.now_us;
    task_done(&other.task);
}

/* Calls that arrived after they had been given up, as the ledger tells. */
static int count_late(struct paid_fixture *f)
{
    struct spend *rows;
    size_t count;
    int late = 0;
    assert_ok(&f->task, spends_load(f->flow.store, &f->task, "P", &rows, &count));
    for (size_t i = 0; i < count; i++)
        late += rows[i].state == SPEND_WASTED && strstr(rows[i].why, "arrived twice") != NULL;
    return late;
}

static void audit(struct paid_fixture *f, const struct course *c, enum place place, int k)
{
    int late = count_late(f), twice = paid_audit(f);
    if (twice != late || (late && place != PROVIDER))
        test_failed("%s, frozen at %d:%d: %d bought twice, of %d the ledger says so", c->name, place, k, twice, late);
    for (int64_t scene = 1; scene <= PAID_SCENES; scene++)
        assert_int_equal(paid_job(f, scene).state, JOB_DONE);
    tally.billed += fake_billed();
    tally.late += late;
}

/* Of calls to the store; MONEY_STRIDE=1 walks every one. The provider is called less. */
static int stride_of(enum place place)
{
    const char *set = getenv("MONEY_STRIDE");
    int wanted = set ? (int)strtol(set, NULL, 10) : 23;
    return place == PROVIDER ? 1 + wanted / 12 : wanted > 0 ? wanted : 1;
}

/* True when it stood still on the way. */
static bool run(const struct course *c, enum place place, int k)
{
    struct paid_fixture f;
    struct store_flaky store;
    paid_begin(&f);
    memcpy(fake_provider->faults, c->faults, sizeof c->faults);
    fake_provider->lag_us = c->lag_us;
    paid_project(&f, 10);
    f.flow.owns_store = false;
    frozen.first = &f;
    frozen.store = f.flow.store;
    frozen.turns = c->turns;
    frozen.was = false;
    f.flow.store = store_flaky_init(&store, frozen.store, place == PROVIDER ? 0 : k, OK);
    store.after = place == STORE_AFTER;
    store.pause = another_works;
    fake_provider->end_at = place == PROVIDER ? k : 0;
    fake_provider->end = another_works;
    paid_start(&f);
    paid_work(&f, TURNS_MAX);
    f.clock.now_us += FREEZE_US;
    paid_start(&f); /* what the other left in the middle */
    paid_work(&f, TURNS_MAX);
    f.flow.store = frozen.store;
    audit(&f, c, place, k);
    paid_end(&f);
    tally.freezes += frozen.was;
    return frozen.was;
}

static void wherever_it_stands_still_the_books_are_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof courses / sizeof *courses; i++) {
        for (int place = 0; place < PLACES; place++) {
            int stride = stride_of(place);
            for (int k = 1 + 5 * (int)i % stride; run(&courses[i], place, k); k += stride) {
            }
        }
    }
    print_message("# %d freezes, %d charges, %d came too late and were cancelled\n", tally.freezes, tally.billed,
                  tally.late);
    assert_true(tally.freezes > 50 && tally.late > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wherever_it_stands_still_the_books_are_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
