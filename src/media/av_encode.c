#include "media/av_encode.h"

#include <string.h>

#include <libavutil/opt.h>

#include "media/av_error.h"

enum { GROUP_FRAMES = 2 * FILM_RATE_HZ };

/*
 * Without adaptive quantisation (aq-mode) half of the bits and a third of the time are saved: it
 * would spend them on the grain of flat paper. One step of crf more keeps dark skies as smooth as
 * with it. Flat paper has no use for predicting 8x8 blocks from their neighbours either: without it
 * (partitions) a frame costs 6 % less, at the same size.
 *
 * stitchable keeps what depends on the content out of the picture parameter set; annexb=0 gives
 * samples, not a stream.
 */
static const char x264_params[] =
    "aq-mode=0:partitions=i4x4:stitchable=1:scenecut=0:open-gop=0:bframes=3:b-adapt=0:"
    "b-pyramid=none:annexb=0:"
    "sliced-threads=0:sps-id=%d";

/* The id is the place in this list plus one; entries are never changed or moved, films in the field
 * depend on them. */
static const struct colour_tags known_tags[] = {
    { AVCOL_PRI_BT709, AVCOL_TRC_BT709, AVCOL_SPC_BT709 },
    { AVCOL_PRI_UNSPECIFIED, AVCOL_TRC_UNSPECIFIED, AVCOL_SPC_UNSPECIFIED },
    { AVCOL_PRI_SMPTE170M, AVCOL_TRC_SMPTE170M, AVCOL_SPC_SMPTE170M },
    { AVCOL_PRI_SMPTE170M, AVCOL_TRC_BT709, AVCOL_SPC_SMPTE170M },
    { AVCOL_PRI_BT470BG, AVCOL_TRC_BT709, AVCOL_SPC_BT470BG },
    { AVCOL_PRI_BT470BG, AVCOL_TRC_SMPTE170M, AVCOL_SPC_BT470BG },
    { AVCOL_PRI_UNSPECIFIED, AVCOL_TRC_UNSPECIFIED, AVCOL_SPC_BT709 },
    { AVCOL_PRI_UNSPECIFIED, AVCOL_TRC_UNSPECIFIED, AVCOL_SPC_SMPTE170M },
};

/* 0 when there is none. */
static int tags_id(const struct colour_tags *tags)
{
    for (size_t i = 0; i < sizeof known_tags / sizeof *known_tags; i++) {
        if (known_tags[i].primaries == tags->primaries && known_tags[i].transfer == tags->transfer
            && known_tags[i].space == tags->space)
            return (int)i + 1;
    }
    return 0;
}

bool colour_tags_known(const struct colour_tags *tags)
{
    return tags_id(tags) > 0;
}

static void describe(AVCodecContext *codec, const struct film_shape *shape,
                     const struct colour_tags *tags)
{
    codec->width               = (int)shape->width_px;
    codec->height              = (int)shape->height_px;
    codec->pix_fmt             = AV_PIX_FMT_YUV420P;
    codec->time_base           = (AVRational){ 1, FILM_RATE_HZ };
    codec->framerate           = (AVRational){ FILM_RATE_HZ, 1 };
    codec->sample_aspect_ratio = (AVRational){ 1, 1 };
    codec->gop_size            = GROUP_FRAMES;
    codec->keyint_min          = GROUP_FRAMES;
    codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP | AV_CODEC_FLAG_BITEXACT;
    codec->color_range         = AVCOL_RANGE_MPEG;
    codec->color_primaries     = tags->primaries;
    codec->color_trc           = tags->transfer;
    codec->colorspace          = tags->space;
    codec->profile             = FF_PROFILE_H264_HIGH;
}

static void set_options(struct task *t, AVCodecContext *codec, int id)
{
    av_opt_set(codec->priv_data, "preset", "superfast", 0);
    av_opt_set_double(codec->priv_data, "crf", 20, 0);
    av_opt_set(codec->priv_data, "x264-params", arena_format(t->arena, x264_params, id), 0);
}

