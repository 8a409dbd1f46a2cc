/*
 * Reading English without understanding it: tokens, then for each kind of word the longest phrase
 * the tables know. Hits of different kinds may overlap ("night market" is a place and a time); of
 * one kind the longest wins, and a word inside a longer phrase does not also count for itself where
 * that would mislead ("short hair" is not a short person).
 */
#include "plan/lexicon.h"

#include <ctype.h>
#include <string.h>

#include "base/rng.h"
#include "base/text.h"

enum { WORD_BYTES_MAX = 40, PHRASE_WORDS_MAX = 5 };

/* ---- tokens ------------------------------------------------------------------------------- */

static bool is_word_byte(const char *p)
{
    unsigned char c = (unsigned char)*p;
    return isalnum(c) || c >= 0x80;
}

/* Typographic punctuation as its ASCII cousin; 0 for a character that belongs to words. *bytes is
 * its length. */
static char punctuation_at(const char *p, size_t *bytes)
{
    static const struct {
        const char *utf8;
        char        ascii;
    } signs[] = {
        { "\xE2\x80\x93", ',' }, { "\xE2\x80\x94", ',' }, { "\xE2\x80\xA6", '.' },
        { "\xE2\x80\x9C", ' ' }, { "\xE2\x80\x9D", ' ' }, { "\xE2\x80\x98", ' ' },
        { "\xE3\x80\x81", ',' }, { "\xE3\x80\x82", '.' }, { "\xE3\x80\x8C", ' ' },
        { "\xE3\x80\x8D", ' ' }, { "\xEF\xBC\x81", '!' }, { "\xEF\xBC\x9F", '?' },
        { "\xEF\xBC\x8C", ',' }, { "\xC2\xA0", ' ' },
    };
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (text_starts(p, signs[i].utf8)) {
            *bytes = strlen(signs[i].utf8);
            return signs[i].ascii;
        }
    }
    *bytes = 1;
    return is_word_byte(p) ? 0 : *p;
}

/* An apostrophe inside a word, straight or typographic: its length, or 0. */
static size_t apostrophe_at(const char *p)
{
    if (*p == '\'')
        return 1;
    return text_starts(p, "\xE2\x80\x99") ? 3 : 0;
}

static const char *word_end(const char *p)
{
    size_t bytes;
    while (*p) {
        size_t apostrophe = apostrophe_at(p);
        if (apostrophe && isalpha((unsigned char)p[apostrophe]))
            p += apostrophe;
        else if (!apostrophe && punctuation_at(p, &bytes) == 0)
            p++;
        else
            break;
    }
    return p;
}

static struct token token_make(struct arena *a, const char *start, const char *end, char before)
{
    char *word = text_lower(a, arena_copy_n(a, start, (size_t)(end - start)));
    if (text_ends(word, "'s"))
        word[strlen(word) - 2] = '\0';
    else if (text_ends(word, "\xE2\x80\x99s"))
        word[strlen(word) - 4] = '\0';
    return (struct token){ start, (size_t)(end - start), word, before,
                           isupper((unsigned char)*start) != 0 };
}

/* The sign that matters most between two words: the end of a sentence before a comma, a comma
 * before a space. */
static char stronger(char a, char b)
{
    static const char order[] = "\n.!?;:,(";
    const char *pa = a ? strchr(order, a) : NULL, *pb = b ? strchr(order, b) : NULL;
    if (!pa || !pb)
        return pa ? a : pb ? b : 0;
    return pa <= pb ? a : b;
}

struct tokens tokens_of(struct arena *a, const char *text)
{
    struct tokens out = { 0 };
    size_t capacity = 0, bytes;
    char before = 0;
    for (const char *p = text; *p;) {
        char sign = apostrophe_at(p) ? ' ' : punctuation_at(p, &bytes);
        if (sign) {
            before = stronger(before, sign);
            p += apostrophe_at(p) ? apostrophe_at(p) : bytes;
            continue;
        }
        const char *end = word_end(p);
        array_push(a, out.at, out.count, capacity, token_make(a, p, end, before));
        before = 0;
        p = end;
    }
    return out;
}

