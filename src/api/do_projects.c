/* Projects: decode, call flow/, answer. */
#include <stdlib.h>
#include <string.h>

#include "api/routes.h"
#include "api/server.h"
#include "api/shapes.h"
#include "base/text.h"
#include "flow/export.h"
#include "flow/pictures.h"

static const char *project_of(const struct exchange *x)
{
    return x->args[0];
}

static const char *cache_name(struct exchange *x, const char *what)
{
    return arena_format(x->task.arena, "%s %s", what, project_of(x));
}

/* ---- reading ---- */

static enum err build_project(struct exchange *x, json_t **out)
{
    struct board b;
    enum err e = board_load(x->flow, &x->task, project_of(x), &b);
    if (!e)
        *out = project_shape(x, &b);
    return e;
}

enum err get_project(struct exchange *x)
{
    return reply_cached(x, cache_name(x, "project"), project_of(x), build_project);
}

static enum err build_plan(struct exchange *x, json_t **out)
{
    struct board b;
    enum err e = board_load(x->flow, &x->task, project_of(x), &b);
    if (!e)
        *out = plan_shape(x, &b);
    return e;
}

enum err get_plan(struct exchange *x)
{
    return reply_cached(x, cache_name(x, "plan"), project_of(x), build_plan);
}

static enum err read_status(struct exchange *x, int *out)
{
    const char *word = exchange_query(x, "status");
    *out = word ? names_index(project_status_names, word) : PROJECT_NOT_SET;
    if (*out >= 0 && !(word && *out == PROJECT_NOT_SET))
        return OK;
    return fail_at(&x->task,
                   refuse(&x->task, ERR_INVALID, "use pending, processing, completed or failed",
                          "there is no such status"),
                   "status");
}

static enum err build_list(struct exchange *x, json_t **out)
{
    struct project *projects;
    size_t count;
    int status;
    int64_t limit;
    const char *next, *cursor = exchange_query(x, "cursor");
    enum err e = read_status(x, &status);
    if (!e)
        e = exchange_query_int(x, "limit", 1, 100, 20, &limit);
    if (!e)
        e = projects_page(x->flow->store, &x->task, status, limit, cursor ? cursor : "", &projects,
                          &count, &next);
    if (e)
        return e;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, project_summary_shape(x, &projects[i]));
    *out = json_pack("{so}", "projects", list);
    if (*next)
        json_object_set_new(*out, "nextCursor", json_string(next));
    return OK;
}

enum err list_projects(struct exchange *x)
{
    const char *status = exchange_query(x, "status"), *limit = exchange_query(x, "limit"),
               *cursor = exchange_query(x, "cursor");
    const char *name = arena_format(x->task.arena, "list %s %s %s", status ? status : "",
                                    limit ? limit : "", cursor ? cursor : "");
    return reply_cached(x, name, "", build_list);
}

static int newest_first(const void *a, const void *b)
{
    const struct job *one = a, *two = b;
    return strcmp(two->created_at, one->created_at);
}

static enum err build_jobs(struct exchange *x, json_t **out)
{
    struct project p;
    struct job *jobs;
    size_t count;
    enum err e = project_load(x->flow->store, &x->task, project_of(x), &p);
    if (!e)
        e = jobs_load(x->flow->store, &x->task, p.project_id, &jobs, &count);
    if (e)
        return e;
    json_t *list = json_array();
    qsort(jobs, count, sizeof *jobs, newest_first);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, job_shape(x, &jobs[i]));
    *out = json_pack("{so}", "jobs", list);
    return OK;
}

enum err list_jobs(struct exchange *x)
{
    return reply_cached(x, cache_name(x, "jobs"), project_of(x), build_jobs);
}

static json_t *entry_shape(struct exchange *x, const struct spend *s)
{
    json_t *json = spend_shape(s);
    if (!text_is_empty(s->kept))
        json_object_set_new(json, "keptUrl",
                            json_string(signer_url(&x->api->signer, &x->task, s->kept)));
    return json;
}

enum err ledger_build(struct exchange *x, const char *project_id, json_t **out)
{
    struct spend *spends;
    struct spend_total total;
    size_t count;
    enum err e = spends_load(x->flow->store, &x->task, project_id, &spends, &count);
    if (!e)
        e = spend_total_of(x->flow, &x->task, project_id, &total);
    if (e)
        return e;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, entry_shape(x, &spends[i]));
    *out = json_pack("{so sf sf}", "entries", list, "usd", usd_of_micros(total.spent), "held",
                     usd_of_micros(total.held));
    return OK;
}

