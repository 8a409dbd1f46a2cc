#pragma once

/*
 * Where records, media and wake-ups are kept, as the environment says. Everything not set is in the
 * data folder.
 *
 *     STORYREEL_BLOBS      s3://BUCKET or s3://BUCKET/PREFIX: media in an S3 bucket. Credentials,
 *                          region and endpoint are looked for as AWS's own tools do
 *     STORYREEL_S3_STYLE   "path" or "host": whether the bucket stands in an address's path or in
 *                          its host's name; "path" when an endpoint is set
 *     STORYREEL_CACHE_MB   how much fetched media is kept on this machine; 2048
 */

#include "flow/flow.h"
#include "net/aws_account.h"

/* What the drivers stand on; closed after them. */
struct backends {
    struct aws_account *account; /* NULL when nothing is at AWS */
};

/*
 * Opens flow->store, ->queue and ->blobs. What was opened before a failure is left there for the
 * caller to close.
 */
enum err backends_open(struct task *t, const char *data_folder, const struct net *net,
                       struct backends *b, struct flow *flow);
void backends_close(struct backends *b);
