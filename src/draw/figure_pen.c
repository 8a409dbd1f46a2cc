/*
 * Shapes that carry their own shadow.
 *
 * The shadow side of a blob is the blob itself, filled even-odd together with a copy whose far half
 * is squeezed towards the line through its middle: what remains between the two is a crescent that
 * follows the outline exactly. The shadow side of a loft is the strip between its outline and a
 * line inside it, wider where the tube lies across the light and vanishing where it points at it.
 * Both are one fill each, with no clip and no gradient.
 */

#include "draw/figure_pen.h"

#include <math.h>

double mix(double a, double b, double share_of_b)
{
    return a + (b - a) * share_of_b;
}

double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

double ease(double x)
{
    x = clamp(x, 0, 1);
    return x * x * (3 - 2 * x);
}

struct point point_mix(struct point a, struct point b, double share_of_b)
{
    return (struct point){ mix(a.x, b.x, share_of_b), mix(a.y, b.y, share_of_b) };
}

/* ---- colours ---- */

static struct tint tint_of(look_colour c)
{
    if (c < 0)
        c = 0x808080;
    return (struct tint){ (double)(c >> 16 & 255) / 255, (double)(c >> 8 & 255) / 255,
                          (double)(c & 255) / 255 };
}

static look_colour colour_of(struct tint t)
{
    return (look_colour)lround(clamp(t.r, 0, 1) * 255) << 16 |
           (look_colour)lround(clamp(t.g, 0, 1) * 255) << 8 |
           (look_colour)lround(clamp(t.b, 0, 1) * 255);
}

static struct tint tint_times(struct tint a, struct tint b)
{
    return (struct tint){ a.r * b.r, a.g * b.g, a.b * b.b };
}

look_colour colour_mix(look_colour a, look_colour b, double share_of_b)
{
    return colour_of(tint_mix(tint_of(a), tint_of(b), share_of_b));
}

look_colour colour_scale(look_colour c, double factor)
{
    struct tint t = tint_of(c);
    if (factor <= 1)
        return colour_of((struct tint){ t.r * factor, t.g * factor, t.b * factor });
    return colour_of(tint_mix(t, (struct tint){ 1, 1, 1 }, 1 - 1 / factor));
}

double colour_luma(look_colour c)
{
    struct tint t = tint_of(c);
    return 0.2126 * t.r + 0.7152 * t.g + 0.0722 * t.b;
}

/* The hue of a light without its brightness, which `ambient` already says. */
static struct tint tint_hue(struct tint t)
{
    double most = fmax(fmax(t.r, t.g), fmax(t.b, 1e-3));
    return (struct tint){ t.r / most, t.g / most, t.b / most };
}

struct paint pen_paint(const struct pen *pen, look_colour colour)
{
    const struct figure_light *light = pen->light;
    struct tint white = { 1, 1, 1 }, base = tint_of(colour), shade = tint_of(light->shade);
    struct tint haze = tint_of(light->haze_colour);
    double seen = mix(0.06, 1, clamp(light->ambient, 0, 1));

    struct tint lit = tint_times(base, tint_mix(white, tint_hue(tint_of(light->key)), 0.6));
    struct tint dark = tint_times(base, tint_mix(white, shade, 0.42));
    lit = tint_mix(tint_mix(shade, lit, seen), haze, light->haze);
    dark = tint_mix(tint_mix(shade, dark, seen), haze, light->haze);
    return (struct paint){ lit, dark, tint_mix(tint_of(light->rim), haze, light->haze) };
}

struct paint pen_glow(const struct pen *pen, look_colour colour)
{
    struct tint t = tint_mix(tint_of(colour), tint_of(pen->light->haze_colour), pen->light->haze);
    return (struct paint){ t, t, t };
}

/* An edge is the lit side seen again from behind; only a strong rim has the light's own colour. */
static struct tint rim_tint(const struct pen *pen, struct paint paint)
{
    return tint_mix(paint.lit, paint.rim, clamp(pen->light->rim_strength, 0, 1) * 0.85);
}

