/*
 * What a client can write into a request line or a header field, through our own readers: ranges,
 * entity tags, signatures, sessions, event ids, paths of operations and of pages, and bodies by
 * table. The first byte chooses the reader.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "api/pages.h"
#include "api/range.h"
#include "api/server.h"
#include "api/shapes.h"

static void must(bool promise)
{
    if (!promise)
        abort();
}

static void ranges(const char *text)
{
    static const int64_t sizes[] = { 0, 1, 1000, INT64_MAX };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct range r = range_read(text, sizes[i]);
        if (r.kind == RANGE_PART)
            must(r.first >= 0 && r.first <= r.last && r.last < sizes[i]);
    }
    etag_listed(text, "\"tag\"");
    if_range_holds(text, "\"tag\"");
}

/* Nothing that was not made with the key opens anything. */
static void signatures(struct task *t, const char *text)
{
    static const struct signer signer = { .key = { 7 }, .url_seconds = 60 };
    const char *half = strchr(text, '&');
    const char *expiry = half ? arena_copy_n(t->arena, text, (size_t)(half - text)) : text;
    must(signer_check(&signer, t, "/media/a", expiry, half ? half + 1 : NULL) != OK);
    must(!signer_opens(&signer, t, "session", text));
}

static void doors(struct task *t, const char *text)
{
    const char *hosts[] = { NULL };
    struct api a = { .token = "a token nobody guesses", .hosts = hosts };
    struct visit v = { .method = "GET", .host = "localhost", .hosts = 1, .cookie = text,
                       .authorization = text, .api_key = text, .length = -1 };
    must(door_check(&a, t, &v, false) == ERR_AUTH);
    v = (struct visit){ .method = "POST", .host = text, .hosts = 1, .origin = text };
    if (door_check(&a, t, &v, true) != OK)
        must(*t->fault.message);
}

static void events(const char *text)
{
    static struct changes *c;
    char out[EVENT_BYTES_MAX];
    c = c ? c : changes_new();
    struct event_cursor at = changes_follow(c, text, text);
    must(changes_read(c, &at, out, sizeof out) <= sizeof out);
}

static void paths(struct task *t, const char *text)
{
    struct exchange x = { .task = *t, .path = text, .method = "GET" };
    if (route_find(&x) == OK)
        must(x.route != NULL);
    else
        must(*x.task.fault.message);
    struct pages *pages;
    must(pages_open(t, &(struct api_options){ .version = "0" }, &pages) == OK);
    struct page_find found = pages_find(pages, t->arena, text);
    must(found.page || found.location);
    pages_close(pages);
}

static void bodies(struct task *t, const char *text, size_t bytes)
{
    union {
        struct project_body project;
        struct scene_body scene;
        struct order_body order;
        struct trim_body trim;
        struct wish_body wish;
    } body;
    const struct field *tables[] = { project_new_fields, project_edit_fields, scene_edit_fields,
                                     order_fields, trim_fields, wish_fields };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (fields_decode_text(t, tables[i], text, bytes, &body) != OK)
            must(*t->fault.message);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct task t;
    if (size == 0)
        return 0;
    task_init(&t, "fuzz");
    const char *text = arena_copy_n(t.arena, (const char *)data + 1, size - 1);
    switch (data[0] % 6) {
    case 0: ranges(text); break;
    case 1: signatures(&t, text); break;
    case 2: doors(&t, text); break;
    case 3: events(text); break;
    case 4: paths(&t, text); break;
    default: bodies(&t, text, size - 1); break;
    }
    task_done(&t);
    return 0;
}
