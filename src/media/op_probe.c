/*
 * What is in a file, without decoding it.
 *
 * Containers differ in how far their headers can be trusted. MP4 knows every packet, WAV and FLAC
 * know their samples; for the rest (and for MP4 written in fragments) every packet is read once,
 * which costs one pass over the file and is exact. Samples that encoders put in front or behind
 * (priming, padding) are marked on the packets themselves.
 */
#include "media/media_op.h"

#include <math.h>
#include <string.h>

#include <libavutil/display.h>
#include <libavutil/intreadwrite.h>

#include "media/av_error.h"
#include "media/av_input.h"
#include "media/media_fields.h"

struct tally {
    int64_t packets, samples;
    int64_t timed, from, to; /* packets that say when they are shown; from when to when, of all */
};

static bool index_is_whole(const struct input *in, const AVStream *s)
{
    return strstr(in->format->iformat->name, "mp4") && s->nb_frames > 0
           && avformat_index_get_entries_count(s) >= s->nb_frames;
}

/* Entries that an edit list hides are in the index too, and marked. */
static int64_t index_count(AVStream *s)
{
    int64_t count = 0;
    for (int i = 0; i < avformat_index_get_entries_count(s); i++)
        count += !(avformat_index_get_entry(s, i)->flags & AVINDEX_DISCARD_FRAME);
    return count;
}

static bool header_knows_samples(const struct input *in, const AVStream *s)
{
    const char *name = in->format->iformat->name;
    return s->duration > 0 &&
           (strcmp(name, "wav") == 0 || strcmp(name, "flac") == 0 || index_is_whole(in, s));
}

/* A packet that does not say how long it is shown is shown as long as one is on average. */
static void tally_times(struct tally *tally, const AVStream *s, const AVPacket *packet)
{
    if (packet->pts == AV_NOPTS_VALUE)
        return;
    int64_t lasts = packet->duration;
    if (lasts <= 0 && s->avg_frame_rate.num > 0)
        lasts = av_rescale_q(1, av_inv_q(s->avg_frame_rate), s->time_base);
    if (!tally->timed || packet->pts < tally->from)
        tally->from = packet->pts;
    int64_t until = av_sat_add64(packet->pts, lasts);
    if (!tally->timed || until > tally->to)
        tally->to = until;
    tally->timed++;
}

static void tally_packet(struct tally *tally, const AVStream *s, const AVPacket *packet)
{
    if (packet->flags & AV_PKT_FLAG_DISCARD)
        return;
    tally->packets++;
    tally_times(tally, s, packet);
    if (s->codecpar->sample_rate <= 0)
        return;
    int64_t samples =
        av_rescale_q(packet->duration, s->time_base, (AVRational){ 1, s->codecpar->sample_rate });
    size_t size = 0;
    const uint8_t *skip = av_packet_get_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
    if (skip && size >= 8)
        samples -= (int64_t)AV_RL32(skip) + AV_RL32(skip + 4);
    tally->samples += samples;
}

/* One pass over all packets; a file that breaks off counts as far as it goes. */
static enum err walk(struct task *t, struct input *in, struct tally *tallies)
{
    scoped(av_packet) AVPacket *packet = av_packet_alloc();
    while (av_read_frame(in->format, packet) >= 0) {
        tally_packet(&tallies[packet->stream_index], in->format->streams[packet->stream_index],
                     packet);
        av_packet_unref(packet);
    }
    return task_over(t);
}

static bool turned_sideways(AVStream *s)
{
    size_t size = 0;
    const uint8_t *matrix = av_stream_get_side_data(s, AV_PKT_DATA_DISPLAYMATRIX, &size);
    if (!matrix || size < 9 * sizeof(int32_t))
        return false;
    double degrees = fabs(av_display_rotation_get((const int32_t *)matrix));
    return degrees > 45 && degrees < 135;
}

