/*
 * Nobody tells when which word of a voice-over is spoken; but who reads aloud takes about as long
 * for each letter, and sentences are where one looks up. So the voice's time is shared out by
 * letters, a sentence at a time, and what is too long to be read at a glance in parts.
 */
#include "flow/captions.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "flow/graph.h"

enum {
    GLANCE_BYTES = 84,               /* two lines of 42 letters, as broadcasters do */
    BRIEF_BYTES = 20,                /* would be gone before it was read */
    LEAST_FRAMES = FILM_RATE_HZ / 2, /* what a voice leaves of a scene's line is not read */
};

const char *const caption_way_names[] = { "none", "track", "burned", NULL };

bool project_burns_captions(const struct project *p)
{
    return !text_is_empty(p->captions) && text_equal(p->captions, "burned");
}

/* ---- the words of a voice ---- */

/* What ends a sentence; where words are written without spaces, nothing follows it. */
static const struct stop {
    const char *mark;
    bool spaced;
} stops[] = {
    { ".", true },
    { "!", true },
    { "?", true },
    { "\xE2\x80\xA6", true },
    { "\xE3\x80\x82", false },
    { "\xEF\xBC\x81", false },
    { "\xEF\xBC\x9F", false },
};

static const struct stop *stop_at(const char *p)
{
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        if (text_starts(p, stops[i].mark))
            return &stops[i];
    }
    return NULL;
}

/* Past the quotes and brackets that close behind a sentence. */
static const char *behind_closing(const char *p)
{
    static const char *const marks[] = { "\"", "'", ")", "]", "\xE2\x80\x9D", "\xE2\x80\x99",
                                         "\xC2\xBB", "\xE3\x80\x8D" };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (text_starts(p, marks[i]))
            return behind_closing(p + strlen(marks[i]));
    }
    return p;
}

/* The first sentence, "3.5" and "Well..." understood, without the space behind it. */
static size_t sentence_bytes(const char *words)
{
    const char *p = words;
    while (*p) {
        const struct stop *stop = stop_at(p);
        p += stop ? strlen(stop->mark) : 1;
        if (!stop || stop_at(p))
            continue;
        p = behind_closing(p);
        if (!stop->spaced || *p == ' ')
            break;
    }
    return (size_t)(p - words);
}

/* A short sentence is read with the next: "Ember. Warm before the sun is up." */
static size_t glance_bytes(const char *words)
{
    size_t bytes = sentence_bytes(words);
    while (bytes < BRIEF_BYTES && words[bytes]) {
        bytes += words[bytes] == ' ';
        bytes += sentence_bytes(words + bytes);
    }
    return bytes;
}

/* A part of a sentence that can be read at a glance, all of them about equally long. */
static size_t part_bytes(const char *sentence, size_t bytes)
{
    size_t parts = (bytes + GLANCE_BYTES - 1) / GLANCE_BYTES, best = bytes;
    size_t wanted = parts ? bytes / parts : bytes;
    if (parts < 2)
        return bytes;
    for (size_t i = 1; i < bytes; i++) {
        size_t far = i > wanted ? i - wanted : wanted - i;
        size_t least = best > wanted ? best - wanted : wanted - best;
        if (sentence[i] == ' ' && far < least)
            best = i;
    }
    return best;
}

struct writer {
    struct arena *arena;
    struct film_caption *at;
    size_t count, capacity;
};

static void add(struct writer *w, int64_t from, int64_t to, const char *words)
{
    struct film_caption line = { .at_frame = from, .frame_count = to - from, .words = words };
    if (from < to)
        array_push(w->arena, w->at, w->count, w->capacity, line);
}

/* The voice's length: of the one that is there, else as long as one reads. */
static int64_t voice_frames(const struct project *p)
{
    return p->voice.frames > 0
               ? p->voice.frames
               : frames_from_us((int64_t)(project_sound_seconds(p, ARTIFACT_VOICE) * 1e6));
}

/* Where the voice ends; nothing is read past `film_frames`. */
static int64_t add_voice(struct writer *w, const struct project *p, int64_t film_frames)
{
    const char *words = text_tidy(w->arena, p->voice.words);
    int64_t all = (int64_t)strlen(words), frames = all > 0 ? voice_frames(p) : 0, end = 0;
    for (int64_t at = 0; at < all && end < film_frames;) {
        size_t bytes = part_bytes(words + at, glance_bytes(words + at));
        int64_t from = end;
        end = frames * (at + (int64_t)bytes) / all;
        end = end < film_frames ? end : film_frames;
        add(w, from, end, text_tidy(w->arena, arena_copy_n(w->arena, words + at, bytes)));
        at += (int64_t)bytes;
        at += words[at] == ' ';
    }
    return end;
}

/* ---- all ---- */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t film_length(const struct scene *scenes, size_t count)
{
    return scene_film_start(scenes, count, -1);
}

struct film_caption *film_captions(struct task *t, const struct project *p,
                                   const struct scene *scenes, size_t count, size_t *out_count)
{
    struct writer w = { .arena = t->arena };
    int64_t spoken = add_voice(&w, p, film_length(scenes, count)), at = 0;
    for (size_t i = 0; i < count; i++) {
        struct scene_span used = scene_used_span(&scenes[i]);
        int64_t end = at + used.out - used.in;
        bool waits = spoken > at;
        if (!text_is_empty(scenes[i].line) && (!waits || end - spoken >= LEAST_FRAMES))
            add(&w, later(at, spoken), end, text_tidy(t->arena, scenes[i].line));
        at = end;
    }
    *out_count = w.count;
    return w.at;
}

struct film_caption *captions_within(struct task *t, const struct film_caption *all, size_t count,
                                     int64_t start, int64_t frames, size_t *out_count)
{
    struct film_caption *out = arena_array(t->arena, struct film_caption, count);
    *out_count = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t from = later(all[i].at_frame, start),
                end = sooner(all[i].at_frame + all[i].frame_count, start + frames);
        if (from < end)
            out[(*out_count)++] = (struct film_caption){
                .at_frame = from - start,
                .frame_count = end - from,
                .words = all[i].words,
            };
    }
    return out;
}

const char *captions_text(struct task *t, const struct film_caption *lines, size_t count)
{
    struct text out = text_new(t->arena);
    for (size_t i = 0; i < count; i++)
        text_printf(&out, "%" PRId64 "+%" PRId64 " %s\n", lines[i].at_frame, lines[i].frame_count,
                    lines[i].words);
    return text_end(&out);
}
