#pragma once

/*
 * A line to be read, over pictures that are there already: set once, laid over every frame that
 * shows it.
 *
 * White letters on a dark see-through ground near the lower edge, in at most three lines of about
 * equal length, inside safe margins; in an upright picture higher, above what telephones write
 * there. Text as words.h takes it; what is too long for three lines at the smallest size ends in
 * "…". Pure for one set of installed fonts.
 */

#include "draw/draw.h"

struct caption;

/* For pictures of this size; INVALID when it is odd or smaller than 64. */
enum err caption_open(struct task *t, int64_t width_px, int64_t height_px, const char *words,
                      struct caption **out);
void caption_lay(const struct caption *c, const struct draw_target *target);
void caption_close(struct caption *c); /* NULL is fine */
static inline void caption_scoped(struct caption **c) { caption_close(*c); }
