/*
 * What becomes of a blob when S3 misbehaves: an S3 of a few lines in this test's own process, which keeps objects in
 * memory and fails as it is told. What a well-behaved one does is shown in test/cloud.
 */
#include "test.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/text.h"
#include "blob/blob_driver.h"
#include "net/aws_account.h"
#include "scratch.h"
#include "suite.h"
#include "web_stub.h"

enum { OBJECTS_MAX = 8, BODY_MAX = 48 << 10, PART = 8 << 10, LARGE = 20 << 10 };

struct object {
    char path[200], sha256[80];
    char body[BODY_MAX + 1];
    size_t bytes;
};

/* Requests of this kind go wrong so many times. */
struct trouble {
    const char *method, *query; /* "PUT", "partNumber=2" */
    const char *status;         /* NULL: the connection ends without an answer */
    const char *body;
    bool done;                  /* what was asked for is done all the same */
    int times;
};

struct fixture {
    struct scratch scratch;
    struct task t;
    struct net *net;
    struct aws_account *account;
    struct blob_store *s;
    struct web_stub web;
    atomic_bool cancelled;
    pthread_mutex_t lock; /* guards all below */
    struct trouble trouble;
    struct object objects[OBJECTS_MAX], joined;
    int object_count;
    bool flips_bytes, wrong_etags, no_conditions, cancels;
    const char *head_more; /* further headers of what is looked at; NULL for none */
    const char *head_etag; /* NULL: "x" */
    int aborts, gets, puts, lists, deletes;
    int removals, removed; /* requests for many, and their keys */
    const char *stubborn; /* cannot be removed with others */
};

/* ---- the other side ---- */

static struct object *find(struct fixture *f, const char *path)
{
    for (int i = 0; i < f->object_count; i++) {
        if (text_equal(f->objects[i].path, path))
            return &f->objects[i];
    }
    return NULL;
}

static void keep(struct fixture *f, const char *path, const char *sha256, const char *body,
                 size_t bytes)
{
    struct object *o = &f->objects[f->object_count++];
    snprintf(o->path, sizeof o->path, "%s", path);
    snprintf(o->sha256, sizeof o->sha256, "%s", sha256);
    memcpy(o->body, body, bytes);
    o->body[bytes] = '\0';
    o->bytes = bytes;
}

/* The ETag of what arrived; NULL when it is not what its Content-MD5 says. */
static const char *etag_of(struct fixture *f, const struct web_request *r)
{
    static char etag[40];
    unsigned char md5[16];
    struct arena *a = arena_new();
    EVP_Digest(r->body, r->body_bytes, md5, NULL, EVP_md5(), NULL);
    bool same = text_equal(base64_encode(a, (struct bytes){ md5, 16 }),
                           web_header(r, "Content-MD5"));
    arena_free(a);
    md5[0] ^= f->wrong_etags ? 1 : 0;
    for (int i = 0; i < 16; i++)
        snprintf(etag + 2 * i, 3, "%02x", md5[i]);
    return same ? etag : NULL;
}

static void answer_etag(int c, const char *etag)
{
    char header[80];
    snprintf(header, sizeof header, "ETag: \"%s\"\r\n", etag ? etag : "");
    web_reply(c, etag ? "200 OK" : "400 BadDigest", header, "");
}

static void put_part(struct fixture *f, const struct web_request *r, int c)
{
    const char *etag = etag_of(f, r);
    memcpy(f->joined.body + f->joined.bytes, r->body, r->body_bytes);
    f->joined.bytes += r->body_bytes;
    answer_etag(c, etag);
}

static void put_object(struct fixture *f, const struct web_request *r, const char *path, int c)
{
    const char *etag = etag_of(f, r);
    bool condition = *web_header(r, "If-None-Match");
    f->puts++;
    if (condition && f->no_conditions)
        web_reply(c, "501 Not Implemented", "", "");
    else if (condition && find(f, path))
        web_reply(c, "412 Precondition Failed", "", "");
    else {
        keep(f, path, web_header(r, "X-Amz-Meta-Sha256"), r->body, r->body_bytes);
        answer_etag(c, etag);
    }
}

static void join(struct fixture *f, const char *path, int c)
{
    if (f->joined.bytes == 0) {
        web_reply(c, "404 Not Found", "", "<Error><Code>NoSuchUpload</Code></Error>");
        return;
    }
    keep(f, path, f->joined.sha256, f->joined.body, f->joined.bytes);
    f->joined.bytes = 0;
    web_reply(c, "200 OK", "", "\n <CompleteMultipartUploadResult/>");
}

