/*
 * One easy handle a call, used once and thrown away: nothing is shared between calls, so nothing of
 * one can reach another (cookies, kept connections, credentials), and a POST is never sent again on
 * a connection that died. Calls to one service by a pool share handles, wiped in between but for
 * their connections; how often such a call was sent is counted.
 */
#include "net/net.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "net/curl_library.h"
#include "net/net_pool.h"
#include "net/gate.h"
#include "net/net_rules.h"
#include "net/secret_text.h"

#define CONNECT_US (10 * SECOND_US)
#define STALL_US   (30 * SECOND_US)

enum {
    REFUSAL_BYTES_MAX = 64 << 10, /* why there is no file; the rest is passed over */
    UPLOAD_BUFFER = 256 << 10,
    UPLOAD_ASKS_FIRST = 1 << 20, /* larger bodies wait for leave: a refused one is not sent */
};

struct net {
    bool loopback;
    char *user_agent;
    struct gate *gates[NET_GATES];
};

enum err net_open(struct task *t, const struct net_options *options, struct net **out)
{
    (void)t;
    struct net *n = calloc(1, sizeof *n);
    if (!n || !(n->user_agent = strdup(options->user_agent ? options->user_agent : "storyreel")))
        abort();
    n->loopback = options->loopback;
    for (int i = 0; i < NET_GATES; i++)
        n->gates[i] = gate_new();
    *out = n;
    return OK;
}

void net_close(struct net *n)
{
    if (!n)
        return;
    for (int i = 0; i < NET_GATES; i++)
        gate_free(n->gates[i]);
    free(n->user_agent);
    free(n);
}

struct gate *net_gate(const struct net *n, int index)
{
    return n->gates[index];
}

enum err net_own_address(struct task *t, const char *url, const char **out_host)
{
    struct net_target own;
    enum err e = net_target_read(t, url, REACH_ANY, &own);
    if (e)
        return e;
    if (!text_equal(own.scheme, "https") && !net_is_loopback(&own))
        return refuse(t, ERR_INVALID, "give it with https://, as browsers see it",
                      "others can only be told an address that begins with https");
    *out_host = own.host;
    return OK;
}

enum err net_check_url(const struct net *n, struct task *t, const char *url)
{
    struct net_target target;
    return net_target_read(t, url, n->loopback ? REACH_MACHINE : REACH_PUBLIC, &target);
}

/* ---- one exchange ---- */

/* What curl's callbacks know of the exchange they belong to. */
struct exchange {
    const struct net *net;
    struct task *task;
    const struct net_call *call;
    const struct net_target *target;
    enum net_reach reach;
    const struct curl_library *curl;
    CURL *easy;
    struct curl_slist *headers;
    struct net_reply *reply;
    struct text body;
    bool refused; /* an address that may not be called came up */
    bool too_large;
    bool sent;       /* at least a byte of the request went out */
    bool done;       /* as HTTP wants it: the connection can be used again */
    int64_t uploaded; /* of call->upload */
    enum err failed; /* of our own doing: the file could not be written, the task is over */
};

static void exchange_scoped(struct exchange *x)
{
    if (x->easy)
        net_pool_give(x->call->pool, x->curl, x->easy, x->done);
    if (x->headers)
        x->curl->curl_slist_free_all(x->headers);
}

#define SET(x, option, value) (x)->curl->curl_easy_setopt((x)->easy, CURLOPT_##option, (value))

/* The one door to the network: the address that is about to be connected to is looked at here. */
static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct exchange *x = context;
    (void)purpose;
    if (x->refused || !net_may_call(&address->addr, x->reach)) {
        x->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static bool is_success(const struct exchange *x)
{
    long status = 0;
    x->curl->curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
    return status >= 200 && status < 300;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    size *= count;
    if (x->reply->bytes + (int64_t)size > x->call->bytes_max) {
        x->too_large = true;
        return 0;
    }
    if (x->call->out >= 0 && is_success(x))
        x->failed = file_write_all(x->task, x->call->out, bytes, size);
    else if (x->call->out < 0 || x->body.length + size <= REFUSAL_BYTES_MAX)
        text_append_n(&x->body, bytes, size);
    x->reply->bytes += (int64_t)size;
    return x->failed ? 0 : size;
}

/* "Name: value\r\n"; a new status line (after 100 Continue) begins afresh. */
static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    struct net_reply *r = x->reply;
    size_t bytes = size * count;
    const char *colon = memchr(line, ':', bytes);
    if (bytes > 5 && memcmp(line, "HTTP/", 5) == 0)
        r->header_count = 0;
    else if (colon && r->header_count < NET_HEADERS_MAX)
        r->headers[r->header_count++] = (struct net_header){
            .name = text_lower(x->task->arena,
                               arena_copy_n(x->task->arena, line, (size_t)(colon - line))),
            .value = text_tidy(x->task->arena,
                               arena_copy_n(x->task->arena, colon + 1,
                                            bytes - (size_t)(colon + 1 - line))),
        };
    return bytes;
}

