/*
 * The flux answers "did something begin here?". Each 4 ms the power of nineteen bands is taken over
 * a 10.7 ms window, compressed to its fourth root (so that a hat counts beside a kick, and a quiet
 * song gives the same row as a loud one, only smaller), and the rises of all bands are added with
 * weights that give the kick's octaves as much say as everything above the voice together.
 */
#include "media/song_listen.h"

#include <math.h>
#include <string.h>

#include "media/loudness_meter.h"
#include "media/media.h"
#include "media/spectrum.h"

enum {
    FLUX_WINDOW  = 512,
    FLUX_BANDS   = 19,
    TONE_WINDOW  = 8192,
    GRAINS_MAX   = 1 << 20,
    RING_SAMPLES = TONE_WINDOW * 4,      /* mono history: the longest window and a block of slack */
};

/* Upper bin of each band, exclusive; a bin is 93.75 Hz wide. */
static const int flux_edges[FLUX_BANDS + 1] = { 0,  1,  2,  3,  4,  5,  6,  8,   10,  12,
                                                15, 19, 24, 30, 38, 48, 64, 90, 120, 170 };
enum { FLUX_LOW_BANDS = 3 };

struct song_listener {
    struct task     *t;
    struct spectrum *flux_spectrum, *tone_spectrum;
    ebur128_state   *meter;
    float           *mono;               /* the last samples, oldest first */
    size_t           mono_count;
    int64_t          mono_start;         /* which sample mono[0] is */
    float            roots[FLUX_BANDS];  /* of the step before */
    int              tone_class[TONE_WINDOW / 2];     /* -1: outside the five octaves */
    int              tone_band[TONE_WINDOW / 2];
    double           power_sum;
    int              power_count;
    size_t           power_done, power_capacity;
    size_t           flux_capacity, flux_low_capacity, flux_low_count, tone_capacity;
    float           *bins;               /* scratch for one spectrum */
    struct song_features features;
};

/* ---- the outline -------------------------------------------------------------------------- */

void peak_row_init(struct task *t, struct peak_row *row)
{
    *row = (struct peak_row){
        .grains = arena_array(t->arena, float, GRAINS_MAX),
        .grain_samples = 1,
    };
}

/* Written without fmaxf(), which would be a call for every sample. */
static float peak_of(const float *samples, int64_t count, float height)
{
    for (int64_t i = 0; i < count; i++) {
        float size = fabsf(samples[i]);
        height = size > height ? size : height;
    }
    return height;
}

static void peak_row_halve(struct peak_row *row)
{
    for (size_t i = 0; i < row->grain_count / 2; i++)
        row->grains[i] = peak_of(&row->grains[2 * i], 2, 0);
    row->grain_count /= 2;
    row->grain_samples *= 2;
}

void peak_row_add(struct peak_row *row, const float *stereo, int count)
{
    while (count > 0) {
        if (row->filled == 0) {
            if (row->grain_count == GRAINS_MAX)
                peak_row_halve(row);
            row->grains[row->grain_count++] = 0;
        }
        int64_t room = row->grain_samples - row->filled;
        int some     = room < count ? (int)room : count;
        float *open  = &row->grains[row->grain_count - 1];
        *open = peak_of(stereo, 2 * some, *open);
        row->filled = some == room ? 0 : row->filled + some;
        stereo += 2 * some;
        count -= some;
    }
}

static float peak_between(const struct peak_row *row, size_t first, size_t last)
{
    size_t end = last < row->grain_count ? last : row->grain_count;
    return first < end ? fminf(peak_of(&row->grains[first], (int64_t)(end - first), 0), 1) : 0;
}

void peak_row_read(const struct peak_row *row, int64_t bins, double *out_peaks)
{
    int64_t open = row->filled ? row->filled : row->grain_samples;
    int64_t samples =
        row->grain_count ? (int64_t)(row->grain_count - 1) * row->grain_samples + open : 0;

    for (int64_t i = 0; i < bins; i++) {
        int64_t first = samples * i / bins / row->grain_samples;
        int64_t past  = samples * (i + 1) / bins;
        int64_t last  = (past + row->grain_samples - 1) / row->grain_samples;
        out_peaks[i]  = peak_between(row, (size_t)first, (size_t)(last > first ? last : first + 1));
    }
}

