#pragma once

/*
 * Image generators: one driver a protocol, for reference pictures of characters and products.
 *
 * A picture is made as intent -> submit -> ticket -> poll -> fetch, like a take (gen/video.h): a
 * ticket is text that any process can poll later, a driver keeps nothing in memory. The card driver
 * draws: free, deterministic, always there.
 *
 * Threads  any; drivers have no state.
 */

#include "media/media.h"

struct image_request {
    const char *kind;        /* "character", "product" */
    const char *prompt;      /* the wish in the user's words, for drivers that are told in words */
    struct look_cast cast;   /* the same as planners read it, for drivers that draw */
    struct look_grade grade; /* the style's colours */
    int64_t seed;            /* pictures of neighbouring seeds differ to the eye */
    int64_t width_px, height_px;
};

enum image_state { IMAGE_WAITING = 1, IMAGE_READY, IMAGE_LOST };

struct image_status {
    enum image_state state;
    int64_t look_again_us; /* waiting: how long to leave it alone */
    const char *why;       /* lost: the provider's words */
};

struct image_driver {
    const char *name; /* "card" */
    bool paid;
    enum err (*submit)(struct media *m, struct task *t, const struct image_request *request,
                       const char **out_ticket);
    enum err (*poll)(struct media *m, struct task *t, const char *ticket, struct image_status *out);

    /* The finished picture file into `out` (a draft); `request` is the one that was submitted. */
    enum err (*fetch)(struct media *m, struct task *t, const struct image_request *request,
                      const char *ticket, int out, struct picture_info *info);

    enum err (*cancel)(struct media *m, struct task *t, const char *ticket); /* optional */
};

extern const struct image_driver image_card;

/*
 * Who is drawn for a seed: what the words say stays as it is, what they leave open (hair, clothes,
 * colours) goes round with the seed, so that four seeds in a row give four people to choose from.
 */
struct look_cast image_card_cast(const struct image_request *request);
