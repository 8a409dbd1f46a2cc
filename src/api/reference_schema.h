#pragma once

/* Schemas of the contract in words, as tables of members and as examples. */

#include <jansson.h>

#include "base/fields.h"
#include "base/text.h"

struct contract {
    const json_t *document; /* borrowed */
    json_t *made;           /* an array that owns what was put together on the way */
};

/* What a {"$ref": "#/..."} stands for, followed to its end; anything else is itself. NULL: nowhere.
 */
const json_t *contract_resolve(const struct contract *c, const json_t *json);

/* A schema without $ref and allOf at its top. Lives as long as the document and c->made; NULL as
 * above. */
const json_t *contract_flat(const struct contract *c, const json_t *schema);

/* A text member, "" when there is none. */
const char *contract_words(const json_t *object, const char *member);

/* "string, 1 to 200 characters", "list of <a>Scene</a>, at most 1000", as HTML. */
void schema_type(const struct contract *c, struct text *out, const json_t *schema);

/* The members of an object as a table; nothing for anything else. */
void schema_members(const struct contract *c, struct text *out, const json_t *schema);

/* A value the schema allows: its own example, or one put together. A new reference. */
json_t *schema_example(const struct contract *c, const json_t *schema);
