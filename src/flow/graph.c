/*
 * Inputs are hashed all together into the artifact's hash, and one by one, cheaply, into a "part" each
 * ("prompt:1f0c9a2b"). The parts are kept with what was made, so that a later difference can be said in
 * words; they decide nothing.
 */
#include "flow/graph.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/rng.h"
#include "base/text.h"
#include "flow/scene_picture.h"

const char *const artifact_kind_names[] = { "",       "music",  "song-map", "plan",
                                            "take",   "lip-sync", "clip",   "poster",
                                            "voice",  "track",  "film",     NULL };
const char *const artifact_state_names[] = { "",        "missing", "current", "stale",
                                             "blocked", "running", "failed",  NULL };

/* Raised when an operation's result changes for equal inputs. */
static const char *const maker_versions[ARTIFACT_KIND_COUNT] = {
    [ARTIFACT_MUSIC] = "1",    [ARTIFACT_VOICE] = "1",
    [ARTIFACT_SONG_MAP] = "1", [ARTIFACT_PLAN] = "1", [ARTIFACT_TAKE] = "1",
    [ARTIFACT_LIPSYNC] = "1",  [ARTIFACT_CLIP] = "1", [ARTIFACT_POSTER] = "1",
    [ARTIFACT_TRACK] = "1",    [ARTIFACT_FILM] = "1",
};

/* What a changed part means, for people. */
static const struct {
    const char *part, *words;
} causes[] = {
    { "audio", "the song changed" },
    { "concept", "the concept changed" },
    { "character", "the character changed" },
    { "product", "the product changed" },
    { "style", "the style changed" },
    { "mode", "the mode changed" },
    { "song-map", "the song map changed" },
    { "count", "the number of scenes changed" },
    { "length", "the length changed" },
    { "seed", "the seed changed" },
    { "prompt", "the prompt changed" },
    { "negative", "the negative prompt changed" },
    { "look", "the picture changed" },
    { "cue", "the song cue changed" },
    { "model", "the video model changed" },
    { "shape", "the size or aspect changed" },
    { "pictures", "a reference picture changed" },
    { "words", "the words on the card changed" },
    { "overlay", "the storyboard marks changed" },
    { "take", "another take is selected" },
    { "trim", "the trim changed" },
    { "offset", "offset moved" },
    { "lip-sync", "the lip-sync changed" },
    { "tune", "the words for the music changed" },
    { "speaker", "the words to be spoken changed" },
    { "by", "its model changed" },
    { "lips", "the lip-sync model changed" },
    { "speech", "the lip-sync options changed" },
    { "order", "the order of scenes changed" },
    { "clips", "a scene's clip changed" },
    { "track", "the sound changed" },
    { "voice", "the voice changed" },
    { "level", "the loudness target changed" },
    { "planner", "the planner changed" },
    { "draft", "a new plan was asked for" },
    { "maker", "Storyreel makes it differently now" },
    { "clip", "the clip changed" },
};

/* ---- one artifact's inputs ---- */

struct recipe {
    struct arena *arena;
    struct hash whole;
    struct text parts;
};

static struct recipe recipe_new(struct arena *a, int kind)
{
    return (struct recipe){
        .arena = a,
        .whole = hash_new(artifact_kind_names[kind]),
        .parts = text_new(a),
    };
}

/* "prompt:1f0c9a2b"; written by hand, as a plan of a thousand scenes has fifteen thousand of them. */
static void write_part(struct text *out, const char *name, uint32_t digest)
{
    static const char digits[] = "0123456789abcdef";
    char hex[9] = ":";
    for (int i = 8; i > 0; i--, digest >>= 4)
        hex[i] = digits[digest & 15];
    if (out->length)
        text_append(out, " ");
    text_append(out, name);
    text_append_n(out, hex, sizeof hex);
}

static void recipe_add(struct recipe *r, const char *name, const char *value)
{
    uint64_t digest = rng_seed_from_text(value ? value : "");
    hash_add(&r->whole, name, value);
    write_part(&r->parts, name, (uint32_t)(digest ^ digest >> 32));
}

static void recipe_add_int(struct recipe *r, const char *name, int64_t value)
{
    struct text text = text_new(r->arena);
    text_append_int(&text, value);
    recipe_add(r, name, text_end(&text));
}

/* Was this part ("prompt:1f0c9a2b") the same when the thing was made? */
static bool part_was(const struct made *made, const char *part, size_t bytes)
{
    for (const char *p = made->parts; p && *p; p += strspn(p, " ")) {
        size_t length = strcspn(p, " ");
        if (length == bytes && memcmp(p, part, bytes) == 0)
            return true;
        p += length;
    }
    return false;
}

static const char *cause_words(struct arena *a, const char *name, size_t name_bytes)
{
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        if (strlen(causes[i].part) == name_bytes && memcmp(causes[i].part, name, name_bytes) == 0)
            return causes[i].words;
    }
    return arena_format(a, "%.*s changed", (int)name_bytes, name);
}

