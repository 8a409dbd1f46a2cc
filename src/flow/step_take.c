/* Takes: what a scene asks of its video model, and what is written down of the clip that came. */
#include "flow/step.h"

#include <string.h>

#include "base/text.h"
#include "flow/checks.h"
#include "flow/scene_picture.h"

static enum err references_open(struct work *w, struct task *t, const struct picture_use *use,
                                struct references *r)
{
    const struct project *p = &w->board.project;
    const char *keys[] = { use->character ? p->character_picture_key : "",
                           use->product ? p->product_picture_key : "" };
    const char *names[] = { "character", "product" };
    for (size_t i = 0; i < 2; i++) {
        if (!*keys[i])
            continue;
        enum err e = blob_open(w->flow->blobs, t, keys[i], &r->fds[r->count]);
        if (e)
            return refuse(t, e, "give the picture again",
                          "the %s picture of this project cannot be read", names[i]);
        r->words[r->count++] = names[i];
    }
    return OK;
}

enum err take_request(struct work *w, struct task *t, struct references *refs,
                      struct video_request *out)
{
    struct picture_use use = scene_picture_use(&w->board.project, w->scene);
    enum err e = references_open(w, t, &use, refs);
    if (e)
        return e;
    *out = (struct video_request){
        .model = w->model,
        .prompt = w->scene->prompt,
        .negative_prompt = w->scene->negative_prompt,
        .picture = scene_picture(t, &w->board.project, w->scene, &w->board.style, &use),
        .aspect = w->board.project.aspect,
        .size = w->board.project.size,
        .pictures = refs->fds,
        .picture_count = refs->count,
        .picture_words = refs->words,
    };
    return OK;
}

static enum err take_film(struct work *w, struct task *t, int out, struct clip_info *info)
{
    const struct video_driver *driver;
    struct video_request request;
    struct video_status status;
    const char *ticket;
    scoped(references) struct references refs = { .count = 0 };
    enum err e = flow_video_driver(w->flow, t, w->model->driver, &driver);
    if (!e)
        e = take_request(w, t, &refs, &request);
    if (!e)
        e = driver->submit(w->flow->media, t, &request, &ticket);
    if (!e)
        e = driver->poll(w->flow->media, t, ticket, &status);
    if (!e)
        e = driver->fetch(w->flow->media, t, &request, ticket, out, w->progress, info);
    return e;
}

enum err take_make(struct work *w, struct task *t, struct product *out)
{
    scoped(draft) struct draft draft = draft_none();
    struct clip_info info;
    enum err e = blob_draft(w->flow->blobs, t, &draft);
    if (!e)
        e = take_film(w, t, draft.fd, &info);
    if (e)
        return e;
    out->key = step_take_key(t, w, "");
    out->info = fields_encode_text(t->arena, clip_info_fields, &info);
    return blob_put(w->flow->blobs, t, out->key, &draft);
}

struct take take_of(struct work *w, struct task *t, const struct scene *s, const struct product *p,
                    const struct clip_info *info)
{
    return (struct take){
        .sequence = s->sequence,
        .take = s->next_take,
        .provider = w->model->driver,
        .model = w->model->name,
        .prompt = s->prompt,
        .negative_prompt = s->negative_prompt,
        .hash = w->job->hash,
        .key = p->key,
        .source = "generated",
        .instead = text_equal(s->fallback.model, w->model->name) ? s->fallback.why : "",
        .seed = s->seed,
        .frames = clip_film_frames(info),
        .width_px = info->width_px,
        .height_px = info->height_px,
        .created_at = time_iso8601(t->arena, clock_wall_us(t->clock)),
    };
}

/* The hash that this scene's take has today, all else being as it was when the step began; "" while
 * nobody knows. */
static const char *take_wanted(struct work *w, struct task *t, const struct scene *s)
{
    struct board b = w->board;
    struct scene now = *s;
    if (w->unknown)
        return "";
    b.scenes = &now;
    b.scene_count = 1;
    enum err e = board_graph(t, BOARD_WITHOUT_POSTERS, &b);
    const struct artifact *take = e ? NULL : graph_find(&b.graph, ARTIFACT_TAKE, s->sequence);
    return take ? take->hash : "";
}

bool take_matches_film(const struct clip_info *info, const struct project *p)
{
    return info->width_px == p->width_px && info->height_px == p->height_px && info->rate_den > 0 &&
           info->rate_num == FILM_RATE_HZ * info->rate_den && text_equal(info->video_codec, "h264");
}

/* What the take and the scene are now, read afresh. */
static enum err take_read(struct work *w, struct task *t, const struct product *p, struct scene *s,
                          struct clip_info *info)
{
    enum err e = fields_decode_record(t, clip_info_fields, p->info, info, NULL);
    return e ? e : scene_load(w->flow->store, t, w->job->project_id, w->job->sequence, s);
}

enum err take_verify(struct work *w, struct task *t, const struct clip_info *info)
{
    struct scene_span used = scene_used_span(w->scene);
    int64_t frames = clip_film_frames(info);
    if (frames >= used.out)
        return OK;
    return refuse(t, ERR_MEDIA, "trim the scene to it after choosing the take, or film it again",
                  "the clip is %.2f s long and the scene needs %.2f s; it is kept as a take",
                  (double)frames / FILM_RATE_HZ, (double)used.out / FILM_RATE_HZ);
}

/* Films of others are encoded whole when they are cut: their parameter sets may clash with ours. */
static bool is_foreign(const struct work *w)
{
    return !text_is_empty(w->job->spend);
}

static void take_show(struct work *w, struct scene *s, const struct product *p,
                      const struct clip_info *info, const struct take *take)
{
    s->take = step_made(w, p);
    s->selected_take = take->take;
    s->take_frames = take->frames;
    s->take_width_px = take->width_px;
    s->take_height_px = take->height_px;
    s->take_foreign = is_foreign(w);
    s->take_matches = !s->take_foreign && take_matches_film(info, &w->board.project);
    s->pinned = false;
    s->problem = (struct problem){ 0 };
    s->before = (struct scene_before){ .prompt = "" };
    if (s->trim_out > s->take_frames)
        s->trim_in = s->trim_out = 0;
}

static void take_rows(struct work *w, struct task *t, const struct take *take,
                      const struct scene *s, struct item_write *writes, size_t *count)
{
    writes[(*count)++] = take_write(t, w->job->project_id, take);
    writes[(*count)++] = scene_write(t, w->job->project_id, s);
}

enum err take_record(struct work *w, struct task *t, const struct product *p,
                     struct item_write *writes, size_t *count)
{
    struct scene s;
    struct clip_info info;
    enum err e = take_read(w, t, p, &s, &info);
    if (e)
        return e;
    struct take take = take_of(w, t, &s, p, &info);
    s.next_take += 1;
    /* Another take was chosen, or other words, while this one was filmed: it is kept, not shown. */
    if (s.selected_take == 0 || text_equal(take_wanted(w, t, &s), w->job->hash))
        take_show(w, &s, p, &info, &take);
    take_rows(w, t, &take, &s, writes, count);
    return OK;
}

enum err take_record_aside(struct work *w, struct task *t, const struct product *p,
                           struct item_write *writes, size_t *count)
{
    struct scene s;
    struct clip_info info;
    enum err e = take_read(w, t, p, &s, &info);
    if (e)
        return e;
    struct take take = take_of(w, t, &s, p, &info);
    s.next_take += 1;
    take_rows(w, t, &take, &s, writes, count);
    return OK;
}
