#pragma once

/*
 * What changed, for those who follow: a ring of ready-made server-sent events that all streams read
 * from, each at its own pace, and a revision per project that tells a cached reply from a fresh
 * one.
 *
 * A stream costs no queue: it is a place in the ring. One that falls more than EVENTS_KEPT behind
 * is told to `resync` (read again what it shows) and goes on from the newest event.
 *
 *     id: 01J...-42            process start, number of the event
 *     event: project           something of the project was written; data {"id","version","status"}
 *     event: deleted           the project is gone; data {"id","version"}
 *     event: progress          a job runs; data {"id","version","kind","sequence","progress"}
 *     event: resync            events were missed; data {}
 *
 * `version` is the event's number; `status` is there when the project itself was written.
 * Threads  any. The lock is a leaf, held for a copy.
 * Source   WHATWG HTML, 9.2 Server-sent events
 */

#include "store/store_watch.h"

enum {
    EVENTS_KEPT = 4096,         /* a film of a thousand scenes while two clients watch closely */
    EVENT_BYTES_MAX = 240,      /* one event as text: an id, a status, a few numbers */
    PROJECT_ID_BYTES = 27,      /* a ULID and its end */
};

struct changes;

struct changes *changes_new(void);
void changes_free(struct changes *c); /* NULL is fine */

/* The store's listener; `context` is the struct changes. */
void changes_of_store(void *context, const struct item_write *writes, size_t count);

/* How far a running job is; 0..1. */
struct job_progress {
    const char *project_id, *kind;
    int64_t sequence;
    double progress;
};
void changes_progress(struct changes *c, const struct job_progress *p);

/* Grows whenever anything of the project changes; "" for anything of any project. */
int64_t changes_revision(const struct changes *c, const char *project_id);

/* The number of the newest event, and a wait for one later than `seen`; returns the newest. */
int64_t changes_newest(struct changes *c);
int64_t changes_wait(struct changes *c, int64_t seen, int64_t timeout_us);

/* Where a stream stands. */
struct event_cursor {
    int64_t after;                     /* the last event it has had */
    bool missed;                       /* some it should have had are gone: a resync is due */
    char project_id[PROJECT_ID_BYTES]; /* "" for all */
};

/* From now on, or after `last_event_id` as a client sends it back; one we do not know is
 * `missed`. */
struct event_cursor changes_follow(struct changes *c, const char *project_id,
                                   const char *last_event_id);

/* Copy whole events that fit into `out`, move the cursor past them, return the bytes; 0: none
 * now. */
size_t changes_read(struct changes *c, struct event_cursor *at, char *out, size_t bytes_max);
