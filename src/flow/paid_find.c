/*
 * Calls that may have arrived. Providers have no idempotency keys, so the only witness is their own
 * list: what was created since the intent with the very same input. One that is found is ours; one
 * that three complete listings do not show, the last of them well after the sender was gone, never
 * arrived. The clock for that is the provider's, starts once, and is not started again by a
 * restart: a program that keeps crashing still comes to an end.
 */
#include "flow/paid_call.h"

#include <string.h>

#include "base/text.h"

const char *const paid_decision_names[] = { "", "wait", "try-again", "forget", NULL };

/* ---- what the list says ---- */

/* Those that belong to no other call of ours, in place. */
static enum err leave_unowned(struct call *c, struct task *t, struct video_matches *m)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->count; i++) {
        const char *owner;
        enum err e = remote_owner(c->flow->store, t, c->spend.provider, m->at[i].ticket, &owner);
        if (e && e != ERR_NOT_FOUND)
            return e;
        if (e == ERR_NOT_FOUND)
            m->at[kept++] = m->at[i];
    }
    m->count = kept;
    return OK;
}

static enum err found(struct call *c, struct task *t, const struct video_matches *m)
{
    enum err e = OK;
    for (size_t i = 1; i < m->count && !e; i++)
        e = call_waste_twin(c, t, m->at[i].ticket);
    return e ? e : call_bind(c, t, m->at[0].ticket);
}

static int64_t settle_us(const struct call *c)
{
    return c->flow->settle_us > 0 ? c->flow->settle_us : PAID_SETTLE_US;
}

static bool is_settled(const struct call *c, const struct spend *s, int64_t clock_us)
{
    return s->listings >= PAID_LISTINGS && clock_us - s->listed_us >= settle_us(c);
}

/* Not there, so far. */
static enum err not_found(struct call *c, struct task *t, int64_t clock_us)
{
    struct spend s = c->spend;
    struct spend_rows rows = { .count = 0 };
    s.listings += 1;
    if (!s.listed_us)
        s.listed_us = clock_us;
    if (is_settled(c, &s, clock_us))
        return call_unsend(c, t, 0);
    spend_note(t, &s, &rows);
    return call_park(c, t, "looking for the call",
                     call_now(t) + settle_us(c) / (PAID_LISTINGS - 1), &rows);
}

/* ---- when it cannot be told ---- */

static const char *decide_words(const struct call *c, struct task *t)
{
    return arena_format(t->arena, "storyreel project decide %s %s try-again|wait|forget",
                        c->spend.project_id, c->spend.spend_id);
}

/* Counts as spent until a person decides. */
enum err call_hold(struct call *c, struct task *t)
{
    struct spend s = c->spend;
    struct spend_rows rows = { .count = 0 };
    const char *why = arena_copy(t->arena, t->fault.message);
    enum err e = refuse(t, ERR_RECONCILE, decide_words(c, t),
                        "it cannot be told whether a paid call ($%.2f) arrived: %s",
                        usd_of_micros(c->spend.micros), why);
    (void)e;
    s.state = SPEND_HELD;
    s.why = why;
    spend_note(t, &s, &rows);
    call_hear(c, t, &rows);
    return job_fail(c->flow, t, c->claimed, rows.rows, rows.count);
}

bool call_is_blind(const struct call *c, const struct task *t)
{
    const struct spend *s = &c->spend;
    return call_now(t) > (s->orphaned_us ? s->orphaned_us : s->intent_us) + PAID_BLIND_US;
}

static enum err cannot_list(struct call *c, struct task *t, enum err e)
{
    if (e == ERR_CANCELLED || (err_may_retry(e) && !call_is_blind(c, t)))
        return e;
    return call_hold(c, t);
}

/* ---- whose it is ---- */

static int64_t sent_by_us(const struct spend *s)
{
    return s->sent_by_us ? s->sent_by_us : s->intent_us + PAID_WINDOW_US;
}

/* Is whoever sent it surely gone? A sender that lives is done by then. */
static bool sender_is_gone(const struct call *c, const struct task *t)
{
    bool other = !text_equal(c->spend.boot, c->flow->worker);
    return (other && c->flow->owns_store) || call_now(t) >= sent_by_us(&c->spend);
}

