#include "flow/checks.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

/* ---- words ---- */

enum err check_words(struct task *t, const char *field, const char *what, const char *words,
                     size_t bytes_max)
{
    size_t bytes = words ? strlen(words) : 0;
    if (bytes > bytes_max)
        return fail_at(t,
                       refuse(t, ERR_LIMIT, "shorten it",
                              "the %s is %zu bytes long; at most %zu are accepted", what, bytes,
                              bytes_max),
                       field);
    if (words && !text_is_clean_utf8(words, bytes))
        return fail_at(t,
                       refuse(t, ERR_INVALID, "give it as UTF-8 text without control characters",
                              "the %s is not clean text", what),
                       field);
    return OK;
}

enum err check_some_words(struct task *t, const char *field, const char *what, const char *words,
                          size_t bytes_max)
{
    if (text_is_empty(words))
        return fail_at(
            t, refuse(t, ERR_INVALID, "write at least a few words", "the %s is empty", what),
            field);
    return check_words(t, field, what, words, bytes_max);
}

enum err check_take_prompt(struct task *t, const struct board *b, const struct artifact *take)
{
    const struct scene *s = board_scene(b, take->sequence);
    if (!s || !take->model || s->end_card)
        return OK;
    const char *whose = arena_format(t->arena, "the prompt of scene %" PRId64, take->sequence);
    enum err e = model_check_prompt(t, take->model, whose, s->prompt);
    return e ? fail_at(t, e, "prompt") : OK;
}

/* ---- states ---- */

enum err check_at_rest(struct task *t, const struct project *p, const char *doing)
{
    if (p->status != PROJECT_PROCESSING && !p->goal)
        return OK;
    return refuse(t, ERR_CONFLICT, "wait until it is done, or cancel it first",
                  "the project is being made, so it cannot be %s", doing);
}

enum err check_version(struct task *t, const char *what, int64_t wanted, int64_t there)
{
    if (!wanted || wanted == there)
        return OK;
    return fail_at(t,
                   refuse(t, ERR_CONFLICT, "read it again and decide again",
                          "%s changed meanwhile: it is at version %" PRId64 ", not %" PRId64, what,
                          there, wanted),
                   "version");
}

struct item_write project_touched(struct task *t, struct project *p)
{
    p->updated_at = time_iso8601(t->arena, clock_wall_us(t->clock));
    return project_write(t, p);
}

struct item_write project_unchanged(struct task *t, const struct project *p)
{
    return (struct item_write){ .change = ITEM_CHECK,
                                .item = { .pk = project_pk(t, p->project_id),
                                          .sk = "METADATA",
                                          .version = p->version } };
}

/* ---- names ---- */

/* A name that does not exist is a wrong option, not a missing thing. */
static enum err wrong_option(struct task *t, enum err e, const char *field)
{
    if (e == ERR_NOT_FOUND)
        t->fault.code = e = ERR_INVALID;
    return e ? fail_at(t, e, field) : OK;
}

/* The name by which it is known from then on. */
static enum err check_lipsync(const struct flow *f, struct task *t, struct project *p)
{
    struct model lips;
    const struct lipsync_driver *driver;
    if (text_equal(p->lipsync, "none"))
        p->lipsync = "";
    if (text_is_empty(p->lipsync))
        return OK;
    enum err e = flow_lipsync_model(f, t, p->lipsync, &lips);
    if (!e)
        e = flow_lipsync_driver(f, t, lips.driver, &driver);
    p->lipsync = e ? "" : lips.name;
    return e;
}

enum err check_names(const struct flow *f, struct task *t, struct project *p, struct mode *mode,
                     struct model *model)
{
    struct style style;
    const struct planner_driver *planner;
    const char *planner_model;
    const struct video_driver *video;
    struct model *fallbacks;
    size_t fallback_count;
    enum err e = wrong_option(t, mode_load(t, &f->styles, p->mode, mode), "mode");
    if (!e)
        e = wrong_option(t, style_load(t, &f->styles, p->style, &style), "directorConfig");
    if (!e)
        e = wrong_option(t, flow_planner(f, t, p->planner, &planner, &planner_model), "planner");
    if (!e)
        e = wrong_option(t, model_load(t, &f->models, p->video, model), "video");
    if (!e)
        e = wrong_option(t, flow_video_driver(f, t, model->driver, &video), "video");
    if (!e)
        e = wrong_option(t, flow_fallbacks_load(f, t, p, &fallbacks, &fallback_count), "fallbacks");
    return e ? e : wrong_option(t, check_lipsync(f, t, p), "lipsync");
}

