#pragma once

/*
 * The HTTP server: everything the command line can do, for browsers, scripts and other programs.
 *
 *     acceptor   one thread: takes connections, counts them by address, ends those too slow to ask;
 *                hands each to one of two libmicrohttpd daemons by its first bytes: event streams
 *                to one with small connection memory, all else to one with room for headers and
 *                uploads
 *     loops      one a core and daemon: parse, answer what is in memory (cached replies, pages,
 *                files by sendfile), receive bodies to disk
 *     desk       a few threads that run handlers: anything that may wait for the store or the media
 *                child. The connection is suspended meanwhile
 *     events     one thread: tells streams what changed in the store, and how far running jobs are
 *
 * No business rule lives here: a handler decodes, calls one function of flow/ and writes the reply.
 * What is promised to clients is api/openapi.yaml.
 */

#include "api/changes.h"
#include "flow/flow.h"
#include "flow/workers.h"

struct api;

struct api_options {
    const char *listen;         /* "127.0.0.1:8080", "[::1]:0", ":8080"; port 0 takes a free one */
    const char *token;          /* "" for none, which only loopback may do */
    /* names besides loopback's by which browsers may call us; NULL-ended */
    const char *const *hosts;
    const char *web_folder;     /* the dashboard's exported files; NULL: what is in the program */
    const char *contract;       /* path of openapi.yaml */
    const char *version;
    const char *signing_key;    /* of all servers of one house; "" or NULL: kept in key_folder */
    const char *key_folder;     /* where the signing key is kept; "" makes one for this run alone */
    int64_t url_seconds;        /* how long signed URLs live; 0: 15 minutes */
    /* where media lies when not here, "https://host"; "" or NULL: here */
    const char *media_origin;
    bool access_log;
    bool emulated;              /* the services are stand-ins: no price is real money */
};

/*
 * Start serving. `changes` must be told by the flow's store (store_watch_open(),
 * changes_of_store()). Borrowed until api_stop(): `f`, `w` (NULL when this process runs no
 * workers), `changes`; the options are copied.
 * Errors   INVALID an address that cannot be understood, or one beyond loopback without a token;
 *          UNAVAILABLE the port is taken
 */
enum err api_start(struct task *t, const struct flow *f, struct workers *w, struct changes *changes,
                   const struct api_options *options, struct api **out);

/* "http://127.0.0.1:8080/": where it listens. */
const char *api_url(const struct api *a);

/* Take no new connections, say so at /readyz, let requests under way finish for up to wait_us. */
void api_drain(struct api *a, int64_t wait_us);

/* End streams, close everything, free. NULL is fine. */
void api_stop(struct api *a);
