/*
 * Calls to other machines, against a server of this test's own on loopback: which addresses are called at all, where
 * redirects may lead, what stops an answer that is too large or never ends, and that a key never leaves its host.
 */
#include "test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "net/net.h"
#include "net/net_rules.h"
#include "suite.h"
#include "web_stub.h"

/* ---- rules ---- */

static void only_public_addresses_may_be_called(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        bool        may, with_loopback;
    } cases[] = {
        { "1.1.1.1", true, true },           { "93.184.216.34", true, true },     { "0.0.0.0", false, false },
        { "10.0.0.1", false, false },        { "100.64.0.1", false, false },      { "100.128.0.1", true, true },
        { "127.0.0.1", false, true },        { "127.255.255.255", false, true },  { "169.254.169.254", false, false },
        { "172.15.255.255", true, true },    { "172.16.0.1", false, false },      { "172.31.255.255", false, false },
        { "172.32.0.1", true, true },        { "192.0.0.8", false, false },       { "192.0.2.1", false, false },
        { "192.88.99.1", false, false },     { "192.168.1.1", false, false },     { "192.169.1.1", true, true },
        { "198.18.0.1", false, false },      { "198.19.255.255", false, false },  { "198.51.100.9", false, false },
        { "203.0.113.9", false, false },     { "224.0.0.1", false, false },       { "239.255.255.250", false, false },
        { "240.0.0.1", false, false },       { "255.255.255.255", false, false }, { "2606:4700::1111", true, true },
        { "::", false, false },              { "::1", false, true },              { "::ffff:10.0.0.1", false, false },
        { "::ffff:127.0.0.1", false, true }, { "::ffff:1.1.1.1", true, true },    { "64:ff9b::1.1.1.1", true, true },
        { "64:ff9b::127.0.0.1", false, false }, { "64:ff9b::a00:1", false, false }, { "fe80::1", false, false },
        { "fc00::1", false, false },         { "fd12:3456::1", false, false },    { "ff02::1", false, false },
        { "2001:db8::1", false, false },     { "2001::1", false, false },         { "2001:4860:4860::8888", true, true },
        { "2002:7f00:1::", false, false },   { "3fff::1", false, false },         { "100::1", false, false },
    };
    for (size_t i = 0; i < SUITE_COUNT(cases); i++) {
        struct sockaddr_in in = { .sin_family = AF_INET };
        struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
        const struct sockaddr *address = (const struct sockaddr *)&in;
        if (inet_pton(AF_INET, cases[i].address, &in.sin_addr) != 1) {
            assert_int_equal(inet_pton(AF_INET6, cases[i].address, &in6.sin6_addr), 1);
            address = (const struct sockaddr *)&in6;
        }
        if (net_may_call(address, REACH_PUBLIC) != cases[i].may || net_may_call(address, REACH_MACHINE) != cases[i].with_loopback)
            test_failed("%s is judged wrongly", cases[i].address);
    }
    assert_false(net_may_call(&(struct sockaddr){ .sa_family = AF_UNIX }, REACH_ANY));
}

static void addresses_are_read_as_they_will_be_called(void **state)
{
    (void)state;
    static char long_url[NET_URL_BYTES_MAX + 40] = "https://example.com/";
    memset(long_url + 20, 'a', sizeof long_url - 21);
    static const struct {
        const char *url;
        enum err    error;
    } cases[] = {
        { "https://example.com/a.png", OK },
        { "HTTPS://EXAMPLE.COM:443/a.png?x=1#part", OK },
        { "https://example.com:80/", OK },
        { "https://1.1.1.1/", OK },
        { "http://example.com/a.png", ERR_INVALID },
        { "ftp://example.com/", ERR_INVALID },
        { "file:///etc/passwd", ERR_INVALID },
        { "gopher://example.com/", ERR_INVALID },
        { "example.com/a.png", ERR_INVALID },
        { "", ERR_INVALID },
        { "https://", ERR_INVALID },
        { "https://user:word@example.com/", ERR_INVALID },
        { "https://example.com@127.0.0.1/", ERR_INVALID },
        { "https://exa\x01mple.com/", ERR_INVALID },
        { long_url, ERR_INVALID },
        { "https://example.com:22/", ERR_FORBIDDEN },
        { "https://localhost/", ERR_FORBIDDEN },
        { "https://127.0.0.1/", ERR_FORBIDDEN },
        { "https://127.1/", ERR_FORBIDDEN },
        { "https://2130706433/", ERR_FORBIDDEN },
        { "https://0x7f.0.0.1/", ERR_FORBIDDEN },
        { "https://0177.0.0.1/", ERR_FORBIDDEN },
        { "https://10.1.2.3/", ERR_FORBIDDEN },
        { "https://169.254.169.254/latest/meta-data/", ERR_FORBIDDEN },
        { "https://[::1]/", ERR_FORBIDDEN },
        { "https://[::ffff:10.0.0.1]/", ERR_FORBIDDEN },
        { "https://[fd00::1]/", ERR_FORBIDDEN },
    };
    struct task t;
    struct net *n;
    task_init(&t, "test");
    assert_ok(&t, net_open(&t, &(struct net_options){ 0 }, &n));
    for (size_t i = 0; i < SUITE_COUNT(cases); i++) {
        enum err e = net_check_url(n, &t, cases[i].url);
        if (e != cases[i].error)
            test_failed("%s gave %s", cases[i].url, err_name(e));
        if (e)
            assert_string_equal(t.fault.field, "url");
    }
    net_close(n);
    task_done(&t);
}

