#pragma once

/*
 * Films that can be read back: every frame carries its clip's id and its number as a bar code, so that order, joints
 * and cuts are checked on decoded pictures and not on what an index says about itself.
 */

#include "media/media.h"

enum { FIXTURE_WIDTH = 160, FIXTURE_HEIGHT = 96 };

/* As our own encoder and writer make them: what render and trim put out. */
int fixture_clip(struct task *t, int id, int frames);
int fixture_clip_of(struct task *t, int id, int frames, struct film_shape shape);

/* The same without any light in it. */
int fixture_black_clip(struct task *t, int frames);

/* As others make them, through FFmpeg's own MP4 writer. */
struct foreign {
    int         id, frames;
    int         rate_num, rate_den;         /* 0: 24 */
    const int  *times;                      /* when each is shown, and the end of the last, in ticks of the rate;
                                             * NULL: evenly. Without B-frames */
    int         width_px, height_px;        /* 0: the fixture's */
    int         group_frames;               /* 0: 24 */
    const char *x264_params;                /* more of them; may be NULL */
    bool        with_sound;                 /* AAC-LC, 48 kHz stereo */
    const char *codec;                      /* NULL: libx264 */
    const char *container;                  /* NULL: mp4 */
};
int fixture_foreign(struct task *t, const struct foreign *f);

/* AAC in MP4, a tone of that many samples at 48 kHz. */
int fixture_track(struct task *t, int64_t samples);

struct fixture_frame {
    int     id, number;
    int64_t pts_us;
    char    hash[65];                       /* of the decoded planes */
};

/* Decode the file and read every bar code. */
void fixture_read(struct task *t, int fd, struct fixture_frame **out, size_t *out_count);

/* The luma of the first frame, rows of `width` bytes. */
void fixture_first_luma(struct task *t, int fd, uint8_t *out, int width, int height);

/* How many samples of sound are to be heard: by the edit, and a decoder gives at most a packet more. */
int64_t fixture_count_samples(struct task *t, int fd);

/* A copy of the first `bytes` of a file, or of all of it with the byte at `flip` inverted. */
int fixture_cut(int fd, int64_t bytes);
int fixture_damaged(int fd, int64_t flip);
int fixture_bytes(const void *bytes, size_t size);
int fixture_out(void);
