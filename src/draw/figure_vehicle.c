/* Car, bicycle and boat, drawn as they go right; wheels turn with the way travelled. */

#include "draw/figure_kinds.h"

#include <math.h>

#include "base/rng.h"

static bool is_dark(const struct pen *pen)
{
    return pen->light->ambient < 0.62;
}

/* A beam of light, fainter with distance: three nested wedges. */
static void draw_beam(const struct pen *pen, double x, double y, double length, double spread)
{
    struct tint warm = pen_glow(pen, 0xFFF0C4).lit;
    for (int i = 0; i < 3; i++) {
        double l = length * (1 - 0.27 * i);
        cairo_move_to(pen->cr, x, y - 0.02);
        cairo_line_to(pen->cr, x + l, y - spread * l * 0.5);
        cairo_line_to(pen->cr, x + l, y + spread * l);
        cairo_line_to(pen->cr, x, y + 0.02);
        cairo_close_path(pen->cr);
        pen_set(pen, warm, 0.10);
        cairo_fill(pen->cr);
    }
}

/* ---- car ---- */

static void draw_wheel(const struct pen *pen, double x, double y, double r, double travel)
{
    struct pen wheel = pen_enter(pen, x, y, travel / r, 1);
    struct paint tyre = pen_paint(pen, 0x211E24), rim = pen_paint(pen, 0xB9BCC4),
                 hub = pen_paint(pen, 0x5A5C66);

    pen_path_ellipse(&wheel, 0, 0, r, r);
    pen_ink(&wheel);
    pen_fill(&wheel, tyre.lit);
    pen_path_ellipse(&wheel, 0, 0, r * 0.66, r * 0.66);
    pen_fill(&wheel, rim.lit);
    for (int i = 0; i < 5; i++) {
        double a = TURN * i / 5;
        cairo_move_to(wheel.cr, cos(a - 0.30) * r * 0.56, sin(a - 0.30) * r * 0.56);
        cairo_line_to(wheel.cr, cos(a + 0.30) * r * 0.56, sin(a + 0.30) * r * 0.56);
        cairo_line_to(wheel.cr, cos(a) * r * 0.22, sin(a) * r * 0.22);
        cairo_close_path(wheel.cr);
    }
    pen_fill(&wheel, hub.lit);
    pen_path_ellipse(&wheel, 0, 0, r * 0.13, r * 0.13);
    pen_fill(&wheel, hub.lit);
    pen_leave(&wheel);
}

/* Outlines of three cars: x, y from the middle of the wheelbase on the ground. */
struct car_shape {
    struct point body[16];
    int body_count;
    struct point glass[8];
    int glass_count;
    double pillar, wheel_r, axle[2], belt;
};

static const struct car_shape car_shapes[] = {
    /* a saloon with a long bonnet */
    { .body = { { -1.16, -0.22 },
                { -1.17, -0.46 },
                { -1.04, -0.555 },
                { -0.78, -0.585 },
                { -0.50, -0.80 },
                { -0.14, -0.845 },
                { 0.20, -0.80 },
                { 0.50, -0.57 },
                { 0.98, -0.50 },
                { 1.14, -0.42 },
                { 1.18, -0.26 },
                { 1.08, -0.16 },
                { -1.06, -0.155 } },
      .body_count = 13,
      .glass = { { -0.66, -0.575 },
                 { -0.46, -0.755 },
                 { -0.14, -0.795 },
                 { 0.17, -0.755 },
                 { 0.39, -0.575 } },
      .glass_count = 5,
      .pillar = -0.12,
      .wheel_r = 0.195,
      .axle = { -0.70, 0.72 },
      .belt = -0.50 },
    /* a small round one */
    { .body = { { -0.86, -0.20 },
                { -0.91, -0.46 },
                { -0.78, -0.64 },
                { -0.60, -0.82 },
                { -0.26, -0.915 },
                { 0.10, -0.90 },
                { 0.36, -0.76 },
                { 0.54, -0.575 },
                { 0.82, -0.51 },
                { 0.92, -0.38 },
                { 0.90, -0.20 },
                { 0.78, -0.15 },
                { -0.78, -0.15 } },
      .body_count = 13,
      .glass = { { -0.66, -0.60 },
                 { -0.52, -0.78 },
                 { -0.24, -0.855 },
                 { 0.08, -0.84 },
                 { 0.28, -0.735 },
                 { 0.41, -0.60 } },
      .glass_count = 6,
      .pillar = -0.12,
      .wheel_r = 0.185,
      .axle = { -0.52, 0.54 },
      .belt = -0.53 },
    /* a wagon with a high back */
    { .body = { { -1.12, -0.20 },
                { -1.15, -0.50 },
                { -1.10, -0.66 },
                { -0.98, -0.86 },
                { -0.60, -0.91 },
                { 0.00, -0.90 },
                { 0.32, -0.82 },
                { 0.58, -0.60 },
                { 0.98, -0.54 },
                { 1.12, -0.44 },
                { 1.13, -0.24 },
                { 1.02, -0.16 },
                { -1.02, -0.16 } },
      .body_count = 13,
      .glass = { { -0.98, -0.62 },
                 { -0.90, -0.815 },
                 { -0.56, -0.855 },
                 { 0.00, -0.845 },
                 { 0.26, -0.775 },
                 { 0.46, -0.61 } },
      .glass_count = 6,
      .pillar = -0.18,
      .wheel_r = 0.205,
      .axle = { -0.66, 0.68 },
      .belt = -0.54 },
};

