/*
 * Who is who: a description, as the user wrote it, becomes a full wording that is never touched, a
 * short name for second mentions, pronouns, and looks.
 */
#include "plan/premise.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

enum { INLINE_BYTES_MAX = 260 };

/* The token index just past the noun phrase that begins at `first`: its head is the token
 * before. */
static size_t noun_phrase_end(const struct tokens *tokens, size_t first)
{
    size_t i = first;
    while (i < tokens->count && (word_in(lexicon_determiners, tokens->at[i].word) ||
                                 word_in(lexicon_numbers, tokens->at[i].word)))
        i++;
    size_t start = i;
    for (; i < tokens->count; i++) {
        const char *word = tokens->at[i].word;
        if (i > start &&
            (tokens->at[i].before || word_in(lexicon_prepositions, word) ||
             word_in(lexicon_subordinators, word) || word_in(lexicon_not_adjectives, word) ||
             word_in(lexicon_determiners, word) ||
             word_in("|is|has|was|wearing|wears|named|called|", word)))
            break;
    }
    return i;
}

static bool begins_with_determiner(const struct tokens *tokens)
{
    return tokens->count > 0 && (word_in(lexicon_determiners, tokens->at[0].word) ||
                                 word_in(lexicon_numbers, tokens->at[0].word));
}

/* "Mara, a young courier ...", "Mara is ...", "Mara": a name comes first. */
static bool begins_with_name(const struct tokens *tokens)
{
    if (tokens->count == 0 || !tokens->at[0].capital || begins_with_determiner(tokens))
        return false;
    size_t end = 1;
    while (end < tokens->count && end < 4 && tokens->at[end].capital && !tokens->at[end].before)
        end++;
    return end == tokens->count || tokens->at[end].before ||
           word_in("|is|has|wears|with|in|wearing|who|the|", tokens->at[end].word);
}

static const char *name_at_front(struct arena *a, const struct tokens *tokens)
{
    size_t end = 1;
    while (end < tokens->count && end < 4 && tokens->at[end].capital && !tokens->at[end].before)
        end++;
    return tokens_text(a, tokens, 0, end);
}

static const char *brief_of(struct arena *a, const struct tokens *tokens, const char *fallback)
{
    if (begins_with_name(tokens))
        return name_at_front(a, tokens);
    size_t end = noun_phrase_end(tokens, 0);
    if (end == 0 || tokens->at[end - 1].raw_bytes > 40)
        return fallback;
    /* beyond Latin, Greek, Cyrillic: no English article */
    if ((unsigned char)*tokens->at[end - 1].raw > 0xE0)
        return fallback;
    bool number = tokens->count > 1 && word_in(lexicon_numbers, tokens->at[0].word);
    const struct token *head = &tokens->at[end - 1];
    if (word_in(lexicon_determiners, head->word) || word_in(lexicon_numbers, head->word))
        return fallback;
    return number
               ? arena_format(a, "the %s %.*s", tokens->at[0].word, (int)head->raw_bytes, head->raw)
               : arena_format(a, "the %.*s", (int)head->raw_bytes, head->raw);
}

static enum wording wording_of(const char *description, const struct tokens *tokens)
{
    size_t bytes = strlen(description);
    bool ends = bytes > 0 && strchr(".!?;:\n", description[bytes - 1]);
    bool several = ends || strpbrk(description, "\n;:!?") || strstr(description, ". ");
    if (bytes == 0 || several || bytes > INLINE_BYTES_MAX ||
        isspace((unsigned char)description[0]) || isspace((unsigned char)description[bytes - 1]))
        return WORDING_APART;
    if (begins_with_name(tokens))
        return tokens->count > 1 && !tokens->at[1].before &&
                       word_in("|is|has|wears|", tokens->at[1].word)
                   ? WORDING_APART
                   : WORDING_ANYWHERE;
    if (!begins_with_determiner(tokens))
        return WORDING_APART;
    return isupper((unsigned char)description[0]) ? WORDING_FIRST : WORDING_ANYWHERE;
}

static int count_words(const struct tokens *tokens, const char *list)
{
    int count = 0;
    for (size_t i = 0; i < tokens->count; i++)
        count += word_in(list, tokens->at[i].word);
    return count;
}

void subject_set_pronouns(struct subject *s, int female, int male)
{
    bool neuter = !s->human || s->cast.kind == FIGURE_ROBOT;
    if (s->plural || (!neuter && female == 0 && male == 0)) {
        s->their = "their";
        s->them  = "them";
    } else if (female >= male && female > 0) {
        s->their = s->them = "her";
    } else if (male > 0) {
        s->their = "his";
        s->them  = "him";
    } else {
        s->their = "its";
        s->them  = "it";
    }
}

static bool kind_is_human(int kind)
{
    return kind == FIGURE_PERSON || kind == FIGURE_DANCER || kind == FIGURE_CHILD ||
           kind == FIGURE_ASTRONAUT || kind == FIGURE_ROBOT || kind == FIGURE_CROWD;
}

static bool head_is_plural(struct arena *a, const char *brief)
{
    const char *head = strrchr(brief, ' ');
    head = text_lower(a, head ? head + 1 : brief);
    if (word_in(lexicon_plural_nouns, head))
        return true;
    return text_ends(head, "s") && !text_ends(head, "ss") && !text_ends(head, "us") &&
           !text_ends(head, "is") && strlen(head) > 3;
}

struct subject subject_from_description(struct arena *a, const char *description,
                                        const char *fallback)
{
    struct tokens tokens = tokens_of(a, description);
    struct lexicon_hits hits = lexicon_read(a, &tokens);
    const struct lexicon_hit *figure = hit_of(&hits, WORD_FIGURE);
    struct subject s = {
        .full    = description,
        .brief   = brief_of(a, &tokens, fallback),
        .wording = wording_of(description, &tokens),
    };
    const char *name = text_starts(s.brief, "the ") ? s.brief + 4 : s.brief;
    s.cast = cast_make(text_shorten(a, name, NAME_BYTES_MAX),
                       figure ? (int)figure->row->value : FIGURE_PERSON);
    s.human  = kind_is_human(s.cast.kind);
    s.plural = !begins_with_name(&tokens) && head_is_plural(a, s.brief);
    cast_describe(&s.cast, &hits, 0, tokens.count);
    int female = count_words(&tokens, lexicon_female), male = count_words(&tokens, lexicon_male);
    s.cast.female = female > male;
    s.cast.male   = male > female;
    subject_set_pronouns(&s, female, male);
    return s;
}

struct look_cast plan_describe(struct task *t, const char *description, bool product)
{
    struct subject s =
        subject_from_description(t->arena, description, product ? "the product" : "the hero");

    if (product) {
        s.cast.kind = FIGURE_PRODUCT;
        /* says what it looks like */
        s.cast.name = text_shorten(t->arena, description, NAME_BYTES_MAX - 1);
    }
    return s.cast;
}
