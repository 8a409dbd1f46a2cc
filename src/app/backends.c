/*
 * A setting is an address; what stands before "://" chooses a row, and the rest is the driver's.
 * Without a setting the last row is taken, which is in the data folder.
 */
#include "app/backends.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "blob/blob_driver.h"
#include "queue/queue_driver.h"
#include "queue/queue_sqs.h"
#include "store/store_driver.h"
#include "store/store_dynamo.h"

/* What every row may use. */
struct opening {
    struct task *task;
    const char *data_folder;
    const struct net *net;
    struct backends *backends;
    struct flow *flow;
};

struct backend {
    const char *scheme; /* "s3"; NULL: in the data folder */
    enum err (*open)(struct opening *o, const char *address); /* what follows "://" */
};

static const char *set_as(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value ? value : NULL;
}

/* One for all drivers, made by the first that wants it. */
static enum err want_account(struct opening *o)
{
    return o->backends->account ? OK
                                : aws_account_open(o->task, o->net, &o->backends->account);
}

/* ---- records and wake-ups ---- */

static enum err open_sqlite_store(struct opening *o, const char *address)
{
    (void)address;
    return store_sqlite_open(o->task, o->data_folder, &o->flow->store);
}

static enum err open_sqlite_queue(struct opening *o, const char *address)
{
    (void)address;
    return queue_sqlite_open(o->task, o->data_folder, &o->flow->queue);
}

/* Many may be at work on one table: its changes go round by a feed. */
static enum err open_dynamo_store(struct opening *o, const char *address)
{
    struct store *table = NULL;
    enum err e = want_account(o);
    if (!e)
        e = store_dynamo_open(o->task, o->backends->account, address, &table);
    if (!e)
        e = store_feed_open(o->task, table, o->flow->worker, &o->flow->store, &o->backends->feed);
    o->flow->owns_store = false;
    o->flow->remote = true;
    return e;
}

static enum err open_redis_queue(struct opening *o, const char *address)
{
    o->flow->remote = true;
    return queue_redis_open(o->task, arena_format(o->task->arena, "redis://%s", address),
                            &o->flow->queue);
}

static enum err open_sqs_queue(struct opening *o, const char *address)
{
    o->flow->remote = true;
    enum err e = want_account(o);
    return e ? e : queue_sqs_open(o->task, o->backends->account, address, &o->flow->queue);
}

/* ---- media ---- */

static enum err open_local_blobs(struct opening *o, const char *address)
{
    struct task *t = o->task;
    (void)address;
    return blob_local_open(t, arena_format(t->arena, "%s/media", o->data_folder),
                           &o->flow->blobs);
}

static enum err cache_bytes(struct task *t, int64_t *out)
{
    const char *set = set_as("STORYREEL_CACHE_MB");
    char *end;
    long megabytes = set ? strtol(set, &end, 10) : 2048;
    if (set && (end == set || *end || megabytes < 0 || megabytes > 1 << 24))
        return refuse(t, ERR_INVALID, "give a whole number of megabytes, 0 for no cache",
                      "STORYREEL_CACHE_MB is \"%.40s\"", set);
    *out = (int64_t)megabytes << 20;
    return OK;
}

/* A bucket with a dot in its name would not match the certificate. */
static enum err path_style(struct opening *o, const char *bucket, bool *out)
{
    const char *set = set_as("STORYREEL_S3_STYLE");
    if (set && !text_equal(set, "path") && !text_equal(set, "host"))
        return refuse(o->task, ERR_INVALID, "set it to path or host",
                      "STORYREEL_S3_STYLE is \"%.40s\"", set);
    bool own = *aws_account_endpoint(o->backends->account, o->task, "s3") || strchr(bucket, '.');
    *out = set ? text_equal(set, "path") : own;
    return OK;
}

