#pragma once

/*
 * The parts of a file a client asks for, and whether it has the file already.
 *
 * Source   RFC 9110, 13.1 (preconditions) and 14 (range requests)
 * Threads  any; pure
 */

#include <stdbool.h>
#include <stdint.h>

enum range_kind {
    RANGE_WHOLE = 1,    /* no range, several, or one that is not understood: all of it, 200 */
    RANGE_PART,         /* 206: bytes first..last, both included */
    RANGE_OUTSIDE,      /* 416 */
};

struct range {
    enum range_kind kind;
    int64_t first, last;
};

/* `header` is the Range field, NULL for none; `bytes` >= 0 is the size of the file. */
struct range range_read(const char *header, int64_t bytes);

/*
 * Does a list of entity tags (If-None-Match) name this one? Weak comparison; "*" names any. `tag`
 * includes its quotes.
 */
bool etag_listed(const char *header, const char *tag);

/* If-Range: does the part still belong to what the client has? Strong comparison; dates never
 * do. */
bool if_range_holds(const char *header, const char *tag);
