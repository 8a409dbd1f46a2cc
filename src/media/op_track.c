/*
 * The film's one continuous sound, in two passes over its sources: the first finds how long they
 * are and how loud their mix is, the second lays them down again, sets the level and encodes.
 * (Where the limiter takes much away there is a rehearsal or two between them; where somebody
 * speaks over music, the two are heard by themselves before.) Decoding again is cheap, four minutes
 * of song take 0.2 s, and holding an hour of samples is not.
 *
 * A song that is AAC already, and is wanted as it is, is not decoded to be encoded: its packets are
 * copied.
 */
#include "media/media_op.h"

#include <ebur128.h>
#include <math.h>
#include <string.h>

#include "media/aac_encode.h"
#include "media/limiter.h"
#include "media/loudness_meter.h"
#include "media/media_fields.h"
#include "media/track_mix.h"
#include "media/track_speech.h"
#include "media/track_write.h"
#include "media/true_peak.h"

enum { BIT_RATE = 192000 };

static const double ceiling_db  = -1;
static const double gain_max_db = 30;      /* a recording that needs more is noise */

/* ---- measuring ---------------------------------------------------------------------------- */

/* Loudness and height of what goes by. */
struct gauge {
    ebur128_state    *meter;
    struct true_peak *peak;           /* NULL: the height is not wanted */
    float             height;
};

static enum err gauge_start(struct task *t, bool with_height, struct gauge *g)
{
    *g = (struct gauge){ .meter = ebur128_init(2, SOUND_RATE_HZ, EBUR128_MODE_I),
                         .peak  = with_height ? true_peak_new(t) : NULL };
    return g->meter ? OK : fail(t, ERR_INTERNAL, "no loudness meter");
}

static void gauge_scoped(struct gauge *g)
{
    meter_scoped(&g->meter);
}

static void gauge_add(struct gauge *g, const float *stereo, int count)
{
    float heights[TRUE_PEAK_BLOCK_MAX];

    ebur128_add_frames_float(g->meter, stereo, (size_t)count);
    for (int from = 0; g->peak && from < count; from += TRUE_PEAK_BLOCK_MAX) {
        int some = count - from < TRUE_PEAK_BLOCK_MAX ? count - from : TRUE_PEAK_BLOCK_MAX;
        true_peak_run(g->peak, stereo + 2 * from, some, heights);
        for (int i = 0; i < some; i++)
            g->height = heights[i] > g->height ? heights[i] : g->height;
    }
}

static void gauge_read(struct gauge *g, int64_t samples, struct track_info *out)
{
    *out = (struct track_info){
        .sample_count   = samples, .loudness_lufs = meter_lufs(g->meter),
        .true_peak_dbtp = g->height > 1e-6f ? 20 * log10(g->height) : -120,
    };
}

static enum err measure(struct task *t, const struct track_request *request,
                        const struct media_files *files, struct mix_notes *notes,
                        struct track_info *out)
{
    scoped(mix) struct mix *m = mix_start(t, request, files, notes);
    scoped(gauge) struct gauge g = { 0 };
    float stereo[2 * MIX_BLOCK_MAX];
    int64_t samples = request->frame_count * SAMPLES_PER_FRAME;
    enum err e = gauge_start(t, true, &g);

    for (int64_t at = 0; !e && at < samples; at += MIX_BLOCK_MAX) {
        int count = samples - at < MIX_BLOCK_MAX ? (int)(samples - at) : MIX_BLOCK_MAX;
        e = mix_read(m, stereo, count);
        if (!e)
            gauge_add(&g, stereo, count);
    }
    if (e)
        return e;
    gauge_read(&g, samples, out);
    return OK;
}

/* ---- encoding ----------------------------------------------------------------------------- */

struct session {
    struct task              *t;
    const struct media_files *files;
    struct mix               *mix;
    struct limiter           *limiter;
    struct gauge              gauge;
    struct track_writer       writer;
    float                     gain;
    int64_t                   samples, mixed;      /* the film's; read from the mix so far */
    bool                      primed;
};

static void session_scoped(struct session *s)
{
    mix_end(s->mix);
    meter_scoped(&s->gauge.meter);
}

/* Mixed, at its level and limited; silence after the end pushes the limiter's last samples out. */
static enum err levelled(struct session *s, float *stereo, int count)
{
    int64_t left = s->samples - s->mixed;
    int some = left < count ? (int)left : count;
    enum err e = some > 0 ? mix_read(s->mix, stereo, some) : OK;

