#pragma once

/*
 * Telling others: a project may name an address that is told when it is completed, when it fails,
 * and when one of its scenes does.
 *
 * News is a row in the transaction that makes it true, so none is lost and none is told that did
 * not happen. Workers tell what is due: a POST of JSON signed in the manner of Standard Webhooks,
 * and anything but a 2xx within 15 s is tried again with growing pauses, WEBHOOK_ATTEMPTS times in
 * two days. The id stays the same. Only public addresses are called (net/net.h); where to is read
 * from the project when it is told, so a corrected address helps what waits.
 *
 *     webhook   WEBHOOK#ulid   EVENT   index: WEBHOOK, when it is due
 *
 * Source  standardwebhooks.com, specification 1.0
 */

#include "flow/flow.h"

enum { WEBHOOK_ATTEMPTS = 9 };

/*
 * Rows for the transaction that brings a project to rest, or that gives a job up: writes at most
 * one to `out` and gives their number. 0 when nobody is to be told.
 */
size_t webhook_of_project(struct task *t, const struct project *p, struct item_write *out);
size_t webhook_of_job(const struct flow *f, struct task *t, const struct job *j,
                      struct item_write *out);

/*
 * Tell what is due, one after the other. *out_next_us is how long nothing is due (0 or less: there
 * is more; INT64_MAX: nothing waits). Receivers' failures are not errors; those of the store are.
 * Any number of callers may overlap: each piece of news is told by one.
 */
enum err webhooks_tell(const struct flow *f, struct task *t, int64_t *out_next_us);

/*
 * The secret receivers check signatures with: "whsec_..." as `given`, or else as kept in
 * FOLDER/webhook-secret (mode 0600, made when missing; "" makes one that is not kept). INVALID one
 * that is not "whsec_" and base64.
 */
enum err webhook_secret_open(struct task *t, const char *given, const char *folder,
                             const char **out);

/* "v1,BASE64" over "id.timestamp.body". INVALID the secret. */
enum err webhook_signature(struct task *t, const char *secret, const char *id, int64_t timestamp_s,
                           const char *body, const char **out);
