#pragma once

/*
 * Calls to Amazon SQS, and what its refusals mean. Inside the room only.
 *
 * Source   "Amazon SQS API reference", 2012-11-05, in its JSON protocol
 * Threads  any
 */

#include "net/aws_json.h"

struct sqs {
    struct aws *aws;
};

/* Calls nobody; `tries` as in aws_options. sqs_done() also after a failure. */
enum err sqs_open(struct task *t, struct aws_account *account, int tries, struct sqs *out);
void sqs_done(struct sqs *s);

/* Takes `request`. OK whenever there was an answer. */
enum err sqs_call(struct sqs *s, struct task *t, const char *operation, json_t *request,
                  struct aws_json_reply *out);

/* UNAVAILABLE there is no queue of that name; else as aws_refusal(). */
enum err sqs_refusal(struct sqs *s, struct task *t, const struct aws_json_reply *reply,
                     const char *what, const char *queue);
bool sqs_says_missing(const struct aws_json_reply *reply);

/* Where a queue is: what all other operations call it by. "" when there is none of that name. */
enum err sqs_find(struct sqs *s, struct task *t, const char *queue, const char **out_url);
