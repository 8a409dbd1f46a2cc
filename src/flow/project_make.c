/*
 * Projects are made and changed. Files are looked into before anything is kept, and a note
 * (leftovers.h) guards them until the record names them.
 */
#include "flow/projects.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/id.h"
#include "base/text.h"
#include "flow/checks.h"
#include "flow/leftovers.h"
#include "flow/making.h"

#define DEFAULT_LUFS (-14.0) /* what the large streaming services play music at */

/* ---- making ---- */

static const char MUSIC_MODEL[] = "elevenlabs-music", VOICE_MODEL[] = "gemini-speech";

static const char *or_else(const char *text, const char *otherwise)
{
    return text_is_empty(text) ? otherwise : text;
}

static struct sound_wish sound_wish_of(const char *words, const char *model, const char *usual)
{
    return (struct sound_wish){ .words = or_nothing(words), .model = or_else(model, usual) };
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
        .fallbacks = or_nothing(r->fallbacks),
        .lipsync = or_nothing(r->lipsync),
        .music = sound_wish_of(r->music, r->music_model, MUSIC_MODEL),
        .voice = sound_wish_of(r->voice_over, r->voice_model, VOICE_MODEL),
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
        .captions = or_nothing(r->captions),
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
    enum err e = making_check_words(f, t, m);
    if (!e)
        e = making_set_shape(t, m);
    if (!e)
        e = check_names(f, t, p, &m->mode, &m->model);
    if (!e)
        e = making_check_counts(t, r->seconds, r->scene_count);
    if (!e)
        e = making_check_files(f, t, m);
    if (!e)
        e = making_set_length(t, m, r->seconds);
    return e ? e : making_check_sounds(f, t, m);
}

/* The files and then the record that names them; whatever fails, nothing stays. */
static enum err keep_project(const struct flow *f, struct task *t, struct making *m)
{
    const char *id = m->project.project_id;
    struct leftover note = leftover_new(t, id);
    leftover_add(t, &note, project_folder(t, id));
    enum err e = making_name_files(t, m);
    if (!e)
        e = leftover_save(f, t, &note);
    if (e)
        return e;
    e = making_store_files(f, t, m);
    if (!e) {
        making_point_at_files(m);
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
        { edit->fallbacks, &p->fallbacks },
        { edit->lipsync, &p->lipsync },
        { edit->webhook_url, &p->webhook_url },
        { edit->music, &p->music.words },
        { edit->music_model, &p->music.model },
        { edit->voice_over, &p->voice.words },
        { edit->voice_model, &p->voice.model },
        { edit->captions, &p->captions },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].given)
            *all[i].where = all[i].given;
    }
    p->music.model = or_else(p->music.model, MUSIC_MODEL);
    p->voice.model = or_else(p->voice.model, VOICE_MODEL);
    if (edit->audio.fd >= 0 && !edit->music)
        p->music.words = ""; /* a song that is brought is the song */
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
        e = making_set_length(t, m, seconds);
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
    e = making_check_words(f, t, m);
    if (!e)
        e = making_set_shape(t, m);
    if (!e)
        e = check_names(f, t, p, &m->mode, &m->model);
    if (!e)
        e = making_check_counts(t, edit->seconds < 0 ? 0 : edit->seconds,
                         edit->scene_count < 0 ? 0 : edit->scene_count);
    if (!e)
        edit_numbers(edit, p);
    if (!e)
        e = making_check_files(f, t, m);
    if (!e)
        e = edit_length(f, t, edit, m);
    return e ? e : making_check_sounds(f, t, m);
}

/* Of the new files and of those they replace: what the record does not name in the end goes. */
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
    enum err e = making_name_files(t, m);
    if (e)
        return e;
    struct leftover note = note_of_files(t, m);
    if (note.key_count == 0)
        return save(f, t, m);
    e = leftover_save(f, t, &note);
    if (e)
        return e;
    e = making_store_files(f, t, m);
    making_point_at_files(m);
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
