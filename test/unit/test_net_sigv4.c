/*
 * Signature Version 4: what is signed and sent, in both forms, at times of the test's own choosing. The expected
 * signatures were computed by another implementation (botocore 1.43). Amazon's own test suite is not part of this
 * project; with SIGV4_SUITE=FOLDER (the folder that holds get-vanilla/ and so on) every one of its cases is run too.
 */
#include "test.h"

#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "net/sigv4.h"
#include "suite.h"

struct fixture {
    struct task t;
    struct sigv4_signer signer;
};

static struct secret *secret(struct task *t, const char *text)
{
    struct secret *s;
    assert_ok(t, secret_new(t, "a key", text, &s));
    return s;
}

static void begin(struct fixture *f, const char *service, const char *token)
{
    task_init(&f->t, "test");
    f->signer = (struct sigv4_signer){
        .key_id = "AKIDTEST",
        .key = secret(&f->t, "secret/of+the-test"),
        .token = token ? secret(&f->t, token) : NULL,
        .region = "eu-central-1",
        .service = service,
        .wall_us = INT64_C(1893553445) * SECOND_US + 999999, /* 2030-01-02T03:04:05Z and a bit */
    };
}

static void end(struct fixture *f)
{
    secret_free((struct secret *)f->signer.key);
    secret_free((struct secret *)f->signer.token);
    task_done(&f->t);
}

static const char *signature_of(const char *text)
{
    const char *at = strstr(text, "Signature=");
    return at ? at + strlen("Signature=") : "";
}

/* ---- our own cases ---- */

static void odd_texts_are_encoded_once(void **state)
{
    (void)state;
    static const struct {
        const char *raw;
        bool is_path;
        const char *sent;
    } cases[] = {
        { "/a b+c%d/\xC3\xA9", true, "/a%20b%2Bc%25d/%C3%A9" },
        { "a/b=c&d", false, "a%2Fb%3Dc%26d" },
        { "-_.~09azAZ", false, "-_.~09azAZ" },
        { "", false, "" },
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < SUITE_COUNT(cases); i++)
        assert_string_equal(sigv4_encode(a, cases[i].raw, cases[i].is_path), cases[i].sent);
    arena_free(a);
}

static const struct sigv4_pair put_headers[] = {
    { "X-Amz-Meta-A-B", "second" },
    { "Host", "127.0.0.1:9000" },
    { "X-Amz-Meta-A", "  first   of two " },
    { "x-amz-content-sha256", SIGV4_UNSIGNED },
};
static const struct sigv4_pair part_query[] = { { "uploadId", "a/b+c=" }, { "partNumber", "7" } };
static const struct sigv4_request put_part = {
    .method = "PUT",
    .path = "/bucket/mv/a b//./c.mp4",
    .query = part_query,
    .query_count = 2,
    .headers = put_headers,
    .header_count = 4,
    .payload = SIGV4_UNSIGNED,
};

static void a_request_is_signed_in_its_header(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, "s3", NULL);
    struct sigv4_signed s = sigv4_sign(f.t.arena, &f.signer, &put_part);
    assert_string_equal(s.target,
                        "/bucket/mv/a%20b//./c.mp4?partNumber=7&uploadId=a%2Fb%2Bc%3D");
    assert_string_equal(s.date, "20300102T030405Z");
    assert_true(text_starts(s.authorization,
                            "AWS4-HMAC-SHA256 Credential=AKIDTEST/20300102/eu-central-1/s3/"
                            "aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;"
                            "x-amz-meta-a;x-amz-meta-a-b, Signature="));
    assert_string_equal(signature_of(s.authorization),
                        "c33787617a85c5e8afdf5dfd7cbce3802db2c1744e5e057f905dea75a4636b25");
    end(&f);
}

static void a_token_is_signed_and_kept_out_of_the_arena(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, "s3", "session-token-canary");
    struct sigv4_signed s = sigv4_sign(f.t.arena, &f.signer, &put_part);
    assert_non_null(strstr(s.authorization, ";x-amz-security-token,"));
    assert_string_equal(signature_of(s.authorization),
                        "f58880eee56a2e0d5b4ee834a86284bebe1671ee1567fd67568f4f26b52df944");
    assert_null(strstr(s.authorization, "canary"));
    assert_null(strstr(s.target, "canary"));
    end(&f);
}

