/*
 * Calls that are answered while one waits: what each end is worth in the ledger and in the totals, what is held for a
 * person, what a crash leaves, and what is over a cap before it is asked. And planners, who pay by what they use: they
 * are reserved at the most it can be.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "blob/blob_driver.h"
#include "flow/counter.h"
#include "flow/paid.h"
#include "flow/planning.h"
#include "store/store_driver.h"

struct desk {
    struct task task;
    struct clock clock;
    struct flow flow;
    struct project project;
};

static void begin(struct desk *d, double cap_usd)
{
    *d = (struct desk){ .clock = clock_fake(1700000000 * SECOND_US) };
    task_init(&d->task, "test");
    d->task.clock = &d->clock;
    d->flow.worker = "one";
    d->flow.owns_store = true;
    d->project = (struct project){ .project_id = "P", .budget_usd = cap_usd };
    assert_ok(&d->task, store_memory_open(&d->task, &d->flow.store));
}

static void end(struct desk *d)
{
    store_close(d->flow.store);
    task_done(&d->task);
}

static enum err open_at(struct desk *d, double usd, bool holds, struct counter *out)
{
    const struct spend_wish wish = { .project = &d->project, .kind = "plan", .job_hash = "aaaa", .provider = "gemini",
                                     .model = "writer", .usd = usd, .attempt = 1 };
    d->clock.now_us += SECOND_US;           /* ids of one moment would be in no order */
    return counter_open(&d->flow, &d->task, &wish, holds, out);
}

static enum err close_with(struct desk *d, struct counter *c, enum err came)
{
    if (came)
        came = fail(&d->task, came, "so it ended");
    return counter_close(c, &d->task, came);
}

static struct spend last_row(struct desk *d, const char *project_id, size_t *out_count)
{
    struct spend *all;
    assert_ok(&d->task, spends_load(d->flow.store, &d->task, project_id, &all, out_count));
    return *out_count ? all[*out_count - 1] : (struct spend){ .state = SPEND_NOT_SET };
}

static void assert_totals(struct desk *d, int64_t held, int64_t spent)
{
    struct budget b;
    assert_ok(&d->task, budget_of_project(d->flow.store, &d->task, "P", &b));
    assert_int_equal(b.held, held);
    assert_int_equal(b.spent, spent);
}

static const struct {
    enum err came;
    double usd;
    bool holds;
    int state;
    enum err given;
    int64_t held, spent;
} ends[] = {
    { OK, 0.05, true, SPEND_SETTLED, OK, 0, 50000 },
    { ERR_AUTH, 0.05, true, SPEND_RELEASED, ERR_AUTH, 0, 0 },
    { ERR_CREDIT, 0.05, true, SPEND_RELEASED, ERR_CREDIT, 0, 0 },
    { ERR_RATE, 0.05, true, SPEND_RELEASED, ERR_RATE, 0, 0 },
    { ERR_REFUSED, 0.07, true, SPEND_WASTED, ERR_REFUSED, 0, 70000 },
    { ERR_TIMEOUT, 0.05, true, SPEND_WASTED, ERR_TIMEOUT, 0, 50000 },
    { ERR_TIMEOUT, 0.07, true, SPEND_HELD, ERR_RECONCILE, 70000, 0 },
    { ERR_UPSTREAM, -1, true, SPEND_HELD, ERR_RECONCILE, 0, 0 },
    { ERR_RECONCILE, 0.07, false, SPEND_WASTED, ERR_RECONCILE, 0, 70000 },
};

/* Behind the answer the same words mean something else: a look at it was refused, or our own store did not take it. */
static const enum err behind[] = { ERR_AUTH, ERR_FORBIDDEN, ERR_RATE, ERR_NOT_FOUND, ERR_INVALID, ERR_CREDIT };

static void what_was_made_is_not_free_whatever_follows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
        struct desk d;
        struct counter c;
        size_t rows;
        begin(&d, -1);
        assert_ok(&d.task, open_at(&d, 0.07, false, &c));
        counter_made(&c);
        assert_err(close_with(&d, &c, behind[i]), behind[i]);
        assert_int_equal(last_row(&d, "P", &rows).state, SPEND_WASTED);
        assert_totals(&d, 0, 70000);
        end(&d);
    }
}

