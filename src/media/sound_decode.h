#pragma once

/*
 * Any file with sound in it, as one stream of 48 kHz stereo floats.
 *
 * Sample-exact: what encoders put in front (priming) and behind (padding) is taken off as the
 * file's own tables say, and a resampled stream has exactly round(n * 48000 / rate) samples, tail
 * included. In a film the stream starts where the picture starts: silence is put in, or sound left
 * out, for a sound that begins later or earlier. Mono is heard on both sides at its own level; more
 * channels are mixed down.
 *
 *     scoped(sound) struct sound *s = NULL;
 *     enum err e = sound_open(t, in, SONG_US_MAX, &s);
 *     for (struct sound_block b = { .count = 1 }; !e && b.count > 0;) {
 *         e = sound_read(s, &b);
 *         ...
 *     }
 *
 * Memory   a block, a packet and a resampler, whatever the length
 * Threads  one thread a sound
 */

#include "base/task.h"

enum { SOUND_BLOCK_MAX = 4096 };

struct sound;

struct sound_block {
    const float *stereo;              /* interleaved; valid until the next read */
    /* stereo samples, 0..SOUND_BLOCK_MAX; 0 is the end, and stays it */
    int          count;
};

/*
 * `in` is borrowed. The struct lives in t->arena.
 * Errors   MEDIA it holds no sound (the message says what it is instead), or nothing can be decoded
 */
enum err sound_open(struct task *t, int in, int64_t most_us, struct sound **out);
void     sound_close(struct sound *s);                             /* NULL is fine */
static inline void sound_scoped(struct sound **s) { sound_close(*s); }

/*
 * A file that breaks off is read as far as it goes.
 * Errors   MEDIA not one sample could be decoded, or too little of it; LIMIT longer than most_us
 */
enum err sound_read(struct sound *s, struct sound_block *out);

/* Leave out the next `samples` of them; where the sound ends first, the next read is the end. */
void sound_skip(struct sound *s, int64_t samples);
