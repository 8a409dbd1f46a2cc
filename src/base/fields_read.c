/*
 * One pass over the bytes, guided by the table: members come in the table's order, so the next
 * name is nearly always the expected one. There are no messages here. Whoever finds anything odd
 * (an unknown or doubled name, a null, a wrong type, a number out of range, bytes that are no
 * UTF-8) gives up, and the long way reads it again and says what is wrong.
 */
#include "base/fields_read.h"

#include <math.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

enum { FIELDS_MOST = 64, DIGITS_MOST = 18, NUMBER_BYTES_MOST = 40 };

struct reader {
    struct arena *arena;
    const char   *at, *end;
};

static bool read_object(struct reader *r, const struct field *fields, void *out);

static char peek(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
    return r->at < r->end ? *r->at : '\0';
}

static bool skip(struct reader *r, char wanted)
{
    if (peek(r) != wanted)
        return false;
    r->at++;
    return true;
}

static bool skip_word(struct reader *r, const char *word, size_t bytes)
{
    if ((size_t)(r->end - r->at) < bytes || memcmp(r->at, word, bytes) != 0)
        return false;
    r->at += bytes;
    return true;
}

/* ---- text ---- */

/* The bytes up to the closing quote, and whether they are plain: no escapes, all ASCII. */
static bool find_quote(struct reader *r, size_t *out_bytes, bool *out_escaped, bool *out_ascii)
{
    const char *c = r->at;
    *out_escaped = false;
    *out_ascii = true;
    for (; c < r->end && *c != '"'; c++) {
        if ((unsigned char)*c < ' ')
            return false;
        if ((unsigned char)*c >= 0x80)
            *out_ascii = false;
        if (*c == '\\') {
            *out_escaped = true;
            c++;
        }
    }
    *out_bytes = (size_t)(c - r->at);
    return c < r->end;
}

static char unescaped(char letter)
{
    switch (letter) {
    case '"': case '\\': case '/': return letter;
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case 'b': return '\b';
    case 'f': return '\f';
    default:  return '\0';             /* \u and mistakes */
    }
}

/* In place; false where an escape is not one of the short ones. */
static bool unescape(char *text, size_t *bytes)
{
    size_t to = 0;
    for (size_t from = 0; from < *bytes; from++, to++) {
        text[to] = text[from] == '\\' ? unescaped(text[++from]) : text[from];
        if (!text[to])
            return false;
    }
    text[to] = '\0';
    *bytes = to;
    return true;
}

static bool read_text(struct reader *r, const struct field *f, const char **out)
{
    size_t bytes, most = f->bytes_max ? f->bytes_max : PROMPT_BYTES_MAX;
    bool   escaped, ascii;
    if (!skip(r, '"') || !find_quote(r, &bytes, &escaped, &ascii))
        return false;
    char *text = arena_copy_n(r->arena, r->at, bytes);
    r->at += bytes + 1;
    if (escaped && !unescape(text, &bytes))
        return false;
    *out = text;
    return bytes <= most && (bytes > 0 || !f->required) &&
           (ascii || text_is_clean_utf8(text, bytes));
}

/* ---- numbers and words ---- */

static bool in_range(const struct field *f, double value)
{
    return (f->min == 0 && f->max == 0) || (value >= f->min && value <= f->max);
}

static size_t number_bytes(struct reader *r)
{
    size_t bytes = 0;
    peek(r);
    while (r->at + bytes < r->end && strchr("+-.0123456789eE", r->at[bytes]) && r->at[bytes])
        bytes++;
    return bytes;
}

/* Digits without a sign and without leading zeros; how many. */
static size_t digits_at(const char *at, size_t bytes)
{
    size_t digits = 0;
    while (digits < bytes && at[digits] >= '0' && at[digits] <= '9')
        digits++;
    return digits > 1 && *at == '0' ? 0 : digits;
}

static bool read_int(struct reader *r, const struct field *f, int64_t *out)
{
    size_t bytes = number_bytes(r);
    bool   negative = bytes > 1 && *r->at == '-';
    const char *at = r->at + negative;
    size_t digits = digits_at(at, bytes - negative);
    if (digits == 0 || digits != bytes - negative || digits > DIGITS_MOST ||
        (negative && *at == '0'))
        return false;
    int64_t value = 0;
    for (size_t i = 0; i < digits; i++)
        value = value * 10 + (at[i] - '0');
    *out = negative ? -value : value;
    r->at += bytes;
    return in_range(f, (double)*out);
}

/* As JSON has it: -?digits(.digits)?([eE][+-]?digits)? */
static bool is_number(const char *at, size_t bytes)
{
    const char *end = at + bytes;
    at += at < end && *at == '-';
    size_t digits = digits_at(at, (size_t)(end - at));
    at += digits;
    bool sound = digits > 0;
    if (sound && at < end && *at == '.') {
        const char *fraction = ++at;
        while (at < end && *at >= '0' && *at <= '9')
            at++;
        sound = at > fraction;
    }
    if (sound && at < end && (*at == 'e' || *at == 'E')) {
        at++;
        at += at < end && (*at == '+' || *at == '-');
        const char *exponent = at;
        while (at < end && *at >= '0' && *at <= '9')
            at++;
        sound = at > exponent;
    }
    return sound && at == end;
}

static bool read_number(struct reader *r, const struct field *f, double *out)
{
    char   text[NUMBER_BYTES_MOST + 1];
    size_t bytes = number_bytes(r);
    if (bytes > NUMBER_BYTES_MOST || !is_number(r->at, bytes))
        return false;
    memcpy(text, r->at, bytes);
    text[bytes] = '\0';
    *out = strtod(text, NULL);
    r->at += bytes;
    return isfinite(*out) && in_range(f, *out);
}

