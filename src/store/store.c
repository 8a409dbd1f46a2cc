/*
 * The front door: everything the header promises about arguments is checked here once, so that a
 * driver sees only well-formed keys, real JSON and limits it can keep.
 */
#include "store/store_driver.h"

#include <jansson.h>
#include <string.h>

#include "base/fields.h"
#include "base/text.h"

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static bool key_fits(const char *key)
{
    size_t bytes = strlen(key);
    return bytes <= KEY_BYTES_MAX && text_is_clean_utf8(key, bytes) && !strpbrk(key, "\t\r\n");
}

static enum err check_text(struct task *t, const char *what, const char *text)
{
    return key_fits(text)
               ? OK
               : fail(t, ERR_INVALID, "the %s of a record must be at most %d bytes of plain text",
                      what, KEY_BYTES_MAX);
}

static enum err check_key(struct task *t, const char *what, const char *key)
{
    return key && *key ? check_text(t, what, key)
                       : fail(t, ERR_INVALID, "the %s of a record is empty", what);
}

static enum err check_keys(struct task *t, const char *pk, const char *sk)
{
    enum err e = check_key(t, "partition key", pk);
    return e ? e : check_key(t, "sort key", sk);
}

static size_t item_bytes(const struct item *item)
{
    return strlen(item->pk) + strlen(item->sk) + strlen(item->index_pk) + strlen(item->index_sk) +
           strlen(item->document);
}

static enum err check_document(struct task *t, const struct item *item)
{
    if (item_bytes(item) > RECORD_BYTES_MAX)
        return fail(t, ERR_LIMIT, "the record %s %s is %zu bytes; at most %d are kept", item->pk,
                    item->sk, item_bytes(item), RECORD_BYTES_MAX);
    json_error_t where;
    scoped(json) json_t *document = json_loads(item->document, JSON_REJECT_DUPLICATES, &where);
    if (!json_is_object(document))
        return fail(t, ERR_INVALID, "the record %s %s is not a JSON object: %s", item->pk, item->sk,
                    document ? "it is another kind of value" : where.text);
    return OK;
}

static bool change_has_document(enum item_change change)
{
    return change == ITEM_CREATE || change == ITEM_UPDATE || change == ITEM_PUT;
}

static bool change_has_version(enum item_change change)
{
    return change == ITEM_UPDATE || change == ITEM_DELETE || change == ITEM_CHECK;
}

static enum err check_write(struct task *t, const struct item_write *w)
{
    const struct item *item = &w->item;
    if (w->change < ITEM_CREATE || w->change > ITEM_CHECK)
        return fail(t, ERR_INVALID, "there is no such change to a record: %d", (int)w->change);
    enum err e = check_keys(t, item->pk, item->sk);
    if (e)
        return e;
    if (change_has_version(w->change) && item->version < 1)
        return fail(t, ERR_INVALID, "a change of the record %s %s must name its version", item->pk,
                    item->sk);
    if (!change_has_document(w->change))
        return OK;
    e = check_text(t, "index key", item->index_pk);
    if (!e)
        e = check_text(t, "index sort key", item->index_sk);
    return e ? e : check_document(t, item);
}

/* The write as a driver wants it: no NULL, and nothing that its change does not use. */
static struct item_write tidy_write(const struct item_write *w)
{
    struct item_write tidy = { .change = w->change,
                               .item = { .pk = w->item.pk, .sk = w->item.sk } };
    struct item *item = &tidy.item;
    bool carries = change_has_document(w->change), indexed = carries && *or_empty(w->item.index_pk);
    item->version  = w->item.version;
    item->index_pk = indexed ? w->item.index_pk : "";
    item->index_sk = indexed ? or_empty(w->item.index_sk) : "";
    item->document = carries ? or_empty(w->item.document) : "";
    return tidy;
}

static enum err check_distinct(struct task *t, const struct item_write *writes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            const struct item *a = &writes[i].item, *b = &writes[j].item;
            if (text_equal(a->sk, b->sk) && text_equal(a->pk, b->pk))
                return fail(t, ERR_INVALID, "the record %s %s is changed twice at once", a->pk,
                            a->sk);
        }
    }
    return OK;
}

static enum err check_writes(struct task *t, const struct item_write *writes, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        enum err e = check_write(t, &writes[i]);
        if (e)
            return e;
        bytes += item_bytes(&writes[i].item);
    }
    if (bytes > STORE_WRITE_BYTES_MAX)
        return fail(t, ERR_LIMIT, "%zu bytes change at once; at most %d may", bytes,
                    STORE_WRITE_BYTES_MAX);
    return check_distinct(t, writes, count);
}

