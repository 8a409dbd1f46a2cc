/*
 * What a store on a disk promises beyond store.h: it survives being closed and being killed, it has
 * one owner, it never writes over a file it cannot trust, and it keeps SQLite's single-writer rule
 * (docs/decisions/0006).
 */
#include "suite.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/db.h"
#include "base/rng.h"
#include "base/text.h"
#include "scratch.h"
#include "store/store_driver.h"

struct bench {
    struct scratch scratch;
    struct task    t;
    const char    *folder;
};

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    b->scratch = scratch_new();
    task_init(&b->t, "test");
    b->folder = arena_copy(b->t.arena, scratch_path(&b->scratch, "data"));
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    task_done(&b->t);
    scratch_done(&b->scratch);
    free(b);
    return 0;
}

static struct store *open_store(struct bench *b)
{
    struct store *s = NULL;
    assert_ok(&b->t, store_sqlite_open(&b->t, b->folder, &s));
    return s;
}

/* The refusal of an open that must not succeed. */
static enum err refusal(struct bench *b)
{
    struct store *s = NULL;
    enum err e = store_sqlite_open(&b->t, b->folder, &s);
    store_close(s);
    return e;
}

static const char *database(struct bench *b)
{
    return arena_format(b->t.arena, "%s/storyreel.db", b->folder);
}

static enum err put(struct store *s, struct task *t, const char *sk, const char *document)
{
    struct item_write w = { ITEM_PUT, { .pk = "P", .sk = sk, .document = document } };
    return store_write(s, t, &w, 1);
}

static size_t count_items(struct bench *b, struct store *s)
{
    struct item *items;
    size_t count = 0;
    assert_ok(&b->t, store_list(s, &b->t, &(struct store_query){ .pk = "P" }, &items, &count));
    return count;
}

static void what_was_written_is_there_after_a_restart(void **state)
{
    struct bench *b = *state;
    struct store *s = open_store(b);
    assert_ok(&b->t, put(s, &b->t, "A", "{\"n\":1}"));
    assert_ok(&b->t, put(s, &b->t, "A", "{\"n\":2}"));
    store_close(s);
    s = open_store(b);
    struct item item;
    assert_ok(&b->t, store_get(s, &b->t, "P", "A", &item));
    assert_string_equal(item.document, "{\"n\":2}");
    assert_int_equal(item.version, 2);
    store_close(s);
}

static void a_closed_store_is_one_file_and_a_lock(void **state)
{
    struct bench *b = *state;
    store_close(open_store(b));
    assert_int_equal(count_files(b->folder), 2);
}

static void results_outlive_the_store(void **state)
{
    struct bench *b = *state;
    struct store *s = open_store(b);
    struct item item;
    assert_ok(&b->t, put(s, &b->t, "A", "{\"n\":1}"));
    assert_ok(&b->t, store_get(s, &b->t, "P", "A", &item));
    store_close(s);
    assert_string_equal(item.sk, "A");
    assert_string_equal(item.document, "{\"n\":1}");
}

static void folders_with_any_name_are_fine(void **state)
{
    struct bench *b = *state;
    b->folder =
        arena_copy(b->t.arena, scratch_path(&b->scratch, "d\xC3\xA9j\xC3\xA0 vu/?#%20' \"x\"/y"));
    struct store *s = open_store(b);
    assert_ok(&b->t, put(s, &b->t, "A", "{}"));
    store_close(s);
    assert_int_equal(count_files(b->folder), 2);
}

/* ---- killed ---- */

/* Writes pairs for ever, telling after each that it was acknowledged. */
static void write_pairs(struct bench *b, int tell)
{
    struct task t;
    task_init(&t, "child");
    struct store *s = NULL;
    if (store_sqlite_open(&t, b->folder, &s))
        _exit(2);
    for (int i = 0;; i++) {
        struct task one;
        task_init(&one, "child");
        const char *left = arena_format(one.arena, "L#%06d", i),
                   *right = arena_format(one.arena, "R#%06d", i);
        const struct item_write pair[] = {
            { ITEM_PUT,
              { .pk = "P",
                .sk = left,
                .document = "{\"padding\":\"0123456789012345678901234567\"}" } },
            { ITEM_PUT, { .pk = "P", .sk = right, .document = "{}" } },
        };
        if (store_write(s, &one, pair, 2) || write(tell, "+", 1) != 1)
            _exit(3);
        task_done(&one);
    }
}

