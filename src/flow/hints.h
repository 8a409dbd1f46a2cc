#pragma once

/*
 * Word from providers that a paid call has moved on, when they know an address of ours to send it
 * to. Without it they are asked, which they are with it too: a hint wakes the job that waits, and
 * what became of the call is read from the provider as ever. A hint of a call that was in doubt
 * says what it is called there, which is looked at before the provider's list.
 *
 * A hint has to be signed with the account's own key (net/webhook.h), which is fetched from the
 * provider when the first one comes and again, once a minute at most, when one does not fit; while
 * it cannot be had, every ten seconds at most. What comes twice counts once.
 *
 * Threads  any
 */

#include "flow/flow.h"
#include "net/webhook.h"

struct hints;

/*
 * public_url  where the world reaches this server: "https://films.example"; this machine's own
 *             names may be spoken to by http, for tests
 * Errors      INVALID any other
 */
enum err hints_open(struct task *t, const char *public_url, struct hints **out);
void hints_close(struct hints *h); /* NULL is fine */

/* The name in the address: others will call us by it. */
const char *hints_host(const struct hints *h);

/* Where word of the call with this token goes; "" when `h` is NULL. */
const char *hints_address(const struct hints *h, struct task *t, const char *token);

struct hint {
    const char *token; /* of the address it came to */
    struct webhook_message message;
    const char *signatures;
    const char *ticket; /* what the provider calls the run; "" when it does not say */
};

/*
 * OK also when it is of no call that is open. NOT_FOUND when no hints are taken; FORBIDDEN as
 * webhook_check(); UNAVAILABLE when the key cannot be had now.
 */
enum err hint_take(const struct flow *f, struct task *t, const struct hint *hint);
