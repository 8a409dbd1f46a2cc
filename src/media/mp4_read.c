/*
 * The reader walks boxes with a cursor that cannot leave its box: reading past the end gives zeros
 * and marks the cursor broken, so that code reads fields in a straight line and asks once whether
 * all were there. Nothing is allocated by a number from the file before that number has been shown
 * to fit into the file.
 */
#include "media/mp4.h"

#include <errno.h>
#include <string.h>

#include "base/limits.h"

struct cursor {
    const uint8_t *at, *end;
    bool           broken;
};

struct run {                                /* of stts and ctts */
    uint32_t count;
    int64_t  value;
};

/* One trak while it is read: where its tables are. */
struct tables {
    struct cursor stsd, stts, ctts, stsc, stsz, stco, co64, stss, elst;
};

static const uint8_t *skip(struct cursor *c, size_t bytes)
{
    if (c->broken || (size_t)(c->end - c->at) < bytes) {
        c->broken = true;
        return NULL;
    }
    const uint8_t *here = c->at;
    c->at += bytes;
    return here;
}

static uint64_t number(struct cursor *c, int bytes)
{
    const uint8_t *b = skip(c, (size_t)bytes);
    uint64_t value = 0;
    for (int i = 0; b && i < bytes; i++)
        value = value << 8 | b[i];
    return value;
}

static uint32_t u16(struct cursor *c) { return (uint32_t)number(c, 2); }
static uint32_t u32(struct cursor *c) { return (uint32_t)number(c, 4); }
static uint64_t u64(struct cursor *c) { return number(c, 8); }

static struct cursor part(struct cursor *c, uint64_t bytes)
{
    if (c->broken || bytes > (uint64_t)(c->end - c->at)) {
        c->broken = true;
        return (struct cursor){ .broken = true };
    }
    struct cursor p = { .at = c->at, .end = c->at + bytes };
    c->at += bytes;
    return p;
}

static bool is_there(const struct cursor *c)
{
    return c->at != NULL;
}

/* The next box inside `c`; false at the end or when the rest is no box. */
static bool box_next(struct cursor *c, uint32_t *type, struct cursor *body)
{
    if (c->broken || c->end - c->at < 8)
        return false;
    uint64_t size = u32(c), head = 8;
    *type = u32(c);
    if (size == 1) {
        size = u64(c);
        head = 16;
    }
    if (size == 0)
        size = (uint64_t)(c->end - c->at) + head;
    if (size < head) {
        c->broken = true;
        return false;
    }
    *body = part(c, size - head);
    return !body->broken;
}

static uint8_t full_box(struct cursor *c)
{
    return (uint8_t)(u32(c) >> 24);         /* version; flags are not needed */
}

static struct bytes rest(const struct cursor *c)
{
    return (struct bytes){ .at = c->at, .size = (size_t)(c->end - c->at) };
}

static enum err broken(struct task *t, const char *what)
{
    return refuse(t, ERR_MEDIA, "download or export it again", "the MP4 index is damaged: %s",
                  what);
}

static void read_tkhd(struct cursor c, struct mp4_track *track)
{
    bool wide = full_box(&c) == 1;
    skip(&c, wide ? 32 : 20);               /* times, id, duration */
    skip(&c, 16);                           /* reserved, layer, group, volume */
    int32_t a = (int32_t)u32(&c), b = (int32_t)u32(&c);
    skip(&c, 8);
    int32_t d = (int32_t)u32(&c);
    track->is_turned = !c.broken && (a <= 0 || b != 0 || d <= 0);
}

static void read_mdhd(struct cursor c, struct mp4_track *track)
{
    skip(&c, full_box(&c) == 1 ? 16 : 8);
    track->timescale = u32(&c);
}

static void read_elst(struct cursor c, uint32_t movie_hz, struct mp4_track *track)
{
    bool wide = full_box(&c) == 1;
    uint32_t count = u32(&c);
    for (uint32_t i = 0; i < count && !c.broken; i++) {
        int64_t shown = wide ? (int64_t)u64(&c) : u32(&c);
        int64_t from  = wide ? (int64_t)u64(&c) : (int32_t)u32(&c);
        skip(&c, 4);
        if (c.broken)
            return;
        if (from < 0) {
            track->starts_late |= shown > 0;
        } else if (track->edit_count++ == 0) {
            track->media_time  = from;
            track->shown_ticks =
                movie_hz && shown > 0 && shown < INT64_MAX / UINT32_MAX
                    ? (int64_t)(((__int128)shown * track->timescale + movie_hz / 2) / movie_hz)
                    : 0;
        }
    }
}

