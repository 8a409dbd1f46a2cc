#include "net/form.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

const char *net_picture_type(struct bytes file)
{
    static const struct {
        const char *type, *magic;
        size_t at, bytes;
    } known[] = {
        { "image/png", "\x89PNG\r\n\x1a\n", 0, 8 },
        { "image/jpeg", "\xff\xd8\xff", 0, 3 },
        { "image/webp", "WEBP", 8, 4 },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t end = known[i].at + known[i].bytes;
        if (file.size > end &&
            memcmp((const char *)file.at + known[i].at, known[i].magic, known[i].bytes) == 0)
            return known[i].type;
    }
    return NULL;
}

/* The boundary is no picture's bytes by any chance worth naming. */
struct net_form net_form_make(struct task *t, const char *field, const char *file_name,
                              const char *type, struct bytes file)
{
    static const char boundary[] = "----storyreel-8c1f0a5e9d7b4326";
    const char *head = arena_format(t->arena,
                                    "--%s\r\nContent-Disposition: form-data; name=\"%s\"; "
                                    "filename=\"%s\"\r\nContent-Type: %s\r\n\r\n",
                                    boundary, field, file_name, type);
    const char *tail = arena_format(t->arena, "\r\n--%s--\r\n", boundary);
    size_t head_bytes = strlen(head), tail_bytes = strlen(tail);
    char *form = arena_alloc(t->arena, head_bytes + file.size + tail_bytes);
    memcpy(form, head, head_bytes);
    memcpy(form + head_bytes, file.at, file.size);
    memcpy(form + head_bytes + file.size, tail, tail_bytes);
    return (struct net_form){
        .header =
            arena_format(t->arena, "Content-Type: multipart/form-data; boundary=%s", boundary),
        .body = { form, head_bytes + file.size + tail_bytes },
    };
}

char *net_query_text(struct task *t, const char *text)
{
    struct text out = text_new(t->arena);
    for (; *text; text++) {
        bool plain = (isascii(*text) && isalnum(*text)) || strchr("-_.~", *text);
        text_printf(&out, plain ? "%c" : "%%%02X", (unsigned char)*text);
    }
    return text_end(&out);
}
