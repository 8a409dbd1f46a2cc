#include "flow/making.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "flow/captions.h"
#include "flow/checks.h"
#include "flow/leftovers.h"

/* ---- the shape ---- */

static const char *const aspect_names[] = { "16:9", "9:16", "1:1", NULL };
static const char *const size_names[] = { "480p", "720p", "1080p", NULL };

static const struct film_shape shapes[3][3] = {
    /* [aspect][size] */
    { { 854, 480 }, { 1280, 720 }, { 1920, 1080 } },
    { { 480, 854 }, { 720, 1280 }, { 1080, 1920 } },
    { { 480, 480 }, { 720, 720 }, { 1080, 1080 } },
};

static enum err refuse_word(struct task *t, const char *field, const char *what,
                            const char *word, const char *const *names)
{
    const char *near = names_nearest(names, word);
    enum err e =
        refuse(t, ERR_INVALID, arena_format(t->arena, "use %s", names_list(t->arena, names)),
               "there is no %s \"%s\"%s%s%s", what, word, near ? "; did you mean " : "",
               near ? near : "", near ? "?" : "");
    return fail_at(t, e, field);
}

enum err film_shape_from_words(struct task *t, const char *aspect, const char *size,
                               struct film_shape *out)
{
    int a = *aspect ? names_index(aspect_names, aspect) : 0;
    int s = *size ? names_index(size_names, size) : 1;
    if (a < 0)
        return refuse_word(t, "aspect", "aspect", aspect, aspect_names);
    if (s < 0)
        return refuse_word(t, "size", "size", size, size_names);
    *out = shapes[a][s];
    return OK;
}

static enum err set_captions(struct task *t, struct project *p)
{
    if (text_is_empty(p->captions) || text_equal(p->captions, caption_way_names[0]))
        p->captions = "";
    else if (names_index(caption_way_names, p->captions) < 0)
        return refuse_word(t, "captions", "way to show captions called", p->captions,
                           caption_way_names);
    return OK;
}

enum err making_set_shape(struct task *t, struct making *m)
{
    struct project *p = &m->project;
    struct film_shape shape;
    enum err e = film_shape_from_words(t, p->aspect, p->size, &shape);
    if (!e)
        e = set_captions(t, p);
    if (e)
        return e;
    p->width_px = shape.width_px;
    p->height_px = shape.height_px;
    return OK;
}

/* ---- words ---- */

/* Numbers that are no address of the public internet are refused here, names when they are
 * called. */
static enum err check_webhook(const struct flow *f, struct task *t, const char *url)
{
    const char *next = "give an address that begins with https://";
    enum err e = OK;
    if (*url && f->net)
        e = net_check_url(f->net, t, url);
    else if (*url && !text_starts(url, "https://"))
        e = refuse(t, ERR_INVALID, next, "the webhook URL is none that can be called");
    if (!e && strpbrk(url, " \t\r\n"))
        e = refuse(t, ERR_INVALID, next, "the webhook URL has spaces in it");
    return e ? fail_at(t, e, "webhookUrl") : OK;
}

enum err making_check_words(const struct flow *f, struct task *t, const struct making *m)
{
    const struct project *p = &m->project;
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
    return e ? e : check_webhook(f, t, p->webhook_url);
}

/* ---- length ---- */

enum err making_check_counts(struct task *t, double seconds, int64_t scene_count)
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
    if (m->song_us == 0 && mode->needs_song && text_is_empty(m->project.music.words))
        return fail_at(
            t,
            refuse(t, ERR_INVALID, "name one with --audio SONG, or have one made with --music",
                   "a %s needs a song", mode->name),
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

enum err making_set_length(struct task *t, struct making *m, double seconds)
{
    struct project *p = &m->project;
    enum err e = check_length(t, m, seconds);
    if (e)
        return e;
    if (m->song_us == 0 && seconds == 0 && text_is_empty(p->music.words))
        seconds = m->mode.seconds_min;
    p->target_frames = (int64_t)(seconds * FILM_RATE_HZ + 0.5);
    p->film_frames = p->target_frames;
    return OK;
}

/* ---- music and voices ---- */

static enum err check_music(struct task *t, const struct project *p, const struct model *music)
{
    enum err e = model_check_prompt(t, music, "the description of the music", p->music.words);
    if (e)
        return fail_at(t, e, "musicPrompt");
    double wanted = (double)p->target_frames / FILM_RATE_HZ;
    double most = model_seconds(music, &(struct model_wish){ .seconds = 3600, .aspect = "" });
    if (wanted <= most)
        return OK;
    return fail_at(
        t,
        refuse(t, ERR_IMPOSSIBLE,
               arena_format(t->arena, "use --duration %g or less, or another model", most),
               "%s makes %g seconds of music at most", music->title, most),
        "targetDuration");
}

static enum err check_voice(struct task *t, const struct project *p, const struct model *voice)
{
    enum err e = model_check_prompt(t, voice, "the voice-over", p->voice.words);
    if (e)
        return fail_at(t, e, "voiceOver");
    double film = (double)p->target_frames / FILM_RATE_HZ;
    double spoken = sound_reading_seconds(p->voice.words);
    if (film == 0 || spoken <= film + 1)
        return OK;
    return fail_at(t,
                   refuse(t, ERR_IMPOSSIBLE, "say less, or make the film longer",
                          "to say this takes about %.0f seconds and the film has %.0f", spoken,
                          film),
                   "voiceOver");
}

enum err making_check_sounds(const struct flow *f, struct task *t, const struct making *m)
{
    const struct project *p = &m->project;
    const struct model *music, *voice;
    bool brought = m->files[FILE_SONG].source.fd >= 0;
    enum err e = OK;
    if (brought && !text_is_empty(p->music.words))
        return fail_at(t,
                       refuse(t, ERR_INVALID, "leave one of them out",
                              "a song is brought, and one is to be made"),
                       "musicPrompt");
    e = check_words(t, "musicPrompt", "description of the music", p->music.words,
                    PROMPT_BYTES_MAX / 4);
    if (!e)
        e = check_words(t, "voiceOver", "voice-over", p->voice.words, PROMPT_BYTES_MAX / 4);
    if (!e)
        e = flow_sounds_load(f, t, p, &music, &voice);
    if (!e && music)
        e = check_music(t, p, music);
    return e || !voice ? e : check_voice(t, p, voice);
}

/* ---- files ---- */

enum err making_check_files(const struct flow *f, struct task *t, struct making *m)
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

enum err making_name_files(struct task *t, struct making *m)
{
    static const char *const folders[] = { "audio", "references", "references" };
    enum err e = OK;
    for (int i = 0; i < FILE_COUNT && !e; i++)
        e = name_file(t, m->project.project_id, folders[i], &m->files[i]);
    return e;
}

enum err making_store_files(const struct flow *f, struct task *t, const struct making *m)
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

void making_point_at_files(struct making *m)
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
