/*
 * Projects are made and changed by one list of texts: what each is called by the API, what a person
 * calls it, where it stands in a request, in an edit and in the record. Files are looked into
 * before anything is kept; a note (leftovers.h) guards them until the record names them.
 */
#include "flow/checks.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/id.h"
#include "base/text.h"
#include "flow/leftovers.h"

#define DEFAULT_LUFS (-14.0) /* what the large streaming services play music at */

enum { FILE_SONG, FILE_CHARACTER, FILE_PRODUCT, FILE_COUNT };

/* A file that is to belong to the project, looked into and stored. */
struct given_file {
    struct source_file source; /* fd -1: none */
    const char *ending;
    const char *key, *hash; /* once stored */
};

/* The draft of a project: the record to be, and the files it will name. */
struct making {
    struct project project;
    struct mode mode;
    struct model model;
    struct given_file files[FILE_COUNT];
    int64_t song_us; /* of the song it has or will have; 0 without one */
};

/* ---- the shape ---- */

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

static enum err set_shape(struct task *t, struct project *p)
{
    struct film_shape shape;
    enum err e = film_shape_from_words(t, p->aspect, p->size, &shape);
    if (e)
        return e;
    p->width_px = shape.width_px;
    p->height_px = shape.height_px;
    return OK;
}

/* ---- words ---- */

static enum err check_all_words(struct task *t, const struct project *p)
{
    const struct {
        const char *field, *what, *words;
        size_t bytes_max;
    } all[] = {
        { "conceptPrompt", "prompt", p->concept, PROMPT_BYTES_MAX },
        { "title", "title", p->title, NAME_BYTES_MAX },
        { "characterDescription", "character", p->character, PROMPT_BYTES_MAX / 4 },
        { "productDescription", "product", p->product, PROMPT_BYTES_MAX / 4 },
        { "productName", "product name", p->product_name, NAME_BYTES_MAX },
        { "callToAction", "call to action", p->call_to_action, NAME_BYTES_MAX },
        { "lyrics", "lyrics", p->lyrics, 64 << 10 },
    };
    if (text_is_empty(p->concept))
        return fail_at(t,
                       refuse(t, ERR_INVALID,
                              "say what the film is about, for example --prompt \"a courier "
                              "races the dawn through a rainy city\"",
                              "the prompt is empty"),
                       "conceptPrompt");
    enum err e = OK;
    for (size_t i = 0; i < sizeof all / sizeof *all && !e; i++)
        e = check_words(t, all[i].field, all[i].what, all[i].words, all[i].bytes_max);
    return e;
}

/* Encrypted, or on this machine: whether it may be called at all is decided when it is. */
static bool is_callable(const char *url)
{
    static const char *const beginnings[] = { "https://", "http://127.0.0.1", "http://localhost",
                                              "http://[::1]" };
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        if (text_starts(url, beginnings[i]) && strlen(url) > strlen("https://"))
            return true;
    }
    return false;
}

static enum err check_webhook(struct task *t, const char *url)
{
    enum { URL_BYTES_MAX = 2000 };
    bool plain = strlen(url) <= URL_BYTES_MAX;
    for (const char *c = url; *c && plain; c++)
        plain = *c > ' ' && *c <= '~';
    if (!*url || (plain && is_callable(url)))
        return OK;
    return fail_at(t,
                   refuse(t, ERR_INVALID, "give an address that begins with https://",
                          "the webhook URL is none that can be called"),
                   "webhookUrl");
}

/* ---- length ---- */

static enum err check_counts(struct task *t, double seconds, int64_t scene_count)
{
    if (scene_count < 0 || scene_count > SCENES_MAX)
        return fail_at(t,
                       refuse(t, ERR_INVALID, arena_format(t->arena, "use 1 to %d", SCENES_MAX),
                              "%" PRId64 " scenes cannot be made", scene_count),
                       "wantedScenes");
    if (seconds != 0 && !(seconds >= 1 && seconds <= 3600))
        return fail_at(t,
                       refuse(t, ERR_INVALID, "use 1 to 3600 seconds",
                              "a film of %g seconds cannot be made", seconds),
                       "targetDuration");
    return OK;
}

