/*
 * The front door: keys are checked here once, so that no driver ever sees one that could leave its
 * folder.
 */
#include "blob/blob_driver.h"

#include <string.h>

#include "base/text.h"

static const char key_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/";

/* NULL, or what is wrong with it. */
static const char *key_problem(const char *key)
{
    size_t bytes = strlen(key);
    if (bytes == 0 || bytes > KEY_BYTES_MAX)
        return bytes ? "is too long" : "is empty";
    if (key[strspn(key, key_alphabet)])
        return "may only have letters, digits, '.', '_', '-' and '/'";
    for (const char *part = key;; part++) {
        size_t length = strcspn(part, "/");
        if (length == 0)
            return "has an empty part";
        if (*part == '.')
            return "has a part that begins with '.'";
        if (length > KEY_PART_BYTES_MAX)
            return "has a part that is too long";
        part += length;
        if (!*part)
            return NULL;
    }
}

static enum err check_key(struct task *t, const char *key)
{
    const char *problem = key ? key_problem(key) : "is missing";
    if (problem)
        return fail(t, ERR_INVALID, "the key \"%.100s\" %s", key ? key : "", problem);
    return task_over(t);
}

/* A prefix is a key that ends with a slash. */
static enum err check_prefix(struct task *t, const char *prefix)
{
    size_t bytes = strlen(prefix);
    if (bytes == 0)
        return task_over(t);
    if (prefix[bytes - 1] != '/')
        return fail(t, ERR_INVALID, "the prefix \"%.100s\" does not end with a slash", prefix);
    return check_key(t, arena_copy_n(t->arena, prefix, bytes - 1));
}

enum err blob_draft(struct blob_store *b, struct task *t, struct draft *out)
{
    enum err e = task_over(t);
    return e ? e : b->driver->draft(b, t, out);
}

enum err blob_put(struct blob_store *b, struct task *t, const char *key, struct draft *draft)
{
    enum err e = check_key(t, key);
    if (e)
        return e;
    if (draft->fd < 0)
        return fail(t, ERR_INVALID, "there is no draft to keep as %s", key);
    return b->driver->put(b, t, key, draft);
}

enum err blob_put_bytes(struct blob_store *b, struct task *t, const char *key, struct bytes bytes)
{
    enum err e = check_key(t, key);
    if (e)
        return e;
    scoped(draft) struct draft draft = draft_none();
    e = blob_draft(b, t, &draft);
    if (e)
        return e;
    e = file_write_all(t, draft.fd, bytes.at, bytes.size);
    return e ? e : blob_put(b, t, key, &draft);
}

enum err blob_open(struct blob_store *b, struct task *t, const char *key, int *out_fd)
{
    enum err e = check_key(t, key);
    return e ? e : b->driver->open(b, t, key, out_fd);
}

enum err blob_stat(struct blob_store *b, struct task *t, const char *key, struct blob_info *out)
{
    enum err e = check_key(t, key);
    return e ? e : b->driver->stat(b, t, key, out);
}

enum err blob_list(struct blob_store *b, struct task *t, const char *prefix, struct blob_info **out,
                   size_t *out_count)
{
    enum err e = check_prefix(t, prefix ? prefix : "");
    return e ? e : b->driver->list(b, t, prefix ? prefix : "", out, out_count);
}

enum err blob_remove(struct blob_store *b, struct task *t, const char *key)
{
    enum err e = check_key(t, key);
    return e ? e : b->driver->remove(b, t, key);
}

void blob_close(struct blob_store *b)
{
    if (b)
        b->driver->close(b);
}

enum err fail_no_blob(struct task *t, const char *key)
{
    return fail(t, ERR_NOT_FOUND, "there is no file %s in the store", key);
}

enum err fail_blob_is_folder(struct task *t, const char *key)
{
    return fail(t, ERR_CONFLICT, "the key %s meets another key on its way: one of them is a folder",
                key);
}