static const struct car_shape *car_shape_of(const struct look_cast *c)
{
    struct rng r = rng_fork((uint64_t)c->appearance_seed, "car");
    return &car_shapes[rng_below(&r, 3)];
}

/* Head and shoulders behind the glass. */
static void draw_driver(const struct pen *pen, const struct sitter *s,
                        const struct car_shape *shape)
{
    struct look_cast who =
        figure_complete(&(struct look_cast){ .name = "",
                                             .kind = FIGURE_PERSON,
                                             .action = ACTION_DRIVE,
                                             .skin = COLOUR_NOT_SET,
                                             .hair_colour = COLOUR_NOT_SET,
                                             .garment_colour = COLOUR_NOT_SET,
                                             .appearance_seed = s->cast->appearance_seed,
                                             .picture_index = -1 });
    struct paint cloth = pen_paint(pen, colour_scale(who.garment_colour, 0.8));
    double x = shape->pillar + 0.18, y = shape->belt - 0.17;
    struct ring chest[] = { { x - 0.06, y + 0.22, 0.11 },
                            { x - 0.03, y + 0.12, 0.085 },
                            { x - 0.01, y + 0.06, 0.035 } };
    struct face face = face_of(&who, s->moment, 0.55, 0);

    pen_loft(pen, chest, 3, (struct ends){ 0, 0.2 }, cloth, 0.2);
    struct pen head = pen_enter(pen, x, y, 0, 0.083);
    face_draw(&head, &face);
    pen_leave(&head);
}

static void draw_glass(const struct pen *pen, const struct sitter *s, const struct car_shape *shape)
{
    cairo_t *cr = pen->cr;
    struct paint glass = pen_paint(pen, 0x9FC4D0), inside = pen_paint(pen, 0x2C3440),
                 frame = pen_paint(pen, colour_scale(s->cast->garment_colour, 0.8));

    cairo_save(cr);
    pen_path_closed(pen, shape->glass, shape->glass_count);
    cairo_clip(cr);
    pen_set(pen, tint_mix(glass.lit, inside.lit, 0.55), 1);
    cairo_paint(cr);
    if (s->cast->action != ACTION_SLEEP)
        draw_driver(pen, s, shape);
    for (int i = 0; i < 2; i++) {
        double x = -0.42 + 0.46 * i;
        cairo_move_to(cr, x, -0.50);
        cairo_line_to(cr, x + 0.26, -0.95);
        cairo_line_to(cr, x + 0.38 - 0.04 * i, -0.95);
        cairo_line_to(cr, x + 0.12 - 0.04 * i, -0.50);
        cairo_close_path(cr);
        pen_set(pen, pen_glow(pen, 0xFFFFFF).lit, 0.16);
        cairo_fill(cr);
    }
    cairo_restore(cr);
    pen_bar(pen, shape->pillar, -0.88, shape->pillar - 0.02, -0.55, 0.018, frame);
}

static void draw_car_body(const struct pen *pen, const struct sitter *s,
                          const struct car_shape *shape)
{
    look_colour base = s->cast->garment_colour;
    struct paint body = pen_paint(pen, base), dark = pen_paint(pen, colour_scale(base, 0.62)),
                 trim = pen_paint(pen, 0x2A2830);
    double left = shape->body[0].x, right = shape->body[10].x;

    pen_blob(pen, shape->body, shape->body_count, body, 0);
    cairo_save(pen->cr);
    pen_path_closed(pen, shape->body, shape->body_count);
    cairo_clip(pen->cr);
    cairo_rectangle(pen->cr, left - 0.1, shape->belt + 0.17, right - left + 0.2, 0.3);
    pen_fill(pen, body.dark);
    cairo_rectangle(pen->cr, left - 0.1, -0.215, right - left + 0.2, 0.1);
    pen_fill(pen, trim.lit);
    cairo_rectangle(pen->cr, left - 0.1, shape->belt, right - left + 0.2, 0.022);
    pen_set(pen, pen_glow(pen, 0xFFFFFF).lit, 0.22);
    cairo_fill(pen->cr);
    for (int i = 0; i < 2; i++) {
        pen_path_ellipse(pen, shape->axle[i], -shape->wheel_r, shape->wheel_r * 1.20,
                         shape->wheel_r * 1.20);
        pen_fill(pen, trim.dark);
    }
    cairo_restore(pen->cr);
    cairo_move_to(pen->cr, shape->pillar - 0.02, shape->belt - 0.02);
    cairo_line_to(pen->cr, shape->pillar - 0.03, -0.24);
    pen_line(pen, dark.lit, 0.010);
    pen_bar(pen, shape->pillar + 0.06, shape->belt + 0.07, shape->pillar + 0.13, shape->belt + 0.07,
            0.010, dark);
    pen_bar(pen, right - 0.10, -0.235, right + 0.005, -0.235, 0.032, pen_paint(pen, 0xC4C6CC));
    pen_bar(pen, left - 0.005, -0.235, left + 0.10, -0.235, 0.032, pen_paint(pen, 0xC4C6CC));
}

