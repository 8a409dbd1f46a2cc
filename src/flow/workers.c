/*
 * Every thread has its own task per job and shares nothing with the others but the pool's lock,
 * which guards the slots and the event count. It is never held while a job runs, nor while the
 * heartbeat asks the records about one: that may take a while where they are elsewhere, and no
 * other job waits for it.
 */
#include "flow/workers.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "flow/jobs.h"
#include "flow/paid.h"
#include "flow/steps.h"
#include "flow/webhooks.h"

/* Talking to providers: short looks, and downloads. However many scenes wait, these are enough. */
enum { WORKERS_MAX = 64, WAITERS = 6, CPU_NICENESS = 5 };
#define IDLE_LOOK_US (2 * SECOND_US)
/* How soon a cancelled job is noticed; each look is a request where records are elsewhere. */
#define JOB_LOOK_US        (SECOND_US / 2)
#define JOB_LOOK_REMOTE_US SECOND_US

struct slot {
    struct workers *pool;
    pthread_t thread;
    enum queue_lane lane;
    media_progress progress;
    atomic_bool cancelled;       /* the job of this slot must stop */
    int permille_told;           /* guarded by the pool's lock; see workers_running() */
    struct claimed_job *running; /* guarded by the pool's lock; NULL when idle */
    int holders; /* who renew it or look at it now: it stays until they are done; the same lock */
    char project_id[32], kind[16]; /* of what runs; the same lock. Its record is the worker's own */
    int64_t sequence;
};

struct workers {
    const struct flow *flow;
    int slot_count;
    struct slot slots[WORKERS_MAX];
    pthread_t heartbeat, messenger, sweeper;
    atomic_bool stopping, cancelled;

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    int64_t events; /* grows when work was queued or ended */
    bool faulted;
    struct fault fault;
};

