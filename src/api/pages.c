/*
 * All files are read once, at the start, so that a request is a binary search and nothing outside
 * the folder can be asked for.
 *
 * Source  the routing is that of a static export with `trailingSlash` and one placeholder page "_"
 *         for the id of a project: web/README or nextjs.org/docs, "Static Exports"; the policy is
 *         W3C Content Security Policy Level 3
 */
#include "api/pages.h"

#include <dirent.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/file.h"
#include "base/text.h"

struct pages {
    struct arena *arena;
    struct page *at;            /* by path, ascending */
    size_t count, capacity;
    int64_t bytes;
    const char *media;          /* where else media may come from: " https://host", or "" */
};

#define CSP_BEFORE "default-src 'self'; script-src 'self'"
#define CSP_STYLE "; style-src 'self' 'unsafe-inline'"
#define CSP_AFTER                                                                                  \
    "; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "                  \
    "form-action 'self'; frame-ancestors 'none'"

/* ---- what a file is ---- */

static const char *type_of(const char *path)
{
    static const char *const types[][2] = {
        { ".html", "text/html; charset=utf-8" },
        { ".js", "text/javascript; charset=utf-8" },
        { ".css", "text/css; charset=utf-8" },
        { ".txt", "text/plain; charset=utf-8" },
        { ".json", "application/json" },
        { ".svg", "image/svg+xml" },
        { ".png", "image/png" },
        { ".jpg", "image/jpeg" },
        { ".webp", "image/webp" },
        { ".ico", "image/x-icon" },
        { ".woff2", "font/woff2" },
        { ".webmanifest", "application/manifest+json" },
        { ".mp4", "video/mp4" },
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (text_ends(path, types[i][0]))
            return types[i][1];
    }
    return "application/octet-stream";
}

static void append_hash(struct text *out, const char *script, size_t bytes)
{
    unsigned char digest[EVP_MAX_MD_SIZE], text[64];
    EVP_Digest(script, bytes, digest, NULL, EVP_sha256(), NULL);
    EVP_EncodeBlock(text, digest, 32);
    text_printf(out, " 'sha256-%s'", (const char *)text);
}

/* The policy of a page: the hash of each script that is written in it. */
static const char *policy_of(const struct pages *all, const char *html)
{
    struct text csp = text_new(all->arena);
    text_append(&csp, CSP_BEFORE);
    for (const char *at = html; (at = strstr(at, "<script"));) {
        const char *open = strchr(at, '>'), *close = open ? strstr(open, "</script>") : NULL;
        if (!close)
            break;
        const char *src = strstr(at, " src=");
        if (!src || src > open)
            append_hash(&csp, open + 1, (size_t)(close - open - 1));
        at = close;
    }
    text_printf(&csp,
                CSP_STYLE "; img-src 'self' data: blob:%s; media-src 'self' blob:%s" CSP_AFTER,
                all->media, all->media);
    return text_end(&csp);
}

static const char *tag_of(struct arena *a, const void *bytes, size_t size)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    struct text tag = text_new(a);
    EVP_Digest(bytes, size, digest, NULL, EVP_sha256(), NULL);
    text_append(&tag, "\"");
    for (int i = 0; i < 12; i++)
        text_printf(&tag, "%02x", digest[i]);
    text_append(&tag, "\"");
    return text_end(&tag);
}

/* Media and fonts are compressed already; small files gain nothing. */
static void compress_page(struct arena *a, struct page *p)
{
    z_stream z = { 0 };
    if (p->size < 512 || !(text_starts(p->type, "text/") || strstr(p->type, "json") ||
                           strstr(p->type, "svg")))
        return;
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    size_t room = deflateBound(&z, p->size);
    unsigned char *out = arena_alloc(a, room);
    z.next_in = (Bytef *)p->bytes;
    z.avail_in = (uInt)p->size;
    z.next_out = out;
    z.avail_out = (uInt)room;
    bool whole = deflate(&z, Z_FINISH) == Z_STREAM_END;
    deflateEnd(&z);
    if (whole && z.total_out < p->size) {
        p->gzip = out;
        p->gzip_size = z.total_out;
    }
}

static void add_page(struct pages *all, const char *path, const void *bytes, size_t size)
{
    struct arena *a = all->arena;
    struct page p = { .path = arena_copy(a, path), .bytes = bytes, .size = size };
    p.type = type_of(path);
    p.etag = tag_of(a, bytes, size);
    p.csp = text_ends(path, ".html") ? policy_of(all, bytes) : NULL;
    p.immutable = text_starts(path, "/_next/static/");
    compress_page(a, &p);
    array_push(a, all->at, all->count, all->capacity, p);
}

/* ---- reading the folder ---- */

static enum err read_page(struct task *t, struct pages *all, const char *file, const char *path)
{
    struct bytes whole;
    enum err e = file_read(t, file, PAGES_BYTES_MAX, &whole);
    if (e)
        return e;
    all->bytes += (int64_t)whole.size;
    if (all->count >= PAGES_MAX || all->bytes > PAGES_BYTES_MAX)
        return fail(t, ERR_LIMIT, "the dashboard's folder holds more than a dashboard");
    add_page(all, path, arena_copy_n(all->arena, whole.at, whole.size), whole.size);
    return OK;
}

