/*
 * Addresses are allowed by what they are, not by what they are called: a name may point anywhere,
 * and 127.1, 0x7f000001 and [::ffff:127.0.0.1] are all this machine.
 *
 * Source  the IANA special-purpose address registries (RFC 6890 and its updates)
 */
#include "net/net_rules.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "net/curl_library.h"

/* ---- addresses ---- */

struct block4 {
    uint32_t first;
    int bits;
};

/* Everything that is not somebody's machine on the public internet. */
static const struct block4 special4[] = {
    { 0x00000000, 8 },  /* this network */
    { 0x0A000000, 8 },  /* private */
    { 0x64400000, 10 }, /* carriers' own */
    { 0x7F000000, 8 },  /* loopback */
    { 0xA9FE0000, 16 }, /* link-local; clouds keep their keys there */
    { 0xAC100000, 12 }, /* private */
    { 0xC0000000, 24 }, /* protocol assignments */
    { 0xC0000200, 24 }, /* documentation */
    { 0xC0586300, 24 }, /* 6to4 relays */
    { 0xC0A80000, 16 }, /* private */
    { 0xC6120000, 15 }, /* benchmarks */
    { 0xC6336400, 24 }, /* documentation */
    { 0xCB007100, 24 }, /* documentation */
    { 0xE0000000, 3 },  /* multicast, reserved, broadcast */
};

static bool in_block4(uint32_t address, struct block4 b)
{
    return (address ^ b.first) >> (32 - b.bits) == 0;
}

static bool may_call4(uint32_t address, bool loopback)
{
    if (loopback && address >> 24 == 127)
        return true;
    for (size_t i = 0; i < sizeof special4 / sizeof *special4; i++) {
        if (in_block4(address, special4[i]))
            return false;
    }
    return true;
}

static uint32_t word(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool begins(const uint8_t *address, const char *prefix, size_t bytes)
{
    return memcmp(address, prefix, bytes) == 0;
}

/* Only 2000::/3 is handed out; of that, what is for documents, tunnels and other protocols is
 * not. */
static bool may_call6(const uint8_t *a, bool loopback)
{
    if (IN6_IS_ADDR_LOOPBACK((const struct in6_addr *)(const void *)a))
        return loopback;
    if (IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)(const void *)a))
        return may_call4(word(a + 12), loopback);
    if (begins(a, "\x00\x64\xff\x9b\0\0\0\0\0\0\0\0", 12)) /* NAT64: an IPv4 address in disguise */
        return may_call4(word(a + 12), false);
    if (a[0] >> 5 != 1)
        return false;
    bool protocols = begins(a, "\x20\x01", 2) && a[2] < 2;      /* 2001::/23, Teredo among them */
    bool documents = begins(a, "\x20\x01\x0d\xb8", 4) || (begins(a, "\x3f\xff", 2) && a[2] < 16);
    return !protocols && !documents && !begins(a, "\x20\x02", 2); /* 2002::/16: 6to4 */
}

bool net_may_call(const struct sockaddr *address, enum net_reach reach)
{
    bool loopback = reach != REACH_PUBLIC;
    if (reach == REACH_ANY)
        return address->sa_family == AF_INET || address->sa_family == AF_INET6;
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;
        return may_call4(ntohl(in->sin_addr.s_addr), loopback);
    }
    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)address;
        return may_call6(in6->sin6_addr.s6_addr, loopback);
    }
    return false;
}

/* ---- URLs ---- */

struct url {
    const struct curl_library *curl;
    CURLU *handle;
};

static void url_scoped(struct url *u)
{
    if (u->handle)
        u->curl->curl_url_cleanup(u->handle);
}

/* A part as curl understands it, in the arena; "" when it is not there. */
static const char *part(struct task *t, const struct url *u, CURLUPart which, unsigned flags)
{
    char *text = NULL;
    if (u->curl->curl_url_get(u->handle, which, &text, flags) != CURLUE_OK)
        return "";
    const char *copy = arena_copy(t->arena, text);
    u->curl->curl_free(text);
    return copy;
}

static enum err refuse_url(struct task *t, enum err code, const char *next, const char *why)
{
    return fail_at(t, refuse(t, code, next, "%s", why), "url");
}

