#include "media/caption_track.h"

#include <string.h>

#include "base/text.h"

enum {
    LINE_BYTES_MAX = PROMPT_BYTES_MAX,
    BOX_SHARE = 5,     /* the lines stand in the lowest fifth of the picture, */
    MARGIN_SHARE = 20, /* a twentieth above its edge and away from its sides */
    FONT_SHARE = 18,
};

struct writer {
    struct caption_track *out;
    uint8_t *bytes;
    size_t size;
    int64_t at; /* frames said so far */
};

/* A sample: how long its text is, and the text. */
static void add(struct writer *w, const char *words, int64_t frames)
{
    size_t length = strlen(words);
    struct mp4_track *track = &w->out->track;

    track->samples[track->sample_count++] = (struct mp4_sample){
        .offset = (int64_t)w->size,
        .bytes = (uint32_t)length + 2,
        .duration = (uint32_t)(frames * SAMPLES_PER_FRAME),
        .key = true,
    };
    w->bytes[w->size] = (uint8_t)(length >> 8);
    w->bytes[w->size + 1] = (uint8_t)length;
    memcpy(w->bytes + w->size + 2, words, length);
    w->size += length + 2;
    w->at += frames;
}

static enum err add_line(struct task *t, struct writer *w, const struct film_caption *line,
                         int64_t frames)
{
    int64_t end = line->at_frame + line->frame_count;

    if (line->at_frame < w->at || line->frame_count < 0)
        return fail(t, ERR_INVALID, "a caption begins before the one in front of it ends");
    if (strlen(line->words) > LINE_BYTES_MAX)
        return fail(t, ERR_INVALID, "a caption is longer than %d bytes", LINE_BYTES_MAX);
    end = end < frames ? end : frames;
    if (line->at_frame >= end || text_is_empty(line->words))
        return OK;
    if (line->at_frame > w->at)
        add(w, "", line->at_frame - w->at);
    add(w, line->words, end - line->at_frame);
    return OK;
}

static void put16(uint8_t *at, int value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* White, centred, at the bottom of its box, without a ground: what follows the head of a sample
 * entry. */
static struct bytes description(struct arena *a, int width_px, int height_px, int font_px)
{
    static const char font[] = "Sans-Serif";
    size_t font_bytes = sizeof font - 1, size = 30 + 8 + 2 + 3 + font_bytes;
    uint8_t *d = arena_alloc(a, size);

    memset(d, 0, size);
    d[4] = 1;                 /* across: centre */
    d[5] = 0xff;              /* down: bottom */
    put16(d + 14, height_px); /* the box: top, left, bottom, right */
    put16(d + 16, width_px);
    put16(d + 22, 1); /* the style: font 1, */
    d[25] = (uint8_t)font_px;
    memset(d + 26, 0xff, 4);         /* white */
    put16(d + 32, (int)(size - 30)); /* ftab: one font */
    memcpy(d + 34, "ftab", 4);
    put16(d + 38, 1);
    put16(d + 40, 1);
    d[42] = (uint8_t)font_bytes;
    memcpy(d + 43, font, font_bytes);
    return (struct bytes){ .at = d, .size = size };
}

static int at_most(int value, int most)
{
    return value < most ? value : most;
}

static void place(struct arena *a, int width_px, int height_px, struct mp4_track *out)
{
    int margin = height_px / MARGIN_SHARE, box = height_px / BOX_SHARE;

    out->is_text = true;
    out->codec = MP4_CODE('t', 'x', '3', 'g');
    out->timescale = SOUND_RATE_HZ;
    out->left_px = margin;
    out->top_px = height_px - box - margin;
    out->width_px = width_px - 2 * margin;
    out->height_px = box;
    out->config = description(a, out->width_px, box, at_most(height_px / FONT_SHARE, 255));
}

enum err caption_track_make(struct task *t, const struct film_caption *lines, size_t count,
                            int64_t frames, int width_px, int height_px, struct caption_track *out)
{
    struct writer w = { .out = out };
    size_t room = 0;
    enum err e = OK;

    *out = (struct caption_track){ .track = { .samples = arena_array(t->arena, struct mp4_sample,
                                                                     2 * count + 1) } };
    place(t->arena, width_px, height_px, &out->track);
    for (size_t i = 0; i < count; i++)
        room += strlen(lines[i].words) + 4;
    w.bytes = arena_alloc(t->arena, room + 2);
    for (size_t i = 0; i < count && !e; i++)
        e = add_line(t, &w, &lines[i], frames);
    if (!e && w.at > 0 && w.at < frames)
        add(&w, "", frames - w.at);
    out->payload = (struct bytes){ .at = w.bytes, .size = w.size };
    return e;
}