static void event(struct workers *w)
{
    pthread_mutex_lock(&w->lock);
    w->events++;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

/* Another process has pushed something. */
static void ring(void *context)
{
    event(context);
}

/* The records cannot be kept: nothing may be acknowledged any more, so the pool stops. */
static void fault(struct workers *w, const struct task *t)
{
    pthread_mutex_lock(&w->lock);
    if (!w->faulted)
        w->fault = t->fault;
    w->faulted = true;
    pthread_mutex_unlock(&w->lock);
    atomic_store(&w->stopping, true);
    event(w);
}

/* A server that is away for now comes back, and what a newer program has written is for that to
 * read; anything else stops the pool. */
static void trouble(struct workers *w, const struct task *t)
{
    bool passes = err_may_retry(t->fault.code) || record_was_illegible(t);
    if (!w->flow->remote || !passes) {
        fault(w, t);
        return;
    }
    log_line(LOG_WARN, t, "a worker waits", "error=\"%s\"", t->fault.message);
}

static struct timespec after(int64_t wait_us)
{
    struct timespec when;
    clock_gettime(CLOCK_MONOTONIC, &when);
    int64_t us = (int64_t)when.tv_sec * SECOND_US + when.tv_nsec / 1000 + wait_us;
    return (struct timespec){ .tv_sec = us / SECOND_US, .tv_nsec = us % SECOND_US * 1000 };
}

int64_t workers_wait(struct workers *w, int64_t seen, int64_t timeout_us)
{
    struct timespec until = after(timeout_us);
    pthread_mutex_lock(&w->lock);
    while (w->events == seen && pthread_cond_timedwait(&w->changed, &w->lock, &until) == 0) {
    }
    int64_t now = w->events;
    pthread_mutex_unlock(&w->lock);
    return now;
}

static void slot_set(struct slot *s, struct claimed_job *c)
{
    pthread_mutex_lock(&s->pool->lock);
    while (s->holders > 0)
        pthread_cond_wait(&s->pool->changed, &s->pool->lock);
    s->running = c;
    if (c) {
        snprintf(s->project_id, sizeof s->project_id, "%s", c->job.project_id);
        snprintf(s->kind, sizeof s->kind, "%s", c->job.kind);
        s->sequence = c->job.sequence;
    }
    pthread_mutex_unlock(&s->pool->lock);
    atomic_store(&s->progress, 0);
}

/* The step failed with t->fault: an interruption goes back untouched, anything else is given up
 * with its reason. */
static enum err end_badly(struct workers *w, struct task *t, struct claimed_job *c)
{
    if (t->fault.code == ERR_CANCELLED && atomic_load(&w->stopping))
        return job_put_back(w->flow, t, c);
    log_line(LOG_INFO, t, "a job failed", "kind=%s scene=%lld attempt=%lld error=\"%s\"",
             c->job.kind, (long long)c->job.sequence, (long long)c->job.attempt, t->fault.message);
    return job_give_up(w->flow, t, c);
}

static void run_job(struct slot *s, struct task *t, struct claimed_job *c)
{
    struct workers *w = s->pool;
    atomic_store(&s->cancelled, false);
    t->cancelled = &s->cancelled;
    c->progress = &s->progress;
    slot_set(s, c);
    if (atomic_load(&w->cancelled))
        atomic_store(&s->cancelled, true);
    enum err e = step_run(w->flow, t, c, &s->progress);
    slot_set(s, NULL);
    c->progress = NULL;

    t->cancelled = NULL; /* what is known is written down even while stopping */
    enum err kept = e == ERR_CONFLICT || !e ? OK : end_badly(w, t, c);
    if (e == ERR_CONFLICT || kept == ERR_CONFLICT)
        kept = job_let_go(w->flow, t, c);
    if (!kept && !e)
        log_line(LOG_DEBUG, t, "a job is done", "kind=%s scene=%lld took_ms=%lld", c->job.kind,
                 (long long)c->job.sequence, (long long)c->job.took_ms);
    bool waits = c->job.state == JOB_QUEUED; /* it comes again: nothing follows from it yet */
    if (!kept && !waits && !atomic_load(&w->stopping))
        kept = flow_go_on(w->flow, t, c->job.project_id);
    if (kept && kept != ERR_CONFLICT && kept != ERR_NOT_FOUND)
        trouble(w, t);
}

/* One claim and, if there was one, its job. NOT_FOUND when the lane had nothing due. */
static enum err work_once(struct slot *s)
{
    struct workers *w = s->pool;
    struct task t;
    struct claimed_job c;
    char id[64];
    snprintf(id, sizeof id, "worker-%d", (int)(s - w->slots));
    task_init(&t, id);
    enum err e = job_claim(w->flow, &t, s->lane, &c);
    if (!e) {
        run_job(s, &t, &c);
        pthread_mutex_destroy(&c.lock);
    } else if (e != ERR_NOT_FOUND) {
        trouble(w, &t);
    }
    task_done(&t);
    return e;
}

static int64_t idle_us(struct slot *s)
{
    struct task t;
    int64_t due = INT64_MAX;
    task_init(&t, "idle");
    enum err e = queue_next_due(s->pool->flow->queue, &t, s->lane, &due);
    int64_t wait = e || due == INT64_MAX ? IDLE_LOOK_US : due - clock_wall_us(t.clock);
    task_done(&t);
    return wait < 1000 ? 1000 : wait > IDLE_LOOK_US ? IDLE_LOOK_US : wait;
}

/* Drawing and cutting, which take what they get, stand back behind downloads that a provider soon
 * deletes and behind people who ask. A thread of Linux has a niceness of its own, and its children
 * inherit it. */
static void stand_back(const struct slot *s)
{
    if (s->lane == LANE_CPU && setpriority(PRIO_PROCESS, (id_t)gettid(), CPU_NICENESS) != 0)
        log_line(LOG_DEBUG, NULL, "a worker keeps its priority", "errno=%d", errno);
}

static void *worker_main(void *argument)
{
    struct slot *s = argument;
    struct workers *w = s->pool;
    stand_back(s);
    int64_t seen = workers_wait(w, -1, 0);
    while (!atomic_load(&w->stopping)) {
        enum err e = work_once(s);
        if (!e) {
            event(w);
            continue;
        }
        /* what cannot be claimed now may be due all the while */
        int64_t wait_us = e == ERR_NOT_FOUND ? idle_us(s) : IDLE_LOOK_US;
        queue_idle(w->flow->queue, s->lane, 1);
        seen = workers_wait(w, seen, wait_us);
        queue_idle(w->flow->queue, s->lane, -1);
    }
    return NULL;
}

/* What runs in a slot, which stays there until it is let go; NULL when nothing does. */
static struct claimed_job *hold(struct slot *s)
{
    pthread_mutex_lock(&s->pool->lock);
    struct claimed_job *c = s->running;
    s->holders += c != NULL;
    pthread_mutex_unlock(&s->pool->lock);
    return c;
}

static void let_go(struct slot *s)
{
    pthread_mutex_lock(&s->pool->lock);
    s->holders--;
    pthread_cond_broadcast(&s->pool->changed);
    pthread_mutex_unlock(&s->pool->lock);
}

static void renew(struct slot *s, struct task *t, struct claimed_job *c)
{
    if (job_renew(s->pool->flow, t, c) != OK)
        log_line(LOG_WARN, t, "a lease could not be renewed", "error=\"%s\"", t->fault.message);
}

/* A job that was cancelled, or taken over by another process, stops where it is. */
static void look(struct slot *s, struct task *t, struct claimed_job *c)
{
    if (job_look(s->pool->flow, t, c) == ERR_CONFLICT)
        atomic_store(&s->cancelled, true);
}

static void for_all_running(struct workers *w,
                            void (*see_to)(struct slot *s, struct task *t, struct claimed_job *c))
{
    struct task t;
    task_init(&t, "heartbeat");
    for (int i = 0; i < w->slot_count; i++) {
        struct claimed_job *c = hold(&w->slots[i]);
        if (!c)
            continue;
        see_to(&w->slots[i], &t, c);
        let_go(&w->slots[i]);
    }
    task_done(&t);
}

/* Wake-ups can get lost, and workers elsewhere end without a word: somebody looks all the same.
 * When the whole program stood still our own leases have lapsed, too, and this thread may be the
 * first to run again: what is in our hands is renewed before anybody is taken for gone. */
static void sweep(struct workers *w)
{
    struct task t;
    for_all_running(w, renew);
    task_init(&t, "sweep");
    t.cancelled = &w->stopping;
    if (paid_recover(w->flow, &t) != OK && t.fault.code != ERR_CANCELLED)
        log_line(LOG_WARN, &t, "open calls could not be looked through", "error=\"%s\"",
                 t.fault.message);
    if (jobs_sweep(w->flow, &t) != OK && t.fault.code != ERR_CANCELLED)
        log_line(LOG_WARN, &t, "jobs could not be looked through", "error=\"%s\"",
                 t.fault.message);
    task_done(&t);
    event(w);
}

static void *heartbeat_main(void *argument)
{
    struct workers *w = argument;
    int64_t look_us = w->flow->remote ? JOB_LOOK_REMOTE_US : JOB_LOOK_US;
    int64_t renewed = clock_monotonic_us(&clock_real), looked = renewed;
    while (!atomic_load(&w->stopping)) {
        workers_wait(w, workers_wait(w, -1, 0), SECOND_US);
        int64_t now = clock_monotonic_us(&clock_real);
        if (now - looked >= look_us) {
            for_all_running(w, look);
            looked = now;
        }
        if (now - renewed < job_lease_us(w->flow) / 6)
            continue;
        for_all_running(w, renew);
        renewed = now;
    }
    return NULL;
}

/* A thread of its own: many projects take a while, and leases do not wait. */
static void *sweeper_main(void *argument)
{
    struct workers *w = argument;
    int64_t swept = clock_monotonic_us(&clock_real);
    while (!atomic_load(&w->stopping)) {
        workers_wait(w, workers_wait(w, -1, 0), SECOND_US);
        if (clock_monotonic_us(&clock_real) - swept < job_lease_us(w->flow))
            continue;
        sweep(w);
        swept = clock_monotonic_us(&clock_real);
    }
    return NULL;
}

/* News for others; its failures are written down and tried again, and stop nobody. */
static void *messenger_main(void *argument)
{
    struct workers *w = argument;
    int64_t seen = -1;
    while (!atomic_load(&w->stopping)) {
        struct task t;
        int64_t wait_us;
        task_init(&t, "messenger");
        t.cancelled = &w->stopping;
        enum err e = webhooks_tell(w->flow, &t, &wait_us);
        if (e && e != ERR_CANCELLED)
            log_line(LOG_WARN, &t, "webhooks could not be told", "error=\"%s\"", t.fault.message);
        task_done(&t);
        if (e || wait_us > 0)
            seen = workers_wait(w, seen, e || wait_us > IDLE_LOOK_US ? IDLE_LOOK_US : wait_us);
    }
    return NULL;
}

static int core_count(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > WORKERS_MAX - 1 ? WORKERS_MAX - 1 : (int)cores;
}

static void lock_init(struct workers *w)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&w->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&w->lock, NULL);
}

