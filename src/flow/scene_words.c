#include "flow/scene_words.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "flow/leftovers.h"

/* ---- the film ---- */

static enum err load_data(struct film_words *w, struct task *t)
{
    const struct flow *f = w->flow;
    const struct project *p = &w->project;
    enum err e = mode_load(t, &f->styles, p->mode, &w->mode);
    if (!e)
        e = style_load(t, &f->styles, p->style, &w->style);
    if (!e)
        e = model_load(t, &f->models, p->video, &w->model);
    w->has_song = !e && !text_is_empty(p->song_map.key);
    return w->has_song ? song_map_read(f, t, p->song_map.key, &w->song) : e;
}

static enum err load_planner(struct film_words *w, struct task *t)
{
    const struct flow *f = w->flow;
    return flow_planner(f, t, w->project.planner, &w->planner, &w->request.model);
}

enum err film_words_load(const struct flow *f, struct task *t, const char *project_id,
                         struct film_words *out)
{
    *out = (struct film_words){ .flow = f };
    enum err e = project_load(f->store, t, project_id, &out->project);
    if (!e)
        e = scenes_load(f->store, t, &out->project, &out->scenes, &out->scene_count);
    if (!e)
        e = load_data(out, t);
    if (!e)
        e = load_planner(out, t);
    if (e)
        return e;
    out->request.mode = &out->mode;
    out->request.style = &out->style;
    out->request.song = out->has_song ? &out->song : NULL;
    out->request.services = f->services;
    planning_fill(t, &out->project, &out->model, NULL, &out->request);
    return OK;
}

/* ---- what is asked, as a hash ---- */

static void hash_style(struct hash *h, const struct style *s)
{
    hash_add(h, "style", s->name);
    for (size_t i = 0; i < s->word_count; i++)
        hash_add(h, "word", s->words[i]);
}

struct hash film_words_hash(const struct film_words *w, const char *what)
{
    const struct project *p = &w->project;
    struct hash h = hash_new(what);
    hash_add(&h, "planner", p->planner);
    hash_add(&h, "model", w->request.model);
    hash_add(&h, "mode", p->mode);
    hash_style(&h, &w->style);
    hash_add(&h, "concept", p->concept);
    hash_add(&h, "character", p->character);
    hash_add(&h, "product", p->product);
    hash_add(&h, "characterPicture", p->character_picture_key);
    hash_add(&h, "productPicture", p->product_picture_key);
    return h;
}

void words_hash_scene(struct task *t, struct hash *h, const struct planned_scene *s)
{
    struct planned_scene one = *s;
    const struct plan plan = { .title = "", .logline = "", .scenes = &one, .scene_count = 1 };
    hash_add(h, "scene", fields_encode_text(t->arena, plan_fields, &plan));
}

/* ---- the counter ---- */

static const char *words_key(struct task *t, const struct film_words *w,
                             const struct words_wish *wish)
{
    const char *folder = project_folder(t, w->project.project_id);
    return wish->sequence ? arena_format(t->arena, "%sscenes/%03" PRId64 "/words-%s.json", folder,
                                         wish->sequence, wish->hash)
                          : arena_format(t->arena, "%swords-%s.json", folder, wish->hash);
}

static enum err words_read(struct task *t, const struct flow *f, const char *key,
                           struct planned_scene *out)
{
    struct plan plan;
    struct bytes text;
    scoped(fd) int file = -1;
    enum err e = blob_open(f->blobs, t, key, &file);
    if (!e)
        e = file_read_fd(t, file, "the words", JSON_BYTES_MAX, &text);
    if (!e)
        e = fields_decode_text(t, plan_fields, text.at, text.size, &plan);
    if (!e)
        *out = plan.scenes[0];
    return e;
}

static enum err write_and_keep(const struct film_words *w, struct task *t,
                               const struct words_wish *wish, const char *key,
                               struct planned_scene *out)
{
    enum err e = wish->write(t, w, wish->how, out);
    if (e)
        return e;
    struct plan plan = { .title = "", .logline = "", .scenes = out, .scene_count = 1 };
    const char *text = fields_encode_text(t->arena, plan_fields, &plan);
    return blob_put_bytes(w->flow->blobs, t, key, (struct bytes){ text, strlen(text) });
}

static enum err words_buy(struct film_words *w, struct task *t, const struct words_wish *wish,
                          const char *key, struct planned_scene *out, double *out_usd)
{
    struct planner_till till;
    const struct spend_wish spend = {
        .project = &w->project,
        .kind = wish->kind,
        .sequence = wish->sequence,
        .job_hash = wish->hash,
        .provider = w->planner->name,
        .attempt = 1,
    };
    enum err e = planner_till_open(w->flow, t, &spend, &w->request, &till);
    if (e)
        return e;
    till.key = key;
    e = planner_till_close(&till, t, write_and_keep(w, t, wish, key, out));
    if (e == ERR_CONFLICT)
        e = words_read(t, w->flow, key, out);
    w->request.till = NULL;
    *out_usd = usd_of_micros(till.micros);
    return e;
}

enum err words_ask(struct film_words *w, struct task *t, const struct words_wish *wish,
                   struct planned_scene *out, double *out_usd)
{
    *out_usd = 0;
    if (w->planner == &planner_offline)
        return wish->write(t, w, wish->how, out);
    const char *key = words_key(t, w, wish);
    enum err e = words_read(t, w->flow, key, out);
    if (e != ERR_NOT_FOUND)
        return e;
    e = planning_pictures(w->flow, t, &w->project, w->pictures, &w->request);
    return e ? e : words_buy(w, t, wish, key, out, out_usd);
}
