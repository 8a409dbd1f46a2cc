#pragma once

/*
 * A file from outside, read through FFmpeg with the doors shut.
 *
 * The file is a descriptor, read with pread at our own offset, so that it may be shared. Only the
 * containers and decoders we mean to support are tried; nothing is opened by path and there is no
 * network. Streams, frame size and probing are bounded by limits.h, also inside FFmpeg's own
 * probing, which opens decoders of its own.
 *
 *     scoped(input) struct input *in = NULL;          scoped(decoder) struct decoder *d = NULL;
 *     scoped(av_frame) AVFrame *frame = av_frame_alloc();
 *     enum err e = input_open(t, fd, &in);
 *     if (!e) e = decoder_open(t, in, input_stream(in, AVMEDIA_TYPE_AUDIO), &d);
 *     for (bool got = true; !e && (e = decoder_next(d, frame, &got)) == OK && got;)
 *         ...frame is yours until the next call...
 *
 * Threads  one input and its decoders belong to one thread.
 */

#include "base/task.h"
#include "media/scoped_av.h"

struct input {
    struct task     *task;
    int              fd;                /* borrowed */
    int64_t          at, bytes;         /* where the next read is; the file's size */
    AVIOContext     *io;
    AVFormatContext *format;
};

/*
 * Open and look at every stream. The struct lives in t->arena; what it holds is closed by
 * input_close().
 * Errors   MEDIA empty, unknown, broken or of a kind that is not accepted; LIMIT too large
 */
enum err input_open(struct task *t, int fd, struct input **out);

/* The same without decoding anything to learn about the streams: enough where the headers say it
 * all. */
enum err input_open_headers(struct task *t, int fd, struct input **out);
void     input_close(struct input *in);
static inline void input_scoped(struct input **in) { input_close(*in); }

/* The stream of that kind a player would choose, NULL when there is none. Cover art is not a
 * picture stream. */
AVStream *input_stream(const struct input *in, enum AVMediaType kind);

/* Whether it is a still picture (png, jpeg, webp) rather than something with a duration. */
bool input_is_picture(const struct input *in);

struct decoder {
    struct task    *task;
    struct input   *input;
    AVStream       *stream;
    AVCodecContext *codec;
    AVPacket       *packet;
    int64_t         frames;             /* handed out so far */
    int64_t         bad_packets;        /* skipped because they could not be decoded */
    bool            draining;
};

/* One thread, frames in presentation order, cropping and encoder delay applied. MEDIA: no such
 * stream or codec. */
enum err decoder_open(struct task *t, struct input *in, AVStream *stream, struct decoder **out);
void     decoder_close(struct decoder *d);
static inline void decoder_scoped(struct decoder **d) { decoder_close(*d); }

/*
 * The next frame, replacing what `frame` held; *out_got is false at the end. Packets that cannot be
 * decoded are skipped and counted, as players do; a long run of them is MEDIA. Packets of other
 * streams are dropped.
 */
enum err decoder_next(struct decoder *d, AVFrame *frame, bool *out_got);

/* Continue from the last key frame at or before `pts` (in the stream's time base). */
enum err decoder_seek(struct decoder *d, int64_t pts);
