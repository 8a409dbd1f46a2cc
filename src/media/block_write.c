#include "media/block_write.h"

#include <errno.h>
#include <string.h>

/* measured: larger ones leave the cache, smaller ones cost calls */
enum { BLOCK_BYTES = 256 << 10 };

void block_writer_start(struct task *t, struct block_writer *w, int fd, int64_t at)
{
    *w = (struct block_writer){ .fd = fd, .at = at, .block = arena_alloc(t->arena, BLOCK_BYTES) };
}

enum err write_at(struct task *t, int fd, struct bytes bytes, int64_t offset)
{
    const char *at = bytes.at;
    for (size_t left = bytes.size; left > 0;) {
        ssize_t done = pwrite(fd, at, left, offset);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return fail_errno(t, done ? errno : ENOSPC, "write", "the result");
        at     += done;
        offset += done;
        left   -= (size_t)done;
    }
    return OK;
}

enum err block_flush(struct task *t, struct block_writer *w)
{
    enum err e = write_at(t, w->fd, (struct bytes){ .at = w->block, .size = w->filled }, w->at);
    w->at    += (int64_t)w->filled;
    w->filled = 0;
    return e;
}

/* How much of `wanted` bytes fits into the block now; a full block is written out first. */
static enum err room_for(struct task *t, struct block_writer *w, int64_t wanted, size_t *out_room)
{
    enum err e = w->filled == BLOCK_BYTES ? block_flush(t, w) : OK;
    size_t room = BLOCK_BYTES - w->filled;
    *out_room = wanted < (int64_t)room ? (size_t)wanted : room;
    return e;
}

enum err block_write(struct task *t, struct block_writer *w, struct bytes bytes)
{
    for (size_t done = 0; done < bytes.size;) {
        size_t part;
        enum err e = room_for(t, w, (int64_t)(bytes.size - done), &part);
        if (e)
            return e;
        memcpy(w->block + w->filled, (const char *)bytes.at + done, part);
        w->filled += part;
        done      += part;
    }
    return OK;
}

enum err block_copy(struct task *t, struct block_writer *w, int from, int64_t offset, int64_t bytes)
{
    for (int64_t done = 0; done < bytes;) {
        size_t part;
        enum err e = room_for(t, w, bytes - done, &part);
        if (e)
            return e;
        ssize_t got = pread(from, w->block + w->filled, part, offset + done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got ? fail_errno(t, errno, "read", "the clip")
                       : fail(t, ERR_MEDIA, "the clip was cut short while it was read");
        w->filled += (size_t)got;
        done      += got;
    }
    return OK;
}
