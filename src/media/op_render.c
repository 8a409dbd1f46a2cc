/*
 * An animatic: the drawing is opened once, and frame after frame goes straight from the renderer's
 * planes into the encoder and into the file; the next ones are drawn meanwhile. Memory does not
 * depend on the length.
 */
#include "media/ahead.h"
#include "media/clip_write.h"
#include "media/media_op.h"
#include "media/picture_load.h"

enum {
    /* more than a picture shows when it fills a 1080p frame */
    PICTURE_SIDE_MAX_PX = 2048,
    PROGRESS_US         = 250000,
};

static inline void drawing_scoped(struct drawing **d)
{
    draw_close(*d);
}

static enum err pictures_load(struct task *t, const struct media_files *files,
                              struct draw_spec *spec)
{
    spec->pictures      = arena_array(t->arena, struct draw_picture, files->in_count);
    spec->picture_count = files->in_count;
    for (size_t i = 0; i < files->in_count; i++) {
        enum err e = picture_load(t, files->in[i], PICTURE_SIDE_MAX_PX, &spec->pictures[i], NULL);
        if (e)
            return e;
    }
    return OK;
}

static void progress_tell(struct task *t, const struct media_files *files, int64_t done,
                          int64_t total, int64_t *told_us)
{
    int64_t now_us = clock_monotonic_us(t->clock);
    if (!files->progress || now_us - *told_us < PROGRESS_US)
        return;
    *told_us = now_us;
    files->progress(files->progress_state, (int)(done * 1000 / total));
}

static enum err frame_encode(struct task *t, struct ahead *pictures, struct encoder *encoder,
                             struct clip_writer *w)
{
    AVFrame *frame = NULL;
    enum err e = task_over(t);
    if (!e)
        e = ahead_next(t, pictures, &frame);
    if (!e)
        e = encoder_send(t, encoder, frame);
    return e ? e : clip_writer_drain(t, w, encoder, 0);
}

static enum err film_render(struct task *t, const struct draw_spec *spec, struct drawing *drawing,
                            const struct media_files *files, struct clip_info *info)
{
    struct film_shape shape = { spec->width_px, spec->height_px };
    scoped(encoder) struct encoder *encoder = NULL;
    scoped(ahead) struct ahead *pictures = NULL;
    struct clip_writer w;
    enum err e = ahead_open(t, drawing, &shape, spec->frame_count, &pictures);
    if (!e)
        e = encoder_open(t, &shape, &colour_bt709, ENCODER_AMONG_OTHERS, &encoder);
    if (!e)
        e = clip_writer_start(t, files->out, &shape, (size_t)spec->frame_count, &w);
    int64_t told_us = 0;
    for (int64_t i = 0; i < spec->frame_count && !e; i++) {
        e = frame_encode(t, pictures, encoder, &w);
        progress_tell(t, files, i + 1, spec->frame_count, &told_us);
    }
    if (!e)
        e = encoder_send(t, encoder, NULL);
    if (!e)
        e = clip_writer_drain(t, &w, encoder, 0);
    if (!e)
        e = clip_writer_end(t, &w, &encoder->config, colour_box(t->arena, &colour_bt709));
    if (!e)
        clip_writer_describe(&w, info);
    return e;
}

static enum err render(struct task *t, const void *request, const struct media_files *files,
                       void *reply)
{
    struct draw_spec spec = *(const struct draw_spec *)request;
    scoped(drawing) struct drawing *drawing = NULL;
    enum err e = pictures_load(t, files, &spec);
    if (!e)
        e = draw_open(t, &spec, &drawing);
    return e ? e : film_render(t, &spec, drawing, files, reply);
}

const struct media_op media_op_render = {
    .name = "render", .in_min = 0, .in_max = PICTURES_MAX, .writes = true, .draws = true,
    .request_fields = draw_spec_fields, .request_size = sizeof(struct draw_spec),
    .reply_fields = clip_info_fields, .reply_size = sizeof(struct clip_info), .run = render,
};
