/*
 * Calls to a service of AWS, against a server of this test's own on loopback: where they go, what is signed, which
 * answers are tried again and how often, what is mended before that, and what refusals mean.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "net/aws.h"
#include "suite.h"
#include "web_stub.h"

/* The answers to one call, in turn; the last one stays. */
struct said {
    const char *status, *headers, *body; /* status NULL: the connection ends instead */
};

struct fixture {
    struct task t;
    struct net *net;
    struct aws_account *account;
    struct aws *aws;
    struct web_stub web;
    const struct said *says;
    int turn;
    char method[16], path[1024], authorization[512], date[64], token[64], type[64], hash[80];
    char body[4096];
};

static void copy_header(const struct web_request *r, const char *name, char *to, size_t size)
{
    snprintf(to, size, "%s", web_header(r, name));
}

static void answer(void *shared, const struct web_request *r, int c)
{
    struct fixture *f = shared;
    const struct said *said = &f->says[f->turn];
    f->turn += f->says[f->turn + 1].body ? 1 : 0;
    snprintf(f->method, sizeof f->method, "%s", r->method);
    snprintf(f->path, sizeof f->path, "%s", r->path);
    snprintf(f->body, sizeof f->body, "%.*s", (int)r->body_bytes, r->body);
    copy_header(r, "Authorization", f->authorization, sizeof f->authorization);
    copy_header(r, "X-Amz-Date", f->date, sizeof f->date);
    copy_header(r, "X-Amz-Security-Token", f->token, sizeof f->token);
    copy_header(r, "Content-Type", f->type, sizeof f->type);
    copy_header(r, "X-Amz-Content-Sha256", f->hash, sizeof f->hash);
    if (said->status)
        web_reply(c, said->status, said->headers ? said->headers : "", said->body);
}

static const char *const variables[] = { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                                         "AWS_SESSION_TOKEN", "AWS_REGION",
                                         "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL",
                                         "AWS_ENDPOINT_URL_S3", "AWS_PROFILE" };

static void begin(struct fixture *f, const struct said *says, const char *bucket)
{
    *f = (struct fixture){ .says = says };
    for (size_t i = 0; i < SUITE_COUNT(variables); i++)
        unsetenv(variables[i]);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials", 1);
    setenv("AWS_CONFIG_FILE", "/nonexistent/config", 1);
    setenv("AWS_ACCESS_KEY_ID", "AKIDTEST", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "secret-canary", 1);
    task_init(&f->t, "test");
    web_stub_start(&f->web, answer, f);
    assert_ok(&f->t, net_open(&f->t, &(struct net_options){ 0 }, &f->net));
    assert_ok(&f->t, aws_account_open(&f->t, f->net, &f->account));
    const struct aws_options options = {
        .service = bucket ? "s3" : "dynamodb",
        .title = bucket ? "S3" : "DynamoDB",
        .region = "eu-west-1",
        .endpoint = arena_format(f->t.arena, "http://127.0.0.1:%d", f->web.port),
        .bucket = bucket,
        .path_style = true,
        .wait_us = 1,
        .tries = 4,
    };
    assert_ok(&f->t, aws_open(&f->t, f->account, &options, &f->aws));
}

static void end(struct fixture *f)
{
    aws_close(f->aws);
    aws_account_close(f->account);
    net_close(f->net);
    web_stub_stop(&f->web);
    task_done(&f->t);
}

static const struct aws_request post = {
    .method = "POST",
    .path = "/",
    .headers =
        (const struct sigv4_pair[]){ { "content-type", "application/x-amz-json-1.0" },
                                     { "x-amz-target", "DynamoDB_20120810.GetItem" } },
    .header_count = 2,
    .body = { "{}", 2 },
};

#define BODY(text) .body = (text)
#define LAST       { 0 }

