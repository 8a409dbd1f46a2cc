#pragma once

/*
 * The dashboard's exported files, held in memory: found by the rules of a static Next.js export,
 * with types, entity tags, a stored gzip form, and a content security policy that names the hashes
 * of each page's own inline scripts. Without them, one plain page says what is running.
 *
 * Threads  any, once open
 */

#include "api/api.h"

enum { PAGES_MAX = 4000, PAGES_BYTES_MAX = 64 << 20 };

struct page {
    const char *path;               /* "/projects/_/index.html" */
    const char *type, *etag, *csp;  /* csp: NULL for what is not a page */
    const void *bytes, *gzip;       /* gzip: NULL where it would not be smaller */
    size_t size, gzip_size;
    bool immutable;
};

struct pages;

enum err pages_open(struct task *t, const struct api_options *o, struct pages **out);
void pages_close(struct pages *p); /* NULL is fine */

struct page_find {
    const struct page *page;    /* NULL: redirect */
    const char *location;       /* of a 308, without the query; in the arena given */
    int status;                 /* 200, 308 or 404 (with the 404 page) */
};
struct page_find pages_find(const struct pages *p, struct arena *a, const char *path);