static bool is_loopback_host(const char *host)
{
    struct sockaddr_in in = { .sin_family = AF_INET };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
    size_t bytes = strlen(host);
    char bare[64] = "";
    if (*host == '[' && bytes < sizeof bare)
        memcpy(bare, host + 1, bytes - 2);
    if (inet_pton(AF_INET, host, &in.sin_addr) == 1)
        return ntohl(in.sin_addr.s_addr) >> 24 == 127;
    if (*bare && inet_pton(AF_INET6, bare, &in6.sin6_addr) == 1)
        return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
    return text_equal_fold(host, "localhost");
}

/* Addresses written as numbers are looked at here, so that the refusal does not wait for a call. */
static bool is_special_number(const char *host, enum net_reach reach)
{
    struct sockaddr_in in = { .sin_family = AF_INET };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
    size_t bytes = strlen(host);
    char bare[64] = "";
    if (inet_pton(AF_INET, host, &in.sin_addr) == 1)
        return !net_may_call((const struct sockaddr *)&in, reach);
    if (*host != '[' || bytes >= sizeof bare)
        return false;
    memcpy(bare, host + 1, bytes - 2);
    return inet_pton(AF_INET6, bare, &in6.sin6_addr) != 1 ||
           !net_may_call((const struct sockaddr *)&in6, reach);
}

static enum err check_target(struct task *t, const struct net_target *n, enum net_reach reach)
{
    bool here = is_loopback_host(n->host);
    bool ours = reach == REACH_ANY || (reach == REACH_MACHINE && here);
    bool plain = text_equal(n->scheme, "http") && ours;
    if (!plain && !text_equal(n->scheme, "https"))
        return refuse_url(t, ERR_INVALID, "give one that begins with https://",
                          "only https addresses are called");
    if (text_is_empty(n->host))
        return refuse_url(t, ERR_INVALID, "give a whole address", "the address has no host");
    if (!ours && n->port != 443 && n->port != 80)
        return refuse_url(t, ERR_FORBIDDEN, "use the usual port",
                          "only ports 443 and 80 of other machines are called");
    if (is_special_number(n->host, reach) || (reach == REACH_PUBLIC && here))
        return refuse_url(t, ERR_FORBIDDEN, "give an address of the public internet",
                          "the address is not on the public internet");
    return OK;
}

static enum err url_read(struct task *t, const char *text, struct url *u)
{
    size_t bytes = strlen(text);
    if (bytes == 0 || bytes > NET_URL_BYTES_MAX || !text_is_clean_utf8(text, bytes) ||
        u->curl->curl_url_set(u->handle, CURLUPART_URL, text, 0) != CURLUE_OK)
        return refuse_url(t, ERR_INVALID, "give a whole address, https://host/path",
                          "this is not an address of the web");
    if (*part(t, u, CURLUPART_USER, 0) || *part(t, u, CURLUPART_PASSWORD, 0))
        return refuse_url(t, ERR_INVALID, "leave the user and password out",
                          "addresses with a user or password are not called");
    u->curl->curl_url_set(u->handle, CURLUPART_FRAGMENT, NULL, 0);
    return OK;
}

enum err net_target_read(struct task *t, const char *text, enum net_reach reach,
                         struct net_target *out)
{
    scoped(url) struct url u = { 0 };
    enum err e = curl_library_get(t, &u.curl);
    if (e)
        return e;
    u.handle = u.curl->curl_url();
    e = url_read(t, text, &u);
    if (e)
        return e;
    struct net_target n = {
        .url = part(t, &u, CURLUPART_URL, 0),
        .scheme = part(t, &u, CURLUPART_SCHEME, 0),
        .host = text_lower(t->arena, part(t, &u, CURLUPART_HOST, 0)),
        .port = (int)strtol(part(t, &u, CURLUPART_PORT, CURLU_DEFAULT_PORT), NULL, 10),
    };
    e = check_target(t, &n, reach);
    if (!e)
        *out = n;
    return e;
}

bool net_same_origin(const struct net_target *a, const struct net_target *b)
{
    return text_equal(a->scheme, b->scheme) && text_equal(a->host, b->host) && a->port == b->port;
}

bool net_is_loopback(const struct net_target *n)
{
    return is_loopback_host(n->host);
}
