/*
 * Any bytes as text: the judge of clean UTF-8 must agree with another reading of the standard, by
 * arithmetic instead of by table, and clean text must stay clean when it is tidied or cut.
 */

#include "fuzz.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void must(bool promise)
{
    if (!promise)
        abort();
}

/* The code point at p and its length; length 0 when there is none. */
static uint32_t decode(const uint8_t *p, size_t left, size_t *length)
{
    size_t tails = p[0] < 0x80       ? 0
                   : p[0] >> 5 == 6  ? 1
                   : p[0] >> 4 == 14 ? 2
                   : p[0] >> 3 == 30 ? 3
                                     : left;
    *length = 0;
    if (tails >= left)
        return 0;
    uint32_t point = tails ? p[0] & (0x3Fu >> tails) : p[0];
    for (size_t i = 1; i <= tails; i++) {
        if (p[i] >> 6 != 2)
            return 0;
        point = point << 6 | (p[i] & 0x3F);
    }
    *length = tails + 1;
    return point;
}

static bool is_clean(const uint8_t *data, size_t size)
{
    static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
    for (size_t i = 0, length; i < size; i += length) {
        uint32_t point = decode(data + i, size - i, &length);
        bool control = point < 0x20 && point != '\t' && point != '\n' && point != '\r';
        bool surrogate = point >= 0xD800 && point <= 0xDFFF;
        if (length == 0 || point < least[length - 1] || point > 0x10FFFF || surrogate || control ||
            point == 0x7F)
            return false;
    }
    return true;
}

static void shapings_keep_it_clean(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    const char *text = arena_copy_n(a, (const char *)data, size);
    const char *tidy = text_tidy(a, text);
    must(strlen(tidy) <= size && text_is_clean_utf8(tidy, strlen(tidy)));
    for (size_t most = 4; most < 24; most++) {
        const char *cut = text_shorten(a, text, most), *slug = text_slug(a, text, most);
        must(strlen(cut) <= most && text_is_clean_utf8(cut, strlen(cut)));
        must(*slug && (strlen(slug) <= most || strcmp(slug, "untitled") == 0));
    }
    arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool clean = is_clean(data, size);
    must(text_is_clean_utf8((const char *)data, size) == clean);
    if (clean)
        shapings_keep_it_clean(data, size);
    return 0;
}
