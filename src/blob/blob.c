/*
 * The front door: keys are checked here once, so that no driver ever sees one that could leave its
 * folder.
 */
#include "blob/blob_driver.h"

#include <errno.h>
#include <inttypes.h>
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

/* Of stores that are small enough to be listed. */
static enum err walk_list(struct blob_store *b, struct task *t, const char *after, size_t limit,
                          struct blob_info **out, size_t *out_count)
{
    struct blob_info *all;
    size_t count, first = 0;
    enum err e = b->driver->list(b, t, "", &all, &count);
    if (e)
        return e;
    while (first < count && strcmp(all[first].key, after) <= 0)
        first++;
    *out = all + first;
    *out_count = count - first < limit ? count - first : limit;
    return OK;
}

enum err blob_walk(struct blob_store *b, struct task *t, const char *after, int64_t limit,
                   struct blob_info **out, size_t *out_count)
{
    bool begins = text_is_empty(after);
    enum err e = begins ? task_over(t) : check_key(t, after);
    if (e)
        return e;
    size_t most = limit <= 0 || limit > LIST_ITEMS_MAX ? LIST_ITEMS_MAX : (size_t)limit;
    return (b->driver->walk ? b->driver->walk : walk_list)(b, t, begins ? "" : after, most, out,
                                                           out_count);
}

enum err blob_remove(struct blob_store *b, struct task *t, const char *key)
{
    enum err e = check_key(t, key);
    return e ? e : b->driver->remove(b, t, key);
}

enum err blob_remove_all(struct blob_store *b, struct task *t, const char *const *keys,
                         size_t count)
{
    enum err e = OK;
    for (size_t i = 0; i < count && !e; i++)
        e = check_key(t, keys[i]);
    if (!e && count && b->driver->remove_all)
        return b->driver->remove_all(b, t, keys, count);
    for (size_t i = 0; i < count && !e; i++)
        e = b->driver->remove(b, t, keys[i]);
    return e;
}

/* By way of this machine. */
static enum err copy_bytes(struct blob_store *b, struct task *t, const char *from, const char *to)
{
    scoped(fd) int file = -1;
    scoped(draft) struct draft draft = draft_none();
    enum err e = blob_open(b, t, from, &file);
    if (!e)
        e = blob_draft(b, t, &draft);
    if (!e)
        e = file_copy(t, file, draft.fd);
    return e ? e : blob_put(b, t, to, &draft);
}

enum err blob_copy(struct blob_store *b, struct task *t, const char *from, const char *to)
{
    enum err e = check_key(t, from);
    if (!e)
        e = check_key(t, to);
    if (e)
        return e;
    return b->driver->copy ? b->driver->copy(b, t, from, to) : copy_bytes(b, t, from, to);
}

static enum err read_opened(struct blob_store *b, struct task *t, const char *key, int64_t offset,
                            int64_t bytes, struct bytes *out)
{
    scoped(fd) int file = -1;
    enum err e = blob_open(b, t, key, &file);
    if (e)
        return e;
    int64_t size = file_bytes(file);
    if (offset >= size)
        return fail(t, ERR_RANGE, "%s has %" PRId64 " bytes, none from %" PRId64 " on", key, size,
                    offset);
    if (bytes > size - offset)
        bytes = size - offset;
    char *read = arena_alloc(t->arena, (size_t)bytes + 1);
    for (int64_t at = 0; at < bytes;) {
        ssize_t got = pread(file, read + at, (size_t)(bytes - at), offset + at);
        if (got <= 0)
            return fail_errno(t, got < 0 ? errno : EIO, "read", key);
        at += got;
    }
    *out = (struct bytes){ read, (size_t)bytes };
    return OK;
}

enum err blob_read(struct blob_store *b, struct task *t, const char *key, int64_t offset,
                   int64_t bytes, struct bytes *out)
{
    enum err e = check_key(t, key);
    if (e)
        return e;
    if (offset < 0 || bytes < 1 || bytes > BLOB_READ_BYTES_MAX)
        return fail(t, ERR_INVALID, "1 to %d bytes can be read at once, from 0 on",
                    BLOB_READ_BYTES_MAX);
    return b->driver->read ? b->driver->read(b, t, key, offset, bytes, out)
                           : read_opened(b, t, key, offset, bytes, out);
}

/* Can a file be made where drafts are made? */
static enum err check_draft(struct blob_store *b, struct task *t)
{
    scoped(draft) struct draft d = draft_none();
    return b->driver->draft(b, t, &d);
}

enum err blob_check(struct blob_store *b, struct task *t)
{
    enum err e = task_over(t);
    if (!e)
        e = check_draft(b, t);
    return e || !b->driver->check ? e : b->driver->check(b, t);
}

enum err blob_ready(struct blob_store *b, struct task *t)
{
    return b->driver->ready ? b->driver->ready(b, t) : OK;
}

enum err blob_url(struct blob_store *b, struct task *t, const char *key,
                  const struct blob_url_wish *wish, const char **out)
{
    enum err e = check_key(t, key);
    if (e)
        return e;
    if (b->driver->url)
        return b->driver->url(b, t, key, wish, out);
    *out = "";
    return OK;
}

bool blob_has_urls(const struct blob_store *b)
{
    return b->driver->url != NULL;
}

const char *blob_url_origin(struct blob_store *b, struct task *t)
{
    return b->driver->url_origin ? b->driver->url_origin(b, t) : "";
}

const char *blob_describe(struct blob_store *b, struct task *t)
{
    return b->driver->describe ? b->driver->describe(b, t) : b->driver->name;
}

enum err blob_waiting(struct blob_store *b, struct task *t, struct blob_info **out,
                      size_t *out_count)
{
    if (b->driver->waiting)
        return b->driver->waiting(b, t, out, out_count);
    *out = NULL;
    *out_count = 0;
    return OK;
}

bool blob_waits(struct blob_store *b, struct task *t, const char *key)
{
    const struct fault before = t->fault;
    struct blob_info *files;
    size_t count;
    bool found = false;
    if (blob_waiting(b, t, &files, &count))
        count = 0;
    for (size_t i = 0; i < count && !found; i++)
        found = strcmp(files[i].key, key) == 0;
    t->fault = before;
    return found;
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
