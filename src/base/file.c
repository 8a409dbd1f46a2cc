/*
 * Publishing is three promises in a row: the bytes are on the disk (fsync of the file), the name
 * appears in one step (link or rename), and the name is on the disk (fsync of the folder). After a
 * failed fsync the kernel may call the lost pages clean, so that a second try would succeed and
 * lie: such a draft is spoilt for good.
 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define NAMED_DRAFT ".draft-"

char *path_folder(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return arena_copy(a, ".");
    return slash == path ? arena_copy(a, "/") : arena_copy_n(a, path, (size_t)(slash - path));
}

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_folder(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

static enum err folder_sync(struct task *t, const char *folder)
{
    scoped(fd) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) < 0)
        return fail_errno(t, errno, "save", folder);
    return OK;
}

static enum err folder_make_one(struct task *t, const char *path)
{
    if (mkdir(path, 0755) == 0)
        return folder_sync(t, path_folder(t->arena, path));
    if (errno == EEXIST && is_folder(path))
        return OK;
    return fail_errno(t, errno == EEXIST ? ENOTDIR : errno, "make the folder", path);
}

enum err folder_make(struct task *t, const char *path)
{
    if (is_folder(path))
        return OK;
    char *so_far = arena_copy(t->arena, path);
    for (char *p = so_far + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        enum err e = is_folder(so_far) ? OK : folder_make_one(t, so_far);
        if (e)
            return e;
        *p = '/';
    }
    return is_folder(so_far) ? OK : folder_make_one(t, so_far);
}

static char *draft_name(struct arena *a)
{
    static atomic_uint counter;
    return arena_format(a, NAMED_DRAFT "%d-%u", (int)getpid(), atomic_fetch_add(&counter, 1));
}

enum err draft_open_named(struct task *t, const char *folder, struct draft *out)
{
    enum err e = folder_make(t, folder);
    if (e)
        return e;
    char *path = arena_format(t->arena, "%s/%s", folder, draft_name(t->arena));
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return fail_errno(t, errno, "write in", folder);
    /* what file_sweep() looks at; where locks are unknown, it leaves drafts alone */
    flock(fd, LOCK_EX | LOCK_NB);
    *out = (struct draft){ .fd = fd, .named = strdup(path) };
    return OK;
}

enum err draft_open(struct task *t, const char *folder, struct draft *out)
{
    enum err e = folder_make(t, folder);
    if (e)
        return e;
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0644);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
        return draft_open_named(t, folder, out);
    if (fd < 0)
        return fail_errno(t, errno, "write in", folder);
    *out = (struct draft){ .fd = fd };
    return OK;
}

/*
 * Through /proc, because linking a bare descriptor (AT_EMPTY_PATH) wants a capability on kernels
 * before 6.10.
 */
static int draft_link(const struct draft *d, int folder_fd, const char *name)
{
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", d->fd);
    return linkat(AT_FDCWD, self, folder_fd, name, AT_SYMLINK_FOLLOW);
}

/*
 * linkat() cannot replace, so the new file gets a name beside the old one and is renamed over it.
 */
static enum err draft_replace(struct task *t, const struct draft *d, int folder_fd,
                              const char *name, const char *path)
{
    char *beside = draft_name(t->arena);
    if (draft_link(d, folder_fd, beside) < 0)
        return fail_errno(t, errno, "save", path);
    if (renameat(folder_fd, beside, folder_fd, name) == 0)
        return OK;
    int why = errno;
    unlinkat(folder_fd, beside, 0);
    return fail_errno(t, why, "save", path);
}

static enum err draft_name_it(struct task *t, const struct draft *d, int folder_fd,
                              const char *name, const char *path, bool replace)
{
    if (draft_link(d, folder_fd, name) == 0)
        return OK;
    if (errno != EEXIST)
        return fail_errno(t, errno, "save", path);
    return replace ? draft_replace(t, d, folder_fd, name, path)
                   : fail(t, ERR_CONFLICT, "%s exists already", path);
}

static enum err fail_spoilt(struct task *t, struct draft *d, int why, const char *path)
{
    d->spoilt = true;
    return fail_errno(t, why, "save", path);
}

enum err draft_publish_at(struct task *t, struct draft *d, int folder_fd, const char *name,
                          const char *path, bool replace)
{
    if (d->spoilt || fsync(d->fd) < 0)
        return fail_spoilt(t, d, d->spoilt ? EIO : errno, path);
    enum err e = draft_name_it(t, d, folder_fd, name, path, replace);
    if (e && e != ERR_CONFLICT)
        return e;
    /* for an existing name too: whoever made it may not have come that far yet */
    if (fsync(folder_fd) < 0)
        return fail_spoilt(t, d, errno, path);
    if (!e)
        draft_done(d);
    return e;
}

