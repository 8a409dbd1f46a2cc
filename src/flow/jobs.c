#include "flow/jobs.h"

#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/rng.h"
#include "base/text.h"
#include "flow/webhooks.h"

/* A job that was under way each time the program ended may be what ends it. Where many machines are
 * at work they come and go for reasons of their own. */
enum { CRASHES_MAX = 3, CRASHES_SHARED_MAX = 10 };
#define BACKOFF_FIRST_US SECOND_US
#define BACKOFF_MAX_US   (300 * SECOND_US)
/* our own media or records are away: a look now and then */
#define BACKOFF_HOUSE_US (10 * SECOND_US)

static enum queue_lane lane_of(const struct job *j)
{
    if (!text_is_empty(j->spend))
        return LANE_WAIT;
    return text_equal(j->kind, "plan") ? LANE_LIGHT : LANE_CPU;
}

static const char *message_key(struct task *t, const struct job *j)
{
    return arena_format(t->arena, "%s/%s", j->project_id, job_sk(t, j->kind, j->sequence, j->hash));
}

/* The job and what changes with it, in one transaction. */
static enum err job_save_with(const struct flow *f, struct task *t, struct job *j,
                              const struct item_write *writes, size_t count)
{
    struct item_write *all = arena_array(t->arena, struct item_write, count + 2);
    for (size_t i = 0; i < count; i++)
        all[i] = writes[i];
    all[count++] = job_write(t, j);
    count += webhook_of_job(f, t, j, &all[count]);
    enum err e = store_write(f->store, t, all, count);
    if (!e)
        j->version++;
    return e;
}

static enum err job_save(const struct flow *f, struct task *t, struct job *j)
{
    return job_save_with(f, t, j, NULL, 0);
}

/*
 * What became of a wake-up once its record is written. The record is the truth: a message that has
 * passed on is nobody's loss, and one that a queue which is away did not take is sent by the sweep.
 */
static enum err hint_sent(const struct flow *f, struct task *t, enum err e)
{
    if (!e || e == ERR_CONFLICT)
        return OK;
    if (!f->remote || !err_may_retry(e))
        return e;
    log_line(LOG_WARN, t, "a wake-up is left to the sweep", "error=\"%s\"", t->fault.message);
    return OK;
}

static enum err push_hint(const struct flow *f, struct task *t, const struct job *j, int64_t due_us)
{
    return hint_sent(f, t, queue_push(f->queue, t, lane_of(j), message_key(t, j), due_us));
}

int64_t job_lease_us(const struct flow *f)
{
    return f->lease_us > 0 ? f->lease_us : JOB_LEASE_US;
}

static void job_requeue(struct task *t, struct job *j, int64_t due_us)
{
    j->state = JOB_QUEUED;
    j->due_us = due_us;
    j->worker = "";
    j->lease_until_us = 0;
    (void)t;
}

static struct job job_new(struct task *t, const char *project_id, const struct artifact *art)
{
    return (struct job){
        .project_id = project_id,
        .kind = artifact_kind_names[art->kind],
        .sequence = art->sequence,
        .hash = art->hash,
        .parts = art->parts,
        .step = "",
        .spend = "",
        .created_at = time_iso8601(t->arena, clock_wall_us(t->clock)),
    };
}

/*
 * A job that is done, and what it made is not current: it was undone since (reverted and reverted
 * again), or whoever asks had read the records before it was done. The records say which when they
 * are read again, now that it is known to be done.
 */
static enum err was_undone(const struct flow *f, struct task *t, const char *project_id,
                           const struct artifact *art, bool *out)
{
    struct board now;
    enum err e = board_load(f, t, project_id, &now);
    const struct artifact *same =
        e ? NULL : graph_find(&now.graph, art->kind, art->sequence);
    *out = same && same->state != ARTIFACT_CURRENT && text_equal(same->hash, art->hash);
    return e;
}

