#pragma once

/*
 * Where the beats are. Pure arithmetic over the flux of a song (song_listen.h); positions are in
 * flux steps of 4 ms, fractions included.
 *
 * Most recorded music keeps one tempo, and then every attack of the song tells of the same two
 * numbers: grid_fit() finds them from the whole song at once, which is why it is exact where a
 * tracker that listens forward is not. Where the tempo moves, pulse_follow() walks from beat to
 * beat instead. pulse_find() tries the grid, measures how well it stands in every part of the song,
 * and decides.
 */

#include "base/task.h"

/* One row of novelty: what begins, above what begins all the time. Mean square 1 over the whole
 * song. */
struct novelty {
    float *at;
    size_t count;
};

struct grid {
    double period;                    /* steps a beat; 0 when nothing repeats */
    double phase;                     /* the first beat, 0 <= phase < period */
    /* how far the beats stand out, in standard deviations of chance */
    double z;
};

struct pulse {
    double *beats;                    /* ascending, all over the song, the silent parts too */
    size_t  beat_count;
    double  period;                   /* median; 0 when there is no pulse */
    double  confidence;               /* 0..1 */
    bool    steady;                   /* one tempo: the beats are a grid */
};

enum {
    TEMPO_BPM_MIN = 45,
    TEMPO_BPM_MAX = 240,
};

/* Subtract the running mean of a second, cut off what is below, tame the outliers. */
struct novelty novelty_from_flux(struct task *t, const float *flux, size_t count);

struct grid grid_fit(struct task *t, const struct novelty *n);

/*
 * The mean novelty found at the beats (each within 12 ms), as a multiple of what chance would give:
 * 1 is chance, music with a drum about 8, a click track 50.
 */
double pulse_fit(const struct novelty *n, const double *beats, size_t count);

/* The best chain of beats whose distances change slowly, starting from a rough idea of the
 * period. */
void pulse_follow(struct task *t, const struct novelty *n, double period, double **out_beats,
                  size_t *out_count);

/* beat_count is 0 when the song has no pulse. */
void pulse_find(struct task *t, const float *flux, size_t count, struct pulse *out);
