#pragma once

/* Which addresses may be talked to. Inside the room only. Pure but for the faults. */

#include <sys/socket.h>

#include "net/net.h"

/* How far a call may reach. */
enum net_reach {
    REACH_PUBLIC,  /* the public internet, by https */
    REACH_MACHINE, /* this machine too, by http and on any port */
    REACH_ANY,     /* any machine: somebody who may has named it */
};

/* A URL taken apart as curl will take it apart. */
struct net_target {
    const char *url; /* normalised, without a fragment */
    const char *scheme, *host;
    int port;
};

/* INVALID, FORBIDDEN. */
enum err net_target_read(struct task *t, const char *url, enum net_reach reach,
                         struct net_target *out);

/* Same scheme, host and port: what one was told, the other may be told. */
bool net_same_origin(const struct net_target *a, const struct net_target *b);

bool net_may_call(const struct sockaddr *address, enum net_reach reach);

/* "127.0.0.1", "[::1]", "localhost": this machine by its own names. */
bool net_is_loopback(const struct net_target *n);
