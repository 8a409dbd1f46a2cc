/*
 * Figures: nothing is drawn outside figure_bounds(), the same arguments give the same pixels, the
 * same seed gives the same person, pictures keep their proportions, and a mouth that opens changes
 * the face and little else.
 */
#include "test.h"

#include <cairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "draw/figure.h"

enum { SIDE = 288, UNIT = 48, ORIGIN_X = 144, ORIGIN_Y = 200 };

static const struct figure_light light = {
    .key = 0xFFE7C4,
    .shade = 0x2B2B4F,
    .rim = 0xFFF3DC,
    .key_from = -0.8,
    .ambient = 0.4,
    .rim_strength = 0.8,
    .haze = 0.1,
    .haze_colour = 0xE8DFD0,
    .outline = true,
};

static struct look_cast someone(int kind, int action, int64_t seed)
{
    return (struct look_cast){ .name = "",
                               .kind = kind,
                               .action = action,
                               .skin = -1,
                               .hair_colour = -1,
                               .garment_colour = -1,
                               .appearance_seed = seed,
                               .picture_index = -1,
                               .sings = true };
}

static struct figure_moment some_moment(struct rng *r)
{
    double seconds = rng_between(r, 0, 40), beats = seconds * rng_between(r, 1, 2.5);
    return (struct figure_moment){ .seconds = seconds,
                                   .beat_index = (int)beats,
                                   .beat_phase = beats - floor(beats),
                                   .beat_pulse = rng_unit(r),
                                   .energy = rng_unit(r),
                                   .mouth = rng_unit(r),
                                   .facing = rng_between(r, -1, 1),
                                   .travel = rng_between(r, 0, 30) };
}

static cairo_surface_t *surface_new(void)
{
    return cairo_image_surface_create(CAIRO_FORMAT_ARGB32, SIDE, SIDE);
}

static void draw_on(cairo_surface_t *surface, const struct look_cast *cast,
                    const struct figure_moment *m, const struct figure_picture *picture,
                    bool portrait)
{
    cairo_t *cr = cairo_create(surface);
    cairo_translate(cr, ORIGIN_X, portrait ? SIDE / 2 : ORIGIN_Y);
    cairo_scale(cr, portrait ? 3 * UNIT : UNIT, portrait ? 3 * UNIT : UNIT);
    if (portrait)
        figure_draw_portrait(cr, cast, &light, m, picture);
    else
        figure_draw(cr, cast, &light, m, picture);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
}

static uint32_t pixel(cairo_surface_t *surface, int x, int y)
{
    const uint32_t *row =
        (const uint32_t *)(const void *)(cairo_image_surface_get_data(surface) +
                                         y * cairo_image_surface_get_stride(surface));
    return row[x];
}

/* Whether anything lies outside the box, one pixel of smoothing aside. */
static bool spills(cairo_surface_t *surface, struct figure_box b, int *out_x, int *out_y)
{
    double left = ORIGIN_X + b.x * UNIT - 1, right = ORIGIN_X + (b.x + b.width) * UNIT + 1;
    double top = ORIGIN_Y + b.y * UNIT - 1, low = ORIGIN_Y + (b.y + b.height) * UNIT + 1;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            if ((x + 1 < left || x > right || y + 1 < top || y > low) &&
                pixel(surface, x, y) >> 24) {
                *out_x = x, *out_y = y;
                return true;
            }
    return false;
}

static void expect_inside(int kind, int action, const struct figure_picture *picture)
{
    struct rng r = rng_new((uint64_t)(kind * 100 + action));
    cairo_surface_t *surface = surface_new();
    struct look_cast last;

    for (int i = 0; i < 3; i++) {
        struct figure_moment m = some_moment(&r);
        last = someone(kind, action, (int64_t)(rng_next(&r) >> 2));
        last.build = 1 + rng_below(&r, BUILD_COUNT - 1),
        last.hair = 1 + rng_below(&r, HAIR_COUNT - 1);
        last.garment = 1 + rng_below(&r, GARMENT_COUNT - 1), last.picture_index = picture ? 0 : -1;
        draw_on(surface, &last, &m, picture, false);
    }
    int x = 0, y = 0;
    bool out = spills(surface, figure_bounds(&last), &x, &y);
    cairo_surface_destroy(surface);
    if (out)
        test_failed("%s that does %s is drawn outside its bounds, at %.2f, %.2f",
                    look_figure_names[kind], look_action_names[action],
                    (x - ORIGIN_X) / (double)UNIT, (y - ORIGIN_Y) / (double)UNIT);
}

static void nothing_is_drawn_outside_the_bounds(void **state)
{
    (void)state;
    for (int kind = 1; kind < FIGURE_COUNT; kind++)
        for (int action = 1; action < ACTION_COUNT; action++)
            expect_inside(kind, action, NULL);
}

static void bounds_are_not_idle(void **state)
{
    (void)state;
    struct look_cast stands = someone(FIGURE_PERSON, ACTION_STAND, 1),
                     rides = someone(FIGURE_PERSON, ACTION_RIDE, 1);
    struct figure_box a = figure_bounds(&stands), b = figure_bounds(&rides);

    assert_true(a.width < 0.7 && a.height < 1.4);
    assert_true(b.width > a.width);
}

