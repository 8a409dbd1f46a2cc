/*
 * Beat after beat, for tempo that moves.
 *
 * Every step of the song is given the best chain of beats that ends there: its novelty, plus the
 * best chain that ended about one period earlier, less a penalty for how far from one period it is.
 * Read backwards from the end, that is the best chain over all. The first walk uses one period for
 * the whole song, the next ones the local period of the walk before, so that the tempo may go a
 * long way as long as it goes slowly.
 * Source  D. Ellis, "Beat Tracking by Dynamic Programming", J. New Music Research 36(1), 2007.
 */
#include "media/pulse.h"

#include <math.h>

enum {
    WALKS        = 3,
    SMOOTH_BEATS = 8,                    /* on each side, for the local period */
};

static const double tightness = 120;     /* cost of being off by a factor of e */

static float *smooth_novelty(struct task *t, const struct novelty *n)
{
    static const float kernel[] = { 0.1f, 0.35f, 0.75f, 1, 0.75f, 0.35f, 0.1f };
    float *out = arena_array(t->arena, float, n->count + 1);
    for (size_t i = 0; i < n->count; i++)
        for (int k = -3; k <= 3; k++)
            if ((long)i + k >= 0 && i + (size_t)k < n->count)
                out[i] += n->at[(long)i + k] * kernel[k + 3];
    return out;
}

/* The best step to come from, about one period before `at`; -1 where the chain begins. */
static long step_before(const float *scores, long at, double period, float *out_score)
{
    long best = -1;
    float best_score = 0;

    for (long i = at - lround(period * 1.6); i <= at - lround(period * 0.6); i++) {
        if (i < 0)
            continue;
        double off = log((double)(at - i) / period);
        float score = scores[i] - (float)(tightness * off * off);
        if (score > best_score) {
            best_score = score;
            best       = i;
        }
    }
    *out_score = best_score;
    return best;
}

static size_t walk(struct task *t, const float *smooth, size_t count, const float *periods,
                   double *out_beats)
{
    float *scores = arena_array(t->arena, float, count + 1);
    int   *before = arena_array(t->arena, int, count + 1);
    size_t length = 0, last = 0;

    for (size_t i = 0; i < count; i++) {
        float score;
        before[i] = (int)step_before(scores, (long)i, periods[i], &score);
        scores[i] = score + smooth[i];
        if (scores[i] >= scores[last])
            last = i;
    }
    for (int i = (int)last; i >= 0; i = before[i])
        out_beats[length++] = i;
    for (size_t i = 0; i < length / 2; i++) {
        double swap = out_beats[i];
        out_beats[i] = out_beats[length - 1 - i];
        out_beats[length - 1 - i] = swap;
    }
    return length;
}

/* The mean period over the beats around each step. */
static void periods_from(const double *beats, size_t beat_count, float *periods, size_t count)
{
    size_t beat = 0;
    for (size_t i = 0; i < count; i++) {
        while (beat + 1 < beat_count && beats[beat + 1] <= (double)i)
            beat++;
        size_t first = beat > SMOOTH_BEATS ? beat - SMOOTH_BEATS : 0;
        size_t last  = beat + SMOOTH_BEATS < beat_count ? beat + SMOOTH_BEATS : beat_count - 1;
        if (last > first)
            periods[i] = (float)((beats[last] - beats[first]) / (double)(last - first));
    }
}

/* Between the steps: the summit of the novelty, then a line through five neighbours. */
static void beats_settle(struct task *t, const float *smooth, size_t count, double *beats,
                         size_t beat_count)
{
    double *raw = arena_array(t->arena, double, beat_count + 1);
    for (size_t i = 0; i < beat_count; i++) {
        size_t at = (size_t)beats[i];
        raw[i] = beats[i];
        if (at == 0 || at + 1 >= count)
            continue;
        double bend = smooth[at - 1] - 2.0 * smooth[at] + smooth[at + 1];
        if (bend < 0)
            raw[i] += 0.5 * (smooth[at - 1] - smooth[at + 1]) / bend;
    }
    for (size_t i = 2; i + 2 < beat_count; i++)
        beats[i] = (raw[i - 2] + raw[i - 1] + raw[i] + raw[i + 1] + raw[i + 2]) / 5;
}

/* Carry the chain on to both ends of the song. */
static size_t beats_extend(double *beats, size_t beat_count, size_t count, size_t room)
{
    if (beat_count < 3)
        return beat_count;
    double first_gap = (beats[2] - beats[0]) / 2;
    double last_gap  = (beats[beat_count - 1] - beats[beat_count - 3]) / 2;
    size_t before = first_gap > 1 ? (size_t)(beats[0] / first_gap) : 0;

    if (beat_count + before > room)
        before = room - beat_count;
    for (size_t i = beat_count; i-- > 0;)
        beats[i + before] = beats[i];
    for (size_t i = before; i-- > 0;)
        beats[i] = beats[i + 1] - first_gap;
    beat_count += before;
    while (last_gap > 1 && beat_count < room && beats[beat_count - 1] + last_gap < (double)count) {
        beats[beat_count] = beats[beat_count - 1] + last_gap;
        beat_count++;
    }
    return beat_count;
}

void pulse_follow(struct task *t, const struct novelty *n, double period, double **out_beats,
                  size_t *out_count)
{
    size_t room = (size_t)((double)n->count / (0.5 * period)) + 8, length = 0;
    double *beats  = arena_array(t->arena, double, room);
    float *smooth  = smooth_novelty(t, n);
    float *periods = arena_array(t->arena, float, n->count + 1);

    for (size_t i = 0; i < n->count; i++)
        periods[i] = (float)period;
    for (int w = 0; w < WALKS; w++) {
        length = walk(t, smooth, n->count, periods, beats);
        periods_from(beats, length, periods, n->count);
    }
    beats_settle(t, smooth, n->count, beats, length);
    *out_count = beats_extend(beats, length, n->count, room);
    *out_beats = beats;
}
