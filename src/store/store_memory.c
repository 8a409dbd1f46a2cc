/*
 * One sorted array of records, behind one lock: the simplest thing that keeps the contract, and the
 * one to read first when writing another driver. A transaction first checks every change, then
 * makes them all; making a change cannot fail, so all-or-nothing needs no undo.
 */
#include "store/store_driver.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct memory_store {
    struct store    store;
    pthread_mutex_t lock;              /* guards all below */
    struct item   **items;  /* by (pk, sk); one heap block an item, its texts behind it */
    size_t          count, capacity;
};

static void out_of_memory_unless(const void *p)
{
    if (!p)
        abort();
}

static int compare_keys(const char *pk_a, const char *sk_a, const char *pk_b, const char *sk_b)
{
    int order = strcmp(pk_a, pk_b);
    return order ? order : strcmp(sk_a, sk_b);
}

/* Index of the first item at or after (pk, sk). */
static size_t lower_bound(const struct memory_store *m, const char *pk, const char *sk)
{
    size_t low = 0, high = m->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_keys(m->items[middle]->pk, m->items[middle]->sk, pk, sk) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct item *find(const struct memory_store *m, const char *pk, const char *sk)
{
    size_t at = lower_bound(m, pk, sk);
    bool here = at < m->count && compare_keys(m->items[at]->pk, m->items[at]->sk, pk, sk) == 0;
    return here ? m->items[at] : NULL;
}

static const char *append(char **end, const char *text)
{
    char *copy = *end;
    *end = stpcpy(copy, text) + 1;
    return copy;
}

static struct item *item_new(const struct item *from, int64_t version)
{
    size_t bytes = strlen(from->pk) + strlen(from->sk) + strlen(from->index_pk) +
                   strlen(from->index_sk) + strlen(from->document) + 5;
    struct item *item = malloc(sizeof *item + bytes);
    out_of_memory_unless(item);
    char *end = (char *)(item + 1);
    item->version  = version;
    item->pk       = append(&end, from->pk);
    item->sk       = append(&end, from->sk);
    item->index_pk = append(&end, from->index_pk);
    item->index_sk = append(&end, from->index_sk);
    item->document = append(&end, from->document);
    return item;
}

static struct item item_for_task(struct task *t, const struct item *from)
{
    return (struct item){
        .pk       = arena_copy(t->arena, from->pk),
        .sk       = arena_copy(t->arena, from->sk),
        .version  = from->version,
        .index_pk = arena_copy(t->arena, from->index_pk),
        .index_sk = arena_copy(t->arena, from->index_sk),
        .document = arena_copy(t->arena, from->document),
    };
}

static enum err memory_get(struct store *s, struct task *t, const char *pk, const char *sk,
                           struct item *out)
{
    struct memory_store *m = (struct memory_store *)s;
    pthread_mutex_lock(&m->lock);
    const struct item *item = find(m, pk, sk);
    if (item)
        *out = item_for_task(t, item);
    pthread_mutex_unlock(&m->lock);
    return item ? OK : fail_no_item(t, pk, sk);
}

static enum err check_change(struct task *t, const struct memory_store *m,
                             const struct item_write *w)
{
    const struct item *now = find(m, w->item.pk, w->item.sk);
    int64_t version = now ? now->version : 0;
    bool kept =
        w->change == ITEM_PUT || (w->change == ITEM_CREATE ? !now : version == w->item.version);
    return kept ? OK : fail_item_changed(t, w, version);
}

static void insert_at(struct memory_store *m, size_t at, struct item *item)
{
    if (m->count == m->capacity) {
        m->capacity = m->capacity ? m->capacity * 2 : 64;
        m->items    = realloc(m->items, m->capacity * sizeof(struct item *));
        out_of_memory_unless(m->items);
    }
    memmove(m->items + at + 1, m->items + at, (m->count - at) * sizeof(struct item *));
    m->items[at] = item;
    m->count++;
}

static void remove_at(struct memory_store *m, size_t at)
{
    free(m->items[at]);
    memmove(m->items + at, m->items + at + 1, (m->count - at - 1) * sizeof(struct item *));
    m->count--;
}

static void make_change(struct memory_store *m, const struct item_write *w)
{
    size_t at = lower_bound(m, w->item.pk, w->item.sk);
    const struct item *now = find(m, w->item.pk, w->item.sk);
    if (w->change == ITEM_CHECK)
        return;
    struct item *next =
        w->change == ITEM_DELETE ? NULL : item_new(&w->item, now ? now->version + 1 : 1);
    if (now)
        remove_at(m, at);
    if (next)
        insert_at(m, at, next);
}

static enum err memory_write(struct store *s, struct task *t, const struct item_write *writes,
                             size_t count)
{
    struct memory_store *m = (struct memory_store *)s;
    enum err e = OK;
    pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < count && !e; i++)
        e = check_change(t, m, &writes[i]);
    for (size_t i = 0; i < count && !e; i++)
        make_change(m, &writes[i]);
    pthread_mutex_unlock(&m->lock);
    return e;
}

