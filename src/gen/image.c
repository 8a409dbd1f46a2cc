/* The front door of the image drivers, and what those that ask in words have in common. */
#include "gen/image.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "base/text.h"

#define WAIT_US  (600 * SECOND_US)  /* for one picture, in all */
#define LOOK_US  (2 * SECOND_US)
#define FETCH_US (SECOND_US / 10)   /* before the second download; twice as long before each next */

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

/* Asking how it is may be repeated: what comes and goes is waited out. */
static bool may_ask_again(enum err e)
{
    return e == ERR_UPSTREAM || e == ERR_TIMEOUT || e == ERR_UNAVAILABLE || e == ERR_RATE;
}

static enum err wait_until_ready(const struct image_driver *driver, struct media *m, struct task *t,
                                 const struct image_request *request,
                                 struct image_receipt *receipt, int64_t until_us)
{
    for (;;) {
        struct image_status status = { 0 };
        enum err e = driver->poll(m, t, request, receipt->ticket, &status);
        if (e && !may_ask_again(e))
            return e;
        if (!e && status.state == IMAGE_READY)
            return OK;
        receipt->lost = !e && status.state == IMAGE_LOST;
        if (receipt->lost)
            return fail(t, status.error, "the picture was not made: %s", status.why);
        if (clock_monotonic_us(t->clock) > until_us)
            return fail(t, ERR_TIMEOUT, "the picture is not there after ten minutes");
        e = task_pause(t, status.look_again_us ? status.look_again_us : LOOK_US);
        if (e)
            return e;
    }
}

/* It is paid for: a download that breaks is begun again. */
static enum err fetch(const struct image_driver *driver, struct media *m, struct task *t,
                      const struct image_request *request, const char *ticket, int64_t until_us,
                      int out)
{
    int64_t pause_us = FETCH_US;
    for (;;) {
        enum err e = driver->fetch(m, t, request, ticket, out);
        if (!may_ask_again(e) || clock_monotonic_us(t->clock) > until_us)
            return e;
        e = task_pause(t, pause_us);
        if (!e && ftruncate(out, 0) != 0)
            e = fail_errno(t, errno, "emptying", "a file that came in part");
        if (e)
            return e;
        pause_us = 2 * pause_us < LOOK_US ? 2 * pause_us : LOOK_US;
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

enum err image_order(const struct image_driver *driver, struct media *m, struct task *t,
                     const struct image_request *request, int out, struct image_receipt *receipt)
{
    *receipt = (struct image_receipt){ .outcome = NET_NOT_CREATED };
    enum err e = driver->submit(m, t, request, out, receipt);
    return e && receipt->outcome == NET_AMBIGUOUS ? say_ambiguous(t) : e;
}

enum err image_collect(const struct image_driver *driver, struct media *m, struct task *t,
                       const struct image_request *request, struct image_receipt *receipt,
                       int out, struct picture_info *info)
{
    int64_t until_us = clock_monotonic_us(t->clock) + WAIT_US;
    enum err e = OK;
    if (!receipt->whole)
        e = wait_until_ready(driver, m, t, request, receipt, until_us);
    if (!e && !receipt->whole)
        e = fetch(driver, m, t, request, receipt->ticket, until_us, out);
    return e ? e : look_at_it(m, t, request, out, info);
}
