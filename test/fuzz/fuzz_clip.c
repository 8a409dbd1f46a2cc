/* Clips of strangers, among them what our own reader of MP4 has to make sense of before it moves packets. */

#include "fuzz.h"
#include "fuzz_doors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct clip_span span = { .in_frame = 1, .out_frame = 6, .shape = { 64, 64 } };
    static const struct compose_request no_track = { .with_track = false };
    static const struct door doors[] = {
        { &media_op_probe, NULL },
        { &media_op_compose, &no_track },
        { &media_op_trim, &span },
    };
    doors_try(doors, sizeof doors / sizeof *doors, data, size);
    return 0;
}
