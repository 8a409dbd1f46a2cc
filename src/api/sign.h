#pragma once

/*
 * URLs that carry their own permission: PATH?e=EXPIRY&s=SIGNATURE.
 *
 * The signature is HMAC-SHA256 over length-prefixed version, method, object and expiry, so that no
 * two lists of parts read alike; base64url, compared in constant time. A URL stays the same until
 * half of its life is over, so that browsers and proxies can keep what it named.
 *
 * Threads  any; pure
 */

#include "base/task.h"

enum {
    SIGN_KEY_BYTES = 32,
    SIGN_TEXT_MIN = 32,
    SIGN_SKEW_S = 60,
    URL_SECONDS = 15 * 60,
    URL_SECONDS_MAX = 7 * 86400
};

struct signer {
    unsigned char key[SIGN_KEY_BYTES];
    int64_t url_seconds;
};

/* Where the key comes from: servers whose links are to be good at each other are given one text. */
struct signer_source {
    /* at least SIGN_TEXT_MIN bytes; the key is made from it. NULL or "": not given */
    const char *text;
    /* else FOLDER/signing-key (mode 0600, made when missing); "": one for this run */
    const char *folder;
};

/* INVALID a text that is too short to be a secret. */
enum err signer_open(struct task *t, const struct signer_source *source, int64_t url_seconds,
                     struct signer *out);

/* "/media/KEY?e=...&s=..."; "" for the key "". In the arena. */
const char *signer_url(const struct signer *s, struct task *t, const char *blob_key);

/* The same for any path of ours, an event stream's. */
const char *signer_path_url(const struct signer *s, struct task *t, const char *path);

/* Grows when the URLs made change: part of what a cached reply depends on. */
int64_t signer_epoch(const struct signer *s, int64_t wall_us);

/* FORBIDDEN unless `expiry` and `signature` (as in the query; NULL when missing) are ours and
 * live. */
enum err signer_check(const struct signer *s, struct task *t, const char *path, const char *expiry,
                      const char *signature);

/*
 * A text signed for ourselves alone, valid until `expiry_s` of the wall clock: what a session
 * cookie holds. In the arena.
 */
const char *signer_seal(const struct signer *s, struct task *t, const char *purpose,
                        int64_t expiry_s);
bool signer_opens(const struct signer *s, struct task *t, const char *purpose, const char *sealed);
