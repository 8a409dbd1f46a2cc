#pragma once

/*
 * One SQLite file with one owner, for the drivers that keep their rows in one.
 *
 * The rules, and why they are what they are, stand in docs/decisions/0006-sqlite-rules.md. In
 * short: a lock on NAME.lock makes this process the only one; one connection writes and it alone
 * checkpoints; another reads. A file that cannot be trusted is refused before anything is written
 * to it. When the disk refuses to save (a failed fsync), no write is acknowledged from then on.
 *
 *     scoped(db_use) struct db_use use = { 0 };
 *     enum err e = db_write(d, t, &use);      the write lock is ours, a transaction has begun
 *     ...
 *     sqlite3_stmt *s = db_statement(&use, INSERT_ROW);
 *     sqlite3_bind_int64(s, 1, 42);
 *     e = db_step(&use, s, &row);
 *     ...
 *     return db_commit(&use);                 without it, the end of the block rolls back
 *
 * Threads  any; a use belongs to the thread that began it. Writers wait for each other, readers
 *          likewise, but readers do not wait for writers.
 */

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/scoped.h"
#include "base/task.h"

struct db;

struct db_options {
    const char        *folder;           /* made when missing */
    const char        *name;             /* the files are NAME.db and NAME.lock */
    const char        *what;             /* in messages: "the projects" */
    int32_t            application_id;   /* marks the file as ours */
    /* [i] is SQL that raises the schema from version i to i + 1; NULL-ended */
    const char *const *migrations;
    const char *const *write_sql;        /* prepared once and kept, by index; NULL-ended */
    const char *const *read_sql;
    /* only hints: synchronous NORMAL, and a damaged file is begun anew */
    bool               disposable;
};

/* The arrays and texts of `o` other than the folder are borrowed for as long as the db is open. */
enum err db_open(struct task *t, const struct db_options *o, struct db **out);
void     db_close(struct db *d);         /* NULL is fine */

struct db_use {
    struct task          *task;
    struct db            *db;
    struct db_connection *connection;    /* NULL when nothing is held */
};

enum err db_read(struct db *d, struct task *t, struct db_use *out);
enum err db_write(struct db *d, struct task *t, struct db_use *out);
enum err db_commit(struct db_use *u);

/*
 * Lets go of the connection; what was not committed is undone. Safe on an empty use and after
 * db_commit().
 */
void               db_use_done(struct db_use *u);
static inline void db_use_scoped(struct db_use *u) { db_use_done(u); }

/*
 * The index-th statement of the list the use is for, unbound. Binding fails only for want of
 * memory.
 */
sqlite3_stmt *db_statement(struct db_use *u, int index);

/* Text lives until the next db_statement() of the same index. */
void db_bind_text(sqlite3_stmt *s, int index, const char *text);

/* For questions this header does not answer, within the use. */
sqlite3 *db_handle(struct db_use *u);

/*
 * One step; *out_row says whether there is a row. Errors: CANCELLED or TIMEOUT of the task, FULL,
 * FORBIDDEN, UNAVAILABLE another program holds the file, INTERNAL the disk or the file is broken.
 */
enum err db_step(struct db_use *u, sqlite3_stmt *s, bool *out_row);

/* A column of the current row, copied into the task's arena. */
const char *db_column_text(struct db_use *u, sqlite3_stmt *s, int column);
