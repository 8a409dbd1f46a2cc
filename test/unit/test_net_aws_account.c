/*
 * Credentials from every place that may have them: texts in a folder of this test's own, and one server on loopback
 * that plays STS, a container's host and an instance's metadata. The clock is the test's.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "net/aws_account.h"
#include "net/aws_process.h"
#include "net/secret_text.h"
#include "scratch.h"
#include "suite.h"
#include "web_stub.h"

#define NOW_US (INT64_C(1893553200) * SECOND_US) /* 2030-01-02T03:00:00Z */

struct fixture {
    struct scratch scratch;
    struct clock clock;
    struct task t;
    struct net *net;
    struct aws_account *account;
    struct web_stub web;
    int given;        /* credentials handed out so far */
    int life_s;       /* how long they are good */
    bool down;        /* the server fails */
    char seen[400];   /* method, path, and what proved the caller's right */
    char body[2000];
};

/* ---- the other side ---- */

static const char *expiry(struct fixture *f, struct arena *a)
{
    const char *iso = time_iso8601(a, f->clock.now_us + f->life_s * SECOND_US);
    return arena_format(a, "%.19sZ", iso);
}

static void give_json(struct fixture *f, int c)
{
    struct arena *a = arena_new();
    f->given++;
    web_reply(c, "200 OK", "",
              arena_format(a,
                           "{\"Code\":\"Success\",\"AccessKeyId\":\"ID%d\",\"SecretAccessKey\":"
                           "\"key-canary-%d\",\"Token\":\"token-canary-%d\",\"Expiration\":\"%s\"}",
                           f->given, f->given, f->given, expiry(f, a)));
    arena_free(a);
}

static void give_xml(struct fixture *f, int c)
{
    struct arena *a = arena_new();
    f->given++;
    web_reply(c, "200 OK", "",
              arena_format(a,
                           "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/"
                           "doc/2011-06-15/\"><AssumeRoleWithWebIdentityResult><Credentials>"
                           "<AccessKeyId>ID%d</AccessKeyId><SecretAccessKey>key-canary-%d"
                           "</SecretAccessKey><SessionToken>token-canary-%d</SessionToken>"
                           "<Expiration>%s</Expiration></Credentials>"
                           "</AssumeRoleWithWebIdentityResult>"
                           "</AssumeRoleWithWebIdentityResponse>",
                           f->given, f->given, f->given, expiry(f, a)));
    arena_free(a);
}

static void note(struct fixture *f, const struct web_request *r, const char *proof)
{
    snprintf(f->seen + strlen(f->seen), sizeof f->seen - strlen(f->seen), "%s %s%s%s\n", r->method,
             r->path, *proof ? " " : "", proof);
}

static void answer(void *shared, const struct web_request *r, int c)
{
    static const char roles[] = "/latest/meta-data/iam/security-credentials/";
    struct fixture *f = shared;
    const char *proof = web_header(r, "X-aws-ec2-metadata-token");
    bool proven = text_equal(proof, "metadata-token");
    note(f, r, *proof ? proof : web_header(r, "Authorization"));
    snprintf(f->body, sizeof f->body, "%.*s", (int)r->body_bytes, r->body);
    if (f->down)
        web_reply(c, "500 Oh", "", "");
    else if (text_equal(r->method, "POST"))
        give_xml(f, c);
    else if (text_equal(r->path, "/container"))
        give_json(f, c);
    else if (text_equal(r->path, "/latest/api/token") && text_equal(r->method, "PUT") &&
             *web_header(r, "X-aws-ec2-metadata-token-ttl-seconds"))
        web_reply(c, "200 OK", "", "metadata-token");
    else if (text_equal(r->path, roles) && proven)
        web_reply(c, "200 OK", "", "the-role\n");
    else if (text_starts(r->path, roles) && text_ends(r->path, "/the-role") && proven)
        give_json(f, c);
    else
        web_reply(c, "401 Unauthorized", "", "");
}

/* ---- this side ---- */

static void forget_environment(void)
{
    static const char *const variables[] = {
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
        "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3",
        "AWS_ENDPOINT_URL_STS", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    };
    for (size_t i = 0; i < SUITE_COUNT(variables); i++)
        unsetenv(variables[i]);
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    forget_environment();
    f->life_s = 3600;
    f->scratch = scratch_new();
    setenv("HOME", f->scratch.path, 1);
    task_init(&f->t, "test");
    f->clock = clock_fake(NOW_US);
    f->t.clock = &f->clock;
    web_stub_start(&f->web, answer, f);
    assert_ok(&f->t, net_open(&f->t, &(struct net_options){ 0 }, &f->net));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    aws_account_close(f->account);
    net_close(f->net);
    web_stub_stop(&f->web);
    task_done(&f->t);
    scratch_done(&f->scratch);
    free(f);
    return 0;
}

