/*
 * A light-weight chunker. It does not parse English; it finds finite verbs by their neighbours and
 * cuts sentences where a comma or an "and" is followed by something that can only be a new clause:
 * a verb, or a subject and a verb. What it does not understand stays inside the clause before, in
 * the user's words.
 */
#include "plan/clauses.h"

#include <string.h>

#include "base/text.h"

enum { SUBJECT_WORDS_MAX = 14, NEW_SUBJECT_WORDS_MAX = 6 };

static const char modals[] = "|can|must|will|cannot|could|would|should|may|might|won't|can't|";
static const char beings[] = "|is|are|was|were|has|have|had|isn't|aren't|does|do|";

static bool sentence_starts(const struct tokens *tokens, size_t i)
{
    return i == 0 || (tokens->at[i].before && strchr(".!?;:\n", tokens->at[i].before));
}

static bool is_in(const struct tokens *tokens, size_t i, const char *list)
{
    return i < tokens->count && word_in(list, tokens->at[i].word);
}

static bool is_determiner(const struct tokens *tokens, size_t i)
{
    return is_in(tokens, i, lexicon_determiners) || is_in(tokens, i, lexicon_numbers);
}

/* A word that can end a subject: not a determiner, preposition or the like. */
static bool is_nounish(const struct tokens *tokens, size_t i)
{
    return !is_determiner(tokens, i) && !is_in(tokens, i, lexicon_subordinators) &&
           !is_in(tokens, i, lexicon_not_adjectives) &&
           !is_in(tokens, i, "|in|on|at|of|with|from|to|by|for|into|") &&
           !is_in(tokens, i, modals) && !is_in(tokens, i, beings) &&
           !(is_in(tokens, i, lexicon_pronouns) && !is_in(tokens, i, "|she|he|it|they|"));
}

static bool is_plural_word(const char *word)
{
    size_t n = strlen(word);
    if (word_in(lexicon_plural_nouns, word))
        return true;
    return n > 3 && text_ends(word, "s") && !text_ends(word, "ss") && !text_ends(word, "us") &&
           !text_ends(word, "is");
}

static bool ends_phrase(const struct tokens *tokens, size_t i)
{
    return i >= tokens->count || tokens->at[i].before;
}

/* After an unknown word in -s, these leave nothing for it to be but a verb: "fogs the window". */
static bool wants_verb_before(const struct tokens *tokens, size_t i)
{
    return is_in(
        tokens, i,
        "|a|an|the|my|his|her|their|its|our|your|him|them|me|us|itself|himself|herself|to|every|"
        "each|");
}

static bool is_third_person(struct arena *a, const struct tokens *tokens, size_t i)
{
    const char *word = tokens->at[i].word;
    size_t n = strlen(word);
    if (n < 4 || !text_ends(word, "s") || text_ends(word, "ss") || text_ends(word, "us"))
        return word_in("|goes|does|has|is|", word);
    if (!ends_phrase(tokens, i + 1) && wants_verb_before(tokens, i + 1))
        return true;
    const char *base = verb_base(a, word);
    return base && strcmp(base, word) != 0 && !text_ends(base, "s");
}

/* A past form that is a verb of its own: "walked into", not "abandoned lighthouse". */
static bool is_past(struct arena *a, const struct tokens *tokens, size_t i)
{
    const char *word = tokens->at[i].word, *base = verb_base(a, word);
    if (!base || strcmp(base, word) == 0 || text_ends(word, "ing") || text_ends(word, "s"))
        return false;
    return ends_phrase(tokens, i + 1) || is_determiner(tokens, i + 1) ||
           is_in(tokens, i + 1, lexicon_prepositions) || is_in(tokens, i + 1, lexicon_adverbs);
}

static bool is_present_participle(struct arena *a, const struct tokens *tokens, size_t i)
{
    const char *word = tokens->at[i].word;
    return text_ends(word, "ing") && strlen(word) > 4 && verb_base(a, word) &&
           (i == 0 || !word_in(lexicon_verbs, tokens->at[i - 1].word));
}