enum err ledger_entry_build(struct exchange *x, const char *project_id, const char *entry,
                            json_t **out)
{
    struct spend s;
    struct hearing *said;
    size_t count;
    enum err e = spend_find(x->flow->store, &x->task, project_id, entry, &s);
    if (!e)
        e = hearings_load(x->flow->store, &x->task, project_id, s.spend_id, &said, &count);
    if (e)
        return e;
    json_t *turns = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(turns, hearing_shape(&said[i]));
    *out = json_pack("{so so}", "entry", entry_shape(x, &s), "turns", turns);
    return OK;
}

enum err get_ledger_entry(struct exchange *x)
{
    struct project p;
    json_t *answers;
    enum err e = project_load(x->flow->store, &x->task, project_of(x), &p);
    if (!e)
        e = ledger_entry_build(x, p.project_id, x->args[1], &answers);
    return e ? e : reply_json(x, 200, answers);
}

static enum err build_ledger(struct exchange *x, json_t **out)
{
    struct project p;
    enum err e = project_load(x->flow->store, &x->task, project_of(x), &p);
    return e ? e : ledger_build(x, p.project_id, out);
}

enum err get_ledger(struct exchange *x)
{
    return reply_cached(x, cache_name(x, "ledger"), project_of(x), build_ledger);
}

static enum err build_song_map(struct exchange *x, json_t **out)
{
    struct project p;
    struct song_map m;
    enum err e = project_load(x->flow->store, &x->task, project_of(x), &p);
    if (!e)
        e = project_song_map(x->flow, &x->task, &p, &m);
    if (!e)
        *out = song_map_shape(&m);
    return e;
}

enum err get_song_map(struct exchange *x)
{
    return reply_cached(x, cache_name(x, "song"), project_of(x), build_song_map);
}

/* ---- the film ---- */

static int64_t blob_bytes(struct exchange *x, const char *key)
{
    struct blob_info info = { 0 };
    return blob_stat(x->flow->blobs, &x->task, key, &info) == OK ? info.bytes : 0;
}

static json_t *final_video_shape(struct exchange *x, const struct board *b)
{
    const struct project *p = &b->project;
    const struct artifact *film = graph_find(&b->graph, ARTIFACT_FILM, 0);
    const char *poster = picture_key(x->task.arena, p->film.key, CLIP_POSTER);
    json_t *json = json_object();
    json_object_set_new(json, "state",
                        json_string(artifact_state_names[film ? film->state : ARTIFACT_STALE]));
    if (film && *film->cause)
        json_object_set_new(json, "cause", json_string(film->cause));
    json_object_set_new(json, "url",
                        json_string(signer_url(&x->api->signer, &x->task, p->film.key)));
    json_object_set_new(json, "posterUrl",
                        json_string(signer_url(&x->api->signer, &x->task, poster)));
    json_object_set_new(json, "bytes", json_integer(blob_bytes(x, p->film.key)));
    json_object_set_new(json, "duration", json_real((double)p->cut_frames / FILM_RATE_HZ));
    json_object_set_new(json, "frames", json_integer(p->cut_frames));
    json_object_set_new(json, "width", json_integer(p->cut_width_px));
    json_object_set_new(json, "height", json_integer(p->cut_height_px));
    json_object_set_new(json, "partial", json_boolean(p->missing_count > 0));
    put_missing(json, p);
    return json;
}

static const char *film_name(struct exchange *x, const struct project *p)
{
    return p->missing_count ? arena_format(x->task.arena, "%.50s partial", p->title) : p->title;
}

/* A 302 for people with a browser, to a file that is saved under the film's title. */
static enum err redirect_to_film(struct exchange *x, const struct project *p)
{
    x->reply.location = arena_format(x->task.arena, "%s&download=%s.mp4",
                                     signer_url(&x->api->signer, &x->task, p->film.key),
                                     text_slug(x->task.arena, film_name(x, p), 60));
    x->reply.cache_control = "no-store";
    return reply_empty(x, 302);
}

enum err get_final_video(struct exchange *x)
{
    struct board b;
    int64_t download;
    enum err e = exchange_query_int(x, "download", 0, 1, 0, &download);
    if (!e)
        e = board_load(x->flow, &x->task, project_of(x), &b);
    if (e)
        return e;
    if (!*b.project.film.key)
        return refuse(&x->task, ERR_NOT_FOUND, "POST .../generate makes it",
                      "there is no film yet");
    if (download)
        return redirect_to_film(x, &b.project);
    return reply_json_tagged(x, final_video_shape(x, &b));
}