/*
 * Starts the child, kills it after `acknowledged` writes and a little more, and says how many it
 * told of.
 */
static int kill_a_writer(struct bench *b, int acknowledged, unsigned more_us)
{
    int tell[2];
    assert_int_equal(pipe(tell), 0);
    pid_t child = fork();
    if (child == 0) {
        close(tell[0]);
        write_pairs(b, tell[1]);
    }
    close(tell[1]);
    char mark;
    int told = 0;
    while (told < acknowledged && read(tell[0], &mark, 1) == 1)
        told++;
    usleep(more_us);
    kill(child, SIGKILL);
    while (read(tell[0], &mark, 1) == 1)
        told++;
    close(tell[0]);
    int status;
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
    return told;
}

static void every_acknowledged_write_survives_a_kill(void **state)
{
    struct bench *b = *state;
    struct rng r = rng_new(9);
    for (int round = 0; round < 12; round++) {
        int told = kill_a_writer(b, 1 + rng_below(&r, 12), (unsigned)rng_below(&r, 3000));
        struct store *s = open_store(b);
        struct item *left, *right;
        size_t lefts, rights;
        assert_ok(&b->t, store_list(s, &b->t, &(struct store_query){ .pk = "P", .sk_prefix = "L#" },
                                    &left, &lefts));
        assert_ok(&b->t, store_list(s, &b->t, &(struct store_query){ .pk = "P", .sk_prefix = "R#" },
                                    &right, &rights));
        assert_true(lefts >= (size_t)told);
        assert_int_equal(lefts, rights);
        store_close(s);
    }
}

/* ---- one owner ---- */

static void a_second_owner_is_refused_by_name(void **state)
{
    struct bench *b = *state;
    struct store *s = open_store(b);
    assert_err(refusal(b), ERR_UNAVAILABLE);
    const char *process = arena_format(b->t.arena, "process %d", (int)getpid());
    assert_non_null(strstr(b->t.fault.message, process));
    assert_non_null(strstr(b->t.fault.message, b->folder));
    assert_non_null(strstr(b->t.fault.next, "--data"));
    assert_ok(&b->t, put(s, &b->t, "A", "{}"));
    store_close(s);
    store_close(open_store(b));
}

static void another_process_is_refused(void **state)
{
    struct bench *b = *state;
    struct store *s = open_store(b);
    pid_t child = fork();
    if (child == 0)
        _exit(refusal(b) == ERR_UNAVAILABLE ? 0 : 1);
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    store_close(s);
}

static void a_lock_file_of_the_dead_is_no_obstacle(void **state)
{
    struct bench *b = *state;
    store_close(open_store(b));
    spill(arena_format(b->t.arena, "%s/storyreel.lock", b->folder), "4194304 garbage\n", 16);
    store_close(open_store(b));
}

/* ---- files that cannot be trusted ---- */

static void fill(struct bench *b)
{
    struct store *s = open_store(b);
    for (int i = 0; i < 40; i++) {
        struct item_write w = { ITEM_PUT,
                                { .pk = "P",
                                  .sk = arena_format(b->t.arena, "S#%03d", i),
                                  .document = arena_format(b->t.arena, "{\"n\":\"%0900d\"}", i) } };
        assert_ok(&b->t, store_write(s, &b->t, &w, 1));
    }
    store_close(s);
}

static void assert_refused_untouched(struct bench *b, const char *bytes, size_t size,
                                     enum err wanted, const char *word)
{
    spill(database(b), bytes, size);
    assert_err(refusal(b), wanted);
    if (!strstr(b->t.fault.message, word))
        test_failed("\"%s\" does not say \"%s\"", b->t.fault.message, word);
    assert_true(b->t.fault.next[0]);
    size_t size_after;
    scoped(heap) char *after = slurp(database(b), &size_after);
    assert_int_equal(size, size_after);
    assert_memory_equal(bytes, after, size);
}