    if (e)
        return e;
    memset(stereo + 2 * some, 0, 2 * (size_t)(count - some) * sizeof *stereo);
    for (int i = 0; i < 2 * some; i++)
        stereo[i] *= s->gain;
    s->mixed += some;
    limiter_run(s->limiter, stereo, count);
    return OK;
}

static void report(struct session *s)
{
    if (s->files->progress)
        s->files->progress(s->files->progress_state, (int)(s->mixed * 1000 / s->samples));
}

static enum err session_read(void *state, float *stereo, int count)
{
    struct session *s = state;

    if (!s->primed) {
        float late[2 * LIMITER_DELAY];
        enum err e = levelled(s, late, LIMITER_DELAY);
        if (e)
            return e;
        s->primed = true;
    }
    enum err e = levelled(s, stereo, count);
    if (e)
        return e;
    gauge_add(&s->gauge, stereo, count);
    report(s);
    return OK;
}

static enum err session_write(void *state, struct bytes packet)
{
    struct session *s = state;
    return track_writer_add(s->t, &s->writer, packet);
}

static enum err session_start(struct task *t, const struct track_request *request,
                              const struct media_files *files, struct mix_notes *notes, double gain,
                              bool in_earnest, struct session *s)
{
    *s = (struct session){
        .t = t,
        .files = files,
        .gain = (float)gain,
        .samples = request->frame_count * SAMPLES_PER_FRAME,
        .mix = mix_start(t, request, files, notes),
        .limiter = limiter_new(t, pow(10, ceiling_db / 20)),
    };
    return gauge_start(t, in_earnest, &s->gauge);
}

/* The whole pass without encoding: what comes out of the limiter at this gain. */
static enum err rehearse(struct task *t, const struct track_request *request,
                         const struct media_files *files, struct mix_notes *notes, double gain,
                         struct track_info *out)
{
    scoped(session) struct session s = { 0 };
    struct media_files quiet = *files;
    float stereo[2 * MIX_BLOCK_MAX];

    quiet.progress = NULL;
    enum err e = session_start(t, request, &quiet, notes, gain, false, &s);
    for (int64_t at = 0; !e && at < s.samples; at += MIX_BLOCK_MAX)
        e = session_read(&s, stereo,
                         s.samples - at < MIX_BLOCK_MAX ? (int)(s.samples - at) : MIX_BLOCK_MAX);
    if (e)
        return e;
    gauge_read(&s.gauge, s.samples, out);
    return OK;
}

/*
 * What brings the mix to the wanted loudness; silence stays silence. Where the limiter will have
 * much to do it also takes loudness away: that is heard in a rehearsal and made up for, within
 * reason.
 */
static enum err gain_find(struct task *t, const struct track_request *request,
                          const struct media_files *files, struct mix_notes *notes,
                          const struct track_info *mix, double *out_gain)
{
    double gain_db = 0;

    *out_gain = 1;
    if (request->target_lufs == 0 || mix->loudness_lufs <= LUFS_SILENCE)
        return OK;
    gain_db = fmin(request->target_lufs - mix->loudness_lufs, gain_max_db);
    bool limited = mix->true_peak_dbtp + gain_db > ceiling_db + 1;
    for (int round = 0; limited && round < 2; round++) {
        struct track_info heard;
        enum err e = rehearse(t, request, files, notes, pow(10, gain_db / 20), &heard);
        if (e)
            return e;
        gain_db += fmax(fmin(request->target_lufs - heard.loudness_lufs, 3), 0);
        limited = request->target_lufs - heard.loudness_lufs > 0.3;
    }
    *out_gain = pow(10, gain_db / 20);
    return OK;
}

static enum err encode(struct task *t, const struct track_request *request,
                       const struct media_files *files, struct mix_notes *notes, double gain,
                       struct track_info *out)
{
    scoped(session) struct session s = { 0 };
    struct aac_io io = { session_read, session_write, &s };
    struct aac_form form;

    enum err e = session_start(t, request, files, notes, gain, true, &s);
    if (!e)
        e = track_writer_start(t, files->out, aac_packet_count(s.samples), &s.writer);
    if (!e)
        e = aac_encode(t, &io, s.samples, BIT_RATE, &form);
    if (!e)
        e = track_writer_end(t, &s.writer, esds_of(t->arena, &form, BIT_RATE), AAC_PRIMING,
                             s.samples);
    if (e)
        return e;
    gauge_read(&s.gauge, s.samples, out);
    return OK;
}

