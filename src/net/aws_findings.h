#pragma once

/* What was found, or done, about the parts of something at AWS: a table, a queue. */

#include <stdbool.h>
#include <stddef.h>

enum { AWS_FINDINGS_MAX = 24 };

struct aws_finding {
    const char *what;                 /* "point-in-time recovery" */
    const char *state;                /* "on", "made", "missing: ..." */
    bool fine;
};

struct aws_findings {
    struct aws_finding at[AWS_FINDINGS_MAX];
    size_t count;
};

/* Texts are borrowed; what is beyond the last place is dropped. */
static inline void aws_found(struct aws_findings *f, const char *what, const char *state, bool fine)
{
    if (f->count < AWS_FINDINGS_MAX)
        f->at[f->count++] = (struct aws_finding){ what, state, fine };
}
