/*
 * What blob_driver.h promises of S3 beyond the suite of every blob store, on the server that s3.sh
 * starts: large files go in parts, a wrong key is refused and what could not be sent is kept and
 * sent later, addresses open one thing and nothing else, and both ways of naming a bucket.
 */
#include "suite.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "blob/blob_driver.h"
#include "net/aws.h"
#include "net/xml.h"
#include "scratch.h"

struct bench {
    struct scratch scratch;
    struct task t;
    struct net *net;
    struct aws_account *account;
    struct blob_store *s;
    char *secret;
};

static struct blob_s3_options options_of(struct bench *b)
{
    return (struct blob_s3_options){
        .account = b->account,
        .bucket = getenv("TEST_S3_BUCKET"),
        .prefix = arena_format(b->t.arena, "own/%s", path_name(b->scratch.path)),
        .path_style = true,
        .folder = scratch_path(&b->scratch, "s3"),
        .cache_bytes = 64 << 20,
        .part_bytes = 5 << 20,
        .retry_us = 1000,
        .wait_us = 1000,
    };
}

static void open_account(struct bench *b, const char *secret)
{
    setenv("AWS_SECRET_ACCESS_KEY", secret, 1);
    assert_ok(&b->t, aws_account_open(&b->t, b->net, &b->account));
}

static void open_store(struct bench *b)
{
    struct blob_s3_options o = options_of(b);
    assert_ok(&b->t, blob_s3_open(&b->t, &o, &b->s));
}

static void close_store(struct bench *b)
{
    blob_close(take(b->s));
    aws_account_close(take(b->account));
}

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    b->scratch = scratch_new();
    b->secret = strdup(getenv("AWS_SECRET_ACCESS_KEY"));
    task_init(&b->t, "test");
    assert_ok(&b->t, net_open(&b->t, &(struct net_options){ .loopback = true }, &b->net));
    open_account(b, b->secret);
    open_store(b);
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    close_store(b);
    setenv("AWS_SECRET_ACCESS_KEY", b->secret, 1);
    net_close(b->net);
    task_done(&b->t);
    scratch_done(&b->scratch);
    free(b->secret);
    free(b);
    return 0;
}

static enum err put(struct bench *b, const char *key, const char *text)
{
    return blob_put_bytes(b->s, &b->t, key, (struct bytes){ text, strlen(text) });
}

static size_t waiting_count(struct bench *b)
{
    struct blob_info *files;
    size_t count;
    assert_ok(&b->t, blob_waiting(b->s, &b->t, &files, &count));
    return count;
}

/* ---- large files ---- */

static char *noise(struct bench *b, size_t size)
{
    char *bytes = arena_alloc(b->t.arena, size);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)(i * 2654435761u >> 22);
    return bytes;
}

static size_t unfinished_uploads(struct bench *b)
{
    const struct aws_options o = { .service = "s3", .title = "S3", .path_style = true,
                                   .bucket = getenv("TEST_S3_BUCKET") };
    static const struct sigv4_pair uploads = { "uploads", "" };
    struct aws *aws;
    struct aws_reply reply;
    struct xml xml;
    size_t count = 0;
    assert_ok(&b->t, aws_open(&b->t, b->account, &o, &aws));
    const struct aws_request list = {
        .method = "GET", .path = "/", .query = &uploads, .query_count = 1
    };
    assert_ok(&b->t, aws_call(aws, &b->t, &list, &reply));
    assert_ok(&b->t, xml_read(&b->t, reply.http.body, &xml));
    for (size_t i = 0; i < xml.count; i++)
        count += text_equal(xml.elements[i].path, "ListMultipartUploadsResult/Upload");
    aws_close(aws);
    return count;
}

static void large_files_go_in_parts(void **state)
{
    struct bench *b = *state;
    enum { SIZE = 11 << 20 }; /* two parts and a bit */
    char *bytes = noise(b, SIZE);
    scoped(fd) int fd = -1;
    struct bytes got;
    assert_ok(&b->t, blob_put_bytes(b->s, &b->t, "a/large.mp4", (struct bytes){ bytes, SIZE }));
    assert_int_equal(unfinished_uploads(b), 0);
    assert_ok(&b->t, blob_open(b->s, &b->t, "a/large.mp4", &fd));
    assert_ok(&b->t, file_read_fd(&b->t, fd, "large", SIZE, &got));
    assert_int_equal(got.size, SIZE);
    assert_memory_equal(got.at, bytes, SIZE);
    assert_ok(&b->t, blob_put_bytes(b->s, &b->t, "a/large.mp4", (struct bytes){ bytes, SIZE - 1 }));
    struct blob_info info;
    assert_ok(&b->t, blob_stat(b->s, &b->t, "a/large.mp4", &info));
    assert_int_equal(info.bytes, SIZE);
}

