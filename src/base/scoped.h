#pragma once

/*
 * Locals that close themselves, for what an arena cannot free.
 *
 *     scoped(fd) int file = -1;               closed when the block ends, however it ends
 *     *out = take(thing);                     gives a pointer away and empties the local
 *
 * One header per library lists its kinds as `static inline void KIND_scoped(type *p)`; every kind
 * accepts an empty local (NULL, or -1 for descriptors).
 */

#include <stdlib.h>
#include <unistd.h>

#define scoped(kind) __attribute__((cleanup(kind##_scoped)))

#define take(pointer)                    \
    ({                                   \
        __auto_type taken_ = (pointer);  \
        (pointer) = NULL;                \
        taken_;                          \
    })

static inline void fd_scoped(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* The descriptor itself, leaving -1 behind. */
static inline int fd_take(int *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}

static inline void heap_scoped(void *pointer)
{
    free(*(void **)pointer);
}
