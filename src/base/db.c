/*
 * Why two connections: in WAL mode a reader never waits for the writer's fsync, and the writer
 * never for a reader. Why not more: SQLite before 3.51.3 can lose a commit when two connections
 * write or checkpoint at the same moment, so exactly one may. The reader is opened read-only, which
 * takes both from it.
 *
 * Checkpoints are run from the hook below and not by SQLite's own, which swallows their errors: a
 * failed fsync of the main file must stop us before the log that still holds the rows is
 * overwritten.
 */
#include "base/db.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

enum {
    OWNER_BYTES = 24,
    LOCK_WAITS_MAX = 100,
    LOCK_WAIT_US = 20 * 1000,
    STATEMENTS_MAX   = 16,
    /* virtual machine steps between two looks at the task: well under 1 ms */
    PROGRESS_STEPS   = 2000,
    CHECKPOINT_PAGES = 1000,       /* 4 MB of log: SQLite's own default */
    /* of 10 ms: another program (a backup, a shell) may hold the file this long */
    BUSY_WAITS_MAX   = 500,
};

struct db_connection {
    struct db       *db;
    pthread_mutex_t  lock;         /* guards all below */
    sqlite3         *handle;
    sqlite3_stmt    *statements[STATEMENTS_MAX];
    int              statement_count;
    struct task     *task;         /* whose call is being served; NULL while committing */
};

struct db {
    struct db_options    options;
    char                *path, *lock_path;
    int                  lock_fd;
    bool                 damaged;            /* while opening: the file cannot be trusted */
    atomic_bool          stopped;  /* the disk failed: no write is acknowledged any more */
    struct db_connection writer, reader;
};

/* ---- errors ---- */

static enum err fail_damaged(struct task *t, struct db *d, const char *detail)
{
    d->damaged = true;
    const char *next =
        arena_format(t->arena,
                     "nothing was changed; put back a copy of it, or save what can be read "
                     "with: sqlite3 '%s' .recover",
                     d->path);
    return refuse(t, ERR_INTERNAL, next, "the database file %s is damaged (%s)", d->path, detail);
}

static enum err fail_stopped(struct task *t, const struct db *d)
{
    return refuse(t, ERR_UNAVAILABLE, "look at the disk's health (dmesg), then start again",
                  "the disk failed to save %s, so nothing more is written to it", d->path);
}

static enum err fail_io(struct task *t, struct db *d, int extended, int system_error)
{
    if (extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC) {
        atomic_store(&d->stopped, true);
        return fail_stopped(t, d);
    }
    if (system_error)
        return fail_errno(t, system_error, "use", d->path);
    return refuse(t, ERR_INTERNAL, "look at the disk's health (dmesg), then start again",
                  "the disk failed under %s (SQLite error %d)", d->path, extended);
}

/*
 * The only place where SQLite's codes are read. It does not keep the system's error of a failed
 * COMMIT, but errno, which is set to 0 before every call that may write, still has it.
 */
static enum err err_from_sqlite(struct task *t, struct db *d, sqlite3 *handle, int rc)
{
    int extended = handle ? sqlite3_extended_errcode(handle) : rc;
    int system_error =
        handle && sqlite3_system_errno(handle) ? sqlite3_system_errno(handle) : errno;
    const char *text = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(rc);
    switch (rc & 0xFF) {
    case SQLITE_INTERRUPT:
        return t->fault.code;          /* on_progress() asked task_over(), which said why */
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        if (task_over(t))
            return t->fault.code;
        return refuse(t, ERR_UNAVAILABLE,
                      "close the other program (a backup, a database shell) and try again",
                      "another program holds %s", d->path);
    case SQLITE_FULL:
        return fail_errno(t, ENOSPC, "write", d->path);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return refuse(t, ERR_FORBIDDEN, "check who may write there", "%s cannot be written",
                      d->path);
    case SQLITE_CANTOPEN:
        if (extended == SQLITE_CANTOPEN_SYMLINK)
            return refuse(t, ERR_FORBIDDEN,
                          "put the file itself there, or name its folder with --data DIR",
                          "%s is a link", d->path);
        return fail_io(t, d, extended, system_error);
    case SQLITE_IOERR:
        return fail_io(t, d, extended, system_error);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        atomic_store(&d->stopped, true);
        return fail_damaged(t, d, text);
    default:
        return fail(t, ERR_INTERNAL, "the database %s: %s", d->path, text);
    }
}

/* ---- the owner's lock ---- */

/* The number of the process that has the lock; "" when the file does not say. */
static void read_owner(int lock_fd, char owner[OWNER_BYTES])
{
    ssize_t got = pread(lock_fd, owner, OWNER_BYTES - 1, 0);
    owner[got > 0 ? got : 0] = '\0';
    owner[strspn(owner, "0123456789")] = '\0';
}

