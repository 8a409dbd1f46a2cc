#include "test.h"

#include "film_fixture.h"

#include <string.h>
#include <sys/mman.h>

#include <libavutil/opt.h>

#include "base/hash.h"
#include "media/av_encode.h"
#include "media/av_input.h"
#include "media/clip_write.h"

enum { CODE_BITS = 20, BLOCK_PX = 8 };      /* 8 bits of clip, 12 bits of frame */

static void picture_paint(AVFrame *frame, int id, int number)
{
    for (int y = 0; y < frame->height; y++) {
        for (int x = 0; x < frame->width; x++) {
            int texture = (x * 3 + number * 2) ^ (y * 5 + id * 17);
            frame->data[0][y * frame->linesize[0] + x] = (uint8_t)(60 + (texture & 63) + (x + y + number) % 64);
        }
    }
    for (int y = 0; y < frame->height / 2; y++) {
        memset(frame->data[1] + y * frame->linesize[1], 100 + (id * 7 + y) % 50, (size_t)frame->width / 2);
        memset(frame->data[2] + y * frame->linesize[2], 110 + (number + y) % 40, (size_t)frame->width / 2);
    }
    int code = id << 12 | number, block = frame->width / CODE_BITS;
    for (int bit = 0; bit < CODE_BITS; bit++) {
        for (int y = 0; y < 2 * BLOCK_PX; y++)
            memset(frame->data[0] + y * frame->linesize[0] + bit * block, code >> bit & 1 ? 220 : 30, (size_t)block);
    }
}

static int picture_read(const AVFrame *frame)
{
    int code = 0, block = frame->width / CODE_BITS;
    for (int bit = 0; bit < CODE_BITS; bit++) {
        int x = bit * block + block / 2, y = BLOCK_PX;
        code |= (frame->data[0][y * frame->linesize[0] + x] > 125) << bit;
    }
    return code;
}

