#pragma once

/* Files that are called by what is in them, so that the same bytes are kept once. */

#include "flow/flow.h"

#define REFERENCE_FOLDER "mv/references"

struct kept_file {
    const char *key, *hash;
    int64_t bytes;
};

/* "FOLDER/hash.ending", byte for byte; nothing is written when that is there. */
enum err file_keep(const struct flow *f, struct task *t, int fd, const char *folder,
                   const char *ending, struct kept_file *out);
