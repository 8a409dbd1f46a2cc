#pragma once

/*
 * The little of H.264 that cutting needs: parameter sets, their ids, and the units of a sample.
 *
 * Clips of different encoders go into one film with ONE sample description whose avcC carries every
 * parameter set under an id of its own; in-band sets and several descriptions do not play
 * everywhere. So ids are what makes clips joinable: equal ids must mean equal bytes.
 * Source  ISO/IEC 14496-15, 5.3.3.1 (avcC); ITU-T H.264, 7.3.2.1, 7.3.2.2 (ids), 7.3.1 (units).
 */

#include "base/file.h"
#include "base/task.h"

enum {
    /* 32 sequence and as many of the 256 picture sets as anyone writes */
    AVC_SETS_MAX   = 64,
    AVC_UNIT_SLICE = 1,
    AVC_UNIT_IDR   = 5,
    AVC_UNIT_SPS   = 7,
    AVC_UNIT_PPS   = 8,
};

struct avc_set {
    int          unit;                    /* AVC_UNIT_SPS or AVC_UNIT_PPS */
    int          id;
    struct bytes nal;
};

struct avc_config {
    uint8_t        profile, compatibility, level;
    uint8_t        chroma, luma_bits, chroma_bits;     /* 1, 8, 8 is the 4:2:0 every player takes */
    struct avc_set sets[AVC_SETS_MAX];
    size_t         set_count;
};

/* MEDIA when the bytes are no avcC, or one whose samples do not have 4-byte lengths. */
enum err avc_config_read(struct task *t, struct bytes avcc, struct avc_config *out);

/* The body of an avcC box: the sets of one unit in the order of their ids. */
struct bytes avc_config_write(struct arena *a, const struct avc_config *c);

/* From units in the form of samples (4-byte lengths); what is no parameter set is passed over. */
enum err avc_config_from_units(struct task *t, struct bytes units, struct avc_config *out);

/*
 * Add the sets of `more` to `c`. False, and `c` untouched, when an id is used for different bytes,
 * the picture formats differ, or there are too many.
 */
bool avc_config_join(struct avc_config *c, const struct avc_config *more);

/* Walk the units of one sample: false at the end or when lengths do not add up. */
struct avc_unit {
    int          kind;                    /* AVC_UNIT_SLICE, ... */
    struct bytes nal;
};
bool avc_unit_next(struct bytes *units, struct avc_unit *out);
