/*
 * Sampling and blending, sixteen and thirty-two samples at a time.
 *
 * A row of a plane is resampled to the frame's columns once, and every row of the frame mixes the
 * two rows nearest to it: of a plane that is shown enlarged, few rows are resampled. Within eight
 * output samples a scale of at most 2:1 spans at most 16 source bytes, so resampling is one load,
 * one byte shuffle that brings the neighbours side by side, and one multiply-add: no gather. The
 * shuffles depend on the frame's camera only, are the same for every row, and come precomputed as
 * struct group.
 *
 * The plain set is the definition; the AVX2 set is the same arithmetic in many lanes.
 */

#include "draw/kernels.h"

#include <stdbool.h>

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

BODY int round_shift(int x)
{
    return (x + WEIGHT_ONE / 2) >> 6;
}

BODY void finish_body(uint8_t *restrict out, const uint8_t *restrict in,
                      const int16_t *restrict column_share, int row_share, int black,
                      const int8_t *restrict grain, int count)
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

    return round_shift(left * g->weight[2 * i] + right * g->weight[2 * i + 1]);
}

static void across_plain(uint8_t *out, const uint8_t *row, const struct group *groups,
                         int group_count)
{
    for (int n = 0; n < group_count; n++, out += GROUP_SAMPLES)
        for (int i = 0; i < GROUP_SAMPLES; i++)
            out[i] = (uint8_t)sample(row, &groups[n], i);
}

BODY int between(struct rows r, int share, int i)
{
    return round_shift(r.upper[i] * (WEIGHT_ONE - share) + r.lower[i] * share);
}

BODY int whole_steps(int count)
{
    return (count + STEP_SAMPLES - 1) & ~(STEP_SAMPLES - 1);
}

static void between_plain(uint8_t *out, struct rows rows, int share, int count)
{
    for (int i = 0; i < whole_steps(count); i++)
        out[i] = (uint8_t)between(rows, share, i);
}

BODY bool step_clear(struct rows alpha, int at)
{
    unsigned any = 0;

    for (int i = at; i < at + STEP_SAMPLES; i++)
        any |= alpha.upper[i] | alpha.lower[i];
    return !any;
}

/* Sheets are full of holes: a step that is all clear is left as it is. */
static void mix_plain(uint8_t *out, struct rows samples, struct rows alpha, int share, int gain,
                      int count)
{
    for (int at = 0; at < whole_steps(count); at += STEP_SAMPLES) {
        if (step_clear(alpha, at))
            continue;
        for (int i = at; i < at + STEP_SAMPLES; i++) {
            int cover = (between(alpha, share, i) * gain + 128) >> 8,
                shown = (between(samples, share, i) * gain + 128) >> 8;
            out[i]    = clamp_byte(shown + divide_255(out[i] * (255 - cover)));
        }
    }
}

static void finish_plain(uint8_t *out, const uint8_t *in, const int16_t *column_share,
                         int row_share, int black, const int8_t *grain, int count)
{
    if (grain)
        finish_body(out, in, column_share, row_share, black, grain, count);
    else
        finish_body(out, in, column_share, row_share, black, NULL, count);
}

const struct kernels kernels_plain = {
    .name = "plain",
    .across = across_plain,
    .between = between_plain,
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

/* Rounding multiply of 1/32768 shares is one instruction, and rounds as finish_body() does. */
AVX2 void finish_avx2(uint8_t *out, const uint8_t *in, const int16_t *column_share, int row_share,
                      int black, const int8_t *grain, int count)
{
    __m256i rows = _mm256_set1_epi16((short)row_share), blacks = _mm256_set1_epi16((short)black);
    int i = 0;

    for (; i + 16 <= count; i += 16) {
        __m256i share =
            _mm256_mulhrs_epi16(_mm256_loadu_si256((const __m256i *)(column_share + i)), rows);
        __m256i value = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(in + i)));
        value =
            _mm256_add_epi16(blacks, _mm256_mulhrs_epi16(_mm256_sub_epi16(value, blacks), share));
        if (grain)
            value = _mm256_add_epi16(
                value, _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(grain + i))));
        value = _mm256_permute4x64_epi64(_mm256_packus_epi16(value, value), 0x08);
        _mm_storeu_si128((__m128i *)(out + i), _mm256_castsi256_si128(value));
    }
    finish_body(out + i, in + i, column_share + i, row_share, black, grain ? grain + i : NULL,
                count - i);
}

