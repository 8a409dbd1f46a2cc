/*
 * One record a key. Whoever creates it has reserved the id; everyone after reads it. Two at once
 * may both do the work under the same id, which is what makes that harmless.
 */
#include "flow/once.h"

#include <string.h>

#include "base/fields.h"
#include "base/hash.h"
#include "base/id.h"

struct once_record {
    const char *key_hash, *request_hash, *id, *body, *created_at;
    bool answered;
    int64_t status;
    const char *newer; /* members of a newer program; not in the document */
};

static const struct field once_fields[] = {
    FIELD_TEXT(struct once_record, key_hash, "keyHash", .required = true, .bytes_max = 128),
    FIELD_TEXT(struct once_record, request_hash, "requestHash", .required = true),
    FIELD_TEXT(struct once_record, id, "id", .required = true, .bytes_max = 64),
    FIELD_BOOL(struct once_record, answered, "answered"),
    FIELD_INT(struct once_record, status, "status"),
    FIELD_TEXT(struct once_record, body, "body", .bytes_max = RECORD_BYTES_MAX),
    FIELD_TEXT(struct once_record, created_at, "createdAt", .required = true, .bytes_max = 64),
    FIELDS_END
};

enum { RECORD_KEYS_BYTES = 1024, SWEEP_BATCH = STORE_WRITES_MAX };

static const char once_sk[] = "ANSWER", once_index[] = "ONCE";

static const char *once_pk(struct task *t, const char *key_hash)
{
    return arena_format(t->arena, "ONCE#%s", key_hash);
}

static struct item_write once_write(struct task *t, const struct once_record *r, int64_t version)
{
    return (struct item_write){
        .change = version ? ITEM_UPDATE : ITEM_CREATE,
        .item = { .pk = once_pk(t, r->key_hash),
                  .sk = once_sk,
                  .version = version,
                  .index_pk = once_index,
                  .index_sk = r->created_at,
                  .document = fields_encode_record(t->arena, once_fields, r, r->newer) },
    };
}

static enum err once_load(struct store *s, struct task *t, const char *key_hash,
                          struct once_record *out, int64_t *out_version)
{
    struct item item;
    enum err e = store_get(s, t, once_pk(t, key_hash), once_sk, &item);
    if (e)
        return e;
    *out_version = item.version;
    return fields_decode_record(t, once_fields, item.document, out, &out->newer);
}

static enum err check_key(struct task *t, const char *key)
{
    size_t bytes = strlen(key), printable = 0;
    while (key[printable] >= ' ' && key[printable] <= '~')
        printable++;
    if (bytes >= 1 && bytes <= ONCE_KEY_BYTES_MAX && printable == bytes)
        return OK;
    return fail_at(t,
                   refuse(t, ERR_INVALID, "use 1 to 200 printable ASCII characters, such as a UUID",
                          "the idempotency key is out of form"),
                   "Idempotency-Key");
}

static const char *hash_of_key(struct task *t, const char *key)
{
    struct hash h = hash_new("idempotency-key");
    hash_add(&h, "key", key);
    return hash_end(&h, t->arena);
}

enum err once_begin(struct store *s, struct task *t, const char *key, const char *request_hash,
                    struct once *out)
{
    enum err e = check_key(t, key);
    if (e)
        return e;
    struct once_record r = {
        .key_hash = hash_of_key(t, key),
        .request_hash = request_hash,
        .id = ulid_new(t),
        .body = "",
        .created_at = time_iso8601(t->arena, clock_wall_us(t->clock)),
    };
    int64_t version = 1;
    struct item_write write = once_write(t, &r, 0);
    e = store_write(s, t, &write, 1);
    if (e == ERR_CONFLICT)
        e = once_load(s, t, r.key_hash, &r, &version);
    if (e)
        return e;
    if (strcmp(r.request_hash, request_hash) != 0)
        return fail_at(t,
                       refuse(t, ERR_IMPOSSIBLE, "use a new key for a new request",
                              "this idempotency key was used for another request"),
                       "Idempotency-Key");
    *out = (struct once){ r.key_hash, r.id, r.answered, r.status, r.body, version };
    return OK;
}

/* The body as text inside JSON, quotes and all, beside the record's other members. */
static bool fits(const struct item_write *w)
{
    return strlen(w->item.document) + RECORD_KEYS_BYTES <= RECORD_BYTES_MAX;
}

enum err once_answer(struct store *s, struct task *t, const struct once *o, int64_t status,
                     const char *body)
{
    struct once_record r;
    int64_t version;
    enum err e = once_load(s, t, o->key_hash, &r, &version);
    if (e || r.answered)
        return e;
    r.answered = true;
    r.status = status;
    r.body = strlen(body) < RECORD_BYTES_MAX ? body : "";
    struct item_write write = once_write(t, &r, version);
    if (!fits(&write)) {
        r.body = "";
        write = once_write(t, &r, version);
    }
    e = store_write(s, t, &write, 1);
    return e == ERR_CONFLICT ? OK : e; /* the other one's answer is the answer */
}

static struct item_write removal(const char *pk, int64_t version)
{
    return (struct item_write){ .change = ITEM_DELETE,
                                .item = { .pk = pk, .sk = once_sk, .version = version } };
}

enum err once_forget(struct store *s, struct task *t, const struct once *o)
{
    struct item_write gone = removal(once_pk(t, o->key_hash), o->version);
    enum err e = store_write(s, t, &gone, 1);
    return e == ERR_CONFLICT ? OK : e; /* answered or forgotten by another meanwhile */
}

/* Removes the oldest keys up to a batch; *out_more says whether there may be others. */
static enum err sweep_some(struct store *s, struct task *t, const char *before, bool *out_more)
{
    struct store_index_query query = { .index_pk = once_index, .limit = SWEEP_BATCH };
    struct item_write gone[SWEEP_BATCH];
    struct item *items;
    size_t count, old = 0;
    enum err e = store_list_index(s, t, &query, &items, &count);
    if (e)
        return e;
    while (old < count && strcmp(items[old].index_sk, before) < 0) {
        gone[old] = removal(items[old].pk, items[old].version);
        old++;
    }
    e = store_write(s, t, gone, old);
    *out_more = old == SWEEP_BATCH && !e;
    return e == ERR_CONFLICT ? OK : e; /* gone or changed since the index was written: next time */
}

enum err once_sweep(struct store *s, struct task *t, int64_t older_than_us)
{
    const char *before = time_iso8601(t->arena, clock_wall_us(t->clock) - older_than_us);
    bool more = true;
    enum err e = OK;
    while (more && !e)
        e = sweep_some(s, t, before, &more);
    return e;
}
