/* A film is believed when it has been looked at and listened to; and what tests compare films
 * by. */
#include <ebur128.h>
#include <pthread.h>
#include <string.h>

#include "base/hash.h"
#include "media/grid_read.h"
#include "media/loudness_meter.h"
#include "media/media_fields.h"
#include "media/media_op.h"
#include "media/mp4.h"
#include "media/sound_decode.h"

enum {
    BLACK_LUMA   = 28,                    /* limited range: black is 16 */
    /* one pixel in so many may be brighter, in a black frame */
    BRIGHT_SHARE = 500,
};

#define SILENCE_PEAK 0.001f               /* -60 dB of full scale */

static bool frame_is_black(const AVFrame *frame)
{
    int64_t bright = 0, looked = 0;
    for (int y = 0; y < frame->height; y += 2) {
        const uint8_t *row = frame->data[0] + y * frame->linesize[0];
        for (int x = 0; x < frame->width; x += 2, looked++)
            bright += row[x] > BLACK_LUMA;
    }
    return bright * BRIGHT_SHARE < looked;
}

/*
 * The index says how many pictures there are; the key frames, one every two seconds and at each
 * cut, say whether there is something on them. Decoding all of them would cost a third of drawing
 * them.
 */
static enum err pictures_check(struct task *t, int fd, const struct mp4_track *index,
                               struct film_check *out)
{
    scoped(input) struct input *in = NULL;
    scoped(decoder) struct decoder *d = NULL;
    scoped(av_frame) AVFrame *frame = av_frame_alloc();
    enum err e = input_open(t, fd, &in);
    if (!e)
        e = decoder_open(t, in, input_stream(in, AVMEDIA_TYPE_VIDEO), &d);
    if (!e)
        d->codec->skip_frame = AVDISCARD_NONKEY;
    int64_t black = 0, looked = 0;
    for (bool got = true; !e && got;) {
        e = decoder_next(d, frame, &got);
        if (e || !got)
            continue;
        looked++;
        black += frame_is_black(frame);
    }
    if (e)
        return e;
    if (d->bad_packets)
        return fail(t, ERR_MEDIA, "%lld of the film's pictures are damaged",
                    (long long)d->bad_packets);
    out->frame_count = (int64_t)index->sample_count;
    out->black_share = looked ? (double)black / (double)looked : 1;
    return OK;
}

static enum err sound_listen(struct task *t, struct sound *s, ebur128_state *meter,
                             struct film_check *out)
{
    float peak = 0;
    for (struct sound_block b = { .count = 1 }; b.count > 0;) {
        enum err e = sound_read(s, &b);
        if (e)
            return e;
        for (int i = 0; i < 2 * b.count; i++)
            peak = fmaxf(peak, fabsf(b.stereo[i]));
        if (b.count > 0 &&
            ebur128_add_frames_float(meter, b.stereo, (size_t)b.count) != EBUR128_SUCCESS)
            return fail(t, ERR_INTERNAL, "the loudness of the film cannot be measured");
        out->sample_count += b.count;
    }
    out->silent        = peak < SILENCE_PEAK;
    out->loudness_lufs = meter_lufs(meter);
    return OK;
}

static enum err sound_check(struct task *t, int fd, struct film_check *out)
{
    scoped(sound) struct sound *s = NULL;
    scoped(meter) ebur128_state *meter = ebur128_init(2, SOUND_RATE_HZ, EBUR128_MODE_I);
    if (!meter)
        return fail(t, ERR_INTERNAL, "out of memory");
    enum err e = sound_open(t, fd, MEDIA_US_MAX, &s);
    return e ? e : sound_listen(t, s, meter, out);
}

/* The sound is listened to while the pictures are looked at: each has a task, and so an arena and a
 * fault, of its own. */
struct listening {
    struct task       task;
    int               fd;
    struct film_check heard;
    enum err          e;
};

static void *listen_thread(void *state)
{
    struct listening *l = state;
    l->e = sound_check(&l->task, l->fd, &l->heard);
    return NULL;
}

