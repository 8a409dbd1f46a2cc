#pragma once

/* Lines of story.h filled in with who, what and where. Inside the room only. */

#include "plan/story.h"

struct fill {
    struct arena         *arena;
    /* other, thing, product may be NULL */
    const struct subject *hero, *other, *thing, *product;
    const char           *place, *at;
    const char           *event;         /* for {event}: the user's own words, put in as they are */
};

/*
 * For a prompt: everyone by their full wording at first mention, by their short name after that.
 * Whose wording cannot stand inside a sentence gets the short name, and a sentence of their own in
 * *apart (" Mara: ...").
 */
char *fill_full(const struct fill *f, const char *line, char **apart);

/* For a call sheet: short names only, a capital in front. */
char *fill_brief(const struct fill *f, const char *line);

/* Does the line mention it? `slot` is "{hero}" and the like. */
bool line_has(const char *line, const char *slot);

/* Can this line be filled? Not when it wants an {other} or {thing} there is not. */
bool line_fits(const struct fill *f, const char *line);

/* First letter made a capital, where it is ASCII. */
char *capitalised(struct arena *a, const char *text);