static bool same_pixels(cairo_surface_t *a, cairo_surface_t *b)
{
    return !memcmp(cairo_image_surface_get_data(a), cairo_image_surface_get_data(b),
                   (size_t)cairo_image_surface_get_stride(a) * SIDE);
}

static void same_arguments_same_pixels(void **state)
{
    (void)state;
    struct rng r = rng_new(4);

    for (int kind = 1; kind < FIGURE_COUNT; kind++) {
        struct figure_moment m = some_moment(&r), other = some_moment(&r);
        struct look_cast cast = someone(kind, ACTION_DANCE, kind * 77);
        cairo_surface_t *a = surface_new(), *b = surface_new(), *between = surface_new();
        draw_on(a, &cast, &m, NULL, false);
        draw_on(between, &cast, &other, NULL, true);
        draw_on(b, &cast, &m, NULL, false);
        assert_true(same_pixels(a, b));
        cairo_surface_destroy(a);
        cairo_surface_destroy(b);
        cairo_surface_destroy(between);
    }
}

static void same_seed_same_person(void **state)
{
    (void)state;
    int differing = 0;
    for (int seed = 0; seed < 40; seed++) {
        struct look_cast sits = someone(FIGURE_PERSON, ACTION_SIT, seed),
                         runs = someone(FIGURE_PERSON, ACTION_RUN, seed);
        struct look_cast a = figure_complete(&sits), b = figure_complete(&runs),
                         again = figure_complete(&a);
        assert_int_equal(a.hair, b.hair);
        assert_int_equal(a.build, b.build);
        assert_int_equal(a.garment, b.garment);
        assert_int_equal(a.skin, b.skin);
        assert_int_equal(a.hair_colour, b.hair_colour);
        assert_int_equal(a.garment_colour, b.garment_colour);
        assert_memory_equal(&a, &again, sizeof a);
        struct look_cast next = someone(FIGURE_PERSON, ACTION_SIT, seed + 1),
                         c = figure_complete(&next);
        differing += a.hair != c.hair || a.garment_colour != c.garment_colour || a.skin != c.skin;
    }
    assert_true(differing > 30);
}

static void what_is_set_is_kept(void **state)
{
    (void)state;
    struct look_cast cast = someone(FIGURE_PERSON, ACTION_READ, 9);
    cast.hair = HAIR_BUN, cast.garment = GARMENT_SUIT, cast.skin = 0x8A5533,
    cast.garment_colour = 0x123456, cast.build = BUILD_OLD;
    struct look_cast c = figure_complete(&cast);
    assert_int_equal(c.hair, HAIR_BUN);
    assert_int_equal(c.garment, GARMENT_SUIT);
    assert_int_equal(c.skin, 0x8A5533);
    assert_int_equal(c.garment_colour, 0x123456);
    assert_int_equal(c.build, BUILD_OLD);
}

/* Most of a portrait is in colours that the whole figure wears too. */
static void portrait_and_figure_share_their_colours(void **state)
{
    (void)state;
    struct figure_moment m = { .facing = 0.3 };
    struct look_cast cast = someone(FIGURE_PERSON, ACTION_STAND, 12);
    cairo_surface_t *whole = surface_new(), *near = surface_new();
    static uint8_t worn[1 << 24];
    int shared = 0, opaque = 0;

    draw_on(whole, &cast, &m, NULL, false);
    draw_on(near, &cast, &m, NULL, true);
    for (int i = 0; i < SIDE * SIDE; i++)
        worn[pixel(whole, i % SIDE, i / SIDE) & 0xFFFFFF] = 1;
    for (int i = 0; i < SIDE * SIDE; i++) {
        uint32_t c = pixel(near, i % SIDE, i / SIDE);
        opaque += c >> 24 == 255;
        shared += c >> 24 == 255 && worn[c & 0xFFFFFF];
    }
    assert_true(opaque > SIDE * SIDE / 6);
    assert_true(shared > opaque * 2 / 3);
    cairo_surface_destroy(whole);
    cairo_surface_destroy(near);
}

static int differing_pixels(cairo_surface_t *a, cairo_surface_t *b)
{
    int count = 0;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            count += pixel(a, x, y) != pixel(b, x, y);
    return count;
}

static void the_mouth_opens(void **state)
{
    (void)state;
    struct look_cast cast = someone(FIGURE_PERSON, ACTION_STAND, 3);
    struct figure_moment closed = { .mouth = 0 }, open = { .mouth = 0.5 }, wide = { .mouth = 1 };
    cairo_surface_t *a = surface_new(), *b = surface_new(), *c = surface_new(), *d = surface_new();

    draw_on(a, &cast, &closed, NULL, true);
    draw_on(b, &cast, &open, NULL, true);
    draw_on(c, &cast, &wide, NULL, true);
    assert_true(differing_pixels(a, b) > 100);
    assert_true(differing_pixels(b, c) > 100);
    cast.sings = false;
    draw_on(d, &cast, &wide, NULL, true);
    assert_true(same_pixels(a, d));
    cairo_surface_destroy(a);
    cairo_surface_destroy(b);
    cairo_surface_destroy(c);
    cairo_surface_destroy(d);
}