static const char *here(struct fixture *f, const char *path)
{
    return arena_format(f->t.arena, "http://127.0.0.1:%d%s", f->web.port, path);
}

static void write_file(struct fixture *f, const char *variable, const char *text)
{
    const char *path = scratch_path(&f->scratch, variable);
    spill(path, text, strlen(text));
    setenv(variable, path, 1);
}

static void open_account(struct fixture *f)
{
    assert_ok(&f->t, aws_account_open(&f->t, f->net, &f->account));
}

/* "id key token from where" */
static const char *keys_now(struct fixture *f)
{
    scoped(aws_keys) const struct aws_keys *k = NULL;
    assert_ok(&f->t, aws_account_keys(f->account, &f->t, &k));
    return arena_format(f->t.arena, "%s %s %s from %s", k->id, secret_text(k->key),
                        k->token ? secret_text(k->token) : "-", k->source);
}

static enum err no_keys(struct fixture *f)
{
    const struct aws_keys *k;
    enum err e = aws_account_keys(f->account, &f->t, &k);
    assert_null(strstr(f->t.fault.message, "canary"));
    return e;
}

/* ---- texts ---- */

static void the_environment_comes_first(void **state)
{
    struct fixture *f = *state;
    write_file(f, "AWS_SHARED_CREDENTIALS_FILE",
               "[default]\naws_access_key_id=FILE\naws_secret_access_key=file\n");
    setenv("AWS_ACCESS_KEY_ID", "ENV", 1);
    open_account(f);
    assert_err(no_keys(f), ERR_AUTH); /* half of it is a mistake, not a reason to go on */
    setenv("AWS_SECRET_ACCESS_KEY", "env", 1);
    assert_string_equal(keys_now(f), "ENV env - from the environment");
}

static void profiles_are_read_as_their_tools_write_them(void **state)
{
    struct fixture *f = *state;
    write_file(f, "AWS_SHARED_CREDENTIALS_FILE",
               "# comment\n[other]\naws_access_key_id = OTHER\naws_secret_access_key = other\n\n"
               "[ default ]\naws_access_key_id=OLD\n  aws_access_key_id=NESTED\n"
               "AWS_ACCESS_KEY_ID = ID ; why\naws_secret_access_key=a/b+c=d#e\r\n"
               "aws_session_token = tok\n");
    write_file(f, "AWS_CONFIG_FILE",
               "[default]\nregion = eu-north-1\naws_access_key_id = CONFIG\n"
               "[profile film]\nregion=us-west-2\nendpoint_url = http://127.0.0.1:9\n"
               "aws_access_key_id=FILM\naws_secret_access_key=film\n[film]\nregion=wrong\n");
    open_account(f);
    assert_string_equal(keys_now(f), "ID a/b+c=d#e tok from the profile");
    assert_string_equal(aws_account_region(f->account), "eu-north-1");
    assert_string_equal(aws_account_endpoint(f->account, &f->t, "s3"), "");
    aws_account_close(f->account);
    setenv("AWS_PROFILE", "film", 1);
    open_account(f);
    assert_string_equal(keys_now(f), "FILM film - from the profile");
    assert_string_equal(aws_account_region(f->account), "us-west-2");
    assert_string_equal(aws_account_endpoint(f->account, &f->t, "s3"), "http://127.0.0.1:9");
    setenv("AWS_ENDPOINT_URL", "http://a", 1);
    assert_string_equal(aws_account_endpoint(f->account, &f->t, "s3"), "http://a");
    setenv("AWS_ENDPOINT_URL_S3", "http://b", 1);
    assert_string_equal(aws_account_endpoint(f->account, &f->t, "s3"), "http://b");
    assert_string_equal(aws_account_endpoint(f->account, &f->t, "dynamodb"), "http://a");
}

