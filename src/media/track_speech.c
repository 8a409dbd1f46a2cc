/*
 * Speech is recorded at any level, and music is mastered loud: to lower the one under the other
 * means nothing before both are equally loud. So each is heard by itself, through the gate that
 * leaves silence out.
 */
#include "media/track_speech.h"

#include <math.h>

#include "media/duck.h"
#include "media/loudness_meter.h"

static const double lift_max_db = 12; /* a voice that needs more is noise */

static bool has_part(const struct track_request *r, bool speaks)
{
    for (size_t i = 0; i < r->part_count; i++) {
        if (speaks ? r->parts[i].speaks : r->parts[i].yields)
            return true;
    }
    return false;
}

/* Of the parts that `notes->only` names; what is heard goes to `duck` too, where there is one. */
static enum err loudness_of(struct task *t, const struct track_request *request,
                            const struct media_files *files, struct mix_notes *notes,
                            struct duck *duck, double *out_lufs)
{
    scoped(mix) struct mix *m = mix_start(t, request, files, notes);
    scoped(meter) ebur128_state *meter = ebur128_init(2, SOUND_RATE_HZ, EBUR128_MODE_I);
    float stereo[2 * MIX_BLOCK_MAX];
    int64_t samples = request->frame_count * SAMPLES_PER_FRAME;

    if (!meter)
        return fail(t, ERR_INTERNAL, "no loudness meter");
    for (int64_t at = 0; at < samples; at += MIX_BLOCK_MAX) {
        int count = samples - at < MIX_BLOCK_MAX ? (int)(samples - at) : MIX_BLOCK_MAX;
        enum err e = mix_read(m, stereo, count);
        if (e)
            return e;
        ebur128_add_frames_float(meter, stereo, (size_t)count);
        if (duck)
            duck_hear(duck, stereo, count);
    }
    *out_lufs = meter_lufs(meter);
    return OK;
}

static float lift(double speech_lufs, double others_lufs)
{
    if (speech_lufs <= LUFS_SILENCE || others_lufs <= LUFS_SILENCE)
        return 1;
    double db = fmin(fmax(others_lufs - speech_lufs, -lift_max_db), lift_max_db);
    return (float)pow(10, db / 20);
}

enum err speech_hear(struct task *t, const struct track_request *request,
                     const struct media_files *files, struct mix_notes *notes)
{
    struct mix_notes first = *notes;
    double speech = 0, others = 0;

    if (!has_part(request, true) || !has_part(request, false))
        return OK;
    struct duck *duck = duck_new(t, request->frame_count * SAMPLES_PER_FRAME);
    first.only = MIX_SPEECH;
    enum err e = loudness_of(t, request, files, &first, duck, &speech);
    first.only = MIX_YIELDING;
    if (!e)
        e = loudness_of(t, request, files, &first, NULL, &others);
    if (e)
        return e;
    duck_plan(duck);
    notes->duck = duck;
    notes->speech_gain = lift(speech, others);
    return OK;
}
