/*
 * A call is sent once. Its intent is durable before the first byte, and from then on nothing
 * interrupts until what became of it is durable too.
 */
#include "flow/paid_call.h"

#include "base/hash.h"
#include "base/text.h"
#include "flow/hints.h"

struct video_order call_order(const struct call *c, struct task *t)
{
    return (struct video_order){
        .model = &c->model,
        .input = c->spend.request,
        .token = c->spend.token,
        .webhook = hints_address(c->flow->hints, t, c->spend.token),
        .seed = c->spend.seed,
        .intent_us = c->spend.intent_us,
    };
}

/* The one place where money is spent: an order whose intent is durable, sent once. */
static struct video_receipt spend_send(struct call *c, struct task *t, const char *body)
{
    const struct video_order order = call_order(c, t);
    c->ears.count = 0; /* uploads were before it */
    return c->remote->submit(c->services, t, &order, body);
}

/* Whoever sent it stood still so long that it was taken for lost and bought again: where nobody
 * found it in the list, it is one too many. */
static enum err came_too_late(struct call *c, struct task *t, const char *ticket)
{
    const char *owner;
    enum err e = remote_owner(c->flow->store, t, c->spend.provider, ticket, &owner);
    if (e == ERR_NOT_FOUND)
        e = call_waste_twin(c, t, ticket);
    return e ? e : fail(t, ERR_CONFLICT, "the job was taken over while its call was sent");
}

static bool is_same_sending(const struct spend *now, const struct spend *sent)
{
    return text_equal(now->token, sent->token) &&
           (now->state == SPEND_INTENT || now->state == SPEND_AMBIGUOUS);
}

/* It was taken for lost, and what it is called is word enough: a person need not decide any more,
 * and it need not be sent again. */
static bool is_given_up(const struct spend *now, const struct spend *sent)
{
    return text_equal(now->token, sent->token) &&
           (now->state == SPEND_HELD || now->state == SPEND_RESERVED);
}

/* Written by the row alone when the job is not ours any more: what is known of a call is never
 * thrown away. */
static enum err keep_outcome(struct call *c, struct task *t, const char *ticket)
{
    enum err e = ERR_CONFLICT;
    for (int i = 0; i < PAID_TRIES && e == ERR_CONFLICT; i++) {
        struct spend s;
        struct spend_rows rows = { .count = 0 };
        e = spend_load(c->flow->store, t, c->spend.project_id, c->spend.spend_id, &s);
        if (e)
            return e;
        if (ticket && is_given_up(&s, &c->spend)) {
            e = paid_hint(c->flow, t, &s, ticket);
            continue;
        }
        if (!is_same_sending(&s, &c->spend))
            return ticket ? came_too_late(c, t, ticket) : ERR_CONFLICT;
        if (ticket)
            spend_bind(t, &s, ticket, &rows);
        else
            spend_unsend(t, &s, &rows);
        call_hear(c, t, &rows);
        e = store_write(c->flow->store, t, rows.rows, rows.count);
    }
    return e ? e : fail(t, ERR_CONFLICT, "the job was taken over while its call was sent");
}

enum err call_bind(struct call *c, struct task *t, const char *ticket)
{
    struct spend s = c->spend;
    struct spend_rows rows = { .count = 0 };
    spend_bind(t, &s, ticket, &rows);
    int64_t look_us = text_is_empty(s.hint) ? call_look_us(c) : 0; /* word comes of what is over */
    enum err e = call_park(c, t, "filming", call_now(t) + look_us, &rows);
    enum err kept = e ? keep_outcome(c, t, ticket) : OK;
    return e == ERR_CONFLICT ? kept : e;
}

enum err call_unsend(struct call *c, struct task *t, int64_t again_us)
{
    struct spend s = c->spend;
    struct spend_rows rows = { .count = 0 };
    spend_unsend(t, &s, &rows);
    enum err e = call_park(c, t, "sending", call_now(t) + again_us, &rows);
    enum err kept = e ? keep_outcome(c, t, NULL) : OK;
    return e == ERR_CONFLICT ? kept : e;
}

static enum err call_doubt(struct call *c, struct task *t)
{
    struct spend s = c->spend;
    struct spend_rows rows = { .count = 0 };
    spend_doubt(t, &s, &rows);
    return call_park(c, t, "looking for the call", call_now(t) + call_look_us(c), &rows);
}

