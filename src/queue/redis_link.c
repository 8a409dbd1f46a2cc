/*
 * hiredis connections behind a small pool. A connection greets the server (password, database) and
 * loads the script, whose name there is its hash; a server that was restarted or flushed has
 * forgotten it, which is one more way for a connection to be stale.
 */
#include "queue/redis_link.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"

enum { IDLE_MAX = 64, ARGUMENTS_MAX = 24, DEFAULT_PORT = 6379 };
static const struct timeval connect_within = { .tv_sec = 2 }, answer_within = { .tv_sec = 5 };

struct connection {
    redisContext *context;
    char script[41];                  /* its name on the server */
};

struct redis_link {
    struct redis_place place;
    const char *script;
    pthread_mutex_t lock;             /* guards what follows */
    struct connection idle[IDLE_MAX];
    int idle_count;
};

/* ---- where it is ---- */

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c | 0x20) : NULL;
    return at ? (int)(at - digits) : -1;
}

static const char *unescape(struct task *t, const char *text, size_t bytes)
{
    struct text out = text_new(t->arena);
    for (size_t i = 0; i < bytes; i++) {
        char c = text[i];
        if (c == '%' && i + 2 < bytes && hex_digit(text[i + 1]) >= 0 &&
            hex_digit(text[i + 2]) >= 0) {
            c = (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        }
        text_append_n(&out, &c, 1);
    }
    return text_end(&out);
}

static enum err bad_url(struct task *t, const char *what)
{
    return refuse(t, ERR_INVALID,
                  "write redis://host:6379/0, with :password@ before the host if it wants one",
                  "the address of the Redis server %s", what);
}

/* "user:password@" at the beginning of `at`; returns what follows. */
static const char *read_credentials(struct task *t, const char *at, struct redis_place *out)
{
    const char *end = at + strcspn(at, "/?"), *sign = memrchr(at, '@', (size_t)(end - at));
    if (!sign)
        return at;
    const char *colon = memchr(at, ':', (size_t)(sign - at));
    if (colon)
        out->password = unescape(t, colon + 1, (size_t)(sign - colon - 1));
    out->user = unescape(t, at, (size_t)((colon ? colon : sign) - at));
    return sign + 1;
}

static bool read_number(const char **at, long most, int *out)
{
    char *end;
    if (**at < '0' || **at > '9')
        return false;
    long number = strtol(*at, &end, 10);
    *at = end;
    *out = (int)number;
    return number <= most;
}

static enum err read_host(struct task *t, const char **at, struct redis_place *out)
{
    bool bracket = **at == '[';
    const char *host = *at + bracket;
    size_t bytes = strcspn(host, bracket ? "]" : ":/?");
    *at = host + bytes + (bracket && host[bytes] == ']');
    out->host = arena_copy_n(t->arena, host, bytes);
    if (bytes == 0)
        return bad_url(t, "names no host");
    if (**at == ':') {
        ++*at;
        if (!read_number(at, 65535, &out->port))
            return bad_url(t, "has no port where one should be");
    }
    return OK;
}

enum err redis_place_read(struct task *t, const char *url, const char *password,
                          struct redis_place *out)
{
    struct redis_place place = { .port = DEFAULT_PORT, .user = "", .password = "",
                                 .name = "storyreel" };
    if (text_starts(url, "rediss://"))
        return refuse(t, ERR_INVALID,
                      "let stunnel or a like proxy on this machine speak TLS: docs/deploy.md",
                      "Redis is spoken to without TLS");
    if (!text_starts(url, "redis://"))
        return bad_url(t, "does not begin with redis://");
    const char *at = read_credentials(t, url + strlen("redis://"), &place);
    enum err e = read_host(t, &at, &place);
    if (e)
        return e;
    if (*at == '/' && *++at && *at != '?' && !read_number(&at, 1 << 20, &place.database))
        return bad_url(t, "has a database that is not a number");
    if (text_starts(at, "?name=")) {
        place.name = unescape(t, at + strlen("?name="), strlen(at + strlen("?name=")));
        at += strlen(at);
    }
    if (*at || !*place.name || strpbrk(place.name, "{}"))
        return bad_url(t, "goes on with something that is not understood");
    if (password && *password)
        place.password = arena_copy(t->arena, password);
    *out = place;
    return OK;
}

/* ---- what may go wrong ---- */

static enum err unreachable(struct redis_link *l, struct task *t, const char *why)
{
    return refuse(t, ERR_UNAVAILABLE, "see that the Redis server runs and can be reached",
                  "the queue at %s:%d cannot be reached: %s", l->place.host, l->place.port, why);
}

static bool says(const redisReply *r, const char *code)
{
    return strncasecmp(r->str, code, strlen(code)) == 0;
}

/* By name; before Redis 7 a refusal inside of a script is told as the script's failure:
 * "ERR Error running script (...): @user_script: 1: -READONLY ..." */
static bool refuses(const redisReply *r, const char *code)
{
    const char *inner = says(r, "ERR Error running script") ? strstr(r->str, ": -") : NULL;
    return inner ? strncasecmp(inner + 3, code, strlen(code)) == 0 : says(r, code);
}

static enum err refused(struct redis_link *l, struct task *t, const redisReply *r)
{
    static const char *const passing[] = { "LOADING", "READONLY", "OOM", "MISCONF", "MASTERDOWN",
                                           "BUSY", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS" };
    if (says(r, "NOAUTH") || says(r, "WRONGPASS") || says(r, "NOPERM") ||
        says(r, "ERR invalid password") || says(r, "ERR AUTH"))
        return refuse(t, ERR_AUTH,
                      "set the password in STORYREEL_QUEUE or STORYREEL_REDIS_PASSWORD",
                      "the queue at %s:%d does not let us in: %s", l->place.host, l->place.port,
                      r->str);
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++) {
        if (refuses(r, passing[i]))
            return fail(t, ERR_UNAVAILABLE, "the queue at %s:%d does not work now: %s",
                        l->place.host, l->place.port, r->str);
    }
    return fail(t, ERR_INTERNAL, "the queue at %s:%d refuses what we ask: %s", l->place.host,
                l->place.port, r->str);
}

/* ---- connections ---- */

static void connection_close(struct connection *c)
{
    if (c->context)
        redisFree(c->context);
    *c = (struct connection){ 0 };
}

/* One command of the greeting; its reply is the caller's. */
static enum err greet_with(struct redis_link *l, struct task *t, struct connection *c, int count,
                           const char *const *words, redisReply **out)
{
    *out = redisCommandArgv(c->context, count, (const char **)words, NULL);
    if (!*out)
        return unreachable(l, t, c->context->errstr);
    return (*out)->type == REDIS_REPLY_ERROR ? refused(l, t, *out) : OK;
}

static enum err say_who(struct redis_link *l, struct task *t, struct connection *c)
{
    scoped(redis_reply) redisReply *reply = NULL;
    const struct redis_place *p = &l->place;
    if (!*p->password)
        return OK;
    const char *const both[] = { "AUTH", p->user, p->password };
    const char *const alone[] = { "AUTH", p->password };
    return *p->user ? greet_with(l, t, c, 3, both, &reply) : greet_with(l, t, c, 2, alone, &reply);
}

static enum err choose_database(struct redis_link *l, struct task *t, struct connection *c)
{
    scoped(redis_reply) redisReply *reply = NULL;
    char number[16];
    if (l->place.database == 0)
        return OK;
    snprintf(number, sizeof number, "%d", l->place.database);
    return greet_with(l, t, c, 2, (const char *const[]){ "SELECT", number }, &reply);
}

static enum err load_script(struct redis_link *l, struct task *t, struct connection *c)
{
    scoped(redis_reply) redisReply *reply = NULL;
    enum err e = greet_with(l, t, c, 3, (const char *const[]){ "SCRIPT", "LOAD", l->script },
                            &reply);
    if (!e)
        snprintf(c->script, sizeof c->script, "%s", reply->str ? reply->str : "");
    return e;
}

/* As long as the task may, and not longer than an answer ever takes. */
static void set_patience(struct task *t, struct connection *c)
{
    struct timeval patience = answer_within;
    int64_t left_us = t->deadline_us == INT64_MAX
                          ? INT64_MAX
                          : t->deadline_us - clock_monotonic_us(t->clock);
    if (left_us < answer_within.tv_sec * SECOND_US) {
        left_us = left_us < 1000 ? 1000 : left_us;
        patience = (struct timeval){ left_us / SECOND_US, left_us % SECOND_US };
    }
    redisSetTimeout(c->context, patience);
}

/* Connected and let in. */
static enum err connection_greet(struct redis_link *l, struct task *t, struct connection *out)
{
    struct connection c = {
        .context = redisConnectWithTimeout(l->place.host, l->place.port, connect_within),
    };
    enum err e = OK;
    if (!c.context || c.context->err)
        e = unreachable(l, t, c.context ? c.context->errstr : "there is no memory for it");
    if (!e) {
        set_patience(t, &c);
        redisEnableKeepAlive(c.context);
        e = say_who(l, t, &c);
    }
    if (!e)
        e = choose_database(l, t, &c);
    if (e)
        connection_close(&c);
    else
        *out = c;
    return e;
}

static enum err connection_open(struct redis_link *l, struct task *t, struct connection *out)
{
    enum err e = connection_greet(l, t, out);
    if (!e)
        e = load_script(l, t, out);
    if (e)
        connection_close(out);
    return e;
}

enum err redis_link_connect(struct redis_link *l, struct task *t, redisContext **out)
{
    struct connection c;
    enum err e = connection_greet(l, t, &c);
    if (!e)
        *out = c.context;
    return e;
}

static bool take_idle(struct redis_link *l, struct connection *out)
{
    pthread_mutex_lock(&l->lock);
    bool found = l->idle_count > 0;
    if (found)
        *out = l->idle[--l->idle_count];
    pthread_mutex_unlock(&l->lock);
    return found;
}

static void give_idle(struct redis_link *l, struct connection c)
{
    pthread_mutex_lock(&l->lock);
    bool room = l->idle_count < IDLE_MAX;
    if (room)
        l->idle[l->idle_count++] = c;
    pthread_mutex_unlock(&l->lock);
    if (!room)
        connection_close(&c);
}

/* ---- calling ---- */

static redisReply *send_call(struct connection *c, const struct redis_call *call)
{
    const char *words[ARGUMENTS_MAX];
    char keys[16];
    int count = 0;
    snprintf(keys, sizeof keys, "%d", call->key_count);
    words[count++] = "EVALSHA";
    words[count++] = c->script;
    words[count++] = keys;
    for (int i = 0; i < call->key_count; i++)
        words[count++] = call->keys[i];
    for (int i = 0; i < call->argument_count; i++)
        words[count++] = call->arguments[i];
    return redisCommandArgv(c->context, count, words, NULL);
}

/* A connection that lay idle may have been closed meanwhile, or its server started anew. A server
 * that takes its time is not asked twice. */
static bool is_stale(const redisReply *r)
{
    return r ? r->type == REDIS_REPLY_ERROR && says(r, "NOSCRIPT")
             : errno != EAGAIN && errno != ETIMEDOUT;
}

/* A node that follows another since a failover, or is not ready yet: it did nothing, and the
 * address may lead to another one by now. */
static bool is_demoted(const redisReply *r)
{
    return r && r->type == REDIS_REPLY_ERROR &&
           (refuses(r, "READONLY") || refuses(r, "MASTERDOWN") || refuses(r, "LOADING"));
}

static enum err call_on(struct redis_link *l, struct task *t, struct connection *c,
                        const struct redis_call *call, bool last, bool *again, redisReply **out)
{
    set_patience(t, c);
    scoped(redis_reply) redisReply *reply = send_call(c, call);
    bool demoted = is_demoted(reply);
    *again = !last && (demoted || is_stale(reply));
    if (*again || demoted || !reply) {
        enum err e = *again  ? OK
                     : reply ? refused(l, t, reply)
                             : unreachable(l, t, c->context->errstr);
        connection_close(c);
        return e;
    }
    give_idle(l, *c);
    if (reply->type == REDIS_REPLY_ERROR)
        return refused(l, t, reply);
    *out = take(reply);
    return OK;
}

/* What lies idle broke for a common reason, as a rule: none of it is tried again. */
static void drop_idle(struct redis_link *l)
{
    struct connection c;
    while (take_idle(l, &c))
        connection_close(&c);
}

enum err redis_link_run(struct redis_link *l, struct task *t, const struct redis_call *call,
                        redisReply **out)
{
    struct connection c = { 0 };
    bool again = false;
    if (call->key_count + call->argument_count + 3 > ARGUMENTS_MAX)
        return fail(t, ERR_INTERNAL, "a script of the queue has too many arguments");
    if (take_idle(l, &c)) {
        enum err e = call_on(l, t, &c, call, false, &again, out);
        if (!again)
            return e;
        drop_idle(l);
    }
    enum err e = connection_open(l, t, &c);
    return e ? e : call_on(l, t, &c, call, true, &again, out);
}

static char *keep(const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        abort();
    return copy;
}

struct redis_link *redis_link_new(const struct redis_place *place, const char *script)
{
    struct redis_link *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    l->place = *place;
    l->place.host = keep(place->host);
    l->place.user = keep(place->user);
    l->place.password = keep(place->password);
    l->place.name = keep(place->name);
    l->script = script;
    pthread_mutex_init(&l->lock, NULL);
    return l;
}

void redis_link_free(struct redis_link *l)
{
    if (!l)
        return;
    drop_idle(l);
    pthread_mutex_destroy(&l->lock);
    free((char *)l->place.host);
    free((char *)l->place.user);
    free((char *)l->place.password);
    free((char *)l->place.name);
    free(l);
}