static enum err build_cuts(struct exchange *x, json_t **out)
{
    struct project p;
    struct film_cut *cuts;
    size_t count;
    enum err e = project_load(x->flow->store, &x->task, project_of(x), &p);
    if (!e)
        e = film_cuts_load(x->flow->store, &x->task, p.project_id, &cuts, &count);
    if (e)
        return e;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, cut_shape(x, &cuts[i], text_equal(cuts[i].key, p.film.key)));
    *out = json_pack("{so}", "cuts", list);
    return OK;
}

enum err list_cuts(struct exchange *x)
{
    return reply_cached(x, cache_name(x, "cuts"), project_of(x), build_cuts);
}

/* ---- for other programs ---- */

/* Signed, and whole: what reads it does not know where it came from. */
static const char *media_address(void *host, struct task *t, const struct export_file *file)
{
    struct exchange *x = host;
    const char *forwarded = exchange_header(x, "X-Forwarded-Proto");
    bool tls = forwarded && text_equal_fold(forwarded, "https");
    return arena_format(t->arena, "%s://%s%s", tls ? "https" : "http", exchange_header(x, "Host"),
                        signer_url(&x->api->signer, t, file->key));
}

static const char *cut_name(struct exchange *x, const struct project *p, const char *format)
{
    return arena_format(x->task.arena, "attachment; filename=\"%s.%s\"",
                        text_slug(x->task.arena, p->title, 60), format);
}

enum err export_project(struct exchange *x)
{
    struct board b;
    const char *text, *name = x->args[1];
    int format = *name ? names_index(export_format_names, name) : -1;
    if (format <= EXPORT_NOT_SET)
        return refuse(&x->task, ERR_NOT_FOUND, "ask for otio, fcpxml, edl, srt or vtt",
                      "a cut cannot be exported as \"%.40s\"", name);
    enum err e = board_load(x->flow, &x->task, project_of(x), &b);
    if (!e)
        e = export_write(&x->task, &b, format, media_address, x, &text);
    if (e)
        return e;
    x->reply.disposition = cut_name(x, &b.project, name);
    x->reply.cache_control = "no-store";
    return reply_text(x, 200, export_media_types[format], text);
}

/* ---- events ---- */

enum err follow_projects(struct exchange *x)
{
    return reply_events(x, "");
}

enum err follow_project(struct exchange *x)
{
    struct project p;
    enum err e = project_load(x->flow->store, &x->task, project_of(x), &p);
    return e ? e : reply_events(x, p.project_id);
}

/* ---- making and editing ---- */

static enum err reply_project(struct exchange *x, int status, const char *project_id)
{
    struct board b;
    enum err e = board_load(x->flow, &x->task, project_id, &b);
    if (e)
        return e;
    if (status == 201)
        x->reply.location = arena_format(x->task.arena, "/api/mv/projects/%s", project_id);
    return reply_json(x, status, project_shape(x, &b));
}

/* A thing of the library by its id, for a project that names it instead of sending a file. */
static enum err use_reference(struct exchange *x, const char *field, const char *id,
                              const char **out_key, const char **out_hash)
{
    struct reference r;
    if (!*id)
        return OK;
    enum err e = reference_load(x->flow->store, &x->task, id, &r);
    if (e)
        return fail_at(&x->task, e == ERR_NOT_FOUND ? ERR_INVALID : e, field);
    *out_key = r.key;
    *out_hash = r.hash;
    return OK;
}

struct library_picks {
    const char *audio_key, *audio_hash, *audio_name, *character_key, *character_hash, *product_key,
        *product_hash;
};

static enum err read_picks(struct exchange *x, const struct project_body *body,
                           struct library_picks *out)
{
    struct audio a;
    enum err e = OK;
    *out = (struct library_picks){ 0 };
    if (*body->audio_id) {
        e = audio_load(x->flow->store, &x->task, body->audio_id, &a);
        if (e)
            return fail_at(&x->task, e == ERR_NOT_FOUND ? ERR_INVALID : e, "audioId");
        out->audio_key = a.key;
        out->audio_hash = a.hash;
        out->audio_name = a.name;
    }
    e = use_reference(x, "characterReferenceId", body->character_reference_id, &out->character_key,
                      &out->character_hash);
    return e ? e
             : use_reference(x, "productReferenceId", body->product_reference_id, &out->product_key,
                             &out->product_hash);
}

