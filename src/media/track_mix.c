/*
 * Fades are half a cosine. A sound that ends by itself inside the film gets a very short one,
 * because files are often cut off in the middle of a wave; one that was asked to end somewhere is
 * left as it was asked.
 */
#include "media/track_mix.h"

#include <math.h>
#include <string.h>

#include "media/duck.h"
#include "media/sound_decode.h"

enum { OWN_END_FADE = 960 };          /* 20 ms */

struct voice {
    const struct track_part *part;
    struct sound            *sound;
    struct sound_block       block;   /* what is left of the last one read */
    int64_t                  done;    /* samples of the part laid down so far */
    int64_t                 *length;
    bool                     ended;
    float                    gain;
};

struct mix {
    struct task                *t;
    const struct track_request *request;
    const struct media_files   *files;
    const struct duck          *duck;
    struct voice               *voices;
    int64_t                     at, length;
};

struct mix_notes mix_notes_new(struct task *t, const struct track_request *request)
{
    struct mix_notes notes = {
        .lengths = arena_array(t->arena, int64_t, request->part_count + 1),
        .speech_gain = 1,
    };
    for (size_t i = 0; i < request->part_count; i++)
        notes.lengths[i] = -1;
    return notes;
}

static bool is_left_out(const struct track_part *p, enum mix_only only)
{
    return (only == MIX_SPEECH && !p->speaks) || (only == MIX_YIELDING && !p->yields);
}

struct mix *mix_start(struct task *t, const struct track_request *request,
                      const struct media_files *files, struct mix_notes *notes)
{
    struct mix *m = arena_one(t->arena, struct mix);

    *m = (struct mix){
        .t = t,
        .request = request,
        .files = files,
        .duck = notes->duck,
        .length = request->frame_count * SAMPLES_PER_FRAME,
        .voices = arena_array(t->arena, struct voice, request->part_count),
    };
    for (size_t i = 0; i < request->part_count; i++) {
        const struct track_part *p = &request->parts[i];
        m->voices[i] = (struct voice){
            .part = p,
            .length = &notes->lengths[i],
            .ended = is_left_out(p, notes->only),
            .gain = (float)pow(10, p->gain_db / 20) * (p->speaks ? notes->speech_gain : 1),
        };
    }
    return m;
}

void mix_end(struct mix *m)
{
    for (size_t i = 0; m && i < m->request->part_count; i++)
        sound_close(m->voices[i].sound);
}

static enum err voice_open(struct mix *m, struct voice *v)
{
    if (v->part->input_index < 0 || (size_t)v->part->input_index >= m->files->in_count)
        return fail(m->t, ERR_INVALID, "a part of the track names a sound that was not given");
    if (v->part->at_sample < 0 || v->part->in_sample < 0 || v->part->sample_count < 0)
        return fail(m->t, ERR_INVALID,
                    "a part of the track starts before the film or before its sound");
    enum err e = sound_open(m->t, m->files->in[v->part->input_index], MEDIA_US_MAX, &v->sound);
    if (!e)
        sound_skip(v->sound, v->part->in_sample);
    return e;
}

static void voice_close(struct voice *v)
{
    v->ended   = true;
    *v->length = v->done;
    sound_close(take(v->sound));
}

static float half_cosine(int64_t at, int64_t length)
{
    return at >= length ? 1 : (float)(0.5 - 0.5 * cos(M_PI * ((double)at + 0.5) / (double)length));
}

/* Where the part ends by itself, and how long it fades before that. */
static int64_t fade_out_of(const struct voice *v, int64_t length)
{
    const struct track_part *p = v->part;
    bool asked_end = p->sample_count > 0 && length >= p->sample_count;
    int64_t fade = p->fade_out_samples > 0 || asked_end ? p->fade_out_samples : OWN_END_FADE;
    return fade < length ? fade : length;
}

static float voice_level(const struct voice *v, int64_t at)
{
    const struct track_part *p = v->part;
    int64_t length = *v->length >= 0       ? *v->length
                     : p->sample_count > 0 ? p->sample_count
                                           : INT64_MAX;
    float level = v->gain;

    if (at < p->fade_in_samples)
        level *= half_cosine(at, p->fade_in_samples);
    int64_t fade = length < INT64_MAX ? fade_out_of(v, length) : 0;
    if (length - at <= fade)
        level *= half_cosine(length - 1 - at, fade);
    return level;
}

static enum err voice_fill(struct voice *v)
{
    int64_t left = v->part->sample_count > 0 ? v->part->sample_count - v->done : INT64_MAX;
    enum err e = v->block.count == 0 && left > 0 ? sound_read(v->sound, &v->block) : OK;

    if (v->block.count > left)
        v->block.count = (int)left;
    return e;
}

/* `some` samples of what was read, laid over what is there. */
static void voice_lay(const struct mix *m, const struct voice *v, float *out, int some)
{
    float back[MIX_BLOCK_MAX];
    bool yields = m->duck && v->part->yields;

    if (yields)
        duck_gains(m->duck, v->part->at_sample + v->done, some, back);
    for (int i = 0; i < some; i++) {
        float level = voice_level(v, v->done + i) * (yields ? back[i] : 1);
        out[2 * i] += level * v->block.stereo[2 * i];
        out[2 * i + 1] += level * v->block.stereo[2 * i + 1];
    }
}

/* Add up to `count` samples; fewer only when the part ends. */
static enum err voice_add(struct mix *m, struct voice *v, float *out, int count)
{
    enum err e = v->sound ? OK : voice_open(m, v);

    while (!e && count > 0) {
        e = voice_fill(v);
        if (e || v->block.count == 0)
            break;
        int some = v->block.count < count ? v->block.count : count;
        voice_lay(m, v, out, some);
        v->done += some;
        v->block.stereo += 2 * some;
        v->block.count -= some;
        out += 2 * some;
        count -= some;
    }
    if (!e && count > 0)
        voice_close(v);
    return e;
}

static void fade_film(const struct mix *m, float *out, int count)
{
    int64_t fade =
        m->request->fade_out_samples < m->length ? m->request->fade_out_samples : m->length;
    for (int i = 0; i < count; i++) {
        int64_t left = m->length - 1 - (m->at + i);
        if (left >= fade)
            continue;
        out[2 * i] *= half_cosine(left, fade);
        out[2 * i + 1] *= half_cosine(left, fade);
    }
}

enum err mix_read(struct mix *m, float *out_stereo, int count)
{
    memset(out_stereo, 0, 2 * (size_t)count * sizeof *out_stereo);
    for (size_t i = 0; i < m->request->part_count; i++) {
        struct voice *v = &m->voices[i];
        int64_t from = v->part->at_sample > m->at ? v->part->at_sample - m->at : 0;
        if (v->ended || from >= count)
            continue;
        enum err e = voice_add(m, v, out_stereo + 2 * from, count - (int)from);
        if (e)
            return e;
    }
    fade_film(m, out_stereo, count);
    m->at += count;
    return OK;
}
