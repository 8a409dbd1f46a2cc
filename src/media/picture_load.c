#include "media/picture_load.h"

#include <string.h>

#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>

#include "base/file.h"
#include "media/av_error.h"
#include "media/av_input.h"
#include "media/block_write.h"
#include "media/picture_fit.h"

enum { JPEG_QUANTISER = 3 };                /* about quality 88 on the scale most programs use */

static const char what_to_use[] = "use a PNG, JPEG or WebP picture";

static const char *format_name(const struct input *in)
{
    const char *name = in->format->iformat->name;
    return strstr(name, "png") ? "png" : strstr(name, "jpeg") ? "jpeg" : "webp";
}

/* Half a picture is not a picture: every complaint of the decoder counts. */
static enum err frame_decode(struct task *t, struct input *in, AVFrame *frame)
{
    scoped(decoder) struct decoder *d = NULL;
    enum err e = decoder_open(t, in, input_stream(in, AVMEDIA_TYPE_VIDEO), &d);
    if (e)
        return e;
    d->codec->err_recognition = AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER | AV_EF_EXPLODE;
    bool got;
    e = decoder_next(d, frame, &got);
    if (e)
        return e;
    if (!got || d->bad_packets || frame->decode_error_flags ||
        (frame->flags & AV_FRAME_FLAG_CORRUPT))
        return refuse(t, ERR_MEDIA, what_to_use, "the %s picture is damaged or cut short",
                      format_name(in));
    return OK;
}

static int frame_turns(const AVFrame *frame)
{
    const AVFrameSideData *matrix = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    return matrix && matrix->size >= 9 * sizeof(int32_t) ? fit_turns((const int32_t *)matrix->data)
                                                         : 0;
}

static enum err to_argb(struct task *t, const AVFrame *frame, struct fit_size size, uint32_t **out)
{
    struct fit_scaling scaling = fit_scaling_of(frame);
    if (frame->colorspace == AVCOL_SPC_UNSPECIFIED)
        /* what JPEG and WebP mean by saying nothing, at any size */
        scaling.matrix = SWS_CS_ITU601;
    scoped(av_scaler) struct SwsContext *scaler = sws_getContext(
        frame->width, frame->height, scaling.format, size.width_px, size.height_px,
        AV_PIX_FMT_RGB32, SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, NULL, NULL, NULL);
    if (!scaler)
        return fail(t, ERR_MEDIA, "the picture has a pixel format that cannot be converted");
    sws_setColorspaceDetails(scaler, sws_getCoefficients(scaling.matrix), scaling.full_range,
                             sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
    *out = arena_alloc(t->arena, (size_t)size.width_px * (size_t)size.height_px * 4);
    uint8_t *planes[4] = { (uint8_t *)*out };
    int strides[4] = { size.width_px * 4 };
    int rc = sws_scale(scaler, (const uint8_t *const *)frame->data, frame->linesize, 0,
                       frame->height, planes, strides);
    return rc < 0 ? err_from_av(t, rc, "convert the picture") : OK;
}

static uint32_t premultiplied(uint32_t p)
{
    uint32_t a = p >> 24, r = p >> 16 & 255, g = p >> 8 & 255, b = p & 255;
    return a << 24 | (r * a + 127) / 255 << 16 | (g * a + 127) / 255 << 8 | (b * a + 127) / 255;
}

static void turn(const uint32_t *from, struct fit_size size, int turns, uint32_t *to)
{
    int w = size.width_px, h = size.height_px, width = turns % 2 ? h : w;
    for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
            int to_x = turns == 1 ? h - 1 - y : turns == 2 ? w - 1 - x : y;
            int to_y = turns == 1 ? x : turns == 2 ? h - 1 - y : w - 1 - x;
            to[to_y * width + to_x] = from[y * w + x];
        }
    }
}

/* As large as it is unless a side is too long; sides need not be even here. */
static struct fit_size size_within(const AVFrame *frame, int side_max_px)
{
    int longest = frame->width > frame->height ? frame->width : frame->height;
    if (side_max_px == 0 || longest <= side_max_px)
        return (struct fit_size){ frame->width, frame->height };
    int width = (int)((int64_t)frame->width * side_max_px / longest);
    int height = (int)((int64_t)frame->height * side_max_px / longest);
    return (struct fit_size){ width > 0 ? width : 1, height > 0 ? height : 1 };
}

static enum err frame_to_picture(struct task *t, const AVFrame *frame, int side_max_px,
                                 struct draw_picture *out)
{
    struct fit_size size = size_within(frame, side_max_px);
    uint32_t *pixels;
    enum err e = to_argb(t, frame, size, &pixels);
    if (e)
        return e;
    size_t count = (size_t)size.width_px * (size_t)size.height_px;
    for (size_t i = 0; i < count; i++)
        pixels[i] = premultiplied(pixels[i]);
    int turns = frame_turns(frame);
    uint32_t *upright = turns ? arena_array(t->arena, uint32_t, count) : pixels;
    if (turns)
        turn(pixels, size, turns, upright);
    *out = (struct draw_picture){
        .width_px = turns % 2 ? size.height_px : size.width_px,
        .height_px = turns % 2 ? size.width_px : size.height_px, .pixels = upright,
    };
    return OK;
}

