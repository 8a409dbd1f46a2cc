/*
 * Songs, clips and pictures of strangers, read by every operation that opens one, as in the media child but in this
 * process: an operation answers or gives a reason.
 */

#include "fuzz.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/file.h"
#include "media/media_fields.h"
#include "media/media_op.h"

static const struct {
    const struct media_op *op;
    const void            *request;
} doors[] = {
    { &media_op_probe, NULL },
    { &media_op_loudness, NULL },
    { &media_op_waveform, &(const struct waveform_request){ .bins = 64 } },
    { &media_op_sound_cut, &(const struct sound_cut){ 100, 5000, 16000, 1 } },
};

/* Files come as descriptors; these have no name and no disk. */
static int file_in_memory(struct task *t, const uint8_t *data, size_t size)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || file_write_all(t, fd, data, size) != OK)
        abort();
    return fd;
}

static void read_it(const uint8_t *data, size_t size, size_t door)
{
    struct task t;
    task_init(&t, "fuzz");
    scoped(fd) int in = file_in_memory(&t, data, size), out = file_in_memory(&t, NULL, 0);
    const struct media_files files = { .in = &in, .in_count = 1, .out = out };
    void *reply = arena_alloc(t.arena, doors[door].op->reply_size);
    if (doors[door].op->run(&t, doors[door].request, &files, reply) != OK && !*t.fault.message)
        abort();
    task_done(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++)
        read_it(data, size, i);
    return 0;
}