static enum err wait_for_sender(struct call *c, struct task *t)
{
    int64_t due_us = c->called_off ? call_now(t) + SECOND_US : sent_by_us(&c->spend);
    return call_park(c, t, "sending", due_us, NULL);
}

static enum err orphan(struct call *c, struct task *t)
{
    struct spend s = c->spend;
    struct spend_rows rows = { .count = 0 };
    spend_doubt(t, &s, &rows);
    enum err e = job_note(c->flow, t, c->claimed, c->work->job->step, rows.rows, rows.count);
    if (e)
        return e;
    s.version += 1;
    c->spend = s;
    return OK;
}

/* What the provider called it in a message of its own, if that is there and nobody else's. */
static enum err look_at_hint(struct call *c, struct task *t)
{
    const char *owner;
    struct video_status status;
    enum err e = remote_owner(c->flow->store, t, c->spend.provider, c->spend.hint, &owner);
    if (e != ERR_NOT_FOUND)
        return e ? e : ERR_NOT_FOUND;
    e = c->remote->poll(c->services, t, c->spend.hint, &status);
    return e ? e : call_bind(c, t, c->spend.hint);
}

static enum err look_through_list(struct call *c, struct task *t)
{
    struct video_matches matches = { .count = 0 };
    const struct video_order order = call_order(c, t);
    enum err e = c->remote->find ? c->remote->find(c->services, t, &order, &matches)
                                 : fail(t, ERR_METHOD, "this provider has no list to look in");
    if (e)
        return cannot_list(c, t, e);
    e = leave_unowned(c, t, &matches);
    if (e)
        return e;
    return matches.count > 0 ? found(c, t, &matches) : not_found(c, t, matches.clock_us);
}

/* A build of the tests has no protection, to show that they would notice. */
#ifndef PAID_UNPROTECTED
#define PAID_UNPROTECTED 0
#endif

enum err call_find(struct call *c, struct task *t)
{
    if (c->spend.state == SPEND_INTENT && !sender_is_gone(c, t))
        return wait_for_sender(c, t);
    if (c->spend.state == SPEND_INTENT) {
        enum err e = orphan(c, t);
        if (e)
            return e;
    }
    if (PAID_UNPROTECTED)
        return call_unsend(c, t, 0);
    enum err e = text_is_empty(c->spend.hint) ? ERR_NOT_FOUND : look_at_hint(c, t);
    return e == ERR_NOT_FOUND ? look_through_list(c, t) : e;
}

/* ---- deciding ---- */

static enum err find_held(const struct flow *f, struct task *t, const char *project_id,
                          const char *name, struct spend *out)
{
    enum err e = spend_find(f->store, t, project_id, name, out);
    if (e)
        return e;
    if (out->state != SPEND_HELD)
        return refuse(t, ERR_CONFLICT, "storyreel project ledger shows what is held",
                      "this call is %s; there is nothing to decide",
                      spend_state_names[out->state]);
    return OK;
}

static enum err wake(const struct flow *f, struct task *t, const struct spend *s, const char *step,
                     const struct spend_rows *rows)
{
    struct job j;
    enum err e = job_load(f->store, t, s->project_id,
                          job_sk(t, s->kind, s->sequence, s->job_hash), &j);
    if (e)
        return e;
    j.state = JOB_QUEUED;
    j.step = step;
    j.due_us = 0;
    j.attempt = j.crashes = 0;
    j.problem = (struct problem){ 0 };
    return job_queue(f, t, &j, rows->rows, rows->count);
}

/* Looked for afresh: what was learned before does not count. */
static enum err decide_wait(const struct flow *f, struct task *t, struct spend *s)
{
    struct spend_rows rows = { .count = 0 };
    if (text_is_empty(s->request_hash))
        return refuse(t, ERR_CONFLICT, "decide try-again or forget",
                      "%s has no list in which this call could be looked for", s->model);
    s->state = SPEND_AMBIGUOUS;
    s->why = "";
    s->orphaned_us = call_now(t);
    s->listed_us = s->listings = 0;
    spend_note(t, s, &rows);
    return wake(f, t, s, "looking for the call", &rows);
}

