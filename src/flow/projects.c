#include "flow/projects.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/id.h"
#include "base/text.h"

#define DEFAULT_LUFS (-14.0) /* what the large streaming services play music at */

static const char *const aspect_names[] = { "16:9", "9:16", "1:1", NULL };
static const char *const size_names[] = { "480p", "720p", "1080p", NULL };

static const struct film_shape shapes[3][3] = {
    /* [aspect][size] */
    { { 854, 480 }, { 1280, 720 }, { 1920, 1080 } },
    { { 480, 854 }, { 720, 1280 }, { 1080, 1920 } },
    { { 480, 480 }, { 720, 720 }, { 1080, 1080 } },
};

static enum err refuse_word(struct task *t, const char *field, const char *word,
                            const char *const *names)
{
    const char *near = names_nearest(names, word);
    enum err e =
        refuse(t, ERR_INVALID, arena_format(t->arena, "use %s", names_list(t->arena, names)),
               "there is no %s \"%s\"%s%s%s", field, word, near ? "; did you mean " : "",
               near ? near : "", near ? "?" : "");
    return fail_at(t, e, field);
}

enum err film_shape_from_words(struct task *t, const char *aspect, const char *size,
                               struct film_shape *out)
{
    int a = *aspect ? names_index(aspect_names, aspect) : 0;
    int s = *size ? names_index(size_names, size) : 1;
    if (a < 0)
        return refuse_word(t, "aspect", aspect, aspect_names);
    if (s < 0)
        return refuse_word(t, "size", size, size_names);
    *out = shapes[a][s];
    return OK;
}

/* ---- making a project ---- */

static enum err check_words(struct task *t, const char *field, const char *words, size_t bytes_max)
{
    size_t bytes = strlen(words);
    if (bytes > bytes_max)
        return fail_at(t,
                       refuse(t, ERR_LIMIT, "shorten it",
                              "the %s is %zu bytes long; at most %zu are accepted", field, bytes,
                              bytes_max),
                       field);
    if (!text_is_clean_utf8(words, bytes))
        return fail_at(t,
                       refuse(t, ERR_INVALID, "give it as UTF-8 text without control characters",
                              "the %s is not clean text", field),
                       field);
    return OK;
}

static enum err check_all_words(struct task *t, const struct project_request *r)
{
    if (text_is_empty(r->concept))
        return fail_at(t,
                       refuse(t, ERR_INVALID,
                              "say what the film is about, for example --prompt \"a courier "
                              "races the dawn through a rainy city\"",
                              "the prompt is empty"),
                       "prompt");
    const struct {
        const char *field, *words;
        size_t bytes_max;
    } all[] = {
        { "prompt", r->concept, PROMPT_BYTES_MAX },
        { "character", r->character, PROMPT_BYTES_MAX / 4 },
        { "product", r->product, PROMPT_BYTES_MAX / 4 },
        { "product name", r->product_name, NAME_BYTES_MAX },
        { "call to action", r->call_to_action, NAME_BYTES_MAX },
        { "lyrics", r->lyrics, 64 << 10 },
    };
    enum err e = OK;
    for (size_t i = 0; i < sizeof all / sizeof *all && !e; i++)
        e = check_words(t, all[i].field, all[i].words, all[i].bytes_max);
    return e;
}

static enum err check_length(struct task *t, const struct project_request *r,
                             const struct mode *mode)
{
    if (r->scene_count < 0 || r->scene_count > SCENES_MAX)
        return fail_at(t,
                       refuse(t, ERR_INVALID, arena_format(t->arena, "use 1 to %d", SCENES_MAX),
                              "%" PRId64 " scenes cannot be made", r->scene_count),
                       "scenes");
    if (r->seconds == 0)
        return OK;
    if (r->seconds < 1 || r->seconds > 3600)
        return fail_at(t,
                       refuse(t, ERR_INVALID, "use 1 to 3600 seconds",
                              "a film of %g seconds cannot be made", r->seconds),
                       "duration");
    if (mode->seconds_max > 0 && r->audio.fd < 0 &&
        (r->seconds < mode->seconds_min || r->seconds > mode->seconds_max))
        return fail_at(t,
                       refuse(t, ERR_IMPOSSIBLE,
                              arena_format(t->arena, "use %g to %g seconds, or give a song",
                                           mode->seconds_min, mode->seconds_max),
                              "%s of %g seconds does not fit its mode", mode->title, r->seconds),
                       "duration");
    return OK;
}

