#pragma once

/*
 * Messages signed in the manner of Standard Webhooks: those we send and those we are sent. What is
 * signed is "id.timestamp.body", over the body's bytes as they travel.
 *
 * Source  standardwebhooks.com, specification 1.0
 */

#include "base/file.h"
#include "base/task.h"

enum { WEBHOOK_KEY_BYTES_MAX = 96, WEBHOOK_WINDOW_S = 300 };

struct webhook_message {
    const char *id;
    int64_t timestamp_s; /* when it was sent, in unix seconds */
    struct bytes body;
};

/* The bytes of "whsec_BASE64". INVALID one that is not. */
enum err webhook_key(struct task *t, const char *secret, struct bytes *out);

/* "v1,BASE64" */
const char *webhook_sign(struct task *t, struct bytes key, const struct webhook_message *m);

/*
 * `signatures` is the header: some of them, with spaces between; one that fits is enough. FORBIDDEN
 * when none does, or when it was sent more than WEBHOOK_WINDOW_S from now: somebody may have kept
 * it to say it again.
 */
enum err webhook_check(struct task *t, struct bytes key, const struct webhook_message *m,
                       const char *signatures);
