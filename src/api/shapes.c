#include "api/shapes.h"

#include <string.h>

#include "api/advice.h"
#include "api/server.h"
#include "base/text.h"
#include "flow/pictures.h"

static double seconds(int64_t frames)
{
    return (double)frames / FILM_RATE_HZ;
}

static const char *url(struct exchange *x, const char *key)
{
    return signer_url(&x->api->signer, &x->task, key);
}

/* ---- members; what is empty is left out ---- */

static void put_text(json_t *json, const char *name, const char *text)
{
    if (text && *text)
        json_object_set_new(json, name, json_string(text));
}

static void put_int(json_t *json, const char *name, int64_t number)
{
    json_object_set_new(json, name, json_integer(number));
}

static void put_number(json_t *json, const char *name, double number)
{
    json_object_set_new(json, name, json_real(number));
}

static void put_bool(json_t *json, const char *name, bool value)
{
    json_object_set_new(json, name, json_boolean(value));
}

static void put_usd(json_t *json, const char *name, double usd)
{
    json_object_set_new(json, name, usd < 0 ? json_null() : json_real(usd));
}

static void put_problem(json_t *json, const struct problem *p)
{
    if (!*p->message)
        return;
    json_t *problem = json_object();
    put_text(problem, "code", p->code);
    put_text(problem, "message", p->message);
    put_text(problem, "next", advice_over_http(p->next));
    json_object_set_new(json, "problem", problem);
}

/* "NAMES3Key" and "NAMEUrl" */
static void put_blob(struct exchange *x, json_t *json, const char *name, const char *key)
{
    if (!key || !*key)
        return;
    put_text(json, arena_format(x->task.arena, "%sS3Key", name), key);
    put_text(json, arena_format(x->task.arena, "%sUrl", name), url(x, key));
}

static void put_picture(struct exchange *x, json_t *json, const char *name, const char *clip_key,
                        enum clip_picture kind)
{
    if (clip_key && *clip_key)
        put_text(json, name, url(x, picture_key(x->task.arena, clip_key, kind)));
}

/* ---- artifacts ---- */

static void put_artifact_members(struct exchange *x, const struct board *b, json_t *json,
                                 const struct artifact *art)
{
    int permille = workers_progress(x->workers, b->project.project_id, art);
    put_text(json, "state", artifact_state_names[art->state]);
    put_text(json, "cause", art->cause);
    put_text(json, "next", advice_over_http(art->next));
    put_text(json, "model", art->model ? art->model->name : "");
    put_usd(json, "usd", art->usd);
    if (permille >= 0)
        put_number(json, "progress", permille / 1000.0);
}

static void put_artifact(struct exchange *x, const struct board *b, json_t *artifacts,
                         const char *name, const struct artifact *art)
{
    if (!art)
        return;
    json_t *json = json_object();
    put_artifact_members(x, b, json, art);
    json_object_set_new(artifacts, name, json);
}

static const struct artifact missing = { .state = ARTIFACT_MISSING, .cause = "", .next = "" };

static const struct artifact *found_or_missing(const struct board *b, int kind, int64_t sequence)
{
    const struct artifact *art = graph_find(&b->graph, kind, sequence);
    return art ? art : &missing;
}

json_t *plan_shape(struct exchange *x, const struct board *b)
{
    json_t *json = json_object(), *list = json_array();
    for (size_t i = 0; i < b->graph.artifact_count; i++) {
        const struct artifact *art = &b->graph.artifacts[i];
        json_t *one = json_object();
        put_text(one, "kind", artifact_kind_names[art->kind]);
        if (art->sequence)
            put_int(one, "sequence", art->sequence);
        put_artifact_members(x, b, one, art);
        put_bool(one, "ready", art->ready);
        json_array_append_new(list, one);
    }
    json_object_set_new(json, "artifacts", list);
    put_usd(json, "usd", b->graph.usd);
    put_number(json, "filmDuration", seconds(b->graph.film_frames));
    return json;
}

/* ---- scenes ---- */

static void put_sync_options(json_t *json, const struct sync_options *o)
{
    put_text(json, "model", o->model);
    put_number(json, "temperature", o->temperature);
    put_text(json, "syncMode", sync_mode_names[o->mode]);
    put_bool(json, "activeSpeaker", o->active_speaker);
    put_bool(json, "occlusionDetection", o->occlusion);
}

