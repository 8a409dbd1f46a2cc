/*
 * Sampling and blending, sixteen samples at a time.
 *
 * A row of a plane is sampled in two steps: two source rows are mixed (vertical), then neighbouring bytes of the
 * result are mixed (horizontal). Within eight output samples a scale of at most 2:1 spans at most 16 source bytes,
 * so the horizontal step is one load, one byte shuffle that brings the neighbours side by side, and one
 * multiply-add: no gather. The shuffles depend on the frame's camera only, are the same for every row, and come
 * precomputed as struct group.
 *
 * The plain set is the definition; the AVX2 set is the same arithmetic, sixteen or thirty-two lanes at a time.
 */

#include "draw/kernels.h"

#define BODY static inline __attribute__((always_inline))

BODY int divide_255(int x)
{
    x += 128;
    return (x + (x >> 8)) >> 8;
}

BODY uint8_t clamp_byte(int x)
{
    return (uint8_t)(x < 0 ? 0 : x > 255 ? 255 : x);
}

BODY void lerp_rows_body(uint8_t *restrict out, const uint8_t *restrict upper, const uint8_t *restrict lower,
                         int share, int count)
{
    uint16_t down = (uint16_t)share, up = (uint16_t)(WEIGHT_ONE - share);

    for (int i = 0; i < count; i++)
        out[i] = (uint8_t)((uint16_t)(upper[i] * up + lower[i] * down + WEIGHT_ONE / 2) >> 6);
}

BODY void finish_body(uint8_t *restrict out, const uint8_t *restrict in, const int16_t *restrict column_share,
                      int row_share, int black, const int8_t *restrict grain, int count)
{
    for (int i = 0; i < count; i++) {
        int share = (column_share[i] * row_share + 16384) >> 15;
        int value = black + (((in[i] - black) * share + 16384) >> 15);
        out[i]    = clamp_byte(grain ? value + grain[i] : value);
    }
}

BODY int sample(const uint8_t *row, const struct group *g, int i)
{
    const uint8_t *window = row + g->base[i / GROUP_HALF];
    int left = window[g->pick[2 * i]], right = window[g->pick[2 * i + 1]];

    return (left * g->weight[2 * i] + right * g->weight[2 * i + 1] + WEIGHT_ONE / 2) >> 6;
}

static void lerp_rows_plain(uint8_t *out, const uint8_t *upper, const uint8_t *lower, int share, int count)
{
    lerp_rows_body(out, upper, lower, share, count);
}

static void put_plain(uint8_t *out, const uint8_t *row, const struct group *groups, int count)
{
    for (int n = 0; n < count; n++, out += GROUP_SAMPLES)
        for (int i = 0; i < GROUP_SAMPLES; i++)
            out[i] = (uint8_t)sample(row, &groups[n], i);
}

/* Coverage of a group's samples; false when all are clear. */
static int covers(const uint8_t *alpha, const struct group *g, int gain, int cover[GROUP_SAMPLES])
{
    int any = 0;

    for (int i = 0; i < GROUP_SAMPLES; i++) {
        int alpha_here = sample(alpha, g, i);
        any |= alpha_here;
        cover[i] = (alpha_here * gain + 128) >> 8;
    }
    return any;
}

/* Sheets are full of holes: a group that is all clear is left as it is. */
static void mix_plain(uint8_t *out, const uint8_t *row, const uint8_t *alpha, const struct group *groups,
                      int count, int gain)
{
    int cover[GROUP_SAMPLES];

    for (int n = 0; n < count; n++, out += GROUP_SAMPLES) {
        if (!covers(alpha, &groups[n], gain, cover))
            continue;
        for (int i = 0; i < GROUP_SAMPLES; i++) {
            int colour = (sample(row, &groups[n], i) * gain + 128) >> 8;
            out[i]     = clamp_byte(colour + divide_255(out[i] * (255 - cover[i])));
        }
    }
}

static void finish_plain(uint8_t *out, const uint8_t *in, const int16_t *column_share, int row_share,
                         int black, const int8_t *grain, int count)
{
    if (grain)
        finish_body(out, in, column_share, row_share, black, grain, count);
    else
        finish_body(out, in, column_share, row_share, black, NULL, count);
}

const struct kernels kernels_plain = {
    .name = "plain",
    .lerp_rows = lerp_rows_plain,
    .put = put_plain,
    .mix = mix_plain,
    .finish = finish_plain,
};

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 static __attribute__((target("avx2")))
#define AVX2_INLINE static inline __attribute__((target("avx2"), always_inline))

AVX2_INLINE __m256i round_shift_avx2(__m256i words)
{
    return _mm256_srli_epi16(_mm256_add_epi16(words, _mm256_set1_epi16(WEIGHT_ONE / 2)), 6);
}

