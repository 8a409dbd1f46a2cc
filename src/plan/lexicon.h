#pragma once

/*
 * English words and what they show. Inside the room only.
 *
 * A text is cut into tokens; runs of tokens that the tables know are hits. Inflected forms are
 * recognised ("dancers", "ran", "sleeping"), the longest phrase wins ("snow field" is no field),
 * negated hits say so.
 */

#include "plan/plan.h"

enum word_kind {
    WORD_PLACE = 1,          /* value: enum look_place */
    WORD_TIME,               /* enum look_time */
    WORD_WEATHER,            /* enum look_weather */
    WORD_FIGURE,             /* enum look_figure */
    WORD_ACTION,             /* enum look_action */
    WORD_MOOD,               /* enum look_mood */
    WORD_COLOUR,             /* 0xRRGGBB */
    WORD_BUILD,              /* enum look_build */
    WORD_HAIR,               /* enum look_hair */
    WORD_GARMENT,            /* enum look_garment */
    WORD_HAIR_NOUN,          /* what a colour of hair is said of */
    WORD_HAIR_COLOUR,        /* 0xRRGGBB: "blond", "brunette" */
    WORD_SKIN,               /* 0xRRGGBB */
};

/* One row: phrases in base form, separated by '|'. */
struct lexicon_row {
    int         kind;
    int64_t     value;
    bool        loose;       /* stands in for its value: a pool is drawn as a lake but is none */
    const char *phrases;
};

extern const struct lexicon_row lexicon_rows[];          /* ends with kind 0 */

/* Words by what they do in a sentence; each a list of base forms between '|'s, first and last
 * included. */
extern const char lexicon_verbs[], lexicon_determiners[], lexicon_prepositions[],
    lexicon_subordinators[], lexicon_pronouns[], lexicon_adverbs[], lexicon_numbers[],
    lexicon_female[], lexicon_male[], lexicon_plural_nouns[], lexicon_not_adjectives[];

/* "ran" is "run": pairs, ends with NULLs. */
struct irregular {
    const char *form, *base;
};
extern const struct irregular lexicon_irregulars[];

struct token {
    const char *raw;         /* into the text: the word as written */
    size_t      raw_bytes;
    const char *word;        /* ASCII lower case, without 's */
    char        before;      /* punctuation that stands before it: one of ".,;:!?\n(", or 0 */
    bool        capital;     /* begins with an ASCII capital */
};

struct tokens {
    struct token *at;
    size_t        count;
};

struct lexicon_hit {
    const struct lexicon_row *row;
    size_t                    first, count;      /* tokens */
    bool                      negated;
};

struct lexicon_hits {
    struct lexicon_hit *at;
    size_t              count;
};

struct tokens       tokens_of(struct arena *a, const char *text);
struct lexicon_hits lexicon_read(struct arena *a, const struct tokens *tokens);

/* The words as they were written, from token `first` on. */
char *tokens_text(struct arena *a, const struct tokens *tokens, size_t first, size_t count);

/* Is the base form in one of the lists above? */
bool word_in(const char *list, const char *word);

/* Is `word` a form of `base`: the same or a plural; for verbs also -ing, -ed and irregular
 * forms? */
bool word_is_noun_form(const char *word, const char *base);
bool word_is_verb_form(const char *word, const char *base);

/* The base form of a known verb ("goes" -> "go"); NULL when it is none. */
const char *verb_base(struct arena *a, const char *word);

/* "go" -> "goes", "try" -> "tries", "is" for "be". */
char *verb_third_person(struct arena *a, const char *base);

/* "runs" -> "run", "is" -> "are", "has" -> "have". */
char *verb_plural(struct arena *a, const char *third_person);

/* "runs through Tokyo" said of several: "run through Tokyo". */
char *predicate_of_many(struct arena *a, const char *predicate);

/* What adjectives and clothes among the tokens [from, to) say, added to a member of the cast. */
void cast_describe(struct look_cast *cast, const struct lexicon_hits *hits, size_t from, size_t to);

/* The first token of the noun phrase that ends with token `noun`: its determiner, number or first
 * adjective. */
size_t noun_phrase_start(const struct tokens *tokens, size_t noun);

/* The first hit of a kind that is not negated, or NULL. */
const struct lexicon_hit *hit_of(const struct lexicon_hits *hits, enum word_kind kind);

/* An empty member of the cast: colours not set, no picture. */
struct look_cast cast_make(const char *name, int kind);
