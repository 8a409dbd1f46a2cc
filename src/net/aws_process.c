/*
 * The program is watched by two descriptors, its output and itself: one that closes its output and
 * lives on is waited for, and one that ends while a child of its own keeps the output open is not.
 */
#include "net/aws_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/spawn.h"
#include "base/text.h"

enum { SAID_BYTES_MAX = 64 << 10, WORDS_MAX = 64, STEP_MS = 100 };

/* ---- words ---- */

/* One word from *at on, which then stands behind it; NULL when a quote has no end. */
static char *word(struct arena *a, const char **at)
{
    struct text out = text_new(a);
    char quote = '\0';
    const char *c = *at;
    for (; *c && (quote || !strchr(" \t", *c)); c++) {
        if (*c == quote)
            quote = '\0';
        else if (!quote && strchr("'\"", *c))
            quote = *c;
        else if (*c == '\\' && quote != '\'' && c[1])
            text_append_n(&out, ++c, 1);
        else
            text_append_n(&out, c, 1);
    }
    *at = c;
    return quote ? NULL : text_end(&out);
}

enum err aws_process_words(struct task *t, const char *line, char ***out)
{
    char **words = arena_array(t->arena, char *, WORDS_MAX + 1);
    size_t count = 0;
    for (const char *at = line + strspn(line, " \t"); *at; at += strspn(at, " \t")) {
        if (count == WORDS_MAX)
            return fail(t, ERR_INVALID, "credential_process has more than %d words", WORDS_MAX);
        words[count] = word(t->arena, &at);
        if (!words[count++])
            return fail(t, ERR_INVALID, "credential_process has a quote without its end");
    }
    words[count] = NULL;
    if (count == 0 || !*words[0])
        return fail(t, ERR_INVALID, "credential_process names no program");
    *out = words;
    return OK;
}

/* ---- the program ---- */

struct program {
    const char *name;
    pid_t pid; /* of it and of its group; 0: it is not running */
    int process, output;
    int64_t until_us; /* monotonic */
    char *said;
    size_t said_bytes;
};

static void program_scoped(struct program *p)
{
    if (p->pid > 0) {
        kill(-p->pid, SIGKILL);
        while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    fd_scoped(&p->process);
    fd_scoped(&p->output);
}

/* Nothing of ours but the error output. */
static int files_describe(posix_spawn_file_actions_t *files, int output)
{
    int rc = posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0);
    if (!rc)
        rc = posix_spawn_file_actions_adddup2(files, output, 1);
    return rc ? rc : posix_spawn_file_actions_addclosefrom_np(files, 3);
}

static int spawn(char **words, int output, pid_t *out)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t manners;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&manners);
    int rc = files_describe(&files, output);
    if (!rc)
        rc = spawn_manners(&manners);
    if (!rc)
        rc = posix_spawnp(out, words[0], &files, &manners, words, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&manners);
    return rc;
}

static enum err program_start(struct task *t, char **words, struct program *p)
{
    int ends[2];
    p->name = words[0];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail_errno(t, errno, "start", p->name);
    p->output = ends[0];
    scoped(fd) int theirs = ends[1];
    int rc = fcntl(p->output, F_SETFL, O_NONBLOCK) == 0 ? spawn(words, theirs, &p->pid) : errno;
    if (rc)
        return refuse(t, ERR_AUTH, "correct credential_process of the profile",
                      "the program %s, which says the AWS credentials, cannot be started: %s",
                      p->name, strerror(rc));
    p->process = pidfd_open(p->pid, 0);
    return p->process < 0 ? fail_errno(t, errno, "watch", p->name) : OK;
}

/* What there is to read now. At its end it is closed. */
static enum err hear(struct task *t, struct program *p)
{
    while (p->output >= 0) {
        ssize_t got = read(p->output, p->said + p->said_bytes, SAID_BYTES_MAX - p->said_bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno == EAGAIN ? OK : fail_errno(t, errno, "hear", p->name);
        if (got == 0)
            close(fd_take(&p->output));
        p->said_bytes += (size_t)got;
        if (p->said_bytes == SAID_BYTES_MAX)
            return fail(t, ERR_LIMIT, "%s says more than credentials are long", p->name);
    }
    return OK;
}

/* Until it has ended. */
static enum err listen_to(struct task *t, struct program *p)
{
    for (;;) {
        struct pollfd from[2] = { { .fd = p->process, .events = POLLIN },
                                  { .fd = p->output, .events = POLLIN } };
        enum err e = task_over(t);
        if (e)
            return e;
        if (clock_monotonic_us(&clock_real) > p->until_us)
            return fail(t, ERR_TIMEOUT, "%s did not say the AWS credentials in time", p->name);
        if (poll(from, 2, STEP_MS) <= 0)
            continue;
        e = hear(t, p);
        if (e || from[0].revents)
            return e;
    }
}

static enum err check_end(struct task *t, struct program *p)
{
    int status = -1;
    while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    kill(-p->pid, SIGKILL); /* what it has left behind */
    p->pid = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return OK;
    return refuse(t, ERR_AUTH, "run it by hand to see what is wrong",
                  "%s, which says the AWS credentials, ended with %s %d", p->name,
                  WIFEXITED(status) ? "status" : "signal",
                  WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

enum err aws_process_run(struct task *t, const char *line, int64_t limit_us, struct bytes *out)
{
    scoped(program) struct program p = { .process = -1, .output = -1 };
    char **words;
    enum err e = aws_process_words(t, line, &words);
    if (e)
        return e;
    p.until_us = clock_monotonic_us(&clock_real) + limit_us;
    p.said = arena_alloc(t->arena, SAID_BYTES_MAX);
    e = program_start(t, words, &p);
    if (!e)
        e = listen_to(t, &p);
    if (!e)
        e = check_end(t, &p);
    if (e)
        explicit_bzero(p.said, p.said_bytes);
    else
        *out = (struct bytes){ p.said, p.said_bytes };
    return e;
}
