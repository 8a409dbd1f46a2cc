#pragma once

/* One operation of a service of AWS that speaks JSON over POST: DynamoDB, SQS. */

#include <jansson.h>

#include "net/aws.h"

struct aws_json_call {
    const char *target;  /* "AmazonSQS.SendMessage" */
    json_t *request;     /* borrowed */
    int64_t timeout_us;  /* of one try; 0: AWS_CALL_US */
    int64_t bytes_max;   /* of the answer; 0: AWS_BYTES_MAX */
};

struct aws_json_reply {
    json_t *json;        /* the caller's: scoped(aws_json_reply); NULL for a refusal without one */
    const char *code;    /* "" for success; else as in aws_reply */
    struct aws_reply aws;
};
static inline void aws_json_reply_scoped(struct aws_json_reply *r) { json_decref(r->json); }

/* OK whenever there was an answer. UPSTREAM what calls itself success and is no JSON object; else
 * as aws_call(). */
enum err aws_json_call(struct aws *a, struct task *t, const struct aws_json_call *call,
                       struct aws_json_reply *out);

/* A text member; "" when there is none. Lives as long as `json`. */
const char *aws_json_text(const json_t *json, const char *name);
