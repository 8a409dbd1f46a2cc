/*
 * Takes that are paid for, one trouble at a time: what the provider did, what the ledger says, what the scene shows
 * and how the job ends.
 */
#include "paid_fixture.h"

#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "blob/blob_driver.h"
#include "flow/jobs.h"
#include "flow/scenes.h"

/* Two scenes from beginning to end; the n-th call that is sent has the n-th fault. */
static const struct course {
    const char      *name;
    enum fake_fault  faults[4];
    int              job, spend;              /* of the first scene, in the end */
    enum err         problem;
    int              sends, billed, rows;
} courses[] = {
    { "all is well", { 0 }, JOB_DONE, SPEND_SETTLED, OK, 2, 2, 2 },
    { "the answer was lost", { FAKE_DROP_AFTER }, JOB_DONE, SPEND_SETTLED, OK, 2, 2, 2 },
    { "an error after it arrived", { FAKE_BROKEN_AFTER }, JOB_DONE, SPEND_SETTLED, OK, 2, 2, 2 },
    { "it never arrived", { FAKE_DROP_BEFORE }, JOB_DONE, SPEND_SETTLED, OK, 3, 2, 2 },
    { "too many requests", { FAKE_RATE, FAKE_RATE }, JOB_DONE, SPEND_SETTLED, OK, 4, 2, 2 },
    { "no credit", { FAKE_NO_CREDIT }, JOB_FAILED, SPEND_RELEASED, ERR_CREDIT, 2, 1, 2 },
    { "the filter", { FAKE_CONTENT }, JOB_FAILED, SPEND_RELEASED, ERR_REFUSED, 2, 1, 2 },
    { "high demand, once", { FAKE_BUSY }, JOB_DONE, SPEND_SETTLED, OK, 3, 2, 3 },
    { "high demand, always", { FAKE_BUSY, FAKE_FINE, FAKE_BUSY, FAKE_BUSY }, JOB_FAILED, SPEND_RELEASED,
      ERR_UPSTREAM, 4, 1, 4 },
    { "the download breaks off", { FAKE_CUT_OFF }, JOB_DONE, SPEND_SETTLED, OK, 2, 2, 2 },
    { "it is deleted too early", { FAKE_GONE }, JOB_FAILED, SPEND_WASTED, ERR_UPSTREAM, 2, 2, 2 },
    { "it is no clip", { FAKE_NO_CLIP }, JOB_FAILED, SPEND_WASTED, ERR_MEDIA, 2, 2, 2 },
    { "it is too short", { FAKE_SHORT }, JOB_FAILED, SPEND_SETTLED, ERR_MEDIA, 2, 2, 2 },
};

static void run_course(const struct course *c)
{
    struct paid_fixture f;
    struct spend *rows;
    size_t count;
    paid_begin(&f);
    memcpy(fake_provider->faults, c->faults, sizeof c->faults);
    paid_project(&f, 10);
    paid_start(&f);
    paid_work(&f, 1000);
    struct job j = paid_job(&f, 1);
    struct spend s = paid_spend(&f, 1);
    assert_ok(&f.task, spends_load(f.flow.store, &f.task, "P", &rows, &count));
    if (j.state != c->job || s.state != c->spend || fake_provider->sends != c->sends || fake_billed() != c->billed ||
        (int)count != c->rows || (c->problem && !text_equal(j.problem.code, err_name(c->problem))))
        test_failed("%s: job %s, spend %s, problem %s (%s), %d sends, %d billed, %zu rows", c->name,
                    job_state_names[j.state], spend_state_names[s.state], j.problem.code, j.problem.message,
                    fake_provider->sends, fake_billed(), count);
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

static void every_course_ends_with_honest_books(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof courses / sizeof *courses; i++)
        run_course(&courses[i]);
}

/* ---- another model stands by ---- */

static void film_by(struct paid_fixture *f, const char *video, const char *fallbacks)
{
    struct project p = paid_load(f);
    p.video = video;
    p.fallbacks = fallbacks;
    struct item_write write = project_write(&f->task, &p);
    assert_ok(&f->task, store_write(f->flow.store, &f->task, &write, 1));
}

/* Of the first scene, in the end: who filmed it, and how many calls were sent for it and the other. */
static const struct {
    const char      *name, *fallbacks;
    enum fake_fault  faults[4];
    const char      *filmed_by;               /* "" nobody */
    int              sends, billed;
} stands_by[] = {
    { "no credit, nobody allowed", "", { FAKE_NO_CREDIT }, "", 2, 1 },
    { "no credit", "other", { FAKE_NO_CREDIT }, "other", 3, 2 },
    { "one that is too short is left out", "brief,other", { FAKE_NO_CREDIT }, "other", 3, 2 },
    { "only one that is too short", "brief", { FAKE_NO_CREDIT }, "", 2, 1 },
    { "high demand, as often as it is tried", "other", { FAKE_BUSY, FAKE_FINE, FAKE_BUSY, FAKE_BUSY }, "other", 5, 2 },
    { "high demand once is no reason", "other", { FAKE_BUSY }, "fake", 3, 2 },
    { "what is refused is not taken elsewhere", "other", { FAKE_CONTENT }, "", 2, 1 },
    { "an answer that was lost is no reason", "other", { FAKE_DROP_AFTER }, "fake", 2, 2 },
    { "what was paid for and lost", "other", { FAKE_GONE }, "other", 3, 3 },
};

static void another_model_films_what_the_first_surely_does_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stands_by / sizeof *stands_by; i++) {
        struct paid_fixture f;
        struct scene s;
        struct take *takes;
        size_t count;
        paid_begin(&f);
        memcpy(fake_provider->faults, stands_by[i].faults, sizeof stands_by[i].faults);
        paid_project(&f, 10);
        film_by(&f, "fake", stands_by[i].fallbacks);
        paid_start(&f);
        paid_work(&f, 1000);
        assert_ok(&f.task, scene_load(f.flow.store, &f.task, "P", 1, &s));
        assert_ok(&f.task, takes_load(f.flow.store, &f.task, "P", 1, &takes, &count));
        const char *filmed_by = count > 0 ? takes[0].model : "";
        if (!text_equal(filmed_by, stands_by[i].filmed_by) || fake_provider->sends != stands_by[i].sends ||
            fake_billed() != stands_by[i].billed)
            test_failed("%s: filmed by \"%s\", %d sends, %d billed", stands_by[i].name, filmed_by, fake_provider->sends,
                        fake_billed());
        bool stood_in = text_equal(filmed_by, "other");
        assert_string_equal(s.fallback.model, stood_in ? "other" : "");
        if (stood_in)
            assert_non_null(strstr(takes[0].instead, "Fake: "));
        paid_audit(&f);
        paid_end(&f);
    }
}

