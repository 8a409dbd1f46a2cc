#pragma once

/*
 * Everything done to sound and pictures, behind one door.
 *
 * Each operation is a request and a reply as plain structs (tables in media_fields.c) plus open
 * descriptors, and runs in a child process with an empty environment: `storyreel media-child`,
 * which alone loads the FFmpeg libraries. A decoder crash, a runaway file or a time-out is a failed
 * call with a reason; cancelling a task kills the child. This header needs no media library.
 *
 * Clock     Inside the cut positions are frames of FILM_RATE_HZ and audio is 48 kHz samples: 2,000
 *           samples a frame, exactly. Elsewhere microseconds.
 * Files     Inputs are descriptors open for reading at any offset, outputs open for reading and
 *           writing and empty. Both are borrowed; nothing is opened by path. An output of a call
 *           that failed holds rubbish: throw it away.
 * Errors    of every call: MEDIA the input cannot be read as what it should be (or its decoder
 *           died); LIMIT past a ceiling of limits.h; TIMEOUT, CANCELLED; FULL the output's disk;
 *           INTERNAL the child could not be started or broke the protocol.
 * Threads   any; calls are independent.
 */

#include <stdatomic.h>

#include "base/fields.h"
#include "base/limits.h"
#include "base/task.h"
#include "draw/draw.h"

enum {
    FILM_RATE_HZ           = 24,
    SOUND_RATE_HZ          = 48000,
    SAMPLES_PER_FRAME      = SOUND_RATE_HZ / FILM_RATE_HZ,
};

/* microseconds <-> frames, to the nearest; the one place where the two clocks meet outside the
 * room. */
int64_t frames_from_us(int64_t us);
int64_t us_from_frames(int64_t frames);

struct media;

/* `program` is what to start as the child, normally "/proc/self/exe"; copied. */
enum err media_open(struct task *t, const char *program, struct media **out);
void     media_close(struct media *m);

/* How the kernel confines the children: "system calls and paths", "system calls", or "nothing". See
 * confine.h. */
const char *media_confinement(void);

/* What is in a file. Durations are of decoded content (priming and edit lists applied). */
struct clip_info {
    const char *container;            /* "mp4", "wav", ... FFmpeg's short name */
    bool        has_video, has_audio;
    const char *video_codec, *audio_codec;
    int64_t     width_px, height_px;  /* as displayed: rotation applied */
    int64_t     rate_num, rate_den;   /* frames a second; a guess where they do not come evenly */
    int64_t     frame_count;
    int64_t     video_us;             /* from the first picture to the end of the last; 0 unknown */
    int64_t     duration_us;          /* the longer of the two streams */
    int64_t     sound_rate_hz, channels, sample_count;
    int64_t     bytes;
};
extern const struct field clip_info_fields[];

/* From headers and packet tables, without decoding; files without a trustworthy duration are
 * walked. */
enum err media_probe(struct media *m, struct task *t, int in, struct clip_info *out);

/* The size and form of a film. All clips of one film are made to match it. */
struct film_shape {
    int64_t width_px, height_px;      /* even */
};
extern const struct field film_shape_fields[];

/* ---- sound -------------------------------------------------------------------------------- */

struct song_section {
    int64_t     start_us, end_us;
    const char *label;                /* "intro", "verse", "chorus", "bridge", "break", "outro" */
    double      energy;               /* 0..1, the loudest section is 1 */
};

/* What a song is made of: the map that films are cut on. */
struct song_map {
    int64_t              duration_us;
    /* at 48 kHz, after resampling; what the film is as long as */
    int64_t              sample_count;
    double               tempo_bpm;           /* 0 when there is no pulse to speak of */
    double               confidence;          /* 0..1 of the beat grid */
    int64_t             *beats_us;            /* ascending */
    size_t               beat_count;
    /* 0..100 a beat: how good a cut it is; bars' first beats and changes high */
    int64_t             *strong;
    size_t               strong_count;        /* == beat_count */
    int64_t             *bars_us;             /* first beat of each bar */
    size_t               bar_count;
    struct song_section *sections;            /* in order, without gaps, from 0 to duration_us */
    size_t               section_count;
    /* 0..1, one per beat: smoothed loudness and onset density */
    double              *energy;
    size_t               energy_count;
    double              *peaks;               /* waveform: max |sample| of equal bins, 0..1 */
    size_t               peak_count;
    double               loudness_lufs;       /* integrated; -70 for silence */
};
extern const struct field song_map_fields[];

