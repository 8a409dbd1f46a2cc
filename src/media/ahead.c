/* A ring of frames between one thread that draws and one that encodes. */
#include "media/ahead.h"

#include <pthread.h>

#include "media/av_encode.h"

enum { RING = 3 };                          /* one being drawn, one ready, one being encoded */

struct ahead {
    struct drawing *drawing;
    int64_t         frame_count;
    AVFrame        *ring[RING];
    pthread_t       thread;
    bool            started;
    pthread_mutex_t lock;                   /* over all below */
    pthread_cond_t  changed;
    int64_t         drawn, given, done;     /* done <= given <= drawn <= done + RING */
    bool            stop, no_memory;
};

static bool slot_wait(struct ahead *a, int64_t *out_number)
{
    pthread_mutex_lock(&a->lock);
    while (!a->stop && a->drawn - a->done == RING)
        pthread_cond_wait(&a->changed, &a->lock);
    *out_number = a->drawn;
    bool go_on  = !a->stop;
    pthread_mutex_unlock(&a->lock);
    return go_on;
}

static void slot_drawn(struct ahead *a, bool ok)
{
    pthread_mutex_lock(&a->lock);
    a->drawn += ok;
    a->no_memory = !ok;
    pthread_cond_broadcast(&a->changed);
    pthread_mutex_unlock(&a->lock);
}

static bool picture_draw(struct ahead *a, int64_t number)
{
    AVFrame *frame = a->ring[number % RING];
    if (av_frame_make_writable(frame) < 0)
        return false;
    draw_frame(a->drawing, (int)number, &(struct draw_target){
        .plane  = { frame->data[0], frame->data[1], frame->data[2] },
        .stride = { frame->linesize[0], frame->linesize[1], frame->linesize[2] },
    });
    return true;
}

static void *draw_all(void *state)
{
    struct ahead *a = state;
    int64_t number;
    for (bool ok = true; ok && slot_wait(a, &number) && number < a->frame_count;) {
        ok = picture_draw(a, number);
        slot_drawn(a, ok);
    }
    return NULL;
}

static enum err ring_fill(struct task *t, const struct film_shape *shape, struct ahead *a)
{
    for (int i = 0; i < RING; i++) {
        enum err e = encoder_frame_new(t, shape, &a->ring[i]);
        if (e)
            return e;
    }
    return OK;
}

enum err ahead_open(struct task *t, struct drawing *drawing, const struct film_shape *shape,
                    int64_t frame_count, struct ahead **out)
{
    scoped(ahead) struct ahead *a = arena_one(t->arena, struct ahead);
    *a = (struct ahead){ .drawing = drawing, .frame_count = frame_count };
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->changed, NULL);
    enum err e = ring_fill(t, shape, a);
    if (e)
        return e;
    a->started = pthread_create(&a->thread, NULL, draw_all, a) == 0;
    if (!a->started)
        return fail(t, ERR_LIMIT, "no thread can be started to draw on");
    *out = take(a);
    return OK;
}

enum err ahead_next(struct task *t, struct ahead *a, AVFrame **out)
{
    pthread_mutex_lock(&a->lock);
    a->done = a->given;
    pthread_cond_broadcast(&a->changed);
    while (a->drawn == a->given && !a->no_memory)
        pthread_cond_wait(&a->changed, &a->lock);
    bool got = a->drawn > a->given;
    *out = a->ring[a->given % RING];
    a->given += got;
    pthread_mutex_unlock(&a->lock);
    return got ? OK : fail(t, ERR_LIMIT, "a picture does not fit into memory");
}

void ahead_close(struct ahead *a)
{
    if (!a)
        return;
    pthread_mutex_lock(&a->lock);
    a->stop = true;
    pthread_cond_broadcast(&a->changed);
    pthread_mutex_unlock(&a->lock);
    if (a->started)
        pthread_join(a->thread, NULL);
    for (int i = 0; i < RING; i++)
        av_frame_free(&a->ring[i]);
    pthread_cond_destroy(&a->changed);
    pthread_mutex_destroy(&a->lock);
}
