#include "api/range.h"

#include <string.h>

#include "base/text.h"

static const char *skip_space(const char *at)
{
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

/* Digits at `at`; the number is held at INT64_MAX. NULL when there are none. */
static const char *read_number(const char *at, int64_t *out)
{
    if (*at < '0' || *at > '9')
        return NULL;
    int64_t number = 0;
    for (; *at >= '0' && *at <= '9'; at++)
        number = number > (INT64_MAX - 9) / 10 ? INT64_MAX : number * 10 + (*at - '0');
    *out = number;
    return at;
}

static struct range part(int64_t first, int64_t last, int64_t bytes)
{
    if (first >= bytes)
        return (struct range){ .kind = RANGE_OUTSIDE };
    return (struct range){ RANGE_PART, first, last < bytes ? last : bytes - 1 };
}

/* "-n": the last n bytes */
static struct range read_suffix(const char *at, int64_t bytes)
{
    int64_t count;
    at = read_number(at, &count);
    if (!at || *skip_space(at))
        return (struct range){ .kind = RANGE_WHOLE };
    if (count == 0)
        return (struct range){ .kind = RANGE_OUTSIDE };
    return part(count < bytes ? bytes - count : 0, INT64_MAX, bytes);
}

struct range range_read(const char *header, int64_t bytes)
{
    const struct range whole = { .kind = RANGE_WHOLE };
    int64_t first, last = INT64_MAX;
    if (!header || !text_starts(header, "bytes="))
        return whole;
    const char *at = skip_space(header + 6);
    if (*at == '-')
        return read_suffix(at + 1, bytes);
    at = read_number(at, &first);
    if (!at || *at++ != '-')
        return whole;
    if (*at >= '0' && *at <= '9')
        at = read_number(at, &last);
    if (*skip_space(at) || last < first)
        return whole;
    return part(first, last, bytes);
}

bool etag_listed(const char *header, const char *tag)
{
    size_t bytes = strlen(tag);
    if (!header)
        return false;
    for (const char *at = skip_space(header); *at;) {
        if (*at == '*')
            return true;
        if (text_starts(at, "W/"))
            at += 2;
        if (strncmp(at, tag, bytes) == 0)
            return true;
        at += *at == '"' ? 1 : 0;
        at += strcspn(at, "\"");
        at += strcspn(at, ",");
        at = skip_space(at + (*at == ','));
    }
    return false;
}

bool if_range_holds(const char *header, const char *tag)
{
    return !header || text_equal(skip_space(header), tag);
}
