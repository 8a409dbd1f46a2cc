/*
 * Calls to services: what is known of a call that makes something, whatever becomes of it; that a key goes to its own
 * host and comes back from nowhere; that only a configured address may be any machine; and how answers are classified.
 * Against servers of this test's own on loopback.
 */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/fields.h"
#include "base/text.h"
#include "net/service.h"
#include "suite.h"
#include "web_stub.h"

#define CANARY "r8_canary0123456789"

struct fixture {
    struct task     task;
    struct net     *net;
    struct secret  *key;
    struct services all;
    struct web_stub web, other;
    int             created;              /* requests that were answered or deliberately not */
    char            seen[200], elsewhere[200];
};

static void answer(void *shared, const struct web_request *r, int c)
{
    struct fixture *f = shared;
    char text[300];
    int status;
    snprintf(f->seen, sizeof f->seen, "%s", web_header(r, "Authorization"));
    f->created++;
    if (sscanf(r->path, "/status/%d", &status) == 1) {
        snprintf(text, sizeof text, "%d Said", status);
        web_reply(c, text, "", "{\"id\":\"x\"}");
    } else if (text_equal(r->path, "/echo")) {
        snprintf(text, sizeof text, "X-Said: %s\r\n", f->seen);
        web_reply(c, "401 Unauthorized", text, "{\"detail\":\"no such key: " CANARY ", really " CANARY "\"}");
    } else if (text_equal(r->path, "/away")) {
        snprintf(text, sizeof text, "Location: http://127.0.0.1:%d/\r\n", f->other.port);
        web_reply(c, "302 Found", text, "");
    } else if (text_equal(r->path, "/half"))
        web_say(c, "HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"id\":");
    else if (text_equal(r->path, "/json"))
        web_reply(c, "200 OK", "", r->body);
    else if (text_equal(r->path, "/silent"))
        (void)!read(c, text, 1);
}                                         /* any other path: the connection ends without an answer */

static void listen_elsewhere(void *shared, const struct web_request *r, int c)
{
    struct fixture *f = shared;
    snprintf(f->elsewhere, sizeof f->elsewhere, "[%s]", web_header(r, "Authorization"));
    web_reply(c, "200 OK", "", "{}");
}

static void begin(struct fixture *f)
{
    *f = (struct fixture){ 0 };
    task_init(&f->task, "test");
    assert_ok(&f->task, net_open(&f->task, &(struct net_options){ 0 }, &f->net));
    assert_ok(&f->task, secret_new(&f->task, "the key", CANARY, &f->key));
    web_stub_start(&f->web, answer, f);
    web_stub_start(&f->other, listen_elsewhere, f);
    f->all = services_make(f->net);
    f->all.at[SERVICE_REPLICATE].key = f->key;
    f->all.at[SERVICE_REPLICATE].url = arena_format(f->task.arena, "http://127.0.0.1:%d", f->web.port);
}

static void end(struct fixture *f)
{
    web_stub_stop(&f->web);
    web_stub_stop(&f->other);
    secret_free(f->key);
    net_close(f->net);
    task_done(&f->task);
}

static enum err create(struct fixture *f, const char *path, enum net_outcome *outcome, struct net_reply *r)
{
    scoped(json) json_t *body = json_pack("{s:i}", "a", 1);
    struct service_call call = { .method = "POST", .path = path, .json = body, .timeout_us = SECOND_US / 4 };
    return service_create(&f->all, &f->task, SERVICE_REPLICATE, &call, outcome, r);
}

static void what_became_of_a_call_is_known(void **state)
{
    (void)state;
    static const struct {
        const char      *path;
        enum err         error;
        enum net_outcome outcome;
    } cases[] = {
        { "/status/200", OK, NET_CREATED },          { "/status/201", OK, NET_CREATED },
        { "/status/202", OK, NET_CREATED },          { "/status/400", OK, NET_NOT_CREATED },
        { "/status/401", OK, NET_NOT_CREATED },      { "/status/402", OK, NET_NOT_CREATED },
        { "/status/403", OK, NET_NOT_CREATED },      { "/status/404", OK, NET_NOT_CREATED },
        { "/status/422", OK, NET_NOT_CREATED },      { "/status/429", OK, NET_NOT_CREATED },
        { "/status/408", OK, NET_AMBIGUOUS },        { "/status/409", OK, NET_AMBIGUOUS },
        { "/status/500", OK, NET_AMBIGUOUS },        { "/status/502", OK, NET_AMBIGUOUS },
        { "/status/503", OK, NET_AMBIGUOUS },        { "/away", OK, NET_AMBIGUOUS },
        { "/half", ERR_UPSTREAM, NET_AMBIGUOUS },    { "/dropped", ERR_UPSTREAM, NET_AMBIGUOUS },
        { "/silent", ERR_TIMEOUT, NET_AMBIGUOUS },
    };
    struct fixture f;
    begin(&f);
    for (size_t i = 0; i < SUITE_COUNT(cases); i++) {
        enum net_outcome outcome = 0;
        struct net_reply r;
        enum err e = create(&f, cases[i].path, &outcome, &r);
        if (e != cases[i].error || outcome != cases[i].outcome)
            test_failed("%s gave %s, outcome %d", cases[i].path, err_name(e), outcome);
        if (f.created != (int)i + 1)
            test_failed("%s was sent %d times", cases[i].path, f.created - (int)i);
    }
    assert_string_equal(f.elsewhere, "");
    end(&f);
}

