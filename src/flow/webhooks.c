/*
 * The outbox. Telling begins by moving the row to its next attempt, under change-if-version: who
 * loses leaves it alone, and a crash while telling costs one pause and never the news.
 */
#include "flow/webhooks.h"

#include <errno.h>
#include <inttypes.h>
#include <openssl/rand.h>
#include <string.h>
#include <sys/stat.h>

#include "base/base64.h"
#include "base/id.h"
#include "base/log.h"
#include "base/rng.h"
#include "base/text.h"
#include "net/webhook.h"

enum {
    TOLD_AT_ONCE = 16, /* then the caller may look whether it is to stop */
    SECRET_BYTES = 32,
    ANSWER_BYTES_MAX = 64 << 10,
};
#define TELL_US (15 * SECOND_US)

static const char event_sk[] = "EVENT", event_index[] = "WEBHOOK";

/* Pauses before the next attempt, in seconds: two days in all. */
static const int64_t pauses_s[WEBHOOK_ATTEMPTS] = { 5,         60,        5 * 60,
                                                    30 * 60,   2 * 3600,  6 * 3600,
                                                    12 * 3600, 24 * 3600, 0 };

struct webhook {
    const char *id, *project_id;
    const char *body;
    int64_t attempt; /* how often it was tried to tell */
    int64_t due_us;  /* wall time */
    int64_t version;   /* not in the document */
    const char *newer; /* members of a newer program */
};

static const struct field webhook_fields[] = {
    FIELD_TEXT(struct webhook, id, "id", .required = true, .bytes_max = 64),
    FIELD_TEXT(struct webhook, project_id, "projectId", .required = true, .bytes_max = 64),
    FIELD_TEXT(struct webhook, body, "body", .required = true, .bytes_max = 64 << 10),
    FIELD_INT(struct webhook, attempt, "attempt", .min = 0, .max = WEBHOOK_ATTEMPTS),
    FIELD_INT(struct webhook, due_us, "dueUs"),
    FIELDS_END
};

static struct item webhook_item(struct task *t, const struct webhook *w)
{
    return (struct item){
        .pk = arena_format(t->arena, "WEBHOOK#%s", w->id),
        .sk = event_sk,
        .version = w->version,
        .index_pk = event_index,
        .index_sk = time_iso8601(t->arena, w->due_us),
        .document = fields_encode_record(t->arena, webhook_fields, w, w->newer),
    };
}

/* ---- news ---- */

static json_t *problem_json(const struct problem *p)
{
    return json_pack("{ss ss ss}", "code", p->code ? p->code : "", "message",
                     p->message ? p->message : "", "next", p->next ? p->next : "");
}

static struct item_write news(struct task *t, const char *type, const char *project_id,
                              json_t *data)
{
    int64_t now_us = clock_wall_us(t->clock);
    scoped(json) json_t *body = json_pack("{ss ss so}", "type", type, "timestamp",
                                          time_iso8601(t->arena, now_us), "data", data);
    struct webhook w = {
        .id = ulid_new(t),
        .project_id = project_id,
        .body = json_text(t->arena, body),
        .due_us = now_us,
    };
    return (struct item_write){ .change = ITEM_CREATE, .item = webhook_item(t, &w) };
}

size_t webhook_of_project(struct task *t, const struct project *p, struct item_write *out)
{
    bool failed = p->status == PROJECT_FAILED;
    if (text_is_empty(p->webhook_url) || (!failed && p->status != PROJECT_COMPLETED))
        return 0;
    json_t *data =
        json_pack("{ss ss}", "projectId", p->project_id, "status", project_status_names[p->status]);
    if (failed)
        json_object_set_new(data, "problem", problem_json(&p->problem));
    *out = news(t, failed ? "project.failed" : "project.completed", p->project_id, data);
    return 1;
}

