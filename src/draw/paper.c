/*
 * Paper: cheap passes over whole sheets, done once when a scene is opened.
 */

#include "draw/paper.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "draw/kernels.h"

static int clamp(int x, int low, int high)
{
    return x < low ? low : x > high ? high : x;
}

/* Grain of three sizes and a few fibres, wrapping at the tile's edges. */
static void paper_fibres(struct paper *p, struct rng *r)
{
    for (int i = 0; i < 240; i++) {
        double x = rng_between(r, 0, PAPER_TILE), y = rng_between(r, 0, PAPER_TILE),
               angle = rng_between(r, 0, 2 * M_PI);
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
            int low =
                coarse[(cy + 1) & 31][cx] * (8 - fx) + coarse[(cy + 1) & 31][(cx + 1) & 31] * fx;
            int fine = rng_below(&r, 41) + rng_below(&r, 41) - 40;
            p->tile[y][x] = (int8_t)clamp((top * (8 - fy) + low * fy) / 64 + fine, -127, 127);
        }
    paper_fibres(p, &r);
}

VECTORED static void shade_run(uint32_t *restrict row, const uint32_t *restrict above,
                               const int8_t *restrict tile, int grain, int edge, int count)
{
    for (int x = 0; x < count; x++) {
        int a = (int)(row[x] >> 24), rise = a - (int)(above[x] >> 24);
        int factor = 4096 + tile[x] * grain + (rise > 0 ? rise * edge : 0);
        int r = (int)(row[x] >> 16 & 255) * factor >> 12,
            g = (int)(row[x] >> 8 & 255) * factor >> 12;
        int b = (int)(row[x] & 255) * factor >> 12;
        row[x] = (uint32_t)a << 24 | (uint32_t)(r > a ? a : r) << 16 |
                 (uint32_t)(g > a ? a : g) << 8 | (uint32_t)(b > a ? a : b);
    }
}

/* Only the alpha above is read, which shading leaves as it is. */
void paper_lay(const struct paper *p, cairo_surface_t *sheet, double strength, double light)
{
    int width = cairo_image_surface_get_width(sheet),
        height = cairo_image_surface_get_height(sheet);
    int stride = cairo_image_surface_get_stride(sheet) / 4, towards = light < 0 ? -1 : 1;
    int grain = (int)(strength * 9), edge = (int)(strength * 5 + 1.5);
    uint32_t *pixels;

    cairo_surface_flush(sheet);
    pixels = (uint32_t *)(void *)cairo_image_surface_get_data(sheet);
    for (int y = 1; y < height; y++) {
        uint32_t *row = pixels + (ptrdiff_t)y * stride, *above = row - stride + towards;
        const int8_t *tile = p->tile[y & (PAPER_TILE - 1)];
        for (int x = 1, next; x < width - 1; x = next) {
            next = clamp((x & ~(PAPER_TILE - 1)) + PAPER_TILE, 0, width - 1);
            shade_run(row + x, above + x, tile + (x & (PAPER_TILE - 1)), grain, edge, next - x);
        }
    }
    cairo_surface_mark_dirty(sheet);
}

/*
 * Blurring: a Gaussian of few taps, across and then down. Weights are 128ths, the sum of two
 * samples at the same distance is weighed at once.
 */
struct raster {
    uint8_t *data;
    int      width, height, stride, channels;      /* width in pixels */
};

enum { REACH_MAX = 48, WEIGHTS = 128, WEIGH_LANES = 32 };

struct bell {
    int     reach;
    uint8_t weight[REACH_MAX + 1];
};

/* What rounding leaves over goes to the middle: flat stays flat. */
static struct bell bell_of(double deviation)
{
    struct bell b = { .reach = clamp((int)ceil(2.4 * deviation), 1, REACH_MAX) };
    double share[REACH_MAX + 1], sum = -0.5;
    int rest = WEIGHTS;

    for (int i = 0; i <= b.reach; i++)
        sum += share[i] = i ? exp(-i * i / (2 * deviation * deviation)) : 0.5;
    for (int i = 1; i <= b.reach; i++) {
        b.weight[i] = (uint8_t)lround(WEIGHTS * share[i] / (2 * sum + 1));
        rest -= 2 * b.weight[i];
    }
    b.weight[0] = (uint8_t)rest;
    while (b.reach > 1 && !b.weight[b.reach])
        b.reach--;
    return b;
}

