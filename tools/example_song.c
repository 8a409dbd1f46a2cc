/*
 * The song of the examples: an original synth-pop instrumental of fifty seconds, written here as a score and
 * played by the instruments below it. 118 beats a minute, 24 bars of four, in C:
 *
 *     intro 4 · verse 4 · chorus 4 · break 4 · chorus 4 · outro 4 · last chord
 *
 *     example_song song.wav        24-bit WAV, as mixed
 *     example_song song.m4a        levelled to -14 LUFS and encoded by the program's own track operation
 *
 * Every sound is made of saw waves, sines and noise through a filter; nothing is sampled. The same program
 * gives the same song.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/file.h"
#include "base/rng.h"
#include "base/scoped.h"
#include "base/text.h"
#include "media/media_op.h"

enum { RATE = 48000, SECONDS = 50, SAMPLES = RATE * SECONDS, BARS = 24, FRAMES = SECONDS * FILM_RATE_HZ };

static const double beat_s = 60.0 / 118;

/* ---- the score ---------------------------------------------------------------------------- */

enum {
    KICK = 1, CLAP = 2, HATS = 4, OPEN = 8, BASS = 16, PAD = 32, SOFT = 64, PLUCK = 128, LEAD = 256, BUSY = 512,
    CALM   = PAD | PLUCK,
    VERSE  = KICK | CLAP | HATS | BASS | PLUCK | SOFT,
    CHORUS = KICK | CLAP | HATS | OPEN | BASS | PAD | PLUCK | LEAD | BUSY,
};

/* What plays in each bar, four bars a part. */
static const int parts[BARS / 4][4] = {
    { PAD, CALM, CALM, CALM },             { VERSE, VERSE, VERSE, VERSE },
    { CHORUS, CHORUS, CHORUS, CHORUS },    { PAD, CALM, CALM, CALM },
    { CHORUS, CHORUS, CHORUS, CHORUS },    { CALM, CALM, PAD, PAD },
};

/* Four voices of a chord from its bass up, in the middle of the keyboard (60 is middle C). */
struct chord {
    int bass, notes[4];
};
static const struct chord a_minor = { 33, { 57, 60, 64, 67 } }, f_major = { 29, { 57, 60, 64, 65 } },
                          c_major = { 36, { 55, 60, 64, 67 } }, g_major = { 31, { 55, 59, 62, 67 } };
static const struct chord *const verse[4]  = { &a_minor, &f_major, &c_major, &g_major };
static const struct chord *const chorus[4] = { &f_major, &g_major, &a_minor, &c_major };

static const struct chord *chord_of(int bar)
{
    bool sung = bar / 4 == 2 || bar / 4 == 4;
    return bar >= BARS ? &c_major : (sung ? chorus : verse)[bar % 4];
}

/* The tune of the chorus: eighths from the bar's start, length in eighths, note. Three, three, two. */
static const struct { int bar, at, length, note; } tune[] = {
    { 0, 0, 3, 69 }, { 0, 3, 3, 72 }, { 0, 6, 2, 74 }, { 1, 0, 3, 74 }, { 1, 3, 3, 71 }, { 1, 6, 2, 67 },
    { 2, 0, 3, 72 }, { 2, 3, 3, 76 }, { 2, 6, 2, 74 }, { 3, 0, 4, 72 }, { 3, 4, 2, 67 }, { 3, 6, 2, 71 },
};

/* ---- the desk ----------------------------------------------------------------------------- */

struct stereo {
    float left[SAMPLES], right[SAMPLES];
};

/* What goes straight out, what makes room for the kick, and what is sent to the echo and to the room. */
static struct stereo dry, ducked, echo, room;
static float duck[SAMPLES];

static void put(struct stereo *bus, long at, double value, double pan)
{
    if (at < 0 || at >= SAMPLES)
        return;
    bus->left[at] += (float)(value * cos((pan + 1) * M_PI / 4));
    bus->right[at] += (float)(value * sin((pan + 1) * M_PI / 4));
}

static long sample_at(double seconds)
{
    return lround(seconds * RATE);
}

static double hz_of(double note)
{
    return 440 * pow(2, (note - 69) / 12);
}

/* ---- waves and filters -------------------------------------------------------------------- */