static void changed_files_are_seen_within_a_quarter_of_an_hour(void **state)
{
    struct fixture *f = *state;
    write_file(f, "AWS_SHARED_CREDENTIALS_FILE",
               "[default]\naws_access_key_id=ONE\naws_secret_access_key=x\n");
    open_account(f);
    assert_string_equal(keys_now(f), "ONE x - from the profile");
    write_file(f, "AWS_SHARED_CREDENTIALS_FILE",
               "[default]\naws_access_key_id=TWO\naws_secret_access_key=y\n");
    assert_string_equal(keys_now(f), "ONE x - from the profile");
    f->clock.now_us += 15 * 60 * SECOND_US;
    assert_string_equal(keys_now(f), "TWO y - from the profile");
}

static void what_cannot_be_used_is_refused_with_its_reason(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *config, *words;
    } cases[] = {
        { "", "there are no AWS credentials" },
        { "[default]\nsource_profile=x\nrole_arn=y\n", "source_profile" },
        { "[default]\ncredential_process=/bin/x --y\n", "/bin/x" },
        { "[default]\ncredential_process=/bin/false\n", "status 1" },
        { "[default]\nsso_session=x\n", "sso_session" },
        { "[default]\naws_access_key_id=A\naws_secret_access_key=key canary\n", "is no key" },
    };
    for (size_t i = 0; i < SUITE_COUNT(cases); i++) {
        write_file(f, "AWS_CONFIG_FILE", cases[i].config);
        open_account(f);
        assert_true(no_keys(f) != OK);
        assert_non_null(strstr(f->t.fault.message, cases[i].words));
        assert_true(*f->t.fault.next);
        aws_account_close(take(f->account));
    }
}

/* ---- programs ---- */

/* Words joined by '|'. */
static const char *words_of(struct fixture *f, const char *line)
{
    char **words;
    struct text out = text_new(f->t.arena);
    if (aws_process_words(&f->t, line, &words))
        return "refused";
    for (size_t i = 0; words[i]; i++)
        text_printf(&out, "%s%s", i ? "|" : "", words[i]);
    return text_end(&out);
}

static void a_line_is_split_into_words_and_nothing_in_it_is_obeyed(void **state)
{
    static const struct {
        const char *line, *words;
    } cases[] = {
        { "/opt/keys --for film", "/opt/keys|--for|film" },
        { "  \"/opt/my keys\"\t'a b'c \"\" ", "/opt/my keys|a bc|" },
        { "k \"say \\\"it\\\"\" 'back\\slash' with\\ blank", "k|say \"it\"|back\\slash|with blank" },
        { "k $HOME ~ `id` ; id | id > x && $(id) *", "k|$HOME|~|`id`|;|id|||id|>|x|&&|$(id)|*" },
        { "k 'open", "refused" },
        { "", "refused" },
        { "\"\" x", "refused" },
    };
    for (size_t i = 0; i < SUITE_COUNT(cases); i++)
        assert_string_equal(words_of(*state, cases[i].line), cases[i].words);
}

/* A profile whose credentials are said by a script. */
static void set_program(struct fixture *f, const char *script)
{
    const char *path = scratch_path(&f->scratch, "say keys");
    const char *text = arena_format(f->t.arena, "#!/bin/sh\n%s\n", script);
    spill(path, text, strlen(text));
    chmod(path, 0700);
    write_file(f, "AWS_CONFIG_FILE", arena_format(f->t.arena, "[default]\nregion = eu-north-1\n"
                                                              "credential_process = \"%s\" film\n",
                                                  path));
}

static void a_program_says_them(void **state)
{
    struct fixture *f = *state;
    set_program(f, "printf '{\"Version\":1,\"AccessKeyId\":\"ID-%s\",\"SecretAccessKey\":\"key-canary\"}' $1");
    open_account(f);
    assert_string_equal(keys_now(f), "ID-film key-canary - from the profile");
    aws_account_close(take(f->account));

    const char *expiry = time_iso8601(f->t.arena, f->clock.now_us + 3600 * SECOND_US);
    set_program(f, arena_format(f->t.arena,
                                "date >> \"$HOME/asked\"\n"
                                "echo '{\"Version\":1,\"AccessKeyId\":\"ID\",\"SecretAccessKey\":\"key\","
                                "\"SessionToken\":\"token\",\"Expiration\":\"%.19s.5+00:00\"}'",
                                expiry));
    open_account(f);
    for (int i = 0; i < 3; i++)
        assert_string_equal(keys_now(f), "ID key token from the profile");
    struct bytes asked;
    assert_ok(&f->t, file_read(&f->t, scratch_path(&f->scratch, "asked"), 1000, &asked));
    assert_int_equal(strcspn(asked.at, "\n") + 1, asked.size); /* once */
}