size_t webhook_of_job(const struct flow *f, struct task *t, const struct job *j,
                      struct item_write *out)
{
    struct project p;
    struct fault fault = t->fault;
    bool bought = text_equal(j->kind, artifact_kind_names[ARTIFACT_TAKE]) ||
                  text_equal(j->kind, artifact_kind_names[ARTIFACT_LIPSYNC]);
    if (j->state != JOB_FAILED || !bought)
        return 0;
    enum err e = project_load(f->store, t, j->project_id, &p);
    t->fault = fault; /* why the job failed is what the caller goes on with */
    if (e || text_is_empty(p.webhook_url))
        return 0;
    json_t *data = json_pack("{ss ss sI so}", "projectId", p.project_id, "status",
                             project_status_names[PROJECT_FAILED], "sequence",
                             (json_int_t)j->sequence, "problem", problem_json(&j->problem));
    *out = news(t, "scene.failed", p.project_id, data);
    return 1;
}

/* ---- signing ---- */

static enum err secret_make(struct task *t, const char *folder, const char *path, const char **out)
{
    unsigned char random[SECRET_BYTES];
    scoped(draft) struct draft d = draft_none();
    if (RAND_bytes(random, sizeof random) != 1)
        return fail(t, ERR_INTERNAL, "there is no randomness for a secret");
    const char *text = base64_encode(t->arena, (struct bytes){ random, sizeof random });
    *out = arena_format(t->arena, "whsec_%s", text);
    if (!*folder)
        return OK;
    enum err e = draft_open(t, folder, &d);
    if (!e && fchmod(d.fd, 0600) != 0)
        e = fail_errno(t, errno, "protect", path);
    if (!e)
        e = file_write_all(t, d.fd, *out, strlen(*out));
    return e ? e : draft_publish(t, &d, path, false);
}

enum err webhook_secret_open(struct task *t, const char *given, const char *folder,
                             const char **out)
{
    struct bytes kept, key;
    const char *path = arena_format(t->arena, "%s/webhook-secret", folder), *secret = given;
    enum err e = OK;
    if (text_is_empty(given)) {
        e = *folder ? file_read(t, path, 2 * WEBHOOK_KEY_BYTES_MAX, &kept) : ERR_NOT_FOUND;
        if (!e)
            secret = text_tidy(t->arena, kept.at);
    }
    if (e == ERR_NOT_FOUND)
        e = secret_make(t, folder, path, &secret);
    if (!e)
        e = webhook_key(t, secret, &key);
    if (!e)
        *out = secret;
    return e;
}

enum err webhook_signature(struct task *t, const char *secret, const char *id, int64_t timestamp_s,
                           const char *body, const char **out)
{
    struct bytes key;
    enum err e = webhook_key(t, secret, &key);
    if (e)
        return e;
    const struct webhook_message m = { id, timestamp_s, { body, strlen(body) } };
    *out = webhook_sign(t, key, &m);
    return OK;
}

/* ---- telling ---- */

/* A little later than the pause, so that what failed together is not tried together. */
static int64_t due_after(const struct task *t, const struct webhook *w)
{
    struct rng r = rng_new(rng_seed_from_text(w->id) + (uint64_t)w->attempt);
    double pause_us = (double)(pauses_s[w->attempt - 1] * SECOND_US);
    return clock_wall_us(t->clock) + (int64_t)(pause_us * rng_between(&r, 1, 1.2));
}

/* From now on it is ours to tell; the row stands at the attempt after this one. */
static enum err webhook_claim(const struct flow *f, struct task *t, struct webhook *w)
{
    w->attempt++;
    w->due_us = due_after(t, w);
    struct item_write write = { .change = ITEM_UPDATE, .item = webhook_item(t, w) };
    enum err e = store_write(f->store, t, &write, 1);
    if (!e)
        w->version++;
    return e;
}

static enum err webhook_drop(const struct flow *f, struct task *t, const struct webhook *w)
{
    struct item_write gone = { .change = ITEM_DELETE, .item = webhook_item(t, w) };
    enum err e = store_write(f->store, t, &gone, 1);
    return e == ERR_CONFLICT ? OK : e;
}

