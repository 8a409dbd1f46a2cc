/*
 * From cairo's premultiplied ARGB to premultiplied planar YUV, BT.709 in limited range.
 *
 * Contrast and saturation are linear in the colour, so they are folded into the matrix: with
 * premultiplied colours the constant part of every row is multiplied by alpha. Fixed point, 16 bits
 * of fraction.
 *
 * Source  ITU-R BT.709-6, section 3: luma and colour difference coefficients.
 */

#include "draw/plane.h"

#include <stdlib.h>
#include <string.h>

#include "draw/kernels.h"

enum { FRACTION = 16 };

struct matrix {
    int r, g, b, a;
};

struct matrices {
    struct matrix y, u, v;
};

static int fixed(double x)
{
    return (int)(x * (1 << FRACTION) + (x < 0 ? -0.5 : 0.5));
}

static struct matrices matrices_for(struct grading g)
{
    const double kr = 0.2126, kg = 0.7152, kb = 0.0722;
    double luma = 219.0 / 255 * g.contrast;
    double lift = 16.0 / 255 + 219.0 / 255 * g.pivot * (1 - g.contrast);
    double cb = 224.0 / 255 / 1.8556 * g.saturation, cr = 224.0 / 255 / 1.5748 * g.saturation;

    return (struct matrices){
        .y = { fixed(kr * luma), fixed(kg * luma), fixed(kb * luma), fixed(lift) },
        .u = { fixed(-kr * cb), fixed(-kg * cb), fixed((1 - kb) * cb), fixed(128.0 / 255) },
        .v = { fixed((1 - kr) * cr), fixed(-kg * cr), fixed(-kb * cr), fixed(128.0 / 255) },
    };
}

static size_t sheet_bytes(const struct sheet *s)
{
    return (size_t)s->stride * (size_t)s->height;
}

static struct sheet sheet_of(int width, int height)
{
    return (struct sheet){
        .width = width,
        .height = height,
        .stride = (width + 2 * ROW_PAD + 31) & ~31,
        .block_columns = (width + BLOCK_WIDTH - 1) / BLOCK_WIDTH,
        .block_rows = (height + BLOCK_HEIGHT - 1) / BLOCK_HEIGHT,
    };
}

/* Rows start ROW_PAD bytes into their stride, so that kernels may look a little past both ends. */
void plane_init(struct plane *p, int width, int height)
{
    struct sheet full = sheet_of((width + 1) & ~1, (height + 1) & ~1);
    struct sheet half = sheet_of(full.width / 2, full.height / 2);
    size_t f = sheet_bytes(&full), h = sheet_bytes(&half);
    size_t full_blocks = (size_t)(full.block_columns * full.block_rows),
           half_blocks = (size_t)(half.block_columns * half.block_rows);
    uint8_t *at = calloc(1, 2 * f + 3 * h + 2 * ROW_PAD + full_blocks + half_blocks);

    if (!at)
        abort();
    full.alpha  = at + ROW_PAD;
    half.alpha  = full.alpha + 2 * f;
    full.blocks = half.alpha + 3 * h;
    half.blocks = full.blocks + full_blocks;
    *p = (struct plane){ .full = full, .half = half, .luma = full.alpha + f, .u = half.alpha + h,
                         .v = half.alpha + 2 * h, .memory = at };
}

void plane_done(struct plane *p)
{
    free(p->memory);
    *p = (struct plane){ 0 };
}

#define BODY static inline __attribute__((always_inline))

/* Premultiplied samples never pass their alpha. */
BODY uint8_t apply(struct matrix m, int r, int g, int b, int a)
{
    int value = (m.r * r + m.g * g + m.b * b + m.a * a + (1 << (FRACTION - 1))) >> FRACTION;
    value = value < 0 ? 0 : value;
    return (uint8_t)(value > a ? a : value);
}

VECTORED static void load_luma(uint8_t *restrict luma, uint8_t *restrict alpha,
                               const uint32_t *restrict pixels, struct matrix m, int count)
{
    for (int x = 0; x < count; x++) {
        uint32_t c = pixels[x];
        alpha[x]   = (uint8_t)(c >> 24);
        luma[x]    = apply(m, c >> 16 & 255, c >> 8 & 255, c & 255, (int)(c >> 24));
    }
}

BODY int quad(const uint32_t *upper, const uint32_t *lower, int shift)
{
    return (int)((upper[0] >> shift & 255) + (upper[1] >> shift & 255) + (lower[0] >> shift & 255)
                 + (lower[1] >> shift & 255) + 2) >> 2;
}

struct chroma_row {
    uint8_t *alpha, *u, *v;
};

VECTORED static void load_chroma(struct chroma_row out, const uint32_t *restrict upper,
                                 const uint32_t *restrict lower, struct matrix to_u,
                                 struct matrix to_v, int count)
{
    uint8_t *restrict alpha = out.alpha, *restrict u = out.u, *restrict v = out.v;

