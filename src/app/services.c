#include "app/services.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scoped.h"
#include "base/text.h"

enum { KEYS_BYTES_MAX = 64 << 10 };

/* The names that may stand in the file: those of the services' variables. */
struct settings {
    struct task *task;
    const char *file; /* its text; "" when there is none */
};

static enum err check_private(struct task *t, const char *path, int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || (st.st_mode & 077) == 0)
        return OK;
    return refuse(t, ERR_FORBIDDEN, arena_format(t->arena, "chmod 600 %s", path),
                  "others can read the keys in %s", path);
}

static enum err read_keys_file(struct task *t, const char *data_folder, const char **out)
{
    struct bytes text;
    scoped(fd) int fd = -1;
    *out = "";
    if (text_is_empty(data_folder))
        return OK;
    const char *path = arena_format(t->arena, "%s/keys", data_folder);
    if (access(path, F_OK) != 0)
        return OK;
    enum err e = file_open(t, path, &fd);
    if (!e)
        e = check_private(t, path, fd);
    if (!e)
        e = file_read_fd(t, fd, path, KEYS_BYTES_MAX, &text);
    if (!e)
        *out = text.at;
    return e;
}

/* NAME=VALUE in the file; NULL when it is not there. */
static const char *in_file(const struct settings *s, const char *name)
{
    size_t bytes = strlen(name);
    for (const char *line = s->file; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        if (strncmp(line, name, bytes) == 0 && line[bytes] == '=')
            return text_tidy(s->task->arena, arena_copy_n(s->task->arena, line + bytes + 1,
                                                          strcspn(line + bytes + 1, "\n")));
    }
    return NULL;
}

static const char *setting(const struct settings *s, const char *name)
{
    const char *value = *name ? getenv(name) : NULL;
    if (value && *value)
        return value;
    value = *name ? in_file(s, name) : NULL;
    return value && *value ? value : NULL;
}

static enum err check_lines(const struct settings *s, const struct services *all)
{
    for (const char *line = s->file; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        bool known = *line == '#' || *line == '\n';
        for (int i = 1; i < SERVICE_COUNT && !known; i++) {
            const char *const names[] = { all->at[i].key_variable, all->at[i].url_variable };
            for (size_t k = 0; k < 2; k++) {
                size_t bytes = strlen(names[k]);
                known =
                    known || (bytes && strncmp(line, names[k], bytes) == 0 && line[bytes] == '=');
            }
        }
        if (!known)
            return refuse(s->task, ERR_INVALID,
                          "write NAME=VALUE lines; storyreel doctor lists the names",
                          "a line of the keys file means nothing; it begins with \"%.*s\"",
                          (int)strcspn(line, "=\n") < 30 ? (int)strcspn(line, "=\n") : 0, line);
    }
    return OK;
}

static enum err configure(const struct settings *s, struct service *service, struct secret **key)
{
    struct task *t = s->task;
    const char *url = setting(s, service->url_variable), *text = setting(s, service->key_variable);
    if (url) {
        char *own = arena_copy(t->arena, url);
        for (size_t n = strlen(own); n > 0 && own[n - 1] == '/'; n--)
            own[n - 1] = '\0';
        service->url = own;
        if (!service_owns(service, t, own))
            return refuse(t, ERR_INVALID, "give a whole address, for example http://127.0.0.1:8188",
                          "%s is not the address of a service", service->url_variable);
    }
    enum err e = text ? secret_new(t, service->key_variable, text, key) : OK;
    service->key = *key;
    return e;
}

enum err services_configure(struct task *t, const char *data_folder, const struct net *n,
                            struct services *out, struct service_keys *out_keys)
{
    struct services all = services_make(n);
    struct settings s = { .task = t };
    *out_keys = (struct service_keys){ 0 };
    enum err e = read_keys_file(t, data_folder, &s.file);
    if (!e)
        e = check_lines(&s, &all);
    for (int i = 1; i < SERVICE_COUNT && !e; i++)
        e = configure(&s, &all.at[i], &out_keys->at[i]);
    if (e)
        service_keys_free(out_keys);
    else
        *out = all;
    return e;
}

void service_keys_free(struct service_keys *keys)
{
    for (int i = 0; i < SERVICE_COUNT; i++) {
        secret_free(keys->at[i]);
        keys->at[i] = NULL;
    }
}
