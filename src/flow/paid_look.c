/*
 * From the ticket to the clip, or to the provider's word that there will be none.
 *
 * A clip may arrive while our own media store is away. Then it stays on the machine that fetched
 * it, which sends it when the store is back, and the ledger says so: no other fetch is needed, and
 * it is not lost when the provider deletes its copy meanwhile.
 */
#include "flow/paid_call.h"

#include "base/text.h"
#include "flow/checks.h"

/* Runs that take long are looked at less often. */
static int64_t look_again(const struct call *c, const struct task *t, int64_t asked_us)
{
    int64_t us = asked_us > 0 ? asked_us : (call_now(t) - c->spend.bound_us) / 10;
    return us < call_look_us(c) ? call_look_us(c) : us > PAID_LOOK_MAX_US ? PAID_LOOK_MAX_US : us;
}

/* It is at work: an earlier trouble is over. */
static enum err call_wait(struct call *c, struct task *t, int64_t asked_us)
{
    struct spend s = c->spend;
    struct spend_rows rows = { .count = 0 };
    if (s.trouble_us) {
        s.trouble_us = 0;
        spend_note(t, &s, &rows);
    }
    if (call_now(t) < s.intent_us + PAID_GIVE_UP_US)
        return call_park(c, t, "filming", call_now(t) + look_again(c, t, asked_us),
                         rows.count ? &rows : NULL);
    enum err why = fail(t, ERR_TIMEOUT, "%s did not finish it in three hours", c->spend.provider);
    (void)why;
    return call_end(c, t, SPEND_WASTED, "no end was heard of");
}

/* Parked rather than fetched at once, so that the oldest goes first. */
static enum err call_ready(struct call *c, struct task *t, const struct video_status *status)
{
    struct spend s = c->spend;
    struct spend_rows rows = { .count = 0 };
    double keep_s = c->model.keep_seconds;
    s.output = status->output;
    s.trouble_us = 0;
    s.finished_us = status->finished_us ? status->finished_us : call_now(t);
    s.output_by_us = keep_s > 0 ? s.finished_us + (int64_t)(keep_s * SECOND_US) : 0;
    spend_note(t, &s, &rows);
    return call_park(c, t, "fetching", s.finished_us, &rows);
}

static enum err call_lost(struct call *c, struct task *t, const struct video_status *status)
{
    enum spend_state state = status->billed ? SPEND_WASTED : SPEND_RELEASED;
    const char *why = status->why ? status->why : "";
    if (!c->called_off && status->error == ERR_UPSTREAM && c->spend.attempt < PAID_ATTEMPTS)
        return call_retire(c, t, state, why);
    enum err code = c->called_off ? ERR_CANCELLED : status->error;
    enum err e = code == ERR_REFUSED
                     ? refuse(t, code, "change the prompt and film the scene again", "%s", why)
                     : fail(t, code, "%s", c->called_off ? "it was cancelled" : why);
    (void)e;
    return call_end(c, t, state, why);
}

enum err call_poll(struct call *c, struct task *t)
{
    struct video_status status;
    enum err e = c->remote->poll(c->services, t, c->spend.remote_id, &status);
    if (e)
        return e;
    switch (status.state) {
    case VIDEO_READY: return call_ready(c, t, &status);
    case VIDEO_LOST:  return call_lost(c, t, &status);
    default:          return call_wait(c, t, status.look_again_us);
    }
}

/* ---- fetching ---- */

/* Paid for and gone: the loss is named with its cost. */
static enum err call_lose(struct call *c, struct task *t, const char *how)
{
    enum err e = refuse(t, ERR_UPSTREAM, "film the scene again",
                        "the clip was paid for ($%.2f) and is lost: %s",
                        usd_of_micros(c->spend.micros), how);
    (void)e;
    return call_end(c, t, SPEND_WASTED, arena_copy(t->arena, t->fault.message));
}

static bool is_too_late(const struct call *c, const struct task *t)
{
    return c->spend.output_by_us && call_now(t) > c->spend.output_by_us;
}

/* Somebody has it, and may yet send it to the store. */
static bool is_on_machine(const struct call *c, const struct task *t)
{
    return !text_is_empty(c->spend.on_machine) &&
           call_now(t) < c->spend.on_machine_us + PAID_KEPT_US;
}

static enum err call_await_machine(struct call *c, struct task *t)
{
    return call_park(c, t, "fetching", call_now(t) + PAID_LOOK_MAX_US, NULL);
}

