/*
 * Three walks: the files; the records, those of films themselves after all others; and all records
 * once more, to compare. A page of records or of files, and each file, has a task of its own, so
 * that memory does not grow with the house.
 */
#include "flow/moving.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "store/records.h"

enum { PAGE = 200, PAGE_FILES = 1000 }; /* of records; of files */

struct move {
    const struct place *from, *to;
    moving_progress *progress;
    void *context;
    struct moved *so_far;
};

static void tell(const struct move *m)
{
    if (m->progress)
        m->progress(m->context, m->so_far);
}

/* A task for a part of the work, under the deadline and cancelling of the whole. */
static void part_begin(struct task *part, const struct task *whole)
{
    task_init(part, whole->id);
    part->clock = whole->clock;
    part->deadline_us = whole->deadline_us;
    part->cancelled = whole->cancelled;
}

static enum err part_end(struct task *part, struct task *whole, enum err e)
{
    if (e)
        whole->fault = part->fault;
    task_done(part);
    return e;
}

/* ---- files ---- */

static enum err check_file(const struct move *m, struct task *t, const char *key, int source)
{
    scoped(fd) int copy = -1;
    char here[HASH_TEXT_BYTES], there[HASH_TEXT_BYTES];
    int64_t bytes;
    enum err e = blob_open(m->to->blobs, t, key, &copy);
    if (!e)
        e = hash_file(t, source, here, &bytes);
    if (!e)
        e = hash_file(t, copy, there, &bytes);
    if (!e && !text_equal(here, there))
        e = fail(t, ERR_INTERNAL, "the file %s is not at its destination what it is here", key);
    return e;
}

/* Which file it was, as a draft has no name. */
static enum err name_full(struct task *t, enum err e, const char *key)
{
    const char *why = arena_copy(t->arena, t->fault.message);
    if (e != ERR_FULL)
        return e;
    return refuse(t, e, "make room there and run the copy again: what was copied stays",
                  "there is no room for %s: %s", key, why);
}

static enum err copy_file(const struct move *m, struct task *t, const char *key)
{
    scoped(fd) int source = -1;
    scoped(draft) struct draft draft = draft_none();
    enum err e = blob_open(m->from->blobs, t, key, &source);
    if (!e)
        e = blob_draft(m->to->blobs, t, &draft);
    if (!e)
        e = file_copy(t, source, draft.fd);
    if (!e)
        e = blob_put(m->to->blobs, t, key, &draft);
    return e ? name_full(t, e, key) : check_file(m, t, key, source);
}

static enum err move_file(const struct move *m, struct task *whole, const struct blob_info *file)
{
    struct task t;
    struct blob_info there;
    part_begin(&t, whole);
    enum err e = blob_stat(m->to->blobs, &t, file->key, &there);
    bool same = !e && there.bytes == file->bytes;
    if (!e && !same)
        e = fail(&t, ERR_CONFLICT, "the file %s is at its destination and differs", file->key);
    if (e == ERR_NOT_FOUND)
        e = copy_file(m, &t, file->key);
    m->so_far->files_there += same;
    m->so_far->files += !e && !same;
    m->so_far->bytes += !e && !same ? file->bytes : 0;
    return part_end(&t, whole, e);
}

/* The last key of the page in `after`, in the whole's arena; *ended on an empty page. */
static enum err move_page(const struct move *m, struct task *whole, const char **after, bool *ended)
{
    struct task t;
    struct blob_info *files;
    size_t count = 0;
    part_begin(&t, whole);
    enum err e = blob_walk(m->from->blobs, &t, *after, PAGE_FILES, &files, &count);
    for (size_t i = 0; i < count && !e; i++) {
        e = move_file(m, &t, &files[i]);
        tell(m);
    }
    if (!e && count)
        *after = arena_copy(whole->arena, files[count - 1].key);
    *ended = count == 0;
    return part_end(&t, whole, e);
}

static enum err move_files(const struct move *m, struct task *t)
{
    const char *after = "";
    bool ended = false;
    enum err e = OK;
    while (!e && !ended)
        e = move_page(m, t, &after, &ended);
    return e;
}

/* ---- records ---- */

/* Of this house alone: news between its processes, and who looks after it now. */
static bool stays(const struct item *item)
{
    return text_starts(item->pk, "CHANGES#") || text_starts(item->pk, "LEASE#");
}

static bool is_film(const struct item *item)
{
    return text_starts(item->pk, "PROJECT#") && text_equal(item->sk, "METADATA");
}

static bool same_json(const json_t *a, const json_t *b);

static bool same_members(const json_t *a, const json_t *b)
{
    const char *name;
    json_t *member;
    if (json_object_size(a) != json_object_size(b))
        return false;
    json_object_foreach((json_t *)a, name, member) {
        if (!same_json(member, json_object_get(b, name)))
            return false;
    }
    return true;
}

