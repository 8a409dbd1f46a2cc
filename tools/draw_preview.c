/*
 * Frames of the renderer for the eyes of whoever works on it.
 *
 *     draw_preview OUT.png [word=value ...]
 *
 *     json=FILE       a draw_spec; the words below then change it
 *     style=FILE      the grade of a style, styles/NAME.yaml
 *     place= time= weather= shot= move= mood=     words of draw/look.h
 *     cast=person:walk,dog:run                    kind and action each
 *     size=1280x720 seed=1 frames=96 energy=0.6 beats=12 (a beat every so many frames)
 *     at=0.5          which moment of the scene, 0..1
 *     sheet=place     one picture for every word of that list (place, time, weather, shot, move, mood), or
 *                     sheet=frames for eight moments, sheet=seeds for twelve seeds
 *     only=a,b,c      of a sheet, these words
 *     timing=1        milliseconds to open and per frame
 */

#include <cairo.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "base/yaml.h"
#include "draw/draw.h"

enum { SHEET_COLUMNS = 4 };

struct request {
    struct draw_spec spec;
    const char      *sheet, *only, *out;
    double           at;
    bool             timing;
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int word(const char *const *names, const char *value)
{
    int index = names_index(names, value);
    if (index < 0)
        fprintf(stderr, "no such word: %s\n", value);
    return index < 0 ? 0 : index;
}

/* "#RRGGBB" in styles, numbers in specs. */
static void colours_to_numbers(json_t *grade)
{
    const char *key;
    json_t *value;
    void *next;

    json_object_foreach_safe(grade, next, key, value)
        if (json_is_string(value) && json_string_value(value)[0] == '#')
            json_object_set_new(grade, key, json_integer(strtol(json_string_value(value) + 1, NULL, 16)));
}

static enum err read_whole(struct task *t, const char *path, struct bytes *out)
{
    scoped(fd) int fd = -1;
    enum err e = file_open(t, path, &fd);
    return e ? e : file_read_fd(t, fd, path, JSON_BYTES_MAX, out);
}

static enum err read_style(struct task *t, const char *path, struct look_grade *out)
{
    scoped(json) json_t *style = NULL;
    struct bytes text;
    enum err e = read_whole(t, path, &text);
    if (e)
        return e;
    e = yaml_read(t, path, text, &style);
    if (e)
        return e;
    colours_to_numbers(json_object_get(style, "grade"));
    return fields_decode(t, look_grade_fields, json_object_get(style, "grade"), out);
}

static enum err read_spec(struct task *t, const char *path, struct draw_spec *out)
{
    struct bytes text;
    enum err e = read_whole(t, path, &text);
    return e ? e : fields_decode_text(t, draw_spec_fields, text.at, text.size, out);
}

static void read_cast(struct task *t, char *list, struct look *look)
{
    char *rest = NULL;

    look->cast = arena_array(t->arena, struct look_cast, CAST_MAX);
    look->cast_count = 0;
    for (char *item = strtok_r(list, ",", &rest); item && look->cast_count < CAST_MAX; item = strtok_r(NULL, ",", &rest)) {
        char *action = strchr(item, ':');
        if (action)
            *action++ = '\0';
        look->cast[look->cast_count] = (struct look_cast){
            .name = "", .kind = word(look_figure_names, item), .action = action ? word(look_action_names, action) : 0,
            .skin = -1, .hair_colour = -1, .garment_colour = -1, .picture_index = -1,
            .appearance_seed = 11 + 7 * (int)look->cast_count,
        };
        look->cast_count++;
    }
}

static void set_beats(struct task *t, struct draw_spec *s, int every)
{
    s->beat_frames = arena_array(t->arena, int64_t, DRAW_BEATS_MAX);
    s->beat_count = 0;
    for (int at = 0; every > 0 && at < s->frame_count; at += every)
        s->beat_frames[s->beat_count++] = at;
}

static enum err apply(struct task *t, struct request *r, const char *key, char *value)
{
    struct draw_spec *s = &r->spec;
    const struct { const char *key; const char *const *names; int *to; } words[] = {
        { "place", look_place_names, &s->look.place }, { "time", look_time_names, &s->look.time },
        { "weather", look_weather_names, &s->look.weather }, { "shot", look_shot_names, &s->look.shot },
        { "move", look_move_names, &s->look.move }, { "mood", look_mood_names, &s->look.mood },
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_equal(words[i].key, key)) {
            *words[i].to = word(words[i].names, value);
            return OK;
        }
    if (text_equal(key, "json"))
        return read_spec(t, value, s);
    if (text_equal(key, "style"))
        return read_style(t, value, &s->grade);
    if (text_equal(key, "cast"))
        read_cast(t, value, &s->look);
    else if (text_equal(key, "size"))
        (void)sscanf(value, "%ldx%ld", &s->width_px, &s->height_px);
    else if (text_equal(key, "seed"))
        s->seed = strtol(value, NULL, 10);
    else if (text_equal(key, "frames"))
        s->frame_count = strtol(value, NULL, 10);
    else if (text_equal(key, "energy"))
        s->energy = strtod(value, NULL);
    else if (text_equal(key, "beats"))
        set_beats(t, s, (int)strtol(value, NULL, 10));
    else if (text_equal(key, "at"))
        r->at = strtod(value, NULL);
    else if (text_equal(key, "sheet"))
        r->sheet = value;
    else if (text_equal(key, "only"))
        r->only = value;
    else if (text_equal(key, "timing"))
        r->timing = true;
    else if (text_equal(key, "endcard"))
        s->end_card = true;
    else if (text_equal(key, "title"))
        s->words.title = value;
    else if (text_equal(key, "line"))
        s->words.line = value;
    else if (text_equal(key, "action"))
        s->words.action = value;
    else if (text_equal(key, "overlay"))
        s->words.overlay_number = "07", s->words.overlay_title = value, s->words.overlay_camera = "WIDE, PUSH IN";
    else
        return refuse(t, ERR_INVALID, "see the top of draw_preview.c", "unknown word %s", key);
    return OK;
}

static uint8_t byte(double x)
{
    return (uint8_t)(x < 0 ? 0 : x > 255 ? 255 : x + 0.5);
}

static void to_rgb(const struct draw_target *from, int width, int height, cairo_surface_t *to)
{
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            double l = (from->plane[0][y * from->stride[0] + x] - 16) * 255.0 / 219;
            double u = (from->plane[1][y / 2 * from->stride[1] + x / 2] - 128) * 255.0 / 224;
            double v = (from->plane[2][y / 2 * from->stride[2] + x / 2] - 128) * 255.0 / 224;
            uint32_t *pixel = (uint32_t *)(void *)(cairo_image_surface_get_data(to) + y * cairo_image_surface_get_stride(to)) + x;
            *pixel = 0xFF000000u | (uint32_t)byte(l + 1.5748 * v) << 16 | (uint32_t)byte(l - 0.1873 * u - 0.4681 * v) << 8
                | byte(l + 1.8556 * u);
        }
    cairo_surface_mark_dirty(to);
}

