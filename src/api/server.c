/*
 * Requests as libmicrohttpd brings them: the header first, then the body piece by piece, then once
 * more when it is whole. A handler that may wait runs at the desk while its connection is
 * suspended; all others run here, on the loop.
 */
#include "api/server.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/pages.h"
#include "api/reference_page.h"
#include "api/send.h"
#include "base/log.h"
#include "base/text.h"
#include "base/yaml.h"

enum { DISCARD_BYTES_MAX = 4 << 20 };

enum call_state {
    CALL_READING = 1, /* the body is arriving */
    CALL_DISCARDING,  /* refused; the rest of a small body is let pass so that the reply is read */
    CALL_HANDLING,    /* at the desk */
    CALL_READY,       /* the reply is set */
};

struct call {
    struct desk_work work;
    struct exchange x;
    enum call_state state;
    struct body_reader *reader;
    int64_t began_us, discarded_bytes;
    int fd;
};

/* ---- reading the header ---- */

/*
 * A name is a token and a value holds no control characters. What does not keep to it
 * ("Content-Length : 5", a NUL, a bare return) is read one way by one program and another way by
 * the next.
 * Source  RFC 9110, 5.1, 5.5 and 5.6.2
 */
static bool field_is_clean(const char *name, size_t name_size, const char *value, size_t value_size)
{
    static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (name_size == 0 || strspn(name, token) != name_size)
        return false;
    for (size_t i = 0; i < value_size; i++) {
        unsigned char c = (unsigned char)value[i];
        if ((c < ' ' && c != '\t') || c == 127)
            return false;
    }
    return true;
}

static void read_length(struct visit *v, const char *text)
{
    size_t digits = strspn(text, "0123456789");
    v->lengths++;
    v->bad_length |= digits == 0 || digits > 18 || text[digits];
    v->length = v->bad_length ? -1 : strtoll(text, NULL, 10);
}

static enum MHD_Result on_field(void *context, enum MHD_ValueKind kind, const char *name,
                                size_t name_size, const char *value, size_t value_size)
{
    struct visit *v = context;
    const struct {
        const char *name, **to;
    } wanted[] = {
        { "Origin", &v->origin },          { "Sec-Fetch-Site", &v->fetch_site },
        { "Authorization", &v->authorization }, { "X-API-Key", &v->api_key },
        { "Cookie", &v->cookie },          { "Content-Type", &v->type },
        { "Accept-Encoding", &v->encoding },
    };
    (void)kind;
    v->fields++;
    v->field_bytes += name_size + value_size + 4;
    v->bad_field |= !field_is_clean(name, name_size, value, value_size);
    if (!value || v->bad_field)
        return MHD_YES;
    if (!strcasecmp(name, "Host")) {
        v->host = value;
        v->hosts++;
    } else if (!strcasecmp(name, "Content-Length")) {
        read_length(v, value);
    } else if (!strcasecmp(name, "Transfer-Encoding")) {
        v->encodings++;
        v->bad_encoding |= strcasecmp(value, "chunked") != 0;
    } else if (!strcasecmp(name, "Expect")) {
        v->expects = true;
    }
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if (!strcasecmp(name, wanted[i].name))
            *wanted[i].to = value;
    }
    return MHD_YES;
}

static struct visit read_header(struct MHD_Connection *connection, const char *method)
{
    struct visit v = { .method = method, .length = -1 };
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, on_field, &v);
    return v;
}

static bool has_body(const struct visit *v)
{
    return v->length > 0 || v->encodings > 0;
}

/* A refusal is read by whoever still sends only if what they send is taken: do so while it is
 * little. */
static bool is_worth_taking(const struct visit *v)
{
    return !v->expects && !visit_is_ambiguous(v) && v->length <= DISCARD_BYTES_MAX;
}

/* ---- one call ---- */

static int socket_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

