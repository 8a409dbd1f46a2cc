/*
 * Video models at Replicate. What a model is called there, what it takes and under which names, is
 * in its descriptor; this file only puts a scene into those words and reads what came of it.
 */
#include "gen/video.h"

#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"
#include "gen/replicate.h"
#include "gen/sound.h"

#define LIST_BEFORE_US (300 * SECOND_US) /* their clock and ours may differ */
enum { CANCEL_AFTER_MAX_S = 1800, SEED_MAX = 0x7fffffff };

/* ---- the words of a model ---- */

static void put(json_t *input, const char *name, json_t *value)
{
    if (text_is_empty(name))
        json_decref(value);
    else
        json_object_set_new(input, name, value);
}

static json_t *number_of(double seconds)
{
    return seconds == floor(seconds) ? json_integer((json_int_t)seconds) : json_real(seconds);
}

static enum err replicate_describe(struct task *t, const struct video_request *r,
                                   const char **out_input)
{
    const struct model *m = r->model;
    const struct model_inputs *in = &m->inputs;
    const struct model_wish wish = video_wish(r);
    if (text_is_empty(m->remote) || text_is_empty(in->prompt))
        return refuse(t, ERR_INVALID, "give it `remote` and `inputs: { prompt: ... }`",
                      "the descriptor of the video model %s is not complete", m->name);
    scoped(json) json_t *input = json_object();
    put(input, in->prompt, json_string(r->prompt));
    if (!text_is_empty(r->negative_prompt))
        put(input, in->negative, json_string(r->negative_prompt));
    put(input, in->seconds, number_of(model_seconds(m, &wish)));
    put(input, in->aspect, json_string(model_aspect(m, r->aspect)));
    put(input, in->size, json_string(model_size(m, r->size)));
    put(input, in->seed, json_integer((json_int_t)(r->picture.seed & SEED_MAX)));
    if (m->sound == SOUND_OPTIONAL)
        put(input, in->sound, json_false()); /* the film has its own, and silence costs less */
    video_put_constants(m, input);
    return video_canonical(t, input, out_input);
}

/* ---- reference pictures ---- */

static enum err add_pictures(const struct services *all, struct task *t,
                             const struct video_request *r, json_t *input)
{
    const struct model *m = r->model;
    const struct model_wish wish = video_wish(r);
    bool as_references = model_takes_pictures(m, &wish);
    size_t count = as_references ? r->picture_count : !text_is_empty(m->inputs.first_frame);
    if (as_references && m->picture_count > 0 && count > (size_t)m->picture_count)
        count = (size_t)m->picture_count;
    scoped(json) json_t *uris = json_array();
    for (size_t i = 0; i < count && i < r->picture_count; i++) {
        const char *uri;
        enum err e = replicate_picture(all, t, r->pictures[i], &uri);
        if (e)
            return e;
        json_array_append_new(uris, json_string(uri));
    }
    if (json_array_size(uris) > 0)
        put(input, as_references ? m->inputs.pictures : m->inputs.first_frame,
            json_incref(as_references ? uris : json_array_get(uris, 0)));
    return OK;
}

static enum err replicate_prepare(const struct services *all, struct task *t,
                                  const struct video_request *r, const char *input,
                                  const char **out_body)
{
    scoped(json) json_t *body = json_loads(input, 0, NULL);
    enum err e = body ? add_pictures(all, t, r, body)
                      : fail(t, ERR_INTERNAL, "the request of a scene is no JSON");
    if (e)
        return e;
    char *text = json_dumps(body, JSON_COMPACT);
    *out_body = arena_copy(t->arena, text);
    free(text);
    return OK;
}

/* ---- sending and finding ---- */

static struct video_receipt replicate_submit(const struct services *all, struct task *t,
                                             const struct video_order *order, const char *body)
{
    scoped(json) json_t *input = json_loads(body, 0, NULL);
    double usual_s = 2 * order->model->usual_seconds;
    const struct replicate_order o = {
        .model = order->model->remote,
        .input = input,
        .webhook = order->webhook,
        .cancel_after_s = (int64_t)fmin(usual_s, CANCEL_AFTER_MAX_S),
    };
    enum net_outcome outcome = NET_NOT_CREATED;
    const char *id = "";
    enum err e = input ? replicate_create(all, t, &o, &outcome, &id)
                       : fail(t, ERR_INTERNAL, "the request of a scene is no JSON");
    return video_receipt_of(t, e, outcome, id);
}

static enum err find_runs(const struct services *all, struct task *t,
                          const struct video_order *order, struct video_matches *out)
{
    scoped(json) json_t *input = json_loads(order->input, 0, NULL);
    struct replicate_run *runs;
    size_t count;
    const struct replicate_wanted wanted = {
        .model = order->model->remote,
        .input = input,
        .token = order->token,
        .since_us = order->intent_us - LIST_BEFORE_US,
    };
    if (!input)
        return fail(t, ERR_INTERNAL, "the request of a scene is no JSON");
    enum err e = replicate_find(all, t, &wanted, &runs, &count, &out->clock_us);
    if (e)
        return e;
    out->at = arena_array(t->arena, struct video_match, count);
    out->count = count;
    for (size_t i = 0; i < count; i++)
        out->at[i] = (struct video_match){ runs[i].id, runs[i].created_us };
    return OK;
}

/* ---- looking and fetching ---- */

/* Who pays for what: replicate.com/docs, "Prediction lifecycle". */
static struct video_status status_of(struct task *t, const struct replicate_run *run)
{
    switch (run->state) {
    case REPLICATE_SUCCEEDED:
        if (run->removed || text_is_empty(run->output))
            return video_lost(ERR_EXPIRED, "what it filmed was deleted before it was fetched",
                              true);
        return (struct video_status){
            .state = VIDEO_READY, .output = run->output, .finished_us = run->completed_us
        };
    case REPLICATE_FAILED:
        return video_lost(replicate_error_class(run->error),
                          *run->error ? run->error : "it failed without a word", false);
    case REPLICATE_CANCELED:
        return video_lost(ERR_TIMEOUT, "it was cancelled while it ran", true);
    case REPLICATE_ABORTED:
        return video_lost(ERR_UPSTREAM, "it ended before it began", false);
    default:
        (void)t;
        return (struct video_status){ .state = VIDEO_WAITING };
    }
}

static enum err replicate_poll(const struct services *all, struct task *t, const char *ticket,
                               struct video_status *out)
{
    struct replicate_run run;
    enum err e = replicate_look(all, t, ticket, &run);
    if (!e)
        *out = status_of(t, &run);
    return e;
}

static enum err fetch_output(const struct services *all, struct task *t, const char *output,
                             int out)
{
    return replicate_fetch(all, t, output, MEDIA_BYTES_MAX, out);
}

/* Clips and sounds differ in how what came is looked at. */
#define REMOTE(look_at)                 \
    {                                   \
        .service = SERVICE_REPLICATE,   \
        .describe = replicate_describe, \
        .prepare = replicate_prepare,   \
        .submit = replicate_submit,     \
        .find = find_runs,              \
        .poll = replicate_poll,         \
        .fetch = fetch_output,          \
        .look = look_at,                \
        .cancel = replicate_cancel,     \
    }

const struct video_remote video_replicate_remote = REMOTE(video_look_at);
const struct video_remote sound_replicate_remote = REMOTE(sound_look_at);

const struct video_driver video_replicate = { .name = "replicate",
                                              .remote = &video_replicate_remote };
