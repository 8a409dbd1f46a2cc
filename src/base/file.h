#pragma once

/*
 * Files that are whole or absent, never half.
 *
 * A draft is a file without a name (O_TMPFILE) in the file system where it will live. Publishing
 * syncs it, links it under its name and syncs the folder; a process killed before that leaves
 * nothing behind. A published name that already exists is left as it is. File systems without
 * O_TMPFILE get a named draft, ".draft-PID-N", locked while its process lives; file_sweep() removes
 * those whose process is gone.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/scoped.h"
#include "base/task.h"

struct bytes {
    const void *at;
    size_t      size;
};

struct draft {
    int   fd;              /* open for reading and writing; closed by draft_done() */
    char *named;           /* its temporary path where O_TMPFILE is not to be had; else NULL */
    bool  spoilt;  /* the disk failed to save it or its name; it cannot be published any more */
};

static inline struct draft draft_none(void)
{
    return (struct draft){ .fd = -1 };
}

/* A nameless file in `folder` (made with its parents, mode 0755, when missing). */
enum err draft_open(struct task *t, const char *folder, struct draft *out);

/* The same by name, as on file systems that know no nameless files. */
enum err draft_open_named(struct task *t, const char *folder, struct draft *out);

/*
 * Give the draft its name; parent folders are made. CONFLICT when `path` exists and `replace` is
 * false; with `replace`, the old file is swapped for the new one in one step. The draft is used up
 * on success and kept on failure.
 */
enum err draft_publish(struct task *t, struct draft *d, const char *path, bool replace);

/* The same as `name`, one part, in an open folder; `path` is what messages call it. */
enum err draft_publish_at(struct task *t, struct draft *d, int folder_fd, const char *name,
                          const char *path, bool replace);

/* Drop what was not published. Safe on draft_none() and after publishing. */
void draft_done(struct draft *d);
static inline void draft_scoped(struct draft *d) { draft_done(d); }

/* Remove the named drafts in `folder` whose process is gone; a folder that is not there is fine. */
enum err file_sweep(struct task *t, const char *folder);

/* Make a folder and its parents, durably. */
enum err folder_make(struct task *t, const char *path);

/* The same, swept, and opened to work in. */
enum err folder_open(struct task *t, const char *path, int *out_fd);

/* The folder part of a path, "." when there is none; in the arena. */
char *path_folder(struct arena *a, const char *path);

/* The last part of a path; inside `path`. */
const char *path_name(const char *path);

/*
 * Open for reading: a regular file or INVALID (folders, devices and pipes are refused); *out is the
 * caller's.
 */
enum err file_open(struct task *t, const char *path, int *out_fd);

/* The whole file, zero-ended, in t->arena; LIMIT past bytes_max. */
enum err file_read(struct task *t, const char *path, int64_t bytes_max, struct bytes *out);
enum err file_read_fd(struct task *t, int fd, const char *name, int64_t bytes_max,
                      struct bytes *out);

/* All of it or a fault. */
enum err file_write_all(struct task *t, int fd, const void *bytes, size_t size);

/*
 * Copy everything of `from` (from offset 0) to the current offset of `to`, by the kernel where it
 * can.
 */
enum err file_copy(struct task *t, int from, int to);

int64_t file_bytes(int fd);               /* size, or -1 */
