/*
 * Rows for the ledger and its totals. Totals are changed by difference on what was just read; the
 * version in the row makes whoever was slower read again.
 */
#include "flow/spend.h"

#include <string.h>
#include <sys/random.h>

#include "base/id.h"
#include "base/text.h"

enum { TOKEN_BYTES = 16 };

static const char *now_text(struct task *t)
{
    return time_iso8601(t->arena, clock_wall_us(t->clock));
}

static const char *today(struct task *t)
{
    return arena_copy_n(t->arena, now_text(t), strlen("2031-05-01"));
}

static void push(struct spend_rows *rows, struct item_write row)
{
    rows->rows[rows->count++] = row;
}

/* ---- totals ---- */

struct totals {
    struct budget project, day;
};

static enum err totals_load(const struct flow *f, struct task *t, const char *project_id,
                            const char *day, struct totals *out)
{
    enum err e = budget_of_project(f->store, t, project_id, &out->project);
    return e ? e : budget_of_day(f->store, t, day, &out->day);
}

static void totals_add(struct totals *totals, int64_t held, int64_t spent)
{
    totals->project.held += held;
    totals->project.spent += spent;
    totals->day.held += held;
    totals->day.spent += spent;
}

static void totals_push(struct task *t, const struct spend *s, const struct totals *totals,
                        struct spend_rows *rows)
{
    push(rows, budget_of_project_write(t, s->project_id, &totals->project));
    push(rows, budget_of_day_write(t, s->day, &totals->day));
}

/* An unknown price, where it is allowed at all, cannot be counted. */
static int64_t counted(const struct spend *s)
{
    return s->micros > 0 ? s->micros : 0;
}

/* ---- caps ---- */

static int64_t left_of(double cap_usd, const struct budget *b)
{
    int64_t left = micros_of_usd(cap_usd) - b->held - b->spent;
    return left > 0 ? left : 0;
}

static bool has_cap(double cap_usd)
{
    return cap_usd >= 0;
}

/* A day's cap of 0 is none: a program that may spend nothing has no key. */
static bool has_day_cap(const struct flow *f)
{
    return f->day_cap_usd > 0;
}

static const char *price_text(struct task *t, int64_t micros)
{
    return micros < 0 ? "an unknown sum" : arena_format(t->arena, "$%.2f", usd_of_micros(micros));
}

/* What is asked for: the most it can cost, and what it costs as a rule. */
struct price {
    int64_t most, usual;
};

static const char *costs_text(struct task *t, const struct price *price)
{
    if (price->usual < 0 || price->usual >= price->most)
        return arena_format(t->arena, "this costs %s", price_text(t, price->most));
    return arena_format(t->arena,
                        "this costs about %s, needs up to %s reserved while its end is not known,",
                        price_text(t, price->usual), price_text(t, price->most));
}

static enum err check_cap(struct task *t, const char *whose, const char *next, double cap_usd,
                          const struct budget *b, const struct price *price)
{
    int64_t left = left_of(cap_usd, b);
    if (price->most == 0 || (price->most > 0 && price->most <= left))
        return OK;
    return fail_at(t,
                   refuse(t, ERR_BUDGET, next, "%s and $%.2f of the %s $%.2f is left",
                          costs_text(t, price), usd_of_micros(left), whose, cap_usd),
                   "budget");
}

static enum err check_caps(const struct flow *f, struct task *t, const struct project *p,
                           const struct totals *totals, const struct price *price)
{
    enum err e = OK;
    if (has_cap(p->budget_usd))
        e = check_cap(t, "project's budget of",
                      "raise the budget, or ask for fewer scenes at a time", p->budget_usd,
                      &totals->project, price);
    if (!e && has_day_cap(f))
        e = check_cap(t, "day's budget of", "carry on tomorrow, or raise the budget of a day",
                      f->day_cap_usd, &totals->day, price);
    return e;
}

enum err spend_check(const struct flow *f, struct task *t, const struct project *p, double usd)
{
    struct totals totals;
    enum err e = totals_load(f, t, p->project_id, today(t), &totals);
    return e ? e : check_caps(f, t, p, &totals,
                              &(struct price){ micros_of_usd(usd), micros_of_usd(usd) });
}