/* Can token i, with token i - 1 before it, be the verb of a clause whose subject ends there? */
static bool is_verb_after(struct arena *a, const struct tokens *tokens, size_t i,
                          bool plural_subject)
{
    if (is_in(tokens, i, modals) || is_in(tokens, i, beings))
        return true;
    if (!is_nounish(tokens, i - 1) || is_in(tokens, i, lexicon_prepositions))
        return false;
    if (is_third_person(a, tokens, i) || is_past(a, tokens, i) ||
        is_present_participle(a, tokens, i))
        return true;
    return plural_subject && word_in(lexicon_verbs, tokens->at[i].word);
}

/* A verb that opens a clause whose subject is understood: "and puts the kettle on". */
static bool is_bare_verb(struct arena *a, const struct tokens *tokens, size_t i)
{
    if (i >= tokens->count)
        return false;
    const char *base = verb_base(a, tokens->at[i].word);
    return base && strcmp(base, tokens->at[i].word) != 0 && is_third_person(a, tokens, i) &&
           !(ends_phrase(tokens, i + 1) && i + 1 < tokens->count &&
             tokens->at[i + 1].before == ',');
}

static size_t skip_adverbs(const struct tokens *tokens, size_t i, size_t end)
{
    while (i < end && is_in(tokens, i, lexicon_adverbs))
        i++;
    return i;
}

/* Does a subject of its own with its verb begin at i? */
static bool begins_with_subject(struct arena *a, const struct tokens *tokens, size_t i)
{
    if (is_in(tokens, i, "|she|he|it|they|"))
        return i + 1 < tokens->count &&
               is_verb_after(a, tokens, skip_adverbs(tokens, i + 1, tokens->count - 1),
                             is_in(tokens, i, "|they|"));
    if (!is_determiner(tokens, i))
        return false;
    for (size_t j = i + 2; j < tokens->count && j <= i + NEW_SUBJECT_WORDS_MAX; j++) {
        if (tokens->at[j].before || is_in(tokens, j, lexicon_subordinators) ||
            is_in(tokens, j, lexicon_not_adjectives))
            return false;
        if (is_present_participle(a, tokens, j) || is_past(a, tokens, j))
            return false;
        if (is_verb_after(a, tokens, j, is_plural_word(tokens->at[j - 1].word)))
            return true;
    }
    return false;
}

/* Where the clause that begins after token i's comma or conjunction starts; 0 when none begins
 * here. */
static size_t clause_start_at(struct arena *a, const struct tokens *tokens, size_t i)
{
    bool comma = tokens->at[i].before == ',';
    size_t j = i;
    if (is_in(tokens, j, "|and|but|then|"))
        j++;
    else if (!comma)
        return 0;
    j = skip_adverbs(tokens, j, tokens->count);
    if (j >= tokens->count)
        return 0;
    bool past = j > i && is_past(a, tokens, j) && !ends_phrase(tokens, j + 1) &&
                !is_determiner(tokens, j - 1);
    return is_bare_verb(a, tokens, j) || past || begins_with_subject(a, tokens, j) ? j : 0;
}

/* The verb of the clause [first, end); `end` when there is none. */
static size_t find_verb(struct arena *a, const struct tokens *tokens, size_t first, size_t end)
{
    bool follows = first > 0 && is_in(tokens, first - 1, "|and|but|then|");
    if (first < end && (is_bare_verb(a, tokens, first) || is_in(tokens, first, modals) ||
                        (follows && is_past(a, tokens, first))))
        return first;
    bool plural = is_in(tokens, first, "|they|") || is_in(tokens, first, lexicon_numbers);
    for (size_t i = first + 1; i < end && i <= first + SUBJECT_WORDS_MAX; i++) {
        plural = plural || is_plural_word(tokens->at[i - 1].word);
        bool after_who = is_in(tokens, i - 1, "|who|that|");
        if (after_who && i < end && (is_third_person(a, tokens, i) || is_past(a, tokens, i)))
            return i;
        if (!is_in(tokens, i, lexicon_adverbs) && is_verb_after(a, tokens, i, plural))
            return i;
    }
    return end;
}