static enum err describe(struct task *t, enum err e, const char *field, const char *name)
{
    if (!e)
        return OK;
    if (!strstr(t->fault.message, name)) {
        const char *message = arena_format(t->arena, "%s: %s", name, t->fault.message);
        snprintf(t->fault.message, sizeof t->fault.message, "%s", message);
    }
    if (!*t->fault.next)
        snprintf(t->fault.next, sizeof t->fault.next, "%s",
                 text_equal(field, "audio") ? "give a song as WAV, MP3, M4A, FLAC, OGG or Opus"
                                            : "give a picture as PNG, JPEG or WebP");
    return fail_at(t, e, field);
}

/* What a file is called inside: its content's hash, so the same song is stored once a project. */
static enum err store_file(const struct flow *f, struct task *t, int fd, const char *folder,
                           const char *ending, const char **out_key, const char **out_hash)
{
    char *hex = arena_alloc(t->arena, HASH_TEXT_BYTES);
    int64_t bytes;
    scoped(draft) struct draft copy = draft_none();
    enum err e = hash_file(t, fd, hex, &bytes);
    if (!e)
        e = blob_draft(f->blobs, t, &copy);
    if (!e)
        e = file_copy(t, fd, copy.fd);
    if (e)
        return e;
    *out_hash = hex;
    *out_key = arena_format(t->arena, "%s/%.24s.%s", folder, hex, ending);
    return blob_put(f->blobs, t, *out_key, &copy);
}

static enum err check_size(struct task *t, const struct source_file *file, int64_t bytes_max)
{
    int64_t bytes = file_bytes(file->fd);
    if (bytes == 0)
        return refuse(t, ERR_MEDIA, "check the file", "%s is empty", file->name);
    if (bytes > bytes_max)
        return fail(t, ERR_LIMIT, "%s is %" PRId64 " MB; at most %" PRId64 " MB are accepted",
                    file->name, bytes >> 20, bytes_max >> 20);
    return OK;
}

static enum err check_audio(const struct flow *f, struct task *t, const struct source_file *audio,
                            struct clip_info *info)
{
    enum err e = check_size(t, audio, MEDIA_BYTES_MAX);
    if (!e)
        e = media_probe(f->media, t, audio->fd, info);
    if (!e && !info->has_audio)
        e = fail(t, ERR_MEDIA, "%s has no sound in it", audio->name);
    if (!e && info->duration_us > SONG_US_MAX)
        e = refuse(t, ERR_LIMIT, "cut it to an hour or less",
                   "%s is %s long; at most an hour is accepted", audio->name,
                   time_clock_text(t->arena, info->duration_us));
    return describe(t, e, "audio", audio->name);
}

static enum err check_picture(const struct flow *f, struct task *t,
                              const struct source_file *picture, const char *field,
                              struct picture_info *info)
{
    *info = (struct picture_info){ .format = "" };
    if (picture->fd < 0)
        return OK;
    enum err e = check_size(t, picture, PICTURE_BYTES_MAX);
    if (!e)
        e = media_picture(f->media, t, picture->fd, info);
    return describe(t, e, field, picture->name);
}

static enum err fill_length(struct task *t, const struct project_request *r,
                            const struct mode *mode, const struct clip_info *song,
                            struct project *p)
{
    bool has_song = r->audio.fd >= 0;
    if (!has_song && mode->needs_song)
        return fail_at(
            t,
            refuse(t, ERR_INVALID, "name one with --audio SONG", "a %s needs a song", mode->name),
            "audio");
    if (has_song && r->seconds * 1e6 > (double)song->duration_us + 50000)
        return fail_at(t,
                       refuse(t, ERR_IMPOSSIBLE,
                              arena_format(t->arena, "use --duration %.1f or less, or leave it out",
                                           (double)song->duration_us / 1e6),
                              "the song is shorter than %g seconds", r->seconds),
                       "duration");
    double seconds = r->seconds;
    if (!has_song && seconds == 0)
        seconds = mode->seconds_min;
    p->target_frames = (int64_t)(seconds * FILM_RATE_HZ + 0.5);
    p->film_frames = p->target_frames;
    return OK;
}

