/*
 * Two commands side by side: `bench-pair [options] LABEL -- OURS... -- THEIRS...` runs them in turn, ours first in every
 * other pair, so that whatever else the machine does meanwhile hurts both alike. Whole processes are measured (wall
 * clock, CPU time of the process and its children, peak memory of the largest of them), medians are printed, and the
 * ratio is the median of the pairs' own ratios. `THEIRS` may be left out: then ours is measured alone.
 *
 *     --pairs N      how many, 5 by default
 *     --faster R     the promise: at least R times faster than theirs; below 1, at most that much slower
 *     --within MS    the promise: no longer than MS milliseconds
 *     --film S       ours makes a film of S seconds: say how many times faster than real time
 *     --fresh FILE   removed before every run
 *
 * Exit status: 1 when a promise is not kept, 2 when a command fails.
 */

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAIRS_MAX = 101 };

struct options {
    int         pairs;
    double      faster, within_ms, film_s;
    const char *fresh, *label;
    char      **ours, **theirs;
};

struct run {
    double wall_ms, cpu_ms, memory_mb;
};

struct runs {
    struct run run[PAIRS_MAX];
    int        count;
};

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static double timeval_ms(struct timeval t)
{
    return t.tv_sec * 1e3 + t.tv_usec / 1e3;
}

static void quiet_exec(char **command)
{
    int nothing = open("/dev/null", O_RDWR);
    if (nothing >= 0) {
        dup2(nothing, STDIN_FILENO);
        dup2(nothing, STDOUT_FILENO);
    }
    execvp(command[0], command);
    perror(command[0]);
    _exit(127);
}

/* wait4() counts what the child waited for itself, so helpers it started are in. */
static bool run_once(char **command, const char *fresh, struct run *out)
{
    if (fresh)
        unlink(fresh);
    double start = now_ms();
    pid_t child = fork();
    if (child == 0)
        quiet_exec(command);
    int status;
    struct rusage used;
    if (child < 0 || wait4(child, &status, 0, &used) < 0)
        return false;
    *out = (struct run){
        .wall_ms = now_ms() - start,
        .cpu_ms = timeval_ms(used.ru_utime) + timeval_ms(used.ru_stime),
        .memory_mb = used.ru_maxrss / 1024.0,
    };
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    fprintf(stderr, "bench-pair: %s failed\n", command[0]);
    return false;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *values, int count)
{
    double sorted[PAIRS_MAX];
    memcpy(sorted, values, sizeof *values * (size_t)count);
    qsort(sorted, (size_t)count, sizeof *sorted, ascending);
    return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

static struct run medians(const struct runs *r)
{
    double wall[PAIRS_MAX], cpu[PAIRS_MAX], memory[PAIRS_MAX];
    for (int i = 0; i < r->count; i++) {
        wall[i] = r->run[i].wall_ms;
        cpu[i] = r->run[i].cpu_ms;
        memory[i] = r->run[i].memory_mb;
    }
    return (struct run){ median(wall, r->count), median(cpu, r->count), median(memory, r->count) };
}

static bool run_pairs(const struct options *o, struct runs *ours, struct runs *theirs)
{
    ours->count = o->pairs;
    theirs->count = o->theirs ? o->pairs : 0;
    for (int i = 0; i < o->pairs; i++)
        for (int turn = 0; turn < 2; turn++) {
            bool us = (turn == 0) == (i % 2 == 0);
            if (!us && !o->theirs)
                continue;
            if (!run_once(us ? o->ours : o->theirs, o->fresh, us ? &ours->run[i] : &theirs->run[i]))
                return false;
        }
    return true;
}

/* A promise and whether it was kept; nothing when there is none. */
static bool promise(const char *format, double promised, bool kept)
{
    if (promised == 0)
        return true;
    printf("  promised ");
    printf(format, promised);
    printf(": %s", kept ? "kept" : "NOT KEPT");
    return kept;
}

static void print_run(const struct run *r)
{
    printf("%10.1f ms %9.0f ms %6.0f MB", r->wall_ms, r->cpu_ms, r->memory_mb);
}

static double median_ratio(const struct runs *ours, const struct runs *theirs)
{
    double ratios[PAIRS_MAX];
    for (int i = 0; i < theirs->count; i++)
        ratios[i] = theirs->run[i].wall_ms / ours->run[i].wall_ms;
    return theirs->count ? median(ratios, theirs->count) : 0;
}

static bool report(const struct options *o, const struct runs *ours, const struct runs *theirs)
{
    struct run a = medians(ours);
    double ratio = median_ratio(ours, theirs);

    printf("%-24s", o->label);
    print_run(&a);
    if (o->theirs) {
        struct run b = medians(theirs);
        print_run(&b);
        printf(" %8.2fx", ratio);
    }
    if (o->film_s > 0)
        printf("  %.1fx real time", o->film_s * 1e3 / a.wall_ms);
    bool kept = promise("%gx", o->faster, ratio >= o->faster);
    kept &= promise("%g ms", o->within_ms, a.wall_ms <= o->within_ms);
    printf("\n");
    return kept;
}

/* One option and its value; how many words were used, 0 when it is none. */
static int option(struct options *o, char **words)
{
    if (!words[0] || !words[1])
        return 0;
    if (!strcmp(words[0], "--pairs"))
        o->pairs = (int)strtol(words[1], NULL, 10);
    else if (!strcmp(words[0], "--faster"))
        o->faster = strtod(words[1], NULL);
    else if (!strcmp(words[0], "--within"))
        o->within_ms = strtod(words[1], NULL);
    else if (!strcmp(words[0], "--film"))
        o->film_s = strtod(words[1], NULL);
    else if (!strcmp(words[0], "--fresh"))
        o->fresh = words[1];
    else
        return 0;
    return 2;
}

/* The words after the next "--", which is replaced by the end of the list before it; NULL when there is none. */
static char **after_dashes(char **words)
{
    while (*words && strcmp(*words, "--"))
        words++;
    if (!*words)
        return NULL;
    *words = NULL;
    return words + 1;
}

int main(int argc, char **argv)
{
    struct options o = { .pairs = 5 };
    char **words = argv + (argc > 0);
    for (int used; (used = option(&o, words)) > 0;)
        words += used;
    o.label = *words;
    o.ours = after_dashes(words);
    if (o.ours)
        o.theirs = after_dashes(o.ours);
    if (!o.label || !o.ours || !*o.ours || o.pairs < 1 || o.pairs > PAIRS_MAX) {
        fprintf(stderr, "usage: bench-pair [options] LABEL -- OURS... [-- THEIRS...]\n");
        return 2;
    }
    struct runs ours, theirs;
    if (!run_pairs(&o, &ours, &theirs))
        return 2;
    return report(&o, &ours, &theirs) ? 0 : 1;
}
