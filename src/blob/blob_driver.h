#pragma once

/* For those who implement a blob store. Keys have been checked before a driver is called. */

#include "blob/blob.h"

struct blob_driver {
    const char *name;                 /* "memory", "local", "s3" */
    enum err (*draft)(struct blob_store *b, struct task *t, struct draft *out);
    enum err (*put)(struct blob_store *b, struct task *t, const char *key, struct draft *draft);
    enum err (*open)(struct blob_store *b, struct task *t, const char *key, int *out_fd);
    enum err (*stat)(struct blob_store *b, struct task *t, const char *key, struct blob_info *out);
    enum err (*list)(struct blob_store *b, struct task *t, const char *prefix,
                     struct blob_info **out, size_t *out_count);
    enum err (*remove)(struct blob_store *b, struct task *t, const char *key);
    void     (*close)(struct blob_store *b);

    /* Optional: NULL is done by way of the ones above, or answered with nothing. */
    enum err (*walk)(struct blob_store *b, struct task *t, const char *after, size_t limit,
                     struct blob_info **out, size_t *out_count);
    enum err (*remove_all)(struct blob_store *b, struct task *t, const char *const *keys,
                           size_t count);
    enum err (*copy)(struct blob_store *b, struct task *t, const char *from, const char *to);
    enum err (*read)(struct blob_store *b, struct task *t, const char *key, int64_t offset,
                     int64_t bytes, struct bytes *out);
    enum err (*check)(struct blob_store *b, struct task *t);
    enum err (*ready)(struct blob_store *b, struct task *t);
    enum err (*url)(struct blob_store *b, struct task *t, const char *key,
                    const struct blob_url_wish *wish, const char **out);
    const char *(*url_origin)(struct blob_store *b, struct task *t);
    const char *(*describe)(struct blob_store *b, struct task *t);
    enum err (*waiting)(struct blob_store *b, struct task *t, struct blob_info **out,
                        size_t *out_count);
};

struct blob_store {
    const struct blob_driver *driver;             /* first member of every driver's own struct */
};

/* The refusals every driver words alike. */
enum err fail_no_blob(struct task *t, const char *key);
enum err fail_blob_is_folder(struct task *t, const char *key);

enum err blob_memory_open(struct task *t, struct blob_store **out);

/*
 * Files below `folder` (made when missing), one a key. Drafts are O_TMPFILE there and are linked
 * into place: no copy. Nothing outside the folder can be reached, through links either. After a
 * failed fsync no put is acknowledged.
 */
enum err blob_local_open(struct task *t, const char *folder, struct blob_store **out);

struct aws_account;

struct blob_s3_options {
    struct aws_account *account; /* borrowed; outlives the store */
    const char *bucket, *prefix; /* prefix: "" or keys' form without a slash at its end */
    const char *region;          /* NULL: the account's */
    const char *endpoint;        /* NULL: the account's, or AWS */
    bool path_style;             /* the bucket in the path: usual at endpoints of one's own */
    const char *folder;          /* on this machine: drafts, files that wait, the cache */
    int64_t cache_bytes;         /* how much is kept of what was fetched; 0: nothing */
    /* for tests; 0 for what is usual */
    int64_t part_bytes;          /* of a multipart upload, which larger files are sent by */
    int64_t retry_us;            /* between two tries to send what waits; the first of them */
    int64_t wait_us;             /* as of aws_options */
};

/*
 * Objects of an S3 bucket, or of a server that speaks its protocol. A blob is fetched whole when it
 * is opened, into a bounded cache on this machine; a draft is a file here, and gone when it was
 * sent and what arrived was verified. Drafts that could not be sent are kept and tried again
 * (blob_waiting()) by a thread of the store's own. Calls nobody when it is opened.
 *
 * Two processes that put "a" and "a/b" in the same instant may both succeed.
 */
enum err blob_s3_open(struct task *t, const struct blob_s3_options *options,
                      struct blob_store **out);

/* Fails the n-th call; see store_flaky. */
struct blob_flaky {
    struct blob_store  store;
    struct blob_store *under;
    int                calls, fail_at;
    bool               after;
    enum err           error;
    void             (*end)(void);    /* called where it fails: the process may end there */
};
struct blob_store *blob_flaky_init(struct blob_flaky *f, struct blob_store *under, int fail_at,
                                   enum err error);
