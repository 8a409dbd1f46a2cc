/*
 * Sections of "key = value" lines. Indented lines belong to the value above and say nothing we
 * need; what comes later wins.
 * Source  "Configuration and credential file settings", AWS SDKs and Tools Reference Guide
 */
#include "net/aws_profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { PROFILE_BYTES_MAX = 1 << 20 };

static const char *file_path(struct task *t, const char *variable, const char *usual)
{
    const char *set = getenv(variable), *home = getenv("HOME");
    if (set && *set)
        return set;
    return home && *home ? arena_format(t->arena, "%s/.aws/%s", home, usual) : NULL;
}

static enum err read_file(struct task *t, const char *path, struct bytes *out)
{
    *out = (struct bytes){ "", 0 };
    enum err e = path ? file_read(t, path, PROFILE_BYTES_MAX, out) : ERR_NOT_FOUND;
    if (e == ERR_NOT_FOUND)
        return OK;
    if (!e && memchr(out->at, '\0', out->size))
        return fail(t, ERR_INVALID, "%s is not a file of text", path);
    return e;
}

enum err aws_profile_read(struct task *t, struct aws_profile *out)
{
    const char *named = getenv("AWS_PROFILE");
    out->name = arena_copy(t->arena, named && *named ? named : "default");
    enum err e = read_file(t, file_path(t, "AWS_SHARED_CREDENTIALS_FILE", "credentials"),
                           &out->credentials);
    return e ? e : read_file(t, file_path(t, "AWS_CONFIG_FILE", "config"), &out->config);
}

/* A line without its comment and the blanks around it. */
static const char *line_text(struct arena *a, const char *line, size_t bytes)
{
    char *text = arena_copy_n(a, line, bytes);
    for (char *at = text; *at; at++) {
        if ((*at == '#' || *at == ';') && (at == text || strchr(" \t", at[-1])))
            *at = '\0';
    }
    return text_tidy(a, text);
}

/* "[profile name]" names the profile `name` in the config, "[name]" in the credentials. */
static bool names_section(struct arena *a, const char *line, const char *profile, bool is_config)
{
    size_t length = strlen(line);
    const char *inner = text_tidy(a, arena_copy_n(a, line + 1, length > 2 ? length - 2 : 0));
    if (is_config && text_starts(inner, "profile "))
        return text_equal(inner + strlen("profile "), profile);
    return text_equal(inner, profile) && (!is_config || text_equal(profile, "default"));
}

/* The value when the line is "key = value" with this key, else NULL. */
static const char *value_of(struct arena *a, const char *line, const char *key)
{
    const char *equals = strchr(line, '=');
    if (!equals)
        return NULL;
    const char *name = text_tidy(a, arena_copy_n(a, line, (size_t)(equals - line)));
    return text_equal_fold(name, key) ? text_tidy(a, equals + 1) : NULL;
}

static const char *find(struct arena *a, struct bytes file, const char *profile, const char *key,
                        bool is_config)
{
    const char *found = "";
    bool inside = false;
    for (const char *at = file.at, *end = at + file.size; at < end;) {
        size_t bytes = strcspn(at, "\n");
        const char *line = line_text(a, at, bytes), *value;
        if (*line == '[')
            inside = names_section(a, line, profile, is_config);
        else if (inside && !strchr(" \t", *at) && (value = value_of(a, line, key)))
            found = value;
        at += bytes + 1;
    }
    return found;
}

const char *aws_profile_get(struct arena *a, const struct aws_profile *p, const char *key)
{
    const char *value = find(a, p->credentials, p->name, key, false);
    return *value ? value : find(a, p->config, p->name, key, true);
}

void aws_profile_wipe(struct aws_profile *p)
{
    explicit_bzero((char *)p->credentials.at, p->credentials.size);
    explicit_bzero((char *)p->config.at, p->config.size);
}