/* A faint edge on a small shape is not worth its fill. */
static bool rim_is_seen(const struct pen *pen, double extent_px)
{
    return !pen->rimless && pen->light->rim_strength * extent_px > 11;
}

/* ---- the pen ---- */

static double device_scale(cairo_t *cr)
{
    double x = 1, y = 0;
    cairo_user_to_device_distance(cr, &x, &y);
    return hypot(x, y);
}

enum { COARSE_PX = 560 };

struct pen pen_new(cairo_t *cr, const struct figure_light *light,
                   const struct figure_moment *moment)
{
    struct pen pen = { .cr = cr, .light = light, .moment = moment, .px = device_scale(cr) };

    pen.figure_px = pen.px;

    /* Small figures are many shapes of few pixels: there the cheaper scan converter is not told
     * apart. */
    cairo_set_antialias(cr, pen.px < COARSE_PX ? CAIRO_ANTIALIAS_FAST : CAIRO_ANTIALIAS_DEFAULT);
    cairo_set_tolerance(cr, 0.25);
    return pen;
}

struct pen pen_enter(const struct pen *pen, double x, double y, double angle, double scale)
{
    struct pen inner = *pen;

    cairo_save(pen->cr);
    cairo_translate(pen->cr, x, y);
    cairo_rotate(pen->cr, angle);
    cairo_scale(pen->cr, scale, scale);
    inner.px *= scale;
    return inner;
}

void pen_leave(const struct pen *pen)
{
    cairo_restore(pen->cr);
}

void pen_set(const struct pen *pen, struct tint t, double alpha)
{
    cairo_set_source_rgba(pen->cr, t.r, t.g, t.b, alpha);
}

void pen_fill(const struct pen *pen, struct tint t)
{
    pen_set(pen, t, 1);
    cairo_fill(pen->cr);
}

