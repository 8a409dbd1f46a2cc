/*
 * The compositor: band by band, bottom plane to top plane, in the encoder's own colours.
 *
 * For each plane and resolution a sampler is prepared: where each output column comes from (the
 * same for every row) and where each row comes from. For a band of rows the planes' block maps say,
 * chunk by chunk of columns, whether a plane is clear, solid or mixed there. What lies under a
 * solid chunk is not read at all, clear chunks are skipped, solid ones are copied and only mixed
 * ones are blended: what a frame costs is what can be seen. A band is finished plane by plane, so
 * that its rows and the plane's columns stay in the nearest cache.
 */

#include "draw/compose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    POSITION_BITS = 16,
    BAND_ROWS = 8,
    CHUNKS_MAX = 64,
    STEP_GROUPS = STEP_SAMPLES / GROUP_SAMPLES
};

/* What a resampled row is made of: luma or U, V, their alpha. */
enum { ACROSS_FIRST, ACROSS_SECOND, ACROSS_ALPHA, ACROSS_PARTS };

/* The columns of blocks that a chunk reads, and what is known before looking: the sheet may end
 * within it. */
struct span {
    int      first, last;
    unsigned found;
};

struct sampler {
    const struct sheet *sheet;
    const uint8_t      *samples[2];        /* luma, or u and v */
    struct group       *groups;
    struct span         chunks[CHUNKS_MAX];
    int                 group_count, chunk_count;
    /* source position of output sample (0, 0), and the step; 16 bits */
    int64_t             x, y, step;
    int                 gain;
    bool                opaque;
    /* a bit a chunk: what is to be drawn of the present band */
    uint64_t            mixed, solid;
};

/* The two source rows of an output row. */
struct row {
    int  upper, lower, share;
    bool inside;
};

