#pragma once

/*
 * The contract as a page to be read: what is at /api/.
 *
 * Made from api/openapi.yaml at start-up, so it cannot differ from what the server promises. Plain
 * HTML with its style inside: no script, nothing fetched, dark or light as the reader likes.
 */

#include <jansson.h>

#include "base/task.h"

/*
 * openapi   the document as yaml_read() gives it; borrowed
 * out_html  one UTF-8 document, in the arena; every text of the contract escaped
 *
 * Errors    INVALID it has no paths: not a contract
 */
enum err reference_page(struct task *t, const json_t *openapi, const char **out_html);
