#include "flow/painter.h"

#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "flow/counter.h"
#include "flow/kept_file.h"

static const struct image_driver *driver_named(const struct flow *f, const char *name)
{
    for (size_t i = 0; f->images[i]; i++) {
        if (text_equal(f->images[i]->name, name))
            return f->images[i];
    }
    return NULL;
}

/* All image models and the drivers that need none. */
static enum err refuse_unknown(const struct flow *f, struct task *t, const char *name)
{
    const char *names[64] = { NULL };
    struct model *all;
    size_t count, kept = 0;
    enum err e = model_list(t, &f->models, &all, &count);
    if (e)
        return e;
    for (size_t i = 0; f->images[i] && kept < 16; i++) {
        if (!f->images[i]->paid)
            names[kept++] = f->images[i]->name;
    }
    for (size_t i = 0; i < count && kept + 1 < sizeof names / sizeof *names; i++) {
        if (all[i].makes == MAKES_IMAGE)
            names[kept++] = all[i].name;
    }
    return refuse(t, ERR_INVALID, arena_format(t->arena, "use %s", names_list(t->arena, names)),
                  "there is no image model \"%.40s\"", name);
}

static enum err find_model(const struct flow *f, struct task *t, const char *name,
                           struct painter *out)
{
    struct painter p = { 0 };
    enum err e = model_load_of(t, &f->models, MAKES_IMAGE, name, &p.model);
    if (e == ERR_NOT_FOUND)
        return refuse_unknown(f, t, name);
    if (e)
        return e;
    p.driver = driver_named(f, p.model.driver);
    if (!p.driver)
        return refuse(t, ERR_INVALID, "use an image model of another driver",
                      "this program has no driver \"%s\" for image models", p.model.driver);
    int service = names_index(service_names, p.model.driver);
    if (service > 0 && !f->services)
        return fail(t, ERR_UNAVAILABLE, "no service may be called here");
    e = service > 0 ? service_check(t, &f->services->at[service]) : OK;
    if (!e)
        *out = p;
    return e;
}

enum err painter_find(const struct flow *f, struct task *t, const char *name, struct painter *out)
{
    const struct image_driver *own = *name ? driver_named(f, name) : f->images[0];
    enum err e = OK;
    if (own && !own->paid)
        *out = (struct painter){ .driver = own, .model = { .name = "" } };
    else
        e = find_model(f, t, name, out);
    return e ? fail_at(t, e, "model") : OK;
}

double painter_usd(const struct painter *p)
{
    return p->driver->paid ? p->model.usd_each : 0;
}

/* What the picture of this request is remembered by; "" for drivers that cost nothing. */
static const char *hash_of(struct task *t, const struct painter *p, const struct image_request *r,
                           const char *const *picture_hashes)
{
    if (!p->driver->paid)
        return "";
    struct hash h = hash_new("reference");
    hash_add(&h, "driver", p->driver->name);
    hash_add(&h, "remote", p->model.remote);
    hash_add(&h, "version", p->model.version);
    hash_add(&h, "prompt", image_prompt(t, r));
    hash_add(&h, "aspect", image_aspect(r));
    hash_add_int(&h, "seed", r->seed);
    for (size_t i = 0; i < p->model.constant_count; i++)
        hash_add(&h, p->model.constants[i].name, p->model.constants[i].value);
    for (size_t i = 0; i < r->picture_count; i++)
        hash_add(&h, "picture", picture_hashes[i]);
    return hash_end(&h, t->arena);
}

/* A picture that is wanted, and by whom. */
struct wanted {
    const struct flow *flow;
    const struct painter *painter;
    const struct image_request *request;
    const char *hash;
};

/* ---- what was bought before ---- */

static enum err recall(const struct wanted *w, struct task *t, struct reference *out)
{
    struct cached cached;
    struct blob_info there;
    struct reference kept;
    enum err e =
        *w->hash ? cached_load(w->flow->store, t, w->hash, &cached) : ERR_NOT_FOUND;
    if (!e)
        e = blob_stat(w->flow->blobs, t, cached.key, &there);
    if (!e)
        e = fields_decode_record(t, reference_fields, cached.info, &kept, NULL);
    if (e)
        return e;
    out->key = kept.key;
    out->hash = kept.hash;
    out->bytes = kept.bytes;
    out->width_px = kept.width_px;
    out->height_px = kept.height_px;
    return OK;
}

static enum err remember(const struct wanted *w, struct task *t, const struct reference *r)
{
    if (!*w->hash)
        return OK;
    struct cached cached = {
        .key = r->key,
        .info = fields_encode_text(t->arena, reference_fields, r),
    };
    struct item_write write = cached_write(t, w->hash, &cached);
    return store_write(w->flow->store, t, &write, 1);
}

