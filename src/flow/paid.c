/*
 * The ledger's row says where a call stands; the job is only its turn. So each arrow reads the row,
 * does the one thing that comes next, and writes row and job together.
 */
#include "flow/paid_call.h"

#include <inttypes.h>

#include "base/text.h"
#include "flow/counter.h"

/* ---- queueing ---- */

/* AUTH without access to whoever makes it. */
static enum err check_access(const struct flow *f, struct task *t,
                             const struct video_remote *remote)
{
    if (remote->service == SERVICE_NONE)
        return OK;
    if (!f->services)
        return refuse(t, ERR_AUTH, "use --video animatic, which needs none",
                      "this program has no access to %s", service_names[remote->service]);
    return service_check(t, &f->services->at[remote->service]);
}

enum err paid_check_access(const struct flow *f, struct task *t, int kind, const struct model *m)
{
    const struct video_remote *remote;
    enum err e = flow_remote(f, t, kind, m->driver, &remote);
    return e || !remote ? e : check_access(f, t, remote);
}

/* One whose call is open is the same call still: held ones wait for a person. */
static enum err enqueue_open(const struct flow *f, struct task *t, struct job *j, bool *out_done)
{
    struct spend s;
    *out_done = false;
    if (text_is_empty(j->spend))
        return OK;
    enum err e = spend_load(f->store, t, j->project_id, j->spend, &s);
    if (e || !spend_is_open(&s))
        return e;
    *out_done = true;
    return s.state == SPEND_HELD ? OK : job_queue(f, t, j, NULL, 0);
}

static enum err enqueue_once(const struct flow *f, struct task *t, const struct board *b,
                             const struct artifact *art, bool again)
{
    struct job j;
    bool wanted, done;
    struct spend s;
    struct spend_rows rows = { .count = 0 };
    struct spend_wish wish = call_wish(b, art, 1);
    enum err e = job_prepare(f, t, b->project.project_id, art, again, &j, &wanted);
    if (e || !wanted)
        return e;
    e = enqueue_open(f, t, &j, &done);
    if (e || done)
        return e;
    e = spend_reserve(f, t, &wish, &s, &rows);
    if (e)
        return e;
    j.spend = s.spend_id;
    j.step = "sending";
    return job_queue(f, t, &j, rows.rows, rows.count);
}

enum err paid_enqueue(const struct flow *f, struct task *t, const struct board *b,
                      const struct artifact *art, bool again)
{
    enum err e = paid_check_access(f, t, art->kind, art->model);
    if (e)
        return e;
    e = ERR_CONFLICT;
    for (int i = 0; i < PAID_TRIES && e == ERR_CONFLICT; i++)
        e = enqueue_once(f, t, b, art, again);
    return e;
}

/* ---- whose turn it is ---- */

static enum err call_held(struct call *c, struct task *t)
{
    enum err e = fail(t, ERR_RECONCILE, "it cannot be told whether a paid call arrived");
    (void)e;
    return job_fail(c->flow, t, c->claimed, NULL, 0);
}

static enum err call_bound(struct call *c, struct task *t)
{
    if (c->called_off && !c->spend.cancel_sent && text_is_empty(c->spend.output)) {
        enum err e = call_tell_provider(c, t);
        if (e)
            return e;
    }
    return text_is_empty(c->spend.output) ? call_poll(c, t) : call_fetch(c, t);
}

/* What is to be sent follows from the board; all else is in the call's own row. */
static enum err check_known(const struct call *c, struct task *t)
{
    const struct fault *unknown = c->work->unknown;
    if (!unknown || c->called_off || spend_is_out(&c->spend))
        return OK;
    t->fault = *unknown;
    return unknown->code;
}

static enum err call_turn(struct call *c, struct task *t)
{
    enum err e = check_known(c, t);
    if (e)
        return e;
    switch (c->spend.state) {
    case SPEND_RESERVED: return c->called_off ? call_end_off(c, t) : call_send(c, t);
    case SPEND_INTENT:
    case SPEND_AMBIGUOUS: return call_find(c, t);
    case SPEND_BOUND: return call_bound(c, t);
    case SPEND_HELD: return call_held(c, t);
    default: return c->called_off ? call_end_off(c, t) : call_again(c, t);
    }
}

/* ---- when a turn fails ---- */

/* An answer that nobody could make sense of is all that a person has to go by; and since when there
 * was none says when to give up. */
static enum err keep_riddle(struct call *c, struct task *t, enum err e)
{
    const struct fault fault = t->fault;
    struct spend s = c->spend;
    struct spend_rows rows = { .count = 0 };
    call_hear(c, t, &rows);
    if (s.state == SPEND_BOUND && !s.trouble_us) {
        s.trouble_us = call_now(t);
        spend_note(t, &s, &rows);
    }
    enum err kept = store_write(c->flow->store, t, rows.rows, rows.count);
    (void)kept; /* the trouble itself matters more */
    t->fault = fault;
    return e;
}

/* Until then what it made may be fetched, as far as anybody knows. */
static int64_t kept_until_us(const struct call *c)
{
    const struct spend *s = &c->spend;
    return s->output_by_us ? s->output_by_us
                           : s->bound_us + (int64_t)(c->model.keep_seconds * SECOND_US);
}

/* The time in which nobody looked does not count, and a key that is not there now may be there
 * tomorrow: then it is given up when a person called it off. */