static enum err listening_end(struct task *t, struct listening *l, enum err e,
                              struct film_check *out)
{
    if (!e && l->e)
        t->fault = l->task.fault;
    task_done(&l->task);
    out->silent        = l->heard.silent;
    out->loudness_lufs = l->heard.loudness_lufs;
    out->sample_count  = l->heard.sample_count;
    return e ? e : l->e;
}

static enum err both_check(struct task *t, int fd, const struct mp4_track *pictures,
                           struct film_check *out)
{
    struct listening l = { .fd = fd };
    pthread_t thread;
    task_init(&l.task, t->id);
    l.task.deadline_us = t->deadline_us;
    l.task.cancelled   = t->cancelled;
    bool aside = pthread_create(&thread, NULL, listen_thread, &l) == 0;
    if (!aside)
        listen_thread(&l);
    enum err e = pictures_check(t, fd, pictures, out);
    if (aside)
        pthread_join(thread, NULL);
    return listening_end(t, &l, e, out);
}

static enum err film_check(struct task *t, const void *request, const struct media_files *files,
                           void *reply)
{
    (void)request;
    struct film_check *out = reply;
    struct mp4 mp4;
    *out = (struct film_check){ .silent = true, .loudness_lufs = LUFS_SILENCE };
    enum err e = mp4_read(t, files->in[0], &mp4);
    if (e)
        return e;
    out->fast_start = mp4.is_fast_start;
    const struct mp4_track *pictures = mp4_track_of(&mp4, false);
    if (!pictures)
        return fail(t, ERR_MEDIA, "the film has no pictures");
    bool has_sound = mp4_track_of(&mp4, true) != NULL;
    return has_sound ? both_check(t, files->in[0], pictures, out)
                     : pictures_check(t, files->in[0], pictures, out);
}

const struct media_op media_op_film_check = {
    .name = "film_check", .in_min = 1, .in_max = 1,
    .request_fields = media_nothing_fields, .reply_fields = film_check_fields,
    .reply_size = sizeof(struct film_check), .run = film_check,
};

static const char *frame_hash(struct task *t, const AVFrame *frame)
{
    struct hash h = hash_new("frame");
    for (int p = 0; p < 3 && frame->data[p]; p++) {
        int half = p > 0;
        for (int y = 0; y < (frame->height + half) >> half; y++)
            hash_add_bytes(&h, "row", frame->data[p] + y * frame->linesize[p],
                           (size_t)((frame->width + half) >> half));
    }
    return hash_end(&h, t->arena);
}

static enum err frame_hashes(struct task *t, const void *request, const struct media_files *files,
                             void *reply)
{
    (void)request;
    struct frame_hashes *out = reply;
    scoped(input) struct input *in = NULL;
    scoped(decoder) struct decoder *d = NULL;
    scoped(av_frame) AVFrame *frame = av_frame_alloc();
    size_t capacity = 0;
    enum err e = input_open(t, files->in[0], &in);
    if (!e)
        e = decoder_open(t, in, input_stream(in, AVMEDIA_TYPE_VIDEO), &d);
    for (bool got = true; !e && got;) {
        e = decoder_next(d, frame, &got);
        if (e || !got)
            break;
        if (frame->format != AV_PIX_FMT_YUV420P && frame->format != AV_PIX_FMT_YUVJ420P)
            return fail(t, ERR_MEDIA, "only 8-bit 4:2:0 pictures are compared by their hashes");
        if (out->hash_count == LIST_ITEMS_MAX)
            return fail(t, ERR_LIMIT, "the film has more than %d frames", LIST_ITEMS_MAX);
        array_push(t->arena, out->hashes, out->hash_count, capacity, frame_hash(t, frame));
    }
    return e;
}

const struct media_op media_op_frame_hashes = {
    .name = "frame_hashes", .in_min = 1, .in_max = 1,
    .request_fields = media_nothing_fields, .reply_fields = frame_hashes_fields,
    .reply_size = sizeof(struct frame_hashes), .run = frame_hashes,
};
