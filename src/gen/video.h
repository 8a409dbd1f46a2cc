#pragma once

/*
 * Video generators: one driver a protocol.
 *
 * A take is made as intent -> submit -> ticket -> poll -> fetch, and the caller commits what it
 * knows between any two of them. A ticket is text that any process can poll later; a driver keeps
 * nothing in memory. The animatic renderer is a driver like any other: free, deterministic, always
 * there.
 *
 * A driver either films here and now, in the caller's thread, or has a `remote` part that speaks to
 * a provider. What a provider is paid for is sent once: flow/paid_send.c alone calls submit().
 *
 * Threads  any; drivers have no state.
 */

#include "gen/model.h"
#include "media/media.h"
#include "net/service.h"

struct video_request {
    const struct model *model;
    const char *prompt, *negative_prompt;
    struct draw_spec
        picture;         /* the same scene, for drivers that draw: size, frames, seed, look, song */
    const char *aspect, *size; /* "16:9", "720p" */
    const int *pictures; /* reference pictures, open for reading; borrowed */
    size_t picture_count;
    const char *const *picture_words; /* what each one shows: "character", "product" */
};

enum video_state { VIDEO_WAITING = 1, VIDEO_READY, VIDEO_LOST };

struct video_status {
    enum video_state state;
    int64_t look_again_us; /* waiting: how long to leave it alone */
    const char *why;       /* lost: the provider's words */

    /* Of remote ones. */
    const char *output;   /* ready: where the clip is */
    int64_t finished_us;  /* ready: since when, wall time */
    /* lost: REFUSED its content, UPSTREAM may work again, CANCELLED, INVALID */
    enum err error;
    bool billed;          /* lost: it may have been charged for all the same */
};

/* ---- at a provider ---- */

/* One paid call, as it is known before it is made and when it is looked for. */
struct video_order {
    const struct model *model;
    const char *input; /* canonical JSON of what is asked for, pictures left out */
    const char *token; /* of this call alone */
    const char *webhook; /* where word of it may be sent; "" for nowhere */
    int64_t seed;
    int64_t intent_us; /* wall time just before it was sent */
};

enum video_outcome {
    VIDEO_CREATED = 1, /* the provider has it: ticket */
    VIDEO_NOT_CREATED, /* it surely has not: refused, or not a byte was sent */
    VIDEO_AMBIGUOUS,   /* it may have: nothing may be sent again before that is known */
};

struct video_receipt {
    enum video_outcome outcome;
    const char *ticket;
    int64_t again_us; /* not created: how long to wait before another try; -1: it would not help */
};

/* What a provider's own list says of an order. */
struct video_match {
    const char *ticket;
    int64_t created_us;
};
struct video_matches {
    struct video_match *at;
    size_t count;
    int64_t clock_us; /* what time it is there */
};

/*
 * All may be repeated but submit(). Times are bounded by the driver: 15 s, and what send_us() says
 * for submit().
 * Errors   of the call, not of the take, as service_refusal() has them: RATE, UPSTREAM, TIMEOUT and
 *          UNAVAILABLE come and go, the others stay; NOT_FOUND and EXPIRED no such ticket or output
 */
struct video_remote {
    enum service_id service; /* whose key it needs; SERVICE_NONE for none */

    /* Canonical JSON of what is asked for, pictures left out: equal requests read alike. Pure. */
    enum err (*describe)(struct task *t, const struct video_request *request,
                         const char **out_input);

    /* The body that will be sent; reference pictures are uploaded for it. Nothing is paid. */
    enum err (*prepare)(const struct services *all, struct task *t,
                        const struct video_request *request, const char *input,
                        const char **out_body);

    /* How long submit() may take for this input; NULL: SERVICE_CREATE_US. As long as the making,
     * where the answer comes only when it is done. Pure. */
    int64_t (*send_us)(const char *input);

    /* Sent once. The outcome is always told; t->fault says why it is not CREATED. */
    struct video_receipt (*submit)(const struct services *all, struct task *t,
                                   const struct video_order *order, const char *body);

    /* Calls that match the order, earliest first. OK only when the whole list was seen. */
    enum err (*find)(const struct services *all, struct task *t,
                     const struct video_order *order, struct video_matches *out);

    enum err (*poll)(const struct services *all, struct task *t, const char *ticket,
                     struct video_status *out);

    /* All of what is at `output` into `out` (a draft). */
    enum err (*fetch)(const struct services *all, struct task *t, const char *output, int out);

    /* What was fetched into `out` is what was asked for: MEDIA when it is no clip, no sound. */
    enum err (*look)(struct media *m, struct task *t, int out, struct clip_info *info);

    /* OK when it was told, or has ended already. */
    enum err (*cancel)(const struct services *all, struct task *t, const char *ticket);
};

struct video_driver {
    const char *name;
    const struct video_remote *remote; /* NULL: films here and now by the functions below */
    enum err (*submit)(struct media *m, struct task *t, const struct video_request *request,
                       const char **out_ticket);
    enum err (*poll)(struct media *m, struct task *t, const char *ticket, struct video_status *out);

    /* The finished clip into `out` (a draft); `request` is the one that was submitted. */
    enum err (*fetch)(struct media *m, struct task *t, const struct video_request *request,
                      const char *ticket, int out, media_progress *progress,
                      struct clip_info *info);
};

extern const struct video_driver video_animatic, video_comfyui, video_gemini, video_replicate;
extern const struct video_remote video_replicate_remote; /* as lip-sync models there use it, too */
extern const struct video_remote sound_replicate_remote, sound_gemini_remote; /* see sound.h */

/* ---- for drivers of providers ---- */

struct model_wish video_wish(const struct video_request *r);

/* What a create came to: `e` and the fault as the call left them. */
struct video_receipt video_receipt_of(const struct task *t, enum err e, enum net_outcome outcome,
                                      const char *ticket);

/* It surely was not made: worth another try after the wait the fault asks for, or not at all. */
struct video_receipt video_not_created(const struct task *t, enum err e);

struct video_status video_lost(enum err error, const char *why, bool billed);

/* What was fetched into `out` is a clip; MEDIA. */
enum err video_look_at(struct media *m, struct task *t, int out, struct clip_info *info);

/* What the descriptor says to send along: numbers and truths as they read, else text. */
void video_put_constants(const struct model *m, json_t *body);

/* Canonical JSON text: equal bodies read alike. INVALID what is no clean text. */
enum err video_canonical(struct task *t, const json_t *body, const char **out);