    for (int x = 0; x < count; x++) {
        const uint32_t *above = upper + 2 * x, *below = lower + 2 * x;
        int r = quad(above, below, 16), g = quad(above, below, 8), b = quad(above, below, 0),
            a = quad(above, below, 24);
        alpha[x] = (uint8_t)a;
        u[x]     = apply(to_u, r, g, b, a);
        v[x]     = apply(to_v, r, g, b, a);
    }
}

/* Bits of a block that reaches over its whole width. */
BODY uint8_t block_of(const uint8_t *alpha, int stride, int width, int rows)
{
    uint8_t any = 0, all = 255;

    for (int y = 0; y < rows; y++, alpha += stride)
        for (int x = 0; x < width; x++) {
            any |= alpha[x];
            all &= alpha[x];
        }
    return (uint8_t)((any ? BLOCK_HAS : 0) | (all == 255 ? 0 : BLOCK_GAP));
}

VECTORED static void blocks_of_row(uint8_t *out, const uint8_t *alpha, int stride, int width,
                                   int rows)
{
    for (; width >= BLOCK_WIDTH; width -= BLOCK_WIDTH, alpha += BLOCK_WIDTH)
        *out++ = block_of(alpha, stride, BLOCK_WIDTH, rows);
    if (width)
        *out = block_of(alpha, stride, width, rows);
}

/* False when some sample of the sheet is not solid. */
static bool blocks_fill(struct sheet *s)
{
    uint8_t all = 0;

    for (int row = 0; row < s->block_rows; row++) {
        int top = row * BLOCK_HEIGHT,
            rows = top + BLOCK_HEIGHT < s->height ? BLOCK_HEIGHT : s->height - top;
        uint8_t *blocks = s->blocks + row * s->block_columns;
        blocks_of_row(blocks, s->alpha + (size_t)top * s->stride, s->stride, s->width, rows);
        for (int column = 0; column < s->block_columns; column++)
            all |= blocks[column];
    }
    return !(all & BLOCK_GAP);
}

/* Opaque planes are read past their edge by half a sample: repeat the last one. */
static void pad_rows(uint8_t *samples, const struct sheet *s)
{
    for (int y = 0; y < s->height; y++) {
        uint8_t *row = samples + (size_t)y * s->stride;
        memset(row - ROW_PAD / 2, row[0], ROW_PAD / 2);
        memset(row + s->width, row[s->width - 1], ROW_PAD / 2);
    }
}

void plane_load(struct plane *p, cairo_surface_t *from, struct window w, struct grading grading)
{
    struct matrices m = matrices_for(grading);
    int stride = cairo_image_surface_get_stride(from) / 4;
    const uint32_t *pixels = (const uint32_t *)(const void *)cairo_image_surface_get_data(from);

    pixels += (ptrdiff_t)w.y * stride + w.x;
    for (int y = 0; y < p->full.height; y++, pixels += stride) {
        size_t at = (size_t)y * p->full.stride, half = (size_t)(y / 2) * p->half.stride;
        load_luma(p->luma + at, p->full.alpha + at, pixels, m.y, p->full.width);
        if (y % 2)
            load_chroma((struct chroma_row){ p->half.alpha + half, p->u + half, p->v + half },
                        pixels - stride, pixels, m.u, m.v, p->half.width);
    }

    p->opaque = blocks_fill(&p->full) & blocks_fill(&p->half);
    if (p->opaque) {
        pad_rows(p->luma, &p->full);
        pad_rows(p->u, &p->half);
        pad_rows(p->v, &p->half);
    }
}

/* Whether anything is in the row: most rows are told apart here, sixteen pixels at a time. */
VECTORED static uint32_t row_any(const uint32_t *row, int width)
{
    uint32_t any = 0;

    for (int x = 0; x < width; x++)
        any |= row[x];
    return any;
}

static bool row_used(const uint32_t *row, int width, int *left, int *right)
{
    int x = 0, end = width;

    if (!row_any(row, width))
        return false;
    while (x < *left && !row[x])
        x++;
    while (end > *right && !row[end - 1])
        end--;
    *left  = x;
    *right = end;
    return true;
}

struct window plane_used(cairo_surface_t *surface)
{
    int width = cairo_image_surface_get_width(surface),
        height = cairo_image_surface_get_height(surface);
    int stride = cairo_image_surface_get_stride(surface) / 4, left = width, right = 0, top = height,
        bottom = 0;
    const uint32_t *pixels = (const uint32_t *)(const void *)cairo_image_surface_get_data(surface);

    for (int y = 0; y < height; y++)
        if (row_used(pixels + (ptrdiff_t)y * stride, width, &left, &right)) {
            top    = top < y ? top : y;
            bottom = y + 1;
        }
    if (bottom == 0)
        return (struct window){ 0 };
    left   = left > 2 ? (left - 2) & ~1 : 0;
    top    = top > 2 ? (top - 2) & ~1 : 0;
    right  = right + 3 < width ? (right + 3) & ~1 : width;
    bottom = bottom + 3 < height ? (bottom + 3) & ~1 : height;
    return (struct window){ left, top, right - left, bottom - top };
}
