#include "flow/counter.h"

#include "base/log.h"
#include "base/text.h"

enum { COUNTER_TRIES = 64 };
#define COUNTER_GONE_US (2 * SERVICE_THINK_US) /* nobody waits longer for an answer */

const struct project counter_library = { .project_id = "library", .budget_usd = -1 };

static enum err refuse_held(struct task *t, const struct spend *s)
{
    return refuse(t, ERR_RECONCILE,
                  arena_format(t->arena, "storyreel project decide %s %s try-again|forget",
                               s->project_id, s->spend_id),
                  "%s was asked and its answer was lost: it may have charged for it, $%.2f as a "
                  "rule, and asking again costs as much",
                  s->model, usd_of_micros(spend_usual(s)));
}

static bool is_forgotten(const struct task *t, const struct spend *s)
{
    return clock_wall_us(t->clock) > s->intent_us + COUNTER_GONE_US;
}

static enum err refuse_twin(struct task *t, const struct spend *s)
{
    return refuse(t, ERR_UNAVAILABLE, "wait for its answer, then ask again: it is kept",
                  "the same is being asked of %s right now", s->model);
}

/* Earlier calls for the same work: is one held or under way, and how many were lost? */
static enum err check_earlier(struct counter *c, struct task *t, const struct spend_wish *w)
{
    const struct flow *f = c->flow;
    struct spend *all;
    size_t count;
    enum err e = spends_load(f->store, t, w->project->project_id, &all, &count);
    for (size_t i = 0; i < count && !e; i++) {
        const struct spend *s = &all[i];
        if (!text_equal(s->kind, w->kind) || !text_equal(s->job_hash, w->job_hash))
            continue;
        c->lost += s->state == SPEND_WASTED;
        if (s->state == SPEND_HELD && c->holds)
            e = refuse_held(t, s);
        if (s->state == SPEND_INTENT && !is_forgotten(t, s))
            e = refuse_twin(t, s);
    }
    return e;
}

/* What came before is looked at behind the totals, whose versions the write checks: of two at the
 * same time one sees the other. */
static enum err open_once(struct counter *c, struct task *t, const struct spend_wish *w)
{
    struct spend_rows rows = { .count = 0 };
    enum err e = spend_ask(c->flow, t, w, &c->spend, &rows);
    c->lost = 0;
    if (!e)
        e = check_earlier(c, t, w);
    if (!e)
        e = store_write(c->flow->store, t, rows.rows, rows.count);
    if (!e)
        c->spend.version++;
    return e;
}

static void deadline_rest(struct counter *c, struct task *t)
{
    c->deadline_us = t->deadline_us;
    c->opened_us = clock_monotonic_us(t->clock);
    t->deadline_us = INT64_MAX;
}

/* What was waited for the service is not counted. */
static void deadline_go_on(const struct counter *c, struct task *t)
{
    bool none = c->deadline_us == INT64_MAX;
    int64_t waited_us = clock_monotonic_us(t->clock) - c->opened_us;
    t->deadline_us = none ? INT64_MAX : c->deadline_us + waited_us;
}

enum err counter_open(const struct flow *f, struct task *t, const struct spend_wish *wish,
                      bool holds, struct counter *out)
{
    *out = (struct counter){ .flow = f, .free = wish->usd == 0, .holds = holds, .cost = -1 };
    if (out->free)
        return OK;
    enum err e = ERR_CONFLICT;
    for (int i = 0; i < COUNTER_TRIES && e == ERR_CONFLICT; i++)
        e = open_once(out, t, wish);
    if (!e)
        deadline_rest(out, t);
    return e;
}

/* ---- closing ---- */

/* Refused before anything was made; see service_refusal(). Behind its answer the same errors are
 * those of what came later: of a look at it, of our own house. */
static bool is_unpaid(const struct counter *c, enum err came)
{
    if (c->made || c->unmade)
        return c->unmade;
    return came == ERR_AUTH || came == ERR_CREDIT || came == ERR_RATE || came == ERR_NOT_FOUND ||
           came == ERR_INVALID || came == ERR_FORBIDDEN;
}

/* Lost on the way, so that the same may be asked again: the others have their answer. What our own
 * house could not keep is asked again, too. */
static bool is_lost(const struct fault *fault)
{
    enum err came = fault->code;
    return fault->house || came == ERR_TIMEOUT || came == ERR_UPSTREAM || came == ERR_UNAVAILABLE ||
           came == ERR_CANCELLED || came == ERR_RECONCILE || came == ERR_INTERNAL;
}

static bool is_dear(const struct spend *s)
{
    return spend_usual(s) < 0 || spend_usual(s) > COUNTER_REPEAT_MICROS;
}

