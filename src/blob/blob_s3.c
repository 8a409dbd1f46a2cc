/*
 * A blob is an object; a draft is a file here until it is sent. S3 knows no folders, so that "a"
 * and "a/b" could both be: before a put it is asked whether the key meets another (what is known to
 * be a folder is not asked about again).
 *
 * Source  Amazon S3 API Reference, 2006-03-01
 */
#include "blob/blob_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "base/text.h"
#include "blob/s3.h"
#include "net/xml.h"

#define PART_BYTES (INT64_C(8) << 20)

enum { REFUSAL_BYTES_MAX = 64 << 10 };

static struct s3_store *self(struct blob_store *b)
{
    return (struct s3_store *)b;
}

/* ---- asking ---- */

const char *s3_path(const struct s3_store *s, struct task *t, const char *key)
{
    return arena_format(t->arena, "/%s%s", s->prefix, key);
}

/* A bucket that is not there is no missing blob. */
enum err s3_refusal(struct s3_store *s, struct task *t, const struct aws_reply *reply,
                    const char *doing, const char *key)
{
    if (text_equal(reply->code, "NoSuchBucket")) {
        enum err e = refuse(t, ERR_UNAVAILABLE,
                            "make the bucket, or name another one in STORYREEL_BLOBS",
                            "there is no bucket %s at %s", s->bucket, aws_endpoint(s->aws));
        t->fault.house = true;
        return e;
    }
    if (reply->http.status == 404)
        return fail_no_blob(t, key);
    return aws_refusal(s->aws, t, reply, arena_format(t->arena, "%s %s", doing, key));
}

enum err s3_ask(struct s3_store *s, struct task *t, const struct aws_request *r, const char *doing,
                const char *key, struct aws_reply *out)
{
    enum err e = aws_call(s->aws, t, r, out);
    if (e)
        return e;
    return out->http.status >= 200 && out->http.status < 300 ? OK
                                                             : s3_refusal(s, t, out, doing, key);
}

bool s3_has_own_keys(const struct net_reply *r)
{
    return *net_reply_header(r, "x-amz-server-side-encryption-aws-kms-key-id") ||
           *net_reply_header(r, "x-amz-server-side-encryption-customer-algorithm");
}

enum err s3_head(struct s3_store *s, struct task *t, const char *key, struct s3_head *out)
{
    struct aws_reply reply;
    enum err e = s3_ask(s, t,
                        &(struct aws_request){ .method = "HEAD",
                                               .path = s3_path(s, t, key),
                                               .bytes_max = INT64_MAX },
                        "look at", key, &reply);
    if (e)
        return e;
    const char *etag = net_reply_header(&reply.http, "etag");
    size_t length = strlen(etag);
    *out = (struct s3_head){
        .bytes = s3_length(net_reply_header(&reply.http, "content-length")),
        .etag = length > 1 && *etag == '"' ? arena_copy_n(t->arena, etag + 1, length - 2) : etag,
        .own_keys = s3_has_own_keys(&reply.http),
    };
    return OK;
}

/* ---- listings ---- */

enum { PAGE_KEYS = 1000 };

/* `from`: "continuation-token" or "start-after", and what it is; "" for the beginning. */
static enum err list_page(struct s3_store *s, struct task *t, const char *prefix, size_t count_max,
                          struct sigv4_pair from, struct xml *out)
{
    size_t keys = count_max < PAGE_KEYS ? count_max : PAGE_KEYS;
    const struct sigv4_pair query[] = {
        { "list-type", "2" },
        { "prefix", arena_format(t->arena, "%s%s", s->prefix, prefix) },
        { "max-keys", arena_format(t->arena, "%zu", keys) },
        from,
    };
    struct aws_reply reply;
    enum err e = s3_ask(s, t,
                        &(struct aws_request){ .method = "GET",
                                               .path = "/",
                                               .query = query,
                                               .query_count = *from.value ? 4 : 3 },
                        "list", *prefix ? prefix : "the bucket", &reply);
    return e ? e : xml_read(t, reply.http.body, out);
}

struct listing {
    struct blob_info *found;
    size_t count, capacity;
};

static void add_page(const struct s3_store *s, struct task *t, const struct xml *x,
                     struct listing *list)
{
    size_t prefix = strlen(s->prefix);
    for (size_t i = 0; i < x->count; i++) {
        if (!text_equal(x->elements[i].path, "ListBucketResult/Contents"))
            continue;
        const char *key = xml_child(x, i, "Key");
        if (strlen(key) <= prefix || strlen(key) - prefix > KEY_BYTES_MAX)
            continue;
        array_push(t->arena, list->found, list->count, list->capacity,
                   { .key = key + prefix, .bytes = s3_length(xml_child(x, i, "Size")) });
    }
}

