#include "net/service.h"

#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "net/gate.h"
#include "net/net_rules.h"

enum { WORDS_BYTES_MAX = 400 };

const char *const service_names[] = { "", "gemini", "replicate", "openai", "comfyui", NULL };

/* A tenth of a minute's calls may come at once. */
static void open_gates(const struct net *n, struct services *all)
{
    for (int i = 1; i < SERVICE_COUNT && n; i++) {
        struct service *s = &all->at[i];
        s->gate = net_gate(n, i);
        gate_limit(s->gate, GATE_MAKE, s->makes_a_minute, 1 + s->makes_a_minute / 10);
        gate_limit(s->gate, GATE_ASK, s->asks_a_minute, 1 + s->asks_a_minute / 10);
    }
}

struct services services_make(const struct net *n)
{
    struct services all = {
        .net = n,
        .at = {
            [SERVICE_GEMINI] = {
                .title = "Gemini",
                .url = "https://generativelanguage.googleapis.com",
                .public_url = "https://generativelanguage.googleapis.com",
                .url_variable = "STORYREEL_GEMINI_URL",
                .key_variable = "GEMINI_API_KEY",
                .key_header = "x-goog-api-key: ",
                .needs_key = true,
            },
            [SERVICE_REPLICATE] = {
                .title = "Replicate",
                .url = "https://api.replicate.com",
                .public_url = "https://api.replicate.com",
                .url_variable = "STORYREEL_REPLICATE_URL",
                .key_variable = "REPLICATE_API_TOKEN",
                .key_header = "Authorization: Bearer ",
                .needs_key = true,
                .makes_a_minute = 600,
                .asks_a_minute = 3000,
            },
            [SERVICE_OPENAI] = {
                .title = "the OpenAI-compatible server",
                .url = "",
                .public_url = "",
                .url_variable = "OPENAI_BASE_URL",
                .key_variable = "OPENAI_API_KEY",
                .key_header = "Authorization: Bearer ",
            },
            [SERVICE_COMFYUI] = {
                .title = "ComfyUI",
                .url = "",
                .public_url = "",
                .url_variable = "COMFYUI_URL",
                .key_variable = "",
                .key_header = "",
            },
        },
    };
    open_gates(n, &all);
    return all;
}

bool service_is_configured(const struct service *s)
{
    return *s->url && (s->key || !s->needs_key);
}

const char *service_lacks(const struct service *s)
{
    if (service_is_configured(s))
        return NULL;
    return *s->url ? s->key_variable : s->url_variable;
}

enum err service_check(struct task *t, const struct service *s)
{
    if (!*s->url)
        return refuse(
            t, ERR_AUTH,
            arena_format(t->arena, "set %s to its address and try again", s->url_variable),
            "%s is not configured", s->title);
    if (s->needs_key && !s->key)
        return refuse(t, ERR_AUTH,
                      arena_format(t->arena, "set %s to your key and try again", s->key_variable),
                      "%s is not configured: there is no key for it", s->title);
    return OK;
}

bool service_is_here(const struct service *s, struct task *t)
{
    struct net_target target;
    struct fault fault = t->fault;
    bool here = net_target_read(t, s->url, REACH_ANY, &target) == OK && net_is_loopback(&target);
    t->fault = fault;
    return here;
}

/* ---- calls ---- */

static bool is_configured_url(const struct service *s)
{
    return !text_equal(s->url, s->public_url);
}

bool service_owns(const struct service *s, struct task *t, const char *url)
{
    struct net_target own, other;
    struct fault fault = t->fault;
    bool owns = net_target_read(t, s->url, REACH_ANY, &own) == OK &&
                net_target_read(t, url, REACH_ANY, &other) == OK && net_same_origin(&own, &other);
    t->fault = fault;
    return owns;
}

/* The headers of a call, with the type of a JSON body. */
static const char *const *headers_of(struct task *t, const struct service_call *call)
{
    size_t count = 0;
    while (call->headers && call->headers[count])
        count++;
    const char **headers = arena_array(t->arena, const char *, count + 2);
    for (size_t i = 0; i < count; i++)
        headers[i] = call->headers[i];
    if (call->json)
        headers[count] = "Content-Type: application/json";
    return headers;
}

static struct bytes body_of(struct task *t, const struct service_call *call)
{
    if (!call->json)
        return call->body;
    size_t size = json_dumpb(call->json, NULL, 0, JSON_COMPACT);
    char *text = arena_alloc(t->arena, size + 1);
    json_dumpb(call->json, text, size, JSON_COMPACT);
    return (struct bytes){ text, size };
}