static enum err is_to_run(const struct flow *f, struct task *t, const struct job *j,
                          const struct artifact *art, bool again, bool *out)
{
    *out = j->state == JOB_CANCELLED || (j->state == JOB_FAILED && again);
    return j->state == JOB_DONE ? was_undone(f, t, j->project_id, art, out) : OK;
}

enum err job_prepare(const struct flow *f, struct task *t, const char *project_id,
                     const struct artifact *art, bool again, struct job *out, bool *out_wanted)
{
    const char *sk = job_sk(t, artifact_kind_names[art->kind], art->sequence, art->hash);
    enum err e = job_load(f->store, t, project_id, sk, out);
    *out_wanted = e == ERR_NOT_FOUND;
    if (*out_wanted)
        *out = job_new(t, project_id, art);
    else if (!e)
        e = is_to_run(f, t, out, art, again, out_wanted);
    if (!*out_wanted)
        return e;
    job_requeue(t, out, 0);
    out->attempt = 0;
    out->crashes = 0;
    out->problem = (struct problem){ 0 };
    return OK;
}

enum err job_queue(const struct flow *f, struct task *t, struct job *j,
                   const struct item_write *writes, size_t count)
{
    enum err e = job_save_with(f, t, j, writes, count);
    return e ? e : push_hint(f, t, j, j->due_us);
}

enum err job_enqueue(const struct flow *f, struct task *t, const char *project_id,
                     const struct artifact *art, bool again)
{
    struct job j;
    bool wanted;
    enum err e = job_prepare(f, t, project_id, art, again, &j, &wanted);
    if (e || !wanted)
        return e;
    e = job_queue(f, t, &j, NULL, 0);
    return e == ERR_CONFLICT ? OK : e; /* someone else was faster: it is queued */
}

/* Who waits for one film leaves the others alone; where others are at work, too, the wake-ups are
 * everybody's and so is the sweep, and it works on what comes. */
static bool works_on(const struct flow *f, const char *project_id)
{
    return !f->owns_store || !f->only_project || text_equal(project_id, f->only_project);
}

/* "ID/JOB#..." back into its two halves. */
static enum err load_by_message(const struct flow *f, struct task *t, const char *key,
                                struct job *out)
{
    const char *slash = strchr(key, '/');
    if (!slash)
        return fail(t, ERR_NOT_FOUND, "a message of the queue names no job");
    return job_load(f->store, t, arena_copy_n(t->arena, key, (size_t)(slash - key)), slash + 1,
                    out);
}

static enum err claim_record(const struct flow *f, struct task *t, struct job *j)
{
    int64_t now = clock_wall_us(t->clock);
    if (j->state != JOB_QUEUED || j->due_us > now)
        return fail(t, ERR_CONFLICT, "the job is not waiting");
    j->state = JOB_RUNNING;
    j->epoch += 1;
    j->attempt += 1;
    j->worker = f->worker;
    j->lease_until_us = now + job_lease_us(f);
    j->permille = 0;
    return job_save(f, t, j);
}

/* A stale hint: the record says otherwise. One that came too early, as after a crash between the
 * record and the queue, comes again in time, and so does one of a record that only a newer program
 * can read; any other goes. */
static enum err put_aside(const struct flow *f, struct task *t, const struct claimed_job *c,
                          enum err why)
{
    if (why == ERR_INTERNAL)
        return queue_give_back(f->queue, t, &c->message,
                               clock_wall_us(t->clock) + JOB_NEWER_LOOK_US);
    bool early = why == ERR_CONFLICT && c->job.state == JOB_QUEUED &&
                 c->job.due_us > clock_wall_us(t->clock);
    return early ? queue_give_back(f->queue, t, &c->message, c->job.due_us)
                 : queue_finish(f->queue, t, &c->message);
}