/* ---- the tone ----------------------------------------------------------------------------- */

static int band_of(double hz)
{
    static const double edges_hz[TONE_BANDS - 1] = { 120, 400, 1200, 3500, 8000 };
    int band = 0;
    while (band < TONE_BANDS - 1 && hz >= edges_hz[band])
        band++;
    return band;
}

static void tone_tables(struct song_listener *l)
{
    for (int k = 0; k < TONE_WINDOW / 2; k++) {
        double hz = (double)k * SOUND_RATE_HZ / TONE_WINDOW;
        bool pitched = hz >= 65 && hz < 2100;              /* C2 to C7 */
        int semitone = pitched ? (int)lround(12 * log2(hz / 440)) : 0;      /* from A4 */
        l->tone_class[k] = pitched ? ((semitone + 9) % 12 + 12) % 12 : -1;
        l->tone_band[k]  = band_of(hz);
    }
}

static void tone_measure(struct song_listener *l, const float *window)
{
    struct tone tone = { 0 };

    spectrum_power(l->tone_spectrum, window, l->bins);
    for (int k = 1; k < TONE_WINDOW / 2; k++) {
        tone.bands[l->tone_band[k]] += l->bins[k];
        if (l->tone_class[k] >= 0)
            tone.classes[l->tone_class[k]] += sqrtf(l->bins[k]);
    }
    struct song_features *f = &l->features;
    array_push(l->t->arena, f->tones, f->tone_count, l->tone_capacity, tone);
}

/* ---- the flux ----------------------------------------------------------------------------- */

static float flux_weight(int band)
{
    return band < FLUX_LOW_BANDS ? 3.0f : band < 9 ? 1.0f : 0.8f;
}

static void flux_measure(struct song_listener *l, const float *window)
{
    struct song_features *f = &l->features;
    float all = 0, low = 0;

    spectrum_power(l->flux_spectrum, window, l->bins);
    for (int b = 0; b < FLUX_BANDS; b++) {
        float power = 0;
        for (int k = flux_edges[b]; k < flux_edges[b + 1]; k++)
            power += l->bins[k];
        float root = sqrtf(sqrtf(power));
        float rise = root > l->roots[b] ? root - l->roots[b] : 0;
        l->roots[b] = root;
        all += rise * flux_weight(b);
        low += b < FLUX_LOW_BANDS ? rise : 0;
    }
    array_push(l->t->arena, f->flux, f->step_count, l->flux_capacity, all);
    array_push(l->t->arena, f->flux_low, l->flux_low_count, l->flux_low_capacity, low);
}

static float square_sum(const float *samples, int count)
{
    float sum = 0;
    for (int i = 0; i < count; i++)
        sum += samples[i] * samples[i];
    return sum;
}

static void power_measure(struct song_listener *l, const float *stereo, int count)
{
    while (count > 0) {
        int room = FLUX_HOP_SAMPLES - l->power_count;
        int some = room < count ? room : count;
        l->power_sum += square_sum(stereo, 2 * some);
        l->power_count += some;
        stereo += 2 * some;
        count -= some;
        if (l->power_count < FLUX_HOP_SAMPLES)
            break;
        float mean = (float)(l->power_sum / (2 * FLUX_HOP_SAMPLES));
        array_push(l->t->arena, l->features.power, l->power_done, l->power_capacity, mean);
        l->power_sum   = 0;
        l->power_count = 0;
    }
}

/* ---- the pass ----------------------------------------------------------------------------- */

enum err song_listener_new(struct task *t, struct song_listener **out)
{
    scoped(song_listener) struct song_listener *l = arena_one(t->arena, struct song_listener);

