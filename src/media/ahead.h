#pragma once

/*
 * Pictures drawn ahead of whoever uses them: a thread of its own draws the next ones while this one
 * is encoded. A scene that someone waits for is done sooner; scenes side by side share the cores as
 * they did before.
 *
 * The pictures and their order are the same as without the thread.
 */

#include "draw/draw.h"
#include "media/media.h"
#include "media/scoped_av.h"

struct ahead;

/* Starts to draw frames 0 .. frame_count - 1. The drawing belongs to the thread until
 * ahead_close(). */
enum err ahead_open(struct task *t, struct drawing *drawing, const struct film_shape *shape,
                    int64_t frame_count, struct ahead **out);

/* The next picture, valid until the next call; waits for it. Asked exactly frame_count times. */
enum err ahead_next(struct task *t, struct ahead *a, AVFrame **out);

/* Stops after the picture in hand. NULL is fine. */
void ahead_close(struct ahead *a);
static inline void ahead_scoped(struct ahead **a) { ahead_close(*a); }
