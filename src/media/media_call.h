#pragma once

/* Inside the door: one call of one operation in a child of its own. The typed wrappers of media.c
 * stand on this. */

#include "media/media.h"
#include "media/media_zygote.h"

struct media {
    struct zygote zygote;
};

struct media_call {
    const char         *op;
    const struct field *request_fields;
    const void         *request;
    const struct field *reply_fields;
    void               *reply;
    const int          *in;
    size_t              in_count;
    int                 out;                /* -1 when the operation writes no file */
    /* pictures to be drawn or encoded, as far as known: widens the time limit */
    int64_t             work_frames;
    media_progress     *progress;           /* may be NULL */
};

enum err media_call_run(struct media *m, struct task *t, const struct media_call *call);

/* How long a call may take by the wall clock: generous, so that only what hangs or runs away meets
 * it. */
int64_t media_call_limit_us(int64_t input_bytes, int64_t work_frames);
