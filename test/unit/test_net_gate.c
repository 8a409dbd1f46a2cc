/*
 * When a service may be called, by a clock that stands still until it is moved: turns at a limit, a service that wants to
 * be left alone, one that does not answer. The last rows go through service.h to a server of this test's own.
 */
#include "test.h"

#include "net/gate.h"
#include "net/service.h"
#include "web_stub.h"

struct fixture {
    struct task  task;
    struct clock clock;
    struct gate *gate;
};

static void begin(struct fixture *f)
{
    task_init(&f->task, "test");
    f->clock = clock_fake(1000 * SECOND_US);
    f->task.clock = &f->clock;
    f->gate = gate_new();
}

static void end(struct fixture *f)
{
    gate_free(f->gate);
    task_done(&f->task);
}

static int64_t wait_of(struct fixture *f, enum gate_kind kind, enum err wanted)
{
    f->task.fault = (struct fault){ 0 };
    assert_err(gate_enter(f->gate, &f->task, "It", kind), wanted);
    return f->task.fault.wait_us;
}

static void who_comes_too_early_is_given_a_turn(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f);
    gate_limit(f.gate, GATE_MAKE, 60, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(wait_of(&f, GATE_MAKE, OK), 0);
    for (int i = 1; i <= 4; i++)
        assert_int_equal(wait_of(&f, GATE_MAKE, ERR_RATE), i * SECOND_US);
    assert_int_equal(wait_of(&f, GATE_ASK, OK), 0); /* has a limit of its own: none */
    for (int i = 1; i <= 4; i++) {
        f.clock.now_us += SECOND_US; /* each in its turn */
        assert_int_equal(wait_of(&f, GATE_MAKE, OK), 0);
    }
    assert_int_equal(wait_of(&f, GATE_MAKE, ERR_RATE), SECOND_US);
    f.clock.now_us += 60 * SECOND_US; /* turns nobody came for are over */
    for (int i = 0; i < 3; i++)
        assert_int_equal(wait_of(&f, GATE_MAKE, OK), 0);
    assert_int_equal(wait_of(&f, GATE_MAKE, ERR_RATE), SECOND_US);
    end(&f);
}

static void two_hundred_at_a_limit_take_as_long_as_it_says(void **state)
{
    struct fixture f;
    int64_t due[200], now = 0;
    int left = 200, refusals = 0;
    (void)state;
    begin(&f);
    gate_limit(f.gate, GATE_MAKE, 600, 61);
    for (int i = 0; i < 200; i++)
        due[i] = f.clock.now_us;
    int64_t began = f.clock.now_us;
    while (left > 0) {
        int next = -1;
        for (int i = 0; i < 200; i++) {
            if (due[i] >= 0 && (next < 0 || due[i] < due[next]))
                next = i;
        }
        now = f.clock.now_us = due[next];
        f.task.fault = (struct fault){ 0 };
        enum err e = gate_enter(f.gate, &f.task, "It", GATE_MAKE);
        due[next] = e ? now + f.task.fault.wait_us : -1;
        left -= !e;
        refusals += e != OK;
    }
    assert_int_equal(now - began, 139 * SECOND_US / 10); /* 61 at once, then ten a second */
    assert_int_equal(refusals, 139);                     /* nobody comes twice for nothing */
    end(&f);
}

static void a_wish_to_be_left_alone_binds_all(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f);
    gate_wish(f.gate, &f.task, GATE_MAKE, 7 * SECOND_US);
    gate_wish(f.gate, &f.task, GATE_MAKE, 3 * SECOND_US); /* the longer one counts */
    assert_int_equal(wait_of(&f, GATE_MAKE, ERR_RATE), 7 * SECOND_US);
    assert_int_equal(wait_of(&f, GATE_ASK, OK), 0);
    f.clock.now_us += 7 * SECOND_US;
    assert_int_equal(wait_of(&f, GATE_MAKE, OK), 0);
    gate_wish(f.gate, &f.task, GATE_MAKE, -1);
    assert_int_equal(wait_of(&f, GATE_MAKE, ERR_RATE), GATE_WISH_US);
    gate_wish(f.gate, &f.task, GATE_MAKE, 86400 * SECOND_US);
    assert_int_equal(wait_of(&f, GATE_MAKE, ERR_RATE), GATE_WISH_MAX_US);
    end(&f);
}

static void tell(struct fixture *f, enum gate_news news, int times)
{
    for (int i = 0; i < times; i++)
        gate_tell(f->gate, &f->task, news);
}

