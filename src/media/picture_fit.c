#include "media/picture_fit.h"

#include <math.h>
#include <string.h>

#include <libavutil/display.h>
#include <libavutil/imgutils.h>

#include "media/av_error.h"

int fit_turns(const int32_t *matrix)
{
    double degrees = matrix ? av_display_rotation_get(matrix) : 0;     /* counter-clockwise */
    if (isnan(degrees))
        return 0;
    return ((int)lround(-degrees / 90) % 4 + 4) % 4;
}

const int32_t *stream_matrix(AVStream *stream)
{
    size_t size = 0;
    const uint8_t *matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    return matrix && size >= 9 * sizeof(int32_t) ? (const int32_t *)matrix : NULL;
}

static int rounded_even(double side)
{
    int even = (int)lround(side / 2) * 2;
    return even > 2 ? even : 2;
}

struct fit_size fit_seen(const AVFrame *frame, int turns)
{
    AVRational pixel = frame->sample_aspect_ratio;
    double stretch = pixel.num > 0 && pixel.den > 0 ? av_q2d(pixel) : 1;
    stretch = stretch > 0.1 && stretch < 10 ? stretch : 1;
    int width = (int)lround(frame->width * stretch);
    return turns % 2 ? (struct fit_size){ frame->height, width }
                     : (struct fit_size){ width, frame->height };
}

struct fit_size fit_into(struct fit_size seen, int box_width_px, int box_height_px, bool may_grow)
{
    double across = box_width_px ? (double)box_width_px / seen.width_px : INFINITY;
    double down   = box_height_px ? (double)box_height_px / seen.height_px : INFINITY;
    double scale  = across < down ? across : down;
    if (isinf(scale) || (!may_grow && scale > 1))
        scale = 1;
    return (struct fit_size){ rounded_even(seen.width_px * scale),
                              rounded_even(seen.height_px * scale) };
}

static AVFrame *frame_of(int width, int height, bool full_range)
{
    AVFrame *frame = av_frame_alloc();
    if (!frame)
        return NULL;
    frame->format      = full_range ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
    frame->width       = width;
    frame->height      = height;
    frame->color_range = full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    if (av_frame_get_buffer(frame, 0) < 0)
        av_frame_free(&frame);
    return frame;
}

static void paint_black(AVFrame *frame, bool full_range)
{
    for (int p = 0; p < 3; p++) {
        int height = p ? frame->height / 2 : frame->height;
        memset(frame->data[p],
               p            ? 128
               : full_range ? 0
                            : 16,
               (size_t)frame->linesize[p] * (size_t)height);
    }
}

enum err fitter_open(struct task *t, const struct fit_target *target, int turns,
                     struct fitter **out)
{
    scoped(fitter) struct fitter *f = arena_one(t->arena, struct fitter);
    *f = (struct fitter){ .target = *target, .turns = turns };
    f->upright = frame_of(target->width_px, target->height_px, target->full_range);
    if (!f->upright)
        return fail(t, ERR_LIMIT, "a picture of %d x %d does not fit into memory", target->width_px,
                    target->height_px);
    *out = take(f);
    return OK;
}

void fitter_close(struct fitter *f)
{
    if (!f)
        return;
    sws_freeContext(f->scaler);
    av_frame_free(&f->scaled);
    av_frame_free(&f->upright);
}

/* What untagged pictures are taken for: small ones are old television. */
static int matrix_of(const AVFrame *frame)
{
    switch (frame->colorspace) {
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:  return SWS_CS_ITU601;
    case AVCOL_SPC_BT709:      return SWS_CS_ITU709;
    case AVCOL_SPC_SMPTE240M:  return SWS_CS_SMPTE240M;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:  return SWS_CS_BT2020;
    default:                   return frame->height < 720 ? SWS_CS_ITU601 : SWS_CS_ITU709;
    }
}

static bool is_full_range(const AVFrame *frame)
{
    return frame->color_range == AVCOL_RANGE_JPEG || frame->format == AV_PIX_FMT_YUVJ420P
           || frame->format == AV_PIX_FMT_YUVJ422P || frame->format == AV_PIX_FMT_YUVJ444P;
}

/* The old names of full-range formats make the scaler complain; it is told the range anyway. */
static enum AVPixelFormat plain_format(int format)
{
    switch (format) {
    case AV_PIX_FMT_YUVJ420P: return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P: return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P: return AV_PIX_FMT_YUV444P;
    default:                  return format;
    }
}

struct fit_scaling fit_scaling_of(const AVFrame *frame)
{
    return (struct fit_scaling){ plain_format(frame->format), matrix_of(frame),
                                 is_full_range(frame) };
}

