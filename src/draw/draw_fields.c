/* The card's request as a table. It needs no drawing library: the door of media/ uses it too. */
#include "draw/draw.h"

const struct field draw_card_fields[] = {
    FIELD_INT(struct draw_card, width_px, "width", .required = true, .min = 256, .max = 4096),
    FIELD_INT(struct draw_card, height_px, "height", .required = true, .min = 256, .max = 4096),
    FIELD_OBJECT(struct draw_card, cast, "cast", look_cast_fields),
    FIELD_OBJECT(struct draw_card, grade, "grade", look_grade_fields),
    FIELD_INT(struct draw_card, variant, "variant"),
    FIELDS_END
};
