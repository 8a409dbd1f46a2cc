#include "scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void must(bool ok, const char *what)
{
    if (!ok) {
        perror(what);
        abort();
    }
}

static struct scratch scratch_in(const char *base)
{
    struct scratch s;
    snprintf(s.path, sizeof s.path, "%s/storyreel-test-XXXXXX", base);
    must(mkdtemp(s.path) != NULL, s.path);
    return s;
}

struct scratch scratch_new(void)
{
    const char *base = getenv("TMPDIR");
    return scratch_in(base && *base ? base : P_tmpdir);
}

struct scratch scratch_in_memory(void)
{
    static const char memory[] = "/dev/shm";
    return access(memory, W_OK) == 0 ? scratch_in(memory) : scratch_new();
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *walk)
{
    (void)s, (void)kind, (void)walk;
    return remove(path);
}

void scratch_done(struct scratch *s)
{
    chmod(s->path, 0755);
    nftw(s->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *scratch_path(const struct scratch *s, const char *name)
{
    static char ring[16][512];
    static int next;
    char *path = ring[next++ % 16];
    snprintf(path, sizeof ring[0], "%s/%s", s->path, name);
    return path;
}

char *slurp(const char *path, size_t *out_bytes)
{
    FILE *file = fopen(path, "rb");
    must(file != NULL, path);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *bytes = calloc(1, (size_t)size + 1);
    must(bytes && fread(bytes, 1, (size_t)size, file) == (size_t)size, path);
    fclose(file);
    *out_bytes = (size_t)size;
    return bytes;
}

void spill(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    must(file != NULL, path);
    must(fwrite(bytes, 1, size, file) == size && fclose(file) == 0, path);
}

static int files_seen;

static int count_one(const char *path, const struct stat *s, int kind, struct FTW *walk)
{
    (void)path, (void)s, (void)walk;
    files_seen += kind != FTW_D && kind != FTW_DP;
    return 0;
}

int count_files(const char *path)
{
    files_seen = 0;
    nftw(path, count_one, 16, FTW_PHYS);
    return files_seen;
}
