/*
 * Video models of Gemini (Omni), as interactions in the background: the answer to the call names
 * the interaction at once, and the film is fetched when it is there. Gemini has no list of
 * interactions and takes no key of ours, so a call whose answer was lost cannot be looked for:
 * find() is not there, and a person decides.
 *
 * A model that does not film in the background has `background: false` among the constants of its
 * descriptor; then the call itself lasts as long as the filming.
 */
#include "gen/video.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "gen/interaction.h"
#include "gen/sound.h"
#include "net/gemini.h"

enum {
    SEED_MAX = 0x7fffffff,
    INLINE_BYTES_MAX = 12 << 20, /* of pictures; a third more as base64, and 18 MB are taken */
};

/* ---- pictures and words ---- */

/* How the pictures are given: each with a tag in the prompt, or one as the first frame. */
struct picture_use {
    size_t count;
    bool as_references;
};

static struct picture_use picture_use_of(const struct video_request *r)
{
    const struct model *m = r->model;
    const struct model_wish wish = video_wish(r);
    bool as_references = model_takes_pictures(m, &wish);
    size_t most = as_references ? (size_t)m->picture_count : !text_is_empty(m->inputs.first_frame);
    return (struct picture_use){
        .count = r->picture_count < most ? r->picture_count : most,
        .as_references = as_references,
    };
}

static const char *task_of(const struct picture_use *use)
{
    if (use->count == 0)
        return "text_to_video";
    return use->as_references ? "reference_to_video" : "image_to_video";
}

/* "<IMAGE_REF_0> is the character, <IMAGE_REF_1> is the product. ", "<FIRST_FRAME> " */
static void append_tags(struct text *out, const struct video_request *r,
                        const struct picture_use *use)
{
    const struct model_inputs *in = &r->model->inputs;
    if (use->count > 0 && !use->as_references)
        text_printf(out, "<%s> ", in->first_frame);
    for (size_t i = 0; i < use->count && use->as_references; i++)
        text_printf(out, "<%s_%zu> is the %s%s", in->pictures, i,
                    r->picture_words ? r->picture_words[i] : "reference",
                    i + 1 < use->count ? ", " : ". ");
}

static const char *prompt_of(struct task *t, const struct video_request *r)
{
    struct text out = text_new(t->arena);
    struct picture_use use = picture_use_of(r);
    append_tags(&out, r, &use);
    text_append(&out, r->prompt);
    if (!text_is_empty(r->negative_prompt)) /* there is no place of its own for it */
        text_printf(&out, "%s Not to be seen: %s.", text_ends(r->prompt, ".") ? "" : ".",
                    r->negative_prompt);
    return text_end(&out);
}

/* ---- the request ---- */

static json_t *format_of(struct task *t, const struct video_request *r)
{
    const struct model_wish wish = video_wish(r);
    const char *seconds = arena_format(t->arena, "%.0fs", ceil(model_seconds(r->model, &wish)));
    return json_pack("{ss ss ss ss ss}", "type", "video", "aspect_ratio",
                     model_aspect(r->model, r->aspect), "resolution", model_size(r->model, r->size),
                     "duration", seconds, "delivery", "uri");
}

static json_t *config_of(const struct video_request *r)
{
    const struct picture_use use = picture_use_of(r);
    json_t *config = json_pack("{s{ss}}", "video_config", "task", task_of(&use));
    if (!text_is_empty(r->model->inputs.seed))
        json_object_set_new(config, r->model->inputs.seed,
                            json_integer((json_int_t)(r->picture.seed & SEED_MAX)));
    return config;
}

static enum err gemini_describe(struct task *t, const struct video_request *r,
                                const char **out_input)
{
    if (text_is_empty(r->model->remote))
        return refuse(t, ERR_INVALID, "give it `remote: MODEL`",
                      "the descriptor of the video model %s is not complete", r->model->name);
    scoped(json) json_t *body =
        json_pack("{ss s[{ss ss}] so so sb sb sb}", "model", r->model->remote, "input", "type",
                  "text", "text", prompt_of(t, r), "generation_config", config_of(r),
                  "response_format", format_of(t, r), "store", 1, "background", 1, "stream", 0);
    if (!body)
        return fail(t, ERR_INVALID, "the scene's words are not clean text");
    video_put_constants(r->model, body);
    return video_canonical(t, body, out_input);
}

/* The pictures come first: words that follow are about them. */
static enum err add_pictures(struct task *t, const struct video_request *r, json_t *input)
{
    const struct picture_use use = picture_use_of(r);
    size_t total = 0;
    for (size_t i = 0; i < use.count; i++) {
        struct bytes file;
        json_t *content;
        enum err e = file_read_fd(t, r->pictures[i], "the reference picture", PICTURE_BYTES_MAX,
                                  &file);
        total += e ? 0 : file.size;
        if (!e && total > INLINE_BYTES_MAX)
            e = refuse(t, ERR_IMPOSSIBLE, "use smaller pictures: 2,000 pixels a side are plenty",
                       "the reference pictures are larger than the 12 MB that Gemini takes");
        if (!e)
            e = gemini_image_content(t, file, &content);
        if (e)
            return e;
        json_array_insert_new(input, i, content);
    }
    return OK;
}

