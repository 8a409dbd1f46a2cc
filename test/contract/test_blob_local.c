/*
 * What files on a disk promise beyond blob.h: they survive being closed and being killed, a put
 * copies nothing, what others plant in the folder is never followed, and it works on systems
 * without O_TMPFILE or openat2.
 */
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/rng.h"
#include "base/text.h"
#include "blob/blob_driver.h"
#include "scratch.h"

struct bench {
    struct scratch     scratch;
    struct task        t;
    const char        *folder;
    struct blob_store *s;
};

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    b->scratch = scratch_new();
    task_init(&b->t, "test");
    b->folder = arena_copy(b->t.arena, scratch_path(&b->scratch, "blobs"));
    *state = b;
    return blob_local_open(&b->t, b->folder, &b->s) ? -1 : 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    blob_close(b->s);
    task_done(&b->t);
    scratch_done(&b->scratch);
    free(b);
    return 0;
}

static void reopen(struct bench *b)
{
    blob_close(b->s);
    b->s = NULL;
    assert_ok(&b->t, blob_local_open(&b->t, b->folder, &b->s));
}

static enum err put(struct bench *b, const char *key, const char *text)
{
    return blob_put_bytes(b->s, &b->t, key, (struct bytes){ text, strlen(text) });
}

static void assert_blob(struct bench *b, const char *key, const char *text)
{
    scoped(fd) int fd = -1;
    struct bytes bytes;
    assert_ok(&b->t, blob_open(b->s, &b->t, key, &fd));
    assert_ok(&b->t, file_read_fd(&b->t, fd, key, 1 << 20, &bytes));
    assert_string_equal(bytes.at, text);
}

static const char *inside(struct bench *b, const char *name)
{
    return arena_format(b->t.arena, "%s/%s", b->folder, name);
}

static size_t count_blobs(struct bench *b)
{
    struct blob_info *found;
    size_t count = 0;
    assert_ok(&b->t, blob_list(b->s, &b->t, "", &found, &count));
    return count;
}

static void blobs_are_there_after_a_restart(void **state)
{
    struct bench *b = *state;
    assert_ok(&b->t, put(b, "mv/a/b.mp4", "kept"));
    reopen(b);
    assert_blob(b, "mv/a/b.mp4", "kept");
    size_t size;
    scoped(heap) char *bytes = slurp(inside(b, "mv/a/b.mp4"), &size);      /* the key is the path */
    assert_int_equal(size, 4);
}