static enum err check_length(struct task *t, const struct making *m, double seconds)
{
    const struct mode *mode = &m->mode;
    if (m->song_us == 0 && mode->needs_song)
        return fail_at(
            t,
            refuse(t, ERR_INVALID, "name one with --audio SONG", "a %s needs a song", mode->name),
            "audio");
    if (m->song_us && seconds * 1e6 > (double)m->song_us + 50000)
        return fail_at(t,
                       refuse(t, ERR_IMPOSSIBLE,
                              arena_format(t->arena, "use --duration %.1f or less, or leave it out",
                                           (double)m->song_us / 1e6),
                              "the song is shorter than %g seconds", seconds),
                       "targetDuration");
    bool fits = seconds >= mode->seconds_min && seconds <= mode->seconds_max;
    if (seconds != 0 && m->song_us == 0 && mode->seconds_max > 0 && !fits)
        return fail_at(t,
                       refuse(t, ERR_IMPOSSIBLE,
                              arena_format(t->arena, "use %g to %g seconds, or give a song",
                                           mode->seconds_min, mode->seconds_max),
                              "%s of %g seconds does not fit its mode", mode->title, seconds),
                       "targetDuration");
    return OK;
}

static enum err set_length(struct task *t, struct making *m, double seconds)
{
    struct project *p = &m->project;
    enum err e = check_length(t, m, seconds);
    if (e)
        return e;
    if (m->song_us == 0 && seconds == 0)
        seconds = m->mode.seconds_min;
    p->target_frames = (int64_t)(seconds * FILM_RATE_HZ + 0.5);
    p->film_frames = p->target_frames;
    return OK;
}

/* ---- files ---- */

static enum err check_files(const struct flow *f, struct task *t, struct making *m)
{
    static const char *const fields[] = { "audio", "characterImage", "productImage" };
    struct clip_info song;
    enum err e = OK;
    if (m->files[FILE_SONG].source.fd >= 0) {
        e = check_song(f, t, &m->files[FILE_SONG].source, &song);
        if (e)
            return e;
        m->song_us = song.duration_us;
        m->files[FILE_SONG].ending = text_slug(t->arena, song.container, 12);
    }
    for (int i = FILE_CHARACTER; i <= FILE_PRODUCT && !e; i++) {
        struct picture_info picture;
        e = check_picture(f, t, &m->files[i].source, fields[i], &picture);
        if (!e)
            m->files[i].ending = picture.format;
    }
    return e;
}

/* What a file is called inside: its content's hash, so the same song is stored once a project. */
static enum err name_file(struct task *t, const char *project_id, const char *folder,
                          struct given_file *file)
{
    char *hex = arena_alloc(t->arena, HASH_TEXT_BYTES);
    int64_t bytes;
    if (file->source.fd < 0)
        return OK;
    enum err e = hash_file(t, file->source.fd, hex, &bytes);
    if (e)
        return e;
    file->hash = hex;
    file->key = arena_format(t->arena, "%s%s/%.24s.%s", project_folder(t, project_id), folder, hex,
                             file->ending);
    return OK;
}

static enum err name_files(struct task *t, struct making *m)
{
    static const char *const folders[] = { "audio", "references", "references" };
    enum err e = OK;
    for (int i = 0; i < FILE_COUNT && !e; i++)
        e = name_file(t, m->project.project_id, folders[i], &m->files[i]);
    return e;
}

static enum err store_files(const struct flow *f, struct task *t, const struct making *m)
{
    enum err e = OK;
    for (int i = 0; i < FILE_COUNT && !e; i++) {
        scoped(draft) struct draft copy = draft_none();
        if (!m->files[i].key)
            continue;
        e = blob_draft(f->blobs, t, &copy);
        if (!e)
            e = file_copy(t, m->files[i].source.fd, copy.fd);
        if (!e)
            e = blob_put(f->blobs, t, m->files[i].key, &copy);
    }
    return e;
}

