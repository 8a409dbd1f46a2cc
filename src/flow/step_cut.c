/*
 * The cut: takes become clips of the film's shape, what is heard becomes one track, and clips and
 * track become the film, which is looked at and listened to before it is called one.
 */
#include "flow/step.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "flow/captions.h"

/* ---- clip ---- */

/* What a clip is cut from: the take, or what was synced of it. */
struct footage {
    const char *key;
    struct scene_span used;
    bool is_clip; /* it is the clip as it stands */
    bool foreign; /* its parameter sets may clash with those of other clips */
};

/* Of the film's shape as it is now: it may have been changed since the take was made. */
static bool has_shape_of(const struct project *p, int64_t width_px, int64_t height_px)
{
    return width_px == p->width_px && height_px == p->height_px;
}

static struct footage footage_of(const struct work *w)
{
    const struct project *p = &w->board.project;
    const struct scene *s = w->scene;
    struct scene_span used = scene_used_span(s);
    if (graph_find(&w->board.graph, ARTIFACT_LIPSYNC, s->sequence))
        return (struct footage){ .key = s->sync.made.key,
                                 .used = { 0, used.out - used.in },
                                 .is_clip = !s->sync.foreign &&
                                            has_shape_of(p, s->sync.width_px, s->sync.height_px),
                                 .foreign = s->sync.foreign };
    return (struct footage){ .key = s->take.key,
                             .used = used,
                             .is_clip =
                                 s->take_matches &&
                                 has_shape_of(p, s->take_width_px, s->take_height_px) &&
                                 used.in == 0 && used.out == s->take_frames,
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

/* What is burned into this scene's clip. */
static void read_captions(struct work *w, struct task *t, struct clip_span *span)
{
    const struct board *b = &w->board;
    size_t count;
    if (!project_burns_captions(&b->project))
        return;
    const struct film_caption *all =
        film_captions(t, &b->project, b->scenes, b->scene_count, &count);
    span->captions =
        captions_within(t, all, count,
                        scene_film_start(b->scenes, b->scene_count, w->scene->sequence),
                        span->out_frame - span->in_frame, &span->caption_count);
}

enum err clip_make(struct work *w, struct task *t, struct product *out)
{
    const struct footage from = footage_of(w);
    out->info = "";
    if (text_is_empty(from.key))
        return card_make(w, t, out);
    scoped(draft) struct draft draft = draft_none();
    scoped(fd) int take = -1;
    struct clip_info info;
    struct clip_span span = {
        .in_frame = from.used.in,
        .out_frame = from.used.out,
        .shape = { w->board.project.width_px, w->board.project.height_px },
        .encode_all = from.foreign,
    };
    read_captions(w, t, &span);
    if (from.is_clip && span.caption_count == 0) {
        out->key = from.key;
        return OK;
    }
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

enum err clip_record(struct work *w, struct task *t, const struct product *p,
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

enum err poster_make(struct work *w, struct task *t, struct product *out)
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

enum err poster_record(struct work *w, struct task *t, const struct product *p,
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

/* What is heard: the song, which steps back under a voice, and the voice. */
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

static enum err mix_add(struct work *w, struct task *t, const char *key, bool speaks, struct mix *m)
{
    if (text_is_empty(key))
        return OK;
    enum err e = blob_open(w->flow->blobs, t, key, &m->files[m->count]);
    if (e)
        return e;
    m->parts[m->count] = (struct track_part){ .input_index = (int64_t)m->count,
                                              .speaks = speaks,
                                              .yields = !speaks };
    m->count++;
    return OK;
}

/*
 * A film shorter than its song ends on a fade; one as long as its song, to a frame, ends as the
 * song does. The song is asked for its length itself: that of the film follows a wish.
 */
static enum err fade_for(struct work *w, struct task *t, const struct mix *m, int64_t frames,
                         int64_t *out_samples)
{
    struct clip_info song;
    *out_samples = 0;
    if (text_is_empty(w->board.project.audio_key))
        return OK;
    enum err e = media_probe(w->flow->media, t, m->files[0], &song);
    if (e)
        return e;
    if (song.duration_us > us_from_frames(frames + 1))
        *out_samples = SOUND_RATE_HZ;
    return OK;
}

enum err track_make(struct work *w, struct task *t, struct product *out)
{
    const struct project *p = &w->board.project;
    const char *voice = w->board.voice ? p->voice.made.key : "";
    scoped(draft) struct draft draft = draft_none();
    scoped(mix) struct mix mix = { .count = 0 };
    enum err e = mix_add(w, t, p->audio_key, false, &mix);
    if (!e)
        e = mix_add(w, t, voice, true, &mix);
    struct track_request request = {
        .parts = mix.parts,
        .part_count = mix.count,
        .frame_count = w->board.graph.film_frames,
        .target_lufs = p->target_lufs,
    };
    if (!e)
        e = fade_for(w, t, &mix, request.frame_count, &request.fade_out_samples);
    if (!e)
        e = blob_draft(w->flow->blobs, t, &draft);
    struct track_info info;
    if (!e)
        e = media_track(w->flow->media, t, mix.files, mix.count, &request, draft.fd, &info);
    if (e)
        return e;
    out->key = step_project_key(t, w, "audio/track-", ".m4a");
    out->info = fields_encode_text(t->arena, track_info_fields, &info);
    return blob_put(w->flow->blobs, t, out->key, &draft);
}

enum err track_record(struct work *w, struct task *t, const struct product *p,
                      struct item_write *writes, size_t *count)
{
    struct project project;
    enum err e = step_project(w, t, &project);
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
    struct film_parts parts = { .clips = clips, .clip_count = opened, .track = track };
    if (text_equal(b->project.captions, "track"))
        parts.captions = film_captions(t, &b->project, b->scenes, b->scene_count,
                                       &parts.caption_count);
    if (!e)
        e = media_compose(w->flow->media, t, &parts, out, w->progress, info);
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

enum err film_make(struct work *w, struct task *t, struct product *out)
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
    out->key = step_project_key(t, w, lacking(w, NULL) ? "film/partial-" : "film/", ".mp4");
    out->info = fields_encode_text(t->arena, film_info_fields, &info);
    return blob_put(w->flow->blobs, t, out->key, &draft);
}

enum err film_record(struct work *w, struct task *t, const struct product *p,
                     struct item_write *writes, size_t *count)
{
    struct project project;
    struct film_info info;
    enum err e = fields_decode_record(t, film_info_fields, p->info, &info, NULL);
    if (!e)
        e = step_project(w, t, &project);
    if (e)
        return e;
    project.film = step_made(w, p);
    project.cut_frames = w->board.graph.film_frames;
    project.cut_width_px = project.width_px;
    project.cut_height_px = project.height_px;
    project.missing = arena_array(t->arena, int64_t, w->board.scene_count);
    project.missing_count = lacking(w, project.missing);
    const struct film_cut cut = {
        .hash = w->job->hash,
        .key = p->key,
        .frames = project.cut_frames,
        .width_px = project.cut_width_px,
        .height_px = project.cut_height_px,
        .bytes = info.bytes,
        .partial = project.missing_count > 0,
        .made_at = time_iso8601(t->arena, clock_wall_us(t->clock)),
    };
    writes[(*count)++] = project_write(t, &project);
    writes[(*count)++] = film_cut_write(t, w->job->project_id, &cut);
    return OK;
}
