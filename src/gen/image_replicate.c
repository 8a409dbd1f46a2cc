/*
 * Reference pictures by models on Replicate. What a model calls its inputs is in its descriptor, so
 * one that is not known here needs a file, not a build.
 */
#include "gen/image.h"
#include "gen/replicate.h"

#include "base/text.h"

enum { CANCEL_AFTER_S = 600 };

static void put(json_t *input, const char *name, json_t *value)
{
    if (text_is_empty(name))
        json_decref(value);
    else
        json_object_set_new(input, name, value);
}

/* IMPOSSIBLE when there are pictures and the model cannot be shown any: they are never dropped. */
static enum err put_pictures(struct task *t, const struct image_request *r, json_t *input)
{
    const struct model *m = r->model;
    json_t *list = json_array();
    enum err e = OK;
    if (r->picture_count &&
        (text_is_empty(m->inputs.pictures) || (int64_t)r->picture_count > m->picture_count))
        e = refuse(t, ERR_IMPOSSIBLE, "use another image model: storyreel models",
                   "%s cannot be shown %zu pictures", m->title, r->picture_count);
    for (size_t i = 0; i < r->picture_count && !e; i++) {
        const char *uri;
        e = replicate_picture(r->services, t, r->pictures[i], &uri);
        if (!e)
            json_array_append_new(list, json_string(uri));
    }
    put(input, r->picture_count ? m->inputs.pictures : "", list);
    return e;
}

static enum err input_of(struct task *t, const struct image_request *r, json_t **out)
{
    const struct model *m = r->model;
    json_t *input = *out = json_object();
    put(input, m->inputs.prompt, json_string(image_prompt(t, r)));
    put(input, m->inputs.aspect, json_string(image_aspect(r)));
    put(input, m->inputs.seed, json_integer(r->seed & 0x7FFFFFFF));
    for (size_t i = 0; i < m->constant_count; i++)
        put(input, m->constants[i].name, json_string(m->constants[i].value));
    return put_pictures(t, r, input);
}

static enum err submit(struct media *media, struct task *t, const struct image_request *r, int out,
                       struct image_receipt *receipt)
{
    (void)media;
    (void)out;
    scoped(json) json_t *input = NULL;
    *receipt = (struct image_receipt){ .outcome = NET_NOT_CREATED };
    enum err e = service_check(t, &r->services->at[SERVICE_REPLICATE]);
    if (!e)
        e = input_of(t, r, &input);
    if (e)
        return e;
    struct replicate_order order = {
        .model = r->model->remote,
        .input = input,
        .webhook = "",
        .cancel_after_s = CANCEL_AFTER_S,
    };
    e = replicate_create(r->services, t, &order, &receipt->outcome, &receipt->ticket);
    return e ? e : receipt->outcome == NET_CREATED ? OK : ERR_UPSTREAM;
}

static enum err poll(struct media *media, struct task *t, const struct image_request *r,
                     const char *ticket, struct image_status *status)
{
    (void)media;
    struct replicate_run run;
    enum err e = replicate_look(r->services, t, ticket, &run);
    if (e)
        return e;
    const char *why = text_is_empty(run.error) ? "it was cancelled" : run.error;
    bool lost = run.state != REPLICATE_RUNNING && run.state != REPLICATE_SUCCEEDED;
    *status = (struct image_status){
        .state = lost ? IMAGE_LOST : run.state == REPLICATE_RUNNING ? IMAGE_WAITING : IMAGE_READY,
        .why = why,
        .error = replicate_error_class(why),
    };
    return OK;
}

static enum err fetch(struct media *media, struct task *t, const struct image_request *r,
                      const char *ticket, int out)
{
    (void)media;
    struct replicate_run run;
    enum err e = replicate_look(r->services, t, ticket, &run);
    if (e)
        return e;
    if (text_is_empty(run.output))
        return fail(t, run.removed ? ERR_EXPIRED : ERR_MEDIA, "there is no picture in what %s made",
                    r->model->title);
    return replicate_fetch(r->services, t, run.output, PICTURE_BYTES_MAX, out);
}

const struct image_driver image_replicate = {
    .name = "replicate",
    .paid = true,
    .submit = submit,
    .poll = poll,
    .fetch = fetch,
};