/* Every byte and its neighbours `step` bytes apart. Writes whole lanes. */
VECTORED static void weigh(uint8_t *restrict out, const uint8_t *restrict in, ptrdiff_t step,
                           const struct bell *bell, int count)
{
    for (int i = 0; i < count; i += WEIGH_LANES) {
        uint16_t sum[WEIGH_LANES];
        for (int n = 0; n < WEIGH_LANES; n++)
            sum[n] = (uint16_t)(in[i + n] * bell->weight[0] + WEIGHTS / 2);
        for (int tap = 1; tap <= bell->reach; tap++) {
            const uint8_t *before = in + i - tap * step, *after = in + i + tap * step;
            for (int n = 0; n < WEIGH_LANES; n++)
                sum[n] = (uint16_t)(sum[n] + (before[n] + after[n]) * bell->weight[tap]);
        }
        for (int n = 0; n < WEIGH_LANES; n++)
            out[i + n] = (uint8_t)(sum[n] / WEIGHTS);
    }
}

static const uint8_t *row_near(const struct raster *r, int y)
{
    return r->data + (ptrdiff_t)clamp(y, 0, r->height - 1) * r->stride;
}

/* A row with its first and last pixels repeated on both sides. */
static void row_extend(uint8_t *line, const uint8_t *row, const struct raster *r, int reach)
{
    size_t c = (size_t)r->channels, bytes = (size_t)r->width * c;

    memcpy(line, row, bytes);
    for (int i = 1; i <= reach; i++) {
        memcpy(line - (size_t)i * c, row, c);
        memcpy(line + bytes + (size_t)(i - 1) * c, row + bytes - c, c);
    }
}

static void blur_raster(const struct raster *r, double deviation)
{
    struct bell bell = bell_of(deviation);
    int bytes = r->width * r->channels, edge = bell.reach * r->channels,
        stride = bytes + WEIGH_LANES;
    uint8_t *memory = malloc((size_t)stride * (size_t)(r->height + 2 * bell.reach + 2) +
                             2 * (size_t)edge + WEIGH_LANES);

    if (!memory)
        abort();
    uint8_t *line = memory + edge, *across = line + stride + edge,
            *done = across + (ptrdiff_t)stride * (r->height + 2 * bell.reach);
    for (int y = 0; y < r->height + 2 * bell.reach; y++) {
        row_extend(line, row_near(r, y - bell.reach), r, bell.reach);
        weigh(across + (ptrdiff_t)y * stride, line, r->channels, &bell, bytes);
    }
    for (int y = 0; y < r->height; y++) {
        weigh(done, across + (ptrdiff_t)(y + bell.reach) * stride, stride, &bell, bytes);
        memcpy(r->data + (ptrdiff_t)y * r->stride, done, (size_t)bytes);
    }
    free(memory);
}

void paper_blur(cairo_surface_t *sheet, double radius)
{
    cairo_surface_flush(sheet);
    struct raster r = { cairo_image_surface_get_data(sheet), cairo_image_surface_get_width(sheet),
                        cairo_image_surface_get_height(sheet),
                        cairo_image_surface_get_stride(sheet), 4 };
    blur_raster(&r, radius);
    cairo_surface_mark_dirty(sheet);
}

/* The sheet's alpha at a quarter of its size. */
static void quarter_alpha(const struct raster *small, cairo_surface_t *sheet)
{
    int stride = cairo_image_surface_get_stride(sheet);
    const uint8_t *from = cairo_image_surface_get_data(sheet) + 3;

    for (int y = 0; y < small->height; y++)
        for (int x = 0; x < small->width; x++) {
            const uint8_t *at = from + (ptrdiff_t)4 * y * stride + 16 * x;
            small->data[(ptrdiff_t)y * small->stride + x] =
                (uint8_t)((at[0] + at[8] + at[2 * stride] + at[2 * stride + 8]) / 4);
        }
}

/* A place in the small mask: a sample and 64ths of the way to the next. */
struct mask_place {
    int at, share;
};

