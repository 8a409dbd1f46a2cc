/* What names a file is found by its key in the project's documents, whatever kind of record it is:
 * a kind that is added later is asked too. */
#include "flow/leftovers.h"

#include <string.h>

#include "base/id.h"
#include "base/text.h"

static const char note_sk[] = "NOTE", note_index[] = "LEFTOVER";

static const struct field leftover_fields[] = {
    FIELD_TEXT(struct leftover, id, "id", .required = true, .bytes_max = 64),
    FIELD_TEXT(struct leftover, project_id, "projectId", .required = true, .bytes_max = 64),
    FIELD_TEXTS(struct leftover, keys, key_count, "keys", .bytes_max = KEY_BYTES_MAX),
    FIELD_TEXT(struct leftover, created_at, "createdAt", .required = true, .bytes_max = 64),
    FIELDS_END
};

const char *project_folder(struct task *t, const char *project_id)
{
    return arena_format(t->arena, "mv/projects/%s/", project_id);
}

void leftover_add(struct task *t, struct leftover *l, const char *key)
{
    l->keys = arena_grow(t->arena, l->keys, l->key_count * sizeof *l->keys,
                         (l->key_count + 1) * sizeof *l->keys);
    l->keys[l->key_count++] = key;
}

struct leftover leftover_new(struct task *t, const char *project_id)
{
    return (struct leftover){
        .id = ulid_new(t),
        .project_id = project_id,
        .created_at = time_iso8601(t->arena, clock_wall_us(t->clock)),
    };
}

static const char *note_pk(struct task *t, const struct leftover *l)
{
    return arena_format(t->arena, "LEFTOVER#%s", l->id);
}

struct item_write leftover_write(struct task *t, const struct leftover *l)
{
    return (struct item_write){
        .change = ITEM_CREATE,
        .item = { .pk = note_pk(t, l),
                  .sk = note_sk,
                  .index_pk = note_index,
                  .index_sk = l->created_at,
                  .document = fields_encode_text(t->arena, leftover_fields, l) },
    };
}

/* Notes are never changed, so the version is always the first. */
struct item_write leftover_gone(struct task *t, const struct leftover *l)
{
    return (struct item_write){ .change = ITEM_DELETE,
                                .item = { .pk = note_pk(t, l), .sk = note_sk, .version = 1 } };
}

enum err leftover_save(const struct flow *f, struct task *t, const struct leftover *l)
{
    struct item_write note = leftover_write(t, l);
    return store_write(f->store, t, &note, 1);
}

/* ---- clearing ---- */

struct partition {
    struct item *items;
    size_t count;
    bool has_project;
};

static enum err partition_load(const struct flow *f, struct task *t, const char *project_id,
                               struct partition *out)
{
    struct store_query query = { .pk = project_pk(t, project_id), .sk_prefix = "", .after_sk = "" };
    *out = (struct partition){ 0 };
    enum err e = store_list(f->store, t, &query, &out->items, &out->count);
    for (size_t i = 0; i < out->count && !e; i++)
        out->has_project |= text_equal(out->items[i].sk, "METADATA");
    return e;
}

static bool is_named(const struct partition *p, const char *key)
{
    for (size_t i = 0; i < p->count; i++) {
        if (strstr(p->items[i].document, key))
            return true;
    }
    return false;
}

static enum err remove_items(const struct flow *f, struct task *t, const struct item *items,
                             size_t count)
{
    struct item_write gone[STORE_WRITES_MAX];
    enum err e = OK;
    for (size_t i = 0, some = 0; i < count && !e; i++) {
        gone[some++] = (struct item_write){ .change = ITEM_DELETE, .item = items[i] };
        if (some < STORE_WRITES_MAX && i + 1 < count)
            continue;
        e = store_write(f->store, t, gone, some);
        some = 0;
    }
    return e;
}

static bool is_in_order(const struct project *p, int64_t sequence)
{
    for (size_t i = 0; i < p->order_count; i++) {
        if (p->order[i] == sequence)
            return true;
    }
    return p->order_count == 0;
}

/* Numbers that were given out and that the order does not name. Those from the next one on are a
 * plan's that is just being written. */
static enum err remove_replaced(const struct flow *f, struct task *t, const struct leftover *l,
                                const struct partition *all)
{
    struct project p;
    struct item *gone = arena_array(t->arena, struct item, all->count);
    size_t count = 0;
    enum err e = project_load(f->store, t, l->project_id, &p);
    for (size_t i = 0; i < all->count && !e; i++) {
        int64_t sequence = scene_of_sk(all->items[i].sk);
        if (sequence > 0 && sequence < p.next_sequence && !is_in_order(&p, sequence))
            gone[count++] = all->items[i];
    }
    return e ? e : remove_items(f, t, gone, count);
}

static enum err remove_blobs(const struct flow *f, struct task *t, const char *prefix,
                             const struct partition *p)
{
    struct blob_info one = { .key = prefix }, *blobs = &one;
    size_t count = 1, gone_count = 0;
    enum err e = text_ends(prefix, "/") ? blob_list(f->blobs, t, prefix, &blobs, &count) : OK;
    if (e)
        return e;
    const char **gone = arena_array(t->arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        if (!p->has_project || !is_named(p, blobs[i].key))
            gone[gone_count++] = blobs[i].key;
    }
    return blob_remove_all(f->blobs, t, gone, gone_count);
}

enum err leftover_clear(const struct flow *f, struct task *t, const struct leftover *l)
{
    struct partition p;
    struct item_write gone = leftover_gone(t, l);
    enum err e = partition_load(f, t, l->project_id, &p);
    if (!e && !p.has_project)
        e = remove_blobs(f, t, project_folder(t, l->project_id), &p);
    for (size_t i = 0; i < l->key_count && p.has_project && !e; i++)
        e = remove_blobs(f, t, l->keys[i], &p);
    if (!e)
        e = p.has_project ? remove_replaced(f, t, l, &p) : remove_items(f, t, p.items, p.count);
    if (!e)
        e = store_write(f->store, t, &gone, 1);
    return e == ERR_CONFLICT ? OK : e; /* someone else cleared it at the same time */
}

enum err leftover_undo(const struct flow *f, struct task *t, const struct leftover *l, enum err why)
{
    struct fault fault = t->fault;
    enum err cleared = leftover_clear(f, t, l);
    (void)cleared; /* if that failed too, the sweep does it later */
    t->fault = fault;
    return why;
}

enum err leftovers_sweep(const struct flow *f, struct task *t, int64_t older_than_us)
{
    const char *before = time_iso8601(t->arena, clock_wall_us(t->clock) - older_than_us);
    struct store_index_query query = { .index_pk = note_index };
    struct item *items;
    size_t count;
    enum err e = store_list_index(f->store, t, &query, &items, &count);
    for (size_t i = 0; i < count && !e && strcmp(items[i].index_sk, before) <= 0; i++) {
        struct leftover l;
        const char *text = items[i].document;
        e = fields_decode_record(t, leftover_fields, text, &l, NULL);
        if (!e)
            e = leftover_clear(f, t, &l);
    }
    return e;
}