static void a_list_that_lags_does_not_buy_twice(void **state)
{
    struct paid_fixture f;
    (void)state;
    paid_begin(&f);
    fake_provider->faults[0] = FAKE_DROP_AFTER;
    fake_provider->lag_us    = 35 * SECOND_US;
    paid_project(&f, 10);
    paid_start(&f);
    paid_work(&f, 1000);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_SETTLED);
    assert_int_equal(fake_provider->sends, 2);
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

static void what_a_person_has_to_decide(struct paid_fixture *f)
{
    paid_begin(f);
    fake_provider->faults[0] = FAKE_DROP_AFTER;
    fake_provider->blind     = 1000;
    paid_project(f, 10);
    paid_start(f);
    paid_work(f, 1000);
    assert_int_equal(paid_spend(f, 1).state, SPEND_HELD);
    assert_int_equal(paid_job(f, 1).state, JOB_FAILED);
    assert_string_equal(paid_job(f, 1).problem.code, "RECONCILE");
    struct board b;
    assert_ok(&f->task, board_load(&f->flow, &f->task, "P", &b));
    assert_string_equal(graph_find(&b.graph, ARTIFACT_TAKE, 1)->code, "RECONCILE");
    assert_non_null(strstr(paid_job(f, 1).problem.next, "storyreel project decide P "));
    assert_int_equal(paid_job(f, 2).state, JOB_DONE);                /* the other scene is not held up */
    fake_provider->blind = 0;
}

static void a_held_call_is_looked_for_again(void **state)
{
    struct paid_fixture f;
    (void)state;
    what_a_person_has_to_decide(&f);
    assert_err(paid_decide(&f.flow, &f.task, "P", paid_spend(&f, 2).spend_id, DECIDE_WAIT), ERR_CONFLICT);
    assert_ok(&f.task, paid_decide(&f.flow, &f.task, "P", paid_spend(&f, 1).spend_id, DECIDE_WAIT));
    paid_work(&f, 1000);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_SETTLED);
    assert_int_equal(fake_provider->sends, 2);
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

/* The provider's list cannot be had, but it has sent word of the call itself. */
static void a_hint_binds_what_no_list_shows(void **state)
{
    struct paid_fixture f;
    (void)state;
    paid_begin(&f);
    fake_provider->faults[0] = FAKE_DROP_AFTER;
    fake_provider->blind     = 1000;
    paid_project(&f, 10);
    paid_start(&f);
    paid_work(&f, 2);
    struct spend doubtful = paid_spend(&f, 1);
    assert_int_equal(doubtful.state, SPEND_AMBIGUOUS);
    assert_ok(&f.task, paid_hint(&f.flow, &f.task, &doubtful, "call-1"));
    paid_work(&f, 1000);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_SETTLED);
    assert_int_equal(fake_provider->sends, 2);
    assert_int_equal(fake_provider->listings, 0);
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

static struct paid_fixture *who_is_told;

static void word_comes(void)
{
    struct spend sent = paid_spend(who_is_told, 1);
    assert_int_equal(sent.state, SPEND_INTENT);
    assert_ok(&who_is_told->task, paid_hint(&who_is_told->flow, &who_is_told->task, &sent, "call-1"));
}

/* The provider is done, and says so, before whoever sent the call has written down that it arrived. */
static void word_that_comes_while_it_is_sent_is_heard(void **state)
{
    struct paid_fixture f;
    (void)state;
    paid_begin(&f);
    who_is_told            = &f;
    f.flow.look_us         = 3600 * SECOND_US;
    fake_provider->films_us = 0;
    fake_provider->end     = word_comes;
    fake_provider->end_at  = 2;                /* it has arrived, and is not answered yet */
    paid_project(&f, 10);
    paid_start(&f);
    int64_t began_us = f.clock.now_us;
    while (paid_spend(&f, 1).state != SPEND_SETTLED)
        assert_int_equal(paid_work(&f, 1), 1);
    assert_true(f.clock.now_us - began_us < 60 * SECOND_US);
    paid_work(&f, 1000);
    assert_int_equal(fake_provider->sends, 2);
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

/* The list lags behind for so long that the call is taken for lost; word of it comes before it is sent again. */
static void a_hint_takes_back_that_it_never_arrived(void **state)
{
    (void)state;
    for (int running = 0; running < 2; running++) {
        struct paid_fixture f;
        struct claimed_job c;
        paid_begin(&f);
        fake_provider->faults[0] = FAKE_DROP_AFTER;
        fake_provider->lag_us    = 900 * SECOND_US;
        paid_project(&f, 10);
        paid_start(&f);
        while (paid_spend(&f, 1).state != SPEND_AMBIGUOUS || paid_spend(&f, 2).state != SPEND_SETTLED)
            assert_int_equal(paid_work(&f, 1), 1);
        while (paid_spend(&f, 1).state != SPEND_RESERVED)
            assert_int_equal(paid_work(&f, 1), 1);
        struct spend lost = paid_spend(&f, 1);
        if (running)
            assert_ok(&f.task, job_claim(&f.flow, &f.task, LANE_WAIT, &c));
        assert_ok(&f.task, paid_hint(&f.flow, &f.task, &lost, "call-1"));
        assert_int_equal(paid_spend(&f, 1).state, SPEND_AMBIGUOUS);
        if (running) {
            assert_err(paid_hint(&f.flow, &f.task, &lost, "call-1"), ERR_CONFLICT);
            assert_ok(&f.task, job_put_back(&f.flow, &f.task, &c));
            pthread_mutex_destroy(&c.lock);
        }
        paid_work(&f, 1000);
        assert_int_equal(paid_spend(&f, 1).state, SPEND_SETTLED);
        assert_int_equal(fake_provider->sends, 2);
        assert_int_equal(paid_audit(&f), 0);
        paid_end(&f);
    }
}

static void a_hint_lets_a_held_call_go_on(void **state)
{
    struct paid_fixture f;
    (void)state;
    what_a_person_has_to_decide(&f);
    struct spend held = paid_spend(&f, 1);
    assert_ok(&f.task, paid_hint(&f.flow, &f.task, &held, "call-1"));
    paid_work(&f, 1000);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_SETTLED);
    assert_int_equal(fake_provider->sends, 2);
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

/* What names nothing, or a run that is another call's, changes nothing: the list is asked. */
static void a_wrong_hint_binds_nothing(void **state)
{
    static const char *const wrong[] = { "call-77", "call-2", "" };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct paid_fixture f;
        paid_begin(&f);
        fake_provider->faults[0] = FAKE_DROP_AFTER;
        paid_project(&f, 10);
        paid_start(&f);
        paid_work(&f, 2);
        struct spend doubtful = paid_spend(&f, 1);
        assert_ok(&f.task, paid_hint(&f.flow, &f.task, &doubtful, wrong[i]));
        paid_work(&f, 1000);
        assert_string_equal(paid_spend(&f, 1).remote_id, "call-1");
        assert_int_equal(fake_provider->sends, 2);
        assert_int_equal(paid_audit(&f), 0);
        paid_end(&f);
    }
}

