/*
 * Lip-sync models at Replicate. Clip and sound are uploaded, whatever their size: the addresses of
 * the uploads make the call's input like no other, so that it is found again by it.
 */
#include "gen/lipsync.h"

#include "base/text.h"
#include "gen/replicate.h"

static void put(json_t *input, const char *name, json_t *value)
{
    if (text_is_empty(name))
        json_decref(value);
    else
        json_object_set_new(input, name, value);
}

static enum err put_upload(const struct services *all, struct task *t, json_t *input,
                           const char *name, int file, const char *type)
{
    const char *uri;
    enum err e = replicate_upload(all, t, file, type, &uri);
    if (!e)
        put(input, name, json_string(uri));
    return e;
}

static enum err replicate_ask(const struct services *all, struct task *t,
                              const struct lipsync_request *r, const char **out_input)
{
    const struct model *m = r->model;
    const struct model_inputs *in = &m->inputs;
    if (text_is_empty(m->remote) || text_is_empty(in->video) || text_is_empty(in->audio))
        return refuse(t, ERR_INVALID, "give it `remote` and `inputs: { video: ..., audio: ... }`",
                      "the descriptor of the lip-sync model %s is not complete", m->name);
    scoped(json) json_t *input = json_object();
    enum err e = put_upload(all, t, input, in->video, r->clip, "video/mp4");
    if (!e)
        e = put_upload(all, t, input, in->audio, r->sound, "audio/wav");
    if (e)
        return e;
    if (!text_is_empty(r->mode))
        put(input, in->sync_mode, json_string(r->mode));
    put(input, in->temperature, json_real(r->temperature));
    put(input, in->active_speaker, json_boolean(r->active_speaker));
    put(input, in->occlusion, json_boolean(r->occlusion));
    return video_canonical(t, input, out_input);
}

const struct lipsync_driver lipsync_replicate = {
    .name = "replicate",
    .remote = &video_replicate_remote,
    .ask = replicate_ask,
};
