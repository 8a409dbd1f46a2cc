/*
 * Event streams. A stream that has had everything is suspended: it costs its connection's memory
 * and the struct below, and no thread. One thread waits for changes, wakes the streams that have
 * something to read, looks now and then how far running jobs are, and lets every stream say that it
 * is still there.
 */
#include "api/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

#define GATHER_US   (20 * 1000)         /* changes close together wake a stream once */
#define PROGRESS_US (500 * 1000)
enum { RUNNING_MAX = 64 };

struct stream {
    struct streams *all;
    struct MHD_Connection *connection;
    struct event_cursor at;
    bool greeted;

    /* guarded by the streams' lock */
    size_t index;
    bool suspended;
    int64_t revision; /* of what it follows, when it was last read to the end */
    int64_t beat;
};

struct streams {
    struct api *api;
    pthread_t thread;
    bool running;
    atomic_bool ending;

    pthread_mutex_t lock; /* guards what follows */
    struct stream **streams;
    size_t count, capacity;
    int64_t beat; /* grows every HEARTBEAT_SECONDS */
};

/* ---- reading, on the loop ---- */

static size_t greet(struct stream *s, char *out, size_t bytes_max)
{
    struct rng r = rng_new((uint64_t)(uintptr_t)s ^ (uint64_t)clock_wall_us(&clock_real));
    int bytes = snprintf(out, bytes_max, "retry: %d\n\n", 2000 + rng_below(&r, 5000));
    s->greeted = true;
    return bytes > 0 && (size_t)bytes < bytes_max ? (size_t)bytes : 0;
}

/* Nothing to read: wait for the next change, unless it happened meanwhile. */
static ssize_t rest(struct stream *s, int64_t revision, char *out)
{
    struct streams *all = s->all;
    ssize_t bytes = 0;
    pthread_mutex_lock(&all->lock);
    s->revision = revision;
    if (atomic_load(&all->ending)) {
        bytes = MHD_CONTENT_READER_END_OF_STREAM;
    } else if (s->beat != all->beat) {
        s->beat = all->beat;
        memcpy(out, ":\n\n", 3);
        bytes = 3;
    } else if (changes_revision(all->api->changes, s->at.project_id) == revision) {
        s->suspended = true;
        MHD_suspend_connection(s->connection);
    } else {
        memcpy(out, "\n", 1); /* an empty line between events says nothing */
        bytes = 1;
    }
    pthread_mutex_unlock(&all->lock);
    return bytes;
}

static ssize_t stream_read(void *context, uint64_t position, char *out, size_t bytes_max)
{
    struct stream *s = context;
    (void)position;
    if (bytes_max < EVENT_BYTES_MAX)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (!s->greeted)
        return (ssize_t)greet(s, out, bytes_max);
    int64_t revision = changes_revision(s->all->api->changes, s->at.project_id);
    size_t bytes = changes_read(s->all->api->changes, &s->at, out, bytes_max);
    return bytes > 0 ? (ssize_t)bytes : rest(s, revision, out);
}

/* ---- coming and going ---- */

static void stream_add(struct stream *s)
{
    struct streams *all = s->all;
    pthread_mutex_lock(&all->lock);
    if (all->count == all->capacity) {
        all->capacity = all->capacity ? 2 * all->capacity : 64;
        all->streams = realloc(all->streams, all->capacity * sizeof *all->streams);
        if (!all->streams)
            abort();
    }
    s->beat = all->beat;
    s->index = all->count;
    all->streams[all->count++] = s;
    pthread_mutex_unlock(&all->lock);
}

static void stream_free(void *context)
{
    struct stream *s = context;
    struct streams *all = s->all;
    pthread_mutex_lock(&all->lock);
    all->streams[s->index] = all->streams[--all->count];
    all->streams[s->index]->index = s->index;
    pthread_mutex_unlock(&all->lock);
    free(s);
}

struct MHD_Response *streams_response(struct streams *all, struct MHD_Connection *connection,
                                      const struct event_cursor *at)
{
    struct stream *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    *s = (struct stream){ .all = all, .connection = connection, .at = *at };
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, 2 * EVENT_BYTES_MAX, stream_read, s, stream_free);
    if (response)
        stream_add(s);
    else
        free(s);
    return response;
}

int64_t streams_count(struct streams *all)
{
    pthread_mutex_lock(&all->lock);
    int64_t count = (int64_t)all->count;
    pthread_mutex_unlock(&all->lock);
    return count;
}

/* ---- waking ---- */

static void wake(struct streams *all)
{
    pthread_mutex_lock(&all->lock);
    for (size_t i = 0; i < all->count; i++) {
        struct stream *s = all->streams[i];
        bool news = atomic_load(&all->ending) || s->beat != all->beat ||
                    changes_revision(all->api->changes, s->at.project_id) != s->revision;
        if (s->suspended && news) {
            s->suspended = false;
            MHD_resume_connection(s->connection);
        }
    }
    pthread_mutex_unlock(&all->lock);
}

/* What the workers of this process are doing, told when it has moved. */
static void tell_progress(struct streams *all)
{
    struct running_job jobs[RUNNING_MAX];
    size_t count = workers_running(all->api->workers, jobs, RUNNING_MAX);
    for (size_t i = 0; i < count; i++) {
        if (jobs[i].moved)
            changes_progress(all->api->changes,
                             &(struct job_progress){ jobs[i].project_id, jobs[i].kind,
                                                     jobs[i].sequence, jobs[i].permille / 1000.0 });
    }
}

static void *streams_main(void *argument)
{
    struct streams *all = argument;
    int64_t seen = 0, beat_us = clock_monotonic_us(&clock_real), progress_us = beat_us;
    while (!atomic_load(&all->ending)) {
        int64_t newest = changes_wait(all->api->changes, seen, PROGRESS_US);
        int64_t now_us = clock_monotonic_us(&clock_real);
        if (now_us - progress_us >= PROGRESS_US) {
            tell_progress(all);
            progress_us = now_us;
        }
        if (now_us - beat_us >= HEARTBEAT_SECONDS * SECOND_US) {
            pthread_mutex_lock(&all->lock);
            all->beat++;
            pthread_mutex_unlock(&all->lock);
            beat_us = now_us;
        } else if (newest == seen) {
            continue;
        }
        seen = newest;
        wake(all);
        usleep(GATHER_US);
    }
    return NULL;
}

enum err streams_start(struct task *t, struct api *a, struct streams **out)
{
    struct streams *all = calloc(1, sizeof *all);
    if (!all)
        abort();
    all->api = a;
    pthread_mutex_init(&all->lock, NULL);
    all->running = pthread_create(&all->thread, NULL, streams_main, all) == 0;
    *out = all;
    return all->running ? OK
                        : fail(t, ERR_UNAVAILABLE, "the thread of events could not be started");
}

void streams_stop(struct streams *all)
{
    if (!all)
        return;
    atomic_store(&all->ending, true);
    if (all->running)
        pthread_join(all->thread, NULL);
    all->running = false;
    wake(all);
}

void streams_free(struct streams *all)
{
    if (!all)
        return;
    free(all->streams);
    pthread_mutex_destroy(&all->lock);
    free(all);
}