void pen_line(const struct pen *pen, struct tint t, double width)
{
    pen_set(pen, t, 1);
    cairo_set_line_width(pen->cr, fmax(width, 0.6 / pen->px));
    cairo_set_line_cap(pen->cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(pen->cr, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(pen->cr);
}

static struct tint ink_tint(const struct pen *pen)
{
    return tint_mix(tint_of(0x16121C), tint_of(pen->light->haze_colour), pen->light->haze);
}

/* Seen from behind the fill: half of it shows. Chosen for the whole figure, however the pen has
 * been scaled since. */
static double ink_width(const struct pen *pen)
{
    return clamp(pen->figure_px * 0.008, 1.6, 8.0) / pen->px;
}

void pen_ink(const struct pen *pen)
{
    if (!pen->light->outline)
        return;
    pen_set(pen, ink_tint(pen), 1);
    cairo_set_line_width(pen->cr, ink_width(pen));
    cairo_set_line_join(pen->cr, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke_preserve(pen->cr);
}

struct pen pen_mirror(const struct pen *pen, double facing, struct figure_light *light)
{
    struct pen inner = *pen;

    cairo_save(pen->cr);
    *light = *pen->light;
    if (facing < 0) {
        cairo_scale(pen->cr, -1, 1);
        light->key_from = -light->key_from;
    }
    inner.light = light;
    return inner;
}

struct tint tint_mix(struct tint a, struct tint b, double share)
{
    return (struct tint){ mix(a.r, b.r, share), mix(a.g, b.g, share), mix(a.b, b.b, share) };
}

void pen_bar(const struct pen *pen, double x0, double y0, double x1, double y1, double r,
             struct paint paint)
{
    struct ring ring[2] = { { x0, y0, r }, { x1, y1, r } };
    pen_loft(pen, ring, 2, (struct ends){ 0.8, 0.8 }, paint, 0.25);
}

/* ---- paths ---- */

/* Catmull-Rom as a Bezier: from b to c with neighbours a and d. */
static void curve(cairo_t *cr, struct point a, struct point b, struct point c, struct point d)
{
    cairo_curve_to(cr, b.x + (c.x - a.x) / 6, b.y + (c.y - a.y) / 6, c.x - (d.x - b.x) / 6,
                   c.y - (d.y - b.y) / 6, c.x, c.y);
}

static void curve_through(cairo_t *cr, const struct point *p, int count)
{
    for (int i = 0; i + 1 < count; i++)
        curve(cr, p[i ? i - 1 : 0], p[i], p[i + 1], p[i + 2 < count ? i + 2 : count - 1]);
}

void pen_path_closed(const struct pen *pen, const struct point *p, int count)
{
    cairo_move_to(pen->cr, p[0].x, p[0].y);
    for (int i = 0; i < count; i++)
        curve(pen->cr, p[(i + count - 1) % count], p[i], p[(i + 1) % count], p[(i + 2) % count]);
    cairo_close_path(pen->cr);
}

void pen_path_open(const struct pen *pen, const struct point *p, int count)
{
    cairo_move_to(pen->cr, p[0].x, p[0].y);
    curve_through(pen->cr, p, count);
}

static int ellipse_points(double x, double y, double rx, double ry, struct point *out)
{
    enum { COUNT = 12 };
    for (int i = 0; i < COUNT; i++)
        out[i] = (struct point){ x + rx * cos(TURN * i / COUNT), y + ry * sin(TURN * i / COUNT) };
    return COUNT;
}

void pen_path_ellipse(const struct pen *pen, double x, double y, double rx, double ry)
{
    struct point p[PEN_POINTS_MAX];
    pen_path_closed(pen, p, ellipse_points(x, y, rx, ry, p));
}

/* ---- blobs ---- */

static struct point light_direction(const struct pen *pen)
{
    double x = clamp(pen->light->key_from, -1, 1), length = hypot(x, 0.55);
    return (struct point){ x / length, -0.55 / length };
}

static struct point middle(const struct point *p, int count)
{
    struct point m = { 0, 0 };
    for (int i = 0; i < count; i++)
        m = (struct point){ m.x + p[i].x / count, m.y + p[i].y / count };
    return m;
}

enum { SHADED_PX = 9 }; /* smaller than this a shadow side is not seen */

static double extent_px(const struct pen *pen, const struct point *p, int count)
{
    double left = p[0].x, right = p[0].x, top = p[0].y, low = p[0].y;
    for (int i = 1; i < count; i++) {
        left = fmin(left, p[i].x), right = fmax(right, p[i].x);
        top = fmin(top, p[i].y), low = fmax(low, p[i].y);
    }
    return fmin(right - left, low - top) * pen->px;
}

/* Paints what lies between the outline and its copy squeezed to `keep` on the side away from
 * `toward`. */
static void crescent(const struct pen *pen, const struct point *p, int count, struct point toward,
                     double keep)
{
    struct point inner[PEN_POINTS_MAX], m = middle(p, count);
    for (int i = 0; i < count; i++) {
        double side = (p[i].x - m.x) * toward.x + (p[i].y - m.y) * toward.y;
        double pull = side < 0 ? side * (1 - keep) : 0;
        inner[i] = (struct point){ p[i].x - toward.x * pull, p[i].y - toward.y * pull };
    }
    pen_path_closed(pen, p, count);
    pen_path_closed(pen, inner, count);
    cairo_set_fill_rule(pen->cr, CAIRO_FILL_RULE_EVEN_ODD);
    cairo_fill(pen->cr);
    cairo_set_fill_rule(pen->cr, CAIRO_FILL_RULE_WINDING);
}

void pen_blob(const struct pen *pen, const struct point *p, int count, struct paint paint,
              double shadow)
{
    struct point key = light_direction(pen), rim = { key.x, -key.y * 0.6 };

    pen_path_closed(pen, p, count);
    pen_ink(pen);
    pen_fill(pen, paint.lit);
    if (pen->flat || extent_px(pen, p, count) < SHADED_PX)
        return;
    if (shadow > 0) {
        pen_set(pen, paint.dark, 1);
        crescent(pen, p, count, key, 1 - 2 * shadow);
    }
    if (rim_is_seen(pen, extent_px(pen, p, count))) {
        pen_set(pen, rim_tint(pen, paint), 1);
        crescent(pen, p, count, rim, 0.9);
    }
}

void pen_patch(const struct pen *pen, const struct point *p, int count, struct paint paint,
               double shadow)
{
    struct point key = light_direction(pen), rim = { key.x, -key.y * 0.6 };

    pen_path_closed(pen, p, count);
    pen_ink(pen);
    pen_fill(pen, paint.lit);
    if (pen->flat || shadow <= 0 || extent_px(pen, p, count) < SHADED_PX)
        return;
    cairo_save(pen->cr);
    pen_path_closed(pen, p, count);
    cairo_clip(pen->cr);
    pen_set(pen, paint.dark, 1);
    crescent(pen, p, count, key, 1 - 2 * shadow);
    if (pen->light->rim_strength > 0.5 && rim_is_seen(pen, extent_px(pen, p, count))) {
        pen_set(pen, rim_tint(pen, paint), 1);
        crescent(pen, p, count, rim, 0.93);
    }
    cairo_restore(pen->cr);
}

void pen_disc(const struct pen *pen, double x, double y, double rx, double ry, struct paint paint,
              double shadow)
{
    struct point p[PEN_POINTS_MAX];
    pen_blob(pen, p, ellipse_points(x, y, rx, ry, p), paint, shadow);
}

/* ---- lofts ---- */

struct loft {
    struct point
        side[2][PEN_RINGS_MAX]; /* the outline, right and left of the way along the centre line */
    struct point normal[PEN_RINGS_MAX];
    struct point tip[2]; /* where the round ends reach */
    int count;
    bool fades; /* the strips start at nothing: it grows out of something else */
};

static struct point unit(double x, double y)
{
    double length = hypot(x, y);
    return length > 1e-9 ? (struct point){ x / length, y / length } : (struct point){ 0, 1 };
}

static struct loft loft_build(const struct ring *ring, int count, struct ends ends)
{
    struct loft l = { .count = count, .fades = ends.from < 0 };
    ends.from = fabs(ends.from);
    for (int i = 0; i < count; i++) {
        const struct ring *before = &ring[i ? i - 1 : 0], *after = &ring[i + 1 < count ? i + 1 : i];
        struct point along = unit(after->x - before->x, after->y - before->y);
        double r = ring[i].r;

        l.normal[i] = (struct point){ -along.y, along.x };
        l.side[0][i] = (struct point){ ring[i].x - along.y * r, ring[i].y + along.x * r };
        l.side[1][i] = (struct point){ ring[i].x + along.y * r, ring[i].y - along.x * r };
        if (i == 0)
            l.tip[0] = (struct point){ ring[i].x - along.x * r * ends.from,
                                       ring[i].y - along.y * r * ends.from };
        if (i == count - 1)
            l.tip[1] = (struct point){ ring[i].x + along.x * r * ends.to,
                                       ring[i].y + along.y * r * ends.to };
    }
    return l;
}

/* A quarter of an ellipse around `centre`. */
static void quarter(cairo_t *cr, struct point a, struct point b, struct point centre)
{
    const double k = 0.5523;
    cairo_curve_to(cr, a.x + (b.x - centre.x) * k, a.y + (b.y - centre.y) * k,
                   b.x + (a.x - centre.x) * k, b.y + (a.y - centre.y) * k, b.x, b.y);
}

static void backwards(const struct point *p, int count, struct point *out)
{
    for (int i = 0; i < count; i++)
        out[i] = p[count - 1 - i];
}

static void loft_path(const struct pen *pen, const struct loft *l, const struct ring *ring)
{
    struct point back[PEN_RINGS_MAX], first = { ring[0].x, ring[0].y };
    struct point last = { ring[l->count - 1].x, ring[l->count - 1].y };

    cairo_move_to(pen->cr, l->side[0][0].x, l->side[0][0].y);
    curve_through(pen->cr, l->side[0], l->count);
    quarter(pen->cr, l->side[0][l->count - 1], l->tip[1], last);
    quarter(pen->cr, l->tip[1], l->side[1][l->count - 1], last);
    backwards(l->side[1], l->count, back);
    curve_through(pen->cr, back, l->count);
    quarter(pen->cr, l->side[1][0], l->tip[0], first);
    quarter(pen->cr, l->tip[0], l->side[0][0], first);
    cairo_close_path(pen->cr);
}

/* Where the inner edge of a strip, carried on, meets the round end of its tube. */
static struct point on_cap(struct point inner, struct point centre, struct point side,
                           struct point tip)
{
    double whole = hypot(side.x - centre.x, side.y - centre.y),
           share = whole > 0 ? hypot(inner.x - centre.x, inner.y - centre.y) / whole : 0;
    double out = sqrt(fmax(0, 1 - share * share));
    return (struct point){ inner.x + (tip.x - centre.x) * out, inner.y + (tip.y - centre.y) * out };
}

/* From a to b along the end of a tube: close to the ellipse, which strips are too narrow to tell
 * from this. */
static void around_cap(cairo_t *cr, struct point a, struct point b, struct point centre,
                       struct point tip)
{
    struct point out = { (tip.x - centre.x) * 0.42, (tip.y - centre.y) * 0.42 },
                 m = point_mix(a, b, 0.5);
    struct point mid = { m.x + out.x * 0.6, m.y + out.y * 0.6 };
    cairo_curve_to(cr, (a.x + mid.x) / 2 + out.x * 0.2, (a.y + mid.y) / 2 + out.y * 0.2,
                   (b.x + mid.x) / 2 + out.x * 0.2, (b.y + mid.y) / 2 + out.y * 0.2, b.x, b.y);
}

/* The strip along one side, from `keep` of the half width to the outline; thinner where it does not
 * look `away`. */
static void loft_strip(const struct pen *pen, const struct loft *l, const struct ring *ring,
                       int side, struct point away, double keep)
{
    struct point inner[PEN_RINGS_MAX], first = { ring[0].x, ring[0].y };
    struct point last = { ring[l->count - 1].x, ring[l->count - 1].y };
    double sign = side ? -1 : 1;

    for (int i = 0; i < l->count; i++) {
        double across = sign * (l->normal[i].x * away.x + l->normal[i].y * away.y);
        double at = i == 0 && l->fades ? 1 : 1 - (1 - keep) * clamp(across * 1.25, 0, 1);
        int j = l->count - 1 - i;
        inner[j] = (struct point){ ring[i].x + sign * l->normal[i].x * ring[i].r * at,
                                   ring[i].y + sign * l->normal[i].y * ring[i].r * at };
    }
    struct point from = l->fades ? l->side[side][0]
                                 : on_cap(inner[l->count - 1], first, l->side[side][0], l->tip[0]);
    struct point to = on_cap(inner[0], last, l->side[side][l->count - 1], l->tip[1]);
    cairo_move_to(pen->cr, from.x, from.y);
    if (!l->fades)
        around_cap(pen->cr, from, l->side[side][0], first, l->tip[0]);
    curve_through(pen->cr, l->side[side], l->count);
    around_cap(pen->cr, l->side[side][l->count - 1], to, last, l->tip[1]);
    cairo_line_to(pen->cr, inner[0].x, inner[0].y);
    curve_through(pen->cr, inner, l->count);
    cairo_close_path(pen->cr);
    cairo_fill(pen->cr);
}

static double loft_px(const struct pen *pen, const struct ring *ring, int count)
{
    double most = 0;
    for (int i = 0; i < count; i++)
        most = fmax(most, ring[i].r);
    return 2 * most * pen->px;
}

/* Ink is the same loft a little wider, behind: a fill costs a third of a stroke. */
static void loft_ink(const struct pen *pen, const struct ring *rings, int count, struct ends ends)
{
    struct ring wide[PEN_RINGS_MAX];
    if (!pen->light->outline)
        return;

    double ink = ink_width(pen) / 2;
    for (int i = 0; i < count; i++)
        wide[i] = (struct ring){ rings[i].x, rings[i].y, rings[i].r + ink };
    struct loft l = loft_build(wide, count,
                               (struct ends){ fmax(fabs(ends.from), ink / wide[0].r),
                                              fmax(ends.to, ink / wide[count - 1].r) });
    loft_path(pen, &l, wide);
    pen_fill(pen, ink_tint(pen));
}

static int side_facing(const struct loft *l, struct point away)
{
    double sum = 0;
    for (int i = 0; i < l->count; i++)
        sum += l->normal[i].x * away.x + l->normal[i].y * away.y;
    return sum < 0;
}

void pen_loft(const struct pen *pen, const struct ring *rings, int count, struct ends ends,
              struct paint paint, double shadow)
{
    struct loft l = loft_build(rings, count, ends);
    struct point key = light_direction(pen), away = { -key.x, -key.y },
                 rim = { -key.x, key.y * 0.6 };

    loft_ink(pen, rings, count, ends);
    loft_path(pen, &l, rings);
    pen_fill(pen, paint.lit);
    if (pen->flat || loft_px(pen, rings, count) < SHADED_PX)
        return;
    if (shadow > 0) {
        pen_set(pen, paint.dark, 1);
        loft_strip(pen, &l, rings, side_facing(&l, away), away, 1 - 2 * shadow);
    }
    if (rim_is_seen(pen, loft_px(pen, rings, count))) {
        pen_set(pen, rim_tint(pen, paint), 1);
        loft_strip(pen, &l, rings, side_facing(&l, rim), rim, 0.84);
    }
}

/* ---- straight edges ---- */

static void panel_path(const struct pen *pen, double x, double y, double width, double height,
                       double corner)
{
    cairo_t *cr = pen->cr;
    double r = fmin(corner, fmin(width, height) / 2);

    cairo_new_sub_path(cr);
    cairo_arc(cr, x + width - r, y + r, r, -TURN / 4, 0);
    cairo_arc(cr, x + width - r, y + height - r, r, 0, TURN / 4);
    cairo_arc(cr, x + r, y + height - r, r, TURN / 4, TURN / 2);
    cairo_arc(cr, x + r, y + r, r, TURN / 2, TURN * 3 / 4);
    cairo_close_path(cr);
}

void pen_panel(const struct pen *pen, double x, double y, double width, double height,
               double corner, struct paint paint, double shadow)
{
    panel_path(pen, x, y, width, height, corner);
    pen_ink(pen);
    pen_fill(pen, paint.lit);
    if (pen->flat || shadow <= 0)
        return;

    bool dark_right = pen->light->key_from <= 0;
    double dark_width = width * shadow;
    panel_path(pen, dark_right ? x + width - dark_width : x, y, dark_width, height,
               fmin(corner, dark_width / 2));
    pen_fill(pen, paint.dark);
}

void pen_polygon(const struct pen *pen, const struct point *p, int count, struct paint paint)
{
    cairo_move_to(pen->cr, p[0].x, p[0].y);
    for (int i = 1; i < count; i++)
        cairo_line_to(pen->cr, p[i].x, p[i].y);
    cairo_close_path(pen->cr);
    pen_ink(pen);
    pen_fill(pen, paint.lit);
}
