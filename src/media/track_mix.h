#pragma once

/*
 * The film's sound before it is encoded: every part at its place, with its gain and fades, added
 * up.
 *
 * Parts are opened when the film reaches them and closed behind them, so that memory is that of the
 * parts which sound at once. A mix is read once from front to back; to read it again, start another
 * one.
 */

#include "media/media_op.h"

enum { MIX_BLOCK_MAX = 4096 };

struct mix;
struct duck;

enum mix_only { MIX_ALL = 0, MIX_SPEECH, MIX_YIELDING };

/* What one reading of the parts finds out for the next. */
struct mix_notes {
    /* Of each part; -1 where that is not known yet. Filled in as parts end; a mix that is given
     * them knows where to fade a part that ends by itself. */
    int64_t *lengths;
    const struct duck *duck;          /* how parts that yield step back; NULL: they do not */
    float speech_gain;                /* of those that speak */
    enum mix_only only;               /* leave out all other parts */
};

struct mix_notes mix_notes_new(struct task *t, const struct track_request *request);

/* The notes are borrowed. */
struct mix *mix_start(struct task *t, const struct track_request *request,
                      const struct media_files *files, struct mix_notes *notes);
void        mix_end(struct mix *m);                                /* NULL is fine */
static inline void mix_scoped(struct mix **m) { mix_end(*m); }

/*
 * The next `count` <= MIX_BLOCK_MAX samples of the film.
 * Errors   those of sound_open() and sound_read(); INVALID a part names no input or starts before
 *          the film
 */
enum err mix_read(struct mix *m, float *out_stereo, int count);
