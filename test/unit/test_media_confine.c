/*
 * Ways out of the media child, each tried in a process of its own after confine_self(): none may succeed. Built without
 * sanitizers, which would want some of them left open.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "media/confine.h"

enum { HELD = 1, GOT_OUT = 2, NOT_CONFINED = 77 };

typedef bool escape(void);      /* true when it succeeded */

static bool opens_a_socket(void)     { return syscall(SYS_socket, AF_INET, SOCK_STREAM, 0) >= 0; }
static bool connects(void)           { return syscall(SYS_connect, 0, NULL, 0) == 0; }
static bool runs_a_program(void)     { return syscall(SYS_execve, "/bin/true", NULL, NULL) == 0; }
static bool forks(void)              { return syscall(SYS_fork) >= 0; }
static bool clones_a_process(void)   { return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) >= 0; }
static bool clones_by_clone3(void)   { return syscall(SYS_clone3, NULL, 0) >= 0 || errno != ENOSYS; }
static bool traces_its_parent(void)  { return syscall(SYS_ptrace, 16, getppid(), 0, 0) == 0; }
static bool kills_its_parent(void)   { return syscall(SYS_kill, getppid(), 0) == 0; }
static bool signals_a_thread(void)   { return syscall(SYS_tgkill, getppid(), getppid(), 0) == 0; }
static bool signals_by_a_socket(void) { return fcntl(0, F_SETOWN, getppid()) == 0; }
static bool chooses_the_signal(void) { return fcntl(0, F_SETSIG, SIGKILL) == 0; }
static bool reads_its_memory(void)   { return syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0) == 0; }
static bool opens_a_process(void)    { return syscall(SYS_pidfd_open, getppid(), 0) >= 0; }
static bool reads_a_file(void)       { return open("/etc/passwd", O_RDONLY) >= 0; }
static bool reads_the_long_way(void) { return open("/usr/share/fonts/../../../etc/passwd", O_RDONLY) >= 0; }
static bool lists_a_folder(void)     { return open("/", O_RDONLY | O_DIRECTORY) >= 0; }
static bool writes_a_file(void)      { return open("escaped", O_WRONLY | O_CREAT, 0600) >= 0; }
static bool makes_a_nameless_one(void) { return open(".", O_TMPFILE | O_RDWR, 0600) >= 0; }
static bool makes_a_folder(void)     { return mkdir("escaped", 0700) == 0; }
static bool unlinks(void)            { return unlink("test") == 0; }
static bool renames(void)            { return rename("test", "escaped") == 0; }
static bool mounts(void)             { return syscall(SYS_mount, NULL, NULL, NULL, 0, NULL) == 0; }
static bool unshares(void)           { return syscall(SYS_unshare, 0) == 0; }
static bool loads_bpf(void)          { return syscall(SYS_bpf, 0, NULL, 0) >= 0; }
static bool opens_io_uring(void)     { return syscall(SYS_io_uring_setup, 1, NULL) >= 0; }
static bool watches_performance(void) { return syscall(SYS_perf_event_open, NULL, 0, 0, 0, 0) >= 0; }
static bool makes_a_memory_file(void) { return syscall(SYS_memfd_create, "code", 0) >= 0; }
static bool drops_its_filter(void)   { return syscall(SYS_seccomp, 0, 0, NULL) == 0; }
static bool becomes_dumpable(void)   { return syscall(SYS_prctl, 4, 1, 0, 0, 0) == 0; }

static bool maps_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool makes_data_code(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page != MAP_FAILED && mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool raises_a_limit(void)
{
    uint64_t limit[2] = { 1000, 1000 };
    return syscall(SYS_prlimit64, 0, 7, limit, NULL) == 0;
}

static const struct way {
    const char *name;
    escape     *try;
} ways[] = {
#define WAY(name) { #name, name }
    WAY(opens_a_socket), WAY(connects), WAY(runs_a_program), WAY(forks), WAY(clones_a_process), WAY(clones_by_clone3),
    WAY(traces_its_parent), WAY(kills_its_parent), WAY(signals_a_thread), WAY(signals_by_a_socket), WAY(chooses_the_signal),
    WAY(reads_its_memory), WAY(opens_a_process),
    WAY(reads_a_file), WAY(reads_the_long_way), WAY(lists_a_folder), WAY(writes_a_file), WAY(makes_a_nameless_one),
    WAY(makes_a_folder), WAY(unlinks), WAY(renames), WAY(mounts), WAY(unshares), WAY(loads_bpf), WAY(opens_io_uring),
    WAY(watches_performance), WAY(makes_a_memory_file), WAY(drops_its_filter), WAY(becomes_dumpable), WAY(maps_code),
    WAY(makes_data_code), WAY(raises_a_limit),
};
enum { WAYS = sizeof ways / sizeof *ways };

/* With fonts to be read, paths are Landlock's alone; not every kernel has it. */
static bool is_for_landlock(const struct way *way)
{
    return way->try == reads_a_file || way->try == reads_the_long_way || way->try == lists_a_folder;
}

static bool has_landlock(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

/* How a confined child that does this ends: HELD also when the kernel killed it for trying. */
static int outcome(enum confine_reads reads, escape *try)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (!confine_self(reads))
            _exit(NOT_CONFINED);
        _exit(try() ? GOT_OUT : HELD);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSYS ? HELD : -WTERMSIG(status);
    return WEXITSTATUS(status);
}

static void nobody_gets_out(void **state)
{
    (void)state;
    for (int reads = CONFINE_READS_NOTHING; reads <= CONFINE_READS_FONTS; reads++) {
        for (int i = 0; i < WAYS; i++) {
            if (reads == CONFINE_READS_FONTS && is_for_landlock(&ways[i]) && !has_landlock())
                continue;
            int end = outcome(reads, ways[i].try);
            if (end == NOT_CONFINED)
                skip();
            if (end != HELD)
                fail_msg("%s: %d (reads %d)", ways[i].name, end, reads);
        }
    }
}

static void *nothing(void *state)
{
    return state;
}

/* What every operation needs goes on. */
static bool works(void)
{
    pthread_t thread;
    char text[8] = "";
    void *memory = malloc(64 << 20);
    if (!memory || pthread_create(&thread, NULL, nothing, NULL) != 0 || pthread_join(thread, NULL) != 0)
        return false;
    memset(memory, 1, 64 << 20);
    free(memory);
    return pread(0, text, sizeof text, 0) >= 0 || errno == ESPIPE || errno == EIO;
}

static bool reads_fonts(void)
{
    return open("/etc/fonts/fonts.conf", O_RDONLY) >= 0;
}

static void work_goes_on(void **state)
{
    (void)state;
    if (outcome(CONFINE_READS_NOTHING, works) == NOT_CONFINED)
        skip();
    assert_int_equal(outcome(CONFINE_READS_NOTHING, works), GOT_OUT);
    assert_int_equal(outcome(CONFINE_READS_FONTS, works), GOT_OUT);
    assert_int_equal(outcome(CONFINE_READS_NOTHING, reads_fonts), HELD);
    if (reads_fonts())
        assert_int_equal(outcome(CONFINE_READS_FONTS, reads_fonts), GOT_OUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_gets_out),
        cmocka_unit_test(work_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
