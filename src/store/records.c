/* Records to documents and back. Keys are made here and nowhere else. */
#include "store/records.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/log.h"
#include "base/text.h"

/* ---- keys ---- */

const char *project_pk(struct task *t, const char *project_id)
{
    return arena_format(t->arena, "PROJECT#%s", project_id);
}

static const char *scene_sk(struct task *t, int64_t sequence)
{
    return arena_format(t->arena, "SCENE#%03" PRId64, sequence);
}

int64_t scene_of_sk(const char *sk)
{
    return text_starts(sk, "SCENE#") ? strtoll(sk + strlen("SCENE#"), NULL, 10) : 0;
}

const char *job_sk(struct task *t, const char *kind, int64_t sequence, const char *hash)
{
    return arena_format(t->arena, "JOB#%s#%03" PRId64 "#%.16s", kind, sequence, hash);
}

static const char *cache_pk(struct task *t, const char *hash)
{
    return arena_format(t->arena, "CACHE#%s", hash);
}

/* ---- reading ---- */

bool record_was_illegible(const struct task *t)
{
    return t->fault.code == ERR_INTERNAL && t->fault.house;
}

enum err record_decode(struct task *t, const struct item *item, const struct field *fields,
                       void *out, const char **newer)
{
    enum err e = fields_decode_record(t, fields, item->document, out, newer);
    if (!e)
        return OK;
    const char *why = arena_copy(t->arena, t->fault.message);
    e = fail(t, ERR_INTERNAL, "the record %s %s cannot be read: %s", item->pk, item->sk, why);
    t->fault.house = true;
    return e;
}

bool record_is_legible(struct task *t, const struct item *item, const struct field *fields,
                       void *out, const char **newer)
{
    struct fault before = t->fault;
    if (record_decode(t, item, fields, out, newer) == OK)
        return true;
    log_line(LOG_WARN, t, "a record is left out", "why=\"%s\"", t->fault.message);
    t->fault = before;
    return false;
}

enum err project_load(struct store *s, struct task *t, const char *project_id, struct project *out)
{
    struct item item;
    enum err e = store_get(s, t, project_pk(t, project_id), "METADATA", &item);
    if (e == ERR_NOT_FOUND)
        return refuse(t, e, "storyreel project list shows what there is", "there is no project %s",
                      project_id);
    if (e)
        return e;
    e = record_decode(t, &item, project_fields, out, &out->newer);
    out->version = item.version;
    return e;
}

enum err scene_load(struct store *s, struct task *t, const char *project_id, int64_t sequence,
                    struct scene *out)
{
    struct item item;
    enum err e = store_get(s, t, project_pk(t, project_id), scene_sk(t, sequence), &item);
    if (e == ERR_NOT_FOUND)
        return refuse(t, e, "storyreel project show lists the scenes", "there is no scene %" PRId64,
                      sequence);
    if (e)
        return e;
    e = record_decode(t, &item, scene_fields, out, &out->newer);
    out->version = item.version;
    return e;
}

enum err job_load(struct store *s, struct task *t, const char *project_id, const char *sk,
                  struct job *out)
{
    struct item item;
    enum err e = store_get(s, t, project_pk(t, project_id), sk, &item);
    if (e)
        return e;
    e = record_decode(t, &item, job_fields, out, &out->newer);
    out->version = item.version;
    return e;
}

enum err cached_load(struct store *s, struct task *t, const char *hash, struct cached *out)
{
    struct item item;
    enum err e = store_get(s, t, cache_pk(t, hash), "ARTIFACT", &item);
    if (e)
        return e;
    return record_decode(t, &item, cached_fields, out, NULL);
}

/* Of records that are never changed no version is kept (0), and of those that are never written
 * again nothing that is newer. */
struct shape {
    const struct field *fields;
    size_t size, version_offset, newer_offset;
};
#define NEWER(type) offsetof(struct type, newer)
#define VERSION(type) offsetof(struct type, version)
static const struct shape scene_shape = { scene_fields, sizeof(struct scene), VERSION(scene),
                                          NEWER(scene) };
static const struct shape job_shape = { job_fields, sizeof(struct job), VERSION(job), NEWER(job) };
static const struct shape take_shape = { take_fields, sizeof(struct take), 0, NEWER(take) };
static const struct shape film_cut_shape = { film_cut_fields, sizeof(struct film_cut), 0, 0 };

/* Every item of a project whose sort key starts with `prefix`, decoded into an array of `size`d
 * structs. */