static void what_never_left_was_not_created(void **state)
{
    (void)state;
    static const char *const urls[] = { "http://127.0.0.1:9", "https://no.such.host.invalid", "https://127.0.0.1:1",
                                        "file:///etc" };
    struct fixture f;
    begin(&f);
    for (size_t i = 0; i < SUITE_COUNT(urls); i++) {
        enum net_outcome outcome = 0;
        struct net_reply r;
        f.all.at[SERVICE_REPLICATE].url = urls[i];
        enum err e = create(&f, "/status/201", &outcome, &r);
        if (e == OK || outcome != NET_NOT_CREATED)
            test_failed("%s gave %s, outcome %d", urls[i], err_name(e), outcome);
    }
    f.all.at[SERVICE_REPLICATE].key = NULL;
    enum net_outcome outcome = 0;
    struct net_reply r;
    assert_err(create(&f, "/status/201", &outcome, &r), ERR_AUTH);
    assert_int_equal(outcome, NET_NOT_CREATED);
    assert_non_null(strstr(f.task.fault.next, "REPLICATE_API_TOKEN"));
    end(&f);
    assert_int_equal(f.created, 0);
}

static enum err get(struct fixture *f, const struct service_call *call, struct net_reply *r)
{
    return service_call(&f->all, &f->task, SERVICE_REPLICATE, call, r);
}

static void a_key_goes_to_its_host_and_comes_back_from_nowhere(void **state)
{
    (void)state;
    struct fixture f;
    struct net_reply r;
    begin(&f);
    assert_ok(&f.task, get(&f, &(struct service_call){ .method = "GET", .path = "/echo" }, &r));
    assert_string_equal(f.seen, "Bearer " CANARY);
    assert_null(strstr(r.body.at, CANARY));
    assert_null(strstr(net_reply_header(&r, "x-said"), CANARY));
    assert_non_null(strstr(r.body.at, "no such key: *******"));

    assert_ok(&f.task, get(&f, &(struct service_call){ .method = "GET", .path = "/away" }, &r));
    assert_string_equal(f.elsewhere, "[]");
    const char *own = arena_format(f.task.arena, "http://127.0.0.1:%d/status/200", f.web.port);
    assert_ok(&f.task, get(&f, &(struct service_call){ .method = "GET", .url = own }, &r));
    assert_string_equal(f.seen, "Bearer " CANARY);
    end(&f);
}

/* What a service answers may not lead into the house: only its own address was configured. */
static void only_a_configured_address_may_be_any_machine(void **state)
{
    (void)state;
    struct fixture f;
    struct net_reply r;
    begin(&f);
    const char *other = arena_format(f.task.arena, "http://127.0.0.1:%d/", f.other.port);
    assert_err(get(&f, &(struct service_call){ .method = "GET", .url = other }, &r), ERR_INVALID);
    assert_err(get(&f, &(struct service_call){ .method = "GET", .url = "https://192.168.0.1/" }, &r), ERR_FORBIDDEN);
    assert_true(service_owns(&f.all.at[SERVICE_REPLICATE], &f.task, f.all.at[SERVICE_REPLICATE].url));
    assert_false(service_owns(&f.all.at[SERVICE_REPLICATE], &f.task, other));
    assert_false(service_owns(&f.all.at[SERVICE_REPLICATE], &f.task, "no address"));
    end(&f);
    assert_string_equal(f.elsewhere, "");
}

static void answers_are_json_objects_or_named_as_none(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        enum err    error;
    } cases[] = { { "{\"a\":1}", OK }, { "", ERR_UPSTREAM }, { "<html>", ERR_UPSTREAM }, { "[1]", ERR_UPSTREAM },
                  { "{\"a\":", ERR_UPSTREAM } };
    struct fixture f;
    begin(&f);
    for (size_t i = 0; i < SUITE_COUNT(cases); i++) {
        scoped(json) json_t *json = NULL;
        struct net_reply r = { .status = 200, .body = { cases[i].body, strlen(cases[i].body) } };
        assert_err(service_json(&f.task, &f.all.at[SERVICE_GEMINI], &r, &json), cases[i].error);
    }
    end(&f);
}

