/*
 * Sheets of figures for the eyes of whoever works on them.
 *
 *     figure_preview FOLDER [SHEET]      sheets: people, actions, walk, dance, portraits, mouths,
 * kinds, animals, products, cards, slates, storyboard, cost, bounds
 *
 * Writes FOLDER/SHEET.png; without SHEET all of them, and prints how long one person takes to draw.
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "draw/figure.h"
#include "draw/words.h"

struct sheet {
    const char *name;
    int columns, rows, cell_px, cell_high_px;
    void (*cell)(cairo_t *cr, int index, int cell_px, int cell_high_px);
};

static const struct figure_light day = {
    .key = 0xFFE7C4,
    .shade = 0x2B2B4F,
    .rim = 0xFFF3DC,
    .key_from = -0.8,
    .ambient = 1,
    .rim_strength = 0.35,
    .haze_colour = 0xE8DFD0,
};

static struct figure_light inked(struct figure_light light)
{
    light.outline = true;
    return light;
}

static struct figure_moment moment_at(double seconds, double facing)
{
    double beats = seconds * 2;
    return (struct figure_moment){ .seconds = seconds,
                                   .beat_index = (int)floor(beats),
                                   .beat_phase = beats - floor(beats),
                                   .beat_pulse = exp(-4 * (beats - floor(beats))),
                                   .energy = 0.8,
                                   .facing = facing,
                                   .travel = seconds * 0.8 };
}

static struct look_cast someone(int seed)
{
    return (struct look_cast){ .name = "",
                               .kind = FIGURE_PERSON,
                               .skin = -1,
                               .hair_colour = -1,
                               .garment_colour = -1,
                               .appearance_seed = seed,
                               .picture_index = -1 };
}

/* The figure stands near the lower edge, `share` of the cell high. */
static void place(cairo_t *cr, int px, int high, double share)
{
    cairo_translate(cr, px / 2.0, high * 0.93);
    cairo_scale(cr, high * share, high * share);
}

static void shadow(cairo_t *cr)
{
    cairo_save(cr);
    cairo_scale(cr, 1, 0.16);
    cairo_arc(cr, 0, 0, 0.22, 0, 7);
    cairo_restore(cr);
    cairo_set_source_rgba(cr, 0.16, 0.15, 0.25, 0.22);
    cairo_fill(cr);
}

static void people_cell(cairo_t *cr, int index, int px, int high)
{
    struct look_cast cast = someone(index * 7 + 1);
    struct figure_moment m = moment_at(1.3, (index % 5 - 2) * 0.4);

    cast.build = 1 + index % 6, cast.hair = 1 + index % 8,
    cast.garment = 1 + (index / 2 + index) % 6;
    cast.kind = index % 8 == 6 ? FIGURE_CHILD : index % 8 == 7 ? FIGURE_DANCER : FIGURE_PERSON;
    cast.action = ACTION_STAND;
    place(cr, px, high, 0.82);
    shadow(cr);
    figure_draw(cr, &cast, &day, &m, NULL);
}

static void action_cell(cairo_t *cr, int index, int px, int high)
{
    struct look_cast cast = someone(index * 3 + 2);
    struct figure_moment m = moment_at(1.15, index % 2 ? 0.6 : -0.6);
    struct figure_light light = index % 4 == 3 ? inked(day) : day;

    cast.action = 1 + index, cast.sings = true, m.mouth = 0.6;
    place(cr, px, high, 0.68);
    shadow(cr);
    figure_draw(cr, &cast, &light, &m, NULL);
}

static void near_cell(cairo_t *cr, int index, int px, int high)
{
    static const int actions[] = { ACTION_SING, ACTION_PLAY_GUITAR, ACTION_DRINK, ACTION_HOLD,
                                   ACTION_READ, ACTION_COOK,        ACTION_STAND, ACTION_POINT };
    struct look_cast cast = someone(index * 3 + 1);
    struct figure_moment m = moment_at(1.6, index / 8 ? 0.5 : -0.5);

    cast.action = actions[index % 8], cast.sings = true, m.mouth = 0.5;
    place(cr, px, high, 0.80);
    shadow(cr);
    figure_draw(cr, &cast, &day, &m, NULL);
}

