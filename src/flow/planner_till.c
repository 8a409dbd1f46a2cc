/* Language models cost what their answers use, which is known afterwards; see plan/talk_turn.c for
 * what is known before. */
#include "flow/planning.h"

#include "base/log.h"

static struct planner_till *till_of(struct plan_till *till)
{
    return (struct planner_till *)till;
}

static bool is_paid_by_tokens(const struct model *m)
{
    return m->usd_per_million_in >= 0 && m->usd_per_million_out >= 0;
}

static double usd_of_tokens(const struct model *m, int64_t in, int64_t out)
{
    return ((double)in * m->usd_per_million_in + (double)out * m->usd_per_million_out) / 1e6;
}

/* Below 0: unknown, or as it was reserved. */
static double usd_of_answer(const struct model *m, const struct plan_answer *answer)
{
    return is_paid_by_tokens(m) && answer->tokens_in > 0
               ? usd_of_tokens(m, answer->tokens_in, answer->tokens_out)
               : -1;
}

static void set_price(const struct model *m, const struct plan_asking *asking,
                      struct spend_wish *wish)
{
    wish->usd = wish->usual_usd = m->usd_each;
    if (is_paid_by_tokens(m))
        wish->usd = usd_of_tokens(m, asking->tokens_in_max, asking->tokens_out_max);
}

static int64_t micros_of(const struct counter *c)
{
    int64_t micros = c->cost >= 0 ? c->cost : c->spend.micros;
    return c->free || c->unmade || micros < 0 ? 0 : micros;
}

/* The bound is not one: what was charged is written down all the same, and said. */
static void check_bound(const struct counter *c, struct task *t)
{
    if (!c->free && c->cost > c->spend.reserved_micros && c->spend.reserved_micros >= 0)
        log_line(LOG_WARN, t, "a call cost more than was reserved for it", "entry=%s model=%s",
                 c->spend.spend_id, c->spend.model);
}

static enum err close_last(struct planner_till *p, struct task *t, enum err came)
{
    p->answered = false;
    p->micros += micros_of(&p->counter);
    return counter_close(&p->counter, t, came);
}

enum err planner_kept(const struct flow *f, struct task *t, const char *key)
{
    struct blob_info there;
    enum err e = blob_stat(f->blobs, t, key, &there);
    if (e != ERR_NOT_FOUND || !blob_waits(f->blobs, t, key))
        return e;
    e = refuse(t, ERR_UNAVAILABLE, "storyreel doctor shows why it was not sent yet",
               "the answer is kept on this machine until the media store takes it");
    t->fault.house = true;
    return e;
}

/* Looked at behind the row that keeps twins out: whoever was before us kept its answer first and
 * closed its row then. */
static enum err check_unkept(struct planner_till *p, struct task *t)
{
    enum err e = p->key ? planner_kept(p->flow, t, p->key) : ERR_NOT_FOUND;
    if (e == ERR_NOT_FOUND)
        return OK;
    if (!e)
        e = fail(t, ERR_CONFLICT, "it was written meanwhile");
    counter_unmade(&p->counter);
    return counter_close(&p->counter, t, e);
}

static enum err till_open(struct plan_till *till, struct task *t, const struct plan_asking *asking)
{
    struct planner_till *p = till_of(till);
    p->counter.why = "its answer could not be filmed, and it was asked to mend it";
    enum err e = p->answered ? close_last(p, t, OK) : OK;
    if (e)
        return e;
    set_price(&p->model, asking, &p->wish);
    e = counter_open(p->flow, t, &p->wish, true, &p->counter);
    p->counter.ears = &p->ears;
    p->ears.count = 0;
    p->wish.attempt++;
    return e ? e : check_unkept(p, t);
}

static enum err till_close(struct plan_till *till, struct task *t, const struct plan_answer *answer,
                           enum err came)
{
    struct planner_till *p = till_of(till);
    counter_cost(&p->counter, usd_of_answer(&p->model, answer));
    check_bound(&p->counter, t);
    if (answer->unmade)
        counter_unmade(&p->counter);
    else
        counter_made(&p->counter);
    p->answered = !came;
    return came ? close_last(p, t, came) : OK;
}

enum err planner_till_open(const struct flow *f, struct task *t, const struct spend_wish *wish,
                           struct plan_request *request, struct planner_till *out)
{
    *out = (struct planner_till){ .till = { till_open, till_close }, .flow = f, .wish = *wish };
    enum err e = flow_planner_model(f, t, wish->project->planner, &out->model);
    if (e)
        return e;
    out->wish.model = wish->project->planner;
    request->till = &out->till;
    request->services = services_heard(t, f->services, &out->ears);
    request->limits = (struct plan_limits){
        .answer_tokens = out->model.answer_tokens,
        .thought_tokens = out->model.thought_tokens,
        .picture_tokens = out->model.picture_tokens,
    };
    return OK;
}

enum err planner_till_close(struct planner_till *p, struct task *t, enum err came)
{
    const struct fault fault = t->fault;
    if (!p->answered)
        return came;
    if (!came || !p->key || !blob_waits(p->flow->blobs, t, p->key))
        return close_last(p, t, came);
    enum err e = close_last(p, t, OK); /* the answer is not lost: it only waits to be sent */
    if (e)
        return e;
    t->fault = fault;
    return came;
}
