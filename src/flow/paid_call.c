/*
 * Writing down what became of a call. Rows that touch the totals of a budget lose races against
 * other calls; then they are made again, as long as job and call are still ours.
 */
#include "flow/paid_call.h"

#include "base/log.h"
#include "base/text.h"

int64_t call_now(const struct task *t)
{
    return clock_wall_us(t->clock);
}

int64_t call_look_us(const struct call *c)
{
    return c->flow->look_us > 0 ? c->flow->look_us : PAID_LOOK_US;
}

struct spend_wish call_wish(const struct board *b, const struct artifact *art,
                                 int64_t attempt)
{
    return (struct spend_wish){
        .project = &b->project,
        .kind = artifact_kind_names[art->kind],
        .sequence = art->sequence,
        .job_hash = art->hash,
        .provider = art->model->driver,
        .model = art->model->name,
        .usd = art->usd,
        .attempt = attempt,
    };
}

/* By what was known of it before: the turn that found out more. */
static enum heard_at turn_of(const struct spend *s)
{
    switch (s->state) {
    case SPEND_RESERVED:
    case SPEND_INTENT:    return HEARD_SENT;
    case SPEND_AMBIGUOUS: return HEARD_FOUND;
    default:              return text_is_empty(s->output) ? HEARD_ENDED : HEARD_FETCHED;
    }
}

void call_hear(const struct call *c, struct task *t, struct spend_rows *rows)
{
    spend_hear(t, &c->spend, turn_of(&c->spend), &c->ears, rows);
}

/* Where nothing was learned, what was said is not kept either. */
enum err call_park(struct call *c, struct task *t, const char *step, int64_t due_us,
                   const struct spend_rows *rows)
{
    const struct job_next next = { .step = c->called_off ? JOB_CANCELLING : step,
                                   .due_us = due_us };
    struct spend_rows all = { .count = 0 };
    if (rows) {
        all = *rows;
        call_hear(c, t, &all);
    }
    return job_park(c->flow, t, c->claimed, &next, all.rows, all.count);
}

/* The row and the job change, and the job stays ours. */
enum err call_note(struct call *c, struct task *t, const char *step,
                          const struct spend_rows *rows)
{
    enum err e = job_note(c->flow, t, c->claimed, c->called_off ? JOB_CANCELLING : step,
                          rows->rows, rows->count);
    if (!e)
        c->spend.version++;
    return e;
}

enum err call_look(struct call *c, struct task *t)
{
    struct spend now;
    enum err e = job_look(c->flow, t, c->claimed);
    if (!e)
        e = spend_load(c->flow->store, t, c->spend.project_id, c->spend.spend_id, &now);
    if (!e && now.version != c->spend.version)
        e = fail(t, ERR_CONFLICT, "the call was seen to by another");
    return e;
}

/* ---- another model ---- */

/* What the content filter refuses is refused: it is not taken elsewhere. */
static bool is_failure_of_model(enum err code)
{
    switch (code) {
    case ERR_REFUSED:
    case ERR_CANCELLED:
    case ERR_BUDGET:
    case ERR_CONFLICT:
    case ERR_RECONCILE:
    case ERR_MEDIA:
    case ERR_INTERNAL:
    case ERR_FULL: return false;
    default:       return true;
    }
}

static const struct model *next_model(const struct call *c, const struct project *p,
                                      const struct scene *s)
{
    const struct board *b = &c->work->board;
    bool take = c->work->step->kind == ARTIFACT_TAKE;
    return take && c->work->wanted && !c->called_off
               ? fallback_after(b->videos, b->video_count, p, s, c->spend.model)
               : NULL;
}

bool call_may_fall_back(const struct call *c, const struct task *t)
{
    return is_failure_of_model(t->fault.code) &&
           next_model(c, &c->work->board.project, c->work->scene);
}

/* The scene is another model's from then on, and the job gives way to that model's; *out_fell says
 * so, and then the fault does. */
static enum err fall_back(struct call *c, struct task *t, const struct fault *fault,
                          struct spend_rows *rows, bool *out_fell)
{
    struct scene s;
    *out_fell = false;
    if (!is_failure_of_model(fault->code) || !c->work->scene)
        return OK;
    enum err e = step_scene(c->work, t, &s);
    const struct model *next = e ? NULL : next_model(c, &c->work->board.project, &s);
    if (!next)
        return e;
    s.fallback.model = next->name;
    s.fallback.why = arena_format(t->arena, "%s: %s", c->model.title, fault->message);
    rows->rows[rows->count++] = scene_write(t, c->spend.project_id, &s);
    e = fail(t, ERR_CANCELLED, "%s; %s films it instead", s.fallback.why, next->title);
    (void)e;
    *out_fell = true;
    return OK;
}

