/*
 * One function a kind makes the bytes, one writes the records. Everything around them (is the job
 * still what the records ask for, was it made before in any project, the transaction and its races)
 * is the same for all kinds and stands at the end of the file.
 */
#include "flow/steps.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "flow/counter.h"
#include "flow/paid.h"
#include "flow/planning.h"
#include "flow/step.h"

enum { PUBLISH_TRIES = 64 }; /* the totals of a day are changed by many */

struct made step_made(const struct work *w, const struct product *p)
{
    return (struct made){ .hash = w->job->hash,
                          .key = p->key,
                          .parts = w->job->parts };
}

static const char *project_key(struct task *t, const struct work *w, const char *folder,
                               const char *ending)
{
    return arena_format(t->arena, "mv/projects/%s/%s%.24s%s", w->job->project_id, folder,
                        w->job->hash, ending);
}

const char *step_scene_key(struct task *t, const struct work *w, const char *name,
                           const char *ending)
{
    return arena_format(t->arena, "mv/projects/%s/scenes/%03" PRId64 "/%s%.24s%s",
                        w->job->project_id, w->job->sequence, name, w->job->hash, ending);
}

const char *step_take_key(struct task *t, const struct work *w, const char *tag)
{
    if (w->step->kind == ARTIFACT_MUSIC || w->step->kind == ARTIFACT_VOICE)
        return sound_key(t, w, tag);
    if (w->step->kind == ARTIFACT_LIPSYNC)
        return step_scene_key(t, w, "lipsync-", arena_format(t->arena, "%s.mp4", tag));
    return step_scene_key(t, w, "", arena_format(t->arena, "%s/original.mp4", tag));
}

/* Read the project again and hand the one changed record to the transaction. */
static enum err record_project(struct work *w, struct task *t, struct project *p)
{
    return project_load(w->flow->store, t, w->job->project_id, p);
}

enum err step_scene(struct work *w, struct task *t, struct scene *s)
{
    return scene_load(w->flow->store, t, w->job->project_id, w->job->sequence, s);
}

#define SONG_UNDER_VOICE_DB (-9.0)

/* ---- song map ---- */

static enum err song_map_make(struct work *w, struct task *t, struct product *out)
{
    scoped(fd) int song = -1;
    struct song_map map;
    enum err e = blob_open(w->flow->blobs, t, w->board.project.audio_key, &song);
    if (!e)
        e = media_song_map(w->flow->media, t, song, &map);
    if (e)
        return e;
    const char *text = fields_encode_text(t->arena, song_map_fields, &map);
    out->key = project_key(t, w, "audio/map-", ".json");
    out->info = "";
    return blob_put_bytes(w->flow->blobs, t, out->key, (struct bytes){ text, strlen(text) });
}

static enum err song_map_record(struct work *w, struct task *t, const struct product *p,
                                struct item_write *writes, size_t *count)
{
    struct song_map map;
    struct project project;
    enum err e = song_map_read(w->flow, t, p->key, &map);
    if (!e)
        e = record_project(w, t, &project);
    if (e)
        return e;
    project.song_map = step_made(w, p);
    if (project.target_frames == 0)
        project.film_frames = (map.sample_count + SAMPLES_PER_FRAME / 2) / SAMPLES_PER_FRAME;
    writes[(*count)++] = project_write(t, &project);
    return OK;
}

/* ---- plan ---- */

/* The user's pictures, for planners that look at them. */
static enum err plan_pictures(struct work *w, struct task *t, struct plan_picture *pictures,
                              struct plan_request *request)
{
    const struct project *p = &w->board.project;
    const char *keys[] = { p->character_picture_key, p->product_picture_key };
    const char *names[] = { "character", "product" };
    enum err e = OK;
    for (size_t i = 0; i < 2 && !e; i++) {
        scoped(fd) int file = -1;
        if (!*keys[i])
            continue;
        struct plan_picture *picture = &pictures[request->picture_count++];
        picture->what = names[i];
        e = blob_open(w->flow->blobs, t, keys[i], &file);
        if (!e)
            e = file_read_fd(t, file, names[i], PICTURE_BYTES_MAX, &picture->file);
    }
    request->pictures = pictures;
    return e;
}

