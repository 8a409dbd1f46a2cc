#pragma once

/*
 * The cast on the stage: where everyone stands, and each one's small sheet, drawn again when they
 * move. Inside the room only.
 *
 * Figures move at twelve pictures a second, as cut-paper animation does, while the camera moves at
 * twenty-four; a sheet remembers which moment it shows, which changes no pixel, only the time
 * spent.
 */

#include "draw/compose.h"
#include "draw/figure.h"
#include "draw/moment.h"
#include "draw/stage.h"

struct actor {
    struct look_cast      cast;
    struct figure_picture picture;
    struct figure_box     bounds;            /* in adults */
    struct plane          plane;
    cairo_surface_t      *surface;
    /* of the sheet, on the screen before the camera moves */
    struct area           area;
    /* where it stands and how tall an adult is there; screen units */
    double                x, feet, height;
    double                depth, facing;
    bool                  portrait, shadow;
    int                   shown_step;        /* the moment in `plane`; -1 for none */
};

struct actors {
    const struct scene *scene;
    int                 height_px;
    struct journey      journey;
    struct actor        actor[CAST_MAX];
    int                 count;
};

void actors_init(struct actors *a, const struct scene *scene, int height_px);
void actors_done(struct actors *a);

/* Make the sheet of actor `index` show this frame, and say where it lies. */
struct layer actors_at(struct actors *a, int index, const struct camera *camera, int frame_index);
