#include "media/track_write.h"

#include <string.h>

#include "media/media.h"

enum { ESDS_BYTES_MAX = 256 };

enum err track_writer_start(struct task *t, int fd, int64_t packets_max, struct track_writer *w)
{
    if (packets_max > MP4_SAMPLES_MAX)
        return fail(t, ERR_LIMIT, "the track is longer than what is accepted");
    *w = (struct track_writer){
        .packets_max = (size_t)packets_max,
        .hole_bytes =
            mp4_moov_bytes_max((size_t)packets_max, ESDS_BYTES_MAX) + MP4_MDAT_HEAD_BYTES,
        .track = {
            .is_sound = true, .codec = MP4_CODE('m', 'p', '4', 'a'), .timescale = SOUND_RATE_HZ,
            .rate_hz  = SOUND_RATE_HZ, .channels = 2,
            .samples  = arena_array(t->arena, struct mp4_sample, packets_max),
        },
    };
    w->end = w->hole_bytes;
    block_writer_start(t, &w->file, fd, w->hole_bytes);
    return OK;
}

static enum err packet_note(struct task *t, struct track_writer *w, size_t bytes)
{
    if (w->track.sample_count == w->packets_max)
        return fail(t, ERR_INTERNAL, "more packets came than were announced");
    w->track.samples[w->track.sample_count++] = (struct mp4_sample){
        .offset = w->end, .bytes = (uint32_t)bytes, .duration = AAC_FRAME, .key = true,
    };
    w->end += (int64_t)bytes;
    return OK;
}

enum err track_writer_add(struct task *t, struct track_writer *w, struct bytes packet)
{
    enum err e = packet_note(t, w, packet.size);
    return e ? e : block_write(t, &w->file, packet);
}

enum err track_writer_copy(struct task *t, struct track_writer *w, int from, int64_t offset,
                           uint32_t bytes)
{
    enum err e = packet_note(t, w, bytes);
    return e ? e : block_copy(t, &w->file, from, offset, bytes);
}

static enum err index_write(struct task *t, struct track_writer *w)
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

enum err track_writer_end(struct task *t, struct track_writer *w, struct bytes config,
                          int64_t media_time, int64_t samples)
{
    struct mp4_track *track = &w->track;
    int64_t spare = mp4_track_ticks(track) - media_time - samples;

    if (spare < 0 || spare >= AAC_FRAME || config.size > ESDS_BYTES_MAX)
        return fail(t, ERR_INTERNAL, "the packets of the track do not add up to its length");
    track->samples[track->sample_count - 1].duration -= (uint32_t)spare;
    track->media_time  = media_time;
    track->shown_ticks = samples;
    track->config      = config;
    enum err e = block_flush(t, &w->file);
    return e ? e : index_write(t, w);
}

/* ---- the decoder's description ------------------------------------------------------------ */

enum {
    TAG_ES = 3,
    TAG_DECODER = 4,
    TAG_SPECIFIC = 5,
    TAG_SYNC = 6,
    OBJECT_AAC = 0x40,
    AUDIO_AAC_LC = 2
};

static uint8_t *put_number(uint8_t *at, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
    return at + bytes;
}

struct bytes esds_of(struct arena *a, const struct aac_form *form, int64_t bit_rate)
{
    uint32_t specific = (uint32_t)form->config_bytes, decoder = 13 + 2 + specific;
    uint8_t *bytes = arena_alloc(a, ESDS_BYTES_MAX), *at = bytes;

    at = put_number(at, 0, 4);                              /* version and flags */
    at = put_number(at, TAG_ES << 8 | (3 + 2 + decoder + 3), 2);
    at = put_number(at, 0, 3);                              /* stream number, no options */
    at = put_number(at, TAG_DECODER << 8 | decoder, 2);
    at = put_number(at, OBJECT_AAC << 8 | 0x15, 2);         /* an audio stream */
    at = put_number(at, 0, 3);                              /* buffer size: unsaid */
    at = put_number(at, (uint32_t)bit_rate, 4);
    at = put_number(at, (uint32_t)bit_rate, 4);
    at = put_number(at, TAG_SPECIFIC << 8 | specific, 2);
    memcpy(at, form->config, specific);
    at = put_number(at + specific, TAG_SYNC << 8 | 1, 2);
    at = put_number(at, 2, 1);
    return (struct bytes){ bytes, (size_t)(at - bytes) };
}

/* Step into a descriptor: its tag, and its size in one to four bytes of seven bits. */
static bool descriptor(const uint8_t **at, const uint8_t *end, uint8_t tag)
{
    if (end - *at < 2 || *(*at)++ != tag)
        return false;
    for (int i = 0; i < 4 && *at < end; i++)
        if (!(*(*at)++ & 0x80))
            return true;
    return false;
}

bool esds_is_aac_lc(struct bytes esds)
{
    const uint8_t *at = esds.at, *end = at + esds.size;

    if (esds.size < 4)
        return false;
    at += 4;
    if (!descriptor(&at, end, TAG_ES) || end - at < 3 || at[2] != 0)
        return false;
    at += 3;
    if (!descriptor(&at, end, TAG_DECODER) || end - at < 13 || at[0] != OBJECT_AAC)
        return false;
    at += 13;
    return descriptor(&at, end, TAG_SPECIFIC) && at < end && at[0] >> 3 == AUDIO_AAC_LC;
}