static void a_file_that_arrived_is_gone_from_here(void **state)
{
    struct bench *b = *state;
    assert_ok(&b->t, put(b, "a", "sent"));
    assert_int_equal(count_files(b->scratch.path), 0);
    scoped(fd) int fd = -1;
    assert_ok(&b->t, blob_open(b->s, &b->t, "a", &fd));
    assert_int_equal(count_files(b->scratch.path), 1); /* in the cache */
    assert_ok(&b->t, blob_remove(b->s, &b->t, "a"));
    assert_int_equal(count_files(b->scratch.path), 0);
}

/* ---- wrong keys ---- */

static void a_wrong_key_is_refused_and_nothing_is_lost(void **state)
{
    struct bench *b = *state;
    close_store(b);
    open_account(b, "not-the-secret");
    open_store(b);
    int fd;
    assert_err(blob_check(b->s, &b->t), ERR_AUTH);
    assert_non_null(strstr(b->t.fault.message, "SignatureDoesNotMatch"));
    assert_err(blob_open(b->s, &b->t, "a", &fd), ERR_AUTH);
    assert_err(put(b, "a/b", "kept"), ERR_AUTH);
    assert_non_null(strstr(b->t.fault.message, "the file is kept here"));
    assert_int_equal(waiting_count(b), 1);
    close_store(b); /* and a restart later, with the right one: */
    open_account(b, b->secret);
    open_store(b);
    int64_t until_us = clock_monotonic_us(b->t.clock) + 10 * SECOND_US;
    while (waiting_count(b) && clock_monotonic_us(b->t.clock) < until_us)
        assert_ok(&b->t, task_pause(&b->t, SECOND_US / 100));
    struct blob_info info;
    assert_ok(&b->t, blob_stat(b->s, &b->t, "a/b", &info));
    assert_int_equal(info.bytes, 4);
    assert_int_equal(count_files(b->scratch.path), 0);
}

static void a_bucket_that_is_not_there_is_said_to_be_so(void **state)
{
    struct bench *b = *state;
    struct blob_s3_options o = options_of(b);
    struct blob_store *s;
    int fd;
    o.bucket = "no-such-bucket";
    o.folder = scratch_path(&b->scratch, "other");
    assert_ok(&b->t, blob_s3_open(&b->t, &o, &s));
    assert_err(blob_check(s, &b->t), ERR_UNAVAILABLE);
    assert_non_null(strstr(b->t.fault.message, "there is no bucket no-such-bucket"));
    assert_err(blob_open(s, &b->t, "a", &fd), ERR_UNAVAILABLE);
    blob_close(s);
}

static void settings_that_cannot_be_are_refused(void **state)
{
    struct bench *b = *state;
    static const char *const buckets[] = { "",    "ab",    "Upper", "under_score",
                                           "-a-", "a b c", "abc." };
    static const char *const prefixes[] = { "/a", "a//b", "../a", "a b", "a/.b" };
    struct blob_s3_options good = options_of(b), o;
    struct blob_store *s;
    for (size_t i = 0; i < SUITE_COUNT(buckets); i++) {
        o = good;
        o.bucket = buckets[i];
        assert_err(blob_s3_open(&b->t, &o, &s), ERR_INVALID);
    }
    for (size_t i = 0; i < SUITE_COUNT(prefixes); i++) {
        o = good;
        o.prefix = prefixes[i];
        assert_err(blob_s3_open(&b->t, &o, &s), ERR_INVALID);
    }
}

/* ---- addresses ---- */

static const char *address(struct bench *b, const char *key, struct blob_url_wish wish)
{
    const char *url;
    assert_ok(&b->t, blob_url(b->s, &b->t, key, &wish, &url));
    return url;
}

/* The status; what came goes to *out. */
static int64_t ask(struct bench *b, const char *method, const char *url, const char *header,
                   const char *body, struct net_reply *out)
{
    const char *const headers[] = { header ? header : "Content-Type:", NULL };
    assert_ok(&b->t, net_call(b->net, &b->t,
                              &(struct net_call){ .method = method,
                                                  .url = url,
                                                  .headers = headers,
                                                  .body = { body, body ? strlen(body) : 0 },
                                                  .timeout_us = 10 * SECOND_US,
                                                  .bytes_max = 1 << 20,
                                                  .out = -1 },
                              out));
    return out->status;
}