static void a_held_call_is_forgotten_and_counts_as_spent(void **state)
{
    struct paid_fixture f;
    struct budget b;
    (void)state;
    what_a_person_has_to_decide(&f);
    assert_ok(&f.task, paid_decide(&f.flow, &f.task, "P", paid_spend(&f, 1).spend_id, DECIDE_FORGET));
    paid_work(&f, 1000);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_WASTED);
    assert_ok(&f.task, budget_of_project(f.flow.store, &f.task, "P", &b));
    assert_int_equal(b.spent, 2 * PAID_SCENE_MICROS);
    assert_int_equal(fake_provider->sends, 2);
    paid_end(&f);
}

static void a_held_call_is_bought_again_when_a_person_says_so(void **state)
{
    struct paid_fixture f;
    (void)state;
    what_a_person_has_to_decide(&f);
    assert_ok(&f.task, paid_decide(&f.flow, &f.task, "P", paid_spend(&f, 1).spend_id, DECIDE_TRY_AGAIN));
    paid_work(&f, 1000);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_SETTLED);
    assert_int_equal(fake_provider->sends, 3);
    paid_end(&f);
}

/* From now on the provider is one that needs a key, and there is none. */
static void take_key_away(struct paid_fixture *f)
{
    static struct video_remote locked;
    static struct video_driver driver = { .name = "fake", .remote = &locked };
    static const struct video_driver *const drivers[] = { &driver, NULL };
    locked = *video_fake.remote;
    locked.service = SERVICE_REPLICATE;
    f->flow.videos = drivers;
}

/* Whoever decided had no key, and the turn that buys again ends before it begins: the call that was given up stays as
 * it is, and what it cost is not given back. */
static void what_was_given_up_is_not_closed_again(void **state)
{
    struct paid_fixture f;
    struct budget b;
    (void)state;
    what_a_person_has_to_decide(&f);
    assert_ok(&f.task, paid_decide(&f.flow, &f.task, "P", paid_spend(&f, 1).spend_id, DECIDE_TRY_AGAIN));
    take_key_away(&f);
    paid_work(&f, 1000);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_WASTED);
    assert_string_equal(paid_job(&f, 1).problem.code, "AUTH");
    assert_ok(&f.task, budget_of_project(f.flow.store, &f.task, "P", &b));
    assert_int_equal(b.held, 0);
    assert_int_equal(b.spent, 2 * PAID_SCENE_MICROS);
    assert_int_equal(fake_provider->sends, 2);
    paid_end(&f);
}

static void what_the_budget_does_not_cover_is_not_begun(void **state)
{
    struct paid_fixture f;
    (void)state;
    paid_begin(&f);
    paid_project(&f, 0.79);
    paid_start(&f);
    assert_int_equal(paid_work(&f, 1000), 0);
    assert_int_equal(fake_provider->sends, 0);
    struct project p = paid_load(&f);
    assert_int_equal(p.goal, GOAL_NOTHING);
    assert_string_equal(p.problem.code, "BUDGET");
    paid_end(&f);
}

/* "what scene 1 shows" has 18 characters. */
static void a_prompt_that_is_too_long_for_its_model_is_not_sent(void **state)
{
    static const char terse[] = "title: Terse\ndriver: fake\nversion: \"1\"\nremote: fake/one\nlengths: [4, 6, 8]\n"
                                "usdPerSecond: 0.1\npromptCharsMax: %d\n";
    (void)state;
    for (int most = 17; most < 19; most++) {
        struct paid_fixture f;
        paid_begin(&f);
        const char *text = arena_format(f.task.arena, terse, most);
        spill(scratch_path(&f.scratch, "models/terse.yaml"), text, strlen(text));
        paid_project(&f, 10);
        film_by(&f, "terse", "");
        paid_start(&f);
        paid_work(&f, 1000);
        struct project p = paid_load(&f);
        assert_int_equal(fake_provider->sends, most == 17 ? 0 : PAID_SCENES);
        assert_string_equal(p.problem.code ? p.problem.code : "", most == 17 ? "LIMIT" : "");
        if (most == 17) {
            assert_non_null(strstr(p.problem.message, "the prompt of scene 1 has 18 characters and Terse reads 17"));
            assert_err(project_generate(&f.flow, &f.task, "P", NULL, 0), ERR_LIMIT);
            assert_int_equal(paid_load(&f).goal, GOAL_NOTHING);
        }
        paid_end(&f);
    }
}

/* ---- a key that is missing ---- */

/* The first two are of a service that this program has no key of. */
static const struct {
    const char *fallbacks, *filmed_by;
} keyless[] = {
    { "", "" },
    { "veo-3.1", "" },
    { "other", "other" },
    { "veo-3.1,brief,other", "other" },
};

static void without_a_key_the_next_that_is_allowed_films(void **state)
{
    static const struct video_driver *const both[] = { &video_fake, &video_replicate, NULL };
    (void)state;
    for (size_t i = 0; i < sizeof keyless / sizeof *keyless; i++) {
        struct paid_fixture f;
        struct board b;
        struct take *takes;
        size_t count;
        paid_begin(&f);
        f.flow.videos = both;
        paid_project(&f, 10);
        film_by(&f, "veo-3.1-fast", keyless[i].fallbacks);
        assert_ok(&f.task, board_load(&f.flow, &f.task, "P", &b));
        assert_float_equal(b.graph.usd, *keyless[i].filmed_by ? 0.8 : PAID_SCENES * 0.4, 1e-9);
        paid_start(&f);
        paid_work(&f, 1000);
        assert_ok(&f.task, takes_load(f.flow.store, &f.task, "P", 2, &takes, &count));
        struct project p = paid_load(&f);
        if (*keyless[i].filmed_by) {
            assert_int_equal(count, 1);
            assert_string_equal(takes[0].model, keyless[i].filmed_by);
            assert_non_null(strstr(takes[0].instead, "Veo 3.1 Fast: "));
            assert_non_null(strstr(takes[0].instead, "access"));
        } else {
            assert_int_equal(count, 0);
            assert_string_equal(p.problem.code, "AUTH");
        }
        assert_int_equal(fake_provider->sends, *keyless[i].filmed_by ? PAID_SCENES : 0);
        assert_int_equal(paid_audit(&f), 0);
        paid_end(&f);
    }
}