static enum err plan_keep(struct work *w, struct task *t, const struct planner_driver *planner,
                          const struct plan_request *request, const char *key)
{
    struct plan plan;
    enum err e = plan_draft(t, planner, request, &plan);
    if (e)
        return e;
    const char *text = fields_encode_text(t->arena, plan_fields, &plan);
    return blob_put_bytes(w->flow->blobs, t, key, (struct bytes){ text, strlen(text) });
}

/* A plan that was paid for and kept before the program ended is not asked for again. */
static enum err plan_buy(struct work *w, struct task *t, const struct planner_driver *planner,
                         const struct plan_request *request, const char *key)
{
    const struct project *p = &w->board.project;
    struct counter counter;
    struct blob_info there;
    const struct spend_wish wish = {
        .project = p,
        .kind = w->job->kind,
        .job_hash = w->job->hash,
        .provider = planner->name,
        .model = p->planner,
        .usd = w->artifact->usd,
        .attempt = w->job->attempt,
    };
    enum err e = wish.usd == 0 ? ERR_NOT_FOUND : blob_stat(w->flow->blobs, t, key, &there);
    if (e != ERR_NOT_FOUND)
        return e;
    e = counter_open(w->flow, t, &wish, true, &counter);
    return e ? e : counter_close(&counter, t, plan_keep(w, t, planner, request, key));
}

static enum err plan_make(struct work *w, struct task *t, struct product *out)
{
    const struct project *p = &w->board.project;
    const struct planner_driver *planner;
    struct mode mode;
    struct song_map song;
    struct plan_picture pictures[2];
    const char *model;
    bool has_song = *p->audio_key;
    enum err e = flow_planner(w->flow, t, p->planner, &planner, &model);
    if (!e)
        e = mode_load(t, &w->flow->styles, p->mode, &mode);
    if (!e && has_song)
        e = song_map_read(w->flow, t, p->song_map.key, &song);
    if (e)
        return e;
    struct plan_request request = {
        .mode = &mode,
        .style = &w->board.style,
        .song = has_song ? &song : NULL,
        .services = w->flow->services,
        .model = model,
    };
    planning_fill(t, p, &w->board.model, &request);
    out->key = project_key(t, w, "plan-", ".json");
    out->info = "";
    if (planner != &planner_offline)
        e = plan_pictures(w, t, pictures, &request);
    return e ? e : plan_buy(w, t, planner, &request, out->key);
}

static enum err plan_read(struct work *w, struct task *t, const char *key, struct plan *out)
{
    scoped(fd) int file = -1;
    struct bytes text;
    enum err e = blob_open(w->flow->blobs, t, key, &file);
    if (!e)
        e = file_read_fd(t, file, "the plan", JSON_BYTES_MAX, &text);
    if (!e)
        e = fields_decode_text(t, plan_fields, text.at, text.size, out);
    return e;
}

/* Scenes are written in batches before the project points at the plan; a crash between them leaves
 * scenes that the next attempt writes again, because a plan is drafted once and read back from its
 * blob. */
static enum err scenes_write(struct work *w, struct task *t, const struct plan *plan,
                             const struct song_map *song, int64_t first_sequence)
{
    struct item_write batch[STORE_WRITES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < plan->scene_count; i++) {
        struct scene s = scene_from_plan(t, &plan->scenes[i], song, first_sequence + (int64_t)i,
                                         project_seed(&w->board.project));
        batch[count] = scene_write(t, w->job->project_id, &s);
        batch[count++].change = ITEM_PUT;
        if (count < STORE_WRITES_MAX && i + 1 < plan->scene_count)
            continue;
        enum err e = store_write(w->flow->store, t, batch, count);
        if (e)
            return e;
        count = 0;
    }
    return OK;
}

/* Scenes of an earlier plan leave the board; their takes stay in the store. */
static enum err scenes_remove(struct work *w, struct task *t)
{
    struct scene *scenes;
    size_t count;
    enum err e = scenes_load(w->flow->store, t, &w->board.project, &scenes, &count);
    for (size_t i = 0; i < count && !e; i++) {
        struct item_write gone = scene_write(t, w->job->project_id, &scenes[i]);
        gone.change = ITEM_DELETE;
        e = store_write(w->flow->store, t, &gone, 1);
    }
    return e;
}

