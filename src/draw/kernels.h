#pragma once

/*
 * The inner loops of the compositor, in plain C and for AVX2. Inside the room only.
 *
 * Both sets do the same integer arithmetic and give the same bytes; a test compares them. Samples
 * are 8 bits, weights 1/64, products of two 8-bit shares are divided by 255 with correct rounding.
 * Rows of planes are padded: a kernel may read ROW_PAD bytes before and after one. Rows that are
 * written have room up to the next multiple of STEP_SAMPLES.
 */

#include <stddef.h>
#include <stdint.h>

/*
 * For loops that the compiler turns into vector code by itself: compiled twice, and the better one
 * is chosen when the program starts. Integer arithmetic only, so that both give the same bytes.
 */
#if defined(__x86_64__)
#define VECTORED __attribute__((target_clones("avx2", "default")))
#else
#define VECTORED
#endif

enum {
    STEP_SAMPLES  = 32,          /* samples mixed in one step */
    GROUP_SAMPLES = 16,          /* samples resampled in one step */
    /* samples sharing one 16-byte window of the source: scales up to 2:1 */
    GROUP_HALF    = 8,
    WEIGHT_ONE    = 64,
    GAIN_ONE      = 256,
    ROW_PAD       = 64,
};

/*
 * How 16 neighbouring output samples come from a source row: for each half the first byte of its
 * window, and for each sample the pair of bytes in that window and their weights.
 */
struct group {
    int32_t base[2];
    uint8_t pick[2 * GROUP_SAMPLES];
    uint8_t weight[2 * GROUP_SAMPLES];
};

/* Neighbouring rows, both resampled to the columns of the frame. */
struct rows {
    const uint8_t *upper, *lower;
};

struct kernels {
    const char *name;

    /* Resample a row. */
    void (*across)(uint8_t *out, const uint8_t *row, const struct group *groups, int group_count);

    /* What lies between two rows, `share` 64ths of the way down. Like mix(), rounds `count` up to
     * whole steps. */
    void (*between)(uint8_t *out, struct rows rows, int share, int count);

    /* The same for premultiplied samples and their alpha, over what is there; gain 0..256 scales
     * both. */
    void (*mix)(uint8_t *out, struct rows samples, struct rows alpha, int share, int gain,
                int count);

    /*
     * Finish a row: distances from `black` shrink by column * row shares (1/32768 each), then grain
     * is added. `grain` is NULL for chroma.
     */
    void (*finish)(uint8_t *out, const uint8_t *in, const int16_t *column_share, int row_share,
                   int black, const int8_t *grain, int count);
};

extern const struct kernels kernels_plain;

/* The fastest set this processor has. */
const struct kernels *kernels_best(void);
