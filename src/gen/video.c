/* What the drivers of providers have in common. */
#include "gen/video.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"

#define AGAIN_US (10 * SECOND_US)

struct model_wish video_wish(const struct video_request *r)
{
    return (struct model_wish){
        .seconds = (double)r->picture.frame_count / FILM_RATE_HZ,
        .aspect = r->aspect,
        .picture_count = r->picture_count,
        .size = r->size,
    };
}

struct video_receipt video_not_created(const struct task *t, enum err e)
{
    int64_t wait_us = t->fault.wait_us > 0 ? t->fault.wait_us : AGAIN_US;
    return (struct video_receipt){ .outcome = VIDEO_NOT_CREATED,
                                   .again_us = err_may_retry(e) ? wait_us : -1 };
}

struct video_receipt video_receipt_of(const struct task *t, enum err e, enum net_outcome outcome,
                                      const char *ticket)
{
    if (!e)
        return (struct video_receipt){ .outcome = VIDEO_CREATED, .ticket = ticket };
    return outcome == NET_NOT_CREATED ? video_not_created(t, e)
                                      : (struct video_receipt){ .outcome = VIDEO_AMBIGUOUS };
}

struct video_status video_lost(enum err error, const char *why, bool billed)
{
    return (struct video_status){
        .state = VIDEO_LOST, .error = error, .why = why, .billed = billed
    };
}

enum err video_look_at(struct media *m, struct task *t, int out, struct clip_info *info)
{
    enum err e = media_probe(m, t, out, info);
    if (!e && !info->has_video)
        e = fail(t, ERR_MEDIA, "there are no pictures in what came");
    return e;
}

void video_put_constants(const struct model *m, json_t *body)
{
    for (size_t i = 0; i < m->constant_count; i++) {
        const char *value = m->constants[i].value;
        json_t *read = json_loads(value, JSON_DECODE_ANY, NULL);
        json_object_set_new(body, m->constants[i].name, read ? read : json_string(value));
    }
}

enum err video_canonical(struct task *t, const json_t *body, const char **out)
{
    char *text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
    *out = arena_copy(t->arena, text);
    free(text);
    return *out ? OK : fail(t, ERR_INVALID, "the scene's words are not clean text");
}
