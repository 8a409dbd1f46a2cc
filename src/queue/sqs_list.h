#pragma once

/*
 * The list of messages behind the doorbells: a small table of DynamoDB of its own. Inside the room
 * only.
 *
 *     lane, job        the keys: "cpu" and the message's key
 *     due              when it may be claimed, in 19 digits, "#", and the order of pushing: the
 *                      sort key of the local index "due". Of what was set aside "dead#..."
 *     receipt          of the lease; 0 while it waits
 *     again            pushed while leased: due then
 *     deliveries, lapses, worker
 *     stamp            another for every write: what a change names to say which state it was
 *                      made of
 *     _expires         seconds; forgotten a month after it was due (time to live)
 *
 * A local index, unlike a global one, can be read as it is now, and not only as it was a moment
 * ago.
 */

#include "net/aws_findings.h"
#include "net/dynamo.h"
#include "queue/queue.h"

#define SQS_LIST_INDEX "due"

struct sqs_entry {
    const char *key, *worker;
    int64_t     order;
    int64_t     visible_us;           /* as in queue_memory.c */
    int64_t     again_us;             /* INT64_MAX for none */
    int64_t     receipt, deliveries, lapses;
    bool        dead;
    int64_t     stamp;                /* 0: it is not there */
};

struct sqs_list {
    struct dynamo dynamo;
};

/* The table NAME-queue. sqs_list_done() also after a failure. */
enum err sqs_list_open(struct task *t, struct aws_account *account, const char *name,
                       struct sqs_list *out);
void sqs_list_done(struct sqs_list *l);

/* stamp 0 and the key when there is none. */
enum err sqs_list_get(struct sqs_list *l, struct task *t, enum queue_lane lane, const char *key,
                      struct sqs_entry *out);

/*
 * Write `now` (NULL: delete it) in the place of `old`, whose stamp 0 says that there was none;
 * *out_done is false, and nothing changed, when that is not what is there. now->stamp is new.
 */
enum err sqs_list_swap(struct sqs_list *l, struct task *t, enum queue_lane lane,
                       const struct sqs_entry *old, const struct sqs_entry *now, bool *out_done);

/* The first of a lane in due order, at most `max`, without what was set aside. */
enum err sqs_list_first(struct sqs_list *l, struct task *t, enum queue_lane lane, size_t max,
                        struct sqs_entry *out, size_t *out_count);

/* All of a lane counted: reads them all. */
enum err sqs_list_stats(struct sqs_list *l, struct task *t, enum queue_lane lane, int64_t now_us,
                        struct queue_stats *out);

/* The table made, or looked at. */
enum err sqs_list_see_to(struct task *t, struct aws_account *account, const char *name, bool change,
                         struct aws_findings *out);
