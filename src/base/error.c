#include "base/error.h"

#include <string.h>

static const struct {
    const char *name;
    int         http;
    bool        retry;
    int         exit;
    const char *text;
} errors[ERR_COUNT] = {
    [OK] = { "OK", 200, false, 0, "done" },
#define X(name, http, retry, exit, text) [ERR_##name] = { #name, http, retry, exit, text },
    ERR_MAP(X)
#undef X
};

const char *err_name(enum err e)
{
    return errors[e].name;
}

enum err err_from_name(const char *name)
{
    for (int e = OK; e < ERR_COUNT; e++) {
        if (strcmp(errors[e].name, name) == 0)
            return (enum err)e;
    }
    return ERR_INTERNAL;
}

const char *err_text(enum err e)
{
    return errors[e].text;
}

int err_http_status(enum err e)
{
    return errors[e].http;
}

int err_exit_code(enum err e)
{
    return errors[e].exit;
}

bool err_may_retry(enum err e)
{
    return errors[e].retry;
}