/* Window 0 in the low lane, window 1 in the high one. */
AVX2_INLINE __m256i sample_avx2(const uint8_t *row, const struct group *g)
{
    __m256i pick = _mm256_loadu_si256((const __m256i *)g->pick),
            weight = _mm256_loadu_si256((const __m256i *)g->weight);
    __m128i low  = _mm_loadu_si128((const __m128i *)(row + g->base[0]));
    __m128i high = _mm_loadu_si128((const __m128i *)(row + g->base[1]));
    __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);

    return round_shift_avx2(_mm256_maddubs_epi16(_mm256_shuffle_epi8(both, pick), weight));
}

AVX2 void across_avx2(uint8_t *out, const uint8_t *row, const struct group *groups, int group_count)
{
    for (int n = 0; n < group_count; n++, out += GROUP_SAMPLES) {
        __m256i words = sample_avx2(row, &groups[n]);
        __m256i bytes = _mm256_permute4x64_epi64(_mm256_packus_epi16(words, words), 0x08);
        _mm_storeu_si128((__m128i *)out, _mm256_castsi256_si128(bytes));
    }
}

/* Thirty-two samples as words: the lower eight of each lane and the upper eight. */
struct words {
    __m256i low, high;
};

AVX2_INLINE __m256i load_avx2(const uint8_t *at)
{
    return _mm256_loadu_si256((const __m256i *)at);
}

AVX2_INLINE void store_avx2(uint8_t *at, struct words w)
{
    _mm256_storeu_si256((__m256i *)at, _mm256_packus_epi16(w.low, w.high));
}

AVX2_INLINE struct words lerp_avx2(__m256i upper, __m256i lower, __m256i weights)
{
    return (struct words){
        round_shift_avx2(_mm256_maddubs_epi16(_mm256_unpacklo_epi8(upper, lower), weights)),
        round_shift_avx2(_mm256_maddubs_epi16(_mm256_unpackhi_epi8(upper, lower), weights))
    };
}

AVX2_INLINE __m256i weights_avx2(int share)
{
    return _mm256_set1_epi16((short)(share << 8 | (WEIGHT_ONE - share)));
}

AVX2 void between_avx2(uint8_t *out, struct rows rows, int share, int count)
{
    __m256i weights = weights_avx2(share);

    for (int i = 0; i < count; i += STEP_SAMPLES)
        store_avx2(out + i,
                   lerp_avx2(load_avx2(rows.upper + i), load_avx2(rows.lower + i), weights));
}

AVX2_INLINE __m256i scale_avx2(__m256i words, __m256i gain)
{
    __m256i product = _mm256_add_epi16(_mm256_mullo_epi16(words, gain), _mm256_set1_epi16(128));
    return _mm256_srli_epi16(product, 8);
}

AVX2_INLINE __m256i over_avx2(__m256i below, __m256i colour, __m256i cover)
{
    __m256i shown = _mm256_mullo_epi16(below, _mm256_sub_epi16(_mm256_set1_epi16(255), cover));

    shown = _mm256_add_epi16(shown, _mm256_set1_epi16(128));
    shown = _mm256_srli_epi16(_mm256_add_epi16(shown, _mm256_srli_epi16(shown, 8)), 8);
    return _mm256_add_epi16(colour, shown);
}

AVX2_INLINE void mix_step_avx2(uint8_t *out, struct words colour, struct words cover)
{
    __m256i below = load_avx2(out), zero = _mm256_setzero_si256();

    store_avx2(out, (struct words){
                        over_avx2(_mm256_unpacklo_epi8(below, zero), colour.low, cover.low),
                        over_avx2(_mm256_unpackhi_epi8(below, zero), colour.high, cover.high) });
}

AVX2 void mix_avx2(uint8_t *out, struct rows samples, struct rows alpha, int share, int gain,
                   int count)
{
    __m256i weights = weights_avx2(share), gains = _mm256_set1_epi16((short)gain);

    for (int i = 0; i < count; i += STEP_SAMPLES) {
        __m256i upper = load_avx2(alpha.upper + i), lower = load_avx2(alpha.lower + i),
                any = _mm256_or_si256(upper, lower);
        if (_mm256_testz_si256(any, any))
            continue;
        struct words cover = lerp_avx2(upper, lower, weights);
        struct words colour =
            lerp_avx2(load_avx2(samples.upper + i), load_avx2(samples.lower + i), weights);
        if (gain != GAIN_ONE) {
            cover  = (struct words){ scale_avx2(cover.low, gains), scale_avx2(cover.high, gains) };
            colour =
                (struct words){ scale_avx2(colour.low, gains), scale_avx2(colour.high, gains) };
        }
        mix_step_avx2(out + i, colour, cover);
    }
}

static const struct kernels kernels_avx2 = {
    .name = "avx2",
    .across = across_avx2,
    .between = between_avx2,
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
