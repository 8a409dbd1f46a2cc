#include "media/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = true };
#else
enum { SANITIZED = false };
#endif

/* ---- files by their paths ----------------------------------------------------------------- */

/* The rights of each version of Landlock are a longer run of bits; later kernels know all of
 * earlier ones. */
static uint64_t rights_known(long version)
{
    static const int last_bit[] = { 12, 13, 14, 14, 15 };
    enum { VERSIONS = sizeof last_bit / sizeof *last_bit };
    return (UINT64_C(2) << last_bit[version < VERSIONS ? version - 1 : VERSIONS - 1]) - 1;
}

static void allow_reading(int rules, const char *path)
{
    struct landlock_path_beneath_attr beneath = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
        .parent_fd      = open(path, O_PATH | O_CLOEXEC),
    };
    if (beneath.parent_fd < 0)
        return;
    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    close(beneath.parent_fd);
}

/* Where the kernel has no Landlock, the filter of system calls stands alone. */
static void deny_paths(enum confine_reads reads)
{
    static const char *const fonts[] = {
        "/etc/fonts", "/usr/share/fontconfig", "/usr/share/fonts", "/usr/local/share/fonts",
        "/var/cache/fontconfig",
    };
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return;
    struct landlock_ruleset_attr all = { .handled_access_fs = rights_known(version) };
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (rules < 0)
        return;
    for (size_t i = 0; reads == CONFINE_READS_FONTS && i < sizeof fonts / sizeof *fonts; i++)
        allow_reading(rules, fonts[i]);
    if (SANITIZED)
        allow_reading(rules, "/proc");
    syscall(SYS_landlock_restrict_self, rules, 0);
    close(rules);
}

/* ---- system calls ------------------------------------------------------------------------- */

static const int allowed[] = {
    /* the descriptors it was given; fcntl below */
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(pread64),
    SCMP_SYS(pwrite64),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(close),
    SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),
    SCMP_SYS(ftruncate),
    SCMP_SYS(fallocate),
    SCMP_SYS(fadvise64),
    SCMP_SYS(fstatfs),
    SCMP_SYS(poll),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendmsg),
    SCMP_SYS(copy_file_range),
    SCMP_SYS(sendfile),
    /* memory; mmap and mprotect below */
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    /* threads and time; clone below */
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
    SCMP_SYS(gettid),
    SCMP_SYS(getpid),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getrusage),
    SCMP_SYS(times),
    /* signals to itself, and the end */
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    /* questions */
    SCMP_SYS(getrandom),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
};

/* Libraries look for files and caches of theirs, and ask for favours: they are told no, and go
 * on. */
static const int path_reads[] = {
    SCMP_SYS(access),     SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(stat),
    SCMP_SYS(lstat),      SCMP_SYS(statx),     SCMP_SYS(readlink),   SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64), SCMP_SYS(statfs),
};
static const int path_writes[] = {
    SCMP_SYS(creat), SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(link), SCMP_SYS(linkat),
    SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2),
    SCMP_SYS(symlink), SCMP_SYS(chmod), SCMP_SYS(fchmod), SCMP_SYS(utimensat), SCMP_SYS(ioctl),
};

static const int refused_politely[] = {
    SCMP_SYS(socket),
    SCMP_SYS(connect),
    SCMP_SYS(setpriority),
    SCMP_SYS(getpriority),
    SCMP_SYS(sched_setscheduler),
    SCMP_SYS(sched_getscheduler),
    SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_setaffinity),
    SCMP_SYS(mbind),
    SCMP_SYS(set_mempolicy),
    SCMP_SYS(get_mempolicy),
    SCMP_SYS(mlock),
    SCMP_SYS(memfd_create),
    SCMP_SYS(pipe2),
    SCMP_SYS(eventfd2),
};

static const int for_sanitizers[] = {
    SCMP_SYS(sigaltstack), SCMP_SYS(ptrace),     SCMP_SYS(wait4),       SCMP_SYS(getppid),
    SCMP_SYS(prctl),       SCMP_SYS(clone),      SCMP_SYS(prlimit64),   SCMP_SYS(readlink),
    SCMP_SYS(getdents64),  SCMP_SYS(tgkill),     SCMP_SYS(personality), SCMP_SYS(mmap),
    SCMP_SYS(mprotect),    SCMP_SYS(newfstatat), SCMP_SYS(getdents),    SCMP_SYS(dup),
};

