/*
 * Both forms sign the same text, the canonical request; they differ in where the signature's own
 * particulars stand: among the headers or in the query. So a form adds its pairs, and one function
 * does the rest. The canonical request is hashed as it is written and never kept.
 */
#include "net/sigv4.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "base/text.h"
#include "net/secret_text.h"

static const char algorithm[] = "AWS4-HMAC-SHA256";

/* What both forms have in common. */
struct signing {
    struct arena *arena;
    const struct sigv4_signer *signer;
    const struct sigv4_request *request;
    const char *stamp, *scope;        /* "20150830T123600Z"; "20150830/us-east-1/s3/aws4_request" */
    struct sigv4_pair *query, *headers;
    size_t query_count, header_count;
};

/* ---- the canonical form ---- */

char *sigv4_encode(struct arena *a, const char *text, bool is_path)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/";
    struct text out = text_new(a);
    for (const char *c = text; *c; c++) {
        if (strchr(plain, *c) && (*c != '/' || is_path))
            text_append_n(&out, c, 1);
        else
            text_printf(&out, "%%%02X", (unsigned char)*c);
    }
    return text_end(&out);
}

/* RFC 3986, 5.2.4, and runs of slashes made one. */
static const char *squash(struct arena *a, const char *path)
{
    struct text out = text_new(a);
    bool is_folder = true;
    for (const char *part = path; *part;) {
        part += strspn(part, "/");
        size_t bytes = strcspn(part, "/");
        bool up = bytes == 2 && part[0] == '.' && part[1] == '.';
        bool here = bytes == 0 || (bytes == 1 && *part == '.');
        if (up) {
            const char *slash = strrchr(text_end(&out), '/');
            out.length = slash ? (size_t)(slash - out.bytes) : 0;
            text_append(&out, "");
        } else if (!here) {
            text_append(&out, "/");
            text_append_n(&out, part, bytes);
        }
        part += bytes;
        is_folder = up || here || *part == '/';
    }
    if (is_folder)
        text_append(&out, "/");
    return text_end(&out);
}

static int by_name_and_value(const void *a, const void *b)
{
    const struct sigv4_pair *one = a, *two = b;
    int order = strcmp(one->name, two->name);
    return order ? order : strcmp(one->value, two->value);
}

static const char *canonical_query(struct signing *s)
{
    struct text out = text_new(s->arena);
    for (size_t i = 0; i < s->query_count; i++)
        s->query[i] = (struct sigv4_pair){ sigv4_encode(s->arena, s->query[i].name, false),
                                           sigv4_encode(s->arena, s->query[i].value, false) };
    qsort(s->query, s->query_count, sizeof *s->query, by_name_and_value);
    for (size_t i = 0; i < s->query_count; i++)
        text_printf(&out, "%s%s=%s", i ? "&" : "", s->query[i].name, s->query[i].value);
    return text_end(&out);
}

/* By insertion: same names stay in the order in which they will be sent. */
static void add_header(struct signing *s, const char *name, const char *value)
{
    size_t at = s->header_count++;
    for (; at > 0 && strcmp(s->headers[at - 1].name, name) > 0; at--)
        s->headers[at] = s->headers[at - 1];
    s->headers[at] = (struct sigv4_pair){ name, value };
}

static bool repeats(const struct signing *s, size_t i)
{
    return i > 0 && text_equal(s->headers[i].name, s->headers[i - 1].name);
}

/* "host;x-amz-date" */
static const char *signed_names(const struct signing *s)
{
    struct text out = text_new(s->arena);
    for (size_t i = 0; i < s->header_count; i++) {
        if (!repeats(s, i))
            text_printf(&out, "%s%s", i ? ";" : "", s->headers[i].name);
    }
    return text_end(&out);
}

static void feed(EVP_MD_CTX *digest, const char *text)
{
    EVP_DigestUpdate(digest, text, strlen(text));
}

static void feed_headers(EVP_MD_CTX *digest, const struct signing *s)
{
    for (size_t i = 0; i < s->header_count; i++) {
        feed(digest, repeats(s, i) ? "," : i ? "\n" : "");
        if (!repeats(s, i)) {
            feed(digest, s->headers[i].name);
            feed(digest, ":");
        }
        feed(digest, s->headers[i].value);
    }
    feed(digest, "\n");
}

