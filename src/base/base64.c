#include "base/base64.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(struct arena *a, struct bytes in)
{
    const uint8_t *bytes = (const uint8_t *)in.at;
    char *text = arena_alloc(a, (in.size + 2) / 3 * 4 + 1), *to = text;
    for (size_t i = 0; i < in.size; i += 3) {
        size_t left = in.size - i;
        uint32_t three = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                         (left > 2 ? bytes[i + 2] : 0);
        *to++ = alphabet[three >> 18];
        *to++ = alphabet[three >> 12 & 63];
        *to++ = left > 1 ? alphabet[three >> 6 & 63] : '=';
        *to++ = left > 2 ? alphabet[three & 63] : '=';
    }
    *to = '\0';
    return text;
}

enum { PASSED_OVER = -1, PADDING = -2, FOREIGN = -3 };

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '/')
        return c == '+' ? 62 : 63;
    if (c == '=')
        return PADDING;
    return c == '\n' || c == '\r' || c == ' ' ? PASSED_OVER : FOREIGN;
}

enum err base64_decode(struct task *t, const char *text, size_t text_bytes, struct bytes *out)
{
    char *bytes = arena_alloc(t->arena, text_bytes / 4 * 3 + 4);
    size_t size = 0, digits = 0, padding = 0;
    uint32_t bits = 0;
    for (size_t i = 0; i < text_bytes; i++) {
        int value = value_of(text[i]);
        if (value == PASSED_OVER)
            continue;
        if (value == FOREIGN || (value >= 0 && padding))
            return fail(t, ERR_MEDIA, "this is not base64");
        padding += value == PADDING;
        bits = bits << 6 | (uint32_t)(value == PADDING ? 0 : value);
        if (++digits % 4)
            continue;
        bytes[size++] = (char)(bits >> 16);
        bytes[size++] = (char)(bits >> 8);
        bytes[size++] = (char)bits;
    }
    if (digits % 4 || padding > 2)
        return fail(t, ERR_MEDIA, "this is not whole base64");
    size -= padding;
    bytes[size] = '\0';
    *out = (struct bytes){ bytes, size };
    return OK;
}
