/*
 * Filling in. The one rule that matters: a full wording goes into the prompt byte for byte, never
 * capitalised, cut or inflected. Wordings with commas are set off by one more ("Mara, a courier in
 * yellow, runs").
 */
#include "plan/story_fill.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

enum { SUBJECTS = 4 };

struct filling {
    const struct fill *fill;
    bool               full;
    bool               named[SUBJECTS];       /* hero, other, thing, product: mentioned already */
    struct text        out, apart;
};

bool line_has(const char *line, const char *slot)
{
    return strstr(line, slot) != NULL;
}

bool line_fits(const struct fill *f, const char *line)
{
    return (f->other || !line_has(line, "{other}")) &&
           (f->thing || (!line_has(line, "{thing}") && !line_has(line, "{Thing}"))) &&
           (f->product || !line_has(line, "{product}"));
}

char *capitalised(struct arena *a, const char *text)
{
    char *copy = arena_copy(a, text);
    copy[0] = (char)((unsigned char)copy[0] < 0x80 ? toupper((unsigned char)copy[0]) : copy[0]);
    return copy;
}

static const struct subject *subject_in_slot(const struct fill *f, const char *slot, size_t bytes,
                                             int *index)
{
    static const char *const slots[SUBJECTS] = { "hero", "other", "thing", "product" };
    const struct subject *subjects[SUBJECTS] = { f->hero, f->other, f->thing, f->product };
    for (int i = 0; i < SUBJECTS; i++) {
        if (strlen(slots[i]) == bytes && strncmp(slot, slots[i], bytes) == 0) {
            *index = i;
            return subjects[i];
        }
    }
    return NULL;
}

static bool ends_clause(const char *rest)
{
    return *rest == '\0' || strchr(",.;:)", *rest);
}

/* Two mentions can be one object: the thing of the story is the product. Then it is described
 * once. */
static bool named_already(const struct filling *w, const struct subject *s, int index)
{
    const struct subject *all[SUBJECTS] = { w->fill->hero, w->fill->other, w->fill->thing,
                                            w->fill->product };
    for (int i = 0; i < SUBJECTS; i++) {
        if (w->named[i] && (i == index || (all[i] && all[i]->full == s->full)))
            return true;
    }
    return false;
}

static void write_subject(struct filling *w, const struct subject *s, int index, const char *rest)
{
    bool first = !named_already(w, s, index);
    w->named[index] = true;
    if (!w->full || !first) {
        text_append(&w->out, s->brief);
        return;
    }
    bool starts = w->out.length == 0;
    bool apart = s->wording == WORDING_APART || (s->wording == WORDING_FIRST && !starts) ||
                 (line_has(s->full, ", ") && text_starts(rest, " and {"));
    if (apart) {
        text_append(&w->out, s->brief);
        text_printf(&w->apart, " %s: %s%s", capitalised(w->fill->arena, s->brief), s->full,
                    strchr(".!?", s->full[strlen(s->full) - 1]) ? "" : ".");
        return;
    }
    text_append(&w->out, s->full);
    if (line_has(s->full, ", ") && !ends_clause(rest))
        text_append(&w->out, ",");
}

static void write_slot(struct filling *w, const char *slot, size_t bytes, const char *rest)
{
    int index;
    const struct subject *s = subject_in_slot(w->fill, slot, bytes, &index);
    if (s)
        write_subject(w, s, index, rest);
    else if (strncmp(slot, "their", bytes) == 0)
        text_append(&w->out, w->fill->hero->their);
    else if (strncmp(slot, "them", bytes) == 0)
        text_append(&w->out, w->fill->hero->them);
    else if (strncmp(slot, "event", bytes) == 0 && w->fill->event)
        text_append(&w->out, w->fill->event);
    else if (strncmp(slot, "place", bytes) == 0)
        text_append(&w->out, w->fill->place);
    else if (strncmp(slot, "at", bytes) == 0)
        text_append(&w->out, w->fill->at);
    else if (strncmp(slot, "Thing", bytes) == 0 && w->fill->thing)
        text_append(&w->out, capitalised(w->fill->arena, w->fill->thing->brief));
}

static void write_verb(struct filling *w, const struct subject *of, const char *verb, size_t bytes)
{
    char *told = arena_copy_n(w->fill->arena, verb, bytes);
    text_append(&w->out, of && of->plural ? verb_plural(w->fill->arena, told) : told);
}

/* The mark that closes what this one opens; 0 for plain text. */
static char closing(char c)
{
    return c == '{' ? '}' : c == '[' ? ']' : c == '<' ? '>' : 0;
}

static char *fill_line(struct filling *w, const char *line)
{
    for (const char *p = line; *p;) {
        const char *end = closing(*p) ? strchr(p, closing(*p)) : NULL;
        if (!end) {
            text_append_n(&w->out, p++, 1);
            continue;
        }
        if (*p == '{')
            write_slot(w, p + 1, (size_t)(end - p - 1), end + 1);
        else
            write_verb(w,
                       *p == '['                     ? w->fill->hero
                       : line_has(line, "{product}") ? w->fill->product
                                                     : w->fill->thing,
                       p + 1, (size_t)(end - p - 1));
        p = end + 1;
    }
    return text_end(&w->out);
}

char *fill_full(const struct fill *f, const char *line, char **apart)
{
    struct filling w = {
        .fill = f, .full = true, .out = text_new(f->arena), .apart = text_new(f->arena)
    };
    char *filled = fill_line(&w, line);
    *apart = text_end(&w.apart);
    return filled;
}

char *fill_brief(const struct fill *f, const char *line)
{
    struct filling w = { .fill = f, .out = text_new(f->arena), .apart = text_new(f->arena) };
    return capitalised(f->arena, fill_line(&w, line));
}
