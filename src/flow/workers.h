#pragma once

/*
 * Threads that claim jobs, run one step each, publish and forget: one a core for CPU work, one for
 * light work, and a heartbeat that renews the leases of what is being worked on. Waiting costs no
 * thread: an idle lane sleeps on a condition until something is due.
 */

#include "flow/flow.h"

struct workers;

struct workers_options {
    int cpu_count; /* 0: one a core */
    unsigned lanes; /* bits, 1 << enum queue_lane: work on these alone; 0: on all */
};

enum err workers_start(struct task *t, const struct flow *f, const struct workers_options *options,
                       struct workers **out);

/* Take no more work; what runs is cancelled (`now`) or left to finish; then all threads are joined.
 * NULL is fine. */
void workers_stop(struct workers *w, bool now);

/* Something was queued or changed: look again. */
void workers_nudge(struct workers *w);

/*
 * Wait until something happened (a job ended) or timeout_us passed. Returns a count that grows with
 * every event.
 */
int64_t workers_wait(struct workers *w, int64_t seen, int64_t timeout_us);

/* Permille of the running job for a scene's artifact, or -1 when it does not run here. */
int workers_progress(struct workers *w, const char *kind, int64_t sequence);

/* Jobs that run here now. */
struct running_job {
    char project_id[32], kind[16];
    int64_t sequence;
    int permille;
    bool moved; /* further than when this was last asked */
};
/* At most `max` of them; returns how many. `w` may be NULL. One asker at a time sees `moved`. */
size_t workers_running(struct workers *w, struct running_job *out, size_t max);

/* The fault that stopped the pool (the store or the disk failed), if any. */
bool workers_fault(struct workers *w, struct fault *out);
