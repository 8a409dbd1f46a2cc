#include "media/avc.h"

#include <string.h>


enum { PROFILE_BASELINE = 66, PROFILE_MAIN = 77, PROFILE_EXTENDED = 88 };

struct bits {
    uint8_t bytes[24];                    /* the start of a unit, without emulation prevention */
    size_t  size, at;                     /* in bits */
};

/* Ids stand near the front, so a few bytes are enough. */
static struct bits bits_of(struct bytes nal)
{
    struct bits b = { 0 };
    const uint8_t *in = nal.at;
    size_t count = 0;
    for (size_t i = 0; i < nal.size && count < sizeof b.bytes; i++) {
        if (i >= 2 && in[i] == 3 && in[i - 1] == 0 && in[i - 2] == 0)
            continue;
        b.bytes[count++] = in[i];
    }
    b.size = count * 8;
    return b;
}

static unsigned bit(struct bits *b)
{
    if (b->at >= b->size)
        return 0;
    unsigned value = b->bytes[b->at / 8] >> (7 - b->at % 8) & 1;
    b->at++;
    return value;
}

/* Exp-Golomb; -1 when it does not end. */
static int golomb(struct bits *b)
{
    int zeros = 0;
    while (b->at < b->size && !bit(b))
        zeros++;
    if (zeros > 15 || b->at >= b->size)
        return -1;
    int value = 1;
    for (int i = 0; i < zeros; i++)
        value = value << 1 | (int)bit(b);
    return value - 1;
}

static int set_id(int unit, struct bytes nal)
{
    struct bits b = bits_of(nal);
    /* behind profile, constraints, level; behind the unit's head */
    b.at = unit == AVC_UNIT_SPS ? 32 : 8;
    int id = golomb(&b);
    return id < (unit == AVC_UNIT_SPS ? 32 : 256) ? id : -1;
}

static const struct avc_set *set_find(const struct avc_config *c, int unit, int id)
{
    for (size_t i = 0; i < c->set_count; i++) {
        if (c->sets[i].unit == unit && c->sets[i].id == id)
            return &c->sets[i];
    }
    return NULL;
}

static bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.size == b.size && memcmp(a.at, b.at, a.size) == 0;
}

static enum err set_add(struct task *t, int unit, struct bytes nal, struct avc_config *out)
{
    int id = set_id(unit, nal);
    if (id < 0 || out->set_count == AVC_SETS_MAX || nal.size > UINT16_MAX)
        return fail(t, ERR_MEDIA, "the parameter sets of the pictures are damaged");
    const struct avc_set *same = set_find(out, unit, id);
    if (same && !bytes_equal(same->nal, nal))
        return fail(t, ERR_MEDIA, "the pictures have two parameter sets of one number");
    if (!same)
        out->sets[out->set_count++] = (struct avc_set){ .unit = unit, .id = id, .nal = nal };
    return OK;
}

static enum err read_sets(struct task *t, int unit, size_t count, const uint8_t **at,
                          const uint8_t *end, struct avc_config *out)
{
    for (size_t i = 0; i < count; i++) {
        size_t size = end - *at >= 2 ? (size_t)((*at)[0] << 8 | (*at)[1]) : 0;
        if (size < 2 || (size_t)(end - *at) < 2 + size)
            return fail(t, ERR_MEDIA, "the description of the pictures is cut short");
        enum err e = set_add(t, unit, (struct bytes){ .at = *at + 2, .size = size }, out);
        if (e)
            return e;
        *at += 2 + size;
    }
    return OK;
}

static bool profile_has_tail(uint8_t profile)
{
    return profile != PROFILE_BASELINE && profile != PROFILE_MAIN && profile != PROFILE_EXTENDED;
}

enum err avc_config_read(struct task *t, struct bytes avcc, struct avc_config *out)
{
    const uint8_t *at = avcc.at, *end = at + avcc.size;
    if (avcc.size < 7 || at[0] != 1 || (at[4] & 3) != 3)
        return fail(t, ERR_MEDIA, "the description of the pictures is not one we can join");
    *out = (struct avc_config){
        .profile = at[1],
        .compatibility = at[2],
        .level = at[3],
        .chroma = 1,
        .luma_bits = 8,
        .chroma_bits = 8,
    };
    size_t count = at[5] & 31;
    at += 6;
    enum err e = read_sets(t, AVC_UNIT_SPS, count, &at, end, out);
    if (e)
        return e;
    if (at == end)
        return fail(t, ERR_MEDIA, "the description of the pictures is cut short");
    count = *at++;
    e = read_sets(t, AVC_UNIT_PPS, count, &at, end, out);
    if (e || !profile_has_tail(out->profile) || end - at < 3)
        return e;                         /* older writers leave the tail out */
    out->chroma      = at[0] & 3;
    out->luma_bits   = 8 + (at[1] & 7);
    out->chroma_bits = 8 + (at[2] & 7);
    return OK;
}