/* ---- copying ------------------------------------------------------------------------------ */

static bool wanted_as_it_is(const struct track_request *r)
{
    if (r->part_count != 1 || r->target_lufs != 0 || r->fade_out_samples != 0)
        return false;
    const struct track_part *p = &r->parts[0];
    return p->at_sample == 0 && p->in_sample == 0 && p->gain_db == 0 && p->fade_in_samples == 0
           && p->fade_out_samples == 0
           && (p->sample_count == 0 || p->sample_count >= r->frame_count * SAMPLES_PER_FRAME);
}

/* A track of plain 48 kHz stereo AAC-LC packets that is long enough. */
static bool can_be_copied(const struct mp4 *mp4, const struct mp4_track *s, int64_t samples)
{
    if (mp4->is_fragmented || mp4_track_of(mp4, false) || !s ||
        s->codec != MP4_CODE('m', 'p', '4', 'a') || s->description_count != 1 ||
        s->edit_count > 1 || s->starts_late || s->timescale != SOUND_RATE_HZ ||
        s->rate_hz != SOUND_RATE_HZ || s->channels != 2 || !esds_is_aac_lc(s->config))
        return false;
    for (size_t i = 0; i < s->sample_count; i++) {
        bool shorter = i + 1 == s->sample_count && s->samples[i].duration < AAC_FRAME;
        if (s->samples[i].duration != AAC_FRAME && !shorter)
            return false;
    }
    int64_t length = mp4_track_ticks(s) - s->media_time;
    return (s->shown_ticks > 0 && s->shown_ticks < length ? s->shown_ticks : length) >= samples;
}

static enum err copy(struct task *t, const struct mp4_track *s, int from, int64_t samples, int out)
{
    struct track_writer w;
    int64_t count = (s->media_time + samples + AAC_FRAME - 1) / AAC_FRAME;
    enum err e = track_writer_start(t, out, count, &w);

    for (int64_t i = 0; !e && i < count; i++)
        e = track_writer_copy(t, &w, from, s->samples[i].offset, s->samples[i].bytes);
    return e ? e : track_writer_end(t, &w, s->config, s->media_time, samples);
}

/* *out_copied says whether it was; a file that cannot be copied is no fault. */
static enum err try_copy(struct task *t, const struct track_request *request,
                         const struct media_files *files, bool *out_copied)
{
    int64_t samples = request->frame_count * SAMPLES_PER_FRAME,
            which = request->parts[0].input_index;
    struct mp4 mp4;

    *out_copied = false;
    if (which < 0 || (size_t)which >= files->in_count || mp4_read(t, files->in[which], &mp4) != OK)
        return OK;
    const struct mp4_track *sound = mp4_track_of(&mp4, true);
    if (!can_be_copied(&mp4, sound, samples))
        return OK;
    *out_copied = true;
    return copy(t, sound, files->in[which], samples, files->out);
}

/* ---- the operation ------------------------------------------------------------------------ */

static enum err track_run(struct task *t, const void *asked, const struct media_files *files,
                          void *reply)
{
    const struct track_request *request = asked;
    struct mix_notes notes = mix_notes_new(t, request);
    struct track_info mix = { 0 }, *out = reply;
    double gain = 1;
    bool copied = false;

    if (request->frame_count > frames_from_us(MEDIA_US_MAX))
        return refuse(t, ERR_LIMIT, "make a shorter film",
                      "the film is longer than what is accepted");
    enum err e = speech_hear(t, request, files, &notes);
    if (!e)
        e = measure(t, request, files, &notes, &mix);
    if (!e && wanted_as_it_is(request))
        e = try_copy(t, request, files, &copied);
    if (!e && !copied)
        e = gain_find(t, request, files, &notes, &mix, &gain);
    if (e || copied) {
        *out = mix;
        return e;
    }
    return encode(t, request, files, &notes, gain, out);
}

const struct media_op media_op_track = {
    .name = "track", .in_min = 0, .in_max = CLIPS_MAX, .writes = true,
    .request_fields = track_request_fields, .request_size = sizeof(struct track_request),
    .reply_fields = track_info_fields, .reply_size = sizeof(struct track_info), .run = track_run,
};
