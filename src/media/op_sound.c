/* The smaller questions about a sound: how loud it is, what its outline is, and a span of it as
 * WAV. */
#include "media/media_op.h"

#include <ebur128.h>
#include <math.h>

#include <libavutil/channel_layout.h>
#include <libavutil/intreadwrite.h>

#include "base/file.h"
#include "media/av_error.h"
#include "media/loudness_meter.h"
#include "media/media_fields.h"
#include "media/scoped_av.h"
#include "media/song_listen.h"
#include "media/sound_decode.h"

/* ---- loudness ----------------------------------------------------------------------------- */

static enum err loudness_run(struct task *t, const void *request, const struct media_files *files,
                             void *reply)
{
    (void)request;
    scoped(sound) struct sound *s = NULL;
    scoped(meter) ebur128_state *meter =
        ebur128_init(2, SOUND_RATE_HZ, EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK);
    if (!meter)
        return fail(t, ERR_INTERNAL, "no loudness meter");
    int64_t samples = 0;
    enum err e = sound_open(t, files->in[0], MEDIA_US_MAX, &s);
    for (struct sound_block b = { .count = 1 }; !e && b.count > 0;) {
        e = sound_read(s, &b);
        if (!e)
            ebur128_add_frames_float(meter, b.stereo, (size_t)b.count);
        samples += e ? 0 : b.count;
    }
    if (e)
        return e;
    *(struct loudness *)reply = (struct loudness){
        .integrated_lufs = meter_lufs(meter), .range_lu = meter_range_lu(meter),
        .true_peak_dbtp  = meter_true_peak_db(meter), .sample_count = samples,
    };
    return OK;
}

const struct media_op media_op_loudness = {
    .name = "loudness", .in_min = 1, .in_max = 1, .request_fields = media_nothing_fields,
    .reply_fields = loudness_fields, .reply_size = sizeof(struct loudness), .run = loudness_run,
};

/* ---- the outline -------------------------------------------------------------------------- */

static enum err waveform_run(struct task *t, const void *request, const struct media_files *files,
                             void *reply)
{
    const struct waveform_request *want = request;
    struct waveform_reply *out = reply;
    struct peak_row row;
    scoped(sound) struct sound *s = NULL;

    peak_row_init(t, &row);
    enum err e = sound_open(t, files->in[0], MEDIA_US_MAX, &s);
    for (struct sound_block b = { .count = 1 }; !e && b.count > 0;) {
        e = sound_read(s, &b);
        if (!e)
            peak_row_add(&row, b.stereo, b.count);
    }
    if (e)
        return e;
    out->peaks      = arena_array(t->arena, double, want->bins);
    out->peak_count = (size_t)want->bins;
    peak_row_read(&row, want->bins, out->peaks);
    return OK;
}

const struct media_op media_op_waveform = {
    .name = "waveform", .in_min = 1, .in_max = 1,
    .request_fields = waveform_request_fields, .request_size = sizeof(struct waveform_request),
    .reply_fields = waveform_reply_fields, .reply_size = sizeof(struct waveform_reply),
    .run = waveform_run,
};

/* ---- a span as WAV ------------------------------------------------------------------------ */

enum { WAV_HEADER_BYTES = 44, CUT_BLOCK = 4096 };

struct wav {
    struct task *t;
    int          fd, channels;
    int64_t      left;                     /* samples still to be written */
    SwrContext  *resampler;
    int16_t     *samples;                  /* what one block became */
};

/* Source  Microsoft, "Multiple channel audio data and WAVE files": the plain PCM form. */
static enum err wav_header(struct wav *w, int rate_hz)
{
    uint8_t h[WAV_HEADER_BYTES] = "RIFF....WAVEfmt ";
    uint32_t bytes = (uint32_t)(w->left * w->channels * 2);

    AV_WL32(h + 4, 36 + bytes);
    AV_WL32(h + 16, 16);
    AV_WL16(h + 20, 1);
    AV_WL16(h + 22, w->channels);
    AV_WL32(h + 24, rate_hz);
    AV_WL32(h + 28, rate_hz * w->channels * 2);
    AV_WL16(h + 32, w->channels * 2);
    AV_WL16(h + 34, 16);
    AV_WL32(h + 36, MKTAG('d', 'a', 't', 'a'));
    AV_WL32(h + 40, bytes);
    return file_write_all(w->t, w->fd, h, sizeof h);
}