static void a_call_that_is_called_off_is_told_to_the_provider(void **state)
{
    struct paid_fixture f;
    (void)state;
    paid_begin(&f);
    fake_provider->faults[1] = FAKE_STUCK;
    paid_project(&f, 10);
    paid_start(&f);
    paid_work(&f, 6);                                                /* both are at the provider */
    assert_int_equal(fake_provider->sends, 2);
    int64_t began = f.clock.now_us;
    assert_ok(&f.task, project_cancel(&f.flow, &f.task, "P"));
    assert_err(project_delete(&f.flow, &f.task, "P"), ERR_CONFLICT);
    paid_work(&f, 2);
    assert_int_equal(fake_provider->cancels, 2);
    assert_true(f.clock.now_us - began < 2 * SECOND_US);
    paid_work(&f, 1000);
    assert_int_equal(paid_job(&f, 2).state, JOB_CANCELLED);
    assert_int_equal(paid_spend(&f, 2).state, SPEND_WASTED);         /* it ran, so it costs */
    assert_int_equal(paid_audit(&f), 0);
    assert_ok(&f.task, project_delete(&f.flow, &f.task, "P"));
    paid_end(&f);
}

/* A scene is changed while both are filmed, and what it costs to film it anew is over the cap: the project rests, its
 * calls do not. */
static void what_a_paused_project_has_out_can_be_called_off(void **state)
{
    struct paid_fixture f;
    struct scene s;
    (void)state;
    paid_begin(&f);
    fake_provider->faults[1] = FAKE_STUCK;
    paid_project(&f, 0.9);
    paid_start(&f);
    paid_work(&f, 6);
    assert_int_equal(fake_provider->sends, 2);
    assert_ok(&f.task, scene_load(f.flow.store, &f.task, "P", 2, &s));
    s.prompt = "something else";
    struct item_write write = scene_write(&f.task, "P", &s);
    assert_ok(&f.task, store_write(f.flow.store, &f.task, &write, 1));
    assert_ok(&f.task, flow_advance(&f.flow, &f.task, "P"));
    assert_string_equal(paid_load(&f).problem.code, "BUDGET");
    assert_err(project_delete(&f.flow, &f.task, "P"), ERR_CONFLICT);
    assert_ok(&f.task, project_cancel(&f.flow, &f.task, "P"));
    assert_err(project_cancel(&f.flow, &f.task, "P"), ERR_CONFLICT);
    paid_work(&f, 2);
    assert_int_equal(fake_provider->cancels, 2);
    paid_work(&f, 1000);
    assert_int_equal(paid_audit(&f), 0);
    assert_ok(&f.task, project_delete(&f.flow, &f.task, "P"));
    paid_end(&f);
}

/* What the project was computed from is gone: a style is renamed, or a model's own file removed. */
static void lose_style(struct paid_fixture *f)
{
    struct project p = paid_load(f);
    p.style = "renamed";
    struct item_write write = project_write(&f->task, &p);
    assert_ok(&f->task, store_write(f->flow.store, &f->task, &write, 1));
}

static void lose_model(struct paid_fixture *f)
{
    assert_int_equal(unlink(scratch_path(&f->scratch, "models/fake.yaml")), 0);
}

static const struct {
    const char *name;
    void (*lose)(struct paid_fixture *f);
    int turns; /* had before */
    enum fake_fault fault; /* of the first call */
    bool cancelled;
    int sends, billed;
    int state; /* of the first scene's row */
} losses[] = {
    { "the style, before anything was sent", lose_style, 0, FAKE_FINE, false, 0, 0, SPEND_RELEASED },
    { "the model, before anything was sent", lose_model, 0, FAKE_FINE, false, 0, 0, SPEND_RELEASED },
    { "the style, called off before anything was sent", lose_style, 0, FAKE_FINE, true, 0, 0, SPEND_RELEASED },
    { "the style while it is filmed", lose_style, 2, FAKE_FINE, false, 2, 2, SPEND_SETTLED },
    { "the model while it is filmed", lose_model, 2, FAKE_FINE, false, 2, 2, SPEND_SETTLED },
    { "the style, and it is called off", lose_style, 2, FAKE_STUCK, true, 2, 2, SPEND_WASTED },
    { "the model, and it is called off", lose_model, 2, FAKE_STUCK, true, 2, 2, SPEND_WASTED },
    { "the style, and the provider fails", lose_style, 2, FAKE_BUSY, false, 2, 1, SPEND_RELEASED },
};

static void what_is_out_ends_though_its_project_cannot_be_computed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        struct paid_fixture f;
        paid_begin(&f);
        fake_provider->faults[0] = losses[i].fault;
        paid_project(&f, 10);
        paid_start(&f);
        paid_work(&f, losses[i].turns);
        losses[i].lose(&f);
        f.blocked = true;
        if (losses[i].cancelled)
            assert_ok(&f.task, project_cancel(&f.flow, &f.task, "P"));
        paid_work(&f, 1000);
        int found = paid_spend(&f, 1).state;
        if (fake_provider->sends != losses[i].sends || fake_billed() != losses[i].billed || found != losses[i].state)
            test_failed("%s: %d sent, %d billed, %s", losses[i].name, fake_provider->sends, fake_billed(),
                        spend_state_names[found]);
        assert_int_equal(fake_provider->cancels, losses[i].cancelled ? losses[i].sends : 0);
        assert_int_equal(paid_audit(&f), 0);
        if (losses[i].cancelled)
            assert_ok(&f.task, project_delete(&f.flow, &f.task, "P"));
        paid_end(&f);
    }
}

static void what_was_not_sent_yet_costs_nothing_when_called_off(void **state)
{
    struct paid_fixture f;
    (void)state;
    paid_begin(&f);
    paid_project(&f, 10);
    paid_start(&f);
    assert_ok(&f.task, project_cancel(&f.flow, &f.task, "P"));
    paid_work(&f, 1000);
    assert_int_equal(fake_provider->sends, 0);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_RELEASED);
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

static void downloads_come_before_looks_and_the_oldest_first(void **state)
{
    struct paid_fixture f;
    (void)state;
    paid_begin_on_disk(&f);
    paid_project(&f, 10);
    paid_start(&f);
    paid_work(&f, 2);                                                /* sent, and then an outage of most of an hour */
    paid_close(&f);
    fake_provider->now_us += 3500 * SECOND_US;
    paid_open(&f, "second");
    paid_start(&f);
    paid_work(&f, 1000);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_SETTLED);
    assert_int_equal(paid_spend(&f, 2).state, SPEND_SETTLED);
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

