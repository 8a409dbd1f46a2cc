/* Scenes and takes: decode, call flow/, answer. */
#include <math.h>

#include "api/routes.h"
#include "api/server.h"
#include "api/shapes.h"

/* The path's {projectId} and {sequence}. */
static enum err read_scene(struct exchange *x, int64_t *out)
{
    return exchange_arg_int(x, 1, out);
}

static enum err load_scene(struct exchange *x, struct board *b, const struct scene **out)
{
    int64_t sequence = 0;
    enum err e = read_scene(x, &sequence);
    if (!e)
        e = board_load(x->flow, &x->task, x->args[0], b);
    if (e)
        return e;
    *out = board_scene(b, sequence);
    return *out ? OK
                : refuse(&x->task, ERR_NOT_FOUND, "GET .../projects/{projectId} lists the scenes",
                         "there is no scene %lld", (long long)sequence);
}

static enum err reply_scene(struct exchange *x, int status, int64_t sequence)
{
    struct board b;
    enum err e = board_load(x->flow, &x->task, x->args[0], &b);
    const struct scene *s = e ? NULL : board_scene(&b, sequence);
    if (e)
        return e;
    if (!s)
        return fail(&x->task, ERR_NOT_FOUND, "scene %lld was deleted meanwhile",
                    (long long)sequence);
    if (status == 201)
        x->reply.location = arena_format(x->task.arena, "/api/mv/projects/%s/scenes/%lld",
                                         x->args[0], (long long)sequence);
    return reply_json(x, status, scene_shape(x, &b, s));
}

/* ---- reading ---- */

static enum err build_scene(struct exchange *x, json_t **out)
{
    struct board b;
    const struct scene *s;
    enum err e = load_scene(x, &b, &s);
    if (!e)
        *out = scene_shape(x, &b, s);
    return e;
}

enum err get_scene(struct exchange *x)
{
    const char *name = arena_format(x->task.arena, "scene %s %s", x->args[1], x->args[0]);
    return reply_cached(x, name, x->args[0], build_scene);
}

static enum err build_takes(struct exchange *x, json_t **out)
{
    struct board b;
    const struct scene *s;
    struct take *takes;
    size_t count;
    enum err e = load_scene(x, &b, &s);
    if (!e)
        e = takes_load(x->flow->store, &x->task, x->args[0], s->sequence, &takes, &count);
    if (e)
        return e;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, take_shape(x, &takes[i], takes[i].take == s->selected_take));
    *out = json_pack("{so sI}", "takes", list, "selectedTake", (json_int_t)s->selected_take);
    return OK;
}

enum err list_takes(struct exchange *x)
{
    const char *name = arena_format(x->task.arena, "takes %s %s", x->args[1], x->args[0]);
    return reply_cached(x, name, x->args[0], build_takes);
}

/* ---- the list ---- */

enum err add_scene(struct exchange *x)
{
    struct idea_body body;
    struct scene s;
    enum err e = exchange_body(x, idea_fields, &body);
    if (e)
        return e;
    const struct scene_idea idea = { .idea = body.idea,
                                     .after = exchange_has(x, "after") ? body.after : -1,
                                     .seconds = body.seconds,
                                     .once = x->once };
    e = scene_add(x->flow, &x->task, x->args[0], &idea, &s);
    return e ? e : reply_scene(x, 201, s.sequence);
}

enum err reorder_scenes(struct exchange *x)
{
    struct order_body body;
    struct board b;
    enum err e = exchange_body(x, order_fields, &body);
    if (!e)
        e = project_reorder(x->flow, &x->task, x->args[0], body.order, body.count);
    if (!e)
        e = board_load(x->flow, &x->task, x->args[0], &b);
    return e ? e : reply_json(x, 200, project_shape(x, &b));
}

enum err delete_scene(struct exchange *x)
{
    int64_t sequence;
    enum err e = read_scene(x, &sequence);
    if (!e)
        e = scene_delete(x->flow, &x->task, x->args[0], sequence);
    return e ? e : reply_empty(x, 204);
}

/* ---- one scene ---- */

static const char *text_if(const struct exchange *x, const char *member, const char *text)
{
    return exchange_has(x, member) ? text : NULL;
}

enum err edit_scene(struct exchange *x)
{
    struct scene_body b;
    struct scene s;
    int64_t sequence;
    enum err e = read_scene(x, &sequence);
    if (!e)
        e = exchange_body(x, scene_edit_fields, &b);
    if (e)
        return e;
    const struct scene_edit edit = {
        .prompt = text_if(x, "prompt", b.prompt),
        .negative_prompt = text_if(x, "negativePrompt", b.negative_prompt),
        .title = text_if(x, "title", b.title),
        .camera = text_if(x, "camera", b.camera),
        .action = text_if(x, "action", b.action),
        .line = text_if(x, "line", b.line),
        .seed = b.seed,
        .seconds = b.seconds,
        .lips_move = exchange_has(x, "needsLipSync") ? b.lips_move : -1,
        .version = b.version,
    };
    e = scene_edit(x->flow, &x->task, x->args[0], sequence, &edit, &s);
    return e ? e : reply_scene(x, 200, sequence);
}