/* A saw whose step is rounded off over two samples, so that it does not ring above what can be heard. */
static double saw(double *phase, double step)
{
    double p = *phase, value = 2 * p - 1;
    if (p < step)
        value += (p / step - 1) * (p / step - 1);
    else if (p > 1 - step)
        value -= ((p - 1) / step + 1) * ((p - 1) / step + 1);
    *phase = p + step >= 1 ? p + step - 1 : p + step;
    return value;
}

/* A state variable filter; Simper's form, which stays put while its corner moves. */
struct filter {
    double a, b;
};

static double low_pass(struct filter *f, double in, double corner_hz, double damping, double *out_high)
{
    double g = tan(M_PI * fmin(corner_hz, 20000) / RATE), k = damping;
    double band = (g * (in - f->b) + f->a) / (1 + g * (g + k)), low = f->b + g * band;
    f->a = 2 * band - f->a;
    f->b = 2 * low - f->b;
    if (out_high)
        *out_high = in - k * band - low;
    return low;
}

static double noise(struct rng *r)
{
    return 2 * rng_unit(r) - 1;
}

/* ---- drums -------------------------------------------------------------------------------- */

static void play_kick(double at, double gain)
{
    long from = sample_at(at);
    double phase = 0;
    for (long i = 0; i < RATE / 3; i++) {
        double x = (double)i / RATE;
        phase += 2 * M_PI * (46 + 120 * exp(-x * 38)) / RATE;
        double body = sin(phase) * exp(-x * 9) * fmin(1, i / 30.0);
        put(&dry, from + i, gain * (body + 0.25 * exp(-x * 700)), 0);
    }
    for (long i = 0; i < RATE / 2 && from + i < SAMPLES; i++)
        duck[from + i] = fmaxf(duck[from + i], (float)(gain * exp(-(double)i / RATE * 9)));
}

/* Four hands that do not quite clap together. */
static void play_clap(double at, double gain, struct rng *r)
{
    static const double hands[] = { 0, 0.009, 0.019, 0.027 };
    struct filter f = { 0 }, g = { 0 };
    long from = sample_at(at);
    for (long i = 0; i < RATE / 4; i++) {
        double x = (double)i / RATE, shape = 0, high;
        for (int h = 0; h < 4; h++)
            if (x >= hands[h])
                shape += exp(-(x - hands[h]) * (h == 3 ? 26 : 170));
        low_pass(&f, noise(r), 900, 1.2, &high);
        double value = low_pass(&g, high, 5200, 1.0, NULL) * shape * gain;
        put(&dry, from + i, value, 0.05);
        put(&room, from + i, value * 0.5, -0.2);
    }
}

static void play_hat(double at, double gain, double decay, double pan, struct rng *r)
{
    struct filter f = { 0 };
    long from = sample_at(at);
    for (long i = 0; i < RATE / 3; i++) {
        double high;
        low_pass(&f, noise(r), 7500, 0.8, &high);
        put(&dry, from + i, high * gain * exp(-(double)i / RATE * decay), pan);
    }
}

/* A cymbal where a chorus begins. */
static void play_crash(double at, double gain, struct rng *r)
{
    struct filter f = { 0 };
    long from = sample_at(at);
    for (long i = 0; i < 2 * RATE; i++) {
        double high;
        low_pass(&f, noise(r), 4200, 0.9, &high);
        double value = high * gain * exp(-(double)i / RATE * 2.6);
        put(&dry, from + i, value, i % 2 ? 0.4 : -0.4);
        put(&room, from + i, value * 0.4, 0);
    }
}

/* Wind that rises until the chorus begins. */
static void play_riser(double at, double seconds, double gain, struct rng *r)
{
    struct filter f = { 0 };
    long from = sample_at(at), count = sample_at(seconds);
    for (long i = 0; i < count; i++) {
        double x = (double)i / (double)count;
        double value = low_pass(&f, noise(r), 300 + 7000 * x * x, 0.5, NULL) * gain * x * x;
        put(&dry, from + i, value, 0.6 * sin(x * 9));
        put(&room, from + i, value * 0.5, -0.6 * sin(x * 9));
    }
}

/* ---- keys --------------------------------------------------------------------------------- */