static enum err encoder_start(struct task *t, const struct film_shape *shape,
                              const struct colour_tags *tags, enum encoder_haste haste,
                              struct encoder *e)
{
    const AVCodec *x264 = avcodec_find_encoder_by_name("libx264");
    if (!x264)
        return refuse(t, ERR_UNAVAILABLE, "install Debian's libavcodec, which has it",
                      "the H.264 encoder is missing");
    e->codec  = avcodec_alloc_context3(x264);
    e->packet = av_packet_alloc();
    if (!e->codec || !e->packet)
        return fail(t, ERR_INTERNAL, "out of memory");
    describe(e->codec, shape, tags);
    e->codec->thread_count = (int)haste;
    set_options(t, e->codec, tags_id(tags));
    int rc = avcodec_open2(e->codec, x264, NULL);
    if (rc < 0)
        return err_from_av(t, rc, "start the H.264 encoder");
    size_t size = (size_t)e->codec->extradata_size;
    struct bytes header = { .at = arena_copy_n(t->arena, (const char *)e->codec->extradata, size),
                            .size = size };
    return avc_config_from_units(t, header, &e->config);
}

enum err encoder_open(struct task *t, const struct film_shape *shape,
                      const struct colour_tags *tags, enum encoder_haste haste,
                      struct encoder **out)
{
    av_log_to_faults();
    if (shape->width_px % 2 || shape->height_px % 2)
        return refuse(t, ERR_INVALID, "choose an even width and height",
                      "a film cannot be %lld x %lld", (long long)shape->width_px,
                      (long long)shape->height_px);
    scoped(encoder) struct encoder *e = arena_one(t->arena, struct encoder);
    enum err err = encoder_start(t, shape, tags, haste, e);
    if (err)
        return err;
    *out = take(e);
    return OK;
}

void encoder_close(struct encoder *e)
{
    if (!e)
        return;
    avcodec_free_context(&e->codec);
    av_packet_free(&e->packet);
}

enum err encoder_send(struct task *t, struct encoder *e, AVFrame *frame)
{
    if (frame) {
        frame->pts       = e->frames_in++;
        frame->pict_type = AV_PICTURE_TYPE_NONE;
    }
    e->draining = !frame;
    int rc = avcodec_send_frame(e->codec, frame);
    return rc < 0 ? err_from_av(t, rc, "encode a frame") : OK;
}

/* Keeps the slices; parameter sets, encoder names and the like are in the index or nowhere. In
 * place. */
static struct bytes slices_only(AVPacket *packet)
{
    struct bytes left = { .at = packet->data, .size = (size_t)packet->size };
    uint8_t *to = packet->data;
    struct avc_unit unit;
    while (avc_unit_next(&left, &unit)) {
        if (unit.kind != AVC_UNIT_SLICE && unit.kind != AVC_UNIT_IDR)
            continue;
        memmove(to, (const uint8_t *)unit.nal.at - 4, unit.nal.size + 4);
        to += unit.nal.size + 4;
    }
    return (struct bytes){ .at = packet->data, .size = (size_t)(to - packet->data) };
}

enum err encoder_next(struct task *t, struct encoder *e, struct coded *out, bool *out_got)
{
    av_packet_unref(e->packet);
    *out_got = false;
    int rc = avcodec_receive_packet(e->codec, e->packet);
    if (rc == AVERROR(EAGAIN) || rc == AVERROR_EOF)
        return OK;
    if (rc < 0)
        return err_from_av(t, rc, "encode a frame");
    if (av_packet_make_writable(e->packet) < 0)
        return fail(t, ERR_INTERNAL, "out of memory");
    *out = (struct coded){
        .bytes = slices_only(e->packet), .pts = e->packet->pts, .dts = e->frames_out++,
        .key = e->packet->flags & AV_PKT_FLAG_KEY,
    };
    *out_got = true;
    return OK;
}

enum err encoder_frame_new(struct task *t, const struct film_shape *shape, AVFrame **out)
{
    scoped(av_frame) AVFrame *frame = av_frame_alloc();
    if (!frame)
        return fail(t, ERR_INTERNAL, "out of memory");
    frame->format      = AV_PIX_FMT_YUV420P;
    frame->width       = (int)shape->width_px;
    frame->height      = (int)shape->height_px;
    frame->color_range = AVCOL_RANGE_MPEG;
    if (av_frame_get_buffer(frame, 0) < 0)
        return fail(t, ERR_LIMIT, "a picture of %d x %d does not fit into memory", frame->width,
                    frame->height);
    *out = take(frame);
    return OK;
}