/* "In a flooded city, a boy": the clause proper begins after the scene is set. */
static size_t after_scene_setting(const struct tokens *tokens, size_t first, size_t end)
{
    if (!is_in(tokens, first, lexicon_prepositions) && !is_in(tokens, first, lexicon_subordinators))
        return first;
    for (size_t i = first + 1; i < end; i++) {
        if (tokens->at[i].before == ',')
            return i;
    }
    return first;
}

static struct clause clause_make(struct arena *a, const struct tokens *tokens, size_t first,
                                 size_t end)
{
    size_t start = after_scene_setting(tokens, first, end);
    struct clause c = { .first = start, .end = end, .verb = find_verb(a, tokens, start, end) };
    c.modal = c.verb < end && (is_in(tokens, c.verb, modals) || is_in(tokens, c.verb, beings));
    c.subject = c.subject_end = start;
    bool by_pronoun = c.verb < end && c.verb > start && is_in(tokens, c.verb - 1, lexicon_pronouns);
    if (by_pronoun)
        c.first = c.subject = c.subject_end = c.verb - 1;
    else if (c.verb > start && !is_in(tokens, start, lexicon_pronouns)) {
        c.subject_end = c.verb < end ? c.verb : start;
        while (c.subject_end > start && (is_in(tokens, c.subject_end - 1, lexicon_adverbs) ||
                                         is_in(tokens, c.subject_end - 1, "|who|that|")))
            c.subject_end--;
        /* "At dawn a courier ...": from the last determiner */
        if (is_in(tokens, start, lexicon_prepositions)) {
            for (size_t i = start + 1; i < c.subject_end; i++)
                c.subject = is_determiner(tokens, i) ? i : c.subject;
            c.first = c.subject;
        }
    }
    return c;
}

struct clauses clauses_of(struct arena *a, const struct tokens *tokens)
{
    struct clauses out = { 0 };
    size_t capacity = 0, first = 0;
    for (size_t i = 1; i <= tokens->count && out.count < CLAUSES_MAX; i++) {
        bool over = i == tokens->count || sentence_starts(tokens, i);
        size_t next = over ? i : clause_start_at(a, tokens, i);
        if (next == 0 || i <= first)
            continue;
        struct clause c = clause_make(a, tokens, first, i);
        if (!over && c.verb == c.end)
            continue;      /* nothing has happened yet: a list, or a scene being set */
        array_push(a, out.at, out.count, capacity, c);
        first = next;
        i = next > i ? next : i;
    }
    return out;
}

/* The verb as told: participles and past forms become the present. */
static const char *verb_told(struct arena *a, const struct tokens *tokens, const struct clause *c)
{
    const struct token *verb = &tokens->at[c->verb];
    const char *base = verb_base(a, verb->word);
    if (word_in(beings, verb->word) || word_in(modals, verb->word))
        return arena_copy_n(a, verb->raw, verb->raw_bytes);
    if (!base || (text_ends(verb->word, "s") && strcmp(base, verb->word) != 0))
        return arena_copy_n(a, verb->raw, verb->raw_bytes);
    return verb_third_person(a, base);
}

char *clause_predicate(struct arena *a, const struct tokens *tokens, const struct clause *c)
{
    const char *rest = tokens_text(a, tokens, c->verb + 1, c->end - c->verb - 1);
    const char *between =
        c->verb + 1 < c->end && tokens->at[c->verb + 1].before == ',' ? ", " : " ";
    return arena_format(a, "%s%s%s", verb_told(a, tokens, c), *rest ? between : "", rest);
}

char *clause_sentence(struct arena *a, const struct tokens *tokens, const struct clause *c)
{
    size_t words = c->subject_end - c->subject;
    if (words == 0)
        return tokens_text(a, tokens, c->first, c->end - c->first);
    bool plural = is_plural_word(tokens->at[c->subject_end - 1].word) ||
                  is_in(tokens, c->subject, lexicon_numbers);
    const char *predicate = clause_predicate(a, tokens, c);
    if (plural && !c->modal) {
        size_t verb_bytes = strcspn(predicate, " ,");
        predicate = arena_format(a, "%s%s", verb_plural(a, arena_copy_n(a, predicate, verb_bytes)),
                                 predicate + verb_bytes);
    }
    return arena_format(a, "%s %s", tokens_text(a, tokens, c->subject, words), predicate);
}
