#pragma once

/*
 * Words on pictures, set with pango: the end card of an advertisement and the slate of a
 * storyboard.
 *
 * Any UTF-8 is taken (what is broken is shown as such, control characters as spaces). Text is set
 * as large as its box allows, wrapped between words while that is possible, in lines of about equal
 * length; it never leaves its box. Inside the room only. Pure for one set of installed fonts.
 */

#include <cairo.h>

#include "draw/draw.h"

struct words_area {
    double x, y, width, height; /* pixels */
};

/* Where an end card has its words and where it leaves room for the product, inside safe margins. */
struct words_layout {
    struct words_area words, product;
    struct words_area panel; /* the sheet of paper under the words; reaches the frame's edges */
};

struct words_layout words_layout_card(int width_px, int height_px);

/* Panel, title, line and button; whatever is "" takes no room. Draws nothing outside `panel`. */
void words_draw_card(cairo_t *cr, int width_px, int height_px, const struct draw_words *words,
                     const struct look_grade *grade);

/* Number, title and camera note on a strip along the lower edge. Nothing when all three are "". */
void words_draw_overlay(cairo_t *cr, int width_px, int height_px, const struct draw_words *words,
                        const struct look_grade *grade);

/* ---- one block of text, also for sheets ---- */

enum words_align { WORDS_LEFT, WORDS_CENTRE, WORDS_RIGHT };

struct words_block {
    const char *text;
    const char *font;          /* a Pango family; "" or NULL for the default */
    int weight;                /* 400 regular .. 800 extra bold; 0 is regular */
    double size_max, size_min; /* of the letters, pixels; the largest that fits is used */
    int lines_max;             /* 0: as many as the box holds */
    enum words_align align;
    double spacing; /* between letters, as a share of the size */
    look_colour colour;
};

/* Sets the block from the top of the box; gives the box of its ink. Text too long at size_min ends
 * in "…". */
struct words_area words_set(cairo_t *cr, const struct words_block *block, struct words_area box);

/* The same without drawing; height is that of the lines, from the top of the box. */
struct words_area words_measure(cairo_t *cr, const struct words_block *block,
                                struct words_area box);

/* The one of two colours that is read better on a ground, and how well: 1..21, as WCAG counts. */
look_colour words_readable(look_colour ground, look_colour first, look_colour second);
double words_contrast(look_colour a, look_colour b);
