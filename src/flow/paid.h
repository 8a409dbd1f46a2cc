#pragma once

/*
 * Takes that others film for money, as durable jobs. Every arrow is one commit, so that the process
 * may end at any instant:
 *
 *     queue     the price is reserved in the transaction that queues the job
 *     send      intent is committed -> one POST -> what became of it is committed (flow/spend.h)
 *     wait      the job is a row with a due time; nobody waits for it
 *     look      due: the provider is asked how it is doing
 *     fetch     the clip is downloaded, oldest first, before the provider deletes it
 *     settle    take, scene, ledger, totals and the finished job, in one transaction
 *     find      a call that may have arrived is looked for in the provider's own list before
 *               anything is sent again; when that cannot be done a person decides
 *
 * A job that was called off tells the provider first, and ends when the provider says how it ended:
 * what was finished all the same is kept.
 */

#include "flow/spend.h"

/*
 * Queue a take of a remote model. As job_enqueue(), and BUDGET or AUTH when it may not be bought:
 * then nothing is written. One whose call is still open goes on where it was.
 */
enum err paid_enqueue(const struct flow *f, struct task *t, const struct board *b,
                      const struct artifact *art, bool again);

/* AUTH when whoever makes this kind of thing by that model is a service that no key is there
 * for. */
enum err paid_check_access(const struct flow *f, struct task *t, int kind, const struct model *m);

/* One arrow of a claimed job that has a spend. On failure the fault is in t and the job is still
 * claimed: the worker gives it up, which for these is trying later. */
struct work;
enum err paid_step(struct work *w, struct task *t);

/* At start-up: wake the jobs of all open spends, whatever their projects are doing. */
enum err paid_recover(const struct flow *f, struct task *t);

/* CONFLICT while a call of the project may still be charged. */
enum err paid_check_closed(const struct flow *f, struct task *t, const char *project_id);

/*
 * The provider has sent word of an open call: the job that waits for it looks now. `ticket` ("" for
 * none) is what a call in doubt is called there, or one that was taken for lost: that is not sent
 * again before it was looked for. CONFLICT: read the call again.
 */
enum err paid_hint(const struct flow *f, struct task *t, const struct spend *s,
                   const char *ticket);

/* What a person makes of a held call. */
enum paid_decision {
    DECIDE_WAIT = 1,  /* look for it once more */
    DECIDE_TRY_AGAIN, /* count it as lost and buy it again, budget permitting */
    DECIDE_FORGET,    /* count it as lost; the scene stays as it is */
};
extern const char *const paid_decision_names[]; /* "", "wait", "try-again", "forget" */

/* `spend` is its id or the beginning of it. CONFLICT when it is not held. Words that were asked for
 * by hand are not bought by this: once decided, they may be asked for again. */
enum err paid_decide(const struct flow *f, struct task *t, const char *project_id,
                     const char *spend, enum paid_decision decision);