enum err store_write(struct store *s, struct task *t, const struct item_write *writes, size_t count)
{
    if (count > STORE_WRITES_MAX)
        return fail(t, ERR_LIMIT, "%zu records change at once; at most %d may", count,
                    STORE_WRITES_MAX);
    struct item_write *tidy = arena_array(t->arena, struct item_write, count);
    for (size_t i = 0; i < count; i++)
        tidy[i] = tidy_write(&writes[i]);
    enum err e = check_writes(t, tidy, count);
    if (!e)
        e = task_over(t);
    if (e || count == 0)
        return e;
    return s->driver->write(s, t, tidy, count);
}

enum err store_get(struct store *s, struct task *t, const char *pk, const char *sk,
                   struct item *out)
{
    enum err e = check_keys(t, pk, sk);
    if (!e)
        e = task_over(t);
    return e ? e : s->driver->get(s, t, pk, sk, out);
}

static int64_t limit_of(int64_t asked)
{
    return asked <= 0 || asked > LIST_ITEMS_MAX ? LIST_ITEMS_MAX : asked;
}

enum err store_list(struct store *s, struct task *t, const struct store_query *query,
                    struct item **out, size_t *out_count)
{
    struct store_query q = *query;
    q.sk_prefix = or_empty(q.sk_prefix);
    q.after_sk  = or_empty(q.after_sk);
    q.limit     = limit_of(q.limit);
    enum err e = check_key(t, "partition key", q.pk);
    if (!e)
        e = check_text(t, "sort key", q.sk_prefix);
    if (!e)
        e = check_text(t, "sort key", q.after_sk);
    if (!e)
        e = task_over(t);
    return e ? e : s->driver->list(s, t, &q, out, out_count);
}

enum err store_list_index(struct store *s, struct task *t, const struct store_index_query *query,
                          struct item **out, size_t *out_count)
{
    struct store_index_query q = *query;
    struct item after = { 0 };
    q.limit = limit_of(q.limit);
    enum err e = check_key(t, "index key", q.index_pk);
    if (q.after && !e) {
        after          = *q.after;
        after.index_sk = or_empty(after.index_sk);
        q.after        = &after;
        e = check_keys(t, after.pk, after.sk);
        if (!e)
            e = check_text(t, "index sort key", after.index_sk);
    }
    if (!e)
        e = task_over(t);
    return e ? e : s->driver->list_index(s, t, &q, out, out_count);
}

enum err store_walk(struct store *s, struct task *t, const struct item *after, int64_t limit,
                    struct item **out, size_t *out_count)
{
    enum err e = after ? check_keys(t, after->pk, after->sk) : OK;
    if (!e)
        e = task_over(t);
    return e ? e : s->driver->walk(s, t, after, limit_of(limit), out, out_count);
}

void store_close(struct store *s)
{
    if (s)
        s->driver->close(s);
}

/*
 * Keys hold no control characters and no byte above 0xF4 (they are UTF-8), so appending 0x01 gives
 * the first text after a key, and appending 0xFF one after everything that begins with it.
 */
struct store_range store_query_range(struct task *t, const struct store_query *query)
{
    struct store_range range = { query->sk_prefix,
                                 arena_format(t->arena, "%s\xFF", query->sk_prefix) };
    if (!*query->after_sk)
        return range;
    const char *past = arena_format(t->arena, "%s\x01", query->after_sk);
    if (query->newest_first && strcmp(query->after_sk, range.high) < 0)
        range.high = query->after_sk;
    else if (!query->newest_first && strcmp(past, range.low) > 0)
        range.low = past;
    return range;
}

enum err fail_no_item(struct task *t, const char *pk, const char *sk)
{
    return fail(t, ERR_NOT_FOUND, "there is no record %s %s", pk, sk);
}

enum err fail_item_changed(struct task *t, const struct item_write *w, int64_t version)
{
    if (w->change == ITEM_CREATE)
        return fail(t, ERR_CONFLICT, "the record %s %s exists already", w->item.pk, w->item.sk);
    if (version == 0)
        return fail(t, ERR_CONFLICT, "the record %s %s is not there any more", w->item.pk,
                    w->item.sk);
    return fail(t, ERR_CONFLICT, "the record %s %s changed meanwhile (version %lld, not %lld)",
                w->item.pk, w->item.sk, (long long)version, (long long)w->item.version);
}