static struct mask_place mask_place(double full)
{
    double small = floor(full * 16);      /* 64ths of a quarter pixel */
    return (struct mask_place){ (int)floor(small / 64), (int)(small - 64 * floor(small / 64)) };
}

/* The samples from x.at on of the row at y, and what lies between two rows; past the edges the last
 * is repeated. */
static void mask_mix(uint8_t *out, const struct raster *mask, struct mask_place x,
                     struct mask_place y, int count)
{
    const uint8_t *upper = row_near(mask, y.at), *lower = row_near(mask, y.at + 1);

    for (int i = 0; i < count; i++) {
        int at = clamp(x.at + i, 0, mask->width - 1);
        out[i] = (uint8_t)((upper[at] * (64 - y.share) + lower[at] * y.share + 32) >> 6);
    }
}

/* Four samples for one: `share` is where in the first interval the row begins. */
static void mask_widen(uint8_t *restrict out, const uint8_t *restrict in, int share, int count)
{
    for (int i = 0; i < count; i++, in++)
        for (int step = 0; step < 4; step++) {
            int way = share + 16 * step, next = way >= 64, part = way & 63;
            *out++ = (uint8_t)((in[next] * (64 - part) + in[next + 1] * part + 32) >> 6);
        }
}

static inline __attribute__((always_inline)) uint32_t divide_255(uint32_t x)
{
    x += 128;
    return (x + (x >> 8)) >> 8;
}

/* Under what is there; `under` is premultiplied. */
VECTORED static void lay_under(uint32_t *restrict row, const uint8_t *restrict mask, uint32_t under,
                               int count)
{
    for (int x = 0; x < count; x++) {
        uint32_t c = row[x], share = divide_255(mask[x] * (255 - (c >> 24)));
        row[x] =
            c + (divide_255((under >> 24) * share) << 24 |
                 divide_255((under >> 16 & 255) * share) << 16 |
                 divide_255((under >> 8 & 255) * share) << 8 | divide_255((under & 255) * share));
    }
}

static uint32_t premultiplied(struct colour c, double alpha)
{
    uint32_t a = (uint32_t)lround(255 * alpha), r = (uint32_t)lround(255 * alpha * c.r),
             g = (uint32_t)lround(255 * alpha * c.g);
    return a << 24 | r << 16 | g << 8 | (uint32_t)lround(255 * alpha * c.b);
}

/* The mask is a quarter of the sheet; it lies `aside` and `down` pixels away from where it was
 * taken. */
static void lay_shadow(cairo_surface_t *sheet, const struct raster *mask, uint32_t colour,
                       double aside, double down)
{
    int width = cairo_image_surface_get_width(sheet),
        height = cairo_image_surface_get_height(sheet), quarters = (width + 3) / 4;
    int stride = cairo_image_surface_get_stride(sheet) / 4;
    uint32_t *pixels = (uint32_t *)(void *)cairo_image_surface_get_data(sheet);
    /* a mask sample's middle is two pixels in */
    struct mask_place left = mask_place(0.5 - aside - 2);
    uint8_t *wide = malloc((size_t)(5 * quarters + 2)), *narrow = wide + 4 * quarters;

    if (!wide)
        abort();
    for (int y = 0; y < height; y++) {
        mask_mix(narrow, mask, left, mask_place(y + 0.5 - down - 2), quarters + 2);
        mask_widen(wide, narrow, left.share, quarters);
        lay_under(pixels + (ptrdiff_t)y * stride, wide, colour, width);
    }
    free(wide);
}

void paper_shadow(cairo_surface_t *sheet, struct colour shadow, double strength, double reach,
                  double light)
{
    int width = cairo_image_surface_get_width(sheet) / 4,
        height = cairo_image_surface_get_height(sheet) / 4;
    struct raster mask = { .width = width, .height = height, .stride = width, .channels = 1 };

    cairo_surface_flush(sheet);
    if (width < 4 || height < 4)
        return;
    mask.data = malloc((size_t)(width * height));
    if (!mask.data)
        abort();
    quarter_alpha(&mask, sheet);
    blur_raster(&mask, reach / 4);
    lay_shadow(sheet, &mask, premultiplied(shadow, strength), -light * reach * 0.8, reach * 0.55);
    free(mask.data);
    cairo_surface_mark_dirty(sheet);
}