static void hex_of(const unsigned char digest[HASH_BYTES], char out[HASH_TEXT_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < HASH_BYTES; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[2 * HASH_BYTES] = '\0';
}

static void hash_canonical(const struct signing *s, const char *path, const char *query,
                           char out[HASH_TEXT_BYTES])
{
    unsigned char bytes[HASH_BYTES];
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    if (!digest || EVP_DigestInit_ex(digest, EVP_sha256(), NULL) != 1)
        abort();
    const char *head[] = { s->request->method, "\n", path, "\n", query, "\n" };
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        feed(digest, head[i]);
    feed_headers(digest, s);
    feed(digest, "\n");
    feed(digest, signed_names(s));
    feed(digest, "\n");
    feed(digest, s->request->payload);
    EVP_DigestFinal_ex(digest, bytes, NULL);
    EVP_MD_CTX_free(digest);
    hex_of(bytes, out);
}

/* ---- the signature ---- */

static struct bytes bytes_of(const char *text)
{
    return (struct bytes){ text, strlen(text) };
}

/* The key of one day, region and service, each worked in with the one before. */
static void day_key(const struct signing *s, unsigned char key[HASH_BYTES])
{
    char first[SECRET_BYTES_MAX + 5] = "AWS4";
    const char *parts[] = { arena_copy_n(s->arena, s->stamp, 8), s->signer->region,
                            s->signer->service, "aws4_request" };
    size_t length = strlen(secret_text(s->signer->key));
    memcpy(first + 4, secret_text(s->signer->key), length);
    hash_mac((struct bytes){ first, length + 4 }, bytes_of(parts[0]), key);
    explicit_bzero(first, sizeof first);
    for (int i = 1; i < 4; i++)
        hash_mac((struct bytes){ key, HASH_BYTES }, bytes_of(parts[i]), key);
}

/* Also what has to be sent as path and query for the signature to hold. */
static void sign(struct signing *s, const char **out_target, char signature[HASH_TEXT_BYTES])
{
    char canonical[HASH_TEXT_BYTES];
    unsigned char key[HASH_BYTES], mac[HASH_BYTES];
    const struct sigv4_request *r = s->request;
    const char *raw = r->squash_path ? squash(s->arena, r->path) : r->path;
    const char *path = sigv4_encode(s->arena, raw, true), *query = canonical_query(s);
    hash_canonical(s, path, query, canonical);
    const char *to_sign = arena_format(s->arena, "%s\n%s\n%s\n%s", algorithm, s->stamp, s->scope,
                                       canonical);
    day_key(s, key);
    hash_mac((struct bytes){ key, sizeof key }, bytes_of(to_sign), mac);
    explicit_bzero(key, sizeof key);
    hex_of(mac, signature);
    *out_target = *query ? arena_format(s->arena, "%s?%s", path, query) : path;
}

/* ---- the two forms ---- */

static const char *stamp_of(struct arena *a, int64_t wall_us)
{
    time_t seconds = (time_t)(wall_us / SECOND_US);
    struct tm tm;
    char *stamp = arena_alloc(a, sizeof "20150830T123600Z");
    strftime(stamp, sizeof "20150830T123600Z", "%Y%m%dT%H%M%SZ", gmtime_r(&seconds, &tm));
    return stamp;
}

enum { OWN_PAIRS = 6 }; /* at most so many of a form's own beside the request's */

static struct signing signing_new(struct arena *a, const struct sigv4_signer *signer,
                                  const struct sigv4_request *r)
{
    struct signing s = {
        .arena = a,
        .signer = signer,
        .request = r,
        .stamp = stamp_of(a, signer->wall_us),
        .query = arena_array(a, struct sigv4_pair, r->query_count + OWN_PAIRS),
        .query_count = r->query_count,
        .headers = arena_array(a, struct sigv4_pair, r->header_count + OWN_PAIRS),
    };
    s.scope = arena_format(a, "%.8s/%s/%s/aws4_request", s.stamp, signer->region, signer->service);
    if (r->query_count)
        memcpy(s.query, r->query, r->query_count * sizeof *r->query);
    for (size_t i = 0; i < r->header_count; i++)
        add_header(&s, text_lower(a, r->headers[i].name), text_tidy(a, r->headers[i].value));
    return s;
}

struct sigv4_signed sigv4_sign(struct arena *a, const struct sigv4_signer *signer,
                               const struct sigv4_request *r)
{
    struct signing s = signing_new(a, signer, r);
    struct sigv4_signed out = { .date = s.stamp };
    char signature[HASH_TEXT_BYTES];
    add_header(&s, "x-amz-date", s.stamp);
    if (signer->token)
        add_header(&s, "x-amz-security-token", secret_text(signer->token));
    sign(&s, &out.target, signature);
    out.authorization =
        arena_format(a, "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s", algorithm,
                     signer->key_id, s.scope, signed_names(&s), signature);
    return out;
}

const char *sigv4_presign(struct arena *a, const struct sigv4_signer *signer,
                          const struct sigv4_request *r, int expires_s)
{
    struct signing s = signing_new(a, signer, r);
    const char *target;
    char signature[HASH_TEXT_BYTES];
    const struct sigv4_pair own[] = {
        { "X-Amz-Algorithm", algorithm },
        { "X-Amz-Credential", arena_format(a, "%s/%s", signer->key_id, s.scope) },
        { "X-Amz-Date", s.stamp },
        { "X-Amz-Expires", arena_format(a, "%d", expires_s) },
        { "X-Amz-SignedHeaders", signed_names(&s) },
    };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        s.query[s.query_count++] = own[i];
    if (signer->token)
        s.query[s.query_count++] =
            (struct sigv4_pair){ "X-Amz-Security-Token", secret_text(signer->token) };
    sign(&s, &target, signature);
    return arena_format(a, "%s&X-Amz-Signature=%s", target, signature);
}