static void a_request_is_sent_as_it_was_signed(void **state)
{
    (void)state;
    static const struct said says[] = { { "200 OK", BODY("{\"ok\":1}") }, LAST };
    struct fixture f;
    struct aws_reply reply;
    begin(&f, says, NULL);
    assert_ok(&f.t, aws_call(f.aws, &f.t, &post, &reply));
    assert_int_equal(reply.http.status, 200);
    assert_string_equal(reply.http.body.at, "{\"ok\":1}");
    assert_string_equal(reply.code, "");
    assert_false(reply.unsure);
    assert_string_equal(f.method, "POST");
    assert_string_equal(f.path, "/");
    assert_string_equal(f.body, "{}");
    assert_string_equal(f.type, "application/x-amz-json-1.0");
    assert_string_equal(f.token, "");
    assert_int_equal(strlen(f.date), 16);
    assert_non_null(strstr(f.authorization, "/eu-west-1/dynamodb/aws4_request, SignedHeaders="
                                            "content-type;host;x-amz-date;x-amz-target, "));
    assert_null(strstr(f.authorization, "canary"));
    end(&f);
}

static void a_bucket_stands_in_the_path_or_in_the_host(void **state)
{
    (void)state;
    static const struct said says[] = { { "200 OK", BODY("") }, LAST };
    static const struct sigv4_pair query[] = { { "uploads", "" }, { "prefix", "a/b" } };
    struct fixture f;
    struct aws_reply reply;
    const char *url, *again;
    begin(&f, says, "bucket");
    const struct aws_request get = { .method = "GET", .path = "/mv/a b", .query = query, .query_count = 2 };
    assert_ok(&f.t, aws_call(f.aws, &f.t, &get, &reply));
    assert_string_equal(f.path, "/bucket/mv/a%20b?prefix=a%2Fb&uploads=");
    assert_string_equal(f.hash, SIGV4_EMPTY);
    struct aws *at_amazon;
    assert_ok(&f.t, aws_open(&f.t, f.account,
                             &(struct aws_options){ .service = "s3", .title = "S3",
                                                    .region = "eu-west-1", .bucket = "media" },
                             &at_amazon));
    assert_string_equal(aws_endpoint(at_amazon), "https://s3.eu-west-1.amazonaws.com");
    assert_ok(&f.t, aws_presign(at_amazon, &f.t, &get, 60, &url));
    assert_true(text_starts(url, "https://media.s3.eu-west-1.amazonaws.com/mv/a%20b?X-Amz-"));
    assert_non_null(strstr(url, "&prefix=a%2Fb&uploads=&X-Amz-Signature="));
    assert_err(aws_presign(at_amazon, &f.t, &get, 0, &again), ERR_INVALID);
    assert_string_equal(aws_origin(at_amazon, &f.t), "https://media.s3.eu-west-1.amazonaws.com");
    aws_close(at_amazon);
    end(&f);
}

static void a_presigned_address_stays_for_half_of_its_life(void **state)
{
    (void)state;
    static const struct said says[] = { { "200 OK", BODY("") }, LAST };
    static const int after_s[] = { 0, 449, 450, 899, 900 };
    static const char *const dates[] = { "20300102T030000Z", "20300102T030000Z",
                                         "20300102T030730Z", "20300102T030730Z",
                                         "20300102T031500Z" };
    const struct aws_request get = { .method = "GET", .path = "/a" };
    struct fixture f;
    begin(&f, says, "bucket");
    struct clock clock = clock_fake(0);
    f.t.clock = &clock;
    for (size_t i = 0; i < SUITE_COUNT(dates); i++) {
        const char *url;
        clock.now_us = (INT64_C(1893553200) + after_s[i]) * SECOND_US;
        assert_ok(&f.t, aws_presign(f.aws, &f.t, &get, 900, &url));
        assert_non_null(strstr(url, dates[i]));
    }
    end(&f);
}

