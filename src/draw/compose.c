/*
 * The compositor: row by row, bottom plane to top plane, in the encoder's own colours.
 *
 * For each plane and resolution a sampler is prepared: where each output column comes from (the same for every row)
 * and where each row comes from. A row is then at most three runs: soft, solid, soft. Solid runs are copied without
 * looking at what is below, and planes wholly hidden by a solid row above them are not touched at all.
 */

#include "draw/compose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { POSITION_BITS = 16, LEAST_SOLID = 4 * GROUP_SAMPLES };

struct sampler {
    const struct sheet *sheet;
    const uint8_t      *samples[2];        /* luma, or u and v */
    struct group       *groups;
    int                 group_count;
    int64_t             x, y, step;        /* source position of output sample (0, 0), and the step; 16 bits */
    double              x_inverse, scale;  /* from source columns back to the frame */
    int                 gain;
    bool                opaque;
};

/* A row about to be sampled: the two source rows and what they hold. */
struct row {
    int         upper, lower, share;
    struct span span;                      /* in groups of the frame */
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
                          .bottom = height, .layers_max = layers_max, .memory = at };
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
    s->scale       = at->scale;
    s->x_inverse   = x;
    s->step        = position(1 / at->scale);
    s->x           = position((0.5 - x) / at->scale - 0.5);
    s->y           = position((0.5 - y) / at->scale - 0.5);
    s->group_count = (width + GROUP_SAMPLES - 1) / GROUP_SAMPLES;
    for (int n = 0; n < s->group_count; n++)
        group_fill(&s->groups[n], s->x + (int64_t)n * GROUP_SAMPLES * s->step, s->step, sheet->width);
}

static struct span span_union(struct span a, struct span b)
{
    if (a.end <= a.begin)
        return (struct span){ b.begin, b.end, 0, 0 };
    if (b.end <= b.begin)
        return (struct span){ a.begin, a.end, 0, 0 };
    return (struct span){
        a.begin < b.begin ? a.begin : b.begin,
        a.end > b.end ? a.end : b.end,
        a.solid_begin > b.solid_begin ? a.solid_begin : b.solid_begin,
        a.solid_end < b.solid_end ? a.solid_end : b.solid_end,
    };
}

/* Source columns to groups of the frame: outwards for what must be drawn, inwards for what is solid. */
static struct span span_in_groups(const struct sampler *s, struct span source)
{
    double begin = (source.begin - 1) * s->scale + s->x_inverse, end = (source.end + 1) * s->scale + s->x_inverse;
    double solid_begin = (source.solid_begin + 1) * s->scale + s->x_inverse;
    double solid_end   = (source.solid_end - 1) * s->scale + s->x_inverse;
    struct span out = { .begin = clamp((int)floor(begin / GROUP_SAMPLES), 0, s->group_count),
                        .end = clamp((int)ceil(end / GROUP_SAMPLES), 0, s->group_count) };

    if (source.solid_begin == 0 && s->opaque)
        return (struct span){ 0, s->group_count, 0, s->group_count };
    if (s->gain != GAIN_ONE || solid_end - solid_begin < LEAST_SOLID)
        return out;
    out.solid_begin = clamp((int)ceil(solid_begin / GROUP_SAMPLES), out.begin, out.end);
    out.solid_end   = clamp((int)floor(solid_end / GROUP_SAMPLES), out.solid_begin, out.end);
    return out;
}

static struct row row_at(const struct sampler *s, int out_y)
{
    int64_t y = s->y + out_y * s->step;
    int upper = (int)(y >> POSITION_BITS), last = s->sheet->height - 1;
    struct row r = { .share = (int)(y >> (POSITION_BITS - 6)) & (WEIGHT_ONE - 1) };

    if (s->opaque) {
        r.upper = clamp(upper, 0, last);
        r.lower = clamp(upper + 1, 0, last);
    } else if (upper < 0 || upper + 1 > last) {
        return (struct row){ 0 };          /* the outermost half sample of a cut-out is clear anyway */
    } else {
        r.upper = upper;
        r.lower = upper + 1;
    }
    r.span = span_in_groups(s, span_union(s->sheet->spans[r.upper], s->sheet->spans[r.lower]));
    return r;
}

