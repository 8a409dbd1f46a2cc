#pragma once

/* Sentences into clauses: who does what. Inside the room only. */

#include "plan/lexicon.h"

enum { CLAUSES_MAX = 128 };

struct clause {
    size_t first, end;               /* tokens [first, end), conjunctions left out */
    size_t subject, subject_end;     /* empty where the subject is a pronoun or understood */
    size_t verb;                     /* its token; == end where there is none */
    bool   modal;                    /* "must cross": the verb is the helper and stays as it is */
};

struct clauses {
    struct clause *at;
    size_t         count;
};

struct clauses clauses_of(struct arena *a, const struct tokens *tokens);

/* "rides past the market": the predicate from the verb on, told in the third person singular of the
 * present. */
char *clause_predicate(struct arena *a, const struct tokens *tokens, const struct clause *c);

/* The whole clause in the present: "steam fogs the window". */
char *clause_sentence(struct arena *a, const struct tokens *tokens, const struct clause *c);