enum err spend_left(const struct flow *f, struct task *t, const struct project *p, double *out_usd)
{
    struct totals totals;
    int64_t left = INT64_MAX;
    enum err e = totals_load(f, t, p->project_id, today(t), &totals);
    if (e)
        return e;
    if (has_cap(p->budget_usd))
        left = left_of(p->budget_usd, &totals.project);
    if (has_day_cap(f) && left_of(f->day_cap_usd, &totals.day) < left)
        left = left_of(f->day_cap_usd, &totals.day);
    *out_usd = left == INT64_MAX ? -1 : usd_of_micros(left);
    return OK;
}

/* ---- a spend's life ---- */

int64_t spend_usual(const struct spend *s)
{
    return s->usual_micros >= 0 ? s->usual_micros : s->micros;
}

static struct spend spend_of(struct task *t, const struct spend_wish *w)
{
    return (struct spend){
        .spend_id = ulid_new(t),
        .project_id = w->project->project_id,
        .kind = w->kind,
        .sequence = w->sequence,
        .job_hash = w->job_hash,
        .provider = w->provider,
        .model = w->model,
        .attempt = w->attempt,
        .micros = micros_of_usd(w->usd),
        .reserved_micros = micros_of_usd(w->usd),
        .usual_micros = w->usual_usd > 0 ? micros_of_usd(w->usual_usd) : -1,
        .day = today(t),
        .state = SPEND_RESERVED,
        .token = "",
        .request = "",
        .request_hash = "",
        .boot = "",
        .hint = "",
        .remote_id = "",
        .output = "",
        .on_machine = "",
        .why = "",
        .kept = "",
        .created_at = now_text(t),
        .closed_at = "",
    };
}

/* The entry and what it adds to the totals, where the caps allow it. */
static enum err enter(const struct flow *f, struct task *t, const struct spend_wish *wish,
                      struct spend *entry, struct spend_rows *rows)
{
    struct totals totals;
    enum err e = totals_load(f, t, entry->project_id, entry->day, &totals);
    if (!e)
        e = check_caps(f, t, wish->project, &totals,
                       &(struct price){ entry->micros, spend_usual(entry) });
    if (e)
        return e;
    totals_add(&totals, counted(entry), 0);
    push(rows, spend_write(t, entry));
    totals_push(t, entry, &totals, rows);
    return OK;
}

enum err spend_reserve(const struct flow *f, struct task *t, const struct spend_wish *wish,
                       struct spend *out, struct spend_rows *rows)
{
    *out = spend_of(t, wish);
    return enter(f, t, wish, out, rows);
}

enum err spend_ask(const struct flow *f, struct task *t, const struct spend_wish *wish,
                   struct spend *out, struct spend_rows *rows)
{
    *out = spend_of(t, wish);
    out->state = SPEND_INTENT;
    out->boot = f->worker;
    out->intent_us = clock_wall_us(t->clock);
    out->sends = 1;
    return enter(f, t, wish, out, rows);
}

static enum err token_new(struct task *t, const char **out)
{
    unsigned char random[TOKEN_BYTES];
    struct text hex = text_new(t->arena);
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return fail(t, ERR_INTERNAL, "the kernel gave no random bytes");
    for (size_t i = 0; i < sizeof random; i++)
        text_printf(&hex, "%02x", random[i]);
    *out = text_end(&hex);
    return OK;
}

enum err spend_intend(const struct flow *f, struct task *t, struct spend *s,
                      const struct spend_call *call, struct spend_rows *rows)
{
    enum err e = token_new(t, &s->token);
    if (e)
        return e;
    s->state = SPEND_INTENT;
    s->request = call->request;
    s->request_hash = call->request_hash;
    s->seed = call->seed;
    s->epoch = call->epoch;
    s->boot = f->worker;
    s->hint = "";
    s->intent_us = clock_wall_us(t->clock);
    s->sent_by_us = s->intent_us + call->takes_us;
    s->sends += 1;
    s->orphaned_us = s->listed_us = s->listings = 0;
    push(rows, spend_write(t, s));
    push(rows, input_lock(t, s));
    return OK;
}