static void read_entry_boxes(struct cursor c, struct mp4_track *track)
{
    uint32_t type;
    struct cursor body;
    while (box_next(&c, &type, &body)) {
        if (type == MP4_CODE('a', 'v', 'c', 'C') || type == MP4_CODE('e', 's', 'd', 's'))
            track->config = rest(&body);
        if (type == MP4_CODE('c', 'o', 'l', 'r'))
            track->colour = rest(&body);
        if (type == MP4_CODE('p', 'a', 's', 'p'))
            track->has_wide_pixels = u32(&body) != u32(&body);
    }
}

static void read_stsd(struct cursor c, struct mp4_track *track)
{
    full_box(&c);
    track->description_count = (int)(u32(&c) & 0xffff);
    struct cursor entry;
    if (!box_next(&c, &track->codec, &entry))
        return;
    skip(&entry, 8);                        /* reserved, data reference */
    if (track->is_sound) {
        uint32_t version = u16(&entry);
        skip(&entry, 6);
        track->channels = (int)u16(&entry);
        skip(&entry, 6);
        track->rate_hz = (int)u16(&entry);
        /* QuickTime's longer forms */
        skip(&entry, 2 + (version == 1 ? 16 : version == 2 ? 36 : 0));
    } else {
        skip(&entry, 16);
        track->width_px  = (int)u16(&entry);
        track->height_px = (int)u16(&entry);
        skip(&entry, 50);
    }
    if (!entry.broken)
        read_entry_boxes(entry, track);
}

/* How many samples there are and how large each is: the table that bounds all others. */
static enum err read_stsz(struct task *t, struct cursor c, int64_t file_bytes,
                          struct mp4_track *track)
{
    full_box(&c);
    uint32_t each = u32(&c), count = u32(&c);
    bool listed = each == 0;
    if (c.broken || count > MP4_SAMPLES_MAX || (listed && count > (size_t)(c.end - c.at) / 4)
        || (!listed && (int64_t)count > file_bytes / each))
        return broken(t, "the table of sizes");
    track->sample_count = count;
    track->samples      = arena_array(t->arena, struct mp4_sample, count);
    for (uint32_t i = 0; i < count; i++)
        track->samples[i].bytes = listed ? u32(&c) : each;
    return OK;
}

static enum err read_times(struct task *t, struct cursor c, struct mp4_track *track)
{
    full_box(&c);
    uint32_t runs = u32(&c);
    size_t filled = 0;
    for (uint32_t r = 0; r < runs && !c.broken; r++) {
        uint32_t count = u32(&c), duration = u32(&c);
        if (c.broken || count > track->sample_count - filled || duration > INT32_MAX)
            return broken(t, "the table of times");
        for (uint32_t i = 0; i < count; i++)
            track->samples[filled++].duration = duration;
    }
    return filled == track->sample_count ? OK : broken(t, "the table of times");
}

static enum err read_shifts(struct task *t, struct cursor c, struct mp4_track *track)
{
    full_box(&c);
    uint32_t runs = u32(&c);
    size_t filled = 0;
    for (uint32_t r = 0; r < runs && !c.broken; r++) {
        uint32_t count = u32(&c);
        int32_t shift = (int32_t)u32(&c);
        if (c.broken || count > track->sample_count - filled)
            return broken(t, "the table of composition times");
        for (uint32_t i = 0; i < count; i++)
            track->samples[filled++].shift = shift;
    }
    return OK;
}

/* Without a table every sample is a key. */
static enum err read_keys(struct task *t, struct cursor c, struct mp4_track *track)
{
    if (!is_there(&c)) {
        for (size_t i = 0; i < track->sample_count; i++)
            track->samples[i].key = true;
        return OK;
    }
    full_box(&c);
    uint32_t count = u32(&c);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t sample = u32(&c);
        if (c.broken || sample == 0 || sample > track->sample_count)
            return broken(t, "the table of key frames");
        track->samples[sample - 1].key = true;
    }
    return OK;
}

static enum err place_chunk(struct task *t, struct mp4_track *track, size_t *sample, uint32_t count,
                            uint64_t offset, int64_t file_bytes)
{
    for (uint32_t i = 0; i < count && *sample < track->sample_count; i++, ++*sample) {
        struct mp4_sample *s = &track->samples[*sample];
        if (offset > (uint64_t)file_bytes || s->bytes > (uint64_t)file_bytes - offset)
            return refuse(t, ERR_MEDIA, "download or export it again",
                          "the file is cut short: its index speaks of "
                          "sound or pictures past its end");
        s->offset = (int64_t)offset;
        offset += s->bytes;
    }
    return OK;
}

/* stsc gives how many samples a chunk holds, as runs that name the first chunk they are true
 * for. */