/* ---- calls ---- */

struct fixture {
    struct task     task;
    struct net     *net;
    struct web_stub web, other;
    char            seen_key[64];         /* what reached the other host */
};

/* One path an answer; the other host only notes what it is told. */
static void answer(void *shared, const struct web_request *r, int c)
{
    struct fixture *f = shared;
    char location[200];
    if (text_equal(r->path, "/plain"))
        web_reply(c, "200 OK", "Content-Type: text/plain\r\nX-Odd:   two   words  \r\n", "hello");
    else if (text_equal(r->path, "/echo"))
        web_reply(c, "201 Created", "", r->body);
    else if (text_equal(r->path, "/missing"))
        web_reply(c, "404 Not Found", "Content-Type: text/html\r\n", "<h1>no</h1>");
    else if (text_equal(r->path, "/round"))
        web_reply(c, "302 Found", "Location: /round\r\n", "");
    else if (text_equal(r->path, "/near"))
        web_reply(c, "301 Moved Permanently", "Location: plain\r\n", "moved");
    else if (text_equal(r->path, "/inside"))
        web_reply(c, "302 Found", "Location: https://192.168.0.1/secrets\r\n", "");
    else if (text_equal(r->path, "/file"))
        web_reply(c, "302 Found", "Location: file:///etc/passwd\r\n", "");
    else if (text_equal(r->path, "/away")) {
        snprintf(location, sizeof location, "Location: http://127.0.0.1:%d/key\r\n", f->other.port);
        web_reply(c, "307 Temporary Redirect", location, "");
    } else if (text_equal(r->path, "/endless")) {
        web_say(c, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        for (int i = 0; i < 3000; i++)
            web_say(c, "0123456789012345678901234567890123456789012345678901234567890123456789");
    } else if (text_equal(r->path, "/broken"))
        web_say(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    else if (text_equal(r->path, "/silent"))
        (void)!read(c, location, 1);      /* until the caller gives up */
}

static void note_key(void *shared, const struct web_request *r, int c)
{
    struct fixture *f = shared;
    snprintf(f->seen_key, sizeof f->seen_key, "%s", web_header(r, "Authorization"));
    web_reply(c, "200 OK", "", "from afar");
}

static void begin(struct fixture *f)
{
    *f = (struct fixture){ .seen_key = "nobody asked" };
    task_init(&f->task, "test");
    assert_ok(&f->task, net_open(&f->task, &(struct net_options){ .loopback = true }, &f->net));
    web_stub_start(&f->web, answer, f);
    web_stub_start(&f->other, note_key, f);
}

static void end(struct fixture *f)
{
    web_stub_stop(&f->web);
    web_stub_stop(&f->other);
    net_close(f->net);
    task_done(&f->task);
}

static const char *url_of(struct fixture *f, const char *path)
{
    return arena_format(f->task.arena, "http://127.0.0.1:%d%s", f->web.port, path);
}

static struct net_call get(struct fixture *f, const char *path)
{
    return (struct net_call){ .method = "GET", .url = url_of(f, path), .timeout_us = 5 * SECOND_US,
                              .bytes_max = 100000, .out = -1 };
}

static void an_answer_comes_back(void **state)
{
    (void)state;
    struct fixture f;
    struct net_reply r;
    begin(&f);
    struct net_call call = get(&f, "/plain");
    assert_ok(&f.task, net_call(f.net, &f.task, &call, &r));
    assert_int_equal(r.status, 200);
    assert_string_equal(r.body.at, "hello");
    assert_string_equal(net_reply_header(&r, "content-type"), "text/plain");
    assert_string_equal(net_reply_header(&r, "x-odd"), "two words");
    assert_string_equal(net_reply_header(&r, "x-none"), "");

    call = get(&f, "/echo");
    call.method = "POST";
    call.body = (struct bytes){ "{\"a\":1}", 7 };
    assert_ok(&f.task, net_call(f.net, &f.task, &call, &r));
    assert_int_equal(r.status, 201);
    assert_string_equal(r.body.at, "{\"a\":1}");
    end(&f);
}

static void redirects_are_followed_with_care(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum err    error;
    } cases[] = { { "/near", OK }, { "/round", ERR_LIMIT }, { "/inside", ERR_FORBIDDEN }, { "/file", ERR_INVALID } };
    struct fixture f;
    begin(&f);
    for (size_t i = 0; i < SUITE_COUNT(cases); i++) {
        struct net_reply r;
        struct net_call call = get(&f, cases[i].path);
        assert_err(net_call(f.net, &f.task, &call, &r), cases[i].error);
        if (!cases[i].error)
            assert_string_equal(r.url, url_of(&f, "/plain"));
    }
    end(&f);
    assert_int_equal(f.web.requests, 2 + 1 + NET_REDIRECTS_MAX + 1 + 1);
}

static void a_key_stays_with_its_host(void **state)
{
    (void)state;
    static const char *const headers[] = { "Authorization: Bearer secret", NULL };
    struct fixture f;
    struct net_reply r;
    begin(&f);
    struct net_call call = get(&f, "/away");
    call.headers = headers;
    assert_ok(&f.task, net_call(f.net, &f.task, &call, &r));
    assert_string_equal(r.body.at, "from afar");
    assert_string_equal(f.seen_key, "");
    end(&f);
}

static void a_post_goes_where_it_was_sent(void **state)
{
    (void)state;
    struct fixture f;
    struct net_reply r;
    begin(&f);
    struct net_call call = get(&f, "/away");
    call.method = "POST";
    assert_ok(&f.task, net_call(f.net, &f.task, &call, &r));
    assert_int_equal(r.status, 307);
    end(&f);
    assert_int_equal(f.other.requests, 0);
}

static void trouble_has_its_name(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int64_t     timeout_us;
        enum err    error;
    } cases[] = {
        { "/endless", 5 * SECOND_US, ERR_LIMIT },
        { "/broken", 5 * SECOND_US, ERR_UPSTREAM },
        { "/silent", SECOND_US / 10, ERR_TIMEOUT },
    };
    struct fixture f;
    begin(&f);
    for (size_t i = 0; i < SUITE_COUNT(cases); i++) {
        struct net_reply r;
        struct net_call call = get(&f, cases[i].path);
        call.timeout_us = cases[i].timeout_us;
        assert_err(net_call(f.net, &f.task, &call, &r), cases[i].error);
    }
    struct net_call closed = get(&f, "/plain");
    struct net_reply r;
    closed.url = "http://127.0.0.1:9/";
    assert_err(net_call(f.net, &f.task, &closed, &r), ERR_UPSTREAM);
    end(&f);
}

