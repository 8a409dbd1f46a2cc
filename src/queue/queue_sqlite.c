/*
 * Messages as rows; queue_memory.c tells what the columns mean. Every operation is one statement
 * that gives a row back when it found what it wanted. How the file is opened, locked and kept is
 * base/db.h.
 */
#include "queue/queue_driver.h"

#include <stdlib.h>

#include "base/db.h"

struct sqlite_queue {
    struct queue queue;
    struct db   *db;
};

/* `receipt` hands out numbers that are never used again, also after a message is gone. */
static const char *const migrations[] = {
    "CREATE TABLE message ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, lane INTEGER NOT NULL, key TEXT NOT NULL,"
    "  visible_us INTEGER NOT NULL, again_us INTEGER, receipt INTEGER NOT NULL,"
    "  deliveries INTEGER NOT NULL,"
    "  UNIQUE (lane, key)) STRICT;"
    "CREATE INDEX message_by_time ON message (lane, visible_us, id);"
    "CREATE TABLE receipt (last INTEGER NOT NULL) STRICT;"
    "INSERT INTO receipt VALUES (0);",
    NULL,
};

enum { PUSH, NEW_RECEIPT, CLAIM, RENEW, FINISH_AGAIN, FINISH, GIVE_BACK, RELEASE_ALL };

#define LEASED " WHERE lane = ?1 AND key = ?2 AND receipt = ?3"

static const char *const write_sql[] = {
    [PUSH] =
        "INSERT INTO message (lane, key, visible_us, receipt, deliveries) VALUES (?1, ?2, ?3, 0, 0)"
        " ON CONFLICT (lane, key) DO UPDATE SET"
        "  visible_us = CASE WHEN receipt = 0 THEN min(visible_us, excluded.visible_us)"
        "    ELSE visible_us END,"
        "  again_us = CASE WHEN receipt = 0 THEN NULL"
        "    ELSE min(ifnull(again_us, excluded.visible_us), excluded.visible_us) END"
        " RETURNING id",
    [NEW_RECEIPT] = "UPDATE receipt SET last = last + 1 RETURNING last",
    [CLAIM] = "UPDATE message SET visible_us = ?2 + ?3, again_us = NULL, receipt = ?4,"
              " deliveries = deliveries + 1"
              " WHERE id = (SELECT id FROM message WHERE lane = ?1 AND visible_us <= ?2"
              "             ORDER BY visible_us, id LIMIT 1)"
              " RETURNING key, deliveries",
    [RENEW] = "UPDATE message SET visible_us = ?4" LEASED " RETURNING id",
    [FINISH_AGAIN] = "UPDATE message SET visible_us = again_us, again_us = NULL, receipt = 0,"
                     " deliveries = 0" LEASED " AND again_us IS NOT NULL RETURNING id",
    [FINISH] = "DELETE FROM message" LEASED " RETURNING id",
    [GIVE_BACK] = "UPDATE message SET visible_us = min(ifnull(again_us, ?4), ?4),"
                  " again_us = NULL, receipt = 0" LEASED " RETURNING id",
    [RELEASE_ALL] = "UPDATE message SET visible_us = 0, receipt = 0 WHERE receipt <> 0",
    NULL,
};

enum { NEXT_DUE, STATS };

static const char *const read_sql[] = {
    [NEXT_DUE] = "SELECT min(visible_us) FROM message WHERE lane = ?1",
    [STATS]    = "SELECT count(*) FILTER (WHERE receipt = 0 OR visible_us <= ?2),"
                 " count(*) FILTER (WHERE receipt <> 0 AND visible_us > ?2),"
                 " min(visible_us) FILTER (WHERE receipt = 0 OR visible_us <= ?2)"
                 " FROM message WHERE lane = ?1",
    NULL,
};

static struct db *db_of(struct queue *q)
{
    return ((struct sqlite_queue *)q)->db;
}

static enum err sqlite_push(struct queue *q, struct task *t, enum queue_lane lane, const char *key,
                            int64_t due_us)
{
    scoped(db_use) struct db_use use = { 0 };
    enum err e = db_write(db_of(q), t, &use);
    if (e)
        return e;
    sqlite3_stmt *push = db_statement(&use, PUSH);
    sqlite3_bind_int(push, 1, (int)lane);
    db_bind_text(push, 2, key);
    sqlite3_bind_int64(push, 3, due_us);
    bool done = false;
    e = db_step(&use, push, &done);
    return e ? e : db_commit(&use);
}

static enum err new_receipt(struct db_use *use, int64_t *out)
{
    sqlite3_stmt *next = db_statement(use, NEW_RECEIPT);
    bool row = false;
    enum err e = db_step(use, next, &row);
    if (!e)
        *out = sqlite3_column_int64(next, 0);
    return e;
}

static enum err sqlite_claim(struct queue *q, struct task *t, enum queue_lane lane,
                             int64_t lease_us, struct queue_message *out)
{
    scoped(db_use) struct db_use use = { 0 };
    struct queue_message m = { .lane = lane };
    enum err e = db_write(db_of(q), t, &use);
    if (!e)
        e = new_receipt(&use, &m.receipt);
    if (e)
        return e;
    sqlite3_stmt *claim = db_statement(&use, CLAIM);
    sqlite3_bind_int(claim, 1, (int)lane);
    sqlite3_bind_int64(claim, 2, clock_wall_us(t->clock));
    sqlite3_bind_int64(claim, 3, lease_us);
    sqlite3_bind_int64(claim, 4, m.receipt);
    bool found = false;
    e = db_step(&use, claim, &found);
    if (e)
        return e;
    if (!found)
        return fail_nothing_due(t);
    m.key        = db_column_text(&use, claim, 0);
    m.deliveries = sqlite3_column_int64(claim, 1);
    e = db_commit(&use);
    if (e)
        return e;
    *out = m;
    return OK;
}