static const char *stale_cause(struct arena *a, struct recipe *r, const struct made *made)
{
    struct text out = text_new(a);
    for (const char *p = text_end(&r->parts); *p; p += strspn(p, " ")) {
        size_t bytes = strcspn(p, " ");
        if (!part_was(made, p, bytes))
            text_printf(&out, "%s%s", out.length ? ", " : "",
                        cause_words(a, p, strcspn(p, ":")));
        p += bytes;
    }
    return out.length ? text_end(&out) : "its inputs changed";
}

/* ---- building the graph ---- */

struct builder {
    struct task *task;
    const struct graph_input *in;
    struct graph graph;
    size_t capacity;
};

static const char *recipe_end(struct recipe *r, int kind)
{
    recipe_add(r, "maker", maker_versions[kind]);
    return hash_end(&r->whole, r->arena);
}

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
        art.cause = stale_cause(a, r, made);
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

static size_t picture_count(const struct project *p, const struct scene *s)
{
    struct picture_use use = scene_picture_use(p, s);
    return (size_t)(use.character && *p->character_picture_key) +
           (size_t)(use.product && *p->product_picture_key);
}

double graph_take_usd(const struct model *m, const struct project *p, const struct scene *s)
{
    return model_usd(m, &(struct model_wish){ .seconds = (double)s->film_frames / FILM_RATE_HZ,
                                              .aspect = p->aspect,
                                              .picture_count = picture_count(p, s),
                                              .size = p->size });
}

const struct model *fallback_after(const struct model *videos, size_t count,
                                   const struct project *p, const struct scene *s,
                                   const char *model)
{
    bool follows = text_equal(model, p->video);
    for (size_t i = 0; i < count; i++) {
        const struct model_wish wish = { .seconds = (double)s->film_frames / FILM_RATE_HZ,
                                         .aspect = p->aspect };
        bool long_enough = model_seconds(&videos[i], &wish) >= wish.seconds - 1e-6;
        if (follows && long_enough && !text_equal(videos[i].name, p->video))
            return &videos[i];
        follows |= text_equal(videos[i].name, model);
    }
    return NULL;
}

/* The project's model, or the fallback that stepped in for it as long as the project allows that. */
static const struct model *take_model(const struct builder *b, const struct scene *s)
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
    const struct model *m = take_model(b, s);
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

struct scene_span scene_used_span(const struct scene *s)
{
    if (s->trim_out > 0)
        return (struct scene_span){ s->trim_in, s->trim_out };
    return (struct scene_span){ 0, s->used_frames };
}

int64_t scene_film_start(const struct scene *scenes, size_t count, int64_t sequence)
{
    int64_t start = 0;
    for (size_t i = 0; i < count && scenes[i].sequence != sequence; i++) {
        struct scene_span used = scene_used_span(&scenes[i]);
        start += used.out - used.in;
    }
    return start;
}

/* ---- lips ---- */

const char *scene_lipsync_model(const struct project *p, const struct scene *s)
{
    bool planned = s->sync.wish == SYNC_AS_PLANNED && s->lips_move && !s->end_card;
    if (text_is_empty(p->audio_key) || !(planned || s->sync.wish == SYNC_ASKED))
        return "";
    bool own = !planned && !text_is_empty(s->sync.options.model);
    return own ? s->sync.options.model : p->lipsync;
}

struct sync_options scene_sync_options(const struct project *p, const struct scene *s)
{
    struct sync_options o = s->sync.options;
    if (s->sync.wish != SYNC_ASKED)
        o = (struct sync_options){ .temperature = SYNC_TEMPERATURE };
    o.model = scene_lipsync_model(p, s);
    return o;
}

double graph_lipsync_usd(const struct model *m, int64_t frames)
{
    return m->usd_per_second < 0 ? -1 : m->usd_per_second * (double)frames / FILM_RATE_HZ;
}

int64_t scene_footage_take(const struct scene *s)
{
    return s->sync.take && s->sync.take == s->selected_take ? s->sync.made_from : s->selected_take;
}

bool scene_sync_fits(const struct scene *s)
{
    struct scene_span used = scene_used_span(s);
    return !text_is_empty(s->sync.made.key) && s->sync.take == s->selected_take &&
           s->sync.span.in == used.in && s->sync.span.out == used.out;
}

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
 * NULL for a scene whose lips rest. The film that the board shows now takes the lip-sync that is there
 * where it fits, and the take itself where it does not.
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
    add(b, ARTIFACT_CLIP, s->sequence, &r, &s->clip, current);
    b->graph.film_frames += span.out - span.in;
}

