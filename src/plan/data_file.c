/*
 * A data file is asked for by name, never by path: a name is letters, digits and '-', so that
 * joining it to a folder cannot lead out of that folder.
 */
#include "plan/data_file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/yaml.h"

enum { DATA_NAME_BYTES_MAX = 64, DATA_FILES_MAX = 1000 };

static const char extension[] = ".yaml";

static bool is_name(const char *name, size_t bytes)
{
    if (bytes == 0 || bytes > DATA_NAME_BYTES_MAX)
        return false;
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)name[i];
        if (c >= 0x80 || (!isalnum(c) && c != '-'))
            return false;
    }
    return true;
}

/* "Wes Anderson" and "wes_anderson" become wes-anderson; NULL for what cannot be a name. */
static const char *name_of_typed(struct arena *a, const char *typed)
{
    char *name = text_lower(a, text_tidy(a, typed));
    for (char *p = name; *p; p++) {
        if (*p == ' ' || *p == '_')
            *p = '-';
    }
    return is_name(name, strlen(name)) ? name : NULL;
}

/* ---- listing ------------------------------------------------------------------------------ */

static inline void dir_scoped(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

struct names {
    const char **items;
    size_t       count, capacity;
};

static enum err collect_names(struct task *t, const char *folder, const char *subfolder,
                              struct names *out)
{
    if (!folder)
        return OK;
    const char *path = arena_format(t->arena, "%s/%s", folder, subfolder);
    scoped(dir) DIR *dir = opendir(path);
    if (!dir)
        return errno == ENOENT || errno == ENOTDIR ? OK : fail_errno(t, errno, "list", path);
    for (struct dirent *entry; (entry = readdir(dir)) && out->count < DATA_FILES_MAX;) {
        size_t bytes = strlen(entry->d_name) -
                       (text_ends(entry->d_name, extension) ? sizeof extension - 1 : 0);
        if (entry->d_name[bytes] == '.' && is_name(entry->d_name, bytes))
            array_push(t->arena, out->items, out->count, out->capacity,
                       arena_copy_n(t->arena, entry->d_name, bytes));
    }
    return OK;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum err data_file_names(struct task *t, const struct data_folders *folders, const char *subfolder,
                         const char *const **out, size_t *out_count)
{
    struct names names = { 0 };
    enum err e = collect_names(t, folders->user, subfolder, &names);
    if (!e)
        e = collect_names(t, folders->shipped, subfolder, &names);
    if (e)
        return e;
    if (names.count > 1)
        qsort(names.items, names.count, sizeof *names.items, compare_names);
    size_t count = 0;
    for (size_t i = 0; i < names.count; i++) {
        if (count == 0 || strcmp(names.items[count - 1], names.items[i]) != 0)
            names.items[count++] = names.items[i];
    }
    names.count = count;
    array_push(t->arena, names.items, names.count, names.capacity, NULL);
    *out       = names.items;
    *out_count = count;
    return OK;
}

/* ---- reading ------------------------------------------------------------------------------ */

static enum err refuse_missing(struct task *t, const struct data_folders *folders,
                               const char *subfolder, const char *kind, const char *typed)
{
    const char *const *names;
    size_t count;
    enum err e = data_file_names(t, folders, subfolder, &names, &count);
    if (e)
        return e;
    const char *shown = text_shorten(t->arena, text_tidy(t->arena, typed), DATA_NAME_BYTES_MAX);
    const char *nearest = names_nearest(names, shown);
    const char *next = text_equal(kind, "style") ? "list them with `storyreel styles`"
                       : arena_format(t->arena, "use %s", names_list(t->arena, names));
    if (nearest)
        next = arena_format(t->arena, "did you mean %s? %s", nearest, next);
    return refuse(t, ERR_NOT_FOUND, next, "there is no %s called \"%s\"", kind, shown);
}

/* NOT_FOUND without a sentence when the folder has no such file. */
static enum err read_in(struct task *t, const char *folder, const char *subfolder, const char *name,
                        json_t **out)
{
    if (!folder)
        return ERR_NOT_FOUND;
    const char *path = arena_format(t->arena, "%s/%s/%s%s", folder, subfolder, name, extension);
    struct bytes text;
    enum err e = file_read(t, path, YAML_BYTES_MAX, &text);
    return e ? e : yaml_read(t, path, text, out);
}

enum err data_file_read(struct task *t, const struct data_folders *folders, const char *subfolder,
                        const char *kind, const char *name, const char **out_name, json_t **out)
{
    if (strpbrk(name, "/\\.") || text_is_empty(name))
        return refuse(t, ERR_INVALID, "use a plain name such as wes-anderson",
                      "\"%s\" is not the name of a %s",
                      text_shorten(t->arena, name, DATA_NAME_BYTES_MAX), kind);
    const char *plain = name_of_typed(t->arena, name);
    if (!plain)
        return refuse_missing(t, folders, subfolder, kind, name);
    enum err e = read_in(t, folders->user, subfolder, plain, out);
    if (e == ERR_NOT_FOUND)
        e = read_in(t, folders->shipped, subfolder, plain, out);
    if (e == ERR_NOT_FOUND)
        return refuse_missing(t, folders, subfolder, kind, name);
    if (e)
        return e;
    *out_name = plain;
    return OK;
}

enum err data_file_fault(struct task *t, const char *subfolder, const char *name, enum err e)
{
    char *field = arena_copy(t->arena, t->fault.field),
         *why = arena_copy(t->arena, t->fault.message);
    e = fail(t, e, "%s/%s%s: %s", subfolder, name, extension, why);
    return fail_at(t, e, field);
}