/* One statement on a leased message; *out_held says whether the lease still was ours. */
static enum err change_leased(struct db_use *use, int statement, const struct queue_message *m,
                              int64_t time_us, bool *out_held)
{
    sqlite3_stmt *change = db_statement(use, statement);
    sqlite3_bind_int(change, 1, (int)m->lane);
    db_bind_text(change, 2, m->key);
    sqlite3_bind_int64(change, 3, m->receipt);
    if (sqlite3_bind_parameter_count(change) > 3)
        sqlite3_bind_int64(change, 4, time_us);
    return db_step(use, change, out_held);
}

static enum err change_and_commit(struct queue *q, struct task *t, int statement,
                                  const struct queue_message *m, int64_t time_us)
{
    scoped(db_use) struct db_use use = { 0 };
    enum err e = db_write(db_of(q), t, &use);
    bool held = false;
    if (!e)
        e = change_leased(&use, statement, m, time_us, &held);
    if (e)
        return e;
    return held ? db_commit(&use) : fail_lease_lost(t, m);
}

static enum err sqlite_renew(struct queue *q, struct task *t, const struct queue_message *m,
                             int64_t lease_us)
{
    return change_and_commit(q, t, RENEW, m, clock_wall_us(t->clock) + lease_us);
}

static enum err sqlite_give_back(struct queue *q, struct task *t, const struct queue_message *m,
                                 int64_t due_us)
{
    return change_and_commit(q, t, GIVE_BACK, m, due_us);
}

static enum err sqlite_finish(struct queue *q, struct task *t, const struct queue_message *m)
{
    scoped(db_use) struct db_use use = { 0 };
    enum err e = db_write(db_of(q), t, &use);
    bool held = false;
    if (!e)
        e = change_leased(&use, FINISH_AGAIN, m, 0, &held);
    if (!e && !held)
        e = change_leased(&use, FINISH, m, 0, &held);
    if (e)
        return e;
    return held ? db_commit(&use) : fail_lease_lost(t, m);
}

static int64_t column_time(sqlite3_stmt *s, int column)
{
    return sqlite3_column_type(s, column) == SQLITE_NULL ? INT64_MAX
                                                         : sqlite3_column_int64(s, column);
}

static enum err sqlite_next_due(struct queue *q, struct task *t, enum queue_lane lane,
                                int64_t *out_us)
{
    scoped(db_use) struct db_use use = { 0 };
    enum err e = db_read(db_of(q), t, &use);
    if (e)
        return e;
    sqlite3_stmt *select = db_statement(&use, NEXT_DUE);
    sqlite3_bind_int(select, 1, (int)lane);
    bool row = false;
    e = db_step(&use, select, &row);
    if (!e)
        *out_us = column_time(select, 0);
    return e;
}

static enum err sqlite_stats(struct queue *q, struct task *t, enum queue_lane lane,
                             struct queue_stats *out)
{
    scoped(db_use) struct db_use use = { 0 };
    enum err e = db_read(db_of(q), t, &use);
    if (e)
        return e;
    sqlite3_stmt *select = db_statement(&use, STATS);
    sqlite3_bind_int(select, 1, (int)lane);
    sqlite3_bind_int64(select, 2, clock_wall_us(t->clock));
    bool row = false;
    e = db_step(&use, select, &row);
    if (!e)
        *out = (struct queue_stats){ .waiting = sqlite3_column_int64(select, 0),
                                     .leased = sqlite3_column_int64(select, 1),
                                     .oldest_due_us = column_time(select, 2) };
    return e;
}

static void sqlite_close(struct queue *q)
{
    db_close(db_of(q));
    free(q);
}

static const struct queue_driver sqlite_driver = {
    .name      = "sqlite",
    .push      = sqlite_push,
    .claim     = sqlite_claim,
    .renew     = sqlite_renew,
    .finish    = sqlite_finish,
    .give_back = sqlite_give_back,
    .next_due  = sqlite_next_due,
    .stats     = sqlite_stats,
    .close     = sqlite_close,
};

/* This process owns the file, so whoever held a lease is gone. */
static enum err release_all(struct task *t, struct db *db)
{
    scoped(db_use) struct db_use use = { 0 };
    bool row = false;
    enum err e = db_write(db, t, &use);
    if (!e)
        e = db_step(&use, db_statement(&use, RELEASE_ALL), &row);
    return e ? e : db_commit(&use);
}

enum err queue_sqlite_open(struct task *t, const char *folder, struct queue **out)
{
    const struct db_options options = {
        .folder         = folder,
        .name           = "queue",
        .application_id = 0x53545251,      /* "STRQ" */
        .migrations     = migrations,
        .write_sql      = write_sql,
        .read_sql       = read_sql,
        .disposable     = true,
    };
    struct db *db = NULL;
    enum err e = db_open(t, &options, &db);
    if (!e)
        e = release_all(t, db);
    if (e) {
        db_close(db);
        return e;
    }
    struct sqlite_queue *self = calloc(1, sizeof *self);
    if (!self)
        abort();
    *self = (struct sqlite_queue){ .queue = { &sqlite_driver }, .db = db };
    *out = &self->queue;
    return OK;
}
