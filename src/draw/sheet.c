/*
 * The storyboard sheet: a page of pictures with their captions, planned once for any number of
 * cells.
 *
 * Everything on the page is measured in widths of one picture, so a sheet of a thousand is the
 * sheet of ten, smaller. The picture starts at the width that prints well and shrinks until the
 * page is within the ceilings.
 */

#include <math.h>

#include "draw/words.h"

enum { PICTURE_WIDE_PX = 560, PICTURE_LEAST_PX = 88, PAGE_PIXELS_GOOD = 24 << 20 };

static const look_colour paper = 0xF7F2E8, ink = 0x1C1A22, quiet = 0x77707A, accent = 0xC8452F,
                         hollow = 0xE4DCCE;

struct page {
    int columns, rows;
    double picture_wide, picture_high; /* the room of one picture */
    double margin, gap_x, gap_y, header, caption;
    int width_px, height_px;
};

/* Height by width of the pictures, from the first that is one. */
static double ratio_of(const struct draw_sheet *s)
{
    for (size_t i = 0; i < s->cell_count; i++) {
        const struct draw_picture *p = &s->cells[i].picture;
        if (p->pixels && p->width_px > 0 && p->height_px > 0)
            return fmax(0.3, fmin(2.2, (double)p->height_px / p->width_px));
    }
    return 9.0 / 16;
}

/* A page half as wide again as high, as a wall likes it. */
static int columns_of(const struct draw_sheet *s, double ratio)
{
    double cell = ratio + 0.34;
    int columns = (int)lround(sqrt((double)s->cell_count * 1.5 * cell));

    if (s->columns > 0)
        columns = s->columns;
    if (columns > (int)s->cell_count)
        columns = (int)s->cell_count;
    return columns < 1 ? 1 : columns;
}

static struct page page_at(const struct draw_sheet *s, double wide)
{
    double ratio = ratio_of(s);
    struct page p = { .columns = columns_of(s, ratio),
                      .picture_wide = floor(wide),
                      .picture_high = floor(wide * ratio) };

    p.rows = (int)((s->cell_count + (size_t)p.columns - 1) / (size_t)p.columns);
    p.gap_x = floor(wide * 0.075);
    p.gap_y = floor(wide * 0.085);
    p.caption = ceil(fmax(wide * 0.255, 44));
    double page_wide = p.columns * p.picture_wide + (p.columns - 1) * p.gap_x;
    p.margin = floor(fmax(wide * 0.18, page_wide * 0.028));
    p.header = floor(fmax(page_wide * 0.050, wide * 0.24));
    p.width_px = (int)(page_wide + 2 * p.margin);
    p.height_px = (int)(2 * p.margin + p.header + p.rows * (p.picture_high + p.caption) +
                        (p.rows - 1) * p.gap_y);
    return p;
}

static bool within(const struct page *p, int64_t pixels)
{
    return p->width_px <= FRAME_SIDE_MAX_PX && p->height_px <= FRAME_SIDE_MAX_PX &&
           (int64_t)p->width_px * p->height_px <= pixels;
}

static enum err plan(struct task *t, const struct draw_sheet *s, struct page *out)
{
    if (s->cell_count < 1 || s->cell_count > SCENES_MAX)
        return fail(t, ERR_LIMIT, "a sheet holds between 1 and %d pictures, not %zu", SCENES_MAX,
                    s->cell_count);
    for (double wide = PICTURE_WIDE_PX; wide >= PICTURE_LEAST_PX; wide *= 0.96) {
        *out = page_at(s, wide);
        if (within(out, PAGE_PIXELS_GOOD))
            return OK;
    }
    *out = page_at(s, PICTURE_LEAST_PX);
    if (within(out, FRAME_PIXELS_MAX))
        return OK;
    return refuse(t, ERR_LIMIT,
                  "choose a number of columns nearer to the square root of the number of pictures",
                  "%zu pictures in %d columns make too large a sheet", s->cell_count, out->columns);
}

/* ---- drawing ---- */

static void set_colour(cairo_t *cr, look_colour c, double alpha)
{
    cairo_set_source_rgba(cr, (double)(c >> 16 & 255) / 255, (double)(c >> 8 & 255) / 255,
                          (double)(c & 255) / 255, alpha);
}

static void draw_header(cairo_t *cr, const struct draw_sheet *s, const struct page *p)
{
    double x = p->margin, y = p->margin, w = p->width_px - 2 * p->margin, size = p->header * 0.52;
    struct words_block title = { .text = s->title,
                                 .weight = 800,
                                 .size_max = size,
                                 .size_min = size * 0.4,
                                 .lines_max = 1,
                                 .spacing = -0.012,
                                 .colour = ink };
    struct words_block line = { .text = s->subtitle,
                                .weight = 400,
                                .size_max = size * 0.40,
                                .size_min = size * 0.22,
                                .lines_max = 1,
                                .align = WORDS_RIGHT,
                                .colour = quiet };
    struct words_area box = { x, y - size * 0.2, w * 0.68, size * 1.35 },
                      set = words_measure(cr, &title, box);

    words_set(cr, &title, box);
    struct words_area right = { x + set.width + w * 0.02, y + size * 0.30, w - set.width - w * 0.02,
                                size * 0.6 };
    if (right.width > w * 0.1)
        words_set(cr, &line, right);
    double rule = y + size * 1.25, thick = fmax(1, p->picture_wide * 0.004);
    cairo_rectangle(cr, x, rule, w, thick);
    set_colour(cr, ink, 0.85);
    cairo_fill(cr);
    cairo_rectangle(cr, x, rule, fmin(w, p->picture_wide * 0.30), thick * 3);
    set_colour(cr, accent, 1);
    cairo_fill(cr);
}

