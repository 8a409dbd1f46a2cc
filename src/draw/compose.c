/*
 * The compositor: band by band, bottom plane to top plane, in the encoder's own colours.
 *
 * For each plane and resolution a sampler is prepared: where each output column comes from (the same for every row)
 * and where each row comes from. For a band of rows the planes' block maps say, chunk by chunk of columns, whether a
 * plane is clear, solid or mixed there. What lies under a solid chunk is not read at all, clear chunks are skipped,
 * solid ones are copied and only mixed ones are blended: what a frame costs is what can be seen.
 */

#include "draw/compose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { POSITION_BITS = 16, BAND_ROWS = 8, CHUNKS_MAX = 64, CHUNK_GROUPS_LEAST = 2 };

struct sampler {
    const struct sheet *sheet;
    const uint8_t      *samples[2];        /* luma, or u and v */
    struct group       *groups;
    int                 group_count;
    int64_t             x, y, step;        /* source position of output sample (0, 0), and the step; 16 bits */
    int                 gain;
    bool                opaque;
    uint64_t            mixed, solid;      /* a bit a chunk: what is to be drawn of the present band */
};

/* The two source rows of an output row. */
struct row {
    int  upper, lower, share;
    bool inside;
};

void canvas_init(struct canvas *c, int width, int height, int layers_max)
{
    int stride = (width + GROUP_SAMPLES + 31) & ~31, stride_half = (width / 2 + GROUP_SAMPLES + 31) & ~31;
    int group_count = stride / GROUP_SAMPLES + stride_half / GROUP_SAMPLES;
    size_t luma = (size_t)stride * height, chroma = (size_t)stride_half * (height / 2);
    size_t samplers = sizeof(struct sampler) * 2 * layers_max;
    size_t groups = sizeof(struct group) * (size_t)group_count * layers_max;
    size_t scratch = 2 * (size_t)(8 * stride + 4 * ROW_PAD);
    uint8_t *at = calloc(1, samplers + groups + luma + 2 * chroma + scratch);

    if (!at)
        abort();
    *c = (struct canvas){ .width = width, .height = height, .stride = stride, .stride_half = stride_half,
                          .layers_max = layers_max, .memory = at };
    c->samplers = (struct sampler *)(void *)at;
    for (int i = 0; i < layers_max; i++) {
        struct group *g = (struct group *)(void *)(at + samplers) + (size_t)i * group_count;
        c->samplers[2 * i].groups     = g;
        c->samplers[2 * i + 1].groups = g + stride / GROUP_SAMPLES;
    }
    c->luma    = at + samplers + groups;
    c->u       = c->luma + luma;
    c->v       = c->u + chroma;
    c->scratch = c->v + chroma;
}

void canvas_done(struct canvas *c)
{
    free(c->memory);
    *c = (struct canvas){ 0 };
}

static int clamp(int x, int low, int high)
{
    return x < low ? low : x > high ? high : x;
}

static int64_t position(double x)
{
    return (int64_t)floor(x * (1 << POSITION_BITS) + 0.5);
}

/* Columns past the sheet read its padding: clear, or the last column repeated. */
static void group_fill(struct group *g, int64_t x, int64_t step, int width)
{
    for (int half = 0; half < 2; half++) {
        int64_t from = x + half * GROUP_HALF * step;
        int base = (int)(from >> POSITION_BITS);
        g->base[half] = clamp(base, -ROW_PAD / 2, width + ROW_PAD / 2 - GROUP_SAMPLES);
        for (int i = 0; i < GROUP_HALF; i++, from += step) {
            int at    = 2 * (half * GROUP_HALF + i);
            int left  = (int)(from >> POSITION_BITS);
            int share = (int)(from >> (POSITION_BITS - 6)) & (WEIGHT_ONE - 1);
            g->pick[at]       = (uint8_t)clamp(left - g->base[half], 0, 15);
            g->pick[at + 1]   = (uint8_t)clamp(left + 1 - g->base[half], 0, 15);
            g->weight[at]     = (uint8_t)(WEIGHT_ONE - share);
            g->weight[at + 1] = (uint8_t)share;
        }
    }
}

