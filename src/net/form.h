#pragma once

/* Files as services want them sent: what type they are, and as a form. Pure. */

#include "base/file.h"
#include "base/task.h"

/* "image/png", "image/jpeg", "image/webp" by its first bytes; NULL for anything else. */
const char *net_picture_type(struct bytes file);

/* A multipart form with one file in it. */
struct net_form {
    const char *header; /* "Content-Type: multipart/form-data; ..." */
    struct bytes body;
};
struct net_form net_form_make(struct task *t, const char *field, const char *file_name,
                              const char *type, struct bytes file);

/* A text as the value of a query: everything but letters, digits and "-_.~" escaped. */
char *net_query_text(struct task *t, const char *text);
