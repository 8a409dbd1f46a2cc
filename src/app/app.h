#pragma once

/*
 * The program: one table of commands, one place where every driver is named and every store is
 * opened.
 */

#include <signal.h>

#include "app/backends.h"
#include "app/options.h"
#include "app/services.h"
#include "flow/scenes.h"
#include "flow/workers.h"
#include "store/store_watch.h"

/* Options every command takes. */
struct common {
    const char *data; /* --data DIR; NULL: the user's data folder */
    bool json, help, verbose;
};

/* Rows for the common options at the end of every command's table. */
#define COMMON_OPTIONS(c)                                                                          \
    { "data", "DIR", OPTION_TEXT, &(c).data, "where projects and media are kept", 0 },             \
        { "json", NULL, OPTION_FLAG, &(c).json, "print JSON for programs", 0 },                    \
        { "verbose", NULL, OPTION_FLAG, &(c).verbose, "log what is done to standard error", 'v' }, \
        { "help", NULL, OPTION_FLAG, &(c).help, "show this", 'h' }, OPTIONS_END

struct command {
    const char *name, *usage, *summary;
    enum err (*run)(struct task *t, int argc, char **argv); /* argv[0] is the command's own name */
};

extern const struct command command_make, command_project, command_media, command_styles,
    command_models, command_reference, command_doctor, command_version, command_serve, command_work,
    command_store;

/* "storyreel make ..." for --help: usage, summary, options; OK. */
enum err command_help(const struct command *c, const struct option *options);

/* The rooms below, open. Stays where it was opened: flow borrows from it. */
struct app {
    struct flow flow;
    struct net *net;
    struct backends backends;
    struct services services;
    struct service_keys keys;
    struct workers *workers; /* NULL until app_work() */
    const char *data_folder; /* "" in memory */
    int worker_count;        /* 0: one a core */
    unsigned lanes;          /* as in struct workers_options */
};

/* On the data folder, or where the environment says (backends.h). UNAVAILABLE when another process
 * has what only one may have. */
enum err app_open(struct task *t, const struct common *common, struct app *out);

/* Have every change of the store told from now on, those of other processes too; before any
 * workers. */
enum err app_watch(struct task *t, struct app *a, store_listener *listener, void *context);

/* In memory, for dry runs: nothing is kept. Styles, models and keys of the data folder count. */
enum err app_open_memory(struct task *t, const struct common *common, struct app *out);

/* The media room alone, for commands on files. */
enum err app_open_media(struct task *t, struct media **out);

void app_close(struct app *a);

/* Recover what an earlier process left of one project (NULL: of all) and start the workers on it.
 * On a store that others share the workers do what comes, of every project; app_close() puts back
 * what they have not finished. */
enum err app_work(struct task *t, struct app *a, const char *only_project);

/* Where shipped data (styles/, models/) lies: found from where the program lies. */
enum err share_folder(struct task *t, const char **out);
enum err data_folder(struct task *t, const char *wanted, const char **out);

extern const struct video_driver *const app_videos[];
extern const struct planner_driver *const app_planners[];
extern const struct image_driver *const app_images[];

/* Raised by SIGINT and SIGTERM. */
extern atomic_bool app_interrupted;

/* JSON to standard output, one line; takes the reference. */
void print_json(json_t *json);

/* A file named on the command line, open for reading. */
enum err argument_open(struct task *t, const char *option, const char *path,
                       struct source_file *out);
