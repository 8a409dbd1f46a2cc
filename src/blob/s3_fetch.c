/*
 * An object is fetched in stretches, so that a connection that breaks costs a stretch; all of one
 * object, because each asks for the ETag of the first. What was fetched is held against the SHA-256
 * that was kept beside the object when it was sent.
 */
#include "blob/s3.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"

#define FETCH_US (15 * 60 * SECOND_US) /* one stretch */

enum { STRETCH_BYTES = 64 << 20 };

struct fetched {
    int64_t total;                 /* of the object; -1: nothing is known yet */
    const char *etag;              /* as answered */
    const char *sha256;            /* "" when nobody told the store */
};

int64_t s3_length(const char *digits)
{
    char *end;
    long long bytes = strtoll(digits, &end, 10);
    return end != digits && !*end && bytes >= 0 ? bytes : -1;
}

/* "bytes 0-99/1234": what follows the slash. */
static int64_t total_of(const struct net_reply *r)
{
    const char *slash = strchr(net_reply_header(r, "content-range"), '/');
    return slash ? s3_length(slash + 1) : r->bytes;
}

static enum err fetch_stretch(struct s3_store *s, struct task *t, const char *key, int fd,
                              int64_t at, struct fetched *f)
{
    struct aws_reply reply;
    const struct sigv4_pair headers[] = {
        { "range", arena_format(t->arena, "bytes=%" PRId64 "-%" PRId64, at,
                                at + STRETCH_BYTES - 1) },
        { "if-match", f->etag },
    };
    enum err e = aws_call(s->aws, t,
                          &(struct aws_request){ .method = "GET",
                                                 .path = s3_path(s, t, key),
                                                 .headers = headers,
                                                 .header_count = at ? 2 : 1,
                                                 .timeout_us = FETCH_US,
                                                 .bytes_max = STRETCH_BYTES,
                                                 .to_file = true,
                                                 .out = fd,
                                                 .out_offset = at },
                          &reply);
    if (e)
        return e;
    if (reply.http.status == 416 && at == 0) { /* of an empty object there is no range */
        f->total = 0;
        return OK;
    }
    if (reply.http.status != 206 && reply.http.status != 200)
        return s3_refusal(s, t, &reply, "fetch", key);
    f->total = total_of(&reply.http);
    f->etag = net_reply_header(&reply.http, "etag");
    f->sha256 = net_reply_header(&reply.http, "x-amz-meta-sha256");
    if (reply.http.bytes == 0 && f->total > 0)
        return fail(t, ERR_UPSTREAM, "%s came without its bytes", key);
    return OK;
}

static enum err check_fetched(struct task *t, const char *key, int fd, const struct fetched *f)
{
    char sha256[HASH_TEXT_BYTES];
    int64_t bytes;
    enum err e = hash_file(t, fd, sha256, &bytes);
    if (e)
        return e;
    if (bytes != f->total || (*f->sha256 && !text_equal(sha256, f->sha256)))
        return fail(t, ERR_UPSTREAM, "%s did not arrive as it was sent", key);
    return OK;
}

enum err s3_fetch(struct s3_store *s, struct task *t, const char *key, int fd)
{
    struct fetched f = { .total = -1, .etag = "", .sha256 = "" };
    enum err e = OK;
    for (int64_t at = 0; !e && (f.total < 0 || at < f.total); at += STRETCH_BYTES)
        e = fetch_stretch(s, t, key, fd, at, &f);
    return e ? e : check_fetched(t, key, fd, &f);
}