/* ---- files ---- */

enum err describe_file(struct task *t, enum err e, const char *field,
                       const struct source_file *file, const char *next)
{
    const char *name = or_nothing(file->name);
    if (!e)
        return OK;
    if (*name && !strstr(t->fault.message, name)) {
        const char *message = arena_format(t->arena, "%s: %s", name, t->fault.message);
        snprintf(t->fault.message, sizeof t->fault.message, "%s", message);
    }
    if (!*t->fault.next)
        snprintf(t->fault.next, sizeof t->fault.next, "%s", next);
    return fail_at(t, e, field);
}

static enum err check_size(struct task *t, const struct source_file *file, int64_t bytes_max)
{
    int64_t bytes = file_bytes(file->fd);
    const char *name = text_is_empty(file->name) ? "the file" : file->name;
    if (bytes == 0)
        return refuse(t, ERR_MEDIA, "check the file", "%s is empty", name);
    if (bytes > bytes_max)
        return fail(t, ERR_LIMIT, "%s is %" PRId64 " MB; at most %" PRId64 " MB are accepted", name,
                    bytes >> 20, bytes_max >> 20);
    return OK;
}

enum err check_song(const struct flow *f, struct task *t, const struct source_file *song,
                    struct clip_info *out)
{
    enum err e = check_size(t, song, MEDIA_BYTES_MAX);
    if (!e)
        e = media_probe(f->media, t, song->fd, out);
    if (!e && !out->has_audio)
        e = fail(t, ERR_MEDIA, "there is no sound in it");
    if (!e && out->duration_us > SONG_US_MAX)
        e = refuse(t, ERR_LIMIT, "cut it to an hour or less",
                   "it is %s long; at most an hour is accepted",
                   time_clock_text(t->arena, out->duration_us));
    return describe_file(t, e, "audio", song, "give a song as WAV, MP3, M4A, FLAC, OGG or Opus");
}

enum err check_picture(const struct flow *f, struct task *t, const struct source_file *picture,
                       const char *field, struct picture_info *out)
{
    *out = (struct picture_info){ .format = "" };
    if (picture->fd < 0)
        return OK;
    enum err e = check_size(t, picture, PICTURE_BYTES_MAX);
    if (!e)
        e = media_picture(f->media, t, picture->fd, out);
    return describe_file(t, e, field, picture, "give a picture as PNG, JPEG or WebP");
}

/* Headers can lie: one picture of it is decoded before it is taken for a clip. */
static enum err decode_one(const struct flow *f, struct task *t, int clip)
{
    scoped(draft) struct draft still = draft_none();
    struct still_request request = { .width_px = 320, .height_px = 320 };
    struct picture_info info;
    enum err e = blob_draft(f->blobs, t, &still);
    return e ? e : media_still(f->media, t, clip, &request, still.fd, &info);
}

enum err check_clip(const struct flow *f, struct task *t, const struct source_file *clip,
                    struct clip_info *out)
{
    enum err e = check_size(t, clip, MEDIA_BYTES_MAX);
    if (!e)
        e = media_probe(f->media, t, clip->fd, out);
    if (!e && !out->has_video)
        e = fail(t, ERR_MEDIA, "there are no pictures in it");
    if (!e && out->duration_us > MEDIA_US_MAX)
        e = fail(t, ERR_LIMIT, "it is %s long; at most six hours are accepted",
                 time_clock_text(t->arena, out->duration_us));
    if (!e)
        e = decode_one(f, t, clip->fd);
    return describe_file(t, e, "video", clip, "give a clip as MP4, MOV, WebM or MKV");
}

int64_t clip_film_frames(const struct clip_info *info)
{
    if (info->video_us > 0)
        return frames_from_us(info->video_us);
    if (info->rate_num <= 0 || info->rate_den <= 0)
        return info->duration_us * FILM_RATE_HZ / SECOND_US;
    return info->frame_count * info->rate_den * FILM_RATE_HZ / info->rate_num;
}
