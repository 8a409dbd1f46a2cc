#pragma once

/*
 * The store on DynamoDB, and the table it needs. What an item looks like is in dynamo.h.
 *
 * Table    PK and SK (texts), billed by request, with point-in-time recovery; its index
 *          "status-createdAt" over GSI1PK and GSI1SK holds whole items; "_expires" is its time to
 *          live
 * Errors   as store.h; AUTH the credentials are wrong, FORBIDDEN they may not do it, RATE throttled
 *          for longer than is worth waiting
 */

#include "net/aws_account.h"
#include "net/aws_findings.h"
#include "store/store.h"

/*
 * One record is read, so that a wrong name, region or key is told at once: UNAVAILABLE names the
 * missing table and what makes it. `account` is borrowed for as long as the store lives.
 */
enum err store_dynamo_open(struct task *t, struct aws_account *account, const char *table,
                           struct store **out);

/* Make what is missing and wait for it, or only look (`change` false). Not being fine is no
 * error. */
enum err store_dynamo_table(struct task *t, struct aws_account *account, const char *table,
                            bool change, struct aws_findings *out);