static int on_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct exchange *x = context;
    (void)a, (void)b, (void)c, (void)d;
    if (!x->failed)
        x->failed = task_over(x->task);
    return x->failed != OK;
}

static size_t on_upload(char *out, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    const struct net_upload *u = x->call->upload;
    int64_t left = u->bytes - x->uploaded;
    size *= count;
    if ((int64_t)size > left)
        size = (size_t)left;
    ssize_t got = size ? pread(u->fd, out, size, u->offset + x->uploaded) : 0;
    if (got < 0 || (size && got == 0)) {
        x->failed = fail_errno(x->task, got < 0 ? errno : EIO, "read", "the file to upload");
        return CURL_READFUNC_ABORT;
    }
    x->uploaded += got;
    return (size_t)got;
}

/* From the start again, when a kept connection was found closed. */
static int on_seek(void *context, curl_off_t offset, int origin)
{
    struct exchange *x = context;
    if (origin != SEEK_SET)
        return CURL_SEEKFUNC_CANTSEEK;
    x->uploaded = offset;
    return CURL_SEEKFUNC_OK;
}

/* Every time a request's head goes out. */
static int on_debug(CURL *easy, curl_infotype type, char *bytes, size_t size, void *context)
{
    struct exchange *x = context;
    (void)easy, (void)bytes, (void)size;
    if (type == CURLINFO_HEADER_OUT)
        x->reply->sends++;
    return 0;
}

static void set_limits(struct exchange *x, int64_t deadline_us)
{
    int64_t left_ms = (deadline_us - clock_monotonic_us(x->task->clock)) / 1000;
    int64_t stall_us = x->call->stall_us ? x->call->stall_us : STALL_US;
    SET(x, NOSIGNAL, 1L);
    SET(x, TIMEOUT_MS, left_ms > 1 ? (long)left_ms : 1L);
    SET(x, CONNECTTIMEOUT_MS, (long)(CONNECT_US / 1000));
    SET(x, LOW_SPEED_LIMIT, 1L);
    SET(x, LOW_SPEED_TIME, (long)(stall_us / SECOND_US));
    SET(x, MAXFILESIZE_LARGE, (curl_off_t)x->call->bytes_max);
}

static void set_rules(struct exchange *x)
{
    SET(x, PROTOCOLS_STR, x->reach == REACH_PUBLIC ? "https" : "https,http");
    SET(x, FOLLOWLOCATION, 0L);
    SET(x, PROXY, "");
    SET(x, NETRC, (long)CURL_NETRC_IGNORED);
    SET(x, FRESH_CONNECT, x->call->pool ? 0L : 1L);
    SET(x, FORBID_REUSE, x->call->pool ? 0L : 1L);
    SET(x, HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(x, OPENSOCKETFUNCTION, on_socket);
    SET(x, OPENSOCKETDATA, x);
}

static void set_ears(struct exchange *x)
{
    SET(x, WRITEFUNCTION, on_body);
    SET(x, WRITEDATA, x);
    SET(x, HEADERFUNCTION, on_header);
    SET(x, HEADERDATA, x);
    SET(x, XFERINFOFUNCTION, on_progress);
    SET(x, XFERINFODATA, x);
    SET(x, NOPROGRESS, 0L);
    SET(x, VERBOSE, 1L);
    SET(x, DEBUGFUNCTION, on_debug);
    SET(x, DEBUGDATA, x);
}

static void set_upload(struct exchange *x)
{
    SET(x, UPLOAD, 1L);
    SET(x, INFILESIZE_LARGE, (curl_off_t)x->call->upload->bytes);
    SET(x, READFUNCTION, on_upload);
    SET(x, READDATA, x);
    SET(x, SEEKFUNCTION, on_seek);
    SET(x, SEEKDATA, x);
    SET(x, UPLOAD_BUFFERSIZE, (long)UPLOAD_BUFFER);
}

static void set_request(struct exchange *x)
{
    SET(x, URL, x->target->url);
    SET(x, USERAGENT, x->net->user_agent);
    SET(x, HTTPHEADER, x->headers);
    if (text_equal(x->call->method, "GET"))
        return;
    if (text_equal(x->call->method, "HEAD")) {
        SET(x, NOBODY, 1L);
        return;
    }
    if (x->call->upload) {
        set_upload(x);
        return;
    }
    SET(x, POST, 1L);
    SET(x, CUSTOMREQUEST, x->call->method);
    SET(x, POSTFIELDS, x->call->body.at ? x->call->body.at : "");
    SET(x, POSTFIELDSIZE_LARGE, (curl_off_t)x->call->body.size);
}

/* curl's codes stop here. What we did ourselves (refused, broke off) comes before what curl made of
 * it. */
static enum err err_from_curl(struct exchange *x, CURLcode code)
{
    struct task *t = x->task;
    const char *host = x->target->host;
    if (x->failed)
        return x->failed;
    if (x->refused)
        return fail_at(t,
                       refuse(t, ERR_FORBIDDEN, "give an address of the public internet",
                              "%s is not on the public internet", host),
                       "url");
    if (x->too_large || code == CURLE_FILESIZE_EXCEEDED)
        return fail(t, ERR_LIMIT, "the answer of %s is larger than %" PRId64 " MB", host,
                    x->call->bytes_max >> 20);
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return fail(t, ERR_TIMEOUT, "%s did not answer in time", host);
    case CURLE_COULDNT_RESOLVE_HOST:
        return refuse(t, ERR_UPSTREAM, "check the address", "%s is not found", host);
    case CURLE_PEER_FAILED_VERIFICATION:
        return fail(t, ERR_UPSTREAM, "%s has no certificate that can be trusted", host);
    default:
        return fail(t, ERR_UPSTREAM, "%s could not be talked to: %s", host,
                    x->curl->curl_easy_strerror(code));
    }
}

