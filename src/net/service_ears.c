/* What services said, kept short and clean enough for a record. */
#include "net/service.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

enum { TAIL_BYTES = 4 << 10, CALL_BYTES_MAX = 200 };

const struct services *services_heard(struct task *t, const struct services *all,
                                      struct service_ears *ears)
{
    if (!all)
        return NULL;
    struct services *heard = arena_one(t->arena, struct services);
    *ears = (struct service_ears){ .count = 0 };
    *heard = *all;
    heard->ears = ears;
    return heard;
}

/* A body in no character set of ours, or a cut character at an edge: what is no ASCII is left
 * out. */
static const char *clean(struct arena *a, const char *text, size_t bytes)
{
    if (text_is_clean_utf8(text, bytes))
        return arena_copy_n(a, text, bytes);
    char *out = arena_alloc(a, bytes + 1);
    size_t kept = 0;
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c >= 0x20 && c < 0x7F) || c == '\t' || c == '\n' || c == '\r')
            out[kept++] = (char)c;
    }
    out[kept] = '\0';
    return out;
}

static const char *shortened(struct arena *a, struct bytes body)
{
    size_t head = SERVICE_ANSWER_BYTES_MAX - TAIL_BYTES;
    if (body.size <= SERVICE_ANSWER_BYTES_MAX)
        return clean(a, body.at, body.size);
    return arena_format(a, "%s ... %zu bytes are left out here ... %s", clean(a, body.at, head),
                        body.size - SERVICE_ANSWER_BYTES_MAX,
                        clean(a, (const char *)body.at + body.size - TAIL_BYTES, TAIL_BYTES));
}

/* Without the host, which the configuration says. */
static const char *path_of(const char *url)
{
    const char *host = strstr(url, "://"), *path = host ? strchr(host + 3, '/') : NULL;
    return path ? path : url;
}

static struct service_answer answer_of(struct task *t, const struct net_call *call, enum err e,
                                       const struct net_reply *reply)
{
    struct arena *a = t->arena;
    const char *path = clean(a, path_of(call->url), strlen(path_of(call->url)));
    struct service_answer answer = {
        .call = text_shorten(a, arena_format(a, "%s %s", call->method, path), CALL_BYTES_MAX),
        .status = e ? 0 : reply->status,
        .bytes = e ? 0 : reply->bytes,
    };
    bool in_file = !e && reply->body.size == 0 && reply->bytes > 0;
    answer.body = e ? arena_copy(a, t->fault.message) : in_file ? "" : shortened(a, reply->body);
    return answer;
}

void service_hear(const struct services *all, struct task *t, const struct net_call *call,
                  enum err e, const struct net_reply *reply)
{
    struct service_ears *ears = all->ears;
    if (!ears)
        return;
    if (ears->count == SERVICE_ANSWERS_MAX)
        memmove(&ears->at[0], &ears->at[1], --ears->count * sizeof ears->at[0]);
    ears->at[ears->count++] = answer_of(t, call, e, reply);
}
