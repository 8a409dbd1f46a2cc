#include "net/secret_text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct secret {
    size_t bytes;
    char text[SECRET_BYTES_MAX + 1];
};

/* What a header value may hold: visible ASCII. */
static bool is_sendable(const char *text)
{
    for (; *text; text++) {
        if (*text <= ' ' || *text > '~')
            return false;
    }
    return true;
}

enum err secret_new(struct task *t, const char *name, const char *text, struct secret **out)
{
    size_t bytes = strlen(text);
    if (bytes == 0 || bytes > SECRET_BYTES_MAX || !is_sendable(text))
        return refuse(t, ERR_INVALID, "copy the key again, without spaces and line ends",
                      "%s is no key: one is 1 to %d visible characters", name, SECRET_BYTES_MAX);
    struct secret *s =
        mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (s == MAP_FAILED)
        abort();
    madvise(s, sizeof *s, MADV_DONTDUMP);
    s->bytes = bytes;
    memcpy(s->text, text, bytes + 1);
    *out = s;
    return OK;
}

void secret_free(struct secret *s)
{
    if (!s)
        return;
    explicit_bzero(s, sizeof *s);
    munmap(s, sizeof *s);
}

const char *secret_text(const struct secret *s)
{
    return s->text;
}

void secret_blank(const struct secret *s, char *text, size_t bytes)
{
    if (!s)
        return;
    for (char *at; (at = memmem(text, bytes, s->text, s->bytes)) != NULL;) {
        memset(at, '*', s->bytes);
        bytes -= (size_t)(at + s->bytes - text);
        text = at + s->bytes;
    }
}