static void a_damaged_file_is_refused_and_left_alone(void **state)
{
    struct bench *b = *state;
    fill(b);
    size_t size;
    scoped(heap) char *good = slurp(database(b), &size);
    scoped(heap) char *bad = calloc(1, size);
    assert_true(size > 10 * 4096);

    memcpy(bad, good, size);
    memset(bad, 'x', 100);                             /* the header */
    assert_refused_untouched(b, bad, size, ERR_INTERNAL, "damaged");
    assert_refused_untouched(b, "this is not a database, it is a letter\n", 39, ERR_INTERNAL,
                             "damaged");
    for (size_t page = 1; page < 8; page++) {
        memcpy(bad, good, size);
        memset(bad + page * 4096, 0x5A, 4096);         /* one page in the middle */
        assert_refused_untouched(b, bad, size, ERR_INTERNAL, "damaged");
    }
    assert_refused_untouched(b, good, size - 3 * 4096, ERR_INTERNAL, "damaged");

    spill(database(b), good, size);
    struct store *s = open_store(b);
    assert_int_equal(count_items(b, s), 40);
    store_close(s);
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *handle = NULL;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
}

static void a_file_of_a_newer_release_is_refused(void **state)
{
    struct bench *b = *state;
    store_close(open_store(b));
    run_sql(database(b), "PRAGMA user_version = 99");
    assert_err(refusal(b), ERR_CONFLICT);
    assert_non_null(strstr(b->t.fault.message, "newer"));
}

static void a_database_of_another_program_is_refused(void **state)
{
    struct bench *b = *state;
    mkdir(b->folder, 0755);
    run_sql(database(b), "CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup');");
    assert_err(refusal(b), ERR_CONFLICT);
    assert_non_null(strstr(b->t.fault.message, "another program"));
    run_sql(database(b), "INSERT INTO recipes VALUES ('bread');");
}

static void an_empty_file_is_a_beginning(void **state)
{
    struct bench *b = *state;
    mkdir(b->folder, 0755);
    spill(database(b), "", 0);
    struct store *s = open_store(b);
    assert_ok(&b->t, put(s, &b->t, "A", "{}"));
    store_close(s);
}

/* Two folders that share a file by a link would have two locks and two owners. */
static void a_linked_file_is_refused_and_a_linked_folder_is_fine(void **state)
{
    struct bench *b = *state;
    fill(b);
    const char *folder = b->folder;
    b->folder = arena_copy(b->t.arena, scratch_path(&b->scratch, "linked"));
    assert_int_equal(symlink(folder, b->folder), 0);
    struct store *s = open_store(b);
    assert_int_equal(count_items(b, s), 40);
    store_close(s);
    const char *elsewhere = scratch_path(&b->scratch, "elsewhere.db");
    assert_int_equal(rename(database(b), elsewhere), 0);
    assert_int_equal(symlink(elsewhere, database(b)), 0);
    assert_err(refusal(b), ERR_FORBIDDEN);
    assert_non_null(strstr(b->t.fault.message, "link"));
}

/* Root may write anywhere, so a root test becomes nobody for this one. */
static int open_as_nobody(struct bench *b)
{
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0))
            _exit(99);
        enum err e = refusal(b);
        _exit((int)e);
    }
    int status;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

static void a_folder_that_may_not_be_written_is_refused(void **state)
{
    struct bench *b = *state;
    chmod(b->scratch.path, 0755);
    mkdir(b->folder, 0755);
    chmod(b->folder, 0555);
    assert_int_equal(open_as_nobody(b), ERR_FORBIDDEN);
    assert_int_equal(count_files(b->folder), 0);
    chmod(b->folder, 0755);
    store_close(open_store(b));
    const char *lock = arena_format(b->t.arena, "%s/storyreel.lock", b->folder);
    chmod(lock, 0666);
    chmod(database(b), 0444);
    assert_int_equal(open_as_nobody(b), ERR_FORBIDDEN);
    b->folder = arena_format(b->t.arena, "%s/below/a/file", lock);
    assert_err(refusal(b), ERR_NOT_FOUND);
}