void canvas_init(struct canvas *c, int width, int height, int layers_max)
{
    int stride = (width + STEP_SAMPLES) & ~(STEP_SAMPLES - 1),
        stride_half = (width / 2 + STEP_SAMPLES) & ~(STEP_SAMPLES - 1);
    int group_count = stride / GROUP_SAMPLES + stride_half / GROUP_SAMPLES;
    size_t luma = (size_t)stride * height, chroma = (size_t)stride_half * (height / 2);
    size_t samplers = sizeof(struct sampler) * 2 * layers_max;
    size_t groups = sizeof(struct group) * (size_t)group_count * layers_max;
    size_t scratch = (size_t)(2 * ACROSS_PARTS * stride);
    uint8_t *at = calloc(1, samplers + groups + luma + 2 * chroma + scratch);

    if (!at)
        abort();
    *c = (struct canvas){
        .width = width,
        .height = height,
        .stride = stride,
        .stride_half = stride_half,
        .layers_max = layers_max,
        .memory = at,
    };
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

/* Whole steps, few enough for a bit each. */
static int chunk_groups(int group_count)
{
    int least = (group_count + CHUNKS_MAX - 1) / CHUNKS_MAX;
    return (least + STEP_GROUPS - 1) / STEP_GROUPS * STEP_GROUPS;
}

static int column_of(const struct sampler *s, int out_x)
{
    return (int)((s->x + out_x * s->step) >> POSITION_BITS);
}

/* A cut-out is clear outside its sheet, an opaque sheet repeats its edge. */
static struct span span_of(const struct sampler *s, int begin, int end)
{
    int left = column_of(s, begin), right = column_of(s, end - 1) + 1, width = s->sheet->width;
    bool leaves = left < 0 || right >= width;

    if (!s->opaque && (right < 0 || left >= width))
        return (struct span){ .first = 1, .last = 0, .found = BLOCK_GAP };
    return (struct span){ .first = clamp(left, 0, width - 1) / BLOCK_WIDTH,
                          .last = clamp(right, 0, width - 1) / BLOCK_WIDTH,
                          .found = leaves && !s->opaque ? BLOCK_GAP : 0 };
}

static void spans_fill(struct sampler *s)
{
    int size = chunk_groups(s->group_count) * GROUP_SAMPLES;

    s->chunk_count = (s->group_count * GROUP_SAMPLES + size - 1) / size;
    for (int n = 0; n < s->chunk_count; n++)
        s->chunks[n] = span_of(s, n * size, (n + 1) * size);
}

/* Chunks that lie beside the sheet are never drawn. */
static void groups_fill(struct sampler *s)
{
    int size = chunk_groups(s->group_count);

    for (int n = 0; n < s->group_count; n++)
        if (s->chunks[n / size].first <= s->chunks[n / size].last)
            group_fill(&s->groups[n], s->x + (int64_t)n * GROUP_SAMPLES * s->step, s->step,
                       s->sheet->width);
}

/* `shrink` is 1 for luma, 2 for chroma; sample centres lie half a sample in. */
static void sampler_aim(struct sampler *s, const struct sheet *sheet, const struct placing *at,
                        int shrink, int width)
{
    double x = at->x / shrink, y = at->y / shrink;

    s->sheet       = sheet;
    s->gain        = at->gain;
    s->step        = position(1 / at->scale);
    s->x           = position((0.5 - x) / at->scale - 0.5);
    s->y           = position((0.5 - y) / at->scale - 0.5);
    s->group_count = (width + GROUP_SAMPLES - 1) / GROUP_SAMPLES;
    spans_fill(s);
    groups_fill(s);
}

static struct row row_at(const struct sampler *s, int out_y)
{
    int64_t y = s->y + out_y * s->step;
    int upper = (int)(y >> POSITION_BITS), last = s->sheet->height - 1;

    return (struct row){
        .upper = clamp(upper, 0, last),
        .lower = clamp(upper + 1, 0, last),
        .share = (int)(y >> (POSITION_BITS - 6)) & (WEIGHT_ONE - 1),
        /* a cut-out's rim is clear anyway */
        .inside = s->opaque || (upper >= 0 && upper < last),
    };
}

/* BLOCK_ bits of a chunk in rows of blocks, ends included. */
static unsigned look_up(const struct sampler *s, const struct span *chunk, int top, int bottom)
{
    const struct sheet *t = s->sheet;
    unsigned found = chunk->found;

    for (int row = top; row <= bottom; row++)
        for (int column = chunk->first; column <= chunk->last; column++)
            found |= t->blocks[row * t->block_columns + column];
    return found;
}

static void classify(struct sampler *s, int band, int rows)
{
    int top = (int)((s->y + band * s->step) >> POSITION_BITS), height = s->sheet->height;
    int bottom = (int)((s->y + (band + rows - 1) * s->step) >> POSITION_BITS) + 1;
    unsigned outside = !s->opaque && (top < 0 || bottom >= height) ? BLOCK_GAP : 0;

    s->mixed = s->solid = 0;
    if (!s->opaque && (bottom < 0 || top >= height))
        return;
    top    = clamp(top, 0, height - 1) / BLOCK_HEIGHT;
    bottom = clamp(bottom, 0, height - 1) / BLOCK_HEIGHT;
    for (int n = 0; n < s->chunk_count; n++) {
        unsigned found = outside | look_up(s, &s->chunks[n], top, bottom);
        if (found == BLOCK_HAS && s->gain == GAIN_ONE)
            s->solid |= UINT64_C(1) << n;
        else if (found & BLOCK_HAS)
            s->mixed |= UINT64_C(1) << n;
    }
}

/* Of one resolution, which is every second sampler. What is under something solid need not be
 * drawn. */
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

/* Neighbouring chunks of a band that are drawn alike, and the source rows at hand, resampled to the
 * frame's columns. */
struct run {
    const struct sampler *s;
    const struct kernels *k;
    /* two rows of ACROSS_PARTS; a source row's place is given by its last bit */
    uint8_t              *across;
    int                   stride;
    int                   begin, end;      /* groups */
    bool                  solid;
    int                   held[2];
};

static uint8_t *run_part(const struct run *run, int source_row, int part)
{
    return run->across + ((source_row & 1) * ACROSS_PARTS + part) * run->stride;
}

static void run_resample(const struct run *run, int source_row, int part, const uint8_t *samples)
{
    const struct sampler *s = run->s;
    const uint8_t *row = samples + (ptrdiff_t)source_row * s->sheet->stride;
    int from = s->groups[run->begin].base[0], to = s->groups[run->end - 1].base[1];

    for (int x = from; x < to; x += 64)
        /* sheets do not fit the cache: ask for the next row */
        __builtin_prefetch(row + s->sheet->stride + x);
    run->k->across(run_part(run, source_row, part), row, s->groups + run->begin,
                   run->end - run->begin);
}

static void run_fetch(struct run *run, int source_row)
{
    const struct sampler *s = run->s;

    if (run->held[source_row & 1] == source_row)
        return;
    run->held[source_row & 1] = source_row;
    for (int i = 0; i < 2 && s->samples[i]; i++)
        run_resample(run, source_row, ACROSS_FIRST + i, s->samples[i]);
    if (!run->solid)
        run_resample(run, source_row, ACROSS_ALPHA, s->sheet->alpha);
}

static struct rows run_rows(const struct run *run, const struct row *r, int part)
{
    return (struct rows){ run_part(run, r->upper, part), run_part(run, r->lower, part) };
}

static void run_draw_row(struct run *run, int y, uint8_t *const out[2])
{
    const struct sampler *s = run->s;
    struct row r = row_at(s, y);
    int count = (run->end - run->begin) * GROUP_SAMPLES;

    if (!r.inside)
        return;
    r.lower = r.share ? r.lower : r.upper;
    run_fetch(run, r.upper);
    run_fetch(run, r.lower);
    for (int i = 0; i < 2 && s->samples[i]; i++) {
        uint8_t *to = out[i] + run->begin * GROUP_SAMPLES;
        if (run->solid)
            run->k->between(to, run_rows(run, &r, ACROSS_FIRST + i), r.share, count);
        else
            run->k->mix(to, run_rows(run, &r, ACROSS_FIRST + i), run_rows(run, &r, ACROSS_ALPHA),
                        r.share, s->gain, count);
    }
}

/* A band of one resolution. */
struct band {
    uint8_t *out[2];               /* its first row; luma, or U and V */
    int      top, rows, stride;
};

static void draw_run(struct run *run, const struct band *b)
{
    run->held[0] = run->held[1] = -1;
    for (int i = 0; i < b->rows; i++) {
        ptrdiff_t at = (ptrdiff_t)i * b->stride;
        run_draw_row(run, b->top + i,
                     (uint8_t *const[]){ b->out[0] + at, b->out[1] ? b->out[1] + at : NULL });
    }
}

static void draw_chunks(struct run *run, const struct band *b, uint64_t chunks)
{
    int size = chunk_groups(run->s->group_count);

    while (chunks) {
        int first = __builtin_ctzll(chunks);
        uint64_t after = ~(chunks >> first);
        int count = after ? __builtin_ctzll(after) : CHUNKS_MAX - first;
        run->begin = first * size;
        run->end   = clamp((first + count) * size, 0, run->s->group_count);
        draw_run(run, b);
        chunks &= first + count == CHUNKS_MAX ? 0 : ~UINT64_C(0) << (first + count);
    }
}

static void draw_band(const struct canvas *c, const struct kernels *k, const struct sampler *s,
                      const struct band *b)
{
    struct run run = { .s = s, .k = k, .across = c->scratch, .stride = c->stride, .solid = true };

    draw_chunks(&run, b, s->solid);
    run.solid = false;
    draw_chunks(&run, b, s->mixed);
}

static void samplers_aim(struct canvas *c, const struct layer *layer, struct sampler *luma,
                         struct sampler *chroma)
{
    const struct plane *p = layer->plane;

    luma->opaque = chroma->opaque = p->opaque && layer->at.gain == GAIN_ONE;
    sampler_aim(luma, &p->full, &layer->at, 1, c->width);
    sampler_aim(chroma, &p->half, &layer->at, 2, c->width / 2);
    luma->samples[0]   = p->luma;
    luma->samples[1]   = NULL;
    chroma->samples[0] = p->u;
    chroma->samples[1] = p->v;
}

/* Luma, or both chroma planes. */
static void compose_part(struct canvas *c, const struct kernels *k, int count, bool chroma)
{
    int height = chroma ? c->height / 2 : c->height, stride = chroma ? c->stride_half : c->stride;
    struct sampler *samplers = c->samplers + chroma;

    for (int top = 0; top < height; top += BAND_ROWS) {
        ptrdiff_t at = (ptrdiff_t)top * stride;
        struct band band = { .out = { chroma ? c->u + at : c->luma + at,
                                      chroma ? c->v + at : NULL },
                             .top = top,
                             .rows = height - top < BAND_ROWS ? height - top : BAND_ROWS,
                             .stride = stride };
        classify_all(samplers, count, band.top, band.rows);
        for (int i = 0; i < count; i++)
            draw_band(c, k, &samplers[2 * i], &band);
    }
}

void compose(struct canvas *c, const struct kernels *k, const struct layer *layers, int count)
{
    for (int i = 0; i < count; i++)
        samplers_aim(c, &layers[i], &c->samplers[2 * i], &c->samplers[2 * i + 1]);
    compose_part(c, k, count, false);
    compose_part(c, k, count, true);
}