/* The scaler for this frame into `size` (before turning); clips may change size on the way. */
static enum err scaler_prepare(struct task *t, struct fitter *f, const AVFrame *frame,
                               struct fit_size size)
{
    struct fit_scaling scaling = fit_scaling_of(frame);
    f->scaler = sws_getCachedContext(f->scaler, frame->width, frame->height, scaling.format,
                                     size.width_px, size.height_px, AV_PIX_FMT_YUV420P,
                                     SWS_BICUBIC | SWS_ACCURATE_RND, NULL, NULL, NULL);
    if (!f->scaler)
        return fail(t, ERR_MEDIA, "the pictures have a pixel format that cannot be converted");
    int space = f->target.space == AVCOL_SPC_BT709 ? SWS_CS_ITU709 : SWS_CS_ITU601;
    sws_setColorspaceDetails(f->scaler, sws_getCoefficients(scaling.matrix), scaling.full_range,
                             sws_getCoefficients(space), f->target.full_range, 0, 1 << 16, 1 << 16);
    if (f->scaled && f->scaled->width == size.width_px && f->scaled->height == size.height_px)
        return OK;
    av_frame_free(&f->scaled);
    f->scaled = frame_of(size.width_px, size.height_px, f->target.full_range);
    return f->scaled ? OK : fail(t, ERR_LIMIT, "a picture does not fit into memory");
}

/* Where pixel (x, y) of the upright plane comes from, by quarter turns. */
static void plane_place(const uint8_t *from, int from_stride, int from_width, int from_height,
                        int turns, uint8_t *to, int to_stride)
{
    int width = turns % 2 ? from_height : from_width, height = turns % 2 ? from_width : from_height;
    for (int y = 0; y < height; y++) {
        uint8_t *row = to + y * to_stride;
        for (int x = 0; x < width; x++) {
            switch (turns) {
            case 1:  row[x] = from[(from_height - 1 - x) * from_stride + y]; break;
            case 2:  row[x] = from[(from_height - 1 - y) * from_stride + from_width - 1 - x]; break;
            default: row[x] = from[x * from_stride + from_width - 1 - y]; break;
            }
        }
    }
}

static int less(int a, int b)
{
    return a < b ? a : b;
}

/* Models film in steps of 16 or 32 pixels: a crop of a few is hardly seen, black edges are. */
static struct fit_size fit_upright(const struct fitter *f, struct fit_size seen)
{
    int width = f->target.width_px, height = f->target.height_px;
    struct fit_size fitted = fit_into(seen, width, height, true);
    fitted = (struct fit_size){ less(fitted.width_px, width), less(fitted.height_px, height) };
    if (f->turns || fitted.width_px < FIT_NEARLY * width || fitted.height_px < FIT_NEARLY * height)
        return fitted;
    double across = (double)width / seen.width_px, down = (double)height / seen.height_px;
    int wide = rounded_even(seen.width_px * down), high = rounded_even(seen.height_px * across);
    return across > down ? (struct fit_size){ width, high > height ? high : height }
                         : (struct fit_size){ wide > width ? wide : width, height };
}

/* The middle of what is larger than the target; never turned. */
static void place_middle(const struct fitter *f, struct fit_size fitted)
{
    int left = (fitted.width_px - f->target.width_px) / 4 * 2,
        top = (fitted.height_px - f->target.height_px) / 4 * 2;
    for (int p = 0; p < 3; p++) {
        int half = p > 0, stride = f->scaled->linesize[p];
        const uint8_t *from = f->scaled->data[p] + (top >> half) * stride + (left >> half);
        av_image_copy_plane(f->upright->data[p], f->upright->linesize[p], from, stride,
                            f->target.width_px >> half, f->target.height_px >> half);
    }
}

static void place(const struct fitter *f, struct fit_size fitted)
{
    int left = (f->target.width_px - fitted.width_px) / 4 * 2,
        top = (f->target.height_px - fitted.height_px) / 4 * 2;
    for (int p = 0; p < 3; p++) {
        int half = p > 0, width = f->scaled->width >> half, height = f->scaled->height >> half;
        int stride = f->upright->linesize[p];
        uint8_t *to = f->upright->data[p] + (top >> half) * stride + (left >> half);
        if (f->turns)
            plane_place(f->scaled->data[p], f->scaled->linesize[p], width, height, f->turns, to,
                        stride);
        else
            av_image_copy_plane(to, stride, f->scaled->data[p], f->scaled->linesize[p], width,
                                height);
    }
}

enum err fitter_fit(struct task *t, struct fitter *f, const AVFrame *frame, AVFrame **out)
{
    struct fit_size fitted = fit_upright(f, fit_seen(frame, f->turns));
    bool covers = fitted.width_px >= f->target.width_px && fitted.height_px >= f->target.height_px;
    struct fit_size lying =
        f->turns % 2 ? (struct fit_size){ fitted.height_px, fitted.width_px } : fitted;
    enum err e = scaler_prepare(t, f, frame, lying);
    if (e)
        return e;
    int rc = sws_scale(f->scaler, (const uint8_t *const *)frame->data, frame->linesize, 0,
                       frame->height, f->scaled->data, f->scaled->linesize);
    if (rc < 0)
        return err_from_av(t, rc, "scale a picture");
    if (av_frame_make_writable(f->upright) < 0)
        return fail(t, ERR_LIMIT, "a picture does not fit into memory");
    if (covers && !f->turns) {
        place_middle(f, fitted);
    } else {
        paint_black(f->upright, f->target.full_range);
        place(f, fitted);
    }
    *out = f->upright;
    return OK;
}