enum err draft_publish(struct task *t, struct draft *d, const char *path, bool replace)
{
    const char *folder = path_folder(t->arena, path);
    enum err e = folder_make(t, folder);
    if (e)
        return e;
    scoped(fd) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(t, errno, "save", path);
    return draft_publish_at(t, d, fd, path_name(path), path, replace);
}

void draft_done(struct draft *d)
{
    if (d->named) {
        unlink(d->named);
        free(d->named);
    }
    if (d->fd >= 0)
        close(d->fd);
    *d = draft_none();
}

/* Locked means that its process lives. */
static void sweep_one(int folder_fd, const char *name)
{
    scoped(fd) int fd = openat(folder_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlinkat(folder_fd, name, 0);
}

static void folder_scoped(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

enum err file_sweep(struct task *t, const char *folder)
{
    scoped(folder) DIR *dir = opendir(folder);
    if (!dir)
        return errno == ENOENT ? OK : fail_errno(t, errno, "open", folder);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        if (text_starts(entry->d_name, NAMED_DRAFT))
            sweep_one(dirfd(dir), entry->d_name);
    }
    return OK;
}

enum err folder_open(struct task *t, const char *path, int *out_fd)
{
    enum err e = folder_make(t, path);
    if (!e)
        e = file_sweep(t, path);
    if (e)
        return e;
    *out_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *out_fd < 0 ? fail_errno(t, errno, "open", path) : OK;
}

enum err file_open(struct task *t, const char *path, int *out_fd)
{
    scoped(fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return fail_errno(t, errno, "open", path);
    struct stat s;
    if (fstat(fd, &s) < 0)
        return fail_errno(t, errno, "open", path);
    if (!S_ISREG(s.st_mode))
        return refuse(t, ERR_INVALID, "name a file", "%s is %s, not a file", path,
                      S_ISDIR(s.st_mode) ? "a folder" : "a device or a pipe");
    *out_fd = fd_take(&fd);
    return OK;
}

enum err file_read_fd(struct task *t, int fd, const char *name, int64_t bytes_max,
                      struct bytes *out)
{
    int64_t size = file_bytes(fd);
    if (size < 0)
        return fail_errno(t, errno, "read", name);
    if (size > bytes_max)
        return fail(t, ERR_LIMIT, "%s is %lld bytes; at most %lld are accepted", name,
                    (long long)size, (long long)bytes_max);
    char *bytes = arena_alloc(t->arena, (size_t)size + 1);
    for (int64_t at = 0; at < size;) {
        ssize_t got = pread(fd, bytes + at, (size_t)(size - at), at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(t, errno, "read", name);
        if (got == 0)
            size = at;       /* it shrank while we read */
        at += got;
    }
    bytes[size] = '\0';
    *out = (struct bytes){ .at = bytes, .size = (size_t)size };
    return OK;
}

enum err file_read(struct task *t, const char *path, int64_t bytes_max, struct bytes *out)
{
    scoped(fd) int fd = -1;
    enum err e = file_open(t, path, &fd);
    if (e)
        return e;
    return file_read_fd(t, fd, path, bytes_max, out);
}

enum err file_write_all(struct task *t, int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        ssize_t put = write(fd, at, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fail_errno(t, errno, "write", "a file");
        at   += put;
        size -= (size_t)put;
    }
    return OK;
}

static enum err copy_by_hand(struct task *t, int from, int64_t at, int to)
{
    enum { CHUNK = 256 << 10 };
    char *chunk = arena_alloc(t->arena, CHUNK);
    for (;;) {
        ssize_t got = pread(from, chunk, CHUNK, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(t, errno, "read", "a file");
        if (got == 0)
            return OK;
        enum err e = file_write_all(t, to, chunk, (size_t)got);
        if (e)
            return e;
        at += got;
    }
}

enum err file_copy(struct task *t, int from, int to)
{
    off_t at = 0;
    for (;;) {
        ssize_t moved = copy_file_range(from, &at, to, NULL, 1 << 30, 0);
        if (moved == 0)
            return OK;
        if (moved < 0 && errno == EINTR)
            continue;
        if (moved < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
            return fail_errno(t, errno, "write", "a file");
        if (moved < 0)
            return copy_by_hand(t, from, at, to);
    }
}

int64_t file_bytes(int fd)
{
    struct stat s;
    return fstat(fd, &s) == 0 ? (int64_t)s.st_size : -1;
}
