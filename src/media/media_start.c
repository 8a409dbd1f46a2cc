/*
 * FFmpeg's libraries take longer to load than the whole program may take to start, so they hang on
 * a module of their own that only the child loads. It is looked for relative to the program, never
 * by a search path.
 */
#include "media/media_start.h"

#include <dlfcn.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const places[] = {
    "storyreel-media.so",                       /* beside the program */
    "../lib/storyreel/storyreel-media.so",      /* installed */
    "src/media/storyreel-media.so",             /* in the build folder */
    "../src/media/storyreel-media.so",          /* and from its test folder */
    "../../src/media/storyreel-media.so",       /* or one in there */
};

static void *module_load(const char *folder, int folder_length)
{
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        snprintf(path, sizeof path, "%.*s/%s", folder_length, folder, places[i]);
        if (access(path, R_OK) == 0)
            return dlopen(path, RTLD_NOW | RTLD_LOCAL);
    }
    return NULL;
}

/* Its caller decides when it ends, by hanging up: a supervisor that stops a service signals every
 * process of it, and work that is about to be put back would look like a file that cannot be
 * read. */
static void leave_stopping_to_the_caller(void)
{
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
}

int media_child_start(void)
{
    leave_stopping_to_the_caller();
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return 1;
    program[length] = '\0';
    void *module = module_load(program, (int)(strrchr(program, '/') - program));
    int (*child_main)(void) = NULL;
    if (module)
        *(void **)&child_main = dlsym(module, "media_child_main");
    if (!child_main) {
        const char *why = dlerror();
        fprintf(stderr, "storyreel: cannot load storyreel-media.so: %s\n",
                why ? why : "it is not where it should be");
        return 1;
    }
    return child_main();
}