/*
 * Listen to a song: one decode gives beats, bars, sections, energy, peaks and loudness. A song
 * without a pulse gets a grid of even 2 s steps and confidence 0, so that there is always something
 * to cut on.
 * Errors   MEDIA no sound, silence throughout, or shorter than 1 s; LIMIT longer than SONG_US_MAX
 */
enum err media_song_map(struct media *m, struct task *t, int in, struct song_map *out);

struct loudness {
    double  integrated_lufs, range_lu, true_peak_dbtp;
    int64_t sample_count;             /* that could be decoded, at 48 kHz */
};
extern const struct field loudness_fields[];
enum err media_loudness(struct media *m, struct task *t, int in, struct loudness *out);

/* bins 1..PEAKS_MAX equal bins over the whole file: max |sample|, 0..1; out_peaks has `bins`
 * numbers. */
enum err media_waveform(struct media *m, struct task *t, int in, int64_t bins, double **out_peaks);

/* [start, start + count) samples at 48 kHz of any sound file, as 16-bit WAV at rate_hz mono or
 * stereo. */
struct sound_cut {
    int64_t start_sample, sample_count;
    int64_t rate_hz, channels;
};
enum err media_sound_cut(struct media *m, struct task *t, int in, const struct sound_cut *cut,
                         int out);

/*
 * How far a mouth that sings this sound would be open: one number a film frame for its first
 * `frames`, 0 closed to 1 wide. What lies in the middle of the stereo picture and where voices are
 * counts; silence is closed.
 */
enum err media_voice(struct media *m, struct task *t, int in, int64_t frames, double **out_open);

/* One sound laid on the film's timeline. */
struct track_part {
    int64_t input_index;              /* into the descriptors given */
    int64_t at_sample;                /* where on the film it starts */
    int64_t in_sample, sample_count;  /* what of it; sample_count 0: to its end */
    double  gain_db;
    int64_t fade_in_samples, fade_out_samples;
    bool    speaks, yields;           /* what yields is lowered while one speaks; see duck.h */
};

struct track_request {
    struct track_part *parts;
    size_t             part_count;            /* 0 is a silent film */
    /* the film's length; the track is exactly this long */
    int64_t            frame_count;
    double             target_lufs;           /* 0: leave the level alone */
    int64_t            fade_out_samples;      /* at the very end, when the song is cut short */
};
extern const struct field track_request_fields[];

struct track_info {
    int64_t sample_count;             /* frame_count * SAMPLES_PER_FRAME */
    double  loudness_lufs, true_peak_dbtp;
};
extern const struct field track_info_fields[];

/*
 * Mix, level (one gain and a true-peak limiter at -1 dBTP) and encode the film's one continuous
 * sound: AAC-LC 48 kHz stereo in MP4, encoder delay in the edit list, sample_count exact before
 * encoding.
 */
enum err media_track(struct media *m, struct task *t, const int *in, size_t in_count,
                     const struct track_request *request, int out, struct track_info *info);

/* ---- pictures ----------------------------------------------------------------------------- */

struct picture_info {
    const char *format;               /* "png", "jpeg", "webp" */
    int64_t     width_px, height_px;
    bool        has_alpha;
};
extern const struct field picture_info_fields[];

/* Decodes it wholly: OK means it can be drawn. MEDIA otherwise, with what it is instead where that
 * is clear. */
enum err media_picture(struct media *m, struct task *t, int in, struct picture_info *out);

/* Progress of a running call: 0..1000, written by the caller's thread while it waits, read by any.
 * NULL: unwanted. */
typedef _Atomic int media_progress;

/*
 * Draw and encode an animatic: H.264 High 4:2:0, 24 fps, closed groups of at most 2 s, no sound,
 * MP4 with the index in front. The same spec and pictures give the same bytes. `pictures` are image
 * files, borrowed, in the order that spec->look.cast[].picture_index counts.
 */
enum err media_render(struct media *m, struct task *t, const struct draw_spec *spec,
                      const int *pictures, size_t picture_count, int out, media_progress *progress,
                      struct clip_info *info);

