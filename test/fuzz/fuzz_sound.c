/* Songs of strangers: everything that listens. */

#include "fuzz.h"
#include "fuzz_doors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct waveform_request outline = { .bins = 64 };
    static const struct sound_cut span = { .start_sample = 100, .sample_count = 5000, .rate_hz = 16000, .channels = 1 };
    static const struct door doors[] = {
        { &media_op_probe, NULL },
        { &media_op_waveform, &outline },
        { &media_op_sound_cut, &span },
        { &media_op_song_map, NULL },
    };
    doors_try(doors, sizeof doors / sizeof *doors, data, size);
    return 0;
}
