#pragma once

/*
 * Which services this program is a customer of: addresses and keys, from the environment or from
 * the file `keys` in the data folder. The environment comes first.
 *
 * The file holds lines of NAME=VALUE with the same names, and belongs to its owner alone (0600).
 */

#include "net/service.h"

/* What was configured, and the keys it owns. */
struct service_keys {
    struct secret *at[SERVICE_COUNT];
};

/*
 * data_folder  NULL: the environment alone
 * Errors       FORBIDDEN others can read the file; INVALID a line of it, a key or an address is
 *              none
 */
enum err services_configure(struct task *t, const char *data_folder, const struct net *n,
                            struct services *out, struct service_keys *out_keys);
void service_keys_free(struct service_keys *keys);
