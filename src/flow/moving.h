#pragma once

/*
 * Moving house: every record and every file of one place copied to another, so that the program
 * finds there what it has here.
 *
 * Resumable   what is there already is left when it is the same: a record by all it says, a file by
 *             its length, as its key never names other bytes. A copy that was cut off is run again
 * Verified    a file that is copied is read back and has the same SHA-256; each record is read back
 *             once all are written
 * Safe        nothing of the source is changed, nothing at the destination is replaced. A film's
 *             own record is written last: until its scenes and files are there, it is not
 * Errors      CONFLICT a film is being made at the source, or a record is at the destination and
 *             differs; INTERNAL something read back is not what was written; else as store and
 *             blobs
 */

#include "blob/blob.h"
#include "store/store.h"

struct place {
    struct store *store;
    struct blob_store *blobs;
};

struct moved {
    int64_t files, files_there, bytes; /* copied; there before */
    int64_t records, records_there;
};

/* Called now and then from the same thread. */
typedef void moving_progress(void *context, const struct moved *so_far);

/* *so_far counts up while it runs, also where it fails. */
enum err move_all(struct task *t, const struct place *from, const struct place *to,
                  moving_progress *progress, void *context, struct moved *so_far);
