/*
 * Films by a ComfyUI server: the model's workflow with the scene's words, numbers and pictures in
 * its placeholders. It costs nothing, and is run once all the same: the run's id is made of the
 * call's own token, so a call whose answer was lost is found again by it.
 */
#include "gen/video.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "gen/comfyui.h"
#include "gen/workflow.h"

enum { SEED_MAX = 0x7fffffff, TOKEN_DIGITS = 32 };

/* ---- what fills the placeholders ---- */

/* A side in the model's own size, down to the multiple it asks for: 720 by 32s is 704. */
static int64_t side_of(const struct video_request *r, int64_t side_px)
{
    const struct model *m = r->model;
    const struct draw_spec *film = &r->picture;
    double shorter = (double)(film->width_px < film->height_px ? film->width_px : film->height_px);
    double wanted = strtod(model_size(m, r->size), NULL);
    double scale = wanted > 0 && shorter > 0 ? wanted / shorter : 1;
    int64_t step = m->side_step > 0 ? m->side_step : 2;
    int64_t steps = (int64_t)((double)side_px * scale / (double)step + 1e-6);
    return (steps > 0 ? steps : 1) * step;
}

static int64_t frames_of(const struct video_request *r)
{
    const struct model *m = r->model;
    const struct model_wish wish = video_wish(r);
    int64_t frames = (int64_t)ceil(model_seconds(m, &wish) * m->frames_per_second - 1e-6);
    int64_t step = m->frames_step;
    return step > 0 ? 1 + (frames - 1 + step - 1) / step * step : frames;
}

static const char *picture_token(struct task *t, size_t index)
{
    return index == 0 ? "image" : arena_format(t->arena, "image_%zu", index + 1);
}

/* Constants first: a scene's own words come before a descriptor's. */
static json_t *values_of(struct task *t, const struct video_request *r)
{
    const struct model_wish wish = video_wish(r);
    int64_t seed = r->picture.seed & SEED_MAX;
    const char *prefix = arena_format(t->arena, "storyreel/scene-%lld", (long long)seed);
    json_t *values = json_object();
    video_put_constants(r->model, values);
    scoped(json) json_t *own = json_pack(
        "{ss ss sI sI sI sI sf sf ss}", "prompt", r->prompt, "negative",
        r->negative_prompt ? r->negative_prompt : "", "seed", (json_int_t)seed, "width",
        (json_int_t)side_of(r, r->picture.width_px), "height",
        (json_int_t)side_of(r, r->picture.height_px), "length", (json_int_t)frames_of(r), "fps",
        r->model->frames_per_second, "seconds", model_seconds(r->model, &wish), "prefix", prefix);
    if (own)
        json_object_update(values, own);
    return values;
}

/* ---- the graph ---- */

/* The workflow for scenes with pictures, where there is one and the scene has some. */
static bool uses_pictures(const struct video_request *r)
{
    return r->picture_count > 0 && *r->model->picture_graph;
}

/* How many different pictures there may be in the workflow: the last one stands in for the rest. */
static size_t picture_slots(const struct video_request *r)
{
    return r->model->picture_count > 0 ? (size_t)r->model->picture_count : 1;
}

static enum err fill(struct task *t, const struct video_request *r, const char *const *pictures,
                     const char **out_graph)
{
    const char *text = uses_pictures(r) ? r->model->picture_graph : r->model->graph;
    if (text_is_empty(text))
        return refuse(t, ERR_INVALID, "name the file of an exported workflow in `workflow`",
                      "the descriptor of the video model %s has no workflow", r->model->name);
    scoped(json) json_t *graph = NULL;
    scoped(json) json_t *values = values_of(t, r);
    for (size_t i = 0; uses_pictures(r) && i < picture_slots(r); i++)
        json_object_set_new(values, picture_token(t, i), json_string(pictures[i]));
    enum err e = workflow_read(t, r->model->name, text, &graph);
    if (!e)
        e = workflow_fill(t, graph, values);
    return e ? e : video_canonical(t, graph, out_graph);
}

/* Pictures are left out by standing under their placeholder's name. */
static enum err comfyui_describe(struct task *t, const struct video_request *r,
                                 const char **out_input)
{
    const char *pictures[PICTURES_MAX];
    for (size_t i = 0; i < PICTURES_MAX; i++)
        pictures[i] = picture_token(t, i);
    return fill(t, r, pictures, out_input);
}

