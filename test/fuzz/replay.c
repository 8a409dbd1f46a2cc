/*
 * Stands in for libFuzzer: runs the target over every file of the folder given, and over as many
 * mutations of each as are asked for, always the same ones, and says so in TAP. A target that dies
 * on one takes the program with it, after the name was printed.
 *
 *     fuzz_yaml CORPUS-FOLDER MUTATIONS
 */

#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "scratch.h"

enum { GROWTH_MAX = 256 };

/* Bytes that mean something to one reader or another. */
static const char telling[] = "{}[]\":,-?&*!|>'%@`#\n\t 0e.\\/\x00\x7F\x80\xC3\xE2\xF0\xFF~";

static size_t cut_out(char *bytes, size_t size, size_t at, size_t length)
{
    memmove(bytes + at, bytes + at + length, size - at - length);
    return size - length;
}

static size_t open_gap(char *bytes, size_t size, size_t at, size_t length, size_t capacity)
{
    if (size + length > capacity)
        return size;
    memmove(bytes + at + length, bytes + at, size - at);
    return size + length;
}

static size_t mutate_once(struct rng *r, char *bytes, size_t size, size_t capacity)
{
    size_t at = size ? (size_t)rng_below(r, (int)size) : 0, left = size - at;
    size_t length = left ? 1 + (size_t)rng_below(r, (int)(left < 32 ? left : 32)) : 0;
    int kind = size ? rng_below(r, 5) : 4;
    if (kind == 0)
        bytes[at] = (char)rng_next(r);
    if (kind == 1)
        bytes[at] ^= (char)(1 << rng_below(r, 8));
    if (kind == 2)
        return cut_out(bytes, size, at, length);
    if (kind == 3)
        return open_gap(bytes, size, at, length, capacity);      /* the piece is there twice now */
    if (kind == 4 && size < capacity) {
        size      = open_gap(bytes, size, at, 1, capacity);
        bytes[at] = telling[rng_below(r, sizeof telling - 1)];
    }
    return size;
}

/* In a block of exactly its size, so that the sanitizer sees a step too far. */
static void run_bytes(const char *bytes, size_t size)
{
    uint8_t *exact = malloc(size ? size : 1);
    memcpy(exact, bytes, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static void run_file(const char *folder, const char *name, int mutations)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    size_t size;
    char *original = slurp(path, &size), *bytes = malloc(size + GROWTH_MAX);
    run_bytes(original, size);
    struct rng r = rng_fork(2031, name);
    for (int i = 0; i < mutations; i++) {
        memcpy(bytes, original, size);
        size_t now = size;
        for (int times = 1 + rng_below(&r, 6); times > 0; times--)
            now = mutate_once(&r, bytes, now, size + GROWTH_MAX);
        run_bytes(bytes, now);
    }
    free(original);
    free(bytes);
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    struct dirent **entries = NULL;
    int count = argc == 3 ? scandir(argv[1], &entries, visible, alphasort) : -1;
    if (count <= 0) {
        fprintf(stderr, "usage: replay CORPUS-FOLDER MUTATIONS, with a folder that has files\n");
        return 2;
    }
    int mutations = (int)strtol(argv[2], NULL, 10);
    printf("1..%d\n", count);
    for (int i = 0; i < count; i++) {
        fprintf(stderr, "# %s\n", entries[i]->d_name);
        run_file(argv[1], entries[i]->d_name, mutations);
        printf("ok %d - %s and %d mutations\n", i + 1, entries[i]->d_name, mutations);
        fflush(stdout);
        free(entries[i]);
    }
    free(entries);
    return 0;
}
