#include "signal.h"

#include <math.h>

#include "base/rng.h"

static const double rate = 48000;

struct signal signal_new(struct task *t, double seconds)
{
    int64_t count = (int64_t)llround(seconds * rate);
    return (struct signal){ arena_array(t->arena, float, 2 * count), count };
}

static void put(struct signal *s, int64_t at, double left, double right)
{
    if (at < 0 || at >= s->count)
        return;
    s->stereo[2 * at] += (float)left;
    s->stereo[2 * at + 1] += (float)right;
}

void signal_click(struct signal *s, double at, double gain)
{
    struct rng r = rng_new(11);
    int64_t from = llround(at * rate);
    for (int i = 0; i < 240; i++) {
        double v = gain * exp(-i / 40.0) * (2 * rng_unit(&r) - 1);
        put(s, from + i, v, v);
    }
}

void signal_impulse(struct signal *s, int64_t sample, double gain)
{
    for (int i = -16; i <= 16; i++) {
        double v = gain * 0.5 * (1 + cos(M_PI * i / 17.0));
        put(s, sample + i, v, v);
    }
}

void signal_kick(struct signal *s, double at, double gain)
{
    int64_t from = llround(at * rate);
    double phase = 0;
    for (int i = 0; i < 14400; i++) {
        double seconds = i / rate;
        phase += 2 * M_PI * (48 + 110 * exp(-seconds * 40)) / rate;
        double v = gain * exp(-seconds * 12) * sin(phase) * fmin(1, i / 24.0);
        put(s, from + i, v, v);
    }
}

void signal_snare(struct signal *s, double at, double gain)
{
    struct rng r = rng_new(23);
    int64_t from = llround(at * rate);
    for (int i = 0; i < 9600; i++) {
        double seconds = i / rate;
        double noise = (2 * rng_unit(&r) - 1) * exp(-seconds * 22);
        double body  = sin(2 * M_PI * 190 * seconds) * exp(-seconds * 30);
        put(s, from + i, gain * (0.6 * noise + 0.4 * body), gain * (0.55 * noise + 0.4 * body));
    }
}

void signal_hat(struct signal *s, double at, double gain)
{
    struct rng r = rng_new(37);
    int64_t from = llround(at * rate);
    double last = 0;
    for (int i = 0; i < 3600; i++) {
        double white = 2 * rng_unit(&r) - 1;
        double v = gain * exp(-i / rate * 70) * (white - last) * 0.6;
        last = white;
        put(s, from + i, 0.8 * v, v);
    }
}

static double note_hz(int midi)
{
    return 440 * pow(2, (midi - 69) / 12.0);
}

void signal_note(struct signal *s, double at, double seconds, int midi, double gain)
{
    int64_t from = llround(at * rate), count = llround(seconds * rate);
    double hz = note_hz(midi);
    for (int64_t i = 0; i < count; i++) {
        double x = i / rate;
        double shape = fmin(1, i / 96.0) * exp(-x * 3) * fmin(1, (double)(count - i) / 480);
        double v = 0;
        for (int h = 1; h <= 6; h++)
            v += sin(2 * M_PI * hz * h * x) / h * exp(-x * h);
        put(s, from + i, gain * v * shape, gain * v * shape);
    }
}

void signal_pad(struct signal *s, double at, double seconds, int midi, double gain)
{
    static const int chord[] = { 0, 4, 7, 12 };
    int64_t from = llround(at * rate), count = llround(seconds * rate);
    for (int64_t i = 0; i < count; i++) {
        double x = i / rate, left = 0, right = 0;
        double shape = fmin(1, x / 0.4) * fmin(1, (double)(count - i) / rate / 0.4);
        for (int k = 0; k < 4; k++) {
            double hz = note_hz(midi + chord[k]);
            left += sin(2 * M_PI * hz * x) + 0.3 * sin(2 * M_PI * hz * 2.001 * x);
            right += sin(2 * M_PI * hz * 1.002 * x) + 0.3 * sin(2 * M_PI * hz * 1.999 * x);
        }
        put(s, from + i, gain * shape * left / 4, gain * shape * right / 4);
    }
}

void signal_sine(struct signal *s, double hz, double gain)
{
    for (int64_t i = 0; i < s->count; i++)
        put(s, i, gain * sin(2 * M_PI * hz * (double)i / rate), gain * sin(2 * M_PI * hz * (double)i / rate));
}

void signal_noise(struct signal *s, double gain, uint64_t seed)
{
    struct rng r = rng_new(seed);
    for (int64_t i = 0; i < s->count; i++) {
        double left = 2 * rng_unit(&r) - 1;
        put(s, i, gain * left, gain * (2 * rng_unit(&r) - 1));
    }
}

void signal_bar(struct signal *s, double at, double beat, int midi, int playing)
{
    static const int arpeggio[] = { 12, 19, 16, 24, 19, 16, 12, 7 };

    for (int b = 0; b < 4; b++) {
        double here = at + b * beat;
        if (playing & BAND_KICK && b % 2 == 0)
            signal_kick(s, here, 0.5);
        if (playing & BAND_SNARE && b % 2 == 1)
            signal_snare(s, here, 0.35);
        for (int half = 0; half < 2; half++) {
            double eighth = here + half * beat / 2;
            if (playing & BAND_HATS)
                signal_hat(s, eighth, 0.12);
            if (playing & BAND_BASS)
                signal_note(s, eighth, beat / 2, midi - 24, half || b ? 0.12 : 0.2);
            if (playing & BAND_LEAD)
                signal_note(s, eighth, beat / 2, midi + arpeggio[2 * b + half], 0.1);
        }
    }
    if (playing & BAND_PAD)
        signal_pad(s, at, 4 * beat, midi, 0.15);
}

double signal_peak(const struct signal *s, int64_t *out_sample)
{
    double peak = 0;
    for (int64_t i = 0; i < 2 * s->count; i++) {
        if (fabsf(s->stereo[i]) > peak) {
            peak = fabsf(s->stereo[i]);
            *out_sample = i / 2;
        }
    }
    return peak;
}
