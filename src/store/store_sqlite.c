/*
 * Records as rows of one table. Every change is a statement that gives a row back when its
 * condition held and none when it did not, so that one short loop serves all five kinds. How the
 * file is opened, locked and kept safe is base/db.h.
 */
#include "store/store_driver.h"

#include <stdlib.h>

#include "base/db.h"

struct sqlite_store {
    struct store store;
    struct db   *db;
};

static const char *const migrations[] = {
    "CREATE TABLE item ("
    "  pk TEXT NOT NULL, sk TEXT NOT NULL, version INTEGER NOT NULL,"
    "  index_pk TEXT NOT NULL, index_sk TEXT NOT NULL, document TEXT NOT NULL,"
    "  UNIQUE (pk, sk)) STRICT;"
    "CREATE INDEX item_by_index ON item (index_pk, index_sk, pk, sk) WHERE index_pk <> '';",
    NULL,
};

/*
 * ?1 pk, ?2 sk, ?3 version, ?4 index_pk, ?5 index_sk, ?6 document; the order is that of enum
 * item_change.
 */
static const char *const write_sql[] = {
    [0] = "SELECT version FROM item WHERE pk = ?1 AND sk = ?2",
    [ITEM_CREATE] = "INSERT INTO item (pk, sk, version, index_pk, index_sk, document)"
                    " VALUES (?1, ?2, 1, ?4, ?5, ?6) ON CONFLICT DO NOTHING RETURNING version",
    [ITEM_UPDATE] =
        "UPDATE item SET version = version + 1, index_pk = ?4, index_sk = ?5, document = ?6"
        " WHERE pk = ?1 AND sk = ?2 AND version = ?3 RETURNING version",
    [ITEM_PUT] =
        "INSERT INTO item (pk, sk, version, index_pk, index_sk, document)"
        " VALUES (?1, ?2, 1, ?4, ?5, ?6) ON CONFLICT (pk, sk) DO UPDATE SET version = version + 1,"
        " index_pk = excluded.index_pk, index_sk = excluded.index_sk, document = excluded.document"
        " RETURNING version",
    [ITEM_DELETE] = "DELETE FROM item WHERE pk = ?1 AND sk = ?2 AND version = ?3 RETURNING version",
    [ITEM_CHECK] = "SELECT version FROM item WHERE pk = ?1 AND sk = ?2 AND version = ?3",
    NULL,
};

#define ITEM_COLUMNS "pk, sk, version, index_pk, index_sk, document"
#define IN_INDEX     " FROM item WHERE index_pk = ?1 AND index_pk <> ''"
#define BY_INDEX     " ORDER BY index_sk, pk, sk LIMIT ?5"
#define BY_INDEX_DESC " ORDER BY index_sk DESC, pk DESC, sk DESC LIMIT ?5"

/* READ_INDEX + 2 * has_after + newest_first */
enum { READ_ONE, READ_ALL, READ_UP, READ_DOWN, READ_INDEX };

static const char *const read_sql[] = {
    [READ_ONE] = "SELECT " ITEM_COLUMNS " FROM item WHERE pk = ?1 AND sk = ?2",
    [READ_ALL] = "SELECT " ITEM_COLUMNS
                 " FROM item WHERE (pk, sk) > (?1, ?2) ORDER BY pk, sk LIMIT ?3",
    [READ_UP] = "SELECT " ITEM_COLUMNS
                " FROM item WHERE pk = ?1 AND sk >= ?2 AND sk < ?3 ORDER BY sk LIMIT ?4",
    [READ_DOWN] =
        "SELECT " ITEM_COLUMNS " FROM item WHERE pk = ?1 AND sk >= ?2 AND sk < ?3 ORDER BY sk DESC"
        " LIMIT ?4",
    [READ_INDEX] = "SELECT " ITEM_COLUMNS IN_INDEX BY_INDEX,
    [READ_INDEX + 1] = "SELECT " ITEM_COLUMNS IN_INDEX BY_INDEX_DESC,
    [READ_INDEX + 2] =
        "SELECT " ITEM_COLUMNS IN_INDEX " AND (index_sk, pk, sk) > (?2, ?3, ?4)" BY_INDEX,
    [READ_INDEX + 3] =
        "SELECT " ITEM_COLUMNS IN_INDEX " AND (index_sk, pk, sk) < (?2, ?3, ?4)" BY_INDEX_DESC,
    NULL,
};

static struct item row_item(struct db_use *use, sqlite3_stmt *s)
{
    return (struct item){
        .pk       = db_column_text(use, s, 0),
        .sk       = db_column_text(use, s, 1),
        .version  = sqlite3_column_int64(s, 2),
        .index_pk = db_column_text(use, s, 3),
        .index_sk = db_column_text(use, s, 4),
        .document = db_column_text(use, s, 5),
    };
}

static enum err sqlite_get(struct store *s, struct task *t, const char *pk, const char *sk,
                           struct item *out)
{
    scoped(db_use) struct db_use use = { 0 };
    enum err e = db_read(((struct sqlite_store *)s)->db, t, &use);
    if (e)
        return e;
    sqlite3_stmt *select = db_statement(&use, READ_ONE);
    db_bind_text(select, 1, pk);
    db_bind_text(select, 2, sk);
    bool found = false;
    e = db_step(&use, select, &found);
    if (e)
        return e;
    if (!found)
        return fail_no_item(t, pk, sk);
    *out = row_item(&use, select);
    return OK;
}

