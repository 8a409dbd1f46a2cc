/*
 * Three small machines in a row: the decoder gives frames in whatever form the codec has, the
 * resampler makes them 48 kHz stereo, and a cursor hands them out in blocks. What is owed in total
 * is counted in samples of the source and settled at the end, so that no rounding and no filter
 * delay can shorten or lengthen the sound.
 */
#include "media/sound_decode.h"

#include <string.h>

#include <libavutil/channel_layout.h>

#include "media/av_error.h"
#include "media/av_input.h"
#include "media/media.h"

enum {
    FORM_CHANNELS_MAX = 8,
    /* a sound that claims to start later than this is not believed */
    LEAD_US_MAX       = 60 * 1000000,
    PENDING_MAX       = 1 << 16,          /* stereo samples */
    SLICE_MAX         = 1 << 14,          /* of them, made from one slice of a frame */
    RATE_HZ_MIN       = 1000,
};

struct sound {
    struct task    *t;
    struct input   *input;
    struct decoder *decoder;
    AVFrame        *frame;
    SwrContext     *resampler;
    int             rate_hz, format;      /* what the resampler was set up for */
    /* as the frames say it, which may be nothing but a count */
    AVChannelLayout layout;
    int64_t         samples_max;
    /* source samples until the edit list ends; INT64_MAX unknown */
    int64_t         source_left;
    int64_t         source_seen;          /* since the resampler was started */
    int64_t         made;                 /* out of those */
    int             frame_from;           /* how much of the frame the resampler has had */
    float          *pending;              /* made and not handed out */
    int             pending_from, pending_count;
    int64_t         silence;              /* owed before anything else */
    int64_t         drop;                 /* to be left out */
    int64_t         position;             /* handed out and left out so far */
    bool            begun, ended;
};

/* ---- opening ------------------------------------------------------------------------------ */

static enum err no_sound(struct task *t, const struct input *in)
{
    if (input_is_picture(in))
        return refuse(t, ERR_MEDIA, "use a sound file: mp3, m4a, wav, flac or ogg",
                      "the file is a picture, not sound");
    if (input_stream(in, AVMEDIA_TYPE_VIDEO))
        return refuse(t, ERR_MEDIA, "use a film with a sound track, or a sound file",
                      "the film has no sound");
    return refuse(t, ERR_MEDIA, "use a sound file: mp3, m4a, wav, flac or ogg",
                  "there is no sound in the file");
}

/*
 * MP4 says in its edit list where the sound ends inside the last packet; the demuxer leaves that to
 * us. (Many writers keep that list in milliseconds, and then the end is as exact as that.) Every
 * other container marks the padding on the packet, and the decoder takes it off.
 */
static int64_t edit_end(const struct input *in, const AVStream *stream)
{
    if (!strstr(in->format->iformat->name, "mp4") || stream->duration <= 0)
        return INT64_MAX;
    AVRational clock = { 1, stream->codecpar->sample_rate };
    return av_rescale_q(stream->duration, stream->time_base, clock);
}

static enum err sound_start(struct task *t, int in, struct sound *s)
{
    enum err e = input_open(t, in, &s->input);
    if (e)
        return e;
    AVStream *stream = input_stream(s->input, AVMEDIA_TYPE_AUDIO);
    if (!stream)
        return no_sound(t, s->input);
    if (stream->codecpar->sample_rate < RATE_HZ_MIN || stream->codecpar->ch_layout.nb_channels <= 0)
        return refuse(t, ERR_MEDIA, "convert it to a WAV file first",
                      "the sound is of an unknown kind");
    s->source_left = edit_end(s->input, stream);
    s->frame      = av_frame_alloc();
    s->pending    = arena_array(t->arena, float, 2 * PENDING_MAX);
    if (!s->frame)
        return fail(t, ERR_INTERNAL, "out of memory");
    return decoder_open(t, s->input, stream, &s->decoder);
}

enum err sound_open(struct task *t, int in, int64_t most_us, struct sound **out)
{
    scoped(sound) struct sound *s = arena_one(t->arena, struct sound);

    s->t = t;
    s->samples_max = av_rescale(most_us, SOUND_RATE_HZ, 1000000);
    enum err e = sound_start(t, in, s);
    if (e)
        return e;
    *out = take(s);
    return OK;
}