/* The two source rows mixed, over the columns that the groups read. */
static const uint8_t *mixed_row(const struct sampler *s, const struct kernels *k, const struct row *r,
                                const uint8_t *samples, uint8_t *scratch)
{
    const uint8_t *upper = samples + (ptrdiff_t)r->upper * s->sheet->stride;
    const uint8_t *lower = samples + (ptrdiff_t)r->lower * s->sheet->stride;
    int from = s->groups[r->span.begin].base[0], to = s->groups[r->span.end - 1].base[1] + GROUP_SAMPLES;

    if (r->share == 0)
        return upper;
    k->lerp_rows(scratch + from, upper + from, lower + from, r->share, to - from);
    return scratch;
}

static void draw_run(const struct sampler *s, const struct kernels *k, uint8_t *out, const uint8_t *row,
                     const uint8_t *alpha, int begin, int end)
{
    if (end > begin)
        k->mix(out + begin * GROUP_SAMPLES, row, alpha, s->groups + begin, end - begin, s->gain);
}

static void draw_row(const struct canvas *c, const struct sampler *s, const struct kernels *k,
                     const struct row *r, uint8_t *const out[2])
{
    struct span n = r->span;
    bool all_solid = n.solid_begin == n.begin && n.solid_end == n.end;
    uint8_t *scratch = c->scratch + ROW_PAD, *scratch_alpha = scratch + 8 * c->stride + 2 * ROW_PAD;
    const uint8_t *alpha = all_solid ? NULL : mixed_row(s, k, r, s->sheet->alpha, scratch_alpha);

    for (int i = 0; i < 2 && s->samples[i]; i++) {
        const uint8_t *row = mixed_row(s, k, r, s->samples[i], scratch);
        if (n.solid_end <= n.solid_begin) {
            draw_run(s, k, out[i], row, alpha, n.begin, n.end);
            continue;
        }
        draw_run(s, k, out[i], row, alpha, n.begin, n.solid_begin);
        k->put(out[i] + n.solid_begin * GROUP_SAMPLES, row, s->groups + n.solid_begin,
               n.solid_end - n.solid_begin);
        draw_run(s, k, out[i], row, alpha, n.solid_end, n.end);
    }
}

static bool hides_all(const struct sampler *s, const struct row *r)
{
    return r->span.solid_begin == 0 && r->span.solid_end == s->group_count;
}

/* `first` is 0 for the luma samplers, 1 for the chroma ones. */
static void compose_row(const struct canvas *c, const struct kernels *k, int first, int count, int y,
                        uint8_t *const out[2])
{
    int bottom = count - 1;

    while (bottom > 0) {
        const struct sampler *s = &c->samplers[2 * bottom + first];
        struct row r = row_at(s, y);
        if (hides_all(s, &r))
            break;
        bottom--;
    }
    for (int i = bottom; i < count; i++) {
        const struct sampler *s = &c->samplers[2 * i + first];
        struct row r = row_at(s, y);
        if (r.span.end > r.span.begin)
            draw_row(c, s, k, &r, out);
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

void compose(struct canvas *c, const struct kernels *k, const struct layer *layers, int count)
{
    if (count == 0)
        return;
    for (int i = 0; i < count; i++)
        samplers_aim(c, &layers[i], &c->samplers[2 * i], &c->samplers[2 * i + 1]);
    for (int y = c->top; y < c->bottom; y++)
        compose_row(c, k, 0, count, y, (uint8_t *const[2]){ c->luma + (ptrdiff_t)y * c->stride, NULL });
    for (int y = c->top / 2; y < c->bottom / 2; y++) {
        ptrdiff_t at = (ptrdiff_t)y * c->stride_half;
        compose_row(c, k, 1, count, y, (uint8_t *const[2]){ c->u + at, c->v + at });
    }
}
