/*
 * Anything becomes film: each frame of the source stands from its own place on the 24 fps grid (its time, rounded)
 * until the next one's. A source of 30 frames a second loses every fifth, one of 12 shows each twice, one with
 * irregular times keeps its rhythm as well as the grid can show it.
 */
#include "media/av_encode.h"
#include "media/av_input.h"
#include "media/picture_fit.h"
#include "media/trim.h"

enum {
    SEEK_FRAMES_MIN     = 5 * FILM_RATE_HZ,       /* nearer to the start it is quicker to decode along */
    SLACK_FRAMES        = FILM_RATE_HZ,           /* between what headers say of a length and the truth */
    LENGTH_UNKNOWN      = 3600 * FILM_RATE_HZ,
    HELD_FRAMES_MAX     = 2,                      /* how far rounding may make a clip end early */
};

struct conversion {
    struct trim       *trim;
    struct input      *input;
    struct decoder    *decoder;
    struct fitter     *fitter;
    struct encoder    *encoder;
    struct clip_writer writer;
    AVFrame           *frame, *held;              /* just decoded; still to be shown */
    int64_t            held_from;                 /* its place on the grid */
    int64_t            end;                       /* one past the last place that is covered */
    int64_t            written;
};

static int64_t grid_place(const struct conversion *c, int64_t pts)
{
    AVStream *s = c->decoder->stream;
    int64_t start = s->start_time == AV_NOPTS_VALUE ? 0 : s->start_time;
    return av_rescale_q(pts - start, s->time_base, (AVRational){ 1, FILM_RATE_HZ });
}

static int64_t length_guess(const struct conversion *c)
{
    const AVStream *s = c->decoder->stream;
    if (s->duration > 0)
        return av_rescale_q(s->duration, s->time_base, (AVRational){ 1, FILM_RATE_HZ }) + SLACK_FRAMES;
    int64_t us = c->input->format->duration;
    return us > 0 ? frames_from_us(us) + SLACK_FRAMES : LENGTH_UNKNOWN;
}

static enum err conversion_open(struct task *t, struct conversion *c)
{
    const struct clip_span *span = c->trim->span;
    enum err e = input_open(t, c->trim->files->in[0], &c->input);
    if (!e && input_is_picture(c->input))
        return refuse(t, ERR_MEDIA, "use a film clip", "the file is a still picture");
    AVStream *stream = e ? NULL : input_stream(c->input, AVMEDIA_TYPE_VIDEO);
    if (!e && !stream)
        return refuse(t, ERR_MEDIA, "use a film clip", "the file has no pictures");
    if (!e)
        e = decoder_open(t, c->input, stream, &c->decoder);
    struct fit_target target = {
        .width_px = (int)span->shape.width_px, .height_px = (int)span->shape.height_px, .space = AVCOL_SPC_BT709,
    };
    if (!e)
        e = encoder_open(t, &span->shape, &colour_bt709, &c->encoder);
    if (!e)
        e = fitter_open(t, &target, fit_turns(stream_matrix(stream)), &c->fitter);
    if (e)
        return e;
    int64_t guess = length_guess(c);
    if (!c->trim->frames_wanted)
        c->trim->frames_wanted = guess - span->in_frame;
    int64_t last = span->out_frame ? span->out_frame : guess > span->in_frame ? guess : span->in_frame + SLACK_FRAMES;
    return clip_writer_start(t, c->trim->files->out, &span->shape, (size_t)(last - span->in_frame), &c->writer);
}

static void conversion_close(struct conversion *c)
{
    av_frame_free(&c->frame);
    av_frame_free(&c->held);
    encoder_close(c->encoder);
    fitter_close(c->fitter);
    decoder_close(c->decoder);
    input_close(c->input);
}

/* Show the held frame up to `until`, as far as that lies in the span. */
static enum err held_show(struct task *t, struct conversion *c, int64_t until)
{
    const struct clip_span *span = c->trim->span;
    int64_t from = c->held_from > span->in_frame ? c->held_from : span->in_frame;
    if (span->out_frame && until > span->out_frame)
        until = span->out_frame;
    AVFrame *fitted = NULL;
    enum err e = from < until && c->held->buf[0] ? fitter_fit(t, c->fitter, c->held, &fitted) : OK;
    for (int64_t i = from; fitted && i < until && !e; i++) {
        e = encoder_send(t, c->encoder, fitted);
        if (!e)
            e = clip_writer_drain(t, &c->writer, c->encoder, 0);
        c->written++;
        trim_progress(c->trim, 1);
    }
    return e;
}

static enum err frame_take(struct task *t, struct conversion *c)
{
    int64_t pts = c->frame->best_effort_timestamp;
    int64_t place = pts == AV_NOPTS_VALUE ? c->end : grid_place(c, pts);
    if (place < c->held_from)
        place = c->held_from;
    enum err e = held_show(t, c, place);
    if (e)
        return e;
    av_frame_unref(c->held);
    av_frame_move_ref(c->held, c->frame);
    c->held_from = place;
    int64_t lasts = av_rescale_q(c->held->pkt_duration, c->decoder->stream->time_base, (AVRational){ 1, FILM_RATE_HZ });
    c->end = place + (lasts > 0 ? lasts : 1);
    return OK;
}

static bool span_is_full(const struct conversion *c)
{
    return c->trim->span->out_frame && c->held_from >= c->trim->span->out_frame;
}

static enum err conversion_finish(struct task *t, struct conversion *c)
{
    const struct clip_span *span = c->trim->span;
    bool short_by_rounding = span->out_frame > c->end && span->out_frame - c->end <= HELD_FRAMES_MAX;
    enum err e = held_show(t, c, short_by_rounding ? span->out_frame : c->end);
    if (e)
        return e;
    if (c->decoder->frames == 0)
        return fail(t, ERR_MEDIA, "none of the file's pictures can be decoded");
    if (c->written == 0 || (span->out_frame && c->written < span->out_frame - span->in_frame))
        return fail_at(t, fail(t, ERR_INVALID, "the clip has %lld frames at %d a second; the span ends at %lld",
                               (long long)c->end, FILM_RATE_HZ,
                               (long long)(span->out_frame ? span->out_frame : span->in_frame)), "out");
    e = encoder_send(t, c->encoder, NULL);
    if (!e)
        e = clip_writer_drain(t, &c->writer, c->encoder, 0);
    return e ? e : clip_writer_end(t, &c->writer, &c->encoder->config, colour_box(t->arena, &colour_bt709));
}

static enum err conversion_seek(struct conversion *c)
{
    AVStream *s = c->decoder->stream;
    int64_t in = c->trim->span->in_frame;
    if (in < SEEK_FRAMES_MIN || s->start_time == AV_NOPTS_VALUE)
        return OK;
    return decoder_seek(c->decoder, s->start_time + av_rescale_q(in, (AVRational){ 1, FILM_RATE_HZ }, s->time_base));
}

static enum err conversion_run(struct task *t, struct conversion *c)
{
    enum err e = conversion_open(t, c);
    if (!e)
        e = conversion_seek(c);
    c->frame = av_frame_alloc();
    c->held  = av_frame_alloc();
    for (bool got = true; !e && got && !span_is_full(c);) {
        e = decoder_next(c->decoder, c->frame, &got);
        if (!e && got)
            e = frame_take(t, c);
    }
    return e ? e : conversion_finish(t, c);
}

enum err trim_by_encoding(struct task *t, struct trim *trim)
{
    struct conversion c = { .trim = trim };
    enum err e = conversion_run(t, &c);
    conversion_close(&c);
    return e;
}
