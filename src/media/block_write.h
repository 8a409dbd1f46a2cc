#pragma once

/*
 * A file written front to back from memory and from spans of other files, in large blocks through
 * one small buffer: on ordinary file systems faster than any call that lets the kernel copy many
 * small ranges.
 */

#include "base/file.h"
#include "base/task.h"

struct block_writer {
    int      fd;                          /* borrowed */
    int64_t  at;                          /* where the block will be written */
    uint8_t *block;
    size_t   filled;
};

void block_writer_start(struct task *t, struct block_writer *w, int fd, int64_t at);

enum err block_write(struct task *t, struct block_writer *w, struct bytes bytes);
enum err block_copy(struct task *t, struct block_writer *w, int from, int64_t offset,
                    int64_t bytes);

/* Write out what is buffered. */
enum err block_flush(struct task *t, struct block_writer *w);

/* All of it at `offset`, around the buffer. */
enum err write_at(struct task *t, int fd, struct bytes bytes, int64_t offset);
