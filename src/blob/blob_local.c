/*
 * A key is a path below one folder, which is held open: every name is resolved beneath that
 * descriptor and no symbolic link is followed, so nothing outside can be reached even if someone
 * plants links inside. Drafts have no name and are linked into place, so a put copies nothing and a
 * killed process leaves nothing.
 */
#include "blob/blob_driver.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/text.h"

enum {
    PUT_TRIES_MAX = 16,      /* a folder may be pruned between finding it and linking into it */
};

struct local_store {
    struct blob_store store;
    char             *folder;
    int               fd;            /* of the folder */
    atomic_bool       stopped;       /* the disk failed: nothing is acknowledged any more */
    /* a new folder is not used by others before its name is on the disk */
    pthread_mutex_t   making;
};

/* ---- names beneath the folder ---- */

/*
 * By hand, for kernels without openat2 and sandboxes that forbid it: part by part, following no
 * link.
 */
static int open_by_parts(int root, const char *path, int flags)
{
    char part[KEY_PART_BYTES_MAX + 1];
    scoped(fd) int at = fcntl(root, F_DUPFD_CLOEXEC, 0);
    for (const char *rest = path; at >= 0; rest += strcspn(rest, "/") + 1) {
        size_t length = strcspn(rest, "/");
        if (length > KEY_PART_BYTES_MAX)
            return errno = ENAMETOOLONG, -1;
        memcpy(part, rest, length);
        part[length] = '\0';
        bool last = rest[length] == '\0';
        int next = openat(at, part, (last ? flags : O_PATH | O_DIRECTORY) | O_NOFOLLOW | O_CLOEXEC);
        if (last)
            return next;
        int why = errno;
        close(at);
        at    = next;
        errno = why;
    }
    return -1;
}