/* What was asked for at the counter by a person is asked for again by that person. */
static enum err has_job(const struct flow *f, struct task *t, const struct spend *s, bool *out)
{
    struct job j;
    enum err e = job_load(f->store, t, s->project_id,
                          job_sk(t, s->kind, s->sequence, s->job_hash), &j);
    *out = !e;
    return e == ERR_NOT_FOUND ? OK : e;
}

struct decided {
    const char *kind;
    int64_t sequence;
    bool goes_on; /* there is a job that does */
};

static enum err decide_once(const struct flow *f, struct task *t, const char *project_id,
                            const char *name, enum paid_decision decision, struct decided *out)
{
    struct spend s;
    struct spend_rows rows = { .count = 0 };
    bool goes_on = false;
    enum err e = find_held(f, t, project_id, name, &s);
    if (!e)
        e = has_job(f, t, &s, &goes_on);
    if (e)
        return e;
    *out = (struct decided){ s.kind, s.sequence, goes_on && decision != DECIDE_FORGET };
    if (decision == DECIDE_WAIT)
        return decide_wait(f, t, &s);
    e = spend_close(f, t, &s, SPEND_WASTED, "it may have arrived; a person gave it up", &rows);
    if (e)
        return e;
    return out->goes_on ? wake(f, t, &s, "buying again", &rows)
                        : store_write(f->store, t, rows.rows, rows.count);
}

/* What was at rest goes on, and no further than what was held; one that is under way includes
 * it. */
static enum err carry_on(const struct flow *f, struct task *t, const char *project_id,
                         const char *kind, int64_t sequence)
{
    bool is_song = text_equal(kind, artifact_kind_names[ARTIFACT_MUSIC]);
    struct project p;
    enum err e = project_load(f->store, t, project_id, &p);
    if (e || p.goal)
        return e;
    return sequence ? flow_want_scenes(f, t, project_id, &sequence, 1)
                    : flow_want(f, t, project_id, is_song ? GOAL_SONG : GOAL_PLAN);
}

/* A turn that is under way has read the row before: it writes nothing any more, and the next one
 * reads what is written here. */
static enum err hasten(const struct flow *f, struct task *t, struct job *j, struct spend_rows *rows)
{
    bool running = j->state == JOB_RUNNING && rows->count > 0;
    enum err e = running ? store_write(f->store, t, rows->rows, rows->count) : OK;
    return e ? e : job_hasten(f, t, j, rows->rows, rows->count);
}

enum err paid_hint(const struct flow *f, struct task *t, const struct spend *s, const char *ticket)
{
    struct job j;
    struct spend noted = *s;
    struct spend_rows rows = { .count = 0 };
    enum err e = job_load(f->store, t, s->project_id,
                          job_sk(t, s->kind, s->sequence, s->job_hash), &j);
    noted.hint = ticket;
    bool named = !text_is_empty(ticket);
    if (!e && s->state == SPEND_HELD && named) {
        e = decide_wait(f, t, &noted);
        return e ? e : carry_on(f, t, s->project_id, s->kind, s->sequence);
    }
    if (!e && s->state == SPEND_RESERVED && named)
        spend_recall(t, &noted, &rows); /* no list showed it in time */
    if (!e && (s->state == SPEND_AMBIGUOUS || s->state == SPEND_INTENT) && named)
        spend_note(t, &noted, &rows);
    return e ? e : hasten(f, t, &j, &rows);
}

enum err paid_decide(const struct flow *f, struct task *t, const char *project_id,
                     const char *spend, enum paid_decision decision)
{
    struct project p;
    struct decided decided = { 0 };
    enum err e = project_load(f->store, t, project_id, &p);
    if (e)
        return e;
    e = ERR_CONFLICT;
    for (int i = 0; i < PAID_TRIES && e == ERR_CONFLICT; i++) {
        t->fault = (struct fault){ 0 };
        e = decide_once(f, t, project_id, spend, decision, &decided);
        if (e == ERR_CONFLICT && *t->fault.next)
            return e; /* it is not held: reading again does not help */
    }
    return e || !decided.goes_on ? e : carry_on(f, t, project_id, decided.kind, decided.sequence);
}
