/*
 * The animatic's own characters speak: the scene is drawn again, the same in all but the mouth of
 * whoever sings in it, which follows the voice in the sound.
 */
#include "gen/lipsync.h"

/* From lips that hardly part to a mouth thrown open. */
static double opened(double mouth, double temperature)
{
    double open = mouth * (0.5 + temperature);
    return open < 1 ? open : 1;
}

/* Closed before the clip begins and after it ends. */
static enum err mouth_follow(struct media *m, struct task *t, const struct lipsync_request *r,
                             struct draw_spec *spec)
{
    double *voice;
    enum err e = media_voice(m, t, r->sound, r->frame_count, &voice);
    if (e)
        return e;
    spec->mouth_count = (size_t)spec->frame_count;
    spec->mouth = arena_array(t->arena, double, spec->mouth_count);
    for (int64_t i = 0; i < r->frame_count && r->in_frame + i < spec->frame_count; i++)
        spec->mouth[r->in_frame + i] = opened(voice[i], r->temperature);
    return OK;
}

/* Whoever the plan says sings; where it says nobody, whoever the scene is about. */
static enum err someone_sings(struct task *t, struct look *look)
{
    if (look->cast_count == 0)
        return refuse(t, ERR_IMPOSSIBLE, "choose a scene with somebody in it",
                      "there is nobody in this scene whose lips could move");
    for (size_t i = 0; i < look->cast_count; i++) {
        if (look->cast[i].sings)
            return OK;
    }
    size_t bytes = look->cast_count * sizeof *look->cast;
    look->cast = arena_grow(t->arena, look->cast, bytes, bytes);
    look->cast[0].sings = true;
    return OK;
}

/* The film's frames of the drawing: all of it as it is drawn, or a part cut out of it. */
static enum err draw_part(struct media *m, struct task *t, const struct lipsync_request *r,
                          const struct draw_spec *spec, int out, media_progress *progress,
                          struct clip_info *info)
{
    const struct clip_span span = {
        .in_frame = r->in_frame,
        .out_frame = r->in_frame + r->frame_count,
        .shape = { spec->width_px, spec->height_px },
    };
    if (span.in_frame == 0 && span.out_frame == spec->frame_count)
        return media_render(m, t, spec, r->pictures, r->picture_count, out, progress, info);
    enum err e =
        media_render(m, t, spec, r->pictures, r->picture_count, r->scratch, progress, info);
    return e ? e : media_trim(m, t, r->scratch, &span, out, NULL, info);
}

static enum err animatic_make(struct media *m, struct task *t, const struct lipsync_request *r,
                              int out, media_progress *progress, struct clip_info *info)
{
    struct draw_spec spec = r->picture;
    enum err e = someone_sings(t, &spec.look);
    if (!e)
        e = mouth_follow(m, t, r, &spec);
    return e ? e : draw_part(m, t, r, &spec, out, progress, info);
}

const struct lipsync_driver lipsync_animatic = { .name = "animatic", .make = animatic_make };
