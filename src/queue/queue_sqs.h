#pragma once

/*
 * The queue on Amazon SQS: the list of messages is a small DynamoDB table, NAME-queue, and SQS
 * carries the bells that say it is to be looked at: NAME-light, NAME-cpu, NAME-wait, NAME-dead.
 * Shared by any number of processes.
 *
 * Name     1..60 letters, digits, '-' and '_'
 * Errors   as queue.h; AUTH the credentials are wrong, FORBIDDEN they may not do it, RATE throttled
 *          for longer than is worth waiting. SQS being away is no error: then the list is looked at
 *          more often
 */

#include "net/aws_account.h"
#include "net/aws_findings.h"
#include "queue/queue.h"

/*
 * The table and the queues are looked for, so that a wrong name, region or key is told at once:
 * UNAVAILABLE names what is missing and what makes it. A message of which 16 leases in a row lapsed
 * is set aside in the table until the sweep pushes it again. `account` is borrowed for as long as
 * the queue lives.
 */
enum err queue_sqs_open(struct task *t, struct aws_account *account, const char *name,
                        struct queue **out);

/* Make what is missing and set right what differs, or only look (`change` false). Not being fine is
 * no error. */
enum err queue_sqs_see_to(struct task *t, struct aws_account *account, const char *name,
                          bool change, struct aws_findings *out);