static void time_frames(struct drawing *d, const struct draw_spec *s, const struct draw_target *target, double opened)
{
    double began = now_ms();

    for (int i = 0; i < s->frame_count; i++)
        draw_frame(d, i, target);
    printf("%-12s open %6.1f ms, frame %5.2f ms\n", look_place_names[s->look.place], opened, (now_ms() - began) / (double)s->frame_count);
}

static enum err picture(struct task *t, const struct request *r, cairo_surface_t **out)
{
    const struct draw_spec *s = &r->spec;
    int w = (int)s->width_px, h = (int)s->height_px, frame = (int)(r->at * (double)(s->frame_count - 1));
    uint8_t *memory = arena_alloc(t->arena, (size_t)(w * h * 3 / 2));
    struct draw_target target = { { memory, memory + w * h, memory + w * h * 5 / 4 }, { w, w / 2, w / 2 } };
    struct drawing *d = NULL;
    double began = now_ms();
    enum err e = draw_open(t, s, &d);
    if (e)
        return e;

    began = now_ms() - began;
    if (r->timing)
        time_frames(d, s, &target, began);
    draw_frame(d, frame, &target);
    draw_close(d);
    *out = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
    to_rgb(&target, w, h, *out);
    return OK;
}

static void label(cairo_t *cr, double x, double y, const char *text)
{
    cairo_select_font_face(cr, "Inter", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
    cairo_set_font_size(cr, 15);
    cairo_move_to(cr, x + 8, y + 20);
    cairo_text_path(cr, text);
    cairo_set_source_rgba(cr, 0, 0, 0, 0.7);
    cairo_set_line_width(cr, 3);
    cairo_stroke_preserve(cr);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_fill(cr);
}

/* The nth picture of the sheet: what changes from the request, and its name; NULL at the end. */
static const char *vary(struct task *t, struct request *r, int n)
{
    const struct { const char *sheet; const char *const *names; int *to; } lists[] = {
        { "place", look_place_names, &r->spec.look.place }, { "time", look_time_names, &r->spec.look.time },
        { "weather", look_weather_names, &r->spec.look.weather }, { "shot", look_shot_names, &r->spec.look.shot },
        { "move", look_move_names, &r->spec.look.move }, { "mood", look_mood_names, &r->spec.look.mood },
    };

    if (text_equal(r->sheet, "frames")) {
        r->at = n / 7.0;
        return n < 8 ? arena_format(t->arena, "%.2f", r->at) : NULL;
    }
    if (text_equal(r->sheet, "seeds")) {
        r->spec.seed += n;
        return n < 12 ? arena_format(t->arena, "seed %ld", (long)r->spec.seed) : NULL;
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (text_equal(r->sheet, lists[i].sheet) && lists[i].names[n + 1]) {
            *lists[i].to = n + 1;
            return lists[i].names[n + 1];
        }
    return NULL;
}

/* Is `name` one of the words of "a,b,c"? */
static bool listed(const char *list, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = list; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (!strncmp(at, name, length) && (at[length] == ',' || !at[length]))
            return true;
    }
    return false;
}

static enum err sheet(struct task *t, const struct request *r)
{
    const char *names[64];
    struct request each[64];
    int count = 0;

    for (int n = 0; n < 64; n++) {
        each[count] = *r;
        names[count] = vary(t, &each[count], n);
        if (!names[count])
            break;
        if (!r->only || listed(r->only, names[count]))
            count++;
    }
    int w = (int)r->spec.width_px, h = (int)r->spec.height_px, columns = count < SHEET_COLUMNS ? count : SHEET_COLUMNS;
    cairo_surface_t *all = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w * columns, h * ((count + columns - 1) / columns));
    cairo_t *cr = cairo_create(all);

    for (int i = 0; i < count; i++) {
        cairo_surface_t *one = NULL;
        enum err e = picture(t, &each[i], &one);
        if (e)
            return e;
        cairo_set_source_surface(cr, one, i % columns * w, i / columns * h);
        cairo_paint(cr);
        label(cr, i % columns * w, i / columns * h, names[i]);
        cairo_surface_destroy(one);
    }
    cairo_surface_write_to_png(all, r->out);
    cairo_destroy(cr);
    cairo_surface_destroy(all);
    return OK;
}

