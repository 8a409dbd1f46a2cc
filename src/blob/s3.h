#pragma once

/* The parts of the S3 driver, to each other. Inside the room only. */

#include <pthread.h>

#include "blob/blob_cache.h"
#include "blob/blob_driver.h"
#include "net/aws.h"

enum { S3_FOLDERS_KNOWN = 4096 };

/* Sends what waits, in a thread of its own. */
struct s3_sender {
    pthread_t thread;
    struct task task;
    atomic_bool stopped;
    int64_t first_us;      /* the wait after a first failure */
    pthread_mutex_t lock;  /* guards, with `woken`: */
    pthread_cond_t woken;
    bool has_work;
};

struct s3_store {
    struct blob_store store;
    struct aws *aws;
    char *bucket, *prefix; /* prefix: "" or "a/b/" */
    char *folder;
    int64_t part_bytes;
    struct blob_cache *cache;
    struct blob_store *waiting; /* files that could not be sent, by their keys */
    struct s3_sender sender;
    atomic_bool no_conditions;  /* the server knows no If-None-Match on a put */
    atomic_bool away;           /* the last put failed of that */

    pthread_mutex_t lock;       /* guards all below */
    /* folders seen to be none of a blob's own name, by hash; forgotten when anything is removed */
    uint64_t folders[S3_FOLDERS_KNOWN];
};

/* "/prefix/key" */
const char *s3_path(const struct s3_store *s, struct task *t, const char *key);

/* A success, or the refusal for this key: NOT_FOUND for what is not there. `doing`: "fetch". */
enum err s3_ask(struct s3_store *s, struct task *t, const struct aws_request *r, const char *doing,
                const char *key, struct aws_reply *out);
enum err s3_refusal(struct s3_store *s, struct task *t, const struct aws_reply *reply,
                    const char *doing, const char *key);

/* Encrypted with keys of the bucket's or the sender's own: its ETag is of the usual form, and no
 * MD5. */
bool s3_has_own_keys(const struct net_reply *r);

/* What is known of an object without fetching it. */
struct s3_head {
    int64_t bytes;
    const char *etag; /* without quotes */
    bool own_keys;    /* s3_has_own_keys() */
};
enum err s3_head(struct s3_store *s, struct task *t, const char *key, struct s3_head *out);

/* How many bytes, by their header; -1 when it does not say. */
int64_t s3_length(const char *digits);

/*
 * Send a file under a key, verified; OK as well when the key exists. The file is read from offset
 * 0 and stays.
 */
enum err s3_send(struct s3_store *s, struct task *t, const char *key, int fd);

/* Fetch an object into a file, verified. */
enum err s3_fetch(struct s3_store *s, struct task *t, const char *key, int fd);

/* One object, or many by the thousand; what is not there is fine. Nothing of them stays here. */
enum err s3_delete(struct s3_store *s, struct task *t, const char *key);
enum err s3_delete_all(struct s3_store *s, struct task *t, const char *const *keys, size_t count);

/* What browsers are told a file is, by its name's end. */
const char *s3_content_type(const char *key);

/* Keeps a file that could not be sent; adds to the fault that is there. Hands `why` back. */
enum err s3_keep(struct s3_store *s, struct task *t, const char *key, const struct draft *draft,
                 enum err why);

/* It arrived after all, or is not wanted any more. */
void s3_forget(struct s3_store *s, struct task *t, const char *key);

enum err s3_sender_start(struct task *t, struct s3_store *s, int64_t retry_us);
void s3_sender_stop(struct s3_store *s);
