#include "net/webhook.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <string.h>

#include "base/base64.h"
#include "base/hash.h"
#include "base/text.h"

static const char secret_prefix[] = "whsec_";

enum err webhook_key(struct task *t, const char *secret, struct bytes *out)
{
    const char *text = secret + strlen(secret_prefix);
    bool is_one = text_starts(secret, secret_prefix) &&
                  base64_decode(t, text, strlen(text), out) == OK && out->size > 0 &&
                  out->size <= WEBHOOK_KEY_BYTES_MAX;
    return is_one ? OK
                  : refuse(t, ERR_INVALID, "give \"whsec_\" and 24 to 64 bytes in base64",
                           "the secret for webhooks is none");
}

const char *webhook_sign(struct task *t, struct bytes key, const struct webhook_message *m)
{
    unsigned char mac[HASH_BYTES];
    struct text content = text_new(t->arena);
    text_printf(&content, "%s.%" PRId64 ".", m->id, m->timestamp_s);
    text_append_n(&content, m->body.at, m->body.size);
    hash_mac(key, (struct bytes){ text_end(&content), content.length }, mac);
    const char *text = base64_encode(t->arena, (struct bytes){ mac, sizeof mac });
    return arena_format(t->arena, "v1,%s", text);
}

/* In constant time, so that nobody can find a signature letter by letter. */
static bool is_listed(const char *signatures, const char *wanted)
{
    size_t bytes = strlen(wanted);
    bool found = false;
    for (const char *at = signatures; *at; at += strcspn(at, " ")) {
        at += strspn(at, " ");
        found |= strcspn(at, " ") == bytes && CRYPTO_memcmp(at, wanted, bytes) == 0;
    }
    return found;
}

enum err webhook_check(struct task *t, struct bytes key, const struct webhook_message *m,
                       const char *signatures)
{
    int64_t off_s = clock_wall_us(t->clock) / SECOND_US - m->timestamp_s;
    if (!is_listed(signatures, webhook_sign(t, key, m)))
        return fail(t, ERR_FORBIDDEN, "the message is not signed by who it says it is from");
    if (off_s > WEBHOOK_WINDOW_S || off_s < -WEBHOOK_WINDOW_S)
        return fail(t, ERR_FORBIDDEN, "the message was not sent within the last five minutes");
    return OK;
}
