/*
 * Events are written out once, when they happen; streams copy them from the ring. Revisions are
 * counters in a table by the hash of the project's id: two projects that share one only make each
 * other's cached replies be built once more.
 */
#include "api/changes.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/rng.h"
#include "base/text.h"

enum { REVISIONS = 1 << 14 };

struct event {
    char project_id[PROJECT_ID_BYTES];
    char text[EVENT_BYTES_MAX];
    size_t bytes;
};

struct changes {
    char start[24]; /* of this process: what the ids of its events begin with */
    _Atomic int64_t revisions[REVISIONS], all;

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t grown;
    int64_t newest; /* events are numbered from 1 */
    struct event ring[EVENTS_KEPT];
};

struct changes *changes_new(void)
{
    struct changes *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    snprintf(c->start, sizeof c->start, "%" PRIx64, clock_wall_us(&clock_real));
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&c->grown, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

void changes_free(struct changes *c)
{
    if (!c)
        return;
    pthread_cond_destroy(&c->grown);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* ---- revisions ---- */

static _Atomic int64_t *revision_of(const struct changes *c, const char *project_id)
{
    struct changes *writable = (struct changes *)c;
    if (!*project_id)
        return &writable->all;
    return &writable->revisions[rng_seed_from_text(project_id) % REVISIONS];
}

int64_t changes_revision(const struct changes *c, const char *project_id)
{
    return atomic_load(revision_of(c, project_id));
}

static void revise(struct changes *c, const char *project_id)
{
    atomic_fetch_add(revision_of(c, project_id), 1);
    atomic_fetch_add(&c->all, 1);
}

/* ---- writing ---- */

/* The next place in the ring, the lock held; the event is there once event_end() has been
 * called. */
static struct event *event_begin(struct changes *c, const char *name, const char *project_id)
{
    int64_t number = ++c->newest;
    struct event *e = &c->ring[number % EVENTS_KEPT];
    char id[PROJECT_ID_BYTES], start[sizeof c->start];
    snprintf(id, sizeof id, "%s", project_id);
    memcpy(start, c->start, sizeof start);
    memcpy(e->project_id, id, sizeof id);
    e->bytes = (size_t)snprintf(e->text, sizeof e->text,
                                "id: %s-%" PRId64 "\nevent: %s\ndata: {\"id\":\"%s\",\"version\":%"
                                PRId64, start, number, name, id, number);
    return e;
}

static void event_end(struct changes *c, struct event *e, const char *more)
{
    size_t room = sizeof e->text - e->bytes;
    e->bytes += (size_t)snprintf(e->text + e->bytes, room, "%s}\n\n", more);
    pthread_cond_broadcast(&c->grown);
}

/* The id in "PROJECT#id"; NULL for other records. */
static const char *project_of(const struct item *item)
{
    const char *pk = item->pk;
    return text_starts(pk, "PROJECT#") && strlen(pk) < 8 + PROJECT_ID_BYTES ? pk + 8 : NULL;
}

/* A transaction changes one project as a rule; its own record tells its status. */
static const struct item_write *telling_write(const struct item_write *writes, size_t count)
{
    const struct item_write *found = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct item_write *w = &writes[i];
        if (w->change == ITEM_CHECK || !project_of(&w->item))
            continue;
        if (!found || text_equal(w->item.sk, "METADATA"))
            found = w;
    }
    return found;
}

void changes_of_store(void *context, const struct item_write *writes, size_t count)
{
    struct changes *c = context;
    const struct item_write *w = telling_write(writes, count);
    if (!w)
        return;
    const char *id = project_of(&w->item);
    bool itself = text_equal(w->item.sk, "METADATA");
    bool deleted = itself && w->change == ITEM_DELETE;
    char more[64] = "";
    if (itself && !deleted)
        snprintf(more, sizeof more, ",\"status\":\"%.20s\"", w->item.index_pk);
    revise(c, id);
    pthread_mutex_lock(&c->lock);
    event_end(c, event_begin(c, deleted ? "deleted" : "project", id), more);
    pthread_mutex_unlock(&c->lock);
}

void changes_progress(struct changes *c, const struct job_progress *p)
{
    char more[96];
    snprintf(more, sizeof more, ",\"kind\":\"%.20s\",\"sequence\":%" PRId64 ",\"progress\":%.3f",
             p->kind, p->sequence, p->progress);
    revise(c, p->project_id);
    pthread_mutex_lock(&c->lock);
    event_end(c, event_begin(c, "progress", p->project_id), more);
    pthread_mutex_unlock(&c->lock);
}

/* ---- following ---- */

int64_t changes_newest(struct changes *c)
{
    pthread_mutex_lock(&c->lock);
    int64_t newest = c->newest;
    pthread_mutex_unlock(&c->lock);
    return newest;
}

int64_t changes_wait(struct changes *c, int64_t seen, int64_t timeout_us)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t us = (int64_t)until.tv_sec * SECOND_US + until.tv_nsec / 1000 + timeout_us;
    until = (struct timespec){ .tv_sec = us / SECOND_US, .tv_nsec = us % SECOND_US * 1000 };
    pthread_mutex_lock(&c->lock);
    while (c->newest == seen && pthread_cond_timedwait(&c->grown, &c->lock, &until) == 0) {
    }
    int64_t newest = c->newest;
    pthread_mutex_unlock(&c->lock);
    return newest;
}

