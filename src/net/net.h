#pragma once

/*
 * HTTP to other machines, over libcurl and nothing else touches libcurl.
 *
 * Who may be talked to is decided here, because addresses come from users: https on port 443 or 80,
 * and only to addresses of the public internet. The address is looked at when the connection is
 * about to be made to it, so a name cannot answer one thing to a check and another to the
 * connection. Redirects are followed by hand and looked at like first addresses; headers given for
 * one host are not sent to another. Environment variables (proxies, netrc) are not read.
 *
 * Limits    every call has a deadline and a ceiling in bytes
 * Errors    INVALID no address we would call (fault.field "url"); FORBIDDEN not of the public
 *           internet; LIMIT too large or too many redirects; TIMEOUT, CANCELLED; UPSTREAM the host
 *           is not found, refuses, breaks off, or shows a certificate that is not its own
 * Threads   any; calls are independent
 */

#include "base/file.h"
#include "base/task.h"
#include "net/secret.h"

struct net_options {
    bool loopback; /* this machine may be called too, by http and on any port: for tests */
    const char *user_agent;
};

struct net;
struct gate;

enum err net_open(struct task *t, const struct net_options *options, struct net **out);
void net_close(struct net *n); /* NULL is fine */

/*
 * Connections of one service that are kept for the next call to it. Calls of many threads may share
 * one; whoever makes it says who is called through it, and calls nobody else.
 */
struct net_pool *net_pool_new(void);
void net_pool_free(struct net_pool *p); /* NULL is fine */

/* A part of a file as the body of a request. */
struct net_upload {
    int fd;
    int64_t offset, bytes;
};

/* The gate of the service of that number, 0..NET_GATES-1; see gate.h. Lives as long as `n`. */
enum { NET_GATES = 8 };
struct gate *net_gate(const struct net *n, int index);

enum { NET_REDIRECTS_MAX = 3, NET_HEADERS_MAX = 64, NET_URL_BYTES_MAX = 2000 };

struct net_call {
    /* "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"; only a GET follows redirects */
    const char *method;
    const char *url;
    const char *const *headers; /* "Name: value", NULL-ended; NULL for none */
    struct bytes body;          /* of all but a GET and a HEAD */
    const struct net_upload *upload; /* read while it is sent, instead of `body`; of a PUT */
    /* of the whole call, redirects included; the task's deadline holds too */
    int64_t timeout_us;
    int64_t bytes_max;          /* of the answer's body */
    int64_t stall_us;           /* without a byte for so long, it will not come; 0: half a minute */
    int out;                    /* where the body of a 2xx answer goes; -1: into the reply, as all
                                 * other bodies do */

    /* Sent as this header, "Authorization: Bearer " and the key, to the host of `url` only; blanked
     * out of headers and body of the reply. NULL for none. */
    const struct secret *key;
    const char *key_header;

    /* The owner of this program has named this host in the configuration: it may be any machine, by
     * http and on any port. Redirects may lead back to it and to public hosts. */
    bool configured;

    bool stay;             /* a redirect is an answer like any other */
    struct net_pool *pool; /* NULL: a connection of its own, closed afterwards */
};

struct net_header {
    const char *name, *value; /* name in lower case */
};

struct net_reply {
    int64_t status;
    const char *url; /* that answered, after redirects */
    struct net_header headers[NET_HEADERS_MAX];
    size_t header_count;
    struct bytes body; /* zero-ended; empty when it went to `out` */
    int64_t bytes;     /* of the body */
    bool made;         /* it answers a call that makes something */
    int sends;         /* more than 1: a kept connection was found closed, and it was sent again */
};

/* OK whenever there was an answer, whatever its status; all texts live in t->arena. */
enum err net_call(const struct net *n, struct task *t, const struct net_call *call,
                  struct net_reply *out);

/* "" when the answer has no such header; name in lower case. */
const char *net_reply_header(const struct net_reply *r, const char *name);

/*
 * How long the other side wants to be left alone by its Retry-After header, in seconds or as a
 * date (counted from its own Date header); -1 when it does not say.
 */
int64_t net_retry_after_us(const struct net_reply *r);

/* When the answer was written by the other side's clock (Date), in wall microseconds; -1
 * unknown. */
int64_t net_reply_date_us(const struct net_reply *r);

/* What is known of a call that makes something on the other side, and may cost money. */
enum net_outcome {
    NET_CREATED = 1, /* 2xx; should its body turn out not to name what was made: ambiguous */
    NET_NOT_CREATED, /* surely not: no byte of the request left, or 400 401 402 403 404 422 429 */
    NET_AMBIGUOUS,   /* everything else: ask the other side before sending it again */
};

/*
 * Send a POST once: on a connection of its own, without a second try and without a redirect.
 * *outcome is set whatever is returned, and the reply whenever this is OK, which means that there
 * was an answer.
 */
enum err net_create(const struct net *n, struct task *t, const struct net_call *call,
                    enum net_outcome *outcome, struct net_reply *out);

/*
 * A file by its address, from offset 0 of `out`. IMPOSSIBLE when the answer is not the file (the
 * message says what it was), and the errors of net_call().
 */
enum err net_fetch(const struct net *n, struct task *t, const char *url, int64_t bytes_max, int out,
                   struct net_reply *reply);

/* An address of ours that others are told: by https, or this machine's own by http. INVALID any
 * other; *out_host is the name in it. */
enum err net_own_address(struct task *t, const char *url, const char **out_host);

/* Whether an address may be called at all, before it is: INVALID, FORBIDDEN. Looks nothing up. */
enum err net_check_url(const struct net *n, struct task *t, const char *url);