/* The part of a take that was synced, and where on the film it was. */
static void put_sync_span(json_t *json, const struct sync_span *span)
{
    json_object_set_new(json, "trimPoints", json_pack("{sf sf}", "in", seconds(span->in), "out",
                                                      seconds(span->out)));
    put_number(json, "startTime", seconds(span->at));
}

static json_t *lipsync_shape(const struct project *p, const struct scene *s)
{
    const struct sync_options o = scene_sync_options(p, s);
    json_t *json = json_object();
    put_sync_options(json, &o);
    put_bool(json, "shown", s->sync.take > 0 && s->sync.take == s->selected_take);
    if (s->sync.take > 0) {
        put_int(json, "take", s->sync.take);
        put_int(json, "madeFrom", s->sync.made_from);
        put_sync_span(json, &s->sync.span);
    }
    return json;
}

json_t *scene_shape(struct exchange *x, const struct board *b, const struct scene *s)
{
    json_t *json = json_object(), *artifacts = json_object();
    struct scene_span used = scene_used_span(s);
    int64_t start = 0;
    for (size_t i = 0; i < b->scene_count && b->scenes[i].sequence != s->sequence; i++) {
        struct scene_span before = scene_used_span(&b->scenes[i]);
        start += before.out - before.in;
    }
    put_int(json, "sequence", s->sequence);
    put_int(json, "displaySequence", s->display_sequence);
    put_text(json, "status", project_status_names[s->status ? s->status : PROJECT_PENDING]);
    json_object_set_new(json, "title", json_string(s->title));
    json_object_set_new(json, "prompt", json_string(s->prompt));
    put_text(json, "negativePrompt", s->negative_prompt);
    json_object_set_new(json, "camera", json_string(s->camera));
    put_text(json, "action", s->action);
    put_text(json, "storyBeat", s->story_beat);
    put_text(json, "section", s->section);
    put_text(json, "line", s->line);
    put_number(json, "duration", seconds(used.out - used.in));
    put_number(json, "startTime", seconds(start));
    put_number(json, "takeDuration", seconds(s->take_frames));
    if (s->trim_out > 0)
        json_object_set_new(json, "trimPoints", json_pack("{sf sf}", "in", seconds(s->trim_in),
                                                          "out", seconds(s->trim_out)));
    put_int(json, "selectedTake", s->selected_take);
    put_int(json, "takeCount", s->next_take - 1);
    put_bool(json, "needsLipSync", s->lips_move);
    if (*scene_lipsync_model(&b->project, s))
        json_object_set_new(json, "lipSync", lipsync_shape(&b->project, s));
    put_bool(json, "productShot", s->product_shot);
    put_bool(json, "endCard", s->end_card);
    put_int(json, "seed", s->seed);
    put_blob(x, json, "originalVideoClip", s->take.key);
    put_blob(x, json, "workingVideoClip", s->clip.key);
    put_blob(x, json, "lipSyncedVideoClip", s->sync.made.key);
    put_picture(x, json, "posterUrl", *s->clip.key ? s->clip.key : s->take.key, CLIP_POSTER);
    put_picture(x, json, "filmstripUrl", s->take.key, CLIP_STRIP);
    put_artifact(x, b, artifacts, "take", found_or_missing(b, ARTIFACT_TAKE, s->sequence));
    put_artifact(x, b, artifacts, "lipSync", graph_find(&b->graph, ARTIFACT_LIPSYNC, s->sequence));
    put_artifact(x, b, artifacts, "clip", found_or_missing(b, ARTIFACT_CLIP, s->sequence));
    put_artifact(x, b, artifacts, "poster", graph_find(&b->graph, ARTIFACT_POSTER, s->sequence));
    json_object_set_new(json, "artifacts", artifacts);
    if (*s->fallback.model)
        json_object_set_new(
            json, "fallback",
            json_pack("{ss ss}", "model", s->fallback.model, "why", s->fallback.why));
    put_problem(json, &s->problem);
    put_int(json, "version", s->version);
    return json;
}

