/* A reference card: drawn, and written as a PNG. */
#include "media/media_op.h"
#include "media/picture_load.h"

static enum err card(struct task *t, const void *request, const struct media_files *files,
                     void *reply)
{
    struct draw_picture drawn;
    enum err e = draw_card(t, request, &drawn);
    if (e)
        return e;
    *(struct picture_info *)reply = (struct picture_info){
        .format = "png", .width_px = drawn.width_px, .height_px = drawn.height_px,
    };
    return picture_write_png(t, &drawn, files->out);
}

const struct media_op media_op_card = {
    .name = "card", .in_min = 0, .in_max = 0, .writes = true, .draws = true,
    .request_fields = draw_card_fields, .request_size = sizeof(struct draw_card),
    .reply_fields = picture_info_fields, .reply_size = sizeof(struct picture_info), .run = card,
};