static void draw_empty(cairo_t *cr, const struct draw_sheet_cell *cell, double x, double y,
                       const struct page *p)
{
    struct words_block number = { .text = cell->number,
                                  .weight = 700,
                                  .size_max = p->picture_high * 0.3,
                                  .size_min = 6,
                                  .lines_max = 1,
                                  .align = WORDS_CENTRE,
                                  .colour = 0xB9AF9F };
    cairo_rectangle(cr, x, y, p->picture_wide, p->picture_high);
    set_colour(cr, hollow, 1);
    cairo_fill(cr);
    words_set(cr, &number,
              (struct words_area){ x, y + p->picture_high * 0.30, p->picture_wide,
                                   p->picture_high * 0.45 });
}

/* Fitted into its room: one factor for both sides, centred, standing on the lower edge's middle. */
static void draw_picture(cairo_t *cr, const struct draw_picture *picture, double x, double y,
                         const struct page *p)
{
    double scale = fmin(p->picture_wide / picture->width_px, p->picture_high / picture->height_px);
    double w = fmax(1, round(picture->width_px * scale)),
           h = fmax(1, round(picture->height_px * scale));
    double left = round(x + (p->picture_wide - w) / 2), top = round(y + (p->picture_high - h) / 2),
           edge = fmax(1, p->picture_wide * 0.008);
    cairo_surface_t *surface = cairo_image_surface_create_for_data(
        (unsigned char *)(uintptr_t)picture->pixels, CAIRO_FORMAT_ARGB32, picture->width_px,
        picture->height_px, picture->width_px * 4);

    cairo_rectangle(cr, left + edge * 0.6, top + edge * 0.9, w, h);
    set_colour(cr, ink, 0.16);
    cairo_fill(cr);
    cairo_save(cr);
    cairo_rectangle(cr, left, top, w, h);
    cairo_clip(cr);
    cairo_translate(cr, left, top);
    cairo_scale(cr, w / picture->width_px, h / picture->height_px);
    cairo_set_source_surface(cr, surface, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr),
                             scale < 1 ? CAIRO_FILTER_BEST : CAIRO_FILTER_BILINEAR);
    cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
    cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(surface);
}

static void draw_caption(cairo_t *cr, const struct draw_sheet_cell *cell, double x, double y,
                         const struct page *p)
{
    double size = fmax(p->picture_wide * 0.046, 9), gap = size * 0.55, w = p->picture_wide,
           line = size * 1.5;
    struct words_block number = { .text = cell->number,
                                  .weight = 800,
                                  .size_max = size,
                                  .size_min = size * 0.7,
                                  .lines_max = 1,
                                  .colour = accent };
    struct words_block length = { .text = cell->length,
                                  .weight = 500,
                                  .size_max = size * 0.86,
                                  .size_min = size * 0.6,
                                  .lines_max = 1,
                                  .align = WORDS_RIGHT,
                                  .colour = quiet };
    struct words_block title = { .text = cell->title,
                                 .weight = 650,
                                 .size_max = size,
                                 .size_min = size * 0.96,
                                 .lines_max = 2,
                                 .colour = ink };
    struct words_block note = { .text = cell->note,
                                .weight = 400,
                                .size_max = size * 0.82,
                                .size_min = size * 0.80,
                                .lines_max = 2,
                                .colour = quiet };

    y += size * 0.6;
    struct words_area n = words_set(cr, &number, (struct words_area){ x, y, w * 0.25, line });
    struct words_area l =
        words_measure(cr, &length, (struct words_area){ x, y + size * 0.10, w * 0.4, line });
    words_set(cr, &length, (struct words_area){ x + w * 0.6, y + size * 0.10, w * 0.4, line });
    double from = x + (n.width > 0 ? n.width + gap : 0);
    struct words_area room = { from, y, x + w - from - (l.width > 0 ? l.width + gap : 0),
                               line * 1.9 };
    double under = fmax(words_measure(cr, &title, room).height, size * 1.2) + size * 0.25;
    words_set(cr, &title, room);
    words_set(cr, &note, (struct words_area){ x, y + under, w, p->caption - under - size * 0.6 });
}

static void draw_page(cairo_t *cr, const struct draw_sheet *s, const struct page *p)
{
    set_colour(cr, paper, 1);
    cairo_paint(cr);
    draw_header(cr, s, p);
    for (size_t i = 0; i < s->cell_count; i++) {
        const struct draw_sheet_cell *cell = &s->cells[i];
        double x = p->margin + (double)(i % (size_t)p->columns) * (p->picture_wide + p->gap_x);
        double y = p->margin + p->header +
                   (double)(i / (size_t)p->columns) * (p->picture_high + p->caption + p->gap_y);

        if (cell->picture.pixels && cell->picture.width_px > 0 && cell->picture.height_px > 0)
            draw_picture(cr, &cell->picture, x, y, p);
        else
            draw_empty(cr, cell, x, y, p);
        draw_caption(cr, cell, x, y + p->picture_high, p);
    }
}

enum err draw_sheet(struct task *t, const struct draw_sheet *sheet, struct draw_picture *out)
{
    struct page page;
    enum err e = plan(t, sheet, &page);
    if (e)
        return e;

    uint32_t *pixels =
        arena_array(t->arena, uint32_t, (size_t)page.width_px * (size_t)page.height_px);
    cairo_surface_t *surface =
        cairo_image_surface_create_for_data((unsigned char *)pixels, CAIRO_FORMAT_ARGB32,
                                            page.width_px, page.height_px, page.width_px * 4);
    cairo_t *cr = cairo_create(surface);

    draw_page(cr, sheet, &page);
    cairo_surface_flush(surface);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    *out = (struct draw_picture){ page.width_px, page.height_px, pixels };
    return OK;
}
