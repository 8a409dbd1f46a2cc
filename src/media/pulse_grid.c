/*
 * One tempo for the whole song.
 *
 * The autocorrelation proposes periods; each is sharpened with the Fourier transform of the whole
 * song around it, where four minutes resolve a thousandth of a beat a minute; folding the song at
 * that period shows where in the beat the attacks fall. Of several periods that all fit (half,
 * double, two thirds) the one wins whose beats stand out most from chance, weighted by what people
 * would tap to.
 */
#include "media/pulse.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#include "media/song_listen.h"

enum {
    LAG_MIN        = FLUX_RATE_HZ * 60 / TEMPO_BPM_MAX,
    LAG_MAX        = FLUX_RATE_HZ * 60 / TEMPO_BPM_MIN,
    COMB_TEETH     = 4,
    CANDIDATES_MAX = 12,
    HARMONICS      = 4,
    COARSE         = 5,                /* the transform looks at 50 values a second */
    FOLD_MAX       = 2 * LAG_MAX,
};

/* ---- proposals ---------------------------------------------------------------------------- */

static void autocorrelate(const struct novelty *n, float *out, int lags)
{
    for (int lag = 0; lag < lags; lag++) {
        double sum = 0;
        for (size_t i = (size_t)lag; i < n->count; i += 4096) {
            float part = 0;
            size_t end = i + 4096 < n->count ? i + 4096 : n->count;
            for (size_t k = i; k < end; k++)
                part += n->at[k] * n->at[k - (size_t)lag];
            sum += part;
        }
        out[lag] = (float)(sum / (double)(n->count - (size_t)lag));
    }
}

/* Mean height at `lag` and its multiples; a multiple may be off by half a step for each of them. */
static double comb(const float *correlation, int lag)
{
    double sum = 0;
    for (int tooth = 1; tooth <= COMB_TEETH; tooth++) {
        float best = 0;
        int slack = (tooth + 1) / 2;
        for (int d = -slack; d <= slack; d++)
            best = fmaxf(best, correlation[tooth * lag + d]);
        sum += best;
    }
    return sum / COMB_TEETH;
}

struct proposal {
    double period, height;
};

static void proposal_insert(struct proposal *list, int *count, struct proposal p)
{
    int at = *count < CANDIDATES_MAX ? (*count)++ : CANDIDATES_MAX - 1;

    if (at == CANDIDATES_MAX - 1 && list[at].height > p.height)
        return;
    while (at > 0 && list[at - 1].height < p.height) {
        list[at] = list[at - 1];
        at--;
    }
    list[at] = p;
}

/* The tallest summits of the comb. */
static int propose(struct task *t, const struct novelty *n, struct proposal *out)
{
    enum { LAGS = COMB_TEETH * (LAG_MAX + 1) + COMB_TEETH };
    float *correlation = arena_array(t->arena, float, LAGS);
    double combs[LAG_MAX + 2] = { 0 };
    int count = 0;

    if (n->count < LAGS * 2) {                       /* a very short song: fewer teeth would lie */
        memset(correlation, 0, LAGS * sizeof *correlation);
        autocorrelate(n, correlation, n->count > 4 ? (int)fmin(LAGS, (double)n->count / 2) : 0);
    } else {
        autocorrelate(n, correlation, LAGS);
    }
    for (int lag = LAG_MIN - 1; lag <= LAG_MAX + 1; lag++)
        combs[lag] = comb(correlation, lag);
    for (int lag = LAG_MIN; lag <= LAG_MAX; lag++)
        if (combs[lag] > combs[lag - 1] && combs[lag] >= combs[lag + 1] && combs[lag] > 0)
            proposal_insert(out, &count, (struct proposal){ lag, combs[lag] });
    return count;
}

/* ---- sharpening --------------------------------------------------------------------------- */

static float *coarsen(struct task *t, const struct novelty *n, size_t *out_count)
{
    size_t count = n->count / COARSE;
    float *out = arena_array(t->arena, float, count + 1);
    for (size_t i = 0; i < count; i++)
        for (int k = 0; k < COARSE; k++)
            out[i] += n->at[i * COARSE + (size_t)k];
    *out_count = count;
    return out;
}

/* Length of the transform at `cycles` a coarse step. */
static double transform_at(const float *coarse, size_t count, double cycles)
{
    double complex turn = cexp(-2 * M_PI * I * cycles), arm = 1, sum = 0;

    for (size_t i = 0; i < count; i++) {
        sum += coarse[i] * arm;
        arm *= turn;
    }
    return cabs(sum);
}

static double harmonics_at(const float *coarse, size_t count, double frequency)
{
    double sum = 0;
    for (int h = 1; h <= HARMONICS; h++)
        if (h * frequency < 0.5)
            sum += transform_at(coarse, count, h * frequency);
    return sum;
}

/* The frequency near 1 / period where the whole song agrees, as a period in steps. */
static double sharpen(const float *coarse, size_t count, double period)
{
    double around = COARSE / period, step = 0.2 / (double)count / HARMONICS;
    double best = around, height = -1;

    /* A lag is known to a quarter of a step. */
    double reach = around * 0.35 / period;
    for (double f = around - reach; f <= around + reach; f += step) {
        double here = harmonics_at(coarse, count, f);
        if (here > height) {
            height = here;
            best   = f;
        }
    }
    double before = harmonics_at(coarse, count, best - step);
    double after  = harmonics_at(coarse, count, best + step);
    double bend   = before - 2 * height + after;
    /* not at the edge of what was searched */
    if (bend < 0 && before <= height && after <= height)
        best += step * 0.5 * (before - after) / bend;
    return COARSE / best;
}

/* ---- folding ------------------------------------------------------------------------------ */