static struct artifact *add_track(struct builder *b)
{
    const struct project *p = b->in->project;
    const char *voice_hash;
    bool spoken = add_sound(b, ARTIFACT_VOICE, b->in->voice, &voice_hash);
    const struct artifact *music = graph_find(&b->graph, ARTIFACT_MUSIC, 0);
    bool played = !music || is_current(music);
    struct recipe r = recipe_new(b->task->arena, ARTIFACT_TRACK);
    recipe_add(&r, "audio", p->audio_hash);
    if (*voice_hash)
        recipe_add(&r, "voice", voice_hash);
    recipe_add_int(&r, "length", b->graph.film_frames);
    recipe_add_int(&r, "level", (int64_t)(p->target_lufs * 100));
    return add(b, ARTIFACT_TRACK, 0, &r, &p->track, spoken && played);
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

/* ---- jobs ---- */

static enum err attach_job(struct store *s, struct task *t, const char *project_id,
                           struct artifact *art)
{
    struct job job;
    const char *sk = job_sk(t, artifact_kind_names[art->kind], art->sequence, art->hash);
    enum err e = job_load(s, t, project_id, sk, &job);
    if (e == ERR_NOT_FOUND)
        return OK;
    if (e)
        return e;
    if (job.state == JOB_QUEUED || job.state == JOB_RUNNING) {
        art->state = ARTIFACT_RUNNING;
    } else if (job.state == JOB_FAILED) { /* one that was cancelled is as if it had not been */
        art->state = ARTIFACT_FAILED;
        art->code = job.problem.code;
        art->cause = job.problem.message;
        art->next = job.problem.next;
    }
    return OK;
}

static void block(struct graph *g, int kind, int64_t sequence, const char *cause, const char *next)
{
    for (size_t i = 0; i < g->artifact_count; i++) {
        struct artifact *art = &g->artifacts[i];
        bool waits = art->kind == kind &&
                     (kind == ARTIFACT_FILM || kind == ARTIFACT_PLAN || art->sequence == sequence);
        if (waits && (art->state == ARTIFACT_MISSING || art->state == ARTIFACT_STALE)) {
            art->state = ARTIFACT_BLOCKED;
            art->cause = cause;
            art->next = next;
        }
    }
}

/* A failure blocks what is made from it, and so on to the film. */
static void spread_failures(struct task *t, struct graph *g)
{
    for (size_t i = 0; i < g->artifact_count; i++) {
        const struct artifact *art = &g->artifacts[i];
        if (art->state != ARTIFACT_FAILED || art->kind == ARTIFACT_POSTER ||
            art->kind == ARTIFACT_FILM)
            continue;
        const char *what = artifact_kind_names[art->kind];
        const char *cause =
            art->sequence
                ? arena_format(t->arena, "the %s of scene %" PRId64 " failed", what, art->sequence)
                : arena_format(t->arena, "the %s failed", what);
        if (art->kind == ARTIFACT_MUSIC || art->kind == ARTIFACT_VOICE)
            block(g, ARTIFACT_TRACK, 0, cause, art->next);
        if (art->kind == ARTIFACT_MUSIC || art->kind == ARTIFACT_SONG_MAP)
            block(g, ARTIFACT_PLAN, 0, cause, art->next);
        if (art->kind == ARTIFACT_TAKE)
            block(g, ARTIFACT_LIPSYNC, art->sequence, cause, art->next);
        if (art->kind == ARTIFACT_TAKE || art->kind == ARTIFACT_LIPSYNC)
            block(g, ARTIFACT_CLIP, art->sequence, cause, art->next);
        block(g, ARTIFACT_FILM, 0, cause, art->next);
    }
}

enum err graph_attach_jobs(struct store *s, struct task *t, const char *project_id, struct graph *g)
{
    for (size_t i = 0; i < g->artifact_count; i++) {
        if (is_current(&g->artifacts[i]) || !g->artifacts[i].ready)
            continue; /* without its inputs nothing has a job */
        enum err e = attach_job(s, t, project_id, &g->artifacts[i]);
        if (e)
            return e;
    }
    spread_failures(t, g);
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

/* Of the artifacts from a scene's take to its clip. */
static int scene_status(const struct artifact *from, const struct artifact *clip)
{
    int status = clip->state == ARTIFACT_CURRENT ? PROJECT_COMPLETED : PROJECT_PENDING;
    for (const struct artifact *art = from; art <= clip; art++) {
        if (art->state == ARTIFACT_RUNNING)
            return PROJECT_PROCESSING;
        if (art->state == ARTIFACT_FAILED)
            status = PROJECT_FAILED;
    }
    return status;
}

/* Takes, lip-syncs and clips stand together, in the order of the scenes. */
void graph_set_statuses(const struct graph *g, struct scene *scenes, size_t count)
{
    const struct artifact *from = NULL;
    for (size_t i = 0, scene = 0; i < g->artifact_count && scene < count; i++) {
        const struct artifact *art = &g->artifacts[i];
        if (art->kind == ARTIFACT_TAKE)
            from = art;
        if (art->kind == ARTIFACT_CLIP) {
            scenes[scene++].status = scene_status(from ? from : art, art);
            from = NULL;
        }
    }
}
