#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

char *path_folder(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return arena_copy(a, ".");
    return slash == path ? arena_copy(a, "/") : arena_copy_n(a, path, (size_t)(slash - path));
}

static bool is_folder(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
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
        if (mkdir(so_far, 0755) < 0 && errno != EEXIST)
            return fail_errno(t, errno, "make the folder", so_far);
        *p = '/';
    }
    if (mkdir(so_far, 0755) < 0 && (errno != EEXIST || !is_folder(path)))
        return fail_errno(t, errno, "make the folder", path);
    return OK;
}

static enum err draft_open_named(struct task *t, const char *folder, struct draft *out)
{
    static atomic_uint counter;
    char *path = arena_format(t->arena, "%s/.draft-%d-%u", folder, (int)getpid(), atomic_fetch_add(&counter, 1));
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return fail_errno(t, errno, "write in", folder);
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

static int draft_link(struct draft *d, const char *path)
{
    if (d->named)
        return link(d->named, path);
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", d->fd);
    return linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

static enum err folder_sync(struct task *t, const char *folder)
{
    scoped(fd) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) < 0)
        return fail_errno(t, errno, "save", folder);
    return OK;
}

/* linkat() cannot replace, so the new file gets a name beside the old one and is renamed over it. */
static enum err draft_replace(struct task *t, struct draft *d, const char *path)
{
    char *beside = arena_format(t->arena, "%s.new-%d", path, (int)getpid());
    unlink(beside);
    if (draft_link(d, beside) < 0)
        return fail_errno(t, errno, "save", path);
    if (rename(beside, path) == 0)
        return OK;
    int why = errno;
    unlink(beside);
    return fail_errno(t, why, "save", path);
}

enum err draft_publish(struct task *t, struct draft *d, const char *path, bool replace)
{
    const char *folder = path_folder(t->arena, path);
    enum err e = folder_make(t, folder);
    if (e)
        return e;
    if (fsync(d->fd) < 0)
        return fail_errno(t, errno, "save", path);
    if (draft_link(d, path) < 0) {
        if (errno != EEXIST)
            return fail_errno(t, errno, "save", path);
        if (!replace)
            return fail(t, ERR_CONFLICT, "%s exists already", path);
        e = draft_replace(t, d, path);
        if (e)
            return e;
    }
    draft_done(d);
    return folder_sync(t, folder);
}

void draft_done(struct draft *d)
{
    if (d->fd >= 0)
        close(d->fd);
    if (d->named) {
        unlink(d->named);
        free(d->named);
    }
    *d = draft_none();
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

enum err file_read_fd(struct task *t, int fd, const char *name, int64_t bytes_max, struct bytes *out)
{
    int64_t size = file_bytes(fd);
    if (size < 0)
        return fail_errno(t, errno, "read", name);
    if (size > bytes_max)
        return fail(t, ERR_LIMIT, "%s is %lld bytes; at most %lld are accepted", name, (long long)size,
                    (long long)bytes_max);
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