static void describe_video(struct input *in, AVStream *s, struct clip_info *out)
{
    const AVCodecParameters *p = s->codecpar;
    AVRational rate = av_guess_frame_rate(in->format, s, NULL);
    AVRational pixel = av_guess_sample_aspect_ratio(in->format, s, NULL);
    int64_t width = p->width;
    if (pixel.num > 0 && pixel.den > 0)
        width = av_rescale(width, pixel.num, pixel.den);
    bool sideways = turned_sideways(s);
    out->has_video   = true;
    out->video_codec = avcodec_get_name(p->codec_id);
    out->width_px    = sideways ? p->height : width;
    out->height_px   = sideways ? width : p->height;
    out->rate_num    = rate.num;
    out->rate_den    = rate.den;
}

static void describe_audio(const AVStream *s, struct clip_info *out)
{
    out->has_audio     = true;
    out->audio_codec   = avcodec_get_name(s->codecpar->codec_id);
    out->sound_rate_hz = s->codecpar->sample_rate;
    out->channels      = s->codecpar->ch_layout.nb_channels;
}

static const char *container_name(const struct input *in)
{
    const char *name = in->format->iformat->name;
    return strstr(name, "mp4") ? "mp4" : strstr(name, "webm") ? "matroska" : name;
}

/* By the times of the pictures where all have one: telephones and screens are not filmed at one
 * rate, and what is guessed of it is the finest. */
static int64_t seen_us(const struct input *in, const AVStream *s, const struct tally *tally,
                       const struct clip_info *info)
{
    if (index_is_whole(in, s) && s->duration > 0)
        return av_rescale_q(s->duration, s->time_base, AV_TIME_BASE_Q);
    if (tally->timed && tally->timed == tally->packets)
        return av_rescale_q(av_sat_sub64(tally->to, tally->from), s->time_base, AV_TIME_BASE_Q);
    if (info->rate_num <= 0)
        return 0;
    return av_rescale(info->frame_count, info->rate_den * INT64_C(1000000), info->rate_num);
}

static void measure(struct input *in, AVStream *video, AVStream *audio, const struct tally *tallies,
                    struct clip_info *out)
{
    if (video) {
        out->frame_count =
            index_is_whole(in, video) ? index_count(video) : tallies[video->index].packets;
        out->video_us = seen_us(in, video, &tallies[video->index], out);
    }
    if (audio && header_knows_samples(in, audio))
        out->sample_count = av_rescale_q(audio->duration, audio->time_base,
                                         (AVRational){ 1, (int)out->sound_rate_hz });
    else if (audio)
        out->sample_count = tallies[audio->index].samples;

    int64_t heard =
        out->sound_rate_hz > 0 ? av_rescale(out->sample_count, 1000000, out->sound_rate_hz) : 0;
    out->duration_us = out->video_us > heard ? out->video_us : heard;
}

static enum err describe(struct task *t, struct input *in, struct clip_info *out)
{
    AVStream *video = input_stream(in, AVMEDIA_TYPE_VIDEO),
             *audio = input_stream(in, AVMEDIA_TYPE_AUDIO);
    if (!video && !audio)
        return refuse(t, ERR_MEDIA, "choose a sound or film file",
                      "the file holds neither sound nor pictures");
    *out = (struct clip_info){
        .container = container_name(in),
        .video_codec = "",
        .audio_codec = "",
        .bytes = in->bytes,
    };
    if (video)
        describe_video(in, video, out);
    if (audio)
        describe_audio(audio, out);

    struct tally *tallies = arena_array(t->arena, struct tally, in->format->nb_streams);
    bool known =
        (!video || index_is_whole(in, video)) && (!audio || header_knows_samples(in, audio));
    enum err e = known ? OK : walk(t, in, tallies);
    if (e)
        return e;
    measure(in, video, audio, tallies, out);
    if (out->duration_us > MEDIA_US_MAX)
        return refuse(t, ERR_LIMIT, "cut it into shorter pieces first",
                      "the file is longer than six hours");
    return OK;
}

static enum err probe(struct task *t, const void *request, const struct media_files *files,
                      void *reply)
{
    (void)request;
    scoped(input) struct input *in = NULL;
    enum err e = input_open(t, files->in[0], &in);
    return e ? e : describe(t, in, reply);
}

const struct media_op media_op_probe = {
    .name = "probe", .in_min = 1, .in_max = 1,
    .request_fields = media_nothing_fields, .reply_fields = clip_info_fields,
    .reply_size = sizeof(struct clip_info), .run = probe,
};
