#pragma once

/* Text: UTF-8, zero-ended, in an arena. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* A text being written. Grows in its arena; the terminator is always in place. */
struct text {
    struct arena *arena;
    char         *bytes;
    size_t        length, capacity;
};

struct text text_new(struct arena *a);
void        text_append(struct text *out, const char *piece);
void        text_append_n(struct text *out, const char *piece, size_t bytes);
void        text_append_int(struct text *out, int64_t value);
void text_printf(struct text *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
char       *text_end(struct text *out);             /* never NULL; valid until the next append */

bool text_equal(const char *a, const char *b);
bool text_equal_fold(const char *a, const char *b);              /* ASCII case ignored */
bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);
bool text_is_empty(const char *text);                            /* NULL, "" or white space only */

/* Well-formed UTF-8 without surrogates, overlong forms or control characters other than tab,
 * newline and return. */
bool text_is_clean_utf8(const char *text, size_t bytes);

/* Characters of well-formed UTF-8; NULL has none. */
size_t text_chars(const char *text);

/* How many edits (insert, delete, replace, swap neighbours) apart; ASCII case ignored. */
int text_distance(const char *a, const char *b);

/* Trimmed of white space at both ends, runs of white space made one space; in the arena. */
char *text_tidy(struct arena *a, const char *text);

/* Lower-case ASCII words joined by '-', at most `bytes_max` bytes; "untitled" when nothing is
 * left. */
char *text_slug(struct arena *a, const char *text, size_t bytes_max);

/* Cut at a character boundary so that at most bytes_max bytes remain, "…" included. */
char *text_shorten(struct arena *a, const char *text, size_t bytes_max);

/* Every `what` (not empty), left to right, as `with`; in the arena. */
char *text_replace(struct arena *a, const char *text, const char *what, const char *with);

/* ASCII lower case, in the arena. */
char *text_lower(struct arena *a, const char *text);
