/*
 * The animatic renderer as a video driver: nothing to send, nothing to wait for. The ticket only
 * names what will be drawn; fetching draws it, in the media child.
 */
#include "gen/video.h"

static enum err animatic_submit(struct media *m, struct task *t,
                                const struct video_request *request, const char **out_ticket)
{
    (void)m;
    *out_ticket = arena_format(t->arena, "animatic-%lld", (long long)request->picture.seed);
    return OK;
}

static enum err animatic_poll(struct media *m, struct task *t, const char *ticket,
                              struct video_status *out)
{
    (void)m;
    (void)t;
    (void)ticket;
    *out = (struct video_status){ .state = VIDEO_READY };
    return OK;
}

static enum err animatic_fetch(struct media *m, struct task *t, const struct video_request *request,
                               const char *ticket, int out, media_progress *progress,
                               struct clip_info *info)
{
    (void)ticket;
    return media_render(m, t, &request->picture, request->pictures, request->picture_count, out,
                        progress, info);
}

const struct video_driver video_animatic = {
    .name = "animatic",
    .submit = animatic_submit,
    .poll = animatic_poll,
    .fetch = animatic_fetch,
};
