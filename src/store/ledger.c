/* Rows of the ledger to documents and back. */
#include "store/ledger.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

const char *const spend_state_names[] = { "",     "reserved", "intent",   "bound",  "ambiguous",
                                          "held", "settled",  "released", "wasted", NULL };

enum { REQUEST_BYTES = 64 << 10, ADDRESS_BYTES = 2000 };

const struct field spend_fields[] = {
    FIELD_TEXT(struct spend, spend_id, "spendId", .required = true, .bytes_max = 64),
    FIELD_TEXT(struct spend, project_id, "projectId", .required = true, .bytes_max = 64),
    FIELD_TEXT(struct spend, kind, "kind"),
    FIELD_INT(struct spend, sequence, "sequence"),
    FIELD_TEXT(struct spend, job_hash, "jobHash", .bytes_max = 128),
    FIELD_TEXT(struct spend, provider, "provider"),
    FIELD_TEXT(struct spend, model, "model"),
    FIELD_INT(struct spend, attempt, "attempt"),
    FIELD_INT(struct spend, micros, "usdMicros"),
    FIELD_INT(struct spend, reserved_micros, "reservedMicros", .preset = -1),
    FIELD_INT(struct spend, usual_micros, "usualMicros", .preset = -1),
    FIELD_TEXT(struct spend, day, "day"),
    FIELD_ENUM(struct spend, state, "state", spend_state_names),
    FIELD_TEXT(struct spend, token, "token"),
    FIELD_INT(struct spend, seed, "seed"),
    FIELD_TEXT(struct spend, request, "request", .bytes_max = REQUEST_BYTES),
    FIELD_TEXT(struct spend, request_hash, "requestHash"),
    FIELD_INT(struct spend, intent_us, "intentUs"),
    FIELD_INT(struct spend, sent_by_us, "sentByUs"),
    FIELD_TEXT(struct spend, boot, "boot"),
    FIELD_INT(struct spend, epoch, "epoch"),
    FIELD_INT(struct spend, sends, "sends"),
    FIELD_TEXT(struct spend, hint, "hint"),
    FIELD_INT(struct spend, orphaned_us, "orphanedUs"),
    FIELD_INT(struct spend, listed_us, "listedUs"),
    FIELD_INT(struct spend, listings, "listings"),
    FIELD_TEXT(struct spend, remote_id, "remoteId"),
    FIELD_INT(struct spend, bound_us, "boundUs"),
    FIELD_BOOL(struct spend, cancel_sent, "cancelSent"),
    FIELD_INT(struct spend, trouble_us, "troubleUs"),
    FIELD_TEXT(struct spend, output, "output", .bytes_max = ADDRESS_BYTES),
    FIELD_INT(struct spend, finished_us, "finishedUs"),
    FIELD_INT(struct spend, output_by_us, "outputByUs"),
    FIELD_INT(struct spend, fetches, "fetches"),
    FIELD_TEXT(struct spend, on_machine, "onMachine", .bytes_max = 4096),
    FIELD_INT(struct spend, on_machine_us, "onMachineUs"),
    FIELD_TEXT(struct spend, why, "why"),
    FIELD_TEXT(struct spend, kept, "kept", .bytes_max = KEY_BYTES_MAX),
    FIELD_TEXT(struct spend, created_at, "createdAt"),
    FIELD_TEXT(struct spend, closed_at, "closedAt"),
    FIELDS_END
};

const char *const heard_names[] = { "", "sent", "found", "ended", "fetched", NULL };

enum { CALL_BYTES = 400, BODY_BYTES = 32 << 10, ANSWERS_MAX = 16 };

static const struct field said_fields[] = {
    FIELD_TEXT(struct said, call, "call", .bytes_max = CALL_BYTES),
    FIELD_INT(struct said, status, "status"),
    FIELD_INT(struct said, bytes, "bytes"),
    FIELD_TEXT(struct said, body, "body", .bytes_max = BODY_BYTES),
    FIELDS_END
};

const struct field hearing_fields[] = {
    FIELD_TEXT(struct hearing, turn, "turn"),
    FIELD_TEXT(struct hearing, at, "at"),
    FIELD_OBJECTS(struct hearing, answers, answer_count, "answers", said_fields,
                  .count_max = ANSWERS_MAX),
    FIELDS_END
};

static const struct field budget_fields[] = {
    FIELD_INT(struct budget, held, "heldMicros"),
    FIELD_INT(struct budget, spent, "spentMicros"),
    FIELDS_END
};

