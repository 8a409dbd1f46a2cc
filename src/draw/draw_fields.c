/* The renderer's request as a table. It needs no drawing library: planners and the door of media/ use it too. */
#include "draw/draw.h"

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
    FIELD_INT(struct draw_spec, width_px, "width", .required = true, .min = 64, .max = FRAME_SIDE_MAX_PX),
    FIELD_INT(struct draw_spec, height_px, "height", .required = true, .min = 64, .max = FRAME_SIDE_MAX_PX),
    FIELD_INT(struct draw_spec, frame_count, "frames", .required = true, .min = 1, .max = DRAW_FRAMES_MAX),
    FIELD_INT(struct draw_spec, seed, "seed"),
    FIELD_OBJECT(struct draw_spec, look, "look", look_fields),
    FIELD_OBJECT(struct draw_spec, grade, "grade", look_grade_fields),
    FIELD_OBJECT(struct draw_spec, words, "words", draw_words_fields),
    FIELD_BOOL(struct draw_spec, end_card, "endCard"),
    FIELD_INTS(struct draw_spec, beat_frames, beat_count, "beatFrames", .count_max = DRAW_BEATS_MAX),
    FIELD_NUMBER(struct draw_spec, energy, "energy", .min = 0, .max = 1),
    FIELD_NUMBERS(struct draw_spec, mouth, mouth_count, "mouth", .min = 0, .max = 1, .count_max = DRAW_FRAMES_MAX),
    FIELDS_END
};