/* `shrink` is 1 for luma, 2 for chroma; sample centres lie half a sample in. */
static void sampler_aim(struct sampler *s, const struct sheet *sheet, const struct placing *at, int shrink,
                        int width)
{
    double x = at->x / shrink, y = at->y / shrink;

    s->sheet       = sheet;
    s->gain        = at->gain;
    s->step        = position(1 / at->scale);
    s->x           = position((0.5 - x) / at->scale - 0.5);
    s->y           = position((0.5 - y) / at->scale - 0.5);
    s->group_count = (width + GROUP_SAMPLES - 1) / GROUP_SAMPLES;
    for (int n = 0; n < s->group_count; n++)
        group_fill(&s->groups[n], s->x + (int64_t)n * GROUP_SAMPLES * s->step, s->step, sheet->width);
}

static struct row row_at(const struct sampler *s, int out_y)
{
    int64_t y = s->y + out_y * s->step;
    int upper = (int)(y >> POSITION_BITS), last = s->sheet->height - 1;

    return (struct row){
        .upper = clamp(upper, 0, last),
        .lower = clamp(upper + 1, 0, last),
        .share = (int)(y >> (POSITION_BITS - 6)) & (WEIGHT_ONE - 1),
        .inside = s->opaque || (upper >= 0 && upper < last),      /* a cut-out's rim is clear anyway */
    };
}

static int chunk_groups(int group_count)
{
    int least = (group_count + CHUNKS_MAX - 1) / CHUNKS_MAX;
    return least > CHUNK_GROUPS_LEAST ? least : CHUNK_GROUPS_LEAST;
}

/* BLOCK_ bits of a rectangle of the source, ends included; a cut-out is clear outside its sheet. */
static unsigned look_up(const struct sampler *s, int left, int right, int top, int bottom)
{
    const struct sheet *t = s->sheet;
    bool leaves = left < 0 || right >= t->width || top < 0 || bottom >= t->height;
    unsigned found = leaves && !s->opaque ? BLOCK_GAP : 0;

    if (!s->opaque && (right < 0 || left >= t->width || bottom < 0 || top >= t->height))
        return BLOCK_GAP;
    left   = clamp(left, 0, t->width - 1) / BLOCK_WIDTH;
    right  = clamp(right, 0, t->width - 1) / BLOCK_WIDTH;
    top    = clamp(top, 0, t->height - 1) / BLOCK_HEIGHT;
    bottom = clamp(bottom, 0, t->height - 1) / BLOCK_HEIGHT;
    for (int row = top; row <= bottom; row++)
        for (int column = left; column <= right; column++)
            found |= t->blocks[row * t->block_columns + column];
    return found;
}

static int column_of(const struct sampler *s, int out_x)
{
    return (int)((s->x + out_x * s->step) >> POSITION_BITS);
}

static void classify(struct sampler *s, int band, int rows)
{
    int top = (int)((s->y + band * s->step) >> POSITION_BITS);
    int bottom = (int)((s->y + (band + rows - 1) * s->step) >> POSITION_BITS) + 1;
    int chunk = chunk_groups(s->group_count) * GROUP_SAMPLES, chunks = (s->group_count * GROUP_SAMPLES + chunk - 1) / chunk;

    s->mixed = s->solid = 0;
    if (!s->opaque && (bottom < 0 || top >= s->sheet->height))
        return;
    for (int n = 0; n < chunks; n++) {
        unsigned found = look_up(s, column_of(s, n * chunk), column_of(s, (n + 1) * chunk - 1) + 1, top, bottom);
        if (found == BLOCK_HAS && s->gain == GAIN_ONE)
            s->solid |= UINT64_C(1) << n;
        else if (found & BLOCK_HAS)
            s->mixed |= UINT64_C(1) << n;
    }
}

/* Of one resolution, which is every second sampler. What is under something solid need not be drawn. */
static void classify_all(struct sampler *samplers, int count, int band, int rows)
{
    uint64_t hidden = 0;

    for (int i = count - 1; i >= 0; i--) {
        struct sampler *s = &samplers[2 * i];
        classify(s, band, rows);
        uint64_t solid = s->solid;
        s->mixed &= ~hidden;
        s->solid &= ~hidden;
        hidden |= solid;
    }
}

