/*
 * Music and voices that were bought. What came is the project's song from then on, as if it had
 * been brought along; or the voice that is laid over the film.
 */
#include "flow/step.h"

#include <string.h>

#include "base/hash.h"
#include "base/text.h"

#define SOUND_SECONDS_MIN 1.0
#define SILENT_LUFS       (-60.0)

/* What may be missing: of music for a film of its own length half a second, as it ends on a fade;
 * where the film follows the music a fifth; and readers differ, but none reads more than twice as
 * fast as a calm one. */
#define LENGTH_SLACK_S 0.5
#define SONG_LEAST     0.8
#define VOICE_LEAST    0.4

const struct sound_wish *project_sound_wish(const struct project *p, int kind)
{
    return kind == ARTIFACT_MUSIC ? &p->music : &p->voice;
}

double project_sound_seconds(const struct project *p, int kind)
{
    if (kind == ARTIFACT_VOICE)
        return sound_reading_seconds(p->voice.words);
    return p->target_frames > 0 ? (double)p->target_frames / FILM_RATE_HZ : SONG_SECONDS;
}

enum err sound_ask(struct work *w, struct task *t, const struct sound_driver *driver,
                   const char **out_input)
{
    const struct project *p = &w->board.project;
    const struct sound_request request = {
        .model = w->model,
        .words = project_sound_wish(p, w->step->kind)->words,
        .seconds = project_sound_seconds(p, w->step->kind),
        .seed = p->seed,
    };
    return driver->ask(t, &request, out_input);
}

const char *sound_key(struct task *t, const struct work *w, const char *tag)
{
    const char *ending = text_is_empty(w->model->ending) ? "mp3" : w->model->ending;
    return arena_format(t->arena, "mv/projects/%s/audio/%s-%.24s%s.%s", w->job->project_id,
                        artifact_kind_names[w->step->kind], w->job->hash, tag,
                        text_slug(t->arena, ending, 12));
}

/* There is no model that works here and now. */
enum err sound_make(struct work *w, struct task *t, struct product *out)
{
    (void)out;
    return fail(t, ERR_INTERNAL, "the %s is made by a service",
                artifact_kind_names[w->step->kind]);
}

static double least_seconds(const struct project *p, int kind)
{
    double asked = project_sound_seconds(p, kind);
    double least = kind == ARTIFACT_VOICE   ? VOICE_LEAST * asked
                   : p->target_frames > 0 ? asked - LENGTH_SLACK_S
                                          : SONG_LEAST * asked;
    return least > SOUND_SECONDS_MIN ? least : SOUND_SECONDS_MIN;
}

static enum err refuse_short(struct work *w, struct task *t, double seconds, double least)
{
    return refuse(t, ERR_MEDIA,
                  "its file is in the ledger; ask for it in other words, or for a shorter film",
                  "the %s that came is %.1f s long and %.1f s are needed",
                  artifact_kind_names[w->step->kind], seconds, least);
}

/* Headers can promise what is not there: what can be heard counts. */
static enum err check_heard(struct work *w, struct task *t, double least)
{
    struct loudness heard;
    scoped(fd) int sound = -1;
    const char *key = sound_key(t, w, arena_format(t->arena, "-%s", w->job->spend));
    enum err e = blob_open(w->flow->blobs, t, key, &sound);
    if (!e)
        e = media_loudness(w->flow->media, t, sound, &heard);
    if (e)
        return e;
    double seconds = (double)heard.sample_count / SOUND_RATE_HZ;
    if (seconds < least)
        return refuse_short(w, t, seconds, least);
    if (heard.integrated_lufs < SILENT_LUFS)
        return refuse(t, ERR_MEDIA, "its file is in the ledger; ask for it in other words",
                      "the %s that came is silent", artifact_kind_names[w->step->kind]);
    return OK;
}

enum err sound_verify(struct work *w, struct task *t, const struct clip_info *info)
{
    double seconds = (double)info->duration_us / 1e6;
    double least = least_seconds(&w->board.project, w->step->kind);
    return seconds < least ? refuse_short(w, t, seconds, least) : check_heard(w, t, least);
}

/* The song of the project from now on; one that was there before is no longer named. */
static enum err point_at_song(struct work *w, struct task *t, const struct product *made,
                              struct project *p)
{
    scoped(fd) int song = -1;
    char *hex = arena_alloc(t->arena, HASH_TEXT_BYTES);
    int64_t bytes;
    enum err e = blob_open(w->flow->blobs, t, made->key, &song);
    if (!e)
        e = hash_file(t, song, hex, &bytes);
    if (e)
        return e;
    p->audio_key = made->key;
    p->audio_hash = hex;
    p->audio_name = arena_format(t->arena, "%s, by %s", text_shorten(t->arena, p->music.words, 60),
                                 w->model->title);
    return OK;
}

enum err sound_record(struct work *w, struct task *t, const struct product *made,
                      struct item_write *writes, size_t *count)
{
    struct project p;
    struct clip_info info;
    bool is_music = w->step->kind == ARTIFACT_MUSIC;
    enum err e = fields_decode_record(t, clip_info_fields, made->info, &info, NULL);
    if (!e)
        e = project_load(w->flow->store, t, w->job->project_id, &p);
    if (!e && is_music)
        e = point_at_song(w, t, made, &p);
    if (e)
        return e;
    struct sound_wish *wish = is_music ? &p.music : &p.voice;
    wish->made = step_made(w, made);
    wish->frames = frames_from_us(info.duration_us);
    writes[(*count)++] = project_write(t, &p);
    return OK;
}

/* It was paid for and is of no use: its file stays in the project's folder, and the ledger names
 * it. */
enum err sound_record_aside(struct work *w, struct task *t, const struct product *p,
                            struct item_write *writes, size_t *count)
{
    (void)w;
    (void)t;
    (void)p;
    (void)writes;
    *count = 0;
    return OK;
}
