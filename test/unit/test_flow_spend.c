/*
 * Money on the memory and the SQLite store: what is reserved is counted, what is given back is not, caps hold against
 * any number of callers at once, and a row's life is the one in flow/spend.h.
 */
#include "test.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

#include "base/text.h"
#include "flow/spend.h"
#include "scratch.h"
#include "store/store_driver.h"

struct bench {
    struct scratch scratch;
    struct task    task;
    struct clock   clock;
    struct flow    flow;
    struct project project;
};

static void begin(struct bench *b, bool on_disk, double cap_usd)
{
    *b = (struct bench){ .clock = clock_fake(1700000000 * SECOND_US), .scratch = scratch_in_memory() };
    task_init(&b->task, "test");
    b->task.clock = &b->clock;
    b->flow.worker = "one";
    b->project = (struct project){ .project_id = "P", .budget_usd = cap_usd };
    assert_ok(&b->task, on_disk ? store_sqlite_open(&b->task, scratch_path(&b->scratch, "data"), &b->flow.store)
                                : store_memory_open(&b->task, &b->flow.store));
}

static void end(struct bench *b)
{
    store_close(b->flow.store);
    task_done(&b->task);
    scratch_done(&b->scratch);
}

static struct spend_wish wish(const struct bench *b, double usd)
{
    return (struct spend_wish){ .project = &b->project, .kind = "take", .sequence = 1, .job_hash = "aaaa",
                                .provider = "fake", .model = "fake-1", .usd = usd, .attempt = 1 };
}

static enum err write_rows(const struct flow *f, struct task *t, const struct spend_rows *rows)
{
    return store_write(f->store, t, rows->rows, rows->count);
}

/* As those who queue jobs do: read again until nobody was in between. */
static enum err reserve(const struct flow *f, struct task *t, const struct spend_wish *w, struct spend *out)
{
    enum err e;
    do {
        struct spend_rows rows = { .count = 0 };
        e = spend_reserve(f, t, w, out, &rows);
        if (!e)
            e = write_rows(f, t, &rows);
    } while (e == ERR_CONFLICT);
    out->version = 1;
    return e;
}

static void close_as(struct bench *b, struct spend *s, enum spend_state state)
{
    struct spend_rows rows = { .count = 0 };
    assert_ok(&b->task, spend_close(&b->flow, &b->task, s, state, "", &rows));
    assert_ok(&b->task, write_rows(&b->flow, &b->task, &rows));
    s->version++;
}

static void assert_total(struct bench *b, int64_t held, int64_t spent)
{
    struct budget project, day;
    assert_ok(&b->task, budget_of_project(b->flow.store, &b->task, "P", &project));
    assert_ok(&b->task, budget_of_day(b->flow.store, &b->task, "2023-11-14", &day));
    assert_int_equal(project.held, held);
    assert_int_equal(project.spent, spent);
    assert_int_equal(day.held, held);
    assert_int_equal(day.spent, spent);
}

static void what_is_reserved_is_counted_until_it_ends(void **state)
{
    static const struct {
        enum spend_state end;
        int64_t          spent;
    } ends[] = { { SPEND_SETTLED, 800000 }, { SPEND_WASTED, 800000 }, { SPEND_RELEASED, 0 } };
    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct bench b;
        struct spend s;
        struct spend_wish w;
        begin(&b, false, 10);
        w = wish(&b, 0.8);
        assert_ok(&b.task, reserve(&b.flow, &b.task, &w, &s));
        assert_total(&b, 800000, 0);
        close_as(&b, &s, ends[i].end);
        assert_total(&b, 0, ends[i].spent);
        end(&b);
    }
}

static void caps_are_kept_to_the_cent(void **state)
{
    struct bench b;
    struct spend s;
    (void)state;
    begin(&b, false, 2.40);
    struct spend_wish w = wish(&b, 0.80);
    for (int i = 0; i < 3; i++)
        assert_ok(&b.task, reserve(&b.flow, &b.task, &w, &s));
    assert_err(reserve(&b.flow, &b.task, &w, &s), ERR_BUDGET);
    w = wish(&b, 0);
    assert_ok(&b.task, reserve(&b.flow, &b.task, &w, &s));      /* what is free is never over */
    end(&b);
}

static void an_unknown_price_is_over_any_cap(void **state)
{
    struct bench b;
    struct spend s;
    (void)state;
    begin(&b, false, 1000);
    struct spend_wish w = wish(&b, -1);
    assert_err(reserve(&b.flow, &b.task, &w, &s), ERR_BUDGET);
    b.project.budget_usd = -1;
    b.flow.day_cap_usd   = 1000;
    assert_err(reserve(&b.flow, &b.task, &w, &s), ERR_BUDGET);
    b.flow.day_cap_usd = 0;
    assert_ok(&b.task, reserve(&b.flow, &b.task, &w, &s));
    end(&b);
}

static void a_day_has_a_cap_for_all_projects_and_the_next_day_its_own(void **state)
{
    struct bench b;
    struct spend s;
    double left;
    (void)state;
    begin(&b, false, 100);
    b.flow.day_cap_usd = 1;
    struct spend_wish w = wish(&b, 0.6);
    assert_ok(&b.task, reserve(&b.flow, &b.task, &w, &s));
    struct project other = { .project_id = "Q", .budget_usd = 100 };
    w.project = &other;
    assert_err(reserve(&b.flow, &b.task, &w, &s), ERR_BUDGET);
    assert_ok(&b.task, spend_left(&b.flow, &b.task, &other, &left));
    assert_true(fabs(left - 0.4) < 1e-9);
    b.clock.now_us += 86400 * SECOND_US;
    assert_ok(&b.task, reserve(&b.flow, &b.task, &w, &s));
    end(&b);
}

