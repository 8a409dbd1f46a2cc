#pragma once

/* Signals as files: encoded in process with the FFmpeg libraries into a descriptor without a name. */

#include "signal.h"

struct sound_file {
    const char *muxer, *encoder;      /* "mp3", "libmp3lame" */
    int         rate_hz, channels;    /* the signal's samples are taken as being at this rate */
    int64_t     bit_rate;             /* 0: the encoder's own */
    const char *option, *value;       /* of the muxer; NULL: none */
};

/* A descriptor the caller closes. Fails the test when it cannot be made. */
int sound_file_make(struct task *t, const struct signal *s, const struct sound_file *form);

/* The first `bytes` bytes of a file, as a new one. */
int file_head(int fd, int64_t bytes);
int file_of(const void *bytes, size_t size);

/* A file decoded by the room itself, in t->arena. */
struct signal sound_file_read(struct task *t, int fd);
