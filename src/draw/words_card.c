/*
 * The end card and the slate: which words go where, how large, and in which of the style's colours.
 *
 * The words of an end card stand on a sheet of paper of their own, beside the product or below it,
 * so that they can be read whatever the set behind them looks like.
 */

#include <math.h>
#include <string.h>

#include "draw/words.h"

static const look_colour ink_dark = 0x17151C, ink_light = 0xFFFAF0;

/* ---- the layout ---- */

struct words_layout words_layout_card(int width_px, int height_px)
{
    double w = width_px, h = height_px, margin = 0.07 * fmin(w, h);

    if (w >= 1.2 * h) {
        double edge = 0.50 * w;
        return (struct words_layout){
            .words = { edge + margin, margin * 1.2, w - edge - 2 * margin, h - 2.4 * margin },
            .product = { margin, margin, edge - 2 * margin, h - 2 * margin },
            .panel = { edge, 0, w - edge, h }
        };
    }
    double edge = 0.595 * h;
    return (struct words_layout){ .words = { margin, edge + margin * 0.8, w - 2 * margin,
                                             h - edge - 1.8 * margin },
                                  .product = { margin, margin, w - 2 * margin, edge - 2 * margin },
                                  .panel = { 0, edge, w, h - edge } };
}

/* ---- colours ---- */

static look_colour or (look_colour c, look_colour otherwise)
{
    return c < 0 ? otherwise : c;
}

static void set_colour(cairo_t *cr, look_colour c, double alpha)
{
    cairo_set_source_rgba(cr, (double)(c >> 16 & 255) / 255, (double)(c >> 8 & 255) / 255,
                          (double)(c & 255) / 255, alpha);
}

/* The style's colour where it can be read on the ground, plain ink where it cannot. */
static look_colour legible(look_colour ground, look_colour wanted, double least)
{
    return words_contrast(ground, wanted) >= least ? wanted
                                                   : words_readable(ground, ink_dark, ink_light);
}

/* ---- the panel ---- */

/* Paper cut by hand: its edge wavers a little, and it throws a shadow inside its own room. */
static void panel_path(cairo_t *cr, const struct words_area *p, double inset, bool beside)
{
    double waver = 0.006 * fmin(p->width, p->height);

    if (beside) {
        cairo_move_to(cr, p->x + inset + waver, p->y);
        cairo_curve_to(cr, p->x + inset - waver * 0.2, p->y + p->height * 0.3,
                       p->x + inset + waver * 2.4, p->y + p->height * 0.6,
                       p->x + inset + waver * 0.6, p->y + p->height);
        cairo_line_to(cr, p->x + p->width, p->y + p->height);
        cairo_line_to(cr, p->x + p->width, p->y);
    } else {
        cairo_move_to(cr, p->x, p->y + inset + waver);
        cairo_curve_to(cr, p->x + p->width * 0.3, p->y + inset - waver * 0.2, p->x + p->width * 0.6,
                       p->y + inset + waver * 2.4, p->x + p->width, p->y + inset + waver * 0.6);
        cairo_line_to(cr, p->x + p->width, p->y + p->height);
        cairo_line_to(cr, p->x, p->y + p->height);
    }
    cairo_close_path(cr);
}

static void draw_panel(cairo_t *cr, const struct words_area *panel, look_colour ground)
{
    bool beside = panel->x > 0;
    double soft = 0.018 * fmin(panel->width, panel->height);

    cairo_save(cr);
    cairo_rectangle(cr, panel->x, panel->y, panel->width, panel->height);
    cairo_clip(cr);
    for (int i = 0; i < 3; i++) {
        panel_path(cr, panel, soft * 0.33 * i, beside);
        set_colour(cr, 0x0E0C14, 0.14);
        cairo_fill(cr);
    }
    panel_path(cr, panel, soft, beside);
    set_colour(cr, ground, 1);
    cairo_fill(cr);
    cairo_restore(cr);
}

/* ---- the button ---- */

