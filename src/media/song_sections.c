/*
 * Sections: where four bars sound unlike the four before.
 *
 * A bar is a point (six bands in steps of 6 dB, twelve pitch classes, how much goes on). At each
 * bar line the distance between the bars before and the bars after, less the distances among
 * themselves, is the novelty: what a checkerboard kernel sees on the diagonal of a self-similarity
 * matrix. A chord progression that repeats is far from itself inside, so that only a change of the
 * whole shows. The summits become boundaries, multiples of four bars first; labels come from energy
 * and from what returns.
 * Source  J. Foote, "Automatic Audio Segmentation Using a Measure of Audio Novelty", ICME 2000.
 */
#include "media/song_form.h"

#include <math.h>

#include "base/limits.h"

enum {
    BAR_FEATURES = TONE_BANDS + TONE_CLASSES + 1,
    REACH_BARS   = 4,
    LENGTH_MIN   = 4,
};

struct bar {
    double at[BAR_FEATURES];
};

struct form {
    struct bar *bars;
    double     *energies;             /* of bars */
    double     *novelty;
    size_t      count;
};

/* ---- bars as points ----------------------------------------------------------------------- */

static struct bar bar_of(const struct beat_sound *s, size_t beats, double densest)
{
    struct bar bar = { 0 };
    for (size_t i = 0; i < beats; i++) {
        for (int b = 0; b < TONE_BANDS; b++)
            bar.at[b] += s[i].bands_db[b] / 6 / (double)beats;
        for (int c = 0; c < TONE_CLASSES; c++)
            bar.at[TONE_BANDS + c] += 4 * s[i].classes[c] / (double)beats;
        bar.at[BAR_FEATURES - 1] += 4 * s[i].density / densest / (double)beats;
    }
    return bar;
}

static struct form bars_of(struct task *t, const struct beat_sound *s, const double *energies,
                           size_t count, size_t first, size_t bar_beats)
{
    size_t bars = count > first ? (count - first + bar_beats - 1) / bar_beats : 1;
    struct form f = { arena_array(t->arena, struct bar, bars), arena_array(t->arena, double, bars),
                      arena_array(t->arena, double, bars), bars };
    double densest = 1e-12;

    for (size_t i = 0; i < count; i++)
        densest = fmax(densest, s[i].density);
    for (size_t b = 0; b < bars; b++) {
        size_t from = first + b * bar_beats;
        from = from < count ? from : count - 1;
        size_t beats = from + bar_beats < count ? bar_beats : count - from;
        f.bars[b] = bar_of(s + from, beats, densest);
        for (size_t i = from; i < from + beats; i++)
            f.energies[b] += energies[i] / (double)beats;
    }
    return f;
}

static double distance(const struct bar *a, const struct bar *b)
{
    double sum = 0;
    for (int i = 0; i < BAR_FEATURES; i++)
        sum += (a->at[i] - b->at[i]) * (a->at[i] - b->at[i]);
    return sqrt(sum);
}

/* Mean distance between two runs of bars; of a run to itself, without the zeros of the diagonal. */
static double run_distance(const struct form *f, size_t a, size_t a_count, size_t b, size_t b_count)
{
    double sum = 0;
    size_t pairs = 0;
    for (size_t i = a; i < a + a_count; i++)
        for (size_t k = b; k < b + b_count; k++) {
            sum += distance(&f->bars[i], &f->bars[k]);
            pairs += i != k;
        }
    return pairs ? sum / (double)pairs : 0;
}

/* ---- boundaries --------------------------------------------------------------------------- */

static void novelty_fill(struct form *f)
{
    for (size_t b = 1; b < f->count; b++) {
        size_t before = b < REACH_BARS ? b : REACH_BARS;
        size_t after  = f->count - b < REACH_BARS ? f->count - b : REACH_BARS;
        double across = run_distance(f, b - before, before, b, after);
        double within = run_distance(f, b - before, before, b - before, before) +
                        run_distance(f, b, after, b, after);
        f->novelty[b] = fmax(0, across - within / 2);
    }
}

/* Songs are written in fours: a boundary that keeps the count is preferred to its neighbour. */
static double boundary_worth(const struct form *f, const bool *cut, size_t b)
{
    size_t last = 0;
    for (size_t i = 0; i < b; i++)
        last = cut[i] ? i : last;
    return f->novelty[b] * ((b - last) % 4 == 0 ? 1.25 : (b - last) % 2 == 0 ? 1.0 : 0.8);
}

