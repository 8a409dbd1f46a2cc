#pragma once

/*
 * One request and its reply, as handlers see it. Nothing here shows the HTTP library.
 *
 * A handler reads what it was sent, calls one function of flow/, and sets a reply; or it returns an
 * error, and x->task.fault becomes the problem that is answered. Everything lives in x->task.arena.
 */

#include <jansson.h>

#include "api/changes.h"
#include "api/sign.h"
#include "base/fields.h"
#include "base/file.h"
#include "flow/projects.h"
#include "flow/workers.h"

struct api;
struct exchange;
struct MHD_Connection;
typedef enum err handler(struct exchange *x);

enum {
    ROUTE_SEGMENTS_MAX = 10,
    ROUTE_ARGS_MAX = 3,
    PARTS_MAX = 64,                      /* of a form: every field of a project and its files */
    FORM_TEXT_BYTES_MAX = 256 << 10,     /* all text parts of a form together */
    JSON_BODY_BYTES_MAX = 1 << 20,
};

enum route_flag {
    ROUTE_OPEN = 1,      /* no token wanted: health, pages, signed media */
    ROUTE_QUICK = 2,     /* answered on the loop: never waits for the store or the media child */
    ROUTE_KEYED = 4,     /* takes an Idempotency-Key */
    ROUTE_JSON = 8,      /* takes a JSON body; an absent one is {} */
    ROUTE_FORM = 16,     /* takes multipart/form-data */
    ROUTE_SIGNED = 32,   /* a signature in the query (e, s) does instead of a token */
};

struct route {
    const char *method, *path;           /* "/api/mv/projects/{projectId}" */
    handler *handle;
    const char *operation;               /* operationId in openapi.yaml; in logs and metrics */
    int flags;
    const char *files;                   /* parts that are files, each as often as it may be sent:
                                            " audio images images " */
};

/* A file that was sent, on its way into the blob store; gone when the exchange ends. */
struct upload {
    const char *part, *name;             /* name: as the client calls it, without folders */
    struct draft draft;
    int64_t bytes;
};

struct reply_body;                       /* shared bytes, counted; see reply.h */

struct reply {
    int status;                          /* 0: none yet */
    const char *type;                    /* Content-Type; NULL for none */
    const void *bytes;                   /* in the arena */
    size_t size;
    /* instead of bytes: a counted reference, given to the reply */
    struct reply_body *shared;
    /* instead of bytes: `file_bytes` from `file_offset`; -1 none */
    int fd;
    int64_t file_offset, file_bytes;
    bool closes;                         /* the connection ends with it */
    bool stream;                         /* an event stream, from `events` on */
    struct event_cursor events;
    const char *location, *etag, *cache_control, *content_range, *disposition, *cookie, *allow,
        *csp, *encoding, *authenticate;                 /* NULL: not sent */
    const char *vary;
    bool accept_ranges;
    int retry_after_s;
};

struct exchange {
    struct task task;
    char id[32];
    struct api *api;
    struct MHD_Connection *connection;   /* for exchange.c and server.c alone */
    const struct flow *flow;
    struct workers *workers;             /* NULL when this process runs none */
    const struct route *route;
    const char *method, *path;
    const char *args[ROUTE_ARGS_MAX];    /* what stood for {projectId}, {sequence} ...; decoded */
    json_t *body;                        /* an object; NULL when nothing was sent */
    struct bytes raw;                    /* the same as it was sent; empty for a form */
    bool from_form;                      /* its members are texts, whatever they mean */
    struct upload *uploads;              /* up to PARTS_MAX */
    size_t upload_count;
    /* may wait: false for a ROUTE_QUICK handler's first try, */
    bool at_desk;
                                         /* which may leave the reply unset to be called again
                                          * there */
    const char *once;                    /* id under which this is done at most once; "" for none */
    struct reply reply;
};

/* ---- reading ---- */

/* A query parameter or a header; NULL when it was not sent. Borrowed for as long as the
 * exchange. */
const char *exchange_query(struct exchange *x, const char *name);
const char *exchange_header(struct exchange *x, const char *name);

/* Whole numbers in the query: `preset` when absent; INVALID outside min..max. */
enum err exchange_query_int(struct exchange *x, const char *name, int64_t min, int64_t max,
                            int64_t preset, int64_t *out);

/* The path's {sequence} or {take}: NOT_FOUND unless it is a number that could be one. */
enum err exchange_arg_int(struct exchange *x, size_t index, int64_t *out);

/* The body by table; an absent body is an empty object. */
enum err exchange_body(struct exchange *x, const struct field *fields, void *out);

/* For operations that want no body: {} or nothing. */
enum err exchange_body_empty(struct exchange *x);

/* Was the member there? (what is absent is left as it is, what is "" is emptied) */
bool exchange_has(const struct exchange *x, const char *member);

/* A file of the form by its part's name, the n-th of that name; fd -1 when there is none. */
struct source_file exchange_file(struct exchange *x, const char *part, size_t n);

/* Work was queued: the workers of this process need not find out by themselves. */
void exchange_nudge(struct exchange *x);

/* ---- answering ---- */

/* Takes the reference. */
enum err reply_json(struct exchange *x, int status, json_t *json);
enum err reply_text(struct exchange *x, int status, const char *type, const char *text);
enum err reply_empty(struct exchange *x, int status);

/* JSON with an ETag: 304 when the client has it. Takes the reference. */
enum err reply_json_tagged(struct exchange *x, json_t *json);
enum err reply_shared(struct exchange *x, struct reply_body *body);

/*
 * Bytes of a file: Range, If-Range, If-None-Match, HEAD. Takes `fd`. `tag` is the entity tag with
 * its quotes.
 */
enum err reply_file(struct exchange *x, int fd, const char *type, const char *tag);

/*
 * A reply that is built only when something of `project_id` ("" for any project) changed since it
 * was last: 304 or bytes from memory otherwise. For ROUTE_QUICK handlers. `build` gives a new
 * reference.
 */
typedef enum err reply_build(struct exchange *x, json_t **out);
enum err reply_cached(struct exchange *x, const char *name, const char *project_id,
                      reply_build *build);

/* Events from now on, or after what the client says it has had. */
enum err reply_events(struct exchange *x, const char *project_id);

/* The fault of x->task as problem+json. */
void reply_problem(struct exchange *x);