static void get_object(struct fixture *f, const struct web_request *r, const char *path, int c)
{
    const struct object *o = find(f, path);
    char head[600];
    size_t bytes = o ? o->bytes : 0;
    f->gets += text_equal(r->method, "GET");
    snprintf(head, sizeof head,
             "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %zu\r\nETag: \"%s\"\r\n"
             "Content-Range: bytes 0-%zu/%zu\r\nx-amz-meta-sha256: %s\r\n%s\r\n",
             o ? "206 Partial" : "404 Not Found", bytes, f->head_etag ? f->head_etag : "x", bytes, bytes,
             o ? o->sha256 : "", f->head_more ? f->head_more : "");
    web_say(c, head);
    if (!o || text_equal(r->method, "HEAD"))
        return;
    char *body = strdup(o->body);
    body[0] ^= f->flips_bytes ? 1 : 0;
    web_say(c, body);
    free(body);
}

static void remove_many(struct fixture *f, const struct web_request *r, int c)
{
    char body[300] = "<DeleteResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"></DeleteResult>";
    f->removals++;
    for (const char *at = r->body; (at = strstr(at, "<Key>")); at++)
        f->removed++;
    if (f->stubborn)
        snprintf(body, sizeof body, "<?xml version=\"1.0\"?>\n<DeleteResult><Error><Key>%s</Key><Code>InternalError</Code>"
                 "<Message>We</Message></Error></DeleteResult>", f->stubborn);
    web_reply(c, etag_of(f, r) ? "200 OK" : "400 BadDigest", "", body);
}

