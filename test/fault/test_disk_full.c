/*
 * A disk that is full says so (FULL, with what to do), loses nothing that was acknowledged, and
 * works again when there is room: for the store, the files, the queue and a house that is moved
 * there, on a disk of two megabytes made for the test and under a limit on the size of files. The
 * small disk needs a mount of its own; where that is not allowed its tests are skipped.
 */
#include "suite.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "blob/blob_driver.h"
#include "flow/moving.h"
#include "queue/queue_driver.h"
#include "scratch.h"
#include "store/store_driver.h"

enum { BALLAST_BYTES = 900 << 10, FILE_BYTES_MAX = 400 << 10, WRITES_MAX = 4000 };

struct tight {
    const char *name;
    bool        own_disk;          /* else a limit on the size of files */
};

struct bench {
    struct scratch      scratch;
    struct task         t;
    const struct tight *tight;
    const char         *folder, *ballast;
    bool                mounted;
};

/* In a name space of our own, so that nothing shows outside and all goes with the process. */
static bool mount_small_disk(const char *path)
{
    static bool separated;
    if (!separated && unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return false;
    separated = true;
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("small", path, "tmpfs", 0, "size=2m,mode=0755") == 0;
}

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    b->tight   = *state;
    b->scratch = scratch_new();
    task_init(&b->t, "test");
    b->folder  = arena_copy(b->t.arena, scratch_path(&b->scratch, "data"));
    b->ballast = arena_format(b->t.arena, "%s/ballast", b->folder);
    mkdir(b->folder, 0755);
    b->mounted = b->tight->own_disk && mount_small_disk(b->folder);
    *state = b;
    return b->tight->own_disk && !b->mounted ? -1 : 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    if (b->mounted)
        umount2(b->folder, MNT_DETACH);
    task_done(&b->t);
    scratch_done(&b->scratch);
    free(b);
    return 0;
}

static void file_limit(rlim_t bytes)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    signal(SIGXFSZ, SIG_IGN);          /* as the program does: the write then fails with EFBIG */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void become_tight(struct bench *b)
{
    if (!b->tight->own_disk) {
        file_limit(FILE_BYTES_MAX);
        return;
    }
    char *zeros = calloc(1, BALLAST_BYTES);
    spill(b->ballast, zeros, BALLAST_BYTES);
    free(zeros);
}

static void become_roomy(struct bench *b)
{
    if (b->tight->own_disk)
        assert_int_equal(unlink(b->ballast), 0);
    else
        file_limit(RLIM_INFINITY);
}

static void assert_says_full(struct bench *b, enum err e)
{
    if (e != ERR_FULL)
        test_failed("%s: %s", err_name(e), b->t.fault.message);
    assert_true(b->t.fault.next[0]);
}

/* ---- the store ---- */

static enum err put_item(struct bench *b, struct store *s, int number)
{
    struct item_write w = { ITEM_CREATE,
                            { .pk = "P",
                              .sk = arena_format(b->t.arena, "S#%05d", number),
                              .document =
                                  arena_format(b->t.arena, "{\"n\":\"%03000d\"}", number) } };
    return store_write(s, &b->t, &w, 1);
}

static void assert_items(struct bench *b, struct store *s, int count)
{
    struct item *items;
    size_t found = 0;
    assert_ok(&b->t, store_list(s, &b->t, &(struct store_query){ .pk = "P" }, &items, &found));
    assert_int_equal(found, count);
    for (int i = 0; i < count; i++)
        assert_string_equal(items[i].document, arena_format(b->t.arena, "{\"n\":\"%03000d\"}", i));
}

static void a_store_fills_up_and_recovers(void **state)
{
    struct bench *b = *state;
    struct store *s = NULL;
    assert_ok(&b->t, store_sqlite_open(&b->t, b->folder, &s));
    become_tight(b);
    int written = 0;
    enum err e = OK;
    while (!e && written < WRITES_MAX) {
        e = put_item(b, s, written);
        written += !e;
    }
    assert_says_full(b, e);
    assert_true(written > 20);
    assert_items(b, s, written);
    assert_says_full(b, put_item(b, s, written));      /* still, and still nothing is lost */
    assert_items(b, s, written);

    become_roomy(b);
    for (int i = 0; i < 20; i++)
        assert_ok(&b->t, put_item(b, s, written++));
    assert_items(b, s, written);
    store_close(s);
    assert_ok(&b->t, store_sqlite_open(&b->t, b->folder, &s));
    assert_items(b, s, written);
    store_close(s);
}

static void a_store_that_closed_on_a_full_disk_is_whole(void **state)
{
    struct bench *b = *state;
    struct store *s = NULL;
    assert_ok(&b->t, store_sqlite_open(&b->t, b->folder, &s));
    become_tight(b);
    int written = 0;
    while (written < WRITES_MAX && put_item(b, s, written) == OK)
        written++;
    store_close(s);
    become_roomy(b);
    assert_ok(&b->t, store_sqlite_open(&b->t, b->folder, &s));
    assert_items(b, s, written);
    store_close(s);
}

/* ---- files ---- */

enum { BLOB_BYTES = 150 << 10 };

static enum err put_blob(struct bench *b, struct blob_store *s, int number, size_t size)
{
    char *bytes = arena_alloc(b->t.arena, size);
    memset(bytes, 'A' + number, size);
    return blob_put_bytes(s, &b->t, arena_format(b->t.arena, "p/%02d", number),
                          (struct bytes){ bytes, size });
}

