#pragma once

/*
 * Who we are at AWS, or at servers that speak its protocols: credentials, region and endpoints, as
 * AWS's own tools find them.
 *
 * Credentials  the first of: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (AWS_SESSION_TOKEN); the
 *              profile of ~/.aws/credentials and ~/.aws/config (AWS_PROFILE, and
 *              AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE for other places); a web identity
 *              (AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, or the profile's); a container's
 *              endpoint (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI); the instance's
 *              metadata, version 2 (unless AWS_EC2_METADATA_DISABLED is true)
 * Refreshed    five minutes before they expire, by one thread while others use what is still good;
 *              those that do not say when are looked up again every quarter of an hour
 * Secret       key and token are in struct secret; where credentials come from may be told, what
 *              they are is not
 * Threads      any
 */

#include "net/net.h"

struct aws_account;

/* Reads nothing but the profile's region and endpoints. INVALID a file that is no such file. */
enum err aws_account_open(struct task *t, const struct net *net, struct aws_account **out);
void aws_account_close(struct aws_account *a); /* NULL is fine */

struct aws_keys {
    const char *id;
    const struct secret *key, *token; /* token: NULL for keys that do not expire */
    int64_t expires_us;               /* wall clock; INT64_MAX when they do not say */
    const char *source;               /* "the environment", "the profile default", ... */
};

/*
 * The credentials of now, held until aws_keys_done(). AUTH when there are none (the message says
 * where they were looked for), UPSTREAM or UNAVAILABLE when who gives them does not.
 */
enum err aws_account_keys(struct aws_account *a, struct task *t, const struct aws_keys **out);
void aws_keys_done(const struct aws_keys *k); /* NULL is fine */
static inline void aws_keys_scoped(const struct aws_keys **k) { aws_keys_done(*k); }

/* A service says that these have expired: the next who asks gets newly fetched ones. */
void aws_account_renew(struct aws_account *a, const struct aws_keys *expired);

/* AWS_REGION, AWS_DEFAULT_REGION or the profile's; "" when nothing says. Lives as long as `a`. */
const char *aws_account_region(const struct aws_account *a);

/* AWS_ENDPOINT_URL_S3 and so on, AWS_ENDPOINT_URL, or the profile's; "" for AWS itself.
 * In t->arena. */
const char *aws_account_endpoint(const struct aws_account *a, struct task *t, const char *service);

const struct net *aws_account_net(const struct aws_account *a);
