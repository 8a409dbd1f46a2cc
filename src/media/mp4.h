#pragma once

/*
 * MP4 files by their index: what cutting needs of ISO/IEC 14496-12, read and written without a
 * media library.
 *
 * An index says where every sample (one coded picture or sound packet) lies and when it is decoded
 * and shown. A cut is a new index over old bytes, so compose and trim work on these tables and move
 * the bytes as blocks.
 *
 * Times are in ticks of the track's own timescale unless a name says otherwise. Everything read
 * lives in t->arena.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/file.h"
#include "base/task.h"

enum {
    MP4_SAMPLES_MAX      = 6 << 20,       /* six hours at 240 pictures a second */
    MP4_INDEX_BYTES_MAX  = 128 << 20,     /* the moov of such a file */
    /* the timescale of every movie we write: one tick is one sample of sound */
    MP4_MOVIE_HZ         = 48000,
};

#define MP4_CODE(a, b, c, d)                                                                       \
    ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

struct mp4_sample {
    int64_t  offset;                      /* in its file */
    uint32_t bytes, duration;
    int32_t  shift;                       /* shown minus decoded */
    bool     key;
};

struct mp4_track {
    bool               is_sound, is_text; /* else pictures; text is only written */
    uint32_t           codec;             /* MP4_CODE('a','v','c','1'), ... */
    uint32_t           timescale;
    int                width_px, height_px;
    int                left_px, top_px;   /* of text: its place over the picture */
    int                rate_hz, channels;
    /* body of avcC (pictures), esds (sound), or tx3g behind its head (text) */
    struct bytes       config;
    struct bytes       colour;            /* body of colr; may be empty */
    /* the moment of the track at which its presentation begins */
    int64_t            media_time;
    int64_t            shown_ticks;       /* how long it is presented from there; 0: to the end */
    struct mp4_sample *samples;           /* in decoding order */
    size_t             sample_count;
    /* what makes a track too unusual to be copied */
    int                edit_count;        /* real edits; more than one cannot be kept */
    bool               starts_late;       /* an empty edit in front */
    int                description_count; /* of sample descriptions */
    bool               is_turned, has_wide_pixels;
};

struct mp4 {
    struct mp4_track *tracks;
    size_t            track_count;        /* 0..STREAMS_MAX */
    bool              is_fragmented;      /* samples lie in moof boxes, which are not read */
    bool              is_fast_start;      /* moov before mdat */
};

/*
 * Read the index of `fd`. Safe on any bytes: every size is checked against the box and the file
 * before it is used, and every sample that is handed out lies inside the file.
 * Errors   MEDIA not an MP4 file, no index in it, or an index that contradicts itself or the file's
 *          length
 */
enum err mp4_read(struct task *t, int fd, struct mp4 *out);

/* The parsing alone: `moov` is the body of the moov box of a file of file_bytes bytes. */
enum err mp4_parse_moov(struct task *t, struct bytes moov, int64_t file_bytes, struct mp4 *out);

/* The first track of pictures or of sound; NULL when there is none. */
struct mp4_track *mp4_track_of(const struct mp4 *m, bool sound);

/* Sum of all sample durations. */
int64_t mp4_track_ticks(const struct mp4_track *track);

/* ftyp as the program writes it. */
struct bytes mp4_ftyp(struct arena *a);

/*
 * The whole moov box for tracks whose samples have their final offsets: one sample description, one
 * edit a track, 48 kHz movie clock. Samples that lie end to end share a chunk; 64-bit offsets are
 * used when one needs them.
 */
struct bytes mp4_moov(struct arena *a, const struct mp4_track *tracks, size_t track_count);

/* The most a moov can take for one track of equal durations that lies end to end: what to leave
 * free in front of it. */
int64_t mp4_moov_bytes_max(size_t sample_count, size_t config_bytes);

/* The 16 bytes that open an mdat box of `payload_bytes`. */
enum { MP4_MDAT_HEAD_BYTES = 16 };
void mp4_mdat_head(uint8_t head[MP4_MDAT_HEAD_BYTES], int64_t payload_bytes);

/* A `free` box of exactly `bytes` >= 8, contents zero. */
struct bytes mp4_free(struct arena *a, int64_t bytes);
