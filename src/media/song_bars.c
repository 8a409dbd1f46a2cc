/* What each beat sounds like, and which beats are the first of a bar. */
#include "media/song_form.h"

#include <math.h>

enum { NEAR_STEPS = 5 };

/* ---- beats -------------------------------------------------------------------------------- */

static double largest_near(const float *row, size_t count, double step)
{
    double best = 0;
    long at = lround(step);
    for (long i = at - NEAR_STEPS; i <= at + NEAR_STEPS; i++)
        if (i >= 0 && i < (long)count && row[i] > best)
            best = row[i];
    return best;
}

static double mean_between(const float *row, size_t count, double from, double to)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = from > 0 ? (size_t)from : 0; i < count && (double)i < to; i++, n++)
        sum += row[i];
    return n ? sum / (double)n : 0;
}

/* The tones whose window has its middle between two steps; always at least the nearest one. */
static void tones_between(const struct song_features *f, double from, double to,
                          struct beat_sound *out)
{
    const double per_step = (double)FLUX_HOP_SAMPLES / TONE_HOP_SAMPLES;
    double sum = 0;

    if (f->tone_count == 0)
        return;
    long first = lround(from * per_step - 0.5), last = lround(to * per_step - 0.5);
    first = first < 0 ? 0 : first < (long)f->tone_count ? first : (long)f->tone_count - 1;
    last  = last > first ? last : first + 1;
    for (long i = first; i < last && i < (long)f->tone_count; i++) {
        for (int b = 0; b < TONE_BANDS; b++)
            /* power, for now */
            out->bands_db[b] += f->tones[i].bands[b] / (double)(last - first);
        for (int c = 0; c < TONE_CLASSES; c++) {
            out->classes[c] += f->tones[i].classes[c];
            sum += f->tones[i].classes[c];
        }
    }
    for (int c = 0; c < TONE_CLASSES && sum > 0; c++)
        out->classes[c] /= sum;
}

static void bands_to_db(struct beat_sound *sounds, size_t count)
{
    double loudest = 1e-12;

    for (size_t i = 0; i < count; i++)
        for (int b = 0; b < TONE_BANDS; b++)
            loudest = fmax(loudest, sounds[i].bands_db[b]);
    for (size_t i = 0; i < count; i++)
        for (int b = 0; b < TONE_BANDS; b++)
            sounds[i].bands_db[b] = 10 * log10(fmax(sounds[i].bands_db[b], loudest * 1e-4));
}

struct beat_sound *beat_sounds(struct task *t, const struct song_features *f, const double *beats,
                               size_t count)
{
    struct beat_sound *sounds = arena_array(t->arena, struct beat_sound, count + 1);

    for (size_t i = 0; i < count; i++) {
        double from = beats[i], to = i + 1 < count ? beats[i + 1] : (double)f->step_count;
        sounds[i].onset     = largest_near(f->flux, f->step_count, from);
        sounds[i].low_onset = largest_near(f->flux_low, f->step_count, from);
        sounds[i].density   = mean_between(f->flux, f->step_count, from, to);
        sounds[i].power     = mean_between(f->power, f->step_count, from, to);
        tones_between(f, from, to, &sounds[i]);
    }
    bands_to_db(sounds, count);
    return sounds;
}

double *beat_energies(struct task *t, const struct beat_sound *sounds, size_t count)
{
    enum { REACH = 2 };
    static const double range_db = 24;
    double *out = arena_array(t->arena, double, count + 1);
    double loudest = 1e-12, densest = 1e-12, fullest = 1e-12;

    for (size_t i = 0; i < count; i++) {
        loudest = fmax(loudest, sounds[i].power);
        densest = fmax(densest, sounds[i].density);
    }
    for (size_t i = 0; i < count; i++) {
        size_t first = i > REACH ? i - REACH : 0, last = i + REACH < count ? i + REACH : count - 1;
        double power = 0, density = 0, n = (double)(last - first + 1);
        for (size_t k = first; k <= last; k++) {
            power += sounds[k].power / n;
            density += sounds[k].density / n;
        }
        double loud = fmax(0, 1 + 10 * log10(fmax(power / loudest, 1e-9)) / range_db);
        out[i]  = 0.75 * loud + 0.25 * density / densest;
        fullest = fmax(fullest, out[i]);
    }
    for (size_t i = 0; i < count; i++)
        out[i] /= fullest;
    return out;
}

/* ---- bars --------------------------------------------------------------------------------- */

/* How different the two beats from `i` on sound from the two before: harmony, then instruments. */
static double harmony_change(const struct beat_sound *s, size_t i)
{
    double change = 0;
    for (int c = 0; c < TONE_CLASSES; c++)
        change +=
            fabs(s[i].classes[c] + s[i + 1].classes[c] - s[i - 1].classes[c] - s[i - 2].classes[c]);
    return change;
}

static double band_change(const struct beat_sound *s, size_t i)
{
    double change = 0;
    for (int b = 0; b < TONE_BANDS; b++)
        change += fmax(0, s[i].bands_db[b] + s[i + 1].bands_db[b] - s[i - 1].bands_db[b] -
                              s[i - 2].bands_db[b]);
    return change;
}

static double kick(const struct beat_sound *s, size_t i)
{
    return s[i].low_onset;
}

/* Add to each place in the bar how much more of `sign` there is at it than elsewhere, in standard
 * deviations. */
static void places_add(const struct beat_sound *s, size_t count, size_t bar_beats, double weight,
                       double (*sign)(const struct beat_sound *, size_t), double *places)
{
    double sums[8] = { 0 }, ns[8] = { 0 }, sum = 0, square = 0, n = 0;

    for (size_t i = 2; i + 2 < count; i++) {
        double v = sign(s, i);
        sums[i % bar_beats] += v;
        ns[i % bar_beats]++;
        sum += v;
        square += v * v;
        n++;
    }
    double mean = n > 0 ? sum / n : 0, spread = n > 0 ? sqrt(fmax(square / n - mean * mean, 0)) : 0;
    for (size_t p = 0; p < bar_beats && spread > 0; p++)
        places[p] += ns[p] > 0 ? weight * (sums[p] / ns[p] - mean) / spread : 0;
}

size_t bar_first_beat(const struct beat_sound *sounds, size_t count, size_t bar_beats)
{
    double places[8] = { 0 };
    size_t best = 0;

    places_add(sounds, count, bar_beats, 1.0, kick, places);
    places_add(sounds, count, bar_beats, 1.5, harmony_change, places);
    places_add(sounds, count, bar_beats, 1.0, band_change, places);
    for (size_t p = 1; p < bar_beats; p++)
        if (places[p] > places[best])
            best = p;
    return best;
}