static enum spend_state state_after(const struct counter *c, enum err came,
                                    const struct fault *fault)
{
    if (is_unpaid(c, came))
        return SPEND_RELEASED;
    if (!came)
        return SPEND_SETTLED;
    bool once_more = !is_dear(&c->spend) && c->lost == 0;
    return c->holds && is_lost(fault) && !once_more ? SPEND_HELD : SPEND_WASTED;
}

void counter_cost(struct counter *c, double usd)
{
    c->cost = usd < 0 ? -1 : micros_of_usd(usd);
}

void counter_made(struct counter *c)
{
    c->made = true;
}

void counter_unmade(struct counter *c)
{
    c->unmade = true;
}

/* How a row ends. */
struct ending {
    enum spend_state state;
    int64_t cost; /* below 0: as it was reserved */
    const char *why;
    const struct service_ears *ears;
};

static enum err close_once(const struct flow *f, struct task *t, const struct spend *was,
                           const struct ending *end)
{
    struct spend s;
    struct spend_rows rows = { .count = 0 };
    enum err e = spend_load(f->store, t, was->project_id, was->spend_id, &s);
    if (e || s.state != SPEND_INTENT)
        return e;
    if (end->state == SPEND_HELD) {
        s.state = SPEND_HELD;
        s.why = end->why;
        spend_note(t, &s, &rows);
    } else {
        int64_t cost = end->cost < 0 ? s.micros : end->cost;
        e = spend_close_at(f, t, &s, end->state, cost, end->why, &rows);
    }
    spend_hear(t, &s, HEARD_SENT, end->ears, &rows);
    return e ? e : store_write(f->store, t, rows.rows, rows.count);
}

static enum err close_as(const struct flow *f, struct task *t, const struct spend *s,
                         const struct ending *end)
{
    enum err e = ERR_CONFLICT;
    for (int i = 0; i < COUNTER_TRIES && e == ERR_CONFLICT; i++)
        e = close_once(f, t, s, end);
    return e;
}

static enum err note_ticket(const struct counter *c, struct task *t, const char *ticket)
{
    struct spend s;
    struct spend_rows rows = { .count = 0 };
    enum err e =
        spend_load(c->flow->store, t, c->spend.project_id, c->spend.spend_id, &s);
    if (e || s.state != SPEND_INTENT)
        return e;
    s.remote_id = ticket;
    spend_note(t, &s, &rows);
    return store_write(c->flow->store, t, rows.rows, rows.count);
}

void counter_ticket(struct counter *c, struct task *t, const char *ticket)
{
    const struct fault fault = t->fault;
    if (c->free || text_is_empty(ticket))
        return;
    if (note_ticket(c, t, ticket))
        log_line(LOG_WARN, t, "what a service calls a paid call was not written down",
                 "entry=%s ticket=%s error=\"%s\"", c->spend.spend_id, ticket, t->fault.message);
    t->fault = fault;
}

/* What is known is written down even when the task is over. */
enum err counter_close(struct counter *c, struct task *t, enum err came)
{
    const struct fault fault = t->fault;
    const atomic_bool *cancelled = t->cancelled;
    if (c->free)
        return came;
    enum spend_state state = state_after(c, came, &fault);
    t->cancelled = NULL;
    enum err e = close_as(c->flow, t, &c->spend,
                          &(struct ending){
                              .state = state,
                              .cost = state == SPEND_RELEASED ? -1 : c->cost,
                              .why = came     ? arena_copy(t->arena, fault.message)
                                     : c->why ? c->why
                                              : "",
                              .ears = c->ears,
                          });
    t->cancelled = cancelled;
    deadline_go_on(c, t);
    if (e)
        return e;
    t->fault = fault;
    return state == SPEND_HELD ? refuse_held(t, &c->spend) : came;
}

/* ---- after a crash ---- */

static bool is_counters(const struct spend *s)
{
    return s->state == SPEND_INTENT && text_is_empty(s->request_hash);
}

enum err counter_recover(const struct flow *f, struct task *t, const struct spend *s)
{
    bool gone = f->owns_store && !text_equal(s->boot, f->worker);
    bool holds = !text_equal(s->project_id, counter_library.project_id);
    if (!is_counters(s) || !(gone || is_forgotten(t, s)))
        return OK;
    log_line(LOG_WARN, t, "a paid call was being answered when the program ended",
             "project=%s model=%s", s->project_id, s->model);
    return close_as(
        f, t, s,
        &(struct ending){
            .state = holds && is_dear(s) ? SPEND_HELD : SPEND_WASTED,
            .cost = -1,
            .why = "the program ended while it was answered; it may have been charged for",
        });
}
