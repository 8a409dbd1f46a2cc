/*
 * A given picture as paper: a card with a border, or a cut-out that keeps the shape of a
 * transparent picture.
 *
 * One factor scales both sides, so nothing is ever stretched. Opaque pictures of people are cut to
 * a rounded head-and-shoulders shape that keeps the upper middle, where portraits have their face.
 */

#include "draw/figure_kinds.h"

#include <math.h>

static cairo_surface_t *surface_of(const struct figure_picture *p)
{
    return cairo_image_surface_create_for_data((unsigned char *)(uintptr_t)p->pixels,
                                               CAIRO_FORMAT_ARGB32, p->width_px, p->height_px,
                                               p->width_px * 4);
}

/* Good filtering only where the picture is much larger than its place; bilinear is exact enough
 * near 1:1. */
static cairo_filter_t filter_for(double device_px_a_pixel)
{
    return device_px_a_pixel < 0.75 ? CAIRO_FILTER_GOOD : CAIRO_FILTER_BILINEAR;
}

/* The source is the picture with its upper left corner at x, y, one picture pixel `scale` units
 * large. */
static void set_picture(const struct pen *pen, const struct figure_picture *picture, double x,
                        double y, double scale)
{
    cairo_surface_t *surface = surface_of(picture);
    cairo_pattern_t *pattern = cairo_pattern_create_for_surface(surface);
    cairo_matrix_t m;

    cairo_matrix_init_scale(&m, 1 / scale, 1 / scale);
    cairo_matrix_translate(&m, -x, -y);
    cairo_pattern_set_matrix(pattern, &m);
    cairo_pattern_set_filter(pattern, filter_for(scale * pen->px));
    cairo_set_source(pen->cr, pattern);
    cairo_pattern_destroy(pattern);
    cairo_surface_destroy(surface);
}

static unsigned alpha_at(const struct figure_picture *p, int x, int y)
{
    return p->pixels[(size_t)y * (size_t)p->width_px + (size_t)x] >> 24;
}

/* Cut out already: its corners are empty. */
bool picture_is_cut_out(const struct figure_picture *p)
{
    int right = p->width_px - 1, low = p->height_px - 1, empty = 0;
    empty += alpha_at(p, 0, 0) < 16;
    empty += alpha_at(p, right, 0) < 16;
    empty += alpha_at(p, 0, low) < 16;
    empty += alpha_at(p, right, low) < 16;
    return empty >= 2;
}

static void drop_shadow(const struct pen *pen, double x, double y, double width, double height,
                        double corner, double size)
{
    struct paint shade = pen_paint(pen, 0x1A1620);
    for (int i = 0; i < 3; i++) {
        double grow = size * (0.2 + 0.4 * i);
        cairo_new_sub_path(pen->cr);
        cairo_arc(pen->cr, x + width - corner + grow, y + corner - grow + size, corner, -TURN / 4,
                  0);
        cairo_arc(pen->cr, x + width - corner + grow, y + height - corner + grow + size, corner, 0,
                  TURN / 4);
        cairo_arc(pen->cr, x + corner - grow, y + height - corner + grow + size, corner, TURN / 4,
                  TURN / 2);
        cairo_arc(pen->cr, x + corner - grow, y + corner - grow + size, corner, TURN / 2,
                  TURN * 3 / 4);
        cairo_close_path(pen->cr);
        pen_set(pen, shade.dark, 0.14);
        cairo_fill(pen->cr);
    }
}

void picture_card(const struct pen *pen, const struct figure_picture *picture,
                  struct figure_box box, double border)
{
    double scale = fmin((box.width - 2 * border) / picture->width_px,
                        (box.height - 2 * border) / picture->height_px);
    double w = picture->width_px * scale, h = picture->height_px * scale;
    double x = box.x + (box.width - w) / 2, y = box.y + box.height - border - h;
    struct paint paper = pen_paint(pen, 0xFBF7EE);

