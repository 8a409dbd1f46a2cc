#pragma once

/*
 * Words of one scene by the project's planner. Inside the room only.
 *
 * A planner that is a service is paid at the counter, under the project's cap, and what it wrote is
 * kept under the hash of what it was asked: an answer that was lost on the way to the user is found
 * there and not bought again.
 */

#include "flow/planning.h"

/* A film as its planner is told of it. */
struct film_words {
    const struct flow *flow;
    struct project project;
    struct scene *scenes; /* in display order */
    size_t scene_count;
    struct mode mode;
    struct style style;
    struct model model; /* that films it */
    struct song_map song;
    bool has_song;
    const struct planner_driver *planner;
    struct plan_picture pictures[2];
    struct plan_request request;
};

/* `out` is pointed into: it stays where it is. */
enum err film_words_load(const struct flow *f, struct task *t, const char *project_id,
                         struct film_words *out);

/* What is asked for. `write` asks the planner; everything its answer depends on is in `hash`. */
struct words_wish {
    const char *kind;  /* of the ledger's row */
    int64_t sequence;  /* 0: a scene that is not there yet */
    const char *hash;
    enum err (*write)(struct task *t, const struct film_words *w, const void *how,
                      struct planned_scene *out);
    const void *how;
};

/* *out_usd is what it cost now. */
enum err words_ask(struct film_words *w, struct task *t, const struct words_wish *wish,
                   struct planned_scene *out, double *out_usd);

/* The film as far as planners read it, into a hash of what one is asked. */
struct hash film_words_hash(const struct film_words *w, const char *what);
void words_hash_scene(struct task *t, struct hash *h, const struct planned_scene *s);
