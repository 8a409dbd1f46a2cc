#pragma once

/*
 * Interactions of the Gemini API: made, looked at, cancelled, and the files they leave. For drivers
 * of models that make films, music and voices there.
 *
 * There is no list of interactions: one whose answer was lost cannot be found again. A call may be
 * repeated unless it says otherwise; each takes 15 s at most. Errors are those of gemini_refusal().
 *
 * Source  ai.google.dev/gemini-api/docs, "Interactions API", as of 2026-11
 */

#include "net/service.h"

enum interaction_state {
    INTERACTION_RUNNING = 1, /* also for words that are not known yet */
    INTERACTION_COMPLETED,
    INTERACTION_ENDED, /* failed, cancelled, stopped at a limit */
};

struct interaction {
    enum interaction_state state;
    const char *file;    /* completed: the id of the file it left; "" for none */
    bool inline_media;   /* completed: what was made lies in the answer itself */
    const char *words;   /* why it ended, or what it said instead of filming; "" */
    /* ended: REFUSED its content, TIMEOUT cancelled, UPSTREAM may work again */
    enum err error;
    bool charged;        /* it counts tokens that were put out */
    int64_t updated_us;  /* wall time there; 0 unknown */
};

/*
 * Sent once: not to be repeated unless the outcome is NET_NOT_CREATED. OK with NET_CREATED and
 * *out_id; whatever else it was, t->fault says why, with the wait asked for in fault.wait_us.
 *
 * body  JSON text
 */
enum err interaction_create(const struct services *all, struct task *t, const char *body,
                            int64_t timeout_us, enum net_outcome *outcome, const char **out_id);

enum err interaction_look(const struct services *all, struct task *t, const char *id,
                          struct interaction *out);

/* OK also for one that has ended. */
enum err interaction_cancel(const struct services *all, struct task *t, const char *id);

/* Can the file be fetched? *out_ready false while it is still being prepared; UPSTREAM when that
 * failed. */
enum err interaction_file(const struct services *all, struct task *t, const char *file,
                          bool *out_ready);

/* A file, or what lies in the answer of an interaction, into `out`. NOT_FOUND when it is not there
 * any more. */
enum err interaction_fetch_file(const struct services *all, struct task *t, const char *file,
                                int64_t bytes_max, int out);
enum err interaction_fetch_inline(const struct services *all, struct task *t, const char *id,
                                  int out);
