/*
 * Paper: cheap passes over whole sheets, done once when a scene is opened.
 */

#include "draw/paper.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

static int clamp(int x, int low, int high)
{
    return x < low ? low : x > high ? high : x;
}

/* Grain of three sizes and a few fibres, wrapping at the tile's edges. */
static void paper_fibres(struct paper *p, struct rng *r)
{
    for (int i = 0; i < 240; i++) {
        double x = rng_between(r, 0, PAPER_TILE), y = rng_between(r, 0, PAPER_TILE), angle = rng_between(r, 0, 2 * M_PI);
        int mark = rng_below(r, 2) ? 26 : -20, length = 6 + rng_below(r, 18);
        for (int step = 0; step < length; step++) {
            int8_t *at = &p->tile[(int)y & (PAPER_TILE - 1)][(int)x & (PAPER_TILE - 1)];
            *at = (int8_t)clamp(*at + mark, -127, 127);
            angle += rng_between(r, -0.2, 0.2);
            x += cos(angle) + PAPER_TILE;
            y += sin(angle) + PAPER_TILE;
        }
    }
}

void paper_init(struct paper *p, int64_t seed)
{
    struct rng r = rng_fork((uint64_t)seed, "paper");
    int coarse[32][32];

    for (int y = 0; y < 32; y++)
        for (int x = 0; x < 32; x++)
            coarse[y][x] = rng_below(&r, 37) - 18;
    for (int y = 0; y < PAPER_TILE; y++)
        for (int x = 0; x < PAPER_TILE; x++) {
            int cx = x / 8, cy = y / 8, fx = x % 8, fy = y % 8;
            int top = coarse[cy][cx] * (8 - fx) + coarse[cy][(cx + 1) & 31] * fx;
            int low = coarse[(cy + 1) & 31][cx] * (8 - fx) + coarse[(cy + 1) & 31][(cx + 1) & 31] * fx;
            int fine = rng_below(&r, 41) + rng_below(&r, 41) - 40;
            p->tile[y][x] = (int8_t)clamp((top * (8 - fy) + low * fy) / 64 + fine, -127, 127);
        }
    paper_fibres(p, &r);
}

static uint32_t shade(uint32_t c, int by)
{
    int a = (int)(c >> 24), factor = 4096 + by;
    int r = (int)(c >> 16 & 255) * factor >> 12, g = (int)(c >> 8 & 255) * factor >> 12, b = (int)(c & 255) * factor >> 12;

    return (uint32_t)a << 24 | (uint32_t)(r > a ? a : r) << 16 | (uint32_t)(g > a ? a : g) << 8 | (uint32_t)(b > a ? a : b);
}

void paper_lay(const struct paper *p, cairo_surface_t *sheet, double strength, double light)
{
    int width = cairo_image_surface_get_width(sheet), height = cairo_image_surface_get_height(sheet);
    int stride = cairo_image_surface_get_stride(sheet) / 4, towards = light < 0 ? -1 : 1;
    int grain = (int)(strength * 9), edge = (int)(strength * 5 + 1.5);
    uint32_t *pixels;

    cairo_surface_flush(sheet);
    pixels = (uint32_t *)(void *)cairo_image_surface_get_data(sheet);
    for (int y = 1; y < height; y++) {
        uint32_t *row = pixels + (ptrdiff_t)y * stride, *above = row - stride;
        const int8_t *tile = p->tile[y & (PAPER_TILE - 1)];
        for (int x = 1; x < width - 1; x++) {
            if (!row[x])
                continue;
            int rise = (int)(row[x] >> 24) - (int)(above[x + towards] >> 24);
            row[x] = shade(row[x], tile[x & (PAPER_TILE - 1)] * grain + (rise > 0 ? rise * edge : 0));
        }
    }
    cairo_surface_mark_dirty(sheet);
}

struct raster {
    uint8_t  *data;
    int       width, height, stride, channels;      /* width in pixels */
};

/* (sum * scale) >> 20 is sum / window, rounded. */
static int box_scale(int radius)
{
    return (1 << 20) / (2 * radius + 1);
}

static uint8_t box_mean(uint32_t sum, int scale)
{
    return (uint8_t)(((uint64_t)sum * (uint64_t)scale + (1 << 19)) >> 20);
}

static void box_row(uint8_t *out, const uint8_t *in, int width, int channels, int radius)
{
    int scale = box_scale(radius), last = width - 1;
    uint32_t sum[4];

    for (int c = 0; c < channels; c++) {
        sum[c] = in[c] * (uint32_t)(radius + 1);
        for (int i = 1; i <= radius; i++)
            sum[c] += in[clamp(i, 0, last) * channels + c];
    }
    for (int x = 0; x < width; x++) {
        const uint8_t *enters = in + clamp(x + radius + 1, 0, last) * channels, *leaves = in + clamp(x - radius, 0, last) * channels;
        for (int c = 0; c < channels; c++) {
            *out++ = box_mean(sum[c], scale);
            sum[c] += (uint32_t)enters[c] - leaves[c];
        }
    }
}

