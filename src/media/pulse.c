/* The decision: is there a pulse, and is it one grid or does it have to be followed? */
#include "media/pulse.h"

#include <math.h>
#include <string.h>

#include "media/song_listen.h"

enum {
    MEAN_STEPS   = FLUX_RATE_HZ,         /* the running mean a beginning must rise above */
    WINDOW_BEATS = 16,
    NEAR_STEPS   = 3,                    /* 12 ms: what counts as on the beat */
};

/* Music scores 15 and more, noise and pads below 6; chosen between, on the material of the
 * tests. */
static const double z_least = 8;

/* Below it a grid would be a guess, and even steps are the honest answer. */
static const double confidence_least = 0.35;

struct novelty novelty_from_flux(struct task *t, const float *flux, size_t count)
{
    struct novelty n = { arena_array(t->arena, float, count + 1), count };
    double sum = 0, square = 0;
    size_t half = MEAN_STEPS / 2;

    for (size_t i = 0; i < count && i < half; i++)
        sum += flux[i];
    for (size_t i = 0; i < count; i++) {
        size_t first = i > half ? i - half : 0, last = i + half < count ? i + half : count;
        if (i + half < count)
            sum += flux[i + half];
        if (i > half)
            sum -= flux[i - half - 1];
        n.at[i] = fmaxf(flux[i] - (float)(sum / (double)(last - first)), 0);
        square += n.at[i] * n.at[i];
    }
    float rms = (float)sqrt(square / (double)(count + 1));
    for (size_t i = 0; rms > 0 && i < count; i++)
        n.at[i] = fminf(n.at[i] / rms, 8);
    return n;
}

static float near_beat(const struct novelty *n, double beat)
{
    float best = 0;
    long at = lround(beat);
    for (long i = at - NEAR_STEPS; i <= at + NEAR_STEPS; i++)
        if (i >= 0 && i < (long)n->count)
            best = fmaxf(best, n->at[i]);
    return best;
}

/* What near_beat() gives at places chosen blindly. */
static double near_anywhere(const struct novelty *n)
{
    double sum = 0;
    size_t places = 0;
    for (size_t i = 0; i < n->count; i += 2 * NEAR_STEPS + 1, places++)
        sum += near_beat(n, (double)i);
    return places ? sum / (double)places : 0;
}

double pulse_fit(const struct novelty *n, const double *beats, size_t count)
{
    double sum = 0, chance = near_anywhere(n);
    for (size_t i = 0; i < count; i++)
        sum += near_beat(n, beats[i]);
    return count && chance > 0 ? sum / (double)count / chance : 0;
}

/* ---- does the grid stand? ----------------------------------------------------------------- */

static double window_sum(const struct novelty *n, const struct grid *g, size_t first, double shift)
{
    double sum = 0;
    for (int k = 0; k < WINDOW_BEATS; k++)
        sum += near_beat(n, g->phase + shift + (double)(first + (size_t)k) * g->period);
    return sum;
}

/* How far the beats of one window lie from the grid, in steps; *out_weight is how clearly they
 * do. */
static double window_shift(const struct novelty *n, const struct grid *g, size_t first,
                           double *out_weight)
{
    double best = 0, best_sum = window_sum(n, g, first, 0), mean = 0;
    int reach = (int)(g->period / 4), tried = 0;

    for (int shift = -reach; shift <= reach; shift += 2, tried++) {
        double sum = window_sum(n, g, first, shift);
        mean += sum;
        if (sum > best_sum * 1.05) {
            best_sum = sum;
            best     = shift;
        }
    }
    mean /= tried ? tried : 1;
    *out_weight = fmax(best_sum - 1.5 * mean, 0);
    return best;
}

/* The share of the song, weighted by how clear its beats are, that lies within 20 ms of the
 * grid. */
static double grid_stands(const struct novelty *n, const struct grid *g)
{
    double on = 0, all = 0;
    size_t beats = (size_t)(((double)n->count - g->phase) / g->period);

    for (size_t first = 0; first + WINDOW_BEATS <= beats; first += WINDOW_BEATS / 2) {
        double weight, shift = window_shift(n, g, first, &weight);
        all += weight;
        on += fabs(shift) <= 5 ? weight : 0;
    }
    return all > 0 ? on / all : beats < WINDOW_BEATS ? 1 : 0;
}

static void grid_beats(struct task *t, const struct novelty *n, const struct grid *g,
                       struct pulse *p)
{
    size_t most = (size_t)((double)n->count / g->period) + 2;

    /* A song that begins on the beat may be heard to begin a hair before it. */
    double first = g->phase > g->period - NEAR_STEPS ? g->phase - g->period : g->phase;

    p->beats = arena_array(t->arena, double, most);
    for (double at = first; at < (double)n->count; at += g->period)
        p->beats[p->beat_count++] = at;
    p->period = g->period;
    p->steady = true;
}

/* 0 at chance, 1 where the beats stand out as they do in music with drums. */
static double clarity(double fit)
{
    return fmin(fmax((fit - 1) / 3, 0), 1);
}

/* The share of beats where something can be heard to begin. */
static double beats_heard(const struct novelty *n, const double *beats, size_t count)
{
    double chance = near_anywhere(n);
    size_t heard = 0;
    for (size_t i = 0; i < count; i++)
        heard += near_beat(n, beats[i]) > 1.5 * chance;
    return count ? (double)heard / (double)count : 0;
}

static bool try_grid(struct task *t, const struct novelty *n, const struct grid *g,
                     struct pulse *out)
{
    if (g->z < z_least)
        return false;
    double stands = grid_stands(n, g);
    if (stands < 0.7)
        return false;
    grid_beats(t, n, g, out);
    /* Chords that swell every so often repeat too, but leave most beats empty. */
    double heard = fmin(1, 2 * beats_heard(n, out->beats, out->beat_count));
    out->confidence = stands * heard * clarity(pulse_fit(n, out->beats, out->beat_count));
    return out->confidence >= confidence_least;
}

/* ---- or is it followed? ------------------------------------------------------------------- */

static bool try_follow(struct task *t, const struct novelty *n, double period, struct pulse *out)
{
    double *beats;
    size_t count;

    *out = (struct pulse){ 0 };
    pulse_follow(t, n, period, &beats, &count);
    double fit = pulse_fit(n, beats, count), heard = beats_heard(n, beats, count);
    if (count < 8 || fit < 2.5 || heard < 0.5)
        return false;
    *out = (struct pulse){
        .beats = beats,
        .beat_count = count,
        .confidence = heard * clarity(fit),
    };
    out->period = (beats[count - 1] - beats[0]) / (double)(count - 1);
    return true;
}

void pulse_find(struct task *t, const float *flux, size_t count, struct pulse *out)
{
    struct novelty n = novelty_from_flux(t, flux, count);
    struct grid g = grid_fit(t, &n);

    *out = (struct pulse){ 0 };
    if (g.period > 0 && !try_grid(t, &n, &g, out) && !try_follow(t, &n, g.period, out))
        *out = (struct pulse){ 0 };
}
