/*
 * Lips that move to the song. The part of the take that the film uses and the part of the song that
 * is heard with it, cut to the sample, become a clip of the same length: a take of its own, of
 * which the film uses all.
 */
#include "flow/step.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "flow/checks.h"
#include "flow/scene_picture.h"

/* what comes is cut to length; what is longer is of something else */
enum { LONGER_FRAMES_MAX = 12 };

/* What is cut for one call. */
struct lipsync_files {
    struct draft sound, clip, scratch;
    struct references refs;
};

static inline void lipsync_files_scoped(struct lipsync_files *files)
{
    draft_scoped(&files->sound);
    draft_scoped(&files->clip);
    draft_scoped(&files->scratch);
    references_scoped(&files->refs);
}

static struct lipsync_files lipsync_files_none(void)
{
    return (struct lipsync_files){ .sound = draft_none(),
                                   .clip = draft_none(),
                                   .scratch = draft_none() };
}

static int64_t film_start(const struct work *w)
{
    return scene_film_start(w->board.scenes, w->board.scene_count, w->scene->sequence);
}

static int64_t used_frames(const struct scene *s)
{
    struct scene_span used = scene_used_span(s);
    return used.out - used.in;
}

/* ---- what is handed over ---- */

static enum err sound_cut(struct work *w, struct task *t, struct draft *out)
{
    scoped(fd) int song = -1;
    const struct sound_cut cut = {
        .start_sample = film_start(w) * SAMPLES_PER_FRAME,
        .sample_count = used_frames(w->scene) * SAMPLES_PER_FRAME,
        .rate_hz = SOUND_RATE_HZ,
        .channels = 2,
    };
    enum err e = blob_open(w->flow->blobs, t, w->board.project.audio_key, &song);
    if (!e)
        e = blob_draft(w->flow->blobs, t, out);
    if (!e)
        e = media_sound_cut(w->flow->media, t, song, &cut, out->fd);
    if (e != ERR_INVALID)
        return e;
    return refuse(t, ERR_IMPOSSIBLE, "move the scene forward, or leave its lips as they are",
                  "the song is over where scene %lld begins", (long long)w->scene->sequence);
}

static enum err clip_cut(struct work *w, struct task *t, struct draft *out)
{
    scoped(fd) int take = -1;
    struct scene_span used = scene_used_span(w->scene);
    const struct clip_span span = {
        .in_frame = used.in,
        .out_frame = used.out,
        .shape = { w->board.project.width_px, w->board.project.height_px },
    };
    struct clip_info info;
    enum err e = blob_open(w->flow->blobs, t, w->scene->take.key, &take);
    if (!e)
        e = blob_draft(w->flow->blobs, t, out);
    return e ? e : media_trim(w->flow->media, t, take, &span, out->fd, NULL, &info);
}

/* The hash of the take that the animatic would draw of the scene as it stands. */
static enum err drawn_hash(struct work *w, struct task *t, const char **out)
{
    struct model animatic;
    struct graph graph;
    struct scene s = *w->scene;
    const struct graph_input input = { .project = &w->board.project,
                                       .scenes = &s,
                                       .scene_count = 1,
                                       .style = &w->board.style,
                                       .model = &animatic,
                                       .without_posters = true };
    s.pinned = false;
    s.fallback.model = "";
    enum err e = model_load(t, &w->flow->models, video_animatic.name, &animatic);
    if (!e)
        e = graph_compute(t, &input, &graph);
    const struct artifact *take = e ? NULL : graph_find(&graph, ARTIFACT_TAKE, s.sequence);
    *out = take ? take->hash : "";
    return e;
}

static enum err drawing_fill(struct work *w, struct task *t, struct lipsync_files *files,
                             struct lipsync_request *r)
{
    struct video_request drawn;
    const char *hash;
    enum err e = drawn_hash(w, t, &hash);
    if (!e && !text_equal(hash, w->scene->take.hash))
        e = refuse(t, ERR_IMPOSSIBLE, "choose another lip-sync model: storyreel models lists them",
                   "%s moves the lips of what the animatic drew of the scene as it is now, and "
                   "this take is another",
                   w->model->title);
    if (!e)
        e = take_request(w, t, &files->refs, &drawn);
    if (!e)
        e = blob_draft(w->flow->blobs, t, &files->scratch);
    if (e)
        return e;
    r->picture = drawn.picture;
    r->pictures = drawn.pictures;
    r->picture_count = drawn.picture_count;
    r->scratch = files->scratch.fd;
    return OK;
}

static enum err request_fill(struct work *w, struct task *t, bool remote,
                             struct lipsync_files *files, struct lipsync_request *r)
{
    const struct sync_options o = scene_sync_options(&w->board.project, w->scene);
    *r = (struct lipsync_request){
        .model = w->model,
        .frame_count = used_frames(w->scene),
        .in_frame = scene_used_span(w->scene).in,
        .temperature = o.temperature,
        .mode = sync_mode_names[o.mode],
        .active_speaker = o.active_speaker,
        .occlusion = o.occlusion,
        .scratch = -1,
    };
    enum err e = sound_cut(w, t, &files->sound);
    if (!e)
        e = remote ? clip_cut(w, t, &files->clip) : drawing_fill(w, t, files, r);
    r->sound = files->sound.fd;
    r->clip = files->clip.fd;
    return e;
}

enum err lipsync_ask(struct work *w, struct task *t, const char **out_input)
{
    const struct lipsync_driver *driver;
    struct lipsync_request request;
    scoped(lipsync_files) struct lipsync_files files = lipsync_files_none();
    enum err e = flow_lipsync_driver(w->flow, t, w->model->driver, &driver);
    if (!e)
        e = request_fill(w, t, true, &files, &request);
    return e ? e : driver->ask(w->flow->services, t, &request, out_input);
}