/*
 * A process that was killed while it started a child is gone, but the child holds the lock until it
 * becomes another program: a moment's patience, and only where the owner is gone. 0 or the errno.
 */
static int lock_wait(int fd)
{
    char owner[OWNER_BYTES];
    for (int i = 0; i < LOCK_WAITS_MAX; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return 0;
        int why = errno;
        read_owner(fd, owner);
        bool gone = *owner && kill((pid_t)strtol(owner, NULL, 10), 0) < 0 && errno == ESRCH;
        if (why != EWOULDBLOCK || !gone)
            return why;
        usleep(LOCK_WAIT_US);
    }
    return EWOULDBLOCK;
}

static enum err fail_owned(struct task *t, const struct db *d, int lock_fd)
{
    char owner[OWNER_BYTES];
    read_owner(lock_fd, owner);
    const char *next = "stop the other one, or use another folder with --data DIR";
    if (*owner)
        next = arena_format(t->arena,
                            "wait for it to end or stop it (kill %s), or use another folder with "
                            "--data DIR",
                            owner);
    return refuse(t, ERR_UNAVAILABLE, next, "the data folder %s is in use by another storyreel%s%s",
                  d->options.folder, *owner ? ", process " : "", owner);
}

/*
 * The lock is the kernel's and goes with the process, however it ends; the number in the file is
 * for messages.
 */
static enum err lock_take(struct task *t, struct db *d)
{
    scoped(fd) int fd = open(d->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0)
        return fail_errno(t, errno, "open", d->lock_path);
    int why = lock_wait(fd);
    if (why)
        return why == EWOULDBLOCK ? fail_owned(t, d, fd) : fail_errno(t, why, "lock", d->lock_path);
    char pid[24];
    int length = snprintf(pid, sizeof pid, "%d\n", (int)getpid());
    if (ftruncate(fd, 0) < 0)
        return fail_errno(t, errno, "write", d->lock_path);
    enum err e = file_write_all(t, fd, pid, (size_t)length);
    if (e)
        return e;
    d->lock_fd = fd_take(&fd);
    return OK;
}

/* ---- connections ---- */

static int on_progress(void *argument)
{
    struct db_connection *c = argument;
    return c->task && task_over(c->task) != OK;
}

static int on_busy(void *argument, int waits)
{
    struct db_connection *c = argument;
    if (waits >= BUSY_WAITS_MAX || (c->task && task_over(c->task) != OK))
        return 0;
    sqlite3_sleep(10);
    return 1;
}