enum err job_claim(const struct flow *f, struct task *t, enum queue_lane lane,
                   struct claimed_job *out)
{
    out->progress = NULL;
    for (;;) {
        enum err e = queue_claim(f->queue, t, lane, job_lease_us(f), &out->message);
        if (e)
            return e;
        e = load_by_message(f, t, out->message.key, &out->job);
        if (!e && !works_on(f, out->job.project_id))
            e = ERR_NOT_FOUND; /* its hint comes back with jobs_recover() */
        if (!e)
            e = claim_record(f, t, &out->job);
        if (!e) {
            pthread_mutex_init(&out->lock, NULL);
            return OK;
        }
        if (e != ERR_CONFLICT && e != ERR_NOT_FOUND && !(e && record_was_illegible(t)))
            return e;
        e = put_aside(f, t, out, e);
        if (e && e != ERR_CONFLICT)
            return e;
    }
}

static void lock_scoped(pthread_mutex_t **lock)
{
    pthread_mutex_unlock(*lock);
}

static pthread_mutex_t *lock_job(struct claimed_job *c)
{
    pthread_mutex_lock(&c->lock);
    return &c->lock;
}

enum err job_renew(const struct flow *f, struct task *t, struct claimed_job *c)
{
    scoped(lock) __attribute__((unused)) pthread_mutex_t *lock = lock_job(c);
    if (c->job.state != JOB_RUNNING)
        return OK;
    c->job.lease_until_us = clock_wall_us(t->clock) + job_lease_us(f);
    c->job.permille = c->progress ? atomic_load(c->progress) : 0;
    enum err e = job_save(f, t, &c->job);
    if (e)
        return e;
    return hint_sent(f, t, queue_renew(f->queue, t, &c->message, job_lease_us(f)));
}

enum err job_look(const struct flow *f, struct task *t, struct claimed_job *c)
{
    scoped(lock) __attribute__((unused)) pthread_mutex_t *lock = lock_job(c);
    const struct job *j = &c->job;
    struct job now;
    if (j->state != JOB_RUNNING)
        return OK;
    enum err e = job_load(f->store, t, j->project_id, job_sk(t, j->kind, j->sequence, j->hash),
                          &now);
    if (e == ERR_NOT_FOUND || (!e && (now.state != JOB_RUNNING || now.epoch != j->epoch)))
        return fail(t, ERR_CONFLICT, "the job is not ours any more");
    return e;
}

static enum err finish_message(const struct flow *f, struct task *t, struct claimed_job *c)
{
    return hint_sent(f, t, queue_finish(f->queue, t, &c->message));
}

enum err job_finish(const struct flow *f, struct task *t, struct claimed_job *c,
                    const struct item_write *writes, size_t count)
{
    scoped(lock) __attribute__((unused)) pthread_mutex_t *lock = lock_job(c);
    struct job done = c->job;
    done.state = JOB_DONE;
    done.step = "";
    done.worker = "";
    done.lease_until_us = 0;
    done.finished_at = time_iso8601(t->arena, clock_wall_us(t->clock));

    struct item_write *all = arena_array(t->arena, struct item_write, count + 1);
    all[0] = job_write(t, &done);
    for (size_t i = 0; i < count; i++)
        all[i + 1] = writes[i];
    enum err e = store_write(f->store, t, all, count + 1);
    if (e)
        return e;
    c->job = done;
    c->job.version++;
    return finish_message(f, t, c);
}

/* Exponential with full jitter; the job's own hash and attempt seed it, so tests can tell what
 * comes. */
static int64_t backoff_us(const struct job *j, bool house)
{
    int64_t ceiling = BACKOFF_FIRST_US << (j->attempt < 10 ? j->attempt : 10);
    if (ceiling > BACKOFF_MAX_US)
        ceiling = BACKOFF_MAX_US;
    if (house)
        ceiling = BACKOFF_HOUSE_US;
    struct rng r = rng_new(rng_seed_from_text(j->hash) + (uint64_t)(house ? j->epoch : j->attempt));
    return (int64_t)(rng_unit(&r) * (double)ceiling);
}

struct problem problem_of_fault(struct task *t)
{
    return (struct problem){
        .code = err_name(t->fault.code),
        .message = arena_copy(t->arena, t->fault.message),
        .next = arena_copy(t->arena, t->fault.next),
    };
}