static void one_that_does_not_answer_is_tried_now_and_then(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f);
    tell(&f, GATE_FAILED, GATE_FAILURES_MAX - 1);
    assert_int_equal(wait_of(&f, GATE_ASK, OK), 0);
    tell(&f, GATE_ANSWERED, 1);
    tell(&f, GATE_FAILED, GATE_FAILURES_MAX - 2);
    assert_int_equal(wait_of(&f, GATE_ASK, OK), 0);
    tell(&f, GATE_FAILED, 2);
    int64_t wait = wait_of(&f, GATE_ASK, ERR_UNAVAILABLE);
    assert_in_range(wait, GATE_PROBE_US - SECOND_US, GATE_PROBE_US + SECOND_US);
    assert_int_equal(wait_of(&f, GATE_MAKE, ERR_UNAVAILABLE), wait);
    f.clock.now_us += wait;
    assert_err(gate_check(f.gate, &f.task, "It", GATE_MAKE), OK); /* looking takes nothing */
    assert_int_equal(wait_of(&f, GATE_ASK, OK), 0);               /* one may try, */
    assert_int_equal(wait_of(&f, GATE_ASK, ERR_UNAVAILABLE), GATE_PROBE_US);
    tell(&f, GATE_FAILED, 1);                                     /* in vain, */
    wait = wait_of(&f, GATE_ASK, ERR_UNAVAILABLE);
    f.clock.now_us += wait;
    assert_int_equal(wait_of(&f, GATE_ASK, OK), 0);
    tell(&f, GATE_UNHEARD, 1);                                    /* goes away, another tries */
    assert_int_equal(wait_of(&f, GATE_ASK, OK), 0);
    tell(&f, GATE_ANSWERED, 1);
    for (int i = 0; i < 5; i++)
        assert_int_equal(wait_of(&f, GATE_MAKE, OK), 0);
    tell(&f, GATE_FAILED, GATE_FAILURES_MAX - 1);                 /* and the count began anew */
    assert_int_equal(wait_of(&f, GATE_ASK, OK), 0);
    end(&f);
}

static void half_of_the_last_twenty_is_enough(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f);
    for (int i = 0; i < GATE_WINDOW / 2 - 1; i++) {
        tell(&f, GATE_ANSWERED, 1);
        tell(&f, GATE_FAILED, 1);
    }
    tell(&f, GATE_ANSWERED, 1);
    assert_int_equal(wait_of(&f, GATE_ASK, OK), 0);
    tell(&f, GATE_FAILED, 1);
    assert_true(wait_of(&f, GATE_ASK, ERR_UNAVAILABLE) > 0);
    end(&f);
}

/* ---- through the front door ---- */

static void answer(void *shared, const struct web_request *r, int c)
{
    const char **said = shared;
    (void)r;
    web_reply(c, said[0], said[1], "{}");
}

static void services_are_called_through_their_gates(void **state)
{
    const char *said[] = { "429 No", "Retry-After: 9\r\n" };
    struct fixture f;
    struct net *net;
    struct web_stub web;
    struct net_reply reply;
    enum net_outcome outcome;
    const struct service_call call = { .method = "POST", .path = "/prompt" };
    const struct service_call ask = { .method = "GET", .path = "/queue" };
    (void)state;
    begin(&f);
    assert_ok(&f.task, net_open(&f.task, &(struct net_options){ 0 }, &net));
    web_stub_start(&web, answer, said);
    struct services all = services_make(net);
    struct service *s = &all.at[SERVICE_COMFYUI];
    s->url = arena_format(f.task.arena, "http://127.0.0.1:%d", web.port);

    assert_ok(&f.task, service_create(&all, &f.task, SERVICE_COMFYUI, &call, &outcome, &reply));
    assert_err(service_refusal(&f.task, s, &reply, "", -1), ERR_RATE);
    assert_err(service_may_make(&f.task, s), ERR_RATE);
    assert_err(service_create(&all, &f.task, SERVICE_COMFYUI, &call, &outcome, &reply), ERR_RATE);
    assert_int_equal(outcome, NET_NOT_CREATED);
    assert_int_equal(f.task.fault.wait_us, 9 * SECOND_US);
    assert_int_equal(web.requests, 1); /* nothing was sent */
    said[0] = "503 Oh";
    for (int i = 0; i < GATE_FAILURES_MAX; i++)
        assert_ok(&f.task, service_call(&all, &f.task, SERVICE_COMFYUI, &ask, &reply));
    assert_err(service_call(&all, &f.task, SERVICE_COMFYUI, &ask, &reply), ERR_UNAVAILABLE);
    assert_int_equal(web.requests, 1 + GATE_FAILURES_MAX);
    said[0] = "200 OK";
    f.clock.now_us += f.task.fault.wait_us;
    assert_ok(&f.task, service_call(&all, &f.task, SERVICE_COMFYUI, &ask, &reply));
    assert_ok(&f.task, service_create(&all, &f.task, SERVICE_COMFYUI, &call, &outcome, &reply));
    web_stub_stop(&web);
    net_close(net);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_comes_too_early_is_given_a_turn),
        cmocka_unit_test(two_hundred_at_a_limit_take_as_long_as_it_says),
        cmocka_unit_test(a_wish_to_be_left_alone_binds_all),
        cmocka_unit_test(one_that_does_not_answer_is_tried_now_and_then),
        cmocka_unit_test(half_of_the_last_twenty_is_enough),
        cmocka_unit_test(services_are_called_through_their_gates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