/* ---- pictures ---- */

enum { RED = 0xFFE01010 };

/* A picture of one colour with a transparent border, so that it counts as cut out. */
static struct figure_picture red_picture(uint32_t *pixels, int width, int height, bool cut_out)
{
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            bool edge = x < width / 8 || y < height / 8 || x >= width - width / 8 ||
                        y >= height - height / 8;
            pixels[y * width + x] = cut_out && edge ? 0 : RED;
        }
    return (struct figure_picture){ width, height, pixels };
}

static void measure_red(cairo_surface_t *surface, int *out_wide, int *out_high)
{
    int left = SIDE, right = -1, top = SIDE, low = -1;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            if (pixel(surface, x, y) == RED) {
                left = x < left ? x : left, right = x > right ? x : right;
                top = y < top ? y : top, low = y > low ? y : low;
            }
    *out_wide = right - left + 1, *out_high = low - top + 1;
}

static void products_are_never_stretched(void **state)
{
    (void)state;
    static const struct {
        int width, height;
    } sizes[] = { { 80, 80 }, { 160, 60 }, { 50, 140 } };
    static uint32_t pixels[160 * 160];

    for (size_t i = 0; i < 3; i++)
        for (int cut_out = 0; cut_out < 2; cut_out++) {
            struct figure_picture picture =
                red_picture(pixels, sizes[i].width, sizes[i].height, cut_out);
            struct look_cast cast = someone(FIGURE_PRODUCT, ACTION_STAND, 5);
            cairo_surface_t *surface = surface_new();
            int wide, high;
            draw_on(surface, &cast, &(struct figure_moment){ .beat_pulse = 1, .energy = 1 },
                    &picture, true);
            measure_red(surface, &wide, &high);
            cairo_surface_destroy(surface);
            assert_true(wide > 20 && high > 20);
            double got = wide / (double)high, wanted = sizes[i].width / (double)sizes[i].height;
            assert_true(fabs(got / wanted - 1) < 0.08);
        }
}

static void pictures_stay_inside_the_bounds(void **state)
{
    (void)state;
    static uint32_t pixels[120 * 160];
    for (int cut_out = 0; cut_out < 2; cut_out++) {
        struct figure_picture picture = red_picture(pixels, 120, 160, cut_out);
        expect_inside(FIGURE_PRODUCT, ACTION_STAND, &picture);
        for (int action = 1; action < ACTION_COUNT; action++)
            expect_inside(FIGURE_PERSON, action, &picture);
    }
}

/* Cut once: no side stretched, nothing made larger than it was, and the body's colours read from
 * the picture. */
static void pictures_are_cut_once(void **state)
{
    (void)state;
    static uint32_t pixels[160 * 160];
    struct look_cast product = someone(FIGURE_PRODUCT, ACTION_STAND, 5);
    struct look_cast person = someone(FIGURE_PERSON, ACTION_STAND, 5);
    struct figure_picture wide = red_picture(pixels, 160, 60, true);
    struct figure_picture small = figure_picture_cut(&product, &wide, 48, false);
    struct figure_picture same = figure_picture_cut(&product, &wide, 4000, false);

    assert_true(small.width_px < 60 && abs(small.width_px * 60 - small.height_px * 160) <= 160);
    assert_int_equal(same.width_px, 160);
    assert_int_equal(same.height_px, 60);
    assert_memory_equal(same.pixels, wide.pixels, 160 * 60 * 4);

    struct figure_picture opaque = red_picture(pixels, 100, 100, false);
    struct figure_picture head = figure_picture_cut(&person, &opaque, 300, false);
    assert_int_equal(head.paper, PAPER_HEAD);
    assert_int_equal(head.cloth, RED & 0xFFFFFF);
    struct figure_picture hollow = red_picture(pixels, 100, 100, true);
    struct figure_picture bust = figure_picture_cut(&person, &hollow, 300, false);
    assert_int_equal(bust.paper, PAPER_BUST);
    assert_int_equal(bust.cloth, RED & 0xFFFFFF);
    assert_int_equal(bust.skin, COLOUR_NOT_SET);
    free((void *)(uintptr_t)small.pixels);
    free((void *)(uintptr_t)same.pixels);
    free((void *)(uintptr_t)head.pixels);
    free((void *)(uintptr_t)bust.pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_drawn_outside_the_bounds),
        cmocka_unit_test(bounds_are_not_idle),
        cmocka_unit_test(same_arguments_same_pixels),
        cmocka_unit_test(same_seed_same_person),
        cmocka_unit_test(what_is_set_is_kept),
        cmocka_unit_test(portrait_and_figure_share_their_colours),
        cmocka_unit_test(the_mouth_opens),
        cmocka_unit_test(products_are_never_stretched),
        cmocka_unit_test(pictures_stay_inside_the_bounds),
        cmocka_unit_test(pictures_are_cut_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
