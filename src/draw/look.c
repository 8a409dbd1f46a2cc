#include "draw/draw.h"

#define LOOK_NAME(id, name) name,
#define LOOK_NAMES(kind, LIST) \
    const char *const look_##kind##_names[] = { "", LIST(LOOK_NAME) NULL };

LOOK_NAMES(place, LOOK_PLACES)
LOOK_NAMES(time, LOOK_TIMES)
LOOK_NAMES(weather, LOOK_WEATHERS)
LOOK_NAMES(shot, LOOK_SHOTS)
LOOK_NAMES(move, LOOK_MOVES)
LOOK_NAMES(mood, LOOK_MOODS)
LOOK_NAMES(figure, LOOK_FIGURES)
LOOK_NAMES(action, LOOK_ACTIONS)
LOOK_NAMES(build, LOOK_BUILDS)
LOOK_NAMES(hair, LOOK_HAIRS)
LOOK_NAMES(garment, LOOK_GARMENTS)

#define COLOUR(type, member, json) \
    FIELD_INT(type, member, json, .min = COLOUR_NOT_SET, .max = 0xFFFFFF, .preset = COLOUR_NOT_SET)
#define SHARE(type, member, json, ...)                                                             \
    FIELD_NUMBER(type, member, json, .min = 0, .max = 1, __VA_ARGS__)

const struct field look_cast_fields[] = {
    FIELD_TEXT(struct look_cast, name, "name", .bytes_max = NAME_BYTES_MAX),
    FIELD_ENUM(struct look_cast, kind, "kind", look_figure_names),
    FIELD_ENUM(struct look_cast, action, "action", look_action_names),
    FIELD_ENUM(struct look_cast, build, "build", look_build_names),
    FIELD_ENUM(struct look_cast, hair, "hair", look_hair_names),
    FIELD_ENUM(struct look_cast, garment, "garment", look_garment_names),
    COLOUR(struct look_cast, skin, "skin"),
    COLOUR(struct look_cast, hair_colour, "hairColour"),
    COLOUR(struct look_cast, garment_colour, "garmentColour"),
    FIELD_INT(struct look_cast, appearance_seed, "appearanceSeed"),
    FIELD_INT(struct look_cast, picture_index, "picture", .min = -1, .max = PICTURES_MAX - 1,
              .preset = -1),
    FIELD_BOOL(struct look_cast, female, "female"),
    FIELD_BOOL(struct look_cast, male, "male"),
    FIELD_BOOL(struct look_cast, sings, "sings"),
    FIELDS_END
};

const struct field look_fields[] = {
    FIELD_ENUM(struct look, place, "place", look_place_names),
    FIELD_ENUM(struct look, time, "time", look_time_names),
    FIELD_ENUM(struct look, weather, "weather", look_weather_names),
    FIELD_ENUM(struct look, shot, "shot", look_shot_names),
    FIELD_ENUM(struct look, move, "move", look_move_names),
    FIELD_ENUM(struct look, mood, "mood", look_mood_names),
    FIELD_OBJECTS(struct look, cast, cast_count, "cast", look_cast_fields, .count_max = CAST_MAX),
    FIELDS_END
};

const struct field look_grade_fields[] = {
    COLOUR(struct look_grade, shade, "shade"),
    COLOUR(struct look_grade, mid, "mid"),
    COLOUR(struct look_grade, light, "light"),
    COLOUR(struct look_grade, paper, "paper"),
    COLOUR(struct look_grade, accent, "accent"),
    COLOUR(struct look_grade, accent2, "accent2"),
    FIELD_NUMBER(struct look_grade, letterbox, "letterbox", .min = 0, .max = 4),
    SHARE(struct look_grade, grain, "grain", .preset = 0.25),
    SHARE(struct look_grade, vignette, "vignette", .preset = 0.3),
    FIELD_NUMBER(struct look_grade, contrast, "contrast", .min = 0.25, .max = 2, .preset = 1),
    FIELD_NUMBER(struct look_grade, saturation, "saturation", .min = 0, .max = 2, .preset = 1),
    SHARE(struct look_grade, glow, "glow", .preset = 0.4),
    SHARE(struct look_grade, symmetry, "symmetry"),
    FIELD_NUMBER(struct look_grade, tilt_degrees, "tiltDegrees", .min = -20, .max = 20),
    FIELD_NUMBER(struct look_grade, camera, "camera", .min = 0, .max = 3, .preset = 1),
    SHARE(struct look_grade, texture, "texture", .preset = 0.3),
    FIELD_BOOL(struct look_grade, outline, "outline"),
    FIELD_TEXT(struct look_grade, font, "font", .bytes_max = NAME_BYTES_MAX),
    FIELDS_END
};

static const struct field draw_words_fields[] = {
    FIELD_TEXT(struct draw_words, title, "title", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct draw_words, line, "line", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct draw_words, action, "action", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct draw_words, overlay_number, "overlayNumber", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct draw_words, overlay_title, "overlayTitle", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct draw_words, overlay_camera, "overlayCamera", .bytes_max = NAME_BYTES_MAX),
    FIELDS_END
};

const struct field draw_spec_fields[] = {
    FIELD_INT(struct draw_spec, width_px, "width", .required = true, .min = 64,
              .max = FRAME_SIDE_MAX_PX),
    FIELD_INT(struct draw_spec, height_px, "height", .required = true, .min = 64,
              .max = FRAME_SIDE_MAX_PX),
    FIELD_INT(struct draw_spec, frame_count, "frames", .required = true, .min = 1,
              .max = DRAW_FRAMES_MAX),
    FIELD_INT(struct draw_spec, seed, "seed"),
    FIELD_OBJECT(struct draw_spec, look, "look", look_fields),
    FIELD_OBJECT(struct draw_spec, grade, "grade", look_grade_fields),
    FIELD_OBJECT(struct draw_spec, words, "words", draw_words_fields),
    FIELD_BOOL(struct draw_spec, end_card, "endCard"),
    FIELD_INTS(struct draw_spec, beat_frames, beat_count, "beatFrames",
               .count_max = DRAW_BEATS_MAX),
    SHARE(struct draw_spec, energy, "energy", .preset = 0.5),
    FIELD_NUMBERS(struct draw_spec, mouth, mouth_count, "mouth", .min = 0, .max = 1,
                  .count_max = DRAW_FRAMES_MAX),
    FIELDS_END
};
