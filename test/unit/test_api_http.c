/* Range, entity tags, signed addresses, sealed sessions and the door, without a server. */
#include "test.h"

#include <string.h>

#include "api/range.h"
#include "api/server.h"
#include "api/sign.h"
#include "base/text.h"

static void parts_of_a_file_are_found(void **state)
{
    static const struct {
        const char *header;
        int64_t bytes;
        struct range want;
    } cases[] = {
        { NULL, 100, { RANGE_WHOLE } },
        { "bytes=0-9", 100, { RANGE_PART, 0, 9 } },
        { "bytes=90-", 100, { RANGE_PART, 90, 99 } },
        { "bytes=90-1000", 100, { RANGE_PART, 90, 99 } },
        { "bytes=-10", 100, { RANGE_PART, 90, 99 } },
        { "bytes=-1000", 100, { RANGE_PART, 0, 99 } },
        { "bytes= 5-6 ", 100, { RANGE_PART, 5, 6 } },
        { "bytes=100-", 100, { RANGE_OUTSIDE } },
        { "bytes=99999999999999999999999-", 100, { RANGE_OUTSIDE } },
        { "bytes=-0", 100, { RANGE_OUTSIDE } },
        { "bytes=0-0", 0, { RANGE_OUTSIDE } },
        { "bytes=9-5", 100, { RANGE_WHOLE } },
        { "bytes=0-1,4-5", 100, { RANGE_WHOLE } },
        { "bytes=a-b", 100, { RANGE_WHOLE } },
        { "bytes=", 100, { RANGE_WHOLE } },
        { "lines=0-9", 100, { RANGE_WHOLE } },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct range got = range_read(cases[i].header, cases[i].bytes);
        if (got.kind != cases[i].want.kind || got.first != cases[i].want.first ||
            got.last != cases[i].want.last)
            test_failed("%s of %lld: %d %lld-%lld", cases[i].header, (long long)cases[i].bytes,
                        got.kind, (long long)got.first, (long long)got.last);
    }
}

static void entity_tags_are_compared(void **state)
{
    (void)state;
    assert_true(etag_listed("\"a\"", "\"a\""));
    assert_true(etag_listed("W/\"a\"", "\"a\""));
    assert_true(etag_listed("\"b\", \"a,c\" , \"a\"", "\"a\""));
    assert_true(etag_listed("*", "\"a\""));
    assert_false(etag_listed("\"ab\"", "\"a\""));
    assert_false(etag_listed("\"b\",\"", "\"a\""));
    assert_false(etag_listed("", "\"a\""));
    assert_false(etag_listed(NULL, "\"a\""));
    assert_true(if_range_holds(NULL, "\"a\""));
    assert_true(if_range_holds("\"a\"", "\"a\""));
    assert_false(if_range_holds("W/\"a\"", "\"a\""));
    assert_false(if_range_holds("Sat, 01 Jan 2028 00:00:00 GMT", "\"a\""));
}

/* "...?e=E&s=S": the two parameters. */
static void split_url(struct task *t, const char *url, const char **e, const char **s)
{
    const char *at = strstr(url, "?e="), *and = strstr(url, "&s=");
    *e = arena_copy_n(t->arena, at + 3, (size_t)(and-at - 3));
    *s = arena_copy(t->arena, and+3);
}

/* Of this run alone. */
static const struct signer_source own_key = { .folder = "" };

