#include "app/options.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fields.h"
#include "base/text.h"

enum err number_read(struct task *t, const char *what, const char *word, double *out)
{
    char *end;
    errno = 0;
    double value = strtod(word, &end);
    if (end == word || *end || errno || !isfinite(value))
        return fail_at(t,
                       refuse(t, ERR_INVALID, "give a number, for example 12 or 1.5",
                              "%s cannot be \"%s\"", what, word),
                       what);
    *out = value;
    return OK;
}

enum err int_read(struct task *t, const char *what, const char *word, int64_t *out)
{
    char *end;
    errno = 0;
    long long value = strtoll(word, &end, 10);
    if (end == word || *end || errno)
        return fail_at(
            t, refuse(t, ERR_INVALID, "give a whole number", "%s cannot be \"%s\"", what, word),
            what);
    *out = value;
    return OK;
}

static const struct option *find_long(const struct option *options, const char *name, size_t bytes)
{
    for (const struct option *o = options; o->kind; o++) {
        if (strlen(o->name) == bytes && memcmp(o->name, name, bytes) == 0)
            return o;
    }
    return NULL;
}

static const struct option *find_letter(const struct option *options, char letter)
{
    for (const struct option *o = options; o->kind; o++) {
        if (o->letter && o->letter == letter)
            return o;
    }
    return NULL;
}

static enum err refuse_unknown(struct task *t, const struct option *options, const char *word)
{
    size_t count = 0;
    for (const struct option *o = options; o->kind; o++)
        count++;
    const char **names = arena_array(t->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = options[i].name;
    const char *near = names_nearest(names, word + strspn(word, "-"));
    return refuse(t, ERR_INVALID, "--help lists the options", "there is no option %s%s%s%s", word,
                  near ? "; did you mean --" : "", near ? near : "", near ? "?" : "");
}

static enum err store_value(struct task *t, const struct option *o, const char *value)
{
    switch (o->kind) {
    case OPTION_INT:
        return int_read(t, o->name, value, o->value);
    case OPTION_NUMBER:
        return number_read(t, o->name, value, o->value);
    case OPTION_TEXT:
        *(const char **)o->value = value;
        return OK;
    default:
        *(bool *)o->value = true;
        return OK;
    }
}

/* One option at argv[*at], which moves on to the last argument that was used. */
static enum err read_one(struct task *t, const struct option *options, int argc, char **argv,
                         int *at, struct words *out)
{
    const char *word = argv[*at], *value = NULL;
    const struct option *o;
    if (word[1] == '-') {
        size_t bytes = strcspn(word + 2, "=");
        o = find_long(options, word + 2, bytes);
        value = word[2 + bytes] ? word + 3 + bytes : NULL;
    } else {
        o = word[2] ? NULL : find_letter(options, word[1]);
    }
    if (!o)
        return refuse_unknown(t, options, word);
    if (o->kind == OPTION_FLAG && value)
        return refuse(t, ERR_INVALID, "leave the value out", "--%s takes no value", o->name);
    if (o->kind != OPTION_FLAG && !value) {
        if (*at + 1 >= argc)
            return refuse(t, ERR_INVALID,
                          arena_format(t->arena, "write --%s %s", o->name, o->argument),
                          "--%s needs a value", o->name);
        value = argv[++*at];
    }
    out->given[out->given_count++] = o->name;
    return store_value(t, o, value);
}

enum err options_read(struct task *t, const struct option *options, int argc, char **argv,
                      struct words *out)
{
    *out = (struct words){ .at = arena_array(t->arena, const char *, argc),
                           .given = arena_array(t->arena, const char *, argc) };
    bool only_words = false;
    for (int i = 1; i < argc; i++) {
        if (!only_words && text_equal(argv[i], "--")) {
            only_words = true;
            continue;
        }
        if (only_words || argv[i][0] != '-' || !argv[i][1]) {
            out->at[out->count++] = argv[i];
            continue;
        }
        enum err e = read_one(t, options, argc, argv, &i, out);
        if (e)
            return e;
    }
    return OK;
}

bool options_gave(const struct words *words, const char *name)
{
    for (size_t i = 0; i < words->given_count; i++) {
        if (text_equal(words->given[i], name))
            return true;
    }
    return false;
}

void options_help(const struct option *options)
{
    for (const struct option *o = options; o->kind; o++) {
        char left[64];
        snprintf(left, sizeof left, "%s%c%s--%s %s", o->letter ? "-" : "  ",
                 o->letter ? o->letter : ' ', o->letter ? ", " : " ", o->name,
                 o->argument ? o->argument : "");
        printf("  %-30s %s\n", left, o->help);
    }
}