static void each_end_has_its_row_and_its_price(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct desk d;
        struct counter c;
        size_t rows;
        begin(&d, -1);
        assert_ok(&d.task, open_at(&d, ends[i].usd, ends[i].holds, &c));
        assert_totals(&d, ends[i].usd > 0 ? micros_of_usd(ends[i].usd) : 0, 0);
        enum err given = close_with(&d, &c, ends[i].came);
        struct spend row = last_row(&d, "P", &rows);
        if (given != ends[i].given || row.state != ends[i].state || rows != 1)
            test_failed("case %zu: %s, row %s", i, err_name(given), spend_state_names[row.state]);
        assert_totals(&d, ends[i].held, ends[i].spent);
        end(&d);
    }
}

static void what_costs_nothing_makes_no_row(void **state)
{
    struct desk d;
    struct counter c;
    size_t rows;
    (void)state;
    begin(&d, 0);
    assert_ok(&d.task, open_at(&d, 0, true, &c));
    assert_err(close_with(&d, &c, ERR_UPSTREAM), ERR_UPSTREAM);
    last_row(&d, "P", &rows);
    assert_int_equal(rows, 0);
    end(&d);
}

/* A request has two minutes and an answer may take ten: it is kept and written down, and what was waited for it is not
 * the request's. */
static void the_deadline_stands_still_while_a_call_is_paid_for(void **state)
{
    static const enum err came[] = { OK, ERR_UPSTREAM };
    (void)state;
    for (size_t i = 0; i < sizeof came / sizeof *came; i++) {
        struct desk d;
        struct counter c;
        size_t rows;
        begin(&d, 0.06);
        d.task.deadline_us = d.clock.now_us + 120 * SECOND_US;
        assert_ok(&d.task, open_at(&d, 0.05, false, &c));
        d.clock.now_us += 400 * SECOND_US;
        assert_ok(&d.task, task_over(&d.task));
        assert_err(close_with(&d, &c, came[i]), came[i]);
        assert_int_equal(last_row(&d, "P", &rows).state, came[i] ? SPEND_WASTED : SPEND_SETTLED);
        assert_int_equal(d.task.deadline_us, d.clock.now_us + 119 * SECOND_US);
        assert_err(open_at(&d, 0.05, false, &c), ERR_BUDGET);
        d.clock.now_us += 120 * SECOND_US;
        assert_err(task_over(&d.task), ERR_TIMEOUT);
        end(&d);
    }
}

static void over_the_cap_nothing_is_asked(void **state)
{
    struct desk d;
    struct counter c;
    size_t rows;
    (void)state;
    begin(&d, 0.06);
    assert_ok(&d.task, open_at(&d, 0.05, true, &c));
    assert_ok(&d.task, close_with(&d, &c, OK));
    assert_err(open_at(&d, 0.05, true, &c), ERR_BUDGET);
    assert_err(open_at(&d, -1, true, &c), ERR_BUDGET);
    last_row(&d, "P", &rows);
    assert_int_equal(rows, 1);
    assert_totals(&d, 0, 50000);
    end(&d);
}

/* One repeat of a cheap call is let pass and reported; the second loss is for a person. */
static void a_cheap_call_is_repeated_once(void **state)
{
    struct desk d;
    struct counter c;
    size_t rows;
    (void)state;
    begin(&d, -1);
    assert_ok(&d.task, open_at(&d, 0.05, true, &c));
    assert_err(close_with(&d, &c, ERR_UPSTREAM), ERR_UPSTREAM);
    assert_ok(&d.task, open_at(&d, 0.05, true, &c));
    assert_err(close_with(&d, &c, ERR_UPSTREAM), ERR_RECONCILE);
    assert_non_null(strstr(d.task.fault.next, "storyreel project decide P "));
    assert_err(open_at(&d, 0.05, true, &c), ERR_RECONCILE);
    assert_int_equal(last_row(&d, "P", &rows).state, SPEND_HELD);
    assert_int_equal(rows, 2);
    assert_totals(&d, 50000, 50000);
    end(&d);
}

static const struct {
    const char *worker;
    double usd;
    int64_t later_us;
    int state;
} crashes[] = {
    { "one", 0.05, 0, SPEND_INTENT },              /* it lives and is being answered */
    { "two", 0.05, 0, SPEND_WASTED },
    { "two", 0.07, 0, SPEND_HELD },
    { "one", 0.05, 3600 * SECOND_US, SPEND_WASTED }, /* forgotten */
};

static void a_crash_leaves_what_may_have_been_charged(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) {
        struct desk d;
        struct counter c;
        size_t rows;
        begin(&d, -1);
        assert_ok(&d.task, open_at(&d, crashes[i].usd, true, &c));
        d.flow.worker = crashes[i].worker;
        d.clock.now_us += crashes[i].later_us;
        assert_ok(&d.task, paid_recover(&d.flow, &d.task));
        int found = last_row(&d, "P", &rows).state;
        if (found != crashes[i].state)
            test_failed("case %zu: %s", i, spend_state_names[found]);
        end(&d);
    }
}

