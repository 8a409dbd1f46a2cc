#pragma once

/*
 * What the offline planner knows about filming: places and what can be done in them, arcs a story
 * may take, objects that return. Inside the room only.
 *
 * A line is a title and a sentence to be filled in. {hero} {other} {thing} {product} are wordings,
 * {their} and {them} the hero's pronouns, {place} and {at} the location, {event} what the concept
 * says; a verb in brackets agrees with the hero: "{hero} [runs]", one in angles with the thing or
 * product: "{thing} <waits>".
 */

#include "plan/premise.h"

enum line_kind {
    LINE_END = 0,
    LINE_WIDE,               /* the place is seen; the hero, if there at all, is small in it */
    LINE_ACTION,             /* the hero does something */
    LINE_FACE,               /* what the hero feels */
    LINE_DETAIL,             /* an insert: no faces */
    LINE_SING,               /* the hero sings or plays into the lens */
};

struct story_line {
    enum line_kind kind;
    int            action;          /* enum look_action of the hero */
    const char    *title, *text;
};

#define WIDE(title, text)           { LINE_WIDE, ACTION_STAND, title, text },
#define ACT(action, title, text)    { LINE_ACTION, ACTION_##action, title, text },
#define FACE(action, title, text)   { LINE_FACE, ACTION_##action, title, text },
#define DETAIL_OF(title, text)      { LINE_DETAIL, ACTION_NOT_SET, title, text },
#define SINGS(action, title, text)  { LINE_SING, ACTION_##action, title, text },
#define LINES_END                   { LINE_END, 0, NULL, NULL }

enum shelter { OUTDOORS, INDOORS, APART };       /* APART knows no weather: under water, in space */

enum { PLACE_FEATURES = 2, PLACE_RELATED = 5 };

/* One kind of place, written out. */
struct place_lore {
    int                      place;
    enum shelter             shelter;
    const char              *name, *at;
    /* what one sees there: the same through a whole film */
    const char              *features[PLACE_FEATURES];
    int                      related[PLACE_RELATED];         /* where a story goes from here */
    const struct story_line *lines;
};

/* end with place 0 */
extern const struct place_lore place_lores_outside[], place_lores_inside[];
const struct place_lore *place_lore_of(int place);

/* Steps that stories share, whatever a mode calls them. */
enum phase {
    PHASE_OPEN,
    PHASE_DEVELOP,
    PHASE_LIFT,
    PHASE_TURN,
    PHASE_CLIMAX,
    PHASE_CLOSE,
    PHASE_COUNT
};

struct arc {
    const char              *name;
    /* words of a concept that ask for it: "|run|escape|" */
    const char              *cues;
    /* for the logline: "looking for a way out" */
    const char              *want;
    const struct story_line *lines[PHASE_COUNT];
};
/* ends with a NULL name; the first is the default */
extern const struct arc arcs[];

/* Lines for anyone, anywhere. */
extern const struct story_line face_lines[], sing_lines[], quiet_sing_lines[], creature_lines[],
    vehicle_lines[];

/* An object that is seen three times and changes. */
struct motif {
    const char       *full, *brief;
    int               kind;                                  /* enum look_figure, or 0 */
    struct story_line states[3];
};
extern const struct motif motifs[];                          /* ends with a NULL wording */
/* three states of any object of the user's own */
extern const struct story_line thing_lines[];

/* Advertising: what a kind of product is for, and how that is shown. */
enum ad_step { AD_HOOK, AD_PROBLEM, AD_PRODUCT, AD_BENEFIT, AD_PROOF, AD_STEPS };

struct ad_lore {
    const char              *name;
    const char              *cues;                           /* words of a product that mean it */
    int                      places[3];
    const char              *tagline, *call;                 /* on the end card */
    const struct story_line *lines[AD_STEPS];
};
/* ends with a NULL name; the last one is for anything */
extern const struct ad_lore ad_lores[];
