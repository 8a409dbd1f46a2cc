/*
 * The disk itself fails: the n-th write or the n-th sync of a database, the n-th sync of the files,
 * for every n. What was acknowledged before is there after a restart; a failed write is undone and
 * the store goes on; after a failed sync nothing is acknowledged any more, because the next sync
 * may succeed and lie.
 *
 * Syncs are made to fail by standing in for the C library's functions in this program, writes
 * through the table of system calls SQLite keeps for such tests.
 */
#include "suite.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "blob/blob_driver.h"
#include "scratch.h"
#include "store/store_driver.h"

/* ---- a disk that fails once ---- */

static struct trap {
    int calls, fail_at, error;
    bool sprung;
} syncs, writes;

static bool springs(struct trap *trap)
{
    trap->calls++;
    if (trap->fail_at == 0 || trap->calls != trap->fail_at)
        return false;
    trap->sprung = true;
    errno        = trap->error;
    return true;
}

static void set_trap(struct trap *trap, int n, int error)
{
    *trap = (struct trap){ .fail_at = n, .error = error };
}

int fsync(int fd)
{
    return springs(&syncs) ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return springs(&syncs) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

static ssize_t failing_write(int fd, const void *bytes, size_t size)
{
    return springs(&writes) ? -1 : write(fd, bytes, size);
}

static ssize_t failing_pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    return springs(&writes) ? -1 : pwrite(fd, bytes, size, at);
}

static void stand_in_for_writes(void)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    vfs->xSetSystemCall(vfs, "write", (sqlite3_syscall_ptr)failing_write);
    vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)failing_pwrite);
    vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)failing_pwrite);
}

struct bench {
    struct scratch scratch;
    struct task    t;
    const char    *folder;
};

static void bench_open(struct bench *b)
{
    b->scratch = scratch_in_memory();
    task_init(&b->t, "test");
    b->folder = arena_copy(b->t.arena, scratch_path(&b->scratch, "data"));
}

static void bench_close(struct bench *b)
{
    set_trap(&syncs, 0, 0);
    set_trap(&writes, 0, 0);
    task_done(&b->t);
    scratch_done(&b->scratch);
}

/* ---- the store ---- */

enum { PAIRS = 8 };

static enum err put_pair(struct bench *b, struct store *s, int number)
{
    const char *document = arena_format(b->t.arena, "{\"n\":\"%03000d\"}", number);
    const struct item_write pair[] = {
        { ITEM_CREATE,
          { .pk = "P", .sk = arena_format(b->t.arena, "L#%d", number), .document = document } },
        { ITEM_CREATE,
          { .pk = "P", .sk = arena_format(b->t.arena, "R#%d", number), .document = document } },
    };
    return store_write(s, &b->t, pair, 2);
}

static bool pair_is_there(struct bench *b, struct store *s, int number)
{
    struct item item;
    enum err left = store_get(s, &b->t, "P", arena_format(b->t.arena, "L#%d", number), &item);
    enum err right = store_get(s, &b->t, "P", arena_format(b->t.arena, "R#%d", number), &item);
    assert_true(left == right && (left == OK || left == ERR_NOT_FOUND));
    return left == OK;
}

struct outcome {
    bool     opened, acknowledged[PAIRS];
    int      first_failure;             /* PAIRS for none */
    enum err error, next_error;         /* of the first failure and of the write after it */
};

static struct outcome write_pairs(struct bench *b)
{
    struct outcome o = { .first_failure = PAIRS };
    struct store *s = NULL;
    o.error  = store_sqlite_open(&b->t, b->folder, &s);
    o.opened = o.error == OK;
    for (int i = 0; i < PAIRS && o.opened; i++) {
        enum err e = put_pair(b, s, i);
        o.acknowledged[i] = e == OK;
        if (e && o.first_failure == PAIRS) {
            o.first_failure = i;
            o.error         = e;
        } else if (o.first_failure == i - 1) {
            o.next_error = e;
        }
    }
    for (int i = 0; i < PAIRS && o.opened; i++)
        assert_int_equal(pair_is_there(b, s, i), o.acknowledged[i]);
    store_close(s);
    return o;
}

/*
 * After a restart on a sound disk: all that was acknowledged, and of the rest at most the one whose
 * sync failed.
 */
static void assert_kept(struct bench *b, const struct outcome *o)
{
    struct store *s = NULL;
    assert_ok(&b->t, store_sqlite_open(&b->t, b->folder, &s));
    for (int i = 0; i < PAIRS; i++) {
        bool there = pair_is_there(b, s, i);
        if (o->acknowledged[i])
            assert_true(there);
        else if (o->opened && i != o->first_failure)
            assert_false(there);
    }
    store_close(s);
}