static enum err run(struct task *t, int argc, char **argv)
{
    struct request r = { .out = argv[1], .at = 0.5 };
    enum err e = fields_decode_text(t, draw_spec_fields, "{\"width\":640,\"height\":360,\"frames\":96,\"seed\":1}",
                                    strlen("{\"width\":640,\"height\":360,\"frames\":96,\"seed\":1}"), &r.spec);
    cairo_surface_t *one = NULL;

    for (int i = 2; !e && i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (!value)
            return refuse(t, ERR_INVALID, "write word=value", "%s has no value", argv[i]);
        *value++ = '\0';
        e = apply(t, &r, argv[i], value);
    }
    if (e)
        return e;
    if (r.sheet)
        return sheet(t, &r);
    e = picture(t, &r, &one);
    if (e)
        return e;
    cairo_surface_write_to_png(one, r.out);
    cairo_surface_destroy(one);
    return OK;
}

int main(int argc, char **argv)
{
    struct task t;

    if (argc < 2) {
        fprintf(stderr, "draw_preview OUT.png [word=value ...]; the words are at the top of draw_preview.c\n");
        return 2;
    }
    task_init(&t, "preview");
    enum err e = run(&t, argc, argv);
    if (e)
        fprintf(stderr, "%s%s%s\n", t.fault.message, *t.fault.field ? ": " : "", t.fault.field);
    task_done(&t);
    return err_exit_code(e);
}