static enum err upload(const struct services *all, struct task *t, int fd, const char **out_name)
{
    struct bytes file;
    enum err e = file_read_fd(t, fd, "the reference picture", PICTURE_BYTES_MAX, &file);
    return e ? e : comfyui_upload(all, t, file, out_name);
}

static enum err comfyui_prepare(const struct services *all, struct task *t,
                                const struct video_request *r, const char *input,
                                const char **out_body)
{
    const char *pictures[PICTURES_MAX] = { NULL };
    (void)input; /* the same graph, with the pictures' names in it this time */
    for (size_t i = 0; uses_pictures(r) && i < picture_slots(r); i++) {
        enum err e = OK;
        if (i < r->picture_count)
            e = upload(all, t, r->pictures[i], &pictures[i]);
        else
            pictures[i] = pictures[i - 1];
        if (e)
            return e;
    }
    return fill(t, r, pictures, out_body);
}

/* ---- sending and finding ---- */

/* The token's 128 bits as a UUID; anything else is no token of ours. */
static enum err id_of(struct task *t, const struct video_order *order, const char **out)
{
    const char *k = order->token;
    if (strlen(k) != TOKEN_DIGITS || strspn(k, "0123456789abcdef") != TOKEN_DIGITS)
        return fail(t, ERR_INTERNAL, "the token of a call is not 32 hex digits");
    *out = arena_format(t->arena, "%.8s-%.4s-%.4s-%.4s-%.12s", k, k + 8, k + 12, k + 16, k + 20);
    return OK;
}

static struct video_receipt comfyui_submit(const struct services *all, struct task *t,
                                           const struct video_order *order, const char *body)
{
    scoped(json) json_t *graph = json_loads(body, 0, NULL);
    enum net_outcome outcome = NET_NOT_CREATED;
    const char *id = "";
    enum err e = graph ? id_of(t, order, &id)
                       : fail(t, ERR_INTERNAL, "the request of a scene is no JSON");
    if (!e)
        e = comfyui_run(all, t, graph, id, &outcome);
    return video_receipt_of(t, e, outcome, id);
}

static enum err comfyui_find(const struct services *all, struct task *t,
                             const struct video_order *order, struct video_matches *out)
{
    struct comfyui_result run;
    const char *id;
    enum err e = id_of(t, order, &id);
    if (!e)
        e = comfyui_look(all, t, id, &run);
    if (e)
        return e;
    *out = (struct video_matches){ .clock_us = run.clock_us };
    if (run.state == COMFYUI_UNKNOWN)
        return OK;
    out->at = arena_array(t->arena, struct video_match, 1);
    out->at[out->count++] = (struct video_match){ id, order->intent_us };
    return OK;
}

/* ---- looking and fetching ---- */

static struct video_status status_of(const struct comfyui_result *run)
{
    switch (run->state) {
    case COMFYUI_SUCCEEDED:
        return *run->video ? (struct video_status){ .state = VIDEO_READY, .output = run->video }
                           : video_lost(ERR_IMPOSSIBLE, "the workflow left no video; it needs a "
                                                        "node that saves one", false);
    case COMFYUI_FAILED:
        return video_lost(ERR_UPSTREAM, *run->words ? run->words : "it failed without a word",
                          false);
    case COMFYUI_INTERRUPTED:
        return video_lost(ERR_TIMEOUT, "somebody interrupted it in ComfyUI", false);
    case COMFYUI_UNKNOWN:
        return video_lost(ERR_UPSTREAM, "ComfyUI has forgotten it: it was started again, or its "
                                        "queue was emptied", false);
    default:
        return (struct video_status){ .state = VIDEO_WAITING };
    }
}

static enum err comfyui_poll(const struct services *all, struct task *t, const char *ticket,
                             struct video_status *out)
{
    struct comfyui_result run;
    enum err e = comfyui_look(all, t, ticket, &run);
    if (!e)
        *out = status_of(&run);
    return e;
}

static enum err fetch_clip(const struct services *all, struct task *t, const char *output, int out)
{
    return comfyui_fetch(all, t, output, MEDIA_BYTES_MAX, out);
}

static const struct video_remote remote = {
    .service = SERVICE_COMFYUI,
    .describe = comfyui_describe,
    .prepare = comfyui_prepare,
    .submit = comfyui_submit,
    .find = comfyui_find,
    .poll = comfyui_poll,
    .fetch = fetch_clip,
    .look = video_look_at,
    .cancel = comfyui_cancel,
};

const struct video_driver video_comfyui = { .name = "comfyui", .remote = &remote };
