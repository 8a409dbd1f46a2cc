#pragma once

/* Which addresses may be talked to. Inside the room only. Pure but for the faults. */

#include <sys/socket.h>

#include "net/net.h"

/* A URL taken apart as curl will take it apart. */
struct net_target {
    const char *url; /* normalised, without a fragment */
    const char *scheme, *host;
    int port;
};

/* INVALID, FORBIDDEN; `loopback` as in net_options. */
enum err net_target_read(struct task *t, const char *url, bool loopback, struct net_target *out);

/* Same scheme, host and port: what one was told, the other may be told. */
bool net_same_origin(const struct net_target *a, const struct net_target *b);

/* An address of the public internet; with `loopback`, this machine's own too. */
bool net_may_call(const struct sockaddr *address, bool loopback);
