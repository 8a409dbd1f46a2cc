#pragma once

/* Data files by name: the user's folder before the shipped one. Inside the room only. */

#include "plan/style.h"

/*
 * `subfolder` is "styles" or "styles/modes"; `kind` is "style" or "mode", for messages.
 * The name as it is in file names goes to *out_name, the document to *out: a new reference, the
 * caller's.
 * Errors   INVALID the name could be a path, or the file is not YAML; NOT_FOUND with the nearest
 *          name
 */
enum err data_file_read(struct task *t, const struct data_folders *folders, const char *subfolder,
                        const char *kind, const char *name, const char **out_name, json_t **out);

/* The names in both folders, ascending, each once, NULL-ended. Folders that do not exist hold
 * nothing. */
enum err data_file_names(struct task *t, const struct data_folders *folders, const char *subfolder,
                         const char *const **out, size_t *out_count);

/* Puts the file's name before a fault met while decoding it, and hands the code back. */
enum err data_file_fault(struct task *t, const char *subfolder, const char *name, enum err e);
