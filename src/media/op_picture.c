/* Single pictures: looked at, taken out of films, laid side by side. */
#include <string.h>

#include "media/grid_read.h"
#include "media/media_fields.h"
#include "media/media_op.h"
#include "media/picture_fit.h"
#include "media/picture_load.h"

static enum err picture(struct task *t, const void *request, const struct media_files *files,
                        void *reply)
{
    (void)request;
    struct draw_picture pixels;
    return picture_load(t, files->in[0], 0, &pixels, reply);
}

const struct media_op media_op_picture = {
    .name = "picture", .in_min = 1, .in_max = 1,
    .request_fields = media_nothing_fields, .reply_fields = picture_info_fields,
    .reply_size = sizeof(struct picture_info), .run = picture,
};

static const struct fit_target *jpeg_target(struct arena *a, struct fit_size size)
{
    struct fit_target *target = arena_one(a, struct fit_target);
    *target = (struct fit_target){
        .width_px = size.width_px,
        .height_px = size.height_px,
        .space = AVCOL_SPC_SMPTE170M,
        .full_range = true,
    };
    return target;
}

static enum err jpeg_write(struct task *t, AVFrame *frame, int out, struct picture_info *info)
{
    *info = (struct picture_info){
        .format = "jpeg",
        .width_px = frame->width,
        .height_px = frame->height,
    };
    return picture_write_jpeg(t, frame, out);
}

static enum err still(struct task *t, const void *request, const struct media_files *files,
                      void *reply)
{
    const struct still_request *r = request;
    scoped(grid) struct grid_reader *source = NULL;
    scoped(fitter) struct fitter *fitter = NULL;
    AVFrame *frame;
    bool is_new;
    enum err e = grid_open(t, files->in[0], &source);
    if (!e)
        e = grid_at(t, source, r->middle ? grid_length(source) / 2 : r->frame, &frame, &is_new);
    if (e)
        return e;
    struct fit_size seen = fit_seen(source->current, source->turns);
    struct fit_size size = fit_into(seen, (int)r->width_px, (int)r->height_px, true);
    e = fitter_open(t, jpeg_target(t->arena, size), source->turns, &fitter);
    if (!e)
        e = fitter_fit(t, fitter, source->current, &frame);
    return e ? e : jpeg_write(t, frame, files->out, reply);
}

const struct media_op media_op_still = {
    .name = "still", .in_min = 1, .in_max = 1, .writes = true,
    .request_fields = still_request_fields, .request_size = sizeof(struct still_request),
    .reply_fields = picture_info_fields, .reply_size = sizeof(struct picture_info), .run = still,
};

static void strip_paste(AVFrame *strip, const AVFrame *cell, int column)
{
    for (int p = 0; p < 3; p++) {
        int half = p > 0, width = cell->width >> half;
        for (int y = 0; y < cell->height >> half; y++)
            memcpy(strip->data[p] + y * strip->linesize[p] + column * width,
                   cell->data[p] + y * cell->linesize[p], (size_t)width);
    }
}

static enum err strip_new(struct task *t, struct fit_size cell, int64_t count, AVFrame **out)
{
    scoped(av_frame) AVFrame *strip = av_frame_alloc();
    int64_t width = cell.width_px * count;
    if (width > 65500)                          /* the longest side a JPEG can have, by 16 */
        return refuse(t, ERR_LIMIT, "ask for fewer or smaller frames",
                      "the strip would be %lld pixels wide", (long long)width);
    strip->format      = AV_PIX_FMT_YUVJ420P;
    strip->color_range = AVCOL_RANGE_JPEG;
    strip->width       = (int)width;
    strip->height      = cell.height_px;
    if (av_frame_get_buffer(strip, 0) < 0)
        return fail(t, ERR_LIMIT, "the strip does not fit into memory");
    *out = take(strip);
    return OK;
}

/* The middle of each of `count` equal parts; files that do not say how long they are give their
 * first second. */
static enum err strip_fill(struct task *t, struct grid_reader *source, struct fitter *fitter,
                           int64_t count, AVFrame *strip)
{
    int64_t length = grid_length(source);
    length = length > 0 ? length : FILM_RATE_HZ;
    for (int64_t i = 0; i < count; i++) {
        AVFrame *frame, *cell;
        bool is_new;
        enum err e = grid_at(t, source, (2 * i + 1) * length / (2 * count), &frame, &is_new);
        if (!e)
            e = fitter_fit(t, fitter, source->current, &cell);
        if (e)
            return e;
        strip_paste(strip, cell, (int)i);
    }
    return OK;
}

static enum err filmstrip(struct task *t, const void *request, const struct media_files *files,
                          void *reply)
{
    const struct strip_request *r = request;
    scoped(grid) struct grid_reader *source = NULL;
    scoped(fitter) struct fitter *fitter = NULL;
    scoped(av_frame) AVFrame *strip = NULL;
    AVFrame *frame;
    bool is_new;
    enum err e = grid_open(t, files->in[0], &source);
    if (!e)
        e = grid_at(t, source, 0, &frame, &is_new);
    if (e)
        return e;
    struct fit_size cell =
        fit_into(fit_seen(source->current, source->turns), 0, (int)r->height_px, true);
    e = strip_new(t, cell, r->count, &strip);
    if (!e)
        e = fitter_open(t, jpeg_target(t->arena, cell), source->turns, &fitter);
    if (!e)
        e = strip_fill(t, source, fitter, r->count, strip);
    return e ? e : jpeg_write(t, strip, files->out, reply);
}

const struct media_op media_op_filmstrip = {
    .name = "filmstrip",
    .in_min = 1,
    .in_max = 1,
    .writes = true,
    .request_fields = strip_request_fields,
    .request_size = sizeof(struct strip_request),
    .reply_fields = picture_info_fields,
    .reply_size = sizeof(struct picture_info),
    .run = filmstrip,
};
