#pragma once

/*
 * Replicate's predictions: made, looked at, listed, cancelled; files for them, and what they put
 * out. For drivers of every kind of model there.
 *
 * A call may be repeated unless it says otherwise; each takes 15 s at most. Errors are those of
 * service_refusal() with Replicate's own words.
 *
 * Source  api.replicate.com/openapi.json 1.0.0-a1; replicate.com/docs, as of 2026-11
 */

#include "net/service.h"

enum replicate_state { REPLICATE_RUNNING = 1, REPLICATE_SUCCEEDED, REPLICATE_FAILED,
                       REPLICATE_CANCELED, REPLICATE_ABORTED };

struct replicate_run {
    const char *id;
    enum replicate_state state; /* running, too, for words that are not known yet */
    const char *output;         /* the first address of what came out; "" for none */
    bool removed;               /* what came out was deleted */
    const char *error;          /* failed: its words */
    int64_t created_us, completed_us; /* wall time there; 0 unknown */
};

struct replicate_order {
    const char *model; /* "owner/name", "owner/name:version" */
    json_t *input;
    const char *webhook;    /* https; "" for none */
    int64_t cancel_after_s; /* it ends itself then; 0: in half an hour */
};

/*
 * Sent once: not to be repeated unless the outcome is NET_NOT_CREATED. OK with NET_CREATED and
 * *out_id; whatever else it was, t->fault says why, with the wait asked for in fault.wait_us.
 */
enum err replicate_create(const struct services *all, struct task *t,
                          const struct replicate_order *order, enum net_outcome *outcome,
                          const char **out_id);

enum err replicate_look(const struct services *all, struct task *t, const char *id,
                        struct replicate_run *out);

/* OK also for one that has ended. */
enum err replicate_cancel(const struct services *all, struct task *t, const char *id);

struct replicate_wanted {
    const char *model; /* as in an order */
    json_t *input;     /* every member of it is in the run's input, equal */
    const char *token; /* or its webhook holds this */
    int64_t since_us;  /* created after */
};

/* Runs that are what is wanted, earliest first; OK only when every page was read. *out_clock_us is
 * the time there. */
enum err replicate_find(const struct services *all, struct task *t,
                        const struct replicate_wanted *wanted, struct replicate_run **out,
                        size_t *out_count, int64_t *out_clock_us);

/* What the account's messages are signed with: "whsec_...". */
enum err replicate_webhook_secret(const struct services *all, struct task *t, const char **out);

/* Could this be the id of a run? Ids become parts of addresses and of keys of records. */
bool replicate_is_id(const char *id);

/* A picture as the value of an input: inline when it is small, else uploaded. */
enum err replicate_picture(const struct services *all, struct task *t, int file,
                           const char **out_uri);

/* Any file as the value of an input: uploaded, under an address of its own. LIMIT past 99 MB. */
enum err replicate_upload(const struct services *all, struct task *t, int file, const char *type,
                          const char **out_uri);

/* What a run put out, into `out`. NOT_FOUND or EXPIRED when it is not there any more. */
enum err replicate_fetch(const struct services *all, struct task *t, const char *url,
                         int64_t bytes_max, int out);

/* What a failed run's words mean: REFUSED its content, IMPOSSIBLE its input, UPSTREAM may work
 * again. Pure. */
enum err replicate_error_class(const char *words);