static enum err kind_check(struct task *t, const struct input *in)
{
    if (input_is_picture(in))
        return OK;
    const char *kind =
        in->format->iformat->long_name ? in->format->iformat->long_name : in->format->iformat->name;
    return refuse(t, ERR_MEDIA, what_to_use, "the file is not a picture: it is %s", kind);
}

enum err picture_load(struct task *t, int fd, int side_max_px, struct draw_picture *out,
                      struct picture_info *info)
{
    if (file_bytes(fd) > PICTURE_BYTES_MAX)
        return refuse(t, ERR_LIMIT, "make it smaller first", "the picture is larger than %lld MiB",
                      (long long)(PICTURE_BYTES_MAX >> 20));
    scoped(input) struct input *in = NULL;
    scoped(av_frame) AVFrame *frame = av_frame_alloc();
    enum err e = input_open(t, fd, &in);
    if (!e)
        e = kind_check(t, in);
    if (!e)
        e = frame_decode(t, in, frame);
    if (e)
        return e;
    if (info) {
        bool sideways = frame_turns(frame) % 2;
        *info = (struct picture_info){
            .format = format_name(in), .width_px = sideways ? frame->height : frame->width,
            .height_px = sideways ? frame->width : frame->height,
            .has_alpha = av_pix_fmt_desc_get(frame->format)->flags & AV_PIX_FMT_FLAG_ALPHA,
        };
    }
    return frame_to_picture(t, frame, side_max_px, out);
}

/* One frame through one encoder; stills have no container. */
static enum err encode_still(struct task *t, AVCodecContext *codec, AVFrame *frame, int fd)
{
    int rc = avcodec_open2(codec, NULL, NULL);
    scoped(av_packet) AVPacket *packet = av_packet_alloc();
    if (rc >= 0)
        rc = avcodec_send_frame(codec, frame);
    if (rc >= 0)
        rc = avcodec_send_frame(codec, NULL);
    if (rc >= 0)
        rc = avcodec_receive_packet(codec, packet);
    if (rc < 0)
        return err_from_av(t, rc, "encode the picture");
    return write_at(t, fd, (struct bytes){ .at = packet->data, .size = (size_t)packet->size }, 0);
}

static enum err still_encoder(struct task *t, enum AVCodecID id, const AVFrame *frame,
                              AVCodecContext **out)
{
    AVCodecContext *codec = avcodec_alloc_context3(avcodec_find_encoder(id));
    if (!codec)
        return fail(t, ERR_INTERNAL, "the encoder for pictures is missing");
    codec->width        = frame->width;
    codec->height       = frame->height;
    codec->pix_fmt      = frame->format;
    codec->time_base    = (AVRational){ 1, FILM_RATE_HZ };
    codec->thread_count = 1;
    codec->flags       |= AV_CODEC_FLAG_BITEXACT;
    *out = codec;
    return OK;
}

enum err picture_write_jpeg(struct task *t, AVFrame *frame, int fd)
{
    scoped(av_codec) AVCodecContext *codec = NULL;
    enum err e = still_encoder(t, AV_CODEC_ID_MJPEG, frame, &codec);
    if (e)
        return e;
    codec->flags         |= AV_CODEC_FLAG_QSCALE;
    codec->global_quality = JPEG_QUANTISER * FF_QP2LAMBDA;
    frame->quality        = codec->global_quality;
    frame->pts            = 0;
    return encode_still(t, codec, frame, fd);
}

static void rgb_from_argb(const uint32_t *from, int count, uint8_t *to)
{
    for (int x = 0; x < count; x++) {
        to[3 * x]     = (uint8_t)(from[x] >> 16);
        to[3 * x + 1] = (uint8_t)(from[x] >> 8);
        to[3 * x + 2] = (uint8_t)from[x];
    }
}

enum err picture_write_png(struct task *t, const struct draw_picture *picture, int fd)
{
    scoped(av_frame) AVFrame *frame = av_frame_alloc();
    frame->format = AV_PIX_FMT_RGB24;
    frame->width  = picture->width_px;
    frame->height = picture->height_px;
    if (av_frame_get_buffer(frame, 0) < 0)
        return fail(t, ERR_LIMIT, "a picture of %d x %d does not fit into memory", frame->width,
                    frame->height);
    for (int y = 0; y < frame->height; y++)
        rgb_from_argb(picture->pixels + (size_t)y * (size_t)frame->width, frame->width,
                      frame->data[0] + y * frame->linesize[0]);
    scoped(av_codec) AVCodecContext *codec = NULL;
    enum err e = still_encoder(t, AV_CODEC_ID_PNG, frame, &codec);
    return e ? e : encode_still(t, codec, frame, fd);
}