static enum err webhook_post(const struct flow *f, struct task *t, const struct webhook *w,
                             const char *url, int64_t *out_status)
{
    struct net_reply reply;
    const char *signature;
    int64_t now_s = clock_wall_us(t->clock) / SECOND_US;
    enum err e = webhook_signature(t, f->webhook_secret, w->id, now_s, w->body, &signature);
    if (e)
        return e;
    const char *const headers[] = {
        "Content-Type: application/json",
        arena_format(t->arena, "webhook-id: %s", w->id),
        arena_format(t->arena, "webhook-timestamp: %" PRId64, now_s),
        arena_format(t->arena, "webhook-signature: %s", signature),
        NULL,
    };
    struct net_call call = {
        .method = "POST",
        .url = url,
        .headers = headers,
        .body = { w->body, strlen(w->body) },
        .timeout_us = TELL_US,
        .bytes_max = ANSWER_BYTES_MAX,
        .out = -1,
    };
    e = net_call(f->net, t, &call, &reply);
    if (!e)
        *out_status = reply.status;
    return e;
}

/* Told, or told that nobody wants to hear it (410), or tried often enough. */
static bool is_over(const struct webhook *w, enum err e, int64_t status)
{
    bool heard = !e && ((status >= 200 && status <= 299) || status == 410);
    return heard || w->attempt >= WEBHOOK_ATTEMPTS;
}

/* Failures are written down here and go no further: another attempt follows. */
static bool webhook_try(const struct flow *f, struct task *t, const struct webhook *w,
                        const char *url)
{
    int64_t status = 0;
    enum err e = webhook_post(f, t, w, url, &status);
    bool over = is_over(w, e, status);
    if (e || status < 200 || status > 299)
        log_line(over ? LOG_WARN : LOG_INFO, t,
                 over ? "a webhook is given up" : "a webhook was not heard",
                 "project=%s attempt=%" PRId64 " status=%" PRId64 " error=\"%s\"", w->project_id,
                 w->attempt, status, e ? t->fault.message : "");
    return over;
}

static enum err webhook_tell(const struct flow *f, struct task *t, struct webhook *w)
{
    struct project p = { .webhook_url = "" };
    enum err e = webhook_claim(f, t, w);
    if (e)
        return e == ERR_CONFLICT ? OK : e;
    e = project_load(f->store, t, w->project_id, &p);
    if (e && e != ERR_NOT_FOUND)
        return e;
    bool over =
        e == ERR_NOT_FOUND || text_is_empty(p.webhook_url) || webhook_try(f, t, w, p.webhook_url);
    return over ? webhook_drop(f, t, w) : OK;
}

/* What is due first; NOT_FOUND when nothing waits. */
static enum err webhook_first(const struct flow *f, struct task *t, struct webhook *out)
{
    struct store_index_query query = { .index_pk = event_index, .limit = 1 };
    struct item *items;
    size_t count;
    enum err e = store_list_index(f->store, t, &query, &items, &count);
    if (e || count == 0)
        return e ? e : ERR_NOT_FOUND;
    const char *text = items[0].document;
    e = fields_decode_record(t, webhook_fields, text, out, &out->newer);
    out->version = items[0].version;
    return e;
}

enum err webhooks_tell(const struct flow *f, struct task *t, int64_t *out_next_us)
{
    *out_next_us = INT64_MAX;
    for (int told = 0; f->net && f->webhook_secret && told < TOLD_AT_ONCE; told++) {
        struct webhook w;
        *out_next_us = INT64_MAX;
        enum err e = webhook_first(f, t, &w);
        if (e)
            return e == ERR_NOT_FOUND ? OK : e;
        *out_next_us = w.due_us - clock_wall_us(t->clock);
        if (*out_next_us > 0)
            return OK;
        e = webhook_tell(f, t, &w);
        if (e)
            return e;
    }
    return OK;
}
