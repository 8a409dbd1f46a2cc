#include "api/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"

enum { MAC_BYTES = 32, MAC_TEXT_BYTES = 43 };

/* ---- the key ---- */

static enum err make_key(struct task *t, unsigned char key[SIGN_KEY_BYTES])
{
    if (RAND_bytes(key, SIGN_KEY_BYTES) != 1)
        return fail(t, ERR_INTERNAL, "there is no randomness for a signing key");
    return OK;
}

static enum err keep_key(struct task *t, const char *folder, const char *path,
                         const unsigned char key[SIGN_KEY_BYTES])
{
    scoped(draft) struct draft d = draft_none();
    enum err e = draft_open(t, folder, &d);
    if (!e && fchmod(d.fd, 0600) != 0)
        e = fail_errno(t, errno, "protect", path);
    if (!e)
        e = file_write_all(t, d.fd, key, SIGN_KEY_BYTES);
    return e ? e : draft_publish(t, &d, path, false);
}

/* The text is a secret of any form; what is signed with is always as long. */
static enum err key_from_text(struct task *t, const char *text, unsigned char key[SIGN_KEY_BYTES])
{
    _Static_assert((int)SIGN_KEY_BYTES == (int)HASH_BYTES, "the key is one digest");
    static const char purpose[] = "links and sessions, version 1";
    if (strlen(text) < SIGN_TEXT_MIN)
        return refuse(t, ERR_INVALID, "make one with: openssl rand -base64 48",
                      "a signing key has at least %d characters", SIGN_TEXT_MIN);
    hash_mac((struct bytes){ text, strlen(text) }, (struct bytes){ purpose, strlen(purpose) }, key);
    return OK;
}

static enum err key_from_folder(struct task *t, const char *folder,
                                unsigned char key[SIGN_KEY_BYTES])
{
    struct bytes kept;
    const char *path = arena_format(t->arena, "%s/signing-key", folder);
    enum err e = *folder ? file_read(t, path, SIGN_KEY_BYTES, &kept) : ERR_NOT_FOUND;
    if (!e && kept.size != SIGN_KEY_BYTES)
        return refuse(t, ERR_INVALID, "remove it; a new one is made at the next start",
                      "%s is not a signing key", path);
    if (!e)
        memcpy(key, kept.at, SIGN_KEY_BYTES);
    if (e == ERR_NOT_FOUND)
        e = make_key(t, key);
    return !e && *folder && access(path, F_OK) != 0 ? keep_key(t, folder, path, key) : e;
}

enum err signer_open(struct task *t, const struct signer_source *source, int64_t url_seconds,
                     struct signer *out)
{
    struct signer s = { .url_seconds = url_seconds > 0 ? url_seconds : URL_SECONDS };
    if (s.url_seconds > URL_SECONDS_MAX)
        s.url_seconds = URL_SECONDS_MAX;
    enum err e = text_is_empty(source->text) ? key_from_folder(t, source->folder, s.key)
                                             : key_from_text(t, source->text, s.key);
    if (!e)
        *out = s;
    return e;
}

/* ---- signatures ---- */

static char *base64url(struct arena *a, const unsigned char *bytes, size_t size)
{
    char *text = arena_alloc(a, (size + 2) / 3 * 4 + 1);
    EVP_EncodeBlock((unsigned char *)text, bytes, (int)size);
    for (char *at = text; *at; at++)
        *at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
    text[strcspn(text, "=")] = '\0';
    return text;
}

/* Of the parts, each with its length before it. */
static const char *mac(const struct signer *s, struct task *t, const char *version,
                       const char *object, int64_t expiry_s)
{
    struct text parts = text_new(t->arena);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int bytes = 0;
    text_printf(&parts, "%zu:%s%zu:%s%" PRId64, strlen(version), version, strlen(object), object,
                expiry_s);
    HMAC(EVP_sha256(), s->key, SIGN_KEY_BYTES, (const unsigned char *)parts.bytes,
         parts.length, digest, &bytes);
    return base64url(t->arena, digest, MAC_BYTES);
}

static bool same(const char *a, const char *b)
{
    return strlen(a) == MAC_TEXT_BYTES && strlen(b) == MAC_TEXT_BYTES &&
           CRYPTO_memcmp(a, b, MAC_TEXT_BYTES) == 0;
}

/* The whole text as a number of seconds, or -1. */
static int64_t read_seconds(const char *text)
{
    int64_t seconds = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 12 || (text[digits] && text[digits] != '.'))
        return -1;
    for (size_t i = 0; i < digits; i++)
        seconds = seconds * 10 + (text[i] - '0');
    return seconds;
}

static int64_t now_s(struct task *t)
{
    return clock_wall_us(t->clock) / SECOND_US;
}

/* ---- URLs ---- */

int64_t signer_epoch(const struct signer *s, int64_t wall_us)
{
    int64_t half_us = s->url_seconds * SECOND_US / 2;
    return wall_us / half_us;
}

const char *signer_path_url(const struct signer *s, struct task *t, const char *path)
{
    int64_t half_us = s->url_seconds * SECOND_US / 2;
    int64_t expiry_s = (signer_epoch(s, clock_wall_us(t->clock)) + 2) * half_us / SECOND_US;
    return arena_format(t->arena, "%s?e=%" PRId64 "&s=%s", path, expiry_s,
                        mac(s, t, "1 GET", path, expiry_s));
}

const char *signer_url(const struct signer *s, struct task *t, const char *blob_key)
{
    if (!blob_key || !*blob_key)
        return "";
    return signer_path_url(s, t, arena_format(t->arena, "/media/%s", blob_key));
}

enum err signer_check(const struct signer *s, struct task *t, const char *path, const char *expiry,
                      const char *signature)
{
    int64_t expiry_s = expiry && !strchr(expiry, '.') ? read_seconds(expiry) : -1;
    bool ours = signature && expiry_s >= 0 && same(mac(s, t, "1 GET", path, expiry_s), signature);
    if (ours && expiry_s + SIGN_SKEW_S >= now_s(t))
        return OK;
    return refuse(t, ERR_FORBIDDEN, "read the project again for a fresh URL",
                  "this link is not valid or no longer so");
}

/* ---- sealed texts: "EXPIRY.SIGNATURE" ---- */

const char *signer_seal(const struct signer *s, struct task *t, const char *purpose,
                        int64_t expiry_s)
{
    return arena_format(t->arena, "%" PRId64 ".%s", expiry_s,
                        mac(s, t, "1 SEAL", purpose, expiry_s));
}

bool signer_opens(const struct signer *s, struct task *t, const char *purpose, const char *sealed)
{
    const char *dot = strchr(sealed, '.');
    int64_t expiry_s = dot ? read_seconds(sealed) : -1;
    return expiry_s >= now_s(t) && same(mac(s, t, "1 SEAL", purpose, expiry_s), dot + 1);
}