/* Sheets do not fit the cache: the row after these two is asked for while they are mixed. */
AVX2 void lerp_rows_avx2(uint8_t *out, const uint8_t *upper, const uint8_t *lower, int share, int count)
{
    __m256i weights = _mm256_set1_epi16((short)(share << 8 | (WEIGHT_ONE - share)));
    int i = 0;

    for (; i + 32 <= count; i += 32) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(upper + i)), b = _mm256_loadu_si256((const __m256i *)(lower + i));
        __m256i low  = round_shift_avx2(_mm256_maddubs_epi16(_mm256_unpacklo_epi8(a, b), weights));
        __m256i high = round_shift_avx2(_mm256_maddubs_epi16(_mm256_unpackhi_epi8(a, b), weights));
        _mm256_storeu_si256((__m256i *)(out + i), _mm256_packus_epi16(low, high));
        __builtin_prefetch(lower + i + (lower - upper));
    }
    lerp_rows_body(out + i, upper + i, lower + i, share, count - i);
}

/* Rounding multiply of 1/32768 shares is one instruction, and rounds as finish_body() does. */
AVX2 void finish_avx2(uint8_t *out, const uint8_t *in, const int16_t *column_share, int row_share, int black,
                      const int8_t *grain, int count)
{
    __m256i rows = _mm256_set1_epi16((short)row_share), blacks = _mm256_set1_epi16((short)black);
    int i = 0;

    for (; i + 16 <= count; i += 16) {
        __m256i share = _mm256_mulhrs_epi16(_mm256_loadu_si256((const __m256i *)(column_share + i)), rows);
        __m256i value = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(in + i)));
        value = _mm256_add_epi16(blacks, _mm256_mulhrs_epi16(_mm256_sub_epi16(value, blacks), share));
        if (grain)
            value = _mm256_add_epi16(value, _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(grain + i))));
        value = _mm256_permute4x64_epi64(_mm256_packus_epi16(value, value), 0x08);
        _mm_storeu_si128((__m128i *)(out + i), _mm256_castsi256_si128(value));
    }
    finish_body(out + i, in + i, column_share + i, row_share, black, grain ? grain + i : NULL, count - i);
}

/* Sixteen 16-bit samples in order: window 0 in the low lane, window 1 in the high one. */
AVX2_INLINE __m256i sample_avx2(const uint8_t *row, const struct group *g, __m256i pick, __m256i weight)
{
    __m128i low  = _mm_loadu_si128((const __m128i *)(row + g->base[0]));
    __m128i high = _mm_loadu_si128((const __m128i *)(row + g->base[1]));
    __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
    __m256i sum  = _mm256_maddubs_epi16(_mm256_shuffle_epi8(both, pick), weight);

    return round_shift_avx2(sum);
}

AVX2_INLINE void store_avx2(uint8_t *out, __m256i words)
{
    __m256i bytes = _mm256_permute4x64_epi64(_mm256_packus_epi16(words, words), 0x08);
    _mm_storeu_si128((__m128i *)out, _mm256_castsi256_si128(bytes));
}

AVX2 void put_avx2(uint8_t *out, const uint8_t *row, const struct group *groups, int count)
{
    for (int n = 0; n < count; n++, out += GROUP_SAMPLES) {
        __m256i pick   = _mm256_loadu_si256((const __m256i *)groups[n].pick);
        __m256i weight = _mm256_loadu_si256((const __m256i *)groups[n].weight);
        store_avx2(out, sample_avx2(row, &groups[n], pick, weight));
    }
}

AVX2_INLINE __m256i scale_avx2(__m256i words, __m256i gain)
{
    __m256i product = _mm256_add_epi16(_mm256_mullo_epi16(words, gain), _mm256_set1_epi16(128));
    return _mm256_srli_epi16(product, 8);
}

AVX2_INLINE __m256i over_avx2(const uint8_t *out, __m256i colour, __m256i cover)
{
    __m256i below = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)out));
    __m256i shown = _mm256_mullo_epi16(below, _mm256_sub_epi16(_mm256_set1_epi16(255), cover));

    shown = _mm256_add_epi16(shown, _mm256_set1_epi16(128));
    shown = _mm256_srli_epi16(_mm256_add_epi16(shown, _mm256_srli_epi16(shown, 8)), 8);
    return _mm256_add_epi16(colour, shown);
}

AVX2 void mix_avx2(uint8_t *out, const uint8_t *row, const uint8_t *alpha, const struct group *groups,
                   int count, int gain)
{
    __m256i gains = _mm256_set1_epi16((short)gain);

    for (int n = 0; n < count; n++, out += GROUP_SAMPLES) {
        __m256i pick   = _mm256_loadu_si256((const __m256i *)groups[n].pick);
        __m256i weight = _mm256_loadu_si256((const __m256i *)groups[n].weight);
        __m256i cover  = sample_avx2(alpha, &groups[n], pick, weight);

        if (_mm256_testz_si256(cover, cover))
            continue;
        __m256i colour = sample_avx2(row, &groups[n], pick, weight);
        if (gain != GAIN_ONE) {
            colour = scale_avx2(colour, gains);
            cover  = scale_avx2(cover, gains);
        }
        store_avx2(out, over_avx2(out, colour, cover));
    }
}

static const struct kernels kernels_avx2 = {
    .name = "avx2",
    .lerp_rows = lerp_rows_avx2,
    .put = put_avx2,
    .mix = mix_avx2,
    .finish = finish_avx2,
};

const struct kernels *kernels_best(void)
{
    return __builtin_cpu_supports("avx2") ? &kernels_avx2 : &kernels_plain;
}

#else

const struct kernels *kernels_best(void)
{
    return &kernels_plain;
}

#endif