static enum err plan_record(struct work *w, struct task *t, const struct product *p,
                            struct item_write *writes, size_t *count)
{
    struct plan plan;
    struct song_map song;
    struct project project;
    enum err e = plan_read(w, t, p->key, &plan);
    if (!e)
        e = record_project(w, t, &project);
    bool has_song = !e && *project.audio_key;
    if (has_song)
        e = song_map_read(w->flow, t, project.song_map.key, &song);
    if (!e)
        e = scenes_remove(w, t);
    if (!e)
        e = scenes_write(w, t, &plan, has_song ? &song : NULL, project.next_sequence);
    if (e)
        return e;
    project.plan = step_made(w, p);
    project.order = arena_array(t->arena, int64_t, plan.scene_count);
    project.order_count = plan.scene_count;
    for (size_t i = 0; i < plan.scene_count; i++)
        project.order[i] = project.next_sequence + (int64_t)i;
    project.next_sequence += (int64_t)plan.scene_count;
    project.logline = plan.logline;
    if (text_is_empty(project.title))
        project.title = plan.title;
    writes[(*count)++] = project_write(t, &project);
    return OK;
}

/* ---- clip ---- */

/* What a clip is cut from: the take, or what was synced of it. */
struct footage {
    const char *key;
    struct scene_span used;
    bool is_clip; /* it is the clip as it stands */
    bool foreign; /* its parameter sets may clash with those of other clips */
};

static struct footage footage_of(const struct work *w)
{
    const struct scene *s = w->scene;
    struct scene_span used = scene_used_span(s);
    if (graph_find(&w->board.graph, ARTIFACT_LIPSYNC, s->sequence))
        return (struct footage){ .key = s->sync.made.key,
                                 .used = { 0, used.out - used.in },
                                 .is_clip = !s->sync.foreign,
                                 .foreign = s->sync.foreign };
    return (struct footage){ .key = s->take.key,
                             .used = used,
                             .is_clip = s->take_matches && used.in == 0 &&
                                        used.out == s->take_frames,
                             .foreign = s->take_foreign };
}

/* "Scene 3 / The bridge / not filmed yet", in the film's own style. */
static enum err card_make(struct work *w, struct task *t, struct product *out)
{
    scoped(draft) struct draft draft = draft_none();
    struct scene_span used = scene_used_span(w->scene);
    struct clip_info info;
    const struct draw_spec card = {
        .width_px = w->board.project.width_px,
        .height_px = w->board.project.height_px,
        .frame_count = used.out - used.in,
        .seed = w->scene->seed,
        .look = { .cast_count = 0 },
        .grade = w->board.style.grade,
        .words = { .title = arena_format(t->arena, "Scene %" PRId64, w->scene->sequence),
                   .line = w->scene->title,
                   .action = "not filmed yet",
                   .overlay_number = "",
                   .overlay_title = "",
                   .overlay_camera = "" },
        .end_card = true,
    };
    enum err e = blob_draft(w->flow->blobs, t, &draft);
    if (!e)
        e = media_render(w->flow->media, t, &card, NULL, 0, draft.fd, w->progress, &info);
    out->key = step_scene_key(t, w, "card-", ".mp4");
    return e ? e : blob_put(w->flow->blobs, t, out->key, &draft);
}

static enum err clip_make(struct work *w, struct task *t, struct product *out)
{
    const struct footage from = footage_of(w);
    out->info = "";
    if (text_is_empty(from.key))
        return card_make(w, t, out);
    if (from.is_clip) {
        out->key = from.key;
        return OK;
    }
    scoped(draft) struct draft draft = draft_none();
    scoped(fd) int take = -1;
    struct clip_info info;
    struct clip_span span = {
        .in_frame = from.used.in,
        .out_frame = from.used.out,
        .shape = { w->board.project.width_px, w->board.project.height_px },
        .encode_all = from.foreign,
    };
    enum err e = blob_open(w->flow->blobs, t, from.key, &take);
    if (!e)
        e = blob_draft(w->flow->blobs, t, &draft);
    if (!e)
        e = media_trim(w->flow->media, t, take, &span, draft.fd, w->progress, &info);
    if (e)
        return e;
    out->key = step_scene_key(t, w, "working-", ".mp4");
    return blob_put(w->flow->blobs, t, out->key, &draft);
}