static void a_program_that_says_no_keys_is_refused(void **state)
{
    static const struct {
        const char *script;
        enum err why;
        const char *words;
    } cases[] = {
        { "echo '{\"AccessKeyId\":\"ID\",\"SecretAccessKey\":\"canary\"}'", ERR_UPSTREAM, "version 1" },
        { "echo '{\"Version\":1,\"AccessKeyId\":\"ID\"}'", ERR_UPSTREAM, "without credentials" },
        { "echo '{\"Version\":1,\"AccessKeyId\":\"ID\",\"SecretAccessKey\":\"canary\",\"Expiration\":\"soon\"}'",
          ERR_UPSTREAM, "without credentials" },
        { "echo canary", ERR_UPSTREAM, "without credentials" },
        { "echo canary; exit 3", ERR_AUTH, "status 3" },
        { "kill -9 $$", ERR_AUTH, "signal 9" },
        { "head -c 100000 /dev/zero", ERR_LIMIT, "says more" },
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < SUITE_COUNT(cases); i++) {
        set_program(f, cases[i].script);
        open_account(f);
        assert_err(no_keys(f), cases[i].why);
        assert_non_null(strstr(f->t.fault.message, cases[i].words));
        aws_account_close(take(f->account));
    }
}

/* It goes with all that it started; and one that leaves a child behind is not waited for. */
static void a_program_that_takes_too_long_is_ended(void **state)
{
    struct fixture *f = *state;
    struct bytes said;
    assert_err(aws_process_run(&f->t, "sleep 100", SECOND_US / 5, &said), ERR_TIMEOUT);
    assert_ok(&f->t, aws_process_run(&f->t, "sh -c 'sleep 100 & echo said'", 20 * SECOND_US, &said));
    assert_int_equal(said.size, 5);
    assert_ok(&f->t, aws_process_run(&f->t, "sh -c 'echo said; exec 1>&-; sleep 0.05'", 20 * SECOND_US, &said));
    assert_int_equal(said.size, 5);
}

/* ---- answers ---- */

static void set_web_identity(struct fixture *f)
{
    write_file(f, "AWS_WEB_IDENTITY_TOKEN_FILE", "ey.web/token\n");
    setenv("AWS_ROLE_ARN", "arn:aws:iam::1:role/film", 1);
    setenv("AWS_ENDPOINT_URL_STS", here(f, ""), 1);
}

static void a_web_identity_is_exchanged(void **state)
{
    struct fixture *f = *state;
    set_web_identity(f);
    open_account(f);
    assert_string_equal(keys_now(f), "ID1 key-canary-1 token-canary-1 from the web identity");
    assert_string_equal(f->body, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3A"
                                 "aws%3Aiam%3A%3A1%3Arole%2Ffilm&RoleSessionName=storyreel"
                                 "&WebIdentityToken=ey.web%2Ftoken");
    assert_string_equal(f->seen, "POST /\n");
}

static void a_container_is_asked_with_its_token(void **state)
{
    struct fixture *f = *state;
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", here(f, "/container"), 1);
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "not this one", 1);
    write_file(f, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "container-token\n");
    open_account(f);
    assert_string_equal(keys_now(f), "ID1 key-canary-1 token-canary-1 from the container");
    assert_string_equal(f->seen, "GET /container container-token\n");
    aws_account_close(take(f->account));
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/container", 1);
    open_account(f);
    assert_err(no_keys(f), ERR_AUTH);
    assert_non_null(strstr(f->t.fault.message, "in the clear"));
}

static void an_instance_is_asked_by_version_two(void **state)
{
    struct fixture *f = *state;
    setenv("AWS_EC2_METADATA_DISABLED", "false", 1);
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", here(f, "/"), 1);
    open_account(f);
    assert_string_equal(keys_now(f), "ID1 key-canary-1 token-canary-1 from the instance");
    assert_string_equal(f->seen,
                        "PUT /latest/api/token\n"
                        "GET /latest/meta-data/iam/security-credentials/ metadata-token\n"
                        "GET /latest/meta-data/iam/security-credentials/the-role metadata-token\n");
}

static void no_instance_is_no_error(void **state)
{
    struct fixture *f = *state;
    setenv("AWS_EC2_METADATA_DISABLED", "false", 1);
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1", 1);
    open_account(f);
    assert_err(no_keys(f), ERR_AUTH);
    assert_non_null(strstr(f->t.fault.message, "there are no AWS credentials"));
}

