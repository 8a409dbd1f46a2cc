#pragma once

/*
 * From beats to form: what each beat sounds like, where the bars begin, what the sections are. Pure
 * arithmetic over the rows of song_listen.h; everything is in the task's arena.
 */

#include "media/pulse.h"
#include "media/song_listen.h"

/* One beat, from its start to the next. */
struct beat_sound {
    double onset, low_onset;          /* flux at the beat itself: all bands, below 230 Hz */
    double density;                   /* mean flux over the whole beat: how much goes on */
    double power;                     /* mean square */
    double bands_db[TONE_BANDS];      /* not below 40 dB under the loudest of the song */
    double classes[TONE_CLASSES];     /* adds up to 1; all 0 for silence */
};

/* `beats` in flux steps, ascending; one sound for each. */
struct beat_sound *beat_sounds(struct task *t, const struct song_features *f, const double *beats,
                               size_t count);

/* Which of the first `bar_beats` beats begins a bar: where kicks fall, chords change and things
 * come in. */
size_t bar_first_beat(const struct beat_sound *sounds, size_t count, size_t bar_beats);

/* Loudness and density of each beat and its neighbours, 0..1; the fullest beat of the song is 1. */
double *beat_energies(struct task *t, const struct beat_sound *sounds, size_t count);

struct form_section {
    size_t      first_bar, bar_count;
    double      energy;               /* mean of its beats; the fullest section is 1 */
    const char *label;
};

/*
 * Sections of four bars and more, in order, covering all bars; 1..SECTIONS_MAX of them. Bar b is
 * the beats from first + b * bar_beats on; beats before `first` belong to the first bar.
 */
void form_find(struct task *t, const struct beat_sound *sounds, const double *energies,
               size_t count, size_t first, size_t bar_beats, struct form_section **out,
               size_t *out_count);