static void a_failed_sync_stops_the_store(void **state)
{
    (void)state;
    bool sprung = true;
    for (int n = 1; sprung; n++) {
        struct bench b;
        bench_open(&b);
        set_trap(&syncs, n, EIO);
        struct outcome o = write_pairs(&b);
        sprung = syncs.sprung;
        if (o.opened && o.first_failure < PAIRS) {
            assert_int_equal(o.error, ERR_UNAVAILABLE);
            for (int i = o.first_failure; i < PAIRS; i++)
                assert_false(o.acknowledged[i]);
        }
        set_trap(&syncs, 0, 0);
        assert_kept(&b, &o);
        bench_close(&b);
        assert_true(sprung || n > PAIRS);
    }
}

static void walk_writes(int error, enum err wanted)
{
    stand_in_for_writes();
    bool sprung = true;
    int failures = 0;
    for (int n = 1; sprung; n++) {
        struct bench b;
        bench_open(&b);
        set_trap(&writes, n, error);
        struct outcome o = write_pairs(&b);
        sprung = writes.sprung;
        if (o.opened && o.first_failure < PAIRS) {
            failures++;
            assert_int_equal(o.error, wanted);
            assert_int_equal(o.next_error, OK);      /* undone, and it goes on */
        }
        set_trap(&writes, 0, 0);
        assert_kept(&b, &o);
        bench_close(&b);
    }
    assert_true(failures >= PAIRS);
}

static void a_failed_write_is_undone(void **state)
{
    (void)state;
    walk_writes(EIO, ERR_INTERNAL);
}

static void a_write_without_room_is_undone(void **state)
{
    (void)state;
    walk_writes(ENOSPC, ERR_FULL);
}

/* A checkpoint that cannot save the main file must not let the log be overwritten. */
static void a_failed_checkpoint_stops_the_store(void **state)
{
    (void)state;
    struct bench b;
    bench_open(&b);
    struct store *s = NULL;
    assert_ok(&b.t, store_sqlite_open(&b.t, b.folder, &s));
    const char *large = arena_format(b.t.arena, "{\"n\":\"%0380000d\"}", 1);
    bool stopped = false;
    int acknowledged = 0;
    for (int i = 0; i < 40 && !stopped; i++) {
        struct item_write w = {
            ITEM_PUT, { .pk = "P", .sk = arena_format(b.t.arena, "%03d", i), .document = large }
        };
        set_trap(&syncs, 2, EIO);  /* the first sync is the commit's, the second the checkpoint's */
        enum err e = store_write(s, &b.t, &w, 1);
        acknowledged += !e;
        stopped = e != OK;
        if (e)
            assert_int_equal(e, ERR_UNAVAILABLE);
    }
    assert_true(stopped && acknowledged > 5);
    set_trap(&syncs, 0, 0);
    store_close(s);
    assert_ok(&b.t, store_sqlite_open(&b.t, b.folder, &s));
    struct item *items;
    size_t count;
    assert_ok(&b.t, store_list(s, &b.t, &(struct store_query){ .pk = "P" }, &items, &count));
    assert_int_equal(count, acknowledged);
    store_close(s);
    bench_close(&b);
}

/* ---- files ---- */

static void a_failed_sync_stops_the_files(void **state)
{
    (void)state;
    bool sprung = true;
    for (int n = 1; sprung; n++) {
        struct bench b;
        struct blob_store *s = NULL;
        bench_open(&b);
        assert_ok(&b.t, blob_local_open(&b.t, b.folder, &s));
        set_trap(&syncs, n, EIO);
        bool stopped = false;
        for (int i = 0; i < 4; i++) {
            const char *key = arena_format(b.t.arena, "p/%d/a", i);
            enum err e = blob_put_bytes(s, &b.t, key, (struct bytes){ key, strlen(key) });
            stopped = stopped || e;
            assert_int_equal(e, stopped ? ERR_UNAVAILABLE : OK);
        }
        sprung = syncs.sprung;
        assert_int_equal(stopped, sprung);
        blob_close(s);
        bench_close(&b);
        assert_true(sprung || n > 8);
    }
}

static void a_spoilt_draft_cannot_be_published(void **state)
{
    (void)state;
    struct bench b;
    bench_open(&b);
    scoped(draft) struct draft draft = draft_none();
    const char *path = arena_format(b.t.arena, "%s/film.mp4", b.folder);
    assert_ok(&b.t, draft_open(&b.t, b.folder, &draft));
    set_trap(&syncs, 1, EIO);
    assert_err(draft_publish(&b.t, &draft, path, false), ERR_INTERNAL);
    assert_err(draft_publish(&b.t, &draft, path, false), ERR_INTERNAL);
    assert_int_not_equal(access(path, F_OK), 0);
    bench_close(&b);
}

int main(void)
{
    static const struct suite_test tests[] = {
        SUITE_TEST(a_failed_sync_stops_the_store),
        SUITE_TEST(a_failed_checkpoint_stops_the_store),
        SUITE_TEST(a_failed_sync_stops_the_files),
        SUITE_TEST(a_spoilt_draft_cannot_be_published),
        SUITE_TEST(a_failed_write_is_undone),
        SUITE_TEST(a_write_without_room_is_undone),
    };
    static const char *const kind[] = { "disk errors" };
    return suite_run("disk errors", tests, SUITE_COUNT(tests), kind, sizeof *kind, 1, NULL, NULL);
}
