/*
 * Who may come in: names we are called by (against DNS rebinding), where a change comes from
 * (against forged requests from other pages), and the token.
 */
#include "api/server.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define SESSION_COOKIE "storyreel_session"
enum { SESSION_SECONDS = 30 * 86400 };

static const char *const loopback_names[] = { "localhost", "127.0.0.1", "[::1]", NULL };

/* "name:port" or "name" is called `name`; ports are whatever the connection came in by. */
static bool host_is(const char *host, const char *name)
{
    size_t bytes = strlen(name);
    if (strncasecmp(host, name, bytes) != 0)
        return false;
    const char *rest = host + bytes;
    return !*rest || (*rest == ':' && strspn(rest + 1, "0123456789") == strlen(rest + 1));
}

static bool host_known(const struct api *a, const char *host)
{
    for (size_t i = 0; loopback_names[i]; i++) {
        if (host_is(host, loopback_names[i]))
            return true;
    }
    for (size_t i = 0; a->hosts[i]; i++) {
        if (host_is(host, a->hosts[i]))
            return true;
    }
    return false;
}

static bool is_safe(const char *method)
{
    return text_equal(method, "GET") || text_equal(method, "HEAD") || text_equal(method, "OPTIONS");
}

/* "https://name:port" is the origin of a page that was served as Host "name:port". */
static bool origin_is_host(const char *origin, const char *host)
{
    const char *slashes = strstr(origin, "://");
    return slashes && host && strcasecmp(slashes + 3, host) == 0;
}

/* Browsers say where a request comes from; what says nothing is not a browser. */
static bool same_site(const struct visit *v)
{
    if (v->fetch_site)
        return text_equal(v->fetch_site, "same-origin") || text_equal(v->fetch_site, "none");
    return !v->origin || origin_is_host(v->origin, v->host);
}

/* ---- the token ---- */

bool door_token_is(const struct api *a, const char *given)
{
    size_t bytes = strlen(a->token);
    return strlen(given) == bytes && CRYPTO_memcmp(given, a->token, bytes) == 0;
}

/* The value of our cookie in "a=1; b=2", in the arena; NULL when it is not there. */
static const char *session_of(struct task *t, const char *cookie)
{
    for (const char *at = cookie; at && *at; at = strchr(at, ';')) {
        at += strspn(at, "; ");
        if (text_starts(at, SESSION_COOKIE "=")) {
            at += strlen(SESSION_COOKIE "=");
            return arena_copy_n(t->arena, at, strcspn(at, ";"));
        }
    }
    return NULL;
}

/* Sessions are of one token: another token ends them. */
static const char *session_purpose(const struct api *a, struct task *t)
{
    return arena_format(t->arena, "session %s", a->token);
}

const char *door_session(struct api *a, struct task *t)
{
    int64_t until = clock_wall_us(t->clock) / SECOND_US + SESSION_SECONDS;
    return arena_format(t->arena, "%s=%s; Max-Age=%d; Path=/; HttpOnly; SameSite=Strict",
                        SESSION_COOKIE, signer_seal(&a->signer, t, session_purpose(a, t), until),
                        SESSION_SECONDS);
}

static enum err check_token(struct api *a, struct task *t, const struct visit *v)
{
    const char *bearer = v->authorization && strncasecmp(v->authorization, "Bearer ", 7) == 0
                             ? v->authorization + 7 + strspn(v->authorization + 7, " ")
                             : NULL;
    const char *session = v->cookie ? session_of(t, v->cookie) : NULL;
    if (!*a->token || (bearer && door_token_is(a, bearer)) ||
        (v->api_key && door_token_is(a, v->api_key)) ||
        (session && signer_opens(&a->signer, t, session_purpose(a, t), session)))
        return OK;
    return refuse(t, ERR_AUTH,
                  "send it as \"Authorization: Bearer TOKEN\" or \"X-API-Key: TOKEN\", or sign in",
                  "this server wants its token");
}

bool visit_is_ambiguous(const struct visit *v)
{
    return v->lengths > 1 || v->encodings > 1 || (v->lengths && v->encodings) || v->hosts > 1 ||
           v->bad_length || v->bad_encoding || v->bad_field;
}

enum err door_check(struct api *a, struct task *t, const struct visit *v, bool open)
{
    if (v->fields > HEADER_FIELDS_MAX || v->field_bytes > HEADER_BYTES_MAX)
        return fail(t, ERR_HEADER, "a header has at most %d fields and %d bytes", HEADER_FIELDS_MAX,
                    HEADER_BYTES_MAX);
    if (v->bad_field)
        return fail(t, ERR_INVALID, "a header field is malformed");
    if (visit_is_ambiguous(v))
        return fail(t, ERR_INVALID, "the request can be read in more than one way");
    if (v->hosts != 1 || !host_known(a, v->host))
        return refuse(t, ERR_FORBIDDEN, "add the name with --host NAME when it is yours",
                      "this server does not answer to that host name");
    if (!is_safe(v->method) && !same_site(v))
        return fail(t, ERR_FORBIDDEN, "the request comes from a page of another site");
    return open ? OK : check_token(a, t, v);
}