static void settings_that_cannot_work_are_refused(void **state)
{
    (void)state;
    static const struct said says[] = { { "200 OK", BODY("") }, LAST };
    static const struct {
        const char *region, *endpoint;
        enum err error;
    } cases[] = {
        { NULL, NULL, ERR_INVALID },
        { "Frankfurt!", NULL, ERR_INVALID },
        { NULL, "http://127.0.0.1:9000/path", ERR_INVALID },
        { NULL, "127.0.0.1:9000", ERR_INVALID },
        { NULL, "https://user:word@host", ERR_INVALID },
        { NULL, "http://127.0.0.1:9000/", OK },
        { "us-east-2", NULL, OK },
    };
    struct fixture f;
    begin(&f, says, NULL);
    for (size_t i = 0; i < SUITE_COUNT(cases); i++) {
        struct aws *aws = NULL;
        assert_err(aws_open(&f.t, f.account,
                            &(struct aws_options){ .service = "sqs", .title = "SQS",
                                                   .region = cases[i].region,
                                                   .endpoint = cases[i].endpoint },
                            &aws),
                   cases[i].error);
        aws_close(aws);
    }
    end(&f);
}

#define THROTTLED "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException\"}"
#define SLOW      "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message/></Error>"

static void what_passes_is_tried_again_and_what_does_not_is_not(void **state)
{
    (void)state;
    static const struct {
        struct said says[4];
        int requests;
        bool unsure;
        enum err error; /* of aws_refusal(), or of the call when there is no answer */
        const char *code;
    } cases[] = {
        { { { "400 Bad", BODY(THROTTLED) }, { "200 OK", BODY("{}") } }, 2, false, OK, "" },
        { { { "503 Slow", BODY(SLOW) }, { "503 Slow", BODY(SLOW) }, { "200 OK", BODY("") } },
          3, true, OK, "" },
        { { { "503 Slow", BODY(SLOW) } }, 4, true, ERR_RATE, "SlowDown" },
        { { { "500 Oh", BODY("") } }, 4, true, ERR_UNAVAILABLE, "" },
        { { { NULL, BODY("") }, { "200 OK", BODY("") } }, 2, true, OK, "" },
        { { { NULL, BODY("") } }, 4, false, ERR_UPSTREAM, NULL },
        { { { "501 No", BODY("") } }, 1, false, ERR_UPSTREAM, "" },
        { { { "400 Bad", BODY("{\"__type\":\"a#ConditionalCheckFailedException\"}") } },
          1, false, ERR_IMPOSSIBLE, "ConditionalCheckFailedException" },
        { { { "403 No", BODY("<Error><Code>AccessDenied</Code></Error>") } },
          1, false, ERR_FORBIDDEN, "AccessDenied" },
        { { { "403 No", BODY("<Error><Code>SignatureDoesNotMatch</Code></Error>") } },
          1, false, ERR_AUTH, "SignatureDoesNotMatch" },
        { { { "400 No", BODY("{\"__type\":\"UnrecognizedClientException\"}") } },
          1, false, ERR_AUTH, "UnrecognizedClientException" },
        { { { "404 No", .headers = "x-amzn-errortype: NotThere:http://x/\r\n", BODY("") } },
          1, false, ERR_NOT_FOUND, "NotThere" },
        { { { "412 No", BODY("<ErrorResponse><Error><Code>X</Code></Error></ErrorResponse>") } },
          1, false, ERR_CONFLICT, "X" },
        { { { "200 OK", BODY(" <Error><Code>InternalError</Code></Error>") },
            { "200 OK", BODY("<CopyObjectResult/>") } }, 2, true, OK, "" },
        { { { "400 Bad", BODY("<Error><!-- not whole") } }, 1, false, ERR_IMPOSSIBLE, "" },
    };
    for (size_t i = 0; i < SUITE_COUNT(cases); i++) {
        struct fixture f;
        struct aws_reply reply = { 0 };
        begin(&f, cases[i].says, NULL);
        enum err e = aws_call(f.aws, &f.t, &post, &reply);
        if (!e && (reply.http.status < 200 || reply.http.status > 299))
            e = aws_refusal(f.aws, &f.t, &reply, "do it");
        if (e != cases[i].error || f.web.requests != cases[i].requests)
            test_failed("case %zu: %s after %d requests: %s", i, err_name(e), f.web.requests,
                        f.t.fault.message);
        if (cases[i].code) {
            assert_string_equal(reply.code, cases[i].code);
            assert_int_equal(reply.unsure, cases[i].unsure);
        }
        assert_null(strstr(f.t.fault.message, "canary"));
        end(&f);
    }
}