static void an_input_is_open_once_and_a_ticket_has_one_owner(void **state)
{
    struct bench b;
    struct spend one, two;
    const char *owner;
    (void)state;
    begin(&b, false, 100);
    struct spend_wish w = wish(&b, 0.6);
    struct spend_call call = { .request = "{}", .request_hash = "cafe", .seed = 7, .epoch = 1 };
    assert_ok(&b.task, reserve(&b.flow, &b.task, &w, &one));
    assert_ok(&b.task, reserve(&b.flow, &b.task, &w, &two));

    struct spend_rows rows = { .count = 0 }, twin = { .count = 0 };
    assert_ok(&b.task, spend_intend(&b.flow, &b.task, &one, &call, &rows));
    assert_ok(&b.task, write_rows(&b.flow, &b.task, &rows));
    one.version++;
    assert_ok(&b.task, spend_intend(&b.flow, &b.task, &two, &call, &twin));
    assert_string_not_equal(one.token, two.token);
    assert_int_equal(strlen(one.token), 32);
    assert_err(write_rows(&b.flow, &b.task, &twin), ERR_CONFLICT);
    assert_ok(&b.task, input_owner(b.flow.store, &b.task, "cafe", &owner));
    assert_string_equal(owner, one.spend_id);

    struct spend_rows bound = { .count = 0 };
    spend_bind(&b.task, &one, "ticket", &bound);
    assert_ok(&b.task, write_rows(&b.flow, &b.task, &bound));
    one.version++;
    assert_ok(&b.task, remote_owner(b.flow.store, &b.task, "fake", "ticket", &owner));
    assert_string_equal(owner, one.spend_id);
    close_as(&b, &one, SPEND_SETTLED);
    assert_ok(&b.task, write_rows(&b.flow, &b.task, &twin));        /* the lock is free again */
    end(&b);
}

static void what_has_ended_does_not_end_again(void **state)
{
    struct bench b;
    struct spend s;
    (void)state;
    begin(&b, false, 100);
    struct spend_wish w = wish(&b, 0.6);
    assert_ok(&b.task, reserve(&b.flow, &b.task, &w, &s));
    close_as(&b, &s, SPEND_WASTED);
    for (int ending = SPEND_SETTLED; ending <= SPEND_WASTED; ending++) {
        struct spend_rows rows = { .count = 0 };
        struct spend now;
        assert_ok(&b.task, spend_load(b.flow.store, &b.task, s.project_id, s.spend_id, &now));
        assert_err(spend_close(&b.flow, &b.task, &now, (enum spend_state)ending, "", &rows), ERR_CONFLICT);
        assert_int_equal(rows.count, 0);
    }
    assert_total(&b, 0, 600000);
    end(&b);
}

static void open_ones_are_found_in_all_projects(void **state)
{
    struct bench b;
    struct spend s, *open;
    size_t count;
    (void)state;
    begin(&b, true, 100);
    struct spend_wish w = wish(&b, 0.6);
    for (int i = 0; i < 3; i++)
        assert_ok(&b.task, reserve(&b.flow, &b.task, &w, &s));
    close_as(&b, &s, SPEND_RELEASED);
    assert_ok(&b.task, spends_open(b.flow.store, &b.task, &open, &count));
    assert_int_equal(count, 2);
    assert_ok(&b.task, spends_load(b.flow.store, &b.task, "P", &open, &count));
    assert_int_equal(count, 3);
    end(&b);
}

/* ---- many at once ---- */

enum { SUBMITTERS = 64 };

struct submitter {
    const struct bench *bench;
    pthread_t           thread;
    enum err            result;
};

static void *submit(void *argument)
{
    struct submitter *me = argument;
    struct task t;
    struct spend s;
    task_init(&t, "submitter");
    t.clock = &me->bench->clock;
    struct spend_wish w = wish(me->bench, 0.37);
    me->result = reserve(&me->bench->flow, &t, &w, &s);
    task_done(&t);
    return NULL;
}

static void submitters_never_exceed_a_cap(bool on_disk)
{
    struct bench b;
    struct submitter all[SUBMITTERS];
    int covered = 0;
    begin(&b, on_disk, 3.00);
    for (int i = 0; i < SUBMITTERS; i++) {
        all[i] = (struct submitter){ .bench = &b };
        assert_int_equal(pthread_create(&all[i].thread, NULL, submit, &all[i]), 0);
    }
    for (int i = 0; i < SUBMITTERS; i++) {
        pthread_join(all[i].thread, NULL);
        assert_true(all[i].result == OK || all[i].result == ERR_BUDGET);
        covered += all[i].result == OK;
    }
    assert_int_equal(covered, 8);                                    /* 8 x 0.37 = 2.96 */
    assert_total(&b, 8 * 370000, 0);
    end(&b);
}

static void sixty_four_submitters_never_exceed_a_cap_in_memory(void **state)
{
    (void)state;
    submitters_never_exceed_a_cap(false);
}

static void sixty_four_submitters_never_exceed_a_cap_on_disk(void **state)
{
    (void)state;
    submitters_never_exceed_a_cap(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_reserved_is_counted_until_it_ends),
        cmocka_unit_test(caps_are_kept_to_the_cent),
        cmocka_unit_test(an_unknown_price_is_over_any_cap),
        cmocka_unit_test(a_day_has_a_cap_for_all_projects_and_the_next_day_its_own),
        cmocka_unit_test(an_input_is_open_once_and_a_ticket_has_one_owner),
        cmocka_unit_test(what_has_ended_does_not_end_again),
        cmocka_unit_test(open_ones_are_found_in_all_projects),
        cmocka_unit_test(sixty_four_submitters_never_exceed_a_cap_in_memory),
        cmocka_unit_test(sixty_four_submitters_never_exceed_a_cap_on_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