static void button_path(cairo_t *cr, struct words_area b)
{
    double r = fmin(b.height / 2, 0.5 * fmin(b.width, b.height));
    cairo_new_sub_path(cr);
    cairo_arc(cr, b.x + r, b.y + r, r, M_PI / 2, 3 * M_PI / 2);
    cairo_arc(cr, b.x + b.width - r, b.y + r, r, -M_PI / 2, M_PI / 2);
    cairo_close_path(cr);
}

static void draw_button(cairo_t *cr, const struct words_block *label, struct words_area b,
                        struct words_area text, look_colour fill)
{
    struct words_area at = { b.x + (b.width - text.width) / 2 - 0.5,
                             b.y + (b.height - text.height) / 2, text.width + 1, text.height + 1 };

    button_path(cr, b);
    set_colour(cr, fill, 1);
    cairo_fill(cr);
    words_set(cr, label, at);
}

/* ---- the card ---- */

struct card {
    struct words_block title, line, action;
    struct words_area title_box, line_box, button, label_box;
    double rule_y, gap;
};

static bool given(const char *text)
{
    return text && text[strspn(text, " \t\r\n")];
}

static struct card card_of(const struct draw_words *w, const struct look_grade *g,
                           look_colour ground, double unit, bool centred)
{
    look_colour ink = words_readable(ground, or (g->shade, ink_dark), or (g->paper, ink_light));
    enum words_align align = centred ? WORDS_CENTRE : WORDS_LEFT;

    ink = legible(ground, ink, 7);
    return (struct card){
        .title = { .text = w->title,
                   .font = g->font,
                   .weight = 800,
                   .size_max = unit * 0.150,
                   .size_min = unit * 0.045,
                   .align = align,
                   .spacing = -0.012,
                   .colour = ink },
        .line = { .text = w->line,
                  .font = g->font,
                  .weight = 450,
                  .size_max = unit * 0.056,
                  .size_min = unit * 0.030,
                  .align = align,
                  .colour = ink },
        .action = { .text = w->action,
                    .font = g->font,
                    .weight = 650,
                    .size_max = unit * 0.050,
                    .size_min = unit * 0.026,
                    .lines_max = 2,
                    .align = WORDS_CENTRE,
                    .spacing = 0.01 },
        .gap = unit * 0.045,
    };
}

/* Title, line and button one under the other; the title gets what the others leave. */
static void stack(cairo_t *cr, struct card *c, struct words_area room)
{
    bool has_action = given(c->action.text), has_line = given(c->line.text),
         centred = c->title.align == WORDS_CENTRE;
    double pad = c->action.size_max * 1.1, label_width = room.width - 2 * pad, left = room.height;

    if (has_action) {
        struct words_area label = words_measure(
            cr, &c->action, (struct words_area){ 0, 0, label_width, room.height * 0.25 });
        c->button = (struct words_area){ 0, 0, fmin(label.width + 2 * pad, room.width),
                                         fmin(label.height + pad * 0.9, room.height * 0.30) };
        c->label_box = label;
        left -= c->button.height + c->gap * 1.3;
    }
    if (has_line) {
        c->line_box =
            words_measure(cr, &c->line, (struct words_area){ 0, 0, room.width, left * 0.42 });
        left -= c->line_box.height + c->gap;
    }
    c->title_box =
        words_measure(cr, &c->title, (struct words_area){ 0, 0, room.width, fmax(left, 1) });

    double used = room.height - left + c->title_box.height, y = room.y + (room.height - used) / 2;
    c->title_box = (struct words_area){ room.x, y, room.width, c->title_box.height + 1 };
    y += c->title_box.height + (has_line ? c->gap : 0);
    c->line_box = (struct words_area){ room.x, y, room.width, c->line_box.height + 1 };
    y += (has_line ? c->line_box.height : 0) + c->gap * 1.3;
    c->button.x = centred ? room.x + (room.width - c->button.width) / 2 : room.x;
    c->button.y = fmin(y, room.y + room.height - c->button.height);
}