static enum err store_files(const struct flow *f, struct task *t, const struct project_request *r,
                            const struct clip_info *song, const struct picture_info *character,
                            const struct picture_info *product, struct project *p)
{
    const char *folder = arena_format(t->arena, "mv/projects/%s", p->project_id);
    const char *audio = arena_format(t->arena, "%s/audio", folder);
    const char *references = arena_format(t->arena, "%s/references", folder);
    enum err e = OK;
    if (r->audio.fd >= 0)
        e = store_file(f, t, r->audio.fd, audio, text_slug(t->arena, song->container, 12),
                       &p->audio_key, &p->audio_hash);
    if (!e && r->character_picture.fd >= 0)
        e = store_file(f, t, r->character_picture.fd, references, character->format,
                       &p->character_picture_key, &p->character_picture_hash);
    if (!e && r->product_picture.fd >= 0)
        e = store_file(f, t, r->product_picture.fd, references, product->format,
                       &p->product_picture_key, &p->product_picture_hash);
    return e;
}

static const char *or_else(const char *text, const char *otherwise)
{
    return text_is_empty(text) ? otherwise : text;
}

static struct project project_from(struct task *t, const struct project_request *r,
                                   const struct film_shape *shape)
{
    const char *now = time_iso8601(t->arena, clock_wall_us(t->clock));
    return (struct project){
        .project_id = ulid_new(t),
        .title = "",
        .status = PROJECT_PENDING,
        .stage = "",
        .mode = or_else(r->mode, "music-video"),
        .style = or_else(r->style, "storyreel"),
        .planner = or_else(r->planner, "offline"),
        .video = or_else(r->video, "animatic"),
        .concept = r->concept,
        .character = r->character,
        .product = r->product,
        .product_name = r->product_name,
        .call_to_action = r->call_to_action,
        .lyrics = r->lyrics,
        .aspect = or_else(r->aspect, "16:9"),
        .size = or_else(r->size, "720p"),
        .width_px = shape->width_px,
        .height_px = shape->height_px,
        .wanted_scenes = r->scene_count,
        .seed = r->seed ? r->seed : 1,
        .overlay = r->overlay,
        .target_lufs = DEFAULT_LUFS,
        .audio_key = "",
        .audio_hash = "",
        .audio_name = r->audio.name,
        .character_picture_key = "",
        .character_picture_hash = "",
        .product_picture_key = "",
        .product_picture_hash = "",
        .next_sequence = 1,
        .logline = "",
        .output_path = r->output_path,
        .created_at = now,
        .updated_at = now,
    };
}

/* A name that does not exist is a wrong option, not a missing thing. */
static enum err wrong_option(struct task *t, enum err e, const char *field)
{
    if (e == ERR_NOT_FOUND)
        t->fault.code = e = ERR_INVALID;
    return e ? fail_at(t, e, field) : OK;
}

static enum err check_names(const struct flow *f, struct task *t, const struct project *p,
                            struct mode *mode)
{
    struct style style;
    struct model model;
    const struct planner_driver *planner;
    const struct video_driver *video;
    enum err e = wrong_option(t, mode_load(t, &f->styles, p->mode, mode), "mode");
    if (!e)
        e = wrong_option(t, style_load(t, &f->styles, p->style, &style), "style");
    if (!e)
        e = wrong_option(t, flow_planner(f, t, p->planner, &planner), "planner");
    if (!e)
        e = wrong_option(t, model_load(t, &f->models, p->video, &model), "video");
    return e ? e : wrong_option(t, flow_video_driver(f, t, model.driver, &video), "video");
}