static enum err clip_record(struct work *w, struct task *t, const struct product *p,
                            struct item_write *writes, size_t *count)
{
    struct scene s;
    enum err e = step_scene(w, t, &s);
    if (e)
        return e;
    s.clip = step_made(w, p);
    writes[(*count)++] = scene_write(t, w->job->project_id, &s);
    return OK;
}

/* ---- poster ---- */

static enum err poster_make(struct work *w, struct task *t, struct product *out)
{
    scoped(draft) struct draft draft = draft_none();
    scoped(fd) int clip = -1;
    struct picture_info info;
    struct scene_span used = scene_used_span(w->scene);
    struct still_request request = { .frame = (used.out - used.in) / 2,
                                     .width_px = 960,
                                     .height_px = 960 };
    enum err e = blob_open(w->flow->blobs, t, w->scene->clip.key, &clip);
    if (!e)
        e = blob_draft(w->flow->blobs, t, &draft);
    if (!e)
        e = media_still(w->flow->media, t, clip, &request, draft.fd, &info);
    if (e)
        return e;
    out->key = step_scene_key(t, w, "poster-", ".jpg");
    out->info = "";
    return blob_put(w->flow->blobs, t, out->key, &draft);
}

static enum err poster_record(struct work *w, struct task *t, const struct product *p,
                              struct item_write *writes, size_t *count)
{
    struct scene s;
    enum err e = step_scene(w, t, &s);
    if (e)
        return e;
    s.poster = step_made(w, p);
    writes[(*count)++] = scene_write(t, w->job->project_id, &s);
    return OK;
}

/* ---- track ---- */

/* What is heard: the song, lower under a voice, and the voice. */
struct mix {
    int files[2];
    struct track_part parts[2];
    size_t count;
};

static void mix_scoped(struct mix *m)
{
    for (size_t i = 0; i < m->count; i++)
        fd_scoped(&m->files[i]);
}

static enum err mix_add(struct work *w, struct task *t, const char *key, double gain_db,
                        struct mix *m)
{
    if (text_is_empty(key))
        return OK;
    enum err e = blob_open(w->flow->blobs, t, key, &m->files[m->count]);
    if (e)
        return e;
    m->parts[m->count] = (struct track_part){ .input_index = (int64_t)m->count,
                                              .gain_db = gain_db };
    m->count++;
    return OK;
}

static enum err track_make(struct work *w, struct task *t, struct product *out)
{
    const struct project *p = &w->board.project;
    const char *voice = w->board.voice ? p->voice.made.key : "";
    scoped(draft) struct draft draft = draft_none();
    scoped(mix) struct mix mix = { .count = 0 };
    enum err e = mix_add(w, t, p->audio_key, *voice ? SONG_UNDER_VOICE_DB : 0, &mix);
    if (!e)
        e = mix_add(w, t, voice, 0, &mix);
    struct track_request request = {
        .parts = mix.parts,
        .part_count = mix.count,
        .frame_count = w->board.graph.film_frames,
        .target_lufs = p->target_lufs,
    };
    /* A film shorter than its song ends on a fade; one as long as its song ends as the song does.
     */
    if (request.frame_count < p->film_frames)
        request.fade_out_samples = SOUND_RATE_HZ;
    if (!e)
        e = blob_draft(w->flow->blobs, t, &draft);
    struct track_info info;
    if (!e)
        e = media_track(w->flow->media, t, mix.files, mix.count, &request, draft.fd, &info);
    if (e)
        return e;
    out->key = project_key(t, w, "audio/track-", ".m4a");
    out->info = fields_encode_text(t->arena, track_info_fields, &info);
    return blob_put(w->flow->blobs, t, out->key, &draft);
}

static enum err track_record(struct work *w, struct task *t, const struct product *p,
                             struct item_write *writes, size_t *count)
{
    struct project project;
    enum err e = record_project(w, t, &project);
    if (e)
        return e;
    project.track = step_made(w, p);
    writes[(*count)++] = project_write(t, &project);
    return OK;
}

