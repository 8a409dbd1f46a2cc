/*
 * Songs, clips and pictures of strangers, as the media child reads them: the first byte chooses the operation, the rest
 * is the file. Files come as descriptors, so each goes through a nameless one in memory.
 */

#include "fuzz.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "media/media_op.h"

static const struct media_op *const ops[] = { &media_op_probe };

static void run(struct task *t, const struct media_op *op, int fd)
{
    const struct media_files files = { .in = &fd, .in_count = 1, .out = -1 };
    void *request = arena_alloc(t->arena, op->request_size), *reply = arena_alloc(t->arena, op->reply_size);
    enum err e = op->run(t, request, &files, reply);
    if (e && !*t->fault.message)
        abort();                                  /* refused without a reason */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct task t;
    task_init(&t, "fuzz");
    scoped(fd) int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || file_write_all(&t, fd, data + 1, size - 1) != OK)
        abort();
    run(&t, ops[data[0] % (sizeof ops / sizeof *ops)], fd);
    task_done(&t);
    return 0;
}
