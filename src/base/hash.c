#include "base/hash.h"

#include <errno.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/scoped.h"

static void md_scoped(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

/* libcrypto fails here only for want of memory, which ends the process as everywhere. */
static EVP_MD_CTX *sha256_begin(void)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1)
        abort();
    return context;
}

static void sha256_end(EVP_MD_CTX *context, char hex[HASH_TEXT_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[32];
    EVP_DigestFinal_ex(context, digest, NULL);
    for (int i = 0; i < 32; i++) {
        hex[2 * i]     = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[64] = '\0';
}

struct hash hash_new(const char *domain)
{
    struct hash h = { sha256_begin() };
    hash_add(&h, "domain", domain);
    return h;
}

/* Most parts are a few words: length and bytes then go in together, as each call has its price. */
static void add_prefixed(struct hash *h, const void *bytes, size_t size)
{
    enum { PREFIX = 8, TOGETHER = 248 };
    uint64_t length = size;
    unsigned char part[PREFIX + TOGETHER];
    size_t together = size <= TOGETHER ? size : 0;
    for (int i = 0; i < PREFIX; i++)
        part[i] = (unsigned char)(length >> (8 * i));
    memcpy(part + PREFIX, bytes, together);
    EVP_DigestUpdate(h->context, part, PREFIX + together);
    if (together < size)
        EVP_DigestUpdate(h->context, bytes, size);
}

void hash_add_bytes(struct hash *h, const char *name, const void *bytes, size_t size)
{
    add_prefixed(h, name, strlen(name));
    add_prefixed(h, bytes, size);
}

void hash_add(struct hash *h, const char *name, const char *value)
{
    hash_add_bytes(h, name, value ? value : "", value ? strlen(value) : 0);
}

void hash_add_int(struct hash *h, const char *name, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)value);
    hash_add(h, name, text);
}

char *hash_end(struct hash *h, struct arena *a)
{
    char *hex = arena_alloc(a, HASH_TEXT_BYTES);
    sha256_end(h->context, hex);
    EVP_MD_CTX_free(h->context);
    h->context = NULL;
    return hex;
}

void hash_mac(struct bytes key, struct bytes content, unsigned char out[HASH_BYTES])
{
    if (!HMAC(EVP_sha256(), key.at, (int)key.size, content.at, content.size, out, NULL))
        abort();
}

void hash_bytes(struct bytes bytes, char hex[HASH_TEXT_BYTES])
{
    EVP_MD_CTX *context = sha256_begin();
    EVP_DigestUpdate(context, bytes.at, bytes.size);
    sha256_end(context, hex);
    EVP_MD_CTX_free(context);
}

enum err hash_file(struct task *t, int fd, char hex[HASH_TEXT_BYTES], int64_t *out_bytes)
{
    enum { CHUNK = 256 << 10 };
    scoped(md) EVP_MD_CTX *context = sha256_begin();
    scoped(heap) unsigned char *chunk = malloc(CHUNK);
    if (!chunk)
        abort();

    int64_t at = 0;
    for (;;) {
        ssize_t got = pread(fd, chunk, CHUNK, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(t, errno, "read", "the file");
        if (got == 0)
            break;
        EVP_DigestUpdate(context, chunk, (size_t)got);
        at += got;
    }
    sha256_end(context, hex);
    *out_bytes = at;
    return OK;
}