    drop_shadow(pen, x - border, y - border, w + 2 * border, h + 2 * border, border * 0.8,
                border * 0.5);
    pen_panel(pen, x - border, y - border, w + 2 * border, h + 2 * border, border * 0.8, paper, 0);
    set_picture(pen, picture, x, y, scale);
    cairo_rectangle(pen->cr, x, y, w, h);
    cairo_fill(pen->cr);
}

/* The picture's own outline in paper: its alpha, stamped around. */
static void stamp_border(const struct pen *pen, const struct figure_picture *picture, double x,
                         double y, double scale, double border)
{
    cairo_surface_t *surface = surface_of(picture);
    struct paint paper = pen_paint(pen, 0xFBF7EE), shade = pen_paint(pen, 0x1A1620);

    for (int i = 0; i <= 12; i++) {
        double angle = TURN * i / 12, far = i ? border : border * 1.1;
        cairo_save(pen->cr);
        cairo_translate(pen->cr, x + (i ? cos(angle) * far : far),
                        y + (i ? sin(angle) * far : far * 1.2));
        cairo_scale(pen->cr, scale, scale);
        pen_set(pen, i ? paper.lit : shade.dark, i ? 1 : 0.3);
        cairo_mask_surface(pen->cr, surface, 0, 0);
        cairo_restore(pen->cr);
    }
    cairo_surface_destroy(surface);
}

static void draw_transparent(const struct pen *pen, const struct figure_picture *picture,
                             struct figure_box box, double border)
{
    double room = border * 1.4;
    double scale = fmin((box.width - 2 * room) / picture->width_px,
                        (box.height - 2 * room) / picture->height_px);
    double w = picture->width_px * scale, h = picture->height_px * scale;
    double x = box.x + (box.width - w) / 2, y = box.y + box.height - room - h;

    stamp_border(pen, picture, x, y, scale, border);
    set_picture(pen, picture, x, y, scale);
    cairo_rectangle(pen->cr, x, y, w, h);
    cairo_fill(pen->cr);
}

/* ---- products ---- */

/* The mirror image on the ground, fading: four bands, each fainter. */
static void draw_reflection(const struct pen *pen, const struct figure_picture *picture, double x,
                            double ground, double scale)
{
    double height = picture->height_px * scale, band = height * 0.045;

    for (int i = 0; i < 4; i++) {
        cairo_save(pen->cr);
        cairo_rectangle(pen->cr, x, ground + band * i, picture->width_px * scale, band);
        cairo_clip(pen->cr);
        cairo_translate(pen->cr, 0, 2 * ground);
        cairo_scale(pen->cr, 1, -1);
        set_picture(pen, picture, x, ground - height, scale);
        cairo_paint_with_alpha(pen->cr, 0.20 - 0.048 * i);
        cairo_restore(pen->cr);
    }
}

static void draw_contact_shadow(const struct pen *pen, double x, double ground, double width)
{
    for (int i = 0; i < 3; i++) {
        pen_path_ellipse(pen, x + width / 2, ground, width * (0.42 + 0.07 * i),
                         width * (0.030 + 0.012 * i));
        pen_set(pen, pen_paint(pen, 0x1A1620).dark, 0.18);
        cairo_fill(pen->cr);
    }
}

/* The light of the set along the lit edge: the picture's shape, shifted towards the key and seen
 * only where it stands out. */
static void draw_lit_edge(const struct pen *pen, const struct figure_picture *picture, double x,
                          double y, double scale)
{
    cairo_surface_t *surface = surface_of(picture);
    double edge = 2.2 / pen->px;

    cairo_save(pen->cr);
    cairo_translate(pen->cr, x + (pen->light->key_from > 0 ? edge : -edge), y - edge * 0.5);
    cairo_scale(pen->cr, scale, scale);
    pen_set(pen, pen_paint(pen, 0xFFFFFF).rim, 0.35 + 0.5 * pen->light->rim_strength);
    cairo_mask_surface(pen->cr, surface, 0, 0);
    cairo_restore(pen->cr);
    cairo_surface_destroy(surface);
}