/* Nothing is changed: what is proposed is sent with editScene, or not. */
enum err rewrite_scene(struct exchange *x)
{
    struct rewrite_body body;
    struct scene_proposal proposal;
    int64_t sequence;
    enum err e = read_scene(x, &sequence);
    if (!e)
        e = exchange_body(x, rewrite_fields, &body);
    if (e)
        return e;
    const struct scene_rewrite ask = { .instruction = body.instruction, .seed = body.seed };
    e = scene_rewrite(x->flow, &x->task, x->args[0], sequence, &ask, &proposal);
    return e ? e : reply_json(x, 200, proposal_shape(&proposal));
}

enum err regenerate_scene(struct exchange *x)
{
    struct remake_body body;
    int64_t sequence;
    enum err e = read_scene(x, &sequence);
    if (!e)
        e = exchange_body(x, remake_fields, &body);
    if (e)
        return e;
    const struct scene_remake remake = { .prompt = body.prompt,
                                         .seed = body.seed,
                                         .once = x->once };
    e = scene_regenerate(x->flow, &x->task, x->args[0], sequence, &remake);
    if (e)
        return e;
    exchange_nudge(x);
    return reply_scene(x, 202, sequence);
}

static int64_t frames(double seconds)
{
    return llround(seconds * FILM_RATE_HZ);
}

enum err trim_scene(struct exchange *x)
{
    struct trim_body body;
    int64_t sequence;
    enum err e = read_scene(x, &sequence);
    if (!e)
        e = exchange_body(x, trim_fields, &body);
    if (e)
        return e;
    if (frames(body.points.out) <= frames(body.points.in))
        return fail_at(&x->task,
                       fail(&x->task, ERR_INVALID, "the out point is not later than the in point"),
                       "trimPoints.out");
    e = scene_trim(x->flow, &x->task, x->args[0], sequence, frames(body.points.in),
                   frames(body.points.out));
    return e ? e : reply_scene(x, 200, sequence);
}

enum err untrim_scene(struct exchange *x)
{
    int64_t sequence;
    enum err e = read_scene(x, &sequence);
    if (!e)
        e = scene_trim(x->flow, &x->task, x->args[0], sequence, 0, 0);
    return e ? e : reply_scene(x, 200, sequence);
}

/* ---- lips ---- */

enum err sync_lips(struct exchange *x)
{
    struct lipsync_body body;
    int64_t sequence;
    enum err e = read_scene(x, &sequence);
    if (!e)
        e = exchange_body(x, lipsync_fields, &body);
    if (e)
        return e;
    const struct scene_lipsync ask = {
        .model = body.model,
        .temperature = exchange_has(x, "temperature") ? body.temperature : -1,
        .mode = body.mode,
        .active_speaker = body.active_speaker,
        .occlusion = body.occlusion,
        .once = x->once,
    };
    e = scene_lipsync_ask(x->flow, &x->task, x->args[0], sequence, &ask);
    if (e)
        return e;
    exchange_nudge(x);
    return reply_scene(x, 202, sequence);
}

enum err unsync_lips(struct exchange *x)
{
    int64_t sequence;
    enum err e = read_scene(x, &sequence);
    if (!e)
        e = scene_lipsync_remove(x->flow, &x->task, x->args[0], sequence);
    return e ? e : reply_scene(x, 200, sequence);
}

/* ---- takes ---- */

enum err upload_take(struct exchange *x)
{
    int64_t sequence;
    struct scene s;
    struct source_file video = exchange_file(x, "video", 0);
    enum err e = read_scene(x, &sequence);
    if (!e)
        e = exchange_body_empty(x);
    if (!e && video.fd < 0)
        e = fail_at(&x->task,
                    refuse(&x->task, ERR_INVALID, "send the clip as the part \"video\"",
                           "no clip was sent"),
                    "video");
    if (!e)
        e = scene_upload(x->flow, &x->task, x->args[0], sequence, &video, x->once, &s);
    return e ? e : reply_scene(x, 201, sequence);
}

enum err select_take(struct exchange *x)
{
    int64_t sequence, take;
    enum err e = read_scene(x, &sequence);
    if (!e)
        e = exchange_arg_int(x, 2, &take);
    if (!e)
        e = exchange_body_empty(x);
    if (!e)
        e = scene_select_take(x->flow, &x->task, x->args[0], sequence, take);
    return e ? e : reply_scene(x, 200, sequence);
}
