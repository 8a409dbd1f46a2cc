#include "net/curl_library.h"

#include <dlfcn.h>
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct curl_library library;
static bool loaded;

static void load(void)
{
    void *handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return;
    loaded = true;
#define X(function) \
    loaded = loaded && (library.function = (__typeof__(library.function))dlsym(handle, #function));
    CURL_FUNCTIONS(X)
#undef X
    loaded = loaded && library.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

enum err curl_library_get(struct task *t, const struct curl_library **out)
{
    pthread_once(&once, load);
    if (!loaded)
        return refuse(t, ERR_UNAVAILABLE, "install libcurl4",
                      "the HTTP library libcurl.so.4 cannot be loaded");
    *out = &library;
    return OK;
}