/* Both clips are there, and the program ends: what is known to be deleted soon is fetched before anything is asked. */
static void what_is_deleted_soon_is_rescued_first(void **state)
{
    struct paid_fixture f;
    (void)state;
    paid_begin_on_disk(&f);
    paid_project(&f, 10);
    paid_start(&f);
    while (text_is_empty(paid_spend(&f, 1).output))
        assert_int_equal(paid_work(&f, 1), 1);
    assert_int_equal(paid_spend(&f, 1).output_by_us, fake_provider->calls[0].finished_us + 3600 * SECOND_US);
    assert_string_equal(paid_spend(&f, 2).output, "");
    paid_close(&f);
    fake_provider->now_us += 3000 * SECOND_US;
    paid_open(&f, "second");
    paid_start(&f);
    int polls = fake_provider->polls;
    paid_work(&f, 1);
    assert_int_equal(fake_provider->fetches, 1);
    assert_int_equal(fake_provider->polls, polls);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_SETTLED);
    paid_work(&f, 1000);
    assert_int_equal(paid_spend(&f, 2).state, SPEND_SETTLED);
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

/* What came is kept where the ledger says, with its cost, and only asking again buys another. */
static void what_is_of_no_use_is_kept_for_a_look(void **state)
{
    static const struct { enum fake_fault fault; const char *cause; } cases[] = {
        { FAKE_NO_CLIP, "the take that came is of no use: it is not a clip ($0.40 was paid for it)" },
        { FAKE_SHORT, "the clip is 2.00 s long and the scene needs 3.75 s" },
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct paid_fixture f;
        struct blob_info there;
        paid_begin(&f);
        fake_provider->faults[0] = cases[i].fault;
        paid_project(&f, 10);
        paid_start(&f);
        paid_work(&f, 1000);
        struct spend s = paid_spend(&f, 1);
        struct job j = paid_job(&f, 1);
        assert_non_null(strstr(j.problem.message, cases[i].cause));
        assert_non_null(strstr(j.problem.message, "$0.40"));
        assert_true(*j.problem.next);
        assert_ok(&f.task, blob_stat(f.flow.blobs, &f.task, s.kept, &there));
        assert_true(there.bytes > 0);
        assert_ok(&f.task, flow_advance(&f.flow, &f.task, "P"));
        paid_work(&f, 1000);
        assert_int_equal(fake_provider->sends, PAID_SCENES);
        assert_int_equal(paid_audit(&f), 0);
        paid_end(&f);
    }
}

/* All of it came and this machine could not look at it: that may pass. It is kept when it does not, and when the next
 * look could be too late. */
static const struct {
    const char *name;
    int too_large;
    int64_t later_us;
    int state;
} unseen[] = {
    { "it passes", 3, 0, SPEND_SETTLED },
    { "it does not pass", 1000, 0, SPEND_WASTED },
    { "there is no time left", 1, 3400 * SECOND_US, SPEND_WASTED },
};

static void what_cannot_be_looked_at_is_not_let_go(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++) {
        struct paid_fixture f;
        struct blob_info there;
        paid_begin(&f);
        fake_provider->too_large = unseen[i].too_large;
        paid_project(&f, 10);
        paid_start(&f);
        while (text_is_empty(paid_spend(&f, 1).output))
            assert_int_equal(paid_work(&f, 1), 1);
        f.clock.now_us += unseen[i].later_us;
        paid_work(&f, 1000);
        struct spend s = paid_spend(&f, 1);
        if (s.state != unseen[i].state)
            test_failed("%s: %s", unseen[i].name, spend_state_names[s.state]);
        if (s.state == SPEND_WASTED) {
            assert_ok(&f.task, blob_stat(f.flow.blobs, &f.task, s.kept, &there));
            assert_int_equal(there.bytes, strlen(s.remote_id));
            assert_string_equal(paid_job(&f, 1).problem.code, "MEDIA");
            assert_non_null(strstr(paid_job(&f, 1).problem.message, "no memory"));
        }
        assert_int_equal(fake_provider->sends, PAID_SCENES);
        assert_int_equal(paid_audit(&f), 0);
        paid_end(&f);
    }
}

static void an_hour_later_the_loss_is_named_with_its_cost(void **state)
{
    struct paid_fixture f;
    (void)state;
    paid_begin_on_disk(&f);
    paid_project(&f, 10);
    paid_start(&f);
    paid_work(&f, 2);
    paid_close(&f);
    fake_provider->now_us += 7200 * SECOND_US;
    paid_open(&f, "second");
    paid_start(&f);
    paid_work(&f, 1000);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_WASTED);
    assert_non_null(strstr(paid_job(&f, 1).problem.message, "$0.40"));
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

static size_t rows_of(struct paid_fixture *f)
{
    struct spend *all;
    size_t count;
    assert_ok(&f->task, spends_load(f->flow.store, &f->task, "P", &all, &count));
    return count;
}

/* The board was read before the take was written down (the whole program may have stood still in between), its
 * job after: nothing is reserved for it a second time, which a cap that is just enough would not have covered. */