char *tokens_text(struct arena *a, const struct tokens *tokens, size_t first, size_t count)
{
    if (count == 0)
        return arena_copy(a, "");
    const struct token *last = &tokens->at[first + count - 1];
    const char *start = tokens->at[first].raw;
    return text_tidy(a, arena_copy_n(a, start, (size_t)(last->raw + last->raw_bytes - start)));
}

/* ---- forms of words ----------------------------------------------------------------------- */

bool word_in(const char *list, const char *word)
{
    size_t bytes = strlen(word);
    if (bytes == 0 || bytes > WORD_BYTES_MAX)
        return false;
    for (const char *p = list; (p = strstr(p, word)); p++) {
        if (p[-1] == '|' && p[bytes] == '|')
            return true;
    }
    return false;
}

/* `word` is `stem` of `bytes` bytes followed by `suffix`. */
static bool is_stem_with(const char *word, const char *stem, size_t bytes, const char *suffix)
{
    return strncmp(word, stem, bytes) == 0 && strcmp(word + bytes, suffix) == 0;
}

static bool is_irregular_form(const char *word, const char *base)
{
    for (const struct irregular *i = lexicon_irregulars; i->form; i++) {
        if (i->form[0] == word[0] && i->base[0] == base[0] && strcmp(i->form, word) == 0 &&
            strcmp(i->base, base) == 0)
            return true;
    }
    return false;
}

bool word_is_noun_form(const char *word, const char *base)
{
    size_t n = strlen(base);
    if (n > 1 && word[0] && word[1] != base[1] && word[0] == base[0])
        return is_irregular_form(word, base);      /* most words differ in the second letter */
    if (n == 0 || strncmp(word, base, n - 1) != 0)
        return is_irregular_form(word, base);
    return strcmp(word, base) == 0 || is_stem_with(word, base, n, "s") ||
           is_stem_with(word, base, n, "es") ||
           (base[n - 1] == 'y' && is_stem_with(word, base, n - 1, "ies")) ||
           is_irregular_form(word, base);
}

bool word_is_verb_form(const char *word, const char *base)
{
    size_t n = strlen(base);
    if (word_is_noun_form(word, base))
        return true;
    if (n < 2 || strncmp(word, base, n - 1) != 0)
        return false;
    char last = base[n - 1];
    if (last == 'e')
        return is_stem_with(word, base, n - 1, "ing") || is_stem_with(word, base, n, "d");
    if (last == 'y' && is_stem_with(word, base, n - 1, "ied"))
        return true;
    bool doubled = word[n - 1] == last && word[n] == last;
    return is_stem_with(word, base, n, "ing") || is_stem_with(word, base, n, "ed") ||
           (doubled && (strcmp(word + n + 1, "ing") == 0 || strcmp(word + n + 1, "ed") == 0));
}

/* Bytes up to the next '|' or the end. */
static size_t item_bytes(const char *p)
{
    size_t bytes = 0;
    while (p[bytes] && p[bytes] != '|')
        bytes++;
    return bytes;
}

const char *verb_base(struct arena *a, const char *word)
{
    for (const char *p = lexicon_verbs + 1; *p;) {
        size_t bytes = item_bytes(p);
        if (p[0] == word[0] && bytes <= WORD_BYTES_MAX) {
            char base[WORD_BYTES_MAX + 1] = { 0 };
            memcpy(base, p, bytes);
            if (word_is_verb_form(word, base))
                return arena_copy(a, base);
        }
        p += bytes + 1;
    }
    for (const struct irregular *i = lexicon_irregulars; i->form; i++) {
        if (strcmp(i->form, word) == 0 && word_in(lexicon_verbs, i->base))
            return i->base;
    }
    return NULL;
}

static bool ends_in_sibilant(const char *word)
{
    static const char *const ends[] = { "s", "sh", "ch", "x", "z", "o" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (text_ends(word, ends[i]))
            return true;
    }
    return false;
}

static bool is_vowel(char c)
{
    return c && strchr("aeiou", c);
}

