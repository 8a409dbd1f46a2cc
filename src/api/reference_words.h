#pragma once

/* Words of the contract as HTML. Everything that was not written here is escaped. */

#include "base/text.h"

/* Plain text: < > & and both quotes become entities. */
void html_text(struct text *out, const char *words);

/* The same, formatted first; for text and attribute values. */
void html_printf(struct text *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One line of prose: `code`, **strong** and *emphasis*; what is not closed stays as it is. */
void html_line(struct text *out, const char *words);

/* Paragraphs of such prose, divided by empty lines; lines that begin with | are a table. */
void html_prose(struct text *out, const char *words);

/* A name for an id or a #link: lower-case letters, digits and '-'. In the arena. */
char *html_anchor(struct arena *a, const char *words);
