/*
 * A bump allocator over a chain of growing blocks. Blocks come from calloc, so memory handed out is
 * zero. Under the address sanitizer every allocation is followed by a poisoned gap, so that running
 * past the end is caught.
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASAN 1
#endif
#endif

#ifdef ASAN
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
#else
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
enum { GAP = 0 };
#endif

enum {
    ALIGN       = 16,
    BLOCK_FIRST = 4096,
    BLOCK_MAX   = 1 << 20,
};

struct block {
    struct block *next;
    size_t        size, used;
    _Alignas(ALIGN) unsigned char bytes[];
};

struct arena {
    struct block *blocks;       /* newest first */
    size_t        next_size;
    size_t        bytes_used;
};

static void out_of_memory(void)
{
    fputs("storyreel: out of memory; work that was under way resumes at the next start\n", stderr);
    abort();
}

struct arena *arena_new(void)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a)
        out_of_memory();
    a->next_size = BLOCK_FIRST;
    return a;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        ASAN_UNPOISON_MEMORY_REGION(b->bytes, b->size);
        free(b);
    }
    free(a);
}

static struct block *block_add(struct arena *a, size_t wanted)
{
    size_t size = wanted > a->next_size ? wanted : a->next_size;
    struct block *b = calloc(1, sizeof *b + size);
    if (!b)
        out_of_memory();
    *b = (struct block){ .next = a->blocks, .size = size };
    ASAN_POISON_MEMORY_REGION(b->bytes, size);
    a->blocks = b;
    if (a->next_size < BLOCK_MAX)
        a->next_size *= 2;
    return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        out_of_memory();
    size_t room = ((size ? size : 1) + GAP + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    struct block *b = a->blocks;
    if (!b || b->size - b->used < room)
        b = block_add(a, room);

    void *p = b->bytes + b->used;
    b->used       += room;
    a->bytes_used += size;
    ASAN_UNPOISON_MEMORY_REGION(p, size ? size : 1);
    return p;
}

void *arena_grow(struct arena *a, const void *old, size_t old_size, size_t new_size)
{
    void *p = arena_alloc(a, new_size);
    if (old_size)
        memcpy(p, old, old_size);
    return p;
}

size_t arena_bytes_used(const struct arena *a)
{
    return a->bytes_used;
}

char *arena_copy(struct arena *a, const char *text)
{
    return text ? arena_copy_n(a, text, strlen(text)) : NULL;
}

char *arena_copy_n(struct arena *a, const char *text, size_t bytes)
{
    char *copy = arena_alloc(a, bytes + 1);
    memcpy(copy, text, bytes);
    return copy;
}

/* Most texts fit the buffer and are formatted once. */
char *arena_format_v(struct arena *a, const char *format, va_list args)
{
    char buffer[256];
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(buffer, sizeof buffer, format, args);
    if (length < 0)
        out_of_memory();
    char *text;
    if ((size_t)length < sizeof buffer) {
        text = arena_copy_n(a, buffer, (size_t)length);
    } else {
        text = arena_alloc(a, (size_t)length + 1);
        vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    return text;
}

char *arena_format(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_format_v(a, format, args);
    va_end(args);
    return text;
}