static enum err explain_refusal(struct db_use *use, const struct item_write *w)
{
    sqlite3_stmt *select = db_statement(use, 0);
    db_bind_text(select, 1, w->item.pk);
    db_bind_text(select, 2, w->item.sk);
    bool found = false;
    enum err e = db_step(use, select, &found);
    return e ? e : fail_item_changed(use->task, w, found ? sqlite3_column_int64(select, 0) : 0);
}

static enum err make_change(struct db_use *use, const struct item_write *w)
{
    const struct item *item = &w->item;
    sqlite3_stmt *change = db_statement(use, (int)w->change);
    db_bind_text(change, 1, item->pk);
    db_bind_text(change, 2, item->sk);
    sqlite3_bind_int64(change, 3, item->version);
    if (sqlite3_bind_parameter_count(change) > 3) {
        db_bind_text(change, 4, item->index_pk);
        db_bind_text(change, 5, item->index_sk);
        db_bind_text(change, 6, item->document);
    }
    bool held = false;
    enum err e = db_step(use, change, &held);
    if (e || held)
        return e;
    return explain_refusal(use, w);
}

static enum err sqlite_write(struct store *s, struct task *t, const struct item_write *writes,
                             size_t count)
{
    scoped(db_use) struct db_use use = { 0 };
    enum err e = db_write(((struct sqlite_store *)s)->db, t, &use);
    for (size_t i = 0; i < count && !e; i++)
        e = make_change(&use, &writes[i]);
    return e ? e : db_commit(&use);
}

static enum err collect(struct db_use *use, sqlite3_stmt *select, struct item **out,
                        size_t *out_count)
{
    struct item *items = NULL;
    size_t count = 0, capacity = 0;
    for (;;) {
        bool row = false;
        enum err e = db_step(use, select, &row);
        if (e)
            return e;
        if (!row)
            break;
        array_push(use->task->arena, items, count, capacity, row_item(use, select));
    }
    *out       = items;
    *out_count = count;
    return OK;
}

static enum err sqlite_list(struct store *s, struct task *t, const struct store_query *query,
                            struct item **out, size_t *out_count)
{
    struct store_range range = store_query_range(t, query);
    scoped(db_use) struct db_use use = { 0 };
    enum err e = db_read(((struct sqlite_store *)s)->db, t, &use);
    if (e)
        return e;
    sqlite3_stmt *select = db_statement(&use, query->newest_first ? READ_DOWN : READ_UP);
    db_bind_text(select, 1, query->pk);
    db_bind_text(select, 2, range.low);
    db_bind_text(select, 3, range.high);
    sqlite3_bind_int64(select, 4, query->limit);
    return collect(&use, select, out, out_count);
}

static enum err sqlite_list_index(struct store *s, struct task *t,
                                  const struct store_index_query *query, struct item **out,
                                  size_t *out_count)
{
    scoped(db_use) struct db_use use = { 0 };
    enum err e = db_read(((struct sqlite_store *)s)->db, t, &use);
    if (e)
        return e;
    sqlite3_stmt *select =
        db_statement(&use, READ_INDEX + 2 * (query->after != NULL) + query->newest_first);
    db_bind_text(select, 1, query->index_pk);
    if (query->after) {
        db_bind_text(select, 2, query->after->index_sk);
        db_bind_text(select, 3, query->after->pk);
        db_bind_text(select, 4, query->after->sk);
    }
    sqlite3_bind_int64(select, 5, query->limit);
    return collect(&use, select, out, out_count);
}

static enum err sqlite_walk(struct store *s, struct task *t, const struct item *after,
                            int64_t limit, struct item **out, size_t *out_count)
{
    scoped(db_use) struct db_use use = { 0 };
    enum err e = db_read(((struct sqlite_store *)s)->db, t, &use);
    if (e)
        return e;
    sqlite3_stmt *select = db_statement(&use, READ_ALL);
    db_bind_text(select, 1, after ? after->pk : "");
    db_bind_text(select, 2, after ? after->sk : "");
    sqlite3_bind_int64(select, 3, limit);
    return collect(&use, select, out, out_count);
}

static void sqlite_close(struct store *s)
{
    struct sqlite_store *self = (struct sqlite_store *)s;
    db_close(self->db);
    free(self);
}

static const struct store_driver sqlite_driver = {
    .name       = "sqlite",
    .get        = sqlite_get,
    .write      = sqlite_write,
    .list       = sqlite_list,
    .list_index = sqlite_list_index,
    .walk       = sqlite_walk,
    .close      = sqlite_close,
};

enum err store_sqlite_open(struct task *t, const char *folder, struct store **out)
{
    const struct db_options options = {
        .folder         = folder,
        .name           = "storyreel",
        .application_id = 0x53545231,      /* "STR1" */
        .migrations     = migrations,
        .write_sql      = write_sql,
        .read_sql       = read_sql,
    };
    struct db *db = NULL;
    enum err e = db_open(t, &options, &db);
    if (e)
        return e;
    struct sqlite_store *self = calloc(1, sizeof *self);
    if (!self)
        abort();
    *self = (struct sqlite_store){ .store = { &sqlite_driver }, .db = db };
    *out = &self->store;
    return OK;
}