/* Columns together, a row at a time: the sums of a whole row are kept. */
static void box_columns(uint8_t *out, const uint8_t *in, const struct raster *r, int radius, uint32_t *sums)
{
    int scale = box_scale(radius), last = r->height - 1, bytes = r->width * r->channels;

    for (int i = 0; i < bytes; i++)
        sums[i] = in[i] * (uint32_t)(radius + 1);
    for (int y = 1; y <= radius; y++)
        for (int i = 0; i < bytes; i++)
            sums[i] += in[(ptrdiff_t)clamp(y, 0, last) * r->stride + i];
    for (int y = 0; y < r->height; y++) {
        const uint8_t *enters = in + (ptrdiff_t)clamp(y + radius + 1, 0, last) * r->stride;
        const uint8_t *leaves = in + (ptrdiff_t)clamp(y - radius, 0, last) * r->stride;
        uint8_t *row = out + (ptrdiff_t)y * r->stride;
        for (int i = 0; i < bytes; i++) {
            row[i] = box_mean(sums[i], scale);
            sums[i] += (uint32_t)enters[i] - leaves[i];
        }
    }
}

/* Three boxes are nearly a Gaussian: the variance of a box of radius r is r (r + 1) / 3. */
static void blur_raster(const struct raster *r, double deviation)
{
    int radius = (int)sqrt(deviation * deviation + 0.25);
    size_t bytes = (size_t)r->stride * (size_t)r->height;
    uint8_t *other = radius > 0 ? malloc(bytes + sizeof(uint32_t) * (size_t)(r->width * r->channels) + 8) : NULL;

    if (!other)
        return;
    for (int pass = 0; pass < 3; pass++) {
        for (int y = 0; y < r->height; y++)
            box_row(other + (ptrdiff_t)y * r->stride, r->data + (ptrdiff_t)y * r->stride, r->width, r->channels, radius);
        box_columns(r->data, other, r, radius, (uint32_t *)(void *)(other + ((bytes + 7) & ~(size_t)7)));
    }
    free(other);
}

static void blur_surface(cairo_surface_t *s, int channels, double deviation)
{
    struct raster r = { cairo_image_surface_get_data(s), cairo_image_surface_get_width(s), cairo_image_surface_get_height(s),
                        cairo_image_surface_get_stride(s), channels };

    blur_raster(&r, deviation);
    cairo_surface_mark_dirty(s);
}

void paper_blur(cairo_surface_t *sheet, double radius)
{
    cairo_surface_flush(sheet);
    blur_surface(sheet, 4, radius);
}

/* The sheet's alpha at a quarter of its size. */
static cairo_surface_t *quarter_alpha(cairo_surface_t *sheet)
{
    int width = cairo_image_surface_get_width(sheet) / 4, height = cairo_image_surface_get_height(sheet) / 4;
    cairo_surface_t *small = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
    int stride = cairo_image_surface_get_stride(sheet), small_stride = cairo_image_surface_get_stride(small);
    const uint8_t *from = cairo_image_surface_get_data(sheet) + 3;
    uint8_t *to = cairo_image_surface_get_data(small);

    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            const uint8_t *at = from + (ptrdiff_t)4 * y * stride + 16 * x;
            to[(ptrdiff_t)y * small_stride + x] = (uint8_t)((at[0] + at[8] + at[2 * stride] + at[2 * stride + 8]) / 4);
        }
    return small;
}

void paper_shadow(cairo_surface_t *sheet, struct colour shadow, double strength, double reach, double light)
{
    cairo_surface_t *small;
    cairo_matrix_t matrix;
    cairo_pattern_t *mask;
    cairo_t *cr;

    cairo_surface_flush(sheet);
    if (cairo_image_surface_get_width(sheet) < 16 || cairo_image_surface_get_height(sheet) < 16)
        return;
    small = quarter_alpha(sheet);
    blur_surface(small, 1, reach / 4);

    mask = cairo_pattern_create_for_surface(small);
    cairo_matrix_init_scale(&matrix, 0.25, 0.25);
    cairo_matrix_translate(&matrix, light * reach * 0.8, -reach * 0.55);
    cairo_pattern_set_matrix(mask, &matrix);
    cairo_pattern_set_filter(mask, CAIRO_FILTER_BILINEAR);
    cr = cairo_create(sheet);
    cairo_set_operator(cr, CAIRO_OPERATOR_DEST_OVER);
    cairo_set_source_rgba(cr, shadow.r, shadow.g, shadow.b, strength);
    cairo_mask(cr, mask);
    cairo_destroy(cr);
    cairo_pattern_destroy(mask);
    cairo_surface_destroy(small);
}