static enum err gemini_prepare(const struct services *all, struct task *t,
                               const struct video_request *r, const char *input,
                               const char **out_body)
{
    (void)all;
    scoped(json) json_t *body = json_loads(input, 0, NULL);
    enum err e = body ? add_pictures(t, r, json_object_get(body, "input"))
                      : fail(t, ERR_INTERNAL, "the request of a scene is no JSON");
    return e ? e : video_canonical(t, body, out_body);
}

/* ---- sending ---- */

/* In the background the answer comes at once; else when the film is there. */
static int64_t gemini_send_us(const char *input)
{
    scoped(json) json_t *body = json_loads(input, 0, NULL);
    return json_is_false(json_object_get(body, "background")) ? SERVICE_THINK_US
                                                              : SERVICE_CREATE_US;
}

static struct video_receipt gemini_submit(const struct services *all, struct task *t,
                                          const struct video_order *order, const char *body)
{
    enum net_outcome outcome = NET_NOT_CREATED;
    const char *id = "";
    enum err e = interaction_create(all, t, body, gemini_send_us(order->input), &outcome, &id);
    return video_receipt_of(t, e, outcome, id);
}

/* ---- looking and fetching ---- */

/* Where fetch() finds the clip: "files/ID" or "interactions/ID". */
static const char FILES[] = "files/", INTERACTIONS[] = "interactions/";

static const char *output_of(struct task *t, const char *ticket, const struct interaction *i)
{
    return i->inline_media ? arena_format(t->arena, "%s%s", INTERACTIONS, ticket)
                           : arena_format(t->arena, "%s%s", FILES, i->file);
}

/* Words instead of a video are a refusal. */
static struct video_status no_video(const struct interaction *i)
{
    const char *why = *i->words ? i->words : "it answered without what was asked for";
    return video_lost(ERR_REFUSED, why, i->charged);
}

static enum err completed(const struct services *all, struct task *t, const char *ticket,
                          const struct interaction *i, struct video_status *out)
{
    bool ready = i->inline_media;
    if (!i->inline_media && !*i->file) {
        *out = no_video(i);
        return OK;
    }
    enum err e = ready ? OK : interaction_file(all, t, i->file, &ready);
    if (e)
        return e;
    *out = (struct video_status){
        .state = ready ? VIDEO_READY : VIDEO_WAITING,
        .output = output_of(t, ticket, i),
        .finished_us = i->updated_us,
    };
    return OK;
}

/* An error in place of the interaction may be the filter's word on it. */
static enum err refused_or(struct task *t, enum err e, struct video_status *out)
{
    if (e != ERR_REFUSED)
        return e;
    *out = video_lost(ERR_REFUSED, arena_copy(t->arena, t->fault.message), false);
    t->fault = (struct fault){ 0 };
    return OK;
}

static enum err gemini_poll(const struct services *all, struct task *t, const char *ticket,
                            struct video_status *out)
{
    struct interaction i;
    enum err e = interaction_look(all, t, ticket, &i);
    if (e)
        return refused_or(t, e, out);
    if (i.state == INTERACTION_COMPLETED)
        return completed(all, t, ticket, &i, out);
    if (i.state == INTERACTION_RUNNING)
        *out = (struct video_status){ .state = VIDEO_WAITING };
    else /* what a cancelled run costs is written nowhere: it may have been charged */
        *out = video_lost(i.error, *i.words ? i.words : "it ended without a word",
                          i.charged || i.error == ERR_TIMEOUT);
    return OK;
}

static enum err fetch_output(const struct services *all, struct task *t, const char *output,
                             int out)
{
    return text_starts(output, INTERACTIONS)
               ? interaction_fetch_inline(all, t, output + strlen(INTERACTIONS), out)
               : interaction_fetch_file(all, t, output + strlen(FILES), MEDIA_BYTES_MAX, out);
}

/* Clips and sounds differ in how what came is looked at. */
#define REMOTE(look_at)               \
    {                                 \
        .service = SERVICE_GEMINI,    \
        .describe = gemini_describe,  \
        .prepare = gemini_prepare,    \
        .send_us = gemini_send_us,    \
        .submit = gemini_submit,      \
        .poll = gemini_poll,          \
        .fetch = fetch_output,        \
        .look = look_at,              \
        .cancel = interaction_cancel, \
    }

static const struct video_remote remote = REMOTE(video_look_at);
const struct video_remote sound_gemini_remote = REMOTE(sound_look_at);

const struct video_driver video_gemini = { .name = "gemini", .remote = &remote };