enum err job_give_up(const struct flow *f, struct task *t, struct claimed_job *c)
{
    scoped(lock) __attribute__((unused)) pthread_mutex_t *lock = lock_job(c);
    struct job *j = &c->job;
    j->problem = problem_of_fault(t);
    /* among several machines, one whose disk is full is what fails, and others have room */
    bool house = t->fault.house || (f->remote && t->fault.code == ERR_FULL);
    bool again = !text_is_empty(j->spend) || /* ends by job_fail() alone, with its ledger row */
                 house || (err_may_retry(t->fault.code) && j->attempt < JOB_ATTEMPTS_MAX);
    int64_t wait = backoff_us(j, house);
    j->attempt -= house; /* it was not the job that failed */
    if (wait < t->fault.wait_us)
        wait = t->fault.wait_us; /* the other side asked for it */
    int64_t due = clock_wall_us(t->clock) + wait;
    if (again) {
        job_requeue(t, j, due);
    } else {
        j->state = JOB_FAILED;
        j->worker = "";
        j->finished_at = time_iso8601(t->arena, clock_wall_us(t->clock));
    }
    enum err e = job_save(f, t, j);
    if (e)
        return e;
    if (!again)
        return finish_message(f, t, c);
    return hint_sent(f, t, queue_give_back(f->queue, t, &c->message, due));
}

enum err job_supersede(const struct flow *f, struct task *t, struct claimed_job *c)
{
    scoped(lock) __attribute__((unused)) pthread_mutex_t *lock = lock_job(c);
    c->job.state = JOB_CANCELLED;
    c->job.worker = "";
    c->job.problem =
        (struct problem){ .code = "", .message = "its inputs changed before it began", .next = "" };
    enum err e = job_save(f, t, &c->job);
    return e ? e : finish_message(f, t, c);
}

enum err job_put_back(const struct flow *f, struct task *t, struct claimed_job *c)
{
    scoped(lock) __attribute__((unused)) pthread_mutex_t *lock = lock_job(c);
    c->job.attempt -= 1;
    job_requeue(t, &c->job, 0);
    enum err e = job_save(f, t, &c->job);
    if (e)
        return e;
    return hint_sent(f, t, queue_give_back(f->queue, t, &c->message, 0));
}

/* ---- jobs that are paid for ---- */

enum err job_note(const struct flow *f, struct task *t, struct claimed_job *c, const char *step,
                  const struct item_write *writes, size_t count)
{
    scoped(lock) __attribute__((unused)) pthread_mutex_t *lock = lock_job(c);
    struct job noted = c->job;
    noted.step = step;
    noted.crashes = 0;
    enum err e = job_save_with(f, t, &noted, writes, count);
    if (!e)
        c->job = noted;
    return e;
}

enum err job_park(const struct flow *f, struct task *t, struct claimed_job *c,
                  const struct job_next *next, const struct item_write *writes, size_t count)
{
    scoped(lock) __attribute__((unused)) pthread_mutex_t *lock = lock_job(c);
    struct job parked = c->job;
    job_requeue(t, &parked, next->due_us);
    parked.step = next->step;
    parked.spend = next->spend ? next->spend : parked.spend;
    parked.attempt = parked.crashes = 0;
    enum err e = job_save_with(f, t, &parked, writes, count);
    if (e)
        return e;
    c->job = parked;
    return hint_sent(f, t, queue_give_back(f->queue, t, &c->message, next->due_us));
}

enum err job_hasten(const struct flow *f, struct task *t, struct job *j,
                    const struct item_write *writes, size_t count)
{
    int64_t now = clock_wall_us(t->clock);
    enum err e = OK;
    if (j->state == JOB_QUEUED) {
        j->due_us = j->due_us < now ? j->due_us : now;
        e = job_save_with(f, t, j, writes, count);
    } else if (j->state != JOB_RUNNING) {
        return OK;
    }
    return e ? e : queue_push(f->queue, t, lane_of(j), message_key(t, j), now);
}

