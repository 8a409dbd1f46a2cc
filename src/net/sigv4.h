#pragma once

/*
 * AWS Signature Version 4: that a request comes from someone who has the key, and is as it was
 * signed. Two forms: a header for requests we send, and a query for addresses we hand out
 * ("presigned": whoever has the address may make this one request until it expires).
 *
 * Texts go in raw and come out as they have to be sent: percent-encoded once and sorted. Send
 * `target` as it is; what is sent otherwise than it was signed is refused.
 *
 * Pure but for the arena; the key's text is wiped from the stack and never in the arena. A session
 * token is part of a presigned address, and reaches the arena only there.
 * Source  "Signature Version 4 signing process", AWS General Reference
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "net/secret.h"

struct sigv4_pair {
    const char *name, *value;
};

struct sigv4_request {
    const char *method;
    const char *path;               /* from the slash on */
    const struct sigv4_pair *query; /* in any order */
    size_t query_count;
    /* All that are to be signed, "host" among them with its port when that is not the scheme's own;
     * nothing a proxy may change. Same names are joined. */
    const struct sigv4_pair *headers;
    size_t header_count;
    const char *payload; /* SHA-256 of the body in hex, or SIGV4_UNSIGNED */
    /* "." and ".." and "//" are taken out of the path first, as every service but S3 does */
    bool squash_path;
};

#define SIGV4_UNSIGNED "UNSIGNED-PAYLOAD"
#define SIGV4_EMPTY    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

enum { SIGV4_EXPIRES_MAX_S = 7 * 24 * 3600 };

struct sigv4_signer {
    const char *key_id;
    const struct secret *key;
    const struct secret *token; /* of temporary credentials; NULL for none */
    const char *region, *service;
    int64_t wall_us; /* when it is signed */
};

struct sigv4_signed {
    const char *target;        /* path and query */
    const char *date;          /* of the header x-amz-date */
    const char *authorization; /* of the header Authorization */
};

/*
 * To be sent: `target`, the request's headers, x-amz-date, Authorization, and x-amz-security-token
 * when the signer has a token.
 */
struct sigv4_signed sigv4_sign(struct arena *a, const struct sigv4_signer *s,
                               const struct sigv4_request *r);

/*
 * The target of a presigned address, good from wall_us on for 1..SIGV4_EXPIRES_MAX_S seconds and
 * for this method alone. The caller's headers have to be sent exactly so by whoever uses it.
 */
const char *sigv4_presign(struct arena *a, const struct sigv4_signer *s,
                          const struct sigv4_request *r, int expires_s);

/* Percent-encoded but for A-Z a-z 0-9 - _ . ~, and '/' when `is_path`. */
char *sigv4_encode(struct arena *a, const char *text, bool is_path);
