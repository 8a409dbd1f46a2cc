#pragma once

/* Inside app/: one call to a server's API. */

#include "app/remote.h"
#include "net/net.h"

struct remote_call {
    struct task *task;
    const struct remote *remote;
    const struct net *net;
    const struct project_options *options;
    const char *id;     /* of the project, whole */
    const char **words; /* after the project */
};

/* Fills in the token, the time and the ceiling; what the server refuses is our fault, word for
 * word. */
enum err remote_ask(struct remote_call *c, const struct net_call *wanted, struct net_reply *out);

/* `path` begins with a slash; `body` may be NULL. A new reference; JSON null for a reply without a
 * body. */
enum err remote_ask_json(struct remote_call *c, const char *method, const char *path,
                         const json_t *body, json_t **out);
