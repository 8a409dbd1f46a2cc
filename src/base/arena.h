#pragma once

/*
 * Memory with a lifetime: everything made for one task, freed at once when it ends.
 *
 * Small allocations do not fail: out of memory ends the process, and durable jobs make a restart
 * safe. Anything sized by the outside world is checked against a ceiling in limits.h before it is
 * asked for here.
 *
 * Threads  one at a time; an arena belongs to whoever holds its task.
 */

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void          arena_free(struct arena *a);                 /* NULL is fine */

/* Zeroed, aligned for any type; size 0 gives a valid pointer. Unreachable bytes are poisoned under
 * ASan. */
void *arena_alloc(struct arena *a, size_t size);

/* Bytes handed out so far. */
size_t arena_bytes_used(const struct arena *a);

char *arena_copy(struct arena *a, const char *text);                     /* NULL stays NULL */
char *arena_copy_n(struct arena *a, const char *text, size_t bytes);     /* adds the terminator */
char *arena_format(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_format_v(struct arena *a, const char *format, va_list args);

#define arena_one(a, type)          ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, count) ((type *)arena_alloc((a), sizeof(type) * (size_t)(count)))

/*
 * Append to a growing array that lives in an arena. `items`, `count` and `capacity` are lvalues;
 * the old storage stays in the arena when the array moves, so the total cost is at most twice the
 * final size.
 */
#define array_push(a, items, count, capacity, ...)                                                 \
    do {                                                                                           \
        if ((count) == (capacity)) {                                                               \
            (capacity) = (capacity) ? (capacity) * 2 : 8;                                          \
            (items)    = arena_grow((a), (items), sizeof *(items) * (size_t)(count),               \
                                    sizeof *(items) * (size_t)(capacity));                         \
        }                                                                                          \
        (items)[(count)++] = (__typeof__(*(items)))__VA_ARGS__;                                    \
    } while (0)

void *arena_grow(struct arena *a, const void *old, size_t old_size, size_t new_size);
