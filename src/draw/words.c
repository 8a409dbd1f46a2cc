/*
 * Text that fits: one search finds the largest size at which a block stays in its box, and
 * everything else is layout.
 *
 * Sizes are tried by bisection with wrapping between words only; a word too long for its line at
 * the smallest size is broken, and what still does not fit ends in an ellipsis. So no text can
 * leave its box, however long it is.
 */

#include "draw/words.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

struct point {
    double x, y;
};

static const char default_font[] = "Inter, DejaVu Sans, sans-serif";

static void object_scoped(void *object)
{
    if (*(void **)object)
        g_object_unref(*(void **)object);
}

#define scoped_object __attribute__((cleanup(object_scoped)))

/* ---- contrast ---- */

static double linear(int64_t byte)
{
    double v = (double)(byte & 255) / 255;
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double luminance(look_colour c)
{
    return 0.2126 * linear(c >> 16) + 0.7152 * linear(c >> 8) + 0.0722 * linear(c);
}

double words_contrast(look_colour a, look_colour b)
{
    double la = luminance(a), lb = luminance(b);
    return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

look_colour words_readable(look_colour ground, look_colour first, look_colour second)
{
    return words_contrast(ground, first) >= words_contrast(ground, second) ? first : second;
}

/* ---- one block ---- */

/* Valid UTF-8 without line ends or other controls; the caller frees it. */
static char *presentable(const char *text)
{
    char *copy = g_utf8_make_valid(text ? text : "", -1);
    for (char *c = copy; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = ' ';
    return g_strstrip(copy);
}

static bool is_blank(const char *text)
{
    return !text || !text[strspn(text, " \t\r\n")];
}

static PangoLayout *layout_new(cairo_t *cr, const struct words_block *block)
{
    PangoLayout *layout = pango_cairo_create_layout(cr);
    cairo_font_options_t *options = cairo_font_options_create();
    char *text = presentable(block->text);

    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(pango_layout_get_context(layout), options);
    cairo_font_options_destroy(options);
    pango_layout_set_text(layout, text, -1);
    g_free(text);
    pango_layout_set_alignment(layout, block->align == WORDS_CENTRE  ? PANGO_ALIGN_CENTER
                                       : block->align == WORDS_RIGHT ? PANGO_ALIGN_RIGHT
                                                                     : PANGO_ALIGN_LEFT);
    return layout;
}

static void layout_size(PangoLayout *layout, const struct words_block *block, double size)
{
    PangoFontDescription *font = pango_font_description_new();
    PangoAttrList *attributes = pango_attr_list_new();
    bool named = block->font && block->font[0];
    char *families =
        named ? g_strdup_printf("%s, %s", block->font, default_font) : g_strdup(default_font);

    pango_font_description_set_family(font, families);
    pango_font_description_set_weight(font, (PangoWeight)(block->weight ? block->weight : 400));
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_attr_list_insert(attributes, pango_attr_letter_spacing_new(
                                           (int)lround(block->spacing * size * PANGO_SCALE)));
    pango_layout_set_attributes(layout, attributes);
    pango_layout_set_line_spacing(layout, 1.08f);
    pango_attr_list_unref(attributes);
    pango_font_description_free(font);
    g_free(families);
}

/* Ink and lines together, from the layout's own origin: letters may reach out of their lines, and
 * flags out of both. */
static struct words_area reach(PangoLayout *layout)
{
    PangoRectangle ink, lines;
    pango_layout_get_extents(layout, &ink, &lines);
    double left = fmin(ink.x, lines.x), top = fmin(ink.y, lines.y);
    double right = fmax(ink.x + ink.width, lines.x + lines.width),
           low = fmax(ink.y + ink.height, lines.y + lines.height);
    return (struct words_area){ left / PANGO_SCALE, top / PANGO_SCALE, (right - left) / PANGO_SCALE,
                                (low - top) / PANGO_SCALE };
}

static bool fits(PangoLayout *layout, const struct words_block *block, struct words_area box)
{
    struct words_area r = reach(layout);
    int lines = pango_layout_get_line_count(layout);
    return r.width <= box.width + 0.5 && r.height <= box.height + 0.5 &&
           (!block->lines_max || lines <= block->lines_max);
}

static bool fits_at(PangoLayout *layout, const struct words_block *block, struct words_area box,
                    double size)
{
    layout_size(layout, block, size);
    return fits(layout, block, box);
}

/* The smallest width that keeps the number of lines: no last line of one word. */
static void balance(PangoLayout *layout, const struct words_block *block, struct words_area box)
{
    int lines = pango_layout_get_line_count(layout);
    double narrow = box.width / fmax(lines, 1), wide = box.width;

    if (lines < 2)
        return;
    for (int i = 0; i < 8; i++) {
        double middle = (narrow + wide) / 2;
        pango_layout_set_width(layout, (int)(middle * PANGO_SCALE));
        struct words_area inner = { 0, 0, middle, box.height };
        if (pango_layout_get_line_count(layout) == lines && fits(layout, block, inner))
            wide = middle;
        else
            narrow = middle;
    }
    pango_layout_set_width(layout, (int)(wide * PANGO_SCALE));
}

static void cut_to_box(PangoLayout *layout, const struct words_block *block, struct words_area box)
{
    layout_size(layout, block, block->size_min);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    if (fits(layout, block, box))
        return;
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    for (int lines = block->lines_max ? block->lines_max : 40; lines >= 1; lines--) {
        pango_layout_set_height(layout, -lines);
        if (fits(layout, block, box))
            return;
    }
}

static PangoLayout *fitted(cairo_t *cr, const struct words_block *block, struct words_area box)
{
    PangoLayout *layout = layout_new(cr, block);
    double small = block->size_min, large = fmax(block->size_max, block->size_min);

    pango_layout_set_width(layout, (int)(box.width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD);
    if (fits_at(layout, block, box, large)) {
        balance(layout, block, box);
        return layout;
    }
    if (!fits_at(layout, block, box, small)) {
        cut_to_box(layout, block, box);
        return layout;
    }
    /* Half pixels: every size tried is a font that pango keeps. */
    while (large - small > 0.5) {
        double middle = floor(small + large) / 2;
        if (middle <= small)
            break;
        if (fits_at(layout, block, box, middle))
            small = middle;
        else
            large = middle;
    }
    layout_size(layout, block, small);
    balance(layout, block, box);
    return layout;
}

/* Where the layout's origin goes: a balanced one is narrower than its box, and ink above its lines
 * moves it down. */
static struct point origin_of(PangoLayout *layout, const struct words_block *block,
                              struct words_area box)
{
    struct words_area r = reach(layout);
    double spare = box.width - pango_layout_get_width(layout) / (double)PANGO_SCALE;
    double x = block->align == WORDS_CENTRE ? spare / 2 : block->align == WORDS_RIGHT ? spare : 0;

    x = fmax(x, -r.x);
    x = fmin(x, box.width - r.x - r.width);
    return (struct point){ box.x + x, box.y + fmax(0, -r.y) };
}

struct words_area words_measure(cairo_t *cr, const struct words_block *block, struct words_area box)
{
    if (is_blank(block->text))
        return (struct words_area){ box.x, box.y, 0, 0 };
    scoped_object PangoLayout *layout = fitted(cr, block, box);
    struct words_area r = reach(layout);
    struct point at = origin_of(layout, block, box);
    return (struct words_area){ at.x + r.x, at.y + r.y, r.width, r.height };
}

struct words_area words_set(cairo_t *cr, const struct words_block *block, struct words_area box)
{
    PangoRectangle ink;
    look_colour c = block->colour;

    if (is_blank(block->text))
        return (struct words_area){ box.x, box.y, 0, 0 };
    scoped_object PangoLayout *layout = fitted(cr, block, box);
    struct point at = origin_of(layout, block, box);

    cairo_set_source_rgb(cr, (double)(c >> 16 & 255) / 255, (double)(c >> 8 & 255) / 255,
                         (double)(c & 255) / 255);
    cairo_move_to(cr, at.x, at.y);
    pango_cairo_show_layout(cr, layout);
    pango_layout_get_extents(layout, &ink, NULL);
    return (struct words_area){ at.x + ink.x / (double)PANGO_SCALE,
                                at.y + ink.y / (double)PANGO_SCALE, ink.width / (double)PANGO_SCALE,
                                ink.height / (double)PANGO_SCALE };
}
