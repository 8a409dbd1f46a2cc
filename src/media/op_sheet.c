/* A storyboard sheet: the pictures are decoded no larger than a cell needs, the sheet is drawn, the
 * sheet is a PNG. */
#include "media/media_fields.h"
#include "media/media_op.h"
#include "media/picture_load.h"

enum { CELL_SIDE_MAX_PX = 640 };

static enum err sheet(struct task *t, const void *request, const struct media_files *files,
                      void *reply)
{
    const struct sheet_request *r = request;
    if (r->cell_count != files->in_count)
        return fail(t, ERR_INVALID, "%zu pictures were given for %zu cells", files->in_count,
                    r->cell_count);
    struct draw_sheet_cell *cells = arena_array(t->arena, struct draw_sheet_cell, r->cell_count);
    for (size_t i = 0; i < r->cell_count; i++) {
        const struct sheet_cell *c = &r->cells[i];
        cells[i] = (struct draw_sheet_cell){
            .number = c->number, .title = c->title, .length = c->length, .note = c->note
        };
        enum err e = picture_load(t, files->in[i], CELL_SIDE_MAX_PX, &cells[i].picture, NULL);
        if (e)
            return fail(t, e, "picture %zu: %s", i + 1, arena_copy(t->arena, t->fault.message));
    }
    struct draw_sheet spec = {
        .title = r->title, .subtitle = r->subtitle, .cells = cells, .cell_count = r->cell_count,
        .columns = (int)r->columns,
    };
    struct draw_picture drawn;
    enum err e = draw_sheet(t, &spec, &drawn);
    if (e)
        return e;
    *(struct picture_info *)reply = (struct picture_info){
        .format = "png", .width_px = drawn.width_px, .height_px = drawn.height_px,
    };
    return picture_write_png(t, &drawn, files->out);
}

const struct media_op media_op_sheet = {
    .name = "sheet", .in_min = 1, .in_max = SCENES_MAX, .writes = true, .draws = true,
    .request_fields = sheet_request_fields, .request_size = sizeof(struct sheet_request),
    .reply_fields = picture_info_fields, .reply_size = sizeof(struct picture_info), .run = sheet,
};