/* ---- film ---- */

static void clips_close(const int *fds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        close(fds[i]);
}

static enum err film_compose(struct work *w, struct task *t, int out, struct film_info *info)
{
    const struct board *b = &w->board;
    int *clips = arena_array(t->arena, int, b->scene_count);
    size_t opened = 0;
    enum err e = OK;
    while (opened < b->scene_count && !e) {
        e = blob_open(w->flow->blobs, t, b->scenes[opened].clip.key, &clips[opened]);
        opened += !e;
    }
    scoped(fd) int track = -1;
    if (!e)
        e = blob_open(w->flow->blobs, t, b->project.track.key, &track);
    if (!e)
        e = media_compose(w->flow->media, t, clips, opened, track, out, w->progress, info);
    clips_close(clips, opened);
    return e;
}

/* A film is called completed only after it was looked at and listened to. */
static enum err film_examine(struct work *w, struct task *t, int film)
{
    struct film_check check;
    int64_t frames = w->board.graph.film_frames;
    enum err e = media_film_check(w->flow->media, t, film, &check);
    if (e)
        return e;
    if (check.frame_count != frames)
        return fail(t, ERR_INTERNAL, "the film has %" PRId64 " frames where the plan has %" PRId64,
                    check.frame_count, frames);
    int64_t wanted = frames * SAMPLES_PER_FRAME;
    if (check.sample_count < wanted - SAMPLES_PER_FRAME ||
        check.sample_count > wanted + SAMPLES_PER_FRAME)
        return fail(t, ERR_INTERNAL, "the film's sound is not as long as its picture");
    if (check.black_share > 0.9)
        return fail(t, ERR_INTERNAL, "the film is black nearly throughout");
    if (check.silent && (*w->board.project.audio_key || w->board.voice))
        return fail(t, ERR_INTERNAL, "the film is silent although it has a song");
    if (!check.fast_start)
        return fail(t, ERR_INTERNAL, "the film's index is not in front");
    return OK;
}

/* How many scenes have no take, and which, where `out` is not NULL. */
static size_t lacking(const struct work *w, int64_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < w->board.scene_count; i++) {
        const struct scene *s = &w->board.scenes[i];
        if (!text_is_empty(s->take.key))
            continue;
        if (out)
            out[count] = s->sequence;
        count++;
    }
    return count;
}

static enum err film_make(struct work *w, struct task *t, struct product *out)
{
    scoped(draft) struct draft draft = draft_none();
    struct film_info info;
    enum err e = blob_draft(w->flow->blobs, t, &draft);
    if (!e)
        e = film_compose(w, t, draft.fd, &info);
    if (!e)
        e = film_examine(w, t, draft.fd);
    if (e)
        return e;
    out->key = project_key(t, w, lacking(w, NULL) ? "film/partial-" : "film/", ".mp4");
    out->info = fields_encode_text(t->arena, film_info_fields, &info);
    return blob_put(w->flow->blobs, t, out->key, &draft);
}

static enum err film_record(struct work *w, struct task *t, const struct product *p,
                            struct item_write *writes, size_t *count)
{
    struct project project;
    enum err e = record_project(w, t, &project);
    if (e)
        return e;
    project.film = step_made(w, p);
    project.cut_frames = w->board.graph.film_frames;
    project.cut_width_px = project.width_px;
    project.cut_height_px = project.height_px;
    project.missing = arena_array(t->arena, int64_t, w->board.scene_count);
    project.missing_count = lacking(w, project.missing);
    writes[(*count)++] = project_write(t, &project);
    return OK;
}

/* ---- all of them ---- */