static void draw_car_lamps(const struct pen *pen, const struct car_shape *shape)
{
    double right = shape->body[9].x, left = shape->body[1].x;

    pen_disc(pen, right - 0.065, -0.385, 0.045, 0.062,
             pen_glow(pen, is_dark(pen) ? 0xFFF6D8 : 0xF4EBCB), 0);
    pen_disc(pen, left + 0.045, -0.43, 0.028, 0.055,
             pen_glow(pen, is_dark(pen) ? 0xFF4A3A : 0xB5302A), 0);
    if (is_dark(pen))
        draw_beam(pen, right - 0.02, -0.385, 0.32, 0.40);
}

void car_draw(const struct pen *pen, const struct sitter *s)
{
    struct figure_light light;
    const struct car_shape *shape = car_shape_of(s->cast);
    struct pen side = pen_mirror(pen, s->moment->facing, &light);
    double shake =
        0.006 * sin(s->moment->travel * 9) + 0.010 * s->moment->beat_pulse * s->moment->energy;

    cairo_save(pen->cr);
    cairo_translate(pen->cr, 0, shake);
    draw_car_body(&side, s, shape);
    draw_glass(&side, s, shape);
    draw_car_lamps(&side, shape);
    cairo_restore(pen->cr);
    for (int i = 0; i < 2; i++)
        draw_wheel(&side, shape->axle[i], -shape->wheel_r, shape->wheel_r, s->moment->travel);
    pen_leave(&side);
}

/* ---- bicycle ---- */

static void draw_spoked_wheel(const struct pen *pen, double x, double y, double r, double angle)
{
    struct tint rubber = pen_paint(pen, 0x26222A).lit, steel = pen_paint(pen, 0xA9ADB6).lit;

    for (int i = 0; i < 5; i++) {
        double a = angle + TURN / 2 * i / 5;
        cairo_move_to(pen->cr, x - cos(a) * r * 0.93, y - sin(a) * r * 0.93);
        cairo_line_to(pen->cr, x + cos(a) * r * 0.93, y + sin(a) * r * 0.93);
    }
    pen_line(pen, steel, 0.0028);
    cairo_new_path(pen->cr);
    cairo_arc(pen->cr, x, y, r, 0, TURN);
    pen_line(pen, rubber, 0.016);
    pen_path_ellipse(pen, x, y, 0.016, 0.016);
    pen_fill(pen, steel);
}

void bicycle_paint(const struct pen *pen, look_colour colour, double travel)
{
    const double r = 0.172, rear = -0.235, front = 0.365, crank_x = 0.056, crank_y = -0.115,
                 crank = travel * 3.2;
    struct paint frame = pen_paint(pen, colour), steel = pen_paint(pen, 0x3A3840);
    double px = crank_x + 0.075 * cos(crank), py = crank_y + 0.075 * sin(crank);

    draw_spoked_wheel(pen, rear, -r, r, travel / r);
    draw_spoked_wheel(pen, front, -r, r, travel / r);
    pen_bar(pen, 2 * crank_x - px, 2 * crank_y - py, px, py, 0.008, steel);
    pen_bar(pen, rear, -r, crank_x, crank_y, 0.009, frame);
    pen_bar(pen, rear, -r, -0.085, -0.47, 0.008, frame);
    pen_bar(pen, crank_x, crank_y, -0.105, -0.545, 0.011, frame);
    pen_bar(pen, crank_x, crank_y, 0.285, -0.43, 0.012, frame);
    pen_bar(pen, -0.082, -0.47, 0.270, -0.475, 0.011, frame);
    pen_bar(pen, front, -r, 0.255, -0.545, 0.010, frame);
    pen_bar(pen, 0.255, -0.545, 0.245, -0.60, 0.008, steel);
    pen_bar(pen, 0.200, -0.612, 0.285, -0.605, 0.009, steel);
    pen_disc(pen, crank_x, crank_y, 0.034, 0.034, steel, 0);
    struct ring saddle[] = { { -0.175, -0.566, 0.022 },
                             { -0.10, -0.560, 0.015 },
                             { -0.04, -0.556, 0.009 } };
    pen_loft(pen, saddle, 3, (struct ends){ 1, 1 }, steel, 0.25);
    pen_bar(pen, px - 0.022, py, px + 0.022, py, 0.006, steel);
}

