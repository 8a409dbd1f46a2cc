/*
 * Small files go in one request, larger ones in parts that are put together at the end, so that a
 * connection that breaks costs a part and not the file. Either way the server is told the MD5 of
 * what it gets and refuses anything else, and keeps our SHA-256 of the whole beside the object for
 * those who fetch it. Nothing is held in memory: curl reads the file.
 */
#include "blob/s3.h"

#include <errno.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/hash.h"
#include "base/text.h"
#include "net/xml.h"

#define SEND_US  (15 * 60 * SECOND_US) /* one part; when nothing moves, it ends long before */
#define ABORT_US (10 * SECOND_US)

enum { MD5_BYTES = 16, PARTS_MAX = 10000, CHUNK = 256 << 10, HEADERS_MAX = 8 };

/* A file on its way. */
struct parcel {
    struct s3_store *store;
    struct task *task;
    const char *key;
    int fd;
    int64_t bytes, part_bytes;
    char sha256[HASH_TEXT_BYTES];
    const char *upload_id;
    const char **etags;                   /* of the parts, as answered */
    unsigned char (*digests)[MD5_BYTES]; /* of the parts, as read */
    int part_count;
};

/* ---- checksums ---- */

static void md_scoped(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

static void heap_bytes_scoped(unsigned char **bytes)
{
    free(*bytes);
}

static enum err md5_of(struct parcel *p, int64_t offset, int64_t bytes,
                       unsigned char out[MD5_BYTES])
{
    scoped(md) EVP_MD_CTX *md5 = EVP_MD_CTX_new();
    scoped(heap_bytes) unsigned char *chunk = malloc(CHUNK);
    if (!chunk || !md5 || EVP_DigestInit_ex(md5, EVP_md5(), NULL) != 1)
        abort();
    for (int64_t at = 0; at < bytes;) {
        size_t wanted = bytes - at < CHUNK ? (size_t)(bytes - at) : CHUNK;
        ssize_t got = pread(p->fd, chunk, wanted, offset + at);
        if (got <= 0)
            return fail_errno(p->task, got < 0 ? errno : EIO, "read", p->key);
        EVP_DigestUpdate(md5, chunk, (size_t)got);
        at += got;
    }
    EVP_DigestFinal_ex(md5, out, NULL);
    return OK;
}

static const char *hex_of(struct arena *a, const unsigned char digest[MD5_BYTES])
{
    struct text out = text_new(a);
    for (int i = 0; i < MD5_BYTES; i++)
        text_printf(&out, "%02x", digest[i]);
    return text_end(&out);
}

static const char *unquoted(struct arena *a, const char *etag)
{
    size_t bytes = strlen(etag);
    return bytes > 1 && *etag == '"' ? arena_copy_n(a, etag + 1, bytes - 2) : etag;
}

/*
 * An ETag is the MD5 of what arrived unless the bucket is encrypted with keys of its own; then it
 * is of the same form, and the Content-MD5 that was accepted has to do.
 */
static enum err check_etag(struct parcel *p, const struct aws_reply *reply, const char *wanted)
{
    const char *got = unquoted(p->task->arena, net_reply_header(&reply->http, "etag"));
    if (s3_has_own_keys(&reply->http) || !*got || text_equal(got, wanted))
        return OK;
    return fail(p->task, ERR_UPSTREAM, "%s did not arrive as it was sent", p->key);
}

/* ---- what is said of an object ---- */

const char *s3_content_type(const char *key)
{
    static const char *const types[][2] = {
        { ".mp4", "video/mp4" },   { ".webm", "video/webm" },  { ".mov", "video/quicktime" },
        { ".jpg", "image/jpeg" },  { ".jpeg", "image/jpeg" },  { ".png", "image/png" },
        { ".webp", "image/webp" }, { ".m4a", "audio/mp4" },    { ".mp3", "audio/mpeg" },
        { ".wav", "audio/wav" },   { ".flac", "audio/flac" },  { ".ogg", "audio/ogg" },
        { ".json", "application/json" },
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (text_ends(key, types[i][0]))
            return types[i][1];
    }
    return "application/octet-stream";
}

struct header_list {
    struct sigv4_pair at[HEADERS_MAX];
    size_t count;
};

static void add(struct header_list *h, const char *name, const char *value)
{
    h->at[h->count++] = (struct sigv4_pair){ name, value };
}

/* A key never names other bytes, so what was fetched once may be kept for ever. */
static struct header_list object_headers(const struct parcel *p)
{
    struct header_list h = { 0 };
    add(&h, "content-type", s3_content_type(p->key));
    add(&h, "cache-control", "private, max-age=31536000, immutable");
    add(&h, "x-amz-meta-sha256", p->sha256);
    return h;
}

/* ---- in one request ---- */

static enum err put_once(struct parcel *p, struct aws_reply *out)
{
    struct task *t = p->task;
    unsigned char *md5 = p->digests[0];
    struct header_list h = object_headers(p);
    const struct net_upload file = { .fd = p->fd, .bytes = p->bytes };
    enum err e = md5_of(p, 0, p->bytes, md5);
    if (e)
        return e;
    add(&h, "content-md5", base64_encode(t->arena, (struct bytes){ md5, MD5_BYTES }));
    if (!atomic_load(&p->store->no_conditions))
        add(&h, "if-none-match", "*");
    const struct aws_request put = {
        .method = "PUT",
        .path = s3_path(p->store, t, p->key),
        .headers = h.at,
        .header_count = h.count,
        .upload = &file,
        .timeout_us = SEND_US,
    };
    return aws_call(p->store->aws, t, &put, out);
}

/* 412: somebody put this key before, and a key never names other bytes. */
static enum err send_whole(struct parcel *p)
{
    struct aws_reply reply;
    enum err e = put_once(p, &reply);
    if (!e && reply.http.status == 501) {
        atomic_store(&p->store->no_conditions, true);
        e = put_once(p, &reply);
    }
    if (e || reply.http.status == 412)
        return e;
    if (reply.http.status != 200)
        return s3_refusal(p->store, p->task, &reply, "keep", p->key);
    return check_etag(p, &reply, hex_of(p->task->arena, p->digests[0]));
}

/* ---- in parts ---- */

static enum err begin_parts(struct parcel *p)
{
    static const struct sigv4_pair uploads = { "uploads", "" };
    struct header_list h = object_headers(p);
    struct aws_reply reply;
    struct xml xml;
    enum err e = s3_ask(p->store, p->task,
                        &(struct aws_request){ .method = "POST",
                                               .path = s3_path(p->store, p->task, p->key),
                                               .query = &uploads,
                                               .query_count = 1,
                                               .headers = h.at,
                                               .header_count = h.count },
                        "begin", p->key, &reply);
    if (!e)
        e = xml_read(p->task, reply.http.body, &xml);
    if (e)
        return e;
    p->upload_id = xml_text(&xml, "InitiateMultipartUploadResult/UploadId");
    return *p->upload_id ? OK
                         : fail(p->task, ERR_UPSTREAM, "the upload of %s got no name", p->key);
}

static enum err send_part(struct parcel *p, int number)
{
    struct task *t = p->task;
    int64_t offset = (int64_t)number * p->part_bytes, left = p->bytes - offset;
    const struct net_upload part = {
        .fd = p->fd,
        .offset = offset,
        .bytes = left < p->part_bytes ? left : p->part_bytes,
    };
    const struct sigv4_pair query[] = {
        { "partNumber", arena_format(t->arena, "%d", number + 1) },
        { "uploadId", p->upload_id },
    };
    struct aws_reply reply;
    enum err e = md5_of(p, offset, part.bytes, p->digests[number]);
    if (e)
        return e;
    const struct sigv4_pair md5 = {
        "content-md5",
        base64_encode(t->arena, (struct bytes){ p->digests[number], MD5_BYTES }),
    };
    e = s3_ask(p->store, t,
               &(struct aws_request){ .method = "PUT",
                                      .path = s3_path(p->store, t, p->key),
                                      .query = query,
                                      .query_count = 2,
                                      .headers = &md5,
                                      .header_count = 1,
                                      .upload = &part,
                                      .timeout_us = SEND_US },
               "keep a part of", p->key, &reply);
    if (e)
        return e;
    p->etags[number] = net_reply_header(&reply.http, "etag");
    return check_etag(p, &reply, hex_of(t->arena, p->digests[number]));
}

static struct bytes list_of_parts(const struct parcel *p)
{
    struct text out = text_new(p->task->arena);
    text_append(&out, "<CompleteMultipartUpload>");
    for (int i = 0; i < p->part_count; i++)
        text_printf(&out, "<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>", i + 1,
                    xml_escape(p->task->arena, p->etags[i]));
    text_append(&out, "</CompleteMultipartUpload>");
    return (struct bytes){ text_end(&out), out.length };
}

/* "md5(md5 of part 1, ...)-N" */
static const char *whole_etag(const struct parcel *p)
{
    unsigned char digest[MD5_BYTES];
    EVP_Digest(p->digests, (size_t)p->part_count * MD5_BYTES, digest, NULL, EVP_md5(), NULL);
    return arena_format(p->task->arena, "%s-%d", hex_of(p->task->arena, digest), p->part_count);
}

/* What stands there now is what we have. */
static enum err check_whole(struct parcel *p)
{
    struct s3_head head;
    enum err e = s3_head(p->store, p->task, p->key, &head);
    if (e)
        return e;
    bool told = !head.own_keys && strchr(head.etag, '-') && strlen(head.etag) > 32;
    if (head.bytes != p->bytes || (told && !text_equal(head.etag, whole_etag(p))))
        return fail(p->task, ERR_UPSTREAM, "%s did not arrive as it was sent", p->key);
    return OK;
}

/* *out_joined: they are one object now, or there is one already. */
static enum err join_parts(struct parcel *p, bool *out_joined)
{
    struct task *t = p->task;
    const struct sigv4_pair upload = { "uploadId", p->upload_id };
    const struct sigv4_pair headers[] = { { "content-type", "application/xml" },
                                          { "if-none-match", "*" } };
    struct aws_reply reply;
    enum err e = aws_call(p->store->aws, t,
                          &(struct aws_request){
                              .method = "POST",
                              .path = s3_path(p->store, t, p->key),
                              .query = &upload,
                              .query_count = 1,
                              .headers = headers,
                              .header_count = atomic_load(&p->store->no_conditions) ? 1 : 2,
                              .body = list_of_parts(p),
                              .timeout_us = SEND_US },
                          &reply);
    if (e || reply.http.status == 412)
        return e;
    /* the answer to an earlier try was lost, and it had been joined */
    bool before = reply.unsure && text_equal(reply.code, "NoSuchUpload");
    if (reply.http.status != 200 && !before)
        return s3_refusal(p->store, t, &reply, "join", p->key);
    *out_joined = true;
    return check_whole(p);
}

/* Unfinished uploads cost storage. Also for a task that is over, and without a word if it fails. */
static void abort_parts(struct parcel *p)
{
    struct task own = *p->task;
    struct aws_reply reply;
    const struct sigv4_pair upload = { "uploadId", p->upload_id };
    own.cancelled = NULL;
    own.deadline_us = clock_monotonic_us(own.clock) + ABORT_US;
    (void)!aws_call(p->store->aws, &own,
                    &(struct aws_request){ .method = "DELETE",
                                           .path = s3_path(p->store, &own, p->key),
                                           .query = &upload,
                                           .query_count = 1 },
                    &reply);
}

static enum err send_parts(struct parcel *p)
{
    bool joined = false;
    enum err e = begin_parts(p);
    if (e)
        return e;
    for (int i = 0; i < p->part_count && !e; i++)
        e = send_part(p, i);
    if (!e)
        e = join_parts(p, &joined);
    if (!joined)
        abort_parts(p);
    return e;
}

/* A server that knows no conditions would put a second object over the first. */
static enum err send_if_new(struct parcel *p, enum err (*send)(struct parcel *p))
{
    struct s3_head there;
    enum err e = s3_head(p->store, p->task, p->key, &there);
    return e == ERR_NOT_FOUND ? send(p) : e;
}

/* ---- both ---- */

/* At most ten thousand parts. */
static int64_t part_size(int64_t bytes, int64_t usual)
{
    int64_t least = (bytes + PARTS_MAX - 1) / PARTS_MAX;
    return least > usual ? least : usual;
}

enum err s3_send(struct s3_store *s, struct task *t, const char *key, int fd)
{
    struct parcel p = { .store = s, .task = t, .key = key, .fd = fd };
    enum err e = hash_file(t, fd, p.sha256, &p.bytes);
    if (e)
        return e;
    p.part_bytes = part_size(p.bytes, s->part_bytes);
    p.part_count = p.bytes ? (int)((p.bytes + p.part_bytes - 1) / p.part_bytes) : 1;
    p.etags = arena_array(t->arena, const char *, p.part_count);
    p.digests = arena_alloc(t->arena, (size_t)p.part_count * MD5_BYTES);
    if (p.bytes > 2 * s->part_bytes)
        return send_if_new(&p, send_parts);
    return atomic_load(&s->no_conditions) ? send_if_new(&p, send_whole) : send_whole(&p);
}
