/*
 * The smart cut. Between its first and last key frame a span keeps the clip's own packets, bit for
 * bit; only the frames before (the head) and a few behind (the tail) are decoded and encoded again.
 *
 *     clip    I . . . . . I . . . . . I . . . . . I . . . .
 *     span            [in                         out)
 *     film            h h h I . . . . . I . . . . . t t
 *
 * The head ends where a key frame starts. The tail begins where the first packet in decoding order
 * would show something at or past `out`: frames before that one do not depend on it. Head and tail
 * come from our encoder, whose parameter sets have ids of their own and are added to the clip's in
 * one avcC.
 */
#include "media/film_decode.h"
#include "media/trim.h"

struct cut {
    int64_t in, out;                  /* frames of the clip */
    /* samples, which are frames too at these places; equal: nothing is copied */
    int64_t copy_from, copy_to;
};

struct ends {
    struct avc_config config;         /* of the copied part, joined by that of the encoded ends */
    bool              used;
    struct bytes      colour;
};

/* Stops before the first sample that shows something past the end, and so that no frame before it
 * is missing. */
static int64_t copy_end(const struct film_clip *clip, const struct cut *cut)
{
    int64_t end = cut->copy_from, last_whole = cut->copy_from, highest = cut->copy_from - 1;
    while (end < (int64_t)clip->frame_count && clip->shown[end] < cut->out) {
        if (clip->shown[end] > highest)
            highest = clip->shown[end];
        end++;
        if (highest == end - 1)
            last_whole = end;
    }
    return last_whole;
}

static void cut_plan(const struct film_clip *clip, struct cut *cut)
{
    int64_t start = (int64_t)film_start_after(clip, cut->in);
    cut->copy_from = start < cut->out ? start : cut->out;
    cut->copy_to   = start < cut->out ? copy_end(clip, cut) : cut->out;
}

static const char *frame_oddity(const AVFrame *frame)
{
    struct colour_tags tags = { frame->color_primaries, frame->color_trc, frame->colorspace };
    if (frame->format != AV_PIX_FMT_YUV420P || frame->color_range == AVCOL_RANGE_JPEG)
        return "its colours use the full range";
    if (frame->interlaced_frame)
        return "it is interlaced";
    if (!colour_tags_known(&tags))
        return "its colours are tagged in an unusual way";
    return NULL;
}

/* An encoder for pictures like this one, if what it makes may stand beside the copied part. */
static enum err end_encoder(struct task *t, const struct film_shape *shape, const AVFrame *like,
                            struct ends *ends, struct encoder **out, const char **out_reason)
{
    struct colour_tags tags = { like->color_primaries, like->color_trc, like->colorspace };
    *out_reason = frame_oddity(like);
    if (*out_reason)
        return OK;
    enum err e = encoder_open(t, shape, &tags, ENCODER_ALONE, out);
    if (e)
        return e;
    if (!ends->used) {
        ends->config = (*out)->config;
        ends->colour = colour_box(t->arena, &tags);
        ends->used   = true;
    } else if (!avc_config_join(&ends->config, &(*out)->config)) {
        *out_reason = "its encoder used our parameter set numbers for other settings";
    }
    return OK;
}

/* Encode frames [from, to) of the clip; they become frames from - in onwards. */
static enum err end_encode(struct task *t, struct trim *trim, const struct film_clip *clip,
                           const struct cut *cut, int64_t from, int64_t to, struct ends *ends,
                           struct clip_writer *w, const char **out_reason)
{
    scoped(film_decoder) struct film_decoder *d = NULL;
    scoped(encoder) struct encoder *encoder = NULL;
    scoped(av_frame) AVFrame *frame = av_frame_alloc();
    enum err e = from < to ? film_decoder_open(t, clip, from, to, &d) : OK;
    int64_t done = 0;
    for (bool got = from < to; got && !e;) {
        e = film_decoder_next(t, d, frame, &got);
        if (e || !got)
            break;
        if (!encoder)
            e = end_encoder(t, &trim->span->shape, frame, ends, &encoder, out_reason);
        if (e || *out_reason)
            return e;
        e = encoder_send(t, encoder, frame);
        if (!e)
            e = clip_writer_drain(t, w, encoder, from - cut->in);
        trim_progress(trim, 1);
        done++;
    }
    if (!e && done != to - from)
        return fail(t, ERR_MEDIA, "%lld of the clip's frames cannot be decoded",
                    (long long)(to - from - done));
    if (!e && encoder)
        e = encoder_send(t, encoder, NULL);
    return e || !encoder ? e : clip_writer_drain(t, w, encoder, from - cut->in);
}

static enum err middle_copy(struct task *t, struct trim *trim, const struct film_clip *clip,
                            const struct cut *cut, struct clip_writer *w)
{
    for (int64_t i = cut->copy_from; i < cut->copy_to; i++) {
        const struct mp4_sample *sample = &clip->track->samples[i];
        enum err e =
            clip_writer_copy(t, w, clip->fd, sample, clip->shown[i] - cut->in, sample->key);
        if (!e)
            e = task_over(t);
        if (e)
            return e;
        trim_progress(trim, 1);
    }
    return OK;
}

enum err trim_by_copy(struct task *t, struct trim *trim, const struct film_clip *clip,
                      struct clip_info *out, const char **out_reason)
{
    struct cut cut = { .in = trim->span->in_frame, .out = trim->span->out_frame };
    struct ends ends = { .config = clip->config, .colour = clip->track->colour };
    struct clip_writer w;
    *out_reason = NULL;
    cut_plan(clip, &cut);
    enum err e =
        clip_writer_start(t, trim->files->out, &trim->span->shape, (size_t)(cut.out - cut.in), &w);
    ends.used = cut.copy_to > cut.copy_from;
    if (!e)
        e = end_encode(t, trim, clip, &cut, cut.in, cut.copy_from, &ends, &w, out_reason);
    if (!e && !*out_reason)
        e = middle_copy(t, trim, clip, &cut, &w);
    if (!e && !*out_reason)
        e = end_encode(t, trim, clip, &cut, cut.copy_to, cut.out, &ends, &w, out_reason);
    if (!e && !*out_reason)
        e = clip_writer_end(t, &w, &ends.config, ends.colour);
    if (!e && !*out_reason)
        clip_writer_describe(&w, out);
    return e;
}
