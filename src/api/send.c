#include "api/send.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/server.h"
#include "base/text.h"

/* Replies of the API hold no page and load nothing. */
#define CSP_OF_DATA "default-src 'none'; frame-ancestors 'none'"

static void drop_body(void *body)
{
    reply_body_drop(body);
}

/* What it takes from the reply is the response's now. */
static struct MHD_Response *make_response(struct exchange *x)
{
    struct reply *r = &x->reply;
    if (r->stream)
        return streams_response(x->api->streams, x->connection, &r->events);
    if (r->fd >= 0) {
        int fd = fd_take(&r->fd);
        struct MHD_Response *response = MHD_create_response_from_fd_at_offset64(
            (uint64_t)r->file_bytes, fd, (uint64_t)r->file_offset);
        if (!response)
            close(fd);
        return response;
    }
    if (r->shared && r->status != 304)
        return MHD_create_response_from_buffer_with_free_callback_cls(
            r->shared->size, r->shared->bytes, drop_body, reply_body_hold(r->shared));
    return MHD_create_response_from_buffer(r->size, (void *)r->bytes, MHD_RESPMEM_PERSISTENT);
}

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    if (value && *value)
        MHD_add_response_header(response, name, value);
}

static void add_security(struct MHD_Response *response, const struct reply *r)
{
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "Content-Security-Policy", r->csp ? r->csp : CSP_OF_DATA);
    add(response, "Referrer-Policy", "same-origin");
    add(response, "Cross-Origin-Opener-Policy", "same-origin");
    add(response, "Permissions-Policy", "camera=(), microphone=(), geolocation=()");
}

static void add_headers(struct MHD_Response *response, struct exchange *x)
{
    const struct reply *r = &x->reply;
    char seconds[16];
    add(response, "Content-Type", r->type);
    add(response, "X-Request-Id", x->id);
    add(response, "Cache-Control", r->cache_control ? r->cache_control : "no-cache");
    add(response, "ETag", r->etag);
    add(response, "Location", r->location);
    add(response, "Content-Range", r->content_range);
    add(response, "Content-Disposition", r->disposition);
    add(response, "Set-Cookie", r->cookie);
    add(response, "Allow", r->allow);
    add(response, "Content-Encoding", r->encoding);
    add(response, "WWW-Authenticate", r->authenticate);
    add(response, "Vary", r->vary);
    add(response, "Accept-Ranges", r->accept_ranges ? "bytes" : NULL);
    if (r->retry_after_s > 0) {
        snprintf(seconds, sizeof seconds, "%d", r->retry_after_s);
        add(response, "Retry-After", seconds);
    }
    add_security(response, r);
    if (r->closes || atomic_load(&x->api->draining))
        add(response, "Connection", "close");
}

enum MHD_Result send_reply(struct exchange *x)
{
    struct MHD_Response *response = make_response(x);
    if (!response)
        return MHD_NO;
    add_headers(response, x);
    enum MHD_Result queued = MHD_queue_response(x->connection, (unsigned)x->reply.status, response);
    MHD_destroy_response(response);
    return queued;
}

/*
 * The library answers only before a body or after it. In between, the reply is written here; what
 * the client still sends is read for a moment, because closing on unread bytes would make its
 * kernel forget the reply.
 */
void send_raw_problem(struct exchange *x, int fd)
{
    const struct reply *r = &x->reply;
    char header[512], rest[4096];
    int bytes = snprintf(header, sizeof header,
                         "HTTP/1.1 %d Refused\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                         "X-Request-Id: %s\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
                         r->status, r->type, r->size, x->id);
    if (send(fd, header, (size_t)bytes, MSG_NOSIGNAL | MSG_DONTWAIT) != bytes ||
        send(fd, r->bytes, r->size, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return;
    shutdown(fd, SHUT_WR);
    for (int i = 0; i < 256 && recv(fd, rest, sizeof rest, MSG_DONTWAIT) > 0; i++) {
    }
}
