/*
 * The memory store as it is where a newer program has been at every record: each that is read has a member that no
 * table here knows, and one that is written in its place has to have it still, else the test ends with its key. Linked
 * in place of the memory store (-Wl,--wrap=store_memory_open) it makes any suite one of every writer the suite reaches.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/store_driver.h"

#define TOMORROW "\"fromTomorrow\":{\"list\":[1,{\"a\":\"b\"}]}"

struct newer_store {
    struct store  store;
    struct store *under;
};

enum err __real_store_memory_open(struct task *t, struct store **out);
enum err __wrap_store_memory_open(struct task *t, struct store **out);

static struct store *under(struct store *s)
{
    return ((struct newer_store *)s)->under;
}

static void add_to(struct task *t, struct item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = items[i].document;
        if (!strstr(text, TOMORROW))
            items[i].document = arena_format(t->arena, "{" TOMORROW "%s%s", text[1] == '}' ? "" : ",", text + 1);
    }
}

/* Whose turn it is to sweep is no record of anything: it is written anew each time. */
static void check_kept(const struct item_write *w)
{
    if (w->change != ITEM_UPDATE || text_starts(w->item.pk, "LEASE#") || strstr(w->item.document, TOMORROW))
        return;
    fprintf(stderr, "%s %s lost what a newer program had written: %s\n", w->item.pk, w->item.sk, w->item.document);
    abort();
}

static enum err newer_get(struct store *s, struct task *t, const char *pk, const char *sk, struct item *out)
{
    enum err e = store_get(under(s), t, pk, sk, out);
    if (!e)
        add_to(t, out, 1);
    return e;
}

static enum err newer_write(struct store *s, struct task *t, const struct item_write *writes, size_t count)
{
    enum err e = store_write(under(s), t, writes, count);
    for (size_t i = 0; i < count && !e; i++)
        check_kept(&writes[i]);
    return e;
}

static enum err newer_list(struct store *s, struct task *t, const struct store_query *query, struct item **out,
                           size_t *out_count)
{
    enum err e = store_list(under(s), t, query, out, out_count);
    if (!e)
        add_to(t, *out, *out_count);
    return e;
}

static enum err newer_list_index(struct store *s, struct task *t, const struct store_index_query *query,
                                 struct item **out, size_t *out_count)
{
    enum err e = store_list_index(under(s), t, query, out, out_count);
    if (!e)
        add_to(t, *out, *out_count);
    return e;
}

static enum err newer_walk(struct store *s, struct task *t, const struct item *after, int64_t limit,
                           struct item **out, size_t *out_count)
{
    enum err e = store_walk(under(s), t, after, limit, out, out_count);
    if (!e)
        add_to(t, *out, *out_count);
    return e;
}

static void newer_close(struct store *s)
{
    store_close(under(s));
    free(s);
}

static const struct store_driver newer_driver = {
    .name       = "newer",
    .get        = newer_get,
    .write      = newer_write,
    .list       = newer_list,
    .list_index = newer_list_index,
    .walk       = newer_walk,
    .close      = newer_close,
};

enum err __wrap_store_memory_open(struct task *t, struct store **out)
{
    struct newer_store *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->store.driver = &newer_driver;
    *out = &s->store;
    return __real_store_memory_open(t, &s->under);
}
