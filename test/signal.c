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

/* A sine by turning an arm: a hundred times cheaper than asking for each value. */
struct arm {
    double x, y, turn_x, turn_y;
};

static struct arm arm_of(double hz)
{
    return (struct arm){ 1, 0, cos(2 * M_PI * hz / rate), sin(2 * M_PI * hz / rate) };
}

static double arm_next(struct arm *a)
{
    double x = a->x, y = a->y;
    a->x = x * a->turn_x - y * a->turn_y;
    a->y = x * a->turn_y + y * a->turn_x;
    return y;
}

void signal_note(struct signal *s, double at, double seconds, int midi, double gain)
{
    enum { HARMONICS = 6 };
    int64_t from = llround(at * rate), count = llround(seconds * rate);
    struct arm arms[HARMONICS];
    double heights[HARMONICS], decays[HARMONICS];

    for (int h = 0; h < HARMONICS; h++) {
        arms[h]    = arm_of(note_hz(midi) * (h + 1));
        heights[h] = gain / (h + 1);
        decays[h]  = exp(-(3 + h + 1) / rate);
    }
    for (int64_t i = 0; i < count; i++) {
        double shape = fmin(1, (double)i / 96) * fmin(1, (double)(count - i) / 480), v = 0;
        for (int h = 0; h < HARMONICS; h++) {
            v += heights[h] * arm_next(&arms[h]);
            heights[h] *= decays[h];
        }
        put(s, from + i, v * shape, v * shape);
    }
}

void signal_pad(struct signal *s, double at, double seconds, int midi, double gain)
{
    static const int chord[] = { 0, 4, 7, 12 };
    int64_t from = llround(at * rate), count = llround(seconds * rate);
    struct arm left[4], right[4];

    for (int k = 0; k < 4; k++) {
        left[k]  = arm_of(note_hz(midi + chord[k]));
        right[k] = arm_of(note_hz(midi + chord[k]) * 1.002);
    }
    for (int64_t i = 0; i < count; i++) {
        double swell = gain / 4 * fmin(1, (double)i / rate / 0.4) * fmin(1, (double)(count - i) / rate / 0.4);
        double l = 0, r = 0;
        for (int k = 0; k < 4; k++) {
            l += arm_next(&left[k]);
            r += arm_next(&right[k]);
        }
        put(s, from + i, swell * l, swell * r);
    }
}

void signal_sine(struct signal *s, double hz, double gain)
{
    struct arm arm = arm_of(hz);
    for (int64_t i = 0; i < s->count; i++) {
        double v = gain * arm_next(&arm);
        put(s, i, v, v);
    }
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
