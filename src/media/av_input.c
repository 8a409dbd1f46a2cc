/*
 * Opening goes in three steps so that each can refuse in words: guess the container from its first
 * bytes, check it against our list, then let FFmpeg parse it with every ceiling set. FFmpeg looks
 * at streams with private decoders that ignore our own settings, so the ceilings are also passed as
 * per-stream options there.
 */
#include "media/av_input.h"

#include <errno.h>
#include <string.h>

#include <libavutil/avstring.h>

#include "base/file.h"
#include "base/limits.h"
#include "media/av_error.h"

enum {
    IO_BLOCK_BYTES   = 64 << 10,
    /* what a picture in an MP3's tags may take before the sound begins */
    PROBE_BYTES_MAX  = 5 << 20,
    BAD_PACKETS_MAX  = 200,         /* in a row: the rest of the file is not worth reading */
};

static const char containers[] =
    "mov,mp4,matroska,webm,mp3,wav,w64,flac,ogg,aac,png_pipe,jpeg_pipe,webp_pipe";
static const char decoders[] =
    "h264,hevc,vp8,vp9,av1,libdav1d,mpeg4,mjpeg,prores,png,webp,"
    "aac,aac_fixed,alac,mp3,mp3float,mp2,mp2float,flac,vorbis,opus,libopus,"
    "pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,"
    "pcm_f64le,"
    "pcm_alaw,pcm_mulaw";
static const char what_to_use[] =
    "use mp3, m4a, wav, flac or ogg for sound; mp4, mov, webm or mkv for film; png, jpeg "
    "or webp for pictures";

static int read_block(void *opaque, uint8_t *buffer, int size)
{
    struct input *in = opaque;
    ssize_t got;
    do
        got = pread(in->fd, buffer, (size_t)size, in->at);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return AVERROR(errno);
    in->at += got;
    return got ? (int)got : AVERROR_EOF;
}

static int64_t seek_block(void *opaque, int64_t offset, int whence)
{
    struct input *in = opaque;
    switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE: return in->bytes;
    case SEEK_SET:    break;
    case SEEK_CUR:    offset += in->at; break;
    case SEEK_END:    offset += in->bytes; break;
    default:          return AVERROR(EINVAL);
    }
    if (offset < 0)
        return AVERROR(EINVAL);
    return in->at = offset;
}

static int refuse_paths(AVFormatContext *format, AVIOContext **io, const char *url, int flags,
                        AVDictionary **options)
{
    (void)format, (void)io, (void)url, (void)flags, (void)options;
    return AVERROR(EPERM);
}

static int is_over(void *opaque)
{
    return task_over(opaque) != OK;
}

static enum err io_open(struct task *t, struct input *in)
{
    uint8_t *block = av_malloc(IO_BLOCK_BYTES);
    in->io = avio_alloc_context(block, IO_BLOCK_BYTES, 0, in, read_block, NULL, seek_block);
    if (in->io)
        return OK;
    av_free(block);
    return fail(t, ERR_INTERNAL, "out of memory");
}

static enum err container_guess(struct task *t, struct input *in, const AVInputFormat **out)
{
    if (in->bytes <= 0)
        return refuse(t, ERR_MEDIA, what_to_use, "the file is empty");
    const AVInputFormat *container = NULL;
    int rc = av_probe_input_buffer2(in->io, &container, "", NULL, 0, PROBE_BYTES_MAX);
    if (rc < 0 || !container)
        return refuse(t, ERR_MEDIA, what_to_use,
                      "the file is not sound, film or a picture we know");
    if (av_match_list(container->name, containers, ',') <= 0)
        return refuse(t, ERR_MEDIA, what_to_use, "the file is %s, which is not accepted",
                      container->long_name ? container->long_name : container->name);
    *out = container;
    return OK;
}

