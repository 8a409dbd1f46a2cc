/* References, songs and the catalogue: decode, call flow/, answer. */
#include "api/routes.h"
#include "api/server.h"
#include "api/shapes.h"
#include "flow/counter.h"

/* ---- references ---- */

static struct reference_wish wish_of(const struct exchange *x, const struct wish_body *b)
{
    return (struct reference_wish){ .kind = b->kind,
                                    .name = b->name,
                                    .description = b->description,
                                    .style = b->style,
                                    .model = b->model,
                                    .like = b->like,
                                    .seed = b->seed,
                                    .once = x->once };
}

enum err generate_reference(struct exchange *x)
{
    struct wish_body body = { .name = "" };
    struct reference made[REFERENCE_OPTIONS];
    enum err e = exchange_body(x, wish_fields, &body);
    if (e)
        return e;
    struct reference_wish wish = wish_of(x, &body);
    e = reference_generate(x->flow, &x->task, &wish, made);
    if (e)
        return e;
    json_t *list = json_array();
    for (size_t i = 0; i < REFERENCE_OPTIONS; i++)
        json_array_append_new(list, reference_shape(x, &made[i]));
    return reply_json(x, 201, json_pack("{so}", "references", list));
}

static enum err reply_reference(struct exchange *x, const struct reference *r)
{
    x->reply.location =
        arena_format(x->task.arena, "/api/mv/get_character_reference/%s", r->reference_id);
    return reply_json(x, 201, reference_shape(x, r));
}

static enum err no_file(struct exchange *x, const char *part, const char *next)
{
    return fail_at(&x->task, refuse(&x->task, ERR_INVALID, next, "no file was sent"), part);
}

static enum err upload_picture(struct exchange *x, struct reference *out)
{
    struct wish_body body = { .description = "", .style = "" };
    struct source_file file = exchange_file(x, "image", 0);
    enum err e = exchange_body(x, picture_upload_fields, &body);
    if (!e && file.fd < 0)
        e = no_file(x, "image", "send the picture as the part \"image\"");
    struct reference_wish wish = wish_of(x, &body);
    return e ? e : reference_upload(x->flow, &x->task, &file, &wish, "uploaded", out);
}

static enum err fetch_picture(struct exchange *x, struct reference *out)
{
    struct wish_body body = { .description = "", .style = "" };
    enum err e = exchange_body(x, picture_fetch_fields, &body);
    struct reference_wish wish = wish_of(x, &body);
    return e ? e : reference_fetch(x->flow, &x->task, body.url, &wish, out);
}

enum err upload_reference(struct exchange *x)
{
    struct reference r;
    enum err e = x->from_form ? upload_picture(x, &r) : fetch_picture(x, &r);
    return e ? e : reply_reference(x, &r);
}

enum err get_reference(struct exchange *x)
{
    struct reference r;
    enum err e = reference_load(x->flow->store, &x->task, x->args[0], &r);
    return e ? e : reply_json_tagged(x, reference_shape(x, &r));
}

/* What belongs to no project: pictures that were drawn for money. */
enum err get_library_ledger(struct exchange *x)
{
    json_t *ledger;
    enum err e = ledger_build(x, counter_library.project_id, &ledger);
    return e ? e : reply_json_tagged(x, ledger);
}

enum err get_library_ledger_entry(struct exchange *x)
{
    json_t *answers;
    enum err e = ledger_entry_build(x, counter_library.project_id, x->args[0], &answers);
    return e ? e : reply_json(x, 200, answers);
}

/* ---- songs ---- */

static enum err add_song(struct exchange *x, struct audio *out)
{
    struct url_body body;
    struct source_file file = exchange_file(x, "audio", 0);
    enum err e = exchange_body(x, x->from_form ? no_fields : url_fields, &body);
    if (e)
        return e;
    if (!x->from_form)
        return audio_fetch(x->flow, &x->task, body.url, x->once, out);
    if (file.fd < 0)
        return no_file(x, "audio", "send the song as the part \"audio\"");
    return audio_add(x->flow, &x->task, &file, x->once, out);
}

enum err analyze_audio(struct exchange *x)
{
    struct audio a;
    struct song_map m;
    enum err e = add_song(x, &a);
    if (!e)
        e = audio_song_map(x->flow, &x->task, &a, &m);
    return e ? e : reply_json(x, 201, audio_shape(x, &a, &m));
}

/* ---- the catalogue ---- */

enum err list_director_configs(struct exchange *x)
{
    struct style *styles;
    struct mode *modes;
    size_t style_count, mode_count;
    enum err e = style_list(&x->task, &x->flow->styles, &styles, &style_count);
    if (!e)
        e = mode_list(&x->task, &x->flow->styles, &modes, &mode_count);
    if (e)
        return e;
    json_t *style_json = json_array(), *mode_json = json_array();
    for (size_t i = 0; i < style_count; i++)
        json_array_append_new(style_json, style_shape(&styles[i]));
    for (size_t i = 0; i < mode_count; i++)
        json_array_append_new(mode_json, mode_shape(&modes[i]));
    return reply_json_tagged(
        x, json_pack("{so so}", "directorConfigs", style_json, "modes", mode_json));
}

/* What the program does by itself, told as the models are told. */
static json_t *built_in(const char *name, const char *title)
{
    const struct model m = { .name = name, .title = title, .driver = name };
    return piece_model_shape(&m, NULL);
}

struct model_lists {
    json_t *videos, *lipsyncs, *planners, *images, *music, *voices;
};

static void list_model(struct model_lists *l, const struct model *m, const struct services *s)
{
    if (m->makes == MAKES_VIDEO)
        json_array_append_new(l->videos, model_shape(m, s));
    if (m->makes == MAKES_LIPSYNC)
        json_array_append_new(l->lipsyncs, lipsync_model_shape(m, s));
    if (m->makes == MAKES_TEXT)
        json_array_append_new(l->planners, piece_model_shape(m, s));
    if (m->makes == MAKES_IMAGE)
        json_array_append_new(l->images, piece_model_shape(m, s));
    if (m->makes == MAKES_MUSIC)
        json_array_append_new(l->music, model_shape(m, s));
    if (m->makes == MAKES_VOICE)
        json_array_append_new(l->voices, model_shape(m, s));
}

enum err list_models(struct exchange *x)
{
    struct model *models;
    size_t count;
    enum err e = model_list(&x->task, &x->flow->models, &models, &count);
    if (e)
        return e;
    struct model_lists l = { json_array(), json_array(), json_array(),
                             json_array(), json_array(), json_array() };
    json_array_append_new(l.planners, built_in(planner_offline.name, "Storyreel's own rules"));
    for (size_t i = 0; x->flow->images[i]; i++) {
        if (!x->flow->images[i]->paid)
            json_array_append_new(l.images,
                                  built_in(x->flow->images[i]->name, "Storyreel's own drawing"));
    }
    for (size_t i = 0; i < count; i++)
        list_model(&l, &models[i], x->flow->services);
    return reply_json_tagged(x, json_pack("{so so so so so so}", "models", l.videos,
                                          "lipsyncModels", l.lipsyncs, "planners", l.planners,
                                          "imageModels", l.images, "musicModels", l.music,
                                          "voiceModels", l.voices));
}