/* Its address is worth nothing any more: asked for again, it may have another. */
static enum err call_ask_address(struct call *c, struct task *t)
{
    struct spend s = c->spend;
    struct spend_rows rows = { .count = 0 };
    if (is_too_late(c, t) || s.fetches + 1 >= PAID_FETCHES)
        return call_lose(c, t, is_too_late(c, t) ? "it was not fetched before it was deleted"
                                                 : arena_copy(t->arena, t->fault.message));
    s.output = "";
    s.fetches += 1;
    spend_note(t, &s, &rows);
    return call_park(c, t, "filming", call_now(t) + call_look_us(c), &rows);
}

/* ---- what is of no use ---- */

/* The fault with its cost, so that nobody has to look for it. */
static enum err say_cost(const struct call *c, struct task *t, const char *next)
{
    const char *cause = arena_copy(t->arena, t->fault.message);
    return refuse(t, ERR_MEDIA, arena_copy(t->arena, next), "%s ($%.2f was paid for it)", cause,
                  usd_of_micros(c->spend.micros));
}

/* Nothing that can be played, or nobody could tell: the file is kept for a look, the ledger names
 * it, and nothing is bought again by itself. */
static enum err keep_useless(struct call *c, struct task *t, struct draft *draft)
{
    const char *cause = arena_copy(t->arena, t->fault.message), *kind = c->spend.kind;
    const char *key = step_take_key(
        t, c->work, arena_format(t->arena, "-%s-useless", c->spend.spend_id));
    if (file_bytes(draft->fd) > 0) {
        enum err e = blob_put(c->flow->blobs, t, key, draft);
        if (e)
            return e;
        c->spend.kept = key;
    }
    enum err e = fail(t, ERR_MEDIA, "the %s that came is of no use: %s", kind, cause);
    if (e)
        e = say_cost(c, t, "its file is in the ledger; generating again buys another");
    (void)e;
    return call_end(c, t, SPEND_WASTED, arena_copy(t->arena, t->fault.message));
}

/* So soon that another look may find nothing there any more? */
static bool is_gone_soon(const struct call *c, const struct task *t)
{
    return c->spend.output_by_us && call_now(t) + PAID_AGAIN_US > c->spend.output_by_us;
}

/*
 * All of it came. What is no clip may be a broken download, which is repeated; any other trouble is
 * one of this machine (no memory, no time), which may pass. It is not let go while it is in hand:
 * where the next try may be too late, or the last one was had, it is kept.
 */
static enum err look_failed(struct call *c, struct task *t, struct draft *draft, enum err e)
{
    bool broken = e == ERR_MEDIA;
    if (is_on_machine(c, t))
        return call_await_machine(c, t);
    if (e == ERR_CANCELLED)
        return e;
    if (broken ? c->spend.fetches + 1 >= PAID_FETCHES
               : is_gone_soon(c, t) || c->claimed->job.attempt >= PAID_LOOKS)
        return keep_useless(c, t, draft);
    return broken ? call_ask_address(c, t) : e;
}

static enum err fetch_failed(struct call *c, struct task *t, enum err e)
{
    if (is_on_machine(c, t))
        return call_await_machine(c, t);
    if (e == ERR_NOT_FOUND || e == ERR_FORBIDDEN || e == ERR_IMPOSSIBLE || e == ERR_EXPIRED)
        return call_ask_address(c, t);
    if (is_too_late(c, t))
        return call_lose(c, t, "it was not fetched before it was deleted");
    return e;
}

/* Not what was asked for: kept, because it was paid for, but not shown. */
static enum err keep_aside(struct call *c, struct task *t, const struct product *p)
{
    enum err why = say_cost(c, t, t->fault.next);
    (void)why;
    const struct fault fault = t->fault;
    c->spend.kept = p->key;
    c->ending = SPEND_SETTLED;
    c->why = arena_copy(t->arena, fault.message);
    c->work->also_of = c;
    for (int i = 0; i < PAID_TRIES; i++) {
        struct item_write writes[STORE_WRITES_MAX - 2];
        size_t count = 0;
        enum err e = c->work->step->record_aside(c->work, t, p, writes, &count);
        if (!e)
            e = call_also_close(c->work, t, writes, &count);
        t->fault = fault;
        if (!e)
            e = job_fail(c->flow, t, c->claimed, writes, count);
        if (e != ERR_CONFLICT)
            return e;
        e = call_look(c, t);
        if (e)
            return e;
    }
    return ERR_CONFLICT;
}

