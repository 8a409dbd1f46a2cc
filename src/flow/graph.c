/*
 * The computed plan: every artifact with its inputs, makers before what is made from them. An
 * artifact is current when the hash of today's inputs is the one it was made of.
 */
#include "flow/graph.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "flow/captions.h"
#include "flow/recipe.h"

const char *const artifact_kind_names[] = { "",       "music",  "song-map", "plan",
                                            "take",   "lip-sync", "clip",   "poster",
                                            "voice",  "track",  "film",     NULL };
const char *const artifact_state_names[] = { "",        "missing", "current", "stale",
                                             "blocked", "running", "failed",  NULL };

struct builder {
    struct task *task;
    const struct graph_input *in;
    struct graph graph;
    size_t capacity;
    const struct film_caption *lines; /* of the whole film; none where it has no captions */
    size_t line_count;
    bool spoken; /* the voice that is wanted is there */
};

static struct artifact *add(struct builder *b, int kind, int64_t sequence, struct recipe *r,
                            const struct made *made, bool inputs_current)
{
    struct arena *a = b->task->arena;
    struct artifact art = { .kind = kind, .sequence = sequence, .cause = "", .next = "" };
    art.hash = recipe_end(r, kind);
    art.parts = text_end(&r->parts);
    art.ready = inputs_current;

    if (!made->hash || !*made->hash) {
        art.state = ARTIFACT_MISSING;
    } else if (text_equal(made->hash, art.hash)) {
        art.state = ARTIFACT_CURRENT;
    } else {
        art.state = ARTIFACT_STALE;
        art.cause = recipe_stale_cause(r, made);
    }
    array_push(a, b->graph.artifacts, b->graph.artifact_count, b->capacity, art);
    return &b->graph.artifacts[b->graph.artifact_count - 1];
}

static bool is_current(const struct artifact *art)
{
    return art->state == ARTIFACT_CURRENT;
}

/* Music or a voice; current where none is wanted. */
static bool add_sound(struct builder *b, int kind, const struct model *m, const char **out_hash)
{
    const struct project *p = b->in->project;
    const struct sound_wish *wish = project_sound_wish(p, kind);
    *out_hash = "";
    if (!m || (b->in->as_filmed && text_is_empty(wish->made.hash)))
        return true;
    double seconds = project_sound_seconds(p, kind);
    struct recipe r = recipe_new(b->task->arena, kind);
    recipe_add(&r, kind == ARTIFACT_MUSIC ? "tune" : "speaker", wish->words);
    recipe_add(&r, "by", arena_format(b->task->arena, "%s %s", m->name, m->version));
    if (kind == ARTIFACT_MUSIC) {
        recipe_add_int(&r, "length", (int64_t)(seconds * 1000));
        recipe_add_int(&r, "seed", p->seed);
    }
    struct artifact *art = add(b, kind, 0, &r, &wish->made, true);
    art->model = m;
    if (b->in->as_filmed) {
        art->state = ARTIFACT_CURRENT;
        art->cause = "";
        art->hash = wish->made.hash;
    }
    if (!is_current(art))
        art->usd = model_usd(m, &(struct model_wish){ .seconds = seconds, .aspect = "" });
    *out_hash = art->hash;
    return is_current(art);
}

static struct recipe song_map_recipe(struct arena *a, const char *audio_hash)
{
    struct recipe r = recipe_new(a, ARTIFACT_SONG_MAP);
    recipe_add(&r, "audio", audio_hash);
    return r;
}

static bool add_song_map(struct builder *b, const char **out_hash)
{
    const struct project *p = b->in->project;
    if (!add_sound(b, ARTIFACT_MUSIC, b->in->music, out_hash))
        return false; /* a song that is there is not the one that is wanted */
    *out_hash = "";
    if (text_is_empty(p->audio_key))
        return true;
    struct recipe r = song_map_recipe(b->task->arena, p->audio_hash);
    struct artifact *art = add(b, ARTIFACT_SONG_MAP, 0, &r, &p->song_map, true);
    *out_hash = art->hash;
    return is_current(art);
}

static const char *spelled(struct task *t, const struct field *fields, const void *in)
{
    struct text out = text_new(t->arena);
    fields_spell(&out, fields, in);
    return text_end(&out);
}