static void an_address_opens_one_file_for_one_method(void **state)
{
    struct bench *b = *state;
    struct net_reply r;
    assert_ok(&b->t, put(b, "a.mp4", "0123456789"));
    assert_ok(&b->t, put(b, "b.mp4", "other"));
    const char *url = address(b, "a.mp4", (struct blob_url_wish){ .method = "GET", .seconds = 600,
                                                                  .save_as = "My-film.mp4" });
    assert_int_equal(ask(b, "GET", url, NULL, NULL, &r), 200);
    assert_string_equal(r.body.at, "0123456789");
    assert_string_equal(net_reply_header(&r, "content-type"), "video/mp4");
    assert_string_equal(net_reply_header(&r, "content-disposition"),
                        "attachment; filename=\"My-film.mp4\"");
    assert_non_null(strstr(net_reply_header(&r, "cache-control"), "immutable"));
    assert_int_equal(ask(b, "GET", url, "Range: bytes=2-4", NULL, &r), 206);
    assert_string_equal(r.body.at, "234");
    assert_int_equal(ask(b, "PUT", url, NULL, "over it", &r), 403);
    assert_int_equal(ask(b, "DELETE", url, NULL, NULL, &r), 403);
    char *altered = arena_copy(b->t.arena, url);
    *strstr(altered, "a.mp4") = 'b';
    assert_int_equal(ask(b, "GET", altered, NULL, NULL, &r), 403);
    altered = arena_copy(b->t.arena, url);
    altered[strlen(altered) - 1] ^= 1;
    assert_int_equal(ask(b, "GET", altered, NULL, NULL, &r), 403);
    url = address(b, "a.mp4", (struct blob_url_wish){ .method = "HEAD", .seconds = 600 });
    assert_int_equal(ask(b, "HEAD", url, NULL, NULL, &r), 200);
}

static void an_address_ends(void **state)
{
    struct bench *b = *state;
    struct net_reply r;
    struct clock before = clock_fake(clock_wall_us(&clock_real) - 1000 * SECOND_US);
    assert_ok(&b->t, put(b, "a", "bytes"));
    b->t.clock = &before;
    const char *old = address(b, "a", (struct blob_url_wish){ .method = "GET", .seconds = 900 });
    b->t.clock = &clock_real;
    assert_int_equal(ask(b, "GET", old, NULL, NULL, &r), 403);
    const char *live = address(b, "a", (struct blob_url_wish){ .method = "GET", .seconds = 900 });
    assert_int_equal(ask(b, "GET", live, NULL, NULL, &r), 200);
}

static void an_address_takes_what_was_agreed(void **state)
{
    struct bench *b = *state;
    struct net_reply r;
    const struct blob_url_wish wish = {
        .method = "PUT", .seconds = 600, .content_type = "image/png", .bytes = 5
    };
    const char *url = address(b, "up/a.png", wish);
    assert_int_equal(ask(b, "PUT", url, "Content-Type: text/html", "12345", &r), 403);
    assert_int_equal(ask(b, "PUT", url, "Content-Type: image/png", "123456", &r), 403);
    assert_int_equal(ask(b, "GET", url, NULL, NULL, &r), 403);
    assert_int_equal(ask(b, "PUT", url, "Content-Type: image/png", "12345", &r), 200);
    scoped(fd) int fd = -1;
    assert_ok(&b->t, blob_open(b->s, &b->t, "up/a.png", &fd));
    assert_int_equal(file_bytes(fd), 5);
}

static void a_bucket_may_stand_in_the_host(void **state)
{
    struct bench *b = *state;
    struct blob_s3_options o = options_of(b);
    struct blob_store *s;
    struct bytes part;
    const char *port = strrchr(getenv("AWS_ENDPOINT_URL_S3"), ':');
    o.endpoint = arena_format(b->t.arena, "http://s3.localhost%s", port);
    o.path_style = false;
    o.folder = scratch_path(&b->scratch, "other");
    assert_ok(&b->t, put(b, "a", "either way"));
    assert_ok(&b->t, blob_s3_open(&b->t, &o, &s));
    assert_ok(&b->t, blob_read(s, &b->t, "a", 7, 3, &part));
    assert_memory_equal(part.at, "way", 3);
    assert_string_equal(blob_url_origin(s, &b->t),
                        arena_format(b->t.arena, "http://%s.s3.localhost%s", o.bucket, port));
    blob_close(s);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(large_files_go_in_parts),
        TEST(a_file_that_arrived_is_gone_from_here),
        TEST(a_wrong_key_is_refused_and_nothing_is_lost),
        TEST(a_bucket_that_is_not_there_is_said_to_be_so),
        TEST(settings_that_cannot_be_are_refused),
        TEST(an_address_opens_one_file_for_one_method),
        TEST(an_address_ends),
        TEST(an_address_takes_what_was_agreed),
        TEST(a_bucket_may_stand_in_the_host),
    };
    return cmocka_run_group_tests_name("blobs in S3", tests, NULL, NULL);
}
