/*
 * The offline image driver, through the media child: a card is a whole picture of the size asked for, the same wish
 * gives the same bytes, neighbouring seeds give pictures that differ over much of their area, and what the words say
 * of someone is kept whatever the seed.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/hash.h"
#include "gen/image.h"
#include "media/picture_load.h"

enum { SIDE = 256, OPTIONS = 4 };

static struct image_request wish(int kind, int64_t seed)
{
    return (struct image_request){
        .kind = kind == FIGURE_PRODUCT ? "product" : "character", .prompt = "someone",
        .cast = { .name = "Mara", .kind = kind, .skin = COLOUR_NOT_SET, .hair_colour = COLOUR_NOT_SET,
                  .garment_colour = 0xE0B030, .appearance_seed = 77, .picture_index = -1 },
        .grade = { .shade = 0x1B2436, .mid = 0x3E5A73, .light = 0xC9B08A, .paper = 0xF4E9D4, .accent = 0xF2A541,
                   .accent2 = 0x4FB0A5, .contrast = 1, .saturation = 1, .font = "" },
        .seed = seed, .width_px = SIDE, .height_px = SIDE,
    };
}

static struct media *door(struct task *t)
{
    struct media *m;
    assert_ok(t, media_open(t, getenv("MEDIA_CHILD_HOST"), &m));
    return m;
}

static int paint(struct task *t, struct media *m, const struct image_request *request)
{
    struct picture_info info;
    struct image_receipt receipt;
    int out = memfd_create("card", MFD_CLOEXEC);
    assert_ok(t, image_order(&image_card, m, t, request, out, &receipt));
    assert_ok(t, image_collect(&image_card, m, t, request, &receipt, out, &info));
    assert_string_equal(info.format, "png");
    assert_int_equal(info.width_px, SIDE);
    assert_int_equal(info.height_px, SIDE);
    return out;
}

static const char *digest(struct task *t, int fd)
{
    char *hex = arena_alloc(t->arena, HASH_TEXT_BYTES);
    int64_t bytes;
    assert_ok(t, hash_file(t, fd, hex, &bytes));
    assert_true(bytes > 1000);
    return hex;
}

static void the_same_wish_gives_the_same_bytes(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct media *m = door(&t);
    struct image_request request = wish(FIGURE_PERSON, 3);
    scoped(fd) int one = paint(&t, m, &request), two = paint(&t, m, &request);
    assert_string_equal(digest(&t, one), digest(&t, two));
    media_close(m);
    task_done(&t);
}

/* The share of pixels that differ by more than a sixteenth in some channel. */
static double difference(const struct draw_picture *a, const struct draw_picture *b)
{
    int count = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
        for (int shift = 0; shift <= 16; shift += 8) {
            int d = (int)(a->pixels[i] >> shift & 255) - (int)(b->pixels[i] >> shift & 255);
            if (abs(d) > 16) {
                count++;
                break;
            }
        }
    }
    return (double)count / (SIDE * SIDE);
}

static void neighbouring_seeds_differ_to_the_eye(void **state)
{
    (void)state;
    static const int kinds[] = { FIGURE_PERSON, FIGURE_ROBOT, FIGURE_DOG, FIGURE_CAR, FIGURE_PRODUCT };
    struct task t;
    task_init(&t, "test");
    struct media *m = door(&t);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct draw_picture picture[OPTIONS];
        for (int i = 0; i < OPTIONS; i++) {
            struct image_request request = wish(kinds[k], 10 + i);
            scoped(fd) int fd = paint(&t, m, &request);
            assert_ok(&t, picture_load(&t, fd, 0, &picture[i], NULL));
        }
        for (int i = 0; i < OPTIONS; i++)
            for (int j = 0; j < i; j++)
                if (difference(&picture[i], &picture[j]) < 0.3)
                    test_failed("options %d and %d of a %s look alike: only %.2f differs", i, j,
                                look_figure_names[kinds[k]], difference(&picture[i], &picture[j]));
    }
    media_close(m);
    task_done(&t);
}

/* In how many pixels of the lower edge's middle the coat is seen, lit or shaded. */
static int coat_pixels(const struct draw_picture *p)
{
    int count = 0;
    for (int y = SIDE * 88 / 100; y < SIDE; y++)
        for (int x = SIDE * 15 / 100; x < SIDE * 70 / 100; x++) {
            uint32_t c = p->pixels[y * SIDE + x];
            int r = c >> 16 & 255, g = c >> 8 & 255, b = c & 255;
            count += r > g && g > b && r - b > 60;
        }
    return count;
}

static void what_is_said_is_kept_and_seen(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct media *m = door(&t);
    for (int64_t seed = 1; seed <= OPTIONS; seed++) {
        struct image_request request = wish(FIGURE_PERSON, seed);
        request.cast.hair = HAIR_CURLY;
        struct look_cast drawn = image_card_cast(&request);
        assert_int_equal(drawn.hair, HAIR_CURLY);
        assert_int_equal(drawn.garment_colour, 0xE0B030);
        assert_true(drawn.skin >= 0 && drawn.hair_colour >= 0 && drawn.garment > 0);
        struct draw_picture picture;
        scoped(fd) int fd = paint(&t, m, &request);
        assert_ok(&t, picture_load(&t, fd, 0, &picture, NULL));
        assert_true(coat_pixels(&picture) > 1000);      /* where a renderer looks for what to dress a body in */
    }
    media_close(m);
    task_done(&t);
}

static void what_is_not_said_goes_round(void **state)
{
    (void)state;
    struct look_cast four[OPTIONS];
    for (int i = 0; i < OPTIONS; i++) {
        struct image_request request = wish(FIGURE_PERSON, 1 + i);
        request.cast.garment_colour = COLOUR_NOT_SET;
        request.cast.female = true;
        four[i] = image_card_cast(&request);
        assert_int_not_equal(four[i].hair, HAIR_BALD);
        for (int j = 0; j < i; j++) {
            assert_int_not_equal(four[i].hair, four[j].hair);
            assert_int_not_equal(four[i].garment_colour, four[j].garment_colour);
            assert_int_not_equal(four[i].skin, four[j].skin);
        }
    }
}

static void a_size_out_of_range_is_refused(void **state)
{
    (void)state;
    static const int64_t sides[] = { 0, -1, 255, 4097, INT64_C(1) << 40 };
    struct task t;
    task_init(&t, "test");
    struct media *m = door(&t);
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        struct image_request request = wish(FIGURE_PERSON, 1);
        scoped(fd) int out = memfd_create("card", MFD_CLOEXEC);
        request.width_px = sides[i];
        assert_err(image_card.fetch(m, &t, &request, "card-1", out), ERR_INVALID);
    }
    media_close(m);
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_wish_gives_the_same_bytes),
        cmocka_unit_test(neighbouring_seeds_differ_to_the_eye),
        cmocka_unit_test(what_is_said_is_kept_and_seen),
        cmocka_unit_test(what_is_not_said_goes_round),
        cmocka_unit_test(a_size_out_of_range_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