enum err project_create(const struct flow *f, struct task *t, const struct project_request *r,
                        struct project *out)
{
    struct film_shape shape;
    struct mode mode;
    struct clip_info song = { .container = "" };
    struct picture_info character, product;
    enum err e = check_all_words(t, r);
    if (!e)
        e = film_shape_from_words(t, r->aspect, r->size, &shape);
    if (e)
        return e;
    struct project p = project_from(t, r, &shape);
    e = check_names(f, t, &p, &mode);
    if (!e)
        e = check_length(t, r, &mode);
    if (!e && r->audio.fd >= 0)
        e = check_audio(f, t, &r->audio, &song);
    if (!e)
        e = check_picture(f, t, &r->character_picture, "character-image", &character);
    if (!e)
        e = check_picture(f, t, &r->product_picture, "product-image", &product);
    if (!e)
        e = fill_length(t, r, &mode, &song, &p);
    if (!e)
        e = store_files(f, t, r, &song, &character, &product, &p);
    if (e)
        return e;
    struct item_write write = project_write(t, &p);
    e = store_write(f->store, t, &write, 1);
    if (e)
        return e;
    p.version = 1;
    *out = p;
    return OK;
}

/* ---- finding ---- */

enum err project_unfinished(const struct flow *f, struct task *t, struct project *out)
{
    struct project *all;
    size_t count;
    enum err e = projects_load(f->store, t, PROJECT_NOT_SET, &all, &count);
    for (size_t i = 0; i < count && !e; i++) {
        if (all[i].status != PROJECT_COMPLETED) {
            *out = all[i];
            return OK;
        }
    }
    return e ? e
             : refuse(t, ERR_NOT_FOUND, "start one with storyreel make --prompt TEXT --audio SONG",
                      "there is no unfinished project here");
}

enum err project_find(const struct flow *f, struct task *t, const char *id, struct project *out)
{
    if (ulid_is(id))
        return project_load(f->store, t, id, out);
    struct project *all;
    size_t count, found = 0;
    enum err e = projects_load(f->store, t, PROJECT_NOT_SET, &all, &count);
    for (size_t i = 0; i < count && !e; i++) {
        if (strncasecmp(all[i].project_id, id, strlen(id)) == 0) {
            *out = all[i];
            found++;
        }
    }
    if (e || found == 1)
        return e;
    return refuse(t, found ? ERR_INVALID : ERR_NOT_FOUND,
                  "storyreel project list shows what there is",
                  found ? "more than one project begins with %s" : "there is no project %s", id);
}

/* ---- editing ---- */

static enum err check_order(struct task *t, const struct scene *scenes, size_t scene_count,
                            const int64_t *order, size_t count)
{
    const char *next = "name every scene once, by its number: storyreel project show lists them";
    for (size_t i = 0; i < scene_count; i++) {
        size_t named = 0;
        for (size_t k = 0; k < count; k++)
            named += order[k] == scenes[i].sequence;
        if (named != 1)
            return fail_at(t,
                           refuse(t, ERR_INVALID, next, "scene %" PRId64 " is %s in the new order",
                                  scenes[i].sequence, named ? "named twice" : "missing"),
                           "sceneOrder");
    }
    if (count != scene_count)
        return fail_at(t,
                       refuse(t, ERR_INVALID, next,
                              "the new order names %zu scenes where there are %zu", count,
                              scene_count),
                       "sceneOrder");
    return OK;
}

static enum err project_save(const struct flow *f, struct task *t, struct project *p)
{
    p->updated_at = time_iso8601(t->arena, clock_wall_us(t->clock));
    struct item_write write = project_write(t, p);
    return store_write(f->store, t, &write, 1);
}

enum err project_reorder(const struct flow *f, struct task *t, const char *project_id,
                         const int64_t *order, size_t count)
{
    struct project p;
    struct scene *scenes;
    size_t scene_count;
    enum err e = project_load(f->store, t, project_id, &p);
    if (!e)
        e = scenes_load(f->store, t, &p, &scenes, &scene_count);
    if (!e)
        e = check_order(t, scenes, scene_count, order, count);
    if (e)
        return e;
    p.order = arena_grow(t->arena, order, count * sizeof *order, count * sizeof *order);
    p.order_count = count;
    return project_save(f, t, &p);
}

static enum err scene_save(const struct flow *f, struct task *t, const char *project_id,
                           const struct scene *s)
{
    struct item_write write = scene_write(t, project_id, s);
    return store_write(f->store, t, &write, 1);
}