static enum err memory_list(struct store *s, struct task *t, const struct store_query *query,
                            struct item **out, size_t *out_count)
{
    struct memory_store *m = (struct memory_store *)s;
    struct store_range range = store_query_range(t, query);
    pthread_mutex_lock(&m->lock);
    size_t low = lower_bound(m, query->pk, range.low), high = lower_bound(m, query->pk, range.high);
    size_t found = high > low ? high - low : 0;
    size_t count = found < (size_t)query->limit ? found : (size_t)query->limit;
    struct item *items = arena_array(t->arena, struct item, count);
    for (size_t i = 0; i < count; i++)
        items[i] = item_for_task(t, m->items[query->newest_first ? high - 1 - i : low + i]);
    pthread_mutex_unlock(&m->lock);
    *out       = items;
    *out_count = count;
    return OK;
}

static int compare_by_index(const struct item *a, const struct item *b)
{
    int order = strcmp(a->index_sk, b->index_sk);
    return order ? order : compare_keys(a->pk, a->sk, b->pk, b->sk);
}

static int ascending(const void *a, const void *b)
{
    return compare_by_index(*(struct item *const *)a, *(struct item *const *)b);
}

static int descending(const void *a, const void *b)
{
    return ascending(b, a);
}

static bool wanted_by(const struct store_index_query *query, const struct item *item)
{
    if (strcmp(item->index_pk, query->index_pk) != 0)
        return false;
    int order = query->after ? compare_by_index(item, query->after) : 0;
    return !query->after || (query->newest_first ? order < 0 : order > 0);
}

static enum err memory_list_index(struct store *s, struct task *t,
                                  const struct store_index_query *query, struct item **out,
                                  size_t *out_count)
{
    struct memory_store *m = (struct memory_store *)s;
    pthread_mutex_lock(&m->lock);
    struct item **found = arena_array(t->arena, struct item *, m->count);
    size_t count = 0;
    for (size_t i = 0; i < m->count; i++) {
        if (wanted_by(query, m->items[i]))
            found[count++] = m->items[i];
    }
    qsort(found, count, sizeof *found, query->newest_first ? descending : ascending);
    if (count > (size_t)query->limit)
        count = (size_t)query->limit;
    struct item *items = arena_array(t->arena, struct item, count);
    for (size_t i = 0; i < count; i++)
        items[i] = item_for_task(t, found[i]);
    pthread_mutex_unlock(&m->lock);
    *out       = items;
    *out_count = count;
    return OK;
}

static enum err memory_walk(struct store *s, struct task *t, const struct item *after,
                            int64_t limit, struct item **out, size_t *out_count)
{
    struct memory_store *m = (struct memory_store *)s;
    pthread_mutex_lock(&m->lock);
    size_t low = after ? lower_bound(m, after->pk, after->sk) : 0;
    if (after && find(m, after->pk, after->sk))
        low++;
    size_t count = m->count - low < (size_t)limit ? m->count - low : (size_t)limit;
    struct item *items = arena_array(t->arena, struct item, count);
    for (size_t i = 0; i < count; i++)
        items[i] = item_for_task(t, m->items[low + i]);
    pthread_mutex_unlock(&m->lock);
    *out       = items;
    *out_count = count;
    return OK;
}

static void memory_close(struct store *s)
{
    struct memory_store *m = (struct memory_store *)s;
    for (size_t i = 0; i < m->count; i++)
        free(m->items[i]);
    free(m->items);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

static const struct store_driver memory_driver = {
    .name       = "memory",
    .get        = memory_get,
    .write      = memory_write,
    .list       = memory_list,
    .list_index = memory_list_index,
    .walk       = memory_walk,
    .close      = memory_close,
};

enum err store_memory_open(struct task *t, struct store **out)
{
    (void)t;
    struct memory_store *m = calloc(1, sizeof *m);
    out_of_memory_unless(m);
    m->store.driver = &memory_driver;
    pthread_mutex_init(&m->lock, NULL);
    *out = &m->store;
    return OK;
}
