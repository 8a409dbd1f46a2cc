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

/*
 * Permille of the job that makes this artifact: as it is now where it runs here; as its worker last
 * wrote it down where it runs elsewhere; -1 when nothing is known. `w` may be NULL.
 */
int workers_progress(struct workers *w, const char *project_id, const struct artifact *art);

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