static void walk_cell(cairo_t *cr, int index, int px, int high)
{
    struct look_cast cast = someone(5);
    struct figure_moment m = moment_at(0.5, index < 16 ? 1 : 0.4);

    cast.action = index / 8 % 2 ? ACTION_RUN : ACTION_WALK,
    cast.garment = index < 16 ? GARMENT_COAT : GARMENT_SHIRT;
    m.travel = (index % 8) / 8.0 * (cast.action == ACTION_RUN ? 1.55 : 0.84);
    place(cr, px, high, 0.8);
    figure_draw(cr, &cast, &day, &m, NULL);
}

static void dance_cell(cairo_t *cr, int index, int px, int high)
{
    struct look_cast cast = someone(index / 8 * 9 + 3);
    struct figure_moment m = moment_at(index % 8 * 0.5 + 0.02, index / 8 * 0.5 - 0.3);

    cast.kind = FIGURE_DANCER, cast.action = ACTION_DANCE;
    place(cr, px, high, 0.66);
    shadow(cr);
    figure_draw(cr, &cast, &day, &m, NULL);
}

static void portrait_cell(cairo_t *cr, int index, int px, int high)
{
    struct look_cast cast = someone(index * 7 + 1);
    struct figure_moment m = moment_at(1.3, (index % 5 - 2) * 0.4);

    cast.build = 1 + index % 6, cast.hair = 1 + index % 8,
    cast.garment = 1 + (index / 2 + index) % 6;
    cast.kind = index % 8 == 6 ? FIGURE_CHILD : index % 8 == 7 ? FIGURE_DANCER : FIGURE_PERSON;
    cast.action = ACTION_STAND;
    cairo_translate(cr, px / 2.0, high * 0.52);
    cairo_scale(cr, high * 0.56, high * 0.56);
    figure_draw_portrait(cr, &cast, &day, &m, NULL);
}

static void mouth_cell(cairo_t *cr, int index, int px, int high)
{
    struct look_cast cast = someone(index / 4 * 7 + 2);
    struct figure_moment m = moment_at(0.4, 0.25);

    cast.action = ACTION_SING, m.mouth = (index % 4) / 3.0;
    cairo_translate(cr, px / 2.0, high * 0.5);
    cairo_scale(cr, high * 0.62, high * 0.62);
    figure_draw_portrait(cr, &cast, &day, &m, NULL);
}

static void kind_cell(cairo_t *cr, int index, int px, int high)
{
    struct look_cast cast = someone(index * 5 + 1);
    struct figure_moment m = moment_at(1.3, index / 10 % 2 ? -1 : 1);

    cast.kind = 1 + index % (FIGURE_COUNT - 1),
    cast.action = index >= FIGURE_COUNT - 1 ? ACTION_RIDE : ACTION_STAND;
    struct figure_box b = figure_bounds(&cast);
    double scale = fmin(px * 0.94 / b.width, high * 0.94 / b.height);
    cairo_translate(cr, px / 2.0 - (b.x + b.width / 2) * scale,
                    high / 2.0 - (b.y + b.height / 2) * scale);
    cairo_scale(cr, scale, scale);
    figure_draw(cr, &cast, &day, &m, NULL);
}

static void product_cell(cairo_t *cr, int index, int px, int high)
{
    static const char *const names[] = { "kettle", "headphones", "watch",   "lamp",
                                         "chair",  "phone",      "book",    "backpack",
                                         "shoe",   "camera",     "perfume", "jar",
                                         "cup",    "can",        "bottle",  "box" };
    struct look_cast cast = someone(index * 5 + 1);
    struct figure_moment m = moment_at(1.3, 0);

    cast.kind = FIGURE_PRODUCT, cast.name = names[index % 16];
    place(cr, px, high, 0.9);
    shadow(cr);
    figure_draw(cr, &cast, &day, &m, NULL);
}

static void animal_cell(cairo_t *cr, int index, int px, int high)
{
    static const int actions[] = { ACTION_STAND, ACTION_WALK,  ACTION_RUN,
                                   ACTION_SIT,   ACTION_SLEEP, ACTION_JUMP };
    struct look_cast cast = someone(index * 3 + index / 6);
    struct figure_moment m = moment_at(1.22, index % 2 ? -1 : 1);

    cast.kind = index / 6 == 0   ? FIGURE_DOG
                : index / 6 == 1 ? FIGURE_CAT
                : index / 6 == 2 ? FIGURE_HORSE
                                 : FIGURE_BIRD;
    cast.action = actions[index % 6];
    place(cr, px, high, index / 6 == 0 ? 1.7 : index / 6 == 1 ? 2.0 : index / 6 == 2 ? 0.68 : 0.7);
    shadow(cr);
    figure_draw(cr, &cast, &day, &m, NULL);
}

