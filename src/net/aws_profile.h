#pragma once

/* The shared files of AWS's tools. Inside the room only. */

#include "base/file.h"
#include "base/task.h"

struct aws_profile {
    const char *name;
    struct bytes credentials, config; /* the files' texts, in the arena; empty when not there */
};

/*
 * The profile that AWS_PROFILE names, or "default". A file that is not there is an empty one; so is
 * one that a named profile is missing from. INVALID when a file is not one of text.
 */
enum err aws_profile_read(struct task *t, struct aws_profile *out);

/* A setting, credentials first; "" when neither file has it. In the arena. */
const char *aws_profile_get(struct arena *a, const struct aws_profile *p, const char *key);

/* Blanks the files' texts. */
void aws_profile_wipe(struct aws_profile *p);