static const struct step steps[] = {
    { ARTIFACT_MUSIC, false, false, sound_make, sound_record, sound_verify, sound_record_aside },
    { ARTIFACT_VOICE, false, false, sound_make, sound_record, sound_verify, sound_record_aside },
    { ARTIFACT_SONG_MAP, false, true, song_map_make, song_map_record, NULL, NULL },
    { ARTIFACT_PLAN, true, false, plan_make, plan_record, NULL, NULL },
    { ARTIFACT_TAKE, false, true, take_make, take_record, take_verify, take_record_aside },
    { ARTIFACT_LIPSYNC, false, true, lipsync_make, lipsync_record, lipsync_verify,
      lipsync_record_aside },
    { ARTIFACT_CLIP, false, false, clip_make, clip_record, NULL, NULL },
    { ARTIFACT_POSTER, false, false, poster_make, poster_record, NULL, NULL },
    { ARTIFACT_TRACK, true, true, track_make, track_record, NULL, NULL },
    { ARTIFACT_FILM, true, false, film_make, film_record, NULL, NULL },
};

static const struct step *step_find(int kind)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i].kind == kind)
            return &steps[i];
    }
    return NULL;
}

/* All scenes, or just the step's own; but where a scene stands on the film matters to its lips. */
static enum err work_load_scenes(struct work *w, struct task *t, const struct step *step)
{
    struct store *s = w->flow->store;
    struct board *b = &w->board;
    int64_t sequence = w->job->sequence;
    enum err e = OK;
    if (sequence > 0) {
        b->scenes = w->scene = arena_one(t->arena, struct scene);
        b->scene_count = 1;
        e = scene_load(s, t, w->job->project_id, sequence, w->scene);
    }
    bool alone = w->scene && !step->whole_board && !*scene_lipsync_model(&b->project, w->scene);
    if (e || alone)
        return e;
    e = scenes_load(s, t, &b->project, &b->scenes, &b->scene_count);
    for (size_t i = 0; i < b->scene_count && !e; i++) {
        if (b->scenes[i].sequence == sequence)
            w->scene = &b->scenes[i];
    }
    return e;
}

/* The records a step reads. */
static enum err work_load(struct work *w, struct task *t, const struct step *step)
{
    const struct flow *f = w->flow;
    struct board *b = &w->board;
    double plan_usd = 0;
    enum err e = project_load(f->store, t, w->job->project_id, &b->project);
    if (!e)
        e = flow_planner_usd(f, t, b->project.planner, &plan_usd);
    if (!e)
        e = style_load(t, &f->styles, b->project.style, &b->style);
    if (!e)
        e = model_load(t, &f->models, b->project.video, &b->model);
    if (!e)
        e = work_load_scenes(w, t, step);
    if (!e)
        e = flow_fallbacks_load(f, t, &b->project, &b->videos, &b->video_count);
    if (!e)
        e = flow_lipsyncs_load(f, t, &b->project, b->scenes, b->scene_count, &b->lipsyncs,
                               &b->lipsync_count);
    if (!e)
        e = flow_sounds_load(f, t, &b->project, &b->music, &b->voice);
    if (e)
        return e;
    struct graph_input input = {
        .project = &b->project,
        .scenes = b->scenes,
        .scene_count = b->scene_count,
        .style = &b->style,
        .model = &b->model,
        .videos = b->videos,
        .video_count = b->video_count,
        .lipsyncs = b->lipsyncs,
        .lipsync_count = b->lipsync_count,
        .plan_usd = plan_usd,
        .music = b->music,
        .voice = b->voice,
        .as_filmed = b->project.goal == GOAL_CUT,
        .without_posters = step->kind != ARTIFACT_POSTER,
    };
    return graph_compute(t, &input, &b->graph);
}

/* Bytes made for another project are copied to a key of this one: each project owns its media. */
enum err step_cached(struct work *w, struct task *t, struct product *out)
{
    struct cached cached;
    struct blob_info there;
    enum err e =
        w->step->cached ? cached_load(w->flow->store, t, w->job->hash, &cached) : ERR_NOT_FOUND;
    if (!e)
        e = blob_stat(w->flow->blobs, t, cached.key, &there);
    if (e)
        return e;
    const char *own = arena_format(t->arena, "mv/projects/%s/", w->job->project_id);
    *out = (struct product){ .key = cached.key, .info = cached.info, .reused = true };
    if (text_starts(cached.key, own))
        return OK;

