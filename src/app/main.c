/*
 * Storyreel, the command line. main() owns what is global to the process (signals, the log, the
 * exit code); commands get a task and their own arguments.
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "base/log.h"
#include "base/text.h"
#include "media/media_start.h"

atomic_bool app_interrupted;

static const struct command *const commands[] = {
    &command_make,   &command_project, &command_reference,
    &command_media,  &command_styles,  &command_models,
    &command_doctor, &command_serve,   &command_work,
    &command_store,  &command_version,
    NULL,
};

static void on_signal(int signal)
{
    (void)signal;
    atomic_store(&app_interrupted, true);
}

static void catch_signals(void)
{
    struct sigaction action = { .sa_handler = on_signal };
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is a full disk, said as such */
}

static enum err help(void)
{
    printf("Storyreel turns a prompt into a finished music video or advertisement.\n\n"
           "  storyreel make --prompt TEXT --audio SONG -o film.mp4\n\nCommands:\n");
    for (size_t i = 0; commands[i]; i++)
        printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
    printf(
        "\nstoryreel COMMAND --help says more.\n"
        "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 paused by the budget, 4 needs a person,\n"
        "130 interrupted (make --resume carries on).\n");
    return OK;
}

static enum err refuse_unknown(struct task *t, const char *name)
{
    const char *names[sizeof commands / sizeof *commands] = { 0 };
    for (size_t i = 0; commands[i]; i++)
        names[i] = commands[i]->name;
    const char *near = names_nearest(names, name);
    return refuse(t, ERR_INVALID, "storyreel --help lists the commands",
                  "there is no command \"%s\"%s%s%s", name, near ? "; did you mean " : "",
                  near ? near : "", near ? "?" : "");
}

static enum err run(struct task *t, int argc, char **argv)
{
    if (argc < 2 || text_equal(argv[1], "--help") || text_equal(argv[1], "-h") ||
        text_equal(argv[1], "help"))
        return help();
    if (text_equal(argv[1], "--version"))
        return command_version.run(t, argc - 1, argv + 1);
    for (size_t i = 0; commands[i]; i++) {
        if (text_equal(commands[i]->name, argv[1]))
            return commands[i]->run(t, argc - 1, argv + 1);
    }
    return refuse_unknown(t, argv[1]);
}

static bool wants_json(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (text_equal(argv[i], "--json"))
            return true;
    }
    return false;
}

/* For people: one line what is wrong, one line what to do. For programs: the same as problem+json.
 */
static void complain(const struct fault *f, bool as_json)
{
    if (as_json) {
        print_json(json_pack("{ss ss si ss ss ss}", "type", "about:blank", "title",
                             err_text(f->code), "status", err_http_status(f->code), "detail",
                             f->message, "field", f->field, "next", f->next));
        return;
    }
    fprintf(stderr, "storyreel: %s\n", f->message);
    if (*f->next)
        fprintf(stderr, "           %s\n", f->next);
}

int main(int argc, char **argv)
{
    if (argc > 1 && text_equal(argv[1], "media-child"))
        return media_child_start();

    setlocale(LC_CTYPE, "");
    catch_signals();
    struct task t;
    task_init(&t, "cli");
    enum err e = run(&t, argc, argv);
    if (e)
        complain(&t.fault, wants_json(argc, argv));
    if (!e && (fflush(stdout) != 0 || ferror(stdout)) && errno != EPIPE) {
        fprintf(stderr, "storyreel: standard output could not be written: %s\n", strerror(errno));
        e = ERR_FULL;
    }
    task_done(&t);
    return e == ERR_CANCELLED && atomic_load(&app_interrupted) ? 130 : err_exit_code(e);
}