static void point_at_files(struct making *m)
{
    struct project *p = &m->project;
    const struct given_file *song = &m->files[FILE_SONG];
    const struct given_file *character = &m->files[FILE_CHARACTER];
    const struct given_file *product = &m->files[FILE_PRODUCT];
    if (song->key) {
        p->audio_key = song->key;
        p->audio_hash = song->hash;
        p->audio_name = or_nothing(song->source.name);
    }
    if (character->key) {
        p->character_picture_key = character->key;
        p->character_picture_hash = character->hash;
    }
    if (product->key) {
        p->product_picture_key = product->key;
        p->product_picture_hash = product->hash;
    }
}

/* ---- making ---- */

static const char *or_else(const char *text, const char *otherwise)
{
    return text_is_empty(text) ? otherwise : text;
}

static struct project project_from(struct task *t, const struct project_request *r)
{
    const char *now = time_iso8601(t->arena, clock_wall_us(t->clock));
    return (struct project){
        .project_id = text_is_empty(r->once) ? ulid_new(t) : r->once,
        .title = or_nothing(r->title),
        .status = PROJECT_PENDING,
        .stage = "",
        .mode = or_else(r->mode, "music-video"),
        .style = or_else(r->style, "storyreel"),
        .planner = or_else(r->planner, "offline"),
        .video = or_else(r->video, "animatic"),
        .concept = or_nothing(r->concept),
        .character = or_nothing(r->character),
        .product = or_nothing(r->product),
        .product_name = or_nothing(r->product_name),
        .call_to_action = or_nothing(r->call_to_action),
        .lyrics = or_nothing(r->lyrics),
        .aspect = or_else(r->aspect, "16:9"),
        .size = or_else(r->size, "720p"),
        .wanted_scenes = r->scene_count,
        .seed = r->seed ? r->seed : 1,
        .overlay = r->overlay,
        .budget_usd = r->budget_usd < 0 ? -1 : r->budget_usd,
        .webhook_url = or_nothing(r->webhook_url),
        .target_lufs = DEFAULT_LUFS,
        .audio_key = "",
        .audio_hash = "",
        .audio_name = "",
        .character_picture_key = "",
        .character_picture_hash = "",
        .product_picture_key = "",
        .product_picture_hash = "",
        .next_sequence = 1,
        .logline = "",
        .output_path = or_nothing(r->output_path),
        .created_at = now,
        .updated_at = now,
    };
}

/* Files of the library are read as if they had been given. *opened is the caller's to close. */
static enum err open_blob(const struct flow *f, struct task *t, const char *key, const char *hash,
                          const char *name, const char *field, struct source_file *file,
                          int *opened)
{
    if (text_is_empty(key) || file->fd >= 0)
        return OK;
    enum err e = blob_open(f->blobs, t, key, opened);
    if (e)
        return fail_at(t,
                       refuse(t, e == ERR_NOT_FOUND ? ERR_INVALID : e, "upload it again",
                              "the file of this reference cannot be read"),
                       field);
    char hex[HASH_TEXT_BYTES];
    int64_t bytes;
    *file = (struct source_file){ .fd = *opened, .name = or_nothing(name) };
    e = text_is_empty(hash) ? OK : hash_file(t, *opened, hex, &bytes);
    if (!e && !text_is_empty(hash) && !text_equal(hash, hex))
        e = fail_at(t, fail(t, ERR_INTERNAL, "the file of this reference is not what it was"),
                    field);
    return e;
}

static enum err check_request(const struct flow *f, struct task *t,
                              const struct project_request *r, struct making *m)
{
    struct project *p = &m->project;
    enum err e = check_all_words(t, p);
    if (!e)
        e = check_webhook(t, p->webhook_url);
    if (!e)
        e = set_shape(t, p);
    if (!e)
        e = check_names(f, t, p, &m->mode, &m->model);
    if (!e)
        e = check_counts(t, r->seconds, r->scene_count);
    if (!e)
        e = check_files(f, t, m);
    return e ? e : set_length(t, m, r->seconds);
}

