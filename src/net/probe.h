#pragma once

/* Does a service answer, with the key that is set? Asked by a GET that costs nothing. */

#include "net/service.h"

/* Errors: AUTH not configured, or the key is not accepted; CREDIT; and those of
 * service_refusal(). */
enum err service_probe(const struct services *all, struct task *t, enum service_id id);

/* Does it have that model still? NOT_FOUND when it has not; OK also where that cannot be asked. */
enum err service_probe_model(const struct services *all, struct task *t, enum service_id id,
                             const char *remote);
