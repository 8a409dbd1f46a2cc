#include "flow/kept_file.h"

#include "base/hash.h"

enum err file_keep(const struct flow *f, struct task *t, int fd, const char *folder,
                   const char *ending, struct kept_file *out)
{
    char *hex = arena_alloc(t->arena, HASH_TEXT_BYTES);
    struct blob_info there;
    scoped(draft) struct draft copy = draft_none();
    enum err e = hash_file(t, fd, hex, &out->bytes);
    if (e)
        return e;
    out->hash = hex;
    out->key = arena_format(t->arena, "%s/%.24s.%s", folder, hex, ending);
    e = blob_stat(f->blobs, t, out->key, &there);
    if (e != ERR_NOT_FOUND)
        return e;
    e = blob_draft(f->blobs, t, &copy);
    if (!e)
        e = file_copy(t, fd, copy.fd);
    return e ? e : blob_put(f->blobs, t, out->key, &copy);
}
