/*
 * A file is named by the hash of its key; its time of last use is its modification time, which
 * survives a restart and is seen by other processes. The folder is looked through only when what
 * was added since may have filled it.
 */
#include "blob/blob_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "base/limits.h"

struct blob_cache {
    char *folder;
    int fd;
    int64_t bytes_max;
    pthread_mutex_t lock; /* guards: */
    int64_t bytes;        /* at the last look, and what was added since */
};

struct cached {
    const char *name;
    int64_t bytes;
    struct timespec used;
};

static void folder_scoped(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static const char *name_of(struct task *t, const char *key)
{
    char *name = arena_alloc(t->arena, HASH_TEXT_BYTES);
    hash_bytes((struct bytes){ key, strlen(key) }, name);
    return name;
}

static int by_use(const void *a, const void *b)
{
    const struct timespec one = ((const struct cached *)a)->used;
    const struct timespec two = ((const struct cached *)b)->used;
    if (one.tv_sec != two.tv_sec)
        return one.tv_sec < two.tv_sec ? -1 : 1;
    return (one.tv_nsec > two.tv_nsec) - (one.tv_nsec < two.tv_nsec);
}

/* What is there, by use, longest ago first. */
static int64_t look(struct blob_cache *c, struct task *t, struct cached **out, size_t *out_count)
{
    struct cached *found = NULL;
    size_t count = 0, capacity = 0;
    int64_t bytes = 0;
    struct stat s;
    scoped(folder) DIR *folder = opendir(c->folder);
    for (const struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
        if (strlen(entry->d_name) != HASH_TEXT_BYTES - 1 ||
            fstatat(c->fd, entry->d_name, &s, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(s.st_mode))
            continue;
        array_push(t->arena, found, count, capacity,
                   { arena_copy(t->arena, entry->d_name), s.st_size, s.st_mtim });
        bytes += s.st_size;
    }
    if (count)
        qsort(found, count, sizeof *found, by_use);
    *out = found;
    *out_count = count;
    return bytes;
}

/* Down to nine tenths, so that the next ones do not look again at once. */
static void make_room(struct blob_cache *c, struct task *t)
{
    struct cached *found;
    size_t count;
    int64_t bytes = look(c, t, &found, &count);
    for (size_t i = 0; i < count && bytes > c->bytes_max / 10 * 9; i++) {
        if (unlinkat(c->fd, found[i].name, 0) == 0)
            bytes -= found[i].bytes;
    }
    c->bytes = bytes;
}

enum err blob_cache_open(struct task *t, const char *folder, int64_t bytes_max,
                         struct blob_cache **out)
{
    struct cached *found;
    size_t count;
    int fd;
    enum err e = folder_open(t, folder, &fd);
    if (e)
        return e;
    struct blob_cache *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    *c = (struct blob_cache){ .folder = strdup(folder), .fd = fd, .bytes_max = bytes_max };
    pthread_mutex_init(&c->lock, NULL);
    c->bytes = look(c, t, &found, &count);
    if (c->bytes > bytes_max)
        make_room(c, t);
    *out = c;
    return OK;
}

void blob_cache_close(struct blob_cache *c)
{
    if (!c)
        return;
    close(c->fd);
    pthread_mutex_destroy(&c->lock);
    free(c->folder);
    free(c);
}

int blob_cache_get(struct blob_cache *c, struct task *t, const char *key)
{
    int fd = openat(c->fd, name_of(t, key), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0)
        futimens(fd, NULL);
    return fd;
}

void blob_cache_put(struct blob_cache *c, struct task *t, const char *key, struct draft *draft)
{
    struct fault before = t->fault;
    int64_t bytes = file_bytes(draft->fd);
    const char *name = name_of(t, key);
    if (bytes <= c->bytes_max / 2 &&
        draft_publish_at(t, draft, c->fd, name, name, false) == OK) {
        pthread_mutex_lock(&c->lock);
        c->bytes += bytes;
        if (c->bytes > c->bytes_max)
            make_room(c, t);
        pthread_mutex_unlock(&c->lock);
    }
    draft_done(draft);
    t->fault = before;
}

void blob_cache_drop(struct blob_cache *c, struct task *t, const char *key)
{
    unlinkat(c->fd, name_of(t, key), 0);
}