/* What was ordered, when it comes: kept and remembered. */
static enum err collect(const struct wanted *w, struct task *t, const struct image_request *request,
                        struct image_receipt *receipt, int draft, struct reference *out)
{
    struct picture_info info;
    struct kept_file kept;
    enum err e = image_collect(w->painter->driver, w->flow->media, t, request, receipt, draft,
                               &info);
    if (!e)
        e = file_keep(w->flow, t, draft, REFERENCE_FOLDER, info.format, &kept);
    if (e)
        return e;
    out->key = kept.key;
    out->hash = kept.hash;
    out->bytes = kept.bytes;
    out->width_px = info.width_px;
    out->height_px = info.height_px;
    return remember(w, t, out);
}

/* ---- what was paid for and did not come ---- */

static bool is_kept_there(const struct task *t, const struct spend *s, const struct model *m)
{
    int64_t keep_us = (int64_t)(m->keep_seconds * SECOND_US);
    return keep_us == 0 || clock_wall_us(t->clock) < s->intent_us + keep_us;
}

/* The last call of this request whose picture may still be fetched; NOT_FOUND. */
static enum err find_lost(const struct wanted *w, struct task *t, struct spend *out)
{
    struct spend *all;
    size_t count;
    enum err e = *w->hash ? spends_load(w->flow->store, t, counter_library.project_id, &all, &count)
                          : ERR_NOT_FOUND;
    for (size_t i = e ? 0 : count; i > 0; i--) {
        *out = all[i - 1];
        if (out->state == SPEND_WASTED && text_equal(out->job_hash, w->hash) &&
            !text_is_empty(out->remote_id) && is_kept_there(t, out, &w->painter->model))
            return OK;
    }
    return e ? e : ERR_NOT_FOUND;
}

/* It counted as spent, and does. */
static enum err note_found(const struct wanted *w, struct task *t, struct spend *s)
{
    struct spend_rows rows = { .count = 0 };
    s->state = SPEND_SETTLED;
    s->why = "its picture was fetched when it was asked for again";
    spend_note(t, s, &rows);
    return store_write(w->flow->store, t, rows.rows, rows.count);
}

/* NOT_FOUND where there is nothing to be had any more; else what passes is waited for rather than
 * paid again. */
static enum err fetch_lost(const struct wanted *w, struct task *t, struct reference *out)
{
    struct spend s;
    scoped(draft) struct draft draft = draft_none();
    enum err e = find_lost(w, t, &s);
    if (!e)
        e = blob_draft(w->flow->blobs, t, &draft);
    if (e)
        return e;
    struct image_receipt receipt = { .outcome = NET_CREATED, .ticket = s.remote_id };
    e = collect(w, t, w->request, &receipt, draft.fd, out);
    bool passes = err_may_retry(e) || e == ERR_CANCELLED || t->fault.house;
    if (e)
        return receipt.lost || !passes ? ERR_NOT_FOUND : e;
    return note_found(w, t, &s);
}

/* ---- buying ---- */

static enum err order(const struct wanted *w, struct task *t, const struct image_request *request,
                      struct counter *counter, struct reference *out)
{
    struct image_receipt receipt = { .outcome = NET_NOT_CREATED };
    scoped(draft) struct draft draft = draft_none();
    enum err e = blob_draft(w->flow->blobs, t, &draft);
    if (!e)
        e = image_order(w->painter->driver, w->flow->media, t, request, draft.fd, &receipt);
    if (receipt.outcome == NET_CREATED)
        counter_made(counter);
    if (!e)
        counter_ticket(counter, t, receipt.ticket);
    return e ? e : collect(w, t, request, &receipt, draft.fd, out);
}

/* Looked for once more behind the row that keeps twins out: whoever was before us remembered its
 * picture first and closed its row then. */
static enum err order_unless_there(const struct wanted *w, struct task *t, struct counter *counter,
                                   struct reference *out)
{
    struct service_ears ears;
    struct image_request heard = *w->request;
    enum err e = recall(w, t, out);
    if (e != ERR_NOT_FOUND) {
        counter_unmade(counter);
        return counter_close(counter, t, e);
    }
    heard.services = services_heard(t, w->flow->services, &ears);
    counter->ears = heard.services ? &ears : NULL;
    return counter_close(counter, t, order(w, t, &heard, counter, out));
}

static enum err buy(const struct wanted *w, struct task *t, struct reference *out)
{
    struct counter counter;
    const struct spend_wish wish = {
        .project = &counter_library,
        .kind = "reference",
        .job_hash = w->hash,
        .provider = w->painter->driver->name,
        .model = w->painter->model.name,
        .usd = painter_usd(w->painter),
        .attempt = 1,
    };
    enum err e = counter_open(w->flow, t, &wish, false, &counter);
    return e ? e : order_unless_there(w, t, &counter, out);
}

enum err painter_paint(const struct flow *f, struct task *t, const struct painter *p,
                       const struct image_request *request, const char *const *picture_hashes,
                       struct reference *out)
{
    const struct wanted w = { f, p, request, hash_of(t, p, request, picture_hashes) };
    enum err e = recall(&w, t, out);
    if (e == ERR_NOT_FOUND)
        e = fetch_lost(&w, t, out);
    return e == ERR_NOT_FOUND ? buy(&w, t, out) : e;
}