static bool read_bool(struct reader *r, bool *out)
{
    *out = peek(r) == 't';
    return *out ? skip_word(r, "true", 4) : skip_word(r, "false", 5);
}

static bool read_enum(struct reader *r, const struct field *f, int *out)
{
    size_t bytes;
    bool   escaped, ascii;
    if (!skip(r, '"') || !find_quote(r, &bytes, &escaped, &ascii) || escaped)
        return false;
    for (int i = 0; f->names[i]; i++) {
        if (f->names[i][0] && strlen(f->names[i]) == bytes &&
            memcmp(f->names[i], r->at, bytes) == 0) {
            *out = i;
            r->at += bytes + 1;
            return true;
        }
    }
    return false;
}

/* ---- lists ---- */

static size_t item_size(const struct field *f)
{
    switch (f->kind) {
    case FIELD_KIND_OBJECTS: return f->item_size;
    case FIELD_KIND_TEXTS:   return sizeof(const char *);
    case FIELD_KIND_INTS:    return sizeof(int64_t);
    default:                 return sizeof(double);
    }
}

static bool read_item(struct reader *r, const struct field *f, void *item)
{
    switch (f->kind) {
    case FIELD_KIND_OBJECTS: return read_object(r, f->fields, item);
    case FIELD_KIND_TEXTS:   return read_text(r, f, item);
    case FIELD_KIND_INTS:    return read_int(r, f, item);
    default:                 return read_number(r, f, item);
    }
}

static bool read_list(struct reader *r, const struct field *f, void *out)
{
    size_t size = item_size(f), count = 0, capacity = 0,
           most = f->count_max ? f->count_max : LIST_ITEMS_MAX;
    char  *items = arena_alloc(r->arena, 0);
    if (!skip(r, '['))
        return false;
    for (bool first = true; peek(r) != ']'; first = false) {
        if ((!first && !skip(r, ',')) || count == most)
            return false;
        if (count == capacity) {
            capacity = capacity ? capacity * 2 : 8;
            items    = arena_grow(r->arena, items, count * size, capacity * size);
        }
        if (!read_item(r, f, items + count++ * size))
            return false;
    }
    r->at++;
    *(void **)((char *)out + f->offset)        = items;
    *(size_t *)((char *)out + f->count_offset) = count;
    return true;
}

/* ---- objects ---- */

static bool read_member(struct reader *r, const struct field *f, void *out)
{
    void *member = (char *)out + f->offset;
    switch (f->kind) {
    case FIELD_KIND_TEXT:   return read_text(r, f, member);
    case FIELD_KIND_INT:    return read_int(r, f, member);
    case FIELD_KIND_NUMBER: return read_number(r, f, member);
    case FIELD_KIND_BOOL:   peek(r); return read_bool(r, member);
    case FIELD_KIND_ENUM:   return read_enum(r, f, member);
    case FIELD_KIND_OBJECT: return read_object(r, f->fields, member);
    default:                return read_list(r, f, out);
    }
}

static bool set_absent(const struct field *f, void *out);

static bool set_all_absent(const struct field *fields, void *out)
{
    for (const struct field *f = fields; f->kind; f++) {
        if (!set_absent(f, out))
            return false;
    }
    return true;
}

static bool set_absent(const struct field *f, void *out)
{
    void *member = (char *)out + f->offset;
    if (f->required)
        return false;
    switch (f->kind) {
    case FIELD_KIND_TEXT:   *(const char **)member = ""; return true;
    case FIELD_KIND_INT:    *(int64_t *)member = (int64_t)f->preset; return true;
    case FIELD_KIND_NUMBER: *(double *)member = f->preset; return true;
    case FIELD_KIND_BOOL:   *(bool *)member = f->preset != 0; return true;
    case FIELD_KIND_ENUM:   *(int *)member = (int)f->preset; return true;
    case FIELD_KIND_OBJECT: return set_all_absent(f->fields, member);
    default:
        *(void **)member = NULL;
        *(size_t *)((char *)out + f->count_offset) = 0;
        return true;
    }
}

/* The field of the name that stands here, looked for from `expected` on; NULL when there is
 * none. */
static const struct field *read_name(struct reader *r, const struct field *fields, size_t expected,
                                     size_t count)
{
    size_t bytes;
    bool   escaped, ascii;
    if (!skip(r, '"') || !find_quote(r, &bytes, &escaped, &ascii) || escaped)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const struct field *f = &fields[(expected + i) % count];
        if (memcmp(f->name, r->at, strnlen(f->name, bytes)) == 0 && strlen(f->name) == bytes) {
            r->at += bytes + 1;
            return skip(r, ':') ? f : NULL;
        }
    }
    return NULL;
}

static bool read_object(struct reader *r, const struct field *fields, void *out)
{
    uint64_t seen = 0;
    size_t   count = 0, expected = 0;
    while (fields[count].kind)
        count++;
    if (count > FIELDS_MOST || !skip(r, '{'))
        return false;
    for (bool first = true; peek(r) != '}'; first = false) {
        if (!first && !skip(r, ','))
            return false;
        const struct field *f = read_name(r, fields, expected, count);
        if (!f || seen & UINT64_C(1) << (f - fields) || !read_member(r, f, out))
            return false;
        seen |= UINT64_C(1) << (f - fields);
        expected = (size_t)(f - fields) + 1;
    }
    r->at++;
    for (size_t i = 0; i < count; i++) {
        if (!(seen & UINT64_C(1) << i) && !set_absent(&fields[i], out))
            return false;
    }
    return true;
}

bool fields_read(struct arena *a, const struct field *fields, const char *text, size_t bytes,
                 void *out)
{
    struct reader r = { .arena = a, .at = text, .end = text + bytes };
    return read_object(&r, fields, out) && peek(&r) == '\0' && r.at == r.end;
}