enum err scene_trim(const struct flow *f, struct task *t, const char *project_id, int64_t sequence,
                    int64_t in, int64_t out)
{
    struct scene s;
    enum err e = scene_load(f->store, t, project_id, sequence, &s);
    if (e)
        return e;
    int64_t length = s.take_frames ? s.take_frames : s.film_frames;
    if (out == 0 && in == 0) {
        s.trim_in = s.trim_out = 0;
        return scene_save(f, t, project_id, &s);
    }
    if (in < 0 || out <= in || out > length)
        return fail_at(t,
                       refuse(t, ERR_INVALID,
                              arena_format(t->arena, "use 0 <= in < out <= %.3f seconds",
                                           (double)length / FILM_RATE_HZ),
                              "the trim %.3f to %.3f lies outside the take of scene %" PRId64,
                              (double)in / FILM_RATE_HZ, (double)out / FILM_RATE_HZ, sequence),
                       "trimPoints");
    s.trim_in = in;
    s.trim_out = out;
    return scene_save(f, t, project_id, &s);
}

/* New words change what is seen where they say so, and nothing else. */
static enum err look_follow_words(struct task *t, const char *prompt, struct look *look)
{
    struct look said;
    enum err e = look_from_text(t, prompt, &said);
    if (e)
        return e;
    look->place = said.place ? said.place : look->place;
    look->time = said.time ? said.time : look->time;
    look->weather = said.weather ? said.weather : look->weather;
    look->shot = said.shot ? said.shot : look->shot;
    look->move = said.move ? said.move : look->move;
    look->mood = said.mood ? said.mood : look->mood;
    for (size_t i = 0; i < said.cast_count && i < CAST_MAX; i++) {
        bool known = false;
        for (size_t k = 0; k < look->cast_count; k++) {
            if (look->cast[k].kind != said.cast[i].kind)
                continue;
            known = true;
            if (said.cast[i].action)
                look->cast[k].action = said.cast[i].action;
        }
        if (known || look->cast_count >= CAST_MAX)
            continue;
        look->cast = arena_grow(t->arena, look->cast, look->cast_count * sizeof *look->cast,
                                (look->cast_count + 1) * sizeof *look->cast);
        look->cast[look->cast_count++] = said.cast[i];
    }
    return OK;
}

enum err scene_regenerate(const struct flow *f, struct task *t, const char *project_id,
                          int64_t sequence, const struct scene_remake *remake)
{
    struct scene s;
    enum err e = scene_load(f->store, t, project_id, sequence, &s);
    if (!e && *remake->prompt) {
        e = check_words(t, "prompt", remake->prompt, PROMPT_BYTES_MAX);
        if (!e)
            e = look_follow_words(t, remake->prompt, &s.look);
        s.prompt = remake->prompt;
    }
    if (e)
        return e;
    s.seed = remake->seed ? remake->seed : s.seed + 1;
    s.pinned = false;
    s.status = PROJECT_PENDING;
    return scene_save(f, t, project_id, &s);
}

enum err scene_select_take(const struct flow *f, struct task *t, const char *project_id,
                           int64_t sequence, int64_t take)
{
    struct scene s;
    struct project p;
    struct take *takes;
    size_t count;
    enum err e = project_load(f->store, t, project_id, &p);
    if (!e)
        e = scene_load(f->store, t, project_id, sequence, &s);
    if (!e)
        e = takes_load(f->store, t, project_id, sequence, &takes, &count);
    if (e)
        return e;
    for (size_t i = 0; i < count; i++) {
        if (takes[i].take != take)
            continue;
        s.take = (struct made){ .hash = takes[i].hash, .key = takes[i].key };
        s.selected_take = take;
        s.take_frames = takes[i].frames;
        s.take_matches = takes[i].width_px == p.width_px && takes[i].height_px == p.height_px;
        s.pinned = true;
        if (s.trim_out > s.take_frames)
            s.trim_in = s.trim_out = 0;
        return scene_save(f, t, project_id, &s);
    }
    return refuse(t, ERR_NOT_FOUND, "storyreel project takes lists them",
                  "scene %" PRId64 " has no take %" PRId64, sequence, take);
}