static bool start_slot(struct workers *w, enum queue_lane lane)
{
    struct slot *s = &w->slots[w->slot_count];
    *s = (struct slot){ .pool = w, .lane = lane };
    if (pthread_create(&s->thread, NULL, worker_main, s) != 0)
        return false;
    w->slot_count++;
    return true;
}

static bool start_lane(struct workers *w, const struct workers_options *o, enum queue_lane lane,
                       int threads)
{
    bool wanted = !o->lanes || o->lanes & 1u << lane;
    for (int i = 0; i < threads && wanted; i++) {
        if (!start_slot(w, lane))
            return false;
    }
    return true;
}

enum err workers_start(struct task *t, const struct flow *f, const struct workers_options *options,
                       struct workers **out)
{
    int cpu = options->cpu_count > 0 ? options->cpu_count : core_count();
    if (cpu > WORKERS_MAX - 1 - WAITERS)
        cpu = WORKERS_MAX - 1 - WAITERS;
    struct workers *w = calloc(1, sizeof *w);
    if (!w)
        return fail(t, ERR_INTERNAL, "there is no memory for the workers");
    w->flow = f;
    lock_init(w);
    bool started = start_lane(w, options, LANE_LIGHT, 1) &&
                   start_lane(w, options, LANE_CPU, cpu) &&
                   start_lane(w, options, LANE_WAIT, WAITERS);
    if (!started || pthread_create(&w->heartbeat, NULL, heartbeat_main, w) != 0 ||
        pthread_create(&w->messenger, NULL, messenger_main, w) != 0 ||
        pthread_create(&w->sweeper, NULL, sweeper_main, w) != 0) {
        workers_stop(w, true);
        return fail(t, ERR_INTERNAL, "the worker threads could not be started");
    }
    queue_listen(f->queue, &(struct queue_ear){ ring, w });
    *out = w;
    return OK;
}

