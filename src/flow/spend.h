#pragma once

/*
 * Money: what may be spent, and what became of each paid call.
 *
 *     reserved -> intent -> bound -> settled           paid, and the result is kept
 *        |          |         +----> wasted            paid, and nothing was got for it
 *        |          |         +----> released          the provider gave up; nothing was paid
 *        |          +-> reserved                       it surely did not arrive: free to be sent
 *        |          +-> ambiguous -> bound | reserved  it may have arrived: looked for, see paid.c
 *        |                    +----> held              cannot be told: a person decides
 *        +-> ambiguous                                 the provider says that it did all the same
 *        +-> released                                  not needed after all
 *
 * A budget is kept by reservation: the price goes into the totals of the project and of the day in
 * the transaction that queues the job, change-if-version, so that any number of callers together
 * stay within the caps. Functions here make rows for such transactions; whoever writes them reads
 * again on CONFLICT. Only paid_send.c lets a call out, and it wants an intent that is durable.
 */

#include "flow/flow.h"
#include "store/ledger.h"

enum { SPEND_ROWS_MAX = 6 };

struct spend_rows {
    struct item_write rows[SPEND_ROWS_MAX];
    size_t count;
};

struct spend_wish {
    const struct project *project;
    const char *kind;
    int64_t sequence;
    const char *job_hash, *provider, *model;
    double usd;       /* the most it can cost; below 0: unknown */
    double usual_usd; /* what it costs as a rule, where that is less; 0: the same */
    int64_t attempt;
};

/* BUDGET when the project's or the day's cap does not cover it; an unknown price is over any
 * cap. */
enum err spend_reserve(const struct flow *f, struct task *t, const struct spend_wish *wish,
                       struct spend *out, struct spend_rows *rows);

/* The same for a call that is answered while one waits: reserved and being sent in one write, with
 * no lock on its input, because there is no list to look for it in. */
enum err spend_ask(const struct flow *f, struct task *t, const struct spend_wish *wish,
                   struct spend *out, struct spend_rows *rows);

/* What may still be spent on a project now: the lesser of both caps' rest; below 0: no cap. */
enum err spend_left(const struct flow *f, struct task *t, const struct project *p, double *out_usd);

/* BUDGET when `usd` (below 0: unknown) is more than is left. */
enum err spend_check(const struct flow *f, struct task *t, const struct project *p, double usd);

/* What is about to be sent. A new token is drawn; the lock on its input is taken. */
struct spend_call {
    const char *request, *request_hash;
    int64_t seed;
    int64_t epoch; /* of the claim that sends it */
    int64_t takes_us; /* from the intent until what became of it is known, at most */
};
enum err spend_intend(const struct flow *f, struct task *t, struct spend *s,
                      const struct spend_call *call, struct spend_rows *rows);

/* It surely did not arrive. */
void spend_unsend(struct task *t, struct spend *s, struct spend_rows *rows);

/* It may have arrived. */
void spend_doubt(struct task *t, struct spend *s, struct spend_rows *rows);

/* It surely did not arrive, and has all the same: it is looked for afresh, under the lock on its
 * input, which is CONFLICT on writing when another has it meanwhile. */
void spend_recall(struct task *t, struct spend *s, struct spend_rows *rows);

/* The provider has it, under this ticket; CONFLICT on writing when the ticket is another's. */
void spend_bind(struct task *t, struct spend *s, const char *ticket, struct spend_rows *rows);

/* Only noted: what was learned since. */
void spend_note(struct task *t, const struct spend *s, struct spend_rows *rows);

/* What its like costs as a rule, in millionths; below 0: unknown. */
int64_t spend_usual(const struct spend *s);

/* Settled, released, wasted, once: CONFLICT when it has ended before. `why` in words, or "". */
enum err spend_close(const struct flow *f, struct task *t, struct spend *s, enum spend_state state,
                     const char *why, struct spend_rows *rows);

/* The same at what it cost in the end, where the answer says so. */
enum err spend_close_at(const struct flow *f, struct task *t, struct spend *s,
                        enum spend_state state, int64_t micros, const char *why,
                        struct spend_rows *rows);

/* A second call of the same intent that arrived after all: paid for, and cancelled. */
enum err spend_waste_twin(const struct flow *f, struct task *t, const struct spend *s,
                          const char *ticket, struct spend_rows *rows);

/* What the service said in this turn of the call; nothing where nobody listened or nothing was
 * said. */
void spend_hear(struct task *t, const struct spend *s, enum heard_at turn,
                const struct service_ears *ears, struct spend_rows *rows);

/* What a project has cost so far, for reports. */
struct spend_total {
    int64_t spent, held; /* millionths */
};
enum err spend_total_of(const struct flow *f, struct task *t, const char *project_id,
                        struct spend_total *out);
