/* The long way: decode anything, fit it into the film's shape, put it on the film's grid, lay the
 * captions over it, encode it. */
#include "draw/caption.h"
#include "media/av_encode.h"
#include "media/grid_read.h"
#include "media/picture_fit.h"
#include "media/trim.h"

enum {
    /* between what headers say of a length and the truth */
    SLACK_FRAMES    = FILM_RATE_HZ,
    LENGTH_UNKNOWN  = 3600 * FILM_RATE_HZ,
    HELD_FRAMES_MAX = 2,                          /* how far rounding may make a clip end early */
};

struct conversion {
    struct trim        *trim;
    struct grid_reader *source;
    struct fitter      *fitter;
    struct encoder     *encoder;
    struct clip_writer  writer;

    /* The line that is read now: set when it begins, laid over a copy, as the picture may stand
     * longer than the line. */
    struct caption     *caption;
    size_t              caption_index; /* of the one that is set */
    AVFrame            *captioned;
};

/* What the writer must have room for. */
static int64_t length_most(const struct conversion *c)
{
    const struct clip_span *span = c->trim->span;
    if (span->out_frame)
        return span->out_frame - span->in_frame;
    int64_t known = grid_length(c->source);
    int64_t most  = (known ? known : LENGTH_UNKNOWN) + SLACK_FRAMES - span->in_frame;
    return most > SLACK_FRAMES ? most : SLACK_FRAMES;
}

static enum err conversion_open(struct task *t, struct conversion *c)
{
    const struct film_shape *shape = &c->trim->span->shape;
    struct fit_target target = {
        .width_px = (int)shape->width_px,
        .height_px = (int)shape->height_px,
        .space = AVCOL_SPC_BT709,
    };
    enum err e = grid_open(t, c->trim->files->in[0], &c->source);
    if (!e && input_is_picture(c->source->input))
        return refuse(t, ERR_MEDIA, "use a film clip", "the file is a still picture");
    if (!e)
        e = encoder_open(t, shape, &colour_bt709, ENCODER_ALONE, &c->encoder);
    if (!e)
        e = fitter_open(t, &target, c->source->turns, &c->fitter);
    if (e)
        return e;
    if (!c->trim->frames_wanted)
        c->trim->frames_wanted = grid_length(c->source) - c->trim->span->in_frame;
    return clip_writer_start(t, c->trim->files->out, shape, (size_t)length_most(c), &c->writer);
}

static void conversion_close(struct conversion *c)
{
    caption_close(c->caption);
    av_frame_free(&c->captioned);
    encoder_close(c->encoder);
    fitter_close(c->fitter);
    grid_close(c->source);
}

static enum err outside(struct task *t, const struct conversion *c, int64_t place)
{
    enum err e = refuse(t, ERR_INVALID, "choose in and out points inside the clip",
                        "the clip has %lld frames at %d a second; the span asks for frame %lld",
                        (long long)c->source->end, FILM_RATE_HZ, (long long)place);
    return fail_at(t, e, place == c->trim->span->in_frame ? "in" : "out");
}

/* The frame for `place`; NULL at the natural end of a span without one. */
static enum err picture_at(struct task *t, struct conversion *c, int64_t place, AVFrame **out)
{
    bool is_new;
    AVFrame *source;
    *out = NULL;
    enum err e = grid_at(t, c->source, place, &source, &is_new);
    if (e)
        return e;
    const struct clip_span *span = c->trim->span;
    bool held = !source && span->out_frame && place > span->in_frame &&
                place < c->source->end + HELD_FRAMES_MAX;
    if (!source && !held)
        return span->out_frame || place == span->in_frame ? outside(t, c, place) : OK;
    *out = c->fitter->upright;
    return is_new ? fitter_fit(t, c->fitter, c->source->current, out) : OK;
}

static bool covers(const struct film_caption *line, int64_t frame)
{
    return frame >= line->at_frame && frame < line->at_frame + line->frame_count;
}

static enum err caption_set(struct task *t, struct conversion *c, size_t index)
{
    const struct film_shape *shape = &c->trim->span->shape;
    if (c->caption && c->caption_index == index)
        return OK;
    caption_close(c->caption);
    c->caption = NULL;
    c->caption_index = index;
    enum err e = c->captioned ? OK : encoder_frame_new(t, shape, &c->captioned);
    return e ? e : caption_open(t, shape->width_px, shape->height_px,
                                c->trim->span->captions[index].words, &c->caption);
}

/* *picture becomes the copy that has the line of this place over it, if there is one. */
static enum err caption_over(struct task *t, struct conversion *c, int64_t place, AVFrame **picture)
{
    const struct clip_span *span = c->trim->span;
    size_t index = 0;
    while (index < span->caption_count &&
           !covers(&span->captions[index], place - span->in_frame))
        index++;
    if (index == span->caption_count)
        return OK;
    enum err e = caption_set(t, c, index);
    if (e)
        return e;
    AVFrame *to = c->captioned;
    if (av_frame_make_writable(to) < 0 || av_frame_copy(to, *picture) < 0)
        return fail(t, ERR_LIMIT, "a picture does not fit into memory");
    caption_lay(c->caption, &(struct draw_target){
                                .plane = { to->data[0], to->data[1], to->data[2] },
                                .stride = { to->linesize[0], to->linesize[1], to->linesize[2] } });
    *picture = to;
    return OK;
}

static enum err pictures_encode(struct task *t, struct conversion *c)
{
    const struct clip_span *span = c->trim->span;
    for (int64_t place = span->in_frame; !span->out_frame || place < span->out_frame; place++) {
        AVFrame *picture;
        enum err e = picture_at(t, c, place, &picture);
        if (e || !picture)
            return e;
        e = caption_over(t, c, place, &picture);
        if (!e)
            e = encoder_send(t, c->encoder, picture);
        if (!e)
            e = clip_writer_drain(t, &c->writer, c->encoder, 0);
        if (e)
            return e;
        trim_progress(c->trim, 1);
    }
    return OK;
}

enum err trim_by_encoding(struct task *t, struct trim *trim, struct clip_info *out)
{
    struct conversion c = { .trim = trim };
    enum err e = conversion_open(t, &c);
    if (!e)
        e = pictures_encode(t, &c);
    if (!e)
        e = encoder_send(t, c.encoder, NULL);
    if (!e)
        e = clip_writer_drain(t, &c.writer, c.encoder, 0);
    if (!e)
        e = clip_writer_end(t, &c.writer, &c.encoder->config, colour_box(t->arena, &colour_bt709));
    if (!e)
        clip_writer_describe(&c.writer, out);
    conversion_close(&c);
    return e;
}
