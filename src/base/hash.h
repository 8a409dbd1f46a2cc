#pragma once

/*
 * SHA-256 (libcrypto) for names of content and of inputs.
 *
 * Input hashes are built from named parts, each length-prefixed, so that no two different lists of
 * parts give the same bytes: hash_add(&h, "prompt", text) is not hash_add(&h, "promptt", "ext").
 */

#include <openssl/evp.h>
#include <stdint.h>

#include "base/file.h"
#include "base/task.h"

enum { HASH_BYTES = 32, HASH_TEXT_BYTES = 65 };       /* 64 hex digits and the terminator */

struct hash {
    EVP_MD_CTX *context;
};

struct hash hash_new(const char *domain);           /* what kind of thing is hashed, "take" */
void        hash_add(struct hash *h, const char *name, const char *value);
void        hash_add_int(struct hash *h, const char *name, int64_t value);
void        hash_add_bytes(struct hash *h, const char *name, const void *bytes, size_t size);

/* Ends the hash and gives its hex text in the arena. */
char *hash_end(struct hash *h, struct arena *a);

/* HMAC-SHA256: that `content` comes from someone who has the key. */
void hash_mac(struct bytes key, struct bytes content, unsigned char out[HASH_BYTES]);

/* Plain SHA-256 of bytes. */
void hash_bytes(struct bytes bytes, char hex[HASH_TEXT_BYTES]);

/* Plain SHA-256 of a file's bytes from offset 0 (the offset is left alone) and its size. */
enum err hash_file(struct task *t, int fd, char hex[HASH_TEXT_BYTES], int64_t *out_bytes);
