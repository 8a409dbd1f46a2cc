#include "net/aws_json.h"

#include <string.h>

#include "base/fields.h"
#include "base/scoped.h"
#include "base/text.h"

static enum err read_json(struct aws *a, struct task *t, struct aws_json_reply *r)
{
    struct bytes body = r->aws.http.body;
    json_error_t where;
    r->json = json_loadb(body.at, body.size, 0, &where);
    bool fine = json_is_object(r->json) || *r->code;
    return fine ? OK
                : fail(t, ERR_UPSTREAM, "%s does not answer as it should: %s", aws_endpoint(a),
                       where.text);
}

enum err aws_json_call(struct aws *a, struct task *t, const struct aws_json_call *call,
                       struct aws_json_reply *out)
{
    scoped(heap) char *body = json_dumps(call->request, JSON_COMPACT);
    const struct sigv4_pair headers[] = {
        { "content-type", "application/x-amz-json-1.0" },
        { "x-amz-target", call->target },
    };
    const struct aws_request request = {
        .method = "POST",
        .path = "/",
        .headers = headers,
        .header_count = 2,
        .body = { body, strlen(body) },
        .timeout_us = call->timeout_us,
        .bytes_max = call->bytes_max,
    };
    struct aws_json_reply reply = { 0 };
    enum err e = aws_call(a, t, &request, &reply.aws);
    if (e)
        return e;
    reply.code = reply.aws.code;
    if (reply.aws.http.status != 200 && !*reply.code)
        reply.code = "an answer without a reason";
    e = read_json(a, t, &reply);
    if (e) {
        json_decref(reply.json);
        return e;
    }
    *out = reply;
    return OK;
}

const char *aws_json_text(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}