static int on_commit(void *argument, sqlite3 *handle, const char *schema, int pages)
{
    struct db *d = argument;
    if (pages < CHECKPOINT_PAGES)
        return SQLITE_OK;
    int rc = sqlite3_wal_checkpoint_v2(handle, schema, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (rc != SQLITE_OK && sqlite3_extended_errcode(handle) == SQLITE_IOERR_FSYNC)
        atomic_store(&d->stopped, true);
    return SQLITE_OK;              /* the commit itself is safe in the log */
}

static enum err run_sql(struct task *t, struct db_connection *c, const char *sql)
{
    errno = 0;
    int rc = sqlite3_exec(c->handle, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? OK : err_from_sqlite(t, c->db, c->handle, rc);
}

/* The first column of the first row of a pragma or query, as text; "" when there is none. */
static enum err ask(struct task *t, struct db_connection *c, const char *sql, const char **out)
{
    sqlite3_stmt *s = NULL;
    errno = 0;
    int rc = sqlite3_prepare_v2(c->handle, sql, -1, &s, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(s);
    const char *text = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0) : NULL;
    *out = arena_copy(t->arena, text ? text : "");
    enum err e =
        rc == SQLITE_ROW || rc == SQLITE_DONE ? OK : err_from_sqlite(t, c->db, c->handle, rc);
    sqlite3_finalize(s);
    return e;
}

static enum err connection_open(struct task *t, struct db *d, struct db_connection *c, int flags)
{
    int rc = sqlite3_open_v2(d->path, &c->handle,
                             flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, NULL);
    if (rc != SQLITE_OK)
        return err_from_sqlite(t, d, c->handle, rc);
    sqlite3_extended_result_codes(c->handle, 1);
    sqlite3_busy_handler(c->handle, on_busy, c);
    sqlite3_progress_handler(c->handle, PROGRESS_STEPS, on_progress, c);
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return run_sql(
        t, c,
        "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;"
        "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;"
        "PRAGMA wal_autocheckpoint = 0;");
}

static enum err connection_prepare(struct task *t, struct db_connection *c, const char *const *sql)
{
    for (int i = 0; sql[i]; i++) {
        if (i == STATEMENTS_MAX)
            return fail(t, ERR_INTERNAL, "more than %d statements for %s", STATEMENTS_MAX,
                        c->db->path);
        int rc = sqlite3_prepare_v3(c->handle, sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                                    &c->statements[i], NULL);
        if (rc != SQLITE_OK)
            return err_from_sqlite(t, c->db, c->handle, rc);
        c->statement_count = i + 1;
    }
    return OK;
}

static void connection_close(struct db_connection *c)
{
    for (int i = 0; i < c->statement_count; i++)
        sqlite3_finalize(c->statements[i]);
    c->statement_count = 0;
    sqlite3_close(c->handle);
    c->handle = NULL;
}

/* ---- opening ---- */

static enum err check_whole(struct task *t, struct db *d)
{
    const char *verdict;
    enum err e = ask(t, &d->writer, "PRAGMA quick_check(1)", &verdict);
    if (e)
        return e;
    return text_equal(verdict, "ok") ? OK : fail_damaged(t, d, verdict);
}

static enum err check_ours(struct task *t, struct db *d)
{
    const char *id, *tables;
    enum err e = ask(t, &d->writer, "PRAGMA application_id", &id);
    if (e)
        return e;
    e = ask(t, &d->writer, "SELECT count(*) FROM sqlite_schema", &tables);
    if (e)
        return e;
    if (strtol(id, NULL, 10) == d->options.application_id || text_equal(tables, "0"))
        return OK;
    return refuse(t, ERR_CONFLICT, "use another folder with --data DIR",
                  "%s is a database of another program", d->path);
}

static enum err migrate(struct task *t, struct db *d, int from)
{
    struct db_connection *w = &d->writer;
    enum err e = run_sql(t, w, "BEGIN IMMEDIATE");
    int version = from;
    for (; d->options.migrations[version] && !e; version++)
        e = run_sql(t, w, d->options.migrations[version]);
    if (!e)
        e = run_sql(t, w,
                    arena_format(t->arena,
                                 "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
                                 (int)d->options.application_id, version));
    if (e)
        sqlite3_exec(w->handle, "ROLLBACK", NULL, NULL, NULL);
    return e;
}

static enum err schema_ready(struct task *t, struct db *d)
{
    const char *text;
    enum err e = ask(t, &d->writer, "PRAGMA user_version", &text);
    if (e)
        return e;
    int version = (int)strtol(text, NULL, 10), newest = 0;
    while (d->options.migrations[newest])
        newest++;
    if (version > newest)
        return refuse(t, ERR_CONFLICT,
                      "use that release or a newer one, or another folder with --data DIR",
                      "%s was written by a newer release of storyreel", d->path);
    return version < newest ? migrate(t, d, version) : OK;
}

static enum err writer_open(struct task *t, struct db *d)
{
    struct db_connection *w = &d->writer;
    enum err e = connection_open(t, d, w, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (e)
        return e;
    e = check_whole(t, d);
    if (e)
        return e;
    e = check_ours(t, d);
    if (e)
        return e;
    const char *mode;
    e = ask(t, w, "PRAGMA journal_mode = WAL", &mode);
    if (e)
        return e;
    if (!text_equal(mode, "wal"))
        return refuse(t, ERR_IMPOSSIBLE, "use a folder on a local disk with --data DIR",
                      "the file system of %s cannot keep a write-ahead log", d->path);
    bool relaxed = d->options.disposable;
    e = run_sql(t, w, relaxed ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL");
    if (e)
        return e;
    sqlite3_wal_hook(w->handle, on_commit, d);
    e = schema_ready(t, d);
    if (e)
        return e;
    return connection_prepare(t, w, d->options.write_sql);
}

static enum err reader_open(struct task *t, struct db *d)
{
    enum err e = connection_open(t, d, &d->reader, SQLITE_OPEN_READONLY);
    if (e)
        return e;
    sqlite3_db_config(d->reader.handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return connection_prepare(t, &d->reader, d->options.read_sql);
}

static enum err connections_open(struct task *t, struct db *d)
{
    d->damaged = false;
    d->writer.task = d->reader.task = t;
    enum err e = writer_open(t, d);
    if (!e)
        e = reader_open(t, d);
    d->writer.task = d->reader.task = NULL;
    if (e) {
        connection_close(&d->reader);
        connection_close(&d->writer);
    }
    return e;
}

static void remove_files(struct task *t, const struct db *d)
{
    static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        unlink(arena_format(t->arena, "%s%s", d->path, endings[i]));
}

static enum err files_open(struct task *t, struct db *d)
{
    enum err e = lock_take(t, d);
    if (e)
        return e;
    e = connections_open(t, d);
    if (e && d->damaged && d->options.disposable) {
        remove_files(t, d);
        atomic_store(&d->stopped, false);
        e = connections_open(t, d);
    }
    return e;
}

static char *heap_path(const char *folder, const char *name, const char *ending)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s%s", folder, name, ending) < 0)
        abort();
    return path;
}

/* `folder` is free of links (and becomes ours): SQLite is told to follow none. */
static struct db *db_new(const struct db_options *o, char *folder)
{
    struct db *d = calloc(1, sizeof *d);
    if (!d)
        abort();
    d->options        = *o;
    d->options.folder = folder;
    d->path           = heap_path(folder, o->name, ".db");
    d->lock_path      = heap_path(folder, o->name, ".lock");
    d->lock_fd        = -1;
    d->writer.db = d->reader.db = d;
    pthread_mutex_init(&d->writer.lock, NULL);
    pthread_mutex_init(&d->reader.lock, NULL);
    return d;
}

enum err db_open(struct task *t, const struct db_options *o, struct db **out)
{
    enum err e = folder_make(t, o->folder);
    if (e)
        return e;
    char *folder = realpath(o->folder, NULL);
    if (!folder)
        return fail_errno(t, errno, "open", o->folder);
    struct db *d = db_new(o, folder);
    e = files_open(t, d);
    if (e) {
        db_close(d);
        return e;
    }
    *out = d;
    return OK;
}

/* The reader first: the last connection to close is the one that empties the log into the file. */
void db_close(struct db *d)
{
    if (!d)
        return;
    connection_close(&d->reader);
    connection_close(&d->writer);
    pthread_mutex_destroy(&d->reader.lock);
    pthread_mutex_destroy(&d->writer.lock);
    if (d->lock_fd >= 0)
        close(d->lock_fd);
    free(d->path);
    free(d->lock_path);
    free((char *)d->options.folder);
    free(d);
}

/* ---- using ---- */

static void statements_reset(struct db_connection *c)
{
    for (int i = 0; i < c->statement_count; i++) {
        sqlite3_reset(c->statements[i]);
        sqlite3_clear_bindings(c->statements[i]);
    }
}

static void use_begin(struct db *d, struct task *t, struct db_connection *c, struct db_use *out)
{
    pthread_mutex_lock(&c->lock);
    c->task = t;
    *out = (struct db_use){ .task = t, .db = d, .connection = c };
}

enum err db_read(struct db *d, struct task *t, struct db_use *out)
{
    use_begin(d, t, &d->reader, out);
    return OK;
}

enum err db_write(struct db *d, struct task *t, struct db_use *out)
{
    use_begin(d, t, &d->writer, out);
    if (atomic_load(&d->stopped))
        return fail_stopped(t, d);
    return run_sql(t, out->connection, "BEGIN IMMEDIATE");
}

/* Cancelling ends here: a commit that has begun is carried through and answered truly. */
enum err db_commit(struct db_use *u)
{
    u->connection->task = NULL;
    statements_reset(u->connection);
    return run_sql(u->task, u->connection, "COMMIT");
}

void db_use_done(struct db_use *u)
{
    struct db_connection *c = u->connection;
    if (!c)
        return;
    c->task = NULL;
    statements_reset(c);
    if (!sqlite3_get_autocommit(c->handle))
        sqlite3_exec(c->handle, "ROLLBACK", NULL, NULL, NULL);
    u->connection = NULL;
    pthread_mutex_unlock(&c->lock);
}

sqlite3_stmt *db_statement(struct db_use *u, int index)
{
    sqlite3_stmt *s = u->connection->statements[index];
    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    return s;
}

void db_bind_text(sqlite3_stmt *s, int index, const char *text)
{
    sqlite3_bind_text(s, index, text, -1, SQLITE_STATIC);
}

sqlite3 *db_handle(struct db_use *u)
{
    return u->connection->handle;
}

enum err db_step(struct db_use *u, sqlite3_stmt *s, bool *out_row)
{
    errno = 0;
    int rc = sqlite3_step(s);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return err_from_sqlite(u->task, u->db, u->connection->handle, rc);
    *out_row = rc == SQLITE_ROW;
    return OK;
}

const char *db_column_text(struct db_use *u, sqlite3_stmt *s, int column)
{
    const char *text = (const char *)sqlite3_column_text(s, column);
    return arena_copy_n(u->task->arena, text ? text : "", (size_t)sqlite3_column_bytes(s, column));
}