void spend_unsend(struct task *t, struct spend *s, struct spend_rows *rows)
{
    push(rows, input_unlock(t, s));
    s->state = SPEND_RESERVED;
    push(rows, spend_write(t, s));
}

void spend_doubt(struct task *t, struct spend *s, struct spend_rows *rows)
{
    s->state = SPEND_AMBIGUOUS;
    if (!s->orphaned_us)
        s->orphaned_us = clock_wall_us(t->clock);
    push(rows, spend_write(t, s));
}

void spend_recall(struct task *t, struct spend *s, struct spend_rows *rows)
{
    s->orphaned_us = s->listed_us = s->listings = 0;
    spend_doubt(t, s, rows);
    push(rows, input_lock(t, s));
}

void spend_bind(struct task *t, struct spend *s, const char *ticket, struct spend_rows *rows)
{
    s->state = SPEND_BOUND;
    s->remote_id = ticket;
    s->bound_us = clock_wall_us(t->clock);
    push(rows, spend_write(t, s));
    push(rows, remote_create(t, s));
}

void spend_note(struct task *t, const struct spend *s, struct spend_rows *rows)
{
    push(rows, spend_write(t, s));
}

enum err spend_close_at(const struct flow *f, struct task *t, struct spend *s,
                        enum spend_state state, int64_t micros, const char *why,
                        struct spend_rows *rows)
{
    struct totals totals;
    if (!spend_is_open(s))
        return fail(t, ERR_CONFLICT, "this call is %s already", spend_state_names[s->state]);
    enum err e = totals_load(f, t, s->project_id, s->day, &totals);
    if (e)
        return e;
    if (spend_is_out(s) && !text_is_empty(s->request_hash))
        push(rows, input_unlock(t, s));
    int64_t reserved = counted(s);
    s->micros = micros;
    totals_add(&totals, -reserved, state == SPEND_RELEASED ? 0 : counted(s));
    s->state = state;
    s->why = why;
    s->closed_at = now_text(t);
    push(rows, spend_write(t, s));
    totals_push(t, s, &totals, rows);
    return OK;
}

enum err spend_close(const struct flow *f, struct task *t, struct spend *s, enum spend_state state,
                     const char *why, struct spend_rows *rows)
{
    return spend_close_at(f, t, s, state, s->micros, why, rows);
}

enum err spend_waste_twin(const struct flow *f, struct task *t, const struct spend *s,
                          const char *ticket, struct spend_rows *rows)
{
    struct totals totals;
    struct spend twin = *s;
    enum err e = totals_load(f, t, s->project_id, s->day, &totals);
    if (e)
        return e;
    twin.version = 0;
    twin.spend_id = ulid_new(t);
    twin.state = SPEND_WASTED;
    twin.remote_id = ticket;
    twin.why = "it arrived twice; this one was cancelled";
    twin.created_at = twin.closed_at = now_text(t);
    totals_add(&totals, 0, counted(s));
    push(rows, spend_write(t, &twin));
    push(rows, remote_create(t, &twin));
    totals_push(t, s, &totals, rows);
    return OK;
}

void spend_hear(struct task *t, const struct spend *s, enum heard_at turn,
                const struct service_ears *ears, struct spend_rows *rows)
{
    if (!ears || ears->count == 0)
        return;
    struct said *answers = arena_array(t->arena, struct said, ears->count);
    for (size_t i = 0; i < ears->count; i++) {
        const struct service_answer *said = &ears->at[i];
        answers[i] = (struct said){ said->call, said->body, said->status, said->bytes };
    }
    const struct hearing h = { now_text(t), heard_names[turn], answers, ears->count };
    push(rows, hearing_write(t, s, turn, &h));
}

enum err spend_total_of(const struct flow *f, struct task *t, const char *project_id,
                        struct spend_total *out)
{
    struct budget b;
    enum err e = budget_of_project(f->store, t, project_id, &b);
    *out = (struct spend_total){ .spent = b.spent, .held = b.held };
    return e;
}