/* ---- leaving ---- */

enum err project_delete(const struct flow *f, struct task *t, const char *project_id)
{
    struct project p;
    enum err e = project_load(f->store, t, project_id, &p);
    if (e)
        return e;
    if (p.goal)
        return refuse(t, ERR_CONFLICT, "wait until it is done, or pause it first",
                      "project %s is being made", project_id);
    struct blob_info *blobs;
    size_t blob_count, item_count;
    struct item *items;
    struct store_query query = { .pk = project_pk(t, project_id), .sk_prefix = "", .after_sk = "" };
    e = store_list(f->store, t, &query, &items, &item_count);
    for (size_t i = 0; i < item_count && !e; i++) {
        struct item_write gone = { .change = ITEM_DELETE, .item = items[i] };
        e = store_write(f->store, t, &gone, 1);
    }
    if (!e)
        e = blob_list(f->blobs, t, arena_format(t->arena, "mv/projects/%s/", project_id), &blobs,
                      &blob_count);
    for (size_t i = 0; i < blob_count && !e; i++)
        e = blob_remove(f->blobs, t, blobs[i].key);
    return e;
}

enum err project_export(const struct flow *f, struct task *t, const char *project_id,
                        const char *path)
{
    struct board b;
    enum err e = board_load(f, t, project_id, &b);
    if (e)
        return e;
    const struct artifact *film = graph_find(&b.graph, ARTIFACT_FILM, 0);
    if (!film || film->state != ARTIFACT_CURRENT)
        return refuse(t, ERR_CONFLICT, "make it with storyreel project generate",
                      "the film is %s%s%s", film ? artifact_state_names[film->state] : "missing",
                      film && *film->cause ? ": " : "", film ? film->cause : "");
    scoped(fd) int from = -1;
    scoped(draft) struct draft draft = draft_none();
    e = blob_open(f->blobs, t, b.project.film.key, &from);
    if (!e)
        e = draft_open(t, path_folder(t->arena, path), &draft);
    if (!e)
        e = file_copy(t, from, draft.fd);
    return e ? e : draft_publish(t, &draft, path, true);
}

static struct sheet_cell sheet_cell_of(struct task *t, const struct scene *s)
{
    struct scene_span used = scene_used_span(s);
    return (struct sheet_cell){
        .number = arena_format(t->arena, "%02" PRId64, s->display_sequence),
        .title = s->title,
        .length = arena_format(t->arena, "%.1f s", (double)(used.out - used.in) / FILM_RATE_HZ),
        .note = s->camera,
    };
}

static enum err sheet_draw(const struct flow *f, struct task *t, const struct board *b, int out,
                           struct picture_info *info)
{
    struct sheet_request request = {
        .title = b->project.title,
        .subtitle = b->project.logline,
        .cell_count = b->scene_count,
        .cells = arena_array(t->arena, struct sheet_cell, b->scene_count),
    };
    int *posters = arena_array(t->arena, int, b->scene_count);
    size_t opened = 0;
    enum err e = OK;
    for (; opened < b->scene_count && !e; opened += !e) {
        request.cells[opened] = sheet_cell_of(t, &b->scenes[opened]);
        e = blob_open(f->blobs, t, b->scenes[opened].poster.key, &posters[opened]);
    }
    if (!e)
        e = media_sheet(f->media, t, posters, opened, &request, out, info);
    for (size_t i = 0; i < opened; i++)
        close(posters[i]);
    return e;
}

enum err project_sheet(const struct flow *f, struct task *t, const char *project_id,
                       const char *path, struct picture_info *info)
{
    struct board b;
    scoped(draft) struct draft draft = draft_none();
    enum err e = flow_make_posters(f, t, project_id);
    if (!e)
        e = board_load(f, t, project_id, &b);
    if (!e && b.scene_count == 0)
        e = refuse(t, ERR_CONFLICT, "plan it first with storyreel project generate",
                   "there are no scenes yet");
    if (!e)
        e = draft_open(t, path_folder(t->arena, path), &draft);
    if (!e)
        e = sheet_draw(f, t, &b, draft.fd, info);
    return e ? e : draft_publish(t, &draft, path, true);
}
