#pragma once

/*
 * What a request says, in the user's own words: who it is about, what happens, where, and with
 * what. Inside the room only.
 */

#include "plan/clauses.h"

enum {
    POINTS_MAX         = 64,
    PREMISE_PLACES_MAX = 12,
};

/* Where the full wording of someone may stand in a sentence. */
enum wording {
    WORDING_ANYWHERE,        /* "a tall man in a grey suit" */
    WORDING_FIRST,           /* "A tall man in a grey suit": where a sentence begins */
    WORDING_APART,           /* several sentences: they stand by themselves */
};

/* Someone or something that prompts must always call the same. */
struct subject {
    /* the user's wording, byte for byte, or ours; never changes within a film */
    const char      *full;
    const char      *brief;          /* "the courier", "Mara" */
    const char      *their, *them;
    bool             plural;
    bool             human;          /* has a face and hands */
    enum wording     wording;
    struct look_cast cast;
};

/* A place by its name in the concept. */
struct premise_place {
    int         place;               /* enum look_place */
    const char *name;                /* "the empty train" */
    const char *at;                  /* "on the empty train" */
    bool        loose;
};

/* Something that happens, as the user put it. */
struct plot_point {
    bool        of_hero, of_product; /* who does it; of neither where it is somebody else */
    /* of either: "rides past the market"; else a whole sentence without full stop */
    const char *text;
    /* into premise.places: where it begins; -1 where the words name none */
    int         place_index;
    int         end_index;           /* the last place they name: where one is afterwards; or -1 */
    struct look look;
    /* the words it was read from; borrowed, for the reading alone */
    const struct clause *clause;
};

struct premise {
    const char          *concept;    /* tidied */
    struct subject       hero;
    bool                 has_other;
    struct subject       other;      /* second figure of the concept */
    bool                 has_thing;
    struct subject       thing;      /* the object of the story, or the product */
    bool                 has_product;
    struct subject       product;
    struct plot_point   *points;
    size_t               point_count;
    struct premise_place *places;
    size_t               place_count;
    int                  time, weather, mood;      /* 0 where the concept does not say */
    bool                 foreign;    /* in a language the tables do not know */
};

enum err premise_read(struct task *t, const struct plan_request *request, struct premise *out);

/* Someone described: the full wording kept, a short name, pronouns, looks. `fallback`: the short
 * name for want of one. */
struct subject subject_from_description(struct arena *a, const char *description,
                                        const char *fallback);

/* Pronouns by how many words of either kind speak of them. */
void subject_set_pronouns(struct subject *s, int female, int male);

/* "in" or "on" and the like: how one is at a place of this kind. */
const char *place_preposition(int place);