static enum err wav_open(struct task *t, const struct sound_cut *cut, int64_t samples, int fd,
                         struct wav *w)
{
    AVChannelLayout from = AV_CHANNEL_LAYOUT_STEREO, to;

    if (samples * cut->channels * 2 > UINT32_MAX - WAV_HEADER_BYTES)
        return refuse(t, ERR_LIMIT, "cut a shorter span", "the span does not fit into a WAV file");
    *w = (struct wav){ .t = t, .fd = fd, .channels = (int)cut->channels, .left = samples };
    w->samples = arena_array(t->arena, int16_t, 2 * 4 * CUT_BLOCK);
    av_channel_layout_default(&to, w->channels);
    int rc = swr_alloc_set_opts2(&w->resampler, &to, AV_SAMPLE_FMT_S16, (int)cut->rate_hz, &from,
                                 AV_SAMPLE_FMT_FLT, SOUND_RATE_HZ, 0, NULL);
    if (rc >= 0)
        rc = swr_init(w->resampler);
    if (rc < 0)
        return err_from_av(t, rc, "resample the sound");
    return wav_header(w, (int)cut->rate_hz);
}

static void wav_scoped(struct wav *w)
{
    swr_free(&w->resampler);
}

/* `count` more stereo samples; NULL gives what the resampler still holds. Never more than was
 * promised. */
static enum err wav_add(struct wav *w, const float *stereo, int count)
{
    uint8_t *to = (uint8_t *)w->samples;
    const uint8_t *from = (const uint8_t *)stereo;
    int made = swr_convert(w->resampler, &to, 4 * CUT_BLOCK, stereo ? &from : NULL, count);

    if (made < 0)
        return err_from_av(w->t, made, "resample the sound");
    made = made < w->left ? made : (int)w->left;
    w->left -= made;
    return file_write_all(w->t, w->fd, w->samples,
                          (size_t)(made * w->channels) * sizeof *w->samples);
}

static enum err wav_fill(struct wav *w)
{
    static const int16_t silence[CUT_BLOCK];
    enum err e = wav_add(w, NULL, 0);

    while (!e && w->left > 0) {
        int64_t values = w->left * w->channels;
        size_t some =
            values < CUT_BLOCK ? (size_t)values : CUT_BLOCK - CUT_BLOCK % (size_t)w->channels;
        e = file_write_all(w->t, w->fd, silence, some * sizeof *silence);
        w->left -= (int64_t)some / w->channels;
    }
    return e;
}

static enum err cut_copy(struct sound *s, struct wav *w, const struct sound_cut *cut)
{
    static const float silence[2 * CUT_BLOCK];
    struct sound_block b = { .count = 1 };
    int64_t left = cut->sample_count;

    sound_skip(s, cut->start_sample);
    while (left > 0) {
        enum err e = b.count > 0 ? sound_read(s, &b) : OK;
        if (e)
            return e;
        if (b.count == 0 && left == cut->sample_count)
            return refuse(w->t, ERR_INVALID, "choose a span inside the sound",
                          "the span starts after the end of the sound");
        int some = b.count > 0 ? b.count : CUT_BLOCK;
        some = some < left ? some : (int)left;
        e = wav_add(w, b.count > 0 ? b.stereo : silence, some);
        if (e)
            return e;
        left -= some;
    }
    return wav_fill(w);
}

static enum err sound_cut_run(struct task *t, const void *request, const struct media_files *files,
                              void *reply)
{
    (void)reply;
    const struct sound_cut *cut = request;
    scoped(sound) struct sound *s = NULL;
    scoped(wav) struct wav w = { 0 };

    enum err e = sound_open(t, files->in[0], MEDIA_US_MAX, &s);
    if (!e)
        e = wav_open(t, cut, av_rescale(cut->sample_count, cut->rate_hz, SOUND_RATE_HZ), files->out,
                     &w);
    return e ? e : cut_copy(s, &w, cut);
}

const struct media_op media_op_sound_cut = {
    .name = "sound_cut", .in_min = 1, .in_max = 1, .writes = true,
    .request_fields = sound_cut_fields, .request_size = sizeof(struct sound_cut),
    .reply_fields = media_nothing_fields, .run = sound_cut_run,
};