/* ---- planners ---- */

/* Gemini: 0.75 and 3.75 dollars a million tokens, five cents as a rule. The most of this asking is $0.0675. */
static const struct plan_asking asking = { .tokens_in_max = 10000, .tokens_out_max = 16000 };
enum { MOST_MICROS = 67500 };

static enum err till_begin(struct desk *d, double cap_usd, struct plan_request *request, struct planner_till *till)
{
    begin(d, cap_usd);
    d->flow.models.shipped = arena_format(d->task.arena, "%s/models", getenv("STORYREEL_SOURCE"));
    d->project.planner = "gemini";
    const struct spend_wish wish = { .project = &d->project, .kind = "plan", .job_hash = "aaaa", .provider = "gemini",
                                     .attempt = 1 };
    return planner_till_open(&d->flow, &d->task, &wish, request, till);
}

static enum err till_ask(struct desk *d, struct plan_request *request, struct plan_answer answer, enum err came)
{
    d->clock.now_us += SECOND_US;
    enum err e = request->till->open(request->till, &d->task, &asking);
    if (e)
        return e;
    if (came)
        came = fail(&d->task, came, "so it ended");
    return request->till->close(request->till, &d->task, &answer, came);
}

/* One asking, or two: the second is the repair of the first, or its repeat. */
static const struct {
    const char *name;
    struct plan_answer answers[2];
    enum err came[2], given;
    int askings;
    int states[2];
    int64_t held, spent;
} tills[] = {
    { "answered", { { 2000, 3000 } }, { OK }, OK, 1, { SPEND_SETTLED }, 0, 12750 },
    { "answered and mended", { { 2000, 3000 }, { 4000, 3000 } }, { OK, OK }, OK, 2, { SPEND_SETTLED, SPEND_SETTLED }, 0, 27000 },
    { "does not say what it used", { { 0, 0 } }, { OK }, OK, 1, { SPEND_SETTLED }, 0, MOST_MICROS },
    { "cut off, and as dear as it may be", { { 10000, 16000 } }, { ERR_LIMIT }, ERR_LIMIT, 1, { SPEND_WASTED }, 0, MOST_MICROS },
    { "lost", { { 0, 0 } }, { ERR_TIMEOUT }, ERR_TIMEOUT, 1, { SPEND_WASTED }, 0, MOST_MICROS },
    { "lost twice", { { 0, 0 }, { 0, 0 } }, { ERR_TIMEOUT, ERR_TIMEOUT }, ERR_RECONCILE, 2, { SPEND_WASTED, SPEND_HELD },
      MOST_MICROS, MOST_MICROS },
    { "never sent", { { 0, 0, .unmade = true } }, { ERR_UNAVAILABLE }, ERR_UNAVAILABLE, 1, { SPEND_RELEASED }, 0, 0 },
};

static void a_planner_is_reserved_at_the_most_and_pays_what_it_used(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tills / sizeof *tills; i++) {
        struct desk d;
        struct planner_till till;
        struct plan_request request = { .till = NULL };
        struct spend *rows;
        size_t count;
        enum err e = OK;
        assert_ok(&d.task, till_begin(&d, -1, &request, &till));
        for (int k = 0; k < tills[i].askings; k++)
            e = till_ask(&d, &request, tills[i].answers[k], tills[i].came[k]);
        e = planner_till_close(&till, &d.task, e);
        assert_ok(&d.task, spends_load(d.flow.store, &d.task, "P", &rows, &count));
        if (e != tills[i].given || count != (size_t)tills[i].askings)
            test_failed("%s: %s, %zu rows", tills[i].name, err_name(e), count);
        for (size_t k = 0; k < count; k++) {
            assert_int_equal(rows[k].state, tills[i].states[k]);
            assert_int_equal(rows[k].reserved_micros, MOST_MICROS);
            assert_int_equal(rows[k].usual_micros, 50000);
            assert_true(rows[k].micros <= rows[k].reserved_micros);
            assert_string_equal(rows[k].model, "gemini");
        }
        assert_totals(&d, tills[i].held, tills[i].spent);
        end(&d);
    }
}

/* ---- a media store that takes nothing ---- */

/* As S3 without leave to write: what is put waits here, where `keeps` says so, and is not in the store. */
struct denied {
    struct blob_store store;
    bool keeps;
    const char *waiting;
};