    const char *rest = cached.key + strlen("mv/"); /* made before there was a project: "audio/..." */
    if (text_starts(cached.key, "mv/projects/"))
        rest = strchr(cached.key + strlen("mv/projects/"), '/') + 1;
    if (w->job->sequence > 0)
        out->key = step_take_key(t, w, "");
    else
        out->key = arena_format(t->arena, "%s%s", own, rest);
    return blob_copy(w->flow->blobs, t, cached.key, out->key);
}

/* Still ours after a lost race? Then with the version that the record has now. */
static enum err still_ours(struct work *w, struct task *t)
{
    struct job now;
    struct claimed_job *c = w->claimed;
    enum err e = job_load(w->flow->store, t, c->job.project_id,
                          job_sk(t, c->job.kind, c->job.sequence, c->job.hash), &now);
    if (e)
        return e;
    if (now.state != JOB_RUNNING || now.epoch != c->job.epoch)
        return fail(t, ERR_CONFLICT, "another worker has taken this job over");
    pthread_mutex_lock(&c->lock);
    c->job.version = now.version;
    pthread_mutex_unlock(&c->lock);
    return OK;
}

enum err step_publish(struct work *w, struct task *t, const struct product *p)
{
    enum err e = OK;
    for (int i = 0; i < PUBLISH_TRIES; i++) {
        struct item_write writes[STORE_WRITES_MAX - 1];
        size_t count = 0;
        e = w->step->record(w, t, p, writes, &count);
        if (!e && w->also)
            e = w->also(w, t, writes, &count);
        if (e)
            return e;
        if (w->step->cached && !p->reused) {
            struct cached cached = { .key = p->key, .info = p->info };
            writes[count++] = cached_write(t, w->job->hash, &cached);
        }
        pthread_mutex_lock(&w->claimed->lock);
        w->claimed->job.reused = p->reused;
        pthread_mutex_unlock(&w->claimed->lock);
        e = job_finish(w->flow, t, w->claimed, writes, count);
        if (e != ERR_CONFLICT)
            return e;
        e = still_ours(w, t);
        if (e)
            return e;
    }
    return fail(t, ERR_CONFLICT, "the records keep changing under this job");
}

/* The project or scene went while this was made for it: nothing will ever name the bytes. */
static enum err forget_product(struct work *w, struct task *t, const struct product *p)
{
    struct fault fault = t->fault;
    const char *own = arena_format(t->arena, "mv/projects/%s/", w->job->project_id);
    if (p->key && text_starts(p->key, own)) {
        enum err e = blob_remove(w->flow->blobs, t, p->key);
        (void)e; /* why there is nothing to publish matters more */
    }
    t->fault = fault;
    return ERR_NOT_FOUND;
}

static void note_time(struct work *w, struct task *t, int64_t started_us)
{
    pthread_mutex_lock(&w->claimed->lock);
    w->claimed->job.took_ms = (clock_monotonic_us(t->clock) - started_us) / 1000;
    pthread_mutex_unlock(&w->claimed->lock);
}

enum err step_run(const struct flow *f, struct task *t, struct claimed_job *c,
                  media_progress *progress)
{
    struct work w = { .flow = f, .claimed = c, .job = &c->job, .progress = progress };
    const struct step *step = step_find(names_index(artifact_kind_names, c->job.kind));
    if (!step)
        return fail(t, ERR_INTERNAL, "no step makes a \"%s\"", c->job.kind);

    int64_t started = clock_monotonic_us(t->clock);
    enum err e = work_load(&w, t, step);
    if (e)
        return e;
    w.artifact = graph_find(&w.board.graph, step->kind, c->job.sequence);
    w.model = w.artifact ? w.artifact->model : NULL;
    w.step = step;
    w.wanted = (w.board.project.goal || step->kind == ARTIFACT_POSTER) && w.artifact &&
               text_equal(w.artifact->hash, c->job.hash);
    if (!text_is_empty(c->job.spend))
        return paid_step(&w, t);
    if (!w.wanted)
        return job_supersede(f, t, c);

    struct product product = { 0 };
    e = step_cached(&w, t, &product);
    if (e == ERR_NOT_FOUND)
        e = step->make(&w, t, &product);
    note_time(&w, t, started);
    if (!e)
        e = step_publish(&w, t, &product);
    return e == ERR_NOT_FOUND ? forget_product(&w, t, &product) : e;
}
