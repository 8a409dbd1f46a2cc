/*
 * Words: whatever the text, its ink stays in its box and an end card's words in the safe area;
 * colours can be read. Sheets: any number of cells fits the ceilings, pictures keep their
 * proportions, too much is refused.
 */
#include "test.h"

#include <cairo.h>
#include <math.h>
#include <string.h>

#include "draw/caption.h"
#include "draw/words.h"

static const char *const texts[] = {
    "Tern",
    "A quieter kettle for slow mornings",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "fjgyÅÇ Ǻj̈́ Wq",
    "東京の夜、雨、そして静けさ",
    "مرحبا بالعالم",
    "broken \xff\xfe\x80 bytes",
    "two\nlines\tand a tab",
    "Forty hours of sound, folded into a pocket, for those who walk home the long way round and "
    "would rather not hear anything but "
    "the rain on the umbrella, the tram bell, and their own steps",
    "🎷🎺🥁",
};

enum { TEXTS = sizeof texts / sizeof *texts };

static cairo_t *context_new(int width, int height)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    cairo_t *cr = cairo_create(surface);
    cairo_surface_destroy(surface);
    return cr;
}

static const uint32_t *pixels_of(cairo_t *cr)
{
    cairo_surface_flush(cairo_get_target(cr));
    return (const uint32_t *)(const void *)cairo_image_surface_get_data(cairo_get_target(cr));
}

/* The box of the pixels that differ between two pictures; width 0 when none do. */
static struct words_area difference(cairo_t *a, cairo_t *b, int width, int height)
{
    const uint32_t *p = pixels_of(a), *q = pixels_of(b);
    int left = width, right = -1, top = height, low = -1;

    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            if (p[y * width + x] != q[y * width + x]) {
                left = x < left ? x : left, right = x > right ? x : right;
                top = y < top ? y : top, low = y > low ? y : low;
            }
    return right < 0 ? (struct words_area){ 0, 0, 0, 0 }
                     : (struct words_area){ left, top, right - left + 1, low - top + 1 };
}

static bool inside(struct words_area inner, struct words_area outer, double slack)
{
    return inner.x >= outer.x - slack && inner.y >= outer.y - slack &&
           inner.x + inner.width <= outer.x + outer.width + slack &&
           inner.y + inner.height <= outer.y + outer.height + slack;
}

static void ink_stays_in_its_box(void **state)
{
    (void)state;
    static const struct words_area boxes[] = { { 40, 40, 200, 60 },
                                               { 40, 40, 70, 40 },
                                               { 40, 40, 60, 24 } };

    for (int i = 0; i < TEXTS; i++)
        for (size_t k = 0; k < sizeof boxes / sizeof *boxes; k++)
            for (int align = 0; align < 3; align++) {
                struct words_block block = { .text = texts[i],
                                             .weight = 800,
                                             .size_max = 70,
                                             .size_min = 9,
                                             .align = (enum words_align)align,
                                             .colour = 0xFFFFFF };
                cairo_t *blank = context_new(300, 140), *cr = context_new(300, 140);
                words_set(cr, &block, boxes[k]);
                struct words_area ink = difference(blank, cr, 300, 140);
                if (ink.width <= 0 || !inside(ink, boxes[k], 1.5))
                    test_failed("\"%s\" in box %zu: ink %.0f,%.0f %.0fx%.0f", texts[i], k, ink.x,
                                ink.y, ink.width, ink.height);
                cairo_destroy(blank);
                cairo_destroy(cr);
            }
}

static void larger_boxes_have_larger_words(void **state)
{
    (void)state;
    cairo_t *cr = context_new(8, 8);
    struct words_block block = { .text = "Tern", .weight = 800, .size_max = 400, .size_min = 8 };
    double last = 0;

    for (int i = 1; i <= 4; i++) {
        struct words_area m = words_measure(cr, &block, (struct words_area){ 0, 0, 100 * i, 400 });
        assert_true(m.width > last * 1.2);
        last = m.width;
    }
    cairo_destroy(cr);
}

static const struct {
    int width, height;
} frames[] = { { 640, 360 }, { 360, 640 }, { 400, 400 }, { 270, 480 }, { 64, 64 } };

static const struct look_grade grade = { .shade = 0x1F2A44,
                                         .mid = 0x4A6079,
                                         .light = 0xC9B79C,
                                         .paper = 0xF6ECD9,
                                         .accent = 0xD9482B,
                                         .accent2 = 0xE9B44C,
                                         .font = "" };

