/* Which files a cut is made of and where in them, and the formats that are plain lists. */
#include "flow/export.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "flow/captions.h"
#include "flow/export_cut.h"

const char *const export_format_names[] = { "", "otio", "fcpxml", "edl", "srt", "vtt", NULL };
const char *const export_media_types[] = { "",           "application/json",     "application/xml",
                                           "text/plain", "application/x-subrip", "text/vtt" };

enum { EDL_EVENTS_MAX = 999, EDL_FIRST_HOUR = 1 };

/* ---- the cut ---- */

/* As in the film: a clip whose lips were moved is of exactly the part that is used. */
static struct cut_event event_of(struct task *t, const struct scene *s)
{
    struct scene_span used = scene_used_span(s);
    struct cut_event c = { .scene = s, .in = used.in, .out = used.out,
                           .file_frames = s->take_frames };
    if (scene_sync_fits(s)) {
        c.file.key = s->sync.made.key;
        c.out -= c.in;
        c.in = 0;
        c.file_frames = c.out;
    } else {
        c.file.key = s->take.key;
    }
    if (c.file_frames < c.out)
        c.file_frames = c.out;
    c.file.name = arena_format(t->arena, "scene-%03" PRId64 "-take-%" PRId64 ".mp4", s->sequence,
                               s->selected_take);
    return c;
}

static enum err read_cut(struct task *t, const struct board *b, struct cut_list *out)
{
    const struct project *p = &b->project;
    if (b->scene_count == 0)
        return refuse(t, ERR_CONFLICT, "plan it first", "the project has no scenes yet");
    *out = (struct cut_list){
        .title = p->title,
        .width_px = p->width_px,
        .height_px = p->height_px,
        .events = arena_array(t->arena, struct cut_event, b->scene_count),
        .count = b->scene_count,
        .track = { p->track.key, "track.m4a" },
    };
    for (size_t i = 0; i < b->scene_count; i++) {
        struct cut_event *event = &out->events[i];
        *event = event_of(t, &b->scenes[i]);
        event->at = out->frames;
        out->frames += event->out - event->in;
    }
    return OK;
}

enum err export_files(struct task *t, const struct board *b, struct export_file **out,
                      size_t *out_count)
{
    struct cut_list cut;
    enum err e = read_cut(t, b, &cut);
    if (e)
        return e;
    *out_count = 0;
    *out = arena_array(t->arena, struct export_file, cut.count + 1);
    for (size_t i = 0; i < cut.count; i++) {
        if (*cut.events[i].file.key)
            (*out)[(*out_count)++] = cut.events[i].file;
    }
    if (*cut.track.key)
        (*out)[(*out_count)++] = cut.track;
    return OK;
}

/* ---- the list of edits ---- */

static const char *timecode(struct task *t, int hours, int64_t frames)
{
    int64_t seconds = frames / FILM_RATE_HZ;
    return arena_format(t->arena, "%02" PRId64 ":%02" PRId64 ":%02" PRId64 ":%02" PRId64,
                        hours + seconds / 3600, seconds / 60 % 60, seconds % 60,
                        frames % FILM_RATE_HZ);
}

static void edl_event(struct task *t, struct text *out, size_t number, const struct cut_event *c,
                      const char *channel)
{
    text_printf(out, "%03zu  %-8s %-5s C        %s %s %s %s\n", number, *c->file.key ? "AX" : "BL",
                channel, timecode(t, 0, c->in), timecode(t, 0, c->out),
                timecode(t, EDL_FIRST_HOUR, c->at),
                timecode(t, EDL_FIRST_HOUR, c->at + c->out - c->in));
    if (*c->file.key)
        text_printf(out, "* FROM CLIP NAME: %s\n* SOURCE FILE: %s\n", c->file.name, c->address);
}

static const char *one_line(struct task *t, const char *text)
{
    return text_tidy(t->arena, text);
}

static enum err cut_edl(struct task *t, const struct cut_list *c, const char **out)
{
    struct text text = text_new(t->arena);
    if (c->count + 1 > EDL_EVENTS_MAX)
        return refuse(t, ERR_LIMIT, "take otio or fcpxml",
                      "an edl numbers its cuts up to %d, and here are %zu", EDL_EVENTS_MAX,
                      c->count + 1);
    text_printf(&text, "TITLE: %s\nFCM: NON-DROP FRAME\n\n", one_line(t, c->title));
    for (size_t i = 0; i < c->count; i++) {
        edl_event(t, &text, i + 1, &c->events[i], "V");
        text_printf(&text, "* COMMENT: %s\n", one_line(t, c->events[i].scene->title));
    }
    const struct cut_event sound = { .file = c->track, .address = c->track_address,
                                     .out = c->frames };
    if (*c->track.key)
        edl_event(t, &text, c->count + 1, &sound, "A");
    *out = text_end(&text);
    return OK;
}

/* ---- captions ---- */

/* "00:01:02,500": SubRip has a comma where WebVTT has a point. */
static const char *caption_time(struct task *t, int64_t frames, char point)
{
    int64_t ms = frames * 1000 / FILM_RATE_HZ;
    return arena_format(t->arena, "%02" PRId64 ":%02" PRId64 ":%02" PRId64 "%c%03" PRId64,
                        ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, point, ms % 1000);
}