void picture_product(const struct pen *pen, const struct figure_picture *picture,
                     struct figure_box box)
{
    if (!picture_is_cut_out(picture)) {
        picture_card(pen, picture, box, 0.030);
        return;
    }
    double scale = fmin(box.width / picture->width_px, box.height / picture->height_px);
    double w = picture->width_px * scale, h = picture->height_px * scale,
           x = box.x + (box.width - w) / 2, y = box.y + box.height - h;

    draw_reflection(pen, picture, x, y + h, scale);
    draw_contact_shadow(pen, x, y + h, w);
    draw_lit_edge(pen, picture, x, y, scale);
    set_picture(pen, picture, x, y, scale);
    cairo_rectangle(pen->cr, x, y, w, h);
    cairo_fill(pen->cr);
}

/* ---- heads ---- */

/* Scissors around a head: an egg with small flat cuts. */
static int egg(struct figure_box box, double inset, struct point *out)
{
    enum { COUNT = 18 };
    for (int i = 0; i < COUNT; i++) {
        double angle = TURN * i / COUNT, cut = 1 - 0.018 * (i % 2);
        double wide = (box.width / 2 - inset) * (1 - 0.10 * sin(angle)),
               high = box.height / 2 - inset;
        out[i] = (struct point){ box.x + box.width / 2 + cos(angle) * wide * cut,
                                 box.y + box.height / 2 + sin(angle) * high * cut };
    }
    return COUNT;
}

static void draw_egg(const struct pen *pen, const struct figure_picture *picture,
                     struct figure_box box, double border)
{
    struct point outer[PEN_POINTS_MAX], inner[PEN_POINTS_MAX];
    int count = egg(box, border * 0.8, outer);
    double scale = fmax(box.width / picture->width_px, box.height / picture->height_px);
    double spare = picture->height_px * scale - box.height;

    cairo_save(pen->cr);
    cairo_translate(pen->cr, border * 0.5, border * 0.7);
    pen_path_closed(pen, outer, count);
    pen_set(pen, pen_paint(pen, 0x1A1620).dark, 0.30);
    cairo_fill(pen->cr);
    cairo_restore(pen->cr);
    pen_path_closed(pen, outer, count);
    pen_fill(pen, pen_paint(pen, 0xFBF7EE).lit);
    egg(box, border * 1.8, inner);
    set_picture(pen, picture, box.x + (box.width - picture->width_px * scale) / 2,
                box.y - spare * 0.18, scale);
    pen_path_closed(pen, inner, count);
    cairo_fill(pen->cr);
}

struct figure_box picture_head_box(const struct figure_picture *picture)
{
    bool bust = picture->paper ? picture->paper == PAPER_BUST : picture_is_cut_out(picture);

    if (bust)
        return (struct figure_box){ -1.70, -1.56, 3.4, 3.4 };
    return (struct figure_box){ -1.30, -1.58, 2.6, 2.85 };
}

/* Made by figure_picture_cut(): border and shadow are in the picture already. */
static void draw_paper(const struct pen *pen, const struct figure_picture *picture,
                       struct figure_box box)
{
    double scale = fmin(box.width / picture->width_px, box.height / picture->height_px);

    set_picture(pen, picture, box.x, box.y, scale);
    cairo_rectangle(pen->cr, box.x, box.y, picture->width_px * scale, picture->height_px * scale);
    cairo_fill(pen->cr);
}

void picture_cutout(const struct pen *pen, const struct figure_picture *picture,
                    struct figure_box box, double border)
{
    if (picture->paper)
        draw_paper(pen, picture, box);
    else if (picture_is_cut_out(picture))
        draw_transparent(pen, picture, box, border);
    else
        draw_egg(pen, picture, box, border);
}
