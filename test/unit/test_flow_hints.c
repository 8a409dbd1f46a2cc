/*
 * Word from providers at a route that is open to the world: what is not signed makes us call nobody, however often it
 * comes and whatever the provider does.
 */
#include "remote_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "flow/hints.h"
#include "gen/replicate.h"
#include "store/store_driver.h"

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

struct fixture {
    struct remote_fixture remote;
    struct clock clock;
    struct flow flow;
};

static struct task *begin(struct fixture *f)
{
    remote_begin(&f->remote, SERVICE_REPLICATE, "veo-3.1-fast");
    struct task *t = &f->remote.task;
    f->clock = clock_fake(1700000000 * SECOND_US);
    t->clock = &f->clock;
    f->flow = (struct flow){ .worker = "one", .owns_store = true, .services = &f->remote.all };
    assert_ok(t, store_memory_open(t, &f->flow.store));
    assert_ok(t, hints_open(t, "https://films.example", &f->flow.hints));
    return t;
}

static void end(struct fixture *f)
{
    hints_close(f->flow.hints);
    store_close(f->flow.store);
    remote_end(&f->remote);
}

static enum err say(struct fixture *f, bool forged)
{
    struct task *t = &f->remote.task;
    struct bytes key;
    struct hint hint = {
        .token = "0123456789abcdef0123456789abcdef", .ticket = "",
        .message = { "msg_1", clock_wall_us(&f->clock) / SECOND_US, { "{}", 2 } },
    };
    assert_ok(t, webhook_key(t, SECRET, &key));
    hint.signatures = forged ? "v1,bm9uZQ==" : webhook_sign(t, key, &hint.message);
    return hint_take(&f->flow, t, &hint);
}

/* So many at once, and how often the provider was called for them. */
static int calls_for(struct fixture *f, int count, bool forged, enum err wanted)
{
    int before = f->remote.web.requests;
    for (int i = 0; i < count; i++)
        assert_err(say(f, forged), wanted);
    return f->remote.web.requests - before;
}

static void what_is_not_signed_makes_us_call_nobody(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    remote_answers(&f.remote, "503 Service Unavailable", "{}");
    int one = calls_for(&f, 1, true, ERR_UNAVAILABLE);
    assert_true(one > 0);
    assert_int_equal(calls_for(&f, 30, true, ERR_UNAVAILABLE), 0);
    assert_int_equal(calls_for(&f, 1, false, ERR_UNAVAILABLE), 0);
    f.clock.now_us += 10 * SECOND_US;
    assert_int_equal(calls_for(&f, 1, true, ERR_UNAVAILABLE), one);

    f.clock.now_us += 10 * SECOND_US;
    remote_answers(&f.remote, "200 OK", "{\"key\":\"" SECRET "\"}");
    assert_int_equal(calls_for(&f, 1, false, OK), 1);
    assert_int_equal(calls_for(&f, 30, true, ERR_FORBIDDEN), 0);

    remote_answers(&f.remote, "503 Service Unavailable", "{}");
    f.clock.now_us += 60 * SECOND_US;
    assert_int_equal(calls_for(&f, 1, true, ERR_UNAVAILABLE), one);
    assert_int_equal(calls_for(&f, 30, true, ERR_FORBIDDEN), 0);
    assert_int_equal(calls_for(&f, 1, false, OK), 0);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_signed_makes_us_call_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