/* Text of a caption: "-->" and markup must not be taken for the format's own. */
static void caption_words(struct text *out, const char *words, bool escaped)
{
    for (; *words; words++) {
        const char *instead = *words == '&' ? "&amp;" : *words == '<' ? "&lt;" :
                              *words == '>' ? "&gt;" : NULL;
        if (escaped && instead)
            text_append(out, instead);
        else
            text_append_n(out, words, 1);
    }
}

static const char *write_captions(struct task *t, const struct board *b, bool vtt)
{
    struct text text = text_new(t->arena);
    size_t count;
    const struct film_caption *lines =
        film_captions(t, &b->project, b->scenes, b->scene_count, &count);
    if (vtt)
        text_append(&text, "WEBVTT\n\n");
    for (size_t i = 0; i < count; i++) {
        char point = vtt ? '.' : ',';
        text_printf(&text, "%zu\n%s --> %s\n", i + 1, caption_time(t, lines[i].at_frame, point),
                    caption_time(t, lines[i].at_frame + lines[i].frame_count, point));
        caption_words(&text, lines[i].words, vtt);
        text_append(&text, "\n\n");
    }
    return text_end(&text);
}

/* ---- all of them ---- */

enum err export_write(struct task *t, const struct board *b, int format, export_address *address,
                      void *host, const char **out)
{
    struct cut_list c;
    enum err e = read_cut(t, b, &c);
    for (size_t i = 0; !e && i < c.count; i++)
        c.events[i].address = *c.events[i].file.key ? address(host, t, &c.events[i].file) : "";
    if (e)
        return e;
    c.track_address = *c.track.key ? address(host, t, &c.track) : "";
    switch (format) {
    case EXPORT_OTIO:   *out = cut_otio(t, &c); return OK;
    case EXPORT_FCPXML: *out = cut_fcpxml(t, &c); return OK;
    case EXPORT_EDL:    return cut_edl(t, &c, out);
    default:            *out = write_captions(t, b, format == EXPORT_VTT); return OK;
    }
}

/* ---- into files ---- */

struct beside {
    const char *folder; /* as the file names it: "cut-media" */
    const char *whole;  /* its absolute path */
    int format;
};

/* RFC 8089 for Final Cut, which wants a whole address; the others are read from where they lie. */
static const char *beside(void *host, struct task *t, const struct export_file *file)
{
    const struct beside *b = host;
    struct text out = text_new(t->arena);
    if (b->format != EXPORT_FCPXML)
        return arena_format(t->arena, "%s/%s", b->folder, file->name);
    text_append(&out, "file://");
    for (const char *at = b->whole; *at; at++) {
        bool plain = isalnum((unsigned char)*at) || strchr("/-._~", *at);
        text_printf(&out, plain ? "%c" : "%%%02X", (unsigned char)*at);
    }
    text_printf(&out, "/%s", file->name);
    return text_end(&out);
}

static enum err copy_out(const struct flow *f, struct task *t, const struct export_file *file,
                         const char *folder)
{
    scoped(fd) int from = -1;
    scoped(draft) struct draft draft = draft_none();
    enum err e = blob_open(f->blobs, t, file->key, &from);
    if (!e)
        e = draft_open(t, folder, &draft);
    if (!e)
        e = file_copy(t, from, draft.fd);
    return e ? e
             : draft_publish(t, &draft, arena_format(t->arena, "%s/%s", folder, file->name), true);
}

/* "films/cut.otio" -> "films/cut-media" */
static const char *media_folder(struct task *t, const char *path)
{
    const char *dot = strrchr(path_name(path), '.');
    size_t bytes = dot && dot != path_name(path) ? (size_t)(dot - path) : strlen(path);
    return arena_format(t->arena, "%.*s-media", (int)bytes, path);
}

/* "cut-media" in the folder we are in -> "/home/ada/cut-media" */
static enum err whole_path(struct task *t, const char *path, const char **out)
{
    char *folder = realpath(path_folder(t->arena, path), NULL);
    if (!folder)
        return fail_errno(t, errno, "save", path);
    *out = arena_format(t->arena, "%s/%s", text_equal(folder, "/") ? "" : folder, path_name(path));
    free(folder);
    return OK;
}

static enum err save(struct task *t, const char *text, const char *path)
{
    scoped(draft) struct draft draft = draft_none();
    enum err e = draft_open(t, path_folder(t->arena, path), &draft);
    if (!e)
        e = file_write_all(t, draft.fd, text, strlen(text));
    return e ? e : draft_publish(t, &draft, path, true);
}

enum err project_export_cut(const struct flow *f, struct task *t, const char *project_id,
                            int format, const char *path)
{
    struct board b;
    struct export_file *files;
    size_t count = 0;
    const char *text, *folder = media_folder(t, path);
    struct beside place = { .folder = path_name(folder), .format = format };
    enum err e = board_load(f, t, project_id, &b);
    if (!e)
        e = folder_make(t, path_folder(t->arena, path));
    if (!e)
        e = whole_path(t, folder, &place.whole);
    if (!e)
        e = export_write(t, &b, format, beside, &place, &text);
    if (!e && format < EXPORT_SRT)
        e = export_files(t, &b, &files, &count);
    for (size_t i = 0; !e && i < count; i++)
        e = copy_out(f, t, &files[i], folder);
    return e ? e : save(t, text, path);
}