struct owner {
    const char *spend_id;
};
static const struct field owner_fields[] = { FIELD_TEXT(struct owner, spend_id, "spendId"),
                                             FIELDS_END };

int64_t micros_of_usd(double usd)
{
    return usd < 0 ? -1 : (int64_t)ceil(usd * USD_MICROS - 1e-6);
}

double usd_of_micros(int64_t micros)
{
    return micros < 0 ? -1 : (double)micros / USD_MICROS;
}

bool spend_is_open(const struct spend *s)
{
    return s->state >= SPEND_RESERVED && s->state <= SPEND_HELD;
}

bool spend_is_out(const struct spend *s)
{
    return s->state >= SPEND_INTENT && s->state <= SPEND_HELD;
}

/* ---- keys ---- */

static const char *spend_sk(struct task *t, const char *spend_id)
{
    return arena_format(t->arena, "LEDGER#%s", spend_id);
}

static const char *day_pk(struct task *t, const char *day)
{
    return arena_format(t->arena, "DAY#%s", day);
}

static const char *remote_pk(struct task *t, const char *provider, const char *ticket)
{
    return arena_format(t->arena, "REMOTE#%s#%s", provider, ticket);
}

static const char *input_pk(struct task *t, const char *request_hash)
{
    return arena_format(t->arena, "INPUT#%s", request_hash);
}

/* ---- reading ---- */

enum err spend_load(struct store *s, struct task *t, const char *project_id, const char *spend_id,
                    struct spend *out)
{
    struct item item;
    enum err e = store_get(s, t, project_pk(t, project_id), spend_sk(t, spend_id), &item);
    if (e == ERR_NOT_FOUND)
        return refuse(t, e, "storyreel project ledger shows what there is",
                      "there is no entry %s in the ledger", spend_id);
    if (e)
        return e;
    e = record_decode(t, &item, spend_fields, out, &out->newer);
    out->version = item.version;
    return e;
}

static enum err decode_all(struct task *t, const struct item *items, size_t count,
                           struct spend **out)
{
    struct spend *all = arena_array(t->arena, struct spend, count);
    for (size_t i = 0; i < count; i++) {
        enum err e = record_decode(t, &items[i], spend_fields, &all[i], &all[i].newer);
        if (e)
            return e;
        all[i].version = items[i].version;
    }
    *out = all;
    return OK;
}

enum err spends_load(struct store *s, struct task *t, const char *project_id, struct spend **out,
                     size_t *out_count)
{
    struct store_query query = { .pk = project_pk(t, project_id),
                                 .sk_prefix = "LEDGER#",
                                 .after_sk = "" };
    struct item *items;
    enum err e = store_list(s, t, &query, &items, out_count);
    return e ? e : decode_all(t, items, *out_count, out);
}

enum err spend_find(struct store *s, struct task *t, const char *project_id, const char *name,
                    struct spend *out)
{
    struct spend *all;
    size_t count, matching = 0;
    enum err e = spends_load(s, t, project_id, &all, &count);
    if (e)
        return e;
    for (size_t i = 0; i < count; i++) {
        if (!*name || !text_starts(all[i].spend_id, name))
            continue;
        *out = all[i];
        matching++;
    }
    return matching == 1 ? OK
                         : refuse(t, ERR_NOT_FOUND, "storyreel project ledger lists them",
                                  "%s entry of the ledger begins with \"%s\"",
                                  matching ? "more than one" : "no", name);
}

enum err spends_open(struct store *s, struct task *t, struct spend **out, size_t *out_count)
{
    struct store_index_query query = { .index_pk = "SPEND" };
    struct item *items;
    size_t count;
    enum err e = store_list_index(s, t, &query, &items, &count);
    if (e)
        return e;
    struct spend *all = arena_array(t->arena, struct spend, count);
    *out = all;
    *out_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct spend *one = &all[*out_count];
        if (!record_is_legible(t, &items[i], spend_fields, one, &one->newer))
            continue;
        one->version = items[i].version;
        (*out_count)++;
    }
    return OK;
}

static enum err budget_load(struct store *s, struct task *t, const char *pk, struct budget *out)
{
    struct item item;
    *out = (struct budget){ 0 };
    enum err e = store_get(s, t, pk, "BUDGET", &item);
    if (e == ERR_NOT_FOUND)
        return OK;
    if (!e)
        e = record_decode(t, &item, budget_fields, out, &out->newer);
    if (!e)
        out->version = item.version;
    return e;
}