static void a_clock_that_is_wrong_is_set_once(void **state)
{
    (void)state;
    static const struct said says[] = {
        { "403 Forbidden", "Date: Wed, 02 Jan 2030 03:04:05 GMT\r\n",
          "<Error><Code>RequestTimeTooSkewed</Code></Error>" },
        { "200 OK", BODY("") },
        LAST,
    };
    struct fixture f;
    struct aws_reply reply;
    begin(&f, says, NULL);
    assert_ok(&f.t, aws_call(f.aws, &f.t, &post, &reply));
    assert_int_equal(f.web.requests, 2);
    assert_true(text_starts(f.date, "20300102T03040"));
    assert_ok(&f.t, aws_call(f.aws, &f.t, &post, &reply));
    assert_int_equal(f.web.requests, 3);
    assert_true(text_starts(f.date, "20300102T03040"));
    end(&f);
}

static void a_clock_that_cannot_be_set_right_is_a_refusal(void **state)
{
    (void)state;
    static const struct said says[] = {
        { "403 Forbidden", "Date: Wed, 02 Jan 2030 03:04:05 GMT\r\n",
          "<Error><Code>RequestTimeTooSkewed</Code></Error>" },
        LAST,
    };
    struct fixture f;
    struct aws_reply reply;
    begin(&f, says, NULL);
    assert_ok(&f.t, aws_call(f.aws, &f.t, &post, &reply));
    assert_int_equal(f.web.requests, 2);
    assert_err(aws_refusal(f.aws, &f.t, &reply, "do it"), ERR_AUTH);
    end(&f);
}

static void a_session_token_is_sent_and_never_shown(void **state)
{
    (void)state;
    static const struct said says[] = { { "200 OK", BODY("token-canary") }, LAST };
    struct fixture f;
    struct aws_reply reply;
    begin(&f, says, NULL);
    setenv("AWS_SESSION_TOKEN", "token-canary", 1);
    assert_ok(&f.t, aws_call(f.aws, &f.t, &post, &reply));
    assert_string_equal(f.token, "token-canary");
    assert_non_null(strstr(f.authorization, ";x-amz-security-token;x-amz-target, "));
    assert_string_equal(reply.http.body.at, "************");
    end(&f);
}

/* It says what the service said last, which is more than that the time is up. */
static void a_task_that_would_be_over_does_not_wait(void **state)
{
    (void)state;
    static const struct said says[] = { { "503 Slow", "Retry-After: 15\r\n", SLOW }, LAST };
    struct fixture f;
    struct aws_reply reply;
    begin(&f, says, NULL);
    f.t.deadline_us = clock_monotonic_us(f.t.clock) + 10 * SECOND_US;
    assert_ok(&f.t, aws_call(f.aws, &f.t, &post, &reply));
    assert_int_equal(f.web.requests, 1);
    assert_err(aws_refusal(f.aws, &f.t, &reply, "do it"), ERR_RATE);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_sent_as_it_was_signed),
        cmocka_unit_test(a_bucket_stands_in_the_path_or_in_the_host),
        cmocka_unit_test(a_presigned_address_stays_for_half_of_its_life),
        cmocka_unit_test(settings_that_cannot_work_are_refused),
        cmocka_unit_test(what_passes_is_tried_again_and_what_does_not_is_not),
        cmocka_unit_test(a_clock_that_is_wrong_is_set_once),
        cmocka_unit_test(a_clock_that_cannot_be_set_right_is_a_refusal),
        cmocka_unit_test(a_session_token_is_sent_and_never_shown),
        cmocka_unit_test(a_task_that_would_be_over_does_not_wait),
    };
    return cmocka_run_group_tests_name("net: calls to AWS", tests, NULL, NULL);
}