static bool same_elements(const json_t *a, const json_t *b)
{
    size_t i;
    json_t *element;
    if (json_array_size(a) != json_array_size(b))
        return false;
    json_array_foreach(a, i, element) {
        if (!same_json(element, json_array_get(b, i)))
            return false;
    }
    return true;
}

/* 2 and 2.0 are one number. */
static bool same_json(const json_t *a, const json_t *b)
{
    if (json_is_integer(a) && json_is_integer(b))
        return json_integer_value(a) == json_integer_value(b);
    if (json_is_number(a) && json_is_number(b))
        return fabs(json_number_value(a) - json_number_value(b)) <= 0;
    if (json_is_object(a) && json_is_object(b))
        return same_members(a, b);
    if (json_is_array(a) && json_is_array(b))
        return same_elements(a, b);
    return json_equal(a, b);
}

static bool same_record(const struct item *a, const struct item *b)
{
    scoped(json) json_t *one = json_loads(a->document, 0, NULL);
    scoped(json) json_t *other = json_loads(b->document, 0, NULL);
    return text_equal(a->index_pk, b->index_pk) && text_equal(a->index_sk, b->index_sk) &&
           same_json(one, other);
}

typedef enum err each_record(const struct move *m, struct task *t, const struct item *item);

static enum err write_record(const struct move *m, struct task *t, const struct item *item)
{
    struct item there;
    enum err e = store_get(m->to->store, t, item->pk, item->sk, &there);
    if (!e && !same_record(item, &there))
        return fail(t, ERR_CONFLICT, "the record %s %s is at its destination and differs", item->pk,
                    item->sk);
    m->so_far->records_there += !e;
    if (e != ERR_NOT_FOUND)
        return e;
    e = store_write(m->to->store, t, &(struct item_write){ ITEM_CREATE, *item }, 1);
    m->so_far->records += !e;
    return e;
}

static enum err write_part(const struct move *m, struct task *t, const struct item *item)
{
    return is_film(item) ? OK : write_record(m, t, item);
}

static enum err write_film(const struct move *m, struct task *t, const struct item *item)
{
    return is_film(item) ? write_record(m, t, item) : OK;
}

static enum err check_record(const struct move *m, struct task *t, const struct item *item)
{
    struct item there;
    enum err e = store_get(m->to->store, t, item->pk, item->sk, &there);
    if (e == ERR_NOT_FOUND || (!e && !same_record(item, &there)))
        return fail(t, ERR_INTERNAL, "the record %s %s is not at its destination what it is here",
                    item->pk, item->sk);
    return e;
}

/* The last one of the page in `after`, in the whole's arena; *ended on an empty page. */
static enum err walk_page(const struct move *m, struct task *whole, each_record *each,
                          struct item *after, bool *ended)
{
    struct task t;
    struct item *items;
    size_t count = 0;
    part_begin(&t, whole);
    enum err e = store_walk(m->from->store, &t, after->pk ? after : NULL, PAGE, &items, &count);
    for (size_t i = 0; i < count && !e; i++)
        e = stays(&items[i]) ? OK : each(m, &t, &items[i]);
    if (!e && count)
        *after = (struct item){ .pk = arena_copy(whole->arena, items[count - 1].pk),
                                .sk = arena_copy(whole->arena, items[count - 1].sk) };
    *ended = count == 0;
    return part_end(&t, whole, e);
}

static enum err walk(const struct move *m, struct task *t, each_record *each)
{
    struct item after = { 0 };
    bool ended = false;
    enum err e = OK;
    while (!e && !ended) {
        e = walk_page(m, t, each, &after, &ended);
        tell(m);
    }
    return e;
}

static enum err check_quiet(const struct move *m, struct task *t)
{
    struct item *busy;
    size_t count;
    const struct store_index_query query = {
        .index_pk = project_status_names[PROJECT_PROCESSING], .limit = 1
    };
    enum err e = store_list_index(m->from->store, t, &query, &busy, &count);
    if (e || count == 0)
        return e;
    scoped(json) json_t *film = json_loads(busy->document, 0, NULL);
    const char *title = json_string_value(json_object_get(film, "title"));
    return refuse(t, ERR_CONFLICT, "wait until it is done, or cancel it",
                  "the film \"%s\" is being made", title ? title : "");
}

enum err move_all(struct task *t, const struct place *from, const struct place *to,
                  moving_progress *progress, void *context, struct moved *so_far)
{
    const struct move m = { from, to, progress, context, so_far };
    *so_far = (struct moved){ 0 };
    enum err e = check_quiet(&m, t);
    if (!e)
        e = move_files(&m, t);
    if (!e)
        e = walk(&m, t, write_part);
    if (!e)
        e = walk(&m, t, write_film);
    return e ? e : walk(&m, t, check_record);
}
