#pragma once

/*
 * What was paid for: one row a paid attempt, and the totals its budget is kept by.
 *
 *     spend    PROJECT#id              LEDGER#ulid   index while open: "SPEND", createdAt
 *     budget   PROJECT#id              BUDGET        of the project
 *     budget   DAY#2031-05-01          BUDGET        of all projects on that day (UTC)
 *     heard    PROJECT#id              HEARD#ulid#1-sent   what the service said; see below
 *     remote   REMOTE#provider#ticket  SPEND         whose a provider's ticket is; never removed
 *     input    INPUT#hash              OPEN          held while a call of that input is open
 *
 * Money is counted in millionths of a dollar, so that sums are exact.
 */

#include "store/records.h"

#define USD_MICROS 1000000 /* a dollar */


int64_t micros_of_usd(double usd); /* rounded up: an estimate is never too low; -1 for unknown */
double usd_of_micros(int64_t micros);

enum spend_state {
    SPEND_NOT_SET,
    SPEND_RESERVED,  /* counted against the budgets; nothing was sent */
    SPEND_INTENT,    /* being sent, or it was when the process died */
    SPEND_BOUND,     /* the provider has it: remote_id */
    SPEND_AMBIGUOUS, /* it may have arrived: it is looked for */
    SPEND_HELD,      /* cannot be told: counts as spent until a person decides */
    SPEND_SETTLED,   /* paid for, and the result is kept */
    SPEND_RELEASED,  /* nothing was paid */
    SPEND_WASTED,    /* paid for, or maybe, and nothing was got for it */
};
extern const char *const spend_state_names[];

struct spend {
    const char *spend_id, *project_id;
    const char *kind; /* of the job it pays: "take" */
    int64_t sequence;
    const char *job_hash;
    const char *provider, *model;
    int64_t attempt; /* of the job, from 1 */
    int64_t micros;  /* reserved; what it cost, once an answer says so; -1 unknown */
    /* as it was reserved, the most it could cost; -1 unknown, or older than this */
    int64_t reserved_micros;
    int64_t usual_micros;    /* what its like costs as a rule, where that is less; -1 the same */
    const char *day; /* whose budget it counts on: "2031-05-01" */
    int state;       /* enum spend_state */

    /* The call, from SPEND_INTENT on. */
    const char *token; /* 128 random bits of this one call */
    int64_t seed;
    const char *request;      /* canonical JSON of what is asked for, pictures left out */
    const char *request_hash; /* of the request and its pictures: whose lock is held */
    int64_t intent_us;        /* wall time, as all of these */
    int64_t sent_by_us;       /* by then whoever sends it knows; 0: a minute after the intent */
    const char *boot;         /* the process that sent it */
    int64_t epoch;            /* of the job's claim */
    int64_t sends;            /* how often it was sent; only one can have arrived */

    /* Looking for it. */
    const char *hint;    /* what the provider called it in a message of its own; "" for none */
    int64_t orphaned_us; /* written once, never moved */
    int64_t listed_us;   /* the provider's clock at its first complete listing; written once */
    int64_t listings;    /* complete ones without a match */

    /* What the provider made of it. */
    const char *remote_id;
    int64_t bound_us;
    bool cancel_sent;
    int64_t trouble_us;  /* since when no answer was had to a question about it; 0: it was */
    const char *output;  /* address of the result; "" while there is none */
    int64_t finished_us; /* there, as far as known: orders the downloads */
    int64_t output_by_us; /* when the result is gone */
    int64_t fetches;     /* downloads that did not give a clip */
    const char *on_machine; /* what was downloaded while the media store was away, as clip_info in
                             * JSON: a machine has it and sends it later; "" for nothing */
    int64_t on_machine_us;  /* since when */
    const char *why;     /* of an end that was not the wish, in words */
    const char *kept;    /* blob of what came and is of no use; "" for none */
    const char *created_at, *closed_at;
    int64_t version;   /* not in the document */
    const char *newer; /* members of a newer program; see fields_decode_record() */
};
extern const struct field spend_fields[];

/* Not yet settled, released or wasted. */
bool spend_is_open(const struct spend *s);

/* May the provider still charge, or have charged, for it without our knowing the end? */
bool spend_is_out(const struct spend *s);

/*
 * What the service really said to a call: the answers of one turn of it, kept beside its row for
 * the day on which somebody has to know. See net/service.h for what of them is kept.
 */
enum heard_at { HEARD_SENT = 1, HEARD_FOUND, HEARD_ENDED, HEARD_FETCHED, HEARD_AT_COUNT };
extern const char *const heard_names[]; /* "sent", "found", "ended", "fetched" */

struct said {
    const char *call, *body;
    int64_t status, bytes;
};
struct hearing {
    const char *at, *turn;
    struct said *answers;
    size_t answer_count;
};
extern const struct field hearing_fields[];

/* Replaces what was said in an earlier turn of the kind. */
struct item_write hearing_write(struct task *t, const struct spend *s, enum heard_at turn,
                                const struct hearing *h);

/* Of one call, the oldest turn first. */
enum err hearings_load(struct store *s, struct task *t, const char *project_id,
                       const char *spend_id, struct hearing **out, size_t *out_count);

struct budget {
    int64_t held;  /* of open spends */
    int64_t spent; /* of settled and wasted ones */
    int64_t version;
    const char *newer;
};

enum err spend_load(struct store *s, struct task *t, const char *project_id, const char *spend_id,
                    struct spend *out);

/* The one whose id begins so; NOT_FOUND when none does, or more than one. */
enum err spend_find(struct store *s, struct task *t, const char *project_id, const char *name,
                    struct spend *out);

/* Of one project, oldest first. */
enum err spends_load(struct store *s, struct task *t, const char *project_id, struct spend **out,
                     size_t *out_count);

/* All that are open, in all projects, oldest first. */
enum err spends_open(struct store *s, struct task *t, struct spend **out, size_t *out_count);

/* Zero where nothing was reserved yet. */
enum err budget_of_project(struct store *s, struct task *t, const char *project_id,
                           struct budget *out);
enum err budget_of_day(struct store *s, struct task *t, const char *day, struct budget *out);

struct item_write spend_write(struct task *t, const struct spend *s);
struct item_write budget_of_project_write(struct task *t, const char *project_id,
                                          const struct budget *b);
struct item_write budget_of_day_write(struct task *t, const char *day, const struct budget *b);

/* Rows that exist or do not: creating one that exists is CONFLICT. */
struct item_write remote_create(struct task *t, const struct spend *s);
struct item_write input_lock(struct task *t, const struct spend *s);
struct item_write input_unlock(struct task *t, const struct spend *s);

/* Whose ticket or open input it is: the spend's id; NOT_FOUND when nobody's. */
enum err remote_owner(struct store *s, struct task *t, const char *provider, const char *ticket,
                      const char **out_spend_id);
enum err input_owner(struct store *s, struct task *t, const char *request_hash,
                     const char **out_spend_id);
