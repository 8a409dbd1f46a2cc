#pragma once

/* What a key says. Inside the room only. */

#include <stddef.h>

#include "net/secret.h"

const char *secret_text(const struct secret *s);

/* Blanks every occurrence out with '*', in place; NULL is fine. */
void secret_blank(const struct secret *s, char *text, size_t bytes);