static enum err load_all(struct store *s, struct task *t, const char *project_id,
                         const char *prefix, const struct shape *shape, void **out,
                         size_t *out_count)
{
    struct store_query query = { .pk = project_pk(t, project_id),
                                 .sk_prefix = prefix,
                                 .after_sk = "" };
    struct item *items;
    size_t count;
    enum err e = store_list(s, t, &query, &items, &count);
    if (e)
        return e;
    char *records = arena_alloc(t->arena, count * shape->size);
    for (size_t i = 0; i < count; i++) {
        char *record = records + i * shape->size;
        const char *newer;
        e = record_decode(t, &items[i], shape->fields, record, &newer);
        if (e)
            return e;
        if (shape->version_offset)
            *(int64_t *)(record + shape->version_offset) = items[i].version;
        if (shape->newer_offset)
            *(const char **)(record + shape->newer_offset) = newer;
    }
    *out = records;
    *out_count = count;
    return OK;
}

static int by_display_sequence(const void *a, const void *b)
{
    const struct scene *x = a, *y = b;
    if (x->display_sequence != y->display_sequence)
        return x->display_sequence < y->display_sequence ? -1 : 1;
    return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

#define NOWHERE INT64_MAX

/* Places in the order by sequence. Projects of older programs may have none: then by number. */
static void set_display_sequences(const struct project *p, struct scene *scenes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool by_number = p->order_count == 0 && scenes[i].sequence < p->next_sequence;
        scenes[i].display_sequence = by_number ? scenes[i].sequence : NOWHERE;
    }
    for (size_t place = 0; place < p->order_count; place++) {
        for (size_t i = 0; i < count; i++) {
            if (scenes[i].sequence == p->order[place])
                scenes[i].display_sequence = (int64_t)place;
        }
    }
}

enum err scenes_load(struct store *s, struct task *t, const struct project *p, struct scene **out,
                     size_t *out_count)
{
    void *records;
    size_t all, count = 0;
    enum err e = load_all(s, t, p->project_id, "SCENE#", &scene_shape, &records, &all);
    if (e)
        return e;
    struct scene *scenes = records;
    set_display_sequences(p, scenes, all);
    for (size_t i = 0; i < all; i++) {
        if (scenes[i].display_sequence != NOWHERE)
            scenes[count++] = scenes[i];
    }
    if (count > 0)
        qsort(scenes, count, sizeof *scenes, by_display_sequence);
    for (size_t i = 0; i < count; i++)
        scenes[i].display_sequence = (int64_t)i + 1;
    *out = scenes;
    *out_count = count;
    return OK;
}

enum err takes_load(struct store *s, struct task *t, const char *project_id, int64_t sequence,
                    struct take **out, size_t *out_count)
{
    void *records;
    const char *prefix = arena_format(t->arena, "TAKE#%03" PRId64 "#", sequence);
    enum err e = load_all(s, t, project_id, prefix, &take_shape, &records, out_count);
    if (e)
        return e;
    *out = records;
    return OK;
}

enum err jobs_load(struct store *s, struct task *t, const char *project_id, struct job **out,
                   size_t *out_count)
{
    void *records;
    enum err e = load_all(s, t, project_id, "JOB#", &job_shape, &records, out_count);
    if (e)
        return e;
    *out = records;
    return OK;
}

static int newest_cut_first(const void *a, const void *b)
{
    const struct film_cut *x = a, *y = b;
    return strcmp(y->made_at, x->made_at);
}

enum err film_cuts_load(struct store *s, struct task *t, const char *project_id,
                        struct film_cut **out, size_t *out_count)
{
    void *records;
    enum err e = load_all(s, t, project_id, "CUT#", &film_cut_shape, &records, out_count);
    if (e)
        return e;
    qsort(records, *out_count, sizeof(struct film_cut), newest_cut_first);
    *out = records;
    return OK;
}

static int newest_first(const void *a, const void *b)
{
    const struct project *x = a, *y = b;
    int order = strcmp(y->created_at, x->created_at);
    return order ? order : strcmp(y->project_id, x->project_id);
}

enum err projects_load(struct store *s, struct task *t, int status, struct project **out,
                       size_t *out_count)
{
    struct project *projects = NULL;
    size_t count = 0, capacity = 0;
    for (int one = PROJECT_PENDING; one <= PROJECT_FAILED; one++) {
        if (status && status != one)
            continue;
        struct store_index_query query = { .index_pk = project_status_names[one],
                                           .newest_first = true };
        struct item *items;
        size_t found;
        enum err e = store_list_index(s, t, &query, &items, &found);
        for (size_t i = 0; i < found && !e; i++) {
            struct project p;
            if (!record_is_legible(t, &items[i], project_fields, &p, &p.newer))
                continue;
            p.version = items[i].version;
            array_push(t->arena, projects, count, capacity, p);
        }
        if (e)
            return e;
    }
    if (count > 0)
        qsort(projects, count, sizeof *projects, newest_first);
    *out = projects;
    *out_count = count;
    return OK;
}