static void signed_addresses_hold_until_they_expire(void **state)
{
    (void)state;
    struct task t;
    struct signer s, other;
    const char *e, *sig;
    struct clock clock = clock_fake(INT64_C(1800000000) * SECOND_US);
    task_init(&t, "test");
    t.clock = &clock;
    assert_ok(&t, signer_open(&t, &own_key, 60, &s));
    assert_ok(&t, signer_open(&t, &own_key, 60, &other));
    const char *url = signer_url(&s, &t, "a/b.mp4");
    split_url(&t, url, &e, &sig);
    assert_ok(&t, signer_check(&s, &t, "/media/a/b.mp4", e, sig));
    assert_err(signer_check(&s, &t, "/media/a/c.mp4", e, sig), ERR_FORBIDDEN);
    assert_err(signer_check(&other, &t, "/media/a/b.mp4", e, sig), ERR_FORBIDDEN);
    assert_err(signer_check(&s, &t, "/media/a/b.mp4", "9999999999", sig), ERR_FORBIDDEN);
    assert_err(signer_check(&s, &t, "/media/a/b.mp4", e, "x"), ERR_FORBIDDEN);
    assert_err(signer_check(&s, &t, "/media/a/b.mp4", e, NULL), ERR_FORBIDDEN);
    assert_err(signer_check(&s, &t, "/media/a/b.mp4", NULL, sig), ERR_FORBIDDEN);
    assert_err(signer_check(&s, &t, "/media/a/b.mp4", arena_format(t.arena, "%s.", e), sig),
               ERR_FORBIDDEN);
    clock.now_us += 20 * SECOND_US;
    assert_string_equal(url, signer_url(&s, &t, "a/b.mp4"));
    clock.now_us += 101 * SECOND_US; /* its minute, and the minute of clocks that differ */
    assert_err(signer_check(&s, &t, "/media/a/b.mp4", e, sig), ERR_FORBIDDEN);
    assert_string_equal("", signer_url(&s, &t, ""));
    task_done(&t);
}

static void servers_of_one_key_take_each_others_addresses(void **state)
{
    (void)state;
    static const char *const texts[] = { "the key of a house with two servers", "the key of another house, elsewhere" };
    struct task t;
    struct signer s[3];
    const char *e, *sig;
    task_init(&t, "test");
    for (int i = 0; i < 3; i++) {
        const struct signer_source source = { .text = texts[i / 2], .folder = "" };
        assert_ok(&t, signer_open(&t, &source, 60, &s[i]));
    }
    split_url(&t, signer_url(&s[0], &t, "a/b.mp4"), &e, &sig);
    assert_ok(&t, signer_check(&s[1], &t, "/media/a/b.mp4", e, sig));
    assert_err(signer_check(&s[2], &t, "/media/a/b.mp4", e, sig), ERR_FORBIDDEN);
    const struct signer_source weak = { .text = "short", .folder = "" };
    assert_err(signer_open(&t, &weak, 60, &s[0]), ERR_INVALID);
    task_done(&t);
}

static struct visit visit(const char *method, const char *host)
{
    return (struct visit){ .method = method, .host = host, .hosts = 1, .length = -1, .fields = 1 };
}

static void the_door_lets_in_who_may(void **state)
{
    (void)state;
    struct task t;
    const char *hosts[] = { "films.example", NULL };
    struct api a = { .token = "", .hosts = hosts };
    task_init(&t, "test");
    const char *good[] = { "localhost", "127.0.0.1:8080", "[::1]:1", "LOCALHOST:9",
                           "films.example" };
    const char *bad[] = { "evil.example", "localhost.evil.example", "127.0.0.1:x", "",
                          "[::1]x",       "films.example.evil" };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct visit v = visit("GET", good[i]);
        assert_ok(&t, door_check(&a, &t, &v, false));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct visit v = visit("GET", bad[i]);
        assert_err(door_check(&a, &t, &v, false), ERR_FORBIDDEN);
    }
    task_done(&t);
}

/* What a proxy before us might read another way is refused, whoever asks. */
static void what_reads_two_ways_is_refused(void **state)
{
    (void)state;
    struct task t;
    const char *hosts[] = { NULL };
    struct api a = { .token = "", .hosts = hosts };
    task_init(&t, "test");
    struct visit two_lengths = visit("POST", "localhost"), length_and_chunks = two_lengths,
                 two_hosts = two_lengths, bad_length = two_lengths, bad_encoding = two_lengths,
                 bad_field = two_lengths, plain = two_lengths;
    plain.lengths = two_lengths.lengths = length_and_chunks.lengths = 1;
    two_lengths.lengths = two_hosts.hosts = 2;
    length_and_chunks.encodings = 1;
    bad_length.bad_length = bad_encoding.bad_encoding = bad_field.bad_field = true;
    const struct visit *bad[] = { &two_lengths, &length_and_chunks, &two_hosts,
                                  &bad_length,  &bad_encoding,      &bad_field };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_true(visit_is_ambiguous(bad[i]));
        assert_err(door_check(&a, &t, bad[i], true), ERR_INVALID);
    }
    assert_false(visit_is_ambiguous(&plain));
    assert_ok(&t, door_check(&a, &t, &plain, true));
    task_done(&t);
}