static void a_put_copies_nothing(void **state)
{
    struct bench *b = *state;
    scoped(draft) struct draft draft = draft_none();
    struct stat before, after;
    assert_ok(&b->t, blob_draft(b->s, &b->t, &draft));
    assert_int_equal(fstat(draft.fd, &before), 0);
    assert_ok(&b->t, blob_put(b->s, &b->t, "a/b", &draft));
    assert_int_equal(stat(inside(b, "a/b"), &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_int_equal(after.st_nlink, 1);
}

static void empty_folders_do_not_stay(void **state)
{
    struct bench *b = *state;
    assert_ok(&b->t, put(b, "p/1/a", "x"));
    assert_ok(&b->t, put(b, "p/2/a", "x"));
    assert_ok(&b->t, blob_remove(b->s, &b->t, "p/1/a"));
    assert_int_not_equal(access(inside(b, "p/1"), F_OK), 0);
    assert_int_equal(access(inside(b, "p/2"), F_OK), 0);
    assert_ok(&b->t, blob_remove(b->s, &b->t, "p/2/a"));
    assert_int_not_equal(access(inside(b, "p"), F_OK), 0);
    assert_int_equal(access(b->folder, F_OK), 0);
}

/* ---- what others plant ---- */

static enum err stat_key(struct bench *b, const char *key)
{
    struct blob_info info;
    return blob_stat(b->s, &b->t, key, &info);
}

/* Returns instead of asserting, so that it can also run in a child under a filter. */
static bool links_are_not_followed_in(struct bench *b)
{
    const char *outside = arena_copy(b->t.arena, scratch_path(&b->scratch, "outside"));
    const char *secret = arena_copy(b->t.arena, scratch_path(&b->scratch, "outside/secret"));
    mkdir(outside, 0755);
    spill(secret, "secret", 6);
    bool planted = symlink(outside, inside(b, "folder")) == 0 &&
                   symlink(secret, inside(b, "file")) == 0 && symlink("..", inside(b, "up")) == 0 &&
                   symlink("here", inside(b, "within")) == 0;
    bool written = put(b, "here/a", "x") == OK && put(b, "folder/new", "x") != OK &&
                   put(b, "up/new", "x") != OK && put(b, "file", "x") != OK &&
                   put(b, "within/new", "x") != OK;
    bool read = stat_key(b, "folder/secret") == ERR_NOT_FOUND &&
                stat_key(b, "file") == ERR_NOT_FOUND &&
                stat_key(b, "up/outside/secret") == ERR_NOT_FOUND &&
                stat_key(b, "within/a") == ERR_NOT_FOUND && stat_key(b, "here/a") == OK;
    bool removed = blob_remove(b->s, &b->t, "folder/secret") == OK &&
                   blob_remove(b->s, &b->t, "file") == OK && access(secret, F_OK) == 0 &&
                   count_files(outside) == 1;
    struct blob_info *found;
    size_t count = 0, below = 0;
    bool listed = blob_list(b->s, &b->t, "", &found, &count) == OK && count == 1 &&
                  blob_list(b->s, &b->t, "folder/", &found, &below) == OK && below == 0;
    return planted && written && read && removed && listed;
}

static void links_are_never_followed(void **state)
{
    assert_true(links_are_not_followed_in(*state));
}

static void things_that_are_no_files_are_not_blobs(void **state)
{
    struct bench *b = *state;
    assert_int_equal(mkfifo(inside(b, "pipe"), 0644), 0);
    assert_int_equal(mkdir(inside(b, "folder"), 0755), 0);
    assert_err(stat_key(b, "pipe"), ERR_NOT_FOUND);
    assert_err(stat_key(b, "folder"), ERR_NOT_FOUND);
    assert_err(put(b, "pipe", "x"), ERR_CONFLICT);
    assert_int_equal(count_blobs(b), 0);
}

/* ---- older kernels and stricter sandboxes ---- */

/* From here on the system call answers `error` in this process. */
static bool forbid_syscall(int number, int error)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ((unsigned)error & SECCOMP_RET_DATA)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { .len = SUITE_COUNT(rules), .filter = rules };
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static int in_child_without(struct bench *b, int syscall_number, int error,
                            bool (*body)(struct bench *b))
{
    pid_t child = fork();
    if (child == 0)
        _exit(forbid_syscall(syscall_number, error) && body(b) ? 0 : 1);
    int status;
    waitpid(child, &status, 0);
    return status;
}

static void links_are_not_followed_without_openat2(void **state)
{
    assert_int_equal(in_child_without(*state, SYS_openat2, ENOSYS, links_are_not_followed_in), 0);
}

static void a_forbidden_openat2_is_done_without(void **state)
{
    assert_int_equal(in_child_without(*state, SYS_openat2, EPERM, links_are_not_followed_in), 0);
}

static void named_drafts_serve_where_nameless_ones_are_unknown(void **state)
{
    struct bench *b = *state;
    scoped(draft) struct draft draft = draft_none();
    assert_ok(&b->t, draft_open_named(&b->t, b->folder, &draft));
    assert_ok(&b->t, file_write_all(&b->t, draft.fd, "named", 5));
    assert_int_equal(count_files(b->folder), 1);
    assert_int_equal(count_blobs(b), 0);
    assert_ok(&b->t, blob_put(b->s, &b->t, "a/b", &draft));
    assert_int_equal(count_files(b->folder), 1);
    assert_blob(b, "a/b", "named");
}

/* ---- killed ---- */

static void drafts_of_the_dead_are_swept(void **state)
{
    struct bench *b = *state;
    scoped(draft) struct draft mine = draft_none();
    assert_ok(&b->t, draft_open_named(&b->t, b->folder, &mine));
    pid_t child = fork();
    if (child == 0) {
        struct draft its;
        _exit(draft_open_named(&b->t, b->folder, &its) == OK ? 0 : 1);      /* leaves it behind */
    }
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_int_equal(count_files(b->folder), 2);
    reopen(b);
    assert_int_equal(count_files(b->folder), 1);
    assert_int_equal(access(mine.named, F_OK), 0);
}

enum { BLOB_BYTES = 40000 };

/* Key i holds BLOB_BYTES of one letter, so that half of one is seen. */
static void put_for_ever(struct bench *b, int tell, bool named)
{
    static char bytes[BLOB_BYTES];
    for (int i = 0;; i++) {
        struct task t;
        task_init(&t, "child");
        struct draft draft = draft_none();
        memset(bytes, 'A' + i % 26, sizeof bytes);
        enum err e = named ? draft_open_named(&t, b->folder, &draft) : blob_draft(b->s, &t, &draft);
        if (!e)
            e = file_write_all(&t, draft.fd, bytes, sizeof bytes);
        if (!e)
            e = blob_put(b->s, &t, arena_format(t.arena, "p/%d/%06d", i % 7, i), &draft);
        if (e || write(tell, "+", 1) != 1)
            _exit(3);
        task_done(&t);
    }
}

static int kill_a_putter(struct bench *b, int acknowledged, unsigned more_us, bool named)
{
    int tell[2];
    assert_int_equal(pipe(tell), 0);
    pid_t child = fork();
    if (child == 0) {
        close(tell[0]);
        put_for_ever(b, tell[1], named);
    }
    close(tell[1]);
    char mark;
    int told = 0, status;
    while (told < acknowledged && read(tell[0], &mark, 1) == 1)
        told++;
    usleep(more_us);
    kill(child, SIGKILL);
    while (read(tell[0], &mark, 1) == 1)
        told++;
    close(tell[0]);
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
    return told;
}

static void assert_all_whole(struct bench *b, int told)
{
    struct blob_info *found;
    size_t count;
    assert_ok(&b->t, blob_list(b->s, &b->t, "", &found, &count));
    assert_true((int)count >= told);
    for (size_t i = 0; i < count; i++) {
        scoped(fd) int fd = -1;
        struct bytes bytes;
        assert_ok(&b->t, blob_open(b->s, &b->t, found[i].key, &fd));
        assert_ok(&b->t, file_read_fd(&b->t, fd, found[i].key, 1 << 20, &bytes));
        assert_int_equal(bytes.size, BLOB_BYTES);
        const char *text = bytes.at;
        assert_int_equal(strspn(text, (char[]){ text[0], 0 }), BLOB_BYTES);
    }
    assert_int_equal(count_files(b->folder), count);          /* nothing half, nothing hidden */
}

static void every_acknowledged_blob_survives_a_kill(void **state)
{
    struct bench *b = *state;
    struct rng r = rng_new(4);
    for (int round = 0; round < 12; round++) {
        int told =
            kill_a_putter(b, 1 + rng_below(&r, 10), (unsigned)rng_below(&r, 4000), round % 2);
        reopen(b);
        assert_all_whole(b, told);
    }
}

/* ---- folders that will not do ---- */

static void a_folder_that_may_not_be_written_is_refused(void **state)
{
    struct bench *b = *state;
    assert_ok(&b->t, put(b, "a", "x"));
    chmod(b->scratch.path, 0755);
    chmod(b->folder, 0555);
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0))
            _exit(99);
        bool refused = put(b, "b", "x") == ERR_FORBIDDEN && *b->t.fault.next;
        bool readable = stat_key(b, "a") == OK;
        _exit(refused && readable ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    chmod(b->folder, 0755);
    assert_int_equal(status, 0);
    struct blob_store *s = NULL;
    assert_err(blob_local_open(&b->t, inside(b, "a"), &s), ERR_NOT_FOUND);
    assert_err(blob_local_open(&b->t, inside(b, "a/below"), &s), ERR_NOT_FOUND);
}

int main(void)
{
    static const struct suite_test tests[] = {
        SUITE_TEST(blobs_are_there_after_a_restart),
        SUITE_TEST(a_put_copies_nothing),
        SUITE_TEST(empty_folders_do_not_stay),
        SUITE_TEST(links_are_never_followed),
        SUITE_TEST(things_that_are_no_files_are_not_blobs),
        SUITE_TEST(links_are_not_followed_without_openat2),
        SUITE_TEST(a_forbidden_openat2_is_done_without),
        SUITE_TEST(named_drafts_serve_where_nameless_ones_are_unknown),
        SUITE_TEST(drafts_of_the_dead_are_swept),
        SUITE_TEST(every_acknowledged_blob_survives_a_kill),
        SUITE_TEST(a_folder_that_may_not_be_written_is_refused),
    };
    static const char *const driver[] = { "local" };
    return suite_run("blob on a disk", tests, SUITE_COUNT(tests), driver, sizeof *driver, 1, set_up,
                     tear_down);
}
