#pragma once

/* A reply becomes a response on the wire. */

#include <microhttpd.h>

#include "api/exchange.h"

/* Queue x->reply on its connection. What the response needs of the exchange stays until it is
 * sent. */
enum MHD_Result send_reply(struct exchange *x);

/* The same by hand on a socket whose body is still arriving; the caller closes the connection. */
void send_raw_problem(struct exchange *x, int fd);