static const char *clip_key(struct call *c, struct task *t)
{
    return step_take_key(t, c->work, arena_format(t->arena, "-%s", c->spend.spend_id));
}

static enum err publish_clip(struct call *c, struct task *t, const struct clip_info *info)
{
    struct product p = {
        .key = clip_key(c, t),
        .info = fields_encode_text(t->arena, clip_info_fields, info),
    };
    enum err e = c->work->step->verify(c->work, t, info);
    if (e == ERR_MEDIA)
        return keep_aside(c, t, &p);
    return e ? e : call_publish(c, t, &p, SPEND_SETTLED, "");
}

/* Killed before it was published? */
static enum err find_unpublished(struct call *c, struct task *t, struct clip_info *info,
                                 bool *out_there)
{
    scoped(fd) int clip = -1;
    struct fault before = t->fault;
    *out_there = c->flow->media && blob_open(c->flow->blobs, t, clip_key(c, t), &clip) == OK &&
                 media_probe(c->flow->media, t, clip, info) == OK;
    t->fault = before;
    return OK;
}

/* While the store is away there is no saying, and nothing to be done. */
static enum err find_on_machine(struct call *c, struct task *t, struct clip_info *info,
                                bool *out_there)
{
    struct blob_info there;
    enum err e = blob_stat(c->flow->blobs, t, clip_key(c, t), &there);
    *out_there = e == OK;
    if (e)
        return e == ERR_NOT_FOUND ? OK : e;
    return fields_decode_record(t, clip_info_fields, c->spend.on_machine, info, NULL);
}

/* A clip that was fetched before is not fetched again: the provider deletes what is old. */
static enum err find_fetched(struct call *c, struct task *t, struct clip_info *info,
                             bool *out_there)
{
    return text_is_empty(c->spend.on_machine) ? find_unpublished(c, t, info, out_there)
                                              : find_on_machine(c, t, info, out_there);
}

/* It could not be put: kept on this machine, if the store does that. */
static enum err call_keep(struct call *c, struct task *t, const struct clip_info *info)
{
    struct spend s = c->spend;
    struct spend_rows rows = { .count = 0 };
    if (!blob_waits(c->flow->blobs, t, clip_key(c, t)))
        return t->fault.code;
    s.on_machine = fields_encode_text(t->arena, clip_info_fields, info);
    s.on_machine_us = call_now(t);
    spend_note(t, &s, &rows);
    return call_park(c, t, "fetching", call_now(t) + call_look_us(c), &rows);
}

enum err call_fetch(struct call *c, struct task *t)
{
    scoped(draft) struct draft draft = draft_none();
    struct clip_info info;
    bool there;
    enum err e = find_fetched(c, t, &info, &there);
    if (e)
        return e;
    if (there)
        return publish_clip(c, t, &info);
    if (is_on_machine(c, t) && is_too_late(c, t))
        return call_await_machine(c, t);
    e = blob_draft(c->flow->blobs, t, &draft);
    if (e)
        return e;
    e = c->remote->fetch(c->services, t, c->spend.output, draft.fd);
    if (e)
        return fetch_failed(c, t, e);
    e = c->remote->look(c->flow->media, t, draft.fd, &info);
    if (e)
        return look_failed(c, t, &draft, e);
    e = blob_put(c->flow->blobs, t, clip_key(c, t), &draft);
    return e ? call_keep(c, t, &info) : publish_clip(c, t, &info);
}

/* ---- calling off ---- */

enum err call_tell_provider(struct call *c, struct task *t)
{
    struct spend s = c->spend;
    struct spend_rows rows = { .count = 0 };
    enum err e = c->remote->cancel(c->services, t, s.remote_id);
    if (e)
        return e;
    s.cancel_sent = true;
    spend_note(t, &s, &rows);
    e = call_note(c, t, JOB_CANCELLING, &rows);
    if (!e)
        c->spend.cancel_sent = true;
    return e;
}

enum err call_end_off(struct call *c, struct task *t)
{
    enum err e = fail(t, ERR_CANCELLED, "it was cancelled");
    (void)e;
    return spend_is_open(&c->spend) ? call_end(c, t, SPEND_RELEASED, "it was cancelled in time")
                                    : job_fail(c->flow, t, c->claimed, NULL, 0);
}