int fixture_out(void)
{
    int fd = memfd_create("out", MFD_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

int fixture_bytes(const void *bytes, size_t size)
{
    int fd = fixture_out();
    assert_int_equal(pwrite(fd, bytes, size, 0), (ssize_t)size);
    return fd;
}

static void picture_darken(AVFrame *frame)
{
    for (int p = 0; p < 3; p++)
        memset(frame->data[p], p ? 128 : 16, (size_t)frame->linesize[p] * (size_t)(frame->height >> (p > 0)));
}

static int clip_of(struct task *t, int id, int frames, struct film_shape shape, bool dark)
{
    scoped(encoder) struct encoder *encoder = NULL;
    scoped(av_frame) AVFrame *frame = NULL;
    struct clip_writer writer;
    int fd = fixture_out();
    assert_ok(t, encoder_open(t, &shape, &colour_bt709, ENCODER_AMONG_OTHERS, &encoder));
    assert_ok(t, encoder_frame_new(t, &shape, &frame));
    assert_ok(t, clip_writer_start(t, fd, &shape, (size_t)frames, &writer));
    for (int i = 0; i < frames; i++) {
        picture_paint(frame, id, i);
        if (dark)
            picture_darken(frame);
        assert_ok(t, encoder_send(t, encoder, frame));
        assert_ok(t, clip_writer_drain(t, &writer, encoder, 0));
    }
    assert_ok(t, encoder_send(t, encoder, NULL));
    assert_ok(t, clip_writer_drain(t, &writer, encoder, 0));
    assert_ok(t, clip_writer_end(t, &writer, &encoder->config, colour_box(t->arena, &colour_bt709)));
    return fd;
}

int fixture_clip_of(struct task *t, int id, int frames, struct film_shape shape)
{
    return clip_of(t, id, frames, shape, false);
}

int fixture_black_clip(struct task *t, int frames)
{
    return clip_of(t, 0, frames, (struct film_shape){ FIXTURE_WIDTH, FIXTURE_HEIGHT }, true);
}

int fixture_clip(struct task *t, int id, int frames)
{
    return fixture_clip_of(t, id, frames, (struct film_shape){ FIXTURE_WIDTH, FIXTURE_HEIGHT });
}

/* ---- files of others ---------------------------------------------------------------------- */

struct muxer {
    const int       *times;
    AVFormatContext *format;
    AVCodecContext  *pictures, *sound;
    AVStream        *picture_stream, *sound_stream;
};

static int64_t packet_lasts(const struct muxer *m, const AVPacket *packet)
{
    for (const int *at = m->times; at; at++) {
        if (*at == packet->pts)
            return at[1] - at[0];
    }
    return packet->duration ? packet->duration : 1;
}

static void packets_write(struct muxer *m, AVCodecContext *codec, AVStream *stream)
{
    scoped(av_packet) AVPacket *packet = av_packet_alloc();
    while (avcodec_receive_packet(codec, packet) >= 0) {
        packet->stream_index = stream->index;
        packet->duration     = packet_lasts(m, packet);
        av_packet_rescale_ts(packet, codec->time_base, stream->time_base);
        assert_true(av_interleaved_write_frame(m->format, packet) >= 0);
    }
}

static AVStream *stream_add(struct muxer *m, AVCodecContext *codec)
{
    AVStream *stream = avformat_new_stream(m->format, NULL);
    stream->time_base = codec->time_base;
    assert_true(avcodec_parameters_from_context(stream->codecpar, codec) >= 0);
    return stream;
}

static void pictures_open(struct muxer *m, const struct foreign *f)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(f->codec ? f->codec : "libx264");
    assert_non_null(codec);
    m->pictures = avcodec_alloc_context3(codec);
    m->pictures->width        = f->width_px ? f->width_px : FIXTURE_WIDTH;
    m->pictures->height       = f->height_px ? f->height_px : FIXTURE_HEIGHT;
    m->pictures->pix_fmt      = AV_PIX_FMT_YUV420P;
    m->pictures->framerate    = f->rate_num ? (AVRational){ f->rate_num, f->rate_den } : (AVRational){ 24, 1 };
    m->pictures->time_base    = av_inv_q(m->pictures->framerate);
    m->pictures->gop_size     = f->group_frames ? f->group_frames : 24;
    m->pictures->thread_count = 1;
    m->pictures->bit_rate     = 400000;
    m->pictures->flags       |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (!f->codec) {
        av_opt_set(m->pictures->priv_data, "preset", "veryfast", 0);
        av_opt_set(m->pictures->priv_data, "x264-params", f->x264_params ? f->x264_params : "", 0);
    }
    assert_true(avcodec_open2(m->pictures, codec, NULL) >= 0);
    m->picture_stream = stream_add(m, m->pictures);
}

static void sound_open(struct muxer *m)
{
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
    m->sound = avcodec_alloc_context3(codec);
    m->sound->sample_rate = SOUND_RATE_HZ;
    m->sound->sample_fmt  = AV_SAMPLE_FMT_FLTP;
    m->sound->time_base   = (AVRational){ 1, SOUND_RATE_HZ };
    m->sound->bit_rate    = 128000;
    m->sound->flags      |= AV_CODEC_FLAG_GLOBAL_HEADER;
    av_channel_layout_default(&m->sound->ch_layout, 2);
    assert_true(avcodec_open2(m->sound, codec, NULL) >= 0);
    m->sound_stream = stream_add(m, m->sound);
}

static void pictures_write(struct muxer *m, const struct foreign *f)
{
    scoped(av_frame) AVFrame *frame = av_frame_alloc();
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width  = m->pictures->width;
    frame->height = m->pictures->height;
    assert_true(av_frame_get_buffer(frame, 0) >= 0);
    for (int i = 0; i < f->frames; i++) {
        assert_true(av_frame_make_writable(frame) >= 0);
        picture_paint(frame, f->id, i);
        frame->pts = f->times ? f->times[i] : i;
        assert_true(avcodec_send_frame(m->pictures, frame) >= 0);
        packets_write(m, m->pictures, m->picture_stream);
    }
    assert_true(avcodec_send_frame(m->pictures, NULL) >= 0);
    packets_write(m, m->pictures, m->picture_stream);
}

static void sound_write(struct muxer *m, int64_t samples)
{
    for (int64_t at = 0; at < samples; at += m->sound->frame_size) {
        scoped(av_frame) AVFrame *frame = av_frame_alloc();
        int64_t left = samples - at;
        frame->format      = AV_SAMPLE_FMT_FLTP;
        frame->nb_samples  = left < m->sound->frame_size ? (int)left : m->sound->frame_size;
        frame->sample_rate = SOUND_RATE_HZ;
        frame->pts         = at;
        av_channel_layout_default(&frame->ch_layout, 2);
        assert_true(av_frame_get_buffer(frame, 0) >= 0);
        for (int i = 0; i < frame->nb_samples; i++) {
            float value = ((at + i) % 128 < 64) ? 0.2f : -0.2f;
            ((float *)frame->data[0])[i] = ((float *)frame->data[1])[i] = value;
        }
        assert_true(avcodec_send_frame(m->sound, frame) >= 0);
        packets_write(m, m->sound, m->sound_stream);
    }
    assert_true(avcodec_send_frame(m->sound, NULL) >= 0);
    packets_write(m, m->sound, m->sound_stream);
}

static int muxer_file(struct muxer *m)
{
    uint8_t *bytes = NULL;
    assert_true(av_write_trailer(m->format) >= 0);
    int size = avio_close_dyn_buf(m->format->pb, &bytes);
    int fd = fixture_bytes(bytes, (size_t)size);
    av_free(bytes);
    avcodec_free_context(&m->pictures);
    avcodec_free_context(&m->sound);
    avformat_free_context(m->format);
    return fd;
}

static void muxer_open(struct muxer *m, const char *container)
{
    av_log_set_level(AV_LOG_QUIET);
    assert_true(avformat_alloc_output_context2(&m->format, NULL, container ? container : "mp4", NULL) >= 0);
    assert_true(avio_open_dyn_buf(&m->format->pb) >= 0);
}

int fixture_foreign(struct task *t, const struct foreign *f)
{
    (void)t;
    struct muxer m = { .times = f->times };
    muxer_open(&m, f->container);
    pictures_open(&m, f);
    if (f->with_sound)
        sound_open(&m);
    assert_true(avformat_write_header(m.format, NULL) >= 0);
    pictures_write(&m, f);
    if (f->with_sound)
        sound_write(&m, (int64_t)f->frames * SAMPLES_PER_FRAME);
    return muxer_file(&m);
}

int fixture_track(struct task *t, int64_t samples)
{
    (void)t;
    struct muxer m = { 0 };
    muxer_open(&m, "mp4");
    m.format->flags |= AVFMT_FLAG_BITEXACT;
    sound_open(&m);
    scoped(av_dict) AVDictionary *options = NULL;
    av_dict_set(&options, "movie_timescale", "48000", 0);
    assert_true(avformat_write_header(m.format, &options) >= 0);
    sound_write(&m, samples);
    return muxer_file(&m);
}

/* ---- reading back ------------------------------------------------------------------------- */

static void frame_hash(struct task *t, const AVFrame *frame, char hex[65])
{
    struct hash h = hash_new("frame");
    for (int p = 0; p < 3; p++) {
        for (int y = 0; y < frame->height >> (p > 0); y++)
            hash_add_bytes(&h, "row", frame->data[p] + y * frame->linesize[p], (size_t)frame->width >> (p > 0));
    }
    memcpy(hex, hash_end(&h, t->arena), 65);
}

void fixture_read(struct task *t, int fd, struct fixture_frame **out, size_t *out_count)
{
    scoped(input) struct input *in = NULL;
    scoped(decoder) struct decoder *d = NULL;
    scoped(av_frame) AVFrame *frame = av_frame_alloc();
    assert_ok(t, input_open(t, fd, &in));
    assert_ok(t, decoder_open(t, in, input_stream(in, AVMEDIA_TYPE_VIDEO), &d));
    size_t capacity = 0;
    *out = NULL;
    *out_count = 0;
    for (;;) {
        bool got;
        assert_ok(t, decoder_next(d, frame, &got));
        if (!got)
            break;
        int code = picture_read(frame);
        int64_t us = av_rescale_q(frame->best_effort_timestamp, d->stream->time_base, AV_TIME_BASE_Q);
        struct fixture_frame read = { .id = code >> 12, .number = code & 4095, .pts_us = us };
        frame_hash(t, frame, read.hash);
        array_push(t->arena, *out, *out_count, capacity, read);
    }
    assert_int_equal(d->bad_packets, 0);
}

void fixture_first_luma(struct task *t, int fd, uint8_t *out, int width, int height)
{
    scoped(input) struct input *in = NULL;
    scoped(decoder) struct decoder *d = NULL;
    scoped(av_frame) AVFrame *frame = av_frame_alloc();
    bool got;
    assert_ok(t, input_open(t, fd, &in));
    assert_ok(t, decoder_open(t, in, input_stream(in, AVMEDIA_TYPE_VIDEO), &d));
    assert_ok(t, decoder_next(d, frame, &got));
    assert_true(got && frame->width == width && frame->height == height);
    for (int y = 0; y < height; y++)
        memcpy(out + y * width, frame->data[0] + y * frame->linesize[0], (size_t)width);
}

int64_t fixture_count_samples(struct task *t, int fd)
{
    scoped(input) struct input *in = NULL;
    scoped(decoder) struct decoder *d = NULL;
    scoped(av_frame) AVFrame *frame = av_frame_alloc();
    assert_ok(t, input_open(t, fd, &in));
    assert_ok(t, decoder_open(t, in, input_stream(in, AVMEDIA_TYPE_AUDIO), &d));
    int64_t samples = 0;
    for (bool got = true; got; samples += got ? frame->nb_samples : 0)
        assert_ok(t, decoder_next(d, frame, &got));
    struct mp4 mp4;
    assert_ok(t, mp4_read(t, fd, &mp4));
    int64_t shown = mp4_track_of(&mp4, true)->shown_ticks;
    assert_true(samples >= shown && samples < shown + 1024);
    return shown;
}

static uint8_t *bytes_of(int fd, int64_t *out_size)
{
    *out_size = file_bytes(fd);
    uint8_t *bytes = malloc((size_t)*out_size);
    assert_int_equal(pread(fd, bytes, (size_t)*out_size, 0), *out_size);
    return bytes;
}

int fixture_cut(int fd, int64_t bytes)
{
    int64_t size;
    scoped(heap) uint8_t *all = bytes_of(fd, &size);
    return fixture_bytes(all, (size_t)(bytes < size ? bytes : size));
}

int fixture_damaged(int fd, int64_t flip)
{
    int64_t size;
    scoped(heap) uint8_t *all = bytes_of(fd, &size);
    all[flip % size] ^= 0xff;
    return fixture_bytes(all, (size_t)size);
}
