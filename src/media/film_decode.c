#include "media/film_decode.h"

#include <string.h>

#include "base/limits.h"
#include "media/av_error.h"

enum { SAMPLE_BYTES_MAX = 64 << 20 };

enum err film_start_before(struct task *t, const struct film_clip *clip, int64_t frame,
                           size_t *out_sample)
{
    for (int64_t i = frame; i >= 0; i--) {
        *out_sample = (size_t)i;
        if (clip->track->samples[i].key)
            return OK;
    }
    return refuse(t, ERR_MEDIA, "export it again", "the clip does not begin with a key frame");
}

size_t film_start_after(const struct film_clip *clip, int64_t frame)
{
    size_t i = (size_t)frame;
    while (i < clip->frame_count && !clip->track->samples[i].key)
        i++;
    return i;
}

static void measure(const struct film_clip *clip, struct film_decoder *d)
{
    d->end = d->next;
    for (size_t i = d->next; i < clip->frame_count; i++) {
        if (clip->shown[i] < d->to)
            d->end = i + 1;
    }
    for (size_t i = d->next; i < d->end; i++) {
        if (clip->track->samples[i].bytes > d->packet_bytes_max)
            d->packet_bytes_max = clip->track->samples[i].bytes;
    }
}

static enum err codec_open(struct task *t, struct film_decoder *d)
{
    const AVCodec *h264 = avcodec_find_decoder(AV_CODEC_ID_H264);
    struct bytes config = d->clip->track->config;
    d->codec  = avcodec_alloc_context3(h264);
    d->packet = av_packet_alloc();
    uint8_t *extra = av_mallocz(config.size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!h264 || !d->codec || !d->packet || !extra) {
        av_free(extra);
        return fail(t, ERR_INTERNAL, "out of memory");
    }
    memcpy(extra, config.at, config.size);
    d->codec->extradata      = extra;
    d->codec->extradata_size = (int)config.size;
    d->codec->thread_count   = 1;
    d->codec->max_pixels     = FRAME_PIXELS_MAX;
    int rc = avcodec_open2(d->codec, h264, NULL);
    return rc < 0 ? err_from_av(t, rc, "open the decoder") : OK;
}

static enum err decoder_start(struct task *t, struct film_decoder *d)
{
    enum err e = film_start_before(t, d->clip, d->from, &d->next);
    if (e)
        return e;
    measure(d->clip, d);
    if (d->packet_bytes_max > SAMPLE_BYTES_MAX)
        return fail(t, ERR_LIMIT, "a coded frame is larger than what is accepted");
    return codec_open(t, d);
}

enum err film_decoder_open(struct task *t, const struct film_clip *clip, int64_t from, int64_t to,
                           struct film_decoder **out)
{
    av_log_to_faults();
    scoped(film_decoder) struct film_decoder *d = arena_one(t->arena, struct film_decoder);
    *d = (struct film_decoder){ .clip = clip, .from = from, .to = to };
    enum err e = decoder_start(t, d);
    if (e)
        return e;
    *out = take(d);
    return OK;
}

void film_decoder_close(struct film_decoder *d)
{
    if (!d)
        return;
    avcodec_free_context(&d->codec);
    av_packet_free(&d->packet);
}

/* A frame before the first wanted one matters only if others refer to it. */
static enum err feed(struct task *t, struct film_decoder *d)
{
    size_t i = d->next++;
    if (i >= d->end) {
        avcodec_send_packet(d->codec, NULL);
        return OK;
    }
    uint32_t bytes = d->clip->track->samples[i].bytes;
    if (av_new_packet(d->packet, (int)bytes) < 0)
        return fail(t, ERR_LIMIT, "a coded frame does not fit into memory");
    enum err e = film_sample_read(t, d->clip, i, d->packet->data, bytes);
    d->packet->pts = d->clip->shown[i];
    d->codec->skip_frame =
        d->packet->pts < d->from || d->packet->pts >= d->to ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
    int rc = e ? 0 : avcodec_send_packet(d->codec, d->packet);
    av_packet_unref(d->packet);
    if (e)
        return e;
    return rc < 0 ? err_from_av(t, rc, "decode the clip") : task_over(t);
}

enum err film_decoder_next(struct task *t, struct film_decoder *d, AVFrame *frame, bool *out_got)
{
    for (;;) {
        int rc = avcodec_receive_frame(d->codec, frame);
        *out_got = rc >= 0;
        if (rc >= 0 && frame->pts >= d->from && frame->pts < d->to)
            return OK;
        if (rc == AVERROR_EOF)
            return OK;
        if (rc < 0 && rc != AVERROR(EAGAIN))
            return err_from_av(t, rc, "decode the clip");
        enum err e = rc == AVERROR(EAGAIN) ? feed(t, d) : OK;
        if (e)
            return e;
    }
}
