/*
 * What could not be sent waits as a file under its key in a folder of its own, a local store, so a
 * kill leaves it whole or absent. One thread tries again, soon at first and then less and less
 * often; it does nothing while nothing waits. Another process may send the same file: the second
 * one finds the key taken, which is fine.
 */
#include "blob/s3.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"

#define FIRST_US (5 * SECOND_US)
#define MOST_US  (300 * SECOND_US)

/* ---- keeping ---- */

/* What may pass, or be put right by a person; a key that cannot be used will not. */
static bool may_pass(enum err why)
{
    return err_may_retry(why) || why == ERR_AUTH || why == ERR_FORBIDDEN;
}

static void wake(struct s3_sender *w)
{
    pthread_mutex_lock(&w->lock);
    w->has_work = true;
    pthread_cond_signal(&w->woken);
    pthread_mutex_unlock(&w->lock);
}

/* By a second descriptor: the draft stays the caller's. */
enum err s3_keep(struct s3_store *s, struct task *t, const char *key, const struct draft *draft,
                 enum err why)
{
    struct fault fault = t->fault;
    struct task own = *t;
    scoped(draft) struct draft second = { .fd = fcntl(draft->fd, F_DUPFD_CLOEXEC, 0) };
    if (!may_pass(why) || second.fd < 0)
        return why;
    own.cancelled = NULL;
    own.deadline_us = INT64_MAX;
    if (s->waiting->driver->put(s->waiting, &own, key, &second) == OK) {
        size_t used = strlen(fault.message);
        snprintf(fault.message + used, sizeof fault.message - used,
                 "; the file is kept here and will be sent (storyreel doctor lists it)");
        wake(&s->sender);
    }
    t->fault = fault;
    return why;
}

void s3_forget(struct s3_store *s, struct task *t, const char *key)
{
    struct fault before = t->fault;
    (void)!s->waiting->driver->remove(s->waiting, t, key);
    t->fault = before;
}

/* ---- sending ---- */

static enum err send_one(struct s3_store *s, struct task *t, const char *key)
{
    scoped(fd) int fd = -1;
    enum err e = s->waiting->driver->open(s->waiting, t, key, &fd);
    if (e == ERR_NOT_FOUND)
        return OK;
    if (!e)
        e = s3_send(s, t, key, fd);
    if (e == ERR_CANCELLED)
        return e;
    if (e) {
        log_line(LOG_WARN, t, "a file still waits to be sent", "key=%s why=\"%s\"", key,
                 t->fault.message);
        return e;
    }
    s3_forget(s, t, key);
    log_line(LOG_INFO, t, "a file that waited was sent", "key=%s", key);
    return OK;
}

/* True when nothing waits any more. A file that is refused for itself does not hold others up. */
static bool send_all(struct s3_store *s)
{
    struct task t = s->sender.task;
    struct blob_info *files;
    size_t count, failed = 0;
    t.arena = arena_new();
    enum err e = s->waiting->driver->list(s->waiting, &t, "", &files, &count);
    for (size_t i = 0; !err_may_retry(e) && e != ERR_CANCELLED && i < count; i++) {
        e = send_one(s, &t, files[i].key);
        failed += e != OK;
    }
    arena_free(t.arena);
    return e == OK && failed == 0;
}

/* Until there is work, or for so long when there was some that failed. */
static void wait_for_work(struct s3_sender *w, int64_t rest_us)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    int64_t nanoseconds = until.tv_nsec + rest_us % SECOND_US * 1000;
    until.tv_sec += (time_t)(rest_us / SECOND_US + nanoseconds / 1000000000);
    until.tv_nsec = nanoseconds % 1000000000;
    pthread_mutex_lock(&w->lock);
    while (!atomic_load(&w->stopped) && !w->has_work && rest_us == 0)
        pthread_cond_wait(&w->woken, &w->lock);
    while (!atomic_load(&w->stopped) && rest_us > 0 &&
           pthread_cond_timedwait(&w->woken, &w->lock, &until) == 0)
        ;
    w->has_work = false;
    pthread_mutex_unlock(&w->lock);
}

static void *run(void *context)
{
    struct s3_store *s = context;
    struct s3_sender *w = &s->sender;
    int64_t rest_us = 0;
    while (!atomic_load(&w->stopped)) {
        wait_for_work(w, rest_us);
        if (atomic_load(&w->stopped))
            break;
        bool done = send_all(s);
        int64_t longer_us = rest_us ? rest_us * 2 : w->first_us;
        rest_us = done ? 0 : longer_us < MOST_US ? longer_us : MOST_US;
    }
    return NULL;
}

enum err s3_sender_start(struct task *t, struct s3_store *s, int64_t retry_us)
{
    struct s3_sender *w = &s->sender;
    struct blob_info *files;
    size_t count;
    enum err e = blob_list(s->waiting, t, "", &files, &count);
    if (e)
        return e;
    w->first_us = retry_us ? retry_us : FIRST_US;
    w->has_work = count > 0;
    w->task = (struct task){ .id = "uploads",
                             .clock = &clock_real,
                             .deadline_us = INT64_MAX,
                             .cancelled = &w->stopped };
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->woken, NULL);
    if (pthread_create(&w->thread, NULL, run, s) != 0)
        abort();
    return OK;
}

void s3_sender_stop(struct s3_store *s)
{
    struct s3_sender *w = &s->sender;
    if (!w->thread)
        return;
    pthread_mutex_lock(&w->lock);
    atomic_store(&w->stopped, true);
    pthread_cond_signal(&w->woken);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->woken);
}