enum err job_fail(const struct flow *f, struct task *t, struct claimed_job *c,
                  const struct item_write *writes, size_t count)
{
    scoped(lock) __attribute__((unused)) pthread_mutex_t *lock = lock_job(c);
    struct job failed = c->job;
    failed.state = t->fault.code == ERR_CANCELLED ? JOB_CANCELLED : JOB_FAILED;
    failed.step = "";
    failed.worker = "";
    failed.lease_until_us = 0;
    failed.problem = problem_of_fault(t);
    failed.finished_at = time_iso8601(t->arena, clock_wall_us(t->clock));
    enum err e = job_save_with(f, t, &failed, writes, count);
    if (e)
        return e;
    c->job = failed;
    return finish_message(f, t, c);
}

enum err job_let_go(const struct flow *f, struct task *t, struct claimed_job *c)
{
    return finish_message(f, t, c);
}

/* ---- cancelling ---- */

enum { CANCEL_TRIES = 8 };

static void job_end_cancelled(struct job *j)
{
    j->state = JOB_CANCELLED;
    j->worker = "";
    j->lease_until_us = 0;
    j->problem = (struct problem){ .code = err_name(ERR_CANCELLED),
                                   .message = "it was cancelled",
                                   .next = "" };
}

/* What a provider may be at work on ends when the provider says so: the job goes on, to see to
 * that. Whoever works on it now is fenced off by the epoch. */
static void job_call_off(struct task *t, struct job *j)
{
    job_requeue(t, j, 0);
    j->step = JOB_CANCELLING;
    j->epoch += 1;
}

/* It waits or runs, and was not called off before. */
static bool is_under_way(const struct job *j)
{
    bool called_off = !text_is_empty(j->spend) && text_equal(j->step, JOB_CANCELLING);
    return (j->state == JOB_QUEUED || j->state == JOB_RUNNING) && !called_off;
}

/* Against a heartbeat that renews the lease at the same time: read again and cancel again. */
static enum err job_cancel(const struct flow *f, struct task *t, struct job *j)
{
    enum err e = OK;
    for (int i = 0; i < CANCEL_TRIES; i++) {
        if (!is_under_way(j))
            return OK;
        bool paid = !text_is_empty(j->spend);
        if (paid)
            job_call_off(t, j);
        else
            job_end_cancelled(j);
        e = job_save(f, t, j);
        if (!e && paid)
            e = push_hint(f, t, j, 0);
        if (e != ERR_CONFLICT)
            return e;
        e = job_load(f->store, t, j->project_id, job_sk(t, j->kind, j->sequence, j->hash), j);
        if (e)
            return e == ERR_NOT_FOUND ? OK : e;
    }
    return e;
}

/* One that cannot be cancelled now does not keep the others from it; its fault is the answer. */
enum err jobs_cancel(const struct flow *f, struct task *t, const char *project_id,
                     size_t *out_count)
{
    struct job *jobs;
    size_t count;
    struct fault fault;
    enum err e = jobs_load(f->store, t, project_id, &jobs, &count), first = e;
    *out_count = 0;
    for (size_t i = 0; !e && i < count; i++) {
        if (!is_under_way(&jobs[i]))
            continue;
        enum err failed = job_cancel(f, t, &jobs[i]);
        if (failed && !first) {
            first = failed;
            fault = t->fault;
        }
        ++*out_count;
    }
    if (first && !e)
        t->fault = fault;
    return first;
}

/* ---- recovery ---- */

static bool is_orphan(const struct flow *f, struct task *t, const struct job *j)
{
    bool ours = text_equal(j->worker, f->worker);
    if (j->state != JOB_RUNNING)
        return false;
    return (f->owns_store && !ours) || j->lease_until_us < clock_wall_us(t->clock);
}