static enum err read_folder(struct task *t, struct pages *all, const char *folder,
                            const char *path, int depth)
{
    DIR *d = opendir(folder);
    enum err e = d ? OK : fail_errno(t, errno, "open", folder);
    for (struct dirent *entry; !e && (entry = readdir(d));) {
        struct stat s;
        const char *file = arena_format(t->arena, "%s/%s", folder, entry->d_name);
        const char *name = arena_format(t->arena, "%s/%s", path, entry->d_name);
        if (*entry->d_name == '.' || lstat(file, &s) != 0)
            continue;
        if (S_ISDIR(s.st_mode) && depth < 12)
            e = read_folder(t, all, file, name, depth + 1);
        else if (S_ISREG(s.st_mode))
            e = read_page(t, all, file, name);
    }
    if (d)
        closedir(d);
    return e;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct page *)a)->path, ((const struct page *)b)->path);
}

/* ---- without a dashboard ---- */

static void add_plain_pages(struct pages *all, const char *version)
{
    static const char style[] =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\"><title>Storyreel</title><style>"
        "body{font:17px/1.6 Inter,system-ui,sans-serif;max-width:38em;margin:12vh auto;"
        "padding:0 1.5em;color-scheme:light dark}h1{font-size:1.6em;margin:0}"
        "p{margin:.6em 0}code{font-size:.92em}</style>";
    const char *index = arena_format(
        all->arena,
        "%s<h1>Storyreel %s is running</h1>"
        "<p>The API answers at <code>/api/mv/</code>; <a href=\"/api/\">its description</a> says "
        "what it can do, and <a href=\"/api/mv/projects\">here are the projects</a>.</p>"
        "<p>This program came without its dashboard. It is built from <code>web/</code> with npm; "
        "<code>--web FOLDER</code> serves one that was exported elsewhere.</p></html>",
        style, version);
    const char *missing =
        arena_format(all->arena,
                     "%s<h1>There is nothing here</h1><p><a href=\"/\">To the start</a></p></html>",
                     style);
    add_page(all, "/index.html", index, strlen(index));
    add_page(all, "/404.html", missing, strlen(missing));
}

enum err pages_open(struct task *t, const struct api_options *o, struct pages **out)
{
    struct arena *a = arena_new();
    struct pages *all = arena_one(a, struct pages);
    all->arena = a;
    bool elsewhere = o->media_origin && *o->media_origin;
    all->media = elsewhere ? arena_format(a, " %s", o->media_origin) : "";
    enum err e = OK;
    if (o->web_folder)
        e = read_folder(t, all, o->web_folder, "", 0);
    else
        add_plain_pages(all, o->version ? o->version : "");
    if (e) {
        arena_free(a);
        return e;
    }
    qsort(all->at, all->count, sizeof *all->at, by_path);
    *out = all;
    return OK;
}

void pages_close(struct pages *p)
{
    if (p)
        arena_free(p->arena);
}

/* ---- finding ---- */

static const struct page *exact(const struct pages *p, const char *path)
{
    const struct page key = { .path = path };
    return p->count ? bsearch(&key, p->at, p->count, sizeof *p->at, by_path) : NULL;
}

static const struct page *file_or_folder(const struct pages *p, struct arena *a, const char *path)
{
    const struct page *found = exact(p, path);
    return found || !text_ends(path, "/") ? found
                                          : exact(p, arena_format(a, "%sindex.html", path));
}

static struct page_find moved(const char *location)
{
    return (struct page_find){ .location = location, .status = 308 };
}

/* "/projects/ID/REST" is exported once, as "/projects/_/REST". */
static const char *placeholder_path(struct arena *a, const char *path)
{
    if (!text_starts(path, "/projects/"))
        return NULL;
    const char *id = path + strlen("/projects/"), *rest = strchr(id, '/');
    return rest && rest > id ? arena_format(a, "/projects/_%s", rest) : NULL;
}

/* Addresses people may still have. */
static const char *old_address(struct arena *a, const char *path)
{
    if (text_equal(path, "/create") || text_equal(path, "/create/"))
        return "/new/";
    const char *id = text_starts(path, "/edit/") ? path + 6
                     : text_starts(path, "/project/") ? path + 9 : NULL;
    size_t bytes = id ? strcspn(id, "/") : 0;
    return bytes > 0 ? arena_format(a, "/projects/%.*s/", (int)bytes, id) : NULL;
}

struct page_find pages_find(const struct pages *p, struct arena *a, const char *path)
{
    const struct page *found = file_or_folder(p, a, path);
    if (found)
        return (struct page_find){ .page = found, .status = 200 };
    const char *old = old_address(a, path), *shared = placeholder_path(a, path);
    if (old)
        return moved(old);
    found = shared ? file_or_folder(p, a, shared) : NULL;
    if (found)
        return (struct page_find){ .page = found, .status = 200 };
    const char *name = strrchr(path, '/');
    bool folder_like = name && name[1] && !strchr(name, '.');
    const char *folder = arena_format(a, "%s/", path);
    shared = placeholder_path(a, folder);
    if (folder_like && (file_or_folder(p, a, folder) || (shared && file_or_folder(p, a, shared))))
        return moved(folder);
    return (struct page_find){ .page = exact(p, "/404.html"), .status = 404 };
}
