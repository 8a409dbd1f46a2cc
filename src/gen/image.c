/* The front door of the image drivers, and what those that ask in words have in common. */
#include "gen/image.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#include "base/text.h"

#define WAIT_US  (600 * SECOND_US)  /* for one picture, in all */
#define LOOK_US  (2 * SECOND_US)

/* ---- words ---- */

const char *image_prompt(struct task *t, const struct image_request *r)
{
    static const char person[] =
        "One person only, seen whole from head to knees, facing us, neutral pose, plain "
        "light grey background, soft even light, no text.";
    static const char thing[] =
        "The product alone, whole, seen slightly from above, plain light grey background, "
        "soft even light, true shape and colours, no text but its own.";
    struct text out = text_new(t->arena);
    text_append(&out, r->prompt);
    text_append(&out, text_ends(r->prompt, ".") ? " " : ". ");
    text_append(&out, text_equal(r->kind, "product") ? thing : person);
    if (r->picture_count)
        text_append(&out, " Keep exactly to the face, shape and colours of the pictures given.");
    if (!text_is_empty(r->look))
        text_printf(&out, " Style: %s.", r->look);
    return text_end(&out);
}

static double ratio_of(const char *text)
{
    double width = 1, height = 1;
    return sscanf(text, "%lf:%lf", &width, &height) == 2 && height > 0 ? width / height : 1;
}

const char *image_aspect(const struct image_request *r)
{
    static const char *usual[] = { "1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9" };
    bool own = r->model && r->model->aspect_count > 0;
    const char **list = own ? r->model->aspects : usual;
    size_t count = own ? r->model->aspect_count : sizeof usual / sizeof *usual;
    double wanted = (double)r->width_px / (double)r->height_px;
    const char *best = list[0];
    for (size_t i = 1; i < count; i++) {
        if (fabs(log(ratio_of(list[i]) / wanted)) < fabs(log(ratio_of(best) / wanted)))
            best = list[i];
    }
    return best;
}

/* ---- making one ---- */

static void rest(int64_t us)
{
    struct timespec left = { us / SECOND_US, us % SECOND_US * 1000 };
    nanosleep(&left, NULL);
}

/* In short naps, so that a task that ends is noticed. */
static enum err leave_alone(struct task *t, int64_t us)
{
    enum err e = OK;
    for (int64_t nap_us = SECOND_US / 5; us > 0 && !e; us -= nap_us) {
        rest(us < nap_us ? us : nap_us);
        e = task_over(t);
    }
    return e;
}

/* Asking how it is may be repeated: what comes and goes is waited out. */
static bool may_ask_again(enum err e)
{
    return e == ERR_UPSTREAM || e == ERR_TIMEOUT || e == ERR_UNAVAILABLE || e == ERR_RATE;
}

static enum err wait_until_ready(const struct image_driver *driver, struct media *m, struct task *t,
                                 const struct image_request *request, const char *ticket)
{
    int64_t until_us = clock_monotonic_us(t->clock) + WAIT_US;
    for (;;) {
        struct image_status status = { 0 };
        enum err e = driver->poll(m, t, request, ticket, &status);
        if (e && !may_ask_again(e))
            return e;
        if (!e && status.state == IMAGE_READY)
            return OK;
        if (!e && status.state == IMAGE_LOST)
            return fail(t, status.error, "the picture was not made: %s", status.why);
        if (clock_monotonic_us(t->clock) > until_us)
            return fail(t, ERR_TIMEOUT, "the picture is not there after ten minutes");
        e = leave_alone(t, status.look_again_us ? status.look_again_us : LOOK_US);
        if (e)
            return e;
    }
}

/* What nobody knows is said to a person, with what is known. */
static enum err say_ambiguous(struct task *t)
{
    const char *why = arena_copy(t->arena, t->fault.message);
    return refuse(t, ERR_RECONCILE,
                  "look at your account there; asking again may pay a second time",
                  "it is not known whether the picture was made: %s", why);
}

static enum err look_at_it(struct media *m, struct task *t, const struct image_request *request,
                           int out, struct picture_info *info)
{
    enum err e = media_picture(m, t, out, info);
    if (!e && info->width_px * 2 < request->width_px)
        return fail(t, ERR_MEDIA, "the picture that came is only %lld pixels wide",
                    (long long)info->width_px);
    return e;
}

enum err image_make(const struct image_driver *driver, struct media *m, struct task *t,
                    const struct image_request *request, int out, struct picture_info *info,
                    enum net_outcome *out_outcome)
{
    struct image_receipt receipt = { .outcome = NET_NOT_CREATED };
    enum err e = driver->submit(m, t, request, out, &receipt);
    *out_outcome = receipt.outcome;
    if (e && receipt.outcome == NET_AMBIGUOUS)
        return say_ambiguous(t);
    if (!e && !receipt.whole)
        e = wait_until_ready(driver, m, t, request, receipt.ticket);
    if (!e && !receipt.whole)
        e = driver->fetch(m, t, request, receipt.ticket, out);
    return e ? e : look_at_it(m, t, request, out, info);
}