static void play_bass(double at, double seconds, int note, double gain)
{
    struct filter f = { 0 };
    double phase = 0, sub = 0, step = hz_of(note) / RATE;
    long from = sample_at(at), count = sample_at(seconds);
    for (long i = 0; i < count; i++) {
        double x = (double)i / RATE;
        double shape = fmin(1, i / 120.0) * fmin(1, (double)(count - i) / 600);
        double bright = low_pass(&f, saw(&phase, step), 180 + 900 * exp(-x * 14), 0.9, NULL);
        sub += 2 * M_PI * step;
        put(&ducked, from + i, gain * shape * (0.7 * bright + 0.6 * sin(sub)), 0);
    }
}

static void play_pad_voice(double at, double seconds, int note, double gain, double bright_hz, double pan)
{
    static const double detune[3] = { -0.09, 0, 0.08 };
    struct filter f = { 0 };
    double phases[3] = { 0.1 + pan * 0.3, 0.5, 0.8 - pan * 0.2 };
    long from = sample_at(at), count = sample_at(seconds + 0.5);
    for (long i = 0; i < count; i++) {
        double x = (double)i / RATE, sum = 0;
        double shape = fmin(1, x / 0.35) * fmin(1, (double)(count - i) / RATE / 0.5);
        for (int v = 0; v < 3; v++)
            sum += saw(&phases[v], hz_of(note + detune[v]) / RATE) / 3;
        double value = low_pass(&f, sum, bright_hz * (1 + 0.25 * sin(x * 2.1 + pan * 2)), 1.1, NULL) * shape * gain;
        put(&ducked, from + i, value, pan);
        put(&room, from + i, value * 0.45, -pan);
    }
}

static void play_pad(double at, double seconds, const struct chord *c, double gain, double bright_hz)
{
    static const double pans[4] = { -0.7, 0.35, -0.25, 0.7 };
    for (int v = 0; v < 4; v++)
        play_pad_voice(at, seconds, c->notes[v], gain, bright_hz, pans[v]);
}

static void play_pluck(double at, int note, double gain, double pan)
{
    struct filter f = { 0 };
    double one = 0, two = 0.4;
    long from = sample_at(at);
    for (long i = 0; i < RATE * 6 / 10; i++) {
        double x = (double)i / RATE, shape = fmin(1, i / 40.0) * exp(-x * 7.5);
        double wave = saw(&one, hz_of(note - 0.03) / RATE) + saw(&two, hz_of(note + 0.04) / RATE);
        double value = low_pass(&f, wave, 350 + 4200 * exp(-x * 16), 0.6, NULL) * shape * gain;
        put(&dry, from + i, value, pan);
        put(&echo, from + i, value * 0.4, -pan);
        put(&room, from + i, value * 0.25, pan);
    }
}

static void play_lead(double at, double seconds, int note, double gain)
{
    struct filter f = { 0 };
    double one = 0, two = 0.3;
    long from = sample_at(at), count = sample_at(seconds);
    for (long i = 0; i < count; i++) {
        double x = (double)i / RATE;
        double shape = fmin(1, x / 0.015) * fmin(1, (double)(count - i) / RATE / 0.06) * (0.7 + 0.3 * exp(-x * 4));
        double wobble = 0.12 * sin(2 * M_PI * 5.3 * x) * fmin(1, x / 0.4);
        double wave = saw(&one, hz_of(note + wobble) / RATE) - saw(&two, hz_of(note + wobble + 0.05) / RATE);
        double value = low_pass(&f, wave, 1500 + 1500 * exp(-x * 5), 0.8, NULL) * shape * gain;
        put(&dry, from + i, value, 0);
        put(&echo, from + i, value * 0.35, 0.3);
        put(&room, from + i, value * 0.35, 0);
    }
}

/* ---- playing the score -------------------------------------------------------------------- */

static void drums_of(int playing, double at, struct rng *r)
{
    for (int b = 0; b < 4; b++) {
        double here = at + b * beat_s;
        if (playing & KICK && (playing & BUSY || b % 2 == 0))
            play_kick(here, 0.62);
        if (playing & CLAP && b % 2 == 1)
            play_clap(here, 0.85, r);
        for (int half = 0; half < 2 && playing & HATS; half++)
            play_hat(here + half * beat_s / 2, half ? 0.11 : 0.16, 75, half ? 0.3 : 0.2, r);
        if (playing & OPEN)
            play_hat(here + beat_s / 2, 0.2, 16, -0.25, r);
    }
}