static void an_address_is_presigned(void **state)
{
    (void)state;
    static const struct sigv4_pair host = { "host", "media.s3.eu-central-1.amazonaws.com" };
    static const struct sigv4_pair shown = { "response-content-type", "video/mp4" };
    const struct sigv4_request get = {
        .method = "GET",
        .path = "/mv/projects/x/film.mp4",
        .query = &shown,
        .query_count = 1,
        .headers = &host,
        .header_count = 1,
        .payload = SIGV4_UNSIGNED,
    };
    struct fixture f;
    begin(&f, "s3", "token/with+signs=");
    const char *target = sigv4_presign(f.t.arena, &f.signer, &get, 900);
    assert_true(text_starts(
        target, "/mv/projects/x/film.mp4?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
                "AKIDTEST%2F20300102%2Feu-central-1%2Fs3%2Faws4_request&X-Amz-Date="
                "20300102T030405Z&X-Amz-Expires=900&X-Amz-Security-Token=token%2Fwith%2Bsigns%3D"
                "&X-Amz-SignedHeaders=host&response-content-type=video%2Fmp4&X-Amz-Signature="));
    assert_string_equal(signature_of(target),
                        "bc85c81d55ab78bec0a08725b8ee1eacc9ff8eccbbfc2fa07ebe9691d4ba83a3");
    end(&f);
}

static void everything_that_is_signed_matters(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, "s3", NULL);
    struct arena *a = f.t.arena;
    struct sigv4_request r[] = { put_part, put_part, put_part, put_part, put_part };
    r[0].method = "GET";
    r[1].path = "/bucket/mv/a b/./c.mp4";
    r[2].query_count = 1;
    r[3].header_count = 3;
    r[4].payload = SIGV4_EMPTY;
    const char *right = signature_of(sigv4_sign(a, &f.signer, &put_part).authorization);
    for (size_t i = 0; i < SUITE_COUNT(r); i++)
        assert_string_not_equal(signature_of(sigv4_sign(a, &f.signer, &r[i]).authorization), right);
    f.signer.wall_us += SECOND_US;
    assert_string_not_equal(signature_of(sigv4_sign(a, &f.signer, &put_part).authorization), right);
    end(&f);
}

/* ---- Amazon's suite, when it is given ---- */

enum { PAIRS_MAX = 32 };

struct suite_case {
    struct sigv4_request request;
    struct sigv4_pair query[PAIRS_MAX], headers[PAIRS_MAX];
};

static const char *suite_text(struct task *t, const char *folder, const char *name)
{
    struct bytes bytes;
    assert_ok(t, file_read(t, arena_format(t->arena, "%s/%s", folder, name), 1 << 20, &bytes));
    return bytes.at;
}

static const char *decoded(struct task *t, const char *text, size_t bytes)
{
    char *out = arena_alloc(t->arena, bytes + 1), *at = out;
    for (size_t i = 0; i < bytes; i++) {
        char hex[3] = { text[i + 1], text[i + 1] ? text[i + 2] : '\0' };
        bool is_coded = text[i] == '%';
        *at++ = is_coded ? (char)strtol(hex, NULL, 16) : text[i];
        i += is_coded ? 2 : 0;
    }
    return out;
}

static void read_query(struct task *t, struct suite_case *c, const char *query)
{
    for (const char *at = query; *at; at += strcspn(at, "&"), at += *at == '&') {
        size_t bytes = strcspn(at, "&"), name = strcspn(at, "=&");
        const char *value = name < bytes ? decoded(t, at + name + 1, bytes - name - 1) : "";
        c->query[c->request.query_count++] =
            (struct sigv4_pair){ decoded(t, at, name), value };
    }
}

/* "GET /path?query HTTP/1.1": the path may hold spaces. */
static void read_first_line(struct task *t, struct suite_case *c, const char *line, size_t bytes)
{
    size_t method = strcspn(line, " ");
    char *target = arena_copy_n(t->arena, line + method + 1, bytes - method - 1);
    char *version = strrchr(target, ' ');
    *version = '\0';
    char *query = strchr(target, '?');
    if (query)
        *query++ = '\0';
    c->request.method = arena_copy_n(t->arena, line, method);
    c->request.path = target;
    read_query(t, c, query ? query : "");
}

/* A line that begins with a blank goes on with the header before it. */
static void read_header(struct task *t, struct suite_case *c, const char *line, size_t bytes)
{
    const char *text = arena_copy_n(t->arena, line, bytes), *colon = strchr(text, ':');
    struct sigv4_pair *last = c->headers + c->request.header_count - 1;
    if (*text == ' ')
        last->value = arena_format(t->arena, "%s %s", last->value, text);
    else
        c->headers[c->request.header_count++] = (struct sigv4_pair){
            arena_copy_n(t->arena, text, (size_t)(colon - text)), colon + 1
        };
}