static int open_beneath(int root, const char *path, int flags)
{
    struct open_how how = {
        .flags   = (uint64_t)(flags | O_NOFOLLOW | O_CLOEXEC),
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    if (fd < 0 && (errno == ENOSYS || errno == EPERM || errno == EAGAIN))
        return open_by_parts(root, path, flags);
    return fd;
}

/* A missing key and one whose way is barred by a link or a file are both simply not there. */
static enum err fail_open(struct task *t, int why, const char *key)
{
    if (why == ENOENT || why == ENOTDIR || why == ELOOP)
        return fail_no_blob(t, key);
    return fail_errno(t, why, "open", key);
}

/* -1 and errno when it cannot be made, or its name not saved. */
static int make_folder(struct local_store *l, int parent, const char *name)
{
    if (mkdirat(parent, name, 0755) < 0)
        return errno == EEXIST ? 0 : -1;
    if (fsync(parent) == 0)
        return 0;
    atomic_store(&l->stopped, true);
    return -1;
}

/* The folder that holds the key, made on the way when `make`; -1 and errno otherwise. */
static int open_parent(struct local_store *l, struct task *t, const char *key, bool make)
{
    scoped(fd) int at = fcntl(l->fd, F_DUPFD_CLOEXEC, 0);
    for (const char *part = key, *slash; at >= 0 && (slash = strchr(part, '/')); part = slash + 1) {
        const char *name = arena_copy_n(t->arena, part, (size_t)(slash - part));
        if (make && make_folder(l, at, name) < 0)
            return -1;
        int next = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int why = errno;
        close(at);
        at    = next;
        errno = why;
    }
    return fd_take(&at);
}

static int make_parent(struct local_store *l, struct task *t, const char *key)
{
    pthread_mutex_lock(&l->making);
    int fd = open_parent(l, t, key, true), why = errno;
    pthread_mutex_unlock(&l->making);
    errno = why;
    return fd;
}

/* ---- the driver ---- */

static enum err fail_stopped(struct task *t, const struct local_store *l)
{
    return refuse(t, ERR_UNAVAILABLE, "look at the disk's health (dmesg), then start again",
                  "the disk failed to save a file below %s, so nothing more is kept there",
                  l->folder);
}

static enum err local_draft(struct blob_store *b, struct task *t, struct draft *out)
{
    return draft_open(t, ((struct local_store *)b)->folder, out);
}

static enum err put_once(struct local_store *l, struct task *t, const char *key,
                         struct draft *draft)
{
    scoped(fd) int parent = make_parent(l, t, key);
    if (parent < 0)
        return errno == ENOTDIR || errno == ELOOP ? fail_blob_is_folder(t, key)
                                                  : fail_errno(t, errno, "save", key);
    return draft_publish_at(t, draft, parent, path_name(key), key, false);
}

static bool is_blob(const struct local_store *l, const char *key)
{
    scoped(fd) int fd = open_beneath(l->fd, key, O_PATH);
    struct stat s;
    return fd >= 0 && fstat(fd, &s) == 0 && S_ISREG(s.st_mode);
}

static enum err local_put(struct blob_store *b, struct task *t, const char *key,
                          struct draft *draft)
{
    struct local_store *l = (struct local_store *)b;
    if (atomic_load(&l->stopped))
        return fail_stopped(t, l);
    enum err e = ERR_NOT_FOUND;
    for (int i = 0; i < PUT_TRIES_MAX && e == ERR_NOT_FOUND; i++)
        e = put_once(l, t, key, draft);
    if (draft->spoilt)
        atomic_store(&l->stopped, true);
    if (atomic_load(&l->stopped))
        return fail_stopped(t, l);
    if (e != ERR_CONFLICT)
        return e;
    if (!is_blob(l, key))
        return fail_blob_is_folder(t, key);
    draft_done(draft);
    return OK;
}

static enum err local_open(struct blob_store *b, struct task *t, const char *key, int *out_fd)
{
    const struct local_store *l = (struct local_store *)b;
    scoped(fd) int fd = open_beneath(l->fd, key, O_RDONLY | O_NONBLOCK);
    struct stat s;
    if (fd < 0 || fstat(fd, &s) < 0)
        return fail_open(t, errno, key);
    if (!S_ISREG(s.st_mode))
        return fail_no_blob(t, key);
    *out_fd = fd_take(&fd);
    return OK;
}

static enum err local_stat(struct blob_store *b, struct task *t, const char *key,
                           struct blob_info *out)
{
    scoped(fd) int fd = -1;
    enum err e = local_open(b, t, key, &fd);
    if (e)
        return e;
    *out = (struct blob_info){ .key = arena_copy(t->arena, key), .bytes = file_bytes(fd) };
    return OK;
}

/* ---- listings ---- */

/*
 * Folder by folder, each in order: a folder counts as its name with a slash, as it does in keys, so
 * that the whole is in order, too, and what lies before `after` is not gone into.
 */
struct listing {
    struct task      *task;
    const char       *after;
    size_t            limit;
    struct blob_info *found;
    size_t            count, capacity;
};

struct names {
    const char **at;
    size_t       count, capacity;
};

static void folder_scoped(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_folder(int folder_fd, const struct dirent *entry)
{
    struct stat s;
    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type == DT_DIR;
    return fstatat(folder_fd, entry->d_name, &s, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(s.st_mode);
}

static enum err read_names(struct task *t, int folder_fd, const char *prefix, struct names *out)
{
    scoped(fd) int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    scoped(folder) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir)
        return fail_errno(t, errno, "list", prefix);
    fd = -1; /* the stream's now */
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        const char *slash = is_folder(folder_fd, entry) ? "/" : "";
        if (entry->d_name[0] != '.' && strlen(prefix) + strlen(entry->d_name) <= KEY_BYTES_MAX)
            array_push(t->arena, out->at, out->count, out->capacity,
                       arena_format(t->arena, "%s%s", entry->d_name, slash));
    }
    if (out->count)
        qsort(out->at, out->count, sizeof *out->at, by_name);
    return task_over(t);
}

static void list_file(struct listing *list, int folder_fd, const char *name, const char *key)
{
    struct stat s;
    if (strcmp(key, list->after) > 0 && fstatat(folder_fd, name, &s, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(s.st_mode))
        array_push(list->task->arena, list->found, list->count, list->capacity,
                   { .key = key, .bytes = s.st_size });
}

static enum err list_folder(struct listing *list, int fd, const char *prefix);

static enum err list_entry(struct listing *list, int folder_fd, const char *name, const char *key)
{
    if (!text_ends(name, "/")) {
        list_file(list, folder_fd, name, key);
        return OK;
    }
    if (strcmp(key, list->after) < 0 && !text_starts(list->after, key))
        return OK;
    int fd = openat(folder_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? OK : list_folder(list, fd, key); /* it may be gone by now */
}

/* Takes the descriptor. Depth is bounded by KEY_BYTES_MAX: no folder of ours is nested deeper. */
static enum err list_folder(struct listing *list, int fd, const char *prefix)
{
    scoped(fd) int folder = fd;
    struct names names = { 0 };
    enum err e = read_names(list->task, folder, prefix, &names);
    for (size_t i = 0; i < names.count && list->count < list->limit && !e; i++)
        e = list_entry(list, folder, names.at[i],
                       arena_format(list->task->arena, "%s%s", prefix, names.at[i]));
    return e;
}

static enum err list_below(struct blob_store *b, const char *prefix, struct listing *list)
{
    const struct local_store *l = (struct local_store *)b;
    struct task *t = list->task;
    size_t length = strlen(prefix);
    const char *folder = length ? arena_copy_n(t->arena, prefix, length - 1) : ".";
    int fd = open_beneath(l->fd, folder, O_RDONLY | O_DIRECTORY);
    if (fd < 0 && errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
        return fail_errno(t, errno, "list", prefix);
    return fd < 0 ? OK : list_folder(list, fd, prefix);
}

static enum err local_list(struct blob_store *b, struct task *t, const char *prefix,
                           struct blob_info **out, size_t *out_count)
{
    struct listing list = { .task = t, .after = "", .limit = LIST_ITEMS_MAX + 1 };
    enum err e = list_below(b, prefix, &list);
    if (!e && list.count > LIST_ITEMS_MAX)
        e = fail(t, ERR_LIMIT, "there are more than %d files to list", LIST_ITEMS_MAX);
    *out       = list.found;
    *out_count = list.count;
    return e;
}

static enum err local_walk(struct blob_store *b, struct task *t, const char *after, size_t limit,
                           struct blob_info **out, size_t *out_count)
{
    struct listing list = { .task = t, .after = after, .limit = limit };
    enum err e = list_below(b, "", &list);
    *out       = list.found;
    *out_count = list.count;
    return e;
}

/* Folders left empty go too, upwards until one is not. */
static void prune(struct local_store *l, struct task *t, const char *key)
{
    char *path = arena_copy(t->arena, key);
    for (char *slash; (slash = strrchr(path, '/'));) {
        *slash = '\0';
        scoped(fd) int parent = open_parent(l, t, path, false);
        if (parent < 0 || unlinkat(parent, path_name(path), AT_REMOVEDIR) < 0)
            return;
    }
}

static enum err local_remove(struct blob_store *b, struct task *t, const char *key)
{
    struct local_store *l = (struct local_store *)b;
    if (!is_blob(l, key))
        return OK;
    scoped(fd) int parent = open_parent(l, t, key, false);
    if (parent < 0 || unlinkat(parent, path_name(key), 0) < 0)
        return errno == ENOENT ? OK : fail_errno(t, errno, "remove", key);
    prune(l, t, key);
    return OK;
}

static const char *local_describe(struct blob_store *b, struct task *t)
{
    return arena_format(t->arena, "files in %s", ((struct local_store *)b)->folder);
}

static void local_close(struct blob_store *b)
{
    struct local_store *l = (struct local_store *)b;
    close(l->fd);
    pthread_mutex_destroy(&l->making);
    free(l->folder);
    free(l);
}

static const struct blob_driver local_driver = {
    .name   = "local",
    .draft  = local_draft,
    .put    = local_put,
    .open   = local_open,
    .stat   = local_stat,
    .list   = local_list,
    .walk   = local_walk,
    .remove = local_remove,
    .close  = local_close,
    .describe = local_describe,
};

enum err blob_local_open(struct task *t, const char *folder, struct blob_store **out)
{
    int fd;
    enum err e = folder_open(t, folder, &fd);
    if (e)
        return e;
    struct local_store *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    *l = (struct local_store){ .store = { &local_driver }, .folder = strdup(folder), .fd = fd };
    pthread_mutex_init(&l->making, NULL);
    *out = &l->store;
    return OK;
}