/* A picture by its own name, else by its place among `images`. */
static struct source_file picture_of(struct exchange *x, const char *part, size_t place)
{
    struct source_file named = exchange_file(x, part, 0);
    return named.fd >= 0 ? named : exchange_file(x, "images", place);
}

static struct project_request request_of(struct exchange *x, const struct project_body *b,
                                         const struct library_picks *picks)
{
    return (struct project_request){
        .once = x->once,
        .mode = b->mode,
        .style = b->style,
        .planner = b->planner,
        .video = b->video,
        .fallbacks = b->fallbacks,
        .lipsync = b->lipsync,
        .music = b->music,
        .music_model = b->music_model,
        .voice_over = b->voice_over,
        .voice_model = b->voice_model,
        .title = b->title,
        .concept = b->concept,
        .character = b->character,
        .product = b->product,
        .product_name = b->product_name,
        .call_to_action = b->call_to_action,
        .lyrics = b->lyrics,
        .aspect = b->aspect,
        .size = b->size,
        .seconds = b->seconds,
        .scene_count = b->scene_count,
        .seed = exchange_has(x, "seed") ? b->seed : 1,
        .overlay = b->overlay,
        .captions = b->captions,
        .budget_usd = exchange_has(x, "budget") ? b->budget : -1,
        .webhook_url = b->webhook_url,
        .audio = exchange_file(x, "audio", 0),
        .character_picture = picture_of(x, "characterImage", 0),
        .product_picture = picture_of(x, "productImage", 1),
        .audio_key = picks->audio_key,
        .audio_hash = picks->audio_hash,
        .audio_name = picks->audio_name,
        .character_picture_key = picks->character_key,
        .character_picture_hash = picks->character_hash,
        .product_picture_key = picks->product_key,
        .product_picture_hash = picks->product_hash,
        .output_path = "",
    };
}

enum err create_project(struct exchange *x)
{
    struct project_body body;
    struct library_picks picks;
    struct project p;
    enum err e = exchange_body(x, project_new_fields, &body);
    if (!e)
        e = read_picks(x, &body, &picks);
    if (e)
        return e;
    struct project_request request = request_of(x, &body, &picks);
    e = project_create(x->flow, &x->task, &request, &p);
    if (!e && body.generate && p.goal == GOAL_NOTHING && p.status == PROJECT_PENDING)
        e = project_generate(x->flow, &x->task, p.project_id, NULL, 0);
    if (!e && body.generate)
        exchange_nudge(x);
    return e ? e : reply_project(x, 201, p.project_id);
}

static const char *text_if(const struct exchange *x, const char *member, const char *text)
{
    return exchange_has(x, member) ? text : NULL;
}

static struct project_edit edit_of(const struct exchange *x, const struct project_body *b)
{
    struct project_edit e = project_edit_none();
    e.title = text_if(x, "title", b->title);
    e.concept = text_if(x, "conceptPrompt", b->concept);
    e.style = text_if(x, "directorConfig", b->style);
    e.planner = text_if(x, "planner", b->planner);
    e.video = text_if(x, "video", b->video);
    e.fallbacks = text_if(x, "fallbacks", b->fallbacks);
    e.lipsync = text_if(x, "lipsync", b->lipsync);
    e.music = text_if(x, "musicPrompt", b->music);
    e.music_model = text_if(x, "musicModel", b->music_model);
    e.voice_over = text_if(x, "voiceOver", b->voice_over);
    e.voice_model = text_if(x, "voiceModel", b->voice_model);
    e.character = text_if(x, "characterDescription", b->character);
    e.product = text_if(x, "productDescription", b->product);
    e.product_name = text_if(x, "productName", b->product_name);
    e.call_to_action = text_if(x, "callToAction", b->call_to_action);
    e.lyrics = text_if(x, "lyrics", b->lyrics);
    e.captions = text_if(x, "captions", b->captions);
    e.aspect = text_if(x, "aspect", b->aspect);
    e.size = text_if(x, "size", b->size);
    e.webhook_url = text_if(x, "webhookUrl", b->webhook_url);
    e.seconds = exchange_has(x, "targetDuration") ? b->seconds : -1;
    e.scene_count = exchange_has(x, "wantedScenes") ? b->scene_count : -1;
    e.seed = exchange_has(x, "seed") ? b->seed : -1;
    e.sets_budget = exchange_has(x, "budget");
    e.budget_usd = b->budget;
    e.overlay = exchange_has(x, "overlay") ? b->overlay : -1;
    e.version = b->version;
    return e;
}