void workers_stop(struct workers *w, bool now)
{
    if (!w)
        return;
    atomic_store(&w->stopping, true);
    if (now)
        atomic_store(&w->cancelled, true);
    for (int i = 0; i < w->slot_count && now; i++)
        atomic_store(&w->slots[i].cancelled, true);
    queue_listen(w->flow->queue, NULL);
    event(w);
    for (int i = 0; i < w->slot_count; i++)
        pthread_join(w->slots[i].thread, NULL);
    if (w->heartbeat)
        pthread_join(w->heartbeat, NULL);
    if (w->messenger)
        pthread_join(w->messenger, NULL);
    if (w->sweeper)
        pthread_join(w->sweeper, NULL);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

void workers_nudge(struct workers *w)
{
    event(w);
}

int workers_progress(struct workers *w, const char *project_id, const struct artifact *art)
{
    int found = art->state == ARTIFACT_RUNNING && art->permille > 0 ? art->permille : -1;
    if (!w || art->state != ARTIFACT_RUNNING)
        return found;
    pthread_mutex_lock(&w->lock);
    for (int i = 0; i < w->slot_count; i++) {
        const struct slot *s = &w->slots[i];
        if (s->running && s->sequence == art->sequence &&
            text_equal(s->kind, artifact_kind_names[art->kind]) &&
            text_equal(s->project_id, project_id))
            found = atomic_load(&s->progress);
    }
    pthread_mutex_unlock(&w->lock);
    return found;
}

size_t workers_running(struct workers *w, struct running_job *out, size_t max)
{
    size_t count = 0;
    if (!w)
        return 0;
    pthread_mutex_lock(&w->lock);
    for (int i = 0; i < w->slot_count && count < max; i++) {
        struct slot *s = &w->slots[i];
        if (!s->running)
            continue;
        struct running_job *r = &out[count++];
        memcpy(r->project_id, s->project_id, sizeof r->project_id);
        memcpy(r->kind, s->kind, sizeof r->kind);
        r->sequence = s->sequence;
        r->permille = atomic_load(&s->progress);
        r->moved = r->permille != s->permille_told;
        s->permille_told = r->permille;
    }
    pthread_mutex_unlock(&w->lock);
    return count;
}

bool workers_fault(struct workers *w, struct fault *out)
{
    pthread_mutex_lock(&w->lock);
    bool faulted = w->faulted;
    if (faulted)
        *out = w->fault;
    pthread_mutex_unlock(&w->lock);
    return faulted;
}