struct filter {
    scmp_filter_ctx context;
    int             rc;                   /* the first failure; 0 */
};

static void rule(struct filter *f, uint32_t action, int call, unsigned count,
                 const struct scmp_arg_cmp *where)
{
    int rc = seccomp_rule_add_array(f->context, action, call, count, where);
    f->rc = f->rc ? f->rc : rc;
}

static void rules(struct filter *f, uint32_t action, const int *calls, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rule(f, action, calls[i], 0, NULL);
}

#define RULES(f, action, list) rules(f, action, list, sizeof list / sizeof *list)

/* Memory that can be executed is refused: mmap with PROT_EXEC is what a first filter forgets. */
static void memory_rules(struct filter *f)
{
    struct scmp_arg_cmp no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    rule(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, &no_code);
    rule(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, &no_code);
}

/* Threads of this process only. */
static void thread_rules(struct filter *f)
{
    enum { THREAD = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD };
    rule(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, &SCMP_A0(SCMP_CMP_MASKED_EQ, THREAD, THREAD));
    rule(f, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, &SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
    rule(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prctl), 1, &SCMP_A0(SCMP_CMP_NE, PR_SET_NAME));
    /* abort() */
    rule(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &SCMP_A0(SCMP_CMP_EQ, (uint64_t)getpid()));
    /* only asking */
    rule(f, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, &SCMP_A2(SCMP_CMP_EQ, 0));
}

/* Not F_SETOWN and F_SETSIG: by them the kernel sends whatever signal to whichever process. */
static void descriptor_rules(struct filter *f)
{
    static const int asks[]  = { F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD, F_DUPFD_CLOEXEC };
    static const int locks[] = { F_GETLK, F_SETLK, F_SETLKW };
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
        rule(f, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, &SCMP_A1(SCMP_CMP_EQ, (uint64_t)asks[i]));
    for (size_t i = 0; i < sizeof locks / sizeof *locks; i++)
        rule(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(fcntl), 1,
             &SCMP_A1(SCMP_CMP_EQ, (uint64_t)locks[i]));
}

static void path_rules(struct filter *f, enum confine_reads reads)
{
    enum { WRITES = O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY) };
    bool may = reads == CONFINE_READS_FONTS || SANITIZED;
    struct scmp_arg_cmp read_only = SCMP_A2(SCMP_CMP_MASKED_EQ, WRITES, O_RDONLY);
    uint32_t refused = SCMP_ACT_ERRNO(EACCES);
    RULES(f, may ? SCMP_ACT_ALLOW : refused, path_reads);
    RULES(f, refused, path_writes);
    rule(f, SANITIZED ? SCMP_ACT_ALLOW : refused, SCMP_SYS(open), 0, NULL);
    if (may) {
        rule(f, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, &read_only);
        rule(f, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 0, NULL);
    } else {
        rule(f, refused, SCMP_SYS(openat), 0, NULL);
        rule(f, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
             &SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
        rule(f, refused, SCMP_SYS(newfstatat), 1, &SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0));
    }
}

static bool filter_calls(enum confine_reads reads)
{
    struct filter f = { .context = seccomp_init(SCMP_ACT_KILL_PROCESS) };
    if (!f.context)
        return false;
    RULES(&f, SCMP_ACT_ALLOW, allowed);
    /* its flags lie in memory: glibc then uses clone */
    rule(&f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0, NULL);
    RULES(&f, SCMP_ACT_ERRNO(EPERM), refused_politely);
    descriptor_rules(&f);
    path_rules(&f, reads);
    if (SANITIZED) {
        RULES(&f, SCMP_ACT_ALLOW, for_sanitizers);
    } else {
        memory_rules(&f);
        thread_rules(&f);
    }
    bool loaded = f.rc == 0 && seccomp_load(f.context) == 0;
    seccomp_release(f.context);
    return loaded;
}

bool confine_self(enum confine_reads reads)
{
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_DUMPABLE, SANITIZED, 0, 0, 0);
    deny_paths(reads);
    return filter_calls(reads);
}
