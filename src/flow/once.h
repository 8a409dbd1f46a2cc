#pragma once

/*
 * What is asked for twice is done once. A request that makes something may carry a key of the
 * client's own choosing (Idempotency-Key); its first arrival reserves an id, the operation makes
 * the thing under that id, and the answer is kept. The same request under the same key gets the
 * same answer, also after a restart; a crash between the making and the answer is healed by doing
 * the operation again under the reserved id, which every operation of flow/ finds done.
 *
 *     once      ONCE#sha256(key)   ANSWER   index: ONCE, createdAt
 */

#include "store/store.h"

enum { ONCE_KEY_BYTES_MAX = 200 };

struct once {
    const char *key_hash; /* SHA-256 of the key, in hex */
    const char *id;       /* a ULID: what operations take as `once` */
    bool answered;        /* replay `status` and `body`; body "" was too large: read it again */
    int64_t status;
    const char *body;
    int64_t version;
};

/*
 * Begin, or find begun, what `key` asks for. `request_hash` tells requests apart: method, path and
 * body.
 *
 * Errors  INVALID a key that is not 1..ONCE_KEY_BYTES_MAX printable ASCII characters; IMPOSSIBLE
 *         the key was used for another request
 */
enum err once_begin(struct store *s, struct task *t, const char *key, const char *request_hash,
                    struct once *out);

/*
 * Keep the answer. A body past what a record holds is kept as "". An answer that is there already
 * stays.
 */
enum err once_answer(struct store *s, struct task *t, const struct once *o, int64_t status,
                     const char *body);

/* The request was refused, so nothing was made: the key is free again. */
enum err once_forget(struct store *s, struct task *t, const struct once *o);

/* At start-up: forget keys first seen longer ago than that. */
enum err once_sweep(struct store *s, struct task *t, int64_t older_than_us);