static enum err read_places(struct task *t, struct tables *tables, struct mp4_track *track,
                            int64_t file_bytes)
{
    bool wide = is_there(&tables->co64);
    struct cursor chunks = wide ? tables->co64 : tables->stco, runs = tables->stsc;
    full_box(&chunks);
    full_box(&runs);
    uint32_t chunk_count = u32(&chunks), runs_left = u32(&runs);
    uint32_t next_first = runs_left ? u32(&runs) : 0, per_chunk = 0;
    size_t sample = 0;
    for (uint32_t chunk = 1; chunk <= chunk_count && sample < track->sample_count; chunk++) {
        if (chunk == next_first) {
            per_chunk = u32(&runs);
            skip(&runs, 4);
            next_first = --runs_left ? u32(&runs) : 0;
        }
        uint64_t offset = wide ? u64(&chunks) : u32(&chunks);
        if (chunks.broken || runs.broken)
            return broken(t, "the table of places");
        enum err e = place_chunk(t, track, &sample, per_chunk, offset, file_bytes);
        if (e)
            return e;
    }
    return sample == track->sample_count ? OK : broken(t, "the table of places");
}

static void find_stbl(struct cursor c, struct tables *tables)
{
    uint32_t type;
    struct cursor body;
    while (box_next(&c, &type, &body)) {
        switch (type) {
        case MP4_CODE('s', 't', 's', 'd'): tables->stsd = body; break;
        case MP4_CODE('s', 't', 't', 's'): tables->stts = body; break;
        case MP4_CODE('c', 't', 't', 's'): tables->ctts = body; break;
        case MP4_CODE('s', 't', 's', 'c'): tables->stsc = body; break;
        case MP4_CODE('s', 't', 's', 'z'): tables->stsz = body; break;
        case MP4_CODE('s', 't', 'c', 'o'): tables->stco = body; break;
        case MP4_CODE('c', 'o', '6', '4'): tables->co64 = body; break;
        case MP4_CODE('s', 't', 's', 's'): tables->stss = body; break;
        }
    }
}

static uint32_t read_hdlr(struct cursor c)
{
    skip(&c, 8);
    return u32(&c);
}

enum { NESTING_MAX = 4 };                   /* trak, mdia, minf and one to spare */

/* Down to the sample table, remembering where things are. *out_kind is the handler's word, 'vide'
 * or 'soun'. */
static void find_tables(struct cursor c, int depth, struct mp4_track *track, struct tables *tables,
                        uint32_t *out_kind)
{
    uint32_t type;
    struct cursor body;
    while (depth < NESTING_MAX && box_next(&c, &type, &body)) {
        switch (type) {
        case MP4_CODE('t', 'k', 'h', 'd'): read_tkhd(body, track); break;
        case MP4_CODE('m', 'd', 'h', 'd'): read_mdhd(body, track); break;
        case MP4_CODE('h', 'd', 'l', 'r'):
            *out_kind = *out_kind ? *out_kind : read_hdlr(body);
            break;
        case MP4_CODE('e', 'l', 's', 't'): tables->elst = body; break;
        case MP4_CODE('s', 't', 'b', 'l'): find_stbl(body, tables); break;
        case MP4_CODE('e', 'd', 't', 's'):
        case MP4_CODE('m', 'd', 'i', 'a'):
        case MP4_CODE('m', 'i', 'n', 'f'):
            find_tables(body, depth + 1, track, tables, out_kind);
            break;
        }
    }
}

static enum err fill_samples(struct task *t, struct tables *tables, int64_t file_bytes,
                             struct mp4_track *track)
{
    if (!is_there(&tables->stsz))
        return OK;                          /* stz2 and the like: a track without samples, to us */
    enum err e = read_stsz(t, tables->stsz, file_bytes, track);
    if (!e)
        e = read_times(t, tables->stts, track);
    if (!e && is_there(&tables->ctts))
        e = read_shifts(t, tables->ctts, track);
    if (!e)
        e = read_keys(t, tables->stss, track);
    return e ? e : read_places(t, tables, track, file_bytes);
}

static enum err read_trak(struct task *t, struct cursor c, uint32_t movie_hz, int64_t file_bytes,
                          struct mp4 *out)
{
    struct mp4_track track = { 0 };
    struct tables tables = { 0 };
    uint32_t kind = 0;
    find_tables(c, 0, &track, &tables, &kind);
    track.is_sound = kind == MP4_CODE('s', 'o', 'u', 'n');
    if ((kind != MP4_CODE('v', 'i', 'd', 'e') && !track.is_sound) ||
        out->track_count == STREAMS_MAX)
        return OK;
    if (track.timescale == 0 || !is_there(&tables.stsd))
        return broken(t, "a track without a clock or a description");
    read_stsd(tables.stsd, &track);
    if (is_there(&tables.elst))
        read_elst(tables.elst, movie_hz, &track);
    enum err e = fill_samples(t, &tables, file_bytes, &track);
    if (!e)
        out->tracks[out->track_count++] = track;
    return e;
}

