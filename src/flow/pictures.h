#pragma once

/*
 * Pictures of clips, for pages: a poster (one frame) and a filmstrip (frames side by side).
 *
 * They are made when first asked for, in the media child, and kept beside their clip under a key
 * that follows from the clip's key alone. So a reply can link to a picture that nobody has made
 * yet, and whoever serves that link calls picture_open(). Two callers at once make the same bytes
 * and one of them is kept.
 *
 *     .../scenes/003/HASH/original.mp4   .../scenes/003/HASH/poster.jpg   .../HASH/strip.jpg
 *     .../scenes/003/working-HASH.mp4    .../working-HASH.poster.jpg     .../working-HASH.strip.jpg
 *     .../film/HASH.mp4                  .../film/HASH.poster.jpg         .../film/HASH.strip.jpg
 */

#include "flow/flow.h"

enum clip_picture {
    CLIP_POSTER = 1, /* JPEG of the frame half way through, its longer side 960 px */
    CLIP_STRIP,      /* JPEG of 10 frames side by side, 90 px high */
};

enum { STRIP_FRAMES = 10, STRIP_HEIGHT_PX = 90, POSTER_SIDE_PX = 960 };

/* The key of a clip's picture; pure. `clip_key` is of a take, a working clip or a film. */
const char *picture_key(struct arena *a, const char *clip_key, enum clip_picture kind);

/* Whether a key is one of those above; the clip's key but for its ending goes to *out_stem. */
bool picture_key_read(struct arena *a, const char *key, const char **out_stem,
                      enum clip_picture *out_kind);

/* Made if need be. NOT_FOUND the clip is not there; MEDIA it cannot be decoded. */
enum err picture_of_clip(const struct flow *f, struct task *t, const char *clip_key,
                      enum clip_picture kind, const char **out_key);

/*
 * Open any blob for reading, making it first when it is a picture of a clip that is there. The
 * descriptor is the caller's. Errors   NOT_FOUND, as of blob_open()
 */
enum err picture_open(const struct flow *f, struct task *t, const char *key, int *out_fd);

/*
 * The same without opening it: a picture of a clip is there when this returns; other keys are not
 * looked at.
 */
enum err picture_ready(const struct flow *f, struct task *t, const char *key);