static struct call *call_new(struct api *a, struct MHD_Connection *connection, const char *path,
                             const char *method)
{
    struct call *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    snprintf(c->x.id, sizeof c->x.id, "%s-%llu", a->start, atomic_fetch_add(&a->request_number, 1));
    task_init(&c->x.task, c->x.id);
    c->began_us = clock_monotonic_us(&clock_real);
    c->x.task.deadline_us = c->began_us + HANDLER_SECONDS * SECOND_US;
    c->x.api = a;
    c->x.flow = a->flow;
    c->x.workers = a->workers;
    c->x.connection = connection;
    c->x.once = "";
    c->x.reply.fd = -1;
    c->x.path = arena_copy(c->x.task.arena, path);
    c->x.method = arena_copy(c->x.task.arena, method);
    c->fd = socket_of(connection);
    atomic_fetch_add(&a->under_way, 1);
    return c;
}

static void call_free(struct call *c)
{
    struct exchange *x = &c->x;
    body_done(c->reader);
    json_decref(x->body);
    for (size_t i = 0; i < x->upload_count; i++)
        draft_done(&x->uploads[i].draft);
    if (x->reply.fd >= 0)
        close(x->reply.fd);
    reply_body_drop(x->reply.shared);
    task_done(&x->task);
    free(c);
}

/* The reply is known: the fault, or what the handler set. */
static void settle(struct call *c, enum err e)
{
    struct exchange *x = &c->x;
    if (e) {
        x->task.fault.code = e;
        if (e == ERR_INTERNAL || e == ERR_FULL || e == ERR_UNAVAILABLE)
            log_line(LOG_ERROR, &x->task, "a request failed", "path=%s error=\"%s\"", x->path,
                     x->task.fault.message);
        reply_problem(x);
    }
    c->state = CALL_READY;
}

/* Does this need no token: by its route, or because the address itself was given by us? */
static bool is_open(struct exchange *x)
{
    int flags = x->route ? x->route->flags : 0;
    return flags & ROUTE_OPEN ||
           (flags & ROUTE_SIGNED && exchange_query(x, "s") &&
            signer_check(&x->api->signer, &x->task, x->path, exchange_query(x, "e"),
                         exchange_query(x, "s")) == OK);
}

static enum err call_open(struct call *c, const struct visit *v)
{
    struct exchange *x = &c->x;
    enum err found = route_find(x);
    enum err e = door_check(x->api, &x->task, v, is_open(x));
    if (e)
        return e;
    if (found) /* said again: the door may have overwritten why */
        return route_find(x);
    return body_begin(x, v, x->connection, &c->reader);
}

/* ---- its end ---- */

static void log_access(const struct call *c, int64_t took_us)
{
    const struct exchange *x = &c->x;
    log_line(LOG_INFO, &x->task, "answered",
             "method=%s path=%s operation=%s status=%d bytes=%lld took_us=%lld", x->method, x->path,
             x->route ? x->route->operation : "none", x->reply.status,
             (long long)(x->reply.fd >= 0      ? x->reply.file_bytes
                         : x->reply.shared     ? (int64_t)x->reply.shared->size
                                               : (int64_t)x->reply.size),
             (long long)took_us);
}

/* All that is left of a call: counted, logged, freed. */
static void finish(struct call *c)
{
    struct api *a = c->x.api;
    int64_t took_us = clock_monotonic_us(&clock_real) - c->began_us;
    int route = c->x.route ? (int)(c->x.route - routes) : -1;
    metrics_request(a->metrics, route, c->x.reply.status, took_us);
    if (a->access_log)
        log_access(c, took_us);
    atomic_fetch_sub(&a->under_way, 1);
    call_free(c);
}

/* Queue the reply. A stream lives for hours and needs nothing of the call, which ends here. */
static enum MHD_Result answer(struct call *c, void **state)
{
    enum MHD_Result queued = send_reply(&c->x);
    if (queued == MHD_YES && c->x.reply.stream) {
        *state = NULL;
        finish(c);
    }
    return queued;
}

/* ---- at the desk ---- */

static void run_at_desk(struct desk_work *w)
{
    struct call *c = (struct call *)w;
    struct exchange *x = &c->x;
    x->at_desk = true;
    settle(c, x->route->flags & ROUTE_KEYED ? keyed_handle(x) : x->route->handle(x));
    MHD_resume_connection(x->connection);
}

static void send_to_desk(struct call *c)
{
    struct exchange *x = &c->x;
    c->work.run = run_at_desk;
    c->state = CALL_HANDLING;
    MHD_suspend_connection(x->connection);
    if (desk_push(x->api->desk, &c->work))
        return;
    settle(c, refuse(&x->task, ERR_UNAVAILABLE, "try again in a moment",
                     "more is being asked than can be answered"));
    MHD_resume_connection(x->connection);
}

