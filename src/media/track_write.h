#pragma once

/* One AAC track in an MP4 with its index in front, made packet by packet. */

#include "media/aac_encode.h"
#include "media/block_write.h"
#include "media/mp4.h"

struct track_writer {
    struct block_writer file;
    int64_t             hole_bytes;   /* in front: ftyp, moov, free, the head of mdat */
    int64_t             end;          /* where the next packet goes */
    size_t              packets_max;
    struct mp4_track    track;
};

enum err track_writer_start(struct task *t, int fd, int64_t packets_max, struct track_writer *w);

/* The next packet, from memory or from a place in another file. LIMIT past packets_max. */
enum err track_writer_add(struct task *t, struct track_writer *w, struct bytes packet);
enum err track_writer_copy(struct task *t, struct track_writer *w, int from, int64_t offset,
                           uint32_t bytes);

/*
 * Write the index: of what was added, `samples` are heard from `media_time` on.
 * `config` is the body of an esds box.
 */
enum err track_writer_end(struct task *t, struct track_writer *w, struct bytes config,
                          int64_t media_time, int64_t samples);

/* The body of the esds box for AAC of this form. Source  ISO/IEC 14496-1, 7.2.6; 14496-14, 5.6. */
struct bytes esds_of(struct arena *a, const struct aac_form *form, int64_t bit_rate);

/* Whether that body says AAC-LC, which every player knows. */
bool esds_is_aac_lc(struct bytes esds);