void sound_close(struct sound *s)
{
    if (!s)
        return;
    swr_free(&s->resampler);
    av_channel_layout_uninit(&s->layout);
    av_frame_free(&s->frame);
    decoder_close(s->decoder);
    input_close(s->input);
}

/* ---- making samples ----------------------------------------------------------------------- */

static bool same_form(const struct sound *s)
{
    return s->resampler && s->frame->sample_rate == s->rate_hz && s->frame->format == s->format
           && av_channel_layout_compare(&s->frame->ch_layout, &s->layout) == 0;
}

/* A mono source on both sides at full level; FFmpeg's own matrix would make it 3 dB quieter. */
static int mix_mono(SwrContext *resampler)
{
    static const double both[2] = { 1, 1 };
    return swr_set_matrix(resampler, both, 1);
}

static enum err resampler_start(struct sound *s)
{
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    const AVFrame *f = s->frame;
    int channels = f->ch_layout.nb_channels;

    if (channels < 1 || channels > FORM_CHANNELS_MAX)
        return refuse(s->t, ERR_LIMIT, "mix it down to stereo first", "the sound has %d channels",
                      channels);
    swr_free(&s->resampler);
    s->rate_hz = f->sample_rate;
    s->format  = f->format;
    int rc = av_channel_layout_copy(&s->layout, &f->ch_layout);
    AVChannelLayout from = s->layout;
    if (from.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&from, channels);
    if (rc >= 0)
        rc = swr_alloc_set_opts2(&s->resampler, &stereo, AV_SAMPLE_FMT_FLT, SOUND_RATE_HZ, &from,
                                 s->format, s->rate_hz, 0, NULL);
    if (rc >= 0 && channels == 1)
        rc = mix_mono(s->resampler);
    if (rc >= 0)
        rc = swr_init(s->resampler);
    return rc < 0 ? err_from_av(s->t, rc, "resample the sound") : OK;
}

/* `samples` of the frame (NULL: what the resampler still holds) appended to what is pending. */
static enum err resample(struct sound *s, const uint8_t **planes, int samples)
{
    uint8_t *out = (uint8_t *)(s->pending + 2 * s->pending_count);
    int made = swr_convert(s->resampler, &out, PENDING_MAX - s->pending_count, planes, samples);

    if (made < 0)
        return err_from_av(s->t, made, "resample the sound");
    s->pending_count += made;
    s->made += made;
    return OK;
}

/* Exactly as many as the source was long: the filter's rest, cut or filled up with silence. */
static enum err stretch_end(struct sound *s)
{
    if (!s->resampler)
        return OK;
    enum err e = resample(s, NULL, 0);
    if (e)
        return e;
    int64_t owed = av_rescale(s->source_seen, SOUND_RATE_HZ, s->rate_hz) - s->made;
    if (owed < 0) {
        int64_t cut = -owed < s->pending_count ? -owed : s->pending_count;
        s->pending_count -= (int)cut;
    }
    for (; owed > 0 && s->pending_count < PENDING_MAX; owed--, s->pending_count++)
        memset(s->pending + 2 * s->pending_count, 0, 2 * sizeof(float));
    s->source_seen = s->made = 0;
    swr_free(&s->resampler);
    return OK;
}

/* Where the first sample belongs: at once in a sound file, beside its picture in a film. */
static void place_first(struct sound *s)
{
    AVStream *video = input_stream(s->input, AVMEDIA_TYPE_VIDEO);
    int64_t pts = s->frame->best_effort_timestamp;

    s->begun = true;
    if (!video || pts == AV_NOPTS_VALUE)
        return;
    AVRational clock = { 1, SOUND_RATE_HZ };
    int64_t sound_at   = av_rescale_q(pts, s->decoder->stream->time_base, clock);
    int64_t picture_at = video->start_time == AV_NOPTS_VALUE
                             ? 0 : av_rescale_q(video->start_time, video->time_base, clock);
    int64_t lead = sound_at - picture_at, most = av_rescale(LEAD_US_MAX, SOUND_RATE_HZ, 1000000);
    if (lead > 0 && lead < most)
        s->silence = lead;
    else if (lead < 0 && -lead < most)
        s->drop = -lead;
}