/* In the words of net.h: the key and the freedom of a configured address only for its own host. */
static struct net_call translate(struct task *t, const struct service *s,
                                 const struct service_call *call)
{
    const char *url = call->url ? call->url : arena_format(t->arena, "%s%s", s->url, call->path);
    bool own = !call->url || service_owns(s, t, url);
    int64_t timeout_us = call->timeout_us ? call->timeout_us : SERVICE_POLL_US;
    return (struct net_call){
        .method = call->method,
        .url = url,
        .headers = headers_of(t, call),
        .body = body_of(t, call),
        .timeout_us = timeout_us,
        .stall_us = timeout_us,
        .bytes_max = call->bytes_max ? call->bytes_max : SERVICE_BYTES_MAX,
        .out = call->to_file ? call->out : -1,
        .key = own ? s->key : NULL,
        .key_header = s->key_header,
        .configured = own && is_configured_url(s),
    };
}

enum err service_may_make(struct task *t, const struct service *s)
{
    return s->gate ? gate_check(s->gate, t, s->title, GATE_MAKE) : OK;
}

static enum err enter(struct task *t, const struct service *s, enum gate_kind kind)
{
    enum err e = service_check(t, s);
    return e || !s->gate ? e : gate_enter(s->gate, t, s->title, kind);
}

/* 501 and the like are an answer to this call; these say that nothing works there. */
static bool is_broken(int64_t status)
{
    return status == 500 || (status >= 502 && status <= 504);
}

static void tell(struct task *t, const struct service *s, enum err e, const struct net_reply *reply)
{
    bool unheard = e && e != ERR_UPSTREAM && e != ERR_TIMEOUT;
    enum gate_news news = unheard                         ? GATE_UNHEARD
                          : e || is_broken(reply->status) ? GATE_FAILED
                                                          : GATE_ANSWERED;
    if (s->gate)
        gate_tell(s->gate, t, news);
}

enum err service_call(const struct services *all, struct task *t, enum service_id id,
                      const struct service_call *call, struct net_reply *out)
{
    const struct service *s = &all->at[id];
    enum err e = enter(t, s, GATE_ASK);
    if (e)
        return e;
    struct net_call said = translate(t, s, call);
    e = net_call(all->net, t, &said, out);
    service_hear(all, t, &said, e, out);
    tell(t, s, e, out);
    return e;
}

enum err service_create(const struct services *all, struct task *t, enum service_id id,
                        const struct service_call *call, enum net_outcome *outcome,
                        struct net_reply *out)
{
    const struct service *s = &all->at[id];
    *outcome = NET_NOT_CREATED;
    enum err e = enter(t, s, GATE_MAKE);
    if (e)
        return e;
    struct net_call said = translate(t, s, call);
    if (!call->timeout_us)
        said.timeout_us = said.stall_us = SERVICE_CREATE_US;
    e = net_create(all->net, t, &said, outcome, out);
    service_hear(all, t, &said, e, out);
    tell(t, s, e, out);
    return e;
}

/* ---- answers ---- */

enum err service_json(struct task *t, const struct service *s, const struct net_reply *reply,
                      json_t **out)
{
    json_error_t error;
    json_t *json = json_loadb(reply->body.at, reply->body.size, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(json)) {
        json_decref(json);
        return fail(t, ERR_UPSTREAM, "%s answered with something that is not what was asked: %s",
                    s->title, reply->body.size ? "no JSON object" : "nothing");
    }
    *out = json;
    return OK;
}

/* The class of a status, and what to do about it. */
static enum err class_of(int64_t status, const char **next)
{
    switch (status) {
    case 401:
    case 403:
        *next = "check the key and what it may be used for";
        return ERR_AUTH;
    case 402:
        *next = "add credit to the account there, then try again";
        return ERR_CREDIT;
    case 404:
        *next = "check the model's name: providers retire models; storyreel models lists them";
        return ERR_NOT_FOUND;
    case 408:
    case 504:
        return ERR_TIMEOUT;
    case 410:
        return ERR_EXPIRED;
    case 413:
        *next = "use smaller pictures or a shorter text";
        return ERR_LIMIT;
    case 429:
        *next = "wait a little and try again";
        return ERR_RATE;
    case 500:
    case 502:
    case 503:
        *next = "try again later";
        return ERR_UNAVAILABLE;
    default:
        if (status < 400 || status >= 500)
            return ERR_UPSTREAM;
        *next = "change what it names, and try again";
        return ERR_IMPOSSIBLE;
    }
}

enum err service_refusal(struct task *t, const struct service *s, const struct net_reply *reply,
                         const char *words, int64_t wait_us)
{
    const char *next = "";
    enum err code = class_of(reply->status, &next);
    const char *said = text_shorten(t->arena, text_tidy(t->arena, words), WORDS_BYTES_MAX);
    if (code == ERR_AUTH && s->key_variable[0])
        next = arena_format(t->arena, "check the key in %s", s->key_variable);
    code = refuse(t, code, next, "%s answered with status %" PRId64 "%s%s", s->title, reply->status,
                  *said ? ": " : "", said);
    if (wait_us < 0)
        wait_us = net_retry_after_us(reply);
    t->fault.wait_us = wait_us > 0 ? wait_us : 0;
    if (code == ERR_RATE && s->gate)
        gate_wish(s->gate, t, reply->made ? GATE_MAKE : GATE_ASK, wait_us);
    return code;
}