static void refusals_are_classified_once(void **state)
{
    (void)state;
    static const struct {
        int      status;
        enum err error;
    } cases[] = {
        { 400, ERR_IMPOSSIBLE }, { 401, ERR_AUTH },    { 402, ERR_CREDIT },      { 403, ERR_AUTH },
        { 404, ERR_NOT_FOUND },  { 408, ERR_TIMEOUT }, { 410, ERR_EXPIRED },     { 413, ERR_LIMIT },
        { 422, ERR_IMPOSSIBLE }, { 429, ERR_RATE },    { 500, ERR_UNAVAILABLE }, { 503, ERR_UNAVAILABLE },
        { 504, ERR_TIMEOUT },    { 302, ERR_UPSTREAM }, { 599, ERR_UPSTREAM },
    };
    struct task t;
    task_init(&t, "test");
    struct services all = services_make(NULL);
    for (size_t i = 0; i < SUITE_COUNT(cases); i++) {
        struct net_reply r = { .status = cases[i].status };
        assert_err(service_refusal(&t, &all.at[SERVICE_REPLICATE], &r, "because\n of it", -1), cases[i].error);
        assert_non_null(strstr(t.fault.message, "because of it"));
        assert_int_equal(t.fault.wait_us, 0);
    }
    struct net_reply r = { .status = 429, .headers = { { "retry-after", "7" } }, .header_count = 1 };
    assert_err(service_refusal(&t, &all.at[SERVICE_REPLICATE], &r, "", -1), ERR_RATE);
    assert_int_equal(t.fault.wait_us, 7 * SECOND_US);
    assert_err(service_refusal(&t, &all.at[SERVICE_REPLICATE], &r, "", SECOND_US), ERR_RATE);
    assert_int_equal(t.fault.wait_us, SECOND_US);
    assert_err(fail(&t, ERR_INVALID, "something else"), ERR_INVALID);
    assert_int_equal(t.fault.wait_us, 0);
    task_done(&t);
}

static void a_wait_is_seconds_or_a_date(void **state)
{
    (void)state;
    static const struct {
        const char *after, *date;
        int64_t     seconds;      /* -1: does not say */
    } cases[] = {
        { "7", "", 7 },
        { "0", "", 0 },
        { "Sun, 22 Nov 2026 14:30:10 GMT", "Sun, 22 Nov 2026 14:30:00 GMT", 10 },
        { "Sun, 22 Nov 2026 14:29:00 GMT", "Sun, 22 Nov 2026 14:30:00 GMT", 0 },
        { "Sun, 22 Nov 2026 14:30:10 GMT", "", -1 },
        { "", "Sun, 22 Nov 2026 14:30:00 GMT", -1 },
        { "soon", "", -1 },
        { "-5", "", -1 },
        { "1e300", "", -1 },
        { "nan", "", -1 },
    };
    for (size_t i = 0; i < SUITE_COUNT(cases); i++) {
        struct net_reply r = { .headers = { { "retry-after", cases[i].after }, { "date", cases[i].date } },
                               .header_count = 2 };
        int64_t wait_us = net_retry_after_us(&r);
        if (wait_us != (cases[i].seconds < 0 ? -1 : cases[i].seconds * SECOND_US))
            test_failed("\"%s\" at \"%s\" gave %lld", cases[i].after, cases[i].date, (long long)wait_us);
    }
}

static void a_key_is_one_line_of_visible_characters(void **state)
{
    (void)state;
    static char long_key[SECRET_BYTES_MAX + 2];
    memset(long_key, 'k', sizeof long_key - 1);
    static const char *const wrong[] = { "", "two words", "line\n", "r8_\xC3\xA4", "\x01", long_key };
    struct task t;
    struct secret *s;
    task_init(&t, "test");
    for (size_t i = 0; i < SUITE_COUNT(wrong); i++) {
        assert_err(secret_new(&t, "REPLICATE_API_TOKEN", wrong[i], &s), ERR_INVALID);
        assert_true(!*wrong[i] || !strstr(t.fault.message, wrong[i]));
    }
    assert_ok(&t, secret_new(&t, "REPLICATE_API_TOKEN", long_key + 1, &s));
    secret_free(s);
    secret_free(NULL);
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_became_of_a_call_is_known),
        cmocka_unit_test(what_never_left_was_not_created),
        cmocka_unit_test(a_key_goes_to_its_host_and_comes_back_from_nowhere),
        cmocka_unit_test(only_a_configured_address_may_be_any_machine),
        cmocka_unit_test(answers_are_json_objects_or_named_as_none),
        cmocka_unit_test(refusals_are_classified_once),
        cmocka_unit_test(a_wait_is_seconds_or_a_date),
        cmocka_unit_test(a_key_is_one_line_of_visible_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
