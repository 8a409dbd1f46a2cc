#pragma once

/*
 * Drivers of providers against a server of the test's own, which answers by path and remembers what it was sent. The
 * descriptors are those that are shipped.
 */

#include "test.h"

#include "gen/video.h"
#include "web_stub.h"

enum { REMOTE_ROUTES_MAX = 8 };

/* What is answered to "GET /path"; the first whose beginning fits. Without a status the connection just ends. */
struct remote_route {
    const char *begins, *status, *headers, *body;
};

struct remote_fixture {
    struct task          task;
    struct net          *net;
    struct secret       *key;
    struct services      all;
    struct model         model;
    struct web_stub      web;
    struct remote_route  routes[REMOTE_ROUTES_MAX];
    char                 path[600], sent[8000], asked[REMOTE_ROUTES_MAX][300];
    _Atomic int          asked_count;         /* "METHOD /path" of each request, in order */
};

void remote_begin(struct remote_fixture *f, enum service_id service, const char *model);
void remote_end(struct remote_fixture *f);

/* One answer to whatever is asked from now on. */
void remote_answers(struct remote_fixture *f, const char *status, const char *body);

/* A scene of so many frames, 16:9, 720p, without pictures. */
struct video_request remote_request(const struct remote_fixture *f, int64_t frames);

/* A file with these bytes, open for reading; never closed, the test ends soon. */
int remote_file(const void *bytes, size_t size);
