/*
 * What is sung where. LRC lines ("[01:02.50] words") carry their time; plain lyrics are spread
 * evenly over the scenes of sections that are sung.
 */
#include "plan/story_film.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { LYRIC_LINES_MAX = 400, LYRIC_BYTES_MAX = 300 };

struct lyric {
    int64_t     at_us;            /* -1 where the text gives none */
    const char *words;
};

struct lyrics {
    struct lyric *at;
    size_t        count;
    bool          timed;
};

/* "[mm:ss.xx]" at p: its time and length, or length 0. */
static size_t read_stamp(const char *p, int64_t *us)
{
    char *end;
    if (*p != '[' || p[1] < '0' || p[1] > '9')
        return 0;
    long minutes = strtol(p + 1, &end, 10);
    if (*end != ':' || minutes > 600)
        return 0;
    double seconds = strtod(end + 1, &end);
    if (*end != ']' || !(seconds >= 0 && seconds < 60))
        return 0;
    *us = (int64_t)((double)minutes * 60e6 + seconds * 1e6);
    return (size_t)(end + 1 - p);
}

static struct lyrics lyrics_read(struct arena *a, const char *text)
{
    struct lyrics out = { .at = arena_array(a, struct lyric, LYRIC_LINES_MAX) };
    for (const char *p = text; *p && out.count < LYRIC_LINES_MAX;) {
        size_t bytes = strcspn(p, "\n");
        struct lyric line = { .at_us = -1 };
        size_t stamp = read_stamp(p, &line.at_us);
        line.words = text_shorten(a, text_tidy(a, arena_copy_n(a, p + stamp, bytes - stamp)),
                                  LYRIC_BYTES_MAX);
        if (*line.words && line.words[0] != '[') {
            out.timed = out.timed || line.at_us >= 0;
            out.at[out.count++] = line;
        }
        p += bytes + (p[bytes] == '\n');
    }
    return out;
}

static bool is_sung(const struct scene_draft *s)
{
    return !text_equal(s->section, "intro") && !text_equal(s->section, "outro") &&
           !text_equal(s->section, "break");
}

static const char *joined(struct arena *a, const char *before, const char *words)
{
    return *before ? arena_format(a, "%s / %s", before, words) : words;
}

static void place_timed(struct film *f, const struct lyrics *l)
{
    for (size_t i = 0; i < l->count; i++) {
        for (size_t s = 0; l->at[i].at_us >= 0 && s < f->scene_count; s++) {
            const struct cut *c = &f->scenes[s].cut;
            int64_t frame = frames_from_us(l->at[i].at_us);
            if (frame >= c->start_frame && frame < c->start_frame + c->frame_count)
                f->scenes[s].lyric = joined(f->arena, f->scenes[s].lyric, l->at[i].words);
        }
    }
}

static void place_evenly(struct film *f, const struct lyrics *l)
{
    size_t sung = 0, seen = 0;
    for (size_t s = 0; s < f->scene_count; s++)
        sung += is_sung(&f->scenes[s]);
    for (size_t s = 0; s < f->scene_count; s++) {
        if (!is_sung(&f->scenes[s]))
            continue;
        size_t first = seen * l->count / sung, end = (seen + 1) * l->count / sung;
        for (size_t i = first; i < end; i++)
            f->scenes[s].lyric = joined(f->arena, f->scenes[s].lyric, l->at[i].words);
        seen++;
    }
}

void film_set_lyrics(struct film *f)
{
    for (size_t s = 0; s < f->scene_count; s++)
        f->scenes[s].lyric = "";
    if (text_is_empty(f->request->lyrics))
        return;
    struct lyrics l = lyrics_read(f->arena, f->request->lyrics);
    if (l.timed)
        place_timed(f, &l);
    else
        place_evenly(f, &l);
}