static bool call_is_old(const struct call *c, const struct task *t)
{
    return call_now(t) > time_read_iso8601(c->spend.created_at) + PAID_GIVE_UP_US;
}

/* Sent so often and never taken; who is only asked to come later may come as long as it takes.
 * Where another model stands by, patience is shorter. */
static bool may_send_again(const struct call *c, const struct task *t,
                           const struct video_receipt *r)
{
    bool later = t->fault.code == ERR_RATE && !call_is_old(c, t);
    int most = call_may_fall_back(c, t) ? PAID_SENDS_BEFORE_FALLBACK : PAID_SENDS;
    return r->again_us >= 0 && (later || c->spend.sends < most);
}

static enum err settle_outcome(struct call *c, struct task *t, const struct video_receipt *r)
{
    if (r->outcome == VIDEO_CREATED)
        return call_bind(c, t, r->ticket);
    if (r->outcome == VIDEO_AMBIGUOUS)
        return call_doubt(c, t);
    if (may_send_again(c, t, r))
        return call_unsend(c, t, r->again_us);
    return call_end(c, t, SPEND_RELEASED, arena_copy(t->arena, t->fault.message));
}

static const char *request_hash(const struct call *c, struct task *t, const char *input)
{
    struct hash h = hash_new("paid call");
    hash_add(&h, "provider", c->spend.provider);
    hash_add(&h, "model", c->model.remote);
    hash_add(&h, "input", input);
    return hash_end(&h, t->arena);
}

/* Where that call stands; NOT_SET when it has ended just now. */
static enum err find_twin(const struct call *c, struct task *t, const char *spend_id,
                          struct spend *out)
{
    struct spend *open;
    size_t count;
    enum err e = spends_open(c->flow->store, t, &open, &count);
    *out = (struct spend){ .state = SPEND_NOT_SET };
    for (size_t i = 0; i < count && !e; i++) {
        if (text_equal(open[i].spend_id, spend_id))
            *out = open[i];
    }
    return e;
}

/* A person has to see to that one first; ours was never sent. */
static enum err give_way(struct call *c, struct task *t, const struct spend *twin)
{
    bool held = twin->state == SPEND_HELD;
    const char *decide = arena_format(
        t->arena, "storyreel project decide %s %s try-again|wait|forget, then generate again",
        twin->project_id, twin->spend_id);
    const char *wait = "wait until it has ended, or cancel it; then generate again";
    enum err e = refuse(t, held ? ERR_RECONCILE : ERR_TIMEOUT, held ? decide : wait,
                        "the same was asked of %s for project %s, and that call (%s) is %s still",
                        c->model.title, twin->project_id, twin->spend_id,
                        spend_state_names[twin->state]);
    (void)e;
    return call_end(c, t, SPEND_RELEASED, arena_copy(t->arena, t->fault.message));
}

/* Somebody's call of the very same input is open: twins could not be told apart in a list. */
static enum err wait_for_twin(struct call *c, struct task *t, const char *hash)
{
    const char *owner;
    struct spend twin;
    enum err e = input_owner(c->flow->store, t, hash, &owner);
    if (e == ERR_NOT_FOUND || (!e && text_equal(owner, c->spend.spend_id)))
        return fail(t, ERR_CONFLICT, "the call was seen to by another");
    if (!e)
        e = find_twin(c, t, owner, &twin);
    if (e)
        return e;
    if (twin.state == SPEND_HELD || (twin.state && call_is_old(c, t)))
        return give_way(c, t, &twin);
    return call_park(c, t, "waiting for the same call of another",
                     call_now(t) + PAID_LOOK_MAX_US, NULL);
}

/* From the intent until a process that lives has written down what became of it. */
static int64_t takes_us(const struct call *c, const char *input)
{
    int64_t sending_us = c->remote->send_us ? c->remote->send_us(input) : SERVICE_CREATE_US;
    return PAID_SEND_US + sending_us + PAID_MARGIN_US;
}

static enum err intend(struct call *c, struct task *t, const char *input, int64_t seed)
{
    struct spend s = c->spend;
    struct spend_rows rows = { .count = 0 };
    const struct spend_call sent = {
        .request = input,
        .request_hash = request_hash(c, t, input),
        .seed = seed,
        .epoch = c->claimed->job.epoch,
        .takes_us = takes_us(c, input),
    };
    enum err e = spend_intend(c->flow, t, &s, &sent, &rows);
    if (e)
        return e;
    c->spend = s;
    return call_note(c, t, "sending", &rows);
}