/* The body is whole. */
static enum MHD_Result handle(struct call *c, void **state)
{
    struct exchange *x = &c->x;
    enum err e = c->reader ? body_end(c->reader) : OK;
    if (!e && x->route->flags & ROUTE_QUICK)
        e = x->route->handle(x);
    if (e || x->reply.status) {
        settle(c, e);
        return answer(c, state);
    }
    send_to_desk(c);
    return MHD_YES;
}

/* ---- libmicrohttpd's callbacks ---- */

/* The client goes on sending what nobody wants: say why, without the library's help, and close. */
static enum MHD_Result cut_off(struct call *c)
{
    send_raw_problem(&c->x, c->fd);
    return MHD_NO;
}

static enum MHD_Result receive(struct call *c, const char *bytes, size_t size)
{
    if (c->state == CALL_READING) {
        enum err e = c->reader ? body_more(c->reader, bytes, size) : OK;
        if (!e)
            return MHD_YES;
        settle(c, e);
        c->state = CALL_DISCARDING;
    }
    c->discarded_bytes += (int64_t)size;
    return c->discarded_bytes > DISCARD_BYTES_MAX ? cut_off(c) : MHD_YES;
}

static enum MHD_Result begin(struct api *a, struct MHD_Connection *connection, const char *path,
                             const char *method, void **state)
{
    struct visit v = read_header(connection, method);
    struct call *c = call_new(a, connection, path, method);
    *state = c;
    acceptor_heard(a->acceptor, c->fd, true);
    enum err e = call_open(c, &v);
    c->state = CALL_READING;
    if (!e)
        return MHD_YES;
    settle(c, e);
    c->x.reply.closes = visit_is_ambiguous(&v);
    if (!has_body(&v) && !c->x.reply.closes)
        return MHD_YES;
    if (!is_worth_taking(&v)) /* the reply goes first, and the connection ends */
        return answer(c, state);
    c->state = CALL_DISCARDING;
    return MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *path, const char *method, const char *version,
                                  const char *bytes, size_t *size, void **state)
{
    (void)version;
    struct call *c = *state;
    if (!c)
        return begin(context, connection, path, method, state);
    if (*size > 0) {
        size_t taken = *size;
        *size = 0;
        return receive(c, bytes, taken);
    }
    if (c->state == CALL_READING)
        return handle(c, state);
    return c->state == CALL_HANDLING ? MHD_YES : answer(c, state);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode how)
{
    struct api *a = context;
    struct call *c = *state;
    (void)connection, (void)how;
    if (!c)
        return;
    acceptor_heard(a->acceptor, c->fd, false);
    *state = NULL;
    finish(c);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct api *a = context;
    (void)socket_context;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED)
        acceptor_gone(a->acceptor, socket_of(connection));
}

/* "%00" would end the path early and name something else: it stays as it is, and so names
 * nothing. */
static size_t unescape(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strstr(text, "%00") ? strlen(text) : MHD_http_unescape(text);
}

/* ---- start and stop ---- */

static struct MHD_Daemon *daemon_start(struct api *a, size_t memory_bytes, unsigned connections)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = cores > 1 ? (unsigned)(cores < 16 ? cores : 16) : 2;
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET, 0,
        NULL, NULL, on_request, a, MHD_OPTION_THREAD_POOL_SIZE, threads,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory_bytes, MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, a, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
        a, MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL, MHD_OPTION_END);
}

