#include "queue/sqs.h"

#include "base/fields.h"
#include "base/text.h"

/* Longer than the longest poll. */
#define CALL_US (29 * SECOND_US)

enum err sqs_open(struct task *t, struct aws_account *account, int tries, struct sqs *out)
{
    const struct aws_options options = { .service = "sqs", .title = "SQS", .tries = tries };
    return aws_open(t, account, &options, &out->aws);
}

void sqs_done(struct sqs *s)
{
    aws_close(s->aws);
    *s = (struct sqs){ 0 };
}

enum err sqs_call(struct sqs *s, struct task *t, const char *operation, json_t *request,
                  struct aws_json_reply *out)
{
    scoped(json) json_t *owned = request;
    const struct aws_json_call call = {
        .target = arena_format(t->arena, "AmazonSQS.%s", operation),
        .request = owned,
        .timeout_us = CALL_US,
    };
    return aws_json_call(s->aws, t, &call, out);
}

bool sqs_says_missing(const struct aws_json_reply *reply)
{
    return text_equal(reply->code, "QueueDoesNotExist") ||
           text_equal(reply->code, "AWS.SimpleQueueService.NonExistentQueue");
}

enum err sqs_refusal(struct sqs *s, struct task *t, const struct aws_json_reply *reply,
                     const char *what, const char *queue)
{
    if (sqs_says_missing(reply))
        return refuse(t, ERR_UNAVAILABLE, "make it with: storyreel store init",
                      "there is no queue \"%s\" at %s", queue, aws_endpoint(s->aws));
    return aws_refusal(s->aws, t, &reply->aws, arena_format(t->arena, "%s %s", what, queue));
}

enum err sqs_find(struct sqs *s, struct task *t, const char *queue, const char **out_url)
{
    scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
    enum err e = sqs_call(s, t, "GetQueueUrl", json_pack("{ss}", "QueueName", queue), &reply);
    if (e)
        return e;
    if (*reply.code && !sqs_says_missing(&reply))
        return sqs_refusal(s, t, &reply, "find", queue);
    *out_url = arena_copy(t->arena, aws_json_text(reply.json, "QueueUrl"));
    return OK;
}