static void what_was_bought_meanwhile_is_not_reserved_again(void **state)
{
    struct paid_fixture f;
    struct board before;
    struct take *takes;
    size_t count;
    (void)state;
    paid_begin(&f);
    paid_project(&f, 0.8);
    assert_ok(&f.task, board_load(&f.flow, &f.task, "P", &before));
    paid_start(&f);
    paid_work(&f, 1000);
    assert_int_equal(rows_of(&f), PAID_SCENES);
    assert_ok(&f.task, paid_enqueue(&f.flow, &f.task, &before, graph_find(&before.graph, ARTIFACT_TAKE, 1), false));
    assert_int_equal(rows_of(&f), PAID_SCENES);
    assert_int_equal(paid_work(&f, 1000), 0);
    assert_int_equal(paid_job(&f, 1).state, JOB_DONE);
    assert_ok(&f.task, takes_load(f.flow.store, &f.task, "P", 1, &takes, &count));
    assert_int_equal(count, 1);
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

/* It was there and is not any more, as after going back to an earlier take: asked for again, it is had again. */
static void what_was_undone_is_had_again_for_nothing(void **state)
{
    struct paid_fixture f;
    struct board b;
    struct scene s;
    (void)state;
    paid_begin(&f);
    paid_project(&f, 10);
    paid_start(&f);
    paid_work(&f, 1000);
    assert_ok(&f.task, scene_load(f.flow.store, &f.task, "P", 1, &s));
    s.take = (struct made){ .hash = "", .key = "", .parts = "" };
    s.selected_take = 0;
    struct item_write write = scene_write(&f.task, "P", &s);
    assert_ok(&f.task, store_write(f.flow.store, &f.task, &write, 1));
    assert_ok(&f.task, board_load(&f.flow, &f.task, "P", &b));
    assert_ok(&f.task, paid_enqueue(&f.flow, &f.task, &b, graph_find(&b.graph, ARTIFACT_TAKE, 1), false));
    assert_int_equal(paid_spend(&f, 1).state, SPEND_RESERVED);
    paid_work(&f, 1000);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_RELEASED);
    assert_int_equal(fake_provider->sends, PAID_SCENES);
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

/* The second scene asks for the very same as the first. */
static void make_twins(struct paid_fixture *f)
{
    struct scene s;
    assert_ok(&f->task, scene_load(f->flow.store, &f->task, "P", 2, &s));
    s.prompt = "what scene 1 shows";
    s.seed   = 100;
    s.action = "so that its inputs are others";
    struct item_write write = scene_write(&f->task, "P", &s);
    assert_ok(&f->task, store_write(f->flow.store, &f->task, &write, 1));
}

static void the_same_input_is_not_open_twice(void **state)
{
    struct paid_fixture f;
    (void)state;
    paid_begin(&f);
    paid_project(&f, 10);
    make_twins(&f);
    paid_start(&f);
    paid_work(&f, 1);
    paid_work(&f, 1);
    assert_int_equal(fake_provider->sends, 1);                       /* the second waits for the first */
    paid_work(&f, 1000);
    assert_int_equal(paid_job(&f, 1).state, JOB_DONE);
    assert_int_equal(paid_job(&f, 2).state, JOB_DONE);
    paid_end(&f);
}

/* As Gemini does: what was made is there for two days. */
static void keep_two_days(struct paid_fixture *f)
{
    static const char patient[] = "title: Fake\ndriver: fake\nversion: \"1\"\nremote: fake/one\nlengths: [4, 6, 8]\n"
                                  "usdPerSecond: 0.1\nkeepSeconds: 172800\n";
    spill(scratch_path(&f->scratch, "models/fake.yaml"), patient, strlen(patient));
    fake_provider->keeps_us = 48 * 3600 * SECOND_US;
}

/* One that a person has to decide, or that never ends, does not keep its twin waiting for ever. */
static void a_twin_gives_way_to_what_a_person_has_to_see_to(void **state)
{
    (void)state;
    for (int held = 0; held < 2; held++) {
        struct paid_fixture f;
        paid_begin(&f);
        fake_provider->faults[0] = held ? FAKE_DROP_AFTER : FAKE_FINE;
        fake_provider->blind     = held ? 1000 : 0;
        fake_provider->mute      = held ? 0 : 100000;
        if (!held)
            keep_two_days(&f);
        paid_project(&f, 10);
        make_twins(&f);
        paid_start(&f);
        int64_t began_us = f.clock.now_us;
        paid_work(&f, 6);
        f.clock.now_us += held ? 0 : 10000 * SECOND_US; /* most of three hours */
        while (paid_job(&f, 2).state != JOB_FAILED)
            assert_int_equal(paid_work(&f, 1), 1);
        struct job j = paid_job(&f, 2);
        assert_string_equal(j.problem.code, held ? "RECONCILE" : "TIMEOUT");
        assert_non_null(strstr(j.problem.message, paid_spend(&f, 1).spend_id));
        assert_int_equal(paid_spend(&f, 2).state, SPEND_RELEASED);
        assert_true(f.clock.now_us - began_us < (held ? 1200 : 4 * 3600) * SECOND_US);
        assert_int_equal(fake_provider->sends, 1);
        if (held)
            assert_non_null(strstr(j.problem.next, paid_spend(&f, 1).spend_id));
        paid_end(&f);
    }
}

/* ---- answers that take as long as the making ---- */

static struct paid_fixture *slow_fixture;
static int slow_turns;

static int64_t ten_minutes(const char *input)
{
    (void)input;
    return 600 * SECOND_US;
}

/* While it is answered the project is cancelled, and others have their turns. */
static struct video_receipt slow_submit(const struct services *all, struct task *t, const struct video_order *order,
                                        const char *body)
{
    if (slow_turns > 0) {
        int turns = slow_turns;
        slow_turns = 0;
        assert_ok(t, project_cancel(&slow_fixture->flow, t, "P"));
        paid_work(slow_fixture, turns);
    }
    return video_fake.remote->submit(all, t, order, body);
}

/* Whoever sends it lives, however long it takes, and there is no list: nobody takes the call for lost. */
static void a_call_that_is_being_answered_is_waited_for(void **state)
{
    struct paid_fixture f;
    static struct video_remote slow;
    static struct video_driver driver = { .name = "fake", .remote = &slow };
    static const struct video_driver *const drivers[] = { &driver, NULL };
    (void)state;
    paid_begin(&f);
    slow = *video_fake.remote;
    slow.send_us = ten_minutes;
    slow.submit = slow_submit;
    slow.find = NULL;
    f.flow.videos = drivers;
    slow_fixture = &f;
    slow_turns = 300;
    paid_project(&f, 10);
    paid_start(&f);
    int64_t began_us = f.clock.now_us;
    paid_work(&f, 1);
    assert_true(f.clock.now_us - began_us > 200 * SECOND_US);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_BOUND);
    assert_string_equal(paid_spend(&f, 1).remote_id, "call-1");
    paid_work(&f, 1000);
    assert_int_equal(fake_provider->sends, 1);
    assert_int_equal(fake_provider->cancels, 1);
    assert_int_equal(paid_job(&f, 1).state, JOB_CANCELLED);
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

/* The first to send it stands still until others have taken it for lost. */
static struct video_receipt frozen_submit(const struct services *all, struct task *t, const struct video_order *order,
                                          const char *body)
{
    struct paid_fixture *f = slow_fixture;
    if (slow_turns > 0) {
        slow_turns = 0;
        f->clock.now_us += 61 * SECOND_US;
        paid_start(f);
        do
            assert_int_equal(paid_work(f, 1), 1);
        while (paid_spend(f, 1).state != SPEND_RESERVED && paid_spend(f, 1).state != SPEND_HELD);
    }
    return video_fake.remote->submit(all, t, order, body);
}

/* What it is called comes before it is sent again, or before a person has decided: that one is taken. */
static void a_ticket_that_comes_late_is_as_good(void **state)
{
    (void)state;
    for (int listed = 0; listed < 2; listed++) {
        struct paid_fixture f;
        static struct video_remote frozen;
        static struct video_driver driver = { .name = "fake", .remote = &frozen };
        static const struct video_driver *const drivers[] = { &driver, NULL };
        paid_begin(&f);
        frozen = *video_fake.remote;
        frozen.submit = frozen_submit;
        frozen.find = listed ? video_fake.remote->find : NULL;
        f.flow.videos = drivers;
        slow_fixture = &f;
        slow_turns = 1;
        paid_project(&f, 10);
        paid_start(&f);
        paid_work(&f, 1000);
        assert_int_equal(paid_spend(&f, 1).state, SPEND_SETTLED);
        assert_int_equal(paid_spend(&f, 2).state, SPEND_SETTLED);
        assert_int_equal(fake_provider->sends, PAID_SCENES);
        assert_int_equal(fake_provider->cancels, 0);
        assert_int_equal(paid_audit(&f), 0);
        paid_end(&f);
    }
}

/* ---- no word of a call that is out ---- */

/* A night in which nobody looked, and then trouble for a while: the clips are there still. */
static const struct {
    const char *name;
    bool keyless;
    int mute;
} mornings[] = {
    { "the first question fails", false, 1 },
    { "the server began without its key", true, 0 },
};

static void a_night_is_no_reason_to_give_a_call_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mornings / sizeof *mornings; i++) {
        struct paid_fixture f;
        paid_begin(&f);
        const struct video_driver *const *with_key = f.flow.videos;
        keep_two_days(&f);
        paid_project(&f, 10);
        paid_start(&f);
        paid_work(&f, 2);
        f.clock.now_us += 10 * 3600 * SECOND_US;
        fake_provider->mute = mornings[i].mute;
        if (mornings[i].keyless)
            take_key_away(&f);
        paid_work(&f, mornings[i].keyless ? 40 : 2);
        if (paid_spend(&f, 1).state != SPEND_BOUND)
            test_failed("%s: %s", mornings[i].name, spend_state_names[paid_spend(&f, 1).state]);
        assert_true(paid_spend(&f, 1).trouble_us > 0);
        f.flow.videos = with_key;
        paid_work(&f, 1000);
        assert_int_equal(paid_spend(&f, 1).state, SPEND_SETTLED);
        assert_int_equal(paid_spend(&f, 2).state, SPEND_SETTLED);
        assert_int_equal(paid_audit(&f), 0);
        paid_end(&f);
    }
}

