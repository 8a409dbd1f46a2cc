#pragma once

/* A cut on its way out: read once from the board, written by one function a format. */

#include "flow/export.h"

struct cut_event {
    const struct scene *scene;
    struct export_file file;   /* key "" where the scene has no take */
    const char *address;
    int64_t in, out;           /* of the file, frames */
    int64_t file_frames;       /* how long the file is */
    int64_t at;                /* of the film */
};

struct cut_list {
    const char *title;
    int64_t width_px, height_px, frames;
    struct cut_event *events; /* in display order */
    size_t count;
    struct export_file track; /* key "" while there is no sound */
    const char *track_address;
};

/* In the arena. */
const char *cut_otio(struct task *t, const struct cut_list *c);
const char *cut_fcpxml(struct task *t, const struct cut_list *c);
