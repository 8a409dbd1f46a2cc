/*
 * S3 deletes a thousand objects in one request and says of which it could not. Those are asked for
 * again one by one: either it was a passing trouble, or the refusal is worded like every other.
 */
#include "blob/s3.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/base64.h"
#include "base/text.h"
#include "net/xml.h"

enum { AT_ONCE = 1000, MD5_BYTES = 16 };

static void forget_folders(struct s3_store *s)
{
    pthread_mutex_lock(&s->lock);
    memset(s->folders, 0, sizeof s->folders);
    pthread_mutex_unlock(&s->lock);
}

static void forget(struct s3_store *s, struct task *t, const char *key)
{
    blob_cache_drop(s->cache, t, key);
    s3_forget(s, t, key);
}

enum err s3_delete(struct s3_store *s, struct task *t, const char *key)
{
    struct aws_reply reply;
    enum err e = s3_ask(s, t,
                        &(struct aws_request){ .method = "DELETE", .path = s3_path(s, t, key) },
                        "remove", key, &reply);
    if (e && e != ERR_NOT_FOUND)
        return e;
    forget(s, t, key);
    forget_folders(s);
    return OK;
}

/* ---- many ---- */

static struct bytes list_of_keys(const struct s3_store *s, struct task *t, const char *const *keys,
                                 size_t count)
{
    struct text out = text_new(t->arena);
    text_append(&out, "<Delete><Quiet>true</Quiet>");
    for (size_t i = 0; i < count; i++)
        text_printf(&out, "<Object><Key>%s</Key></Object>",
                    xml_escape(t->arena, s3_path(s, t, keys[i]) + 1));
    text_append(&out, "</Delete>");
    return (struct bytes){ text_end(&out), out.length };
}

/* It has to be sent with its MD5. */
static enum err ask_for_all(struct s3_store *s, struct task *t, const char *const *keys,
                            size_t count, struct xml *out)
{
    static const struct sigv4_pair what = { "delete", "" };
    unsigned char md5[MD5_BYTES];
    struct bytes body = list_of_keys(s, t, keys, count);
    EVP_Digest(body.at, body.size, md5, NULL, EVP_md5(), NULL);
    const struct sigv4_pair headers[] = {
        { "content-type", "application/xml" },
        { "content-md5", base64_encode(t->arena, (struct bytes){ md5, MD5_BYTES }) },
    };
    struct aws_reply reply;
    enum err e = s3_ask(s, t,
                        &(struct aws_request){ .method = "POST",
                                               .path = "/",
                                               .query = &what,
                                               .query_count = 1,
                                               .headers = headers,
                                               .header_count = 2,
                                               .body = body },
                        "remove", arena_format(t->arena, "%zu files", count), &reply);
    return e ? e : xml_read(t, reply.http.body, out);
}

static enum err delete_some(struct s3_store *s, struct task *t, const char *const *keys,
                            size_t count)
{
    struct xml answer;
    size_t prefix = strlen(s->prefix);
    enum err e = ask_for_all(s, t, keys, count, &answer);
    for (size_t i = 0; !e && i < answer.count; i++) {
        if (!text_equal(answer.elements[i].path, "DeleteResult/Error"))
            continue;
        const char *key = xml_child(&answer, i, "Key");
        e = strlen(key) > prefix
                ? s3_delete(s, t, key + prefix)
                : fail(t, ERR_UPSTREAM, "S3 could not remove all of %zu files", count);
    }
    for (size_t i = 0; !e && i < count; i++)
        forget(s, t, keys[i]);
    return e;
}

enum err s3_delete_all(struct s3_store *s, struct task *t, const char *const *keys, size_t count)
{
    enum err e = OK;
    for (size_t at = 0; at < count && !e; at += AT_ONCE) {
        size_t some = count - at < AT_ONCE ? count - at : AT_ONCE;
        e = some == 1 ? s3_delete(s, t, keys[at]) : delete_some(s, t, keys + at, some);
    }
    forget_folders(s);
    return e;
}
