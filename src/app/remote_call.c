/* Where the server is, and how it is asked. */
#include "app/remote_call.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define CALL_TIMEOUT_US (180 * SECOND_US)
enum { REPLY_BYTES_MAX = 32 << 20 };

/* ---- where the server is ---- */

static const char *announcement(struct task *t, const char *data_folder)
{
    return arena_format(t->arena, "%s/server.json", data_folder);
}

static const struct field remote_fields[] = {
    FIELD_TEXT(struct remote, url, "url", .required = true),
    FIELD_TEXT(struct remote, token, "token"),
    FIELDS_END,
};

enum err remote_announce(struct task *t, const char *data_folder, const struct remote *r)
{
    scoped(draft) struct draft d = draft_none();
    const char *text = fields_encode_text(t->arena, remote_fields, r);
    enum err e = draft_open(t, data_folder, &d);
    if (!e && fchmod(d.fd, 0600) != 0)
        e = fail_errno(t, errno, "protect", "server.json");
    if (!e)
        e = file_write_all(t, d.fd, text, strlen(text));
    return e ? e : draft_publish(t, &d, announcement(t, data_folder), true);
}

void remote_withdraw(struct task *t, const char *data_folder)
{
    unlink(announcement(t, data_folder));
}

enum err remote_of_folder(struct task *t, const char *data_folder, struct remote *out)
{
    struct bytes text;
    enum err e = file_read(t, announcement(t, data_folder), NET_URL_BYTES_MAX * 2, &text);
    if (!e)
        e = fields_decode_text(t, remote_fields, text.at, text.size, out);
    if (e)
        return e;
    size_t bytes = strlen(out->url);
    if (bytes > 0 && out->url[bytes - 1] == '/')
        out->url = arena_copy_n(t->arena, out->url, bytes - 1);
    return OK;
}

/* ---- asking ---- */

/* The server's problem becomes our fault, word for word. */
static enum err refuse_like(struct task *t, const struct net_reply *r)
{
    scoped(json) json_t *problem = json_loadb(r->body.at, r->body.size, 0, NULL);
    const char *detail = json_string_value(json_object_get(problem, "detail"));
    const char *next = json_string_value(json_object_get(problem, "next"));
    enum err code = r->status == 401   ? ERR_AUTH
                    : r->status == 402 ? ERR_BUDGET
                    : r->status == 404 ? ERR_NOT_FOUND
                    : r->status == 409 ? ERR_CONFLICT
                    : r->status == 422 ? ERR_IMPOSSIBLE
                    : r->status == 413 ? ERR_LIMIT
                    : r->status < 500  ? ERR_INVALID
                                       : ERR_UNAVAILABLE;
    return refuse(t, code, next ? next : "the server's log says more", "%s",
                  detail ? detail : "the server did not answer as expected");
}

enum err remote_ask(struct remote_call *c, const struct net_call *wanted, struct net_reply *out)
{
    struct task *t = c->task;
    struct net_call call = *wanted;
    const char *headers[4] = { 0 };
    size_t count = 0;
    if (*c->remote->token)
        headers[count++] = arena_format(t->arena, "Authorization: Bearer %s", c->remote->token);
    if (wanted->headers)
        headers[count++] = wanted->headers[0];
    call.headers = headers;
    call.timeout_us = call.timeout_us ? call.timeout_us : CALL_TIMEOUT_US;
    call.bytes_max = call.bytes_max ? call.bytes_max : REPLY_BYTES_MAX;
    enum err e = net_call(c->net, t, &call, out);
    if (e == ERR_UPSTREAM)
        return refuse(t, ERR_UNAVAILABLE, "look whether it still runs: storyreel serve",
                      "the server at %s does not answer", c->remote->url);
    if (!e && (out->status < 200 || out->status > 299))
        return refuse_like(t, out);
    return e;
}

enum err remote_ask_json(struct remote_call *c, const char *method, const char *path,
                         const json_t *body, json_t **out)
{
    static const char *const json_type[] = { "Content-Type: application/json", NULL };
    struct net_reply reply;
    const char *text = body ? json_text(c->task->arena, body) : NULL;
    const struct net_call call = {
        .method = method,
        .url = arena_format(c->task->arena, "%s%s", c->remote->url, path),
        .headers = text ? json_type : NULL,
        .body = { text, text ? strlen(text) : 0 },
        .out = -1,
    };
    enum err e = remote_ask(c, &call, &reply);
    if (e)
        return e;
    *out = reply.body.size ? json_loadb(reply.body.at, reply.body.size, 0, NULL) : json_null();
    return *out ? OK : fail(c->task, ERR_UPSTREAM, "the server's reply is not JSON");
}