enum err budget_of_project(struct store *s, struct task *t, const char *project_id,
                           struct budget *out)
{
    return budget_load(s, t, project_pk(t, project_id), out);
}

enum err budget_of_day(struct store *s, struct task *t, const char *day, struct budget *out)
{
    return budget_load(s, t, day_pk(t, day), out);
}

static enum err owner_load(struct store *s, struct task *t, const char *pk, const char *sk,
                           const char **out)
{
    struct item item;
    struct owner owner;
    enum err e = store_get(s, t, pk, sk, &item);
    if (!e)
        e = record_decode(t, &item, owner_fields, &owner, NULL);
    if (!e)
        *out = owner.spend_id;
    return e;
}

enum err remote_owner(struct store *s, struct task *t, const char *provider, const char *ticket,
                      const char **out)
{
    return owner_load(s, t, remote_pk(t, provider, ticket), "SPEND", out);
}

enum err input_owner(struct store *s, struct task *t, const char *request_hash, const char **out)
{
    return owner_load(s, t, input_pk(t, request_hash), "OPEN", out);
}

/* ---- writing ---- */

static struct item_write write_of(int64_t version, struct item item)
{
    item.version = version;
    return (struct item_write){ .change = version ? ITEM_UPDATE : ITEM_CREATE, .item = item };
}

struct item_write spend_write(struct task *t, const struct spend *s)
{
    return write_of(s->version,
                    (struct item){
                        .pk = project_pk(t, s->project_id),
                        .sk = spend_sk(t, s->spend_id),
                        .index_pk = spend_is_open(s) ? "SPEND" : "",
                        .index_sk = spend_is_open(s) ? s->created_at : "",
                        .document = fields_encode_record(t->arena, spend_fields, s, s->newer),
                    });
}

static struct item_write budget_write(struct task *t, const char *pk, const struct budget *b)
{
    return write_of(b->version,
                    (struct item){
                        .pk = pk,
                        .sk = "BUDGET",
                        .document = fields_encode_record(t->arena, budget_fields, b, b->newer),
                    });
}

struct item_write budget_of_project_write(struct task *t, const char *project_id,
                                          const struct budget *b)
{
    return budget_write(t, project_pk(t, project_id), b);
}

struct item_write budget_of_day_write(struct task *t, const char *day, const struct budget *b)
{
    return budget_write(t, day_pk(t, day), b);
}

static struct item owner_item(struct task *t, const char *pk, const char *sk, const struct spend *s)
{
    struct owner owner = { .spend_id = s->spend_id };
    return (struct item){ .pk = pk,
                          .sk = sk,
                          .document = fields_encode_text(t->arena, owner_fields, &owner) };
}

struct item_write remote_create(struct task *t, const struct spend *s)
{
    return write_of(0, owner_item(t, remote_pk(t, s->provider, s->remote_id), "SPEND", s));
}

struct item_write input_lock(struct task *t, const struct spend *s)
{
    return write_of(0, owner_item(t, input_pk(t, s->request_hash), "OPEN", s));
}

struct item_write input_unlock(struct task *t, const struct spend *s)
{
    return (struct item_write){ .change = ITEM_DELETE,
                                .item = { .pk = input_pk(t, s->request_hash),
                                          .sk = "OPEN",
                                          .version = 1 } };
}

/* ---- what was said ---- */

struct item_write hearing_write(struct task *t, const struct spend *s, enum heard_at turn,
                                const struct hearing *h)
{
    return (struct item_write){
        .change = ITEM_PUT,
        .item = { .pk = project_pk(t, s->project_id),
                  .sk = arena_format(t->arena, "HEARD#%s#%d-%s", s->spend_id, (int)turn,
                                     heard_names[turn]),
                  .index_pk = "",
                  .index_sk = "",
                  .document = fields_encode_text(t->arena, hearing_fields, h) },
    };
}

enum err hearings_load(struct store *s, struct task *t, const char *project_id,
                       const char *spend_id, struct hearing **out, size_t *out_count)
{
    struct item *items;
    const struct store_query query = { .pk = project_pk(t, project_id),
                                       .sk_prefix = arena_format(t->arena, "HEARD#%s#", spend_id),
                                       .after_sk = "" };
    enum err e = store_list(s, t, &query, &items, out_count);
    if (e)
        return e;
    *out = arena_array(t->arena, struct hearing, *out_count);
    for (size_t i = 0; i < *out_count && !e; i++)
        e = record_decode(t, &items[i], hearing_fields, &(*out)[i], NULL);
    return e;
}