char *verb_third_person(struct arena *a, const char *base)
{
    size_t n = strlen(base);
    if (text_equal(base, "be"))
        return arena_copy(a, "is");
    if (text_equal(base, "have"))
        return arena_copy(a, "has");
    if (n > 1 && base[n - 1] == 'y' && !is_vowel(base[n - 2]))
        return arena_format(a, "%.*sies", (int)n - 1, base);
    return arena_format(a, "%s%s", base, ends_in_sibilant(base) ? "es" : "s");
}

char *verb_plural(struct arena *a, const char *third_person)
{
    static const char *const whole[][2] = { { "is", "are" },   { "has", "have" }, { "does", "do" },
                                            { "was", "were" }, { "goes", "go" },  { "lies", "lie" },
                                            { "dies", "die" }, { "ties", "tie" } };
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        if (text_equal(third_person, whole[i][0]))
            return arena_copy(a, whole[i][1]);
    }
    size_t n = strlen(third_person);
    if (n > 3 && text_ends(third_person, "ies"))
        return arena_format(a, "%.*sy", (int)n - 3, third_person);
    char *less_es =
        n > 2 && text_ends(third_person, "es") ? arena_copy_n(a, third_person, n - 2) : NULL;
    if (less_es && ends_in_sibilant(less_es) && !text_ends(less_es, "o") &&
        (!text_ends(less_es, "s") || text_ends(less_es, "ss")) && !text_ends(less_es, "z"))
        return less_es;
    return text_ends(third_person, "s") && !text_ends(third_person, "ss")
               ? arena_copy_n(a, third_person, n - 1)
               : arena_copy(a, third_person);
}

char *predicate_of_many(struct arena *a, const char *predicate)
{
    size_t verb = strcspn(predicate, " ,");
    return arena_format(a, "%s%s", verb_plural(a, arena_copy_n(a, predicate, verb)),
                        predicate + verb);
}

/* ---- hits --------------------------------------------------------------------------------- */

struct match {
    size_t words;
    bool   exact;
};

static bool word_matches(const char *word, const char *base, bool verbs)
{
    return verbs ? word_is_verb_form(word, base) : word_is_noun_form(word, base);
}

/* How many tokens from `at` on say `phrase` of `bytes` bytes; 0 words when they do not. */
static struct match match_phrase(const struct tokens *tokens, size_t at, const char *phrase,
                                 size_t bytes, bool verbs)
{
    struct match m = { 0, true };
    for (const char *p = phrase, *end = phrase + bytes; p < end; m.words++) {
        size_t word_bytes = strcspn(p, " |");
        char base[WORD_BYTES_MAX + 1] = { 0 };
        if (at + m.words >= tokens->count || word_bytes > WORD_BYTES_MAX)
            return (struct match){ 0 };
        if (m.words > 0 && tokens->at[at + m.words].before)
            return (struct match){ 0 };
        memcpy(base, p, word_bytes);
        const char *word = tokens->at[at + m.words].word;
        if (!word_matches(word, base, verbs))
            return (struct match){ 0 };
        m.exact = m.exact && strcmp(word, base) == 0;
        p += word_bytes + (p + word_bytes < end);
    }
    return m;
}

/* Cheap and sure to say no to most phrases: only "went" and "go" begin differently. */
static bool may_begin(const char *phrase, const char *word)
{
    return phrase[0] == word[0] || (word[0] == 'w' && phrase[0] == 'g');
}

static struct match match_row(const struct tokens *tokens, size_t at, const struct lexicon_row *row)
{
    bool verbs = row->kind == WORD_ACTION || row->kind == WORD_WEATHER || row->kind == WORD_TIME;
    struct match best = { 0 };
    for (const char *p = row->phrases; *p;) {
        size_t bytes = item_bytes(p);
        if (may_begin(p, tokens->at[at].word)) {
            struct match m = match_phrase(tokens, at, p, bytes, verbs);
            if (m.words > best.words || (m.words == best.words && m.exact > best.exact))
                best = m;
        }
        p += bytes + (p[bytes] == '|');
    }
    return best;
}