static void bass_of(int playing, double at, const struct chord *c)
{
    for (int eighth = 0; eighth < 8; eighth++) {
        bool octave = playing & BUSY && eighth % 2 == 1;
        if (playing & BUSY || eighth == 0 || eighth == 3 || eighth == 4 || eighth == 7)
            play_bass(at + eighth * beat_s / 2, beat_s * 0.46, c->bass + (octave ? 12 : 0), eighth % 4 ? 0.3 : 0.36);
    }
}

static void plucks_of(int bar, int playing, double at, const struct chord *c)
{
    static const int order[8] = { 0, 2, 3, 1, 2, 3, 1, 2 };
    bool quiet = !(playing & KICK);
    for (int i = 0; i < 8; i++) {
        if (quiet && i % 2 == 1 && bar % 2 == 0)
            continue;
        int note = c->notes[order[i]] + (i % 3 == 2 ? 24 : 12);
        play_pluck(at + i * beat_s / 2, note, quiet ? 0.13 : i % 2 ? 0.13 : 0.17, i % 2 ? 0.5 : -0.5);
    }
}

static void tune_of(int bar, double at)
{
    for (size_t i = 0; i < sizeof tune / sizeof *tune; i++)
        if (tune[i].bar == bar % 4)
            play_lead(at + tune[i].at * beat_s / 2, tune[i].length * beat_s / 2 * 0.92, tune[i].note, 0.2);
}

static void play_bar(int bar, struct rng *r)
{
    double at = bar * 4 * beat_s;
    int playing = parts[bar / 4][bar % 4];
    const struct chord *c = chord_of(bar);

    drums_of(playing, at, r);
    if (playing & BASS)
        bass_of(playing, at, c);
    if (playing & PAD)
        play_pad(at, 4 * beat_s, c, playing & BUSY ? 0.15 : 0.12, playing & BUSY ? 2600 : 700 + 250 * (bar % 4));
    if (playing & SOFT)
        play_pad(at, 4 * beat_s, c, 0.06, 650);
    if (playing & PLUCK)
        plucks_of(bar, playing, at, c);
    if (playing & LEAD)
        tune_of(bar, at);
}

static void play_score(void)
{
    struct rng r = rng_new(118);

    for (int bar = 0; bar < BARS; bar++)
        play_bar(bar, &r);
    for (int part = 2; part <= 4; part += 2) {
        double at = part * 16 * beat_s;
        play_riser(at - 4 * beat_s, 4 * beat_s, 0.16, &r);
        play_crash(at, 0.3, &r);
    }
    double end = BARS * 4 * beat_s;                    /* the last chord, left to ring */
    play_pad(end, 0.6, &c_major, 0.2, 900);
    play_pluck(end, 72, 0.14, -0.3);
    play_pluck(end, 76, 0.12, 0.3);
    play_bass(end, 0.9, 36, 0.3);
}

/* ---- echo, room, master ------------------------------------------------------------------- */

/* Three eighths later on the other side, softer and darker each time. */
static void run_echo(void)
{
    struct filter left = { 0 }, right = { 0 };
    long delay = sample_at(beat_s * 0.75);
    for (long i = delay; i < SAMPLES; i++) {
        double l = low_pass(&left, echo.right[i - delay], 2800, 1.2, NULL) * 0.55;
        double r = low_pass(&right, echo.left[i - delay], 2800, 1.2, NULL) * 0.55;
        echo.left[i] += (float)l;
        echo.right[i] += (float)r;
        dry.left[i] += (float)l;
        dry.right[i] += (float)r;
        room.left[i] += (float)(0.2 * l);
        room.right[i] += (float)(0.2 * r);
    }
}

enum { LINES = 8, LINE_MAX = 4096 };