static void changes_come_from_our_own_pages(void **state)
{
    (void)state;
    struct task t;
    const char *hosts[] = { NULL };
    struct api a = { .token = "", .hosts = hosts };
    task_init(&t, "test");
    static const struct {
        const char *method, *origin, *site;
        enum err want;
    } cases[] = {
        { "POST", NULL, NULL, OK },
        { "POST", "http://localhost:8080", NULL, OK },
        { "POST", "http://evil.example", NULL, ERR_FORBIDDEN },
        { "POST", "http://localhost:8081", NULL, ERR_FORBIDDEN },
        { "POST", "null", NULL, ERR_FORBIDDEN },
        { "POST", "http://evil.example", "same-origin", OK },
        { "POST", NULL, "cross-site", ERR_FORBIDDEN },
        { "DELETE", NULL, "same-site", ERR_FORBIDDEN },
        { "GET", "http://evil.example", "cross-site", OK },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct visit v = visit(cases[i].method, "localhost:8080");
        v.origin = cases[i].origin;
        v.fetch_site = cases[i].site;
        assert_int_equal(door_check(&a, &t, &v, false), cases[i].want);
    }
    task_done(&t);
}

static void a_token_is_wanted_where_there_is_one(void **state)
{
    (void)state;
    struct task t;
    const char *hosts[] = { NULL };
    struct api a = { .token = "sesame", .hosts = hosts };
    task_init(&t, "test");
    assert_ok(&t, signer_open(&t, &own_key, 60, &a.signer));
    struct visit v = visit("GET", "localhost");
    assert_err(door_check(&a, &t, &v, false), ERR_AUTH);
    assert_ok(&t, door_check(&a, &t, &v, true));
    v.authorization = "Bearer sesame";
    assert_ok(&t, door_check(&a, &t, &v, false));
    v.authorization = "Bearer sesame2";
    assert_err(door_check(&a, &t, &v, false), ERR_AUTH);
    v.authorization = NULL;
    v.api_key = "sesame";
    assert_ok(&t, door_check(&a, &t, &v, false));
    v.api_key = NULL;
    const char *set = door_session(&a, &t);
    v.cookie = arena_format(t.arena, "a=b; %.*s; c=d", (int)strcspn(set, ";"), set);
    assert_ok(&t, door_check(&a, &t, &v, false));
    a.token = "another";
    assert_err(door_check(&a, &t, &v, false), ERR_AUTH);
    task_done(&t);
}

static void a_header_has_its_limits(void **state)
{
    (void)state;
    struct task t;
    const char *hosts[] = { NULL };
    struct api a = { .token = "", .hosts = hosts };
    task_init(&t, "test");
    struct visit v = visit("GET", "localhost");
    v.fields = HEADER_FIELDS_MAX + 1;
    assert_err(door_check(&a, &t, &v, false), ERR_HEADER);
    v = visit("GET", "localhost");
    v.field_bytes = HEADER_BYTES_MAX + 1;
    assert_err(door_check(&a, &t, &v, false), ERR_HEADER);
    v = visit("GET", NULL);
    v.hosts = 0;
    assert_err(door_check(&a, &t, &v, false), ERR_FORBIDDEN);
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_file_are_found),
        cmocka_unit_test(entity_tags_are_compared),
        cmocka_unit_test(signed_addresses_hold_until_they_expire),
        cmocka_unit_test(servers_of_one_key_take_each_others_addresses),
        cmocka_unit_test(the_door_lets_in_who_may),
        cmocka_unit_test(what_reads_two_ways_is_refused),
        cmocka_unit_test(changes_come_from_our_own_pages),
        cmocka_unit_test(a_token_is_wanted_where_there_is_one),
        cmocka_unit_test(a_header_has_its_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