/* ---- while it runs ---- */

static void another_program_that_holds_the_file_is_waited_for(void **state)
{
    struct bench *b = *state;
    struct store *s = open_store(b);
    assert_ok(&b->t, put(s, &b->t, "A", "{}"));
    sqlite3 *shell = NULL;
    assert_int_equal(sqlite3_open(database(b), &shell), SQLITE_OK);
    assert_int_equal(sqlite3_exec(shell, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    b->t.deadline_us = clock_monotonic_us(b->t.clock) + 30000;
    assert_err(put(s, &b->t, "B", "{}"), ERR_TIMEOUT);
    b->t.deadline_us = INT64_MAX;
    assert_int_equal(count_items(b, s), 1);             /* readers go on */
    assert_int_equal(sqlite3_exec(shell, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(shell);
    assert_ok(&b->t, put(s, &b->t, "B", "{}"));
    store_close(s);
}

/*
 * A clock that moves on by one with every look, so that a deadline falls in the middle of the work.
 */
static int64_t looks;

static int64_t look(const struct clock *c)
{
    (void)c;
    return ++looks;
}

static void a_long_listing_ends_when_its_task_does(void **state)
{
    struct bench *b = *state;
    struct store *s = open_store(b);
    static struct item_write writes[STORE_WRITES_MAX];
    for (int batch = 0; batch < 20; batch++) {
        for (int i = 0; i < STORE_WRITES_MAX; i++)
            writes[i] =
                (struct item_write){ ITEM_PUT,
                                     { .pk = "P",
                                       .document = "{}",
                                       .sk = arena_format(b->t.arena, "S#%03d#%03d", batch, i) } };
        assert_ok(&b->t, store_write(s, &b->t, writes, STORE_WRITES_MAX));
    }
    const struct clock ticking = { .monotonic_us = look, .wall_us = look };
    struct item *items;
    size_t count;
    b->t.clock       = &ticking;
    b->t.deadline_us = 3;              /* the front door looks once */
    assert_err(store_list(s, &b->t, &(struct store_query){ .pk = "P" }, &items, &count),
               ERR_TIMEOUT);
    assert_int_equal(looks, 3);
    b->t.deadline_us = INT64_MAX;
    assert_int_equal(count_items(b, s), 20 * STORE_WRITES_MAX);
    store_close(s);
}

/* ---- the single-writer rule ---- */

static const char *const no_sql[] = { NULL };
static const char *const one_table[] = { "CREATE TABLE a (n INTEGER) STRICT", NULL };
static const char *const insert_sql[] = { "INSERT INTO a VALUES (1)", NULL };

static const char *ask(sqlite3 *handle, struct task *t, const char *sql)
{
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    const char *text = arena_copy(t->arena, (const char *)sqlite3_column_text(s, 0));
    sqlite3_finalize(s);
    return text;
}

static struct db *open_db(struct bench *b, bool disposable)
{
    const struct db_options options = { .folder = b->folder,
                                        .name = "rules",
                                        .application_id = 7,
                                        .migrations = one_table,
                                        .write_sql = insert_sql,
                                        .read_sql = no_sql,
                                        .disposable = disposable };
    struct db *d = NULL;
    assert_ok(&b->t, db_open(&b->t, &options, &d));
    return d;
}

static void the_reader_can_neither_write_nor_checkpoint(void **state)
{
    struct bench *b = *state;
    struct db *d = open_db(b, false);
    struct db_use use = { 0 };
    assert_ok(&b->t, db_write(d, &b->t, &use));
    bool row;
    assert_ok(&b->t, db_step(&use, db_statement(&use, 0), &row));
    assert_ok(&b->t, db_commit(&use));
    db_use_done(&use);

    assert_ok(&b->t, db_read(d, &b->t, &use));
    sqlite3 *reader = db_handle(&use);
    assert_int_equal(sqlite3_db_readonly(reader, "main"), 1);
    assert_int_equal(sqlite3_exec(reader, "INSERT INTO a VALUES (2)", NULL, NULL, NULL) & 0xFF,
                     SQLITE_READONLY);
    assert_int_not_equal(
        sqlite3_wal_checkpoint_v2(reader, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL),
        SQLITE_OK);
    assert_int_not_equal(
        sqlite3_wal_checkpoint_v2(reader, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL),
        SQLITE_OK);
    assert_string_equal(ask(reader, &b->t, "PRAGMA wal_autocheckpoint"), "0");
    db_use_done(&use);
    db_close(d);
}

static void both_connections_keep_the_rules(void **state)
{
    struct bench *b = *state;
    for (int disposable = 0; disposable < 2; disposable++) {
        struct db *d = open_db(b, disposable);
        for (int writer = 0; writer < 2; writer++) {
            struct db_use use = { 0 };
            assert_ok(&b->t, writer ? db_write(d, &b->t, &use) : db_read(d, &b->t, &use));
            sqlite3 *handle = db_handle(&use);
            assert_string_equal(ask(handle, &b->t, "PRAGMA journal_mode"), "wal");
            assert_string_equal(ask(handle, &b->t, "PRAGMA mmap_size"), "0");
            assert_string_equal(ask(handle, &b->t, "PRAGMA cell_size_check"), "1");
            assert_string_equal(ask(handle, &b->t, "PRAGMA trusted_schema"), "0");
            assert_string_equal(ask(handle, &b->t, "PRAGMA foreign_keys"), "1");
            if (writer)
                assert_string_equal(ask(handle, &b->t, "PRAGMA synchronous"),
                                    disposable ? "1" : "2");
            db_use_done(&use);
        }
        db_close(d);
    }
}

static void the_log_is_emptied_as_it_grows(void **state)
{
    struct bench *b = *state;
    struct store *s = open_store(b);
    const char *document = arena_format(b->t.arena, "{\"n\":\"%0300000d\"}", 1);
    for (int i = 0; i < 60; i++)
        assert_ok(&b->t, put(s, &b->t, "A", document));
    struct stat log;
    assert_int_equal(stat(arena_format(b->t.arena, "%s-wal", database(b)), &log), 0);
    assert_true(log.st_size < 8 << 20);              /* 60 x 300 kB would be 18 MB */
    store_close(s);
}

int main(void)
{
    static const struct suite_test tests[] = {
        SUITE_TEST(what_was_written_is_there_after_a_restart),
        SUITE_TEST(a_closed_store_is_one_file_and_a_lock),
        SUITE_TEST(results_outlive_the_store),
        SUITE_TEST(folders_with_any_name_are_fine),
        SUITE_TEST(every_acknowledged_write_survives_a_kill),
        SUITE_TEST(a_second_owner_is_refused_by_name),
        SUITE_TEST(another_process_is_refused),
        SUITE_TEST(a_lock_file_of_the_dead_is_no_obstacle),
        SUITE_TEST(a_damaged_file_is_refused_and_left_alone),
        SUITE_TEST(a_file_of_a_newer_release_is_refused),
        SUITE_TEST(a_database_of_another_program_is_refused),
        SUITE_TEST(an_empty_file_is_a_beginning),
        SUITE_TEST(a_linked_file_is_refused_and_a_linked_folder_is_fine),
        SUITE_TEST(a_folder_that_may_not_be_written_is_refused),
        SUITE_TEST(another_program_that_holds_the_file_is_waited_for),
        SUITE_TEST(a_long_listing_ends_when_its_task_does),
        SUITE_TEST(the_reader_can_neither_write_nor_checkpoint),
        SUITE_TEST(both_connections_keep_the_rules),
        SUITE_TEST(the_log_is_emptied_as_it_grows),
    };
    static const char *const driver[] = { "sqlite" };
    return suite_run("store on a disk", tests, SUITE_COUNT(tests), driver, sizeof *driver, 1,
                     set_up, tear_down);
}
