#pragma once

/* Easy handles with their open connections, between two calls. Inside the room only. */

#include "net/curl_library.h"
#include "net/net.h"

/* One that is kept, or a new one; `p` may be NULL. Never NULL. */
CURL *net_pool_take(struct net_pool *p, const struct curl_library *curl);

/* Takes it back: to be kept when `good` and there is room, else closed. */
void net_pool_give(struct net_pool *p, const struct curl_library *curl, CURL *easy, bool good);