static bool is_given_up(const struct call *c, const struct task *t)
{
    int64_t now_us = call_now(t);
    bool barred = t->fault.code == ERR_AUTH && !c->called_off;
    return !barred && c->spend.trouble_us && now_us > c->spend.trouble_us + PAID_GIVE_UP_US &&
           now_us > kept_until_us(c);
}

/* Of a call that is out: money may have been paid for it. */
static enum err cope_out(struct call *c, struct task *t, enum err e)
{
    switch (c->spend.state) {
    case SPEND_HELD: return call_held(c, t);
    case SPEND_BOUND:
        return is_given_up(c, t) ? call_end(c, t, SPEND_WASTED, "no end was heard of")
                                 : keep_riddle(c, t, e);
    default: return call_is_blind(c, t) ? call_hold(c, t) : keep_riddle(c, t, e);
    }
}

/* What a wait may heal is tried later; what it cannot ends the job, unless money is out. And
 * nothing is given up while our own house is away. A call that was closed before stays as it is. */
static enum err cope(struct call *c, struct task *t, enum err e)
{
    if (e == OK || e == ERR_CONFLICT || e == ERR_CANCELLED)
        return e;
    if (spend_is_out(&c->spend))
        return t->fault.house ? keep_riddle(c, t, e) : cope_out(c, t, e);
    if (t->fault.house || (err_may_retry(e) && c->claimed->job.attempt < JOB_ATTEMPTS_MAX))
        return e;
    return spend_is_open(&c->spend)
               ? call_end(c, t, SPEND_RELEASED, arena_copy(t->arena, t->fault.message))
               : job_fail(c->flow, t, c->claimed, NULL, 0);
}

/* ---- a turn ---- */

static enum model_makes makes_of(int kind)
{
    switch (kind) {
    case ARTIFACT_LIPSYNC: return MAKES_LIPSYNC;
    case ARTIFACT_MUSIC:   return MAKES_MUSIC;
    case ARTIFACT_VOICE:   return MAKES_VOICE;
    default:               return MAKES_VIDEO;
    }
}

/* By what the ledger says: the project may name another model by now. What is at the provider can
 * be asked after, fetched and cancelled when the model's file is gone, too. */
static enum err call_model(struct call *c, struct task *t, enum model_makes makes)
{
    enum err e = model_load_of(t, &c->flow->models, makes, c->spend.model, &c->model);
    if (!e || t->fault.house || c->spend.state != SPEND_BOUND)
        return e;
    c->model = (struct model){
        .name = c->spend.model,
        .title = c->spend.model,
        .makes = makes,
        .driver = c->spend.provider,
        .version = "",
        .remote = "",
        .ending = "",
    };
    return OK;
}

static enum err call_open(struct call *c, struct task *t)
{
    const struct job *j = c->work->job;
    int kind = names_index(artifact_kind_names, j->kind);
    enum err e = spend_load(c->flow->store, t, j->project_id, j->spend, &c->spend);
    if (!e)
        e = call_model(c, t, makes_of(kind));
    if (!e)
        e = flow_remote(c->flow, t, kind, c->spend.provider, &c->remote);
    if (!e && !c->remote)
        e = fail(t, ERR_INTERNAL, "the driver %s works here and now", c->spend.provider);
    c->work->model = &c->model;
    return e ? e : check_access(c->flow, t, c->remote);
}

/* Word came, or a person decided, while this turn was at work: it has written nothing. Where the
 * job is ours still, the next turn begins at once; where it is not, that is a CONFLICT, too. */
static enum err turn_again(struct call *c, struct task *t)
{
    return job_put_back(c->flow, t, c->claimed);
}

enum err paid_step(struct work *w, struct task *t)
{
    struct call c = {
        .work = w,
        .flow = w->flow,
        .claimed = w->claimed,
        .called_off = text_equal(w->job->step, JOB_CANCELLING),
    };
    c.services = services_heard(t, w->flow->services, &c.ears);
    enum err e = call_open(&c, t);
    if (e && !c.spend.spend_id)
        return e;
    e = cope(&c, t, e ? e : call_turn(&c, t));
    return e == ERR_CONFLICT ? turn_again(&c, t) : e;
}

/* ---- the rest of the house ---- */

enum err paid_recover(const struct flow *f, struct task *t)
{
    struct spend *open;
    size_t count;
    enum err e = spends_open(f->store, t, &open, &count);
    for (size_t i = 0; i < count && !e; i++) {
        bool seen = false;
        e = counter_recover(f, t, &open[i]);
        for (size_t k = 0; k < i && !seen; k++)
            seen = text_equal(open[k].project_id, open[i].project_id);
        if (!seen && !e)
            e = jobs_recover(f, t, open[i].project_id);
        if (e && record_was_illegible(t))
            e = OK; /* a newer program sees to it */
    }
    return e;
}

enum err paid_check_closed(const struct flow *f, struct task *t, const char *project_id)
{
    struct spend *all;
    size_t count;
    enum err e = spends_load(f->store, t, project_id, &all, &count);
    for (size_t i = 0; i < count && !e; i++) {
        if (spend_is_open(&all[i]))
            e = refuse(t, ERR_CONFLICT,
                       all[i].state == SPEND_HELD ? "decide what becomes of it: project decide"
                                                  : "wait until it has ended; its ledger shows it",
                       "a paid call of scene %" PRId64 " is still %s", all[i].sequence,
                       spend_state_names[all[i].state]);
    }
    return e;
}
