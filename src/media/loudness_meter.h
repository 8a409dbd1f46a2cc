#pragma once

/* libebur128's meter as a local that closes itself, and its answers as plain numbers. */

#include <ebur128.h>
#include <math.h>

#define LUFS_SILENCE (-70.0)

static inline void meter_scoped(ebur128_state **meter)
{
    if (*meter)
        ebur128_destroy(meter);
}

/* Integrated, LUFS_SILENCE where nothing passed the gate. */
static inline double meter_lufs(ebur128_state *meter)
{
    double lufs = 0;
    if (ebur128_loudness_global(meter, &lufs) != EBUR128_SUCCESS || !(lufs > LUFS_SILENCE))
        return LUFS_SILENCE;
    return lufs;
}

static inline double meter_range_lu(ebur128_state *meter)
{
    double range = 0;
    if (ebur128_loudness_range(meter, &range) != EBUR128_SUCCESS || !isfinite(range))
        return 0;
    return range;
}

/* Of both channels, in dB of full scale; -120 for silence. */
static inline double meter_true_peak_db(ebur128_state *meter)
{
    double peak = 0;
    for (unsigned channel = 0; channel < meter->channels; channel++) {
        double one = 0;
        if (ebur128_true_peak(meter, channel, &one) == EBUR128_SUCCESS)
            peak = fmax(peak, one);
    }
    return peak > 1e-6 ? 20 * log10(peak) : -120;
}
