#pragma once

/*
 * Video generators: one driver a protocol.
 *
 * A take is made as intent -> submit -> ticket -> poll -> fetch, and the caller commits what it
 * knows between any two of them. A ticket is text that any process can poll later; a driver keeps
 * nothing in memory. The animatic renderer is a driver like any other: free, deterministic, always
 * there.
 *
 * Threads  any; drivers have no state.
 */

#include "gen/model.h"
#include "media/media.h"

struct video_request {
    const struct model *model;
    const char *prompt, *negative_prompt;
    struct draw_spec
        picture;         /* the same scene, for drivers that draw: size, frames, seed, look, song */
    const int *pictures; /* reference pictures, open for reading; borrowed */
    size_t picture_count;
};

enum video_state { VIDEO_WAITING = 1, VIDEO_READY, VIDEO_LOST };

struct video_status {
    enum video_state state;
    int64_t look_again_us; /* waiting: how long to leave it alone */
    const char *why;       /* lost: the provider's words */
};

struct video_driver {
    const char *name;
    bool paid;
    enum err (*submit)(struct media *m, struct task *t, const struct video_request *request,
                       const char **out_ticket);
    enum err (*poll)(struct media *m, struct task *t, const char *ticket, struct video_status *out);

    /* The finished clip into `out` (a draft); `request` is the one that was submitted. */
    enum err (*fetch)(struct media *m, struct task *t, const struct video_request *request,
                      const char *ticket, int out, media_progress *progress,
                      struct clip_info *info);

    enum err (*cancel)(struct media *m, struct task *t, const char *ticket); /* optional */
};

extern const struct video_driver video_animatic;
