#pragma once

/*
 * 48 kHz stereo to AAC-LC packets, on every core there is.
 *
 * The sound is cut into stretches of ten seconds that are encoded side by side, each with a warm-up
 * before its beginning, and joined on the packet grid where both encoders have chosen the same
 * window, so that the overlap cancels as if one encoder had written both packets. The packets
 * depend on the sound alone, not on the number of cores.
 *
 * Memory   a few stretches of samples (8 MB each), whatever the length
 */

#include "base/file.h"
#include "base/task.h"

enum {
    AAC_FRAME        = 1024,          /* samples a packet */
    AAC_PRIMING      = 1024,          /* of silence in front, which the edit list hides */
    AAC_CONFIG_BYTES = 8,
};

/* Where samples come from and packets go; both return OK to go on. */
struct aac_io {
    enum err (*read)(void *state, float *stereo, int count);
    enum err (*write)(void *state, struct bytes packet);
    void      *state;
};

struct aac_form {
    uint8_t config[AAC_CONFIG_BYTES]; /* AudioSpecificConfig, ISO/IEC 14496-3 */
    size_t  config_bytes;
};

/* How many packets `samples` become. */
int64_t aac_packet_count(int64_t samples);

enum err aac_encode(struct task *t, const struct aac_io *io, int64_t samples, int64_t bit_rate,
                    struct aac_form *out);