static enum err denied_put(struct blob_store *b, struct task *t, const char *key, struct draft *draft)
{
    struct denied *store = (struct denied *)b;
    (void)draft;
    if (store->keeps)
        store->waiting = key;
    enum err e = fail(t, ERR_FORBIDDEN, "AccessDenied");
    t->fault.house = true;
    return e;
}

static enum err denied_stat(struct blob_store *b, struct task *t, const char *key, struct blob_info *out)
{
    (void)b, (void)out;
    return fail(t, ERR_NOT_FOUND, "there is no %s", key);
}

static enum err denied_waiting(struct blob_store *b, struct task *t, struct blob_info **out, size_t *out_count)
{
    const struct denied *store = (const struct denied *)b;
    *out_count = store->waiting ? 1 : 0;
    *out = arena_array(t->arena, struct blob_info, 1);
    **out = (struct blob_info){ .key = store->waiting, .bytes = 4 };
    return OK;
}

static const struct blob_driver denied_driver = {
    .name = "denied", .put = denied_put, .stat = denied_stat, .waiting = denied_waiting,
};

/* One run of the job that plans: asked, unless it need not be, and put where it does not go. */
static enum err buy_plan(struct desk *d, struct plan_request *request, struct planner_till *till, int *askings)
{
    static const struct plan_answer answer = { 2000, 3000, false };
    enum err e = planner_kept(&d->flow, &d->task, "plan.json");
    if (e != ERR_NOT_FOUND)
        return e;
    e = till_ask(d, request, answer, OK);
    if (e)
        return e;
    *askings += 1;
    return planner_till_close(till, &d->task, blob_put(d->flow.blobs, &d->task, "plan.json", &(struct draft){ 0 }));
}

/* What was answered and cannot be put is paid for; it is not bought in a loop, and not at all while a copy waits. */
static const struct {
    bool keeps;
    int askings, state;
    enum err given;
    int64_t held, spent;
} denials[] = {
    { true, 1, SPEND_SETTLED, ERR_UNAVAILABLE, 0, 12750 },
    { false, 2, SPEND_HELD, ERR_RECONCILE, MOST_MICROS, 12750 },
};

static void an_answer_that_our_store_does_not_take_is_not_bought_in_a_loop(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof denials / sizeof *denials; i++) {
        struct desk d;
        struct planner_till till;
        struct plan_request request = { .till = NULL };
        struct denied store = { { &denied_driver }, denials[i].keeps, NULL };
        int askings = 0;
        size_t rows;
        enum err e = OK;
        assert_ok(&d.task, till_begin(&d, -1, &request, &till));
        d.flow.blobs = &store.store;
        till.key = "plan.json";
        for (int run = 0; run < 5; run++)
            e = buy_plan(&d, &request, &till, &askings);
        assert_int_equal(askings, denials[i].askings);
        assert_err(e, denials[i].given);
        assert_int_equal(last_row(&d, "P", &rows).state, denials[i].state);
        assert_totals(&d, denials[i].held, denials[i].spent);
        end(&d);
    }
}

/* Room for the first asking and not for its repair; and the row is open until all of it is kept. */
static void an_asking_that_the_cap_does_not_cover_is_not_made(void **state)
{
    struct desk d;
    struct planner_till till;
    struct plan_request request = { .till = NULL };
    (void)state;
    assert_ok(&d.task, till_begin(&d, 0.07, &request, &till));
    assert_ok(&d.task, till_ask(&d, &request, (struct plan_answer){ 2000, 3000 }, OK));
    assert_totals(&d, MOST_MICROS, 0);
    assert_err(till_ask(&d, &request, (struct plan_answer){ 0 }, OK), ERR_BUDGET);
    assert_non_null(strstr(d.task.fault.message, "costs about $0.05, needs up to $0.07 reserved"));
    assert_err(planner_till_close(&till, &d.task, ERR_BUDGET), ERR_BUDGET);
    assert_totals(&d, 0, 12750);
    end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_end_has_its_row_and_its_price),
        cmocka_unit_test(what_was_made_is_not_free_whatever_follows),
        cmocka_unit_test(what_costs_nothing_makes_no_row),
        cmocka_unit_test(the_deadline_stands_still_while_a_call_is_paid_for),
        cmocka_unit_test(over_the_cap_nothing_is_asked),
        cmocka_unit_test(a_cheap_call_is_repeated_once),
        cmocka_unit_test(a_crash_leaves_what_may_have_been_charged),
        cmocka_unit_test(a_planner_is_reserved_at_the_most_and_pays_what_it_used),
        cmocka_unit_test(an_answer_that_our_store_does_not_take_is_not_bought_in_a_loop),
        cmocka_unit_test(an_asking_that_the_cap_does_not_cover_is_not_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