static enum err take_over(const struct flow *f, struct task *t, struct job *j)
{
    bool paid = !text_is_empty(j->spend);
    int64_t crashes_max = f->owns_store || !f->remote ? CRASHES_MAX : CRASHES_SHARED_MAX;
    j->crashes += 1;
    /* an interruption is no failure: no longer waits for it */
    j->attempt -= paid && j->attempt > 0;
    /* A job that only talks to a provider is not what kills programs, and it may be paid for. */
    if (j->crashes >= crashes_max && !paid) {
        j->state = JOB_FAILED;
        j->worker = "";
        j->problem = (struct problem){
            .code = err_name(ERR_INTERNAL),
            .message = arena_format(
                t->arena, "it was under way %s times when the program ended, so it was set aside",
                crashes_max == CRASHES_MAX ? "three" : "ten"),
            .next = "run it again to try once more: storyreel make --resume",
        };
    } else {
        job_requeue(t, j, 0);
    }
    enum err e = job_save(f, t, j);
    return e == ERR_CONFLICT ? OK : e;
}

enum err jobs_recover(const struct flow *f, struct task *t, const char *project_id)
{
    struct job *jobs;
    size_t count;
    enum err e = jobs_load(f->store, t, project_id, &jobs, &count);
    for (size_t i = 0; i < count && !e; i++) {
        if (is_orphan(f, t, &jobs[i]))
            e = take_over(f, t, &jobs[i]);
        if (!e && jobs[i].state == JOB_QUEUED) /* a hint may have been lost; twice is once */
            e = push_hint(f, t, &jobs[i], jobs[i].due_us);
    }
    return e;
}

/* ---- the sweep ---- */

/* Of all processes on a shared store one sweeps at a time: NOT_FOUND when it is not our turn. */
static enum err take_turn(const struct flow *f, struct task *t)
{
    int64_t now_us = clock_wall_us(t->clock), until_us = 0;
    int64_t turn_us = job_lease_us(f) * 5 / 6; /* less than the pause between two sweeps */
    struct item turn = { .pk = "LEASE#sweep", .sk = "LEASE" };
    enum err e = store_get(f->store, t, turn.pk, turn.sk, &turn);
    if (!e) {
        scoped(json) json_t *held = json_loads(turn.document, 0, NULL);
        until_us = json_integer_value(json_object_get(held, "untilUs"));
    }
    if (e && e != ERR_NOT_FOUND)
        return e;
    if (!e && until_us > now_us && until_us <= now_us + turn_us)
        return ERR_NOT_FOUND;
    turn.document = arena_format(t->arena, "{\"untilUs\":%lld,\"worker\":\"%s\"}",
                                 (long long)(now_us + turn_us), f->worker);
    struct item_write write = { e ? ITEM_CREATE : ITEM_UPDATE, turn };
    e = store_write(f->store, t, &write, 1);
    return e == ERR_CONFLICT ? ERR_NOT_FOUND : e;
}

static enum err bring_on(const struct flow *f, struct task *t, const char *project_id)
{
    enum err e = jobs_recover(f, t, project_id);
    if (!e)
        e = flow_go_on(f, t, project_id);
    if (e && record_was_illegible(t)) {
        log_line(LOG_INFO, t, "a film is left to a newer program", "why=\"%s\"", t->fault.message);
        return OK;
    }
    return e == ERR_CONFLICT || e == ERR_NOT_FOUND ? OK : e; /* it changed or went meanwhile */
}

enum err jobs_recover_all(const struct flow *f, struct task *t)
{
    struct project *projects;
    size_t count;
    enum err e = projects_load(f->store, t, PROJECT_PROCESSING, &projects, &count);
    for (size_t i = 0; i < count && !e; i++) {
        if (projects[i].goal && works_on(f, projects[i].project_id))
            e = bring_on(f, t, projects[i].project_id);
    }
    return e;
}

enum err jobs_sweep(const struct flow *f, struct task *t)
{
    enum err e = f->owns_store ? OK : take_turn(f, t);
    if (!e)
        e = jobs_recover_all(f, t);
    return e == ERR_NOT_FOUND ? OK : e;
}