/* The files and then the record that names them; whatever fails, nothing stays. */
static enum err keep_project(const struct flow *f, struct task *t, struct making *m)
{
    const char *id = m->project.project_id;
    struct leftover note = leftover_new(t, id);
    leftover_add(t, &note, project_folder(t, id));
    enum err e = name_files(t, m);
    if (!e)
        e = leftover_save(f, t, &note);
    if (e)
        return e;
    e = store_files(f, t, m);
    if (!e) {
        point_at_files(m);
        struct item_write writes[] = { project_write(t, &m->project), leftover_gone(t, &note) };
        e = store_write(f->store, t, writes, 2);
    }
    return e ? leftover_undo(f, t, &note, e) : OK;
}

static enum err make_project(const struct flow *f, struct task *t, const struct project_request *r,
                             struct project *out)
{
    struct making m = { .project = project_from(t, r) };
    const struct source_file given[] = { r->audio, r->character_picture, r->product_picture };
    for (int i = 0; i < FILE_COUNT; i++)
        m.files[i].source = given[i];
    scoped(fd) int audio = -1, character = -1, product = -1;
    enum err e = open_blob(f, t, r->audio_key, r->audio_hash, r->audio_name, "audioId",
                           &m.files[FILE_SONG].source, &audio);
    if (!e)
        e = open_blob(f, t, r->character_picture_key, r->character_picture_hash, NULL,
                      "characterReferenceId", &m.files[FILE_CHARACTER].source, &character);
    if (!e)
        e = open_blob(f, t, r->product_picture_key, r->product_picture_hash, NULL,
                      "productReferenceId", &m.files[FILE_PRODUCT].source, &product);
    if (!e)
        e = check_request(f, t, r, &m);
    if (!e)
        e = keep_project(f, t, &m);
    if (e)
        return e;
    m.project.version = 1;
    *out = m.project;
    return OK;
}

enum err project_create(const struct flow *f, struct task *t, const struct project_request *r,
                        struct project *out)
{
    enum err e = ERR_NOT_FOUND;
    if (!text_is_empty(r->once))
        e = project_load(f->store, t, r->once, out);
    if (e != ERR_NOT_FOUND)
        return e;
    t->fault = (struct fault){ 0 };
    e = make_project(f, t, r, out);
    if (e == ERR_CONFLICT && !text_is_empty(r->once)) /* made by the same request, beside us */
        e = project_load(f->store, t, r->once, out);
    return e;
}

/* ---- editing ---- */

struct project_edit project_edit_none(void)
{
    const struct source_file none = { .fd = -1, .name = "" };
    return (struct project_edit){ .seconds = -1,
                                  .scene_count = -1,
                                  .budget_usd = -1,
                                  .seed = -1,
                                  .overlay = -1,
                                  .audio = none,
                                  .character_picture = none,
                                  .product_picture = none };
}

static void edit_texts(const struct project_edit *edit, struct project *p)
{
    const struct {
        const char *given, **where;
    } all[] = {
        { edit->title, &p->title },
        { edit->concept, &p->concept },
        { edit->style, &p->style },
        { edit->character, &p->character },
        { edit->product, &p->product },
        { edit->product_name, &p->product_name },
        { edit->call_to_action, &p->call_to_action },
        { edit->lyrics, &p->lyrics },
        { edit->aspect, &p->aspect },
        { edit->size, &p->size },
        { edit->planner, &p->planner },
        { edit->video, &p->video },
        { edit->webhook_url, &p->webhook_url },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].given)
            *all[i].where = all[i].given;
    }
}

static void edit_numbers(const struct project_edit *edit, struct project *p)
{
    if (edit->scene_count >= 0)
        p->wanted_scenes = edit->scene_count;
    if (edit->seed >= 0)
        p->seed = edit->seed;
    if (edit->overlay >= 0)
        p->overlay = edit->overlay > 0;
    if (edit->sets_budget)
        p->budget_usd = edit->budget_usd < 0 ? -1 : edit->budget_usd;
}

