#pragma once

/*
 * A folder for one test, and what tests do to files in it. Trouble here stops the test program at
 * once.
 */

#include <stdbool.h>
#include <stddef.h>

struct scratch {
    char path[256];
};

struct scratch scratch_new(void);
struct scratch scratch_in_memory(void);  /* where saving costs nothing, for long walks */
void           scratch_done(struct scratch *s);           /* removes everything in it */

/* "FOLDER/name"; owned by the scratch module until the next 16 calls. */
const char *scratch_path(const struct scratch *s, const char *name);

/* Whole files as bytes; the caller frees. */
char *slurp(const char *path, size_t *out_bytes);
void  spill(const char *path, const void *bytes, size_t size);

/* Files below a folder, hidden ones too, folders not counted. */
int count_files(const char *path);