/* The number in "START-number" of this process; -1 for any other text. */
static int64_t event_number(const struct changes *c, const char *id)
{
    size_t start = strlen(c->start);
    char *end;
    if (strncmp(id, c->start, start) != 0 || id[start] != '-' || id[start + 1] < '0' ||
        id[start + 1] > '9')
        return -1;
    long long number = strtoll(id + start + 1, &end, 10);
    return *end ? -1 : number;
}

struct event_cursor changes_follow(struct changes *c, const char *project_id,
                                   const char *last_event_id)
{
    int64_t newest = changes_newest(c);
    struct event_cursor at = { .after = newest };
    snprintf(at.project_id, sizeof at.project_id, "%s", project_id);
    if (last_event_id && *last_event_id) {
        int64_t number = event_number(c, last_event_id);
        if (number >= 0 && number <= newest)
            at.after = number;
        else
            at.missed = true;
    }
    return at;
}

/* The lock is held. Skips to the newest when what comes next has been overwritten. */
static size_t write_resync(struct changes *c, struct event_cursor *at, char *out, size_t bytes_max)
{
    int written = snprintf(out, bytes_max, "id: %s-%" PRId64 "\nevent: resync\ndata: {}\n\n",
                           c->start, c->newest);
    if (written < 0 || (size_t)written >= bytes_max)
        return 0;
    at->after = c->newest;
    at->missed = false;
    return (size_t)written;
}

static size_t copy_events(struct changes *c, struct event_cursor *at, char *out, size_t bytes_max)
{
    size_t bytes = 0;
    while (at->after < c->newest) {
        const struct event *e = &c->ring[(at->after + 1) % EVENTS_KEPT];
        bool wanted = !*at->project_id || text_equal(e->project_id, at->project_id);
        if (wanted && bytes + e->bytes > bytes_max)
            break;
        if (wanted) {
            memcpy(out + bytes, e->text, e->bytes);
            bytes += e->bytes;
        }
        at->after++;
    }
    return bytes;
}

size_t changes_read(struct changes *c, struct event_cursor *at, char *out, size_t bytes_max)
{
    pthread_mutex_lock(&c->lock);
    at->missed |= c->newest - at->after >= EVENTS_KEPT;
    size_t bytes = at->missed ? write_resync(c, at, out, bytes_max)
                              : copy_events(c, at, out, bytes_max);
    pthread_mutex_unlock(&c->lock);
    return bytes;
}