static enum err open_s3_blobs(struct opening *o, const char *address)
{
    struct task *t = o->task;
    size_t bucket = strcspn(address, "/");
    struct blob_s3_options options = {
        .bucket = arena_copy_n(t->arena, address, bucket),
        .prefix = address[bucket] ? address + bucket + 1 : "",
        .folder = arena_format(t->arena, "%s/s3", o->data_folder),
    };
    enum err e = want_account(o);
    if (!e)
        e = path_style(o, options.bucket, &options.path_style);
    if (!e)
        e = cache_bytes(t, &options.cache_bytes);
    options.account = o->backends->account;
    return e ? e : blob_s3_open(t, &options, &o->flow->blobs);
}

/* ---- choosing ---- */

static const struct backend stores[] = { { "dynamodb", open_dynamo_store },
                                         { NULL, open_sqlite_store } };
static const struct backend queues[] = { { "redis", open_redis_queue },
                                         { "sqs", open_sqs_queue },
                                         { NULL, open_sqlite_queue } };
static const struct backend blobs[] = { { "s3", open_s3_blobs }, { NULL, open_local_blobs } };

/* "s3://BUCKET", "dynamodb://TABLE": what there is to choose from. */
static const char *schemes(struct arena *a, const struct backend *rows)
{
    struct text out = text_new(a);
    for (; rows->scheme; rows++)
        text_printf(&out, "%s://..., ", rows->scheme);
    return text_end(&out);
}

/* The row of that scheme, or the last. */
static const struct backend *row_of(const struct backend *rows, const char *set)
{
    const char *colon = set ? strstr(set, "://") : NULL;
    while (rows->scheme && !(colon && strlen(rows->scheme) == (size_t)(colon - set) &&
                             text_starts(set, rows->scheme)))
        rows++;
    return rows;
}

static enum err open_one(struct opening *o, const char *variable, const struct backend *rows)
{
    const char *set = set_as(variable), *colon = set ? strstr(set, "://") : NULL;
    const struct backend *row = row_of(rows, set);
    if (set && !row->scheme)
        return refuse(o->task, ERR_INVALID,
                      arena_format(o->task->arena, "set it to %sor to nothing for the data folder",
                                   schemes(o->task->arena, rows)),
                      "%s begins with \"%.*s\", which is nothing that is known", variable,
                      colon ? (int)(colon - set) : 0, set);
    return row->open(o, colon ? colon + strlen("://") : "");
}

enum err backends_open(struct task *t, const char *data_folder, const struct net *net,
                       struct backends *b, struct flow *flow)
{
    struct opening o = { t, data_folder, net, b, flow };
    enum err e = open_one(&o, "STORYREEL_STORE", stores);
    if (!e)
        e = open_one(&o, "STORYREEL_QUEUE", queues);
    return e ? e : open_one(&o, "STORYREEL_BLOBS", blobs);
}

/* The part of "a://x,b://y,FOLDER" that one of the rows is for, else the folder; or NULL. */
static const char *part_for(struct task *t, const struct backend *rows, const char *address)
{
    const char *folder = NULL;
    for (const char *at = address; *at; at += strspn(at, ",")) {
        const char *part = arena_copy_n(t->arena, at, strcspn(at, ","));
        if (row_of(rows, part)->scheme)
            return part;
        folder = strstr(part, "://") ? folder : part;
        at += strlen(part);
    }
    return folder;
}

static enum err open_part(struct opening *o, const struct backend *rows, const char *address,
                          const char *what)
{
    const char *part = part_for(o->task, rows, address);
    const struct backend *row = row_of(rows, part);
    if (!part)
        return refuse(o->task, ERR_INVALID, "write a folder, or dynamodb://TABLE,s3://BUCKET",
                      "\"%.100s\" says nothing of where %s", address, what);
    if (row->scheme)
        return row->open(o, strstr(part, "://") + strlen("://"));
    struct opening here = *o;
    here.data_folder = part;
    enum err e = folder_make(o->task, part);
    return e ? e : row->open(&here, "");
}

enum err backends_open_place(struct task *t, const char *address, const char *folder,
                             const struct net *net, struct backends *b, struct flow *flow)
{
    struct opening o = { t, folder, net, b, flow };
    enum err e = open_part(&o, stores, address, "records are");
    return e ? e : open_part(&o, blobs, address, "media is");
}

void backends_close(struct backends *b)
{
    aws_account_close(b->account);
    *b = (struct backends){ 0 };
}