static const char *style_text(struct task *t, const struct style *s)
{
    struct text out = text_new(t->arena);
    text_printf(&out, "%s|%s|%g|%g|%g|%g", s->name,
                spelled(t, look_grade_fields, &s->grade), s->shot_seconds,
                s->shot_seconds_min, s->shot_seconds_max, s->rhythm);
    return text_end(&out);
}

static const char *lengths_text(struct task *t, const struct model *m)
{
    struct text out = text_new(t->arena);
    text_printf(&out, "%g-%g", m->seconds_min, m->seconds_max);
    for (size_t i = 0; i < m->length_count; i++)
        text_printf(&out, ",%g", m->lengths[i]);
    return text_end(&out);
}

/*
 * Once there are scenes a changed concept, style or model does not throw them away: they may have
 * been edited. The plan is then stale and says so, and is drafted again only when asked for
 * (project plan --again).
 */
static bool add_plan(struct builder *b, const char *song_map_hash, bool song_map_current)
{
    const struct project *p = b->in->project;
    struct task *t = b->task;
    struct recipe r = recipe_new(t->arena, ARTIFACT_PLAN);
    recipe_add(&r, "concept", p->concept);
    recipe_add(&r, "character",
               arena_format(t->arena, "%s|%s", p->character, p->character_picture_hash));
    recipe_add(&r, "product",
               arena_format(t->arena, "%s|%s|%s|%s", p->product, p->product_name, p->call_to_action,
                            p->product_picture_hash));
    recipe_add(&r, "lyrics", p->lyrics);
    recipe_add(&r, "mode", p->mode);
    recipe_add(&r, "style", style_text(t, b->in->style));
    recipe_add(&r, "song-map", song_map_hash);
    recipe_add_int(&r, "count", p->wanted_scenes);
    recipe_add_int(&r, "length", p->target_frames);
    recipe_add(&r, "model", lengths_text(t, b->in->model));
    recipe_add_int(&r, "seed", p->seed);
    recipe_add(&r, "planner", p->planner);
    if (p->drafts > 0)
        recipe_add_int(&r, "draft", p->drafts);
    struct artifact *art = add(b, ARTIFACT_PLAN, 0, &r, &p->plan, song_map_current);
    if (!is_current(art))
        art->usd = b->in->plan_usd;
    return art->state != ARTIFACT_MISSING;
}

static const char *pictures_text(struct task *t, const struct project *p, const struct scene *s)
{
    bool character = false, product = s->end_card;
    for (size_t i = 0; i < s->look.cast_count; i++) {
        character |= s->look.cast[i].picture_index == 0;
        product |= s->look.cast[i].picture_index == 1;
    }
    return arena_format(t->arena, "%s|%s", character ? p->character_picture_hash : "",
                        product ? p->product_picture_hash : "");
}

static const char *cue_text(struct task *t, const struct scene *s)
{
    struct text out = text_new(t->arena);
    text_printf(&out, "%.4f", s->energy);
    for (size_t i = 0; i < s->beat_count; i++) {
        text_append(&out, ",");
        text_append_int(&out, s->beat_frames[i]);
    }
    return text_end(&out);
}

static const char *grade_text(struct builder *b)
{
    return spelled(b->task, look_grade_fields, &b->in->style->grade);
}

/* The project's model, or the fallback that stepped in for it as long as the project allows
 * that. */
static const struct model *film_model(const struct builder *b, const struct scene *s)
{
    for (size_t i = 0; i < b->in->video_count; i++) {
        if (text_equal(b->in->videos[i].name, s->fallback.model))
            return &b->in->videos[i];
    }
    return b->in->model;
}