static void sha256_hex(struct task *t, const char *text, char hex[HASH_TEXT_BYTES])
{
    scoped(draft) struct draft draft = draft_none();
    int64_t bytes;
    assert_ok(t, draft_open(t, getenv("TMPDIR") ? getenv("TMPDIR") : ".", &draft));
    assert_ok(t, file_write_all(t, draft.fd, text, strlen(text)));
    assert_ok(t, hash_file(t, draft.fd, hex, &bytes));
}

static void read_case(struct task *t, const char *folder, struct suite_case *c)
{
    char *hex = arena_alloc(t->arena, HASH_TEXT_BYTES);
    const char *line = suite_text(t, folder, "request.txt");
    *c = (struct suite_case){ .request = { .query = c->query, .headers = c->headers } };
    for (int number = 0; *line && *line != '\n'; number++) {
        size_t bytes = strcspn(line, "\n");
        if (number == 0)
            read_first_line(t, c, line, bytes);
        else
            read_header(t, c, line, bytes);
        line += bytes + (line[bytes] == '\n');
    }
    sha256_hex(t, *line ? line + 1 : line, hex);
    c->request.payload = hex;
}

static int64_t wall_us_of(const char *iso)
{
    struct tm tm = { 0 };
    strptime(iso, "%Y-%m-%dT%H:%M:%SZ", &tm);
    return (int64_t)timegm(&tm) * SECOND_US;
}

static void run_case(const char *folder, const char *name)
{
    struct fixture f;
    struct suite_case c;
    begin(&f, "service", NULL);
    json_t *context = json_loads(suite_text(&f.t, folder, "context.json"), 0, NULL);
    json_t *keys = json_object_get(context, "credentials");
    const char *token = json_string_value(json_object_get(keys, "token"));
    bool unsigned_token = json_is_true(json_object_get(context, "omit_session_token"));
    secret_free((struct secret *)f.signer.key);
    f.signer.key_id = json_string_value(json_object_get(keys, "access_key_id"));
    f.signer.key = secret(&f.t, json_string_value(json_object_get(keys, "secret_access_key")));
    f.signer.token = token && !unsigned_token ? secret(&f.t, token) : NULL;
    f.signer.region = json_string_value(json_object_get(context, "region"));
    f.signer.wall_us = wall_us_of(json_string_value(json_object_get(context, "timestamp")));
    read_case(&f.t, folder, &c);
    c.request.squash_path = json_is_true(json_object_get(context, "normalize"));
    int expires_s = (int)json_integer_value(json_object_get(context, "expiration_in_seconds"));
    const char *target = sigv4_presign(f.t.arena, &f.signer, &c.request, expires_s);
    if (!text_equal(signature_of(target), suite_text(&f.t, folder, "query-signature.txt")))
        test_failed("%s: the query form gives %s", name, target);
    if (json_is_true(json_object_get(context, "sign_body")))
        c.headers[c.request.header_count++] =
            (struct sigv4_pair){ "x-amz-content-sha256", c.request.payload };
    const char *header = sigv4_sign(f.t.arena, &f.signer, &c.request).authorization;
    if (!text_equal(signature_of(header), suite_text(&f.t, folder, "header-signature.txt")))
        test_failed("%s: the header form gives %s", name, header);
    json_decref(context);
    end(&f);
}

static void the_official_suite_passes_when_it_is_given(void **state)
{
    (void)state;
    const char *suite = getenv("SIGV4_SUITE");
    if (!suite)
        skip();
    DIR *folder = opendir(suite);
    assert_non_null(folder);
    int cases = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[1000];
        snprintf(path, sizeof path, "%s/%s", suite, entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        run_case(path, entry->d_name);
        cases++;
    }
    closedir(folder);
    print_message("%d cases in both forms\n", cases);
    assert_true(cases > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odd_texts_are_encoded_once),
        cmocka_unit_test(a_request_is_signed_in_its_header),
        cmocka_unit_test(a_token_is_signed_and_kept_out_of_the_arena),
        cmocka_unit_test(an_address_is_presigned),
        cmocka_unit_test(everything_that_is_signed_matters),
        cmocka_unit_test(the_official_suite_passes_when_it_is_given),
    };
    return cmocka_run_group_tests_name("net: signature version 4", tests, NULL, NULL);
}
