#pragma once

/*
 * Bytes as text in the standard alphabet with padding.
 * Source  RFC 4648, 4
 */

#include "base/file.h"
#include "base/task.h"

/* Zero-ended, in the arena. */
char *base64_encode(struct arena *a, struct bytes in);

/* Line breaks and spaces are passed over. MEDIA anything else that is not base64. */
enum err base64_decode(struct task *t, const char *text, size_t text_bytes, struct bytes *out);
