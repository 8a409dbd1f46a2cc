#include "base/text.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct text text_new(struct arena *a)
{
    return (struct text){ .arena = a };
}

static void text_reserve(struct text *out, size_t more)
{
    if (out->length + more + 1 <= out->capacity)
        return;
    size_t capacity = (out->length + more + 1) * 2;
    out->bytes    = arena_grow(out->arena, out->bytes, out->length, capacity);
    out->capacity = capacity;
}

void text_append_n(struct text *out, const char *piece, size_t bytes)
{
    text_reserve(out, bytes);
    memcpy(out->bytes + out->length, piece, bytes);
    out->length += bytes;
    out->bytes[out->length] = '\0';
}

void text_append(struct text *out, const char *piece)
{
    text_append_n(out, piece, strlen(piece));
}

void text_append_int(struct text *out, int64_t value)
{
    char digits[24], *at = digits + sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (value < 0)
        *--at = '-';
    text_append_n(out, at, (size_t)(digits + sizeof digits - at));
}

/* Formatted in place; only what does not fit is formatted twice. */
void text_printf(struct text *out, const char *format, ...)
{
    va_list args, again;
    text_reserve(out, 32);
    va_start(args, format);
    va_copy(again, args);
    size_t room = out->capacity - out->length;
    int length = vsnprintf(out->bytes + out->length, room, format, args);
    va_end(args);
    if (length > 0 && (size_t)length >= room) {
        text_reserve(out, (size_t)length);
        vsnprintf(out->bytes + out->length, (size_t)length + 1, format, again);
    }
    out->length += length > 0 ? (size_t)length : 0;
    va_end(again);
}

char *text_end(struct text *out)
{
    text_reserve(out, 0);
    out->bytes[out->length] = '\0';
    return out->bytes;
}

bool text_equal(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

bool text_equal_fold(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

bool text_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *text, const char *suffix)
{
    size_t length = strlen(text), wanted = strlen(suffix);
    return length >= wanted && memcmp(text + length - wanted, suffix, wanted) == 0;
}

bool text_is_empty(const char *text)
{
    return !text || text[strspn(text, " \t\r\n")] == '\0';
}

/* Bytes of the well-formed sequence at p, or 0. Source: Unicode 15, table 3-7. */
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80)
        return 1;
    size_t bytes = p[0] >= 0xC2 && p[0] <= 0xDF   ? 2
                   : (p[0] & 0xF0) == 0xE0        ? 3
                   : p[0] >= 0xF0 && p[0] <= 0xF4 ? 4
                                                  : 0;
    if (bytes == 0 || bytes > left)
        return 0;
    unsigned char low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < bytes; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    }
    return bytes;
}

bool text_is_clean_utf8(const char *text, size_t bytes)
{
    const unsigned char *p = (const unsigned char *)text;
    for (size_t i = 0, step; i < bytes; i += step) {
        if ((p[i] < 0x20 && p[i] != '\t' && p[i] != '\n' && p[i] != '\r') || p[i] == 0x7F)
            return false;
        step = utf8_sequence(p + i, bytes - i);
        if (step == 0)
            return false;
    }
    return true;
}

static int min3(int a, int b, int c)
{
    int least = a < b ? a : b;
    return least < c ? least : c;
}

size_t text_chars(const char *text)
{
    size_t count = 0;
    for (; text && *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80; /* all but continuation bytes */
    return count;
}

int text_distance(const char *a, const char *b)
{
    enum { LONGEST = 64 };
    int rows[3][LONGEST + 1];
    int la = (int)strnlen(a, LONGEST), lb = (int)strnlen(b, LONGEST);
    int *before = rows[0], *above = rows[1], *row = rows[2];

    for (int j = 0; j <= lb; j++)
        above[j] = j;
    for (int i = 1; i <= la; i++) {
        row[0] = i;
        for (int j = 1; j <= lb; j++) {
            int same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
            row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + !same);
            bool swapped = i > 1 && j > 1 &&
                           tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 2]) &&
                           tolower((unsigned char)a[i - 2]) == tolower((unsigned char)b[j - 1]);
            if (swapped && before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
        int *oldest = before;
        before = above;
        above  = row;
        row    = oldest;
    }
    return above[lb];
}

char *text_tidy(struct arena *a, const char *text)
{
    char *tidy = arena_alloc(a, strlen(text) + 1), *end = tidy;
    for (const char *p = text; *p; p++) {
        bool space = *p == ' ' || *p == '\t' || *p == '\n' || *p == '\r';
        if (!space)
            *end++ = *p;
        else if (end > tidy && end[-1] != ' ')
            *end++ = ' ';
    }
    if (end > tidy && end[-1] == ' ')
        end--;
    *end = '\0';
    return tidy;
}

char *text_slug(struct arena *a, const char *text, size_t bytes_max)
{
    char *slug = arena_alloc(a, bytes_max + 1);
    size_t length = 0;
    for (const char *p = text; *p && length < bytes_max; p++) {
        if (isalnum((unsigned char)*p) && (unsigned char)*p < 0x80)
            slug[length++] = (char)tolower((unsigned char)*p);
        else if (length > 0 && slug[length - 1] != '-')
            slug[length++] = '-';
    }
    while (length > 0 && slug[length - 1] == '-')
        length--;
    slug[length] = '\0';
    return length ? slug : arena_copy(a, "untitled");
}

char *text_shorten(struct arena *a, const char *text, size_t bytes_max)
{
    static const char ellipsis[] = "\xE2\x80\xA6";
    size_t length = strlen(text), keep = bytes_max - (sizeof ellipsis - 1);
    if (length <= bytes_max || bytes_max < sizeof ellipsis)
        return arena_copy(a, text);
    while (keep > 0 && ((unsigned char)text[keep] & 0xC0) == 0x80)
        keep--;
    return arena_format(a, "%.*s%s", (int)keep, text, ellipsis);
}

char *text_replace(struct arena *a, const char *text, const char *what, const char *with)
{
    struct text out = text_new(a);
    for (const char *at; (at = strstr(text, what)) != NULL; text = at + strlen(what)) {
        text_append_n(&out, text, (size_t)(at - text));
        text_append(&out, with);
    }
    text_append(&out, text);
    return text_end(&out);
}

char *text_lower(struct arena *a, const char *text)
{
    char *lower = arena_copy(a, text);
    for (char *p = lower; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return lower;
}