static const struct draw_words card_words[] = {
    { "Tern", "A quieter kettle for slow mornings.", "Order yours today", "07",
      "The courier leaves the bakery before dawn", "wide · slow push in · 35 mm" },
    { "Northern Lights Headphones",
      "Forty hours of sound, folded into a pocket, for those who walk home the long way round.",
      "Try them free for thirty days at northernlights.example", "128",
      "Übergang: 東京の夜、雨、そして静けさ",
      "extreme close-up · handheld, drifting left · 85 mm anamorphic, shallow" },
    { "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "", "Go",
      "1", "", "static" },
};

static const struct look_grade card_grades[] = {
    { .shade = 0x1F2A44,
      .mid = 0x4A6079,
      .light = 0xC9B79C,
      .paper = 0xF6ECD9,
      .accent = 0xD9482B,
      .accent2 = 0xE9B44C,
      .font = "" },
    { .shade = 0x14101E,
      .mid = 0x3A2A4A,
      .light = 0x8A6A9A,
      .paper = 0x2A2038,
      .accent = 0xFF5FA2,
      .accent2 = 0x5FE0FF,
      .font = "DejaVu Serif" },
    { .shade = 0x22301F,
      .mid = 0x5A6E4A,
      .light = 0xB9C29A,
      .paper = 0xEDF0DC,
      .accent = 0xEFE36A,
      .accent2 = 0xC8452F,
      .font = "Inter" },
};

static void card_cell(cairo_t *cr, int index, int px, int high)
{
    static const double ratios[] = { 16.0 / 9, 1, 9.0 / 16 };
    double ratio = ratios[index / 3], w = fmin(px - 12, (high - 12) * ratio), h = w / ratio;

    cairo_translate(cr, (px - w) / 2, (high - h) / 2);
    cairo_rectangle(cr, 0, 0, w, h);
    cairo_clip(cr);
    cairo_set_source_rgb(cr, 0.35, 0.42, 0.50);
    cairo_paint(cr);
    words_draw_card(cr, (int)w, (int)h, &card_words[index % 3], &card_grades[index % 3]);
}

static void slate_cell(cairo_t *cr, int index, int px, int high)
{
    cairo_set_source_rgb(cr, 0.35, 0.42, 0.50);
    cairo_paint(cr);
    words_draw_overlay(cr, px, high, &card_words[index % 3], &card_grades[index % 3]);
}

/* The pictures of examples/, as seen from the source folder: on bodies, as portraits, as products,
 * opaque and cut out. */
static void picture_cell(cairo_t *cr, int index, int px, int high)
{
    cairo_surface_t *file = cairo_image_surface_create_from_png(index % 2 ? "examples/kettle.png"
                                                                          : "examples/courier.png");
    int w = cairo_image_surface_get_width(file), h = cairo_image_surface_get_height(file);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, w > 0 ? w : 1, h > 0 ? h : 1);
    cairo_t *copy = cairo_create(surface);
    if (index / 4 % 2) {
        cairo_set_source_rgb(copy, 0.6, 0.75, 0.8);
        cairo_paint(copy);
    }
    cairo_set_source_surface(copy, file, 0, 0);
    cairo_paint(copy);
    cairo_destroy(copy);
    cairo_surface_flush(surface);

    struct figure_picture picture = {
        w, h, (const uint32_t *)(const void *)cairo_image_surface_get_data(surface)
    };
    struct look_cast cast = someone(3);
    struct figure_moment m = moment_at(1.3, 0.4);
    bool near = index % 4 >= 2;
    struct figure_picture given;
    cast.kind = index % 2 ? FIGURE_PRODUCT : FIGURE_PERSON, cast.action = ACTION_WALK,
    cast.picture_index = 0;
    given = picture;
    picture = figure_picture_cut(&cast, &given, near ? high * 0.6 : high * 0.8, near);
    if (near) {
        cairo_translate(cr, px / 2.0, high * 0.5);
        cairo_scale(cr, high * 0.6, high * 0.6);
        figure_draw_portrait(cr, &cast, &day, &m, &picture);
    } else {
        place(cr, px, high, 0.8);
        shadow(cr);
        figure_draw(cr, &cast, &day, &m, &picture);
    }
    free((void *)(uintptr_t)picture.pixels);
    cairo_surface_destroy(surface);
    cairo_surface_destroy(file);
}