static struct artifact *add_take(struct builder *b, const struct scene *s, const char *grade)
{
    const struct project *p = b->in->project;
    const struct model *m = scene_maker(s, film_model(b, s), b->in->card);
    struct task *t = b->task;
    struct recipe r = recipe_new(t->arena, ARTIFACT_TAKE);
    recipe_add(&r, "prompt", s->prompt);
    recipe_add(&r, "negative", s->negative_prompt);
    recipe_add(&r, "look", spelled(t, look_fields, &s->look));
    recipe_add_int(&r, "length", s->film_frames);
    recipe_add(&r, "cue", cue_text(t, s));
    recipe_add_int(&r, "seed", s->seed);
    recipe_add(&r, "model", arena_format(t->arena, "%s %s", m->name, m->version));
    recipe_add(&r, "style", grade);
    recipe_add(&r, "shape",
               arena_format(t->arena, "%" PRId64 "x%" PRId64, p->width_px, p->height_px));
    recipe_add(&r, "pictures", pictures_text(t, p, s));
    recipe_add(&r, "words",
               s->end_card
                   ? arena_format(t->arena, "%s|%s|%s", s->card_title, s->card_line, s->card_action)
                   : "");
    recipe_add(&r, "overlay",
               p->overlay
                   ? arena_format(t->arena, "%" PRId64 "|%s|%s", s->sequence, s->title, s->camera)
                   : "");
    struct artifact *art = add(b, ARTIFACT_TAKE, s->sequence, &r, &s->take, true);
    if ((s->pinned || b->in->as_filmed) && *s->take.hash) {
        art->state = ARTIFACT_CURRENT;
        art->cause = "";
        art->hash = s->take.hash;
    }
    art->model = m;
    if (!is_current(art))
        art->usd = graph_take_usd(m, p, s);
    return art;
}

/* ---- lips ---- */

static const struct model *lipsync_named(const struct builder *b, const char *name)
{
    for (size_t i = 0; i < b->in->lipsync_count; i++) {
        if (text_equal(b->in->lipsyncs[i].name, name))
            return &b->in->lipsyncs[i];
    }
    return NULL;
}

static struct recipe lipsync_recipe(struct builder *b, const struct scene *s,
                                    const struct model *m, const char *take_hash)
{
    const struct project *p = b->in->project;
    struct arena *a = b->task->arena;
    struct scene_span used = scene_used_span(s);
    struct sync_options o = scene_sync_options(p, s);
    struct recipe r = recipe_new(a, ARTIFACT_LIPSYNC);
    recipe_add(&r, "take", take_hash);
    recipe_add(&r, "trim", arena_format(a, "%" PRId64 "-%" PRId64, used.in, used.out));
    recipe_add(&r, "audio", p->audio_hash);
    recipe_add_int(&r, "offset", b->graph.film_frames);
    recipe_add(&r, "shape", arena_format(a, "%" PRId64 "x%" PRId64, p->width_px, p->height_px));
    recipe_add(&r, "lips", arena_format(a, "%s %s", m->name, m->version));
    recipe_add(&r, "speech",
               arena_format(a, "%.4f %s%s%s", o.temperature, sync_mode_names[o.mode],
                            o.active_speaker ? " speaker" : "", o.occlusion ? " occlusion" : ""));
    return r;
}

/*
 * NULL for a scene whose lips rest. The film that the board shows now takes the lip-sync that is
 * there where it fits, and the take itself where it does not.
 */
static struct artifact *add_lipsync(struct builder *b, const struct scene *s, const char *take_hash,
                                    bool take_current)
{
    const struct model *m = lipsync_named(b, scene_lipsync_model(b->in->project, s));
    struct scene_span used = scene_used_span(s);
    if (!m || (b->in->as_filmed && !scene_sync_fits(s)))
        return NULL;
    struct recipe r = lipsync_recipe(b, s, m, take_hash);
    struct artifact *art =
        add(b, ARTIFACT_LIPSYNC, s->sequence, &r, &s->sync.made, take_current);
    art->model = m;
    if (b->in->as_filmed) {
        art->state = ARTIFACT_CURRENT;
        art->cause = "";
        art->hash = s->sync.made.hash;
    }
    if (!is_current(art))
        art->usd = graph_lipsync_usd(m, used.out - used.in);
    return art;
}

static struct recipe clip_recipe(struct builder *b, const struct scene *s, const char *take_hash,
                                 const struct artifact *lipsync)
{
    const struct project *p = b->in->project;
    struct arena *a = b->task->arena;
    struct scene_span span = scene_used_span(s);
    struct recipe r = recipe_new(a, ARTIFACT_CLIP);
    recipe_add(&r, "take", take_hash);
    recipe_add(&r, "trim", arena_format(a, "%" PRId64 "-%" PRId64, span.in, span.out));
    recipe_add(&r, "shape", arena_format(a, "%" PRId64 "x%" PRId64, p->width_px, p->height_px));
    if (lipsync)
        recipe_add(&r, "lip-sync", lipsync->hash);
    return r;
}

