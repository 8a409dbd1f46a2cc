#pragma once

/*
 * One service of AWS, or of a server that speaks its protocol: signed requests to it, repeated as
 * its clients are told to repeat them, and what its refusals mean.
 *
 * Repeated   500 502 503 504 429, throttling and broken connections, with waits that grow and are
 *            random, bounded by the task; once more with the right clock, newly fetched credentials
 *            or the right region when that was what was wrong. Requests must bear being repeated;
 *            `unsure` tells those that care.
 * Threads    any
 */

#include "net/aws_account.h"
#include "net/sigv4.h"

struct aws;

struct aws_options {
    const char *service;  /* "s3", "dynamodb", "sqs": in host names and in the signature */
    const char *title;    /* for people: "S3" */
    const char *region;   /* NULL: the account's; without one "us-east-1" at an endpoint */
    const char *endpoint; /* NULL: the account's; "http://127.0.0.1:9000" without a path */
    const char *bucket;   /* S3's: requests are for what is in it; else NULL */
    bool path_style;      /* the bucket stands in the path, not in the host's name */
    int64_t wait_us;      /* the first wait before repeating; 0: a tenth of a second */
    int tries;            /* 0: AWS_TRIES */
};

enum { AWS_TRIES = 5 };

/* INVALID no region at AWS itself, or an endpoint that is none. Calls nobody. */
enum err aws_open(struct task *t, struct aws_account *account, const struct aws_options *options,
                  struct aws **out);
void aws_close(struct aws *a); /* NULL is fine */

struct aws_request {
    const char *method;
    const char *path;               /* raw, from the slash on; of S3: within the bucket */
    const struct sigv4_pair *query; /* raw */
    size_t query_count;
    const struct sigv4_pair *headers; /* all are signed; host, date and token are added */
    size_t header_count;
    struct bytes body;               /* signed with its hash */
    const struct net_upload *upload; /* or else this, sent with SIGV4_UNSIGNED */
    int64_t timeout_us;              /* of one try; 0: AWS_CALL_US */
    int64_t bytes_max;               /* of the answer; 0: AWS_BYTES_MAX */
    bool to_file; /* the body of a 2xx answer goes to `out`, from `out_offset` on: what a try that
                   * failed has written is written over by the next */
    int out;
    int64_t out_offset;
};

#define AWS_CALL_US (30 * SECOND_US)
enum { AWS_BYTES_MAX = 16 << 20 };

struct aws_reply {
    struct net_reply http;
    const char *code;    /* of a refusal: "NoSuchKey", "SlowDown"; "" for none */
    const char *message; /* the service's own words; "" for none */
    /* It was sent more than once, and what was sent before may have been done: its answer was lost
     * or a 5xx. */
    bool unsure;
};

/* OK whenever there was an answer, whatever it says; else as net_call() and aws_account_keys(). */
enum err aws_call(struct aws *a, struct task *t, const struct aws_request *r,
                  struct aws_reply *out);

/*
 * What an answer that is no success means; `what` is what was wanted: "put mv/x.mp4".
 *
 * Errors  AUTH the credentials are wrong or expired; FORBIDDEN they may not do this; NOT_FOUND 404;
 *         CONFLICT 409 412; RANGE 416; RATE throttled; LIMIT 413; UNAVAILABLE 5xx; IMPOSSIBLE every
 *         other 4xx; UPSTREAM the rest
 */
enum err aws_refusal(struct aws *a, struct task *t, const struct aws_reply *reply,
                     const char *what);

/*
 * An address at which anybody may make this one request for so many seconds, or until the
 * credentials expire. Headers and query are signed. It is signed as of the last whole half of that
 * time, so that for half of its life it is the same, whoever makes it, and good for the other half.
 */
enum err aws_presign(struct aws *a, struct task *t, const struct aws_request *r, int expires_s,
                     const char **out_url);

/* "https://bucket.s3.eu-central-1.amazonaws.com": where presigned addresses lead; in t->arena. */
const char *aws_origin(struct aws *a, struct task *t);

/* "https://s3.eu-central-1.amazonaws.com", for people. Lives as long as `a`. */
const char *aws_endpoint(const struct aws *a);