/* The library's file as a descriptor; -1 when none was named. The caller closes it. */
static enum err open_pick(struct exchange *x, const char *key, const char *name,
                          struct source_file *out)
{
    out->fd = -1;
    out->name = name ? name : "";
    return key ? blob_open(x->flow->blobs, &x->task, key, &out->fd) : OK;
}

enum err edit_project(struct exchange *x)
{
    struct project_body body;
    struct library_picks picks;
    struct project p;
    enum err e = exchange_body(x, project_edit_fields, &body);
    if (!e)
        e = read_picks(x, &body, &picks);
    if (e)
        return e;
    struct project_edit edit = edit_of(x, &body);
    e = open_pick(x, picks.audio_key, picks.audio_name, &edit.audio);
    scoped(fd) int audio = edit.audio.fd;
    if (!e)
        e = open_pick(x, picks.character_key, "", &edit.character_picture);
    scoped(fd) int character = edit.character_picture.fd;
    if (!e)
        e = open_pick(x, picks.product_key, "", &edit.product_picture);
    scoped(fd) int product = edit.product_picture.fd;
    if (!e)
        e = project_edit(x->flow, &x->task, project_of(x), &edit, &p);
    return e ? e : reply_project(x, 200, p.project_id);
}

enum err delete_project(struct exchange *x)
{
    enum err e = project_delete(x->flow, &x->task, project_of(x));
    return e ? e : reply_empty(x, 204);
}

enum err duplicate_project(struct exchange *x)
{
    struct project p;
    enum err e = exchange_body_empty(x);
    if (!e)
        e = project_duplicate(x->flow, &x->task, project_of(x), x->once, &p);
    return e ? e : reply_project(x, 201, p.project_id);
}

/* ---- starting and stopping ---- */

static enum err reply_at_work(struct exchange *x, const char *project_id)
{
    exchange_nudge(x);
    return reply_project(x, 202, project_id);
}

static enum err reply_started(struct exchange *x, enum err e)
{
    return e ? e : reply_at_work(x, project_of(x));
}

enum err draft_plan(struct exchange *x)
{
    struct draft_body body;
    enum err e = exchange_body(x, draft_fields, &body);
    return reply_started(x, e ? e
                              : project_draft(x->flow, &x->task, project_of(x), body.again));
}

enum err generate_film(struct exchange *x)
{
    struct scenes_body body;
    enum err e = exchange_body(x, scenes_body_fields, &body);
    if (!e && exchange_has(x, "scenes") && body.count == 0)
        e = fail_at(&x->task, fail(&x->task, ERR_INVALID, "scenes names none"), "scenes");
    return reply_started(x, e ? e
                              : project_generate(x->flow, &x->task, project_of(x), body.scenes,
                                                 body.count));
}

enum err decide_entry(struct exchange *x)
{
    struct decision_body body;
    enum err e = exchange_body(x, decision_fields, &body);
    return reply_started(x, e ? e
                              : paid_decide(x->flow, &x->task, project_of(x), x->args[1],
                                            body.decision));
}

enum err compose_film(struct exchange *x)
{
    struct compose_body body;
    enum err e = exchange_body(x, compose_fields, &body);
    if (!e)
        e = project_compose(x->flow, &x->task, project_of(x), body.partial);
    return reply_started(x, e);
}

enum err cancel_project(struct exchange *x)
{
    enum err e = exchange_body_empty(x);
    return reply_started(x, e ? e : project_cancel(x->flow, &x->task, project_of(x)));
}

/* ---- music ---- */

/* What project records call these members, this body calls by shorter names. */
static enum err as_asked(struct exchange *x, enum err e)
{
    static const char *const names[][2] = {
        { "musicPrompt", "prompt" }, { "musicModel", "model" }, { "targetDuration", "duration" }
    };
    for (size_t i = 0; e && i < sizeof names / sizeof *names; i++) {
        if (text_equal(x->task.fault.field, names[i][0]))
            return fail_at(&x->task, e, names[i][1]);
    }
    return e;
}

enum err generate_music(struct exchange *x)
{
    struct music_body body;
    struct project p;
    enum err e = exchange_body(x, music_fields, &body);
    if (e)
        return e;
    e = project_load(x->flow->store, &x->task, body.project_id, &p);
    if (e)
        return fail_at(&x->task, e == ERR_NOT_FOUND ? ERR_INVALID : e, "projectId");
    const struct song_wish wish = { body.prompt, body.model, body.seconds };
    e = as_asked(x, project_make_song(x->flow, &x->task, body.project_id, &wish));
    return e ? e : reply_at_work(x, body.project_id);
}