/* Mean novelty at each of `bins` places in the beat, smoothed over about 12 ms. */
static void fold(const struct novelty *n, double period, float *out, int bins)
{
    float sums[FOLD_MAX] = { 0 }, weights[FOLD_MAX] = { 0 };
    double place = 0, stride = bins / period;

    for (size_t i = 0; i < n->count; i++) {
        int bin    = (int)place;
        float part = (float)(place - bin);
        int next   = bin + 1 < bins ? bin + 1 : 0;
        sums[bin] += n->at[i] * (1 - part);
        sums[next] += n->at[i] * part;
        weights[bin] += 1 - part;
        weights[next] += part;
        place += stride;
        if (place >= bins)
            place -= bins;
    }
    static const float kernel[5] = { 0.5f, 1, 1, 1, 0.5f };
    for (int b = 0; b < bins; b++) {
        float sum = 0, weight = 0;
        for (int k = -2; k <= 2; k++) {
            int from = (b + k + bins) % bins;
            sum += sums[from] * kernel[k + 2];
            weight += weights[from] * kernel[k + 2];
        }
        out[b] = weight > 0 ? sum / weight : 0;
    }
}

/* What people tap to: best near 110, and reluctantly outside 70..180. */
static double taste(double period)
{
    double bpm = 60.0 * FLUX_RATE_HZ / period;
    double octaves = log2(bpm / 110);
    double outside = bpm < 70 ? log2(70 / bpm) : bpm > 180 ? log2(bpm / 180) : 0;
    return exp(-0.25 * octaves * octaves - outside);
}

static double parabola_summit(float before, float here, float after)
{
    double bend = before - 2.0 * here + after;
    return bend < 0 ? 0.5 * (before - after) / bend : 0;
}

/*
 * Whether every second beat is there at all. A grid twice too fast finds nothing on every other
 * beat, and that is worth more than the arithmetic of chance gives it.
 */
static double evenness(const struct novelty *n, const struct grid *g)
{
    double sums[2] = { 0 };
    int side = 0;

    for (double at = g->phase; at < (double)n->count - 2; at += g->period, side ^= 1)
        for (int i = -1; i <= 1; i++)
            if (lround(at) + i >= 0)
                sums[side] += n->at[lround(at) + i];
    double less = fmin(sums[0], sums[1]), more = fmax(sums[0], sums[1]);
    return more > 0 ? 0.7 + 0.3 * fmin(1, 4 * less / more) : 1;
}

static struct grid grid_of(const struct novelty *n, double period)
{
    float row[FOLD_MAX] = { 0 };
    int bins = (int)lround(period), best = 0;

    if (bins < LAG_MIN / 2 || bins > FOLD_MAX)
        return (struct grid){ 0 };
    fold(n, period, row, bins);
    double mean = 0;
    for (int b = 0; b < bins; b++) {
        best = row[b] > row[best] ? b : best;
        mean += row[b] / bins;
    }
    double phase =
        best + parabola_summit(row[(best + bins - 1) % bins], row[best], row[(best + 1) % bins]);
    phase = fmod((phase + bins) * period / bins, period);
    /* The novelty has mean square 1; smoothing over four steps leaves chance a quarter of that. */
    double beats = (double)n->count / period;
    return (struct grid){ period, phase, (row[best] - mean) * sqrt(beats) * 2 };
}

/* ---- the last millisecond ----------------------------------------------------------------- */

/* A line through many points, each with a weight. */
struct line_fit {
    double weight, x, y, xx, xy;
};

static void line_add(struct line_fit *f, double x, double y, double weight)
{
    f->weight += weight;
    f->x += weight * x;
    f->y += weight * y;
    f->xx += weight * x * x;
    f->xy += weight * x * y;
}

/* How far the attack near `at` lies from it, in steps; its weight is 0 where there is none. */
static double attack_offset(const struct novelty *n, double at, double *out_weight)
{
    long here = lround(at), best = here;

    *out_weight = 0;
    if (here < 6 || here + 6 >= (long)n->count)
        return 0;
    for (long i = here - 4; i <= here + 4; i++)
        best = n->at[i] > n->at[best] ? i : best;
    if (n->at[best] < 2)
        return 0;
    *out_weight = n->at[best];
    return (double)best + parabola_summit(n->at[best - 1], n->at[best], n->at[best + 1]) - at;
}

/* The attacks themselves have the last word: a straight line through their distances from the
 * grid. */
static void grid_polish(const struct novelty *n, struct grid *g)
{
    struct line_fit f = { 0 };
    double beat = 0;

    for (double at = g->phase; at < (double)n->count; at += g->period, beat++) {
        double weight, offset = attack_offset(n, at, &weight);
        line_add(&f, beat, offset, weight);
    }
    double spread = f.weight * f.xx - f.x * f.x;
    if (f.weight < 16 || spread <= 0)
        return;
    double slope = (f.weight * f.xy - f.x * f.y) / spread;
    double start = (f.y - slope * f.x) / f.weight;
    g->period += slope;
    g->phase = fmod(g->phase + start + g->period, g->period);
}

struct grid grid_fit(struct task *t, const struct novelty *n)
{
    struct proposal proposals[CANDIDATES_MAX];
    struct grid best = { 0 };
    double best_score = 0;
    size_t coarse_count;
    float *coarse = coarsen(t, n, &coarse_count);
    int count = propose(t, n, proposals);

    for (int i = 0; i < count; i++) {
        struct grid g = grid_of(n, sharpen(coarse, coarse_count, proposals[i].period));
        double score  = g.period > 0 ? g.z * taste(g.period) * evenness(n, &g) : 0;
        if (score > best_score) {
            best       = g;
            best_score = score;
        }
    }
    for (int round = 0; best.period > 0 && round < 2; round++)
        grid_polish(n, &best);
    return best;
}