static bool is_negated(const struct tokens *tokens, size_t at)
{
    for (size_t back = 1; back <= 3 && back <= at; back++) {
        const struct token *t = &tokens->at[at - back];
        if (word_in("|no|not|never|without|nor|neither|", t->word) || text_ends(t->word, "n't"))
            return true;
        if (tokens->at[at - back + 1].before ||
            !word_in("|any|a|an|the|more|longer|single|even|much|", t->word))
            return false;
    }
    return false;
}

/* Would this hit mislead inside that longer one? */
static bool is_swallowed(const struct lexicon_hit *small, const struct lexicon_hit *large)
{
    int kind = small->row->kind;
    bool inside =
        small->first >= large->first && small->first + small->count <= large->first + large->count;
    bool matters =
        kind != WORD_TIME && kind != WORD_WEATHER && kind != WORD_MOOD && kind != WORD_HAIR_COLOUR;
    /* "long red hair" */
    bool says_more = kind == WORD_COLOUR && large->row->kind == WORD_HAIR;
    return inside && matters && !says_more && large->count > small->count;
}

static bool is_possessive(const struct token *t)
{
    const char *end = t->raw + t->raw_bytes;
    return (t->raw_bytes > 2 && !memcmp(end - 2, "'s", 2)) ||
           (t->raw_bytes > 4 && !memcmp(end - 4, "\xE2\x80\x99s", 4));
}

/* "the keeper's daughter" is the daughter: whose she is says nobody more. */
static void drop_owners(const struct tokens *tokens, struct lexicon_hits *hits)
{
    for (size_t i = 0; i < hits->count; i++) {
        struct lexicon_hit *h = &hits->at[i];
        size_t end = h->first + h->count;
        if (h->row->kind != WORD_FIGURE || !is_possessive(&tokens->at[end - 1]))
            continue;
        for (size_t j = 0; j < hits->count; j++) {
            const struct lexicon_hit *owned = &hits->at[j];
            if (owned->row->kind == WORD_FIGURE && owned->first >= end && owned->first < end + 3)
                h->negated = true;
        }
    }
}

static void drop_swallowed(struct lexicon_hits *hits)
{
    size_t kept = 0;
    for (size_t i = 0; i < hits->count; i++) {
        bool swallowed = false;
        size_t from = i > 24 ? i - 24 : 0;
        for (size_t j = from; j < hits->count && j < i + 24 && !swallowed; j++)
            swallowed = is_swallowed(&hits->at[i], &hits->at[j]);
        hits->at[i].negated = hits->at[i].negated || swallowed;
    }
    for (size_t i = 0; i < hits->count; i++) {
        if (!hits->at[i].negated)
            hits->at[kept++] = hits->at[i];
    }
    hits->count = kept;
}

struct lexicon_hits lexicon_read(struct arena *a, const struct tokens *tokens)
{
    enum { KINDS = WORD_SKIN + 1 };
    struct lexicon_hits hits = { 0 };
    size_t capacity = 0, free_from[KINDS] = { 0 };
    for (size_t at = 0; at < tokens->count; at++) {
        struct match best[KINDS] = { 0 };
        const struct lexicon_row *rows[KINDS] = { 0 };
        for (const struct lexicon_row *row = lexicon_rows; row->kind; row++) {
            struct match m = match_row(tokens, at, row), *b = &best[row->kind];
            if (m.words > b->words || (m.words == b->words && m.exact > b->exact)) {
                *b = m;
                rows[row->kind] = row;
            }
        }
        for (int kind = 1; kind < KINDS; kind++) {
            if (!rows[kind] || at < free_from[kind])
                continue;
            struct lexicon_hit hit = { rows[kind], at, best[kind].words, is_negated(tokens, at) };
            array_push(a, hits.at, hits.count, capacity, hit);
            free_from[kind] = at + best[kind].words;
        }
    }
    drop_owners(tokens, &hits);
    drop_swallowed(&hits);
    return hits;
}

