#pragma once

/*
 * Sounds for tests: 48 kHz stereo, synthesised, the same on every run. Times are seconds and are where
 * the attack begins to be heard. Everything is added to what is there.
 */

#include "base/task.h"

struct signal {
    float  *stereo;                   /* interleaved */
    int64_t count;                    /* stereo samples */
};

struct signal signal_new(struct task *t, double seconds);

void signal_click(struct signal *s, double at, double gain);              /* 1 ms of falling noise */
void signal_impulse(struct signal *s, int64_t sample, double gain);       /* a smooth bump of 33 samples */
void signal_kick(struct signal *s, double at, double gain);
void signal_snare(struct signal *s, double at, double gain);
void signal_hat(struct signal *s, double at, double gain);
void signal_note(struct signal *s, double at, double seconds, int midi, double gain);   /* plucked */
void signal_pad(struct signal *s, double at, double seconds, int midi, double gain);    /* slow attack */
void signal_sine(struct signal *s, double hz, double gain);
void signal_noise(struct signal *s, double gain, uint64_t seed);

/* What plays in one bar of signal_band(). */
enum {
    BAND_KICK = 1, BAND_SNARE = 2, BAND_HATS = 4, BAND_BASS = 8, BAND_PAD = 16, BAND_LEAD = 32,
};

/* One bar of four beats from `at`, `beat` seconds each, on the chord with root `midi`. */
void signal_bar(struct signal *s, double at, double beat, int midi, int playing);

/* Largest |sample| and where. */
double signal_peak(const struct signal *s, int64_t *out_sample);