static enum err container_open(struct task *t, struct input *in, const AVInputFormat *container)
{
    AVFormatContext *format = avformat_alloc_context();
    if (!format)
        return fail(t, ERR_INTERNAL, "out of memory");
    format->pb                 = in->io;
    format->io_open            = refuse_paths;
    format->interrupt_callback = (AVIOInterruptCB){ .callback = is_over, .opaque = t };
    format->max_streams        = STREAMS_MAX;
    format->probesize          = PROBE_BYTES_MAX;
    format->flags             |= AVFMT_FLAG_CUSTOM_IO;

    scoped(av_dict) AVDictionary *options = NULL;
    av_dict_set(&options, "format_whitelist", containers, 0);
    av_dict_set(&options, "codec_whitelist", decoders, 0);
    av_dict_set(&options, "protocol_whitelist", "none", 0);
    /* frees it on failure */
    int rc = avformat_open_input(&format, NULL, container, &options);
    if (rc < 0)
        return err_from_av(t, rc, "read the file");
    in->format = format;
    return OK;
}

/* The ceilings every decoder of ours and of FFmpeg's own probing gets. */
static void set_ceilings(AVDictionary **options)
{
    av_dict_set_int(options, "max_pixels", FRAME_PIXELS_MAX, 0);
    av_dict_set_int(options, "threads", 1, 0);
    av_dict_set(options, "codec_whitelist", decoders, 0);
}

static enum err streams_look(struct task *t, struct input *in)
{
    unsigned count = in->format->nb_streams;
    AVDictionary **options = arena_array(t->arena, AVDictionary *, count + 1);
    for (unsigned i = 0; i < count; i++)
        set_ceilings(&options[i]);
    int rc = avformat_find_stream_info(in->format, options);
    for (unsigned i = 0; i < count; i++)
        av_dict_free(&options[i]);
    return rc < 0 ? err_from_av(t, rc, "make out what is in the file") : OK;
}

static enum err sizes_check(struct task *t, const struct input *in)
{
    for (unsigned i = 0; i < in->format->nb_streams; i++) {
        const AVCodecParameters *p = in->format->streams[i]->codecpar;
        if (p->width > FRAME_SIDE_MAX_PX || p->height > FRAME_SIDE_MAX_PX
            || (int64_t)p->width * p->height > FRAME_PIXELS_MAX)
            return refuse(t, ERR_LIMIT, "scale it down first",
                          "the picture is %d x %d, larger than what is accepted", p->width,
                          p->height);
    }
    return OK;
}

static enum err input_start(struct task *t, int fd, bool look, struct input *in)
{
    *in = (struct input){ .task = t, .fd = fd, .bytes = file_bytes(fd) };
    av_log_to_faults();
    const AVInputFormat *container = NULL;
    enum err e = io_open(t, in);
    if (!e)
        e = container_guess(t, in, &container);
    if (!e)
        e = container_open(t, in, container);
    if (!e && look)
        e = streams_look(t, in);
    return e ? e : sizes_check(t, in);
}

static enum err input_new(struct task *t, int fd, bool look, struct input **out)
{
    scoped(input) struct input *in = arena_one(t->arena, struct input);
    enum err e = input_start(t, fd, look, in);
    if (e)
        return e;
    *out = take(in);
    return OK;
}

enum err input_open(struct task *t, int fd, struct input **out)
{
    return input_new(t, fd, true, out);
}

enum err input_open_headers(struct task *t, int fd, struct input **out)
{
    return input_new(t, fd, false, out);
}

void input_close(struct input *in)
{
    if (!in)
        return;
    avformat_close_input(&in->format);
    if (in->io)
        av_freep(&in->io->buffer);
    avio_context_free(&in->io);
}

AVStream *input_stream(const struct input *in, enum AVMediaType kind)
{
    int index = av_find_best_stream(in->format, kind, -1, -1, NULL, 0);
    if (index < 0 || (in->format->streams[index]->disposition & AV_DISPOSITION_ATTACHED_PIC))
        return NULL;
    return in->format->streams[index];
}

bool input_is_picture(const struct input *in)
{
    return strstr(in->format->iformat->name, "_pipe") != NULL;
}