static void serve(struct fixture *f, const struct web_request *r, const char *path,
                  const char *query, int c)
{
    if (text_equal(r->method, "POST") && text_equal(query, "delete="))
        remove_many(f, r, c);
    else if (text_equal(r->method, "POST") && text_equal(query, "uploads=")) {
        f->joined.bytes = 0;
        snprintf(f->joined.sha256, sizeof f->joined.sha256, "%s",
                 web_header(r, "X-Amz-Meta-Sha256"));
        web_reply(c, "200 OK", "",
                  "<InitiateMultipartUploadResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                  "<UploadId>u/1</UploadId></InitiateMultipartUploadResult>");
    } else if (text_equal(r->method, "POST"))
        join(f, path, c);
    else if (text_starts(query, "partNumber="))
        put_part(f, r, c);
    else if (text_equal(r->method, "PUT"))
        put_object(f, r, path, c);
    else if (text_equal(r->method, "DELETE")) {
        f->aborts += text_starts(query, "uploadId=");
        f->deletes += !*query;
        web_reply(c, "204 No Content", "", "");
    } else if (strstr(query, "list-type=2")) {
        f->lists++;
        web_reply(c, "200 OK", "", "<ListBucketResult/>");
    } else
        get_object(f, r, path, c);
}

static void answer(void *shared, const struct web_request *r, int c)
{
    struct fixture *f = shared;
    char path[1024];
    snprintf(path, sizeof path, "%s", r->path);
    char *mark = strchr(path, '?');
    const char *query = mark ? mark + 1 : "";
    if (mark)
        *mark = '\0';
    pthread_mutex_lock(&f->lock);
    struct trouble *x = &f->trouble;
    bool wrong = x->times > 0 && text_equal(x->method, r->method) && strstr(r->path, x->query);
    x->times -= wrong;
    if (wrong && f->cancels)
        atomic_store(&f->cancelled, true);
    if (wrong && x->done)
        serve(f, r, path, query, -1);
    else if (wrong && x->status)
        web_reply(c, x->status, "", x->body);
    else if (!wrong)
        serve(f, r, path, query, c);
    pthread_mutex_unlock(&f->lock);
}

/* ---- this side ---- */

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->scratch = scratch_new();
    task_init(&f->t, "test");
    pthread_mutex_init(&f->lock, NULL);
    setenv("AWS_ACCESS_KEY_ID", "AKIDTEST", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
    setenv("AWS_CONFIG_FILE", "/nonexistent", 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent", 1);
    web_stub_start(&f->web, answer, f);
    assert_ok(&f->t, net_open(&f->t, &(struct net_options){ 0 }, &f->net));
    assert_ok(&f->t, aws_account_open(&f->t, f->net, &f->account));
    const struct blob_s3_options o = {
        .account = f->account,
        .bucket = "media",
        .prefix = "",
        .region = "us-east-1",
        .endpoint = arena_format(f->t.arena, "http://127.0.0.1:%d", f->web.port),
        .path_style = true,
        .folder = scratch_path(&f->scratch, "s3"),
        .cache_bytes = 30 << 10,
        .part_bytes = PART,
        .retry_us = 1000,
        .wait_us = 1,
    };
    assert_ok(&f->t, blob_s3_open(&f->t, &o, &f->s));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    blob_close(f->s);
    aws_account_close(f->account);
    net_close(f->net);
    web_stub_stop(&f->web);
    pthread_mutex_destroy(&f->lock);
    task_done(&f->t);
    scratch_done(&f->scratch);
    free(f);
    return 0;
}

static char *letters(struct fixture *f, size_t bytes)
{
    char *text = arena_alloc(f->t.arena, bytes + 1);
    for (size_t i = 0; i < bytes; i++)
        text[i] = (char)('a' + i * 2654435761u / 7 % 26);
    return text;
}

static enum err put(struct fixture *f, const char *key, const char *text)
{
    return blob_put_bytes(f->s, &f->t, key, (struct bytes){ text, strlen(text) });
}

static void make_trouble(struct fixture *f, struct trouble trouble)
{
    pthread_mutex_lock(&f->lock);
    f->trouble = trouble;
    pthread_mutex_unlock(&f->lock);
}

static size_t waiting(struct fixture *f)
{
    struct blob_info *files;
    size_t count;
    assert_ok(&f->t, blob_waiting(f->s, &f->t, &files, &count));
    return count;
}

static void assert_object(struct fixture *f, const char *path, const char *text)
{
    pthread_mutex_lock(&f->lock);
    const struct object *o = find(f, path);
    bool same = o && o->bytes == strlen(text) && memcmp(o->body, text, o->bytes) == 0;
    pthread_mutex_unlock(&f->lock);
    assert_true(same);
}

/* ---- large files ---- */

static void a_part_that_fails_for_a_while_is_sent_again(void **state)
{
    struct fixture *f = *state;
    const char *text = letters(f, LARGE);
    make_trouble(f, (struct trouble){ "PUT", "partNumber=2", "503 Slow", "", .times = 3 });
    assert_ok(&f->t, put(f, "a.mp4", text));
    assert_object(f, "/media/a.mp4", text);
    assert_int_equal(f->aborts, 0);
}

static void a_part_that_is_refused_ends_the_upload(void **state)
{
    struct fixture *f = *state;
    make_trouble(f, (struct trouble){ "PUT", "partNumber=2", "400 No",
                                      "<Error><Code>EntityTooSmall</Code></Error>", .times = 99 });
    assert_err(put(f, "a.mp4", letters(f, LARGE)), ERR_IMPOSSIBLE);
    assert_int_equal(f->aborts, 1);
    assert_int_equal(f->object_count, 0);
    assert_int_equal(waiting(f), 0); /* it would be refused again */
}

static void a_cancelled_upload_is_ended_on_the_other_side_too(void **state)
{
    struct fixture *f = *state;
    f->t.cancelled = &f->cancelled;
    f->cancels = true;
    make_trouble(f, (struct trouble){ "PUT", "partNumber=3", "503 Slow", "", .times = 99 });
    assert_err(put(f, "a.mp4", letters(f, LARGE)), ERR_CANCELLED);
    f->t.cancelled = NULL;
    assert_int_equal(f->aborts, 1);
    assert_int_equal(waiting(f), 0);
}

static void a_lost_answer_to_joining_is_looked_after(void **state)
{
    struct fixture *f = *state;
    const char *text = letters(f, LARGE);
    make_trouble(f, (struct trouble){ "POST", "uploadId=", .done = true, .times = 1 });
    assert_ok(&f->t, put(f, "a.mp4", text));
    assert_object(f, "/media/a.mp4", text);
    assert_int_equal(f->object_count, 1);
    assert_int_equal(f->aborts, 0);
}

static void a_success_that_turns_out_a_failure_is_one(void **state)
{
    struct fixture *f = *state;
    make_trouble(f, (struct trouble){ "POST", "uploadId=", "200 OK",
                                      "\n\n<?x?><Error><Code>InternalError</Code></Error>",
                                      .times = 99 });
    assert_err(put(f, "a.mp4", letters(f, LARGE)), ERR_UNAVAILABLE);
    assert_int_equal(f->object_count, 0);
    assert_true(f->aborts >= 1);
}

/* ---- what arrives ---- */

static void what_arrives_otherwise_is_no_success(void **state)
{
    struct fixture *f = *state;
    f->wrong_etags = true;
    assert_err(put(f, "small", "bytes"), ERR_UPSTREAM);
    assert_err(put(f, "large", letters(f, LARGE)), ERR_UPSTREAM);
    assert_true(f->aborts >= 1);
}

/* Under SSE-KMS the ETag of what was joined looks like the usual one and is none of our MD5s. */
static void an_etag_under_keys_of_the_buckets_own_says_nothing(void **state)
{
    struct fixture *f = *state;
    f->head_etag = "0123456789abcdef0123456789abcdef-3";
    assert_err(put(f, "large", letters(f, LARGE)), ERR_UPSTREAM);
    f->head_more = "x-amz-server-side-encryption: aws:kms\r\nx-amz-server-side-encryption-aws-kms-key-id: k\r\n";
    assert_ok(&f->t, put(f, "other", letters(f, LARGE)));
}

static void what_is_fetched_otherwise_is_not_kept(void **state)
{
    struct fixture *f = *state;
    int fd = -1;
    assert_ok(&f->t, put(f, "a", "bytes"));
    f->flips_bytes = true;
    assert_err(blob_open(f->s, &f->t, "a", &fd), ERR_UPSTREAM);
    assert_int_equal(count_files(f->scratch.path), 0);
    f->flips_bytes = false;
    assert_ok(&f->t, blob_open(f->s, &f->t, "a", &fd));
    close(fd);
}

static void a_download_that_breaks_is_begun_again(void **state)
{
    struct fixture *f = *state;
    scoped(fd) int fd = -1;
    struct bytes got;
    assert_ok(&f->t, put(f, "a", "bytes"));
    make_trouble(f, (struct trouble){ "GET", "/media/a", NULL, NULL, .times = 2 });
    assert_ok(&f->t, blob_open(f->s, &f->t, "a", &fd));
    assert_ok(&f->t, file_read_fd(&f->t, fd, "a", 100, &got));
    assert_string_equal(got.at, "bytes");
}

static void servers_without_conditions_are_asked_first(void **state)
{
    struct fixture *f = *state;
    f->no_conditions = true;
    assert_ok(&f->t, put(f, "a", "first"));
    assert_ok(&f->t, put(f, "a", "second"));
    assert_object(f, "/media/a", "first");
    assert_int_equal(f->object_count, 1);
    assert_int_equal(f->puts, 2); /* the one that was not understood, and one without */
}

/* ---- waiting ---- */

static void what_cannot_be_sent_waits_and_is_sent(void **state)
{
    struct fixture *f = *state;
    const char *text = letters(f, 3000);
    make_trouble(f, (struct trouble){ "PUT", "/media/", "503 Slow", "", .times = 1000000 });
    assert_err(put(f, "mv/a.mp4", text), ERR_UNAVAILABLE);
    assert_non_null(strstr(f->t.fault.message, "the file is kept here"));
    assert_int_equal(waiting(f), 1);
    make_trouble(f, (struct trouble){ 0 });
    int64_t until_us = clock_monotonic_us(f->t.clock) + 10 * SECOND_US;
    while (waiting(f) && clock_monotonic_us(f->t.clock) < until_us)
        assert_ok(&f->t, task_pause(&f->t, 2000));
    assert_object(f, "/media/mv/a.mp4", text);
    assert_int_equal(count_files(f->scratch.path), 0);
}

static void a_second_put_takes_the_place_of_what_waits(void **state)
{
    struct fixture *f = *state;
    make_trouble(f, (struct trouble){ "PUT", "/media/", "403 No",
                                      "<Error><Code>AccessDenied</Code></Error>", .times = 1 });
    assert_err(put(f, "a", "bytes"), ERR_FORBIDDEN);
    assert_ok(&f->t, put(f, "a", "bytes"));
    assert_int_equal(waiting(f), 0);
    assert_int_equal(f->object_count, 1);
}

/* Long work whose result could not be put is not begun; who asks does not ask S3 while all is well. */
static void nothing_is_made_while_it_is_away(void **state)
{
    struct fixture *f = *state;
    assert_ok(&f->t, put(f, "a", "bytes"));
    int lists = f->lists;
    assert_ok(&f->t, blob_ready(f->s, &f->t));
    assert_int_equal(f->lists, lists);
    make_trouble(f, (struct trouble){ "PUT", "/media/", "503 Slow", "", .times = 1000000 });
    assert_err(put(f, "b", "bytes"), ERR_UNAVAILABLE);
    make_trouble(f, (struct trouble){ "GET", "list-type=2", "503 Slow", "", .times = 1000000 });
    assert_err(blob_ready(f->s, &f->t), ERR_UNAVAILABLE);
    assert_true(f->t.fault.house);
    make_trouble(f, (struct trouble){ 0 });
    assert_ok(&f->t, blob_ready(f->s, &f->t));
}

/* ---- removing ---- */

static void many_are_removed_by_the_thousand(void **state)
{
    enum { MANY = 1001 };
    struct fixture *f = *state;
    const char *keys[MANY];
    for (int i = 0; i < MANY; i++)
        keys[i] = arena_format(f->t.arena, "k/%d", i);
    assert_ok(&f->t, blob_remove_all(f->s, &f->t, keys, MANY));
    assert_int_equal(f->removals, 1);
    assert_int_equal(f->removed, 1000);
    assert_int_equal(f->deletes, 1);
}

static void what_could_not_be_removed_with_others_is_asked_for_again(void **state)
{
    struct fixture *f = *state;
    static const char *const keys[] = { "a", "b", "c" };
    f->stubborn = "b";
    assert_ok(&f->t, blob_remove_all(f->s, &f->t, keys, 3));
    assert_int_equal(f->removals, 1);
    assert_int_equal(f->deletes, 1);
    make_trouble(f, (struct trouble){ "DELETE", "/media/b", "403 No", "<Error><Code>AccessDenied</Code></Error>",
                                      .times = 1 });
    assert_err(blob_remove_all(f->s, &f->t, keys, 3), ERR_FORBIDDEN);
    assert_non_null(strstr(f->t.fault.message, "remove b"));
}

/* ---- the cache ---- */

static void fetched(struct fixture *f, const char *key, int gets)
{
    scoped(fd) int fd = -1;
    assert_ok(&f->t, blob_open(f->s, &f->t, key, &fd));
    if (f->gets != gets)
        test_failed("after opening %s there were %d fetches, not %d", key, f->gets, gets);
}

static void the_cache_is_bounded_and_keeps_what_was_used_last(void **state)
{
    struct fixture *f = *state;
    static const char *const keys[] = { "a", "b", "c" };
    for (size_t i = 0; i < SUITE_COUNT(keys); i++)
        assert_ok(&f->t, put(f, keys[i], letters(f, 12 << 10)));
    fetched(f, "a", 1);
    fetched(f, "b", 2);
    fetched(f, "a", 2);
    fetched(f, "c", 3); /* three are too many: b was used longest ago */
    fetched(f, "a", 3);
    fetched(f, "c", 3);
    fetched(f, "b", 4);
    assert_true(count_files(f->scratch.path) <= 2);
}

static void what_is_larger_than_the_cache_is_opened_all_the_same(void **state)
{
    struct fixture *f = *state;
    assert_ok(&f->t, put(f, "a", letters(f, 16 << 10)));
    fetched(f, "a", 1);
    fetched(f, "a", 2);
    assert_int_equal(count_files(f->scratch.path), 0);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_part_that_fails_for_a_while_is_sent_again),
        TEST(a_part_that_is_refused_ends_the_upload),
        TEST(a_cancelled_upload_is_ended_on_the_other_side_too),
        TEST(a_lost_answer_to_joining_is_looked_after),
        TEST(a_success_that_turns_out_a_failure_is_one),
        TEST(what_arrives_otherwise_is_no_success),
        TEST(an_etag_under_keys_of_the_buckets_own_says_nothing),
        TEST(what_is_fetched_otherwise_is_not_kept),
        TEST(a_download_that_breaks_is_begun_again),
        TEST(servers_without_conditions_are_asked_first),
        TEST(what_cannot_be_sent_waits_and_is_sent),
        TEST(a_second_put_takes_the_place_of_what_waits),
        TEST(nothing_is_made_while_it_is_away),
        TEST(many_are_removed_by_the_thousand),
        TEST(what_could_not_be_removed_with_others_is_asked_for_again),
        TEST(the_cache_is_bounded_and_keeps_what_was_used_last),
        TEST(what_is_larger_than_the_cache_is_opened_all_the_same),
    };
    return cmocka_run_group_tests_name("blobs in an S3 that misbehaves", tests, NULL, NULL);
}