/* Nobody answers any more, for three hours on end: no sooner, and not while the clip may be there still. */
static void who_never_answers_is_given_up(void **state)
{
    (void)state;
    for (int patient = 0; patient < 2; patient++) {
        struct paid_fixture f;
        paid_begin(&f);
        if (patient)
            keep_two_days(&f);
        paid_project(&f, 10);
        paid_start(&f);
        paid_work(&f, 2);
        int64_t bound_us = paid_spend(&f, 1).bound_us;
        fake_provider->mute = 100000;
        paid_work(&f, 4);
        f.clock.now_us = bound_us + (patient ? 46 : 2) * 3600 * SECOND_US; /* most of it in one go */
        paid_work(&f, 4);
        assert_int_equal(paid_spend(&f, 1).state, SPEND_BOUND);
        while (paid_spend(&f, 1).state == SPEND_BOUND)
            assert_int_equal(paid_work(&f, 1), 1);
        assert_int_equal(paid_spend(&f, 1).state, SPEND_WASTED);
        assert_true(f.clock.now_us - bound_us > (patient ? 48 : 3) * 3600 * SECOND_US);
        assert_true(f.clock.now_us - bound_us < (patient ? 49 : 4) * 3600 * SECOND_US);
        paid_end(&f);
    }
}

/* An outage that ends is no part of the next one. */
static void an_answer_ends_the_trouble(void **state)
{
    struct paid_fixture f;
    (void)state;
    paid_begin(&f);
    fake_provider->faults[0] = FAKE_STUCK;
    paid_project(&f, 10);
    paid_start(&f);
    paid_work(&f, 2);
    fake_provider->mute = 4;
    while (!paid_spend(&f, 1).trouble_us)
        assert_int_equal(paid_work(&f, 1), 1);
    while (paid_spend(&f, 1).trouble_us)
        assert_int_equal(paid_work(&f, 1), 1);
    assert_int_equal(fake_provider->mute, 0);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_BOUND);
    paid_end(&f);
}

/* Killed while it was sent, begun hours later: one list that cannot be had is not the end of it. */
static void a_call_of_hours_ago_is_looked_for_all_the_same(void **state)
{
    struct paid_fixture f;
    (void)state;
    paid_begin(&f);
    keep_two_days(&f);
    fake_provider->faults[0] = FAKE_DROP_AFTER;
    paid_project(&f, 10);
    paid_start(&f);
    paid_work(&f, 2);
    struct spend sent = paid_spend(&f, 1);
    sent.state = SPEND_INTENT;
    sent.boot = "dead";
    sent.orphaned_us = 0;
    struct item_write write = spend_write(&f.task, &sent);
    assert_ok(&f.task, store_write(f.flow.store, &f.task, &write, 1));
    f.clock.now_us += 4 * 3600 * SECOND_US;
    fake_provider->blind = 1;
    while (fake_provider->blind)
        assert_int_equal(paid_work(&f, 1), 1);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_AMBIGUOUS);
    paid_work(&f, 1000);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_SETTLED);
    assert_int_equal(fake_provider->sends, 2);
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

/* Nobody can look, for want of a key: it is held, as it is when the list cannot be had. */
static void what_nobody_can_look_for_is_held(void **state)
{
    struct paid_fixture f;
    (void)state;
    paid_begin(&f);
    fake_provider->faults[0] = FAKE_DROP_AFTER;
    paid_project(&f, 10);
    paid_start(&f);
    paid_work(&f, 2);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_AMBIGUOUS);
    int64_t began_us = f.clock.now_us;
    take_key_away(&f);
    while (paid_spend(&f, 1).state == SPEND_AMBIGUOUS)
        assert_int_equal(paid_work(&f, 1), 1);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_HELD);
    assert_true(f.clock.now_us - began_us > 800 * SECOND_US);
    assert_string_equal(paid_job(&f, 1).problem.code, "RECONCILE");
    paid_end(&f);
}

/* ---- our own media store is away ---- */

/* Puts fail and are kept on this machine until the store is back, as with S3. */
struct absent {
    struct blob_store store;
    struct blob_store *under, *kept;
    bool away;
};

static struct absent *absent(struct blob_store *b)
{
    return (struct absent *)b;
}

static enum err say_away(struct task *t)
{
    enum err e = fail(t, ERR_UNAVAILABLE, "the media store is away");
    t->fault.house = true;
    return e;
}

static enum err absent_draft(struct blob_store *b, struct task *t, struct draft *out)
{
    return blob_draft(absent(b)->under, t, out);
}

static enum err absent_put(struct blob_store *b, struct task *t, const char *key, struct draft *draft)
{
    struct absent *a = absent(b);
    if (!a->away)
        return blob_put(a->under, t, key, draft);
    assert_ok(t, blob_put_bytes(a->kept, t, key, (struct bytes){ "clip", 4 }));
    return say_away(t);
}

static enum err absent_stat(struct blob_store *b, struct task *t, const char *key, struct blob_info *out)
{
    return absent(b)->away ? say_away(t) : blob_stat(absent(b)->under, t, key, out);
}

static enum err absent_open(struct blob_store *b, struct task *t, const char *key, int *out_fd)
{
    return absent(b)->away ? say_away(t) : blob_open(absent(b)->under, t, key, out_fd);
}