static bool room_for(const struct form *f, const bool *cut, size_t b)
{
    if (b < LENGTH_MIN || b + LENGTH_MIN > f->count)
        return false;
    for (size_t i = b - LENGTH_MIN + 1; i < b + LENGTH_MIN && i < f->count; i++)
        if (cut[i])
            return false;
    return true;
}

/* Cut at the tallest novelty that has room, again and again, while it is worth it. */
static size_t boundaries(struct task *t, const struct form *f, bool **out_cut)
{
    static const double least = 0.6;
    bool *cut = arena_array(t->arena, bool, f->count + 1);
    size_t sections = 1;
    double tallest = 0;

    cut[0] = true;
    for (size_t b = 1; b < f->count; b++)
        tallest = fmax(tallest, f->novelty[b]);
    while (sections < SECTIONS_MAX) {
        size_t best = 0;
        double worth = fmax(least, 0.15 * tallest);
        for (size_t b = 1; b < f->count; b++) {
            double here = room_for(f, cut, b) ? boundary_worth(f, cut, b) : 0;
            if (here > worth) {
                worth = here;
                best  = b;
            }
        }
        if (best == 0)
            break;
        cut[best] = true;
        sections++;
    }
    *out_cut = cut;
    return sections;
}

/* ---- labels ------------------------------------------------------------------------------- */

struct portrait {
    struct bar mean;
    double     energy;
    int        returns;                /* how many other sections sound like it */
};

static struct portrait portrait_of(const struct form *f, const struct form_section *s)
{
    struct portrait p = { 0 };
    for (size_t b = s->first_bar; b < s->first_bar + s->bar_count; b++) {
        for (int i = 0; i < BAR_FEATURES; i++)
            p.mean.at[i] += f->bars[b].at[i] / (double)s->bar_count;
        p.energy += f->energies[b] / (double)s->bar_count;
    }
    return p;
}

static bool alike(const struct portrait *a, const struct portrait *b)
{
    return distance(&a->mean, &b->mean) < 1.0;
}

/* The fullest section; one that comes back is preferred to one a little fuller that does not. */
static size_t chorus_of(const struct portrait *p, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        if (p[i].energy + 0.08 * (p[i].returns > 0) >
            p[best].energy + 0.08 * (p[best].returns > 0) + 1e-9)
            best = i;
    return best;
}

static const char *label_of(const struct portrait *p, size_t count, size_t i, size_t chorus)
{
    bool full  = alike(&p[i], &p[chorus]) || p[i].energy > 0.97 * p[chorus].energy;
    bool quiet = p[i].energy < 0.85 * p[chorus].energy;

    if (count == 1)
        return "verse";
    if (i == 0 && !full && p[i].energy < p[1].energy)
        return "intro";
    if (i == count - 1 && !full && (quiet || p[i].energy < p[i - 1].energy))
        return "outro";
    if (full)
        return "chorus";
    if (i > 0 && i + 1 < count && p[i].energy < 0.8 * fmin(p[i - 1].energy, p[i + 1].energy))
        return "break";
    return i > 0 && i > chorus && p[i].returns == 0 ? "bridge" : "verse";
}

static void label_all(struct task *t, const struct form *f, struct form_section *s, size_t count)
{
    struct portrait *p = arena_array(t->arena, struct portrait, count);

    for (size_t i = 0; i < count; i++)
        p[i] = portrait_of(f, &s[i]);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            p[i].returns += i != k && alike(&p[i], &p[k]);

    size_t chorus = chorus_of(p, count);
    double fullest = 1e-12;
    for (size_t i = 0; i < count; i++)
        fullest = fmax(fullest, p[i].energy);
    for (size_t i = 0; i < count; i++) {
        s[i].energy = p[i].energy / fullest;
        s[i].label  = label_of(p, count, i, chorus);
    }
}

void form_find(struct task *t, const struct beat_sound *sounds, const double *energies,
               size_t count, size_t first, size_t bar_beats, struct form_section **out,
               size_t *out_count)
{
    struct form f = bars_of(t, sounds, energies, count, first, bar_beats);
    bool *cut;

    novelty_fill(&f);
    size_t sections = boundaries(t, &f, &cut), made = 0;
    struct form_section *s = arena_array(t->arena, struct form_section, sections);
    for (size_t b = 0; b < f.count; b++) {
        if (cut[b])
            s[made++].first_bar = b;
        s[made - 1].bar_count++;
    }
    label_all(t, &f, s, made);
    *out = s;
    *out_count = made;
}
