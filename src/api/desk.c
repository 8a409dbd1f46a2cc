/* A few threads and a bounded queue: handlers that wait for the store or the media child run
 * here. */
#include "api/server.h"

#include <stdlib.h>

struct desk {
    pthread_t threads[DESK_THREADS];
    int thread_count;

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    struct desk_work *first, **last;
    int waiting;
    bool stopping;
};

static struct desk_work *next_work(struct desk *d)
{
    pthread_mutex_lock(&d->lock);
    while (!d->first && !d->stopping)
        pthread_cond_wait(&d->changed, &d->lock);
    struct desk_work *w = d->first;
    if (w) {
        d->first = w->next;
        d->last = d->first ? d->last : &d->first;
        d->waiting--;
    }
    pthread_mutex_unlock(&d->lock);
    return w;
}

static void *desk_main(void *argument)
{
    for (struct desk_work *w; (w = next_work(argument));)
        w->run(w);
    return NULL;
}

enum err desk_start(struct task *t, struct desk **out)
{
    struct desk *d = calloc(1, sizeof *d);
    if (!d)
        abort();
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->changed, NULL);
    d->last = &d->first;
    while (d->thread_count < DESK_THREADS &&
           pthread_create(&d->threads[d->thread_count], NULL, desk_main, d) == 0)
        d->thread_count++;
    if (d->thread_count < DESK_THREADS) {
        desk_stop(d);
        return fail(t, ERR_UNAVAILABLE, "the threads of the server could not be started");
    }
    *out = d;
    return OK;
}

bool desk_push(struct desk *d, struct desk_work *w)
{
    pthread_mutex_lock(&d->lock);
    bool room = d->waiting < DESK_QUEUE_MAX;
    if (room) {
        w->next = NULL;
        *d->last = w;
        d->last = &w->next;
        d->waiting++;
        pthread_cond_signal(&d->changed);
    }
    pthread_mutex_unlock(&d->lock);
    return room;
}

void desk_stop(struct desk *d)
{
    if (!d)
        return;
    pthread_mutex_lock(&d->lock);
    d->stopping = true;
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->lock);
    for (int i = 0; i < d->thread_count; i++)
        pthread_join(d->threads[i], NULL);
    pthread_cond_destroy(&d->changed);
    pthread_mutex_destroy(&d->lock);
    free(d);
}