static enum err absent_waiting(struct blob_store *b, struct task *t, struct blob_info **out, size_t *out_count)
{
    return blob_list(absent(b)->kept, t, "", out, out_count);
}

static void absent_close(struct blob_store *b)
{
    blob_close(absent(b)->under);
    blob_close(absent(b)->kept);
}

static const struct blob_driver absent_driver = {
    .name = "absent", .draft = absent_draft, .put = absent_put, .open = absent_open, .stat = absent_stat,
    .waiting = absent_waiting, .close = absent_close,
};

static void begin_absent(struct paid_fixture *f, struct absent *a)
{
    paid_begin(f);
    *a = (struct absent){ .store = { &absent_driver }, .under = f->flow.blobs, .away = true };
    assert_ok(&f->task, blob_memory_open(&f->task, &a->kept));
    f->flow.blobs = &a->store;
    paid_project(f, 10);
    paid_start(f);
}

/* The machine that kept them sends them. */
static void send_kept(struct paid_fixture *f, struct absent *a)
{
    struct blob_info *files;
    size_t count;
    a->away = false;
    assert_ok(&f->task, blob_list(a->kept, &f->task, "", &files, &count));
    for (size_t i = 0; i < count; i++)
        assert_ok(&f->task, blob_put_bytes(a->under, &f->task, files[i].key, (struct bytes){ "clip", 4 }));
}

/* A minute of work, so much time in which nobody looks, and a minute of work. */
static void work_for(struct paid_fixture *f, int64_t us)
{
    for (int i = 0; i < 2; i++) {
        int64_t until_us = f->clock.now_us + 60 * SECOND_US;
        while (f->clock.now_us < until_us && paid_work(f, 1) > 0)
            continue;
        f->clock.now_us += i == 0 ? us : 0;
    }
}

/* Twelve hours, where the provider keeps a clip for one: it is fetched once, and never lost. */
static void a_clip_that_came_while_our_store_was_away_is_kept(void **state)
{
    struct paid_fixture f;
    struct absent a;
    struct take *takes;
    size_t count;
    (void)state;
    begin_absent(&f, &a);
    work_for(&f, 12 * 3600 * SECOND_US);
    assert_int_equal(fake_provider->fetches, PAID_SCENES);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_BOUND);
    send_kept(&f, &a);
    paid_work(&f, 1000);
    assert_int_equal(fake_provider->fetches, PAID_SCENES);
    for (int scene = 1; scene <= PAID_SCENES; scene++) {
        assert_int_equal(paid_job(&f, scene).state, JOB_DONE);
        assert_int_equal(paid_spend(&f, scene).state, SPEND_SETTLED);
        assert_ok(&f.task, takes_load(f.flow.store, &f.task, "P", scene, &takes, &count));
        assert_int_equal(count, 1);
        assert_int_equal(takes[0].frames, 96);
    }
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

/* The store is back, and who kept it is not: fetched again while the provider has it, waited for when not. */
static void a_clip_whose_keeper_is_gone_is_fetched_again_or_waited_for(void **state)
{
    struct paid_fixture f;
    struct absent a;
    (void)state;
    begin_absent(&f, &a);
    work_for(&f, 1800 * SECOND_US);
    a.away = false;
    paid_work(&f, 1000);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_SETTLED);
    assert_int_equal(fake_provider->fetches, 2 * PAID_SCENES);
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);

    begin_absent(&f, &a);
    work_for(&f, 7200 * SECOND_US);
    a.away = false;
    work_for(&f, 20 * 3600 * SECOND_US);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_BOUND);
    paid_work(&f, 10000);
    assert_int_equal(paid_spend(&f, 1).state, SPEND_WASTED);
    assert_non_null(strstr(paid_job(&f, 1).problem.message, "$0.40"));
    assert_int_equal(paid_audit(&f), 0);
    paid_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_course_ends_with_honest_books),
        cmocka_unit_test(another_model_films_what_the_first_surely_does_not),
        cmocka_unit_test(a_list_that_lags_does_not_buy_twice),
        cmocka_unit_test(a_held_call_is_looked_for_again),
        cmocka_unit_test(a_hint_binds_what_no_list_shows),
        cmocka_unit_test(word_that_comes_while_it_is_sent_is_heard),
        cmocka_unit_test(a_hint_takes_back_that_it_never_arrived),
        cmocka_unit_test(a_hint_lets_a_held_call_go_on),
        cmocka_unit_test(a_wrong_hint_binds_nothing),
        cmocka_unit_test(a_held_call_is_forgotten_and_counts_as_spent),
        cmocka_unit_test(a_held_call_is_bought_again_when_a_person_says_so),
        cmocka_unit_test(what_was_given_up_is_not_closed_again),
        cmocka_unit_test(what_the_budget_does_not_cover_is_not_begun),
        cmocka_unit_test(a_prompt_that_is_too_long_for_its_model_is_not_sent),
        cmocka_unit_test(without_a_key_the_next_that_is_allowed_films),
        cmocka_unit_test(a_call_that_is_called_off_is_told_to_the_provider),
        cmocka_unit_test(what_a_paused_project_has_out_can_be_called_off),
        cmocka_unit_test(what_is_out_ends_though_its_project_cannot_be_computed),
        cmocka_unit_test(what_was_not_sent_yet_costs_nothing_when_called_off),
        cmocka_unit_test(downloads_come_before_looks_and_the_oldest_first),
        cmocka_unit_test(what_is_deleted_soon_is_rescued_first),
        cmocka_unit_test(what_is_of_no_use_is_kept_for_a_look),
        cmocka_unit_test(what_cannot_be_looked_at_is_not_let_go),
        cmocka_unit_test(an_hour_later_the_loss_is_named_with_its_cost),
        cmocka_unit_test(what_was_bought_meanwhile_is_not_reserved_again),
        cmocka_unit_test(what_was_undone_is_had_again_for_nothing),
        cmocka_unit_test(the_same_input_is_not_open_twice),
        cmocka_unit_test(a_twin_gives_way_to_what_a_person_has_to_see_to),
        cmocka_unit_test(a_call_that_is_being_answered_is_waited_for),
        cmocka_unit_test(a_ticket_that_comes_late_is_as_good),
        cmocka_unit_test(a_night_is_no_reason_to_give_a_call_up),
        cmocka_unit_test(who_never_answers_is_given_up),
        cmocka_unit_test(an_answer_ends_the_trouble),
        cmocka_unit_test(a_call_of_hours_ago_is_looked_for_all_the_same),
        cmocka_unit_test(what_nobody_can_look_for_is_held),
        cmocka_unit_test(a_clip_that_came_while_our_store_was_away_is_kept),
        cmocka_unit_test(a_clip_whose_keeper_is_gone_is_fetched_again_or_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