/* The two source rows mixed, over the columns that the groups read. */
static const uint8_t *mixed_row(const struct sampler *s, const struct kernels *k, const struct row *r, const uint8_t *samples,
                                int begin, int end, uint8_t *scratch)
{
    const uint8_t *upper = samples + (ptrdiff_t)r->upper * s->sheet->stride;
    const uint8_t *lower = samples + (ptrdiff_t)r->lower * s->sheet->stride;
    int from = s->groups[begin].base[0], to = s->groups[end - 1].base[1] + GROUP_SAMPLES;

    if (r->share == 0)
        return upper;
    k->lerp_rows(scratch + from, upper + from, lower + from, r->share, to - from);
    return scratch;
}

/* Groups from `begin` to `end` of one row. */
static void draw_run(const struct canvas *c, const struct sampler *s, const struct kernels *k, const struct row *r,
                     uint8_t *const out[2], int begin, int end, bool solid)
{
    uint8_t *scratch = c->scratch + ROW_PAD, *scratch_alpha = scratch + 8 * c->stride + 2 * ROW_PAD;
    const uint8_t *alpha = solid ? NULL : mixed_row(s, k, r, s->sheet->alpha, begin, end, scratch_alpha);

    for (int i = 0; i < 2 && s->samples[i]; i++) {
        const uint8_t *row = mixed_row(s, k, r, s->samples[i], begin, end, scratch);
        uint8_t *to = out[i] + begin * GROUP_SAMPLES;
        if (solid)
            k->put(to, row, s->groups + begin, end - begin);
        else
            k->mix(to, row, alpha, s->groups + begin, end - begin, s->gain);
    }
}

static void draw_chunks(const struct canvas *c, const struct sampler *s, const struct kernels *k, const struct row *r,
                        uint8_t *const out[2], uint64_t chunks, bool solid)
{
    int size = chunk_groups(s->group_count);

    while (chunks) {
        int first = __builtin_ctzll(chunks);
        uint64_t after = ~(chunks >> first);
        int count = after ? __builtin_ctzll(after) : CHUNKS_MAX - first;
        draw_run(c, s, k, r, out, first * size, clamp((first + count) * size, 0, s->group_count), solid);
        chunks &= first + count == CHUNKS_MAX ? 0 : ~UINT64_C(0) << (first + count);
    }
}

static void compose_row(const struct canvas *c, const struct kernels *k, const struct sampler *samplers, int count, int y,
                        uint8_t *const out[2])
{
    for (int i = 0; i < count; i++) {
        const struct sampler *s = &samplers[2 * i];
        struct row r = row_at(s, y);
        if (!r.inside)
            continue;
        draw_chunks(c, s, k, &r, out, s->solid, true);
        draw_chunks(c, s, k, &r, out, s->mixed, false);
    }
}

static void samplers_aim(struct canvas *c, const struct layer *layer, struct sampler *luma,
                         struct sampler *chroma)
{
    const struct plane *p = layer->plane;

    sampler_aim(luma, &p->full, &layer->at, 1, c->width);
    sampler_aim(chroma, &p->half, &layer->at, 2, c->width / 2);
    luma->samples[0]   = p->luma;
    luma->samples[1]   = NULL;
    chroma->samples[0] = p->u;
    chroma->samples[1] = p->v;
    luma->opaque = chroma->opaque = p->opaque && layer->at.gain == GAIN_ONE;
}

/* Rows of one resolution: luma with first 0 and one output, chroma with first 1 and two. */
static void compose_part(struct canvas *c, const struct kernels *k, int count, bool chroma)
{
    int height = chroma ? c->height / 2 : c->height, stride = chroma ? c->stride_half : c->stride;
    struct sampler *samplers = c->samplers + chroma;

    for (int band = 0; band < height; band += BAND_ROWS) {
        int rows = height - band < BAND_ROWS ? height - band : BAND_ROWS;
        classify_all(samplers, count, band, rows);
        for (int y = band; y < band + rows; y++) {
            ptrdiff_t at = (ptrdiff_t)y * stride;
            uint8_t *const out[2] = { chroma ? c->u + at : c->luma + at, chroma ? c->v + at : NULL };
            compose_row(c, k, samplers, count, y, out);
        }
    }
}

void compose(struct canvas *c, const struct kernels *k, const struct layer *layers, int count)
{
    for (int i = 0; i < count; i++)
        samplers_aim(c, &layers[i], &c->samplers[2 * i], &c->samplers[2 * i + 1]);
    compose_part(c, k, count, false);
    compose_part(c, k, count, true);
}