/* Page after page, until there are `limit` or no more. */
static enum err add_pages(struct s3_store *s, struct task *t, const char *prefix,
                          struct sigv4_pair from, size_t limit, struct listing *list)
{
    do {
        struct xml page;
        enum err e = list_page(s, t, prefix, limit - list->count, from, &page);
        if (e)
            return e;
        add_page(s, t, &page, list);
        bool more = text_equal(xml_text(&page, "ListBucketResult/IsTruncated"), "true");
        from = (struct sigv4_pair){
            "continuation-token",
            more ? xml_text(&page, "ListBucketResult/NextContinuationToken") : "",
        };
    } while (*from.value && list->count < limit);
    return OK;
}

static const struct sigv4_pair from_the_beginning = { "continuation-token", "" };

static enum err s3_list(struct blob_store *b, struct task *t, const char *prefix,
                        struct blob_info **out, size_t *out_count)
{
    struct listing list = { 0 };
    enum err e = add_pages(self(b), t, prefix, from_the_beginning, LIST_ITEMS_MAX + 1, &list);
    if (!e && list.count > LIST_ITEMS_MAX)
        e = fail(t, ERR_LIMIT, "there are more than %d files to list", LIST_ITEMS_MAX);
    *out = list.found;
    *out_count = list.count;
    return e;
}

static enum err s3_walk(struct blob_store *b, struct task *t, const char *after, size_t limit,
                        struct blob_info **out, size_t *out_count)
{
    struct listing list = { 0 };
    const char *start = *after ? arena_format(t->arena, "%s%s", self(b)->prefix, after) : "";
    enum err e = add_pages(self(b), t, "", (struct sigv4_pair){ "start-after", start }, limit,
                           &list);
    *out = list.found;
    *out_count = list.count;
    return e;
}

/* ---- keys and folders ---- */

static bool is_known_folder(struct s3_store *s, uint64_t hash)
{
    pthread_mutex_lock(&s->lock);
    bool known = s->folders[hash % S3_FOLDERS_KNOWN] == hash;
    pthread_mutex_unlock(&s->lock);
    return known;
}

static void know_folder(struct s3_store *s, uint64_t hash)
{
    pthread_mutex_lock(&s->lock);
    s->folders[hash % S3_FOLDERS_KNOWN] = hash;
    pthread_mutex_unlock(&s->lock);
}

/* From the nearest up: where a folder is known to be one, all above it are. */
static enum err check_way(struct s3_store *s, struct task *t, const char *key)
{
    char *way = arena_copy(t->arena, key);
    for (char *slash; (slash = strrchr(way, '/')) != NULL;) {
        struct s3_head there;
        *slash = '\0';
        uint64_t hash = rng_seed_from_text(way);
        if (is_known_folder(s, hash))
            return OK;
        enum err e = s3_head(s, t, way, &there);
        if (e != ERR_NOT_FOUND)
            return e ? e : fail_blob_is_folder(t, key);
        know_folder(s, hash);
    }
    return OK;
}

static enum err check_no_folder(struct s3_store *s, struct task *t, const char *key)
{
    struct xml page;
    struct listing list = { 0 };
    enum err e = list_page(s, t, arena_format(t->arena, "%s/", key), 1, from_the_beginning, &page);
    if (!e)
        add_page(s, t, &page, &list);
    return !e && list.count ? fail_blob_is_folder(t, key) : e;
}

/* ---- the driver ---- */

static enum err s3_draft(struct blob_store *b, struct task *t, struct draft *out)
{
    return draft_open(t, self(b)->folder, out);
}

static enum err s3_put(struct blob_store *b, struct task *t, const char *key, struct draft *draft)
{
    struct s3_store *s = self(b);
    enum err e = check_no_folder(s, t, key);
    if (!e)
        e = check_way(s, t, key);
    if (!e)
        e = s3_send(s, t, key, draft->fd);
    atomic_store(&s->away, e && t->fault.house);
    if (e)
        return s3_keep(s, t, key, draft, e);
    s3_forget(s, t, key);
    draft_done(draft);
    return OK;
}

/* For reading only, with a place of its own. */
static enum err reopen(struct task *t, const struct draft *draft, const char *key, int *out_fd)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", draft->fd);
    *out_fd = open(link, O_RDONLY | O_CLOEXEC);
    return *out_fd < 0 ? fail_errno(t, errno, "open", key) : OK;
}