void bicycle_draw(const struct pen *pen, const struct sitter *s)
{
    struct figure_light light;
    struct pen side = pen_mirror(pen, s->moment->facing, &light);

    if (is_dark(pen))
        draw_beam(&side, 0.30, -0.52, 0.26, 0.42);
    bicycle_paint(&side, s->cast->garment_colour, s->moment->travel);
    if (s->cast->action == ACTION_RIDE)
        cyclist_draw(&side, s);
    pen_leave(&side);
}

/* ---- boat ---- */

static void draw_sail(const struct pen *pen, double mast, double wind, bool jib, look_colour colour)
{
    double g = jib ? 1 : -1, foot = jib ? 0.42 : 0.52, top = jib ? -1.30 : -1.62,
           low = jib ? -0.40 : -0.42;
    struct paint cloth = pen_paint(pen, colour);
    cairo_t *cr = pen->cr;

    cairo_move_to(cr, mast + g * 0.025, top);
    cairo_curve_to(cr, mast + g * (0.20 + wind), mix(top, low, 0.35),
                   mast + g * (foot * 0.85 + wind), mix(top, low, 0.75), mast + g * foot, low);
    cairo_curve_to(cr, mast + g * foot * 0.6, low + 0.05, mast + g * foot * 0.3, low + 0.04,
                   mast + g * 0.025, low);
    cairo_close_path(cr);
    pen_ink(pen);
    pen_fill(pen, cloth.lit);
    cairo_move_to(cr, mast + g * 0.025, top);
    cairo_curve_to(cr, mast + g * (0.08 + wind * 0.4), mix(top, low, 0.35),
                   mast + g * (foot * 0.35 + wind * 0.4), mix(top, low, 0.8),
                   mast + g * foot * 0.40, low + 0.035);
    cairo_line_to(cr, mast + g * 0.025, low);
    cairo_close_path(cr);
    pen_fill(pen, cloth.dark);
}

void boat_draw(const struct pen *pen, const struct sitter *s)
{
    struct figure_light light;
    struct pen side = pen_mirror(pen, s->moment->facing, &light);
    double t = s->moment->seconds, rock = 0.035 * sin(TURN * 0.18 * t),
           rise = 0.020 * sin(TURN * 0.23 * t + 1), wind = 0.05 + 0.02 * sin(TURN * 0.3 * t);
    struct pen hull = pen_enter(&side, 0, rise, rock, 1);
    struct point shape[] = { { -0.82, -0.30 }, { -0.40, -0.25 }, { 0.20, -0.25 },
                             { 0.70, -0.31 },  { 1.00, -0.40 },  { 0.84, -0.12 },
                             { 0.58, 0.06 },   { -0.50, 0.08 },  { -0.72, -0.04 } };
    struct paint paint = pen_paint(&hull, s->cast->garment_colour),
                 wood = pen_paint(&hull, 0x8A5A38), white = pen_paint(&hull, 0xF4EDE0);

    pen_bar(&hull, 0.08, -1.68, 0.08, -0.20, 0.016, wood);
    draw_sail(&hull, 0.08, wind, false, 0xF4EADA);
    draw_sail(&hull, 0.08, wind, true, colour_mix(s->cast->garment_colour, 0xF4EADA, 0.35));
    rider_draw(&hull, s, ACTION_SIT, -0.52, -0.33);
    pen_blob(&hull, shape, 9, paint, 0.16);
    struct ring rail[] = { { -0.83, -0.305, 0.022 },
                           { -0.40, -0.258, 0.022 },
                           { 0.20, -0.258, 0.022 },
                           { 0.70, -0.315, 0.022 },
                           { 1.01, -0.405, 0.018 } };
    pen_loft(&hull, rail, 5, (struct ends){ 1, 1 }, white, 0.3);
    cairo_move_to(hull.cr, 0.08, -1.70);
    cairo_line_to(hull.cr, -0.10 - wind, -1.655 + wind * 0.3);
    cairo_line_to(hull.cr, 0.08, -1.61);
    cairo_close_path(hull.cr);
    pen_fill(&hull, pen_paint(&hull, 0xD9502F).lit);
    pen_leave(&hull);
    pen_leave(&side);
}