static enum err decoder_start(struct task *t, struct decoder *d)
{
    const AVCodec *codec = avcodec_find_decoder(d->stream->codecpar->codec_id);
    if (!codec || av_match_list(codec->name, decoders, ',') <= 0)
        return refuse(t, ERR_MEDIA, "convert it to H.264, VP9 or AV1 with AAC, Opus or MP3 first",
                      "%s is not a codec we decode",
                      avcodec_get_name(d->stream->codecpar->codec_id));
    d->packet = av_packet_alloc();
    d->codec  = avcodec_alloc_context3(codec);
    if (!d->packet || !d->codec)
        return fail(t, ERR_INTERNAL, "out of memory");
    int rc = avcodec_parameters_to_context(d->codec, d->stream->codecpar);
    if (rc < 0)
        return err_from_av(t, rc, "prepare the decoder");
    d->codec->pkt_timebase = d->stream->time_base;

    scoped(av_dict) AVDictionary *options = NULL;
    set_ceilings(&options);
    rc = avcodec_open2(d->codec, codec, &options);
    return rc < 0 ? err_from_av(t, rc, "open the decoder") : OK;
}

enum err decoder_open(struct task *t, struct input *in, AVStream *stream, struct decoder **out)
{
    if (!stream)
        return fail(t, ERR_MEDIA, "the file has no stream of the kind that is needed");
    scoped(decoder) struct decoder *d = arena_one(t->arena, struct decoder);
    *d = (struct decoder){ .task = t, .input = in, .stream = stream };
    for (unsigned i = 0; i < in->format->nb_streams; i++)
        in->format->streams[i]->discard =
            i == (unsigned)stream->index ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    enum err e = decoder_start(t, d);
    if (e)
        return e;
    *out = take(d);
    return OK;
}

void decoder_close(struct decoder *d)
{
    if (!d)
        return;
    avcodec_free_context(&d->codec);
    av_packet_free(&d->packet);
}

/* One more packet lost; a file that is mostly lost is refused. */
static enum err decoder_lost(struct decoder *d, int rc)
{
    if (rc == AVERROR(ENOMEM) || ++d->bad_packets > BAD_PACKETS_MAX + d->frames)
        return err_from_av(d->task, rc, "decode the file");
    return OK;
}

/* The next packet of our stream to the decoder; at the end of the file the decoder is told to hand
 * out its rest. */
static enum err decoder_feed(struct decoder *d)
{
    int rc = av_read_frame(d->input->format, d->packet);
    if (rc == AVERROR_EXIT)
        return err_from_av(d->task, rc, "read the file");
    d->draining = rc < 0;           /* a file that breaks off is decoded as far as it goes */
    if (!d->draining && d->packet->stream_index != d->stream->index) {
        av_packet_unref(d->packet);
        return OK;
    }
    rc = avcodec_send_packet(d->codec, d->draining ? NULL : d->packet);
    av_packet_unref(d->packet);
    enum err e = rc < 0 && rc != AVERROR_EOF ? decoder_lost(d, rc) : OK;
    return e ? e : task_over(d->task);
}

enum err decoder_next(struct decoder *d, AVFrame *frame, bool *out_got)
{
    for (;;) {
        int rc = avcodec_receive_frame(d->codec, frame);
        if (rc >= 0 || rc == AVERROR_EOF) {
            *out_got = rc >= 0;
            d->frames += rc >= 0;
            return OK;
        }
        enum err e = rc == AVERROR(EAGAIN) ? OK : decoder_lost(d, rc);
        if (!e)
            e = decoder_feed(d);
        if (e)
            return e;
    }
}

enum err decoder_seek(struct decoder *d, int64_t pts)
{
    int rc = av_seek_frame(d->input->format, d->stream->index, pts, AVSEEK_FLAG_BACKWARD);
    if (rc < 0)
        return err_from_av(d->task, rc, "seek in the file");
    avcodec_flush_buffers(d->codec);
    d->draining = false;
    return OK;
}