/* What is read while the scene is seen: then its clip is encoded with it. */
static void add_burned(struct builder *b, const struct scene *s, struct recipe *r)
{
    size_t count = 0;
    struct scene_span span = scene_used_span(s);
    if (!project_burns_captions(b->in->project))
        return;
    const struct film_caption *lines =
        captions_within(b->task, b->lines, b->line_count, b->graph.film_frames,
                        span.out - span.in, &count);
    if (count > 0)
        recipe_add(r, "captions", captions_text(b->task, lines, count));
}

/* A card for a scene that was not filmed: it holds its place, so that all others keep theirs. */
static void add_card(struct builder *b, const struct scene *s, const char *grade)
{
    const struct project *p = b->in->project;
    struct arena *a = b->task->arena;
    struct scene_span span = scene_used_span(s);
    struct recipe r = recipe_new(a, ARTIFACT_CLIP);
    recipe_add(&r, "card", arena_format(a, "%" PRId64 "|%s", s->sequence, s->title));
    recipe_add(&r, "trim", arena_format(a, "%" PRId64 "-%" PRId64, span.in, span.out));
    recipe_add(&r, "shape", arena_format(a, "%" PRId64 "x%" PRId64, p->width_px, p->height_px));
    recipe_add(&r, "style", grade);
    add(b, ARTIFACT_CLIP, s->sequence, &r, &s->clip, true);
    b->graph.film_frames += span.out - span.in;
}

static void add_clip(struct builder *b, const struct scene *s, const char *grade)
{
    if (b->in->as_filmed && text_is_empty(s->take.key)) {
        add_card(b, s, grade);
        return;
    }
    struct artifact *take = add_take(b, s, grade);
    bool current = is_current(take);
    const char *take_hash = take->hash; /* the next artifact may move this one */
    struct artifact *lipsync = add_lipsync(b, s, take_hash, current);
    if (lipsync)
        current = is_current(lipsync);
    struct recipe r = clip_recipe(b, s, take_hash, lipsync);
    struct scene_span span = scene_used_span(s);
    add_burned(b, s, &r);
    current &= b->spoken || !project_burns_captions(b->in->project);
    add(b, ARTIFACT_CLIP, s->sequence, &r, &s->clip, current);
    b->graph.film_frames += span.out - span.in;
}

static struct artifact *add_track(struct builder *b)
{
    const struct project *p = b->in->project;
    const struct artifact *voice = graph_find(&b->graph, ARTIFACT_VOICE, 0);
    const struct artifact *music = graph_find(&b->graph, ARTIFACT_MUSIC, 0);
    bool played = !music || is_current(music);
    struct recipe r = recipe_new(b->task->arena, ARTIFACT_TRACK);
    recipe_add(&r, "audio", p->audio_hash);
    if (voice) {
        recipe_add(&r, "voice", voice->hash);
        if (!text_is_empty(p->audio_hash))
            recipe_add(&r, "under", "ducked");
    }
    recipe_add_int(&r, "length", b->graph.film_frames);
    /* Song and length say whether it fades; where a length was wished it once never did. */
    if (p->target_frames > 0 && !text_is_empty(p->audio_hash))
        recipe_add(&r, "ending", "heard");
    recipe_add_int(&r, "level", (int64_t)(p->target_lufs * 100));
    return add(b, ARTIFACT_TRACK, 0, &r, &p->track, b->spoken && played);
}