static void assert_blobs(struct bench *b, struct blob_store *s, int count)
{
    struct blob_info *found;
    size_t blobs = 0;
    assert_ok(&b->t, blob_list(s, &b->t, "", &found, &blobs));
    assert_int_equal(blobs, count);
    assert_int_equal(count_files(arena_format(b->t.arena, "%s/blobs", b->folder)), count);
    for (size_t i = 0; i < blobs; i++)
        assert_int_equal(found[i].bytes, BLOB_BYTES);
}

static void files_fill_up_and_recover(void **state)
{
    struct bench *b = *state;
    struct blob_store *s = NULL;
    assert_ok(&b->t, blob_local_open(&b->t, arena_format(b->t.arena, "%s/blobs", b->folder), &s));
    become_tight(b);
    int written = 0;
    enum err e = OK;
    while (!e && written < 3) {
        e = put_blob(b, s, written, BLOB_BYTES);
        written += !e;
    }
    for (int i = written; !e && b->tight->own_disk && i < 26; i++) {
        e = put_blob(b, s, i, BLOB_BYTES);
        written += !e;
    }
    if (!e)
        e = put_blob(b, s, 30, FILE_BYTES_MAX + 1);
    assert_says_full(b, e);
    assert_true(written >= 3);
    assert_blobs(b, s, written);

    become_roomy(b);
    assert_ok(&b->t, put_blob(b, s, written, BLOB_BYTES));
    assert_blobs(b, s, written + 1);
    blob_close(s);
}

/* ---- the queue ---- */

static int64_t waiting(struct bench *b, struct queue *q)
{
    struct queue_stats stats = { 0 };
    assert_ok(&b->t, queue_stats(q, &b->t, LANE_CPU, &stats));
    return stats.waiting;
}

static enum err push_message(struct bench *b, struct queue *q, int number)
{
    return queue_push(q, &b->t, LANE_CPU, arena_format(b->t.arena, "%0400d", number), 1);
}

static void a_queue_fills_up_and_recovers(void **state)
{
    struct bench *b = *state;
    struct queue *q = NULL;
    assert_ok(&b->t, queue_sqlite_open(&b->t, b->folder, &q));
    become_tight(b);
    int written = 0;
    enum err e = OK;
    while (!e && written < WRITES_MAX) {
        e = push_message(b, q, written);
        written += !e;
    }
    assert_says_full(b, e);
    assert_int_equal(waiting(b, q), written);
    become_roomy(b);
    assert_ok(&b->t, push_message(b, q, written++));
    queue_close(q);
    assert_ok(&b->t, queue_sqlite_open(&b->t, b->folder, &q));
    assert_int_equal(waiting(b, q), written);
    queue_close(q);
}

/* Tried in a process of its own, whose name space goes with it. */
static bool mounts_are_allowed(void)
{
    struct scratch scratch = scratch_new();
    pid_t child = fork();
    if (child == 0)
        _exit(mount_small_disk(scratch.path) ? 0 : 1);
    int status = 1;
    waitpid(child, &status, 0);
    scratch_done(&scratch);
    return status == 0;
}

/* ---- moving house ---- */

enum { HOUSE_RECORDS = 90, HOUSE_FILES = 3 };

static struct place furnish(struct bench *b)
{
    struct place house;
    assert_ok(&b->t, store_memory_open(&b->t, &house.store));
    assert_ok(&b->t, blob_memory_open(&b->t, &house.blobs));
    for (int i = 0; i < HOUSE_RECORDS; i++)
        assert_ok(&b->t, put_item(b, house.store, i));
    for (int i = 0; i < HOUSE_FILES; i++)
        assert_ok(&b->t, put_blob(b, house.blobs, i, BLOB_BYTES));
    return house;
}

static void leave(struct place *house)
{
    store_close(house->store);
    blob_close(house->blobs);
}

static void a_house_that_does_not_fit_is_carried_on(void **state)
{
    struct bench *b = *state;
    struct place from = furnish(b), to;
    struct moved moved;
    assert_ok(&b->t, store_sqlite_open(&b->t, b->folder, &to.store));
    assert_ok(&b->t, blob_local_open(&b->t, arena_format(b->t.arena, "%s/blobs", b->folder), &to.blobs));
    become_tight(b);
    assert_says_full(b, move_all(&b->t, &from, &to, NULL, NULL, &moved));
    assert_true(moved.files + moved.records < HOUSE_FILES + HOUSE_RECORDS);
    assert_items(b, from.store, HOUSE_RECORDS);

    become_roomy(b);
    assert_ok(&b->t, move_all(&b->t, &from, &to, NULL, NULL, &moved));
    assert_true(moved.files_there + moved.records_there > 0);
    assert_items(b, to.store, HOUSE_RECORDS);
    assert_blobs(b, to.blobs, HOUSE_FILES);
    leave(&to);
    leave(&from);
}

int main(void)
{
    static const struct tight kinds[] = { { "file size limit", false }, { "small disk", true } };
    size_t kind_count = mounts_are_allowed() ? SUITE_COUNT(kinds) : 1;
    if (kind_count == 1)
        print_message("# no mounts allowed here: the small disk is left out\n");
    static const struct suite_test tests[] = {
        SUITE_TEST(a_store_fills_up_and_recovers),
        SUITE_TEST(a_store_that_closed_on_a_full_disk_is_whole),
        SUITE_TEST(files_fill_up_and_recover),
        SUITE_TEST(a_queue_fills_up_and_recovers),
        SUITE_TEST(a_house_that_does_not_fit_is_carried_on),
    };
    return suite_run("disk full", tests, SUITE_COUNT(tests), kinds, sizeof *kinds,
                     kind_count, set_up, tear_down);
}
