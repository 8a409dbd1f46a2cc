#pragma once

/*
 * Jobs: durable work, one record per kind, target and input hash.
 *
 * The record is the truth and the queue a wake-up hint. A claim is change-if-version on the record
 * and raises its epoch; every later write of that worker is refused once another took over. A job
 * of a worker that is gone (its lease lapsed, or it ran in an earlier process of a store that only
 * one process can own) is queued again.
 */

#include <pthread.h>

#include "flow/flow.h"

#define JOB_LEASE_US     (30 * SECOND_US)
/* What only a newer program can do comes by again so soon. */
#define JOB_NEWER_LOOK_US (5 * SECOND_US)

/* The same for everybody on a store. A sixth of it is the pause between two heartbeats. */
int64_t job_lease_us(const struct flow *f);

/* Queue a job for an artifact that is not current. One that exists and failed is left alone unless
 * `again`; one that was cancelled is queued again. */
enum err job_enqueue(const struct flow *f, struct task *t, const char *project_id,
                     const struct artifact *art, bool again);

/*
 * The same in two steps, for those who write more in the transaction: the record as it is to be
 * queued (*out_wanted false: leave it alone), and queueing it. CONFLICT when it, or one of the
 * writes, was changed by another: prepare it again.
 */
enum err job_prepare(const struct flow *f, struct task *t, const char *project_id,
                     const struct artifact *art, bool again, struct job *out, bool *out_wanted);
enum err job_queue(const struct flow *f, struct task *t, struct job *j,
                   const struct item_write *writes, size_t count);

/* A job in the hands of a worker. Its texts live in the arena of the task that claimed it. */
struct claimed_job {
    pthread_mutex_t lock; /* guards what follows: a heartbeat may renew while the worker works */
    struct job job;
    struct queue_message message;
    const media_progress *progress; /* of the step; NULL: nobody counts. Set by the worker alone */
};

/* The next due job of a lane, claimed for this worker; NOT_FOUND when there is none. `out->lock` is
 * initialised. */
enum err job_claim(const struct flow *f, struct task *t, enum queue_lane lane,
                   struct claimed_job *out);

/* Prolong the lease, and write down how far the step is, for those who look from elsewhere.
 * CONFLICT when the job is no longer ours and the work must stop. */
enum err job_renew(const struct flow *f, struct task *t, struct claimed_job *c);

/* CONFLICT when the job was cancelled or taken over, so that the work must stop; nothing is
 * written. */
enum err job_look(const struct flow *f, struct task *t, struct claimed_job *c);

/*
 * Publish what was made: the records in `writes` and the finished job in one transaction.
 * CONFLICT when the job is no longer ours, or when one of the writes lost a race (then read again
 * and decide again).
 */
enum err job_finish(const struct flow *f, struct task *t, struct claimed_job *c,
                    const struct item_write *writes, size_t count);

/* The attempt ended with t->fault: try later with back-off where that may help, else failed with
 * the reason. A job that is paid for is always tried later, and so is one that our own media or
 * records were not there for. */
enum err job_give_up(const struct flow *f, struct task *t, struct claimed_job *c);

/* The inputs changed since it was queued: nothing to do, another job takes its place. */
enum err job_supersede(const struct flow *f, struct task *t, struct claimed_job *c);

/* Put it back untouched: the attempt was interrupted (shutdown), which is not an error. */
enum err job_put_back(const struct flow *f, struct task *t, struct claimed_job *c);

/*
 * For jobs that are paid for (job.spend): one transaction each with the rows of the ledger. `step`
 * is what it is at, for people. CONFLICT as for job_finish(), and then nothing was changed.
 */
struct job_next {
    const char *step;
    const char *spend; /* another row of the ledger from now on; NULL: the same */
    int64_t due_us;    /* wall time; in the past: before those due later */
};

/* It goes on in our hands. */
enum err job_note(const struct flow *f, struct task *t, struct claimed_job *c, const char *step,
                  const struct item_write *writes, size_t count);

/* It is nobody's until then: a job that waits is a row. */
enum err job_park(const struct flow *f, struct task *t, struct claimed_job *c,
                  const struct job_next *next, const struct item_write *writes, size_t count);

/* Due now instead of later; with these rows when it waits. One that runs is only looked at again
 * after its turn. */
enum err job_hasten(const struct flow *f, struct task *t, struct job *j,
                    const struct item_write *writes, size_t count);

/* It failed for good with t->fault; of CANCELLED it is cancelled. */
enum err job_fail(const struct flow *f, struct task *t, struct claimed_job *c,
                  const struct item_write *writes, size_t count);

/* The step of a paid job that is to end: its provider is told first. */
#define JOB_CANCELLING "cancelling"

/* Cancel all jobs of a project that wait or run and were not called off before; *out_count says how
 * many. Who works on one learns it by job_look(). The error is that of the first that could not be
 * cancelled; the others were. */
enum err jobs_cancel(const struct flow *f, struct task *t, const char *project_id,
                     size_t *out_count);

/* It is not ours any more: only the wake-up is given up, so that whoever queued it again need not
 * wait for our lease to lapse. */
enum err job_let_go(const struct flow *f, struct task *t, struct claimed_job *c);

/* What t->fault says, as a record keeps it. */
struct problem problem_of_fault(struct task *t);

/* Queue again what nobody works on, and send every wake-up again. */
enum err jobs_recover(const struct flow *f, struct task *t, const char *project_id);

/* The same for all projects under way, which are also brought a step on; what a worker begins
 * with. One that only a newer program can read is left to that. */
enum err jobs_recover_all(const struct flow *f, struct task *t);

/*
 * Now and then the same again: what heals a queue that lost or was robbed of its messages. On a
 * shared store one process does it for all.
 */
enum err jobs_sweep(const struct flow *f, struct task *t);
