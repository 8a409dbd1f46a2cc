#pragma once

/*
 * Image generators: one driver a protocol, for reference pictures of characters and products.
 *
 * A picture is made as intent -> submit -> ticket -> poll -> fetch, like a take (gen/video.h): a
 * ticket is text that any process can poll later, a driver keeps nothing in memory. Some services
 * answer with the picture itself: then it is whole after submit(). The card driver draws: free,
 * deterministic, always there.
 *
 * Threads  any; drivers have no state.
 */

#include "gen/model.h"
#include "media/media.h"
#include "net/service.h"

struct image_request {
    const char *kind;        /* "character", "product" */
    const char *prompt;      /* the wish in the user's words, for drivers that are told in words */
    struct look_cast cast;   /* the same as planners read it, for drivers that draw */
    struct look_grade grade; /* the style's colours */
    int64_t seed;            /* pictures of neighbouring seeds differ to the eye */
    int64_t width_px, height_px;

    /* For drivers that ask a service. */
    const struct services *services;
    const struct model *model;
    const char *look;        /* the style in words, "hand-drawn anime, ..." */
    const int *pictures;     /* of the user: who or what it is; open for reading, borrowed */
    size_t picture_count;
};

/* What became of a submit(). Set whatever is returned. */
struct image_receipt {
    enum net_outcome outcome; /* ambiguous: it may be paid for; not to be sent again unasked */
    const char *ticket;       /* created */
    bool whole;               /* created: the picture came with the answer and is in `out` */
    bool lost;                /* by image_collect(): it was not made, and will not be */
};

enum image_state { IMAGE_WAITING = 1, IMAGE_READY, IMAGE_LOST };

struct image_status {
    enum image_state state;
    int64_t look_again_us; /* waiting: how long to leave it alone */
    const char *why;       /* lost: the provider's words */
    /* lost: REFUSED its content, IMPOSSIBLE its input, UPSTREAM may work again */
    enum err error;
};

struct image_driver {
    const char *name; /* "card", "gemini", "replicate": the word in a model's descriptor */
    bool paid;

    /* Asked for once; `out` (a draft) takes the picture where it comes with the answer. */
    enum err (*submit)(struct media *m, struct task *t, const struct image_request *request,
                       int out, struct image_receipt *receipt);
    enum err (*poll)(struct media *m, struct task *t, const struct image_request *request,
                     const char *ticket, struct image_status *status);

    /* The finished picture file into `out` (a draft); `request` is the one that was submitted. */
    enum err (*fetch)(struct media *m, struct task *t, const struct image_request *request,
                      const char *ticket, int out);
};

extern const struct image_driver image_card, image_gemini, image_replicate;

/*
 * Front door, first half: ask for it, once. The receipt says what became of that whatever is
 * returned. Errors   RECONCILE it is not known whether it was made; REFUSED its content; those of
 * net/service.h
 */
enum err image_order(const struct image_driver *driver, struct media *m, struct task *t,
                     const struct image_request *request, int out, struct image_receipt *receipt);

/*
 * Second half: wait until it is there, fetch it, and look at what came: OK means a whole picture of
 * at least half the width asked for is in `out`. A connection that breaks is waited out, for ten
 * minutes in all. It may be called again with the same ticket for as long as the service keeps the
 * picture, unless the receipt says that it is lost.
 *
 * Errors   REFUSED its content; MEDIA what came is no picture; EXPIRED; TIMEOUT; those of
 *          net/service.h
 */
enum err image_collect(const struct image_driver *driver, struct media *m, struct task *t,
                       const struct image_request *request, struct image_receipt *receipt,
                       int out, struct picture_info *info);

/* What a model is asked for: the user's words first and unchanged, then how a reference is shot. */
const char *image_prompt(struct task *t, const struct image_request *request);

/* "16:9", "1:1": the nearest of the ratios a model makes (all the usual ones when it says none). */
const char *image_aspect(const struct image_request *request);

/*
 * Who is drawn for a seed: what the words say stays as it is, what they leave open (hair, clothes,
 * colours) goes round with the seed, so that four seeds in a row give four people to choose from.
 */
struct look_cast image_card_cast(const struct image_request *request);
