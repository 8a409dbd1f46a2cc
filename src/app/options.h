#pragma once

/*
 * Command line options by table.
 *
 *     struct make m = { 0 };
 *     const struct option options[] = {
 *         { "prompt", "TEXT", OPTION_TEXT, &m.prompt, "what the film is about" },
 *         { "json",   NULL,   OPTION_FLAG, &m.json,   "print JSON" },
 *         OPTIONS_END
 *     };
 *
 * "--name value", "--name=value" and one-letter aliases ("-o value") are understood; "--" ends the
 * options. What is not an option is a word. Mistakes are INVALID, with the nearest option named.
 */

#include "base/task.h"

enum option_kind {
    OPTION_END = 0,
    OPTION_TEXT,   /* const char * */
    OPTION_INT,    /* int64_t */
    OPTION_NUMBER, /* double */
    OPTION_FLAG,   /* bool */
};

struct option {
    const char *name;     /* without dashes */
    const char *argument; /* as shown in the help; NULL for flags */
    enum option_kind kind;
    void *value;
    const char *help;
    char letter; /* short form, or 0 */
};
#define OPTIONS_END                                                                                \
    {                                                                                              \
        .kind = OPTION_END                                                                         \
    }

struct words {
    const char **at;
    size_t count;
    const char **given; /* the names of the options that were there */
    size_t given_count;
};

/* argv[0] is skipped. Words and names are collected in order, in t->arena. */
enum err options_read(struct task *t, const struct option *options, int argc, char **argv,
                      struct words *out);

/* Was it there? By its long name. */
bool options_gave(const struct words *words, const char *name);

/* The options as help text on standard output. */
void options_help(const struct option *options);

/* "12", "1.5": the whole word or INVALID naming `what`. */
enum err number_read(struct task *t, const char *what, const char *word, double *out);
enum err int_read(struct task *t, const char *what, const char *word, int64_t *out);
