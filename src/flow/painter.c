#include "flow/painter.h"

#include <string.h>

#include "base/hash.h"
#include "base/text.h"

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

const char *painter_hash(struct task *t, const struct painter *p, const struct image_request *r,
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

enum err painter_recall(const struct flow *f, struct task *t, const char *hash,
                        struct reference *r)
{
    struct cached cached;
    struct blob_info there;
    struct reference kept;
    enum err e = *hash ? cached_load(f->store, t, hash, &cached) : ERR_NOT_FOUND;
    if (!e)
        e = blob_stat(f->blobs, t, cached.key, &there);
    if (!e)
        e = fields_decode_record(t, reference_fields, cached.info, &kept, NULL);
    if (e)
        return e;
    r->key = kept.key;
    r->hash = kept.hash;
    r->bytes = kept.bytes;
    r->width_px = kept.width_px;
    r->height_px = kept.height_px;
    return OK;
}

enum err painter_remember(const struct flow *f, struct task *t, const char *hash,
                          const struct reference *r)
{
    if (!*hash)
        return OK;
    struct cached cached = {
        .key = r->key,
        .info = fields_encode_text(t->arena, reference_fields, r),
    };
    struct item_write write = cached_write(t, hash, &cached);
    return store_write(f->store, t, &write, 1);
}
