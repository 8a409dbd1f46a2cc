#include "sound_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>

#include "base/limits.h"
#include "base/scoped.h"
#include "media/sound_decode.h"
#include "test.h"

struct writer {
    const struct signal *signal;
    AVFormatContext     *format;
    AVCodecContext      *codec;
    AVStream            *stream;
    AVFrame             *frame;
    AVPacket            *packet;
};

static void must(int rc, const char *what)
{
    if (rc < 0)
        test_failed("%s: %s", what, av_err2str(rc));
}

static void codec_open(struct writer *w, const struct sound_file *form)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(form->encoder);
    assert_non_null(codec);
    w->codec = avcodec_alloc_context3(codec);
    w->codec->sample_rate = form->rate_hz;
    w->codec->bit_rate    = form->bit_rate;
    w->codec->sample_fmt  = codec->sample_fmts[0];
    w->codec->time_base   = (AVRational){ 1, form->rate_hz };
    av_channel_layout_default(&w->codec->ch_layout, form->channels);
    if (w->format->oformat->flags & AVFMT_GLOBALHEADER)
        w->codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    must(avcodec_open2(w->codec, codec, NULL), form->encoder);
    w->stream = avformat_new_stream(w->format, NULL);
    w->stream->time_base = w->codec->time_base;
    must(avcodec_parameters_from_context(w->stream->codecpar, w->codec), "parameters");
}

static void value_put(uint8_t *at, enum AVSampleFormat format, float value)
{
    switch (av_get_packed_sample_fmt(format)) {
    case AV_SAMPLE_FMT_FLT: memcpy(at, &value, 4); break;
    case AV_SAMPLE_FMT_S16: memcpy(at, &(int16_t){ (int16_t)(value * 32767) }, 2); break;
    case AV_SAMPLE_FMT_S32: memcpy(at, &(int32_t){ (int32_t)(value * 2147483000.0) }, 4); break;
    default:                test_failed("an encoder with an unexpected sample form");
    }
}

static void frame_fill(struct writer *w, int64_t from, int count)
{
    AVFrame *f   = w->frame;
    int channels = w->codec->ch_layout.nb_channels, size = av_get_bytes_per_sample(f->format);
    bool planar  = av_sample_fmt_is_planar(f->format);

    for (int i = 0; i < count; i++)
        for (int c = 0; c < channels; c++) {
            uint8_t *at = planar ? f->data[c] + i * size : f->data[0] + (i * channels + c) * size;
            value_put(at, f->format, w->signal->stereo[2 * (from + i) + (channels == 1 ? 0 : c % 2)]);
        }
}

static void packets_write(struct writer *w)
{
    while (avcodec_receive_packet(w->codec, w->packet) >= 0) {
        av_packet_rescale_ts(w->packet, w->codec->time_base, w->stream->time_base);
        must(av_write_frame(w->format, w->packet), "write");
        av_packet_unref(w->packet);
    }
}

static void frames_encode(struct writer *w)
{
    int most = w->codec->frame_size ? w->codec->frame_size : 1024;

    for (int64_t from = 0; from < w->signal->count; from += most) {
        int64_t left = w->signal->count - from;
        av_frame_unref(w->frame);
        w->frame->nb_samples  = left < most ? (int)left : most;
        w->frame->format      = w->codec->sample_fmt;
        w->frame->sample_rate = w->codec->sample_rate;
        w->frame->pts         = from;
        must(av_channel_layout_copy(&w->frame->ch_layout, &w->codec->ch_layout), "layout");
        must(av_frame_get_buffer(w->frame, 0), "frame");
        frame_fill(w, from, w->frame->nb_samples);
        must(avcodec_send_frame(w->codec, w->frame), "encode");
        packets_write(w);
    }
    must(avcodec_send_frame(w->codec, NULL), "flush");
    packets_write(w);
}

int sound_file_make(struct task *t, const struct signal *s, const struct sound_file *form)
{
    (void)t;
    int fd = memfd_create("sound", MFD_CLOEXEC);
    char path[64];
    struct writer w = { .signal = s, .frame = av_frame_alloc(), .packet = av_packet_alloc() };

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    must(avformat_alloc_output_context2(&w.format, NULL, form->muxer, path), form->muxer);
    codec_open(&w, form);
    must(avio_open(&w.format->pb, path, AVIO_FLAG_READ_WRITE), "open");
    AVDictionary *options = NULL;
    if (form->option)
        av_dict_set(&options, form->option, form->value, 0);
    must(avformat_write_header(w.format, &options), "header");
    av_dict_free(&options);
    frames_encode(&w);
    must(av_write_trailer(w.format), "trailer");
    avio_closep(&w.format->pb);
    avcodec_free_context(&w.codec);
    avformat_free_context(w.format);
    av_frame_free(&w.frame);
    av_packet_free(&w.packet);
    return fd;
}

int file_of(const void *bytes, size_t size)
{
    int fd = memfd_create("file", MFD_CLOEXEC);
    assert_int_equal(pwrite(fd, bytes, size, 0), (ssize_t)size);
    return fd;
}

int file_head(int fd, int64_t bytes)
{
    char *head = malloc((size_t)bytes);
    assert_int_equal(pread(fd, head, (size_t)bytes, 0), bytes);
    int out = file_of(head, (size_t)bytes);
    free(head);
    return out;
}

struct signal sound_file_read(struct task *t, int fd)
{
    scoped(sound) struct sound *s = NULL;
    struct signal out = { 0 };
    size_t values = 0, capacity = 0;

    assert_ok(t, sound_open(t, fd, SONG_US_MAX, &s));
    for (struct sound_block b = { .count = 1 }; b.count > 0;) {
        assert_ok(t, sound_read(s, &b));
        for (int i = 0; i < 2 * b.count; i++)
            array_push(t->arena, out.stereo, values, capacity, b.stereo[i]);
    }
    out.count = (int64_t)values / 2;
    return out;
}