static void focus_cell(cairo_t *cr, int index, int px, int high)
{
    struct look_cast cast = someone(index * 5 + 1);
    struct figure_moment m = moment_at(1.3, index % 2 ? -0.6 : 0.6);

    cast.kind = FIGURE_ASTRONAUT + index;
    cairo_translate(cr, px / 2.0, high / 2.0);
    cairo_scale(cr, high * 0.8, high * 0.8);
    figure_draw_portrait(cr, &cast, &day, &m, NULL);
}

static const struct sheet sheets[] = {
    { "focus", 5, 3, 300, 300, focus_cell },    { "pictures", 4, 2, 480, 480, picture_cell },
    { "cards", 3, 3, 620, 620, card_cell },     { "slates", 3, 1, 640, 360, slate_cell },
    { "near", 4, 4, 400, 480, near_cell },      { "products", 8, 2, 230, 260, product_cell },
    { "animals", 6, 4, 300, 260, animal_cell }, { "people", 8, 3, 200, 400, people_cell },
    { "actions", 7, 4, 250, 300, action_cell }, { "walk", 8, 4, 190, 330, walk_cell },
    { "dance", 8, 3, 220, 330, dance_cell },    { "portraits", 6, 4, 300, 300, portrait_cell },
    { "mouths", 4, 3, 400, 400, mouth_cell },   { "kinds", 6, 6, 300, 240, kind_cell },
};

static int write_sheet(const struct sheet *s, const char *folder, struct arena *a)
{
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_ARGB32, s->columns * s->cell_px, s->rows * s->cell_high_px);
    cairo_t *cr = cairo_create(surface);

    cairo_set_source_rgb(cr, 0.86, 0.80, 0.70);
    cairo_paint(cr);
    for (int i = 0; i < s->columns * s->rows; i++) {
        cairo_save(cr);
        cairo_rectangle(cr, i % s->columns * s->cell_px, i / s->columns * s->cell_high_px,
                        s->cell_px, s->cell_high_px);
        cairo_clip(cr);
        cairo_translate(cr, i % s->columns * s->cell_px, i / s->columns * s->cell_high_px);
        s->cell(cr, i, s->cell_px, s->cell_high_px);
        cairo_restore(cr);
    }
    cairo_status_t status =
        cairo_surface_write_to_png(surface, arena_format(a, "%s/%s.png", folder, s->name));
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return status != CAIRO_STATUS_SUCCESS;
}

/* A storyboard of `count` cells, each with a figure in it. */
static int write_storyboard(const char *folder, struct task *t, int count, int width, int height)
{
    struct draw_sheet_cell *cells = arena_array(t->arena, struct draw_sheet_cell, count);
    struct draw_picture out;

    for (int i = 0; i < count; i++) {
        uint32_t *pixels = arena_array(t->arena, uint32_t, width * height);
        cairo_surface_t *surface = cairo_image_surface_create_for_data(
            (unsigned char *)pixels, CAIRO_FORMAT_ARGB32, width, height, width * 4);
        cairo_t *cr = cairo_create(surface);
        cairo_set_source_rgb(cr, 0.5 + 0.04 * (i % 9), 0.62, 0.72 - 0.05 * (i % 7));
        cairo_paint(cr);
        action_cell(cr, i % (ACTION_COUNT - 1), width, height);
        cairo_destroy(cr);
        cairo_surface_destroy(surface);
        cells[i] = (struct draw_sheet_cell){
            { width, height, pixels },
            arena_format(t->arena, "%02d", i + 1),
            i % 3 ? "The courier leaves the bakery before dawn" : "Opening",
            arena_format(t->arena, "%.1f s", 2 + i % 5 * 0.5),
            i % 4 ? "wide, slow push in, 35 mm"
                  : "medium close-up, handheld, following the courier down the wet street"
        };
    }
    enum err e = draw_sheet(
        t,
        &(struct draw_sheet){ "The Courier", "12 scenes · 0:48 · 16:9", cells, (size_t)count, 0 },
        &out);
    if (e)
        return 1;
    cairo_surface_t *page = cairo_image_surface_create_for_data(
        (unsigned char *)(uintptr_t)out.pixels, CAIRO_FORMAT_ARGB32, out.width_px, out.height_px,
        out.width_px * 4);
    printf("a sheet of %d: %d x %d\n", count, out.width_px, out.height_px);
    int bad = cairo_surface_write_to_png(page, arena_format(t->arena, "%s/storyboard%d.png", folder,
                                                            count)) != CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(page);
    return bad;
}