static uint32_t read_mvhd(struct cursor c)
{
    skip(&c, full_box(&c) == 1 ? 16 : 8);
    return u32(&c);
}

enum err mp4_parse_moov(struct task *t, struct bytes moov, int64_t file_bytes, struct mp4 *out)
{
    struct cursor c = { .at = moov.at, .end = (const uint8_t *)moov.at + moov.size };
    *out = (struct mp4){ .tracks = arena_array(t->arena, struct mp4_track, STREAMS_MAX) };
    uint32_t movie_hz = 0, type;
    struct cursor body;
    while (box_next(&c, &type, &body)) {
        enum err e = OK;
        if (type == MP4_CODE('m', 'v', 'h', 'd'))
            movie_hz = read_mvhd(body);
        else if (type == MP4_CODE('m', 'v', 'e', 'x'))
            out->is_fragmented = true;
        else if (type == MP4_CODE('t', 'r', 'a', 'k'))
            e = read_trak(t, body, movie_hz, file_bytes, out);
        if (e)
            return e;
    }
    return c.broken ? broken(t, "a box larger than what holds it") : OK;
}

struct top_box {
    uint32_t type;
    int64_t  body, bytes;                   /* where its body is and how long */
};

static bool read_exactly(int fd, void *into, size_t size, int64_t offset)
{
    for (char *at = into; size > 0;) {
        ssize_t got = pread(fd, at, size, offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at     += got;
        offset += got;
        size   -= (size_t)got;
    }
    return true;
}

static bool top_box_at(int fd, int64_t offset, int64_t file_bytes, struct top_box *out)
{
    uint8_t head[16] = { 0 };
    int64_t left = file_bytes - offset;
    if (left < 8 || !read_exactly(fd, head, left < 16 ? 8 : 16, offset))
        return false;
    struct cursor c = { .at = head, .end = head + sizeof head };
    uint64_t size = u32(&c), head_bytes = 8;
    out->type = u32(&c);
    if (size == 1) {
        size = u64(&c);
        head_bytes = 16;
    }
    if (size == 0 || size > (uint64_t)left)
        /* to the end; also what a file that breaks off leaves of its mdat */
        size = (uint64_t)left;
    if (size < head_bytes)
        return false;
    out->body  = offset + (int64_t)head_bytes;
    out->bytes = (int64_t)(size - head_bytes);
    return true;
}

static enum err read_moov(struct task *t, int fd, const struct top_box *box, int64_t file_bytes,
                          struct mp4 *out)
{
    if (box->bytes > MP4_INDEX_BYTES_MAX)
        return fail(t, ERR_LIMIT, "the MP4 index is larger than what is accepted");
    void *moov = arena_alloc(t->arena, (size_t)box->bytes);
    if (!read_exactly(fd, moov, (size_t)box->bytes, box->body))
        return fail_errno(t, errno, "read", "the clip");
    return mp4_parse_moov(t, (struct bytes){ .at = moov, .size = (size_t)box->bytes }, file_bytes,
                          out);
}

enum err mp4_read(struct task *t, int fd, struct mp4 *out)
{
    int64_t size = file_bytes(fd);
    bool media_seen = false;
    struct top_box box;
    for (int64_t at = 0; top_box_at(fd, at, size, &box); at = box.body + box.bytes) {
        if (at == 0 && box.type != MP4_CODE('f', 't', 'y', 'p') &&
            box.type != MP4_CODE('m', 'o', 'o', 'v'))
            break;
        media_seen |= box.type == MP4_CODE('m', 'd', 'a', 't');
        if (box.type != MP4_CODE('m', 'o', 'o', 'v'))
            continue;
        enum err e = read_moov(t, fd, &box, size, out);
        out->is_fast_start = !media_seen;
        return e;
    }
    return refuse(t, ERR_MEDIA, "download or export it again",
                  "the file has no MP4 index: it is not an MP4 file, or "
                  "only a part of one");
}

struct mp4_track *mp4_track_of(const struct mp4 *m, bool sound)
{
    for (size_t i = 0; i < m->track_count; i++) {
        if (m->tracks[i].is_sound == sound)
            return &m->tracks[i];
    }
    return NULL;
}

int64_t mp4_track_ticks(const struct mp4_track *track)
{
    int64_t ticks = 0;
    for (size_t i = 0; i < track->sample_count; i++)
        ticks += track->samples[i].duration;
    return ticks;
}