static void add_header(struct exchange *x, const char *line)
{
    x->headers = x->curl->curl_slist_append(x->headers, line);
    if (!x->headers)
        abort();
}

/* Not in the arena: the line is wiped as soon as curl has its own. */
static void add_key(struct exchange *x)
{
    char line[SECRET_BYTES_MAX + 100];
    int bytes = snprintf(line, sizeof line, "%s%s", x->call->key_header, secret_text(x->call->key));
    if (bytes < 0 || (size_t)bytes >= sizeof line)
        abort();
    add_header(x, line);
    explicit_bzero(line, sizeof line);
}

static enum err exchange_open(struct exchange *x, bool with_headers)
{
    enum err e = curl_library_get(x->task, &x->curl);
    if (e)
        return e;
    x->easy = net_pool_take(x->call->pool, x->curl);
    if (!x->call->upload || x->call->upload->bytes < UPLOAD_ASKS_FIRST)
        add_header(x, "Expect:"); /* no waiting for leave to send */
    for (size_t i = 0; with_headers && x->call->headers && x->call->headers[i]; i++)
        add_header(x, x->call->headers[i]);
    if (with_headers && x->call->key)
        add_key(x);
    return OK;
}

static enum err exchange_run(struct exchange *x, int64_t deadline_us, bool with_headers,
                             const char **out_redirect)
{
    long status = 0, sent_bytes = 0;
    char *redirect = NULL;
    enum err e = exchange_open(x, with_headers);
    if (e)
        return e;
    set_limits(x, deadline_us);
    set_rules(x);
    set_ears(x);
    set_request(x);
    CURLcode code = x->curl->curl_easy_perform(x->easy);
    x->curl->curl_easy_getinfo(x->easy, CURLINFO_REQUEST_SIZE, &sent_bytes);
    x->sent = sent_bytes > 0;
    if (code != CURLE_OK)
        return err_from_curl(x, code);
    x->curl->curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
    x->curl->curl_easy_getinfo(x->easy, CURLINFO_REDIRECT_URL, &redirect);
    x->reply->status = status;
    x->done = true;
    *out_redirect = x->call->stay ? NULL : arena_copy(x->task->arena, redirect);
    return OK;
}

/* ---- with redirects ---- */

static int64_t deadline_of(const struct task *t, const struct net_call *call)
{
    int64_t own_us = clock_monotonic_us(t->clock) + call->timeout_us;
    return own_us < t->deadline_us ? own_us : t->deadline_us;
}

/* How far this call may reach: where its first address is, and where redirects may lead. */
static enum net_reach reach_of(const struct net *n, const struct net_call *call,
                               const struct net_target *target, const struct net_target *first)
{
    bool here = call->configured && net_is_loopback(first);
    if (call->configured && net_same_origin(target, first))
        return REACH_ANY;
    return n->loopback || here ? REACH_MACHINE : REACH_PUBLIC;
}

/* A key in an answer stays there. */
static void blank_key(const struct net_call *call, struct net_reply *r)
{
    secret_blank(call->key, (char *)r->body.at, r->body.size);
    for (size_t i = 0; i < r->header_count; i++)
        secret_blank(call->key, (char *)r->headers[i].value, strlen(r->headers[i].value));
}