/* How far a kind reaches in an action, over builds, garments, hair, views and time: what
 * figure_bounds() must hold. */
static struct figure_box measured(int kind, int action)
{
    enum { SIDE = 720, UNIT = 120, X = 360, Y = 560 };
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, SIDE, SIDE);
    struct figure_light light = inked(day);

    for (int i = 0; i < 150; i++) {
        cairo_t *cr = cairo_create(surface);
        struct look_cast cast = someone(i * 31 + 7);
        struct figure_moment m = moment_at(i * 0.173, (i % 11 - 5) / 5.0);
        cast.kind = kind, cast.action = action, cast.sings = true, m.mouth = i % 3 / 2.0,
        m.energy = i % 2;
        cast.build = 1 + i % 6, cast.hair = 1 + i % 8, cast.garment = 1 + i % 6;
        cairo_translate(cr, X, Y);
        cairo_scale(cr, UNIT, UNIT);
        figure_draw(cr, &cast, &light, &m, NULL);
        cairo_destroy(cr);
    }
    cairo_surface_flush(surface);
    const unsigned char *bytes = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface), left = SIDE, right = 0, top = SIDE,
        low = 0;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            if (bytes[y * stride + x]) {
                left = x < left ? x : left, right = x > right ? x : right;
                top = y < top ? y : top, low = y > low ? y : low;
            }
    cairo_surface_destroy(surface);
    return (struct figure_box){ (left - X) / (double)UNIT, (top - Y) / (double)UNIT,
                                (right + 1 - left) / (double)UNIT, (low + 1 - top) / (double)UNIT };
}

static void print_bounds(void)
{
    for (int kind = 1; kind < FIGURE_COUNT; kind++)
        for (int action = 1; action < ACTION_COUNT; action++) {
            struct figure_box b = measured(kind, action);
            struct look_cast cast = someone(1);
            cast.kind = kind, cast.action = action;
            struct figure_box said = figure_bounds(&cast);
            printf(
                "%-10s %-12s x %6.2f..%5.2f y %6.2f..%5.2f   said x %6.2f..%5.2f y %6.2f..%5.2f\n",
                look_figure_names[kind], look_action_names[action], b.x, b.x + b.width, b.y,
                b.y + b.height, said.x, said.x + said.width, said.y, said.y + said.height);
        }
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void print_cost(bool outline)
{
    enum { ROUNDS = 200 };
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 400, 480);
    cairo_t *cr = cairo_create(surface);
    struct figure_light light = outline ? inked(day) : day;
    double from = now_ms();

    cairo_translate(cr, 200, 440);
    cairo_scale(cr, 400, 400);
    for (int i = 0; i < ROUNDS; i++) {
        struct look_cast cast = someone(i % 20);
        struct figure_moment m = moment_at(i * 0.04, 0.7);
        cast.action = ACTION_WALK;
        figure_draw(cr, &cast, &light, &m, NULL);
    }
    printf("a person of 400 px%s: %.2f ms\n", outline ? ", inked" : "", (now_ms() - from) / ROUNDS);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: figure_preview FOLDER [SHEET]\n");
        return 2;
    }
    struct task t;
    task_init(&t, "preview");
    struct arena *a = t.arena;
    int bad = 0;
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++)
        if (argc < 3 || !strcmp(argv[2], sheets[i].name))
            bad |= write_sheet(&sheets[i], argv[1], a);
    if (argc < 3 || !strcmp(argv[2], "cost")) {
        print_cost(false);
        print_cost(true);
    }
    if (argc > 2 && !strcmp(argv[2], "bounds"))
        print_bounds();
    if (argc > 2 && !strcmp(argv[2], "storyboard"))
        bad |= write_storyboard(argv[1], &t, 12, 640, 360) |
               write_storyboard(argv[1], &t, 7, 360, 640) |
               write_storyboard(argv[1], &t, 300, 160, 90);
    task_done(&t);
    return bad;
}
