#pragma once

/*
 * What one pass over a song's samples leaves behind: everything the song map is worked out from.
 *
 * The listener is fed 48 kHz stereo blocks of any size and keeps three rows of measurements at
 * three speeds. It holds about 4.5 kB a second of song and never the samples.
 *
 *     flux    250 a second   how much louder each band has become: where things begin
 *     tone    11.7 a second  six bands of energy and the twelve pitch classes: what it sounds like
 *     peaks   adaptive       the outline
 */

#include "base/task.h"

enum {
    FLUX_HOP_SAMPLES = 192,           /* 4 ms at 48 kHz */
    FLUX_RATE_HZ     = 250,
    TONE_HOP_SAMPLES = 4096,
    TONE_BANDS       = 6,
    TONE_CLASSES     = 12,
};

struct tone {
    float bands[TONE_BANDS];          /* power: below 120, 400, 1,200, 3,500, 8,000 Hz and above */
    float classes[TONE_CLASSES];      /* C, C#, ...: summed amplitude over five octaves */
};

/* max |sample| in grains of equal length; the length doubles whenever the row is full. */
struct peak_row {
    float  *grains;
    size_t  grain_count;
    int64_t grain_samples;            /* a power of two */
    int64_t filled;                   /* samples in the last, open grain */
};

struct song_features {
    int64_t sample_count;
    float  *flux, *flux_low;          /* all bands weighted; below 230 Hz alone */
    float  *power;                    /* mean square of both channels */
    size_t  step_count;               /* of each of the three */
    struct tone *tones;
    size_t  tone_count;
    struct peak_row peaks;
    double  loudness_lufs;            /* -70 for silence */
    double  loudest;                  /* max |sample| */
};

struct song_listener;

enum err song_listener_new(struct task *t, struct song_listener **out);
void     song_listener_free(struct song_listener *l);             /* NULL is fine */
static inline void song_listener_scoped(struct song_listener **l) { song_listener_free(*l); }

/* `count` stereo samples, interleaved. */
void song_listen(struct song_listener *l, const float *stereo, int count);

/*
 * Ends the pass. The rows live in the task's arena. Step i of the flux tells of the sound around
 * sample i * FLUX_HOP_SAMPLES: clicks, kicks and snares are found within 1.2 ms of where they
 * begin, without a correction. Tone i is of the window that starts at i * TONE_HOP_SAMPLES.
 */
enum err song_listener_end(struct song_listener *l, struct song_features *out);

void peak_row_init(struct task *t, struct peak_row *row);
void peak_row_add(struct peak_row *row, const float *stereo, int count);

/* The outline in `bins` equal bins over all that was added, 0..1 (clipped). */
void peak_row_read(const struct peak_row *row, int64_t bins, double *out_peaks);
