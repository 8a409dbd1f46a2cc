#pragma once

/* Where credentials come from. Inside the room only. */

#include "net/aws_profile.h"
#include "net/net.h"

/* As found, in the arena of the task that looked: to be made secret and forgotten at once. */
struct aws_found {
    const char *id, *key, *token; /* id NULL: nothing here; token "" for none */
    int64_t expires_us;           /* wall clock; INT64_MAX when it does not say */
};

struct aws_source {
    const char *name;
    enum err (*look)(struct task *t, const struct net *net, const struct aws_profile *profile,
                     struct aws_found *out);
};

/* In the order in which they are asked; ends with a NULL name. */
extern const struct aws_source aws_sources[];
