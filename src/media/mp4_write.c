/*
 * The writer appends boxes to a growing buffer; a box's size is filled in when it is closed. Runs
 * of equal values are folded as the tables want it, and samples that lie end to end become one
 * chunk, so that the caller decides the interleaving merely by where it puts the bytes.
 */
#include "media/mp4.h"

#include <stdlib.h>
#include <string.h>

struct sink {
    struct arena *arena;
    uint8_t      *bytes;
    size_t        size, capacity;
};

static void put(struct sink *s, const void *bytes, size_t size)
{
    if (s->size + size > s->capacity) {
        size_t capacity = (s->size + size) * 2;
        s->bytes    = arena_grow(s->arena, s->bytes, s->size, capacity);
        s->capacity = capacity;
    }
    if (size > 0)
        memcpy(s->bytes + s->size, bytes, size);
    s->size += size;
}

static void put_number(struct sink *s, uint64_t value, int bytes)
{
    uint8_t b[8];
    for (int i = 0; i < bytes; i++)
        b[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
    put(s, b, (size_t)bytes);
}

static void put16(struct sink *s, uint32_t value) { put_number(s, value, 2); }
static void put32(struct sink *s, uint32_t value) { put_number(s, value, 4); }

static void put_zeros(struct sink *s, size_t count)
{
    static const uint8_t zeros[64];
    for (; count > sizeof zeros; count -= sizeof zeros)
        put(s, zeros, sizeof zeros);
    put(s, zeros, count);
}

static void patch32(struct sink *s, size_t at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        s->bytes[at + (size_t)i] = (uint8_t)(value >> 8 * (3 - i));
}

static size_t box_open(struct sink *s, const char type[static 4])
{
    size_t at = s->size;
    put32(s, 0);
    put(s, type, 4);
    return at;
}

static size_t full_box_open(struct sink *s, const char type[static 4], uint32_t version,
                            uint32_t flags)
{
    size_t at = box_open(s, type);
    put32(s, version << 24 | flags);
    return at;
}

static void box_close(struct sink *s, size_t at)
{
    patch32(s, at, (uint32_t)(s->size - at));
}

/* As it is, moved to a place over the picture. */
static void put_matrix(struct sink *s, int left_px, int top_px)
{
    const uint32_t moved[9] = {
        0x10000, 0, 0, 0, 0x10000, 0, (uint32_t)left_px << 16, (uint32_t)top_px << 16, 0x40000000,
    };
    for (int i = 0; i < 9; i++)
        put32(s, moved[i]);
}

static bool is_pictures(const struct mp4_track *track)
{
    return !track->is_sound && !track->is_text;
}

static uint64_t shown_movie_ticks(const struct mp4_track *track)
{
    int64_t ticks =
        track->shown_ticks ? track->shown_ticks : mp4_track_ticks(track) - track->media_time;
    return (uint64_t)(ticks * MP4_MOVIE_HZ / track->timescale);
}

static void put_mvhd(struct sink *s, uint64_t ticks, size_t track_count)
{
    size_t box = full_box_open(s, "mvhd", 1, 0);
    put_zeros(s, 16);                       /* when it was made: the same film is the same bytes */
    put32(s, MP4_MOVIE_HZ);
    put_number(s, ticks, 8);
    put32(s, 0x10000);                      /* rate 1 */
    put16(s, 0x100);                        /* volume 1 */
    put_zeros(s, 10);
    put_matrix(s, 0, 0);
    put_zeros(s, 24);
    put32(s, (uint32_t)track_count + 1);
    box_close(s, box);
}

static void put_tkhd(struct sink *s, const struct mp4_track *track, uint32_t id)
{
    size_t box = full_box_open(s, "tkhd", 1, 3);        /* enabled, in the movie */
    put_zeros(s, 16);
    put32(s, id);
    put_zeros(s, 4);
    put_number(s, shown_movie_ticks(track), 8);
    put_zeros(s, 12);
    put16(s, track->is_sound ? 0x100 : 0);
    put_zeros(s, 2);
    put_matrix(s, track->left_px, track->top_px);
    put32(s, (uint32_t)track->width_px << 16);
    put32(s, (uint32_t)track->height_px << 16);
    box_close(s, box);
}

static void put_edts(struct sink *s, const struct mp4_track *track)
{
    size_t edts = box_open(s, "edts"), elst = full_box_open(s, "elst", 1, 0);
    put32(s, 1);
    put_number(s, shown_movie_ticks(track), 8);
    put_number(s, (uint64_t)track->media_time, 8);
    put32(s, 0x10000);
    box_close(s, elst);
    box_close(s, edts);
}

static void put_mdhd(struct sink *s, const struct mp4_track *track)
{
    size_t box = full_box_open(s, "mdhd", 1, 0);
    put_zeros(s, 16);
    put32(s, track->timescale);
    put_number(s, (uint64_t)mp4_track_ticks(track), 8);
    put16(s, 0x55c4);                       /* language: und */
    put16(s, 0);
    box_close(s, box);
}

static void put_hdlr(struct sink *s, const struct mp4_track *track)
{
    size_t box = full_box_open(s, "hdlr", 0, 0);
    put32(s, 0);
    put(s, track->is_sound ? "soun" : track->is_text ? "sbtl" : "vide", 4);
    put_zeros(s, 12);
    put(s, track->is_sound ? "Sound" : track->is_text ? "Lines" : "Video", 6);
    box_close(s, box);
}

static void put_media_header(struct sink *s, const struct mp4_track *track)
{
    size_t box = track->is_sound  ? full_box_open(s, "smhd", 0, 0)
                 : track->is_text ? full_box_open(s, "nmhd", 0, 0)
                                  : full_box_open(s, "vmhd", 0, 1);
    put_zeros(s, track->is_sound ? 4 : track->is_text ? 0 : 8);
    box_close(s, box);
}

/* The samples are in this file. */
static void put_dinf(struct sink *s)
{
    size_t dinf = box_open(s, "dinf"), dref = full_box_open(s, "dref", 0, 0);
    put32(s, 1);
    box_close(s, full_box_open(s, "url ", 0, 1));
    box_close(s, dref);
    box_close(s, dinf);
}

static void put_body(struct sink *s, const char type[static 4], struct bytes body)
{
    if (body.size == 0)
        return;
    size_t box = box_open(s, type);
    put(s, body.at, body.size);
    box_close(s, box);
}

static void put_picture_entry(struct sink *s, const struct mp4_track *track)
{
    size_t box = box_open(s, "avc1");
    put_zeros(s, 6);
    put16(s, 1);
    put_zeros(s, 16);
    put16(s, (uint32_t)track->width_px);
    put16(s, (uint32_t)track->height_px);
    put32(s, 0x480000);                     /* 72 dpi, twice */
    put32(s, 0x480000);
    put_zeros(s, 4);
    put16(s, 1);                            /* frames a sample */
    put_zeros(s, 32);                       /* compressor name */
    put16(s, 24);
    put16(s, 0xffff);
    put_body(s, "avcC", track->config);
    put_body(s, "colr", track->colour);
    box_close(s, box);
}

static void put_sound_entry(struct sink *s, const struct mp4_track *track)
{
    size_t box = box_open(s, "mp4a");
    put_zeros(s, 6);
    put16(s, 1);
    put_zeros(s, 8);
    put16(s, (uint32_t)track->channels);
    put16(s, 16);
    put_zeros(s, 4);
    put32(s, (uint32_t)track->rate_hz << 16);
    put_body(s, "esds", track->config);
    box_close(s, box);
}

static void put_text_entry(struct sink *s, const struct mp4_track *track)
{
    size_t box = box_open(s, "tx3g");
    put_zeros(s, 6);
    put16(s, 1);
    put(s, track->config.at, track->config.size);
    box_close(s, box);
}

static void put_stsd(struct sink *s, const struct mp4_track *track)
{
    size_t box = full_box_open(s, "stsd", 0, 0);
    put32(s, 1);
    if (track->is_sound)
        put_sound_entry(s, track);
    else if (track->is_text)
        put_text_entry(s, track);
    else
        put_picture_entry(s, track);
    box_close(s, box);
}

/* Runs of equal values, as stts and ctts hold them. */
static void put_runs(struct sink *s, const struct mp4_track *track,
                     uint32_t (*value)(const struct mp4_sample *))
{
    size_t count_at = s->size;
    uint32_t runs = 0;
    put32(s, 0);
    for (size_t i = 0, next; i < track->sample_count; i = next, runs++) {
        uint32_t here = value(&track->samples[i]);
        for (next = i + 1; next < track->sample_count && value(&track->samples[next]) == here;)
            next++;
        put32(s, (uint32_t)(next - i));
        put32(s, here);
    }
    patch32(s, count_at, runs);
}

static uint32_t duration_of(const struct mp4_sample *sample)
{
    return sample->duration;
}

static uint32_t shift_of(const struct mp4_sample *sample)
{
    return (uint32_t)sample->shift;
}

static void put_times(struct sink *s, const struct mp4_track *track)
{
    size_t stts = full_box_open(s, "stts", 0, 0);
    put_runs(s, track, duration_of);
    box_close(s, stts);
    if (!is_pictures(track))
        return;
    size_t ctts = full_box_open(s, "ctts", 0, 0);
    put_runs(s, track, shift_of);
    box_close(s, ctts);
}

static void put_keys(struct sink *s, const struct mp4_track *track)
{
    if (!is_pictures(track))
        return;
    size_t box = full_box_open(s, "stss", 0, 0), count_at = s->size;
    uint32_t keys = 0;
    put32(s, 0);
    for (size_t i = 0; i < track->sample_count; i++) {
        if (!track->samples[i].key)
            continue;
        put32(s, (uint32_t)i + 1);
        keys++;
    }
    patch32(s, count_at, keys);
    box_close(s, box);
}

static void put_sizes(struct sink *s, const struct mp4_track *track)
{
    size_t box = full_box_open(s, "stsz", 0, 0);
    put32(s, 0);
    put32(s, (uint32_t)track->sample_count);
    for (size_t i = 0; i < track->sample_count; i++)
        put32(s, track->samples[i].bytes);
    box_close(s, box);
}

/* One past the last sample that lies end to end with sample i. */
static size_t chunk_end(const struct mp4_track *track, size_t i)
{
    const struct mp4_sample *samples = track->samples;
    while (i + 1 < track->sample_count &&
           samples[i + 1].offset == samples[i].offset + samples[i].bytes)
        i++;
    return i + 1;
}

static void put_chunk_sizes(struct sink *s, const struct mp4_track *track)
{
    size_t box = full_box_open(s, "stsc", 0, 0), count_at = s->size;
    uint32_t runs = 0, chunk = 1;
    size_t last = 0;
    put32(s, 0);
    for (size_t i = 0, next; i < track->sample_count; i = next, chunk++) {
        next = chunk_end(track, i);
        if (next - i == last)
            continue;
        put32(s, chunk);
        put32(s, (uint32_t)(next - i));
        put32(s, 1);
        last = next - i;
        runs++;
    }
    patch32(s, count_at, runs);
    box_close(s, box);
}

static void put_chunk_places(struct sink *s, const struct mp4_track *track)
{
    bool wide = false;
    for (size_t i = 0; i < track->sample_count; i++)
        wide |= track->samples[i].offset > UINT32_MAX;
    size_t box = full_box_open(s, wide ? "co64" : "stco", 0, 0), count_at = s->size;
    uint32_t chunks = 0;
    put32(s, 0);
    for (size_t i = 0; i < track->sample_count; i = chunk_end(track, i), chunks++)
        put_number(s, (uint64_t)track->samples[i].offset, wide ? 8 : 4);
    patch32(s, count_at, chunks);
    box_close(s, box);
}

static void put_stbl(struct sink *s, const struct mp4_track *track)
{
    size_t box = box_open(s, "stbl");
    put_stsd(s, track);
    put_times(s, track);
    put_keys(s, track);
    put_chunk_sizes(s, track);
    put_sizes(s, track);
    put_chunk_places(s, track);
    box_close(s, box);
}

static void put_trak(struct sink *s, const struct mp4_track *track, uint32_t id)
{
    size_t trak = box_open(s, "trak");
    put_tkhd(s, track, id);
    put_edts(s, track);
    size_t mdia = box_open(s, "mdia");
    put_mdhd(s, track);
    put_hdlr(s, track);
    size_t minf = box_open(s, "minf");
    put_media_header(s, track);
    put_dinf(s);
    put_stbl(s, track);
    box_close(s, minf);
    box_close(s, mdia);
    box_close(s, trak);
}

static struct bytes sink_bytes(const struct sink *s)
{
    return (struct bytes){ .at = s->bytes, .size = s->size };
}

struct bytes mp4_ftyp(struct arena *a)
{
    struct sink s = { .arena = a };
    size_t box = box_open(&s, "ftyp");
    put(&s, "isom", 4);
    put32(&s, 0x200);
    put(&s, "isomiso2avc1mp41", 16);
    box_close(&s, box);
    return sink_bytes(&s);
}

struct bytes mp4_moov(struct arena *a, const struct mp4_track *tracks, size_t track_count)
{
    struct sink s = { .arena = a };
    size_t box = box_open(&s, "moov");
    uint64_t longest = 0;
    for (size_t i = 0; i < track_count; i++)
        longest = shown_movie_ticks(&tracks[i]) > longest ? shown_movie_ticks(&tracks[i]) : longest;
    put_mvhd(&s, longest, track_count);
    for (size_t i = 0; i < track_count; i++)
        put_trak(&s, &tracks[i], (uint32_t)i + 1);
    box_close(&s, box);
    return sink_bytes(&s);
}

/* Per sample at the worst: its size, a ctts run of its own, a key. */
int64_t mp4_moov_bytes_max(size_t sample_count, size_t config_bytes)
{
    return 2048 + (int64_t)config_bytes + (int64_t)sample_count * (4 + 8 + 4);
}

void mp4_mdat_head(uint8_t head[MP4_MDAT_HEAD_BYTES], int64_t payload_bytes)
{
    memcpy(head, "\0\0\0\1mdat", 8);
    for (int i = 0; i < 8; i++)
        head[8 + i] = (uint8_t)((uint64_t)(payload_bytes + MP4_MDAT_HEAD_BYTES) >> 8 * (7 - i));
}

struct bytes mp4_free(struct arena *a, int64_t bytes)
{
    struct sink s = { .arena = a };
    size_t box = box_open(&s, "free");
    put_zeros(&s, (size_t)bytes - 8);
    box_close(&s, box);
    return sink_bytes(&s);
}