static void copy_options(struct api *a, const struct api_options *o)
{
    size_t count = 0;
    while (o->hosts && o->hosts[count])
        count++;
    a->hosts = arena_array(a->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        a->hosts[i] = arena_copy(a->arena, o->hosts[i]);
    a->token = arena_copy(a->arena, o->token ? o->token : "");
    a->version = arena_copy(a->arena, o->version ? o->version : "");
    a->access_log = o->access_log;
    a->emulated = o->emulated;
    pthread_mutex_init(&a->busy.lock, NULL);
}

static enum err check_reach(struct task *t, const struct api *a, bool loopback)
{
    if (loopback || *a->token)
        return OK;
    return refuse(t, ERR_INVALID, "set STORYREEL_TOKEN, or listen on 127.0.0.1",
                  "a server that others can reach wants a token");
}

/* The contract as it is and as a page. */
static enum err read_contract(struct task *t, struct api *a, const struct api_options *o)
{
    struct bytes text;
    const char *page;
    scoped(json) json_t *parsed = NULL;
    enum err e = file_read(t, o->contract, YAML_BYTES_MAX, &text);
    if (!e)
        e = yaml_read(t, "openapi.yaml", text, &parsed);
    if (!e)
        e = reference_page(t, parsed, &page);
    if (e)
        return e;
    struct reply_body *tagged = reply_body_new(text.at, text.size);
    a->contract_tag = arena_copy(a->arena, tagged->etag);
    reply_body_drop(tagged);
    a->contract = arena_copy_n(a->arena, text.at, text.size);
    a->reference = arena_copy(a->arena, page);
    return OK;
}

static enum err start_parts(struct task *t, struct api *a, const struct api_options *o)
{
    const char *url;
    bool loopback;
    const struct signer_source key = { o->signing_key, o->key_folder ? o->key_folder : "" };
    enum err e = signer_open(t, &key, o->url_seconds, &a->signer);
    if (e)
        return fail_at(t, e, "STORYREEL_SIGNING_KEY");
    if (!e)
        e = pages_open(t, o, &a->pages);
    if (!e)
        e = read_contract(t, a, o);
    if (!e)
        e = acceptor_open(t, o->listen, &a->acceptor, &loopback, &url);
    if (!e) {
        a->url = arena_copy(a->arena, url);
        e = check_reach(t, a, loopback);
    }
    if (!e)
        e = desk_start(t, &a->desk);
    return e ? e : streams_start(t, a, &a->streams);
}

enum err api_start(struct task *t, const struct flow *f, struct workers *w, struct changes *changes,
                   const struct api_options *options, struct api **out)
{
    struct api *a = calloc(1, sizeof *a);
    if (!a)
        abort();
    *a = (struct api){ .arena = arena_new(), .flow = f, .workers = w, .changes = changes };
    snprintf(a->start, sizeof a->start, "%llx",
             (unsigned long long)(clock_wall_us(&clock_real) / 1000));
    a->cache = reply_cache_new(512);
    a->metrics = metrics_new(route_count);
    copy_options(a, options);
    enum err e = start_parts(t, a, options);
    if (!e) {
        a->loops = daemon_start(a, REQUEST_MEMORY_BYTES, REQUEST_CONNECTIONS_MAX);
        a->stream_loops = daemon_start(a, STREAM_MEMORY_BYTES, STREAM_CONNECTIONS_MAX);
        if (!a->loops || !a->stream_loops)
            e = fail(t, ERR_UNAVAILABLE, "the server's loops could not be started");
    }
    if (!e)
        e = acceptor_run(t, a->acceptor, a->loops, a->stream_loops);
    if (e)
        api_stop(a);
    else
        *out = a;
    return e;
}

const char *api_url(const struct api *a)
{
    return a->url;
}

void api_drain(struct api *a, int64_t wait_us)
{
    int64_t until_us = clock_monotonic_us(&clock_real) + wait_us;
    atomic_store(&a->draining, true);
    acceptor_stop(a->acceptor);
    streams_stop(a->streams);
    while (atomic_load(&a->under_way) > 0 && clock_monotonic_us(&clock_real) < until_us)
        usleep(10 * 1000);
}

void api_stop(struct api *a)
{
    if (!a)
        return;
    atomic_store(&a->draining, true);
    acceptor_stop(a->acceptor);
    streams_stop(a->streams);
    /* resumes what it holds: the loops must not be stopped with any suspended */
    desk_stop(a->desk);
    if (a->loops)
        MHD_stop_daemon(a->loops);
    if (a->stream_loops)
        MHD_stop_daemon(a->stream_loops);
    streams_free(a->streams);
    acceptor_free(a->acceptor);
    pages_close(a->pages);
    metrics_free(a->metrics);
    pthread_mutex_destroy(&a->busy.lock);
    reply_cache_free(a->cache);
    arena_free(a->arena);
    free(a);
}