/* ---- time ---- */

static void they_are_renewed_before_they_expire(void **state)
{
    struct fixture *f = *state;
    set_web_identity(f);
    open_account(f);
    assert_true(text_starts(keys_now(f), "ID1 "));
    f->clock.now_us += 54 * 60 * SECOND_US;
    assert_true(text_starts(keys_now(f), "ID1 "));
    f->clock.now_us += 60 * SECOND_US;
    assert_true(text_starts(keys_now(f), "ID2 "));
    assert_int_equal(f->given, 2);
}

static void what_still_holds_is_used_when_nobody_renews_it(void **state)
{
    struct fixture *f = *state;
    set_web_identity(f);
    open_account(f);
    assert_true(text_starts(keys_now(f), "ID1 "));
    f->down = true;
    f->clock.now_us += 56 * 60 * SECOND_US;
    assert_true(text_starts(keys_now(f), "ID1 "));
    int asked = f->web.requests;
    assert_true(text_starts(keys_now(f), "ID1 ")); /* not asked again at once */
    assert_int_equal(f->web.requests, asked);
    f->clock.now_us += 5 * 60 * SECOND_US;
    assert_err(no_keys(f), ERR_UNAVAILABLE);
    f->down = false;
    assert_true(text_starts(keys_now(f), "ID2 "));
}

static void what_is_held_outlives_its_successor(void **state)
{
    struct fixture *f = *state;
    set_web_identity(f);
    open_account(f);
    const struct aws_keys *held;
    assert_ok(&f->t, aws_account_keys(f->account, &f->t, &held));
    aws_account_renew(f->account, held);
    assert_true(text_starts(keys_now(f), "ID2 "));
    aws_account_renew(f->account, held); /* old news */
    assert_true(text_starts(keys_now(f), "ID2 "));
    assert_string_equal(secret_text(held->key), "key-canary-1");
    aws_keys_done(held);
}

static void an_answer_without_credentials_is_refused(void **state)
{
    struct fixture *f = *state;
    setenv("AWS_EC2_METADATA_DISABLED", "false", 1);
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", here(f, "/latest/api/token"), 1);
    open_account(f);
    assert_err(no_keys(f), ERR_AUTH);
    assert_non_null(strstr(f->t.fault.message, "status 401"));
    f->life_s = -1893553200; /* 1970: no date there can be */
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", here(f, "/container"), 1);
    assert_err(no_keys(f), ERR_UPSTREAM);
}

static void hold_and_let_go(int number, void *shared)
{
    struct fixture *f = shared;
    struct task t;
    task_init(&t, "holder");
    t.clock = &f->clock;
    for (int i = 0; i < 50; i++) {
        scoped(aws_keys) const struct aws_keys *k = NULL;
        if (aws_account_keys(f->account, &t, &k) || !text_starts(secret_text(k->key), "key-"))
            abort();
        if (number == 0)
            aws_account_renew(f->account, k);
    }
    task_done(&t);
}

static void many_may_hold_them(void **state)
{
    struct fixture *f = *state;
    set_web_identity(f);
    open_account(f);
    threads_run(8, hold_and_let_go, f);
    assert_true(f->given >= 1 && f->given <= 51);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_environment_comes_first),
        TEST(profiles_are_read_as_their_tools_write_them),
        TEST(changed_files_are_seen_within_a_quarter_of_an_hour),
        TEST(what_cannot_be_used_is_refused_with_its_reason),
        TEST(a_line_is_split_into_words_and_nothing_in_it_is_obeyed),
        TEST(a_program_says_them),
        TEST(a_program_that_says_no_keys_is_refused),
        TEST(a_program_that_takes_too_long_is_ended),
        TEST(a_web_identity_is_exchanged),
        TEST(a_container_is_asked_with_its_token),
        TEST(an_instance_is_asked_by_version_two),
        TEST(no_instance_is_no_error),
        TEST(they_are_renewed_before_they_expire),
        TEST(what_still_holds_is_used_when_nobody_renews_it),
        TEST(what_is_held_outlives_its_successor),
        TEST(an_answer_without_credentials_is_refused),
        TEST(many_may_hold_them),
    };
    return cmocka_run_group_tests_name("net: an AWS account", tests, NULL, NULL);
}
