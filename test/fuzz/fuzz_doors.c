#include "fuzz_doors.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/file.h"

static int file_in_memory(struct task *t, const uint8_t *data, size_t size)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || file_write_all(t, fd, data, size) != OK)
        abort();
    return fd;
}

static void try_one(const struct door *door, const uint8_t *data, size_t size)
{
    struct task t;
    task_init(&t, "fuzz");
    scoped(fd) int in = file_in_memory(&t, data, size), out = file_in_memory(&t, NULL, 0);
    const struct media_files files = { .in = &in, .in_count = 1, .out = out };
    void *reply = arena_alloc(t.arena, door->op->reply_size);
    if (door->op->run(&t, door->request, &files, reply) != OK && !*t.fault.message)
        abort();                                  /* refused without a reason */
    task_done(&t);
}

void doors_try(const struct door *doors, size_t count, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < count; i++)
        try_one(&doors[i], data, size);
}