json_t *take_shape(struct exchange *x, const struct take *k, bool selected)
{
    json_t *json = json_object();
    put_int(json, "take", k->take);
    put_text(json, "source", *k->source ? k->source : "generated");
    json_object_set_new(json, "provider", json_string(k->provider));
    json_object_set_new(json, "model", json_string(k->model));
    put_int(json, "seed", k->seed);
    json_object_set_new(json, "prompt", json_string(k->prompt));
    put_text(json, "negativePrompt", k->negative_prompt);
    put_number(json, "duration", seconds(k->frames));
    put_int(json, "width", k->width_px);
    put_int(json, "height", k->height_px);
    put_text(json, "createdAt", k->created_at);
    put_text(json, "url", url(x, k->key));
    put_picture(x, json, "posterUrl", k->key, CLIP_POSTER);
    put_bool(json, "selected", selected);
    put_text(json, "instead", k->instead);
    if (k->made_from > 0) {
        json_t *lips = json_object();
        put_sync_options(lips, &k->sync_options);
        put_sync_span(lips, &k->sync_span);
        put_int(json, "madeFrom", k->made_from);
        json_object_set_new(json, "lipSync", lips);
    }
    return json;
}

/* ---- projects ---- */

static void put_summary(struct exchange *x, json_t *json, const struct project *p)
{
    put_text(json, "projectId", p->project_id);
    json_object_set_new(json, "title", json_string(p->title));
    put_text(json, "logline", p->logline);
    put_text(json, "mode", p->mode);
    put_text(json, "status", project_status_names[p->status]);
    put_text(json, "stage", p->stage);
    put_text(json, "conceptPrompt", p->concept);
    put_text(json, "directorConfig", p->style);
    put_text(json, "aspect", *p->aspect ? p->aspect : "16:9");
    put_text(json, "size", *p->size ? p->size : "720p");
    put_text(json, "createdAt", p->created_at);
    put_text(json, "updatedAt", p->updated_at);
    put_int(json, "sceneCount", (int64_t)p->order_count);
    put_number(json, "duration", seconds(p->film_frames));
    put_picture(x, json, "posterUrl", p->film.key, CLIP_POSTER);
    put_text(json, "finalOutputUrl", url(x, p->film.key));
    put_problem(json, &p->problem);
}

json_t *project_summary_shape(struct exchange *x, const struct project *p)
{
    json_t *json = json_object();
    put_summary(x, json, p);
    return json;
}

void put_missing(json_t *json, const struct project *p)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->missing_count; i++)
        json_array_append_new(list, json_integer(p->missing[i]));
    if (p->missing_count > 0)
        json_object_set_new(json, "missingScenes", list);
    else
        json_decref(list);
}

static void put_sound(json_t *json, const char *words, const char *model,
                      const struct sound_wish *wish)
{
    if (text_is_empty(wish->words))
        return;
    put_text(json, words, wish->words);
    put_text(json, model, wish->model);
}

static void put_settings(json_t *json, const struct project *p)
{
    put_text(json, "characterDescription", p->character);
    put_text(json, "productDescription", p->product);
    put_text(json, "productName", p->product_name);
    put_text(json, "callToAction", p->call_to_action);
    put_text(json, "lyrics", p->lyrics);
    put_text(json, "planner", p->planner);
    put_text(json, "video", p->video);
    put_text(json, "fallbacks", p->fallbacks);
    put_text(json, "lipsync", p->lipsync);
    put_sound(json, "musicPrompt", "musicModel", &p->music);
    put_sound(json, "voiceOver", "voiceModel", &p->voice);
    put_int(json, "width", p->width_px);
    put_int(json, "height", p->height_px);
    if (p->target_frames > 0)
        put_number(json, "targetDuration", seconds(p->target_frames));
    if (p->wanted_scenes > 0)
        put_int(json, "wantedScenes", p->wanted_scenes);
    put_int(json, "seed", p->seed);
    put_bool(json, "overlay", p->overlay);
    put_text(json, "captions", p->captions);
    if (p->budget_usd >= 0)
        put_number(json, "budget", p->budget_usd);
    put_text(json, "webhookUrl", p->webhook_url);
    put_int(json, "version", p->version);
}