    l->t    = t;
    l->mono = arena_array(t->arena, float, RING_SAMPLES);
    l->bins = arena_array(t->arena, float, TONE_WINDOW);
    /* Windows are centred on their step: half a window of silence lies before the song. */
    l->mono_count = FLUX_WINDOW / 2;
    l->mono_start = -(FLUX_WINDOW / 2);
    peak_row_init(t, &l->features.peaks);
    tone_tables(l);
    enum err e = spectrum_new(t, FLUX_WINDOW, &l->flux_spectrum);
    if (e)
        return e;
    e = spectrum_new(t, TONE_WINDOW, &l->tone_spectrum);
    if (e)
        return e;
    l->meter = ebur128_init(2, SOUND_RATE_HZ, EBUR128_MODE_I);
    if (!l->meter)
        return fail(t, ERR_INTERNAL, "no loudness meter");
    *out = take(l);
    return OK;
}

void song_listener_free(struct song_listener *l)
{
    if (!l)
        return;
    spectrum_free(l->flux_spectrum);
    spectrum_free(l->tone_spectrum);
    meter_scoped(&l->meter);
}

static const float *mono_at(const struct song_listener *l, int64_t sample)
{
    return l->mono + (sample - l->mono_start);
}

/* Every window that is complete, in order; then drop what no window will want again. */
static void windows_measure(struct song_listener *l)
{
    struct song_features *f = &l->features;
    int64_t known = l->mono_start + (int64_t)l->mono_count;

    for (;;) {
        int64_t from = (int64_t)f->step_count * FLUX_HOP_SAMPLES - FLUX_WINDOW / 2;
        if (from + FLUX_WINDOW > known)
            break;
        flux_measure(l, mono_at(l, from));
    }
    while ((int64_t)f->tone_count * TONE_HOP_SAMPLES + TONE_WINDOW <= known)
        tone_measure(l, mono_at(l, (int64_t)f->tone_count * TONE_HOP_SAMPLES));

    int64_t keep = (int64_t)f->tone_count * TONE_HOP_SAMPLES;
    int64_t flux_from = (int64_t)f->step_count * FLUX_HOP_SAMPLES - FLUX_WINDOW / 2;
    keep = keep < flux_from ? keep : flux_from;
    size_t drop = (size_t)(keep > l->mono_start ? keep - l->mono_start : 0);
    memmove(l->mono, l->mono + drop, (l->mono_count - drop) * sizeof *l->mono);
    l->mono_count -= drop;
    l->mono_start += (int64_t)drop;
}

void song_listen(struct song_listener *l, const float *stereo, int count)
{
    ebur128_add_frames_float(l->meter, stereo, (size_t)count);
    peak_row_add(&l->features.peaks, stereo, count);
    power_measure(l, stereo, count);
    l->features.sample_count += count;
    while (count > 0) {
        int room = (int)(RING_SAMPLES - l->mono_count);
        int some = count < room ? count : room;
        for (int i = 0; i < some; i++)
            l->mono[l->mono_count + (size_t)i] = 0.5f * (stereo[2 * i] + stereo[2 * i + 1]);
        l->mono_count += (size_t)some;
        stereo += 2 * some;
        count -= some;
        windows_measure(l);
    }
}

enum err song_listener_end(struct song_listener *l, struct song_features *out)
{
    static const float silence[2 * TONE_WINDOW];
    struct song_features *f = &l->features;
    int64_t samples = f->sample_count;

    /* The outline and the loudness are of the song alone; the windows want some silence after
     * it. */
    double loudness = meter_lufs(l->meter);
    struct peak_row peaks = f->peaks;
    float *grains = arena_array(l->t->arena, float, 1);
    f->peaks = (struct peak_row){ .grains = grains, .grain_samples = INT64_MAX };
    song_listen(l, silence, TONE_WINDOW);
    f->peaks         = peaks;
    f->sample_count  = samples;
    f->loudness_lufs = loudness;

    size_t steps = (size_t)(samples / FLUX_HOP_SAMPLES);
    size_t tones = (size_t)((samples + TONE_HOP_SAMPLES - 1) / TONE_HOP_SAMPLES);
    f->step_count = steps < f->step_count ? steps : f->step_count;
    f->tone_count = tones < f->tone_count ? tones : f->tone_count;
    for (size_t i = 0; i < peaks.grain_count; i++)
        f->loudest = fmax(f->loudest, peaks.grains[i]);
    *out = *f;
    return OK;
}
