#include "flow/scene_picture.h"

#include <inttypes.h>

struct picture_use scene_picture_use(const struct project *p, const struct scene *s)
{
    struct picture_use use = { .product = s->end_card };
    for (size_t i = 0; i < s->look.cast_count; i++) {
        use.character |= s->look.cast[i].picture_index == PICTURE_CHARACTER;
        use.product |= s->look.cast[i].picture_index == PICTURE_PRODUCT;
    }
    use.character &= *p->character_picture_key != '\0';
    use.product &= *p->product_picture_key != '\0';
    return use;
}

/* From the project's numbering to the order in which the pictures are handed over. */
static int64_t picture_index(int64_t index, const struct picture_use *use)
{
    if (index == PICTURE_CHARACTER)
        return use->character ? 0 : -1;
    if (index == PICTURE_PRODUCT)
        return use->product ? use->character : -1;
    return -1;
}

static struct look look_with_pictures(struct task *t, const struct look *look,
                                      const struct picture_use *use)
{
    struct look copy = *look;
    copy.cast = arena_array(t->arena, struct look_cast, look->cast_count);
    for (size_t i = 0; i < look->cast_count; i++) {
        copy.cast[i] = look->cast[i];
        copy.cast[i].picture_index = picture_index(look->cast[i].picture_index, use);
    }
    return copy;
}

static struct draw_words scene_words(struct task *t, const struct project *p, const struct scene *s)
{
    struct draw_words words = { "", "", "", "", "", "" };
    if (s->end_card) {
        words.title = s->card_title;
        words.line = s->card_line;
        words.action = s->card_action;
    }
    if (p->overlay) {
        words.overlay_number = arena_format(t->arena, "%02" PRId64, s->sequence);
        words.overlay_title = s->title;
        words.overlay_camera = s->camera;
    }
    return words;
}

struct draw_spec scene_picture(struct task *t, const struct project *p, const struct scene *s,
                               const struct style *style, const struct picture_use *use)
{
    return (struct draw_spec){
        .width_px = p->width_px,
        .height_px = p->height_px,
        .frame_count = s->film_frames,
        .seed = s->seed,
        .look = look_with_pictures(t, &s->look, use),
        .grade = style->grade,
        .words = scene_words(t, p, s),
        .end_card = s->end_card,
        .beat_frames = s->beat_frames,
        .beat_count = s->beat_count,
        .energy = s->energy,
    };
}