static void put_media(struct exchange *x, json_t *json, const struct project *p)
{
    put_blob(x, json, "audioBackingTrack", p->audio_key);
    put_text(json, "audioName", p->audio_name);
    put_blob(x, json, "characterImage", p->character_picture_key);
    put_blob(x, json, "productImage", p->product_picture_key);
    put_text(json, "finalOutputS3Key", p->film.key);
    put_missing(json, p);
    put_text(json, "eventsUrl",
             signer_path_url(&x->api->signer, &x->task,
                               arena_format(x->task.arena, "/api/mv/projects/%s/events",
                                            p->project_id)));
}

/* How much of the film is there: takes count most, because they cost most. */
static double progress(struct exchange *x, const struct board *b)
{
    static const double weight[ARTIFACT_KIND_COUNT] = {
        [ARTIFACT_MUSIC] = 2,    [ARTIFACT_VOICE] = 1,
        [ARTIFACT_SONG_MAP] = 1, [ARTIFACT_PLAN] = 0.2, [ARTIFACT_TAKE] = 2,
        [ARTIFACT_LIPSYNC] = 2,  [ARTIFACT_CLIP] = 0.2, [ARTIFACT_TRACK] = 1,
        [ARTIFACT_FILM] = 1,
    };
    double all = 0, done = 0;
    for (size_t i = 0; i < b->graph.artifact_count; i++) {
        const struct artifact *art = &b->graph.artifacts[i];
        int permille = art->state == ARTIFACT_CURRENT
                           ? 1000
                           : workers_progress(x->workers, b->project.project_id, art);
        all += weight[art->kind];
        done += weight[art->kind] * (permille > 0 ? permille : 0) / 1000.0;
    }
    return all > 0 && b->scene_count > 0 ? done / all : 0;
}

/* The film's poster, else that of the first scene that has a clip. */
static void put_first_poster(struct exchange *x, json_t *json, const struct board *b)
{
    for (size_t i = 0; i < b->scene_count && !*b->project.film.key; i++) {
        if (*b->scenes[i].clip.key) {
            put_picture(x, json, "posterUrl", b->scenes[i].clip.key, CLIP_POSTER);
            return;
        }
    }
}

static void put_scenes(struct exchange *x, json_t *json, const struct board *b)
{
    json_t *scenes = json_array(), *order = json_array();
    for (size_t i = 0; i < b->scene_count; i++) {
        json_array_append_new(order, json_integer(b->scenes[i].sequence));
        json_array_append_new(scenes, scene_shape(x, b, &b->scenes[i]));
    }
    json_object_set_new(json, "sceneOrder", order);
    json_object_set_new(json, "scenes", scenes);
}

json_t *project_shape(struct exchange *x, const struct board *b)
{
    const struct project *p = &b->project;
    json_t *json = json_object(), *artifacts = json_object();
    put_summary(x, json, p);
    put_settings(json, p);
    put_media(x, json, p);
    put_first_poster(x, json, b);
    put_int(json, "sceneCount", (int64_t)b->scene_count);
    put_number(json, "duration",
               seconds(b->scene_count ? b->graph.film_frames : p->film_frames));
    put_number(json, "progress", progress(x, b));
    put_artifact(x, b, artifacts, "music", graph_find(&b->graph, ARTIFACT_MUSIC, 0));
    put_artifact(x, b, artifacts, "voice", graph_find(&b->graph, ARTIFACT_VOICE, 0));
    put_artifact(x, b, artifacts, "songMap", graph_find(&b->graph, ARTIFACT_SONG_MAP, 0));
    put_artifact(x, b, artifacts, "plan", found_or_missing(b, ARTIFACT_PLAN, 0));
    put_artifact(x, b, artifacts, "track", graph_find(&b->graph, ARTIFACT_TRACK, 0));
    put_artifact(x, b, artifacts, "film", found_or_missing(b, ARTIFACT_FILM, 0));
    json_object_set_new(json, "artifacts", artifacts);
    put_usd(json, "usd", b->graph.usd);
    put_scenes(x, json, b);
    return json;
}

json_t *cut_shape(struct exchange *x, const struct film_cut *c, bool shown)
{
    json_t *json = json_object();
    put_text(json, "url", url(x, c->key));
    put_text(json, "posterUrl", url(x, picture_key(x->task.arena, c->key, CLIP_POSTER)));
    put_int(json, "bytes", c->bytes);
    json_object_set_new(json, "duration", json_real((double)c->frames / FILM_RATE_HZ));
    put_int(json, "frames", c->frames);
    put_int(json, "width", c->width_px);
    put_int(json, "height", c->height_px);
    put_bool(json, "partial", c->partial);
    put_bool(json, "shown", shown);
    put_text(json, "madeAt", c->made_at);
    return json;
}

