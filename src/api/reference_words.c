/* The little Markdown the contract is written in: enough for its descriptions, and no more. */
#include "api/reference_words.h"

#include <stdarg.h>
#include <string.h>

static const char *entity(char c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void text_n(struct text *out, const char *words, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        const char *e = entity(words[i]);
        if (e)
            text_append(out, e);
        else
            text_append_n(out, words + i, 1);
    }
}

void html_text(struct text *out, const char *words)
{
    text_n(out, words, strlen(words));
}

void html_printf(struct text *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    html_text(out, arena_format_v(out->arena, format, args));
    va_end(args);
}

static const struct mark {
    const char *sign, *tag;
} marks[] = { { "`", "code" }, { "**", "strong" }, { "*", "em" } }; /* ** before * */

/* The mark that begins here and is closed before `end`; `inside` is set to what it holds. */
static const struct mark *mark_at(const char *at, const char *end, const char **out_close)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t bytes = strlen(marks[i].sign);
        if ((size_t)(end - at) <= 2 * bytes || memcmp(at, marks[i].sign, bytes) != 0)
            continue;
        const char *inside = at + bytes;
        const char *close = memmem(inside, (size_t)(end - inside), marks[i].sign, bytes);
        if (close && close > inside && *inside != ' ') {
            *out_close = close;
            return &marks[i];
        }
    }
    return NULL;
}

static void line_n(struct text *out, const char *at, const char *end)
{
    while (at < end) {
        const char *close;
        const struct mark *m = mark_at(at, end, &close);
        if (!m) {
            text_n(out, at++, 1);
            continue;
        }
        const char *inside = at + strlen(m->sign);
        text_printf(out, "<%s>", m->tag);
        text_n(out, inside, (size_t)(close - inside));
        text_printf(out, "</%s>", m->tag);
        at = close + strlen(m->sign);
    }
}

void html_line(struct text *out, const char *words)
{
    line_n(out, words, words + strlen(words));
}

/* "| a | b |" as cells; rules ("|---|---|") are left out. */
static void table_row(struct text *out, const char *at, const char *end, const char *cell)
{
    if ((size_t)(end - at) > 1 && strspn(at, "|-: ") >= (size_t)(end - at))
        return;
    text_append(out, "<tr>");
    for (at++; at < end;) {
        const char *bar = memchr(at, '|', (size_t)(end - at));
        const char *stop = bar ? bar : end;
        text_printf(out, "<%s>", cell);
        while (at < stop && *at == ' ')
            at++;
        line_n(out, at, stop);
        text_printf(out, "</%s>", cell);
        at = stop + 1;
    }
    text_append(out, "</tr>");
}

static void table(struct text *out, const char *at, const char *end)
{
    const char *cell = "th";
    text_append(out, "<table>");
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        table_row(out, at, stop, cell);
        cell = "td";
        at = stop + 1;
    }
    text_append(out, "</table>\n");
}

void html_prose(struct text *out, const char *words)
{
    while (*(words += strspn(words, "\n"))) {
        const char *gap = strstr(words, "\n\n");
        const char *end = gap ? gap : words + strlen(words);
        if (*words == '|') {
            table(out, words, end);
        } else {
            text_append(out, "<p>");
            line_n(out, words, end);
            text_append(out, "</p>\n");
        }
        words = end;
    }
}

char *html_anchor(struct arena *a, const char *words)
{
    return text_slug(a, words, 100);
}
