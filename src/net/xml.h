#pragma once

/*
 * Small XML answers as a list of their elements, over expat. Names are without name spaces and
 * attributes are left out: what the services called here say stands in elements.
 */

#include "base/file.h"
#include "base/task.h"

enum { XML_DEPTH_MAX = 16 };

struct xml_element {
    const char *path; /* "ListBucketResult/Contents/Key" */
    const char *text; /* its own, trimmed; "" when there is none */
    size_t parent;    /* index of the element it is in; its own for the root */
};

struct xml {
    const struct xml_element *elements; /* in the order in which they begin */
    size_t count;
};

/* All in t->arena. UPSTREAM when it is not well formed, deeper than XML_DEPTH_MAX, or has a DTD. */
enum err xml_read(struct task *t, struct bytes text, struct xml *out);

/* The text of the first element with this path; "" when there is none. */
const char *xml_text(const struct xml *x, const char *path);

/* The same among the children of one element, by name. */
const char *xml_child(const struct xml *x, size_t parent, const char *name);

/* "&" and "<" and their like made harmless, in the arena. */
const char *xml_escape(struct arena *a, const char *text);