static enum err s3_open(struct blob_store *b, struct task *t, const char *key, int *out_fd)
{
    struct s3_store *s = self(b);
    scoped(draft) struct draft draft = draft_none();
    scoped(fd) int fd = blob_cache_get(s->cache, t, key);
    if (fd >= 0) {
        *out_fd = fd_take(&fd);
        return OK;
    }
    enum err e = draft_open(t, s->folder, &draft);
    if (!e)
        e = s3_fetch(s, t, key, draft.fd);
    if (!e)
        e = reopen(t, &draft, key, out_fd);
    if (!e)
        blob_cache_put(s->cache, t, key, &draft);
    return e;
}

static enum err s3_stat(struct blob_store *b, struct task *t, const char *key,
                        struct blob_info *out)
{
    struct s3_head head;
    enum err e = s3_head(self(b), t, key, &head);
    if (!e)
        *out = (struct blob_info){ .key = arena_copy(t->arena, key), .bytes = head.bytes };
    return e;
}

static enum err s3_remove(struct blob_store *b, struct task *t, const char *key)
{
    return s3_delete(self(b), t, key);
}

static enum err s3_remove_all(struct blob_store *b, struct task *t, const char *const *keys,
                              size_t count)
{
    return s3_delete_all(self(b), t, keys, count);
}

/* The server copies; headers and our checksum go along. */
static enum err s3_copy(struct blob_store *b, struct task *t, const char *from, const char *to)
{
    struct s3_store *s = self(b);
    struct s3_head there;
    struct aws_reply reply;
    enum err e = s3_head(s, t, to, &there);
    if (e != ERR_NOT_FOUND)
        return e ? e : s3_head(s, t, from, &there);
    e = check_no_folder(s, t, to);
    if (!e)
        e = check_way(s, t, to);
    if (e)
        return e;
    const struct sigv4_pair source = {
        "x-amz-copy-source",
        sigv4_encode(t->arena, arena_format(t->arena, "/%s%s", s->bucket, s3_path(s, t, from)),
                     true),
    };
    return s3_ask(s, t,
                  &(struct aws_request){ .method = "PUT",
                                         .path = s3_path(s, t, to),
                                         .headers = &source,
                                         .header_count = 1 },
                  "copy", from, &reply);
}

static enum err s3_read(struct blob_store *b, struct task *t, const char *key, int64_t offset,
                        int64_t bytes, struct bytes *out)
{
    struct aws_reply reply;
    const struct sigv4_pair range = {
        "range",
        arena_format(t->arena, "bytes=%" PRId64 "-%" PRId64, offset, offset + bytes - 1),
    };
    enum err e = s3_ask(self(b), t,
                        &(struct aws_request){ .method = "GET",
                                               .path = s3_path(self(b), t, key),
                                               .headers = &range,
                                               .header_count = 1,
                                               .bytes_max = bytes + REFUSAL_BYTES_MAX },
                        "read", key, &reply);
    if (e)
        return e;
    if ((int64_t)reply.http.body.size > bytes)
        return fail(t, ERR_UPSTREAM, "%s came with more bytes than were asked for", key);
    *out = reply.http.body;
    return OK;
}

/* Needs leave to list, as puts do. */
static enum err s3_check(struct blob_store *b, struct task *t)
{
    struct xml page;
    return list_page(self(b), t, "", 1, from_the_beginning, &page);
}

static enum err s3_ready(struct blob_store *b, struct task *t)
{
    enum err e = atomic_load(&self(b)->away) ? s3_check(b, t) : OK;
    if (!e)
        atomic_store(&self(b)->away, false);
    return e;
}

/* ---- addresses ---- */

static enum err s3_url(struct blob_store *b, struct task *t, const char *key,
                       const struct blob_url_wish *wish, const char **out)
{
    struct sigv4_pair headers[2], query;
    bool put = text_equal(wish->method, "PUT");
    struct aws_request r = {
        .method = wish->method,
        .path = s3_path(self(b), t, key),
        .headers = headers,
        .query = &query,
    };
    if (put && !text_is_empty(wish->content_type))
        headers[r.header_count++] = (struct sigv4_pair){ "content-type", wish->content_type };
    if (put && wish->bytes)
        headers[r.header_count++] = (struct sigv4_pair){
            "content-length", arena_format(t->arena, "%" PRId64, wish->bytes)
        };
    if (!put && !text_is_empty(wish->save_as)) {
        r.query_count = 1;
        query = (struct sigv4_pair){
            "response-content-disposition",
            arena_format(t->arena, "attachment; filename=\"%s\"", wish->save_as),
        };
    }
    return aws_presign(self(b)->aws, t, &r, wish->seconds, out);
}