static int by_sequence(const void *a, const void *b)
{
    const struct artifact *x = *(const struct artifact *const *)a,
                          *y = *(const struct artifact *const *)b;
    return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

static void write_clips(struct builder *b, const struct artifact **clips, size_t count,
                        struct text *out)
{
    (void)b;
    for (size_t i = 0; i < count; i++) {
        text_append_int(out, clips[i]->sequence);
        text_append(out, ":");
        text_append(out, clips[i]->hash);
        text_append(out, ",");
    }
}

static void write_order(const struct artifact **clips, size_t count, struct text *out)
{
    for (size_t i = 0; i < count; i++)
        text_printf(out, "%" PRId64 ",", clips[i]->sequence);
}

/* Order and contents are separate parts, so that a reorder can be told from a new clip. */
static void add_film(struct builder *b, struct artifact *track)
{
    struct arena *a = b->task->arena;
    const char *track_hash = track->hash;
    bool inputs_current = is_current(track);
    const struct artifact **clips = arena_array(a, const struct artifact *, b->in->scene_count);
    size_t count = 0;
    for (size_t i = 0; i < b->graph.artifact_count; i++) {
        const struct artifact *art = &b->graph.artifacts[i];
        if (art->kind != ARTIFACT_CLIP)
            continue;
        clips[count++] = art;
        inputs_current &= is_current(art);
    }
    struct text order = text_new(a), contents = text_new(a);
    write_order(clips, count, &order);
    qsort(clips, count, sizeof *clips, by_sequence);
    write_clips(b, clips, count, &contents);

    struct recipe r = recipe_new(a, ARTIFACT_FILM);
    recipe_add(&r, "order", text_end(&order));
    recipe_add(&r, "clips", text_end(&contents));
    recipe_add(&r, "track", track_hash);
    if (!text_is_empty(b->in->project->captions))
        recipe_add(&r, "captions", captions_text(b->task, b->lines, b->line_count));
    add(b, ARTIFACT_FILM, 0, &r, &b->in->project->film, inputs_current);
}

/* Posters hang on the side: nothing in the film waits for them. They come before the film in the
 * list. */
static void add_posters(struct builder *b)
{
    size_t count = b->graph.artifact_count;
    for (size_t i = 0, scene = 0; i < count; i++) {
        if (b->graph.artifacts[i].kind != ARTIFACT_CLIP)
            continue;
        const struct scene *s = &b->in->scenes[scene++];
        bool clip_current = is_current(&b->graph.artifacts[i]);
        struct recipe r = recipe_new(b->task->arena, ARTIFACT_POSTER);
        recipe_add(&r, "clip", b->graph.artifacts[i].hash);
        add(b, ARTIFACT_POSTER, s->sequence, &r, &s->poster, clip_current);
    }
}

/* What is said, and so what is read: before the clips, which may have it burned in. */
static void add_words(struct builder *b)
{
    const char *hash;
    const struct graph_input *in = b->in;
    b->spoken = add_sound(b, ARTIFACT_VOICE, in->voice, &hash);
    if (!text_is_empty(in->project->captions))
        b->lines = film_captions(b->task, in->project, in->scenes, in->scene_count,
                                 &b->line_count);
}

static void add_up_price(struct graph *g)
{
    for (size_t i = 0; i < g->artifact_count; i++) {
        if (g->artifacts[i].usd < 0 || g->usd < 0)
            g->usd = -1;
        else
            g->usd += g->artifacts[i].usd;
    }
}

enum err graph_compute(struct task *t, const struct graph_input *input, struct graph *out)
{
    struct builder b = { .task = t, .in = input };
    const char *song_map_hash;
    bool song_map_current = add_song_map(&b, &song_map_hash);
    bool planned = add_plan(&b, song_map_hash, song_map_current);
    if (planned && input->scene_count > 0) {
        add_words(&b);
        const char *grade = grade_text(&b);
        for (size_t i = 0; i < input->scene_count; i++)
            add_clip(&b, &input->scenes[i], grade);
        if (!input->without_posters)
            add_posters(&b);
        add_film(&b, add_track(&b));
    }
    add_up_price(&b.graph);
    *out = b.graph;
    return OK;
}

const char *graph_song_map_hash(struct arena *a, const char *audio_hash)
{
    struct recipe r = song_map_recipe(a, audio_hash);
    return recipe_end(&r, ARTIFACT_SONG_MAP);
}

const struct artifact *graph_find(const struct graph *g, int kind, int64_t sequence)
{
    for (size_t i = 0; i < g->artifact_count; i++) {
        if (g->artifacts[i].kind == kind && g->artifacts[i].sequence == sequence)
            return &g->artifacts[i];
    }
    return NULL;
}
