#pragma once

/* Still pictures: from a file to pixels that can be drawn with, and back. */

#include "draw/draw.h"
#include "media/media.h"
#include "media/scoped_av.h"

/*
 * Decode a picture file wholly, turned upright as its EXIF data says, made smaller when a side is
 * longer than side_max_px (0: never). Pixels live in t->arena. `info` tells of the file, before
 * making smaller; may be NULL.
 * Errors   MEDIA not a picture, or damaged; LIMIT larger than PICTURE_BYTES_MAX or FRAME_PIXELS_MAX
 */
enum err picture_load(struct task *t, int fd, int side_max_px, struct draw_picture *out,
                      struct picture_info *info);

/* Encode into the empty file `fd`: JPEG from a full-range 4:2:0 frame, PNG from opaque pixels. */
enum err picture_write_jpeg(struct task *t, AVFrame *frame, int fd);
enum err picture_write_png(struct task *t, const struct draw_picture *picture, int fd);
