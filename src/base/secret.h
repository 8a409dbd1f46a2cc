#pragma once

/*
 * A key or token. It is a struct so that it cannot slip into a log line or a message: printf and
 * fail() do not take one, and whoever needs the text has to say that it is revealed.
 */

#include <stdbool.h>

struct secret {
    const char *hidden; /* borrowed; NULL or "" for none */
};

static inline bool secret_is_set(struct secret s)
{
    return s.hidden && *s.hidden;
}

/* Only to be put into a request to the host it is meant for. */
static inline const char *secret_reveal(struct secret s)
{
    return s.hidden ? s.hidden : "";
}
