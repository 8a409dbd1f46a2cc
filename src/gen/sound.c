/*
 * Both protocols are those of the video drivers there; only what is asked for, and what a fetched
 * file must be, differ.
 */
#include "gen/sound.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

#define LETTERS_A_SECOND 14.0
enum { SEED_MAX = 0x7fffffff };

double sound_reading_seconds(const char *words)
{
    return (double)strlen(words) / LETTERS_A_SECOND;
}

double sound_seconds(const struct sound_request *r)
{
    return model_seconds(r->model, &(struct model_wish){ .seconds = r->seconds, .aspect = "" });
}

enum err sound_look_at(struct media *m, struct task *t, int out, struct clip_info *info)
{
    enum err e = media_probe(m, t, out, info);
    if (!e && !info->has_audio)
        e = fail(t, ERR_MEDIA, "there is no sound in what came");
    return e;
}

static enum err check_complete(struct task *t, const struct model *m, bool has_names)
{
    if (has_names && !text_is_empty(m->remote))
        return OK;
    return refuse(t, ERR_INVALID, "give it `remote` and `inputs: { prompt: ... }`",
                  "the descriptor of the model %s is not complete", m->name);
}

/* ---- music at Replicate ---- */

/* Whole seconds; or thousandths of them, where the input's name ends so. */
static json_t *length_of(const struct sound_request *r)
{
    bool milli = text_ends(r->model->inputs.seconds, "_ms");
    return json_integer((json_int_t)lround(sound_seconds(r) * (milli ? 1000 : 1)));
}

static enum err music_ask(struct task *t, const struct sound_request *r, const char **out_input)
{
    const struct model_inputs *in = &r->model->inputs;
    enum err e = check_complete(t, r->model, !text_is_empty(in->prompt));
    if (e)
        return e;
    scoped(json) json_t *input = json_pack("{ss}", in->prompt, r->words);
    if (!text_is_empty(in->seconds))
        json_object_set_new(input, in->seconds, length_of(r));
    if (!text_is_empty(in->seed))
        json_object_set_new(input, in->seed, json_integer((json_int_t)(r->seed & SEED_MAX)));
    video_put_constants(r->model, input);
    return video_canonical(t, input, out_input);
}

const struct sound_driver music_replicate = {
    .name = "replicate",
    .makes = MAKES_MUSIC,
    .remote = &sound_replicate_remote,
    .ask = music_ask,
};

/* ---- voices at Gemini ---- */

/* The voice's name is among the constants; what is no constant of ours goes along as it is. */
static enum err voice_ask(struct task *t, const struct sound_request *r, const char **out_input)
{
    enum err e = check_complete(t, r->model, true);
    if (e)
        return e;
    scoped(json) json_t *said = json_object();
    video_put_constants(r->model, said);
    const char *voice = json_string_value(json_object_get(said, "voice"));
    scoped(json) json_t *body = json_pack(
        "{ss ss s{s[{ss}]} s{ss} sb sb sb}", "model", r->model->remote, "input", r->words,
        "generation_config", "speech_config", "voice", voice ? voice : "Kore", "response_format",
        "type", "audio", "store", 1, "background", 0, "stream", 0);
    json_object_del(said, "voice");
    json_object_update(body, said);
    return body ? video_canonical(t, body, out_input)
                : fail(t, ERR_INVALID, "the words to be spoken are not clean text");
}

const struct sound_driver voice_gemini = {
    .name = "gemini",
    .makes = MAKES_VOICE,
    .remote = &sound_gemini_remote,
    .ask = voice_ask,
};
