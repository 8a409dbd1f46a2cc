#include "media/film_clip.h"

#include <errno.h>

#include "base/limits.h"

/* what may stand before the first slice: parameter sets, encoder names */
enum { FRONT_BYTES = 4096 };

static const char *track_oddity(struct arena *a, const struct mp4 *m, const struct mp4_track *track)
{
    if (m->is_fragmented)
        return "it is a fragmented MP4";
    if (!track || track->sample_count == 0)
        return "it has no pictures";
    if (track->codec != MP4_CODE('a', 'v', 'c', '1') || track->description_count != 1)
        return "its pictures are not plain H.264";
    if (track->edit_count > 1 || track->starts_late)
        return "it is itself cut by an edit list";
    if (track->is_turned)
        return "it is to be shown turned or mirrored";
    if (track->has_wide_pixels)
        return "its pixels are not square";
    for (size_t i = 0; i < track->sample_count; i++) {
        if ((int64_t)track->samples[i].duration * FILM_RATE_HZ != track->timescale)
            return arena_format(a, "it does not run at %d frames a second throughout",
                                FILM_RATE_HZ);
    }
    return NULL;
}

/* From ticks to frames: NULL when every picture has its own place on the grid, starting where the
 * edit starts. */
static const char *places_oddity(struct arena *a, struct film_clip *c)
{
    const struct mp4_track *track = c->track;
    int64_t tick = track->timescale / FILM_RATE_HZ;
    bool *taken = arena_array(a, bool, track->sample_count);
    c->shown = arena_array(a, int32_t, track->sample_count);
    for (size_t i = 0; i < track->sample_count; i++) {
        int64_t at = (int64_t)i * tick + track->samples[i].shift - track->media_time;
        int64_t frame = at / tick;
        if (at % tick != 0 || at < 0 || frame >= (int64_t)track->sample_count || taken[frame])
            return "some of its pictures are hidden, missing or between frames";
        taken[frame] = true;
        c->shown[i]  = (int32_t)frame;
        if ((int64_t)i - frame > c->delay)
            c->delay = (int)((int64_t)i - frame);
    }
    c->frame_count = track->sample_count;
    if (track->shown_ticks && track->shown_ticks < (int64_t)c->frame_count * tick - tick / 2)
        return "its end is hidden by an edit list";
    return NULL;
}

static const char *config_oddity(const struct avc_config *c)
{
    if (c->chroma != 1 || c->luma_bits != 8 || c->chroma_bits != 8)
        return "its pictures are not 8-bit 4:2:0";
    return NULL;
}

enum err film_sample_read(struct task *t, const struct film_clip *clip, size_t i, void *into,
                          size_t size)
{
    int64_t offset = clip->track->samples[i].offset;
    for (size_t done = 0; done < size;) {
        ssize_t got = pread(clip->fd, (char *)into + done, size - done, offset + (int64_t)done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got ? fail_errno(t, errno, "read", "the clip")
                       : fail(t, ERR_MEDIA, "the clip was cut short");
        done += (size_t)got;
    }
    return OK;
}

/* The kind of the first slice in the front of a sample; 0 when none is there. */
static int first_slice(const uint8_t *front, size_t size)
{
    for (size_t at = 0; at + 5 <= size;) {
        int kind = front[at + 4] & 31;
        if (kind == AVC_UNIT_SLICE || kind == AVC_UNIT_IDR)
            return kind;
        at += 4 + ((size_t)front[at] << 24 | (size_t)front[at + 1] << 16 |
                   (size_t)front[at + 2] << 8 | front[at + 3]);
    }
    return 0;
}

/*
 * Some writers list recovery points as key frames, which breaks seeking in Chromium even in their
 * own files. Only an IDR resets the decoder, and nothing decoded before it is shown after it: its
 * number is the same in both orders.
 */
static enum err keys_verify(struct task *t, struct film_clip *c)
{
    uint8_t front[FRONT_BYTES];
    for (size_t i = 0; i < c->frame_count; i++) {
        struct mp4_sample *s = &c->track->samples[i];
        if (!s->key)
            continue;
        size_t size = s->bytes < sizeof front ? s->bytes : sizeof front;
        enum err e = film_sample_read(t, c, i, front, size);
        if (e)
            return e;
        s->key = c->shown[i] == (int32_t)i && first_slice(front, size) == AVC_UNIT_IDR;
    }
    return OK;
}

enum err film_clip_read(struct task *t, int fd, struct film_clip *out, const char **out_reason)
{
    *out = (struct film_clip){ .fd = fd };
    enum err e = mp4_read(t, fd, &out->mp4);
    if (e)
        return e;
    out->track  = mp4_track_of(&out->mp4, false);
    *out_reason = track_oddity(t->arena, &out->mp4, out->track);
    if (*out_reason)
        return OK;
    e = avc_config_read(t, out->track->config, &out->config);
    if (e)
        return e;
    *out_reason = config_oddity(&out->config);
    if (!*out_reason)
        *out_reason = places_oddity(t->arena, out);
    if (*out_reason)
        return OK;
    e = keys_verify(t, out);
    if (!e && !out->track->samples[0].key)
        *out_reason = "it does not begin with a key frame";
    return e;
}
