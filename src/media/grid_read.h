#pragma once

/*
 * The pictures of any file by their place on the film's grid of 24 a second.
 *
 * Each picture stands from its own place (its time, rounded) until the next one's: a source of 30 a
 * second loses every fifth, one of 12 shows each twice, one with irregular times keeps its rhythm
 * as well as the grid can show it. A still picture stands at place 0.
 */

#include "media/av_input.h"
#include "media/media.h"

struct grid_reader {
    struct input   *input;
    struct decoder *decoder;
    /* what stands now; the one after it, empty when there is none (yet) */
    AVFrame        *current, *ahead;
    int64_t         current_from, ahead_from;
    /* one past the last place covered by what was decoded so far */
    int64_t         end;
    /* quarter turns clockwise until its pictures are upright */
    int             turns;
};

/* The struct lives in t->arena. MEDIA when the file has no pictures. */
enum err grid_open(struct task *t, int fd, struct grid_reader **out);
void     grid_close(struct grid_reader *g);
static inline void grid_scoped(struct grid_reader **g) { grid_close(*g); }

/*
 * The picture that stands at `place`, borrowed until the next call; NULL past the end, and
 * g->current is then the last one. Places must not fall from call to call. *out_new tells whether
 * it is another one than the last time. MEDIA when nothing can be decoded.
 */
enum err grid_at(struct task *t, struct grid_reader *g, int64_t place, AVFrame **out,
                 bool *out_new);

/* How many places the file covers, by its headers; 0 when they do not say. */
int64_t grid_length(const struct grid_reader *g);