/* ---- a page of projects ---- */

/*
 * A cursor is where the page before ended: the status listed ('0' for all), createdAt without its
 * punctuation, the project's id: "120310501T120000000Z01J...". All four statuses are lists in the
 * same order, so one position serves to go on in each.
 */
enum { PAGE_MAX = 100, STAMP_BYTES = 19, ID_BYTES = 26, CURSOR_BYTES = 1 + STAMP_BYTES + ID_BYTES };
static const char time_form[] = "dddd-dd-ddTdd:dd:dd.dddZ"; /* d: a digit */

static enum err refuse_cursor(struct task *t)
{
    return fail_at(t,
                   refuse(t, ERR_INVALID, "leave it out to begin with the newest",
                          "the cursor is none that this listing gave"),
                   "cursor");
}

static char *cursor_write(struct task *t, int status, const struct item *last)
{
    struct text out = text_new(t->arena);
    text_printf(&out, "%d", status);
    for (const char *p = last->index_sk; *p; p++) {
        if (!strchr("-:.", *p))
            text_append_n(&out, p, 1);
    }
    text_append(&out, last->pk + strlen("PROJECT#"));
    return text_end(&out);
}

/* The time with its punctuation put back; NULL when it is no time. */
static const char *cursor_time(struct task *t, const char *stamp)
{
    struct text out = text_new(t->arena);
    for (const char *form = time_form; *form; form++) {
        if (strchr("-:.", *form)) {
            text_append_n(&out, form, 1);
            continue;
        }
        bool fits = *form == 'd' ? *stamp >= '0' && *stamp <= '9' : *stamp == *form;
        if (!fits)
            return NULL;
        text_append_n(&out, stamp++, 1);
    }
    return text_end(&out);
}

static enum err cursor_read(struct task *t, const char *cursor, int status, struct item *out)
{
    const char *id = cursor + 1 + STAMP_BYTES;
    bool sound = strlen(cursor) == CURSOR_BYTES && cursor[0] == '0' + status && ulid_is(id);
    const char *time = sound ? cursor_time(t, cursor + 1) : NULL;
    if (!time)
        return refuse_cursor(t);
    *out = (struct item){ .pk = project_pk(t, id), .sk = "METADATA", .index_sk = time };
    return OK;
}

/* The projects of one status, newest first, fetched some at a time as the merge uses them up. */
struct run {
    const char *status;
    struct item *items;
    size_t count, next;
    bool ended;
    struct item after; /* the last one fetched, or where the page begins; pk NULL: at the newest */
};

static enum err run_fetch(struct store *s, struct task *t, struct run *r, int64_t limit)
{
    struct store_index_query query = {
        .index_pk = r->status, .limit = limit, .newest_first = true
    };
    if (r->after.pk)
        query.after = &r->after;
    enum err e = store_list_index(s, t, &query, &r->items, &r->count);
    if (e)
        return e;
    r->next = 0;
    r->ended = r->count < (size_t)limit;
    if (r->count > 0)
        r->after = r->items[r->count - 1];
    return OK;
}

static bool is_newer(const struct item *a, const struct item *b)
{
    int order = strcmp(a->index_sk, b->index_sk);
    return order ? order > 0 : strcmp(a->pk, b->pk) > 0;
}

/* The next in order over all runs; NULL when all have ended. */
static enum err run_pop(struct store *s, struct task *t, struct run *runs, size_t run_count,
                        int64_t limit, const struct item **out)
{
    struct run *newest = NULL;
    for (size_t i = 0; i < run_count; i++) {
        struct run *r = &runs[i];
        enum err e = r->next == r->count && !r->ended ? run_fetch(s, t, r, limit) : OK;
        if (e)
            return e;
        if (r->next < r->count &&
            (!newest || is_newer(&r->items[r->next], &newest->items[newest->next])))
            newest = r;
    }
    *out = newest ? &newest->items[newest->next++] : NULL;
    return OK;
}

