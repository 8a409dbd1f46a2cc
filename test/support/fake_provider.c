#include "fake_provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fields.h"
#include "base/text.h"

struct fake_provider *fake_provider;

void fake_provider_new(void)
{
    if (!fake_provider)
        fake_provider = mmap(NULL, sizeof *fake_provider, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (fake_provider == MAP_FAILED)
        abort();
    memset(fake_provider, 0, sizeof *fake_provider);
    fake_provider->films_us = 30 * SECOND_US;
    fake_provider->keeps_us = 3600 * SECOND_US;
}

/* Before and after each thing that is done, the process may end. */
static void step(void)
{
    struct fake_provider *p = fake_provider;
    if (++p->ops == p->end_at && p->end)
        p->end();
}

static int64_t now(const struct task *t)
{
    return clock_wall_us(t->clock);
}

static struct fake_call *call_of(const char *id)
{
    for (int i = 0; i < fake_provider->call_count; i++) {
        if (text_equal(fake_provider->calls[i].id, id))
            return &fake_provider->calls[i];
    }
    return NULL;
}

/* What time has made of a call. */
static bool is_over(struct fake_call *c, int64_t at)
{
    struct fake_provider *p = fake_provider;
    if (c->cancelled || c->failed || c->finished_us)
        return true;
    if (c->fault == FAKE_STUCK || at < c->created_us + p->films_us)
        return false;
    if (c->fault == FAKE_CONTENT || c->fault == FAKE_BUSY) {
        c->failed = true;
    } else {
        c->finished_us = c->created_us + p->films_us;
        c->billed      = true;
    }
    return true;
}

int fake_billed(void)
{
    int billed = 0;
    for (int i = 0; i < fake_provider->call_count; i++) {
        is_over(&fake_provider->calls[i], INT64_MAX / 2);          /* nobody stops them any more */
        billed += fake_provider->calls[i].billed;
    }
    return billed;
}

static enum err fake_describe(struct task *t, const struct video_request *r, const char **out)
{
    double seconds = model_seconds(r->model, &(struct model_wish){
        .seconds = (double)r->picture.frame_count / FILM_RATE_HZ, .aspect = r->aspect });
    scoped(json) json_t *input = json_pack("{ss sI sf}", "prompt", r->prompt, "seed", (json_int_t)r->picture.seed,
                                           "seconds", seconds);
    *out = json_text(t->arena, input);
    return OK;
}

static enum err fake_prepare(const struct services *all, struct task *t, const struct video_request *r,
                             const char *input, const char **out)
{
    (void)all, (void)t, (void)r;
    *out = input;
    return OK;
}

static struct fake_call *arrive(struct task *t, const struct video_order *order, const char *body,
                                enum fake_fault fault)
{
    struct fake_provider *p = fake_provider;
    double seconds = 0;
    scoped(json) json_t *input = json_loads(body, 0, NULL);
    if (p->call_count == FAKE_CALLS_MAX || !input || json_unpack(input, "{sF}", "seconds", &seconds))
        abort();
    struct fake_call *c = &p->calls[p->call_count];
    *c = (struct fake_call){ .created_us = now(t), .fault = fault,
                             .frames = (int64_t)(seconds * FILM_RATE_HZ) / (fault == FAKE_SHORT ? 2 : 1) };
    snprintf(c->id, sizeof c->id, "call-%d", p->call_count + 1);
    snprintf(c->token, sizeof c->token, "%s", order->token);
    snprintf(c->input, sizeof c->input, "%s", order->input);
    p->call_count++;
    return c;
}

static struct video_receipt not_created(struct task *t, enum err code, const char *why, int64_t again_us)
{
    enum err e = fail(t, code, "%s", why);
    (void)e;
    return (struct video_receipt){ .outcome = VIDEO_NOT_CREATED, .again_us = again_us };
}

static struct video_receipt in_doubt(struct task *t, const char *why)
{
    enum err e = fail(t, ERR_UPSTREAM, "%s", why);
    (void)e;
    return (struct video_receipt){ .outcome = VIDEO_AMBIGUOUS };
}

static struct video_receipt fake_submit(const struct services *all, struct task *t, const struct video_order *order,
                                        const char *body)
{
    struct fake_provider *p = fake_provider;
    (void)all;
    step();
    enum fake_fault fault = p->sends < FAKE_FAULTS_MAX ? p->faults[p->sends] : FAKE_FINE;
    p->sends++;
    switch (fault) {
    case FAKE_DROP_BEFORE: return in_doubt(t, "the connection broke");
    case FAKE_RATE:        return not_created(t, ERR_RATE, "too many requests", 7 * SECOND_US);
    case FAKE_NO_CREDIT:   return not_created(t, ERR_CREDIT, "insufficient credit", -1);
    default:               break;
    }
    const struct fake_call *c = arrive(t, order, body, fault);
    step();
    if (fault == FAKE_DROP_AFTER || fault == FAKE_BROKEN_AFTER)
        return in_doubt(t, "the answer was lost");
    return (struct video_receipt){ .outcome = VIDEO_CREATED, .ticket = arena_copy(t->arena, c->id) };
}

static enum err fake_find(const struct services *all, struct task *t, const struct video_order *order,
                          struct video_matches *out)
{
    struct fake_provider *p = fake_provider;
    (void)all;
    step();
    p->listings++;
    if (p->blind > 0) {
        p->blind--;
        return fail(t, ERR_UPSTREAM, "the list cannot be had");
    }
    *out = (struct video_matches){ .clock_us = now(t), .at = arena_array(t->arena, struct video_match, p->call_count) };
    for (int i = 0; i < p->call_count; i++) {
        const struct fake_call *c = &p->calls[i];
        bool shown = now(t) >= c->created_us + p->lag_us && c->created_us >= order->intent_us - 300 * SECOND_US;
        if (shown && text_equal(c->input, order->input))
            out->at[out->count++] = (struct video_match){ arena_copy(t->arena, c->id), c->created_us };
    }
    return OK;
}

static enum err fake_poll(const struct services *all, struct task *t, const char *ticket, struct video_status *out)
{
    struct fake_call *c = call_of(ticket);
    (void)all;
    step();
    fake_provider->polls++;
    if (fake_provider->mute > 0) {
        fake_provider->mute--;
        return fail(t, ERR_UPSTREAM, "bad gateway");
    }
    if (!c)
        return fail(t, ERR_NOT_FOUND, "there is no call %s", ticket);
    *out = (struct video_status){ .state = VIDEO_WAITING, .look_again_us = 5 * SECOND_US };
    if (!is_over(c, now(t)))
        return OK;
    out->state = c->finished_us ? VIDEO_READY : VIDEO_LOST;
    out->output = arena_format(t->arena, "fake:%s", c->id);
    out->finished_us = c->finished_us;
    out->billed = c->billed;
    out->error = c->cancelled ? ERR_CANCELLED : c->fault == FAKE_CONTENT ? ERR_REFUSED : ERR_UPSTREAM;
    out->why = c->cancelled ? "cancelled" : c->fault == FAKE_CONTENT ? "flagged as sensitive" : "high demand";
    return OK;
}

static enum err fake_fetch(const struct services *all, struct task *t, const char *output, int out)
{
    struct fake_call *c = call_of(output + strlen("fake:"));
    bool gone = !c || c->fault == FAKE_GONE || now(t) > c->finished_us + fake_provider->keeps_us;
    (void)all;
    step();
    fake_provider->fetches++;
    if (gone)
        return fail(t, ERR_NOT_FOUND, "the output is not there any more");
    if (c->fault == FAKE_CUT_OFF && !c->cut_off) {
        c->cut_off = true;
        return fail(t, ERR_UPSTREAM, "the download broke off");
    }
    const char *clip = c->fault == FAKE_NO_CLIP ? "<html>" : c->id;
    enum err e = file_write_all(t, out, clip, strlen(clip));
    step();
    return e;
}

/* A clip is the name of its call. */
static enum err fake_look(struct media *m, struct task *t, int out, struct clip_info *info)
{
    char id[sizeof ((struct fake_call *)0)->id] = "";
    const struct fake_call *c = pread(out, id, sizeof id - 1, 0) > 0 ? call_of(id) : NULL;
    (void)m;
    if (!c)
        return fail(t, ERR_MEDIA, "it is not a clip");
    if (fake_provider->too_large > 0) {
        fake_provider->too_large--;
        return fail(t, ERR_LIMIT, "there was no memory to look at it");
    }
    *info = (struct clip_info){
        .container = "mp4", .video_codec = "h264", .audio_codec = "", .has_video = true,
        .width_px = 1280, .height_px = 720, .rate_num = 24, .rate_den = 1, .frame_count = c->frames,
    };
    return OK;
}

static enum err fake_cancel(const struct services *all, struct task *t, const char *ticket)
{
    struct fake_call *c = call_of(ticket);
    (void)all;
    step();
    fake_provider->cancels++;
    if (c && !is_over(c, now(t))) {
        c->cancelled = true;
        c->billed    = true;                       /* for the time it ran */
    }
    step();
    return OK;
}

static const struct video_remote remote = {
    .service = SERVICE_NONE,
    .describe = fake_describe, .prepare = fake_prepare, .submit = fake_submit, .find = fake_find,
    .poll = fake_poll, .fetch = fake_fetch, .look = fake_look, .cancel = fake_cancel,
};

const struct video_driver video_fake = { .name = "fake", .remote = &remote };
