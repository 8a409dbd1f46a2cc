/*
 * Pictures made ready once: scaled down to the size they will have, and for people cut out with a
 * paper border.
 *
 * The colours of skin and clothes are read from the picture, so that the drawn body below a
 * photographed head is dressed like it: the commonest colour of the lower edge, and the commonest
 * one of the face that could be skin.
 */

#include "draw/figure_kinds.h"

#include <math.h>
#include <stdlib.h>

/* ---- colours ---- */

enum { SAMPLES = 24, BUCKETS = 1 << 12 };

/* A part of the picture, in shares of its sides. */
struct part {
    double left, top, right, low;
};

static uint32_t sample(const struct figure_picture *p, double x, double y)
{
    int column = (int)(x * (p->width_px - 1)), row = (int)(y * (p->height_px - 1));
    return p->pixels[(size_t)row * (size_t)p->width_px + (size_t)column];
}

static bool could_be_skin(uint32_t c)
{
    int r = c >> 16 & 255, g = c >> 8 & 255, b = c & 255;
    return r > 60 && r > g && g > b && r - b > 20 && r - g < 110;
}

static int bucket_of(uint32_t c)
{
    return (int)((c >> 12 & 0xF00) | (c >> 8 & 0xF0) | (c >> 4 & 0xF));
}

/* The commonest colour of a part, or COLOUR_NOT_SET when too little of it is opaque or wanted. */
static look_colour commonest(const struct figure_picture *p, struct part part, bool skin_only)
{
    uint8_t count[BUCKETS] = { 0 };
    uint32_t best = 0;
    int most = 0;

    for (int i = 0; i < SAMPLES * SAMPLES; i++) {
        double x = mix(part.left, part.right, (i % SAMPLES + 0.5) / SAMPLES);
        double y = mix(part.top, part.low, (i / SAMPLES + 0.5) / SAMPLES);
        uint32_t c = sample(p, x, y);
        if (c >> 24 < 250 || (skin_only && !could_be_skin(c)))
            continue;
        uint8_t *n = &count[bucket_of(c)];
        *n += *n < 255;
        if (*n > most)
            most = *n, best = c & 0xFFFFFF;
    }
    return most >= 12 ? (look_colour)best : COLOUR_NOT_SET;
}

/* ---- cutting ---- */

static struct figure_picture picture_new(int width, int height)
{
    uint32_t *pixels = calloc((size_t)width * (size_t)height, sizeof *pixels);
    if (!pixels)
        abort();
    return (struct figure_picture){ .width_px = width,
                                    .height_px = height,
                                    .pixels = pixels,
                                    .skin = COLOUR_NOT_SET,
                                    .cloth = COLOUR_NOT_SET };
}

static cairo_surface_t *surface_over(const struct figure_picture *p)
{
    return cairo_image_surface_create_for_data((unsigned char *)(uintptr_t)p->pixels,
                                               CAIRO_FORMAT_ARGB32, p->width_px, p->height_px,
                                               p->width_px * 4);
}

/* One factor for both sides, never larger than it was. */
static struct figure_picture shrunk(const struct figure_picture *picture, double side_px)
{
    double longer = fmax(picture->width_px, picture->height_px), k = fmin(1, side_px / longer);
    int width = (int)fmax(1, round(picture->width_px * k));
    int height = (int)fmax(1, round(picture->height_px * k));
    struct figure_picture out = picture_new(width, height);
    cairo_surface_t *from = surface_over(picture), *to = surface_over(&out);
    cairo_t *cr = cairo_create(to);

    cairo_scale(cr, (double)width / picture->width_px, (double)height / picture->height_px);
    cairo_set_source_surface(cr, from, 0, 0);
    /* Not the best one: its sharpening rings, which shows along cut edges. */
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_GOOD);
    cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
    cairo_paint(cr);
    cairo_destroy(cr);
    cairo_surface_flush(to);
    cairo_surface_destroy(to);
    cairo_surface_destroy(from);
    return out;
}

/* The head box as paper, with room around it for border and shadow; in plain light. */
static struct figure_picture cut(const struct figure_picture *picture, double head_px)
{
    static const struct figure_light plain = { .key = 0xFFFFFF, .shade = 0x303040, .ambient = 1 };
    static const struct figure_moment still = { .seconds = 0 };
    struct figure_box box = picture_head_box(picture);
    int width = (int)ceil(box.width * head_px) + 1, height = (int)ceil(box.height * head_px) + 1;
    struct figure_picture out = picture_new(width, height);
    cairo_surface_t *to = surface_over(&out);
    cairo_t *cr = cairo_create(to);
    struct pen pen;

    cairo_scale(cr, head_px, head_px);
    cairo_translate(cr, -box.x, -box.y);
    pen = pen_new(cr, &plain, &still);
    picture_cutout(&pen, picture, box, PICTURE_BORDER);
    cairo_destroy(cr);
    cairo_surface_flush(to);
    cairo_surface_destroy(to);
    out.paper = picture_is_cut_out(picture) ? PAPER_BUST : PAPER_HEAD;
    return out;
}

static bool has_paper_head(int kind)
{
    return kind == FIGURE_PERSON || kind == FIGURE_DANCER || kind == FIGURE_CHILD;
}

struct figure_picture figure_picture_cut(const struct look_cast *cast,
                                         const struct figure_picture *picture, double unit_px,
                                         bool portrait)
{
    struct body body = body_of(cast);
    double head_px = portrait ? unit_px / 2 : unit_px * body.head;

    if (!has_paper_head(cast->kind))
        return shrunk(picture, fmax(8, unit_px * (portrait ? 1.3 : 1.05)));
    struct figure_picture small = shrunk(picture, fmax(8, head_px * 3.4)), out;
    out = cut(&small, fmax(2, head_px));
    free((void *)(uintptr_t)small.pixels);
    out.cloth = commonest(picture, (struct part){ 0.15, 0.86, 0.85, 0.99 }, false);
    out.skin = commonest(picture, (struct part){ 0.38, 0.34, 0.62, 0.62 }, true);
    return out;
}