/* Up to limit + 1 items: the one too many tells that there is another page. */
static enum err page_items(struct store *s, struct task *t, int status, int64_t limit,
                           const struct item *after, const struct item **out, size_t *out_count)
{
    struct run runs[PROJECT_FAILED];
    size_t run_count = 0;
    for (int one = PROJECT_PENDING; one <= PROJECT_FAILED; one++) {
        if (!status || status == one)
            runs[run_count++] = (struct run){ .status = project_status_names[one],
                                              .after = after ? *after : (struct item){ 0 } };
    }
    int64_t some = limit / (int64_t)run_count + 1;
    for (*out_count = 0; *out_count <= (size_t)limit; (*out_count)++) {
        enum err e = run_pop(s, t, runs, run_count, some, &out[*out_count]);
        if (e || !out[*out_count])
            return e;
    }
    return OK;
}

enum err projects_page(struct store *s, struct task *t, int status, int64_t limit,
                       const char *cursor, struct project **out, size_t *out_count,
                       const char **next_cursor)
{
    struct item after;
    const struct item *items[PAGE_MAX + 2];
    size_t count;
    if (limit < 1 || limit > PAGE_MAX)
        return fail_at(t,
                       refuse(t, ERR_INVALID, "use 1 to 100", "a page of %" PRId64 " cannot be had",
                              limit),
                       "limit");
    enum err e = *cursor ? cursor_read(t, cursor, status, &after) : OK;
    if (!e)
        e = page_items(s, t, status, limit, *cursor ? &after : NULL, items, &count);
    if (e)
        return e;
    bool more = count > (size_t)limit;
    count = more ? (size_t)limit : count;
    struct project *page = arena_array(t->arena, struct project, count);
    *out = page;
    *out_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct project *p = &page[*out_count];
        if (!record_is_legible(t, items[i], project_fields, p, &p->newer))
            continue;
        p->version = items[i]->version;
        (*out_count)++;
    }
    *next_cursor = more ? cursor_write(t, status, items[count - 1]) : "";
    return OK;
}

/* ---- writing ---- */

static struct item_write write_of(int64_t version, struct item item)
{
    item.version = version;
    return (struct item_write){ .change = version ? ITEM_UPDATE : ITEM_CREATE, .item = item };
}

struct item_write project_write(struct task *t, const struct project *p)
{
    return write_of(p->version,
                    (struct item){
                        .pk = project_pk(t, p->project_id),
                        .sk = "METADATA",
                        .index_pk = project_status_names[p->status],
                        .index_sk = p->created_at,
                        .document = fields_encode_record(t->arena, project_fields, p, p->newer),
                    });
}

struct item_write scene_write(struct task *t, const char *project_id, const struct scene *s)
{
    return write_of(s->version,
                    (struct item){
                        .pk = project_pk(t, project_id),
                        .sk = scene_sk(t, s->sequence),
                        .index_pk = "",
                        .index_sk = "",
                        .document = fields_encode_record(t->arena, scene_fields, s, s->newer),
                    });
}

struct item_write take_write(struct task *t, const char *project_id, const struct take *k)
{
    return write_of(
        0, (struct item){
               .pk = project_pk(t, project_id),
               .index_pk = "",
               .index_sk = "",
               .sk = arena_format(t->arena, "TAKE#%03" PRId64 "#%04" PRId64, k->sequence, k->take),
               .document = fields_encode_record(t->arena, take_fields, k, k->newer),
           });
}

struct item_write job_write(struct task *t, const struct job *j)
{
    return write_of(j->version,
                    (struct item){
                        .pk = project_pk(t, j->project_id),
                        .sk = job_sk(t, j->kind, j->sequence, j->hash),
                        .index_pk = "",
                        .index_sk = "",
                        .document = fields_encode_record(t->arena, job_fields, j, j->newer),
                    });
}

struct item_write film_cut_write(struct task *t, const char *project_id, const struct film_cut *c)
{
    return (struct item_write){ .change = ITEM_PUT,
                                .item = {
                                    .pk = project_pk(t, project_id),
                                    .sk = arena_format(t->arena, "CUT#%s", c->hash),
                                    .index_pk = "",
                                    .index_sk = "",
                                    .document = fields_encode_text(t->arena, film_cut_fields, c),
                                } };
}

struct item_write cached_write(struct task *t, const char *hash, const struct cached *c)
{
    return (struct item_write){ .change = ITEM_PUT,
                                .item = {
                                    .pk = cache_pk(t, hash),
                                    .sk = "ARTIFACT",
                                    .index_pk = "",
                                    .index_sk = "",
                                    .document = fields_encode_text(t->arena, cached_fields, c),
                                } };
}
