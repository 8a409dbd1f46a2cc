#pragma once

/* One paid call in a worker's hands: what paid.c and paid_find.c share. */

#include "flow/paid.h"
#include "flow/step.h"

struct call {
    struct work *work;
    const struct flow *flow;
    struct claimed_job *claimed;
    const struct video_remote *remote;
    const struct services *services; /* with our own ears; NULL without any */
    struct service_ears ears;        /* what was said in this turn */
    struct model model; /* whose call it is, whatever the project names today */
    struct spend spend;
    bool called_off; /* it is to end */

    /* For the rows that end it; see call_end(). */
    enum spend_state ending;
    const char *why;
};

/* between looks at first unless the flow says otherwise, */
#define PAID_LOOK_US    (5 * SECOND_US)
#define PAID_LOOK_MAX_US (30 * SECOND_US) /* and when it takes long */
#define PAID_SEND_US    (5 * SECOND_US)  /* from the intent to the first byte */
#define PAID_MARGIN_US  (25 * SECOND_US) /* behind the longest send of a living process */
#define PAID_WINDOW_US  (60 * SECOND_US) /* of a row that does not say when it is over */
#define PAID_SETTLE_US  (120 * SECOND_US) /* more than three times what a list lags behind */
#define PAID_LISTINGS   3
#define PAID_BLIND_US   (900 * SECOND_US)      /* without a list for so long, a person decides */
#define PAID_AGAIN_US   (300 * SECOND_US)      /* the longest pause before a turn is tried again */
#define PAID_GIVE_UP_US (3 * 3600 * SECOND_US) /* longer than any run; and so long without a word */
/* when a machine that keeps a clip is not waited for */
#define PAID_KEPT_US    (24 * 3600 * SECOND_US)
enum {
    PAID_ATTEMPTS = 3,
    PAID_SENDS = 30,
    PAID_SENDS_BEFORE_FALLBACK = 3,
    PAID_FETCHES = 3,
    PAID_LOOKS = 8, /* in a row, at what came */
    PAID_TRIES = 64
};

int64_t call_now(const struct task *t);
int64_t call_look_us(const struct call *c); /* between looks at first */
struct video_order call_order(const struct call *c, struct task *t);
struct spend_wish call_wish(const struct board *b, const struct artifact *art, int64_t attempt);

/* ---- writing (paid_call.c): each one commit ---- */

/* Parked until then at this step, with these rows (NULL for none). */
enum err call_park(struct call *c, struct task *t, const char *step, int64_t due_us,
                   const struct spend_rows *rows);

/* The row changes and the job stays ours. */
enum err call_note(struct call *c, struct task *t, const char *step,
                   const struct spend_rows *rows);

/* What was said in this turn goes with these rows. */
void call_hear(const struct call *c, struct task *t, struct spend_rows *rows);

/* CONFLICT unless job and spend are still as this call knows them (leases aside). */
enum err call_look(struct call *c, struct task *t);

/* The spend ends, and the job with t->fault. */
enum err call_end(struct call *c, struct task *t, enum spend_state state, const char *why);

/* Would another model film it if this call ended without a clip? The project says which may. */
bool call_may_fall_back(const struct call *c, const struct task *t);

/* The spend ends without a clip and the job buys again in its next turn, */
enum err call_retire(struct call *c, struct task *t, enum spend_state state, const char *why);

/* which is this: another attempt is reserved, or the job fails of the budget. */
enum err call_again(struct call *c, struct task *t);

/* Bought twice after all: this one is cancelled, and the ledger says what it cost. */
enum err call_waste_twin(struct call *c, struct task *t, const char *ticket);

/* The product's records, the finished job and the end of the spend. */
enum err call_publish(struct call *c, struct task *t, const struct product *p,
                      enum spend_state ending, const char *why);
enum err call_also_close(struct work *w, struct task *t, struct item_write *writes,
                         size_t *count);

/* ---- turns ---- */

enum err call_send(struct call *c, struct task *t);  /* reserved */
enum err call_find(struct call *c, struct task *t);  /* it may have arrived */
enum err call_poll(struct call *c, struct task *t);  /* bound */
enum err call_fetch(struct call *c, struct task *t); /* there is something to fetch */
enum err call_tell_provider(struct call *c, struct task *t);
enum err call_end_off(struct call *c, struct task *t); /* called off, and nothing is out */

/* It cannot be told what became of it, by the words of t->fault: a person decides, */
enum err call_hold(struct call *c, struct task *t);

/* which is so when nobody could look for so long. */
bool call_is_blind(const struct call *c, const struct task *t);

/* What was learned of a sent call; kept even when the job was taken from us meanwhile. */
enum err call_bind(struct call *c, struct task *t, const char *ticket);
enum err call_unsend(struct call *c, struct task *t, int64_t again_us);