const struct lexicon_hit *hit_of(const struct lexicon_hits *hits, enum word_kind kind)
{
    for (size_t i = 0; i < hits->count; i++) {
        if (hits->at[i].row->kind == (int)kind)
            return &hits->at[i];
    }
    return NULL;
}

/* ---- appearance --------------------------------------------------------------------------- */

struct look_cast cast_make(const char *name, int kind)
{
    return (struct look_cast){
        .name = name, .kind = kind, .skin = COLOUR_NOT_SET, .hair_colour = COLOUR_NOT_SET,
        .garment_colour = COLOUR_NOT_SET, .picture_index = -1,
        .appearance_seed = (int64_t)(rng_seed_from_text(name) >> 1),
    };
}

static bool takes_hair_colour(const struct lexicon_row *row)
{
    return row->kind == WORD_HAIR_NOUN || (row->kind == WORD_HAIR && row->value <= HAIR_BOB);
}

/* What a colour is said of: the nearest garment or hair within three words after it; NULL for the
 * whole figure. */
static const struct lexicon_row *coloured_by(const struct lexicon_hits *hits,
                                             const struct lexicon_hit *colour)
{
    const struct lexicon_row *nearest = NULL;
    size_t best = 4;
    for (size_t i = 0; i < hits->count; i++) {
        const struct lexicon_hit *h = &hits->at[i];
        if (h->first + h->count <= colour->first ||
            (h->row->kind != WORD_GARMENT && !takes_hair_colour(h->row)))
            continue;
        size_t after = h->first > colour->first ? h->first - colour->first : 0;
        if (after < best) {
            best    = after;
            nearest = h->row;
        }
    }
    return nearest;
}

static void set_colour(look_colour *where, int64_t colour)
{
    if (*where == COLOUR_NOT_SET)
        *where = colour;
}

static void describe_by(struct look_cast *cast, const struct lexicon_hits *hits,
                        const struct lexicon_hit *h)
{
    const struct lexicon_row *target, *row = h->row;
    switch (row->kind) {
    case WORD_BUILD:       cast->build = cast->build ? cast->build : (int)row->value; break;
    case WORD_HAIR:        cast->hair = cast->hair ? cast->hair : (int)row->value; break;
    case WORD_GARMENT:     cast->garment = cast->garment ? cast->garment : (int)row->value; break;
    case WORD_SKIN:        set_colour(&cast->skin, row->value); break;
    case WORD_HAIR_COLOUR: set_colour(&cast->hair_colour, row->value); break;
    case WORD_COLOUR:
        target = coloured_by(hits, h);
        if (target)
            set_colour(target->kind == WORD_GARMENT ? &cast->garment_colour : &cast->hair_colour,
                       row->value);
        break;
    default: break;
    }
}

void cast_describe(struct look_cast *cast, const struct lexicon_hits *hits, size_t from, size_t to)
{
    for (size_t i = 0; i < hits->count; i++) {
        if (hits->at[i].first >= from && hits->at[i].first < to)
            describe_by(cast, hits, &hits->at[i]);
    }
    /* colours of nothing in particular: the whole of it */
    for (size_t i = 0; i < hits->count; i++) {
        const struct lexicon_hit *h = &hits->at[i];
        if (h->first >= from && h->first < to && h->row->kind == WORD_COLOUR &&
            !coloured_by(hits, h))
            set_colour(&cast->garment_colour, h->row->value);
    }
}

/* ---- noun phrases ------------------------------------------------------------------------- */

static bool is_determiner(const char *word)
{
    return word_in(lexicon_determiners, word) || word_in(lexicon_numbers, word);
}

static bool may_be_adjective(const struct token *t)
{
    const char *w = t->word;
    return !word_in(lexicon_prepositions, w) && !word_in(lexicon_pronouns, w) &&
           !word_in(lexicon_not_adjectives, w) && !word_in(lexicon_subordinators, w) &&
           !word_in(lexicon_adverbs, w) && !word_in("|is|are|was|were|has|have|", w);
}

