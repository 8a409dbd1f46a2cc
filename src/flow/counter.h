#pragma once

/*
 * Paid calls that are answered while one waits: plans by language models, reference pictures. They
 * go over the counter: the price is reserved and the intent written in one commit, then the service
 * is asked, then what came of it is written.
 *
 *     intent -> settled    answered, and what came is kept
 *           +-> released   refused before anything was made
 *           +-> wasted     paid for, or maybe, and nothing was got for it
 *           +-> held       the same, where it would be asked again unasked: once that is done, when
 *                          it costs COUNTER_REPEAT_MICROS at most as a rule; then a person decides
 *                          (paid_decide())
 *
 * No provider lists such calls, so one whose answer was lost cannot be found: it counts as spent,
 * and asking again, where that is cheap enough, is a second row. What costs nothing makes no row.
 *
 * The task's deadline stands still while a counter is open: what is being paid for is waited for as
 * long as its service may take, kept, and written down. Whoever opened one closes it.
 */

#include "flow/spend.h"

#define COUNTER_REPEAT_MICROS (USD_MICROS / 20)

struct counter {
    const struct flow *flow;
    struct spend spend;
    bool free, holds, made, unmade;
    int lost; /* earlier calls for the same work */
    int64_t cost; /* millionths, as answers say; -1: as reserved */
    const char *why; /* of one that was answered, where there is something to say; NULL */
    /* what was heard meanwhile is kept with the row; NULL: nothing */
    const struct service_ears *ears;
    int64_t deadline_us, opened_us; /* the task's own, and since when it stands still */
};

/*
 * `holds` says that the work may be asked for again unasked. BUDGET as spend_reserve(); RECONCILE
 * while an earlier call of the same job is held, where it holds; UNAVAILABLE while one is being
 * answered. Behind an open counter there is no twin: what one before may have kept is looked for
 * there once more.
 */
enum err counter_open(const struct flow *f, struct task *t, const struct spend_wish *wish,
                      bool holds, struct counter *out);

/* What it cost in the end, where that is known: the row is closed at it. Below 0: as reserved. */
void counter_cost(struct counter *c, double usd);

/* The service has made something, or may have: whatever goes wrong from now on does not make it
 * free. Until then a refusal is taken for one of the service. */
void counter_made(struct counter *c);

/* What the service calls it ("": nothing), so that what is paid for can be asked for again. Written
 * down at once, as far as that can be done. */
void counter_ticket(struct counter *c, struct task *t, const char *ticket);

/* Surely nothing was made, whatever error says so, or none: the row is released. */
void counter_unmade(struct counter *c);

/* `came` is how the call ended, with its fault in t; given back, or RECONCILE when it is held now,
 * or what writing it down failed with. */
enum err counter_close(struct counter *c, struct task *t, enum err came);

/* The end of one whose process is gone; for any other spend nothing is done. */
enum err counter_recover(const struct flow *f, struct task *t, const struct spend *s);

/* The project of what belongs to none: the library's pictures. It has no cap but the day's. */
extern const struct project counter_library;