/* ---- made here ---- */

enum err lipsync_make(struct work *w, struct task *t, struct product *out)
{
    const struct lipsync_driver *driver;
    struct lipsync_request request;
    struct clip_info info;
    scoped(lipsync_files) struct lipsync_files files = lipsync_files_none();
    scoped(draft) struct draft draft = draft_none();
    enum err e = flow_lipsync_driver(w->flow, t, w->model->driver, &driver);
    if (!e)
        e = request_fill(w, t, false, &files, &request);
    if (!e)
        e = blob_draft(w->flow->blobs, t, &draft);
    if (!e)
        e = driver->make(w->flow->media, t, &request, draft.fd, w->progress, &info);
    if (!e)
        e = lipsync_verify(w, t, &info);
    if (e)
        return e;
    out->key = step_take_key(t, w, "");
    out->info = fields_encode_text(t->arena, clip_info_fields, &info);
    return blob_put(w->flow->blobs, t, out->key, &draft);
}

/* ---- what came ---- */

enum err lipsync_verify(struct work *w, struct task *t, const struct clip_info *info)
{
    const struct project *p = &w->board.project;
    int64_t frames = clip_film_frames(info), wanted = used_frames(w->scene);
    const char *next = "sync it again, or leave its lips as they are";
    if (frames < wanted || frames > wanted + LONGER_FRAMES_MAX)
        return refuse(t, ERR_MEDIA, next,
                      "the synced clip has %lld frames where the scene has %lld; "
                      "it is kept as a take",
                      (long long)frames, (long long)wanted);
    double shape = (double)info->width_px * (double)p->height_px /
                   ((double)info->height_px * (double)p->width_px);
    if (!(fabs(shape - 1) < 0.02))
        return refuse(t, ERR_MEDIA, next,
                      "the synced clip is %lldx%lld where %lldx%lld was sent; it is kept as a take",
                      (long long)info->width_px, (long long)info->height_px,
                      (long long)p->width_px, (long long)p->height_px);
    return OK;
}

/* Is it still what the board asks for? It may have been trimmed, moved or declined meanwhile. */
static enum err is_still_wanted(struct work *w, struct task *t, bool *out)
{
    const struct flow *f = w->flow;
    struct board b = w->board;
    *out = false;
    if (w->unknown)
        return OK;
    enum err e = project_load(f->store, t, w->job->project_id, &b.project);
    if (!e)
        e = scenes_load(f->store, t, &b.project, &b.scenes, &b.scene_count);
    if (!e)
        e = flow_lipsyncs_load(f, t, &b.project, b.scenes, b.scene_count, &b.lipsyncs,
                               &b.lipsync_count);
    if (!e)
        e = board_graph(t, BOARD_WITHOUT_POSTERS, &b);
    const struct artifact *art =
        e ? NULL : graph_find(&b.graph, ARTIFACT_LIPSYNC, w->job->sequence);
    *out = art && text_equal(art->hash, w->job->hash);
    return e;
}

static struct take synced_take_of(struct work *w, struct task *t, const struct scene *s,
                                  const struct product *p, const struct clip_info *info)
{
    struct scene_span used = scene_used_span(w->scene);
    struct take take = take_of(w, t, s, p, info);
    take.source = "lip-sync";
    take.made_from = scene_footage_take(w->scene);
    take.parts = w->job->parts;
    take.sync_options = scene_sync_options(&w->board.project, w->scene);
    take.sync_options.model = w->model->name;
    take.sync_span = (struct sync_span){ used.in, used.out, film_start(w) };
    return take;
}

static void lipsync_show(struct work *w, struct scene *s, const struct take *take,
                         const struct clip_info *info)
{
    bool is_clip = take_matches_film(info, &w->board.project) &&
                   clip_film_frames(info) == used_frames(w->scene);
    s->sync = (struct scene_sync){
        .wish = SYNC_ASKED,
        .options = take->sync_options,
        .made = { .hash = take->hash, .key = take->key, .parts = take->parts },
        .take = take->take,
        .made_from = take->made_from,
        .span = take->sync_span,
        .foreign = !text_is_empty(w->job->spend) || !is_clip,
        .width_px = take->width_px,
        .height_px = take->height_px,
    };
    s->selected_take = take->take;
    s->problem = (struct problem){ 0 };
    s->before = (struct scene_before){ .prompt = "" };
}

static enum err record(struct work *w, struct task *t, const struct product *p, bool show,
                       struct item_write *writes, size_t *count)
{
    struct scene s;
    struct clip_info info;
    enum err e = fields_decode_record(t, clip_info_fields, p->info, &info, NULL);
    if (!e)
        e = step_scene(w, t, &s);
    if (!e && show)
        e = is_still_wanted(w, t, &show);
    if (e)
        return e;
    const struct take take = synced_take_of(w, t, &s, p, &info);
    s.next_take += 1;
    if (show)
        lipsync_show(w, &s, &take, &info);
    writes[(*count)++] = take_write(t, w->job->project_id, &take);
    writes[(*count)++] = scene_write(t, w->job->project_id, &s);
    return OK;
}

enum err lipsync_record(struct work *w, struct task *t, const struct product *p,
                        struct item_write *writes, size_t *count)
{
    return record(w, t, p, true, writes, count);
}

enum err lipsync_record_aside(struct work *w, struct task *t, const struct product *p,
                              struct item_write *writes, size_t *count)
{
    return record(w, t, p, false, writes, count);
}
