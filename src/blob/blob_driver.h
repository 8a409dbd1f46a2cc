#pragma once

/* For those who implement a blob store. Keys have been checked before a driver is called. */

#include "blob/blob.h"

struct blob_driver {
    const char *name;                 /* "memory", "local" */
    enum err (*draft)(struct blob_store *b, struct task *t, struct draft *out);
    enum err (*put)(struct blob_store *b, struct task *t, const char *key, struct draft *draft);
    enum err (*open)(struct blob_store *b, struct task *t, const char *key, int *out_fd);
    enum err (*stat)(struct blob_store *b, struct task *t, const char *key, struct blob_info *out);
    enum err (*list)(struct blob_store *b, struct task *t, const char *prefix,
                     struct blob_info **out, size_t *out_count);
    enum err (*remove)(struct blob_store *b, struct task *t, const char *key);
    void     (*close)(struct blob_store *b);
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