/* Against a card of one space-like mark, so that the panel itself is in both pictures. */
static void card_words_stay_in_the_safe_area(void **state)
{
    (void)state;
    for (size_t f = 0; f < sizeof frames / sizeof *frames; f++)
        for (int i = 0; i < TEXTS; i++) {
            int w = frames[f].width, h = frames[f].height;
            struct words_layout l = words_layout_card(w, h);
            struct draw_words full = {
                texts[i], texts[(i + 1) % TEXTS], texts[(i + 2) % TEXTS], "", "", ""
            };
            struct draw_words bare = {
                "\xE2\x80\x8B", "", "", "", "", ""
            }; /* a zero width space: a panel without words */
            cairo_t *with = context_new(w, h), *without = context_new(w, h),
                    *blank = context_new(w, h);

            words_draw_card(with, w, h, &full, &grade);
            words_draw_card(without, w, h, &bare, &grade);
            struct words_area ink = difference(with, without, w, h);
            assert_true(ink.width > 0);
            if (!inside(ink, l.words, 1.5))
                test_failed(
                    "\"%s\" on a card of %dx%d: ink %.0f,%.0f %.0fx%.0f leaves %.0f,%.0f %.0fx%.0f",
                    texts[i], w, h, ink.x, ink.y, ink.width, ink.height, l.words.x, l.words.y,
                    l.words.width, l.words.height);
            assert_true(inside(difference(with, blank, w, h), l.panel, 1.5));
            cairo_destroy(with);
            cairo_destroy(without);
            cairo_destroy(blank);
        }
}

static void room_for_product_and_words_do_not_meet(void **state)
{
    (void)state;
    for (size_t f = 0; f < sizeof frames / sizeof *frames; f++) {
        struct words_layout l = words_layout_card(frames[f].width, frames[f].height);
        struct words_area p = l.product, w = l.panel,
                          frame = { 0, 0, frames[f].width, frames[f].height };
        assert_true(p.x + p.width <= w.x + 0.5 || p.y + p.height <= w.y + 0.5);
        assert_true(inside(p, frame, 0) && inside(l.words, l.panel, 0) &&
                    inside(l.panel, frame, 0.5));
        assert_true(p.width > frames[f].width * 0.3 && p.height > frames[f].height * 0.4);
    }
}

static void slates_stay_low_and_inside(void **state)
{
    (void)state;
    for (size_t f = 0; f < sizeof frames / sizeof *frames; f++)
        for (int i = 0; i < TEXTS; i++) {
            int w = frames[f].width, h = frames[f].height;
            struct draw_words words = { "", "", "", "128", texts[i], texts[(i + 3) % TEXTS] };
            cairo_t *cr = context_new(w, h), *blank = context_new(w, h);
            words_draw_overlay(cr, w, h, &words, &grade);
            struct words_area ink = difference(cr, blank, w, h);
            assert_true(
                inside(ink, (struct words_area){ w * 0.015, h * 0.70, w * 0.97, h * 0.29 }, 1));
            cairo_destroy(cr);
            cairo_destroy(blank);
        }
}

static void nothing_said_nothing_drawn(void **state)
{
    (void)state;
    cairo_t *cr = context_new(320, 180), *blank = context_new(320, 180);
    struct draw_words none = { "", "  ", NULL, "", "", NULL };
    words_draw_card(cr, 320, 180, &none, &grade);
    words_draw_overlay(cr, 320, 180, &none, &grade);
    assert_true(difference(cr, blank, 320, 180).width == 0);
    cairo_destroy(cr);
    cairo_destroy(blank);
}

static void readable_means_contrast(void **state)
{
    (void)state;
    assert_true(fabs(words_contrast(0x000000, 0xFFFFFF) - 21) < 0.01);
    assert_true(fabs(words_contrast(0x777777, 0x777777) - 1) < 0.001);
    for (look_colour c = 0; c <= 0xFFFFFF; c += 0x10305)
        assert_true(words_contrast(c, words_readable(c, 0x17151C, 0xFFFAF0)) > 3.9);
}

/* ---- sheets ---- */

static void sheet_of(struct task *t, size_t count, int width, int height, int columns,
                     enum err wanted, struct draw_picture *out)
{
    struct draw_sheet_cell *cells =
        arena_array(t->arena, struct draw_sheet_cell, count ? count : 1);
    uint32_t *pixels = arena_array(t->arena, uint32_t, width * height);

    for (int i = 0; i < width * height; i++)
        pixels[i] = 0xFF00C040;
    for (size_t i = 0; i < count; i++)
        cells[i] = (struct draw_sheet_cell){ { width, height, pixels }, "1", "", "", "" };
    struct draw_sheet sheet = { "A film", "Twelve scenes", cells, count, columns };
    assert_err(draw_sheet(t, &sheet, out), wanted);
}