json_t *job_shape(struct exchange *x, const struct job *j)
{
    json_t *json = json_object();
    (void)x;
    put_text(json, "kind", j->kind);
    if (j->sequence)
        put_int(json, "sequence", j->sequence);
    put_text(json, "state", job_state_names[j->state]);
    put_text(json, "step", j->step);
    put_int(json, "attempt", j->attempt);
    if (j->took_ms > 0)
        put_int(json, "tookMs", j->took_ms);
    put_bool(json, "reused", j->reused);
    put_problem(json, &j->problem);
    put_text(json, "createdAt", j->created_at);
    put_text(json, "finishedAt", j->finished_at);
    return json;
}

json_t *proposal_shape(const struct scene_proposal *p)
{
    json_t *json = fields_encode(scene_proposal_fields, p);
    put_usd(json, "usd", p->usd);
    return json;
}

json_t *spend_shape(const struct spend *s)
{
    json_t *json = json_object();
    put_text(json, "id", s->spend_id);
    put_text(json, "at", s->created_at);
    put_text(json, "kind", s->kind);
    if (s->sequence)
        put_int(json, "sequence", s->sequence);
    put_text(json, "provider", s->provider);
    put_text(json, "model", s->model);
    put_int(json, "attempt", s->attempt);
    put_text(json, "state", spend_state_names[s->state]);
    put_usd(json, "usd", usd_of_micros(s->micros));
    put_usd(json, "reserved", usd_of_micros(s->reserved_micros));
    put_text(json, "ticket", s->remote_id);
    put_text(json, "why", s->why);
    put_text(json, "closedAt", s->closed_at);
    return json;
}

json_t *hearing_shape(const struct hearing *h)
{
    json_t *json = json_object(), *answers = json_array();
    put_text(json, "turn", h->turn);
    put_text(json, "at", h->at);
    for (size_t i = 0; i < h->answer_count; i++) {
        const struct said *said = &h->answers[i];
        json_t *answer = json_object();
        put_text(answer, "call", said->call);
        if (said->status)
            put_int(answer, "status", said->status);
        put_int(answer, "bytes", said->bytes);
        json_object_set_new(answer, "body", json_string(said->body));
        json_array_append_new(answers, answer);
    }
    json_object_set_new(json, "answers", answers);
    return json;
}

/* ---- songs and pictures ---- */

static json_t *moments(const int64_t *us, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_real((double)us[i] / 1e6));
    return list;
}

json_t *song_map_shape(const struct song_map *m)
{
    json_t *json = json_object(), *sections = json_array(), *peaks = json_array();
    for (size_t i = 0; i < m->section_count; i++) {
        const struct song_section *s = &m->sections[i];
        json_array_append_new(sections,
                              json_pack("{sf sf ss sf}", "start", s->start_us / 1e6, "end",
                                        s->end_us / 1e6, "label", s->label, "energy", s->energy));
    }
    for (size_t i = 0; i < m->peak_count; i++)
        json_array_append_new(peaks, json_real(m->peaks[i]));
    put_number(json, "duration", (double)m->duration_us / 1e6);
    put_number(json, "tempo", m->tempo_bpm);
    put_number(json, "confidence", m->confidence);
    json_object_set_new(json, "beats", moments(m->beats_us, m->beat_count));
    json_object_set_new(json, "bars", moments(m->bars_us, m->bar_count));
    json_object_set_new(json, "sections", sections);
    json_object_set_new(json, "peaks", peaks);
    put_number(json, "loudness", m->loudness_lufs);
    return json;
}

json_t *reference_shape(struct exchange *x, const struct reference *r)
{
    json_t *json = json_object();
    put_text(json, "referenceId", r->reference_id);
    put_text(json, "kind", r->kind);
    put_text(json, "name", r->name);
    put_text(json, "description", r->description);
    put_text(json, "url", url(x, r->key));
    put_int(json, "width", r->width_px);
    put_int(json, "height", r->height_px);
    put_text(json, "source", r->source);
    put_text(json, "model", r->model);
    put_text(json, "createdAt", r->created_at);
    return json;
}

