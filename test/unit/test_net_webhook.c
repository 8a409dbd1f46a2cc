/* Signed messages: the standard's own vector, and everything that is almost right. */
#include "test.h"

#include <string.h>

#include "net/webhook.h"

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define SIGNED "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
#define SENT_S 1614265330

static const struct webhook_message message = {
    "msg_p5jXN8AQM9LWM0D4loKWxJek", SENT_S, { "{\"test\": 2432232314}", 20 },
};

static void the_vector_of_the_standard_is_signed_as_it_is_there(void **state)
{
    struct task t;
    struct bytes key;
    (void)state;
    task_init(&t, "test");
    assert_ok(&t, webhook_key(&t, SECRET, &key));
    assert_string_equal(webhook_sign(&t, key, &message), SIGNED);
    task_done(&t);
}

static const struct {
    const char *name, *signatures, *id, *body;
    int64_t now_s;
    enum err expected;
} cases[] = {
    { "right", SIGNED, NULL, NULL, SENT_S, OK },
    { "one of several", "v1,AAAA v2,x " SIGNED, NULL, NULL, SENT_S, OK },
    { "five minutes late", SIGNED, NULL, NULL, SENT_S + 300, OK },
    { "too late", SIGNED, NULL, NULL, SENT_S + 301, ERR_FORBIDDEN },
    { "too early", SIGNED, NULL, NULL, SENT_S - 301, ERR_FORBIDDEN },
    { "none", "", NULL, NULL, SENT_S, ERR_FORBIDDEN },
    { "the beginning of one", "v1,g0hM9SsE", NULL, NULL, SENT_S, ERR_FORBIDDEN },
    { "more than one in one word", SIGNED "," SIGNED, NULL, NULL, SENT_S, ERR_FORBIDDEN },
    { "another version", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", NULL, NULL, SENT_S, ERR_FORBIDDEN },
    { "another id", SIGNED, "msg_other", NULL, SENT_S, ERR_FORBIDDEN },
    { "another body", SIGNED, NULL, "{\"test\": 2432232315}", SENT_S, ERR_FORBIDDEN },
};

static void only_what_is_signed_and_fresh_passes(void **state)
{
    struct task t;
    struct bytes key;
    (void)state;
    task_init(&t, "test");
    assert_ok(&t, webhook_key(&t, SECRET, &key));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct clock clock = clock_fake(cases[i].now_s * SECOND_US);
        struct webhook_message m = message;
        t.clock = &clock;
        m.id = cases[i].id ? cases[i].id : m.id;
        m.body.at = cases[i].body ? cases[i].body : m.body.at;
        enum err e = webhook_check(&t, key, &m, cases[i].signatures);
        if (e != cases[i].expected)
            test_failed("%s: %s", cases[i].name, err_name(e));
    }
    task_done(&t);
}

static void a_secret_is_a_prefix_and_base64(void **state)
{
    static const char *const bad[] = { "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_###" };
    struct task t;
    struct bytes key;
    (void)state;
    task_init(&t, "test");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_err(webhook_key(&t, bad[i], &key), ERR_INVALID);
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vector_of_the_standard_is_signed_as_it_is_there),
        cmocka_unit_test(only_what_is_signed_and_fresh_passes),
        cmocka_unit_test(a_secret_is_a_prefix_and_base64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