static void without_leave_this_machine_is_not_called(void **state)
{
    (void)state;
    struct fixture f;
    struct net *strict;
    struct net_reply r;
    begin(&f);
    assert_ok(&f.task, net_open(&f.task, &(struct net_options){ 0 }, &strict));
    struct net_call call = get(&f, "/plain");
    assert_err(net_call(strict, &f.task, &call, &r), ERR_INVALID);
    call.url = arena_format(f.task.arena, "https://127.0.0.1:%d/plain", f.web.port);
    assert_err(net_call(strict, &f.task, &call, &r), ERR_FORBIDDEN);
    call.url = "https://a.name.localhost/plain"; /* a name, found out when it is about to be connected to */
    assert_err(net_call(strict, &f.task, &call, &r), ERR_FORBIDDEN);
    net_close(strict);
    end(&f);
    assert_int_equal(f.web.requests, 0);
}

static void a_file_is_fetched(void **state)
{
    (void)state;
    struct fixture f;
    struct net_reply r;
    begin(&f);
    scoped(fd) int out = memfd_create("fetched", MFD_CLOEXEC);
    char bytes[16] = "";
    assert_ok(&f.task, net_fetch(f.net, &f.task, url_of(&f, "/near"), 1000, out, &r));
    assert_int_equal(r.bytes, 5);
    assert_int_equal(pread(out, bytes, sizeof bytes, 0), 5);      /* and nothing of the redirect's own body */
    assert_string_equal(bytes, "hello");

    scoped(fd) int none = memfd_create("none", MFD_CLOEXEC);
    assert_err(net_fetch(f.net, &f.task, url_of(&f, "/missing"), 1000, none, &r), ERR_IMPOSSIBLE);
    assert_string_equal(f.task.fault.field, "url");
    assert_int_equal(file_bytes(none), 0);
    assert_err(net_fetch(f.net, &f.task, url_of(&f, "/endless"), 1000, none, &r), ERR_LIMIT);
    end(&f);
}

static void a_cancelled_task_stops_waiting(void **state)
{
    (void)state;
    struct fixture f;
    struct net_reply r;
    atomic_bool cancelled = true;
    begin(&f);
    struct net_call call = get(&f, "/silent");
    f.task.cancelled = &cancelled;
    assert_err(net_call(f.net, &f.task, &call, &r), ERR_CANCELLED);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_public_addresses_may_be_called),
        cmocka_unit_test(addresses_are_read_as_they_will_be_called),
        cmocka_unit_test(an_answer_comes_back),
        cmocka_unit_test(redirects_are_followed_with_care),
        cmocka_unit_test(a_key_stays_with_its_host),
        cmocka_unit_test(a_post_goes_where_it_was_sent),
        cmocka_unit_test(trouble_has_its_name),
        cmocka_unit_test(without_leave_this_machine_is_not_called),
        cmocka_unit_test(a_file_is_fetched),
        cmocka_unit_test(a_cancelled_task_stops_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