json_t *audio_shape(struct exchange *x, const struct audio *a, const struct song_map *m)
{
    json_t *json = json_object();
    put_text(json, "audioId", a->audio_id);
    json_object_set_new(json, "name", json_string(a->name));
    put_text(json, "url", url(x, a->key));
    put_number(json, "duration", (double)a->duration_us / 1e6);
    json_object_set_new(json, "songMap", song_map_shape(m));
    return json;
}

/* ---- the catalogue ---- */

static json_t *texts(const char *const *items, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(items[i]));
    return list;
}

json_t *style_shape(const struct style *s)
{
    json_t *json = json_object();
    put_text(json, "name", s->name);
    put_text(json, "title", s->title);
    put_text(json, "description", s->summary);
    const look_colour palette[] = { s->grade.shade, s->grade.mid,    s->grade.light,
                                    s->grade.paper, s->grade.accent, s->grade.accent2 };
    json_t *colours = json_array();
    for (size_t i = 0; i < sizeof palette / sizeof *palette; i++)
        json_array_append_new(colours, json_sprintf("#%06x", (unsigned)(palette[i] & 0xffffff)));
    json_object_set_new(json, "palette", colours);
    json_object_set_new(json, "words", texts(s->words, s->word_count));
    put_number(json, "shotSeconds", s->shot_seconds);
    return json;
}

json_t *mode_shape(const struct mode *m)
{
    json_t *json = json_object();
    put_text(json, "name", m->name);
    put_text(json, "title", m->title);
    put_text(json, "description", m->summary);
    put_bool(json, "needsSong", m->needs_song);
    if (m->seconds_max > 0) {
        put_number(json, "secondsMin", m->seconds_min);
        put_number(json, "secondsMax", m->seconds_max);
    }
    return json;
}

/* What has to be set before it films; NULL when it can. */
static const char *lacks_of(const struct model *m, const struct services *services)
{
    int id = services ? names_index(service_names, m->driver) : 0;
    return id > 0 ? service_lacks(&services->at[id]) : NULL;
}

json_t *model_shape(const struct model *m, const struct services *services)
{
    const char *lacks = lacks_of(m, services);
    json_t *json = json_object(), *lengths = json_array();
    put_text(json, "name", m->name);
    put_text(json, "title", m->title);
    put_text(json, "provider", m->driver);
    for (size_t i = 0; i < m->length_count; i++)
        json_array_append_new(lengths, json_real(m->lengths[i]));
    if (m->length_count > 0)
        json_object_set_new(json, "lengths", lengths);
    else
        json_decref(lengths);
    put_number(json, "secondsMin", m->seconds_min);
    put_number(json, "secondsMax", m->seconds_max);
    put_usd(json, "usdPerSecond", m->usd_per_second);
    if (m->prompt_chars_max > 0)
        put_int(json, "promptCharsMax", m->prompt_chars_max);
    json_object_set_new(json, "configured", json_boolean(lacks == NULL));
    put_text(json, "lacks", lacks);
    return json;
}

json_t *piece_model_shape(const struct model *m, const struct services *services)
{
    const char *lacks = lacks_of(m, services);
    json_t *json = json_object();
    put_text(json, "name", m->name);
    put_text(json, "title", m->title);
    put_text(json, "provider", m->driver);
    put_usd(json, "usdEach", m->usd_each);
    put_bool(json, "configured", lacks == NULL);
    put_text(json, "lacks", lacks);
    return json;
}

json_t *lipsync_model_shape(const struct model *m, const struct services *services)
{
    const struct model_inputs *in = &m->inputs;
    const char *lacks = lacks_of(m, services);
    json_t *json = json_object();
    put_text(json, "name", m->name);
    put_text(json, "title", m->title);
    put_text(json, "provider", m->driver);
    put_usd(json, "usdPerSecond", m->usd_per_second);
    put_bool(json, "temperature", *in->temperature);
    put_bool(json, "activeSpeaker", *in->active_speaker);
    put_bool(json, "syncMode", *in->sync_mode);
    put_bool(json, "occlusionDetection", *in->occlusion);
    put_bool(json, "configured", lacks == NULL);
    put_text(json, "lacks", lacks);
    return json;
}