/* The first run of the picture's colour along and down the page. */
static void measure_first(const struct draw_picture *page, int *out_wide, int *out_high)
{
    int at = 0;
    while (page->pixels[at] != 0xFF00C040)
        at++;
    *out_wide = *out_high = 0;
    while (page->pixels[at + *out_wide] == 0xFF00C040)
        ++*out_wide;
    while (page->pixels[at + *out_high * page->width_px] == 0xFF00C040)
        ++*out_high;
}

static void sheets_fit_and_keep_proportions(void **state)
{
    (void)state;
    static const struct {
        size_t count;
        int width, height;
    } rows[] = { { 1, 320, 180 }, { 2, 180, 320 }, { 12, 320, 180 }, { 31, 200, 200 } };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct task t;
        struct draw_picture page;
        int wide, high;
        task_init(&t, "sheet");
        sheet_of(&t, rows[i].count, rows[i].width, rows[i].height, 0, OK, &page);
        assert_true(page.width_px <= FRAME_SIDE_MAX_PX && page.height_px <= FRAME_SIDE_MAX_PX);
        assert_true((int64_t)page.width_px * page.height_px <= FRAME_PIXELS_MAX);
        measure_first(&page, &wide, &high);
        assert_true(fabs((double)wide / high * rows[i].height / rows[i].width - 1) < 0.03);
        task_done(&t);
    }
}

static void too_much_is_refused(void **state)
{
    (void)state;
    struct task t;
    struct draw_picture page;
    task_init(&t, "sheet");
    sheet_of(&t, 0, 16, 9, 0, ERR_LIMIT, &page);
    sheet_of(&t, SCENES_MAX + 1, 16, 9, 0, ERR_LIMIT, &page);
    sheet_of(&t, 900, 9, 16, 1, ERR_LIMIT, &page);
    assert_true(strlen(t.fault.next) > 0);
    task_done(&t);
}

/* ---- captions ---- */

enum { GREY = 90 };

/* The box of the samples that a caption changed; and how many of them are as bright as its letters are to be. */
static struct words_area captioned(int width, int height, const char *words, int *out_bright)
{
    struct task t;
    struct caption *c = NULL;
    int left = width, right = -1, top = height, low = -1;
    task_init(&t, "test");
    uint8_t *planes = arena_alloc(t.arena, (size_t)width * (size_t)height * 3 / 2);
    memset(planes, GREY, (size_t)width * (size_t)height * 3 / 2);
    struct draw_target target = { { planes, planes + width * height, planes + width * height * 5 / 4 },
                                  { width, width / 2, width / 2 } };
    assert_ok(&t, caption_open(&t, width, height, words, &c));
    caption_lay(c, &target);
    *out_bright = 0;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            if (planes[y * width + x] != GREY) {
                left = x < left ? x : left, right = x > right ? x : right;
                top = y < top ? y : top, low = y > low ? y : low;
                *out_bright += planes[y * width + x] > 200;
            }
    caption_close(c);
    task_done(&t);
    return right < 0 ? (struct words_area){ 0, 0, 0, 0 }
                     : (struct words_area){ left, top, right - left + 1, low - top + 1 };
}

static void captions_stay_low_and_inside(void **state)
{
    (void)state;
    static const int sizes[][2] = { { 854, 480 }, { 1280, 720 }, { 480, 854 }, { 480, 480 }, { 64, 64 } };
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (int i = 0; i < TEXTS; i++) {
            int width = sizes[k][0], height = sizes[k][1], bright;
            struct words_area safe = { width * 0.05, height * 0.5, width * 0.90, height * (height > width ? 0.36 : 0.46) };
            struct words_area box = captioned(width, height, texts[i], &bright);
            if (box.width == 0 || !inside(box, safe, 1))
                test_failed("%dx%d \"%s\": %g,%g %gx%g", width, height, texts[i], box.x, box.y, box.width, box.height);
            assert_true(bright > 0 || width == 64 || i == TEXTS - 1);        /* emoji have colours of their own */
        }
    int bright;
    assert_true(captioned(640, 360, " ", &bright).width == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ink_stays_in_its_box),
        cmocka_unit_test(larger_boxes_have_larger_words),
        cmocka_unit_test(card_words_stay_in_the_safe_area),
        cmocka_unit_test(room_for_product_and_words_do_not_meet),
        cmocka_unit_test(slates_stay_low_and_inside),
        cmocka_unit_test(nothing_said_nothing_drawn),
        cmocka_unit_test(captions_stay_low_and_inside),
        cmocka_unit_test(readable_means_contrast),
        cmocka_unit_test(sheets_fit_and_keep_proportions),
        cmocka_unit_test(too_much_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
