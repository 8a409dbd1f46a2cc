/*
 * Draws the pictures of examples/: `example-pictures FOLDER` writes courier.png and kettle.png there. They are committed;
 * this is where they come from.
 */

#include <stdio.h>

#include "paper.h"
#include "pictures.h"

static int write_picture(const char *folder, const char *name, void (*draw)(cairo_t *cr))
{
    char path[1024];
    if (snprintf(path, sizeof path, "%s/%s.png", folder, name) >= (int)sizeof path)
        return 1;

    cairo_surface_t *sheet = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, SHEET_SIDE_PX, SHEET_SIDE_PX);
    cairo_t *cr = cairo_create(sheet);
    draw(cr);
    cairo_destroy(cr);
    cairo_status_t status = cairo_surface_write_to_png(sheet, path);
    cairo_surface_destroy(sheet);
    if (status != CAIRO_STATUS_SUCCESS)
        fprintf(stderr, "%s: %s\n", path, cairo_status_to_string(status));
    return status != CAIRO_STATUS_SUCCESS;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: example-pictures FOLDER\n");
        return 2;
    }
    return write_picture(argv[1], "courier", courier_draw) | write_picture(argv[1], "kettle", kettle_draw);
}
