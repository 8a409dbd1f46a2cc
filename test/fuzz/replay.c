/*
 * Stands in for libFuzzer: runs the target over every file of the folder given and says so in TAP. A target that dies on
 * one takes the program with it, after its name was printed.
 */

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz.h"

enum { INPUT_BYTES_MAX = 1 << 20 };

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return alphasort(a, b);
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int run_file(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    uint8_t *data = malloc(INPUT_BYTES_MAX);
    ssize_t size = fd >= 0 && data ? read(fd, data, INPUT_BYTES_MAX) : -1;
    if (size >= 0)
        LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    if (fd >= 0)
        close(fd);
    return size >= 0;
}

int main(int argc, char **argv)
{
    struct dirent **entries = NULL;
    int folder = argc == 2 ? open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int count = folder < 0 ? -1 : scandir(argv[1], &entries, visible, by_name);
    if (count < 0) {
        fprintf(stderr, "usage: replay CORPUS-FOLDER\n");
        return 2;
    }
    int failed = 0;
    printf("1..%d\n", count);
    for (int i = 0; i < count; i++) {
        fprintf(stderr, "# %s\n", entries[i]->d_name);
        int ran = run_file(folder, entries[i]->d_name);
        printf("%sok %d - %s\n", ran ? "" : "not ", i + 1, entries[i]->d_name);
        fflush(stdout);
        failed += !ran;
        free(entries[i]);
    }
    free(entries);
    close(folder);
    return failed > 0;
}
