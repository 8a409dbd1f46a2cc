/*
 * A sorted array of nameless files (memfd), behind one lock. A draft is such a file already, so
 * putting it is keeping its descriptor, sealed against writing by whoever else still holds it.
 */
#include "blob/blob_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/text.h"

struct blob {
    char   *key;
    int     fd;
    int64_t bytes;
};

struct memory_store {
    struct blob_store store;
    pthread_mutex_t   lock;          /* guards all below */
    struct blob      *blobs;         /* by key */
    size_t            count, capacity;
};

static size_t lower_bound(const struct memory_store *m, const char *key)
{
    size_t low = 0, high = m->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(m->blobs[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct blob *find(const struct memory_store *m, const char *key)
{
    size_t at = lower_bound(m, key);
    return at < m->count && text_equal(m->blobs[at].key, key) ? &m->blobs[at] : NULL;
}

static enum err memory_draft(struct blob_store *b, struct task *t, struct draft *out)
{
    (void)b;
    int fd = memfd_create("draft", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return fail_errno(t, errno, "make", "a draft in memory");
    *out = (struct draft){ .fd = fd };
    return OK;
}

/* Whether "a" and "a/b" would meet, as they do in a file system. */
static bool meets_a_folder(struct task *t, const struct memory_store *m, const char *key)
{
    const char *below = arena_format(t->arena, "%s/", key);
    size_t at = lower_bound(m, below);
    if (at < m->count && text_starts(m->blobs[at].key, below))
        return true;
    for (const char *slash = strchr(key, '/'); slash; slash = strchr(slash + 1, '/')) {
        if (find(m, arena_copy_n(t->arena, key, (size_t)(slash - key))))
            return true;
    }
    return false;
}

static void insert(struct memory_store *m, const char *key, int fd)
{
    if (m->count == m->capacity) {
        m->capacity = m->capacity ? m->capacity * 2 : 16;
        m->blobs    = realloc(m->blobs, m->capacity * sizeof *m->blobs);
        if (!m->blobs)
            abort();
    }
    size_t at = lower_bound(m, key);
    memmove(m->blobs + at + 1, m->blobs + at, (m->count - at) * sizeof *m->blobs);
    m->blobs[at] = (struct blob){ .key = strdup(key), .fd = fd, .bytes = file_bytes(fd) };
    m->count++;
}

static enum err memory_put(struct blob_store *b, struct task *t, const char *key,
                           struct draft *draft)
{
    struct memory_store *m = (struct memory_store *)b;
    enum err e = OK;
    pthread_mutex_lock(&m->lock);
    if (meets_a_folder(t, m, key)) {
        e = fail_blob_is_folder(t, key);
    } else if (!find(m, key)) {
        fcntl(draft->fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK);
        insert(m, key, fd_take(&draft->fd));
    }
    pthread_mutex_unlock(&m->lock);
    if (!e)
        draft_done(draft);
    return e;
}

/* A description of its own, so that readers do not move each other's offset. */
static int reopen(int fd)
{
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    return open(self, O_RDONLY | O_CLOEXEC);
}

static enum err memory_open(struct blob_store *b, struct task *t, const char *key, int *out_fd)
{
    struct memory_store *m = (struct memory_store *)b;
    pthread_mutex_lock(&m->lock);
    const struct blob *blob = find(m, key);
    int fd = blob ? reopen(blob->fd) : -1, why = errno;
    pthread_mutex_unlock(&m->lock);
    if (!blob)
        return fail_no_blob(t, key);
    if (fd < 0)
        return fail_errno(t, why, "open", key);
    *out_fd = fd;
    return OK;
}

static enum err memory_stat(struct blob_store *b, struct task *t, const char *key,
                            struct blob_info *out)
{
    struct memory_store *m = (struct memory_store *)b;
    pthread_mutex_lock(&m->lock);
    const struct blob *blob = find(m, key);
    int64_t bytes = blob ? blob->bytes : -1;
    pthread_mutex_unlock(&m->lock);
    if (bytes < 0)
        return fail_no_blob(t, key);
    *out = (struct blob_info){ .key = arena_copy(t->arena, key), .bytes = bytes };
    return OK;
}

static enum err memory_list(struct blob_store *b, struct task *t, const char *prefix,
                            struct blob_info **out, size_t *out_count)
{
    struct memory_store *m = (struct memory_store *)b;
    struct blob_info *found = NULL;
    size_t count = 0, capacity = 0;
    pthread_mutex_lock(&m->lock);
    for (size_t i = lower_bound(m, prefix); i < m->count && text_starts(m->blobs[i].key, prefix);
         i++)
        array_push(t->arena, found, count, capacity,
                   { .key = arena_copy(t->arena, m->blobs[i].key), .bytes = m->blobs[i].bytes });
    pthread_mutex_unlock(&m->lock);
    if (count > LIST_ITEMS_MAX)
        return fail(t, ERR_LIMIT, "there are more than %d files under %s", LIST_ITEMS_MAX, prefix);
    *out       = found;
    *out_count = count;
    return OK;
}

static enum err memory_remove(struct blob_store *b, struct task *t, const char *key)
{
    (void)t;
    struct memory_store *m = (struct memory_store *)b;
    pthread_mutex_lock(&m->lock);
    struct blob *blob = find(m, key);
    if (blob) {
        close(blob->fd);
        free(blob->key);
        memmove(blob, blob + 1, (size_t)(m->blobs + m->count - (blob + 1)) * sizeof *blob);
        m->count--;
    }
    pthread_mutex_unlock(&m->lock);
    return OK;
}

static void memory_close(struct blob_store *b)
{
    struct memory_store *m = (struct memory_store *)b;
    for (size_t i = 0; i < m->count; i++) {
        close(m->blobs[i].fd);
        free(m->blobs[i].key);
    }
    free(m->blobs);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

static const struct blob_driver memory_driver = {
    .name   = "memory",
    .draft  = memory_draft,
    .put    = memory_put,
    .open   = memory_open,
    .stat   = memory_stat,
    .list   = memory_list,
    .remove = memory_remove,
    .close  = memory_close,
};

enum err blob_memory_open(struct task *t, struct blob_store **out)
{
    (void)t;
    struct memory_store *m = calloc(1, sizeof *m);
    if (!m)
        abort();
    m->store.driver = &memory_driver;
    pthread_mutex_init(&m->lock, NULL);
    *out = &m->store;
    return OK;
}
