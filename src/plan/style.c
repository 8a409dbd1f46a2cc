/* Styles from YAML: a table, colours as people write them ("#E8B04A"), and a few checks a table
 * cannot make. */
#include "plan/style.h"

#include <string.h>

#include "base/text.h"
#include "plan/data_file.h"

static const char folder[] = "styles";

static const struct field shot_fields[] = {
    FIELD_ENUM(struct style_share, shot, "shot", look_shot_names, .required = true),
    FIELD_NUMBER(struct style_share, share, "share", .required = true, .min = 0, .max = 100),
    FIELDS_END
};

static const struct field move_fields[] = {
    FIELD_ENUM(struct style_share, move, "move", look_move_names, .required = true),
    FIELD_NUMBER(struct style_share, share, "share", .required = true, .min = 0, .max = 100),
    FIELDS_END
};

#define PHRASES(member, counted, json, ...)                                                  \
    FIELD_TEXTS(struct style, member, counted, json, .count_max = 64, .bytes_max = 300, __VA_ARGS__)
#define SECONDS(member, json, ...)                                                                 \
    FIELD_NUMBER(struct style, member, json, .min = 0.5, .max = 60, __VA_ARGS__)

const struct field style_fields[] = {
    FIELD_TEXT(struct style, title, "title", .required = true, .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct style, summary, "summary", .required = true, .bytes_max = 400),
    FIELD_OBJECT(struct style, grade, "grade", look_grade_fields),
    SECONDS(shot_seconds, "shotSeconds", .preset = 5),
    SECONDS(shot_seconds_min, "shotSecondsMin", .preset = 2),
    SECONDS(shot_seconds_max, "shotSecondsMax", .preset = 10),
    FIELD_NUMBER(struct style, rhythm, "rhythm", .min = 0, .max = 1, .preset = 0.5),
    FIELD_OBJECTS(struct style, shots, shot_count, "shots", shot_fields, .count_max = SHOT_COUNT),
    FIELD_OBJECTS(struct style, moves, move_count, "moves", move_fields, .count_max = MOVE_COUNT),
    PHRASES(light, light_count, "light"),
    PHRASES(lens, lens_count, "lens"),
    PHRASES(framing, framing_count, "framing"),
    PHRASES(movement, movement_count, "movement"),
    PHRASES(texture, texture_count, "texture"),
    PHRASES(sound, sound_count, "sound"),
    PHRASES(words, word_count, "words"),
    PHRASES(avoid, avoid_count, "avoid"),
    FIELD_ENUM(struct style, time, "time", look_time_names),
    FIELD_ENUM(struct style, weather, "weather", look_weather_names),
    FIELDS_END
};

/* "#E8B04A" as 0xE8B04A; -1 for anything else. */
static int64_t colour_from_hex(const char *text)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    int64_t colour = 0;
    if (text[0] != '#' || strlen(text) != 7 || strspn(text + 1, digits) != 6)
        return -1;
    for (const char *p = text + 1; *p; p++)
        colour = colour * 16 + (strchr(digits, *p) - digits) % 16;
    return colour;
}

/* Colour texts of the grade become the numbers its table knows; wrong ones are left for the table
 * to refuse. */
static void read_colours(json_t *style)
{
    const char *name;
    void *next;
    json_t *value, *grade = json_object_get(style, "grade");
    json_object_foreach_safe(grade, next, name, value) {
        int64_t colour = json_is_string(value) ? colour_from_hex(json_string_value(value)) : -1;
        if (colour >= 0)
            json_object_set_new(grade, name, json_integer(colour));
    }
}

static enum err check_style(struct task *t, const struct style *s)
{
    if (s->shot_seconds_min > s->shot_seconds || s->shot_seconds > s->shot_seconds_max)
        return fail_at(
            t,
            fail(t, ERR_INVALID, "shotSeconds must lie between shotSecondsMin and shotSecondsMax"),
            "shotSeconds");
    double shots = 0, moves = 0;
    for (size_t i = 0; i < s->shot_count; i++)
        shots += s->shots[i].share;
    for (size_t i = 0; i < s->move_count; i++)
        moves += s->moves[i].share;
    if (s->shot_count > 0 && shots <= 0)
        return fail_at(t, fail(t, ERR_INVALID, "shots need a share above 0"), "shots");
    if (s->move_count > 0 && moves <= 0)
        return fail_at(t, fail(t, ERR_INVALID, "moves need a share above 0"), "moves");
    return OK;
}

enum err style_load(struct task *t, const struct data_folders *folders, const char *name,
                    struct style *out)
{
    scoped(json) json_t *json = NULL;
    const char *plain;
    enum err e = data_file_read(t, folders, folder, "style", name, &plain, &json);
    if (e)
        return e;
    struct style style = { .name = plain };
    read_colours(json);
    e = fields_decode(t, style_fields, json, &style);
    if (!e)
        e = check_style(t, &style);
    if (e)
        return data_file_fault(t, folder, plain, e);
    *out = style;
    return OK;
}

enum err style_list(struct task *t, const struct data_folders *folders, struct style **out,
                    size_t *out_count)
{
    const char *const *names;
    size_t count;
    enum err e = data_file_names(t, folders, folder, &names, &count);
    struct style *styles = e ? NULL : arena_array(t->arena, struct style, count);
    for (size_t i = 0; !e && i < count; i++)
        e = style_load(t, folders, names[i], &styles[i]);
    if (e)
        return e;
    *out       = styles;
    *out_count = count;
    return OK;
}
