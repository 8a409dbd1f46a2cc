/*
 * The line is drawn as words on a card are, turned into the encoder's colours, and kept as a plane
 * of just its own size; a frame is then touched where the plane is and nowhere else.
 */
#include "draw/caption.h"

#include <math.h>
#include <stdlib.h>

#include "draw/kernels.h"
#include "draw/plane.h"
#include "draw/words.h"

enum { LINES_MAX = 3 };

struct caption {
    struct plane plane;
    int x, y; /* even; where it lies */
};

/* The room for letters, at whose foot they stand. */
static struct words_area room_of(double width, double height)
{
    bool upright = height > width;
    double side = width * (upright ? 0.09 : 0.14), low = height * (upright ? 0.17 : 0.075),
           room = height * 0.30;
    return (struct words_area){ side, height - low - room, width - 2 * side, room };
}

static void rounded(cairo_t *cr, struct words_area box, double radius)
{
    double right = box.x + box.width - radius, low = box.y + box.height - radius;
    double left = box.x + radius, top = box.y + radius;
    cairo_new_path(cr);
    cairo_arc(cr, right, top, radius, -M_PI / 2, 0);
    cairo_arc(cr, right, low, radius, 0, M_PI / 2);
    cairo_arc(cr, left, low, radius, M_PI / 2, M_PI);
    cairo_arc(cr, left, top, radius, M_PI, 3 * M_PI / 2);
    cairo_close_path(cr);
}

static void draw(cairo_t *cr, double width, double height, const char *words)
{
    double unit = fmin(width, height), size = unit * 0.052;
    struct words_area room = room_of(width, height);
    const struct words_block block = { .text = words,
                                       .weight = 600,
                                       .size_max = size,
                                       .size_min = size * 0.62,
                                       .lines_max = LINES_MAX,
                                       .align = WORDS_CENTRE,
                                       .colour = 0xFFFFFF };
    struct words_area set = words_measure(cr, &block, room);
    if (set.width <= 0)
        return;
    double down = room.y + room.height - (set.y + set.height), across = size * 0.55;
    struct words_area ground = { set.x - across, set.y + down - size * 0.30,
                                 set.width + 2 * across, set.height + size * 0.60 };
    rounded(cr, ground, size * 0.32);
    cairo_set_source_rgba(cr, 0.04, 0.04, 0.06, 0.62);
    cairo_fill(cr);
    room.y += down;
    words_set(cr, &block, room);
}

enum err caption_open(struct task *t, int64_t width_px, int64_t height_px, const char *words,
                      struct caption **out)
{
    bool sane = width_px >= 64 && width_px <= FRAME_SIDE_MAX_PX && width_px % 2 == 0 &&
                height_px >= 64 && height_px <= FRAME_SIDE_MAX_PX && height_px % 2 == 0;
    if (!sane)
        return fail(t, ERR_INVALID, "a picture of that size can have no caption");
    int width = (int)width_px, height = (int)height_px;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    cairo_t *cr = cairo_create(surface);
    draw(cr, width, height, words);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    struct window w = plane_used(surface);
    struct caption *c = arena_one(t->arena, struct caption);
    *c = (struct caption){ .x = w.x, .y = w.y };
    if (w.width > 0) {
        plane_init(&c->plane, w.width, w.height);
        plane_load(&c->plane, surface, w, (struct grading){ 1, 1, 0.5 });
    }
    cairo_surface_destroy(surface);
    *out = c;
    return OK;
}

void caption_close(struct caption *c)
{
    if (c)
        plane_done(&c->plane);
}

/* Premultiplied samples over what is there; v / 255 is exact in this form for 16 bits. */
VECTORED static void lay_row(uint8_t *restrict to, const uint8_t *restrict over,
                             const uint8_t *restrict alpha, int count)
{
    for (int x = 0; x < count; x++) {
        unsigned under = to[x] * (255u - alpha[x]) + 128;
        to[x] = (uint8_t)(over[x] + ((under + (under >> 8)) >> 8));
    }
}

static void lay(const struct sheet *s, const uint8_t *samples, uint8_t *to, int stride)
{
    for (int y = 0; y < s->height; y++)
        lay_row(to + (ptrdiff_t)y * stride, samples + (size_t)y * (size_t)s->stride,
                s->alpha + (size_t)y * (size_t)s->stride, s->width);
}

void caption_lay(const struct caption *c, const struct draw_target *target)
{
    const uint8_t *samples[] = { c->plane.luma, c->plane.u, c->plane.v };
    if (!c->plane.memory)
        return;
    for (int p = 0; p < 3; p++) {
        int half = p > 0, stride = target->stride[p];
        const struct sheet *s = half ? &c->plane.half : &c->plane.full;
        uint8_t *corner = target->plane[p] + (ptrdiff_t)(c->y >> half) * stride + (c->x >> half);
        lay(s, samples[p], corner, stride);
    }
}
