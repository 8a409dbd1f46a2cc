/*
 * Reference pictures by Gemini's image models. They answer with the picture itself, so there is
 * nothing to poll; and there is no list of what was asked, so a call that broke off stays unknown.
 */
#include "gen/image.h"
#include "net/gemini.h"

#include "base/text.h"

static enum err add_pictures(struct task *t, const struct image_request *r, json_t *parts)
{
    enum err e = OK;
    for (size_t i = 0; i < r->picture_count && !e; i++) {
        struct bytes file;
        json_t *part = NULL;
        e = file_read_fd(t, r->pictures[i], "the reference picture", PICTURE_BYTES_MAX, &file);
        if (!e)
            e = gemini_inline(t, file, &part);
        if (!e)
            json_array_append_new(parts, part);
    }
    return e;
}

/* The pictures come first: words that follow are about them. */
static enum err body_of(struct task *t, const struct image_request *r, json_t **out)
{
    json_t *parts = json_array();
    enum err e = add_pictures(t, r, parts);
    json_array_append_new(parts, json_pack("{ss}", "text", image_prompt(t, r)));
    *out =
        json_pack("{s[{ss so}] s{s[ss] sI s{ss ss}}}", "contents", "role", "user", "parts", parts,
                  "generationConfig", "responseModalities", "TEXT", "IMAGE", "seed",
                  (json_int_t)(r->seed & 0x7FFFFFFF), "imageConfig", "aspectRatio", image_aspect(r),
                  "imageSize", r->model->size_count ? r->model->sizes[0] : "1K");
    return e;
}

static enum err submit(struct media *m, struct task *t, const struct image_request *r, int out,
                       struct image_receipt *receipt)
{
    (void)m;
    scoped(json) json_t *body = NULL;
    struct gemini_answer answer;
    *receipt = (struct image_receipt){ .outcome = NET_NOT_CREATED };
    enum err e = service_check(t, &r->services->at[SERVICE_GEMINI]);
    if (!e)
        e = body_of(t, r, &body);
    if (e)
        return e;
    e = gemini_generate(r->services, t, r->model->remote, body, &receipt->outcome, &answer);
    if (e)
        return e;
    if (answer.file_count == 0)
        return refuse(t, ERR_REFUSED, "say what is to be seen in other words",
                      "Gemini answered in words instead of a picture: %s",
                      text_shorten(t->arena, text_tidy(t->arena, answer.text), 200));
    receipt->whole = true;
    receipt->ticket = "";
    return file_write_all(t, out, answer.files[0].at, answer.files[0].size);
}

const struct image_driver image_gemini = { .name = "gemini", .paid = true, .submit = submit };