void words_draw_card(cairo_t *cr, int width_px, int height_px, const struct draw_words *words,
                     const struct look_grade *grade)
{
    struct words_layout l = words_layout_card(width_px, height_px);
    double unit = fmin(fmin(width_px, height_px), 0.62 * fmax(width_px, height_px));
    look_colour ground = or (grade->paper, ink_light), fill = or (grade->accent, 0xC8452F);
    struct card c = card_of(words, grade, ground, unit, l.panel.x == 0);

    if (!given(words->title) && !given(words->line) && !given(words->action))
        return;
    fill = words_contrast(ground, fill) >= 1.6 ? fill
                                               : legible(ground, or (grade->shade, ink_dark), 3);
    c.action.colour = words_readable(fill, ink_dark, ink_light);
    draw_panel(cr, &l.panel, ground);
    stack(cr, &c, l.words);
    words_set(cr, &c.title, c.title_box);
    words_set(cr, &c.line, c.line_box);
    if (given(words->action))
        draw_button(cr, &c.action, c.button, c.label_box, fill);
}

/* ---- the slate ---- */

/* A dark strip along the lower edge: the number in the style's accent, then the title, the camera
 * note at the right. */
void words_draw_overlay(cairo_t *cr, int width_px, int height_px, const struct draw_words *words,
                        const struct look_grade *grade)
{
    double w = width_px, h = height_px, unit = fmin(w, h), pad = unit * 0.022, size = unit * 0.036,
           strip = size * 2.1, y = h - strip - unit * 0.035;
    double x = unit * 0.035, right = w - unit * 0.035;
    look_colour accent = legible(ink_dark, or (grade->accent, 0xE9B44C), 3);

    if (!given(words->overlay_number) && !given(words->overlay_title) &&
        !given(words->overlay_camera))
        return;
    cairo_rectangle(cr, x, y, right - x, strip);
    set_colour(cr, ink_dark, 0.80);
    cairo_fill(cr);
    cairo_rectangle(cr, x, y, unit * 0.008, strip);
    set_colour(cr, accent, 1);
    cairo_fill(cr);

    struct words_block number = { .text = words->overlay_number,
                                  .font = "",
                                  .weight = 800,
                                  .size_max = size * 1.1,
                                  .size_min = size * 0.6,
                                  .lines_max = 1,
                                  .colour = accent };
    struct words_block title = { .text = words->overlay_title,
                                 .font = "",
                                 .weight = 600,
                                 .size_max = size,
                                 .size_min = size * 0.72,
                                 .lines_max = 1,
                                 .colour = ink_light };
    struct words_block note = { .text = words->overlay_camera,
                                .font = "",
                                .weight = 400,
                                .size_max = size * 0.8,
                                .size_min = size * 0.55,
                                .lines_max = 1,
                                .align = WORDS_RIGHT,
                                .colour = 0xC9C4CC };
    double left = x + unit * 0.008 + pad, room = right - pad - left;
    bool narrow = w < h;

    struct words_area n =
        words_measure(cr, &number, (struct words_area){ left, y, room * 0.2, strip });
    words_set(cr, &number,
              (struct words_area){ left, y + (strip - n.height) / 2, room * 0.2, n.height + 1 });
    double from = left + n.width + (n.width > 0 ? pad : 0), rest = left + room - from;
    double share = given(words->overlay_camera) ? (narrow ? 0.60 : 0.62) : 1;
    struct words_area t =
        words_measure(cr, &title, (struct words_area){ from, y, rest * share, strip });
    words_set(cr, &title,
              (struct words_area){ from, y + (strip - t.height) / 2, rest * share, t.height + 1 });
    struct words_area c = { from + fmax(t.width, 0) + pad, y, rest - t.width - pad, strip },
                      m = words_measure(cr, &note, c);
    words_set(cr, &note,
              (struct words_area){ c.x, y + (strip - m.height) / 2, c.width, m.height + 1 });
}
