#include "media/clip_write.h"

#include <string.h>

enum { CONFIG_BYTES_MAX = 4 << 10 };        /* avcC and colr */

enum err clip_writer_start(struct task *t, int fd, const struct film_shape *shape,
                           size_t frames_max, struct clip_writer *w)
{
    *w = (struct clip_writer){
        .sample_capacity = frames_max,
        .hole_bytes = mp4_moov_bytes_max(frames_max, CONFIG_BYTES_MAX) + MP4_MDAT_HEAD_BYTES,
        .track = {
            .codec = MP4_CODE('a', 'v', 'c', '1'), .timescale = SOUND_RATE_HZ,
            .width_px = (int)shape->width_px, .height_px = (int)shape->height_px,
            .samples = arena_array(t->arena, struct mp4_sample, frames_max),
        },
    };
    w->end = w->hole_bytes;
    block_writer_start(t, &w->file, fd, w->hole_bytes);
    return OK;
}

/* The shift holds "shown minus decoded" in frames until the end, when the common delay is known. */
static enum err sample_note(struct task *t, struct clip_writer *w, uint32_t bytes, int64_t shown,
                            bool key)
{
    struct mp4_track *track = &w->track;
    if (track->sample_count == w->sample_capacity)
        return fail(t, ERR_LIMIT, "more frames came than were announced");
    track->samples[track->sample_count] = (struct mp4_sample){
        .offset = w->end, .bytes = bytes, .duration = SAMPLES_PER_FRAME, .key = key,
        .shift = (int32_t)(shown - (int64_t)track->sample_count),
    };
    track->sample_count++;
    w->end += bytes;
    return OK;
}

enum err clip_writer_add(struct task *t, struct clip_writer *w, struct bytes sample, int64_t shown,
                         bool key)
{
    if (sample.size > UINT32_MAX)
        return fail(t, ERR_LIMIT, "a coded frame is larger than what is accepted");
    enum err e = sample_note(t, w, (uint32_t)sample.size, shown, key);
    return e ? e : block_write(t, &w->file, sample);
}

enum err clip_writer_copy(struct task *t, struct clip_writer *w, int from,
                          const struct mp4_sample *sample, int64_t shown, bool key)
{
    enum err e = sample_note(t, w, sample->bytes, shown, key);
    return e ? e : block_copy(t, &w->file, from, sample->offset, sample->bytes);
}

enum err clip_writer_drain(struct task *t, struct clip_writer *w, struct encoder *e, int64_t first)
{
    for (;;) {
        struct coded coded;
        bool got;
        enum err err = encoder_next(t, e, &coded, &got);
        if (err || !got)
            return err;
        err = clip_writer_add(t, w, coded.bytes, first + coded.pts, coded.key);
        if (err)
            return err;
    }
}

/* Every frame once, and the delay that lets each be decoded before it is shown. */
static enum err frames_check(struct task *t, const struct mp4_track *track, int64_t *out_delay)
{
    bool *seen = arena_array(t->arena, bool, track->sample_count);
    *out_delay = 0;
    for (size_t i = 0; i < track->sample_count; i++) {
        int64_t shown = (int64_t)i + track->samples[i].shift;
        if (shown < 0 || shown >= (int64_t)track->sample_count || seen[shown])
            return fail(t, ERR_INTERNAL, "frame %lld was written twice or never", (long long)shown);
        seen[shown] = true;
        if (-track->samples[i].shift > *out_delay)
            *out_delay = -track->samples[i].shift;
    }
    return OK;
}

static enum err index_write(struct task *t, struct clip_writer *w)
{
    struct bytes ftyp = mp4_ftyp(t->arena), moov = mp4_moov(t->arena, &w->track, 1);
    int64_t spare = w->hole_bytes - MP4_MDAT_HEAD_BYTES - (int64_t)(ftyp.size + moov.size);
    if (spare < 8)
        return fail(t, ERR_INTERNAL, "the index is larger than the room left for it");
    struct bytes gap = mp4_free(t->arena, spare);
    uint8_t *front = arena_alloc(t->arena, (size_t)w->hole_bytes);
    memcpy(front, ftyp.at, ftyp.size);
    memcpy(front + ftyp.size, moov.at, moov.size);
    memcpy(front + ftyp.size + moov.size, gap.at, gap.size);
    mp4_mdat_head(front + w->hole_bytes - MP4_MDAT_HEAD_BYTES, w->end - w->hole_bytes);
    return write_at(t, w->file.fd, (struct bytes){ .at = front, .size = (size_t)w->hole_bytes }, 0);
}

enum err clip_writer_end(struct task *t, struct clip_writer *w, const struct avc_config *config,
                         struct bytes colour)
{
    int64_t delay;
    enum err e = block_flush(t, &w->file);
    if (!e)
        e = frames_check(t, &w->track, &delay);
    if (e)
        return e;
    for (size_t i = 0; i < w->track.sample_count; i++)
        w->track.samples[i].shift =
            (w->track.samples[i].shift + (int32_t)delay) * SAMPLES_PER_FRAME;
    w->track.media_time  = delay * SAMPLES_PER_FRAME;
    w->track.shown_ticks = (int64_t)w->track.sample_count * SAMPLES_PER_FRAME;
    w->track.config      = avc_config_write(t->arena, config);
    w->track.colour      = colour;
    return index_write(t, w);
}

void clip_writer_describe(const struct clip_writer *w, struct clip_info *out)
{
    int64_t frames = (int64_t)w->track.sample_count;
    *out = (struct clip_info){
        .container = "mp4",
        .has_video = true,
        .video_codec = "h264",
        .audio_codec = "",
        .width_px = w->track.width_px,
        .height_px = w->track.height_px,
        .rate_num = FILM_RATE_HZ,
        .rate_den = 1,
        .frame_count = frames,
        .video_us = us_from_frames(frames),
        .duration_us = us_from_frames(frames),
        .bytes = w->end,
    };
}

struct bytes colour_box(struct arena *a, const struct colour_tags *tags)
{
    uint8_t *box = arena_alloc(a, 11);
    memcpy(box, "nclx", 4);
    box[5] = (uint8_t)tags->primaries;
    box[7] = (uint8_t)tags->transfer;
    box[9] = (uint8_t)tags->space;
    return (struct bytes){ .at = box, .size = 11 };      /* the last byte: not full range */
}
