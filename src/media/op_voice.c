/*
 * A mouth for a sound. Singers are mixed to the middle and are heard between 250 and 3,500 Hz: what
 * is left of the sound there, frame by frame, is how loud the voice is; between its quiet and its
 * loud moments the mouth opens.
 */
#include "media/media_op.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "media/media_fields.h"
#include "media/sound_decode.h"

#define VOICE_LOW_HZ  250.0
#define VOICE_HIGH_HZ 3500.0
#define SILENCE_DB    (-50.0)           /* below this nobody sings */
/* from closed to wide, at least: a steady tone is no chatter */
#define RANGE_DB_MIN  6.0
#define CLOSING       0.55              /* lips part at once and close within a few frames */

/* Source  R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients": Q
 * 0.707. */
struct biquad {
    double b0, b1, b2, a1, a2, z1, z2;
};

static struct biquad biquad_of(double hz, bool high)
{
    double w = 2 * M_PI * hz / SOUND_RATE_HZ, c = cos(w), alpha = sin(w) / M_SQRT2;
    double edge = high ? 1 + c : 1 - c, norm = 1 + alpha;
    return (struct biquad){ .b0 = edge / 2 / norm,
                            .b1 = (high ? -edge : edge) / norm,
                            .b2 = edge / 2 / norm,
                            .a1 = -2 * c / norm,
                            .a2 = (1 - alpha) / norm };
}

static double biquad_step(struct biquad *q, double in)
{
    double out = q->b0 * in + q->z1;
    q->z1 = q->b1 * in - q->a1 * out + q->z2;
    q->z2 = q->b2 * in - q->a2 * out;
    return out;
}

struct band {
    struct biquad low, high;            /* what is cut off below and above */
};

static double band_step(struct band *b, double in)
{
    return biquad_step(&b->high, biquad_step(&b->low, in));
}

struct voice {
    struct band   middle, side;
    double       *power;                /* a frame: the middle less the side, squared and summed */
    int64_t       frame_count, sample;
};

static struct voice voice_new(struct task *t, int64_t frames)
{
    struct band band = { biquad_of(VOICE_LOW_HZ, true), biquad_of(VOICE_HIGH_HZ, false) };
    return (struct voice){ .middle = band,
                           .side = band,
                           .power = arena_array(t->arena, double, frames),
                           .frame_count = frames };
}

static void voice_add(struct voice *v, const float *stereo, int count)
{
    for (int i = 0; i < count; i++, v->sample++) {
        double left = stereo[2 * i], right = stereo[2 * i + 1];
        double middle = band_step(&v->middle, (left + right) / 2);
        double side = band_step(&v->side, (left - right) / 2);
        int64_t frame = v->sample / SAMPLES_PER_FRAME;
        if (frame < v->frame_count)
            v->power[frame] += middle * middle - side * side;
    }
}

static double decibels(double power)
{
    double mean = power / SAMPLES_PER_FRAME;
    return mean > 1e-12 ? 10 * log10(mean) : -120;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* The level that `share` of the sounding frames lie below; SILENCE_DB where none sounds. */
static double level_at(struct task *t, const double *db, int64_t count, double share)
{
    double *sounding = arena_array(t->arena, double, count);
    size_t kept = 0;
    for (int64_t i = 0; i < count; i++) {
        if (db[i] > SILENCE_DB)
            sounding[kept++] = db[i];
    }
    if (kept == 0)
        return SILENCE_DB;
    qsort(sounding, kept, sizeof *sounding, ascending);
    return sounding[(size_t)(share * (double)(kept - 1))];
}

static void mouth_write(struct task *t, const struct voice *v, double *open)
{
    double *db = arena_array(t->arena, double, v->frame_count), last = 0;
    for (int64_t i = 0; i < v->frame_count; i++)
        db[i] = decibels(v->power[i]);
    double loud = level_at(t, db, v->frame_count, 0.95);
    double quiet = fmin(level_at(t, db, v->frame_count, 0.15), loud - RANGE_DB_MIN);
    for (int64_t i = 0; i < v->frame_count; i++) {
        double wide = db[i] > SILENCE_DB ? (db[i] - quiet) / (loud - quiet) : 0;
        wide = wide < 0 ? 0 : wide > 1 ? 1 : wide;
        last = open[i] = fmax(wide, last * CLOSING);
        if (last < 0.02)
            last = open[i] = 0;
    }
}

static enum err voice_run(struct task *t, const void *request, const struct media_files *files,
                          void *reply)
{
    const struct voice_request *want = request;
    struct voice_reply *out = reply;
    struct voice v = voice_new(t, want->frames);
    scoped(sound) struct sound *s = NULL;
    enum err e = sound_open(t, files->in[0], MEDIA_US_MAX, &s);
    for (struct sound_block b = { .count = 1 }; !e && b.count > 0;) {
        e = sound_read(s, &b);
        if (!e)
            voice_add(&v, b.stereo, b.count);
    }
    if (e)
        return e;
    out->open       = arena_array(t->arena, double, want->frames);
    out->open_count = (size_t)want->frames;
    mouth_write(t, &v, out->open);
    return OK;
}

const struct media_op media_op_voice = {
    .name = "voice", .in_min = 1, .in_max = 1,
    .request_fields = voice_request_fields, .request_size = sizeof(struct voice_request),
    .reply_fields = voice_reply_fields, .reply_size = sizeof(struct voice_reply), .run = voice_run,
};