static size_t write_sets(uint8_t *out, const struct avc_config *c, int unit, uint8_t *out_count)
{
    size_t size = 0;
    for (int id = 0; id < 256; id++) {
        const struct avc_set *set = set_find(c, unit, id);
        if (!set)
            continue;
        out[size]     = (uint8_t)(set->nal.size >> 8);
        out[size + 1] = (uint8_t)set->nal.size;
        memcpy(out + size + 2, set->nal.at, set->nal.size);
        size += 2 + set->nal.size;
        ++*out_count;
    }
    return size;
}

struct bytes avc_config_write(struct arena *a, const struct avc_config *c)
{
    size_t most = 16;
    for (size_t i = 0; i < c->set_count; i++)
        most += 2 + c->sets[i].nal.size;
    uint8_t *out = arena_alloc(a, most), sps_count = 0, pps_count = 0;
    memcpy(out, (uint8_t[]){ 1, c->profile, c->compatibility, c->level, 0xff }, 5);
    size_t size = 6 + write_sets(out + 6, c, AVC_UNIT_SPS, &sps_count);
    out[5] = 0xe0 | sps_count;
    size_t count_at = size++;
    size += write_sets(out + size, c, AVC_UNIT_PPS, &pps_count);
    out[count_at] = pps_count;
    if (profile_has_tail(c->profile)) {
        memcpy(out + size, (uint8_t[]){ 0xfc | c->chroma, (uint8_t)(0xf8 | (c->luma_bits - 8)),
                                        (uint8_t)(0xf8 | (c->chroma_bits - 8)), 0 }, 4);
        size += 4;
    }
    return (struct bytes){ .at = out, .size = size };
}

enum err avc_config_from_units(struct task *t, struct bytes units, struct avc_config *out)
{
    *out = (struct avc_config){ .chroma = 1, .luma_bits = 8, .chroma_bits = 8 };
    struct avc_unit unit;
    while (avc_unit_next(&units, &unit)) {
        if (unit.kind != AVC_UNIT_SPS && unit.kind != AVC_UNIT_PPS)
            continue;
        enum err e = set_add(t, unit.kind, unit.nal, out);
        if (e)
            return e;
        if (unit.kind == AVC_UNIT_SPS && unit.nal.size >= 4) {
            const uint8_t *sps = unit.nal.at;
            out->profile       = sps[1];
            out->compatibility = sps[2];
            out->level         = sps[3];
        }
    }
    return out->set_count >= 2 ? OK : fail(t, ERR_INTERNAL, "the encoder gave no parameter sets");
}

bool avc_config_join(struct avc_config *c, const struct avc_config *more)
{
    if (c->chroma != more->chroma || c->luma_bits != more->luma_bits ||
        c->chroma_bits != more->chroma_bits)
        return false;
    struct avc_config joined = *c;
    for (size_t i = 0; i < more->set_count; i++) {
        const struct avc_set *set = &more->sets[i], *same = set_find(c, set->unit, set->id);
        if (same && !bytes_equal(same->nal, set->nal))
            return false;
        if (!same && joined.set_count == AVC_SETS_MAX)
            return false;
        if (!same)
            joined.sets[joined.set_count++] = *set;
    }
    if (more->profile > joined.profile)
        joined.profile = more->profile;
    joined.compatibility &= more->compatibility;
    if (more->level > joined.level)
        joined.level = more->level;
    *c = joined;
    return true;
}

bool avc_unit_next(struct bytes *units, struct avc_unit *out)
{
    const uint8_t *at = units->at;
    if (units->size < 5)
        return false;
    size_t size = (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
    if (size == 0 || size > units->size - 4)
        return false;
    *out   = (struct avc_unit){ .kind = at[4] & 31, .nal = { .at = at + 4, .size = size } };
    *units = (struct bytes){ .at = at + 4 + size, .size = units->size - 4 - size };
    return true;
}
