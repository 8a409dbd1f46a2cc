#pragma once

/*
 * Who is asked to make things elsewhere: where it is, with whose key, through which network. Opened
 * in app/, borrowed by every driver that speaks to it.
 */

#include "base/secret.h"
#include "net/net.h"

struct provider_account {
    const char *name;     /* "replicate": as the driver of a descriptor is called */
    const char *variable; /* where its key comes from, for messages: "REPLICATE_API_TOKEN" */
    const char *base_url; /* "https://api.replicate.com/v1", without a slash at the end */
    struct secret key;
    const struct net *net;
    const char *public_url; /* where this program is reached from outside, for news; NULL: polled */
};