/* Eight delay lines that feed each other, each a little damped: a hall of about two seconds. */
static void run_room(void)
{
    static const int lengths[LINES] = { 1493, 1777, 2011, 2273, 2647, 2969, 3299, 3631 };
    static double lines[LINES][LINE_MAX];
    double damped[LINES] = { 0 };

    for (long i = 0; i < SAMPLES; i++) {
        double out[LINES], sum = 0;
        for (int k = 0; k < LINES; k++) {
            double late = lines[k][(i + LINE_MAX - lengths[k]) % LINE_MAX];
            damped[k] += 0.55 * (late - damped[k]);
            out[k] = damped[k];
            sum += out[k];
        }
        for (int k = 0; k < LINES; k++)
            lines[k][i % LINE_MAX] = (k % 2 ? room.right[i] : room.left[i]) + 0.86 * (out[k] - sum * 2 / LINES);
        dry.left[i] += (float)(0.22 * (out[0] + out[2] - out[4] + out[6]));
        dry.right[i] += (float)(0.22 * (out[1] + out[3] - out[5] + out[7]));
    }
}

/* The kick pushes the chords and the bass down for a moment; a soft bend keeps the whole together. */
static void run_master(void)
{
    for (long i = 0; i < SAMPLES; i++) {
        double open = 1 - 0.7 * duck[i], end = fmin(1, (double)(SAMPLES - 1 - i) / (RATE / 2));
        dry.left[i]  = (float)(tanh(0.95 * (dry.left[i] + open * ducked.left[i])) * end);
        dry.right[i] = (float)(tanh(0.95 * (dry.right[i] + open * ducked.right[i])) * end);
    }
}

/* ---- the file ----------------------------------------------------------------------------- */

static void put_number(uint8_t *at, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* 24-bit PCM. */
static enum err write_wav(struct task *t, int fd)
{
    enum { DATA_BYTES = SAMPLES * 6 };
    uint8_t head[44] = "RIFF....WAVEfmt ....................data", *data = arena_alloc(t->arena, DATA_BYTES);

    put_number(head + 4, 36 + DATA_BYTES, 4);
    put_number(head + 16, 16, 4);
    put_number(head + 20, 1, 2);
    put_number(head + 22, 2, 2);
    put_number(head + 24, RATE, 4);
    put_number(head + 28, RATE * 6, 4);
    put_number(head + 32, 6, 2);
    put_number(head + 34, 24, 2);
    put_number(head + 40, DATA_BYTES, 4);
    for (long i = 0; i < SAMPLES; i++) {
        put_number(data + 6 * i, (uint32_t)lround(dry.left[i] * 8388607), 3);
        put_number(data + 6 * i + 3, (uint32_t)lround(dry.right[i] * 8388607), 3);
    }
    enum err e = file_write_all(t, fd, head, sizeof head);
    return e ? e : file_write_all(t, fd, data, DATA_BYTES);
}

static enum err write_m4a(struct task *t, int wav, int fd)
{
    struct track_request request = {
        .parts = &(struct track_part){ 0 }, .part_count = 1, .frame_count = FRAMES, .target_lufs = -14,
    };
    struct media_files files = { .in = &wav, .in_count = 1, .out = fd };
    struct track_info info;

    enum err e = media_op_track.run(t, &request, &files, &info);
    if (!e)
        printf("%.2f LUFS, %.2f dBTP\n", info.loudness_lufs, info.true_peak_dbtp);
    return e;
}

static enum err write_song(struct task *t, const char *path)
{
    scoped(fd) int out = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (out < 0)
        return fail_errno(t, errno, "write", path);
    if (text_ends(path, ".wav"))
        return write_wav(t, out);
    scoped(fd) int wav = memfd_create("song", MFD_CLOEXEC);
    enum err e = wav < 0 ? fail_errno(t, errno, "write", "the song") : write_wav(t, wav);
    return e ? e : write_m4a(t, wav, out);
}

int main(int argc, char **argv)
{
    struct task t;

    if (argc != 2) {
        fprintf(stderr, "usage: example_song FILE.wav|FILE.m4a\n");
        return 2;
    }
    task_init(&t, "example_song");
    play_score();
    run_echo();
    run_room();
    run_master();
    enum err e = write_song(&t, argv[1]);
    if (e)
        fprintf(stderr, "example_song: %s\n", t.fault.message);
    task_done(&t);
    return err_exit_code(e);
}