size_t noun_phrase_start(const struct tokens *tokens, size_t noun)
{
    size_t first = noun;
    for (size_t back = 1; back <= 5 && back <= noun && !tokens->at[noun - back + 1].before;
         back++) {
        const struct token *t = &tokens->at[noun - back];
        if (is_determiner(t->word)) {
            first = noun - back;
            if (!word_in(lexicon_numbers, t->word))
                return first;
        } else if (!may_be_adjective(t)) {
            return first;
        }
    }
    return first;
}

/* ---- a text as a look --------------------------------------------------------------------- */

static bool is_pair(const struct tokens *tokens, const struct lexicon_hit *h)
{
    const char *word = tokens->at[h->first].word;
    if (word_in("|couple|lovers|twins|duo|pair|", word))
        return true;
    size_t start = noun_phrase_start(tokens, h->first);
    return start < h->first && word_in("|two|both|", tokens->at[start].word);
}

static int action_between(const struct lexicon_hits *hits, size_t from, size_t to)
{
    for (size_t i = 0; i < hits->count; i++) {
        const struct lexicon_hit *h = &hits->at[i];
        if (h->row->kind == WORD_ACTION && h->first >= from && h->first < to)
            return (int)h->row->value;
    }
    return ACTION_NOT_SET;
}

static bool already_cast(const struct look *look, const char *name)
{
    for (size_t i = 0; i < look->cast_count; i++) {
        if (text_ends(look->cast[i].name, name) || text_ends(name, look->cast[i].name))
            return true;
    }
    return false;
}

static void cast_add(struct look *look, const struct look_cast *member)
{
    if (look->cast_count < CAST_MAX)
        look->cast[look->cast_count++] = *member;
}

static size_t next_figure(const struct lexicon_hits *hits, size_t after, size_t end)
{
    for (size_t i = after + 1; i < hits->count; i++) {
        if (hits->at[i].row->kind == WORD_FIGURE)
            return hits->at[i].first;
    }
    return end;
}

static void cast_from_hit(struct task *t, const struct tokens *tokens,
                          const struct lexicon_hits *hits, size_t i, struct look *look)
{
    const struct lexicon_hit *h = &hits->at[i];
    size_t start = noun_phrase_start(tokens, h->first), end = next_figure(hits, i, tokens->count);
    if (start < h->first && is_determiner(tokens->at[start].word))
        start++;
    const char *name =
        text_shorten(t->arena, tokens_text(t->arena, tokens, start, h->first + h->count - start),
                     NAME_BYTES_MAX);
    if (already_cast(look, name))
        return;
    bool pair = is_pair(tokens, h);
    struct look_cast member = cast_make(name, pair ? FIGURE_PERSON : (int)h->row->value);
    cast_describe(&member, hits, start, end < tokens->count ? noun_phrase_start(tokens, end) : end);
    member.action = action_between(hits, h->first + h->count, end);
    cast_add(look, &member);
    if (pair) {
        member.name = arena_format(t->arena, "the other %s", name);
        member.appearance_seed = (int64_t)(rng_seed_from_text(member.name) >> 1);
        cast_add(look, &member);
    }
}

static int value_of(const struct lexicon_hits *hits, enum word_kind kind)
{
    const struct lexicon_hit *h = hit_of(hits, kind);
    return h ? (int)h->row->value : 0;
}

enum err look_from_text(struct task *t, const char *text, struct look *out)
{
    struct tokens tokens = tokens_of(t->arena, text);
    struct lexicon_hits hits = lexicon_read(t->arena, &tokens);
    struct look look = {
        .place = value_of(&hits, WORD_PLACE), .time = value_of(&hits, WORD_TIME),
        .weather = value_of(&hits, WORD_WEATHER), .mood = value_of(&hits, WORD_MOOD),
        .cast = arena_array(t->arena, struct look_cast, CAST_MAX),
    };
    for (size_t i = 0; i < hits.count && look.cast_count < CAST_MAX; i++) {
        if (hits.at[i].row->kind == WORD_FIGURE)
            cast_from_hit(t, &tokens, &hits, i, &look);
    }
    *out = look;
    return OK;
}