/* How long the song is that the project already has. */
static enum err song_there(const struct flow *f, struct task *t, struct making *m)
{
    scoped(fd) int song = -1;
    struct clip_info info;
    if (m->song_us || !*m->project.audio_key)
        return OK;
    enum err e = blob_open(f->blobs, t, m->project.audio_key, &song);
    if (!e)
        e = media_probe(f->media, t, song, &info);
    if (!e)
        m->song_us = info.duration_us;
    return e;
}

/* A new length, or a new song under the old length: both must go together. */
static enum err edit_length(const struct flow *f, struct task *t, const struct project_edit *edit,
                            struct making *m)
{
    struct project *p = &m->project;
    if (edit->seconds < 0 && edit->audio.fd < 0)
        return OK;
    double seconds =
        edit->seconds >= 0 ? edit->seconds : (double)p->target_frames / FILM_RATE_HZ;
    enum err e = song_there(f, t, m);
    if (!e)
        e = set_length(t, m, seconds);
    if (!e && p->target_frames == 0)
        p->song_map = (struct made){ "", "", "" }; /* listened to again: it tells the length */
    return e;
}

static enum err check_edit(const struct flow *f, struct task *t, const struct project_edit *edit,
                           struct making *m)
{
    struct project *p = &m->project;
    enum err e = check_at_rest(t, p, "edited");
    if (!e)
        e = check_version(t, "the project", edit->version, p->version);
    if (e)
        return e;
    edit_texts(edit, p);
    e = check_all_words(t, p);
    if (!e)
        e = check_webhook(t, p->webhook_url);
    if (!e)
        e = set_shape(t, p);
    if (!e)
        e = check_names(f, t, p, &m->mode, &m->model);
    if (!e)
        e = check_counts(t, edit->seconds < 0 ? 0 : edit->seconds,
                         edit->scene_count < 0 ? 0 : edit->scene_count);
    if (!e)
        edit_numbers(edit, p);
    if (!e)
        e = check_files(f, t, m);
    return e ? e : edit_length(f, t, edit, m);
}

/* Of the new files and of those they replace: whichever the record does not name in the end goes. */
static struct leftover note_of_files(struct task *t, const struct making *m)
{
    const struct project *p = &m->project;
    const char *const old[] = { p->audio_key, p->character_picture_key, p->product_picture_key };
    struct leftover note = leftover_new(t, p->project_id);
    for (int i = 0; i < FILE_COUNT; i++) {
        if (!m->files[i].key)
            continue;
        leftover_add(t, &note, m->files[i].key);
        if (*old[i])
            leftover_add(t, &note, old[i]);
    }
    return note;
}

static enum err save(const struct flow *f, struct task *t, struct making *m)
{
    struct item_write write = project_touched(t, &m->project);
    return store_write(f->store, t, &write, 1);
}

static enum err keep_edit(const struct flow *f, struct task *t, struct making *m)
{
    enum err e = name_files(t, m);
    if (e)
        return e;
    struct leftover note = note_of_files(t, m);
    if (note.key_count == 0)
        return save(f, t, m);
    e = leftover_save(f, t, &note);
    if (e)
        return e;
    e = store_files(f, t, m);
    point_at_files(m);
    if (!e)
        e = save(f, t, m);
    return leftover_undo(f, t, &note, e);
}

static enum err edit_once(const struct flow *f, struct task *t, const char *project_id,
                          const struct project_edit *edit, struct project *out)
{
    struct making m = { 0 };
    m.files[FILE_SONG].source = edit->audio;
    m.files[FILE_CHARACTER].source = edit->character_picture;
    m.files[FILE_PRODUCT].source = edit->product_picture;
    enum err e = project_load(f->store, t, project_id, &m.project);
    if (!e)
        e = check_edit(f, t, edit, &m);
    if (!e)
        e = keep_edit(f, t, &m);
    if (e)
        return e;
    *out = m.project;
    out->version++;
    return OK;
}

enum err project_edit(const struct flow *f, struct task *t, const char *project_id,
                      const struct project_edit *edit, struct project *out)
{
    enum err e = OK;
    for (int i = 0; i < EDIT_TRIES; i++) {
        e = edit_once(f, t, project_id, edit, out);
        if (e != ERR_CONFLICT)
            return e;
    }
    return e;
}