static const char *s3_url_origin(struct blob_store *b, struct task *t)
{
    return aws_origin(self(b)->aws, t);
}

static const char *s3_describe(struct blob_store *b, struct task *t)
{
    const struct s3_store *s = self(b);
    size_t length = strlen(s->prefix);
    return arena_format(t->arena, "s3://%s%s%.*s at %s", s->bucket, length ? "/" : "",
                        length ? (int)length - 1 : 0, s->prefix, aws_endpoint(s->aws));
}

static enum err s3_waiting(struct blob_store *b, struct task *t, struct blob_info **out,
                           size_t *out_count)
{
    return blob_list(self(b)->waiting, t, "", out, out_count);
}

/* ---- opening ---- */

static void s3_close(struct blob_store *b)
{
    struct s3_store *s = self(b);
    s3_sender_stop(s);
    blob_close(s->waiting);
    blob_cache_close(s->cache);
    aws_close(s->aws);
    pthread_mutex_destroy(&s->lock);
    free(s->bucket);
    free(s->prefix);
    free(s->folder);
    free(s);
}

static const struct blob_driver s3_driver = {
    .name = "s3",
    .draft = s3_draft,
    .put = s3_put,
    .open = s3_open,
    .stat = s3_stat,
    .list = s3_list,
    .walk = s3_walk,
    .remove = s3_remove,
    .close = s3_close,
    .remove_all = s3_remove_all,
    .copy = s3_copy,
    .read = s3_read,
    .check = s3_check,
    .ready = s3_ready,
    .url = s3_url,
    .url_origin = s3_url_origin,
    .describe = s3_describe,
    .waiting = s3_waiting,
};

/* 3..63 of lower-case letters, digits, '.' and '-', beginning and ending with a letter or digit. */
static bool is_bucket(const char *name)
{
    static const char ends[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    static const char all[] = ".-abcdefghijklmnopqrstuvwxyz0123456789";
    size_t length = strlen(name);
    return length >= 3 && length <= 63 && strspn(name, all) == length && strchr(ends, name[0]) &&
           strchr(ends, name[length - 1]);
}

static enum err check_options(struct task *t, const struct blob_s3_options *o)
{
    if (!o->bucket || !is_bucket(o->bucket))
        return refuse(t, ERR_INVALID, "name it as AWS does: 3 to 63 of a-z, 0-9, '.' and '-'",
                      "\"%.80s\" cannot be the name of a bucket", o->bucket ? o->bucket : "");
    for (const char *part = o->prefix; *part; part += strcspn(part, "/"), part += *part == '/') {
        size_t length = strcspn(part, "/");
        if (length == 0 || *part == '.' || part[length + (part[length] == '/')] == '/' ||
            strspn(part, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") <
                length)
            return refuse(t, ERR_INVALID, "use letters, digits, '.', '_' and '-' between slashes",
                          "\"%.80s\" cannot be what keys begin with", o->prefix);
    }
    return OK;
}

static struct s3_store *store_new(const struct blob_s3_options *o)
{
    struct s3_store *s = calloc(1, sizeof *s);
    size_t length = strlen(o->prefix);
    bool slash = length && o->prefix[length - 1] != '/';
    if (!s)
        abort();
    s->store.driver = &s3_driver;
    s->bucket = strdup(o->bucket);
    s->folder = strdup(o->folder);
    s->prefix = calloc(1, length + 2);
    if (!s->bucket || !s->folder || !s->prefix)
        abort();
    memcpy(s->prefix, o->prefix, length);
    s->prefix[length] = slash ? '/' : '\0';
    s->part_bytes = o->part_bytes ? o->part_bytes : PART_BYTES;
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

enum err blob_s3_open(struct task *t, const struct blob_s3_options *options,
                      struct blob_store **out)
{
    enum err e = check_options(t, options);
    if (e)
        return e;
    struct s3_store *s = store_new(options);
    const struct aws_options service = {
        .service = "s3",
        .title = "S3",
        .region = options->region,
        .endpoint = options->endpoint,
        .bucket = options->bucket,
        .path_style = options->path_style,
        .wait_us = options->wait_us,
    };
    e = aws_open(t, options->account, &service, &s->aws);
    if (!e)
        e = blob_cache_open(t, arena_format(t->arena, "%s/cache", s->folder), options->cache_bytes,
                            &s->cache);
    if (!e)
        e = blob_local_open(t, arena_format(t->arena, "%s/waiting", s->folder), &s->waiting);
    if (!e)
        e = s3_sender_start(t, s, options->retry_us);
    if (e)
        s3_close(&s->store);
    else
        *out = &s->store;
    return e;
}
