/* A span of a clip in the film's shape: copied where the clip is film already, encoded where it is
 * not. With captions it is another operation, because only that one reads fonts. */
#include <errno.h>
#include <unistd.h>

#include "media/media_fields.h"
#include "media/trim.h"

void trim_progress(struct trim *trim, int64_t frames_more)
{
    int64_t step = trim->frames_wanted / 200 + 1, before = trim->frames_done / step;
    trim->frames_done += frames_more;
    if (!trim->files->progress || trim->frames_done / step == before || trim->frames_wanted <= 0)
        return;
    int64_t permille = trim->frames_done * 1000 / trim->frames_wanted;
    trim->files->progress(trim->files->progress_state, permille < 1000 ? (int)permille : 1000);
}

static enum err outside(struct task *t, const char *field, int64_t frame, size_t frame_count)
{
    return fail_at(t, refuse(t, ERR_INVALID, "choose in and out points inside the clip",
                             "frame %lld is outside the clip, which has %zu",
                             (long long)frame, frame_count), field);
}

/* NULL when the clip's packets can be kept. What the MP4 reader cannot read at all is left to
 * FFmpeg. */
static enum err clip_choose(struct task *t, const struct trim *trim, struct film_clip *clip,
                            const char **out_reason)
{
    enum err e = film_clip_read(t, trim->files->in[0], clip, out_reason);
    if (e == ERR_MEDIA)
        *out_reason = "it is not a whole MP4 file";
    else if (e)
        return e;
    if (!*out_reason && (clip->track->width_px != trim->span->shape.width_px
                         || clip->track->height_px != trim->span->shape.height_px))
        *out_reason = "it has another size";
    if (!*out_reason && trim->span->encode_all)
        *out_reason = "it is to be encoded";
    return OK;
}

static enum err span_check(struct task *t, const struct clip_span *span)
{
    if (span->out_frame && span->out_frame <= span->in_frame)
        return fail_at(
            t, refuse(t, ERR_INVALID, "set the out point behind the in point", "the span is empty"),
            "out");
    return OK;
}

static enum err span_settle(struct task *t, const struct film_clip *clip, struct clip_span *span)
{
    if (span->in_frame >= (int64_t)clip->frame_count)
        return outside(t, "in", span->in_frame, clip->frame_count);
    if (span->out_frame > (int64_t)clip->frame_count)
        return outside(t, "out", span->out_frame, clip->frame_count);
    if (!span->out_frame)
        span->out_frame = (int64_t)clip->frame_count;
    return OK;
}

static enum err trim(struct task *t, const void *request, const struct media_files *files,
                     void *reply)
{
    struct clip_span span = *(const struct clip_span *)request;
    struct trim work = { .span = &span, .files = files };
    struct film_clip clip;
    const char *reason = NULL;
    enum err e = span_check(t, &span);
    if (!e)
        e = clip_choose(t, &work, &clip, &reason);
    if (!e && !reason)
        e = span_settle(t, &clip, &span);
    work.frames_wanted = span.out_frame ? span.out_frame - span.in_frame : 0;
    if (!e && !reason)
        e = trim_by_copy(t, &work, &clip, reply, &reason);
    if (e || !reason)
        return e;
    work.frames_done = 0;
    if (ftruncate(files->out, 0) != 0)
        return fail_errno(t, errno, "write", "the clip");
    return trim_by_encoding(t, &work, reply);
}

const struct media_op media_op_trim = {
    .name = "trim", .in_min = 1, .in_max = 1, .writes = true,
    .request_fields = clip_span_fields, .request_size = sizeof(struct clip_span),
    .reply_fields = clip_info_fields, .reply_size = sizeof(struct clip_info), .run = trim,
};

static enum err captions_check(struct task *t, const struct clip_span *span)
{
    int64_t end = 0;
    for (size_t i = 0; i < span->caption_count; i++) {
        if (span->captions[i].at_frame < end)
            return fail(t, ERR_INVALID, "a caption begins before the one in front of it ends");
        end = span->captions[i].at_frame + span->captions[i].frame_count;
    }
    return OK;
}

static enum err caption(struct task *t, const void *request, const struct media_files *files,
                        void *reply)
{
    const struct clip_span *span = request;
    struct trim work = {
        .span = span,
        .files = files,
        .frames_wanted = span->out_frame ? span->out_frame - span->in_frame : 0,
    };
    enum err e = span_check(t, span);
    if (!e)
        e = captions_check(t, span);
    return e ? e : trim_by_encoding(t, &work, reply);
}

const struct media_op media_op_caption = {
    .name = "caption", .in_min = 1, .in_max = 1, .writes = true, .draws = true,
    .request_fields = clip_span_fields, .request_size = sizeof(struct clip_span),
    .reply_fields = clip_info_fields, .reply_size = sizeof(struct clip_info), .run = caption,
};
