#pragma once

/*
 * Where records, media and wake-ups are kept, as the environment says. Everything not set is in the
 * data folder.
 *
 *     STORYREEL_STORE      dynamodb://TABLE: records in a DynamoDB table, which any number of
 *                          processes share. `storyreel store init` makes it
 *     STORYREEL_QUEUE      redis://[:PASSWORD@]HOST[:PORT][/DATABASE][?name=NAME]: wake-ups on a
 *                          Redis server; STORYREEL_REDIS_PASSWORD says the password unseen. Or
 *                          sqs://NAME: on Amazon SQS and in the DynamoDB table NAME-queue, which
 *                          `storyreel store init` makes
 *     STORYREEL_BLOBS      s3://BUCKET or s3://BUCKET/PREFIX: media in an S3 bucket. Credentials,
 *                          region and endpoint are looked for as AWS's own tools do
 *     STORYREEL_S3_STYLE   "path" or "host": whether the bucket stands in an address's path or in
 *                          its host's name; "path" when an endpoint is set or the bucket has
 *                          a dot in its name
 *     STORYREEL_CACHE_MB   how much fetched media is kept on this machine; 2048
 */

#include "flow/flow.h"
#include "net/aws_account.h"
#include "store/store_feed.h"

/* What the drivers stand on; closed after them. */
struct backends {
    struct aws_account *account; /* NULL when nothing is at AWS */
    struct store_feed *feed;     /* of a store that is shared; closed with it; else NULL */
};

/*
 * Opens flow->store, ->queue and ->blobs, and says in ->owns_store and ->remote what they are;
 * ->worker is set before. What was opened before a failure is left there for the
 * caller to close.
 */
enum err backends_open(struct task *t, const char *data_folder, const struct net *net,
                       struct backends *b, struct flow *flow);
/*
 * Records and media of a place by its address alone: "dynamodb://TABLE,s3://BUCKET", the path of a
 * data folder, made when missing, or a mixture with the folder for what is not named. Opens
 * flow->store and ->blobs; `folder` is for what drivers keep on this machine.
 */
enum err backends_open_place(struct task *t, const char *address, const char *folder,
                             const struct net *net, struct backends *b, struct flow *flow);
void backends_close(struct backends *b);
