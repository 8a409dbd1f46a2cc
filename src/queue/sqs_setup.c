/* The queues as they should be: looked at one by one, made when missing, set right when they
 * differ. */
#include <string.h>

#include "base/fields.h"
#include "base/text.h"
#include "queue/sqs_bells.h"

/* A bell that was heard and not answered is heard again after so long; one that nobody wanted is
 * forgotten in an hour, and one that is heard twenty times goes to the dead. */
#define HEARD_AGAIN_S "30"
#define KEPT_S        "3600"
#define POLL_S        "20"
#define HEARD_MAX     20

struct survey {
    struct sqs sqs;
    bool change;
    struct aws_findings *findings;
};

static enum err ask(struct survey *s, struct task *t, const char *operation, const char *queue,
                    json_t *request, struct aws_json_reply *out)
{
    enum err e = sqs_call(&s->sqs, t, operation, request, out);
    return e || !*out->code ? e : sqs_refusal(&s->sqs, t, out, operation, queue);
}

static enum err attributes_of(struct survey *s, struct task *t, const char *queue, const char *url,
                              struct aws_json_reply *out)
{
    return ask(s, t, "GetQueueAttributes", queue,
               json_pack("{ss s[s]}", "QueueUrl", url, "AttributeNames", "All"), out);
}

static enum err arn_of(struct survey *s, struct task *t, const char *queue, const char *url,
                       const char **out)
{
    scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
    enum err e = attributes_of(s, t, queue, url, &reply);
    const json_t *attributes = json_object_get(reply.json, "Attributes");
    if (!e)
        *out = arena_copy(t->arena, aws_json_text(attributes, "QueueArn"));
    return e;
}

static const char *redrive_policy(struct task *t, const char *dead_arn)
{
    return arena_format(t->arena, "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":\"%d\"}",
                        dead_arn, HEARD_MAX);
}

/* Of a lane's queue; `dead_arn` NULL: of the dead's own. */
static json_t *wanted_attributes(struct task *t, const char *dead_arn)
{
    if (!dead_arn)
        return json_pack("{ss}", "MessageRetentionPeriod", "1209600");
    return json_pack("{ss ss ss ss}", "VisibilityTimeout", HEARD_AGAIN_S, "MessageRetentionPeriod",
                     KEPT_S, "ReceiveMessageWaitTimeSeconds", POLL_S, "RedrivePolicy",
                     redrive_policy(t, dead_arn));
}

/* Policies are compared as what they say: services write them in their own way. */
static bool same_policy(const char *is, const char *wanted)
{
    scoped(json) json_t *a = json_loads(is, 0, NULL), *b = json_loads(wanted, 0, NULL);
    json_t *limit = json_object_get(a, "maxReceiveCount");
    if (json_is_integer(limit))
        json_object_set_new(a, "maxReceiveCount",
                            json_sprintf("%d", (int)json_integer_value(limit)));
    return json_equal(a, b);
}

/* The first that differs; NULL when all are as they should be. */
static const char *differing(const json_t *is, const json_t *wanted)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)wanted, name, value) {
        const char *here = aws_json_text(is, name), *there = json_string_value(value);
        bool same = text_equal(name, "RedrivePolicy") ? same_policy(here, there)
                                                      : text_equal(here, there);
        if (!same)
            return name;
    }
    return NULL;
}

static enum err judge(struct survey *s, struct task *t, const char *queue, const char *url,
                      json_t *wanted, bool made)
{
    scoped(aws_json_reply) struct aws_json_reply now = { 0 }, changed = { 0 };
    scoped(json) json_t *owned = wanted;
    enum err e = attributes_of(s, t, queue, url, &now);
    const char *wrong = e ? NULL : differing(json_object_get(now.json, "Attributes"), owned);
    if (wrong && s->change)
        e = ask(s, t, "SetQueueAttributes", queue,
                json_pack("{ss sO}", "QueueUrl", url, "Attributes", owned), &changed);
    if (e)
        return e;
    const char *what = arena_format(t->arena, "queue %s", queue);
    const char *state = !wrong ? made ? "made" : "there"
                        : s->change
                            ? arena_format(t->arena, "its %s was set right", wrong)
                            : arena_format(t->arena, "its %s is not as it should be", wrong);
    aws_found(s->findings, what, state, !wrong || s->change);
    return OK;
}

static enum err make(struct survey *s, struct task *t, const char *queue, const json_t *wanted,
                     const char **out_url)
{
    scoped(aws_json_reply) struct aws_json_reply reply = { 0 };
    enum err e = ask(s, t, "CreateQueue", queue,
                     json_pack("{ss sO}", "QueueName", queue, "Attributes", wanted), &reply);
    if (!e)
        *out_url = arena_copy(t->arena, aws_json_text(reply.json, "QueueUrl"));
    return e;
}

/* "" in *out_url when it is not there. Takes `wanted`. */
static enum err see_to(struct survey *s, struct task *t, const char *queue, json_t *wanted,
                       const char **out_url)
{
    scoped(json) json_t *owned = wanted;
    enum err e = sqs_find(&s->sqs, t, queue, out_url);
    bool made = !e && !**out_url && s->change;
    if (made)
        e = make(s, t, queue, owned, out_url);
    if (e)
        return e;
    if (**out_url)
        return judge(s, t, queue, *out_url, json_incref(owned), made);
    aws_found(s->findings, arena_format(t->arena, "queue %s", queue),
              "missing: storyreel store init makes it", false);
    return OK;
}

static enum err see_to_all(struct survey *s, struct task *t, const char *name)
{
    const char *dead = arena_format(t->arena, "%s-dead", name), *url, *dead_arn = "";
    enum err e = see_to(s, t, dead, wanted_attributes(t, NULL), &url);
    if (!e && *url)
        e = arn_of(s, t, dead, url, &dead_arn);
    for (enum queue_lane lane = LANE_LIGHT; lane < LANE_COUNT && !e; lane++)
        e = see_to(s, t, arena_format(t->arena, "%s-%s", name, queue_lane_names[lane]),
                   wanted_attributes(t, dead_arn), &url);
    return e;
}

enum err sqs_bells_see_to(struct task *t, struct aws_account *account, const char *name,
                          bool change, struct aws_findings *out)
{
    struct survey s = { .change = change, .findings = out };
    enum err e = sqs_open(t, account, 0, &s.sqs);
    if (!e)
        e = see_to_all(&s, t, name);
    sqs_done(&s.sqs);
    return e;
}
