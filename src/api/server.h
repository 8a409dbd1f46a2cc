#pragma once

/* The parts of the server, for each other: not for handlers (exchange.h) nor for app/ (api.h). */

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "api/api.h"
#include "api/exchange.h"
#include "api/metrics.h"
#include "api/reply.h"

enum {
    HEADER_FIELDS_MAX = 100,
    HEADER_BYTES_MAX = 16 << 10,
    /* for a request's header; twice that for those who send steadily */
    HEADER_SECONDS = 10,
    HEADER_RATE_BYTES = 1000,       /* a second: what "steadily" means */
    IDLE_SECONDS = 75,
    ADDRESS_CONNECTIONS_MAX = 64,   /* loopback is exempt */
    REQUEST_CONNECTIONS_MAX = 4096,
    STREAM_CONNECTIONS_MAX = 20000,
    /* a header of 16 KiB in 100 fields, and an upload's buffer */
    REQUEST_MEMORY_BYTES = 48 << 10,
    STREAM_MEMORY_BYTES = 5 << 10,      /* a browser's header; what it costs to follow */
    HANDLER_SECONDS = 120,
    DESK_THREADS = 8,
    DESK_QUEUE_MAX = 1024,
    HEARTBEAT_SECONDS = 15,
};

struct streams;
struct acceptor;
struct desk;
struct pages;

/* Idempotency keys that are being worked on, by their hash; "" for a free place. */
enum { BUSY_KEYS_MAX = 64 };
struct busy_keys {
    pthread_mutex_t lock; /* guards the keys */
    char keys[BUSY_KEYS_MAX][65];
};

struct api {
    struct arena *arena;             /* what the options named */
    const struct flow *flow;
    struct workers *workers;         /* NULL: none here */
    struct changes *changes;         /* borrowed */
    struct signer signer;
    struct reply_cache *cache;
    struct metrics *metrics;
    struct pages *pages;
    struct acceptor *acceptor;
    struct desk *desk;
    struct streams *streams;
    struct MHD_Daemon *loops, *stream_loops;
    const char *url, *token;
    const char **hosts;              /* NULL-ended: by which names browsers may call us */
    const char *contract, *reference, *contract_tag; /* openapi.yaml, the page made of it */
    const char *version;
    struct busy_keys busy;
    bool access_log, emulated;
    atomic_bool draining;
    atomic_int under_way;            /* requests between their first byte and their last */
    atomic_ullong request_number;
    char start[16];                  /* of this process; what request ids begin with */
};

/* ---- acceptor.c: connections ---- */

/* Listen; nothing is accepted before acceptor_run(). `out_port` is the port taken. */
enum err acceptor_open(struct task *t, const char *listen, struct acceptor **out,
                       bool *out_loopback, const char **out_url);
enum err acceptor_run(struct task *t, struct acceptor *a, struct MHD_Daemon *loops,
                      struct MHD_Daemon *stream_loops);
void acceptor_stop(struct acceptor *a); /* takes no more; waits for its thread */
void acceptor_free(struct acceptor *a);

/* A connection's header has been read (asking false: it may begin another) or it is gone. */
void acceptor_heard(struct acceptor *a, int fd, bool asking);
void acceptor_gone(struct acceptor *a, int fd);

/* ---- desk.c: handlers that may wait ---- */

struct desk_work {
    struct desk_work *next;
    void (*run)(struct desk_work *w);
};
enum err desk_start(struct task *t, struct desk **out);
bool desk_push(struct desk *d, struct desk_work *w); /* false: it is full */
void desk_stop(struct desk *d);                      /* runs what is queued, then joins */

/* ---- streams.c: event streams ---- */

enum err streams_start(struct task *t, struct api *a, struct streams **out);
/* ends every stream; then they may be freed with their daemon */
void streams_stop(struct streams *s);
void streams_free(struct streams *s);
int64_t streams_count(struct streams *s);

/* A response that follows `at`; NULL when there is no memory. */
struct MHD_Response *streams_response(struct streams *s, struct MHD_Connection *connection,
                                      const struct event_cursor *at);

/* ---- door.c: who may come in ---- */

/* What the header fields say, of those the door asks about; NULL for what was not sent. */
struct visit {
    const char *method, *host, *origin, *fetch_site, *authorization, *api_key, *cookie, *type,
        *encoding;
    int64_t length;           /* Content-Length; -1 for none */
    int fields, hosts, lengths, encodings;
    size_t field_bytes;
    bool bad_length, bad_encoding, bad_field;
    bool expects;             /* waits to be told to go on before it sends the body */
};

/* Could somebody between the client and us read it another way? Then nothing after it is
 * believed. */
bool visit_is_ambiguous(const struct visit *v);
enum err door_check(struct api *a, struct task *t, const struct visit *v, bool open);
bool door_token_is(const struct api *a, const char *given);
/* the Set-Cookie of one who knows the token */
const char *door_session(struct api *a, struct task *t);

/* ---- body.c: what comes with a request ---- */

struct body_reader;
enum err body_begin(struct exchange *x, const struct visit *v, struct MHD_Connection *connection,
                    struct body_reader **out);
enum err body_more(struct body_reader *r, const char *bytes, size_t size);
enum err body_end(struct body_reader *r);
void body_done(struct body_reader *r); /* NULL is fine */

/* ---- routes.c ---- */

/* The route of a method and path, its arguments in x; NOT_FOUND or METHOD otherwise. */
enum err route_find(struct exchange *x);
extern const struct route routes[];
extern const size_t route_count;

/* ---- keyed.c: a request that makes something at most once ---- */
enum err keyed_handle(struct exchange *x);
