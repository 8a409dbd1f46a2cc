#pragma once

/*
 * The set as planes: each layer of the place painted on a sheet just large enough for the camera's
 * way. Inside the room only.
 */

#include "draw/compose.h"
#include "draw/moment.h"
#include "draw/paper.h"
#include "draw/set.h"

enum { STAGE_SHEETS_MAX = 2 * SET_LAYERS_MAX + 8 };

/* A rectangle of the screen: 1 is the frame's height, (0, 0) its middle. */
struct area {
    double left, top, right, bottom;
};

struct sheet_use {
    struct plane plane;
    struct area  area;             /* what the plane covers, before the camera moves */
    double       depth, size;      /* size: pixels of the plane for one of the frame */
    double       drift;
    enum pulse   lights;           /* PULSE_NONE: a surface */
};

struct stage {
    const struct scene *scene;
    int                 height_px;           /* of the picture */
    struct paper        paper;
    struct sheet_use    sheets[STAGE_SHEETS_MAX];
    int                 count, front;        /* sheets from `front` on are nearer than the hero */
};

void stage_init(struct stage *s, const struct scene *scene, int height_px);
void stage_done(struct stage *s);

/* Everything of the screen that a plane at this depth may be asked for during the scene. */
struct area stage_seen(const struct scene *scene, double depth);

/* Where a sheet lies at a moment. */
struct placing stage_placing(const struct stage *s, const struct sheet_use *sheet,
                             const struct camera *camera, int frame_index);