/* Where sample `from` of each plane lies. */
static void slice_planes(const AVFrame *f, int from, const uint8_t **out)
{
    int channels = f->ch_layout.nb_channels;
    bool planar  = av_sample_fmt_is_planar(f->format);
    int stride   = av_get_bytes_per_sample(f->format) * (planar ? 1 : channels);

    for (int i = 0; i < (planar ? channels : 1); i++)
        out[i] = f->extended_data[i] + (ptrdiff_t)from * stride;
}

/* The next slice of the frame, short enough that what it becomes has room. */
static enum err take_slice(struct sound *s)
{
    const uint8_t *planes[FORM_CHANNELS_MAX] = { NULL };
    int most    = (int)av_rescale(SLICE_MAX, s->rate_hz, SOUND_RATE_HZ);
    int samples = s->frame->nb_samples - s->frame_from;

    samples = samples < most ? samples : most;
    samples = samples < s->source_left ? samples : (int)s->source_left;
    slice_planes(s->frame, s->frame_from, planes);
    s->frame_from = samples > 0 ? s->frame_from + samples : s->frame->nb_samples;
    s->source_seen += samples;
    s->source_left -= s->source_left == INT64_MAX ? 0 : samples;
    return samples > 0 ? resample(s, planes, samples) : OK;
}

static enum err take_frame(struct sound *s)
{
    bool got = false;
    enum err e = decoder_next(s->decoder, s->frame, &got);

    if (e)
        return e;
    if (!got) {
        s->ended = true;
        return stretch_end(s);
    }
    s->frame_from = 0;
    if (!s->begun)
        place_first(s);
    if (same_form(s))
        return OK;
    e = stretch_end(s);
    return e ? e : resampler_start(s);
}

static bool frame_is_used(const struct sound *s)
{
    return !s->resampler || s->frame_from >= s->frame->nb_samples;
}

/* Until something can be handed out, or the end. */
static enum err make_some(struct sound *s)
{
    while (s->pending_count == 0 && s->silence == 0 && !s->ended) {
        s->pending_from = 0;
        enum err e = frame_is_used(s) ? take_frame(s) : take_slice(s);
        if (e)
            return e;
    }
    return OK;
}

/* ---- handing them out --------------------------------------------------------------------- */

static enum err over_limit(struct sound *s)
{
    return refuse(s->t, ERR_LIMIT, "cut it into shorter pieces first",
                  "the sound is longer than %lld minutes",
                  (long long)(s->samples_max / SOUND_RATE_HZ / 60));
}

static int take_silence(struct sound *s, struct sound_block *out)
{
    static const float silence[2 * SOUND_BLOCK_MAX];
    int count = s->silence < SOUND_BLOCK_MAX ? (int)s->silence : SOUND_BLOCK_MAX;

    s->silence -= count;
    out->stereo = silence;
    return count;
}

static int take_pending(struct sound *s, struct sound_block *out)
{
    int count = s->pending_count < SOUND_BLOCK_MAX ? s->pending_count : SOUND_BLOCK_MAX;

    out->stereo = s->pending + 2 * s->pending_from;
    s->pending_from += count;
    s->pending_count -= count;
    return count;
}

/* Leave out what is owed to be left out. */
static void block_drop(struct sound *s, struct sound_block *b)
{
    int cut = s->drop < b->count ? (int)s->drop : b->count;

    s->position += b->count;
    b->stereo += 2 * cut;
    b->count -= cut;
    s->drop -= cut;
}

enum err sound_read(struct sound *s, struct sound_block *out)
{
    struct sound_block b = { 0 };
    bool more = true;

    while (b.count == 0 && more) {
        enum err e = make_some(s);
        if (e)
            return e;
        b.count = s->silence > 0 ? take_silence(s, &b) : take_pending(s, &b);
        more = b.count > 0;
        block_drop(s, &b);
    }
    if (s->position > s->samples_max)
        return over_limit(s);
    if (s->position == 0)
        return refuse(s->t, ERR_MEDIA, "convert it to a WAV file first",
                      "no sound can be decoded from the file");
    *out = b;
    return OK;
}

void sound_skip(struct sound *s, int64_t samples)
{
    s->drop += samples;
}