/* From the intent on nothing interrupts: what becomes of the call has to be written down. */
static enum err send_once(struct call *c, struct task *t, const char *body, int64_t began_us)
{
    const atomic_bool *cancelled = t->cancelled;
    struct video_receipt receipt = { .outcome = VIDEO_NOT_CREATED };
    t->cancelled = NULL;
    if (clock_monotonic_us(t->clock) - began_us <= PAID_SEND_US)
        receipt = spend_send(c, t, body);
    enum err e = settle_outcome(c, t, &receipt);
    t->cancelled = cancelled;
    return e;
}

/* What is asked for: as it is written down and looked for, and as it is sent. */
struct asking {
    const char *input, *body;
    int64_t seed;
};

static enum err ask_for_take(struct call *c, struct task *t, struct asking *out)
{
    scoped(references) struct references refs = { .count = 0 };
    struct video_request request;
    enum err e = take_request(c->work, t, &refs, &request);
    if (!e)
        e = c->remote->describe(t, &request, &out->input);
    if (!e)
        e = c->remote->prepare(c->services, t, &request, out->input, &out->body);
    out->seed = request.picture.seed;
    return e;
}

static enum err ask_for_lipsync(struct call *c, struct task *t, struct asking *out)
{
    enum err e = lipsync_ask(c->work, t, &out->input);
    out->body = out->input;
    out->seed = 0;
    return e;
}

static enum err ask_for_sound(struct call *c, struct task *t, struct asking *out)
{
    const struct sound_driver *driver;
    enum err e = flow_sound_driver(c->flow, t, c->model.makes, c->model.driver, &driver);
    if (!e)
        e = sound_ask(c->work, t, driver, &out->input);
    out->body = out->input;
    out->seed = c->work->board.project.seed;
    return e;
}

static enum err ask(struct call *c, struct task *t, struct asking *out)
{
    switch (c->work->step->kind) {
    case ARTIFACT_LIPSYNC: return ask_for_lipsync(c, t, out);
    case ARTIFACT_MUSIC:
    case ARTIFACT_VOICE:   return ask_for_sound(c, t, out);
    default:               return ask_for_take(c, t, out);
    }
}

static enum err send_request(struct call *c, struct task *t)
{
    struct asking asking;
    enum err e = ask(c, t, &asking);
    if (e)
        return e;
    int64_t began_us = clock_monotonic_us(t->clock);
    const char *hash = request_hash(c, t, asking.input);
    e = intend(c, t, asking.input, asking.seed);
    if (e == ERR_CONFLICT)
        return wait_for_twin(c, t, hash);
    return e ? e : send_once(c, t, asking.body, began_us);
}

/* Whoever films it wants to be left alone, or does not answer: the call keeps its reservation and
 * waits, for three hours at most. */
static enum err wait_for_turn(struct call *c, struct task *t, enum err why)
{
    bool elsewhere = why != ERR_RATE && call_may_fall_back(c, t); /* surely nothing was sent */
    if (elsewhere)
        return call_end(c, t, SPEND_RELEASED, arena_copy(t->arena, t->fault.message));
    if (!err_may_retry(why) || call_is_old(c, t))
        return why;
    const char *step =
        why == ERR_RATE ? "waiting for its turn" : "waiting for an answer from there";
    return call_park(c, t, step, call_now(t) + t->fault.wait_us, NULL);
}

static enum err send_in_turn(struct call *c, struct task *t)
{
    const struct services *all = c->flow->services;
    enum err e = all && c->remote->service ? service_may_make(t, &all->at[c->remote->service]) : OK;
    return e ? wait_for_turn(c, t, e) : send_request(c, t);
}

enum err call_send(struct call *c, struct task *t)
{
    struct product made;
    if (!c->work->wanted && !c->work->there) {
        enum err why = fail(t, ERR_CANCELLED, "its inputs changed before it was sent");
        (void)why;
        return call_end(c, t, SPEND_RELEASED, "not needed any more");
    }
    enum err e = step_cached(c->work, t, &made);
    if (!e)
        return call_publish(c, t, &made, SPEND_RELEASED, "it was there already");
    return e == ERR_NOT_FOUND ? send_in_turn(c, t) : e;
}