/* One address: the answer, or where it leads on. */
static enum err visit(const struct net *n, struct task *t, const struct net_call *call,
                      const struct net_target *first, const struct net_target *target,
                      int64_t deadline_us, struct net_reply *reply, const char **out_redirect,
                      bool *out_sent)
{
    *reply = (struct net_reply){ .url = target->url };
    scoped(exchange) struct exchange x = {
        .net = n,
        .task = t,
        .call = call,
        .target = target,
        .reach = reach_of(n, call, target, first),
        .reply = reply,
        .body = text_new(t->arena),
    };
    enum err e = exchange_run(&x, deadline_us, net_same_origin(first, target), out_redirect);
    reply->body = (struct bytes){ text_end(&x.body), x.body.length };
    blank_key(call, reply);
    *out_sent = x.sent;
    return e;
}

/* The first address may be whatever the caller may call; `call->configured` widens it. */
static enum err first_target(const struct net *n, struct task *t, const struct net_call *call,
                             struct net_target *out)
{
    enum net_reach reach = n->loopback ? REACH_MACHINE : REACH_PUBLIC;
    return net_target_read(t, call->url, call->configured ? REACH_ANY : reach, out);
}

enum err net_call(const struct net *n, struct task *t, const struct net_call *call,
                  struct net_reply *out)
{
    struct net_target first, target;
    int64_t deadline_us = deadline_of(t, call);
    enum err e = first_target(n, t, call, &first);
    target = first;
    for (int hops = 0; !e; hops++) {
        const char *redirect = NULL;
        struct net_reply reply;
        bool sent;
        e = visit(n, t, call, &first, &target, deadline_us, &reply, &redirect, &sent);
        if (e)
            break;
        if (!redirect || !text_equal(call->method, "GET")) {
            *out = reply;
            return OK;
        }
        if (hops == NET_REDIRECTS_MAX)
            return fail(t, ERR_LIMIT, "%s leads on more than %d times", first.host,
                        NET_REDIRECTS_MAX);
        e = net_target_read(t, redirect, REACH_ANY, &target);
        if (!e)
            e = net_target_read(t, redirect, reach_of(n, call, &target, &first), &target);
    }
    return e;
}

/* ---- calls that make something ---- */

static bool is_surely_refused(int64_t status)
{
    static const int64_t surely[] = { 400, 401, 402, 403, 404, 422, 429 };
    for (size_t i = 0; i < sizeof surely / sizeof *surely; i++) {
        if (surely[i] == status)
            return true;
    }
    return false;
}

enum err net_create(const struct net *n, struct task *t, const struct net_call *call,
                    enum net_outcome *outcome, struct net_reply *out)
{
    struct net_target target;
    struct net_reply reply;
    const char *redirect = NULL;
    bool sent = false;
    *outcome = NET_NOT_CREATED;
    enum err e = first_target(n, t, call, &target);
    if (!e)
        e = visit(n, t, call, &target, &target, deadline_of(t, call), &reply, &redirect, &sent);
    if (e) {
        *outcome = sent ? NET_AMBIGUOUS : NET_NOT_CREATED;
        return e;
    }
    *outcome = reply.status >= 200 && reply.status < 300 ? NET_CREATED
               : is_surely_refused(reply.status)         ? NET_NOT_CREATED
                                                         : NET_AMBIGUOUS;
    reply.made = true;
    *out = reply;
    return OK;
}

/* ---- what answers say ---- */

const char *net_reply_header(const struct net_reply *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++) {
        if (text_equal(r->headers[i].name, name))
            return r->headers[i].value;
    }
    return "";
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7); -1 for anything else. */
static int64_t http_date_us(const char *text)
{
    struct tm tm = { 0 };
    const char *end = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    return end && !*end ? (int64_t)timegm(&tm) * SECOND_US : -1;
}

int64_t net_reply_date_us(const struct net_reply *r)
{
    return http_date_us(net_reply_header(r, "date"));
}

int64_t net_retry_after_us(const struct net_reply *r)
{
    const char *value = net_reply_header(r, "retry-after");
    char *end;
    double seconds = strtod(value, &end);
    if (end != value && !*end && seconds >= 0 && seconds < 1e7)
        return (int64_t)(seconds * (double)SECOND_US);
    int64_t until_us = http_date_us(value), date_us = net_reply_date_us(r);
    if (until_us < 0 || date_us < 0)
        return -1;
    return until_us > date_us ? until_us - date_us : 0;
}

enum err net_fetch(const struct net *n, struct task *t, const char *url, int64_t bytes_max, int out,
                   struct net_reply *reply)
{
    struct net_call call = {
        .method = "GET",
        .url = url,
        .timeout_us = 300 * SECOND_US,
        .bytes_max = bytes_max,
        .out = out,
    };
    enum err e = net_call(n, t, &call, reply);
    if (e)
        return fail_at(t, e, "url");
    if (reply->status < 200 || reply->status > 299)
        return fail_at(t,
                       refuse(t, ERR_IMPOSSIBLE, "check that the address can be opened by anyone",
                              "the address answered with status %" PRId64 " instead of a file",
                              reply->status),
                       "url");
    return OK;
}