/* A line to be read, at its time. */
struct film_caption {
    int64_t     at_frame, frame_count;
    const char *words;
};

/*
 * A span of a clip in the film's shape: frame-accurate [in_frame, out_frame) on the clip's 24 fps
 * grid, picture only. A clip that matches the film (codec, size, rate) keeps its packets: only the
 * groups of pictures at the two boundaries are encoded. Anything else is decoded, turned to 24 fps,
 * fitted (never stretched; bars are black) and encoded whole. out_frame 0 means the end.
 * Errors   INVALID the span is outside the clip, or a caption begins before the one in front ends
 */
struct clip_span {
    int64_t           in_frame, out_frame;
    struct film_shape shape;
    /* keep no packets, even of a clip that matches: then it joins any film */
    bool              encode_all;
    /* ascending, from the span's first frame on: drawn into the picture, which is then encoded
     * whole */
    const struct film_caption *captions;
    size_t            caption_count;
};
enum err media_trim(struct media *m, struct task *t, int in, const struct clip_span *span, int out,
                    media_progress *progress, struct clip_info *info);

/*
 * Join clips that match, in order, by copying their packets under one index; lay the track beside
 * them. Fast start. Whatever render and trim made matches; so do clips of other encoders at 24 fps
 * and the same size, as long as their parameter sets have the same bytes or different ids (all go
 * into one avcC). `track` is AAC as media_track() makes it, -1 for a silent film; what is longer
 * than the pictures is cut to the sample.
 * Result   length is the sum of the clips' frames, exactly; the last sample of the track is never
 *          late
 * Errors   INVALID a clip does not match the ones before (the message says which and how): trim it,
 *          with encode_all when it is of the right form already
 * Cost     a few block copies; memory does not grow with the number of clips beyond the index
 */
struct film_parts {
    const int *clips;
    size_t     clip_count;
    int        track;
    /* ascending: a track of their own that players may show; see caption_track.h */
    const struct film_caption *captions;
    size_t     caption_count;
};

struct film_info {
    int64_t frame_count, sample_count, bytes;
};
extern const struct field film_info_fields[];
enum err media_compose(struct media *m, struct task *t, const struct film_parts *parts, int out,
                       media_progress *progress, struct film_info *info);

/* What a finished film is checked for: its index, its key frames and all of its sound. */
struct film_check {
    int64_t frame_count, sample_count;
    double  black_share;              /* 0..1 of key frames */
    bool    silent;
    double  loudness_lufs;
    bool    fast_start;
};
extern const struct field film_check_fields[];
enum err media_film_check(struct media *m, struct task *t, int in, struct film_check *out);

/* One frame as a JPEG (about quality 88), fitted into width_px x height_px without bars. */
struct still_request {
    int64_t frame;                    /* on the 24 fps grid; past the end: the last */
    bool    middle;                   /* half way through instead; `frame` is not read */
    int64_t width_px, height_px;      /* the box it must fit; 0: as it is */
};
enum err media_still(struct media *m, struct task *t, int in, const struct still_request *request,
                     int out, struct picture_info *info);

/* `count` frames spread evenly, side by side, each height_px high, as one JPEG. */
struct strip_request {
    int64_t count, height_px;
};
enum err media_filmstrip(struct media *m, struct task *t, int in,
                         const struct strip_request *request, int out, struct picture_info *info);

/* A storyboard sheet (PNG) of the pictures given: one cell each, words from the request. */
struct sheet_cell {
    const char *number, *title, *length, *note;
};
struct sheet_request {
    const char        *title, *subtitle;
    struct sheet_cell *cells;
    size_t             cell_count;    /* == number of descriptors */
    int64_t            columns;       /* 0: chosen */
};
extern const struct field sheet_request_fields[];
enum err media_sheet(struct media *m, struct task *t, const int *in, size_t in_count,
                     const struct sheet_request *request, int out, struct picture_info *info);

/* A reference card (PNG): draw_card() of one figure. */
enum err media_card(struct media *m, struct task *t, const struct draw_card *card, int out,
                    struct picture_info *info);

/* SHA-256 over the decoded pictures (planes without padding), one hex text a frame: what tests
 * compare films by. */
enum err media_frame_hashes(struct media *m, struct task *t, int in, const char ***out,
                            size_t *out_count);