static enum err end_once(struct call *c, struct task *t, const struct fault *fault,
                         enum spend_state state, const char *why)
{
    struct spend s = c->spend;
    struct spend_rows rows = { .count = 0 };
    bool fell = false;
    enum err e = spend_close(c->flow, t, &s, state, why, &rows);
    call_hear(c, t, &rows);
    if (!e)
        e = fall_back(c, t, fault, &rows, &fell);
    if (e)
        return e;
    if (!fell)
        t->fault = *fault;
    return job_fail(c->flow, t, c->claimed, rows.rows, rows.count);
}

enum err call_end(struct call *c, struct task *t, enum spend_state state, const char *why)
{
    const struct fault fault = t->fault;
    enum err e = ERR_CONFLICT;
    for (int i = 0; i < PAID_TRIES && e == ERR_CONFLICT; i++) {
        e = end_once(c, t, &fault, state, why);
        if (e != ERR_CONFLICT)
            return e;
        e = call_look(c, t); /* ours still? then only a total had changed */
        if (e)
            return e;
        e = ERR_CONFLICT;
    }
    return e;
}

/* The attempt is over without a clip and without our doing: the next one is reserved in its
 * turn. */
enum err call_retire(struct call *c, struct task *t, enum spend_state state,
                            const char *why)
{
    enum err e = ERR_CONFLICT;
    for (int i = 0; i < PAID_TRIES && e == ERR_CONFLICT; i++) {
        struct spend s = c->spend;
        struct spend_rows rows = { .count = 0 };
        e = spend_close(c->flow, t, &s, state, why, &rows);
        if (!e)
            e = call_park(c, t, "buying again", call_now(t), &rows);
        if (e != ERR_CONFLICT)
            return e;
        e = call_look(c, t);
        if (e)
            return e;
        e = ERR_CONFLICT;
    }
    return e;
}

static enum err reserve_once(struct call *c, struct task *t)
{
    struct spend s;
    struct spend_rows rows = { .count = 0 };
    const struct spend_wish wish = {
        .project = &c->work->board.project,
        .kind = c->spend.kind,
        .sequence = c->spend.sequence,
        .job_hash = c->spend.job_hash,
        .provider = c->spend.provider,
        .model = c->spend.model,
        .usd = usd_of_micros(c->spend.micros),
        .attempt = c->spend.attempt + 1,
    };
    enum err e = spend_reserve(c->flow, t, &wish, &s, &rows);
    if (e)
        return e;
    const struct job_next next = { .step = "sending", .spend = s.spend_id, .due_us = call_now(t) };
    return job_park(c->flow, t, c->claimed, &next, rows.rows, rows.count);
}

enum err call_again(struct call *c, struct task *t)
{
    enum err e = ERR_CONFLICT;
    for (int i = 0; i < PAID_TRIES && e == ERR_CONFLICT; i++) {
        e = reserve_once(c, t);
        if (e == ERR_BUDGET)
            return job_fail(c->flow, t, c->claimed, NULL, 0);
        if (e == ERR_CONFLICT && call_look(c, t) != OK)
            return ERR_CONFLICT;
    }
    return e;
}

/* ---- bought twice after all ---- */

enum err call_waste_twin(struct call *c, struct task *t, const char *ticket)
{
    enum err e = c->remote->cancel(c->services, t, ticket);
    log_line(LOG_WARN, t, "a paid call arrived twice", "ticket=%s cancelled=%s", ticket,
             e ? t->fault.message : "yes");
    e = ERR_CONFLICT;
    for (int i = 0; i < PAID_TRIES && e == ERR_CONFLICT; i++) {
        struct spend_rows rows = { .count = 0 };
        e = spend_waste_twin(c->flow, t, &c->spend, ticket, &rows);
        if (!e)
            e = store_write(c->flow->store, t, rows.rows, rows.count);
    }
    return e;
}

/* ---- with a product ---- */

/* Rows that end the spend beside the product's own. */
enum err call_also_close(struct work *w, struct task *t, struct item_write *writes,
                           size_t *count)
{
    struct call *c = w->also_of;
    struct spend s = c->spend;
    struct spend_rows rows = { .count = 0 };
    enum err e = spend_close(c->flow, t, &s, c->ending, c->why, &rows);
    call_hear(c, t, &rows);
    for (size_t i = 0; i < rows.count && !e; i++)
        writes[(*count)++] = rows.rows[i];
    return e;
}

enum err call_publish(struct call *c, struct task *t, const struct product *p,
                        enum spend_state ending, const char *why)
{
    c->ending = ending;
    c->why = why;
    c->work->also = call_also_close;
    c->work->also_of = c;
    return step_publish(c->work, t, p);
}
